"""Dark matter today: self-scattering, annihilation, scattering on matter; section 4.2."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas.self_scattering import born_parameter, sigma_self_over_m
from vectorportal.formulas.vector_scattering import Split, sigma_transfer
from vectorportal.models.channels import Kinematics
from vectorportal.models.nonabelian_vector import CHANNELS
from vectorportal.models.vector_exchange import FERMIONS
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw, observable
from vectorportal.observables.vector.common import MODELS, NEEDS, PAPER, mixing_flags
from vectorportal.observables.vector.kinetic import (
    NUCLEONS,
    exchanges_of,
    relaxation_over_hubble,
)
from vectorportal.units import GEV2_TO_CM2, GEV2_TO_CM3_PER_S

_VELOCITY = Argument("velocity", "1", "the relative velocity over c", 1e-12, 1.0, default=1e-3)
_NUCLEON = Argument("nucleon", "", "target", choices=("proton", "neutron"), default="proton")
_TRANSFER = (
    "momentum-transfer cross section, spin averaged, tree level, Z_D, Z and the photon dipole",
)
_VALENCE = ("vector couplings of valence quarks; no axial part, anomalous moments, form factors",)
_SMALL_STEP = 1.05


def _scattering(model: Any, inputs: Inputs, velocity: Any, target: str) -> Split:
    mass = (
        NUCLEONS[target] if target in NUCLEONS else getattr(inputs.sm, str(FERMIONS[target].mass))
    )
    exchanges = exchanges_of(model, inputs, target)
    return sigma_transfer(velocity, model.m_x, mass, model.g_x, exchanges)


def _parts(found: Split) -> dict[str, Any]:
    names = ("total", "current", "dipole")
    return {name: GEV2_TO_CM2 * getattr(found, name) for name in names}


def _target(name: str, arguments: tuple[Argument, ...], text: str, more: tuple[str, ...]) -> None:
    def total(model: Any, inputs: Inputs, options: Options, velocity: Any, **which: str) -> Raw:
        found = _scattering(model, inputs, velocity, which.get("nucleon", "e"))
        return Raw(GEV2_TO_CM2 * found.total, mixing_flags(model, inputs))

    def parts(model: Any, inputs: Inputs, options: Options, velocity: Any, **which: str) -> Raw:
        found = _scattering(model, inputs, velocity, which.get("nucleon", "e"))
        return Raw(_parts(found), mixing_flags(model, inputs))

    total.__doc__ = f"Cross section of X on {text} at rest, weighted with momentum transfer."
    parts.__doc__ = (
        f"The same on {text}, and what the charge-like current J (Z_D, Z) and the dipole current j "
        "(photon) alone would give; the interference is the rest."
    )
    for key, function in ((f"sigma_{name}_cm2", total), (f"sigma_{name}_parts_cm2", parts)):
        observable(
            key,
            "cm^2",
            models=MODELS,
            requires=NEEDS,
            source="(9), (10), (18) crossed to X f -> X f (formulas/vector_scattering.py)",
            arguments=arguments,
            assumptions=(*_TRANSFER, *more),
            references=PAPER,
        )(function)


_target("xe", (_VELOCITY,), "an electron", ())
_target("xn", (_VELOCITY, _NUCLEON), "a nucleon", _VALENCE)


@observable(
    "sigma_self_over_m_cm2_g",
    "cm^2/g",
    models=MODELS,
    requires=NEEDS,
    source="exact tree amplitudes at rest (formulas/self_scattering.py)",
    arguments=(_VELOCITY,),
    assumptions=(
        "half of the particles X+, half X-: mean of like and unlike pairs; no dark Higgs boson",
    ),
    references=PAPER,
)
def sigma_self(model: Any, inputs: Inputs, options: Options, velocity: Any) -> Raw:
    """Elastic self-scattering of X over its mass at low velocity, X+ X- and X+- X+- together."""
    xp = namespace(model.m_x)
    mediator = model.mediator(inputs)
    ratio = mediator.mass / model.m_x
    value = sigma_self_over_m(model.m_x, ratio, model.g_x, mediator.width_total, velocity)
    strong = born_parameter(ratio, model.g_x) > 1.0
    fast = velocity > ratio
    flags = xp.where(strong, status.STRONG, 0) | xp.where(fast, status.CONTACT, 0)
    return Raw(value, mixing_flags(model, inputs) | flags)


def _sigma_v(model: Any, inputs: Inputs, options: Options, velocity: Any) -> Any:
    """sigma v in GeV^-2 at relative velocity v << 1, two-body channels that are kept."""
    gap = 0.125 * velocity**2
    found = model.spectrum(inputs)
    kept = options.kept(CHANNELS)
    process = model.annihilation(inputs, kept, options.prescription)
    m_x, m_zd = model.m_x, found.m_zd
    root = 2.0 * m_x * (1.0 + gap)
    detuning = (root - m_zd) * (root + m_zd)
    at = Kinematics.make(gap[:, None], detuning[:, None], m_x[:, None])
    return 2.0 * sum(flux[:, 0] for flux in process.flux_sigmas(at)) if process.channels else 0.0


_TODAY = {
    "models": MODELS,
    "requires": NEEDS,
    "source": "(B13)-(B20) at s = 4 m_X^2 (1 + v^2/4)",
    "arguments": (_VELOCITY,),
    "assumptions": ("spin averaged, per pair X+ X-; Standard Model and Z_D Z_D final states",),
    "references": PAPER,
}


@observable("sigma_v_today_cm3_s", "cm^3/s", **_TODAY)
def sigma_v_today(model: Any, inputs: Inputs, options: Options, velocity: Any) -> Raw:
    """Annihilation of X+ X- at a velocity of today."""
    value = GEV2_TO_CM3_PER_S * _sigma_v(model, inputs, options, velocity)
    return Raw(value + 0.0 * model.m_x, mixing_flags(model, inputs))


@observable("sigma_v_velocity_power", "1", **_TODAY)
def velocity_power(model: Any, inputs: Inputs, options: Options, velocity: Any) -> Raw:
    """d ln(sigma v)/d ln v at a velocity of today: 0 for an s-wave, 2 for a p-wave, 1 at R = 1."""
    xp = namespace(model.m_x)
    low, high = (
        _sigma_v(model, inputs, options, velocity * f) + 0.0 * model.m_x
        for f in (1.0 / _SMALL_STEP, _SMALL_STEP)
    )
    is_open = low > 0.0
    ratio = xp.where(is_open, high / xp.where(is_open, low, 1.0), 1.0)
    value = xp.log(ratio) / (2.0 * xp.log(xp.asarray(_SMALL_STEP)))
    return Raw(value, mixing_flags(model, inputs) | xp.where(is_open, 0, status.NO_CHANNEL))


@observable(
    "kinetic_equilibrium",
    "1",
    models=MODELS,
    requires=NEEDS,
    source="momentum relaxation by X f -> X f (formulas/vector_scattering.py)",
    arguments=(Argument("x", "1", "the ratio m_x/T", 3.0, 1e8, default=25.0),),
    assumptions=("electrons and muons of the bath; slow X; above 1 the temperatures are equal",),
    references=(*PAPER, "Gondolo:2012", "Bringmann:2016"),
)
def kinetic_equilibrium(model: Any, inputs: Inputs, options: Options, x: Any) -> Raw:
    """Rate at which X takes the temperature of the bath over H, 2 gamma/H, at x = m_x/T."""
    return Raw(relaxation_over_hubble(model, inputs, x), mixing_flags(model, inputs))
