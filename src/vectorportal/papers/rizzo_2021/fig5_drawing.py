"""The picture of figure 5: cross sections on an electron against kinetic mixing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vectorportal.papers.rizzo_2021.common import TEV, mass_text, span
from vectorportal.papers.rizzo_2021.fig5 import QUOTED_AT, QUOTED_SIGMA
from vectorportal.papers.rizzo_2021.table import write_claims
from vectorportal.papers.style import BLACK, COLOURS, QUOTED, canvas, log_axes, power_of_ten, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["draw"]

_LINES = {
    "sigma": (COLOURS["blue"], r"speed $\beta$"),
    "sigma_halo": (COLOURS["green"], "halo average"),
    "sigma_reference": (COLOURS["purple"], r"momentum transfer $\alpha m_e$"),
}
_DASHES = ("-", (0, (4.0, 1.5)))
_WORDS = (
    r"$\chi\,\alpha_D^{1/2}$, (13)",
    r"$\sigma$ at $\epsilon = 0$, (15) [cm$^2$]",
)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 5, as a figure on its own canvas."""
    picture, axes = canvas(8.6, 6.4)
    facts, epsilon = data.attrs, data["epsilon"].values
    low, high = span(*(data[name] for name in (*_LINES, "vector")))
    low = max(low, 0.2 * span(data["dipole"])[0])
    log_axes(axes, (float(epsilon[0]), float(epsilon[-1])), (0.05 * low, 60.0 * high))
    printed = facts["prescription"] == "as-printed"
    for name, (colour, words) in _LINES.items():
        text = f"{words} (verified)" if printed and name == "sigma_reference" else words
        for line, sign, dash in zip(data[name].values, data["sign"].values, _DASHES, strict=True):
            side = ">" if sign > 0.0 else "<"
            label = rf"{text}, $\Lambda_e {side} 0$"
            axes.plot(epsilon, line, color=colour, ls=dash, lw=1.7, label=label)
    look = {"color": BLACK, "ls": ":", "lw": 1.1}
    axes.plot(epsilon, data["vector"].values, label=r"$\epsilon$ alone, speed $\beta$", **look)
    axes.axhline(data["dipole"].item(), color=COLOURS["grey"], lw=0.9, label="dipole alone")
    if all(facts[name] == value for name, value in QUOTED_AT.items()):
        look = {"color": QUOTED, "ls": "-.", "lw": 1.3}
        axes.axhline(QUOTED_SIGMA, label="dipole alone, quoted (15)", **look)
    axes.set_title(
        rf"$\phi e\to\phi e$, $m_V$ = {mass_text(facts['m_v'])}, "
        rf"$\beta = {power_of_ten(facts['beta'])}$, $\alpha_D = {facts['alpha_d']:g}$, "
        rf"$|\Lambda_e|/\alpha_D = {power_of_ten(facts['lambda_over_alpha_d'] / TEV)}$ TeV "
        f"({told(facts['prescription'])})",
        fontsize=10.5,
    )
    axes.set_xlabel(r"kinetic mixing $\epsilon > 0$", fontsize=11)
    axes.set_ylabel(r"cross section [cm$^2$]", fontsize=11)
    axes.legend(loc="upper left", fontsize=9, frameon=False)
    write_claims(axes, facts, "upper right", words=_WORDS)
    return picture
