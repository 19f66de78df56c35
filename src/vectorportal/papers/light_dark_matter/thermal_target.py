"""Thermal targets of light dark matter against the searches for an invisible dark photon."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.registry import bounds_for, current, get_bound
from vectorportal.models import get_model
from vectorportal.models.base import Model
from vectorportal.observables.base import get_observable
from vectorportal.papers.limits import (
    LimitCurve,
    annihilation_signal,
    curve_variables,
    limit_curves,
)
from vectorportal.papers.masses import mass_axis
from vectorportal.papers.relic_line import relic_line

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["KINDS", "dataset", "draw", "references", "relic_name"]

KINDS = ("complex-scalar", "majorana", "dirac")
"""Kinds of dark matter with a line of their own"""
_MODEL = "dark-photon"
_CMB = "cmb_planck_2018"


def relic_name(kind: str) -> str:
    """The name of the line of `kind` in the dataset."""
    return f"relic_{kind.replace('-', '_')}"


def _model_at(dm: str, ratio: float, alpha_d: float, mass: Any, epsilon: Any) -> Model:
    kind: Any = get_model(_MODEL)
    return kind(m_v=mass, epsilon=epsilon, m_dm=ratio * mass, alpha_d=alpha_d, dm=dm)


def dataset(
    *,
    dm: str,
    ratio: float,
    alpha_d: float,
    target: float,
    mass_min: float,
    mass_max: float,
    points: int,
    engine: str,
) -> xarray.Dataset:
    """Every curve of the figure over `mass` (m_v in GeV); NaN where a curve has a gap.

    relic_<kind> : epsilon at which omega_h2 is `target`; relic_<kind>_omega_h2 : the density found
    there; relic_<kind>_y : epsilon^2 alpha_d ratio^4; relic_<kind>_cmb : energy injected by
    annihilation over the limit of the microwave background.
    Each record with a curve, by id : the smallest coupling it excludes for dark matter `dm`, and
    <id>_upper the largest where there is one.
    """
    import xarray

    mass = mass_axis(mass_min, mass_max, points)
    variables: dict[str, Any] = {}
    for kind in KINDS:
        variables |= _relic(kind, ratio, alpha_d, mass, target, engine)
    curves = _curves(partial(_model_at, dm, ratio, alpha_d), mass)
    shown = [curve for curve in curves if not curve.empty]
    for curve in shown:
        variables |= curve_variables(curve)
    attributes = {
        "title": "Thermal targets and searches for invisible dark photons",
        "model": _MODEL,
        "dm_of_bounds": dm,
        "m_dm_over_m_v": ratio,
        "alpha_d": alpha_d,
        "omega_h2": target,
        "without_curve": [curve.record.id for curve in curves if curve.empty],
        "references": list(_cited(shown)),
    }
    axis = ("mass", mass, {"units": "GeV", "long_name": "mediator mass m_v"})
    return xarray.Dataset(variables, coords={"mass": axis}, attrs=attributes)


def _relic(
    kind: str, ratio: float, alpha_d: float, mass: np.ndarray, target: float, engine: str
) -> dict[str, Any]:
    """The line of one kind of dark matter and what goes with it, as variables."""
    model_at = partial(_model_at, kind, ratio, alpha_d)
    line = relic_line(model_at, mass, target, engine=engine)
    good = np.isfinite(line.epsilon)
    injected = np.full(mass.shape, np.nan)
    if good.any():
        on_line = model_at(mass[good], line.epsilon[good])
        injected[good] = annihilation_signal(get_bound(_CMB), on_line)
    name, label = relic_name(kind), kind.replace("-", " ")
    found = get_observable("omega_h2", _MODEL)
    about = {"label": f"{label} dark matter", "kind": "target", "dm": kind, "units": "1"}
    about |= {"source": list(found.references), "assumes": list(found.assumptions)}
    values = {
        name: line.epsilon,
        f"{name}_omega_h2": line.omega_h2,
        f"{name}_y": line.epsilon**2 * alpha_d * ratio**4,
        f"{name}_cmb": injected,
    }
    return {key: ("mass", value, about) for key, value in values.items()}


def _curves(model_at: Any, mass: np.ndarray) -> tuple[LimitCurve, ...]:
    return limit_curves(current(bounds_for(_MODEL)), model_at, mass)


def _cited(curves: Any) -> tuple[str, ...]:
    """Keys behind the relic lines, the microwave background and `curves`, each once."""
    keys = [*get_observable("omega_h2", _MODEL).references, *get_bound(_CMB).source]
    keys += [key for curve in curves for key in curve.record.source]
    return tuple(dict.fromkeys(keys))


def references(
    *, dm: str, ratio: float, alpha_d: float, mass_min: float, mass_max: float, **_: Any
) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with these keywords."""
    mass = mass_axis(mass_min, mass_max, 101)
    curves = _curves(partial(_model_at, dm, ratio, alpha_d), mass)
    return _cited([curve for curve in curves if not curve.empty])


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.light_dark_matter.thermal_target_drawing import draw as make

    return make(data)
