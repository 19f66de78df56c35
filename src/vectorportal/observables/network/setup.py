"""From masses and reaction densities to the tables that the integration reads."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import log, pi
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.errors import UsageError
from vectorportal.inputs.cosmology import hubble_prefactor
from vectorportal.inputs.dof import DofTable
from vectorportal.numerics.arrays import namespace
from vectorportal.observables.network.bath import BathSystem
from vectorportal.observables.network.dark import DarkSystem
from vectorportal.observables.network.stoichiometry import Stoichiometry
from vectorportal.observables.network.tables import (
    RateTable,
    kinetic_energy,
    log_scaled_k2,
)

if TYPE_CHECKING:
    from vectorportal.observables.network.evolve import Network, Reaction

__all__ = ["bath_system", "dark_system", "expansion", "log_number_density", "stoichiometry"]


def stoichiometry(network: Network) -> Stoichiometry:
    """The integers of a network."""
    sides = [(r.consumed, r.produced) for r in network.reactions]
    return Stoichiometry.make([s.name for s in network.species], sides)


def expansion(log_t: Any, dof: DofTable, hubble: str) -> tuple[Any, Any, Any]:
    """ln(s/GeV^3), ln(Htilde/GeV) and H/Htilde at ln(T/GeV); shapes alike."""
    xp = namespace(log_t)
    log_g_rho, log_g_s, slope = dof.evaluate(log_t)
    factor = 1.0 + slope / 3.0 if hubble == "entropy" else 1.0 + 0.0 * slope
    log_s = log(2.0 * pi**2 / 45.0) + log_g_s + 3.0 * log_t
    log_h = log(hubble_prefactor(1.0)) + 0.5 * log_g_rho + 2.0 * log_t
    return log_s, log_h - xp.log(factor), factor


_BACKGROUND = np.arange(-62.0, 48.0, 0.02)
"""-ln(T/GeV) of the table of the expansion, fine enough for the steps of g*(T)"""


def background(xp: Any, dof: DofTable, hubble: str, count: int) -> RateTable:
    """ln s, ln(s Htilde) and H/Htilde as functions of -ln(T/GeV), one table for `count` points."""
    table = _background(dof, hubble)
    return replace(table, values=xp.asarray(table.values), row=xp.zeros(count, dtype=xp.int64))


@lru_cache(maxsize=8)
def _background(dof: DofTable, hubble: str) -> RateTable:
    log_s, log_h, factor = expansion(-_BACKGROUND[None, :], dof, hubble)
    return RateTable.make(_BACKGROUND, np.stack((log_s, log_s + log_h, factor)))


def log_number_density(mass: Any, spin_states: float, log_t: Any) -> Any:
    """ln(n_eq/GeV^3) + m/T, n_eq = g m^2 T K_2(m/T)/(2 pi^2); mass (N,), log_t (N, K)."""
    xp = namespace(mass, log_t)
    log_z = xp.log(mass)[:, None] - log_t
    return log(spin_states / (2.0 * pi**2)) + 3.0 * log_t + log_scaled_k2(log_z)[0]


def excess(xp: Any, network: Network, of: Stoichiometry) -> tuple[Any, Any]:
    """(sum of masses - threshold)/reference of each side (2 R, n); m/reference (S, n)."""
    mass = xp.stack([s.mass for s in network.species]) / network.reference_mass
    if not network.reactions:
        return xp.zeros((0, mass.shape[1])), mass
    threshold = xp.stack([r.threshold for r in network.reactions]) / network.reference_mass
    sums = xp.asarray(of.sides.astype(np.float64)) @ mass
    return sums - xp.concat((threshold, threshold), axis=0), mass


def bath_system(network: Network, dof: DofTable, hubble: str, observed: str) -> BathSystem:
    """Tables and exponents of `network`; its arrays are (N,) and (N, K). No charges yet."""
    xp = namespace(network.reference_mass)
    of = stoichiometry(network)
    log_t = xp.log(network.reference_mass)[:, None] - xp.asarray(network.log_x)
    rows = [r.log_density for r in network.reactions]
    for s in network.species:
        rows.append(log_number_density(s.mass, s.spin_states, log_t))
    above, mass = excess(xp, network, of)
    index = [s.name for s in network.species].index(observed)
    table = RateTable.make(network.log_x, xp.stack(rows))
    log_mass = xp.log(network.reference_mass)
    expanding = background(xp, dof, hubble, log_mass.shape[0])
    return BathSystem(of, table, expanding, log_mass, above, mass, mass[:0], index)


def dark_system(network: Network, dof: DofTable, hubble: str, observed: str) -> DarkSystem:
    """The same for a dark sector with its own temperature."""
    xp = namespace(network.reference_mass)
    of = stoichiometry(network)
    log_t = xp.log(network.reference_mass)[:, None] - xp.asarray(network.log_x)
    rows = [r.log_density for r in network.reactions]
    rows += [_mean_energy(xp, network, r, log_t) for r in network.reactions]
    rows = rows or [0.0 * log_t]
    above, _ = excess(xp, network, of)
    mass = xp.stack([s.mass for s in network.species])
    states = np.array([s.spin_states for s in network.species]) / (2.0 * pi**2)
    return DarkSystem(
        stoichiometry=of,
        table=RateTable.make(network.log_x, xp.stack(rows)),
        background=background(xp, dof, hubble, mass.shape[1]),
        excess=above,
        mass=mass,
        log_reference=xp.log(network.reference_mass),
        log_states=xp.asarray(np.log(states)[:, None]),
        charge=mass[:0],
        observed=[s.name for s in network.species].index(observed),
    )


def _mean_energy(xp: Any, network: Network, r: Reaction, log_t: Any) -> Any:
    """ln of the energy that one event moves between dark sector and bath, (N, K); 0 inside it.

    A particle that decays at rest frame width Gamma loses m Gamma n_eq, in Gamma n_eq K_1/K_2
    events.
    """
    if r.consumed and r.produced:
        return 0.0 * log_t
    if r.log_energy is not None:
        mean = r.log_energy - r.log_density
        return xp.where(xp.isfinite(mean), mean, 0.0)
    side = {**r.consumed, **r.produced}
    if sum(side.values()) != 1:
        raise UsageError(f"Reaction {r.name} needs log_energy for a temperature of its own.")
    (name,) = side
    mass = next(s.mass for s in network.species if s.name == name)[:, None]
    log_z = xp.log(mass) - log_t
    kinetic, _, _ = kinetic_energy(log_z)
    z = xp.exp(log_z)
    return xp.log(mass) + log_z - xp.log(kinetic - 3.0 + z)
