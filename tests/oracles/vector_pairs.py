"""DM antiDM -> V V from explicit amplitudes: t and u channel, and the seagull of a scalar."""

from __future__ import annotations

from typing import Any

import numpy as np

from .amplitudes import SPIN_STATES, vertex_matrix
from .dirac import (
    REAL,
    Array,
    angles,
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

Momenta = tuple[Array, ...]  # p1, p2, k1, k2


def _scalar_pair(momenta: Momenta, mass: float, e1: Array, e2: Array) -> Array:
    p1, p2, k1, k2 = momenta

    def chain(first: Array, eps_first: Array, eps_second: Array) -> Array:
        inner = p1 - first
        charge = dot(2 * p1 - first, eps_first) * dot(inner - p2, eps_second)
        return charge / (dot(inner, inner) - REAL(mass) ** 2)

    amplitude = 2 * dot(e1, e2) - chain(k1, e1, e2) - chain(k2, e2, e1)
    return amplitude[None] + 0j


def _fermion_pair(dm: str, momenta: Momenta, mass: float, e1: Array, e2: Array) -> Array:
    p1, p2, k1, k2 = momenta
    vertex = vertex_matrix(dm)

    def chain(first: Array, eps_first: Array, eps_second: Array) -> Array:
        inner = p1 - first
        line = (slash(inner) + mass * np.eye(4)) / (dot(inner, inner) - REAL(mass) ** 2)[
            ..., None, None
        ]
        v_first = np.einsum("...m,mab->...ab", lower(eps_first), vertex)
        v_second = np.einsum("...m,mab->...ab", lower(eps_second), vertex)
        return v_second @ line @ v_first

    matrix = chain(k1, e1, e2) + chain(k2, e2, e1)
    left, right = bar(v_spinor(p2, mass)), u_spinor(p1, mass)
    left, right = left[:, None, None, None], right[None, :, None, None]
    amplitude = np.einsum("...a,...ab,...b->...", left, matrix, right)
    return amplitude.reshape((4, *amplitude.shape[2:]))


def pair_amplitude(dm: str, momenta: Momenta, mass: float, e1: Array, e2: Array) -> Array:
    """M/g^2 for DM(p1) antiDM(p2) -> V(k1) V(k2): (spin states, pol. 1, pol. 2, ...).

    `e1` and `e2` have shape (number of vectors, ..., 4) and need not be physical polarisations.
    """
    e1, e2 = e1[:, None], e2[None, :]
    if dm == "complex-scalar":
        return _scalar_pair(momenta, mass, e1, e2)
    return _fermion_pair(dm, momenta, mass, e1, e2)


def squared_vv(dm: str, momenta: Momenta, mass: float, m_v: float) -> Array:
    """Sum over all spins and polarisations of |M|^2/g^4, for any frame."""
    e1, e2 = polarisations(momenta[2], m_v), polarisations(momenta[3], m_v)
    amplitude = pair_amplitude(dm, momenta, mass, e1, e2)
    return np.sum(np.abs(amplitude) ** 2, axis=(0, 1, 2))


def sigma_dm_to_vv(dm: str, m_dm: float, g: float, m_v: float, s: Any, nodes: int = 200) -> float:
    """sigma(DM antiDM -> V V) [GeV^-2], identical-particle 1/2 included, spin averaged.

    `s` may be a long double, so that it can lie very close to a threshold.
    """
    s = REAL(s)
    p_in, p_out = momentum_cm(s, m_dm, m_dm), momentum_cm(s, m_v, m_v)
    if p_in == 0 or p_out == 0:
        return 0.0
    mass2 = REAL(m_v) ** 2
    cos_theta, weight = angles(nodes, peak=float(2 * p_in * p_out / (s / 2 - mass2)) * (1 - 1e-9))
    p1, p2 = (np.broadcast_to(p, (nodes, 4)) for p in pair(s, m_dm, m_dm))
    momenta = (p1, p2, *pair(s, m_v, m_v, cos_theta))
    squared = squared_vv(dm, momenta, m_dm, m_v) / SPIN_STATES[dm] ** 2
    value = REAL(g) ** 4 * p_out / p_in / (32 * np.pi * s) * np.sum(weight * squared)
    return float(value)
