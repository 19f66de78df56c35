"""The kinetic mixing at which freeze-out leaves a given relic density, for many masses at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vectorportal.models.base import Model
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import OK

__all__ = ["RelicLine", "relic_line"]

_LOWEST, _HIGHEST = 1e-9, 0.5
_PER_DECADE = 2
_STRIDE = 8
_STEPS = 8
_TOLERANCE = 1e-5
_LARGEST_STEP = 1.5
"""limit on one secant step in ln epsilon"""

ModelAt = Callable[[np.ndarray, np.ndarray], Model]


@dataclass(frozen=True)
class RelicLine:
    """epsilon and the omega_h2 computed there, shape (n,); both NaN where there is no solution."""

    epsilon: np.ndarray
    omega_h2: np.ndarray


def relic_line(
    model_at: ModelAt, mass: np.ndarray, target: float, *, engine: str = "numpy"
) -> RelicLine:
    """epsilon with omega_h2 = `target` at each `mass` (GeV, shape (n,)), to 1e-5 in omega_h2.

    `model_at(mass, epsilon)` makes the model for arrays that broadcast. One evaluation over a
    coarse grid of masses and couplings brackets the solution of the smallest coupling; secant steps
    in ln epsilon, all masses in one evaluation, refine it. A mass at which the density has a status
    other than ok, or does not reach the target, is a gap (NaN).
    """

    def log_ratio(at: np.ndarray, log_epsilon: np.ndarray) -> np.ndarray:
        result = evaluate(model_at(at, np.exp(log_epsilon)), "omega_h2", engine=engine)
        value = np.asarray(result.value)
        good = (result.status == OK) & (value > 0.0)
        return np.where(good, np.log(np.where(good, value, target) / target), np.nan)

    start = _seed(log_ratio, mass)
    found, mismatch = _secant(log_ratio, mass, start)
    good = np.abs(mismatch) < _TOLERANCE
    return RelicLine(
        np.where(good, np.exp(found), np.nan), np.where(good, target * np.exp(mismatch), np.nan)
    )


def _seed(log_ratio: Callable[..., np.ndarray], mass: np.ndarray) -> np.ndarray:
    """A first guess of ln epsilon at every mass, NaN where no coarse mass has a solution."""
    coarse = np.unique(np.append(mass[::_STRIDE], mass[-1]))
    count = int(_PER_DECADE * np.log10(_HIGHEST / _LOWEST)) + 1
    nodes = np.linspace(np.log(_LOWEST), np.log(_HIGHEST), count)
    values = log_ratio(coarse[None, :], nodes[:, None])
    guess = _first_crossing(nodes, values)
    good = np.isfinite(guess)
    if not good.any():
        return np.full(mass.shape, np.nan)
    return np.interp(np.log(mass), np.log(coarse[good]), guess[good])


def _first_crossing(nodes: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where columns of `values`, shape (k, n), first change sign over `nodes`, shape (k,)."""
    with np.errstate(invalid="ignore"):
        change = values[:-1] * values[1:] <= 0.0
    row = np.argmax(change, axis=0)
    column = np.arange(values.shape[1])
    low, high = values[row, column], values[row + 1, column]
    safe = np.where(high == low, 1.0, high - low)
    inside = nodes[row] - low / safe * (nodes[row + 1] - nodes[row])
    return np.where(change.any(axis=0), inside, np.nan)


def _secant(
    log_ratio: Callable[..., np.ndarray], mass: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """ln epsilon and the remaining mismatch; only masses not yet solved are evaluated again."""
    last, mismatch = start.copy(), np.full(mass.shape, np.nan)
    todo = np.isfinite(start)
    if todo.any():
        mismatch[todo] = log_ratio(mass[todo], last[todo])
    slope = np.full(mass.shape, -2.0)
    for _ in range(_STEPS):
        todo = np.abs(mismatch) >= _TOLERANCE
        if not todo.any():
            break
        step = np.clip(-mismatch[todo] / slope[todo], -_LARGEST_STEP, _LARGEST_STEP)
        trial = np.minimum(last[todo] + step, np.log(_HIGHEST))
        value = log_ratio(mass[todo], trial)
        moved = trial - last[todo]
        rise = (value - mismatch[todo]) / np.where(moved == 0.0, 1.0, moved)
        slope[todo] = np.where(np.isfinite(rise) & (rise < -0.1), rise, -2.0)
        last[todo], mismatch[todo] = trial, value
    return last, mismatch
