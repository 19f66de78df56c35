"""Bounds that follow from a formula: magnetic moments, the electroweak fit and the CMB."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.view import Arrays, DarkMatterView, ObservableCall
from vectorportal.errors import DataError, ParameterError
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
    "injection_efficiency",
    "moment_limit",
    "photon_like_shares",
]

_ALPHA = 1.0 / 137.036
_CHUNK = 2048
"""Masses per call of the quadrature, which holds 121 numbers for each"""
_MUON, _TAU, _PION = 0.1056583755, 1.77693, 0.13957039
_TABLE_COLUMN = {"ee": "electron", "mumu": "muon", "hadrons": "pion", "gammagamma": "photon"}
_THRESHOLD = {"ee": 5.1099895e-4, "mumu": _MUON, "tautau": _TAU, "hadrons": _PION}


def _input(record: BoundRecord, *names: str) -> Any:
    """A nested entry of the record's inputs, or DataError naming it."""
    value: Any = record.inputs
    for name in names:
        if not isinstance(value, Mapping) or name not in value:
            raise DataError(f"{record.id}/record.yaml, field inputs.{'.'.join(names)}: missing.")
        value = value[name]
    return value


def _number(record: BoundRecord, *names: str) -> float:
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
    sigmas = _number(record, "sigmas")
    limit = max(c + sigmas * s for c, s in moment_deviations(record).values())
    if limit <= 0.0:
        raise DataError(f"{record.id}/record.yaml, field inputs: no positive shift is allowed.")
    return limit


def _moment_epsilon(record: BoundRecord, mass: np.ndarray) -> np.ndarray:
    lepton = _number(record, "lepton_mass_GeV")
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
    m_z = _number(record, "m_z_GeV")
    gap = _number(record, "excluded_half_width_GeV")
    good = (np.abs(mass - m_z) >= gap) & (mass <= _number(record, "mass_max_GeV"))
    shifts = mixing_shifts(np.where(good, mass, 0.0), m_z, _number(record, "sin2_theta_w"))
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
    """Limit on epsilon at `mass` (GeV, any shape); NaN without data and for annihilation."""
    masses = np.asarray(mass, dtype=np.float64)
    if record.signature == "annihilation":
        return np.full(masses.shape, np.nan)
    if record.signature == "moment":
        return _moment_epsilon(record, masses)
    return _electroweak_epsilon(record, masses)


def check_inputs(record: BoundRecord) -> None:
    """Raise DataError when an input that the formula of `record` needs is missing or broken."""
    if record.signature != "annihilation":
        computed_limit(record, np.array([1.0]))
        return
    for name in ("p_ann_cm3_s_GeV", "temperature_GeV", "x_max", "tau_efficiency"):
        _number(record, name)
    if "injection.csv" not in record.tables:
        raise DataError(f"{record.id}/injection.csv is missing.")


def evaluate_computed(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView | None,
    observable: ObservableCall | None,
    include_grade_d: bool,
) -> BoundResult:
    """A BoundResult of a computed bound; the signal of moments and fit goes as epsilon^2."""
    if record.signature == "annihilation":
        return _annihilation(record, p, dark_matter, observable, include_grade_d)
    limit = computed_limit(record, p.mass)
    blank = np.where(np.isnan(limit), NO_DATA, 0)
    return make_result(
        record,
        p.mass,
        p.epsilon,
        (p.epsilon / limit) ** 2,
        limit,
        np.full(p.mass.shape, np.nan),
        blank,
        "the formula does not hold this close to or this far above the Z",
        include_grade_d=include_grade_d,
    )


def photon_like_shares(m_dm: Any, hadron_ratio: Any) -> dict[str, np.ndarray]:
    """Shares of annihilation through a virtual photon-like vector at rest, s = (2 m_dm)^2.

    `hadron_ratio(sqrt_s)` is R of the electromagnetic current; leptons count with their threshold
    factor (1 + 2 r) sqrt(1 - 4 r), r = m^2/s. Masses in GeV, any shape; the shares sum to one.
    """
    m = np.asarray(m_dm, dtype=np.float64)
    weights = {}
    for name, mass in (("ee", _THRESHOLD["ee"]), ("mumu", _MUON), ("tautau", _TAU)):
        r = np.where(m > mass, (mass / (2.0 * m)) ** 2, 0.25)
        weights[name] = (1.0 + 2.0 * r) * np.sqrt(1.0 - 4.0 * r)
    weights["hadrons"] = np.asarray(hadron_ratio(2.0 * m), dtype=np.float64)
    total = sum(weights.values())
    safe = np.where(total > 0.0, total, 1.0)
    return {name: value / safe for name, value in weights.items()}


