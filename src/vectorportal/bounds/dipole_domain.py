"""Where a dipole is an effective coupling: the energies at which a bound reads it.

It is none where |g_D E/Lambda| > 1, nor where E exceeds a tenth of Lambda/alpha_d, about the mass
of the particles that make it; above Lambda itself it still is one where g_D is small enough. E is
the mass of the vector for its decays to leptons with a dipole, what `dipole_strength` says for
production by them, and the energy of the pair for annihilation of dark matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import pi

import numpy as np

from vectorportal.bounds.annihilation import pair_energy
from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.dipole_strength import energy_of, modes_of
from vectorportal.bounds.result import ABOVE, NOT_APPLICABLE, BoundResult, margin_of
from vectorportal.bounds.view import DarkMatterView
from vectorportal.formulas.production import LEPTONS
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.mediator import LOOPS

__all__ = [
    "ABOVE_LAMBDA",
    "LOST_EDGE",
    "OUTSIDE",
    "above_lambda",
    "beyond_domain",
    "energies_of_pairs",
    "scales_at",
    "within_domain",
]

OUTSIDE = f"|g_D E/Lambda| > 1 or E > {LOOPS:g} Lambda/alpha_d at the energy E of the process"
"""When a dipole is no effective coupling, in words"""
ABOVE_LAMBDA = (
    f"the energy E of the process is above Lambda, but |g_D E/Lambda| < 1 and E < {LOOPS:g} "
    "Lambda/alpha_d, so that the dipole counts as a constant"
)
LOST_EDGE = "limits leave out couplings at which the dipole is beyond its domain"
"""Remark where an edge of the excluded couplings is missing"""
_BEYOND = f"the dipole is beyond its domain, {OUTSIDE}"
_OF_PAIRS = ("annihilation", "halo-annihilation", "nucleosynthesis")
_NO_LEPTONS = ("moment", "electroweak", "cooling", "recoil", "self-interaction")
"""Signatures in which leptons with a dipole have no part"""
_HUGE = 1e300
"""A signal too large for a number"""
_GONE = 20.0
"""Mass over temperature above which dark matter does not heat electrons"""

_Scales = Mapping[str, tuple[np.ndarray, np.ndarray]]
_Energies = Mapping[str, np.ndarray]


def scales_at(scales: _Scales, coupling: np.ndarray, other: np.ndarray) -> _Scales:
    """The `scales` of a vector of `coupling` at an `other` one: they go as its inverse."""
    times = coupling / other
    return {name: (times * cutoff, times * loops) for name, (cutoff, loops) in scales.items()}


def beyond_domain(scales: _Scales, energies: _Energies) -> np.ndarray:
    """Whether some dipole is no effective coupling at the `energies` (fermion -> GeV, any shape).

    scales : fermion -> (Lambda, Lambda/alpha_d) in GeV.
    """
    return np.any([_beyond(*scales[name], energy) for name, energy in energies.items()], axis=0)


def _beyond(cutoff: np.ndarray, loops: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """The same for one dipole; g_D^2 = 4 pi Lambda/(Lambda/alpha_d)."""
    strength = np.sqrt(4.0 * pi) / (np.sqrt(cutoff) * np.sqrt(loops))
    return (strength * energy > 1.0) | (energy > LOOPS * loops)


def above_lambda(scales: _Scales, energies: _Energies) -> np.ndarray:
    """Whether an energy is above Lambda."""
    return np.any([energy > scales[name][0] for name, energy in energies.items()], axis=0)


def energies_of_pairs(scales: _Scales, energy: np.ndarray) -> dict[str, np.ndarray]:
    """`energy` (GeV) for each fermion with a dipole, zero where it does not make a pair."""
    sm = StandardModel.default()
    pair = {name: 2.0 * float(getattr(sm, f"m_{name}", 0.0)) for name in scales}
    return {name: np.where(energy > least, energy, 0.0) for name, least in pair.items()}


def within_domain(
    result: BoundResult, p: Arrays, dark_matter: DarkMatterView | None
) -> BoundResult:
    """`result` with no answer where dipoles of `p` are beyond their domain.

    Edges of the excluded couplings beyond it are NaN, and remarks say so; the scales of dipoles go
    as the inverse of the coupling.
    """
    if not p.scales:
        return result
    found = _energies(result, p, dark_matter)
    outside = result.has_data & beyond_domain(p.scales, found)
    strong = result.has_data & ~outside & above_lambda(p.scales, found)
    gone = [_gone(p, edge, found) for edge in (result.limit_coupling, result.limit_upper)]

    def kept(values: np.ndarray, lost: np.ndarray) -> np.ndarray:
        return np.where(outside | lost, np.nan, values)

    low, high = kept(result.limit_coupling, gone[0]), kept(result.limit_upper, gone[1])
    either = (gone[0] | gone[1]) & ~outside
    margin = margin_of(p.coupling, low, high, result.side == ABOVE)
    return replace(
        result,
        mu=kept(result.mu, outside),
        margin=np.where(either, margin, kept(result.margin, outside)),
        excluded=result.excluded & ~outside,
        side=np.where(outside, NOT_APPLICABLE, result.side).astype(np.int8),
        limit_coupling=low,
        limit_upper=high,
        reason=_BEYOND if outside.any() else result.reason,
        remarks=(*result.remarks, (strong, ABOVE_LAMBDA), (either, LOST_EDGE)),
        beyond=np.where(outside, np.nan_to_num(result.mu, nan=_HUGE), np.nan),
    )


def _gone(p: Arrays, edge: np.ndarray, energies: _Energies) -> np.ndarray:
    """Where an `edge` in the coupling is beyond the domain."""
    at_edge = scales_at(p.scales, p.coupling, np.where(edge > 0.0, edge, np.nan))
    return np.isfinite(edge) & beyond_domain(at_edge, energies)


def _energies(
    result: BoundResult, p: Arrays, dark_matter: DarkMatterView | None
) -> dict[str, np.ndarray]:
    """Energies in GeV up to which the answer depends on each dipole; zero where it does not."""
    record = result.record
    seen = (result.mu > 0.0) | (result.side == ABOVE)
    if record.signature in _NO_LEPTONS:
        return {}
    if record.signature in _OF_PAIRS and dark_matter is not None:
        m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
        temperature = float(record.inputs.get("temperature_GeV", 0.0))
        if record.signature == "nucleosynthesis":
            seen = m < _GONE * temperature
        return energies_of_pairs(p.scales, np.where(seen, pair_energy(m, temperature), 0.0))
    found = energies_of_pairs(p.scales, np.where(seen, p.mass, 0.0))
    for mode in modes_of(record):
        lepton = LEPTONS.get(mode)
        if lepton in found:
            found[lepton] = np.maximum(found[lepton], energy_of(record, mode, p.mass))
    return found
