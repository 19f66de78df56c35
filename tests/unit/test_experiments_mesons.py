"""Meson decays: formulas against measured decays and explicit tensors, limits against published."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad

from oracles.dirac import lower, pair, polarisations
from vectorportal.bounds.experiments import meson_decay
from vectorportal.bounds.experiments.calibration import calibrate
from vectorportal.bounds.experiments.events import interval, signal
from vectorportal.bounds.experiments.spec import get_experiment, parse_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.formulas import meson_decays as md
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.units import HBAR_GEV_S

SM = StandardModel.default()
ALPHA, M_E, M_MU = SM.alpha, SM.m_e, SM.m_mu


def levi_civita():
    found = np.zeros((4,) * 4)
    for order in itertools.permutations(range(4)):
        found[order] = np.linalg.det(np.eye(4)[list(order)])
    return found


EPSILON = levi_civita()


def squared(k1, k2, e1, e2):
    """Sum over polarisations of |epsilon(k1, e1, k2, e2)|^2."""
    low = [np.asarray(lower(v), dtype=float) for v in (k1, e1, k2, e2)]
    return np.sum(np.einsum("abcd,a,ib,c,jd->ij", EPSILON, *low) ** 2)


@pytest.mark.parametrize("mass", [0.01, 0.05, 0.12])
def test_pseudoscalar_ratio_is_that_of_the_explicit_tensor(mass):
    """epsilon(k1, e1, k2, e2) with a photon or the vector; 2 for which photon."""
    big = 0.135
    rates = []
    for m in (mass, 0.0):
        k1, k2 = pair(big**2, 0.0, m, 0.3)
        rates.append(squared(k1, k2, polarisations(k1, 0.0), polarisations(k2, m)) * k1[0])
    assert md.pseudoscalar_to_photon(mass, big) == pytest.approx(
        2 * float(rates[0] / rates[1]), rel=1e-10
    )
    assert md.pseudoscalar_to_photon(0.2, big) == 0.0


@pytest.mark.parametrize("mass", [0.05, 0.3, 0.45])
def test_vector_to_pseudoscalar_ratio_is_that_of_the_explicit_tensor(mass):
    big, small = 1.019461, 0.547862
    rates = []
    for m in (mass, 0.0):
        k, p = pair(big**2, m, small, 0.3)
        parent = k + p
        momentum = np.sqrt(np.sum(k[1:] ** 2))
        rest = polarisations(np.array([big, 0, 0, 0.0]), big)
        rates.append(squared(parent, k, rest, polarisations(k, m)) * momentum)
    found = md.vector_to_pseudoscalar(mass, big, small)
    assert found == pytest.approx(float(rates[0] / rates[1]), rel=1e-10)
    assert md.vector_to_pseudoscalar(0.5, big, small) == 0.0


def test_d_star_ratio_is_the_nonrelativistic_one():
    gap = 2.00685 - 1.86484
    for mass in (0.02, 0.1, 0.13):
        simple = (1 - (mass / gap) ** 2) ** 1.5
        assert md.vector_to_pseudoscalar(mass, 2.00685, 1.86484) == pytest.approx(simple, rel=0.003)


def pairs_of(unit, m_lepton, end):
    def density(log):
        mass = np.exp(log)
        return mass * float(md.lepton_pair_spectrum(mass, m_lepton, unit(mass), ALPHA))

    return quad(density, np.log(2 * m_lepton), np.log(end), epsrel=1e-8, limit=200)[0]


def test_lepton_pairs_are_those_measured():
    """PDG branching ratios of decays with a lepton pair over those with a photon."""
    pion = pairs_of(lambda m: md.pseudoscalar_to_photon(m, 0.1349768), M_E, 0.1349768)
    assert pion == pytest.approx(0.01174 / 0.98823, rel=0.01)
    parents = meson_decay.PARENTS

    def through(name, m_lepton):
        parent = parents[name]
        end = parent.mass - parent.daughter

        def unit(m):
            form = md.pole_form_factor(m, parent.slope)
            if parent.daughter == 0.0:
                return md.pseudoscalar_to_photon(m, parent.mass, form)
            return md.vector_to_pseudoscalar(m, parent.mass, parent.daughter, form)

        return pairs_of(unit, m_lepton, end)

    # measured: (6.9 +- 0.4)e-3/0.3936, 1.08(4)e-4/1.301e-2, 7.7(6)e-4/8.33e-2
    assert through("eta", M_E) == pytest.approx(6.9e-3 / 0.3936, rel=0.07)
    assert through("eta-prime", M_E) == pytest.approx(4.91e-4 / 0.02307, rel=0.06)
    assert through("eta-prime", M_MU) == pytest.approx(1.13e-4 / 0.02307, rel=0.25)
    assert through("phi", M_E) == pytest.approx(1.08e-4 / 1.301e-2, rel=0.05)
    assert through("omega", M_E) == pytest.approx(7.7e-4 / 8.33e-2, rel=0.08)
    # muons depend on the form factor, which rises faster than a pole: 1.34(18)e-4
    assert through("omega", M_MU) == pytest.approx(1.34e-4 / 8.33e-2, rel=0.3)


def test_kaon_decays_with_lepton_pairs_are_those_measured():
    """K+ -> pi+ e+e- (3.00 +- 0.09)e-7 and mu+mu- (9.15 +- 0.06)e-8; the pion loop is left out."""
    m_k, m_pi, lifetime = 0.493677, 0.13957039, 1.238e-8 / HBAR_GEV_S

    def unit(m):
        return md.kaon_to_pion(m, m_k, m_pi, ALPHA, SM.g_fermi)

    electrons = pairs_of(unit, M_E, m_k - m_pi) * lifetime
    muons = pairs_of(unit, M_MU, m_k - m_pi) * lifetime
    assert electrons == pytest.approx(3.00e-7, rel=0.1)
    assert muons == pytest.approx(9.15e-8, rel=0.2)


def test_kaon_rate_is_the_published_one():
    """[Pospelov:2009]: W^2 = 1e-12 (3 + 6 m^2/m_K^2) in the same expression; 20 per cent."""
    m_k, m_pi, mass = 0.493677, 0.13957039, 0.1
    z, r = (mass / m_k) ** 2, (m_pi / m_k) ** 2
    kallen = 1 + z**2 + r**2 - 2 * (z + r + z * r)
    weak = 1e-12 * (3 + 6 * z)
    published = ALPHA * mass**2 * weak * kallen**1.5 / (1024 * np.pi**4 * m_k)
    found = md.kaon_to_pion(mass, m_k, m_pi, ALPHA, SM.g_fermi)
    assert found / published == pytest.approx(1.0, abs=0.2)
    # no decay to a massless vector
    light = md.kaon_to_pion(np.array([1e-3, 2e-3]), m_k, m_pi, ALPHA, SM.g_fermi)
    assert light[1] / light[0] == pytest.approx(4.0, rel=1e-3)


def test_pion_to_millicharges_is_the_dalitz_decay_for_electrons():
    exact = pairs_of(lambda m: md.pseudoscalar_to_photon(m, 0.135), M_E, 0.135)
    assert md.pion_pair_of_charge(M_E, 0.135, ALPHA) == pytest.approx(exact, rel=1e-6)
    assert md.pion_pair_of_charge(0.07, 0.135, ALPHA) == 0.0
    # threshold: no half-open numbers
    near = md.pion_pair_of_charge(np.array([0.0674, 0.0676]), 0.135, ALPHA)
    assert 0 < near[0] < 1e-9
    assert near[1] == 0.0


FACTORS = {
    "na48_2_pi0": 1.8,
    "kloe_phi_eta": 1.6,
    "na62_pi0_invisible": 1.6,
    "na62_kaon_invisible": 1.5,
    "na62_kaon_longitudinal": 1.2,
    "babar_b_kaon_longitudinal": 1.2,
    "l3_z_longitudinal": 1.05,
}
"""rms factor in the coupling against the published limit, as docs/experiments-colliders.md says"""


@pytest.mark.parametrize("name", FACTORS)
def test_limits_are_those_published(name):
    found = calibrate(get_experiment(name))
    assert found["spread"] < FACTORS[name]
    assert found["missed"] < 0.35  # below the mass where the acceptance is flat


def test_phi_decays_are_predicted_to_ten_per_cent_where_the_acceptance_is_flat():
    found = calibrate(get_experiment("kloe_phi_eta"))
    flat = (found["mass"] > 0.05) & (found["mass"] < 0.31)
    np.testing.assert_allclose(found["ratio_lower"][flat], 1.0, atol=0.2)


def baryonic(mass, dark=0.0):
    mass = np.asarray(mass, dtype=float)
    charge = np.full(mass.shape, 1 / (3 * SM.e))
    charges = dict.fromkeys("udscbt", charge)
    return Vector(mass, charges, {"hadrons": 1e-9 * mass}, np.full(mass.shape, dark), "g_x")


def test_longitudinal_limits_are_those_computed_before():
    """g_B of an invisible baryonic vector: an evaluation with other CKM and form-factor inputs."""
    quoted = {
        "na62_kaon_longitudinal": (0.048, 7.88e-6),
        "babar_b_kaon_longitudinal": (1.11, 5.14e-3),
        "l3_z_longitudinal": (1.16, 4.12e-3),
    }
    for name, (mass, limit) in quoted.items():
        lower_, upper = interval(get_experiment(name), baryonic([mass], dark=1.0))
        assert lower_[0] == pytest.approx(limit, rel=0.12)
        assert np.isnan(upper[0])


def test_dark_photon_has_no_longitudinal_enhancement():
    vector = Vector.dark_photon(np.array([0.05]), 1e-3)
    np.testing.assert_allclose(meson_decay.branching_ratio("kaon-longitudinal", vector), 0.0)


def test_gaps_and_ends_have_no_answer():
    experiment = get_experiment("na62_kaon_longitudinal")
    mass = np.array([5e-4, 0.05, 0.115, 0.13, 0.155, 0.2, 0.3])
    known = np.isfinite(signal(experiment, baryonic(mass), np.array([1e-5]))[:, 0])
    np.testing.assert_array_equal(known, [False, True, False, True, False, True, False])


def test_longer_flight_than_the_detector_is_not_prompt():
    experiment = get_experiment("na48_2_pi0")
    vector = Vector.dark_photon(np.array([0.02]))
    events = signal(experiment, vector, np.array([1e-6, 1e-3]))[0]
    # prompt: as g^2; at 1e-6 the vector flies far beyond 1 m and the events go as g^4
    assert events[0] / events[1] < 1e-6 * 1e-3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decays": 0.0}, "one of the fields"),
        ({"masses": [0.01, 0.02], "limits": [1e-9, 1e-9]}, "one of the fields"),
        ({"decays": 0.0, "masses": [0.02, 0.01], "limits": [1e-9, 1e-9]}, "increasing"),
        ({"decays": 0.0, "masses": [0.02], "limits": [0.0]}, "above zero"),
        ({"gaps": [0.1]}, "pairs"),
        ({"resolution": 0.0, "resolution_slope": 0.0}, "resolution"),
    ],
)
def test_values_that_do_not_go_together_are_refused(change, message):
    data = dict(get_experiment("na48_2_pi0").values) | {"engine": "meson-decay", "n_limit": 2.3}
    data = {k: v for k, v in data.items() if v != ()}
    with pytest.raises(UsageError, match=message):
        parse_experiment(data | change, "x")
