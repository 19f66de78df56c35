"""Searches for a dark photon that decays to Standard Model particles only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import bounds_for, current
from vectorportal.models import get_model
from vectorportal.papers.limits import LimitCurve, curve_variables, limit_curves
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["dataset", "draw", "references"]

_MODEL = "dark-photon"


def _model_at(mass: Any, epsilon: Any) -> Any:
    kind: Any = get_model(_MODEL)
    return kind(m_v=mass, epsilon=epsilon, dm="none")


def _curves(mass: np.ndarray) -> tuple[LimitCurve, ...]:
    return limit_curves(current(bounds_for(_MODEL)), _model_at, mass)


def dataset(*, mass_min: float, mass_max: float, points: int, engine: str) -> xarray.Dataset:
    """The couplings that each record excludes over `mass` (m_v in GeV); NaN where it has no data.

    <id> : the smallest coupling; <id>_upper : the largest, for beam dumps, displaced vertices and
    the supernova. Nothing here runs on `engine`.
    """
    import xarray

    mass = mass_axis(mass_min, mass_max, points)
    curves = _curves(mass)
    shown = [curve for curve in curves if not curve.empty]
    variables: dict[str, Any] = {}
    for curve in shown:
        variables |= curve_variables(curve)
    attributes = {
        "title": "Searches for dark photons that decay to Standard Model particles",
        "model": _MODEL,
        "dm": "none",
        "without_curve": [curve.record.id for curve in curves if curve.empty],
        "references": list(_cited(shown)),
    }
    axis = ("mass", mass, {"units": "GeV", "long_name": "mediator mass m_v"})
    return xarray.Dataset(variables, coords={"mass": axis}, attrs=attributes)


def _cited(curves: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for curve in curves for key in curve.record.source))


def references(*, mass_min: float, mass_max: float, **_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    curves = _curves(mass_axis(mass_min, mass_max, 101))
    return _cited([curve for curve in curves if not curve.empty])


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.light_dark_matter.visible_bounds_drawing import draw as make

    return make(data)
