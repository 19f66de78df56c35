"""Constants of cosmology and the radiation-dominated expansion."""

from __future__ import annotations

from math import pi, sqrt
from typing import TYPE_CHECKING, Any

from vectorportal.numerics.arrays import namespace

if TYPE_CHECKING:
    from vectorportal.inputs.dof import DofTable

__all__ = [
    "CRITICAL_DENSITY_H2",
    "ENTROPY_OVER_HUBBLE",
    "M_PLANCK",
    "T_CMB",
    "T_ELECTROWEAK",
    "hubble_prefactor",
    "hubble_rate",
]

M_PLANCK = 1.220890e19
"""Planck mass in GeV, not reduced (CODATA 2018)"""

T_CMB = 2.7255 * 8.617333262e-14
"""photon temperature today in GeV: 2.7255(6) K, Fixsen 2009, ApJ 707, 916"""

T_ELECTROWEAK = {"verified": 159.5, "as-printed": 246.22}
"""temperature of the electroweak transition in GeV: the crossover at 159.5(1.5) GeV of
[DOnofrio:2016]; (B12) of [Foguel:2025] changes phase at
v = 246 GeV, where its freeze-in with T_rh = v starts"""

CRITICAL_DENSITY_H2 = 8.095896e-47
"""rho_c/h^2 in GeV^4: 3 (100 km/s/Mpc)^2/(8 pi G) = 1.05367e-5 GeV/cm^3"""

ENTROPY_OVER_HUBBLE = (2.0 * pi**2 / 45.0) / sqrt(8.0 * pi**3 / 90.0) * M_PLANCK
"""s/H = this * T g_s/sqrt(g_rho), in GeV"""


def hubble_prefactor(g_rho: Any) -> Any:
    """H/T^2 = sqrt(8 pi^3 g_rho/90)/M_Pl in 1/GeV."""
    return (8.0 * pi**3 * g_rho / 90.0) ** 0.5 / M_PLANCK


def hubble_rate(temperature: Any, dof: DofTable) -> Any:
    """H in GeV at `temperature` in GeV, with g_rho of `dof`."""
    log_g_rho = dof.evaluate(namespace(temperature).log(temperature))[0]
    return hubble_prefactor(namespace(temperature).exp(log_g_rho)) * temperature**2
