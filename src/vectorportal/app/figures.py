"""The command `figure`: a picture, its data and its BibTeX, side by side."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorportal.app.encode import plain
from vectorportal.app.files import write_together
from vectorportal.app.request import check_engine, split_pairs
from vectorportal.errors import UsageError
from vectorportal.papers.registry import figure_names, get_figure
from vectorportal.references import bibtex
from vectorportal.units import parse_quantity

if TYPE_CHECKING:
    import xarray

    from vectorportal.papers.registry import Figure, Keyword

__all__ = ["data_text", "list_figures", "write_all", "write_figure"]

_PICTURES = (".png", ".pdf", ".svg")
_DATA = (".csv", ".json")


def list_figures() -> None:
    """Print the name of every figure, one a line."""
    print("\n".join(figure_names()))


def write_all(folder: Path | None, engine: str | None) -> None:
    """Write every figure into `folder`, or the current one, each in the folder of its paper."""
    for name in figure_names():
        target = (folder or Path()) / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        takes_engine = any(word.name == "engine" for word in get_figure(name).keywords)
        write_figure(name, [], target, None, engine if takes_engine else None)


def write_figure(
    name: str,
    words: list[str],
    picture: Path | None,
    data: Path | None,
    engine: str | None,
    hepdata: Path | None = None,
) -> None:
    """Write the picture, and beside it its data and BibTeX; print the files written.

    `words` are key=value settings of the figure. All files are made before the first is written,
    and either all of them are written or none. `hepdata` is a folder for a HEPData submission of
    the data, made where it is missing.

    Raises
    ------
    UsageError : an unknown figure or setting, a bad value, a file name whose ending is not known,
        or a file that cannot be written.
    """
    figure = get_figure(name)
    picture = picture or Path(name.rsplit("/", 1)[-1] + ".png")
    data = data or picture.with_suffix(".csv")
    bib = picture.with_suffix(".bib")
    _check_names(picture, data, bib)
    if hepdata is not None:
        _check_folder(hepdata)
    settings = _settings(figure, words, engine)
    keys = figure.cited(**settings)
    citations = bibtex(keys)
    if sys.stderr.isatty():
        print(f"computing {picture.name}", file=sys.stderr)
    dataset = figure.dataset(**settings)
    contents = {
        picture: _rendered(figure, dataset, picture.suffix[1:]),
        data: data_text(dataset, data.suffix).encode(),
        bib: citations.encode(),
    }
    if hepdata is not None:
        contents |= _submission(figure, dataset, hepdata, keys)
    write_together(contents)
    for path in contents:
        print(path)


def data_text(dataset: xarray.Dataset, suffix: str) -> str:
    """`dataset` as a table (.csv) or with all its attributes (.json)."""
    if suffix == ".json":
        return json.dumps(plain(dataset.to_dict()), allow_nan=False)
    lines = [f"# {key}: {' '.join(str(text).split())}\n" for key, text in dataset.attrs.items()]
    for key, array in dataset.variables.items():
        unit = array.attrs.get("units", array.attrs.get("unit"))
        if unit and unit != "1":
            lines.append(f"# unit of {key}: {unit}\n")
    return "".join(lines) + _table(dataset).to_csv(index=False, lineterminator="\n")


def _table(dataset: xarray.Dataset) -> Any:
    """One row for each point where all variables share their axes, else one for each value.

    Variables over different axes side by side would repeat every value over all other axes. Without
    variables the axes stand alone.
    """
    import numpy as np
    import pandas

    if not dataset.data_vars:
        return pandas.DataFrame({axis: dataset[axis].values for axis in dataset.sizes})
    largest = max((array.size for array in dataset.data_vars.values()), default=1)
    if np.prod([float(size) for size in dataset.sizes.values()]) <= 2.0 * largest:
        return dataset.to_dataframe().reset_index()
    rows = []
    for name, array in dataset.data_vars.items():
        if array.dims:
            values = array.reset_coords(drop=True).to_series().reset_index(name="value")
            rows.append(values.assign(variable=name))
        else:
            rows.append(pandas.DataFrame({"value": [array.item()], "variable": [name]}))
    frame = pandas.concat(rows, ignore_index=True)
    axes = [axis for axis in dataset.sizes if axis in frame.columns]
    return frame[["variable", *axes, "value"]]


def _check_folder(folder: Path) -> None:
    """A folder to be, or an empty one, or one with an earlier submission."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder for a HEPData submission.")
    if not folder.exists() and not folder.parent.is_dir():
        raise UsageError(f"the folder {folder.parent} does not exist.")


def _submission(
    figure: Figure, dataset: xarray.Dataset, folder: Path, keys: tuple[str, ...]
) -> dict[Path, bytes]:
    """The files of a HEPData submission that cites `keys`.

    UsageError where others of its kind are in the folder.
    """
    from vectorportal.bounds.hepdata_files import submission_files
    from vectorportal.references import load_references

    papers = (load_references()[key] for key in keys)
    ids = [f"arXiv:{paper.arxiv}" if paper.arxiv else paper.title for paper in papers]
    files = submission_files(dataset, figure.name, figure.title, ids)
    folder.mkdir(exist_ok=True)
    foreign = sorted(path.name for path in folder.glob("*.yaml") if path.name not in files)
    if foreign:
        raise UsageError(f"{folder} holds {foreign[0]}, which is no part of this submission.")
    return {folder / file: content for file, content in files.items()}


def _settings(figure: Figure, words: list[str], engine: str | None) -> dict[str, Any]:
    """All keywords of the figure's dataset, from key=value words, the engine and the defaults."""
    known = {keyword.name: keyword for keyword in figure.keywords}
    given: dict[str, Any] = {}
    for key, text in split_pairs(words).items():
        given[key] = _setting(known[key], text) if key in known else text
    if engine is not None:
        if "engine" in given:
            raise UsageError("the engine is given twice, as engine= and as --engine.")
        given["engine"] = engine
    settings = figure.complete(given)
    if "engine" in settings:
        check_engine(settings["engine"])
    return settings


def _setting(keyword: Keyword, text: str) -> Any:
    if isinstance(keyword.default, str):
        return text
    return parse_quantity(text, keyword.unit, keyword.name)


def _rendered(figure: Figure, dataset: xarray.Dataset, kind: str) -> bytes:
    import matplotlib

    matplotlib.use("Agg")
    stream = BytesIO()
    figure.draw(dataset).savefig(stream, format=kind, dpi=150)
    return stream.getvalue()


def _check_names(picture: Path, data: Path, bib: Path) -> None:
    if picture.suffix not in _PICTURES:
        raise UsageError(f"{picture} must end in .png, .pdf or .svg.")
    if data.suffix not in _DATA:
        raise UsageError(f"{data} must end in .csv or .json.")
    for path in (picture, data, bib):
        if not path.parent.is_dir():
            raise UsageError(f"the folder {path.parent} does not exist.")
        if path.is_dir():
            raise UsageError(f"{path} is a folder, not a file.")
