"""A network of reactions m <-> n between species that have left, or never met, the thermal bath.

The Boltzmann equations of coupled species in the radiation era, for freeze-out, freeze-in and what
lies between, batched over points: dY_i/dln x = sum_r nu_ir gamma_r/(s Htilde) (prod_in - prod_out),
where prod is the product of n/n_eq over the tracked species of a side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.errors import UsageError
from vectorportal.inputs.dof import DofTable
from vectorportal.numerics.arrays import is_traced, namespace
from vectorportal.numerics.rosenbrock import Solution, integrate
from vectorportal.observables.network.bath import BathSystem
from vectorportal.observables.network.dark import DarkSystem
from vectorportal.observables.network.setup import bath_system, dark_system
from vectorportal.observables.network.tables import halved

__all__ = ["Evolution", "Network", "Reaction", "Species", "evolve"]

_CHUNK = 512
"""points worked on at once in NumPy, so that the tables of a step stay in the cache"""
_ROUGHER, _SHARE = 4.0, 0.5
"""the second run has this times the tolerance; this share of it is the least error claimed"""
_FLOOR = 1e-6
"""smallest error that is claimed: rounding, interpolation"""


@dataclass(frozen=True)
class Species:
    """A tracked species: `mass` in GeV, (N,); `spin_states` counts what its yield counts."""

    name: str
    mass: Any
    spin_states: float


@dataclass(frozen=True)
class Reaction:
    """consumed <-> produced. Particles of the thermal bath are not listed.

    consumed, produced : tracked species -> how many.
    log_density : ln(gamma/GeV^4) + threshold/T on the grid of the network, (N, K); -inf: closed.
    threshold : GeV, (N,); the sum of masses that suppresses gamma at low T.
    log_energy : ln(energy density transferred per time/GeV^5) + threshold/T, (N, K), for reactions
        with the bath on one side; read only where the dark sector has its own temperature.
    source : equation of the paper.
    """

    name: str
    consumed: Mapping[str, int]
    produced: Mapping[str, int]
    log_density: Any
    threshold: Any
    log_energy: Any = None
    source: str = ""


@dataclass(frozen=True)
class Network:
    """Species and reactions on the uniform grid `log_x` (K,) of ln x, x = reference_mass/T.

    `reference_mass` in GeV, (N,).
    """

    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    log_x: np.ndarray
    reference_mass: Any


@dataclass(frozen=True)
class Evolution:
    """What became of a network.

    yields : Y = n/s at x_stop, (N, S). samples : yields at `sample_log_x`, (N, P, S), NaN outside
    x_start ... x_stop. temperature : T_X/T there, (N, P); 1 for species at the bath's temperature.
    error_estimate : relative, of the observed species' yield, (N,). converged : (N,) bool; where
    False the yields are the last ones reached and the error is infinite. steps : (N,).
    """

    yields: Any
    samples: Any
    temperature: Any
    error_estimate: Any
    converged: Any
    steps: Any


def evolve(
    network: Network,
    dof: DofTable,
    *,
    x_start: Any,
    x_stop: Any,
    start: Any = "equilibrium",
    temperature: str = "bath",
    hubble: str = "entropy",
    rtol: float = 5e-4,
    observed: str,
    sample_log_x: np.ndarray | None = None,
) -> Evolution:
    """Integrate `network` from `x_start` to `x_stop`, (N,).

    start : `equilibrium`, `empty` or yields of shape (N, S). temperature : `bath`, or `dark` for a
    common temperature T_X of all species that follows from energy conservation. hubble : `entropy`
    divides H by 1 + (1/3) dln g_s/dln T, `plain` does not. rtol : local error of a step.
    observed : name of the species that `error_estimate` is for. sample_log_x : ascending (P,).

    The error is 1.5 times the difference to a run with four times `rtol` and every second column of
    the table, plus a share of `rtol`. It does not know an error of the densities themselves.

    Raises
    ------
    UsageError : for unknown names or a grid that does not cover x_start ... x_stop.
    """
    _check(network, x_start, x_stop, start, temperature, hubble, observed)
    at = np.empty(0) if sample_log_x is None else np.asarray(sample_log_x, dtype=np.float64)
    call = {"start": start, "temperature": temperature, "hubble": hubble, "observed": observed}
    network, x_start, x_stop = _shaped(network, x_start, x_stop)
    xp = namespace(x_start)
    count = x_start.shape[0]
    if xp is np and count > _CHUNK:
        return _in_chunks(network, dof, x_start, x_stop, rtol, at, call)
    if count == 0:
        return _empty(xp, len(network.species), at.size)
    fine = _run(network, dof, x_start, x_stop, rtol, at, call)
    rough = _run(_coarser(network), dof, x_start, x_stop, _ROUGHER * rtol, np.empty(0), call)
    return _evolution(network, fine, rough, observed, at, rtol)


def _run(
    network: Network, dof: DofTable, x_start: Any, x_stop: Any, rtol: float, at: Any, call: Any
) -> Solution:
    """One integration of all points at one tolerance."""
    xp = namespace(x_start)
    u = xp.log(x_start)
    dark = call["temperature"] == "dark"
    build = dark_system if dark else bath_system
    system = build(network, dof, call["hubble"], call["observed"])
    y = _first_yields(system, call["start"], u)
    system = replace(system, charge=xp.asarray(system.stoichiometry.charges) @ y)
    y = system.first(u, y) if isinstance(system, DarkSystem) else y
    return integrate(system, y, u, xp.log(x_stop), rtol=rtol, sample_at=at)


def _first_yields(system: BathSystem | DarkSystem, start: Any, u: Any) -> Any:
    """Y at u = ln x_start, (S, n)."""
    xp = namespace(u)
    if isinstance(start, str):
        equal = system.equilibrium(u)
        return equal if start == "equilibrium" else xp.zeros_like(equal)
    return xp.asarray(start).T + 0.0 * u


def _evolution(
    network: Network, fine: Solution, rough: Solution, observed: str, at: np.ndarray, rtol: float
) -> Evolution:
    xp = namespace(fine.y)
    index, size = _names(network).index(observed), len(network.species)
    converged = fine.converged & rough.converged & xp.all(xp.isfinite(fine.y), axis=0)
    for r in network.reactions:
        usable = xp.all(r.log_density < np.inf, axis=1)  # False for NaN
        converged = converged & usable & xp.isfinite(r.threshold)
    apart = xp.abs(fine.y[index] - rough.y[index])
    error = 1.5 * apart / xp.maximum(xp.abs(fine.y[index]), 1e-280) + _SHARE * rtol + _FLOOR
    samples = xp.permute_dims(fine.samples, (1, 2, 0))
    ratio = xp.where(xp.isnan(samples[..., 0]), np.nan, 1.0)
    if fine.y.shape[0] > size:
        log_t = xp.log(network.reference_mass)[:, None] - xp.asarray(at)
        ratio = xp.exp(samples[..., size] - log_t)
    return Evolution(
        yields=fine.y[:size].T,
        samples=xp.maximum(samples[..., :size], 0.0),
        temperature=ratio,
        error_estimate=xp.where(converged, error, np.inf),
        converged=converged,
        steps=fine.steps,
    )


def _empty(xp: Any, species: int, samples: int) -> Evolution:
    none = xp.zeros((0,))
    return Evolution(
        yields=xp.zeros((0, species)),
        samples=xp.zeros((0, samples, species)),
        temperature=xp.zeros((0, samples)),
        error_estimate=none,
        converged=none > 0.0,
        steps=xp.zeros((0,), dtype=xp.int64),
    )


def _coarser(network: Network) -> Network:
    """Every second column."""
    grid, _ = halved(network.log_x, np.zeros((1, network.log_x.size)))

    def half(values: Any) -> Any:
        return None if values is None else halved(network.log_x, values)[1]

    reactions = tuple(
        replace(r, log_density=half(r.log_density), log_energy=half(r.log_energy))
        for r in network.reactions
    )
    return replace(network, log_x=grid, reactions=reactions)


def _names(network: Network) -> list[str]:
    return [s.name for s in network.species]


def _shaped(network: Network, x_start: Any, x_stop: Any) -> tuple[Network, Any, Any]:
    """The same with every array of shape (N,) or (N, K), of one engine."""
    arrays = [network.reference_mass, x_start, x_stop, *(s.mass for s in network.species)]
    for r in network.reactions:
        arrays += [r.log_density, r.threshold, *([] if r.log_energy is None else [r.log_energy])]
    xp = namespace(*arrays)
    count = np.broadcast_shapes(*(np.shape(a)[:1] for a in arrays))
    wide = (*count, network.log_x.size)

    def one(values: Any) -> Any:
        return xp.broadcast_to(xp.asarray(values, dtype=xp.float64), count)

    def row(values: Any) -> Any:
        if values is None:
            return None
        return xp.broadcast_to(xp.asarray(values, dtype=xp.float64), wide)

    reactions = tuple(
        replace(
            r,
            log_density=row(r.log_density),
            threshold=one(r.threshold),
            log_energy=row(r.log_energy),
        )
        for r in network.reactions
    )
    species = tuple(replace(s, mass=one(s.mass)) for s in network.species)
    shaped = replace(
        network, species=species, reactions=reactions, reference_mass=one(network.reference_mass)
    )
    return shaped, one(x_start), one(x_stop)


def _part(network: Network, part: slice) -> Network:
    """Some of the points."""
    reactions = tuple(
        replace(
            r,
            log_density=r.log_density[part],
            threshold=r.threshold[part],
            log_energy=None if r.log_energy is None else r.log_energy[part],
        )
        for r in network.reactions
    )
    species = tuple(replace(s, mass=s.mass[part]) for s in network.species)
    mass = network.reference_mass[part]
    return replace(network, species=species, reactions=reactions, reference_mass=mass)


def _in_chunks(
    network: Network, dof: DofTable, x_start: Any, x_stop: Any, rtol: float, at: Any, call: Any
) -> Evolution:
    found = []
    for first in range(0, x_start.shape[0], _CHUNK):
        part = slice(first, first + _CHUNK)
        start = call["start"]
        found.append(
            evolve(
                _part(network, part),
                dof,
                x_start=x_start[part],
                x_stop=x_stop[part],
                rtol=rtol,
                sample_log_x=at,
                **{**call, "start": start if isinstance(start, str) else start[part]},
            )
        )
    names = Evolution.__dataclass_fields__
    return Evolution(*(np.concatenate([getattr(f, name) for f in found]) for name in names))


def _check(
    network: Network,
    x_start: Any,
    x_stop: Any,
    start: Any,
    temperature: str,
    hubble: str,
    observed: str,
) -> None:
    names = _names(network)
    known = {
        "observed": (observed, names),
        "temperature": (temperature, ["bath", "dark"]),
        "hubble": (hubble, ["entropy", "plain"]),
    }
    if isinstance(start, str):
        known["start"] = (start, ["equilibrium", "empty"])
    for what, (value, allowed) in known.items():
        if value not in allowed:
            raise UsageError(f"{what} = {value!r} is unknown; use one of {', '.join(allowed)}.")
    for r in network.reactions:
        for name in (*r.consumed, *r.produced):
            if name not in names:
                raise UsageError(f"Reaction {r.name} has the species {name!r}, not in the network.")
    _check_grid(np.asarray(network.log_x), x_start, x_stop)


def _check_grid(grid: np.ndarray, x_start: Any, x_stop: Any) -> None:
    step = np.diff(grid)
    if grid.ndim != 1 or grid.size < 9 or not np.all(np.abs(step - step[0]) < 1e-6 * step[0]):
        raise UsageError("The grid of ln x must be uniform, ascending, of 9 columns or more.")
    if is_traced(x_start) or is_traced(x_stop) or np.size(x_start) * np.size(x_stop) == 0:
        return
    first, last = np.log(np.min(np.asarray(x_start))), np.log(np.max(np.asarray(x_stop)))
    if first < grid[0] - 1e-9 or last > grid[-1] + 1e-9:
        raise UsageError(
            f"ln x = {first:.6g} ... {last:.6g} is not inside the grid, "
            f"{grid[0]:.6g} ... {grid[-1]:.6g}."
        )
