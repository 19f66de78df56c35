"""Registered observables of annihilation and freeze-out."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas.secluded import majorana_unitarity_limits
from vectorportal.inputs.cosmology import hubble_rate
from vectorportal.inputs.dof import load_dof
from vectorportal.models.channels import Annihilation, pair_kinematics
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw
from vectorportal.observables.relic.average import DENSE, FINE, average_at
from vectorportal.observables.relic.freeze_out import Relic, freeze_out
from vectorportal.observables.vectors import annihilation_of, point_flags, vector_observable
from vectorportal.units import GEV2_TO_CM3_PER_S

_TOLERANCE = 1e-2
"""relative error estimate above which no value is given"""
_SECLUDED_SHARE = 0.1
"""part of <sigma v> from V V above which its own conditions are checked"""
_SOMMERFELD = 0.02
"""alpha_d above which pi alpha_d/v exceeds 10 per cent at the v of about 0.5 of freeze-out"""
_AT_POLE = 1e-7
"""|2 m_dm/m_v - 1| up to which the resonance counts as sitting at the threshold"""
_ASSUMPTIONS = (
    "dark matter stays in kinetic equilibrium with the bath until its abundance freezes",
    "Maxwell-Boltzmann statistics; radiation-dominated expansion without entropy injection",
    "particle and antiparticle are counted together and equally abundant",
    "V V final states are on shell and V shares the temperature of the bath",
)
_SOURCE = {
    "dark-photon": "Gondolo & Gelmini 1991 (3.8); s-channel V and Z with full widths, DM DM -> V V",
    "charged-vector": "Gondolo & Gelmini 1991 (3.8); s-channel V with its full width, DM DM -> V V",
    "dark-dipole": "Gondolo & Gelmini 1991 (3.8), as (10) of Rizzo 2021; s-channel V and Z with "
    "full widths, vector and dipole couplings and their interference, DM DM -> V V",
}
_REFERENCES = {
    "dark-photon": ("Gondolo:1991", "Saikawa:2018", "Foguel:2025"),
    "charged-vector": ("Gondolo:1991", "Saikawa:2018"),
    "dark-dipole": ("Rizzo:2021", "Gondolo:1991", "Saikawa:2018"),
}


def _base_flags(model: Any, inputs: Inputs, x: Any = 20.0) -> Any:
    """`x` = m_dm/T at which pairs have the energy 2 m_dm + 3 T in the mean."""
    xp = namespace(model.m_v)
    flags = point_flags(model, inputs, model.m_dm * (2.0 + 3.0 / x))
    return flags | xp.where(model.alpha_d > 1.0, status.STRONG, 0)


def _unitarity_flags(model: Any, options: Options) -> Any:
    """Majorana pairs into longitudinal V: only where V V is kinematically in play."""
    xp = namespace(model.m_v)
    if model.dm != "majorana" or options.channels == "standard-model":
        return xp.zeros(model.m_v.shape, dtype=xp.int64)
    heaviest, _ = majorana_unitarity_limits(model.m_dm, model.m_v, model.alpha_d)
    return xp.where(model.m_dm > heaviest, status.UNITARITY, 0)


@vector_observable(
    "sigma_annihilation",
    "GeV^-2",
    dark="needed",
    source={
        "dark-photon": "s-channel V and Z exchange (formulas/annihilation.py), spin averaged",
        "charged-vector": "s-channel V exchange (formulas/annihilation.py), spin averaged",
    },
    arguments=(Argument("s", "GeV^2", "the squared centre-of-mass energy"),),
    assumptions=("all Standard Model final states, without V V",),
    models=("dark-photon", "charged-vector"),
    references={"dark-photon": ("Foguel:2025",), "charged-vector": ("Gondolo:1991",)},
)
def sigma_annihilation(model: Any, inputs: Inputs, options: Options, s: Any) -> Raw:
    """Cross section of DM DM -> Standard Model states at s."""
    xp = namespace(model.m_v, s)
    at, is_open = pair_kinematics(model, s)
    process = annihilation_of(model, inputs, options, "standard-model")
    value = (process.flux_sigma(at) / at.beta)[:, 0]
    flags = _base_flags(model, inputs) | xp.where(is_open, 0, status.BELOW_THRESHOLD)
    return Raw(value, flags)


@vector_observable(
    "sigma_v_cm3_s",
    "cm^3/s",
    dark="needed",
    source=_SOURCE,
    arguments=(Argument("x", "1", "the ratio m_dm/T", 1e-3, 1e14),),
    assumptions=("spin averaged, per pair, without a factor 1/2",),
    references=("Gondolo:1991",),
)
def sigma_v_cm3_s(model: Any, inputs: Inputs, options: Options, x: Any) -> Raw:
    """Thermally averaged annihilation cross section times Moeller velocity at x = m_dm/T."""
    xp = namespace(model.m_v, x)
    process = annihilation_of(model, inputs, options, options.channels)
    value = average_at(process, x, DENSE)
    rough = average_at(process, x, FINE)
    error = xp.abs(rough - value) / xp.where(value > 0.0, value, 1.0) + 1e-12
    flags = _base_flags(model, inputs, x) | _unitarity_flags(model, options)
    flags = flags | xp.where((error < _TOLERANCE) & xp.isfinite(value), 0, status.ACCURACY)
    return Raw(value * GEV2_TO_CM3_PER_S, flags, error)


def _relic(model: Any, inputs: Inputs, options: Options) -> tuple[Relic, Any]:
    """Relic abundance and flags."""
    xp = namespace(model.m_v)
    process = annihilation_of(model, inputs, options, options.channels)
    relic = freeze_out(process, load_dof(inputs.dof))
    thermal = relic.peak_rate > 1.0
    trusted = xp.isfinite(relic.omega_h2) & (relic.omega_h2 > 0.0)
    trusted = trusted & (relic.error_estimate < _TOLERANCE)
    early = thermal & (xp.where(thermal, relic.x_freeze_out, 10.0) < 3.0)
    flags = _base_flags(model, inputs) | _unitarity_flags(model, options)
    flags = flags | xp.where(thermal, 0, status.NEVER_THERMAL)
    flags = flags | xp.where(thermal & ~trusted, status.ACCURACY, 0)
    at_pole = xp.abs(2.0 * model.m_dm / model.m_v - 1.0) < _AT_POLE
    flags = flags | xp.where(thermal & ~trusted & at_pole, status.POLE, 0)
    flags = flags | xp.where(early, status.RELATIVISTIC, 0)
    return relic, flags | _secluded_flags(model, process, relic, inputs, options)


def _secluded_flags(
    model: Any, process: Annihilation, relic: Relic, inputs: Inputs, options: Options
) -> Any:
    """Where V V is more than 10% of the rate: V decoupled from the bath, or Sommerfeld effect."""
    xp = namespace(model.m_v)
    if options.channels == "standard-model":
        return xp.zeros(model.m_v.shape, dtype=xp.int64)
    x = xp.where(relic.x_freeze_out > 0.0, relic.x_freeze_out, 20.0)
    temperature = model.m_dm / x
    hubble = hubble_rate(temperature, load_dof(inputs.dof))
    visible = process.width - model.mediator(inputs).width_dark
    secluded = relic.share > _SECLUDED_SHARE
    cold = secluded & (visible < hubble)
    bound = secluded & (model.alpha_d * model.m_dm > model.m_v) & (model.alpha_d > _SOMMERFELD)
    return xp.where(cold, status.COLD_MEDIATOR, 0) | xp.where(bound, status.SOMMERFELD, 0)


@vector_observable(
    "omega_h2",
    "1",
    dark="needed",
    source=_SOURCE,
    assumptions=_ASSUMPTIONS,
    references=_REFERENCES,
)
def omega_h2(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Relic density today of dark matter, particle and antiparticle together, from freeze-out."""
    relic, flags = _relic(model, inputs, options)
    return Raw(relic.omega_h2, flags, relic.error_estimate)


@vector_observable(
    "x_freeze_out",
    "1",
    dark="needed",
    source=_SOURCE,
    assumptions=_ASSUMPTIONS,
    references=_REFERENCES,
)
def x_freeze_out(model: Any, inputs: Inputs, options: Options) -> Raw:
    """First x = m_dm/T at which n_eq <sigma v> = H, n_eq of particle and antiparticle together."""
    relic, flags = _relic(model, inputs, options)
    return Raw(relic.x_freeze_out, flags)
