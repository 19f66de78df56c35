"""e gamma -> e V with a vector and a magnetic coupling of V, from explicit spinors; and V -> e e.

The vertex is g gamma^mu + i d sigma^{mu nu} q_nu with q flowing into the electron, q = -k for a
vector of momentum k that leaves; the photon couples with unit charge. GeV; the mass of the electron
is kept. No trace theorem and nothing of the Weizsaecker-Williams approximation.
"""

from __future__ import annotations

import numpy as np

from .dirac import (
    GAMMA,
    REAL,
    Array,
    bar,
    dot,
    lower,
    momentum_cm,
    pair,
    polarisations,
    slash,
    u_spinor,
    v_spinor,
)
from .electron_nucleus import magnetic


def _along(s: float, m_e: float) -> tuple[Array, Array]:
    """Electron and photon in their centre of mass."""
    k = (REAL(s) - REAL(m_e) ** 2) / (2 * np.sqrt(REAL(s)))
    electron = np.array([np.sqrt(k**2 + REAL(m_e) ** 2), 0, 0, k], dtype=REAL)
    return electron, np.array([k, 0, 0, -k], dtype=REAL)


def smallest_and_largest_u(s: float, mass: float, m_e: float) -> tuple[float, float]:
    """Range of u = m_e^2 - (p - k)^2 at squared energy s."""
    p, _ = _along(s, m_e)
    k = momentum_cm(s, mass, m_e)
    energy = np.sqrt(k**2 + REAL(mass) ** 2)
    ends = (2 * (p[0] * energy - sign * p[3] * k) - REAL(mass) ** 2 for sign in (1, -1))
    low, high = ends
    return float(low), float(high)


def squared(
    s_hat: float, u: float, mass: float, m_e: float, couplings: tuple[float, float]
) -> float:
    """|M|^2 summed over final and averaged over initial spins, at s_hat = s - m_e^2 and u."""
    s = REAL(s_hat) + REAL(m_e) ** 2
    p, q = _along(float(s), m_e)
    k_abs = momentum_cm(s, mass, m_e)
    energy = np.sqrt(k_abs**2 + REAL(mass) ** 2)
    cosine = (2 * p[0] * energy - REAL(u) - REAL(mass) ** 2) / (2 * p[3] * k_abs)
    sine = np.sqrt((1 - cosine) * (1 + cosine))
    k = np.array([energy, k_abs * sine, 0, k_abs * cosine], dtype=REAL)
    p_out = p + q - k
    eps = np.einsum("lm,mab->lab", lower(polarisations(k, mass)), GAMMA)
    photon = np.einsum("lm,mab->lab", lower(polarisations(q, 0.0)), GAMMA)
    vertex = couplings[0] * eps + couplings[1] * magnetic(eps, slash(k))
    one = m_e * np.eye(4)
    after, before = p + q, p - k
    s_after = (slash(after) + one) / (dot(after, after) - REAL(m_e) ** 2)
    s_before = (slash(before) + one) / (dot(before, before) - REAL(m_e) ** 2)
    matrix = np.einsum("lab,bc,gcd->lgad", vertex, s_after, photon)
    matrix = matrix + np.einsum("gab,bc,lcd->lgad", photon, s_before, vertex)
    left, right = bar(u_spinor(p_out, m_e)), u_spinor(p, m_e)
    amplitude = np.einsum("ra,lgab,sb->lgrs", left, matrix, right)
    return float(np.sum(np.abs(amplitude) ** 2) / 4)


def decay_squared(mass: float, m_e: float, couplings: tuple[float, float]) -> float:
    """|M|^2 of V -> e e summed over all spins; the vector brings its momentum into the line."""
    k1, k2 = pair(mass**2, m_e, m_e)
    rest = k1 + k2
    eps = np.einsum("lm,mab->lab", lower(polarisations(rest, mass)), GAMMA)
    vertex = couplings[0] * eps - couplings[1] * magnetic(eps, slash(rest))
    found = np.einsum("ra,lab,sb->lrs", bar(u_spinor(k1, m_e)), vertex, v_spinor(k2, m_e))
    return float(np.sum(np.abs(found) ** 2))


__all__ = ["decay_squared", "smallest_and_largest_u", "squared"]
