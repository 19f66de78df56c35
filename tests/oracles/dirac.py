"""Explicit Dirac matrices, spinors, polarisation vectors and two-body kinematics.

Conventions: metric (+,-,-,-), Dirac representation, ubar u = 2 m. A four-vector is an array whose
last axis has length 4 (contravariant components); spin and polarisation labels are the first axis.
Everything is numerical: no trace theorem and no spin sum is used anywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=complex)
_ZERO, _ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array(
    [np.block([[_ONE, _ZERO], [_ZERO, -_ONE]])]
    + [np.block([[_ZERO, sigma], [-sigma, _ZERO]]) for sigma in SIGMA],
    dtype=complex,
)
GAMMA5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
LEFT, RIGHT = (np.eye(4) - GAMMA5) / 2, (np.eye(4) + GAMMA5) / 2
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
# Real numbers carry the widest hardware type, so that (E/m)^2 cancellations between longitudinal
# polarisations cost nothing that a comparison in double precision could notice.
REAL = np.longdouble


def lower(p: Array) -> Array:
    """Covariant components p_mu."""
    return p * np.diag(METRIC)


def dot(p: Array, q: Array) -> Array:
    """Minkowski product p.q over the last axis."""
    return np.sum(lower(p) * q, axis=-1)


def slash(p: Array) -> Array:
    """gamma^mu p_mu with shape p.shape[:-1] + (4, 4)."""
    return np.einsum("...m,mab->...ab", lower(p), GAMMA)


def _basis(p: Array, rows: tuple[int, int]) -> Array:
    unit = np.zeros((2,) + (1,) * (p.ndim - 1) + (4,), dtype=complex)
    unit[0, ..., rows[0]] = unit[1, ..., rows[1]] = 1.0
    return unit


def u_spinor(p: Array, mass: float) -> Array:
    """u(p, s) = (pslash + m) chi_s/sqrt(E + m), shape (2, ..., 4), for both rest-frame spins."""
    norm = np.sqrt(p[..., 0] + mass)[..., None]
    return np.einsum("...ab,s...b->s...a", slash(p) + mass * np.eye(4), _basis(p, (0, 1))) / norm


def v_spinor(p: Array, mass: float) -> Array:
    """v(p, s) = (m - pslash) chi_s/sqrt(E + m), shape (2, ..., 4), for both rest-frame spins."""
    norm = np.sqrt(p[..., 0] + mass)[..., None]
    return np.einsum("...ab,s...b->s...a", mass * np.eye(4) - slash(p), _basis(p, (2, 3))) / norm


def bar(spinor: Array) -> Array:
    """The Dirac adjoint psi^dagger gamma^0."""
    return np.einsum("...a,ab->...b", np.conj(spinor), GAMMA[0])


def _directions(k: Array) -> tuple[Array, Array, Array, Array]:
    """|k| and a right-handed orthonormal triad whose third vector is along k."""
    momentum = np.sqrt(np.sum(k[..., 1:] ** 2, axis=-1))[..., None]
    safe = np.where(momentum > 0, momentum, 1)
    along = np.where(momentum > 0, k[..., 1:] / safe, np.array([0.0, 0.0, 1.0]))
    steep = np.abs(along[..., 2:]) > 0.7
    reference = np.where(steep, np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0]))
    first = np.cross(reference, along)
    first = first / np.sqrt(np.sum(first**2, axis=-1))[..., None]
    return momentum, first, np.cross(along, first), along


def polarisations(k: Array, mass: float) -> Array:
    """Real polarisation vectors of a vector: (3, ..., 4) if massive, (2, ..., 4) if massless."""
    momentum, first, second, along = _directions(k)
    zero = np.zeros_like(momentum)
    vectors = [np.concatenate([zero, e], axis=-1) for e in (first, second)]
    if mass > 0:
        longitudinal = np.concatenate([momentum, k[..., :1] * along], axis=-1) / REAL(mass)
        vectors.append(longitudinal)
    return np.stack(vectors)


def boost(p: Array, velocity: Any) -> Array:
    """`p` seen from a frame that moves with -`velocity` (three components, |velocity| < 1)."""
    v = np.asarray(velocity, dtype=REAL)
    v2 = np.sum(v**2)
    gamma = 1 / np.sqrt(1 - v2)
    along = np.sum(p[..., 1:] * v, axis=-1)[..., None]
    space = p[..., 1:] + v * ((gamma - 1) * along / v2 + gamma * p[..., :1])
    return np.concatenate([gamma * (p[..., :1] + along), space], axis=-1)


def momentum_cm(s: Any, m_1: Any, m_2: Any) -> Any:
    """Momentum of two bodies of mass m_1 and m_2 at squared energy s; zero below threshold."""
    s, m_1, m_2 = REAL(s), REAL(m_1), REAL(m_2)
    root = np.sqrt(s)
    plus = (root - m_1 - m_2) * (root + m_1 + m_2)
    minus = (root - m_1 + m_2) * (root + m_1 - m_2)
    return np.sqrt(max(plus, REAL(0)) * minus) / (2 * root)


def pair(s: Any, m_1: float, m_2: float, cos_theta: Array | float = 1.0) -> tuple[Array, Array]:
    """Momenta, in the centre of mass, of a pair emitted at `cos_theta` in the x-z plane."""
    cos_theta = np.asarray(cos_theta, dtype=REAL)
    p = momentum_cm(s, m_1, m_2)
    sin_theta = np.sqrt((1 - cos_theta) * (1 + cos_theta))
    space = np.stack([p * sin_theta, 0 * cos_theta, p * cos_theta], axis=-1)
    energies = [np.sqrt(REAL(m) ** 2 + p**2) + 0 * cos_theta for m in (m_1, m_2)]
    first = np.concatenate([energies[0][..., None], space], axis=-1)
    return first, np.concatenate([energies[1][..., None], -space], axis=-1)


def angles(nodes: int = 24, peak: float = 0.0) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights for the mean over cos(theta), in [-1, 1].

    `peak` = w > 0 adds the change of variable cos(theta) = tanh(y)/w, which resolves poles at
    cos(theta) = +-1/w; it only moves the nodes. The weights sum to one.
    """
    x, weight = (np.asarray(a, dtype=REAL) for a in np.polynomial.legendre.leggauss(nodes))
    if peak <= 0:
        return x, weight / 2
    edge = np.arctanh(REAL(peak))
    return np.tanh(edge * x) / REAL(peak), weight / 2 * edge / np.cosh(edge * x) ** 2 / REAL(peak)
