"""Splines on a uniform grid: exact on cubics, C2, the same in both engines, differentiable."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.errors import UsageError
from vectorportal.numerics.spline import CubicSpline1D, cubic, cubic_slope, locate

X0, DX, N = -1.5, 0.25, 21
GRID = X0 + DX * np.arange(N)
ENDS = ("not-a-knot", "natural", "flat")


def wave(x):
    return np.sin(1.3 * x) + 0.2 * x**2


def test_not_a_knot_reproduces_cubics():
    """Identity: four coefficients are fixed by any four points (tolerance: rounding)."""
    x = np.linspace(GRID[0], GRID[-1], 301)
    spline = CubicSpline1D.fit(X0, DX, 2.0 - x_cubic(GRID))
    np.testing.assert_allclose(spline.evaluate(x), 2.0 - x_cubic(x), rtol=0, atol=1e-12)
    slope = -(0.6 - 0.8 * x + 0.9 * x**2)
    np.testing.assert_allclose(spline.derivative(x), slope, rtol=0, atol=1e-11)


def x_cubic(x):
    return 0.6 * x - 0.4 * x**2 + 0.3 * x**3


@pytest.mark.parametrize("ends", ENDS)
def test_matches_scipy(ends):
    """Independent code: scipy's CubicSpline with the same end condition (tolerance: rounding)."""
    from scipy.interpolate import CubicSpline

    kind = {"flat": "clamped"}.get(ends, ends)
    ours = CubicSpline1D.fit(X0, DX, wave(GRID), ends)
    theirs = CubicSpline(GRID, wave(GRID), bc_type=kind)
    x = np.linspace(GRID[0], GRID[-1], 400)
    np.testing.assert_allclose(ours.evaluate(x), theirs(x), rtol=0, atol=1e-13)
    np.testing.assert_allclose(ours.derivative(x), theirs(x, 1), rtol=0, atol=1e-12)


@pytest.mark.parametrize("ends", ENDS)
def test_value_slope_and_curvature_are_continuous(ends):
    """Identity: the polynomials of neighbouring intervals agree at the knot to second order."""
    c0, c1, c2, c3 = CubicSpline1D.fit(X0, DX, wave(GRID), ends).coefficients
    for left, right in (
        (c0 + c1 + c2 + c3, c0),
        (c1 + 2 * c2 + 3 * c3, c1),
        (2 * c2 + 6 * c3, 2 * c2),
    ):
        np.testing.assert_allclose(left[:-1], right[1:], rtol=0, atol=1e-13)


def test_fourth_order_convergence():
    """Exact limit: halving the spacing divides the error by 16 (not-a-knot, smooth function)."""
    x = np.linspace(-1.0, 1.0, 1001)

    def error(n):
        spline = CubicSpline1D.fit(-1.0, 2.0 / n, wave(np.linspace(-1.0, 1.0, n + 1)))
        return np.max(np.abs(spline.evaluate(x) - wave(x)))

    assert 13.0 < error(32) / error(64) < 20.0


def test_outside_is_constant():
    spline = CubicSpline1D.fit(X0, DX, wave(GRID))
    far = np.array([-1e300, -np.inf, X0 - 1.0, spline.x_max + 1.0, np.inf])
    ends = wave(GRID[[0, 0, 0, -1, -1]])
    np.testing.assert_allclose(spline.evaluate(far), ends, rtol=1e-14)
    assert np.all(spline.derivative(far) == 0.0)
    assert spline.x_max == pytest.approx(GRID[-1], abs=1e-14)


def test_nan_stays_nan_and_shapes_are_kept():
    spline = CubicSpline1D.fit(X0, DX, wave(GRID))
    assert np.isnan(spline.evaluate(np.nan))
    assert np.isnan(spline.derivative(np.nan))
    assert spline.evaluate(np.zeros((2, 3, 4))).shape == (2, 3, 4)
    assert np.shape(spline.evaluate(0.3)) == ()


@pytest.mark.parametrize(
    ("values", "dx", "ends"),
    [
        (np.ones(3), 0.1, "natural"),
        (np.ones((4, 4)), 0.1, "natural"),
        (np.array([1, 2, np.nan, 4]), 0.1, "natural"),
        (np.ones(5), -0.1, "natural"),
        (np.ones(5), 0.1, "periodic"),
    ],
)
def test_bad_input_raises(values, dx, ends):
    with pytest.raises(UsageError):
        CubicSpline1D.fit(0.0, dx, values, ends)


def test_shared_index():
    spline = CubicSpline1D.fit(X0, DX, wave(GRID))
    x = np.linspace(-2.0, 4.0, 50)
    index, u = locate(np, x, spline.x0, spline.dx, N - 1)
    assert index.min() == 0
    assert index.max() == N - 2
    assert u.min() >= 0.0
    assert u.max() <= 1.0
    np.testing.assert_array_equal(cubic(np, spline.coefficients, index, u), spline.evaluate(x))
    inner = (x > spline.x_min) & (x < spline.x_max)
    slope = cubic_slope(np, spline.coefficients, index, u) / DX
    np.testing.assert_array_equal(slope[inner], spline.derivative(x)[inner])


def test_jax_agrees_and_differentiates():
    """Same source on JAX: values to 1e-13, and jax.grad is the derivative of the cubic."""
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    spline = CubicSpline1D.fit(X0, DX, wave(GRID))
    x = np.linspace(-2.03, 4.01, 97)
    points = jax.numpy.asarray(x)
    for method in (spline.evaluate, spline.derivative):
        np.testing.assert_allclose(jax.jit(method)(points), method(x), rtol=0, atol=1e-13)
    slopes = jax.vmap(jax.grad(spline.evaluate))(points)
    np.testing.assert_allclose(slopes, spline.derivative(x), rtol=0, atol=1e-12)
