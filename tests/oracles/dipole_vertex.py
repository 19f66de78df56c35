"""A fermion with vector, axial and magnetic couplings to one vector: explicit vertices and rates.

The vertex is gamma^mu (g_V + g_A gamma5) + i d sigma^{mu nu} q_nu with q flowing into the fermion,
p' = p + q, so q = k_1 + k_2 for a pair that is made. GeV everywhere, d in GeV^-1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .amplitudes import SPIN_STATES, annihilation_current, squared_through_vectors
from .dirac import GAMMA, GAMMA5, Array, angles, bar, lower, momentum_cm, pair, u_spinor, v_spinor
from .widths import _width

SIGMA = 0.5j * (np.einsum("mab,nbc->mnac", GAMMA, GAMMA) - np.einsum("nab,mbc->mnac", GAMMA, GAMMA))
"""sigma^{mu nu} = (i/2) [gamma^mu, gamma^nu], shape (4, 4, 4, 4)"""


def vertex(q: Array, g_v: float, g_a: float, d: float) -> Array:
    """Vertex matrices with upper index, q.shape[:-1] + (4, 4, 4); q flows into the fermion."""
    magnetic = 1j * np.einsum("mnab,...n->...mab", SIGMA, lower(q))
    return GAMMA @ (g_v * np.eye(4) + g_a * GAMMA5) + d * magnetic


def current_in_out(p: Array, p_out: Array, mass: float, g_v: float, g_a: float, d: float) -> Array:
    """ubar(p_out) Gamma^mu u(p), shape (4 spin states, ..., 4)."""
    gamma = vertex(p_out - p, g_v, g_a, d)
    left, right = bar(u_spinor(p_out, mass)), u_spinor(p, mass)
    current = np.einsum("r...a,...mab,s...b->rs...m", left, gamma, right)
    return current.reshape((4, *current.shape[2:]))


def current_of_pair(k1: Array, k2: Array, mass: float, g_v: float, g_a: float, d: float) -> Array:
    """ubar(k1) Gamma^mu v(k2), shape (4 spin states, ..., 4)."""
    gamma = vertex(k1 + k2, g_v, g_a, d)
    left, right = bar(u_spinor(k1, mass)), v_spinor(k2, mass)
    current = np.einsum("r...a,...mab,s...b->rs...m", left, gamma, right)
    return current.reshape((4, *current.shape[2:]))


def width_pair(m_v: float, mass: float, g_v: float, g_a: float, d: float) -> float:
    """Gamma(V -> f fbar) with all three couplings."""
    if m_v <= 2 * mass:
        return 0.0
    cos_theta, weight = angles()
    k1, k2 = pair(m_v**2, mass, mass, cos_theta)
    return _width(m_v, (mass, mass), current_of_pair(k1, k2, mass, g_v, g_a, d), weight)


def sigma_scalars_to_pair(
    m_dm: float, g_dm: float, mass: float, vectors: Sequence[Sequence[float]], s: float
) -> float:
    """sigma(phi phi* -> f fbar) in GeV^-2 through `vectors`, whose amplitudes add up.

    Each is (mass, width, x_dm, g_v, g_a, d); the scalar couples with g_dm x_dm.
    """
    momentum = momentum_cm(s, mass, mass)
    if momentum == 0 or s <= 4 * m_dm**2:
        return 0.0
    cos_theta, weight = angles()
    p1, p2 = (np.broadcast_to(p, (len(cos_theta), 4)) for p in pair(s, m_dm, m_dm))
    k1, k2 = pair(s, mass, mass, cos_theta)
    terms = [
        (m, width, g_dm * x, current_of_pair(k1, k2, mass, g_v, g_a, d))
        for m, width, x, g_v, g_a, d in vectors
    ]
    dark = annihilation_current("complex-scalar", p1, p2, m_dm)
    squared = squared_through_vectors(dark, p1 + p2, terms) / SPIN_STATES["complex-scalar"] ** 2
    flux = momentum_cm(s, m_dm, m_dm) * 16 * np.pi * s
    return float(momentum / flux * np.sum(weight * squared))
