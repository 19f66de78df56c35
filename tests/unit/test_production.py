"""Production of vectors of any charges, against identities, meson widths of the PDG and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vectorportal.errors import ParameterError
from vectorportal.formulas.production import CHARM_MOMENT, ELECTRIC, MODES, strength
from vectorportal.formulas.vector_meson_dominance import (
    MATRICES,
    PHOTON,
    POLES,
    breit_wigner,
    dominance,
    proton_amplitude,
    trace,
)

MASSES = np.geomspace(1e-3, 90.0, 60)
BARYON = dict.fromkeys("udscbt", 1 / 3)
PROTOPHOBIC = {f: BARYON.get(f, 0.0) - q for f, q in ELECTRIC.items()}
HADRONIC = [m for m in MODES if not m.startswith(("electron", "muon"))]


@pytest.mark.parametrize("mode", MODES)
def test_charges_epsilon_q_give_epsilon_squared(mode):
    epsilon = np.array([[1e-6], [0.3]])
    found = strength(mode, MASSES, {f: epsilon * q for f, q in ELECTRIC.items()})
    assert found.shape == (2, MASSES.size)
    np.testing.assert_allclose(found, epsilon**2 * np.ones_like(MASSES), rtol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_strengths_are_positive_and_ignore_sign_and_neutrinos(mode):
    rng = np.random.default_rng(1)
    x = {f: rng.normal() for f in ELECTRIC}
    found = strength(mode, MASSES, x)
    assert (found > 0).all()
    flipped = {f: -v for f, v in x.items()} | {"nu": 1.0, "nu_mu": 2.0}
    np.testing.assert_allclose(strength(mode, MASSES, flipped), found, rtol=1e-12)


def test_mu_minus_tau_is_made_by_muons_only():
    x = {"mu": 1.0, "tau": -1.0, "nu_mu": 1.0, "nu_tau": -1.0}
    for mode in MODES:
        found = strength(mode, MASSES, x)
        assert found.any() == (mode == "muon-bremsstrahlung")


# --- vector-meson dominance ---------------------------------------------------------------------


def test_matrices_are_orthogonal_and_complete():
    vectors = [np.array(MATRICES[v]) for v in POLES]
    for i, a in enumerate(vectors):
        for j, b in enumerate(vectors):
            assert a @ b == pytest.approx(0.5 * (i == j))
    np.testing.assert_allclose(sum(2 * np.outer(v, v) for v in vectors), np.eye(3), atol=1e-15)


def test_light_vectors_see_the_quark_charges():
    # all poles far away: Tr(T_P {Q, X})/2 with full 3 x 3 matrices
    rng = np.random.default_rng(2)
    for meson in ("pi0", "eta", "eta-prime"):
        x = dict(zip("uds", rng.normal(size=3), strict=True))
        p, q, full = (np.diag(d) for d in (MATRICES[meson], PHOTON, list(x.values())))
        expected = 0.5 * np.trace(p @ (q @ full + full @ q))
        assert dominance(MATRICES[meson], PHOTON, 1e-6, x) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("meson", "mass", "width", "tolerance"),
    [("eta", 0.547862, 0.516e-6, 0.06), ("eta-prime", 0.95778, 4.28e-6, 0.06)],
)
def test_two_photon_widths_of_the_eta_mesons(meson, mass, width, tolerance):
    # Gamma(P -> 2 gamma) ~ m^3 Tr(T_P Q Q)^2, from that of the pion; PDG: 0.516, 4.28 keV
    ratio = trace(MATRICES[meson], PHOTON, PHOTON) / trace(MATRICES["pi0"], PHOTON, PHOTON)
    assert 7.80e-9 * ratio**2 * (mass / 0.1349768) ** 3 == pytest.approx(width, rel=tolerance)


@pytest.mark.parametrize(
    ("vector", "meson", "masses", "width"),
    [("rho", "pi0", (0.77526, 0.1349768), 69.5e-6), ("phi", "eta", (1.01946, 0.547862), 55.3e-6)],
)
def test_radiative_widths_of_vector_mesons(vector, meson, masses, width):
    # Gamma(V -> P gamma) ~ k^3 Tr(T_V T_P Q)^2, from omega -> pi0 gamma, 725 keV
    def rate(vector, meson, m_v, m_p):
        k = (m_v**2 - m_p**2) / (2 * m_v)
        return k**3 * trace(MATRICES[vector], MATRICES[meson], PHOTON) ** 2

    found = 725e-6 * rate(vector, meson, *masses) / rate("omega", "pi0", 0.78266, 0.1349768)
    assert found == pytest.approx(width, rel=0.2)


def test_breit_wigners():
    for meson, (mass, width) in POLES.items():
        assert breit_wigner(meson, mass) == pytest.approx(1j * mass / width, rel=1e-9)
        assert breit_wigner(meson, 1e-9) == pytest.approx(1.0)
    assert breit_wigner("rho", 0.27).imag == 0  # no two-pion state yet
    assert breit_wigner("rho", 0.29).imag > 0


def test_baryon_number_in_pion_decay():
    # Gamma(pi0 -> gamma B) = 2 (1 - m^2/m_pi^2)^3 (g_B/e)^2 Gamma(2 gamma): 2u + d = 1
    assert strength("pi0", 1e-3, BARYON) == pytest.approx(1.0, rel=1e-4)
    found = strength("pi0", np.array([0.05, 0.13]), BARYON)
    np.testing.assert_allclose(found, 1.0, rtol=5e-3)  # omega instead of rho and omega


def test_baryon_number_in_eta_decay_vanishes_nearly_for_eta_prime():
    # [Tulin:2014]: with eta = (u u + d d - s s)/sqrt3 the factor is 1/4, with eta' it is 0
    assert strength("eta", 1e-3, BARYON) == pytest.approx(0.25, abs=0.03)
    assert strength("eta-prime", 1e-3, BARYON) < 0.01
    assert strength("eta-prime", 0.78266, BARYON) > 1  # the omega does couple


def test_isospin_rules():
    isoscalar, strange = {"u": 0.3, "d": 0.3}, {"s": -2.0}
    assert not strength("kaon", 0.1, isoscalar | {"s": 0.3}).any()
    for mode in ("omega", "rho-mixing", "delta"):
        assert not strength(mode, 0.1, isoscalar).any()
    for mode in ("phi", "phi-mixing"):
        assert strength(mode, 0.1, strange) == pytest.approx(36.0)
        assert not strength(mode, 0.1, isoscalar).any()
    assert strength("omega-mixing", 0.1, isoscalar) == pytest.approx(9 * 0.36)
    for charges in ({"u": 1.0}, {"d": 1.0}):
        assert strength("rho-mixing", 0.1, charges) == pytest.approx(1.0)


# --- nucleons -----------------------------------------------------------------------------------


def test_light_vectors_see_the_charge_of_the_proton():
    for x in ({"u": 1.0}, {"d": 1.0}, BARYON, {"u": 0.3, "d": -0.9, "s": 5.0}):
        charge = 2 * x.get("u", 0.0) + x.get("d", 0.0)
        assert proton_amplitude(1e-6, x) == pytest.approx(charge, abs=1e-9)
        assert strength("proton-bremsstrahlung", 1e-6, x) == pytest.approx(charge**2, abs=1e-9)


def test_the_neutron_has_no_charge_but_a_mean_square_radius():
    # charge symmetry: the neutron with (u, d) is the proton with (d, u); F1 slope of the proton is
    # <r^2>/6, where <r_1^2> = 0.61 fm^2 (charge radius 0.84 fm without the Foldy term)
    def form(mass, u, d):
        return proton_amplitude(mass, {"u": u, "d": d}).real

    assert form(1e-6, -1 / 3, 2 / 3) == pytest.approx(0.0, abs=1e-9)
    slope = (form(0.05, 2 / 3, -1 / 3) - 1) / 0.05**2 * 6 * 0.19733**2
    assert slope == pytest.approx(0.61, rel=0.15)


def test_a_protophobic_vector_is_not_made_by_light_pions_and_protons():
    for mode in ("pi0", "proton-bremsstrahlung"):
        assert (strength(mode, np.array([1e-3, 0.05, 0.13]), PROTOPHOBIC) < 1e-4).all()
        assert strength(mode, 0.77, PROTOPHOBIC) > 0.1  # rho and omega differ
    assert strength("eta", 0.05, PROTOPHOBIC) > 0.1


def test_nucleon_collisions_radiate_dipoles():
    assert strength("nucleon", 0.01, {"u": 1.0, "d": -1.0}) == pytest.approx(4.0, rel=0.05)
    assert 0 < strength("nucleon", 0.01, BARYON) < 0.2


# --- other modes --------------------------------------------------------------------------------


def test_charged_and_neutral_d_star():
    # the same magnetic moments with d for u: Gamma(D*+ -> D+ gamma)/Gamma(D*0 -> D0 gamma), PDG:
    # 1.6 per cent of 83.4 keV, and 35.3 per cent of the 55.3 keV that isospin gives
    up, down, charm = 2 / 3, -1 / 3, CHARM_MOMENT * 2 / 3
    found = ((down + charm) / (up + charm)) ** 2 * (0.1357 / 0.1370) ** 3
    assert found == pytest.approx(0.016 * 83.4 / (0.353 * 55.3), rel=0.1)
    only_charm = strength("d-star", 0.1, {"c": 2 / 3})
    only_up = strength("d-star", 0.1, {"u": 2 / 3})
    assert only_charm / only_up == pytest.approx(CHARM_MOMENT**2)


def test_z_triangle_is_what_the_top_leaves_of_an_anomaly_free_sum():
    colour = {f: 1 if f in ("e", "mu", "tau") else 3 for f in ELECTRIC}
    t3 = {f: 0.5 if f in "uct" else -0.5 for f in ELECTRIC}

    def amplitude(x, without=""):
        return sum(colour[f] * t3[f] * ELECTRIC[f] * x.get(f, 0) for f in x if f != without)

    assert amplitude(ELECTRIC) == pytest.approx(0, abs=1e-15)
    expected = (amplitude(BARYON, "t") / amplitude(ELECTRIC, "t")) ** 2
    assert expected == pytest.approx((7 / 4) ** 2)
    assert strength("z", 1.0, BARYON) == pytest.approx(expected)


def test_drell_yan_adds_flavours_and_single_quarks_square():
    one = [strength("drell-yan", 20.0, {q: 1.0}) for q in "udscb"]
    assert strength("drell-yan", 20.0, dict.fromkeys("udscb", 1.0)) == pytest.approx(sum(one))
    assert one == sorted(one, reverse=True)
    assert strength("upsilon", 5.0, {"b": 1.0}) == pytest.approx(9.0)
    assert strength("b-kaon", 1.0, {"c": 1.0}) == pytest.approx(2.25)


def test_leptons():
    x = {"e": 0.5, "mu": -2.0}
    assert strength("electron-bremsstrahlung", 0.1, x) == pytest.approx(0.25)
    assert strength("electron-positron", 0.1, x) == pytest.approx(0.25)
    assert strength("muon-bremsstrahlung", 0.1, x) == pytest.approx(4.0)


@pytest.mark.parametrize("mode", HADRONIC)
def test_jax_gives_the_same(mode):
    jax = pytest.importorskip("jax")
    x = {"u": 0.4, "d": -0.2, "s": 0.7, "c": 0.1, "b": 0.3, "e": 1.0}
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable_x64(True):
        masses = jax.numpy.asarray(MASSES)
        found = jax.jit(lambda m: strength(mode, m, x))(masses)
        slope = jax.vmap(jax.grad(lambda m: strength(mode, m, x)))(masses)
    np.testing.assert_allclose(np.asarray(found), strength(mode, MASSES, x), rtol=1e-10)
    assert np.isfinite(np.asarray(slope)).all()


@pytest.mark.parametrize(
    ("mode", "mass", "charges", "word"),
    [
        ("pion", 0.1, BARYON, "pi0|mode"),
        ("etaprime", 0.1, BARYON, "eta-prime"),
        ("pi0", 0.0, BARYON, "mass"),
        ("pi0", math.nan, BARYON, "mass"),
        ("pi0", 0.1, {"u": math.inf}, "charge of u"),
        ("pi0", 0.1, {"muon": 1.0}, "did you mean mu"),
    ],
)
def test_what_cannot_be_used_is_named(mode, mass, charges, word):
    with pytest.raises(ParameterError, match=word):
        strength(mode, mass, charges)
