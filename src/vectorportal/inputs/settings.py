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
    "prescription": ("verified", "as-printed"),
    "mechanism": ("freeze-out", "freeze-in", "auto"),
    "channels": ("all", "standard-model", "secluded", "kinetic", "dark", "simp"),
    "statistics": ("maxwell-boltzmann", "quantum"),
    "temperature": ("bath", "dark"),
}
"""Words of each setting; `channels` may also hold several of its words. Each model says which of
them it supports."""

_AS_PRINTED = (
    "formulas as printed in the paper, including its misprints; for comparison with the published "
    "figures only"
)
_CLASSICAL = (
    "Maxwell-Boltzmann statistics of the bath; quantum statistics changes freeze-in of light "
    "particles by tens of per cent (statistics=quantum)"
)
_QUANTUM = "Bose-Einstein and Fermi-Dirac statistics of the bath"
_OWN_TEMPERATURE = "the dark sector has a temperature of its own"


def _check(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        nearest = nearest_name(str(value), allowed)
        raise ParameterError(name, value, "", "one of " + ", ".join(allowed), nearest)


def _several(words: tuple[str, ...]) -> str:
    """What `channels` may be, for an error message."""
    return "all or, separated by commas, some of " + ", ".join(w for w in words if w != "all")


def _check_channels(words: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    """Raise ParameterError for a word that is not allowed, and for `all` beside others."""
    for word in words:
        if word not in allowed:
            near = nearest_name(word, allowed)
            raise ParameterError("channels", word or "an empty word", "", _several(allowed), near)
    if "all" in words and len(set(words)) > 1:
        raise ParameterError("channels", ",".join(words), "", _several(allowed))


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

    prescription : `verified`, or `as-printed` with the misprints of the paper.
    mechanism : `freeze-out` from equilibrium, `freeze-in` from nothing, or `auto`.
    channels : `all`, or words separated by commas, which are put into one order, each once:
    `standard-model` (DM DM -> SM), `secluded` (DM DM -> V V), `kinetic`, `dark`, `simp`.
    statistics : of the bath, `maxwell-boltzmann` or `quantum`.
    temperature : `bath`, or `dark` for a dark sector with a temperature of its own.

    Raises ParameterError for other words; a model refuses words that it does not support.
    """

    prescription: str = "verified"
    mechanism: str = "freeze-out"
    channels: str = "all"
    statistics: str = "maxwell-boltzmann"
    temperature: str = "bath"

    def __post_init__(self) -> None:
        for name in ("prescription", "mechanism", "statistics", "temperature"):
            _check(name, getattr(self, name), CHOICES[name])
        words = tuple(word.strip() for word in str(self.channels).split(","))
        _check_channels(words, CHOICES["channels"])
        ordered = ",".join(word for word in CHOICES["channels"] if word in words)
        object.__setattr__(self, "channels", ordered)

    def words(self, name: str) -> tuple[str, ...]:
        """The words of the option `name`: one, or several for `channels`."""
        return tuple(getattr(self, name).split(","))

    def kept(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the channels `names` that are kept; ParameterError for a word beside them."""
        words = self.words("channels")
        _check_channels(words, ("all", *names))
        return names if words == ("all",) else tuple(n for n in names if n in words)

    def remarks(self) -> tuple[str, ...]:
        """What the chosen words mean for a result, as assumptions to be told with it."""
        told = {
            _AS_PRINTED: self.prescription == "as-printed",
            _CLASSICAL: self.statistics != "quantum" and self.mechanism != "freeze-out",
            _QUANTUM: self.statistics == "quantum",
            _OWN_TEMPERATURE: self.temperature == "dark",
        }
        return tuple(sentence for sentence, holds in told.items() if holds)
