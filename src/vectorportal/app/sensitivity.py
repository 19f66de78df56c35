"""The command `sensitivity`: couplings that an experiment computed from its beam up can exclude."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.encode import dumps
from vectorportal.app.output import header_record, quantity, remark_lines, worst
from vectorportal.app.request import Request, parse_request, split_pairs
from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.events import RANGE, domain, interval, signal
from vectorportal.bounds.experiments.spec import (
    Experiment,
    get_experiment,
    load_experiments,
    read_experiment,
)
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.models import get_model
from vectorportal.models.mediator import ChargedParticle
from vectorportal.observables.status import NO_DATA, NO_SOLUTION, OK, STATUS_NAMES

if TYPE_CHECKING:
    from vectorportal.models import Model

__all__ = ["list_experiments", "run_sensitivity", "show_experiment"]

_UNTRUSTED = 3
_COUPLINGS = ("epsilon", "g_x")
_REFERENCE = 1e-4
"""Coupling at which widths are read when none is given; all rates go as its square"""
_COLUMNS = ("lower", "upper", "events", "mu")


@dataclass(frozen=True)
class Reach:
    """Answers at every point, flat (n,): edges of the excluded couplings, events and events over
    the limit at the coupling that was given (None without one), and status codes."""

    coupling: str
    lower: np.ndarray
    upper: np.ndarray
    events: np.ndarray | None
    mu: np.ndarray | None
    status: np.ndarray
    reasons: tuple[str, ...]


def list_experiments(as_json: bool) -> None:
    """Print every packaged experiment, with its theory error in the coupling where it is known."""
    found = load_experiments().values()
    if as_json:
        print(dumps([experiment.to_json() for experiment in found]))
        return
    width = max(len(experiment.id) for experiment in found)
    for experiment in found:
        known = f" (a factor of {experiment.spread:.3g})" if experiment.spread else ""
        print(f"{experiment.id:<{width}}  {experiment.engine}: {experiment.title}{known}")


def show_experiment(name: str, as_json: bool) -> None:
    """Print the specification of an experiment in the form of its file."""
    experiment = _experiment(name)
    if as_json:
        print(dumps(experiment.to_json()))
        return
    print(f"id: {experiment.id}\ntitle: {dumps(experiment.title)}\nengine: {experiment.engine}")
    print(f"n_limit: {experiment.n_limit:g}")
    for field in engine_of(experiment).FIELDS:
        value = experiment.values[field.name]
        unit = "" if field.unit in ("", "1") else f" {field.unit}"
        if isinstance(value, tuple):
            shown = "[" + ", ".join(_value(item, unit) for item in value) + "]"
        else:
            shown = _value(value, unit)
        print(f"{field.name}: {shown}  # {field.doc}")


def _value(value: Any, unit: str) -> str:
    # words that YAML reads as truth values need quotes
    word = f'"{value}"' if value in ("yes", "no", "on", "off") else str(value)
    return word if isinstance(value, str) else f"{value:.10g}{unit}"


def run_sensitivity(
    name: str, model_name: str, words: list[str], grid: list[str], as_json: bool
) -> int:
    """Print the couplings between which experiment `name` (an id or a YAML file) has its limit.

    With the coupling given also the expected events. The exit code is 3 unless every status is ok.

    Raises
    ------
    UsageError : unknown names, bad values, or a model without a mediator; nothing is printed then.
    DataError : a file that is missing or broken.
    """
    experiment = _experiment(name)
    model_class = get_model(model_name)
    request = parse_request(model_name, split_pairs(words), (), grid)
    request, given = _with_coupling(request)
    model = request.model()
    if not hasattr(model_class, "mediator"):
        raise UsageError(f"{model_name} has no mediator that an experiment could look for.")
    if not request.shape:
        model.check_domain(request.inputs)
    reach = _reach(experiment, model, request, given)
    if as_json:
        print(dumps(_record(experiment, request, model, reach, given)))
    else:
        print("\n".join(_lines(experiment, request, reach)))
    return _UNTRUSTED if worst(reach.status) else 0


def _experiment(name: str) -> Experiment:
    """The packaged experiment `name`, or that of the YAML file at this path."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return read_experiment(path)
    return get_experiment(name)


