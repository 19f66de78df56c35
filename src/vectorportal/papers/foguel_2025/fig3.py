"""Figure 3 of [Foguel:2025]: the dark coupling that freeze-out needs, against the mass of X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.settings import Inputs
from vectorportal.papers.foguel_2025.common import attributes, line_of_couplings, references_of
from vectorportal.papers.masses import mass_axis

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["EPSILON", "QUOTED_G", "QUOTED_M", "ZOOM", "dataset", "draw", "references"]

EPSILON = (1e-4, 1e-3, 1e-2, 2e-2, 1e-1)
QUOTED_M, QUOTED_G = 1.0, 4.45e-2
"""m_x in GeV and g_x of the paper, section 3.3, for omega_h2 = 0.12 at R = 1"""
ZOOM = (36.0, 50.0)
"""m_x in GeV around m_Z/2, with as many masses more as half the line has"""
_AROUND_Z = (0.9, 1.1, 9)
"""masses over m_Z that are added: first, last, how many"""


def dataset(
    *, prescription: str, target: float, mass_min: float, mass_max: float, points: int
) -> xarray.Dataset:
    """Lines over m_x (GeV) for each kinetic mixing; NaN where a line has a gap.

    g_x (epsilon, m_x) : dark coupling at which omega_h2 is `target`. found (epsilon, m_x) : the
    density computed there. shift (epsilon, m_x) : g_x over that of the smallest mixing, minus 1.
    quoted_g_x, obtained_g_x : at the mass `quoted_m_x`, from the paper and here.
    """
    import xarray

    mass = _masses(mass_min, mass_max, points)
    lines = [line_of_couplings(mass, epsilon, target, prescription) for epsilon in EPSILON]
    g_x = np.stack([line.coupling for line in lines])
    there = line_of_couplings(np.asarray([QUOTED_M]), EPSILON[0], target, prescription).coupling
    dims = ("epsilon", "m_x")
    variables = {
        "g_x": (dims, g_x, {"units": "1", "long_name": "dark coupling"}),
        "found": (dims, np.stack([line.omega_h2 for line in lines]), {"units": "1"}),
        "shift": (dims, g_x / g_x[0] - 1.0, {"units": "1"}),
        "quoted_m_x": ((), QUOTED_M, {"units": "GeV"}),
        "quoted_g_x": ((), QUOTED_G, {"units": "1", "source": ["Foguel:2025"]}),
        "obtained_g_x": ((), float(there[0]), {"units": "1"}),
    }
    coordinates = {
        "m_x": ("m_x", mass, {"units": "GeV", "long_name": "mass of X"}),
        "epsilon": ("epsilon", np.asarray(EPSILON), {"units": "1"}),
    }
    about = attributes("Dark coupling of freeze-out", prescription, target, "omega_h2")
    return xarray.Dataset(variables, coords=coordinates, attrs=about)


def _masses(mass_min: float, mass_max: float, points: int) -> np.ndarray:
    """The masses of a line; more near the resonance of the Z and where Z_D and Z cannot mix."""
    even, m_z = mass_axis(mass_min, mass_max, points), Inputs.default().sm.m_z
    zoom = np.append(np.geomspace(*ZOOM, max(points // 2, 2)), m_z / 2.0)
    close = np.append(zoom, m_z * np.geomspace(*_AROUND_Z))
    close = close[(close > mass_min) & (close < mass_max)]
    return np.unique(np.append(even, close))


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of("omega_h2")


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig3_drawing import draw as make_picture

    return make_picture(data)
