"""The bound on annihilation of dark matter in the Galaxy into electrons and positrons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vectorportal.bounds.annihilation import decay_shares, off_shell_rate
from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.computed import positive_number
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.view import DarkMatterView, ObservableCall
from vectorportal.units import HBAR_GEV_S

__all__ = ["evaluate_halo"]

_LATEST_S = 1e11
"""Time of flight of 1 kpc: mediators that live longer count as nothing"""
_PAIRS = "pairs of mediators, one of them on shell at least, count by the decays of the mediator"


def _by_pairs(
    observable: ObservableCall,
    x: float,
    dark_matter: DarkMatterView,
    m: np.ndarray,
    p: Arrays,
    where: np.ndarray,
) -> np.ndarray:
    """<sigma v> in cm^3/s into V V, or V V* where that is closed, times the share of e+e- in the
    decays of V."""
    shares = decay_shares(p.finals)
    decaying = where & (p.visible * p.mass * _LATEST_S > HBAR_GEV_S * m)
    if shares is None or not decaying.any():
        return np.zeros(p.mass.shape)
    rate = off_shell_rate(observable, dark_matter, m, p, decaying)
    above = decaying & (m >= p.mass)
    if above.any():
        arguments = {"x": x, "channels": "secluded", "where": above}
        rate = rate + np.asarray(observable("sigma_v_cm3_s", **arguments))
    return rate * shares["ee"]


def evaluate_halo(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView,
    observable: ObservableCall,
    include_grade_d: bool,
) -> BoundResult:
    """The BoundResult of a limit on <sigma v> into e+e- (cm^3/s) between two masses.

    mu = fraction^2 <sigma v> (share of e+e-)/limit, halved if not self-conjugate, with the thermal
    average at x = 2/v_0^2, v_0 the most probable velocity of the record: <v_rel^2> = 3 v_0^2. Pairs
    of mediators add their rate times the share of e+e- in the decays of V; beside them, other final
    states that are not known apart count as nothing. Margin and limit on the coupling are NaN: they
    stay with the rate.
    """
    m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
    low, high = (positive_number(record, f"mass_{end}_GeV") for end in ("min", "max"))
    inside = (m >= low) & (m <= high)
    x = 2.0 / positive_number(record, "velocity") ** 2
    share = np.broadcast_to((dark_matter.shares or {}).get("ee", np.nan), p.mass.shape)
    arguments = {"x": x, "channels": "standard-model", "where": inside & ~np.isnan(share)}
    direct = share * np.asarray(observable("sigma_v_cm3_s", **arguments))
    pairs = _by_pairs(observable, x, dark_matter, m, p, inside)
    rate = np.where((pairs > 0.0) & np.isnan(share), pairs, direct + pairs)
    symmetry = 1.0 if dark_matter.self_conjugate else 0.5
    weight = symmetry * np.asarray(dark_matter.fraction, dtype=np.float64) ** 2
    mu = np.where(inside, weight * rate / positive_number(record, "sigma_v_cm3_s"), np.nan)
    unknown = np.where(inside & np.isnan(share), NOT_APPLICABLE, NO_DATA)
    blank = np.where(np.isnan(mu), unknown, 0)
    why = f"it covers dark matter of {low:.3g} to {high:.3g} GeV"
    if (inside & np.isnan(mu)).any():
        why = "the final states of annihilation are not known apart"
    nan = np.full(p.mass.shape, np.nan)
    result = make_result(record, p, mu, nan, nan, blank, why, include_grade_d=include_grade_d)
    return replace(result, remarks=((pairs > 0.0, _PAIRS),))
