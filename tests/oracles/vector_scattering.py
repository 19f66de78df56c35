"""X f -> X f and X X -> X X from explicit polarisation vectors, spinors and vertices.

The currents are (9) and (10) of [Foguel:2025] term by term, with plane waves put into the fields
and every hermitian conjugate written out. Self-scattering uses the real fields X^1, X^2, X^3 and
the structure constants of SU(2), so that no charged-basis vertex is taken for granted. Propagators
keep their q_mu q_nu/m^2 parts. Phase space is integrated numerically.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from .dirac import (
    GAMMA,
    LEFT,
    REAL,
    RIGHT,
    Array,
    bar,
    boost,
    dot,
    momentum_cm,
    pair,
    polarisations,
    u_spinor,
)

Mediator = tuple[float, float, float, float, float]  # mass, x, y, g_L, g_R


def _times(vector: Array, number: Array) -> Array:
    return number[..., None] * vector


def currents(k: Array, k_out: Array, e: Array, e_out: Array) -> tuple[Array, Array]:
    """<X(k_out)| J^mu, j^mu |X(k)> of (9) and (10): X+ = e exp(-i k.x), X- = e_out exp(+i k_out.x).

    d_nu X+ = -i k_nu X+ and d_nu X- = +i k_out_nu X-; the second half is the hermitian conjugate,
    which exchanges X+ and X- and the sign of i.
    """
    into, out = -1j * k, 1j * k_out
    first = (
        2 * _times(e, dot(e_out, into)) + _times(e, dot(out, e_out)) + _times(out, dot(e, e_out))
    )
    second = (
        2 * _times(e_out, dot(e, out)) + _times(e_out, dot(into, e)) + _times(into, dot(e_out, e))
    )
    both = into + out
    dipole = _times(e, dot(both, e_out)) - _times(e_out, dot(both, e))
    return 1j * first - 1j * second, 1j * dipole


def _fermion_line(p: Array, p_out: Array, m_f: float, left: float, right: float) -> Array:
    """ubar(p_out) gamma^mu (g_L P_L + g_R P_R) u(p), shape (2, 2, ..., 4)."""
    vertex = GAMMA @ (left * LEFT + right * RIGHT)
    return np.einsum("s...a,mab,r...b->sr...m", bar(u_spinor(p_out, m_f)), vertex, u_spinor(p, m_f))


def squared_xf(momenta: tuple[Array, ...], m_x: float, m_f: float, mediators: Any) -> Array:
    """Sum over all spins of |M(X f -> X f)|^2/g_X^2; momenta (k, p, k_out, p_out), real e."""
    k, p, k_out, p_out = momenta
    e, e_out = polarisations(k, m_x)[:, None], polarisations(k_out, m_x)[None]
    big, small = currents(k, k_out, e, e_out)
    q = p_out - p
    total: Any = 0.0
    for mass, x, y, left, right in mediators:
        dark = (x * big + y * small)[:, :, None, None]
        line = _fermion_line(p, p_out, m_f, left, right)[None, None]
        product = dot(dark, line)
        if mass > 0:
            product = product - dot(dark, q) * dot(q, line) / REAL(mass) ** 2
        total = total + product / (dot(q, q) - REAL(mass) ** 2)
    return np.sum(np.abs(total) ** 2, axis=(0, 1, 2, 3))


def _scattering(s: Any, m_x: float, m_f: float, z: Array) -> tuple[Array, ...]:
    start = tuple(np.broadcast_to(a, (len(z), 4)) for a in pair(s, m_x, m_f))
    return (*start, *pair(s, m_x, m_f, 1 - 2 * z))


def sigma_xf(
    s: Any, m_x: float, m_f: float, g_x: float, mediators: Any, q_min: float = 0.0, power: int = 0
) -> float:
    """integral of (1 - cos theta)^power d sigma [GeV^-2] over q > q_min, 32 panels in ln(-t).

    Without a cut -t starts at 1e-14 of its largest value."""
    four_p2 = 4 * momentum_cm(s, m_x, m_f) ** 2
    x, weight = (np.asarray(a, dtype=REAL) for a in np.polynomial.legendre.leggauss(24))
    low = np.log(max(REAL(q_min) ** 2 / four_p2, REAL(1e-14)))
    edges = np.linspace(low, 0, 33)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    z = np.exp((edges[:-1, None] + half * (1 + x)).ravel())
    measure = (half * weight).ravel() * z
    squared = squared_xf(_scattering(s, m_x, m_f, z), m_x, m_f, mediators)
    value = np.sum(measure * (2 * z) ** power * squared) * REAL(g_x) ** 2
    return float(value / 6 / (16 * np.pi * REAL(s)))


def squared_xf_at(
    s: Any, cos_theta: float, m_x: float, m_f: float, mediators: Any, velocity: Any = None
) -> float:
    """Sum over spins of |M|^2/g_X^2 at one angle, in the centre of mass or a boosted frame."""
    momenta = _scattering(s, m_x, m_f, np.array([(1 - REAL(cos_theta)) / 2]))
    if velocity is not None:
        momenta = tuple(boost(p, velocity) for p in momenta)
    return float(squared_xf(momenta, m_x, m_f, mediators)[0])


def drag(
    temperature: float, m_x: float, m_f: float, g_x: float, mediators: Any, states: float
) -> float:
    """-F/(m_X V) on X at rest by a Maxwell-Boltzmann bath that drifts with a small velocity V.

    The bath has f = exp(-omega/T) (1 + k.V/T); each scattering hands X the momentum with component
    k_hat.q = (-t/2)(1 + omega/m_X)/k along k (exact kinematics). No fluctuation theorem is used.
    """
    x, weight = np.polynomial.legendre.leggauss(40)
    omega = m_f + temperature * 25 * (x + 1)
    total = 0.0
    for energy, w in zip(omega, weight * temperature * 25, strict=True):
        k = np.sqrt(energy**2 - m_f**2)
        s = REAL(m_x) ** 2 + REAL(m_f) ** 2 + 2 * REAL(m_x) * REAL(energy)
        minus_t = (
            2
            * float(momentum_cm(s, m_x, m_f)) ** 2
            * sigma_xf(s, m_x, m_f, g_x, mediators, power=1)
        )
        along = minus_t / 2 * (1 + energy / m_x) / k
        number = states * k * energy / (2 * np.pi**2) * np.exp(-energy / temperature)
        total += w * number * (k / energy) * (k / temperature) * along / 3
    return total / m_x


def _epsilon() -> Array:
    tensor = np.zeros((3, 3, 3))
    for i, j, k in itertools.permutations(range(3)):
        tensor[i, j, k] = (i - j) * (j - k) * (k - i) / 2
    return tensor


_F = _epsilon()
_PLUS = np.array([1, 1j, 0]) / np.sqrt(2)
"""Colour vector of the X+ quantum, as an incoming leg: X+ = (X^1 - i X^2)/sqrt(2)."""


def _three(legs: Any) -> Array:
    """Current J^{a mu}: the triple vertex of two legs, from -(1/2) f_abc (dX)^a_mn X^bm X^cn.

    Each leg is (colour vector, incoming momentum, polarisation); the third leg is left open.
    """
    (c1, k1, e1), (c2, k2, e2) = legs
    k3 = -k1 - k2
    lorentz = (
        _times(k1 - k2, dot(e1, e2)) + _times(e2, dot(k2 - k3, e1)) + _times(e1, dot(k3 - k1, e2))
    )
    return np.einsum("abc,a,b->c", _F, c1, c2)[:, None] * lorentz


def _exchange(one: Any, two: Any, masses2: Array, widths: Array) -> Any:
    """J^a . D^a . J^a with massive propagators; sign for i M = (vertex)(propagator)(vertex)."""
    q = one[0][1] + one[1][1]
    left, right = _three(one), _three(two)
    product = dot(left, right) - dot(left, q) * dot(q, right) / masses2
    return -np.sum(product / (dot(q, q) - masses2 + 1j * widths * np.sqrt(masses2)))


def _contact(legs: Any) -> Any:
    """Four-vector term of -(1/4) f_abc f_ade X^b.X^d X^c.X^e, symmetrised over the legs."""
    total = 0.0
    for order in itertools.permutations(range(4)):
        (b, _, eb), (c, _, ec), (d, _, ed), (e, _, ee) = (legs[i] for i in order)
        colour = np.einsum("abc,ade,b,c,d,e->", _F, _F, b, c, d, e)
        total = total - 0.25 * colour * dot(eb, ed) * dot(ec, ee)
    return total


def amplitude_self(
    momenta: Iterable[Array], e: Iterable[Array], charges: Any, masses: Any, width: float = 0.0
) -> complex:
    """M/g_X^2 for four incoming legs of charge +1 or -1; masses (m_X, m_ZD), width of Z_D."""
    colours = [_PLUS if c > 0 else np.conj(_PLUS) for c in charges]
    legs = list(zip(colours, momenta, e, strict=True))
    masses2 = np.array([masses[0], masses[0], masses[1]], dtype=REAL) ** 2
    widths = np.array([0.0, 0.0, width])
    total = _contact(legs)
    for partner, *others in ((1, 2, 3), (2, 1, 3), (3, 1, 2)):
        pairs = (legs[0], legs[partner]), tuple(legs[i] for i in others)
        total = total + _exchange(*pairs, masses2, widths)
    return complex(total)


def squared_self(
    momentum: float, cos_theta: float, ratio: float, charge: int, width: float = 0.0
) -> float:
    """Sum over 81 spin states of |M(X+ X^charge -> same)|^2/g_X^4; m_X = 1, momentum in the CM."""
    s = 4 * (1 + REAL(momentum) ** 2)
    k1, k2 = pair(s, 1.0, 1.0)
    k3, k4 = pair(s, 1.0, 1.0, cos_theta)
    vectors = [polarisations(k, 1.0) for k in (k1, k2, k3, k4)]
    charges = (1, charge, -1, -charge)
    total = 0.0
    for e in itertools.product(*vectors):
        amplitude = amplitude_self((k1, k2, -k3, -k4), e, charges, (1.0, ratio), width)
        total += abs(amplitude) ** 2
    return total


def averaged_self(momentum: float, ratio: float, charge: int, width: float = 0.0) -> float:
    """`squared_self` averaged over the angle, 8 Gauss-Legendre nodes (a polynomial near rest)."""
    x, weight = np.polynomial.legendre.leggauss(8)
    values = [squared_self(momentum, c, ratio, charge, width) for c in x]
    return float(np.sum(weight * values) / 2)
