"""One-loop dipoles by brute force: Euclidean integrals over products of explicit Dirac matrices.

No trace theorem, Feynman parameter or tensor reduction is used. The loop momentum is turned to the
imaginary axis (no pole is met for external masses up to m); averages over its directions are sums
over points of the sphere that integrate polynomials of the degree that occurs exactly. What is
wanted is of first order in the momentum of the external vector: every factor carries its slope.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from .dipole_vertex import SIGMA
from .dirac import GAMMA, METRIC, Array, bar, dot, lower, slash, u_spinor

P_IN, P_OUT = np.array([1.0, 0.6, 0.0, 0.8]), np.array([1.3, 0.0, 1.3, 0.0])
"""directions of light-like momenta of the massless fermion"""


@dataclass(frozen=True)
class Dual:
    """value + h slope, to first order in h."""

    value: Array
    slope: Array

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.slope + other.slope)

    def times(self, factor: complex) -> Dual:
        return Dual(factor * self.value, factor * self.slope)


def constant(array: Array) -> Dual:
    return Dual(array + 0j, np.zeros_like(array, dtype=complex))


def product(spec: str, *factors: Dual) -> Dual:
    """einsum of several factors, with Leibniz's rule for the slope."""
    values = [f.value for f in factors]
    slope = 0.0
    for i, f in enumerate(factors):
        with_slope = [*values[:i], f.slope, *values[i + 1 :]]
        slope = slope + np.einsum(spec, *with_slope, optimize=True)
    return Dual(np.einsum(spec, *values, optimize=True), np.asarray(slope))


def scalar_line(k: Dual, mass2: float) -> Dual:
    """1/(k^2 - mass^2), shape (n,)."""
    inverse = 1 / (dot(k.value, k.value) - mass2)
    return Dual(inverse, -2 * dot(k.value, k.slope) * inverse**2)


def fermion_line(k: Dual, mass: float) -> Dual:
    """(kslash + mass)/(k^2 - mass^2), shape (n, 4, 4)."""
    numerator = Dual(slash(k.value) + mass * np.eye(4), slash(k.slope))
    return product("nab,n->nab", numerator, scalar_line(k, mass**2))


def _low(k: Dual) -> Dual:
    return Dual(lower(k.value), lower(k.slope))


def vector_line(k: Dual, mass2: float, xi: float) -> Dual:
    """-i [g - (1 - xi) k k/(k^2 - xi M^2)]/(k^2 - M^2), lower indices, shape (n, 4, 4)."""
    tensor = constant(np.broadcast_to(METRIC, (len(k.value), 4, 4)))
    along = product("na,nb,n->nab", _low(k), _low(k), scalar_line(k, xi * mass2))
    return product("nab,n->nab", tensor + along.times(xi - 1), scalar_line(k, mass2)).times(-1j)


def three_sphere() -> Array:
    """The 48 unit quaternions of the binary octahedral group: exact up to degree 7."""
    axes = [s * row for row in np.eye(4) for s in (1, -1)]
    halves = [np.array(s) / 2 for s in itertools.product((1, -1), repeat=4)]
    edges = [
        (a * np.eye(4)[i] + b * np.eye(4)[j]) / 2**0.5
        for i, j in itertools.combinations(range(4), 2)
        for a, b in itertools.product((1, -1), repeat=2)
    ]
    return np.array([*axes, *halves, *edges])


def icosahedron() -> Array:
    """Its 12 vertices on the unit sphere: exact up to degree 5."""
    golden = (1 + 5**0.5) / 2
    corners = [(0.0, a, b * golden) for a, b in itertools.product((1, -1), repeat=2)]
    points = [np.roll(c, i) for c in corners for i in range(3)]
    return np.array(points) / (1 + golden**2) ** 0.5


def _radii(nodes: int) -> tuple[Array, Array]:
    """Nodes and weights on (0, infinity) for smooth functions of ln r."""
    t, weight = np.polynomial.legendre.leggauss(nodes)
    r = np.exp(3 * np.arctanh(t))
    return r, weight * 3 / (1 - t * t) * r


# --- the dipole of a neutral fermion from F and W ------------------------------------------------


