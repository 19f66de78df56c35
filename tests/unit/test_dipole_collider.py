"""e+ e- -> gamma V through a dipole: formulas against explicit amplitudes, observables against
integrals of each other and the numbers of the paper."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from oracles.dipole_radiation import amplitudes, distribution, total
from vectorportal.formulas import dipole_radiation as dipole
from vectorportal.formulas import radiative_return as rr
from vectorportal.formulas.separation import Z_95
from vectorportal.formulas.spectral import dipole_pair
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.dark_dipole import DarkDipole
from vectorportal.observables.base import Options, evaluate, gradient

SM = StandardModel.default()
UNIT = 1.0 / (4.0 * np.pi)  # alpha for a charge of one
PRINTED = Options(prescription="as-printed")
S = 10.58**2


def value(model, name, options=None, **arguments):
    return evaluate(model, name, options=options, **arguments).value


# formulas against the explicit amplitude


def test_the_explicit_amplitude_is_gauge_invariant():
    cosine, couplings = np.linspace(-0.8, 0.8, 3), (0.4, 0.3, 0.7)
    whole = np.abs(amplitudes(S, 3.0, cosine, couplings, 0.3)).max()
    longitudinal = np.abs(amplitudes(S, 3.0, cosine, couplings, 0.3, gauge=True)).max()
    assert longitudinal < 1e-14 * whole


@pytest.mark.parametrize("mass", [0.01, 0.5, 3.0, 9.0])
def test_angular_distribution_is_that_of_the_explicit_amplitude(mass):
    cosine = np.linspace(-0.9, 0.9, 5)
    expected = np.asarray(distribution(S, mass, cosine, (0.0, 0.0, 0.7), 1e-6), float)
    found = dipole.angular_distribution(S, mass, cosine, UNIT, 0.49)
    np.testing.assert_allclose(found, expected, rtol=1e-11)  # (m_e/sqrt s)^2


@pytest.mark.parametrize("mass", [0.5, 9.0])
def test_vector_and_axial_couplings_do_not_interfere_with_the_dipole_of_massless_electrons(mass):
    cosine, parts = np.linspace(-0.9, 0.9, 5), []
    for m_e in (1e-4, 1e-5):
        both = distribution(S, mass, cosine, (0.5, 0.3, 0.7), m_e)
        alone = distribution(S, mass, cosine, (0.5, 0.3, 0.0), m_e)
        square = distribution(S, mass, cosine, (0.0, 0.0, 0.7), m_e)
        parts.append(np.max(np.abs((both - alone - square) / square)))
    assert parts[0] < 30.0 * 1e-4 / np.sqrt(S)
    assert parts[1] == pytest.approx(0.1 * parts[0], rel=1e-3)  # proportional to m_e


@pytest.mark.parametrize("mass", [0.3, 1.0, 4.0, 8.0, 9.5])
def test_total_cross_section_is_that_of_the_explicit_amplitude_with_electron_mass(mass):
    s, m_e = 100.0, 0.01
    expected = total(s, mass, (0.0, 0.0, 0.7), m_e)
    found = dipole.total_cross_section(s, mass, m_e, UNIT, 0.49)
    assert found == pytest.approx(expected, rel=3e-5)  # (m_e/sqrt s)^2 times logarithms


@pytest.mark.parametrize("mass", [0.3, 4.0, 9.5])
def test_collinear_photons_are_the_radiator_times_the_width_to_electrons(mass):
    """Both structures share ln(1/m_e) once the coupling is read from V -> e+ e-."""
    square = 0.49
    alpha_v = 3.0 * dipole_pair(mass**2, 0.0, square, 0.0) / mass**2  # Gamma = alpha_V m/3

    def slope(formula, coupling):
        near, far = (formula(S, mass, m_e, SM.alpha, coupling) for m_e in (1e-6, 1e-3))
        return float(near - far)

    ours, theirs = slope(dipole.total_cross_section, square), slope(rr.total_cross_section, alpha_v)
    assert ours == pytest.approx(theirs, rel=1e-12)


def test_cross_section_is_the_integral_cuts_soft_photons_and_closes_at_threshold():
    args = (S, 5.0)
    expected = quad(lambda c: float(dipole.angular_distribution(*args, c, 0.01, 0.02)), -0.7, 0.9)
    found = dipole.cross_section(*args, -0.7, 0.9, 0.01, 0.02)
    assert found == pytest.approx(expected[0], rel=1e-12)
    edge = float(rr.photon_energy(*args))
    assert dipole.cross_section(*args, -0.7, 0.9, 0.01, 0.02, edge * 1.01) == 0.0
    assert dipole.cross_section(S, 11.0, -0.7, 0.9, 0.01, 0.02) == 0.0
    assert dipole.angular_distribution(S, 11.0, 0.1, 0.01, 0.02) == 0.0
    assert dipole.total_cross_section(S, 11.0, SM.m_e, 0.01, 0.02) == 0.0


@pytest.mark.parametrize("factor", [7.0])
def test_cross_sections_scale_as_an_inverse_area(factor):
    one = dipole.cross_section(S, 5.0, -0.7, 0.9, 0.01, 0.02)
    two = dipole.cross_section(S * factor**2, 5.0 * factor, -0.7, 0.9, 0.01, 0.02 / factor**2)
    assert two == pytest.approx(one / factor**2, rel=1e-12)


def test_printed_formulas_hold_for_light_vectors_alone():
    cosine = np.linspace(-0.9, 0.9, 5)
    for mass, good in ((0.01, True), (9.0, False)):
        vector = np.asarray(distribution(S, mass, cosine, (0.7, 0.0, 0.0), 1e-6), float)
        square = np.asarray(distribution(S, mass, cosine, (0.0, 0.0, 0.7), 1e-6), float)
        # epsilon^2 alpha = 0.49/4 pi for charges of one
        printed = dipole.printed_vector(S, mass, cosine, UNIT, 0.7)
        flat = dipole.printed_dipole(S, mass, cosine, UNIT, 0.49)
        assert np.allclose(printed, vector, rtol=1e-5) == good
        assert np.allclose(flat, square, rtol=1e-5) == good
    eta = 1.0 - 81.0 / S
    expected = 2 * np.pi * 1e-10 / S * (eta * 1.25 + 2 * (1 / eta - 1)) / 0.75
    assert dipole.printed_vector(S, 9.0, 0.5, 1e-2, 1e-3) == pytest.approx(expected, rel=1e-12)


# observables


def test_the_limit_of_the_paper_is_101_tev():
    model = DarkDipole(alpha_d=1.0)
    # (24), with the acceptance of the paper, which is not stated, slightly wider than 0.6
    found = value(model, "lambda_bound_ee", PRINTED, z_min=-0.623, z_max=0.623)
    assert found == pytest.approx(101e3, rel=3e-3)
    default = value(model, "lambda_bound_ee", PRINTED)
    by_hand = 1e4 / 1e-3 * np.sqrt(1.2 / (4 * np.arctanh(0.6) - 1.2) / SM.alpha) / 1e3
    assert default == pytest.approx(by_hand, rel=1e-12)
    # 1/sqrt(alpha_D) and 1/epsilon_max
    other = value(DarkDipole(alpha_d=0.25), "lambda_bound_ee", PRINTED, epsilon_max=1e-4)
    assert other == pytest.approx(20.0 * default, rel=1e-12)
    # without m_v the verified formula is the same limit, but for epsilon^2 of the mixing
    assert value(model, "lambda_bound_ee") == pytest.approx(default, rel=1e-10)


@pytest.mark.parametrize("options", [Options(), PRINTED])
def test_cross_section_per_cosine_is_mixing_plus_dipole(options):
    point = {"m_v": 3.0, "alpha_d": 0.5}
    z = np.array([-0.5, 0.0, 0.8])
    both = DarkDipole(**point, lambda_over_alpha_d=3e4, epsilon=2e-3)
    alone = DarkDipole(**point, lambda_over_alpha_d=3e4)
    mixed = DarkDipole(**point, lambda_over_alpha_d=1e25, epsilon=2e-3)
    parts = [value(m, "dsigma_dcos_ee", options, z=z) for m in (both, alone, mixed)]
    # the point's epsilon changes the dark component of V by epsilon^2
    np.testing.assert_allclose(parts[0], parts[1] + parts[2], rtol=1e-5)
    d2 = 4 * np.pi / 0.5 / 3e4**2
    if options is PRINTED:
        expected = dipole.printed_dipole(100.0, 3.0, z, SM.alpha, d2)
        photon = dipole.printed_vector(100.0, 3.0, z, SM.alpha, 2e-3)
    else:
        expected = dipole.angular_distribution(100.0, 3.0, z, SM.alpha, d2)
        photon = rr.angular_distribution(100.0, 3.0, z, SM.alpha, SM.alpha * 4e-6)
    np.testing.assert_allclose(parts[1], expected, rtol=1e-12)
    np.testing.assert_allclose(parts[2], photon, rtol=3e-3)  # m_v^2/m_Z^2 of mixing with the Z


@pytest.mark.parametrize("m_v", [0.1, 4.0, 9.0])
def test_ratio_effective_mixing_and_bound_are_integrals_of_the_distribution(m_v):
    cuts = {"z_min": -0.4, "z_max": 0.7}
    point = {"m_v": m_v, "alpha_d": 0.5}

    def rate(**more):
        model = DarkDipole(**point, **{"lambda_over_alpha_d": 1e25, **more})
        return quad(lambda z: float(value(model, "dsigma_dcos_ee", z=z)), -0.4, 0.7)[0]

    square, mixed = rate(lambda_over_alpha_d=6e4), rate(epsilon=8e-4)
    model = DarkDipole(**point, lambda_over_alpha_d=6e4, epsilon=8e-4)
    assert value(model, "r_ee", **cuts) == pytest.approx(square / mixed, rel=1e-5)
    effective = float(value(model, "epsilon_effective", **cuts))
    # rates go as epsilon^2 up to epsilon^2
    assert rate(epsilon=effective) == pytest.approx(square + mixed, rel=2e-4)
    bound = float(value(DarkDipole(**point, epsilon=8e-4), "lambda_bound_ee", **cuts))
    assert rate(epsilon=8e-4, lambda_over_alpha_d=bound) == pytest.approx(
        rate(epsilon=1e-3), rel=1e-5
    )


def test_effective_mixing_is_the_mixing_for_large_scales_and_follows_figure_8():
    scales = 1e3 * np.array([175.0, 250.0, 350.0, 500.0, 750.0])
    model = DarkDipole(alpha_d=0.5, lambda_over_alpha_d=scales, epsilon=0.0)
    found = value(model, "epsilon_effective", PRINTED)
    limit = value(DarkDipole(alpha_d=0.5), "lambda_bound_ee", PRINTED)
    np.testing.assert_allclose(found, 1e-3 * limit / scales, rtol=1e-12)
    far = DarkDipole(alpha_d=0.5, lambda_over_alpha_d=1e25, epsilon=-3e-4)
    assert value(far, "epsilon_effective") == pytest.approx(3e-4, rel=1e-12)


def test_statuses_say_what_is_wrong():
    base = {"m_v": 1.0, "alpha_d": 0.5, "lambda_over_alpha_d": 1e5}
    none = evaluate(DarkDipole(**base), "r_ee")
    assert np.isnan(none.value)
    assert "epsilon is 0" in none.reasons[2][0]
    model = DarkDipole(**base, epsilon=1e-3)
    empty = evaluate(model, "r_ee", z_min=np.array([0.5, -0.5]), z_max=0.4)
    assert empty.status.tolist() == [2, 0]
    assert "acceptance is empty" in empty.reasons[2][0]
    heavy = evaluate(DarkDipole(**base | {"m_v": 11.0}), "dsigma_dcos_ee", z=0.1)
    assert np.isnan(heavy.value)
    assert "threshold" in heavy.reasons[2][0]
    mixed = evaluate(DarkDipole(alpha_d=0.5, epsilon=np.array([2e-3, 5e-4])), "lambda_bound_ee")
    assert mixed.status.tolist() == [3, 0]
    # Lambda = alpha_d Lambda/alpha_d below the energy
    low = evaluate(DarkDipole(**base | {"lambda_over_alpha_d": 15.0}), "epsilon_effective")
    assert np.isfinite(low.value)
    assert len(low.reasons[2]) == 2
    wide = {"z_min": -0.9999, "z_max": 0.9999, "epsilon_max": 0.9}
    weak = evaluate(DarkDipole(alpha_d=0.5), "lambda_bound_ee", **wide)
    # the answer itself is below ten times the energy
    assert weak.reasons[2] == low.reasons[2][1:]


@pytest.mark.parametrize("options", [Options(), PRINTED])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("dsigma_dcos_ee", {"z": 0.3}),
        ("r_ee", {}),
        ("epsilon_effective", {}),
        ("lambda_bound_ee", {"epsilon_max": 2e-3}),
        ("events_to_separate_angle", {"z_max": 0.7}),
    ],
)
def test_the_same_in_jax_with_gradients(options, name, arguments):
    pytest.importorskip("jax")
    point = {"m_v": 2.0, "alpha_d": 0.5, "lambda_over_alpha_d": 1e5, "epsilon": 1e-3}
    ours = value(DarkDipole(**point), name, options, **arguments)
    theirs = value(DarkDipole(**point), name, options, engine="jax", **arguments)
    assert theirs == pytest.approx(ours, rel=1e-11, abs=0)
    slopes = gradient(DarkDipole(**point), name, options=options, **arguments)
    for key in ("m_v", "epsilon"):
        step = 1e-5 * point[key]
        ends = [
            value(DarkDipole(**point | {key: point[key] + side}), name, options, **arguments)
            for side in (step, -step)
        ]
        expected = float(ends[0] - ends[1]) / (2 * step)
        floor = 1e-6 * abs(float(ours)) / point[key]
        assert slopes[key] == pytest.approx(expected, rel=1e-5, abs=floor)


@pytest.mark.parametrize("truth", ["dipole", "vector"])
@pytest.mark.parametrize(("low", "high"), [(-0.6, 0.6), (-0.4, 0.95), (-0.9999, 0.9999)])
def test_events_that_separate_the_angles(truth, low, high):
    """The moments of the log likelihood by adaptive quadrature, massless V."""
    shapes = {"dipole": lambda c: 1.0, "vector": lambda c: (1 + c * c) / (1 - c * c)}
    norms = {name: quad(f, low, high)[0] for name, f in shapes.items()}
    other = "vector" if truth == "dipole" else "dipole"

    def log(c):
        return np.log(shapes[truth](c) / norms[truth]) - np.log(shapes[other](c) / norms[other])

    def mean(power, name):
        return quad(
            lambda c: log(c) ** power * shapes[name](c) / norms[name], low, high, limit=200
        )[0]

    variance = mean(2, other) - mean(1, other) ** 2
    expected = Z_95**2 * variance / (mean(1, truth) - mean(1, other)) ** 2
    cuts = {"z_min": low, "z_max": high, "truth": truth}
    found = value(DarkDipole(), "events_to_separate_angle", **cuts)
    assert found == pytest.approx(expected, rel=1e-6)
    printed = value(DarkDipole(), "events_to_separate_angle", PRINTED, **cuts)
    assert printed == pytest.approx(found, rel=1e-12)


def test_the_collinear_term_makes_heavy_vectors_hard_to_tell_apart():
    """A flat distribution for all masses, as printed, would promise too much by a factor 100."""
    heavy = DarkDipole(m_v=8.0)
    right = value(heavy, "events_to_separate_angle")
    printed = value(heavy, "events_to_separate_angle", PRINTED)
    assert right > 100.0 * printed
    assert printed > 50.0
