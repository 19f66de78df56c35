"""Figure data as the files of a HEPData submission: submission.yaml and one YAML a table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.hepdata import UPPER
from vectorportal.bounds.own_fields import ENERGIES, FIELDS, PURE
from vectorportal.bounds.record import BoundRecord
from vectorportal.errors import UsageError

if TYPE_CHECKING:
    import xarray

__all__ = ["submission_files"]

_DIGITS = 8
_LARGEST = 10 * 2**20
"""HEPData takes no larger file (bytes)."""
_LEAST = 12
"""Bytes of one value at least"""
_NAME, _WORD = 64, 128
"""Longest name of a table and longest keyword."""


def submission_files(
    dataset: xarray.Dataset, name: str, title: str, papers: Iterable[str] = ()
) -> dict[str, bytes]:
    """File name -> content of a submission with all numbers of `dataset`.

    Variables over the same axes share a table; a table over several axes has one row for each
    combination. Numbers on the axes are exact, others have 8 digits, `-` where there is none.
    `name` and `title` are those of the figure, `papers` the ids of papers for the comment. A
    variable that is a curve of a bound keeps the fields of its record as qualifiers, so that it can
    be read back. Axes without any variable have a table of their own, without columns.

    Raises UsageError for a table above the 10 MiB that HEPData takes.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    beside = [key for key in dataset.coords if key not in dataset.dims]
    for key in (*dataset.data_vars, *beside):
        groups.setdefault(tuple(str(d) for d in dataset[key].dims), []).append(str(key))
    if not groups:
        groups = {(str(axis),): [] for axis in dataset.sizes}
    attrs = "; ".join(f"{key} = {_line(value)}" for key, value in dataset.attrs.items())
    comment = ". ".join(x for x in (title, attrs, ", ".join(papers)) if x)
    documents: list[dict[str, Any]] = [{"comment": comment}]
    files: dict[str, bytes] = {}
    for dims, keys in groups.items():
        label = f"{name.rsplit('/', 1)[-1]} over {' and '.join(dims)}" if dims else "single numbers"
        stem = re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-")[:_NAME]
        file = f"{stem}.yaml" if f"{stem}.yaml" not in files else f"{stem}-{len(files)}.yaml"
        files[file] = _content(dataset, dims, keys, file)
        documents.append(_listed(label, file, name, title, keys))
    return {"submission.yaml": _dump(documents), **files}


def _content(dataset: xarray.Dataset, dims: tuple[str, ...], keys: list[str], file: str) -> bytes:
    """One table as YAML, or UsageError where it is too large for HEPData."""
    numbers = math.prod(dataset.sizes[d] for d in dims) * (len(dims) + len(keys))
    content = b""
    if numbers * _LEAST <= _LARGEST:
        content = _dump([_table(dataset, dims, keys) if dims else _scalars(dataset, keys)])
    if not 0 < len(content) <= _LARGEST:
        raise UsageError(f"{file} would be larger than the 10 MiB that HEPData takes.")
    return content


def _listed(label: str, file: str, name: str, title: str, keys: list[str]) -> dict[str, Any]:
    observables = [{"name": "observables", "values": [key[:_WORD] for key in keys]}]
    if not keys:
        observables = []
    return {
        "name": label[:_NAME],
        "location": f"data of figure {name}",
        "description": f"{title}: {', '.join(keys) or 'no data here'}.",
        "keywords": [*observables, {"name": "phrases", "values": ["vector portal", name[:_WORD]]}],
        "data_file": file,
    }


def _dump(documents: list[Any]) -> bytes:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump_all(
        documents, Dumper=dumper, sort_keys=False, allow_unicode=True, explicit_start=True
    )
    return text.encode()


def _table(dataset: xarray.Dataset, dims: tuple[str, ...], keys: list[str]) -> dict[str, Any]:
    sizes = [dataset.sizes[d] for d in dims]
    independent = []
    for axis, dim in enumerate(dims):
        own = dataset[dim]
        shape = [-1 if i == axis else 1 for i in range(len(dims))]
        values = np.broadcast_to(own.values.reshape(shape), sizes)
        independent.append({"header": _header(dim, own.attrs), "values": _values(values, None)})
    dependent = [_dependent(key, dataset[key], set(keys)) for key in keys]
    return {"independent_variables": independent, "dependent_variables": dependent}


def _scalars(dataset: xarray.Dataset, keys: list[str]) -> dict[str, Any]:
    """Single numbers as one column over their names."""
    units = {key: _unit(dataset[key].attrs) for key in keys}
    names = [{"value": f"{key} [{units[key]}]" if units[key] else key} for key in keys]
    values = [{"value": _plain(dataset[key].values.item())} for key in keys]
    return {
        "independent_variables": [{"header": {"name": "quantity"}, "values": names}],
        "dependent_variables": [{"header": {"name": "value"}, "values": values}],
    }


def _dependent(key: str, array: xarray.DataArray, keys: set[str]) -> dict[str, Any]:
    item: dict[str, Any] = {"header": _header(key, array.attrs)}
    about = {k: _line(v) for k, v in array.attrs.items() if k not in ("units", "unit")}
    base = key.removesuffix(UPPER)
    about |= _record_fields(base if base in keys else key)
    qualifiers = [{"name": k, "value": v} for k, v in about.items() if v]
    if qualifiers:
        item["qualifiers"] = qualifiers
    return item | {"values": _values(array.values)}


def _record_fields(key: str) -> dict[str, str]:
    """The fields of the packaged bound called `key`, as an own bound states them."""
    from vectorportal.bounds.registry import load_bounds

    record = load_bounds().get(key)
    return {} if record is None else dict(_fields(record))


def _fields(record: BoundRecord) -> Iterable[tuple[str, str]]:
    """Each field of an own bound; not id, which is taken, nor supersedes."""
    for name in FIELDS:
        if name in ENERGIES:
            value = record.geometry.get(f"{name}_GeV")
        else:
            value = record.inputs.get(name) if name in PURE else getattr(record, name)
        if name in ("id", "supersedes") or value in (None, (), {}):
            continue
        if name == "confidence_level_checked":
            yield name, _line(value)
        elif isinstance(value, Mapping):
            yield name, ", ".join(f"{k} {v:.10g}" for k, v in value.items())
        else:
            yield name, _line(value)


def _header(name: str, attrs: Mapping[str, Any]) -> dict[str, str]:
    unit = _unit(attrs)
    return {"name": name, "units": unit} if unit else {"name": name}


def _unit(attrs: Mapping[str, Any]) -> str:
    unit = str(attrs.get("units", attrs.get("unit", "")))
    return "" if unit == "1" else unit


def _values(array: np.ndarray, digits: int | None = _DIGITS) -> list[dict[str, Any]]:
    return [{"value": _plain(value, digits)} for value in array.ravel().tolist()]


def _plain(value: Any, digits: int | None = _DIGITS) -> Any:
    """A number of so many digits (all for None), a text, or `-` for NaN."""
    if isinstance(value, float):
        if math.isnan(value):
            return "-"
        if not math.isfinite(value):
            return str(value)
        return value if digits is None else float(f"{value:.{digits}g}")
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _line(value: Any) -> str:
    """An attribute on one line; entries of a list are separated by semicolons and have none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (list, tuple)):
        return " ".join(str(value).split())
    return "; ".join(" ".join(str(item).replace(";", ",").split()) for item in value)
