"""Observables: named, documented functions of a model, from one registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.errors import UsageError, nearest_name
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.base import Model, Parameter
from vectorportal.observables import status
from vectorportal.observables.engine import gradient_of, run
from vectorportal.observables.raw import Raw
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
class Argument:
    """An argument of an observable beyond the parameters: name, unit, meaning, open range."""

    name: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = np.inf


@dataclass(frozen=True)
class Observable:
    """A registered observable: its unit, arguments, source and the function behind it.

    requires : parameters it needs; requires_dark : those it needs besides when there is dark
    matter; kinds : the kinds of dark matter it has a meaning for (empty: all of them).
    """

    name: str
    unit: str
    doc: str
    source: str
    models: tuple[str, ...]
    requires: tuple[str, ...]
    requires_dark: tuple[str, ...]
    kinds: tuple[str, ...]
    arguments: tuple[Argument, ...]
    assumptions: tuple[str, ...]
    references: tuple[str, ...]
    function: Callable[..., Raw]


@dataclass(frozen=True)
class Result:
    """An observable at one point or on an array of points.

    value : float64 array of the model's broadcast shape, or a dict of such (branching ratios); NaN
    where the status forbids a value. status : integer codes of the same shape. reasons : sentences
    by code. error_estimate : relative, same shape, or None for closed formulas.
    """

    name: str
    unit: str
    value: Any
    status: np.ndarray
    reasons: dict[int, tuple[str, ...]]
    error_estimate: Any | None
    assumptions: tuple[str, ...]
    references: tuple[str, ...]


_REGISTRY: dict[tuple[str, str], Observable] = {}


def observable(
    name: str,
    unit: str,
    *,
    models: tuple[str, ...],
    requires: tuple[str, ...],
    source: str,
    requires_dark: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
    arguments: tuple[Argument, ...] = (),
    assumptions: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
) -> Callable[[Callable[..., Raw]], Callable[..., Raw]]:
    """Register a function (model, inputs, options, **arguments) -> Raw as an observable.

    Its docstring is the description; registering a name twice for one model raises UsageError.
    """

    def register(function: Callable[..., Raw]) -> Callable[..., Raw]:
        doc = " ".join((function.__doc__ or "").split())
        found = Observable(
            name=name,
            unit=unit,
            doc=doc,
            source=source,
            models=models,
            requires=requires,
            requires_dark=requires_dark,
            kinds=kinds,
            arguments=arguments,
            assumptions=assumptions,
            references=references,
            function=function,
        )
        for model in models:
            if (name, model) in _REGISTRY:
                raise UsageError(f"observable {name} of {model} is registered twice.")
            _REGISTRY[name, model] = found
        return function

    return register


def observable_names(model_name: str | None = None) -> tuple[str, ...]:
    """Names of all observables, or of those of one model, in the order of registration."""
    names = (n for n, model in _REGISTRY if model_name in (None, model))
    return tuple(dict.fromkeys(names))


def get_observable(name: str, model_name: str = "dark-photon") -> Observable:
    """The observable of that name, or UsageError with the nearest name."""
    if (name, model_name) in _REGISTRY:
        return _REGISTRY[name, model_name]
    nearest = nearest_name(name, observable_names(model_name))
    hint = f"did you mean {nearest}?" if nearest else "see the command observables."
    raise UsageError(f"{model_name} has no observable {name}; {hint}")


def _checked_arguments(found: Observable, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as float64 arrays; errors name what is missing, unknown or out of range."""
    names = [a.name for a in found.arguments]
    for name in arguments:
        if name not in names:
            nearest = nearest_name(name, names)
            hint = f"did you mean {nearest}?" if nearest else f"it takes {names or 'none'}."
            raise UsageError(f"{found.name} has no argument {name}; {hint}")
    out = {}
    for argument in found.arguments:
        if argument.name not in arguments:
            unit = f" in {argument.unit}" if argument.unit != "1" else ""
            raise UsageError(f"{found.name} needs {argument.name}{unit}, {argument.doc}.")
        limits = Parameter(argument.name, argument.unit, argument.doc, argument.low, argument.high)
        out[argument.name] = np.asarray(limits.check(arguments[argument.name]))
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
    values = _prepare(found, model, inputs, arguments)
    raw, shape = run(found.function, model, inputs, options, values, engine)
    return _result(found, raw, shape)


def gradient(
    model: Model,
    name: str,
    *,
    inputs: Inputs | None = None,
    options: Options | None = None,
    **arguments: Any,
) -> dict[str, np.ndarray]:
    """Derivative of a scalar observable by every parameter and argument, by reverse mode in JAX.

    Each array has the broadcast shape and the unit of the observable over that of the parameter;
    NaN where `evaluate` would not give a value.
    """
    found, inputs = get_observable(name, model.name), inputs or Inputs.default()
    values = _prepare(found, model, inputs, arguments)
    slopes, flags, shape = gradient_of(found.function, model, inputs, options or Options(), values)
    mask = status.flag_mask(flags)
    return {k: np.where(mask, np.nan, slope).reshape(shape) for k, slope in slopes.items()}


def _prepare(
    found: Observable, model: Model, inputs: Inputs, arguments: dict[str, Any]
) -> dict[str, np.ndarray]:
    """Checked arguments, after a check that the model has the parameters it needs."""
    kind = getattr(model, "dm", "none")
    model.require(found.requires, found.name)
    if kind == "none" and "m_dm" in found.requires:
        raise UsageError(f"{found.name} of {model.name} needs dark matter, but dm is none.")
    if kind != "none":
        model.require(found.requires_dark, found.name)
    model.check_domain(inputs)
    return _checked_arguments(found, arguments)


def _result(found: Observable, raw: Raw, shape: tuple[int, ...]) -> Result:
    flags = np.asarray(raw.flags)
    mask = status.flag_mask(flags)
    code, reasons = status.explain(flags)

    def shaped(array: Any) -> np.ndarray:
        return np.where(mask, np.nan, np.asarray(array, dtype=np.float64)).reshape(shape)

    if isinstance(raw.value, dict):
        value: Any = {key: shaped(v) for key, v in raw.value.items()}
    else:
        value = shaped(raw.value)
    error = None if raw.error is None else shaped(raw.error)
    return Result(
        name=found.name,
        unit=found.unit,
        value=value,
        status=code.reshape(shape),
        reasons=reasons,
        error_estimate=error,
        assumptions=found.assumptions,
        references=found.references,
    )
