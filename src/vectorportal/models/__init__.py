"""The registry of models: one file and one line here for each."""

from __future__ import annotations

from vectorportal.errors import UsageError, nearest_name
from vectorportal.models.base import Model, Parameter
from vectorportal.models.charged_vector import ChargedVector
from vectorportal.models.dark_dipole import DarkDipole
from vectorportal.models.dark_photon import DarkPhoton
from vectorportal.models.millicharged import Millicharged
from vectorportal.models.nonabelian_vector import NonabelianVector

__all__ = [
    "ChargedVector",
    "DarkDipole",
    "DarkPhoton",
    "Millicharged",
    "Model",
    "NonabelianVector",
    "Parameter",
    "get_model",
    "model_names",
]

_ALL: tuple[type[Model], ...] = (
    DarkPhoton,
    ChargedVector,
    DarkDipole,
    NonabelianVector,
    Millicharged,
)
_MODELS: dict[str, type[Model]] = {model.name: model for model in _ALL}


def model_names() -> tuple[str, ...]:
    """Names of all models."""
    return tuple(_MODELS)


def get_model(name: str) -> type[Model]:
    """The model class called `name`, or UsageError with the nearest name."""
    if name in _MODELS:
        return _MODELS[name]
    nearest = nearest_name(name, _MODELS)
    hint = f"did you mean {nearest}?" if nearest else f"known models: {', '.join(_MODELS)}."
    raise UsageError(f"there is no model {name}; {hint}")
