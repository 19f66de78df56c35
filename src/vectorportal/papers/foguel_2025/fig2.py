"""Figure 2 of [Foguel:2025]: freeze-out of X and the reactions behind it, at four masses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.settings import Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.foguel_2025.common import (
    attributes,
    equilibrium_yield,
    line_of_couplings,
    make,
    references_of,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["EPSILON", "MASSES", "PROCESSES", "SOLVED_AT", "dataset", "draw", "references"]

MASSES = (0.01, 10.0, 45.0, 100.0)
"""m_x in GeV, one panel each"""
EPSILON = (1e-6, 1e-3, 1e-2)
SOLVED_AT = 1e-3
"""epsilon at which g_x is solved for, that of the caption of the paper"""
PROCESSES = ("kinetic", "dark", "xxx", "xxz", "zzz")
_X = (1.0, 100.0)
_OBSERVABLES = ("omega_h2", "yield_evolution", "rates")
_DIMS = ("m_x", "epsilon", "x")


def dataset(*, prescription: str, target: float, points: int) -> xarray.Dataset:
    """Yields and rates over x = m_x/T, for each mass (GeV) and kinetic mixing.

    g_x (m_x) : solved for `target` at epsilon = 1e-3, NaN where there is no solution. omega_h2 and
    status (m_x, epsilon) : found at that coupling. y_x (m_x, epsilon, x), y_x_eq (m_x, x).
    rate_<process> : gamma/(n_eq H), kinetic over (m_x, epsilon, x) and the others over (m_x, x).
    x_last_<process> : the last x at which that is 1.
    """
    import xarray

    x, options = np.geomspace(*_X, points), Options(prescription=prescription)
    line = line_of_couplings(np.asarray(MASSES), SOLVED_AT, target, prescription)
    grid = {"m_x": np.asarray(MASSES)[:, None], "epsilon": np.asarray(EPSILON)[None, :]}
    g_x = np.where(np.isfinite(line.coupling), line.coupling, 1.0)[:, None]
    solved = np.isfinite(line.coupling)
    variables: dict[str, Any] = {"g_x": ("m_x", line.coupling, {"units": "1"})}
    variables |= _yields(make(**grid, g_x=g_x), options, x, solved)
    variables["y_x_eq"] = (
        ("m_x", "x"),
        equilibrium_yield(grid["m_x"], x, 6.0),
        {"units": "1", "long_name": "equilibrium yield of X+ and X- together"},
    )
    variables |= _rates({**grid, "g_x": g_x}, options, x, solved)
    about = attributes("Freeze-out of X", prescription, target, *_OBSERVABLES)
    about["epsilon_of_g_x"] = SOLVED_AT
    coordinates = {
        "m_x": ("m_x", np.asarray(MASSES), {"units": "GeV", "long_name": "mass of X"}),
        "epsilon": ("epsilon", np.asarray(EPSILON), {"units": "1"}),
        "x": ("x", x, {"units": "1", "long_name": "m_x/T"}),
    }
    return xarray.Dataset(variables, coords=coordinates, attrs=about)


def _yields(model: Any, options: Options, x: np.ndarray, solved: np.ndarray) -> dict[str, Any]:
    """Yield of X over x, and the density left, where g_x was found."""
    left = evaluate(model, "omega_h2", options=options)
    history = evaluate(model, "yield_evolution", options=options).value
    at, y = np.log(history["x"]), history["y_x"]
    found = np.empty((*model.shape, x.size))
    for place in np.ndindex(model.shape):
        log_y = np.log(np.where(y[place] > 0.0, y[place], np.nan))
        found[place] = np.exp(np.interp(np.log(x), at[place], log_y))
    keep = solved[:, None]
    about = {"units": "1", "long_name": "(n_X+ + n_X-)/s"}
    codes = {"units": "1", "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)]}
    return {
        "omega_h2": (_DIMS[:2], np.where(keep, left.value, np.nan), {"units": "1"}),
        "status": (_DIMS[:2], left.status, codes),
        "y_x": (_DIMS, np.where(keep[..., None], found, np.nan), about),
    }


def _rates(
    parameters: dict[str, np.ndarray], options: Options, x: np.ndarray, solved: np.ndarray
) -> dict[str, Any]:
    """gamma/(n_eq H) of every process over x, and where each was last 1."""
    wide = {name: value[..., None] for name, value in parameters.items()}
    value = evaluate(make(**wide), "rates", options=options, x=x[None, None, :]).value
    about = {"units": "1", "long_name": "gamma/(n_eq H)"}
    answer: dict[str, Any] = {}
    for name in PROCESSES:
        rate = np.where(solved[:, None, None], value[name], np.nan)
        dims, kept = (_DIMS, rate) if name == "kinetic" else (("m_x", "x"), rate[:, 0])
        answer[f"rate_{name}"] = (dims, kept, about)
        answer[f"x_last_{name}"] = (dims[:-1], _last(kept, x), {"units": "1"})
    return answer


def _last(rate: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The x after which `rate` (..., n) stays below 1; NaN where it is below everywhere."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log_rate = np.log(rate)
    above = log_rate >= 0.0
    i = np.clip(x.size - 1 - np.argmax(above[..., ::-1], axis=-1), 0, x.size - 2)
    a, b = (np.take_along_axis(log_rate, k[..., None], -1)[..., 0] for k in (i, i + 1))
    share = a / np.where(a == b, 1.0, a - b)
    answer = x[i] * (x[i + 1] / x[i]) ** np.clip(share, 0.0, 1.0)
    return np.where(above.any(axis=-1), answer, np.nan)


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig2_drawing import draw as make_picture

    return make_picture(data)
