"""R(sqrt s): thresholds, perturbative limits, electronic widths, and two published integrals."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from vectorportal.errors import DataError, ParameterError
from vectorportal.inputs import hadrons
from vectorportal.inputs.hadrons import HadronTable, Peak, alpha_s, load_hadrons, r_perturbative

ALPHA = 1 / 137.035999
M_MU, M_Z = 0.1056583755, 91.1876
OMEGA, PHI = (0.78266, 8.68e-3), (1.01946, 4.249e-3)


@pytest.fixture(scope="module")
def table() -> HadronTable:
    return load_hadrons()


# --- the strong coupling ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mu", "low", "high"),
    [(M_Z, 0.118, 0.118), (5.0, 0.210, 0.216), (1.777, 0.31, 0.33), (34.0, 0.137, 0.141)],
)
def test_alpha_s_values(mu, low, high):
    # PDG, QCD review: 0.118 at m_Z is 0.21 at 5 GeV and 0.31 to 0.33 at m_tau
    assert low - 1e-12 <= float(alpha_s(mu)) <= high + 1e-12


def test_alpha_s_obeys_the_four_loop_equation():
    # mu^2 d alpha/d mu^2 = -alpha^2 (b0 + ...); the asymptotic solution drops terms in (ln t/t)^4
    for mu, n_f, tolerance in ((50.0, 5, 1e-3), (3.0, 4, 1.5e-2)):
        slope = (alpha_s(mu * 1.0001) - alpha_s(mu / 1.0001)) / (4 * math.log(1.0001))
        a = float(alpha_s(mu))
        beta = -(a**2) * sum(b * a**k for k, b in enumerate(hadrons._beta(n_f)))
        assert slope == pytest.approx(beta, rel=tolerance)


def test_alpha_s_matching_is_a_small_step():
    # identity: alpha_s grows by 11/72 (alpha_s/pi)^2 when a flavour is removed at m(m)
    above, below = float(alpha_s(4.18)), float(alpha_s(4.18 * (1 - 1e-9)))
    assert below / above - 1 == pytest.approx(11 / 72 * (above / math.pi) ** 2, rel=1e-5)


@pytest.mark.parametrize("mu", [0.5, -1.0, math.nan, math.inf])
def test_alpha_s_refuses(mu):
    with pytest.raises(ParameterError, match="mu = "):
        alpha_s(np.array([5.0, mu]))


def test_r_perturbative_limits():
    # free quarks, 3 sum Q^2, when alpha_s -> 0; n_f is checked
    for n_f, free in ((3, 2.0), (4, 10 / 3), (5, 11 / 3)):
        a = float(alpha_s(20.0)) / math.pi
        assert float(r_perturbative(20.0, n_f)) == pytest.approx(free * (1 + a), rel=0.01)
    with pytest.raises(ParameterError, match="n_f"):
        r_perturbative(20.0, 6)


# --- the table ----------------------------------------------------------------------------------


def test_zero_up_to_the_threshold(table):
    below = table.ratio_with_peaks(np.array([0.0, 0.05, table.threshold]))
    assert np.array_equal(below, np.zeros(3))
    assert table.ratio(table.threshold * 1.0001) > 0


def test_pi0_gamma_opens_with_the_cube_of_its_momentum(table):
    # identity: Gamma(V -> pi0 gamma) is proportional to (1 - m^2/s)^3
    m = table.threshold
    e = m * np.array([1.001, 1.01])
    phase_space = (1 - (m / e) ** 2) ** 3
    assert np.divide(*table.ratio(e)) == pytest.approx(np.divide(*phase_space), rel=0.1)


def test_pi0_gamma_follows_from_the_pion_lifetime(table):
    # low-energy theorem (axial anomaly): sigma = 8 pi alpha Gamma(pi0 -> 2 gamma)/(3 m^3) times
    # (1 - m^2/s)^3 |F|^2 with Gamma = 7.80 eV (PrimEx-II) and the measured slope of F,
    # F = 1 + 0.0335 s/m^2 (PDG); the next order of F is below 3 per cent at 0.2 GeV
    m, e = table.threshold, np.array([0.14, 0.16, 0.2])
    r = 2 * 7.80e-9 * e**2 / (ALPHA * m**3) * (1 - (m / e) ** 2) ** 3
    r *= (1 + 0.0335 * (e / m) ** 2) ** 2
    assert table.ratio(e) == pytest.approx(r, rel=0.03)


@pytest.mark.parametrize(
    ("energy", "value", "tolerance"),
    [  # world data on R, PDG: bins away from narrow structures, tolerance of the data and fits
        (0.62, 1.57, 0.05),
        (0.737, 7.6, 0.03),
        (0.85, 3.2, 0.04),
        (1.14, 0.88, 0.07),
        (1.66, 2.57, 0.03),
        (2.5, 2.2, 0.04),
        (7.0, 3.44, 0.04),
        (9.5, 3.53, 0.03),
    ],
)
def test_world_data(table, energy, value, tolerance):
    assert float(table.ratio(energy)) == pytest.approx(value, rel=tolerance)


def test_plateaus_of_quark_charges(table):
    # u, d, s: 2 (1 + alpha_s/pi ...); with c: 10/3; with b: 11/3
    assert np.all(np.abs(table.ratio(np.linspace(2.0, 3.5, 50)) / 2.19 - 1) < 0.05)
    assert np.all(np.abs(table.ratio(np.linspace(5.0, 10.0, 50)) / 3.55 - 1) < 0.05)
    a = float(alpha_s(20.0)) / math.pi
    assert float(table.ratio(20.0)) == pytest.approx(11 / 3 * (1 + a), rel=0.005)


def test_perturbative_end_joins_the_table(table):
    # the table ends inside the perturbative region: value and slope agree with the formula
    e = table.sqrt_s_max * (1 + np.array([-2e-3, -1e-3, 1e-3, 2e-3]))
    r = table.ratio(e)
    assert r == pytest.approx(r_perturbative(e), rel=1e-5)


def breit_wigner(e, mass, width):
    """Unit peak times e^4, and its dispersive partner."""
    offset = (e**2 - mass**2) / (mass * width)
    return (e / mass) ** 4 / (1 + offset**2), offset / (1 + offset**2)


def test_phi_height_is_its_electronic_branching(table):
    # R_peak = 9 B_ee B_had/alpha^2 with B_ee = 2.979e-4 (PDG); interference and a flat background
    # are fitted away; the PDG width holds vacuum polarisation (2 per cent), R does not: 4 per cent
    e = np.linspace(PHI[0] - 0.012, PHI[0] + 0.012, 400)
    columns = [*breit_wigner(e, *PHI), np.ones_like(e), e - PHI[0]]
    fitted = np.linalg.lstsq(np.stack(columns, axis=1), table.ratio(e), rcond=None)[0][0]
    assert fitted == pytest.approx(9 * 2.979e-4 * 0.987 / ALPHA**2, rel=0.04)


def test_omega_height_is_its_electronic_branching(table):
    # as for the phi, B_ee = 7.39e-5 (PDG), on the rho (with its interference): 7 per cent
    e = np.linspace(OMEGA[0] - 0.025, OMEGA[0] + 0.025, 400)
    x = e - OMEGA[0]
    columns = [*breit_wigner(e, *OMEGA), np.ones_like(e), x, x**2]
    fitted = np.linalg.lstsq(np.stack(columns, axis=1), table.ratio(e), rcond=None)[0][0]
    assert fitted == pytest.approx(9 * 7.39e-5 / ALPHA**2, rel=0.07)


def test_table_is_smooth_and_positive(table):
    e = np.geomspace(table.threshold * 1.001, 12.0, 200_001)
    r = table.ratio(e)
    assert np.all(r > 0)
    # no jagged derivative: on the smoothed plateaus d ln R/d ln sqrt_s stays small
    for low, high, bound in ((2.05, 3.6, 0.25), (4.8, 10.3, 0.1)):
        inside = (e > low) & (e < high)
        slope = np.gradient(np.log(r[inside]), np.log(e[inside]))
        assert np.max(np.abs(slope)) < bound


def test_breaks_and_thresholds(table):
    assert all(0 < width < 0.026 * mass for mass, width in table.breaks)
    assert table.breaks[:2] == (OMEGA, PHI)
    assert table.thresholds[0] == table.threshold


# --- the narrow peaks ---------------------------------------------------------------------------


def test_peak_integral(table):
    # identity: the integral of sigma over sqrt_s is 6 pi^2 Gamma_ee Gamma_had/(M^2 Gamma)
    angle = (np.arange(200_000) + 0.5) / 200_000 * math.pi - math.pi / 2
    angle *= 2 / math.pi * math.atan(1e3)
    for peak in table.peaks:
        e = peak.mass + peak.width / 2 * np.tan(angle)
        sigma = 4 * math.pi * ALPHA**2 / (3 * e**2) * peak.ratio(e)
        area = np.sum(sigma * peak.width / 2 / np.cos(angle) ** 2) * (angle[1] - angle[0])
        known = 6 * math.pi**2 * peak.width_ee * peak.br_hadrons / peak.mass**2
        assert area == pytest.approx(known, rel=0.02 if peak.width > 1e-3 else 1e-3), peak.name


def test_peak_height_and_sum(table):
    peak = table.peaks[0]
    assert peak.name == "J/psi"
    height = 9 / ALPHA**2 * peak.width_ee / peak.width * peak.br_hadrons
    assert float(peak.ratio(peak.mass)) == pytest.approx(height, rel=1e-12)
    total = float(table.ratio_with_peaks(peak.mass))
    assert total == pytest.approx(height + float(table.ratio(peak.mass)), rel=1e-6)


def test_peaks_agree_with_the_particle_package(table):
    particle = pytest.importorskip("particle")
    for peak, pdgid in zip(table.peaks, (443, 100443, 553, 100553, 200553, 300553), strict=True):
        known = particle.Particle.from_pdgid(pdgid)
        assert known.mass / 1e3 == pytest.approx(peak.mass, rel=2e-4)
        assert known.width / 1e3 == pytest.approx(peak.width, rel=0.08)  # its own error


# --- two published integrals of R ---------------------------------------------------------------


def kernel(s):
    """Khat(s) = (3 s/m_mu^2) int_0^1 dx x^2 (1 - x)/(x^2 + (1 - x) s/m_mu^2), 1 at infinity."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    x, w, ratio = (nodes + 1) / 2, weights / 2, s[..., None] / M_MU**2
    return 3 * ratio[..., 0] * np.sum(w * x**2 * (1 - x) / (x**2 + (1 - x) * ratio), axis=-1)


