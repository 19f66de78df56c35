"""The registry of bounds: one folder per published result, loaded once and checked completely."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from vectorportal.bounds.computed import check_inputs
from vectorportal.bounds.curve import parse_columns, parse_curve
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.record_file import parse_record
from vectorportal.bounds.yaml_text import load_documents
from vectorportal.errors import DataError, UsageError, nearest_name

__all__ = [
    "bound_ids",
    "bounds_for",
    "current",
    "find_bounds",
    "get_bound",
    "load_bounds",
    "read_folder",
]

_TABLES = {
    "injection.csv": ("energy_GeV", "electron", "photon", "muon", "pion"),
    "modes.csv": (),
}
"""Tables that a record may carry, with their columns; () where the file names them."""


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{shown} cannot be read: {error}.") from None


def _record(folder: Path) -> BoundRecord:
    """The record of one folder; DataError names the file and the field."""
    shown = f"{folder.name}/record.yaml"
    documents = load_documents(shown, _text(folder / "record.yaml", shown))
    data = documents[0] if len(documents) == 1 else None
    curve = None
    if not isinstance(data, dict) or data.get("region") != "computed":
        name = f"{folder.name}/curve.csv"
        curve = parse_curve(name, _text(folder / "curve.csv", name))
    record = parse_record(shown, data, curve, _tables(folder))
    check_inputs(record)
    return record


def _tables(folder: Path) -> dict[str, dict[str, np.ndarray]]:
    """The tables beside the curve; the columns of modes.csv are those it has."""
    tables: dict[str, dict[str, np.ndarray]] = {}
    for name, columns in _TABLES.items():
        if not (folder / name).exists():
            continue
        shown, text = f"{folder.name}/{name}", _text(folder / name, f"{folder.name}/{name}")
        names = columns or tuple(text.split("\n", 1)[0].strip().split(","))
        if names[0] not in ("mass_GeV", "energy_GeV") or len(set(names)) < len(names):
            raise DataError(f"{shown}, line 1: the columns are not a mass and different modes.")
        tables[name] = parse_columns(shown, text, names, zero=not columns)
    return tables


def _check_links(records: dict[str, BoundRecord]) -> None:
    """Every id that a record points to exists."""
    for record in records.values():
        links = [("supersedes", name) for name in record.supersedes]
        if record.alternative_to is not None:
            links.append(("alternative_to", record.alternative_to))
        for field, name in links:
            if name not in records or name == record.id:
                raise DataError(f"{record.id}/record.yaml, field {field}: no other bound {name}.")


def read_folder(root: Path) -> dict[str, BoundRecord]:
    """All records below `root` by id, in alphabetical order.

    DataError for a missing, broken or inconsistent file, a repeated id and an empty folder:
    a registry is complete or it is an error.
    """
    if not root.is_dir():
        raise DataError(f"the folder of bounds {root.name} is missing.")
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")
    if not folders:
        raise DataError(f"the folder of bounds {root.name} is empty.")
    records: dict[str, BoundRecord] = {}
    for folder in folders:
        record = _record(folder)
        if record.id in records:
            raise DataError(f"{folder.name}/record.yaml, field id: {record.id} occurs twice.")
        if record.id != folder.name:
            raise DataError(f"{folder.name}/record.yaml, field id: {record.id} is not the folder.")
        records[record.id] = record
    _check_links(records)
    return records


@lru_cache(maxsize=1)
def load_bounds() -> dict[str, BoundRecord]:
    """Every packaged record by id; read once. Raises DataError, never returns an empty registry."""
    with resources.as_file(resources.files("vectorportal") / "data" / "bounds") as root:
        return read_folder(root)


def bound_ids() -> tuple[str, ...]:
    """The ids of all packaged records."""
    return tuple(load_bounds())


def get_bound(name: str) -> BoundRecord:
    """The record with the id `name`, or UsageError with the nearest id."""
    records = load_bounds()
    if name not in records:
        near = nearest_name(name, records)
        hint = f"; did you mean {near}?" if near else "."
        raise UsageError(f"there is no bound {name}{hint}")
    return records[name]


def bounds_for(model: str, kind: str | None = None) -> tuple[BoundRecord, ...]:
    """Records that can be read for the model `model` (all its mediators couple to the charge).

    `kind` selects limits or projections. Empty for a model that no record names.
    """
    found = (r for r in load_bounds().values() if model in r.models)
    return tuple(r for r in found if kind is None or r.kind == kind)


def current(records: Iterable[BoundRecord]) -> tuple[BoundRecord, ...]:
    """`records` without superseded results and without alternative recasts of the same data."""
    records = tuple(records)
    superseded = {name for r in records for name in r.supersedes}
    return tuple(r for r in records if r.id not in superseded and r.alternative_to is None)


def find_bounds(name: str, own: Iterable[BoundRecord] = ()) -> tuple[BoundRecord, ...]:
    """Records, packaged or `own`, whose id, label or experiment contains `name`.

    Letter case and punctuation do not count.

    Raises UsageError with the nearest experiment when nothing matches.
    """

    def plain(text: str) -> str:
        return "".join(c for c in text.lower() if c.isalnum() or c == "+")

    records = (*load_bounds().values(), *own)
    wanted = plain(name)
    exact = tuple(r for r in records if wanted in (plain(r.id), plain(r.label)))
    if exact:
        return exact
    found = tuple(r for r in records if wanted and wanted in plain(f"{r.experiment} {r.label}"))
    if found:
        return found
    near = nearest_name(name, {text for r in records for text in (r.experiment, r.id)})
    hint = f"; did you mean {near}?" if near else "."
    raise UsageError(f"no bound matches {name}{hint}")
