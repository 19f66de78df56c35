"""Quadrature nodes: exact weights, resonances of any width, thresholds, anchors."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from vectorportal.numerics.panels import Rule, panel_nodes

FINE = Rule(panels=40, order=10)


def nodes(breaks, rule=FINE):
    """`breaks`: (position, scale, is_pole); the first pole is where `from_pole` starts."""
    columns = [np.array([[b[i] for b in breaks]], dtype=float) for i in range(3)]
    pole = next((b[0] for b in breaks if b[2]), 0.0)
    return panel_nodes(*columns, np.array([pole]), rule)


def test_legendre_rule_is_exact_for_polynomials():
    """n nodes integrate t^(2n-1) exactly."""
    t, w = Rule(1, 5).legendre()
    for power in range(10):
        assert np.sum(w * t**power) == pytest.approx(1 / (power + 1), rel=1e-14)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]])
def test_weights_sum_to_the_interval(order):
    """Whatever the order in which break points are given."""
    breaks = [(0.0, 1e-5, 0), (0.3, 1e-9, 1), (1.1, 1e-3, 0), (25.0, 25.0, 0)]
    found = nodes([breaks[i] for i in order])
    assert found.eta.shape == (1, FINE.panels * FINE.order)
    assert np.sum(found.weight) == pytest.approx(25.0, rel=1e-12)
    assert np.all(found.weight >= 0)
    assert np.all((found.eta >= 0) & (found.eta <= 25.0))
    for power in (1, 3):
        want = 25.0 ** (power + 1) / (power + 1)
        assert np.sum(found.weight * found.eta**power) == pytest.approx(want, rel=1e-10)


@pytest.mark.parametrize("width", [1e-1, 1e-4, 1e-8, 1e-14, 1e-20, 1e-30])
def test_lorentzian_of_any_width(width):
    """int_0^25 Gamma/pi/(d^2 + Gamma^2) = (atan((25-p)/Gamma) + atan(p/Gamma))/pi."""
    position = 0.37
    found = nodes([(0.0, 1e-5, 0), (position, width, 1), (25.0, 25.0, 0)])
    shape = width / np.pi / (found.from_pole**2 + width**2)
    want = (np.arctan((25 - position) / width) + np.arctan(position / width)) / np.pi
    # 40 panels of ten nodes over 2 ln(25/Gamma) e-foldings: 3.5 to each panel at 1e-30
    tolerance = 1e-10 if width > 1e-15 else 1e-7
    assert np.sum(found.weight * shape) == pytest.approx(want, rel=tolerance)


@pytest.mark.parametrize("width", [1e-2, 1e-10, 1e-30])
@pytest.mark.parametrize("x", [1.0, 20.0])
def test_lorentzian_times_exponential(width, x):
    """Gamma/pi int exp(-2 x eta)/((eta-p)^2 + Gamma^2): mpmath, or exp(-2 x p) for Gamma -> 0."""
    position = 0.2
    found = nodes([(0.0, 1e-5, 0), (position, width, 1), (25.0, 25.0, 0)])
    shape = width / np.pi / (found.from_pole**2 + width**2) * np.exp(-2 * x * found.eta)
    if width > 1e-5:
        with mpmath.workdps(30):
            g, p = mpmath.mpf(width), mpmath.mpf(position)
            want = mpmath.quad(
                lambda t: g / mpmath.pi / ((t - p) ** 2 + g**2) * mpmath.exp(-2 * x * t),
                [0, p - 5 * g, p - g, p, p + g, p + 5 * g, 1, 5, 25],
            )
    else:
        want = np.exp(-2 * x * position)
    # the limit Gamma -> 0 leaves Gamma/pi times a principal value of order exp(2 x p)
    tolerance = 1e-7 + width * np.exp(2 * x * position)
    assert np.sum(found.weight * shape) == pytest.approx(float(want), rel=tolerance)


def test_square_root_thresholds():
    """int_0^1 sqrt(eta) and int_c^1 sqrt(eta - c): the map removes the root at every break."""
    breaks = [(0.0, 1e-5, 0), (0.4, 1e-3, 0), (1.0, 1.0, 0)]
    found = nodes(breaks)
    assert np.sum(found.weight * np.sqrt(found.eta)) == pytest.approx(2 / 3, rel=1e-11)
    above = np.where(found.eta > 0.4, np.sqrt(np.maximum(found.eta - 0.4, 0)), 0.0)
    assert np.sum(found.weight * above) == pytest.approx(2 / 3 * 0.6**1.5, rel=1e-10)


def test_distance_to_the_pole_has_no_cancellation():
    """Near the pole `from_pole` has steps far below the spacing of floats at eta."""
    found = nodes([(0.0, 1e-5, 0), (0.37, 1e-25, 1), (25.0, 25.0, 0)])
    smallest = np.min(np.abs(found.from_pole))
    assert 0 < smallest < 1e-25
    np.testing.assert_allclose(found.eta - 0.37, found.from_pole, rtol=0, atol=1e-14)


def test_equal_and_unused_breaks():
    """Breaks parked at the upper end (closed channels) and coinciding ones change nothing."""
    base = [(0.0, 1e-5, 0), (0.3, 1e-6, 1), (25.0, 25.0, 0)]
    parked = [*base, *[(25.0, 25.0, 0)] * 8, (0.3, 1e-6, 1)]
    for breaks in (base, parked):
        found = nodes(breaks)
        value = np.sum(found.weight * np.exp(-found.eta) / (1 + (found.from_pole / 1e-6) ** 2))
        assert value == pytest.approx(np.pi * 1e-6 * np.exp(-0.3), rel=3e-5)
        assert np.all(np.isfinite(found.eta))


def test_as_many_breaks_as_the_dark_photon_can_have():
    """14 inner breaks (m_dm = 1.3 GeV) make 30 half intervals for 40 panels, one narrow pole among
    them: one or two panels for 25 e-foldings of a Lorentzian leave an error near 1e-4."""
    rng = np.random.default_rng(4)
    inner = [(float(p), 1e-3, 0) for p in rng.uniform(0.05, 3, 13)]
    found = nodes([(0.0, 1e-5, 0), (0.7, 1e-12, 1), *inner, (25.0, 25.0, 0)])
    assert np.sum(found.weight) == pytest.approx(25.0, rel=1e-9)
    assert np.all(found.weight >= 0)
    shape = 1e-12 / np.pi / (found.from_pole**2 + 1e-24)
    assert np.sum(found.weight * shape) == pytest.approx(1.0, rel=5e-4)


def test_rows_are_independent():
    positions = np.array([[0.0, 0.2, 25.0], [0.0, 3.0, 25.0]])
    scales = np.array([[1e-5, 1e-3, 25.0], [1e-5, 1e-9, 25.0]])
    poles = np.array([[0.0, 1.0, 0.0]] * 2)
    both = panel_nodes(positions, scales, poles, positions[:, 1], FINE)
    for i in range(2):
        one = panel_nodes(
            positions[i : i + 1], scales[i : i + 1], poles[i : i + 1], positions[i : i + 1, 1], FINE
        )
        assert np.array_equal(both.eta[i], one.eta[0])
        assert np.array_equal(both.weight[i], one.weight[0])
