"""Spectra of the recoil electron that figures 6 and 7 share."""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.papers.rizzo_2021.common import (
    MASSES,
    TEV,
    about,
    check_order,
    code_notes,
    values,
)

__all__ = ["COUPLINGS", "REFERENCE", "recoil_axis", "spectra"]

COUPLINGS = ("vector", "dipole")
REFERENCE = {"epsilon": 1e-4, "lambda_over_alpha_d": 25.0 * TEV, "alpha_d": 0.5}
"""couplings: shapes do not depend on them"""
_DIMS = ("coupling", "m_v")


def recoil_axis(low: float, high: float, points: int, name: str) -> np.ndarray:
    """`points` values from `low` to below `high` (GeV), half of them even, half in the logarithm.

    Raises ParameterError for an empty range.
    """
    check_order(name, low, high, "GeV")
    half = max(points // 2, 2)
    return np.unique(np.append(np.linspace(low, high, half + 1), np.geomspace(low, high, half)))


def spectra(
    observable: str,
    axis: tuple[str, np.ndarray],
    *,
    prescription: str,
    title: str,
    beam_energy: float,
    theta_max: float,
) -> Any:
    """Dataset of the spectra of `observable` over the `axis` (argument, values in GeV).

    spectrum (coupling, m_v, axis) : normalised to 1 over the axis, GeV^-1. mean (coupling, m_v) :
    mean of the axis there, GeV. rate (coupling, m_v) : integral over the axis in GeV^-2 at
    epsilon = 1e-4 (coupling vector) or Lambda/alpha_d = 25 TeV with alpha_d = 0.5 (dipole). A mass
    above the energy of the beam has no spectrum (NaN).
    """
    import xarray

    name, places = axis
    mass = np.asarray(MASSES)
    at = {**REFERENCE, "m_v": mass[:, None]}
    setting = {"beam_energy": beam_energy, "theta_max": theta_max}
    found = [
        values(observable, at, prescription, **{name: places}, **setting, coupling=coupling)
        for coupling in COUPLINGS
    ]
    raw = np.stack([result.value for result in found])
    rate = np.trapezoid(raw, places, axis=-1)
    seen = np.where(rate > 0.0, rate, np.nan)
    shape = raw / seen[..., None]
    dims = (*_DIMS, name)
    variables: dict[str, Any] = {
        "spectrum": (dims, shape, {"units": "GeV^-1", "long_name": "normalised spectrum"}),
        "status": (dims, np.stack([result.status for result in found]), code_notes(*found)),
        "mean": (_DIMS, np.trapezoid(places * shape, places, axis=-1), {"units": "GeV"}),
        "rate": (_DIMS, rate, {"units": "GeV^-2", "long_name": "cross section"}),
    }
    coordinates = {
        "coupling": ("coupling", np.asarray(COUPLINGS)),
        "m_v": ("m_v", mass, {"units": "GeV", "long_name": "mass of the vector"}),
        name: (name, places, {"units": "GeV"}),
    }
    notes = about(title, prescription, (observable,), **setting)
    return xarray.Dataset(variables, coords=coordinates, attrs=notes)
