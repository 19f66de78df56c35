"""The lists: models, observables, bounds and citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vectorportal.app.encode import dumps
from vectorportal.errors import UsageError, nearest_name
from vectorportal.models import Model, get_model, model_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from vectorportal.bounds.record import BoundRecord
    from vectorportal.models import Parameter
    from vectorportal.observables.base import Argument, Observable

__all__ = ["list_bounds", "list_models", "list_observables", "print_citations"]


def list_models(as_json: bool) -> None:
    """Print every model with its parameters, units and allowed ranges."""
    models = [get_model(name) for name in model_names()]
    if as_json:
        print(dumps([_model_record(model) for model in models]))
        return
    for model in models:
        print(f"{model.name}: {model.summary}")
        width = max(len(p.name) for p in model.parameters)
        for p in model.parameters:
            print(f"  {p.name:<{width}}  {p.doc}; {p.allowed}")


def list_observables(model_name: str | None, as_json: bool) -> None:
    """Print every observable, or those of one model, with unit, arguments and meaning."""
    models = model_names() if model_name is None else (get_model(model_name).name,)
    found = _observables_of(models)
    if as_json:
        print(dumps([_observable_record(item) for item in found]))
        return
    width = max((len(item.name) for item in found), default=0)
    for item in found:
        words = ", ".join(_argument_text(a) for a in item.arguments)
        unit = "" if item.unit == "1" else f" [{item.unit}]"
        print(f"{item.name:<{width}}  {_first(item.doc)}{unit}{f' ({words})' if words else ''}")


def _argument_text(argument: Argument) -> str:
    """One argument as it is written: its words or unit, and its default."""
    what = "|".join(argument.choices)
    if not what and argument.unit != "1":
        what = f"[{argument.unit}]"
    default = "" if argument.default is None else f", default {argument.default}"
    return f"{argument.name}={what}{default}"


def list_bounds(model_name: str | None, as_json: bool, own: Iterable[Path] = ()) -> None:
    """Print every bound, or those on one model, and those in the files `own`, by signature."""
    from vectorportal.bounds.own import own_for, read_all
    from vectorportal.bounds.record import SIGNATURES
    from vectorportal.bounds.registry import bounds_for, load_bounds

    name = None if model_name is None else _model_of_bounds(model_name)
    packaged = tuple(load_bounds().values()) if name is None else bounds_for(name)
    records = (*packaged, *(read_all(own) if name is None else own_for(name, own)))
    replaced = {old: record.id for record in records for old in record.supersedes}
    if as_json:
        print(dumps([record.to_json() for record in records]))
        return
    width = max((len(record.id) for record in records), default=0)
    for signature in SIGNATURES:
        group = [record for record in records if record.signature == signature]
        if group:
            print(f"{signature}:")
        for record in group:
            print(f"  {record.id:<{width}}  {record.label}: {_facts(record, replaced)}")
    print("* not checked against the paper")


def _model_of_bounds(name: str) -> str:
    """The name of a model; UsageError that says so where bounds wait for one to come."""
    from vectorportal.bounds.registry import bounds_for
    from vectorportal.bounds.words import COMING_MODELS

    if name in COMING_MODELS:
        number = len(bounds_for(name))
        raise UsageError(
            f"there is no model {name} yet; its {number} bounds are in the list of all bounds."
        )
    return get_model(name).name


def _facts(record: BoundRecord, replaced: Mapping[str, str]) -> str:
    """Coupling, kind, confidence level, grade and what counts instead of the record."""
    level = record.confidence_level + ("" if record.confidence_level_checked else "*")
    words = [_coupling(record), record.kind, level, f"grade {record.grade}"]
    if record.id in replaced:
        words.append(f"superseded by {replaced[record.id]}")
    elif record.alternative_to is not None:
        words.append(f"alternative to {record.alternative_to}")
    return ", ".join(words)


def _coupling(record: BoundRecord) -> str:
    return record.coupling if record.charges is None else f"{record.coupling} of {record.charges}"


def print_citations(names: list[str]) -> None:
    """Print BibTeX for keys, models, observables, figures, bounds, experiments, each entry once."""
    from vectorportal.references import bibtex

    keys = [key for name in names for key in _keys(name)]
    print(bibtex(keys), end="")


def _keys(name: str) -> tuple[str, ...]:
    """The reference keys that `name` stands for."""
    from vectorportal.bounds.experiments.spec import load_experiments
    from vectorportal.bounds.registry import load_bounds
    from vectorportal.papers.registry import figure_names, get_figure
    from vectorportal.references import load_references

    if name in load_references():
        return (name,)
    if name in figure_names():
        return tuple(get_figure(name).references)
    if name in load_bounds():
        return load_bounds()[name].source
    if name in model_names():
        return tuple(key for item in _observables_of((name,)) for key in item.references)
    named = {item.name: tuple(item.references) for item in _observables_of(model_names())}
    named |= {key: experiment.source for key, experiment in load_experiments().items()}
    if name in named:
        return named[name]
    valid = [*load_references(), *figure_names(), *load_bounds(), *model_names(), *named]
    near = nearest_name(name, valid)
    hint = f"; did you mean {near}?" if near else "."
    raise UsageError(f"nothing to cite is called {name}{hint}")


def _observables_of(models: tuple[str, ...]) -> list[Observable]:
    """The observables of `models`, each name once."""
    from vectorportal.observables.base import get_observable, observable_names

    found: dict[str, Observable] = {}
    for model in models:
        for name in observable_names(model):
            found.setdefault(name, get_observable(name, model))
    return list(found.values())


def _model_record(model: Any) -> dict[str, Any]:
    return {
        "name": model.name,
        "summary": model.summary,
        "parameters": [_value_record(p) for p in model.parameters],
        "options": {name: model.supported(name) for name in Model.settings},
    }


def _value_record(item: Parameter | Argument) -> dict[str, Any]:
    """What a parameter or an argument may be."""
    record: dict[str, Any] = {"name": item.name, "unit": item.unit, "doc": item.doc}
    limits = {"low": item.low, "high": item.high}
    record |= {"choices": item.choices} if item.choices else limits
    words = getattr(item, "words", ())
    return record | ({"words": words} if words else {})


def _observable_record(item: Any) -> dict[str, Any]:
    arguments = [_value_record(a) | {"default": a.default} for a in item.arguments]
    return {
        "name": item.name,
        "unit": item.unit,
        "doc": item.doc,
        "source": item.source,
        "arguments": arguments,
        "models": item.models,
        "requires": item.requires,
        "labels": item.labels,
    }


def _first(doc: str) -> str:
    return doc.strip().split(". ")[0].rstrip(".")
