"""Figures 6, 8 and 9 of [Foguel:2025] by name."""

from __future__ import annotations

from vectorportal.papers.figure import Figure

__all__ = ["FIGURES"]

FIGURES: tuple[Figure, ...] = ()
