"""Time to judge many vectors by every curve, and to recast every curve to a new vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.timing import repeat
from vectorportal.bounds.recast import evaluate_all
from vectorportal.bounds.record import RATES, BoundRecord
from vectorportal.bounds.registry import bounds_for
from vectorportal.inputs.settings import Inputs
from vectorportal.models import get_model
from vectorportal.papers.limits import limit_curves

__all__ = ["bounds"]

_POINTS, _MASSES = 100_000, 200
_VECTORS = (
    ("dark-photon", {"epsilon": 1e-4}),
    ("dark-photon", {"epsilon": 1e-4, "alpha_d": 1e-9}),
    ("charged-vector", {"g_x": 1e-4, "charges": "B-L"}),
    ("dark-dipole", {"lambda_over_alpha_d": 1e5, "alpha_d": 0.5, "epsilon": 1e-5}),
)
"""With alpha_d: dark matter of a third of the mass, which dilutes the visible decays"""


def _records(model: str) -> list[BoundRecord]:
    """Bounds that read the mediator alone."""
    skipped = ("recoil", "millicharge", "nucleosynthesis", *RATES)
    return [r for r in bounds_for(model) if r.signature not in skipped]


def bounds() -> None:
    """Nanoseconds per point and bound with and without edges, and seconds for all curves."""
    mass = np.geomspace(1e-3, 100.0, _POINTS)
    print(f"\nbounds on {_POINTS} points; recast of all curves at {_MASSES} masses")
    print("| model | bounds | widths, ns/point | mu, ns/(point bound) | with edges | recast, s |")
    print("|---|---|---|---|---|---|")
    for name, values in _VECTORS:
        records = _records(name)
        make: Any = get_model(name)
        dark = "alpha_d" in values and name != "dark-dipole"
        values = values | ({"m_dm": mass / 3.0} if dark else {})
        model = make(m_v=mass, **values)
        widths, _ = repeat(lambda m=model: m.mediator(Inputs.default()), runs=3)
        mediator = model.mediator(Inputs.default())
        per_bound = 1e9 / (len(records) * _POINTS)
        cells = []
        for limits in (False, True):
            median, _ = repeat(
                lambda r=records, m=mediator, e=limits: evaluate_all(r, m, limits=e), runs=3
            )
            cells.append(f"{median * per_bound:.0f}")
        recast, _ = repeat(lambda n=name, r=records: _recast(n, r), runs=3)
        label = f"{name}, dark decays" if dark else name
        first = f"{label} | {len(records)} | {widths * 1e9 / _POINTS:.0f}"
        print(f"| {first} | {' | '.join(cells)} | {recast:.2f} |")


def _recast(name: str, records: list[BoundRecord]) -> None:
    """The curve of every record for one model."""
    make: Any = get_model(name)

    def model_at(mass: np.ndarray, coupling: np.ndarray) -> Any:
        if name == "dark-dipole":
            return make(m_v=mass, lambda_over_alpha_d=1.0 / coupling, alpha_d=0.5)
        if name == "dark-photon":
            return make(m_v=mass, epsilon=coupling)
        return make(m_v=mass, g_x=coupling, charges="B-L")

    limit_curves(records, model_at, np.geomspace(1e-3, 100.0, _MASSES))
