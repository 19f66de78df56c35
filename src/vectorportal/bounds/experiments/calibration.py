"""First-principles limits beside the published ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.curve import interpolate
from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.events import interval
from vectorportal.bounds.experiments.spec import Experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import UsageError

__all__ = ["calibrate", "reference_vector", "spread_of"]

_DARK_WIDTH = 1e-2
"""dark width over mass that makes every decay invisible at couplings below 0.1"""


def reference_vector(experiment: Experiment, mass: np.ndarray) -> Vector:
    """The dark photon that the published limit is for: visible decays only, or dark ones only.

    An engine whose limits are for something else has a reference_vector of its own.
    """
    engine = engine_of(experiment)
    own = getattr(engine, "reference_vector", None)
    found = own(experiment, mass) if own else None
    if found is not None:
        return found
    decide = getattr(engine, "signature", None)
    word = decide(experiment) if decide else getattr(engine, "SIGNATURE", "visible")
    invisible = word == "invisible"
    return Vector.dark_photon(mass, _DARK_WIDTH * mass if invisible else 0.0)


def calibrate(
    experiment: Experiment, points: int = 30, vector: Vector | None = None
) -> dict[str, Any]:
    """Limits of `experiment` on a dark photon over those of its published record.

    At `points` masses of the published curve at most, or at those of `vector`: `mass` (GeV),
    `published_lower`, `published_upper`, `lower`, `upper`, `ratio_lower`, `ratio_upper` (obtained
    over published couplings), each (n,), NaN where either has no limit; `spread`, the factor
    exp(rms of ln ratio) over both edges, and `missed`, the fraction of published masses at
    which nothing is excluded here.
    Raises UsageError for an experiment without `record`.
    """
    if experiment.record is None:
        raise UsageError(f"{experiment.id} has no published record to be compared with.")
    curve = get_bound(experiment.record).curve
    if curve is None:
        raise UsageError(f"the record {experiment.record} has no curve.")
    if vector is None:
        known = curve.mass[np.isfinite(curve.lower)]
        picked = np.unique(np.linspace(0, known.size - 1, min(points, known.size)).astype(int))
        vector = reference_vector(experiment, known[picked])
    below, above = interpolate(curve, vector.mass)
    lower, upper = interval(experiment, vector)
    found = {
        "mass": vector.mass,
        "published_lower": below,
        "published_upper": above,
        "lower": lower,
        "upper": upper,
        "ratio_lower": lower / below,
        "ratio_upper": upper / above,
    }
    found["spread"] = spread_of(found["ratio_lower"], found["ratio_upper"])
    found["missed"] = float(np.mean(np.isnan(lower[np.isfinite(below)])))
    return found


def spread_of(*ratios: np.ndarray) -> float:
    """exp of the root mean square of ln ratio over all finite ratios; NaN without any."""
    logs = np.log(np.concatenate([np.asarray(r)[np.isfinite(r)] for r in ratios]))
    return float(np.exp(np.sqrt(np.mean(logs**2)))) if logs.size else float("nan")
