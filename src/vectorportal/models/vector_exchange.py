"""What a vector that mixes with the photon and the Z does to Standard Model final states.

All neutral currents follow from two numbers per vector: a photon-like coupling P (times the
electric charge) and a Z-like coupling N (times T3 P_L - Q s_w^2). Squares of amplitudes are
therefore three real arrays, computed once and shared by all fermions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vectorportal.formulas import spectral
from vectorportal.formulas.kinetic_mixing import Mixing, fermion_couplings
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.settings import Inputs
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace

__all__ = [
    "CHARGED",
    "Fermion",
    "Squares",
    "couplings",
    "final_states",
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


def squares_of_couplings(mixing: Mixing, epsilon: Any, sm: StandardModel) -> Squares:
    """Squares for the decay of the on-shell mediator itself."""
    xp = namespace(epsilon, mixing.dark_v)
    e = xp.sqrt(4.0 * xp.pi * sm.alpha)
    photon = -epsilon * e * mixing.dark_v
    weak = e / xp.sqrt(sm.sw2 * (1.0 - sm.sw2)) * mixing.weak_v
    w_strength = e * xp.sqrt((1.0 - sm.sw2) / sm.sw2) * mixing.sin_alpha
    higgs = weak * mixing.weak_z * xp.sqrt(mixing.m_z_hat2)
    return Squares(photon**2, photon * weak, weak**2, w_strength**2, higgs**2)


def couplings(mixing: Mixing, epsilon: Any, sm: StandardModel) -> dict[str, tuple[Any, Any]]:
    """(g_L, g_R) of the mediator to each fermion: e, mu, tau, nu, u, d, c, s, t, b."""
    xp = namespace(epsilon, mixing.dark_v)
    e = xp.sqrt(4.0 * xp.pi * sm.alpha)
    table = {}
    for names, f in (
        (("e", "mu", "tau"), CHARGED[0]),
        (("nu",), _NEUTRINOS),
        (("u", "c", "t"), _UP),
        (("d", "s", "b"), _DOWN),
    ):
        pair = fermion_couplings(f.charge, f.t3, e, sm.sw2, epsilon, mixing.weak_v, mixing.dark_v)
        table.update(dict.fromkeys(names, pair))
    return table


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
