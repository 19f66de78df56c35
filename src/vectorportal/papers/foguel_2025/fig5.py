"""Figure 5 of [Foguel:2025]: freeze-in of X and Z_D at three benchmark points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.foguel_2025.common import attributes, make, references_of
from vectorportal.papers.relic_line import relic_line

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["BENCHMARKS", "Benchmark", "dataset", "draw", "references"]


@dataclass(frozen=True)
class Benchmark:
    """A point of the paper: reheating at `v` or `v_x`, dark coupling, kinetic mixing."""

    name: str
    t_rh: str
    g_x: float
    epsilon: float


BENCHMARKS = (
    Benchmark("BP1", "v_x", 3e-6, 2.5e-15),
    Benchmark("BP2", "v", 3e-6, 5.4e-9),
    Benchmark("BP3", "v", 2e-7, 8.15e-8),
)
"""Text and caption of figure 5"""
_CASES = ("quoted", "solved")
_YIELDS = ("y_x", "y_zd", "y_x_eq", "y_zd_eq")
_OBSERVABLES = ("omega_h2", "yield_evolution", "lifetime_s")
_DIMS = ("point", "case", "sample")
_POWER_BETWEEN = (1e5, 2e5)
"""reheating temperatures in GeV, far above electroweak symmetry breaking"""
_ROUNDING = 1e-15
"""of the largest yield of Z_D"""


def dataset(*, prescription: str, target: float, m_x: float, statistics: str) -> xarray.Dataset:
    """Histories at the benchmarks: at the quoted epsilon and at the one that leaves `target`.

    g_x, t_rh (point) ; epsilon, omega_h2, status, lifetime_zd (point, case) ; x and the yields of X
    and Z_D with their equilibria (point, case, sample); Z_D ends where 15 decades are gone, below
    which the yield is lost in rounding. temperature_power (point) : d ln omega_h2/d ln t_rh at the
    quoted epsilon, between 100 and 200 TeV. Where no epsilon leaves `target`, the case solved is
    NaN.
    """
    import xarray

    options = Options(prescription=prescription, mechanism="freeze-in", statistics=statistics)
    g_x, t_rh = np.asarray([b.g_x for b in BENCHMARKS]), _reheating(m_x)
    quoted = np.asarray([b.epsilon for b in BENCHMARKS])
    solved = _solved(m_x, g_x, t_rh, target, options)
    epsilon = np.stack([quoted, solved], axis=1)
    known = np.isfinite(epsilon)
    model = make(
        m_x=m_x,
        g_x=g_x[:, None],
        epsilon=np.where(known, epsilon, quoted[:, None]),
        t_rh=t_rh[:, None],
    )
    variables: dict[str, Any] = {
        "g_x": ("point", g_x, {"units": "1"}),
        "t_rh": ("point", t_rh, {"units": "GeV"}),
        "epsilon": (_DIMS[:2], epsilon, {"units": "1"}),
        **_outcome(model, options, known),
    }
    hot = make(m_x=m_x, g_x=g_x, epsilon=quoted, t_rh=np.asarray(_POWER_BETWEEN)[:, None])
    low, high = np.asarray(evaluate(hot, "omega_h2", options=options).value)
    power = np.log(high / low) / np.log(_POWER_BETWEEN[1] / _POWER_BETWEEN[0])
    variables["temperature_power"] = ("point", power, {"units": "1"})
    about = attributes("Freeze-in at three points", prescription, target, *_OBSERVABLES)
    about |= {"m_x": m_x, "statistics": statistics}
    names = {"point": [b.name for b in BENCHMARKS], "case": list(_CASES)}
    return xarray.Dataset(variables, coords=names, attrs=about)


def _reheating(m_x: float) -> np.ndarray:
    """Reheating temperatures of the benchmarks in GeV."""
    at = {"v": lambda b: Inputs.default().sm.vev, "v_x": lambda b: 2.0 * m_x / b.g_x}
    return np.asarray([at[b.t_rh](b) for b in BENCHMARKS])


def _solved(
    m_x: float, g_x: np.ndarray, t_rh: np.ndarray, target: float, options: Options
) -> np.ndarray:
    """The kinetic mixing of each benchmark that leaves `target`; NaN where there is none.

    A value beyond the validity of freeze-in counts as well; its status is shown.
    """

    def at(point: np.ndarray, epsilon: np.ndarray) -> Any:
        i = np.asarray(point, dtype=np.int64) - 1
        return make(m_x=m_x, g_x=g_x[i], epsilon=epsilon, t_rh=t_rh[i])

    points = np.arange(1.0, g_x.size + 1.0)
    line = relic_line(
        at,
        points,
        target,
        options=options,
        bracket=(1e-17, 1e-4),
        slope=2.0,
        tolerance=1e-3,
        stride=1,
        trusted=False,
    )
    return line.coupling


def _outcome(model: Any, options: Options, known: np.ndarray) -> dict[str, Any]:
    """Density, status, lifetime of Z_D and the histories."""
    left = evaluate(model, "omega_h2", options=options)
    lifetime = evaluate(model, "lifetime_s", options=options).value
    history = evaluate(model, "yield_evolution", options=options).value
    codes = {"units": "1", "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)]}
    codes["reasons"] = [text for texts in left.reasons.values() for text in texts]
    two = _DIMS[:2]
    answer: dict[str, Any] = {
        "omega_h2": (two, np.where(known, left.value, np.nan), {"units": "1"}),
        "status": (two, left.status, codes),
        "lifetime_zd": (two, np.where(known, lifetime, np.nan), {"units": "s"}),
        "x": (_DIMS, history["x"], {"units": "1", "long_name": "m_x/T"}),
    }
    for name in _YIELDS:
        shown = np.where(known[..., None], history[name], np.nan)
        shown = _until_rounding(shown) if name == "y_zd" else shown
        answer[name] = (_DIMS, shown, {"units": "1"})
    return answer


def _until_rounding(y: np.ndarray) -> np.ndarray:
    """`y` (..., n), NaN from where it has first fallen far below its maximum."""
    largest = np.fmax.reduce(y, axis=-1, keepdims=True)
    risen = np.maximum.accumulate(y >= 0.5 * largest, axis=-1)
    gone = np.maximum.accumulate(risen & (y < _ROUNDING * largest), axis=-1)
    return np.where(gone, np.nan, y)


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig5_drawing import draw as make_picture

    return make_picture(data)
