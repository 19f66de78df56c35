"""Elastic scattering of a charged scalar on a fermion with vector, axial and dipole couplings.

Every neutral vector couples to the scalar current (k + k')_mu and to the fermion by

    g gamma^mu + a gamma^mu gamma5 + i d sigma^{mu nu} q_nu,  q = p' - p into the fermion.

With V, A, D the sums over vectors of (g, a, d)/(m^2 - t), where g, a and d hold the coupling of the
vector to the scalar in units of g_D, half the sum over spins is

    |M|^2/g_D^2 = (4 M^2 - t)(2 m V + t D)^2 + 4 s (4 p^2 + t)(V^2 + A^2 - t D^2),

M and m the masses of scalar and fermion, p the momentum in the centre of mass. Both terms are
positive for -4 p^2 <= t <= 0, so that nothing cancels but V against D where their signs say so: the
first is the charge (Sachs' electric form factor g + t d/2m), the second motion across q. Crossed
to annihilation it is (7) of [Rizzo:2021]. For slow scalars, m_V >> p and M >> m,

    sigma = 16 pi m^2 alpha alpha_D epsilon^2/m_V^4 [1 - 2 Q chi + 2 chi^2],

chi of (12): (11) of that paper has + 2 Q chi (q out of the fermion, against its (7)) and 10/3 in
place of 2, and its (14), (15) are 5/3 of the dipole's cross section 32 pi m^4 beta^4 (alpha_D/
Lambda)^2/m_V^4. Checked in the tests against explicit spinors.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any, NamedTuple

import numpy as np

from vectorportal.numerics.arrays import namespace

__all__ = [
    "Exchange",
    "Motion",
    "chi",
    "motion_at",
    "sigma_elastic",
    "sigma_printed",
    "sigma_reference",
    "squared_over_s",
]

_ANGLES = 64


class Exchange(NamedTuple):
    """One exchanged vector: m_V^2 [GeV^2], g, a, d [GeV^-1] times its coupling to the scalar/g_D.

    Every field is a number or an array that broadcasts with the points.
    """

    mass2: Any
    vector: Any
    axial: Any
    dipole: Any


class Motion(NamedTuple):
    """The square of 2 p [GeV^2], and what makes (4 M^2 - t)/s = 4 share (1 + recoil z).

    z = -t/(4 p^2) = sin^2(theta/2) in the centre of mass; share = M^2/s.
    """

    four_p2: Any
    share: Any
    recoil: Any


def motion_at(beta: Any, mass: Any, ratio: Any) -> Motion:
    """Motion of a scalar of speed `beta` that meets a fermion of `mass` (GeV) at rest.

    ratio : mass over that of the scalar, 0 for one much heavier. Exact for 0 < beta < 1.
    """
    xp = namespace(beta, mass, ratio)
    boost2 = beta * beta / ((1.0 - beta) * (1.0 + beta))
    share = 1.0 / (1.0 + ratio * (ratio + 2.0 * xp.sqrt(1.0 + boost2)))
    return Motion(4.0 * mass**2 * boost2 * share, share, ratio * ratio * boost2 * share)


def squared_over_s(
    breit: Any, forward: Any, t: Any, mass: Any, exchanges: Sequence[Exchange]
) -> Any:
    """|M|^2/(g_D^2 s) in GeV^-2 from breit = (4 M^2 - t)/s and forward = 4 (4 p^2 + t) [GeV^2].

    Averaged over the spins of the fermion before and summed over those after; t in GeV^2. With
    M^2 in place of s in `breit` and `forward` it is |M|^2/(g_D^2 M^2).
    """
    vector, axial, dipole = 0.0, 0.0, 0.0
    for one in exchanges:
        inverse = 1.0 / (one.mass2 - t)
        vector = vector + one.vector * inverse
        axial = axial + one.axial * inverse
        dipole = dipole + one.dipole * inverse
    charge = 2.0 * mass * vector + t * dipole
    return breit * charge**2 + forward * (vector**2 + axial**2 - t * dipole**2)


def _at(motion: Motion, z: Any, mass: Any, exchanges: Sequence[Exchange]) -> Any:
    """|M|^2/(g_D^2 s) at z = sin^2(theta/2)."""
    breit = 4.0 * motion.share * (1.0 + motion.recoil * z)
    forward = 4.0 * motion.four_p2 * (1.0 - z)
    return squared_over_s(breit, forward, -motion.four_p2 * z, mass, exchanges)


def _angle_nodes(xp: Any, four_p2: Any, exchanges: Sequence[Exchange]) -> tuple[Any, Any]:
    """Nodes and weights in z from 0 to 1, on a new last axis.

    z + c grows exponentially, c = m_V^2/(4 p^2) of the lightest vector or 1: smooth across any
    hierarchy of masses.
    """
    c = xp.ones_like(four_p2)
    for one in exchanges:
        c = xp.minimum(c, one.mass2 / four_p2)
    x, weight = (xp.asarray(a) for a in np.polynomial.legendre.leggauss(_ANGLES))
    length = xp.log1p(1.0 / c)[..., None]
    z = c[..., None] * xp.expm1(0.5 * (x + 1.0) * length)
    return z, 0.5 * weight * length * (z + c[..., None])


def sigma_elastic(
    beta: Any, mass: Any, ratio: Any, alpha_d: Any, exchanges: Sequence[Exchange]
) -> Any:
    """sigma(phi f -> phi f) in GeV^-2, f of `mass` (GeV) at rest, phi of speed 0 < beta < 1.

    ratio : m_f/m_phi, 0 in the limit of heavy phi. alpha_d : g_D^2/(4 pi). All broadcast. Fixed
    Gauss-Legendre rule in ln(m_V^2 - t): relative error below 1e-10 for 2 p/m_V up to 1e8.
    """
    xp = namespace(beta, mass, ratio, alpha_d, *(f for e in exchanges for f in e))
    motion = Motion(*(xp.asarray(a)[..., None] for a in motion_at(beta, mass, ratio)))
    zero = 0.0 * sum(sum(one) for one in exchanges)
    deep = [Exchange(*(xp.asarray(f)[..., None] for f in one)) for one in exchanges]
    z, weight = _angle_nodes(xp, motion.four_p2[..., 0] + zero, exchanges)
    mass, alpha_d = xp.asarray(mass)[..., None], xp.asarray(alpha_d)
    return 0.25 * alpha_d * xp.sum(weight * _at(motion, z, mass, deep), axis=-1)


def sigma_reference(
    q2: Any, mass: Any, ratio: Any, alpha_d: Any, exchanges: Sequence[Exchange]
) -> Any:
    """mu^2 |M(q)|^2/(16 pi m^2 M^2) in GeV^-2 of slow particles at momentum transfer q, -t = q2.

    4 alpha_d mu^2 (V - q^2 D/(2 m))^2, mu the reduced mass: the reference cross section of
    [Essig:2012]. Without motion across q, which adds to (V - q^2 D/2m)^2 the term
    (mu v_across q D/m)^2: that depends on more than q.
    """
    charge = squared_over_s(4.0, 0.0, -q2, mass, exchanges)
    return 0.25 * alpha_d * charge / (1.0 + ratio) ** 2


def chi(epsilon: Any, scale: Any, mass: Any, beta: Any, alpha: Any, alpha_d: Any) -> Any:
    """Dipole over vector coupling at speed beta, (12) of [Rizzo:2021], with the sign of epsilon.

    m beta^2 (alpha_d/Lambda)/(epsilon sqrt(alpha alpha_d)); scale = Lambda/alpha_d and mass in GeV.
    """
    xp = namespace(epsilon, scale, alpha_d)
    return mass * beta**2 / (epsilon * scale * xp.sqrt(alpha * alpha_d))


def sigma_printed(
    m_v: Any, epsilon: Any, scale: Any, mass: Any, beta: Any, alpha: Any, alpha_d: Any
) -> Any:
    """(11) of [Rizzo:2021] in GeV^-2, as printed with Q = -1; (14) where epsilon is 0."""
    size = chi(1.0, scale, mass, beta, alpha, alpha_d)
    bracket = epsilon**2 - 2.0 * epsilon * size + 10.0 / 3.0 * size**2
    return 16.0 * pi * mass**2 * alpha * alpha_d * bracket / m_v**4
