"""e N -> e N V with photons of the nucleus: e gamma -> e V and the Weizsaecker-Williams density.

V couples to the electron as e (g gamma^mu + i d sigma^{mu nu} q_nu), q flowing into the electron;
g is a number and d is in GeV^-1, the coupling over e. Rates are g^2 times the structure `vector`,
g d times `interference` and d^2 times `dipole`. Energies in GeV, cross sections in GeV^-2 at
g = 1 (vector), g d = 1 GeV^-1 and d = 1 GeV^-1, for the electric charge e of the electron.
Formulas take NumPy or JAX arrays, which broadcast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vectorportal.formulas.target_photons import Flux
from vectorportal.numerics.arrays import namespace

__all__ = [
    "STRUCTURES",
    "Structure",
    "d_sigma_dx_du",
    "dipole_structure",
    "highest_photon",
    "interference_structure",
    "printed_dipole",
    "printed_vector",
    "smallest_u",
    "vector_structure",
    "virtuality",
]

_NEAR = 0.2
"""Power of 1 - x + m_e^2/m^2 in t_max, chosen by comparison with the exact tree amplitude"""


def smallest_u(x: Any, mass: Any, m_e: float) -> Any:
    """u = E^2 x theta^2 + m^2 (1 - x)/x + m_e^2 x at theta = 0, in GeV^2."""
    return mass**2 * (1.0 - x) / x + m_e**2 * x


def vector_structure(x: Any, u: Any, mass: Any, m_e: float) -> Any:
    """|A|^2 of e gamma -> e V for a vector coupling, at t = t_min.

    2 (2 - 2x + x^2)/(1 - x) + 4 (m^2 + 2 m_e^2)(-u x + m^2 (1 - x) + m_e^2 x^2)/u^2, the quantity
    in [Liu:2017] (section on the vector) with their u-tilde = -u.
    """
    heavy = mass**2 + 2.0 * m_e**2
    first = 2.0 * (2.0 - 2.0 * x + x * x) / (1.0 - x)
    return first + 4.0 * heavy * (mass**2 * (1.0 - x) + m_e**2 * x * x - u * x) / u**2


def interference_structure(x: Any, u: Any, mass: Any, m_e: float) -> Any:
    """Twice the real part of vector times dipole in |A|^2, in GeV; it flips the helicity once.

    m_e {4 x^2/(1 - x) + 24 m^2 [m^2 (1 - x) + m_e^2 x^2 - u x]/u^2}.
    """
    bracket = mass**2 * (1.0 - x) + m_e**2 * x * x - u * x
    return m_e * (4.0 * x * x / (1.0 - x) + 24.0 * mass**2 * bracket / u**2)


def dipole_structure(x: Any, u: Any, mass: Any, m_e: float) -> Any:
    """|A|^2 of e gamma -> e V for a dipole, in GeV^2.

    4 u x/(1 - x) + m^2 {[w^2/(1 - x) + m^4 (1 - x) + 2 m_e^2 m^2 x^2] + 16 m_e^2 (w + m_e^2 x^2)}
    /u^2 with w = m^2 (1 - x) - u x. Without m_e it is 4 u^2/(1 - x) times the bracket of (17) in
    [Rizzo:2021], which has its first term alone; the other one, m^2 (1 - x)^2 (t^2 + m^4)/(4 u^4)
    with t = w/(1 - x), is the larger one for x -> 1.
    """
    m2, e2, rest = mass**2, m_e**2, 1.0 - x
    w = m2 * rest - u * x
    heavy = w * w / rest + m2 * m2 * rest + 2.0 * e2 * m2 * x * x
    return 4.0 * u * x / rest + m2 * (heavy + 16.0 * e2 * (w + e2 * x * x)) / u**2


@dataclass(frozen=True)
class Structure:
    """|A|^2(x, u, mass, m_e): e gamma -> e V with spins summed and, at first, averaged, over e^4.

    x = E_V/E_e, u = m_e^2 - (p - k)^2 > 0 (GeV^2) for real photons that run along p - k, which are
    those of t = t_min. `wide`: over u^2 it falls as 1/u only, up to where the nucleus has no
    photons.
    """

    squared: Callable[[Any, Any, Any, float], Any]
    wide: bool = False

    def __call__(self, x: Any, u: Any, mass: Any, m_e: float) -> Any:
        return self.squared(x, u, mass, m_e)


STRUCTURES = {
    "vector": Structure(vector_structure),
    "interference": Structure(interference_structure),
    "dipole": Structure(dipole_structure, wide=True),
}
"""Squared amplitudes of e gamma -> e V by what they go with: g^2, g d and d^2"""


def highest_photon(x: Any, u: Any, mass: Any, m_e: float) -> Any:
    """Where the amplitude of e gamma* -> e V falls off with the virtuality t of the photon (GeV^2).

    (u/x) (1 - x + m_e^2/m^2)^(-1/5); the power was fitted to the exact tree amplitude.
    """
    return u * ((1.0 - x + (m_e / mass) ** 2) ** -_NEAR / x)


def _momentum(xp: Any, energy: Any, mass: Any) -> Any:
    """(energy^2 - mass^2)^(1/2), 0 where there is none."""
    square = (energy - mass) * (energy + mass)
    is_open = square > 0.0
    return xp.where(is_open, xp.sqrt(xp.where(is_open, square, 1.0)), 0.0)


def virtuality(x: Any, theta: Any, energy: Any, mass: Any, m_e: float) -> tuple[Any, Any]:
    """(u, du/d cos theta without its sign): exact kinematics of V with E_V = x E at the angle.

    u = 2 p.k - m^2 in GeV^2; the slope is 2 |p| |k|, 0 where E_V <= m.
    """
    xp = namespace(x, theta, energy, mass)
    out = x * energy
    p, k = (_momentum(xp, *pair) for pair in ((energy, m_e), (out, mass)))
    # E E_V - p k without the difference of large numbers
    gap = ((energy * mass) ** 2 + (m_e * k) ** 2) / (energy * out + p * k)
    return 2.0 * gap - mass**2 + 4.0 * p * k * xp.sin(0.5 * theta) ** 2, 2.0 * p * k


def d_sigma_dx_du(
    x: Any,
    u: Any,
    energy: Any,
    mass: Any,
    flux: Flux,
    structure: Structure,
    alpha: float,
    m_e: float,
) -> Any:
    """d sigma/(dx du) in GeV^-4 at unit coupling of V with E_V = x `energy`; 0 where it is closed.

    alpha^3 (1 - x) chi(t_min, t_max) |A|^2/u^2, the density of appendix A in [Bjorken:2009] with
    the electron's mass, and the photons of each angle: t from t_min = (v - p')^2 to (v + p')^2,
    p' and v the momenta of the electron and of p - k, below `highest_photon`. The exact tree
    amplitude on tungsten at 4 and 8 GeV, integrated over angles, is met within 3% (m = 0.1 GeV),
    5% (0.5 GeV) and 25% (1 GeV) for vectors up to x = 0.95, within 35% up to 0.995, and within 6%,
    14% and 25% for dipoles from x = 0.5 to 0.99 (tests). Single angles far outside (p_T above E_e)
    may be off by a factor of two and more.
    """
    xp = namespace(x, u, energy, mass)
    rest = energy * (1.0 - x)
    is_open = (rest > m_e) & (x * energy > mass) & (u > 0.0)
    x, u = xp.where(is_open, x, 0.5), xp.where(is_open, u, 1.0)
    p2 = xp.where(is_open, (rest - m_e) * (rest + m_e), 1.0)
    p_out, v = xp.sqrt(p2), xp.sqrt(p2 + u)
    t_max = xp.minimum(highest_photon(x, u, mass, m_e), (v + p_out) ** 2)
    photons = flux.between((u / (v + p_out)) ** 2, t_max)
    density = alpha**3 * (1.0 - x) * photons * structure(x, u, mass, m_e) / u**2
    return xp.where(is_open, density, 0.0)


def _printed(x: Any, theta: Any, energy: Any, mass: Any, flux: Flux, alpha: float, m_e: float):
    """(U, 8 alpha^3 chi beta E^2 x): small angles, one photon flux, beta of the beam energy."""
    xp = namespace(x, theta, energy, mass)
    u = energy**2 * theta**2 * x + smallest_u(x, mass, m_e)
    photons = flux.between((mass**2 / (2.0 * energy)) ** 2, mass**2)
    beta = xp.sqrt(xp.maximum(1.0 - (mass / energy) ** 2, 0.0))
    return u, 8.0 * alpha**3 * photons * beta * energy**2 * x


def printed_vector(
    x: Any, theta: Any, energy: Any, mass: Any, flux: Flux, alpha: float, m_e: float
) -> Any:
    """d sigma/(dx d cos theta) at g = 1, (A12) of [Bjorken:2009] as used in [Rizzo:2021].

    8 alpha^3 chi beta E^2 x [(1 - x + x^2/2)/U^2 + (1 - x)^2 m^2 (m^2 - U x/(1 - x))/U^4], with
    chi from t = (m^2/2E)^2 to m^2.
    """
    u, unit = _printed(x, theta, energy, mass, flux, alpha, m_e)
    m2, rest = mass**2, 1.0 - x
    return unit * ((rest + 0.5 * x * x) / u**2 + rest * m2 * (m2 * rest - u * x) / u**4)


def printed_dipole(
    x: Any, theta: Any, energy: Any, mass: Any, flux: Flux, alpha: float, m_e: float
) -> Any:
    """d sigma/(dx d cos theta) at d = 1 GeV^-1, (17) of [Rizzo:2021] as printed.

    8 alpha^3 chi beta E^2 x [x/U]: alpha_D/(alpha Lambda^2) there is d^2 here.
    """
    u, unit = _printed(x, theta, energy, mass, flux, alpha, m_e)
    return unit * x / u
