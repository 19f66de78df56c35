"""The relic density of nonabelian-vector, and what decides whether it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi
from typing import Any

import numpy as np

from vectorportal.formulas.nonabelian import cutoff_scale
from vectorportal.inputs.cosmology import M_PLANCK, hubble_rate
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.network.evolve import Evolution
from vectorportal.observables.relic.freeze_out import omega_from_yield
from vectorportal.observables.vector.densities import log_number
from vectorportal.observables.vector.kinetic import relaxation_over_hubble
from vectorportal.observables.vector.reactions import (
    DEFAULT,
    Resolution,
    VectorNetwork,
    make_network,
    run_network,
)

__all__ = [
    "VectorRelic",
    "log_equilibrium",
    "log_hubble",
    "relative_abundance",
    "solve_relic",
    "strengths",
]

_TOLERANCE = 1e-2
"""relative error estimate above which no value is given"""
_MATTERS = 0.1
"""share of the Hubble rate above which a doubtful reaction casts doubt on the result"""
_UNITARITY = (8.0 * pi) ** 0.5
"""sqrt(s)/v_X at which longitudinal vectors without a Higgs boson violate partial-wave unitarity:
[Lee:1977], isospin-zero channel"""
_STRONG = 1.02
"""alpha_X = g_X^2/(4 pi) above which tree level is an estimate: not yet at g_X = 3.545"""
_MEAN_ENERGY = 6.0
"""mean sqrt(s)/T of a pair of relativistic particles, about"""


@dataclass(frozen=True)
class VectorRelic:
    """Solution for a batch: omega_h2, error estimate and flags, (N,), and what led to it.

    `thermal` : whether X reaches a tenth of its equilibrium abundance before x = 10. `evolution` is
    sampled on the tables, `history` at `log_x`.
    """

    omega_h2: Any
    error: Any
    flags: Any
    thermal: Any
    found: VectorNetwork
    evolution: Evolution
    log_x: np.ndarray
    history: Evolution


def log_hubble(temperature: Any, inputs: Inputs) -> Any:
    """ln(H/GeV)."""
    return namespace(temperature).log(hubble_rate(temperature, load_dof(inputs.dof)))


def strengths(found: VectorNetwork, inputs: Inputs) -> dict[str, Any]:
    """ln of gamma/(n_eq H) of every reaction on the tables, (N, K).

    n_eq of X; of Z_D for its decays and top.
    """
    x = np.exp(found.grid.log_x)[None, :]
    m_x = found.network.reference_mass
    temperature = m_x[:, None] / x
    hubble = log_hubble(temperature, inputs)
    masses = {"X": (m_x, 6.0), "Z": (found.m_zd, 3.0)}
    per_time = {k: log_number(m[:, None], g, temperature) + hubble for k, (m, g) in masses.items()}
    out = {}
    for name, density in found.densities.items():
        kind = "Z" if name in ("decay", "top", "invisible") else "X"
        exponent = ((masses[kind][0] - density.threshold) / m_x)[:, None] * x
        out[name] = density.log_density - per_time[kind] + exponent
    return out


def solve_relic(
    model: Any,
    inputs: Inputs,
    options: Options,
    kept: tuple[str, ...],
    resolution: Resolution = DEFAULT,
    finer: int = 1,
) -> VectorRelic:
    """The abundance today from the channels `kept`; parameters of `model` must have shape (N,).

    The history is sampled `finer` times as densely as the tables.
    """
    found = make_network(model, inputs, options, kept, resolution=resolution)
    log_x = found.grid.log_x
    samples = np.linspace(log_x[0], log_x[-1], finer * (log_x.size - 1) + 1)
    history = run_network(found, inputs, options, samples, resolution)
    evolution = replace(
        history,
        samples=history.samples[:, ::finer],
        temperature=history.temperature[:, ::finer],
    )
    today = omega_from_yield(evolution.yields[:, 0], model.m_x, load_dof(inputs.dof))
    past = _History.make(found, evolution, inputs)
    flags = _flags(model, inputs, evolution)
    if options.mechanism == "freeze-out":
        thermal = namespace(today).ones_like(today) > 0.0
        flags = flags | _freeze_out_flags(model, inputs, found, past, kept)
    else:
        thermal = past.thermal
        flags = flags | _freeze_in_flags(model, inputs, options, found, past, kept)
    error = evolution.error_estimate
    return VectorRelic(today, error, flags, thermal, found, evolution, samples, history)


def _flags(model: Any, inputs: Inputs, evolution: Evolution) -> Any:
    """What limits the trust in any result."""
    xp = namespace(model.m_x)
    good = evolution.converged & (evolution.error_estimate < _TOLERANCE)
    flags = xp.where(model.allowed(inputs), 0, status.MIXING) | xp.where(good, 0, status.ACCURACY)
    return flags | xp.where(model.g_x**2 > 4.0 * pi * _STRONG, status.STRONG, 0)


@dataclass(frozen=True)
class _History:
    """Abundances and rates over H on the tables, (N, K); zero outside the integration.

    `rates` are per particle at its abundance, `equilibrium` gamma/(n_eq H).
    """

    x: Any
    inside: Any
    relative: Any
    rates: dict[str, Any]
    equilibrium: dict[str, Any]

    @classmethod
    def make(cls, found: VectorNetwork, evolution: Evolution, inputs: Inputs) -> _History:
        """Y/Yeq of X, and of every reaction the rate per particle (X; Z_D for its decay)."""
        xp = namespace(found.m_zd)
        log_x = xp.asarray(found.grid.log_x)[None, :]
        inside = (log_x >= xp.log(found.x_start)[:, None]) & (
            log_x <= xp.log(found.x_stop)[:, None]
        )
        x = xp.exp(log_x)
        relative = relative_abundance(found, evolution, inputs, "X")
        relative = xp.where(inside & xp.isfinite(relative), relative, 0.0)
        scale = {"kinetic": 2.0, "dark": 2.0, "xxx": 3.0, "xxz": 2.0, "zzz": 2.0}
        rates, equilibrium = {}, {}
        for name, log_rate in strengths(found, inputs).items():
            equilibrium[name] = xp.exp(xp.minimum(log_rate, 600.0))
            rate = scale.get(name, 1.0) * equilibrium[name]
            power = {"kinetic": 1, "dark": 1, "xxx": 2, "xxz": 1}.get(name, 0)
            rates[name] = xp.where(inside, rate * relative**power, 0.0)
        return cls(x, inside, relative, rates, equilibrium)

    @property
    def later(self) -> Any:
        """Where abundances still remember: after X was last in equilibrium, (N, K)."""
        xp = namespace(self.relative)
        close = self.inside & (xp.abs(self.relative - 1.0) < 0.05)
        return self.inside & (xp.cumulative_sum(xp.flip(close, axis=1) * 1, axis=1)[:, ::-1] == 0)

    @property
    def thermal(self) -> Any:
        """Whether X comes within a tenth of equilibrium before it would freeze out."""
        xp = namespace(self.relative)
        early = self.inside & (self.x < 10.0)
        return xp.max(xp.where(early, self.relative, 0.0), axis=1) > _MATTERS


def relative_abundance(
    found: VectorNetwork, evolution: Evolution, inputs: Inputs, name: str
) -> Any:
    """Y/Yeq(T) of a tracked species on the tables, (N, K); huge where Yeq has gone."""
    xp = namespace(found.m_zd)
    index = found.tracked.index(name)
    log_eq = log_equilibrium(found, inputs, name)
    y = evolution.samples[:, :, index]
    return xp.where(y > 0.0, y, 0.0) * xp.exp(xp.minimum(-log_eq, 300.0))


def log_equilibrium(found: VectorNetwork, inputs: Inputs, name: str) -> Any:
    """ln Yeq of X or Z at the bath's temperature on the tables, (N, K)."""
    x = np.exp(found.grid.log_x)[None, :]
    m_x = found.network.reference_mass[:, None]
    mass, spins = (m_x, 6.0) if name == "X" else (found.m_zd[:, None], 3.0)
    xp = namespace(m_x)
    temperature = m_x / x
    log_g_s = load_dof(inputs.dof).evaluate(xp.log(temperature))[1]
    entropy = np.log(2.0 * pi**2 / 45.0) + log_g_s + 3.0 * xp.log(temperature)
    return log_number(mass, spins, temperature) - mass / temperature - entropy


