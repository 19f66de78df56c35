"""The thermal kernel of a pair at any temperature, from T far above the mass to far below.

Below T = m the grid of numerics/kernel.py serves, above it one in w = ln(1 + eta): there the kernel
depends on ln x + w alone and is smooth, so a model's f(eta) again needs only its moments. Both
kernels may carry a factor that depends on sqrt(s)/T alone (statistics of the bath, thermal masses,
energy instead of number).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.bessel import k1e, k2e
from vectorportal.numerics.kernel import (
    ETA_MAX,
    STENCIL,
    KernelGrid,
    spread,
    stencil,
    unstretch,
)

__all__ = ["HotKernel", "ZFactor", "unit_factor"]

ZFactor = Callable[[np.ndarray], np.ndarray]
"""A factor of the kernel as a function of z = sqrt(s)/T."""
_SPACING = 0.1


def unit_factor(z: np.ndarray) -> np.ndarray:
    """No factor."""
    return np.ones_like(z)


def _hot(rho: np.ndarray, x: np.ndarray) -> np.ndarray:
    """8 x K_1(2 x rho)/K_2(x)^2, rho = 1 + eta."""
    z = 2.0 * x * rho
    return 8.0 * x * k1e(z) / k2e(x) ** 2 * np.exp(np.maximum(-2.0 * x * (rho - 1.0), -700.0))


@dataclass(frozen=True)
class HotKernel:
    """Kernels on the uniform grid ln x = step * first ... step * last (whole numbers)."""

    log_x: np.ndarray
    w_count: int

    @classmethod
    @lru_cache(maxsize=8)
    def make(cls, first: int, last: int, step: float) -> HotKernel:
        """Grid from ln x = first * step to last * step."""
        log_x = step * np.arange(first, last + 1)
        reach = np.log(ETA_MAX) + max(0.0, -float(log_x[0])) + 1.0
        return cls(log_x, int(np.ceil(reach / _SPACING)) + STENCIL)

    def __hash__(self) -> int:
        return hash((float(self.log_x[0]), self.log_x.size, self.w_count))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HotKernel) and np.array_equal(self.log_x, other.log_x)

    @property
    def eta_max(self) -> float:
        """Largest eta that any temperature of the grid populates."""
        return ETA_MAX * max(1.0, float(np.exp(-self.log_x[0])))

    @property
    def hot(self) -> int:
        """How many grid points have T > m."""
        return int(np.sum(self.log_x < -1e-12))

    def _first_w(self) -> float:
        return -(STENCIL // 2) * _SPACING

    @lru_cache(maxsize=32)  # noqa: B019 - a handful of grids, alive as long as the process
    def matrices(self, factor: ZFactor) -> tuple[np.ndarray, np.ndarray]:
        """(hot, cold) kernels times `factor`: rows are grid points in eta, columns are x."""
        x = np.exp(self.log_x)
        hot, cold = x[: self.hot], x[self.hot :]
        rho = np.exp(self._first_w() + _SPACING * np.arange(self.w_count))[:, None]
        above = _hot(rho, hot[None, :]) * factor(2.0 * rho * hot[None, :])
        grid = self.cold_grid()
        eta = unstretch(grid.first + grid.spacing * np.arange(grid.count))[:, None]
        below = grid.values * factor(2.0 * (1.0 + eta) * cold[None, :])
        return above, below

    @lru_cache(maxsize=8)  # noqa: B019
    def cold_grid(self) -> KernelGrid:
        """The grid of numerics/kernel.py for T <= m."""
        return KernelGrid.make(tuple(np.exp(self.log_x[self.hot :]).tolist()))

    def moments(self, eta: Any, several: list[Any]) -> list[tuple[Any, Any]]:
        """Moments of each f (with quadrature weights) for the hot and the cold side: (N, G)."""
        xp = namespace(eta, *several)
        grid = self.cold_grid()
        inside = (eta <= ETA_MAX) * 1.0
        where = grid.locate(xp.minimum(eta, ETA_MAX))
        cold = [spread(xp, where, f * inside, grid.count) for f in several]
        if self.hot == 0:
            return [(None, part) for part in cold]
        where = stencil(xp, (xp.log1p(eta) - self._first_w()) / _SPACING)
        hot = [spread(xp, where, f, self.w_count) for f in several]
        return list(zip(hot, cold, strict=True))

    def average(self, moments: tuple[Any, Any], factor: ZFactor = unit_factor) -> Any:
        """<sigma v> times `factor` at every x: (N, K)."""
        xp = namespace(moments[1])
        above, below = self.matrices(factor)
        cold = moments[1] @ xp.asarray(below)
        if moments[0] is None:
            return cold
        return xp.concat((moments[0] @ xp.asarray(above), cold), axis=1)
