"""Rates of the longitudinal mode of a vector whose current is anomalous in the Standard Model.

The vector X couples as g_X X_mu J^mu to a current that every Standard Model mass term respects,
such as baryon number, with

    d_mu J^mu = A/(16 pi^2) (g^2 W^a Wt^a - g'^2 B Bt),   Wt = epsilon W/2,

and A = 3/2 for baryon number. Heavy fermions that cancel the anomaly, with masses that break only
X, leave the longitudinal mode phi = X_L with the coupling (g_X/m_X) phi d_mu J^mu, so its rates go
as (g_X/m_X)^2: [Dror:2017a], [Dror:2017b]. Energies in GeV; `g_x` is the vector's own coupling,
`m_x` its mass, `anomaly` A; shapes broadcast. Rates are those of the longitudinal mode alone,
valid for m_X well below the energy of the decay.

The sum over the neutral parts gives 2 g g' Z_{mu nu} Ft^{mu nu} and no two photons. The width of
Z -> gamma X that follows has 1/(1536 pi^5), which the sum over the triangles of heavy fermions
confirms (tests). A compiled limit from [Dror:2017a] is stronger by 2.1 in the coupling, as
1/(384 pi^5) would make it; version 3 of [Dror:2017b] corrects a factor 4 in its Eq. (14).
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace

__all__ = [
    "ANOMALY_BARYON",
    "WOLFENSTEIN",
    "anomaly_of_charges",
    "b_to_k_form_factor",
    "b_to_kstar_form_factor",
    "ckm_product",
    "conserved_at_tree_level",
    "flavour_coupling",
    "kallen",
    "loop_function",
    "pseudoscalar_to_pseudoscalar",
    "pseudoscalar_to_vector",
    "z_to_photon",
]

ANOMALY_BARYON = 1.5
"""A of baryon number: half the number of generations"""
WOLFENSTEIN = (0.22501, 0.826, 0.1591, 0.3523)
"""lambda, A, rho-bar, eta-bar: global fit of the CKM review of [PDG:2024]"""


_DOUBLETS = (
    *(("u", "d"), ("c", "s"), ("t", "b")),
    *(("nu_e", "e"), ("nu_mu", "mu"), ("nu_tau", "tau")),
)
_FERMIONS = tuple(name for pair in _DOUBLETS for name in pair)


def kallen(a: Any, b: Any, c: Any) -> Any:
    """a^2 + b^2 + c^2 - 2 (a b + b c + c a), as (a - b - c)^2 - 4 b c."""
    return (a - b - c) ** 2 - 4.0 * b * c


def anomaly_of_charges(charges: Any) -> Any:
    """A of a current with vector charges x_f: half the sum of x over all left-handed doublets.

    1/2 sum_generations [3 (x_u + x_d)/2 + (x_e + x_nu)/2]: 3/2 for baryon number, 0 for B - L and
    for electric charge. `charges` maps e, mu, tau, nu_e, nu_mu, nu_tau, u, d, s, c, b, t to
    arrays; missing ones are zero. The formulas of this module hold where
    `conserved_at_tree_level`.
    """
    quarks = sum(charges.get(name, 0.0) for name in ("u", "d", "s", "c", "b", "t"))
    names = ("e", "mu", "tau", "nu_e", "nu_mu", "nu_tau")
    leptons = sum(charges.get(name, 0.0) for name in names)
    return 0.75 * quarks + 0.25 * leptons


def conserved_at_tree_level(charges: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Whether mass terms, CKM mixing and W exchange conserve a current of vector charges x_f.

    Less a multiple k Q_f of the electric charges, which has no anomaly, both members of every
    doublet need the same charge, and all doublets of quarks too: x_up - x_down = x_nu - x_e = k
    throughout and x_d = x_s = x_b. `charges` as in `anomaly_of_charges`; booleans of `shape`.
    """
    x = {name: np.broadcast_to(charges.get(name, 0.0), shape) for name in _FERMIONS}
    k = x["u"] - x["d"]
    misses = [x[up] - x[down] - k for up, down in _DOUBLETS]
    misses += [x["d"] - x["s"], x["d"] - x["b"]]
    scale = np.max([np.abs(value) for value in x.values()], axis=0)
    return np.max(np.abs(misses), axis=0) <= 1e-9 * scale


def loop_function(x: Any) -> Any:
    """F(x) = x [1 + x (ln x - 1)]/(1 - x)^2, x = m_q^2/m_W^2 > 0; F -> x for small x, F(1) = 1/2.

    [Dror:2017a], [Izaguirre:2017]: x times the integral of t/((t + x)(1 + t)^2),
    t from 0 to infinity, what remains of the W loop when the sum over up-type quarks is unitary.
    """
    xp = namespace(x)
    x = xp.asarray(x) * 1.0
    near = xp.abs(x - 1.0) < 1e-3
    safe = xp.where(near, 2.0, x)
    d = x - 1.0
    # expansion of [1 + x (ln x - 1)]/(1 - x)^2 around 1
    series = 0.5 - d / 6.0 + d**2 / 12.0 - d**3 / 20.0
    exact = (1.0 + safe * (xp.log(safe) - 1.0)) / (1.0 - safe) ** 2
    return x * xp.where(near, series, exact)


