"""phi phi* -> V1 V2 with different masses, and -> V f fbar, from explicit amplitudes.

Polarisation vectors and spinors are summed one by one; phase space is integrated by Gauss nodes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .amplitudes import creation_current
from .dirac import (
    GAMMA,
    REAL,
    Array,
    angles,
    boost,
    lower,
    momentum_cm,
    pair,
    polarisations,
)
from .vector_pairs import pair_amplitude

_SIGMA = 0.5j * (
    np.einsum("mab,nbc->mnac", GAMMA, GAMMA) - np.einsum("nab,mbc->mnac", GAMMA, GAMMA)
)


def _momenta(s: Any, m_dm: float, m_1: float, m_2: float, cos_theta: Array) -> tuple[Array, ...]:
    p1, p2 = (np.broadcast_to(p, (*cos_theta.shape, 4)) for p in pair(s, m_dm, m_dm))
    return (p1, p2, *pair(s, m_1, m_2, cos_theta))


def beta_sigma_two_masses(
    m_dm: float, g: float, m_1: float, m_2: float, s: Any, nodes: int = 200
) -> float:
    """beta sigma [GeV^-2] for vectors that are told apart."""
    s = REAL(s)
    p_in, p_out = momentum_cm(s, m_dm, m_dm), momentum_cm(s, m_1, m_2)
    if p_out == 0:
        return 0.0
    big_s = s - REAL(m_1) ** 2 - REAL(m_2) ** 2
    cos_theta, weight = angles(nodes, peak=float(4 * p_in * p_out / big_s) * (1 - 1e-9))
    momenta = _momenta(s, m_dm, m_1, m_2, cos_theta)
    e1, e2 = polarisations(momenta[2], m_1), polarisations(momenta[3], m_2)
    amplitude = pair_amplitude("complex-scalar", momenta, m_dm, e1, e2)
    squared = np.sum(weight * np.sum(np.abs(amplitude) ** 2, axis=(0, 1, 2)))
    return float(REAL(g) ** 4 * squared * (2 * p_out / np.sqrt(s)) / (16 * np.pi * s))


def _vertex(vector: float, dipole: float, q: Array) -> Array:
    """g_V gamma^mu + i d sigma^{mu nu} q_nu with q flowing into the fermion, (4, 4, 4)."""
    return vector * GAMMA + 1j * dipole * np.einsum("mnab,n->mab", _SIGMA, lower(q))


def three_body_density(
    m_dm: float,
    g: float,
    m_v: float,
    mass: float,
    m_f: float,
    couplings: tuple[float, float],
    nodes: int = 8,
) -> float:
    """d(sigma v)/dM^2 |D|^2 of phi phi* -> V V*(M), V* -> f fbar at rest [GeV^-4 of the dark pair].

    `couplings` : (g_V, d in GeV^-1) of the fermion. The propagator 1/|D(M^2)|^2 is left out. At
    rest the angle of V does not matter, so that only those of the fermion are integrated.
    """
    s = REAL(2 * m_dm) ** 2
    cos_v = np.asarray(0.3, dtype=REAL)
    p1, p2, k1, k2 = _momenta(s, m_dm, m_v, mass, cos_v)
    e1, unit = polarisations(k1, m_v), np.eye(4)
    tensor = pair_amplitude("complex-scalar", (p1, p2, k1, k2), m_dm, e1, unit)[0]
    velocity = k2[1:] / k2[0]
    vertex = _vertex(*couplings, np.asarray(k2, dtype=complex))
    total = REAL(0)
    x, w = angles(nodes)
    azimuths = 2 * np.pi * (np.arange(nodes) + 0.5) / nodes
    p = momentum_cm(mass**2, m_f, m_f)
    for cos_f, weight in zip(x, w, strict=True):
        sin_f = np.sqrt(1 - cos_f**2)
        for phi in azimuths:
            n = np.array([sin_f * np.cos(phi), sin_f * np.sin(phi), cos_f], dtype=REAL)
            energy = REAL(mass) / 2
            f1 = boost(np.concatenate([[energy], p * n]), velocity)
            f2 = boost(np.concatenate([[energy], -p * n]), velocity)
            current = creation_current(f1, f2, m_f, vertex)
            amplitude = np.einsum("im,sm->is", tensor, current)
            total += weight / nodes * np.sum(np.abs(amplitude) ** 2)
    two_body = momentum_cm(s, m_v, mass) / (4 * np.pi * np.sqrt(s))
    decay = p / (4 * np.pi * REAL(mass))
    return float(REAL(g) ** 4 * total * two_body * decay / (2 * np.pi) / s)
