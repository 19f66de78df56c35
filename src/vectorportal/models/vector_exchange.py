"""What a vector that mixes with the photon and the Z does to Standard Model final states.

All neutral currents follow from two numbers per vector: a photon-like coupling P (times the
electric charge) and a Z-like coupling N (times T3 P_L - Q s_w^2). Squares of amplitudes are
therefore three real arrays, computed once and shared by all fermions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vectorportal.formulas import spectral
from vectorportal.formulas.annihilation import propagator
from vectorportal.formulas.kinetic_mixing import Mixing, fermion_couplings
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.settings import Inputs
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace

__all__ = [
    "CHARGED",
    "FERMIONS",
    "Amplitudes",
    "Fermion",
    "Squares",
    "couplings",
    "exchange",
    "final_states",
    "products",
    "squares_of_couplings",
]


@dataclass(frozen=True)
class Fermion:
    """Charges of a Standard Model fermion; `mass` names the field of StandardModel or is None."""

    final: str
    charge: float
    t3: float
    mass: str | None
    colours: float = 1.0
    multiplicity: float = 1.0


CHARGED = (
    Fermion("ee", -1.0, -0.5, "m_e"),
    Fermion("mumu", -1.0, -0.5, "m_mu"),
    Fermion("tautau", -1.0, -0.5, "m_tau"),
)
_NEUTRINOS = Fermion("nunu", 0.0, 0.5, None, 1.0, 3.0)
_TOP = Fermion("tt", 2.0 / 3.0, 0.5, "m_t", 3.0)
_UP = Fermion("uu", 2.0 / 3.0, 0.5, None, 3.0)
_DOWN = Fermion("dd", -1.0 / 3.0, -0.5, None, 3.0)
FERMIONS = {
    "e": CHARGED[0],
    "mu": CHARGED[1],
    "tau": CHARGED[2],
    "nu": Fermion("nunu", 0.0, 0.5, None),
    "u": Fermion("uu", 2.0 / 3.0, 0.5, "m_u", 3.0),
    "c": Fermion("cc", 2.0 / 3.0, 0.5, "m_c", 3.0),
    "t": Fermion("tt", 2.0 / 3.0, 0.5, "m_t", 3.0),
    "d": Fermion("dd", -1.0 / 3.0, -0.5, "m_d", 3.0),
    "s": Fermion("ss", -1.0 / 3.0, -0.5, "m_s", 3.0),
    "b": Fermion("bb", -1.0 / 3.0, -0.5, "m_b", 3.0),
}
"""Single fermions by name, quarks with their masses; `nu` is one flavour of neutrino"""
_OPEN_CHARM, _OPEN_BOTTOM = 1.87, 5.28
"""lightest D and B mesons in GeV: where a flavour joins the average of quark couplings"""


@dataclass(frozen=True)
class Squares:
    """Products of the amplitudes P (photon-like) and N (Z-like), and of the bosonic ones.

    photon = |P|^2, cross = Re P N*, weak = |N|^2, w_pair and higgs the squared strengths of W W
    and Z h; real arrays of one shape.
    """

    photon: Any
    cross: Any
    weak: Any
    w_pair: Any
    higgs: Any

    def fermion(self, f: Fermion, sw2: Any) -> tuple[Any, Any]:
        """(|g_L|^2 + |g_R|^2, Re g_L g_R*) for the fermion f."""
        a, b = f.t3 - f.charge * sw2, f.charge * sw2
        q = f.charge
        linear = q * (a - b) * self.cross
        squares = 2.0 * q * q * self.photon + 2.0 * linear + (a * a + b * b) * self.weak
        return squares, q * q * self.photon + linear - a * b * self.weak


@dataclass(frozen=True)
class Amplitudes:
    """Couplings over propagators of one dark current, summed over V and Z.

    (real, imaginary) parts of P (photon-like, times the electric charge), N (Z-like) and W (to
    the neutral component of the weak isospin vector); arrays of one shape.
    """

    photon: tuple[Any, Any]
    weak: tuple[Any, Any]
    w_pair: tuple[Any, Any]


def _strengths(mixing: Mixing, epsilon: Any, sm: StandardModel) -> tuple[Any, Any]:
    """(photon, weak, W) couplings of V and of Z."""
    e, weak = sm.e, sm.e / (sm.sw2 * sm.cw2) ** 0.5
    isospin = sm.e * (sm.cw2 / sm.sw2) ** 0.5
    photon = -epsilon * e
    of_v = (photon * mixing.dark_v, weak * mixing.weak_v, -isospin * mixing.sin_alpha)
    of_z = (photon * mixing.dark_z, weak * mixing.weak_z, isospin * mixing.cos_alpha)
    return of_v, of_z


def exchange(
    mixing: Mixing,
    epsilon: Any,
    sm: StandardModel,
    v: tuple[Any, Any, Any],
    z: tuple[Any, Any, Any],
    absorptive: bool = False,
) -> Amplitudes:
    """Exchange of V and Z between the dark field and Standard Model currents.

    v, z : (detuning s - m^2, mass, width) of each, broadcast to (N, M); the fields of `mixing` and
    epsilon have shape (N,). With `absorptive` each term carries 1 - i Gamma/m besides.
    """
    of_v, of_z = _strengths(mixing, epsilon, sm)
    total = [(0.0, 0.0)] * 3
    for pole, component, strength in ((v, mixing.dark_v, of_v), (z, mixing.dark_z, of_z)):
        re, im = propagator(*pole)
        if absorptive:
            part = pole[2] / pole[1]
            re, im = re + part * im, im - part * re
        for i in range(3):
            c = (component * strength[i])[:, None]
            total[i] = (total[i][0] + c * re, total[i][1] + c * im)
    return Amplitudes(*total)


def _dot(a: tuple[Any, Any], b: tuple[Any, Any]) -> Any:
    """Re a b*."""
    return a[0] * b[0] + a[1] * b[1]


def products(a: Amplitudes, b: Amplitudes, mixing: Mixing) -> Squares:
    """Real parts of the products of two sets of amplitudes, symmetric in a and b."""
    weak = _dot(a.weak, b.weak)
    cross = 0.5 * (_dot(a.photon, b.weak) + _dot(a.weak, b.photon))
    higgs = weak * (mixing.weak_z**2 * mixing.m_z_hat2)[:, None]
    return Squares(_dot(a.photon, b.photon), cross, weak, _dot(a.w_pair, b.w_pair), higgs)


def squares_of_couplings(mixing: Mixing, epsilon: Any, sm: StandardModel) -> Squares:
    """Squares for the decay of the on-shell mediator itself."""
    photon, weak, w_strength = _strengths(mixing, epsilon, sm)[0]
    higgs = weak**2 * mixing.weak_z**2 * mixing.m_z_hat2
    return Squares(photon**2, photon * weak, weak**2, w_strength**2, higgs)


def couplings(
    mixing: Mixing, epsilon: Any, sm: StandardModel, vector: str = "V"
) -> dict[str, tuple[Any, Any]]:
    """(g_L, g_R) of V (or of the Z) to each fermion: e, mu, tau, nu, u, d, c, s, t, b."""
    of_v, of_z = (mixing.weak_v, mixing.dark_v), (mixing.weak_z, mixing.dark_z)
    weak, dark = of_v if vector == "V" else of_z
    return {
        name: fermion_couplings(f.charge, f.t3, sm.e, sm.sw2, epsilon, weak, dark)
        for name, f in FERMIONS.items()
    }


def _quark_strength(s: Any, squares: Squares, sw2: Any) -> Any:
    """sum_q N_c (|g_L|^2+|g_R|^2)/2 over sum_q N_c Q_q^2, flavours weighted by phase space.

    It equals |P|^2 for a photon-like vector, so R(e+e-) carries over to any neutral current.
    """
    total, norm = 0.0, 0.0
    for f in (_UP, _DOWN, _DOWN):
        total = total + 0.5 * squares.fermion(f, sw2)[0]
        norm = norm + f.charge**2
    for f, mass in ((_UP, _OPEN_CHARM), (_DOWN, _OPEN_BOTTOM)):
        beta = spectral.velocity(s, mass)
        share = 0.5 * beta * (3.0 - beta**2)
        total = total + 0.5 * share * squares.fermion(f, sw2)[0]
        norm = norm + share * f.charge**2
    return total / norm


def final_states(s: Any, squares: Squares, inputs: Inputs) -> dict[str, Any]:
    """Spectral functions W (formulas/spectral.py) of every Standard Model final state.

    `hadrons` holds all quarks but the top. With hadrons=none only leptons are kept.
    """
    sm = inputs.sm
    out = {}
    charged = squares.fermion(CHARGED[0], sm.sw2)
    for f in CHARGED:
        out[f.final] = spectral.fermion_pair(s, getattr(sm, str(f.mass)), *charged)
    nu = squares.fermion(_NEUTRINOS, sm.sw2)
    out["nunu"] = _NEUTRINOS.multiplicity * spectral.fermion_pair(s, 0.0, *nu)
    if inputs.hadrons == "none":
        return out
    xp = namespace(s, squares.photon)
    ratio = load_hadrons().ratio_with_peaks(xp.sqrt(s))
    out["hadrons"] = ratio * s * _quark_strength(s, squares, sm.sw2) / (12.0 * xp.pi)
    out["tt"] = spectral.fermion_pair(s, sm.m_t, *squares.fermion(_TOP, sm.sw2), colours=3.0)
    out["WW"] = spectral.w_pair(s, sm.m_w, squares.w_pair)
    out["Zh"] = spectral.higgs_strahlung(s, sm.m_z, sm.m_h, squares.higgs)
    return out
