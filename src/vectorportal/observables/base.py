"""Observables: named, documented functions of a model, evaluated at points or on arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vectorportal.errors import UsageError, nearest_name
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.base import Model
from vectorportal.observables import status
from vectorportal.observables.engine import gradient_of, run
from vectorportal.observables.raw import Raw
from vectorportal.observables.registry import (
    Argument,
    Observable,
    get_observable,
    observable,
    observable_names,
)
from vectorportal.observables.status import (
    NO_DATA,
    NO_SOLUTION,
    NOT_CONVERGED,
    OK,
    OUT_OF_VALIDITY,
    STATUS_NAMES,
)

__all__ = [
    "NOT_CONVERGED",
    "NO_DATA",
    "NO_SOLUTION",
    "OK",
    "OUT_OF_VALIDITY",
    "STATUS_NAMES",
    "Argument",
    "Inputs",
    "Observable",
    "Options",
    "Raw",
    "Result",
    "evaluate",
    "get_observable",
    "gradient",
    "observable",
    "observable_names",
]


@dataclass(frozen=True)
class Result:
    """An observable at one point or on an array of points.

    value : float64 array of the model's broadcast shape, or a dict of such (branching ratios); NaN
    where the status forbids a value. Further axes follow where each point has an array of its own;
    an observable with labels gives words, None for no value. status : integer codes of the
    broadcast shape. reasons : sentences by code. error_estimate : relative, same shape, or None for
    closed formulas. arguments : those of the observable, defaults included.
    """

    name: str
    unit: str
    value: Any
    status: np.ndarray
    reasons: dict[int, tuple[str, ...]]
    error_estimate: Any | None
    assumptions: tuple[str, ...]
    references: tuple[str, ...]
    arguments: dict[str, Any] = field(default_factory=dict)


def _checked_arguments(found: Observable, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as float64 arrays or words; errors name what is missing, unknown or not allowed."""
    names = [a.name for a in found.arguments]
    for name in arguments:
        if name not in names:
            nearest = nearest_name(name, names)
            hint = f"did you mean {nearest}?" if nearest else f"it takes {names or 'none'}."
            raise UsageError(f"{found.name} has no argument {name}; {hint}")
    out = {}
    for argument in found.arguments:
        value = arguments.get(argument.name, argument.default)
        if value is None:
            raise UsageError(f"{found.name} needs {argument.described}.")
        out[argument.name] = argument.check(value)
    return out


def evaluate(
    model: Model,
    name: str,
    *,
    inputs: Inputs | None = None,
    options: Options | None = None,
    engine: str = "numpy",
    **arguments: Any,
) -> Result:
    """Compute observable `name` of `model`, for one point or for arrays alike.

    `engine` is numpy or jax (float64, compiled, any device); JAX arrays select jax. Arguments of
    the observable (`s`, `x`) broadcast with the parameters. Raises UsageError or ParameterError for
    a wrong request; what goes wrong at a point of an array is told by `status` and `reasons`.
    """
    inputs, options = inputs or Inputs.default(), options or Options()
    found = get_observable(name, model.name)
    checked = _prepare(found, model, inputs, options, arguments)
    options, remarks = _in_print(found, options)
    numbers, words = _split(checked)
    raw, shape = run(found.function, model, inputs, options, numbers, engine, words, found.batch)
    remarks = (*remarks, *options.remarks(), *model.remarks())
    return _result(found, raw, shape, remarks, checked)


def gradient(
    model: Model,
    name: str,
    *,
    inputs: Inputs | None = None,
    options: Options | None = None,
    **arguments: Any,
) -> dict[str, np.ndarray]:
    """Derivative of a scalar observable by every parameter and argument that is a number, in JAX.

    Reverse mode, or forward mode for observables registered so. Each array has the broadcast shape
    and the unit of the observable over that of the parameter; NaN where `evaluate` would not give a
    value.
    """
    inputs, options = inputs or Inputs.default(), options or Options()
    found = get_observable(name, model.name)
    if found.labels:
        raise UsageError(f"{found.name} is a word and has no gradient.")
    numbers, words = _split(_prepare(found, model, inputs, options, arguments))
    slopes, flags, shape = gradient_of(
        found.function, model, inputs, options, numbers, words, found.forward
    )
    mask = status.flag_mask(flags)
    return {k: np.where(mask, np.nan, slope).reshape(shape) for k, slope in slopes.items()}


