"""Fields of a bound as a header states them, and the record that they make with a curve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from vectorportal.bounds.own_checks import (
    EQUAL_LENGTHS,
    ONE_MASS,
    check_couplings,
    check_level,
    check_mode,
    check_models,
    check_pure,
    default_models,
)
from vectorportal.bounds.record import (
    COMPUTED,
    COUPLINGS,
    FINAL_STATES,
    GRADES,
    KINDS,
    SIGNATURES,
    BoundRecord,
    Curve,
)
from vectorportal.bounds.record_file import parse_record
from vectorportal.bounds.words import COMING_MODELS, OF_DARK_MATTER
from vectorportal.errors import DataError, VectorPortalError, nearest_name
from vectorportal.units import parse_quantity

__all__ = [
    "ENERGIES",
    "FIELDS",
    "PURE",
    "REQUIRED",
    "Entry",
    "cut",
    "did_you_mean",
    "header_entries",
    "make_own",
    "require",
]

REQUIRED = ("experiment", "signature", "coupling", "confidence_level", "source")
"""Fields that every own bound states."""
_OPTIONAL = (
    "id label title final_states production modes kind grade charges shield_m decay_m assumes "
    "supersedes notes models confidence_level_checked mass_ratio alpha_d beam_energy "
    "centre_of_mass_energy"
)
FIELDS = (*REQUIRED, *_OPTIONAL.split())
_LISTS = ("source", "final_states", "assumes", "supersedes", "notes", "models")
_SPLIT_AT_COMMAS = ("final_states", "supersedes", "models")
_ROOTS = {"epsilon^2": "epsilon", "g_x^2": "g_x"}
"""Columns that hold the square of a coupling."""
_CHOICES = {
    "signature": tuple(s for s in SIGNATURES if s not in COMPUTED),
    "coupling": (*(c for c in COUPLINGS if c not in OF_DARK_MATTER), *_ROOTS),
    "kind": KINDS,
    "grade": GRADES,
    "confidence_level_checked": ("true", "false"),
}
_FINAL_STATES = {
    "invisible": "invisible",
    "missing-energy": "invisible",
    "rare-decay": "invisible",
    "recoil": "invisible",
    "millicharge": "none",
}
"""Final states of a bound that does not name them; `sm` (all visible ones) for the others."""
PURE, _LENGTHS = ("mass_ratio", "alpha_d"), ("shield_m", "decay_m")
ENERGIES = ("beam_energy", "centre_of_mass_energy")
_UNITS = dict.fromkeys(PURE, "1") | dict.fromkeys(_LENGTHS, "m") | dict.fromkeys(ENERGIES, "GeV")
"""Fields that are pure numbers, lengths or energies, with their units."""
_FIELD = re.compile(r"#\s*([A-Za-z][A-Za-z0-9_ -]*?)\s*[:=]\s*(.*?)\s*")
_MOST = 60


class Entry(NamedTuple):
    """One field as it was written: its text and where it stands (`line 3`, for example)."""

    text: str
    where: str


def cut(text: str) -> str:
    clean = text if text.isprintable() and text else ascii(text)
    return clean if len(clean) <= _MOST else clean[: _MOST - 3] + "..."


def did_you_mean(name: str, valid: Iterable[str], otherwise: str = "") -> str:
    """The end of a sentence: the nearest valid name, or `otherwise`."""
    near = nearest_name(name, valid)
    return f"; did you mean {near}?" if near else f"{otherwise}."


def header_entries(
    path: Path | str, lines: Iterable[str], extra: tuple[str, ...] = ()
) -> dict[str, Entry]:
    """The fields of the `# name: value` lines; `##` starts a comment, other lines are not read.

    `extra` are names allowed beside FIELDS. DataError for an unknown name, with the nearest one, a
    repeated one and a field without a value.
    """
    known = (*FIELDS, *extra)
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines, 1):
        if not line.startswith("#") or line.startswith("##"):
            continue
        match = _FIELD.fullmatch(line)
        if match is None:
            raise DataError(
                f"{path}, line {number}: {cut(line)!r} is not of the form `# field: value`, and "
                "comments start with ##."
            )
        name, where = re.sub(r"[ -]+", "_", match[1]), f"line {number}"
        if name not in known:
            hint = did_you_mean(name, known, f"; it must be one of {', '.join(known)}")
            raise DataError(f"{path}, {where}, field {cut(match[1])}: unknown{hint}")
        if name in entries:
            raise DataError(f"{path}, {where}, field {name}: already in {entries[name].where}.")
        if not match[2]:
            raise DataError(f"{path}, {where}, field {name}: empty.")
        entries[name] = Entry(match[2], where)
    return entries


def require(path: Path | str, entries: Mapping[str, Entry]) -> None:
    """DataError unless all fields of REQUIRED are there."""
    for name in REQUIRED:
        if name not in entries:
            raise DataError(f"{path}, field {name}: missing; the file needs `# {name}: ...`.")


def make_own(path: Path | str, entries: Mapping[str, Entry], curve: Curve, how: str) -> BoundRecord:
    """A BoundRecord from the fields of a header and a curve as read.

    Grade C unless stated; `epsilon^2` and `g_x^2` take the root of the numbers. Without `modes` the
    bound speaks of vectors with kinetic mixing only, where production cannot differ. `how` is what
    was done to the numbers. Raises DataError naming file, place and field.
    """
    require(path, entries)
    _check_words(path, entries)
    data = _texts(path, entries) | _values(path, entries)
    squared = entries["coupling"].text in _ROOTS
    if squared:
        curve = Curve(curve.mass, np.sqrt(curve.lower), np.sqrt(curve.upper))
    data["how"] = f"{how}; the square root was taken" if squared else how
    data["region"] = "band" if np.isfinite(curve.upper).any() else "one-sided"
    data["assumes"] = _assumptions(data, curve)
    check_couplings(str(path), data["coupling"], curve)
    if data["signature"] == "recoil" and len(data["inputs"]) < len(PURE):
        raise DataError(f"{path}, field signature: recoil needs the fields mass_ratio and alpha_d.")
    return parse_record(str(path), data, curve)


def _assumptions(data: Mapping[str, Any], curve: Curve) -> list[str]:
    """What the header assumes, and what it leaves open."""
    found = list(data["assumes"])
    decays = data["signature"] not in ("cooling", "millicharge")
    if data["region"] == "band" and decays and "shield_m" not in data:
        found.append(EQUAL_LENGTHS)
    if np.isfinite(curve.lower).sum() == 1:
        found.append(ONE_MASS)
    return list(dict.fromkeys(found))


def _check_words(path: Path | str, entries: Mapping[str, Entry]) -> None:
    """Every word from a fixed choice, and an id that can be written in a claim."""
    from vectorportal.models.charges import parse_charges

    lists = {"final_states": FINAL_STATES}
    if "models" in entries:
        lists["models"] = _model_names()
    for name, allowed in (_CHOICES | lists).items():
        if name in entries:
            text, where = entries[name]
            for word in _parts(name, text) if name in lists else [text]:
                _check_word(path, name, Entry(word, where), allowed)
    level = entries["confidence_level"]
    check_level(f"{path}, {level.where}, field confidence_level", level.text)
    if "id" in entries and _slug(entries["id"].text) != entries["id"].text:
        where = f"{path}, {entries['id'].where}, field id"
        raise DataError(f"{where}: an id is made of small letters, digits and _.")
    if "charges" in entries:
        try:
            parse_charges(entries["charges"].text)
        except VectorPortalError as error:
            where = f"{path}, {entries['charges'].where}, field charges"
            raise DataError(f"{where}: {error}") from None


def _model_names() -> tuple[str, ...]:
    """Models there are, and those to come that packaged bounds name."""
    from vectorportal.models import model_names

    return (*model_names(), *COMING_MODELS)


def _parts(name: str, text: str) -> list[str]:
    """The entries of a list, which a comma may separate only where no entry can have one."""
    sign = ",|;" if name in _SPLIT_AT_COMMAS else ";"
    return [part.strip() for part in re.split(sign, text) if part.strip()]


def _check_word(path: Path | str, name: str, entry: Entry, allowed: tuple[str, ...]) -> None:
    if entry.text not in allowed:
        hint = did_you_mean(entry.text, allowed, f"; it must be {', '.join(allowed)}")
        where = f"{path}, {entry.where}, field {name}"
        raise DataError(f"{where}: {cut(entry.text)} is not allowed{hint}")


def _texts(path: Path | str, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Texts, words and lists, with defaults that say that they are defaults."""
    given = {name: entry.text for name, entry in entries.items()}
    file = Path(path)
    signature = given["signature"]
    data: dict[str, Any] = {
        "id": _slug(file.stem) or "own",
        "label": given["experiment"],
        "title": f"own bound from {file.name}",
        "production": given.get("modes", "not stated"),
        "digitised_by": "the user",
        "kind": "limit",
        "grade": "C",
        "final_states": _FINAL_STATES.get(signature, "sm"),
        "assumes": f"the header of {file.name} is right",
    }
    if "final_states" not in given and data["final_states"] == "sm":
        data["assumes"] += "; all visible decays count alike"
    data |= {name: text for name, text in given.items() if name not in ("modes", *_UNITS)}
    data["coupling"] = _ROOTS.get(given["coupling"], given["coupling"])
    data["confidence_level_checked"] = given.get("confidence_level_checked") == "true"
    for name in _LISTS:
        if name in data:
            data[name] = _parts(name, data[name])
    if "models" in data:
        where = f"{path}, {entries['models'].where}, field models"
        check_models(where, data["coupling"], data["models"])
    else:
        data["models"] = list(default_models(data["coupling"]))
    return data