def ckm_product(up: str, first: str, second: str, wolfenstein: Any = WOLFENSTEIN) -> complex:
    """V_{up,first} V*_{up,second} with the phase convention of [PDG:2024]; exact in lambda.

    `up` is u, c or t; `first`, `second` are d, s or b.
    """
    lam, big, rho, eta = wolfenstein
    s12, s23 = lam, big * lam**2
    z = big * lam**3 * (rho + 1j * eta) * sqrt(1.0 - s23**2)
    s13 = z / (sqrt(1.0 - lam**2) * (1.0 - s23**2 * (rho + 1j * eta)))
    c12, c23 = sqrt(1.0 - s12**2), sqrt(1.0 - s23**2)
    c13 = sqrt(1.0 - abs(s13) ** 2)
    # s13 stands for s13 exp(i delta)
    rows = {
        "u": (c12 * c13, s12 * c13, s13.conjugate()),
        "c": (-s12 * c23 - c12 * s23 * s13, c12 * c23 - s12 * s23 * s13, s23 * c13),
        "t": (s12 * s23 - c12 * c23 * s13, -c12 * s23 - s12 * c23 * s13, c23 * c13),
    }
    row = dict(zip("dsb", rows[up], strict=True))
    return complex(row[first] * complex(row[second]).conjugate())


def _weak_coupling2(sm: StandardModel) -> float:
    """g^2 = 4 sqrt2 G_F m_W^2."""
    return 4.0 * sqrt(2.0) * sm.g_fermi * sm.m_w**2


def flavour_coupling(
    first: str, second: str, sm: StandardModel, anomaly: Any = ANOMALY_BARYON
) -> Any:
    """|g_ij|/g_X of L = g_ij X_mu d_j-bar gamma^mu P_L d_i + h.c. from the loop with two W bosons.

    g_ij = -3 g^4 A g_X/(16 pi^2)^2 sum_q V_qi V*_qj F(m_q^2/m_W^2): [Dror:2017a]. Charm with
    its MS-bar mass, the top with its pole mass; up is negligible. Meant for the longitudinal mode.
    """
    total = 0.0 + 0.0j
    for up, mass in (("c", sm.m_c), ("t", sm.m_t)):
        total += ckm_product(up, first, second) * float(loop_function((mass / sm.m_w) ** 2))
    return 3.0 * _weak_coupling2(sm) ** 2 * anomaly / (16.0 * pi**2) ** 2 * abs(total)


def pseudoscalar_to_pseudoscalar(
    m_parent: Any, m_daughter: Any, m_x: Any, coupling: Any, form_factor: Any = 1.0
) -> Any:
    """Gamma(P -> P' X_L) in GeV from L = coupling X_mu d_j-bar gamma^mu P_L d_i.

    M^3 coupling^2 f_0^2 (1 - m'^2/M^2)^2 lambda^(1/2)(1, m'^2/M^2, m_X^2/M^2)/(64 pi m_X^2), with
    f_0 the scalar form factor at q^2 = m_X^2. Zero above threshold; e.g. K+ -> pi+ X, B+ -> K+ X.
    """
    xp = namespace(m_x, coupling, form_factor)
    r, x = (m_daughter / m_parent) ** 2, (xp.asarray(m_x) / m_parent) ** 2
    is_open = m_x + m_daughter < m_parent
    root = xp.sqrt(xp.where(is_open, kallen(1.0, r, x), 0.0))
    strength = coupling**2 * form_factor**2 * (1.0 - r) ** 2
    return m_parent * strength * root / (64.0 * pi * x)


def pseudoscalar_to_vector(
    m_parent: Any, m_daughter: Any, m_x: Any, coupling: Any, form_factor: Any
) -> Any:
    """Gamma(P -> V' X_L) in GeV, e.g. B -> K* X: M^3 coupling^2 A_0^2 lambda^(3/2)/(64 pi m_X^2).

    A_0 is the form factor of the axial current's divergence at q^2 = m_X^2. Zero above threshold.
    """
    xp = namespace(m_x, coupling, form_factor)
    r, x = (m_daughter / m_parent) ** 2, (xp.asarray(m_x) / m_parent) ** 2
    is_open = m_x + m_daughter < m_parent
    root = xp.sqrt(xp.where(is_open, kallen(1.0, r, x), 0.0))
    return m_parent * coupling**2 * form_factor**2 * root**3 / (64.0 * pi * x)


def b_to_k_form_factor(q2: Any) -> Any:
    """f_0(q^2) of B -> K: 0.330/(1 - q^2/37.46 GeV^2), [Ball:2005a]; about 10%."""
    return 0.330 / (1.0 - q2 / 37.46)


def b_to_kstar_form_factor(q2: Any) -> Any:
    """A_0(q^2) of B -> K*: 1.364/(1 - q^2/5.28^2) - 0.990/(1 - q^2/36.78); [Ball:2005b], 10%."""
    return 1.364 / (1.0 - q2 / 5.28**2) - 0.990 / (1.0 - q2 / 36.78)


def z_to_photon(g_x: Any, m_x: Any, sm: StandardModel, anomaly: Any = ANOMALY_BARYON) -> Any:
    """Gamma(Z -> gamma X_L) in GeV: A^2 g_X^2 g^2 g'^2 m_Z^3 (1 - m_X^2/m_Z^2)^3/(1536 pi^5 m_X^2).

    From (g_X A g g'/(8 pi^2 m_X)) phi Z_{mu nu} Ft^{mu nu}; a coupling c phi Z Ft gives
    c^2 m_Z^3/(24 pi). Exact in the masses of the quarks, whose mass terms conserve the current.
    See the text of the module for a factor 4 in the literature.
    """
    xp = namespace(g_x, m_x)
    g2 = _weak_coupling2(sm)
    squared = g2**2 * sm.sw2 / sm.cw2
    x = (xp.asarray(m_x) / sm.m_z) ** 2
    space = xp.where(x < 1.0, 1.0 - x, 0.0) ** 3
    return (anomaly * g_x) ** 2 * squared * sm.m_z * space / (1536.0 * pi**5 * x)
