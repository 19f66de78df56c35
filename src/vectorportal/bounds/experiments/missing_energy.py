"""Engine `missing-energy`: an electron beam in an active target, and energy that goes missing."""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.experiments.electron_beam import (
    ANNIHILATION,
    BEAM_FIELDS,
    MODE,
    annihilated,
    check_target,
    made_by,
    positron_fields,
    radiated,
)
from vectorportal.bounds.experiments.events import Yield, remember
from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.units import HBAR_C_GEV_M

__all__ = [
    "ASSUMPTIONS",
    "FIELDS",
    "RANGE",
    "SIGNATURE",
    "check",
    "domain",
    "remarks",
    "signal",
    "yields",
]

FIELDS = (
    *BEAM_FIELDS,
    *positron_fields("yes"),
    Field(
        "depth", "m", "visible decays further than this are missed; 0: all are seen", 0.0, 1e4, 0.0
    ),
)
SIGNATURE = "invisible"
RANGE = (1e-10, 1.0)
_BROAD = 0.1
"""width over mass of a vector that is no narrow resonance"""
ASSUMPTIONS = (
    "the missing energy is that of the vector; products of dark decays leave no signal",
    "vectors are radiated by beam electrons (Weizsaecker-Williams) and made by positrons of the "
    "first pairs on electrons at rest (narrow resonance)",
)


def check(experiment: Experiment) -> None:
    """Raise UsageError for values that do not go together."""
    check_target(experiment)


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Where radiation from a nucleus makes sense: masses below the beam energy, (n,)."""
    return mass < experiment["beam_energy"]


def remarks(experiment: Experiment, vector: Vector) -> tuple[str, ...]:
    """A warning about vectors that are too broad for a narrow resonance."""
    broad = (vector.dark > _BROAD * vector.mass).any()
    strong = vector.alpha_d is not None and not vector.dark_follows and (vector.alpha_d > 1.0).any()
    if experiment["annihilation"] == "no" or not (broad or strong):
        return ()
    most = float(np.max(vector.dark / vector.mass))
    return (
        f"the vector is taken as a narrow resonance of e+ e-, but its width is up to {most:.2g} of "
        "its mass and its dark coupling is strong: the part from positrons is uncertain",
    )


@remember
def yields(experiment: Experiment, mass: np.ndarray, structure: str = "vector") -> dict[str, Yield]:
    """Vectors with the missing energy by production mode, at unit coupling of the `structure`.

    Structures are those of `Vector.parts`; `vector` is a dark photon with g = 1.
    """
    found = {MODE: radiated(experiment, mass, structure=structure)}
    if experiment["annihilation"] == "yes":
        found[ANNIHILATION] = annihilated(experiment, mass, structure=structure)
    return found


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Expected events with missing energy, (n, k), at couplings squared `g2` (n, k)."""
    hidden = vector.branching(("invisible",), g2)
    stable = vector.total(g2) == 0.0
    total = np.zeros(g2.shape)
    for part, coefficient in made_by(yields, experiment, vector):
        made = coefficient[:, None] * g2
        all_of_them = part.number.sum(axis=1)[:, None]
        total += made * all_of_them * np.where(stable, 1.0, hidden)
        if experiment["depth"] > 0.0:
            total += made * (1.0 - hidden) * ~stable * _escaping(experiment, part, vector, g2)
    return total


def _escaping(experiment: Experiment, part: Yield, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Vectors of `part` that live longer than the depth of the apparatus, (n, k)."""
    per_metre = vector.total(g2) / HBAR_C_GEV_M * experiment["depth"]
    found = np.empty(g2.shape)
    for i, rate in enumerate(per_metre):
        alive = np.exp(-rate[None, :] / part.gamma_beta[i][:, None])
        found[i] = part.number[i] @ alive
    return found
