"""The picture of a plane of bounds: regions by family, projections, names, a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.bound_planes.families import FAMILIES, Family
from vectorportal.papers.bound_planes.labels import name_shapes
from vectorportal.papers.bound_planes.shapes import Shape, covered, shapes_of
from vectorportal.papers.style import canvas, log_axes

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_plane"]

_DASHES, _DOTS = (0, (5.0, 2.0)), (0, (1.0, 1.6))
_GREY = "#777777"


def draw_plane(data: xarray.Dataset) -> Figure:
    """The picture of a dataset of `curves.dataset_of`, as a figure on its own canvas."""
    picture, axes = canvas(10.0, 7.6)
    mass = data["mass"].values
    about = data.attrs
    shapes = shapes_of(data)
    log_axes(axes, (float(mass[0]), float(mass[-1])), (about["bottom"], about["top"]))
    axes.set_title(about["heading"], fontsize=12.5)
    axes.set_xlabel(about["x_label"], fontsize=12)
    axes.set_ylabel(about["y_label"], fontsize=12)
    axes.tick_params(labelsize=10)
    for shape in shapes:
        _draw(axes, shape, tuple(s for s in shapes if s.shaded and s is not shape))
    legend = _legend(axes, shapes, about["old"]) if shapes else None
    if not shapes:
        axes.text(0.5, 0.5, "no record has data here", transform=axes.transAxes, ha="center")
    picture.draw_without_rendering()
    picture.set_layout_engine("none")
    name_shapes(axes, shapes, legend)
    return picture


def _draw(axes: Axes, shape: Shape, limits: tuple[Shape, ...]) -> None:
    look: dict[str, Any]
    family = FAMILIES[shape.family]
    order = list(FAMILIES).index(shape.family)
    if shape.shaded:
        top = np.minimum(shape.ceiling, axes.get_ylim()[1] * 10.0)
        look = {**_paint(family), "lw": 0.0, "zorder": 2.0 + 0.01 * order}
        axes.fill_between(shape.mass, shape.lower, top, **look)
        _outline(axes, shape, limits, color=family.colour, zorder=3.0 + 0.01 * order)
        return
    look = {"color": family.colour, "lw": 1.0, "zorder": 1.5}
    if shape.old:
        dots = _DOTS if shape.recalled else "-"
        look |= {"color": _GREY, "lw": 0.7, "ls": dots, "zorder": 3.5}
    elif shape.recalled:
        look |= {"ls": _DOTS, "lw": 1.2, "zorder": 1.5 if shape.projection else 3.4}
    else:
        look["ls"] = _DASHES
    for run in shape.runs:
        axes.plot(*_loop(shape, run), **look)


def _paint(family: Family) -> dict[str, Any]:
    """The filling of a region: a tint, or a hatching through which others can be seen."""
    if family.hatch:
        return {"facecolor": "none", "hatch": family.hatch, "edgecolor": family.colour}
    return {"facecolor": family.fill}


def _loop(shape: Shape, run: slice) -> tuple[np.ndarray, np.ndarray]:
    """The outline of one stretch: up the left side, along the edge or edges, up the right side."""
    mass, lower, upper = shape.mass[run], shape.lower[run], shape.upper[run]
    if np.isfinite(upper).all():
        x = np.concatenate((mass, mass[::-1], mass[:1]))
        return x, np.concatenate((lower, upper[::-1], lower[:1]))
    return mass, lower


def _outline(axes: Axes, shape: Shape, limits: tuple[Shape, ...], **look: Any) -> None:
    """Both edges of a limit, faint where another limit lies over them."""
    for edge in (shape.lower, shape.upper):
        if not np.isfinite(edge).any():
            continue
        hidden = covered(edge, limits)
        axes.plot(shape.mass, edge, lw=0.5, alpha=0.45, **look)
        axes.plot(shape.mass, np.where(hidden, np.nan, edge), lw=1.1, **look)
    _sides(axes, shape, lw=0.5, alpha=0.45, **look)


def _sides(axes: Axes, shape: Shape, **look: Any) -> None:
    """Vertical lines where the data of a band begin and end."""
    for run in shape.runs:
        for i in (run.start, run.stop - 1):
            if np.isfinite(shape.upper[i]):
                axes.plot([shape.mass[i]] * 2, [shape.lower[i], shape.upper[i]], **look)


_CORNERS = ("lower right", "lower left", "upper left", "upper right")
_WIDTH, _HEIGHT = 0.26, 0.26
"""Part of the axes that the legend takes, roughly"""


def _corner(axes: Axes, shapes: tuple[Shape, ...]) -> Any:
    """The corner in which the fewest curves run."""

    def within(value: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
        return np.log(value / limits[0]) / np.log(limits[1] / limits[0])

    edges = [(s.mass, edge) for s in shapes for edge in (s.lower, s.upper)]
    x = np.concatenate([within(mass, axes.get_xlim()) for mass, _ in edges])
    y = np.concatenate([within(edge, axes.get_ylim()) for _, edge in edges])
    counts = {}
    for corner in _CORNERS:
        across = x > 1.0 - _WIDTH if "right" in corner else x < _WIDTH
        up = (y > 1.0 - _HEIGHT) & (y < 1.0) if "upper" in corner else (y > 0.0) & (y < _HEIGHT)
        counts[corner] = int((across & up).sum())
    return min(_CORNERS, key=lambda corner: counts[corner])


def _legend(axes: Axes, shapes: tuple[Shape, ...], old: str) -> Any:
    """What colours and styles stand for; `old` is what thin grey lines are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shaded = {shape.family for shape in shapes if shape.shaded}
    present = shaded | {shape.family for shape in shapes if not shape.old}
    handles: list[Any] = []
    for key in (key for key in FAMILIES if key in present):
        look = {"color": FAMILIES[key].colour, "lw": 1.1, "ls": _DASHES}
        filled = {"edgecolor": FAMILIES[key].colour, **_paint(FAMILIES[key]), "lw": 0.9}
        name = FAMILIES[key].name
        handle = (
            Patch(label=name, **filled) if key in shaded else Line2D([], [], label=name, **look)
        )
        handles.append(handle)
    if any(shape.projection and not shape.recalled for shape in shapes):
        handles.append(Line2D([], [], color=_GREY, lw=1.1, ls=_DASHES, label="projection"))
    if any(shape.recalled for shape in shapes):
        text = "grade D: recalled or estimated"
        handles.append(Line2D([], [], color=_GREY, lw=1.2, ls=_DOTS, label=text))
    if any(shape.old for shape in shapes):
        handles.append(Line2D([], [], color=_GREY, lw=0.6, label=old))
    return axes.legend(
        handles=handles,
        loc=_corner(axes, shapes),
        fontsize=8.2,
        title="shaded: excluded at the published CL",
        title_fontsize=8.2,
        framealpha=1.0,
        edgecolor="#BBBBBB",
        fancybox=False,
        alignment="left",
    )
