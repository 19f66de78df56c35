"""Yields of dipoles over those of a vector coupling where a beam radiates vectors or positrons of
its showers make them on electrons at rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.bounds.experiments import electron_dump, missing_energy
from vectorportal.bounds.experiments.electron_beam import MODE, annihilated
from vectorportal.bounds.experiments.electron_bremsstrahlung import d_sigma_dx
from vectorportal.bounds.experiments.events import Yield
from vectorportal.bounds.experiments.spec import Experiment
from vectorportal.formulas.electron_radiation import STRUCTURES
from vectorportal.formulas.target_photons import effective_flux, material
from vectorportal.inputs.standard_model import StandardModel

__all__ = [
    "BEAMS",
    "Pair",
    "Source",
    "electron_beam",
    "muon_beam",
    "over",
    "resonant",
    "thin_target",
]

BEAMS = {"electron-dump": electron_dump, "missing-energy": missing_energy}
"""Engines with an electron beam"""
_PER_DECADE = 10
"""Masses per decade at which the radiation of beams is computed; linear in between in ln rho_d and
in rho_i/sqrt(rho_d), errors below 0.5%, and 1% for masses near the energy of the beam"""
_HARD = 0.5
"""Least part of the beam energy that a vector has, where nothing is known"""
_NODES = 24
_NOTHING = 1e-300
"""What counts as no vectors in a logarithm"""

Pair = tuple[np.ndarray, np.ndarray]
_Three = tuple[np.ndarray, np.ndarray, np.ndarray]
_Yields = Callable[[np.ndarray], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Source:
    """Where the ratios come from: what they are computed for in words, the energy (GeV) up to
    which the dipole is probed (None: the mass of the vector), and the function of the masses (n,)
    that finds them."""

    words: str
    energy: float | None
    find: Callable[[np.ndarray], Pair]


def resonant(mass: np.ndarray) -> Pair:
    """e+ e- -> V follows the width to e+ e-: 6 m_e/(1 + 2 mu) and (m^2/2)(1 + 8 mu)/(1 + 2 mu)."""
    m_e = StandardModel.default().m_e
    mu = (m_e / mass) ** 2
    vector = 1.0 + 2.0 * mu
    return 6.0 * m_e / vector, 0.5 * mass**2 * (1.0 + 8.0 * mu) / vector


def electron_beam(experiment: Experiment, late: bool) -> Source:
    """All modes of an `experiment` with an electron beam: radiation, and annihilation of positrons
    where it is on in an experiment with missing energy.

    `late` weights vectors with their chance to decay when long-lived, 1/(gamma beta).
    """
    words, meets = f"the experiment {experiment.id}", experiment["annihilation"] == "yes"
    if experiment.engine != "missing-energy" or not meets:
        return Source(words, None, lambda mass: _radiation(experiment, late, mass)[:2])

    def find(mass: np.ndarray) -> Pair:
        *radiated, number = _radiation(experiment, late, mass)
        other = _total(annihilated(experiment, mass), late)
        share = over(other, other + number)
        pairs = zip(radiated, resonant(mass), strict=True)
        one, two = (np.where(share < 1.0, (1.0 - share) * a, 0.0) + share * b for a, b in pairs)
        return one, two

    return Source(words, None, find)


def thin_target(beam: float, late: bool) -> Source:
    """A thin target of tungsten, where only the energy of the electrons (GeV) is known."""
    words = f"electrons of {beam:g} GeV on tungsten and vectors of half of that or more"
    experiment = _thin_experiment(beam)
    return Source(words, None, lambda mass: _radiation(experiment, late, mass)[:2])


def _radiation(experiment: Experiment, late: bool, mass: np.ndarray) -> _Three:
    """rho_i, rho_d and the vectors that are radiated at charge 1, each (n,)."""
    engine = BEAMS[experiment.engine]

    def yields(mass: np.ndarray) -> dict[str, np.ndarray]:
        return {s: _total(engine.yields(experiment, mass, s)[MODE], late) for s in STRUCTURES}

    return _interpolated((*experiment.key, late), yields, mass)


def _total(part: Yield, late: bool) -> np.ndarray:
    """Vectors (n,) of a `part`."""
    return np.sum(part.number / part.gamma_beta if late else part.number, axis=1)


@lru_cache(maxsize=64)
def _thin_experiment(beam: float) -> Experiment:
    values = {
        "beam_energy": beam,
        "electrons_on_target": 1.0,
        "target": "W",
        "target_thickness": 0.0,
        "target_radiation_lengths": 0.1,
        "energy_min": _HARD * beam,
        "efficiency": 1.0,
        "beam": "electron",
        "annihilation": "no",
        "depth": 0.0,
    }
    return Experiment("thin-target", "a thin target", "missing-energy", values, 2.3)


def muon_beam(beam: float) -> Source:
    """A beam of muons of this energy in GeV."""

    def yields(mass: np.ndarray) -> dict[str, np.ndarray]:
        return {name: _by_muons(beam, mass, name) for name in STRUCTURES}

    words = f"muons of {beam:g} GeV on lead and vectors of half of that or more"
    return Source(words, None, lambda mass: _interpolated(("muons", beam), yields, mass)[:2])


def _by_muons(beam: float, mass: np.ndarray, structure: str) -> np.ndarray:
    """Integral of d sigma/dx over x above one half, (n,) in GeV^-2."""
    m_mu, lead = StandardModel.default().m_mu, material("Pb")
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    least = np.minimum(np.maximum(_HARD, mass / beam), 1.0 - 1e-9)
    # uniform in ln(1 - x) up to where the mass of the muon ends the rise of the spectrum
    low = np.log(1.0 - least)[:, None]
    high = low + np.log(0.01 * np.minimum((m_mu / mass) ** 2, 1.0))[:, None]
    rest = np.exp(0.5 * (low + high + (low - high) * nodes))
    flux = effective_flux(lead.z, lead.a)
    shape = STRUCTURES[structure]
    spectrum = d_sigma_dx(1.0 - rest, np.array(beam), mass[:, None], flux, np.inf, shape, m_mu)
    return 0.5 * (low - high)[:, 0] * ((spectrum * rest) @ weights)


# a fixed grid of masses


@lru_cache(maxsize=256)
def _nodes(key: tuple[Any, ...]) -> dict[int, list[float]]:
    """What is known already for one beam: place in the grid -> rho_i/sqrt(rho_d), ln rho_d and ln
    of the vectors at charge 1."""
    return {}


def _interpolated(key: tuple[Any, ...], yields: _Yields, mass: np.ndarray) -> _Three:
    """rho_i, rho_d and the vectors at charge 1, each (n,), from their values at the masses of the
    grid beside each of `mass`."""
    at = np.log10(mass) * _PER_DECADE
    below = np.floor(at).astype(int)
    first, last = int(below.min()), int(below.max()) + 1
    wanted = np.unique(np.concatenate([below, below + 1]))
    known = _nodes(key)
    missing = np.array([k for k in wanted.tolist() if k not in known])
    if missing.size:
        found = yields(10.0 ** (missing / _PER_DECADE))
        square = over(found["dipole"], found["vector"])
        tilt = over(found["interference"], found["vector"]) / np.sqrt(square)
        made = np.log(np.where(found["vector"] > 0.0, found["vector"], _NOTHING))
        rows = np.stack([tilt, np.log(square), made], axis=1).tolist()
        known.update(zip(missing.tolist(), rows, strict=True))
    table = np.full((last - first + 1, 3), np.nan)
    table[wanted - first] = [known[k] for k in wanted.tolist()]
    part = (at - below)[:, None]
    values = (1.0 - part) * table[below - first] + part * table[below + 1 - first]
    root = np.exp(0.5 * values[:, 1])
    return values[:, 0] * root, root**2, np.exp(values[:, 2])


def over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part/whole, NaN where nothing is made."""
    good = whole > 0.0
    return np.where(good, part / np.where(good, whole, 1.0), np.nan)
