"""The engines by name. Each is a module with FIELDS and signal(experiment, vector, g2)."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from vectorportal.bounds.experiments.spec import Experiment, Field
from vectorportal.errors import UsageError, nearest_name

__all__ = ["ENGINES", "engine_of", "fields_of", "get_engine"]

_HERE = "vectorportal.bounds.experiments"
ENGINES = {
    "electron-dump": f"{_HERE}.electron_dump",
    "missing-energy": f"{_HERE}.missing_energy",
    "proton-dump": f"{_HERE}.proton_dump",
    "dark-matter-beam": f"{_HERE}.dark_matter_beam",
    "monophoton": f"{_HERE}.monophoton",
    "meson-decay": f"{_HERE}.meson_decay",
    "supernova": f"{_HERE}.supernova",
    "millicharge-beam": f"{_HERE}.millicharge_beam",
}
"""Engine -> module, imported when it is asked for.

A module has FIELDS (tuple of spec.Field), signal(experiment, vector, g2) -> expected events of
shape (n, k) at couplings squared g2 (n, k), and may have
SIGNATURE: "visible" or "invisible" decays of the vector count (default visible);
signature(experiment): the same where it depends on the experiment;
reference_vector(experiment, mass): what its record is for, None for a dark photon;
RANGE: couplings (low, high) in which a limit is looked for (default events.RANGE);
ASSUMPTIONS: tuple of sentences that are told with every result;
check(experiment): raises UsageError for values that do not go together;
domain(experiment, mass) -> (n,) of bool: where the engine can say anything;
refused(experiment, vector) -> (n,) of bool, and a sentence: vectors that cannot be computed;
remarks(experiment, vector): tuple of sentences that hold for this vector;
PARTICLE: "millicharged" for an engine that is not for vectors.
"""


def get_engine(name: Any) -> ModuleType:
    """The module of the engine `name`, or UsageError with the nearest name."""
    if not isinstance(name, str) or name not in ENGINES:
        near = nearest_name(str(name), ENGINES)
        known = ", ".join(ENGINES)
        hint = f"did you mean {near}?" if near else f"there are {known}."
        raise UsageError(f"there is no engine {str(name)[:60]!r}; {hint}")
    return import_module(ENGINES[name])


def engine_of(experiment: Experiment) -> ModuleType:
    """The module of the engine of `experiment`."""
    return get_engine(experiment.engine)


def fields_of(name: Any) -> tuple[Field, ...]:
    """The fields that the engine `name` reads."""
    return tuple(get_engine(name).FIELDS)
