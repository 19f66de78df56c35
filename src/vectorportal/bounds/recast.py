"""Evaluate one bound, or all, at one or many points of a model.

prompt-visible,
invisible, missing    mu = E S BR / (E' BR'), primes for the published curve: `signal`
dump, displaced       the same times the chance to decay in time: `band`
cooling               only for vectors that mix, and without dark decays
moment, electroweak   `computed`
rates of dark matter  `annihilation`, `halo`, `self_interaction`, `nucleosynthesis`
recoil                `recoil`

For a vector that mixes kinetically S = 1 and the ratio of visible branching ratios is
Gamma_vis/Gamma_tot for every final state, as on the published curve. Dipoles of leptons count in S
by their yields in the experiment, `dipole_strength`, within their domain, `dipole_domain`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from vectorportal.bounds.annihilation import evaluate_annihilation
from vectorportal.bounds.arrays import CHARGE, Arrays, arrays_of
from vectorportal.bounds.band import Band
from vectorportal.bounds.computed import computed_limit, evaluate_computed
from vectorportal.bounds.curve import interpolate
from vectorportal.bounds.dipole_domain import within_domain
from vectorportal.bounds.dipole_strength import modes_of, remarks_of
from vectorportal.bounds.halo import evaluate_halo
from vectorportal.bounds.nucleosynthesis import evaluate_nucleosynthesis
from vectorportal.bounds.recoil import evaluate_recoil
from vectorportal.bounds.record import RATES, BoundRecord, Curve
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.self_interaction import evaluate_self_interaction
from vectorportal.bounds.signal import Signal, signal_of
from vectorportal.bounds.view import DarkMatterView, MediatorView, ObservableCall
from vectorportal.errors import DataError
from vectorportal.formulas.production import LEPTONS
from vectorportal.models.mediator import ChargedParticle

__all__ = ["MediatorView", "evaluate", "evaluate_all", "limit_curve"]

_NO_DARK_MATTER = "the model has no dark matter"
_NOT_DESCRIBED = "it is not known how this vector is produced or decays there"
_NO_WIDTH = "the vector that it was published for has no decay that is computed there"
_OTHER = "it is about another kind of particle"
_NO_YIELD = "how strongly a dipole makes vectors there is not computed"
_OF_RATE = {
    "annihilation": evaluate_annihilation,
    "halo-annihilation": evaluate_halo,
    "self-interaction": evaluate_self_interaction,
    "nucleosynthesis": evaluate_nucleosynthesis,
}
_DARK_MATTER = (*RATES, "recoil")
"""Signatures that are about the dark matter"""


def evaluate(
    record: BoundRecord,
    point: MediatorView | ChargedParticle | Arrays,
    *,
    dark_matter: DarkMatterView | None = None,
    observable: ObservableCall | None = None,
    include_grade_d: bool = False,
    limits: bool = True,
) -> BoundResult:
    """What `record` says about `point` (arrays of any one shape, also empty).

    `limits=False` leaves out the excluded interval and the margin of beam dumps and displaced
    vertices, which costs most of the time of a scan; mu, side and `excluded` are the same.

    Bounds on the dark matter itself need `dark_matter`, those on its rates `observable` as well,
    and are not applicable without.
    Raises ParameterError for a mediator with negative or infinite widths.
    """
    p = arrays_of(point)
    result = _evaluate(record, p, dark_matter, observable, include_grade_d, limits)
    return within_domain(result, p, dark_matter)


def _evaluate(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView | None,
    observable: ObservableCall | None,
    include_grade_d: bool,
    limits: bool,
) -> BoundResult:
    """The same, whatever the energy."""
    if (record.coupling == "millicharge") != (p.name == CHARGE):
        return _silent(record, p, NOT_APPLICABLE, _OTHER)
    if p.name == CHARGE:
        return _particle(record, p, include_grade_d)
    if record.coupling == "branching-ratio":
        return _silent(record, p, NOT_APPLICABLE, _NOT_DESCRIBED)
    if record.signature in _DARK_MATTER:
        return _of_dark_matter(record, p, dark_matter, observable, include_grade_d)
    if record.region == "computed":
        return evaluate_computed(record, p, include_grade_d)
    if record.region == "band" and record.signature != "cooling":
        return _band(record, p, include_grade_d, limits)
    if record.signature == "cooling":
        return _cooling(record, p, include_grade_d)
    return _one_sided(record, p, include_grade_d)


def evaluate_all(
    records: Iterable[BoundRecord],
    point: MediatorView | ChargedParticle | Arrays,
    *,
    dark_matter: DarkMatterView | None = None,
    observable: ObservableCall | None = None,
    include_grade_d: bool = False,
    limits: bool = True,
) -> list[BoundResult]:
    """`evaluate` for each of `records`, which share what they need of the vector."""
    p = arrays_of(point)
    return [
        evaluate(
            record,
            p,
            dark_matter=dark_matter,
            observable=observable,
            include_grade_d=include_grade_d,
            limits=limits,
        )
        for record in records
    ]


def _of_dark_matter(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView | None,
    observable: ObservableCall | None,
    include_d: bool,
) -> BoundResult:
    """A limit on what the dark matter does."""
    if dark_matter is None or (observable is None and record.signature in RATES):
        return _silent(record, p, NOT_APPLICABLE, _NO_DARK_MATTER)
    if record.signature == "recoil":
        return evaluate_recoil(record, p, dark_matter, include_d)
    assert observable is not None
    return _OF_RATE[record.signature](record, p, dark_matter, observable, include_d)


def _silent(record: BoundRecord, p: Arrays, code: int, why: str) -> BoundResult:
    """No answer at any point."""
    nan = np.full(p.mass.shape, np.nan)
    return make_result(record, p, nan, nan, nan, np.full(p.mass.shape, code), why)


def _curve(record: BoundRecord) -> Curve:
    if record.curve is None:
        raise DataError(f"{record.id}/record.yaml, field region: curve.csv is missing.")
    return record.curve


def _reason(record: BoundRecord) -> str:
    curve = _curve(record)
    low, high = curve.mass[0], curve.mass[-1]
    return f"its curve covers {low:.4g} to {high:.4g} GeV, vetoed windows excepted"


def _blank(limit: np.ndarray, mu: np.ndarray) -> np.ndarray:
    """No data off the curve, not applicable where the signal is not known."""
    return np.where(np.isnan(limit), NO_DATA, np.where(np.isnan(mu), NOT_APPLICABLE, 0))


def _one_sided(record: BoundRecord, p: Arrays, include_d: bool) -> BoundResult:
    """Searches that exclude all couplings above one."""
    signal = signal_of(record, p)
    if signal is None:
        return _silent(record, p, NOT_APPLICABLE, _NOT_DESCRIBED)
    limit, _ = interpolate(_curve(record), p.mass)
    mu = signal.mu(limit)
    edge = p.coupling * np.sqrt(signal.edge(limit))
    bare = (p.coupling == 0.0) & (p.dark == 0.0) & p.mixing
    edge = np.where(bare, limit, edge)
    open_ended = np.full(p.mass.shape, np.nan)
    blank = _blank(limit, mu)
    why = _unknown(record, p) if (blank == NOT_APPLICABLE).any() else _reason(record)
    result = make_result(record, p, mu, edge, open_ended, blank, why, include_grade_d=include_d)
    return _with_remarks(result, p)


def _band(record: BoundRecord, p: Arrays, include_d: bool, limits: bool) -> BoundResult:
    """Beam dumps and displaced vertices; arithmetic only at the points with data."""
    signal = signal_of(record, p)
    if signal is None:
        return _silent(record, p, NOT_APPLICABLE, _NOT_DESCRIBED)
    lower, upper = interpolate(_curve(record), p.mass)
    nan = np.full(p.mass.shape, np.nan)
    mu, low, high = nan.copy(), nan.copy(), nan.copy()
    above = np.zeros(p.mass.shape, bool)
    inside = np.isfinite(lower)
    into = signal.strength * signal.into_follows
    usable = inside & (signal.published_width > 0.0) & (into > 0.0) & (p.coupling > 0.0)
    if usable.any():
        band = _band_of(record, signal, p.coupling**2, lower, upper, usable)
        mu[usable], above[usable] = band.mu(p.coupling[usable])
        if limits:
            low[usable], high[usable] = band.interval()
    unseen = inside & ((p.coupling == 0.0) | (into == 0.0))
    mu = np.where(unseen, 0.0, mu)
    bare = unseen & (p.dark == 0.0) & p.mixing
    low, high = np.where(bare, lower, low), np.where(bare, upper, high)
    decays = (signal.published_width > 0.0) | (p.coupling == 0.0)
    blank = _blank(np.where(inside & decays, lower, np.nan), mu)
    why = _unknown(record, p) if (blank == NOT_APPLICABLE).any() else _reason(record)
    if (inside & ~decays).any():
        why = _NO_WIDTH
    more = {"above": above, "include_grade_d": include_d}
    return _with_remarks(make_result(record, p, mu, low, high, blank, why, **more), p)


def _unknown(record: BoundRecord, p: Arrays) -> str:
    """Why the signal is not known."""
    made = any(LEPTONS.get(mode) in p.dipoles for mode in modes_of(record))
    return _NO_YIELD if made else _NOT_DESCRIBED


def _with_remarks(result: BoundResult, p: Arrays) -> BoundResult:
    """The result with what it assumes of dipoles."""
    everywhere = np.ones(p.mass.shape, bool)
    found = ((everywhere, text) for text in remarks_of(result.record, p.dipoles))
    return replace(result, remarks=tuple(found))


def _band_of(
    record: BoundRecord,
    signal: Signal,
    squared: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    usable: np.ndarray,
) -> Band:
    """The Band of the points that are `usable`; `squared` is coupling^2."""
    follows, squared = signal.follows[usable], squared[usable]
    strength = signal.strength[usable] / squared * signal.into_follows[usable] / follows
    return Band(
        lower=lower[usable],
        upper=upper[usable],
        published_width=signal.published_width[usable],
        width=follows / squared,
        dark=signal.fixed[usable],
        strength=strength,
        rho=record.decay_over_shield,
    )


def _particle(record: BoundRecord, p: Arrays, include_d: bool) -> BoundResult:
    """Searches for a small charge."""
    lower, upper = interpolate(_curve(record), p.mass)
    mu, above = _formal(lower, upper, p.coupling)
    blank = np.where(np.isnan(lower), NO_DATA, 0)
    why = _reason(record)
    return make_result(
        record, p, mu, lower, upper, blank, why, above=above, include_grade_d=include_d
    )


def _formal(
    lower: np.ndarray, upper: np.ndarray, coupling: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """mu that is 1 at both edges and formal in between, and where the upper edge is nearer."""
    above = coupling**2 > lower * upper
    safe = np.where(coupling > 0.0, coupling, 1.0)
    return np.where(above, (upper / safe) ** 2, (coupling / lower) ** 2), above


def _cooling(record: BoundRecord, p: Arrays, include_d: bool) -> BoundResult:
    """Cooling between free escape and trapping."""
    if not p.mixing:
        return _silent(record, p, NOT_APPLICABLE, "it is computed for couplings to the charge")
    lower, upper = interpolate(_curve(record), p.mass)
    dark = p.dark > 0.0
    mu, above = _formal(lower, upper, p.coupling)
    reason = _reason(record)
    if dark.any():
        reason = "it assumes decays to the Standard Model only, and a dark channel is open"
    blank = np.where(dark, NOT_APPLICABLE, np.where(np.isnan(lower), NO_DATA, 0))
    return make_result(
        record, p, mu, lower, upper, blank, reason, above=above, include_grade_d=include_d
    )


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
