"""Observables of the mediator itself: widths, branching ratios, lifetime, target variable."""

from __future__ import annotations

from typing import Any

from vectorportal.models.mediator import Mediator
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Inputs, Options, Raw, observable
from vectorportal.units import HBAR_C_GEV_M

_MODELS = ("dark-photon",)
_NEEDS = ("m_v", "epsilon")
_DARK = ("m_dm", "alpha_d")
_SOURCE = "Foguel 2025 (B8)-(B9), corrected branch above m_Z; R(e+e-) for hadrons"
_REFERENCES = ("Foguel:2025",)


def _flags(model: Any, inputs: Inputs) -> Any:
    xp = namespace(model.m_v)
    return xp.where(model.allowed(inputs), 0, status.MIXING)


def _visible(model: Any, inputs: Inputs) -> Mediator:
    """The mediator with no regard to dark matter, so that partial widths need two parameters."""
    return type(model)(m_v=model.m_v, epsilon=model.epsilon).mediator(inputs)


def _partial(name: str, finals: tuple[str, ...], text: str) -> None:
    def function(model: Any, inputs: Inputs, options: Options) -> Raw:
        widths = _visible(model, inputs).widths
        total = sum((widths[f] for f in finals if f in widths), 0.0 * model.m_v)
        return Raw(total, _flags(model, inputs))

    function.__doc__ = text
    observable(
        name, "GeV", models=_MODELS, requires=_NEEDS, source=_SOURCE, references=_REFERENCES
    )(function)


_partial("width_ee", ("ee",), "Partial width of V to e+ e-.")
_partial("width_mumu", ("mumu",), "Partial width of V to mu+ mu-.")
_partial("width_tautau", ("tautau",), "Partial width of V to tau+ tau-.")
_partial(
    "width_hadrons",
    ("hadrons", "tt"),
    "Partial width of V to hadrons: R(e+e-) with its resonances, then perturbative QCD; "
    "zero with hadrons=none.",
)


@observable(
    "width_dark",
    "GeV",
    models=_MODELS,
    requires=_NEEDS,
    requires_dark=_DARK,
    source="tree level: alpha_d m_v beta^3/12, (1 + 2 mu) beta/3 or beta^3/6 (complex-scalar, "
    "dirac, majorana)",
)
def width_dark(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Partial width of V to a pair of dark matter particles."""
    return Raw(model.mediator(inputs).width_dark, _flags(model, inputs))


@observable(
    "width_total",
    "GeV",
    models=_MODELS,
    requires=_NEEDS,
    requires_dark=_DARK,
    source=_SOURCE,
    references=_REFERENCES,
)
def width_total(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Total width of V, the dark width included."""
    mediator = model.mediator(inputs)
    return Raw(mediator.width_total, _total_flags(model, inputs, mediator))


def _total_flags(model: Any, inputs: Inputs, mediator: Mediator) -> Any:
    """Below 2 m_e the width to three photons is missing, unless V decays to dark matter."""
    xp = namespace(mediator.width_dark)
    known = (mediator.widths["ee"] > 0.0) | (mediator.width_dark > 0.0)
    return _flags(model, inputs) | xp.where(known, 0, status.THREE_PHOTONS)


@observable(
    "branching_ratios",
    "1",
    models=_MODELS,
    requires=_NEEDS,
    requires_dark=_DARK,
    source=_SOURCE,
    references=_REFERENCES,
)
def branching_ratios(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Branching ratio of V into each final state; they sum to 1."""
    mediator = model.mediator(inputs)
    total = mediator.width_total
    xp = namespace(total)
    safe = xp.where(total > 0.0, total, 1.0)
    value = {final: width / safe for final, width in mediator.widths.items()}
    return Raw(value, _total_flags(model, inputs, mediator))


@observable(
    "ctau_m",
    "m",
    models=_MODELS,
    requires=_NEEDS,
    requires_dark=_DARK,
    source=_SOURCE,
    references=_REFERENCES,
)
def ctau_m(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Proper decay length c tau of V in metres."""
    mediator = model.mediator(inputs)
    total = mediator.width_total
    xp = namespace(total)
    value = HBAR_C_GEV_M / xp.where(total > 0.0, total, 1.0)
    return Raw(value, _total_flags(model, inputs, mediator))


@observable(
    "y_target",
    "1",
    models=_MODELS,
    requires=("m_v", "epsilon", "m_dm", "alpha_d"),
    source="definition: epsilon^2 alpha_d (m_dm/m_v)^4",
)
def y_target(model: Any, inputs: Inputs, options: Options) -> Raw:
    """The variable y = epsilon^2 alpha_d (m_dm/m_v)^4 of thermal targets."""
    value = model.epsilon**2 * model.alpha_d * (model.m_dm / model.m_v) ** 4
    xp = namespace(value)
    return Raw(value, xp.zeros(value.shape, dtype=xp.int64))
