"""What an experiment reads of a model: a vector at some masses, for every size of its coupling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vectorportal.errors import ParameterError, UsageError, nearest_name
from vectorportal.inputs.settings import Inputs
from vectorportal.inputs.standard_model import ELECTRIC_CHARGES
from vectorportal.models.dark_photon import DarkPhoton
from vectorportal.models.mediator import ChargedParticle

__all__ = ["CHARGES", "Vector", "dark_photon_charges"]

CHARGES = {name: float(charge) for name, charge in ELECTRIC_CHARGES.items()}
"""Electric charges: the couplings of a dark photon over e epsilon"""
_REFERENCE_EPSILON = 1e-6
"""mixing at which the widths of a dark photon are read, small enough for widths ~ epsilon^2"""
_HIDDEN = ("dark", "nunu")
_GROUPS = ("visible", "invisible", "all")


@dataclass(frozen=True)
class Vector:
    """A vector at n masses for every coupling g: production goes as g^2, partial widths as g^2,
    and `dark` is a further width that does not depend on g.

    mass : (n,) GeV. charges : fermion -> (n,), vector coupling over e g (a dark photon: Q).
    dipoles : lepton -> (n,) GeV^-1, its magnetic coupling d over e g (see models/mediator.py).
    axial : fermion -> (n,), axial coupling over e g; empty where it is not known apart.
    widths : final state -> (n,) GeV at g = 1; may hold `dark` where that width goes as g^2 too.
    dark : (n,) GeV. coupling_name : what g is called in the model, `epsilon` or `g_x`.
    dark_kind, dark_matter_mass, alpha_d : kind of dark matter as the model calls it, its mass
    (n,) in GeV and its coupling (n,), at g = 1 and going as g^2 where `widths` hold `dark`;
    None where they are not known.
    Raises UsageError unless `mass` is of shape (n,).
    """

    mass: np.ndarray
    charges: Mapping[str, np.ndarray]
    widths: Mapping[str, np.ndarray]
    dark: np.ndarray
    coupling_name: str = "epsilon"
    dark_kind: str | None = None
    dark_matter_mass: np.ndarray | None = None
    alpha_d: np.ndarray | None = None
    dipoles: Mapping[str, np.ndarray] = field(default_factory=dict)
    axial: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if np.ndim(self.mass) != 1:
            raise UsageError(
                f"the masses of a vector have the shape {np.shape(self.mass)} instead of (n,)."
            )

    @property
    def dark_follows(self) -> bool:
        """Whether width to dark matter and alpha_d go as g^2."""
        return "dark" in self.widths

    def at(self, rows: np.ndarray) -> Vector:
        """The vector at the masses that the booleans `rows` (n,) pick."""
        if rows.all():
            return self
        parts = (self.dark_matter_mass, self.alpha_d)
        dark_mass, alpha_d = (None if part is None else part[rows] for part in parts)
        return replace(
            self,
            mass=self.mass[rows],
            charges={k: np.asarray(v)[rows] for k, v in self.charges.items()},
            widths={k: np.asarray(v)[rows] for k, v in self.widths.items()},
            dark=self.dark[rows],
            dipoles={k: np.asarray(v)[rows] for k, v in self.dipoles.items()},
            axial={k: np.asarray(v)[rows] for k, v in self.axial.items()},
            dark_matter_mass=dark_mass,
            alpha_d=alpha_d,
        )

    def strength(self, mode: str) -> np.ndarray:
        """Production in `mode` at g = 1 over that of a dark photon with epsilon = 1, shape (n,)."""
        from vectorportal.formulas.production import strength

        found = np.asarray(strength(mode, self.mass, dict(self.charges)), dtype=np.float64)
        return np.broadcast_to(found, self.mass.shape)

    def parts(self, mode: str) -> dict[str, np.ndarray]:
        """Coefficients (n,) by which yields of each structure count in `mode` at g = 1.

        `vector` (yields at charge 1) always; with a dipole of the lepton that radiates also
        `interference` (yields per charge and GeV^-1) and `dipole` (per GeV^-2).
        """
        from vectorportal.formulas.production import LEPTONS

        found = {"vector": self.strength(mode)}
        lepton = LEPTONS.get(mode, "")
        if lepton not in self.dipoles:
            return found
        dipole = np.broadcast_to(self.dipoles[lepton], self.mass.shape)
        charge = np.broadcast_to(self.charges.get(lepton, 0.0), self.mass.shape)
        return {**found, "interference": charge * dipole, "dipole": dipole**2}

    def total(self, g2: Any) -> np.ndarray:
        """Total width in GeV, shape (n, k), at couplings squared `g2` of shape (k,) or (n, k)."""
        unit = sum(self.widths.values(), np.zeros_like(self.mass))
        return unit[:, None] * np.asarray(g2) + self.dark[:, None]

    def partial(self, finals: tuple[str, ...], g2: Any) -> np.ndarray:
        """Width in GeV into `finals`, shape (n, k); names as in `branching`."""
        squared = np.asarray(g2, dtype=np.float64)
        unit, fixed = np.zeros_like(self.mass), np.zeros_like(self.mass)
        for name in self._finals(finals):
            unit = unit + self.widths.get(name, 0.0)
            fixed = fixed + (self.dark if name == "dark" else 0.0)
        return unit[:, None] * squared + fixed[:, None]

    def branching(self, finals: tuple[str, ...], g2: Any) -> np.ndarray:
        """Branching ratio into `finals`, shape (n, k).

        `finals` are names of final states, or `visible` (all but neutrinos and dark), `invisible`
        (neutrinos and dark) and `all`. A vector without any decay leaves unseen: 1 for `invisible`
        and `all`, 0 for others. UsageError for another name.
        """
        total = self.total(g2)
        part = self.partial(finals, g2)
        stable = 1.0 if {"invisible", "all"} & set(finals) else 0.0
        return np.where(total > 0.0, part / np.where(total > 0.0, total, 1.0), stable)

    def _finals(self, finals: tuple[str, ...]) -> tuple[str, ...]:
        """Single final states, each once, that the names in `finals` stand for."""
        from vectorportal.bounds.experiments.spec import FINAL_STATES

        names: dict[str, None] = {}
        for word in finals:
            if word in _GROUPS:
                known = (*self.widths, "dark")
                hidden = {"visible": False, "invisible": True}.get(word)
                picked = [n for n in known if hidden in (None, n in _HIDDEN)]
            elif word in FINAL_STATES or word in self.widths:
                picked = [word]
            else:
                near = nearest_name(word, (*FINAL_STATES, *_GROUPS))
                hint = f"; did you mean {near}?" if near else "."
                raise UsageError(f"there is no final state {word}{hint}")
            names |= dict.fromkeys(picked)
        return tuple(names)

    @classmethod
    def of_mediator(cls, mediator: Any) -> Vector:
        """The vector of a mediator with coupling g != 0: all its rates as g^2, dark width fixed.

        Without `charges` it couples as a dark photon of mixing mediator.epsilon.
        Raises ParameterError where the coupling is zero or a number is not finite.
        """
        if isinstance(mediator, ChargedParticle):
            mass = np.asarray(mediator.mass, dtype=np.float64).reshape(-1)
            return cls(mass, {}, {}, np.zeros(mass.shape), "millicharge")
        own = getattr(mediator, "coupling", None)
        g = _flat("coupling", mediator.epsilon if own is None else own, mediator.mass)
        mass = _flat("mediator mass", mediator.mass, mediator.mass)
        if (g == 0.0).any():
            allowed = "other than zero, since rates are read per coupling^2"
            raise ParameterError("coupling", 0, "", allowed)
        widths = {k: _flat(f"width {k}", w, mass) / g**2 for k, w in mediator.widths.items()}
        dark = widths.pop("dark", np.zeros_like(mass)) * g**2
        if getattr(mediator, "dark_follows", False):
            widths["dark"], dark = dark / g**2, np.zeros_like(mass)
        charges = getattr(mediator, "charges", None)
        if charges is None:
            effective = _flat("epsilon", mediator.epsilon, mass) / g
            charges = {name: q * effective for name, q in CHARGES.items()}
        else:
            charges = {name: _flat(name, q, mass) / g for name, q in charges.items()}
        name = getattr(mediator, "coupling_name", "epsilon") or "epsilon"
        e = Inputs.default().sm.e
        given = getattr(mediator, "dipoles", {})
        dipoles = {k: _flat(f"dipole {k}", d, mass) / (e * g) for k, d in given.items()}
        other = getattr(mediator, "axial", {})
        axial = {k: _flat(f"axial {k}", a, mass) / g for k, a in other.items()}
        return cls(mass, charges, widths, dark, name, dipoles=dipoles, axial=axial)

    @classmethod
    def of_model(cls, model: Any, inputs: Inputs | None = None) -> Vector:
        """The vector of `model` (one point or arrays, flattened to (n,)), with its dark matter."""
        mediator = model.mediator(inputs or Inputs.default())
        return cls.of_mediator(mediator).with_dark_matter(model, mediator)

    def with_dark_matter(self, model: Any, mediator: Any, rows: np.ndarray | None = None) -> Vector:
        """This vector with the dark matter of `model`, whose `mediator` it is made of.

        `rows`: the points of the model (all,) of bool at which the vector is taken (default all).
        """
        kind = model.dark_matter if model.has_dark_matter else "none"
        if kind == "none" or isinstance(mediator, ChargedParticle):
            return self

        def flat(value: Any) -> np.ndarray:
            points = np.broadcast_to(np.asarray(value, float), model.shape).reshape(-1)
            return points if rows is None else points[rows]

        mass, alpha_d = getattr(model, "m_dm", None), getattr(model, "alpha_d", None)
        alpha = None if alpha_d is None else flat(alpha_d)
        if alpha is not None and self.dark_follows:
            alpha = alpha / flat(mediator.coupling) ** 2
        dark_mass = None if mass is None else flat(mass)
        return replace(self, dark_kind=kind, dark_matter_mass=dark_mass, alpha_d=alpha)

    @classmethod
    def dark_photon(cls, mass: Any, width_dark: Any = 0.0, inputs: Inputs | None = None) -> Vector:
        """A dark photon at `mass` (GeV, (n,)) with a fixed width to dark matter (GeV)."""
        masses = np.atleast_1d(np.asarray(mass, dtype=np.float64))
        if masses.ndim != 1:
            raise UsageError(
                f"the masses of a vector have the shape {masses.shape} instead of (n,)."
            )
        vector = cls.of_model(DarkPhoton(m_v=masses, epsilon=_REFERENCE_EPSILON, dm="none"), inputs)
        dark = _flat("width_dark", width_dark, masses)
        if (dark < 0.0).any():
            raise ParameterError("width_dark", "negative", "GeV", "at least 0 GeV")
        return cls(vector.mass, vector.charges, vector.widths, dark)


def dark_photon_charges(n: int) -> dict[str, np.ndarray]:
    """Charges of a dark photon at n masses."""
    return {name: np.full(n, q) for name, q in CHARGES.items()}


def _flat(name: str, value: Any, like: Any) -> np.ndarray:
    """`value` as finite float64 of shape (n,), broadcast to the size of `like`."""
    array = np.asarray(value, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ParameterError(name, "not finite", "", "a finite number")
    return np.broadcast_to(array, np.shape(like)).reshape(-1) + 0.0
