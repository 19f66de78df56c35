"""Expected events and the couplings that a number of them excludes; shared by all engines."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.spec import Experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.units import HBAR_C_GEV_M

__all__ = ["RANGE", "Yield", "decays", "domain", "interval", "remember", "signal"]

RANGE = (1e-12, 1.0)
"""Couplings in which a limit is looked for"""
_PER_DECADE = 10
_FINE = 41
_CHUNK = 4_000_000
_T = TypeVar("_T")


@dataclass(frozen=True)
class Yield:
    """Vectors that fly towards the detector: `number` (n, b) for one experiment at g = 1, with
    `gamma_beta` (n, b) = p/m."""

    number: np.ndarray
    gamma_beta: np.ndarray


def decays(
    yield_: Yield,
    vector: Vector,
    g2: np.ndarray,
    start_m: Any,
    length_m: Any,
    finals: tuple[str, ...] = ("visible",),
) -> np.ndarray:
    """Decays into `finals` in the volume from `start_m` to start_m + length_m, shape (n, k).

    sum_b number g^2 BR exp(-start/d) (1 - exp(-length/d)) with the decay length
    d = gamma_beta hbar c/Gamma. `g2` (n, k); the lengths (m) broadcast to (n, b).
    """
    g2 = np.broadcast_to(np.asarray(g2, dtype=np.float64), (vector.mass.size, np.shape(g2)[-1]))
    shape = yield_.number.shape
    start, length = (np.broadcast_to(np.asarray(x, float), shape) for x in (start_m, length_m))
    per_metre = vector.total(g2) / HBAR_C_GEV_M
    found = np.empty(g2.shape)
    step = max(1, _CHUNK // max(1, shape[1] * g2.shape[1]))
    for first in range(0, shape[0], step):
        rows = slice(first, first + step)
        rate = per_metre[rows, None, :] / yield_.gamma_beta[rows, :, None]
        survive = np.exp(-start[rows, :, None] * rate)
        decay = -np.expm1(-length[rows, :, None] * rate)
        found[rows] = np.einsum("nb,nbk->nk", yield_.number[rows], survive * decay)
    return found * g2 * vector.branching(finals, g2)


def remember(function: Callable[[Experiment, np.ndarray], _T]) -> Callable[..., _T]:
    """Keep the last answers of `function(experiment, mass)`, which must not be changed by callers.

    Production does not depend on the coupling; a search for limits asks for it many times.
    """
    kept: OrderedDict[tuple[Any, ...], _T] = OrderedDict()

    def remembered(experiment: Experiment, mass: np.ndarray) -> _T:
        mass = np.ascontiguousarray(mass, dtype=np.float64)
        key = (*experiment.key, mass.tobytes())
        if key not in kept:
            kept[key] = function(experiment, mass)
            if len(kept) > 8:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]

    remembered.__doc__ = function.__doc__
    return remembered


def signal(experiment: Experiment, vector: Vector, g: Any) -> np.ndarray:
    """Expected signal events (n, k) at couplings `g` of shape (k,) or (n, k).

    Zero events are a number; NaN where the engine has no answer at that mass.
    """
    g = np.asarray(g, dtype=np.float64)
    g2 = np.broadcast_to(g**2, (vector.mass.size, g.shape[-1]))
    found = np.full(g2.shape, np.nan)
    inside = domain(experiment, vector.mass)
    if inside.any():
        part = _at(vector, inside)
        found[inside] = engine_of(experiment).signal(experiment, part, g2[inside])
    return found


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses (n,) at which the engine of `experiment` has an answer, as booleans."""
    test = getattr(engine_of(experiment), "domain", None)
    return np.ones(mass.shape, bool) if test is None else np.asarray(test(experiment, mass))


def _at(vector: Vector, rows: np.ndarray) -> Vector:
    """The vector at the masses that `rows` picks."""
    if rows.all():
        return vector
    charges = {k: np.asarray(v)[rows] for k, v in vector.charges.items()}
    widths = {k: np.asarray(v)[rows] for k, v in vector.widths.items()}
    name = vector.coupling_name
    return Vector(vector.mass[rows], charges, widths, vector.dark[rows], name)


