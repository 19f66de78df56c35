"""Thermal averages and freeze-out: published numbers, exact limits, detailed balance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import k1e, kn, kve

from oracles.amplitudes import SPIN_STATES
from oracles.dirac import angles, momentum_cm, pair
from oracles.vector_pairs import squared_vv
from vectorportal.inputs.cosmology import CRITICAL_DENSITY_H2, M_PLANCK, T_CMB
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkPhoton
from vectorportal.observables.base import OK, OUT_OF_VALIDITY, evaluate
from vectorportal.units import GEV2_TO_CM3_PER_S

LEPTONS, FULL = Inputs(hadrons="none"), Inputs.default()
STANDARD_MODEL, SECLUDED = Options(channels="standard-model"), Options(channels="secluded")
KINDS = ("complex-scalar", "dirac", "majorana")


def sigma_v(model, x, inputs=FULL, options=None):
    """<sigma v> in GeV^-2 and the status."""
    found = evaluate(model, "sigma_v_cm3_s", inputs=inputs, options=options, x=x)
    return np.asarray(found.value) / GEV2_TO_CM3_PER_S, np.asarray(found.status)


# --- published points ---------------------------------------------------------------------------
# Two outside computations, leptons only and a full Breit-Wigner, at x = 20 and today: complex
# scalar m_dm = 1 GeV, m_v = 3 GeV, g_D = 2.5066; Dirac alpha_d = 0.5. Their printed digits and
# their tables of degrees of freedom allow 1 per cent for <sigma v> and 5 per cent for Omega h^2.


@pytest.mark.parametrize(
    ("dm", "alpha_d", "epsilon", "cm3_s", "omega"),
    [
        ("complex-scalar", 2.5066**2 / (4 * np.pi), 4.059e-3, 1.90e-25, 0.1201),
        ("dirac", 0.5, 7.022e-4, 8.92e-26, 0.1289),
    ],
)
def test_published_points(dm, alpha_d, epsilon, cm3_s, omega):
    model = DarkPhoton(m_v=3.0, epsilon=epsilon, m_dm=1.0, alpha_d=alpha_d, dm=dm)
    average = evaluate(model, "sigma_v_cm3_s", inputs=LEPTONS, x=20.0)
    assert float(average.value) == pytest.approx(cm3_s, rel=0.01)
    relic = evaluate(model, "omega_h2", inputs=LEPTONS)
    assert float(relic.value) == pytest.approx(omega, rel=0.05)
    assert relic.status == OK
    assert relic.error_estimate < 1e-3


# --- limits of the thermal average --------------------------------------------------------------


def narrow(dm, m_v=1.0, m_dm=0.4):
    """Gamma/m about 1e-12."""
    model = DarkPhoton(m_v=m_v, epsilon=1e-5, m_dm=m_dm, alpha_d=1e-11, dm=dm)
    width = float(evaluate(model, "width_total").value)
    assert 1e-14 < width / m_v < 5e-12
    return model


@pytest.mark.parametrize("x", [1.0, 8.0, 25.0, 60.0])
@pytest.mark.parametrize("m_dm", [0.2, 0.4, 0.4999])
@pytest.mark.parametrize("dm", KINDS)
def test_narrow_resonance_is_inverse_decay(dm, m_dm, x):
    """|D|^2 -> pi delta(s - m^2)/(m Gamma): the rate of DM DM -> V -> SM is that of inverse decays.

    Events per volume and time: gamma = 3 m^2 T K_1(m/T)/(2 pi^2) * Gamma_dark (1 - BR_dark), and
    <sigma v> = gamma/(n_1 n_2), twice that for identical particles. Corrections: Gamma/m and the
    continuum, which is smaller by Gamma/m times exp(2 x eta_pole); the quadrature promises 1e-6.
    """
    model = narrow(dm, m_dm=m_dm)
    widths = {k: float(v) for k, v in model.mediator(FULL).widths.items()}
    total = sum(widths.values())
    m, t = 1.0, m_dm / x
    scaled = (
        3 * m**2 * t * k1e(m / t) / (2 * np.pi**2) * widths["dark"] * (1 - widths["dark"] / total)
    )
    number = SPIN_STATES[dm] * m_dm**2 * t * kve(2, x) / (2 * np.pi**2)
    identical = 2 if dm == "majorana" else 1
    want = identical * scaled / number**2 * np.exp(2 * x - m / t)
    got, status = sigma_v(model, x, options=STANDARD_MODEL)
    assert status == OK
    assert float(got) == pytest.approx(float(want), rel=1e-6)


@pytest.mark.parametrize("dm", KINDS)
def test_large_x(dm):
    """Cold limit: sigma v -> a + 6 b/x. Dirac s-wave, complex scalar and Majorana p-wave.

    With t = 2 x eta the kernel becomes Maxwell's distribution; corrections are O(1/x).
    """
    model = DarkPhoton(m_v=3.0, epsilon=1e-3, m_dm=1.0, alpha_d=0.1, dm=dm)
    x = np.array([1e4, 1e5, 1e6, 1e8])
    got, status = sigma_v(model, x, options=STANDARD_MODEL)
    assert np.all(status == OK)
    v2 = 1e-8
    beta2 = v2 / 4
    s = 4 / (1 - beta2)
    sigma = float(evaluate(model, "sigma_annihilation", s=s).value)
    # v of the centre of mass is 2 beta; b = sigma v/v^2
    if dm == "dirac":
        np.testing.assert_allclose(got, sigma * 2 * np.sqrt(beta2), rtol=2e-3)
        assert got[-1] == pytest.approx(sigma * 2 * np.sqrt(beta2), rel=1e-6)
    else:
        b = sigma * 2 * np.sqrt(beta2) / v2
        np.testing.assert_allclose(got * x, 6 * b, rtol=2e-3)
        assert got[-2] * x[-2] == pytest.approx(6 * b, rel=3e-5)


@pytest.mark.parametrize("dm", KINDS)
def test_secluded_annihilation_at_rest(dm):
    """x -> infinity of DM DM -> V V: pi alpha_d^2/m^2 (1-r^2)^(3/2)/(1-r^2/2)^2 for fermions,
    2 pi alpha_d^2/m^2 sqrt(1-r^2)(1-r^2+3r^4/8)/(1-r^2/2)^2 for a scalar."""
    m, r, alpha_d = 2.0, 0.6, 0.05
    model = DarkPhoton(m_v=r * m, epsilon=1e-6, m_dm=m, alpha_d=alpha_d, dm=dm)
    got, _ = sigma_v(model, 1e8, options=SECLUDED)
    if dm == "complex-scalar":
        shape = 2 * np.sqrt(1 - r**2) * (1 - r**2 + 3 * r**4 / 8)
    else:
        shape = (1 - r**2) ** 1.5
    want = np.pi * alpha_d**2 / m**2 * shape / (1 - r**2 / 2) ** 2
    assert float(got) == pytest.approx(want, rel=1e-6)


@pytest.mark.parametrize("x", [2.0, 20.0, 60.0])
@pytest.mark.parametrize("dm", KINDS)
def test_forbidden_channel_obeys_detailed_balance(dm, x):
    """n_dm^2 <sigma v>(DM DM -> V V) = n_V^2 <sigma v>(V V -> DM DM), m_v = 1.3 m_dm.

    The reverse average is done here: explicit amplitudes, its own spin average and flux, SciPy.
    Events per volume: n_1 n_2 <sigma v> for distinct, half of that for identical particles.
    """
    m_dm, m_v, alpha_d = 1.0, 1.3, 0.02
    model = DarkPhoton(m_v=m_v, epsilon=1e-6, m_dm=m_dm, alpha_d=alpha_d, dm=dm)
    forward, _ = sigma_v(model, x, options=SECLUDED)
    t = m_dm / x
    y, w = np.polynomial.legendre.leggauss(60)
    y, w = 0.5 * (y + 1) * np.sqrt(40.0), 0.5 * w * np.sqrt(40.0)
    cos_theta, weight = angles(40)
    total = 0.0
    for node, width in zip(y, w, strict=True):
        energy = 2 * m_v + t * node**2  # sqrt(s), the root removed by a square
        s = energy**2
        p1, p2 = (np.broadcast_to(p, (len(cos_theta), 4)) for p in pair(s, m_dm, m_dm))
        momenta = (p1, p2, *pair(s, m_v, m_v, cos_theta))
        squared = np.sum(weight * squared_vv(dm, momenta, m_dm, m_v)) * (4 * np.pi * alpha_d) ** 2
        p_v, p_dm = momentum_cm(s, m_v, m_v), momentum_cm(s, m_dm, m_dm)
        final = 0.5 if dm == "majorana" else 1.0
        sigma = final * squared / 9 / (16 * np.pi * s) * p_dm / p_v
        flux = (s - 4 * m_v**2) * energy * k1e(energy / t) * np.exp((2 * m_v - energy) / t)
        total += float(sigma * flux) * 2 * energy * 2 * t * node * width
    backward = total / (8 * m_v**4 * t * kve(2, m_v / t) ** 2)
    n_dm = SPIN_STATES[dm] * m_dm**2 * kve(2, x)
    n_v = 3 * m_v**2 * kve(2, m_v / t) * np.exp((m_dm - m_v) / t)
    events_dm = n_dm**2 * float(forward) / (2 if dm == "majorana" else 1)
    events_v = n_v**2 * backward / 2
    assert events_dm == pytest.approx(events_v, rel=1e-6)


def test_average_of_many_x_equals_single_calls():
    """The rows are independent."""
    model = DarkPhoton(m_v=3.0, epsilon=1e-3, m_dm=1.0, alpha_d=0.1, dm="dirac")
    x = np.array([0.3, 1.0, 20.0, 1e4])
    many, _ = sigma_v(model, x)
    assert many == pytest.approx([float(sigma_v(model, one)[0]) for one in x], rel=1e-13)


@pytest.mark.parametrize("dm", KINDS)
def test_rescaling_the_average(dm):
    """<sigma v> at fixed x has dimension -2 when the Standard Model masses matter little."""
    small = DarkPhoton(m_v=30.0, epsilon=1e-3, m_dm=50.0, alpha_d=0.1, dm=dm)
    large = DarkPhoton(m_v=60.0, epsilon=1e-3, m_dm=100.0, alpha_d=0.1, dm=dm)
    first, second = (sigma_v(m, 15.0, options=SECLUDED)[0] for m in (small, large))
    assert second == pytest.approx(first / 4, rel=1e-12)


# --- freeze-out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dm", ["complex-scalar", "dirac"])
def test_secluded_relic_follows_the_semi_analytic_solution(dm):
    """S-wave with small epsilon: 1/Y - 1/Y_f = kappa int s <sigma v>/(H x) dx from x_f.

    Kolb and Turner, The Early Universe, section 5.2, s-wave: good to 5 per cent.
    """
    m, r, alpha_d, dof = 100.0, 0.1, 3e-3, load_dof()
    model = DarkPhoton(m_v=r * m, epsilon=1e-7, m_dm=m, alpha_d=alpha_d, dm=dm)
    relic = evaluate(model, "omega_h2", options=SECLUDED)
    average = float(sigma_v(model, 30.0, options=SECLUDED)[0])
    states, kappa = (2 if dm == "complex-scalar" else 4), 0.5

    def rate(x):  # kappa s <sigma v>/H, times the density of entropy's own expansion
        t = m / x
        entropy = 2 * np.pi**2 / 45 * dof.g_s(t) * t**3
        hubble = np.sqrt(8 * np.pi**3 * dof.g_rho(t) / 90) * t**2 / M_PLANCK
        return kappa * average * entropy / hubble * (1 + dof.dln_g_s_dln_t(t) / 3)

    def equilibrium(x):
        return 45 * states / (4 * np.pi**4 * dof.g_s(m / x)) * x**2 * kn(2, x)

    # Y - Y_eq = c Y_eq with c (c + 2) = 1 where rate Y_eq = x - 3/2 (the fall of Y_eq)
    x_f = brentq(lambda x: float(rate(x) * equilibrium(x)) - (x - 1.5), 5.0, 60.0)
    x = np.geomspace(x_f, 1e6, 4000)
    inverse = np.trapezoid(rate(x), np.log(x)) + 1 / (np.sqrt(2) * float(equilibrium(x_f)))
    s_0 = 2 * np.pi**2 / 45 * float(dof.g_s(T_CMB)) * T_CMB**3
    want = m / inverse * s_0 / CRITICAL_DENSITY_H2
    assert float(relic.value) == pytest.approx(want, rel=0.05)


def test_relic_density_falls_with_every_coupling():
    """Away from resonance and below unitarity."""
    epsilon = np.geomspace(1e-4, 1e-2, 6)
    model = DarkPhoton(m_v=3.0, epsilon=epsilon, m_dm=1.0, alpha_d=0.1, dm="dirac")
    omega = evaluate(model, "omega_h2").value
    assert np.all(np.diff(omega) < 0)
    model = DarkPhoton(m_v=3.0, epsilon=1e-3, m_dm=1.0, alpha_d=np.geomspace(0.01, 1, 6))
    assert np.all(np.diff(evaluate(model, "omega_h2").value) < 0)


def test_strong_annihilation_scales_as_one_over_the_rate():
    """Omega is inversely proportional to epsilon^2 up to the logarithm in x_f."""
    model = DarkPhoton(m_v=3.0, epsilon=np.array([1e-3, 2e-3]), m_dm=1.0, alpha_d=0.1, dm="dirac")
    omega, x = evaluate(model, "omega_h2").value, evaluate(model, "x_freeze_out").value
    assert omega[0] / omega[1] == pytest.approx(4 * x[0] / x[1], rel=0.04)
    # n_eq <sigma v> = H: x_f moves by about ln 4 per factor 4, less a power of x
    assert x[1] - x[0] == pytest.approx(np.log(4), rel=0.15)


def test_x_freeze_out_solves_its_definition():
    """n_eq <sigma v> = H with SciPy's Bessel function and the packaged g_rho, to 1e-5."""
    for dm, states in (("complex-scalar", 2), ("dirac", 4), ("majorana", 2)):
        model = DarkPhoton(m_v=3.0, epsilon=1e-3, m_dm=1.0, alpha_d=0.3, dm=dm)
        x = float(evaluate(model, "x_freeze_out").value)
        t = 1.0 / x
        density = states * t / (2 * np.pi**2) * kn(2, x)
        hubble = np.sqrt(8 * np.pi**3 * float(load_dof().g_rho(t)) / 90) * t**2 / M_PLANCK
        ratio = density * float(sigma_v(model, x)[0]) / hubble
        assert ratio == pytest.approx(1.0, rel=1e-5), dm


