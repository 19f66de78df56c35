"""How the signal of a published result follows the coupling of a vector.

With E = coupling^2 the signal is N = E S Gamma_F/Gamma_tot, where Gamma_F = a E + b and
Gamma_tot = w E + d, relative to the published vector with N = E' BR'_F. S is the strength of
production, a sum over modes weighted with their parts of the published signal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.dipole_strength import relative_yield
from vectorportal.bounds.prompt import prompt_efficiency, prompt_time
from vectorportal.bounds.record import DARK_PHOTON, BoundRecord
from vectorportal.formulas.anomalous_vector import anomaly_of_charges
from vectorportal.formulas.production import LEPTONS, strength

__all__ = ["Signal", "is_anomalous", "signal_of"]

_EARLY, _STEPS, _TOLERANCE = 37.0, 60, 1e-12
"""Lifetimes after which all have decayed; Newton steps and the last of them in ln E"""
_LONGITUDINAL = ("kaon", "b-kaon", "z")
"""Modes that anomalies enhance by (energy/mass)^2, which `strength` leaves out"""


@dataclass(frozen=True)
class Signal:
    """The signal at the point's own coupling; arrays of one shape, NaN where it is not known.

    strength : production, E S. into_follows, into_fixed : width into the final states over the
    published branching ratio (GeV), its parts that go as E or stay. follows, fixed : the total
    width likewise. published_width : total width of the published vector at coupling 1. time :
    longest proper time of a decay that counts (1/GeV), None where all do.
    """

    strength: np.ndarray
    into_follows: np.ndarray
    into_fixed: np.ndarray
    follows: np.ndarray
    fixed: np.ndarray
    published_width: np.ndarray
    time: np.ndarray | None

    def mu(self, limit: np.ndarray) -> np.ndarray:
        """Signal over that of the published vector at the coupling `limit`."""
        total = self.follows + self.fixed
        into = self.into_follows + self.into_fixed
        seen = prompt_efficiency(self.time, total)
        return self.strength * seen / self._level(limit) * _ratio(into, total)

    def _level(self, limit: np.ndarray) -> np.ndarray:
        """Published E times the part of its decays that was prompt."""
        squared = limit**2
        width = np.where(self.published_width > 0.0, self.published_width * squared, np.inf)
        return squared * prompt_efficiency(self.time, width)

    def edge(self, limit: np.ndarray) -> np.ndarray:
        """E at which mu = 1, over E of the point; NaN where no coupling reaches it.

        Solves S a E^2 + (S b - L w) E - L d = 0 with L = limit^2, one positive root at most; where
        decays are late, Newton steps in ln E follow from there.
        """
        level = self._level(limit)
        found = self._prompt_edge(level)
        if self.time is None:
            return found
        late = self.time * (found * self.follows + self.fixed) < _EARLY
        if late.any():
            found = found.copy()
            found[late] = self._at(late)._late_edge(found[late], level[late])
        return found

    def _at(self, mask: np.ndarray) -> Signal:
        """The points of `mask` alone."""
        return Signal(
            self.strength[mask],
            self.into_follows[mask],
            self.into_fixed[mask],
            self.follows[mask],
            self.fixed[mask],
            self.published_width[mask],
            None if self.time is None else self.time[mask],
        )

    def _late_edge(self, start: np.ndarray, level: np.ndarray) -> np.ndarray:
        """E where E S Gamma_F/Gamma_tot (1 - exp(-t Gamma_tot)) = L, from `start` below it.

        In logarithms the left side is concave and rises with a slope of at least b/Gamma_F, so that
        the steps stay below the edge.
        """
        s, time = np.log(start), np.zeros(1) if self.time is None else self.time
        for _ in range(_STEPS):
            into, total = self._widths(np.exp(s))
            x = time * total
            signal = np.log(self.strength * into / total * -np.expm1(-x)) + s
            gain = x / np.expm1(np.minimum(x, 700.0))
            own = 1.0 - self.fixed / total
            slope = 1.0 + (1.0 - self.into_fixed / into) + own * (gain - 1.0)
            step = (np.log(level) - signal) / slope
            s = s + step
            if np.abs(step).max(initial=0.0) < _TOLERANCE:
                break
        return np.exp(s)

    def _widths(self, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(width into the final states, total width) at E over that of the point."""
        return e * self.into_follows + self.into_fixed, e * self.follows + self.fixed

    def _prompt_edge(self, level: np.ndarray) -> np.ndarray:
        """E where mu = 1 if all decays count."""
        a = self.strength * self.into_follows
        b = self.strength * self.into_fixed - level * self.follows
        c = level * self.fixed
        root = np.sqrt(b * b + 4.0 * a * c)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(b > 0.0, 2.0 * c / (b + root), (root - b) / (2.0 * a))
        return np.where(np.isfinite(found) & (found > 0.0), found, np.nan)


