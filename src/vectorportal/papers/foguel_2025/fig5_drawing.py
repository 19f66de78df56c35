"""The picture of figure 5: yields of X and Z_D from reheating to today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.style import BLACK, COLOURS, canvas, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_COLOURS = {"BP1": COLOURS["vermilion"], "BP2": COLOURS["blue"], "BP3": COLOURS["green"]}
_WIDTHS = {"BP1": 2.2, "BP2": 3.6, "BP3": 1.8}
"""the last is drawn on top, and may lie on the one before"""
_ZD = (0, (6.0, 2.0, 1.0, 2.0))
_YIELDS = {"verified": (1e-26, 1e7), "as-printed": (1e-16, 1e5)}
_X_LAST = 1e4


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 5, as a figure on its own canvas.

    With verified formulas thick lines belong to the epsilon that leaves the observed density and
    thin ones to the quoted epsilon; as printed only the quoted points are drawn.
    """
    picture, axes = canvas(10.0, 7.4)
    m_x = data.attrs["m_x"]
    start = 0.5 * float(data["x"].min())
    log_axes(axes, (start, _X_LAST), _YIELDS[data.attrs["prescription"]])
    main = "quoted" if data.attrs["prescription"] == "as-printed" else "solved"
    _draw_equilibrium(axes, data)
    for name in data["point"].values:
        if main == "solved":
            _draw_history(axes, data.sel(point=name, case="quoted"), _COLOURS[name], thin=True)
        _draw_history(axes, data.sel(point=name, case=main), _COLOURS[name], thin=False)
    _draw_needed(axes, data)
    _texts(axes, data, main)
    _legend(axes, thin=main == "solved")

    def flipped(x: Any) -> Any:
        return m_x / np.maximum(x, 1e-300)

    above = axes.secondary_xaxis("top", functions=(flipped, flipped))
    above.set_xlabel(r"temperature $T$ [GeV]", fontsize=11)
    above.tick_params(which="both", direction="in")
    return picture


def _draw_equilibrium(axes: Axes, data: xarray.Dataset) -> None:
    """Equilibrium yields, from the history that starts first."""
    first = data.sel(point="BP1", case="quoted")
    for name, dash in (("y_x_eq", "-"), ("y_zd_eq", _ZD)):
        axes.plot(first["x"].values, first[name].values, color=COLOURS["grey"], ls=dash, lw=1.2)


def _draw_history(axes: Axes, at: xarray.Dataset, colour: str, *, thin: bool) -> None:
    """Yields of X and Z_D; dotted where the result is not to be trusted."""
    width, alpha = (0.9, 0.75) if thin else (_WIDTHS[at["point"].item()], 1.0)
    strange = at["status"].item() != 0
    for name, dash in (("y_x", "-"), ("y_zd", _ZD)):
        y = np.where(at[name].values > 0.0, at[name].values, np.nan)
        shown = ":" if strange and name == "y_x" else dash
        axes.plot(at["x"].values, y, color=colour, ls=shown, lw=width, alpha=alpha)


def _draw_needed(axes: Axes, data: xarray.Dataset) -> None:
    """The yield that makes the observed density."""
    known = data.sel(point="BP2", case="quoted")
    last = known["y_x"].values[-1] / known["omega_h2"].item()
    y, target = last * data.attrs["omega_h2"], data.attrs["omega_h2"]
    axes.axhline(y, color=BLACK, ls="--", lw=0.8)
    axes.annotate(
        rf"$\Omega_X h^2 = {target:.3g}$",
        (0.985, y),
        xycoords=("axes fraction", "data"),
        xytext=(0, 11),
        textcoords="offset points",
        ha="right",
        fontsize=9.5,
    )


def _texts(axes: Axes, data: xarray.Dataset, main: str) -> None:
    """Title, axes and a line of numbers for each benchmark."""
    axes.set_title(
        rf"Freeze-in, $m_X = {data.attrs['m_x']:.3g}$ GeV, $R = 1$ "
        f"({told(data.attrs['prescription'])})",
        fontsize=12,
        pad=10,
    )
    axes.set_xlabel(r"$x = m_X/T$", fontsize=11)
    axes.set_ylabel(r"yield $Y = n/s$", fontsize=11)
    for row, name in enumerate(data["point"].values):
        axes.text(
            0.015,
            0.975 - 0.045 * row,
            _words(data.sel(point=name), data.attrs["omega_h2"], main),
            transform=axes.transAxes,
            color=_COLOURS[name],
            fontsize=9.5,
            va="top",
        )


def _words(point: xarray.Dataset, target: float, main: str) -> str:
    """What the benchmark is, and what becomes of it."""
    quoted, solved = (point.sel(case=case) for case in ("quoted", "solved"))
    reheating = r"v_X" if point["point"].item() == "BP1" else "v"
    mixing = power_of_ten(quoted["epsilon"].item())
    first = (
        rf"{point['point'].item()}: $T_{{\rm rh}} = {reheating}$, "
        rf"$g_X = {power_of_ten(point['g_x'].item())}$; quoted $\epsilon = {mixing}$ leaves "
        rf"$\Omega h^2 = {power_of_ten(quoted['omega_h2'].item())}$" + _doubt(quoted)
    )
    needed = solved["epsilon"].item()
    if not np.isfinite(needed):
        return first + f"\n      no $\\epsilon$ leaves {target:g}"
    tail = "" if main == "quoted" else _doubt(solved)
    return first + rf"; {target:g} needs $\epsilon = {power_of_ten(needed)}$" + tail


def _doubt(case: xarray.Dataset) -> str:
    return "" if case["status"].item() == 0 else " (beyond validity)"


def _legend(axes: Axes, *, thin: bool) -> None:
    from matplotlib.lines import Line2D

    def line(text: str, **look: Any) -> Any:
        return Line2D([], [], label=text, **look)

    handles = [
        line(r"$Y$ of $X^+$ and $X^-$", color=BLACK, lw=2.2),
        line(r"$Y$ of $Z_D$", color=BLACK, lw=2.2, ls=_ZD),
        line(r"$Y_X$ beyond validity", color=BLACK, lw=2.2, ls=":"),
        line("in equilibrium", color=COLOURS["grey"], lw=1.2),
    ]
    if thin:
        handles.insert(3, line(r"thin: at the quoted $\epsilon$", color=BLACK, lw=0.9))
    place = (0.77, 0.12) if thin else (0.01, 0.02)
    axes.legend(handles=handles, loc=place, fontsize=9.5, frameon=False)
