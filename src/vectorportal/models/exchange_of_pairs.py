"""X+ X- into Standard Model states through Z_D, Z and the photon, before and after breaking.

Broken phase: general form for any mixing, masses and widths (formulas/vector_pair.py). `as-printed`
uses (B14)-(B16) of [Foguel:2025] as they stand: photon-like Z_D, the sign of the dipole current
and that of the interference with the Z reversed, no W W or Z h.
Unbroken phase: X3 and the hypercharge boson; all mediators couple to hypercharge alone, so the
cross section is a function of s times sum N Y^2 over the states of the bath.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Any

from vectorportal.formulas.annihilation import propagator
from vectorportal.formulas.kinetic_mixing import Mixing
from vectorportal.formulas.spectral import fermion_pair
from vectorportal.formulas.vector_pair import contract, pair_prefactor, width_to_pair
from vectorportal.inputs.settings import Inputs
from vectorportal.models.channels import Kinematics
from vectorportal.models.vector_exchange import (
    Amplitudes,
    Fermion,
    Squares,
    exchange,
    final_states,
    products,
)

__all__ = ["HYPERCHARGES", "PairExchange", "UnbrokenExchange"]

HYPERCHARGES = 10.0
"""sum of N Y^2 over the Weyl fermions of three generations"""


def _combined(s: Any, m_x: Any, jj: Squares, js: Squares, ss: Squares) -> Squares:
    names = ("photon", "cross", "weak", "w_pair", "higgs")
    parts = ((getattr(jj, n), getattr(js, n), getattr(ss, n)) for n in names)
    return Squares(*(contract(s, m_x, *part) for part in parts))


@dataclass(frozen=True)
class PairExchange:
    """X+ X- -> Standard Model after electroweak symmetry breaking; arrays of shape (N,)."""

    m_x: Any
    g_x: Any
    epsilon: Any
    m_zd: Any
    m_x3_2: Any
    width: Any
    mixing: Mixing
    inputs: Inputs
    prescription: str

    @property
    def width_z(self) -> Any:
        """Total width of the Z with its decay to X+ X-."""
        sm = self.inputs.sm
        component = self.mixing.dark_z
        return sm.gamma_z + width_to_pair(sm.m_z, self.m_x, component, self.m_x3_2, self.g_x)

    def _poles(self, at: Kinematics) -> tuple[Any, Any]:
        m_z = self.inputs.sm.m_z
        v = (at.detuning, self.m_zd[:, None], self.width[:, None])
        return v, (at.s - m_z**2, m_z, self.width_z[:, None])

    def squares(self, at: Kinematics) -> Squares:
        """Contracted squares of couplings over propagators, in the units of `Squares`."""
        m_x = self.m_x[:, None]
        v, z = self._poles(at)
        if self.prescription == "as-printed":
            return self._printed(at, v, z)
        mix, sm = self.mixing, self.inputs.sm
        j = exchange(mix, self.epsilon, sm, v, z)
        total = exchange(mix, self.epsilon, sm, v, z, absorptive=True)
        share = self.m_x3_2[:, None] / at.s
        sigma = Amplitudes(*(_scaled(a, share) for a in (total.photon, total.weak, total.w_pair)))
        found = (products(a, b, mix) for a, b in ((j, j), (j, sigma), (sigma, sigma)))
        return _combined(at.s, m_x, *found)

    def _printed(self, at: Kinematics, v: Any, z: Any) -> Squares:
        """(B16) as it stands: J + j replaced by J - j, interference with the opposite sign."""
        sm = self.inputs.sm
        zero = 0.0 * at.s
        v_re, v_im = propagator(*v)
        z_re, z_im = propagator(*z)
        photon = (-self.epsilon * sm.e)[:, None]
        weak = sm.e / (sm.sw2 * sm.cw2) ** 0.5
        sine = self.mixing.sin_alpha[:, None]
        dipole = -(self.epsilon * (sm.sw2 / sm.cw2) ** 0.5)[:, None]
        share = 2.0 - self.m_zd[:, None] ** 2 / at.s
        p = (photon * v_re, photon * v_im)
        p_total = _scaled(p, share)
        n = (weak * sine * z_re, weak * sine * z_im)
        flipped = weak * (sine - dipole)
        n_total = (flipped * z_re, flipped * z_im)
        j, total = Amplitudes(p, n, (zero, zero)), Amplitudes(p_total, n_total, (zero, zero))
        pairs = ((j, j), (j, total), (total, total))
        found = _combined(at.s, self.m_x[:, None], *(products(*x, self.mixing) for x in pairs))
        return Squares(found.photon, -found.cross, found.weak, zero, zero)

    def flux_sigma(self, at: Kinematics) -> Any:
        """beta sigma summed over final states, in GeV^-2."""
        total = sum(final_states(at.s, self.squares(at), self.inputs).values())
        return pair_prefactor(at.beta, self.g_x[:, None]) * total

    def flux_sigma_fermion(self, at: Kinematics, fermion: Fermion) -> Any:
        """beta sigma into one fermion (one flavour, all colours), in GeV^-2."""
        sm = self.inputs.sm
        mass = getattr(sm, fermion.mass) if fermion.mass else 0.0
        pair = self.squares(at).fermion(fermion, sm.sw2)
        spectral = fermion_pair(at.s, mass, *pair, colours=fermion.colours)
        return pair_prefactor(at.beta, self.g_x[:, None]) * spectral


def _scaled(a: tuple[Any, Any], factor: Any) -> tuple[Any, Any]:
    return a[0] * factor, a[1] * factor


@dataclass(frozen=True)
class UnbrokenExchange:
    """X+ X- -> Standard Model before electroweak symmetry breaking; arrays of shape (N,).

    Z_D keeps the mass of the broken phase, from which it differs by O(epsilon^2), so that its pole
    is where the quadrature expects it. `width_dark` is its width to X+ X-.
    """

    m_x: Any
    g_x: Any
    epsilon: Any
    m_zd: Any
    width_dark: Any
    inputs: Inputs
    prescription: str

    @property
    def norm2(self) -> Any:
        """1 - epsilon^2/c_w^2: X3 = Z_D/norm."""
        return 1.0 - self.epsilon**2 / self.inputs.sm.cw2

    @property
    def coupling2(self) -> Any:
        """(g_ZD/Y)^2 of Z_D to a Weyl field of hypercharge Y; (B9) with alpha = 0."""
        sm = self.inputs.sm
        return (self.epsilon * sm.g_prime) ** 2 / (sm.cw2 * self.norm2)

    def width(self, sum_y2: Any = HYPERCHARGES) -> Any:
        """Width of Z_D in GeV to the bath, for a phase-space weighted sum N Y^2 of Weyl fields."""
        return self.m_zd * self.coupling2 * sum_y2 / (24.0 * pi)

    def flux_sigma(self, at: Kinematics) -> Any:
        """beta sigma in GeV^-2 per unit of sum N Y^2 over massless Weyl fields."""
        m_x, m_zd = self.m_x[:, None], self.m_zd[:, None]
        absorptive = m_zd * (self.width() + self.width_dark)[:, None]
        strength = (self.coupling2 / self.norm2)[:, None]
        square = strength / (at.detuning**2 + absorptive**2)
        share = (m_zd**2 / at.s) * self.norm2[:, None]
        if self.prescription == "as-printed":
            share = 2.0 - share
        shape = contract(at.s, m_x, square, share * square, share**2 * square)
        return pair_prefactor(at.beta, self.g_x[:, None]) * at.s * shape / (24.0 * pi)
