"""Tree amplitudes of one vector mediator between two pairs, squared and integrated numerically.

Everything is in GeV: cross sections in GeV^-2, widths in GeV, squared energies in GeV^2. A mediator
is a tuple whose first two entries are its mass and its (fixed) width; its propagator is
-i (g_mn - q_m q_n/m^2)/(q^2 - m^2 + i m Gamma).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .dirac import (
    GAMMA,
    GAMMA5,
    LEFT,
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
    u_spinor,
    v_spinor,
)

KINDS = ("complex-scalar", "dirac", "majorana")
SPIN_STATES = {"complex-scalar": 1, "dirac": 2, "majorana": 2}
Prop = Sequence[float]


def vertex_matrix(dm: str) -> Array:
    """Gamma^mu of the dark vertex (4, 4, 4): gamma^mu, or gamma^mu gamma5 for Majorana."""
    if dm not in SPIN_STATES:
        raise ValueError(f"unknown dark matter {dm!r}: one of {KINDS}")
    return GAMMA @ GAMMA5 if dm == "majorana" else GAMMA


def annihilation_current(dm: str, p1: Array, p2: Array, mass: float) -> Array:
    """<0|J^mu|DM(p1) antiDM(p2)> with unit coupling: shape (spin states, ..., 4)."""
    if dm == "complex-scalar":
        return (p1 - p2)[None] + 0j
    left, right = bar(v_spinor(p2, mass)), u_spinor(p1, mass)
    current = np.einsum("r...a,mab,s...b->rs...m", left, vertex_matrix(dm), right)
    return current.reshape((4, *current.shape[2:]))


def creation_current(k1: Array, k2: Array, mass: float, vertex: Array) -> Array:
    """ubar(k1) Gamma^mu v(k2), shape (4 spin states, ..., 4)."""
    current = np.einsum(
        "r...a,mab,s...b->rs...m", bar(u_spinor(k1, mass)), vertex, v_spinor(k2, mass)
    )
    return current.reshape((4, *current.shape[2:]))


def scattering_current(dm: str, p: Array, p_out: Array, mass: float) -> Array:
    """<DM(p_out)|J^mu|DM(p)> with unit coupling: shape (spin states, ..., 4)."""
    if dm == "complex-scalar":
        return (p + p_out)[None] + 0j
    current = np.einsum(
        "r...a,mab,s...b->rs...m", bar(u_spinor(p_out, mass)), vertex_matrix(dm), u_spinor(p, mass)
    )
    return current.reshape((4, *current.shape[2:]))


def chiral_vertex(g_left: float, g_right: float) -> Array:
    """gamma^mu (g_L P_L + g_R P_R), shape (4, 4, 4)."""
    return GAMMA @ (g_left * LEFT + g_right * RIGHT)


def vww_tensor(k1: Array, k2: Array, mass: float) -> Array:
    """V -> W+(k1) W-(k2) at unit strength, contracted with both polarisations: (9, ..., 4).

    The Yang-Mills vertex for incoming momenta q, -k1, -k2, with k1.e1 = k2.e2 = 0 not assumed.
    """
    q, e1, e2 = k1 + k2, polarisations(k1, mass)[:, None], polarisations(k2, mass)[None]
    tensor = (
        dot(q + k1, e2)[..., None] * e1
        + (k2 - k1) * dot(e1, e2)[..., None]
        - dot(k2 + q, e1)[..., None] * e2
    )
    return tensor.reshape((9, *tensor.shape[2:]))


def vzh_tensor(k1: Array, k2: Array, mass: float) -> Array:
    """V -> Z(k1) h(k2) at unit kappa: the Z polarisations (3, ..., 4)."""
    return polarisations(k1, mass) + 0 * k2


def propagator(q: Array, mass: float, width: float) -> Array:
    """(-g_mn + q_m q_n/m^2)/(q^2 - m^2 + i m Gamma) with lower indices, shape (..., 4, 4)."""
    q_low = lower(q)
    numerator = -METRIC + q_low[..., :, None] * q_low[..., None, :] / REAL(mass) ** 2
    return numerator / (dot(q, q) - REAL(mass) ** 2 + 1j * REAL(mass) * width)[..., None, None]


def squared_through_vectors(
    initial: Array, q: Array, terms: Sequence[tuple[float, float, complex, Array]]
) -> Array:
    """Sum over all spins of |J . sum_V D_V . F_V|^2; terms hold (mass, width, strength, F_V)."""
    total: Array | float = 0.0
    for mass, width, strength, final in terms:
        bridge = strength * propagator(q, mass, width)
        total = total + np.einsum("i...m,...mn,f...n->if...", initial, bridge, final)
    return np.sum(np.abs(np.asarray(total)) ** 2, axis=(0, 1))


def _s_channel(
    dm: str,
    m_dm: float,
    finals: tuple[float, float],
    s: float,
    terms: Callable[[Array, Array], list[tuple[float, float, complex, Array]]],
) -> float:
    """sigma = k/(16 pi s p) mean over cos(theta) of the spin-averaged |M|^2."""
    p_out = momentum_cm(s, *finals)
    if p_out == 0 or s <= 4 * m_dm**2:
        return 0.0
    cos_theta, weight = angles()
    p1, p2 = (np.broadcast_to(p, (len(cos_theta), 4)) for p in pair(s, m_dm, m_dm))
    k1, k2 = pair(s, *finals, cos_theta)
    current = annihilation_current(dm, p1, p2, m_dm)
    squared = squared_through_vectors(current, p1 + p2, terms(k1, k2)) / SPIN_STATES[dm] ** 2
    flux = momentum_cm(s, m_dm, m_dm) * 16 * np.pi * s
    return float(p_out / flux * np.sum(weight * squared))


def sigma_dm_to_ff(
    dm: str, m_dm: float, g_dm: float, m_f: float, props: Sequence[Prop], s: float, n_c: int = 1
) -> float:
    """sigma(DM antiDM -> f fbar) [GeV^-2]; props: (mass, width, x_dm, g_L, g_R) per vector."""

    def terms(k1: Array, k2: Array) -> list[tuple[float, float, complex, Array]]:
        return [
            (m, width, g_dm * x, creation_current(k1, k2, m_f, chiral_vertex(g_l, g_r)))
            for m, width, x, g_l, g_r in props
        ]

    return n_c * _s_channel(dm, m_dm, (m_f, m_f), s, terms)


def sigma_dm_to_ww(
    dm: str, m_dm: float, g_dm: float, m_w: float, props: Sequence[Prop], s: float
) -> float:
    """sigma(DM antiDM -> W+ W-) [GeV^-2]; props: (mass, width, x_dm, g_vww) per vector."""

    def terms(k1: Array, k2: Array) -> list[tuple[float, float, complex, Array]]:
        tensor = vww_tensor(k1, k2, m_w)
        return [(m, width, g_dm * x * g_vww, tensor) for m, width, x, g_vww in props]

    return _s_channel(dm, m_dm, (m_w, m_w), s, terms)


def sigma_dm_to_zh(
    dm: str, m_dm: float, g_dm: float, m_z: float, m_h: float, props: Sequence[Prop], s: float
) -> float:
    """sigma(DM antiDM -> Z h) [GeV^-2]; props: (mass, width, x_dm, kappa) with kappa in GeV."""

    def terms(k1: Array, k2: Array) -> list[tuple[float, float, complex, Array]]:
        tensor = vzh_tensor(k1, k2, m_z)
        return [(m, width, g_dm * x * kappa, tensor) for m, width, x, kappa in props]

    return _s_channel(dm, m_dm, (m_z, m_h), s, terms)


def sigma_dm_electron(
    dm: str,
    m_dm: float,
    g_dm: float,
    m_e: float,
    g_e: float,
    m_v: float,
    p_cm: float,
    q2: float | None = None,
) -> float:
    """sigma(DM e -> DM e) [GeV^-2] at centre-of-mass momentum `p_cm`, vector coupling g_e.

    With `q2` given [GeV^2, positive] the propagator is frozen at t = -q2.
    """
    p2_cm = REAL(p_cm) ** 2
    s = (np.sqrt(p2_cm + REAL(m_dm) ** 2) + np.sqrt(p2_cm + REAL(m_e) ** 2)) ** 2
    cos_theta, weight = angles(64, peak=float(p2_cm / (p2_cm + REAL(m_v) ** 2 / 2)))
    (p1, p2), (k1, k2) = pair(s, m_dm, m_e, 1 + 0 * cos_theta), pair(s, m_dm, m_e, cos_theta)
    dark = scattering_current(dm, p1, k1, m_dm)
    electron = scattering_current("dirac", p2, k2, m_e)
    t = dot(p1 - k1, p1 - k1) if q2 is None else -REAL(q2)
    # The electron current is conserved, so the longitudinal part of the propagator drops out.
    amplitude = np.einsum("i...m,f...m->if...", dark, lower(electron)) / (t - REAL(m_v) ** 2)
    squared = np.sum(np.abs(amplitude) ** 2, axis=(0, 1)) / (2 * SPIN_STATES[dm])
    return float((g_dm * g_e) ** 2 / (16 * np.pi * s) * np.sum(weight * squared))
