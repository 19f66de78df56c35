"""Channels: what two dark matter particles annihilate into, and where the rate has structure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = ["Annihilation", "Break", "Channel", "Kinematics"]


@dataclass(frozen=True)
class Kinematics:
    """Centre-of-mass energies of a pair of mass `m_dm`, all arrays of shape (N, M) or (N, 1).

    eta = sqrt(s)/(2 m_dm) - 1; detuning = s - m_v^2 carried on its own, so that a resonance
    narrower than the spacing of floating point numbers near s keeps its shape.
    """

    eta: Any
    detuning: Any
    m_dm: Any

    @property
    def s(self) -> Any:
        """Squared energy in GeV^2."""
        return (2.0 * self.m_dm * (1.0 + self.eta)) ** 2

    @property
    def beta(self) -> Any:
        """Velocity of either particle in the centre of mass, exact as eta -> 0."""
        xp = namespace(self.eta)
        gap = self.eta * (2.0 + self.eta)
        is_open = gap > 0.0
        return xp.where(is_open, xp.sqrt(xp.where(is_open, gap, 1.0)), 0.0) / (1.0 + self.eta)


@dataclass(frozen=True)
class Break:
    """A place in sqrt(s) that quadrature must know: a threshold (width 0) or a resonance.

    `position` is sqrt(s)/(2 m_dm) - 1, `width` Gamma/(4 m_dm), arrays of shape (N,).
    `essential` breaks are resolved wherever they are; others only where they are thermally
    reachable.
    """

    name: str
    position: Any
    width: Any
    essential: bool = False


@dataclass(frozen=True)
class Channel:
    """DM DM -> `final`: `flux_sigma` gives beta sigma in GeV^-2 at given Kinematics."""

    name: str
    final: tuple[str, ...]
    flux_sigma: Callable[[Kinematics], Any]
    source: str


@dataclass(frozen=True)
class Annihilation:
    """All channels of a model with what their thermal average needs; arrays have shape (N,).

    spin_states : internal states, particle and antiparticle together. pair_factor : kappa in
    dn/dt = -kappa <sigma v>(n^2 - n_eq^2). The first of `breaks` is the mediator's pole.
    """

    m_dm: Any
    m_v: Any
    width: Any
    spin_states: int
    pair_factor: float
    channels: tuple[Channel, ...]
    breaks: tuple[Break, ...]

    def flux_sigma(self, at: Kinematics) -> Any:
        """Sum over channels of beta sigma in GeV^-2."""
        return sum(channel.flux_sigma(at) for channel in self.channels)
