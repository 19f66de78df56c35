"""Couplings that an experiment reaches, and its events, at every point of a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.app.coupling import Coupling, held_remarks, reference, with_coupling
from vectorportal.app.domain import domain_of
from vectorportal.app.request import Request
from vectorportal.bounds.experiments.engines import engine_of
from vectorportal.bounds.experiments.events import (
    RANGE,
    Edges,
    check_particle,
    domain,
    edges,
    refused,
    signal,
)
from vectorportal.bounds.experiments.spec import Experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.models.mediator import ChargedParticle
from vectorportal.observables.status import NO_DATA, NO_SOLUTION, OK, OUT_OF_VALIDITY

if TYPE_CHECKING:
    from vectorportal.models import Model

__all__ = ["COLUMNS", "Reach", "find_reach"]

COLUMNS = ("lower", "upper", "events", "mu")
_STEPS = 60


@dataclass(frozen=True)
class Reach:
    """Answers at every point, flat (n,): edges of the excluded couplings, events and events over
    the limit at the coupling that was given (None without one), and status codes.

    `searched` is where edges were looked for, `unit` that of all of these. `reasons` explain
    statuses and missing edges, `remarks` hold for all of it.
    """

    coupling: str
    unit: str
    searched: tuple[float, float]
    lower: np.ndarray
    upper: np.ndarray
    events: np.ndarray | None
    mu: np.ndarray | None
    status: np.ndarray
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]


def find_reach(experiment: Experiment, model: Model, request: Request, given: bool) -> Reach:
    """Limits, and events where the coupling was given, at all points of the model.

    Widths are read at the reference coupling, or at the scale of dipoles that was given; what was
    given counts for the events alone.
    """
    _, coupling, _ = with_coupling(request)
    key = coupling.key
    base = model
    if given and not coupling.inverse:
        base = replace(model, **{key: _filled(model, reference(request, coupling))})
    _mediator(model, request)  # refuses a model that lacks a parameter
    exists = _exists(model, request) & _exists(base, request)
    if not exists.any():
        raise UsageError("no point of the grid exists: the vector does not mix with the Z there.")
    vector = _vector(base, request, exists)
    check_particle(experiment, vector)
    g_range = _range(experiment, vector, coupling)
    scales = _scales(base, request, exists)
    reached = edges(experiment, vector, g_range)
    own = _coupling(base, request)[exists]
    within = domain_of(experiment, scales, vector.mass, own, reached, given)
    found = within.edges
    parts = {name: np.full(exists.size, np.nan) for name in COLUMNS}
    lost = np.zeros((2, exists.size), bool)
    for i, (name, edge) in enumerate(
        zip(("lower", "upper"), coupling.ends(found.lower, found.upper), strict=True)
    ):
        parts[name][exists] = edge
        known = np.isfinite(parts[name])
        if not coupling.inverse:
            parts[name] = _parameter(base, key, request, parts[name])
        lost[i] = known & np.isnan(parts[name])
    if given:
        strength = _coupling(model, request)[exists]
        parts["events"][exists] = signal(experiment, vector, strength[:, None])[:, 0]
        parts["mu"] = parts["events"] / experiment.n_limit
    status = np.full(exists.size, NO_DATA)
    answered = np.where(found.reached, OK, NO_SOLUTION)
    status[exists] = np.where(found.known, answered, NO_DATA)
    beyond = np.zeros(exists.size, bool)
    beyond[exists] = found.known & (within.nothing | (within.given & given))
    status[beyond] = OUT_OF_VALIDITY
    status[lost[0]] = NO_DATA
    decide = getattr(engine_of(experiment), "remarks", None)
    searched = coupling.ends(*g_range)
    return Reach(
        key,
        coupling.unit,
        searched,
        parts["lower"],
        parts["upper"],
        parts["events"] if given else None,
        parts["mu"] if given else None,
        status,
        (
            *_reasons(
                experiment, vector, coupling, found, bool(exists.all()), bool(lost.any()), searched
            ),
            *(text for text, holds in within.reasons(key, given).items() if holds),
        ),
        (
            *held_remarks(coupling, request),
            *(decide(experiment, vector) if decide else ()),
            *within.remarks,
        ),
    )


def _range(experiment: Experiment, vector: Vector, coupling: Coupling) -> tuple[float, float]:
    """Couplings in which limits are looked for.

    That of the engine is for charges near 1; where the coupling is an inverse scale it is over the
    larger of the charges and of the dipoles, these at 1 GeV, at unit coupling.
    """
    low, high = getattr(engine_of(experiment), "RANGE", RANGE)
    if not coupling.inverse:
        return low, high
    rows = (*vector.charges.values(), *vector.dipoles.values())
    unit = np.max(np.abs([np.broadcast_to(row, vector.mass.shape) for row in rows]), axis=0)
    return low / float(unit.max()), high / float(unit.min())


def _filled(model: Model, value: Any) -> Any:
    """`value` at every point of the model: a number at a point, an array over a grid."""
    full = np.broadcast_to(np.asarray(value, float).reshape(-1), (int(np.prod(model.shape)),))
    return full.reshape(model.shape).copy() if model.shape else float(full[0])


def _exists(model: Model, request: Request) -> np.ndarray:
    """Points (all,) at which the vector of the model exists."""
    allowed = getattr(model, "allowed", None)
    found = True if allowed is None else allowed(request.inputs)
    return np.broadcast_to(np.asarray(found, bool), model.shape).reshape(-1)


def _mediator(model: Model, request: Request) -> Any:
    return getattr(model, "mediator")(request.inputs)  # noqa: B009 - only some models have one


def _coupling(model: Model, request: Request) -> np.ndarray:
    """What the rates of the model go with the square of, (all,)."""
    mediator = _mediator(model, request)
    if isinstance(mediator, ChargedParticle):
        value = mediator.charge
    else:
        value = mediator.epsilon if mediator.coupling is None else mediator.coupling
    return np.abs(np.broadcast_to(np.asarray(value, float), model.shape).reshape(-1))


def _vector(model: Model, request: Request, exists: np.ndarray) -> Vector:
    """The vector, or the charged particle, at the points that exist."""
    mediator = _mediator(model, request)

    def rows(value: Any) -> Any:
        return np.broadcast_to(np.asarray(value, float), model.shape).reshape(-1)[exists]

    if isinstance(mediator, ChargedParticle):
        return Vector.of_mediator(ChargedParticle(rows(mediator.mass), rows(mediator.charge)))
    charges = mediator.charges
    some = replace(
        mediator,
        mass=rows(mediator.mass),
        epsilon=rows(mediator.epsilon),
        coupling=_coupling(model, request)[exists],
        widths={name: rows(width) for name, width in mediator.widths.items()},
        charges=None if charges is None else {name: rows(q) for name, q in charges.items()},
        axial={name: rows(a) for name, a in mediator.axial.items()},
        dipoles={name: rows(d) for name, d in mediator.dipoles.items()},
    )
    return Vector.of_mediator(some).with_dark_matter(model, mediator, exists)


def _scales(model: Model, request: Request, exists: np.ndarray) -> dict[str, tuple[Any, Any]]:
    """Both scales in GeV of each dipole, at the points that exist."""
    given = getattr(_mediator(model, request), "scales", {})

    def rows(value: Any) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, float), model.shape).reshape(-1)[exists]

    return {name: (rows(cutoff), rows(loops)) for name, (cutoff, loops) in given.items()}


def _parameter(model: Model, key: str, request: Request, wanted: np.ndarray) -> np.ndarray:
    """The model's own parameter (all,) at which its coupling to fermions is `wanted`.

    Mixing of a vector with the photon is epsilon times the share of the vector in it, which is
    not 1 for large epsilon and near the Z. Elsewhere both are the same. NaN where no parameter
    of the model gives `wanted`: too close to the Z.
    """
    known = np.isfinite(wanted)
    reference = np.broadcast_to(np.asarray(getattr(model, key), float), model.shape).reshape(-1)
    unit = _coupling(model, request) / reference
    if not known.any() or ((unit == 1.0).all() and key != "epsilon"):
        return wanted
    highest = next(p.high for p in type(model).parameters if p.name == key)
    found = np.minimum(np.where(known, wanted / unit, reference), 0.99 * highest)
    target = np.where(known, wanted, reference * unit)
    for step in range(_STEPS):
        at = replace(model, **{key: _filled(model, found)})
        got = _coupling(at, request)
        # half a step in the logarithm converges where full ones overshoot
        power = 1.0 if step < _STEPS // 4 else 0.5
        found = np.minimum(found * (target / got) ** power, 0.999 * highest)
        if np.allclose(got, target, rtol=1e-10, atol=0.0):
            break
    good = np.isclose(got, target, rtol=1e-6, atol=0.0) & _exists(at, request)
    return np.where(known & good, found, np.nan)


def _reasons(
    experiment: Experiment,
    vector: Vector,
    coupling: Coupling,
    found: Edges,
    all_exist: bool,
    lost: bool,
    searched: tuple[float, float],
) -> tuple[str, ...]:
    """A sentence for each status other than ok, gravest first, and for open ends."""
    key, unit = coupling.key, "" if coupling.unit == "1" else f" {coupling.unit}"
    low, high = (f"{end:.3g}{unit}" if coupling.inverse else f"{end:g}" for end in searched)
    below, above = found.open_low.any(), found.open_high.any()
    if coupling.inverse:
        below, above = above, below
    bad, why = refused(experiment, vector)
    inside = domain(experiment, vector.mass)
    events = f"{experiment.n_limit:g} events"
    told = {
        "The vector does not exist at some points: it does not mix with the Z.": not all_exist,
        f"An edge lies where no {key} of the model leads: too close to the Z.": lost,
        why: bad.any(),
        f"The engine {experiment.engine} has no answer at this mass.": (~inside).any(),
        f"The engine {experiment.engine} has no finite number of events.": (
            ~found.known & inside & ~bad
        ).any(),
        f"No {key} from {low} to {high} gives {events}.": (found.known & ~found.reached).any(),
        f"At {key} = {low}, where the search starts, there are still {events} or more: no lower "
        "edge was found.": below,
        f"At {key} = {high}, where the search ends, there are still {events} or more: no upper "
        "edge was found.": above,
    }
    return tuple(sentence for sentence, holds in told.items() if holds)