def peak_areas(table):
    """(mass^2, int R ds) of every narrow peak."""
    return [
        (p.mass**2, 9 * math.pi * p.width_ee * p.br_hadrons * p.mass / ALPHA**2)
        for p in table.peaks
    ]


def test_muon_anomaly(table):
    # lowest-order hadronic vacuum polarisation: 693e-10 (Keshavarzi, Nomura, Teubner 2018 and 2020;
    # Davier, Hoecker, Malaescu, Zhang 2020), 3 per cent for the vector-dominance fits
    x = np.linspace(math.log(table.threshold), math.log(1000.0), 40_001)
    s = np.exp(2 * x)
    value = np.trapezoid(2 * table.ratio(np.exp(x)) * kernel(s) / s, x)
    value += sum(area * kernel(np.array(s0)) / s0**2 for s0, area in peak_areas(table))
    assert (ALPHA * M_MU / (3 * math.pi)) ** 2 * value == pytest.approx(693e-10, rel=0.03)


def test_running_of_alpha_to_the_z(table):
    # Delta alpha_had^(5)(m_Z) = 0.0276 (the same analyses), 3 per cent; principal value by
    # subtracting R(m_Z), whose own integral is ln[s/|m_Z^2 - s|]
    x = np.linspace(math.log(table.threshold), math.log(1e4), 200_002)
    s = np.exp(2 * x)
    at_z, start = float(table.ratio(M_Z)), 20.0**2
    r = table.ratio(np.exp(x)) - np.where(s > start, at_z, 0.0)
    value = np.trapezoid(2 * r / (1 - s / M_Z**2), x)
    value += at_z * (math.log(1e8 / (1e8 - M_Z**2)) - math.log(start / (M_Z**2 - start)))
    value += sum(area / s0 / (1 - s0 / M_Z**2) for s0, area in peak_areas(table))
    assert ALPHA / (3 * math.pi) * value == pytest.approx(0.0276, rel=0.03)


