"""Models: frozen sets of physical parameters, validated when they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.inputs.settings import Options
from vectorportal.numerics.arrays import is_jax, is_traced

__all__ = ["Model", "Parameter"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model: its name, unit, open allowed interval (or choices) and meaning.

    With `choices` it is one of these words; with `words` it is a number or one of these words.
    With `parse` it is a word that `parse` brings into its valid form, or refuses with
    ParameterError; `choices` then holds examples and `form` says what else is allowed.
    `search` is where `solve` looks for it when no bracket is given. `signed`: the range is that of
    the magnitude, and either sign will do; `closed`: `low` itself is allowed.
    """

    name: str
    unit: str
    doc: str
    low: float = -np.inf
    high: float = np.inf
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    search: tuple[float, float] | None = None
    parse: Callable[[Any], str] | None = None
    form: str = ""
    signed: bool = False
    closed: bool = False

    @property
    def allowed(self) -> str:
        """The allowed range as words for an error message."""
        if self.choices:
            return "one of " + ", ".join(self.choices) + (f", or {self.form}" if self.form else "")
        unit = f" {self.unit}" if self.unit != "1" else ""
        or_words = f" or one of {', '.join(self.words)}" if self.words else ""
        low = f"{'at least' if self.closed else 'above'} {self.low:g}"
        high = "" if np.isinf(self.high) else f" and below {self.high:g}"
        sign = ", of either sign" if self.signed else ""
        return f"{low}{high}{unit}{sign}{or_words}"

    def check(self, value: Any) -> Any:
        """`value` as float64 array (or as a word), or ParameterError."""
        if self.parse is not None:
            return self.parse(value)
        if self.choices or (self.words and isinstance(value, str)):
            known = self.choices or self.words
            if not isinstance(value, str) or value not in known:
                nearest = nearest_name(str(value), known)
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
        size = np.abs(array) if self.signed else array
        above = size >= self.low if self.closed else size > self.low
        bad = ~(above & (size < self.high))
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
    settings: ClassVar[dict[str, tuple[str, ...]]] = {
        "prescription": ("verified",),
        "mechanism": ("freeze-out",),
        "statistics": ("maxwell-boltzmann",),
        "temperature": ("bath",),
        "channels": ("all", "standard-model", "secluded"),
    }
    """The words of each option that the model supports; a subclass lists all or some of them."""
    _shape: ClassVar[tuple[int, ...]] = ()

    def __post_init__(self) -> None:
        shapes = []
        for parameter in self.parameters:
            value = getattr(self, parameter.name)
            if value is None:
                continue
            value = parameter.check(value)
            object.__setattr__(self, parameter.name, value)
            if not isinstance(value, str):
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

    def check_options(self, inputs: Any, options: Options) -> None:
        """Restrictions that need Options: raise UsageError for what cannot be computed here.

        Called before every evaluation, also of arrays, after `check_settings`.
        """

    def remarks(self) -> tuple[str, ...]:
        """What the chosen words mean for every result, as sentences without a full stop."""
        return ()

    @classmethod
    def supported(cls, name: str) -> tuple[str, ...]:
        """The words of the option `name` that the model supports."""
        return {**Model.settings, **cls.settings}[name]

    @classmethod
    def check_settings(cls, options: Options) -> None:
        """Raise ParameterError for an option word that the model does not support."""
        for name in Model.settings:
            known = cls.supported(name)
            for word in options.words(name):
                if word not in known:
                    one_of = "one of " if len(known) > 1 else ""
                    allowed = f"{one_of}{', '.join(known)} for {cls.name}"
                    raise ParameterError(name, word, "", allowed, nearest_name(word, known))

    def scales(self) -> dict[str, Any]:
        """Lambda/alpha_d in GeV of effective couplings by the fermion that has them."""
        return {}

    @property
    def dark_matter(self) -> str:
        """The kind of dark matter as a word, `none` without any."""
        return str(self.given().get("dm", "none"))

    @property
    def has_dark_matter(self) -> bool:
        """Whether a dark matter particle is part of the model."""
        return self.dark_matter != "none"

    @property
    def shape(self) -> tuple[int, ...]:
        """Broadcast shape of the parameters; () for one point."""
        return self._shape

    def given(self) -> dict[str, Any]:
        """The parameters that have a value, in their declared order."""
        pairs = ((p.name, getattr(self, p.name)) for p in self.parameters)
        return {name: value for name, value in pairs if value is not None}

    def numbers(self) -> dict[str, Any]:
        """The parameters that have a number, or an array of them."""
        return {k: value for k, value in self.given().items() if not isinstance(value, str)}

    def choices(self) -> dict[str, str]:
        """The parameters whose value is a word."""
        return {k: value for k, value in self.given().items() if isinstance(value, str)}

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
