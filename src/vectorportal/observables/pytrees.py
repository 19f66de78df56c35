"""Make models JAX pytrees: numbers are leaves, words are structure. Needs JAX."""

from __future__ import annotations

from typing import Any

from vectorportal.models import get_model, model_names
from vectorportal.models.base import Model

__all__ = ["register"]


def register() -> None:
    """Register every model class with JAX; called once, when JAX is first asked for."""
    import jax

    for name in model_names():
        kind = get_model(name)
        jax.tree_util.register_pytree_node(kind, _flatten, _unflatten(kind))


def _flatten(model: Model) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    numbers, words = model.numbers(), model.choices()
    return tuple(numbers.values()), (tuple(numbers), tuple(words.items()))


def _unflatten(kind: type[Model]) -> Any:
    """Rebuild without validation: leaves may be tracers, or placeholders of a transformation."""

    def build(structure: tuple[Any, ...], leaves: tuple[Any, ...]) -> Model:
        names, words = structure
        model = object.__new__(kind)
        for field in kind.field_names():
            object.__setattr__(model, field, None)
        for key, value in (*zip(names, leaves, strict=True), *words):
            object.__setattr__(model, key, value)
        shapes = [getattr(leaf, "shape", ()) for leaf in leaves]
        object.__setattr__(model, "_shape", max(shapes, key=len, default=()))
        return model

    return build
