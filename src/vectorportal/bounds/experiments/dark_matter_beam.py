"""Engine `dark-matter-beam`: vectors made by protons decay to dark matter, which scatters in a
detector far behind the target.

Events = sum over vectors of 2 (chi and its antiparticle) x (flux per area at the detector)
x targets x sigma. Production goes as g^2, scattering as g^2 alpha_d, so events go as g^4 where the
vector decays to dark matter. Kind, mass and coupling of the dark matter are those of the model, or
of the experiment (dm, mass_ratio, alpha_d) where the vector comes without.
"""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.experiments.dark_recoil import cross_section, recoil_spectrum
from vectorportal.bounds.experiments.events import remember
from vectorportal.bounds.experiments.meson_spectra import MESONS, MODELS, TRANSITIONS, spectrum
from vectorportal.bounds.experiments.proton_brem import (
    FORM_FACTORS,
    SPLITTINGS,
    form_factor,
    sigma_pp,
    splitting,
)
from vectorportal.bounds.experiments.proton_decay import cone_fraction
from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError

__all__ = [
    "ASSUMPTIONS",
    "FIELDS",
    "SIGNATURE",
    "check",
    "domain",
    "recoil_spectrum",
    "refused",
    "remarks",
    "signal",
]

SIGNATURE = "invisible"
RANGE = (1e-7, 1.0)
KINDS = ("scalar", "dirac")
_KIND = {"complex-scalar": "scalar", "dirac": "dirac"}
"""kinds of dark matter of the models whose scattering is computed"""
TARGETS = ("electron", "nucleon")
BREMSSTRAHLUNG = "proton-bremsstrahlung"
MODES = (*MESONS, BREMSSTRAHLUNG)
HEAVIEST = 3.0
_M_E, _M_N, _M_P = 0.00051099895069, 0.93891875, 0.9382720894
_SAMPLES = 24_000
_ENERGIES = 64
_PER_DECADE = 10

FIELDS = (
    Field("beam_energy", "GeV", "energy of a beam proton", 5.0, 1e4),
    Field("protons", "1", "protons that collide", 1.0, 1e30),
    Field("mass_number", "1", "mass number of the target nucleus", 1.0, 250.0, 1.0),
    Field("modes", "1", "production modes", choices=MODES, many=True, default=MODES),
    Field("mesons", "1", "model of the meson spectra", choices=MODELS, default="bmpt"),
    Field("pi0_scale", "1", "factor on the number of pi0", 0.0, 100.0, 1.0),
    Field("eta_scale", "1", "factor on the numbers of other mesons", 0.0, 100.0, 1.0),
    Field("transition", "1", "of mesons", choices=TRANSITIONS, default=TRANSITIONS[0]),
    Field("splitting", "1", "radiation model", choices=SPLITTINGS, default=SPLITTINGS[0]),
    Field("form_factor", "1", "of the proton", choices=FORM_FACTORS, default=FORM_FACTORS[0]),
    Field("z_min", "1", "smallest energy share of a radiated vector", 1e-3, 0.99, 0.2),
    Field("z_max", "1", "largest energy share of a radiated vector", 2e-3, 0.999, 0.8),
    Field("pt_max", "GeV", "largest p_T of a radiated vector", 1e-3, 100.0, 0.5),
    Field("distance", "m", "from the target to the detector", 1.0, 1e6),
    Field("radius", "m", "of the disc, or half width of the ring, for the mean flux", 0.01, 1e3),
    Field("angle", "1", "of the detector to the beam (rad)", 0.0, 1.0, 0.0),
    Field("target", "1", "what recoils", choices=TARGETS, default="electron"),
    Field("electrons", "1", "electrons in the detector", 0.0, 1e40, 0.0),
    Field("protons_in_detector", "1", "protons in the detector", 0.0, 1e40, 0.0),
    Field("neutrons_in_detector", "1", "neutrons in the detector", 0.0, 1e40, 0.0),
    Field("recoil_min", "GeV", "smallest kinetic energy of the recoil", 1e-6, 1e3),
    Field("recoil_max", "GeV", "largest kinetic energy of the recoil", 1e-6, 1e4),
    Field("efficiency", "1", "share of the recoils that is kept", 1e-6, 1.0, 1.0),
    Field("dm", "1", "dark matter where the model has none", choices=KINDS, default="scalar"),
    Field("mass_ratio", "1", "mass of the vector over that of the dark matter", 2.001, 1e4, 3.0),
    Field("alpha_d", "1", "dark coupling g_d^2/(4 pi)", 1e-8, 10.0, 0.5),
)

ASSUMPTIONS = (
    "every proton collides once; vectors decay isotropically and at once",
    "nucleons in the detector recoil as free ones",
    "numbers of mesons at low beam energy are known to a factor 2, which is 1.2 in the coupling",
)


