"""The picture of figure 2: yields above, rates over the Hubble rate below, four masses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.foguel_2025.common import CHANNEL_COLOURS
from vectorportal.papers.style import BLACK, COLOURS, blank, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_YIELDS, _RATES = (1e-15, 1.0), (1e-8, 1e10)
_KINETIC = {1e-6: "-", 1e-3: (0, (5.0, 2.0)), 1e-2: (0, (5.0, 1.5, 1.0, 1.5))}
_RESONANCE = 45.0
"""m_x in GeV of the panel that shows epsilon = 1e-2 as well"""
_LOOKS = {
    "dark": (CHANNEL_COLOURS["dark"], "-", r"$X^+X^-\to Z_DZ_D$"),
    "xxx": (CHANNEL_COLOURS["simp"], "-", r"$X^-X^+X^\pm\to Z_DX^\pm$"),
    "xxz": (COLOURS["orange"], (0, (5.0, 1.5, 1.0, 1.5)), r"$X^+X^-Z_D\to Z_DZ_D$"),
    "zzz": (COLOURS["sky"], (0, (3.0, 1.5)), r"$Z_DZ_DZ_D\to X^+X^-$"),
}


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 2, as a figure on its own canvas."""
    picture = blank(11.0, 11.6)
    picture.suptitle(
        rf"Freeze-out of $X^\pm$, $R = 1$, $\Omega h^2 = {data.attrs['omega_h2']:.3g}$ "
        f"({told(data.attrs['prescription'])})",
        fontsize=13,
    )
    grid = picture.add_gridspec(5, 2, height_ratios=(1.25, 1.0, 0.01, 1.25, 1.0))
    for place, m_x in enumerate(data["m_x"].values):
        row, column = divmod(place, 2)
        above = picture.add_subplot(grid[3 * row, column])
        below = picture.add_subplot(grid[3 * row + 1, column], sharex=above)
        panel = data.sel(m_x=m_x)
        shown = [e for e in data["epsilon"].values if e < 2e-3 or m_x == _RESONANCE]
        _draw_yields(above, panel, shown)
        _draw_rates(below, panel, shown)
    picture.legend(
        handles=_handles(), loc="outside lower center", ncols=4, fontsize=9.5, frameon=False
    )
    return picture


def _draw_yields(axes: Axes, panel: xarray.Dataset, shown: list[float]) -> None:
    x = panel["x"].values
    log_axes(axes, (float(x[0]), float(x[-1])), _YIELDS)
    axes.plot(x, panel["y_x_eq"].values, color=COLOURS["grey"], ls="--", lw=1.5)
    for epsilon in shown[1:]:
        at = panel.sel(epsilon=epsilon)
        strange = at["status"].item() != 0
        colour = COLOURS["blue"] if epsilon < 2e-3 else COLOURS["green"]
        dash = ":" if strange else "-" if epsilon < 2e-3 else _KINETIC[1e-2]
        axes.plot(x, at["y_x"].values, color=colour, ls=dash, lw=2.0)
        text = rf"$\epsilon = {power_of_ten(epsilon)}$: $\Omega h^2 = {at['omega_h2'].item():.3g}$"
        height = 0.90 if epsilon < 2e-3 else 0.81
        axes.text(0.97, height, text, transform=axes.transAxes, ha="right", color=colour)
    m_x, g_x = panel["m_x"].item(), panel["g_x"].item()
    title = rf"$m_X = {m_x:.3g}$ GeV, $g_X = {power_of_ten(g_x)}$"
    axes.set_title(
        title if np.isfinite(g_x) else f"$m_X = {m_x:.3g}$ GeV: no solution", fontsize=11
    )
    axes.set_ylabel(r"yield $Y = n_X/s$", fontsize=11)
    axes.tick_params(labelbottom=False)
    thin_ticks(axes)


def _draw_rates(axes: Axes, panel: xarray.Dataset, shown: list[float]) -> None:
    x = panel["x"].values
    log_axes(axes, (float(x[0]), float(x[-1])), _RATES)
    axes.axhline(1.0, color=BLACK, lw=0.9, ls=":")
    for epsilon in shown:
        rate = panel["rate_kinetic"].sel(epsilon=epsilon).values
        axes.plot(x, rate, color=CHANNEL_COLOURS["kinetic"], ls=_KINETIC[float(epsilon)], lw=1.7)
    for name, (colour, dash, _) in _LOOKS.items():
        axes.plot(x, panel[f"rate_{name}"].values, color=colour, ls=dash, lw=1.7)
    last = panel["x_last_dark"].item()
    if np.isfinite(last):
        axes.axvline(last, color=CHANNEL_COLOURS["dark"], lw=0.7, ls=":")
        text = rf"$x = {last:.3g}$"
        axes.annotate(
            text,
            (last, _RATES[1]),
            xytext=(4, -12),
            textcoords="offset points",
            color=CHANNEL_COLOURS["dark"],
            fontsize=9.5,
        )
    axes.set_ylabel(r"$\gamma/(n_X^{\rm eq} H)$", fontsize=11)
    axes.set_xlabel(r"$x = m_X/T$", fontsize=11)
    thin_ticks(axes)


def thin_ticks(axes: Axes) -> None:
    """Numbers at every other decade of the ordinate."""
    from matplotlib.ticker import LogLocator

    axes.yaxis.set_major_locator(LogLocator(100.0, numticks=20))


def _handles() -> list[Any]:
    from matplotlib.lines import Line2D

    green = CHANNEL_COLOURS["kinetic"]
    handles = [
        Line2D([], [], color=COLOURS["blue"], lw=2.0, label=r"$Y$ of $X^+$ and $X^-$"),
        Line2D([], [], color=COLOURS["grey"], ls="--", lw=1.5, label=r"$Y_{\rm eq}$"),
    ]
    for epsilon, dash in _KINETIC.items():
        text = rf"$X^+X^-\to$ SM, $\epsilon = {power_of_ten(epsilon)}$"
        handles.append(Line2D([], [], color=green, ls=dash, lw=1.7, label=text))
    for colour, dash, text in _LOOKS.values():
        handles.append(Line2D([], [], color=colour, ls=dash, lw=1.7, label=text))
    return handles
