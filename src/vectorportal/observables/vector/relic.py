"""The abundance of nonabelian-vector, its history and the reactions behind it."""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.models.nonabelian_vector import CHANNELS
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw, observable
from vectorportal.observables.vector.abundance import log_equilibrium, solve_relic, strengths
from vectorportal.observables.vector.common import MODELS, NEEDS, PAPER, mixing_flags
from vectorportal.observables.vector.reactions import make_network

_SOURCE = "(12), (15)-(17), (B4)-(B7) of Foguel 2025 as a reaction network"
_REFERENCES = (
    *PAPER,
    "Saikawa:2018",
    "Steinebach:2023",
    "Weldon:1982",
    "DOnofrio:2016",
    "Lee:1977",
)
_ASSUMPTIONS = (
    "X+ and X- are counted together and equally abundant; radiation-dominated expansion",
    "kinetic equilibrium among dark particles; Maxwell-Boltzmann statistics of dark particles",
    "the dark Higgs boson is heavy and the Higgs portal closed",
    "freeze-in starts from no dark particles at t_rh; elastic scattering on the bath is left out "
    "of the energy balance of a dark sector with its own temperature",
)
_SAMPLES, _FINER = 240, 4
"""points of a history, and how much finer than the tables it is sampled"""
_SMALLEST = 1e-250
"""yields below are shown as none"""
_ALONE = "each channel on its own, the others switched off"


def _relic(name: str, unit: str, **more: Any) -> Any:
    settings = {"source": _SOURCE, "assumptions": _ASSUMPTIONS, "references": _REFERENCES}
    return observable(
        name, unit, models=MODELS, requires=NEEDS, forward=True, batch=512, **{**settings, **more}
    )


