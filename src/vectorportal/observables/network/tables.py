"""Rates on a uniform grid of ln x, one row per point of the batch, read by Hermite cubics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace, take
from vectorportal.numerics.bessel import k1e, k2e
from vectorportal.numerics.spline import CubicSpline1D, locate

__all__ = ["CLOSED", "RateTable", "halved", "kinetic_energy", "log_scaled_k2"]

CLOSED = -1e5
"""stands for ln 0: exp of it is 0, sums of it stay finite"""

_LN_Z_MIN, _LN_Z_MAX, _SPACING = -32.0, 32.0, 0.02


@dataclass(frozen=True)
class RateTable:
    """Cubic Hermite interpolation of C quantities for N points that share the grid x0 + j dx.

    `values` has shape (2 C, N K): values, then slopes per grid interval. `row` (n,) says where
    the points of a smaller batch begin. `nodes` = K.
    """

    values: Any
    row: Any
    x0: float
    dx: float
    nodes: int

    @classmethod
    def make(cls, grid: np.ndarray, values: Any) -> RateTable:
        """From `values` (C, N, K) on the uniform `grid` (K,), K > 4; -inf is ln 0."""
        xp = namespace(values)
        values = xp.where(values > CLOSED, values, CLOSED)
        size, points, nodes = values.shape
        both = xp.concat((values, _slopes(xp, values)), axis=0)
        dx = float(grid[-1] - grid[0]) / (nodes - 1)
        flat = both.reshape(2 * size, points * nodes)
        return cls(flat, xp.arange(points) * nodes, float(grid[0]), dx, nodes)

    def take(self, index: Any) -> RateTable:
        """The table of a smaller batch; nothing is copied."""
        return replace(self, row=self.row[index])

    def at(self, u: Any, beyond: bool = False) -> tuple[Any, Any]:
        """Values (C, ..., n) and derivatives there for u (..., n).

        Outside the grid values are those of the end or, with `beyond`, follow its slope.
        """
        xp = namespace(self.values, u)
        size = self.values.shape[0] // 2
        scaled = xp.clip((u - self.x0) * (1.0 / self.dx), 0.0, self.nodes - 1.0)
        left = xp.where(scaled < self.nodes - 1.0, scaled, self.nodes - 2.0)
        left = left.astype(np.intp if xp is np else xp.int64)
        s = scaled - left
        first = xp.take(self.values, self.row + left, axis=1)
        second = xp.take(self.values, self.row + left + 1, axis=1)
        v, d = first[:size], first[size:]
        rise, e = second[:size] - v, second[size:]
        b, c = 3.0 * rise - 2.0 * d - e, d + e - 2.0 * rise
        value = v + s * (d + s * (b + s * c))
        slope = (d + s * (2.0 * b + 3.0 * s * c)) * (1.0 / self.dx)
        if beyond:
            value = value + slope * (u - self.x0 - self.dx * scaled)
        return value, slope


def _slopes(xp: Any, v: Any) -> Any:
    """Derivatives per grid interval along the last axis, fourth order, one-sided beside ln 0."""
    if xp is np and v.min(initial=0.0) > CLOSED:
        return _open_slopes(v)
    rise = v[..., 1:] - v[..., :-1]
    is_open = v > CLOSED
    usable = is_open[..., 1:] & is_open[..., :-1]
    zero = xp.zeros_like(v[..., :1])
    rise = xp.where(usable, rise, 0.0)
    left, right = xp.concat((zero, rise), axis=-1), xp.concat((rise, zero), axis=-1)
    good = usable * 1.0
    has_left = xp.concat((zero, good), axis=-1)
    has_right = xp.concat((good, zero), axis=-1)
    near = (left + right) / xp.maximum(has_left + has_right, 1.0)
    return _fourth_order(xp, near, rise, usable)


def _open_slopes(v: np.ndarray) -> np.ndarray:
    """The same where no value is ln 0, in fewer passes."""
    out = np.empty_like(v)
    near, far = v[..., 3:-1] - v[..., 1:-3], v[..., 4:] - v[..., :-4]
    np.multiply(near, 8.0, out=near)
    np.subtract(near, far, out=near)
    np.multiply(near, 1.0 / 12.0, out=out[..., 2:-2])
    out[..., [0, -1]] = v[..., [1, -1]] - v[..., [0, -2]]
    out[..., [1, -2]] = 0.5 * (v[..., [2, -1]] - v[..., [0, -3]])
    return out


def _fourth_order(xp: Any, near: Any, rise: Any, usable: Any) -> Any:
    """(8 (v+ - v-) - (v++ - v--))/12 where all neighbours are open, else `near`."""
    a, b, c, d = (rise[..., i : rise.shape[-1] - 3 + i] for i in range(4))
    flags = [usable[..., i : rise.shape[-1] - 3 + i] for i in range(4)]
    wide = (7.0 * (b + c) - (a + d)) / 12.0
    inner = xp.where(flags[0] & flags[1] & flags[2] & flags[3], wide, near[..., 2:-2])
    return xp.concat((near[..., :2], inner, near[..., -2:]), axis=-1)


def halved(grid: np.ndarray, values: Any) -> tuple[np.ndarray, Any]:
    """Every second column of `values` (..., K); an even K gets one extrapolated column first."""
    xp = namespace(values)
    if grid.size % 2 == 0:
        last, before = values[..., -1:], values[..., -2:-1]
        known = xp.isfinite(last) & xp.isfinite(before)
        end = last + xp.where(known, xp.where(known, last, 0.0) - xp.where(known, before, 0.0), 0.0)
        values = xp.concat((values, end), axis=-1)
        grid = np.append(grid, 2.0 * grid[-1] - grid[-2])
    return grid[::2], values[..., ::2]


@lru_cache(maxsize=1)
def _bessel_splines() -> tuple[CubicSpline1D, CubicSpline1D]:
    """ln(z^2 e^z K_2(z)) and z K_1(z)/K_2(z) + 3 - z as functions of ln z, to 1e-9."""
    count = int((_LN_Z_MAX - _LN_Z_MIN) / _SPACING) + 1
    z = np.exp(np.linspace(_LN_Z_MIN, _LN_Z_MAX, count))
    k1, k2 = k1e(z), k2e(z)
    # K_2 - K_1 loses digits at large z: there 3 + z K_1/K_2 - z = 3/2 - 15/(8 z) + 15/(8 z^2)
    energy = np.where(z > 1e5, 1.5 + (15.0 / 8.0) * (1.0 / z - 1.0 / z**2), 3.0 - z * (1 - k1 / k2))
    logarithm = 2.0 * np.log(z) + np.log(k2)
    fit = CubicSpline1D.fit
    return fit(_LN_Z_MIN, _SPACING, logarithm), fit(_LN_Z_MIN, _SPACING, energy)


def log_scaled_k2(log_z: Any) -> tuple[Any, Any]:
    """ln(z^2 e^z K_2(z)) and its derivative in ln z, for |ln z| < 32; 1e-9."""
    value, slope, _ = _with_derivatives(_bessel_splines()[0], log_z)
    return value, slope


def kinetic_energy(log_z: Any) -> tuple[Any, Any, Any]:
    """(<E> - m)/T of a Maxwell-Boltzmann gas and two derivatives in ln z, z = m/T."""
    return _with_derivatives(_bessel_splines()[1], log_z)


def _with_derivatives(spline: CubicSpline1D, x: Any) -> tuple[Any, Any, Any]:
    xp = namespace(x)
    index, s = locate(xp, x, spline.x0, spline.dx, spline.coefficients[0].size)
    c0, c1, c2, c3 = (take(xp, c, index) for c in spline.coefficients)
    slope = (c1 + s * (2.0 * c2 + s * (3.0 * c3))) / spline.dx
    return c0 + s * (c1 + s * (c2 + s * c3)), slope, (2.0 * c2 + 6.0 * c3 * s) / spline.dx**2
