"""Figure 5 of [Rizzo:2021]: scattering on an electron against kinetic mixing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import (
    NO_DIPOLE,
    TEV,
    Claim,
    about,
    claimed,
    code_notes,
    mixing_axis,
    references_of,
    values,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["QUOTED_AT", "QUOTED_CHI", "QUOTED_SIGMA", "dataset", "draw", "references"]

_CURVES = ("sigma_electron_cm2", "sigma_electron_halo_cm2", "sigma_electron_reference_cm2")
_OBSERVABLES = (*_CURVES, "chi")
_SIGNS = (1.0, -1.0)
"""of Lambda, with epsilon > 0"""
QUOTED_CHI, QUOTED_SIGMA = 2.4e-9, 7.1e-56
"""chi sqrt(alpha_d) of (13) and cm^2 of (15) of the paper, at its reference values"""
QUOTED_AT = {"m_v": 0.1, "lambda_over_alpha_d": 25.0 * TEV, "beta": 1e-3}
"""where they hold: (15) for any alpha_d, (13) at epsilon = 1e-4"""


def dataset(
    *,
    prescription: str,
    m_v: float,
    alpha_d: float,
    lambda_over_alpha_d: float,
    beta: float,
    epsilon_min: float,
    epsilon_max: float,
    points: int,
) -> xarray.Dataset:
    """Cross sections in cm^2 over epsilon > 0 for both signs of Lambda, heavy dark matter.

    sigma, sigma_halo, sigma_reference (sign, epsilon) : at speed beta, averaged over the halo, and
    at momentum transfer alpha m_e. vector, dipole : sigma with one of the couplings only, (epsilon)
    and a number. The printed formula has no reference cross section, which stays as verified.
    """
    import xarray

    epsilon = mixing_axis(epsilon_min, epsilon_max, points)
    scale = np.asarray(_SIGNS)[:, None] * lambda_over_alpha_d
    at = {"m_v": m_v, "alpha_d": alpha_d, "lambda_over_alpha_d": scale, "epsilon": epsilon}
    found = {name: values(name, at, prescription, **_speed(name, beta)) for name in _CURVES}
    alone = {**at, "lambda_over_alpha_d": lambda_over_alpha_d, "epsilon": 0.0}
    none = {**at, "lambda_over_alpha_d": NO_DIPOLE}
    names = ("sigma", "sigma_halo", "sigma_reference")
    dims = ("sign", "epsilon")
    variables: dict[str, Any] = {
        name: (dims, result.value, {"units": "cm^2", "observable": result.name})
        for name, result in zip(names, found.values(), strict=True)
    }
    status = np.maximum.reduce([result.status for result in found.values()])
    variables["status"] = (dims, status, code_notes(*found.values()))
    dipole, vector = (
        values(_CURVES[0], parts, prescription, beta=beta).value for parts in (alone, none)
    )
    variables["dipole"] = ((), float(dipole), {"units": "cm^2"})
    variables["vector"] = ("epsilon", vector, {"units": "cm^2"})
    coordinates = {
        "epsilon": ("epsilon", epsilon, {"units": "1", "long_name": "kinetic mixing"}),
        "sign": ("sign", np.asarray(_SIGNS), {"units": "1", "long_name": "sign of Lambda"}),
    }
    told = {"m_v": m_v, "alpha_d": alpha_d, "lambda_over_alpha_d": lambda_over_alpha_d}
    notes = about("Scattering on an electron", prescription, _OBSERVABLES, **told, beta=beta)
    return xarray.Dataset(variables, coords=coordinates, attrs=notes | _claims(prescription))


def _speed(name: str, beta: float) -> dict[str, float]:
    return {"beta": beta} if name == "sigma_electron_cm2" else {}


def _claims(prescription: str) -> dict[str, Any]:
    """(13) and (15) at the reference values of the paper."""
    alpha_d, at = 0.5, {name: QUOTED_AT[name] for name in ("m_v", "lambda_over_alpha_d")}
    mixed, beta = {**at, "alpha_d": alpha_d, "epsilon": 1e-4}, QUOTED_AT["beta"]
    chi = values("chi", mixed, prescription, beta=beta).value * alpha_d**0.5
    alone = {**at, "alpha_d": alpha_d}
    sigma = values("sigma_electron_cm2", alone, prescription, beta=beta).value
    return claimed(
        [
            Claim("chi sqrt(alpha_d), (13)", QUOTED_CHI, float(chi)),
            Claim("sigma at epsilon = 0, (15) [cm^2]", QUOTED_SIGMA, float(sigma)),
        ]
    )


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.fig5_drawing import draw as make_picture

    return make_picture(data)
