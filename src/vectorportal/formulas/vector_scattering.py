"""Elastic scattering of charged dark vectors on fermions, X f -> X f, through neutral vectors.

Every neutral vector V couples to g_X (x_V J + y_V j).X and to fbar gamma^mu (g_L P_L + g_R P_R) f,
with J the current (9) and j the dipole current (10) of [Foguel:2025] without epsilon/c_w. The
photon has x = 0, y = epsilon, g = e Q. The same amplitudes as in X+X- -> f fbar, crossed:

    G^a_chi(t) = sum_V (x_V or y_V) g_chi/(t - m_V^2),  V^a = (G_L + G_R)/2,  A^a = (G_R - G_L)/2.

Both currents are conserved, so q_mu q_nu terms drop. In the Breit frame, with tau = -t/(4 m_X^2),
charge and magnetic densities of the pairs of currents, sums over X spins over 4 m_X^2 - t, are

    c_JJ = 2 + (1 - 2 tau)^2,  c_Jj = -2 tau (1 - 2 tau),  c_jj = 4 tau^2,
    mu_JJ = 8 tau,             mu_Jj = 4 tau,              mu_jj = 2 tau,

where c - 2 mu at t -> s is T_ab/(4 m_X^4) of X+X- -> f fbar, and

    sum |M|^2 = 2 g_X^2 sum_ab { V^a V^b [(4 m_X^2 - t)(4 m_f^2 c - 2 t mu) + (c + mu) G]
                               + A^a A^b [(4 m_X^2 - t)(8 m_f^2 - 2 t) mu + (c + mu) G] },
    G = 4 s (4 p^2 + t) = 16 s p^2 cos^2(theta/2),  p the momentum in the centre of mass.

For v -> 0 (q ~ mu v; m_V > 0): J with a vector coupling is an unsuppressed Yukawa force; j with a
vector coupling has |M|^2 ~ q^4 and q^2 v^2, sigma ~ v^4; an axial coupling gives sigma ~ v^2.
For the photon the 1/t^2 cancels these powers: |M|^2 tends to a constant plus a term in
v^2/q^2 ~ cot^2(theta/2). Relative to a millicharge it is suppressed by v^4, and there is no Coulomb
1/q^4; but it does not vanish at v -> 0, and the magnetic moment that meets a moving charge leaves
a logarithm of the smallest momentum transfer in the total (not in the transfer) cross section.
Against the Yukawa force of a Z_D with g = -epsilon e Q, for m_f << m_X, the transfer cross section
of the photon is larger by m_ZD^4/(8 m_X^2 m_f^2): it rules X-electron scattering and relaxation
(section 4.2 of [Foguel:2025] argues that the photon amplitude vanishes at v -> 0; it vanishes only
relative to a charge).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import pi
from typing import Any, NamedTuple

import numpy as np

from vectorportal.errors import ParameterError
from vectorportal.numerics.arrays import namespace

__all__ = [
    "Exchange",
    "Split",
    "dipole_at_rest",
    "momentum_relaxation",
    "nucleon_couplings",
    "pair_densities",
    "sigma_elastic",
    "sigma_transfer",
    "squared_elastic",
    "yukawa_at_rest",
]

_ANGLES, _ENERGIES = 64, 48
_HIGHEST = 60.0
"""Largest kinetic energy of the bath over T that is kept; exp(-60) is below double precision."""


class Exchange(NamedTuple):
    """One exchanged vector: m_V^2 [GeV^2], components of J and j, chiral couplings of f.

    Every field is a number or an array that broadcasts with the points. The photon has mass2 = 0,
    current = 0, dipole = epsilon, left = right = e Q.
    """

    mass2: Any
    current: Any
    dipole: Any
    left: Any
    right: Any


class Split(NamedTuple):
    """A quantity quadratic in the amplitude, and what J alone or j alone would give.

    total - current - dipole is their interference.
    """

    total: Any
    current: Any
    dipole: Any


def _each(split: Split, function: Callable[[Any], Any]) -> Split:
    return Split(function(split.total), function(split.current), function(split.dipole))


class _Motion(NamedTuple):
    """s and (2 p)^2 of the centre of mass [GeV^2]."""

    s: Any
    four_p2: Any


def nucleon_couplings(up: Any, down: Any) -> tuple[Any, Any]:
    """Vector couplings (proton, neutron) from g_V = (g_L + g_R)/2 of the up and down quark.

    The vector current counts valence quarks: p = 2 u + d, n = u + 2 d. Enter them as left = right.
    This neglects the axial current (spin dependent, and sigma ~ v^2 here), the anomalous moments
    (they scale the magnetic terms of the proton by up to 7.8 and are all that a photon sees of a
    neutron) and the form factors, which need q << 0.84 GeV.
    """
    return 2.0 * up + down, up + 2.0 * down


def pair_densities(t: Any, m_x: Any) -> tuple[tuple[Any, Any], tuple[Any, Any], tuple[Any, Any]]:
    """(charge, magnetic) density of JJ, Jj and jj at t <= 0 [GeV^2]; see the module's text."""
    tau = -0.25 * t / m_x**2
    bend = 1.0 - 2.0 * tau
    return (
        (2.0 + bend**2, 8.0 * tau),
        (-2.0 * tau * bend, 4.0 * tau),
        (4.0 * tau**2, 2.0 * tau),
    )


