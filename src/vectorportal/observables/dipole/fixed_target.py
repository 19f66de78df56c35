"""Electrons on a tungsten target: the recoil of e N -> e N V, section 3.3 of the paper.

Distributions of single structures come from formulas/electron_recoil.py; here they are weighted
with the couplings.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas.electron_recoil import Recoil
from vectorportal.formulas.separation import events_to_separate, normalised
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Raw
from vectorportal.observables.dipole.common import (
    ELECTRON,
    REFERENCES,
    dipole_observable,
    few_events,
    mixing_flags,
    over_mixing,
    point_flags,
    scale_flags,
)

__all__ = [
    "events_to_separate_recoil",
    "r_fixed_target",
    "recoil_energy_spectrum",
    "recoil_pt_spectrum",
    "sigma_fixed_target",
]

_COUPLINGS = ("all", "vector", "dipole")
_BEAM = Argument("beam_energy", "GeV", "the energy of the beam electrons", high=1e5, default=4.0)
_ANGLE = Argument(
    "theta_max",
    "1",
    "the largest angle of V to the beam in rad; as printed, dipoles grow with its logarithm",
    high=0.5 * pi,
    default=0.5,
)
_COUPLING = Argument(
    "coupling", "", "couplings that take part", choices=_COUPLINGS, default=_COUPLINGS[0]
)
_NEEDS = ("m_v", "lambda_over_alpha_d", "alpha_d")
_FACTS: dict[str, Any] = {
    "references": (*REFERENCES, "Bjorken:2009"),
    "assumptions": (
        "one thin layer of tungsten; photons of the nucleus (Weizsaecker-Williams), elastic and "
        "inelastic; the nucleus takes up no energy and, for p_T, no transverse momentum",
    ),
}
_TRANSFER = 1.0
"""Momentum in GeV that a nucleus can give"""


def _flags(model: Any, inputs: Inputs, energy: Any) -> Any:
    """Flags (N,) of a beam of this energy: V too heavy, no mixing, or beyond the dipoles.

    The energy of e gamma -> e V is that with photons of up to 1 GeV.
    """
    xp = namespace(model.m_v, energy)
    inner = xp.sqrt(model.m_v**2 + 2.0 * energy * _TRANSFER)
    closed = xp.where(model.m_v < energy - inputs.sm.m_e, 0, status.BELOW_THRESHOLD)
    return closed | point_flags(model, inputs, inner, ELECTRON)


def _coefficients(model: Any, inputs: Inputs, printed: bool, coupling: str) -> dict[str, Any]:
    """Coefficients (N,) of the structures: products of g and d over e (GeV^-1)."""
    if printed:
        g, d = -model.epsilon, model.dipoles()["e"] / inputs.sm.e
    else:
        mediator = model.mediator(inputs)
        g, d = mediator.charges["e"], mediator.dipoles["e"] / inputs.sm.e
    found = {"vector": g * g, "interference": g * d, "dipole": d * d}
    if coupling != "all":
        return {coupling: found[coupling]}
    if printed:
        found.pop("interference")
    return found


def _recoil(
    model: Any, inputs: Inputs, options: Options, energy: Any, theta_max: Any, cuts: Any = None
) -> Recoil:
    """The beam on the target; `cuts` on the energy of the recoil electron, none by default."""
    low, high = cuts or (0.0 * energy, energy)
    printed = options.prescription == "as-printed"
    sm = inputs.sm
    return Recoil(energy, model.m_v, theta_max, low, high, sm.alpha, sm.m_e, printed)


def _summed(model: Any, inputs: Inputs, recoil: Recoil, coupling: str, of: Any) -> Raw:
    """Sum over structures of coefficients times `of`(structure), with flags."""
    parts = _coefficients(model, inputs, recoil.printed, coupling)
    value = sum(c * of(structure) for structure, c in parts.items())
    return Raw(value, _flags(model, inputs, recoil.energy))


@dipole_observable(
    "sigma_fixed_target",
    "GeV^-2",
    requires=_NEEDS,
    arguments=(
        Argument("x", "1", "the energy of V over that of the beam", high=1.0),
        Argument("theta", "1", "the angle of V to the beam in rad", low=-0.5 * pi, high=0.5 * pi),
        _BEAM,
        _COUPLING,
    ),
    source="Rizzo 2021 (17), corrected and with the electron's mass; (A12) of Bjorken 2009",
    **_FACTS,
)
def sigma_fixed_target(
    model: Any,
    inputs: Inputs,
    options: Options,
    x: Any,
    theta: Any,
    beam_energy: Any,
    coupling: str = "all",
) -> Raw:
    """d sigma/(dx d cos theta) of e N -> e N V on tungsten; 0 where V or the electron is too slow.

    As printed: (17), which lacks a term in m_v^2, plus (A12), without interference.
    """
    recoil = _recoil(model, inputs, options, beam_energy, 0.0 * beam_energy)
    return _summed(
        model, inputs, recoil, coupling, lambda structure: recoil.at_angle(x, theta, structure)
    )


@dipole_observable(
    "recoil_energy_spectrum",
    "GeV^-3",
    requires=_NEEDS,
    arguments=(
        Argument("recoil_energy", "GeV", "the energy of the recoil electron"),
        _BEAM,
        _ANGLE,
        _COUPLING,
    ),
    source="Rizzo 2021 figure 6: (17) and (A12) of Bjorken 2009, integrated over the angle",
    **_FACTS,
)
def recoil_energy_spectrum(
    model: Any,
    inputs: Inputs,
    options: Options,
    recoil_energy: Any,
    beam_energy: Any,
    theta_max: Any,
    coupling: str = "all",
) -> Raw:
    """d sigma/dE_e of e N -> e N V on tungsten with V within theta_max; E_e = E - E_V."""
    recoil = _recoil(model, inputs, options, beam_energy, theta_max)
    return _summed(
        model,
        inputs,
        recoil,
        coupling,
        lambda structure: recoil.at_energy(recoil_energy, structure),
    )


@dipole_observable(
    "recoil_pt_spectrum",
    "GeV^-3",
    requires=_NEEDS,
    arguments=(
        Argument("pt", "GeV", "the transverse momentum of the recoil electron"),
        _BEAM,
        _ANGLE,
        _COUPLING,
    ),
    source="Rizzo 2021 figure 7: (17) and (A12) of Bjorken 2009, integrated over the energy",
    **_FACTS,
)
def recoil_pt_spectrum(
    model: Any,
    inputs: Inputs,
    options: Options,
    pt: Any,
    beam_energy: Any,
    theta_max: Any,
    coupling: str = "all",
) -> Raw:
    """d sigma/dp_T of e N -> e N V on tungsten with V within theta_max.

    The transverse momentum of the electron is that of V; all recoil energies.
    """
    recoil = _recoil(model, inputs, options, beam_energy, theta_max)
    return _summed(model, inputs, recoil, coupling, lambda structure: recoil.at_pt(pt, structure))


@dipole_observable(
    "r_fixed_target",
    "1",
    report=False,
    requires=("m_v", "epsilon", "lambda_over_alpha_d", "alpha_d"),
    source="Rizzo 2021 (18): (m_v alpha_d/(epsilon Lambda))^2/(alpha alpha_d)",
    assumptions=("the ratio of the prefactors, not of the rates",),
)
def r_fixed_target(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Strength of radiation by the dipole over that by kinetic mixing, on a fixed target."""
    ratio = over_mixing(model, model.m_v / model.lambda_over_alpha_d)
    flags = mixing_flags(model) | scale_flags(model, model.m_v, ELECTRON)
    return Raw(ratio**2 / (inputs.sm.alpha * model.alpha_d), flags)


