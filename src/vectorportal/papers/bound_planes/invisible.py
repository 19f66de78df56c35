"""Dark photons that decay to dark matter: kinetic mixing or y against mass."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
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
_KINDS = {"complex-scalar": "complex scalar", "dirac": "Dirac", "majorana": "Majorana"}


def _model_at(dm: str, ratio: float, alpha_d: float, mass: Any, epsilon: Any) -> Any:
    kind: Any = get_model(_MODEL)
    return kind(m_v=mass, epsilon=epsilon, m_dm=ratio * mass, alpha_d=alpha_d, dm=dm)


def _curves(
    mass: np.ndarray, name: str, dm: str, ratio: float, alpha_d: float, superseded: str
) -> tuple[LimitCurve, ...]:
    """Curves in epsilon over m_v, or in y over m_dm; `mass` is that of the axis."""
    records = shown_records(bounds_for(_MODEL), superseded)
    model_at = partial(_model_at, dm, ratio, alpha_d)
    if name == "epsilon":
        return limit_curves(records, model_at, mass)
    factor = alpha_d * ratio**4
    found = limit_curves(records, model_at, mass / ratio)
    return tuple(replace(c, lower=factor * c.lower**2, upper=factor * c.upper**2) for c in found)


def _frame(name: str, dm: str, ratio: float, alpha_d: float) -> Frame:
    share = f"m_V/{1.0 / ratio:.3g}"
    heading = (
        rf"Dark photons that decay to dark matter ({_KINDS[dm]}), "
        rf"$m_{{\rm DM}} = {share}$, $\alpha_D = {alpha_d:.3g}$"
    )
    more = {"model": _MODEL, "dm": dm, "m_dm_over_m_v": ratio, "alpha_d": alpha_d}
    if name == "epsilon":
        return Frame(
            title="Searches for dark photons that decay to dark matter",
            heading=heading,
            mass_name="mediator mass m_v",
            x_label=r"mediator mass $m_V$ [GeV]",
            y_label=r"kinetic mixing $\epsilon$",
            coupling_name="epsilon",
            top=0.1,
            more=more,
        )
    return Frame(
        title="Searches for dark photons that decay to dark matter, in y",
        heading=heading,
        mass_name="dark matter mass m_dm",
        x_label=r"dark matter mass $m_{\rm DM}$ [GeV]",
        y_label=r"$y = \epsilon^2 \alpha_D (m_{\rm DM}/m_V)^4$",
        coupling_name="y",
        top=3e-5,
        more=more,
    )


def dataset(
    *,
    plane: str,
    dm: str,
    ratio: float,
    alpha_d: float,
    mass_min: float,
    mass_max: float,
    points: int,
    superseded: str,
) -> xarray.Dataset:
    """What each record excludes for dark matter `dm` of mass `ratio` m_v.

    plane=epsilon: kinetic mixing over `mass` = m_v (GeV). plane=y: epsilon^2 alpha_d ratio^4 over
    `mass` = m_dm (GeV). <id> : the smallest value; <id>_upper : the largest, where there is one.
    """
    mass = mass_axis(mass_min, mass_max, points)
    curves = _curves(mass, plane, dm, ratio, alpha_d, superseded)
    silent = silent_about(_model_at(dm, ratio, alpha_d, 1.0, 1e-3))
    frame = replace(_frame(plane, dm, ratio, alpha_d), not_evaluated=silent)
    return dataset_of(mass, curves, frame)


def references(
    *,
    plane: str,
    dm: str,
    ratio: float,
    alpha_d: float,
    mass_min: float,
    mass_max: float,
    superseded: str,
    **_: Any,
) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    mass = mass_axis(mass_min, mass_max, 101)
    return cited(_curves(mass, plane, dm, ratio, alpha_d, superseded))
