"""The masses of a figure, checked."""

from __future__ import annotations

import numpy as np

from vectorportal.errors import ParameterError

__all__ = ["mass_axis"]


def mass_axis(mass_min: float, mass_max: float, points: int) -> np.ndarray:
    """`points` masses from `mass_min` to `mass_max` (GeV), evenly spaced in the logarithm.

    Raises ParameterError for a range that is empty or not positive and for fewer than two points.
    """
    if not 0.0 < mass_min < mass_max < np.inf:
        raise ParameterError("mass_min", f"{mass_min:g}", "GeV", f"between 0 and {mass_max:g} GeV")
    if points < 2:
        raise ParameterError("points", points, "", "at least 2")
    return np.geomspace(mass_min, mass_max, int(points))
