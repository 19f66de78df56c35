"""An experiment in the form of its file."""

from __future__ import annotations

import json
from typing import Any

from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.spec import Experiment, Field

__all__ = ["specification"]

_TRUTHS = ("yes", "no", "on", "off")


def specification(experiment: Experiment) -> str:
    """YAML that `read_experiment` turns into the same experiment, to the last digit."""
    lines = [f"id: {_text(experiment.id)}", f"title: {_text(experiment.title)}"]
    lines += [f"engine: {experiment.engine}", f"n_limit: {experiment.n_limit!r}"]
    for name in ("record", "spread"):
        value = getattr(experiment, name)
        if value is not None:
            lines.append(f"{name}: {_text(value) if isinstance(value, str) else repr(value)}")
    if experiment.source:
        lines.append(f"source: [{', '.join(_text(key) for key in experiment.source)}]")
    for field in engine_of(experiment).FIELDS:
        lines.append(f"{field.name}: {_value(field, experiment[field.name])}  # {field.doc}")
    if experiment.notes:
        lines += ["notes:", *(f"  - {_text(note)}" for note in experiment.notes)]
    return "\n".join(lines)


def _text(text: str) -> str:
    # texts are printable, so that JSON's quotes are YAML's too
    return json.dumps(text, ensure_ascii=False)


def _value(field: Field, value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(field, item) for item in value) + "]"
    if isinstance(value, str):
        # words that YAML reads as truth values need quotes
        return _text(value) if value in _TRUTHS else value
    unit = "" if field.unit in ("", "1") else f" {field.unit}"
    return f"{value!r}{unit}"
