"""What observables of dark-dipole share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vectorportal.models.dark_dipole import SCALES
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Raw, observable
from vectorportal.observables.vectors import scale_flags

__all__ = [
    "ELECTRON",
    "MODEL",
    "REFERENCES",
    "dipole_observable",
    "mixing_flags",
    "point_flags",
    "scale_flags",
]

MODEL = "dark-dipole"
ELECTRON = ("e",)
"""The lepton of processes with electrons alone"""
REFERENCES = ("Rizzo:2021",)


def dipole_observable(
    name: str, unit: str, *, requires: tuple[str, ...], source: str, **facts: Any
) -> Callable[[Callable[..., Raw]], Callable[..., Raw]]:
    """Register an observable of dark-dipole; `facts` as in `observables.observable`."""
    told = {"references": REFERENCES, **facts}
    return observable(name, unit, models=(MODEL,), requires=requires, source=source, **told)


def point_flags(
    model: Any, inputs: Any, energy: Any, leptons: tuple[str, ...] = tuple(SCALES)
) -> Any:
    """Flags of a process of this `energy` (GeV) with `leptons`: no mixing with the Z, or beyond the
    dipoles."""
    xp = namespace(model.m_v, energy)
    return xp.where(model.allowed(inputs), 0, status.MIXING) | scale_flags(model, energy, leptons)


def mixing_flags(model: Any) -> Any:
    """Where a ratio to kinetic mixing has no meaning."""
    xp = namespace(model.epsilon)
    return xp.where(model.epsilon != 0.0, 0, status.UNMIXED)
