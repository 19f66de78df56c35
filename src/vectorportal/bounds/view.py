"""What a bound reads of a model: small protocols, and a plain class that satisfies one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

__all__ = [
    "DarkMatterView",
    "MediatorPoint",
    "MediatorView",
    "ObservableCall",
]


class MediatorView(Protocol):
    """A mediator at one or many points; all fields broadcast to one shape.

    mass (GeV); epsilon, its effective coupling to the electromagnetic current (any sign);
    widths (GeV): width_visible (all Standard Model channels, proportional to epsilon^2),
    width_dark (the rest) and width_total, their sum; `widths` has the visible channels by name.
    The further fields of `vectorportal.models.mediator.Mediator` are read where they are there:
    charges, axial, dipoles, scales, exclusive, coupling, coupling_name, dark_follows.
    """

    @property
    def mass(self) -> Any: ...
    @property
    def epsilon(self) -> Any: ...
    @property
    def width_total(self) -> Any: ...
    @property
    def width_visible(self) -> Any: ...
    @property
    def width_dark(self) -> Any: ...
    @property
    def widths(self) -> Mapping[str, Any]: ...


class DarkMatterView(Protocol):
    """The dark matter at the same points: mass (GeV) and whether it is its own antiparticle.

    `shares` has the fraction of annihilations into ee, mumu, tautau, hadrons, gammagamma and
    invisible, leaving aside pairs of mediators; None, or NaN at a point, takes the least efficient
    open channel. `fraction` is its part of the dark matter density. Read where they are there:
    `kind` (complex-scalar, dirac, ...), `alpha`, g_D^2/4 pi, `off_shell`, whether the model has
    sigma_v_off_shell_cm3_s, and `spectral`, the spectral functions of the mediator by Standard
    Model final state at s (GeV^2, of the shape of the points).
    """

    @property
    def mass(self) -> Any: ...
    @property
    def self_conjugate(self) -> bool: ...
    @property
    def shares(self) -> Mapping[str, Any] | None: ...
    @property
    def fraction(self) -> Any: ...


class ObservableCall(Protocol):
    """`observable(name, **arguments)`: an observable of the model at the same points, as array.

    `channels="standard-model"` among the arguments leaves out annihilation into mediators,
    `channels="secluded"` keeps nothing else, whatever the model calls its channels. With
    `trusted=True` the answer is NaN where the observable itself warns of its value. With `where`
    (bool, of the shape of the points) it is worked out there alone, and zero elsewhere. Dark matter
    lighter than `least_mass` (GeV) counts as that heavy.
    """

    def __call__(self, name: str, /, **arguments: Any) -> Any: ...


@dataclass(frozen=True)
class MediatorPoint:
    """A MediatorView from numbers: the visible width at `epsilon` and the dark width, in GeV."""

    mass: Any
    epsilon: Any
    width_visible: Any
    width_dark: Any = 0.0
    widths: Mapping[str, Any] = field(default_factory=dict)

    @property
    def width_total(self) -> Any:
        """Sum of the visible and the dark width."""
        return np.asarray(self.width_visible) + np.asarray(self.width_dark)
