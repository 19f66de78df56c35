"""What observables of a vector with dark matter need in each model that has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from vectorportal.observables.base import Raw, observable

__all__ = ["VECTORS", "Needs", "vector_observable"]


class Needs(NamedTuple):
    """Parameters of the vector itself, and those of its dark matter."""

    vector: tuple[str, ...]
    dark: tuple[str, ...]


VECTORS: Mapping[str, Needs] = {
    "dark-photon": Needs(("m_v", "epsilon"), ("m_dm", "alpha_d")),
    "charged-vector": Needs(("m_v", "g_x", "charges"), ("m_dm", "q_dm")),
}
"""Models with mediator(), allowed(), alpha_d and, with dark matter, annihilation()"""

_Function = Callable[..., Raw]


def vector_observable(
    name: str, unit: str, *, dark: str = "", source: str | Mapping[str, str], **facts: Any
) -> Callable[[_Function], _Function]:
    """Register a function as an observable of every model of `VECTORS`.

    dark : `` for the vector alone, `optional` where dark matter matters if there is any, `needed`.
    source : one for all, or one for each model; `references` in `facts` likewise.
    """

    def register(function: _Function) -> _Function:
        for model, needs in VECTORS.items():
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
