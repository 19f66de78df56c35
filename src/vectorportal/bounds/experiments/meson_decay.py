"""Engine `meson-decay`: a vector in place of a photon, or its longitudinal mode, in a rare decay.

Either `decays`, the number of ordinary decays seen (parent -> photon and the rest, acceptance and
efficiency included), with the background of lepton pairs from virtual photons computed; or
`limits`, published limits on the branching ratio at `masses`, translated into the coupling.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from vectorportal.bounds.experiments.counting import effective_window, equivalent_signal
from vectorportal.bounds.experiments.events import Yield, decays
from vectorportal.bounds.experiments.spec import FINAL_STATES, Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.formulas import anomalous_vector as anomalous
from vectorportal.formulas import meson_decays as formulas
from vectorportal.inputs.hadrons import CHARGED_PION, NEUTRAL_PION
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.units import HBAR_GEV_S

__all__ = [
    "ASSUMPTIONS",
    "FIELDS",
    "PARENTS",
    "RANGE",
    "Parent",
    "branching_ratio",
    "check",
    "domain",
    "reference_vector",
    "refused",
    "signal",
    "signature",
]

RANGE = (1e-9, 1.0)
ASSUMPTIONS = (
    "the acceptance does not depend on the mass, or is that of the published branching ratio",
    "vectors that leave the detector before decaying are not counted as invisible",
)


class Parent(NamedTuple):
    """Masses in GeV, the ordinary decay's branching ratio, form-factor slope in GeV^-2."""

    mass: float
    daughter: float
    ordinary: float
    slope: float


PARENTS = {
    "pi0": Parent(NEUTRAL_PION, 0.0, 0.98823, 1.84),
    "eta": Parent(0.547862, 0.0, 0.3936, 1.92),
    "eta-prime": Parent(0.95778, 0.0, 0.02307, 1.7),
    "phi": Parent(1.019461, 0.547862, 1.301e-2, 1.28),
    "omega": Parent(0.78266, NEUTRAL_PION, 8.33e-2, 2.24),
    "d-star": Parent(2.00685, 1.86484, 0.353, 0.0),
    "kaon": Parent(0.493677, CHARGED_PION, 1.0, 0.0),
    "kaon-longitudinal": Parent(0.493677, CHARGED_PION, 1.0, 0.0),
    "b-kaon-longitudinal": Parent(5.27941, 0.493677, 1.0, 0.0),
    "b-kstar-longitudinal": Parent(5.27941, 0.89167, 1.0, 0.0),
    "z-longitudinal": Parent(91.1880, 0.0, 1.0, 0.0),
}
"""[PDG:2024]; slopes of phi -> eta [KLOE:2015b] and omega -> pi0 [NA60:2016]. The `ordinary` decay
is the one with a photon; where there is none it is all decays."""
_QUARKS = ("u", "d", "s", "c", "b", "t")
_LIFETIME = {"kaon": 1.238e-8, "b": 1.638e-12}
"""of K+ and B+ in seconds [PDG:2024]"""
FIELDS = (
    Field("mode", "1", "decay in which the vector is made", choices=tuple(PARENTS)),
    Field("final", "1", "decays that are looked for",
          choices=(*FINAL_STATES, "invisible", "visible"), many=True),
    Field("decays", "1", "ordinary decays seen, with efficiency; 0 where limits are given",
          0.0, 1e30, default=0.0),
    Field("background", "1", "what the signal competes with", choices=("none", "pairs"),
          default="none"),
    Field("background_flat", "1", "further background events under the peak", 0.0, 1e15,
          default=0.0),
    Field("background_at_zero", "1", "events of a background that peaks at zero missing mass",
          0.0, 1e15, default=0.0),
    Field("resolution", "GeV", "resolution of the mass at zero mass", 0.0, 10.0, default=0.0),
    Field("resolution_slope", "1", "growth of that resolution with the mass", 0.0, 1.0,
          default=0.0),
    Field("resolution_squared", "GeV^2", "resolution of the missing mass squared", 0.0, 10.0,
          default=0.0),
    Field("mass_low", "GeV", "least mass that is looked for", 0.0, 1e3, default=0.0),
    Field("mass_high", "GeV", "largest mass that is looked for", 0.0, 1e3, default=1e3),
    Field("masses", "GeV", "masses of the limits, increasing", 0.0, 1e3, default=(), many=True),
    Field("limits", "1", "limits on the branching ratio, one for each mass", 0.0, 1.0, default=(),
          many=True),
    Field("gaps", "GeV", "windows without a limit: start, end, start, end ...", 0.0, 1e3,
          default=(), many=True),
    Field("energy", "GeV", "mean energy of the vector, for its flight", 0.0, 1e5, default=0.0),
    Field("prompt_m", "m", "flight length within which a decay counts", 0.0, 1e4, default=1e4),
)  # fmt: skip


