"""What a bound says about points: arrays for scans, plain rows with a sentence for one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.words import AS_PUBLISHED, DARK_PHOTON

__all__ = ["SIDES", "WARM_ONLY", "BoundResult", "BoundRow", "make_result", "margin_of"]

SIDES = ("below", "inside", "above", "no-data", "not-applicable")
"""Where a point lies: index into this tuple is the code in `BoundResult.side`."""
BELOW, INSIDE, ABOVE, NO_DATA, NOT_APPLICABLE = range(5)
WARM_ONLY = "it needs dark matter as warm as the record assumes"
"""Why a limit of a good grade may be exceeded and not counted: the rate falls with temperature"""


@dataclass(frozen=True)
class BoundRow:
    """One bound at one point, in plain Python types; None where there is no data.

    mu : predicted over excluded signal. margin : the coupling over the nearest edge of the
    excluded interval, above 1 inside it and below 1 outside. limit_coupling, limit_upper : that
    interval for this model at this mass; margin and interval are None where the signal does not
    follow the coupling. beyond : what mu would be if an effective coupling held there.
    """

    id: str
    label: str
    mu: float | None
    margin: float | None
    excluded: bool | None
    side: str
    limit_coupling: float | None
    limit_upper: float | None
    confidence_level: str
    grade: str
    kind: str
    signature: str
    assumes: tuple[str, ...]
    source: tuple[str, ...]
    sentence: str
    coupling_name: str = "epsilon"
    beyond: float | None = None

    @property
    def doubt(self) -> str:
        """Why a limit that the point exceeds does not exclude it; empty where there is no doubt."""
        if self.side != "inside" or self.excluded or self.kind != "limit":
            return ""
        return "grade D" if self.grade == "D" else WARM_ONLY

    def to_json(self) -> dict[str, Any]:
        """The row as JSON types."""
        names = ("id", "label", "signature", "kind", "mu", "margin", "excluded")
        names += ("confidence_level", "grade")
        answer = {name: getattr(self, name) for name in names}
        answer |= {"assumes": list(self.assumes), "source": list(self.source)}
        answer |= {"side": self.side, "limit_coupling": self.limit_coupling}
        return answer | {"limit_upper": self.limit_upper, "sentence": self.sentence}


@dataclass(frozen=True)
class BoundResult:
    """One bound at many points; every array has the shape of the mediator's mass.

    mu, margin, limit_coupling and limit_upper are NaN exactly where `side` says that there is
    no number: no data, not applicable, no edge on that side. `excluded` is False there, and
    `has_data` tells the two apart. `like` : the vector is of the kind that the record is for.
    `remarks` are assumptions beside those of the record, each with a mask of the points that it
    holds for. `beyond` : what mu would be where the bound does not apply because an effective
    coupling does not hold, NaN elsewhere.
    """

    record: BoundRecord
    mu: np.ndarray
    margin: np.ndarray
    excluded: np.ndarray
    side: np.ndarray
    limit_coupling: np.ndarray
    limit_upper: np.ndarray
    mass: np.ndarray
    coupling: np.ndarray
    coupling_name: str
    reason: str
    like: bool = True
    remarks: tuple[tuple[np.ndarray, str], ...] = ()
    beyond: np.ndarray | None = None

    @property
    def id(self) -> str:
        """Id of the record."""
        return self.record.id

    @property
    def has_data(self) -> np.ndarray:
        """True where the bound says anything."""
        return self.side < NO_DATA

    def assumes(self, index: Any = ()) -> tuple[str, ...]:
        """What is assumed at one point: the record's assumptions, then the remarks.

        What is said there of a vector like the published one is left out for others.
        """
        own = tuple(
            text for text in self.record.assumes if self.like or not text.endswith(AS_PUBLISHED)
        )
        return own + tuple(text for mask, text in self.remarks if mask[index])

    def row(self, index: Any = (), own_epsilon: float | None = None) -> BoundRow:
        """The bound at one point; `index` is () for a single point.

        `own_epsilon` is the mixing of the model: where it is not the coupling to the
        electromagnetic current within 1%, the sentence says which of the two it means.
        """
        from vectorportal.bounds.sentences import describe

        side = SIDES[int(self.side[index])]
        record = self.record
        return BoundRow(
            id=record.id,
            label=record.label,
            mu=_plain(self.mu[index]),
            margin=_plain(self.margin[index]),
            excluded=bool(self.excluded[index]) if bool(self.has_data[index]) else None,
            side=side,
            limit_coupling=_plain(self.limit_coupling[index]),
            limit_upper=_plain(self.limit_upper[index]),
            confidence_level=record.confidence_level,
            grade=record.grade,
            kind=record.kind,
            signature=record.signature,
            assumes=self.assumes(index),
            source=record.source,
            sentence=describe(self, index, own_epsilon),
            coupling_name=self.coupling_name,
            beyond=None if self.beyond is None else _plain(self.beyond[index]),
        )


def _plain(value: Any) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None


def make_result(
    record: BoundRecord,
    p: Arrays,
    mu: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    blank: np.ndarray,
    reason: str,
    *,
    above: np.ndarray | None = None,
    include_grade_d: bool = False,
) -> BoundResult:
    """A BoundResult from mu and the excluded interval [lower, upper] of the coupling.

    `blank` holds NO_DATA or NOT_APPLICABLE where there is no answer, else 0. `above` marks points
    on the short-lived side. A projection never excludes, nor does grade D unless asked to.
    """
    silent = blank > 0
    is_above = np.zeros(p.mass.shape, bool) if above is None else above
    side = np.where(mu >= 1.0, INSIDE, np.where(is_above, ABOVE, BELOW))
    side = np.where(silent, blank, side)
    counts = record.kind == "limit" and (record.grade != "D" or include_grade_d)
    margin = margin_of(p.coupling, lower, upper, is_above & ~(mu >= 1.0))

    def seen(values: np.ndarray) -> np.ndarray:
        return np.where(silent | ~np.isfinite(values), np.nan, values)

    return BoundResult(
        record=record,
        mu=seen(mu),
        margin=seen(margin),
        excluded=(side == INSIDE) & counts,
        side=side.astype(np.int8),
        limit_coupling=seen(lower),
        limit_upper=seen(upper),
        mass=p.mass,
        coupling=p.coupling,
        coupling_name=p.name,
        reason=reason,
        like=p.mixing and record.reference == DARK_PHOTON,
    )


def margin_of(
    coupling: np.ndarray, lower: np.ndarray, upper: np.ndarray, above: np.ndarray
) -> np.ndarray:
    """The coupling over the nearest edge of the excluded interval, the upper one where `above`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        from_below = np.where(np.isfinite(lower), coupling / lower, np.nan)
        from_above = np.where(np.isfinite(upper), upper / coupling, np.nan)
    return np.where(above, from_above, np.fmin(from_below, from_above))
