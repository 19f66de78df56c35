"""Annihilation of dark matter through the dipole: cross sections by final state, (6)-(9)."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas.annihilation import dark_factor
from vectorportal.models.channels import pair_kinematics
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw
from vectorportal.observables.dipole.common import (
    ELECTRON,
    dipole_observable,
    mixing_flags,
    over_mixing,
    point_flags,
    scale_flags,
)

__all__ = ["FERMIONS", "r_annihilation", "sigma_annihilation"]

FERMIONS = {
    "all": "all",
    "e": "ee",
    "mu": "mumu",
    "tau": "tautau",
    "nu": "nunu",
    "hadrons": "hadrons",
}
"""Word of the argument `fermion` -> final state"""


@dipole_observable(
    "sigma_annihilation",
    "GeV^-2",
    requires=("m_v", "lambda_over_alpha_d", "alpha_d", "m_dm"),
    arguments=(
        Argument("s", "GeV^2", "the squared centre-of-mass energy"),
        Argument("fermion", "", "the final state", choices=tuple(FERMIONS), default="all"),
    ),
    source="Rizzo 2021 (6)-(7): s-channel V (and Z) with vector and dipole couplings",
    assumptions=("without V V; nu stands for all neutrinos",),
)
def sigma_annihilation(
    model: Any, inputs: Inputs, options: Options, s: Any, fermion: str = "all"
) -> Raw:
    """Cross section of phi phi* into one kind of fermion pair, or all Standard Model states."""
    xp = namespace(model.m_v, s)
    at, is_open = pair_kinematics(model, s)
    states = model.exchange(inputs, options.prescription).final_states(at)
    final = FERMIONS[fermion]
    total = sum(states.values()) if final == "all" else states.get(final, 0.0 * at.s)
    dark = dark_factor(model.dm, at.s, at.m_dm, model.alpha_d[:, None], at.beta)
    which = None if fermion == "all" else (fermion,)
    flags = point_flags(model, inputs, xp.sqrt(s), which)
    flags = flags | xp.where(model.alpha_d > 1.0, status.STRONG, 0)
    flags = flags | xp.where(is_open, 0, status.BELOW_THRESHOLD)
    return Raw((dark * total / at.beta)[:, 0], flags)


@dipole_observable(
    "r_annihilation",
    "1",
    report=False,
    requires=("epsilon", "lambda_over_alpha_d", "alpha_d", "m_dm"),
    source="Rizzo 2021 (9): (2 m_dm alpha_d/(epsilon Lambda))^2/(2 alpha alpha_d)",
    assumptions=("at rest, far above the threshold of the final state",),
)
def r_annihilation(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Annihilation into e+e- through the dipole over that through kinetic mixing."""
    energy = 2.0 * model.m_dm
    ratio = over_mixing(model, energy / model.lambda_over_alpha_d)
    value = ratio**2 / (2.0 * inputs.sm.alpha * model.alpha_d)
    return Raw(value, mixing_flags(model) | scale_flags(model, energy, ELECTRON))
