"""One-loop dipole of a neutral fermion f from a charged pair F, W: (4), (5) of [Rizzo:2021].

L = (g/2^(1/2)) fbar gamma^mu F W_mu + h.c. with vector-like couplings and m_f << m_F, y =
(m_F/m_W)^2; V couples to F with g_D and to W with -g_D, because f is neutral. The two diagrams give
the vertex i (g_D/Lambda) sigma^{mu nu} q_nu (q into f) with 1/Lambda = g^2 G/(32 pi^2 m_F).
The printed G(y) combines them as if F and W had the same charge.

Every function is one of the series h_n(e) = sum_k (-e)^k/((k + n)(k + n + 1)), e = y - 1:
h_1 = (y ln y - y + 1)/e^2 and h_2 = (1/2 - h_1)/e. Checked in the tests against the loop integral
with explicit Dirac matrices in two gauges.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = ["loop_g", "loop_g_fermion", "loop_g_printed", "scale_of_dipole"]

_NEAR, _TERMS = 0.2, 24
"""|y - 1| below which series are summed, and their terms: 0.2^24 = 2e-17"""


def _series(e: Any, coefficients: tuple[float, ...]) -> Any:
    """sum_k c_k (-e)^k by Horner's rule."""
    total = 0.0 * e
    for c in reversed(coefficients):
        total = c - e * total
    return total


def _split(y: Any) -> tuple[Any, Any, Any, Any]:
    """(near one or not, e there, y elsewhere, e elsewhere), with harmless values in between."""
    xp = namespace(y)
    e = y - 1.0
    near = xp.abs(e) < _NEAR
    far = xp.where(near, 2.0, y)
    return near, xp.where(near, e, 0.0), far, far - 1.0


def _h(n: int, y: Any) -> Any:
    """h_1 or h_2 at y > 0; relative error below 1e-13."""
    xp = namespace(y)
    near, small, far, e = _split(y)
    closed = (far * xp.log(far) - e) / e**2
    if n > 1:
        closed = (0.5 - closed) / e
    coefficients = tuple(1.0 / ((k + n) * (k + n + 1)) for k in range(_TERMS))
    return xp.where(near, _series(small, coefficients), closed)


def loop_g(y: Any) -> Any:
    """G(y) = y [(y - 4)(y - 1) + 3 y ln y]/(y - 1)^2 = y (1 + 3 h_1), both diagrams.

    Corrects (5) of [Rizzo:2021]. y > 0 of any shape; 4 y for small and y for large y, 5/2 at 1.
    Relative error below 1e-13.
    """
    return y * (1.0 + 3.0 * _h(1, y))


def loop_g_fermion(y: Any) -> Any:
    """The part of G(y) where V (or a photon) couples to F alone.

    y [(y - 1)(y^2 + y + 4) - 6 y ln y]/(2 (y - 1)^3) = y (1 + 6 h_2)/2; 2 y for small and y/2 for
    large y, 1 at 1. Shape and accuracy as of `loop_g`.
    """
    return 0.5 * y * (1.0 + 6.0 * _h(2, y))


def loop_g_printed(y: Any) -> Any:
    """(5) as printed, 3 y^2 [-2 (y - 1) + (y + 1) ln y]/(y - 1)^3: the difference of the diagrams.

    Limits -3 y^2 ln y and 3 ln y, 1/2 at 1. Shape and accuracy as of `loop_g`.
    """
    xp = namespace(y)
    near, small, far, e = _split(y)
    closed = 3.0 * (far / e) ** 2 * ((2.0 + e) * xp.log(far) / e - 2.0)
    coefficients = tuple((1.0 - k) / ((k + 1) * (k + 2) * (k + 3)) for k in range(_TERMS))
    return xp.where(near, 3.0 * y * _series(small, coefficients), closed)


def scale_of_dipole(m_f: Any, loop: Any, s2: Any, alpha_d: Any) -> Any:
    """(4): Lambda = 8 pi s_I^2 m_F/(alpha_D G), in the unit of m_F, from g_D = g_I s_I."""
    return 8.0 * pi * s2 * m_f / (alpha_d * loop)
