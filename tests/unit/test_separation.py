"""Events that tell two shapes apart: against toy experiments and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.formulas.separation import Z_95, events_to_separate, normalised

X, WEIGHTS = np.polynomial.legendre.leggauss(64)


def flat(x):
    return 0.5 + 0.0 * x


def tilted(x, slope=0.5):
    return 0.5 * (1.0 + slope * x)


def draw(rng, density, shape):
    """Numbers between -1 and 1 from a density below 1, by rejection."""
    count = int(np.prod(shape))
    found = np.empty(0)
    while found.size < count:
        x, height = rng.uniform(-1, 1, 3 * count), rng.uniform(0, 1, 3 * count)
        found = np.concatenate([found, x[height < density(x)]])
    return found[:count].reshape(shape)


@pytest.mark.parametrize(("truth", "other"), [(flat, tilted), (tilted, flat)])
def test_toy_experiments_exclude_the_other_shape_half_of_the_time(truth, other):
    n = events_to_separate(truth(X), other(X), WEIGHTS)
    rng, toys = np.random.default_rng(20210707), 8000
    shape = (toys, round(float(n)))

    def statistic(density):
        x = draw(rng, density, shape)
        return np.log(truth(x) / other(x)).sum(axis=1)

    quantile = np.quantile(statistic(other), 0.95)
    power = np.mean(statistic(truth) > quantile)
    # 0.5 where both are Gaussian; sampling gives +-0.01, the central limit at N ~ 35 +-0.03
    assert 20 < n < 100
    assert power == pytest.approx(0.5, abs=0.04)


def test_close_shapes_need_the_fisher_information():
    # var(ln) = gap = slope^2 <x^2> to leading order, so N = Z^2/(slope^2/3)
    slope = 1e-3
    expected = Z_95**2 * 3.0 / slope**2
    n = events_to_separate(tilted(X, slope), flat(X), WEIGHTS)
    assert n == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(Z_95, 1.6448536269514722, rtol=1e-12)  # tables of the normal


def test_two_bins_are_a_binomial_test():
    # t depends on the number in one bin alone: mean difference |p - q|, variance q (1 - q)
    p, q = np.array([0.3, 0.7]), np.array([0.45, 0.55])
    expected = Z_95**2 * 0.45 * 0.55 / 0.15**2
    assert events_to_separate(p, q, np.ones(2)) == pytest.approx(expected, rel=1e-12)


def test_rows_are_independent_and_equal_shapes_are_never_separated():
    truth = np.stack([tilted(X), flat(X)])
    other = np.stack([flat(X), flat(X)])
    n = events_to_separate(truth, other, WEIGHTS)
    assert n.shape == (2,)
    assert n[0] == pytest.approx(events_to_separate(tilted(X), flat(X), WEIGHTS), rel=1e-12)
    assert np.isinf(n[1])


def test_nodes_where_a_density_vanishes_count_nothing():
    p, q, one = np.array([0.3, 0.7, 0.0]), np.array([0.45, 0.55, 0.0]), np.ones(3)
    n = events_to_separate(p, q, one)
    assert n == pytest.approx(events_to_separate(p[:2], q[:2], one[:2]), rel=1e-12)
    # an event that only one shape allows is not used
    assert np.isfinite(events_to_separate(np.array([0.5, 0.4, 0.1]), q, one))


def test_normalised_shapes_have_unit_sum():
    density = normalised(np.stack([3.0 + X**2, 0.0 * X]), WEIGHTS)
    assert np.sum(density[0] * WEIGHTS) == pytest.approx(1.0, rel=1e-14)
    assert (density[1] == 0.0).all()


def test_the_same_in_jax_with_a_gradient():
    jax = pytest.importorskip("jax")
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    expected = float(events_to_separate(tilted(X), flat(X), WEIGHTS))
    with enable_x64(True):
        x, weights = jax.numpy.asarray(X), jax.numpy.asarray(WEIGHTS)

        def number(slope):
            return events_to_separate(tilted(x, slope), flat(x), weights)

        assert float(number(0.5)) == pytest.approx(expected, rel=1e-12)
        step = 1e-5
        slope = float((number(0.5 + step) - number(0.5 - step)) / (2 * step))
        assert float(jax.grad(number)(0.5)) == pytest.approx(slope, rel=1e-7)