class NeutralFermion:
    """f (massless, neutral) -> F (mass 1, charge 1) + W (mass y^(-1/2), charge `w_charge`).

    L = fbar gamma^mu F W_mu/2^(1/2) + h.c. in the gauge `xi`, with the Goldstone bosons of W: their
    Yukawa coupling from the divergence of the current, V W phi with the mass of W.
    """

    def __init__(self, y: float, xi: float = 1.0, w_charge: float = -1.0, nodes: int = 40) -> None:
        self.m_w2, self.xi, self.charge = 1 / y, xi, w_charge
        self.yukawa = -1j * (y / 2) ** 0.5
        r, weight = _radii(nodes)
        points = three_sphere()
        k = (r[:, None, None] * points).reshape(-1, 4) + 0j
        k[:, 0] *= 1j
        self.k = k
        self.weight = np.repeat(weight * r**3 / (8 * np.pi**2), len(points)) / len(points)
        self.left = constant(bar(u_spinor(P_OUT, 0.0)))
        self.right = constant(u_spinor(P_IN, 0.0))

    def _moving(self, sign: float, momentum: Array) -> Dual:
        return Dual(sign * self.k, np.broadcast_to(momentum + 0j, self.k.shape))

    def _dipole(self, amplitude: Dual) -> complex:
        """32 pi^2 d for amplitude = ubar i d sigma^{mu nu} q_nu u at first order."""
        found = np.einsum("n,nrsm->rsm", self.weight, amplitude.slope)
        magnetic = 1j * np.einsum("mvab,v->mab", SIGMA, lower(P_OUT - P_IN))
        unit = np.einsum("ra,mab,sb->rsm", self.left.value, magnetic, self.right.value)
        d = np.sum(np.conj(unit) * found) / np.sum(np.abs(unit) ** 2)
        np.testing.assert_allclose(found, d * unit, atol=1e-9 * np.max(np.abs(d * unit)))
        return complex(32 * np.pi**2 * d)

    def on_fermion(self) -> complex:
        """32 pi^2 m_F d/g^2 of the diagrams where the external vector couples to F."""
        gamma = constant(GAMMA)
        boson = Dual(self.k, 0 * self.k)
        first = fermion_line(self._moving(-1, P_IN), 1.0)
        second = fermion_line(self._moving(-1, P_OUT), 1.0)
        out = product("ra,xab,nbc->nrxc", self.left, gamma, second)
        into = product("nab,ybc,sc->nysa", first, gamma, self.right)
        line = vector_line(boson, self.m_w2, self.xi)
        both = product("nrxa,mab,nysb,nxy->nrsm", out, gamma, into, line).times(-(1j**5) / 2)
        out, into = (
            product("ra,nab->nrb", self.left, second),
            product("nab,sb->nsa", first, self.right),
        )
        line = scalar_line(boson, self.xi * self.m_w2)
        strength = -(abs(self.yukawa) ** 2)
        goldstone = product("nra,mab,nsb,n->nrsm", out, gamma, into, line).times(strength)
        return self._dipole(both.times(-1) + goldstone)

    def on_boson(self) -> complex:
        """The same where it couples to W and its Goldstone boson."""
        gamma, m_w = constant(GAMMA), self.m_w2**0.5
        fermion = fermion_line(Dual(self.k, 0 * self.k), 1.0).times(1j)
        before, after = self._moving(-1, P_IN), self._moving(-1, P_OUT)
        q = Dual(0 * self.k, np.broadcast_to(P_OUT - P_IN + 0j, self.k.shape))
        up = constant(METRIC)
        # all momenta flow in: `before` (b), -`after` (a) and q (m)
        yang_mills = product("ab,nm->nabm", up, before + after)
        yang_mills += product("am,nb->nabm", up, (after + q).times(-1))
        yang_mills += product("mb,na->nabm", up, q + before.times(-1))
        w_in, w_out = (vector_line(k, self.m_w2, self.xi) for k in (before, after))
        s_in, s_out = (scalar_line(k, self.xi * self.m_w2).times(1j) for k in (before, after))
        spin = product("ri,xij,njk,ykl,sl->nrsxy", self.left, gamma, fermion, gamma, self.right)
        line = product("nxa,nyb,nabm->nxym", w_out, w_in, yang_mills).times(-1j * self.charge)
        total = product("nrsxy,nxym->nrsm", spin, line).times(-1 / 2)
        spin = product("ri,nij,sj->nrs", self.left, fermion, self.right)
        strength = -1j * self.charge * abs(self.yukawa) ** 2
        line = product("n,n,nm->nm", s_out, s_in, before + after)
        total += product("nrs,nm->nrsm", spin, line).times(strength)
        mixed = -self.charge * m_w / 2**0.5
        spin = product("ri,xij,njk,sk->nrsx", self.left, gamma, fermion, self.right)
        line = product("nxa,am,n->nxm", w_out, up, s_in)
        strength = 1j * 1j * np.conj(self.yukawa) * mixed
        total += product("nrsx,nxm->nrsm", spin, line).times(strength)
        spin = product("ri,nij,yjk,sk->nrsy", self.left, fermion, gamma, self.right)
        line = product("nya,am,n->nym", w_in, up, s_out)
        total += product("nrsy,nym->nrsm", spin, line).times(1j * 1j * self.yukawa * -mixed)
        return self._dipole(total)


