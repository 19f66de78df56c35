"""The dark dipole: explicit amplitudes, limit of the dark photon, signs, shapes and statuses."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.dipole_vertex import sigma_scalars_to_pair, width_pair
from oracles.neutral_currents import Currents
from oracles.widths import width_ff, width_scalar_pair
from vectorportal.errors import ParameterError, UsageError
from vectorportal.formulas import spectral
from vectorportal.formulas.annihilation import dark_factor
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkDipole, DarkPhoton, get_model
from vectorportal.observables.base import (
    NOT_CONVERGED,
    OK,
    OUT_OF_VALIDITY,
    evaluate,
    get_observable,
    observable_names,
)

FULL, LEPTONS = Inputs.default(), Inputs(hadrons="none")
SM = FULL.sm
PRINTED = Options(prescription="as-printed")
POINT = {"m_v": 0.1, "lambda_over_alpha_d": 25e3, "alpha_d": 0.1, "m_dm": 0.04, "epsilon": 1e-4}
FINAL = {"e": ("ee", SM.m_e), "mu": ("mumu", SM.m_mu), "tau": ("tautau", SM.m_tau)}


def near(number, rel=1e-9):
    """Equal within `rel`, however small the numbers are."""
    return pytest.approx(number, rel=rel, abs=0.0)


def result(model, name, inputs=FULL, options=None, engine="numpy", **arguments):
    return evaluate(model, name, inputs=inputs, options=options, engine=engine, **arguments)


def value(model, name, inputs=FULL, options=None, **arguments):
    return np.asarray(result(model, name, inputs, options, **arguments).value)


def changed(**values):
    return DarkDipole(**{**POINT, **values})


# --- the formulas of the paper ------------------------------------------------------------------


@pytest.mark.parametrize("mass", [0.0, 0.3, 0.49])
@pytest.mark.parametrize(("g_v", "g_a", "d"), [(0.2, 0, 0), (0, 0, 0.3), (0.2, 0, 0.3),
                                               (-0.2, 0.1, 0.3), (0.1, 0.3, -0.2)])  # fmt: skip
def test_spectral_function_equals_amplitudes(mass, g_v, g_a, d):
    """Decay and annihilation, with the sign of the interference and none of an axial coupling."""
    s, m_dm, g_dm = 1.0, 0.4, 0.7
    squares, product = 2 * (g_v**2 + g_a**2), g_v**2 - g_a**2
    w = spectral.fermion_pair(s, mass, squares, product)
    w = w + spectral.dipole_pair(s, mass, d**2, g_v * d)
    assert float(w) == near(width_pair(1.0, mass, g_v, g_a, d), 1e-12)
    m_v, width = 0.8, 0.05
    alpha_d, beta = g_dm**2 / (4 * np.pi), np.sqrt(1 - 4 * m_dm**2)
    norm = (s - m_v**2) ** 2 + (m_v * width) ** 2
    got = dark_factor("complex-scalar", s, m_dm, alpha_d, beta) / beta * w / norm
    vectors = [(m_v, width, 1.0, g_v, g_a, d)]
    assert float(got) == near(sigma_scalars_to_pair(m_dm, g_dm, mass, vectors, s), 1e-12)


@pytest.mark.parametrize("epsilon", [3e-3, -3e-3])
def test_paper_equations_equal_amplitudes(epsilon):
    """(6) with (7), + for q into the fermion and Q = -1, and the width to dark matter below it."""
    s, m_dm, m_f, m_v, width, alpha_d, scale = 0.2, 0.15, 0.2, 0.7, 0.02, 0.3, 40.0
    beta, beta_f = (np.sqrt(1 - 4 * m**2 / s) for m in (m_dm, m_f))
    ratio = alpha_d / scale
    bracket = SM.alpha * alpha_d * epsilon**2 * (3 - beta_f**2) / 2
    bracket += ratio**2 * s * (3 - 2 * beta_f**2) / 2
    interference = -3 * epsilon * np.sqrt(SM.alpha * alpha_d * s) * ratio * np.sqrt(1 - beta_f**2)
    norm = (s - m_v**2) ** 2 + (width * m_v) ** 2
    g_d = np.sqrt(4 * np.pi * alpha_d)
    for sign in (1, -1):
        want = 4 * np.pi / 3 * s * beta * beta_f / norm * (bracket + sign * interference)
        vectors = [(m_v, width, 1.0, -SM.e * epsilon, 0.0, sign * g_d / scale)]
        assert sigma_scalars_to_pair(m_dm, g_d, m_f, vectors, s) == near(want, 1e-12)
    assert width_scalar_pair(m_v, m_dm, g_d) == near(
        m_v * alpha_d / 12 * (1 - 4 * m_dm**2 / m_v**2) ** 1.5, 1e-12
    )


def test_width_of_the_dipole_as_corrected_and_as_printed():
    """(8): the velocity stands to the first power; `as-printed` has its square, times the flavour
    factor."""
    model = changed(m_v=1.3e-3, epsilon=0.0, flavour_factor=4.0)
    mu, d = (SM.m_e / 1.3e-3) ** 2, np.sqrt(4 * np.pi * 0.1) / 2500
    common = 1.3e-3 * 0.1 * 1.3e-3**2 / (6 * 2500.0**2) * (1 + 8 * mu)
    right, printed = value(model, "width_ee"), value(model, "width_ee", options=PRINTED)
    assert float(right) == near(common * np.sqrt(1 - 4 * mu), 1e-12)
    assert float(right) == near(width_pair(1.3e-3, SM.m_e, 0, 0, d), 1e-12)
    assert float(printed) == near(4 * common * (1 - 4 * mu), 1e-12)
    widths = model.mediator(FULL).widths
    assert float(widths["nunu"]) == near(3 * width_pair(1.3e-3, 0.0, 0, 0, d), 1e-12)


def test_numbers_quoted_below_equation_9():
    """100 MeV, epsilon = 1e-4, Lambda/alpha_d = 25 TeV: R = 0.44/alpha_d, 1 at Lambda = 11 TeV."""
    model = changed(m_dm=0.1, alpha_d=np.array([1.0, 0.44]))
    ratio = value(model, "r_annihilation")
    np.testing.assert_allclose(ratio * model.alpha_d, 0.44, rtol=5e-3)
    equal = ratio * model.alpha_d  # alpha_d where R is 1, at the same Lambda/alpha_d
    one = changed(m_dm=0.1, alpha_d=equal)
    np.testing.assert_allclose(value(one, "r_annihilation"), 1.0, rtol=1e-12)
    np.testing.assert_allclose(one.lambda_over_alpha_d * equal, 11e3, rtol=5e-3)
    s = 0.04 * (1 + 1e-6)  # at rest, where (9) is made, and far above 2 m_e
    parts = [
        value(changed(m_v=0.5, m_dm=0.1, **kept), "sigma_annihilation", s=s, fermion="e")
        for kept in ({"epsilon": 0.0}, {"lambda_over_alpha_d": 1e25})
    ]
    ratio = value(changed(m_dm=0.1), "r_annihilation")
    assert float(parts[0] / parts[1]) == near(float(ratio), 1e-4)


# --- the model against amplitudes with the exact mixing -------------------------------------------


def currents(model):
    """Couplings of V and Z from their components; the model's epsilon has the other sign there."""
    return Currents(SimpleNamespace(mixing=model.mixing, epsilon=-model.epsilon), FULL)


