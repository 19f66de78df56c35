"""Fermi-Dirac statistics of a pair of massless bath particles against Maxwell-Boltzmann.

The number of pairs of energy E and mass sqrt(s) is, up to a common factor,
  Maxwell-Boltzmann: int dE p e^(-E/T) = sqrt(s) T K_1(sqrt(s)/T), p = (E^2 - s)^(1/2);
  Fermi-Dirac: int dE 2 T/(e^(E/T) - 1) ln[cosh((E + p)/4T)/cosh((E - p)/4T)],
the integral of f(E_1) f(E_2) over the energy difference. The ratio multiplies the rate at which
the bath makes a pair or a resonance of mass sqrt(s) (for an isotropic cross section).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.bessel import k1e

__all__ = ["fermi_ratio"]

_LOW, _HIGH, _COUNT = np.log(1e-6), np.log(60.0), 1600
_ORDER = 120


def _log_cosh(a: np.ndarray) -> np.ndarray:
    return np.abs(a) + np.log1p(np.exp(-2.0 * np.abs(a)))


def _integral(z: np.ndarray) -> np.ndarray:
    """Fermi-Dirac integral over E/T by Gauss-Legendre in t, E/T = z cosh t."""
    node, weight = np.polynomial.legendre.leggauss(_ORDER)
    top = np.arccosh(1.0 + 60.0 / z)[:, None]
    t = 0.5 * top * (node + 1.0)
    energy, p = z[:, None] * np.cosh(t), z[:, None] * np.sinh(t)
    shape = 2.0 * (_log_cosh((energy + p) / 4.0) - _log_cosh((energy - p) / 4.0))
    value = shape * np.exp(-energy + z[:, None]) / -np.expm1(-energy)
    return np.sum(0.5 * top * weight * value * p, axis=1)


@lru_cache(maxsize=1)
def _table() -> tuple[np.ndarray, np.ndarray]:
    log_z = np.linspace(_LOW, _HIGH, _COUNT)
    z = np.exp(log_z)
    return log_z, np.log(_integral(z) / (z * k1e(z)))


def fermi_ratio(z: Any) -> Any:
    """Fermi-Dirac over Maxwell-Boltzmann number of pairs at z = sqrt(s)/T > 0, any shape.

    From 0.4805 at z << 1 to 1 at z >> 1; interpolated linearly in ln z (error 5e-6).
    """
    xp = namespace(z)
    log_z, value = _table()
    return xp.exp(xp.interp(xp.log(z), xp.asarray(log_z), xp.asarray(value)))
