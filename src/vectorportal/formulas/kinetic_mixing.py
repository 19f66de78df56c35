"""Exact kinetic mixing of a vector with hypercharge: Appendix A and (B8)-(B9) of [Foguel:2025].

L = -(1/4) X^2 - (epsilon/(2 c_w)) X_{mu nu} B^{mu nu}, mediator mass from the dark sector alone.
Two slips of the paper are mended. (A1)-(A3): the root D carries sgn(1 - r), otherwise the branch
above m_Z describes a mediator that is mostly the Z. (A4): (1 - epsilon^2), not (1 - epsilon).
Checked against the numerical diagonalisation of kinetic and mass matrices in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = ["Mixing", "fermion_couplings", "forbidden_roots", "mixing"]


@dataclass(frozen=True)
class Mixing:
    """Coefficients of the mass eigenstates V and Z; every field has the broadcast input shape.

    `allowed` is false between the forbidden roots of (A4) and for epsilon >= c_w; the other
    fields are then placeholders.
    """

    allowed: Any
    sin_alpha: Any
    cos_alpha: Any
    m_x_hat2: Any
    m_z_hat2: Any
    dark_v: Any
    """component of V in the dark field: c_alpha / (1 - epsilon^2/c_w^2)^(1/2)"""
    dark_z: Any
    """component of Z in the dark field: s_alpha / (1 - epsilon^2/c_w^2)^(1/2)"""
    weak_v: Any
    """component of V in the unmixed Z: O(epsilon m_V^2/m_Z^2) for a light V"""
    weak_z: Any
    """component of Z in the unmixed Z"""


def forbidden_roots(epsilon: Any, sw2: Any) -> tuple[Any, Any]:
    """r_- and r_+ = (m_V/m_Z)^2 between which no mixing gives both masses; (A4), corrected.

    r_pm = ((1-eps^2)^(1/2) +- t_w eps) / ((1-eps^2)^(1/2) -+ t_w eps); needs eps < c_w.
    """
    xp = namespace(epsilon, sw2)
    root = xp.sqrt(1.0 - epsilon**2)
    shift = xp.sqrt(sw2 / (1.0 - sw2)) * xp.abs(epsilon)
    return (root - shift) / (root + shift), (root + shift) / (root - shift)


def mixing(epsilon: Any, m_v: Any, m_z: Any, sw2: Any) -> Mixing:
    """Mixing of V and Z from physical masses; (A1)-(A3) of [Foguel:2025], corrected.

    Masses in GeV; inputs broadcast. All cancellations (epsilon -> 0, m_V -> 0, m_V >> m_Z) are
    resolved, so the weak component of a light V keeps its relative accuracy.
    """
    xp = namespace(epsilon, m_v, m_z, sw2)
    cw2 = 1.0 - sw2
    t = xp.sqrt(sw2 / cw2)
    e2 = epsilon**2
    r = (m_v / m_z) ** 2
    k2 = 1.0 - e2 / cw2
    d2 = (1.0 - e2) * (1.0 - r) ** 2 - t**2 * e2 * (1.0 + r) ** 2
    allowed = (k2 > 0.0) & (d2 > 0.0)
    k = xp.sqrt(xp.where(allowed, k2, 1.0))
    d = xp.sign(1.0 - r) * xp.sqrt(xp.where(allowed, d2, 1.0))
    below = r < 1.0
    denominator = xp.where(allowed, (1.0 - e2) * (1.0 - r) - t**2 * e2 * (1.0 + r) + k * d, 1.0)
    numerator = xp.where(
        below, k * (1.0 + r) + d, 4.0 * (1.0 - e2) * r / (k * (1.0 + r) - xp.where(below, 0.0, d))
    )
    tangent = xp.where(allowed, t * epsilon * numerator / denominator, 0.0)
    cosine = 1.0 / xp.sqrt(1.0 + tangent**2)
    sine = tangent * cosine
    weak_v = -2.0 * t * epsilon * r * (1.0 - e2) * cosine / (k * denominator)
    m_x_hat2, m_z_hat2 = _unmixed_masses(xp, r, k, d, e2, m_z)
    return Mixing(
        allowed=allowed,
        sin_alpha=sine,
        cos_alpha=cosine,
        m_x_hat2=m_x_hat2,
        m_z_hat2=m_z_hat2,
        dark_v=cosine / k,
        dark_z=sine / k,
        weak_v=weak_v,
        weak_z=cosine + t * epsilon * sine / k,
    )


def _unmixed_masses(xp: Any, r: Any, k: Any, d: Any, e2: Any, m_z: Any) -> tuple[Any, Any]:
    """(A2): unmixed squared masses; their product is k^2 r m_Z^4, which avoids a cancellation."""
    big = (k**2 * (1.0 + r) + k * xp.abs(d)) / 2.0
    small = k**2 * r * (1.0 - e2) / big
    below = r < 1.0
    m_x_hat2 = xp.where(below, small, big) * m_z**2
    m_z_hat2 = xp.where(below, big, small) / (1.0 - e2) * m_z**2
    return m_x_hat2, m_z_hat2


def fermion_couplings(
    charge: float, t3: float, e: Any, sw2: Any, epsilon: Any, weak: Any, dark: Any
) -> tuple[Any, Any]:
    """(g_L, g_R) of L = fbar gamma^mu (g_L P_L + g_R P_R) f V_mu; (B9) of [Foguel:2025].

    `weak` and `dark` are the components of the vector in the unmixed Z and in the dark field. The
    paper's form is regrouped into a photon-like part -epsilon e Q `dark` and `weak` times the
    coupling of the Z, which keeps the nearly cancelling neutrino coupling accurate.
    """
    xp = namespace(e, sw2, epsilon, weak, dark)
    g_over_cw = e / xp.sqrt(sw2 * (1.0 - sw2))
    photon = -epsilon * e * charge * dark
    left = photon + g_over_cw * weak * (t3 - charge * sw2)
    right = photon - g_over_cw * weak * charge * sw2
    return left, right
