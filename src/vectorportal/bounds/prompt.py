"""The chance that a vector decays early enough for a prompt search."""

from __future__ import annotations

import numpy as np

from vectorportal.bounds.record import BoundRecord
from vectorportal.inputs.settings import Inputs
from vectorportal.units import HBAR_C_GEV_M, HBAR_GEV_S

__all__ = ["prompt_efficiency", "prompt_time"]

_SLOWEST = 1.1
"""Smallest energy over mass; curves that end at their beam energy have slow vectors there"""
_PS = 1e-12
_SMALLEST = 1e-4
"""GeV above the threshold of two muons: the smallest that is told apart"""


def prompt_time(record: BoundRecord, mass: np.ndarray) -> np.ndarray | None:
    """Longest proper time (1/GeV) that counts as prompt at `mass` (GeV); None where all do.

    From the geometry of the record: prompt_flight_m with vector_energy_GeV or, for e+ e- ->
    gamma V, the energy that centre_of_mass_energy_GeV leaves for V; or prompt_lifetime_ps, longer
    by prompt_lifetime_ps_GeV over the mass above two muons.
    """
    known = record.geometry
    if "prompt_lifetime_ps" in known:
        longest = np.full(mass.shape, float(known["prompt_lifetime_ps"]))
        if "prompt_lifetime_ps_GeV" in known:
            above = np.maximum(mass - 2.0 * Inputs.default().sm.m_mu, _SMALLEST)
            longest = longest + float(known["prompt_lifetime_ps_GeV"]) / above
        return longest * _PS / HBAR_GEV_S
    if "prompt_flight_m" not in known:
        return None
    energy = _energy(record, mass)
    if energy is None:
        return None
    energy = np.maximum(energy, _SLOWEST * mass)
    boost = np.sqrt((energy - mass) * (energy + mass)) / mass
    return float(known["prompt_flight_m"]) / boost / HBAR_C_GEV_M


def _energy(record: BoundRecord, mass: np.ndarray) -> np.ndarray | None:
    """Energy of the vector in GeV, where the record tells it."""
    if "vector_energy_GeV" in record.geometry:
        return np.full(mass.shape, float(record.geometry["vector_energy_GeV"]))
    whole = record.geometry.get("centre_of_mass_energy_GeV")
    if whole is None or "electron-positron" not in record.modes:
        return None
    return (whole**2 + mass**2) / (2.0 * whole)


def prompt_efficiency(time: np.ndarray | None, width: np.ndarray) -> np.ndarray:
    """Part of the decays within `time` (1/GeV) for a total width in GeV; 1 without a time."""
    if time is None:
        return np.ones(width.shape)
    return -np.expm1(-time * width)