def _amplitudes(t: Any, exchanges: Sequence[Exchange]) -> tuple[Any, Any, Any, Any]:
    """V^J, A^J, V^j, A^j [GeV^-2] at t."""
    total: list[Any] = [0.0, 0.0, 0.0, 0.0]
    for one in exchanges:
        vector = 0.5 * (one.left + one.right) / (t - one.mass2)
        axial = 0.5 * (one.right - one.left) / (t - one.mass2)
        parts = (one.current * vector, one.current * axial, one.dipole * vector, one.dipole * axial)
        total = [old + new for old, new in zip(total, parts, strict=True)]
    return total[0], total[1], total[2], total[3]


def _squared(
    motion: _Motion, t: Any, m_x: Any, m_f: Any, g_x: Any, exchanges: Sequence[Exchange]
) -> Split:
    """Spin-averaged |M|^2; every term of a squared current is positive, nothing cancels."""
    vector_big, axial_big, vector_small, axial_small = _amplitudes(t, exchanges)
    breit = 4.0 * m_x**2 - t
    forward = 4.0 * motion.s * (motion.four_p2 + t)

    def term(density: tuple[Any, Any], vectors: Any, axials: Any) -> Any:
        charge, magnetic = density
        flow = (charge + magnetic) * forward
        vector = breit * (4.0 * m_f**2 * charge - 2.0 * t * magnetic) + flow
        axial = breit * (8.0 * m_f**2 - 2.0 * t) * magnetic + flow
        return g_x**2 / 3.0 * (vectors * vector + axials * axial)

    both, cross, small = pair_densities(t, m_x)
    current = term(both, vector_big**2, axial_big**2)
    dipole = term(small, vector_small**2, axial_small**2)
    mixed = term(cross, 2.0 * vector_big * vector_small, 2.0 * axial_big * axial_small)
    return Split(current + dipole + mixed, current, dipole)


def squared_elastic(
    s: Any, t: Any, m_x: Any, m_f: Any, g_x: Any, exchanges: Sequence[Exchange]
) -> Split:
    """|M(X f -> X f)|^2, dimensionless, averaged over 3 x 2 initial spins and summed over final.

    s, t in GeV^2 inside the physical region, -4 p^2 <= t < 0; masses in GeV; all broadcast. Derived
    from (9) and (10) of [Foguel:2025]; the formula is in the module's text. The same for X+ and
    X-, f and its antiparticle. Widths do not enter at t < 0. For -t >> m_X^2 the growing parts of J
    and j cancel (gauge invariance) and digits are lost as m_X^2/(-t) squared.
    """
    four_p2 = (s - (m_x + m_f) ** 2) * (s - (m_x - m_f) ** 2) / s
    return _squared(_Motion(s, four_p2), t, m_x, m_f, g_x, exchanges)


def _motion(m_x: Any, energy: Any, momentum2: Any, m_f: Any) -> _Motion:
    """From the energy and squared momentum of f in the rest frame of X."""
    s = m_x**2 + m_f**2 + 2.0 * m_x * energy
    return _Motion(s, 4.0 * m_x**2 * momentum2 / s)


def _angle_nodes(
    xp: Any, motion: _Motion, exchanges: Sequence[Exchange], z_min: Any
) -> tuple[Any, Any]:
    """Nodes and weights in z = sin^2(theta/2) = -t/(4 p^2) from z_min to 1, on a new last axis.

    z + c grows exponentially, with c the mass of the lightest massive vector over 2 p, squared (or
    1): smooth across any hierarchy of masses. Where only z_min > 0 screens a photon, c = 0.
    """
    scale = xp.ones_like(motion.four_p2)
    for one in exchanges:
        massless = xp.where(z_min > 0.0, 0.0, 1.0)
        c = xp.where(one.mass2 > 0.0, one.mass2 / motion.four_p2, massless)
        scale = xp.minimum(scale, c)
    x, weight = (xp.asarray(a) for a in np.polynomial.legendre.leggauss(_ANGLES))
    start = z_min + scale
    length = xp.log1p((1.0 - z_min) / start)[..., None]
    growth = start[..., None] * xp.expm1(0.5 * (x + 1.0) * length)
    z = xp.asarray(z_min)[..., None] + growth
    return z, 0.5 * weight * length * (growth + start[..., None])


