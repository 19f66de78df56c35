"""All roots of a function of one variable that is cheap only when evaluated on many points at once.

The function is sampled on a grid in one call. Every change of sign, and every dip of |f| that may
hide a pair of them, is magnified by sub-grids, all of them in one call at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["WIDTH", "Roots", "find_roots"]

WIDTH = 1e-9
"""distance to which a root is located, in the unit of the grid"""

_SUB_POINTS = 33
_ZOOMS = 12
_PROBES = 4
_JUMP = 1e-4
_NEAR = 1e-7
_ROUNDING = 1e-9
"""relative depth below which a dip is no more than rounding"""
_REACH = 10.0
"""how often its depth within a sub-grid a smooth or cusped dip may still fall"""

Function = Callable[[np.ndarray], np.ndarray]
Ends = list[tuple[float, float]]


class Roots(NamedTuple):
    """Roots, ascending, and the gaps (a, b) without a value across which f changes its sign."""

    roots: tuple[float, ...]
    gaps: tuple[tuple[float, float], ...]


def find_roots(f: Function, nodes: np.ndarray, scale: float = 0.0) -> Roots:
    """Roots of `f` between the first and the last of the ascending `nodes`.

    `f` maps arrays of shape (n,) to arrays of the same shape; NaN marks points without a value and
    never brackets a root. Where f has opposite signs on the two sides of such points, the gap is
    reported. `scale` is the size of f that counts as large; 0 takes the largest |f| seen. A jump of
    f across zero, where |f| stays above 1e-4 of `scale`, is no root.
    """
    values = f(nodes)
    finite = values[np.isfinite(values)]
    ends = _intervals(f, nodes, values) + _dips(f, nodes, values)
    if not ends:
        return Roots((), ())
    scale = scale or float(np.abs(finite).max()) or 1.0
    left, right, f_left, f_right, gap = _zoom(f, np.asarray(ends), scale)
    reached = np.minimum(np.abs(f_left), np.abs(f_right)) <= _JUMP * scale
    gap &= ~(reached & (right - left <= WIDTH))
    slope = np.where(f_right == f_left, 1.0, f_right - f_left)
    share = np.where(f_right == f_left, 0.0, -f_left / slope)
    found = left + np.clip(share, 0.0, 1.0) * (right - left)
    gaps = set(zip(left[gap].tolist(), right[gap].tolist(), strict=True))
    return Roots(_distinct(np.sort(found[reached & ~gap])), tuple(sorted(gaps)))


def _distinct(roots: np.ndarray) -> tuple[float, ...]:
    kept: list[float] = []
    for root in roots:
        if not kept or root - kept[-1] > 10.0 * WIDTH:
            kept.append(float(root))
    return tuple(kept)


def _changes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the rows of `values`, shape (b, n), change sign, and the index of the value before.

    Points without a value are passed over. A zero ends an interval; it starts one only where it is
    the first value of its row.
    """
    finite = np.isfinite(values)
    index = np.where(finite, np.arange(values.shape[1]), -1)
    before = np.full(values.shape, -1)
    before[:, 1:] = np.maximum.accumulate(index, axis=1)[:, :-1]
    sign = np.sign(np.where(finite, values, 0.0))
    last = np.take_along_axis(sign, np.maximum(before, 0), axis=1)
    first = np.argmax(finite, axis=1)[:, None]
    starts = (last != 0.0) | (before == first)
    return finite & (before >= 0) & starts & (last * sign <= 0.0), before


def _crossings(nodes: np.ndarray, values: np.ndarray) -> Ends:
    """Ends of the intervals over which `values`, shape (n,), changes sign, gaps included."""
    change, before = (array[0] for array in _changes(values[None, :]))
    pairs = zip(nodes[before[change]], nodes[change], strict=True)
    return [(float(low), float(high)) for low, high in pairs]


