"""Engine `proton-dump`: vectors made by protons in a thick target or at a collider, that decay in
a volume behind a shield.

Vectors come from pi0, eta and eta' -> photon + vector, omega -> pi0 + vector, and from
bremsstrahlung of the beam proton.
Every proton collides once; secondary hadrons make no vectors.
"""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.experiments.events import Yield, decays, remember
from vectorportal.bounds.experiments.meson_spectra import MESONS, MODELS, TRANSITIONS, spectrum
from vectorportal.bounds.experiments.proton_brem import (
    FORM_FACTORS,
    SPLITTINGS,
    form_factor,
    integrated,
    sigma_pp,
)
from vectorportal.bounds.experiments.proton_decay import (
    Acceptance,
    decay_vectors,
    gamma_beta_grid,
    share,
)
from vectorportal.bounds.experiments.spec import FINAL_STATES, Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError

__all__ = ["ASSUMPTIONS", "FIELDS", "check", "domain", "signal", "yields"]

BREMSSTRAHLUNG = "proton-bremsstrahlung"
MODES = (*MESONS, BREMSSTRAHLUNG)
HEAVIEST = 3.0
"""GeV: above it Drell-Yan, which is not computed, makes the vectors"""
_M_PROTON = 0.9382720894
_Z_NODES = 64

FIELDS = (
    Field("beam_energy", "GeV", "energy of a beam proton", 5.0, 1e5),
    Field("protons", "1", "protons that collide", 1.0, 1e30),
    Field("mass_number", "1", "mass number of the target nucleus", 1.0, 250.0, 1.0),
    Field(
        "collider", "1", "two equal beams, not a fixed target", default="no", choices=("yes", "no")
    ),
    Field("modes", "1", "production modes", default=MODES, choices=MODES, many=True),
    Field("mesons", "1", "model of the meson spectra", default="bmpt", choices=MODELS),
    Field("eta_scale", "1", "factor on the numbers of other mesons", 0.0, 100.0, 1.0),
    Field("pi0_scale", "1", "factor on the number of pi0", 0.0, 100.0, 1.0),
    Field("transition", "1", "of mesons", default=TRANSITIONS[0], choices=TRANSITIONS),
    Field("splitting", "1", "radiation model", default=SPLITTINGS[0], choices=SPLITTINGS),
    Field("form_factor", "1", "of the proton", default=FORM_FACTORS[0], choices=FORM_FACTORS),
    Field("z_min", "1", "smallest energy share of a radiated vector", 1e-3, 0.99, 0.1),
    Field("z_max", "1", "largest energy share of a radiated vector", 2e-3, 0.999, 0.9),
    Field("pt_max", "GeV", "largest p_T of a radiated vector", 1e-3, 100.0, 1.0),
    Field("start", "m", "from the target to the decay volume", 0.0, 1e6),
    Field("length", "m", "length of the decay volume", 1e-3, 1e6),
    Field("radius", "m", "outer radius of the detector about the beam axis", 1e-4, 1e4),
    Field("inner_radius", "m", "inner radius of the detector", 0.0, 1e4, 0.0),
    Field(
        "azimuth", "1", "share of the turn between the radii that the detector covers", 0, 1, 1.0
    ),
    Field(
        "plane", "m", "from the target to where the radii hold; 0: end of the volume", 0, 1e6, 0.0
    ),
    Field("pair_radius", "m", "both decay products pass within; 0: not asked", 0.0, 1e4, 0.0),
    Field("pair_plane", "m", "from the target to where pair_radius holds", 0.0, 1e6, 0.0),
    Field("opening_min", "1", "smallest angle (rad) between the decay products", 0.0, 1.0, 0.0),
    Field("energy_min", "GeV", "smallest energy of the vector", 0.0, 1e5, 0.0),
    Field("finals", "1", "decays that count", choices=FINAL_STATES, many=True, default=("ee",)),
    Field("efficiency", "1", "share of these decays that is kept", 1e-6, 1.0, 1.0),
)

ASSUMPTIONS = (
    "every proton collides once and secondary hadrons make no vectors",
    "the production model moves the small-coupling edge by up to a factor 2",
    "vectors above 3 GeV, made by Drell-Yan, are left out",
)


