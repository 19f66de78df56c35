"""The Riccati equation Y' = -lam (Y^2 - Yeq^2) as a product of 2 x 2 matrices.

With Y = S p/w the equation is linear, (p, w)' = A (p, w), A = [[-S'/S, lam Yeq^2/S], [lam S, 0]].
Each step is a fourth-order Magnus exponential in closed form (Blanes, Casas, Oteo, Ros 2009,
Phys. Rep. 470, 151, eq. (253)), so stiffness costs nothing; steps compose, so the whole
integration is a balanced tree of matrix products.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace

__all__ = ["GAUSS_POINTS", "logarithmic_grid", "magnus_steps", "tree_product"]

GAUSS_POINTS = (0.5 - sqrt(3.0) / 6.0, 0.5 + sqrt(3.0) / 6.0)
"""where in a step of unit length the two coefficient matrices are taken"""


def _tanhc(xp: Any, z: Any) -> Any:
    """tanh(sqrt z)/sqrt z, continued to z < 0 as tan(sqrt -z)/sqrt -z."""
    near = xp.abs(z) < 1e-3
    series = 1.0 + z * (-1.0 / 3.0 + z * (2.0 / 15.0 - z * 17.0 / 315.0))
    positive = z > 0.0
    up = xp.sqrt(xp.where(near | ~positive, 1.0, z))
    down = xp.sqrt(xp.where(near | positive, 1.0, xp.minimum(-z, 1.0)))
    return xp.where(near, series, xp.where(positive, xp.tanh(up) / up, xp.tan(down) / down))


def magnus_steps(step: Any, drift: Any, source: Any, sink: Any) -> tuple[Any, Any, Any, Any]:
    """Entries (m11, m12, m21, m22) of the scaled step matrices.

    step : length of each step, shape (K,). drift, source, sink : S'/S, lam Yeq^2/S and lam S at
    the Gauss points, shape (N, K, 2). A common factor of each matrix is dropped: only p/w counts.
    """
    xp = namespace(drift, source, sink)
    a = -0.5 * drift
    a1, a2 = a[..., 0], a[..., 1]
    b1, b2 = source[..., 0], source[..., 1]
    c1, c2 = sink[..., 0], sink[..., 1]
    k = -sqrt(3.0) / 12.0 * step * step
    alpha = 0.5 * step * (a1 + a2) + k * (b1 * c2 - b2 * c1)
    beta = 0.5 * step * (b1 + b2) + 2.0 * k * (a1 * b2 - a2 * b1)
    gamma = 0.5 * step * (c1 + c2) + 2.0 * k * (c1 * a2 - c2 * a1)
    t = _tanhc(xp, alpha * alpha + beta * gamma)
    return 1.0 + t * alpha, t * beta, t * gamma, 1.0 - t * alpha


def tree_product(m: tuple[Any, Any, Any, Any]) -> tuple[Any, Any, Any, Any]:
    """M_K ... M_2 M_1 along the last axis of matrices given by entries of shape (N, K).

    Every product is rescaled by its largest entry. Padding with identities makes K a power of 2.
    """
    xp = namespace(*m)
    rows, count = m[0].shape
    size = 1 << max(count - 1, 0).bit_length()
    one, zero = xp.ones((rows, size - count)), xp.zeros((rows, size - count))
    m = tuple(
        xp.concat((entry, pad), axis=1)
        for entry, pad in zip(m, (one, zero, zero, one), strict=True)
    )
    while size > 1:
        first = tuple(entry[:, 0::2] for entry in m)
        second = tuple(entry[:, 1::2] for entry in m)
        m = _product(xp, second, first)
        size //= 2
    return m[0][:, 0], m[1][:, 0], m[2][:, 0], m[3][:, 0]


def _product(xp: Any, left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, Any, Any, Any]:
    """Product of two batches of matrices, divided by the sum of absolute entries."""
    a, b, c, d = left
    e, f, g, h = right
    p, q, r, s = a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
    scale = 1.0 / (xp.abs(p) + xp.abs(q) + xp.abs(r) + xp.abs(s))
    return p * scale, q * scale, r * scale, s * scale


def logarithmic_grid(
    start: float, stop: float, dx: float, turn: float, dlog: float, growth: float
) -> np.ndarray:
    """Edges from `start` to `stop`: steps of `dlog` in ln x until they exceed `dx`, then of `dx`.

    Beyond `turn` steps are again logarithmic, each `growth` times the one before.
    """
    out = [start]
    while out[-1] < dx / dlog:
        out.append(out[-1] * float(np.exp(dlog)))
    count = int(np.ceil((turn - out[-1]) / dx))
    out.extend(np.linspace(out[-1], turn, count + 1)[1:].tolist())
    h = dlog
    while out[-1] < stop:
        out.append(out[-1] * float(np.exp(h)))
        h *= growth
    return np.asarray(out)
