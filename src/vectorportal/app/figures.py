"""The command `figure`: a picture, its data and its BibTeX, side by side."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorportal.app.encode import plain
from vectorportal.app.request import split_pairs
from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.papers.registry import figure_names, get_figure
from vectorportal.references import bibtex
from vectorportal.units import parse_quantity

if TYPE_CHECKING:
    import xarray

    from vectorportal.papers.registry import Figure, Keyword

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
        write_figure(name, [], target, None, engine)


def write_figure(
    name: str, words: list[str], picture: Path | None, data: Path | None, engine: str
) -> None:
    """Write the picture, and beside it its data and BibTeX; print the files written.

    `words` are key=value settings of the figure.

    Raises
    ------
    UsageError : an unknown figure or setting, a bad value, or a file name whose ending is not
        known; nothing is written.
    """
    figure = get_figure(name)
    picture = picture or Path(name.rsplit("/", 1)[-1] + ".png")
    data = data or picture.with_suffix(".csv")
    bib = picture.with_suffix(".bib")
    _check_names(picture, data)
    settings = _settings(figure, words) | ({"engine": engine} if engine != "numpy" else {})
    citations = bibtex(figure.references)
    print(f"computing {picture.name}", file=sys.stderr)
    dataset = figure.dataset(**settings)
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
            if unit and unit != "1":
                stream.write(f"# unit of {key}: {unit}\n")
        dataset.to_dataframe().reset_index().to_csv(stream, index=False)


def _settings(figure: Figure, words: list[str]) -> dict[str, Any]:
    """The keywords of the figure's dataset from key=value words."""
    known = {keyword.name: keyword for keyword in figure.keywords}
    settings: dict[str, Any] = {}
    for key, text in split_pairs(words).items():
        if key not in known:
            near = nearest_name(key, known)
            hint = f"; did you mean {near}?" if near else f"; it has {', '.join(known)}."
            raise UsageError(f"figure {figure.name} has no setting {key}{hint}")
        settings[key] = _setting(known[key], text)
    return settings


def _setting(keyword: Keyword, text: str) -> Any:
    if isinstance(keyword.default, str):
        return text
    value = parse_quantity(text, keyword.unit, keyword.name)
    if not isinstance(keyword.default, int):
        return value
    if value != int(value):
        raise ParameterError(keyword.name, text, allowed="a whole number")
    return int(value)


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
