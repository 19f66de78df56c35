"""X+ X- and a kinetically mixed vector: both currents, cross sections, widths and top scattering.

With L = -(kappa/2) X^3_{mu nu} B^{mu nu}, kappa = epsilon/c_w, and the full X^3_{mu nu}, the
neutral field equations in the notation of the recursion are

    k_mu (k^X3 + kappa k^B)^{mu nu} - (mass terms)                          = g S^nu,
    k_mu (k^B + kappa k^X3)^{mu nu} - (mass terms) - J_f^nu                 = g kappa k_mu C^{mu nu}

where a^b stands for a^mu b^nu - b^mu a^nu. So X+ X- feeds X3 with J = S and B with kappa times
j = k_mu C^{mu nu}, the divergence of the non-abelian term: the relative sign of the two comes
from the field strength, not from (9) and (10) of [Foguel:2025]. Everything is in GeV.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from .amplitudes import chiral_vertex, creation_current
from .dirac import (
    METRIC,
    REAL,
    RIGHT,
    Array,
    angles,
    bar,
    dot,
    lower,
    momentum_cm,
    pair,
    polarisations,
    slash,
    u_spinor,
    v_spinor,
)
from .nonabelian import Leg, Masses, Recursion, exact_leg, float_leg, fractions, product
from .nonabelian_mixing import Couplings

_DIAGONAL = np.diag(METRIC)
_LAST = (-1, -2)


def currents(legs: list[Leg], masses: Masses, metric: Array) -> tuple[Array, Array]:
    """J^mu and j^mu for an incoming X+ X-, shape (3, 3, ..., 4); g_x is left out."""
    recursion = Recursion(legs, masses, metric)
    return recursion.source((0, 1)), recursion.dipole((0, 1))


def exact_tensors(s: int | Fraction, x: int | Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """(T_JJ, T_Jj, T_jj) at m_x^2 = x: -4 x^2 sum J_a.J_b/(s - 4x) over all spins, exact.

    Basis of momenta: P = k1 + k2 and k1 - k2.
    """
    s, x = Fraction(s), Fraction(x)
    metric, half = fractions([s, 4 * x - s, -1, -1]), Fraction(1, 2)
    legs = [exact_leg(1, [half, half, 0, 0], metric), exact_leg(-1, [half, -half, 0, 0], metric)]
    weight = legs[0].weights[:, None] * legs[1].weights[None, :] * (4 * x**2 / (4 * x - s))
    big, dipole = currents(legs, Masses(x, x), metric)
    pairs = ((big, big), (big, dipole), (dipole, dipole))
    t_jj, t_cross, t_dd = (np.sum(weight * product(a, b, metric)) for a, b in pairs)
    return t_jj, t_cross, t_dd


def float_currents(s: float, m_x: float) -> tuple[Array, Array]:
    """J^mu and j^mu of X+ X- in the centre of mass, from unit polarisation vectors: (3, 3, 4).

    The last polarisation of each is the longitudinal one.
    """
    k1, k2 = pair(REAL(s), m_x, m_x)
    legs = [float_leg(1, k1, m_x), float_leg(-1, k2, m_x)]
    return currents(legs, Masses(REAL(m_x) ** 2, REAL(m_x) ** 2), _DIAGONAL)


def pair_current(s: float, m_x: float, big: complex, dipole: complex) -> Array:
    """big J + dipole j."""
    j_big, j_dipole = float_currents(s, m_x)
    return big * j_big + dipole * j_dipole


def sigma_fermion(
    s: float, m_x: float, m_f: float, coefficients: Couplings, g_x: float = 1.0, n_c: int = 1
) -> float:
    """sigma(X+ X- -> f fbar), spin average 1/9, from explicit spinors and polarisations."""
    p_in, p_out = momentum_cm(s, m_x, m_x), momentum_cm(s, m_f, m_f)
    cos_theta, weight = angles(8)
    k1, k2 = pair(REAL(s), m_f, m_f, cos_theta)
    total: Any = 0
    vertices = (chiral_vertex(1, 0), chiral_vertex(0, 1))
    for big, dipole, vertex in zip(*coefficients, vertices, strict=True):
        current = pair_current(s, m_x, big, dipole).reshape(9, 4)
        final = creation_current(k1, k2, m_f, vertex)
        total = total + np.einsum("im,f...m->if...", lower(current), final)
    squared = np.sum(np.abs(total) ** 2, axis=(0, 1)) / 9
    return float(n_c * g_x**2 * p_out / p_in / (16 * np.pi * s) * np.sum(weight * squared))


def decay_to_pair(mass: float, m_x: float, x: float, y: float, g_x: float = 1.0) -> float:
    """Gamma(V -> X+ X-) of a vector whose couplings to J and j are g_x x and g_x y."""
    rest = polarisations(np.array([mass, 0, 0, 0], dtype=REAL), mass)
    current = pair_current(mass**2, m_x, x, y).reshape(9, 4)
    squared = np.sum(np.abs(lower(rest) @ current.T) ** 2) / 3
    return float(g_x**2 * momentum_cm(mass**2, m_x, m_x) / (8 * np.pi * mass**2) * squared)


def top_amplitude(
    momenta: tuple[Array, ...],
    m_top: float,
    couplings: tuple[float, float],
    e: Array,
    chiral_charge: tuple[float, float] | None = None,
) -> Array:
    """M for t(p1) tbar(p2) -> V(k1) h(k2), unit Yukawa, shape (2, 2, vectors, ...).

    The scalar is real with vertex 1, or, where `chiral_charge` = (charge, mass) is given, complex
    with vertex P_R and radiating itself (the s-channel diagram).
    """
    p1, p2, k1, k2 = momenta
    vertex = chiral_vertex(*couplings)
    yukawa = np.eye(4) if chiral_charge is None else RIGHT
    emit = np.einsum("v...m,mab->v...ab", lower(e), vertex)

    def line(p: Array) -> Array:
        gap = dot(p, p) - REAL(m_top) ** 2
        return (slash(p) + m_top * np.eye(4)) / gap[..., None, None]

    matrix = yukawa @ line(p1 - k1) @ emit + emit @ line(k1 - p2) @ yukawa
    if chiral_charge is not None:
        charge, mass = chiral_charge
        total = p1 + p2
        radiate = charge * dot(total + k2, e) / (dot(total, total) - REAL(mass) ** 2)
        matrix = matrix + radiate[..., None, None] * yukawa
    left, right = bar(v_spinor(p2, m_top)), u_spinor(p1, m_top)
    return np.einsum("r...a,v...ab,s...b->rsv...", left, matrix, right)


def top_momenta(s: float, m_top: float, m_higgs: float, cos_theta: Array) -> tuple[Array, ...]:
    """Momenta of t, tbar, a massless vector and the scalar in the centre of mass."""
    incoming = pair(REAL(s), m_top, m_top, 1 + 0 * cos_theta)
    return (*incoming, *pair(REAL(s), 0.0, m_higgs, cos_theta))


def sigma_top(s: float, m_top: float, m_higgs: float) -> float:
    """sigma(t tbar -> V h), massless V with unit vector coupling, unit Yukawa, one colour."""
    p_in, p_out = momentum_cm(s, m_top, m_top), momentum_cm(s, 0.0, m_higgs)
    velocity = 2 * p_in / np.sqrt(REAL(s))
    cos_theta, weight = angles(60, peak=float(velocity) * (1 - 1e-12))
    momenta = top_momenta(s, m_top, m_higgs, cos_theta)
    total = top_amplitude(momenta, m_top, (1.0, 1.0), polarisations(momenta[2], 0.0))
    squared = np.sum(np.abs(total) ** 2, axis=(0, 1, 2)) / 4
    return float(p_out / p_in / (16 * np.pi * s) * np.sum(weight * squared))


def ward_residual(
    couplings: tuple[float, float], s_channel: bool, m_higgs: float = 0.4
) -> tuple[float, float]:
    """Largest |M| with e = k1, and with physical e, at one energy for massless tops."""
    charge = (couplings[1] - couplings[0], m_higgs) if s_channel else None
    momenta = top_momenta(2.3, 0.0, m_higgs, np.array([-0.6, 0.1, 0.7]))
    # massless spinors of the Dirac representation are regular: (E + m) > 0
    longitudinal = top_amplitude(momenta, 0.0, couplings, momenta[2][None], charge)
    physical = top_amplitude(momenta, 0.0, couplings, polarisations(momenta[2], 0.0), charge)
    return float(np.max(np.abs(longitudinal))), float(np.max(np.abs(physical)))
