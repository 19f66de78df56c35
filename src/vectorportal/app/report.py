"""The command `point`: one page about one point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.encode import dumps, plain
from vectorportal.app.output import header_record, quantity, reasons_of
from vectorportal.app.request import parse_request, split_pairs
from vectorportal.bounds.of_model import verdict
from vectorportal.inputs.dof import dof_names
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate, get_observable, observable_names
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.units import convert

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from vectorportal.app.request import Request
    from vectorportal.observables.base import Observable, Result

__all__ = ["SHOWN", "point_report"]

SHOWN = (
    "width_total",
    "width_dark",
    "branching_ratios",
    "ctau_m",
    "omega_h2",
    "x_freeze_out",
    "y_target",
    "sigma_electron_cm2",
)
"""Observables of the report, in its order; those that a model or point lacks are left out."""

_RELIC = "omega_h2"
_TARGET = 0.12
_WIDTH = 80
_FAINT = 1e-6
_UNTRUSTED = 3


def point_report(model_name: str, words: list[str], engine: str, as_json: bool) -> int:
    """Print the report of one point; the exit code is 3 unless every status is ok.

    Raises
    ------
    UsageError : unknown names or bad values; nothing is printed then.
    """
    get_model(model_name)
    request = parse_request(model_name, split_pairs(words))
    model = request.model()
    results = _results(request, model, engine)
    judged = verdict(model, inputs=request.inputs, options=request.options)
    tables = _other_tables(request, model, results, engine)
    if as_json:
        shown = {name: _record(result) for name, result in results.items()}
        if tables:
            shown[_RELIC]["other_dof"] = tables
        record = header_record(request, model)
        print(dumps(record | {"observables": shown, "verdict": judged.to_json()}))
    else:
        _print_report(request, model, results, tables, judged.to_json())
    return _UNTRUSTED if any(int(np.max(r.status)) for r in results.values()) else 0


def _results(request: Request, model: Any, engine: str) -> dict[str, Result]:
    """The observables of `SHOWN` that make sense at the point and have all their parameters."""
    results, lacking = {}, []
    for name in SHOWN:
        if name not in observable_names(request.model_name):
            continue
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
        model.require(min(lacking, key=len, default=()), "the report")
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
    kind = model.given().get("dm", "none")
    dark = kind == "none" and "m_dm" in observable.requires
    return not (observable.arguments or dark or (observable.kinds and kind not in observable.kinds))


def _missing(observable: Observable, model: Any) -> tuple[str, ...]:
    """The parameters that the observable needs and the model was not given."""
    given = model.given()
    dark = observable.requires_dark if given.get("dm", "none") != "none" else ()
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
    judged: dict[str, Any],
) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    given = model.given()
    shown = [(p.name, _shown(given[p.name], p.unit)) for p in model.parameters if p.name in given]
    words = ", ".join(f"{name} = {text}" for name, text in shown)
    console.print(request.model_name, style="bold")
    _print_wrapped(console, words, "  ", "  ")
    console.print()
    for name, result in results.items():
        lines = _lines(name, result)
        if name == _RELIC:
            lines += [("", _moved(result, table, value)) for table, value in tables.items()]
        for label, text in lines:
            _print_wrapped(console, text, f"  {label:<20} ", " " * 23)
    console.print()
    _print_wrapped(console, judged["sentence"], "", "", style="bold")
    _print_bounds(console, judged["bounds"])


def _print_wrapped(
    console: Console, text: str, first: str = "", rest: str = "", style: str | None = None
) -> None:
    for line in wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ):
        console.print(line, markup=False, soft_wrap=True, style=style)


def _lines(name: str, result: Result) -> list[tuple[str, str]]:
    if isinstance(result.value, dict):
        items = {key: float(np.asarray(value)) for key, value in result.value.items()}
        ranked = sorted(items.items(), key=lambda pair: -pair[1])
        text = ", ".join(f"{key} {value:.4g}" for key, value in ranked if value > 0.0)
        lines = [(name, text or "no open channel")]
    else:
        text = _shown(result.value, result.unit)
        if result.error_estimate is not None:
            text += f" (error {float(np.asarray(result.error_estimate)):.1g})"
        lines = [(name, text + _REMARKS.get(name, _no_remark)(result))]
    status = int(np.max(result.status))
    return lines + ([("", f"{STATUS_NAMES[status]}: {s}") for s in reasons_of(result)])


def _against_target(result: Result) -> str:
    value = float(np.asarray(result.value))
    return f", {value / _TARGET:.3g} times the observed {_TARGET}" if np.isfinite(value) else ""


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


def _print_bounds(console: Console, records: list[dict[str, Any]]) -> None:
    """A table of the bounds in reach, strongest first, then the names of the others."""
    signals = [(r, plain(r["mu"])) for r in records]
    near = [r for r, mu in signals if mu is not None and mu >= _FAINT]
    far = [str(r["id"]) for r, mu in signals if mu is not None and mu < _FAINT]
    silent = [str(r["id"]) for r, mu in signals if mu is None]
    if near:
        console.print()
        console.print(_table(near))
    for names, text in ((far, f"Signal below {_FAINT:g} of the limit"), (silent, "No data here")):
        if names:
            console.print()
            _print_wrapped(console, f"{text}: {', '.join(names)}.")


def _table(records: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("bound", "mu", "margin", "excluded", "CL", "grade"):
        table.add_column(title, justify="right" if title in ("mu", "margin") else "left")
    for record in records:
        table.add_row(*_cells(record))
    return table


def _cells(record: dict[str, Any]) -> list[str]:
    margin = plain(record["margin"])
    return [
        str(record["id"]),
        f"{record['mu']:.3g}",
        "" if margin is None else f"{margin:.3g}",
        "yes" if record["excluded"] else "no",
        str(record["confidence_level"]),
        str(record["grade"]),
    ]
