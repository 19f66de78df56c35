"""Dark annihilation X+X- -> Z_D Z_D of SU(2)_X vectors: (B17)-(B20) of [Foguel:2025], corrected.

The dark Higgs is decoupled; m_ZD and m_X are independent. The code computes in units m_X = 1.
`prescription="as-printed"` selects what the paper prints: the flux s^2 instead of s (s - 4 m_X^2),
and for m_ZD different from m_X polynomials that lack the q_mu q_nu/m_X^2 term of the X propagator.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas import nonabelian_printed as printed
from vectorportal.formulas.nonabelian_printed import is_printed
from vectorportal.formulas.spectral import velocity
from vectorportal.numerics.arrays import namespace

__all__ = ["atanh_ratio", "beta_sigma_dark", "dark_threshold", "sigma_dark"]

_DARK_A = (
    (1536.0, 2816.0, 4832.0, -2624.0, 16.0, 48.0, 6.0),
    (384.0, -2304.0, 128.0, 160.0, 20.0, -4.0),
    (512.0, 128.0, 0.0, -8.0, 1.0),
    (0.0, 0.0, 1.0),
)
"""A_0/m_ZD^4 in units m_X = 1: row i holds the powers 0, 1, ... of m_ZD^2 at s^i"""
_DARK_P = (
    (768.0, 2176.0, 176.0, 416.0, 24.0, -32.0, -3.0),
    (-384.0, -1088.0, 416.0, 64.0, 0.0, 4.0),
    (0.0, 0.0, -36.0, -12.0, 1.0),
    (0.0, 0.0, 2.0),
)
"""P/m_ZD^4, same layout"""
_SERIES_BELOW, _SERIES_TERMS = 0.04, 12


def _horner(rows: Any, x: Any) -> Any:
    total = 0.0 * x
    for row in reversed(rows):
        total = total * x + row
    return total


def atanh_ratio(xp: Any, u2: Any, one_minus_u2: Any) -> Any:
    """atanh(u)/u = 1 + u^2/3 + ..., from u^2 and an accurate 1 - u^2."""
    small = u2 < _SERIES_BELOW
    series = _horner([1.0 / (2 * k + 1) for k in range(_SERIES_TERMS)], xp.where(small, u2, 0.0))
    u = xp.sqrt(xp.where(small, 0.5, u2))
    atanh = xp.log1p(u) - 0.5 * xp.log(xp.where(small, 0.5, one_minus_u2))
    return xp.where(small, series, atanh / u)


def _dark_bracket(xp: Any, a: Any, b: Any, z: Any, prescription: str) -> Any:
    """[A_0/D + 4 P L/(...)]/m_ZD^4 of (B17) over w, units m_X = 1; a = s - 4, b = s - 4 z."""
    as_printed = is_printed(prescription)
    rows_a, rows_p = (printed.DARK_A, printed.DARK_P) if as_printed else (_DARK_A, _DARK_P)
    s, d, q = 4.0 + a, b + z**2, 4.0 + a - 2.0 * z
    big_a = _horner([_horner(row, z) for row in rows_a], s)
    big_p = _horner([_horner(row, z) for row in rows_p], s)
    log = atanh_ratio(xp, a * b / q**2, 4.0 * d / q**2)
    bracket = big_a / d + 8.0 * big_p / q**2 * log
    return bracket / z**2 if as_printed else bracket


def beta_sigma_dark(
    eta: Any,
    delta: Any,
    m_x: Any,
    g_x: Any,
    prescription: str = "verified",
    gap: Any | None = None,
) -> Any:
    """beta_X sigma(X+X- -> Z_D Z_D) [GeV^-2]; (B17)-(B20), corrected, dark Higgs decoupled.

    eta = s^(1/2)/(2 m_X) - 1 and delta = (m_ZD/m_X)^2 - 1 > -1. `gap` = eta (2 + eta) - delta =
    s/(4 m_X^2) - (m_ZD/m_X)^2 may be given besides: the difference loses digits next to the
    threshold of a closed channel (delta > 0). With X = m_X^2, Z = m_ZD^2, w^2 = (s - 4 X)(s - 4 Z)
    sigma = g_X^4/(4608 pi X^4 Z^2 s (s - 4 X)) {w A_0/[X (s - 4 Z) + Z^2]
            + 4 P/(s - 2 Z) ln[(s - 2 Z + w)/(s - 2 Z - w)]}.
    Corrected: the flux (printed s^2), and A_0, P where m_ZD differs from m_X. Averages 1/9 and
    the 1/2 of identical Z_D included. Grows like s/m_X^4 without a dark Higgs. Zero where closed:
    eta < 0 or gap <= 0. Accurate to 1e-14 (as-printed 2e-13).
    """
    xp = namespace(eta, delta, m_x, g_x, gap)
    eta, delta = xp.asarray(eta, dtype=xp.float64), xp.asarray(delta, dtype=xp.float64)
    over = xp.asarray(eta * (2.0 + eta) - delta if gap is None else gap, dtype=xp.float64)
    is_open = ~((eta < 0.0) | (over <= 0.0))  # a NaN stays a NaN
    e = xp.where(is_open, eta, 1.0)
    a, b = 4.0 * e * (2.0 + e), 4.0 * xp.where(is_open, over, 3.0)
    z = 1.0 + xp.where(is_open, delta, 0.0)
    s = 4.0 * (1.0 + e) ** 2
    value = xp.sqrt(b / s) / s * _dark_bracket(xp, a, b, z, prescription)
    if is_printed(prescription):
        value = value * (a / s)
    return xp.where(is_open, value, 0.0) * (g_x**4 / (4608.0 * pi * m_x**2))


def sigma_dark(s: Any, m_x: Any, m_zd: Any, g_x: Any, prescription: str = "verified") -> Any:
    """sigma(X+X- -> Z_D Z_D) [GeV^-2] at s [GeV^2]: `beta_sigma_dark` over beta_X.

    Zero below either threshold; infinite at s = 4 m_X^2 exactly for m_ZD < m_X.
    """
    xp = namespace(s, m_x, m_zd, g_x)
    s = xp.asarray(s, dtype=xp.float64)
    eta = (xp.sqrt(s) - 2.0 * m_x) / (2.0 * m_x)
    delta = (m_zd - m_x) * (m_zd + m_x) / m_x**2
    value = beta_sigma_dark(eta, delta, m_x, g_x, prescription)
    beta = velocity(s, m_x)
    moving = beta > 0.0
    ratio = value / xp.where(moving, beta, 1.0)
    return xp.where(moving, ratio, xp.where(value > 0.0, xp.inf, value))


def dark_threshold(ratio: Any, g_x: Any, m_x: Any) -> tuple[Any, Any]:
    """(c, n) of sigma v = c v^n [GeV^-2] for X+X- -> Z_D Z_D at relative velocity v -> 0.

    R < 1: n = 0, c = g_X^4 (1 - R^2)^(1/2) (152 - 136 R^2 + 128 R^4 - 18 R^6 + 3 R^8)
    / [144 pi m_X^2 (2 - R^2)^2]; R = 1: n = 1, c = 43 g_X^4/(96 pi m_X^2); R > 1: closed, c = n =
    0. The limit of `beta_sigma_dark`, verified form; it holds for v^2 << |1 - R^2|.
    """
    xp = namespace(ratio, g_x, m_x)
    ratio = xp.asarray(ratio, dtype=xp.float64)
    unit = g_x**4 / m_x**2
    light = ratio < 1.0
    z = xp.where(light, ratio, 0.0) ** 2
    shape = _horner([152.0, -136.0, 128.0, -18.0, 3.0], z)
    open_c = xp.sqrt(1.0 - z) * shape / (144.0 * pi * (2.0 - z) ** 2)
    constant = xp.where(light, open_c, xp.where(ratio == 1.0, 43.0 / (96.0 * pi), 0.0))
    return constant * unit, xp.where(ratio == 1.0, 1.0, 0.0) + 0.0 * unit
