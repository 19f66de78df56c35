"""The bath before electroweak symmetry breaking as Z_D sees it: hypercharges and thermal masses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi
from typing import Any

import numpy as np

from vectorportal.formulas.bath_statistics import fermi_ratio
from vectorportal.formulas.nonabelian import sigma_top
from vectorportal.formulas.thermal_masses import thermal_multiplets
from vectorportal.inputs.cosmology import T_ELECTROWEAK
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.bessel import k1e, k2e

__all__ = ["BathFactor", "broken_share", "hypercharge_sum", "top_density"]

_CROSSOVER = 0.12
"""width in ln T with which rates pass from one phase to the other"""

_HIGGS = "H"
_TOP_PAIRS = 12.0
"""t tbar pairs that can annihilate: 4 spin states times 3 colours"""
_NODES, _RANGE = 200, 60.0
_LOG_T = np.concatenate(
    (np.linspace(np.log(2.0), np.log(400.0), 600), np.linspace(np.log(401.0), np.log(1e16), 400))
)
"""below 2 GeV the top quark is gone: exp(-170)"""


def broken_share(temperature: Any, prescription: str) -> Any:
    """Weight of the broken phase in rates, from 0 far above the transition to 1 far below.

    The crossover is smooth: the Higgs expectation value starts to grow at 159.5 GeV. The weight is
    logistic in ln T, with a width of 0.12, and a half at 0.82 times that temperature, where the
    expectation value is 0.57 of its value in mean field. As printed the phase changes at
    v = 246 GeV, where the weight is 0.97 (a half at 367 GeV).
    """
    xp = namespace(temperature)
    middle = np.log(T_ELECTROWEAK[prescription])
    middle = middle + 0.4 if prescription == "as-printed" else middle - 0.2
    depth = (middle - xp.log(temperature)) / _CROSSOVER
    return 1.0 / (1.0 + xp.exp(xp.clip(-depth, -600.0, 600.0)))


def hypercharge_sum(sm: StandardModel, prescription: str, z: Any) -> Any:
    """sum N Y^2 over Weyl fields, each times its phase space at z = sqrt(s)/T, any shape.

    A Weyl field of thermal mass m_f: (1 - m_f^2/s)(1 - 4 m_f^2/s)^(1/2), (B8) with one chirality;
    the Higgs doublet: (1 - 4 m_H^2/s)^(3/2)/2 per complex scalar (left out as-printed).
    """
    xp = namespace(z)
    total = 0.0 * z
    for state in thermal_multiplets(sm):
        if not state.is_fermion and prescription == "as-printed":
            continue
        ratio = state.mass2_over_t2 / z**2
        is_open = ratio < 0.25
        beta2 = xp.where(is_open, 1.0 - 4.0 * ratio, 1.0)
        shape = xp.sqrt(beta2) * (1.0 - ratio if state.is_fermion else 0.5 * beta2)
        shape = xp.where(is_open, shape, 0.0)
        total = total + state.multiplicity * state.hypercharge**2 * shape
    return total


@dataclass(frozen=True)
class BathFactor:
    """A factor of the thermal kernel at z = sqrt(s)/T: what the bath and the question add to it.

    sm : with it the hypercharge sum of the unbroken phase. quantum : Fermi-Dirac statistics.
    energy : mean energy of the pair over T.
    """

    sm: StandardModel | None = None
    prescription: str = "verified"
    quantum: bool = False
    energy: bool = False

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """The factor on an array of any shape."""
        factor = np.ones_like(z)
        if self.sm is not None:
            factor = factor * hypercharge_sum(self.sm, self.prescription, z)
        if self.quantum:
            factor = factor * fermi_ratio(z)
        if self.energy:
            factor = factor * z * k2e(z) / k1e(z)
        return factor


def top_density(sm: StandardModel, prescription: str, log_t: Any) -> tuple[Any, Any]:
    """ln of number and energy density of t tbar -> Z_D Phi over epsilon^2 at ln(T/GeV); (B21)."""
    xp = namespace(log_t)
    number, energy = _top_table(sm, prescription)
    grid, is_open = xp.asarray(_LOG_T), log_t > _LOG_T[0]
    tables = (xp.interp(log_t, grid, xp.asarray(table)) for table in (number, energy))
    first, second = (xp.where(is_open, table, -xp.inf) for table in tables)
    return first, second


@lru_cache(maxsize=8)
def _top_table(sm: StandardModel, prescription: str) -> tuple[np.ndarray, np.ndarray]:
    """Thermal masses above the transition, masses of the vacuum below it."""
    t = np.exp(_LOG_T)
    mass2 = {state.name: state.mass2_over_t2 for state in thermal_multiplets(sm)}
    m_top = np.sqrt(0.5 * (mass2["t_L"] + mass2["t_R"])) * t
    hot = _top_densities(sm, prescription, t, m_top, np.sqrt(mass2[_HIGGS]) * t)
    ones = np.ones_like(t)
    cold = _top_densities(sm, prescription, t, sm.m_t * ones, sm.m_h * ones)
    weight = broken_share(t, prescription)
    number, energy = (
        np.log(np.maximum(weight * c + (1.0 - weight) * h, 1e-300))
        for c, h in zip(cold, hot, strict=True)
    )
    return number, energy


def _top_densities(
    sm: StandardModel, prescription: str, t: np.ndarray, m_top: np.ndarray, m_higgs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Number and energy density over epsilon^2 in GeV^4 and GeV^5, (K,); (B5) by quadrature."""
    floor = np.maximum(2.0 * m_top, m_higgs) / t
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    span = np.log(1.0 + _RANGE / floor)[:, None]
    u = 0.5 * span * (node + 1.0)
    z = floor[:, None] * np.exp(u**2 / span)
    jacobian = weight * z * u
    temperature, m_top, m_higgs = t[:, None], m_top[:, None], m_higgs[:, None]
    s = (z * temperature) ** 2
    yukawa = sm.m_t / sm.vev
    sigma = sigma_top(s, m_top, m_higgs, 1.0, sm.g_prime, sm.cw2, yukawa, prescription)
    reduced = _TOP_PAIRS * 2.0 * (s - 4.0 * m_top**2) * sigma
    common = temperature**4 / (32.0 * pi**4) * z**2 * jacobian * reduced * np.exp(-z)
    energy = common * z * k2e(z) * temperature
    return np.sum(common * k1e(z), axis=1), np.sum(energy, axis=1)
