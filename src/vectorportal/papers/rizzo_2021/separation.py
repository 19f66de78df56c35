"""Events that separate a dipole from kinetic mixing: recoil on a fixed target, and angle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.masses import mass_axis
from vectorportal.papers.rizzo_2021.common import (
    about,
    check_order,
    code_notes,
    references_of,
    values,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["COMPARED", "SPECTRA", "TRUTHS", "dataset", "draw", "references"]

TRUTHS = ("dipole", "vector")
SPECTRA = ("energy", "pt", "both")
COMPARED = 1.0
"""m_v in GeV up to which the recoil spectra were compared with the exact tree amplitude"""
_OBSERVABLES = ("events_to_separate_recoil", "events_to_separate_angle")


def dataset(
    *,
    prescription: str,
    mass_min: float,
    mass_max: float,
    recoil_mass_max: float,
    beam_energy: float,
    theta_max: float,
    recoil_min: float,
    recoil_max: float,
    sqrt_s: float,
    z_min: float,
    z_max: float,
    points: int,
) -> xarray.Dataset:
    """Numbers of signal events over masses of V (GeV) at which the wrong coupling is excluded.

    That is at 95%. recoil (truth, spectrum, m_v_recoil) : from the recoil electron on tungsten, by
    its energy, transverse momentum, or both, with its energy between recoil_min and recoil_max, up
    to recoil_mass_max if that is below mass_max; beyond `COMPARED` it is an extrapolation. angle
    (truth, m_v) : from the photon of e+ e- -> gamma V. truth is the coupling in nature. NaN where V
    is too heavy.
    """
    import xarray

    check_order("z_min", z_min, z_max)
    check_order("recoil_min", recoil_min, recoil_max, "GeV")
    check_order("mass_min", mass_min, recoil_mass_max, "GeV")
    mass = mass_axis(mass_min, mass_max, points)
    light = mass_axis(mass_min, min(mass_max, recoil_mass_max), points)
    beam = {"beam_energy": beam_energy, "theta_max": theta_max}
    beam |= {"recoil_min": recoil_min, "recoil_max": recoil_max}
    cuts = {"sqrt_s": sqrt_s, "z_min": z_min, "z_max": z_max}

    def found(name: str, at: np.ndarray, **arguments: Any) -> Any:
        return values(name, {"m_v": at}, prescription, **arguments)

    of_recoil, of_angle = _OBSERVABLES
    recoil = [found(of_recoil, light, truth=t, spectrum=k, **beam) for t in TRUTHS for k in SPECTRA]
    angle = [found(of_angle, mass, truth=t, **cuts) for t in TRUTHS]
    variables: dict[str, Any] = {}
    for name, results, dims in (
        ("recoil", recoil, ("truth", "spectrum", "m_v_recoil")),
        ("angle", angle, ("truth", "m_v")),
    ):
        shape = (len(TRUTHS), *([len(SPECTRA)] if "spectrum" in dims else []), points)
        events = np.stack([one.value for one in results]).reshape(shape)
        codes = np.stack([one.status for one in results]).reshape(shape)
        variables[name] = (dims, events, {"units": "1", "long_name": "events"})
        variables[f"{name}_status"] = (dims, codes, code_notes(*results))
    coordinates = {
        "m_v": ("m_v", mass, {"units": "GeV", "long_name": "mass of the vector"}),
        "m_v_recoil": ("m_v_recoil", light, {"units": "GeV", "long_name": "mass of the vector"}),
        "truth": ("truth", np.asarray(TRUTHS)),
        "spectrum": ("spectrum", np.asarray(SPECTRA)),
    }
    title = "Events that separate dipole and kinetic mixing"
    notes = about(title, prescription, _OBSERVABLES, **beam, **cuts)
    return xarray.Dataset(variables, coords=coordinates, attrs=notes)


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.separation_drawing import draw as make_picture

    return make_picture(data)
