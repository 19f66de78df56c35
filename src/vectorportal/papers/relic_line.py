"""The coupling at which a given relic density is left, for many points at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vectorportal.inputs.settings import Options
from vectorportal.models.base import Model
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import OK

__all__ = ["RelicLine", "relic_line", "secant"]

_PER_DECADE = 2
_STEPS = 12
_LARGEST_STEP = 1.5
"""limit on one secant step in the logarithm of the coupling"""
_NUDGES, _NUDGE = 3, 0.02
"""Steps, and how many, away from a first guess at which there is no value"""

ModelAt = Callable[[np.ndarray, np.ndarray], Model]
LogRatio = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""ln(value/target) at some places and logarithms of the coupling there, arrays (k,)"""


@dataclass(frozen=True)
class RelicLine:
    """The coupling and the omega_h2 computed there, shape (n,); both NaN without a solution."""

    coupling: np.ndarray
    omega_h2: np.ndarray

    @property
    def epsilon(self) -> np.ndarray:
        """The coupling, where that is the kinetic mixing."""
        return self.coupling


def relic_line(
    model_at: ModelAt,
    mass: np.ndarray,
    target: float,
    *,
    engine: str = "numpy",
    options: Options | None = None,
    bracket: tuple[float, float] = (1e-9, 0.5),
    nodes: int | None = None,
    slope: float = -2.0,
    tolerance: float = 1e-5,
    stride: int = 8,
    trusted: bool = True,
) -> RelicLine:
    """coupling with omega_h2 = `target` at each `mass` (GeV, shape (n,)), to `tolerance`.

    `model_at(mass, coupling)` makes the model for arrays that broadcast. One evaluation over the
    bracket, at `nodes` couplings (default two a decade) and every `stride`-th mass, finds the
    smallest solution; secant steps in the logarithm, all masses in one
    evaluation, refine it. `slope` is d ln omega_h2/d ln coupling, about, and gives the sign that a
    secant must have. A mass at which the density has a status other than ok (unless not `trusted`
    is asked for), or does not reach the target, is a gap (NaN).
    """

    def log_ratio(at: np.ndarray, log_coupling: np.ndarray) -> np.ndarray:
        model = model_at(at, np.exp(log_coupling))
        result = evaluate(model, "omega_h2", options=options, engine=engine)
        value = np.asarray(result.value)
        good = ((result.status == OK) | (not trusted)) & (value > 0.0)
        return np.where(good, np.log(np.where(good, value, target) / target), np.nan)

    low, high = np.log(bracket)
    count = nodes or int(_PER_DECADE * np.log10(bracket[1] / bracket[0])) + 1
    start = _seed(log_ratio, mass, np.linspace(low, high, count), stride)
    found, mismatch = secant(log_ratio, mass, start, (low, high), slope, tolerance)
    good = np.abs(mismatch) < tolerance
    return RelicLine(
        np.where(good, np.exp(found), np.nan), np.where(good, target * np.exp(mismatch), np.nan)
    )


def _seed(log_ratio: LogRatio, mass: np.ndarray, nodes: np.ndarray, stride: int) -> np.ndarray:
    """A first guess of the logarithm at every mass, NaN where no coarse mass has a solution."""
    coarse = np.unique(np.append(mass[::stride], mass[-1]))
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


def secant(
    log_ratio: LogRatio,
    places: np.ndarray,
    start: np.ndarray,
    limits: tuple[float, float],
    slope_at_first: float,
    tolerance: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Where `log_ratio` vanishes at each of the `places`, from a first guess `start`, all (n,).

    Answers with the logarithm of the coupling, within `limits`, and the mismatch that remains, NaN
    without a value. Only places not yet solved to `tolerance` are evaluated again.
    """
    last, mismatch = start.copy(), np.full(places.shape, np.nan)
    known = np.isfinite(start)
    if known.any():
        mismatch[known] = log_ratio(places[known], last[known])
    slope = np.full(places.shape, slope_at_first)
    for trial_number in range(_STEPS):
        todo = np.abs(mismatch) >= tolerance
        if trial_number < _NUDGES:
            todo |= known & np.isnan(mismatch)
        if not todo.any():
            break
        before, there = last[todo], mismatch[todo]
        step = np.clip(-there / slope[todo], -_LARGEST_STEP, _LARGEST_STEP)
        trial = np.clip(before + np.where(np.isnan(there), _NUDGE, step), *limits)
        value = log_ratio(places[todo], trial)
        slope[todo] = _slope(before, there, trial, value, slope[todo], slope_at_first)
        back = np.isnan(value) & np.isfinite(there)
        last[todo] = np.where(back, before, trial)
        mismatch[todo] = np.where(back, there, value)
    return last, mismatch


def _slope(
    before: np.ndarray,
    there: np.ndarray,
    trial: np.ndarray,
    value: np.ndarray,
    slope: np.ndarray,
    first: float,
) -> np.ndarray:
    """The slope for the next step; twice the last one, so that it is shorter, after no value."""
    moved = trial - before
    with np.errstate(invalid="ignore"):  # a rate of zero has the logarithm -inf
        rise = (value - there) / np.where(moved == 0.0, 1.0, moved)
    sensible = np.isfinite(rise) & (rise * np.sign(first) > 0.1)
    return np.where(np.isnan(value), 2.0 * slope, np.where(sensible, rise, first))
