"""The verdict on a model: its mediator, dark matter and observables, handed to the bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.bounds.computed import photon_like_shares
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.verdict import Verdict, judge
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import evaluate

__all__ = ["DarkMatter", "verdict"]

_PHOTON_LIKE_BELOW = 15.0
"""m_dm in GeV up to which the Z hardly changes the final states of annihilation at rest"""


@dataclass(frozen=True)
class DarkMatter:
    """The dark matter of a model as the bounds read it; `mass` in GeV, `fraction` of the density.

    `shares` is None where the final states are not those of a virtual photon.
    """

    mass: Any
    self_conjugate: bool
    shares: Mapping[str, Any] | None
    fraction: Any = 1.0


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
    Raises UsageError for a parameter that is missing and for more than one point.
    """
    inputs, options = inputs or Inputs.default(), options or Options()

    def observable(name: str, /, **arguments: Any) -> Any:
        return evaluate(model, name, inputs=inputs, options=options, **arguments).value

    dark = _dark_matter(model)
    return judge(
        model.name,
        model.mediator(inputs),
        dark_matter=dark,
        observable=None if dark is None else observable,
        records=records,
    )


def _dark_matter(model: Any) -> DarkMatter | None:
    if getattr(model, "dm", "none") == "none" or np.size(model.m_dm) != 1:
        return None
    mass = float(np.asarray(model.m_dm).reshape(()))
    photon_like = mass < _PHOTON_LIKE_BELOW and mass < float(np.max(model.m_v))
    shares = photon_like_shares(mass, load_hadrons().ratio) if photon_like else None
    return DarkMatter(mass, model.dm == "majorana", shares)
