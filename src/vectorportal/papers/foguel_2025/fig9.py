"""Figure 9 of [Foguel:2025]: searches for Z_D against what freeze-in and freeze-out need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import bounds_for, current
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.foguel_2025.common import (
    MODEL,
    attributes,
    line_of_couplings,
    make,
    references_of,
)
from vectorportal.papers.limits import LimitCurve, curve_variables, limit_curves
from vectorportal.papers.masses import mass_axis
from vectorportal.papers.relic_line import RelicLine, relic_line

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["FREEZE_IN", "FreezeIn", "dataset", "draw", "references"]


@dataclass(frozen=True)
class FreezeIn:
    """A line of the figure: dark coupling and reheating temperature over v = 246 GeV."""

    name: str
    g_x: float
    t_rh_over_v: float


FREEZE_IN = (
    FreezeIn("g 1e-11 v", 1e-11, 1.0),
    FreezeIn("g 1e-9 v", 1e-9, 1.0),
    FreezeIn("g 1e-7 v", 1e-7, 1.0),
    FreezeIn("g 1e-7 3v", 1e-7, 3.0),
)
"""Lines of the caption"""
FREEZE_OUT_EPSILON = 1e-3
"""epsilon of the orange line of figure 3, from which the upper axis is read"""
_SIGNATURES = ("prompt-visible", "displaced", "dump", "cooling", "coupling")
"""What a Z_D that decays into the Standard Model is searched by"""
_G_IN_LIMITS = 0.1
"""g_x for the widths of the limits, on which nothing depends: Z_D -> X+ X- is closed at R = 1"""
_EPSILON = (1e-14, 0.5)
_LINE = ("line", "m_x")
_STRIDE = 4
"""masses of the limits per mass of the lines"""


def dataset(
    *, prescription: str, target: float, mass_min: float, mass_max: float, points: int
) -> xarray.Dataset:
    """Curves over m_x in GeV (minimal model); NaN where a curve has a gap.

    freeze_in (line, m_x) : smallest epsilon at which the network, started empty at t_rh, leaves
    `target`; freeze_in_found and freeze_in_status : density and status there; freeze_in_lifetime
    of Z_D there. g_x_freeze_out (m_x) : dark coupling of freeze-out at epsilon = 1e-3. Each record
    with a curve, by id over `mass`, that of X and Z_D : the smallest epsilon it excludes, and
    <id>_upper the largest.
    """
    import xarray

    mass = mass_axis(mass_min, mass_max, points)
    curves = [curve for curve in _curves(mass) if not curve.empty]
    m_x = mass_axis(mass_min, mass_max, max(points // _STRIDE, 2))
    variables = _freeze_in(m_x, target, Options(prescription=prescription, mechanism="auto"))
    freeze_out = line_of_couplings(m_x, FREEZE_OUT_EPSILON, target, prescription)
    variables["g_x_freeze_out"] = ("m_x", freeze_out.coupling, {"units": "1", "kind": "target"})
    for curve in curves:
        variables |= curve_variables(curve)
    about = attributes("Bounds on Z_D", prescription, target, "omega_h2", "lifetime_s")
    about["references"] = list(_cited(curves))
    coordinates = {
        "mass": ("mass", mass, {"units": "GeV", "long_name": "mass of X, and of Z_D"}),
        "m_x": ("m_x", m_x, {"units": "GeV", "long_name": "mass of X"}),
        "line": [line.name for line in FREEZE_IN],
        "g_x": ("line", [line.g_x for line in FREEZE_IN], {"units": "1"}),
        "t_rh": ("line", _reheating(), {"units": "GeV"}),
    }
    return xarray.Dataset(variables, coords=coordinates, attrs=about)


def _reheating() -> np.ndarray:
    return np.asarray([line.t_rh_over_v for line in FREEZE_IN]) * Inputs.default().sm.vev


def _freeze_in(mass: np.ndarray, target: float, options: Options) -> dict[str, Any]:
    """The lines of freeze-in and what they were found to be."""
    t_rh = _reheating()
    lines = [
        _line(mass, line.g_x, temperature, target, options)
        for line, temperature in zip(FREEZE_IN, t_rh, strict=True)
    ]
    epsilon = np.stack([line.coupling for line in lines])
    known = np.isfinite(epsilon)
    g_x = np.asarray([line.g_x for line in FREEZE_IN])[:, None]
    on_line = partial(make, m_x=mass, g_x=g_x, epsilon=np.where(known, epsilon, 1e-9))
    status = evaluate(on_line(t_rh=t_rh[:, None]), "omega_h2", options=options).status
    lifetime = evaluate(on_line(), "lifetime_s").value
    codes = {"units": "1", "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)]}
    return {
        "freeze_in": (_LINE, epsilon, {"units": "1", "kind": "target"}),
        "freeze_in_found": (_LINE, np.stack([line.omega_h2 for line in lines]), {"units": "1"}),
        "freeze_in_status": (_LINE, np.where(known, status, STATUS_NAMES.index("no-data")), codes),
        "freeze_in_lifetime": (_LINE, np.where(known, lifetime, np.nan), {"units": "s"}),
    }


def _line(mass: np.ndarray, g_x: float, t_rh: float, target: float, options: Options) -> RelicLine:
    def at(m_x: np.ndarray, epsilon: np.ndarray) -> Any:
        return make(m_x=m_x, g_x=g_x, epsilon=epsilon, t_rh=t_rh)

    settings = {"bracket": _EPSILON, "slope": 2.0, "tolerance": 1e-3, "trusted": False}
    return relic_line(at, mass, target, options=options, nodes=28, **settings)


def _curves(mass: np.ndarray) -> tuple[LimitCurve, ...]:
    records = [r for r in current(bounds_for(MODEL)) if r.signature in _SIGNATURES]
    return limit_curves(records, _mediator_at, mass)


def _mediator_at(mass: Any, epsilon: Any) -> Any:
    return make(m_x=mass, g_x=_G_IN_LIMITS, epsilon=epsilon)


def _cited(curves: Any) -> tuple[str, ...]:
    keys = [*references_of("omega_h2", "lifetime_s")]
    keys += [key for curve in curves for key in curve.record.source]
    return tuple(dict.fromkeys(keys))


def references(*, mass_min: float, mass_max: float, **_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    curves = _curves(mass_axis(mass_min, mass_max, 101))
    return _cited([curve for curve in curves if not curve.empty])


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig9_drawing import draw as make_picture

    return make_picture(data)