def check(experiment: Experiment) -> None:
    """UsageError for edges in the wrong order or a detector without targets."""
    for low, high in (("z_min", "z_max"), ("recoil_min", "recoil_max")):
        if not experiment[low] < experiment[high]:
            raise UsageError(
                f"{experiment.id}: {low} = {experiment[low]:g} must be below {high} = "
                f"{experiment[high]:g}."
            )
    if not any(number > 0.0 for _, number, _ in _targets(experiment)):
        raise UsageError(f"{experiment.id}: the detector has no {experiment['target']}s.")


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses (n,) up to 3 GeV."""
    return mass <= HEAVIEST


def refused(experiment: Experiment, vector: Vector) -> tuple[np.ndarray, str]:
    """Dark matter whose scattering is not computed, (n,) of bool, and the reason."""
    if "e" in vector.dipoles and experiment["target"] == "electron":
        why = "Scattering of dark matter on electrons through a dipole is not computed."
        return np.ones(vector.mass.shape, bool), why
    kind = vector.dark_kind
    bad = kind is not None and (kind not in _KIND or vector.alpha_d is None)
    return np.full(vector.mass.shape, bad), (
        f"Scattering of {kind} dark matter is not computed, only that of {' and '.join(_KIND)}."
    )


def remarks(experiment: Experiment, vector: Vector) -> tuple[str, ...]:
    """Whose dark matter it is where the vector comes without."""
    if vector.dark_kind is not None:
        return ()
    values = [f"{name} = {experiment[name]}" for name in ("dm", "mass_ratio", "alpha_d")]
    return (
        "the model has no dark matter, so that of the experiment scatters: " + ", ".join(values),
    )


def _dark_matter(experiment: Experiment, vector: Vector) -> tuple[str, np.ndarray, np.ndarray]:
    """Kind, mass in GeV (n,) and alpha_d (n,) of what scatters."""
    if vector.dark_kind is None or vector.dark_matter_mass is None or vector.alpha_d is None:
        alpha_d = np.full(vector.mass.shape, experiment["alpha_d"])
        return experiment["dm"], vector.mass / experiment["mass_ratio"], alpha_d
    return _KIND[vector.dark_kind], vector.dark_matter_mass, vector.alpha_d


def _targets(experiment: Experiment) -> list[tuple[str, float, float]]:
    """(name, number, mass in GeV) of the particles that can recoil."""
    if experiment["target"] == "electron":
        return [("e", experiment["electrons"], _M_E)]
    return [
        ("p", experiment["protons_in_detector"], _M_N),
        ("n", experiment["neutrons_in_detector"], _M_N),
    ]


def _spread(count: int, dimensions: int) -> np.ndarray:
    """Points (count, dimensions) that fill the unit cube evenly: multiples of powers of 1/r modulo
    1, where r^(d+1) = r + 1."""
    root = 2.0
    for _ in range(64):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    return (0.5 + np.arange(count)[:, None] * steps) % 1.0


def _pick(number: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Indices distributed as `number`, one for each of `part` in [0, 1)."""
    below = np.cumsum(number)
    return np.minimum(np.searchsorted(below, part * below[-1], side="right"), number.size - 1)


