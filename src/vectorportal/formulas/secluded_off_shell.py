"""Complex scalar dark matter annihilating into one vector on shell and one off shell.

The squared amplitude of phi phi* -> V1 V2 with masses m_1 and m_2 (t, u channel and contact term)
needs no polarisation vectors: the dark current is conserved, so each sum is -g_{mu nu}. With
S = s - m_1^2 - m_2^2, B = s - 4 m^2, Z_i = B + m_i^2, X_i = s - Z_i, lambda the Kallen function
of s, m_1^2, m_2^2, w^2 = B lambda/(s S^2) and L = atanh(w)/w, its mean over the angle is 8 g^4 R,

    R = 1 + X_1 X_2/(S^2 (1 - w^2)) - s L/S + Z_1 Z_2 L/S^2,

and beta sigma = (8 pi alpha_d^2/s) (lambda^(1/2)/s) R for vectors that are told apart. At equal
masses half of it is formulas/secluded.py. At rest R = 1 + 2 m_1^2 m_2^2/S^2.

A vector off shell has the mass M with the weight dM^2 W(M^2)/(pi |D(M^2)|^2), D = M^2 - m_v^2 +
i m_v Gamma and W its spectral function (formulas/spectral.py). Below the threshold, m_dm < m_v,
this is phi phi* -> V V*, an s wave; its place above is taken by V V.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any

from vectorportal.formulas.secluded import log_tail
from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.panels import Rule, panel_nodes

__all__ = ["beta_sigma_two_masses", "off_shell_rule"]

_SCALE = 0.02
"""Distance over which W varies next to a threshold, relative to the position of the threshold"""
_FAR = 30.0
"""Largest mass of V* over the position of structure that is resolved: W grows as M^2 at least, and
what lies lower by this has of the order of 1e-6 of the integral"""
_SMALLEST = 1e-12
"""Least distance from the edge of phase space that is resolved, in units of m_v"""


def beta_sigma_two_masses(eta: Any, m_dm: Any, m_1: Any, m_2: Any, alpha_d: Any) -> Any:
    """beta sigma(phi phi* -> V1 V2) in GeV^-2 for vectors of masses `m_1` and `m_2` >= 0.

    eta = sqrt(s)/(2 m_dm) - 1; masses in GeV, alpha_d = g^2/(4 pi), unit charge. All broadcast;
    sigma v = 2 beta sigma. No factor 1/2 for identical vectors. Zero below either threshold.
    """
    xp = namespace(eta, m_dm, m_1, m_2, alpha_d)
    eta, m_dm, m_1, m_2 = (xp.asarray(a, dtype=xp.float64) for a in (eta, m_dm, m_1, m_2))
    gap = 2.0 * (m_dm + m_dm * eta) - (m_1 + m_2)
    is_open = ~((eta < 0.0) | (gap <= 0.0))  # a NaN stays a NaN
    gap = xp.where(is_open, gap, m_dm)
    root = gap + (m_1 + m_2)
    s, e = root * root, xp.where(is_open, eta, 0.0)
    b = s * e * (2.0 + e) / (1.0 + e) ** 2
    square_1, square_2 = m_1 * m_1, m_2 * m_2
    big_s = 0.5 * (gap * (root + m_1 + m_2) + s - (m_1 - m_2) ** 2)
    kallen = gap * (root + m_1 + m_2) * (root - m_1 + m_2) * (root + m_1 - m_2)
    w2 = b * kallen / (s * big_s * big_s)
    pole = 1.0 / ((4.0 * square_1 * square_2 + kallen * (1.0 - b / s)) / big_s**2)
    z = (b + square_1) * (b + square_2)
    x = (s - b - square_1) * (s - b - square_2)
    at_zero = (big_s - b) ** 2 + b * b + 2.0 * square_1 * square_2
    rest = x * pole + (z - s * big_s) * log_tail(xp, w2, 1.0 / pole)
    value = 8.0 * pi * alpha_d**2 / s**2 * xp.sqrt(kallen) * (at_zero + w2 * rest) / big_s**2
    return xp.where(is_open, value, 0.0)


def off_shell_rule(
    m_dm: Any,
    m_v: Any,
    width: Any,
    alpha_d: Any,
    breaks: Sequence[tuple[float, float]],
    rule: Rule,
    eta: Any = 0.0,
) -> tuple[Any, Any]:
    """Masses M of V* in GeV and weights in GeV^-4: 2 beta sigma(phi phi* -> V V*) = sum weight W.

    m_dm, m_v, width (GeV), alpha_d and eta have shape (N,), both answers (N, K) with K the cost of
    `rule`. breaks : (mass, width) in GeV of the structure in W, width 0 for a threshold.
    Weights vanish where 2 m_dm (1 + eta) < m_v, and where V V is open (M would reach m_v).
    """
    xp = namespace(m_dm, m_v, width)
    top = 2.0 * m_dm * (1.0 + eta) - m_v
    is_open = (top > 0.0) & (top <= m_v)
    top = xp.where(is_open, top, 0.5 * m_v)
    below = xp.maximum(2.0 * (m_v - top) + 2.0 * width, _SMALLEST * m_v)
    edge = xp.minimum(below, top)
    positions, scales, poles = [0.0 * top, top], [top, edge], [0.0 * top] * 2
    for mass, gamma in breaks:
        inside = (mass < top) & (top < _FAR * mass)
        positions.append(xp.where(inside, mass, top))
        scales.append(xp.where(inside, gamma if gamma > 0.0 else _SCALE * mass, edge))
        poles.append(xp.where(inside & (gamma > 0.0), 1.0, 0.0))
    edges, scale, pole = (xp.stack(c, axis=1) for c in (positions, scales, poles))
    nodes = panel_nodes(edges, scale, pole, top, rule)
    mass, m_v_columns = nodes.eta, m_v[:, None]
    from_pole = (top - m_v)[:, None] + nodes.from_pole
    detuning = from_pole * (mass + m_v_columns)
    norm = detuning * detuning + (m_v_columns * width[:, None]) ** 2
    e = xp.zeros_like(top) + eta
    rate = 2.0 * beta_sigma_two_masses(
        e[:, None], m_dm[:, None], m_v_columns, mass, alpha_d[:, None]
    )
    weight = rate * 2.0 * mass / pi / norm * nodes.weight
    return mass, xp.where(is_open[:, None], weight, 0.0)
