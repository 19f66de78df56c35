"""What observables of a vector with dark matter need in each model that has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.channels import Annihilation
from vectorportal.models.dark_dipole import SCALES
from vectorportal.models.mediator import Mediator
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Raw, observable

__all__ = ["VECTORS", "Needs", "annihilation_of", "mediator_of", "scale_flags", "vector_observable"]


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
_LOOPS = 0.1
"""Energy over Lambda/alpha_d, about the mass of the particles that make a dipole, from which its
form factor differs from a constant by some per cent"""


def scale_flags(model: Any, energy: Any, leptons: tuple[str, ...] = tuple(SCALES)) -> Any:
    """Where a process of this `energy` (GeV) with `leptons` is beyond the dipoles of `model`, if it
    has any."""
    xp = namespace(model.m_v, energy)
    flags = xp.where(energy > 0.0, 0, 0)
    for lepton in leptons:
        scale = getattr(model, SCALES[lepton], None)
        if scale is not None:
            size = xp.abs(xp.asarray(scale))
            flags = flags | xp.where(energy > size * model.alpha_d, status.EFFECTIVE, 0)
            flags = flags | xp.where(energy > _LOOPS * size, status.RESOLVED, 0)
    return flags


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
