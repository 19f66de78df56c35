"""Cross sections and squared amplitudes of nonabelian-vector at given kinematics."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas import nonabelian, simp
from vectorportal.models.channels import Kinematics
from vectorportal.models.vector_exchange import FERMIONS
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw, observable
from vectorportal.observables.vector.common import FERMION, MODELS, NEEDS, PAPER, mixing_flags

_S = Argument("s", "GeV^2", "the squared centre-of-mass energy", 0.0, 1e60)
_PHASE = Argument(
    "phase",
    "",
    "electroweak phase",
    choices=("broken", "unbroken"),
    default="broken",
)


def _kinematics(model: Any, inputs: Inputs, s: Any) -> tuple[Kinematics, Any]:
    """Kinematics at s and flags; a placeholder above threshold where s is below."""
    xp = namespace(model.m_x, s)
    root = xp.sqrt(s)
    m_zd = model.spectrum(inputs).m_zd
    eta = (root - 2.0 * model.m_x) / (2.0 * model.m_x)
    is_open = eta > 0.0
    detuning = (root - m_zd) * (root + m_zd)
    at = Kinematics.make(
        xp.where(is_open, eta, 1.0)[:, None], detuning[:, None], model.m_x[:, None]
    )
    flags = mixing_flags(model, inputs) | xp.where(is_open, 0, status.BELOW_THRESHOLD)
    return at, flags


@observable(
    "sigma_kinetic",
    "GeV^-2",
    models=MODELS,
    requires=NEEDS,
    source="(B13)-(B16) in the general form for any mixing, masses and widths",
    arguments=(_S, FERMION, _PHASE),
    assumptions=(
        "spin averaged; one flavour, both chiralities, all colours; unbroken: massless fermions",
    ),
    references=PAPER,
)
def sigma_kinetic(
    model: Any, inputs: Inputs, options: Options, s: Any, fermion: str, phase: str
) -> Raw:
    """Cross section of X+ X- -> f fbar through Z_D, Z and the photon (hypercharge if unbroken)."""
    at, flags = _kinematics(model, inputs, s)
    field = FERMIONS[fermion]
    if phase == "broken":
        exchange = model.exchange(inputs, options.prescription)
        flux = exchange.flux_sigma_fermion(at, field)
    else:
        left, right = field.charge - field.t3, field.charge
        weight = field.colours * (left**2 + right**2)
        flux = weight * model.unbroken(inputs, options.prescription).flux_sigma(at)
    return Raw((flux / at.beta)[:, 0], flags)


@observable(
    "sigma_dark",
    "GeV^-2",
    models=MODELS,
    requires=NEEDS,
    source="(B17)-(B20), with the flux factor and the longitudinal propagator for R != 1",
    arguments=(_S,),
    assumptions=("spin averaged; identical Z_D; no dark Higgs boson",),
    references=PAPER,
)
def sigma_dark(model: Any, inputs: Inputs, options: Options, s: Any) -> Raw:
    """Cross section of X+ X- -> Z_D Z_D; zero below the threshold of Z_D Z_D."""
    at, flags = _kinematics(model, inputs, s)
    delta = model.spectrum(inputs).delta[:, None]
    m_x, g_x = model.m_x[:, None], model.g_x[:, None]
    flux = nonabelian.beta_sigma_dark(at.eta, delta, m_x, g_x, options.prescription)
    xp = namespace(flux)
    beyond = (flux * at.s * at.beta)[:, 0] > 16.0 * xp.pi
    flags = flags | xp.where(beyond, status.LONGITUDINAL, 0)
    return Raw((flux / at.beta)[:, 0], flags)


@observable(
    "sigma_top",
    "GeV^-2",
    models=MODELS,
    requires=("epsilon",),
    source="(B21) with the sign of the logarithm mended",
    arguments=(
        _S,
        Argument("m_top", "GeV", "the (thermal) mass of the top quark"),
        Argument("m_higgs", "GeV", "the (thermal) mass of the Higgs doublet"),
    ),
    assumptions=("t and u channel with massless Z_D: an estimate; one colour, spin averaged",),
    references=PAPER,
)
def sigma_top(
    model: Any, inputs: Inputs, options: Options, s: Any, m_top: Any, m_higgs: Any
) -> Raw:
    """Cross section of t tbar -> Z_D Phi before electroweak symmetry breaking."""
    sm, xp = inputs.sm, namespace(model.epsilon, s)
    floor = xp.maximum(2.0 * m_top, m_higgs) ** 2
    is_open = s > floor
    safe = xp.where(is_open, s, 2.0 * floor)
    arguments = (model.epsilon, sm.g_prime, sm.cw2, sm.m_t / sm.vev, options.prescription)
    value = nonabelian.sigma_top(safe, m_top, m_higgs, *arguments)
    return Raw(value, xp.where(is_open, 0, status.BELOW_THRESHOLD))


def _ratio(model: Any, inputs: Inputs) -> Any:
    return namespace(model.m_x).sqrt(1.0 + model.spectrum(inputs).delta)


def _simp_flags(model: Any, inputs: Inputs, lowest: float) -> Any:
    """Closed at R >= 2, and for 3 Z_D at R <= 2/3 (`lowest`)."""
    ratio = _ratio(model, inputs)
    xp = namespace(ratio)
    is_open = (ratio < 2.0) & (ratio > lowest)
    return mixing_flags(model, inputs) | xp.where(is_open, 0, status.SIMP_CLOSED)


def _three_to_two(name: str, text: str, lowest: float) -> None:
    square, rate = getattr(simp, f"m2_{name}"), getattr(simp, f"sigma_v2_{name}")

    def m2(model: Any, inputs: Inputs, options: Options) -> Raw:
        value = square(_ratio(model, inputs), options.prescription)
        return Raw(value, _simp_flags(model, inputs, lowest))

    def sigma_v2(model: Any, inputs: Inputs, options: Options) -> Raw:
        value = rate(_ratio(model, inputs), model.m_x, model.g_x, options.prescription)
        return Raw(value, _simp_flags(model, inputs, lowest))

    m2.__doc__ = f"Squared amplitude of {text} at rest in units of g_X^6/m_X^2."
    sigma_v2.__doc__ = f"<sigma v^2> of {text} at rest."
    common = {"models": MODELS, "references": PAPER}
    rest = "spins summed, divided by k! for k identical particles; initial particles at rest"
    observable(
        f"m2_{name}",
        "1",
        requires=("m_x", "epsilon"),
        source="(B23), replaced by the amplitudes of the SU(2) Lagrangian",
        assumptions=(rest,),
        report=False,
        **common,
    )(m2)
    observable(
        f"sigma_v2_{name}",
        "GeV^-5",
        requires=NEEDS,
        source="(B22) with the corrected (B23)",
        assumptions=("initial particles at rest",),
        report=False,
        **common,
    )(sigma_v2)


_three_to_two("xxx", "X- X+ X+- -> Z_D X+-", 0.0)
_three_to_two("xxz", "X+ X- Z_D -> Z_D Z_D", 0.0)
_three_to_two("zzz", "Z_D Z_D Z_D -> X+ X-", 2.0 / 3.0)
