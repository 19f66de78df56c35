"""What a bound reads of a model: small protocols, and plain classes that satisfy them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from vectorportal.errors import ParameterError

__all__ = [
    "Arrays",
    "DarkMatterView",
    "MediatorPoint",
    "MediatorView",
    "ObservableCall",
    "arrays_of",
]


class MediatorView(Protocol):
    """A mediator at one or many points; all fields broadcast to one shape.

    mass (GeV); epsilon, its effective coupling to the electromagnetic current (any sign);
    widths (GeV): width_visible (all Standard Model channels, proportional to epsilon^2),
    width_dark (the rest) and width_total, their sum; `widths` has the visible channels by name.
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
    open channel. `fraction` is its part of the dark matter density.
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
    `trusted=True` the answer is NaN where the observable itself warns of its value.
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


@dataclass(frozen=True)
class Arrays:
    """A mediator as checked float64 arrays of one shape: mass, |epsilon| and widths in GeV."""

    mass: np.ndarray
    epsilon: np.ndarray
    visible: np.ndarray
    dark: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Total width in GeV."""
        return self.visible + self.dark

    @property
    def unit_width(self) -> np.ndarray:
        """Visible width at epsilon = 1 (GeV); 0 where epsilon is 0."""
        squared = self.epsilon**2
        return np.where(squared > 0.0, self.visible / np.where(squared > 0.0, squared, 1.0), 0.0)


def arrays_of(point: MediatorView) -> Arrays:
    """`point` as arrays of one shape; ParameterError for values that are not finite or negative."""
    mass, epsilon, visible, dark = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=np.float64)
            for value in (point.mass, point.epsilon, point.width_visible, point.width_dark)
        )
    )
    named = (("mass", mass), ("width_visible", visible), ("width_dark", dark))
    for name, value in named:
        if not (np.isfinite(value) & (value >= 0.0)).all():
            raise ParameterError(f"mediator {name}", "negative or not finite", "GeV", "at least 0")
    if not np.isfinite(epsilon).all():
        raise ParameterError("epsilon", "not finite", "", "a finite number")
    return Arrays(mass, np.abs(epsilon), visible, dark)
