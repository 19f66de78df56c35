"""Figure 6 of [Rizzo:2021]: energy of the recoil electron on a fixed target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vectorportal.papers.rizzo_2021.common import Claim, claimed, references_of, values
from vectorportal.papers.rizzo_2021.recoil import REFERENCE, recoil_axis, spectra

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["QUOTED_RATIO", "dataset", "draw", "references"]

QUOTED_RATIO = 0.22
"""alpha_d R' of (18) of the paper, at m_v = 100 MeV, epsilon = 1e-4, Lambda/alpha_d = 25 TeV"""
_STATEMENT = (
    "the paper says that the recoil energy falls off faster with the dipole; with (17) and (A12), "
    "as printed or as verified, it falls off more slowly"
)
_OBSERVABLE = "recoil_energy_spectrum"


def dataset(
    *, prescription: str, beam_energy: float, theta_max: float, energy_min: float, points: int
) -> xarray.Dataset:
    """Normalised spectra of the recoil energy (GeV) for `MASSES` and both couplings.

    spectrum (coupling, m_v, recoil_energy), and mean and rate as recoil.spectra has them. The
    attribute remark says where the energies contradict the words of the paper, if they do.
    """
    axis = recoil_axis(energy_min, beam_energy * (1.0 - 1e-9), points, "energy_min")
    data = spectra(
        _OBSERVABLE,
        ("recoil_energy", axis),
        prescription=prescription,
        title="Energy of the recoil electron",
        beam_energy=beam_energy,
        theta_max=theta_max,
    )
    mean = data["mean"].sel(coupling="dipole") - data["mean"].sel(coupling="vector")
    harder = bool((mean > 0.0).any() and not (mean < 0.0).any())
    remark = _STATEMENT if harder else ""
    return data.assign_attrs(claimed([_ratio(prescription)]), remark=remark)


def _ratio(prescription: str) -> Claim:
    """(18) at the reference values of the paper."""
    found = values("r_fixed_target", {**REFERENCE, "m_v": 0.1}, prescription).value
    quantity = "R' x alpha_d, (18), at 100 MeV"
    return Claim(quantity, QUOTED_RATIO, float(found) * REFERENCE["alpha_d"])


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(_OBSERVABLE, "r_fixed_target")


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.recoil_drawing import draw_energies

    return draw_energies(data)
