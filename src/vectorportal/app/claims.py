"""The command `check`: does a claim about a point hold?

A claim is `excluded by NAME`, `allowed by NAME` (an experiment or the id of a bound) or
`OBSERVABLE < NUMBER [UNIT]` with one of < <= > >=.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.encode import dumps
from vectorportal.app.output import (
    header_record,
    quantity,
    reasons_of,
    remark_lines,
    remarks_record,
    worst,
)
from vectorportal.app.request import parse_request, split_pairs
from vectorportal.errors import UsageError
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate, get_observable
from vectorportal.units import parse_quantity

if TYPE_CHECKING:
    from vectorportal.app.request import Request
    from vectorportal.bounds.record import BoundRecord

__all__ = ["AGREES", "DISAGREES", "UNDECIDED", "Answer", "run_check"]

AGREES, DISAGREES, UNDECIDED = 0, 1, 2
_WORDS = {AGREES: "agrees", DISAGREES: "disagrees", UNDECIDED: "cannot decide"}
_SHORTEST = 3
"""letters and digits from which part of a name is enough to name a bound"""
_BOUND = re.compile(r"\s*(excluded|allowed)\s+by\s+(\S.*?)\s*", re.IGNORECASE | re.DOTALL)
_COMPARISON = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(<=|>=|<|>)\s*([^<>=]+?)\s*")


@dataclass(frozen=True)
class Answer:
    """What became of one claim: AGREES, DISAGREES or UNDECIDED, and why."""

    claim: str
    code: int
    reason: str


def run_check(model_name: str, words: list[str], claims: list[str], as_json: bool) -> int:
    """Print an answer for each claim. The exit code is 1 if any disagrees, else 2 if any cannot be
    decided, else 0.

    Raises
    ------
    UsageError : no claim, a claim of no known form, unknown names or bad values.
    """
    if not claims:
        raise UsageError('check needs --claim, for example --claim "excluded by NA64".')
    get_model(model_name)
    compared = tuple(
        get_observable(match[1], model_name) for match in map(_comparison, claims) if match
    )
    request = parse_request(model_name, split_pairs(words), compared)
    model = request.model()
    answers = [_answer(request, model, claim) for claim in claims]
    if as_json:
        shown = [{"claim": a.claim, "answer": _WORDS[a.code], "reason": a.reason} for a in answers]
        print(dumps(header_record(request, model) | remarks_record(request) | {"claims": shown}))
    else:
        for answer in answers:
            print(f"{_WORDS[answer.code]}: {answer.claim}: {answer.reason}")
        for line in remark_lines(request):
            print(line)
    codes = [answer.code for answer in answers]
    return DISAGREES if DISAGREES in codes else max(codes)


def _comparison(claim: str) -> re.Match[str] | None:
    return None if _BOUND.fullmatch(claim) else _COMPARISON.fullmatch(claim)


def _answer(request: Request, model: Any, claim: str) -> Answer:
    bound = _BOUND.fullmatch(claim)
    if bound is not None:
        return _by_bound(request, model, claim, bound[1].lower(), bound[2])
    comparison = _comparison(claim)
    if comparison is None:
        forms = '"excluded by NAME", "allowed by NAME" or "OBSERVABLE < NUMBER"'
        raise UsageError(f"the claim {claim!r} is not of the form {forms}.")
    return _by_value(request, model, claim, comparison[1], comparison[2], comparison[3])


def _by_bound(request: Request, model: Any, claim: str, word: str, name: str) -> Answer:
    from vectorportal.bounds.of_model import verdict

    limits = _limits(request.model_name, name)
    if not limits:
        return Answer(claim, UNDECIDED, f"{name} sets no limit on {request.model_name}.")
    judged = verdict(model, inputs=request.inputs, options=request.options, records=limits)
    rows = [row for row in judged.bounds if row.excluded is not None]
    if not rows:
        return Answer(claim, UNDECIDED, judged.bounds[0].sentence)
    uncounted = not judged.excluded and any(row.side == "inside" for row in rows)
    agrees = judged.excluded == (word == "excluded")
    code = UNDECIDED if uncounted else AGREES if agrees else DISAGREES
    return Answer(claim, code, rows[0].sentence)


def _limits(model_name: str, name: str) -> list[BoundRecord]:
    """Limits on the model that `name` means; superseded ones only when nothing newer matches."""
    from vectorportal.bounds.registry import current, find_bounds

    named = [record for record in find_bounds(name) if _means(name, record)]
    if not named:
        raise UsageError(f"{name!r} is too short a name to tell which bound it means.")
    matching = [r for r in named if r.kind == "limit" and model_name in r.models]
    return list(current(matching)) or matching


def _means(name: str, record: BoundRecord) -> bool:
    """Whether `name` has three letters or digits, or all its words are words of the record."""
    if sum(character.isalnum() for character in name) >= _SHORTEST:
        return True
    words = _split(f"{record.id} {record.experiment} {record.label}")
    return set(_split(name)) <= set(words)


def _split(text: str) -> list[str]:
    return re.split(r"[\s_-]+", text.casefold())


def _by_value(request: Request, model: Any, claim: str, name: str, sign: str, text: str) -> Answer:
    observable = get_observable(name, request.model_name)
    limit = parse_quantity(text, observable.unit, name)
    named = {a.name for a in observable.arguments}
    arguments = {key: value for key, value in request.arguments.items() if key in named}
    result = evaluate(model, name, inputs=request.inputs, options=request.options, **arguments)
    if (
        isinstance(result.value, dict)
        or np.asarray(result.value).dtype.kind not in "fiu"
        or (np.size(result.value) != 1)
    ):
        raise UsageError(f"{name} is not one number, so no claim can compare it.")
    value = float(np.asarray(result.value))
    if worst(np.asarray(result.status)) or not np.isfinite(value):
        return Answer(claim, UNDECIDED, " ".join(reasons_of(result)) or f"{name} has no value.")
    reason = f"{name} = {quantity(value, result.unit)}."
    error = 0.0 if result.error_estimate is None else float(np.asarray(result.error_estimate))
    if value != limit and abs(value - limit) <= error * abs(value):
        return Answer(claim, UNDECIDED, f"{reason[:-1]}, within its error of the limit.")
    holds = {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}
    return Answer(claim, AGREES if holds[sign] else DISAGREES, reason)
