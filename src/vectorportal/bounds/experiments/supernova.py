"""Engine `supernova`: cooling of SN1987A by a vector, one zone, to order of magnitude.

Nucleon bremsstrahlung in a uniform core, mixing in its plasma, and re-absorption or decay on the
way out. The number of events is the luminosity carried away over the allowed one (n_limit: 1).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.formulas import supernova as formulas
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.units import CM, GEV_IN_JOULE, HBAR_GEV_S, KILOGRAM, METRE

__all__ = ["ASSUMPTIONS", "FIELDS", "RANGE", "check", "domain", "luminosity", "refused", "signal"]

RANGE = (1e-13, 1.0)
_LIGHTEST = 1e-6
"""mass in GeV below which the nodes in energy do not resolve mixing in the plasma"""
_HOTTEST = 25.0
"""largest energy above the mass, and largest mass, over the temperature"""
ASSUMPTIONS = (
    "a uniform core of classical nucleons and soft radiation: an estimate to a factor of a few",
    "the allowed luminosity stands for the observed duration of the neutrino signal",
    "decays to dark matter carry their energy away",
)
FIELDS = (
    Field("temperature", "GeV", "temperature of the core", 1e-3, 0.1),
    Field("density", "1", "mass density of the core (g/cm^3)", 1e12, 1e16),
    Field("proton_fraction", "1", "protons (and electrons) per nucleon", 1e-3, 1.0),
    Field("radius", "m", "radius of the core", 1e3, 1e5),
    Field("decay_radius", "m", "radius inside which decays do not cool", 1e3, 1e12),
    Field("luminosity", "1", "allowed luminosity (erg/s)", 1e50, 1e54),
    Field("plasma", "1", "mixing in the plasma", choices=("on", "off"), default="on"),
)  # fmt: skip
_ERG_PER_SECOND = 1e-7 / GEV_IN_JOULE * HBAR_GEV_S
_NODES = 1200
_CHUNK = 64


def check(experiment: Experiment) -> None:
    """Raise UsageError for values that do not go together."""
    radius, outer = experiment["radius"], experiment["decay_radius"]
    if outer < radius:
        raise UsageError(
            f"decay_radius = {outer:g} m must be at least the radius of the core, {radius:g} m."
        )


def domain(experiment: Experiment, mass: np.ndarray) -> np.ndarray:
    """Masses (n,) from 1 keV to 25 temperatures, above which next to nothing is made."""
    return (mass >= _LIGHTEST) & (mass <= _HOTTEST * experiment["temperature"])


def refused(experiment: Experiment, vector: Vector) -> tuple[np.ndarray, str]:
    """Vectors with a dipole of the electron, (n,) of bool, and the reason."""
    why = "What electrons radiate in the core through a dipole is not computed."
    return np.full(vector.mass.shape, "e" in vector.dipoles), why


def signal(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Luminosity over the allowed one, times n_limit; (n, k)."""
    g2 = np.broadcast_to(np.asarray(g2, dtype=np.float64), (vector.mass.size, np.shape(g2)[-1]))
    allowed = experiment["luminosity"] * _ERG_PER_SECOND / experiment.n_limit
    return luminosity(experiment, vector, g2) / allowed


def luminosity(experiment: Experiment, vector: Vector, g2: np.ndarray) -> np.ndarray:
    """Luminosity in GeV^2 (energy per time) of shape (n, k).

    V integral d omega dQ/d omega exp(-tau) summed over polarisations; tau is the absorption over
    the core's radius and the visible decay over `decay_radius`.
    """
    mass, temperature = vector.mass, experiment["temperature"]
    omega, weight = _energies(mass, temperature, _omega_p2(experiment))
    rates = _rates(experiment, vector, omega)
    radius, far = experiment["radius"] * METRE, experiment["decay_radius"] * METRE
    volume = 4.0 / 3.0 * np.pi * radius**3
    visible = vector.partial(("visible",), g2)
    total = np.zeros(g2.shape)
    for emission, absorption in rates:
        for first in range(0, g2.shape[1], _CHUNK):
            part = slice(first, first + _CHUNK)
            decay = far * visible[:, None, part] * (mass[:, None] / omega)[:, :, None]
            depth = g2[:, None, part] * (radius * absorption)[:, :, None] + decay
            flow = np.einsum("nw,nwk->nk", weight * emission, np.exp(-depth))
            total[:, part] += g2[:, part] * flow
    return volume * total


