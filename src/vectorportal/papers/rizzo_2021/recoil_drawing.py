"""The pictures of figures 6 and 7: spectra of the recoil electron."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import MASS_COLOURS, mass_text, span
from vectorportal.papers.rizzo_2021.table import number, write_claims
from vectorportal.papers.style import BLACK, blank, log_axes, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_energies", "draw_momenta"]

_LOOKS: dict[str, tuple[Any, str]] = {
    "vector": ("-", "kinetic mixing"),
    "dipole": ((0, (5.0, 1.5, 1.0, 1.5)), "dipole"),
}
_WORDS = (r"$R'\times\alpha_D$, (18), at $m_V$ = 100 MeV",)
_SPLIT = 3
"""masses in the upper panel of figure 6"""
_DECADES = 1e5
"""largest over smallest value that is shown"""


def draw_energies(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 6, as a figure on its own canvas."""
    picture = blank(8.0, 9.8)
    panels = picture.subplots(2, 1, sharex=True)
    picture.suptitle(_title(data), fontsize=11)
    for axes, rows in zip(panels, (slice(None, _SPLIT), slice(_SPLIT, None)), strict=True):
        part = data.isel(m_v=rows)
        _prepare(axes, part["recoil_energy"].values, part["spectrum"])
        for coupling in _LOOKS:
            _draw(axes, part, coupling, MASS_COLOURS[rows])
        axes.set_ylabel(r"$\sigma^{-1}\,d\sigma/dE_e$ [GeV$^{-1}$]", fontsize=11)
        _legend(axes, part, MASS_COLOURS[rows], tuple(_LOOKS))
    panels[1].set_xlabel(r"recoil energy $E_e$ [GeV]", fontsize=11)
    write_claims(panels[0], data.attrs, "lower left", words=_WORDS)
    note = fill(data.attrs["remark"], 60)
    panels[1].text(0.02, 0.04, note, transform=panels[1].transAxes, fontsize=8.5)
    return picture


def draw_momenta(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 7, as a figure on its own canvas."""
    picture = blank(8.0, 9.8)
    panels = picture.subplots(2, 1, sharex=True)
    picture.suptitle(_title(data), fontsize=11)
    for axes, coupling in zip(panels, _LOOKS, strict=True):
        _prepare(axes, data["pt"].values, data["spectrum"].sel(coupling=coupling))
        _draw(axes, data, coupling, MASS_COLOURS)
        axes.set_title(_LOOKS[coupling][1], fontsize=11)
        axes.set_ylabel(r"$\sigma^{-1}\,d\sigma/dp_T$ [GeV$^{-1}$]", fontsize=11)
        _legend(axes, data, MASS_COLOURS, (coupling,))
    panels[1].set_xlabel(r"transverse momentum $p_T$ [GeV]", fontsize=11)
    return picture


def _prepare(axes: Axes, places: Any, lines: xarray.DataArray) -> None:
    """A linear axis of the recoil and a logarithmic one of the spectra."""
    low, high = span(lines)
    log_axes(axes, (float(places[0]), float(places[-1])), (max(low, high / _DECADES), 3.0 * high))
    axes.set(xscale="linear", xlim=(0.0, float(places[-1])))


def _draw(axes: Axes, data: xarray.Dataset, coupling: str, colours: tuple[str, ...]) -> None:
    """The spectra of one coupling, up to where they end."""
    lines = data["spectrum"].sel(coupling=coupling)
    places = data[lines.dims[-1]].values
    for line, colour in zip(lines.values, colours, strict=True):
        line = np.where(line > 0.0, line, np.nan)
        axes.plot(places, line, color=colour, ls=_LOOKS[coupling][0], lw=1.6)


def _legend(
    axes: Axes, data: xarray.Dataset, colours: tuple[str, ...], couplings: tuple[str, ...]
) -> None:
    """Masses by colour and couplings by dash, with the mean of each spectrum."""
    from matplotlib.lines import Line2D

    dash = _LOOKS[couplings[0]][0] if len(couplings) == 1 else "-"
    handles = [
        Line2D([], [], color=colour, ls=dash, lw=1.8, label=_words(data.isel(m_v=i), couplings))
        for i, colour in enumerate(colours)
    ]
    if len(couplings) > 1:
        handles += [
            Line2D([], [], color=BLACK, ls=_LOOKS[name][0], lw=1.6, label=_LOOKS[name][1])
            for name in couplings
        ]
    axes.legend(handles=handles, loc="upper right", fontsize=9.5, frameon=False)


def _words(data: xarray.Dataset, couplings: tuple[str, ...]) -> str:
    means = [number(1e3 * data["mean"].sel(coupling=name).item()) for name in couplings]
    return rf"$m_V$ = {mass_text(data['m_v'].item())}, mean {' / '.join(means)} MeV"


def _title(data: xarray.Dataset) -> str:
    facts = data.attrs
    return (
        f"{facts['title']} ({told(facts['prescription'])})\n"
        f"{facts['beam_energy']:g} GeV on tungsten, "
        rf"$\theta_V < {facts['theta_max']:g}$"
    )
