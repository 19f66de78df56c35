"""The bound on elastic scattering of dark matter on itself: mu = (sigma/m)/limit."""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.computed import positive_number
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.view import DarkMatterView, ObservableCall

__all__ = ["evaluate_self_interaction"]


def evaluate_self_interaction(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView,
    observable: ObservableCall,
    include_grade_d: bool,
) -> BoundResult:
    """The BoundResult of a limit on sigma/m (cm^2/g) at the relative velocity of the record.

    sigma/m does not follow epsilon: margin and limit on the coupling are NaN. Not applicable to a
    part of the dark matter, `fraction` below one.
    """
    velocity = positive_number(record, "velocity")
    found = np.asarray(observable("sigma_self_over_m_cm2_g", velocity=velocity, trusted=True))
    mu = np.broadcast_to(found / positive_number(record, "sigma_over_m_cm2_g"), p.mass.shape)
    part = np.broadcast_to(np.asarray(dark_matter.fraction) < 1.0, p.mass.shape)
    why = "sigma/m is not known (a force of long range, or a strong one)"
    if part.any():
        why = "it is about the whole of the dark matter"
    blank = np.where(part, NOT_APPLICABLE, np.where(np.isfinite(mu), 0, NO_DATA))
    nan = np.full(p.mass.shape, np.nan)
    return make_result(record, p, mu, nan, nan, blank, why, include_grade_d=include_grade_d)
