"""The picture of figure 4: kinetic mixing against the scale of the dipole."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from vectorportal.papers.rizzo_2021.common import (
    ALPHA_D_COLOURS,
    mass_text,
    remark_line,
    span,
    write_missing,
)
from vectorportal.papers.style import BLACK, canvas, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_LINES = {
    "sigma_v": ("-", 1.9, r"$\langle\sigma v\rangle$ at fixed $x$, as in the paper"),
    "relic": ((0, (4.0, 1.5)), 1.4, r"freeze-out without $VV$"),
}


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 4, as a figure on its own canvas."""
    picture, axes = canvas(8.4, 6.2)
    facts = data.attrs
    _prepare(axes, data)
    for name, (dash, width, _) in _LINES.items():
        curves = zip(data[f"epsilon_{name}"].values, data[f"scale_{name}"].values, strict=True)
        for (epsilon, scale), colour in zip(curves, ALPHA_D_COLOURS, strict=True):
            axes.plot(epsilon, scale, color=colour, ls=dash, lw=width)
    _mark_ends(axes, data)
    write_missing(axes, facts)
    axes.set_title(
        rf"Both couplings together, $m_V$ = {mass_text(facts['m_v'])}, $r = {facts['r']:g}$ "
        f"({told(facts['prescription'])}){remark_line(facts)}",
        fontsize=12,
    )
    axes.set_xlabel(r"kinetic mixing $\epsilon$", fontsize=11)
    axes.set_ylabel(r"$\Lambda_e/\alpha_D$ [TeV]", fontsize=11)
    _legend(axes, data)
    return picture


def _prepare(axes: Axes, data: xarray.Dataset) -> None:
    """Axes around the ends of the curves, two decades below the mixings."""
    most = span(data["epsilon_max"], *(data[f"epsilon_{name}"].max("share") for name in _LINES))
    least = span(data["scale_min"], *(data[f"scale_{name}"] for name in _LINES))[0]
    log_axes(axes, (5e-3 * most[0], 2.0 * most[1]), (0.5 * least, 300.0 * least))


def _mark_ends(axes: Axes, data: xarray.Dataset) -> None:
    """The largest mixing of each curve, where there is no dipole."""
    for epsilon, colour in zip(data["epsilon_max"].values, ALPHA_D_COLOURS, strict=True):
        if isfinite(epsilon):
            axes.axvline(epsilon, color=colour, ls=":", lw=0.9, zorder=1)


def _legend(axes: Axes, data: xarray.Dataset) -> None:
    """Colours with the ends of the curves of the paper, and kinds of line."""
    from matplotlib.lines import Line2D

    names = ("alpha_d", "epsilon_max", "scale_min")
    rows = zip(*(data[name].values for name in names), ALPHA_D_COLOURS, strict=True)
    handles: list[Any] = [
        Line2D([], [], color=colour, lw=1.9, label=_words(alpha_d, epsilon, scale))
        for alpha_d, epsilon, scale, colour in rows
    ]
    handles += [
        Line2D([], [], color=BLACK, ls=dash, lw=width, label=text)
        for dash, width, text in _LINES.values()
    ]
    axes.legend(handles=handles, loc="upper left", fontsize=9.5, frameon=False)


def _words(alpha_d: float, epsilon: float, scale: float) -> str:
    if not (isfinite(epsilon) and isfinite(scale)):
        return rf"$\alpha_D = {alpha_d:g}$: no curve"
    ends = rf"$\epsilon < {power_of_ten(epsilon)}$, $\Lambda_e/\alpha_D > {scale:.3g}$ TeV"
    return rf"$\alpha_D = {alpha_d:g}$: {ends}"
