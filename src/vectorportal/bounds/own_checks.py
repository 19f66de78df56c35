"""What a bound of your own must satisfy beside its words: sizes that make sense, with reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from vectorportal.bounds.record import Curve
from vectorportal.bounds.words import MODEL_NAMES, MODES, PARTICLE_MODELS
from vectorportal.errors import DataError, nearest_name

__all__ = [
    "EQUAL_LENGTHS",
    "ONE_MASS",
    "check_couplings",
    "check_level",
    "check_mode",
    "check_models",
    "check_pure",
    "default_models",
]

EQUAL_LENGTHS = "shield and decay volume count as equally long for the recast"
"""Assumption of a band without shield_m and decay_m"""
ONE_MASS = "the limit is known at one mass alone"
"""Assumption of a curve with one value"""
_LARGEST = 10.0
_LARGEST_ALPHA = 4.0 * np.pi
_PERCENT = re.compile(r"([0-9.]+)\s*%")
_LEAST_RATIO = 2.0
_SYNONYMS = {"pion": "pi0", "pions": "pi0", "dy": "drell-yan"}
"""Modes by names whose spelling is not near"""


def check_level(where: str, text: str) -> None:
    """DataError for a confidence level of 0%, or of 100% and more."""
    for number in _PERCENT.findall(text):
        try:
            level = float(number)
        except ValueError:
            level = 0.0
        if not 0.0 < level < 100.0:
            raise DataError(f"{where}: {number}% is no confidence level, which is 0 to 100%.")


def check_couplings(where: str, coupling: str, curve: Curve) -> None:
    """DataError for a lower edge above 10, or above 1 for a branching ratio."""
    largest = 1.0 if coupling == "branching-ratio" else _LARGEST
    at = int(np.nanargmax(curve.lower))
    if curve.lower[at] > largest:
        point = f"{curve.lower[at]:g} at {curve.mass[at]:g} GeV"
        raise DataError(
            f"{where}, field coupling_lower: {point} is above {largest:g}, and no {coupling} is."
        )


def check_pure(where: str, name: str, value: float) -> None:
    """DataError for a mass_ratio (m_v/m_dm) of at most 2, and for alpha_d above 4 pi."""
    if name == "mass_ratio" and not value > _LEAST_RATIO:
        inverse = 1.0 / value
        hint = f"; did you mean {inverse:.4g}?" if inverse > _LEAST_RATIO else "."
        meaning = "m_v/m_dm of a vector that decays to dark matter"
        raise DataError(f"{where}: {value:g} is not above 2, and it is {meaning}{hint}")
    if name == "alpha_d" and value > _LARGEST_ALPHA:
        raise DataError(f"{where}: {value:g} is above 4 pi.")


def check_mode(where: str, name: str) -> None:
    """DataError for an unknown mode of production, with the nearest one and all of them."""
    mode = re.split("[:=]", name)[0]
    if mode != name and mode in MODES:
        raise DataError(f"{where}: a mode and its part stand side by side, as in `{mode} 0.5`.")
    if name not in MODES:
        near = _SYNONYMS.get(name.casefold()) or nearest_name(name, MODES)
        first = f"did you mean {near}, or another of" if near else "it must be one of"
        shown = name if name.isprintable() else ascii(name)
        raise DataError(f"{where}: {shown[:60]} is no mode; {first} {', '.join(MODES)}.")


def default_models(coupling: str) -> tuple[str, ...]:
    """Models that a curve in `coupling` is read for, unless it says."""
    return PARTICLE_MODELS if coupling == "millicharge" else MODEL_NAMES


def check_models(where: str, coupling: str, models: Iterable[str]) -> None:
    """DataError where a model has no such coupling."""
    for model in models:
        if (model in PARTICLE_MODELS) != (coupling == "millicharge"):
            raise DataError(f"{where}: {model} does not go with the coupling {coupling}.")
