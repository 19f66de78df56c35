"""Hadronic widths of a vector with any quark charges, channel by channel.

Gamma(V -> c) = R_c alpha m_V/3 for vector couplings e x_q. Up to 1.4 GeV R_c comes from the
amplitudes of `hadron_amplitudes`, scaled by one factor for all channels so that for x = Q the sum
is R(sqrt s) of `hadrons`; from 1.4 to 1.7 GeV they hand over to quark counting, channel `other`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from vectorportal.errors import ParameterError, nearest_name
from vectorportal.inputs.hadron_amplitudes import ChannelTable, load_channels
from vectorportal.inputs.hadrons import HadronTable, load_hadrons
from vectorportal.inputs.standard_model import ELECTRIC_CHARGES
from vectorportal.numerics.arrays import is_traced, namespace

__all__ = ["CHANNELS", "channel_ratios", "hadron_ratio"]

CHANNELS: tuple[str, ...] = (
    "pi0gamma",
    "etagamma",
    "pipi",
    "3pi",
    "4pi",
    "KK",
    "KKpi",
    "KKpipi",
    "etapipi",
    "omegapi0",
    "etaomega",
    "etaphi",
    "etaprimepipi",
    "phipi",
    "phipipi",
    "omegapipi",
    "6pi",
    "other",
)
"""Exclusive channels, charge modes summed (KK: K+K- and K0 K0bar); `other` is the continuum"""

_ELECTRIC = {quark: float(ELECTRIC_CHARGES[quark]) for quark in ("u", "d", "s", "c", "b")}
_FERMIONS = ("e", "mu", "tau", "nu", "nu_e", "nu_mu", "nu_tau", *_ELECTRIC, "t")


def channel_ratios(sqrt_s: Any, charges: Mapping[str, Any]) -> dict[str, Any]:
    """Channel -> R_c at `sqrt_s` (GeV, any shape) for `charges`, NumPy or JAX.

    Parameters
    ----------
    sqrt_s : mass of the vector in GeV, >= 0; zero is returned up to m_pi0.
    charges : u, d, s, c, b -> vector coupling over e, arrays that broadcast with `sqrt_s`; a
        missing quark is neutral, other fermions are ignored (there is no top here).

    Returns
    -------
    `CHANNELS` -> arrays of the common shape. Their sum for electric charges is
    `load_hadrons().ratio_with_peaks(sqrt_s)`.

    Errors: 10 per cent in single channels near their resonances, 2 to 30 per cent in 3 pi away from
    omega and phi, a factor 2 in the strange and isoscalar parts of the join at 1.4 to 1.7 GeV.

    Raises
    ------
    ParameterError : where known values are negative or not finite, or a fermion is unknown.
    """
    xp, e, x = _checked(sqrt_s, charges)
    table, hadrons = load_channels(), load_hadrons()
    smooth, peaks = hadrons.ratio(e), _peaks(hadrons, e)
    is_open = e > hadrons.threshold
    w = _step(xp, e, *table.continuum)
    safe = xp.where(is_open & (w < 1), e, 1.0)
    isospin = x["u"] - x["d"], x["u"] + x["d"], x["s"]
    found, electric = table.ratios(xp, safe, (isospin, (1.0, 1 / 3, -1 / 3)))
    whole = sum(electric.values())
    scale = xp.where(is_open, (1 - w) * (smooth + sum(peaks.values())) / whole, 0.0)
    answer = {name: scale * found[name] for name in CHANNELS[:-1]}
    counted = _counted(xp, table, e, smooth, x)
    for quark, peak in peaks.items():
        counted = counted + peak * (x[quark] / _ELECTRIC[quark]) ** 2
    answer["other"] = xp.where(is_open, w * counted, 0.0)
    shape = xp.zeros_like(answer["other"] + answer["pi0gamma"])
    return {name: value + shape for name, value in answer.items()}


def hadron_ratio(sqrt_s: Any, charges: Mapping[str, Any]) -> Any:
    """Sum of `channel_ratios`: Gamma(V -> hadrons) = R alpha m_V/3 for vector couplings e x_q."""
    return sum(channel_ratios(sqrt_s, charges).values())


def _peaks(hadrons: HadronTable, e: Any) -> dict[str, Any]:
    """R of the narrow peaks of c cbar and b bbar for electric charges."""
    total: dict[str, Any] = {"c": 0.0, "b": 0.0}
    for peak in hadrons.peaks:
        quark = "b" if peak.name.startswith("Upsilon") else "c"
        total[quark] = total[quark] + e**4 * peak.over_s_squared(e)
    return total


def _counted(xp: Any, table: ChannelTable, e: Any, ratio: Any, x: Mapping[str, Any]) -> Any:
    """R without narrow peaks for charges x, where quarks are counted: every flavour its share.

    The u, d, s part falls slowly from the value of R just below 2 m_D; what R has more is charm,
    4/10 from 10 GeV; beauty grows to 1/11 from 2 m_B to 11.3 GeV, as in perturbative QCD.
    """
    low, high, join, four = table.charm
    at_threshold, slope = table.light
    safe = xp.where(e > low, e, low)
    light = at_threshold * (1 - slope * xp.log(xp.minimum(safe, xp.asarray(four)) / low))
    counted = _step(xp, e, join, four)
    excess = 1 - light / xp.where(e > low, ratio, at_threshold)
    bottom = _step(xp, e, *table.bottom) / 11
    charm = (1 - bottom) * _step(xp, e, low, high) * ((1 - counted) * excess + counted * 0.4)
    squares = 1.5 * (x["u"] ** 2 + x["d"] ** 2 + x["s"] ** 2)
    parts = (1 - charm - bottom) * squares + charm * 2.25 * x["c"] ** 2 + bottom * 9 * x["b"] ** 2
    return ratio * parts


def _step(xp: Any, e: Any, low: float, high: float) -> Any:
    """From 0 at `low` to 1 at `high` with two continuous derivatives in ln e."""
    width = math.log(high / low)
    t = xp.clip(xp.log(xp.where(e > low, e, low) / low) / width, 0.0, 1.0)
    return t * t * t * (10 - 15 * t + 6 * t * t)


def _checked(sqrt_s: Any, charges: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """Namespace, energy and charges as arrays; known values must be usable."""
    for name in charges:
        if name not in _FERMIONS:
            nearest = nearest_name(name, _FERMIONS)
            raise ParameterError("charges", name, "", "those of fermions", nearest)
    used = {q: charges.get(q, 0.0) for q in _ELECTRIC}
    xp = namespace(sqrt_s, *used.values())
    e = xp.asarray(sqrt_s) * 1.0
    if not is_traced(e):
        known = np.asarray(e)
        bad = ~(np.isfinite(known) & (known >= 0))
        if bad.any():
            raise ParameterError("sqrt_s", known[bad].flat[0], "GeV", "finite and >= 0 GeV")
    for name, value in used.items():
        if not is_traced(value) and not np.isfinite(np.asarray(value, dtype=float)).all():
            raise ParameterError(f"charge of {name}", value, "", "finite")
    return xp, e, {q: xp.asarray(value) * 1.0 for q, value in used.items()}
