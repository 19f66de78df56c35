"""The bound on annihilation of dark matter in the Galaxy into electrons and positrons."""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.computed import positive_number
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.view import DarkMatterView, ObservableCall

__all__ = ["evaluate_halo"]


def evaluate_halo(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView,
    observable: ObservableCall,
    include_grade_d: bool,
) -> BoundResult:
    """The BoundResult of a limit on <sigma v> into e+e- (cm^3/s) between two masses.

    mu = fraction^2 <sigma v> (share of e+e-)/limit, halved if not self-conjugate, with the thermal
    average at x = 2/v_0^2, v_0 the most probable velocity of the record: <v_rel^2> = 3 v_0^2. V V
    is left out. Margin and limit on the coupling are NaN: they stay with the rate.
    """
    m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
    low, high = (positive_number(record, f"mass_{end}_GeV") for end in ("min", "max"))
    inside = (m >= low) & (m <= high)
    nan = np.full(p.mass.shape, np.nan)
    shares = dark_matter.shares or {}
    if not inside.any() or "ee" not in shares:
        code = NOT_APPLICABLE if inside.any() else NO_DATA
        why = "the final states of annihilation are not known apart"
        if not inside.any():
            why = f"it covers dark matter of {low:.3g} to {high:.3g} GeV"
        return make_result(record, p, nan, nan, nan, np.full(p.mass.shape, code), why)
    x = 2.0 / positive_number(record, "velocity") ** 2
    arguments = {"x": x, "channels": "standard-model", "where": inside}
    rate = np.asarray(observable("sigma_v_cm3_s", **arguments))
    symmetry = 1.0 if dark_matter.self_conjugate else 0.5
    weight = symmetry * np.asarray(dark_matter.fraction, dtype=np.float64) ** 2
    found = weight * rate * np.asarray(shares["ee"]) / positive_number(record, "sigma_v_cm3_s")
    mu = np.where(inside, np.broadcast_to(found, p.mass.shape), np.nan)
    blank = np.where(np.isfinite(mu), 0, NO_DATA)
    why = f"it covers dark matter of {low:.3g} to {high:.3g} GeV"
    return make_result(record, p, mu, nan, nan, blank, why, include_grade_d=include_grade_d)
