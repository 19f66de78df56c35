"""Figure 4 of [Rizzo:2021]: kinetic mixing and dipole that together leave the relic density."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.errors import ParameterError
from vectorportal.inputs.settings import Options
from vectorportal.papers.relic_line import relic_line
from vectorportal.papers.rizzo_2021.common import (
    ALPHA_D,
    NO_DIPOLE,
    SAME_BUT_WIDTH,
    TEV,
    about,
    make,
    references_of,
    solve_scale,
    values,
)
from vectorportal.papers.rizzo_2021.fig3 import scale_of_rate

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["dataset", "draw", "references"]

_OBSERVABLES = ("sigma_v_cm3_s", "omega_h2")
_DIMS = ("alpha_d", "share")
_SHARES = (1e-3, 1e3)
"""of kinetic mixing over dipole, in the ratio of couplings, along a curve"""
_CURVES = {"sigma_v": "<sigma v>", "relic": "freeze-out"}
"""Kinds of curve in words"""
_LARGEST = 0.876
"""kinetic mixing that is tried; above it there is no solution"""


def dataset(
    *,
    prescription: str,
    m_v: float,
    r: float,
    flavour_factor: float,
    x_f: float,
    sigma_v: float,
    target: float,
    points: int,
) -> xarray.Dataset:
    """Curves of constant density for each alpha_d, from the dipole alone to mixing alone.

    epsilon_sigma_v, scale_sigma_v (alpha_d, share) : mixing and Lambda/alpha_d in TeV at which
    <sigma v> is the given `sigma_v` at x_f; epsilon_relic, scale_relic : at which freeze-out leaves
    `target`, without V V. epsilon_max, scale_min (alpha_d) : the ends of the first curve, each
    coupling alone. share : the coordinate along a curve, (epsilon/epsilon_max)/(scale_min/scale)
    of the first one. The attribute `missing` says which curves have no point, and why.
    """
    import xarray

    if points < 2:
        raise ParameterError("points", points, "", "at least 2")
    share = np.geomspace(*_SHARES, points)
    fixed = {"m_v": m_v, "flavour_factor": flavour_factor, "m_dm": 0.5 * r * m_v}
    alone = {"m_v": m_v, "flavour_factor": flavour_factor}
    alpha_d = np.asarray(ALPHA_D)
    ends = (
        _mixing_alone(fixed, alpha_d, sigma_v, x_f, prescription),
        scale_of_rate(alone, alpha_d, r, sigma_v, x_f, prescription),
    )
    curves = {name: np.full((2, alpha_d.size, share.size), np.nan) for name in _CURVES}
    known = np.isfinite(ends[0]) & np.isfinite(ends[1])
    if known.any():
        at = (fixed, alpha_d[known], (ends[0][known], ends[1][known]), share)
        curves["sigma_v"][:, known] = _by_rate(*at, sigma_v, x_f, prescription)
        curves["relic"][:, known] = _by_density(*at, target, prescription)
    variables: dict[str, Any] = {
        "epsilon_max": ("alpha_d", ends[0], {"units": "1"}),
        "scale_min": ("alpha_d", ends[1] / TEV, {"units": "TeV"}),
    }
    for name, (epsilon, scale) in curves.items():
        text = {"units": "TeV", "long_name": "Lambda/alpha_d"}
        variables[f"epsilon_{name}"] = (_DIMS, epsilon, {"units": "1"})
        variables[f"scale_{name}"] = (_DIMS, scale / TEV, text)
    coordinates = {
        "alpha_d": ("alpha_d", alpha_d, {"units": "1"}),
        "share": ("share", share, {"units": "1", "long_name": "mixing over dipole"}),
    }
    told = {"m_v": m_v, "r": r, "x_f": x_f, "flavour_factor": flavour_factor}
    told |= {"target_sigma_v": sigma_v, "omega_h2": target}
    notes = about("Kinetic mixing and dipole together", prescription, _OBSERVABLES, **told)
    notes["remark"] = SAME_BUT_WIDTH if prescription == "as-printed" else ""
    notes["missing"] = _missing(
        curves, fixed, ends, f"{sigma_v:g} cm^3/s at x = {x_f:g}", prescription
    )
    return xarray.Dataset(variables, coords=coordinates, attrs=notes)


def _mixing_alone(
    fixed: dict[str, Any], alpha_d: np.ndarray, sigma_v: float, x_f: float, prescription: str
) -> np.ndarray:
    """epsilon at which <sigma v> at x_f is `sigma_v` without a dipole."""

    def rate(epsilon: np.ndarray) -> Any:
        at = {**fixed, "alpha_d": alpha_d, "epsilon": np.minimum(epsilon, _LARGEST)}
        at["lambda_over_alpha_d"] = NO_DIPOLE
        return values("sigma_v_cm3_s", at, prescription, "standard-model", x=x_f).value

    return solve_scale(rate, sigma_v, np.full(alpha_d.shape, 1e-4), 2.0)


def _couplings(ends: tuple[Any, Any], share: Any, k: Any) -> dict[str, Any]:
    """Both couplings at k times the ellipse epsilon = e sin t, 1/Lambda = cos t/L, tan t = share.

    ends : (e, L).
    """
    cosine = 1.0 / np.sqrt(1.0 + share**2)
    epsilon = np.minimum(k * ends[0] * share * cosine, _LARGEST)
    return {"epsilon": epsilon, "lambda_over_alpha_d": ends[1] / (k * cosine)}


def _by_rate(
    fixed: dict[str, Any],
    alpha_d: np.ndarray,
    ends: tuple[np.ndarray, np.ndarray],
    share: np.ndarray,
    sigma_v: float,
    x_f: float,
    prescription: str,
) -> tuple[np.ndarray, np.ndarray]:
    """epsilon and Lambda/alpha_d (GeV) at which <sigma v> at x_f is `sigma_v`."""
    columns = (ends[0][:, None], ends[1][:, None])

    def rate(k: np.ndarray) -> Any:
        at = {**fixed, "alpha_d": alpha_d[:, None], **_couplings(columns, share, k)}
        return values("sigma_v_cm3_s", at, prescription, "standard-model", x=x_f).value

    k = solve_scale(rate, sigma_v, np.ones((alpha_d.size, share.size)), 2.0)
    found = _couplings(columns, share, k)
    return found["epsilon"], found["lambda_over_alpha_d"]


def _by_density(
    fixed: dict[str, Any],
    alpha_d: np.ndarray,
    ends: tuple[np.ndarray, np.ndarray],
    share: np.ndarray,
    target: float,
    prescription: str,
) -> tuple[np.ndarray, np.ndarray]:
    """epsilon and Lambda/alpha_d (GeV) at which freeze-out without V V leaves `target`."""
    options = Options(prescription=prescription, channels="standard-model")

    def curve(i: int) -> dict[str, Any]:
        both = (ends[0][i], ends[1][i])

        def at(mix: np.ndarray, k: np.ndarray) -> Any:
            return make(**fixed, alpha_d=alpha_d[i], **_couplings(both, mix, k))

        line = relic_line(
            at, share, target, options=options, bracket=(1e-2, 1e2), slope=-2.0, stride=16
        )
        return _couplings(both, share, line.coupling)

    found = [curve(i) for i in range(alpha_d.size)]
    names = ("epsilon", "lambda_over_alpha_d")
    epsilon, scale = (np.stack([one[name] for one in found]) for name in names)
    return epsilon, scale


def _missing(
    curves: dict[str, np.ndarray],
    fixed: dict[str, Any],
    ends: tuple[np.ndarray, np.ndarray],
    wanted: str,
    prescription: str,
) -> str:
    """Which curves have no point, and why, in sentences; empty where all have some.

    `wanted` is the rate at the `ends` in words.
    """
    found: dict[tuple[str, str], list[str]] = {}
    empty = {words: ~np.isfinite(curves[name][0]).any(axis=1) for name, words in _CURVES.items()}
    for i, alpha_d in enumerate(ALPHA_D):
        lost = " and ".join(words for words, none in empty.items() if none[i])
        if not lost:
            continue
        if np.isnan(ends[0][i]):
            why = f"no kinetic mixing up to {_LARGEST:g} alone gives {wanted}."
        elif np.isnan(ends[1][i]):
            why = f"no dipole alone gives {wanted}."
        else:
            both = _couplings((ends[0][i], ends[1][i]), 1.0, 1.0)
            at = {**fixed, "alpha_d": alpha_d, **both}
            left = values("omega_h2", at, prescription, "standard-model")
            said = [text for texts in left.reasons.values() for text in texts]
            why = (said or ["no couplings between the two give what is asked."])[-1]
        found.setdefault((lost, why), []).append(f"{alpha_d:g}")
    return " ".join(
        f"No curve of {lost} for alpha_d = {', '.join(ats)}: {why}"
        for (lost, why), ats in found.items()
    )


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.fig4_drawing import draw as make_picture

    return make_picture(data)
