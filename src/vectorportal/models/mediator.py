"""The narrow waist: everything that production rates and mediator bounds read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["LOOPS", "ChargedParticle", "Mediator"]

LOOPS = 0.1
"""Energy over Lambda/alpha_d, about the mass of the particles that make a dipole, from which its
form factor differs from a constant by some per cent"""


@dataclass(frozen=True)
class Mediator:
    """A vector with its couplings and partial widths; arrays of one broadcast shape.

    mass : GeV. epsilon : coupling to the electromagnetic current in units of -e, as a number that
    all fermions share (the photon-like part). couplings : fermion -> (g_L, g_R). widths : final
    state -> GeV; `dark` is the decay to dark matter, all others are visible or neutrinos.
    charges : None for kinetic mixing, which couples as epsilon Q; else fermion -> vector coupling
    over e, and axial : fermion -> axial coupling over e. dipoles : fermion -> d in GeV^-1 of the
    magnetic vertex i d sigma^{mu nu} q_nu beside g_V gamma^mu, q flowing into the fermion (those of
    neutrinos stand in the widths alone). scales : fermion -> (Lambda, Lambda/alpha_d) in GeV of a
    dipole g_D/Lambda, neutrinos (`nu`) too, in proportion to 1/coupling. exclusive : hadronic state
    -> GeV, parts of widths["hadrons"], where they are known. coupling : what production goes with
    the square of (default epsilon), called `coupling_name`; the dark width goes with its square too
    where `dark_follows`.
    """

    mass: Any
    epsilon: Any
    couplings: dict[str, tuple[Any, Any]]
    widths: dict[str, Any]
    charges: Mapping[str, Any] | None = None
    exclusive: Mapping[str, Any] = field(default_factory=dict)
    coupling: Any = None
    coupling_name: str = "epsilon"
    dark_follows: bool = False
    axial: Mapping[str, Any] = field(default_factory=dict)
    dipoles: Mapping[str, Any] = field(default_factory=dict)
    scales: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def width_dark(self) -> Any:
        """Partial width to dark matter in GeV."""
        return self.widths["dark"]

    @property
    def width_visible(self) -> Any:
        """Partial width to Standard Model states other than neutrinos, in GeV."""
        return sum(w for k, w in self.widths.items() if k not in ("dark", "nunu"))

    @property
    def width_standard_model(self) -> Any:
        """Partial width to all Standard Model states, neutrinos included, in GeV."""
        return sum(w for k, w in self.widths.items() if k != "dark")

    @property
    def width_total(self) -> Any:
        """Total width in GeV."""
        return sum(self.widths.values())

    def branching(self, final: str) -> Any:
        """Branching ratio into `final`."""
        return self.widths[final] / self.width_total


@dataclass(frozen=True)
class ChargedParticle:
    """A particle of `mass` (GeV) with a small electric `charge`, in units of e (any sign)."""

    mass: Any
    charge: Any
