"""Positrons in an electromagnetic shower and their resonant annihilation on atomic electrons."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from vectorportal.bounds.experiments.electron_target import path_above
from vectorportal.inputs.standard_model import StandardModel

__all__ = ["annihilation", "of_structure", "positron_path", "resonance_energy"]

_STEP = 0.004
"""Cell in ln(E0/E) of the tabulated paths"""


def resonance_energy(mass: np.ndarray) -> np.ndarray:
    """Positron energy (GeV) at which e+ e- at rest has the squared energy m^2."""
    m_e = StandardModel.default().m_e
    return (mass**2 - 2.0 * m_e**2) / (2.0 * m_e)


def annihilation(
    mass: np.ndarray, beam: float, depth: float, positron_beam: bool
) -> tuple[np.ndarray, np.ndarray]:
    """(probability, energy): vectors from e+ e- -> V per beam particle, at g = 1, in GeV^-2.

    To be multiplied by Z and `Material.atoms` (electrons in one radiation length over one GeV^-2):
    the path of positrons at the resonance times the Breit-Wigner integrated over the energy,
    12 pi^2 Gamma_ee/(m 2 m_e), with Gamma_ee = alpha m/3 (1 + 2 m_e^2/m^2) sqrt(1 - 4 m_e^2/m^2)
    at g = 1, as in [Marsicano:2018]. Narrow width; atomic electrons at rest. Arrays (n,).
    """
    sm = StandardModel.default()
    ratio = (sm.m_e / mass) ** 2
    decays = ratio < 0.25
    speed = np.sqrt(np.where(decays, 1.0 - 4.0 * ratio, 0.0))
    width = sm.alpha * mass / 3.0 * (1.0 + 2.0 * ratio) * speed
    energy = np.maximum(resonance_energy(mass), sm.m_e)
    per_energy = positron_path(beam / energy, depth, positron_beam) / energy
    open_ = decays & (energy < beam)
    area = 12.0 * math.pi**2 * width / (mass * 2.0 * sm.m_e)
    return np.where(open_, per_energy * area, 0.0), energy


def of_structure(mass: np.ndarray, structure: str) -> np.ndarray:
    """The rate of e+ e- -> V by the `interference` (GeV) or the `dipole` (GeV^2) over the vector's.

    As the widths to e+ e- in formulas/spectral.py: 6 m_e and m^2 (1 + 8 m_e^2/m^2)/2 over
    1 + 2 m_e^2/m^2. (n,).
    """
    m_e = StandardModel.default().m_e
    ratio = (m_e / mass) ** 2
    shape = 6.0 * m_e if structure == "interference" else 0.5 * mass**2 * (1.0 + 8.0 * ratio)
    return shape / (1.0 + 2.0 * ratio)


def positron_path(ratio: np.ndarray, depth: float, positron_beam: bool) -> np.ndarray:
    """Radiation lengths per unit of ln E that positrons travel at E0/E = `ratio`, (n,).

    Beam positrons, if any, and the first pairs: the beam radiates photons with the spectrum
    4/3 - 4/3 v + v^2 per d ln k and radiation length, which convert with (7/9 per radiation length)
    r (1 - 4/3 r (1 - r)) per d ln E+, and the positrons lose energy like the beam. Complete
    screening; thick target (all photons convert). Zero where E > E0.
    """
    y = np.log(np.maximum(ratio, 1e-300))
    cells = max(64, math.ceil(max(float(y.max(initial=0.0)), 0.0) / _STEP) + 2)
    first, second = _paths(cells, depth)
    # each of four factors of the convolution stands at the middle of its cell
    found = np.interp(y, (np.arange(cells) + 2.0) * _STEP, second / _STEP)
    if positron_beam:
        found = found + np.interp(y, (np.arange(cells) + 0.5) * _STEP, first / _STEP)
    return np.where(y > 0.0, found, 0.0)


@lru_cache(maxsize=16)
def _paths(cells: int, depth: float) -> tuple[np.ndarray, np.ndarray]:
    """Path in each cell of ln(E0/E): of the beam, and of the positrons of the first pairs."""
    edges = np.arange(cells + 1) * _STEP
    first = np.diff(path_above(edges, depth))
    z = edges[:-1] + 0.5 * _STEP
    v = np.exp(-z)
    photon = 9.0 / 7.0 * (4.0 / 3.0 - 4.0 / 3.0 * v + v * v) * _STEP
    pair = v * (1.0 - 4.0 / 3.0 * v * (1.0 - v)) * _STEP
    photons = np.convolve(first, photon)[:cells]
    positrons = np.convolve(photons, pair)[:cells]
    return first, np.convolve(positrons, first)[:cells]
