"""The bound on energy that annihilating dark matter injects around recombination.

mu = fraction^2 <sigma v> f_eff/(m_dm p_ann), halved if not self-conjugate (Planck 2018 VI, section
7.3). <sigma v> has two parts: straight into Standard Model particles of energy m_dm, and into V V,
where m_dm > m_v or their difference is thermal, which inject through the decays of V into two
particles of energy m_dm/2. Scalars of m_v/2 < m_dm < m_v have a third one, V V* with one V off
shell, whose s wave outlives the p wave of the first. The rate is that of dark matter as warm as
photons. Dark matter that has decoupled from them is colder, so a rate that falls with temperature
down to below the limit excludes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.computed import positive_number
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, BoundResult, make_result
from vectorportal.bounds.view import DarkMatterView, ObservableCall
from vectorportal.inputs.energy_injection import EnergyInjection
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.units import HBAR_GEV_S

__all__ = [
    "DIRECT_ONLY",
    "PHOTON_LIKE_BELOW",
    "annihilation_shares",
    "decay_shares",
    "evaluate_annihilation",
    "injection_efficiency",
    "off_shell_rate",
    "pair_energy",
    "photon_like_shares",
]

PHOTON_LIKE_BELOW = 15.0
"""m_dm in GeV up to which the Z hardly changes the final states of annihilation at rest"""
DIRECT_ONLY = (
    "only annihilation into Standard Model particles injects energy, since the mediator does not "
    "decay before 1e13 s (below 2 m_e it counts as stable)"
)
_BY_DECAY = "pairs of mediators inject through their decays, into particles of energy m_dm/2"
_OFF_SHELL = (
    "pairs of mediators, one of them off shell, inject through decays as those of the mediator, "
    "into particles of energy m_dm/2"
)
_COLDER = "colder dark matter annihilates less: the rate falls with temperature"
_LATEST_S = 1e13
"""Age of the universe in s around redshift 1000; at redshift 600 it is 3e13"""
_NEGLIGIBLE = 0.01
"""Share of V V in the rate below which the rate is taken to go as epsilon^2"""
_REACH = 40.0
"""V V heavier than the dark matter by 40 temperatures is suppressed by exp(-80)"""
_FLAT = 0.5
"""Least ratio of the rates at two temperatures, one a tenth of the other, that counts as level:
between 1 (s wave) and 0.3 (rate as the velocity), 0.1 (p wave)"""
_DECAYS = {"ee": ("ee",), "mumu": ("mumu",), "tautau": ("tautau",), "hadrons": ("hadrons", "tt")}


def photon_like_shares(m_dm: Any, hadron_ratio: Any) -> dict[str, np.ndarray]:
    """Shares of annihilation through a virtual photon-like vector at rest, s = (2 m_dm)^2.

    `hadron_ratio(sqrt_s)` is R of the electromagnetic current; leptons count with their threshold
    factor (1 + 2 r) sqrt(1 - 4 r), r = m^2/s. Masses in GeV, any shape; the shares sum to one.
    """
    m = np.asarray(m_dm, dtype=np.float64)
    sm, weights = StandardModel.default(), {}
    for name, mass in (("ee", sm.m_e), ("mumu", sm.m_mu), ("tautau", sm.m_tau)):
        r = np.where(m > mass, (mass / (2.0 * m)) ** 2, 0.25)
        weights[name] = (1.0 + 2.0 * r) * np.sqrt(1.0 - 4.0 * r)
    weights["hadrons"] = np.asarray(hadron_ratio(2.0 * m), dtype=np.float64)
    total = sum(weights.values())
    safe = np.where(total > 0.0, total, 1.0)
    return {name: value / safe for name, value in weights.items()}


def annihilation_shares(m_dm: Any, m_v: Any) -> dict[str, np.ndarray] | None:
    """Shares of annihilation into Standard Model states where a virtual photon decides on them.

    That is for m_dm below m_v and `PHOTON_LIKE_BELOW` (GeV, arrays that broadcast). NaN at other
    points, None if there are no such points.
    """
    m, mediator = np.broadcast_arrays(np.asarray(m_dm, np.float64), np.asarray(m_v, np.float64))
    known = (m < PHOTON_LIKE_BELOW) & (m < mediator)
    if not known.any():
        return None
    shares = photon_like_shares(np.where(known, m, PHOTON_LIKE_BELOW), load_hadrons().ratio)
    return {name: np.where(known, share, np.nan) for name, share in shares.items()}


def injection_efficiency(record: BoundRecord, channel: str, m_dm: Any) -> np.ndarray:
    """f_eff of annihilation into `channel` at dark matter mass `m_dm` (GeV); 0 below threshold.

    NaN above the table of the record. Channel names as in `DarkMatterView.shares`; `invisible`
    gives 0.
    """
    tau, limit = (positive_number(record, n) for n in ("tau_efficiency", "p_ann_cm3_s_GeV"))
    found = EnergyInjection(record.tables["injection.csv"], tau, limit)
    return np.asarray(found.efficiency(channel, np.asarray(m_dm, dtype=np.float64)))


def _least_efficiency(record: BoundRecord, m: np.ndarray) -> np.ndarray:
    """f_eff of the least efficient open channel at energy `m`."""
    least = injection_efficiency(record, "ee", m)
    for channel in ("mumu", "tautau", "hadrons"):
        value = injection_efficiency(record, channel, m)
        least = np.where(value > 0.0, np.minimum(least, value), least)
    return least


def _efficiency(record: BoundRecord, shares: Mapping[str, Any] | None, m: np.ndarray) -> np.ndarray:
    """f_eff summed over the shares, or the least of the open channels where none are given."""
    least = _least_efficiency(record, m)
    if shares is None:
        return least
    parts = [np.asarray(s) * injection_efficiency(record, c, m) for c, s in shares.items()]
    unknown = np.isnan(sum((np.asarray(s) for s in shares.values()), np.zeros(m.shape)))
    return np.where(unknown, least, sum(parts, np.zeros(m.shape)))


def pair_energy(m_dm: Any, temperature: float) -> np.ndarray:
    """sqrt(s) in GeV of pairs at `temperature` (GeV): s = (2 m)^2 + 10 T^2, in between those of the
    bulk of slow and of relativistic ones."""
    return np.sqrt(4.0 * np.asarray(m_dm, dtype=np.float64) ** 2 + 10.0 * temperature**2)


def decay_shares(widths: Mapping[str, Any]) -> dict[str, np.ndarray] | None:
    """Branching ratios of V by channel; what is left (neutrinos, W W, Z h) injects nothing."""
    if not widths:
        return None
    total = np.asarray(sum(np.asarray(w, dtype=np.float64) for w in widths.values()))
    safe = np.where(total > 0.0, total, 1.0)
    return {
        name: np.asarray(sum(np.asarray(widths[w]) for w in finals if w in widths)) / safe
        for name, finals in _DECAYS.items()
    }


@dataclass(frozen=True)
class _Rates:
    """<sigma v> in cm^3/s: `direct` into Standard Model states, `pairs` into V V decaying in time.

    mixed : V V is more than a negligible part; late : there V does not decay in time.
    """

    direct: np.ndarray
    pairs: np.ndarray
    mixed: np.ndarray
    late: np.ndarray


def _rates(
    observable: ObservableCall, x: np.ndarray, m: np.ndarray, p: Arrays, where: np.ndarray
) -> _Rates:
    """The rates `where` they are asked for, zero elsewhere.

    The lifetime of V is stretched by m_dm/m_v; V V is closed in the cold for m_dm < m_v, but for
    masses within `_REACH` temperatures of each other.
    """
    asked = {"x": x} if where.all() else {"x": x, "where": where}
    total = np.broadcast_to(np.asarray(observable("sigma_v_cm3_s", **asked)), p.mass.shape)
    none = np.zeros(p.mass.shape)
    near = m * (1.0 + _REACH / x) > p.mass
    if not near.any():
        return _Rates(total, none, none > 0.0, none > 0.0)
    direct = np.asarray(observable("sigma_v_cm3_s", channels="standard-model", **asked))
    mixed = near & ~(total - direct <= _NEGLIGIBLE * total)
    late = mixed & (p.visible * p.mass * _LATEST_S < HBAR_GEV_S * m)
    pairs = np.where(mixed & ~late, total - direct, 0.0)
    return _Rates(np.where(mixed, direct, total), pairs, mixed, late)


def _injected(
    record: BoundRecord,
    rates: _Rates,
    dark_matter: DarkMatterView,
    widths: Mapping[str, Any],
    m: np.ndarray,
) -> np.ndarray:
    """f_eff <sigma v> in cm^3/s, summed over both parts."""
    injected = _efficiency(record, dark_matter.shares, m) * rates.direct
    return injected + _by_decay(record, rates.pairs, widths, m)


def off_shell_rate(
    observable: ObservableCall,
    dark_matter: DarkMatterView,
    m: np.ndarray,
    p: Arrays,
    where: np.ndarray | bool = True,
) -> np.ndarray:
    """sigma v at rest into V V*, one V off shell, in cm^3/s; asked for only where it is open."""
    window = where & (m < p.mass) & (2.0 * m > p.mass)
    if not getattr(dark_matter, "off_shell", False) or not window.any():
        return np.zeros(p.mass.shape)
    found = observable("sigma_v_off_shell_cm3_s", channels="secluded", where=window)
    return np.broadcast_to(np.asarray(found), p.mass.shape)


def _by_decay(
    record: BoundRecord, rate: np.ndarray, widths: Mapping[str, Any], m: np.ndarray
) -> np.ndarray:
    """f_eff <sigma v> in cm^3/s of a `rate` into mediators that decay."""
    if not rate.any():
        return rate
    efficiency = _efficiency(record, decay_shares(widths), 0.5 * m)
    return np.where(rate == 0.0, 0.0, efficiency * rate)


def evaluate_annihilation(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView,
    observable: ObservableCall,
    include_grade_d: bool,
) -> BoundResult:
    """The BoundResult of a bound on annihilation.

    The margin is in the coupling, with <sigma v> proportional to its square, or to its fourth power
    where the dark coupling follows it; it is NaN, like the limit on the coupling, where V V is more
    than 1% of the rate, or V V* where the dark coupling follows.
    """
    m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
    x = np.minimum(m / positive_number(record, "temperature_GeV"), positive_number(record, "x_max"))
    virtual = _by_decay(record, off_shell_rate(observable, dark_matter, m, p), p.finals, m)

    def signal(x: np.ndarray, where: np.ndarray) -> tuple[np.ndarray, _Rates]:
        rates = _rates(observable, x, m, p, where)
        injected = virtual + _injected(record, rates, dark_matter, p.finals, m)
        return _signal(record, dark_matter, m, injected), rates

    mu, rates = signal(x, np.ones(p.mass.shape, bool))
    paired = _signal(record, dark_matter, m, virtual) > _NEGLIGIBLE * mu
    warm = np.zeros(mu.shape, bool)
    above = mu >= 1.0
    if above.any():
        cold = np.maximum(x, positive_number(record, "x_cold"))
        warm = above & ~_lasting(signal(0.1 * cold, above)[0], signal(cold, above)[0])
    nan = np.full(p.mass.shape, np.nan)
    follows = (mu > 0.0) & ~rates.mixed & ~(paired & p.follows)
    power = 0.25 if p.follows else 0.5
    limit = np.where(follows, p.coupling / np.where(follows, mu, 1.0) ** power, np.nan)
    blank = np.where(np.isnan(mu), NO_DATA, 0)
    why = "the annihilation cross-section or the injection efficiency is not known"
    result = make_result(record, p, mu, limit, nan, blank, why, include_grade_d=include_grade_d)
    late, early = (rates.late, DIRECT_ONLY), (rates.mixed & ~rates.late, _BY_DECAY)
    counted = result.excluded & ~warm
    remarks = (late, early, (paired, _OFF_SHELL), (warm, _COLDER))
    return replace(result, excluded=counted, remarks=remarks)


def _signal(
    record: BoundRecord, dark_matter: DarkMatterView, m: np.ndarray, injected: np.ndarray
) -> np.ndarray:
    """mu of an injected f_eff <sigma v> in cm^3/s; NaN where that is not known."""
    symmetry = 1.0 if dark_matter.self_conjugate else 0.5
    fraction = np.asarray(dark_matter.fraction, dtype=np.float64)
    mu = fraction**2 * symmetry * injected / m / positive_number(record, "p_ann_cm3_s_GeV")
    return np.where(np.isfinite(mu), mu, np.nan)


def _lasting(warmer: np.ndarray, colder: np.ndarray) -> np.ndarray:
    """Whether the signal stays above the limit however cold the dark matter is."""
    return (colder >= 1.0) & (colder > _FLAT * warmer)
