"""Make the modes.csv of records whose vectors come from several modes of production in a dump.

    python -m tests.oracles.make_production_modes

Where the experiment is computed from its beam (`COMPUTED`), the parts are those of its expected
events at the published lower edge. Elsewhere they are an estimate. A meson P counts as its
multiplicity relative to the pi0 times BR(P -> gamma gamma)/BR(pi0 -> gamma gamma) times the phase
space (1 - m^2/m_P^2)^3 of P -> gamma V.
Proton bremsstrahlung counts as BREMSSTRAHLUNG of the pi0 times the rho pole |F|^2. That number
comes from published curves: at the lower edge of a dump the signal goes as epsilon^4, so two curves
of one experiment for two modes give their ratio. (nu-Cal pi0 over nu-Cal bremsstrahlung)^4 is 0.005
below 50 MeV, and SHiP has 0.07 bremsstrahlung for one eta at 0.1 GeV, which is 0.003 of the pi0.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vectorportal.bounds.curve import interpolate
from vectorportal.bounds.experiments import proton_dump
from vectorportal.bounds.experiments.events import decays
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.registry import get_bound

DATA = Path(__file__).parents[2] / "src" / "vectorportal" / "data" / "bounds"
MASS = {"pi0": 0.1349768, "eta": 0.547862, "eta-prime": 0.95778}
"""Masses in GeV, PDG"""
MULTIPLICITY = {"pi0": 1.0, "eta": 0.10, "eta-prime": 0.02}
"""Rough numbers per pi0 in proton collisions at 70 to 14000 GeV"""
TWO_PHOTONS = {"pi0": 0.98823, "eta": 0.3936, "eta-prime": 0.02307}
"""Branching ratios into two photons, PDG"""
BREMSSTRAHLUNG = 0.004
RHO = (0.77526, 0.1491)
"""Mass and width in GeV, PDG"""
GRID = (0.001, 0.05, 0.09, 0.11, 0.12, 0.128, 0.1335, 0.135, 0.2, 0.27, 0.34, 0.4, 0.44, 0.48)
GRID += (0.51, 0.53, 0.545, 0.56, 0.7, 0.8, 0.95, 1.0, 1.5)

ALL = ("pi0", "eta", "eta-prime", "proton-bremsstrahlung")
SOME = ("pi0", "eta", "proton-bremsstrahlung")
RECORDS = {
    "charm_2022_baryonic": ("eta", "eta-prime"),
    "faser2_2018_proj": ALL,
    "na62_2019_dump_proj": ALL,
    "nucal_2022_baryonic": SOME,
}
"""Modes that the papers of the records name"""
COMPUTED = (
    "charm_2012_gninenko",
    "charm_2019_tsai",
    "darkquest_2019_run1_proj",
    "darkquest_2019_run2_proj",
    "faser2_2021_proj",
    "faser_2018_run3_proj",
    "faser_2023",
    "na62_2023_dump_ee",
    "na62_2023_dump_mumu",
    "nucal_2019_tsai",
)
"""Records whose experiment is computed"""
POINTS = 25


def weight(mode: str, mass: float) -> float:
    """Vectors of `mass` (GeV) from one mode, relative to those from the pi0 at mass zero."""
    if mode == "proton-bremsstrahlung":
        m, width = RHO
        return BREMSSTRAHLUNG * m**4 / ((m**2 - mass**2) ** 2 + (m * width) ** 2)
    if mass >= MASS[mode]:
        return 0.0
    ratio = MULTIPLICITY[mode] * TWO_PHOTONS[mode] / TWO_PHOTONS["pi0"]
    return ratio * (1.0 - (mass / MASS[mode]) ** 2) ** 3


def table(modes: tuple[str, ...], mass_max: float) -> str:
    """The text of a modes.csv up to the first mass of GRID above `mass_max` (GeV)."""
    lines = ["mass_GeV," + ",".join(modes)]
    for mass in GRID:
        parts = np.array([weight(mode, mass) for mode in modes])
        if parts.sum() <= 0.0:
            break
        parts = np.round(parts / parts.sum(), 4)
        parts[np.argmax(parts)] += 1.0 - parts.sum()
        lines.append(f"{mass:g}," + ",".join(f"{part:g}" for part in np.round(parts, 4)))
        if mass > mass_max:
            break
    return "\n".join(lines) + "\n"


def text_of(name: str) -> str:
    """What modes.csv of the record `name` holds."""
    curve = np.genfromtxt(DATA / name / "curve.csv", delimiter=",", skip_header=1)
    return table(RECORDS[name], float(curve[:, 0].max()))


def computed(name: str) -> str:
    """What modes.csv of the record `name` holds, from the experiment that its record names."""
    record = get_bound(name)
    curve, experiment = record.curve, get_experiment(str(record.experiment_file))
    assert curve is not None
    has = np.isfinite(curve.lower)
    mass = np.geomspace(curve.mass[has][0], curve.mass[has][-1], POINTS)
    mass = mass.clip(curve.mass[has][0], curve.mass[has][-1])
    lower, _ = interpolate(curve, mass)
    vector = Vector.dark_photon(mass)
    place = (experiment["start"], experiment["length"], tuple(experiment["finals"]))
    events = {
        mode: decays(made, vector, lower[:, None] ** 2, *place)[:, 0]
        for mode, made in proton_dump.yields(experiment, mass).items()
    }
    total = np.sum([*events.values()], axis=0)
    lines = ["mass_GeV," + ",".join(events)]
    for i in np.flatnonzero(total > 0.0):
        parts = np.round([float(n[i] / total[i]) for n in events.values()], 4)
        parts[np.argmax(parts)] += 1.0 - parts.sum()
        lines.append(f"{mass[i]:.4g}," + ",".join(f"{part:.4f}" for part in parts))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for record in RECORDS:
        (DATA / record / "modes.csv").write_text(text_of(record), encoding="utf-8")
    for record in COMPUTED:
        (DATA / record / "modes.csv").write_text(computed(record), encoding="utf-8")
