"""Targets of lepton beams: materials, and the equivalent photons of a nucleus in its atom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.errors import UsageError, nearest_name
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace
from vectorportal.units import GEV2_TO_CM2

__all__ = [
    "MATERIALS",
    "Flux",
    "Material",
    "effective_flux",
    "form_factor_squared",
    "material",
]

AVOGADRO = 6.02214076e23
_MU_PROTON = 2.79
_M_PROTON = 0.938272


@dataclass(frozen=True)
class Material:
    """An element: charge number, mass number, radiation length (g/cm^2), density (g/cm^3)."""

    z: float
    a: float
    radiation_length: float
    density: float

    @property
    def atoms(self) -> float:
        """Atoms in one radiation length over one GeV^-2: N_A X0/A x GeV^-2 (hbar c)^2."""
        return AVOGADRO * self.radiation_length / self.a * GEV2_TO_CM2

    def depth(self, metres: float) -> float:
        """`metres` of the material in radiation lengths."""
        return metres * 100.0 * self.density / self.radiation_length


MATERIALS = {
    "Be": Material(4.0, 9.012, 65.19, 1.848),
    "C": Material(6.0, 12.011, 42.70, 2.210),
    "Al": Material(13.0, 26.982, 24.01, 2.699),
    "Fe": Material(26.0, 55.845, 13.84, 7.874),
    "Cu": Material(29.0, 63.546, 12.86, 8.960),
    "Ta": Material(73.0, 180.948, 6.82, 16.65),
    "W": Material(74.0, 183.84, 6.76, 19.30),
    "Pb": Material(82.0, 207.2, 6.37, 11.35),
}
"""Elements, with the atomic and nuclear properties tabulated in [PDG:2022]"""


def material(name: str) -> Material:
    """The element `name`, or UsageError with the nearest name."""
    if name not in MATERIALS:
        near = nearest_name(name, MATERIALS)
        hint = f"; did you mean {near}?" if near else f"; there are {', '.join(MATERIALS)}."
        raise UsageError(f"there is no target material {name}{hint}")
    return MATERIALS[name]


def form_factor_squared(t: np.ndarray, z: float, a: float) -> np.ndarray:
    """G_2(t), elastic and inelastic, of a nucleus (z, a) in its atom; t = -q^2 > 0 in GeV^2.

    Elastic: atomic screening below 1/(111 Z^(-1/3)/m_e), nuclear size above 0.164 GeV^2 A^(-2/3),
    times Z^2. Inelastic: single protons with a dipole form factor, times Z. Appendix A of
    [Bjorken:2009], after [Kim:1973].
    """
    m_e = StandardModel.default().m_e
    screen = (111.0 * z ** (-1.0 / 3.0) / m_e) ** 2 * t
    elastic = (z * screen / (1.0 + screen) / (1.0 + t / (0.164 * a ** (-2.0 / 3.0)))) ** 2
    loose = (773.0 * z ** (-2.0 / 3.0) / m_e) ** 2 * t
    magnetic = 1.0 + t / (4.0 * _M_PROTON**2) * (_MU_PROTON**2 - 1.0)
    inelastic = z * (loose / (1.0 + loose) * magnetic / (1.0 + t / 0.71) ** 4) ** 2
    return elastic + inelastic


@dataclass(frozen=True)
class Flux:
    """Running integrals of G_2/t and G_2/t^2 from t to infinity over a grid in ln t (GeV^2)."""

    log_t: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def between(self, t_min: Any, t_max: Any) -> Any:
        """chi = integral of (t - t_min)/t^2 G_2 dt from t_min to t_max; 0 where t_min > t_max.

        NumPy or JAX arrays.
        """
        xp = namespace(t_min, t_max)
        low, high = xp.log(t_min), xp.log(t_max)
        log_t, first, second = (xp.asarray(a) for a in (self.log_t, self.first, self.second))
        first = xp.interp(low, log_t, first) - xp.interp(high, log_t, first)
        second = xp.interp(low, log_t, second) - xp.interp(high, log_t, second)
        return xp.where(low < high, xp.maximum(first - t_min * second, 0.0), 0.0)


@lru_cache(maxsize=32)
def effective_flux(z: float, a: float) -> Flux:
    """The equivalent photons of a nucleus: integrals good to 1e-4 for t from 1e-24 to 1e2 GeV^2."""
    log_t = np.linspace(math.log(1e-24), math.log(1e2), 6001)
    t = np.exp(log_t)
    g2 = form_factor_squared(t, z, a)
    return Flux(log_t, _from_above(log_t, g2), _from_above(log_t, g2 / t))


def _from_above(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Integral of y from each x to the last one (trapezoids)."""
    steps = 0.5 * (y[1:] + y[:-1]) * np.diff(x)
    return np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])