def _freeze_out_flags(
    model: Any, inputs: Inputs, found: VectorNetwork, history: _History, kept: tuple[str, ...]
) -> Any:
    """Never thermal, relativistic, slow Z_D, 3 -> 2 at rest."""
    xp = namespace(model.m_x)
    equilibrium = history.equilibrium
    total = sum(equilibrium.values())
    thermal = xp.max(xp.where(history.inside, total, 0.0), axis=1) > 1.0
    falls = xp.argmax((history.inside & (total < 1.0)) * 1, axis=1)
    x_last = xp.exp(xp.asarray(found.grid.log_x)[falls])
    flags = xp.where(thermal, 0, status.NEVER_THERMAL)
    flags = flags | xp.where(thermal & (x_last < 3.0), status.RELATIVISTIC, 0)
    if "dark" in kept or "simp" in kept:
        mediator = model.mediator(inputs)
        width = mediator.width_standard_model
        hubble = xp.exp(log_hubble(model.m_x / x_last, inputs))
        flags = flags | xp.where(width < hubble, status.SLOW_MEDIATOR, 0)
    if "simp" in kept:
        here = xp.arange(found.grid.log_x.size)[None, :] == falls[:, None]
        simp = sum(equilibrium[name] for name in ("xxx", "xxz", "zzz"))
        share = xp.sum(xp.where(here, simp / xp.where(total > 0.0, total, 1.0), 0.0), axis=1)
        flags = flags | xp.where(share > _MATTERS, _at_rest(model, inputs, x_last), 0)
    return flags


