"""What a figure is: its keywords, its dataset and its drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.models.base import Parameter
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure as Picture

__all__ = ["PRESCRIPTION", "TARGET", "Figure", "Keyword"]


@dataclass(frozen=True)
class Keyword:
    """A keyword of a figure's dataset: name, default, unit, meaning and open range or choices.

    A default that is an int asks for whole numbers. With `parse` it is a word, which `parse` brings
    into its valid form or refuses with ParameterError.
    """

    name: str
    default: Any
    unit: str
    doc: str
    low: float = 0.0
    high: float = math.inf
    choices: tuple[str, ...] = ()
    parse: Callable[[Any], str] | None = None

    def check(self, value: Any) -> Any:
        """`value` as word, int or float; ParameterError unless it is allowed."""
        if self.parse is not None:
            return self.parse(value)
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


PRESCRIPTION = Keyword(
    "prescription",
    "verified",
    "",
    "formulas as verified, or as printed with their misprints",
    choices=("verified", "as-printed"),
)
TARGET = Keyword("target", 0.12, "1", "relic density omega_h2 that is observed", 0.0, 1e12)


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
        return self.cited()

    def cited(self, **keywords: Any) -> tuple[str, ...]:
        """Keys of data/references.yaml behind everything that the figure shows with `keywords`."""
        return self._made().references(**self.complete(keywords))

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
