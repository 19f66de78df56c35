"""The regions of a dataset: which masses and couplings each curve covers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.bound_planes.families import family_of, short_labels

if TYPE_CHECKING:
    import xarray

__all__ = ["Shape", "covered", "shapes_of"]


_OF_CHARGES = re.compile(r" \(baryon number[^)]*\)$")
"""What all other readings for baryon number say in brackets"""


@dataclass(frozen=True, eq=False)
class Shape:
    """What one curve covers: from `lower` up to `upper` (or to any coupling, where it is NaN).

    Arrays of shape (n,) over `mass`; NaN in `lower` where it covers nothing.
    """

    name: str
    label: str
    family: str
    about: Mapping[str, Any]
    mass: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @property
    def projection(self) -> bool:
        """True for a projection, False for a limit."""
        return self.about["kind"] == "projection"

    @property
    def recalled(self) -> bool:
        """True for grade D: recalled or estimated values, never shaded."""
        return self.about["grade"] == "D"

    @property
    def old(self) -> bool:
        """True for superseded results and for alternative recasts of the same data."""
        return self.about.get("status", "current") != "current"

    @property
    def uncounted(self) -> bool:
        """True for a good limit that the verdict does not count: it needs warm dark matter."""
        return not (self.projection or self.recalled or self.about.get("counted", True))

    @property
    def shaded(self) -> bool:
        """True for a limit that is painted as excluded."""
        return not (self.projection or self.recalled or self.old or self.uncounted)

    @property
    def runs(self) -> tuple[slice, ...]:
        """Uninterrupted stretches of mass with data."""
        good = np.isfinite(self.lower)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(int)))
        return tuple(slice(start, stop) for start, stop in edges.reshape(-1, 2))

    @cached_property
    def ceiling(self) -> np.ndarray:
        """The upper edge, infinite where there is none."""
        return np.where(np.isfinite(self.upper), self.upper, np.inf)

    def contains(self, coupling: np.ndarray) -> np.ndarray:
        """Whether `coupling` (broadcasting with mass on the last axis) lies strictly inside."""
        with np.errstate(invalid="ignore"):
            return (coupling > self.lower) & (coupling < self.ceiling)


def shapes_of(data: xarray.Dataset) -> tuple[Shape, ...]:
    """The shapes of all curves of `data`, in its order."""
    mass = data["mass"].values
    names = [str(n) for n in data.data_vars if "signature" in data[n].attrs]
    names = [n for n in names if not (n.endswith("_upper") and n[: -len("_upper")] in names)]
    full = {name: str(data[name].attrs["label"]) for name in names}
    shown = {n: text for n, text in full.items() if data[n].attrs.get("status") == "current"}
    others = {n: _OF_CHARGES.sub("", text) for n, text in full.items() if n not in shown}
    labels = short_labels(others) | short_labels(shown)
    blank = np.full(mass.shape, np.nan)
    return tuple(
        Shape(
            name,
            labels[name],
            family_of(data[name].attrs),
            data[name].attrs,
            mass,
            data[name].values,
            data[f"{name}_upper"].values if f"{name}_upper" in data else blank,
        )
        for name in names
    )


def covered(edge: np.ndarray, shapes: tuple[Shape, ...]) -> np.ndarray:
    """Where `edge` (a coupling at each mass) lies inside one of `shapes`."""
    inside = np.zeros(edge.shape, bool)
    for shape in shapes:
        inside |= shape.contains(edge)
    return inside
