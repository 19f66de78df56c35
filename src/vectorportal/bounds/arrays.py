"""A vector as the bounds compute with it: checked arrays of one shape, and its references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vectorportal.bounds.view import MediatorView
from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.hadron_channels import CHANNELS
from vectorportal.inputs.settings import Inputs
from vectorportal.models.charged_exchange import LIGHT_QUARKS, split_hadrons
from vectorportal.models.charged_vector import ChargedVector
from vectorportal.models.mediator import ChargedParticle
from vectorportal.models.vector_exchange import FERMIONS
from vectorportal.numerics.arrays import is_traced

__all__ = ["CHARGE", "Arrays", "arrays_of"]


@dataclass(frozen=True)
class Arrays:
    """A vector as checked float64 arrays of one shape: mass, |coupling| and widths in GeV.

    visible and dark leave out neutrinos. charges and axial (fermion -> vector, axial coupling over
    e) and finals (final state -> GeV) are empty for a bare `MediatorPoint`; dipoles : lepton ->
    GeV^-1 and scales : fermion -> two in GeV as in `Mediator`. mixing : it couples to the electric
    charge and to nothing else. epsilon : its kinetic mixing beside other couplings, of either sign.
    follows : the dark width goes as coupling^2. memory : what bounds that are evaluated one after
    the other share.
    """

    mass: np.ndarray
    coupling: np.ndarray
    visible: np.ndarray
    dark: np.ndarray
    charges: Mapping[str, np.ndarray] = field(default_factory=dict)
    finals: Mapping[str, np.ndarray] = field(default_factory=dict)
    exclusive: Mapping[str, np.ndarray] = field(default_factory=dict)
    name: str = "epsilon"
    mixing: bool = True
    follows: bool = False
    axial: Mapping[str, np.ndarray] = field(default_factory=dict)
    dipoles: Mapping[str, np.ndarray] = field(default_factory=dict)
    epsilon: np.ndarray | None = None
    scales: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def total(self) -> np.ndarray:
        """Total width in GeV, without neutrinos for a vector that mixes."""
        return self.visible + self.dark if self.mixing else sum_of(self.finals, self.mass.shape)

    @property
    def unit_width(self) -> np.ndarray:
        """Visible width at coupling 1 (GeV); 0 where the coupling is 0."""
        squared = self.coupling**2
        return np.where(squared > 0.0, self.visible / np.where(squared > 0.0, squared, 1.0), 0.0)

    def width_to(self, finals: tuple[str, ...]) -> np.ndarray:
        """Width (GeV) into the `finals` of a record, without the decay to dark matter.

        `sm` stands for all Standard Model states but neutrinos, `invisible` for neutrinos; states
        that are not known apart count as nothing.
        """
        return width_to(finals, self.finals, self._exclusive(finals), self.mass.shape)

    def _exclusive(self, finals: tuple[str, ...]) -> Mapping[str, np.ndarray]:
        """Widths (GeV) of hadronic states, where `finals` have one: as the model knows them, or as
        the charges of the quarks share out the hadronic width."""
        if self.exclusive or "hadrons" not in self.finals or not set(finals) & set(CHANNELS):
            return self.exclusive
        key = "hadronic states"
        if key not in self.memory:
            quarks = {q: self.charges[q] for q in LIGHT_QUARKS if q in self.charges}
            self.memory[key] = split_hadrons(self.mass, self.finals["hadrons"], quarks)
        return self.memory[key]

    def reference(self, name: str) -> Arrays:
        """The vector called `name` with coupling 1 at the same masses; made once.

        `dark-photon` couples to e times the electric charge, another name to the charges that it
        stands for.
        """
        key = f"reference {name}"
        if key not in self.memory:
            self.memory[key] = reference_arrays(name, self.mass)
        return self.memory[key]


def sum_of(widths: Mapping[str, np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """Sum of the values; zeros where there is none."""
    return sum(widths.values(), np.zeros(shape))


def width_to(
    finals: tuple[str, ...],
    widths: Mapping[str, np.ndarray],
    exclusive: Mapping[str, np.ndarray],
    shape: tuple[int, ...],
) -> np.ndarray:
    """Sum of the partial widths that the names `finals` of a record stand for."""
    names: list[str] = []
    for final in finals:
        if final == "sm":
            names += [name for name in widths if name not in ("dark", "nunu")]
        else:
            names.append("nunu" if final == "invisible" else final)
    known = {**exclusive, **widths}
    return sum_of({name: known[name] for name in names if name in known}, shape)


_SMALL = 1e-3
"""Coupling at which the reference is asked for its widths, which are scaled to coupling 1"""


def reference_arrays(name: str, mass: np.ndarray) -> Arrays:
    """A vector without dark matter with the charges `name` and coupling 1; NaN without a mass."""
    inputs = Inputs.default()
    unit = inputs.sm.e if name == "dark-photon" else 1.0
    vector = ChargedVector(m_v=mass, g_x=_SMALL, charges=name)
    found = arrays_of(vector.mediator(inputs))
    scale, squared = unit / _SMALL, (unit / _SMALL) ** 2
    return Arrays(
        found.mass,
        np.ones(found.mass.shape),
        squared * found.visible,
        squared * found.dark,
        {k: scale * v for k, v in found.charges.items()},
        {k: squared * v for k, v in found.finals.items()},
        {k: squared * v for k, v in found.exclusive.items()},
        found.name,
        mixing=False,
    )


CHARGE = "charge"
"""Name of the coupling of a `ChargedParticle`"""


def _particle(point: ChargedParticle) -> Arrays:
    """A particle with a small charge, which is no vector and has no widths."""
    given = (np.asarray(value, dtype=np.float64) for value in (point.mass, point.charge))
    mass, charge = np.broadcast_arrays(*given)
    if not (np.isfinite(mass) & (mass > 0.0)).all():
        raise ParameterError("mass", "not positive and finite", "GeV", "above 0")
    if not np.isfinite(charge).all():
        raise ParameterError(CHARGE, "not finite", "", "a finite number")
    zero = np.zeros(mass.shape)
    return Arrays(mass, np.abs(charge), zero, zero, name=CHARGE, mixing=False)


def arrays_of(point: MediatorView | ChargedParticle | Arrays) -> Arrays:
    """`point` as arrays of one shape; ParameterError for values that are not finite or negative."""
    if isinstance(point, Arrays):
        return point
    if isinstance(point, ChargedParticle):
        return _particle(point)
    if is_traced(point.mass):
        raise UsageError("bounds are evaluated on numbers, not compiled or differentiated.")
    coupling = getattr(point, "coupling", None)
    given = (point.mass, point.epsilon if coupling is None else coupling)
    mass, coupling, visible, dark = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=np.float64)
            for value in (*given, point.width_visible, point.width_dark)
        )
    )
    name = getattr(point, "coupling_name", "epsilon")
    named = (("mass", mass), ("width_visible", visible), ("width_dark", dark))
    for word, value in named:
        if not (np.isfinite(value) & (value >= 0.0)).all():
            raise ParameterError(f"mediator {word}", "negative or not finite", "GeV", "at least 0")
    if not np.isfinite(coupling).all():
        raise ParameterError(name, "not finite", "", "a finite number")

    def spread(values: Mapping[str, Any]) -> dict[str, np.ndarray]:
        return {k: np.broadcast_to(np.asarray(v, float), mass.shape) for k, v in values.items()}

    charges, widths = getattr(point, "charges", None), spread(point.widths)
    mixing = charges is None
    if mixing and widths:
        charges = {fermion: f.charge * coupling for fermion, f in FERMIONS.items()}
    return Arrays(
        mass,
        np.abs(coupling),
        visible,
        dark,
        spread(charges or {}),
        widths,
        spread(getattr(point, "exclusive", {})),
        name,
        mixing,
        bool(getattr(point, "dark_follows", False)),
        spread(getattr(point, "axial", {})),
        spread(getattr(point, "dipoles", {})),
        np.broadcast_to(np.asarray(point.epsilon, float), mass.shape),
        _scales(point, mass.shape),
    )


def _scales(
    point: MediatorView, shape: tuple[int, ...]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Both scales of each fermion that has a dipole."""
    both = getattr(point, "scales", {})
    spread = {f: [np.broadcast_to(np.asarray(x, float), shape) for x in both[f]] for f in both}
    return {f: (cutoff, loops) for f, (cutoff, loops) in spread.items()}
