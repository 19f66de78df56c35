"""The array namespace comes from the arrays: NumPy arrays run at once, JAX arrays compile."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

__all__ = ["is_jax", "is_traced", "namespace", "scatter_add", "take"]


def is_jax(array: Any) -> bool:
    """True for a JAX array or tracer; never imports JAX."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(array, jax.Array)


def is_traced(array: Any) -> bool:
    """True for a JAX tracer, whose values are not known yet."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(array, jax.core.Tracer)


def namespace(*arrays: Any) -> Any:
    """The array-API namespace of `arrays` (scalars and NumPy arrays count as NumPy)."""
    for array in arrays:
        if is_jax(array):
            from array_api_compat import array_namespace

            return array_namespace(array)
    return np


def take(xp: Any, table: np.ndarray, index: Any) -> Any:
    """`table[index]` for a constant 1-d NumPy `table` and an integer array of any shape."""
    if xp is np:
        return np.take(table, index)
    return xp.asarray(table)[index]


def scatter_add(xp: Any, index: Any, values: Any, length: int) -> Any:
    """Sum `values` into rows of `length` bins.

    `index` and `values` have shape (N, M); the answer has shape (N, length).
    """
    rows = values.shape[0]
    flat = index + xp.arange(rows)[:, None] * length
    if xp is np:
        total = np.bincount(flat.ravel(), weights=values.ravel(), minlength=rows * length)
    else:
        total = xp.zeros(rows * length, dtype=values.dtype).at[flat.ravel()].add(values.ravel())
    return total.reshape(rows, length)
