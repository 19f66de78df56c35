"""Dark matter on electrons through kinetic mixing and the dipole: (11)-(15), and halo averages."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas import dipole_scattering as formula
from vectorportal.formulas.halo import flux_average, speed_nodes
from vectorportal.models.vector_exchange import couplings
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
from vectorportal.units import GEV2_TO_CM2, convert

__all__ = [
    "chi",
    "exchanges_of",
    "sigma_electron_cm2",
    "sigma_electron_halo_cm2",
    "sigma_electron_reference_cm2",
]

_NEEDS = ("m_v", "lambda_over_alpha_d", "alpha_d")
_BETA = Argument("beta", "1", "the speed of the dark matter over c", 0.0, 1.0, default=1e-3)
_FAST = 1e4
"""Largest speed in the halo (km/s); velocities add up as if they were small"""


def _speed(name: str, doc: str, default: float) -> Argument:
    return Argument(name, "km/s", doc, 0.0, _FAST, default=default)


_HALO = (
    _speed("v_0", "the most probable speed of the halo", 220.0),
    _speed("v_earth", "the speed of the Earth in the halo", 232.0),
    _speed("v_escape", "the escape speed, where the halo ends", 544.0),
)
_HEAVY = "where m_dm is not given, dark matter much heavier than the electron"
_FREE = (
    "free electron at rest: in matter electrons move with alpha c, several times faster than "
    "dark matter, which raises the part of the dipole by orders of magnitude"
)
_TREE = "tree level, V and Z exchange with their vector, axial and dipole couplings; "


def exchanges_of(model: Any, inputs: Inputs) -> list[formula.Exchange]:
    """V and Z between the dark matter and electrons; parameters of shape (N,)."""
    sm, mix, d = inputs.sm, model.mixing(inputs), model.dipoles()["e"]
    parts = (("V", model.m_v**2, mix.dark_v), ("Z", sm.m_z**2, mix.dark_z))
    listed = []
    for vector, mass2, dark in parts:
        left, right = couplings(mix, -model.epsilon, sm, vector)["e"]
        g, a = 0.5 * (left + right), 0.5 * (right - left)
        listed.append(formula.Exchange(mass2, dark * g, dark * a, dark**2 * d))
    return listed


def _ratio(model: Any, inputs: Inputs) -> Any:
    """m_e/m_dm, 0 where m_dm is not given; shape (N,)."""
    return 0.0 * model.m_v if model.m_dm is None else inputs.sm.m_e / model.m_dm


def _sigma(model: Any, inputs: Inputs, options: Options, beta: Any) -> Any:
    """Cross section in GeV^-2 at speeds (N, M)."""
    xp, sm = namespace(model.m_v, beta), inputs.sm
    alpha_d = model.alpha_d[:, None]
    if options.prescription == "as-printed":
        m_v, epsilon = model.m_v[:, None], model.epsilon[:, None]
        scale = model.lambda_over_alpha_d[:, None]
        return formula.sigma_printed(m_v, epsilon, scale, sm.m_e, beta, sm.alpha, alpha_d)
    listed = [
        formula.Exchange(*((xp.asarray(f) + 0.0 * model.m_v)[:, None] for f in one))
        for one in exchanges_of(model, inputs)
    ]
    ratio = _ratio(model, inputs)[:, None]
    return formula.sigma_elastic(beta, sm.m_e, ratio, alpha_d, listed)


def _flags(model: Any, inputs: Inputs, beta: Any) -> Any:
    """Flags of scattering at speed `beta`, whose energy is the largest momentum transfer."""
    xp = namespace(model.m_v, beta)
    transfer = xp.sqrt(formula.motion_at(beta, inputs.sm.m_e, _ratio(model, inputs)).four_p2)
    flags = point_flags(model, inputs, transfer, ELECTRON)
    return flags | xp.where(model.alpha_d > 1.0, status.STRONG, 0)


@dipole_observable(
    "chi",
    "1",
    report=False,
    requires=("epsilon", "lambda_over_alpha_d", "alpha_d"),
    arguments=(_BETA,),
    source="Rizzo 2021 (12): (alpha_d/Lambda) m_e beta^2/(epsilon sqrt(alpha alpha_d))",
    assumptions=("dark matter much heavier than the electron, free electron at rest",),
)
def chi(model: Any, inputs: Inputs, options: Options, beta: Any) -> Raw:
    """Amplitude of the dipole over that of kinetic mixing in scattering on an electron.

    It has the signs of epsilon and lambda_over_alpha_d; where it is positive they add up.
    """
    sm = inputs.sm
    inverse = over_mixing(model, 1.0)
    value = inverse * formula.chi(
        1.0, model.lambda_over_alpha_d, sm.m_e, beta, sm.alpha, model.alpha_d
    )
    transfer = 2.0 * sm.m_e * beta
    return Raw(value, mixing_flags(model) | scale_flags(model, transfer, ELECTRON))


@dipole_observable(
    "sigma_electron_cm2",
    "cm^2",
    requires=_NEEDS,
    arguments=(_BETA,),
    source="tree level phi e -> phi e (formulas/dipole_scattering.py); for slow heavy dark matter "
    "Rizzo 2021 (11), corrected to 1 - 2 Q chi + 2 chi^2, and (14), to 32 pi",
    assumptions=(_TREE + _HEAVY, _FREE),
)
def sigma_electron_cm2(model: Any, inputs: Inputs, options: Options, beta: Any) -> Raw:
    """Cross section of dark matter of speed beta on a free electron at rest.

    With prescription=as-printed (11) of the paper, or (14) for epsilon = 0, whatever m_dm.
    """
    value = _sigma(model, inputs, options, beta[:, None])[:, 0]
    return Raw(GEV2_TO_CM2 * value, _flags(model, inputs, beta))


@dipole_observable(
    "sigma_electron_halo_cm2",
    "cm^2",
    report=False,
    requires=_NEEDS,
    arguments=_HALO,
    source="<sigma v>/<v> of sigma_electron_cm2 over the standard halo model "
    "(formulas/halo.py), beyond Rizzo 2021",
    assumptions=(
        "Maxwellian that ends at v_escape, isotropic where the galaxy is at rest",
        _TREE + _HEAVY,
        _FREE,
    ),
    references=(*REFERENCES, "Lewin:1996", "Evans:2019"),
)
def sigma_electron_halo_cm2(
    model: Any, inputs: Inputs, options: Options, v_0: Any, v_earth: Any, v_escape: Any
) -> Raw:
    """Cross section on a free electron at rest, averaged over the flux of the halo.

    The rate per electron is n <v> times this. In place of beta^2 and beta^4 of (11) stand
    <v^3>/<v> and <v^5>/<v>.
    """
    unit = convert(1.0, "km/s", "c")
    speeds = speed_nodes(v_0 * unit, v_earth * unit, v_escape * unit)
    value = flux_average(speeds, _sigma(model, inputs, options, speeds.speed))
    return Raw(GEV2_TO_CM2 * value, _flags(model, inputs, (v_earth + v_escape) * unit))


@dipole_observable(
    "sigma_electron_reference_cm2",
    "cm^2",
    printed=False,
    report=False,
    requires=_NEEDS,
    source="tree level V and Z exchange at momentum transfer q = alpha m_e: 4 mu^2 alpha_d "
    "(V - q^2 D/(2 m_e))^2, V and D couplings over m^2 + q^2 (formulas/dipole_scattering.py)",
    assumptions=(
        "reference momentum transfer q = alpha m_e; without the motion across q of electrons and "
        "dark matter, whose part of the dipole's square is of the size of the one here, or larger",
        _HEAVY,
    ),
    references=(*REFERENCES, "Essig:2012", "Catena:2020"),
)
def sigma_electron_reference_cm2(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Reference cross section at q = alpha m_e, as direct detection quotes it for dark photons.

    It tends to sigma_electron_cm2 of dark-photon where the dipole vanishes.
    """
    sm, q = inputs.sm, inputs.sm.alpha * inputs.sm.m_e
    listed, ratio = exchanges_of(model, inputs), _ratio(model, inputs)
    value = formula.sigma_reference(q**2, sm.m_e, ratio, model.alpha_d, listed)
    xp = namespace(model.m_v)
    flags = point_flags(model, inputs, q + 0.0 * model.m_v, ELECTRON)
    return Raw(GEV2_TO_CM2 * value, flags | xp.where(model.alpha_d > 1.0, status.STRONG, 0))
