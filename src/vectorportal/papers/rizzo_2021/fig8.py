"""Figure 8 of [Rizzo:2021]: the mixing that e+ e- -> gamma V seems to have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import (
    TEV,
    Claim,
    about,
    check_order,
    claimed,
    code_notes,
    mixing_axis,
    references_of,
    values,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["CUTS", "QUOTED_BOUND", "SCALES", "dataset", "draw", "references"]

SCALES = (175.0, 250.0, 350.0, 500.0, 750.0)
"""Lambda/alpha_d in TeV of the curves"""
QUOTED_BOUND = 101.0
"""TeV sqrt(alpha_d) of (24) of the paper"""
CUTS = ((-0.6, 0.6), (-0.4, 0.6))
"""cosines of the photon with which (24) is compared: symmetric, and close to those of BaBar"""
_OBSERVABLES = ("epsilon_effective", "lambda_bound_ee")
_DIMS = ("scale", "epsilon")


def dataset(
    *,
    prescription: str,
    m_v: float,
    alpha_d: float,
    sqrt_s: float,
    z_min: float,
    z_max: float,
    epsilon_limit: float,
    epsilon_min: float,
    epsilon_max: float,
    points: int,
) -> xarray.Dataset:
    """Effective mixing over the mixing, for each Lambda/alpha_d (TeV) of `SCALES`.

    epsilon_effective (scale, epsilon). without_mixing, allowed (scale) : its value at epsilon = 0,
    and the mixing at which it is `epsilon_limit`, NaN where the dipole alone exceeds that. bound :
    Lambda/alpha_d in TeV at which it does so at epsilon = 0. The printed formulas know m_v -> 0
    alone: with them m_v plays no part, and the attribute of that name is 0. The attribute `missing`
    says why, where no curve has a point.
    """
    import xarray

    check_order("z_min", z_min, z_max)
    epsilon, scale = mixing_axis(epsilon_min, epsilon_max, points), np.asarray(SCALES)
    mass = {} if prescription == "as-printed" else {"m_v": m_v}
    at = {**mass, "alpha_d": alpha_d, "lambda_over_alpha_d": TEV * scale[:, None]}
    cuts = {"sqrt_s": sqrt_s, "z_min": z_min, "z_max": z_max}
    seen = values("epsilon_effective", {**at, "epsilon": epsilon}, prescription, **cuts)
    alone = values("epsilon_effective", {**at, "epsilon": 0.0}, prescription, **cuts).value[:, 0]
    room = epsilon_limit**2 - alone**2
    allowed = np.where(room > 0.0, np.sqrt(np.maximum(room, 0.0)), np.nan)
    least = _bound({**mass, "alpha_d": alpha_d}, epsilon_limit, prescription, **cuts)
    variables: dict[str, Any] = {
        "epsilon_effective": (_DIMS, seen.value, {"units": "1", "long_name": "effective mixing"}),
        "status": (_DIMS, seen.status, code_notes(seen)),
        "without_mixing": ("scale", alone, {"units": "1"}),
        "allowed": ("scale", allowed, {"units": "1"}),
        "bound": ((), least, {"units": "TeV", "long_name": "Lambda/alpha_d"}),
    }
    coordinates = {
        "scale": ("scale", scale, {"units": "TeV", "long_name": "Lambda/alpha_d"}),
        "epsilon": ("epsilon", epsilon, {"units": "1", "long_name": "kinetic mixing"}),
    }
    told = {"m_v": mass.get("m_v", 0.0), "alpha_d": alpha_d, **cuts, "epsilon_limit": epsilon_limit}
    notes = about("Effective mixing of e+ e- -> gamma V", prescription, _OBSERVABLES, **told)
    notes |= claimed(_claims(prescription))
    notes["missing"] = _missing(seen)
    return xarray.Dataset(variables, coords=coordinates, attrs=notes)


def _bound(
    parameters: dict[str, float], epsilon_limit: float, prescription: str, **cuts: float
) -> float:
    """Lambda/alpha_d in TeV at which the dipole alone looks like a mixing of `epsilon_limit`."""
    at = {**parameters, "epsilon": 0.0}
    found = values("lambda_bound_ee", at, prescription, epsilon_max=epsilon_limit, **cuts)
    return float(found.value) / TEV


def _missing(seen: Any) -> str:
    """Why the result `seen` has no value at all; empty where it has one."""
    if np.isfinite(seen.value).any():
        return ""
    return "No curve: " + " ".join(code_notes(seen)["reasons"])


def _claims(prescription: str) -> list[Claim]:
    """(24) with alpha_d = 1, sqrt(s) = 10 GeV, m_v -> 0 and a limit of 1e-3."""
    return [
        Claim(
            f"(24) x sqrt(alpha_d), {low:g} < z < {high:g} [TeV]",
            QUOTED_BOUND,
            _bound({"alpha_d": 1.0}, 1e-3, prescription, sqrt_s=10.0, z_min=low, z_max=high),
        )
        for low, high in CUTS
    ]


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.fig8_drawing import draw as make_picture

    return make_picture(data)
