"""Moments, electroweak fit and CMB against exact limits and published numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from vectorportal.bounds.annihilation import injection_efficiency, photon_like_shares
from vectorportal.bounds.computed import moment_deviations, moment_limit
from vectorportal.bounds.recast import evaluate, limit_curve
from vectorportal.bounds.registry import get_bound
from vectorportal.bounds.view import MediatorPoint
from vectorportal.errors import ParameterError
from vectorportal.formulas.anomalous_moment import (
    axial_moment,
    dark_photon_moment,
    vector_moment,
)
from vectorportal.formulas.electroweak import epsilon_squared_limit, mixing_shifts

ALPHA = 1 / 137.036
M_E, M_MU = 5.1099895e-4, 0.1056583755


# -- anomalous moments ------------------------------------------------------------------------


def test_massless_vector_is_schwinger() -> None:
    """m_V = 0: Delta a = alpha epsilon^2/(2 pi), exactly."""
    value = dark_photon_moment(M_MU, 0.0, 1.0, ALPHA)
    assert value == pytest.approx(ALPHA / (2 * math.pi), rel=1e-9)


def test_heavy_vector_limits() -> None:
    """m_V >> m: g_V^2 m^2/(12 pi^2 m_V^2), and -5 times that for an axial coupling."""
    scale = 1e-8 / (12 * math.pi**2)
    assert vector_moment(1.0, 1e4, 1.0) == pytest.approx(scale, rel=1e-5)
    assert axial_moment(1.0, 1e4, 1.0) == pytest.approx(-5 * scale, rel=1e-5)


@pytest.mark.parametrize("x", [1e-4, 0.03, 1.0, 3.9, 5.0, 25.0])
def test_vector_moment_against_the_closed_form(x: float) -> None:
    """Int 2 w^2 (1-w)/(w^2 - x w + x) dw in closed form (partial fractions), x = m_V^2/m^2."""
    if x < 4.0:
        root = math.sqrt(4 * x - x * x)
        k = 2 / root * (math.atan((2 - x) / root) + math.atan(x / root))
    else:
        root = math.sqrt(x * x - 4 * x)
        high, low = 0.5 * (x + root), 0.5 * (x - root)
        k = (math.log((high - 1) / (low - 1)) - math.log(high / low)) / root
    exact = 1 - 2 * x + (x * x - 2 * x) * math.log(x) + (4 * x * x - x**3 - 2 * x) * k
    value = vector_moment(1.0, math.sqrt(x), math.sqrt(8.0) * math.pi)
    assert value == pytest.approx(exact, rel=1e-8)


def test_light_axial_vector_grows_as_the_longitudinal_mode() -> None:
    """m_V << m: -g_A^2 m^2/(4 pi^2 m_V^2), the Goldstone of Yukawa coupling 2 g_A m/m_V."""
    assert axial_moment(1.0, 1e-3, 1.0) == pytest.approx(-1e6 / (4 * math.pi**2), rel=1e-2)


def test_moment_formulas_run_on_jax() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    mass = np.array([1e-3, 0.1, 10.0])
    expected = dark_photon_moment(M_MU, mass, 1e-3, ALPHA)
    found = jax.jit(lambda m: dark_photon_moment(M_MU, m, 1e-3, ALPHA))(jax.numpy.asarray(mass))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_table_of_limits() -> None:
    """Independent tables: 3 sigma with Delta a_e = 0.34(16)e-12 (alpha from Rb), 2 sigma with
    Delta a_mu = 38(63)e-11; three digits."""
    mass = np.array([0.001, 0.01, 0.1, 1.0, 10.0])
    electron = np.sqrt(0.82e-12 / dark_photon_moment(M_E, mass, 1.0, ALPHA))
    np.testing.assert_allclose(electron, [8.71e-5, 6.47e-4, 6.37e-3, 6.37e-2, 0.637], rtol=6e-3)
    table = [1.21e-3, 1.34e-3, 2.53e-3, 1.44e-2, 0.138]
    muon = np.sqrt(164e-11 / dark_photon_moment(M_MU, mass, 1.0, ALPHA))
    np.testing.assert_allclose(muon, table, rtol=5e-3)
    shipped = limit_curve(get_bound("gm2_muon_2025"), mass)[0]  # unrounded: 165.9e-11
    np.testing.assert_allclose(shipped, muon * math.sqrt(165.9 / 164.0), rtol=1e-3)


def test_electron_moment_deviations() -> None:
    """Fan 2023 with Morel 2020 and Parker 2018: +0.34(16)e-12 and -1.02(26)e-12."""
    record = get_bound("gm2_electron_2023")
    found = moment_deviations(record)
    assert found["rubidium"] == pytest.approx((0.34e-12, 0.16e-12), rel=0.02)
    assert found["caesium"] == pytest.approx((-1.02e-12, 0.26e-12), rel=0.02)
    assert moment_limit(record) == pytest.approx(0.66e-12, rel=0.02)
    muon = moment_deviations(get_bound("gm2_muon_2025"))["all"]
    assert muon == pytest.approx((38.5e-11, 63.7e-11), rel=1e-2)


@pytest.mark.parametrize("name", ["gm2_electron_2023", "gm2_muon_2025", "electroweak_fit"])
def test_own_limit_gives_unit_signal(name: str) -> None:
    mass = np.logspace(-3, 1.5, 30)
    limit, upper = limit_curve(get_bound(name), mass)
    result = evaluate(get_bound(name), MediatorPoint(mass, limit, 1e-9))
    np.testing.assert_allclose(result.mu, 1.0, rtol=1e-12)
    assert np.isnan(upper).all()


# -- electroweak fit --------------------------------------------------------------------------


def test_electroweak_plateau() -> None:
    """epsilon < 0.027 at 95% CL for a light vector (1412.0018); ours lacks the rest of the fit."""
    limit = limit_curve(get_bound("electroweak_fit"), np.array([0.01, 1.0, 10.0]))[0]
    np.testing.assert_allclose(limit, 0.027, rtol=0.3)
    assert np.ptp(limit) < 0.02 * limit.mean()


def test_electroweak_limit_tightens_towards_the_z_and_stops() -> None:
    mass = np.array([10.0, 40.0, 60.0, 80.0, 86.0, 89.0, 91.19, 94.0, 500.0])
    limit = limit_curve(get_bound("electroweak_fit"), mass)[0]
    assert (np.diff(limit[:5]) < 0).all()
    assert np.isnan(limit[5:]).all()


def _tree_level(epsilon: float, m_v: float, m_z: float, s2c2_mz2: float) -> tuple[float, ...]:
    """m_W, sin^2 theta_eff and the sum of squared Z couplings by diagonalising numerically.

    Fields (W3, B, X) with kinetic term and masses; the dark mass is tuned to the wanted m_V and
    the vacuum value to m_Z with pi alpha/(sqrt2 G_F) = s2c2_mz2 held fixed.
    """
    from scipy.optimize import fsolve

    def solve(m_x2: float, s2: float) -> tuple[np.ndarray, np.ndarray]:
        c2 = 1 - s2
        s, c = math.sqrt(s2), math.sqrt(c2)
        k = np.array([[1, 0, 0], [0, 1, epsilon / c], [0, epsilon / c, 1]])
        weak = np.array([c, -s, 0.0])
        m = s2c2_mz2 / (s2 * c2) * np.outer(weak, weak) + np.diag([0, 0, m_x2])
        half = np.linalg.inv(np.linalg.cholesky(k)).T
        values, vectors = np.linalg.eigh(half.T @ m @ half)
        return values, half @ vectors

    def mismatch(q: np.ndarray) -> list[float]:
        values, _ = solve(q[0] * m_v**2, q[1])
        wanted = sorted([0.0, m_v**2, m_z**2])
        return [values[1] / wanted[1] - 1, values[2] / wanted[2] - 1]

    s2_start = 0.5 * (1 - math.sqrt(1 - 4 * s2c2_mz2 / m_z**2))
    solution = np.asarray(fsolve(mismatch, [1.0, s2_start], xtol=1e-12), dtype=float)
    ratio, s2 = float(solution[0]), float(solution[1])
    values, vectors = solve(ratio * m_v**2, s2)
    z = vectors[:, int(np.argmin(np.abs(values - m_z**2)))]
    e_over = 1 / math.sqrt(s2), 1 / math.sqrt(1 - s2)

    def coupling(t3: float, hypercharge: float) -> float:
        return e_over[0] * z[0] * t3 + e_over[1] * z[1] * hypercharge

    left, right = coupling(-0.5, -0.5), coupling(0.0, -1.0)
    total = 0.0
    for n, t3, q in ((3, 0.5, 0), (3, -0.5, -1), (6, 0.5, 2 / 3), (9, -0.5, -1 / 3)):
        total += n * (coupling(t3, q - t3) ** 2 + coupling(0.0, q) ** 2)
    return math.sqrt(s2c2_mz2 / s2), 0.5 * right / (right - left), total


@pytest.mark.parametrize("m_v", [5.0, 50.0, 80.0, 120.0, 200.0])
def test_shifts_against_numerical_diagonalisation(m_v: float) -> None:
    """Oracle: generalised eigenproblem of the 3x3 kinetic and mass matrices."""
    m_z, sw2, epsilon = 91.1876, 0.23122, 3e-3
    constant = sw2 * (1 - sw2) * m_z**2
    with_mixing = _tree_level(epsilon, m_v, m_z, constant)
    without = _tree_level(1e-7, m_v, m_z, constant)
    shifts = mixing_shifts(m_v, m_z, sw2)
    found = (
        (with_mixing[0] / without[0] - 1) / epsilon**2,
        (with_mixing[1] - without[1]) / epsilon**2,
        (with_mixing[2] / without[2] - 1) / epsilon**2,
    )
    np.testing.assert_allclose(found, shifts, rtol=2e-3, atol=2e-4)


def test_chi2_limit_of_one_observable() -> None:
    """By hand: d = 0 gives kE = sqrt(delta), d = 2 gives 2 + sqrt(delta), d = -1 gives
    sqrt(1 + delta) - 1, because epsilon^2 cannot be negative."""
    slopes = np.array([[2.0]])
    for offset, expected in ((0.0, 2.0), (-1.0, math.sqrt(5.0) - 1.0), (2.0, 4.0)):
        found = epsilon_squared_limit(np.array([offset]), slopes, 4.0)
        assert found[0] == pytest.approx(expected / 2.0, rel=1e-14)


# -- CMB --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DarkMatter:
    mass: Any
    self_conjugate: bool = True
    shares: Any = None
    fraction: Any = 1.0


POINT = MediatorPoint(0.3, 1e-3, 1e-9)


def _cmb(dm: DarkMatter, sigma_v: Any) -> Any:
    def observable(name: str, /, **arguments: Any) -> Any:
        assert name == "sigma_v_cm3_s"
        assert np.all(arguments["x"] > 1e6)
        return sigma_v

    return evaluate(get_bound("cmb_planck_2018"), POINT, dark_matter=dm, observable=observable)


def test_cmb_by_hand() -> None:
    """1 GeV into electrons, f_eff = 0.40: the limit is 3.2e-28/0.40 = 8.0e-28 cm^3/s."""
    record = get_bound("cmb_planck_2018")
    efficiency = float(injection_efficiency(record, "ee", 1.0))
    assert efficiency == pytest.approx(0.40, abs=0.03)
    dm = DarkMatter(1.0, shares={"ee": 1.0})
    at_limit = _cmb(dm, 3.2e-28 / efficiency)
    assert at_limit.mu == pytest.approx(1.0, rel=1e-12)
    assert at_limit.margin == pytest.approx(1.0)
    assert _cmb(dm, 3e-26).excluded
    assert not _cmb(dm, 1e-29).excluded


def test_cmb_symmetry_and_fraction() -> None:
    base = float(_cmb(DarkMatter(1.0, shares={"ee": 1.0}), 1e-27).mu)
    dirac = _cmb(DarkMatter(1.0, False, {"ee": 1.0}), 1e-27)
    part = _cmb(DarkMatter(1.0, True, {"ee": 1.0}, 0.1), 1e-27)
    mixed = _cmb(DarkMatter(1.0, True, {"ee": 0.5, "invisible": 0.5}), 1e-27)
    assert dirac.mu == pytest.approx(0.5 * base)
    assert mixed.mu == pytest.approx(0.5 * base)
    assert part.mu == pytest.approx(0.01 * base)
    least = float(_cmb(DarkMatter(1.0), 1e-27).mu)
    assert least < base


def test_cmb_without_dark_matter_does_not_apply() -> None:
    row = evaluate(get_bound("cmb_planck_2018"), POINT).row()
    assert row.side == "not-applicable"
    assert row.mu is None
    assert np.isnan(limit_curve(get_bound("cmb_planck_2018"), [0.1, 1.0])[0]).all()


def test_cmb_unknown_cross_section_is_no_data() -> None:
    assert _cmb(DarkMatter(1.0), np.nan).row().side == "no-data"
    assert _cmb(DarkMatter(1e6), 1e-26).row().side == "no-data"


def test_injection_efficiencies() -> None:
    """Muons: electrons carry 7/20 of the energy and inject nearly all of it at
    40 MeV; thresholds close channels; at TeV masses f_eff is level at 0.41 (Slatyer 2016, fig. 3).
    """
    record = get_bound("cmb_planck_2018")
    assert injection_efficiency(record, "mumu", 0.1) == 0.0
    assert injection_efficiency(record, "mumu", 0.11) == pytest.approx(0.35, abs=0.02)
    assert injection_efficiency(record, "ee", 1000.0) == pytest.approx(0.41, abs=0.01)
    assert injection_efficiency(record, "mumu", 1000.0) == pytest.approx(0.35 * 0.41, abs=0.01)
    with pytest.raises(ParameterError, match="invisible"):
        injection_efficiency(record, "gluons", 1.0)


def test_photon_like_shares() -> None:
    shares = photon_like_shares(np.array([0.01, 1.0, 50.0]), lambda q: np.where(q > 0.3, 2.0, 0.0))
    np.testing.assert_allclose(sum(shares.values()), 1.0)
    assert shares["ee"][0] == pytest.approx(1.0)
    assert shares["tautau"][1] == 0.0
    assert shares["hadrons"][2] == pytest.approx(0.4, rel=1e-3)
