"""The command `figure`: a picture, its data and its BibTeX, side by side."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorportal.app.output import plain
from vectorportal.errors import UsageError
from vectorportal.papers.registry import figure_names, get_figure
from vectorportal.references import bibtex

if TYPE_CHECKING:
    import xarray

__all__ = ["list_figures", "write_all", "write_data", "write_figure"]

_PICTURES = (".png", ".pdf", ".svg")
_DATA = (".csv", ".json")


def list_figures() -> None:
    """Print the name of every figure, one a line."""
    print("\n".join(figure_names()))


def write_all(folder: Path | None, engine: str) -> None:
    """Write every figure into `folder`, or the current one, each in the folder of its paper."""
    for name in figure_names():
        target = (folder or Path()) / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_figure(name, target, None, engine)


def write_figure(name: str, picture: Path | None, data: Path | None, engine: str) -> None:
    """Write the picture, and beside it its data and BibTeX; print the files written.

    Raises
    ------
    UsageError : an unknown figure, or a file name whose ending is not known; nothing is written.
    """
    figure = get_figure(name)
    picture = picture or Path(name.rsplit("/", 1)[-1] + ".png")
    data = data or picture.with_suffix(".csv")
    bib = picture.with_suffix(".bib")
    _check_names(picture, data)
    citations = bibtex(figure.references)
    dataset = figure.dataset(**({"engine": engine} if engine != "numpy" else {}))
    drawing = _draw(figure, dataset)
    drawing.savefig(picture, dpi=150)
    write_data(dataset, data)
    bib.write_text(citations, encoding="utf-8")
    for path in (picture, data, bib):
        print(path)


def write_data(dataset: xarray.Dataset, path: Path) -> None:
    """Write `dataset` as a table (.csv) or with all its attributes (.json)."""
    if path.suffix == ".json":
        path.write_text(json.dumps(plain(dataset.to_dict()), allow_nan=False), encoding="utf-8")
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        for key, text in dataset.attrs.items():
            stream.write(f"# {key}: {' '.join(str(text).split())}\n")
        for key, array in dataset.variables.items():
            unit = array.attrs.get("units", array.attrs.get("unit"))
            if unit:
                stream.write(f"# unit of {key}: {unit}\n")
        dataset.to_dataframe().reset_index().to_csv(stream, index=False)


def _draw(figure: Any, dataset: Any) -> Any:
    import matplotlib

    matplotlib.use("Agg")
    return figure.draw(dataset)


def _check_names(picture: Path, data: Path) -> None:
    if picture.suffix not in _PICTURES:
        raise UsageError(f"{picture} must end in .png, .pdf or .svg.")
    if data.suffix not in _DATA:
        raise UsageError(f"{data} must end in .csv or .json.")
    for path in (picture, data):
        if not path.parent.is_dir():
            raise UsageError(f"the folder {path.parent} does not exist.")
    print(f"computing {picture.name}", file=sys.stderr)