def injection_efficiency(record: BoundRecord, channel: str, m_dm: Any) -> np.ndarray:
    """f_eff of annihilation into `channel` at dark matter mass `m_dm` (GeV); 0 below threshold.

    Between the first table point and the threshold the first value holds. NaN above the
    table. Channel names as in `DarkMatterView.shares`; `invisible` gives 0.
    """
    m = np.asarray(m_dm, dtype=np.float64)
    open_channel = m >= _THRESHOLD.get(channel, 0.0)
    if channel == "invisible":
        return np.zeros(m.shape)
    if channel == "tautau":
        return np.where(open_channel, _number(record, "tau_efficiency"), 0.0)
    if channel not in _TABLE_COLUMN:
        known = ", ".join((*_TABLE_COLUMN, "tautau", "invisible"))
        raise ParameterError("annihilation channel", channel, "", f"one of {known}")
    table = record.tables["injection.csv"]
    good = np.isfinite(table[_TABLE_COLUMN[channel]])
    grid = np.log(table["energy_GeV"][good])
    values = table[_TABLE_COLUMN[channel]][good]
    x = np.log(np.where(m > 0.0, m, 1.0))
    found = np.interp(x, grid, values)
    found = np.where(x > grid[-1], np.nan, found)
    return np.where(open_channel, found, 0.0)


def _effective(record: BoundRecord, dark_matter: DarkMatterView, m: np.ndarray) -> np.ndarray:
    """f_eff summed over the shares, or the least of the open channels where none are given."""
    shares = dark_matter.shares
    if shares is not None:
        parts = [np.asarray(s) * injection_efficiency(record, c, m) for c, s in shares.items()]
        return np.asarray(sum(parts, np.zeros(m.shape)))
    least = injection_efficiency(record, "ee", m)
    for channel in ("mumu", "tautau", "hadrons"):
        value = injection_efficiency(record, channel, m)
        least = np.where(value > 0.0, np.minimum(least, value), least)
    return least


def _annihilation(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView | None,
    observable: ObservableCall | None,
    include_grade_d: bool,
) -> BoundResult:
    """mu = fraction^2 f_eff <sigma v>/(m p_ann), halved if not self-conjugate; Planck 2018 VI.

    The margin is in epsilon for <sigma v> proportional to epsilon^2.
    """
    nan = np.full(p.mass.shape, np.nan)
    if dark_matter is None or observable is None:
        blank = np.full(p.mass.shape, NOT_APPLICABLE)
        why = "the model has no annihilating dark matter"
        return make_result(record, p.mass, p.epsilon, nan, nan, nan, blank, why)
    m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
    x = np.minimum(m / _number(record, "temperature_GeV"), _number(record, "x_max"))
    sigma_v = np.broadcast_to(np.asarray(observable("sigma_v_cm3_s", x=x)), p.mass.shape)
    symmetry = 1.0 if dark_matter.self_conjugate else 0.5
    fraction = np.asarray(dark_matter.fraction, dtype=np.float64)
    injected = fraction**2 * symmetry * _effective(record, dark_matter, m) * sigma_v / m
    mu = injected / _number(record, "p_ann_cm3_s_GeV")
    mu = np.where(np.isfinite(mu), mu, np.nan)
    limit = np.where(mu > 0.0, p.epsilon / np.sqrt(np.where(mu > 0.0, mu, 1.0)), np.nan)
    blank = np.where(np.isnan(mu), NO_DATA, 0)
    why = "the annihilation cross-section or the injection efficiency is not known"
    return make_result(
        record, p.mass, p.epsilon, mu, limit, nan, blank, why, include_grade_d=include_grade_d
    )
