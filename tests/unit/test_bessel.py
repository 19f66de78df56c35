"""Scaled Bessel functions against mpmath and SciPy, their limits and derivatives."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy import special

from vectorportal.numerics.bessel import k1e, k2e


def relative_error(function, order, points):
    with mpmath.workdps(40):
        worst = 0.0
        for x in points:
            z = mpmath.mpf(float(x))
            exact = mpmath.besselk(order, z) * mpmath.exp(z)
            value = mpmath.mpf(float(function(np.float64(x))))
            worst = max(worst, abs(float(value / exact - 1)))
    return worst


# The seam of the two series (x = 2), both ends of what float64 holds, and numbers between.
POINTS = np.concatenate(
    [np.geomspace(1e-100, 1e100, 60), np.linspace(0.1, 30, 60), [1.9999999, 2.0, 2.0000001]]
)


@pytest.mark.parametrize(("function", "order"), [(k1e, 1), (k2e, 2)])
def test_against_forty_digits(function, order):
    """2e-15: rounding of a series of about 20 terms."""
    assert relative_error(function, order, POINTS) < 2e-15


def test_against_scipy_on_many_points():
    x = np.geomspace(1e-8, 1e8, 20001)
    np.testing.assert_allclose(k1e(x), special.k1e(x), rtol=4e-15)
    np.testing.assert_allclose(k2e(x), special.kve(2, x), rtol=4e-15)


def test_limits():
    """K_2 -> 2/x^2 at small x; sqrt(pi/(2 x)) (1 + (4 n^2 - 1)/(8 x)) at large x."""
    small = np.array([1e-6, 1e-9])
    np.testing.assert_allclose(k2e(small), 2 / small**2, rtol=2e-6)
    large = np.array([1e6, 1e9])
    np.testing.assert_allclose(k1e(large), np.sqrt(np.pi / (2 * large)) * (1 + 3 / (8 * large)))
    np.testing.assert_allclose(k2e(large), np.sqrt(np.pi / (2 * large)) * (1 + 15 / (8 * large)))


def test_wronskian():
    """Identity: I_1 K_2 + I_2 K_1 = 1/x."""
    x = np.geomspace(0.01, 100, 400)
    product = special.ive(1, x) * k2e(x) + special.ive(2, x) * k1e(x)
    np.testing.assert_allclose(product * x, 1.0, rtol=1e-14)


def test_shapes_and_scalars():
    assert k1e(1.5) == pytest.approx(special.k1e(1.5), rel=1e-14)
    assert k2e(np.ones((2, 3))).shape == (2, 3)
    assert k2e(np.ones((0,))).shape == (0,)


def test_jax_values_and_slopes():
    """Identity: d(e^x K_1)/dx = e^x (K_1 - K_0 - K_1/x); also finite on both sides of the seam."""
    jax = pytest.importorskip("jax")
    from vectorportal.observables.engine import load_jax

    load_jax()
    x = np.array([1e-6, 0.5, 1.999999, 2.0, 2.000001, 40.0, 1e6])
    np.testing.assert_allclose(jax.jit(k1e)(jax.numpy.asarray(x)), k1e(x), rtol=2e-15)
    np.testing.assert_allclose(jax.jit(k2e)(jax.numpy.asarray(x)), k2e(x), rtol=2e-15)
    slope = jax.vmap(jax.grad(k1e))(jax.numpy.asarray(x))
    want = special.k1e(x) - special.k0e(x) - special.k1e(x) / x
    # k1e falls like x^(-1/2), so its slope cancels to 1/(2 x) of the terms of `want`
    np.testing.assert_allclose(slope, want, rtol=1e-8)
