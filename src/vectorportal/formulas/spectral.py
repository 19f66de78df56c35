"""Spectral functions W = sqrt(s) Gamma(sqrt(s)) of a vector of mass sqrt(s), final state by state.

W (GeV^2 times coupling^2) serves twice: Gamma_V = W(m_V^2)/m_V with the couplings of V, and the
s-channel cross section with couplings divided by propagators (see formulas/annihilation.py).
Each form is checked in the tests against explicit amplitudes.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = [
    "dipole_pair",
    "dirac_pair",
    "fermion_pair",
    "higgs_strahlung",
    "majorana_pair",
    "scalar_pair",
    "velocity",
    "w_pair",
]


def velocity(s: Any, mass: Any) -> Any:
    """beta = (1 - 4 m^2/s)^(1/2), zero at and below threshold; s in GeV^2, m in GeV."""
    xp = namespace(s, mass)
    ratio = 2.0 * mass / xp.sqrt(s)
    beta2 = (1.0 - ratio) * (1.0 + ratio)
    is_open = beta2 > 0.0
    return xp.where(is_open, xp.sqrt(xp.where(is_open, beta2, 1.0)), 0.0)


def fermion_pair(s: Any, mass: Any, squares: Any, product: Any, colours: float = 1.0) -> Any:
    """V* -> f fbar: N_c beta [s (|g_L|^2+|g_R|^2) - m^2 (|g_L|^2+|g_R|^2 - 6 g_L g_R)]/(24 pi).

    (B8) of [Foguel:2025]. `squares` = |g_L|^2 + |g_R|^2, `product` = Re g_L g_R*.
    """
    bracket = s * squares - mass**2 * (squares - 6.0 * product)
    return colours / (24.0 * pi) * velocity(s, mass) * bracket


def dipole_pair(s: Any, mass: Any, square: Any, cross: Any) -> Any:
    """V* -> f fbar: what a dipole vertex adds to a vector one, interference included.

    beta s [s (1 + 8 mu) `square`/2 + 6 m `cross`]/(12 pi), mu = m^2/s, for the vertex
    g_V gamma^mu + i d sigma^{mu nu} q_nu with q flowing into the fermion: `square` = |d|^2 in
    GeV^-2, `cross` = Re g_V d* in GeV^-1. (7) of [Rizzo:2021] and its (8), whose velocity stands
    squared by mistake; an axial coupling does not interfere.
    """
    mu = mass**2 / s
    bracket = 0.5 * s * (1.0 + 8.0 * mu) * square + 6.0 * mass * cross
    return velocity(s, mass) * s * bracket / (12.0 * pi)


def w_pair(s: Any, m_w: Any, coupling2: Any) -> Any:
    """V* -> W+ W- through a Yang-Mills vertex of squared strength `coupling2`.

    coupling2 s^3 beta^3 (1 + 20 xi + 12 xi^2) / (192 pi m_W^4), xi = m_W^2/s.
    """
    xi = m_w**2 / s
    shape = 1.0 + 20.0 * xi + 12.0 * xi**2
    beta = velocity(s, m_w)
    return coupling2 * s * (beta * beta * beta) * shape / (192.0 * pi * xi**2)


def higgs_strahlung(s: Any, m_z: Any, m_h: Any, coupling2: Any) -> Any:
    """V* -> Z h through a vertex i kappa g^{mu nu}, coupling2 = |kappa|^2 (GeV^2).

    kappa^2 p [2 + (s + m_Z^2 - m_h^2)^2/(4 s m_Z^2)] / (24 pi sqrt(s)), p the final momentum.
    """
    xp = namespace(s, m_z, m_h, coupling2)
    root = xp.sqrt(s)
    p2 = (s - (m_z + m_h) ** 2) * (s - (m_z - m_h) ** 2) / (4.0 * s)
    is_open = root > m_z + m_h
    p = xp.where(is_open, xp.sqrt(xp.where(is_open, p2, 1.0)), 0.0)
    shape = 2.0 + (s + m_z**2 - m_h**2) ** 2 / (4.0 * s * m_z**2)
    return coupling2 * p * shape / (24.0 * pi * root)


def scalar_pair(s: Any, mass: Any, alpha_d: Any) -> Any:
    """V* -> phi phi*, unit charge: alpha_d s beta^3/12; text below (7) of [Rizzo:2021]."""
    beta = velocity(s, mass)
    return alpha_d * s * (beta * beta * beta) / 12.0


def dirac_pair(s: Any, mass: Any, alpha_d: Any) -> Any:
    """V* -> chi chibar with g_D chibar gamma^mu chi: alpha_d s beta (1 + 2 m^2/s)/3."""
    return alpha_d * s * velocity(s, mass) * (1.0 + 2.0 * mass**2 / s) / 3.0


def majorana_pair(s: Any, mass: Any, alpha_d: Any) -> Any:
    """V* -> chi chi with (g_D/2) chibar gamma^mu gamma5 chi: alpha_d s beta^3/6."""
    beta = velocity(s, mass)
    return alpha_d * s * (beta * beta * beta) / 6.0
