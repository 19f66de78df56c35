"""Rodas5P: order conditions, order of convergence on exact solutions, stiffness, batching."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.numerics import rosenbrock
from vectorportal.numerics.rosenbrock import NODES, FittedStages, dense, factor, integrate, solve


class Problem:
    """y' = f(t, y) with given derivatives; every point of the batch alike, `rate` (n,) may vary."""

    def __init__(self, f, jacobian, slope, positive=False):
        self.f, self.j, self.s, self.positive = f, jacobian, slope, positive

    def stages(self, t, h, y):
        outer = self

        class At:
            def rhs(self, node, v):
                return outer.f(t + NODES[node] * h, v)

            def jacobian(self):
                return outer.j(t, y)

            def slope(self):
                return outer.s(t, y)

        return At()

    def settle(self, old, new):
        return new

    def scale(self, old, new, stiffness):
        return np.maximum(np.abs(old), np.abs(new)) + 1e-3

    def allowed(self, y, tolerance):
        return np.all(np.isfinite(y), axis=0)

    def fitted(self, rate):
        return rate[None] * np.ones((self.size, 1))

    def tracer(self, new, old):
        return np.log(new[0] / old[0]) if self.positive else 0.0 * new[0]

    def take(self, index):
        return self


def one(f, jacobian, slope, positive=False):
    problem = Problem(
        lambda t, y: f(t, y[0])[None],
        lambda t, y: (jacobian(t, y[0]) + 0.0 * y[0])[None, None],
        lambda t, y: (slope(t, y[0]) + 0.0 * y[0])[None],
        positive,
    )
    problem.size = 1
    return problem


def fixed(problem, y, start, stop, count, rate=0.0):
    """`count` equal steps."""
    h = np.full(y.shape[1], (stop - start) / count)
    for k in range(count):
        t = start + k * h
        stages = problem.stages(t, h, y)
        if rate:
            fit = FittedStages(stages, y, h, rate + 0.0 * y)
            y = rosenbrock.step(fit, y, h)[0] * fit.size[:, -1]
        else:
            y = rosenbrock.step(stages, y, h)[0]
    return y


def tableau():
    """alpha, beta = alpha + gamma, b and the embedded b from the printed transformed coefficients.

    k = Gamma u, so Gamma^-1 = 1/gamma - C and alpha = a Gamma.
    """
    a, c = np.zeros((8, 8)), np.zeros((8, 8))
    for i, rows in enumerate(rosenbrock._WEIGHTS):
        a[i, :i], c[i, :i] = rows
    gamma = np.linalg.inv(np.eye(8) / rosenbrock.GAMMA - c)
    m = a[7].copy()
    m[7] = 1.0
    embedded = a[7]
    return a @ gamma, a @ gamma + gamma, m @ gamma, embedded @ gamma, gamma


def conditions(alpha, beta, b):
    """Order conditions of Rosenbrock methods [Hairer, Wanner, Solving ODE II, table IV.7.1]."""
    one_, a, be = np.ones(8), alpha.sum(axis=1), beta.sum(axis=1)
    yield 1, b @ one_ - 1
    yield 2, b @ be - 1 / 2
    yield 3, b @ a**2 - 1 / 3
    yield 3, b @ beta @ be - 1 / 6
    yield 4, b @ a**3 - 1 / 4
    yield 4, b @ (a * (alpha @ be)) - 1 / 8
    yield 4, b @ beta @ a**2 - 1 / 12
    yield 4, b @ beta @ beta @ be - 1 / 24
    yield 5, b @ a**4 - 1 / 5
    yield 5, b @ (a**2 * (alpha @ be)) - 1 / 10
    yield 5, b @ (alpha @ be) ** 2 - 1 / 20
    yield 5, b @ (a * (alpha @ a**2)) - 1 / 15
    yield 5, b @ (a * (alpha @ beta @ be)) - 1 / 30
    yield 5, b @ beta @ a**3 - 1 / 20
    yield 5, b @ beta @ (a * (alpha @ be)) - 1 / 40
    yield 5, b @ beta @ beta @ a**2 - 1 / 60
    yield 5, b @ beta @ beta @ beta @ be - 1 / 120


