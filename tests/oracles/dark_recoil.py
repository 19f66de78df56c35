"""chi f -> chi f through one vector, from spinors: d sigma/dT with f at rest."""

from __future__ import annotations

import numpy as np

from .dirac import GAMMA, METRIC, REAL, Array, bar, dot, u_spinor


def _vector(energy: float, mass: float, sign: float, cos: float) -> Array:
    p = np.sqrt(REAL(energy) ** 2 - REAL(mass) ** 2)
    return np.array([energy, sign * p * np.sqrt(1 - REAL(cos) ** 2), 0, p * cos], dtype=REAL)


def recoil_rate(energy: float, recoil: float, m_dm: float, m: float, m_v: float, dm: str) -> float:
    """d sigma/dT in GeV^-3 for couplings 1: d sigma/dt = mean |M|^2/(64 pi m^2 p^2), t = -2 m T."""
    p, target = _vector(energy, m_dm, 1, 1.0), np.array([m, 0, 0, 0], dtype=REAL)
    q2, k2 = (REAL(energy) - recoil) ** 2 - REAL(m_dm) ** 2, REAL(recoil) ** 2 + 2 * m * recoil
    p2 = REAL(energy) ** 2 - REAL(m_dm) ** 2
    cos_q, cos_k = (p2 + q2 - k2) / (2 * np.sqrt(p2 * q2)), (p2 + k2 - q2) / (2 * np.sqrt(p2 * k2))
    q = _vector(energy - recoil, m_dm, 1, cos_q)
    k = _vector(m + recoil, m, -1, cos_k)
    assert np.allclose((p + target - q - k).astype(float), 0.0, atol=1e-9)
    ordinary = np.einsum("ra,mab,sb->rsm", bar(u_spinor(k, m)), GAMMA, u_spinor(target, m))
    if dm == "dirac":
        dark = np.einsum("ra,mab,sb->rsm", bar(u_spinor(q, m_dm)), GAMMA, u_spinor(p, m_dm))
        dark, spins = dark.reshape(4, 4), 4
    else:
        dark, spins = (p + q)[None] + 0j, 2
    amplitude = np.einsum("im,mn,jn->ij", dark, METRIC, ordinary.reshape(4, 4))
    t = float(dot(p - q, p - q))
    squared = float(np.sum(np.abs(amplitude) ** 2)) / spins / (t - m_v**2) ** 2
    return 2 * m * squared / (64 * np.pi * m**2 * float(p2))
