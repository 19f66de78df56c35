"""Averages at any temperature against SciPy integrals of (B5) and closed forms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import kve

from vectorportal.numerics.hot_kernel import HotKernel

WIDE = HotKernel.make(-230, 140, 0.1)
"""x from 1e-10 to 1.2e6"""


def rule(top: float, bottom: float = 1e-16, panels: int = 700) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on (0, top), Gauss-Legendre in ln eta."""
    t, w = np.polynomial.legendre.leggauss(12)
    cuts = np.linspace(np.log(bottom), np.log(top), panels + 1)
    step = np.diff(cuts)[:, None]
    eta = np.exp(cuts[:-1, None] + 0.5 * step * (t + 1.0)).ravel()
    return eta, (0.5 * step * w).ravel() * eta


def average(grid: HotKernel, eta, weighted, **more) -> np.ndarray:
    moments = grid.moments(eta[None, :], [weighted[None, :]])[0]
    return grid.average(moments, **more)[0]


def exact(f, x: float, factor=None) -> float:
    """int deta f(eta) 8 x K_1(2x(1 + eta))/K_2(x)^2 by SciPy, cut where exp(-2 x eta) < e^-90."""

    def integrand(u: float) -> float:
        eta = np.exp(u)
        z = 2.0 * x * (1.0 + eta)
        extra = 1.0 if factor is None else factor(z)
        return eta * f(eta) * kve(1, z) * np.exp(-2.0 * x * eta) * extra

    middle = np.log(0.5 / x)
    cuts = [min(middle, 0.0) - 30.0, *sorted({-6.0, -2.0, 0.0, middle}), middle + np.log(90.0)]
    cuts = sorted(c for c in cuts if c <= cuts[-1])
    pieces = (
        quad(integrand, *ends, epsabs=0.0, epsrel=1e-11, limit=200)[0] for ends in pairwise(cuts)
    )
    return 8.0 * x * sum(pieces) / kve(2, x) ** 2


@pytest.mark.parametrize(
    ("power", "tolerance"),
    # the kernel times (1 + eta)^power is interpolated in steps of 0.1 with 8 points: the larger the
    # power, the larger the s^(1/2)/T that matters; 4 is a constant sigma, 6 grows with s
    [(0.0, 2e-8), (2.0, 1e-6), (4.0, 2e-5), (6.0, 2e-4)],
)
def test_power_laws(power: float, tolerance: float) -> None:
    eta, weight = rule(WIDE.eta_max)
    gap = eta * (2.0 + eta)
    found = average(WIDE, eta, gap**0.5 * (1.0 + eta) ** power * weight)

    def f(e):
        return np.sqrt(e * (2.0 + e)) * (1.0 + e) ** power

    for index in (0, 60, 180, 228, 230, 260, 300, 370):
        x = float(np.exp(WIDE.log_x[index]))
        assert found[index] == pytest.approx(exact(f, x), rel=tolerance)


def test_constant_sigma_v() -> None:
    """sigma = 1/(s - 4 m^2) makes (B5) a pure Bessel integral, int dz z^2 K_1(z) from 2x:
    f = beta sigma beta (1 + eta)^4 with m = 1 is (1 + eta)^2/4, and
    int deta (1 + eta)^2 K_1(2x(1 + eta)) = K_2(2x)/(2x).
    """
    eta, weight = rule(WIDE.eta_max)
    found = average(WIDE, eta, (1.0 + eta) ** 2 * weight)
    x = np.exp(WIDE.log_x)
    expected = 8.0 * x * kve(2, 2.0 * x) / (2.0 * x) / kve(2, x) ** 2
    # 1e-6: interpolation of the kernel at T > m, as above for the same power
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("width", [1e-3, 1e-9])
def test_resonance(width: float) -> None:
    """A Lorentzian at eta = 1.7: the moments know it, the kernel need not."""
    pole, t, w = 1.7, *np.polynomial.legendre.leggauss(12)
    side = np.concatenate(([0.0], width * np.geomspace(1e-2, 1.3 / width, 300)))
    cuts = np.concatenate((-side[:0:-1], side))
    step = np.diff(cuts)[:, None]
    offset = (cuts[:-1, None] + 0.5 * step * (t + 1.0)).ravel()
    eta = pole + offset
    weighted = (0.5 * step * w).ravel() / (offset**2 + width**2)
    found = average(WIDE, eta, weighted)
    for index in (60, 200, 229, 231, 245):
        x = float(np.exp(WIDE.log_x[index]))
        z = 2.0 * x * (1.0 + eta)
        kernel = 8.0 * x * kve(1, z) * np.exp(-2.0 * x * eta) / kve(2, x) ** 2
        # 1e-6: interpolation of the kernel, larger the more T > m suppresses this energy
        assert found[index] == pytest.approx(np.sum(weighted * kernel), rel=1e-6)


def test_factors_of_the_kernel() -> None:
    """A factor that depends on z = s^(1/2)/T alone."""

    def factor(z):
        return z / (1.0 + z)

    eta, weight = rule(WIDE.eta_max)
    found = average(WIDE, eta, (eta * (2.0 + eta)) ** 0.5 * weight, factor=factor)

    def f(e):
        return np.sqrt(e * (2.0 + e))

    for index in (100, 215, 229, 240, 290):
        x = float(np.exp(WIDE.log_x[index]))
        expected = exact(f, x, lambda z: z / (1 + z))
        assert found[index] == pytest.approx(expected, rel=1e-8)


def test_cold_grid_alone() -> None:
    """Without temperatures above the mass there is no hot side, and the values are the same."""
    cold, both = HotKernel.make(0, 50, 0.1), HotKernel.make(-50, 50, 0.1)
    assert cold.hot == 0
    assert both.hot == 50
    eta, weight = rule(25.0)
    f = (eta * (2.0 + eta)) ** 0.5 * weight
    assert average(cold, eta, f) == pytest.approx(average(both, eta, f)[50:], rel=1e-12)


def test_no_points() -> None:
    """Arrays of size 0 pass through."""
    grid = HotKernel.make(-50, 50, 0.1)
    moments = grid.moments(np.zeros((0, 4)), [np.zeros((0, 4))])[0]
    assert grid.average(moments).shape == (0, 101)


def test_grids_are_shared() -> None:
    assert HotKernel.make(-50, 50, 0.1) is HotKernel.make(-50, 50, 0.1)
    assert HotKernel.make(-50, 50, 0.1) == HotKernel.make(-50, 50, 0.1)
    assert HotKernel.make(-50, 50, 0.1) != HotKernel.make(-50, 100, 0.1)


def test_both_engines() -> None:
    jax = pytest.importorskip("jax")
    from vectorportal.observables.engine import load_jax

    load_jax()
    grid = HotKernel.make(-50, 50, 0.1)
    eta, weight = rule(grid.eta_max, panels=60)
    f = (eta * (2.0 + eta)) ** 0.5 * weight
    moments = grid.moments(jax.numpy.asarray(eta)[None], [jax.numpy.asarray(f)[None]])[0]
    assert np.asarray(grid.average(moments))[0] == pytest.approx(average(grid, eta, f), rel=1e-12)
