"""The picture of figure 8: lines of m_x over the mass ratio, with pies of the channels."""

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

_DASHES = ("-", (0, (6.0, 2.0, 1.0, 2.0)), (0, (4.0, 2.0)))
_COLOURS = (BLACK, COLOURS["blue"], COLOURS["grey"])
_PIES = ((1.0, 1.2, 1.4, 1.55, 1.7, 1.85, 1.97), (1.47, 1.62, 1.77, 1.9), (1.54, 1.68, 1.82, 1.95))
"""ratios at which each line carries a pie"""
_SIZE = 15.0
_NAMES = {"kinetic": "kinetic mixing", "dark": "dark annihilation", "simp": r"$3\to2$"}
_TURN = 40


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 8, as a figure on its own canvas."""
    picture = blank(12.6, 6.4)
    picture.suptitle(
        rf"Mass of $X^\pm$ that freeze-out needs for $\Omega h^2 = {data.attrs['omega_h2']:.3g}$ "
        f"({told(data.attrs['prescription'])})",
        fontsize=13,
    )
    for column, g_x in enumerate(data["g_x"].values):
        axes = picture.add_subplot(1, 2, column + 1)
        _draw_panel(axes, data.sel(g_x=g_x))
        axes.set_title(f"$g_X = {g_x:g}$", fontsize=12)
    picture.legend(
        handles=_handles(data), loc="outside lower center", ncols=4, fontsize=9.5, frameon=False
    )
    return picture


def _draw_panel(axes: Axes, data: xarray.Dataset) -> None:
    ratio, m_x = data["ratio"].values, data["m_x"].values
    known = m_x[np.isfinite(m_x)]
    low, high = (known.min(), known.max()) if known.size else (1e-3, 1.0)
    log_axes(axes, (1.0, 2.0), (low / 3.0, high * 3.0))
    axes.set_xscale("linear")
    axes.set_xlim(0.96, 2.04)
    axes.set_xlabel(r"$R = m_{Z_D}/m_X$", fontsize=11)
    axes.set_ylabel(r"$m_X$ [GeV]", fontsize=11)
    for row in range(m_x.shape[0]):
        line, good = m_x[row], data["status"].values[row] == 0
        look: dict[str, Any] = {"color": _COLOURS[row], "zorder": 4}
        axes.plot(ratio, line, lw=0.9, ls=":", **look)
        axes.plot(ratio, np.where(good, line, np.nan), lw=2.0, ls=_DASHES[row], **look)
        for where in _PIES[row]:
            nearest = int(np.argmin(np.abs(ratio - where)))
            if np.isfinite(line[nearest]):
                share = data["share"].values[row, nearest]
                _draw_pie(axes, ratio[nearest], line[nearest], share, data["channel"].values)


def _draw_pie(axes: Axes, x: float, y: float, share: np.ndarray, channels: Any) -> None:
    """A pie as markers, so that it stays round on a logarithmic axis."""
    start = 0.25
    look: dict[str, Any] = {"ls": "", "ms": _SIZE, "mew": 0.0, "zorder": 6}
    axes.plot([x], [y], marker="o", color="white", ls="", ms=_SIZE + 2.5, mec=BLACK, zorder=5)
    for channel, part in zip(channels, np.nan_to_num(share), strict=True):
        if part <= 0.0:
            continue
        turn = 2.0 * np.pi * np.linspace(start, start - part, max(int(_TURN * part), 2) + 1)
        rim = np.stack((np.cos(turn), np.sin(turn)), axis=1)
        wedge = rim if part > 1.0 - 1e-9 else np.concatenate(([[0.0, 0.0]], rim))
        size = _SIZE * np.abs(wedge).max()
        axes.plot(
            [x], [y], marker=wedge, color=CHANNEL_COLOURS[str(channel)], **look | {"ms": size}
        )
        start -= part


def _handles(data: xarray.Dataset) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Line2D(
            [], [], color=colour, lw=2.0, ls=dash, label=rf"$\epsilon = {power_of_ten(epsilon)}$"
        )
        for epsilon, colour, dash in zip(data["epsilon"].values, _COLOURS, _DASHES, strict=True)
    ]
    handles.append(Line2D([], [], color=BLACK, lw=0.9, ls=":", label="thin dots: beyond validity"))
    handles += [
        Patch(facecolor=CHANNEL_COLOURS[name], label=f"{text}: share of $1/\\Omega$ alone")
        for name, text in _NAMES.items()
    ]
    return handles
