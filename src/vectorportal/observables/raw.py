"""What the function behind an observable returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Raw"]


@dataclass(frozen=True)
class Raw:
    """What an observable's function returns for N points at once.

    value : array of shape (N,) or (N, P, ...), or a dict of such; integer codes where the
    observable has labels. flags : integer bits of observables/status.py, shape (N,). error :
    relative error estimate of shape (N,) or None.
    """

    value: Any
    flags: Any
    error: Any = None
