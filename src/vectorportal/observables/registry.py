"""The registry of observables: what each one is, what it needs and the function behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.errors import UsageError, nearest_name
from vectorportal.models.base import Parameter
from vectorportal.observables.raw import Raw

__all__ = ["Argument", "Observable", "get_observable", "observable", "observable_names"]


@dataclass(frozen=True)
class Argument:
    """An argument of an observable beyond the parameters: name, unit, meaning, open range.

    With `choices` it is one of these words, which the function gets as a string. Without a
    `default` it must be given.
    """

    name: str
    unit: str
    doc: str
    low: float = 0.0
    high: float = np.inf
    choices: tuple[str, ...] = ()
    default: float | str | None = None

    @property
    def described(self) -> str:
        """What has to be given, as words for an error message."""
        if self.choices:
            return f"{self.name}, {self.doc}: one of {', '.join(self.choices)}"
        unit = f" in {self.unit}" if self.unit != "1" else ""
        return f"{self.name}{unit}, {self.doc}"

    def check(self, value: Any) -> Any:
        """`value` as float64 array (or as a word), or ParameterError."""
        limits = Parameter(self.name, self.unit, self.doc, self.low, self.high, self.choices)
        checked = limits.check(value)
        return str(checked) if self.choices else np.asarray(checked)


@dataclass(frozen=True)
class Observable:
    """A registered observable: its unit, arguments, source and the function behind it.

    requires : parameters it needs; requires_dark : those it needs besides when there is dark
    matter; kinds : the kinds of dark matter it has a meaning for (empty: all of them).
    printed : whether the paper has a formula for it, which `prescription=as-printed` takes; others
    are verified in any prescription, and say so.
    labels : words for the integer codes that the function returns; report : whether the report of
    a point shows it; forward : whether its gradient takes forward mode; batch :
    points that its function works on at once in NumPy.
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
    labels: tuple[str, ...] = ()
    report: bool = True
    forward: bool = False
    batch: int = 128
    printed: bool = True


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
    labels: tuple[str, ...] = (),
    report: bool = True,
    forward: bool = False,
    batch: int = 128,
    printed: bool = True,
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
            labels=labels,
            report=report,
            forward=forward,
            batch=batch,
            printed=printed,
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
