"""From the words of a command line to a model, inputs, options and arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import get_model
from vectorportal.observables.engine import ENGINES
from vectorportal.units import parse_quantity

if TYPE_CHECKING:
    from vectorportal.observables.base import Observable

__all__ = [
    "Axis",
    "Request",
    "check_engine",
    "parse_axis",
    "parse_range",
    "parse_request",
    "split_pairs",
]


_INPUT_NAMES = ("dof", "hadrons")
_OPTION_NAMES = tuple(field.name for field in fields(Options))
_MAX_POINTS = 10_000_000


@dataclass(frozen=True)
class Axis:
    """One `--grid` flag: the name of a parameter or argument and its values, shape (n,)."""

    key: str
    values: np.ndarray


@dataclass(frozen=True)
class Request:
    """What a command line asked for, checked name by name.

    `parameters` and `arguments` hold numbers and words at a point; the axes of a grid stand in
    `axes`, in the order of their flags.
    """

    model_name: str
    parameters: dict[str, Any]
    inputs: Inputs
    options: Options
    arguments: dict[str, Any]
    axes: tuple[Axis, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the grid; () for a point."""
        return tuple(axis.values.size for axis in self.axes)

    def model(self) -> Any:
        """The model, its gridded parameters shaped so that all axes broadcast."""
        return get_model(self.model_name)(**self.parameters, **self._gridded(self._is_parameter))

    def call_arguments(self) -> dict[str, Any]:
        """The observable's own arguments, the gridded ones shaped like the model's."""
        return {**self.arguments, **self._gridded(lambda key: not self._is_parameter(key))}

    def remarks(self) -> tuple[str, ...]:
        """What the words of options and model mean for every result, as sentences."""
        first = {axis.key: axis.values[0] for axis in self.axes if self._is_parameter(axis.key)}
        model = get_model(self.model_name)(**self.parameters, **first)
        return (*self.options.remarks(), *model.remarks())

    def _is_parameter(self, key: str) -> bool:
        return any(p.name == key for p in get_model(self.model_name).parameters)

    def _gridded(self, wanted: Any) -> dict[str, np.ndarray]:
        rank = len(self.axes)
        shapes = {i: tuple(-1 if i == j else 1 for j in range(rank)) for i in range(rank)}
        pairs = enumerate(self.axes)
        return {axis.key: axis.values.reshape(shapes[i]) for i, axis in pairs if wanted(axis.key)}


def split_pairs(words: Iterable[str]) -> dict[str, str]:
    """`key=value` words as a dict.

    Raises
    ------
    UsageError : a word without "=", an empty side, or a key given twice.
    """
    pairs: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise UsageError(f"{_shown(word)} is not of the form key=value.")
        if key.strip() in pairs:
            raise UsageError(f"{_shown(key.strip())} is given twice.")
        pairs[key.strip()] = value.strip()
    return pairs


def check_engine(engine: str) -> None:
    """Raise UsageError for an engine that is not known or not installed."""
    from importlib.util import find_spec

    if engine not in ENGINES:
        raise UsageError(
            f"engine {_shown(engine)} is not known; it must be {' or '.join(ENGINES)}."
        )
    if engine == "jax" and find_spec("jax") is None:
        raise UsageError("engine jax needs JAX, which the extra vectorportal[jax] installs.")


def parse_request(
    model_name: str,
    pairs: dict[str, str],
    observables: tuple[Observable, ...] = (),
    grid: Iterable[str] = (),
) -> Request:
    """Check and convert `pairs` (key to text) and `grid` flags for `model_name`.

    The arguments of `observables` are accepted beside parameters, inputs and options.

    Raises
    ------
    UsageError : an unknown name, with the nearest valid one.
    ParameterError : a value that is no number, or in a unit that does not fit; an option that the
        model does not support.
    """
    quantities = _quantities(model_name, observables)
    axes = tuple(parse_axis(text, quantities, pairs) for text in grid)
    _check_axes(axes)
    parameters, arguments, other = {}, {}, {}
    names = {p.name for p in get_model(model_name).parameters}
    for key, text in pairs.items():
        if key not in quantities:
            other[key] = text
        elif key in names:
            parameters[key] = _value(quantities[key], text)
        else:
            arguments[key] = _value(quantities[key], text)
    inputs, options = _companions(other, quantities, model_name, observables)
    get_model(model_name).check_settings(options)
    return Request(model_name, parameters, inputs, options, arguments, axes)


def parse_axis(text: str, quantities: dict[str, Any], pairs: dict[str, str]) -> Axis:
    """The axis of one `--grid` flag, key=start:stop:n or key=start:stop:n:log.

    The values run from start to stop, both included, also downwards; n = 1 gives start alone.

    Raises
    ------
    UsageError : not of that form, an unknown key, or a key that also has a value.
    ParameterError : n below 1 or above 10^7, start equal to stop with n above 1, log with a
        value <= 0.
    """
    key, _, rest = text.partition("=")
    parts = rest.split(":")
    if len(parts) not in (3, 4) or (len(parts) == 4 and parts[3] != "log"):
        raise UsageError(f"--grid {_shown(text)} is not of the form key=start:stop:n or ...:n:log.")
    if key not in quantities:
        raise _unknown(key, quantities, "cannot span a grid")
    if key in pairs:
        raise UsageError(f"{key} is given both as a value and as a grid.")
    if quantities[key].choices:
        raise UsageError(f"{key} is a word and cannot span a grid.")
    return Axis(key, _axis_values(key, quantities[key].unit, parts))


