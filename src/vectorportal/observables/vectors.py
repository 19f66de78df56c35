"""What observables of a vector with dark matter need in each model that has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from vectorportal.inputs.settings import Inputs, Options
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.channels import Annihilation
from vectorportal.models.mediator import LOOPS, Mediator
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Raw, observable

__all__ = [
    "VECTORS",
    "Needs",
    "annihilation_of",
    "effective_flags",
    "mediator_of",
    "point_flags",
    "scale_flags",
    "vector_observable",
]


class Needs(NamedTuple):
    """Parameters of the vector itself, and those of its dark matter."""

    vector: tuple[str, ...]
    dark: tuple[str, ...]


VECTORS: Mapping[str, Needs] = {
    "dark-photon": Needs(("m_v", "epsilon"), ("m_dm", "alpha_d")),
    "charged-vector": Needs(("m_v", "g_x", "charges"), ("m_dm", "q_dm")),
    "dark-dipole": Needs(("m_v", "lambda_over_alpha_d", "alpha_d"), ("m_dm",)),
}
"""Models with mediator(), allowed(), alpha_d and, with dark matter, annihilation()"""

_Function = Callable[..., Raw]


def effective_flags(scale: Any, alpha_d: Any, energy: Any) -> Any:
    """Where `energy` (GeV) is beyond a dipole of Lambda/alpha_d = `scale` (GeV, positive)."""
    xp = namespace(scale, alpha_d, energy)
    flags = xp.where(energy > scale * alpha_d, status.EFFECTIVE, 0)
    return flags | xp.where(energy > LOOPS * scale, status.RESOLVED, 0)


def scale_flags(model: Any, energy: Any, fermions: tuple[str, ...] | None = None) -> Any:
    """Where a process of this `energy` (GeV) is beyond the dipoles of the `fermions` in it.

    By default pairs of all fermions that have one, as far as the energy makes them.
    """
    xp = namespace(energy)
    sm = StandardModel.default()
    flags = xp.zeros(xp.asarray(energy).shape, dtype=xp.int64)
    for fermion, scale in model.scales().items():
        if fermions is None:
            pair = 2.0 * getattr(sm, f"m_{fermion}", 0.0)
            found = effective_flags(scale, model.alpha_d, energy)
            flags = flags | xp.where(energy > pair, found, 0)
        elif fermion in fermions:
            flags = flags | effective_flags(scale, model.alpha_d, energy)
    return flags


def point_flags(
    model: Any, inputs: Any, energy: Any, fermions: tuple[str, ...] | None = None
) -> Any:
    """Flags of a process of this `energy` (GeV): no mixing with the Z, or beyond the dipoles.

    `fermions` take part; by default all that have a dipole.
    """
    xp = namespace(model.m_v, energy)
    return xp.where(model.allowed(inputs), 0, status.MIXING) | scale_flags(model, energy, fermions)


def _prescription(model: Any, options: Options) -> dict[str, str]:
    """The prescription, for a model that knows more than one."""
    many = len(model.supported("prescription")) > 1
    return {"prescription": options.prescription} if many else {}


def mediator_of(model: Any, inputs: Inputs, options: Options) -> Mediator:
    """The mediator of `model` in the prescription of `options`."""
    return model.mediator(inputs, **_prescription(model, options))


def annihilation_of(model: Any, inputs: Inputs, options: Options, which: str) -> Annihilation:
    """The channels `which` of annihilation in the prescription of `options`."""
    return model.annihilation(inputs, which, **_prescription(model, options))


def vector_observable(
    name: str,
    unit: str,
    *,
    dark: str = "",
    source: str | Mapping[str, str],
    models: tuple[str, ...] = tuple(VECTORS),
    **facts: Any,
) -> Callable[[_Function], _Function]:
    """Register a function as an observable of the `models`, by default every one of `VECTORS`.

    dark : `` for the vector alone, `optional` where dark matter matters if there is any, `needed`.
    source : one for all, or one for each model; `references` in `facts` likewise.
    """

    def register(function: _Function) -> _Function:
        for model in models:
            needs = VECTORS[model]
            told = {k: v[model] if isinstance(v, Mapping) else v for k, v in facts.items()}
            observable(
                name,
                unit,
                models=(model,),
                requires=(*needs.vector, *(needs.dark if dark == "needed" else ())),
                requires_dark=needs.dark if dark == "optional" else (),
                source=source if isinstance(source, str) else source[model],
                **told,
            )(function)
        return function

    return register
