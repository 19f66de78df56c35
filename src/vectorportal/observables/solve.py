"""The value of one parameter at which an observable reaches a target.

The logarithm of the parameter is sampled over a bracket in one vectorised evaluation. Every change
of sign, and every dip towards the target that may hide a pair of them (a resonance), is magnified
by sub-grids, all of them in one evaluation at a time, until the parameter is known to 1e-9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.base import Model, Parameter
from vectorportal.observables.base import Result, evaluate, get_observable
from vectorportal.observables.status import NO_SOLUTION

__all__ = ["Solution", "default_bracket", "solve"]

_PER_DECADE = 16
_SUB_POINTS = 33
_ZOOMS = 12
_PROBES = 4
_WIDTH = 1e-9
_JUMP = 1e-4
_CHUNK = 4096

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
    roots = _roots(mismatch, nodes, mismatch(nodes), target)
    attained = (min(seen, default=np.nan), max(seen, default=np.nan))
    if not roots:
        grid = result_at(np.exp(nodes))
        return _unsolved(
            name, target, get_observable(name, model.name).unit, (low, high), attained, grid
        )
    solutions = tuple(float(np.exp(root)) for root in roots)
    result = result_at(np.asarray(solutions[0]))
    error = _error(mismatch, roots[0], target, result.error_estimate)
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


def _roots(f: _Mismatch, nodes: np.ndarray, values: np.ndarray, target: float) -> list[float]:
    """All roots of f found between `nodes`, ascending."""
    left, right = _crossings(nodes, values)
    for lo, hi in _dips(f, nodes, values):
        left, right = np.append(left, lo), np.append(right, hi)
    if not left.size:
        return []
    left, right, f_left, f_right = _zoom(f, left, right)
    scale = abs(target) if target else float(np.nanmax(np.abs(values)))
    reached = np.minimum(np.abs(f_left), np.abs(f_right)) <= _JUMP * scale
    slope = np.where(f_right == f_left, 1.0, f_right - f_left)
    share = np.where(f_right == f_left, 0.0, -f_left / slope)
    found = left + np.clip(share, 0.0, 1.0) * (right - left)
    return _distinct(np.sort(found[reached]))


def _distinct(roots: np.ndarray) -> list[float]:
    kept: list[float] = []
    for root in roots:
        if not kept or root - kept[-1] > 10.0 * _WIDTH:
            kept.append(float(root))
    return kept


def _crossings(nodes: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the intervals over which `values` changes sign; NaN never counts."""
    sign = np.sign(values)
    here = np.isfinite(values[:-1]) & np.isfinite(values[1:]) & (sign[:-1] * sign[1:] <= 0.0)
    here &= sign[:-1] != 0.0
    here[0] |= sign[0] == 0.0
    return nodes[:-1][here], nodes[1:][here]


def _zoom(f: _Mismatch, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, ...]:
    """Shrink every interval [left, right], shape (b,), to its first change of sign."""
    share = np.linspace(0.0, 1.0, _SUB_POINTS)
    rows = np.arange(left.size)
    values = np.zeros((left.size, _SUB_POINTS))
    pick = np.zeros(left.size, dtype=int)
    for _ in range(_ZOOMS):
        nodes = left[:, None] + share * (right - left)[:, None]
        values = f(nodes.ravel()).reshape(nodes.shape)
        change = np.sign(values[:, :-1]) * np.sign(values[:, 1:]) <= 0.0
        pick = np.argmax(change, axis=1)
        left, right = nodes[rows, pick], nodes[rows, pick + 1]
        if np.all(right - left <= _WIDTH):
            break
    return left, right, values[rows, pick], values[rows, pick + 1]


def _dips(f: _Mismatch, nodes: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    """Intervals with a change of sign inside dips of |f| that the search grid steps over."""
    size, sign = np.abs(values), np.sign(values)
    inner = (size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:])
    inner &= (sign[1:-1] == sign[:-2]) & (sign[1:-1] == sign[2:]) & (sign[1:-1] != 0.0)
    left, right = nodes[:-2][inner], nodes[2:][inner]
    share = np.linspace(0.0, 1.0, _SUB_POINTS)
    found: list[tuple[float, float]] = []
    for _ in range(_PROBES):
        if not left.size:
            break
        grid = left[:, None] + share * (right - left)[:, None]
        level = f(grid.ravel()).reshape(grid.shape)
        keep = np.zeros(left.size, dtype=bool)
        for row in range(left.size):
            lo, hi = _crossings(grid[row], level[row])
            found.extend(zip(lo.tolist(), hi.tolist(), strict=True))
            keep[row] = not lo.size and bool(np.isfinite(level[row]).all())
        lowest = np.clip(np.argmin(np.abs(level), axis=1), 1, _SUB_POINTS - 2)
        rows = np.arange(left.size)
        left, right = grid[rows, lowest - 1][keep], grid[rows, lowest + 1][keep]
    return found


def _error(f: _Mismatch, root: float, target: float, error: Any) -> float | None:
    """Relative error of the parameter: that of the observable over its logarithmic slope."""
    if error is None or target == 0.0:
        return None
    step = 1e-4
    low, high = f(np.asarray([root - step, root + step]))
    slope = abs(high - low) / (2.0 * step * abs(target))
    ratio = float(np.max(error)) / slope if slope > 0.0 else np.inf
    return max(ratio, _WIDTH) if np.isfinite(ratio) else None


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
    return Solution(np.nan, (), None, attained, bracket, NO_SOLUTION, (reason,), status)