def vector_axial(found, state, charge=-1.0, t3=-0.5):
    left, right = found.chiral(state, charge, t3)
    return (left + right) / 2, (right - left) / 2


RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("m_v", [1.1e-3, 0.0123, 0.2115, 1.1, 3.6, 40.0, 90.0, 300.0])
def test_widths_equal_amplitudes(m_v, sign):
    """Interference of order one: scales where both couplings are equal at the energy m_v."""
    epsilon = 10 ** RANDOM.uniform(-5, -2)
    scales = sign * m_v * np.sqrt(4 * np.pi / 0.2) / (SM.e * epsilon) * RANDOM.uniform(0.5, 2, 3)
    words = ("lambda_over_alpha_d", "lambda_mu_over_alpha_d", "lambda_tau_over_alpha_d")
    given_scales = dict(zip(words, scales, strict=True))
    model = DarkDipole(
        m_v=m_v, epsilon=epsilon, alpha_d=0.2, m_dm=0.3 * m_v, flavour_factor=2.5, **given_scales
    )
    found, widths = currents(model), model.mediator(FULL).widths
    g_d = np.sqrt(4 * np.pi * 0.2)
    d = g_d * found.v.dark / (0.2 * scales)
    for (final, mass), dipole in zip(FINAL.values(), d, strict=True):
        want = width_pair(m_v, mass, *vector_axial(found, found.v), dipole)
        assert float(widths[final]) == near(want, 1e-11)
    assert float(widths["dark"]) == near(width_scalar_pair(m_v, 0.3 * m_v, g_d * found.v.dark))
    nu = 1.5 * width_pair(m_v, 0.0, 0.0, 0.0, d[0])
    nu += 3 * width_ff(m_v, 0.0, *found.chiral(found.v, 0.0, 0.5))
    assert float(widths["nunu"]) == near(nu, 1e-9)
    assert float(model.mediator(FULL).dipoles["mu"]) == near(d[1], 1e-12)
    photon = DarkPhoton(m_v=m_v, epsilon=epsilon).mediator(FULL).widths
    assert all(float(widths[k]) == near(float(photon[k])) for k in ("hadrons", "tt", "WW", "Zh"))


