"""Models: frozen sets of physical parameters, validated when they are made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.numerics.arrays import is_jax, is_traced

__all__ = ["Model", "Parameter"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model: its name, unit, open allowed interval (or choices) and meaning."""

    name: str
    unit: str
    doc: str
    low: float = -np.inf
    high: float = np.inf
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The allowed range as words for an error message."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        unit = f" {self.unit}" if self.unit != "1" else ""
        if np.isinf(self.high):
            return f"above {self.low:g}{unit}"
        return f"above {self.low:g} and below {self.high:g}{unit}"

    def check(self, value: Any) -> Any:
        """`value` as float64 array (or choice), or ParameterError."""
        if self.choices:
            if value not in self.choices:
                nearest = nearest_name(str(value), self.choices)
                raise ParameterError(self.name, value, "", self.allowed, nearest)
            return value
        if is_traced(value):
            return value
        try:
            array = np.array(value)
        except (TypeError, ValueError):
            raise self._not_a_number(value) from None
        if array.dtype.kind not in "iuf":
            raise self._not_a_number(value)
        array = array.astype(np.float64)
        bad = ~((array > self.low) & (array < self.high))
        if bad.any():
            raise ParameterError(self.name, f"{array[bad].flat[0]:g}", self.unit, self.allowed)
        array.flags.writeable = False
        return value if is_jax(value) else array

    def _not_a_number(self, value: Any) -> ParameterError:
        shown = str(value)
        return ParameterError(
            self.name, shown[:40], self.unit, f"a number (or an array of numbers) {self.allowed}"
        )


@dataclass(frozen=True)
class Model:
    """Base of all models; a subclass lists `parameters` and the fields of the same names.

    Numbers may be floats or arrays that broadcast together: a scan is the same call as a point.
    Raises ParameterError for a value outside its range and UsageError for shapes that clash.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    _shape: ClassVar[tuple[int, ...]] = ()

    def __post_init__(self) -> None:
        shapes = []
        for parameter in self.parameters:
            value = getattr(self, parameter.name)
            if value is None:
                continue
            value = parameter.check(value)
            object.__setattr__(self, parameter.name, value)
            if not parameter.choices:
                shapes.append(np.shape(value))
        try:
            shape = np.broadcast_shapes(*shapes)
        except ValueError:
            raise UsageError(f"parameter arrays of shapes {shapes} do not broadcast.") from None
        object.__setattr__(self, "_shape", shape)

    def check_domain(self, inputs: Any) -> None:
        """Restrictions that need Inputs: raise ParameterError for a single point outside them.

        Points of an array are told apart by the status of their results instead.
        """

    @property
    def shape(self) -> tuple[int, ...]:
        """Broadcast shape of the parameters; () for one point."""
        return self._shape

    def given(self) -> dict[str, Any]:
        """The parameters that have a value, in their declared order."""
        pairs = ((p.name, getattr(self, p.name)) for p in self.parameters)
        return {name: value for name, value in pairs if value is not None}

    def numbers(self) -> dict[str, Any]:
        """The numerical parameters that have a value."""
        choices = {p.name for p in self.parameters if p.choices}
        return {name: value for name, value in self.given().items() if name not in choices}

    def choices(self) -> dict[str, str]:
        """The parameters with a choice of words."""
        words = {p.name for p in self.parameters if p.choices}
        return {name: value for name, value in self.given().items() if name in words}

    def require(self, names: tuple[str, ...], what: str) -> None:
        """Raise UsageError when one of `names` has no value."""
        missing = [n for n in names if getattr(self, n) is None]
        if missing:
            needs = " and ".join(missing)
            verb = "was" if len(missing) == 1 else "were"
            raise UsageError(f"{what} of {self.name} needs {needs}, which {verb} not given.")

    @classmethod
    def parameter(cls, name: str) -> Parameter:
        """The declaration of one parameter, or UsageError with the nearest name."""
        for parameter in cls.parameters:
            if parameter.name == name:
                return parameter
        names = [p.name for p in cls.parameters]
        nearest = nearest_name(name, names)
        hint = f"; did you mean {nearest}?" if nearest else f"; it has {', '.join(names)}."
        raise UsageError(f"{cls.name} has no parameter {name}{hint}")

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """Names of the dataclass fields, which are the parameters."""
        return tuple(f.name for f in fields(cls))
