"""What one panel of the calibration shows: a published limit, the computed one, their ratio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.bound_planes.families import FAMILIES, Family, family_of, short_labels
from vectorportal.papers.bound_planes.shapes import Shape

if TYPE_CHECKING:
    import xarray

__all__ = ["WIDE", "Panel", "panels_of"]

WIDE = 34
"""Letters of a label beyond which it has two lines"""


@dataclass(frozen=True)
class Panel:
    """One experiment: both limits as shapes over one axis of masses, and the ratios (n,)."""

    name: str
    label: str
    published: Shape
    obtained: Shape
    ratio: np.ndarray
    ratio_upper: np.ndarray

    @property
    def about(self) -> Mapping[str, Any]:
        """What is told of the published limit and of the comparison."""
        return self.published.about

    @property
    def mass(self) -> np.ndarray:
        """Masses in GeV, (n,)."""
        return self.published.mass

    @property
    def family(self) -> Family:
        """The family of the search, for its colours."""
        return FAMILIES[self.published.family]

    @property
    def missed(self) -> np.ndarray:
        """Published masses in GeV at which nothing is excluded here, (k,)."""
        return np.asarray(self.about["missed_masses_GeV"], dtype=np.float64)

    @property
    def symbols(self) -> tuple[str, str]:
        """How mass and coupling are written."""
        coupling = self.about["coupling"]
        if coupling == "millicharge":
            return r"$m_\chi$", r"$Q_\chi/e$"
        return r"$m_V$", r"$\epsilon$" if coupling == "epsilon" else r"$g_X$"


def panels_of(data: xarray.Dataset) -> tuple[Panel, ...]:
    """The panels of a dataset of `calibration.dataset`, in its order."""
    names = [str(name) for name in data.attrs["experiments"]]
    records = [str(record) for record in data.attrs["records"]]
    labels = short_labels({r: str(data[r].attrs["label"]) for r in records})
    return tuple(
        _panel(data, name, record, labels[record])
        for name, record in zip(names, records, strict=True)
    )


def _panel(data: xarray.Dataset, name: str, record: str, label: str) -> Panel:
    mass = data[f"mass_{name}"].values
    blank = np.full(mass.shape, np.nan)

    def values(key: str) -> np.ndarray:
        return data[key].values if key in data else blank

    def shape(key: str) -> Shape:
        about = data[record].attrs
        upper = values(f"{key}_upper")
        return Shape(name, label, family_of(about), about, mass, values(key), upper)

    ratio, ratio_upper = values(f"{name}_ratio"), values(f"{name}_ratio_upper")
    short = label if len(label) > WIDE else label.replace("\n", " ")
    return Panel(name, short, shape(record), shape(f"{name}_obtained"), ratio, ratio_upper)
