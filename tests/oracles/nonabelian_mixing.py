"""Coefficients of the two currents of X+ X- for a fermion behind mixed neutral vectors.

Kinetic mixing -(kappa/2) X^3_{mu nu} B^{mu nu}, kappa = epsilon/c_w; J feeds X3 and kappa j feeds B
(see nonabelian_portal.py for the derivation of the relative sign). g_x is left out everywhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from vectorportal.formulas.kinetic_mixing import mixing

from .dirac import Array


class Couplings(NamedTuple):
    """Amplitude coefficients (L, R) of J and of j, without g_x: sum of couplings over s - m^2."""

    big: tuple[complex, complex]
    dipole: tuple[complex, complex]


def mixed_propagator(s: float, kappa: float, masses2: Array) -> Array:
    """(K s - M^2)^-1 for neutral fields whose first two mix kinetically by kappa."""
    kinetic = np.eye(len(masses2))
    kinetic[0, 1] = kinetic[1, 0] = kappa
    return np.linalg.inv(kinetic * s - masses2)


def mixed_couplings(s: float, kappa: float, masses2: Array, left: Array, right: Array) -> Couplings:
    """Coefficients of J and j for a fermion with couplings `left`, `right` to (X3, B, ...).

    Exact in the mixing, without widths: the fermion's row of the propagator times the sources.
    """
    bridge = mixed_propagator(s, kappa, masses2)
    rows = [np.asarray(g) @ bridge for g in (left, right)]
    return Couplings((rows[0][0], rows[1][0]), (kappa * rows[0][1], kappa * rows[1][1]))


def unbroken_couplings(s: float, m_zd: float, kappa: float, left: float, right: float) -> Couplings:
    """First order in the mixing: X3 through J with -1/(s - m^2), B through j with 1/s."""
    big, dipole = -kappa / (s - m_zd**2), kappa / s
    return Couplings((big * left, big * right), (dipole * left, dipole * right))


def flipped(c: Couplings) -> Couplings:
    """The sign of j turned, as in the printed formulas."""
    return Couplings(c.big, (-c.dipole[0], -c.dipole[1]))


def photon_like_couplings(
    s: float, masses: tuple[float, float], epsilon: float, x_z: float, y_z: float, line: Any
) -> tuple[Couplings, Couplings]:
    """(Z part, photon and Z_D part) to first order in the mixing, masses = (m_zd, m_z).

    The photon has y = epsilon and coupling e Q, Z_D x = 1 and -epsilon e Q; `line` holds e Q and
    the couplings of the Z.
    """
    m_zd, m_z = masses
    left, right = line.z_left / (s - m_z**2), line.z_right / (s - m_z**2)
    z_part = Couplings((x_z * left, x_z * right), (y_z * left, y_z * right))
    charge = epsilon * line.q_em
    v_part = Couplings((-charge / (s - m_zd**2),) * 2, (charge / s,) * 2)
    return z_part, v_part


def combined(a: Couplings, b: Couplings) -> Couplings:
    """Sum of two sets of coefficients."""
    total = np.asarray(a) + np.asarray(b)
    return Couplings(tuple(total[0]), tuple(total[1]))


def exact_components(
    m_zd: float, m_z: float, epsilon: float, sw2: float
) -> tuple[Array, Array, float]:
    """Rows (x_V, y_V, B_V, W_V) of photon, Z_D and Z; mass matrix of (X3, B, W3); kappa.

    The components follow the rotations (6) of [Foguel:2025]; the angle and the unmixed masses are
    the package's, tested by diagonalisation elsewhere.
    """
    mix, s_w, c_w = mixing(epsilon, m_zd, m_z, sw2), sw2**0.5, (1 - sw2) ** 0.5
    kappa, s_a, c_a = epsilon / c_w, float(mix.sin_alpha), float(mix.cos_alpha)
    norm = (1 - kappa**2) ** 0.5
    x = np.array([0.0, c_a / norm, s_a / norm])
    b = np.array([c_w, s_w * s_a, -s_w * c_a]) - kappa * x
    w3 = np.array([s_w, -c_w * s_a, c_w * c_a])
    z_hat = np.array([0.0, -s_w, c_w])
    masses2 = float(mix.m_z_hat2) * np.outer(z_hat, z_hat)
    masses2[0, 0] = float(mix.m_x_hat2)
    return np.stack([x, kappa * b, b, w3], axis=1), masses2, kappa