_NOT_PRINTED = "the paper has no formula for this: verified formulas in any prescription"


def _in_print(found: Observable, options: Options) -> tuple[Options, tuple[str, ...]]:
    """The options that `found` follows, and a remark where they are not those asked for."""
    if found.printed or options.prescription == "verified":
        return options, ()
    return replace(options, prescription="verified"), (_NOT_PRINTED,)


def _prepare(
    found: Observable, model: Model, inputs: Inputs, options: Options, arguments: dict[str, Any]
) -> dict[str, Any]:
    """Checked arguments, after a check that the model has what it needs and knows the options."""
    model.require(found.requires, found.name)
    if not model.has_dark_matter and "m_dm" in found.requires:
        raise UsageError(f"{found.name} of {model.name} needs dark matter, but dm is none.")
    if model.has_dark_matter:
        model.require(found.requires_dark, found.name)
    model.check_settings(options)
    model.check_domain(inputs)
    model.check_options(inputs, options)
    return _checked_arguments(found, arguments)


def _split(checked: dict[str, Any]) -> tuple[dict[str, np.ndarray], tuple[tuple[str, str], ...]]:
    """Arguments that are arrays, and pairs of those that are words."""
    numbers = {key: value for key, value in checked.items() if not isinstance(value, str)}
    return numbers, tuple((k, v) for k, v in checked.items() if isinstance(v, str))


def _result(
    found: Observable,
    raw: Raw,
    shape: tuple[int, ...],
    remarks: tuple[str, ...],
    arguments: dict[str, Any],
) -> Result:
    flags = _with_overflow(raw.value, np.asarray(raw.flags))
    mask = status.flag_mask(flags)
    code, reasons = status.explain(flags)

    def shaped(array: Any) -> np.ndarray:
        numbers = np.asarray(array, dtype=np.float64)
        tail = numbers.shape[1:]
        hidden = mask.reshape(mask.shape + (1,) * len(tail))
        return np.where(hidden, np.nan, numbers).reshape(shape + tail)

    def named(array: Any) -> np.ndarray:
        return _words(shaped(array), found.labels) if found.labels else shaped(array)

    if isinstance(raw.value, dict):
        value: Any = {key: named(v) for key, v in raw.value.items()}
    else:
        value = named(raw.value)
    error = None if raw.error is None else shaped(raw.error)
    return Result(
        name=found.name,
        unit=found.unit,
        value=value,
        status=code.reshape(shape),
        reasons=reasons,
        error_estimate=error,
        assumptions=(*found.assumptions, *remarks),
        references=found.references,
        arguments=arguments,
    )


def _with_overflow(value: Any, flags: np.ndarray) -> np.ndarray:
    """`flags`, and one more where a value without any is no finite number."""
    parts = value.values() if isinstance(value, dict) else (value,)
    for part in parts:
        numbers = np.asarray(part, dtype=np.float64)
        finite = np.isfinite(numbers).all(axis=tuple(range(flags.ndim, numbers.ndim)))
        flags = np.where((flags == 0) & ~finite, status.OVERFLOW, flags)
    return flags


def _words(codes: np.ndarray, labels: tuple[str, ...]) -> np.ndarray:
    """The label of every code, None where there is none, as an array of objects."""
    known = (codes >= 0) & (codes < len(labels))
    index = np.where(known, codes, len(labels)).astype(np.int64)
    return np.asarray([*labels, None], dtype=object)[index.reshape(-1)].reshape(codes.shape)
