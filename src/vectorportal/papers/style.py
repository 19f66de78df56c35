"""What all figures share: colours, the canvas, logarithmic axes, labels that sit on curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "BLACK",
    "COLOURS",
    "OURS",
    "QUOTED",
    "blank",
    "canvas",
    "label_curve",
    "log_axes",
    "power_of_ten",
    "told",
]

BLACK = "#222222"
COLOURS = {
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "grey": "#777777",
}
"""The palette of M. Okabe and K. Ito (2008), which colour-blind readers can tell apart."""

QUOTED, OURS = COLOURS["orange"], BLACK
"""Colours of a number that a paper quotes and of what is obtained here"""


def told(prescription: str) -> str:
    """The prescription, as a title says it."""
    return {
        "verified": "verified formulas",
        "as-printed": "as printed, including its misprints",
    }[prescription]


def power_of_ten(value: float, digits: int = 3) -> str:
    r"""`value` for a label in mathematics: 5.4 \times 10^{-9}, 10^{-3}, 20."""
    if 0.02 <= abs(value) < 1e4:
        return f"{value:.{digits}g}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    short = f"{float(mantissa):g}"
    power = f"10^{{{int(exponent)}}}"
    return power if short == "1" else rf"{short} \times {power}"


def blank(width: float, height: float) -> Figure:
    """An empty picture of `width` by `height` inches, outside pyplot's state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    picture = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(picture)
    return picture


def canvas(width: float = 8.0, height: float = 5.6) -> tuple[Figure, Axes]:
    """The same with one axes in it."""
    picture = blank(width, height)
    return picture, picture.add_subplot()


def log_axes(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Logarithmic axes with these limits and ticks at every decade on all sides."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axes.set(xscale="log", yscale="log", xlim=x, ylim=y)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(10.0, numticks=20))
        axis.set_minor_locator(
            LogLocator(10.0, subs=[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], numticks=20)
        )
        axis.set_minor_formatter(NullFormatter())
    axes.tick_params(which="both", direction="in", top=False, right=False)


def label_curve(
    axes: Axes,
    x: Any,
    y: Any,
    text: str,
    *,
    at: float | None = None,
    offset: tuple[float, float] = (0.0, 4.0),
    colour: str = BLACK,
    rotate: bool = True,
    leader: bool = False,
    size: float = 8.0,
) -> None:
    """Write `text` beside the curve (x, y) at the abscissa `at`, turned along the curve.

    Without `at`, or where the curve has no value there, the label takes the middle of the visible
    part of the curve; a curve without a visible part gets none. `offset` is in points; `leader`
    draws a thin line from the label to the curve.
    """
    x, y = np.asarray(x), np.asarray(y)
    low, high = axes.get_ylim()
    seen = np.flatnonzero(np.isfinite(y) & (y > low) & (y < high))
    if not seen.size or not text:
        return
    wanted = x[seen[seen.size // 2]] if at is None else at
    place = seen[np.argmin(np.abs(np.log(x[seen] / wanted)))]
    from matplotlib.patheffects import withStroke

    angle = _slope(axes, x, y, place) if rotate else 0.0
    axes.annotate(
        text,
        (float(x[place]), float(y[place])),
        xytext=offset,
        textcoords="offset points",
        color=colour,
        fontsize=size,
        rotation=angle,
        rotation_mode="anchor",
        ha="center",
        va="center" if leader else "baseline" if offset[1] >= 0.0 else "top",
        zorder=10,
        arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.6} if leader else None,
        annotation_clip=True,
        path_effects=[withStroke(linewidth=2.5, foreground="white", alpha=0.8)],
    )


def _slope(axes: Axes, x: np.ndarray, y: np.ndarray, place: int, reach: int = 10) -> float:
    """Angle of the curve on the page around `place`, in degrees."""
    window = np.arange(max(place - reach, 0), min(place + reach + 1, x.size))
    window = window[np.isfinite(y[window])]
    if window.size < 2:
        return 0.0
    box = axes.get_window_extent()
    across = box.width / np.log(axes.get_xlim()[1] / axes.get_xlim()[0])
    up = box.height / np.log(axes.get_ylim()[1] / axes.get_ylim()[0])
    slope = np.polyfit(np.log(x[window]), np.log(y[window]), 1)[0]
    return float(np.degrees(np.arctan2(slope * up, across)))