def parse_range(text: str, key: str, unit: str) -> tuple[float, float]:
    """The bracket lo:hi of `key` in `unit`.

    Raises
    ------
    UsageError : not of the form lo:hi.
    ParameterError : unless lo < hi, both of one sign.
    """
    parts = text.split(":")
    if len(parts) != 2:
        raise UsageError(f"--bracket {_shown(text)} is not of the form lo:hi.")
    low, high = (parse_quantity(part, unit, key) for part in parts)
    if not (0.0 < low < high or low < high < 0.0):
        raise ParameterError("--bracket", text, allowed="lo:hi with lo < hi, both of one sign")
    return low, high


def _axis_values(key: str, unit: str, parts: list[str]) -> np.ndarray:
    start, stop = (parse_quantity(part, unit, key) for part in parts[:2])
    digits = parts[2] if parts[2].isascii() and parts[2].isdecimal() and len(parts[2]) < 20 else ""
    if not digits or not 1 <= int(digits) <= _MAX_POINTS:
        allowed = f"a whole number from 1 to {_MAX_POINTS}"
        raise ParameterError(f"n of --grid {key}", _shown(parts[2]), allowed=allowed)
    n = int(digits)
    if start == stop and n > 1:
        raise ParameterError(f"--grid {key}", parts[0], allowed="start != stop when n > 1")
    if len(parts) == 4 and min(start, stop) <= 0.0:
        raise ParameterError(f"--grid {key}", min(start, stop), unit, "positive on a log axis")
    return np.geomspace(start, stop, n) if len(parts) == 4 else np.linspace(start, stop, n)


def _check_axes(axes: tuple[Axis, ...]) -> None:
    keys = [axis.key for axis in axes]
    for key in keys:
        if keys.count(key) > 1:
            raise UsageError(f"--grid {key} is given twice.")
    points = int(np.prod([axis.values.size for axis in axes], dtype=object)) if axes else 1
    if points > _MAX_POINTS:
        raise ParameterError("the grid", points, "points", f"at most {_MAX_POINTS} points")


def _quantities(model_name: str, observables: tuple[Observable, ...]) -> dict[str, Any]:
    """Every name that takes a value in some unit: parameters, then the observable's arguments."""
    parameters = {p.name: p for p in get_model(model_name).parameters}
    return {a.name: a for item in observables for a in item.arguments} | parameters


def _value(quantity: Any, text: str) -> float | str:
    words = getattr(quantity, "words", ())
    if quantity.choices or text in words:
        return text
    if words and text[:1].isalpha():
        return quantity.check(_shown(text))
    return parse_quantity(text, quantity.unit, quantity.name)


def _companions(
    texts: dict[str, str],
    known: dict[str, Any],
    model_name: str,
    observables: tuple[Observable, ...],
) -> tuple[Inputs, Options]:
    """Inputs and options from the words that are neither parameters nor arguments."""
    default = Inputs.default()
    sm_names = [f"sm.{field.name}" for field in fields(default.sm)]
    valid = [*known, *_INPUT_NAMES, *_OPTION_NAMES, *sm_names]
    for key in texts:
        if key not in valid:
            names = " or ".join(item.name for item in observables)
            where = f" or an argument of {names}" if names else ""
            complaint = f"= {_shown(texts[key])} is not a parameter of {model_name}{where}"
            raise _unknown(key, valid, complaint, known)
    values: dict[str, Any] = {k: t for k, t in texts.items() if k in _INPUT_NAMES}
    values |= {k: parse_quantity(t, _sm_unit(k), k) for k, t in texts.items() if k in sm_names}
    options = {k: t for k, t in texts.items() if k in _OPTION_NAMES}
    return Inputs.build(values), Options(**options)


def _sm_unit(key: str) -> str:
    if key == "sm.g_fermi":
        return "GeV^-2"
    return "GeV" if key.startswith(("sm.m_", "sm.gamma_")) else "1"


def _unknown(
    key: str, valid: Iterable[str], complaint: str, quantities: Mapping[str, Any] | None = None
) -> UsageError:
    near = nearest_name(key, valid)
    if near is None:
        return UsageError(f"{_shown(key)} {complaint}.")
    allowed = getattr((quantities or {}).get(near), "allowed", "")
    hint = f"{near} ({allowed})" if allowed else near
    return UsageError(f"{_shown(key)} {complaint}; did you mean {hint}?")


def _shown(text: str) -> str:
    clean = text if text.isprintable() and text else ascii(text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
