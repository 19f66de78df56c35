"""e- e+ -> gamma V with vector, axial and magnetic couplings of V: explicit spinors, squared.

The electron emits with the vertex g_V gamma^mu + g_A gamma^mu gamma5 + i d sigma^{mu nu} q_nu,
q flowing into the fermion (q = p' - p, minus the momentum of the emitted V); the charge of the
electron is -1 times `e`, here e = 1. Momenta and masses in GeV, d in GeV^-1.
"""

from __future__ import annotations

import numpy as np

from .dirac import (
    GAMMA,
    GAMMA5,
    REAL,
    Array,
    angles,
    bar,
    dot,
    lower,
    pair,
    polarisations,
    slash,
    u_spinor,
    v_spinor,
)

Couplings = tuple[float, float, float]
"""g_V, g_A and d (GeV^-1)"""

SIGMA_TENSOR = 0.5j * (
    np.einsum("mab,nbc->mnac", GAMMA, GAMMA) - np.einsum("nab,mbc->mnac", GAMMA, GAMMA)
)
"""sigma^{mu nu} = (i/2) [gamma^mu, gamma^nu], (4, 4, 4, 4)"""


def vertex(polarisation: Array, inflow: Array, couplings: Couplings) -> Array:
    """The vertex contracted with a `polarisation` (..., 4), V bringing in the momentum `inflow`."""
    g_v, g_a, d = couplings
    plain = slash(polarisation) @ (g_v * np.eye(4) + g_a * GAMMA5)
    tensor = np.einsum("...m,...n,mnab->...ab", lower(polarisation), lower(inflow), SIGMA_TENSOR)
    return plain + 1j * d * tensor


def amplitudes(
    s: float, mass: float, cosine: Array, couplings: Couplings, m_e: float, gauge: bool = False
) -> Array:
    """M(spin e+, spin e-, polarisation of gamma, of V, angle); `gauge` puts k for epsilon."""
    cosine = np.atleast_1d(np.asarray(cosine, dtype=REAL))
    p1, p2 = (np.broadcast_to(p, (cosine.size, 4)) for p in pair(s, m_e, m_e))
    k, q = pair(s, 0.0, mass, cosine)
    photons = k[None] if gauge else polarisations(k, 0.0)
    u, v = u_spinor(p1, m_e), bar(v_spinor(p2, m_e))
    lines = []
    for momentum in (p1 - k, p1 - q):
        norm = dot(momentum, momentum) - REAL(m_e) ** 2
        lines.append((slash(momentum) + m_e * np.eye(4)) / norm[:, None, None])
    found = []
    for a in photons:
        row = []
        for b in polarisations(q, mass):
            emitted, shone = vertex(b, -q, couplings), -slash(a)
            matrix = emitted @ lines[0] @ shone + shone @ lines[1] @ emitted
            row.append(np.einsum("r...a,...ab,s...b->rs...", v, matrix, u))
        found.append(np.stack(row, axis=2))
    return np.stack(found, axis=2)


def squared(s: float, mass: float, cosine: Array, couplings: Couplings, m_e: float) -> Array:
    """Spin-averaged |M|^2 summed over polarisations, of the shape of `cosine`."""
    return np.sum(np.abs(amplitudes(s, mass, cosine, couplings, m_e)) ** 2, axis=(0, 1, 2, 3)) / 4


def distribution(s: float, mass: float, cosine: Array, couplings: Couplings, m_e: float) -> Array:
    """d sigma/d cos(theta) in GeV^-2 for e = 1; theta between the photon and the electron."""
    beta = np.sqrt(1 - 4 * REAL(m_e) ** 2 / s)
    return squared(s, mass, cosine, couplings, m_e) * (1 - mass**2 / s) / (32 * np.pi * s * beta)


def total(s: float, mass: float, couplings: Couplings, m_e: float, nodes: int = 400) -> float:
    """sigma(e- e+ -> gamma V) over all angles in GeV^-2 for e = 1, with the electron's mass."""
    beta = np.sqrt(1 - 4 * REAL(m_e) ** 2 / s)
    cosine, weight = angles(nodes, peak=float(beta))
    return float(2 * np.sum(weight * distribution(s, mass, cosine, couplings, m_e)))


def pair_distribution(cosine: Array, made: Couplings, decays: Couplings, mass: float) -> Array:
    """Sum of |M|^2 of e- e+ -> V -> f fbar at s = 1 GeV^2, up to a constant; like `cosine`.

    `made` and `decays` are the couplings of the electron and of f, both of this `mass`.
    """
    cosine = np.asarray(cosine, dtype=REAL)
    p1, p2 = (np.broadcast_to(p, (cosine.size, 4)) for p in pair(1.0, mass, mass))
    k1, k2 = pair(1.0, mass, mass, cosine)
    total_momentum = p1 + p2
    bridge = 0.0
    for direction, sign in zip(np.eye(4), (1.0, -1.0, -1.0, -1.0), strict=True):
        unit = np.broadcast_to(direction, (cosine.size, 4))
        first = np.einsum(
            "r...a,...ab,s...b->rs...",
            bar(v_spinor(p2, mass)),
            vertex(unit, -total_momentum, made),
            u_spinor(p1, mass),
        )
        second = np.einsum(
            "r...a,...ab,s...b->rs...",
            bar(u_spinor(k1, mass)),
            vertex(unit, total_momentum, decays),
            v_spinor(k2, mass),
        )
        bridge = bridge + sign * first[:, :, None, None] * second[None, None]
    return np.asarray(np.sum(np.abs(np.asarray(bridge)) ** 2, axis=(0, 1, 2, 3)), float)
