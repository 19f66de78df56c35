"""The command `check`: does a claim about a point hold?

A claim is `excluded by NAME`, `allowed by NAME` (an experiment or the id of a bound), or compares
an observable: `OBSERVABLE < NUMBER [UNIT]` with one of < <= > >= = !=, `OBSERVABLE = WORD` with =
or !=. `OBSERVABLE.NAME` is one entry of an observable that has several.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vectorportal.app.encode import dumps
from vectorportal.app.output import header_record, remark_lines, remarks_record
from vectorportal.app.request import parse_request, split_pairs
from vectorportal.errors import UsageError
from vectorportal.models import get_model
from vectorportal.observables.base import get_observable

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable
    from pathlib import Path

    from vectorportal.app.request import Request

__all__ = ["AGREES", "DISAGREES", "UNDECIDED", "Answer", "run_check"]

AGREES, DISAGREES, UNDECIDED = 0, 1, 2
_WORDS = {AGREES: "agrees", DISAGREES: "disagrees", UNDECIDED: "cannot decide"}
_FORMS = '"excluded by NAME", "allowed by NAME", "OBSERVABLE < NUMBER" or "OBSERVABLE = WORD"'


@dataclass(frozen=True)
class Answer:
    """What became of one claim: AGREES, DISAGREES or UNDECIDED, and why; `facts` are JSON."""

    claim: str
    code: int
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """claim, answer, reason and the facts that it rests on."""
        words = {"claim": self.claim, "answer": _WORDS[self.code], "reason": self.reason}
        return words | self.facts


def run_check(
    model_name: str,
    words: list[str],
    claims: list[str],
    as_json: bool,
    own: Iterable[Path] = (),
) -> int:
    """Print an answer for each claim. The exit code is 1 if any disagrees, else 2 if any cannot be
    decided, else 0. `own` are files with bounds that claims may name.

    Raises
    ------
    UsageError : no claim, a claim of no known form, unknown names, bad values, an own bound that is
        not for the model.
    DataError : a broken file of `own`.
    """
    from vectorportal.app.claims_on_bounds import answer_bound
    from vectorportal.app.claims_on_values import answer_value
    from vectorportal.bounds.own import own_for

    if not claims:
        raise UsageError('check needs --claim, for example --claim "excluded by NA64".')
    name = get_model(model_name).name
    forms = [_form(claim) for claim in claims]
    compared = tuple(get_observable(value[1], model_name) for _, value in forms if value)
    records = own_for(name, own)
    request = parse_request(model_name, split_pairs(words), compared)
    model = request.model()
    answers = []
    for claim, (bound, value) in zip(claims, forms, strict=True):
        if bound is not None:
            code, reason, facts = answer_bound(request, model, bound, records)
        else:
            assert value is not None
            code, reason, facts = answer_value(request, model, value)
        answers.append(Answer(claim, code, reason, facts))
    _print(request, model, answers, as_json)
    codes = [answer.code for answer in answers]
    return DISAGREES if DISAGREES in codes else max(codes)


def _form(claim: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """The match of a claim about a bound, or of one about a value; UsageError for neither."""
    from vectorportal.app.claims_on_bounds import BOUND
    from vectorportal.app.claims_on_values import COMPARISON

    bound = BOUND.fullmatch(claim)
    value = None if bound else COMPARISON.fullmatch(claim)
    if bound is None and value is None:
        raise UsageError(f"the claim {claim!r} is not of the form {_FORMS}.")
    return bound, value


def _print(request: Request, model: Any, answers: list[Answer], as_json: bool) -> None:
    if as_json:
        shown = [answer.to_json() for answer in answers]
        print(dumps(header_record(request, model) | remarks_record(request) | {"claims": shown}))
        return
    for answer in answers:
        print(f"{_WORDS[answer.code]}: {answer.claim}: {answer.reason}")
    for line in remark_lines(request):
        print(line)
