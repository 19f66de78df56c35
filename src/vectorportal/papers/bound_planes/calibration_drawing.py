"""The sheet of small panels: a published limit, the computed one, and a strip with their ratio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.bound_planes.calibration_panels import WIDE, Panel, panels_of
from vectorportal.papers.bound_planes.shapes import Shape
from vectorportal.papers.style import BLACK, COLOURS, log_axes

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_sheet"]

_LOWER, _UPPER = BLACK, COLOURS["vermilion"]
"""Colours of the two edges that are computed here and of their ratios"""
_DASHES = (0, (3.2, 1.5))
_GREY, _BAND, _FACTOR = "#666666", "#E4E4E4", 2.0
_SCALES = (4.0, 10.0, 100.0)
"""Ends of the ratio axis; the smallest that holds nearly all values is taken"""
_NEARLY = 0.95
_PLAIN = 1.75
"""Decades of mass below which ticks are plain numbers"""
_DIGITS = (
    (0.75, (1.0, 2.0, 5.0)),
    (0.35, (1.0, 2.0, 3.0, 5.0, 7.0)),
    (0.0, tuple(np.arange(1.0, 10.0))),
)
"""Which digits have a tick, for axes of more than so many decades"""
_COUPLINGS = {
    r"$\epsilon$": r"kinetic mixing $\epsilon$",
    r"$g_X$": r"coupling $g_X$",
    r"$Q_\chi/e$": r"charge $Q_\chi/e$",
}
_ENTRY = 2.1
"""Width of an entry of the legend in inches, at most"""


def draw_sheet(data: xarray.Dataset) -> Figure:
    """The picture of a dataset of `calibration.dataset`, as a figure on its own canvas."""
    panels = panels_of(data)
    columns = _columns(len(panels))
    rows = -(-len(panels) // columns)
    size = (7.2, 6.6) if len(panels) == 1 else (3.15 * columns, 3.0 * rows + 0.6)
    picture = _blank(*size)
    picture.suptitle(str(data.attrs["title"]), fontsize=12.5)
    grid = picture.add_gridspec(2 * rows, columns, height_ratios=(3.0, 1.0) * rows)
    mixed = len({panel.symbols for panel in panels}) > 1
    scale = _scale(panels)
    zoom = 1.3 if len(panels) == 1 else 1.0
    for i, panel in enumerate(panels):
        row, column = divmod(i, columns)
        above = picture.add_subplot(grid[2 * row, column])
        below = picture.add_subplot(grid[2 * row + 1, column])
        _draw_limits(above, panel, zoom)
        _draw_ratio(below, panel, scale, zoom)
        _title(above, panel, zoom)
        below.set_xlabel(f"mass {panel.symbols[0]} [GeV]", fontsize=8.5 * zoom)
        if mixed or column == 0:
            above.set_ylabel(_COUPLINGS[panel.symbols[1]], fontsize=8.5 * zoom)
            below.set_ylabel("ratio", fontsize=8.5 * zoom)
    _legend(picture, panels)
    return picture


def _columns(count: int) -> int:
    """Columns of the sheet: one row of up to three, squares up to nine, then four."""
    if count <= 3:
        return count
    return 2 if count == 4 else 3 if count <= 6 or count == 9 else 4


def _blank(width: float, height: float) -> Figure:
    """An empty picture of `width` by `height` inches, outside pyplot's state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(h_pad=0.03, w_pad=0.05, hspace=0.0, wspace=0.01)
    picture = Figure(figsize=(width, height), layout=layout)
    FigureCanvasAgg(picture)
    return picture


def _scale(panels: Sequence[Panel]) -> float:
    """The common end of all ratio axes, above 1."""
    ratios = np.concatenate([r for p in panels for r in (p.ratio, p.ratio_upper)])
    sizes = np.exp(np.abs(np.log(ratios[np.isfinite(ratios)])))
    most = float(np.quantile(sizes, _NEARLY)) if sizes.size else 1.0
    return next((scale for scale in _SCALES if most < 0.95 * scale), _SCALES[-1])


def _draw_limits(axes: Axes, panel: Panel, zoom: float) -> None:
    """Coupling against mass: the published limit filled and solid, the computed one dashed."""
    low, high = _range(panel)
    log_axes(axes, _ends(panel), (low, high))
    published, family = panel.published, panel.family
    if published.shaded:
        top = np.minimum(published.ceiling, 10.0 * high)
        axes.fill_between(published.mass, published.lower, top, facecolor=family.fill, lw=0.0)
    _contour(axes, published, (family.dark, family.dark), lw=1.2)
    _sides(axes, published, color=family.dark, lw=0.8)
    _contour(axes, panel.obtained, (_LOWER, _UPPER), lw=1.4, ls=_DASHES, zorder=4)
    _tips(axes, panel.obtained)
    axes.tick_params(labelbottom=False, labelsize=7.5 * zoom)


def _contour(axes: Axes, shape: Shape, colours: tuple[str, str], **look: Any) -> None:
    """Both edges."""
    axes.plot(shape.mass, shape.lower, color=colours[0], **look)
    axes.plot(shape.mass, shape.upper, color=colours[1], **look)


def _sides(axes: Axes, shape: Shape, **look: Any) -> None:
    """Vertical lines where the data of a band begin and end."""
    for i in (i for run in shape.runs for i in (run.start, run.stop - 1)):
        if np.isfinite(shape.upper[i]):
            axes.plot([shape.mass[i]] * 2, [shape.lower[i], shape.upper[i]], **look)


