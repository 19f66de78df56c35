"""Recast of a displaced or beam-dump band to a vector with other couplings and widths.

Signal: N = C E S BR exp(-t Gamma) (1 - exp(-rho t Gamma)) with E = coupling^2, S the strength of
production, t = L_shield/(gamma beta) and rho = L_decay/L_shield. Both published edges have the same
N, which fixes t at each mass (P. Ilten et al., arXiv:1801.04847, section 2). For a long-lived
vector N goes as E times the partial width and does not see the total one; for a short-lived one the
total width rules through exp(-t Gamma).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from vectorportal.numerics.spline import CubicSpline1D

__all__ = ["Band", "depth"]

_STEPS = 45
_TOLERANCE, _PEAK_STEPS = 1e-9, 26
"""Most steps; Newton ends below the tolerance. The height of the signal does not feel the last
digits of its peak, which is known to 4e-8."""
_LARGEST = 700.0
"""ln mu that numbers can hold; signals inside published bands stay below 100"""
_FIRST, _LAST, _STEP = -14.0, 5.0, 0.01
"""ln ln(upper^2/lower^2) in the table of depths, constant below"""


def _log_survival(x: np.ndarray, rho: float) -> np.ndarray:
    """ln[exp(-x) (1 - exp(-rho x))] for x > 0."""
    return -x + np.log(-np.expm1(-rho * x))


def _depth(log_k: np.ndarray, rho: float) -> np.ndarray:
    """ln x with ln k + survival(k x) = survival(x), where x = t Gamma at the lower edge.

    The left side minus the right falls with x from 2 ln k to minus infinity, so the bisection has
    exactly one root.
    """
    k = np.exp(log_k)
    low = np.full(k.shape, -60.0 - 2.0 * log_k.max(initial=0.0))
    high = np.log(40.0 + 4.0 * log_k) - np.log(np.expm1(log_k))
    for _ in range(_STEPS + 15):
        middle = 0.5 * (low + high)
        x = np.exp(middle)
        positive = log_k + _log_survival(x * k, rho) > _log_survival(x, rho)
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return 0.5 * (low + high)


@lru_cache(maxsize=64)
def _depths(rho: float) -> CubicSpline1D:
    """ln(k x) over ln ln k, k = upper^2/lower^2."""
    at = np.exp(np.arange(_FIRST, _LAST + _STEP, _STEP))
    return CubicSpline1D.fit(_FIRST, _STEP, _depth(at, rho) + at)


def depth(lower: np.ndarray, upper: np.ndarray, rho: float) -> np.ndarray:
    """x = t Gamma of the published vector at its lower edge; `lower` < `upper` of one shape."""
    log_k = 2.0 * np.log(upper / lower)
    at = np.clip(np.log(np.maximum(log_k, 1e-300)), _FIRST, _LAST)
    return np.exp(_depths(rho).evaluate(at) - log_k)


@dataclass(frozen=True)
class Band:
    """A published band and the vector that it is read for; arrays of one shape.

    lower, upper : published edges. published_width : total width of the published vector at unit
    coupling (GeV). width : width of this vector at unit coupling; dark : its width that does not
    follow the coupling (GeV). strength : signal over that of the published vector at one coupling,
    when neither decays early, over the ratio of total widths: S BR/BR_published.
    """

    lower: np.ndarray
    upper: np.ndarray
    published_width: np.ndarray
    width: np.ndarray
    dark: np.ndarray
    strength: np.ndarray
    rho: float

    @cached_property
    def _time(self) -> np.ndarray:
        """t in 1/GeV."""
        squared = self.lower**2
        return depth(self.lower, self.upper, self.rho) / (self.published_width * squared)

    def _level(self, time: np.ndarray) -> np.ndarray:
        """ln N at the published edges."""
        squared = self.lower**2
        return np.log(squared) + _log_survival(time * self.published_width * squared, self.rho)

    def _signal(self, s: np.ndarray, time: np.ndarray) -> np.ndarray:
        """ln N at s = ln coupling^2."""
        own = self.width * np.exp(s)
        total = own + self.dark
        rest = np.log(self.strength * own / total)
        return s + rest + _log_survival(time * total, self.rho)

    def _slope(self, s: np.ndarray, time: np.ndarray) -> np.ndarray:
        """d ln N/ds; it falls with s, so N has one maximum."""
        own = self.width * np.exp(s)
        total = own + self.dark
        x = self.rho * time * total
        gain = x / np.expm1(np.minimum(x, 700.0))
        return 1.0 + self.dark / total + own / total * gain - time * own

    def mu(self, coupling: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Signal over the excluded signal, and whether it falls with the coupling.

        coupling > 0.
        """
        time, s = self._time, 2.0 * np.log(coupling)
        ratio = self._signal(s, time) - self._level(time)
        return np.exp(np.minimum(ratio, _LARGEST)), self._slope(s, time) < 0.0

    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Excluded couplings (lower edge, upper edge); NaN where none is excluded."""
        time = self._time
        peak = self._peak(time)
        height = self._signal(peak, time) - self._level(time)
        none = ~(height >= 0.0)
        height = np.where(none, 1.0, height)
        level = self._signal(peak, time) - height
        log_unit = -np.log(time * self.width)
        far = np.exp(peak - log_unit) + 2.0 * height + 20.0
        left = np.minimum(peak, log_unit) - 2.0 - 1.6 * height
        left = np.minimum(self._edge(left, level, time), peak)
        right = np.maximum(self._edge(log_unit + np.log(far), level, time), peak)
        low, high = np.exp(0.5 * left), np.exp(0.5 * right)
        return np.where(none, np.nan, low), np.where(none, np.nan, high)

    def _edge(self, start: np.ndarray, level: np.ndarray, time: np.ndarray) -> np.ndarray:
        """ln coupling^2 where ln N meets `level`, by Newton steps from outside.

        ln N is concave, so the steps approach the edge from one side only; they are quadratic
        except where the two edges meet.
        """
        s, band, todo = start.copy(), self, np.arange(start.size)
        for count in range(2 * _STEPS):
            at = s[todo]
            step = (band._signal(at, time) - level) / band._slope(at, time)
            s[todo] = at - step
            moving = np.abs(step) >= _TOLERANCE
            if not moving.any():
                break
            if count > 3 and moving.mean() < 0.7:
                band, time, level, todo = (
                    band._at(moving),
                    time[moving],
                    level[moving],
                    todo[moving],
                )
        return s

    def _at(self, mask: np.ndarray) -> Band:
        """The points of `mask` alone."""
        return Band(
            self.lower[mask],
            self.upper[mask],
            self.published_width[mask],
            self.width[mask],
            self.dark[mask],
            self.strength[mask],
            self.rho,
        )

    def _peak(self, time: np.ndarray) -> np.ndarray:
        """ln coupling^2 of the largest signal, by bisection: there time * width is 1 to 2."""
        low = -np.log(time * self.width) - 1.0
        high = low + 3.0
        for _ in range(_PEAK_STEPS):
            middle = 0.5 * (low + high)
            rising = self._slope(middle, time) > 0.0
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        return 0.5 * (low + high)
