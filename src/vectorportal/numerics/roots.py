"""All roots of a function of one variable that is cheap only when evaluated on many points at once.

The function is sampled on a grid in one call. Every change of sign, and every dip of |f| that may
hide a pair of them, is magnified by sub-grids, all of them in one call at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["WIDTH", "find_roots"]

WIDTH = 1e-9
"""distance to which a root is located, in the unit of the grid"""

_SUB_POINTS = 33
_ZOOMS = 12
_PROBES = 4
_JUMP = 1e-4
_NEAR = 1e-7

Function = Callable[[np.ndarray], np.ndarray]


def find_roots(f: Function, nodes: np.ndarray, scale: float = 0.0) -> tuple[float, ...]:
    """Roots of `f` between the first and the last of the ascending `nodes`, ascending.

    `f` maps arrays of shape (n,) to arrays of the same shape; NaN marks points without a value and
    never brackets a root. `scale` is the size of f that counts as large; 0 takes the largest |f|
    seen. A jump of f across zero, where |f| stays above 1e-4 of `scale`, is no root.
    """
    values = f(nodes)
    left, right = _crossings(nodes, values)
    for lo, hi in _dips(f, nodes, values):
        left, right = np.append(left, lo), np.append(right, hi)
    if not left.size:
        return ()
    scale = scale or float(np.nanmax(np.abs(values))) or 1.0
    left, right, f_left, f_right = _zoom(f, left, right, scale)
    reached = np.minimum(np.abs(f_left), np.abs(f_right)) <= _JUMP * scale
    slope = np.where(f_right == f_left, 1.0, f_right - f_left)
    share = np.where(f_right == f_left, 0.0, -f_left / slope)
    found = left + np.clip(share, 0.0, 1.0) * (right - left)
    return _distinct(np.sort(found[reached]))


def _distinct(roots: np.ndarray) -> tuple[float, ...]:
    kept: list[float] = []
    for root in roots:
        if not kept or root - kept[-1] > 10.0 * WIDTH:
            kept.append(float(root))
    return tuple(kept)


def _crossings(nodes: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the intervals over which `values` changes sign; NaN never counts."""
    sign = np.sign(values)
    here = np.isfinite(values[:-1]) & np.isfinite(values[1:]) & (sign[:-1] * sign[1:] <= 0.0)
    here &= sign[:-1] != 0.0
    here[0] |= sign[0] == 0.0
    return nodes[:-1][here], nodes[1:][here]


def _zoom(f: Function, left: np.ndarray, right: np.ndarray, scale: float) -> tuple[np.ndarray, ...]:
    """Shrink every interval [left, right], shape (b,), to its first change of sign.

    The end is a narrow interval with a small |f|; where f jumps it is the spacing of floats.
    """
    share = np.linspace(0.0, 1.0, _SUB_POINTS)
    rows = np.arange(left.size)
    ends = (np.zeros(left.size), np.zeros(left.size))
    for _ in range(_ZOOMS):
        nodes = left[:, None] + share * (right - left)[:, None]
        values = f(nodes.ravel()).reshape(nodes.shape)
        change = np.sign(values[:, :-1]) * np.sign(values[:, 1:]) <= 0.0
        pick = np.argmax(change, axis=1)
        left, right = nodes[rows, pick], nodes[rows, pick + 1]
        ends = values[rows, pick], values[rows, pick + 1]
        near = np.fmin(np.abs(ends[0]), np.abs(ends[1])) <= _NEAR * scale
        if np.all((right - left <= WIDTH) & near):
            break
    return left, right, *ends


def _dips(f: Function, nodes: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    """Intervals with a change of sign inside dips of |f| that the search grid steps over."""
    size, sign = np.abs(values), np.sign(values)
    inner = (size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:])
    inner &= (sign[1:-1] == sign[:-2]) & (sign[1:-1] == sign[2:]) & (sign[1:-1] != 0.0)
    left, right = nodes[:-2][inner], nodes[2:][inner]
    share = np.linspace(0.0, 1.0, _SUB_POINTS)
    found: list[tuple[float, float]] = []
    for _ in range(_PROBES):
        if not left.size:
            break
        grid = left[:, None] + share * (right - left)[:, None]
        level = f(grid.ravel()).reshape(grid.shape)
        keep = np.zeros(left.size, dtype=bool)
        for row in range(left.size):
            lo, hi = _crossings(grid[row], level[row])
            found.extend(zip(lo.tolist(), hi.tolist(), strict=True))
            keep[row] = not lo.size and bool(np.isfinite(level[row]).all())
        lowest = np.clip(np.argmin(np.abs(level), axis=1), 1, _SUB_POINTS - 2)
        rows = np.arange(left.size)
        left, right = grid[rows, lowest - 1][keep], grid[rows, lowest + 1][keep]
    return found
