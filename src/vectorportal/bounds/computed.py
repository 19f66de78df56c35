"""Bounds that follow from a formula: magnetic moments and the electroweak fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.record import RATES, BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.errors import DataError
from vectorportal.formulas.anomalous_moment import dark_photon_moment
from vectorportal.formulas.electroweak import (
    DELTA_CHI2_95,
    epsilon_squared_limit,
    mixing_shifts,
)

__all__ = [
    "check_inputs",
    "computed_limit",
    "evaluate_computed",
    "moment_limit",
    "positive_number",
]

_ALPHA = 1.0 / 137.036
_NUMBERS = {
    "annihilation": ("p_ann_cm3_s_GeV", "temperature_GeV", "x_max", "x_cold", "tau_efficiency"),
    "halo-annihilation": ("sigma_v_cm3_s", "mass_min_GeV", "mass_max_GeV", "velocity"),
    "self-interaction": ("sigma_over_m_cm2_g", "velocity"),
    "nucleosynthesis": ("m_min_GeV", "temperature_GeV"),
    "recoil": ("mass_ratio", "alpha_d"),
}
"""Positive numbers among the inputs of a limit on the dark matter."""
_NO_MIXING = "it is about mixing with the Z"
_HEAVY = (
    "with a dipole of that lepton the moment depends on the heavy particles that make the dipole"
)
_CHUNK = 2048
"""Masses per call of the quadrature, which holds 121 numbers for each"""


def _input(record: BoundRecord, *names: str) -> Any:
    """A nested entry of the record's inputs, or DataError naming it."""
    value: Any = record.inputs
    for name in names:
        if not isinstance(value, Mapping) or name not in value:
            raise DataError(f"{record.id}/record.yaml, field inputs.{'.'.join(names)}: missing.")
        value = value[name]
    return value


def positive_number(record: BoundRecord, *names: str) -> float:
    """A positive number among the inputs, or DataError naming it."""
    value = _input(record, *names)
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not good or not (math.isfinite(value) and value > 0.0):
        where = f"{record.id}/record.yaml, field inputs.{'.'.join(names)}"
        raise DataError(f"{where}: {value!r} is not a positive number.")
    return float(value)


def _pair(record: BoundRecord, *names: str) -> tuple[float, float]:
    """A central value with its standard deviation."""
    value = _input(record, *names)
    good = isinstance(value, list) and len(value) == 2
    if not good or not all(isinstance(v, float) for v in value) or value[1] <= 0.0:
        where = f"{record.id}/record.yaml, field inputs.{'.'.join(names)}"
        raise DataError(f"{where}: not a pair of a value and its deviation.")
    return value[0], value[1]


def _difference(
    measured: tuple[float, float], predicted: tuple[float, float]
) -> tuple[float, float]:
    return measured[0] - predicted[0], math.hypot(measured[1], predicted[1])


def moment_deviations(record: BoundRecord) -> dict[str, tuple[float, float]]:
    """Measured minus predicted moment with its deviation, for each prediction of the record."""
    if "measured" in record.inputs:
        return {"all": _difference(_pair(record, "measured"), _pair(record, "predicted"))}
    scale = _ALPHA**2 / (2.0 * math.pi)
    moment = _pair(record, "inverse_alpha_moment")
    answer = {}
    for name in _input(record, "inverse_alpha_recoil"):
        central, sigma = _difference(_pair(record, "inverse_alpha_recoil", name), moment)
        answer[name] = (scale * central, scale * sigma)
    return answer


def moment_limit(record: BoundRecord) -> float:
    """Largest allowed positive shift of the moment: central value plus n sigma, weakest reading."""
    sigmas = positive_number(record, "sigmas")
    limit = max(c + sigmas * s for c, s in moment_deviations(record).values())
    if limit <= 0.0:
        raise DataError(f"{record.id}/record.yaml, field inputs: no positive shift is allowed.")
    return limit


