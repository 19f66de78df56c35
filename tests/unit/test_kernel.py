"""The thermal kernel and its table: normalisation, exactness, moments against direct sums."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special

from vectorportal.numerics.kernel import ETA_MAX, KernelGrid, kernel, stretch, unstretch
from vectorportal.numerics.panels import Rule, panel_nodes

X = tuple(np.geomspace(1.0, 1e8, 60).tolist())


@pytest.mark.parametrize("x", [0.1, 1.0, 20.0, 1e3])
def test_kernel_against_scipy(x):
    eta = np.geomspace(1e-9, 20, 200)
    want = 8 * x * special.k1e(2 * x * (1 + eta)) / special.kve(2, x) ** 2
    np.testing.assert_allclose(kernel(eta, x), want * np.exp(-2 * x * eta), rtol=1e-14)


@pytest.mark.parametrize("x", [0.5, 1.0, 5.0, 30.0, 500.0])
def test_average_of_a_constant_cross_section(x):
    """f = beta^2 (1 + eta)^4: the integral of y^2 (y^2 - 4 x^2) K_1(y) over y > 2 x.

    It is 2 (2 x)^3 K_3(2 x), by parts twice with d(y^n K_n) = -y^n K_{n-1} dy. At large x the
    average is 4/sqrt(pi x).
    """

    def integrand(t):
        eta = t * t
        return kernel(eta, x) * eta * (2 + eta) * (1 + eta) ** 2 * 2 * t

    value = integrate.quad(integrand, 0, 10 / x**0.5 + 2, epsrel=1e-11)[0]
    # 8 x/K_2(x)^2 int K_1(y) (y^2 - 4 x^2) y^2/(2 x)^4 dy/(2 x), with the exponentials split off
    closed = 4 / (2 * x) * 2 * special.kve(3, 2 * x) / special.kve(2, x) ** 2
    assert value == pytest.approx(closed, rel=1e-9)
    if x > 100:
        assert value == pytest.approx(4 / np.sqrt(np.pi * x), rel=3 / x)


def test_stretch_round_trip():
    """unstretch is the inverse over the table, and u is monotonic."""
    eta = np.geomspace(1e-12, ETA_MAX, 500)
    u = stretch(eta)
    assert np.all(np.diff(u) > 0)
    np.testing.assert_allclose(unstretch(u), eta, rtol=1e-12)


def test_table_interpolates_the_kernel():
    """One node of unit weight: the table gives K(eta, x) back, relative to its largest value."""
    grid = KernelGrid.make(X)
    eta = np.geomspace(2e-12, 20.0, 400)[:, None]
    got = grid.average(grid.moments(eta, np.ones_like(eta)))
    x = np.asarray(X)
    want = kernel(eta, x)
    # Where K falls as exp(-2 x eta) eight-point interpolation in u loses relative accuracy; the
    # error is measured against the kernel at threshold, and against itself down to exp(-5)
    scale = kernel(0.0, x)
    assert np.max(np.abs(got - want) / scale) < 3e-7
    near = 2 * x * eta < 5
    assert np.max(np.abs(got[near] / want[near] - 1)) < 2e-5


@pytest.mark.parametrize(("power", "tolerance"), [(0.5, 1e-7), (1.5, 2e-6), (2.5, 2e-5)])
def test_moments_against_direct_sum(power, tolerance):
    """S, p and d waves: the table and the direct kernel on the same nodes.

    The error is that of eight-point interpolation of exp(-2 x eta) in u with steps of 1/6 in
    ln eta; it grows with the power, which moves the rate to larger 2 x eta. Below x = 5, where u is
    nearly linear in eta, there is none to see.
    """
    grid = KernelGrid.make(X)
    zero = np.zeros((1, 1))
    found = panel_nodes(
        np.array([[0.0, ETA_MAX]]),
        np.array([[1e-12, ETA_MAX]]),
        np.zeros((1, 2)),
        zero[0],
        Rule(60, 10),
    )
    rate = found.eta**power * found.weight
    table = grid.average(grid.moments(found.eta, rate))[0]
    direct = np.sum(rate[:, :, None] * kernel(found.eta[:, :, None], np.asarray(X)), axis=1)[0]
    np.testing.assert_allclose(table, direct, rtol=tolerance)
    np.testing.assert_allclose(table[:6], direct[:6], rtol=1e-9)


def test_forbidden_rate_against_direct_sum():
    """A rate that opens at eta = 0.3 falls as exp(-0.6 x): 1e-5 where dark matter freezes (x < 25).

    At x = 60 steps of 0.0077 in eta are 0.9 in the exponent, which costs eight points 2e-3 of a
    rate that is 1e-9 of what it was at freeze-out.
    """
    grid = KernelGrid.make(tuple(np.linspace(1, 60, 60).tolist()))
    found = panel_nodes(
        np.array([[0.3, ETA_MAX]]),
        np.array([[1e-3, ETA_MAX]]),
        np.zeros((1, 2)),
        np.zeros(1),
        Rule(60, 10),
    )
    rate = np.sqrt(found.eta - 0.3) * found.weight
    table = grid.average(grid.moments(found.eta, rate))[0]
    direct = np.sum(rate[:, :, None] * kernel(found.eta[:, :, None], grid.x), axis=1)[0]
    error = np.abs(table / direct - 1)
    assert np.max(error[:25]) < 1e-5
    assert np.max(error) < 2e-3


def test_moments_are_linear_and_conserve_weight():
    """Lagrange weights sum to one, so moments of f sum to the sum of f."""
    grid = KernelGrid.make(X)
    rng = np.random.default_rng(1)
    eta, f = 10 ** rng.uniform(-12, 1.39, (3, 50)), rng.normal(size=(3, 50))
    moments = grid.moments(eta, f)
    np.testing.assert_allclose(moments.sum(axis=1), f.sum(axis=1), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(
        grid.moments(eta, 3 * f) - grid.moments(eta, f), 2 * moments, rtol=1e-9, atol=1e-12
    )
