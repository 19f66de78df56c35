"""Dark photons that decay to Standard Model particles only: kinetic mixing against mass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import bounds_for
from vectorportal.models import get_model
from vectorportal.papers.bound_planes.curves import (
    Frame,
    cited,
    dataset_of,
    shown_records,
    silent_about,
)
from vectorportal.papers.bound_planes.drawing import draw_plane as draw
from vectorportal.papers.limits import LimitCurve, limit_curves
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray

__all__ = ["dataset", "draw", "references"]

_MODEL = "dark-photon"
_FRAME = Frame(
    title="Searches for dark photons that decay to Standard Model particles",
    heading=r"Dark photons that decay to Standard Model particles, $m_V < 2\,m_{\rm DM}$",
    mass_name="mediator mass m_v",
    x_label=r"mediator mass $m_V$ [GeV]",
    y_label=r"kinetic mixing $\epsilon$",
    coupling_name="epsilon",
    top=0.1,
    more={"model": _MODEL, "dm": "none"},
)


def _model_at(mass: Any, epsilon: Any) -> Any:
    kind: Any = get_model(_MODEL)
    return kind(m_v=mass, epsilon=epsilon, dm="none")


def _curves(mass: np.ndarray, superseded: str) -> tuple[LimitCurve, ...]:
    return limit_curves(shown_records(bounds_for(_MODEL), superseded), _model_at, mass)


def dataset(
    *, mass_min: float, mass_max: float, points: int, superseded: str = "no", engine: str = "numpy"
) -> xarray.Dataset:
    """The couplings that each record excludes over `mass` (m_v in GeV); NaN where it has no data.

    <id> : the smallest coupling; <id>_upper : the largest, for beam dumps, displaced vertices and
    the supernova. Nothing here runs on `engine`.
    """
    mass = mass_axis(mass_min, mass_max, points)
    frame = replace(_FRAME, not_evaluated=silent_about(_model_at(1.0, 1e-3)))
    return dataset_of(mass, _curves(mass, superseded), frame)


def references(
    *, mass_min: float, mass_max: float, superseded: str = "no", **_: Any
) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    return cited(_curves(mass_axis(mass_min, mass_max, 101), superseded))
