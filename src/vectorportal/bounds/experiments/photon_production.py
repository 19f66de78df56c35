"""e+ e- -> gamma V at a collider within the acceptance of an experiment, structure by structure.

What engine `monophoton` reads; experiments with one photon are described there.
"""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.experiments.events import remember
from vectorportal.bounds.experiments.spec import Experiment
from vectorportal.formulas import dipole_radiation as dipole
from vectorportal.formulas import radiative_return as rr
from vectorportal.inputs.standard_model import StandardModel

__all__ = ["cosines", "frame", "gamma_beta", "produced_vectors", "unit_cross_section"]


def frame(experiment: Experiment) -> tuple[float, float]:
    """Squared energy (GeV^2) and velocity of the centre of mass along the electron beam."""
    one, two = experiment["electron_energy"], experiment["positron_energy"]
    return 4.0 * one * two, (one - two) / (one + two)


@remember
def produced_vectors(
    experiment: Experiment, mass: np.ndarray, structure: str = "vector"
) -> np.ndarray:
    """Vectors with the photon in its acceptance, (n,): for `vector` at epsilon = 1, for `dipole`
    per d^2/e^2 in GeV^-2. The two do not interfere for massless electrons."""
    sm = StandardModel.default()
    unit = 4.0 * np.pi * sm.alpha if structure == "dipole" else sm.alpha
    return experiment["luminosity"] * unit * unit_cross_section(experiment, mass, structure)


def unit_cross_section(
    experiment: Experiment, mass: np.ndarray, structure: str = "vector"
) -> np.ndarray:
    """sigma(e+e- -> gamma V) within acceptance, GeV^-2, at alpha_V = 1 or (times GeV^2) d = 1."""
    sm, formulas = StandardModel.default(), dipole if structure == "dipole" else rr
    s, velocity = frame(experiment)
    cut = experiment["energy_cut"]
    if experiment["photon"] == "tagged":
        low, high = cosines(experiment, velocity)
        return formulas.cross_section(s, mass, low, high, sm.alpha, 1.0, cut)
    edge = np.cos(np.radians(experiment["theta_min"]))
    low, high = (rr.centre_of_mass_cosine(c, velocity) for c in (-edge, edge))
    whole = formulas.total_cross_section(s, mass, sm.m_e, sm.alpha, 1.0)
    seen = formulas.cross_section(s, mass, low, high, sm.alpha, 1.0)
    return np.where(rr.photon_energy(s, mass) >= cut, whole - seen, 0.0)


def cosines(experiment: Experiment, velocity: float) -> tuple[float, float]:
    """The acceptance of a tagged photon as cosines in the centre of mass."""
    degrees = (experiment["theta_max"], experiment["theta_min"])
    low, high = (rr.centre_of_mass_cosine(np.cos(np.radians(d)), velocity) for d in degrees)
    return float(low), float(high)


def gamma_beta(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """p/m of the vector in the centre of mass."""
    s, _ = frame(experiment)
    return rr.photon_energy(s, mass) / mass
