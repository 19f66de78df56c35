"""Engine `monophoton`: e+ e- -> gamma V with acceptance, over a background that is computed too.

Visible: a peak in the mass of lepton pairs over gamma l+ l- (photon from the initial and from the
final state, tree level). Invisible: a peak in the photon's energy over gamma nu nubar
(`background: neutrinos`), or over a given number of events per GeV^2 of missing mass squared
(`background: flat`), which is then fitted to the published limit: only the shape is predicted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.experiments.counting import effective_window, equivalent_signal
from vectorportal.bounds.experiments.events import Yield, decays, remember
from vectorportal.bounds.experiments.pair_acceptance import accepted, decay_shares, shape
from vectorportal.bounds.experiments.photon_production import (
    cosines,
    frame,
    gamma_beta,
    produced_vectors,
    unit_cross_section,
)
from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.bounds.experiments.vector import CHARGES, Vector
from vectorportal.errors import UsageError
from vectorportal.formulas import radiative_return as rr
from vectorportal.inputs.hadron_channels import channel_ratios
from vectorportal.inputs.standard_model import StandardModel

__all__ = [
    "ASSUMPTIONS",
    "FIELDS",
    "RANGE",
    "accepted_pairs",
    "check",
    "domain",
    "frame",
    "produced_vectors",
    "signal",
    "signature",
]

RANGE = (1e-6, 1.0)
ASSUMPTIONS = (
    "tree level, massless electrons, one photon; radiation of further photons is left out",
    "the limit is the expected one of a Gaussian peak over the computed background",
    "a vector made by a dipole is seen with the efficiency of one made by kinetic mixing",
)
_MASSLESS = 1.0
"""mass of the vector in GeV above which m_e is nothing (its corrections are (m_e/m)^4)"""
_FINALS = ("ee", "mumu", "pipi", "invisible")
FIELDS = (
    Field("electron_energy", "GeV", "energy of the electron beam", 1e-3, 1e4),
    Field("positron_energy", "GeV", "energy of the positron beam", 1e-3, 1e4),
    Field("luminosity", "GeV^2", "integrated luminosity (an inverse area)", 0.0, 1e25),
    Field("final", "1", "decays that are looked for", choices=_FINALS, many=True),
    Field("photon", "1", "photon seen or lost along a beam", choices=("tagged", "untagged"),
          default="tagged"),
    Field("theta_min", "1", "smallest angle of a tagged photon to the electron beam (degrees); "
          "largest angle to either beam of an untagged one", 0.0, 180.0),
    Field("theta_max", "1", "largest angle of a tagged photon (degrees)", 0.0, 180.0,
          default=180.0),
    Field("track_theta", "1", "smallest angle of both tracks to the beams (degrees), used with an "
          "untagged photon", 0.0, 90.0, default=0.0),
    Field("energy_cut", "GeV", "least photon energy in the centre of mass", 0.0, 1e4, default=0.0),
    Field("efficiency_ee", "1", "efficiency for e+e- within acceptance", 0.0, 1.0, default=0.0),
    Field("efficiency_mumu", "1", "efficiency for mu+mu- within acceptance", 0.0, 1.0, default=0.0),
    Field("efficiency_pipi", "1", "efficiency for pi+pi- within acceptance", 0.0, 1.0, default=0.0),
    Field("efficiency_invisible", "1", "efficiency for a single photon", 0.0, 1.0, default=0.0),
    Field("resolution", "GeV", "resolution of the pair mass at zero mass", 0.0, 10.0, default=0.0),
    Field("resolution_slope", "1", "growth of that resolution with the mass", 0.0, 1.0,
          default=0.0),
    Field("resolution_stochastic", "1", "photon energy resolution: a in a/sqrt(E/GeV)", 0.0, 1.0,
          default=0.0),
    Field("resolution_constant", "1", "photon energy resolution: constant term", 0.0, 1.0,
          default=0.0),
    Field("electron_background", "1", "e+e- background over that from virtual photons alone "
          "(radiative Bhabha scattering)", 1.0, 1e4, default=1.0),
    Field("background", "1", "what a single photon competes with",
          choices=("neutrinos", "flat"), default="neutrinos"),
    Field("background_density", "1", "flat background events per GeV^2 of missing mass squared",
          0.0, 1e12, default=0.0),
    Field("background_growth", "1", "power p of that density, as (sqrt(s)/2 E)^p for a photon of "
          "energy E", 0.0, 20.0, default=0.0),
    Field("prompt_m", "m", "flight length within which a decay counts", 0.0, 1e4, default=1e4),
)  # fmt: skip


def signature(experiment: Experiment) -> str:
    """`invisible` or `visible`: which decays the experiment looks for."""
    return "invisible" if "invisible" in experiment["final"] else "visible"


def check(experiment: Experiment) -> None:
    """Raises UsageError for values that do not go together."""
    finals = experiment["final"]
    if "invisible" in finals and len(finals) > 1:
        raise UsageError("final: invisible stands alone, its background is another one.")
    _check_angles(experiment)
    for final in finals:
        if experiment[f"efficiency_{final}"] <= 0.0:
            raise UsageError(f"the field efficiency_{final} must be above zero for this final.")
    if "invisible" in finals and _photon_resolution(experiment, 1.0) <= 0.0:
        raise UsageError("resolution_stochastic or resolution_constant must be above zero.")
    if "invisible" not in finals and experiment["resolution"] <= 0.0:
        raise UsageError("the field resolution must be above zero.")


def _check_angles(experiment: Experiment) -> None:
    """Photons along a beam need the mass of the electron, which the rate within angles leaves out:
    every edge must be further from the beams than m_e/E."""
    m_e = StandardModel.default().m_e
    low, high = experiment["theta_min"], experiment["theta_max"]
    near, far = (np.degrees(m_e / experiment[f"{b}_energy"]) for b in ("electron", "positron"))
    if experiment["photon"] == "untagged":
        if "invisible" in experiment["final"]:
            raise UsageError("final: invisible needs photon: tagged, since nothing else is seen.")
        least = max(near, far)
        if not least < low < 90.0:
            raise UsageError(
                f"theta_min = {low:g} must be above {least:.2g} (m_e/E) and below 90 degrees for "
                "an untagged photon."
            )
        return
    if not near < low < high < 180.0 - far:
        raise UsageError(
            f"theta_min = {low:g} and theta_max = {high:g} must be increasing and between "
            f"{near:.2g} and {180.0 - far:.8g} degrees for a tagged photon: closer to a beam than "
            "m_e/E the rate within angles does not hold."
        )


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses at which a photon above the cut can be emitted, (n,) of bool."""
    s, _ = frame(experiment)
    lowest = max(experiment["energy_cut"], 1e-3 * np.sqrt(s))
    return (mass**2 < s) & (rr.photon_energy(s, np.minimum(mass, np.sqrt(s))) >= lowest)


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Signal events (n, k) as significant as that many without background."""
    counts, background = [], []
    made = _made(experiment, vector)
    for final in experiment["final"]:
        efficiency = experiment[f"efficiency_{final}"]
        number = _caught(experiment, vector, made, final) * efficiency
        if final == "invisible":
            counts.append(number[:, None] * g2 * vector.branching(("invisible",), g2))
        else:
            yield_ = Yield(number[:, None], gamma_beta(experiment, vector.mass)[:, None])
            name, share = (final, 1.0) if final != "pipi" else ("hadrons", _pion_share(vector))
            found = decays(yield_, vector, g2, 0.0, experiment["prompt_m"], (name,))
            counts.append(np.reshape(share, (-1, 1)) * found)
        background.append(background_events(experiment, vector.mass, final) * efficiency)
    return equivalent_signal(np.array(counts), np.array(background), experiment.n_limit)


def _pion_share(vector: Vector) -> np.ndarray:
    """Fraction of pi+pi- among the hadrons that the vector decays to, (n,)."""
    charges = {name: np.asarray(vector.charges.get(name, 0.0 * vector.mass)) for name in "udscb"}
    ratios = channel_ratios(vector.mass, charges)
    total = np.asarray(sum(ratios.values()))
    return np.where(total > 0.0, ratios["pipi"] / np.where(total > 0.0, total, 1.0), 0.0)


def _made(experiment: Experiment, vector: Vector) -> dict[str, np.ndarray]:
    """Vectors (n,) at g = 1 with the photon in its acceptance, by the structure that makes them."""
    parts = vector.parts("electron-positron")
    found = {"vector": produced_vectors(experiment, vector.mass) * _strength(vector)}
    if "dipole" in parts:
        number = produced_vectors(experiment, vector.mass, "dipole")
        found["dipole"] = number * parts["dipole"]
    return found


def _caught(
    experiment: Experiment, vector: Vector, made: dict[str, np.ndarray], final: str
) -> np.ndarray:
    """Those of them (n,) whose decay to `final` would be in acceptance."""
    shares = decay_shares(vector, final)
    total = np.zeros_like(vector.mass)
    for production, number in made.items():
        for decay, share in shares.items():
            inside = accepted_pairs(experiment, vector.mass, final, production, decay)
            total = total + number * share * inside
    return total


def _strength(vector: Vector) -> np.ndarray:
    """Production at g = 1 by vector and axial couplings, over a dark photon of epsilon = 1; (n,).

    Far above the electron's mass the two count alike, in production and in the width to e+e-,
    alpha_V m/3, which therefore gives the coupling, mixing with the Z included, unless a dipole
    adds to that width.
    """
    strength = np.array(vector.strength("electron-positron"))
    if "e" in vector.dipoles:
        return strength + np.asarray(vector.axial.get("e", 0.0)) ** 2
    alpha = StandardModel.default().alpha
    from_width = 3.0 * vector.widths.get("ee", np.zeros_like(strength)) / (alpha * vector.mass)
    return np.where(vector.mass > _MASSLESS, from_width, strength)


def accepted_pairs(
    experiment: Experiment,
    mass: np.ndarray,
    final: str,
    production: str = "vector",
    decay: str = "vector",
) -> np.ndarray:
    """Fraction of pairs with both tracks in acceptance, the pair flying along the beam; (n,).

    1 for tagged photons, where the efficiency holds it, and for invisible decays.
    """
    if final == "invisible" or experiment["photon"] == "tagged":
        return np.ones_like(mass)
    s, boost = frame(experiment)
    edge = float(np.cos(np.radians(experiment["track_theta"])))
    return accepted(s, boost, mass, edge, shape(final, production, decay))


def background_events(experiment: Experiment, mass: np.ndarray, final: str) -> np.ndarray:
    """Background events that count under the peak, before efficiency; (n,)."""
    if final != "invisible":
        sigma = experiment["resolution"] + experiment["resolution_slope"] * mass
        return _pairs(experiment, mass, final) * effective_window(sigma)
    if experiment["background"] == "neutrinos":
        return _neutrinos(experiment, mass)
    energy = rr.photon_energy(frame(experiment)[0], mass)
    root = np.sqrt(frame(experiment)[0])
    sigma = _photon_resolution(experiment, energy) * energy * 2.0 * root
    growth = (root / (2.0 * energy)) ** experiment["background_growth"]
    return experiment["background_density"] * growth * effective_window(sigma)


def _pairs(experiment: Experiment, mass: np.ndarray, final: str) -> np.ndarray:
    """Pairs per GeV of their mass, photon from either state, within acceptance.

    Radiation of pions is left out.
    """
    sm = StandardModel.default()
    lepton = sm.m_e if final == "ee" else sm.m_mu
    s, velocity = frame(experiment)
    unit = sm.alpha * unit_cross_section(experiment, mass)
    charges = {name: np.full(mass.shape, CHARGES[name]) for name in "udscb"}
    pions = final == "pipi"
    ratio = channel_ratios(mass, charges)["pipi"] if pions else rr.ratio_of_pair(mass, lepton)
    initial = rr.pair_spectrum(mass, unit, np.asarray(ratio), sm.alpha)
    if final == "ee":
        initial = initial * experiment["electron_background"]
    initial = initial * accepted_pairs(experiment, mass, final)
    if experiment["photon"] == "tagged" and not pions:
        low, high = cosines(experiment, velocity)
        share = 0.375 * (high - low + (high**3 - low**3) / 3.0)
        initial = initial + share * rr.final_state_pair_spectrum(s, mass, lepton, sm.alpha)
    return experiment["luminosity"] * initial


def _photon_resolution(experiment: Experiment, energy: Any) -> Any:
    """sigma_E/E of a photon of `energy` (GeV)."""
    stochastic = experiment["resolution_stochastic"] / np.sqrt(energy)
    return np.hypot(stochastic, experiment["resolution_constant"])


@remember
def _neutrinos(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """gamma nu nubar events that count under the peak in the photon's energy; (n,).

    Spectrum and peak are smeared with the resolution; 1/integral of s(E)^2/b(E) for a peak s of
    unit area.
    """
    sm = StandardModel.default()
    s, _ = frame(experiment)
    root = np.sqrt(s)
    low = max(experiment["energy_cut"], 1e-3 * root)
    true = np.linspace(low, root / 2.0 * (1.0 - 1e-9), 1201)
    recoil = np.sqrt(np.maximum(s - 2.0 * root * true, 1e-12))
    pairs = rr.neutrino_pair_cross_section(
        recoil**2, sm.m_z, sm.gamma_z, sm.m_w, sm.sw2, sm.g_fermi
    )
    per_mass = rr.recoil_spectrum(recoil, unit_cross_section(experiment, recoil), pairs)
    density = experiment["luminosity"] * per_mass * root / recoil
    seen = np.linspace(low, 0.75 * root, 1001)
    weight = np.gradient(true)
    smeared = _gauss(seen[:, None], true[None, :], _photon_resolution(experiment, true) * true)
    spectrum = smeared @ (density * weight)
    energy = rr.photon_energy(s, mass)
    peak = _gauss(seen[:, None], energy[None, :], _photon_resolution(experiment, energy) * energy)
    # a background of one event per 1e9 keeps empty bins finite
    overlap = np.sum(peak**2 / np.maximum(spectrum, 1e-9)[:, None], axis=0) * (seen[1] - seen[0])
    return 1.0 / np.maximum(overlap, 1e-300)


def _gauss(x: np.ndarray, mean: np.ndarray, sigma: Any) -> np.ndarray:
    return np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (np.sqrt(2.0 * np.pi) * sigma)
