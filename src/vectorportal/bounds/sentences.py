"""Sentences about one bound at one point."""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.annihilation import DIRECT_ONLY
from vectorportal.bounds.arrays import CHARGE
from vectorportal.bounds.record import RATES
from vectorportal.bounds.result import SIDES, WARM_ONLY, BoundResult

__all__ = ["describe", "level", "ratio", "where"]


def ratio(value: float) -> str:
    """A factor in three digits; plain for everyday sizes."""
    return f"{value:.3g}"


def where(mass: float, what: str = "mediator") -> str:
    """`for a mediator of ...` with the mass in GeV."""
    return f"for a {what} of {mass:.4g} GeV"


def level(record: Any) -> str:
    """Label and confidence level of a record."""
    return f"{record.label} ({record.confidence_level})"


_SAME = 0.01
"""Relative difference up to which the coupling to the electromagnetic current is called epsilon"""


def _coupling(name: str, epsilon: float, own_epsilon: float | None) -> str:
    """The effective coupling with its name, which is epsilon only where the model's is the same."""
    if name != "epsilon":
        return f"{name} = {epsilon:.3g}"
    if own_epsilon is None or abs(epsilon - abs(own_epsilon)) <= _SAME * abs(own_epsilon):
        return f"epsilon = {epsilon:.3g}"
    return f"the coupling to the electromagnetic current {epsilon:.3g} (in units of e)"


def _one_sided(result: BoundResult, index: Any, coupling: str) -> str:
    mu, epsilon = float(result.mu[index]), float(result.coupling[index])
    limit = float(result.limit_coupling[index])
    if not np.isfinite(limit):
        return f"predicts {ratio(mu)} of the excluded signal, and no coupling is excluded here"
    if epsilon == 0.0:
        return f"{coupling} is below the limit {limit:.3g}"
    if mu >= 1.0:
        return f"{coupling} is {ratio(epsilon / limit)} times above the limit {limit:.3g}"
    return f"{coupling} is {ratio(limit / epsilon)} times below the limit {limit:.3g}"


def _rate(result: BoundResult, index: Any) -> str:
    """A limit on a rate; on annihilation in terms of energy where that follows the coupling."""
    mu = float(result.mu[index])
    if result.record.signature == "self-interaction":
        return (
            f"sigma/m of self-scattering is {ratio(mu)} {'times' if mu >= 1.0 else 'of'} the limit"
        )
    if np.isfinite(result.limit_coupling[index]):
        return f"the energy injected by annihilation is {ratio(mu)} times the limit"
    rate = "the annihilation rate"
    if DIRECT_ONLY in result.assumes(index):
        rate += " into Standard Model particles"
    return f"{rate} is {ratio(mu)} {'times' if mu >= 1.0 else 'of'} the limit"


def _band(result: BoundResult, index: Any, coupling: str) -> str:
    epsilon = float(result.coupling[index])
    low, high = float(result.limit_coupling[index]), float(result.limit_upper[index])
    if not np.isfinite(low):
        return "dark decays are so fast that no coupling is excluded here"
    window = f"the excluded interval {low:.3g} to {high:.3g}"
    side = SIDES[int(result.side[index])]
    if side == "inside":
        up, down = ratio(epsilon / low), ratio(high / epsilon)
        text = f"{coupling} is {up} times above the lower and {down} times below"
        return f"{text} the upper edge of {window}"
    if side == "above":
        text = f"{coupling} is {ratio(epsilon / high)} times above {window}"
        return f"{text}: the mediator decays too early"
    if epsilon == 0.0:
        return f"{coupling} is below {window}"
    return f"{coupling} is {ratio(low / epsilon)} times below {window}"


def describe(result: BoundResult, index: Any = (), own_epsilon: float | None = None) -> str:
    """One sentence on what the bound says at the point `index`; `own_epsilon` as in `row`."""
    record, side = result.record, SIDES[int(result.side[index])]
    what = "particle" if result.coupling_name == CHARGE else "mediator"
    place = where(float(result.mass[index]), what)
    coupling = _coupling(result.coupling_name, float(result.coupling[index]), own_epsilon)
    if side in ("no-data", "not-applicable"):
        verb = "has no data" if side == "no-data" else "does not apply"
        return f"{record.label} {verb} {place}: {result.reason}."
    if record.signature in RATES:
        says = _rate(result, index)
    elif record.region == "band":
        says = f"{_band(result, index, coupling)} {place}"
    else:
        says = f"{_one_sided(result, index, coupling)} {place}"
    if bool(result.excluded[index]):
        verb = "excludes this point"
    elif side == "inside":
        verb = "would see this point"
        if record.kind != "projection":
            verb = f"is not counted ({'grade D' if record.grade == 'D' else WARM_ONLY})"
    else:
        verb = "does not reach this point" if record.kind == "projection" else "allows this point"
    return f"{level(record)} {verb}: {says}."
