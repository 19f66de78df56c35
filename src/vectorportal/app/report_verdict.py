"""The verdict in the report of a point: the strongest bound, the next ones, and who is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from vectorportal.bounds.result import BoundRow
    from vectorportal.bounds.verdict import Verdict

__all__ = ["print_verdict"]

_FAINT = 1e-6
_EXPLAINED = 3
"""Bounds whose assumptions are printed"""
_MOST = 8
"""Projections named"""

Wrapped = Callable[..., None]


def print_verdict(console: Console, judged: Verdict, wrapped: Wrapped) -> None:
    """The sentence, a table of the bounds in reach (strongest first) with the assumptions of the
    first three, the names of the others, and the projections that would see the point.

    `wrapped(console, text, style=...)` prints one paragraph.
    """
    wrapped(console, judged.sentence, style="bold")
    rows = judged.bounds
    near = [row for row in rows if row.mu is not None and row.mu >= _FAINT]
    if near:
        console.print()
        console.print(_table(near))
        console.print()
    for row in near[:_EXPLAINED]:
        wrapped(console, f"{row.id} assumes: {'; '.join(row.assumes)}.")
    for text, names in _silent(rows):
        if names:
            console.print()
            wrapped(console, f"{text}: {', '.join(names)}.")
    if judged.reach:
        console.print()
        wrapped(console, _reach(judged.reach))


def _silent(rows: tuple[BoundRow, ...]) -> list[tuple[str, list[str]]]:
    """Names of the bounds beside the table, by what they say."""
    far = [row.id for row in rows if row.mu is not None and row.mu < _FAINT]
    sides = {"no-data": "No data here", "not-applicable": "Does not apply"}
    answer = [(f"Allowed, with a signal below {_FAINT:g} of the limit", far)]
    return answer + [(text, [r.id for r in rows if r.side == side]) for side, text in sides.items()]


def _table(rows: list[BoundRow]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("bound", "margin", "mu", "says", "CL", "grade"):
        table.add_column(title, justify="right" if title in ("mu", "margin") else "left")
    for row in rows:
        margin = "" if row.margin is None else f"{row.margin:.3g}"
        table.add_row(row.id, margin, f"{row.mu:.3g}", _says(row), row.confidence_level, row.grade)
    return table


def _says(row: BoundRow) -> str:
    if row.excluded:
        return "excluded"
    return "not counted" if row.doubt else "allowed"


def _reach(rows: tuple[BoundRow, ...]) -> str:
    """The projections that would see the point, the furthest reach first."""
    seeing = [row for row in rows if row.side == "inside"]
    if not seeing:
        speaking = sum(row.mu is not None for row in rows)
        return f"Projections: none of the {speaking} with data here would see this point."
    words = [f"{row.id} ({_margin(row)}grade {row.grade})" for row in seeing[:_MOST]]
    if len(seeing) > _MOST:
        words.append(f"and {len(seeing) - _MOST} more")
    return f"Projections that would see this point: {', '.join(words)}."


def _margin(row: Any) -> str:
    return "" if row.margin is None else f"margin {row.margin:.3g}, "
