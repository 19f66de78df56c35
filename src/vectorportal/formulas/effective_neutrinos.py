"""How a light particle in equilibrium with electrons lowers the effective number of neutrinos.

When it becomes non-relativistic after neutrinos have decoupled at T_d, its entropy heats photons
alone. With all entropies conserved and a sudden decoupling ([Ho:2013])

    N_eff = N_SM [g_e/(g_e + g)]^(4/3),

g_e and g the entropy degrees of freedom of photons with electrons and of the particle at T_d.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.bessel import k1e, k2e

__all__ = ["N_STANDARD", "effective_neutrinos", "entropy_degrees"]

N_STANDARD = 3.044
"""Effective number of neutrinos of the Standard Model"""
_TERMS = 40
"""Terms of the expansion of quantum statistics; 5e-6 at zero mass"""


def entropy_degrees(ratio: Any, boson: bool) -> Any:
    """Entropy of one state of mass `ratio` T over that of a massless boson; no chemical potential.

    45/(4 pi^4) sum_n (+-1)^(n+1) r^3 K_3(n r)/n; `ratio` > 0, any shape.
    """
    xp = namespace(ratio)
    r = xp.asarray(ratio, dtype=xp.float64)
    total = 0.0 * r
    for n in range(1, _TERMS + 1):
        k3 = xp.exp(-n * r) * (k1e(n * r) + 4.0 * k2e(n * r) / (n * r))
        sign = 1.0 if boson or n % 2 else -1.0
        total = total + sign * r**3 * k3 / n
    return 45.0 / (4.0 * pi**4) * total


def effective_neutrinos(mass: Any, degrees: float, boson: bool, t_decoupling: float) -> Any:
    """N_eff with `degrees` states of `mass` (GeV, any shape) in equilibrium with electrons.

    t_decoupling : temperature in GeV at which neutrinos decouple, all at once.
    """
    m_e = StandardModel.default().m_e
    electrons = 2.0 + 4.0 * float(entropy_degrees(m_e / t_decoupling, False))
    added = degrees * entropy_degrees(mass / t_decoupling, boson)
    return N_STANDARD * (electrons / (electrons + added)) ** (4.0 / 3.0)
