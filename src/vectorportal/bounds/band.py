"""Recast of a displaced or beam-dump band to a mediator with other widths.

Signal: N = C epsilon^2 BR_vis exp(-t Gamma) (1 - exp(-rho t Gamma)), with t = L_shield/(gamma beta)
and rho = L_decay/L_shield. Both published edges have the same N, which fixes t at each mass
(P. Ilten et al., arXiv:1801.04847, section 2). For a long-lived mediator N goes as
epsilon^2 Gamma_vis and does not see the dark width; for a short-lived one exp(-t Gamma_total) rules.
"""

from __future__ import annotations

import numpy as np

__all__ = ["band_interval", "band_mu", "proper_time"]

_STEPS = 60


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
) -> np.ndarray:
    """Signal over the excluded signal; epsilon > 0, widths in GeV, arrays of one shape."""
    t = proper_time(lower, upper, unit_width, rho)
    reference = _log_signal(2.0 * np.log(lower), unit_width, np.zeros_like(dark), t, rho)
    signal = _log_signal(2.0 * np.log(epsilon), unit_width, dark, t, rho)
    return np.exp(np.clip(signal - reference, -700.0, 700.0))


def _slope(
    s: np.ndarray, unit_width: np.ndarray, dark: np.ndarray, t: np.ndarray, rho: float
) -> np.ndarray:
    """d ln N/d ln epsilon^2; it falls with s, so N has one maximum."""
    visible = unit_width * np.exp(s)
    total = visible + dark
    x = rho * t * total
    gain = x / np.expm1(np.minimum(x, 700.0))
    return 1.0 + dark / total + visible / total * gain - t * visible


def _bisect(low: np.ndarray, high: np.ndarray, is_left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    middle = 0.5 * (low + high)
    return np.where(is_left, middle, low), np.where(is_left, high, middle)


def band_interval(
    lower: np.ndarray, upper: np.ndarray, unit_width: np.ndarray, dark: np.ndarray, rho: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Excluded couplings of this mediator, and the coupling of the largest signal.

    Returns (lower edge, upper edge, peak); the edges are NaN where dark decays leave no coupling
    excluded. The dark width is held while the visible one goes as epsilon^2.
    """
    t = proper_time(lower, upper, unit_width, rho)
    reference = _log_signal(2.0 * np.log(lower), unit_width, np.zeros_like(dark), t, rho)
    args = (unit_width, dark, t, rho)
    peak = _peak(lower, upper, args)
    height = _log_signal(peak, *args) - reference
    none = height < 0.0
    left = peak - np.where(none, 1.0, np.maximum(height, 0.0) + 1.0) * 2.0
    low, high = left, peak
    for _ in range(_STEPS):
        outside = _log_signal(0.5 * (low + high), *args) < reference
        low, high = _bisect(low, high, outside)
    edge_low = np.where(none, np.nan, np.exp(0.25 * (low + high)))
    low, high = peak, np.maximum(peak, 2.0 * np.log(upper)) + 2.0
    for _ in range(_STEPS):
        inside = _log_signal(0.5 * (low + high), *args) >= reference
        low, high = _bisect(low, high, inside)
    edge_high = np.where(none, np.nan, np.exp(0.25 * (low + high)))
    return edge_low, edge_high, np.exp(0.5 * peak)


def _peak(lower: np.ndarray, upper: np.ndarray, args: tuple) -> np.ndarray:
    """ln epsilon^2 of the largest signal, by bisection of the falling slope."""
    low = 2.0 * np.log(lower) - 20.0
    high = 2.0 * np.log(upper) + 20.0
    for _ in range(_STEPS):
        rising = _slope(0.5 * (low + high), *args) > 0.0
        low, high = _bisect(low, high, rising)
    return 0.5 * (low + high)