def check(experiment: Experiment) -> None:
    """UsageError for edges in the wrong order."""
    for low, high in (("z_min", "z_max"), ("inner_radius", "radius")):
        if not experiment[low] < experiment[high]:
            raise UsageError(
                f"{experiment.id}: {low} = {experiment[low]:g} must be below {high} = "
                f"{experiment[high]:g}."
            )
    middle = experiment["start"] + 0.5 * experiment["length"]
    if experiment["pair_radius"] > 0.0 and experiment["pair_plane"] <= middle:
        raise UsageError(
            f"{experiment.id}: pair_plane = {experiment['pair_plane']:g} m must be behind the "
            f"middle of the decay volume at {middle:g} m."
        )


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses (n,) up to 3 GeV."""
    return mass <= HEAVIEST


def acceptance(experiment: Experiment) -> Acceptance:
    """Angles and energies that the detector sees."""
    plane = experiment["plane"] or experiment["start"] + experiment["length"]
    outer, inner = (np.arctan(experiment[k] / plane) for k in ("radius", "inner_radius"))
    return Acceptance(outer, inner, experiment["azimuth"], experiment["energy_min"])


def meson_yield(experiment: Experiment, meson: str, mass: float, grid: np.ndarray) -> np.ndarray:
    """Vectors per collision towards the detector on the nodes `grid` (b,) of gamma beta."""
    kind = MESONS[meson]
    ratio = kind.vectors(mass, experiment["transition"])
    if ratio == 0.0:
        return np.zeros_like(grid)
    made = spectrum(
        experiment["mesons"], meson, experiment["beam_energy"], experiment["mass_number"]
    )
    momentum, part = decay_vectors(
        mass, kind.mass, made.momentum, made.angle, acceptance(experiment), kind.other
    )
    scale = experiment["pi0_scale"] if meson == "pi0" else experiment["eta_scale"]
    weight = scale * ratio * made.number[:, None] * part
    return share(grid, momentum.ravel() / mass, weight.ravel())


def radiated(experiment: Experiment, mass: float, grid: np.ndarray) -> np.ndarray:
    """Vectors per collision from bremsstrahlung on the nodes `grid` (b,) of gamma beta."""
    beam, seen = experiment["beam_energy"], acceptance(experiment)
    low = max(experiment["z_min"], seen.energy / beam, 1.001 * mass / beam)
    high = experiment["z_max"]
    if low >= high:
        return np.zeros_like(grid)
    x, w = np.polynomial.legendre.leggauss(_Z_NODES)
    z = np.exp(np.log(low) + 0.5 * np.log(high / low) * (x + 1.0))
    w = 0.5 * np.log(high / low) * w * z
    momentum = np.sqrt((z * beam) ** 2 - mass**2)
    edges = [
        np.minimum(momentum * np.sin(a), experiment["pt_max"]) for a in (seen.inner, seen.outer)
    ]
    number = integrated(z, edges[0] ** 2, edges[1] ** 2, mass, experiment["splitting"])
    s = 4.0 * beam**2 if experiment["collider"] == "yes" else 2.0 * _M_PROTON * (_M_PROTON + beam)
    number = number * sigma_pp((1.0 - z) * s) / sigma_pp(s) * seen.azimuth
    return share(grid, momentum / mass, w * number * form_factor(mass, experiment["form_factor"]))


def _pair(experiment: Experiment, grid: np.ndarray) -> np.ndarray:
    """Share of decays to two light particles, isotropic, that pass pair_radius and opening_min.

    A product at angle x to the vector in its rest frame has the angle sin x/(gamma beta (1 + cos
    x)) for gamma beta >> 1: the backward one decides whether both pass within pair_radius, and
    the two are 2/(gamma beta sin x) apart.
    """
    low, high = np.zeros_like(grid), np.ones_like(grid)
    if experiment["opening_min"]:
        least = np.minimum(2.0 / (grid * experiment["opening_min"]), 1.0)
        low = np.sqrt(1.0 - least**2)
    if experiment["pair_radius"]:
        middle = experiment["start"] + 0.5 * experiment["length"]
        x2 = (grid * experiment["pair_radius"] / (experiment["pair_plane"] - middle)) ** 2
        high = (x2 - 1.0) / (x2 + 1.0)
    return np.maximum(high - low, 0.0)


@remember
def yields(experiment: Experiment, mass: np.ndarray) -> dict[str, Yield]:
    """Vectors towards the detector by mode at g = 1 for a dark photon, for the whole run."""
    check(experiment)
    beam = experiment["beam_energy"]
    grids = np.stack([gamma_beta_grid(m, beam) for m in mass])
    found = {}
    for mode in experiment["modes"]:
        rows = []
        for m, grid in zip(mass, grids, strict=True):
            if mode == BREMSSTRAHLUNG:
                made = radiated(experiment, m, grid)
            else:
                made = meson_yield(experiment, mode, m, grid)
            rows.append(made * _pair(experiment, grid))
        number = experiment["protons"] * experiment["efficiency"] * np.stack(rows)
        found[mode] = Yield(number, grids)
    return found


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Expected decays (n, k) of `vector` in the volume at couplings squared `g2` (n, k)."""
    number, grid = 0.0, None
    for mode, made in yields(experiment, vector.mass).items():
        number = number + made.number * vector.strength(mode)[:, None]
        grid = made.gamma_beta
    assert grid is not None
    total = Yield(np.asarray(number), grid)
    finals = tuple(experiment["finals"])
    return decays(total, vector, g2, experiment["start"], experiment["length"], finals)
