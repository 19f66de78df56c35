"""The figures by name: what each shows, its keywords, its dataset and its drawing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.models.base import Parameter
from vectorportal.observables.engine import ENGINES
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure as Picture

__all__ = ["Figure", "Keyword", "figure_names", "get_figure"]


@dataclass(frozen=True)
class Keyword:
    """A keyword of a figure's dataset: name, default, unit, meaning and open range or choices.

    A default that is an int asks for whole numbers.
    """

    name: str
    default: Any
    unit: str
    doc: str
    low: float = 0.0
    high: float = math.inf
    choices: tuple[str, ...] = ()

    def check(self, value: Any) -> Any:
        """`value` as word, int or float; ParameterError unless it is allowed."""
        unit = self.unit or "1"
        limits = Parameter(self.name, unit, self.doc, self.low, self.high, self.choices)
        checked = limits.check(value)
        if self.choices:
            return checked
        number = float(checked)
        if not isinstance(self.default, int):
            return number
        if number != int(number):
            raise ParameterError(self.name, f"{number:g}", allowed="a whole number")
        return int(number)


@dataclass(frozen=True)
class Figure:
    """One figure: numbers first (`dataset`), then the picture (`draw`).

    `module` is the module that makes it, imported when something is asked of it; it has the
    functions dataset(**keywords), draw(dataset) and references(**keywords).
    """

    name: str
    title: str
    doc: str
    module: str
    keywords: tuple[Keyword, ...]

    def dataset(self, **keywords: Any) -> xarray.Dataset:
        """The numbers of the figure; keywords not given take their defaults.

        Raises UsageError for an unknown keyword and ParameterError for a value out of range.
        """
        return self._made().dataset(**self.complete(keywords))

    def draw(self, dataset: xarray.Dataset) -> Picture:
        """The picture of `dataset`, on a canvas of its own: no global state is touched."""
        return self._made().draw(dataset)

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of data/references.yaml behind everything that the default figure shows."""
        return self._made().references(**self.complete({}))

    def complete(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every keyword, checked: those of `given`, and the defaults of the others.

        Raises UsageError for an unknown keyword and ParameterError for a value out of range.
        """
        known = {keyword.name: keyword for keyword in self.keywords}
        for name in given:
            if name not in known:
                nearest = nearest_name(name, known)
                hint = f"; did you mean {nearest}?" if nearest else f"; it has {', '.join(known)}."
                raise UsageError(f"figure {self.name} has no keyword {name}{hint}")
        values = {k: word.check(given.get(k, word.default)) for k, word in known.items()}
        if "mass_min" in values and "mass_max" in values:
            mass_axis(values["mass_min"], values["mass_max"], 2)
        return values

    def _made(self) -> Any:
        return import_module(self.module)


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
    Figure(
        "light-dark-matter/visible-bounds",
        "Searches for dark photons that decay to Standard Model particles",
        "Kinetic mixing against mediator mass without dark matter: prompt searches, beam dumps, "
        "displaced vertices, the supernova and projections.",
        "vectorportal.papers.light_dark_matter.visible_bounds",
        (
            Keyword("mass_min", 1e-3, "GeV", "smallest mediator mass", *_MASSES),
            *_RANGE[1:],
            _ENGINE,
        ),
    ),
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