def signature(experiment: Experiment) -> str:
    """`invisible` or `visible`: which decays the experiment looks for."""
    return "invisible" if "invisible" in experiment["final"] else "visible"


def reference_vector(experiment: Experiment, mass: np.ndarray) -> Vector | None:
    """An invisible vector of baryon number, L = g_x/3 qbar gamma q V, for longitudinal modes."""
    if not experiment["mode"].endswith("-longitudinal"):
        return None
    charge = np.full(mass.shape, 1.0 / (3.0 * StandardModel.default().e))
    return Vector(mass, dict.fromkeys(_QUARKS, charge), {}, 1e-2 * mass, "g_x")


def check(experiment: Experiment) -> None:
    """Raises UsageError for values that do not go together."""
    masses, limits, gaps = (experiment[name] for name in ("masses", "limits", "gaps"))
    if (experiment["decays"] > 0.0) == bool(limits):
        raise UsageError("one of the fields decays and limits must be given, not both.")
    if len(masses) != len(limits) or list(masses) != sorted(set(masses)):
        raise UsageError("the fields masses (increasing) and limits must be of one length.")
    if len(gaps) % 2 or list(gaps) != sorted(gaps):
        raise UsageError("the field gaps must hold pairs of increasing masses.")
    for name in ("masses", "limits"):
        if any(value <= 0.0 for value in experiment[name]):
            raise UsageError(f"every number of the field {name} must be above zero.")
    twice = {"dark", "nunu"} & set(experiment["final"])
    if "invisible" in experiment["final"] and twice:
        raise UsageError(f"final: invisible holds {min(twice)} already.")
    resolved = experiment["resolution"] + experiment["resolution_slope"] > 0.0
    if experiment["background"] == "pairs" and not resolved:
        raise UsageError("the field resolution must be above zero where pairs are the background.")


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses inside the search and outside its gaps, (n,) of bool."""
    parent = PARENTS[experiment["mode"]]
    inside = (mass >= experiment["mass_low"]) & (mass <= experiment["mass_high"])
    inside &= mass < parent.mass - parent.daughter
    known = experiment["masses"]
    if known:
        inside &= (mass >= known[0] * (1 - 1e-9)) & (mass <= known[-1] * (1 + 1e-9))
    gaps = experiment["gaps"]
    for start, stop in zip(gaps[::2], gaps[1::2], strict=True):
        inside &= (mass <= start) | (mass >= stop)
    return inside


def refused(experiment: Experiment, vector: Vector) -> tuple[np.ndarray, str]:
    """Where (n,) the anomaly alone does not give the longitudinal mode, and why."""
    if not experiment["mode"].endswith("-longitudinal"):
        return np.zeros(vector.mass.shape, bool), ""
    return ~anomalous.conserved_at_tree_level(vector.charges, vector.mass.shape), (
        "The longitudinal mode is computed for currents that masses and mixing of the fermions "
        "conserve: one charge for both members of every doublet (what is proportional to the "
        "electric charge aside) and for all generations of quarks."
    )


def branching_ratio(mode: str, vector: Vector) -> np.ndarray:
    """Branching ratio of the parent into the vector at g = 1, shape (n,); it goes as g^2.

    `*-longitudinal` modes take the anomaly of the vector's charges.
    """
    if mode.endswith("-longitudinal"):
        return _longitudinal(mode, vector)
    return _unit_ratio(mode, vector.mass) * vector.strength(mode)


def _unit_ratio(mode: str, mass: np.ndarray) -> np.ndarray:
    """Branching ratio into a dark photon with epsilon = 1, (n,)."""
    parent = PARENTS[mode]
    sm = StandardModel.default()
    if mode == "kaon":
        width = formulas.kaon_to_pion(mass, parent.mass, parent.daughter, sm.alpha, sm.g_fermi)
        return width * _LIFETIME["kaon"] / HBAR_GEV_S
    if parent.daughter > 0.0:
        shape = formulas.pole_form_factor(mass, parent.slope)
        ratio = formulas.vector_to_pseudoscalar(mass, parent.mass, parent.daughter, shape)
    else:
        form = formulas.linear_form_factor if mode == "pi0" else formulas.pole_form_factor
        shape = form(mass, parent.slope)
        ratio = formulas.pseudoscalar_to_photon(mass, parent.mass, shape)
    return parent.ordinary * ratio


def _longitudinal(mode: str, vector: Vector) -> np.ndarray:
    """Branching ratio from the anomaly of the current at g = 1, (n,)."""
    sm = StandardModel.default()
    parent, mass = PARENTS[mode], vector.mass
    coupling = sm.e * np.abs(anomalous.anomaly_of_charges(vector.charges))
    if mode == "z-longitudinal":
        return anomalous.z_to_photon(coupling, mass, sm, 1.0) / sm.gamma_z
    quarks, name = (("s", "d"), "kaon") if mode.startswith("kaon") else (("b", "s"), "b")
    coupling = coupling * anomalous.flavour_coupling(*quarks, sm, 1.0)
    lifetime = _LIFETIME[name] / HBAR_GEV_S
    if mode == "b-kstar-longitudinal":
        form = anomalous.b_to_kstar_form_factor(mass**2)
        width = anomalous.pseudoscalar_to_vector(parent.mass, parent.daughter, mass, coupling, form)
        return width * lifetime
    form = anomalous.b_to_k_form_factor(mass**2) if name == "b" else 1.0
    args = (parent.mass, parent.daughter, mass, coupling, form)
    return anomalous.pseudoscalar_to_pseudoscalar(*args) * lifetime


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Signal events (n, k) as significant as that many without background."""
    ratio = branching_ratio(experiment["mode"], vector)
    ordinary = PARENTS[experiment["mode"]].ordinary
    if experiment["limits"]:
        logs = np.log(experiment["masses"]), np.log(experiment["limits"])
        number = experiment.n_limit * ratio / np.exp(np.interp(np.log(vector.mass), *logs))
        background = np.zeros_like(number)
    else:
        number = experiment["decays"] * ratio / ordinary
        background = _background(experiment, vector.mass)
    boost = np.maximum(experiment["energy"] / vector.mass, 1.0)
    yield_ = Yield(number[:, None], np.sqrt(np.maximum(boost**2 - 1.0, 1e-12))[:, None])
    visible = tuple(final for final in experiment["final"] if final != "invisible")
    counts = np.zeros((vector.mass.size, np.shape(g2)[-1]))
    if visible:
        flight = experiment["prompt_m"] if experiment["energy"] > 0.0 else 1e30
        counts = decays(yield_, vector, g2, 0.0, flight, visible)
    if len(visible) < len(experiment["final"]):
        counts = counts + number[:, None] * g2 * vector.branching(("invisible",), g2)
    return equivalent_signal(counts[None], background[None], experiment.n_limit)


def _background(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Background events under the peak, (n,)."""
    total = np.full(mass.shape, experiment["background_flat"])
    mode, sm = experiment["mode"], StandardModel.default()
    if experiment["background"] == "pairs":
        unit = experiment["decays"] * _unit_ratio(mode, mass) / PARENTS[mode].ordinary
        sigma = experiment["resolution"] + experiment["resolution_slope"] * mass
        for final, lepton in (("ee", sm.m_e), ("mumu", sm.m_mu)):
            if final in experiment["final"]:
                density = formulas.lepton_pair_spectrum(mass, lepton, unit, sm.alpha)
                total = total + density * effective_window(sigma)
    peak, sigma2 = experiment["background_at_zero"], experiment["resolution_squared"]
    if peak > 0.0 and sigma2 > 0.0:
        total = total + peak * _overlap(mass**2 / sigma2)
    return total


def _overlap(distance: Any) -> Any:
    """Fraction of a Gaussian peak at zero within one resolution of `distance` resolutions."""
    from scipy.special import ndtr

    return ndtr(1.0 - distance) - ndtr(-1.0 - distance)