@_relic("omega_h2", "1")
def omega_h2(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Relic density of X+ and X- together: freeze-out, freeze-in or what the network decides."""
    found = solve_relic(model, inputs, options, options.kept(CHANNELS))
    return Raw(found.omega_h2, found.flags, found.error)


def _alone(model: Any, inputs: Inputs, options: Options) -> tuple[dict[str, Any], Any]:
    """omega_h2 of each kept channel alone, NaN where it has none, and the flags."""
    xp = namespace(model.m_x)
    flags, values = mixing_flags(model, inputs), {}
    without = status.MIXING | status.NEVER_THERMAL | status.SIMP_CLOSED
    for name in options.kept(CHANNELS):
        found = solve_relic(model, inputs, options, (name,))
        missing = (found.flags & (without | status.ACCURACY)) != 0
        values[name] = xp.where(missing, xp.nan, found.omega_h2)
        closed = (found.flags & without) != 0
        rough = missing & ~closed
        shown = xp.where(missing, 0, found.flags & ~status.RELATIVISTIC)
        flags = flags | shown
        flags = flags | xp.where(closed, status.CHANNEL_ALONE, 0)
        flags = flags | xp.where(rough, status.CHANNEL_ROUGH, 0)
    return values, flags


@_relic("omega_channels", "1", assumptions=(*_ASSUMPTIONS, _ALONE), report=False)
def omega_channels(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Relic density that each channel alone would leave: kinetic, dark, simp."""
    return Raw(*_alone(model, inputs, options))


@_relic("dominant_channel", "", labels=CHANNELS, assumptions=(*_ASSUMPTIONS, _ALONE))
def dominant_channel(model: Any, inputs: Inputs, options: Options) -> Raw:
    """The channel that decides on the relic density.

    Where the dark matter is in equilibrium at some time, the one that alone would leave the
    smallest relic density (the last to decouple); in freeze-in the one that alone makes most.
    """
    xp = namespace(model.m_x)
    values, flags = _alone(model, inputs, options)
    whole = solve_relic(model, inputs, options, options.kept(CHANNELS))
    sign = xp.where(whole.thermal, 1.0, -1.0)
    blank = xp.full(model.m_x.shape, xp.nan)
    ranked = [sign * values.get(name, blank) for name in CHANNELS]
    stacked = xp.stack([xp.where(xp.isfinite(v), v, xp.inf) for v in ranked], axis=1)
    none = xp.all(~xp.isfinite(stacked), axis=1)
    kept = whole.flags & ~status.NEVER_THERMAL
    flags = (flags & ~status.CHANNEL_ALONE) | kept | xp.where(none, status.NO_CHANNEL, 0)
    return Raw(xp.argmin(stacked, axis=1), flags)


@observable(
    "rates",
    "1",
    models=MODELS,
    requires=NEEDS,
    source="(12), lower panels of figure 2: gamma/(n_eq H)",
    arguments=(Argument("x", "1", "the ratio m_x/T", 1e-20, 1e6),),
    assumptions=("gamma over n_eq H, n_eq of X (of Z_D for decay and top)",),
    references=PAPER,
)
def rates(model: Any, inputs: Inputs, options: Options, x: Any) -> Raw:
    """Reaction densities over n_eq H at x = m_x/T, all reactions of the network."""
    xp = namespace(model.m_x, x)
    kept, reach = options.kept(CHANNELS), (xp.minimum(x, 1.0), x)
    found = make_network(model, inputs, options, kept, reach=reach, full=True)
    log_x, at = found.grid.log_x, xp.log(x)
    tables = strengths(found, inputs).items()
    value = {name: xp.exp(_at(xp, table, log_x, at)) for name, table in tables}
    return Raw(value, mixing_flags(model, inputs))


def _at(xp: Any, table: Any, log_x: np.ndarray, where: Any) -> Any:
    """Row-wise cubic interpolation of `table` (N, K) at `where` (N,); -inf where it is closed."""
    step = log_x[1] - log_x[0]
    position = (where - log_x[0]) / step
    first = xp.clip(xp.floor(position) - 1, 0, log_x.size - 4)
    t = position - first
    index = xp.astype(first, xp.int64)[:, None] + xp.arange(4)[None, :]
    y = xp.take_along_axis(table, index, axis=1)
    closed = xp.any(~xp.isfinite(y), axis=1)
    y = xp.where(xp.isfinite(y), y, 0.0)
    weights = (
        -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0,
        t * (t - 2.0) * (t - 3.0) / 2.0,
        -t * (t - 1.0) * (t - 3.0) / 2.0,
        t * (t - 1.0) * (t - 2.0) / 6.0,
    )
    value = sum(w * y[:, i] for i, w in enumerate(weights))
    return xp.where(closed, -xp.inf, value)


@_relic("yield_evolution", "1", report=False)
def yield_evolution(model: Any, inputs: Inputs, options: Options) -> Raw:
    """History at 240 values of x = m_x/T: yields of X and Z_D, their equilibria, T_X/T."""
    xp = namespace(model.m_x)
    solved = solve_relic(model, inputs, options, options.kept(CHANNELS), finer=_FINER)
    found, log_x = solved.found, solved.found.grid.log_x
    fine, history = solved.log_x, solved.history
    at = _sample_points(xp, found.x_start, found.x_stop)
    value = {"x": xp.exp(at)}
    keys = {"X": "x", "Z": "zd"}
    for i, name in enumerate(found.tracked):
        y = history.samples[:, :, i]
        logs = xp.log(xp.where(y > _SMALLEST, y, _SMALLEST))
        shown = xp.exp(_sampled(xp, xp.where(xp.isnan(y), xp.nan, logs), fine, at))
        value[f"y_{keys[name]}"] = xp.where(shown > 2.0 * _SMALLEST, shown, 0.0)
    for name, key in keys.items():
        log_eq = log_equilibrium(found, inputs, name)
        value[f"y_{key}_eq"] = xp.exp(_sampled(xp, log_eq, log_x, at))
    value["t_x_over_t"] = _sampled(xp, history.temperature, fine, at)
    return Raw(value, solved.flags, None)


def _sample_points(xp: Any, x_start: Any, x_stop: Any) -> Any:
    """ln x of the samples, (N, 240): five sixths up to x = 1000, the others up to the end."""
    start, stop = xp.log(x_start)[:, None], xp.log(x_stop)[:, None]
    middle = xp.minimum(xp.maximum(start + 1.0, np.log(1e3)), stop)
    early = xp.linspace(0.0, 1.0, 5 * _SAMPLES // 6)[None, :]
    late = xp.linspace(0.0, 1.0, _SAMPLES // 6 + 1)[None, 1:]
    return xp.concat((start + (middle - start) * early, middle + (stop - middle) * late), axis=1)


def _sampled(xp: Any, rows: Any, log_x: np.ndarray, at: Any) -> Any:
    """Row-wise linear interpolation of (N, K) tables at (N, P)."""
    step = log_x[1] - log_x[0]
    position = (at - log_x[0]) / step
    first = xp.clip(xp.floor(position), 0, log_x.size - 2)
    t = position - first
    index = xp.astype(first, xp.int64)
    a = xp.take_along_axis(rows, index, axis=1)
    b = xp.take_along_axis(rows, index + 1, axis=1)
    a = xp.where(xp.isfinite(a), a, b)
    b = xp.where(xp.isfinite(b), b, a)
    return a + t * (b - a)