@dipole_observable(
    "events_to_separate_recoil",
    "1",
    report=False,
    requires=("m_v",),
    arguments=(
        Argument("truth", "", "the coupling in nature", choices=_COUPLINGS[1:], default="dipole"),
        Argument(
            "spectrum",
            "",
            "what is measured of the recoil electron",
            choices=("both", "energy", "pt"),
            default="both",
        ),
        _BEAM,
        _ANGLE,
        Argument(
            "recoil_min",
            "GeV",
            "the least energy of the recoil electron",
            default=0.05,
        ),
        Argument(
            "recoil_max",
            "GeV",
            "the largest one; 1.2 GeV is the trigger of LDMX at 4 GeV",
            default=1.2,
        ),
    ),
    source="expected likelihood ratio of the recoil spectra (formulas/separation.py)",
    references=(*_FACTS["references"], "LDMX:2018"),
    assumptions=(
        *_FACTS["assumptions"],
        "shapes alone, no background, a perfect detector within the cuts",
    ),
)
def events_to_separate_recoil(
    model: Any,
    inputs: Inputs,
    options: Options,
    beam_energy: Any,
    theta_max: Any,
    recoil_min: Any,
    recoil_max: Any,
    truth: str = "dipole",
    spectrum: str = "both",
) -> Raw:
    """Events at which the recoil excludes the other coupling at 95% in the median experiment.

    The other one is a vector where `truth` is a dipole, and the other way round. With the exact
    tree amplitude N is 10% (m_v = 0.1 GeV), 35% (0.5 GeV) to 65% (1 GeV) larger at 4 GeV.
    """
    xp = namespace(model.m_v, beam_energy)
    cuts = (recoil_min, recoil_max)
    recoil = _recoil(model, inputs, options, beam_energy, theta_max, cuts)
    other = "vector" if truth == "dipole" else "dipole"
    (p, weights), (q, _) = (_density(recoil, name, spectrum) for name in (truth, other))
    p, q = normalised(p, weights), normalised(q, weights)
    # a nucleus may have no photons that make V
    made = xp.all(xp.stack([xp.sum(f * weights, axis=-1) for f in (p, q)]) > 0.0, axis=0)
    is_open = model.m_v < beam_energy - inputs.sm.m_e
    least = xp.minimum(recoil_max, beam_energy - model.m_v)
    empty = xp.where(is_open & (recoil_min >= least), status.EMPTY_CUT, 0)
    closed = xp.where(is_open & (made | (empty != 0)), 0, status.BELOW_THRESHOLD)
    number = events_to_separate(p, q, weights)
    return Raw(number, empty | closed | few_events(number))


def _density(recoil: Recoil, structure: str, spectrum: str) -> tuple[Any, Any]:
    """Density (N, K) of a structure in what is measured, on nodes with their weights."""
    if spectrum == "both":
        return recoil.table(structure)
    points, weights = recoil.energies() if spectrum == "energy" else recoil.momenta()
    law = recoil.spread().at_energy if spectrum == "energy" else recoil.spread().at_pt
    return law(points, structure), weights