def signal_of(record: BoundRecord, p: Arrays) -> Signal | None:
    """The Signal of `record` for the vectors `p`; None where the record does not describe it.

    A vector that mixes shares its visible decays out as the dark photon of the published curve.
    """
    if p.mixing and record.reference == DARK_PHOTON:
        return _as_published(record, p)
    if not p.finals or not (record.modes or "modes.csv" in record.tables):
        return None
    published = p.reference(record.reference)
    share = np.ones(p.mass.shape)
    if not record.invisible:
        share = _ratio(published.width_to(record.final_states), published.total)
    into = p.width_to(record.final_states)
    nothing = np.zeros(p.mass.shape)
    dark = p.finals.get("dark", nothing)
    stable = _stable(record, p)
    into_dark = dark if record.invisible else nothing
    whole = sum((width for name, width in p.finals.items() if name != "dark"), nothing)
    fixed = nothing if p.follows else dark
    return Signal(
        strength=_strength(record, p, published),
        into_follows=_over(stable + into + (into_dark if p.follows else nothing), share),
        into_fixed=_over(nothing if p.follows else into_dark, share),
        follows=stable + whole + (dark if p.follows else nothing),
        fixed=fixed,
        published_width=published.total,
        time=_time(record, p),
    )


def _time(record: BoundRecord, p: Arrays) -> np.ndarray | None:
    """Longest proper time of a prompt decay."""
    return prompt_time(record, p.mass) if record.signature == "prompt-visible" else None


def _as_published(record: BoundRecord, p: Arrays) -> Signal:
    nothing, stable = np.zeros(p.mass.shape), _stable(record, p)
    invisible = record.invisible
    return Signal(
        strength=p.coupling**2,
        into_follows=stable if invisible else p.visible,
        into_fixed=p.dark if invisible else nothing,
        follows=p.visible + stable,
        fixed=p.dark,
        published_width=p.unit_width,
        time=_time(record, p),
    )


def _stable(record: BoundRecord, p: Arrays) -> np.ndarray:
    """A width of 1 for vectors without any decay in a search for invisible ones: they leave."""
    none = (p.total == 0.0) & (p.coupling > 0.0) & bool(p.finals) & record.invisible
    return np.where(none, 1.0, 0.0)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)


def _over(width: np.ndarray, share: np.ndarray) -> np.ndarray:
    """`width` over the published branching ratio; NaN where that is 0: the curve is then silent."""
    return np.where(share > 0.0, width / np.where(share > 0.0, share, 1.0), np.nan)


def _strength(record: BoundRecord, p: Arrays, published: Arrays) -> np.ndarray:
    """E S: production relative to the published vector at coupling 1."""
    total = np.zeros(p.mass.shape)
    factor = _proportion(record.reference, p, published)
    if factor is not None:
        return factor**2
    for mode, part in record.fractions(p.mass).items():
        if not np.any(part):
            continue
        own, unit = _produced(mode, p, record), _produced(mode, published)
        known = unit > 0.0
        ratio = np.where(known, own / np.where(known, unit, 1.0), np.nan)
        if mode in _LONGITUDINAL and is_anomalous(p):
            ratio = np.full(p.mass.shape, np.nan)
        total = total + np.where(np.asarray(part) > 0.0, part * ratio, 0.0)
    return total


def _proportion(name: str, p: Arrays, published: Arrays) -> np.ndarray | None:
    """The one factor between all charges of `p` and those of the vector `name`, or None."""
    key = f"proportion {name}"
    if key not in p.memory:
        p.memory[key] = _one_factor(p, published)
    return p.memory[key]


def _one_factor(p: Arrays, published: Arrays) -> np.ndarray | None:
    known = {f: q for f, q in published.charges.items() if q.any()}
    others = any(q.any() for f, q in p.charges.items() if f not in known)
    if p.axial or p.dipoles or others:
        return None
    factors = [p.charges.get(f, 0.0) / q for f, q in known.items() if q.all()]
    if len(factors) < len(known) or not factors:
        return None
    first = np.broadcast_to(factors[0], p.mass.shape)
    same = all(np.allclose(f, first, rtol=1e-12, atol=0.0) for f in factors[1:])
    return first if same else None


def is_anomalous(p: Arrays) -> bool:
    """Whether heavy states have to cancel anomalies: they enhance longitudinal vectors.

    Axial couplings are those of mixing with the Z, which has none.
    """
    if p.axial:
        return False
    largest = max((np.abs(q).max(initial=0.0) for q in p.charges.values()), default=0.0)
    return bool(np.abs(anomaly_of_charges(p.charges)).max(initial=0.0) > 1e-9 * largest)


def _produced(mode: str, p: Arrays, record: BoundRecord | None = None) -> np.ndarray:
    """Squared amplitude of `mode` over that of a dark photon with epsilon = 1.

    Vector and axial couplings of relativistic leptons count alike, dipoles as they do in the
    experiment behind `record`.
    """
    lepton = LEPTONS.get(mode, "")
    key = f"strength {mode}"
    if key not in p.memory:
        found = np.broadcast_to(np.asarray(strength(mode, p.mass, p.charges)), p.mass.shape)
        if lepton in p.axial:
            found = found + p.axial[lepton] ** 2
        p.memory[key] = found
    if record is None or lepton not in p.dipoles:
        return p.memory[key]
    charge = p.charges.get(lepton, np.zeros(p.mass.shape))
    with_dipole = relative_yield(record, mode, p.mass, charge, p.dipoles[lepton])
    return with_dipole + (p.memory[key] - charge**2)