@pytest.mark.parametrize("m_v", [0.03, 0.22, 3.7, 91.5, 400.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_annihilation_equals_amplitudes(m_v, sign):
    """V and Z with their widths and dipoles, by final state; near thresholds and resonances."""
    epsilon, alpha_d, m_dm = 1e-3, 0.3, 0.4 * m_v
    unit = sign * m_v * np.sqrt(4 * np.pi / alpha_d) / (SM.e * epsilon)
    model = DarkDipole(
        m_v=m_v, epsilon=epsilon, alpha_d=alpha_d, m_dm=m_dm, flavour_factor=1.7,
        lambda_over_alpha_d=unit, lambda_mu_over_alpha_d=-0.7 * unit,
        lambda_tau_over_alpha_d=2 * unit,
    )  # fmt: skip
    flat = DarkDipole(**{k: np.reshape(v, 1) for k, v in model.numbers().items()})
    exchange = flat.exchange(LEPTONS)
    width, width_z = float(exchange.width[0]), float(np.squeeze(exchange.width_z))
    assert width == near(float(value(model, "width_total", LEPTONS)), 1e-14)
    found, g_d = currents(model), np.sqrt(4 * np.pi * alpha_d)
    dipoles = {"e": g_d / (alpha_d * unit)}
    dipoles |= {"mu": -dipoles["e"] / 0.7, "tau": dipoles["e"] / 2}

    def sigma(mass, s, d, charges):
        vectors = [
            (m, w, state.dark, *vector_axial(found, state, *charges), d * state.dark)
            for m, w, state in ((m_v, width, found.v), (SM.m_z, width_z, found.z))
        ]
        return sigma_scalars_to_pair(m_dm, g_d, mass, vectors, s)

    roots = [2.0001 * m_dm, 0.9 * m_v, m_v - width, m_v + 3 * width, 5 * m_v, SM.m_z]
    for root in [*roots, *(2.001 * mass for _, mass in FINAL.values())]:
        if root <= 2.00005 * m_dm:
            continue
        s, total = root**2, 0.0
        for f, (_, mass) in FINAL.items():
            want = sigma(mass, s, dipoles[f], (-1.0, -0.5))
            got = float(value(model, "sigma_annihilation", LEPTONS, s=s, fermion=f))
            assert got == near(want, 1e-7), (f, root)
            total += want
        nu = 0.7 * sigma(0.0, s, dipoles["e"], (0.0, 0.0)) + 3 * sigma(0.0, s, 0.0, (0.0, 0.5))
        got = float(value(model, "sigma_annihilation", LEPTONS, s=s, fermion="nu"))
        assert got == near(nu, 1e-6), root
        got = float(value(model, "sigma_annihilation", LEPTONS, s=s))
        assert got == near(total + nu, 1e-6), root
        assert value(model, "sigma_annihilation", LEPTONS, s=s, fermion="hadrons") == 0.0


# --- limits and symmetries ------------------------------------------------------------------------


ARGUMENTS = {
    "sigma_annihilation": lambda m: {"s": (0.8 * m) ** 2},
    "sigma_v_cm3_s": lambda m: {"x": 20.0},
}
SKIPPED = ("sigma_electron_cm2", "sigma_electron_reference_cm2", "hadronic_widths")
"""the first two mean other things in the two models, the last splits hadrons by the couplings to
quarks with their parts of order (m_V/m_Z)^2"""


def compare(first, second, name, rel, **arguments):
    """Equal values and statuses; dictionaries entry by entry."""
    one, two = result(first, name, **arguments), result(second, name, **arguments)
    assert np.array_equal(one.status, two.status), name
    a, b = (r.value if isinstance(r.value, dict) else {"": r.value} for r in (one, two))
    for key in a:
        np.testing.assert_allclose(b[key], a[key], rtol=rel, atol=0, err_msg=name)


@pytest.mark.parametrize("epsilon", [1e-3, 0.2])
@pytest.mark.parametrize("ratio", [0.36, 0.6])
def test_without_dipole_it_is_a_dark_photon(epsilon, ratio):
    """Every observable that both have, from 20 MeV over the Z to 500 GeV."""
    masses = np.array([0.02, 0.3, 3.0, 60.0, 90.0, 92.5, 500.0])
    kept = {"m_v": masses, "epsilon": epsilon, "alpha_d": 0.1, "m_dm": ratio * masses}
    photon = DarkPhoton(**kept, dm="complex-scalar")
    dipole = DarkDipole(**kept, lambda_over_alpha_d=1e25)
    shared = set(observable_names("dark-photon")) & set(observable_names("dark-dipole"))
    shared -= set(SKIPPED)
    assert {"width_total", "omega_h2", "sigma_annihilation", "sigma_v_cm3_s"} < shared
    for name in sorted(shared):
        arguments = ARGUMENTS[name](2.5 * ratio * masses) if name in ARGUMENTS else {}
        assert arguments or not get_observable(name, "dark-photon").arguments
        compare(photon, dipole, name, 1e-9, **arguments)


def test_widths_below_two_electrons_without_dipole():
    kept = {"m_v": 5e-4, "epsilon": 1e-3}
    dipole = DarkDipole(**kept, alpha_d=0.1, lambda_over_alpha_d=1e25)
    found = result(dipole, "width_total")
    assert (int(found.status), bool(np.isnan(found.value))) == (OUT_OF_VALIDITY, True)
    widths, photon = (m.mediator(FULL).widths for m in (dipole, DarkPhoton(**kept)))
    assert all(float(widths[k]) == near(float(photon[k])) for k in photon)


@pytest.mark.parametrize("m_v", [0.0012, 0.3, 60.0])
def test_signs_of_both_couplings(m_v):
    """(epsilon, Lambda) -> (-epsilon, -Lambda) is a field redefinition; one alone is not."""
    scale = m_v * np.sqrt(4 * np.pi / 0.1) / (SM.e * 1e-3)
    kept = {"m_v": m_v, "alpha_d": 0.1, "m_dm": 0.45 * m_v, "lambda_mu_over_alpha_d": 2 * scale}
    first = DarkDipole(**kept, epsilon=1e-3, lambda_over_alpha_d=scale)
    turned = dataclasses.replace(
        first, epsilon=-1e-3, lambda_over_alpha_d=-scale, lambda_mu_over_alpha_d=-2 * scale
    )
    for name in ("width_ee", "width_total", "branching_ratios", "omega_h2", "ctau_m"):
        compare(first, turned, name, 1e-12)
    compare(first, turned, "sigma_annihilation", 1e-12, s=m_v**2)
    alone = dataclasses.replace(first, epsilon=-1e-3)
    # -6 e epsilon Q d m_e with Q = -1: destructive for equal signs
    assert value(alone, "width_ee") > value(first, "width_ee")


def test_cross_section_scales_with_the_operators():
    """Dipole alone: sigma(e) goes as Lambda^-2, and the neutrinos as flavour_factor - 1."""
    model = changed(m_v=1.0, m_dm=0.1, epsilon=0.0, flavour_factor=3.0)
    s = 0.09
    electron = value(model, "sigma_annihilation", s=s, fermion="e")
    neutrinos = value(model, "sigma_annihilation", s=s, fermion="nu")
    assert float(neutrinos / electron) == near(2.0 * (1 - 6 * SM.m_e**2 / s), 1e-8)
    twice = dataclasses.replace(model, lambda_over_alpha_d=50e3)
    assert float(value(twice, "sigma_annihilation", s=s, fermion="e") / electron) == near(0.25)
    for fermion in ("mu", "tau", "hadrons"):
        assert value(model, "sigma_annihilation", s=s, fermion=fermion) == 0.0
    muons = dataclasses.replace(model, lambda_mu_over_alpha_d=25e3)
    ratio = value(muons, "sigma_annihilation", s=s, fermion="mu") / electron
    mu = SM.m_mu**2 / s
    want = (1 + 8 * mu) * np.sqrt(1 - 4 * mu) * (1 - 6 * SM.m_e**2 / s)
    assert float(ratio) == near(want, 1e-8)


# --- shapes, statuses, refusals -------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_arrays(size):
    m_v = np.geomspace(2e-3, 50.0, size)
    model = changed(m_v=m_v, m_dm=0.4 * m_v)
    for name, arguments in (
        ("width_total", {}), ("branching_ratios", {}), ("r_annihilation", {}),
        ("sigma_annihilation", {"s": m_v**2, "fermion": "e"}), ("a_e_dipole", {}),
    ):  # fmt: skip
        found = result(model, name, **arguments)
        parts = found.value.values() if isinstance(found.value, dict) else [found.value]
        assert all(np.shape(part) == (size,) for part in parts)
        assert found.status.shape == (size,)
    if size > 1:
        some = slice(None, None, 20_011)
        few = changed(m_v=m_v[some], m_dm=0.4 * m_v[some])
        np.testing.assert_array_equal(value(few, "width_total"), value(model, "width_total")[some])


def status_of(model, name, **arguments):
    found = result(model, name, **arguments)
    sentences = " ".join(s for group in found.reasons.values() for s in group)
    return int(found.status), float(found.value), sentences


def test_energies_beyond_the_operator():
    """Above Lambda/(10 alpha_d) and above Lambda a value with a status, below nothing."""
    for m_v, words in ((1.0, ()), (150.0, ("tenth",)), (600.0, ("tenth", "exceeds the scale"))):
        code, number, text = status_of(
            changed(m_v=m_v, lambda_over_alpha_d=1e3, alpha_d=0.5, m_dm=0.4), "width_ee"
        )
        assert np.isfinite(number)
        assert code == (OUT_OF_VALIDITY if words else OK)
        assert all(word in text for word in words)
    code, number, text = status_of(changed(), "sigma_annihilation", s=3e3**2, fermion="e")
    assert (code, number > 0) == (OUT_OF_VALIDITY, True)
    assert "exceeds the scale Lambda" in text
    low = changed(m_v=1.0, lambda_mu_over_alpha_d=0.5)
    code, _, text = status_of(low, "width_total")
    assert (code, "tenth" in text) == (OUT_OF_VALIDITY, True)
    assert status_of(low, "width_ee")[0] == OK


def test_closed_decays_and_thresholds():
    """2 m_dm = m_v exactly: a pole narrower than a part in 1e10 sits on the threshold. No dark
    width, and for the relic density a reason, as for a dark photon. Below threshold no value."""
    model = changed(m_dm=0.05)
    assert float(value(model, "width_dark")) == 0.0
    assert status_of(model, "width_total")[0] == OK
    code, number, text = status_of(model, "omega_h2")
    assert (code, np.isnan(number)) == (NOT_CONVERGED, True)
    photon = {k: v for k, v in model.numbers().items() if k in DarkPhoton.field_names()}
    assert status_of(DarkPhoton(**photon), "omega_h2")[::2] == (code, text)
    for side in (1 - 1e-6, 1 + 1e-6):
        assert status_of(changed(m_dm=0.05 * side), "omega_h2")[0] == OK
    code, number, text = status_of(model, "sigma_annihilation", s=0.0099)
    assert (code, np.isnan(number)) == (OUT_OF_VALIDITY, True)
    assert "below the threshold" in text
    code, number, text = status_of(changed(epsilon=0.0), "r_annihilation")
    assert (code, np.isnan(number), "epsilon is 0" in text) == (OUT_OF_VALIDITY, True, True)


def test_light_vectors():
    """Below 2 m_e V goes to neutrinos if they have dipoles, else to three photons: no lifetime."""
    light = {"m_v": 8e-4, "m_dm": None}
    code, number, text = status_of(changed(**light), "ctau_m")
    assert (code, np.isnan(number), "three photons" in text) == (OUT_OF_VALIDITY, True, True)
    code, number, _ = status_of(changed(**light, flavour_factor=2.0), "ctau_m")
    assert (code, np.isfinite(number)) == (OK, True)
    found = result(changed(m_v=8e-4, m_dm=None, flavour_factor=2.0), "branching_ratios").value
    assert float(found["nunu"]) == 1.0


def test_tiny_widths():
    """A dipole of 1e15 GeV and no mixing: widths of 1e-41 GeV, and a relic density or a reason."""
    model = changed(epsilon=0.0, lambda_over_alpha_d=1e16, m_dm=0.07)
    code, number, _ = status_of(model, "width_total")
    assert code == OK
    d = np.sqrt(4 * np.pi / 0.1) / 1e16
    assert number == near(width_pair(0.1, SM.m_e, 0, 0, d), 1e-11)
    code, number, text = status_of(model, "omega_h2")
    assert (code, "decays more slowly" in text) == (OUT_OF_VALIDITY, True)
    pairs = Options(channels="secluded")  # V V in the thermal tail is all that there is
    assert number == near(float(value(model, "omega_h2", options=pairs)), 1e-9)


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("lambda_over_alpha_d", 0.0, "above 1e-06 and below 1e+30 GeV, of either sign"),
        ("flavour_factor", 0.5, "at least 1 and below 1e+06"),
        ("alpha_d", -0.1, "above 0"), ("alpha_d", 0.0, "above 0"),
        ("epsilon", 1.0, "above -0.877 and below 0.877"), ("epsilon", -1.0, "-0.877"),
        ("lambda_mu_over_alpha_d", np.nan, "of either sign"), ("m_v", [0.1, -1.0], "above"),
        ("m_dm", np.inf, "below"), ("lambda_tau_over_alpha_d", "far", "a number"),
    ],
)  # fmt: skip
def test_refusals_are_sentences(name, bad, words):
    with pytest.raises(ParameterError) as caught:
        changed(**{name: bad})
    assert caught.value.parameter == name
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_refusals():
    assert get_model("dark-dipole") is DarkDipole
    with pytest.raises(ParameterError, match="no mixing with the Z"):
        result(changed(m_v=SM.m_z), "width_total")
    many = result(changed(m_v=np.array([SM.m_z, 1.0])), "width_total")
    assert np.isnan(many.value).tolist() == [True, False]
    with pytest.raises(UsageError, match="alpha_d"):
        result(DarkDipole(m_v=1.0, lambda_over_alpha_d=1e4), "width_ee")
    with pytest.raises(UsageError, match="m_dm, which was not given"):
        result(changed(m_dm=None), "omega_h2")
    with pytest.raises(ParameterError, match="fermion"):
        result(changed(), "sigma_annihilation", s=1.0, fermion="muon")
    with pytest.raises(ParameterError, match="mechanism"):
        result(changed(), "omega_h2", options=Options(mechanism="freeze-in"))