# --- the interface ------------------------------------------------------------------------------


def test_error_is_a_step_function(table):
    e = np.array([0.2, 0.7, 1.02, 2.5, 50.0])
    assert table.error(e) == pytest.approx([0.05, 0.02, 0.06, 0.035, 0.005])
    assert len(table.error_edges) == len(table.error_values) == len(table.error_sources)
    assert float(table.error(table.error_edges[1])) == table.error_values[1]


def test_shapes(table):
    e = np.array([[0.1, 0.5, 3.0], [0.782, 10.0, 40.0]])
    for method in (table.ratio, table.ratio_with_peaks, table.error):
        assert method(e).shape == (2, 3)
        assert np.shape(method(3.0)) == ()
        assert float(method(3)) == float(method(e)[0, 2])


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_bad_energies_are_refused(table, bad):
    for method in (table.ratio, table.ratio_with_peaks, table.error, table.peaks[0].ratio):
        with pytest.raises(ParameterError, match="sqrt_s"):
            method(np.array([1.0, bad]))


def test_frozen_and_cached(table):
    assert load_hadrons() is table
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.threshold = 0.0  # type: ignore[misc]
    assert isinstance(table.peaks[0], Peak)


def test_unknown_or_missing_tables():
    with pytest.raises(ParameterError, match="did you mean r-ratio"):
        load_hadrons("r-rato")
    with pytest.raises(DataError, match="cannot be read"):
        hadrons._load.__wrapped__("no-such-table")


def test_broken_table_is_refused():
    meta = {"threshold": 0.135, "step": 5e-4, "rows": 10}
    with pytest.raises(ValueError, match="uniform grid"):
        hadrons._assemble(meta, np.ones((10, 2)))


def test_jax_equals_numpy(table):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    e = np.concatenate([np.geomspace(0.1, 1000.0, 5000), [table.threshold, table.sqrt_s_max]])
    for method in (table.ratio, table.ratio_with_peaks, table.error):
        assert np.asarray(jax.jit(method)(jax.numpy.asarray(e))) == pytest.approx(
            method(e), rel=1e-12, abs=1e-300
        )
    slope = jax.vmap(jax.grad(table.ratio_with_peaks))(jax.numpy.asarray(e))
    assert np.all(np.isfinite(np.asarray(slope)))
    h = 1e-6
    central = (table.ratio(0.7 * (1 + h)) - table.ratio(0.7 * (1 - h))) / (1.4 * h)
    assert float(jax.grad(table.ratio)(0.7)) == pytest.approx(float(central), rel=1e-6)
    assert math.isnan(float(jax.jit(alpha_s)(0.5)))
