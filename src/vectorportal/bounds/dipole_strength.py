"""How strongly a magnetic dipole of a lepton makes vectors in the experiment behind a record.

A lepton of charge q (over e) and dipole delta = d/e (GeV^-1) makes vectors in proportion to

    q^2 + q delta rho_i + delta^2 rho_d,

where rho_i (GeV) and rho_d (GeV^2) are yields of the interference and of the dipole over that of a
vector coupling, in that very experiment: dipoles radiate at other energies and angles. They come
from the experiment that the record names (`experiment_file`, or `dipole_like` of its geometry, an
experiment with a like beam), else from its energy alone (`beam_energy_GeV`, `vector_energy_GeV` or
`centre_of_mass_energy_GeV`) with the acceptance stated in `source_of`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.bounds.experiments import electron_dump, missing_energy
from vectorportal.bounds.experiments.electron_bremsstrahlung import d_sigma_dx
from vectorportal.bounds.experiments.photon_production import frame, produced_vectors
from vectorportal.bounds.experiments.spec import Experiment, load_experiments
from vectorportal.bounds.record import BoundRecord
from vectorportal.formulas import dipole_radiation, radiative_return
from vectorportal.formulas.electron_radiation import STRUCTURES
from vectorportal.formulas.target_photons import effective_flux, material
from vectorportal.inputs.standard_model import StandardModel

__all__ = ["LEPTONS", "ratios", "relative_yield", "source_of"]

LEPTONS = {"electron-bremsstrahlung": "e", "electron-positron": "e", "muon-bremsstrahlung": "mu"}
"""Modes of production by a lepton of a beam"""
_RADIATION, _MEETING, _MUONS = LEPTONS
_BEAMS = {"electron-dump": electron_dump, "missing-energy": missing_energy}
"""Engines with an electron beam"""
_LONG_LIVED = ("dump", "displaced")
_PER_DECADE = 10
"""Masses per decade at which the radiation of beams is computed; linear in between in ln rho_d and
in rho_i/sqrt(rho_d), errors below 0.5%, and 1% for masses near the energy of the beam"""
_ANGLE = 30.0
"""Least angle to the beams, in degrees, of a photon at a collider whose acceptance is not given"""
_HARD = 0.5
"""Least part of the beam energy that a vector has, where nothing is known"""
_NODES = 24
_RESONANCE = "resonant e+ e- -> V"

_Pair = tuple[np.ndarray, np.ndarray]
_Yields = Callable[[np.ndarray], dict[str, np.ndarray]]


@dataclass(frozen=True)
class _Source:
    """Where the ratios come from: what they are computed for in words, the energy (GeV) up to
    which the dipole is probed (None: the mass of the vector), and the function of the masses (n,)
    that finds them."""

    words: str
    energy: float | None
    find: Callable[[np.ndarray], _Pair]


def relative_yield(
    record: BoundRecord, mode: str, mass: np.ndarray, charge: np.ndarray, dipole: np.ndarray
) -> np.ndarray:
    """Production by `charge` (over e) and `dipole` (GeV^-1) over that by charge 1; any one shape.

    NaN where it is not known: no such experiment is computed, or |d| times the energy that probes
    the dipole is above 1, which is beyond an effective coupling.
    """
    delta = dipole / StandardModel.default().e
    interference, square = ratios(record, mode, mass)
    found = charge**2 + charge * delta * interference + delta**2 * square
    source = _source(record, mode)
    energy = mass if source is None or source.energy is None else source.energy
    return np.where(np.abs(dipole) * energy < 1.0, np.maximum(found, 0.0), np.nan)


def ratios(record: BoundRecord, mode: str, mass: np.ndarray) -> _Pair:
    """(rho_i in GeV, rho_d in GeV^2) of a `mode` of `LEPTONS`, of the shape of `mass` (GeV).

    NaN where they are not known. Beyond the curve of the record the values at its ends.
    """
    source = _source(record, mode)
    if source is None or mass.size == 0:
        return np.full(mass.shape, np.nan), np.full(mass.shape, np.nan)
    flat = mass.ravel()
    if record.curve is not None:
        flat = np.clip(flat, record.curve.mass[0], record.curve.mass[-1])
    one, two = source.find(flat)
    return one.reshape(mass.shape), two.reshape(mass.shape)


def source_of(record: BoundRecord, mode: str) -> str:
    """What the ratios of `mode` are computed for, in words; empty where they are not."""
    source = _source(record, mode)
    return "" if source is None else source.words


def _source(record: BoundRecord, mode: str) -> _Source | None:
    experiment = _experiment(record)
    if record.geometry.get("dipole_like") == "none":
        return None
    if mode == _MUONS:
        return _muon_beam(record)
    if experiment is not None and experiment.engine in _BEAMS:
        return _electron_beam(record, mode, experiment)
    if mode == _RADIATION:
        return _thin_target(record)
    return _collider(record, experiment) or _fixed_target(record)


def _experiment(record: BoundRecord) -> Experiment | None:
    """The experiment of the record, or the one with a like beam."""
    known = load_experiments()
    name = record.geometry.get("dipole_like", record.experiment_file)
    return known.get(str(name))


def _number(record: BoundRecord, *names: str) -> float | None:
    """The first of these numbers that the geometry has."""
    return next((float(record.geometry[n]) for n in names if n in record.geometry), None)


# e+ e- -> V and e+ e- -> gamma V


def _fixed_target(record: BoundRecord) -> _Source | None:
    """Positrons that meet electrons of a target."""
    beam = _number(record, "beam_energy_GeV")
    return None if beam is None else _Source(_RESONANCE, None, _resonant)


def _resonant(mass: np.ndarray) -> _Pair:
    """e+ e- -> V follows the width to e+ e-: 6 m_e/(1 + 2 mu) and (m^2/2)(1 + 8 mu)/(1 + 2 mu)."""
    m_e = StandardModel.default().m_e
    mu = (m_e / mass) ** 2
    vector = 1.0 + 2.0 * mu
    return 6.0 * m_e / vector, 0.5 * mass**2 * (1.0 + 8.0 * mu) / vector


def _collider(record: BoundRecord, experiment: Experiment | None) -> _Source | None:
    """e+ e- -> gamma V: interference is of the order m_e and left out."""
    if experiment is not None and experiment.engine == "monophoton":
        found = experiment

        def known(mass: np.ndarray) -> _Pair:
            vector, dipole = (produced_vectors(found, mass, s) for s in ("vector", "dipole"))
            return 0.0 * mass, _over(dipole, vector)

        s, _ = frame(experiment)
        return _Source(f"the experiment {experiment.id}", float(np.sqrt(s)), known)
    root = _number(record, "centre_of_mass_energy_GeV")
    if root is None:
        return None
    angle = _number(record, "photon_angle_min_degrees") or _ANGLE

    def formula(mass: np.ndarray) -> _Pair:
        sm, edge = StandardModel.default(), np.cos(np.radians(angle))
        unit = radiative_return.cross_section(root**2, mass, -edge, edge, sm.alpha, sm.alpha)
        dipole = dipole_radiation.cross_section(root**2, mass, -edge, edge, sm.alpha, sm.e**2)
        return 0.0 * mass, _over(dipole, unit)

    return _Source(f"photons at {angle:g} to {180.0 - angle:g} degrees", root, formula)


# radiation of beams


def _electron_beam(record: BoundRecord, mode: str, experiment: Experiment) -> _Source:
    words, engine = f"the experiment {experiment.id}", _BEAMS[experiment.engine]
    if mode == _MEETING:
        return _Source(_RESONANCE, None, _resonant)
    late = record.signature in _LONG_LIVED

    def yields(mass: np.ndarray) -> dict[str, np.ndarray]:
        return _radiated(engine, experiment, mass, late)

    key = (*experiment.key, late)
    return _Source(words, None, lambda mass: _interpolated(key, yields, mass))


def _radiated(
    engine: Any, experiment: Experiment, mass: np.ndarray, late: bool
) -> dict[str, np.ndarray]:
    """Vectors (n,) by structure; `late` weights them with their chance to decay when long-lived,
    1/(gamma beta)."""
    found = {}
    for structure in STRUCTURES:
        part = engine.yields(experiment, mass, structure)[_RADIATION]
        weight = 1.0 / part.gamma_beta if late else 1.0
        found[structure] = np.sum(part.number * weight, axis=1)
    return found


def _thin_target(record: BoundRecord) -> _Source | None:
    """A thin target of tungsten, where only the energy of the electrons is known."""
    beam = _number(record, "beam_energy_GeV", "vector_energy_GeV")
    if beam is None:
        return None
    words = f"electrons of {beam:g} GeV on tungsten and vectors of half of that or more"
    late = record.signature in _LONG_LIVED
    experiment = _thin_experiment(beam)

    def yields(mass: np.ndarray) -> dict[str, np.ndarray]:
        return _radiated(missing_energy, experiment, mass, late)

    key = (*experiment.key, late)
    return _Source(words, None, lambda mass: _interpolated(key, yields, mass))


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


def _muon_beam(record: BoundRecord) -> _Source | None:
    """A beam of muons; at colliders, where muons of the final state radiate, there is no answer."""
    beam = _number(record, "beam_energy_GeV")
    if beam is None or "muons_on_target" not in record.geometry:
        return None

    def yields(mass: np.ndarray) -> dict[str, np.ndarray]:
        return {name: _by_muons(beam, mass, name) for name in STRUCTURES}

    words = f"muons of {beam:g} GeV on lead and vectors of half of that or more"
    return _Source(words, None, lambda mass: _interpolated(("muons", beam), yields, mass))


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
    """What is known already for one beam: place in the grid -> [rho_i/sqrt(rho_d), ln rho_d]."""
    return {}


def _interpolated(key: tuple[Any, ...], yields: _Yields, mass: np.ndarray) -> _Pair:
    """rho_i and rho_d (n,) from their values at the masses of the grid beside each of `mass`."""
    at = np.log10(mass) * _PER_DECADE
    below = np.floor(at).astype(int)
    first, last = int(below.min()), int(below.max()) + 1
    wanted = np.unique(np.concatenate([below, below + 1]))
    known = _nodes(key)
    missing = np.array([k for k in wanted.tolist() if k not in known])
    if missing.size:
        found = yields(10.0 ** (missing / _PER_DECADE))
        square = _over(found["dipole"], found["vector"])
        tilt = _over(found["interference"], found["vector"]) / np.sqrt(square)
        rows = np.stack([tilt, np.log(square)], axis=1).tolist()
        known.update(zip(missing.tolist(), rows, strict=True))
    table = np.full((last - first + 1, 2), np.nan)
    table[wanted - first] = [known[k] for k in wanted.tolist()]
    part = (at - below)[:, None]
    values = (1.0 - part) * table[below - first] + part * table[below + 1 - first]
    root = np.exp(0.5 * values[:, 1])
    return values[:, 0] * root, root**2


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part/whole, NaN where nothing is made."""
    good = whole > 0.0
    return np.where(good, part / np.where(good, whole, 1.0), np.nan)
