"""Dimensional regularisation of the moment of a dipole loop, from matrices in 4, 6, 8 dimensions.

The coefficient of the divergence is a polynomial of second degree in the dimension D. Its slope at
D = 4 is the finite part that an MS-bar subtraction leaves beside the logarithm.
"""

from __future__ import annotations

import numpy as np

from .dirac import SIGMA, Array

_EDGE, _INNER = (np.polynomial.legendre.leggauss(n) for n in (4, 3))
_TRANSFERS = np.array([1.0, 2.0, 3.0])


def matrices(dimension: int) -> tuple[Array, Array]:
    """gamma^mu, shape (D, 2^(D/2), 2^(D/2)), of an even dimension, and the metric's diagonal."""
    gammas = [SIGMA[0], 1j * SIGMA[1]]
    for _ in range(dimension // 2 - 1):
        one = np.eye(len(gammas[0]))
        gammas = [np.kron(g, SIGMA[2]) for g in gammas]
        gammas += [1j * np.kron(one, SIGMA[0]), 1j * np.kron(one, SIGMA[1])]
    return np.array(gammas), np.array([1.0] + [-1.0] * (dimension - 1))


class _Space:
    """Form factors of a fermion of mass 1 at space-like transfer, in one dimension D."""

    def __init__(self, dimension: int, transfer2: float) -> None:
        self.gamma, self.metric = matrices(dimension)
        self.low = self.metric[:, None, None] * self.gamma
        self.one = np.eye(self.gamma.shape[-1])
        half = np.sqrt(transfer2) / 2
        self.p = np.zeros((2, dimension))
        self.p[:, 0], self.p[0, 1], self.p[1, 1] = np.sqrt(1 + half**2), -half, half
        self.on = [self.one + self.slash(p) for p in self.p]
        self.total = self.p.sum(axis=0)
        basis = [self.gamma, self.total[:, None, None] * self.one]
        self.table = np.array([self._projections(b) for b in basis]).T

    def slash(self, p: Array) -> Array:
        return np.einsum("m,mab->ab", p, self.low)

    def _projections(self, vertex: Array) -> Array:
        """Traces of Gamma^mu with gamma_mu and with (p + p')_mu between the external lines."""
        along = np.einsum("m,mab->ab", self.metric * self.total, vertex)
        first = np.sum(np.swapaxes(self.on[0] @ self.low @ self.on[1], 1, 2) * vertex)
        return np.array([first, np.trace(self.on[0] @ self.on[1] @ along)]) / len(self.one)

    def convective(self, vertex: Array) -> float:
        """B of Gamma^mu = A gamma^mu + B (p + p')^mu, so that F_2 = -2 B."""
        return float(np.linalg.solve(self.table, self._projections(vertex))[1].real)

    def numerator(self, k: Array, x: float, y: float, g2: float, d2: float) -> Array:
        """Gamma^mu of the loop momentum k + x p + y p' without denominators: the terms g d and d^2.

        The magnetic vertex i sigma^{alpha nu} l_nu is [lslash, gamma^alpha]/2.
        """
        loop = self.slash(k + x * self.p[0] + y * self.p[1])
        first, second = (self.slash(p) - loop + self.one for p in self.p)
        magnetic = (loop @ self.gamma - self.gamma @ loop) / 2
        low = self.metric[:, None, None] * magnetic

        inner = second @ self.gamma @ first

        def around(out: Array, into: Array) -> Array:
            return np.sum(out[:, None] @ inner @ into[:, None], axis=0)

        mixed = around(magnetic, self.low) - around(self.gamma, low) if g2 else 0.0
        return g2 * mixed - d2 * around(magnetic, low)

    def divergence(self, x: float, y: float, g2: float, d2: float) -> float:
        """D/4 times the coefficient of k^2 in the average of B over directions of k."""
        total = 0.0
        centre = self.convective(self.numerator(0 * self.p[0], x, y, g2, d2))
        for axis, sign in zip(np.eye(len(self.metric)), self.metric, strict=True):
            even = [
                sum(self.convective(self.numerator(s * t * axis, x, y, g2, d2)) for s in (1, -1))
                - 2 * centre
                for t in (1, 2)
            ]
            total += sign * (16 * even[0] - even[1]) / 24
        return total / 4


def divergence(dimension: int, g2: float, d2: float) -> float:
    """Integral over the Feynman triangle of D/4 times the coefficient of k^2, at zero transfer."""
    total = 0.0
    weights = [np.prod([b / (b - a) for b in _TRANSFERS if b != a]) for a in _TRANSFERS]
    for transfer2, weight in zip(_TRANSFERS, weights, strict=True):
        space = _Space(dimension, transfer2)
        for t, dw in zip(*_EDGE, strict=True):
            w = (1 + t) / 2
            for u, dx in zip(*_INNER, strict=True):
                x = w * (1 + u) / 2
                total += weight * dw * dx * w / 4 * space.divergence(x, w - x, g2, d2)
    return total
