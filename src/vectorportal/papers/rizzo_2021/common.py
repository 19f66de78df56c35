"""What the figures share: the model, evaluation with a prescription, quoted numbers, pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.errors import ParameterError
from vectorportal.inputs.settings import Options
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate, get_observable
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.style import COLOURS, power_of_ten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "ALPHA_D",
    "ALPHA_D_COLOURS",
    "MASSES",
    "MASS_COLOURS",
    "MODEL",
    "TEV",
    "Claim",
    "about",
    "check_order",
    "claimed",
    "code_notes",
    "make",
    "mixing_axis",
    "number",
    "references_of",
    "solve_scale",
    "span",
    "values",
    "write_claims",
]

MODEL = "dark-dipole"
TEV = 1e3
"""GeV"""
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
_STEPS, _LONGEST = 12, 2.0
"""Secant steps of `solve_scale`, and the longest in the logarithm"""


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

    Secant steps in logarithms, all elements at once; `slope` is d ln rate/d ln k, about.
    """
    log_k = np.log(np.asarray(start, dtype=np.float64))
    slopes, before, moved = np.full(log_k.shape, slope), np.full(log_k.shape, np.nan), log_k * 0.0
    for _ in range(_STEPS):
        log_k = log_k + moved
        with np.errstate(divide="ignore", invalid="ignore"):
            miss = np.log(np.asarray(rate(np.exp(log_k))) / target)
            rise = (miss - before) / moved
        if np.all((np.abs(miss) < 1e-10) | np.isnan(miss)):
            break
        usable = np.isfinite(rise) & (rise / slope > 0.1) & (rise / slope < 10.0)
        slopes, before = np.where(usable, rise, slope), miss
        moved = np.clip(-np.nan_to_num(miss) / slopes, -_LONGEST, _LONGEST)
    return np.where(np.abs(miss) < 1e-6, np.exp(log_k), np.nan)


def span(*arrays: Any) -> tuple[float, float]:
    """The smallest and the largest positive number of `arrays`; 1 and 10 without any."""
    both = np.concatenate([np.ravel(np.asarray(a, dtype=np.float64)) for a in arrays])
    seen = both[np.isfinite(both) & (both > 0.0)]
    return (float(seen.min()), float(seen.max())) if seen.size else (1.0, 10.0)


def write_claims(axes: Axes, notes: Any, *, at: tuple[float, float], size: float = 8.5) -> None:
    """Quoted and obtained numbers as a table; its upper right corner is `at`, in the axes' frame.

    `notes` are the attributes of a dataset.
    """
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea, VPacker

    titles = ("", "quoted", "obtained")
    columns = (notes["claims"], *(map(number, notes[k]) for k in titles[1:]))
    packed = []
    for k, (title, column) in enumerate(zip(titles, columns, strict=True)):
        heads = [TextArea(title, textprops={"fontsize": size, "fontweight": "bold"})]
        cells = [TextArea(str(text), textprops={"fontsize": size}) for text in column]
        side = "right" if k else "left"
        packed.append(VPacker(children=[*heads, *cells], align=side, pad=0.0, sep=3.0))
    table = HPacker(children=packed, align="top", pad=0.0, sep=9.0)
    box = AnchoredOffsetbox(
        "upper right",
        child=table,
        bbox_to_anchor=at,
        bbox_transform=axes.transAxes,
        borderpad=0.0,
        pad=0.4,
    )
    box.patch.set(edgecolor=COLOURS["grey"], alpha=0.9, lw=0.6)
    axes.add_artist(box)


def number(value: float) -> str:
    """`value` for a table: 101, 5.4 x 10^-9, or `none`."""
    if not np.isfinite(value):
        return "none"
    if 0.01 <= abs(value) < 1e5:
        return f"{float(f'{value:.3g}'):g}"
    return rf"${power_of_ten(value)}$"
