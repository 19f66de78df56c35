"""The command `sensitivity`: couplings that an experiment computed from its beam up can exclude."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.coupling import with_coupling
from vectorportal.app.encode import dumps
from vectorportal.app.output import header_record, quantity, remark_lines, worst
from vectorportal.app.reach import COLUMNS, Reach, find_reach
from vectorportal.app.request import Request, parse_request, split_pairs
from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.spec import (
    Experiment,
    get_experiment,
    load_experiments,
    read_experiment,
)
from vectorportal.bounds.experiments.text import specification
from vectorportal.errors import UsageError
from vectorportal.models import get_model
from vectorportal.observables.status import OK, STATUS_NAMES

if TYPE_CHECKING:
    from vectorportal.models import Model

__all__ = ["list_experiments", "run_sensitivity", "show_experiment"]

_UNTRUSTED = 3
_EDGES = ("lower", "upper")


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
    print(specification(experiment))


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
    pairs = split_pairs(words)
    request = parse_request(model_name, pairs, (), grid)
    _check_inputs(pairs)
    request, _, given = with_coupling(request)
    model = request.model()
    if not hasattr(model_class, "mediator"):
        raise UsageError(f"{model_name} has no mediator that an experiment could look for.")
    if not request.shape:
        model.check_domain(request.inputs)
    reach = find_reach(experiment, model, request, given)
    if as_json:
        print(dumps(_record(experiment, request, model, reach, given)))
    else:
        print("\n".join(_lines(experiment, request, reach)))
    return _UNTRUSTED if worst(reach.status) else 0


def _check_inputs(pairs: dict[str, str]) -> None:
    """UsageError for Standard Model inputs: production and scattering take the default ones."""
    for key in pairs:
        if key.startswith("sm."):
            raise UsageError(
                f"{key} cannot be set for sensitivity: experiments are computed with the default "
                "Standard Model inputs."
            )


def _experiment(name: str) -> Experiment:
    """The packaged experiment `name`, or that of the YAML file at this path."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return read_experiment(path)
    return get_experiment(name)


def _record(
    experiment: Experiment, request: Request, model: Model, reach: Reach, given: bool
) -> dict[str, Any]:
    record = header_record(request, model)
    if not given:
        record["parameters"].pop(reach.coupling, None)
    columns = {name: getattr(reach, name) for name in COLUMNS}
    shaped = {k: _shaped(v, request) for k, v in columns.items() if v is not None}
    record |= {
        "experiment": experiment.to_json(),
        "observable": "sensitivity",
        "coupling": reach.coupling,
        "unit": reach.unit,
        "value": shaped,
        "grid": {axis.key: axis.values for axis in request.axes},
        "error_estimate": None if experiment.spread is None else experiment.spread - 1.0,
        "status": STATUS_NAMES[worst(reach.status)],
        "assumptions": [*request.remarks(), *reach.remarks, *_assumptions(experiment)],
        "references": list(experiment.source),
    }
    if reach.reasons:
        record["reasons"] = list(reach.reasons)
    if reach.status.any() and request.axes:
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
    told = (*reach.remarks, *_assumptions(experiment))
    tail = [f"note: {sentence.rstrip('.')}." for sentence in told]
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
    lines = []
    if reach.status[0] == OK:
        reached = f"gives {experiment.n_limit:g} events or more"
        lines.append(f"{reach.coupling} {_span(reach)} {reached}")
    if reach.events is not None and reach.mu is not None and np.isfinite(reach.events[0]):
        mu = float(reach.mu[0])
        side = "above the limit" if mu >= 1.0 else "below the limit"
        lines.append(
            f"expected events: {quantity(reach.events[0], '1', 4)} (mu = {mu:.4g}, {side})"
        )
    return lines


def _span(reach: Reach) -> str:
    """The excluded couplings at one point in words."""
    lower, upper = float(reach.lower[0]), float(reach.upper[0])
    above, below = (quantity(edge, reach.unit, 4) for edge in (lower, upper))
    if np.isfinite(lower):
        return f"above {above}" + (f" and below {below}" if np.isfinite(upper) else "")
    low, high = (quantity(end, reach.unit, 4) for end in reach.searched)
    return f"below {below}" if np.isfinite(upper) else f"anywhere from {low} to {high}"


def _grid_lines(request: Request, reach: Reach) -> list[str]:
    """One line for each point of a grid, tab-separated, with a heading."""
    mesh = np.meshgrid(*(axis.values for axis in request.axes), indexing="ij")
    columns = [c.reshape(-1) for c in mesh]
    names = [axis.key for axis in request.axes]
    for name in COLUMNS:
        values = getattr(reach, name)
        if values is not None:
            columns.append(values)
            unit = "" if reach.unit == "1" else f"_{reach.unit}"
            names.append(f"{reach.coupling}_{name}{unit}" if name in _EDGES else name)
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
