"""Names of the curves of a plane, placed by themselves on a raster of the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vectorportal.papers.bound_planes.families import FAMILIES
from vectorportal.papers.bound_planes.placement import Place, Wish, leader_start, place_all
from vectorportal.papers.bound_planes.shapes import Shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["name_shapes"]

_CELL = 2.0
"""Side of a cell of the raster in points"""
_SIZE, _SMALL = 7.8, 6.6
"""Sizes of names in points; the small one is for projections and what others cover"""
_LEAST = 6
"""cells of a region that must show for the region to be named"""
_LINE = 4
"""cells of a line that must show for it to be named, about what is drawn at all"""
_HALO = 1
_GREY = "#555555"


@dataclass(frozen=True)
class _Raster:
    """The axes in cells: the mass of each column and the coupling of each row."""

    mass: np.ndarray
    coupling: np.ndarray
    per_pixel: float

    @classmethod
    def of(cls, axes: Axes) -> _Raster:
        """The raster of `axes`, whose place on the page must be final."""
        picture = axes.get_figure(root=True)
        dpi = 72.0 if picture is None else picture.dpi
        box = axes.get_window_extent()
        per_pixel = 72.0 / dpi / _CELL
        columns, rows = int(box.width * per_pixel), int(box.height * per_pixel)

        def middles(limits: tuple[float, float], count: int) -> np.ndarray:
            low, high = np.log(limits)
            return np.exp(low + (high - low) * (np.arange(count) + 0.5) / count)

        return cls(middles(axes.get_xlim(), columns), middles(axes.get_ylim(), rows), per_pixel)

    def cover(self, shape: Shape) -> np.ndarray:
        """The cells that `shape` covers, bool (rows, columns)."""
        rows = np.log(shape.mass)
        nearest = np.abs(np.log(self.mass)[:, None] - rows).argmin(axis=1)
        step = rows[1] - rows[0]
        outside = np.abs(np.log(self.mass) - rows[nearest]) > step
        lower = np.where(outside, np.nan, shape.lower[nearest])
        with np.errstate(invalid="ignore"):
            above = self.coupling[:, None] >= lower
            return above & (self.coupling[:, None] <= shape.ceiling[nearest])


def _rim(mask: np.ndarray, *, sides: bool) -> np.ndarray:
    """The cells of `mask` that have a neighbour outside of it; the frame of the axes is none.

    Without `sides` the ends of the data on the left and right are none either.
    """
    full = mask if sides else mask | ~mask.any(axis=0)
    inner = full.copy()
    inner[1:] &= full[:-1]
    inner[:-1] &= full[1:]
    inner[:, 1:] &= full[:, :-1]
    inner[:, :-1] &= full[:, 1:]
    return mask & ~inner


def _grown(mask: np.ndarray) -> np.ndarray:
    answer = mask.copy()
    answer[1:] |= mask[:-1]
    answer[:-1] |= mask[1:]
    answer[:, 1:] |= mask[:, :-1]
    answer[:, :-1] |= mask[:, 1:]
    return answer


def name_shapes(axes: Axes, shapes: Sequence[Shape], *, old: bool = False) -> tuple[str, ...]:
    """Write the names of `shapes` that show on `axes`; the ids of those that got one.

    A limit that shows beside the others and a projection that reaches beyond them get a name, with
    a leader if there is no room; a limit that others cover gets one where it fits inside.
    With `old`, other readings of the same data get one where it fits too; superseded results never.
    """
    if not shapes:
        return ()
    raster = _Raster.of(axes)
    masks = [raster.cover(shape) for shape in shapes]
    limits = [m for s, m in zip(shapes, masks, strict=True) if s.shaded]
    count = np.sum([np.zeros_like(masks[0]), *limits], axis=0, dtype=int)
    lines = np.zeros(masks[0].shape, bool)
    wishes: dict[Shape, Wish] = {}
    for shape, mask in zip(shapes, masks, strict=True):
        free = count == (1 if shape.shaded else 0)
        rim = _rim(mask, sides=bool(np.isfinite(shape.upper).any()))
        seen = rim & _grown(free | (count == 0))
        lines |= rim & (count <= 2) if shape.shaded else seen
        least = 1 if shape.shaded else _LINE
        hidden = min((mask & free).sum(), 3 * seen.sum()) < _LEAST or seen.sum() < least
        if shape.old:
            hidden = True
        named = shape.shaded or (old and shape.about["status"] == "alternative")
        if hidden and not (named and mask.any()):
            continue
        region = mask if shape.shaded or shape.old else mask & free
        edge = rim if hidden else seen
        size = _extent(axes, shape.label, raster, _size(shape, hidden))
        wishes[shape] = Wish(*size, region, edge, inside=bool(hidden))
    taken = np.zeros(lines.shape, bool)
    taken[[0, -1], :] = taken[:, [0, -1]] = True
    places = place_all(list(wishes.values()), lines, count, taken)
    named = [(s, p) for s, p in zip(wishes, places, strict=True) if p is not None]
    for shape, place in named:
        _write(axes, raster, shape, wishes[shape], place)
    return tuple(shape.name for shape, _ in named)


def _size(shape: Shape, hidden: bool) -> float:
    return _SIZE if shape.shaded and not hidden else _SMALL


def _extent(axes: Axes, text: str, raster: _Raster, size: float) -> tuple[int, int]:
    """Width and height of `text` in cells."""
    trial = axes.text(0.5, 0.5, text, transform=axes.transAxes, fontsize=size, linespacing=0.95)
    box = trial.get_window_extent()
    trial.remove()
    width, height = (int(np.ceil(side * raster.per_pixel)) for side in (box.width, box.height))
    return width + 2 * _HALO, height + 2 * _HALO


def _write(axes: Axes, raster: _Raster, shape: Shape, wish: Wish, place: Place) -> None:
    """One name, with its leader where it has one."""
    from matplotlib.patheffects import withStroke

    rows, columns = raster.coupling.size, raster.mass.size

    def fraction(row: float, column: float) -> tuple[float, float]:
        return (column + 0.5) / columns, (row + 0.5) / rows

    middle = fraction(place.row + 0.5 * (wish.height - 1), place.column + 0.5 * (wish.width - 1))
    colour = _GREY if shape.old else FAMILIES[shape.family].dark
    if place.leader is not None:
        arrow = {"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkA": 0.0, "shrinkB": 0.0}
        start = leader_start(wish, place)
        axes.annotate(
            "", fraction(*place.leader), xytext=fraction(*start), xycoords="axes fraction",
            textcoords="axes fraction", arrowprops=arrow, zorder=9,
        )  # fmt: skip
    axes.text(
        *middle, shape.label, transform=axes.transAxes, fontsize=_size(shape, wish.inside),
        color=colour, ha="center", va="center", linespacing=0.95, zorder=10,
        gid=f"name:{shape.name}",
        path_effects=[withStroke(linewidth=1.6, foreground="white", alpha=0.75)],
    )  # fmt: skip
