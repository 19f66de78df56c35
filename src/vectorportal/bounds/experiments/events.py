"""Expected events and the couplings that a number of them excludes; shared by all engines."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np

from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.spec import Experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.units import HBAR_C_GEV_M

__all__ = [
    "RANGE",
    "Edges",
    "Yield",
    "check_particle",
    "decays",
    "domain",
    "edges",
    "interval",
    "refused",
    "remember",
    "signal",
]

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


def remember(function: Callable[..., _T]) -> Callable[..., _T]:
    """Keep the last answers of `function(experiment, mass, *more)`, which callers must not change;
    `more` are arrays or words.

    Production does not depend on the coupling; a search for limits asks for it many times.
    """
    kept: OrderedDict[tuple[Any, ...], _T] = OrderedDict()

    def remembered(experiment: Experiment, mass: np.ndarray, *more: Any) -> _T:
        mass = np.ascontiguousarray(mass, dtype=np.float64)
        words = (x.tobytes() if isinstance(x, np.ndarray) else x for x in more)
        key = (*experiment.key, mass.tobytes(), *words)
        if key not in kept:
            kept[key] = function(experiment, mass, *more)
            if len(kept) > 8:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]

    remembered.__doc__ = function.__doc__
    return remembered


def signal(experiment: Experiment, vector: Vector, g: Any) -> np.ndarray:
    """Expected signal events (n, k) at couplings `g` of shape (k,) or (n, k).

    Zero events are a number; NaN where the engine has no answer at that mass or for that vector.
    Raises UsageError for couplings of another shape, that are no finite numbers or whose square
    is none, and for a particle of a kind that the engine is not for.
    """
    check_particle(experiment, vector)
    g2 = _squares(g, vector.mass.size)
    found = np.full(g2.shape, np.nan)
    inside = domain(experiment, vector.mass) & ~refused(experiment, vector)[0]
    if inside.any():
        part = vector.at(inside)
        found[inside] = engine_of(experiment).signal(experiment, part, g2[inside])
    return found


def _squares(g: Any, n: int) -> np.ndarray:
    g = np.asarray(g, dtype=np.float64)
    if g.ndim not in (1, 2) or (g.ndim == 2 and g.shape[0] not in (1, n)):
        raise UsageError(f"the couplings have the shape {g.shape} instead of (k,) or ({n}, k).")
    with np.errstate(over="ignore"):
        g2 = g**2
    if not np.isfinite(g2).all():
        raise UsageError("the couplings and their squares must be finite numbers.")
    return np.broadcast_to(g2, (n, g.shape[-1]))


def check_particle(experiment: Experiment, vector: Vector) -> None:
    """UsageError unless the engine of `experiment` is for this kind of particle."""
    wanted = getattr(engine_of(experiment), "PARTICLE", "vector")
    found = "millicharged" if vector.coupling_name == "millicharge" else "vector"
    if wanted != found:
        kinds = {"vector": "vectors", "millicharged": "millicharged particles"}
        raise UsageError(
            f"{experiment.id} (engine {experiment.engine}) is for {kinds[wanted]}, "
            f"not for {kinds[found]}."
        )


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses (n,) at which the engine of `experiment` has an answer, as booleans."""
    test = getattr(engine_of(experiment), "domain", None)
    return np.ones(mass.shape, bool) if test is None else np.asarray(test(experiment, mass))


def refused(experiment: Experiment, vector: Vector) -> tuple[np.ndarray, str]:
    """Where (n,) the engine cannot compute such a vector, as booleans, and why in a sentence."""
    test = getattr(engine_of(experiment), "refused", None)
    return (np.zeros(vector.mass.shape, bool), "") if test is None else test(experiment, vector)


class Edges(NamedTuple):
    """Couplings between which the signal reaches the limit, each array (n,).

    `lower` and `upper` are NaN where there is no edge: nothing is reached, or the signal still
    reaches the limit at that end of the range (`open_low`, `open_high`). `reached`: some coupling
    does. `known`: the signal is a finite number at every coupling; where not, the rest is empty.
    """

    lower: np.ndarray
    upper: np.ndarray
    reached: np.ndarray
    known: np.ndarray
    open_low: np.ndarray
    open_high: np.ndarray


def interval(
    experiment: Experiment, vector: Vector, g_range: tuple[float, float] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Couplings (lower, upper), each (n,), between which the signal reaches `n_limit`.

    Both are NaN where no coupling in `g_range` gives so many events or the engine has no answer;
    upper is NaN where the largest coupling of the range still does, and lower is the smallest
    coupling of the range where that one already does (`edges` tells that apart).
    Raises UsageError unless 0 < low < high.
    """
    found = edges(experiment, vector, g_range)
    return np.where(found.open_low, _range(experiment, g_range)[0], found.lower), found.upper


def edges(
    experiment: Experiment, vector: Vector, g_range: tuple[float, float] | None = None
) -> Edges:
    """The edges of the couplings, within `g_range`, at which the signal reaches `n_limit`.

    Lower is the first crossing from below, upper the last; couplings in between are taken as
    excluded. Good to 1e-3. Raises UsageError unless 0 < low < high.
    """
    low, high = _range(experiment, g_range)
    count = int(np.ceil(np.log10(high / low) * _PER_DECADE)) + 1
    logs = np.linspace(np.log(low), np.log(high), max(count, 3))
    n = vector.mass.size

    def excess(at: np.ndarray) -> np.ndarray:
        found = signal(experiment, part, np.exp(at))
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(found, 0.0) / experiment.n_limit)

    part = vector
    coarse = excess(np.broadcast_to(logs, (n, logs.size)))
    known = np.asarray((coarse < np.inf).all(axis=1))
    columns = [np.full(n, np.nan), np.full(n, np.nan), *(np.zeros(n, bool) for _ in range(3))]
    if known.any():
        part = vector.at(known)
        x = np.broadcast_to(logs, (part.mass.size, logs.size))
        for column, found in zip(columns, _edges(x, coarse[known], excess), strict=True):
            column[known] = found
    lower, upper, reached, open_low, open_high = columns
    return Edges(lower, upper, reached, known, open_low, open_high)


def _range(experiment: Experiment, g_range: tuple[float, float] | None) -> tuple[float, float]:
    low, high = g_range or getattr(engine_of(experiment), "RANGE", RANGE)
    if not 0.0 < low < high < np.inf:
        raise UsageError(f"the range of couplings {low:g} to {high:g} is not 0 < low < high.")
    return low, high


def _edges(
    x: np.ndarray, coarse: np.ndarray, excess: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, ...]:
    """exp of the first upward and last downward zero of `excess`, which is `coarse` on x (n, k).

    Then booleans: whether it is above zero anywhere, at the first, and at the last of `x`.
    """
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
    lower = np.exp(_crossing(x[rows, bottom], inner_low, excess))
    upper = np.exp(_crossing(x[rows, top], inner_high, excess))
    open_low, open_high = above[:, 0], above[:, -1]
    lower = np.where(reached & ~open_low, lower, np.nan)
    upper = np.where(reached & ~open_high, upper, np.nan)
    return lower, upper, reached, open_low, open_high


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
