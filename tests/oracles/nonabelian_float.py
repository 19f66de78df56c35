"""The same recursion in long doubles, with unit polarisation vectors in the centre of mass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .dirac import GAMMA, LEFT, REAL, RIGHT, Array, angles, bar, lower, momentum_cm, pair, u_spinor
from .nonabelian import MINKOWSKI, Leg, Masses, Recursion, float_leg, squared
from .nonabelian_mixing import Couplings


def masses_of(m_x: float, m_zd: float) -> Masses:
    """Squared masses in long doubles."""
    return Masses(REAL(m_x) ** 2, REAL(m_zd) ** 2)


def two_to_two(
    s: Any, cos_theta: Array, finals: tuple[int, int], m_x: float, m_zd: float
) -> list[Leg]:
    """X+(k1) X(k2) -> finals at the given angles; both final masses are equal."""
    m_out = m_x if finals[0] else m_zd
    incoming = pair(s, m_x, m_x, 1 + 0 * cos_theta)
    first = [float_leg(q, k, m_x) for q, k in zip((1, sum(finals) - 1), incoming, strict=True)]
    outgoing = pair(s, m_out, m_out, cos_theta)
    last = [float_leg(q, k, m_out).outgoing() for q, k in zip(finals, outgoing, strict=True)]
    return [*first, *last]


def sigma(s: Any, finals: tuple[int, int], m_x: float, m_zd: float, nodes: int = 40) -> float:
    """sigma(X+ X -> finals)/g^4 by Gauss-Legendre, 1/9 and the 1/2 of identical finals included.

    The nodes follow the poles at t = m_x^2 (for Z_D pairs) or t, u = m_zd^2 (for X pairs).
    """
    s, m_out = REAL(s), m_x if finals[0] else m_zd
    p_in, p_out = momentum_cm(s, m_x, m_x), momentum_cm(s, m_out, m_out)
    far = REAL(m_zd) ** 2 / 2 if finals[0] else (s - 2 * REAL(m_zd) ** 2) / 4
    peak = p_in * p_out / (p_in**2 + far if finals[0] else far)
    cos_theta, weight = angles(nodes, peak=float(peak) * (1 - 1e-9))
    legs = two_to_two(s, cos_theta, finals, m_x, m_zd)
    total = np.sum(weight * squared(legs, masses_of(m_x, m_zd))) / 9
    identical = 2 if finals[0] == finals[1] else 1
    return float(p_out / p_in / (16 * np.pi * s) * total / identical)


def three_to_two(m_x: float, m_zd: float, initial: Sequence[int], final: Sequence[int]) -> float:
    """Sum over spins of |M|^2/g^6 for three particles at rest -> two, without factorials."""
    mass = {-1: m_x, 0: m_zd, 1: m_x}
    rest = [float_leg(q, np.array([mass[q], 0, 0, 0], dtype=REAL), mass[q]) for q in initial]
    total = REAL(sum(mass[q] for q in initial))
    momenta = pair(total**2, mass[final[0]], mass[final[1]], 0.37)
    out = [float_leg(q, k, mass[q]).outgoing() for q, k in zip(final, momenta, strict=True)]
    return float(squared([*rest, *out], masses_of(m_x, m_zd)))


def squared_on_fermion(
    s: float, cos_theta: Array, m_x: float, m_f: float, coefficients: Couplings
) -> Array:
    """|M(X+ f -> X+ f)|^2 averaged over 3 x 2 initial spins, from both currents and spinors."""
    (k1, p1), (k2, p2) = (pair(REAL(s), m_x, m_f, c) for c in (1 + 0 * cos_theta, cos_theta))
    legs = [float_leg(1, k1, m_x), float_leg(1, k2, m_x).outgoing()]
    recursion = Recursion(legs, masses_of(m_x, m_x), MINKOWSKI)
    big, dipole = recursion.source((0, 1)), recursion.dipole((0, 1))
    total: Any = 0
    for c_big, c_dipole, chirality in zip(*coefficients, (LEFT, RIGHT), strict=True):
        fermion = np.einsum(
            "r...a,mab,s...b->rs...m", bar(u_spinor(p2, m_f)), GAMMA @ chirality, u_spinor(p1, m_f)
        )
        current = c_big * big + c_dipole * dipole
        total = total + np.einsum("ij...m,rs...m->ijrs...", lower(current), fermion)
    return np.sum(np.abs(total) ** 2, axis=(0, 1, 2, 3)) / 6
