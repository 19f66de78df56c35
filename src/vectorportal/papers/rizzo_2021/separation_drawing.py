"""The picture of the numbers of events that separate both couplings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vectorportal.papers.rizzo_2021.common import span
from vectorportal.papers.rizzo_2021.separation import COMPARED
from vectorportal.papers.style import COLOURS, blank, log_axes, told

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_DASHES = {"dipole": "-", "vector": (0, (4.0, 1.5))}
_TRUTHS = {"dipole": "dipole in nature", "vector": "kinetic mixing in nature"}
_SPECTRA = {
    "energy": (COLOURS["green"], r"$E_e$"),
    "pt": (COLOURS["blue"], r"$p_T$"),
    "both": (COLOURS["vermilion"], r"$E_e$ and $p_T$"),
}

_FEW = 10.0
"""events below which the likelihood ratio is not Gaussian"""


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset, as a figure on its own canvas."""
    picture = blank(11.6, 5.6)
    left, right = picture.subplots(1, 2)
    facts = data.attrs
    picture.suptitle(
        f"Events that exclude the wrong coupling at 95% ({told(facts['prescription'])})",
        fontsize=12,
    )
    mass = data["m_v_recoil"].values
    edge = mass[mass <= COMPARED * (1.0 + 1e-9)].max(initial=0.0)
    for name, (colour, text) in _SPECTRA.items():
        for truth, dash in _DASHES.items():
            line = data["recoil"].sel(truth=truth, spectrum=name).values
            look = {"color": colour, "lw": 1.7}
            label = f"{text}, {_TRUTHS[truth]}"
            left.plot(mass, np.where(mass <= edge, line, np.nan), ls=dash, label=label, **look)
            left.plot(mass, np.where(mass >= edge, line, np.nan), ls=":", **look)
    for truth, dash in _DASHES.items():
        line = data["angle"].sel(truth=truth).values
        look = {"color": COLOURS["purple"], "ls": dash, "lw": 1.9}
        right.plot(data["m_v"].values, line, label=_TRUTHS[truth], **look)
    if edge < mass[-1]:
        beyond = f"above {COMPARED:g} GeV: not compared with the exact tree"
        left.plot([], [], color=COLOURS["grey"], ls=":", lw=1.7, label=beyond)
    _finish(left, data, "recoil", 0.6)
    _finish(right, data, "angle", 0.2)
    left.set_title(
        rf"recoil electron, {facts['beam_energy']:g} GeV on tungsten, "
        rf"$\theta_V < {facts['theta_max']:g}$, "
        rf"${facts['recoil_min']:g} < E_e < {facts['recoil_max']:g}$ GeV",
        fontsize=10,
    )
    right.set_title(
        rf"photon, $e^+e^-$ at {facts['sqrt_s']:g} GeV, "
        rf"${facts['z_min']:g} < z < {facts['z_max']:g}$",
        fontsize=11,
    )
    return picture


def _finish(axes: Axes, data: xarray.Dataset, name: str, room: float) -> None:
    """Axes that hold the curves of `name`, and their legend in `room` above them."""
    places = data[data[name].dims[-1]].values
    known = np.isfinite(data[name].values).reshape(-1, places.size).any(axis=0)
    mass, (low, high) = span(places[known]), span(data[name])
    log_axes(axes, mass, (0.6 * low, 1.2 * high * (high / low) ** room))
    if low < _FEW:
        look = {"facecolor": COLOURS["grey"], "alpha": 0.15, "lw": 0.0}
        axes.axhspan(0.6 * low, _FEW, label="a rough guide", **look)
    axes.set_xlabel(r"$m_V$ [GeV]", fontsize=11)
    axes.set_ylabel("signal events", fontsize=11)
    axes.legend(loc="upper left", fontsize=9, frameon=False)
