"""Neutral mesons made by protons: numbers per collision in momentum and angle to the beam."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vectorportal.errors import DataError, ParameterError, UsageError
from vectorportal.inputs.hadrons import NEUTRAL_PION

__all__ = [
    "MESONS",
    "MODELS",
    "RANGES",
    "TRANSITIONS",
    "Meson",
    "Spectrum",
    "bmpt",
    "inelastic",
    "multiplicity",
    "sanford_wang",
    "spectrum",
]

MODELS = ("bmpt", "sanford-wang", "sibyll")
RANGES = {"bmpt": (20.0, 500.0), "sanford-wang": (6.4, 12.9), "sibyll": (5e3, 8e3)}
"""GeV of beam energy in which a model is used: where it was fitted or made, and little more"""
_M_P = 0.9382720894
_BE = 9.012
_BMPT = (62.3, 1.57, 3.45, 0.517, 6.10, 0.153, 0.478)
"""A (mb/GeV^2), B, alpha, beta, a (1/GeV), gamma, delta of pi+ on beryllium"""
_RATIO = (1.05, 2.65)
"""pi+/pi- = r0 (1 + x_R)^r1"""
_M_X = 1.88
_RHO = (0.77526, 0.1474)
TRANSITIONS = ("vector-mesons", "none")
_SW_PLUS = (220.7, 1.080, 1.000, 1.978, 1.32, 5.572, 0.0868, 9.686)
_SW_MINUS = (213.7, 0.9379, 5.454, 1.210, 1.284, 4.781, 0.07338, 8.329)
_TABLE = "forward_mesons.csv"


@dataclass(frozen=True)
class Meson:
    """A meson that decays to a photon and a particle of mass `other` (GeV) with `branching`.

    mass in GeV; photons: how many of the decay are photons; per_pi0: mesons of its kind per pi0.
    """

    mass: float
    branching: float
    per_pi0: float
    other: float = 0.0
    photons: int = 2

    def vectors(self, m_v: float, transition: str = "vector-mesons") -> float:
        """Vectors of mass `m_v` per meson at g = 1 (couplings e Q); zero above the threshold.

        photons x branching x (|k|/|k_photon|)^3 |F|^2 with the momenta of vector and photon in
        the rest frame; for pi0, eta, eta' that is 2 BR (1 - m_V^2/m_M^2)^3. F is 1 (`none`) or
        m_rho^2/(m_rho^2 - m_V^2 - i m_rho Gamma_rho) (`vector-mesons`).
        """
        if m_v >= self.mass - self.other:
            return 0.0
        plus, minus = (self.mass + self.other) ** 2, (self.mass - self.other) ** 2
        shrunk = np.sqrt((plus - m_v**2) * (minus - m_v**2) / (plus * minus)) ** 3
        return self.photons * self.branching * shrunk * _transition(m_v, transition)


def _transition(m_v: float, kind: str) -> float:
    """|F(m_V^2)|^2 of meson -> photon + vector, 1 at m_V = 0."""
    if kind == "none":
        return 1.0
    mass, width = _RHO
    width = width if m_v > 2.0 * NEUTRAL_PION else 0.0
    return mass**4 / ((mass**2 - m_v**2) ** 2 + (mass * width) ** 2)


MESONS = {
    "pi0": Meson(NEUTRAL_PION, 0.98823, 1.0),
    "eta": Meson(0.547862, 0.3936, 0.078),
    "eta-prime": Meson(0.95778, 0.02307, 0.013),
    "omega": Meson(0.78266, 0.0835, 0.10, other=NEUTRAL_PION, photons=1),
}
"""Masses and branching ratios: [PDG:2022]. eta/pi0 = 0.30/3.87 and omega/pi0 = 0.39/3.87 in pp at
400 GeV [LEBCEHS:1991]; eta'/eta = 0.17 as in hadronic Z decays [PDG:2022], no measurement at these
energies being known. omega -> pi0 gamma stands for omega; the others go to two photons."""


@dataclass(frozen=True)
class Spectrum:
    """Mesons per collision: `number` (m,) with `momentum` (m,) in GeV and `angle` (m,) in rad."""

    momentum: np.ndarray
    angle: np.ndarray
    number: np.ndarray


def inelastic(mass_number: float) -> float:
    """Inelastic cross section proton + nucleus in mb: 42 A^0.70.

    Within 3% of 1/(density x nuclear interaction length) of the PDG for Be, C, Fe, Cu, W and Pb.
    """
    return 42.0 * mass_number**0.70


def _centre_of_mass(beam: float, momentum: np.ndarray, pt: np.ndarray, mass: float) -> tuple:
    """(s, E*, p_L*) of a meson with lab `momentum` and `pt` made by a proton of energy `beam`."""
    energy = np.sqrt(momentum**2 + mass**2)
    along = np.sqrt(np.maximum(momentum**2 - pt**2, 0.0))
    s = 2.0 * _M_P * (_M_P + beam)
    gamma = (beam + _M_P) / np.sqrt(s)
    gamma_beta = np.sqrt(beam**2 - _M_P**2) / np.sqrt(s)
    return s, gamma * energy - gamma_beta * along, gamma * along - gamma_beta * energy


def bmpt(
    beam: float,
    momentum: np.ndarray,
    pt: np.ndarray,
    mass_number: float,
    mass: float = NEUTRAL_PION,
) -> np.ndarray:
    """E d^3 sigma/dp^3 in mb/GeV^2 of the mean of pi+ and pi-, the fit of [BMPT:2001].

    Fitted to proton + beryllium from 24 to 450 GeV; other nuclei by (A/9)^alpha(x_F, p_T). A
    heavier meson has the same shape at the same transverse mass.
    """
    big_a, big_b, alpha, beta, a, gamma, delta = _BMPT
    s, energy, along = _centre_of_mass(beam, momentum, pt, mass)
    root = np.sqrt(s)
    x_r = energy * 2.0 * root / (s + mass**2 - _M_X**2)
    inside = x_r < 1.0
    x = np.where(inside, x_r, 0.5)
    pt = np.sqrt(pt**2 + mass**2 - NEUTRAL_PION**2)
    slope, curve = a / x**gamma, a**2 / (2.0 * x**delta)
    value = big_a * (1.0 - x) ** alpha * (1.0 + big_b * x) * x**-beta
    value = value * (1.0 + slope * pt + curve * pt**2) * np.exp(-slope * pt)
    value = value * 0.5 * (1.0 + 1.0 / (_RATIO[0] * (1.0 + x) ** _RATIO[1]))
    x_f = np.clip(2.0 * along / root, -1.0, 1.0)
    power = (0.74 - 0.55 * x_f + 0.26 * x_f**2) * (0.98 + 0.21 * pt**2)
    return np.where(inside, value * (mass_number / _BE) ** power, 0.0)


def sanford_wang(beam: float, momentum: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """d^2 sigma/dp dOmega in mb/(GeV sr) of the mean of pi+ and pi- on beryllium.

    The Sanford-Wang fit of [MiniBooNE:2009], made to data from 6.4 to 12.9 GeV.
    """
    beam_p = np.sqrt(beam**2 - _M_P**2)
    total = np.zeros(np.broadcast_shapes(np.shape(momentum), np.shape(angle)))
    for c1, c2, c3, c4, c5, c6, c7, c8 in (_SW_PLUS, _SW_MINUS):
        end = np.maximum(1.0 - momentum / (beam_p - 1.0), 0.0)
        cone = c6 * angle * (momentum - c7 * beam_p * np.cos(angle) ** c8)
        total += 0.5 * c1 * momentum**c2 * end * np.exp(-c3 * momentum**c4 / beam_p**c5 - cone)
    return total


def _legendre(low: float, high: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    x, w = np.polynomial.legendre.leggauss(n)
    return low + 0.5 * (high - low) * (x + 1.0), 0.5 * (high - low) * w


def _bmpt_spectrum(beam: float, mass_number: float, mass: float) -> Spectrum:
    """Forward mesons (p_L > 0 in the laboratory) per inelastic collision."""
    log, w_log = _legendre(np.log(0.1), np.log(beam), 56)
    root, w_root = _legendre(0.0, np.sqrt(3.0), 24)
    along, pt = np.exp(log)[:, None], (root**2)[None, :]
    momentum = np.hypot(along, pt)
    energy = np.sqrt(momentum**2 + mass**2)
    # d^3p/E = 2 pi pT dpT dpL/E with pL = exp(log) and pT = root^2
    measure = 2.0 * np.pi * pt * (2.0 * root * w_root) * along * w_log[:, None] / energy
    number = measure * bmpt(beam, momentum, pt, mass_number, mass) / inelastic(mass_number)
    angle = np.arctan2(pt + 0.0 * along, along)
    return Spectrum(momentum.ravel(), angle.ravel(), number.ravel())


def _sanford_wang_spectrum(beam: float) -> Spectrum:
    """Forward mesons per inelastic collision; the ratio to beryllium is taken as that of sigma."""
    log, w_log = _legendre(np.log(0.05), np.log(beam - 1.0), 48)
    angle, w_angle = _legendre(0.0, 1.2, 32)
    p, theta = np.exp(log)[:, None], angle[None, :]
    measure = 2.0 * np.pi * np.sin(theta) * w_angle * p * w_log[:, None]
    number = measure * sanford_wang(beam, p, theta) / inelastic(_BE)
    momentum, theta = np.broadcast_arrays(p, theta)
    return Spectrum(momentum.ravel(), theta.ravel(), number.ravel())


@lru_cache(maxsize=1)
def _table() -> dict[str, np.ndarray]:
    """Columns of the packaged table of forward mesons in pp collisions."""
    from importlib import resources

    source = resources.files("vectorportal") / "data" / "experiments" / _TABLE
    try:
        with source.open(encoding="utf-8") as lines:
            head = [line for line in lines if not line.startswith("#")]
        names = head[0].strip().split(",")
        rows = np.array([[float(x) for x in line.split(",")] for line in head[1:]])
    except (OSError, ValueError, IndexError):
        raise DataError(f"{_TABLE} is missing or broken.") from None
    return dict(zip(names, rows.T, strict=True))


def _sibyll_spectrum(beam: float, meson: str) -> Spectrum:
    """Mesons of one hemisphere per inelastic pp collision; x = p/beam scales.

    Bins of the packaged table, two Gauss points in p_T^2 each. It is made at 6.8 TeV per beam with
    the generator of [Sibyll:2020]; fractions of the beam momentum are kept at other energies.
    """
    table = _table()
    if meson not in table:
        raise UsageError(f"the table of forward mesons has no {meson}: leave it out of modes.")
    pt_low, pt_high = table["pt_low_GeV"] ** 2, table["pt_high_GeV"] ** 2
    node = 0.5 / np.sqrt(3.0)
    momentum, angle = [], []
    for part in (0.5 - node, 0.5 + node):
        pt = np.sqrt(pt_low + part * (pt_high - pt_low))
        momentum.append(np.maximum(table["x"] * beam, pt))
        angle.append(np.arcsin(pt / momentum[-1]))
    number = 0.5 * table[meson]
    return Spectrum(np.concatenate(momentum), np.concatenate(angle), np.tile(number, 2))


@lru_cache(maxsize=64)
def spectrum(model: str, meson: str, beam: float, mass_number: float = _BE) -> Spectrum:
    """Mesons per inelastic collision of a proton of energy `beam` (GeV) with a nucleus.

    `bmpt`: 24 to 450 GeV, forward in the laboratory; `sanford-wang`: 6.4 to 12.9 GeV, angles
    below 1.2 rad; `sibyll`: one side of pp collisions at the LHC. Where the model gives pions
    only, eta and eta' have the shape of a pion of the same transverse mass (bmpt) or momentum
    and angle (sanford-wang) and the number `per_pi0`. ParameterError outside `RANGES`.
    """
    low, high = RANGES[model]
    if not low <= beam <= high:
        allowed = f"from {low:g} to {high:g} GeV for the mesons of {model}"
        raise ParameterError("beam_energy", f"{beam:g}", "GeV", allowed)
    if model == "sibyll":
        return _sibyll_spectrum(beam, meson)
    kind = MESONS[meson]
    if model == "sanford-wang":
        found = _sanford_wang_spectrum(beam)
        return Spectrum(found.momentum, found.angle, found.number * kind.per_pi0)
    found = _bmpt_spectrum(beam, mass_number, kind.mass)
    if meson == "pi0":
        return found
    scale = kind.per_pi0 * multiplicity(spectrum(model, "pi0", beam, mass_number))
    return Spectrum(found.momentum, found.angle, found.number * scale / multiplicity(found))


def multiplicity(found: Spectrum) -> float:
    """Mesons per collision in the covered region."""
    return float(found.number.sum())