def test_order_conditions():
    """Order 5, embedded order 4 and not more; coefficients are printed to 16 digits and some are
    of size 100, so conditions hold to 1e-13."""
    alpha, beta, b, embedded, gamma = tableau()
    assert max(abs(r) for _, r in conditions(alpha, beta, b)) < 2e-13
    assert max(abs(r) for order, r in conditions(alpha, beta, embedded) if order < 5) < 2e-13
    assert max(abs(r) for order, r in conditions(alpha, beta, embedded) if order == 5) > 1e-4
    np.testing.assert_allclose(alpha.sum(axis=1)[:6], NODES, atol=1e-13)
    np.testing.assert_allclose(alpha.sum(axis=1)[5:], 1.0, atol=1e-13)
    np.testing.assert_allclose(gamma.sum(axis=1), rosenbrock._D, atol=2e-13)


def test_stability_at_infinity():
    """Stiffly accurate, R(infinity) = 1 - b beta^-1 1 = 0, also of the embedded solution; and
    |R(iy)| <= 1."""
    _, beta, b, embedded, _ = tableau()
    for weights in (b, embedded):
        assert abs(1.0 - weights @ np.linalg.solve(beta, np.ones(8))) < 1e-10
    for y in np.logspace(-3, 6, 200):
        z = 1j * y
        value = 1.0 + z * b @ np.linalg.solve(np.eye(8) - z * beta, np.ones(8))
        assert abs(value) <= 1.0 + 1e-9


def orders(error):
    return np.log2(np.array(error[:-1]) / np.array(error[1:]))


def test_order_on_riccati():
    """y' = -lam (y^2 - 1), y = tanh(lam t + atanh y0): order 5."""
    problem = one(lambda t, y: 1.0 - y * y, lambda t, y: -2.0 * y, lambda t, y: 0.0)
    exact = np.tanh(2.0 + np.arctanh(0.2))
    error = [abs(fixed(problem, np.array([[0.2]]), 0.0, 2.0, n)[0, 0] - exact) for n in (8, 16, 32)]
    assert np.all(orders(error) > 4.5), error


def test_order_with_explicit_time():
    """y' = -t y^3: y = (1/y0^2 + t^2)^(-1/2): order 5 with df/dt."""
    problem = one(lambda t, y: -t * y**3, lambda t, y: -3.0 * t * y * y, lambda t, y: -(y**3))
    exact = (1.0 + 4.0) ** -0.5
    error = [abs(fixed(problem, np.array([[1.0]]), 0.0, 2.0, n)[0, 0] - exact) for n in (8, 16, 32)]
    assert np.all(orders(error) > 4.4), error


def test_fitted_exponential_keeps_the_order():
    """The same problem in z = y/exp(rate (e^(t-t0) - 1))."""
    problem = one(lambda t, y: -t * y**3, lambda t, y: -3.0 * t * y * y, lambda t, y: -(y**3))
    exact = (1.0 + 4.0) ** -0.5
    error = [
        abs(fixed(problem, np.array([[1.0]]), 0.0, 2.0, n, -0.7)[0, 0] - exact) for n in (8, 16, 32)
    ]
    assert np.all(orders(error) > 4.4), error


def test_fitted_exponential_is_exact_for_its_function():
    """y = exp(-3 (e^t - 1)) in one step of any length: z is constant."""

    def rate(t):
        return -3.0 * np.exp(t)

    problem = one(lambda t, y: rate(t) * y, lambda t, y: rate(t), lambda t, y: rate(t) * y)
    got = fixed(problem, np.array([[1.0]]), 0.0, 1.5, 1, -3.0)
    assert got[0, 0] == pytest.approx(np.exp(-3.0 * np.expm1(1.5)), rel=1e-12)


@pytest.mark.parametrize("lam", [1e2, 1e5, 1e9])
def test_prothero_robinson(lam):
    """y' = -lam (y - g) + g', g = sin t: small errors however stiff, order 3 or more on the whole
    (single pairs of steps differ: for lam h near 10 the error changes sign)."""
    problem = one(
        lambda t, y: -lam * (y - np.sin(t)) + np.cos(t),
        lambda t, y: -lam,
        lambda t, y: lam * np.cos(t) - np.sin(t),
    )
    start = np.array([[np.sin(0.3)]])
    error = [abs(fixed(problem, start, 0.3, 2.3, n)[0, 0] - np.sin(2.3)) for n in (4, 8, 16)]
    assert np.all(np.array(error) < 2e-5)
    assert error[2] < error[0] / 64.0 + 1e-13, error


def test_stiff_linear_jumps_to_its_limit():
    """y' = -1e12 (y - 2) from 0: one step reaches 2 up to R(-1e12), of order 1e-12."""
    problem = one(lambda t, y: -1e12 * (y - 2.0), lambda t, y: -1e12, lambda t, y: 0.0)
    assert fixed(problem, np.array([[0.0]]), 0.0, 1.0, 1)[0, 0] == pytest.approx(2.0, abs=1e-9)


