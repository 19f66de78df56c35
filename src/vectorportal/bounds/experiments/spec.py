"""Specifications of experiments: YAML files whose values carry units, checked field by field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from vectorportal.bounds.yaml_text import load_documents
from vectorportal.errors import DataError, ParameterError, UsageError, nearest_name
from vectorportal.units import parse_quantity

__all__ = [
    "FINAL_STATES",
    "Experiment",
    "Field",
    "get_experiment",
    "load_experiments",
    "parse_experiment",
    "read_experiment",
]

FINAL_STATES = ("ee", "mumu", "tautau", "nunu", "hadrons", "tt", "WW", "Zh", "dark")
"""Names of final states whose widths a mediator has"""
_COMMON = ("id", "title", "engine", "source", "record", "n_limit", "spread", "notes")
_LARGEST_FILE = 100_000
_ROUNDING = 1e-12
"""By how much a value may miss an allowed end: what converting units costs"""
_TRUTHS = {True: ("yes", "on"), False: ("no", "off")}
"""Words that YAML reads as truth values"""


@dataclass(frozen=True)
class Field:
    """One number (or word) that an engine reads: name, unit, meaning, closed allowed interval.

    `default` None means required. With `choices` the value is one of these words; YAML's true and
    false stand for yes and no, or on and off. With `many` it is a list of such values, each word at
    most once, empty only where that is the default. A bare number is in `unit` ("1": pure).
    """

    name: str
    unit: str
    doc: str
    low: float = -math.inf
    high: float = math.inf
    default: Any = None
    choices: tuple[str, ...] = ()
    many: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        unit = "" if self.unit == "1" else f" {self.unit}"
        if math.isinf(self.low) and math.isinf(self.high):
            return "a finite number"
        if math.isinf(self.high):
            return f"at least {self.low:g}{unit}"
        if math.isinf(self.low):
            return f"at most {self.high:g}{unit}"
        return f"from {self.low:g} to {self.high:g}{unit}"

    def check(self, value: Any) -> Any:
        """`value` as a float in `unit`, as a word, or as a tuple of these; or ParameterError."""
        if self.many:
            if not isinstance(value, (list, tuple)):
                value = [value]
            if not value and self.default != ():
                raise ParameterError(self.name, "an empty list", "", self.allowed)
            found = tuple(self._one(item) for item in value)
            twice = [item for item in found if found.count(item) > 1]
            if self.choices and twice:
                shown = f"a list with {twice[0]} more than once"
                raise ParameterError(self.name, shown, "", "a list of different words")
            return found
        return self._one(value)

    def _one(self, value: Any) -> Any:
        if self.choices:
            if isinstance(value, bool):
                value = next((w for w in _TRUTHS[value] if w in self.choices), value)
            if not isinstance(value, str) or value not in self.choices:
                near = nearest_name(str(value), self.choices)
                raise ParameterError(self.name, _shown(value), "", self.allowed, near)
            return value
        number = self._number(value)
        # an end that was given in another unit may come out a rounding error beyond it
        for end in (self.low, self.high):
            if math.isfinite(end) and math.isclose(number, end, rel_tol=_ROUNDING):
                return float(end)
        if not (math.isfinite(number) and self.low <= number <= self.high):
            raise ParameterError(self.name, f"{number:g}", self.unit, self.allowed)
        return number

    def _number(self, value: Any) -> float:
        if isinstance(value, str):
            return parse_quantity(value, self.unit, self.name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ParameterError(self.name, _shown(value), "", f"a number {self.allowed}")
        try:
            return float(value)
        except OverflowError:
            allowed = "within the range of a 64-bit number"
            raise ParameterError(self.name, _shown(value), "", allowed) from None


@dataclass(frozen=True)
class Experiment:
    """An experiment: what its engine needs (`values`: field -> number in the unit of the field),
    the signal events at its limit, and the published bound (`record`) it is compared with.

    `source` holds reference keys; `spread` is the factor in the coupling between this calculation
    and the published limit (None: not calibrated).
    """

    id: str
    title: str
    engine: str
    values: Mapping[str, Any]
    n_limit: float
    source: tuple[str, ...] = ()
    record: str | None = None
    spread: float | None = None
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def key(self) -> tuple[Any, ...]:
        """What the production of vectors depends on, as something hashable."""
        return (self.engine, *sorted(self.values.items(), key=lambda item: item[0]))

    def to_json(self) -> dict[str, Any]:
        """The specification as JSON types."""
        names = ("id", "title", "engine", "n_limit", "record", "spread")
        record: dict[str, Any] = {name: getattr(self, name) for name in names}
        record |= {"source": list(self.source), "notes": list(self.notes)}
        return record | {"values": dict(self.values)}


_N_LIMIT = Field("n_limit", "1", "signal events at the limit", 1e-3, 1e12)
_SPREAD = Field("spread", "1", "factor in the coupling against the published limit", 1.0, 1e3)


def parse_experiment(data: Any, name: str) -> Experiment:
    """The experiment of the mapping `data`; `name` is its id when `data` has none.

    Raises UsageError (ParameterError for a value) with one sentence that names the field.
    """
    from vectorportal.bounds.experiments.engines import engine_of, fields_of

    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise UsageError("the file is not a mapping of fields to values.")
    if "engine" not in data:
        raise UsageError("the field engine is missing.")
    fields = {field.name: field for field in fields_of(data["engine"])}
    _check_names(data, fields)
    values = {}
    for field in fields.values():
        given = data.get(field.name, field.default)
        empty = given is None or (field.name not in data and field.default == ())
        values[field.name] = field.default if empty else field.check(given)
    spread = data.get("spread")
    experiment = Experiment(
        id=_text(data, "id", name),
        title=_text(data, "title", name),
        engine=data["engine"],
        values=values,
        n_limit=_N_LIMIT.check(data["n_limit"]),
        source=_texts(data, "source"),
        record=_text(data, "record", None),
        spread=None if spread is None else _SPREAD.check(spread),
        notes=_texts(data, "notes"),
    )
    check = getattr(engine_of(experiment), "check", None)
    if check is not None:
        check(experiment)
    return experiment


def _check_names(data: dict[str, Any], fields: Mapping[str, Field]) -> None:
    """No unknown field, no missing one."""
    for key in data:
        if key not in fields and key not in _COMMON:
            near = nearest_name(key, (*fields, *_COMMON))
            hint = f"; did you mean {near}?" if near else "."
            raise UsageError(f"engine {data['engine']} has no field {_shown(key)}{hint}")
    required = ["n_limit", *(f.name for f in fields.values() if f.default is None)]
    for key in required:
        if data.get(key) is None:
            field = fields.get(key, _N_LIMIT)
            raise UsageError(f"the field {key} ({field.doc}) is missing.")


def _text(data: dict[str, Any], name: str, default: str | None) -> Any:
    value = data.get(name, default)
    if value is not None and not _is_text(value):
        raise ParameterError(name, _shown(value), "", "a text of printable characters")
    return value


def _is_text(value: Any) -> bool:
    """Whether `value` is a text of one line that a terminal can show."""
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _texts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name, ())
    if isinstance(value, str):
        value = [value]
    bad = not isinstance(value, (list, tuple))
    if bad or not all(isinstance(v, str) for v in value):
        raise ParameterError(name, _shown(value), "", "a list of texts")
    # texts of several lines become one
    lines = tuple(" ".join(v.split()) for v in value)
    if not all(_is_text(line) for line in lines):
        raise ParameterError(name, _shown(value), "", "a list of texts of printable characters")
    return lines


def read_experiment(path: Path | str) -> Experiment:
    """The experiment of the YAML file at `path`; DataError names the file and the field.

    `record` must be a known bound and every `source` a known reference key or an arXiv number.
    """
    from vectorportal.bounds.experiments.keys import check_keys

    path = Path(path)
    experiment = _read(path)
    try:
        check_keys(experiment.record, experiment.source)
    except UsageError as error:
        raise DataError(f"{path.name}: {error}") from None
    return experiment


def _read(path: Path) -> Experiment:
    """As `read_experiment`, with any `record` and `source`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise DataError(f"{path.name} cannot be read: {reason}.") from None
    if len(text) > _LARGEST_FILE:
        raise DataError(f"{path.name} is longer than {_LARGEST_FILE} characters.")
    documents = load_documents(path.name, text)
    if len(documents) != 1:
        raise DataError(f"{path.name} holds {len(documents)} YAML documents instead of one.")
    try:
        return parse_experiment(documents[0], path.stem)
    except UsageError as error:
        raise DataError(f"{path.name}: {error}") from None


@lru_cache(maxsize=1)
def load_experiments() -> dict[str, Experiment]:
    """Every packaged experiment by id; read once. DataError for a broken or missing file."""
    with resources.as_file(resources.files("vectorportal") / "data" / "experiments") as root:
        found = [(path, _read(path)) for path in sorted(root.glob("*.yaml"))]
    if not found:
        raise DataError("the folder of experiments is empty.")
    for path, experiment in found:
        if experiment.id != path.stem:
            raise DataError(f"{path.name}, field id: {experiment.id} is not the name of the file.")
    return {experiment.id: experiment for _, experiment in found}


def get_experiment(name: str) -> Experiment:
    """The packaged experiment with the id `name`, or UsageError with the nearest id."""
    experiments = load_experiments()
    if name not in experiments:
        near = nearest_name(name, experiments)
        hint = f"; did you mean {near}?" if near else "."
        raise UsageError(f"there is no experiment {_shown(name)}{hint}")
    return experiments[name]


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    clean = text if text.isprintable() and text else ascii(text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