def _at_rest(model: Any, inputs: Inputs, x: Any) -> Any:
    """AT_REST where T > m_X/3, or 4 - R^2 below the thermal spread 6 T/m_X of (sqrt(s)/m_X)^2."""
    xp = namespace(model.m_x)
    delta = model.spectrum(inputs).delta
    return xp.where((x < 3.0) | (3.0 - delta < 6.0 / x), status.AT_REST, 0)


def _freeze_in_flags(
    model: Any,
    inputs: Inputs,
    options: Options,
    found: VectorNetwork,
    history: _History,
    kept: tuple[str, ...],
) -> Any:
    """Thermalisation, effective theory, unitarity, own temperature, 3 -> 2 at rest, late decays."""
    xp = namespace(model.m_x)
    t_rh = model.reheating(inputs)
    cutoff = cutoff_scale(model.v_x, model.epsilon, inputs.sm.cw2)
    flags = xp.where((t_rh > cutoff) | (cutoff > M_PLANCK), status.CUTOFF, 0)
    if options.mechanism == "freeze-in":
        flags = flags | xp.where(history.thermal, status.THERMALISES, 0)
    later = history.later
    flags = flags | xp.where(model.reheating_allowed(inputs), 0, status.REHEATING)
    if options.temperature == "dark":
        coupled = relaxation_over_hubble(model, inputs, 25.0 + 0.0 * model.m_x) > 1.0
        flags = flags | xp.where(coupled & history.thermal, status.COUPLED, 0)
    dark = history.rates.get("dark", 0.0 * history.x * model.m_x[:, None])
    if "dark" in kept:
        energetic = _MEAN_ENERGY * model.m_x[:, None] / history.x > _UNITARITY * model.v_x[:, None]
        bad = xp.max(xp.where(energetic & later, dark, 0.0), axis=1) > _MATTERS
        flags = flags | xp.where(bad, status.LONGITUDINAL, 0)
    if options.temperature == "bath":
        own = xp.max(xp.where(_decoupled(history) & later, dark, 0.0), axis=1) > 1.0
        flags = flags | xp.where(own, status.OWN_TEMPERATURE, 0)
    if "simp" in kept:
        hot = sum(history.rates[name] for name in ("xxx", "xxz", "zzz"))
        bad = xp.max(xp.where((history.x < 3.0) & later, hot, 0.0), axis=1) > 1.0
        flags = flags | xp.where(bad, status.AT_REST, 0)
    if not isinstance(model.ratio, str):
        flags = flags | _unfinished(model, inputs, found)
    return flags


def _decoupled(history: _History) -> Any:
    """Where neither decays nor annihilation exchange energy with the bath at the Hubble rate."""
    contact = history.rates["decay"] + history.rates["top"]
    return contact + history.rates.get("kinetic", 0.0) < 1.0


def _unfinished(model: Any, inputs: Inputs, found: VectorNetwork) -> Any:
    """Z_D -> X+ X- is open and Z_D outlives the integration."""
    xp = namespace(model.m_x)
    mediator = model.mediator(inputs)
    hubble = xp.exp(log_hubble(model.m_x / found.x_stop, inputs))
    late = (mediator.width_dark > 0.0) & (mediator.width_total < 3.0 * hubble)
    return xp.where(late, status.UNFINISHED, 0)