def _with_coupling(request: Request) -> tuple[Request, bool]:
    """The request with a reference coupling where none was given, and whether one was given."""
    known = {p.name for p in get_model(request.model_name).parameters}
    key = next((name for name in _COUPLINGS if name in known), None)
    if key is None:
        raise UsageError(f"{request.model_name} has neither epsilon nor g_x to set limits on.")
    if key in request.parameters or any(axis.key == key for axis in request.axes):
        return request, True
    return replace(request, parameters={**request.parameters, key: _REFERENCE}), False


def _reach(experiment: Experiment, model: Model, request: Request, given: bool) -> Reach:
    """Limits, and events where the coupling was given, at all points of the model."""
    vector, coupling, exists = _vector(model, request)
    n = exists.size
    inside = exists.copy()
    inside[exists] = domain(experiment, vector.mass)
    found = {name: np.full(n, np.nan) for name in _COLUMNS}
    found["lower"][exists], found["upper"][exists] = interval(experiment, vector)
    if given:
        found["events"][exists] = signal(experiment, vector, coupling[:, None])[:, 0]
        found["mu"] = found["events"] / experiment.n_limit
    closed = np.isnan(found["lower"])
    status = np.where(~inside, NO_DATA, np.where(closed, NO_SOLUTION, OK))
    return Reach(
        vector.coupling_name,
        found["lower"],
        found["upper"],
        found["events"] if given else None,
        found["mu"] if given else None,
        status,
        _reasons(experiment, vector.coupling_name, status),
    )


def _vector(model: Model, request: Request) -> tuple[Vector, np.ndarray, np.ndarray]:
    """The vector at the points that exist, its coupling there, and which points exist, (all,)."""
    inputs = request.inputs
    mediator: Any = getattr(model, "mediator")(inputs)  # noqa: B009 - only some models have one
    allowed = model.allowed(inputs) if hasattr(model, "allowed") else True  # pyright: ignore
    shape = model.shape
    exists = np.broadcast_to(np.asarray(allowed, bool), shape).reshape(-1)
    if not exists.any():
        raise UsageError("no point of the grid exists: the vector does not mix with the Z there.")

    def rows(value: Any) -> Any:
        return np.broadcast_to(np.asarray(value, float), shape).reshape(-1)[exists]

    if isinstance(mediator, ChargedParticle):
        particle = ChargedParticle(rows(mediator.mass), rows(mediator.charge))
        return Vector.of_mediator(particle), particle.charge, exists

    own = mediator.epsilon if mediator.coupling is None else mediator.coupling
    charges = mediator.charges
    some = replace(
        mediator,
        mass=rows(mediator.mass),
        epsilon=rows(mediator.epsilon),
        coupling=rows(own),
        widths={name: rows(width) for name, width in mediator.widths.items()},
        charges=None if charges is None else {name: rows(q) for name, q in charges.items()},
    )
    return Vector.of_mediator(some), np.abs(some.coupling), exists


def _reasons(experiment: Experiment, coupling: str, status: np.ndarray) -> tuple[str, ...]:
    """A sentence for each status other than ok, gravest first."""
    low, high = getattr(engine_of(experiment), "RANGE", RANGE)
    told = {
        NO_DATA: f"The engine {experiment.engine} has no answer at this mass of the vector.",
        NO_SOLUTION: f"No {coupling} from {low:g} to {high:g} gives {experiment.n_limit:g} events.",
    }
    return tuple(sentence for code, sentence in told.items() if (status == code).any())


