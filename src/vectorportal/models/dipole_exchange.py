"""Leptonic final states of a mixed vector that has a magnetic dipole coupling as well.

The kinetic-mixing part is that of vector_exchange.py; a dipole adds its square and its interference
with the vector coupling to each lepton pair (formulas/spectral.py). Neutrinos take part through a
dipole of their own, relative to that of the electron.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vectorportal.formulas import spectral
from vectorportal.formulas.annihilation import propagator
from vectorportal.formulas.kinetic_mixing import Mixing
from vectorportal.inputs.settings import Inputs
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.channels import Kinematics
from vectorportal.models.vector_exchange import (
    FERMIONS,
    Amplitudes,
    exchange,
    final_states,
    products,
)

__all__ = ["DipoleExchange", "dipole_states"]

Pair = tuple[Any, Any]
"""Real and imaginary part"""


def _vector_coupling(amplitudes: Amplitudes, lepton: str, sw2: Any) -> Pair:
    """Vector coupling of a lepton, or its sum over propagators."""
    f = FERMIONS[lepton]
    weak = 0.5 * f.t3 - f.charge * sw2
    photon = zip(amplitudes.photon, amplitudes.weak, strict=True)
    re, im = (f.charge * p + weak * n for p, n in photon)
    return re, im


def dipole_states(
    s: Any,
    amplitudes: Amplitudes,
    dark: Pair,
    dipoles: Mapping[str, Any],
    neutrinos: Any,
    sm: StandardModel,
) -> dict[str, Any]:
    """What dipoles add to the spectral functions of ee, mumu, tautau and nunu; GeV^2 coupling^2.

    amplitudes : vector couplings (over propagators) of the neutral currents. dark : the dark field
    in the same units, which the dipoles (GeV^-1) multiply. neutrinos : sum of the squares of their
    dipoles over that of the electron.
    """
    square = dark[0] ** 2 + dark[1] ** 2
    out = {}
    for lepton, d in dipoles.items():
        f = FERMIONS[lepton]
        g = _vector_coupling(amplitudes, lepton, sm.sw2)
        cross = d * (g[0] * dark[0] + g[1] * dark[1])
        mass = getattr(sm, str(f.mass))
        out[f.final] = spectral.dipole_pair(s, mass, d**2 * square, cross)
    electron = dipoles["e"] ** 2 * square
    out["nunu"] = neutrinos * spectral.dipole_pair(s, 0.0, electron, 0.0)
    return out


@dataclass(frozen=True)
class DipoleExchange:
    """phi phi* -> V*, Z* -> Standard Model with full widths; arrays of shape (N,), `dipoles` too.

    `epsilon` is the mixing in the convention L = -epsilon e V J_em.
    """

    epsilon: Any
    m_v: Any
    width: Any
    width_z: Any
    mixing: Mixing
    dipoles: Mapping[str, Any]
    neutrinos: Any
    inputs: Inputs

    def final_states(self, at: Kinematics) -> dict[str, Any]:
        """Spectral functions with couplings over propagators, of every final state."""
        sm, mix = self.inputs.sm, self.mixing
        v = (at.detuning, self.m_v[:, None], self.width[:, None])
        z = (at.s - sm.m_z**2, sm.m_z, self.width_z[:, None])
        found = exchange(mix, self.epsilon, sm, v, z)
        out = final_states(at.s, products(found, found, mix), self.inputs)
        dark_v, dark_z = mix.dark_v[:, None] ** 2, mix.dark_z[:, None] ** 2
        parts = zip(propagator(*v), propagator(*z), strict=True)
        re, im = (dark_v * of_v + dark_z * of_z for of_v, of_z in parts)
        dipoles = {lepton: d[:, None] for lepton, d in self.dipoles.items()}
        columns = self.neutrinos[:, None]
        added = dipole_states(at.s, found, (re, im), dipoles, columns, sm)
        return {name: w + added.get(name, 0.0) for name, w in out.items()}
