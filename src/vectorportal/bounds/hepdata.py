"""HEPData tables (YAML): read a limit from one as a record of your own.

The format is that of the HEPData submission schema, version 1.1.1: independent and dependent
variables with a header, qualifiers and one value for each row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vectorportal.bounds.own_fields import FIELDS, Entry, did_you_mean, header_entries, make_own
from vectorportal.bounds.own_files import checked_curve, read_text
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.yaml_text import load_documents
from vectorportal.errors import DataError, UsageError
from vectorportal.units import UNITS, convert

__all__ = ["UPPER", "read_hepdata"]

UPPER = "_upper"
"""Ending of the column with the upper edge of the band in the column without it"""
_CHOICES = ("column", "column_upper", "mass")
"""Header fields that choose variables of the table."""
_MISSING = ("-", "", "nan")
_SAME = {"cl": "confidence_level", "confidence_level_cl": "confidence_level"}


@dataclass(frozen=True)
class _Variable:
    """One variable of a table: name, unit ("" when pure), values and what its qualifiers say."""

    name: str
    unit: str
    values: list[Any]
    about: Mapping[str, Entry]


@dataclass(frozen=True)
class _Table:
    """One table of the file `path` and the fields above it."""

    path: Path
    header: Mapping[str, Entry]
    independent: list[_Variable]
    dependent: list[_Variable]


def read_hepdata(
    path: Path | str, column: str | None = None, table: str | None = None, **fields: str
) -> BoundRecord:
    """The limit in one column of a HEPData table, as a record.

    `path` is the YAML of a table, or the folder of a submission with `table` the name of one of its
    tables where several have the column. The fields of an own bound come from `fields`, else from
    `# field: value` lines above the table, else from the qualifiers of the column. The lines
    `# column:`, `# column_upper:` and `# mass:` choose variables; without, the only one is taken.
    The mass takes the unit of its header. `-` marks a row without a limit.

    Raises DataError naming file, variable and row, UsageError for an unknown choice.
    """
    for name in fields:
        if name not in FIELDS:
            raise UsageError(f"{name} is no field of a bound{did_you_mean(name, FIELDS)}")
    found, lower = _chosen(_tables(Path(path), table), Path(path), column)
    upper = _upper(found, lower)
    mass = _mass(found)
    size = {len(v.values) for v in (mass, lower, upper) if v is not None}
    if len(size) != 1 or size == {0}:
        raise DataError(f"{found.path}, variable {lower.name}: not one value for each mass.")
    unit = _energy(found, mass)
    masses = [convert(value, unit, "GeV") for value in _positive(found, mass)]
    edges = np.array([_positive(found, v) for v in (lower, upper) if v is not None])
    high = edges[1] if upper is not None else np.full(len(masses), np.nan)
    _check_pure(found, lower)
    curve = checked_curve(found.path, np.array(masses), edges[0], high)
    entries = {**lower.about, **found.header}
    entries |= {name: Entry(text, "the call") for name, text in fields.items()}
    entries = {name: entry for name, entry in entries.items() if name not in _CHOICES}
    entries.setdefault("id", Entry(_id(found, lower), "the names"))
    return make_own(found.path, entries, curve, f"column {lower.name} of {found.path.name}")


def _id(table: _Table, lower: _Variable) -> str:
    words = f"{table.path.stem} {lower.name}" if len(table.dependent) > 1 else table.path.stem
    return "_".join("".join(c if c.isalnum() else " " for c in words.lower()).split()) or "own"


def _check_pure(table: _Table, lower: _Variable) -> None:
    if lower.unit:
        where = f"{table.path}, variable {lower.name}"
        raise DataError(f"{where}: it is in {lower.unit}, and a coupling is a pure number.")


def _tables(path: Path, table: str | None) -> list[_Table]:
    """The tables of a file, or those of a submission (all, or the one called `table`)."""
    folder = path if path.is_dir() else path.parent
    if not path.is_dir() and path.name != "submission.yaml":
        return _tables_in(path)
    names = {str(d["name"]): d["data_file"] for d in _listed(folder / "submission.yaml")}
    if table is not None and table not in names:
        hint = did_you_mean(table, names)
        raise UsageError(f"{folder}/submission.yaml has no table {table}{hint}")
    chosen = names.values() if table is None else [names[table]]
    return [item for file in chosen for item in _tables_in(folder / _inside(folder, file))]


def _listed(path: Path) -> list[dict[str, Any]]:
    documents = [d for d in load_documents(str(path), read_text(path)) if isinstance(d, dict)]
    found = [d for d in documents if "data_file" in d and "name" in d]
    if not found:
        raise DataError(f"{path}: it lists no table with name and data_file.")
    return found


def _inside(folder: Path, file: Any) -> str:
    """The name of a file in `folder` itself: a submission never points elsewhere."""
    if not isinstance(file, str) or file != Path(file).name or file in ("", ".", ".."):
        raise DataError(f"{folder}/submission.yaml, field data_file: {file!r} is not a file name.")
    return file


def _tables_in(path: Path) -> list[_Table]:
    text = read_text(path)
    header = header_entries(path, _top(text), _CHOICES)
    documents = [
        d
        for d in load_documents(str(path), text)
        if isinstance(d, dict) and "dependent_variables" in d
    ]
    if not documents:
        raise DataError(f"{path}: no HEPData table, which has dependent_variables.")
    return [
        _Table(path, header, _variables(path, d, "independent"), _variables(path, d, "dependent"))
        for d in documents
    ]


def _top(text: str) -> Iterator[str]:
    """The lines above the YAML."""
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        yield line


def _variables(path: Path, document: dict[str, Any], kind: str) -> list[_Variable]:
    items = document.get(f"{kind}_variables")
    if not isinstance(items, list) or not items:
        raise DataError(f"{path}, field {kind}_variables: not a list with entries.")
    return [_variable(path, f"{kind}_variables[{i}]", item) for i, item in enumerate(items)]


def _variable(path: Path, where: str, item: Any) -> _Variable:
    header = item.get("header") if isinstance(item, dict) else None
    if not isinstance(header, dict) or not isinstance(header.get("name"), str):
        raise DataError(f"{path}, field {where}: it has no header with a name.")
    values = item.get("values")
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        raise DataError(f"{path}, variable {header['name']}: its values are not a list of entries.")
    qualifiers = item.get("qualifiers", [])
    about = dict(_qualifiers(qualifiers)) if isinstance(qualifiers, list) else {}
    return _Variable(header["name"], _unit(header), values, about)


def _unit(header: dict[str, Any]) -> str:
    """The unit of a header without decoration and c^2, else that in brackets behind the name."""
    text = str(header.get("units") or "")
    if not text and header["name"].rstrip().endswith("]"):
        text = header["name"].rpartition("[")[2].rstrip(" ]")
    plain = re.sub(r"\\(mathrm|text|rm)", "", text)
    unit = "".join(c for c in plain if c not in "$\\{}*^ ").removesuffix("/c2")
    return "" if unit == "1" else unit


def _qualifiers(items: list[Any]) -> Iterator[tuple[str, Entry]]:
    """Qualifiers that are fields of a bound; a table may have any others."""
    for item in items:
        if not isinstance(item, dict) or "name" not in item:
            continue
        name = "_".join(str(item["name"]).lower().replace("-", " ").split())
        name, text = _SAME.get(name, name), str(item.get("value", "")).strip()
        if name in FIELDS and text:
            yield name, Entry(text, f"qualifier {item['name']}")


def _chosen(tables: list[_Table], path: Path, column: str | None) -> tuple[_Table, _Variable]:
    """The one table with the column asked for, or with the only column."""
    found = []
    for table in tables:
        wanted = column or (table.header["column"].text if "column" in table.header else None)
        names = {v.name for v in table.dependent}
        for variable in table.dependent:
            partner = variable.name.endswith(UPPER) and variable.name[: -len(UPPER)] in names
            if variable.name == wanted or (wanted is None and not partner):
                found.append((table, variable))
    if len(found) == 1:
        return found[0]
    known = list(dict.fromkeys(v.name for table in tables for v in table.dependent))
    if column is not None and not found:
        raise UsageError(f"{path} has no column {column}{did_you_mean(column, known)}")
    shown = ", ".join(known[:6]) + (", ..." if len(known) > 6 else "")
    raise DataError(f"{path}: name one of its columns {shown} with `# column: NAME` or #NAME.")


def _upper(table: _Table, lower: _Variable) -> _Variable | None:
    """The column with the upper edge: named above the table, or called as the lower + `_upper`."""
    entry = table.header.get("column_upper")
    name = lower.name + UPPER if entry is None else entry.text
    found = [v for v in table.dependent if v.name == name]
    if entry is not None and len(found) != 1:
        raise DataError(f"{table.path}, {entry.where}, field column_upper: no column {name}.")
    return found[0] if found else None


def _mass(table: _Table) -> _Variable:
    entry = table.header.get("mass")
    found = [v for v in table.independent if entry is None or v.name == entry.text]
    if len(found) == 1 and len(table.independent) == 1:
        return found[0]
    names = ", ".join(v.name for v in table.independent)
    if len(table.independent) > 1:
        raise DataError(f"{table.path}: the curve depends on {names}, not on a mass alone.")
    raise DataError(f"{table.path}, field mass: the independent variable is {names}.")


def _energy(table: _Table, mass: _Variable) -> str:
    known = {name.lower(): name for name, unit in UNITS.items() if unit.power == 1 and name != "K"}
    known |= {"mev": "MeV"}
    if mass.unit.lower() not in known or mass.unit == "meV":
        raise DataError(
            f"{table.path}, variable {mass.name}: its unit {mass.unit or '(none)'} is no energy."
        )
    return known[mass.unit.lower()]


def _positive(table: _Table, variable: _Variable) -> list[float]:
    """The values as finite positive numbers; NaN for `-`."""
    values = [_number(table, variable, row, item) for row, item in enumerate(variable.values, 1)]
    for row, value in enumerate(values, 1):
        if value <= 0.0:
            where = f"{table.path}, variable {variable.name}, row {row}"
            raise DataError(f"{where}: {value:g} is not positive.")
    return values


def _number(table: _Table, variable: _Variable, row: int, item: dict[str, Any]) -> float:
    where = f"{table.path}, variable {variable.name}, row {row}"
    if "value" not in item:
        raise DataError(f"{where}: no value.")
    value = item["value"]
    if isinstance(value, str) and value.strip().lower() in _MISSING:
        return math.nan
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        raise DataError(f"{where}: {str(value)[:40]!r} is not a number.") from None
    if math.isinf(number) or isinstance(value, bool):
        raise DataError(f"{where}: {value} is not a finite number.")
    return number
