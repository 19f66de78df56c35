"""The picture of figure 2: the loop function above, scales of the dipole below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import ALPHA_D_COLOURS, TEV, span
from vectorportal.papers.rizzo_2021.fig2 import QUOTED_RANGE
from vectorportal.papers.rizzo_2021.table import write_claims
from vectorportal.papers.style import COLOURS, QUOTED, blank, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_LOOKS = {
    "verified": (COLOURS["blue"], "-", "verified: opposite dark charges of $F$ and $W_I$"),
    "as-printed": (COLOURS["vermilion"], (0, (5.0, 2.0)), "as printed"),
}
_WORDS = (r"$8\pi s_I^2$ at $s_I^2 = 0.23$, below (4)",)
_FIRM: dict[str, Any] = {"lw": 2.0}
_NOT_PERTURBATIVE: dict[str, Any] = {"lw": 1.0, "ls": ":"}


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 2, as a figure on its own canvas."""
    picture = blank(8.0, 9.2)
    upper, lower = picture.subplots(2, 1, sharex=True)
    picture.suptitle(f"Toy model of the dipole ({told(data.attrs['prescription'])})", fontsize=12)
    _draw_loops(upper, data)
    _draw_scales(lower, data)
    return picture


def _draw_loops(axes: Axes, data: xarray.Dataset) -> None:
    y = data["y"].values
    low, high = span(data["loop_g"])
    log_axes(axes, (float(y[0]), float(y[-1])), (0.5 * low, 3.0 * high))
    for name, (colour, dash, text) in _LOOKS.items():
        line = data["loop_g"].sel(formula=name).values
        axes.plot(y, line, color=colour, ls=dash, lw=2.0, label=text)
    axes.set_ylabel("$G(y)$", fontsize=11)
    axes.legend(loc="upper left", fontsize=10, frameon=False)
    write_claims(axes, data.attrs, words=_WORDS)


def _draw_scales(axes: Axes, data: xarray.Dataset) -> None:
    y, facts = data["y"].values, data.attrs
    low, high = span(data["scale"])
    log_axes(axes, (float(y[0]), float(y[-1])), (0.3 * low, 40.0 * high))
    label = f"quoted range, {QUOTED_RANGE[0]:g} to {QUOTED_RANGE[1]:g} TeV"
    axes.axhspan(*QUOTED_RANGE, facecolor=QUOTED, alpha=0.25, lw=0.0, label=label)
    for i, colour in enumerate(ALPHA_D_COLOURS):
        at = data.isel(alpha_d=i)
        good = at["status"].values == 0
        moment = at["a_e"].values[np.argmin(np.abs(np.log(y)))]
        where = f"{y[np.argmin(np.abs(np.log(y)))]:.3g}"
        text = (
            rf"$\alpha_D = {at['alpha_d'].item():g}$, "
            rf"with $a_e = {power_of_ten(moment)}$ at $y = {where}$"
        )
        line = at["scale"].values
        axes.plot(y, line, color=colour, **_NOT_PERTURBATIVE)
        axes.plot(y, np.where(good, line, np.nan), color=colour, **_FIRM)
        look = _FIRM if good.any() else _NOT_PERTURBATIVE
        axes.plot([], [], color=colour, label=text, **look)
    axes.set_title(
        rf"$m_F = {facts['m_f'] / TEV:g}$ TeV, $s_I^2 = {facts['s2']:g}$ "
        "(dotted: not perturbative)",
        fontsize=11,
    )
    axes.set_xlabel(r"$y = m_F^2/m_{W_I}^2$", fontsize=11)
    axes.set_ylabel(r"$\Lambda_e$ [TeV]", fontsize=11)
    axes.legend(loc="upper right", fontsize=9.5, frameon=False)
