"""The scan behind figure 6: abundances over couplings, lines of a given density, dark rates."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import NO_SOLUTION, NOT_CONVERGED
from vectorportal.observables.vector.abundance import log_hubble
from vectorportal.papers.foguel_2025.common import make
from vectorportal.papers.foguel_2025.fig6_roots import crossings, sharpen

__all__ = ["SIDES", "Histories", "Scan", "histories"]

SIDES = ("rising", "falling", "falling again")
"""Lines on which omega_h2 rises with g_x (the first) or falls (the first and the last)"""
_TOLERANCE = 2e-2
"""of ln omega_h2 on a line"""
_OWN = 0.1
"""dark annihilation over H above which the dark sector is given a temperature of its own; there
both treatments differ by 8 per cent at most"""
_SECOND = 1.0 / 6.582119569e-25
"""one second in 1/GeV"""
_LATEST = 30.0
"""x = m_x/T up to which dark annihilation is looked at"""
_NODES = 60
"""values of x at which dark annihilation is computed"""
_EARLY = 0.1
"""Z_D is counted at this part of its lifetime"""


@dataclass(frozen=True)
class Histories:
    """What yields over time tell on a grid of g_x (k,) and epsilon (n,); arrays (k, n).

    dark_rate : largest rate of X+ X- <-> Z_D Z_D per X over H, 2 gamma/(n_eq H) Y/Yeq.
    y_zd : n/s of Z_D at a tenth of its lifetime.
    """

    g_x: np.ndarray
    epsilon: np.ndarray
    dark_rate: np.ndarray
    y_zd: np.ndarray

    def rate_at(self, g_x: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
        """`dark_rate` at couplings of equal shape, bilinear in the logarithms."""
        grid, wanted = (self.g_x, self.epsilon), (g_x, epsilon)
        logs = np.log(np.maximum(self.dark_rate, 1e-300))
        (i, s), (j, t) = (_place(g, w) for g, w in zip(grid, wanted, strict=True))
        low = logs[i, j] * (1.0 - t) + logs[i, j + 1] * t
        high = logs[i + 1, j] * (1.0 - t) + logs[i + 1, j + 1] * t
        return np.exp(low * (1.0 - s) + high * s)


def _place(grid: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the node below and the way to the next in the logarithm; ends hold beyond them."""
    index = np.clip(np.searchsorted(grid, at) - 1, 0, grid.size - 2)
    share = np.log(at / grid[index]) / np.log(grid[index + 1] / grid[index])
    return index, np.clip(share, 0.0, 1.0)


