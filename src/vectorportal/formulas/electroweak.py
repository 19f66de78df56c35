"""Shifts of Z-pole observables and of m_W by a vector mixed kinetically with hypercharge.

Leading order in epsilon^2 with alpha, G_F and m_Z held fixed, every power of r = m_V^2/m_Z^2 kept.
Derivation: the mixing of Appendix A of [Foguel:2025] gives s_alpha = t_w epsilon/(1 - r) and
mhat_Z^2 = m_Z^2 (1 - tau epsilon^2) with tau = t_w^2/(1 - r); G_F fixes
s_w^2 c_w^2 = pi alpha/(sqrt2 G_F mhat_Z^2); the Z couples to
c_alpha (T3 - s_w^2 Q) - tau epsilon^2 Y. The same physics was worked out in [Hook:2010] and
[Curtin:2014].
"""

from __future__ import annotations

from typing import Any, NamedTuple

from vectorportal.numerics.arrays import namespace

__all__ = ["DELTA_CHI2_95", "Shifts", "epsilon_squared_limit", "mixing_shifts"]

_FERMIONS = (
    (3.0, 0.5, 0.0),
    (3.0, -0.5, -1.0),
    (6.0, 0.5, 2.0 / 3.0),
    (9.0, -0.5, -1.0 / 3.0),
)
"""Number of Z decay modes (generations times colours), T3 and charge; the top is too heavy."""


class Shifts(NamedTuple):
    """Coefficients of epsilon^2: relative for m_W and Gamma_Z, absolute for sin^2 theta_eff."""

    m_w: Any
    sin2_eff: Any
    gamma_z: Any


def _width_slope(sw2: Any) -> Any:
    """d ln(sum of squared couplings)/d sin^2 theta_w of the Z width at tree level."""
    total = 0.0
    slope = 0.0
    for number, t3, charge in _FERMIONS:
        left, right = t3 - sw2 * charge, -sw2 * charge
        total = total + number * (left**2 + right**2)
        slope = slope - 2.0 * number * charge * (left + right)
    return slope / total


def mixing_shifts(m_v: Any, m_z: Any, sw2: Any) -> Shifts:
    """d ln m_W, d sin^2 theta_eff and d ln Gamma_Z per epsilon^2; derived in the module's text.

    m_W:      -(tau/2) c_w^2/(c_w^2 - s_w^2)
    sin2_eff: +tau c_w^4/(c_w^2 - s_w^2)
    Gamma_Z:  tau - t_w^2/(1-r)^2 + (slope of the squared couplings) * sin2_eff
    Masses in GeV; shapes broadcast. Valid for |m_V - m_Z| >> Gamma_Z and
    t_w epsilon << |1 - r|; the poles at r = 1 are the caller's to exclude.
    """
    xp = namespace(m_v, m_z, sw2)
    r = (xp.asarray(m_v) / m_z) ** 2
    cw2 = 1.0 - sw2
    tau = sw2 / cw2 / (1.0 - r)
    sin2_eff = tau * cw2**2 / (cw2 - sw2)
    strength = tau - sw2 / cw2 / (1.0 - r) ** 2
    return Shifts(
        m_w=-0.5 * tau * cw2 / (cw2 - sw2),
        sin2_eff=sin2_eff,
        gamma_z=strength + _width_slope(sw2) * sin2_eff,
    )


def epsilon_squared_limit(offsets: Any, slopes: Any, delta_chi2: float) -> Any:
    """Largest epsilon^2 >= 0 with chi^2(epsilon^2) - min chi^2 <= delta_chi2.

    chi^2 = sum_i (d_i - k_i epsilon^2)^2, where d_i = (measured - predicted)/sigma and
    k_i = shift per epsilon^2 / sigma; the minimum is taken over epsilon^2 >= 0. `offsets` has
    shape (n,), `slopes` shape (n, ...); the answer has the trailing shape.
    """
    xp = namespace(offsets, slopes)
    flat = (slopes.shape[0],) + (1,) * (slopes.ndim - 1)
    curvature = xp.sum(slopes**2, axis=0)
    gradient = xp.sum(xp.reshape(offsets, flat) * slopes, axis=0)
    best = xp.where(gradient > 0.0, gradient / curvature, 0.0)
    # chi2(E) - chi2(best) = curvature (E^2 - best^2) - 2 gradient (E - best)
    constant = curvature * best**2 - 2.0 * gradient * best + delta_chi2
    root = xp.sqrt(gradient**2 + curvature * constant)
    return (gradient + root) / curvature


DELTA_CHI2_95 = 3.841458820694124
"""95% quantile of chi^2 with one degree of freedom; sqrt is 1.96."""
