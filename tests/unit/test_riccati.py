"""The Riccati integrator: exact solutions, convergence order, stiffness, SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from vectorportal.numerics.riccati import (
    GAUSS_POINTS,
    logarithmic_grid,
    magnus_steps,
    tree_product,
)


def solve(edges, drift, source, sink, start=1.0):
    """p/w at the last edge for functions of t; shape (1,)."""
    step = np.diff(edges)
    t = edges[:-1, None] + step[:, None] * np.asarray(GAUSS_POINTS)
    values = (np.broadcast_to(f(t), t.shape)[None] for f in (drift, source, sink))
    m = tree_product(magnus_steps(step, *values))
    return float((m[0][0] * start + m[1][0]) / (m[2][0] * start + m[3][0]))


def constant(value):
    return lambda t: value + 0.0 * t


@pytest.mark.parametrize("rate", [1e-8, 0.3, 5.0, 1e3, 1e9])
@pytest.mark.parametrize("start", [0.0, 0.5, 1.0, 30.0])
def test_constant_coefficients_are_exact(rate, start):
    """Y' = -lam (Y^2 - q^2): Y = q (Y0 + q tanh z)/(q + Y0 tanh z), z = lam q t; any step."""
    q, length = 0.7, 2.0
    tanh = np.tanh(rate * q * length)
    want = q * (start + q * tanh) / (q + start * tanh)
    for count in (1, 2, 7, 64):
        edges = np.linspace(0, length, count + 1)
        got = solve(edges, constant(0.0), constant(rate * q * q), constant(rate), start)
        assert got == pytest.approx(want, rel=1e-12, abs=1e-300)


def test_no_annihilation_leaves_the_abundance():
    edges = np.linspace(0, 3, 9)
    assert solve(edges, constant(0.0), constant(0.0), constant(0.0), 0.25) == 0.25


def test_pure_drift_dilutes():
    """With sink = source = 0 the ratio p/w falls as exp(-integral of S'/S)."""
    edges = np.linspace(0, 1, 65)
    got = solve(edges, lambda t: 1 + 2 * t, constant(0.0), constant(0.0))
    # fourth-order Magnus is not exact once tanh replaces exp: per-step normalisation drops out
    assert got == pytest.approx(np.exp(-2.0), rel=1e-6)


def moving(t):
    """Source of the variable problem below: lam (1.5 + sin t)^2."""
    return 4.0 * (1.5 + np.sin(t)) ** 2


def test_convergence_is_of_fourth_order():
    """Smooth coefficients, against Radau at 1e-12: halving the step gains a factor near 16."""
    exact = solve_ivp(
        lambda t, y: [-0.3 * np.cos(t) * y[0] - 4.0 * y[0] ** 2 + moving(t)],
        (0, 3),
        [1.0],
        method="Radau",
        rtol=1e-12,
        atol=1e-13,
    ).y[0, -1]
    errors = []
    for count in (16, 32, 64):
        edges = np.linspace(0, 3, count + 1)
        got = solve(edges, lambda t: 0.3 * np.cos(t), moving, constant(4.0))
        errors.append(abs(got / exact - 1))
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert np.all(orders > 3.5), errors
    assert errors[-1] < 2e-5


@pytest.mark.parametrize("lam", [1e3, 1e6, 1e10, 1e14])
def test_stiffness_does_not_limit_the_step(lam):
    """Y = S p/w with S = Yeq: source = sink = lam S, drift = S'/S, as freeze-out uses it.

    A start 50 times too large relaxes to Y = Yeq in 20 steps, whatever lam. What is left is the
    commutator of drift and rate, h^2 d(drift)/dt/12 (2e-3 for h = 0.15), and falls as h^2. With S
    constant instead the commutators of source and sink would grow like (lam h)^2.
    """

    def equilibrium(t):
        return 1.5 + np.sin(t)

    def rate(t):
        return lam * equilibrium(t)

    errors = []
    for count in (20, 40):
        edges = np.linspace(0, 3, count + 1)
        got = solve(edges, lambda t: np.cos(t) / equilibrium(t), rate, rate, 50.0)
        errors.append(abs(got - 1))
    assert errors[0] < 3e-3
    assert errors[1] < 0.4 * errors[0]


def test_tree_product_is_a_product():
    """Against NumPy's ordered product, for counts that are and are not powers of two."""
    rng = np.random.default_rng(2)
    for count in (1, 2, 3, 8, 13):
        entries = rng.uniform(0.1, 1.0, (4, 2, count))
        m = tree_product(tuple(entries))
        for row in range(2):
            want = np.eye(2)
            for k in range(count):
                want = entries[:, row, k].reshape(2, 2) @ want
            got = np.array([[m[0][row], m[1][row]], [m[2][row], m[3][row]]])
            np.testing.assert_allclose(got / np.sum(got), want / np.sum(want), rtol=1e-13)


def test_tree_product_does_not_overflow():
    """600 steps of entries 1e100 each (1e60000 in total), and as small ones."""
    big = tuple(np.full((1, 600), v) for v in (1e100, 2e100, 3e100, 5e100))
    small = tuple(1e-250 * entry for entry in big)
    assert all(np.isfinite(v).all() and np.all(v > 0) for v in tree_product(small))
    assert all(np.isfinite(v).all() for v in tree_product(big))


def test_grid_edges():
    """Ascending, from start to beyond stop, steps at most dx in x up to the turn."""
    edges = logarithmic_grid(1.0, 1e8, 0.25, 60.0, 0.04, 1.01)
    assert edges[0] == 1.0
    assert edges[-1] >= 1e8
    step = np.diff(edges)
    assert np.all(step > 0)
    assert np.all(step[edges[1:] <= 60.0] < 0.25 * 1.05)
    assert np.any(np.isclose(edges, 60.0, rtol=1e-12))
