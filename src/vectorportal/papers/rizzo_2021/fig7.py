"""Figure 7 of [Rizzo:2021]: transverse momentum of the recoil electron on a fixed target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vectorportal.papers.rizzo_2021.common import references_of
from vectorportal.papers.rizzo_2021.recoil import recoil_axis, spectra

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["dataset", "draw", "references"]

_OBSERVABLE = "recoil_pt_spectrum"


def dataset(
    *,
    prescription: str,
    beam_energy: float,
    theta_max: float,
    pt_min: float,
    pt_max: float,
    points: int,
) -> xarray.Dataset:
    """Normalised spectra of the transverse momentum (GeV) for `MASSES` and both couplings.

    spectrum (coupling, m_v, pt), and mean and rate as recoil.spectra has them.
    """
    return spectra(
        _OBSERVABLE,
        ("pt", recoil_axis(pt_min, pt_max, points, "pt_min")),
        prescription=prescription,
        title="Transverse momentum of the recoil electron",
        beam_energy=beam_energy,
        theta_max=theta_max,
    )


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(_OBSERVABLE)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.rizzo_2021.recoil_drawing import draw_momenta

    return draw_momenta(data)
