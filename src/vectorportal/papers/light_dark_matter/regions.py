"""Shaded limits and dashed projections of a dataset, with their names on the curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.style import BLACK, COLOURS, label_curve

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

__all__ = [
    "Mark",
    "draw_bands",
    "draw_limits",
    "draw_projections",
    "draw_uncounted",
    "legend_of_styles",
]

_FAMILY = {
    "missing-energy": COLOURS["blue"],
    "invisible": COLOURS["green"],
    "prompt-visible": COLOURS["orange"],
    "dump": COLOURS["sky"],
    "displaced": COLOURS["vermilion"],
    "cooling": COLOURS["purple"],
}
_MIXED = (0, (6.0, 1.5, 1.0, 1.5))
_SHARE = 0.03
"""part of the mass axis on which a curve must lead to be drawn"""


@dataclass(frozen=True)
class Mark:
    """A label: its text, the mediator mass (GeV) at which it sits, its offset in points.

    `rotate` turns it along the curve, `leader` joins it to the curve by a thin line; for a band,
    `lower` takes the lower edge instead of the upper one.
    """

    text: str
    at: float | None = None
    offset: tuple[float, float] = (0.0, 4.0)
    rotate: bool = True
    leader: bool = False
    lower: bool = False


def _of_kind(data: xarray.Dataset, kind: str, *, band: bool = False) -> list[str]:
    """Names of the one-sided curves of `kind`, or of the bands; limits that do not count (grade D,
    or in need of warm dark matter) are left out.
    """
    names = [str(name) for name in data.data_vars]
    found = [n for n in names if data[n].attrs.get("kind") == kind and not n.endswith("_upper")]
    found = [n for n in found if kind != "limit" or data[n].attrs["counted"]]
    return [n for n in found if (f"{n}_upper" in names) == band]


def _leading(data: xarray.Dataset, names: list[str], top: float, beyond: Any = None) -> list[str]:
    """The curves of `names` that reach deepest somewhere, below `top` and below `beyond`."""
    if not names:
        return []
    stack = np.stack([data[name].values for name in names])
    floor = np.fmin.reduce(stack, axis=0)
    ceiling = np.full(floor.shape, top) if beyond is None else np.fmin(beyond, top)
    with np.errstate(invalid="ignore"):
        wins = (stack <= 1.0001 * floor) & (stack < ceiling)
    return [name for name, row in zip(names, wins, strict=True) if row.mean() >= _SHARE]


def _colour(about: Mapping[str, Any]) -> str:
    return _FAMILY.get(about["signature"], COLOURS["grey"])


def _name(axes: Axes, x: Any, y: Any, mark: Mark, colour: str = BLACK) -> None:
    rotate = mark.rotate and not mark.leader
    label_curve(
        axes,
        x,
        y,
        mark.text,
        at=mark.at,
        offset=mark.offset,
        rotate=rotate,
        leader=mark.leader,
        colour=colour,
    )


def draw_limits(axes: Axes, data: xarray.Dataset, marks: Mapping[str, Mark]) -> None:
    """Shade what the one-sided limits exclude; those in `marks` and those that lead are drawn."""
    mass, top = data["mass"].values, axes.get_ylim()[1]
    names = _of_kind(data, "limit")
    leaders = _leading(data, names, top)
    for name in (n for n in names if n in leaders or n in marks):
        about, lower = data[name].attrs, data[name].values
        colour = _colour(about)
        axes.fill_between(mass, lower, top, color=colour, alpha=0.16, lw=0, zorder=1)
        axes.plot(mass, lower, color=colour, lw=1.3, zorder=3)
        _name(axes, mass, lower, marks.get(name, Mark(about["label"])))


def draw_bands(axes: Axes, data: xarray.Dataset, marks: Mapping[str, Mark]) -> None:
    """Shade the limits that have an upper edge too; those in `marks` are named."""
    mass = data["mass"].values
    for name in _of_kind(data, "limit", band=True):
        lower, upper = data[name].values, data[f"{name}_upper"].values
        colour = _colour(data[name].attrs)
        axes.fill_between(mass, lower, upper, color=colour, alpha=0.16, lw=0, zorder=1)
        _outline(axes, mass, lower, upper, color=colour, lw=0.6, zorder=2)
        if name in marks:
            _name(axes, mass, lower if marks[name].lower else upper, marks[name])


def _outline(axes: Axes, mass: np.ndarray, lower: Any, upper: Any, **style: Any) -> None:
    """Both edges of a band as one line that closes where the two nearly meet."""
    good = np.isfinite(lower) & np.isfinite(upper)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(int)))
    for start, stop in edges.reshape(-1, 2):
        piece = slice(start, stop)
        x = np.concatenate((mass[piece], mass[piece][::-1]))
        axes.plot(x, np.concatenate((lower[piece], upper[piece][::-1])), **style)


def draw_projections(
    axes: Axes, data: xarray.Dataset, marks: Mapping[str, Mark], *, only: bool = False
) -> None:
    """Draw the projections in `marks`, dashed, and dotted for grade D.

    Unless `only`, one-sided projections that reach beyond the limits join them.
    """
    mass, top = data["mass"].values, axes.get_ylim()[1]
    limits = [data[n].values for n in _of_kind(data, "limit")]
    excluded = np.fmin.reduce(limits) if limits else None
    for name in _of_kind(data, "projection"):
        if name in marks or (not only and _leading(data, [name], top, excluded)):
            _project(axes, mass, data[name], marks.get(name))
    for name in _of_kind(data, "projection", band=True):
        if name in marks:
            upper = data[f"{name}_upper"].values
            _project(axes, mass, data[name], marks[name], upper)


def draw_uncounted(axes: Axes, data: xarray.Dataset) -> bool:
    """Outline the limits that only warm dark matter would meet; whether there is one to be seen."""
    mass, top = data["mass"].values, axes.get_ylim()[1]
    limits = [data[n].values for n in _of_kind(data, "limit")]
    excluded = np.fmin.reduce(limits) if limits else None
    names = [str(n) for n in data.data_vars if data[n].attrs.get("kind") == "limit"]
    names = [n for n in names if not data[n].attrs["counted"] and data[n].attrs["grade"] != "D"]
    seen = [n for n in names if _leading(data, [n], top, excluded)]
    for name in seen:
        about = data[name].attrs
        axes.plot(mass, data[name].values, color=_colour(about), lw=1.3, ls=_MIXED, zorder=4)
        lowest = float(mass[np.nanargmin(data[name].values)])
        mark = Mark(about["label"], lowest, (34.0, -4.0), rotate=False)
        _name(axes, mass, data[name].values, mark, _colour(about))
    return bool(seen)


def _project(axes: Axes, mass: Any, curve: Any, mark: Mark | None, upper: Any = None) -> None:
    about, lower = curve.attrs, curve.values
    colour = _colour(about)
    style = (0, (1.0, 1.5)) if about["grade"] == "D" else (0, (5.0, 2.5))
    if upper is None:
        axes.plot(mass, lower, color=colour, lw=1.3, ls=style, zorder=4)
    else:
        _outline(axes, mass, lower, upper, color=colour, lw=1.3, ls=style, zorder=4)
    _name(axes, mass, lower, mark or Mark(about["label"]), colour)


def legend_of_styles(axes: Axes, *, relic: bool, uncounted: bool = False) -> None:
    """What shading and dashes stand for and, if `relic`, dots and the lines of the density.

    With `uncounted` also the outline of limits that do not count.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    grey = COLOURS["grey"]
    handles = [
        Patch(facecolor=grey, alpha=0.3, label="excluded (90% or 95% CL)"),
        Line2D([], [], color=grey, lw=1.3, ls=(0, (5.0, 2.5)), label="projection"),
    ]
    if uncounted:
        text = "not counted: needs warm dark matter"
        handles.append(Line2D([], [], color=grey, lw=1.3, ls=_MIXED, label=text))
    if relic:
        dots = (0, (1.0, 1.5))
        handles.append(
            Line2D([], [], color=grey, lw=1.3, ls=dots, label="projection, recalled values")
        )
        handles.append(Line2D([], [], color=BLACK, lw=2.2, label="observed relic density"))
    axes.legend(handles=handles, loc="lower right", fontsize=8, frameon=False)
