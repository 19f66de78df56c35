"""Claims about observables: comparisons with a number or a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.claims import AGREES, DISAGREES, UNDECIDED
from vectorportal.app.output import quantity, reasons_of, worst
from vectorportal.errors import UsageError, nearest_name
from vectorportal.observables.base import evaluate, get_observable
from vectorportal.units import parse_quantity

if TYPE_CHECKING:
    from vectorportal.app.request import Request

__all__ = ["COMPARISON", "answer_value"]

COMPARISON = re.compile(
    r"\s*([A-Za-z_]\w*)(?:\.(\w+))?\s*(<=|>=|==|!=|=|<|>)\s*([^<>=!]+?)\s*", re.ASCII
)
_EQUAL = ("=", "==", "!=")
_DIGITS = re.compile(r"[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?", re.ASCII)


def answer_value(
    request: Request, model: Any, claim: re.Match[str]
) -> tuple[int, str, dict[str, Any]]:
    """Code, reason and facts for a claim matched by COMPARISON.

    `=` with a number asks whether the value rounds to it at the digits given. A value whose status
    is not ok, or within its error of the limit, decides nothing.
    """
    name, key, sign, text = claim.groups()
    observable = get_observable(name, request.model_name)
    if observable.labels:
        _check_word(name, sign, text, observable.labels)
    limit, room = (0.0, 0.0) if observable.labels else _limit(text, sign, observable.unit, name)
    named = {a.name for a in observable.arguments}
    arguments = {k: value for k, value in request.arguments.items() if k in named}
    result = evaluate(model, name, inputs=request.inputs, options=request.options, **arguments)
    value = _single(name, key, result.value)
    error = result.error_estimate
    error = _single(name, key if isinstance(error, dict) else None, error) or 0.0
    shown = f"{name}.{key}" if key else name
    facts = {"value": value, "unit": result.unit}
    if worst(np.asarray(result.status)) or value is None or value != value:
        return UNDECIDED, " ".join(reasons_of(result)) or f"{shown} has no value.", facts
    if isinstance(value, str):
        holds = (value == text) == (sign != "!=")
        return (AGREES if holds else DISAGREES), f"{shown} = {value}.", facts
    reason = f"{shown} = {quantity(value, result.unit)}."
    gap = abs(abs(value - limit) - room)
    if value != limit and gap <= error * abs(value):
        return UNDECIDED, f"{reason[:-1]}, within its error of the limit.", facts
    return (AGREES if _holds(value, sign, limit, room) else DISAGREES), reason, facts


def _check_word(name: str, sign: str, text: str, words: tuple[str, ...]) -> None:
    if sign not in _EQUAL:
        raise UsageError(f"{name} is a word, which a claim compares with = or != only.")
    if text not in words:
        raise UsageError(f"{name} is never {text}{_or_one_of(text, words)}")


def _holds(value: float, sign: str, limit: float, room: float) -> bool:
    if sign in _EQUAL:
        return (abs(value - limit) <= room * (1.0 + 1e-12)) == (sign != "!=")
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
    }[sign]


def _limit(text: str, sign: str, unit: str, name: str) -> tuple[float, float]:
    """The number and, for = and !=, half a unit of its last digit; both in `unit`."""
    limit = parse_quantity(text, unit, name)
    if sign not in _EQUAL:
        return limit, 0.0
    digits = _DIGITS.match(text)
    if digits is None or "/" in text[digits.end() :].lstrip()[:1]:
        raise UsageError(f"{name} {sign} {text} needs a decimal number, whose digits count.")
    decimals = len(digits[1] or digits[2] or "")
    half = f"0.5e{int(digits[3] or 0) - decimals}{text[digits.end() :]}"
    return limit, parse_quantity(half, unit, name)


def _single(name: str, key: str | None, value: Any) -> Any:
    """The number or word of one point, `key` choosing an entry; None for no error estimate."""
    if value is None:
        return None
    if isinstance(value, dict):
        if key is None:
            raise UsageError(f"{name} has several values; name one as {name}.{next(iter(value))}.")
        if key not in value:
            raise UsageError(f"{name} has no entry {key}{_or_one_of(key, tuple(value))}")
        value = value[key]
    elif key is not None and np.ndim(value) == 0 and not isinstance(value, str):
        raise UsageError(f"{name} is one value and has no entry {key}.")
    array = np.asarray(value)
    if array.size != 1:
        raise UsageError(f"{name} is not one number, so no claim can compare it.")
    item = array.reshape(-1)[0]
    return item if item is None or isinstance(item, str) else float(item)


def _or_one_of(name: str, known: tuple[str, ...]) -> str:
    near = nearest_name(name, known)
    return f"; did you mean {near}?" if near else f"; it has {', '.join(known)}."
