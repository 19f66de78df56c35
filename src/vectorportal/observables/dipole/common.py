"""What observables of dark-dipole share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Raw, observable
from vectorportal.observables.vectors import point_flags, scale_flags

__all__ = [
    "ELECTRON",
    "MODEL",
    "REFERENCES",
    "dipole_observable",
    "few_events",
    "mixing_flags",
    "over_mixing",
    "point_flags",
    "scale_flags",
]

MODEL = "dark-dipole"
_FEW = 10.0
ELECTRON = ("e",)
"""The lepton of processes with electrons alone"""
REFERENCES = ("Rizzo:2021",)


def dipole_observable(
    name: str, unit: str, *, requires: tuple[str, ...], source: str, **facts: Any
) -> Callable[[Callable[..., Raw]], Callable[..., Raw]]:
    """Register an observable of dark-dipole; `facts` as in `observables.observable`."""
    told = {"references": REFERENCES, **facts}
    return observable(name, unit, models=(MODEL,), requires=requires, source=source, **told)


def over_mixing(model: Any, ratio: Any) -> Any:
    """`ratio`/epsilon, harmless where epsilon is 0 (see `mixing_flags`)."""
    xp = namespace(model.epsilon)
    return ratio / xp.where(model.epsilon != 0.0, model.epsilon, 1.0)


def few_events(number: Any) -> Any:
    """Where so few events separate two shapes that their number is a rough guide."""
    xp = namespace(number)
    return xp.where(number < _FEW, status.FEW_EVENTS, 0)


def mixing_flags(model: Any) -> Any:
    """Where a ratio to kinetic mixing has no meaning."""
    xp = namespace(model.epsilon)
    return xp.where(model.epsilon != 0.0, 0, status.UNMIXED)
