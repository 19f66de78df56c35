"""Vectors of baryon number: published limits, recasts, and rates that anomalies enhance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.registry import bounds_for
from vectorportal.papers.bound_planes.charged import charged_curves, frame_of
from vectorportal.papers.bound_planes.curves import cited, dataset_of, shown_records
from vectorportal.papers.bound_planes.drawing import draw_plane as draw
from vectorportal.papers.bound_planes.figures import BARYONIC
from vectorportal.papers.limits import LimitCurve, published_curves
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray

__all__ = ["dataset", "draw", "references"]

_TITLE = "Searches for a vector of baryon number"
_OLD = "published for baryon number"


def _records(superseded: str) -> tuple[tuple[BoundRecord, ...], tuple[BoundRecord, ...]]:
    """Those on any vector, which are recast, and those published for baryon number.

    The latter stay even where they are another reading of data that are recast here.
    """
    every = {r.id: r for model in ("charged-vector", "baryonic-vector") for r in bounds_for(model)}
    published = [r for r in every.values() if (r.charges or "") in BARYONIC]
    general = [r for r in every.values() if r.id not in {p.id for p in published}]
    return shown_records([r for r in general if "charged-vector" in r.models], superseded), tuple(
        published
    )


def _curves(mass: np.ndarray, charges: str, superseded: str) -> tuple[LimitCurve, ...]:
    general, published = _records(superseded)
    return (*charged_curves(general, charges, mass), *published_curves(published, mass))


def dataset(
    *, charges: str, mass_min: float, mass_max: float, points: int, superseded: str
) -> xarray.Dataset:
    """The couplings g_x that each record excludes over `mass` = m_v (GeV) for baryon number.

    Limits published for baryon number, those of rare decays enhanced by anomalies among them, stand
    as they are beside the recast of all others. <id> : the smallest coupling; <id>_upper : the
    largest, where there is one.
    """
    mass = mass_axis(mass_min, mass_max, points)
    frame = frame_of(_TITLE, charges, "g_B", _OLD)
    silent = tuple(text for text in frame.not_evaluated if "anomalies" not in text)
    frame = replace(frame, name_old=True, not_evaluated=silent)
    return dataset_of(mass, _curves(mass, charges, superseded), frame)


def references(
    *, charges: str, mass_min: float, mass_max: float, superseded: str, **_: Any
) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    return cited(_curves(mass_axis(mass_min, mass_max, 101), charges, superseded))
