"""Pairs of millicharged Dirac particles chi, charge epsilon e: widths, pair production, scattering.

Every rate is at epsilon = 1 and goes as epsilon^2. Masses in GeV; shapes broadcast.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

from vectorportal.formulas.meson_decays import lepton_pair_spectrum, pseudoscalar_to_photon
from vectorportal.formulas.spectral import dirac_pair

__all__ = [
    "decay_spectrum",
    "electron_scattering",
    "orthopositronium_ratio",
    "z_width",
]


def z_width(m_chi: Any, m_z: Any, sw2: Any, alpha: Any) -> Any:
    """Gamma(Z -> chi chibar) in GeV for a charge of hypercharge origin, chi a singlet of SU(2).

    (alpha m_Z/3) tan^2(theta_W) beta (1 + 2 m^2/m_Z^2): coupling -epsilon e tan(theta_W), vector;
    [Davidson:2000]. Zero for m_chi > m_Z/2. A charge from mixing with a massless hidden photon
    has it too, one from mixing with the photon alone would not.
    """
    return dirac_pair(m_z**2, m_chi, alpha) / m_z * sw2 / (1.0 - sw2)


def orthopositronium_ratio(m_chi: Any, m_e: Any, alpha: Any) -> Any:
    """Gamma(o-Ps -> chi chibar)/Gamma(o-Ps -> 3 gamma).

    3 pi/(4 (pi^2 - 9) alpha) sqrt(1 - x) (1 + x/2), x = m_chi^2/m_e^2: one photon, against the
    three-photon rate of [Ore:1949] at leading order.
    """
    x = (np.asarray(m_chi) / m_e) ** 2
    space = np.sqrt(np.where(x < 1.0, 1.0 - x, 0.0)) * (1.0 + 0.5 * x)
    return 3.0 * pi / (4.0 * (pi**2 - 9.0) * alpha) * space


def electron_scattering(
    energy: Any, m_chi: Any, t_min: Any, t_max: Any, m_e: Any, alpha: Any
) -> Any:
    """sigma(chi e -> chi e) in GeV^-2, electron at rest, recoil energy T between two values (GeV).

    d sigma/dT = pi alpha^2 [2 E^2 m_e + T^2 m_e - T (m^2 + 2 E m_e + m_e^2)]/(p^2 m_e^2 T^2) for
    T < 2 m_e p^2/(m_e^2 + m^2 + 2 E m_e), integrated; [Magill:2019]. E and p of chi. Far below the
    largest T it is (2 pi alpha^2/m_e)(1/t_min - 1/t_max). Zero where no such recoil is possible.
    """
    energy, m_chi = np.asarray(energy) * 1.0, np.asarray(m_chi) * 1.0
    p2 = np.maximum(energy**2 - m_chi**2, 0.0)
    mixed = m_chi**2 + 2.0 * energy * m_e + m_e**2
    top = np.clip(2.0 * m_e * p2 / mixed, t_min, t_max)
    area = 2.0 * energy**2 * m_e * (1.0 / t_min - 1.0 / top)
    area = area - mixed * np.log(top / t_min) + m_e * (top - t_min)
    return np.where(p2 > 0.0, pi * alpha**2 * area / (np.where(p2 > 0.0, p2, 1.0) * m_e**2), 0.0)


def decay_spectrum(
    m_chi: np.ndarray, m_parent: float, energy: float, alpha: float, nodes: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """chi of P -> gamma chi chibar for a meson of `energy`: (weights, energies), each (n, b).

    The weights add up to Gamma/Gamma(P -> gamma gamma) at charge 1; every pair counts once. The
    pair flies isotropically in the frame of P and chi isotropically in that of the pair (the true
    distribution, 1 + cos^2, has the same mean energy). `m_chi` (n,), all below m_parent/2.
    """
    x, weight = np.polynomial.legendre.leggauss(nodes)
    t, w_t = 0.5 * (x + 1.0), 0.5 * weight
    low = 2.0 * m_chi[:, None]
    length = np.log(m_parent / low)
    mass = low * np.exp(length * t**2)
    unit = pseudoscalar_to_photon(mass, m_parent)
    density = lepton_pair_spectrum(mass, m_chi[:, None], unit, alpha)
    share = density * mass * length * 2.0 * t * w_t
    pair_energy = (m_parent**2 + mass**2) / (2.0 * m_parent)
    pair_momentum = (m_parent**2 - mass**2) / (2.0 * m_parent)
    chi_momentum = np.sqrt(np.maximum(mass**2 / 4.0 - m_chi[:, None] ** 2, 0.0))
    own = _boost(mass / 2.0, chi_momentum, pair_energy / mass, pair_momentum / mass, x)
    gamma = energy / m_parent
    momentum = np.sqrt(np.maximum(own**2 - m_chi[:, None, None] ** 2, 0.0))
    lab = _boost(own, momentum, gamma, np.sqrt(gamma**2 - 1.0), x)
    weights = share[:, :, None, None] * (0.5 * weight)[:, None] * (0.5 * weight)
    n = m_chi.size
    return np.broadcast_to(weights, lab.shape).reshape(n, -1), lab.reshape(n, -1)


def _boost(energy: Any, momentum: Any, gamma: Any, gamma_beta: Any, cosine: np.ndarray) -> Any:
    """Energies after a boost, one more axis for the cosines of the direction."""
    along = momentum[..., None] * np.asarray(gamma_beta)[..., None] * cosine
    return energy[..., None] * np.asarray(gamma)[..., None] + along
