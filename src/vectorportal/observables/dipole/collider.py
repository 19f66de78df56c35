"""e+ e- -> gamma V with kinetic mixing and a dipole of the electron: section 3.5 of the paper.

Ratios and bounds take m_v from the model where it is given, and the massless limit otherwise. They
compare with a dark photon to leading order in epsilon, mixing with the Z included.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np

from vectorportal.formulas import dipole_radiation as dipole
from vectorportal.formulas import radiative_return as rr
from vectorportal.formulas.kinetic_mixing import Mixing, mixing
from vectorportal.formulas.separation import events_to_separate, normalised
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.vector_exchange import couplings
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw
from vectorportal.observables.dipole.common import (
    ELECTRON,
    dipole_observable,
    few_events,
    mixing_flags,
    over_mixing,
    point_flags,
    scale_flags,
)
from vectorportal.observables.vectors import effective_flags

__all__ = [
    "dsigma_dcos_ee",
    "epsilon_effective",
    "events_to_separate_angle",
    "lambda_bound_ee",
    "r_ee",
]

_ENERGY = Argument("sqrt_s", "GeV", "the centre-of-mass energy", default=10.0)
_CUTS = (
    Argument("z_min", "1", "the least cosine of the photon to the electron beam, in the centre of "
             "mass; about -0.6 in the paper and for the calorimeter of BaBar", -1.0, 1.0,
             default=-0.6),
    Argument("z_max", "1", "the largest one", -1.0, 1.0, default=0.6),
)  # fmt: skip
_TREE = (
    "tree level, massless electrons (edges further from the beams than 2 m_e/sqrt(s)), one photon",
    "constant Lambda",
)
_SMALL = 1e-6
"""mixing at which the rate of a dark photon per epsilon^2 is read"""
_NODES = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True)
class _Acceptance:
    """A model at an energy, with the photon between two cosines; arrays (N,)."""

    model: Any
    inputs: Inputs
    sqrt_s: Any
    z_min: Any
    z_max: Any
    printed: bool

    @property
    def s(self) -> Any:
        return self.sqrt_s**2

    @property
    def mass(self) -> Any:
        """m_v, or 0 where it is not given and in the formulas of the paper."""
        given = self.model.m_v
        return 0.0 * self.sqrt_s if given is None or self.printed else given

    def flags(self) -> Any:
        """An empty acceptance, or a mass out of reach or without mixing."""
        xp = namespace(self.z_min, self.z_max, self.sqrt_s, self.model.m_v)
        flags = xp.where(self.z_min < self.z_max, 0, status.EMPTY_CUT)
        if self.model.m_v is None:
            return flags
        flags = flags | xp.where(self.model.m_v < self.sqrt_s, 0, status.BELOW_THRESHOLD)
        return flags | xp.where(self.model.allowed(self.inputs), 0, status.MIXING)

    def ratio(self) -> Any:
        """Dipole over kinetic mixing of epsilon = 1 (that is, per epsilon^2), for d = 1/GeV."""
        alpha = self.inputs.sm.alpha
        edges = (self.z_min, self.z_max)
        if self.printed:
            return dipole.printed_ratio(self.s, *edges, alpha, 1.0)
        xp = namespace(self.sqrt_s, self.z_min, self.mass)
        mix = _mixing(_SMALL, self.mass, self.inputs.sm)
        alpha_v = _alpha_v(mix, _SMALL, self.inputs.sm) / _SMALL**2
        vector = rr.cross_section(self.s, self.mass, *edges, alpha, alpha_v)
        square = dipole.cross_section(self.s, self.mass, *edges, alpha, mix.dark_v**2)
        seen = vector != 0.0
        return xp.where(seen, square / xp.where(seen, vector, 1.0), 0.0)


def _mixing(epsilon: Any, mass: Any, sm: StandardModel) -> Mixing:
    return mixing(-epsilon, mass, sm.m_z, sm.sw2)


def _alpha_v(mix: Mixing, epsilon: Any, sm: StandardModel) -> Any:
    """(g_V^2 + g_A^2)/4 pi of the electron."""
    left, right = couplings(mix, -epsilon, sm)["e"]
    return (left**2 + right**2) / (8.0 * pi)


def _acceptance(model: Any, inputs: Inputs, options: Options, *at: Any) -> _Acceptance:
    return _Acceptance(model, inputs, *at, printed=options.prescription == "as-printed")


@dipole_observable(
    "dsigma_dcos_ee",
    "GeV^-2",
    requires=("m_v", "lambda_over_alpha_d", "alpha_d"),
    arguments=(
        Argument("z", "1", "the cosine of the photon to the electron beam, in the centre of mass",
                 -1.0, 1.0),
        _ENERGY,
    ),
    source="Rizzo 2021 (21)-(22); verified: 4 (1/eta - 1) in (21) and the collinear term that (22) "
    "leaves out",
    assumptions=_TREE,
)  # fmt: skip
def dsigma_dcos_ee(model: Any, inputs: Inputs, options: Options, z: Any, sqrt_s: Any) -> Raw:
    """Cross section of e+ e- -> gamma V per cosine of the photon, kinetic mixing and dipole."""
    xp = namespace(model.m_v, z, sqrt_s)
    sm, at = inputs.sm, (sqrt_s**2, model.m_v, z, inputs.sm.alpha)
    d2 = model.dipoles()["e"] ** 2
    if options.prescription == "as-printed":
        value = dipole.printed_vector(*at, model.epsilon) + dipole.printed_dipole(*at, d2)
    else:
        mix = model.mixing(inputs)
        value = rr.angular_distribution(*at, _alpha_v(mix, model.epsilon, sm))
        value = value + dipole.angular_distribution(*at, d2 * mix.dark_v**2)
    flags = point_flags(model, inputs, sqrt_s, ELECTRON)
    return Raw(value, flags | xp.where(model.m_v < sqrt_s, 0, status.BELOW_THRESHOLD))


@dipole_observable(
    "r_ee",
    "1",
    report=False,
    requires=("epsilon", "lambda_over_alpha_d", "alpha_d"),
    arguments=(_ENERGY, *_CUTS),
    source="Rizzo 2021 (23); verified: integrals at the m_v of the model, m_v -> 0 without it",
    assumptions=_TREE,
)
def r_ee(model: Any, inputs: Inputs, options: Options, sqrt_s: Any, z_min: Any, z_max: Any) -> Raw:
    """Rate of e+ e- -> gamma V through the dipole over that through kinetic mixing, within cuts."""
    at = _acceptance(model, inputs, options, sqrt_s, z_min, z_max)
    value = over_mixing(model, model.dipoles()["e"]) ** 2 * at.ratio()
    return Raw(value, at.flags() | mixing_flags(model) | scale_flags(model, sqrt_s, ELECTRON))


@dipole_observable(
    "epsilon_effective",
    "1",
    requires=("epsilon", "lambda_over_alpha_d", "alpha_d"),
    arguments=(_ENERGY, *_CUTS),
    source="Rizzo 2021 Fig. 8: sqrt(epsilon^2 + epsilon^2 R) with (23); verified: at the m_v of "
    "the model, m_v -> 0 without it",
    assumptions=_TREE,
)
def epsilon_effective(
    model: Any, inputs: Inputs, options: Options, sqrt_s: Any, z_min: Any, z_max: Any
) -> Raw:
    """Mixing of the dark photon with the same rate of e+ e- -> gamma V within the cuts."""
    xp = namespace(model.epsilon, sqrt_s)
    at = _acceptance(model, inputs, options, sqrt_s, z_min, z_max)
    value = xp.sqrt(model.epsilon**2 + model.dipoles()["e"] ** 2 * at.ratio())
    return Raw(value, at.flags() | scale_flags(model, sqrt_s, ELECTRON))


@dipole_observable(
    "lambda_bound_ee",
    "GeV",
    requires=("epsilon", "alpha_d"),
    arguments=(
        _ENERGY,
        *_CUTS,
        Argument("epsilon_max", "1", "the limit on the mixing of a dark photon", 0.0, 1.0,
                 default=1e-3),
    ),
    source="Rizzo 2021 (24), with the epsilon of the point counted too; verified: at the m_v of "
    "the model, m_v -> 0 without it",
    assumptions=(*_TREE, "the search sees equal rates within the cuts alike"),
)  # fmt: skip
def lambda_bound_ee(
    model: Any,
    inputs: Inputs,
    options: Options,
    sqrt_s: Any,
    z_min: Any,
    z_max: Any,
    epsilon_max: Any,
) -> Raw:
    """Lambda_e/alpha_D at which the rate within the cuts is that of a dark photon of epsilon_max.

    A limit on dark photons is a lower bound on it; the model's own Lambda plays no part.
    """
    xp = namespace(model.epsilon, sqrt_s, epsilon_max)
    at = _acceptance(model, inputs, options, sqrt_s, z_min, z_max)
    room = (epsilon_max - model.epsilon) * (epsilon_max + model.epsilon)
    left = epsilon_max > xp.abs(model.epsilon)
    value = xp.sqrt(4.0 * pi / model.alpha_d * at.ratio() / xp.where(left, room, 1.0))
    flags = at.flags() | xp.where(left, 0, status.MIXED_OUT)
    return Raw(
        value, flags | effective_flags(xp.where(value > 0.0, value, xp.inf), model.alpha_d, sqrt_s)
    )


@dipole_observable(
    "events_to_separate_angle",
    "1",
    report=False,
    requires=(),
    arguments=(
        _ENERGY,
        *_CUTS,
        Argument("truth", "", "the structure that nature has; the other one is to be excluded",
                 choices=("dipole", "vector"), default="dipole"),
    ),
    source="angular distributions of (21)-(22) of Rizzo 2021, as corrected; likelihood ratio in "
    "formulas/separation.py",
    assumptions=(
        *_TREE,
        "signal alone, without background, the same efficiency at all angles within the cuts",
        "either the dipole or kinetic mixing alone",
    ),
)  # fmt: skip
def events_to_separate_angle(
    model: Any,
    inputs: Inputs,
    options: Options,
    sqrt_s: Any,
    z_min: Any,
    z_max: Any,
    truth: str = "dipole",
) -> Raw:
    """Events within the cuts after which the photon's angle excludes the wrong structure at 95%.

    In half of all experiments; the mass is that of the model, or 0 where it has none.
    """
    xp = namespace(sqrt_s, z_min, z_max, model.m_v)
    printed = options.prescription == "as-printed"
    at = _Acceptance(model, inputs, sqrt_s, z_min, z_max, printed=False)
    low, high = (xp.arctanh(xp.asarray(z))[:, None] for z in (z_min, z_max))
    nodes, weights = (xp.asarray(a) for a in _NODES)
    z = xp.tanh(0.5 * (low + high) + 0.5 * (high - low) * nodes)
    weight = 0.5 * (high - low) * weights * (1.0 - z) * (1.0 + z)
    here = (at.s[:, None], (at.mass + 0.0 * at.s)[:, None], z)
    by = {
        "vector": dipole.printed_vector if printed else rr.angular_distribution,
        "dipole": dipole.printed_dipole if printed else dipole.angular_distribution,
    }
    densities = {name: normalised(shape(*here, 1.0, 1.0), weight) for name, shape in by.items()}
    other = "vector" if truth == "dipole" else "dipole"
    number = events_to_separate(densities[truth], densities[other], weight)
    return Raw(number, at.flags() | few_events(number))
