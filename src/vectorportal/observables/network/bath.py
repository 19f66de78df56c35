"""The equations of a network whose species have the temperature of the bath."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.rosenbrock import NODES, factor, solve
from vectorportal.observables.network.stoichiometry import Stoichiometry
from vectorportal.observables.network.tables import RateTable

__all__ = ["BathSystem", "MassAction", "growth", "restore", "slow_down", "weights"]

_FASTEST = 1e8
"""a reaction that turns over more than this per e-fold of x is in equilibrium: it acts as this"""
_RELIEF, _SMALL = 3.0, 0.1
_NEGLIGIBLE = 1e-6
"""below this share of the observed yield a species is followed with absolute accuracy"""
_SMALLEST = 1e-280


class MassAction:
    """dY/dln x = change (k_f prod Y_in - k_b prod Y_out), with its derivatives."""

    def __init__(self, stoichiometry: Stoichiometry) -> None:
        self.of = stoichiometry
        self.half = stoichiometry.change.shape[1]

    def net(self, k: Any, products: Any) -> Any:
        """k_f prod Y_in - k_b prod Y_out of every reaction, (R, n), for k (2 R, n)."""
        flux = k * products[self.of.side]
        return flux[: self.half] - flux[self.half :]

    def slope(self, k: Any, products: Any, species: int) -> Any:
        """Its derivative with respect to the yield of one species, (R, n)."""
        flux = self._lowered(k, products, species)
        return flux[: self.half] - flux[self.half :]

    def gross_slope(self, k: Any, products: Any, species: int) -> Any:
        """The same with both signs positive: how often per e-fold a particle reacts, (R, n)."""
        flux = self._lowered(k, products, species)
        return flux[: self.half] + flux[self.half :]

    def _lowered(self, k: Any, products: Any, species: int) -> Any:
        many = self.of.multiplicity[species][:, None]
        return k * (many * products[self.of.lowered[species]])


def slow_down(
    action: MassAction, k: Any, y: Any, equilibrium: Any, fastest: float = _FASTEST
) -> Any:
    """Factors (R, n) <= 1 that keep reactions below `fastest` per e-fold.

    What counts is the slowest participant, weighted by its share of the most abundant species. A
    reaction with the bath is judged as if it had reached equilibrium, so that a start from nothing
    does not have to resolve it.
    """
    xp = namespace(y)
    of = action.of
    with_bath = xp.asarray(of.with_bath)[:, None]
    target = xp.maximum(y, equilibrium)
    share = target / xp.maximum(xp.max(target, axis=0), _SMALLEST)
    here, there = of.products(y), of.products(target)
    slowest = xp.full_like(k[: action.half], np.inf)
    for j in range(y.shape[0]):
        inside = (of.consumed[:, j] + of.produced[:, j]) > 0
        rate = xp.where(with_bath, action.gross_slope(k, there, j), action.gross_slope(k, here, j))
        slowest = xp.where(inside[:, None], xp.minimum(slowest, rate * share[j]), slowest)
    linear = (of.sides.sum(axis=1).reshape(2, -1).sum(axis=0) <= 1)[:, None]
    return xp.where(linear, 1.0, fastest / xp.maximum(slowest, fastest))


def weights(old: Any, new: Any, observed: int, stiffness: Any) -> Any:
    """Sizes that errors are measured by, (S, n); `stiffness` = h dy'/dy, (S, S, n).

    A species whose reactions undo an error at once (large diagonal) is followed less closely, as
    long as that stays small against the observed yield.
    """
    xp = namespace(old)
    size = xp.maximum(xp.abs(old), xp.abs(new))
    count = old.shape[0]
    undone = xp.clip(-xp.stack([stiffness[i, i] for i in range(count)]), 0.0, _RELIEF) * size
    main = size[observed]
    return size + xp.minimum(undone, _SMALL * main) + _NEGLIGIBLE * main + _SMALLEST


def restore(charges: np.ndarray, value: Any, y: Any) -> Any:
    """Move y (S, n), in proportion to itself, so that charges @ y = value (Q, n) to rounding."""
    xp = namespace(y)
    y = xp.maximum(y, 0.0)
    if charges.shape[0] == 0:
        return y
    w = xp.asarray(charges)
    size = y + _SMALLEST
    matrix = xp.einsum("as,bs,sn->abn", w, w, size)
    amount = solve(factor(matrix), value - w @ y)
    return y + size * (w.T @ amount)


def growth(new: Any, old: Any) -> Any:
    """ln(new/old), 0 where one of them vanishes."""
    xp = namespace(new)
    good = (new > 1e-250) & (old > 1e-250)
    return xp.log(xp.where(good, new, 1.0) / xp.where(good, old, 1.0))


@dataclass(frozen=True)
class BathSystem:
    """Yields as functions of u = ln x.

    table : ln gamma + threshold/T of the R reactions, then ln n_eq + m/T of the S species.
    background : ln s, ln(s Htilde) and H/Htilde against -ln T. log_mass : ln of the reference mass,
    (n,). excess : (sum of masses - threshold)/reference mass of each side, (2 R, n).
    mass : m/reference mass, (S, n). charge : conserved values, (Q, n). observed : species index.
    """

    stoichiometry: Stoichiometry
    table: RateTable
    background: RateTable
    log_mass: Any
    excess: Any
    mass: Any
    charge: Any
    observed: int

    def at(self, u: Any) -> tuple[Any, Any]:
        """ln gamma/(s Htilde) and ln Yeq without their masses, and derivatives by u."""
        xp = namespace(u)
        half = self.stoichiometry.change.shape[1]
        size = self.mass.shape[0]
        results = zip(self.table.at(u), self.background.at(u - self.log_mass), strict=True)
        found = []
        for own, common in results:
            shift = [common[1:2]] * half + [common[:1]] * size
            found.append(own - xp.concat(shift, axis=0))
        return found[0], found[1]

    def equilibrium(self, u: Any) -> Any:
        """Yeq, (S, n)."""
        xp = namespace(u)
        found, _ = self.at(u)
        return xp.exp(found[self.stoichiometry.change.shape[1] :] - self.mass * xp.exp(u))

    def stages(self, u: Any, h: Any, y: Any) -> BathStages:
        return BathStages(self, u, h, y)

    def settle(self, old: Any, new: Any) -> Any:
        return restore(self.stoichiometry.charges, self.charge, new)

    def scale(self, old: Any, new: Any, stiffness: Any) -> Any:
        return weights(old, new, self.observed, stiffness)

    def fitted(self, rate: Any) -> Any:
        return namespace(rate).broadcast_to(rate, self.mass.shape)

    def tracer(self, new: Any, old: Any) -> Any:
        return growth(new[self.observed], old[self.observed])

    def allowed(self, y: Any, tolerance: Any) -> Any:
        return namespace(y).all(y >= -tolerance, axis=0)

    def take(self, index: Any) -> BathSystem:
        return replace(
            self,
            table=self.table.take(index),
            background=self.background.take(index),
            log_mass=self.log_mass[index],
            excess=self.excess[:, index],
            mass=self.mass[:, index],
            charge=self.charge[:, index],
        )


class BathStages:
    """Rate coefficients at all stage times of one step."""

    def __init__(self, system: BathSystem, u: Any, h: Any, y: Any) -> None:
        xp = namespace(y, u)
        of = system.stoichiometry
        self.action, self.y = MassAction(of), y
        self.change = xp.asarray(of.change)
        times = u + xp.asarray(NODES)[:, None] * h
        found, slopes = system.at(times)
        x = xp.exp(times)
        log_k, half = _log_rates(xp, of, found), of.change.shape[1]
        k = xp.exp(xp.clip(log_k + system.excess[:, None] * x, -745.0, 700.0))
        equilibrium = xp.exp(found[half:, 0] - system.mass * x[0])
        slow = slow_down(self.action, k[:, 0], y, equilibrium)
        self.k = k * xp.concat((slow, slow), axis=0)[:, None]
        self.dlog_k = _log_rates(xp, of, slopes[:, 0]) + system.excess * x[0]
        self.products = of.products(y)

    def rhs(self, node: int, y: Any) -> Any:
        products = self.products if y is self.y else self.action.of.products(y)
        return self.change @ self.action.net(self.k[:, node], products)

    def jacobian(self) -> Any:
        k, size = self.k[:, 0], self.y.shape[0]
        columns = [self.change @ self.action.slope(k, self.products, j) for j in range(size)]
        return namespace(self.y).stack(columns, axis=1)

    def slope(self) -> Any:
        return self.change @ self.action.net(self.k[:, 0] * self.dlog_k, self.products)


def _log_rates(xp: Any, of: Stoichiometry, found: Any) -> Any:
    """ln k of both sides without masses: ln gamma/(s Htilde) - sum ln Yeq, (2 R, ...)."""
    half = of.change.shape[1]
    density, log_eq = found[:half], found[half:]
    powers = xp.asarray(of.sides.astype(np.float64))
    return xp.concat((density, density), axis=0) - xp.tensordot(powers, log_eq, axes=1)
