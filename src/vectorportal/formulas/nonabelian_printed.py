"""Cross sections and amplitudes of [Foguel:2025] as printed, where an independent check disagrees.

They serve to reproduce the published figures only (`prescription="as-printed"`). What is wrong:

* (B13), (B14)-(B16): the sign of the dipole current j of (10) is flipped, so that the
  growth of the longitudinal amplitudes adds up instead of cancelling; F_I has the opposite
  overall sign besides.
* (B17): the flux factor s^2 stands for s (s - 4 m_X^2). (B18) and (B20): the q_mu q_nu/m_X^2 term
  of the X propagator is missing, which matters where m_ZD differs from m_X.
* (B23): the amplitudes of all three 3 -> 2 reactions, also at R = 1; in the middle one the
  denominator needs (2 - R)^3 for a positive square.
"""

from __future__ import annotations

from typing import Any

from vectorportal.errors import ParameterError, nearest_name

__all__ = [
    "DARK_A",
    "DARK_P",
    "PRESCRIPTIONS",
    "interference_bracket",
    "is_printed",
    "m2_xxx",
    "m2_xxz",
    "m2_zzz",
    "photon_like_bracket",
    "polynomial",
]

PRESCRIPTIONS = ("verified", "as-printed")


def is_printed(prescription: str) -> bool:
    """True for `as-printed`, False for `verified`; ParameterError for anything else."""
    if prescription not in PRESCRIPTIONS:
        raise ParameterError(
            "prescription",
            prescription,
            allowed="one of " + ", ".join(PRESCRIPTIONS),
            nearest=nearest_name(str(prescription), PRESCRIPTIONS),
        )
    return prescription == "as-printed"


def photon_like_bracket(s: Any, m2: Any, z2: Any) -> Any:
    """Bracket of F_V in (B16) [GeV^6], m2 = m_X^2, z2 = m_ZD^2; at z2 = m2 it is that of (B13)."""
    dark = z2**2 - 7.0 * z2 * s + 11.0 * s**2
    return 12.0 * m2**2 * s + 4.0 * m2 * dark + s * (z2 - 2.0 * s) ** 2


def interference_bracket(s: Any, m2: Any, z2: Any, mixed: Any, dipole: Any) -> Any:
    """Last bracket of F_I in (B16) [GeV^4], `mixed` = s_alpha c_w and `dipole` = epsilon s_w."""
    j = m2 * (14.0 * s - 4.0 * z2) + s * (2.0 * s - z2)
    big_j = 12.0 * m2**2 - 10.0 * m2 * (z2 - 3.0 * s) + s * (2.0 * s - z2)
    return dipole * j + mixed * big_j


DARK_A = (
    (0.0, 0.0, 1536.0, 4464.0, 1622.0, -1208.0, 216.0),
    (0.0, 64.0, -660.0, -660.0, -296.0, -64.0),
    (-8.0, 24.0, 513.0, 92.0, 12.0),
    (1.0, -4.0, 4.0),
)
"""(B18) without its root, in units m_X = 1: row i holds the powers 0, 1, ... of m_ZD^2 at s^i"""

DARK_P = (
    (0.0, 0.0, 800.0, 1856.0, 661.0, 316.0, -108.0),
    (0.0, -16.0, -556.0, -668.0, 148.0, 104.0),
    (4.0, -12.0, 45.0, -60.0, -24.0),
    (0.0, 0.0, -2.0, 4.0),
)
"""(B20), same layout as DARK_A"""

_P_XXX = (
    464529653760,
    1607804059648,
    6330651934720,
    3415661940736,
    -2338582276096,
    2544684939776,
    -1152329689600,
    347944750656,
    -72891737760,
    13149303384,
    -1871704096,
    173332892,
    -9399910,
    288265,
    -5036,
    49,
)
"""P_XXX below (B23): coefficients of R^0, R^2, ..., R^30"""

_P_XXZ = (
    541696,
    788992,
    296768,
    6431040,
    22218992,
    24517856,
    20010204,
    41485844,
    30747821,
    -44372538,
    -62811529,
    -228802,
    22115229,
    1813646,
    -1661722,
    1319742,
    603476,
    -376,
    2393,
    -164,
    36,
)
"""P_XXZD below (B23): coefficients of R^0, R^1, ..., R^20"""

_P_ZZZ = (896, -896, 9744, -1856, -14080, 1352, 26473, 306, 153)
"""P_ZDZDZD below (B23), R^0 ... R^8. The end of the line is unreadable in our source; this is the
completion that gives the printed value at R = 1."""


def polynomial(coefficients: tuple[int, ...], x: Any) -> Any:
    """sum_k coefficients[k] x^k; exact for whole numbers and fractions."""
    total = 0 * x
    for c in reversed(coefficients):
        total = total * x + c
    return total


def m2_xxx(r: Any) -> Any:
    """|M(X- X+ X+- -> Z_D X+-)|^2 of (B23), unit g_X^6/m_X^2; R = 1 gives 324035/512."""
    q = r * r
    scale = 41472 * q * (q - 7) ** 2 * (q - 4) ** 3 * (q + 2) ** 2 * (q * q - 20 * q - 8) ** 2
    return (q - 16) * polynomial(_P_XXX, q) / scale


def m2_xxz(r: Any) -> Any:
    """|M(X+ X- Z_D -> Z_D Z_D)|^2 of (B23), unit g_X^6/m_X^2; R = 1 gives 328285/256.

    Printed with (R - 2)^3 in the denominator, which is negative below R = 2 and does not
    give the printed value at R = 1; (2 - R)^3 here. Infinite at R = (1 + 17^(1/2))/4 = 1.28.
    """
    scale = 1728 * r**6 * (2 - r) ** 3 * (r + 1) ** 4 * (r + 2) ** 2 * (2 * r * r - r - 2) ** 2
    return (3 * r + 2) * polynomial(_P_XXZ, r) / scale


def m2_zzz(r: Any) -> Any:
    """|M(Z_D Z_D Z_D -> X+ X-)|^2 of (B23), unit g_X^6/m_X^2; R = 1 gives 27615/64."""
    return (9 * r * r - 4) * polynomial(_P_ZZZ, r) / (16 * (1 - 3 * r * r) ** 4)
