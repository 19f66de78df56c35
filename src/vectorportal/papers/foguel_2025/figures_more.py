"""Figures 6, 8 and 9 of [Foguel:2025] by name."""

from __future__ import annotations

from vectorportal.papers.figure import PRESCRIPTION, TARGET, Figure, Keyword

__all__ = ["FIGURES"]

_MODULE = "vectorportal.papers.foguel_2025"

FIGURES: tuple[Figure, ...] = (
    Figure(
        "foguel-2025/fig6",
        "Phase diagram of freeze-in and freeze-out",
        "A scan of the density over g_x and epsilon for reheating at v and at v_X, with the lines "
        "of the observed density, dark thermalisation, late decays and the benchmark points.",
        f"{_MODULE}.fig6",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("m_x", 10.0, "GeV", "mass of X", 1e-3, 1e4),
            Keyword("points", 36, "1", "couplings on each axis of the scan", 3, 1001),
        ),
    ),
    Figure(
        "foguel-2025/fig8",
        "The mass of X that leaves the observed density against the mass ratio",
        "m_x over R = m_zd/m_x for two dark couplings and three kinetic mixings, with the parts "
        "that kinetic mixing, dark annihilation and 3 -> 2 have in it.",
        f"{_MODULE}.fig8",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("points", 41, "1", "number of mass ratios", 1, 10_001),
        ),
    ),
    Figure(
        "foguel-2025/fig9",
        "Bounds on Z_D, freeze-in and freeze-out",
        "Limits and projections on the kinetic mixing of a Z_D that decays visibly, lines of "
        "freeze-in for several dark couplings, and the dark coupling of freeze-out.",
        f"{_MODULE}.fig9",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("mass_min", 5e-3, "GeV", "smallest mass of X", 1e-7, 1e6),
            Keyword("mass_max", 200.0, "GeV", "largest mass of X", 1e-7, 1e6),
            Keyword("points", 161, "1", "number of masses of the limits", 1, 100_001),
        ),
    ),
)
