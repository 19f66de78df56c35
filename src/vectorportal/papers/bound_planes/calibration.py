"""Experiments computed from first principles beside the published limits they are checked with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.curve import interpolate
from vectorportal.bounds.experiments.calibration import calibrate, reference_vector
from vectorportal.bounds.experiments.engines import ENGINES
from vectorportal.bounds.experiments.events import interval
from vectorportal.bounds.experiments.spec import Experiment, load_experiments
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import ParameterError, nearest_name
from vectorportal.papers.bound_planes.calibration_drawing import draw_sheet as draw
from vectorportal.papers.limits import LimitCurve, curve_variables

if TYPE_CHECKING:
    import xarray

__all__ = ["SELECTION", "dataset", "draw", "experiment_word", "references", "selected"]

ALL = "all"
SELECTION = (
    "e137",
    "e141",
    "e774",
    "kek",
    "orsay",
    "na64_visible",
    "nucal",
    "charm",
    "na62_dump",
    "faser",
    "na64_2023_invisible",
    "na64_2023_positrons",
)
"""What `all` shows: the dumps and the missing energy of today's limits, good or bad"""
_BEYOND, _STEPS = 2.5, 10
"""How far (factor in mass, number of masses) a contour is followed beyond its published tip"""
_ROUNDS, _PARTS = 2, 6
"""How often, and into how many parts, the step of mass is divided in which a contour closes"""
_ROWS = (
    "mass",
    "published_lower",
    "published_upper",
    "lower",
    "upper",
    "ratio_lower",
    "ratio_upper",
)
"""What `calibrate` answers for each mass"""
_TITLE = "Limits from first principles beside the published ones"


def _comparable() -> dict[str, Experiment]:
    """Every packaged experiment that has a published record."""
    return {name: e for name, e in load_experiments().items() if e.record is not None}


def selected(word: str) -> tuple[Experiment, ...]:
    """The experiments that `word` means, each once.

    `word` is all, an id, the name of an engine, or several of these with commas between them.
    Raises ParameterError with the nearest name.
    """
    known = _comparable()
    groups: dict[str, Iterable[str]] = {ALL: SELECTION}
    for engine in ENGINES:
        members = [name for name, e in known.items() if e.engine == engine]
        groups |= {engine: members} if members else {}
    names: dict[str, None] = {}
    for part in (part.strip() for part in word.split(",")):
        if part not in known and part not in groups:
            raise _unknown(part, (*groups, *known))
        names |= dict.fromkeys(groups.get(part, (part,)))
    return tuple(known[name] for name in names)


def _unknown(part: str, known: Iterable[str]) -> ParameterError:
    """The error for a name that is none, or whose experiment has nothing to be compared with."""
    allowed = "all, an engine, or ids of experiments with a published record"
    shown = part if part.isprintable() and 0 < len(part) <= 60 else ascii(part[:60])
    return ParameterError("experiment", shown, "", allowed, nearest_name(part, known))


def experiment_word(value: Any) -> str:
    """The valid value of the keyword `experiment`, without blanks; ParameterError for others."""
    word = "".join(value.split()) if isinstance(value, str) else repr(value)
    selected(word)
    return word


def _compared(experiment: Experiment) -> dict[str, Any]:
    """`calibrate` at all published masses, and its curves at some more.

    These are beyond the tip of a published contour and where a contour that is computed closes;
    they have no ratio, and `spread` and `missed` do not count them.
    """
    curve = get_bound(str(experiment.record)).curve
    assert curve is not None

    def at(mass: np.ndarray) -> dict[str, np.ndarray]:
        edges = interpolate(curve, mass)
        mine = interval(experiment, reference_vector(experiment, mass))
        blank = np.full(mass.shape, np.nan)
        return dict(zip(_ROWS, (mass, *edges, *mine, blank, blank), strict=True))

    found = calibrate(experiment, vector=reference_vector(experiment, curve.mass))
    missed = np.isfinite(found["published_lower"]) & np.isnan(found["lower"])
    found["missed_masses_GeV"] = found["mass"][missed].tolist()
    more = np.empty(0)
    if np.isfinite(curve.upper[-1]):
        more = curve.mass[-1] * np.geomspace(1.0, _BEYOND, _STEPS + 1)[1:]
    for _ in range(_ROUNDS + 1):
        if more.size:
            found |= _merged(found, at(more))
        more = _tips(found)
    return found