def histories(
    m_x: float, t_rh: str, g_x: np.ndarray, epsilon: np.ndarray, prescription: str
) -> Histories:
    """Histories at the bath's temperature over the grid of `g_x` and `epsilon`."""
    options = Options(prescription=prescription, mechanism="auto")
    model = make(m_x=m_x, g_x=g_x[:, None], epsilon=epsilon[None, :], t_rh=t_rh)
    found = evaluate(model, "yield_evolution", options=options).value
    x, y = found["x"], found["y_x"]
    log_x, rates = _dark_rates(m_x, g_x, float(np.nanmin(x)), prescription)
    rows = [np.interp(np.log(at), log_x, row) for at, row in zip(x, rates, strict=True)]
    rate = np.stack(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = rate + np.log(y) - np.log(found["y_x_eq"])
    largest = np.max(np.where(np.isfinite(rate) & (x < _LATEST), rate, -690.0), axis=-1)
    known = np.isfinite(x[..., 0])
    y_zd = np.log(np.maximum(_before_decay(model, m_x, found), 1e-300))
    largest, y_zd = (_filled(row, known) for row in (largest, y_zd))
    return Histories(g_x, epsilon, np.exp(largest), np.exp(y_zd))


def _filled(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """`values` (k, n) with those not `known` interpolated along their row, over epsilon."""
    answer, columns = values.copy(), np.arange(values.shape[1])
    for row, here in enumerate(known):
        if here.any() and not here.all():
            answer[row] = np.interp(columns, columns[here], values[row, here])
    return answer


def _dark_rates(
    m_x: float, g_x: np.ndarray, lowest: float, prescription: str
) -> tuple[np.ndarray, np.ndarray]:
    """ln x, (p,), and ln(2 gamma/(n_eq H)) of X+ X- -> Z_D Z_D at small epsilon, (k, p)."""
    x = np.geomspace(lowest, _LATEST, _NODES)
    options = Options(prescription=prescription, mechanism="auto", channels="dark")
    model = make(m_x=m_x, g_x=g_x[:, None], epsilon=1e-9)
    rate = evaluate(model, "rates", options=options, x=x[None, :]).value["dark"]
    return np.log(x), np.log(np.maximum(2.0 * rate, 1e-300))


def _before_decay(model: Any, m_x: float, found: dict[str, np.ndarray]) -> np.ndarray:
    """n/s of Z_D at the last sample before a tenth of its lifetime."""
    lifetime = evaluate(model, "lifetime_s").value * _SECOND
    time = 0.5 * np.exp(-log_hubble(m_x / found["x"], Inputs.default()))
    early = time < _EARLY * lifetime[..., None]  # false where a history is missing
    last = np.maximum(early.sum(axis=-1) - 1, 0)
    return np.take_along_axis(found["y_zd"], last[..., None], axis=-1)[..., 0]


@dataclass(frozen=True)
class Scan:
    """omega_h2 at one reheating temperature, with T_X of its own where that matters.

    A point gets temperature=dark if `own` is set, dark annihilation comes close to H (`seen`) and
    epsilon is below `contact`, from where on decays of Z_D keep both sectors at one temperature.
    """

    m_x: float
    t_rh: str
    prescription: str
    own: bool
    contact: float
    seen: Histories

    def needs_own(self, g_x: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
        """Where the dark sector gets a temperature of its own."""
        if not self.own:
            return np.zeros(g_x.shape, dtype=bool)
        return (self.seen.rate_at(g_x, epsilon) > _OWN) & (epsilon < self.contact)

    def at(self, g_x: np.ndarray, epsilon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """omega_h2 and status at couplings of equal shape."""
        own = self.needs_own(g_x, epsilon)
        omega, status = np.full(g_x.shape, np.nan), np.zeros(g_x.shape, dtype=np.int64)
        for temperature, part in (("bath", ~own), ("dark", own)):
            if not part.any():
                continue
            options = Options(self.prescription, "auto", temperature=temperature)
            model = make(m_x=self.m_x, g_x=g_x[part], epsilon=epsilon[part], t_rh=self.t_rh)
            found = evaluate(model, "omega_h2", options=options)
            omega[part], status[part] = found.value, found.status
        return omega, status

    def line(
        self, g_x: np.ndarray, epsilon: np.ndarray, omega: np.ndarray, target: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """g_x at which omega_h2 is `target`, omega_h2 found there and status, (3, n) by SIDES.

        `omega` was scanned over `g_x` (k,) and `epsilon` (n,).
        """
        with np.errstate(divide="ignore"):
            values = np.log(omega) - log(target)
        before = crossings(values)
        side, column = np.nonzero(before >= 0)
        row, logs = before[side, column], np.log(g_x)

        def mismatch(index: np.ndarray, at: np.ndarray) -> np.ndarray:
            with np.errstate(divide="ignore"):
                return np.log(self.at(np.exp(at), epsilon[column[index]])[0]) - log(target)

        ends = (logs[row], logs[row + 1])
        root = np.exp(sharpen(mismatch, ends, (values[row, column], values[row + 1, column])))
        side, column, root = (part[np.isfinite(root)] for part in (side, column, root))
        there, code = self.at(root, epsilon[column])
        with np.errstate(divide="ignore", invalid="ignore"):
            good = np.abs(np.log(there) - log(target)) < _TOLERANCE
        line, found = np.full(before.shape, np.nan), np.full(before.shape, np.nan)
        status = np.full(before.shape, NO_SOLUTION)
        line[side, column], found[side, column] = np.where(good, root, np.nan), there
        status[side, column] = np.where(good, code, np.maximum(code, NOT_CONVERGED))
        return line, np.where(np.isfinite(line), found, np.nan), status
