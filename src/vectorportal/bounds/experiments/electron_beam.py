"""Vectors radiated by an electron beam in a target: the part that electron engines share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from vectorportal.bounds.experiments.electron_bremsstrahlung import STRUCTURES, d_sigma_dx
from vectorportal.bounds.experiments.electron_positrons import annihilation, of_structure
from vectorportal.bounds.experiments.electron_target import (
    MATERIALS,
    effective_flux,
    material,
    path_above,
)
from vectorportal.bounds.experiments.events import Yield
from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.inputs.standard_model import StandardModel

__all__ = [
    "ANNIHILATION",
    "BEAM_FIELDS",
    "MODE",
    "annihilated",
    "check_target",
    "depth_of",
    "made_by",
    "positron_fields",
    "radiated",
]

MODE, ANNIHILATION = "electron-bremsstrahlung", "electron-positron"
BEAM_FIELDS = (
    Field("beam_energy", "GeV", "energy of the beam electrons", 0.05, 1e5),
    Field("electrons_on_target", "1", "number of beam electrons", 1.0, 1e30),
    Field("target", "", "element of the target", choices=tuple(MATERIALS)),
    Field("target_thickness", "m", "thickness of the target", 0.0, 1e3, 0.0),
    Field("target_radiation_lengths", "1", "the same in radiation lengths", 0.0, 1e4, 0.0),
    Field("energy_min", "GeV", "lowest energy of the vector", 0.0, 1e5),
    Field("efficiency", "1", "fraction of such events that are seen", 1e-6, 1.0, 1.0),
)
"""Fields of every engine with an electron beam; exactly one of the two thicknesses is given"""

_FIRST, _ENERGIES = 8, 36
_SOFT, _HARD = 12, 20
_BINS = 256
_BEAMS = ("electron", "positron")
_CELLS = 1_000_000
_SCATTERING = 0.021
"""Rossi's constant E_s of multiple scattering in GeV"""


def positron_fields(default: str) -> tuple[Field, ...]:
    """Fields of an engine that knows annihilation, on or off by `default`."""
    return (
        Field("beam", "", "particle of the beam", default="electron", choices=_BEAMS),
        Field("annihilation", "", "resonant e+ e- -> V", default=default, choices=("yes", "no")),
    )


def check_target(experiment: Experiment) -> None:
    """Raise UsageError unless one thickness is given and the energy cut is below the beam."""
    metres, lengths = experiment["target_thickness"], experiment["target_radiation_lengths"]
    if (metres > 0.0) == (lengths > 0.0):
        given = "both are" if metres > 0.0 else "neither is"
        raise UsageError(
            f"give one of target_thickness and target_radiation_lengths, of which {given} given."
        )
    if experiment["energy_min"] >= experiment["beam_energy"]:
        raise UsageError(
            f"energy_min = {experiment['energy_min']:g} GeV is not below beam_energy = "
            f"{experiment['beam_energy']:g} GeV."
        )


def depth_of(experiment: Experiment) -> float:
    """Thickness of the target in radiation lengths."""
    metres = experiment["target_thickness"]
    element = material(experiment["target"])
    return element.depth(metres) if metres > 0.0 else experiment["target_radiation_lengths"]


def radiated(
    experiment: Experiment,
    mass: np.ndarray,
    theta_max: float = np.inf,
    structure: str = "vector",
) -> Yield:
    """Vectors of energy above energy_min that the beam radiates below the angle `theta_max`.

    At unit coupling of the `structure` (see `Vector.parts`; those of `interference` may be
    negative) and for all of the beam, (n, b): bins over the energy of the electron (first
    generation, Tsai's straggling) and over x = E_V/E. Seen ones: times `efficiency`. With a finite
    `theta_max` electrons that multiple scattering has turned further away do not count.
    """
    cut, beam = experiment["energy_min"], experiment["beam_energy"]
    element = material(experiment["target"])
    flux = effective_flux(element.z, element.a)
    energy, path = _electrons(beam, np.maximum(cut, 0.0), mass, depth_of(experiment))
    scale = experiment["electrons_on_target"] * experiment["efficiency"] * element.atoms
    numbers, boosts = [], []
    for rows in _chunks(len(mass)):
        m, e = mass[rows, None, None], energy[rows, :, None]
        x, weight = _fractions(np.maximum(cut, m) / e, m)
        sigma = d_sigma_dx(x, e, m, flux, theta_max, STRUCTURES[structure])
        found = scale * (path[rows] * _aimed(energy[rows], beam, theta_max))[..., None]
        found = found * weight * sigma
        boost = np.sqrt(np.maximum((x * e / m) ** 2 - 1.0, 1e-12))
        numbers.append(found.reshape(len(found), -1))
        boosts.append(boost.reshape(len(found), -1))
    return _merged(np.concatenate(numbers), np.concatenate(boosts))


