"""Names of published bounds and papers in the file of an experiment."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vectorportal.bounds.registry import load_bounds
from vectorportal.errors import UsageError, nearest_name
from vectorportal.references import load_references

__all__ = ["check_keys"]

_PREPRINT = re.compile(r"arXiv:(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})")


def check_keys(record: str | None, source: Iterable[str]) -> None:
    """UsageError with the nearest name unless `record` is a known bound (or None) and every
    `source` a known reference key or an arXiv number, arXiv:1234.56789 or arXiv:hep-ph/1234567."""
    if record is not None:
        _check(f"the field record: there is no bound {record[:60]}", record, load_bounds())
    for key in source:
        if not _PREPRINT.fullmatch(key):
            told = f"the field source: there is no reference {key[:60]}"
            note = " (a paper without key is written as arXiv:1234.56789)"
            _check(told + note, key, load_references())


def _check(complaint: str, key: str, known: Iterable[str]) -> None:
    names = list(known)
    if key in names:
        return
    near = nearest_name(key, names)
    raise UsageError(complaint + (f"; did you mean {near}?" if near else "."))
