"""Light vectors from the core of a supernova: bremsstrahlung of colliding nucleons and the plasma.

Soft-radiation limit of n p -> n p V with classical (non-degenerate) nucleons and the measured n p
cross section, after [Rrapaj:2016]; mixing in a plasma of relativistic electrons after [Chang:2017].
An order-of-magnitude treatment: degeneracy, many-body effects and corrections of relative order
omega/E are left out. Natural units, GeV; rates are at epsilon = 1 and shapes broadcast.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

__all__ = [
    "absorption_rate",
    "emissivity",
    "longitudinal_polarisation",
    "neutron_proton_cross_section",
    "plasma_frequency2",
    "transverse_polarisation",
    "velocity_change",
]

_NUCLEON = 0.93892
_MB = 2.5681897  # GeV^-2
_LAB = np.array([0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4])
_SIGMA = np.array([1630.0, 943.0, 482.0, 307.0, 168.0, 94.0, 73.0, 51.0, 42.6, 35.4, 33.6])
_LAGUERRE = np.polynomial.laguerre.laggauss(24)


def neutron_proton_cross_section(energy: Any) -> Any:
    """sigma(n p) in GeV^-2 at kinetic energy `energy` (GeV) in the centre of mass.

    Total cross section, interpolated from the values at laboratory energies 5 to 400 MeV of the
    partial-wave analysis [Stoks:1993], constant outside. Its angular distribution is nearly the
    same forwards and backwards, so it is also the one weighted with 1 - cos(theta).
    """
    log = np.interp(np.log(2.0 * np.asarray(energy)), np.log(_LAB), np.log(_SIGMA))
    return np.exp(log) * _MB


def velocity_change(energy: Any) -> Any:
    """Mean square change of the proton's velocity in a collision: 2 E/m_N, isotropic scattering."""
    return 2.0 * np.asarray(energy) / _NUCLEON


def emissivity(
    omega: Any, mass: Any, temperature: Any, n_p: Any, n_n: Any, alpha: Any
) -> tuple[Any, Any]:
    """dQ/d omega (energy per volume, time and omega; GeV^4) of n p -> n p V: (transverse, long.).

    The current of a proton that changes its velocity by dv radiates
    dN/d omega = (alpha/pi) dv^2 (k/omega^2) [2/3 + m^2/(3 omega^2)], transverse and longitudinal,
    k^2 = omega^2 - m^2; times n_p n_n <v sigma> over a Maxwell distribution above E > omega.
    Densities in GeV^3. Zero for omega <= mass.
    """
    omega, mass = np.broadcast_arrays(np.asarray(omega, float), np.asarray(mass, float))
    k = np.sqrt(np.maximum(omega**2 - mass**2, 0.0))
    x, weight = _LAGUERRE
    energy = omega[..., None] + temperature * x
    # relative velocity 2 sqrt(E/m_N), Maxwell distribution 2 sqrt(E/pi) T^(-3/2) exp(-E/T)
    speed = 2.0 * np.sqrt(energy / _NUCLEON)
    share = 2.0 * np.sqrt(energy / pi / temperature)
    kernel = speed * neutron_proton_cross_section(energy) * velocity_change(energy) * share
    rate = n_p * n_n * np.exp(-omega / temperature) * np.sum(weight * kernel, axis=-1)
    common = rate * alpha / pi * k / omega
    return common * 2.0 / 3.0, common * mass**2 / (3.0 * omega**2)


def absorption_rate(
    omega: Any, mass: Any, emission: Any, temperature: Any, polarisations: int
) -> Any:
    """Rate in GeV at which V of energy `omega` is absorbed, by detailed balance.

    exp(omega/T) 2 pi^2 (dQ/d omega)/(polarisations k omega^2).
    """
    k = np.sqrt(np.maximum(omega**2 - mass**2, 1e-300))
    return np.exp(omega / temperature) * 2.0 * pi**2 * emission / (polarisations * k * omega**2)


def plasma_frequency2(density: Any, temperature: Any, alpha: Any) -> Any:
    """omega_p^2 in GeV^2 of relativistic electrons of net density `density` (GeV^3).

    (4 alpha/(3 pi)) (mu^2 + pi^2 T^2/3), with mu from n = mu^3/(3 pi^2) + mu T^2/3.
    """
    n, t2 = np.asarray(density) * 1.0, np.asarray(temperature) ** 2
    half, third = 1.5 * pi**2 * n, pi**2 * t2 / 3.0
    root = np.sqrt(half**2 + third**3)
    mu = np.cbrt(root + half) - np.cbrt(root - half)
    return 4.0 * alpha / (3.0 * pi) * (mu**2 + pi**2 * t2 / 3.0)


def _log_term(omega: Any, k: Any) -> Any:
    """(omega/2k) ln[(omega + k)/(omega - k)] - 1, by its series for small k."""
    v2 = (k / omega) ** 2
    small = v2 < 1e-3
    v = np.sqrt(np.where(small, 0.25, v2))
    series = v2 / 3.0 + v2**2 / 5.0 + v2**3 / 7.0 + v2**4 / 9.0
    return np.where(small, series, np.arctanh(v) / v - 1.0)


def transverse_polarisation(omega: Any, mass: Any, omega_p2: Any) -> Any:
    """Re Pi_T in GeV^2 of relativistic electrons for a quantum of energy omega and mass m.

    (3/2) omega_p^2 (omega^2/k^2) [1 - (m^2/omega^2)(1 + L)] with
    L = (omega/2k) ln[(omega+k)/(omega-k)] - 1; [Braaten:1993] at electron velocity 1. It is
    omega_p^2 at k = 0 and 1.5 omega_p^2 for m << omega.
    """
    omega, m2 = np.asarray(omega) * 1.0, np.asarray(mass) ** 2
    k2 = omega**2 - m2
    ratio2 = k2 / omega**2
    safe = np.maximum(ratio2, 1e-12)
    log = _log_term(omega, omega * np.sqrt(safe))
    inside = np.where(ratio2 > 1e-4, (safe - (1.0 - safe) * log) / safe, 2.0 / 3.0)
    return 1.5 * omega_p2 * inside


def longitudinal_polarisation(omega: Any, mass: Any, omega_p2: Any) -> Any:
    """Re Pi_L in GeV^2, in the convention with the pole at m^2 = Pi_L: 3 omega_p^2 (m^2/k^2) L.

    L as in `transverse_polarisation`; [Braaten:1993]. It is omega_p^2 at k = 0.
    """
    omega, m2 = np.asarray(omega) * 1.0, np.asarray(mass) ** 2
    ratio2 = np.maximum((omega**2 - m2) / omega**2, 1e-12)
    log = _log_term(omega, omega * np.sqrt(ratio2))
    return 3.0 * omega_p2 * (1.0 - ratio2) * log / ratio2
