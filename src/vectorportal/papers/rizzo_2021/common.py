"""What the figures share: the model, evaluation with a prescription, quoted numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from vectorportal.errors import ParameterError
from vectorportal.inputs.settings import Options
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate, get_observable
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.relic_line import secant
from vectorportal.papers.style import COLOURS

__all__ = [
    "ALPHA_D",
    "ALPHA_D_COLOURS",
    "MASSES",
    "MASS_COLOURS",
    "MODEL",
    "NO_DIPOLE",
    "SAME_BUT_WIDTH",
    "TEV",
    "Claim",
    "about",
    "check_order",
    "claimed",
    "code_notes",
    "make",
    "mass_text",
    "mixing_axis",
    "references_of",
    "remark_line",
    "solve_scale",
    "span",
    "values",
    "write_missing",
]

MODEL = "dark-dipole"
TEV = 1e3
"""GeV"""
NO_DIPOLE = 1e25
"""Lambda/alpha_d in GeV of a dipole that does nothing"""
SAME_BUT_WIDTH = (
    "the misprint is in the width (8) and moves these curves by terms in m_e^2/m_v^2 only: they "
    "are those of the verified formulas"
)
"""What as-printed changes in figures 3 and 4"""
_SAME_IN_TEX = r"the misprint, in the width (8), moves these curves by terms in $m_e^2/m_V^2$ only"
ALPHA_D = (1.0, 0.1, 0.01)
"""alpha_d of the curves of figures 3 and 4"""
ALPHA_D_COLOURS = (COLOURS["blue"], COLOURS["green"], COLOURS["purple"])
MASSES = (0.1, 0.3, 0.5, 0.7, 1.0)
"""m_v in GeV of the curves of figures 6 and 7"""
MASS_COLOURS = (
    COLOURS["vermilion"],
    COLOURS["blue"],
    COLOURS["green"],
    COLOURS["purple"],
    COLOURS["sky"],
)
_CLOSE, _GOOD = 1e-10, 1e-6
"""Mismatch in the logarithm at which `solve_scale` stops, and up to which there is a solution"""


@dataclass(frozen=True)
class Claim:
    """A number of the text, what it is, and what is found here (NaN where there is none)."""

    doc: str
    quoted: float
    obtained: float


def make(**parameters: Any) -> Any:
    """The model with these parameters."""
    kind: Any = get_model(MODEL)
    return kind(**parameters)


def values(
    name: str,
    parameters: dict[str, Any],
    prescription: str,
    channels: str = "all",
    /,
    **arguments: Any,
) -> Any:
    """The result of observable `name`: value, status, reasons."""
    options = Options(prescription=prescription, channels=channels)
    return evaluate(make(**parameters), name, options=options, **arguments)


def references_of(*names: str) -> tuple[str, ...]:
    """Keys of data/references.yaml behind the observables `names`, each once."""
    keys = [key for name in names for key in get_observable(name, MODEL).references]
    return tuple(dict.fromkeys(keys))


def about(title: str, prescription: str, names: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """What every dataset tells of itself; `names` are the observables it is made from."""
    assumed = [text for name in names for text in get_observable(name, MODEL).assumptions]
    return {
        "title": title,
        "model": MODEL,
        "prescription": prescription,
        **more,
        "references": list(references_of(*names)),
        "assumptions": list(dict.fromkeys(assumed)),
    }


def claimed(claims: list[Claim]) -> dict[str, Any]:
    """Claims as attributes of a dataset: what they are, as quoted and as obtained."""
    return {
        "claims": [claim.doc for claim in claims],
        "quoted": [claim.quoted for claim in claims],
        "obtained": [float(claim.obtained) for claim in claims],
    }


def code_notes(*results: Any) -> dict[str, Any]:
    """Attributes of a variable that holds status codes of `results`."""
    reasons = [text for r in results for texts in r.reasons.values() for text in texts]
    return {
        "units": "1",
        "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)],
        "reasons": list(dict.fromkeys(reasons)),
    }


def mixing_axis(low: float, high: float, points: int) -> np.ndarray:
    """Mixings from `low` to `high`, evenly spaced in the logarithm; ParameterError if empty."""
    check_order("epsilon_min", low, high)
    if points < 2:
        raise ParameterError("points", points, "", "at least 2")
    return np.geomspace(low, high, points)


def check_order(name: str, low: float, high: float, unit: str = "") -> None:
    """Raise ParameterError for keyword `name` unless `low` is below `high`."""
    if not low < high:
        raise ParameterError(name, f"{low:g}", unit, f"below {high:g} {unit}".rstrip())


def solve_scale(
    rate: Callable[[np.ndarray], Any], target: float, start: Any, slope: float
) -> np.ndarray:
    """k > 0 with rate(k) = `target` to 1e-10, an array of the shape of `start`; NaN without.

    `slope` is d ln rate/d ln k, about. rate takes arrays of that shape alone.
    """
    first = np.asarray(start, dtype=np.float64)

    def log_ratio(places: np.ndarray, log_k: np.ndarray) -> np.ndarray:
        k = first.copy()
        k.flat[places] = np.exp(log_k)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(np.asarray(rate(k)).flat[places] / target)

    guess = np.log(first.ravel())
    limits = (-np.inf, np.inf)
    log_k, miss = secant(log_ratio, np.arange(first.size), guess, limits, slope, _CLOSE)
    return np.where(np.abs(miss) < _GOOD, np.exp(log_k), np.nan).reshape(first.shape)


def mass_text(mass: float) -> str:
    """`mass` in GeV for a title: in MeV below 1 GeV."""
    return f"{1e3 * mass:g} MeV" if mass < 1.0 else f"{mass:g} GeV"


def remark_line(notes: Any) -> str:
    """A further line of a title, where the attributes `notes` have the remark SAME_BUT_WIDTH."""
    return f"\n{_SAME_IN_TEX}" if notes["remark"] == SAME_BUT_WIDTH else ""


def write_missing(axes: Any, notes: Any) -> None:
    """In the middle of the axes, why curves are missing, where the attributes `notes` tell it."""
    text = "\n".join(wrap(notes["missing"], 70)).replace("alpha_d", r"$\alpha_D$")
    if text:
        place = {"transform": axes.transAxes, "ha": "center", "va": "center", "zorder": 10}
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.9}
        axes.text(0.5, 0.5, text, fontsize=9.5, bbox=box, **place)


def span(*arrays: Any) -> tuple[float, float]:
    """The smallest and the largest positive number of `arrays`; 1 and 10 without any."""
    both = np.concatenate([np.ravel(np.asarray(a, dtype=np.float64)) for a in arrays])
    seen = both[np.isfinite(both) & (both > 0.0)]
    return (float(seen.min()), float(seen.max())) if seen.size else (1.0, 10.0)