def _from_meson(
    experiment: Experiment, meson: str, mass: float, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """(momentum, angle to the beam) of vectors at `points` (s, 3), and vectors per collision."""
    kind = MESONS[meson]
    made = spectrum(
        experiment["mesons"], meson, experiment["beam_energy"], experiment["mass_number"]
    )
    picked = _pick(made.number, points[:, 0])
    momentum, tilt = made.momentum[picked], made.angle[picked]
    along, across = _boosted(momentum, kind.mass, mass, kind.other, 2.0 * points[:, 1] - 1.0)
    phi = 2.0 * np.pi * points[:, 2]
    x = across * np.cos(phi) * np.cos(tilt) + along * np.sin(tilt)
    z = along * np.cos(tilt) - across * np.cos(phi) * np.sin(tilt)
    angle = np.arctan2(np.hypot(x, across * np.sin(phi)), z)
    ratio = kind.vectors(mass, experiment["transition"])
    scale = experiment["pi0_scale"] if meson == "pi0" else experiment["eta_scale"]
    return np.hypot(along, across), angle, scale * ratio * float(made.number.sum())


def _boosted(
    momentum: np.ndarray, parent: float, mass: float, other: float, cos: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Momentum along and across that of the parent of a particle of `mass` emitted with `cos`."""
    energy = (parent**2 + mass**2 - other**2) / (2.0 * parent)
    open_ = (parent - other - mass) * (parent - other + mass)
    p = np.sqrt(max(open_ * ((parent + other) ** 2 - mass**2), 0.0)) / (2.0 * parent)
    along = (np.hypot(momentum, parent) * p * cos + momentum * energy) / parent
    return along, p * np.sqrt(1.0 - cos**2)


def _radiated(
    experiment: Experiment, mass: float, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """As `_from_meson`, for vectors radiated by the proton."""
    beam = experiment["beam_energy"]
    low, high = max(experiment["z_min"], 1.01 * mass / beam), experiment["z_max"]
    if low >= high:
        return np.ones(len(points)), np.zeros(len(points)), 0.0
    x, w = np.polynomial.legendre.leggauss(64)
    z = (0.5 * (low + high) + 0.5 * (high - low) * x)[:, None]
    pt = (0.5 * experiment["pt_max"] * (x + 1.0))[None, :]
    weight = 0.5 * (high - low) * w[:, None] * experiment["pt_max"] * w * pt
    s = 2.0 * _M_P * (_M_P + beam)
    rate = splitting(z, pt**2, mass, experiment["splitting"]) * sigma_pp((1.0 - z) * s)
    number = weight * rate / sigma_pp(s) * form_factor(mass, experiment["form_factor"])
    momentum, pt = np.broadcast_arrays(np.sqrt((z * beam) ** 2 - mass**2), pt)
    angle = np.arcsin(np.minimum(pt / momentum, 1.0))
    picked = _pick(number.ravel(), points[:, 0])
    return momentum.ravel()[picked], angle.ravel()[picked], float(number.sum())


def _flux(
    experiment: Experiment, mode: str, mass: float, edges: np.ndarray, dark: float | None = None
) -> np.ndarray:
    """Dark matter per steradian towards the detector and collision in bins of energy `edges`.

    The mean over the ring about the beam that the detector lies in (a disc if on the axis).
    `dark` is the mass of the dark matter (default that of the experiment).
    """
    if mode in MESONS and not MESONS[mode].vectors(mass):
        return np.zeros(edges.size - 1)
    m_dm = mass / experiment["mass_ratio"] if dark is None else dark
    points = _spread(_SAMPLES, 4)
    if mode == BREMSSTRAHLUNG:
        momentum, angle, number = _radiated(experiment, mass, points)
    else:
        momentum, angle, number = _from_meson(experiment, mode, mass, points)
    along, across = _boosted(momentum, mass, m_dm, m_dm, 2.0 * points[:, 3] - 1.0)
    turned = np.arctan2(across, along)
    half = np.arctan(experiment["radius"] / experiment["distance"])
    inner, outer = max(experiment["angle"] - half, 0.0), experiment["angle"] + half
    part = cone_fraction(angle, turned, outer)
    if inner > 0.0:
        part = part - cone_fraction(angle, turned, inner)
    energy = np.sqrt(along**2 + across**2 + m_dm**2)
    weight = part / (2.0 * np.pi * (np.cos(inner) - np.cos(outer)))
    return 2.0 * number / _SAMPLES * np.histogram(energy, edges, weights=weight)[0]


@remember
def _events(
    experiment: Experiment, mass: np.ndarray, dark: np.ndarray, kind: str
) -> dict[tuple[str, str], np.ndarray]:
    """(mode, target) -> recoils (n,) per g^4 alpha_d charge^2 for a vector that decays to dark
    matter of mass `dark` (n,) only and is made as a dark photon."""
    check(experiment)
    scale = experiment["protons"] * experiment["efficiency"]
    scale = scale / (100.0 * experiment["distance"]) ** 2
    targets, nucleon = _targets(experiment), experiment["target"] == "nucleon"
    window = experiment["recoil_min"], experiment["recoil_max"]
    found = {(mode, t[0]): np.zeros(mass.size) for mode in experiment["modes"] for t in targets}
    for i, (m_v, m_dm) in enumerate(zip(mass, dark, strict=True)):
        low, beam = 1.0001 * m_dm, experiment["beam_energy"]
        if 2.0 * m_dm >= m_v or low >= beam:
            continue
        bins = max(_ENERGIES, int(_PER_DECADE * np.log10(beam / low)))
        edges = np.geomspace(low, beam, bins + 1)
        middle = np.sqrt(edges[1:] * edges[:-1])
        sigma = {
            name: cross_section(middle, window, m_dm, m, m_v, kind, nucleon)
            for name, _, m in targets
        }
        for mode in experiment["modes"]:
            flux = _flux(experiment, mode, m_v, edges, m_dm)
            for name, number, _ in targets:
                found[mode, name][i] = scale * number * np.sum(flux * sigma[name])
    return found


def _charge2(vector: Vector, name: str) -> np.ndarray:
    """Squared coupling over e g of an electron, a proton or a neutron."""
    weights = {"e": {"e": 1.0}, "p": {"u": 2.0, "d": 1.0}, "n": {"u": 1.0, "d": 2.0}}[name]
    total = np.zeros_like(vector.mass)
    for fermion, weight in weights.items():
        total = total + weight * np.asarray(vector.charges.get(fermion, 0.0))
    return total**2


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Expected recoils (n, k) at couplings squared `g2` (n, k)."""
    kind, mass, alpha_d = _dark_matter(experiment, vector)
    total = np.zeros_like(vector.mass)
    for (mode, name), rate in _events(experiment, vector.mass, mass, kind).items():
        total = total + rate * vector.strength(mode) * _charge2(vector, name)
    # where the width to dark matter goes as g^2, so does alpha_d
    power = np.asarray(g2) ** (3 if vector.dark_follows else 2)
    return (alpha_d * total)[:, None] * power * vector.branching(("dark",), g2)
