"""Engine `millicharge-beam`: pairs of millicharged particles, made in decays, missed or scattered.

`vector.mass` is the mass of the particle chi and the coupling g its charge over e; the rest of the
vector is not read. `method: beam`: chi from decays of pi0 and eta at a proton target
knock electrons out of a detector (signal ~ g^4). `method: z-width` and `orthopositronium`: the
extra invisible width over what is allowed (signal ~ g^2).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.experiments.counting import equivalent_signal
from vectorportal.bounds.experiments.events import remember
from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.formulas import millicharge as formulas
from vectorportal.inputs.hadrons import NEUTRAL_PION
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.units import CM

__all__ = [
    "ASSUMPTIONS",
    "FIELDS",
    "PARTICLE",
    "RANGE",
    "check",
    "domain",
    "knocked",
    "millicharge",
    "reference_vector",
    "signal",
]

PARTICLE = "millicharged"
RANGE = (1e-7, 1.0)
ASSUMPTIONS = (
    "Dirac particles; the energy that chi loses before the detector is left out",
    "the kinetic energy of the mesons falls exponentially, whatever their direction",
    "one geometric acceptance for each parent, whatever the mass of chi",
)
_PARENTS = {"pi0": (NEUTRAL_PION, 0.98823), "eta": (0.547862, 0.3936)}
"""mass in GeV and branching ratio to two photons [PDG:2024]"""
_LAGUERRE = np.polynomial.laguerre.laggauss(12)
"""nodes of an exponential distribution of the mesons' kinetic energy"""
FIELDS = (
    Field("method", "1", "what is looked for", choices=("beam", "z-width", "orthopositronium")),
    Field("limit", "1", "allowed width (GeV) or branching ratio where nothing is scattered",
          0.0, 1.0, default=0.0),
    Field("pi0", "1", "neutral pions made", 0.0, 1e30, default=0.0),
    Field("eta", "1", "eta mesons made", 0.0, 1e30, default=0.0),
    Field("acceptance_pi0", "1", "chi that fly into the detector", 0.0, 1.0, default=0.0),
    Field("acceptance_eta", "1", "chi that fly into the detector", 0.0, 1.0, default=0.0),
    Field("energy_pi0", "GeV", "mean energy of the pions", 0.0, 1e5, default=0.0),
    Field("energy_eta", "GeV", "mean energy of the eta mesons", 0.0, 1e5, default=0.0),
    Field("electrons", "1", "electrons per cm^3 of the detector", 0.0, 1e27, default=0.0),
    Field("length", "m", "length of the detector along the beam", 0.0, 1e3, default=0.0),
    Field("recoil_min", "GeV", "least kinetic energy of the electron", 1e-9, 1e3, default=1e-3),
    Field("recoil_max", "GeV", "largest kinetic energy of the electron", 1e-9, 1e4, default=1e4),
    Field("efficiency", "1", "efficiency for such an electron", 0.0, 1.0, default=1.0),
    Field("background", "1", "background events", 0.0, 1e12, default=0.0),
)  # fmt: skip


def millicharge(mass: Any) -> Vector:
    """A particle of `mass` (GeV, (n,)) whose coupling is its electric charge over e."""
    masses = np.atleast_1d(np.asarray(mass, dtype=np.float64))
    return Vector(masses, {}, {}, np.zeros_like(masses), "millicharge")


def reference_vector(experiment: Experiment, mass: np.ndarray) -> Vector:
    """The millicharged particle that the published limit is for."""
    return millicharge(mass)


def check(experiment: Experiment) -> None:
    """Raises UsageError for values that do not go together."""
    if experiment["method"] != "beam":
        if experiment["limit"] <= 0.0:
            raise UsageError("the field limit must be above zero for this method.")
        return
    if not experiment["recoil_min"] < experiment["recoil_max"]:
        raise UsageError("recoil_min must be below recoil_max.")
    if experiment["electrons"] * experiment["length"] <= 0.0:
        raise UsageError("the fields electrons and length must be above zero for a beam.")
    for name, (parent, _) in _PARENTS.items():
        if experiment[name] > 0.0 and experiment[f"energy_{name}"] < parent:
            raise UsageError(f"energy_{name} must be at least the mass, {parent:g} GeV.")


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses of which a pair can be made, (n,) of bool."""
    sm = StandardModel.default()
    if experiment["method"] == "beam":
        made = [m for name, (m, _) in _PARENTS.items() if experiment[name] > 0.0]
        parent = max(made, default=0.0)
    else:
        parent = sm.m_z if experiment["method"] == "z-width" else 2.0 * sm.m_e
    return 2.0 * mass < parent


@remember
def knocked(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Electrons knocked out at charge e, before efficiency: (n,), to be multiplied by charge^4."""
    sm = StandardModel.default()
    recoil = experiment["recoil_min"], experiment["recoil_max"]
    total = np.zeros_like(mass)
    for name, (parent, ordinary) in _PARENTS.items():
        made = 2.0 * experiment[name] * experiment[f"acceptance_{name}"] * ordinary
        inside = 2.0 * mass < parent
        if made == 0.0 or not inside.any():
            continue
        own = mass[inside]
        kinetic = experiment[f"energy_{name}"] - parent
        for node, share in zip(*_LAGUERRE, strict=True):
            energy = parent + kinetic * node
            weight, chi = formulas.decay_spectrum(own, parent, energy, sm.alpha)
            sigma = formulas.electron_scattering(chi, own[:, None], *recoil, sm.m_e, sm.alpha)
            total[inside] += made * share * np.sum(weight * sigma, axis=1)
    return total * experiment["electrons"] * 1e2 * experiment["length"] / CM**2


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Signal events (n, k) at charge^2 `g2`, as significant as that many without background."""
    mass, sm = vector.mass, StandardModel.default()
    g2 = np.broadcast_to(np.asarray(g2, dtype=np.float64), (mass.size, np.shape(g2)[-1]))
    if experiment["method"] == "z-width":
        ratio = formulas.z_width(mass, sm.m_z, sm.sw2, sm.alpha_mz)
        return experiment.n_limit * (ratio / experiment["limit"])[:, None] * g2
    if experiment["method"] == "orthopositronium":
        ratio = formulas.orthopositronium_ratio(mass, sm.m_e, sm.alpha)
        return experiment.n_limit * (ratio / experiment["limit"])[:, None] * g2
    number = knocked(experiment, mass) * experiment["efficiency"]
    background = np.full((1, mass.size), experiment["background"])
    return equivalent_signal((number[:, None] * g2**2)[None], background, experiment.n_limit)
