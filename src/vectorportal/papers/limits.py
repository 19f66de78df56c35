"""Limits on the coupling for a model with its own widths, as curves over the mediator mass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.bounds.of_model import DarkMatter, observable_of
from vectorportal.bounds.recast import evaluate
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import BoundResult
from vectorportal.inputs.settings import Inputs

__all__ = ["LimitCurve", "annihilation_signal", "curve_variables", "limit_curves"]

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
    records: Iterable[BoundRecord], model_at: ModelAt, mass: np.ndarray
) -> tuple[LimitCurve, ...]:
    """The curve of each record over `mass` (GeV, shape (n,)) for `model_at(mass, epsilon)`.

    A point on a curve has margin 1 in the verdict: the edges come from the recast and are iterated
    where the mixing with the Z makes the widths differ from epsilon^2. Couplings above 0.5, and
    masses at which no mixing exists, are left out (NaN).
    """
    return tuple(_curve(record, model_at, mass) for record in records)


def _curve(record: BoundRecord, model_at: ModelAt, mass: np.ndarray) -> LimitCurve:
    start = np.full(mass.shape, _START)
    first = _edges(record, model_at(mass, start), start)
    lower, upper = (_iterate(record, model_at, mass, edge, i) for i, edge in enumerate(first))
    return LimitCurve(record, lower, upper)


def _edges(record: BoundRecord, model: Any, epsilon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both edges of `record` as epsilon of the model, judged from its widths at `epsilon`."""
    result = _judged(record, model)
    allowed = model.allowed(Inputs.default())

    def own(edge: np.ndarray) -> np.ndarray:
        value = edge * epsilon / result.epsilon
        return np.where(allowed & (value < _HIGHEST), value, np.nan)

    return own(result.limit_coupling), own(result.limit_upper)


def _iterate(
    record: BoundRecord, model_at: ModelAt, mass: np.ndarray, edge: np.ndarray, which: int
) -> np.ndarray:
    """The fixed point of `_edges` from the guess `edge`, where it still moves."""
    edge = edge.copy()
    todo = np.flatnonzero(np.isfinite(edge))
    for _ in range(_STEPS):
        if not todo.size:
            return edge
        before = edge[todo]
        edge[todo] = _edges(record, model_at(mass[todo], before), before)[which]
        todo = todo[np.abs(edge[todo] / before - 1.0) > _TOLERANCE]
    edge[todo] = np.nan
    return edge


def _judged(record: BoundRecord, model: Any) -> BoundResult:
    """The recast of `record` at the points of `model`, as the verdict does it point by point."""
    mediator = model.mediator(Inputs.default())
    if record.signature != "annihilation" or not model.has_dark_matter:
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
        "signature": record.signature,
        "confidence_level": record.confidence_level,
        "grade": record.grade,
        "source": list(record.source),
        "assumes": list(record.assumes),
    }
