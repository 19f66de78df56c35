"""Evaluate one bound at one or many points of a model.

Rules, for a mediator that couples to the electromagnetic current with strength epsilon:
prompt-visible        mu = (epsilon/limit)^2 Gamma_vis/Gamma_tot
invisible, missing    mu = (epsilon/limit)^2 Gamma_dark/Gamma_tot
dump, displaced       `vectorportal.bounds.band`
cooling               only without dark decays
moment, electroweak   `vectorportal.bounds.computed`
annihilation          `vectorportal.bounds.annihilation`
self-interaction      `vectorportal.bounds.self_interaction`

The ratio of visible branching ratios, Gamma_vis/Gamma_tot, is exact for every visible final state
as long as the visible channels share out as for a dark photon.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vectorportal.bounds.annihilation import evaluate_annihilation
from vectorportal.bounds.band import band_interval, band_mu
from vectorportal.bounds.computed import computed_limit, evaluate_computed
from vectorportal.bounds.curve import interpolate
from vectorportal.bounds.record import RATES, BoundRecord, Curve
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.self_interaction import evaluate_self_interaction
from vectorportal.bounds.view import (
    Arrays,
    DarkMatterView,
    MediatorView,
    ObservableCall,
    arrays_of,
)
from vectorportal.errors import DataError

__all__ = ["MediatorView", "evaluate", "limit_curve"]

_Rule = Callable[[BoundRecord, Arrays, bool], BoundResult]


def evaluate(
    record: BoundRecord,
    point: MediatorView,
    *,
    dark_matter: DarkMatterView | None = None,
    observable: ObservableCall | None = None,
    include_grade_d: bool = False,
    limits: bool = True,
) -> BoundResult:
    """What `record` says about `point` (arrays of any one shape, also empty).

    `limits=False` leaves out the excluded interval and the margin of beam dumps and displaced
    vertices, which costs most of the time of a scan; mu, side and `excluded` are the same.

    Bounds on annihilation and self-scattering need `dark_matter` and `observable` and are not
    applicable without.
    Raises ParameterError for a mediator with negative or infinite widths.
    """
    arrays = arrays_of(point)
    if record.signature in RATES:
        return _rate(record, arrays, point, dark_matter, observable, include_grade_d)
    if record.region == "computed":
        return evaluate_computed(record, arrays, include_grade_d)
    if record.region == "band" and record.signature != "cooling":
        return _band(record, arrays, include_grade_d, limits)
    return _RULES[record.signature](record, arrays, include_grade_d)


def _rate(
    record: BoundRecord,
    p: Arrays,
    point: MediatorView,
    dark_matter: DarkMatterView | None,
    observable: ObservableCall | None,
    include_d: bool,
) -> BoundResult:
    """A limit on a rate of the dark matter."""
    if dark_matter is None or observable is None:
        nan, blank = np.full(p.mass.shape, np.nan), np.full(p.mass.shape, NOT_APPLICABLE)
        why = "the model has no dark matter"
        return make_result(record, p.mass, p.epsilon, nan, nan, nan, blank, why)
    if record.signature == "self-interaction":
        return evaluate_self_interaction(record, p, dark_matter, observable, include_d)
    return evaluate_annihilation(record, p, point.widths, dark_matter, observable, include_d)


def _curve(record: BoundRecord) -> Curve:
    if record.curve is None:
        raise DataError(f"{record.id}/record.yaml, field region: curve.csv is missing.")
    return record.curve


def _reason(record: BoundRecord) -> str:
    curve = _curve(record)
    low, high = curve.mass[0], curve.mass[-1]
    return f"its curve covers {low:.4g} to {high:.4g} GeV, vetoed windows excepted"


def _visible(record: BoundRecord, p: Arrays, include_d: bool) -> BoundResult:
    """Prompt visible decays; the limit E = epsilon^2 solves E^2/(E + D) = limit^2.

    D is the dark width over the visible width at epsilon = 1."""
    limit, _ = interpolate(_curve(record), p.mass)
    unit, total = p.unit_width, p.total
    share = np.where(total > 0.0, p.visible / np.where(total > 0.0, total, 1.0), 1.0)
    mu = (p.epsilon / limit) ** 2 * share
    dilution = p.dark / np.where(unit > 0.0, unit, 1.0)
    squared = limit**2
    edge = np.sqrt(0.5 * (squared + np.sqrt(squared**2 + 4.0 * squared * dilution)))
    edge = np.where((unit > 0.0) | (p.dark == 0.0), edge, np.nan)
    return _one_sided(record, p, mu, edge, limit, include_d)


def _invisible(record: BoundRecord, p: Arrays, include_d: bool) -> BoundResult:
    """Dark decays; the limit E = epsilon^2 solves E D/(E + D) = limit^2, D as in `_visible`."""
    limit, _ = interpolate(_curve(record), p.mass)
    unit, total = p.unit_width, p.total
    share = np.where(total > 0.0, p.dark / np.where(total > 0.0, total, 1.0), 0.0)
    mu = (p.epsilon / limit) ** 2 * share
    squared = limit**2
    room = p.dark - squared * unit
    edge = np.sqrt(squared * p.dark / np.where(room > 0.0, room, 1.0))
    edge = np.where(room > 0.0, edge, np.nan)
    return _one_sided(record, p, mu, edge, limit, include_d)


def _one_sided(
    record: BoundRecord,
    p: Arrays,
    mu: np.ndarray,
    edge: np.ndarray,
    limit: np.ndarray,
    include_d: bool,
) -> BoundResult:
    blank = np.where(np.isnan(limit), NO_DATA, 0)
    open_ended = np.full(p.mass.shape, np.nan)
    return make_result(
        record,
        p.mass,
        p.epsilon,
        mu,
        edge,
        open_ended,
        blank,
        _reason(record),
        include_grade_d=include_d,
    )


def _band(record: BoundRecord, p: Arrays, include_d: bool, limits: bool) -> BoundResult:
    """Beam dumps and displaced vertices; arithmetic only at the points with data."""
    lower, upper = interpolate(_curve(record), p.mass)
    unit = p.unit_width
    usable = np.isfinite(lower) & (unit > 0.0)
    nan = np.full(p.mass.shape, np.nan)
    mu, low, high = nan.copy(), nan.copy(), nan.copy()
    above = np.zeros(p.mass.shape, bool)
    if usable.any():
        args = (lower[usable], upper[usable], unit[usable], p.dark[usable])
        rho = record.decay_over_shield
        mu[usable], above[usable] = band_mu(p.epsilon[usable], *args, rho)
        if limits:
            low[usable], high[usable] = band_interval(*args, rho)
    silent_signal = np.isfinite(lower) & (p.epsilon == 0.0)
    mu = np.where(silent_signal, 0.0, mu)
    low = np.where(silent_signal & (p.dark == 0.0), lower, low)
    high = np.where(silent_signal & (p.dark == 0.0), upper, high)
    blank = np.where(np.isnan(mu), NO_DATA, 0)
    return make_result(
        record,
        p.mass,
        p.epsilon,
        mu,
        low,
        high,
        blank,
        _reason(record),
        above=above,
        include_grade_d=include_d,
    )


def _cooling(record: BoundRecord, p: Arrays, include_d: bool) -> BoundResult:
    """Cooling between free escape and trapping; mu is 1 at both edges and formal in between."""
    lower, upper = interpolate(_curve(record), p.mass)
    dark = p.dark > 0.0
    above = p.epsilon**2 > lower * upper
    epsilon = np.where(p.epsilon > 0.0, p.epsilon, 1.0)
    mu = np.where(above, (upper / epsilon) ** 2, (p.epsilon / lower) ** 2)
    reason = _reason(record)
    if dark.any():
        reason = "it assumes decays to the Standard Model only, and a dark channel is open"
    blank = np.where(dark, NOT_APPLICABLE, np.where(np.isnan(lower), NO_DATA, 0))
    return make_result(
        record,
        p.mass,
        p.epsilon,
        mu,
        lower,
        upper,
        blank,
        reason,
        above=above,
        include_grade_d=include_d,
    )


_RULES: dict[str, _Rule] = {
    "prompt-visible": _visible,
    "invisible": _invisible,
    "missing-energy": _invisible,
    "cooling": _cooling,
}


def limit_curve(record: BoundRecord, mass: object) -> tuple[np.ndarray, np.ndarray]:
    """Published or computed limit on epsilon at `mass` (GeV), for figures: (lower, upper).

    NaN in `lower` where the bound has no data, NaN in `upper` for a one-sided limit. Bounds on
    rates of the dark matter have no curve in epsilon: both are NaN.
    """
    masses = np.asarray(mass, dtype=np.float64)
    if record.region == "computed":
        lower = computed_limit(record, masses)
        return lower, np.full(masses.shape, np.nan)
    return interpolate(_curve(record), masses)
