"""Channels: what two dark matter particles annihilate into, and where the rate has structure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = ["Annihilation", "Break", "Channel", "Kinematics", "pair_at_rest", "pair_kinematics"]


@dataclass(frozen=True)
class Kinematics:
    """Centre-of-mass energies of a pair of mass `m_dm`, all arrays of shape (N, M) or (N, 1).

    eta = sqrt(s)/(2 m_dm) - 1; detuning = s - m_v^2 carried on its own, so that a resonance
    narrower than the spacing of floating point numbers near s keeps its shape. root_s in GeV;
    beta is the velocity of either particle in the centre of mass, exact as eta -> 0.
    """

    eta: Any
    detuning: Any
    m_dm: Any
    root_s: Any
    s: Any
    beta: Any

    @classmethod
    def make(cls, eta: Any, detuning: Any, m_dm: Any) -> Kinematics:
        """Kinematics at eta >= 0 (beta is 0 below threshold)."""
        xp = namespace(eta, m_dm)
        gap = eta * (2.0 + eta)
        is_open = gap > 0.0
        beta = xp.where(is_open, xp.sqrt(xp.where(is_open, gap, 1.0)) / (1.0 + eta), 0.0)
        root_s = 2.0 * m_dm * (1.0 + eta)
        return cls(eta, detuning, m_dm, root_s, root_s * root_s, beta)


def pair_kinematics(model: Any, s: Any) -> tuple[Kinematics, Any]:
    """Kinematics (N, 1) of a pair of dark matter at s (GeV^2, (N,)), and whether it is open.

    A closed one is given the harmless value eta = 1.
    """
    xp = namespace(model.m_v, s)
    root = xp.sqrt(s)
    eta = (root - 2.0 * model.m_dm) / (2.0 * model.m_dm)
    detuning = (root - model.m_v) * (root + model.m_v)
    is_open = eta > 0.0
    eta = xp.where(is_open, eta, 1.0)
    return Kinematics.make(eta[:, None], detuning[:, None], model.m_dm[:, None]), is_open


def pair_at_rest(model: Any) -> Kinematics:
    """Kinematics (N, 1) of a pair of dark matter at rest, s = (2 m_dm)^2."""
    m_dm, m_v = model.m_dm[:, None], model.m_v[:, None]
    return Kinematics.make(0.0 * m_dm, (2.0 * m_dm - m_v) * (2.0 * m_dm + m_v), m_dm)


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

    def flux_sigmas(self, at: Kinematics) -> list[Any]:
        """beta sigma in GeV^-2 of every channel."""
        return [channel.flux_sigma(at) for channel in self.channels]

    def flux_sigma(self, at: Kinematics) -> Any:
        """Sum over channels of beta sigma in GeV^-2."""
        return sum(self.flux_sigmas(at))
