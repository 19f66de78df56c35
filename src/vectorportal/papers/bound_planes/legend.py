"""What stands below a plane of bounds: the legend and what is not evaluated."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vectorportal.papers.bound_planes.families import FAMILIES, Family
from vectorportal.papers.bound_planes.shapes import Shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GREY", "footnote", "legend_below", "paint", "style_of"]

GREY = "#777777"
_DASHES, _DOTS = (0, (5.0, 2.0)), (0, (1.0, 1.6))
_MIXED = (0, (6.0, 1.5, 1.0, 1.5))
_COLUMNS, _LINE = 4, 185
_LEAST = 0.01
"""Part of the masses that a curve must have on the axes to be told in the legend"""


def style_of(shape: Shape) -> Any:
    """The line style of a curve that is not shaded."""
    if shape.recalled:
        return _DOTS
    if shape.old:
        return "-"
    return _DASHES if shape.projection else _MIXED


def paint(family: Family) -> dict[str, Any]:
    """The filling of a region: a tint, or a hatching through which others can be seen."""
    if family.hatch:
        return {"facecolor": "none", "hatch": family.hatch, "edgecolor": family.colour}
    return {"facecolor": family.fill}


def legend_below(axes: Axes, shapes: Sequence[Shape], old: str) -> None:
    """What colours and styles stand for, below the axes; `old` is what thin grey lines are."""
    top = axes.get_ylim()[1]
    shapes = [shape for shape in shapes if (shape.lower < top).mean() >= _LEAST]
    if not shapes:
        return
    shaded = any(shape.shaded for shape in shapes)
    axes.legend(
        handles=[*_families(shapes), *_styles(shapes, old)],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.085),
        ncols=_COLUMNS,
        fontsize=8.2,
        title="shaded: excluded at the published CL" if shaded else None,
        title_fontsize=8.2,
        framealpha=1.0,
        edgecolor="#BBBBBB",
        fancybox=False,
        alignment="left",
    )


def _families(shapes: Sequence[Shape]) -> list[Any]:
    """A sample for each family in its strongest style: filled, dashed, not counted, dotted."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for key, family in FAMILIES.items():
        members = [s for s in shapes if s.family == key and (s.shaded or not s.old)]
        name, colour = family.name, family.colour
        if any(s.shaded for s in members):
            look = {"edgecolor": colour, **paint(family), "lw": 0.9}
            handles.append(Patch(label=name, **look))
        elif members:
            first = min(members, key=lambda s: (s.recalled, not s.projection))
            handles.append(Line2D([], [], label=name, color=colour, lw=1.2, ls=style_of(first)))
    return handles


def _styles(shapes: Sequence[Shape], old: str) -> list[Any]:
    """A grey sample for each style of line that is drawn."""
    from matplotlib.lines import Line2D

    current = [shape for shape in shapes if not shape.old]
    styles = (
        (any(s.projection and not s.recalled for s in current), _DASHES, "projection"),
        (any(s.uncounted for s in current), _MIXED, "not counted: needs warm dark matter"),
        (any(s.recalled for s in shapes), _DOTS, "grade D: recalled or estimated"),
        (any(s.old for s in shapes), "-", old),
    )
    return [
        Line2D([], [], color=GREY, lw=0.6 if text == old else 1.2, ls=style, label=text)
        for shown, style, text in styles
        if shown
    ]


def footnote(picture: Figure, silent: Sequence[str]) -> None:
    """What no record covers, in small letters at the foot of the page."""
    if not silent:
        return
    text = textwrap.fill(f"Not evaluated: {'; '.join(silent)}.", _LINE)
    picture.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color="#444444")
