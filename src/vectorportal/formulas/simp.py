"""3 -> 2 reactions of SU(2)_X vectors at rest: (B22) and, corrected, (B23) of [Foguel:2025].

R = m_ZD/m_X, dark Higgs decoupled. |M|^2 is summed over all spins and divided by k! for k
identical particles, as (B2) demands; unit g_X^6/m_X^2. The printed amplitudes are wrong at every R
(see formulas/nonabelian_printed.py); the verified ones are rational functions fitted exactly to the
sum of all tree diagrams. The pole at R = 2 is an exchanged X on shell, where Z_D -> X+ X- opens;
there the at-rest approximation ends.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas import nonabelian_printed as printed
from vectorportal.formulas.nonabelian_printed import polynomial
from vectorportal.numerics.arrays import namespace

__all__ = [
    "m2_xxx",
    "m2_xxz",
    "m2_zzz",
    "sigma_v2_xxx",
    "sigma_v2_xxz",
    "sigma_v2_zzz",
]

_XXX = (1396736, -793520, 681312, -162496, 16792, 231, 47, 1)
"""coefficients of R^0, R^2, ..., R^14"""
_XXZ = (384, 384, -160, -512, -160, 352, 192, -120, -60, 32, 15)
"""coefficients of R^0, R^1, ..., R^10"""
_ZZZ = (9216, 23040, -24768, 38592, -688, -6784, 4500, -1476, 243)
"""coefficients of R^0, R^2, ..., R^16"""


def _verified_xxx(r: Any) -> Any:
    q = r * r
    return (16 - q) * polynomial(_XXX, q) / (1152 * (2 - r) * (2 + r) * (q + 2) ** 2)


def _verified_xxz(r: Any) -> Any:
    return (3 * r + 2) * polynomial(_XXZ, r) / (4 * (2 - r) * (r + 1) ** 4)


def _verified_zzz(r: Any) -> Any:
    q = r * r
    return (3 * r - 2) * (3 * r + 2) * polynomial(_ZZZ, q) / (512 * q**4)


def _where_open(is_open: Any, function: Any, ratio: Any) -> Any:
    """`function` of the ratio where open (evaluated at R = 1 elsewhere), zero elsewhere."""
    xp = namespace(ratio)
    return xp.where(is_open, function(xp.where(is_open, ratio, 1.0)), 0.0)


def m2_xxx(ratio: Any, prescription: str = "verified") -> Any:
    """|M(X- X+ X+- -> Z_D X+-)|^2, one charge, unit g_X^6/m_X^2; zero for R >= 2.

    (R^2-16)(R^14 + 47 R^12 + 231 R^10 + 16792 R^8 - 162496 R^6 + 681312 R^4 - 793520 R^2 + 1396736)
    / [1152 (R^2-4) (R^2+2)^2].
    """
    xp = namespace(ratio)
    ratio = xp.asarray(ratio, dtype=xp.float64)
    form = printed.m2_xxx if printed.is_printed(prescription) else _verified_xxx
    return _where_open(ratio < 2.0, form, ratio)


def m2_xxz(ratio: Any, prescription: str = "verified") -> Any:
    """|M(X+ X- Z_D -> Z_D Z_D)|^2, unit g_X^6/m_X^2; zero for R >= 2.

    (3R+2)(15 R^10 + 32 R^9 - 60 R^8 - 120 R^7 + 192 R^6 + 352 R^5 - 160 R^4 - 512 R^3 - 160 R^2
    + 384 R + 384) / [4 (2-R) (R+1)^4].
    """
    xp = namespace(ratio)
    ratio = xp.asarray(ratio, dtype=xp.float64)
    form = printed.m2_xxz if printed.is_printed(prescription) else _verified_xxz
    return _where_open(ratio < 2.0, form, ratio)


def m2_zzz(ratio: Any, prescription: str = "verified") -> Any:
    """|M(Z_D Z_D Z_D -> X+ X-)|^2, unit g_X^6/m_X^2; zero for 3 R <= 2, no upper end in R.

    (9R^2-4)(243 R^16 - 1476 R^14 + 4500 R^12 - 6784 R^10 - 688 R^8 + 38592 R^6 - 24768 R^4
    + 23040 R^2 + 9216) / (512 R^8).
    """
    xp = namespace(ratio)
    ratio = xp.asarray(ratio, dtype=xp.float64)
    form = printed.m2_zzz if printed.is_printed(prescription) else _verified_zzz
    return _where_open(3.0 * ratio > 2.0, form, ratio)


def sigma_v2_xxx(ratio: Any, m_x: Any, g_x: Any, prescription: str = "verified") -> Any:
    """<sigma v^2>(X- X+ X+- -> Z_D X+-) [GeV^-5], one charge; first line of (B22).

    (64 - 20 R^2 + R^4)^(1/2)/(27 x 576 pi m_X^3) |M|^2; m_x in GeV; arguments broadcast.
    """
    m2 = m2_xxx(ratio, prescription)
    return _rate(ratio, m_x, g_x, m2, lambda r: (4.0 - r * r) * (16.0 - r * r), lambda r: 576.0)


def sigma_v2_xxz(ratio: Any, m_x: Any, g_x: Any, prescription: str = "verified") -> Any:
    """<sigma v^2>(X+ X- Z_D -> Z_D Z_D) [GeV^-5]; second line of (B22).

    (4 + 4 R - 3 R^2)^(1/2)/(27 x 64 pi R (R+2) m_X^3) |M|^2; m_x in GeV; arguments broadcast.
    """
    m2 = m2_xxz(ratio, prescription)

    def phase_space(r: Any) -> Any:
        return (2.0 - r) * (2.0 + 3.0 * r)

    return _rate(ratio, m_x, g_x, m2, phase_space, lambda r: 64.0 * r * (r + 2.0))


def sigma_v2_zzz(ratio: Any, m_x: Any, g_x: Any, prescription: str = "verified") -> Any:
    """<sigma v^2>(Z_D Z_D Z_D -> X+ X-) [GeV^-5]; third line of (B22).

    (9 R^2 - 4)^(1/2)/(27 x 192 pi R^4 m_X^3) |M|^2; m_x in GeV; arguments broadcast.
    """
    m2 = m2_zzz(ratio, prescription)

    def phase_space(r: Any) -> Any:
        return (3.0 * r - 2.0) * (3.0 * r + 2.0)

    return _rate(ratio, m_x, g_x, m2, phase_space, lambda r: 192.0 * r**4)


def _rate(ratio: Any, m_x: Any, g_x: Any, m2: Any, square: Any, scale: Any) -> Any:
    """square(R)^(1/2)/(27 pi scale(R)) |M|^2 g_X^6/m_X^5; zero where |M|^2 vanishes."""
    xp = namespace(ratio, m_x, g_x)
    is_open = m2 != 0.0
    r = xp.where(is_open, ratio, 1.0)
    kinematic = xp.sqrt(square(r)) / (27.0 * pi * scale(r))
    return kinematic * m2 * g_x**6 / m_x**5