def annihilated(
    experiment: Experiment,
    mass: np.ndarray,
    theta_max: float = np.inf,
    structure: str = "vector",
) -> Yield:
    """Vectors from e+ e- -> V in the target with an energy above energy_min, (n, 1).

    At unit coupling of the `structure`, as in `radiated`. They fly along the positrons, of which
    those within `theta_max` of the beam count.
    """
    element = material(experiment["target"])
    beam, positrons = experiment["beam_energy"], experiment["beam"] == "positron"
    chance, energy = annihilation(mass, beam, depth_of(experiment), positrons)
    scale = experiment["electrons_on_target"] * experiment["efficiency"] * element.z
    chance = chance * _aimed(np.minimum(energy, beam * (1.0 - 1e-9)), beam, theta_max)
    number = np.where(energy >= experiment["energy_min"], chance * scale * element.atoms, 0.0)
    if structure != "vector":
        number = number * of_structure(mass, structure)
    boost = np.sqrt(np.maximum((energy / mass) ** 2 - 1.0, 1e-12))
    return Yield(number[:, None], boost[:, None])


def made_by(
    yields: Callable[..., dict[str, Yield]], experiment: Experiment, vector: Vector
) -> Iterator[tuple[Yield, np.ndarray]]:
    """Yields of every mode and structure of a vector, with their coefficients (n,) at g = 1."""
    for structure in STRUCTURES if vector.dipoles else ("vector",):
        for mode, part in yields(experiment, vector.mass, structure).items():
            coefficients = vector.parts(mode)
            if structure in coefficients:
                yield part, coefficients[structure]


def _merged(number: np.ndarray, boost: np.ndarray) -> Yield:
    """The same vectors in at most _BINS bins of ln(gamma beta), by the mean of 1/(gamma beta)."""
    n, b = number.shape
    if b <= _BINS:
        return Yield(number, boost)
    logs = np.log(boost)
    low, high = logs.min(axis=1, keepdims=True), logs.max(axis=1, keepdims=True)
    index = np.minimum((_BINS * (logs - low) / (high - low + 1e-12)).astype(int), _BINS - 1)
    flat = (index + _BINS * np.arange(n)[:, None]).ravel()
    total = np.bincount(flat, number.ravel(), n * _BINS).reshape(n, _BINS)
    size = np.abs(number)
    weight = np.bincount(flat, size.ravel(), n * _BINS).reshape(n, _BINS)
    slow = np.bincount(flat, (size / boost).ravel(), n * _BINS).reshape(n, _BINS)
    filled = slow > 0.0
    mean = np.where(filled, weight / np.where(filled, slow, 1.0), np.exp(high))
    return Yield(total, mean)


def _aimed(energy: np.ndarray, beam: float, theta_max: float) -> np.ndarray:
    """Fraction of electrons of `energy` within `theta_max` of the beam after multiple scattering.

    Mean square angle: the integral of (21 MeV/E)^2 dt (Rossi) over a path on which ln E falls
    evenly, by 4/3 in one radiation length.
    """
    if not np.isfinite(theta_max):
        return np.ones_like(energy)
    mean_square = (_SCATTERING / energy) ** 2 * (1.0 - (energy / beam) ** 2) * 3.0 / 8.0
    return -np.expm1(-(theta_max**2) / mean_square)


def _chunks(n: int) -> Iterator[slice]:
    step = max(1, _CELLS // (_ENERGIES * (_SOFT + _HARD) * 8))
    return (slice(i, i + step) for i in range(0, n, step))


def _electrons(
    beam: float, cut: float, mass: np.ndarray, depth: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean energy (GeV) and path (radiation lengths) of electrons in bins of energy, (n, bins).

    The bins reach from the beam energy to the larger of `cut` and the mass; the first ones are
    narrow, because few electrons have lost little energy.
    """
    lowest = np.maximum(cut, mass * (1.0 + 1e-9))
    span = np.log(beam / np.minimum(lowest, beam * (1.0 - 1e-9)))
    first, rest = np.geomspace(1e-4, 0.05, _FIRST), np.linspace(0.05, 1.0, _ENERGIES - _FIRST + 1)
    edges = span[:, None] * np.concatenate([[0.0], first, rest[1:]])
    above = path_above(edges.ravel(), depth).reshape(edges.shape)
    path = np.diff(above, axis=1)
    mean = 0.5 * (edges[:, 1:] + edges[:, :-1])
    closed = (mass >= beam)[:, None]
    return beam * np.exp(-mean), np.where(closed, 0.0, path)


def _fractions(lowest: np.ndarray, mass: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes x = E_V/E from `lowest` to 1 with weights dx, last axis.

    Below x = 1/2 they are uniform in ln x, above in ln(1 - x + m_e^2/m^2/10), since the spectrum
    rises towards x = 1 until 1 - x ~ m_e^2/m^2.
    """
    m_e = StandardModel.default().m_e
    low = np.minimum(lowest, 1.0 - 1e-12)
    middle = np.maximum(low, 0.5)
    a, w_a = _gauss(np.log(low), np.log(middle), _SOFT)
    x_a = np.exp(a)
    shift = 0.1 * np.minimum((m_e / mass) ** 2, 1.0)
    b, w_b = _gauss(np.log(shift), np.log(1.0 - middle + shift), _HARD)
    rest = np.maximum(np.exp(b) - shift, 1e-14)
    x = np.concatenate([x_a, 1.0 - rest], axis=-1)
    return x, np.concatenate([w_a * x_a, w_b * np.exp(b)], axis=-1)


def _gauss(low: np.ndarray, high: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(n)
    half = 0.5 * (high - low)
    return low + half * (1.0 + nodes), half * weights