def interval(
    experiment: Experiment, vector: Vector, g_range: tuple[float, float] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Couplings (lower, upper), each (n,), between which the signal reaches `n_limit`.

    Both are NaN where no coupling in `g_range` gives so many events or the engine has no answer;
    upper is NaN where the largest coupling of the range still does, and lower is the smallest
    coupling of the range where that one already does. Lower is the first crossing from below,
    upper the last; couplings in between are taken as excluded. Good to 1e-3.
    Raises UsageError unless 0 < low < high.
    """
    low, high = g_range or getattr(engine_of(experiment), "RANGE", RANGE)
    if not 0.0 < low < high < np.inf:
        raise UsageError(f"the range of couplings {low:g} to {high:g} is not 0 < low < high.")
    count = int(np.ceil(np.log10(high / low) * _PER_DECADE)) + 1
    logs = np.linspace(np.log(low), np.log(high), max(count, 3))
    x = np.broadcast_to(logs, (vector.mass.size, logs.size))

    def excess(at: np.ndarray) -> np.ndarray:
        found = signal(experiment, vector, np.exp(at))
        with np.errstate(divide="ignore"):
            return np.log(np.where(found > 0.0, found, 0.0) / experiment.n_limit)

    return _edges(x, excess)


def _edges(
    x: np.ndarray, excess: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """exp of the first upward and last downward zero of `excess` on the grid `x` (n, k)."""
    coarse = excess(x)
    last = x.shape[1] - 1
    peak = np.argmax(coarse, axis=1)
    fine_peak = _around(x, np.clip(peak - 1, 0, last), np.clip(peak + 1, 0, last))
    at_peak = excess(fine_peak)
    best = np.argmax(at_peak, axis=1)
    x_peak = np.take_along_axis(fine_peak, best[:, None], 1)[:, 0]
    reached = np.take_along_axis(at_peak, best[:, None], 1)[:, 0] >= 0.0
    above = coarse >= 0.0
    any_above = above.any(axis=1)
    reached |= any_above
    first = np.argmax(above, axis=1)
    final = last - np.argmax(above[:, ::-1], axis=1)
    rows = np.arange(len(x))
    # each edge lies between a point below and a point above the limit
    inner_low = np.where(any_above, x[rows, first], x_peak)
    bottom = np.maximum(np.where(any_above, first, peak) - 1, 0)
    inner_high = np.where(any_above, x[rows, final], x_peak)
    top = np.minimum(np.where(any_above, final, peak) + 1, last)
    lower = _crossing(x[rows, bottom], inner_low, excess)
    upper = _crossing(x[rows, top], inner_high, excess)
    open_top = np.where(any_above, final == last, False)
    lower = np.where(reached, np.exp(lower), np.nan)
    upper = np.where(reached & ~open_top, np.exp(upper), np.nan)
    return lower, upper


def _around(x: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    rows = np.arange(len(x))
    start, stop = x[rows, left], x[rows, right]
    return start[:, None] + np.linspace(0.0, 1.0, _FINE) * (stop - start)[:, None]


def _crossing(
    outer: np.ndarray, inner: np.ndarray, excess: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Where `excess` crosses zero between `outer` (below) and `inner` (above), linear on a grid."""
    grid = outer[:, None] + np.linspace(0.0, 1.0, _FINE) * (inner - outer)[:, None]
    values = excess(grid)
    above = values >= 0.0
    index = np.where(above.any(axis=1), np.argmax(above, axis=1), _FINE - 1)
    before = np.maximum(index - 1, 0)
    rows = np.arange(len(grid))
    y0, y1 = values[rows, before], values[rows, index]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(np.isfinite(y0) & (y1 > y0), -y0 / (y1 - y0), 1.0)
    part = np.clip(np.where(np.isfinite(part), part, 1.0), 0.0, 1.0)
    part = np.where(index == before, 0.0, part)
    return grid[rows, before] + part * (grid[rows, index] - grid[rows, before])
