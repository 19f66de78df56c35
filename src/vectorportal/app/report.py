"""The command `point`: one page about one point."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.encode import dumps, plain
from vectorportal.app.output import (
    header_record,
    quantity,
    reasons_of,
    remark_lines,
    remarks_record,
    tails,
)
from vectorportal.app.report_verdict import print_verdict
from vectorportal.app.request import parse_request, split_pairs
from vectorportal.bounds.of_model import verdict
from vectorportal.bounds.own import own_for
from vectorportal.bounds.registry import bounds_for, current
from vectorportal.bounds.verdict import NOT_EVALUATED, Verdict
from vectorportal.inputs.dof import dof_names
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate, get_observable, observable_names
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.units import convert

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from vectorportal.app.request import Request
    from vectorportal.bounds.record import BoundRecord
    from vectorportal.observables.base import Observable, Result

__all__ = ["SHOWN", "point_report"]

SHOWN = (
    "m_zd",
    "alpha_mix",
    "m_x_lagrangian",
    "cutoff_scale",
    "width_total",
    "width_dark",
    "branching_ratios",
    "ctau_m",
    "omega_h2",
    "omega_channels",
    "dominant_channel",
    "x_freeze_out",
    "y_target",
    "kinetic_equilibrium",
    "sigma_electron_cm2",
    "sigma_v_today_cm3_s",
    "sigma_v_velocity_power",
    "sigma_self_over_m_cm2_g",
    "sigma_xe_cm2",
    "sigma_xe_parts_cm2",
    "sigma_xn_cm2",
    "sigma_xn_parts_cm2",
)
"""Observables that head the report, in its order; those that a model or point lacks are left out"""

_LEFT_OUT = ("width_ee", "width_mumu", "width_tautau", "width_hadrons", "lifetime_s")
"""what branching_ratios and ctau_m show at once"""

_RELIC = "omega_h2"
_TARGET = 0.12
_SMALL = 0.1
"""part of the observed density below which a result is called a part of it"""
_WIDTH = 80
_COLUMN = 20
"""least width of the names"""
_UNTRUSTED = 3


def point_report(
    model_name: str, words: list[str], engine: str, as_json: bool, own: Iterable[Path] = ()
) -> int:
    """Print the report of one point; the exit code is 3 unless every status is ok.

    `own` are files with bounds that join the packaged ones in the verdict.

    Raises
    ------
    UsageError : unknown names or bad values; nothing is printed then.
    DataError : a broken file of `own`.
    """
    records = own_for(get_model(model_name).name, own)
    request = parse_request(model_name, split_pairs(words))
    model = request.model()
    results = _results(request, model, engine)
    judged = _judged(request, model, records)
    tables = _other_tables(request, model, results, engine)
    if as_json:
        shown = {name: _record(result) for name, result in results.items()}
        if tables:
            shown[_RELIC]["other_dof"] = tables
        record = header_record(request, model)
        record |= remarks_record(request)
        print(dumps(record | {"observables": shown, "verdict": judged.to_json()}))
    else:
        _print_report(request, model, results, tables, judged)
    return _UNTRUSTED if any(int(np.max(r.status)) for r in results.values()) else 0


def _judged(request: Request, model: Any, own: tuple[BoundRecord, ...]) -> Verdict:
    """The verdict; a model without bounds need not have a mediator to ask about."""
    records = current((*bounds_for(request.model_name), *own))
    if records:
        return verdict(model, inputs=request.inputs, options=request.options, records=records)
    sentence = f"Not decided: there are no bounds for {request.model_name}."
    return Verdict(False, sentence, (), (), NOT_EVALUATED)


def _shown_names(model_name: str) -> list[str]:
    """The observables of the report: `SHOWN` first, then others that ask to be reported."""
    names = observable_names(model_name)
    first = [name for name in SHOWN if name in names]
    others = [name for name in names if name not in (*SHOWN, *_LEFT_OUT)]
    return [name for name in first + others if get_observable(name, model_name).report]


def _results(request: Request, model: Any, engine: str) -> dict[str, Result]:
    """The observables of the report that make sense at the point and have all their parameters."""
    results, lacking = {}, []
    for name in _shown_names(request.model_name):
        observable = get_observable(name, request.model_name)
        if not _applies(observable, model):
            continue
        missing = _missing(observable, model)
        if missing:
            lacking.append(missing)
            continue
        results[name] = evaluate(
            model, name, inputs=request.inputs, options=request.options, engine=engine
        )
    if not results:
        model.require(next(iter(lacking), ()), "the report")
    return results


def _other_tables(
    request: Request, model: Any, results: dict[str, Result], engine: str
) -> dict[str, float]:
    """The relic density with every other table of g*(T): what their choice moves."""
    if _RELIC not in results or not np.isfinite(results[_RELIC].value):
        return {}
    found = {}
    for name in dof_names():
        if name != request.inputs.dof:
            other = replace(request.inputs, dof=name)
            result = evaluate(model, _RELIC, inputs=other, options=request.options, engine=engine)
            if np.isfinite(result.value):
                found[name] = float(result.value)
    return found


def _applies(observable: Observable, model: Any) -> bool:
    """Whether a report can show the observable for the kind of dark matter of the model."""
    open_arguments = any(argument.default is None for argument in observable.arguments)
    dark = not model.has_dark_matter and "m_dm" in observable.requires
    meaningless = observable.kinds and model.dark_matter not in observable.kinds
    return not (open_arguments or dark or meaningless)


def _missing(observable: Observable, model: Any) -> tuple[str, ...]:
    """The parameters that the observable needs and the model was not given."""
    given = model.given()
    dark = observable.requires_dark if model.has_dark_matter else ()
    return tuple(key for key in (*observable.requires, *dark) if key not in given)


def _record(result: Result) -> dict[str, Any]:
    status = int(np.max(result.status))
    record = {"value": plain(result.value), "unit": result.unit, "status": STATUS_NAMES[status]}
    if result.error_estimate is not None:
        record["error_estimate"] = plain(result.error_estimate)
    return record | ({"reasons": reasons_of(result)} if status else {})


def _print_report(
    request: Request,
    model: Any,
    results: dict[str, Result],
    tables: dict[str, float],
    judged: Verdict,
) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    given = model.given()
    shown = [(p.name, _shown(given[p.name], p.unit)) for p in model.parameters if p.name in given]
    words = ", ".join(f"{name} = {text}" for name, text in shown)
    console.print(request.model_name, style="bold")
    _print_wrapped(console, words, "  ", "  ")
    console.print()
    column = max((_COLUMN, *map(len, results)))
    for name, result in results.items():
        lines = _lines(name, result)
        if name == _RELIC:
            lines += [("", _moved(result, table, value)) for table, value in tables.items()]
        for label, text in lines:
            _print_wrapped(console, text, f"  {label:<{column}} ", " " * (column + 3))
    if results:
        console.print()
    for line in remark_lines(request):
        _print_wrapped(console, line, "", "")
    print_verdict(console, judged, _print_wrapped)


def _print_wrapped(
    console: Console, text: str, first: str = "", rest: str = "", style: str | None = None
) -> None:
    for line in wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ):
        console.print(line, markup=False, soft_wrap=True, style=style)


def _lines(name: str, result: Result) -> list[tuple[str, str]]:
    if tails(result) != {()}:
        lines = [(name, "arrays, which eval prints")]
    elif isinstance(result.value, dict):
        lines = [(name, _ranked(result))]
    else:
        text = _shown(result.value, result.unit)
        error = float("nan" if result.error_estimate is None else np.asarray(result.error_estimate))
        text += f" (error {error:.1g})" if np.isfinite(error) else ""
        lines = [(name, text + _REMARKS.get(name, _no_remark)(result))]
    status = int(np.max(result.status))
    return lines + ([("", f"{STATUS_NAMES[status]}: {s}") for s in reasons_of(result)])


def _ranked(result: Result) -> str:
    """The entries that are not zero, largest first; words as they come."""
    items = {key: np.asarray(value).item() for key, value in result.value.items()}
    if any(isinstance(value, str) for value in items.values()):
        return ", ".join(f"{key} {quantity(value, '')}" for key, value in items.items())
    shown = {key: value for key, value in items.items() if abs(value or 0.0) > 0.0}
    ranked = sorted(shown.items(), key=lambda pair: -abs(pair[1]))
    words = (f"{key} {quantity(value, result.unit, 4)}" for key, value in ranked)
    return ", ".join(words) or "no open channel"


def _against_target(result: Result) -> str:
    part = float(np.asarray(result.value)) / _TARGET
    if not np.isfinite(part):
        return ""
    return f", {part:.3g} {'times' if part >= _SMALL else 'of'} the observed {_TARGET}"


def _moved(result: Result, table: str, value: float) -> str:
    change = value / float(np.asarray(result.value)) - 1.0
    return f"{value:.6g} ({change:+.1%}) with dof={table}"


def _as_time(result: Result) -> str:
    value = float(np.asarray(result.value))
    return f", lifetime {convert(value, 'm', 's'):.4g} s" if np.isfinite(value) else ""


def _no_remark(result: Result) -> str:
    return ""


_REMARKS: dict[str, Callable[[Result], str]] = {_RELIC: _against_target, "ctau_m": _as_time}


def _shown(value: Any, unit: str) -> str:
    return quantity(value if isinstance(value, str) else np.asarray(value).item(), unit)
