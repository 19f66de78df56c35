"""Engine `electron-dump`: an electron beam in a thick target, decays of the vector behind it."""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.experiments.electron_beam import (
    ANNIHILATION,
    BEAM_FIELDS,
    MODE,
    annihilated,
    check_target,
    depth_of,
    made_by,
    positron_fields,
    radiated,
)
from vectorportal.bounds.experiments.electron_target import material
from vectorportal.bounds.experiments.events import Yield, decays, remember
from vectorportal.bounds.experiments.spec import FINAL_STATES, Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError

__all__ = [
    "ASSUMPTIONS",
    "FIELDS",
    "RANGE",
    "SIGNATURE",
    "check",
    "domain",
    "hits",
    "signal",
    "yields",
]

SEEN = ("any", "positron")
FIELDS = (
    *BEAM_FIELDS,
    *positron_fields("no"),
    Field("shield", "m", "from the front of the target to the decay volume", 1e-4, 1e5),
    Field("decay_volume", "m", "length of the decay volume", 1e-4, 1e5),
    Field("detector_radius", "m", "radius of the detector; 0 takes all angles", 0.0, 1e3, 0.0),
    Field("seen", "", "what must hit the detector with energy_min", default="any", choices=SEEN),
    Field(
        "final_states", "", "decays that are seen", default=("ee",), choices=FINAL_STATES, many=True
    ),
)
"""`seen: any`: one of two decay products hits, and the vector has energy_min; `seen: positron`: one
given product hits and has energy_min itself"""
SIGNATURE = "visible"
_SLICES = 4
_ROUNDING = 1e-9
RANGE = (1e-10, 1.0)
ASSUMPTIONS = (
    "vectors are radiated by beam electrons (Weizsaecker-Williams), not by those of the shower",
    "vectors start at the front of the target and move along the beam",
    "decays are isotropic, into two light particles",
)


def check(experiment: Experiment) -> None:
    """Raise UsageError for values that do not go together."""
    check_target(experiment)
    element, shield = material(experiment["target"]), experiment["shield"]
    length = depth_of(experiment) / element.depth(1.0)
    if length > shield * (1.0 + _ROUNDING):
        raise UsageError(
            f"shield = {shield:g} m, from the front of the target to the decay volume, must be at "
            f"least the thickness of the target, {length:.4g} m."
        )


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Where radiation from a nucleus makes sense: masses below the beam energy, (n,)."""
    return mass < experiment["beam_energy"]


@remember
def yields(experiment: Experiment, mass: np.ndarray, structure: str = "vector") -> dict[str, Yield]:
    """Vectors within acceptance by production mode, at unit coupling of the `structure`.

    Structures are those of `Vector.parts`; `vector` is a dark photon with g = 1.
    """
    radius, end = experiment["detector_radius"], experiment["shield"] + experiment["decay_volume"]
    theta_max = radius / end if radius > 0.0 else np.inf
    found = {MODE: radiated(experiment, mass, theta_max, structure)}
    if experiment["annihilation"] == "yes":
        found[ANNIHILATION] = annihilated(experiment, mass, theta_max, structure)
    return found


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Expected decays in the decay volume, (n, k), at couplings squared `g2` (n, k)."""
    slices = 1 if _sees_all(experiment) else _SLICES
    step = experiment["decay_volume"] / slices
    finals = experiment["final_states"]
    total = np.zeros(g2.shape)
    for part, coefficient in made_by(yields, experiment, vector):
        strength = coefficient[:, None]
        for i in range(slices):
            share = hits(experiment, vector.mass, part.gamma_beta, (slices - i - 0.5) * step)
            found = Yield(part.number * share, part.gamma_beta)
            total += strength * decays(
                found, vector, g2, experiment["shield"] + i * step, step, finals
            )
    return total


def _sees_all(experiment: Experiment) -> bool:
    return experiment["detector_radius"] == 0.0 and experiment["seen"] == "any"


def hits(
    experiment: Experiment, mass: np.ndarray, gamma_beta: np.ndarray, distance: float
) -> np.ndarray:
    """Fraction of decays `distance` (m) before the detector that are seen, (n, b).

    A product emitted at the angle a in the rest frame has the energy E (1 + cos a)/2 and runs at
    the angle (m/E) tan(a/2) to the vector, which flies along the axis (m much above the masses of
    the products, E much above m). The distribution in cos a is flat.
    """
    if _sees_all(experiment):
        return np.ones_like(gamma_beta)
    radius, energy = experiment["detector_radius"], gamma_beta * mass[:, None]
    lowest = np.full_like(gamma_beta, -1.0)
    if radius > 0.0:
        tangent = gamma_beta * radius / distance
        lowest = (1.0 - tangent) * (1.0 + tangent) / (1.0 + tangent**2)
    if experiment["seen"] == "any":
        return np.minimum(1.0, 1.0 - lowest)
    own = 2.0 * experiment["energy_min"] / energy - 1.0
    return np.clip(0.5 * (1.0 - np.maximum(lowest, own)), 0.0, 1.0)
