"""The figures by name: what each shows, its keywords, its dataset and its drawing."""

from __future__ import annotations

from vectorportal.errors import UsageError, nearest_name
from vectorportal.observables.engine import ENGINES
from vectorportal.papers.bound_planes import figures as bound_planes
from vectorportal.papers.figure import Figure, Keyword
from vectorportal.papers.foguel_2025 import figures, figures_more
from vectorportal.papers.rizzo_2021 import figures as rizzo_2021
from vectorportal.papers.rizzo_2021 import figures_more as rizzo_2021_more

__all__ = ["Figure", "Keyword", "figure_names", "get_figure"]

_MASSES = (1e-9, 1e7)
"""allowed mediator masses in GeV, those of the models"""
_RANGE = (
    Keyword("mass_min", 3e-3, "GeV", "smallest mediator mass", *_MASSES),
    Keyword("mass_max", 100.0, "GeV", "largest mediator mass", *_MASSES),
    Keyword("points", 401, "1", "number of masses, evenly spaced in the logarithm", 1, 100_001),
)
_ENGINE = Keyword("engine", "numpy", "", "numpy or jax", choices=ENGINES)

_FIGURES = (
    Figure(
        "light-dark-matter/thermal-target",
        "Thermal targets and searches for invisible dark photons",
        "Kinetic mixing against mediator mass at a fixed mass ratio and dark coupling: the lines "
        "on which freeze-out leaves the observed density, the excluded region and projections.",
        "vectorportal.papers.light_dark_matter.thermal_target",
        (
            Keyword(
                "dm",
                "complex-scalar",
                "",
                "dark matter of the mediator that is searched for",
                choices=("complex-scalar", "dirac", "majorana"),
            ),
            Keyword(
                "ratio",
                1.0 / 3.0,
                "1",
                "mass of the dark matter over that of the mediator",
                1e-6,
                1e6,
            ),
            Keyword("alpha_d", 0.5, "1", "dark fine structure constant", 0.0, 12.6),
            Keyword("target", 0.12, "1", "relic density omega_h2 on the lines", 0.0, 1e12),
            *_RANGE,
            _ENGINE,
        ),
    ),
    *bound_planes.FIGURES,
    *figures.FIGURES,
    *figures_more.FIGURES,
    *rizzo_2021.FIGURES,
    *rizzo_2021_more.FIGURES,
)


def _by_name(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    named = {figure.name: figure for figure in figures}
    if len(named) != len(figures):
        raise UsageError("two figures have the same name.")
    return named


_REGISTRY = _by_name(_FIGURES)


def figure_names() -> tuple[str, ...]:
    """The names of all figures, PAPER/FIGURE."""
    return tuple(_REGISTRY)


def get_figure(name: str) -> Figure:
    """The figure of that name, or UsageError with the nearest name."""
    if name in _REGISTRY:
        return _REGISTRY[name]
    nearest = nearest_name(name, _REGISTRY)
    hint = f"; did you mean {nearest}?" if nearest else "; see figure --list."
    raise UsageError(f"there is no figure {name}{hint}")
