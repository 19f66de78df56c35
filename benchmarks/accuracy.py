"""True errors of the relic density against a slow reference that shares only the cross section."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.points import draw
from vectorportal.inputs.dof import load_dof
from vectorportal.models import DarkPhoton
from vectorportal.observables.base import Inputs, evaluate

__all__ = ["errors"]


def errors(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """True relative errors, estimates of them, and seconds of the reference per point."""
    import time

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from oracles.reference_relic import Reference

    inputs = Inputs(hadrons="none")
    model = draw(count, seed)
    result = evaluate(model, "omega_h2", inputs=inputs)
    true, estimate, spent = [], [], 0.0
    for i in np.nonzero(result.status == 0)[0]:
        numbers = {
            k: np.broadcast_to(v, model.shape)[i : i + 1] for k, v in model.numbers().items()
        }
        start = time.perf_counter()
        one = DarkPhoton(**numbers, **model.choices())
        reference = Reference(one.annihilation(inputs), load_dof()).omega_h2()
        spent += time.perf_counter() - start
        true.append(abs(result.value[i] / reference - 1.0))
        estimate.append(result.error_estimate[i])
    return np.asarray(true), np.asarray(estimate), spent / max(len(true), 1)
