"""Recast of a displaced or beam-dump band to a mediator with other widths.

Signal: N = C epsilon^2 BR_vis exp(-t Gamma) (1 - exp(-rho t Gamma)), with t = L_shield/(gamma beta)
and rho = L_decay/L_shield. Both published edges have the same N, which fixes t at each mass
(P. Ilten et al., arXiv:1801.04847, section 2). For a long-lived mediator N goes as
epsilon^2 Gamma_vis and does not see the dark width; for a short-lived one the total width rules
through exp(-t Gamma).
"""

from __future__ import annotations

import numpy as np

__all__ = ["band_interval", "band_mu", "proper_time"]

_STEPS = 45
_TOLERANCE = 1e-9
"""Steps halve an interval of 60 in ln epsilon^2 to 2e-12; Newton ends below the tolerance."""


def _log_survival(x: np.ndarray, rho: float) -> np.ndarray:
    """ln[exp(-x) (1 - exp(-rho x))] for x > 0."""
    return -x + np.log(-np.expm1(-rho * x))


def _edge_difference(u: np.ndarray, k: np.ndarray, rho: float) -> np.ndarray:
    """ln N(upper)/N(lower) for Standard Model decays; u = t Gamma at the lower edge."""
    return np.log(k) + _log_survival(u * k, rho) - _log_survival(u, rho)


def proper_time(
    lower: np.ndarray, upper: np.ndarray, unit_width: np.ndarray, rho: float
) -> np.ndarray:
    """t (GeV^-1) at which both edges give the same signal, for the width unit_width epsilon^2.

    ln N(upper)/N(lower) falls from 2 ln k to minus infinity as t grows (k = upper^2/lower^2 > 1),
    so the bisection in ln t has exactly one root. All arrays of one shape.
    """
    k = (upper / lower) ** 2
    low = np.full(k.shape, -60.0)
    high = np.log(40.0 + 4.0 * np.log(k)) - np.log(k - 1.0)
    high = np.maximum(high, -50.0)
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        positive = _edge_difference(np.exp(middle), k, rho) > 0.0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return np.exp(0.5 * (low + high)) / (unit_width * lower**2)


def _log_signal(
    s: np.ndarray, unit_width: np.ndarray, dark: np.ndarray, t: np.ndarray, rho: float
) -> np.ndarray:
    """ln N up to a constant at s = ln epsilon^2."""
    visible = unit_width * np.exp(s)
    total = visible + dark
    return s + np.log(visible / total) + _log_survival(t * total, rho)


def band_mu(
    epsilon: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    unit_width: np.ndarray,
    dark: np.ndarray,
    rho: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Signal over the excluded signal, and whether it falls with epsilon (the short-lived side).

    epsilon > 0, widths in GeV, arrays of one shape.
    """
    t = proper_time(lower, upper, unit_width, rho)
    reference = _log_signal(2.0 * np.log(lower), unit_width, np.zeros_like(dark), t, rho)
    s = 2.0 * np.log(epsilon)
    signal = _log_signal(s, unit_width, dark, t, rho)
    mu = np.exp(np.clip(signal - reference, -700.0, 700.0))
    return mu, _slope(s, unit_width, dark, t, rho) < 0.0


def _slope(
    s: np.ndarray, unit_width: np.ndarray, dark: np.ndarray, t: np.ndarray, rho: float
) -> np.ndarray:
    """d ln N/d ln epsilon^2; it falls with s, so N has one maximum."""
    visible = unit_width * np.exp(s)
    total = visible + dark
    x = rho * t * total
    gain = x / np.expm1(np.minimum(x, 700.0))
    return 1.0 + dark / total + visible / total * gain - t * visible


def _bisect(
    low: np.ndarray, high: np.ndarray, is_left: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    middle = 0.5 * (low + high)
    return np.where(is_left, middle, low), np.where(is_left, high, middle)


def band_interval(
    lower: np.ndarray, upper: np.ndarray, unit_width: np.ndarray, dark: np.ndarray, rho: float
) -> tuple[np.ndarray, np.ndarray]:
    """Excluded couplings of this mediator: (lower edge, upper edge).

    Both are NaN where dark decays leave no coupling excluded. The dark width is held while the
    visible one goes as epsilon^2.
    """
    t = proper_time(lower, upper, unit_width, rho)
    reference = _log_signal(2.0 * np.log(lower), unit_width, np.zeros_like(dark), t, rho)
    args = (unit_width, dark, t, rho)
    peak = _peak(lower, upper, args)
    height = _log_signal(peak, *args) - reference
    none = height < 0.0
    height = np.where(none, 1.0, height)
    level = np.where(none, _log_signal(peak, *args) - 1.0, reference)
    left = np.minimum(_edge(peak - 2.0 * (height + 1.0), level, args), peak)
    right = np.maximum(_edge(np.maximum(peak, 2.0 * np.log(upper)) + 2.0, level, args), peak)
    low, high = np.exp(0.5 * left), np.exp(0.5 * right)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def _edge(start: np.ndarray, level: np.ndarray, args: tuple) -> np.ndarray:
    """ln epsilon^2 where ln N meets `level`, by Newton steps from outside.

    ln N is concave in ln epsilon^2, so the steps approach the edge from one side only; they are
    quadratic except where the two edges meet.
    """
    s = start
    for _ in range(_STEPS):
        step = (_log_signal(s, *args) - level) / _slope(s, *args)
        s = s - step
        if np.abs(step).max(initial=0.0) < _TOLERANCE:
            break
    return s


def _peak(lower: np.ndarray, upper: np.ndarray, args: tuple) -> np.ndarray:
    """ln epsilon^2 of the largest signal, by bisection of the falling slope."""
    low = 2.0 * np.log(lower) - 20.0
    high = 2.0 * np.log(upper) + 20.0
    for _ in range(_STEPS):
        rising = _slope(0.5 * (low + high), *args) > 0.0
        low, high = _bisect(low, high, rising)
    return 0.5 * (low + high)
