"""The value of one parameter at which an observable reaches a target.

The logarithm of the parameter, or of its size, is sampled over a bracket in one vectorised
evaluation; the roots follow from `numerics.roots`, which also looks into dips that may hide two of
them (a resonance).
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
from vectorportal.observables.base import Result, evaluate
from vectorportal.observables.status import NO_SOLUTION, NOT_CONVERGED, OK

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
    bracket : the range searched. gaps : ranges inside it across which the observable passes the
        target without a value that can be trusted, so that a solution may be hidden there.
    statuses : the status code at each solution. status : the gravest of them, at least
        not-converged where there are gaps. reasons : sentences when not ok.
    result : the observable at the solutions, or over the search grid when there are none.
    """

    value: float
    solutions: tuple[float, ...]
    error_estimate: float | None
    attained: tuple[float, float]
    bracket: tuple[float, float]
    gaps: tuple[tuple[float, float], ...]
    statuses: tuple[int, ...]
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
    unit of `solve_for`, both of one sign, and defaults to `default_bracket`. Solutions at which the
    observable jumps across the target without reaching it are left out.

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
    value_of = _positive if low > 0.0 else _negative

    def mismatch(logs: np.ndarray) -> np.ndarray:
        values = _numbers(result_at, value_of(logs), name)
        seen.extend(_extremes(values))
        return values - target

    nodes = _search_grid(low, high)
    roots, log_gaps = find_roots(mismatch, nodes, abs(target))
    gaps = tuple((float(value_of(start)), float(value_of(end))) for start, end in log_gaps)
    hidden = _hidden(gaps, parameter.unit, "a further" if roots else "a")
    found = Solution(
        value=np.nan,
        solutions=(),
        error_estimate=None,
        attained=(min(seen, default=np.nan), max(seen, default=np.nan)),
        bracket=(low, high),
        gaps=gaps,
        statuses=(),
        status=NOT_CONVERGED if gaps else NO_SOLUTION,
        reasons=hidden,
        result=result_at(value_of(np.asarray(roots) if roots else nodes)),
    )
    if not roots:
        return found if gaps else _unsolved(found, target)
    error = found.result.error_estimate
    first = None if error is None else float(np.asarray(error).flat[0])
    solutions = tuple(float(value_of(root)) for root in roots)
    return _solved(found, solutions, _error(mismatch, roots[0], nodes, target, first))


def _positive(logs: Any) -> Any:
    """Values of the parameter, ascending with their logarithms."""
    return np.exp(logs)


def _negative(logs: Any) -> Any:
    """Negative values, ascending with minus the logarithms of their sizes."""
    return -np.exp(-np.asarray(logs))


def _solved(found: Solution, solutions: tuple[float, ...], error: float | None) -> Solution:
    """`found` with its `solutions` and their statuses."""
    result = found.result
    codes = np.broadcast_to(result.status, (len(solutions),))
    sentences = (s for code, texts in result.reasons.items() if code for s in texts)
    return replace(
        found,
        value=solutions[0],
        solutions=solutions,
        error_estimate=error,
        statuses=tuple(int(code) for code in codes),
        status=max(int(codes.max()), NOT_CONVERGED if found.gaps else OK),
        reasons=(*sentences, *found.reasons),
    )


def _hidden(gaps: tuple[tuple[float, float], ...], unit: str, article: str) -> tuple[str, ...]:
    """A sentence for each gap in which a solution may be hidden."""
    shown = "" if unit == "1" else f" {unit}"
    return tuple(
        f"{article} solution may lie between {low} and {high}{shown}, where the result is not "
        "trusted."
        for low, high in (_told_apart(*gap) for gap in gaps)
    )


def _told_apart(low: float, high: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see the width of the interval."""
    pairs = ((f"{low:.{n}g}", f"{high:.{n}g}") for n in range(6, 18))
    wide = (pair for pair in pairs if float(pair[1]) - float(pair[0]) > 0.5 * (high - low))
    return next(wide, (repr(low), repr(high)))


def default_bracket(parameter: Parameter) -> tuple[float, float]:
    """The range searched when none is given, in the unit of `parameter`.

    What the parameter says; else 1e-3 to 1e3 GeV for an energy and 1e-12 to 1 for a number, cut at
    the allowed range; three decades from its lower end where the allowed range lies above these.
    """
    low, high = parameter.search or ((1e-3, 1e3) if parameter.unit == "GeV" else (1e-12, 1.0))
    margin = 1e-6
    low = max(low, parameter.low * (1.0 + margin))
    return low, min(high if low < high else 1e3 * low, parameter.high * (1.0 - margin))


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
    if not (0.0 < low < high < np.inf or -np.inf < low < high < 0.0):
        allowed = "lo:hi with lo < hi, both of one sign"
        raise ParameterError("bracket", f"{low:g}:{high:g}", allowed=allowed)
    parameter.check(np.asarray([low, high]))
    return float(low), float(high)


def _search_grid(low: float, high: float) -> np.ndarray:
    """Logarithms of the sampled values, shape (n,) with n >= 64; minus those of negative ones."""
    count = max(64, int(_PER_DECADE * abs(np.log10(high / low))) + 1)
    ends = (np.log(low), np.log(high)) if low > 0.0 else (-np.log(-low), -np.log(-high))
    return np.linspace(*ends, count)


def _numbers(result_at: Callable[[np.ndarray], Result], values: np.ndarray, name: str) -> Any:
    """The observable at `values`, shape (n,), in chunks that keep memory bounded."""
    parts = []
    for start in range(0, values.size, _CHUNK):
        chunk = values[start : start + _CHUNK]
        value = result_at(chunk).value
        array = np.asarray(None if isinstance(value, dict) else value)
        if array.dtype.kind not in "fiu" or array.ndim > 1:
            raise UsageError(f"{name} is not a number and cannot be solved for.")
        parts.append(np.broadcast_to(array.astype(np.float64), chunk.shape))
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


def _unsolved(found: Solution, target: float) -> Solution:
    """`found` without any solution: the status is no-solution and the reason what was reached."""
    grid, (low, high) = found.result, found.attained
    shown = "" if grid.unit == "1" else f" {grid.unit}"
    reach = (
        f"it runs from {low:.6g} to {high:.6g}{shown}" if np.isfinite(low) else "it has no value"
    )
    reason = (
        f"{grid.name} does not reach {target:g}{shown} between {found.bracket[0]:g} and "
        f"{found.bracket[1]:g}: {reach} there."
    )
    causes = () if np.isfinite(low) else tuple(s for texts in grid.reasons.values() for s in texts)
    result = replace(grid, status=np.full_like(grid.status, NO_SOLUTION))
    return replace(found, reasons=(reason, *causes), result=result)
