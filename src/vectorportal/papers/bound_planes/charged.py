"""Vectors of a new charge (B - L, L_i - L_j, protophobic, ...): coupling against mass."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import bounds_for
from vectorportal.models import get_model
from vectorportal.papers.bound_planes.curves import (
    OLD,
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

__all__ = ["charged_curves", "dataset", "draw", "frame_of", "references"]

_MODEL = "charged-vector"
_HIGHEST = 3.0
"""Largest coupling of a curve: beyond, a vector is no particle any more"""


def _model_at(charges: str, mass: Any, coupling: Any) -> Any:
    kind: Any = get_model(_MODEL)
    return kind(m_v=mass, g_x=coupling, charges=charges, dm="none")


def charged_curves(records: Any, charges: str, mass: np.ndarray) -> tuple[LimitCurve, ...]:
    """`records` recast to a vector of `charges` without dark decays, over `mass` (GeV)."""
    return limit_curves(records, partial(_model_at, charges), mass, _HIGHEST)


def _curves(mass: np.ndarray, charges: str, superseded: str) -> tuple[LimitCurve, ...]:
    return charged_curves(shown_records(bounds_for(_MODEL), superseded), charges, mass)


def frame_of(title: str, charges: str, coupling: str, old: str = OLD) -> Frame:
    """How a plane for `charges` is told; `coupling` is the letter on its axis.

    `old` is what the legend calls thin grey lines.
    """
    return Frame(
        title=title,
        heading=f"{title}: {_typeset(charges)}",
        mass_name="mediator mass m_v",
        x_label=r"mediator mass $m_V$ [GeV]",
        y_label=f"coupling ${coupling}$",
        coupling_name="g_x",
        top=1.0,
        old=old,
        more={"model": _MODEL, "charges": charges, "dm": "none"},
        not_evaluated=silent_about(_model_at(charges, 1.0, 1e-3)),
    )


def _typeset(charges: str) -> str:
    """Named charges as a formula, words and own ones as they are."""
    word = charges.removesuffix("+mixing")
    mixing = "" if word == charges else ", with loop mixing"
    if ":" in word or word.islower():
        return word + mixing
    letters = word.replace("_mu", r"_\mu").replace("_tau", r"_\tau")
    return f"${letters}${mixing}"


def dataset(
    *, charges: str, mass_min: float, mass_max: float, points: int, superseded: str
) -> xarray.Dataset:
    """The couplings g_x that each record excludes over `mass` = m_v (GeV) for these charges.

    <id> : the smallest coupling; <id>_upper : the largest, where there is one; NaN where the record
    has no data or says nothing about such a vector.
    """
    mass = mass_axis(mass_min, mass_max, points)
    frame = frame_of("Searches for a vector of a new charge", charges, "g_X")
    return dataset_of(mass, _curves(mass, charges, superseded), frame)


def references(
    *, charges: str, mass_min: float, mass_max: float, superseded: str, **_: Any
) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    return cited(_curves(mass_axis(mass_min, mass_max, 101), charges, superseded))
