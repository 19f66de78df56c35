"""Annihilation of dark matter lighter than V into one V on shell and one off shell, at rest."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas.secluded import beta_sigma_v_v
from vectorportal.formulas.secluded_off_shell import off_shell_rule
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.panels import Rule
from vectorportal.observables import status
from vectorportal.observables.base import Inputs, Options, Raw
from vectorportal.observables.vectors import mediator_of, point_flags, vector_observable
from vectorportal.units import GEV2_TO_CM3_PER_S

__all__ = ["sigma_v_off_shell_cm3_s"]

_FINE, _COARSE = Rule(panels=48, order=8), Rule(panels=44, order=6)
_TOLERANCE = 1e-2
"""relative error estimate above which no value is given"""
_KIND = "complex-scalar"
_SOURCE = (
    "phi phi* -> V V* (formulas/secluded_off_shell.py) over the spectral functions of V; "
    "V V (formulas/secluded.py) where it is open"
)


def _breaks(inputs: Inputs) -> list[tuple[float, float]]:
    """(mass, width) in GeV of thresholds and resonances of Standard Model states."""
    sm = inputs.sm
    found = [(2.0 * m, 0.0) for m in (sm.m_e, sm.m_mu, sm.m_tau)]
    if inputs.hadrons == "none":
        return found
    table = load_hadrons()
    found += [(2.0 * sm.m_w, 0.0), (sm.m_z + sm.m_h, 0.0), (2.0 * sm.m_t, 0.0)]
    found += [(table.threshold, 0.0), *table.breaks]
    return found + [(p.mass, p.width) for p in table.peaks]


def _columns(model: Any) -> Any:
    """The same model with parameters of shape (N, 1)."""
    numbers = {name: value[:, None] for name, value in model.numbers().items()}
    return type(model)(**numbers, **model.choices())


def _off_shell(model: Any, inputs: Inputs, width: Any, rule: Rule) -> Any:
    """sigma v of V V* in GeV^-2; zero where it is closed, and where V V is open."""
    xp = namespace(model.m_v)
    parts = (model.m_dm, model.m_v, width, model.alpha_d)
    mass, weight = off_shell_rule(*parts, _breaks(inputs), rule)
    states = _columns(model).spectral(mass * mass, inputs)
    return xp.sum(weight * sum(states.values()), axis=1)


@vector_observable(
    "sigma_v_off_shell_cm3_s",
    "cm^3/s",
    printed=False,
    dark="needed",
    kinds=(_KIND,),
    source=_SOURCE,
    assumptions=(
        "at rest, per pair, without a factor 1/2; V* goes to all Standard Model states, V as well",
        "V V* below the threshold m_dm = m_v, V V on shell above it, each without the other: "
        "within a width of V of the threshold neither is exact",
        "V* couples as V, without interference with the Z",
    ),
    references=("Rizzo:2021",),
    report=False,
)
def sigma_v_off_shell_cm3_s(model: Any, inputs: Inputs, options: Options) -> Raw:
    """sigma v at rest of complex-scalar dark matter into V V*, V* -> Standard Model.

    V V on shell takes its place for m_dm > m_v. No value where not even one V is open,
    2 m_dm < m_v, and for other dark matter.
    """
    xp = namespace(model.m_v)
    width = mediator_of(model, inputs, options).width_total
    below = _off_shell(model, inputs, width, _FINE)
    error = xp.abs(_off_shell(model, inputs, width, _COARSE) - below)
    error = error / xp.where(below > 0.0, below, 1.0) + 1e-12
    above = 2.0 * beta_sigma_v_v(_KIND, 0.0 * model.m_dm, model.m_dm, model.m_v, model.alpha_d)
    flags = point_flags(model, inputs, 2.0 * model.m_dm)
    flags = flags | xp.where(model.alpha_d > 1.0, status.STRONG, 0)
    flags = flags | xp.where(2.0 * model.m_dm > model.m_v, 0, status.BELOW_THRESHOLD)
    flags = flags | xp.where(error < _TOLERANCE, 0, status.ACCURACY)
    if model.dark_matter != _KIND:
        flags = flags | status.SCALARS_ONLY
    return Raw((below + above) * GEV2_TO_CM3_PER_S, flags, error)