# --- the moment of a charged fermion from a neutral vector ---------------------------------------


def _loop_points(masses: tuple[float, ...], nodes: int) -> tuple[Array, Array]:
    """Momenta (n, 4) and weights of d^4 l_E/(2 pi)^4 for an external mass 1.

    cos of the angle to the time axis goes as r sinh(u)/2, which resolves the fermion lines.
    """
    scale = float(np.prod(masses)) ** (1 / len(masses))
    r, weight = _radii(nodes)
    r, weight = r * scale, weight * scale
    step = np.linspace(-3.2, 3.2, nodes + 1)
    inner = np.pi / 2 * np.sinh(step)
    fraction, slope = np.tanh(inner), np.pi / 2 * np.cosh(step) / np.cosh(inner) ** 2
    top = np.arcsinh(2 / r)[:, None]
    cosine = r[:, None] / 2 * np.sinh(top * fraction)
    jacobian = r[:, None] / 2 * np.cosh(top * fraction) * top * slope * (step[1] - step[0])
    sine = np.sqrt(np.maximum(1 - cosine**2, 0))
    points = icosahedron()
    space = (r[:, None] * sine)[..., None, None] * points
    time = np.broadcast_to((1j * r[:, None] * cosine)[..., None, None], (*space.shape[:-1], 1))
    momenta = np.concatenate([time, space + 0j], axis=-1).reshape(-1, 4)
    measure = weight[:, None] * r[:, None] ** 3 * jacobian * sine * 4 * np.pi / (2 * np.pi) ** 4
    return momenta, np.repeat(measure.ravel(), len(points)) / len(points)


def regulated_moment(
    masses: tuple[float, float, float], g: float, d: float, nodes: int = 52
) -> tuple[float, tuple[float, float, float]]:
    """sum_i c_i F_2(0; M_i) of a fermion of mass 1, and c_i, with vertex g gamma + i d sigma q.

    Three neutral vectors of these masses with c_1 = 1, sum c_i = sum c_i M_i^2 = 0 (Pauli and
    Villars), so that every form factor converges: sum c_i/(l^2 - M_i^2) = K/prod(l^2 - M_i^2).
    F_2 = G_M - G_E, from the electric form factor at q = 0 and the magnetic one at order q.
    """
    a, b, c = (m**2 for m in masses)
    norm = (a - b) * (a - c)
    shares = (1.0, norm / ((b - a) * (b - c)), norm / ((c - a) * (c - b)))
    momenta, weight = _loop_points(masses, nodes)
    zero = 0 * momenta
    rest, half = np.array([1.0, 0, 0, 0]), np.array([0.0, 0, 0, 0.5])

    def external(sign: float) -> tuple[Dual, Dual]:
        line = Dual(rest - momenta, np.broadcast_to(sign * half, momenta.shape))
        at_rest = u_spinor(rest, 1.0)
        moved = np.einsum("ab,sb->sa", slash(sign * half), at_rest) / 2
        return fermion_line(line, 1.0), Dual(at_rest, moved)

    (first, u_in), (second, u_out) = external(-1), external(1)
    left = Dual(bar(u_out.value), bar(u_out.slope))
    # i d sigma^{alpha nu} l_nu, l into the fermion at the second vertex and out of it at the first
    magnetic = 1j * d * np.einsum("mvab,nv->nmab", SIGMA, lower(momenta))
    absorb, emit = (Dual(g * GAMMA + s * magnetic, 0 * magnetic) for s in (1, -1))
    index_down = constant(METRIC)
    out = product("ra,nxab,nbc->nrxc", left, absorb, second)
    into = product("nab,xy,nybc,sc->nxsa", first, index_down, emit, u_in)
    line = norm * np.prod([scalar_line(Dual(momenta, zero), m).value for m in (a, b, c)], axis=0)
    gamma = constant(GAMMA[[0, 1]])
    current = product("nrxa,mab,nxsb->nrsm", out, gamma, into)
    factor = weight * line  # i^5 from vertices and lines, -i from the vector
    found = np.einsum("n,nrsm->rsm", factor, current.value)
    slope = np.einsum("n,nrsm->rsm", factor, current.slope)
    tree = product("ra,mab,sb->rsm", left, gamma, u_in)
    electric = found[0, 0, 0] / tree.value[0, 0, 0]
    magnetic_part = slope[0, 1, 1] / tree.slope[0, 1, 1]
    return float(np.real(magnetic_part - electric)), shares
