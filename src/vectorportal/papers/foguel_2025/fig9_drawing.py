"""The picture of figure 9: limits and projections on Z_D, freeze-in, an axis of freeze-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.foguel_2025.fig9 import FREEZE_IN
from vectorportal.papers.light_dark_matter.regions import (
    Mark,
    draw_bands,
    draw_limits,
    draw_projections,
)
from vectorportal.papers.style import (
    BLACK,
    COLOURS,
    canvas,
    label_curve,
    log_axes,
    power_of_ten,
    told,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_EPSILON = (1e-12, 0.3)
_MARKS = {
    "babar_2014": Mark("BaBar 2014", 2.2, (0.0, 8.0)),
    "lhcb_2019_prompt": Mark("LHCb 2019", 20.0, (0.0, 12.0)),
    "kloe_2015": Mark(""),
    "kloe_2018": Mark("KLOE", 0.33, (0.0, 10.0)),
    "na48_2_2015": Mark("NA48/2", 0.045, (0.0, 12.0)),
    "cms_2019": Mark(""),
}
_BANDS = {
    "charm_2012_gninenko": Mark("CHARM", 0.44, (30.0, -20.0), leader=True, lower=True),
    "nucal_2013_brem": Mark("nu-Cal", 0.6, (26.0, -6.0), leader=True, lower=True),
    "na62_2023_dump_mumu": Mark("NA62", 0.5, (26.0, 12.0), leader=True),
    "e137_2009_bjorken": Mark("E137", 0.3, (24.0, -38.0), leader=True, lower=True),
    "lsnd_2010": Mark("LSND", 0.17, (26.0, -16.0), leader=True, lower=True),
    "sn1987a_2017": Mark("SN1987A", 0.02, (0.0, 30.0), rotate=False, lower=True),
}
_PROJECTIONS = {
    "belle2_2018_visible_proj": Mark("Belle II", 3.0, (0.0, -5.0)),
    "faser2_2021_proj": Mark("FASER 2", 1.02, (44.0, 44.0), leader=True),
    "ship_2020_brem_proj": Mark("SHiP", 1.6, (40.0, -34.0), leader=True),
    "lhcb_2016_prompt_proj": Mark("LHCb Run 3", 18.0, (0.0, -14.0), rotate=False),
    "fccee_2015_proj": Mark("FCC-ee", 60.0, (0.0, -12.0)),
}
_LOOKS = (
    (COLOURS["vermilion"], "-"),
    (COLOURS["orange"], "-"),
    (COLOURS["blue"], "-"),
    (COLOURS["blue"], (0, (6.0, 2.0, 1.0, 2.0))),
)
_TICKS = (1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 9, as a figure on its own canvas."""
    picture, axes = canvas(9.6, 7.4)
    mass = data["mass"].values
    log_axes(axes, (float(mass[0]), float(mass[-1])), _EPSILON)
    axes.set_xlabel(r"mass of $X^\pm$ and of $Z_D$, $m_X$ [GeV]", fontsize=11)
    axes.set_ylabel(r"kinetic mixing $\epsilon$", fontsize=11)
    axes.set_title(
        rf"Bounds on $Z_D$, $R = 1$, and what leaves $\Omega h^2 = {data.attrs['omega_h2']:.3g}$ "
        f"({told(data.attrs['prescription'])})",
        fontsize=12,
        pad=34,
    )
    picture.draw_without_rendering()
    plain = _in_grey(data)
    draw_bands(axes, plain, _BANDS)
    draw_limits(axes, plain, _MARKS)
    draw_projections(axes, plain, _PROJECTIONS, only=True)
    for row, look in enumerate(_LOOKS):
        _draw_line(axes, data.isel(line=row), row, *look)
    _axis_of_freeze_out(axes, data)
    _legend(axes)
    return picture


def _in_grey(data: xarray.Dataset) -> xarray.Dataset:
    """`data` with records of no family, which are drawn in grey."""
    plain = data.copy()
    for name in plain.data_vars:
        if "signature" in plain[name].attrs:
            plain[name].attrs = {**plain[name].attrs, "signature": ""}
    return plain


def _draw_line(axes: Axes, at: xarray.Dataset, row: int, colour: str, dash: Any) -> None:
    """A line of freeze-in, thin and dotted where the result is not to be trusted."""
    mass, epsilon = at["m_x"].values, at["freeze_in"].values
    good = at["freeze_in_status"].values == 0
    axes.plot(mass, np.where(good, epsilon, np.nan), color=colour, lw=2.4, ls=dash, zorder=8)
    strange = np.isfinite(epsilon) & ~good
    grown = strange | np.roll(strange, 1) | np.roll(strange, -1)
    axes.plot(mass, np.where(grown, epsilon, np.nan), color=colour, lw=1.2, ls=":", zorder=8)
    line = FREEZE_IN[row]
    reheating = "v" if line.t_rh_over_v == 1.0 else f"{line.t_rh_over_v:g}v"
    text = rf"$g_X = {power_of_ten(line.g_x)}$, $T_{{\rm rh}} = {reheating}$"
    below = line.t_rh_over_v > 1.0
    where = {"at": 0.25 if not below else 0.05, "offset": (0.0, -5.0 if below else 4.0)}
    label_curve(axes, mass, epsilon, text, colour=colour, size=9.0, **where)


def _axis_of_freeze_out(axes: Axes, data: xarray.Dataset) -> None:
    """The upper axis: the dark coupling with which freeze-out leaves the target."""
    g_x, mass = data["g_x_freeze_out"].values, data["m_x"].values
    known = np.isfinite(g_x)
    above = axes.twiny()
    above.set(xscale="log", xlim=axes.get_xlim())
    if known.sum() > 1:
        rising = np.maximum.accumulate(g_x[known])
        inside = [g for g in _TICKS if rising[0] <= g <= rising[-1]]
        places = np.exp(np.interp(np.log(inside), np.log(rising), np.log(mass[known])))
        above.set_xticks(places, [f"{g:g}" for g in inside])
    else:
        above.set_xticks([])
    above.minorticks_off()
    above.tick_params(direction="in")
    above.set_xlabel(r"$g_X$ of freeze-out, at any small $\epsilon$", fontsize=11)


def _legend(axes: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    grey = COLOURS["grey"]
    dots = (0, (1.0, 1.5))
    handles = [
        Patch(facecolor=grey, alpha=0.3, label="excluded (90% or 95% CL)"),
        Line2D([], [], color=grey, lw=1.3, ls=(0, (5.0, 2.5)), label="projection"),
        Line2D([], [], color=grey, lw=1.3, ls=dots, label="projection, recalled values"),
        Line2D([], [], color=BLACK, lw=2.4, label="freeze-in leaves the observed density"),
    ]
    axes.legend(handles=handles, loc="lower right", fontsize=8.5, framealpha=0.9)
