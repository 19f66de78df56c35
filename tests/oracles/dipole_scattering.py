"""phi f -> phi f from explicit spinors, with vector, axial and dipole vertices of f.

The dipole vertex is i d sigma^{mu nu} q_nu with sigma = (i/2)[gamma, gamma] multiplied out and
q = p' - p, the momentum that flows into the fermion. Propagators keep q_mu q_nu/m^2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .amplitudes import scattering_current, squared_through_vectors
from .dirac import GAMMA, GAMMA5, REAL, Array, angles, bar, lower, u_spinor

# mass of the vector, coupling to phi, and to f: vector, axial, dipole
Vector = tuple[float, float, float, float, float]

SIGMA2 = 0.5j * (
    np.einsum("mab,nbc->mnac", GAMMA, GAMMA) - np.einsum("nab,mbc->mnac", GAMMA, GAMMA)
)


def fermion_current(p: Array, p_out: Array, m_f: float, g: float, a: float, d: float) -> Array:
    """ubar(p_out) [g gamma^mu + a gamma^mu gamma5 + i d sigma^{mu nu} q_nu] u(p), (4, ..., 4)."""
    dipole = 1j * d * np.einsum("mnab,...n->...mab", SIGMA2, lower(p_out - p))
    vertex = GAMMA @ (g * np.eye(4) + a * GAMMA5) + dipole
    left, right = bar(u_spinor(p_out, m_f)), u_spinor(p, m_f)
    current = np.einsum("r...a,...mab,s...b->rs...m", left, vertex, right)
    return current.reshape((4, *current.shape[2:]))


def _pair(p2_cm: float, m_phi: float, m_f: float, cosine: Array) -> tuple[Array, Array]:
    """Momenta of phi and f in the x-z plane; the energies follow, so that p may be tiny."""
    p, sine = np.sqrt(REAL(p2_cm)), np.sqrt((1 - cosine) * (1 + cosine))
    space = p * np.stack([sine, 0 * cosine, cosine], axis=-1)
    first, second = (np.sqrt(REAL(m) ** 2 + p**2) + 0 * cosine[:, None] for m in (m_phi, m_f))
    return np.concatenate([first, space], axis=-1), np.concatenate([second, -space], axis=-1)


def squared(
    p2_cm: float, cosine: Array, m_phi: float, m_f: float, vectors: Sequence[Vector]
) -> Array:
    """Spin-averaged |M|^2 at the squared momentum `p2_cm` and angles of the centre of mass."""
    cosine = np.asarray(cosine, dtype=REAL)
    (k, p), (k_out, p_out) = (_pair(p2_cm, m_phi, m_f, z) for z in (1 + 0 * cosine, cosine))
    dark = scattering_current("complex-scalar", k, k_out, m_phi)
    terms = [
        (mass, 0.0, x, fermion_current(p, p_out, m_f, g, a, d)) for mass, x, g, a, d in vectors
    ]
    return squared_through_vectors(dark, k - k_out, terms) / 2


def sigma(beta: float, m_phi: float, m_f: float, vectors: Sequence[Vector]) -> float:
    """sigma in GeV^-2 for phi of speed beta on f at rest: mean of |M|^2 over angles/(16 pi s)."""
    gamma = 1 / np.sqrt(1 - REAL(beta) ** 2)
    s = REAL(m_phi) ** 2 + REAL(m_f) ** 2 + 2 * REAL(m_f) * m_phi * gamma
    p2 = float((m_f * m_phi * gamma * REAL(beta)) ** 2 / s)
    light = min(mass for mass, *_ in vectors)
    cosine, weight = angles(48, peak=p2 / (p2 + light**2 / 2))
    mean = np.sum(weight * squared(p2, cosine, m_phi, m_f, vectors))
    return float(mean / (16 * np.pi * s))
