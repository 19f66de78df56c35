"""The picture of visible searches: prompt, displaced, beam dumps and the supernova."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vectorportal.papers.light_dark_matter.regions import (
    Mark,
    draw_bands,
    draw_limits,
    draw_projections,
    legend_of_styles,
)
from vectorportal.papers.style import canvas, log_axes

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["draw"]

_MARKS = {
    "babar_2014": Mark("BaBar 2014", 2.2, (0.0, 8.0)),
    "lhcb_2019_prompt": Mark("LHCb 2019", 20.0, (0.0, 12.0)),
    "na48_2_2015": Mark("NA48/2", 0.045, (0.0, 14.0)),
    "cms_2019": Mark(""),
    "electroweak_fit": Mark("electroweak fit", 3.0, (0.0, 4.0)),
    "gm2_electron_2023": Mark("$(g-2)_e$", 0.0021, (0.0, 4.0)),
}
_BANDS = {
    "charm_2012_gninenko": Mark("CHARM", 0.44, (30.0, -20.0), leader=True, lower=True),
    "nucal_2013_brem": Mark("nu-Cal", 0.6, (26.0, -6.0), leader=True, lower=True),
    "na62_2023_dump_mumu": Mark("NA62", 0.5, (26.0, 12.0), leader=True),
    "e137_2009_bjorken": Mark("E137", 0.3, (24.0, -38.0), leader=True, lower=True),
    "lsnd_2010": Mark("LSND", 0.17, (26.0, -16.0), leader=True, lower=True),
    "lhcb_2019_displaced": Mark("LHCb displaced", 0.25, (30.0, 10.0), leader=True),
    "sn1987a_2017": Mark("SN1987A", 0.01, (0.0, 60.0), rotate=False, lower=True),
}
_PROJECTIONS = {
    "belle2_2018_visible_proj": Mark("Belle II", 3.0, (0.0, -5.0)),
    "lhcb_2016_prompt_proj": Mark("LHCb Run 3", 33.0, (0.0, -14.0)),
    "faser2_2021_proj": Mark("FASER 2", 1.02, (44.0, 44.0), leader=True),
    "ship_2020_brem_proj": Mark("SHiP (bremsstrahlung)", 1.6, (40.0, -34.0), leader=True),
    "yemilab_2021_proj": Mark("Yemilab", 0.012, (0.0, -5.0)),
}


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of `visible_bounds`, as a figure on its own canvas."""
    picture, axes = canvas(9.0, 6.6)
    mass = data["mass"].values
    log_axes(axes, (float(mass[0]), float(mass[-1])), (5e-11, 0.1))
    axes.set_title(r"Dark photons that decay visibly, $m_V < 2\,m_{\rm DM}$", fontsize=12)
    axes.set_xlabel(r"mediator mass $m_V$ [GeV]", fontsize=11)
    axes.set_ylabel(r"kinetic mixing $\epsilon$", fontsize=11)
    picture.draw_without_rendering()
    draw_bands(axes, data, _BANDS)
    draw_limits(axes, data, _MARKS)
    draw_projections(axes, data, _PROJECTIONS, only=True)
    legend_of_styles(axes, relic=False)
    return picture