# --- engines and everywhere -----------------------------------------------------------------------


def test_engines_agree():
    """The same source on NumPy and on JAX arrays."""
    pytest.importorskip("jax")
    m_v = np.array([0.02, 0.3, 0.9, 3.0])
    model = changed(m_v=m_v, m_dm=m_v / 2.4, lambda_mu_over_alpha_d=-3e3, flavour_factor=2.0)
    for name, arguments in (
        ("width_total", {}), ("sigma_annihilation", {"s": m_v**2, "fermion": "e"}), ("omega_h2", {})
    ):  # fmt: skip
        first = result(model, name, **arguments).value
        second = result(model, name, engine="jax", **arguments).value
        np.testing.assert_allclose(second, first, rtol=2e-9)


def decades(low, high):
    return st.floats(low, high).map(lambda x: 10.0**x)


@settings(max_examples=60)
@given(decades(-6, 4), decades(0, 12), decades(-6, 0), decades(-8, -1), st.floats(0.05, 3),
       st.booleans(), st.booleans())  # fmt: skip
def test_a_number_or_a_reason(m_v, scale, alpha_d, epsilon, ratio, minus, unmixed):
    """Anywhere: finite and not negative where the status is ok, else a sentence."""
    scale, epsilon = -scale if minus else scale, 0.0 if unmixed else epsilon
    model = DarkDipole(
        m_v=np.array([m_v]), lambda_over_alpha_d=scale, alpha_d=alpha_d, epsilon=epsilon,
        m_dm=ratio * m_v,
    )  # fmt: skip
    for name in ("width_ee", "width_total", "branching_ratios", "ctau_m", "a_e_dipole", "omega_h2"):
        found = result(model, name)
        parts = found.value.values() if isinstance(found.value, dict) else [found.value]
        for part in parts:
            if found.status[0] == OK:
                assert np.isfinite(part[0]), name
                assert part[0] >= 0 or name == "a_e_dipole", name
            else:
                assert found.reasons[int(found.status[0])]
                assert not np.isinf(part[0]), name
