"""Bounds of your own: a CSV with a few header fields becomes a record like any packaged one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from vectorportal.bounds.own_fields import cut, did_you_mean, header_entries, make_own, require
from vectorportal.bounds.own_files import checked_curve, read_text
from vectorportal.bounds.record import BoundRecord, Curve
from vectorportal.errors import DataError, UsageError, VectorPortalError
from vectorportal.units import UNITS, convert, parse_quantity

__all__ = ["own_for", "read_all", "read_own"]


def read_own(path: Path | str, column: str | None = None) -> BoundRecord:
    """The record of one file: a .csv, or a HEPData table (.yaml, or the folder of a submission).

    `column` names the curve in a HEPData table that has several; `FILE#COLUMN` says the same. The
    mass is in GeV afterwards, the coupling what the header names.

    Raises DataError naming file, line and field, for every fault of the file.
    """
    file, name = _split(str(path))
    column = column or name
    if file.suffix.lower() == ".csv":
        if column:
            raise UsageError(f"{file} has one curve, so {column} cannot be chosen in it.")
        return _from_csv(file)
    if file.suffix.lower() in (".yaml", ".yml") or file.is_dir():
        from vectorportal.bounds.hepdata import read_hepdata

        return read_hepdata(file, column)
    raise UsageError(f"{file} is neither a .csv, a .yaml nor a folder, so no bound is read.")


def read_all(paths: Iterable[Path | str]) -> tuple[BoundRecord, ...]:
    """The records of several files. DataError when two have one id, which a packaged bound may not
    have either, or when one supersedes a bound that does not exist."""
    from vectorportal.bounds.registry import load_bounds

    packaged = load_bounds()
    found: dict[str, BoundRecord] = {}
    for path in paths:
        record = read_own(path)
        if record.id in found or record.id in packaged:
            other = "a packaged bound" if record.id in packaged else "another own bound"
            raise DataError(f"{path}, field id: {record.id} is {other}; give it an id of its own.")
        found[record.id] = record
    known = {*packaged, *found}
    for record in found.values():
        for name in record.supersedes:
            if name not in known or name == record.id:
                hint = did_you_mean(name, known - {record.id})
                raise DataError(f"{record.id}, field supersedes: there is no bound {name}{hint}")
    return tuple(found.values())


def own_for(model: str, paths: Iterable[Path | str]) -> tuple[BoundRecord, ...]:
    """`read_all` of `paths`; UsageError for a bound that is not for `model`."""
    records = read_all(paths)
    for record in records:
        if model not in record.models:
            names = ", ".join(record.models)
            raise UsageError(f"the own bound {record.id} is for {names}, not for {model}.")
    return records


def _split(path: str) -> tuple[Path, str | None]:
    """File and column of FILE#COLUMN; a file whose name has a # is a file."""
    if "#" in path and not Path(path).exists():
        file, _, column = path.rpartition("#")
        return Path(file), column or None
    return Path(path), None


def _from_csv(path: Path) -> BoundRecord:
    lines = read_text(path).splitlines()
    entries = header_entries(path, lines)
    require(path, entries)
    curve = _curve_of_rows(path, lines)
    return make_own(path, entries, curve, f"the table {path.name}, line by line")


def _curve_of_rows(path: Path, lines: list[str]) -> Curve:
    """The table below the header: mass_UNIT,coupling_lower[,coupling_upper] and its rows."""
    rows = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not rows:
        raise DataError(f"{path}: the file has no table.")
    (first, header), *body = rows
    names = [cell.strip() for cell in header.split(",")]
    unit, two_sided = _columns(path, first, names)
    if not body:
        raise DataError(f"{path}: the table has no rows.")
    table = np.array([_numbers(path, n, line, names) for n, line in body])
    falling = np.flatnonzero(~(np.diff(table[:, 0]) > 0.0))
    if falling.size:
        line = body[int(falling[0]) + 1][0]
        raise DataError(f"{path}, line {line}, field mass_{unit}: not above the mass before it.")
    upper = table[:, 2] if two_sided else np.full(len(table), np.nan)
    mass = [convert(value, unit, "GeV") for value in table[:, 0]]
    curve = checked_curve(path, np.array(mass), table[:, 1], upper)
    if np.isfinite(curve.lower).sum() == 1:
        raise DataError(f"{path}, field coupling_lower: one value is no curve; it needs two rows.")
    return curve


def _columns(path: Path, number: int, names: list[str]) -> tuple[str, bool]:
    """Unit of the mass, and whether there is an upper coupling."""
    unit = names[0].removeprefix("mass_")
    energies = [name for name, u in UNITS.items() if u.power == 1 and name.endswith("eV")]
    if not names[0].startswith("mass_") or unit not in energies:
        columns = [f"mass_{name}" for name in energies]
        hint = did_you_mean(names[0], columns, "; it must be mass_GeV or mass_MeV")
        raise DataError(f"{path}, line {number}, field {cut(names[0])}: no mass{hint}")
    if names[1:] not in (["coupling_lower"], ["coupling_lower", "coupling_upper"]):
        raise DataError(
            f"{path}, line {number}: the columns after {names[0]} must be coupling_lower or "
            f"coupling_lower,coupling_upper, not {cut(','.join(names[1:]))}."
        )
    return unit, len(names) == 3


def _numbers(path: Path, number: int, line: str, names: list[str]) -> list[float]:
    """The positive numbers of one row, NaN for an empty coupling; `names` are those of the file."""
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != len(names):
        raise DataError(f"{path}, line {number}: {len(cells)} cells instead of {len(names)}.")
    values = []
    for i, (name, cell) in enumerate(zip(names, cells, strict=True)):
        try:
            value = math.nan if not cell and i else parse_quantity(cell, "1", name)
        except VectorPortalError as error:
            raise DataError(f"{path}, line {number}: {error}") from None
        if value <= 0.0:
            raise DataError(f"{path}, line {number}, field {name}: {cell} is not positive.")
        values.append(value)
    return values
