"""Sentences about one bound at one point."""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.result import SIDES, BoundResult

__all__ = ["describe", "level", "ratio", "where"]


def ratio(value: float) -> str:
    """A factor in three digits; plain for everyday sizes."""
    return f"{value:.3g}"


def where(mass: float) -> str:
    """`at m_v = ...` with the mass in GeV."""
    return f"at m_v = {mass:.4g} GeV"


def level(record: Any) -> str:
    """Label and confidence level of a record."""
    return f"{record.label} ({record.confidence_level})"


def _one_sided(result: BoundResult, index: Any) -> str:
    mu, epsilon = float(result.mu[index]), float(result.epsilon[index])
    limit = float(result.limit_coupling[index])
    if not np.isfinite(limit):
        return f"predicts {ratio(mu)} of the excluded signal, and no coupling is excluded here"
    if epsilon == 0.0:
        return f"epsilon = 0 is below the limit {limit:.3g}"
    if mu >= 1.0:
        return (
            f"epsilon = {epsilon:.3g} is {ratio(epsilon / limit)} times above the limit {limit:.3g}"
        )
    return f"epsilon = {epsilon:.3g} is {ratio(limit / epsilon)} times below the limit {limit:.3g}"


def _band(result: BoundResult, index: Any) -> str:
    epsilon = float(result.epsilon[index])
    low, high = float(result.limit_coupling[index]), float(result.limit_upper[index])
    if not np.isfinite(low):
        return "dark decays are so fast that no coupling is excluded here"
    window = f"the excluded interval {low:.3g} to {high:.3g}"
    side = SIDES[int(result.side[index])]
    if side == "inside":
        up, down = ratio(epsilon / low), ratio(high / epsilon)
        text = f"epsilon = {epsilon:.3g} is {up} times above the lower and {down} times below"
        return f"{text} the upper edge of {window}"
    if side == "above":
        text = f"epsilon = {epsilon:.3g} is {ratio(epsilon / high)} times above {window}"
        return f"{text}: the mediator decays too early"
    if epsilon == 0.0:
        return f"epsilon = 0 is below {window}"
    return f"epsilon = {epsilon:.3g} is {ratio(low / epsilon)} times below {window}"


def describe(result: BoundResult, index: Any = ()) -> str:
    """One sentence on what the bound says at the point `index`."""
    record, side = result.record, SIDES[int(result.side[index])]
    mass = float(result.mass[index])
    if side in ("no-data", "not-applicable"):
        verb = "has no data" if side == "no-data" else "does not apply"
        return f"{record.label} {verb} {where(mass)}: {result.reason}."
    if record.signature == "annihilation":
        mu = float(result.mu[index])
        what = f"the energy injected by annihilation is {ratio(mu)} times the limit"
    elif record.region == "band":
        what = f"{_band(result, index)} {where(mass)}"
    else:
        what = f"{_one_sided(result, index)} {where(mass)}"
    if bool(result.excluded[index]):
        verb = "excludes this point"
    elif side == "inside":
        verb = "would see this point" if record.kind == "projection" else "is not counted (grade D)"
    else:
        verb = "does not reach this point" if record.kind == "projection" else "allows this point"
    return f"{level(record)} {verb}: {what}."
