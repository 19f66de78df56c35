"""What the observables of nonabelian-vector share: names, requirements, flags."""

from __future__ import annotations

from typing import Any

from vectorportal.inputs.settings import Inputs
from vectorportal.models.vector_exchange import FERMIONS
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument

__all__ = ["FERMION", "MODELS", "NEEDS", "PAPER", "mixing_flags"]

MODELS = ("nonabelian-vector",)
NEEDS = ("m_x", "g_x", "epsilon")
PAPER = ("Foguel:2025",)
FERMION = Argument("fermion", "", "Standard Model fermion", choices=tuple(FERMIONS))


def mixing_flags(model: Any, inputs: Inputs) -> Any:
    """MIXING where no mixing with the Z exists."""
    allowed = model.allowed(inputs)
    return namespace(allowed).where(allowed, 0, status.MIXING)
