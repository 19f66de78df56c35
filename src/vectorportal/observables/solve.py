"""The value of one parameter at which an observable reaches a target.

The logarithm of the parameter is sampled over a bracket in one vectorised evaluation; the roots
follow from `numerics.roots`, which also looks into dips that may hide two of them (a resonance).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.base import Model, Parameter
from vectorportal.numerics.roots import WIDTH, find_roots
from vectorportal.observables.base import Result, evaluate, get_observable
from vectorportal.observables.status import NO_SOLUTION

__all__ = ["Solution", "default_bracket", "solve"]

_PER_DECADE = 16
_CHUNK = 4096
_STEP = 1e-4

_Mismatch = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Solution:
    """What `solve` found.

    value : the first solution in the unit of the parameter, NaN when there is none.
    solutions : all of them, ascending.
    error_estimate : relative error of `value`, from the error of the observable and its slope;
        None when the observable has no error estimate.
    attained : smallest and largest finite value of the observable over the bracket.
    bracket : the range searched. status : status code. reasons : sentences when not ok.
    result : the observable at `value`, or over the search grid when there is no solution.
    """

    value: float
    solutions: tuple[float, ...]
    error_estimate: float | None
    attained: tuple[float, float]
    bracket: tuple[float, float]
    status: int
    reasons: tuple[str, ...]
    result: Result


def solve(
    model: type[Model],
    parameters: dict[str, Any],
    solve_for: str,
    target: float,
    name: str,
    *,
    bracket: tuple[float, float] | None = None,
    inputs: Inputs | None = None,
    options: Options | None = None,
    engine: str = "numpy",
    **arguments: Any,
) -> Solution:
    """Find where the observable `name` equals `target` as the parameter `solve_for` varies.

    `parameters` are the other parameters of `model` (one point); `bracket` is (low, high) in the
    unit of `solve_for` and defaults to `default_bracket`. Solutions at which the observable jumps
    across the target without reaching it are left out.

    Raises
    ------
    UsageError : unknown names, or `solve_for` is also given in `parameters`.
    ParameterError : a target that is not finite, or a bracket outside the allowed range.
    """
    parameter = model.parameter(solve_for)
    low, high = _checked_bracket(parameter, parameters, target, bracket)

    def result_at(values: np.ndarray) -> Result:
        point = model(**{**parameters, solve_for: values})
        chosen_inputs, chosen_options = inputs or Inputs.default(), options or Options()
        return evaluate(
            point, name, inputs=chosen_inputs, options=chosen_options, engine=engine, **arguments
        )

    seen: list[float] = []

    def mismatch(log_values: np.ndarray) -> np.ndarray:
        values = _numbers(result_at, np.exp(log_values), name)
        seen.extend(_extremes(values))
        return values - target

    nodes = _search_grid(low, high)
    roots = find_roots(mismatch, nodes, abs(target))
    attained = (min(seen, default=np.nan), max(seen, default=np.nan))
    if not roots:
        grid = result_at(np.exp(nodes))
        return _unsolved(
            name, target, get_observable(name, model.name).unit, (low, high), attained, grid
        )
    solutions = tuple(float(np.exp(root)) for root in roots)
    result = result_at(np.asarray(solutions[0]))
    error = _error(mismatch, roots[0], nodes, target, result.error_estimate)
    code = int(np.max(result.status))
    reasons = tuple(s for key, texts in result.reasons.items() if key for s in texts)
    return Solution(solutions[0], solutions, error, attained, (low, high), code, reasons, result)


def default_bracket(parameter: Parameter) -> tuple[float, float]:
    """The range searched when none is given, in the unit of `parameter`.

    1e-3 to 1e3 GeV for an energy and 1e-12 to 1 for a number, cut at the allowed range.
    """
    low, high = (1e-3, 1e3) if parameter.unit == "GeV" else (1e-12, 1.0)
    margin = 1e-6
    return max(low, parameter.low * (1.0 + margin)), min(high, parameter.high * (1.0 - margin))


def _checked_bracket(
    parameter: Parameter, parameters: dict[str, Any], target: float, bracket: Any
) -> tuple[float, float]:
    key = parameter.name
    if parameter.choices:
        raise UsageError(f"{key} is a word and cannot be solved for.")
    if key in parameters:
        raise UsageError(f"{key} is both given and to be solved for.")
    if not np.isfinite(target):
        raise ParameterError("target", target, allowed="a finite number")
    low, high = bracket or default_bracket(parameter)
    if not 0.0 < low < high < np.inf:
        raise ParameterError("bracket", f"{low:g}:{high:g}", allowed="lo:hi with 0 < lo < hi")
    parameter.check(np.asarray([low, high]))
    return float(low), float(high)


def _search_grid(low: float, high: float) -> np.ndarray:
    """Logarithms of the sampled values, shape (n,) with n >= 64."""
    count = max(64, int(_PER_DECADE * np.log10(high / low)) + 1)
    return np.linspace(np.log(low), np.log(high), count)


def _numbers(result_at: Callable[[np.ndarray], Result], values: np.ndarray, name: str) -> Any:
    """The observable at `values`, shape (n,), in chunks that keep memory bounded."""
    parts = []
    for start in range(0, values.size, _CHUNK):
        chunk = values[start : start + _CHUNK]
        value = result_at(chunk).value
        if isinstance(value, dict) or np.asarray(value).dtype.kind not in "fiu":
            raise UsageError(f"{name} is not a number and cannot be solved for.")
        parts.append(np.broadcast_to(np.asarray(value, dtype=np.float64), chunk.shape))
    return np.concatenate(parts)


def _extremes(values: np.ndarray) -> tuple[float, ...]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else ()


def _error(f: _Mismatch, root: float, nodes: np.ndarray, target: float, error: Any) -> float | None:
    """Relative error of the parameter: that of the observable over its logarithmic slope."""
    if error is None or target == 0.0:
        return None
    around = np.clip(np.asarray([root - _STEP, root + _STEP]), nodes[0], nodes[-1])
    low, high = f(around)
    slope = abs(high - low) / ((around[1] - around[0]) * abs(target))
    ratio = float(np.max(error)) / slope if slope > 0.0 else np.inf
    return max(ratio, WIDTH) if np.isfinite(ratio) else None


def _unsolved(
    name: str, target: float, unit: str, bracket: Any, attained: tuple[float, float], grid: Result
) -> Solution:
    shown = "" if unit == "1" else f" {unit}"
    low, high = attained
    reach = (
        f"it runs from {low:.6g} to {high:.6g}{shown}" if np.isfinite(low) else "it has no value"
    )
    reason = (
        f"{name} does not reach {target:g}{shown} between {bracket[0]:g} and {bracket[1]:g}: "
        f"{reach} there."
    )
    status = replace(grid, status=np.full_like(grid.status, NO_SOLUTION))
    causes = () if np.isfinite(low) else tuple(s for texts in grid.reasons.values() for s in texts)
    reasons = (reason, *causes)
    return Solution(np.nan, (), None, attained, bracket, NO_SOLUTION, reasons, status)