def test_interpolant_is_of_fourth_order():
    problem = one(lambda t, y: 1.0 - y * y, lambda t, y: -2.0 * y, lambda t, y: 0.0)
    error = []
    for h in (0.2, 0.1, 0.05):
        y, size = np.array([[0.2]]), np.array([h])
        new, _, k = rosenbrock.step(problem.stages(np.zeros(1), size, y), y, size)
        theta = np.array([0.3])
        got = dense(y, new, k, theta)[0, 0]
        error.append(abs(got - np.tanh(0.3 * h + np.arctanh(0.2))))
    assert np.all(orders(error) > 4.5), error  # local error h^5


def test_linear_solver():
    """Diagonally dominant systems, which h gamma J gives, for every size."""
    rng = np.random.default_rng(5)
    for size in (1, 2, 3, 5):
        matrix = rng.normal(size=(size, size, 40)) + 4.0 * size * np.eye(size)[:, :, None]
        right = rng.normal(size=(size, 40))
        want = np.linalg.solve(np.moveaxis(matrix, 2, 0), right.T[:, :, None])[:, :, 0].T
        np.testing.assert_allclose(solve(factor(matrix), right), want, rtol=1e-12, atol=1e-15)


def riccati(rates):
    class Batch(Problem):
        size = 1

        def __init__(self, lam):
            self.lam, self.positive = lam, False

        def f(self, t, y):
            return self.lam * (1.0 - y * y)

        def j(self, t, y):
            return (-2.0 * self.lam * y)[None]

        def s(self, t, y):
            return 0.0 * y

        def take(self, index):
            return Batch(self.lam[index])

    return Batch(rates)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-9])
def test_adaptive_batch(rtol):
    """Rates over 16 decades side by side; each agrees with tanh and with being solved alone."""
    rates = 10.0 ** np.arange(-6.0, 11.0)
    y, stop = np.full((1, rates.size), 0.1), np.full(rates.size, 1.0)
    at = np.linspace(0.0, 1.0, 11)
    found = integrate(riccati(rates), y, 0.0 * stop, stop, rtol=rtol, sample_at=at)
    exact = np.tanh(np.minimum(rates, 50.0) + np.arctanh(0.1))
    assert np.all(found.converged)
    np.testing.assert_allclose(found.y[0], exact, rtol=3.0 * rtol)
    alone = integrate(riccati(rates[7:8]), y[:, :1], 0.0 * stop[:1], stop[:1], rtol=rtol)
    np.testing.assert_allclose(alone.y[0], found.y[0, 7], rtol=1e-13)
    soft = rates < 3.0
    path = np.tanh(rates[soft, None] * at + np.arctanh(0.1))
    np.testing.assert_allclose(found.samples[0][soft], path, rtol=10.0 * rtol)


def test_samples_outside_are_nan():
    y, stop = np.full((1, 2), 0.1), np.array([1.0, 2.0])
    at = np.array([-1.0, 0.0, 1.5, 3.0])
    found = integrate(riccati(np.ones(2)), y, 0.0 * stop, stop, rtol=1e-6, sample_at=at)
    assert np.array_equal(np.isnan(found.samples[0]), [[1, 0, 1, 1], [1, 0, 0, 1]])
    assert found.samples[0, :, 1] == pytest.approx(0.1)


def test_failure_is_reported_and_stays_alone():
    """y' = y^2 has a pole at t = 1/y0: that point stops there, the other goes on."""
    problem = one(lambda t, y: y * y, lambda t, y: 2.0 * y, lambda t, y: 0.0)
    y, stop = np.array([[1.0, 0.1]]), np.full(2, 2.0)
    found = integrate(problem, y, 0.0 * stop, stop, rtol=1e-6, max_steps=400)
    assert list(found.converged) == [False, True]
    assert np.all(np.isfinite(found.y))
    assert found.y[0, 1] == pytest.approx(1.0 / (10.0 - 2.0), rel=1e-5)


def test_nothing_to_do():
    y, start = np.array([[3.0]]), np.array([1.0])
    found = integrate(riccati(np.ones(1)), y, start, start, rtol=1e-6)
    assert found.converged[0]
    assert found.y[0, 0] == 3.0
    none = integrate(riccati(np.ones(0)), np.ones((1, 0)), np.ones(0), np.ones(0), rtol=1e-6)
    assert none.y.shape == (1, 0)
