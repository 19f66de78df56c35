"""Dark sectors that talk to the Standard Model through a vector.

How much dark matter does a point leave, who has excluded it and by how much, and why?
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vectorportal.bounds.of_model import verdict
    from vectorportal.inputs.settings import Inputs, Options
    from vectorportal.models import model_names
    from vectorportal.models.dark_dipole import DarkDipole
    from vectorportal.models.dark_photon import DarkPhoton
    from vectorportal.models.nonabelian_vector import NonabelianVector
    from vectorportal.observables.base import evaluate, gradient, observable_names
    from vectorportal.papers.registry import get_figure

__version__ = "0.1.0"

__all__ = [
    "DarkDipole",
    "DarkPhoton",
    "Inputs",
    "NonabelianVector",
    "Options",
    "__version__",
    "evaluate",
    "get_figure",
    "gradient",
    "model_names",
    "observable_names",
    "verdict",
]

_HOMES = {
    "DarkDipole": "vectorportal.models.dark_dipole",
    "DarkPhoton": "vectorportal.models.dark_photon",
    "Inputs": "vectorportal.inputs.settings",
    "NonabelianVector": "vectorportal.models.nonabelian_vector",
    "Options": "vectorportal.inputs.settings",
    "evaluate": "vectorportal.observables.base",
    "get_figure": "vectorportal.papers.registry",
    "gradient": "vectorportal.observables.base",
    "model_names": "vectorportal.models",
    "observable_names": "vectorportal.observables.base",
    "verdict": "vectorportal.bounds.of_model",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import vectorportal` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
