"""The equations of a network whose species share a temperature T_X of their own.

Kinetic equilibrium with chemical potentials. The energy in the dark sector changes by what the
reactions with the bath bring and take, and by expansion:
d rho/dt + 3 H (rho + P) = sum of the energy transfer of these reactions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.rosenbrock import NODES
from vectorportal.observables.network.bath import (
    MassAction,
    growth,
    restore,
    slow_down,
    weights,
)
from vectorportal.observables.network.stoichiometry import Stoichiometry
from vectorportal.observables.network.tables import RateTable, kinetic_energy, log_scaled_k2

__all__ = ["DarkSystem"]

_SMALLEST = 1e-290
_FASTEST = 1e6
"""as in network_bath.py; smaller because energy is the difference of large terms"""


@dataclass(frozen=True)
class DarkSystem:
    """Yields and ln T_X as functions of u = ln x; y = (Y_1 ... Y_S, ln T_X), (S + 1, n).

    table : ln gamma + threshold/T of the R reactions, ln of the mean energy of an event, both at a
    common temperature. background : ln s, ln(s Htilde) and H/Htilde against -ln T of the bath.
    excess : (sum of masses - threshold)/reference mass of each side, (2 R, n); mass in GeV, (S, n);
    log_reference : ln of the reference mass, (n,). log_states : ln(g/(2 pi^2)), (S, 1).
    """

    stoichiometry: Stoichiometry
    table: RateTable
    background: RateTable
    excess: Any
    mass: Any
    log_reference: Any
    log_states: Any
    charge: Any
    observed: int

    def number_density(self, log_t: Any) -> tuple[Any, Any]:
        """ln n_eq + m/T and its derivative in ln T, (S, n)."""
        xp = namespace(log_t)
        log_z = xp.log(self.mass) - log_t
        value, slope = log_scaled_k2(log_z)
        return self.log_states + 3.0 * log_t + value, 3.0 - slope

    def equilibrium(self, u: Any) -> Any:
        """Yields at the temperature of the bath, (S, n)."""
        xp = namespace(u)
        log_t = self.log_reference - u
        common, _ = self.background.at(-log_t)
        return xp.exp(self.number_density(log_t)[0] - self.mass / xp.exp(log_t) - common[0])

    def first(self, u: Any, yields: Any) -> Any:
        """y at u = ln x_start: T_X of the bath, or of what the bath makes first where Y = 0."""
        xp = namespace(u, yields)
        log_t = self.log_reference - u
        made, energy = self._production(u)
        total = xp.sum(made, axis=0)
        tau = log_t
        for _ in range(40):
            kinetic, slope, _ = kinetic_energy(xp.log(self.mass) - tau)
            t = xp.exp(tau)
            missing = energy - xp.sum(made * (self.mass + t * kinetic), axis=0)
            heat = t * xp.sum(made * (kinetic - slope), axis=0)
            move = xp.where(total > 0.0, missing / xp.maximum(heat, _SMALLEST), 0.0)
            tau = xp.clip(tau + xp.clip(move, -1.0, 1.0), log_t - 20.0, log_t + 20.0)
        empty = xp.max(yields, axis=0) <= 0.0
        seed = xp.minimum(_SEED * made, 1e-3 * self.equilibrium(u))
        yields = xp.where(empty, seed, yields)
        return xp.concat((yields, xp.where(empty, tau, log_t)[None]), axis=0)

    def _production(self, u: Any) -> tuple[Any, Any]:
        """What the bath makes of each species and of energy per e-fold, (S, n) and (n,)."""
        xp = namespace(u)
        y = xp.concat((0.0 * self.mass, (self.log_reference - u)[None]), axis=0)
        stages = DarkStages(self, u, 0.0 * u, y, slowed=False)
        net = stages.action.net(stages.k[: 2 * stages.half], stages.products)
        made = xp.maximum(stages.change @ net, 0.0)
        return made, xp.sum(stages.energy_flow(stages.k, stages.mean, stages.products), axis=0)

    def stages(self, u: Any, h: Any, y: Any) -> DarkStages:
        return DarkStages(self, u, h, y)

    def settle(self, old: Any, new: Any) -> Any:
        xp, size = namespace(new), self.mass.shape[0]
        yields = restore(self.stoichiometry.charges, self.charge, new[:size])
        return xp.concat((yields, new[size:]), axis=0)

    def scale(self, old: Any, new: Any, stiffness: Any) -> Any:
        xp, size = namespace(new), self.mass.shape[0]
        found = weights(old[:size], new[:size], self.observed, stiffness)
        return xp.concat((found, xp.ones_like(new[size:])), axis=0)

    def fitted(self, rate: Any) -> Any:
        xp = namespace(rate)
        return xp.concat((0.0 * self.mass + rate, 0.0 * rate[None]), axis=0)

    def tracer(self, new: Any, old: Any) -> Any:
        return growth(new[self.observed], old[self.observed])

    def allowed(self, y: Any, tolerance: Any) -> Any:
        xp, size = namespace(y), self.mass.shape[0]
        kept = (y[size] > self.log_reference - 80.0) & (y[size] < self.log_reference + 80.0)
        return xp.all(y[:size] >= -tolerance[:size], axis=0) & kept

    def take(self, index: Any) -> DarkSystem:
        return replace(
            self,
            table=self.table.take(index),
            background=self.background.take(index),
            excess=self.excess[:, index],
            mass=self.mass[:, index],
            log_reference=self.log_reference[index],
            charge=self.charge[:, index],
        )


_SEED = 1e-7
"""e-folds of production that an empty dark sector starts with"""


class DarkStages:
    """f, df/dy and df/du of one step. At each stage k, dk/d ln T_X and mean energies at T_X."""

    def __init__(self, system: DarkSystem, u: Any, h: Any, y: Any, slowed: bool = True) -> None:
        xp = namespace(y, u)
        of = system.stoichiometry
        self.system, self.of, self.y, self.action = system, of, y, MassAction(of)
        self.half, self.size = of.change.shape[1], of.change.shape[0]
        self.change = xp.asarray(of.change)
        self.powers = xp.asarray(of.sides.astype(np.float64))
        self.dark_side = xp.asarray(of.sides.sum(axis=1) > 0)[:, None]
        consumed = of.consumed.sum(axis=1) > 0
        self.sign = xp.asarray(of.with_bath * np.where(consumed, -1.0, 1.0))[:, None]
        times = u + xp.asarray(NODES)[:, None] * h
        common = system.background.at(times - system.log_reference)
        self.bath, bath_slope = (
            xp.concat(pair, axis=0) for pair in zip(system.table.at(times), common, strict=True)
        )
        self.x, self.slow = xp.exp(times), 1.0
        self.k, self.dlog_k, self.mean, self.dlog_mean = self.coefficients(0, y)
        self.products = of.products(y[: self.size])
        if slowed:
            factor = slow_down(self.action, self.k, y[: self.size], system.equilibrium(u), _FASTEST)
            self.slow = xp.concat((factor, factor), axis=0)
            self.k = self.k * self.slow
        self.dlog_k_du, self.dlog_mean_du, self.deta = self._bath_slopes(bath_slope[:, 0])
        self.f = self._parts(0, y, self.k, self.mean, self.products)

    def coefficients(self, node: int, y: Any) -> tuple[Any, Any, Any, Any]:
        """k (2 R, n), dln k/dln T_X, mean energies of events (2 R, n), dln of them/dln T_X."""
        xp = namespace(y)
        half, tau, bath = self.half, y[-1], self.bath[:, node]
        u_x = self.system.log_reference - tau
        own, slope = self.system.table.at(u_x, beyond=True)
        number, dnumber = self.system.number_density(tau)
        x_x, excess = xp.exp(u_x), self.system.excess
        here = xp.where(self.dark_side, _twice(xp, own[:half]), _twice(xp, bath[:half]))
        mass = excess * xp.where(self.dark_side, x_x, self.x[node])
        density = xp.tensordot(self.powers, number - bath[-3], axes=1)
        log_k = here - bath[-2] + mass - density
        k = xp.exp(xp.clip(log_k, -745.0, 700.0)) * self.slow
        own_slope = -(_twice(xp, slope[:half]) + excess * x_x)
        dlog_k = own_slope - xp.tensordot(self.powers, dnumber, axes=1)
        energy = _twice(xp, own[half : 2 * half]), _twice(xp, bath[half : 2 * half])
        mean = xp.exp(xp.where(self.dark_side, *energy))
        dlog_mean = xp.where(self.dark_side, -_twice(xp, slope[half : 2 * half]), 0.0)
        return k, xp.where(self.dark_side, dlog_k, 0.0), mean, dlog_mean

    def _bath_slopes(self, slope: Any) -> tuple[Any, Any, Any]:
        """dln k/du and dln(mean energy)/du at fixed y, and dln of H/Htilde, at node 0."""
        xp, half = namespace(slope), self.half
        total = xp.sum(self.powers, axis=1)[:, None]
        made = _twice(xp, slope[:half]) + self.system.excess * self.x[0]
        dlog_k = xp.where(self.dark_side, total * slope[-3], made) - slope[-2]
        mean = _twice(xp, slope[half : 2 * half])
        return dlog_k, xp.where(self.dark_side, 0.0, mean), slope[-1]

    def energy_flow(self, k: Any, mean: Any, products: Any) -> Any:
        """Energy per entropy and e-fold that each reaction brings, (R, n) in GeV."""
        return self.sign * self.action.net(k * mean, products)

    def _parts(self, node: int, y: Any, k: Any, mean: Any, products: Any) -> tuple[Any, ...]:
        """dY/du, dlnT_X/du, energies/T_X, heat capacities (S, n), their sum over Y, 1/T_X."""
        xp, size = namespace(y), self.size
        yields, cold = y[:size], xp.exp(-y[-1])
        kinetic, slope, curve = kinetic_energy(xp.log(self.system.mass) - y[-1])
        energy, heat = kinetic + self.system.mass * cold, kinetic - slope
        rate = self.change @ self.action.net(k, products)
        capacity = xp.maximum(xp.sum(yields * heat, axis=0), _SMALLEST)
        gain = xp.sum(self.energy_flow(k, mean, products), axis=0) * cold
        work = 3.0 * self.bath[-1, node] * xp.sum(yields, axis=0)
        tau = (gain - work - xp.sum(energy * rate, axis=0)) / capacity
        return rate, tau, energy, heat, capacity, cold, gain, slope, curve

    def rhs(self, node: int, y: Any) -> Any:
        xp = namespace(y)
        if y is self.y:
            rate, tau = self.f[:2]
        else:
            k, _, mean, _ = self.coefficients(node, y)
            products = self.of.products(y[: self.size])
            rate, tau = self._parts(node, y, k, mean, products)[:2]
        return xp.concat((rate, tau[None]), axis=0)

    def jacobian(self) -> Any:
        xp = namespace(self.y)
        columns = [self._column_of_yield(j) for j in range(self.size)]
        return xp.stack([*columns, self._column_of_temperature()], axis=1)

    def _column_of_yield(self, j: int) -> Any:
        xp = namespace(self.y)
        _, tau, energy, heat, capacity, cold, *_ = self.f
        net = self.change @ self.action.slope(self.k, self.products, j)
        flow = self.sign * self.action.slope(self.k * self.mean, self.products, j)
        top = xp.sum(flow, axis=0) * cold - 3.0 * self.bath[-1, 0] - xp.sum(energy * net, axis=0)
        return xp.concat((net, ((top - tau * heat[j]) / capacity)[None]), axis=0)

    def _column_of_temperature(self) -> Any:
        xp = namespace(self.y)
        rate, tau, energy, _, capacity, cold, gain, slope, curve = self.f
        net = self.change @ self.action.net(self.k * self.dlog_k, self.products)
        moved = self.k * (self.dlog_k + self.dlog_mean)
        flow = xp.sum(self.energy_flow(moved, self.mean, self.products), axis=0) * cold - gain
        falling = -slope - self.system.mass * cold
        top = flow - xp.sum(falling * rate + energy * net, axis=0)
        dcapacity = xp.sum(self.y[: self.size] * (curve - slope), axis=0)
        return xp.concat((net, ((top - tau * dcapacity) / capacity)[None]), axis=0)

    def slope(self) -> Any:
        xp = namespace(self.y)
        _, _, energy, _, capacity, cold, *_ = self.f
        net = self.change @ self.action.net(self.k * self.dlog_k_du, self.products)
        moved = self.k * (self.dlog_k_du + self.dlog_mean_du)
        flow = xp.sum(self.energy_flow(moved, self.mean, self.products), axis=0) * cold
        work = 3.0 * self.deta * xp.sum(self.y[: self.size], axis=0)
        top = flow - work - xp.sum(energy * net, axis=0)
        return xp.concat((net, (top / capacity)[None]), axis=0)


def _twice(xp: Any, values: Any) -> Any:
    return xp.concat((values, values), axis=0)
