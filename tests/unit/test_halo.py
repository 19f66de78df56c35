"""Speeds of the halo: random velocities, three-dimensional integrals, limits, odd arguments."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erf

from vectorportal.formulas.halo import flux_average, speed_nodes, speed_shape

STANDARD = (220.0, 232.0, 544.0)
SPEEDS = [STANDARD, (220.0, 232.0, 100.0), (300.0, 30.0, 5000.0), (20.0, 500.0, 544.0)]


def norm(v_0: float, v_escape: float) -> float:
    """sqrt(pi) N with N = erf(z) - 2 z exp(-z^2)/sqrt(pi)."""
    z = v_escape / v_0
    return float(np.sqrt(np.pi) * erf(z) - 2 * z * np.exp(-(z**2)))


def moment(power: float, v_0: float, v_earth: float, v_escape: float) -> float:
    """<v^power> from the velocities u in the galaxy: an integral over |u| and its direction."""
    x, weight = np.polynomial.legendre.leggauss(200)

    def shell(u: float) -> float:
        v2 = u**2 + v_earth**2 + 2 * u * v_earth * x
        return u**2 * np.exp(-((u / v_0) ** 2)) * np.sum(weight * v2 ** (power / 2))

    top = min(v_escape, 9 * v_0)
    points = [v_earth] if v_earth < top else None
    total, one = (
        quad(f, 0, top, points=points, epsrel=1e-11, limit=200)[0]
        for f in (shell, lambda u: 2 * u**2 * np.exp(-((u / v_0) ** 2)))
    )
    return total / one


@pytest.mark.parametrize("speeds", SPEEDS)
@pytest.mark.parametrize("power", [2, 4, 6])
def test_moments_equal_integrals_over_velocities(speeds, power):
    nodes = speed_nodes(*(np.asarray(s) for s in speeds))
    got = np.sum(nodes.weight * nodes.speed**power)
    assert got == pytest.approx(moment(power, *speeds), rel=1e-9, abs=0)


def test_odd_moments_equal_integrals_over_velocities():
    """|v| has a cusp where u = -v_earth, which limits the integral over directions to 1e-6."""
    nodes = speed_nodes(*(np.asarray(s) for s in STANDARD))
    for power in (1, 3, 5):
        got = np.sum(nodes.weight * nodes.speed**power)
        assert got == pytest.approx(moment(power, *STANDARD), rel=1e-6, abs=0)


@pytest.mark.parametrize("speeds", SPEEDS)
def test_closed_form_of_the_normalisation(speeds):
    """f = shape/(sqrt(pi) N) integrates to 1; the nodes normalise themselves to the same f."""
    v_0, v_earth, v_escape = speeds
    edges = [0.0 if v_escape > v_earth else v_earth - v_escape, abs(v_escape - v_earth)]
    edges.append(min(v_escape + v_earth, v_earth + 8 * v_0))
    points = sorted({e for e in (v_earth - 4 * v_0, v_earth, v_earth + 4 * v_0, *edges) if e > 0})
    total = sum(
        quad(speed_shape, a, b, args=speeds, epsrel=1e-12)[0]
        for a, b in zip([edges[0], *points], points, strict=False)
        if b > a >= edges[0]
    )
    assert total == pytest.approx(norm(v_0, v_escape), rel=1e-10)


def test_distribution_of_random_velocities():
    """3e6 velocities from the cut Gaussian; the flux-averaged v^4 to 1%, the shape bin by bin."""
    v_0, v_earth, v_escape = STANDARD
    rng = np.random.default_rng(5)
    u = rng.normal(scale=v_0 / np.sqrt(2), size=(3_000_000, 3))
    u = u[np.sum(u**2, axis=1) < v_escape**2]
    v = np.sqrt(np.sum((u - [0, 0, v_earth]) ** 2, axis=1))
    nodes = speed_nodes(*(np.asarray(s) for s in STANDARD))
    assert flux_average(nodes, nodes.speed**4) == pytest.approx(np.mean(v**5) / v.mean(), rel=5e-3)
    counts, edges = np.histogram(v, bins=np.linspace(0, v_earth + v_escape, 32))
    want = [quad(speed_shape, a, b, args=STANDARD)[0] for a, b in pairwise(edges)]
    want = np.asarray(want) * v.size / norm(v_0, v_escape)
    assert np.all(np.abs(counts - want) < 5 * np.sqrt(want) + 3)


def test_limits():
    """A halo at rest without end has <v> = 2 v_0/sqrt(pi); a cold one moves with the Earth."""
    nodes = speed_nodes(np.asarray(220.0), np.asarray(1e-3), np.asarray(1e4))
    mean = np.sum(nodes.weight * nodes.speed)
    assert mean == pytest.approx(2 * 220.0 / np.sqrt(np.pi), rel=1e-9)
    cold = speed_nodes(np.asarray(1e-3), np.asarray(232.0), np.asarray(544.0))
    assert np.sum(cold.weight * cold.speed) == pytest.approx(232.0, rel=1e-9)
    small = speed_nodes(np.asarray(220.0), np.asarray(232.0), np.asarray(1e-3))
    assert np.sum(small.weight * small.speed) == pytest.approx(232.0, rel=1e-9)


def test_flux_average_of_one_and_shapes():
    v_0 = np.array([150.0, 220.0, 300.0])
    nodes = speed_nodes(v_0, np.full(3, 232.0), np.full(3, 544.0))
    assert nodes.speed.shape == nodes.weight.shape == (3, nodes.speed.shape[-1])
    np.testing.assert_allclose(flux_average(nodes, 1.0 + 0.0 * nodes.speed), 1.0, rtol=1e-14)
    assert np.all(nodes.weight >= 0.0)
    assert np.all(np.diff(flux_average(nodes, nodes.speed**4)) > 0.0)


def test_no_speeds_outside_the_halo():
    v = np.array([100.0, 131.9, 332.1, 400.0])
    assert np.array_equal(speed_shape(v, 220.0, 232.0, 100.0), np.zeros(4))
    assert speed_shape(232.0, 220.0, 232.0, 100.0) > 0.0
