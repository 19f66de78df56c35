"""Observables of the mediator itself: widths, branching ratios, lifetime, target variable."""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.models.charged_exchange import LIGHT_QUARKS, split_hadrons
from vectorportal.models.charges import ELECTRIC
from vectorportal.models.mediator import Mediator
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Inputs, Options, Raw, observable
from vectorportal.observables.vectors import VECTORS, mediator_of, point_flags, vector_observable
from vectorportal.units import HBAR_C_GEV_M

_SOURCE = {
    "dark-photon": "Foguel 2025 (B8)-(B9), corrected branch above m_Z; R(e+e-) for hadrons",
    "charged-vector": "tree level; hadrons from R(e+e-) split by channel and flavour",
    "dark-dipole": "tree level; leptons by (8) of Rizzo 2021, velocity corrected, with the vector "
    "coupling and its interference; hadrons from R(e+e-)",
}
_REFERENCES = {
    "dark-photon": ("Foguel:2025",),
    "charged-vector": ("Ilten:2018", "Tulin:2014"),
    "dark-dipole": ("Rizzo:2021", "Foguel:2025"),
}
_FACTS: dict[str, Any] = {"source": _SOURCE, "references": _REFERENCES, "batch": 4096}


def _flags(model: Any, inputs: Inputs, fermions: tuple[str, ...] | None = None) -> Any:
    """Points without mixing, and dipoles whose scale is below the mass of V."""
    return point_flags(model, inputs, model.m_v, fermions)


def _visible(model: Any, inputs: Inputs, options: Options) -> Mediator:
    """The mediator with no regard to dark matter, so that partial widths do without it."""
    dark = (*VECTORS[model.name].dark, "dm")
    kept = {name: value for name, value in model.given().items() if name not in dark}
    return mediator_of(type(model)(**kept), inputs, options)


def _partial(name: str, finals: tuple[str, ...], text: str, fermion: str = "") -> None:
    def function(model: Any, inputs: Inputs, options: Options) -> Raw:
        widths = _visible(model, inputs, options).widths
        total = sum((widths[f] for f in finals if f in widths), 0.0 * model.m_v)
        return Raw(total, _flags(model, inputs, (fermion,)))

    function.__doc__ = text
    vector_observable(name, "GeV", **_FACTS)(function)


_partial("width_ee", ("ee",), "Partial width of V to e+ e-.", "e")
_partial("width_mumu", ("mumu",), "Partial width of V to mu+ mu-.", "mu")
_partial("width_tautau", ("tautau",), "Partial width of V to tau+ tau-.", "tau")
_partial(
    "width_hadrons",
    ("hadrons", "tt"),
    "Partial width of V to hadrons: R(e+e-) with its resonances, then perturbative QCD; "
    "zero with hadrons=none.",
)


@vector_observable("hadronic_widths", "GeV", report=False, **_FACTS)
def hadronic_widths(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Partial width of V to each hadronic state; other is the rest and the perturbative part.

    They sum to width_hadrons without top quarks; all are zero with hadrons=none.
    """
    mediator = _visible(model, inputs, options)
    total = mediator.widths.get("hadrons", 0.0 * model.m_v)
    if mediator.charges is None:
        quarks = {q: float(ELECTRIC[q]) for q in LIGHT_QUARKS}
    else:
        quarks = {q: mediator.charges[q] for q in LIGHT_QUARKS}
    return Raw(split_hadrons(model.m_v, total, quarks), _flags(model, inputs, ()))


@vector_observable(
    "width_dark",
    "GeV",
    dark="optional",
    source="tree level: alpha_d m_v beta^3/12, (1 + 2 mu) beta/3 or beta^3/6 (complex-scalar, "
    "dirac, majorana)",
)
def width_dark(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Partial width of V to a pair of dark matter particles."""
    return Raw(mediator_of(model, inputs, options).width_dark, _flags(model, inputs, ()))


@vector_observable("width_total", "GeV", dark="optional", **_FACTS)
def width_total(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Total width of V, the dark width included."""
    mediator = mediator_of(model, inputs, options)
    return Raw(mediator.width_total, _total_flags(model, inputs, mediator))


_MARGIN = 100.0
"""Width over that of three photons, which near 2 m_e exceeds the leading order ten times, from
which those do not matter"""


def _three_photons(mediator: Mediator, inputs: Inputs) -> Any:
    """Width to three photons in GeV to leading order in m_v/m_e, dipole of the electron included.

    17 alpha^3 alpha' m_v^9/(2^7 3^6 5^3 pi^3 m_e^8), alpha' = g^2/4 pi, by Euler and Heisenberg
    (arXiv:0807.3279); a dipole counts as a coupling 6 m_e d, as in the width to e+ e-.
    """
    sm = inputs.sm
    left, right = mediator.couplings["e"]
    coupling = 0.5 * abs(left + right) + 6.0 * sm.m_e * abs(mediator.dipoles["e"])
    number = 17.0 / (2**7 * 3**6 * 5**3 * pi**3)
    strength = sm.alpha**3 * coupling**2 / (4.0 * pi)
    return number * strength * mediator.mass * (mediator.mass / sm.m_e) ** 8


def _total_flags(model: Any, inputs: Inputs, mediator: Mediator) -> Any:
    """Where V has no decay at tree level; a dark photon below 2 m_e goes to three photons, more
    often than to neutrinos, unless it decays to dark matter."""
    xp = namespace(mediator.width_dark)
    flags = _flags(model, inputs)
    if model.name == "charged-vector":
        return flags | xp.where(mediator.width_total > 0.0, 0, status.NO_DECAY)
    known = (mediator.widths["ee"] > 0.0) | (mediator.width_dark > 0.0)
    if mediator.dipoles:
        known = known | (mediator.widths["nunu"] > _MARGIN * _three_photons(mediator, inputs))
    return flags | xp.where(known, 0, status.THREE_PHOTONS)


@vector_observable("branching_ratios", "1", dark="optional", **_FACTS)
def branching_ratios(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Branching ratio of V into each final state; they sum to 1."""
    mediator = mediator_of(model, inputs, options)
    total = mediator.width_total
    xp = namespace(total)
    safe = xp.where(total > 0.0, total, 1.0)
    value = {final: width / safe for final, width in mediator.widths.items()}
    return Raw(value, _total_flags(model, inputs, mediator))


@vector_observable("ctau_m", "m", dark="optional", **_FACTS)
def ctau_m(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Proper decay length c tau of V in metres."""
    mediator = mediator_of(model, inputs, options)
    total = mediator.width_total
    xp = namespace(total)
    value = HBAR_C_GEV_M / xp.where(total > 0.0, total, 1.0)
    return Raw(value, _total_flags(model, inputs, mediator))


@observable(
    "y_target",
    "1",
    models=("dark-photon",),
    requires=("m_v", "epsilon", "m_dm", "alpha_d"),
    source="definition: epsilon^2 alpha_d (m_dm/m_v)^4",
)
def y_target(model: Any, inputs: Inputs, options: Options) -> Raw:
    """The variable y = epsilon^2 alpha_d (m_dm/m_v)^4 of thermal targets."""
    value = model.epsilon**2 * model.alpha_d * (model.m_dm / model.m_v) ** 4
    xp = namespace(value)
    return Raw(value, xp.zeros(value.shape, dtype=xp.int64))
