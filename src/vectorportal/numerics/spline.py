"""Cubic splines on a uniform grid: a look-up is one index computation, in either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.errors import UsageError
from vectorportal.numerics.arrays import namespace, take

__all__ = ["CubicSpline1D", "cubic", "cubic_slope", "locate"]

Coefficients = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]

# End condition -> (diagonal, off-diagonal) of the first and last row of the tridiagonal system
# for the inner second derivatives M_1 ... M_{n-2}, once the outer M_0 and M_{n-1} are eliminated.
_END_ROWS = {"not-a-knot": (6.0, 0.0), "natural": (4.0, 1.0), "flat": (3.5, 1.0)}


@dataclass(frozen=True, eq=False)
class CubicSpline1D:
    """A twice continuously differentiable piecewise cubic f on the grid x_i = x0 + i dx.

    Make one with `fit`. Outside [x_min, x_max] the value is that of the nearest end and the
    derivative is 0: nothing is extrapolated. With `flat` ends f is once continuously
    differentiable even there.

    Attributes
    ----------
    x0, dx : first grid point and spacing, in the unit of x.
    coefficients : (c0, c1, c2, c3), each of shape (n - 1,), with f = c0 + c1 u + c2 u^2 + c3 u^3
        in the interval i, where u = (x - x_i)/dx in [0, 1].
    """

    x0: float
    dx: float
    coefficients: Coefficients

    @classmethod
    def fit(cls, x0: float, dx: float, values: Any, ends: str = "not-a-knot") -> CubicSpline1D:
        """The spline through `values` at x0, x0 + dx, ...

        Parameters
        ----------
        x0, dx : first grid point and spacing (dx > 0).
        values : finite numbers of shape (n,), n >= 4.
        ends : `not-a-knot` (reproduces cubics), `natural` (f'' = 0) or `flat` (f' = 0).

        Raises
        ------
        UsageError : for a grid or an end condition that cannot be used.
        """
        values = np.asarray(values, dtype=np.float64)
        _check_grid(x0, dx, values, ends)
        curvature = _second_differences(values, ends)
        step = np.diff(values)
        left, right = curvature[:-1], curvature[1:]
        c1 = step - (2.0 * left + right) / 6.0
        return cls(float(x0), float(dx), (values[:-1], c1, 0.5 * left, (right - left) / 6.0))

    @property
    def x_min(self) -> float:
        """First grid point."""
        return self.x0

    @property
    def x_max(self) -> float:
        """Last grid point."""
        return self.x0 + self.dx * self.coefficients[0].size

    def evaluate(self, x: Any) -> Any:
        """f(x) for `x` of any shape, NumPy or JAX; constant outside the grid, NaN for NaN."""
        xp = namespace(x)
        index, u = locate(xp, x, self.x0, self.dx, self.coefficients[0].size)
        return cubic(xp, self.coefficients, index, u)

    def derivative(self, x: Any) -> Any:
        """df/dx for `x` of any shape, NumPy or JAX; 0 outside the grid, NaN for NaN."""
        xp = namespace(x)
        x = xp.asarray(x)
        index, u = locate(xp, x, self.x0, self.dx, self.coefficients[0].size)
        slope = cubic_slope(xp, self.coefficients, index, u) / self.dx
        outside = (x < self.x_min) | (x > self.x_max)
        return xp.where(outside, 0.0, slope)


def locate(xp: Any, x: Any, x0: float, dx: float, intervals: int) -> tuple[Any, Any]:
    """Interval index and position u in [0, 1] within it, for `x` of any shape.

    A point outside the grid is moved to the nearest end. NaN gives a valid index and u = NaN.
    """
    scaled = xp.clip((xp.asarray(x) - x0) * (1.0 / dx), 0.0, float(intervals))
    inside = xp.where(scaled < intervals, scaled, intervals - 1.0)  # also catches NaN
    index = inside.astype(np.intp if xp is np else xp.int32)
    return index, scaled - index


def cubic(xp: Any, coefficients: Coefficients, index: Any, u: Any) -> Any:
    """c0 + c1 u + c2 u^2 + c3 u^3 with the coefficients of interval `index` (shapes alike)."""
    c0, c1, c2, c3 = (take(xp, c, index) for c in coefficients)
    return c0 + u * (c1 + u * (c2 + u * c3))


def cubic_slope(xp: Any, coefficients: Coefficients, index: Any, u: Any) -> Any:
    """d/du of `cubic`: c1 + 2 c2 u + 3 c3 u^2 (divide by the spacing for df/dx)."""
    c1, c2, c3 = (take(xp, c, index) for c in coefficients[1:])
    return c1 + u * (2.0 * c2 + u * (3.0 * c3))


def _check_grid(x0: float, dx: float, values: np.ndarray, ends: str) -> None:
    if ends not in _END_ROWS:
        raise UsageError(f"Spline ends {ends!r} are unknown; use one of {', '.join(_END_ROWS)}.")
    if values.ndim != 1 or values.size < 4:
        raise UsageError(f"A spline needs at least 4 values in a row, not shape {values.shape}.")
    if not (np.isfinite(x0) and np.isfinite(dx) and dx > 0.0 and np.all(np.isfinite(values))):
        raise UsageError("A spline needs a finite grid with dx > 0 and finite values.")


def _second_differences(values: np.ndarray, ends: str) -> np.ndarray:
    """M_i = dx^2 f''(x_i), shape (n,), from M_{i-1} + 4 M_i + M_{i+1} = 6 (second difference)."""
    rhs = 6.0 * np.diff(values, 2)
    first, last = 6.0 * (values[1] - values[0]), -6.0 * (values[-1] - values[-2])
    if ends == "flat":
        rhs[0] -= 0.5 * first
        rhs[-1] -= 0.5 * last
    inner = _solve_tridiagonal(rhs, *_END_ROWS[ends])
    outer = {
        "natural": (0.0, 0.0),
        "flat": (0.5 * (first - inner[0]), 0.5 * (last - inner[-1])),
        "not-a-knot": (2.0 * inner[0] - inner[1], 2.0 * inner[-1] - inner[-2]),
    }[ends]
    return np.concatenate(([outer[0]], inner, [outer[1]]))


def _solve_tridiagonal(rhs: np.ndarray, end_diagonal: float, end_side: float) -> np.ndarray:
    """Solve the (1, 4, 1) system whose first and last rows are (end_diagonal, end_side)."""
    right = rhs.tolist()
    n = len(right)
    upper = [end_side / end_diagonal] + [0.0] * (n - 1)
    solution = [right[0] / end_diagonal] + [0.0] * (n - 1)
    for i in range(1, n):
        diagonal, lower = (4.0, 1.0) if i < n - 1 else (end_diagonal, end_side)
        pivot = 1.0 / (diagonal - lower * upper[i - 1])
        upper[i] = pivot
        solution[i] = (right[i] - lower * solution[i - 1]) * pivot
    for i in range(n - 2, -1, -1):
        solution[i] -= upper[i] * solution[i + 1]
    return np.asarray(solution)
