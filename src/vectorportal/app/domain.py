"""Where the dipoles of a model are beyond their domain in an experiment."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from vectorportal.bounds.dipole_domain import (
    ABOVE_LAMBDA,
    OUTSIDE,
    above_lambda,
    beyond_domain,
    energies_of_pairs,
    scales_at,
)
from vectorportal.bounds.dipole_strength import energy_in
from vectorportal.bounds.experiments.events import Edges
from vectorportal.bounds.experiments.spec import Experiment

__all__ = ["Domain", "domain_of"]


class Domain(NamedTuple):
    """Points (n,) at which dipoles are no effective couplings, with the edges that are left.

    given : at the scale of the model. lost : an edge is left out for that. nothing : so are all.
    """

    edges: Edges
    given: np.ndarray
    lost: np.ndarray
    nothing: np.ndarray
    remarks: tuple[str, ...]

    def reasons(self, key: str, given: bool) -> dict[str, bool]:
        """Sentences about both, and whether they hold; `key` is what the coupling is called."""
        at = f"At the {key} that was given the dipole is beyond its domain: {OUTSIDE}."
        edge = f"An edge is left out where the dipole is beyond its domain: {OUTSIDE}."
        return {at: given and bool(self.given.any()), edge: bool(self.lost.any())}


def domain_of(
    experiment: Experiment,
    scales: dict[str, tuple[Any, Any]],
    mass: np.ndarray,
    coupling: np.ndarray,
    found: Edges,
    given: bool,
) -> Domain:
    """The Domain of a vector of `mass` and `coupling` (n,), whose dipoles have these `scales`.

    They go as the inverse of the coupling. Production is by electrons, decays are to all leptons.
    """
    none = np.zeros(mass.shape, bool)
    if not scales:
        return Domain(found, none, none, none, ())
    energies = energies_of_pairs(scales, mass)
    if "e" in energies:
        energies["e"] = np.maximum(energies["e"], energy_in(experiment, mass))

    both = (found.lower, found.upper)
    gone = [
        np.isfinite(edge) & beyond_domain(scales_at(scales, coupling, edge), energies)
        for edge in both
    ]
    lower, upper = (np.where(g, np.nan, edge) for g, edge in zip(gone, both, strict=True))
    beyond = beyond_domain(scales, energies)
    at_edges = [scales_at(scales, coupling, edge) for edge in (lower, upper)]
    points = [*at_edges, *([scales] if given else [])]
    strong = [above_lambda(point, energies) for point in points]
    if given:
        strong[-1] = strong[-1] & ~beyond
    return Domain(
        found._replace(lower=lower, upper=upper),
        beyond,
        gone[0] | gone[1],
        gone[0] | (gone[1] & found.open_low),
        (ABOVE_LAMBDA,) if np.any(strong) else (),
    )
