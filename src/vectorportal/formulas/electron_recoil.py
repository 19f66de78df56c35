"""Distributions of the electron that recoils in e N -> e N V on tungsten, structure by structure.

Built on the densities of formulas/electron_radiation.py, at unit coupling of a structure (vector,
interference, dipole). Energies in GeV, angles in rad; NumPy or JAX arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import Any

import numpy as np

from vectorportal.formulas import electron_radiation as radiation
from vectorportal.formulas.target_photons import MATERIALS, Flux, effective_flux
from vectorportal.numerics.arrays import namespace

__all__ = ["Recoil"]

_ANGLES = np.polynomial.legendre.leggauss(48)
_FRACTIONS = np.polynomial.legendre.leggauss(96)
_SMALL_PT, _RANGE_PT = 0.01, 1e3
"""Least p_T over m_e, and the least ratio of the largest to it"""


@dataclass(frozen=True)
class Recoil:
    """A beam of electrons of `energy` on tungsten that radiate V of `mass`, within `theta_max`.

    Arrays (...) of one shape; `alpha` and `m_e` are numbers. `low` and `high` bound the energy of
    the recoil electron. `printed` takes the formulas of [Rizzo:2021] and of appendix A in
    [Bjorken:2009]: small angles, one photon flux, no interference.
    """

    energy: Any
    mass: Any
    theta_max: Any
    low: Any
    high: Any
    alpha: float
    m_e: float
    printed: bool = False

    def spread(self) -> Recoil:
        """The same with one more axis for nodes."""
        names = ("energy", "mass", "theta_max", "low", "high")
        return replace(self, **{name: getattr(self, name)[..., None] for name in names})

    def at_angle(self, x: Any, theta: Any, structure: str) -> Any:
        """d sigma/(dx d cos theta) in GeV^-2 (vector), GeV^-1 ... per unit coupling; x = E_V/E.

        0 where V or the electron would have less energy than its mass; no other cut.
        """
        xp = namespace(x, theta, self.mass, self.energy)
        if not self.printed:
            u, slope = radiation.virtuality(x, theta, self.energy, self.mass, self.m_e)
            law = radiation.STRUCTURES[structure]
            beam = (self.energy, self.mass, _flux())
            return slope * radiation.d_sigma_dx_du(x, u, *beam, law, self.alpha, self.m_e)
        if structure == "interference":
            return 0.0 * x * theta * self.energy
        law = radiation.printed_dipole if structure == "dipole" else radiation.printed_vector
        is_open = (x * self.energy > self.mass) & ((1.0 - x) * self.energy > self.m_e)
        x = xp.where(is_open, x, 0.5)
        found = law(x, theta, self.energy, self.mass, _flux(), self.alpha, self.m_e)
        return xp.where(is_open, found, 0.0)

    def fractions(self, pt: Any = 0.0) -> tuple[Any, Any]:
        """Nodes x (..., K) between the cuts, even in ln(1 - x), and weights dx.

        V can have the transverse momentum `pt` there.
        """
        xp = namespace(self.energy, self.mass, pt)
        nodes, weights = (xp.asarray(a) for a in _FRACTIONS)
        softest = xp.maximum(self.low, self.m_e + 0.0 * self.energy) / self.energy
        if self.printed:
            least = xp.maximum(self.mass, pt / self.theta_max)
        else:
            least = xp.sqrt(self.mass**2 + (pt / xp.sin(self.theta_max)) ** 2)
        hardest = xp.minimum(self.high, self.energy - least) / self.energy
        span = xp.log(xp.maximum(hardest, softest) / softest)[..., None]
        rest = softest[..., None] * xp.exp(span * 0.5 * (nodes + 1.0))
        return 1.0 - rest, 0.5 * weights * span * rest

    def angles(self, x: Any) -> tuple[Any, Any]:
        """Angles (..., K) even in ln u and weights d cos theta (theta d theta where printed)."""
        xp = namespace(x, self.theta_max, self.mass, self.energy)
        nodes, weights = (xp.asarray(a) for a in _ANGLES)
        if self.printed:
            low, slope = radiation.smallest_u(x, self.mass, self.m_e), 2.0 * self.energy**2 * x
            rise = 0.5 * slope * self.theta_max**2
        else:
            low, slope = radiation.virtuality(x, 0.0 * x, self.energy, self.mass, self.m_e)
            rise = 2.0 * slope * xp.sin(0.5 * self.theta_max) ** 2
        is_open = (low > 0.0) & (slope > 0.0)
        low, slope, rise = (xp.where(is_open, a, 1.0) for a in (low, slope, rise))
        span = xp.log1p(rise / low)[..., None]
        grown = span * 0.5 * (nodes + 1.0)
        theta = self._angle(low[..., None] * xp.expm1(grown) / slope[..., None])
        weight = 0.5 * weights * span * xp.exp(grown) * (low / slope)[..., None]
        return theta, xp.where(is_open[..., None], weight, 0.0)

    def _angle(self, fall: Any) -> Any:
        """theta at which 1 - cos theta, or theta^2/2 in the formulas as printed, is `fall`."""
        xp = namespace(fall)
        if self.printed:
            return xp.sqrt(2.0 * fall)
        return 2.0 * xp.arcsin(xp.minimum(xp.sqrt(0.5 * fall), 1.0))

    def at_energy(self, recoil_energy: Any, structure: str) -> Any:
        """d sigma/dE_e per unit coupling, V within the angle; 0 outside the cuts."""
        xp = namespace(recoil_energy, self.mass, self.energy)
        x = 1.0 - recoil_energy / self.energy
        seen = (recoil_energy > self.low) & (recoil_energy < self.high)
        seen = seen & (x * self.energy > self.mass) & (recoil_energy > self.m_e)
        x = xp.where(seen, x, 0.5)
        theta, weight = self.angles(x)
        found = self.spread().at_angle(x[..., None], theta, structure)
        return xp.where(seen, xp.sum(weight * found, axis=-1) / self.energy, 0.0)

    def at_pt(self, pt: Any, structure: str) -> Any:
        """d sigma/dp_T of the electron per unit coupling, which balances that of V.

        p_T = |k| sin(theta), or E_V theta in the formulas as printed; V runs forwards.
        """
        xp = namespace(pt, self.mass, self.energy)
        x, weight = self.fractions(pt)
        spread, out = self.spread(), x * self.energy[..., None]
        k2 = out**2 if self.printed else out**2 - spread.mass**2
        sine = pt[..., None] / xp.sqrt(xp.where(k2 > 0.0, k2, 1.0))
        edge = spread.theta_max if self.printed else xp.sin(spread.theta_max)
        seen = (k2 > 0.0) & (sine < edge)
        sine, k2 = xp.where(seen, sine, 0.5 * edge), xp.where(seen, k2, 1.0)
        theta = sine if self.printed else xp.arcsin(sine)
        slope = k2 if self.printed else k2 * xp.cos(theta)
        found = spread.at_angle(x, theta, structure) * pt[..., None] / slope
        return xp.sum(weight * xp.where(seen, found, 0.0), axis=-1)

    def energies(self) -> tuple[Any, Any]:
        """Nodes (..., K) in the energy of the recoil electron between the cuts, and weights."""
        x, weight = self.fractions()
        return (1.0 - x) * self.energy[..., None], weight * self.energy[..., None]

    def momenta(self) -> tuple[Any, Any]:
        """Nodes (..., K) in p_T, even in its logarithm from m_e/100 (or less), and weights."""
        xp = namespace(self.mass, self.energy, self.theta_max)
        nodes, weights = (xp.asarray(a) for a in _FRACTIONS)
        top = self.energy * (self.theta_max if self.printed else xp.sin(self.theta_max))
        span = xp.maximum(xp.log(top / (_SMALL_PT * self.m_e)), log(_RANGE_PT))[..., None]
        pt = top[..., None] * xp.exp(0.5 * span * (nodes - 1.0))
        return pt, 0.5 * weights * span * pt

    def table(self, structure: str) -> tuple[Any, Any]:
        """d sigma/(dx d cos theta) on nodes (..., K) of x and the angle, and their weights."""
        xp = namespace(self.mass, self.energy)
        x, dx = self.fractions()
        inner = self.spread()
        theta, d_cos = inner.angles(x)
        found = inner.spread().at_angle(x[..., None], theta, structure)
        shape = (*x.shape[:-1], theta.shape[-2] * theta.shape[-1])
        return xp.reshape(found, shape), xp.reshape(dx[..., None] * d_cos, shape)


def _flux() -> Flux:
    tungsten = MATERIALS["W"]
    return effective_flux(tungsten.z, tungsten.a)
