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
    "eval_lines",
    "eval_record",
    "full_statuses",
    "header_record",
    "quantity",
    "reasons_of",
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
    if request.arguments:
        record["arguments"] = request.arguments
    record |= {
        "observable": result.name,
        "unit": result.unit,
        "value": _spread(result.value, request.shape),
        "grid": {axis.key: axis.values for axis in request.axes},
        "error_estimate": _spread(result.error_estimate, request.shape),
        "status": STATUS_NAMES[worst(statuses)],
        "assumptions": result.assumptions,
        "references": result.references,
    }
    if statuses.any():
        record["reasons"] = reasons_of(result)
        if request.axes:
            record["statuses"] = np.asarray(STATUS_NAMES)[statuses]
    return record


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
    number = float(value)
    text = f"{number:.{digits}g}" if math.isfinite(number) else "undefined"
    return text if unit in ("", "1") else f"{text} {unit}"


def eval_lines(request: Request, result: Result) -> list[str]:
    """What `eval` prints for a reader: value, error estimate, status and reason, or a table."""
    if request.axes:
        return _grid_lines(request, result)
    status = worst(full_statuses(result, ()))
    lines = _value_lines(result)
    if result.error_estimate is not None and not isinstance(result.error_estimate, dict):
        lines[0] += f"   (relative error estimate {float(result.error_estimate):.1g})"
    if status:
        lines += [f"status: {STATUS_NAMES[status]}", *reasons_of(result)]
    return lines


def _value_lines(result: Result) -> list[str]:
    if isinstance(result.value, dict):
        pairs = result.value.items()
        return [f"{result.name}[{key}] = {_item(value, result.unit)}" for key, value in pairs]
    return [f"{result.name} = {_item(result.value, result.unit)}"]


def _item(value: Any, unit: str) -> str:
    return quantity(np.asarray(value).item(), unit)


def _grid_lines(request: Request, result: Result) -> list[str]:
    """One line for each point of a grid, tab-separated, with a heading."""
    mesh = np.meshgrid(*(axis.values for axis in request.axes), indexing="ij")
    values = result.value if isinstance(result.value, dict) else {result.name: result.value}
    columns = [*mesh, *(np.broadcast_to(np.asarray(v), request.shape) for v in values.values())]
    statuses = full_statuses(result, request.shape)
    unit = "" if result.unit == "1" else f" [{result.unit}]"
    head = [axis.key for axis in request.axes] + [f"{key}{unit}" for key in values] + ["status"]
    lines = ["\t".join(head)]
    for index in np.ndindex(request.shape):
        cells = [quantity(column[index].item(), "") for column in columns]
        lines.append("\t".join([*cells, STATUS_NAMES[int(statuses[index])]]))
    return lines + reasons_of(result)


def _spread(value: Any, shape: tuple[int, ...]) -> Any:
    """`value` over the whole grid, also where it does not depend on an axis."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: _spread(item, shape) for key, item in value.items()}
    return np.broadcast_to(np.asarray(value), shape).tolist()
