"""The bound on light dark matter that heats electrons after neutrinos have decoupled.

mu = (N_SM - N_eff)/(N_SM - N_limit), N_eff from conserved entropies (formulas/effective_neutrinos)
and N_limit that of the lightest allowed particle of the record. It needs annihilation into Standard
Model states that keeps up with the expansion at the decoupling of neutrinos, and is about particles
that do not couple to neutrinos.
"""

from __future__ import annotations

from math import pi

import numpy as np

from vectorportal.bounds.annihilation import pair_energy
from vectorportal.bounds.arrays import Arrays
from vectorportal.bounds.computed import positive_number
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import NO_DATA, NOT_APPLICABLE, BoundResult, make_result
from vectorportal.bounds.view import DarkMatterView, ObservableCall
from vectorportal.formulas.effective_neutrinos import N_STANDARD, effective_neutrinos
from vectorportal.inputs.cosmology import hubble_rate
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs
from vectorportal.numerics.bessel import k2e
from vectorportal.units import GEV2_TO_CM3_PER_S

__all__ = ["evaluate_nucleosynthesis"]

_STATES = {"complex-scalar": (2.0, True), "dirac": (4.0, False), "majorana": (2.0, False)}
"""States of particle and antiparticle, and whether they are bosons"""
_LEAST = (1.0, True)
"""The same where the kind of dark matter is not known: the weakest case"""
_TOUCHED = 1e-2
"""mu of a particle in equilibrium below which it is not asked whether it is"""
_LEAST_X = 1.001e-3
"""Mass over temperature of the lightest particles whose rate is averaged; lighter ones, likewise
relativistic, count as that heavy"""
_NEUTRINOS = 1e-5
"""Share of neutrinos in annihilation that keeps them coupled longer"""


def _thermal(
    observable: ObservableCall, m: np.ndarray, temperature: float, states: float, where: np.ndarray
) -> np.ndarray:
    """n_eq <sigma v>/H of annihilation into Standard Model states at `temperature` (GeV)."""
    x = np.maximum(m / temperature, _LEAST_X)
    least = _LEAST_X * temperature
    arguments = {"x": x, "channels": "standard-model", "where": where, "least_mass": least}
    rate = np.asarray(observable("sigma_v_cm3_s", **arguments)) / GEV2_TO_CM3_PER_S
    density = states * temperature**3 * x**2 * k2e(x) * np.exp(-x) / (2.0 * pi**2)
    return density * rate / hubble_rate(temperature, load_dof(Inputs.default().dof))


def _to_neutrinos(
    p: Arrays, dark_matter: DarkMatterView, m: np.ndarray, temperature: float
) -> np.ndarray:
    """Part of the annihilation of warm pairs that goes to neutrinos, or of the decays of V where
    the spectral functions of V are not known."""
    spectral = getattr(dark_matter, "spectral", None)
    nothing = np.zeros(p.mass.shape)
    if spectral is None:
        own, total = p.finals.get("nunu", nothing), p.finals.get("nunu", nothing) + p.visible
    else:
        found = spectral(pair_energy(m, temperature) ** 2)
        own, total = found.get("nunu", nothing), sum(found.values(), nothing)
    return np.where(total > 0.0, own / np.where(total > 0.0, total, 1.0), 0.0)


def evaluate_nucleosynthesis(
    record: BoundRecord,
    p: Arrays,
    dark_matter: DarkMatterView,
    observable: ObservableCall,
    include_grade_d: bool,
) -> BoundResult:
    """The BoundResult of a least mass of particles in equilibrium with electrons.

    It does not follow the coupling: margin and limit on it are NaN. The dark matter may be a part
    of the whole.
    """
    m = np.broadcast_to(np.asarray(dark_matter.mass, dtype=np.float64), p.mass.shape)
    temperature = positive_number(record, "temperature_GeV")
    states, boson = _STATES.get(getattr(dark_matter, "kind", ""), _LEAST)
    least = effective_neutrinos(positive_number(record, "m_min_GeV"), *_LEAST, temperature)
    found = effective_neutrinos(m, states, boson, temperature)
    mu = (N_STANDARD - found) / (N_STANDARD - float(least))
    light = mu > _TOUCHED
    if light.any():
        reached = _thermal(observable, m, temperature, states, light)
        mu = np.where(light & np.isfinite(reached) & (reached < 1.0), 0.0, mu)
        mu = np.where(light & ~np.isfinite(reached), np.nan, mu)
    other = _to_neutrinos(p, dark_matter, m, temperature) > _NEUTRINOS
    blank = np.where(other, NOT_APPLICABLE, np.where(np.isnan(mu), NO_DATA, 0))
    why = "the annihilation rate is not known"
    if other.any():
        why = "it is about particles that do not heat neutrinos"
    nan = np.full(p.mass.shape, np.nan)
    return make_result(record, p, mu, nan, nan, blank, why, include_grade_d=include_grade_d)
