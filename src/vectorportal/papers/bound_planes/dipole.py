"""Vectors with a dipole of the electron and no kinetic mixing: alpha_d/Lambda against mass."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import bounds_for
from vectorportal.inputs.settings import Options
from vectorportal.models import get_model
from vectorportal.observables.base import get_observable
from vectorportal.papers.bound_planes.curves import (
    Frame,
    cited,
    dataset_of,
    shown_records,
    silent_about,
)
from vectorportal.papers.bound_planes.drawing import draw_plane
from vectorportal.papers.limits import LimitCurve, limit_curves
from vectorportal.papers.masses import mass_axis
from vectorportal.papers.relic_line import relic_line
from vectorportal.papers.style import BLACK

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["RELIC", "dataset", "draw", "references"]

_MODEL = "dark-dipole"
RELIC = "relic_complex_scalar"
"""Name of the line of the observed density"""
_GEV_PER_TEV = 1e3
_HIGHEST = 1.0
"""Largest alpha_d/Lambda of a curve in 1/GeV: no effective coupling beyond"""
_RELIC_RANGE = (1e-9, 1e-1)
"""alpha_d/Lambda in 1/GeV between which the relic density is solved for"""
_PER_RELIC_POINT = 4
"""Masses of the axis for one of the relic line"""


def _model_at(dm: str, ratio: float, alpha_d: float, mass: Any, coupling: Any) -> Any:
    """The model at alpha_d/Lambda = `coupling` in 1/GeV."""
    kind: Any = get_model(_MODEL)
    dark = {} if dm == "none" else {"m_dm": ratio * mass}
    return kind(m_v=mass, lambda_over_alpha_d=1.0 / coupling, alpha_d=alpha_d, **dark)


def _curves(
    mass: np.ndarray, dm: str, ratio: float, alpha_d: float, superseded: str
) -> tuple[LimitCurve, ...]:
    """Curves in alpha_d/Lambda, 1/TeV."""
    records = shown_records(bounds_for(_MODEL), superseded)
    found = limit_curves(records, partial(_model_at, dm, ratio, alpha_d), mass, _HIGHEST)
    unit = _GEV_PER_TEV
    return tuple(replace(c, lower=unit * c.lower, upper=unit * c.upper) for c in found)


def _frame(dm: str, ratio: float, alpha_d: float) -> Frame:
    dark = "visible decays" if dm == "none" else rf"$m_\phi = {ratio:.3g}\,m_V$"
    return Frame(
        title="Searches for vectors with a dipole of the electron",
        heading=rf"Dipole of the electron, $\epsilon = 0$, $\alpha_D = {alpha_d:.3g}$, {dark}",
        mass_name="mediator mass m_v",
        x_label=r"mediator mass $m_V$ [GeV]",
        y_label=r"$\alpha_D/\Lambda_e$ [1/TeV]",
        coupling_name="1/lambda_over_alpha_d",
        top=10.0,
        inverse_label=r"$\Lambda_e/\alpha_D$ [TeV]",
        more={"model": _MODEL, "dm": dm, "m_dm_over_m_v": ratio, "alpha_d": alpha_d},
        not_evaluated=silent_about(_model_at(dm, ratio, alpha_d, 1.0, 1e-6)),
    )


def _relic(mass: np.ndarray, ratio: float, alpha_d: float) -> np.ndarray:
    """alpha_d/Lambda in 1/TeV that leaves omega_h2 = 0.12, NaN where there is none."""
    some = np.unique(np.append(mass[::_PER_RELIC_POINT], mass[-1]))
    model_at = partial(_model_at, "complex-scalar", ratio, alpha_d)
    line = relic_line(model_at, some, 0.12, options=Options(), bracket=_RELIC_RANGE)
    found = np.interp(np.log(mass), np.log(some), np.log(line.coupling))
    return _GEV_PER_TEV * np.exp(found)


def dataset(
    *,
    dm: str,
    ratio: float,
    alpha_d: float,
    mass_min: float,
    mass_max: float,
    points: int,
    superseded: str,
) -> xarray.Dataset:
    """What each record excludes, as alpha_d/Lambda_e (1/TeV) over `mass` = m_v (GeV), epsilon = 0.

    <id> : the smallest value; <id>_upper : the largest, where there is one; relic_complex_scalar :
    where freeze-out leaves 0.12, with dm = complex-scalar.
    """
    mass = mass_axis(mass_min, mass_max, points)
    curves = _curves(mass, dm, ratio, alpha_d, superseded)
    data = dataset_of(mass, curves, _frame(dm, ratio, alpha_d))
    for name in data.data_vars:
        data[name].attrs["units"] = "1/TeV"
    if dm == "none":
        return data
    about = {"units": "1/TeV", "label": "omega_h2 = 0.12", "kind": "target"}
    about |= {"source": list(_relic_sources())}
    data[RELIC] = ("mass", _relic(mass, ratio, alpha_d), about)
    data.attrs["references"] = list(dict.fromkeys([*data.attrs["references"], *_relic_sources()]))
    return data


def _relic_sources() -> tuple[str, ...]:
    return get_observable("omega_h2", _MODEL).references


def references(
    *,
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
    found = cited(_curves(mass, dm, ratio, alpha_d, superseded))
    return found if dm == "none" else tuple(dict.fromkeys([*found, *_relic_sources()]))


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset` with the line of the observed density."""
    picture = draw_plane(data)
    axes = picture.axes[0]
    if RELIC in data:
        line = data[RELIC]
        axes.plot(data["mass"], line, color=BLACK, lw=2.2, zorder=6.0)
        seen = np.flatnonzero(np.isfinite(line.values))
        if seen.size:
            i = seen[2 * seen.size // 3]
            at = (float(data["mass"][i]), 1.15 * float(line[i]))
            axes.text(*at, r"$\Omega h^2 = 0.12$", va="bottom", ha="center", fontsize=11)
    return picture
