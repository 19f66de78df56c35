"""The picture of figure 8: effective mixing against mixing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vectorportal.papers.rizzo_2021.common import MASS_COLOURS, mass_text, span, write_missing
from vectorportal.papers.rizzo_2021.fig8 import CUTS
from vectorportal.papers.rizzo_2021.table import write_claims
from vectorportal.papers.style import BLACK, COLOURS, canvas, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 8, as a figure on its own canvas."""
    picture, axes = canvas(8.2, 6.4)
    epsilon = data["epsilon"].values
    low, high = span(data["epsilon_effective"], data.attrs["epsilon_limit"])
    log_axes(axes, (float(epsilon[0]), float(epsilon[-1])), (0.25 * low, 3.5 * high))
    _draw_lines(axes, data)
    _draw_limit(axes, data)
    write_missing(axes, data.attrs)
    axes.set_title(_title(data), fontsize=10.5)
    axes.set_xlabel(r"kinetic mixing $\epsilon$", fontsize=11)
    axes.set_ylabel(r"$\epsilon_{\rm eff}$", fontsize=11)
    axes.legend(loc="upper left", fontsize=9.5, frameon=False)
    quantity = r"(24) $\times\,\alpha_D^{1/2}$"
    words = [rf"{quantity}, ${low:g} < z < {high:g}$ [TeV]" for low, high in CUTS]
    write_claims(axes, data.attrs, words=words)
    return picture


def _draw_lines(axes: Axes, data: xarray.Dataset) -> None:
    epsilon = data["epsilon"].values
    for row, colour in enumerate(MASS_COLOURS):
        at = data.isel(scale=row)
        label = rf"$\Lambda_e/\alpha_D = {at['scale'].item():g}$ TeV"
        axes.plot(epsilon, at["epsilon_effective"].values, color=colour, lw=1.8, label=label)
    axes.plot(epsilon, epsilon, color=BLACK, ls=":", lw=1.1, label="without dipole")


def _draw_limit(axes: Axes, data: xarray.Dataset) -> None:
    """The limit, and the mixings at which the curves reach it."""
    limit, allowed = data.attrs["epsilon_limit"], data["allowed"].values
    text = rf"BaBar, about $\epsilon < {power_of_ten(limit)}$"
    axes.axhline(limit, color=COLOURS["grey"], ls="--", lw=1.4, label=text)
    for place, colour in zip(allowed, MASS_COLOURS, strict=True):
        if data["epsilon"].values[0] < place < data["epsilon"].values[-1]:
            axes.plot([place], [limit], marker="o", ms=5.0, color=colour, ls="", zorder=6)


def _title(data: xarray.Dataset) -> str:
    facts = data.attrs
    mass = f"$m_V$ = {mass_text(facts['m_v'])}" if facts["m_v"] > 0.0 else r"$m_V\to 0$"
    return (
        rf"$e^+e^-\to\gamma V$ at $\sqrt{{s}} = {facts['sqrt_s']:g}$ GeV, "
        rf"${facts['z_min']:g} < z < {facts['z_max']:g}$, "
        rf"{mass}, $\alpha_D = {facts['alpha_d']:g}$ "
        f"({told(facts['prescription'])})"
    )
