"""What the planes share: which records are shown, and the dataset made of their curves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.of_model import verdict
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.registry import current, load_bounds
from vectorportal.papers.limits import LimitCurve, curve_variables

if TYPE_CHECKING:
    import xarray

__all__ = ["OLD", "Frame", "cited", "dataset_of", "shown_records", "silent_about"]


OLD = "superseded or another recast"
"""What thin grey lines are"""


@dataclass(frozen=True)
class Frame:
    """How a plane is told: title, heading, names of the axes, highest coupling, what else it is.

    `name_old` : thin grey lines have names. `not_evaluated` names what no record covers.
    `inverse_label` : what the axis of 1/coupling on the right is called; none without.
    """

    title: str
    heading: str
    mass_name: str
    x_label: str
    y_label: str
    coupling_name: str
    top: float
    old: str = OLD
    more: Mapping[str, Any] = field(default_factory=dict)
    name_old: bool = False
    not_evaluated: tuple[str, ...] = ()
    inverse_label: str = ""


def shown_records(records: Iterable[BoundRecord], superseded: str) -> tuple[BoundRecord, ...]:
    """The current ones of `records`, or all of them with superseded = yes."""
    records = tuple(records)
    return records if superseded == "yes" else current(records)


def silent_about(model: Any) -> tuple[str, ...]:
    """What could exclude a vector such as `model`, a single point, and has no record."""
    return verdict(model, records=()).not_evaluated


def _status(record: BoundRecord) -> str:
    replaced = {name for other in load_bounds().values() for name in other.supersedes}
    if record.id in replaced:
        return "superseded"
    return "current" if record.alternative_to is None else "alternative"


def dataset_of(mass: np.ndarray, curves: Sequence[LimitCurve], frame: Frame) -> xarray.Dataset:
    """The dataset of a plane over `mass` (GeV, shape (n,)).

    <id> : the smallest coupling that a record excludes; <id>_upper : the largest, where there is
    one; NaN where it has no data. Attributes tell what each curve is and where it comes from.
    """
    import xarray

    shown = [curve for curve in curves if not curve.empty]
    variables: dict[str, Any] = {}
    for curve in shown:
        status = {"status": _status(curve.record), "coupling_name": frame.coupling_name}
        for name, (axis, values, about) in curve_variables(curve).items():
            variables[name] = (axis, values, about | status)
    attributes = {
        "title": frame.title,
        "heading": frame.heading,
        "x_label": frame.x_label,
        "y_label": frame.y_label,
        "inverse_label": frame.inverse_label,
        "bottom": _bottom(shown, frame.top),
        "top": frame.top,
        "old": frame.old,
        "name_old": frame.name_old,
        **frame.more,
        "not_evaluated": list(frame.not_evaluated),
        "without_curve": [curve.record.id for curve in curves if curve.empty],
        "references": list(cited(shown)),
    }
    axis = ("mass", mass, {"units": "GeV", "long_name": frame.mass_name})
    return xarray.Dataset(variables, coords={"mass": axis}, attrs=attributes)


def _bottom(curves: Sequence[LimitCurve], top: float) -> float:
    """The lower end of the axis: a little below the lowest curve."""
    lowest = [float(np.nanmin(curve.lower)) for curve in curves]
    return 0.4 * min([*lowest, 0.1 * top])


def cited(curves: Iterable[LimitCurve]) -> tuple[str, ...]:
    """Keys of data/references.yaml behind `curves`, each once."""
    shown = (curve for curve in curves if not curve.empty)
    return tuple(dict.fromkeys(key for curve in shown for key in curve.record.source))
