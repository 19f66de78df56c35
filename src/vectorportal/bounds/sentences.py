"""Sentences about one bound at one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.bounds.annihilation import DIRECT_ONLY
from vectorportal.bounds.arrays import CHARGE
from vectorportal.bounds.dipole_domain import LOST_EDGE
from vectorportal.bounds.record import RATES
from vectorportal.bounds.result import SIDES, WARM_ONLY, BoundResult

__all__ = ["INVERSE", "describe", "level", "ratio", "where"]


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
INVERSE = "1/"
"""How the name of a coupling begins that is the inverse of a parameter in GeV"""


@dataclass(frozen=True)
class _Words:
    """A coupling as sentences speak of it: its value with its name, and numbers of its kind.

    Where the parameter is the inverse of the coupling, sentences are about the parameter: what lies
    above in the coupling lies below in it.
    """

    text: str
    inverse: bool

    def number(self, coupling: float) -> str:
        """A value of the coupling as that of the parameter."""
        return f"{_scale(coupling)} GeV" if self.inverse else f"{coupling:.3g}"

    def interval(self, low: float, high: float) -> str:
        """The excluded interval between two couplings."""
        if self.inverse:
            return f"{_scale(high)} to {_scale(low)} GeV"
        return f"{low:.3g} to {high:.3g}"

    @property
    def larger(self) -> str:
        """The side of larger couplings."""
        return "below" if self.inverse else "above"

    @property
    def smaller(self) -> str:
        """The side of smaller couplings."""
        return "above" if self.inverse else "below"


def _scale(coupling: float) -> str:
    """The inverse of a coupling in three digits, plain below a million."""
    return f"{float(f'{1.0 / coupling:.3g}'):g}"


def _words(name: str, coupling: float, own_epsilon: float | None) -> _Words:
    """The effective coupling with its name, which is epsilon only where the model's is the same."""
    if name.startswith(INVERSE):
        held = " (epsilon in proportion)" if own_epsilon else ""
        value = f"{_scale(coupling)} GeV" if coupling > 0.0 else "infinite"
        return _Words(f"|{name.removeprefix(INVERSE)}| = {value}{held}", True)
    if name != "epsilon":
        return _Words(f"{name} = {coupling:.3g}", False)
    if own_epsilon is None or abs(coupling - abs(own_epsilon)) <= _SAME * abs(own_epsilon):
        return _Words(f"epsilon = {coupling:.3g}", False)
    text = f"the coupling to the electromagnetic current {coupling:.3g} (in units of e)"
    return _Words(text, False)


def _one_sided(result: BoundResult, index: Any, words: _Words) -> str:
    mu, coupling = float(result.mu[index]), float(result.coupling[index])
    limit = float(result.limit_coupling[index])
    if not np.isfinite(limit):
        return (
            f"predicts {ratio(mu)} of the excluded signal, and no coupling {_none(result, index)}"
        )
    shown = f"the limit {words.number(limit)}"
    if coupling == 0.0:
        return f"{words.text} is {words.smaller} {shown}"
    if mu >= 1.0:
        return f"{words.text} is {ratio(coupling / limit)} times {words.larger} {shown}"
    return f"{words.text} is {ratio(limit / coupling)} times {words.smaller} {shown}"


def _none(result: BoundResult, index: Any) -> str:
    """How a sentence about couplings that are not excluded ends."""
    lost = LOST_EDGE in result.assumes(index)
    return "within the domain of the dipole is excluded" if lost else "is excluded here"


def _rate(result: BoundResult, index: Any) -> str:
    """A limit on a rate; on annihilation in terms of energy where that follows the coupling."""
    mu = float(result.mu[index])
    if result.record.signature == "self-interaction":
        return (
            f"sigma/m of self-scattering is {ratio(mu)} {'times' if mu >= 1.0 else 'of'} the limit"
        )
    if result.record.signature == "nucleosynthesis":
        if mu == 0.0:
            return "the dark matter leaves the effective number of neutrinos as it is"
        shift = "the shift of the effective number of neutrinos"
        return f"{shift} is {ratio(mu)} {'times' if mu >= 1.0 else 'of'} the limit"
    if np.isfinite(result.limit_coupling[index]):
        return f"the energy injected by annihilation is {ratio(mu)} times the limit"
    rate = "the annihilation rate"
    if DIRECT_ONLY in result.assumes(index):
        rate += " into Standard Model particles"
    return f"{rate} is {ratio(mu)} {'times' if mu >= 1.0 else 'of'} the limit"


def _band(result: BoundResult, index: Any, words: _Words) -> str:
    coupling = float(result.coupling[index])
    low, high = float(result.limit_coupling[index]), float(result.limit_upper[index])
    if not np.isfinite(low):
        lost = LOST_EDGE in result.assumes(index)
        why = "" if lost else "dark decays are so fast that "
        return f"{why}no coupling {_none(result, index)}"
    if not np.isfinite(high):
        side = words.larger if coupling >= low else words.smaller
        far = ratio(max(coupling / low, low / coupling))
        edge = f"the edge {words.number(low)} of the excluded couplings"
        return (
            f"{words.text} is {far} times {side} {edge}, which end beyond the domain of the dipole"
        )
    window = f"the excluded interval {words.interval(low, high)}"
    side = SIDES[int(result.side[index])]
    if side == "inside":
        edges = [f"{ratio(coupling / low)} times {words.larger}"]
        edges += [f"{ratio(high / coupling)} times {words.smaller}"]
        up, down = reversed(edges) if words.inverse else edges
        return f"{words.text} is {up} the lower and {down} the upper edge of {window}"
    if side == "above":
        text = f"{words.text} is {ratio(coupling / high)} times {words.larger} {window}"
        return f"{text}: the mediator decays too early"
    if coupling == 0.0:
        return f"{words.text} is {words.smaller} {window}"
    return f"{words.text} is {ratio(low / coupling)} times {words.smaller} {window}"


def describe(result: BoundResult, index: Any = (), own_epsilon: float | None = None) -> str:
    """One sentence on what the bound says at the point `index`; `own_epsilon` as in `row`."""
    record, side = result.record, SIDES[int(result.side[index])]
    what = "particle" if result.coupling_name == CHARGE else "mediator"
    place = where(float(result.mass[index]), what)
    words = _words(result.coupling_name, float(result.coupling[index]), own_epsilon)
    if side in ("no-data", "not-applicable"):
        verb = "has no data" if side == "no-data" else "does not apply"
        return f"{record.label} {verb} {place}: {result.reason}."
    if record.signature in RATES:
        says = _rate(result, index)
    elif record.region == "band":
        says = f"{_band(result, index, words)} {place}"
    else:
        says = f"{_one_sided(result, index, words)} {place}"
    if bool(result.excluded[index]):
        verb = "excludes this point"
    elif side == "inside":
        verb = "would see this point"
        if record.kind != "projection":
            verb = f"is not counted ({'grade D' if record.grade == 'D' else WARM_ONLY})"
    else:
        verb = "does not reach this point" if record.kind == "projection" else "allows this point"
    return f"{level(record)} {verb}: {says}."
