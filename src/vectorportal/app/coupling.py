"""What limits on a model are set on: epsilon, g_x, or a scale of dipoles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from vectorportal.app.request import Request
from vectorportal.errors import UsageError
from vectorportal.models import get_model
from vectorportal.models.dark_dipole import SCALES

__all__ = ["Coupling", "held_remarks", "reference", "with_coupling"]

_REFERENCE = 1e-6
"""Coupling at which widths are read; all rates go as its square"""
_REFERENCE_SCALE = 1e5
"""The same in GeV for a parameter that is the inverse of the coupling"""


class Coupling(NamedTuple):
    """The parameter of a model that limits are set on.

    Rates go as the square of g, which is the parameter or, in GeV^-1, its `inverse`. `held` are
    parameters that go in proportion to g, so that they have a meaning beside this one alone.
    """

    key: str
    inverse: bool = False
    held: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of the parameter."""
        return "GeV" if self.inverse else "1"

    def ends(self, low: Any, high: Any) -> tuple[Any, Any]:
        """Values of the parameter, the smaller one first, at two couplings g."""
        return (1.0 / high, 1.0 / low) if self.inverse else (low, high)


_COUPLINGS = (
    Coupling(SCALES["e"], True, ("epsilon", *(SCALES[lepton] for lepton in ("mu", "tau")))),
    Coupling("epsilon"),
    Coupling("g_x"),
)


def with_coupling(request: Request) -> tuple[Request, Coupling, bool]:
    """The request with a reference coupling where none was given, the coupling, and whether it was
    given. UsageError for a model without, and for parameters in proportion to what is not given."""
    known = {p.name for p in get_model(request.model_name).parameters}
    found = next((coupling for coupling in _COUPLINGS if coupling.key in known), None)
    if found is None:
        raise UsageError(f"{request.model_name} has neither epsilon nor g_x to set limits on.")
    if found.key in request.parameters or any(axis.key == found.key for axis in request.axes):
        return request, found, True
    for name in found.held:
        if request.parameters.get(name) or any(axis.key == name for axis in request.axes):
            raise UsageError(
                f"{name} stays in proportion to 1/{found.key}, on which limits are set, so it "
                f"needs a value of {found.key} beside it."
            )
    parameters = {**request.parameters, found.key: reference(request, found)}
    return replace(request, parameters=parameters), found, False


def reference(request: Request, coupling: Coupling) -> float:
    """The reference coupling, smaller where the charge of dark matter is large."""
    if coupling.inverse:
        return _REFERENCE_SCALE
    charges = [axis.values.max() for axis in request.axes if axis.key == "q_dm"]
    charge = float(request.parameters.get("q_dm", max(charges, default=1.0)))
    return min(_REFERENCE, 0.1 / charge)


def held_remarks(coupling: Coupling, request: Request) -> tuple[str, ...]:
    """What stays in proportion to the coupling."""
    held = [name for name in coupling.held if request.parameters.get(name)]
    held += [axis.key for axis in request.axes if axis.key in coupling.held]
    if not held:
        return ()
    size = f"the size of {coupling.key}, whose sign is that given"
    return (f"limits are on {size}, with 1/{coupling.key} in proportion to {' and '.join(held)}",)
