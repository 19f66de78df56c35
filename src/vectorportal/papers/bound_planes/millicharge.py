"""Particles of a small electric charge: charge against mass, as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import load_bounds
from vectorportal.papers.bound_planes.curves import Frame, cited, dataset_of, shown_records
from vectorportal.papers.bound_planes.drawing import draw_plane as draw
from vectorportal.papers.limits import LimitCurve, published_curves
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray

__all__ = ["dataset", "draw", "references"]

_FRAME = Frame(
    title="Searches for millicharged particles",
    heading=r"Millicharged particles, electric charge $Q_\chi$ of a Dirac fermion",
    mass_name="mass of the millicharged particle m_chi",
    x_label=r"mass $m_\chi$ [GeV]",
    y_label=r"charge $Q_\chi/e$",
    coupling_name="charge",
    top=1.0,
)


def _curves(mass: np.ndarray, superseded: str) -> tuple[LimitCurve, ...]:
    records = [r for r in load_bounds().values() if r.coupling == "millicharge"]
    return published_curves(shown_records(records, superseded), mass)


def dataset(*, mass_min: float, mass_max: float, points: int, superseded: str) -> xarray.Dataset:
    """The charges (in units of e) that each record excludes over `mass` = m_chi (GeV).

    <id> : the smallest charge; <id>_upper : the largest, where there is one; NaN without data.
    """
    mass = mass_axis(mass_min, mass_max, points)
    return dataset_of(mass, _curves(mass, superseded), _FRAME)


def references(*, mass_min: float, mass_max: float, superseded: str, **_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    return cited(_curves(mass_axis(mass_min, mass_max, 101), superseded))
