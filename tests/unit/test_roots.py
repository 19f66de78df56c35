"""Roots of functions whose roots are known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.numerics.roots import find_roots

NODES = np.linspace(0.0, 10.0, 65)


def test_simple_roots() -> None:
    found = find_roots(np.sin, NODES[1:])
    assert found == pytest.approx([np.pi, 2.0 * np.pi, 3.0 * np.pi], abs=1e-9)


@pytest.mark.parametrize("half", [1e-1, 1e-2, 1e-3, 1e-4])
def test_pairs_closer_than_the_grid(half: float) -> None:
    """A dip (x - c)^2 - half^2 that the search grid steps over has two roots."""
    centre = 4.5678
    found = find_roots(lambda x: (x - centre) ** 2 - half**2, NODES, 1.0)
    assert found == pytest.approx([centre - half, centre + half], abs=1e-8)


def test_root_on_a_node_counts_once() -> None:
    assert find_roots(lambda x: x - NODES[7], NODES) == pytest.approx([NODES[7]], abs=1e-9)
    assert find_roots(lambda x: x - NODES[0], NODES) == pytest.approx([NODES[0]], abs=1e-9)
    assert find_roots(lambda x: x - NODES[-1], NODES) == pytest.approx([NODES[-1]], abs=1e-9)


def test_jumps_are_no_roots() -> None:
    assert find_roots(lambda x: np.where(x < np.e, -1.0, 1.0), NODES) == ()


def test_poles_are_no_roots() -> None:
    def pole(x: np.ndarray) -> np.ndarray:
        return np.where(x < np.e, -1.0, 1.0) / (np.abs(x - np.e) + 1e-12)

    assert find_roots(pole, NODES, 1.0) == ()


def test_steep_root() -> None:
    """Continuous but steep: tanh of width 1e-12 is followed to the spacing of floats."""
    found = find_roots(lambda x: np.tanh((x - np.e) / 1e-12), NODES, 1.0)
    assert found in ((), pytest.approx((np.e,), abs=1e-9))
    found = find_roots(lambda x: np.tanh((x - np.e) / 1e-9), NODES, 1.0)
    assert found == pytest.approx((np.e,), abs=1e-9)


def test_nan_never_brackets() -> None:
    assert find_roots(lambda x: np.where(x < np.e, np.nan, x), NODES) == ()
    found = find_roots(lambda x: np.where(x < 1.0, np.nan, x - np.e), NODES)
    assert found == pytest.approx((np.e,), abs=1e-9)


def test_no_root() -> None:
    assert find_roots(lambda x: x + 1.0, NODES) == ()
    assert find_roots(lambda x: np.full_like(x, np.nan), NODES) == ()
