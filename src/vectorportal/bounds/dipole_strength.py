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

from collections.abc import Collection

import numpy as np

from vectorportal.bounds.dipole_beams import (
    BEAMS,
    Pair,
    Source,
    electron_beam,
    muon_beam,
    over,
    resonant,
    thin_target,
)
from vectorportal.bounds.experiments.monophoton import accepted_pairs
from vectorportal.bounds.experiments.photon_production import frame, produced_vectors
from vectorportal.bounds.experiments.spec import Experiment, load_experiments
from vectorportal.bounds.record import BoundRecord
from vectorportal.formulas import dipole_radiation, radiative_return
from vectorportal.formulas.production import LEPTONS
from vectorportal.inputs.standard_model import StandardModel

__all__ = [
    "energy_in",
    "energy_of",
    "modes_of",
    "ratios",
    "relative_yield",
    "remarks_of",
    "source_of",
]

_RADIATION, _, _MUONS = LEPTONS
_LONG_LIVED = ("dump", "displaced")
_ENERGIES = ("centre_of_mass_energy_GeV", "beam_energy_GeV", "vector_energy_GeV")
_ANGLE = 30.0
"""Least angle to the beams, in degrees, of a photon at a collider whose acceptance is not given"""
_MESONS = "quarks have no dipole, and what heavy particles add to decays of mesons is left out"
_RESONANCE = "resonant e+ e- -> V"
_NEGLIGIBLE = 1e-6
"""Dipole times energy over the charge, below which the charge alone counts where yields of dipoles
are not known"""


def relative_yield(
    record: BoundRecord, mode: str, mass: np.ndarray, charge: np.ndarray, dipole: np.ndarray
) -> np.ndarray:
    """Production by `charge` (over e) and `dipole` (GeV^-1) over that by charge 1; any one shape.

    NaN where it is not known, unless the dipole is negligible: no such experiment is computed.
    """
    delta = dipole / StandardModel.default().e
    interference, square = ratios(record, mode, mass)
    found = charge**2 + charge * delta * interference + delta**2 * square
    energy = np.maximum(mass, _number(record, *_ENERGIES) or 0.0)
    bare = np.isnan(found) & (np.abs(delta) * energy <= _NEGLIGIBLE * np.abs(charge))
    return np.where(bare, charge**2, np.maximum(found, 0.0))


def modes_of(record: BoundRecord) -> tuple[str, ...]:
    """The modes of production of a record."""
    names = record.modes or record.tables.get("modes.csv", {})
    return tuple(name for name in names if name != "mass_GeV")


def remarks_of(record: BoundRecord, leptons: Collection[str]) -> tuple[str, ...]:
    """What production by `leptons` with a dipole, if any, assumes, without full stops."""
    found: dict[str, None] = {}
    for mode in modes_of(record) if leptons else ():
        if mode not in LEPTONS:
            found[_MESONS] = None
        elif LEPTONS[mode] in leptons and (words := source_of(record, mode)):
            found[f"production by the dipole is computed for {words}"] = None
    return tuple(found)


def energy_of(record: BoundRecord, mode: str, mass: np.ndarray) -> np.ndarray:
    """Energy in GeV up to which a `mode` of `LEPTONS` probes the dipole, of the shape of `mass`."""
    source = _source(record, mode)
    return mass if source is None or source.energy is None else np.full(mass.shape, source.energy)


def energy_in(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """The same in an `experiment`: sqrt(s) of colliding beams, the mass of the vector elsewhere."""
    collides = experiment.engine == "monophoton"
    return np.full(mass.shape, np.sqrt(frame(experiment)[0])) if collides else mass


def ratios(record: BoundRecord, mode: str, mass: np.ndarray) -> Pair:
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


def _source(record: BoundRecord, mode: str) -> Source | None:
    experiment, late = _experiment(record), record.signature in _LONG_LIVED
    if record.geometry.get("dipole_like") == "none":
        return None
    if mode == _MUONS:
        return _muons(record)
    if experiment is not None and experiment.engine in BEAMS:
        return electron_beam(experiment, late)
    if mode == _RADIATION:
        beam = _number(record, "beam_energy_GeV", "vector_energy_GeV")
        return None if beam is None else thin_target(beam, late)
    return _collider(record, experiment) or _fixed_target(record)


def _muons(record: BoundRecord) -> Source | None:
    """A beam of muons; at colliders, where muons of the final state radiate, there is no answer."""
    beam = _number(record, "beam_energy_GeV")
    return None if beam is None or "muons_on_target" not in record.geometry else muon_beam(beam)


def _experiment(record: BoundRecord) -> Experiment | None:
    """The experiment of the record, or the one with a like beam."""
    known = load_experiments()
    name = record.geometry.get("dipole_like", record.experiment_file)
    return known.get(str(name))


def _number(record: BoundRecord, *names: str) -> float | None:
    """The first of these numbers that the geometry has."""
    return next((float(record.geometry[n]) for n in names if n in record.geometry), None)


# e+ e- -> V and e+ e- -> gamma V


def _fixed_target(record: BoundRecord) -> Source | None:
    """Positrons that meet electrons of a target."""
    beam = _number(record, "beam_energy_GeV")
    return None if beam is None else Source(_RESONANCE, None, resonant)


def _least_caught(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Acceptance for pairs from a vector made by a dipole over that for one made by its charge.

    The least of all decays that are looked for, by a charge or by a dipole: a limit is then none
    too strong. It differs from 1 where the photon goes along a beam.
    """
    ratios = [
        over(
            accepted_pairs(experiment, mass, final, "dipole", decay),
            accepted_pairs(experiment, mass, final, "vector", "vector"),
        )
        for final in experiment["final"]
        for decay in ("vector", "dipole")
    ]
    return np.min(np.nan_to_num(ratios), axis=0)


def _collider(record: BoundRecord, experiment: Experiment | None) -> Source | None:
    """e+ e- -> gamma V: interference is of the order m_e and left out."""
    if experiment is not None and experiment.engine == "monophoton":
        found = experiment

        def known(mass: np.ndarray) -> Pair:
            vector, dipole = (produced_vectors(found, mass, s) for s in ("vector", "dipole"))
            return 0.0 * mass, over(dipole, vector) * _least_caught(found, mass)

        root_s = float(np.sqrt(frame(found)[0]))
        return Source(f"the experiment {experiment.id}", root_s, known)
    root = _number(record, "centre_of_mass_energy_GeV")
    if root is None:
        return None
    angle = _number(record, "photon_angle_min_degrees") or _ANGLE

    def formula(mass: np.ndarray) -> Pair:
        sm, edge = StandardModel.default(), np.cos(np.radians(angle))
        unit = radiative_return.cross_section(root**2, mass, -edge, edge, sm.alpha, sm.alpha)
        dipole = dipole_radiation.cross_section(root**2, mass, -edge, edge, sm.alpha, sm.e**2)
        return 0.0 * mass, over(dipole, unit)

    return Source(f"photons at {angle:g} to {180.0 - angle:g} degrees", root, formula)
