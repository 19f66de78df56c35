"""Where annihilation through a mixed vector has structure in sqrt(s)."""

from __future__ import annotations

from typing import Any

from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.settings import Inputs
from vectorportal.models.channels import Break
from vectorportal.models.vector_exchange import CHARGED

__all__ = ["standard_model_breaks"]


def standard_model_breaks(
    m_dm: Any, m_v: Any, width: Any, inputs: Inputs, weak: bool = True, hadrons: bool = True
) -> tuple[Break, ...]:
    """The pole of the mediator first, then thresholds and Standard Model resonances.

    Masses and width in GeV, shape (N,). Without `weak` there are no Z, W W and Z h, without
    `hadrons` no resonances and no top quarks.
    """
    sm, m2 = inputs.sm, 2.0 * m_dm
    zero = 0.0 * width

    def at(name: str, energy: Any, gamma: Any = 0.0, essential: bool = False) -> Break:
        return Break(name, (energy - m2) / m2, zero + gamma / (2.0 * m2), essential)

    found = [
        at("V", m_v, width, essential=True),
        at("VV", 2.0 * m_v, essential=True),
    ]
    if weak:
        found.append(at("Z", sm.m_z, sm.gamma_z))
    found += [at(f.final, 2.0 * getattr(sm, str(f.mass))) for f in CHARGED]
    if inputs.hadrons != "none" and weak:
        found += [at("WW", 2.0 * sm.m_w), at("Zh", sm.m_z + sm.m_h)]
    if inputs.hadrons != "none" and hadrons:
        found.append(at("tt", 2.0 * sm.m_t))
        found += [at("structure", mass, gamma) for mass, gamma in load_hadrons().breaks]
        found += [at(p.name, p.mass, p.width) for p in load_hadrons().peaks]
    return tuple(found)
