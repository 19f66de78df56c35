"""Curves of limits: strict reading and log-log interpolation that never leaves the data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from vectorportal.bounds.record import Curve
from vectorportal.errors import DataError

__all__ = ["interpolate", "parse_columns", "parse_curve"]

COLUMNS = ("mass_GeV", "coupling_lower", "coupling_upper")


def parse_columns(
    path: str, text: str, names: tuple[str, ...], zero: bool = False
) -> dict[str, np.ndarray]:
    """Columns of a comma-separated table; empty cells are NaN. DataError names path and line.

    The first line must be `names`; numbers must be positive (or zero, with `zero`) and finite, the
    first column without gaps and strictly rising.
    """
    lines = text.splitlines()
    if not lines or tuple(lines[0].split(",")) != names:
        raise DataError(f"{path}, line 1: the header is not {','.join(names)}.")
    rows = [_row(path, number, line, len(names), zero) for number, line in enumerate(lines[1:], 2)]
    if not rows:
        raise DataError(f"{path}: the table has no rows.")
    table = np.array(rows)
    first = table[:, 0]
    if np.isnan(first).any() or (np.diff(first) <= 0.0).any():
        raise DataError(f"{path}, field {names[0]}: the values do not rise strictly.")
    return {name: table[:, i] for i, name in enumerate(names)}


def _row(path: str, number: int, line: str, width: int, zero: bool) -> list[float]:
    cells = line.split(",")
    if len(cells) != width:
        raise DataError(f"{path}, line {number}: {len(cells)} cells instead of {width}.")
    try:
        values = [float(cell) if cell.strip() else math.nan for cell in cells]
    except ValueError:
        raise DataError(f"{path}, line {number}: {line!r} is not made of numbers.") from None
    for cell, value in zip(cells, values, strict=True):
        allowed = value > 0.0 or (zero and value == 0.0)
        if cell.strip() and not (math.isfinite(value) and allowed):
            raise DataError(f"{path}, line {number}: {cell.strip()} is not positive and finite.")
    return values


def parse_curve(path: str, text: str) -> Curve:
    """A Curve from the text of a curve.csv; DataError names path, line or field."""
    columns = parse_columns(path, text, COLUMNS)
    mass, lower, upper = (columns[name] for name in COLUMNS)
    if np.isnan(lower).all():
        raise DataError(f"{path}, field coupling_lower: no row has a value.")
    if (np.isnan(lower) & ~np.isnan(upper)).any():
        raise DataError(f"{path}, field coupling_lower: empty where coupling_upper is given.")
    if (upper <= lower).any():
        raise DataError(f"{path}, field coupling_upper: not above coupling_lower everywhere.")
    return Curve(mass, lower, upper)


def interpolate(curve: Curve, mass: Any) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper coupling at `mass` (GeV, any shape); NaN where the curve has no data.

    Logarithmic in mass and coupling, only between neighbouring rows that both have a
    `coupling_lower`: vetoed windows and islands survive, and nothing is extrapolated. The upper
    coupling is NaN for a one-sided limit.
    """
    m = np.asarray(mass, dtype=np.float64)
    last = len(curve.mass) - 1
    left = np.clip(np.searchsorted(curve.mass, m, side="right") - 1, 0, last)
    right = np.minimum(left + 1, last)
    inside = (m >= curve.mass[0]) & (m <= curve.mass[-1])
    span = np.log(curve.mass[right] / curve.mass[left])
    safe = np.where(inside, m, curve.mass[0])
    exact = safe == curve.mass[left]
    step = np.log(safe / curve.mass[left]) / np.where(span > 0.0, span, 1.0)
    step = np.where(exact, 0.0, step)

    def between(values: np.ndarray) -> np.ndarray:
        logs = np.log(values)
        mixed = np.where(exact, logs[left], logs[left] + step * (logs[right] - logs[left]))
        return np.where(inside, np.exp(mixed), np.nan)

    return between(curve.lower), between(curve.upper)