def _omega_p2(experiment: Experiment) -> float:
    electrons = experiment["proton_fraction"] * _nucleons(experiment)
    alpha = StandardModel.default().alpha
    return float(formulas.plasma_frequency2(electrons, experiment["temperature"], alpha))


def _nucleons(experiment: Experiment) -> float:
    """Nucleons per volume, GeV^3."""
    return experiment["density"] * 1e-3 * KILOGRAM / CM**3 / 0.93892


def _energies(
    mass: np.ndarray, temperature: float, omega_p2: float
) -> tuple[np.ndarray, np.ndarray]:
    """Energies (n, w) above the mass, dense around the plasma frequency, and trapezoid weights."""
    t = np.linspace(0.0, 1.0, _NODES)
    end = _HOTTEST * temperature
    spread = 1e-6 * end * np.expm1(t * np.log1p(1e6))
    omega_p = np.sqrt(omega_p2)
    near = omega_p * (1.0 + np.sinh(np.linspace(-12.0, 12.0, _NODES)) * 1e-5)
    near = np.abs(near[(near > 0.0) & (near < 3.0 * omega_p)])
    rows = [np.sort(np.concatenate([m + spread, np.maximum(near, m * (1 + 1e-12))])) for m in mass]
    omega = np.maximum(np.array(rows), mass[:, None] * (1.0 + 1e-12))
    weight = np.zeros_like(omega)
    step = np.diff(omega, axis=1)
    weight[:, 1:] += 0.5 * step
    weight[:, :-1] += 0.5 * step
    return omega, weight


def _rates(
    experiment: Experiment, vector: Vector, omega: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """(emissivity, absorption rate) at g = 1, transverse then longitudinal, each (n, w)."""
    temperature, mass = experiment["temperature"], vector.mass[:, None]
    nucleons, protons = _nucleons(experiment), experiment["proton_fraction"]
    densities = protons * nucleons, (1.0 - protons) * nucleons
    alpha = StandardModel.default().alpha
    bare = formulas.emissivity(omega, mass, temperature, *densities, alpha)
    omega_p2 = _omega_p2(experiment)
    found = []
    for emission, polarisations, real in (
        (bare[0], 2, formulas.transverse_polarisation(omega, mass, omega_p2)),
        (bare[1], 1, formulas.longitudinal_polarisation(omega, mass, omega_p2)),
    ):
        absorbed = formulas.absorption_rate(omega, mass, emission, temperature, polarisations)
        damping = omega * absorbed * -np.expm1(-omega / temperature)
        factor = _medium(experiment, vector, mass**2, real, damping)
        found.append((emission * factor, absorbed * factor))
    return found


def _medium(
    experiment: Experiment, vector: Vector, m2: np.ndarray, real: Any, damping: Any
) -> np.ndarray:
    """Emission at g = 1 over that of a dark photon with epsilon = 1 outside a plasma; (n, w).

    |x_u - x_d - x_e Pi/(m^2 - Pi)|^2, which is m^4/|m^2 - Pi|^2 for electric charges, and what is
    left of the strength in vacuum (radiation of equal charges of neutron and proton).
    """
    zero = np.zeros_like(vector.mass)
    up, down, electron = (np.asarray(vector.charges.get(f, zero)) for f in ("u", "d", "e"))
    dipole = (up - down)[:, None]
    rest = np.maximum(vector.strength("nucleon")[:, None] - dipole**2, 0.0)
    if experiment["plasma"] == "off":
        return dipole**2 + rest + 0.0 * real
    polarisation = real - 1j * damping
    mixed = dipole - electron[:, None] * polarisation / (m2 - polarisation)
    return np.abs(mixed) ** 2 + rest
