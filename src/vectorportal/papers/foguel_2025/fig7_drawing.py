"""The picture of figure 7: a panel for each point, channels alone and all together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.foguel_2025.common import (
    CHANNEL_COLOURS,
    decimal,
    omega_at_decoupling,
    star,
    star_handles,
)
from vectorportal.papers.foguel_2025.fig7 import PANELS, Claim
from vectorportal.papers.style import BLACK, COLOURS, blank, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_NAMES = {
    "kinetic": r"kinetic: $X^+X^-\to$ SM",
    "dark": r"dark: $X^+X^-\to Z_DZ_D$",
    "simp": r"SIMP: $3\to2$",
}
_OTHERS = ((COLOURS["grey"], ":"), (COLOURS["grey"], (0, (5.0, 1.5, 1.0, 1.5))))
_LOWEST = 1e-6
"""smallest omega_h2 that is shown"""
_DECOUPLING = (1, 2, 3, 5, 7, 10, 12, 15, 18, 20, 22, 25, 30, 35)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 7, as a figure on its own canvas."""
    picture = blank(12.6, 10.6)
    picture.suptitle(
        f"Relic density of each channel alone ({told(data.attrs['prescription'])})", fontsize=13
    )
    grid = picture.add_gridspec(2, 2)
    for i in range(data.sizes["panel"]):
        axes = picture.add_subplot(grid[divmod(i, 2)])
        _draw_panel(axes, data.isel(panel=i), data.attrs["omega_h2"])
        _draw_claims(axes, data, i)
    side = picture.add_subplot(grid[1, 1])
    side.axis("off")
    _write(side, data)
    return picture


def _draw_panel(axes: Axes, panel: xarray.Dataset, target: float) -> None:
    ratio = panel["ratio"].values
    for name, colour in CHANNEL_COLOURS.items():
        axes.plot(ratio, panel[f"omega_{name}"].values, color=colour, lw=2.0)
    for k, (colour, dash) in enumerate(_OTHERS):
        line = panel["omega_kinetic_other"].isel(other=k).values
        text = rf"kinetic, $\epsilon = {power_of_ten(panel['other_epsilon'].values[k])}$"
        axes.plot(ratio, line, color=colour, ls=dash, lw=1.4, label=text)
    total, good = panel["omega_all"].values, panel["status_all"].values == 0
    look = {"ls": "", "marker": "o", "ms": 3.6, "mec": BLACK, "zorder": 6}
    axes.plot(ratio[good], total[good], mfc=BLACK, **look)
    axes.plot(ratio[~good], total[~good], mfc="white", **look)
    axes.axhline(target, color=BLACK, ls="--", lw=1.0)
    log_axes(axes, (0.98, 2.02), _limits(panel, target))
    axes.set_xscale("linear")
    axes.set_title(
        rf"$m_X = {panel['m_x'].item():g}$ GeV, $g_X = {power_of_ten(panel['g_x'].item(), 4)}$, "
        rf"$\epsilon = {power_of_ten(panel['epsilon'].item())}$",
        fontsize=11,
    )
    axes.set_xlabel(r"$R = m_{Z_D}/m_X$", fontsize=11)
    axes.set_ylabel(r"$\Omega_X h^2$", fontsize=11)
    axes.legend(loc="upper right", fontsize=9, frameon=False, ncols=2)
    _decoupling_axis(axes, panel["m_x"].item())


def _limits(panel: xarray.Dataset, target: float) -> tuple[float, float]:
    """The range of omega_h2 that is shown, with room for the legend."""
    names = (*CHANNEL_COLOURS, "all", "kinetic_other")
    seen = np.concatenate([np.ravel(panel[f"omega_{name}"].values) for name in names])
    low, high = min(np.nanmin(seen), 0.5 * target), np.nanmax(seen)
    low = max(0.3 * low, _LOWEST)
    return low, high * (high / low) ** 0.12


