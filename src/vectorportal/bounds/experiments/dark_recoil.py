"""Dark matter that scatters off electrons or nucleons at rest by the exchange of a vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.units import GEV2_TO_CM2

__all__ = ["cross_section", "recoil_spectrum"]

_ALPHA = 1.0 / 137.036
_DIPOLE_GEV2 = 0.71
_RECOILS = 48


def recoil_spectrum(
    energy: Any, recoil: Any, m_dm: Any, target: float, m_v: Any, dm: str
) -> np.ndarray:
    """d sigma/dT in GeV^-3 over g^2 alpha_d times the squared charge of the target.

    Dark matter of `energy` (GeV) on a particle of mass `target` at rest that recoils with kinetic
    energy `recoil`; t = -2 m T. Dirac: 4 pi alpha [m E^2 + m (E-T)^2 - T (M^2 + m^2)]; scalar:
    4 pi alpha [2 m E (E-T) - T M^2]; over p^2 (m_V^2 + 2 m T)^2, from d sigma/dt = |M|^2/
    (64 pi m^2 p^2) with one vector exchanged. Zero beyond the largest recoil.
    """
    momentum2 = energy**2 - m_dm**2
    if dm == "dirac":
        top = target * (energy**2 + (energy - recoil) ** 2) - recoil * (m_dm**2 + target**2)
    else:
        top = 2.0 * target * energy * (energy - recoil) - recoil * m_dm**2
    largest = 2.0 * target * momentum2 / (target**2 + m_dm**2 + 2.0 * target * energy)
    value = 4.0 * np.pi * _ALPHA * top / (momentum2 * (m_v**2 + 2.0 * target * recoil) ** 2)
    return np.where(recoil <= largest, np.maximum(value, 0.0), 0.0)


def cross_section(
    energy: np.ndarray,
    window: tuple[float, float],
    m_dm: float,
    target: float,
    m_v: float,
    dm: str,
    nucleon: bool,
) -> np.ndarray:
    """Cross section in cm^2 per g^2 alpha_d charge^2 for recoils with kinetic energies in `window`.

    `energy` (e,) of dark matter of mass `m_dm` on a particle of mass `target`, all in GeV. A
    `nucleon` has a dipole form factor.
    """
    low, high = window
    momentum2 = energy**2 - m_dm**2
    most = 2.0 * target * momentum2 / (target**2 + m_dm**2 + 2.0 * target * energy)
    x, w = np.polynomial.legendre.leggauss(_RECOILS)
    span = np.log(np.clip(most, low, high) / low)[:, None]
    recoil = low * np.exp(0.5 * span * (x + 1.0))
    value = recoil_spectrum(energy[:, None], recoil, m_dm, target, m_v, dm)
    if nucleon:
        value = value / (1.0 + 2.0 * target * recoil / _DIPOLE_GEV2) ** 4
    return GEV2_TO_CM2 * np.sum(0.5 * span * w * recoil * value, axis=1)
