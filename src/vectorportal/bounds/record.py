"""Records of published limits and projections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.bounds.words import (
    COMPUTED,
    COUPLINGS,
    DARK_PHOTON,
    FINAL_STATES,
    GRADES,
    KINDS,
    LISTS,
    MODEL_NAMES,
    OPTIONAL_LISTS,
    OPTIONAL_TEXTS,
    RATES,
    REGIONS,
    SIGNATURES,
    TEXTS,
    WORDS,
)

if TYPE_CHECKING:
    from vectorportal.bounds.result import BoundResult

__all__ = [
    "COMPUTED",
    "COUPLINGS",
    "DARK_PHOTON",
    "FINAL_STATES",
    "GRADES",
    "KINDS",
    "RATES",
    "REGIONS",
    "SIGNATURES",
    "BoundRecord",
    "Curve",
]


@dataclass(frozen=True)
class Curve:
    """A limit against the mediator mass.

    mass (GeV, rising), lower and upper (dimensionless couplings) have one shape (n,). NaN in
    `lower` marks a mass without exclusion, NaN in `upper` a one-sided limit.
    """

    mass: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class BoundRecord:
    """One published result; the meaning of each field is in docs/bounds.md."""

    id: str
    experiment: str
    label: str
    title: str
    signature: str
    final_states: tuple[str, ...]
    production: str
    region: str
    coupling: str
    confidence_level: str
    confidence_level_checked: bool
    kind: str
    source: tuple[str, ...]
    digitised_by: str
    how: str
    grade: str
    assumes: tuple[str, ...]
    curve: Curve | None
    supersedes: tuple[str, ...] = ()
    alternative_to: str | None = None
    shield_m: float | None = None
    decay_m: float | None = None
    notes: tuple[str, ...] = ()
    models: tuple[str, ...] = MODEL_NAMES
    charges: str | None = None
    reference: str = DARK_PHOTON
    experiment_file: str | None = None
    modes: Mapping[str, float] = field(default_factory=dict)
    geometry: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)

    @property
    def invisible(self) -> bool:
        """True for decays to dark matter and neutrinos, published for a branching ratio of 1."""
        return "invisible" in self.final_states

    @property
    def decay_over_shield(self) -> float:
        """Length of the decay volume over that of the shield; 1 where the lengths are unknown."""
        if self.shield_m is None or self.decay_m is None:
            return 1.0
        return self.decay_m / self.shield_m

    def fractions(self, mass: np.ndarray) -> dict[str, Any]:
        """Part of the signal by mode of production at `mass` (GeV); they sum to 1.

        Linear in ln mass between the rows of modes.csv, and as at its ends outside.
        """
        table = self.tables.get("modes.csv")
        if table is None:
            return dict(self.modes)
        rows = np.log(table["mass_GeV"])
        at = np.log(mass)
        return {k: np.interp(at, rows, v) for k, v in table.items() if k != "mass_GeV"}

    def evaluate(self, model: Any, **settings: Any) -> BoundResult:
        """What this bound says about the points of `model`; see `of_model.evaluate_bounds`."""
        from vectorportal.bounds.of_model import evaluate_bounds

        return evaluate_bounds(model, (self,), **settings)[0]

    def to_json(self) -> dict[str, Any]:
        """The metadata as JSON types (no curve).

        `modes` maps each mode to its part of the signal, to None where that depends on mass.
        """
        names = (*TEXTS, *WORDS, "confidence_level_checked", *OPTIONAL_TEXTS)
        names += ("shield_m", "decay_m")
        answer: dict[str, Any] = {name: getattr(self, name) for name in names}
        for name in (*LISTS, *OPTIONAL_LISTS):
            answer[name] = list(getattr(self, name))
        table = self.tables.get("modes.csv", {})
        varying = {name: None for name in table if name != "mass_GeV"}
        answer["modes"] = dict(self.modes) or varying
        return answer | {"geometry": dict(self.geometry)}