def _deeper(xp: Any, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The same exchanges with a new last axis for the nodes."""
    return [Exchange._make(xp.asarray(field)[..., None] for field in one) for one in exchanges]


def _integrated(
    motion: _Motion,
    m_x: Any,
    m_f: Any,
    g_x: Any,
    exchanges: Sequence[Exchange],
    cut: Any,
    power: int,
) -> Split:
    """integral dz (2 z)^power |M|^2/(16 pi s) over -t = 4 p^2 z >= cut, [GeV^-2]."""
    xp = namespace(motion.s, motion.four_p2, m_x, m_f, g_x, cut, *(f for e in exchanges for f in e))
    s, four_p2 = (xp.asarray(a) for a in motion)
    z_min = xp.minimum(cut / four_p2, 1.0 + 0.0 * four_p2)
    z, weight = _angle_nodes(xp, _Motion(s, four_p2), exchanges, z_min)
    inner = _Motion(s[..., None], four_p2[..., None])
    m_x, m_f, g_x = (xp.asarray(a)[..., None] for a in (m_x, m_f, g_x))
    squares = _squared(inner, -inner.four_p2 * z, m_x, m_f, g_x, _deeper(xp, exchanges))
    measure = weight * (2.0 * z) ** power
    return _each(squares, lambda a: xp.sum(measure * a, axis=-1) / (16.0 * pi * s))


def _start(velocity: Any, m_x: Any, m_f: Any) -> _Motion:
    """Kinematics at relative velocity v, the speed of one in the rest frame of the other."""
    gamma2 = 1.0 / ((1.0 - velocity) * (1.0 + velocity))
    return _motion(m_x, m_f * gamma2**0.5, (m_f * velocity) ** 2 * gamma2, m_f)


def sigma_elastic(
    velocity: Any,
    m_x: Any,
    m_f: Any,
    g_x: Any,
    exchanges: Sequence[Exchange],
    q_min: Any = 0.0,
) -> Split:
    """sigma(X f -> X f) [GeV^-2] with momentum transfer above `q_min`; spin averaged, tree level.

    Parameters
    ----------
    velocity : speed of X in the rest frame of f, 0 < velocity < 1.
    m_x, m_f : masses [GeV], positive. g_x : dark gauge coupling. q_min : GeV, at least 0.
    exchanges : the vectors exchanged. All broadcast; the answer has the broadcast shape.

    With a massless vector and q_min = 0 the total and the part of the vector are infinite: by a
    logarithm only, see the module's text; `sigma_transfer` is finite. Zero for q_min >= 2 p.
    Fixed Gauss-Legendre rule in ln(-t + m_V^2), relative error below 1e-10 for 2 p/m_V up to 1e9.
    """
    xp = namespace(velocity, m_x, m_f, g_x, q_min, *(f for e in exchanges for f in e))
    answer = _integrated(
        _start(velocity, m_x, m_f), m_x, m_f, g_x, exchanges, xp.asarray(q_min) ** 2, 0
    )
    return _with_infinities(xp, answer, exchanges, q_min)


def _with_infinities(xp: Any, answer: Split, exchanges: Sequence[Exchange], q_min: Any) -> Split:
    """Infinity where a massless vector acts and no momentum transfer is excluded."""
    current, dipole = answer.current, answer.dipole
    for one in exchanges:
        acts = (xp.asarray(one.mass2) == 0.0) & ((one.left != 0.0) | (one.right != 0.0))
        acts = acts & (xp.asarray(q_min) <= 0.0)
        current = xp.where(acts & (xp.asarray(one.current) != 0.0), np.inf, current)
        dipole = xp.where(acts & (xp.asarray(one.dipole) != 0.0), np.inf, dipole)
    infinite = xp.isinf(current) | xp.isinf(dipole)
    return Split(xp.where(infinite, np.inf, answer.total), current, dipole)


def sigma_transfer(
    velocity: Any, m_x: Any, m_f: Any, g_x: Any, exchanges: Sequence[Exchange]
) -> Split:
    """Momentum-transfer cross section, integral of (1 - cos theta) d sigma [GeV^-2].

    Finite also for the photon. Arguments and accuracy as in `sigma_elastic`.
    """
    motion = _start(velocity, m_x, m_f)
    return _integrated(motion, m_x, m_f, g_x, exchanges, 0.0, 1)


def yukawa_at_rest(m_x: Any, m_f: Any, g_x: Any, exchanges: Sequence[Exchange]) -> Any:
    """Leading sigma [GeV^-2] at v -> 0 of J: g_X^2 mu^2/pi (sum x g_V/m_V^2)^2 over massive V.

    mu is the reduced mass; needs mu v << m_V. Massless vectors do not count (x = 0 for the photon).
    """
    xp = namespace(m_x, m_f, g_x, *(f for e in exchanges for f in e))
    strength: Any = 0.0
    for one in exchanges:
        mass2 = xp.asarray(one.mass2)
        vector = 0.5 * one.current * (one.left + one.right)
        strength = strength + xp.where(mass2 > 0.0, vector / xp.where(mass2 > 0.0, mass2, 1.0), 0.0)
    return (g_x * strength * m_x * m_f / (m_x + m_f)) ** 2 / pi


def dipole_at_rest(m_x: Any, m_f: Any, strength: Any, z_min: Any) -> tuple[Any, Any]:
    """Leading (sigma with sin^2(theta/2) > z_min, sigma_transfer) [GeV^-2] of the photon at v -> 0.

    strength = g_X epsilon e Q; with r = m_f/m_X and C = strength^2/(48 pi m_X^2 (1 + r)^2),

        4 pi dsigma/dOmega = C [4 + 4 r^2 + 2 (1 + r)^2 cot^2(theta/2)],

    independent of v: the 1/v^4 of Rutherford is gone, the logarithm at theta -> 0 stays.
    """
    xp = namespace(m_x, m_f, strength, z_min)
    r = m_f / m_x
    scale = strength**2 / (48.0 * pi * m_x**2 * (1.0 + r) ** 2)
    contact, moving = 4.0 + 4.0 * r**2, 2.0 * (1.0 + r) ** 2
    rest = 1.0 - z_min
    total = contact * rest - moving * (xp.log(xp.asarray(z_min)) + rest)
    return scale * total, scale * (contact + moving)


def momentum_relaxation(
    temperature: Any,
    m_x: Any,
    m_f: Any,
    g_x: Any,
    exchanges: Sequence[Exchange],
    states: Any = 4.0,
    statistics: str = "quantum",
) -> Split:
    """gamma [GeV] of dp/dt = -gamma p for a slow X in a bath of f at `temperature` [GeV].

    gamma = (1/(6 m_X T)) states int d^3k/(2 pi)^3 f (1 - f) (k/omega) int dt (-t) dsigma/dt,

    (momentum diffusion over m_X T; [Gondolo:2012]), leading order in T/m_X, with s and the range
    of t of X at rest. The temperature of X relaxes at twice this rate, dT_X/dt = 2 gamma (T - T_X)
    without expansion; [Bringmann:2016] (A6) calls that product gamma, with 1/(48 pi^3) in front.
    `states` counts spins, colours, particle and antiparticle of f: 4 for electrons, 12 for a quark.
    `statistics` "quantum" is Fermi-Dirac with blocking, "maxwell-boltzmann" has f alone. Needs
    m_X >> T; m_f >= 0; arrays broadcast. The plasma mass of the photon is neglected. Fixed rule in
    the energy: relative error below 1e-10 for m_V > T/3, below 1e-7 for any lighter vector.
    """
    if statistics not in ("quantum", "maxwell-boltzmann"):
        raise ParameterError("statistics", statistics, allowed="one of quantum, maxwell-boltzmann")
    xp = namespace(temperature, m_x, m_f, g_x, states, *(f for e in exchanges for f in e))
    inputs = (temperature, m_x, m_f, g_x)
    bath, m_x, m_f, g_x = (xp.asarray(a, dtype=xp.float64)[..., None] for a in inputs)
    x, weight = (xp.asarray(a) for a in np.polynomial.legendre.leggauss(_ENERGIES))
    root = 0.5 * (x + 1.0) * _HIGHEST**0.5
    energy = m_f + bath * root**2
    k2 = bath * root**2 * (2.0 * m_f + bath * root**2)
    motion = _motion(m_x, energy, k2, m_f)
    transfer = _integrated(motion, m_x, m_f, g_x, _deeper(xp, exchanges), 0.0, 1)
    boltzmann = xp.exp(-energy / bath)
    occupied = boltzmann if statistics != "quantum" else boltzmann / (1.0 + boltzmann) ** 2
    measure = weight * _HIGHEST**0.5 * root * k2 * occupied * motion.four_p2
    scale = xp.asarray(states) / (24.0 * pi**2)
    return _each(transfer, lambda a: scale * xp.sum(measure * a / m_x, axis=-1))
