"""Thermally averaged annihilation of X+ X-."""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.models.nonabelian_vector import CHANNELS
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw, observable
from vectorportal.observables.relic.average import DENSE, FINE, average_at
from vectorportal.observables.vector.common import MODELS, NEEDS, PAPER, mixing_flags
from vectorportal.units import GEV2_TO_CM3_PER_S

_TOLERANCE = 1e-2
"""relative error estimate above which no value is given"""


@observable(
    "sigma_v_cm3_s",
    "cm^3/s",
    models=MODELS,
    requires=NEEDS,
    source="(B13)-(B20) averaged as in (3.8) of Gondolo & Gelmini 1991",
    arguments=(Argument("x", "1", "the ratio m_x/T", 1e-3, 1e14),),
    assumptions=(
        "spin averaged, per pair X+ X-, without a factor 1/2",
        "two-body channels that are kept, after electroweak symmetry breaking",
        "tree level: no Sommerfeld effect; X at the temperature T",
    ),
    references=(*PAPER, "Gondolo:1991"),
)
def sigma_v_cm3_s(model: Any, inputs: Inputs, options: Options, x: Any) -> Raw:
    """Thermally averaged cross section times Moeller velocity of X+ X- at x = m_x/T."""
    xp = namespace(model.m_x, x)
    process = model.annihilation(inputs, options.kept(CHANNELS), options.prescription)
    if not process.channels:
        return Raw(0.0 * model.m_x * x, mixing_flags(model, inputs))
    value, rough = average_at(process, x, DENSE), average_at(process, x, FINE)
    error = xp.abs(rough - value) / xp.where(value > 0.0, value, 1.0) + 1e-12
    good = (error < _TOLERANCE) & xp.isfinite(value)
    flags = mixing_flags(model, inputs) | xp.where(good, 0, status.ACCURACY)
    flags = flags | xp.where(model.g_x**2 > 4.0 * pi, status.STRONG, 0)
    return Raw(value * GEV2_TO_CM3_PER_S, flags, error)
