"""The commands `eval` and `solve`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from vectorportal.app.encode import dumps
from vectorportal.app.output import (
    arguments_record,
    eval_lines,
    eval_record,
    full_statuses,
    header_record,
    quantity,
    remark_lines,
    worst,
)
from vectorportal.app.request import Request, parse_range, parse_request, split_pairs
from vectorportal.errors import UsageError
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate, get_observable
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.units import parse_quantity

if TYPE_CHECKING:
    from vectorportal.models import Parameter
    from vectorportal.observables.solve import Solution

__all__ = ["run_eval", "run_solve"]

_UNTRUSTED = 3


def run_eval(
    model_name: str, name: str, words: list[str], grid: list[str], engine: str, as_json: bool
) -> int:
    """Print one observable at a point or on a grid; the exit code is 3 unless every status is ok.

    Raises
    ------
    UsageError : unknown names or bad values; nothing is printed then.
    """
    get_model(model_name)
    request = parse_request(
        model_name, split_pairs(words), (get_observable(name, model_name),), grid
    )
    model = request.model()
    result = evaluate(
        model,
        name,
        inputs=request.inputs,
        options=request.options,
        engine=engine,
        **request.call_arguments(),
    )
    if as_json:
        print(dumps(eval_record(request, model, result)))
    else:
        print("\n".join(eval_lines(request, result)))
    return _UNTRUSTED if worst(full_statuses(result, request.shape)) else 0


def run_solve(
    model_name: str, words: list[str], bracket: str | None, engine: str, as_json: bool
) -> int:
    """Print the value of the parameter for=KEY at which observable= reaches target=.

    Raises
    ------
    UsageError : unknown names, bad values, or for= or target= missing; nothing is printed then.
    """
    from vectorportal.observables.solve import solve

    pairs = split_pairs(words)
    model_class = get_model(model_name)
    key, target_text = (_taken(pairs, name) for name in ("for", "target"))
    observable = get_observable(pairs.pop("observable", "omega_h2"), model_name)
    target = parse_quantity(target_text, observable.unit, "target")
    parameter = model_class.parameter(key)
    limits = None if bracket is None else parse_range(bracket, key, parameter.unit)
    request = parse_request(model_name, pairs, (observable,))
    solution = solve(
        model_class,
        request.parameters,
        key,
        target,
        observable.name,
        bracket=limits,
        inputs=request.inputs,
        options=request.options,
        engine=engine,
        **request.arguments,
    )
    if as_json:
        print(dumps(_solve_record(request, parameter, target, solution)))
    else:
        _print_solution(parameter, observable, target, solution)
        for line in remark_lines(request):
            print(line)
    return _UNTRUSTED if solution.status else 0


def _taken(pairs: dict[str, str], name: str) -> str:
    if name not in pairs:
        raise UsageError(f"solve needs {name}=, for example for=epsilon target=0.12.")
    return pairs.pop(name)


def _solve_record(
    request: Request, parameter: Parameter, target: float, solution: Solution
) -> dict[str, Any]:
    result = solution.result
    found = {parameter.name: solution.value} if solution.solutions else {}
    model = get_model(request.model_name)(**request.parameters, **found)
    record = header_record(request, model)
    record["parameters"].pop(parameter.name, None)
    record |= arguments_record(request, result)
    record |= {
        "observable": result.name,
        "target": target,
        "target_unit": result.unit,
        "solved_for": parameter.name,
        "unit": parameter.unit,
        "value": solution.value,
        "solutions": solution.solutions,
        "bracket": solution.bracket,
        "attained": solution.attained,
        "gaps": solution.gaps,
        "grid": {},
        "error_estimate": solution.error_estimate,
        "status": STATUS_NAMES[solution.status],
        "assumptions": result.assumptions,
        "references": result.references,
    }
    if solution.status:
        statuses = [STATUS_NAMES[code] for code in solution.statuses]
        record |= {"statuses": statuses, "reasons": solution.reasons}
    return record


def _print_solution(
    parameter: Parameter, observable: Any, target: float, solution: Solution
) -> None:
    goal = f"for {observable.name} = {quantity(target, observable.unit)}"
    for value, code in zip(solution.solutions, solution.statuses, strict=True):
        doubt = f"   ({STATUS_NAMES[code]})" if code else ""
        print(f"{parameter.name} = {quantity(value, parameter.unit, 9)}   {goal}{doubt}")
    if solution.error_estimate is not None:
        print(f"relative error estimate of the first: {solution.error_estimate:.1g}")
    if solution.status:
        print(f"status: {STATUS_NAMES[solution.status]}", *solution.reasons, sep="\n")
    if len(solution.solutions) > 1:
        print(f"{len(solution.solutions)} solutions in the bracket.", file=sys.stderr)
