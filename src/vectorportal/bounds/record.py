"""Typed records of published limits and projections, checked field by field when they load."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vectorportal.errors import DataError

__all__ = [
    "GRADES",
    "KINDS",
    "RATES",
    "REGIONS",
    "SIGNATURES",
    "BoundRecord",
    "Curve",
    "parse_record",
]

SIGNATURES = (
    "prompt-visible",
    "displaced",
    "dump",
    "invisible",
    "missing-energy",
    "cooling",
    "moment",
    "electroweak",
    "annihilation",
    "self-interaction",
)
REGIONS = ("one-sided", "band", "computed")
KINDS = ("limit", "projection")
GRADES = ("A", "B", "C", "D")
RATES = ("annihilation", "self-interaction")
"""Signatures that limit a rate of the dark matter, read from an observable of the model."""
COMPUTED = ("moment", "electroweak", *RATES)
"""Signatures whose limit follows from a formula instead of a curve."""

_TEXTS = (
    "id",
    "experiment",
    "label",
    "title",
    "production",
    "confidence_level",
    "digitised_by",
    "how",
)
_WORDS = {
    "signature": SIGNATURES,
    "region": REGIONS,
    "kind": KINDS,
    "grade": GRADES,
    "coupling": ("epsilon", "sigma_v", "sigma_self"),
}
_LISTS = ("final_states", "source", "assumes")
_OPTIONAL_LISTS = ("supersedes", "notes", "models")
_OPTIONAL = ("alternative_to", "shield_m", "decay_m", "inputs", *_OPTIONAL_LISTS)


@dataclass(frozen=True)
class Curve:
    """A limit against the mediator mass.

    mass (GeV, rising), lower and upper (dimensionless couplings) have one shape (n,). NaN in
    `lower` marks a mass without exclusion, NaN in `upper` a one-sided limit.
    """

    mass: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class BoundRecord:
    """One published result; the meaning of each field is in docs/bounds.md."""

    id: str
    experiment: str
    label: str
    title: str
    signature: str
    final_states: tuple[str, ...]
    production: str
    region: str
    coupling: str
    confidence_level: str
    confidence_level_checked: bool
    kind: str
    source: tuple[str, ...]
    digitised_by: str
    how: str
    grade: str
    assumes: tuple[str, ...]
    curve: Curve | None
    supersedes: tuple[str, ...] = ()
    alternative_to: str | None = None
    shield_m: float | None = None
    decay_m: float | None = None
    notes: tuple[str, ...] = ()
    models: tuple[str, ...] = ("dark-photon", "nonabelian-vector", "sidm")
    inputs: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)

    @property
    def decay_over_shield(self) -> float:
        """Length of the decay volume over that of the shield; 1 where the lengths are unknown."""
        if self.shield_m is None or self.decay_m is None:
            return 1.0
        return self.decay_m / self.shield_m

    def to_json(self) -> dict[str, Any]:
        """The metadata as JSON types (no curve)."""
        names = (*_TEXTS, *_WORDS, "confidence_level_checked", "alternative_to")
        names += ("shield_m", "decay_m")
        answer: dict[str, Any] = {name: getattr(self, name) for name in names}
        for name in (*_LISTS, *_OPTIONAL_LISTS):
            answer[name] = list(getattr(self, name))
        return answer


def _fail(path: str, name: str, problem: str) -> DataError:
    return DataError(f"{path}, field {name}: {problem}.")


def _texts(path: str, name: str, value: Any) -> tuple[str, ...]:
    """A non-empty list of texts, or DataError."""
    if not isinstance(value, list) or not value:
        raise _fail(path, name, "not a list with entries")
    for text in value:
        if not isinstance(text, str) or not text.strip():
            raise _fail(path, name, f"{text!r} is not a text")
    return tuple(value)


def _length(path: str, name: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _fail(path, name, f"{value!r} is not a number")
    if not (math.isfinite(value) and value > 0.0):
        raise _fail(path, name, f"{value} is not a positive length in metres")
    return float(value)


def _check_names(path: str, data: Any) -> None:
    if not isinstance(data, dict):
        raise _fail(path, "(all)", "the file is not a mapping")
    known = {*_TEXTS, *_WORDS, *_LISTS, *_OPTIONAL, "confidence_level_checked"}
    for name in data:
        if name not in known:
            raise _fail(path, str(name), "unknown")
    for name in (*_TEXTS, *_WORDS, *_LISTS, "confidence_level_checked"):
        if name not in data:
            raise _fail(path, name, "missing")


def _check_lengths(path: str, values: dict[str, Any]) -> None:
    """Both lengths or none, and lengths only where a band is recast with them."""
    given = [name for name in ("shield_m", "decay_m") if values[name] is not None]
    if len(given) == 1:
        raise _fail(path, given[0], "shield_m and decay_m come together")
    if given and values["region"] != "band":
        raise _fail(path, given[0], "lengths belong to a band")


def _words(path: str, data: dict[str, Any]) -> dict[str, Any]:
    """The texts, the words from a fixed choice and the flag."""
    values: dict[str, Any] = {}
    for name in _TEXTS:
        if not isinstance(data[name], str) or not data[name].strip():
            raise _fail(path, name, f"{data[name]!r} is not a text")
        values[name] = data[name]
    for name, allowed in _WORDS.items():
        if data[name] not in allowed:
            raise _fail(path, name, f"{data[name]!r} is none of {', '.join(allowed)}")
        values[name] = data[name]
    if not isinstance(data["confidence_level_checked"], bool):
        raise _fail(path, "confidence_level_checked", "neither true nor false")
    values["confidence_level_checked"] = data["confidence_level_checked"]
    return values


def parse_record(
    path: str,
    data: Any,
    curve: Curve | None,
    tables: Mapping[str, Mapping[str, np.ndarray]] | None = None,
) -> BoundRecord:
    """A BoundRecord from the content of a record.yaml at `path`; DataError names path and field."""
    _check_names(path, data)
    values = _words(path, data)
    values |= {"curve": curve, "tables": tables or {}, "inputs": data.get("inputs", {})}
    for name in (*_LISTS, *_OPTIONAL_LISTS):
        if name in data:
            values[name] = _texts(path, name, data[name])
    for name in ("shield_m", "decay_m"):
        values[name] = _length(path, name, data.get(name))
    _check_lengths(path, values)
    values["alternative_to"] = data.get("alternative_to")
    if not isinstance(values["alternative_to"], (str, type(None))):
        raise _fail(path, "alternative_to", f"{data['alternative_to']!r} is not a record id")
    if not isinstance(values["inputs"], dict):
        raise _fail(path, "inputs", "not a mapping")
    _check_curve(path, values)
    return BoundRecord(**values)


def _check_curve(path: str, values: dict[str, Any]) -> None:
    """The curve agrees with region and signature."""
    curve, region = values["curve"], values["region"]
    computed = values["signature"] in COMPUTED
    if computed != (region == "computed"):
        raise _fail(path, "region", f"{region} does not go with {values['signature']}")
    if computed:
        return
    if curve is None:
        raise _fail(path, "region", "curve.csv is missing")
    has = np.isfinite(curve.lower)
    two_sided = np.isfinite(curve.upper)
    if region == "one-sided" and two_sided.any():
        raise _fail(path, "region", "a one-sided limit has a coupling_upper in curve.csv")
    if region == "band" and (two_sided != has).any():
        raise _fail(path, "region", "a band needs both couplings in every row of curve.csv")