def _values(path: Path | str, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """The lengths in metres, the inputs of a recoil search, energies (GeV) and the modes with their
    parts."""
    data: dict[str, Any] = {"inputs": {}, "geometry": {}}
    for name in (name for name in _UNITS if name in entries):
        try:
            value = parse_quantity(entries[name].text, _UNITS[name], name)
        except VectorPortalError as error:
            raise DataError(f"{path}, {entries[name].where}, field {name}: {error}") from None
        if value <= 0.0:
            where = f"{path}, {entries[name].where}, field {name}"
            raise DataError(f"{where}: {entries[name].text} is not positive.")
        check_pure(f"{path}, {entries[name].where}, field {name}", name, value)
        if name in ENERGIES:
            data["geometry"][f"{name}_GeV"] = value
        else:
            (data if name in _LENGTHS else data["inputs"])[name] = value
    if "modes" in entries:
        data["modes"] = _modes(path, entries["modes"])
    return data


def _modes(path: Path | str, entry: Entry) -> dict[str, float]:
    """`pi0` alone, or `pi0 0.7, eta 0.3`."""
    parts = [part.split() for part in re.split(",|;", entry.text) if part.strip()]
    where = f"{path}, {entry.where}, field modes"
    for part in parts:
        check_mode(where, part[0])
    if len(parts) == 1 and len(parts[0]) == 1:
        return {parts[0][0]: 1.0}
    modes: dict[str, float] = {}
    for part in parts:
        if len(part) != 2 or part[0] in modes:
            shown = cut(" ".join(part))
            raise DataError(
                f"{where}: {shown!r} is not one mode and its part, as in `{part[0]} 0.5`."
            )
        try:
            modes[part[0]] = parse_quantity(part[1], "1", part[0])
        except VectorPortalError as error:
            raise DataError(f"{where}: {error}") from None
    return modes


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
