"""Figure 3 of [Rizzo:2021]: annihilation through the dipole, and the scale that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.settings import Options
from vectorportal.papers.relic_line import relic_line
from vectorportal.papers.rizzo_2021.common import (
    ALPHA_D,
    NO_DIPOLE,
    SAME_BUT_WIDTH,
    TEV,
    Claim,
    about,
    check_order,
    claimed,
    code_notes,
    make,
    references_of,
    solve_scale,
    values,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["QUOTED_SCALES", "dataset", "draw", "references", "scale_of_rate"]

_OBSERVABLES = ("sigma_v_cm3_s", "omega_h2")
_DIMS = ("alpha_d", "r")
_NEAR_POLE = 1.0 + np.concatenate([-np.geomspace(1e-3, 0.1, 21), np.geomspace(1e-3, 0.1, 15)])
"""ratios added around r = 1, where the resonance is at rest"""
_SCALES = (1e2, 1e9)
"""Lambda/alpha_d in GeV between which the density is solved"""
QUOTED_SCALES = ((0.7, 10.0), (0.9, 1000.0), (1.2, 10.0), (2.0, 5.0))
"""r, and the ends in TeV of the ranges of the text: 10-1000 TeV for r = 0.7-0.9, and 5-10 TeV
above 1, whose ends are compared at r = 1.2 and 2"""


def dataset(
    *,
    prescription: str,
    m_v: float,
    lambda_over_alpha_d: float,
    flavour_factor: float,
    x_f: float,
    sigma_v: float,
    target: float,
    r_min: float,
    r_max: float,
    points: int,
) -> xarray.Dataset:
    """Curves over r = 2 m_dm/m_v for each alpha_d, with epsilon = 0; NaN where there is no value.

    sigma_v (alpha_d, r) : <sigma v> into the Standard Model at x = x_f in cm^3/s, at the given
    lambda_over_alpha_d. scale_sigma_v : Lambda/alpha_d in TeV at which it is the given sigma_v.
    scale_relic, scale_relic_vv : where freeze-out leaves `target`, without and with V V.
    r_secluded (alpha_d) : the ratio at which V V alone leaves `target`, above which no dipole does.
    """
    import xarray

    fixed = {"m_v": m_v, "flavour_factor": flavour_factor}
    r = _ratios(r_min, r_max, points)
    alpha_d = np.asarray(ALPHA_D)[:, None]
    first = {**fixed, "lambda_over_alpha_d": lambda_over_alpha_d}
    at = {**first, "alpha_d": alpha_d, "m_dm": 0.5 * r * m_v}
    rate = values("sigma_v_cm3_s", at, prescription, "standard-model", x=x_f)
    lines = {
        "scale_sigma_v": scale_of_rate(fixed, alpha_d, r, sigma_v, x_f, prescription),
        "scale_relic": _relic_scales(fixed, r, target, prescription, "standard-model"),
        "scale_relic_vv": _relic_scales(fixed, r, target, prescription, "all"),
    }
    names = {
        "scale_sigma_v": "Lambda/alpha_d from <sigma v>",
        "scale_relic": "Lambda/alpha_d from freeze-out",
        "scale_relic_vv": "Lambda/alpha_d from freeze-out with V V",
    }
    variables: dict[str, Any] = {
        "sigma_v": (_DIMS, rate.value, {"units": "cm^3/s", "long_name": "<sigma v>"}),
        "status": (_DIMS, rate.status, code_notes(rate)),
    }
    for name, line in lines.items():
        variables[name] = (_DIMS, line / TEV, {"units": "TeV", "long_name": names[name]})
    end = _ratio_of_secluded(fixed, target, prescription)
    variables["r_secluded"] = ("alpha_d", end, {"units": "1", "long_name": "V V alone suffices"})
    coordinates = {
        "alpha_d": ("alpha_d", np.asarray(ALPHA_D), {"units": "1"}),
        "r": ("r", r, {"units": "1", "long_name": "2 m_dm/m_v"}),
    }
    told = {"m_v": m_v, "lambda_over_alpha_d": lambda_over_alpha_d, "x_f": x_f}
    told |= {"flavour_factor": flavour_factor, "target_sigma_v": sigma_v, "omega_h2": target}
    notes = about("Annihilation through dipoles", prescription, _OBSERVABLES, **told)
    notes |= claimed(_claims(prescription))
    notes["remark"] = SAME_BUT_WIDTH if prescription == "as-printed" else ""
    return xarray.Dataset(variables, coords=coordinates, attrs=notes)


def _ratios(r_min: float, r_max: float, points: int) -> np.ndarray:
    """Even steps in r and more just below 1; the pole at rest, r = 1, is left out."""
    check_order("r_min", r_min, r_max)
    close = _NEAR_POLE[(r_min < _NEAR_POLE) & (r_max > _NEAR_POLE)]
    r = np.unique(np.append(np.linspace(r_min, r_max, max(points, 2)), close))
    return r[np.abs(r - 1.0) > 1e-9]


def scale_of_rate(
    fixed: dict[str, Any], alpha_d: Any, r: Any, sigma_v: float, x_f: float, prescription: str
) -> np.ndarray:
    """Lambda/alpha_d in GeV at which <sigma v> at x = x_f is `sigma_v` (cm^3/s)."""
    shape = np.broadcast_shapes(np.shape(alpha_d), np.shape(r))

    def rate(scale: np.ndarray) -> Any:
        at = {**fixed, "alpha_d": alpha_d, "m_dm": 0.5 * np.asarray(r) * fixed["m_v"]}
        at["lambda_over_alpha_d"] = scale
        return values("sigma_v_cm3_s", at, prescription, "standard-model", x=x_f).value

    return solve_scale(rate, sigma_v, np.full(shape, 25.0 * TEV), -2.0)


def _relic_scales(
    fixed: dict[str, Any], r: np.ndarray, target: float, prescription: str, channels: str
) -> np.ndarray:
    """Lambda/alpha_d in GeV at which freeze-out leaves `target`, (alpha_d, r)."""

    def line(alpha_d: float) -> np.ndarray:
        def at(ratio: np.ndarray, scale: np.ndarray) -> Any:
            m_dm = 0.5 * fixed["m_v"] * ratio
            return make(**fixed, alpha_d=alpha_d, m_dm=m_dm, lambda_over_alpha_d=scale)

        options = Options(prescription=prescription, channels=channels)
        return relic_line(
            at, r, target, options=options, bracket=_SCALES, slope=2.0, stride=4
        ).coupling

    return np.stack([line(alpha_d) for alpha_d in ALPHA_D])


def _ratio_of_secluded(fixed: dict[str, Any], target: float, prescription: str) -> np.ndarray:
    """r at which V V alone leaves `target` for each alpha_d."""

    def at(alpha_d: np.ndarray, ratio: np.ndarray) -> Any:
        m_dm = 0.5 * fixed["m_v"] * ratio
        return make(**fixed, alpha_d=alpha_d, m_dm=m_dm, lambda_over_alpha_d=NO_DIPOLE)

    options = Options(prescription=prescription, channels="secluded")
    line = relic_line(
        at,
        np.asarray(ALPHA_D),
        target,
        options=options,
        bracket=(1.0, 2.0),
        nodes=21,
        slope=-40.0,
        stride=1,
        trusted=False,
    )
    return line.coupling


def _claims(prescription: str) -> list[Claim]:
    """Ranges of the text: the lowest or the highest scale at their ends, values of the paper."""
    alpha_d = np.asarray(ALPHA_D)[:, None]
    r = np.asarray([ratio for ratio, _ in QUOTED_SCALES])
    fixed = {"m_v": 0.2, "flavour_factor": 1.0}
    found = scale_of_rate(fixed, alpha_d, r, 7.5e-26, 20.0, prescription) / TEV
    ends = (np.min, np.max, np.max, np.min)
    words = {np.min: "lowest", np.max: "highest"}
    return [
        Claim(f"{words[end]} scale at r = {ratio:g} [TeV]", quoted, float(end(found[:, i])))
        for i, ((ratio, quoted), end) in enumerate(zip(QUOTED_SCALES, ends, strict=True))
    ]


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.fig3_drawing import draw as make_picture

    return make_picture(data)
