"""Exact rational kinematics, squared amplitudes and integrated cross sections of the triplet.

Masses are in units in which X = m_x^2 and Z = m_zd^2 are rational; g = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath

from .dirac import Array
from .nonabelian import MINKOWSKI, Masses, exact_leg, fractions, squared

Number = int | Fraction


def momenta_two_to_two(s: Number, c: Number, m_in: Number, m_out: Number) -> tuple[Array, Array]:
    """Diagonal metric and k1, k2 -> k3, k4 (4, 4) at t - u = c, squared masses equal in pairs.

    Basis: P = k1 + k2, k1 - k2, the part of k3 - k4 orthogonal to both, and a unit vector.
    """
    s, c = Fraction(s), Fraction(c)
    across = s - 4 * m_out - c**2 / (s - 4 * m_in)
    half, along = Fraction(1, 2), c / (s - 4 * m_in) / 2
    first, last = [[half, half], [half, -half]], [[half, along, half], [half, -along, -half]]
    momenta = [[*k, *[0] * (4 - len(k))] for k in (*first, *last)]
    return fractions([s, 4 * m_in - s, -across, -1]), fractions(momenta)


def two_to_two(s: Number, c: Number, finals: tuple[int, int], masses: Masses) -> Any:
    """Metric and legs of X+ and the X that charge conservation asks for -> finals at t - u = c.

    `finals` holds the charges; both final masses are equal. All numbers stay rational.
    """
    incoming = (1, finals[0] + finals[1] - 1)
    metric, k = momenta_two_to_two(s, c, masses.x, masses.of(finals[0]))
    ingoing = [exact_leg(q, p, metric) for q, p in zip(incoming, k[:2], strict=True)]
    outgoing = [exact_leg(q, p, metric).outgoing() for q, p in zip(finals, k[2:], strict=True)]
    return metric, [*ingoing, *outgoing]


def squared_two_to_two(
    s: Number, c: Number, finals: tuple[int, int], masses: Masses, longitudinal: bool = True
) -> Fraction:
    """Sum over all spins of |M|^2/g^4 for X+ X -> finals at t - u = c."""
    metric, legs = two_to_two(s, c, finals, masses)
    return squared(legs, masses, metric, longitudinal)


class DarkIntegral(NamedTuple):
    """Int dc sum|M|^2 = root w + logarithm ln[(a + w)/(a - w)], with a = s - 2Z."""

    root: Fraction
    logarithm: Fraction


def divide_even(values: dict[Fraction, Fraction], degree: int) -> list[Fraction]:
    """Newton's divided differences turned into coefficients of an exact polynomial."""
    nodes, table = list(values)[: degree + 1], list(values.values())[: degree + 1]
    for order in range(1, degree + 1):
        for i in range(degree, order - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (nodes[i] - nodes[i - order])
    coefficients = [table[degree]]
    for i in range(degree - 1, -1, -1):
        shifted = [Fraction(0), *coefficients]
        for j, value in enumerate(coefficients):
            shifted[j] -= nodes[i] * value
        shifted[0] += table[i]
        coefficients = shifted
    return coefficients


def dark_integral(s: Number, masses: Masses, longitudinal: bool = True) -> DarkIntegral:
    """X+ X- -> Z_D Z_D integrated exactly over c = t - u, |c| < w.

    Sum|M|^2 = N(c^2)/(a^2 - c^2)^2 with N of degree 4 in c^2; two further nodes check the degree.
    """
    s = Fraction(s)
    a2 = (s - 2 * masses.z) ** 2
    w2 = (s - 4 * masses.x) * (s - 4 * masses.z)
    values = {}
    for i in range(1, 8):
        c = Fraction(i, 8) * min(s - 4 * masses.x, s - 4 * masses.z)
        values[c**2] = squared_two_to_two(s, c, (0, 0), masses, longitudinal) * (a2 - c**2) ** 2
    n = divide_even(values, 4)
    for y, value in values.items():
        if sum(n_i * y**i for i, n_i in enumerate(n)) != value:
            raise ValueError("sum|M|^2 is not of the expected form")
    # N(y) = (q0 + q1 y + q2 y^2)(a2 - y)^2 + r1 (a2 - y) + r0
    q2 = n[4]
    q1 = n[3] + 2 * a2 * q2
    q0 = n[2] + 2 * a2 * q1 - a2**2 * q2
    r1 = -(n[1] + 2 * a2 * q0 - a2**2 * q1)
    r0 = n[0] - a2**2 * q0 - a2 * r1
    a = s - 2 * masses.z
    polynomial = 2 * (q0 + q1 * w2 / 3 + q2 * w2**2 / 5)
    root = polynomial + r0 / (a2 * (a2 - w2))
    return DarkIntegral(root, r1 / a + r0 / (2 * a * a2))


def sigma_dark(s: Number, masses: Masses, longitudinal: bool = True) -> float:
    """sigma(X+ X- -> Z_D Z_D)/g^4: spin average 1/9, identical final particles 1/2.

    dsigma/dt = |M|^2/(16 pi s (s - 4X)) and dc = 2 dt.
    """
    integral = dark_integral(s, masses, longitudinal)
    with mpmath.workdps(60):
        mp_s, x, z, root, logarithm = (
            mpmath.mpf(q.numerator) / q.denominator
            for q in (Fraction(s), Fraction(masses.x), Fraction(masses.z), *integral)
        )
        w, a = mpmath.sqrt((mp_s - 4 * x) * (mp_s - 4 * z)), mp_s - 2 * z
        total = root * w + logarithm * mpmath.log((a + w) / (a - w))
        return float(total / (18 * 32 * mpmath.pi * mp_s * (mp_s - 4 * x)))


def three_to_two(ratio: Number, initial: Sequence[int], final: Sequence[int]) -> Any:
    """Metric, legs and masses of three particles at rest -> two, with m_x = 1.

    The third coordinate is in units of the final momentum p; only p^2 is needed.
    """
    masses = Masses(Fraction(1), Fraction(ratio) ** 2)
    total = sum(Fraction(1) if q else Fraction(ratio) for q in initial)
    m_1, m_2 = (masses.of(q) for q in final)
    e_1 = (total**2 + m_1 - m_2) / (2 * total)
    metric = fractions([1, -1, -1, m_1 - e_1**2])
    rest = [exact_leg(q, [1 if q else ratio, 0, 0, 0], metric) for q in initial]
    momenta = ([e_1, 0, 0, 1], [total - e_1, 0, 0, -1])
    out = [exact_leg(q, k, metric).outgoing() for q, k in zip(final, momenta, strict=True)]
    return metric, [*rest, *out], masses


def squared_three_to_two(
    ratio: Number, initial: Sequence[int], final: Sequence[int], longitudinal: bool = True
) -> Fraction:
    """Sum over all spins of |M|^2 m_x^2/g^6, divided by k! for identical initial or final."""
    metric, legs, masses = three_to_two(ratio, initial, final)
    return squared(legs, masses, metric, longitudinal) / symmetry(initial) / symmetry(final)


def symmetry(charges: Sequence[int]) -> int:
    """Product of the factorials of the numbers of identical particles."""
    factor = 1
    for q in (-1, 0, 1):
        for n in range(2, list(charges).count(q) + 1):
            factor *= n
    return factor


def squared_at_rest(ratio: Number, same_sign: bool) -> Fraction:
    """Sum over all spins of |M|^2/g^4 for elastic X+ X+ (or X+ X-), all four particles at rest."""
    metric = fractions(MINKOWSKI)
    first = exact_leg(1, [1, 0, 0, 0], metric)
    second = first if same_sign else first._replace(charge=-1)
    legs = [first, second, first.outgoing(), second.outgoing()]
    return squared(legs, Masses(Fraction(1), Fraction(ratio) ** 2), metric)