# --- statuses -----------------------------------------------------------------------------------


def reasons(result):
    return " ".join(text for texts in result.reasons.values() for text in texts)


@pytest.mark.parametrize(
    ("change", "word", "blank"),
    [
        ({"epsilon": 1e-16, "alpha_d": 1e-12}, "never reaches equilibrium", True),
        ({"alpha_d": 2.0}, "not perturbative", False),
        ({"m_v": 91.2, "m_dm": 30.0, "epsilon": 0.1}, "forbidden roots", True),
        ({"m_v": 0.1, "dm": "majorana"}, "unitarity", False),
        ({"m_v": 0.5, "epsilon": 1e-12}, "share the temperature", False),
        ({"epsilon": 1e-9, "alpha_d": 1e-2, "m_v": 2.0002}, "", None),
    ],
)
def test_what_the_status_says(change, word, blank):
    values = {"m_v": 3.0, "epsilon": 1e-3, "m_dm": 1.0, "alpha_d": 0.1, "dm": "dirac", **change}
    dm = values.pop("dm")
    model = DarkPhoton(**{k: np.array([v]) for k, v in values.items()}, dm=dm)
    found = evaluate(model, "omega_h2")
    if blank is None:
        assert np.isfinite(found.value[0]) == (found.status[0] in (OK, OUT_OF_VALIDITY))
        return
    assert found.status[0] == OUT_OF_VALIDITY
    assert word in reasons(found)
    assert bool(np.isnan(found.value[0])) == blank
    assert bool(np.isnan(evaluate(model, "x_freeze_out").value[0])) == blank


def test_sommerfeld_and_three_photons_are_flagged():
    """alpha_d m_dm/m_v = 50 in the secluded regime; and a lifetime below 2 m_e."""
    heavy = DarkPhoton(m_v=1.0, epsilon=1e-4, m_dm=100.0, alpha_d=0.5, dm="dirac")
    found = evaluate(heavy, "omega_h2")
    assert found.status == OUT_OF_VALIDITY
    assert any("Sommerfeld" in text for text in found.reasons[OUT_OF_VALIDITY])
    assert np.isfinite(found.value)
    light = DarkPhoton(m_v=1e-3, epsilon=1e-4)
    for name in ("width_total", "ctau_m"):
        found = evaluate(light, name)
        assert np.isnan(found.value)
        assert any("three photons" in text for text in found.reasons[OUT_OF_VALIDITY])
    assert evaluate(light, "width_ee").value == 0.0
