"""Limits on the coupling for a model with its own widths, as curves over the mediator mass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.bounds.of_model import DarkMatter, observable_of
from vectorportal.bounds.recast import evaluate, evaluate_all, limit_curve
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import BoundResult
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

ModelAt = Callable[[np.ndarray, np.ndarray], Any]


@dataclass(frozen=True)
class LimitCurve:
    """The couplings that one record excludes (or would see) at each mass, shape (n,).

    Above `lower`, and below `upper` where that is finite; NaN in `lower` where the record has no
    data or excludes nothing.
    """

    record: BoundRecord
    lower: np.ndarray
    upper: np.ndarray

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
    where the widths do not go as coupling^2 (mixing with the Z). Couplings above `highest`, and
    masses at which the model does not exist, are left out (NaN).
    """
    records = tuple(records)
    start = np.full(mass.shape, _START)
    model = model_at(mass, start)
    first = _all_judged(records, model)
    return tuple(
        _curve(record, model_at, mass, highest, _own(result, model, start, highest))
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
        model = model_at(at, coupling)
        return _own(_judged(record, model), model, coupling, highest)

    (lower, lost), (upper, lost_too) = (
        _iterate(edges, mass, edge, i) for i, edge in enumerate(first)
    )
    known = ~(lost | lost_too)
    return LimitCurve(record, np.where(known, lower, np.nan), np.where(known, upper, np.nan))


def _own(
    result: BoundResult, model: Any, coupling: np.ndarray, highest: float
) -> tuple[np.ndarray, np.ndarray]:
    """Both edges as couplings of the model, judged from its widths at `coupling`."""
    allowed = model.allowed(Inputs.default())

    def own(edge: np.ndarray) -> np.ndarray:
        value = edge * coupling / result.coupling
        return np.where(allowed & (value < highest), value, np.nan)

    return own(result.limit_coupling), own(result.limit_upper)


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


_OF_DARK_MATTER = ("annihilation", "recoil")


def _all_judged(records: tuple[BoundRecord, ...], model: Any) -> list[BoundResult]:
    """The recast of all `records` at the points of `model`, which they share."""
    mediator = model.mediator(Inputs.default())
    if not model.has_dark_matter:
        return evaluate_all(records, mediator)
    dark, observable = DarkMatter.of(model), observable_of(model)
    return evaluate_all(records, mediator, dark_matter=dark, observable=observable)


def _judged(record: BoundRecord, model: Any) -> BoundResult:
    """The recast of `record` at the points of `model`, as the verdict does it point by point."""
    mediator = model.mediator(Inputs.default())
    if record.signature not in _OF_DARK_MATTER or not model.has_dark_matter:
        return evaluate(record, mediator)
    return evaluate(
        record, mediator, dark_matter=DarkMatter.of(model), observable=observable_of(model)
    )


def annihilation_signal(record: BoundRecord, model: Any) -> np.ndarray:
    """mu of a bound on annihilation at the points of `model`; NaN where it has no data."""
    return _judged(record, model).mu


def curve_variables(curve: LimitCurve) -> dict[str, Any]:
    """The variables of a curve in a dataset over `mass`: <id> and, for a band, <id>_upper."""
    about = _about(curve.record)
    answer = {curve.record.id: ("mass", curve.lower, about)}
    if np.isfinite(curve.upper).any():
        answer[f"{curve.record.id}_upper"] = ("mass", curve.upper, about)
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
