"""Make docs/bounds-list.md from the registry of bounds.

python -m tests.oracles.make_bounds_list
"""

from __future__ import annotations

from pathlib import Path

from vectorportal.bounds.record import SIGNATURES, BoundRecord
from vectorportal.bounds.registry import load_bounds
from vectorportal.references import load_references

PAGE = Path(__file__).parents[2] / "docs" / "bounds-list.md"
START = "<!-- made by tests/oracles/make_bounds_list.py: start -->"
END = "<!-- end -->"
_COLUMNS = ("id", "experiment", "kind", "coupling", "mass [GeV]", "CL", "grade", "source")
_COLUMNS += ("numbers from", "replaces")


def _mass(record: BoundRecord) -> str:
    if record.curve is None:
        return "computed"
    mass = record.curve.mass
    return f"{mass[0]:.3g} to {mass[-1]:.3g}"


def _source(record: BoundRecord) -> str:
    papers = load_references()
    return ", ".join(papers[key].arxiv or key for key in record.source)


def _replaces(record: BoundRecord) -> str:
    words = [f"supersedes {name}" for name in record.supersedes]
    if record.alternative_to is not None:
        words.append(f"alternative to {record.alternative_to}")
    return ", ".join(words)


def _row(record: BoundRecord) -> str:
    coupling = record.coupling
    if record.charges is not None:
        coupling += f" of {record.charges}"
    level = record.confidence_level + ("" if record.confidence_level_checked else " *")
    cells = (record.id, record.experiment, record.kind, coupling, _mass(record), level)
    cells += (record.grade, _source(record), record.digitised_by, _replaces(record))
    return "| " + " | ".join(cells) + " |"


def _summary(records: list[BoundRecord]) -> str:
    limits = [r for r in records if r.kind == "limit"]
    checked = sum(r.confidence_level_checked for r in limits)
    grades = ", ".join(f"{g}: {sum(r.grade == g for r in records)}" for g in "ABCD")
    return (
        f"{len(records)} records: {len(limits)} limits and {len(records) - len(limits)} "
        f"projections. Grades: {grades}. The confidence level of {checked} limits was checked."
    )


def tables() -> str:
    """The made part of the page: a summary and one table for each signature."""
    records = list(load_bounds().values())
    lines = [_summary(records), ""]
    for signature in SIGNATURES:
        group = [record for record in records if record.signature == signature]
        if not group:
            continue
        lines += [f"### {signature}", "", "| " + " | ".join(_COLUMNS) + " |"]
        lines += ["|" + "---|" * len(_COLUMNS), *map(_row, group), ""]
    return "\n".join(lines)


def page(text: str) -> str:
    """`text` with its made part renewed."""
    head, rest = text.split(START, 1)
    return f"{head}{START}\n{tables()}{END}{rest.split(END, 1)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
