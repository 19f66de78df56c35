"""Roots of functions whose roots are known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.numerics.roots import Roots, find_roots

NODES = np.linspace(0.0, 10.0, 65)


def test_simple_roots() -> None:
    found = find_roots(np.sin, NODES[1:]).roots
    assert found == pytest.approx([np.pi, 2.0 * np.pi, 3.0 * np.pi], abs=1e-9)


@pytest.mark.parametrize("half", [1e-1, 1e-2, 1e-3, 1e-4])
def test_pairs_closer_than_the_grid(half: float) -> None:
    """A dip (x - c)^2 - half^2 that the search grid steps over has two roots."""
    centre = 4.5678
    found = find_roots(lambda x: (x - centre) ** 2 - half**2, NODES, 1.0).roots
    assert found == pytest.approx([centre - half, centre + half], abs=1e-8)


def test_root_on_a_node_counts_once() -> None:
    assert find_roots(lambda x: x - NODES[7], NODES).roots == pytest.approx([NODES[7]], abs=1e-9)
    assert find_roots(lambda x: x - NODES[0], NODES).roots == pytest.approx([NODES[0]], abs=1e-9)
    assert find_roots(lambda x: x - NODES[-1], NODES).roots == pytest.approx([NODES[-1]], abs=1e-9)


def test_jumps_are_no_roots() -> None:
    assert find_roots(lambda x: np.where(x < np.e, -1.0, 1.0), NODES).roots == ()


def test_poles_are_no_roots() -> None:
    def pole(x: np.ndarray) -> np.ndarray:
        return np.where(x < np.e, -1.0, 1.0) / (np.abs(x - np.e) + 1e-12)

    assert find_roots(pole, NODES, 1.0).roots == ()


def test_steep_root() -> None:
    """Continuous but steep: tanh of width 1e-12 is followed to the spacing of floats."""
    found = find_roots(lambda x: np.tanh((x - np.e) / 1e-12), NODES, 1.0).roots
    assert found in ((), pytest.approx((np.e,), abs=1e-9))
    found = find_roots(lambda x: np.tanh((x - np.e) / 1e-9), NODES, 1.0).roots
    assert found == pytest.approx((np.e,), abs=1e-9)


def test_nan_never_brackets() -> None:
    assert find_roots(lambda x: np.where(x < np.e, np.nan, x), NODES) == Roots((), ())
    found = find_roots(lambda x: np.where(x < 1.0, np.nan, x - np.e), NODES).roots
    assert found == pytest.approx((np.e,), abs=1e-9)


def test_no_root() -> None:
    assert find_roots(lambda x: x + 1.0, NODES) == Roots((), ())
    assert find_roots(lambda x: np.full_like(x, np.nan), NODES) == Roots((), ())


@pytest.mark.parametrize("half", [1.0, 1e-2, 1e-6, 1e-12])
def test_a_change_of_sign_without_values_is_a_gap(half: float) -> None:
    """Linear, but without a value within `half` of its root: wide and narrow gaps are told."""

    def f(x: np.ndarray) -> np.ndarray:
        return np.where(np.abs(x - np.e) < half, np.nan, np.where(x < np.e, x - 3.0, x))

    found = find_roots(f, NODES)
    assert found.roots == ()
    assert len(found.gaps) == 1
    low, high = found.gaps[0]
    assert low <= np.e - half
    assert high >= np.e + half
    assert high - low < 2.5 * half + 1e-9


def test_roots_beside_a_gap_are_found_too() -> None:
    """sin has its roots at multiples of pi; around 2 pi it has no value."""
    gap = (2.0 * np.pi - 0.3, 2.0 * np.pi + 0.3)
    found = find_roots(lambda x: np.where(np.abs(x - 2.0 * np.pi) < 0.3, np.nan, np.sin(x)), NODES)
    assert found.roots == pytest.approx([0.0, np.pi, 3.0 * np.pi], abs=1e-9)
    assert found.gaps == (pytest.approx(gap, abs=0.02),)


def test_a_gap_between_equal_signs_is_none() -> None:
    assert find_roots(lambda x: np.where(np.abs(x - np.e) < 1.0, np.nan, x + 1.0), NODES) == Roots(
        (), ()
    )


@pytest.mark.parametrize("noise", [1e-12, 1e-3])
def test_noise_is_not_followed(noise: float) -> None:
    """Dips that cannot reach zero cost at most one look, those at the level of rounding none."""
    asked = 0

    def f(x: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += x.size
        return 1.0 + noise * np.sin(1e7 * x)

    assert find_roots(f, NODES).roots == ()
    assert asked <= NODES.size * (1 if noise < 1e-9 else 25)


@pytest.mark.parametrize("height", [1e3, 1e9])
def test_a_pole_between_nodes(height: float) -> None:
    """A Lorentzian that rises from 1e-4 to `height` between two nodes reaches 1 on both sides."""
    width = 1e-2 / np.sqrt(height)
    found = find_roots(lambda x: height / (1.0 + ((x - np.e) / width) ** 2) - 1.0, NODES, 1.0)
    away = width * np.sqrt(height - 1.0)
    assert found.roots == pytest.approx([np.e - away, np.e + away], abs=1e-8)
