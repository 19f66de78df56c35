"""Standard Model final states of a vector that couples to given charges, without weak mixing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Any

from vectorportal.formulas import spectral
from vectorportal.inputs.hadron_channels import channel_ratios, hadron_ratio
from vectorportal.inputs.settings import Inputs
from vectorportal.models.charges import NEUTRINOS, QUARKS
from vectorportal.models.vector_exchange import FERMIONS
from vectorportal.numerics.arrays import namespace

__all__ = ["LIGHT_QUARKS", "ChargedCurrent", "split_hadrons"]

_LEPTONS = {"ee": "e", "mumu": "mu", "tautau": "tau"}
LIGHT_QUARKS = tuple(q for q in QUARKS if q != "t")


def split_hadrons(mass: Any, total: Any, quarks: Mapping[str, Any]) -> dict[str, Any]:
    """The hadronic width `total` by channel, as the charges of the quarks u, d, s, c, b share it.

    mass in GeV; arrays of one shape. Zero where nothing is open.
    """
    ratios = channel_ratios(mass, quarks)
    whole = sum(ratios.values())
    xp = namespace(whole)
    safe = xp.where(whole > 0.0, whole, 1.0)
    return {channel: total * (ratio / safe) for channel, ratio in ratios.items()}


@dataclass(frozen=True)
class ChargedCurrent:
    """The current sum_f x_f fbar gamma^mu f (neutrinos left-handed) that V couples to.

    x : charges of all fermions, floats or arrays that broadcast with s; hadronic : whether quarks
    take part at all.
    """

    x: Mapping[str, Any]
    hadronic: bool
    inputs: Inputs

    @property
    def with_hadrons(self) -> bool:
        """Whether there are hadronic final states."""
        return self.hadronic and self.inputs.hadrons != "none"

    def columns(self) -> ChargedCurrent:
        """The same with arrays of shape (N,) as (N, 1)."""
        x = {f: v[:, None] if getattr(v, "ndim", 0) else v for f, v in self.x.items()}
        return ChargedCurrent(x, self.hadronic, self.inputs)

    def final_states(self, s: Any, exclusive: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Spectral functions W (formulas/spectral.py) at unit coupling; s in GeV^2.

        ee, mumu, tautau, nunu (all flavours), hadrons (all but top), tt; the last two only with
        hadrons. `exclusive` is the answer of `exclusive`, where it is known already.
        """
        out = {final: self._pair(s, f) for final, f in _LEPTONS.items()}
        squares = sum(self.x[f] ** 2 for f in NEUTRINOS)
        out["nunu"] = spectral.fermion_pair(s, 0.0, squares, 0.0)
        if self.inputs.hadrons == "none":
            return out
        if not self.hadronic:
            return out | {"hadrons": 0.0 * s, "tt": 0.0 * s}
        out["hadrons"] = self._hadrons(s) if exclusive is None else sum(exclusive.values())
        out["tt"] = self._pair(s, "t", 3.0)
        return out

    def exclusive(self, s: Any) -> dict[str, Any]:
        """Spectral functions of the hadronic channels at unit coupling; empty without hadrons."""
        if not self.with_hadrons:
            return {}
        ratios = channel_ratios(namespace(s).sqrt(s), {q: self.x[q] for q in LIGHT_QUARKS})
        return {channel: r * s / (12.0 * pi) for channel, r in ratios.items()}

    def _hadrons(self, s: Any) -> Any:
        """All hadronic channels."""
        ratio = hadron_ratio(namespace(s).sqrt(s), {q: self.x[q] for q in LIGHT_QUARKS})
        return ratio * s / (12.0 * pi)

    def _pair(self, s: Any, fermion: str, colours: float = 1.0) -> Any:
        """f fbar with g_L = g_R = x."""
        square = self.x[fermion] ** 2
        mass = getattr(self.inputs.sm, str(FERMIONS[fermion].mass))
        return spectral.fermion_pair(s, mass, 2.0 * square, square, colours)
