"""e N -> e N V on a heavy spinless nucleus from explicit spinors, and its phase space integral.

Nothing is taken from the Weizsaecker-Williams approximation: both diagrams, both electron spins and
three polarisations are summed, and angles and momentum transfer are integrated numerically.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .dirac import GAMMA, REAL, Array, bar, dot, lower, polarisations, slash, u_spinor

NUCLEUS = REAL(1e4)
"""Mass of the nucleus in GeV, so heavy that it takes up no energy"""


def magnetic(eps_slash: Array, k_slash: Array) -> Array:
    """i sigma^{mu nu} q_nu eps_mu = -[eps-slash, q-slash]/2 for a vector that leaves, q = -k."""
    return 0.5 * (eps_slash @ k_slash - k_slash @ eps_slash)


def squared(
    p: Array,
    p_out: Array,
    k: Array,
    target: Array,
    m_e: float,
    mass: float,
    couplings: tuple[float, float] = (1.0, 0.0),
) -> Array:
    """Half the sum over spins of |L^mu (P + P')_mu|^2: unit charges, no photon propagator.

    `couplings` (g, d in GeV^-1) of the vertex g gamma^mu + i d sigma^{mu nu} q_nu, q = -k.
    """
    eps = polarisations(k, mass)
    eps_slash = np.einsum("l...m,mab->l...ab", lower(eps), GAMMA)
    if couplings[1]:
        eps_slash = couplings[0] * eps_slash + couplings[1] * magnetic(eps_slash, slash(k))
    after, before = p_out + k, p - k
    one = np.eye(4)
    s_after = (slash(after) + m_e * one) / (dot(after, after) - m_e**2)[..., None, None]
    s_before = (slash(before) + m_e * one) / (dot(before, before) - m_e**2)[..., None, None]
    vertex = slash(target)
    first = np.einsum("l...ab,...bc,...cd->l...ad", eps_slash, s_after, vertex)
    second = np.einsum("...ab,...bc,l...cd->l...ad", vertex, s_before, eps_slash)
    left, right = bar(u_spinor(p_out, m_e)), u_spinor(p, m_e)
    amplitude = np.einsum("r...a,l...ab,s...b->lrs...", left, first + second, right)
    return np.sum(np.abs(amplitude) ** 2, axis=(0, 1, 2)) / 2


def d_sigma_dx(
    x: float,
    energy: float,
    mass: float,
    g2: Callable[[Array], Array],
    alpha: float,
    m_e: float,
    nodes: tuple[int, int, int] = (16, 24, 12),
) -> float:
    """d sigma/dx in GeV^-2 for coupling e of V; `g2`(t) is Z^2 F^2 of the nucleus."""
    omega = REAL(x) * energy
    k_abs = np.sqrt(omega**2 - REAL(mass) ** 2)
    p_abs = np.sqrt(REAL(energy) ** 2 - REAL(m_e) ** 2)
    low = mass**2 * (1 - x) / x + m_e**2 * x
    r, w_r = _unit(nodes[0])
    # u = u_min/r, as for a spectrum that falls as u^-2; forward angles only
    end = max(1e-4, float(low / (2 * p_abs * k_abs)))
    u = low / (end + (1 - end) * r)
    du = w_r * (1 - end) * u**2 / low
    cos = (2 * energy * omega - u - REAL(mass) ** 2) / (2 * p_abs * k_abs)
    low_cos = (2 * energy * omega - low - REAL(mass) ** 2) / (2 * p_abs * k_abs)
    start = REAL(1) - low_cos  # the smallest u is that of theta = 0 up to higher orders
    cos = np.minimum(cos + start, REAL(1) - REAL(1e-25))
    total = REAL(0)
    for c, d in zip(cos, du / (2 * p_abs * k_abs), strict=True):
        total += d * _over_transfer(c, energy, omega, k_abs, p_abs, mass, m_e, g2, nodes[1:])
    # d^3k/(2 omega (2 pi)^3) = |k| d omega d cos/(8 pi^2); flux 4 E M; couplings e^6
    e6 = (4 * math.pi * alpha) ** 3
    return float(e6 * energy * k_abs / (8 * math.pi**2) / (4 * p_abs * NUCLEUS) * total)


def _unit(n: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return np.asarray(0.5 * (nodes + 1), dtype=REAL), np.asarray(0.5 * weights, dtype=REAL)


def d_sigma_dx_dcos(
    x: float,
    theta: float,
    energy: float,
    mass: float,
    g2: Callable[[Array], Array],
    alpha: float,
    m_e: float,
    couplings: tuple[float, float] = (1.0, 0.0),
    nodes: tuple[int, int] = (40, 12),
) -> float:
    """d sigma/(dx d cos theta) in GeV^-2 of V at the angle theta; couplings over e."""
    omega = REAL(x) * energy
    k_abs = np.sqrt(omega**2 - REAL(mass) ** 2)
    p_abs = np.sqrt(REAL(energy) ** 2 - REAL(m_e) ** 2)
    c = min(REAL(1) - 2 * np.sin(REAL(theta) / 2) ** 2, REAL(1) - REAL(1e-25))
    found = _over_transfer(c, energy, omega, k_abs, p_abs, mass, m_e, g2, nodes, couplings)
    e6 = (4 * math.pi * alpha) ** 3
    return float(e6 * energy * k_abs / (8 * math.pi**2) / (4 * p_abs * NUCLEUS) * found)


def _over_transfer(
    c, energy, omega, k_abs, p_abs, mass, m_e, g2, nodes, couplings=(1.0, 0.0)
) -> Array:
    """Integral over t and azimuth of |M|^2 dPhi_2 at one angle of V, couplings left out."""
    s = np.sqrt((1 - c) * (1 + c))
    p = np.array([energy, 0, 0, p_abs], dtype=REAL)
    k = np.array([omega, k_abs * s, 0, k_abs * c], dtype=REAL)
    v = (p - k)[1:]
    v_abs = np.sqrt(np.sum(v**2))
    virtual = -(dot(p - k, p - k) - REAL(m_e) ** 2)
    a = 1 + (energy - omega) / NUCLEUS
    q_min = virtual / (v_abs + np.sqrt(v_abs**2 - a * virtual)) * (1 + 1e-9)
    z, w_z = _unit(nodes[0])
    top = math.log(4.0 / float(q_min**2))
    t = q_min**2 * np.exp(top * z)
    phi = (np.arange(nodes[1]) + REAL(0.5)) * 2 * np.pi / nodes[1]
    q0 = t / (2 * NUCLEUS)
    q_abs = np.sqrt(t + q0**2)
    along = ((energy - omega) * q0 + (virtual + t) / 2) / (v_abs * q_abs)
    fits = along < 1
    along = np.minimum(along, REAL(1))
    unit = v / v_abs
    side = np.array([unit[2], 0, -unit[0]], dtype=REAL)
    other = np.array([0, 1, 0], dtype=REAL)
    across = np.sqrt((1 - along) * (1 + along))
    direction = along[:, None, None] * unit + across[:, None, None] * (
        np.cos(phi)[None, :, None] * side + np.sin(phi)[None, :, None] * other
    )
    q = np.concatenate(
        [
            np.broadcast_to(q0[:, None, None], (*direction.shape[:2], 1)),
            q_abs[:, None, None] * direction,
        ],
        axis=-1,
    )
    p_out = p - k - q
    target = np.array([2 * NUCLEUS, 0, 0, 0], dtype=REAL) + q
    shape = q.shape
    full = [np.broadcast_to(b, shape) for b in (p, p_out, k, target)]
    m2 = squared(*full, m_e, mass, couplings).mean(axis=1)
    weight = w_z * top * t * np.where(fits, 1, 0) * np.asarray(g2(t)) / t**2
    return np.sum(weight * m2) * 2 * np.pi / (32 * np.pi**2 * NUCLEUS * v_abs)


__all__ = ["NUCLEUS", "d_sigma_dx", "d_sigma_dx_dcos", "magnetic", "squared"]
