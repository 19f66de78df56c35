"""A proton that radiates a massive vector: explicit amplitudes, squared and summed numerically.

Couplings are 1, masses and momenta in GeV. z is the share of energy of the vector, H = p_T^2 +
(1-z) m_V^2 + z^2 m_p^2.
"""

from __future__ import annotations

import numpy as np

from .dirac import REAL, Array, bar, dot, momentum_cm, pair, polarisations, slash, u_spinor


def _vector(*components: float) -> Array:
    return np.array(components, dtype=REAL)


def photon_to_vector(z: float, h: float, m_v: float, m_p: float) -> float:
    """Mean |M|^2 of proton + photon -> proton + vector where s - m^2 = H/(z (1-z)) and
    u - m^2 = -H/z, which is what radiation with z and p_T off a weak field has."""
    s, u = REAL(m_p) ** 2 + h / (z * (1 - z)), REAL(m_p) ** 2 - h / z
    p, q = pair(s, m_p, 0.0, 1.0)
    momentum, final = momentum_cm(s, m_p, 0.0), momentum_cm(s, m_p, m_v)
    # u = m_p^2 + m_V^2 - 2 p.k with the vector opposite to the final proton
    energy = np.sqrt(REAL(m_v) ** 2 + final**2)
    cos = ((m_p**2 + m_v**2 - u) / 2 - p[0] * energy) / (momentum * final)
    out, k = pair(s, m_p, m_v, cos)
    unit = m_p * np.eye(4)
    u_in, u_out = u_spinor(p, m_p), bar(u_spinor(out, m_p))
    first = (slash(p + q) + unit) / (s - m_p**2)
    second = (slash(p - k) + unit) / (u - m_p**2)
    total = 0.0
    for photon in polarisations(q, 0.0):
        for vector in polarisations(k, m_v):
            middle = slash(vector) @ first @ slash(photon) + slash(photon) @ second @ slash(vector)
            total += float(np.sum(np.abs(np.einsum("ra,ab,sb->rs", u_out, middle, u_in)) ** 2))
    return total / 4


def collinear_ratio(z: float, pt: float, m_v: float, m_p: float, energy: float) -> float:
    """16 pi^2 z/(1-z) x the number of vectors per dz dp_T^2 before a hard scattering.

    |M(p -> p' V)|^2/|M(p* -> p')|^2 for a proton that is turned by 90 degrees by a scalar field
    (vertex 1) at rest, radiation before and after it included.
    """
    p = _vector(np.sqrt(REAL(energy) ** 2 + m_p**2), 0, 0, energy)
    k_z = np.sqrt((z * p[0]) ** 2 - m_v**2 - REAL(pt) ** 2)
    k = _vector(z * p[0], pt, 0, k_z)
    e_out = (1 - z) * p[0]
    out = _vector(e_out, 0, np.sqrt(e_out**2 - m_p**2), 0)
    before, after, unit = p - k, out + k, m_p * np.eye(4)
    u_in, u_out = u_spinor(p, m_p), bar(u_spinor(out, m_p))
    total = 0.0
    for vector in polarisations(k, m_v):
        ket = (slash(before) + unit) @ slash(vector) / (dot(before, before) - m_p**2)
        bra = slash(vector) @ (slash(after) + unit) / (dot(after, after) - m_p**2)
        amplitude = np.einsum("ra,ab,sb->rs", u_out, ket + bra, u_in)
        total += float(np.sum(np.abs(amplitude) ** 2))
    beam = _vector(e_out, 0, 0, np.sqrt(e_out**2 - m_p**2))
    plain = np.einsum("ra,sa->rs", u_out, u_spinor(beam, m_p))
    return total / float(np.sum(np.abs(plain) ** 2))
