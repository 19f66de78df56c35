"""Scattering of dark matter on electrons."""

from __future__ import annotations

from typing import Any

from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Inputs, Options, Raw, observable
from vectorportal.units import GEV2_TO_CM2


@observable(
    "sigma_electron_cm2",
    "cm^2",
    models=("dark-photon",),
    requires=("m_v", "epsilon", "m_dm", "alpha_d"),
    kinds=("complex-scalar", "dirac"),
    source="tree level V exchange at momentum transfer q = alpha m_e: "
    "16 pi mu^2 alpha alpha_d epsilon^2/(m_v^2 + q^2)^2",
    assumptions=("reference momentum transfer q = alpha m_e; Z exchange neglected",),
    references=("Essig:2012",),
)
def sigma_electron_cm2(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Reference cross section of dark matter on a free electron, as direct detection quotes it.

    Complex-scalar and dirac dark matter; for majorana it vanishes with velocity.
    """
    xp = namespace(model.m_v)
    sm = inputs.sm
    mediator = model.mediator(inputs)
    left, right = mediator.couplings["e"]
    vector = 0.5 * (left + right) * model.mixing(inputs).dark_v
    reduced = model.m_dm * sm.m_e / (model.m_dm + sm.m_e)
    transfer2 = (sm.alpha * sm.m_e) ** 2
    strength = 4.0 * model.alpha_d * vector**2
    value = GEV2_TO_CM2 * strength * reduced**2 / (model.m_v**2 + transfer2) ** 2
    flags = xp.where(model.allowed(inputs), 0, status.MIXING)
    if model.dm == "majorana":
        flags = flags | status.VELOCITY
    return Raw(value, flags)
