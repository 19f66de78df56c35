"""Vectors radiated by the proton beam: splitting functions, form factors and yields per collision.

A proton of energy E radiates a vector with the fraction z of its energy and the transverse
momentum p_T and then collides with a nucleon; per collision (g = 1, couplings e Q)
dN = w(z, p_T^2) |F_1(m_V^2)|^2 sigma_pp(s')/sigma_pp(s) dz dp_T^2 with s' = (1 - z) s.
With H = p_T^2 + (1 - z) m_V^2 + z^2 m_p^2 the function is w = alpha/(2 pi) (a/H + b/H^2 + c/H^3).
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "FORM_FACTORS",
    "SPLITTINGS",
    "coefficients",
    "form_factor",
    "integrated",
    "sigma_pp",
    "splitting",
]

_ALPHA = 1.0 / 137.036
M_PROTON = 0.9382720894
"""GeV, PDG"""
SPLITTINGS = ("blumlein-brunner", "quasi-real")
FORM_FACTORS = ("vector-mesons", "dipole", "none")
_RHO = (0.6165, 0.2231, -0.3399), (0.77, 1.25, 1.45), (0.15, 0.3, 0.5)
_OMEGA = (1.0117, -0.8817, 0.3699), (0.77, 1.25, 1.45), (0.0085, 0.3, 0.5)
_DIPOLE_GEV2 = 0.71
_SIGMA = (35.45, 0.308, 28.94, 42.53, 0.458, 33.34, 0.545)
"""Z, B (mb), s0 (GeV^2), Y1 (mb), eta1, Y2 (mb), eta2 of the total pp cross section"""


def coefficients(z: Any, mass: Any, kind: str = "blumlein-brunner") -> tuple[Any, Any, Any]:
    """(a, b, c) of w = alpha/(2 pi) (a/H + b/H^2 + c/H^3); b in GeV^2, c in GeV^4.

    `blumlein-brunner`: the function of [Blumlein:2013], the squared amplitude of proton + photon ->
    proton + vector, so radiation before and after a soft collision. `quasi-real`: radiation
    before a hard collision, transverse and longitudinal, as in [ForoughiAbari:2021]. Both were
    derived anew and are a/H where p_T is large.
    """
    m2, p2 = np.asarray(mass) ** 2, M_PROTON**2
    a = (1.0 + (1.0 - z) ** 2) / z
    b = -z * (1.0 - z) * (2.0 * p2 + m2)
    if kind == "quasi-real":
        return a, b, np.zeros_like(a * m2)
    mixed = 2.0 * z**2 * p2**2 + (1.0 + (1.0 - z) ** 2) * p2 * m2 + (1.0 - z) * m2**2
    return a, 2.0 * b, 2.0 * z * (1.0 - z) * mixed


def _floor(z: Any, mass: Any) -> Any:
    """H at p_T = 0, in GeV^2."""
    return (1.0 - z) * np.asarray(mass) ** 2 + z**2 * M_PROTON**2


def splitting(z: Any, pt2: Any, mass: Any, kind: str = "blumlein-brunner") -> np.ndarray:
    """w(z, p_T^2) in GeV^-2 for `pt2` in GeV^2 and the vector's `mass` in GeV; all broadcast."""
    a, b, c = coefficients(z, mass, kind)
    h = _floor(z, mass) + pt2
    return _ALPHA / (2.0 * np.pi) * (a / h + b / h**2 + c / h**3)


def integrated(z: Any, pt2_low: Any, pt2_high: Any, mass: Any, kind: str) -> np.ndarray:
    """Integral of w over p_T^2 from `pt2_low` to `pt2_high` (GeV^2); zero where high <= low."""
    a, b, c = coefficients(z, mass, kind)
    low = _floor(z, mass) + pt2_low
    step = np.maximum(np.asarray(pt2_high) - pt2_low, 0.0)
    high = low + step
    inverse = step / (low * high)
    cubic = inverse * (1.0 / low + 1.0 / high) / 2.0
    return _ALPHA / (2.0 * np.pi) * (a * np.log1p(step / low) + b * inverse + c * cubic)


def form_factor(mass: Any, kind: str = "vector-mesons") -> np.ndarray:
    """|F_1(m_V^2)|^2 of the proton for a vector that couples as a photon.

    `vector-mesons`: three rho-like and three omega-like poles of [Faessler:2010];
    `dipole`: (m_V^2/0.71 GeV^2)^-4 above 0.84 GeV and 1 below, as in [SHiP:2020]; `none`: 1.
    """
    m2 = np.asarray(mass, dtype=np.float64) ** 2
    if kind == "none":
        return np.ones_like(m2)
    if kind == "dipole":
        return np.minimum(1.0, (_DIPOLE_GEV2 / m2) ** 4)
    total = np.zeros(m2.shape, dtype=complex)
    for strengths, masses, widths in (_RHO, _OMEGA):
        for f, m, width in zip(strengths, masses, widths, strict=True):
            total = total + f * m**2 / (m**2 - m2 - 1j * m * width)
    return np.abs(total) ** 2


def sigma_pp(s: Any) -> np.ndarray:
    """Total pp cross section in mb at `s` in GeV^2, the fit of [PDG:2006] (sqrt(s) above 5 GeV).

    Only the ratio sigma(s')/sigma(s) is used, also somewhat below 5 GeV.
    """
    z, b, s0, y1, eta1, y2, eta2 = _SIGMA
    s = np.asarray(s, dtype=np.float64)
    return z + b * np.log(s / s0) ** 2 + y1 * s**-eta1 - y2 * s**-eta2
