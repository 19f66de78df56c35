"""Slow, independent reaction networks: closed-form rates, SciPy's Radau in ln Y (and ln T_X).

Nothing is interpolated: densities come from scipy.special.kve at every call. Only the table of
degrees of freedom is shared with the package. One point at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import kve

from vectorportal.inputs.dof import DofTable

M_PLANCK = 1.220890e19


@dataclass(frozen=True)
class Gas:
    """A species: mass in GeV, number of spin states."""

    name: str
    mass: float
    states: float

    def log_density(self, t: Any) -> Any:
        """ln n_eq + m/T, n_eq = g m^2 T K_2(m/T)/(2 pi^2)."""
        z = self.mass / t
        return np.log(self.states * self.mass**2 * t * kve(2, z) / (2.0 * np.pi**2))

    def energy(self, t: Any) -> Any:
        """Mean energy of a particle, 3 T + m K_1/K_2."""
        z = self.mass / t
        return 3.0 * t + self.mass * kve(1, z) / kve(2, z)


@dataclass(frozen=True)
class Process:
    """consumed <-> produced with gamma = rate T^power prod n_eq over the particles of `cold`.

    `rate` in powers of GeV. A decay has power 0 and cold = {parent: 1}: gamma = rate n_eq.
    mean_energy : for a process with the bath, energy per event in GeV as a function of T.
    """

    name: str
    consumed: Mapping[str, int]
    produced: Mapping[str, int]
    cold: Mapping[str, int]
    rate: float
    power: float = 0.0
    mean_energy: Any = None


@lru_cache(maxsize=64)
def _expansion(dof: DofTable, t: float) -> tuple[float, float, float]:
    factor = 1.0 + float(dof.dln_g_s_dln_t(t)) / 3.0
    hubble = np.sqrt(8.0 * np.pi**3 * float(dof.g_rho(t)) / 90.0) * t * t / M_PLANCK
    return 2.0 * np.pi**2 / 45.0 * float(dof.g_s(t)) * t**3, hubble / factor, factor


@dataclass(frozen=True)
class ReferenceNetwork:
    """Species, processes and the expansion of the universe."""

    gases: Sequence[Gas]
    processes: Sequence[Process]
    dof: DofTable
    reference_mass: float

    def gas(self, name: str) -> Gas:
        return next(g for g in self.gases if g.name == name)

    def log_gamma(self, p: Process, t: Any) -> Any:
        """ln gamma + threshold/T."""
        cold = sum(k * self.gas(n).log_density(t) for n, k in p.cold.items())
        return np.log(p.rate) + p.power * np.log(t) + cold

    def threshold(self, p: Process) -> float:
        return sum(k * self.gas(n).mass for n, k in p.cold.items())

    def expansion(self, x: float) -> tuple[float, float, float]:
        """s, Htilde and H/Htilde at x."""
        return _expansion(self.dof, self.reference_mass / x)

    def log_y_eq(self, g: Gas, x: float, t: float | None = None) -> float:
        t = self.reference_mass / x if t is None else t
        return float(g.log_density(t) - g.mass / t - np.log(self.expansion(x)[0]))

    def flow(self, x: float, log_y: Any, t_x: float | None = None) -> tuple[Any, float]:
        """dY/dln x and the energy per entropy that the bath brings per e-fold."""
        t = self.reference_mass / x
        s, hubble, _ = self.expansion(x)
        names = [g.name for g in self.gases]
        change, energy = np.zeros(len(names)), 0.0
        for p in self.processes:
            terms = []
            for side in (p.consumed, p.produced):
                at = t if (t_x is None or not side) else t_x
                log = self.log_gamma(p, at) - self.threshold(p) / at - np.log(s * hubble)
                for n, k in side.items():
                    log += k * (log_y[names.index(n)] - self.log_y_eq(self.gas(n), x, at))
                terms.append((np.exp(min(log, 600.0)), at))
            (forward, t_f), (backward, t_b) = terms
            for side, sign in ((p.consumed, -1.0), (p.produced, 1.0)):
                for n, k in side.items():
                    change[names.index(n)] += sign * k * (forward - backward)
            if p.mean_energy is not None:
                sign = -1.0 if p.consumed else 1.0
                energy += sign * (forward * p.mean_energy(t_f) - backward * p.mean_energy(t_b))
        return change, energy

    def evolve(
        self, x_start: float, x_stop: float, log_y: Any, rtol: float = 1e-9, at: Any = None
    ) -> Any:
        """ln Y at x_stop (S,), or at the ascending ln x `at` (S, P), at the bath's temperature."""

        def slope(u: float, y: Any) -> Any:
            return self.flow(np.exp(u), y)[0] * np.exp(-y)

        return self._radau(slope, x_start, x_stop, log_y, rtol, at)

    def evolve_dark(
        self, x_start: float, x_stop: float, log_y: Any, rtol: float = 1e-8, at: Any = None
    ) -> Any:
        """The same with ln(T_X/GeV) as the last component."""

        def slope(u: float, y: Any) -> Any:
            x, t_x, yields = np.exp(u), np.exp(y[-1]), np.exp(y[:-1])
            change, gain = self.flow(x, y[:-1], t_x)
            factor = self.expansion(x)[2]
            each = np.array([g.energy(t_x) for g in self.gases])
            d = 1e-4
            warm = np.array([g.energy(t_x * np.exp(d)) for g in self.gases])
            cool = np.array([g.energy(t_x * np.exp(-d)) for g in self.gases])
            capacity = np.sum(yields * (warm - cool) / (2.0 * d))
            work = 3.0 * factor * t_x * np.sum(yields)
            tau = (gain - work - np.sum(each * change)) / capacity
            return np.append(change / yields, tau)

        return self._radau(slope, x_start, x_stop, log_y, rtol, at)

    def _radau(self, slope: Any, x_start: Any, x_stop: Any, y: Any, rtol: float, at: Any) -> Any:
        span = (float(np.log(x_start)), float(np.log(x_stop)))
        found = solve_ivp(slope, span, y, method="Radau", rtol=rtol, atol=rtol, t_eval=at)
        if not found.success:
            raise RuntimeError(found.message)
        return found.y if at is not None else found.y[:, -1]
