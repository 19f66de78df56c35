"""Where a vector that mixes with hypercharge exists at all."""

from __future__ import annotations

from typing import Any

from vectorportal.errors import ParameterError
from vectorportal.formulas.kinetic_mixing import forbidden_roots
from vectorportal.inputs.settings import Inputs
from vectorportal.numerics.arrays import is_traced

__all__ = ["check_mixing"]


def check_mixing(model: Any, inputs: Inputs) -> None:
    """Raise ParameterError for a single point without mixing: epsilon above c_w, or m_v too close
    to m_Z. `model` has m_v, epsilon and allowed(inputs)."""
    if model.m_v is None or model.epsilon is None or model.shape or is_traced(model.m_v):
        return
    sm, epsilon = inputs.sm, float(model.epsilon)
    highest = (1.0 - sm.sw2) ** 0.5
    if abs(epsilon) >= highest:
        allowed = f"below c_w = {highest:.5g}, above which no mixing with the Z exists"
        raise ParameterError("epsilon", f"{epsilon:g}", "", allowed)
    if bool(model.allowed(inputs)):
        return
    low, high = (sm.m_z * max(float(r), 0.0) ** 0.5 for r in forbidden_roots(epsilon, sm.sw2))
    allowed = f"outside {low:.6g} to {high:.6g} GeV, where no mixing with the Z exists"
    raise ParameterError("m_v", f"{float(model.m_v):g}", "GeV", allowed)
