"""Where sampled columns pass through zero, and the roots between such samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["crossings", "sharpen"]

_INSIDE = 3
"""values asked for inside a bracket, all at once"""


def crossings(values: np.ndarray) -> np.ndarray:
    """Index of the sample before a column of `values`, shape (k, n), passes through zero, (3, n).

    By row: the first sample after which it rises through zero, the first after which it falls
    through and, where that is another, the last; -1 where there is none. NaN beside a sample hides
    a crossing.
    """
    low, high = values[:-1], values[1:]
    with np.errstate(invalid="ignore"):
        rises, falls = (low < 0.0) & (high >= 0.0), (low >= 0.0) & (high < 0.0)
    first, fall = np.argmax(rises, axis=0), np.argmax(falls, axis=0)
    last = falls.shape[0] - 1 - np.argmax(falls[::-1], axis=0)
    there = (rises.any(axis=0), falls.any(axis=0), falls.any(axis=0) & (last > fall))
    return np.where(np.stack(there), np.stack((first, fall, last)), -1)


def sharpen(
    function: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ends: tuple[np.ndarray, np.ndarray],
    values: tuple[np.ndarray, np.ndarray],
    rounds: int = 1,
) -> np.ndarray:
    """Roots between `ends` (n,), where `function` has `values` of opposite sign.

    `function(index, at)` gives values at `at` for the brackets `index`; one call for all in each
    round, which cuts the brackets to a quarter. In the last the function counts as straight. NaN
    where values at which the sign changes are missing.
    """
    for _ in range(rounds):
        ends, values = _quarter(function, ends, values)
    low, high = values
    with np.errstate(invalid="ignore"):
        step = low / np.where(low == high, np.nan, low - high)
    return ends[0] + step * (ends[1] - ends[0])


def _quarter(
    function: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ends: tuple[np.ndarray, np.ndarray],
    values: tuple[np.ndarray, np.ndarray],
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """The part of each bracket in which the sign changes, and the values at its ends."""
    part = np.linspace(0.0, 1.0, _INSIDE + 2)[:, None]
    at = ends[0] + part * (ends[1] - ends[0])
    index = np.broadcast_to(np.arange(ends[0].size), at[1:-1].shape)
    inside = function(index.ravel(), at[1:-1].ravel()).reshape(index.shape)
    found = np.concatenate(([values[0]], inside, [values[1]]))
    with np.errstate(invalid="ignore"):
        change = (found[:-1] < 0.0) != (found[1:] < 0.0)
    change &= np.isfinite(found[:-1]) & np.isfinite(found[1:])
    row, column = np.argmax(change, axis=0), np.arange(ends[0].size)
    found = np.where(change.any(axis=0), found, np.nan)
    here, there = (row, column), (row + 1, column)
    return (at[here], at[there]), (found[here], found[there])
