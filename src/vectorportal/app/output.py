"""Results as JSON-ready records and as short lines for a terminal."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.observables.status import STATUS_NAMES

if TYPE_CHECKING:
    from vectorportal.app.request import Request
    from vectorportal.observables.base import Result

__all__ = [
    "arguments_record",
    "eval_lines",
    "eval_record",
    "full_statuses",
    "header_record",
    "quantity",
    "reasons_of",
    "remark_lines",
    "remarks_record",
    "tails",
    "worst",
]


def header_record(request: Request, model: Any) -> dict[str, Any]:
    """Model, parameters, inputs and options as every JSON object of the command line echoes them.

    Parameters that span a grid stand in `grid` and not here.
    """
    axes = {axis.key for axis in request.axes}
    inputs, options = request.inputs, request.options
    sm = {f"sm.{field.name}": getattr(inputs.sm, field.name) for field in fields(inputs.sm)}
    numbers = {key: value for key, value in sm.items() if isinstance(value, (int, float))}
    return {
        "model": request.model_name,
        "parameters": {k: v for k, v in model.given().items() if k not in axes},
        "inputs": {"dof": inputs.dof, "hadrons": inputs.hadrons, **numbers},
        "options": {field.name: getattr(options, field.name) for field in fields(options)},
    }


def eval_record(request: Request, model: Any, result: Result) -> dict[str, Any]:
    """The JSON object of `eval`; over a grid the values are nested in the order of the flags."""
    statuses = full_statuses(result, request.shape)
    record = header_record(request, model)
    record |= arguments_record(request, result)
    record |= {
        "observable": result.name,
        "unit": result.unit,
        "value": _spread(result.value, request.shape, np.ndim(result.status)),
        "grid": {axis.key: axis.values for axis in request.axes},
        "error_estimate": _spread(result.error_estimate, request.shape, np.ndim(result.status)),
        "status": STATUS_NAMES[worst(statuses)],
        "assumptions": result.assumptions,
        "references": result.references,
    }
    if statuses.any():
        record["reasons"] = reasons_of(result)
        if request.axes:
            record["statuses"] = np.asarray(STATUS_NAMES)[statuses]
    return record


def arguments_record(request: Request, result: Result) -> dict[str, Any]:
    """The arguments of the observable, defaults included, that do not span a grid."""
    axes = {axis.key for axis in request.axes}
    shown = {key: value for key, value in result.arguments.items() if key not in axes}
    return {"arguments": shown} if shown else {}


def full_statuses(result: Result, shape: tuple[int, ...]) -> np.ndarray:
    """Status codes over the whole grid, shape `shape`."""
    return np.broadcast_to(np.asarray(result.status), shape)


def worst(statuses: np.ndarray) -> int:
    """The gravest status code of an array: no-data, then no-solution, and so on down to ok."""
    return int(statuses.max()) if statuses.size else 0


def reasons_of(result: Result) -> list[str]:
    """The sentences that explain every status other than ok, gravest first."""
    codes = sorted((code for code in result.reasons if code), reverse=True)
    return [sentence for code in codes for sentence in result.reasons[code]]


def quantity(value: Any, unit: str, digits: int = 6) -> str:
    """One number with its unit as a reader wants it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "undefined"
    number = float(value)
    if not math.isfinite(number):
        return "undefined"
    text = f"{number:.{digits}g}"
    return text if unit in ("", "1") else f"{text} {unit}"


def eval_lines(request: Request, result: Result) -> list[str]:
    """What `eval` prints for a reader: value, error estimate, status and reason, or a table."""
    return _result_lines(request, result) + remark_lines(request)


def remarks_record(request: Request) -> dict[str, Any]:
    """The assumptions that options and model make for every result, if any."""
    remarks = request.remarks()
    return {"assumptions": remarks} if remarks else {}


def remark_lines(request: Request) -> list[str]:
    """What options and model mean for every result, a line each."""
    return [f"note: {remark}." for remark in request.remarks()]


def _result_lines(request: Request, result: Result) -> list[str]:
    if request.axes:
        return _grid_lines(request, result)
    status = worst(full_statuses(result, ()))
    lines = _value_lines(result)
    if result.error_estimate is not None and not isinstance(result.error_estimate, dict):
        lines[0] += f"   (relative error estimate {float(result.error_estimate):.1g})"
    if status:
        lines += [f"status: {STATUS_NAMES[status]}", *reasons_of(result)]
    return lines


def tails(result: Result) -> set[tuple[int, ...]]:
    """Shapes of the arrays that each point has of its own; () for a number."""
    values = result.value.values() if isinstance(result.value, dict) else (result.value,)
    return {np.shape(value)[np.ndim(result.status) :] for value in values}


def _columns(result: Result) -> dict[str, Any]:
    """The values by name."""
    return result.value if isinstance(result.value, dict) else {result.name: result.value}


def _value_lines(result: Result) -> list[str]:
    shapes = tails(result)
    if len(shapes) == 1 and len(shape := min(shapes)) == 1:
        return _table_lines(_columns(result), result.unit, shape)
    if shapes != {()}:
        return [_too_long(result)]
    if isinstance(result.value, dict):
        pairs = result.value.items()
        return [f"{result.name}[{key}] = {_item(value, result.unit)}" for key, value in pairs]
    return [f"{result.name} = {_item(result.value, result.unit)}"]


def _item(value: Any, unit: str) -> str:
    return quantity(np.asarray(value).item(), unit)


def _too_long(result: Result) -> str:
    shapes = ", ".join(" x ".join(map(str, shape)) for shape in sorted(tails(result)) if shape)
    return f"{result.name} has arrays of {shapes} values at each point: use --json."


def _table_lines(columns: dict[str, Any], unit: str, shape: tuple[int, ...]) -> list[str]:
    """One line for each index of the arrays of one point, tab-separated, with a heading."""
    shown = "" if unit == "1" else f" [{unit}]"
    rows = [np.asarray(column).reshape(shape) for column in columns.values()]
    lines = ["\t".join(f"{key}{shown}" for key in columns)]
    return lines + ["\t".join(quantity(row[i], "") for row in rows) for i in range(shape[0])]


def _grid_lines(request: Request, result: Result) -> list[str]:
    """One line for each point of a grid, tab-separated, with a heading."""
    if tails(result) != {()}:
        return [_too_long(result), *reasons_of(result)]
    mesh = np.meshgrid(*(axis.values for axis in request.axes), indexing="ij")
    values = _columns(result)
    columns = [*mesh, *(np.broadcast_to(np.asarray(v), request.shape) for v in values.values())]
    statuses = full_statuses(result, request.shape)
    unit = "" if result.unit == "1" else f" [{result.unit}]"
    head = [axis.key for axis in request.axes] + [f"{key}{unit}" for key in values] + ["status"]
    lines = ["\t".join(head)]
    for index in np.ndindex(request.shape):
        cells = [_item(column[index], "") for column in columns]
        lines.append("\t".join([*cells, STATUS_NAMES[int(statuses[index])]]))
    return lines + reasons_of(result)


def _spread(value: Any, shape: tuple[int, ...], rank: int) -> Any:
    """`value`, whose first `rank` axes are points, over the whole grid, also where it does not
    depend on an axis."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: _spread(item, shape, rank) for key, item in value.items()}
    array = np.asarray(value)
    tail = array.shape[rank:]
    aligned = array.reshape((1,) * (len(shape) - rank) + array.shape)
    return np.broadcast_to(aligned, shape + tail).tolist()
