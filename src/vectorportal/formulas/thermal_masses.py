"""Thermal masses of Standard Model multiplets above the electroweak transition.

Hard-thermal-loop results, m^2 proportional to T^2 [Weldon:1982], with the hypercharges, Yukawa and
quartic terms of [Giudice:2004]. A fermion has m_f^2 = (g'^2 Y^2 + g^2 C_2 + g_s^2 C_3) T^2/8 plus
y_t^2 T^2/16 (third-generation doublet) or y_t^2 T^2/8 (right-handed top): the energy at
zero momentum, which the table lists; [Foguel:2025] refers to [Bringmann:2021] for such masses. A
fast fermion has the asymptotic mass 2^(1/2) m_f instead. The Higgs doublet has
m_H^2 = (3 g^2 + g'^2 + 4 y_t^2 + 8 lambda) T^2/16 for V = lambda |H|^4, its vacuum term left out.
Couplings do not run: alpha(m_Z), alpha_s(m_Z), y_t = 2^(1/2) m_t/v from the pole mass and
lambda = m_h^2/(2 v^2). At 1e10 GeV the strong term would be about 3 times smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from vectorportal.inputs.standard_model import StandardModel

__all__ = ["Couplings", "Multiplet", "representative_couplings", "thermal_multiplets"]


@dataclass(frozen=True)
class Couplings:
    """Squares of g, g', g_s and y_t, and the quartic coupling of V = lambda |H|^4."""

    g2: float
    g_prime2: float
    g_strong2: float
    y_top2: float
    quartic: float


@dataclass(frozen=True)
class Multiplet:
    """One gauge multiplet, all its generations: a row of the table.

    `multiplicity` counts Weyl fermions (two states each, particle and antiparticle) or, for the
    Higgs doublet, complex scalars; `mass2_over_t2` is the squared thermal mass over T^2.
    """

    name: str
    hypercharge: float
    multiplicity: int
    mass2_over_t2: float
    is_fermion: bool = True


_FERMIONS = (
    ("q_L", 1 / 6, 12, 3 / 4, 4 / 3, 0.0),
    ("t_L", 1 / 6, 6, 3 / 4, 4 / 3, 1 / 16),
    ("u_R", 2 / 3, 6, 0.0, 4 / 3, 0.0),
    ("t_R", 2 / 3, 3, 0.0, 4 / 3, 1 / 8),
    ("d_R", -1 / 3, 9, 0.0, 4 / 3, 0.0),
    ("l_L", -1 / 2, 6, 3 / 4, 0.0, 0.0),
    ("e_R", -1.0, 3, 0.0, 0.0, 0.0),
)
"""name, hypercharge, Weyl fermions, C_2, C_3, coefficient of y_t^2; t_L is the whole doublet
(t_L, b_L), q_L and u_R are the first two generations"""


def representative_couplings(sm: StandardModel) -> Couplings:
    """The couplings of the module's text, from the Standard Model inputs; dimensionless."""
    e2 = 4.0 * pi * sm.alpha_mz
    return Couplings(
        g2=e2 / sm.sw2,
        g_prime2=e2 / sm.cw2,
        g_strong2=4.0 * pi * sm.alpha_s_mz,
        y_top2=2.0 * (sm.m_t / sm.vev) ** 2,
        quartic=0.5 * (sm.m_h / sm.vev) ** 2,
    )


def thermal_multiplets(sm: StandardModel) -> tuple[Multiplet, ...]:
    """All 45 Weyl fermions and the Higgs doublet with m^2/T^2; see the module's text."""
    c = representative_couplings(sm)
    rows = [
        Multiplet(
            name,
            y,
            number,
            (c.g_prime2 * y * y + c.g2 * c2 + c.g_strong2 * c3) / 8.0 + c.y_top2 * top,
        )
        for name, y, number, c2, c3, top in _FERMIONS
    ]
    higgs = (3.0 * c.g2 + c.g_prime2 + 4.0 * c.y_top2 + 8.0 * c.quartic) / 16.0
    rows.append(Multiplet("H", 0.5, 2, higgs, is_fermion=False))
    return tuple(rows)
