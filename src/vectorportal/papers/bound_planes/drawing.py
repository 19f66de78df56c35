"""The picture of a plane of bounds: regions by family, projections, names, a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.bound_planes.families import FAMILIES
from vectorportal.papers.bound_planes.labels import name_shapes
from vectorportal.papers.bound_planes.legend import (
    GREY,
    footnote,
    legend_below,
    paint,
    style_of,
)
from vectorportal.papers.bound_planes.shapes import Shape, covered, shapes_of
from vectorportal.papers.style import canvas, log_axes

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_plane"]

_SHORT, _THIN = 9.0, 3.0
"""Points on the page: a dashed piece so short is no line, two dashed edges so near are one"""


def draw_plane(data: xarray.Dataset) -> Figure:
    """The picture of a dataset of `curves.dataset_of`, as a figure on its own canvas."""
    picture, axes = canvas(10.0, 8.7)
    mass = data["mass"].values
    about = data.attrs
    shapes = shapes_of(data)
    log_axes(axes, (float(mass[0]), float(mass[-1])), (about["bottom"], about["top"]))
    axes.set_title(about["heading"], fontsize=12.5)
    axes.set_xlabel(about["x_label"], fontsize=12)
    axes.set_ylabel(about["y_label"], fontsize=12)
    axes.tick_params(labelsize=10)
    if about["inverse_label"]:
        right = axes.secondary_yaxis("right", functions=(_inverse, _inverse))
        right.set_ylabel(about["inverse_label"], fontsize=12)
    if shapes:
        legend_below(axes, shapes, about["old"])
    else:
        axes.text(0.5, 0.5, "no record has data here", transform=axes.transAxes, ha="center")
    footnote(picture, about["not_evaluated"])
    picture.draw_without_rendering()
    picture.set_layout_engine("none")
    for shape in shapes:
        _draw(axes, shape, tuple(s for s in shapes if s.shaded and s is not shape))
    name_shapes(axes, shapes, old=about["name_old"])
    return picture


def _inverse(value: Any) -> Any:
    """1/value, with an infinite one at 0."""
    with np.errstate(divide="ignore"):
        return 1.0 / np.asarray(value, dtype=np.float64)


def _draw(axes: Axes, shape: Shape, limits: tuple[Shape, ...]) -> None:
    look: dict[str, Any]
    family = FAMILIES[shape.family]
    order = list(FAMILIES).index(shape.family)
    if shape.shaded:
        top = np.minimum(shape.ceiling, axes.get_ylim()[1] * 10.0)
        look = {**paint(family), "lw": 0.0, "zorder": 2.0 + 0.01 * order}
        axes.fill_between(shape.mass, shape.lower, top, **look)
        _outline(axes, shape, limits, color=family.colour, zorder=3.0 + 0.01 * order)
        return
    look = {"color": family.colour, "lw": 1.0, "zorder": 1.5, "ls": style_of(shape)}
    if shape.old:
        look |= {"color": GREY, "lw": 0.6, "alpha": 0.6, "zorder": 2.9}
    elif shape.recalled:
        look |= {"lw": 1.2, "zorder": 1.5 if shape.projection else 3.4}
    elif shape.uncounted:
        look |= {"lw": 1.3, "zorder": 3.4}
    if shape.projection and not shape.old:
        _project(axes, shape, limits, **look)
        return
    for run in shape.runs:
        axes.plot(*_loop(shape, run), **look)


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


def _project(axes: Axes, shape: Shape, limits: tuple[Shape, ...], **look: Any) -> None:
    """A projection where it reaches beyond the limits, without pieces too small for dashes."""
    x, lower = _on_page(axes, shape.mass, shape.lower)
    _, upper = _on_page(axes, shape.mass, shape.upper)
    with np.errstate(invalid="ignore"):
        wide = upper - lower > _THIN
    painted = tuple(s for s in limits if not FAMILIES[s.family].hatch)
    for edge, height, part in ((shape.lower, lower, True), (shape.upper, upper, wide)):
        seen = np.isfinite(edge) & ~covered(edge, painted) & part
        axes.plot(shape.mass, np.where(_long(seen, x, height), edge, np.nan), **look)
    for run in shape.runs:
        for i in {run.start, run.stop - 1}:
            ends = np.array([shape.lower[i], shape.upper[i]])
            if wide[i] and upper[i] - lower[i] > _SHORT:
                axes.plot([shape.mass[i]] * 2, ends, **look)


def _on_page(axes: Axes, mass: np.ndarray, coupling: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of points in typographic points on the page."""
    picture = axes.get_figure(root=True)
    scale = 72.0 / (72.0 if picture is None else picture.dpi)
    place = axes.transData.transform(np.stack((mass, coupling), axis=-1))
    return scale * place[:, 0], scale * place[:, 1]


def _long(seen: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """`seen` without stretches that are short on the page, with a point more at each end."""
    answer = np.zeros(seen.shape, bool)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], seen, [False])).astype(int)))
    for start, stop in edges.reshape(-1, 2):
        length = np.hypot(np.diff(x[start:stop]), np.diff(y[start:stop])).sum()
        if length >= _SHORT:
            answer[max(start - 1, 0) : stop + 1] = True
    return answer
