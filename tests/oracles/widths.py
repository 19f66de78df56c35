"""Two-body partial widths of a vector at rest, from explicit amplitudes (GeV in, GeV out)."""

from __future__ import annotations

import numpy as np

from .amplitudes import chiral_vertex, creation_current, vertex_matrix, vww_tensor, vzh_tensor
from .dirac import Array, angles, lower, momentum_cm, pair, polarisations


def _width(m_v: float, finals: tuple[float, float], current: Array, weight: Array) -> float:
    """Gamma = k/(8 pi m^2) mean over angles of (1/3) sum |eps . F|^2."""
    momentum = momentum_cm(m_v**2, *finals)
    rest = np.array([m_v, 0.0, 0.0, 0.0])
    amplitude = np.einsum("vm,f...m->vf...", lower(polarisations(rest, m_v)), current)
    squared = np.sum(np.abs(amplitude) ** 2, axis=(0, 1)) / 3
    return float(momentum / (8 * np.pi * m_v**2) * np.sum(weight * squared))


def _fermions(m_v: float, mass: float, vertex: Array) -> float:
    if m_v <= 2 * mass:
        return 0.0
    cos_theta, weight = angles()
    current = creation_current(*pair(m_v**2, mass, mass, cos_theta), mass, vertex)
    return _width(m_v, (mass, mass), current, weight)


def width_ff(m_v: float, m_f: float, g_left: float, g_right: float, n_c: int = 1) -> float:
    """Gamma(V -> f fbar) for f Dirac with chiral couplings g_L, g_R."""
    return n_c * _fermions(m_v, m_f, chiral_vertex(g_left, g_right))


def width_dirac_pair(m_v: float, mass: float, g: float) -> float:
    """Gamma(V -> chi chibar) with g chibar gamma^mu chi V_mu."""
    return g**2 * _fermions(m_v, mass, vertex_matrix("dirac"))


def width_majorana_pair(m_v: float, mass: float, g: float) -> float:
    """Gamma(V -> chi chi) with (g/2) chibar gamma^mu gamma5 chi V_mu, identical particles."""
    return g**2 / 2 * _fermions(m_v, mass, vertex_matrix("majorana"))


def width_scalar_pair(m_v: float, mass: float, g: float) -> float:
    """Gamma(V -> phi phi*) with the complex-scalar current of strength g."""
    if m_v <= 2 * mass:
        return 0.0
    cos_theta, weight = angles()
    k1, k2 = pair(m_v**2, mass, mass, cos_theta)
    return g**2 * _width(m_v, (mass, mass), (k1 - k2)[None], weight)


def width_ww(m_v: float, m_w: float, g_vww: float) -> float:
    """Gamma(V -> W+ W-) with the Yang-Mills vertex of strength g_vww."""
    if m_v <= 2 * m_w:
        return 0.0
    cos_theta, weight = angles()
    current = vww_tensor(*pair(m_v**2, m_w, m_w, cos_theta), m_w)
    return g_vww**2 * _width(m_v, (m_w, m_w), current, weight)


def width_zh(m_v: float, m_z: float, m_h: float, kappa: float) -> float:
    """Gamma(V -> Z h) with the vertex i kappa g^{mu nu}, kappa in GeV."""
    if m_v <= m_z + m_h:
        return 0.0
    cos_theta, weight = angles()
    current = vzh_tensor(*pair(m_v**2, m_z, m_h, cos_theta), m_z)
    return kappa**2 * _width(m_v, (m_z, m_h), current, weight)
