"""Figures 2, 3, 5 and 7 of [Foguel:2025] by name."""

from __future__ import annotations

from vectorportal.papers.figure import PRESCRIPTION, TARGET, Figure, Keyword

__all__ = ["FIGURES"]

_MODULE = "vectorportal.papers.foguel_2025"

FIGURES: tuple[Figure, ...] = (
    Figure(
        "foguel-2025/fig2",
        "Freeze-out of X and the reactions behind it",
        "Yields of X and reaction densities over n_eq H against x = m_x/T at four masses, each "
        "with the dark coupling that leaves the observed density.",
        f"{_MODULE}.fig2",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("points", 61, "1", "values of x at which rates are shown", 1, 10_001),
        ),
    ),
    Figure(
        "foguel-2025/fig3",
        "The dark coupling that leaves the observed density",
        "g_x against m_x for several kinetic mixings in the minimal model, with a closer look at "
        "the resonance of the Z at m_x = m_Z/2.",
        f"{_MODULE}.fig3",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("mass_min", 0.01, "GeV", "smallest mass of X", 1e-7, 1e6),
            Keyword("mass_max", 1000.0, "GeV", "largest mass of X", 1e-7, 1e6),
            Keyword("points", 61, "1", "number of masses on a line", 1, 10_001),
        ),
    ),
    Figure(
        "foguel-2025/fig5",
        "Freeze-in of X and Z_D at three benchmark points",
        "Yields of X and Z_D against x = m_x/T, for the points that the paper quotes and for the "
        "kinetic mixings that leave the observed density.",
        f"{_MODULE}.fig5",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("m_x", 10.0, "GeV", "mass of X", 1e-7, 1e6),
            Keyword(
                "statistics",
                "maxwell-boltzmann",
                "",
                "statistics of the bath",
                choices=("maxwell-boltzmann", "quantum"),
            ),
        ),
    ),
    Figure(
        "foguel-2025/fig7",
        "Relic density of each channel against the mass ratio",
        "omega_h2 that kinetic mixing, dark annihilation and 3 -> 2 would each leave alone, and "
        "all together, against R = m_zd/m_x at three points.",
        f"{_MODULE}.fig7",
        (
            PRESCRIPTION,
            TARGET,
            Keyword("points", 41, "1", "number of mass ratios", 1, 10_001),
        ),
    ),
)
