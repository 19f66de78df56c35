"""Freeze-out of one species of dark matter: from equilibrium at x = 1 to today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi
from typing import Any

import numpy as np

from vectorportal.inputs.cosmology import (
    CRITICAL_DENSITY_H2,
    ENTROPY_OVER_HUBBLE,
    T_CMB,
)
from vectorportal.inputs.dof import DofTable
from vectorportal.models.channels import Annihilation
from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.bessel import k1e, k2e
from vectorportal.numerics.kernel import KernelGrid
from vectorportal.numerics.panels import Rule
from vectorportal.numerics.riccati import (
    GAUSS_POINTS,
    logarithmic_grid,
    magnus_steps,
    tree_product,
)
from vectorportal.observables.relic.average import COARSE, FINE, tabulated_nodes, weighted_rates

__all__ = ["Evolution", "Relic", "TimeGrid", "freeze_out", "omega_from_yield"]

_X_START, _X_STOP, _X_TURN = 1.0, 1e8, 60.0
_SWITCH = 0.3
"""leave the variable Y/Yeq where lam Yeq < 0.3 |dlnYeq/dlnx|"""


@dataclass(frozen=True)
class TimeGrid:
    """Steps in ln x with the two Gauss points of each, and everything that depends on x alone.

    edges : x at the step boundaries, (K + 1,); x : at the Gauss points, (K, 2) flattened;
    log_n : ln(x^2 K_2(x)) there and at the edges; slope : dln(x^2 K_2)/dlnx at the Gauss points.
    """

    edges: np.ndarray
    x: np.ndarray
    step: np.ndarray
    log_n: np.ndarray
    log_n_edges: np.ndarray
    slope: np.ndarray
    kernel: KernelGrid
    rule: Rule

    @classmethod
    @lru_cache(maxsize=4)
    def make(cls, dx: float, dlog: float, rule: Rule) -> TimeGrid:
        """Steps dx in x up to x = 60, then dlog (growing by 1%) in ln x up to 1e8."""
        edges = logarithmic_grid(_X_START, _X_STOP, dx, _X_TURN, dlog, 1.0 + 0.2 * dlog)
        log = np.log(edges)
        step = np.diff(log)
        x = np.exp(log[:-1, None] + step[:, None] * np.asarray(GAUSS_POINTS)).ravel()
        slope = -x * k1e(x) / k2e(x)
        grid = KernelGrid.make(tuple(x.tolist()))
        return cls(edges, x, step, _log_n(x), _log_n(edges), slope, grid, rule)


def _log_n(x: np.ndarray) -> np.ndarray:
    return 2.0 * np.log(x) + np.log(k2e(x)) - x


def fine_grid() -> TimeGrid:
    """The grid that results are computed on."""
    return TimeGrid.make(0.25, 0.04, FINE)


def coarse_grid() -> TimeGrid:
    """The coarser grid and quadrature that measure the error."""
    return TimeGrid.make(0.5, 0.08, COARSE)


@dataclass(frozen=True)
class Relic:
    """Relic abundance, arrays of shape (N,).

    yield_today : Y = n/s of particle and antiparticle together. omega_h2. x_freeze_out : first x
    where n_eq <sigma v> falls below H. peak_rate : largest n_eq <sigma v>/H along the way.
    share : part of <sigma v> at x_freeze_out that the last channel has. error_estimate : relative,
    of omega_h2.
    """

    yield_today: Any
    omega_h2: Any
    x_freeze_out: Any
    peak_rate: Any
    share: Any
    error_estimate: Any


@dataclass(frozen=True)
class Evolution:
    """Rates on a time grid, shape (N, X): what the integration and x_freeze_out both read.

    y_eq : Yeq (0 where it underflows); drift : dlnYeq/dlnx; rate : kappa s <sigma v>/Htilde;
    ratio : n_eq <sigma v>/H.
    """

    y_eq: Any
    drift: Any
    rate: Any
    ratio: Any


def _log_equilibrium(process: Annihilation, log_n: Any, log_g_s: Any) -> Any:
    """ln Yeq, Yeq = 45 g x^2 K_2(x)/(4 pi^4 g_s)."""
    return np.log(45.0 * process.spin_states / (4.0 * pi**4)) + log_n - log_g_s


def _rates(process: Annihilation, grid: TimeGrid) -> tuple[Any, list[Any]]:
    """Quadrature nodes in eta and the weighted rates of all channels there."""
    nodes = tabulated_nodes(process, grid.rule)
    return nodes.eta, weighted_rates(process, nodes)


def _evolution(process: Annihilation, dof: DofTable, grid: TimeGrid, moments: Any) -> Evolution:
    """Everything the integration needs at the Gauss points."""
    xp = namespace(process.m_dm)
    sigma_v = grid.kernel.average(moments)
    log_t = xp.log(process.m_dm)[:, None] - xp.asarray(np.log(grid.x))
    log_g_rho, log_g_s, dln_g_s = dof.evaluate(log_t)
    rate = ENTROPY_OVER_HUBBLE * xp.exp(log_t + log_g_s - 0.5 * log_g_rho) * sigma_v
    y_eq = xp.exp(_log_equilibrium(process, xp.asarray(grid.log_n), log_g_s))
    expansion = process.pair_factor * (1.0 + dln_g_s / 3.0)
    return Evolution(
        y_eq=y_eq,
        drift=xp.asarray(grid.slope) + dln_g_s,
        rate=xp.where(log_t > np.log(T_CMB), expansion * rate, 0.0),
        ratio=rate * y_eq,
    )


def _integrate(process: Annihilation, dof: DofTable, grid: TimeGrid, found: Evolution) -> Any:
    """Y today from Y = Yeq at the first edge; see numerics/riccati.py."""
    xp = namespace(found.rate)
    shape = (found.rate.shape[0], grid.step.shape[0], 2)
    left = found.ratio < _SWITCH * xp.abs(found.drift)
    left = xp.cumulative_sum(left.reshape(shape)[:, :, 0] * 1, axis=1) > 0
    following = xp.sum((~left) * 1, axis=1)
    log_t = xp.log(process.m_dm) - xp.asarray(np.log(grid.edges))[following]
    log_n = xp.asarray(grid.log_n_edges)[following]
    frozen = xp.exp(_log_equilibrium(process, log_n, dof.evaluate(log_t)[1]))[:, None, None]
    y_eq, left = found.y_eq.reshape(shape), left[:, :, None]
    drift = xp.where(left, 0.0, found.drift.reshape(shape))
    scale = xp.where(left, frozen, y_eq)
    sink = found.rate.reshape(shape) * scale
    relative = xp.where(left, y_eq / frozen, 1.0)
    source = sink * relative * relative
    m = tree_product(magnus_steps(xp.asarray(grid.step), drift, source, sink))
    return frozen[:, 0, 0] * (m[0] + m[1]) / (m[2] + m[3])


def _x_freeze_out(xp: Any, ratio: Any, grid: TimeGrid) -> Any:
    """First x where n_eq <sigma v>/H falls through one; NaN where it never does.

    Inverse interpolation of ln x by the Lagrange polynomial through four neighbouring points.
    """
    log_x = xp.asarray(np.log(grid.x))
    falls = (ratio[:, :-1] >= 1.0) & (ratio[:, 1:] < 1.0)
    first = xp.argmax(falls * 1, axis=1)
    start = xp.clip(first - 1, 0, ratio.shape[1] - 4)
    index = start[:, None] + xp.arange(4)[None, :]
    near = xp.take_along_axis(ratio, index, axis=1)
    f = xp.log(xp.where(near > 0.0, near, 1e-300))
    t = log_x[index]
    total = 0.0
    for i in range(4):
        weight = 1.0
        for j in range(4):
            if j != i:
                weight = weight * f[:, j] / (f[:, j] - f[:, i])
        total = total + weight * t[:, i]
    return xp.where(xp.any(falls, axis=1), xp.exp(total), xp.nan)


def omega_from_yield(yield_today: Any, m_dm: Any, dof: DofTable) -> Any:
    """Omega h^2 = m Y s_0/(rho_c/h^2) with g_s of the same table at T = 2.7255 K."""
    s_0 = 2.0 * pi**2 / 45.0 * float(dof.g_s(T_CMB)) * T_CMB**3
    return m_dm * yield_today * s_0 / CRITICAL_DENSITY_H2


def freeze_out(process: Annihilation, dof: DofTable) -> Relic:
    """Relic abundance of a species that starts in equilibrium at x = 1.

    The error estimate is the difference to a run with half the steps and fewer, lower-order
    quadrature panels, plus a floor for rounding and table resolution.
    """
    xp = namespace(process.m_dm)
    fine, coarse = fine_grid(), coarse_grid()
    eta, rates = _rates(process, fine)
    found = _evolution(process, dof, fine, fine.kernel.moments(eta, sum(rates)))
    today = _integrate(process, dof, fine, found)
    eta, rates = _rates(process, coarse)
    total = coarse.kernel.moments(eta, sum(rates))
    last = coarse.kernel.moments(eta, rates[-1]) if len(rates) > 1 else total
    rough = _integrate(process, dof, coarse, _evolution(process, dof, coarse, total))
    x = _x_freeze_out(xp, found.ratio, fine)
    return Relic(
        yield_today=today,
        omega_h2=omega_from_yield(today, process.m_dm, dof),
        x_freeze_out=x,
        peak_rate=xp.max(found.ratio, axis=1),
        share=_share(xp, coarse, x, total, last),
        error_estimate=1.5 * xp.abs(rough / today - 1.0) + 5e-6,
    )


def _share(xp: Any, grid: TimeGrid, x: Any, total: Any, last: Any) -> Any:
    """Part of <sigma v> that the last channel has near x (x = 20 where it is NaN)."""
    column = xp.searchsorted(xp.asarray(grid.x), xp.where(x > 0.0, x, 20.0))
    kernel = xp.asarray(grid.kernel.values.T)[xp.minimum(column, grid.x.size - 1)]
    return xp.sum(last * kernel, axis=1) / xp.sum(total * kernel, axis=1)