def _moment_epsilon(record: BoundRecord, mass: np.ndarray) -> np.ndarray:
    lepton = positive_number(record, "lepton_mass_GeV")
    flat = mass.ravel()
    parts = [flat[i : i + _CHUNK] for i in range(0, flat.size, _CHUNK)]
    unit = [dark_photon_moment(lepton, part, 1.0, _ALPHA) for part in parts]
    joined = np.concatenate([*unit, np.zeros(0)])
    return np.sqrt(moment_limit(record) / joined).reshape(mass.shape)


_PULLS = (
    ("m_w_GeV", "m_w", True),
    ("sin2_eff", "sin2_eff", False),
    ("gamma_z_GeV", "gamma_z", True),
)
"""Input name, field of Shifts, and whether the shift is relative."""


def _electroweak_epsilon(record: BoundRecord, mass: np.ndarray) -> np.ndarray:
    """95% limit on epsilon; NaN where the expansion around the Z pole does not hold."""
    m_z = positive_number(record, "m_z_GeV")
    gap = positive_number(record, "excluded_half_width_GeV")
    good = (np.abs(mass - m_z) >= gap) & (mass <= positive_number(record, "mass_max_GeV"))
    shifts = mixing_shifts(np.where(good, mass, 0.0), m_z, positive_number(record, "sin2_theta_w"))
    offsets, slopes = [], []
    for name, field, relative in _PULLS:
        predicted = _pair(record, name, "predicted")
        central, sigma = _difference(_pair(record, name, "measured"), predicted)
        unit = predicted[0] if relative else 1.0
        offsets.append(central / sigma)
        slopes.append(unit * getattr(shifts, field) / sigma)
    squared = epsilon_squared_limit(np.array(offsets), np.stack(slopes), DELTA_CHI2_95)
    return np.where(good, np.sqrt(squared), np.nan)


def computed_limit(record: BoundRecord, mass: Any) -> np.ndarray:
    """Limit on epsilon at `mass` (GeV, any shape); NaN without data and for limits on rates."""
    masses = np.asarray(mass, dtype=np.float64)
    if record.signature in RATES:
        return np.full(masses.shape, np.nan)
    if record.signature == "moment":
        return _moment_epsilon(record, masses)
    return _electroweak_epsilon(record, masses)


def check_inputs(record: BoundRecord) -> None:
    """Raise DataError when an input that the formula of `record` needs is missing or broken."""
    if record.region == "computed" and record.signature not in RATES:
        computed_limit(record, np.array([1.0]))
    for name in _NUMBERS.get(record.signature, ()):
        positive_number(record, name)
    if record.signature == "annihilation" and "injection.csv" not in record.tables:
        raise DataError(f"{record.id}/injection.csv is missing.")


def evaluate_computed(record: BoundRecord, p: Arrays, include_grade_d: bool) -> BoundResult:
    """A BoundResult of moments or the fit, whose signal goes as coupling^2."""
    share = _share(record, p)
    limit = computed_limit(record, p.mass)
    if isinstance(share, str):
        silent, why = np.full(p.mass.shape, NOT_APPLICABLE), share
        nan = np.full(p.mass.shape, np.nan)
        return make_result(record, p, nan, nan, nan, silent, why)
    edge = limit / np.sqrt(np.where(share > 0.0, share, np.nan))
    return make_result(
        record,
        p,
        p.coupling**2 * share / limit**2,
        edge,
        np.full(p.mass.shape, np.nan),
        np.where(np.isnan(limit), NO_DATA, 0),
        "the formula does not hold this close to or this far above the Z",
        include_grade_d=include_grade_d,
    )


def _share(record: BoundRecord, p: Arrays) -> np.ndarray | str:
    """Signal over that of a dark photon of the same coupling; why it does not apply, if so."""
    if p.mixing:
        return np.ones(p.mass.shape)
    squared = np.where(p.coupling > 0.0, p.coupling, 1.0) ** 2
    if record.signature == "electroweak":
        return p.epsilon**2 / squared if p.dipoles and p.epsilon is not None else _NO_MIXING
    lepton = "e" if positive_number(record, "lepton_mass_GeV") < 0.01 else "mu"
    if lepton in p.dipoles:
        return _HEAVY
    return p.charges.get(lepton, np.zeros(p.mass.shape)) ** 2 / squared
