"""e+ e- -> gamma V: formulas against explicit amplitudes, the engine against published limits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from oracles.dirac import (
    GAMMA,
    GAMMA5,
    METRIC,
    angles,
    bar,
    boost,
    dot,
    lower,
    pair,
    polarisations,
    slash,
    u_spinor,
    v_spinor,
)
from vectorportal.bounds.experiments import monophoton
from vectorportal.bounds.experiments.calibration import calibrate
from vectorportal.bounds.experiments.counting import (
    Z_90,
    effective_window,
    equivalent_signal,
)
from vectorportal.bounds.experiments.events import interval
from vectorportal.bounds.experiments.spec import get_experiment, parse_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import UsageError
from vectorportal.formulas import radiative_return as rr
from vectorportal.inputs.standard_model import StandardModel

UNIT = 1.0 / (4.0 * np.pi)  # alpha for a coupling of one


def _contracted(vector, vertex):
    return np.einsum("...m,mab->...ab", lower(vector), vertex)


def squared_amplitude(s, mass, cosine, g_v, g_a, m_e):
    """Spin-averaged |M|^2 of e- e+ -> gamma V at unit charge, from explicit spinors."""
    p1, p2 = (np.broadcast_to(p, (cosine.size, 4)) for p in pair(s, m_e, m_e))
    k, q = pair(s, 0.0, mass, cosine)
    photon, massive = polarisations(k, 0.0), polarisations(q, mass)
    u, v = u_spinor(p1, m_e), bar(v_spinor(p2, m_e))
    vertex = g_v * GAMMA + g_a * GAMMA @ GAMMA5
    lines = []
    for momentum in (p1 - k, p1 - q):
        norm = dot(momentum, momentum) - m_e**2
        lines.append((slash(momentum) + m_e * np.eye(4)) / norm[:, None, None])
    total = 0.0
    for a in photon:
        for b in massive:
            first = _contracted(b, vertex) @ lines[0] @ _contracted(a, GAMMA)
            second = _contracted(a, GAMMA) @ lines[1] @ _contracted(b, vertex)
            matrix = np.einsum("r...a,...ab,s...b->rs...", v, first + second, u)
            total = total + np.sum(np.abs(matrix) ** 2, axis=(0, 1))
    return total / 4.0


@pytest.mark.parametrize("couplings", [(1.0, 0.0), (0.0, 1.0), (0.6, -0.8)])
@pytest.mark.parametrize("mass", [0.5, 3.0, 9.0])
def test_angular_distribution_is_that_of_the_explicit_amplitude(mass, couplings):
    s, cosine = 10.58**2, np.linspace(-0.9, 0.9, 5)
    squared = squared_amplitude(s, mass, cosine, *couplings, m_e=1e-4)
    expected = squared * (1 - mass**2 / s) / (32 * np.pi * s)
    found = rr.angular_distribution(s, mass, cosine, UNIT, UNIT)
    # corrections: (m_e/m)^2 from the longitudinal mode of an axial vector
    np.testing.assert_allclose(found, np.asarray(expected, float), rtol=1e-6)


def test_total_cross_section_is_that_of_the_explicit_amplitude_with_electron_mass():
    s, mass, m_e = 10.0**2, 4.0, 0.02
    beta = np.sqrt(1 - 4 * m_e**2 / s)
    cosine, weight = angles(400, peak=beta)
    squared = squared_amplitude(s, mass, np.asarray(cosine), 1.0, 0.0, m_e)
    expected = 2 * np.sum(weight * squared) * (1 - mass**2 / s) / (32 * np.pi * s) / beta
    found = rr.total_cross_section(s, mass, m_e, UNIT, UNIT)
    assert found == pytest.approx(float(expected), rel=1e-3)  # (m_e/sqrt s)^2 times logarithms


def test_cross_section_is_the_integral_and_cuts_soft_photons():
    s, mass = 10.58**2, 5.0
    args = (s, mass)
    expected = quad(lambda c: float(rr.angular_distribution(*args, c, 0.01, 0.02)), -0.7, 0.9)[0]
    assert rr.cross_section(*args, -0.7, 0.9, 0.01, 0.02) == pytest.approx(expected, rel=1e-12)
    edge = float(rr.photon_energy(*args))
    assert rr.cross_section(*args, -0.7, 0.9, 0.01, 0.02, edge * 1.01) == 0.0
    assert rr.cross_section(s, 11.0, -0.7, 0.9, 0.01, 0.02) == 0.0
    # heavier vectors mean softer photons, light ones do not depend on the mass
    light = rr.cross_section(s, np.array([1e-3, 1e-2]), -0.7, 0.9, 0.01, 0.02)
    np.testing.assert_allclose(light, light[0], rtol=1e-5)


def test_aberration_keeps_the_invariant_measure():
    lab, v = 0.3, 0.488
    step = 1e-6
    slope = (rr.centre_of_mass_cosine(lab + step, v) - rr.centre_of_mass_cosine(lab - step, v)) / (
        2 * step
    )
    # solid angles of light: d cos*/d cos = (1 - v^2)/(1 - v c)^2
    assert slope == pytest.approx((1 - v**2) / (1 - v * lab) ** 2, rel=1e-8)
    assert rr.centre_of_mass_cosine(1.0, v) == 1.0


def final_state_radiation(z, m_f, nodes=200):
    """(1/Gamma) d Gamma/dz of V*(1 GeV) -> f fbar gamma at unit charge, explicit spinors."""
    total = 1.0
    pair_mass = np.sqrt(z) * total
    beta = np.sqrt(1 - 4 * m_f**2 / pair_mass**2)
    cosine, weight = angles(nodes, peak=float(beta))
    energy = (total**2 - pair_mass**2) / (2 * total)
    velocity = [0.0, 0.0, energy / (total - energy)]
    k1, k2 = (boost(p, velocity) for p in pair(pair_mass**2, m_f, m_f, cosine))
    k = np.zeros_like(k1)
    k[..., 0], k[..., 3] = energy, -energy
    one = m_f * np.eye(4)
    left, right = k1 + k, k2 + k
    first = (slash(left) + one) / (dot(left, left) - m_f**2)[:, None, None]
    second = (one - slash(right)) / (dot(right, right) - m_f**2)[:, None, None]
    squared = 0.0
    for polarisation in polarisations(k, 0.0):
        photon = _contracted(polarisation, GAMMA)
        matrix = np.einsum("...ab,...bc,mcd->...mad", photon, first, GAMMA)
        matrix = matrix + np.einsum("mab,...bc,...cd->...mad", GAMMA, second, photon)
        spinors = bar(u_spinor(k1, m_f)), v_spinor(k2, m_f)
        current = np.einsum("r...a,...mab,s...b->rs...m", spinors[0], matrix, spinors[1])
        squared = squared - np.sum(np.abs(current) ** 2 * np.diag(METRIC), axis=(0, 1, -1))
    space = beta * (1 - z) / (8 * np.pi) ** 2 / (2 * np.pi) * total**2
    born = 4 * (total**2 + 2 * m_f**2) * np.sqrt(1 - 4 * m_f**2 / total**2) / (8 * np.pi)
    return float(np.sum(weight * squared) * space / born)


@pytest.mark.parametrize("z", [0.05, 0.5, 0.9])
def test_final_state_radiation_is_that_of_the_explicit_amplitude(z):
    m_f = 3e-3
    born = 4 * np.pi * UNIT**2 / 3
    found = rr.final_state_pair_spectrum(1.0, np.sqrt(z), m_f, UNIT) / born / (2 * np.sqrt(z))
    assert found == pytest.approx(final_state_radiation(z, m_f), rel=1e-4)  # (m_f/m)^2


def test_pair_spectrum_is_the_recoil_spectrum_of_the_pair_cross_section():
    mass, alpha, cross = 2.0, 1 / 137.0, 3.0
    ratio = rr.ratio_of_pair(mass, 0.10566)
    sigma = 4 * np.pi * alpha**2 / (3 * mass**2) * ratio
    both = rr.recoil_spectrum(mass, cross, sigma)
    assert rr.pair_spectrum(mass, alpha * cross, ratio, alpha) == pytest.approx(both, rel=1e-12)
    assert ratio == pytest.approx(1.0, abs=1e-4)
    assert rr.ratio_of_pair(0.2, 0.10566) == 0.0


def test_neutrino_pairs_peak_at_the_z_and_obey_low_energy_theory():
    sm = StandardModel.default()
    args = (sm.m_z, sm.gamma_z, sm.m_w, sm.sw2, sm.g_fermi)
    # low energies: G_F^2 s/(12 pi) sum over flavours of (g_V^2 + g_A^2), both + 1 for nu_e
    g_v, g_a = 2 * sm.sw2 - 0.5, -0.5
    expected = 2 * (g_v**2 + g_a**2) + (g_v + 1) ** 2 + (g_a + 1) ** 2
    found = rr.neutrino_pair_cross_section(1e-4, *args)
    limit = sm.g_fermi**2 * 1e-4 / (12 * np.pi) * expected
    # the fixed width leaves (Gamma_Z/m_Z)^2
    assert found / limit == pytest.approx(1.0, rel=1e-3)
    # at the peak 12 pi B_ee B_inv/m_Z^2 with measured ratios 3.3632 % and 20.000 %
    peak = rr.neutrino_pair_cross_section(sm.m_z**2, *args)
    measured = 12 * np.pi * 0.033632 * 0.2 / sm.m_z**2
    assert peak / measured == pytest.approx(1.0, rel=0.03)
    # numerically, over the angle, with W and Z
    s = 150.0**2
    chi = sm.m_z**2 / (s - sm.m_z**2 + 1j * sm.m_z * sm.gamma_z)
    w = sm.m_w**2 / s

    def density(c):
        left = abs((sm.sw2 - 0.5) * chi - 2 * w / (1 - c + 2 * w)) ** 2
        left += 2 * abs((sm.sw2 - 0.5) * chi) ** 2
        return (1 + c) ** 2 * left + 3 * (1 - c) ** 2 * abs(sm.sw2 * chi) ** 2

    expected = sm.g_fermi**2 * s / (16 * np.pi) * quad(density, -1, 1)[0]
    assert rr.neutrino_pair_cross_section(s, *args) / expected == pytest.approx(1.0, rel=1e-9)


def test_window_is_what_an_optimal_fit_of_a_gaussian_peak_reaches():
    sigma, density, count = 0.3, 7.0, 11.0
    peak = lambda x: np.exp(-0.5 * (x / sigma) ** 2) / np.sqrt(2 * np.pi) / sigma  # noqa: E731
    significance = quad(lambda x: (count * peak(x)) ** 2 / density, -5, 5)[0]
    assert count**2 / (effective_window(sigma) * density) == pytest.approx(significance, rel=1e-9)


def test_equivalent_signal_has_both_limits_and_adds_channels_in_quadrature():
    signal, nothing = np.array([[[5.0]]]), np.zeros((1, 1))
    assert equivalent_signal(signal, nothing, 2.3)[0, 0] == pytest.approx(5.0)
    many = np.full((1, 1), 1e8)
    assert equivalent_signal(signal, many, 2.3)[0, 0] == pytest.approx(2.3 * 5 / Z_90 / 1e4)
    two = equivalent_signal(np.repeat(signal, 2, 0), np.repeat(many, 2, 0), 2.3)
    assert two == pytest.approx(np.sqrt(2) * equivalent_signal(signal, many, 2.3))


FACTORS = {
    "babar_visible": 1.25,
    "belle2_visible_proj": 1.3,
    "besiii_untagged": 1.5,
    "babar_invisible": 1.6,
    "belle2_invisible_proj": 1.4,
    "lep_monophoton": 1.6,
    "kloe_muons": 2.0,
    "kloe_pions": 2.0,
}
"""rms factor in the coupling against the published limit, as docs/experiments-colliders.md says"""


@pytest.mark.parametrize("name", FACTORS)
def test_limits_are_those_published(name):
    found = calibrate(get_experiment(name))
    assert found["spread"] < FACTORS[name]
    assert found["missed"] < 0.1
    assert np.isnan(found["upper"]).all()


def test_muon_channel_of_babar_is_predicted_without_any_fit():
    """Above 1 GeV background from muon pairs decides, which is computed: within 10 per cent."""
    experiment = get_experiment("babar_visible")
    record = get_bound("babar_2014").curve
    keep = np.isfinite(record.lower) & (record.mass > 1.1) & (record.mass < 9.0)
    lower_, _ = interval(experiment, Vector.dark_photon(record.mass[keep]))
    np.testing.assert_allclose(lower_ / record.lower[keep], 1.0, atol=0.15)
    assert np.median(lower_ / record.lower[keep]) == pytest.approx(1.0, abs=0.06)


def test_axial_and_mixed_vectors_come_in_through_the_width_to_electrons():
    experiment = get_experiment("babar_visible")
    photon = Vector.dark_photon(np.array([3.0]))
    doubled = Vector(
        photon.mass, photon.charges, {k: 4.0 * w for k, w in photon.widths.items()}, photon.dark
    )
    g2 = np.array([[1e-6]])
    one, four = (monophoton.signal(experiment, v, g2) for v in (photon, doubled))
    np.testing.assert_allclose(four, 4.0 * one, rtol=1e-12)


def test_pions_of_a_baryonic_vector_are_rare():
    """Isospin 0 goes to three pions: only the mixing of rho and omega gives two."""
    experiment, mass = get_experiment("kloe_pions"), np.array([0.7])
    photon = Vector.dark_photon(mass)
    charges = dict.fromkeys("udscb", np.full(1, 1 / 3)) | {"e": np.full(1, -1.0)}
    baryonic = Vector(mass, charges, photon.widths, photon.dark)
    g2 = np.array([[1e-6]])
    ratio = monophoton.signal(experiment, baryonic, g2) / monophoton.signal(experiment, photon, g2)
    assert ratio[0, 0] < 0.1


def test_dark_decays_dilute_the_visible_signal():
    experiment = get_experiment("babar_visible")
    free, dark = (Vector.dark_photon(np.array([3.0]), width) for width in (0.0, 1e-3))
    g2 = np.array([[1e-6]])
    ratio = monophoton.signal(experiment, dark, g2) / monophoton.signal(experiment, free, g2)
    width = free.total(g2)[0, 0]
    assert ratio[0, 0] == pytest.approx(width / (width + 1e-3), rel=1e-10)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"final": ["invisible", "ee"]}, "stands alone"),
        ({"theta_min": 150}, "theta_min"),
        ({"efficiency_mumu": 0.0}, "efficiency_mumu"),
        ({"resolution": 0.0}, "resolution"),
    ],
)
def test_values_that_do_not_go_together_are_refused(change, message):
    data = dict(get_experiment("babar_visible").values) | {"engine": "monophoton", "n_limit": 2.3}
    with pytest.raises(UsageError, match=message):
        monophoton.check(parse_experiment(data | change, "x"))


def test_untagged_photons_leave_all_tracks_in_an_open_detector():
    data = dict(get_experiment("besiii_untagged").values)
    data |= {"engine": "monophoton", "n_limit": 2.3, "track_theta": 0.0}
    experiment = parse_experiment(data, "open")
    accepted = monophoton.accepted_pairs(experiment, np.array([1.0, 3.0]), "mumu")
    np.testing.assert_allclose(accepted, 1.0, rtol=1e-12)
    closed = parse_experiment(data | {"track_theta": 22.9}, "closed")
    part = monophoton.accepted_pairs(closed, np.array([1.0, 3.0]), "mumu")
    # sampled: pair along the beam, 1 + c^2 in its rest frame, massless tracks
    rng = np.random.default_rng(1)
    cosine = rng.uniform(-1, 1, 400_000)
    pions = monophoton.accepted_pairs(closed, np.array([1.0, 3.0]), "pipi")
    s, _ = monophoton.frame(closed)
    for i, mass in enumerate((1.0, 3.0)):
        v = (s - mass**2) / (s + mass**2)
        lab = np.stack([(cosine + v) / (1 + v * cosine), (v - cosine) / (1 - v * cosine)])
        inside = (np.abs(lab) < np.cos(np.radians(22.9))).all(axis=0)
        assert part[i] == pytest.approx(np.average(inside, weights=1 + cosine**2), abs=0.003)
        assert pions[i] == pytest.approx(np.average(inside, weights=1 - cosine**2), abs=0.003)
