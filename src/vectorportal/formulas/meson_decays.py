"""Meson decays into a light vector in place of a photon, and their lepton-pair background.

Every ratio is for a vector that couples as the photon does (epsilon = 1); other quark charges are
the business of formulas/production.py. Masses in GeV, shapes broadcast.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas.radiative_return import pair_spectrum, ratio_of_pair
from vectorportal.numerics.arrays import namespace

__all__ = [
    "KAON_FORM_FACTOR",
    "kaon_to_pion",
    "lepton_pair_spectrum",
    "linear_form_factor",
    "pion_pair_of_charge",
    "pole_form_factor",
    "pseudoscalar_to_photon",
    "vector_to_pseudoscalar",
]

_RHO_WIDTH = 0.149 / 0.775
KAON_FORM_FACTOR = (-0.578, -0.779)
"""a, b of W = G_F m_K^2 (a + b z) in K+ -> pi+ gamma*: electrons, [NA482:2009]"""


def pseudoscalar_to_photon(mass: Any, m_parent: Any, form_factor: Any = 1.0) -> Any:
    """Gamma(P -> gamma V)/Gamma(P -> gamma gamma) = 2 (1 - m^2/M^2)^3 |F(m^2)|^2; zero above M.

    [Batell:2009]. The 2 counts which photon is replaced; F(0) = 1.
    """
    xp = namespace(mass, form_factor)
    x = (xp.asarray(mass) / m_parent) ** 2
    return 2.0 * xp.where(x < 1.0, 1.0 - x, 0.0) ** 3 * form_factor**2


def vector_to_pseudoscalar(
    mass: Any, m_parent: Any, m_daughter: Any, form_factor: Any = 1.0
) -> Any:
    """Gamma(V' -> P V)/Gamma(V' -> P gamma) for vector V' and pseudoscalar P; zero above M - M'.

    [lambda(M^2, M'^2, m^2)/(M^2 - M'^2)^2]^(3/2) |F(m^2)|^2: both are the one magnetic coupling
    epsilon_{mu nu rho sigma}; [Reece:2009] for phi -> eta V, and for D* -> D V close to
    (1 - m^2/(M - M')^2)^(3/2) of [Ilten:2015].
    """
    xp = namespace(mass, form_factor)
    m = xp.asarray(mass) * 1.0
    gap, total = m_parent - m_daughter, m_parent + m_daughter
    # lambda/(M^2 - M'^2)^2 without cancellation
    inside = (1.0 - (m / gap) ** 2) * (1.0 - (m / total) ** 2)
    return xp.where(m < gap, inside, 0.0) ** 1.5 * form_factor**2


def kaon_to_pion(mass: Any, m_kaon: Any, m_pion: Any, alpha: Any, g_fermi: Any) -> Any:
    """Gamma(K+ -> pi+ V) in GeV at epsilon = 1, from the measured form factor of K+ -> pi+ gamma*.

    alpha m^2 W^2 lambda^(3/2)(1, m^2/m_K^2, m_pi^2/m_K^2)/(2^10 pi^4 m_K), W = G_F m_K^2 (a + b z),
    z = m^2/m_K^2: [Pospelov:2009] with the form factor of [DAmbrosio:1998] instead of
    its constant. Goes as m^2, since an on-shell photon cannot be emitted; the pion loop of W is
    left out (a few per cent below 2 m_pi).
    """
    xp = namespace(mass)
    z = (xp.asarray(mass) / m_kaon) ** 2
    gap, total = (m_kaon - m_pion) / m_kaon, (m_kaon + m_pion) / m_kaon
    inside = xp.where(z < gap**2, (gap**2 - z) * (total**2 - z), 0.0)
    a, b = KAON_FORM_FACTOR
    weak = g_fermi * m_kaon**2 * (a + b * z)
    return alpha * m_kaon * z * weak**2 * inside**1.5 / (1024.0 * pi**4)


def lepton_pair_spectrum(mass: Any, m_lepton: Any, unit_rate: Any, alpha: Any) -> Any:
    """d rate/dm of X -> Y l+ l- per GeV of the pair's mass, from the rate of X -> Y V at epsilon=1.

    For pi0 -> gamma e+ e- the spectrum of [Kroll:1955]. Unit of `unit_rate` per GeV.
    """
    return pair_spectrum(mass, unit_rate, ratio_of_pair(mass, m_lepton), alpha)


def pion_pair_of_charge(m_chi: Any, m_parent: Any, alpha: Any, nodes: int = 64) -> Any:
    """Gamma(P -> gamma chi chibar)/Gamma(P -> gamma gamma) for a Dirac chi of charge 1, F = 1.

    The integral of `lepton_pair_spectrum` over 2 m_chi < m < M; charge Q multiplies by Q^2. With
    chi the electron it is the Dalitz decay. Relative error below 1e-6. m_chi of any shape.
    """
    import numpy as np

    xp = namespace(m_chi)
    x, weight = (xp.asarray(a) for a in np.polynomial.legendre.leggauss(nodes))
    m_chi = xp.asarray(m_chi) * 1.0
    is_open = 2.0 * m_chi < m_parent
    low = xp.where(is_open, 2.0 * m_chi, 0.5 * m_parent)[..., None]
    # m = low exp(L t^2) removes the root at threshold
    t = 0.5 * (x + 1.0)
    length = xp.log(m_parent / low)
    mass = low * xp.exp(length * t**2)
    unit = pseudoscalar_to_photon(mass, m_parent)
    density = lepton_pair_spectrum(mass, 0.5 * low, unit, alpha)
    total = xp.sum(weight * density * mass * length * t, axis=-1)
    return xp.where(is_open, total, 0.0)


def linear_form_factor(mass: Any, slope: Any) -> Any:
    """1 + slope m^2, `slope` in GeV^-2: pi0 has 0.0335/m_pi^2 = 1.84 ([PDG:2024])."""
    return 1.0 + slope * mass**2


def pole_form_factor(mass: Any, slope: Any) -> Any:
    """[(1 - x)^2 + w^2 x]^(-1/2), x = slope m^2 with `slope` in GeV^-2, w = Gamma/m of the rho.

    The modulus of one vector-meson pole at m^2 = 1/slope, finite there.
    """
    xp = namespace(mass, slope)
    x = slope * xp.asarray(mass) ** 2
    return 1.0 / xp.sqrt((1.0 - x) ** 2 + _RHO_WIDTH**2 * x)
