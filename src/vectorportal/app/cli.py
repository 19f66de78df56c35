"""The command `vectorportal`. Each command imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from vectorportal import __version__
from vectorportal.errors import UsageError, VectorPortalError

__all__ = ["app", "main", "run"]

app = typer.Typer(
    name="vectorportal",
    help="What a dark sector behind a vector portal leaves, who has excluded it, and why.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ModelName = Annotated[str, typer.Argument(metavar="MODEL", help="name of a model")]
Pairs = Annotated[list[str] | None, typer.Argument(metavar="key=value...", help="values")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]
_ENGINE = typer.Option("--engine", metavar="numpy|jax", help="array library")
Engine = Annotated[str, _ENGINE]
MaybeEngine = Annotated[str | None, _ENGINE]
_OWN = typer.Option("--own", metavar="FILE", help="own bound: .csv, HEPData .yaml; repeatable")
Own = Annotated[list[Path] | None, _OWN]
_GRID = typer.Option("--grid", metavar="key=start:stop:n[:log]", help="an axis; may be repeated")
Grid = Annotated[list[str] | None, _GRID]
MaybeModel = Annotated[str | None, typer.Argument(metavar="[MODEL]", help="name of a model")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vectorportal {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    pass


@app.command()
def models(as_json: AsJson = False) -> None:
    """List the models and their parameters."""
    from vectorportal.app.listing import list_models

    list_models(as_json)


@app.command()
def observables(model: MaybeModel = None, as_json: AsJson = False) -> None:
    """List the observables, all or those of MODEL."""
    from vectorportal.app.listing import list_observables

    list_observables(model, as_json)


@app.command()
def bounds(model: MaybeModel = None, own: Own = None, as_json: AsJson = False) -> None:
    """List the published bounds, all or those on MODEL."""
    from vectorportal.app.listing import list_bounds

    list_bounds(model, as_json, own or [])


@app.command()
def point(
    model: ModelName,
    pairs: Pairs = None,
    own: Own = None,
    engine: Engine = "numpy",
    as_json: AsJson = False,
) -> None:
    """Report on one point, with the verdict."""
    from vectorportal.app.report import point_report

    _check_engine(engine)
    _finish(point_report(model, pairs or [], engine, as_json, own or []))


@app.command(name="eval")
def evaluate(
    model: ModelName,
    observable: Annotated[str, typer.Argument(metavar="OBSERVABLE", help="its name")],
    pairs: Pairs = None,
    grid: Grid = None,
    engine: Engine = "numpy",
    as_json: AsJson = False,
) -> None:
    """Evaluate one observable at a point or on a grid."""
    from vectorportal.app.calls import run_eval

    _check_engine(engine)
    _finish(run_eval(model, observable, pairs or [], grid or [], engine, as_json))


@app.command()
def solve(
    model: ModelName,
    pairs: Pairs = None,
    bracket: Annotated[
        str | None, typer.Option("--bracket", metavar="lo:hi", help="range of the parameter")
    ] = None,
    engine: Engine = "numpy",
    as_json: AsJson = False,
) -> None:
    """Solve for a parameter: for=KEY target=NUMBER."""
    from vectorportal.app.calls import run_solve

    _check_engine(engine)
    _finish(run_solve(model, pairs or [], bracket, engine, as_json))


@app.command()
def figure(
    name: Annotated[str | None, typer.Argument(metavar="[PAPER/FIGURE]", help="its name")] = None,
    pairs: Pairs = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="picture to write")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="data file: .csv or .json")] = None,
    listing: Annotated[bool, typer.Option("--list", help="list the figures")] = False,
    every: Annotated[bool, typer.Option("--all", help="write every figure")] = False,
    engine: MaybeEngine = None,
    hepdata: Annotated[
        Path | None, typer.Option("--hepdata", help="folder for a HEPData submission of the data")
    ] = None,
) -> None:
    """Write a figure with its data and its BibTeX."""
    from vectorportal.app.figures import list_figures, write_all, write_figure

    if engine is not None:
        _check_engine(engine)
    if listing + every + (name is not None) != 1:
        raise UsageError("figure needs exactly one of PAPER/FIGURE, --list and --all.")
    if listing:
        if output or data or engine or hepdata:
            raise UsageError("--list only prints names and goes with no other option.")
        list_figures()
    elif every:
        if data is not None or hepdata is not None:
            raise UsageError("--data and --hepdata are for one figure and do not go with --all.")
        write_all(output, engine)
    else:
        write_figure(str(name), pairs or [], output, data, engine, hepdata)


@app.command()
def check(
    model: ModelName,
    pairs: Pairs = None,
    claim: Annotated[
        list[str] | None,
        typer.Option("--claim", help='"excluded by NAME", "allowed by NAME", "omega_h2 < 0.12"'),
    ] = None,
    own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Test claims: exit 0 agrees, 1 disagrees, 2 neither."""
    from vectorportal.app.claims import run_check

    _finish(run_check(model, pairs or [], claim or [], as_json, own or []))


@app.command()
def sensitivity(
    experiment: Annotated[
        str | None, typer.Argument(metavar="[FILE|NAME]", help="YAML file or packaged experiment")
    ] = None,
    model: MaybeModel = None,
    pairs: Pairs = None,
    grid: Grid = None,
    listing: Annotated[bool, typer.Option("--list", help="list the experiments")] = False,
    as_json: AsJson = False,
) -> None:
    """Couplings that an experiment reaches, from first principles."""
    from vectorportal.app.sensitivity import list_experiments, run_sensitivity, show_experiment

    if listing or experiment is None:
        if not listing or experiment is not None:
            raise UsageError("sensitivity needs an experiment and a MODEL, or --list alone.")
        list_experiments(as_json)
    elif model is None:
        if grid:
            raise UsageError("--grid needs a MODEL whose parameter it spans.")
        show_experiment(experiment, as_json)
    else:
        _finish(run_sensitivity(experiment, model, pairs or [], grid or [], as_json))


@app.command()
def cite(
    names: Annotated[list[str], typer.Argument(metavar="KEY|MODEL|FIGURE...", help="what to cite")],
) -> None:
    """Print BibTeX of papers, models, figures, bounds."""
    from vectorportal.app.listing import print_citations

    print_citations(names)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; errors become one line on stderr."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(args=words or ["--help"], prog_name="vectorportal", standalone_mode=False)
    except VectorPortalError as error:
        return _complain(str(error), error.exit_code)
    except typer.TyperException as error:
        return _complain(error.format_message(), 2)
    except (typer.Abort, KeyboardInterrupt):
        return _complain("interrupted.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _complain(f"{error.filename or 'a file'}: {error.strerror or error}.", 2)
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """Entry point of the program `vectorportal`."""
    code = run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _complain(message: str, code: int) -> int:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    return code


def _finish(code: Any) -> None:
    if code:
        raise typer.Exit(int(code))


def _check_engine(engine: str) -> None:
    from vectorportal.app.request import check_engine

    check_engine(engine)
