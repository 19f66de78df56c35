"""The picture of figure 3: <sigma v> above, the scale of the dipole below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import ALPHA_D_COLOURS, TEV, mass_text, remark_line, span
from vectorportal.papers.rizzo_2021.table import write_claims
from vectorportal.papers.style import BLACK, COLOURS, QUOTED, blank, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_UNIT = 1e-26
"""sigma_0 of the paper in cm^3/s"""
_LINES = {
    "scale_sigma_v": ("-", 1.8, r"$\langle\sigma v\rangle$ at fixed $x$, as in the paper"),
    "scale_relic": ((0, (4.0, 1.5)), 1.4, r"freeze-out without $VV$"),
    "scale_relic_vv": ((0, (1.0, 1.2)), 1.8, r"freeze-out with $VV$"),
}
_RANGES = (((0.7, 0.9), (10.0, 1000.0)), ((1.0, 2.0), (5.0, 10.0)))
"""r and Lambda/alpha_d in TeV of the ranges of the text"""


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 3, as a figure on its own canvas."""
    picture = blank(8.2, 10.4)
    upper, lower = picture.subplots(2, 1, sharex=True)
    facts = data.attrs
    picture.suptitle(
        rf"Annihilation through the dipole, $m_V$ = {mass_text(facts['m_v'])}, "
        rf"$\epsilon = 0$, $F = {facts['flavour_factor']:g}$ ({told(facts['prescription'])})"
        + remark_line(facts),
        fontsize=12,
    )
    _draw_rates(upper, data)
    _draw_scales(lower, data)
    return picture


def _draw_rates(axes: Axes, data: xarray.Dataset) -> None:
    r, rate = data["r"].values, data["sigma_v"].values / _UNIT
    facts = data.attrs
    _prepare(axes, r, rate)
    for line, colour, alpha_d in zip(rate, ALPHA_D_COLOURS, data["alpha_d"].values, strict=True):
        axes.plot(r, line, color=colour, lw=1.8, label=rf"$\alpha_D = {alpha_d:g}$")
    needed = facts["target_sigma_v"] / _UNIT
    text = rf"needed: ${needed:g}\,\sigma_0$"
    axes.axhline(needed, color=COLOURS["sky"], ls="--", lw=1.6, label=text)
    axes.set_ylabel(r"$\langle\sigma v\rangle$ into leptons [$10^{-26}$ cm$^3$/s]", fontsize=11)
    axes.set_title(
        rf"$\Lambda_e/\alpha_D = {power_of_ten(facts['lambda_over_alpha_d'] / TEV)}$ TeV, "
        rf"$x_F = {facts['x_f']:g}$",
        fontsize=11,
    )
    axes.legend(loc="upper right", fontsize=9.5, frameon=False)


def _draw_scales(axes: Axes, data: xarray.Dataset) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    r = data["r"].values
    _prepare(axes, r, np.stack([data[name].values for name in _LINES]))
    for name, (dash, width, _) in _LINES.items():
        for line, colour in zip(_shown(data, name), ALPHA_D_COLOURS, strict=True):
            axes.plot(r, line, color=colour, ls=dash, lw=width)
    for ratios, scales in _RANGES:
        axes.fill_between(ratios, *scales, facecolor=QUOTED, alpha=0.28, lw=0.0, zorder=0)
    _mark_ends(axes, data)
    handles: list[Any] = [
        Line2D([], [], color=BLACK, ls=dash, lw=width, label=text)
        for dash, width, text in _LINES.values()
    ]
    handles.append(Patch(facecolor=QUOTED, alpha=0.28, label="ranges quoted in the paper"))
    axes.legend(handles=handles, loc="upper left", fontsize=9.5, frameon=False)
    axes.set_xlabel(r"$r = 2 m_\phi/m_V$", fontsize=11)
    axes.set_ylabel(r"$\Lambda_e/\alpha_D$ [TeV]", fontsize=11)
    write_claims(axes, data.attrs, "upper right")


def _shown(data: xarray.Dataset, name: str) -> np.ndarray:
    """The line `name`; with V V only where that makes a difference."""
    line = data[name].values
    if name != "scale_relic_vv":
        return line
    return np.where(np.abs(line / data["scale_relic"].values - 1.0) > 0.01, line, np.nan)


def _mark_ends(axes: Axes, data: xarray.Dataset) -> None:
    """Where V V alone leaves the density, so that lines with V V end."""
    for end, colour in zip(data["r_secluded"].values, ALPHA_D_COLOURS, strict=True):
        if data["r"].values[0] < end < data["r"].values[-1]:
            axes.axvline(end, 0.0, 0.62, color=colour, ls="-", lw=0.6, zorder=1)
            axes.annotate(
                rf"$r = {end:.3f}$: $VV$ alone",
                (end, 0.62),
                xycoords=("data", "axes fraction"),
                xytext=(-2.0, 0.0),
                textcoords="offset points",
                rotation=90.0,
                ha="right",
                va="top",
                fontsize=8.5,
                color=colour,
            )


def _prepare(axes: Axes, r: np.ndarray, y: np.ndarray) -> None:
    """A linear axis of r and a logarithmic one that holds all of `y`."""
    low, high = span(y)
    log_axes(axes, (float(r[0]), float(r[-1])), (0.5 * low, 3.0 * high))
    axes.set_xscale("linear")
