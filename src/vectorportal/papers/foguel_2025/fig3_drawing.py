"""The picture of figure 3: g_x against m_x, with the resonance of the Z enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vectorportal.papers.foguel_2025.common import decimal, star, star_handles
from vectorportal.papers.foguel_2025.fig3 import ZOOM
from vectorportal.papers.style import COLOURS, canvas, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_LOOKS = {
    1e-4: (COLOURS["yellow"], (0, (5.0, 2.0)), 2.4),
    1e-3: (COLOURS["orange"], "-", 1.6),
    1e-2: (COLOURS["vermilion"], "-", 1.8),
    2e-2: (COLOURS["blue"], "-", 1.8),
    1e-1: (COLOURS["sky"], "-", 1.8),
}
_ORDER = (1e-1, 2e-2, 1e-2, 1e-3, 1e-4)
"""the last is drawn on top"""


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 3, as a figure on its own canvas."""
    picture, axes = canvas(8.6, 6.4)
    mass, g_x = data["m_x"].values, data["g_x"].values
    low, high = np.nanmin(g_x), np.nanmax(g_x)
    log_axes(axes, (float(mass[0]), float(mass[-1])), (0.5 * low, 2.0 * high))
    _draw_lines(axes, data)
    _draw_quoted(axes, data)
    if mass[0] < ZOOM[0] and mass[-1] > ZOOM[1]:
        _draw_zoom(axes, data)
    axes.set_title(
        rf"Freeze-out to $\Omega h^2 = {data.attrs['omega_h2']:.3g}$, $R = 1$ "
        f"({told(data.attrs['prescription'])})",
        fontsize=12,
    )
    axes.set_xlabel(r"mass $m_X$ [GeV]", fontsize=11)
    axes.set_ylabel(r"dark coupling $g_X$", fontsize=11)
    return picture


def _draw_lines(axes: Axes, data: xarray.Dataset) -> None:
    for epsilon in _ORDER:
        colour, dash, width = _LOOKS[epsilon]
        line = data["g_x"].sel(epsilon=epsilon).values
        label = rf"$\epsilon = {power_of_ten(epsilon)}$"
        label += " (excluded)" if epsilon == 1e-1 else ""
        axes.plot(data["m_x"].values, line, color=colour, ls=dash, lw=width, label=label)


def _draw_quoted(axes: Axes, data: xarray.Dataset) -> None:
    """The quoted coupling and ours, with their numbers in the legend."""
    m_x = data["quoted_m_x"].item()
    quoted, ours = data["quoted_g_x"].item(), data["obtained_g_x"].item()
    star(axes, m_x, quoted, quoted=True, size=16.0)
    star(axes, m_x, ours, quoted=False, size=10.0)
    where = f"at {m_x:g} GeV"
    stars = star_handles(
        f"quoted: $g_X$ = {decimal(quoted)} {where}", f"obtained: $g_X$ = {decimal(ours)} {where}"
    )
    lines = axes.get_legend_handles_labels()[0][::-1]
    axes.legend(handles=[*lines, *stars], loc="upper left", fontsize=9, frameon=False)


def _draw_zoom(axes: Axes, data: xarray.Dataset) -> None:
    """The region around m_Z/2, in a box at the lower right."""
    near = (data["m_x"].values >= ZOOM[0]) & (data["m_x"].values <= ZOOM[1])
    g_x = data["g_x"].values[:, near]
    if not np.isfinite(g_x).any():
        return
    box = axes.inset_axes((0.56, 0.08, 0.42, 0.40))
    _draw_lines(box, data)
    box.set(xlim=ZOOM, yscale="log", ylim=(0.93 * np.nanmin(g_x), 1.07 * np.nanmax(g_x)))
    box.yaxis.set_major_formatter("{x:.2g}")
    box.yaxis.set_minor_formatter("{x:.2g}")
    box.tick_params(which="both", direction="in", labelsize=7.5)
    box.set_title(r"near $m_X = m_Z/2$", fontsize=9)
    axes.indicate_inset_zoom(box, edgecolor=COLOURS["grey"])
