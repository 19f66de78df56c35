"""Figure 8 of [Foguel:2025]: the mass of X that freeze-out needs, against the mass ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.settings import Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.foguel_2025.common import attributes, make, references_of
from vectorportal.papers.foguel_2025.fig6_roots import sharpen

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["CHANNELS", "COUPLINGS", "EPSILON", "dataset", "draw", "references"]

COUPLINGS = (1.0, 0.1)
"""g_x of the panels"""
EPSILON = (1e-3, 1e-4, 1e-6)
CHANNELS = ("kinetic", "dark", "simp")
_RATIOS = (1.0, 1.995)
_BRACKET = (8e-5, 8e3)
"""m_x in GeV"""
_NODES = 33
"""masses at which each ratio is scanned"""
_ROUNDS, _TOLERANCE = 3, 0.03
"""each round cuts a bracket to a quarter; and how far the density on the line may be off"""
_STEEPEST = 15.0
"""decades of m_x per unit of the ratio that the line may move, and half a decade more"""
_OBSERVABLES = ("omega_h2", "omega_channels", "dominant_channel")
_DIMS = ("g_x", "epsilon", "ratio")


def dataset(*, prescription: str, target: float, points: int) -> xarray.Dataset:
    """Lines over the mass ratio R for each dark coupling and kinetic mixing.

    m_x : mass of X in GeV at which freeze-out leaves `target`, followed from R = 1; NaN in a gap.
    found, status : density and status there. share (..., channel) : 1/omega_h2 of the channel
    alone over the sum of these; a channel that alone never thermalises X has none. dominant :
    index of the channel that alone would leave the least, -1 without a line.
    """
    import xarray

    options = Options(prescription=prescription)
    ratio = np.linspace(*_RATIOS, points)
    lines = [[_line(g, e, ratio, target, options) for e in EPSILON] for g in COUPLINGS]
    m_x = np.asarray(lines)
    variables = _on_line(m_x, ratio, target, options)
    about = attributes("Mass of X in freeze-out", prescription, target, *_OBSERVABLES)
    about["share"] = "1/omega_h2 of each channel alone over the sum of these"
    coordinates = {
        "g_x": ("g_x", list(COUPLINGS), {"units": "1"}),
        "epsilon": ("epsilon", list(EPSILON), {"units": "1"}),
        "ratio": ("ratio", ratio, {"units": "1", "long_name": "m_zd/m_x"}),
        "channel": list(CHANNELS),
    }
    return xarray.Dataset(variables, coords=coordinates, attrs=about)


def _line(
    g_x: float, epsilon: float, ratio: np.ndarray, target: float, options: Options
) -> np.ndarray:
    """m_x in GeV at each ratio: the largest at which the density rises through `target`."""
    log_m = np.linspace(np.log(_BRACKET[0]), np.log(_BRACKET[1]), _NODES)

    def mismatch(r: np.ndarray, at: np.ndarray) -> np.ndarray:
        model = make(m_x=np.exp(at), g_x=g_x, epsilon=epsilon, ratio=r)
        left = evaluate(model, "omega_h2", options=options).value
        with np.errstate(divide="ignore"):
            return np.log(left / target)

    values = mismatch(ratio[None, :], log_m[:, None])
    step = (ratio[-1] - ratio[0]) / max(ratio.size - 1, 1)
    decade = (_NODES - 1) / np.log10(_BRACKET[1] / _BRACKET[0])
    before = _followed(values, decade * (0.5 + _STEEPEST * step))
    column = np.flatnonzero(before >= 0)
    row = before[column]
    ends, edges = (log_m[row], log_m[row + 1]), (values[row, column], values[row + 1, column])
    answer = np.full(ratio.shape, np.nan)
    root = sharpen(
        lambda index, at: mismatch(ratio[column[index]], at), ends, edges, rounds=_ROUNDS
    )
    answer[column] = np.exp(root)
    return answer


def _followed(values: np.ndarray, reach: float) -> np.ndarray:
    """Index of the mass below the line at each ratio, -1 without; `values` (mass, ratio).

    The line is where the density rises through the target: the largest such mass at the first
    ratio, and from there on the nearest one, but none further than `reach` masses away.
    """
    with np.errstate(invalid="ignore"):
        rises = (values[:-1] < 0.0) & (values[1:] >= 0.0)
    answer = np.full(values.shape[1], -1)
    last, missed = values.shape[0] - 2, values.shape[0]  # the first may be anywhere
    for column in range(values.shape[1]):
        rows = np.flatnonzero(rises[:, column])
        if rows.size:
            nearest = rows[-1] if missed > last else rows[np.argmin(np.abs(rows - last))]
            if abs(nearest - last) <= reach * (1 + missed):
                answer[column], last, missed = nearest, nearest, 0
                continue
        missed += 1
    return answer


def _on_line(m_x: np.ndarray, ratio: np.ndarray, target: float, options: Options) -> dict[str, Any]:
    """The lines where they do leave `target`: density, status and the part of every channel."""
    known = np.isfinite(m_x)
    model = make(
        m_x=np.where(known, m_x, 1.0),
        g_x=np.asarray(COUPLINGS)[:, None, None],
        epsilon=np.asarray(EPSILON)[None, :, None],
        ratio=ratio[None, None, :],
    )
    left = evaluate(model, "omega_h2", options=options)
    with np.errstate(invalid="ignore"):
        known &= np.abs(left.value / target - 1.0) < _TOLERANCE
    share = _shares(evaluate(model, "omega_channels", options=options).value)
    share = np.where(known[..., None], share, np.nan)
    largest = np.argmax(np.where(np.isfinite(share), share, -1.0), axis=-1)
    codes = {"units": "1", "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)]}
    reasons = [text for texts in left.reasons.values() for text in texts]
    return {
        "m_x": (_DIMS, np.where(known, m_x, np.nan), {"units": "GeV", "long_name": "mass of X"}),
        "found": (_DIMS, np.where(known, left.value, np.nan), {"units": "1"}),
        "status": (_DIMS, np.where(known, left.status, 4), codes | {"reasons": reasons}),
        "share": ((*_DIMS, "channel"), share, {"units": "1"}),
        "dominant": (_DIMS, np.where(known, largest, -1), {"units": "1"}),
    }


def _shares(alone: dict[str, np.ndarray]) -> np.ndarray:
    """1/omega_h2 of each channel alone over the sum of these, along the last axis."""
    stacked = np.stack([np.asarray(alone[name]) for name in CHANNELS], axis=-1)
    good = np.isfinite(stacked) & (stacked > 0.0)
    strength = np.where(good, 1.0 / np.where(good, stacked, 1.0), 0.0)
    total = strength.sum(axis=-1, keepdims=True)
    return np.where(total > 0.0, strength / np.where(total > 0.0, total, 1.0), np.nan)


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig8_drawing import draw as make_picture

    return make_picture(data)
