"""How strongly a vector of any charges is produced, compared with a dark photon of its mass.

`strength(mode, mass, charges)` is the squared amplitude of one production mode over that of a dark
photon with epsilon = 1. The approach (quark charges through vector mesons) is that of
[Ilten:2018; Tulin:2014]; what differs from their choices is said at each mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from vectorportal.errors import ParameterError, nearest_name
from vectorportal.formulas.vector_meson_dominance import (
    MATRICES,
    PHOTON,
    dominance,
    proton_amplitude,
)
from vectorportal.inputs.standard_model import ELECTRIC_CHARGES
from vectorportal.numerics.arrays import is_traced, namespace

__all__ = ["ELECTRIC", "LEPTONS", "MODES", "strength"]

Charges = Mapping[str, Any]
Amplitude = Callable[[Any, Charges], Any]

ELECTRIC = {name: float(charge) for name, charge in ELECTRIC_CHARGES.items() if charge}
"""Electric charges; neutrinos have none"""
_NEUTRAL = ("nu", "nu_e", "nu_mu", "nu_tau")

QUARK_LUMINOSITY = {"u": 1.0, "d": 0.75, "s": 0.5, "c": 0.3, "b": 0.15}
"""q qbar luminosities over that of u ubar in pp at 13 TeV and 10 to 100 GeV: about 30 per cent"""
CHARM_MOMENT = 0.19
"""Magnetic moment of the charm quark over that of the light one, per charge, in D* -> D gamma"""
QUADRUPOLE = 0.03
"""Isoscalar over isovector radiation of colliding nucleons, about T/m_N at T = 30 MeV"""


def _single(fermion: str) -> Amplitude:
    """One line of this fermion radiates: the amplitude is its charge."""
    return lambda mass, x: x[fermion] / ELECTRIC[fermion]


def _to_photon(meson: str) -> Amplitude:
    """P -> gamma V by vector-meson dominance."""
    return lambda mass, x: dominance(MATRICES[meson], PHOTON, mass, x)


def _to_meson(vector: str, meson: str) -> Amplitude:
    """V1 -> P V by vector-meson dominance."""
    return lambda mass, x: dominance(MATRICES[vector], MATRICES[meson], mass, x)


def _isovector(mass: Any, x: Charges) -> Any:
    """u - d: the amplitude changes isospin by one."""
    return x["u"] - x["d"]


def _isoscalar(mass: Any, x: Charges) -> Any:
    """3 (u + d): the charge of the omega, and of a proton and a neutron together."""
    return 3 * (x["u"] + x["d"])


def _d_star(mass: Any, x: Charges) -> Any:
    """D*0 -> D0 V flips a quark spin: magnetic moments of the u and, heavier, of the c quark."""
    return x["u"] + CHARM_MOMENT * x["c"]


def _kaon(mass: Any, x: Charges) -> Any:
    """K+ -> pi+ V: mean charge of the two mesons, u - (d + s)/2."""
    return x["u"] - 0.5 * (x["d"] + x["s"])


def _z_boson(mass: Any, x: Charges) -> Any:
    """Z -> gamma V: the triangle of the axial current, sum N_c T3 Q x without the heavy top."""
    up, down = x["u"] + x["c"], x["d"] + x["s"] + x["b"]
    return up + 0.5 * down + 0.5 * (x["e"] + x["mu"] + x["tau"])


def _squared(amplitude: Amplitude) -> Amplitude:
    """The rate of one amplitude."""

    def rate(mass: Any, x: Charges) -> Any:
        value = amplitude(mass, x)
        return value.real**2 + value.imag**2

    return rate


def _drell_yan(mass: Any, x: Charges) -> Any:
    """q qbar -> V: incoherent sum over flavours."""
    return sum(weight * x[q] ** 2 for q, weight in QUARK_LUMINOSITY.items())


def _nucleon(mass: Any, x: Charges) -> Any:
    """Nucleon-nucleon bremsstrahlung: electric dipole, and a suppressed quadrupole."""
    return _isovector(mass, x) ** 2 + QUADRUPOLE * _isoscalar(mass, x) ** 2


_RATES: dict[str, Amplitude] = {
    "electron-bremsstrahlung": _squared(_single("e")),
    "electron-positron": _squared(_single("e")),
    "muon-bremsstrahlung": _squared(_single("mu")),
    "proton-bremsstrahlung": _squared(proton_amplitude),
    "pi0": _squared(_to_photon("pi0")),
    "eta": _squared(_to_photon("eta")),
    "eta-prime": _squared(_to_photon("eta-prime")),
    "omega": _squared(_to_meson("omega", "pi0")),
    "phi": _squared(_to_meson("phi", "eta")),
    "delta": _squared(_isovector),
    "d-star": _squared(_d_star),
    "rho-mixing": _squared(_isovector),
    "omega-mixing": _squared(_isoscalar),
    "phi-mixing": _squared(_single("s")),
    "drell-yan": _drell_yan,
    "kaon": _squared(_kaon),
    "b-kaon": _squared(_single("c")),
    "upsilon": _squared(_single("b")),
    "z": _squared(_z_boson),
    "nucleon": _nucleon,
}

LEPTONS = {"electron-bremsstrahlung": "e", "electron-positron": "e", "muon-bremsstrahlung": "mu"}
"""Lepton of a beam that makes the vector, in the modes that have one"""

MODES: tuple[str, ...] = tuple(_RATES)
"""Names of the production modes"""


def strength(mode: str, mass: Any, charges: Charges) -> Any:
    """|amplitude|^2 of `mode` over that of a dark photon with epsilon = 1, the same shape as input.

    Parameters
    ----------
    mode : one of `MODES`.
    mass : of the vector, GeV, positive; broadcasts with the charges.
    charges : fermion (e, mu, tau, nu..., u, d, s, c, b, t) -> vector coupling over e = sqrt(4 pi
        alpha); a missing one is 0. Charges epsilon Q give epsilon^2 in every mode.

    The modes and what they assume
    ------------------------------
    electron-bremsstrahlung, electron-positron, muon-bremsstrahlung : the charge of the lepton.
    proton-bremsstrahlung : Dirac form factor of the proton at q^2 = m^2, isospin by isospin
        (`proton_amplitude`); (2u + d)^2 for light vectors, which [Ilten:2018] use at every mass.
    pi0, eta, eta-prime : P -> gamma V through rho, omega, phi (`dominance`), eta and eta-prime
        mixed as in [Feldmann:1998]. A ratio, so defined above the mass of the meson as well.
    omega, phi : omega -> pi0 V through the rho, (u - d)^2; phi -> eta V through the phi, 9 s^2.
    delta : Delta -> N V is isovector, (u - d)^2.
    d-star : D*0 -> D0 V by the magnetic moments of u and c, whose ratio is that of D*+ and D*0.
    rho-mixing, omega-mixing, phi-mixing : V replaces the meson: (u - d)^2, 9 (u + d)^2, 9 s^2.
    drell-yan : sum of q qbar luminosities times x_q^2 (`QUARK_LUMINOSITY`: LHC, 30 per cent).
    kaon : K -> pi V of a conserved current, lowest chiral order: (u - d)^2 for x_d = x_s; the part
        proportional to baryon number and the anomalous enhancement are left out.
    b-kaon : B -> K V by the charm loop of four-quark operators, (3/2 c)^2: order of magnitude.
    upsilon : the b quark annihilates, 9 b^2.
    z : Z -> gamma V by conserved vector currents: |sum N_c T3 Q x|^2 without the top quark.
    nucleon : dipole radiation (x_p - x_n)^2 in pn collisions, with a quadrupole (x_p + x_n)^2 of
        relative weight `QUADRUPOLE` for isoscalar charges: order of magnitude.

    Raises
    ------
    ParameterError : for an unknown mode or fermion, a mass <= 0, or a number that is not finite.
    """
    if mode not in MODES:
        raise ParameterError("mode", mode, "", "a production mode", nearest_name(mode, MODES))
    xp, m, x = _checked(mass, charges)
    rate = _RATES[mode]
    value = rate(m, x) / rate(m, {f: xp.asarray(q) for f, q in ELECTRIC.items()})
    return value + xp.zeros_like(m)


def _checked(mass: Any, charges: Charges) -> tuple[Any, Any, dict[str, Any]]:
    """Namespace, mass and charges as arrays; what is known must be usable."""
    known = (*ELECTRIC, *_NEUTRAL)
    for name in charges:
        if name not in known:
            nearest = nearest_name(name, known)
            raise ParameterError("charges", name, "", "those of fermions", nearest)
    xp = namespace(mass, *charges.values())
    m = xp.asarray(mass) * 1.0
    if not is_traced(m):
        flat = np.asarray(m)
        bad = ~(np.isfinite(flat) & (flat > 0))
        if bad.any():
            raise ParameterError("mass", flat[bad].flat[0], "GeV", "finite and > 0 GeV")
    for name, value in charges.items():
        if not is_traced(value) and not np.isfinite(np.asarray(value, dtype=float)).all():
            raise ParameterError(f"charge of {name}", value, "", "finite")
    return xp, m, {f: xp.asarray(charges.get(f, 0.0)) * 1.0 for f in ELECTRIC}