def _decoupling_axis(axes: Axes, m_x: float) -> None:
    """The right axis: x at which the abundance in equilibrium is that of the left axis."""
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    low, high = axes.get_ylim()
    places = {x: float(omega_at_decoupling(m_x, np.float64(x))) for x in _DECOUPLING}
    shown: dict[int, float] = {}
    for x, y in sorted(places.items(), reverse=True):
        apart = not shown or y > min(max(shown.values()) * (high / low) ** 0.03, high)
        if low < y < high and apart:
            shown[x] = y
    right = axes.twinx()
    right.set(yscale="log", ylim=(low, high))
    right.yaxis.set_major_locator(FixedLocator(list(shown.values())))
    right.yaxis.set_major_formatter(FixedFormatter([str(x) for x in shown]))
    right.yaxis.set_minor_locator(NullLocator())
    right.tick_params(direction="in")
    right.set_ylabel(r"$x_{\rm dec} = m_X/T_{\rm dec}$", fontsize=11)


def _numbered(data: xarray.Dataset) -> list[tuple[int, Claim, float]]:
    """Panel, claim and what is obtained here, in the order of the attributes."""
    claims = [(i, claim) for i, panel in enumerate(PANELS) for claim in panel.claims]
    return [(i, c, f) for (i, c), f in zip(claims, data.attrs["obtained"], strict=True)]


def _draw_claims(axes: Axes, data: xarray.Dataset, place: int) -> None:
    """Stars at what is quoted and at what is obtained; transitions on the dark curve."""
    panel, target = data.isel(panel=place), data.attrs["omega_h2"]
    for i, claim, found in _numbered(data):
        if i != place:
            continue
        if claim.kind == "density":
            star(axes, claim.at, claim.quoted, quoted=True, size=15.0)
            star(axes, claim.at, found, quoted=False, size=10.0)
            continue
        for ratio, quoted in ((claim.quoted, True), (found, False)):
            on_line = target if claim.kind == "relic" else _on_dark(panel, ratio)
            star(axes, ratio, on_line, quoted=quoted, size=15.0 if quoted else 10.0)


def _on_dark(panel: xarray.Dataset, ratio: float) -> float:
    """omega_h2 of dark annihilation alone at `ratio`."""
    dark = panel["omega_dark"].values
    known = np.isfinite(dark)
    line = np.interp(ratio, panel["ratio"].values[known], np.log(dark[known]))
    return float(np.exp(line)) if np.isfinite(ratio) else np.nan


def _write(axes: Axes, data: xarray.Dataset) -> None:
    """The legend and the table of quoted and obtained numbers, in the free corner."""
    from matplotlib.lines import Line2D

    def line(text: str, **look: Any) -> Any:
        return Line2D([], [], label=text, **look)

    dots = {"ls": "", "marker": "o", "mec": BLACK}
    handles = [line(_NAMES[k], color=colour, lw=2.0) for k, colour in CHANNEL_COLOURS.items()]
    handles += [
        line("all channels", mfc=BLACK, **dots),
        line("all channels, beyond validity", mfc="white", **dots),
        line(rf"$\Omega h^2 = {data.attrs['omega_h2']:.3g}$", color=BLACK, ls="--", lw=1.0),
        *star_handles(),
    ]
    axes.legend(handles=handles, loc="upper left", fontsize=10, frameon=False, ncols=2)
    rows = [(claim.doc, decimal(claim.quoted), decimal(f)) for _, claim, f in _numbered(data)]
    for k, (doc, quoted, found) in enumerate([("", "quoted", "obtained"), *rows]):
        y = 0.58 - 0.065 * k
        weight = "bold" if k == 0 else "normal"
        words = {"transform": axes.transAxes, "fontsize": 9.5, "weight": weight}
        axes.text(0.0, y, doc.replace("->", "\N{RIGHTWARDS ARROW}"), **words)
        axes.text(0.82, y, quoted, ha="right", **words)
        axes.text(1.0, y, found, ha="right", **words)
