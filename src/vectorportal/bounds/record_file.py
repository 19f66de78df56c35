"""Records from files, checked field by field when they load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vectorportal.bounds.record import BoundRecord, Curve
from vectorportal.bounds.words import (
    COMPUTED,
    FINAL_STATES,
    LISTS,
    MAPPINGS,
    MODES,
    OPTIONAL,
    OPTIONAL_LISTS,
    OPTIONAL_TEXTS,
    PARTICLE_MODELS,
    TEXTS,
    WORDS,
)
from vectorportal.errors import DataError, nearest_name

__all__ = ["parse_record"]

_LONGEST = 1e9
"""Longest length in metres"""
_OF_SIGNATURE = {
    "recoil": ("y",),
    "millicharge": ("millicharge",),
    "rare-decay": ("branching-ratio", "g_x", "epsilon"),
    "annihilation": ("sigma_v",),
    "halo-annihilation": ("sigma_v",),
    "self-interaction": ("sigma_self",),
    "nucleosynthesis": ("m_dm",),
}
_VECTOR = ("epsilon", "g_x")
"""Couplings of the curves of all other signatures."""


def _fail(path: str, name: str, problem: str) -> DataError:
    return DataError(" ".join(f"{path}, field {name}: {problem}.".split()))


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
    if not 0.0 < value < _LONGEST:
        raise _fail(path, name, f"{value} is not a positive length in metres")
    return float(value)


def _check_names(path: str, data: Any) -> None:
    if not isinstance(data, dict):
        raise _fail(path, "(all)", "the file is not a mapping")
    known = {*TEXTS, *WORDS, *LISTS, *OPTIONAL, "confidence_level_checked"}
    for name in data:
        if name not in known:
            raise _fail(path, str(name), "unknown")
    for name in (*TEXTS, *WORDS, *LISTS, "confidence_level_checked"):
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
    for name in TEXTS:
        if not isinstance(data[name], str) or not data[name].strip():
            raise _fail(path, name, f"{data[name]!r} is not a text")
        values[name] = data[name]
    for name, allowed in WORDS.items():
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
    values |= {"curve": curve, "tables": tables or {}}
    for name in (*LISTS, *OPTIONAL_LISTS):
        if name in data:
            values[name] = _texts(path, name, data[name])
    for name in ("shield_m", "decay_m"):
        values[name] = _length(path, name, data.get(name))
    _check_lengths(path, values)
    for name in OPTIONAL_TEXTS:
        if name in data:
            if not isinstance(data[name], str) or not data[name].strip():
                raise _fail(path, name, f"{data[name]!r} is not a text")
            values[name] = data[name]
    _check_finals(path, values["final_states"])
    for name in MAPPINGS:
        values[name] = data.get(name, {})
        if not isinstance(values[name], dict):
            raise _fail(path, name, "not a mapping")
    _check_curve(path, values)
    _check_coupling(path, values)
    _check_modes(path, values)
    if values["coupling"] == "millicharge":
        values.setdefault("models", PARTICLE_MODELS)
    return BoundRecord(**values)


def _check_finals(path: str, finals: tuple[str, ...]) -> None:
    for final in finals:
        if final not in FINAL_STATES:
            near = nearest_name(final, FINAL_STATES)
            hint = f"; did you mean {near}" if near else ""
            raise _fail(path, "final_states", f"{final!r} is no final state{hint}")


def _check_coupling(path: str, values: dict[str, Any]) -> None:
    """The coupling goes with the signature, and a curve in g_x says for which charges it is."""
    coupling, signature = values["coupling"], values["signature"]
    if coupling not in _OF_SIGNATURE.get(signature, _VECTOR):
        raise _fail(path, "coupling", f"{coupling} does not go with {signature}")
    if (coupling == "g_x") != ("charges" in values):
        raise _fail(path, "charges", "a curve in g_x, and no other, names its charges")
    if coupling == "g_x":
        values["reference"] = values["charges"]


def _check_modes(path: str, values: dict[str, Any]) -> None:
    """Known modes of production whose parts are positive and sum to 1."""
    table = {k: v for k, v in values["tables"].get("modes.csv", {}).items() if k != "mass_GeV"}
    modes = values["modes"]
    if modes and table:
        raise _fail(path, "modes", "given here and in modes.csv")
    for name in (*modes, *table):
        if name not in MODES:
            near = nearest_name(str(name), MODES)
            hint = f"; did you mean {near}" if near else ""
            raise _fail(path, "modes", f"{name} is no mode{hint}")
    for value in modes.values():
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not 0.0 <= value <= 1.0
        ):
            raise _fail(path, "modes", f"{value!r} is not a part of the signal")
    total = np.sum([*(modes or table).values()], axis=0) if modes or table else 1.0
    if not np.allclose(total, 1.0, rtol=0.0, atol=1e-6):
        raise _fail(path, "modes", "the parts do not sum to 1")


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
