"""The verdict on a model: its mediator, dark matter and observables, handed to the bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.bounds.annihilation import annihilation_shares
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.verdict import Verdict, judge
from vectorportal.bounds.view import ObservableCall
from vectorportal.errors import UsageError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import evaluate

__all__ = ["DarkMatter", "observable_of", "verdict"]


@dataclass(frozen=True)
class DarkMatter:
    """The dark matter of a model as the bounds read it; `mass` in GeV, `fraction` of the density.

    `shares` is None where the final states are not those of a virtual photon.
    """

    mass: Any
    self_conjugate: bool
    shares: Mapping[str, Any] | None
    fraction: Any = 1.0

    @classmethod
    def of(cls, model: Any) -> DarkMatter:
        """The dark matter of `model`, whose m_dm and m_v are one point or arrays."""
        mass = np.broadcast_to(np.asarray(model.m_dm, dtype=np.float64), model.shape)
        shares = annihilation_shares(mass, model.m_v)
        return cls(mass, model.dm == "majorana", shares)


def observable_of(
    model: Any, inputs: Inputs | None = None, options: Options | None = None
) -> ObservableCall:
    """Observables of `model` as the bounds ask for them.

    `channels` narrows the channels of `options`; those that are left out there stay left out.
    """
    settings = options or Options()

    def observable(name: str, /, channels: str = "all", **arguments: Any) -> Any:
        chosen = settings
        if channels not in ("all", settings.channels):
            if settings.channels != "all":
                return np.zeros(model.shape)
            chosen = replace(settings, channels=channels)
        return evaluate(model, name, inputs=inputs, options=chosen, **arguments).value

    return observable


def verdict(
    model: Any,
    *,
    inputs: Inputs | None = None,
    options: Options | None = None,
    records: Iterable[BoundRecord] | None = None,
) -> Verdict:
    """Who excludes one point of `model`, by how much, and who is silent.

    The dark matter is taken to make up the whole density, whatever its relic density comes out as.
    `records` defaults to the current limits and projections for the model.
    Raises UsageError for a parameter that is missing and unless there is exactly one point, and
    ParameterError for a point that does not exist (no mixing with the Z).
    """
    inputs = inputs or Inputs.default()
    if np.prod(model.shape) != 1:
        n = int(np.prod(model.shape))
        raise UsageError(f"a verdict is about one point, but the parameters hold {n} of them.")
    model = replace(model, **{k: np.reshape(v, ()) for k, v in model.numbers().items()})
    model.check_domain(inputs)
    mediator = model.mediator(inputs)
    dark = _dark_matter(model)
    return judge(
        model.name,
        mediator,
        dark_matter=dark,
        observable=None if dark is None else observable_of(model, inputs, options),
        records=records,
        own_epsilon=float(model.epsilon),
    )


def _dark_matter(model: Any) -> DarkMatter | None:
    return None if getattr(model, "dm", "none") == "none" else DarkMatter.of(model)
