"""X+- and Z_D as a reaction network: (12), (15)-(17) of [Foguel:2025].

freeze-out : X from equilibrium at x = 1, Z_D a part of the bath (12).
freeze-in, auto : X and Z_D from nothing at T_rh, both tracked (15)-(17).
An on-shell Z_D -> X+ X- (R > 2) is a reaction of its own when Z_D is tracked; the same pole is then
taken out of f fbar -> X+ X-.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.numerics.arrays import is_traced, namespace
from vectorportal.numerics.hot_kernel import HotKernel
from vectorportal.numerics.panels import Rule
from vectorportal.observables.network.evolve import (
    Evolution,
    Network,
    Reaction,
    Species,
    evolve,
)
from vectorportal.observables.vector.densities import Density, densities

__all__ = [
    "DEFAULT",
    "LAST_TEMPERATURE",
    "STEP",
    "Resolution",
    "VectorNetwork",
    "make_network",
    "run_network",
]

STEP = 0.1
"""spacing of the tables in ln x"""


@dataclass(frozen=True)
class Resolution:
    """Spacing of the tables in ln x, panels and order of the quadrature, tolerance of a step.

    Without temperatures above the mass half of the panels serve.
    """

    step: float = STEP
    panels: int = 108
    order: int = 8
    rtol: float | None = None

    def tolerance(self, species: int) -> float:
        """Tolerance of a step; one species alone is cheap, so it is followed more closely."""
        return self.rtol or (1e-4 if species == 1 else 5e-4)

    def rule(self, grid: HotKernel) -> Rule:
        """Quadrature for the tables of `grid`."""
        return Rule(self.panels if grid.hot else self.panels // 2, self.order)


DEFAULT = Resolution()


LAST_TEMPERATURE = 1e-9
"""GeV: abundances are followed down to 1 eV, before matter takes over"""
_LATEST = 1e10
_BLOCK = 50
"""tables start and end at whole multiples of this many steps, so that kernels are shared"""
_COARSEST = -58.0
"""ln x of m_X = 0.1 keV at T = 1e16 GeV, where tables start when values are not known yet"""

_SIDES: Mapping[str, tuple[dict[str, int], dict[str, int]]] = {
    "kinetic": ({"X": 2}, {}),
    "dark": ({"X": 2}, {"Z": 2}),
    "xxx": ({"X": 3}, {"X": 1, "Z": 1}),
    "xxz": ({"X": 2, "Z": 1}, {"Z": 2}),
    "zzz": ({"Z": 3}, {"X": 2}),
    "decay": ({"Z": 1}, {}),
    "invisible": ({"Z": 1}, {"X": 2}),
    "top": ({"Z": 1}, {}),
}
_CHANNEL = {
    "kinetic": ("kinetic",),
    "dark": ("dark",),
    "simp": ("xxx", "xxz", "zzz"),
}


@dataclass(frozen=True)
class VectorNetwork:
    """A network with what is needed to read it: its grid, densities, limits and kind."""

    network: Network
    grid: HotKernel
    densities: dict[str, Density]
    tracked: tuple[str, ...]
    x_start: Any
    x_stop: Any
    m_zd: Any


def _reaction_names(width_dark: Any, tracks_z: bool, kept: tuple[str, ...]) -> tuple[str, ...]:
    """Reactions of the channels, and those of Z_D alone; Z_D -> X+ X- where any point has it."""
    names = [name for channel in kept for name in _CHANNEL[channel]]
    if tracks_z:
        names += ["decay", "top"]
        if is_traced(width_dark) or np.any(width_dark > 0.0):
            names.append("invisible")
    return tuple(names)


def _grid(x_start: Any, x_stop: Any, step: float) -> HotKernel:
    """Tables that cover all points of the batch."""
    span = _BLOCK * step
    if is_traced(x_start):
        low, high = _COARSEST, np.log(1e15)
    else:
        low = np.log(np.min(x_start, initial=1.0)) - 2.0 * step
        high = np.log(np.max(x_stop, initial=1e3)) + 2.0 * step
    first = min(0, int(np.floor(low / span)) * _BLOCK)
    return HotKernel.make(first, int(np.ceil(high / span)) * _BLOCK, step)


def make_network(
    model: Any,
    inputs: Inputs,
    options: Options,
    kept: tuple[str, ...],
    reach: tuple[Any, Any] | None = None,
    full: bool = False,
    resolution: Resolution = DEFAULT,
) -> VectorNetwork:
    """The reactions of the channels `kept`; parameters of `model` must have shape (N,).

    reach : x between which the tables must reach, instead of where the mechanism starts and as far
    as abundances are followed. full : with the
    reactions of Z_D also where it counts as a part of the bath.
    """
    xp = namespace(model.m_x)
    mediator = model.mediator(inputs)
    frozen_out = options.mechanism == "freeze-out"
    if reach is not None:
        x_start, x_stop = reach
    else:
        x_start = xp.ones_like(model.m_x) if frozen_out else model.m_x / model.reheating(inputs)
        x_stop = xp.clip(model.m_x / LAST_TEMPERATURE, 1e2, _LATEST)
        x_stop = xp.maximum(x_stop, 10.0 * x_start)
    grid = _grid(x_start, x_stop, resolution.step)
    names = _reaction_names(mediator.width_dark, full or not frozen_out, kept)
    found = densities(model, inputs, options, grid, resolution.rule(grid), names)
    tracked = ("X",) if frozen_out else ("X", "Z")
    x = xp.asarray(np.exp(grid.log_x))[None, :]
    masses = {"X": model.m_x, "Z": mediator.mass}
    species = {"X": Species("X", model.m_x, 6.0), "Z": Species("Z", mediator.mass, 3.0)}
    network = Network(
        species=tuple(species[name] for name in tracked),
        reactions=tuple(_reaction(n, found[n], tracked, masses, x) for n in names),
        log_x=grid.log_x,
        reference_mass=model.m_x,
    )
    return VectorNetwork(network, grid, found, tracked, x_start, x_stop, mediator.mass)


def _reaction(
    name: str, density: Density, tracked: tuple[str, ...], masses: dict[str, Any], x: Any
) -> Reaction:
    """One reaction; the threshold becomes the larger sum of tracked masses, so that no rate is the
    product of something huge and something closed."""
    xp = namespace(density.threshold)
    sides = [{k: n for k, n in side.items() if k in tracked} for side in _SIDES[name]]
    threshold = density.threshold
    for side in sides:
        threshold = xp.maximum(threshold, sum((n * masses[k] for k, n in side.items()), 0.0))
    raised = ((threshold - density.threshold) / masses["X"])[:, None] * x
    energy = density.log_energy
    return Reaction(
        name=name,
        consumed=sides[0],
        produced=sides[1],
        log_density=density.log_density + raised,
        threshold=threshold,
        log_energy=None if energy is None else energy + raised,
        source="(12), (15)-(17) of [Foguel:2025]",
    )


def run_network(
    found: VectorNetwork,
    inputs: Inputs,
    options: Options,
    samples: np.ndarray | None = None,
    resolution: Resolution = DEFAULT,
) -> Evolution:
    """Yields of the network, X last observed; `samples` are values of ln x."""
    return evolve(
        found.network,
        load_dof(inputs.dof),
        x_start=found.x_start,
        x_stop=found.x_stop,
        start="equilibrium" if options.mechanism == "freeze-out" else "empty",
        temperature=options.temperature,
        hubble="plain" if options.prescription == "as-printed" else "entropy",
        observed="X",
        sample_log_x=samples,
        rtol=resolution.tolerance(len(found.tracked)),
    )
