"""The thermal kernel of a pair of equal masses, and its product integration.

<sigma v>(x) = int deta f(eta) K(eta, x), f = beta sigma * beta (1 + eta)^4,
K = 8 x K_1(2 x (1 + eta))/K_2(x)^2: the average of Gondolo and Gelmini, Nucl. Phys. B 360 (1991)
145, eq. (3.8), with sqrt(s) = 2 m (1 + eta), for both particles in Maxwell-Boltzmann equilibrium.
K knows nothing of the model, so it is tabulated once on a grid in eta and x; every point then
needs only the moments of its own f with the local interpolating polynomials of that grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace, scatter_add
from vectorportal.numerics.bessel import k1e, k2e

__all__ = [
    "ETA_MAX",
    "STENCIL",
    "KernelGrid",
    "kernel",
    "spread",
    "stencil",
    "stretch",
    "unstretch",
]

ETA_MAX = 25.0
"""largest eta of the tabulated kernel: exp(-2 x eta) < 1e-21 for x >= 1"""
_ETA_MIN = 1e-12
STENCIL = 8
_SPACING = 0.1
_LOG, _LINEAR, _TURN = 0.6, 12.0, 1.0


def kernel(eta: Any, x: Any) -> Any:
    """K(eta, x), dimensionless; broadcasts, x = m/T > 0."""
    xp = namespace(eta, x)
    weight = 8.0 * x * k1e(2.0 * x * (1.0 + eta)) / k2e(x) ** 2
    return weight * xp.exp(-2.0 * x * eta)


def stretch(eta: Any) -> Any:
    """Coordinate u(eta) in which the kernel is smooth at every x: 0.6 ln eta + 12 ln(1 + eta)."""
    xp = namespace(eta)
    return _LOG * xp.log(eta) + _LINEAR * xp.log1p(eta / _TURN)


def unstretch(u: np.ndarray) -> np.ndarray:
    """Inverse of `stretch` by Newton's method in ln eta (NumPy only)."""
    log_eta = np.minimum(u / _LOG, u / (_LOG + _LINEAR))
    for _ in range(60):
        eta = np.exp(log_eta)
        log_eta = log_eta - (stretch(eta) - u) / (_LOG + _LINEAR * eta / (_TURN + eta))
    return np.exp(log_eta)


@dataclass(frozen=True)
class KernelGrid:
    """The kernel on grid points in u (rows) and at the given x (columns)."""

    x: np.ndarray
    first: float
    count: int
    values: np.ndarray
    spacing: float = _SPACING

    @classmethod
    @lru_cache(maxsize=4)
    def make(cls, x: tuple[float, ...]) -> KernelGrid:
        """Tabulate at the given x; a few megabytes and some tens of milliseconds."""
        low, high = (float(stretch(np.float64(e))) for e in (_ETA_MIN, ETA_MAX))
        count = int(np.ceil((high - low) / _SPACING)) + STENCIL
        first = low - (STENCIL // 2) * _SPACING
        eta = unstretch(first + _SPACING * np.arange(count))
        columns = np.asarray(x)
        return cls(columns, first, count, kernel(eta[:, None], columns[None, :]))

    def moments(self, eta: Any, f: Any) -> Any:
        """Weights of `f` (including quadrature weights) on the grid points: (N, M) -> (N, G)."""
        xp = namespace(eta, f)
        return spread(xp, self.locate(eta), f, self.count)

    def locate(self, eta: Any) -> tuple[Any, list[Any]]:
        """Where `eta` <= ETA_MAX lies on the grid, for `spread`."""
        xp = namespace(eta)
        position = (stretch(xp.maximum(eta, _ETA_MIN)) - self.first) / self.spacing
        return stencil(xp, position)

    def average(self, moments: Any) -> Any:
        """<sigma v> at every x: (N, G) -> (N, X)."""
        xp = namespace(moments)
        return moments @ xp.asarray(self.values)


def stencil(xp: Any, position: Any) -> tuple[Any, list[Any]]:
    """First grid point and Lagrange weights of the STENCIL neighbours of `position` (grid steps).

    sum_j weight_j g(first + j) = g(position) for any g that is smooth on the grid.
    """
    cell = xp.floor(position)
    t = position - cell + (STENCIL // 2 - 1)
    start = xp.astype(cell, xp.int64) - (STENCIL // 2 - 1)
    offsets = [t - j for j in range(STENCIL)]
    below = [1.0]
    for d in offsets[:-1]:
        below.append(below[-1] * d)
    above = [1.0]
    for d in offsets[:0:-1]:
        above.append(above[-1] * d)
    above.reverse()
    scale = 1.0
    for k in range(1, STENCIL):
        scale *= k
    signs = (-1.0 if (STENCIL - 1 - j) % 2 else 1.0 for j in range(STENCIL))
    ratios = [sign * comb(STENCIL - 1, j) / scale for j, sign in enumerate(signs)]
    return start, [r * b * a for r, b, a in zip(ratios, below, above, strict=True)]


def spread(xp: Any, where: tuple[Any, list[Any]], f: Any, count: int) -> Any:
    """Moments of `f` on `count` grid points, `where` from `stencil`: (N, M) -> (N, count)."""
    start, weights = where
    total = 0.0
    for j, weight in enumerate(weights):
        total = total + scatter_add(xp, start + j, weight * f, count)
    return total
