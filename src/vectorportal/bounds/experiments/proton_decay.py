"""Vectors from decays meson -> photon + vector: energies and directions against a detector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Acceptance", "cone_fraction", "decay_vectors", "gamma_beta_grid", "share"]

NODES = 24
_BINS = 72


@dataclass(frozen=True)
class Acceptance:
    """Directions that hit the detector: angles to the beam from `inner` to `outer` (rad) in the
    fraction `azimuth` of the full turn, and energies of the vector of at least `energy` (GeV)."""

    outer: float
    inner: float = 0.0
    azimuth: float = 1.0
    energy: float = 0.0


def cone_fraction(meson_angle: np.ndarray, angle: np.ndarray, limit: float) -> np.ndarray:
    """Share of azimuths around the meson for which the vector is within `limit` of the beam.

    The meson flies at `meson_angle` to the beam and the vector at `angle` to the meson (rad).
    cos(beam angle) = cos cos + sin sin cos(phi), written with half angles.
    """
    product = np.sin(meson_angle) * np.sin(angle)
    gap = np.sin(0.5 * (meson_angle - angle)) ** 2 - np.sin(0.5 * limit) ** 2
    tiny = product < 1e-300
    with np.errstate(over="ignore"):
        cosine = 1.0 + 2.0 * gap / np.where(tiny, 1.0, product)
    found = np.arccos(np.clip(cosine, -1.0, 1.0)) / np.pi
    return np.where(tiny, (gap <= 0.0).astype(float), found)


def gamma_beta_grid(mass: float, beam: float) -> np.ndarray:
    """Nodes of gamma beta (b,), equidistant in the logarithm, up to the beam energy in GeV."""
    low = 0.02 * min(1.0, 1.0 / mass)
    return np.geomspace(low, beam / mass, _BINS)


def share(grid: np.ndarray, value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """`weight` collected on the nodes `grid`: each goes to its two neighbours in the logarithm.

    Values outside the grid go to its end.
    """
    position = np.log(value / grid[0]) / np.log(grid[1] / grid[0])
    position = np.clip(position, 0.0, grid.size - 1.000001)
    left = position.astype(int)
    part = position - left
    low = np.bincount(left, weight * (1.0 - part), grid.size)
    return low + np.bincount(left + 1, weight * part, grid.size)


def decay_vectors(
    mass: float,
    parent: float,
    momentum: np.ndarray,
    angle: np.ndarray,
    seen: Acceptance,
    other: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of one decay each, to a vector and a particle of mass `other`, of mesons with
    `momentum` (m,) (GeV) at `angle` (m,) to the beam.

    Returns momenta of the vector (GeV) and the shares of decays that give them towards the
    detector, each (m, NODES). The decay is isotropic in the rest frame of the meson, which is
    exact for a spinless one; energies E = gamma (E* + beta p* cos).
    """
    cos, weight = np.polynomial.legendre.leggauss(NODES)
    energy_rest = (parent**2 + mass**2 - other**2) / (2.0 * parent)
    # as a product, which stays positive just below the threshold
    open_ = (parent - other - mass) * (parent - other + mass)
    p_rest = np.sqrt(open_ * ((parent + other) ** 2 - mass**2)) / (2.0 * parent)
    gamma = (np.sqrt(momentum**2 + parent**2) / parent)[:, None]
    gamma_beta = (momentum / parent)[:, None]
    energy = gamma * energy_rest + gamma_beta * p_rest * cos
    along = gamma * p_rest * cos + gamma_beta * energy_rest
    across = p_rest * np.sqrt(1.0 - cos**2)
    turned = np.arctan2(across, along)
    tilt = np.broadcast_to(angle[:, None], turned.shape)
    part = cone_fraction(tilt, turned, seen.outer)
    if seen.inner > 0.0:
        part = part - cone_fraction(tilt, turned, seen.inner)
    part = np.where(energy >= seen.energy, 0.5 * weight * seen.azimuth * part, 0.0)
    return np.hypot(along, across), part