def _merged(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The rows of both answers in the order of mass."""
    order = np.argsort(np.concatenate((one["mass"], two["mass"])))
    return {row: np.concatenate((one[row], two[row]))[order] for row in _ROWS}


def _tips(found: Mapping[str, np.ndarray]) -> np.ndarray:
    """Masses (GeV) inside each step in which a computed band with two edges begins or ends."""
    mass, inside = found["mass"], np.isfinite(found["lower"])
    closed = np.isfinite(found["upper"])
    steps = np.flatnonzero((inside[1:] != inside[:-1]) & (closed[1:] | closed[:-1]))
    parts = [np.geomspace(mass[i], mass[i + 1], _PARTS + 1)[1:-1] for i in steps]
    return np.concatenate([np.empty(0), *parts])


def _variables(experiment: Experiment) -> tuple[str, dict[str, Any]]:
    """Name of the mass axis of `experiment`, and its curves, the axis among them."""
    record = get_bound(str(experiment.record))
    found = _compared(experiment)
    axis = f"mass_{experiment.id}"
    about = {
        "experiment": experiment.id,
        "engine": experiment.engine,
        "record": record.id,
        "spread": found["spread"],
        "missed": found["missed"],
        "missed_masses_GeV": found["missed_masses_GeV"],
    }
    published = LimitCurve(record, found["published_lower"], found["published_upper"])
    variables: dict[str, Any] = {
        name: (axis, values, {**told, **about, "curve": "published"})
        for name, (_, values, told) in curve_variables(published).items()
    }
    about |= {"units": "1", "source": list(_sources(experiment)), "coupling": record.coupling}
    for curve, name in (("obtained", ""), ("ratio", "ratio_")):
        for edge, ending in (("lower", ""), ("upper", "_upper")):
            values = found[name + edge]
            if edge == "lower" or np.isfinite(values).any():
                told = _told(curve, edge, about)
                variables[f"{experiment.id}_{curve}{ending}"] = (axis, values, told)
    mass = {"units": "GeV", "long_name": f"mass of the particle, {experiment.id}"}
    variables[axis] = (axis, found["mass"], mass)
    return axis, variables


def _told(curve: str, edge: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a curve that is computed here."""
    end = "smallest" if edge == "lower" else "largest"
    name = {
        "obtained": f"{end} coupling that is excluded, computed from the beam up",
        "ratio": f"{end} excluded coupling: obtained over published",
    }[curve]
    return {**about, "curve": curve, "long_name": name}


def _sources(experiment: Experiment) -> tuple[str, ...]:
    """Keys of papers behind the experiment and its published record, each once."""
    published = get_bound(str(experiment.record)).source
    return tuple(dict.fromkeys((*published, *experiment.source)))


def dataset(*, experiment: str) -> xarray.Dataset:
    """Published and computed limits of the experiments that `experiment` means, and their ratio.

    Each experiment has its own masses mass_<id> (GeV): those of the published curve, and some
    more around the tips of contours. Over them <record> and <record>_upper are the published
    couplings, <id>_obtained and <id>_obtained_upper those computed here, <id>_ratio and
    <id>_ratio_upper the quotients at published masses; NaN where there is none.
    Attributes `spread` and `missed` are those of `calibrate` over all published masses;
    `missed_masses_GeV` are those at which nothing is excluded here.
    """
    import xarray

    chosen = selected(experiment)
    axes, variables = [], {}
    for one in chosen:
        axis, found = _variables(one)
        axes.append(axis)
        variables |= found
    attributes = {
        "title": _TITLE,
        "experiments": [one.id for one in chosen],
        "records": [one.record for one in chosen],
        "spread": "exp of the root mean square of ln(obtained/published), both edges",
        "references": list(references(experiment=experiment)),
    }
    return xarray.Dataset(
        {name: v for name, v in variables.items() if name not in axes},
        coords={axis: variables[axis] for axis in axes},
        attrs=attributes,
    )


def references(*, experiment: str) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds with this keyword."""
    return tuple(dict.fromkeys(key for one in selected(experiment) for key in _sources(one)))
