"""A Dirac particle with a small electric charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from vectorportal.inputs.settings import Inputs
from vectorportal.models.base import Model, Parameter
from vectorportal.models.mediator import ChargedParticle

__all__ = ["Millicharged"]


@dataclass(frozen=True)
class Millicharged(Model):
    """A Dirac particle of mass m_mcp with electric charge `epsilon` in units of e.

    What gives it its charge (a massless dark photon, say) has no other effect here. It is no dark
    matter and decays to nothing: the model is there for bounds on millicharges.

    Raises ParameterError for values out of range.
    """

    m_mcp: Any = None
    epsilon: Any = None

    name: ClassVar[str] = "millicharged"
    summary: ClassVar[str] = "Dirac particle with a small electric charge"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("m_mcp", "GeV", "mass of the millicharged particle", 1e-18, 1e7),
        Parameter("epsilon", "1", "electric charge in units of e", 0.0, 1.0),
    )

    def mediator(self, inputs: Inputs) -> ChargedParticle:
        """The particle itself, as the bounds read it; needs m_mcp and epsilon."""
        self.require(("m_mcp", "epsilon"), "the particle")
        return ChargedParticle(self.m_mcp, self.epsilon)