def _tips(axes: Axes, shape: Shape) -> None:
    """Both edges brought together where a computed band ends, halfway to the next mass."""
    last = shape.mass.size - 1
    for run in shape.runs:
        for i, step in ((run.start, -1), (run.stop - 1, 1)):
            if 0 <= i + step <= last and np.isfinite(shape.upper[i]):
                mass = [shape.mass[i], np.sqrt(shape.mass[i] * shape.mass[i + step])]
                middle = np.sqrt(shape.lower[i] * shape.upper[i])
                for edge, colour in ((shape.lower, _LOWER), (shape.upper, _UPPER)):
                    axes.plot(mass, [edge[i], middle], color=colour, lw=1.4, zorder=4)


def _ends(panel: Panel) -> tuple[float, float]:
    """Limits of the mass axis: all that is drawn and a little more."""
    shown = np.isfinite(panel.published.lower) | np.isfinite(panel.obtained.lower)
    mass = panel.mass[shown]
    more = (mass[-1] / mass[0]) ** 0.04
    return float(mass[0] / more), float(mass[-1] * more)


def _range(panel: Panel) -> tuple[float, float]:
    """Limits of the coupling axis: all edges with some room, two decades at least."""
    edges = [e for s in (panel.published, panel.obtained) for e in (s.lower, s.upper)]
    values = np.concatenate(edges)
    values = values[np.isfinite(values)]
    low, high = 0.4 * float(values.min()), 2.5 * float(values.max())
    more = max(1.0, np.sqrt(100.0 * low / high))
    return float(low / more), float(high * more)


def _draw_ratio(axes: Axes, panel: Panel, scale: float, zoom: float) -> None:
    """Obtained over published against mass, with a band of a factor 2."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    log_axes(axes, _ends(panel), (1.0 / scale, scale))
    axes.axhspan(1.0 / _FACTOR, _FACTOR, color=_BAND, lw=0.0, zorder=0)
    axes.axhline(1.0, color=_GREY, lw=0.7, zorder=1)
    for ratio, colour in ((panel.ratio, _LOWER), (panel.ratio_upper, _UPPER)):
        axes.plot(panel.mass, ratio, color=colour, lw=1.1, marker="o", ms=1.7 * zoom, zorder=3)
        for side, marker in ((ratio > scale, "^"), (ratio < 1.0 / scale, "v")):
            edge = scale**0.87 if marker == "^" else scale**-0.87
            axes.plot(
                panel.mass[side], np.full(side.sum(), edge), marker, color=colour, ms=3.2 * zoom
            )
    missed = panel.missed
    axes.plot(missed, np.ones_like(missed), "x", color=_GREY, ms=3.6 * zoom, mew=0.9, zorder=2)
    ticks = (0.5, 1.0, 2.0) if scale <= _SCALES[0] else (1.0 / scale, 1.0, scale)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.tick_params(labelsize=7.5 * zoom)
    _mass_ticks(axes)


def _mass_ticks(axes: Axes) -> None:
    """Plain numbers between the decades where the axis has few of these."""
    from matplotlib.ticker import FuncFormatter, LogLocator

    low, high = axes.get_xlim()
    decades = np.log10(high / low)
    if decades > _PLAIN:
        return
    digits = next(digits for least, digits in _DIGITS if decades > least)
    axes.xaxis.set_major_locator(LogLocator(10.0, subs=digits, numticks=20))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))


def _title(axes: Axes, panel: Panel, zoom: float) -> None:
    """Name of the panel, id of the published record, and the spread."""
    kind = "" if panel.published.shaded else "(projection)"
    if panel.published.recalled:
        kind = "(grade D)"
    long = "\n" not in panel.label and len(panel.label) + len(kind) > WIDE - 2
    axes.set_title(
        f"{panel.label}{chr(10) if long else ' '}{kind}".strip(), loc="left",
        fontsize=9.0 * zoom, pad=4.0 + 9.0 * zoom, color=panel.family.dark, weight="bold",
        gid=f"name:{panel.name}",
    )  # fmt: skip
    spread = f"spread {panel.about['spread']:.2f}"
    for text, x, side in ((panel.about["record"], 0.0, "left"), (spread, 1.0, "right")):
        axes.annotate(
            text, (x, 1.0), xycoords="axes fraction", xytext=(0.0, 3.0),
            textcoords="offset points", ha=side, fontsize=7.0 * zoom,
            color=_GREY if side == "left" else BLACK, annotation_clip=False,
        )  # fmt: skip


def _legend(picture: Figure, panels: Sequence[Panel]) -> None:
    """What lines, fillings and marks stand for, of those that are there."""
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    words: list[tuple[Any, str]] = []
    shaded = {p.family.colour: p.family for p in panels if p.published.shaded}
    if shaded:
        looks = shaded.values()
        filled = tuple(Patch(fc=look.fill, ec=look.dark, lw=1.0) for look in looks)
        words.append((filled, "published limit"))
    if any(not p.published.shaded for p in panels):
        words.append((Line2D([], [], color=BLACK, lw=1.2), "projection or grade D"))
    words.append((Line2D([], [], color=_LOWER, ls=_DASHES), "computed, lower edge"))
    if any(np.isfinite(p.obtained.upper).any() for p in panels):
        words.append((Line2D([], [], color=_UPPER, ls=_DASHES), "computed, upper edge"))
    words.append((Patch(fc=_BAND), "ratio within a factor 2"))
    if any(p.missed.size for p in panels):
        cross = Line2D([], [], color=_GREY, marker="x", ms=4, ls="")
        words.append((cross, "computed: nothing excluded"))
    handles, labels = zip(*words, strict=True)
    fits = len(words) * _ENTRY <= picture.get_figwidth()
    columns = len(words) if fits else -(-len(words) // 2)
    picture.legend(
        handles, labels, loc="outside lower center", ncols=columns,
        fontsize=8.5, frameon=False, handlelength=2.4, columnspacing=1.6,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.3)},
    )  # fmt: skip
