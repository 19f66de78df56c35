"""Limits on the coupling for a model with its own widths, as curves over the mediator mass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vectorportal.bounds.of_model import evaluate_bounds
from vectorportal.bounds.recast import limit_curve
from vectorportal.bounds.record import RATES, BoundRecord
from vectorportal.bounds.result import SIDES, BoundResult
from vectorportal.inputs.settings import Inputs

__all__ = [
    "LimitCurve",
    "annihilation_signal",
    "curve_variables",
    "limit_curves",
    "published_curves",
]

_START, _HIGHEST = 1e-3, 0.5
_STEPS, _TOLERANCE = 12, 1e-9
_BEYOND = 1.001
"""Just inside an edge, in units of the edge"""
_FAR = 2.0
"""Guesses of a lower edge so far above the highest coupling are not followed"""
_INSIDE = SIDES.index("inside")

ModelAt = Callable[[np.ndarray, np.ndarray], Any]


@dataclass(frozen=True)
class LimitCurve:
    """The couplings that one record excludes (or would see) at each mass, shape (n,).

    Above `lower`, and below `upper` where that is finite; NaN in `lower` where the record has no
    data or excludes nothing. `uncounted` (bool) marks masses at which the verdict does not count
    what lies above `lower`, because the limit needs dark matter as warm as the record assumes.
    """

    record: BoundRecord
    lower: np.ndarray
    upper: np.ndarray
    uncounted: np.ndarray = field(default_factory=lambda: np.array(False))

    @property
    def empty(self) -> bool:
        """True where no coupling is excluded at any mass."""
        return not np.isfinite(self.lower).any()


def limit_curves(
    records: Iterable[BoundRecord],
    model_at: ModelAt,
    mass: np.ndarray,
    highest: float = _HIGHEST,
) -> tuple[LimitCurve, ...]:
    """The curve of each record over `mass` (GeV, shape (n,)) for `model_at(mass, coupling)`.

    A point on a curve has margin 1 in the verdict: the edges come from the recast and are iterated
    where the widths do not go as coupling^2 (mixing with the Z). Masses at which a lower edge is
    above `highest` or the model does not exist are left out (NaN in both edges). An upper edge
    above `highest` stays, with widths that go as coupling^2 from there on.
    """
    records = tuple(records)
    start = np.full(mass.shape, _START)
    model = model_at(mass, start)
    first = evaluate_bounds(model, records)
    return tuple(
        _curve(record, model_at, mass, highest, _own(result, model, start))
        for record, result in zip(records, first, strict=True)
    )


def published_curves(records: Iterable[BoundRecord], mass: np.ndarray) -> tuple[LimitCurve, ...]:
    """The curves of `records` as published, over the mass that they are published in (GeV)."""
    return tuple(LimitCurve(record, *limit_curve(record, mass)) for record in records)


def _curve(
    record: BoundRecord,
    model_at: ModelAt,
    mass: np.ndarray,
    highest: float,
    first: tuple[np.ndarray, np.ndarray],
) -> LimitCurve:
    def edges(at: np.ndarray, coupling: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        coupling = np.minimum(coupling, highest)
        model = model_at(at, coupling)
        return _own(_judged(record, model), model, coupling)

    guess, upper_guess = first
    lower, lost = _iterate(edges, mass, np.where(guess < _FAR * highest, guess, np.nan), 0)
    left = (lower < highest) & ~lost
    upper, lost = _iterate(edges, mass, np.where(left, upper_guess, np.nan), 1)
    left &= ~lost & (np.isfinite(upper) | ~np.isfinite(upper_guess))
    lower, upper = np.where(left, lower, np.nan), np.where(left, upper, np.nan)
    return LimitCurve(record, lower, upper, _uncounted(record, model_at, mass, lower))


def _uncounted(
    record: BoundRecord, model_at: ModelAt, mass: np.ndarray, lower: np.ndarray
) -> np.ndarray:
    """Where a point just above `lower` exceeds the limit and is not excluded by it (bool).

    False for projections and for grade D, which never count.
    """
    answer = np.zeros(mass.shape, bool)
    good = np.isfinite(lower)
    if record.signature in RATES and record.kind == "limit" and record.grade != "D" and good.any():
        result = _judged(record, model_at(mass[good], _BEYOND * lower[good]))
        answer[good] = (result.side == _INSIDE) & ~result.excluded
    return answer


def _own(result: BoundResult, model: Any, coupling: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both edges as couplings of the model, judged from its widths at `coupling`."""
    scale = np.where(model.allowed(Inputs.default()), coupling / result.coupling, np.nan)
    return result.limit_coupling * scale, result.limit_upper * scale


def _iterate(
    edges: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    mass: np.ndarray,
    edge: np.ndarray,
    which: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The fixed point of `edges` from the guess `edge`, and where it was not found (bool)."""
    edge = edge.copy()
    todo = np.flatnonzero(np.isfinite(edge))
    for _ in range(_STEPS):
        if not todo.size:
            break
        before = edge[todo]
        edge[todo] = edges(mass[todo], before)[which]
        todo = todo[np.abs(edge[todo] / before - 1.0) > _TOLERANCE]
    lost = np.zeros(edge.shape, bool)
    lost[todo] = True
    return edge, lost


def _judged(record: BoundRecord, model: Any) -> BoundResult:
    """The recast of `record` at the points of `model`, as the verdict does it point by point."""
    return evaluate_bounds(model, (record,))[0]


def annihilation_signal(record: BoundRecord, model: Any) -> np.ndarray:
    """mu of a bound on annihilation at the points of `model`; NaN where it has no data."""
    return _judged(record, model).mu


def curve_variables(curve: LimitCurve) -> dict[str, Any]:
    """The variables of a curve in a dataset over `mass`: <id> and, for a band, <id>_upper.

    `counted` says whether the verdict counts a limit. A curve that counts at some masses only is
    split: <id>_not_counted has the others.
    """
    record = curve.record
    seen = np.isfinite(curve.lower)
    apart = np.broadcast_to(curve.uncounted, seen.shape)
    if not (apart & seen).any() or apart[seen].all():
        counts = record.grade != "D" and not (apart & seen).any()
        return _edges(record, record.id, curve.lower, curve.upper, counts)
    answer: dict[str, Any] = {}
    for name, part in ((record.id, ~apart), (f"{record.id}_not_counted", apart)):
        lower, upper = (np.where(part, edge, np.nan) for edge in (curve.lower, curve.upper))
        answer |= _edges(record, name, lower, upper, name == record.id)
    return answer


def _edges(
    record: BoundRecord, name: str, lower: np.ndarray, upper: np.ndarray, counts: bool
) -> dict[str, Any]:
    about = _about(record)
    if record.kind == "limit":
        about["counted"] = counts
    answer = {name: ("mass", lower, about)}
    if np.isfinite(upper).any():
        answer[f"{name}_upper"] = ("mass", upper, about)
    return answer


def _about(record: BoundRecord) -> dict[str, Any]:
    return {
        "units": "1",
        "label": record.label,
        "kind": record.kind,
        "title": record.title,
        "signature": record.signature,
        "production": record.production,
        "coupling": record.coupling,
        "confidence_level": record.confidence_level,
        "confidence_level_checked": record.confidence_level_checked,
        "grade": record.grade,
        "source": list(record.source),
        "assumes": list(record.assumes),
    }
