"""Masses, mixing, couplings and widths of nonabelian-vector."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas.nonabelian import cutoff_scale
from vectorportal.formulas.spectral import fermion_pair
from vectorportal.inputs.cosmology import M_PLANCK
from vectorportal.models.vector_exchange import FERMIONS, couplings
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Inputs, Options, Raw, observable
from vectorportal.observables.vector.common import FERMION, MODELS, NEEDS, PAPER, mixing_flags
from vectorportal.units import HBAR_C_GEV_M, HBAR_GEV_S

_MASSES = ("m_x", "epsilon")
_MIXING = "(A1)-(A9), branch connected to small epsilon on both sides of m_Z"


def _spectrum(name: str, unit: str, text: str, value: Any) -> None:
    def function(model: Any, inputs: Inputs, options: Options) -> Raw:
        return Raw(value(model.spectrum(inputs)), mixing_flags(model, inputs))

    function.__doc__ = text
    observable(name, unit, models=MODELS, requires=_MASSES, source=_MIXING, references=PAPER)(
        function
    )


def _angle(found: Any) -> Any:
    sine, cosine = found.mixing.sin_alpha, found.mixing.cos_alpha
    return namespace(sine).atan2(sine, cosine)


_spectrum("m_zd", "GeV", "Physical mass of Z_D.", lambda found: found.m_zd)
_spectrum("alpha_mix", "1", "Mixing angle alpha of Z_D and Z in radians.", _angle)
_spectrum(
    "m_x_lagrangian",
    "GeV",
    "Mass of X3 in the Lagrangian, m_X of (A2): the physical m_x in the minimal model.",
    lambda found: found.m_x3_2**0.5,
)


def _coupling(name: str, index: int, side: str) -> None:
    def function(model: Any, inputs: Inputs, options: Options, fermion: str) -> Raw:
        pair = _couplings(model, inputs, fermion)
        return Raw(pair[index], mixing_flags(model, inputs))

    function.__doc__ = f"Coupling of Z_D to {side}-handed fermions, L = g fbar gamma^mu f Z_D."
    observable(
        name,
        "1",
        models=MODELS,
        requires=_MASSES,
        source="(B9), exact in epsilon",
        arguments=(FERMION,),
        references=PAPER,
    )(function)


def _couplings(model: Any, inputs: Inputs, fermion: str) -> tuple[Any, Any]:
    return couplings(model.spectrum(inputs).mixing, model.epsilon, inputs.sm)[fermion]


_coupling("g_left", 0, "left")
_coupling("g_right", 1, "right")


@observable(
    "width_ff",
    "GeV",
    models=MODELS,
    requires=_MASSES,
    source="(B8) with the couplings of (B9)",
    arguments=(FERMION,),
    assumptions=(
        "one flavour, all colours; free quarks with their masses (hadrons are in width_total)",
    ),
    references=PAPER,
)
def width_ff(model: Any, inputs: Inputs, options: Options, fermion: str) -> Raw:
    """Partial width of Z_D to a fermion pair."""
    field, m_zd = FERMIONS[fermion], model.spectrum(inputs).m_zd
    left, right = _couplings(model, inputs, fermion)
    mass = getattr(inputs.sm, field.mass) if field.mass else 0.0
    total = fermion_pair(m_zd**2, mass, left**2 + right**2, left * right, field.colours)
    return Raw(total / m_zd, mixing_flags(model, inputs))


def _known_flags(model: Any, inputs: Inputs, mediator: Any) -> Any:
    """Below 2 m_e the width to three photons is missing."""
    xp = namespace(mediator.mass)
    known = (mediator.widths["ee"] > 0.0) | (mediator.width_dark > 0.0)
    return mixing_flags(model, inputs) | xp.where(known, 0, status.THREE_PHOTONS)


def _of_mediator(name: str, unit: str, text: str, value: Any) -> None:
    def function(model: Any, inputs: Inputs, options: Options) -> Raw:
        mediator = model.mediator(inputs)
        return Raw(value(mediator), _known_flags(model, inputs, mediator))

    function.__doc__ = text
    source = "(B8)-(B9), R(e+e-) for hadrons, W W and Z h, X+ X- for R > 2"
    observable(name, unit, models=MODELS, requires=NEEDS, source=source, references=PAPER)(function)


def _ratios(mediator: Any) -> dict[str, Any]:
    total = mediator.width_total
    safe = namespace(total).where(total > 0.0, total, 1.0)
    return {final: width / safe for final, width in mediator.widths.items()}


def _inverse(scale: float) -> Any:
    def value(mediator: Any) -> Any:
        total = mediator.width_total
        return scale / namespace(total).where(total > 0.0, total, 1.0)

    return value


_of_mediator("width_total", "GeV", "Total width of Z_D.", lambda m: m.width_total)
_of_mediator("width_dark", "GeV", "Partial width of Z_D to X+ X-.", lambda m: m.width_dark)
_of_mediator("branching_ratios", "1", "Branching ratios of Z_D; they sum to 1.", _ratios)
_of_mediator("ctau_m", "m", "Proper decay length c tau of Z_D.", _inverse(HBAR_C_GEV_M))
_of_mediator("lifetime_s", "s", "Lifetime of Z_D.", _inverse(HBAR_GEV_S))


@observable(
    "cutoff_scale",
    "GeV",
    models=MODELS,
    requires=NEEDS,
    source="(4): Lambda = v_X (c_w/epsilon)^(1/2), v_X = 2 m_X/g_X",
    references=PAPER,
)
def cutoff(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Scale Lambda of the dimension-six operator of the mixing; above the Planck mass no theory."""
    value = cutoff_scale(model.v_x, model.epsilon, inputs.sm.cw2)
    beyond = namespace(value).where(value > M_PLANCK, status.CUTOFF, 0)
    return Raw(value, mixing_flags(model, inputs) | beyond)
