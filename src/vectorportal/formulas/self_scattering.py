"""Elastic self-scattering of charged dark vectors at low velocity, X+ X- and X+- X+-, tree level.

SU(2)_X vertices of strength g_X, m_ZD = R m_X, no dark Higgs. At rest the exchange of Z_D in the
t (and u) channel and the contact term give, with (ij) = e_i.e_j of the spatial polarisations of
X(1) X(2) -> X(3) X(4),

    M(X+X+) = g_X^2 [2 (12)(34) - (1 + 4/R^2) ((13)(24) + (14)(23))],
    M(X+X-) = g_X^2 [2 (14)(23) - (12)(34) - (1 - 4/R^2) (13)(24)],

so that, summed over the 81 spin states, sum |M|^2/g_X^4 = 36 + 96/R^2 + 384/R^4 and
36 - 48/R^2 + 144/R^4. The s-channel of X+X- starts in the p wave,
J_12 = 2 p (12) - 4 (p.e_1) e_2 - 4 (p.e_2) e_1, does not interfere in the total cross section and
matters next to its pole at R = 2 only: it adds

    243 v^4/|4 - R^2 + v^2 + i R Gamma/m_X|^2.

A dark Higgs adds an attractive t-channel term of relative size R^2 m_X^2/(4 m_h^2).
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.numerics.arrays import namespace
from vectorportal.units import convert

__all__ = [
    "born_parameter",
    "coupling_saturating",
    "like_square",
    "sigma_like",
    "sigma_self",
    "sigma_self_over_m",
    "sigma_unlike",
    "unlike_square",
]

_CM2_PER_GRAM = convert(1.0, "GeV^-3", "cm^2/g")
"""GeV^-3 in cm^2/g: 2.184e-4."""


def like_square(ratio: Any) -> Any:
    """sum |M(X+X+ -> X+X+)|^2/g_X^4 over all spins at rest, without the 1/2; ratio = R."""
    f = 4.0 / ratio**2
    return 36.0 + 24.0 * f * (1.0 + f)


def unlike_square(ratio: Any, width_over_m: Any = 0.0, velocity: Any = 0.0) -> Any:
    """sum |M(X+X- -> X+X-)|^2/g_X^4 over all spins, averaged over angles; leading at small v.

    width_over_m = Gamma_ZD/m_X; velocity : relative velocity. Both are read by the s-channel only,
    which is dropped where v = 0 (also at R = 2, where its limit is 243 for a vanishing width).
    """
    xp = namespace(ratio, width_over_m, velocity)
    f = 4.0 / ratio**2
    v2 = xp.asarray(velocity, dtype=xp.float64) ** 2
    distance = (4.0 - ratio**2 + v2) ** 2 + (ratio * width_over_m) ** 2
    safe = xp.where(distance > 0.0, distance, 1.0)
    resonance = xp.where(distance > 0.0, 243.0 * v2**2 / safe, 0.0)
    return 36.0 - 12.0 * f + 9.0 * f**2 + resonance


def sigma_like(m_x: Any, ratio: Any, g_x: Any) -> Any:
    """sigma(X+X+ -> X+X+) = sigma(X-X- -> X-X-) [GeV^-2] at v -> 0; 1/9 and the final 1/2 included.

    g_X^4 (3 R^4 + 8 R^2 + 32)/(96 pi m_X^2 R^4). m_x in GeV; arguments broadcast.
    """
    return g_x**4 * like_square(ratio) / (1152.0 * pi * m_x**2)


def sigma_unlike(m_x: Any, ratio: Any, g_x: Any, width: Any = 0.0, velocity: Any = 0.0) -> Any:
    """sigma(X+X- -> X+X-) [GeV^-2] at small v, spin average 1/9 included.

    g_X^4 (3 R^4 - 4 R^2 + 12)/(48 pi m_X^2 R^4) and the p-wave pole of Z_D, see `unlike_square`;
    width : Gamma_ZD [GeV]. For R < 1 the inelastic X+X- -> Z_D Z_D is open besides.
    """
    return g_x**4 * unlike_square(ratio, width / m_x, velocity) / (576.0 * pi * m_x**2)


def sigma_self(m_x: Any, ratio: Any, g_x: Any, width: Any = 0.0, velocity: Any = 0.0) -> Any:
    """(sigma_like + sigma_unlike)/2 [GeV^-2]: the mean of a particle in a symmetric halo.

    Half of the particles are X+ and half X-, so one particle meets either kind equally often; n
    sigma_self v, with n all particles, is the rate of elastic scatterings per particle. At v = 0
    it is g_X^4 (9 R^4 + 56)/(192 pi m_X^2 R^4), and 65 g_X^4/(192 pi m_X^2) at R = 1.
    """
    unlike = sigma_unlike(m_x, ratio, g_x, width, velocity)
    return 0.5 * (sigma_like(m_x, ratio, g_x) + unlike)


def sigma_self_over_m(m_x: Any, ratio: Any, g_x: Any, width: Any = 0.0, velocity: Any = 0.0) -> Any:
    """`sigma_self`/m_X [cm^2/g], to be held against 1 cm^2/g (section 4.2 of [Foguel:2025]).

    m_x, width in GeV; arguments broadcast. Valid for v << 1, v << R (contact limit of the exchange)
    and in the Born regime, `born_parameter` < 1; otherwise bound states and the Sommerfeld effect
    need the Schroedinger equation.
    """
    return _CM2_PER_GRAM * sigma_self(m_x, ratio, g_x, width, velocity) / m_x


def born_parameter(ratio: Any, g_x: Any) -> Any:
    """alpha_X m_X/m_ZD = g_X^2/(4 pi R); the Born approximation needs it well below 1."""
    return g_x**2 / (4.0 * pi * ratio)


def coupling_saturating(m_x: Any, ratio: Any, limit: Any = 1.0) -> Any:
    """g_X at which `sigma_self_over_m` at v = 0 equals `limit` [cm^2/g]; scales as m_X^(3/4).

    At R = 1 and 1 cm^2/g it is 14.36 (m_X/GeV)^(3/4): the statement of [Foguel:2025] that
    saturation needs g_X >~ 1 holds for m_X > 29 MeV; at 1 MeV g_X = 0.081 does.
    """
    return (limit / sigma_self_over_m(m_x, ratio, 1.0)) ** 0.25