def _record(
    experiment: Experiment, request: Request, model: Model, reach: Reach, given: bool
) -> dict[str, Any]:
    record = header_record(request, model)
    if not given:
        record["parameters"].pop(reach.coupling, None)
    columns = {name: getattr(reach, name) for name in _COLUMNS}
    shaped = {k: _shaped(v, request) for k, v in columns.items() if v is not None}
    record |= {
        "experiment": experiment.to_json(),
        "observable": "sensitivity",
        "coupling": reach.coupling,
        "unit": "1",
        "value": shaped,
        "grid": {axis.key: axis.values for axis in request.axes},
        "error_estimate": None if experiment.spread is None else experiment.spread - 1.0,
        "status": STATUS_NAMES[worst(reach.status)],
        "assumptions": [*request.remarks(), *_assumptions(experiment)],
        "references": list(experiment.source),
    }
    if reach.status.any():
        record["reasons"] = list(reach.reasons)
        if request.axes:
            record["statuses"] = np.asarray(STATUS_NAMES)[reach.status].reshape(request.shape)
    return record


def _shaped(values: np.ndarray, request: Request) -> Any:
    return values.reshape(request.shape) if request.axes else float(values[0])


def _assumptions(experiment: Experiment) -> tuple[str, ...]:
    return (*getattr(engine_of(experiment), "ASSUMPTIONS", ()), *experiment.notes)


def _lines(experiment: Experiment, request: Request, reach: Reach) -> list[str]:
    head = [f"{experiment.title} ({experiment.engine})"]
    body = _grid_lines(request, reach) if request.axes else _point_lines(experiment, reach)
    status = [f"status: {STATUS_NAMES[worst(reach.status)]}"] if reach.status.any() else []
    tail = [f"note: {sentence.rstrip('.')}." for sentence in _assumptions(experiment)]
    return [
        *head,
        *body,
        *status,
        *reach.reasons,
        _error(experiment),
        *tail,
        *remark_lines(request),
    ]


def _point_lines(experiment: Experiment, reach: Reach) -> list[str]:
    """The answer at one point."""
    name, lower, upper = reach.coupling, float(reach.lower[0]), float(reach.upper[0])
    lines = []
    if np.isfinite(lower):
        end = f" and below {quantity(upper, '1', 4)}" if np.isfinite(upper) else ""
        reached = f"gives {experiment.n_limit:g} events or more"
        lines.append(f"{name} above {quantity(lower, '1', 4)}{end} {reached}")
    if reach.events is not None and reach.mu is not None and np.isfinite(reach.events[0]):
        mu = float(reach.mu[0])
        side = "above the limit" if mu >= 1.0 else "below the limit"
        lines.append(
            f"expected events: {quantity(reach.events[0], '1', 4)} (mu = {mu:.4g}, {side})"
        )
    return lines


def _grid_lines(request: Request, reach: Reach) -> list[str]:
    """One line for each point of a grid, tab-separated, with a heading."""
    mesh = np.meshgrid(*(axis.values for axis in request.axes), indexing="ij")
    columns = [c.reshape(-1) for c in mesh]
    names = [axis.key for axis in request.axes]
    for name in _COLUMNS:
        values = getattr(reach, name)
        if values is not None:
            columns.append(values)
            names.append(f"{reach.coupling}_{name}" if name in ("lower", "upper") else name)
    lines = ["\t".join([*names, "status"])]
    for i, code in enumerate(reach.status):
        cells = [quantity(column[i], "") if np.isfinite(column[i]) else "" for column in columns]
        lines.append("\t".join([*cells, STATUS_NAMES[int(code)]]))
    return lines


def _error(experiment: Experiment) -> str:
    if experiment.spread is None:
        return "theory error: not calibrated; a factor of 2 in the coupling is usual."
    where = f", from the comparison with {experiment.record}" if experiment.record else ""
    return f"theory error: a factor of {experiment.spread:.3g} in the coupling{where}."
