"""A pair of charged vectors X+ X- in the s-channel: the contraction of its two currents.

J of (9) of [Foguel:2025] couples to X3 and the dipole current j of (10), (18) to the hypercharge
field. Summed over spins their products are T_JJ = 12 m^4 + 20 m^2 s + s^2, T_Jj = s (10 m^2 + s)
and T_jj = s (4 m^2 + s). With the amplitudes G^J of J and G^j of j, and Sigma = G^J + G^j,

  T_JJ |G^J|^2 + 2 T_Jj Re G^J G^j* + T_jj |G^j|^2
    = (12 m^4 + 4 m^2 s) |G^J|^2 + 12 m^2 s Re G^J Sigma* + s (4 m^2 + s) |Sigma|^2.

The growth s^2 of longitudinal pairs cancels between J and j, as gauge invariance demands; the
second form has no cancellation. Sigma is known without one too: for a mediator V with component
x_V in the dark field, the X3 row of the eigenvalue equation gives x_V + y_V = x_V M^2/m_V^2 with
M the mass of X3 in the Lagrangian, so Sigma = (M^2/s) sum_V x_V g_V (1 - i Gamma_V/m_V) D_V.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas.spectral import velocity

__all__ = ["contract", "pair_prefactor", "width_to_pair"]


def contract(s: Any, m_x: Any, a_jj: Any, a_js: Any, a_ss: Any) -> Any:
    """(12 m^4 + 4 m^2 s) a_jj + 12 m^2 s a_js + s (4 m^2 + s) a_ss, in units of m^4.

    a_jj = Re A^J B^J*, a_js = Re (A^J B^Sigma* + A^Sigma B^J*)/2 and a_ss = Re A^Sigma B^Sigma*.
    """
    t = s / m_x**2
    return (12.0 + 4.0 * t) * a_jj + t * (12.0 * a_js + (4.0 + t) * a_ss)


def pair_prefactor(beta: Any, g_x: Any) -> Any:
    """beta sigma(X+ X- -> final) over `contract` of spectral functions W: g_X^2 beta^2/36.

    General form of (B13)-(B16) of [Foguel:2025]; spin average 1/9.
    """
    return (g_x * beta) ** 2 / 36.0


def width_to_pair(mass: Any, m_x: Any, component: Any, m_x_hat2: Any, g_x: Any) -> Any:
    """Width in GeV of a vector V -> X+ X-, through J and j.

    g_X^2 m_V beta^3/(192 pi m_X^4) [T_JJ x^2 + 2 T_Jj x y + T_jj y^2]; `component` is x_V and
    x_V + y_V = x_V m_x_hat2/m_V^2.
    """
    s = mass**2
    total = component * m_x_hat2 / s
    shape = contract(s, m_x, component**2, component * total, total**2)
    beta = velocity(s, m_x)
    return g_x**2 * mass * (beta * beta * beta) * shape / (192.0 * pi)
