"""The toy model behind the dipole, ordinary moments of the electron, and neutral pions."""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas import dipole_loop
from vectorportal.formulas.anomalous_moment import dipole_moment
from vectorportal.inputs.hadrons import NEUTRAL_PION
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw
from vectorportal.observables.dipole.common import (
    ELECTRON,
    REFERENCES,
    dipole_observable,
    mixing_flags,
    over_mixing,
    point_flags,
    scale_flags,
)

__all__ = ["a_e_dipole", "a_e_toy_model", "lambda_toy_model", "loop_g", "r_pion"]

_MASSES = {"f_pi": 0.0921, "m_pi": NEUTRAL_PION}
"""f_pi (the convention of 92 MeV) and mass of the neutral pion in GeV"""
_Y = Argument("y", "1", "the squared mass of F over that of W_I")
_MASS = Argument("m_f", "GeV", "the mass of the portal fermion F")
_S2 = Argument("s2", "1", "s_I^2 = (g_D/g_I)^2", high=1.0, default=0.23)
_TOY = "toy model: vector-like couplings of one pair F, W_I, m_f >> m_e, without scalars"


def _loop(y: Any, options: Options) -> Any:
    """G(y) in the chosen prescription."""
    printed = options.prescription == "as-printed"
    return dipole_loop.loop_g_printed(y) if printed else dipole_loop.loop_g(y)


def _strong(model: Any, y: Any, s2: Any) -> Any:
    """Where alpha_d, g_I^2/4 pi or the Yukawa coupling g_I^2 y/8 pi exceeds 1."""
    xp = namespace(model.alpha_d, y)
    strength = model.alpha_d / s2
    strong = (model.alpha_d > 1.0) | (strength > 1.0) | (0.5 * y * strength > 1.0)
    return xp.where(strong, status.STRONG, 0)


@dipole_observable(
    "loop_g",
    "1",
    requires=(),
    arguments=(_Y,),
    source="Rizzo 2021 (5) with opposite dark charges of F and W_I: "
    "y [(y - 4)(y - 1) + 3 y ln y]/(y - 1)^2",
    assumptions=(_TOY,),
    report=False,
)
def loop_g(model: Any, inputs: Inputs, options: Options, y: Any) -> Raw:
    """Loop function G of the toy model.

    As printed it combines the two diagrams as if F and W_I had equal dark charges, which a neutral
    electron forbids: a fifth of the value at y = 1, and 3 ln y instead of y for large y.
    """
    xp = namespace(y)
    return Raw(_loop(y, options), xp.zeros(y.shape, dtype=xp.int64))


@dipole_observable(
    "lambda_toy_model",
    "GeV",
    requires=("alpha_d",),
    arguments=(_MASS, _Y, _S2),
    source="Rizzo 2021 (4): 8 pi s_I^2 m_F/(alpha_d G(y)), G corrected",
    assumptions=(_TOY, "Lambda > 0 where F has dark charge +1"),
    report=False,
)
def lambda_toy_model(
    model: Any, inputs: Inputs, options: Options, m_f: Any, y: Any, s2: Any
) -> Raw:
    """Scale Lambda of the dipole that a portal fermion of mass m_f makes."""
    value = dipole_loop.scale_of_dipole(m_f, _loop(y, options), s2, model.alpha_d)
    return Raw(value, _strong(model, y, s2))


@dipole_observable(
    "a_e_toy_model",
    "1",
    printed=False,
    requires=("alpha_d",),
    arguments=(_MASS, _Y, _S2),
    source="photon on F in the diagrams of Rizzo 2021, figure 1: "
    "alpha_d m_e G_F(y)/(4 pi s_I^2 m_F)",
    assumptions=(
        _TOY,
        "F has the charge of the electron and W_I none",
        "to compare: measured minus predicted (g-2)_e/2 is 0.3e-12 with alpha from rubidium and "
        "-1.0e-12 from caesium (gm2_electron_2023); a much larger value excludes the toy model as "
        "it stands, not the effective theory",
    ),
    references=(*REFERENCES, "Fan:2023"),
    report=False,
)
def a_e_toy_model(model: Any, inputs: Inputs, options: Options, m_f: Any, y: Any, s2: Any) -> Raw:
    """Ordinary (g-2)_e/2 that comes with the dark dipole in the toy model."""
    loop = dipole_loop.loop_g_fermion(y)
    value = model.alpha_d * inputs.sm.m_e * loop / (4.0 * pi * s2 * m_f)
    return Raw(value, _strong(model, y, s2))


@dipole_observable(
    "a_e_dipole",
    "1",
    printed=False,
    requires=("m_v", "lambda_over_alpha_d", "alpha_d"),
    arguments=(
        Argument(
            "scale_over_lambda",
            "1",
            "the renormalisation scale over |Lambda|",
            high=1e6,
            default=1.0,
        ),
    ),
    source="one loop of V with vector and dipole couplings, MS-bar (formulas/anomalous_moment.py)",
    assumptions=(
        "only the terms with the dipole: its interference with the vector coupling, and its square",
        "MS-bar at the scale asked for, by default |Lambda|; what the particles that make the "
        "dipole add is not known (a_e_toy_model: far larger in the toy model)",
    ),
)
def a_e_dipole(model: Any, inputs: Inputs, options: Options, scale_over_lambda: Any) -> Raw:
    """Shift of (g-2)_e/2 by the dipole in a loop of V, in the effective theory."""
    xp = namespace(model.m_v, scale_over_lambda)
    mediator = model.mediator(inputs, options.prescription)
    left, right = mediator.couplings["e"]
    scale = scale_over_lambda * xp.abs(model.lambda_over_alpha_d) * model.alpha_d
    g_v, dipole = 0.5 * (left + right), mediator.dipoles["e"]
    value = dipole_moment(inputs.sm.m_e, model.m_v, g_v, dipole, scale)
    return Raw(value, point_flags(model, inputs, model.m_v, ELECTRON))


@dipole_observable(
    "r_pion",
    "1",
    requires=("epsilon", "lambda_over_alpha_d", "alpha_d"),
    arguments=(
        Argument(
            "scale", "", "the mass in the estimate", choices=("f_pi", "m_v", "m_pi"), default="m_pi"
        ),
    ),
    source="Rizzo 2021 (20): (alpha_d M/(epsilon Lambda))^2/(alpha alpha_d), M = f_pi, m_v or m_pi",
    assumptions=(
        "a dimensional estimate of the paper, not a calculation: the form factors of the dipole "
        "inside the pion are unknown",
    ),
    report=False,
)
def r_pion(model: Any, inputs: Inputs, options: Options, scale: str = "m_pi") -> Raw:
    """Decays pi0 -> V gamma by the dipole over those by kinetic mixing, order of magnitude."""
    if scale == "m_v":
        model.require(("m_v",), "r_pion with scale=m_v")
    mass = model.m_v if scale == "m_v" else _MASSES[scale]
    ratio = over_mixing(model, mass / model.lambda_over_alpha_d)
    flags = mixing_flags(model) | scale_flags(model, mass, ELECTRON)
    return Raw(ratio**2 / (inputs.sm.alpha * model.alpha_d), flags)
