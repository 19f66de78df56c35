"""Claims about bounds: `excluded by NAME` and `allowed by NAME`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vectorportal.app.claims import AGREES, DISAGREES, UNDECIDED
from vectorportal.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vectorportal.app.request import Request
    from vectorportal.bounds.record import BoundRecord

__all__ = ["BOUND", "answer_bound", "limits"]

BOUND = re.compile(r"\s*(excluded|allowed)\s+by\s+(\S.*?)\s*", re.IGNORECASE | re.DOTALL)
_SHORTEST = 3
"""letters and digits from which part of a name is enough to name a bound"""


def answer_bound(
    request: Request, model: Any, claim: re.Match[str], own: Iterable[BoundRecord]
) -> tuple[int, str, dict[str, Any]]:
    """Code, reason and facts for a claim matched by BOUND.

    It cannot be decided by a result of grade D, by one that another result supersedes, by a rate
    that needs warmer dark matter, by a projection, or where the bound has no data.
    """
    from vectorportal.bounds.of_model import verdict

    own = tuple(own)
    word, name = claim[1].lower(), claim[2]
    named, superseded = limits(request.model_name, name, own)
    if not named:
        return UNDECIDED, _silence(request.model_name, name, own), {"bounds": []}
    judged = verdict(model, inputs=request.inputs, options=request.options, records=named)
    rows = [row for row in judged.bounds if row.excluded is not None]
    facts: dict[str, Any] = {"bounds": [row.id for row in rows], "superseded_by": superseded}
    if not rows:
        return UNDECIDED, judged.bounds[0].sentence, facts
    facts["margin"] = rows[0].margin
    if superseded:
        newer = " and ".join(superseded)
        return UNDECIDED, f"{named[0].id} is superseded by {newer}; {rows[0].sentence}", facts
    if judged.excluded:
        return (AGREES if word == "excluded" else DISAGREES), rows[0].sentence, facts
    doubtful = [row for row in rows if row.doubt]
    if doubtful:
        return UNDECIDED, doubtful[0].sentence, facts
    counted = [row for row in rows if row.grade != "D"]
    if not counted:
        return UNDECIDED, f"a bound of grade D decides nothing; {rows[0].sentence}", facts
    return (DISAGREES if word == "excluded" else AGREES), counted[0].sentence, facts


def _silence(model_name: str, name: str, own: Iterable[BoundRecord]) -> str:
    """Why nothing called `name` sets a limit on the model."""
    from vectorportal.bounds.registry import find_bounds

    found = [record for record in find_bounds(name, own) if _means(name, record)]
    here = [record for record in found if model_name in record.models]
    if here:
        return f"{name} is a projection, which excludes nothing."
    models = dict.fromkeys(model for record in found for model in record.models)
    ids = ", ".join(record.id for record in found[:3]) + (", ..." if len(found) > 3 else "")
    return f"{name} ({ids}) sets no limit on {model_name}: it is for {', '.join(models)}."


def limits(
    model_name: str, name: str, own: Iterable[BoundRecord] = ()
) -> tuple[list[BoundRecord], list[str]]:
    """Limits on the model that `name` means, and the ids that supersede them all.

    Superseded ones come only when `name` means nothing newer.
    """
    from vectorportal.bounds.registry import bounds_for, current, find_bounds

    own = tuple(own)
    named = [record for record in find_bounds(name, own) if _means(name, record)]
    if not named:
        raise UsageError(f"{name!r} is too short a name to tell which bound it means.")
    matching = [r for r in named if r.kind == "limit" and model_name in r.models]
    everything = [r for r in (*bounds_for(model_name, "limit"), *own) if model_name in r.models]
    newer = {old: r.id for r in everything if r.kind == "limit" for old in r.supersedes}
    living = [record for record in matching if record.id not in newer]
    if not living:
        return matching, list(dict.fromkeys(newer[r.id] for r in matching))
    return list(current(living)) or living, []


def _means(name: str, record: BoundRecord) -> bool:
    """Whether `name` has three letters or digits, or all its words are words of the record."""
    if sum(character.isalnum() for character in name) >= _SHORTEST:
        return True
    words = _split(f"{record.id} {record.experiment} {record.label}")
    return set(_split(name)) <= set(words)


def _split(text: str) -> list[str]:
    return re.split(r"[\s_-]+", text.casefold())