def _intervals(f: Function, nodes: np.ndarray, values: np.ndarray) -> Ends:
    """Changes of sign on the search grid; those across nodes without a value are looked into."""
    found: Ends = []
    for low, high in _crossings(nodes, values):
        if np.searchsorted(nodes, high) - np.searchsorted(nodes, low) == 1:
            found.append((low, high))
        else:
            inside = np.linspace(low, high, 4 * _SUB_POINTS)
            found += _crossings(inside, f(inside))
    return found


def _zoom(f: Function, ends: np.ndarray, scale: float) -> tuple[np.ndarray, ...]:
    """Shrink every interval of `ends`, shape (b, 2), to its first change of sign.

    The answer is left, right, f there, and whether points without a value lie between. The end is a
    narrow interval with a small |f|, or a gap; where f jumps it is the spacing of floats.
    """
    left, right = ends.T
    rows = np.arange(left.size)
    f_left, f_right = np.full(left.shape, np.inf), np.full(left.shape, np.inf)
    gap = np.zeros(left.size, dtype=bool)
    for _ in range(_ZOOMS):
        nodes = _sub_grid(left, right)
        values = f(nodes.ravel()).reshape(nodes.shape)
        change, before = _changes(values)
        some = change.any(axis=1)
        after = np.where(some, np.argmax(change, axis=1), _SUB_POINTS - 1)
        first = np.where(some, before[rows, after], 0)
        old = right - left
        left, right = nodes[rows, first], nodes[rows, after]
        f_left = np.where(some, values[rows, first], f_left)
        f_right = np.where(some, values[rows, after], f_right)
        gap = np.where(some, after - first > 1, gap)
        near = np.minimum(np.abs(f_left), np.abs(f_right)) <= _NEAR * scale
        settled = gap & (right - left > 0.9 * old)
        if np.all(settled | ((right - left <= WIDTH) & near)):
            break
    return left, right, f_left, f_right, gap


def _sub_grid(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Evenly spaced points from `left` to `right`, shape (b, 33), both ends exact."""
    nodes = left[:, None] + np.linspace(0.0, 1.0, _SUB_POINTS) * (right - left)[:, None]
    nodes[:, -1] = right
    return nodes


def _dips(f: Function, nodes: np.ndarray, values: np.ndarray) -> Ends:
    """Intervals with a change of sign inside dips of |f| that the search grid steps over.

    A dip is followed while it can still reach zero: its depth within the last sub-grid is not small
    beside what is left, or grows under magnification as that of an unresolved pole does.
    """
    size, sign = np.abs(values), np.sign(np.where(np.isfinite(values), values, 0.0))
    depth = np.maximum(size[:-2], size[2:]) - size[1:-1]
    inner = (size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:])
    inner &= (sign[1:-1] == sign[:-2]) & (sign[1:-1] == sign[2:]) & (sign[1:-1] != 0.0)
    inner &= depth > _ROUNDING * size[1:-1]
    left, right, depth = nodes[:-2][inner], nodes[2:][inner], depth[inner]
    found: Ends = []
    for _ in range(_PROBES):
        if not left.size:
            break
        grid = _sub_grid(left, right)
        level = f(grid.ravel()).reshape(grid.shape)
        crossed = _changes(level)[0].any(axis=1)
        for row in np.flatnonzero(crossed):
            found += _crossings(grid[row], level[row])
        open_rows = ~crossed & np.isfinite(level).all(axis=1)
        left, right, depth = _deeper(grid[open_rows], np.abs(level[open_rows]), depth[open_rows])
    return found


def _deeper(grid: np.ndarray, size: np.ndarray, depth: np.ndarray) -> tuple[np.ndarray, ...]:
    """Ends and depths of the dips around the lowest points of sub-grids that may reach zero."""
    rows = np.arange(depth.size)
    lowest = np.clip(np.argmin(size, axis=1), 1, _SUB_POINTS - 2)
    floor = size.min(axis=1)
    rim = np.maximum(size[rows, lowest - 1], size[rows, lowest + 1]) - floor
    keep = (_REACH * rim >= floor) | (rim >= 2.0 * depth)
    return grid[rows, lowest - 1][keep], grid[rows, lowest + 1][keep], rim[keep]
