"""The picture of thermal targets: lines of the relic density over limits and projections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.light_dark_matter.regions import (
    Mark,
    draw_limits,
    draw_projections,
    draw_uncounted,
    legend_of_styles,
)
from vectorportal.papers.style import BLACK, COLOURS, canvas, label_curve, log_axes

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_LINES = {
    "relic_complex_scalar": (BLACK, 17.0, (0.0, 5.0)),
    "relic_majorana": (COLOURS["vermilion"], 17.0, (0.0, -5.0)),
    "relic_dirac": (COLOURS["purple"], 21.0, (0.0, -6.0)),
}
"""Colour, m_v in GeV at the label, offset of the label in points"""

_MARKS = {
    "babar_2017": Mark("BaBar 2017", 0.0075, (0.0, 5.0)),
    "na64_2023": Mark("NA64 2023", 0.011, (0.0, 60.0), rotate=False),
    "electroweak_fit": Mark("electroweak fit", 0.9, (0.0, 6.0)),
    "lep_2011_monophoton": Mark("LEP mono-photon", 22.0, (0.0, 5.0)),
}
"""Limits with a place for their name; they are drawn even where another limit is stronger."""
_PROJECTIONS = {
    "belle2_2020_invisible_proj": Mark("Belle II invisible", 0.75, (0.0, -5.0)),
    "ldmx_2018_proj": Mark("LDMX", 0.014, (0.0, 4.0)),
    "na64_2025_electron_proj": Mark("NA64, $10^{13}$ electrons", 0.0165, (0.0, -5.0)),
    "na64mu_2025_proj": Mark("NA64$\\mu$, $3\\cdot10^{11}$ muons", 0.013, (0.0, 4.0)),
    "na64mu_2025_2e13_proj": Mark("NA64$\\mu$, $2\\cdot10^{13}$ muons", 0.0075, (0.0, -5.0)),
    "lohengrin_2024_proj": Mark("Lohengrin", 0.185, (-4.0, 3.0)),
    "ship_2021_recoil_proj": Mark("SHiP scattering", 0.05, (72.0, -36.0), leader=True),
    "flare_2021_recoil_proj": Mark("FLArE scattering", 0.0075, (0.0, 4.0)),
    "fasernu2_2021_recoil_proj": Mark(r"FASER$\nu$2 scattering", 0.8, (26.0, -52.0), leader=True),
}


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of `thermal_target`, as a figure on its own canvas."""
    picture, axes = canvas(9.0, 6.6)
    mass = data["mass"].values
    log_axes(axes, (float(mass[0]), float(mass[-1])), (2e-7, 0.1))
    picture.draw_without_rendering()
    draw_limits(axes, data, _MARKS)
    uncounted = draw_uncounted(axes, data)
    draw_projections(axes, data, _PROJECTIONS)
    for name, line in _LINES.items():
        _draw_line(axes, data, name, *line)
    _axes_text(axes, data)
    legend_of_styles(axes, relic=True, uncounted=uncounted)
    return picture


def _draw_line(
    axes: Axes, data: xarray.Dataset, name: str, colour: str, at: float, offset: Any
) -> None:
    """The line on which the density is right; thin where the CMB excludes it.

    Dashed where the bound has no data, so that silence does not look like survival.
    """
    mass, epsilon = data["mass"].values, data[name].values
    injected = data[f"{name}_cmb"].values
    with np.errstate(invalid="ignore"):
        excluded, unknown = injected >= 1.0, np.isnan(injected) & np.isfinite(epsilon)
    if not excluded.any():
        unknown[:] = False
    parts = (
        (~excluded & ~unknown, 2.4, "-"),
        (_grown(excluded), 1.0, "-"),
        (_grown(unknown), 1.6, (0, (2.0, 1.0))),
    )
    for part, width, dash in parts:
        shown = np.where(part, epsilon, np.nan)
        axes.plot(mass, shown, color=colour, lw=width, ls=dash, zorder=8)
    text = {"complex-scalar": "complex scalar", "majorana": "Majorana", "dirac": "Dirac"}
    label = text[data[name].attrs["dm"]]
    label += " (thin: CMB excludes it)" if excluded.any() else ""
    label_curve(axes, mass, epsilon, label, at=at, offset=offset, colour=colour, size=9.5)


def _grown(mask: np.ndarray) -> np.ndarray:
    """True next to a True, so that two pieces of a line meet."""
    answer = mask.copy()
    answer[1:] |= mask[:-1]
    answer[:-1] |= mask[1:]
    return answer


def _axes_text(axes: Axes, data: xarray.Dataset) -> None:
    """Title, names of the axes, and the companion axes for m_dm and y."""
    about = data.attrs
    ratio, alpha_d = about["m_dm_over_m_v"], about["alpha_d"]
    share = f"m_V/{1.0 / ratio:.3g}" if ratio < 1.0 else f"{ratio:.3g} m_V"
    axes.set_title(
        rf"Thermal targets, $m_{{\rm DM}} = {share}$, $\alpha_D = {alpha_d:.3g}$, "
        rf"$\Omega h^2 = {about['omega_h2']:.3g}$",
        fontsize=12,
    )
    axes.set_xlabel(r"mediator mass $m_V$ [GeV]", fontsize=11)
    axes.set_ylabel(r"kinetic mixing $\epsilon$", fontsize=11)
    factor = alpha_d * ratio**4
    right = axes.secondary_yaxis(
        "right", functions=(lambda e: factor * np.square(e), lambda y: np.sqrt(np.abs(y) / factor))
    )
    right.set_ylabel(r"$y = \epsilon^2 \alpha_D (m_{\rm DM}/m_V)^4$", fontsize=11)
    right.tick_params(which="both", direction="in")
