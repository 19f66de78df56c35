"""e+ e- -> gamma V through a magnetic dipole of the electron, beside formulas/radiative_return.py.

The vertex is i d sigma^{mu nu} q_nu and d^2 is given in GeV^-2; d = g_D/Lambda in [Rizzo:2021],
d^2 = 4 pi alpha_D/Lambda^2. Without the electron's mass a dipole flips the helicity and a vector or
axial coupling keeps it: rates add, and the interference is of relative order m_e/sqrt(s). Energies
in GeV, cross sections in GeV^-2, angles of the photon in the centre of mass, m = m_V^2/s.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas.radiative_return import photon_energy
from vectorportal.numerics.arrays import namespace

__all__ = [
    "angular_distribution",
    "cross_section",
    "printed_dipole",
    "printed_ratio",
    "printed_vector",
    "total_cross_section",
]


def _open(s: Any, mass: Any) -> tuple[Any, Any, Any, Any]:
    """Namespace, whether m < 1, and safe values of m and 1 - m."""
    xp = namespace(s, mass)
    m = xp.asarray(mass) ** 2 / s
    is_open = m < 1.0
    safe = xp.where(is_open, m, 0.0)
    return xp, is_open, safe, 1.0 - safe


def angular_distribution(s: Any, mass: Any, cosine: Any, alpha: Any, d2: Any) -> Any:
    """d sigma/d cos(theta) of e+ e- -> gamma V by the dipole; zero above threshold m_V > sqrt(s).

    (alpha d^2/2) [(1 - m)^2 + m (1 + m^2)/((1 - m)(1 - c^2))]. (22) of [Rizzo:2021] has the first
    term alone, which is the limit m -> 0: the second one is e+ e- -> V with a collinear photon.
    Shapes broadcast.
    """
    xp, is_open, m, rest = _open(s, mass)
    collinear = m * (1.0 + m**2) / (rest * (1.0 - cosine**2))
    return xp.where(is_open, 0.5 * alpha * d2 * (rest**2 + collinear), 0.0)


def cross_section(
    s: Any, mass: Any, cos_low: Any, cos_high: Any, alpha: Any, d2: Any, energy_cut: Any = 0.0
) -> Any:
    """Integral of `angular_distribution` over -1 < cos_low < cos_high < 1, closed form.

    Zero where the photon has less than `energy_cut` (GeV, centre of mass). Shapes broadcast.
    """
    xp, is_open, m, rest = _open(s, mass)
    high, low = (xp.asarray(c) * 1.0 for c in (cos_high, cos_low))
    poles = xp.arctanh(high) - xp.arctanh(low)
    integral = rest**2 * (high - low) + m * (1.0 + m**2) / rest * poles
    seen = is_open & (photon_energy(s, mass) >= energy_cut)
    return xp.where(seen, 0.5 * alpha * d2 * integral, 0.0)


def total_cross_section(s: Any, mass: Any, m_electron: Any, alpha: Any, d2: Any) -> Any:
    """sigma(e+ e- -> gamma V) by the dipole over all angles, m_e cutting off collinear photons.

    (alpha d^2/2) {[m (1 + m^2)/(1 - m)] [ln(s/m_e^2) - 1] + (1 - m)(2 - m)} for m_e << sqrt(s),
    m_V; zero for m_V >= sqrt(s). The logarithm is the radiator of the initial state times
    e+ e- -> V; the rest is what the collinear limit leaves out.
    """
    xp, is_open, m, rest = _open(s, mass)
    log = xp.log(xp.asarray(s) / m_electron**2) - 1.0
    bracket = m * (1.0 + m**2) / rest * log + rest * (2.0 - m)
    return xp.where(is_open, 0.5 * alpha * d2 * bracket, 0.0)


def printed_vector(s: Any, mass: Any, cosine: Any, alpha: Any, epsilon: Any) -> Any:
    """(21) of [Rizzo:2021] as printed: 2 (1/eta - 1) where 4 (1/eta - 1) is right, eta = 1 - m.

    (2 pi alpha^2 epsilon^2/s) [eta (1 + c^2) + 2 (1/eta - 1)]/(1 - c^2); zero above threshold.
    """
    xp, is_open, m, eta = _open(s, mass)
    shape = (eta * (1.0 + cosine**2) + 2.0 * m / eta) / (1.0 - cosine**2)
    return xp.where(is_open, 2.0 * pi * (alpha * epsilon) ** 2 / s * shape, 0.0)


def printed_dipole(s: Any, mass: Any, cosine: Any, alpha: Any, d2: Any) -> Any:
    """(22) of [Rizzo:2021] as printed, (alpha d^2/2) eta^2; zero above threshold."""
    xp, is_open, _, eta = _open(s, mass)
    flat = 0.5 * alpha * d2 * eta**2 + 0.0 * cosine
    return xp.where(is_open, flat, 0.0)


def printed_ratio(s: Any, cos_low: Any, cos_high: Any, alpha: Any, d2: Any) -> Any:
    """epsilon^2 times (23) of [Rizzo:2021]: dipole over kinetic mixing of epsilon = 1, m -> 0.

    d^2 s/(4 pi alpha) A_m/A_V, with A_m = integral of dc and A_V = integral of (1 + c^2)/(1 - c^2)
    over the acceptance.
    """
    xp = namespace(s, cos_low, cos_high)
    width = cos_high - cos_low
    poles = 2.0 * (xp.arctanh(xp.asarray(cos_high)) - xp.arctanh(xp.asarray(cos_low)))
    return d2 * s / (4.0 * pi * alpha) * width / (poles - width)
