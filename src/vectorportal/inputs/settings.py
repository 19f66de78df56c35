"""The two frozen companions of a model: Inputs (Standard Model values) and Options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.inputs.dof import dof_names
from vectorportal.inputs.standard_model import StandardModel

__all__ = ["CHOICES", "Inputs", "Options"]

CHOICES: dict[str, tuple[str, ...]] = {
    "hadrons": ("r-ratio", "none"),
    "prescription": ("verified",),
    "mechanism": ("freeze-out",),
    "channels": ("all", "standard-model", "secluded"),
    "statistics": ("maxwell-boltzmann",),
}
"""Allowed words of each setting; other mechanisms and prescriptions join with their models."""


def _check(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        nearest = nearest_name(str(value), allowed)
        raise ParameterError(name, value, "", "one of " + ", ".join(allowed), nearest)


@dataclass(frozen=True)
class Inputs:
    """Standard Model values that every result echoes.

    sm : particle data; dof : name of the table of g_rho(T), g_s(T); hadrons : `r-ratio` (hadronic
    final states from R(e+e-)) or `none` (leptons only, for comparisons).
    """

    sm: StandardModel = field(default_factory=StandardModel.default)
    dof: str = "saikawa-shirai"
    hadrons: str = "r-ratio"

    def __post_init__(self) -> None:
        _check("dof", self.dof, dof_names())
        _check("hadrons", self.hadrons, CHOICES["hadrons"])

    @classmethod
    def default(cls) -> Inputs:
        """Packaged values, default table, hadrons from R(e+e-)."""
        return cls()

    @classmethod
    def build(cls, values: dict[str, Any]) -> Inputs:
        """Inputs from keys such as `sm.alpha`, `dof` and `hadrons`; UsageError for others."""
        sm = {k[3:]: v for k, v in values.items() if k.startswith("sm.")}
        rest = {k: v for k, v in values.items() if not k.startswith("sm.")}
        unknown = [k for k in rest if k not in ("dof", "hadrons")]
        if unknown:
            raise UsageError(f"there is no input {unknown[0]}; inputs are sm.*, dof and hadrons.")
        base = StandardModel.default()
        return cls(sm=base.replace(**sm) if sm else base, **rest)


@dataclass(frozen=True)
class Options:
    """How a result is computed.

    channels : `all`, `standard-model` (DM DM -> SM only) or `secluded` (DM DM -> V V only).
    """

    prescription: str = "verified"
    mechanism: str = "freeze-out"
    channels: str = "all"
    statistics: str = "maxwell-boltzmann"

    def __post_init__(self) -> None:
        for name in ("prescription", "mechanism", "channels", "statistics"):
            _check(name, getattr(self, name), CHOICES[name])
