"""Pairs from a vector that flies along the beams: how many have both tracks in a detector.

Massless fermions keep their helicity at a vector or axial vertex and flip it at a dipole. With the
photon along a beam, e+ e- therefore make a vector of spin +-1 along the beams by the one and of
spin 0 by the other, and pairs come out accordingly. Structures are called `vector` and `dipole`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vectorportal.bounds.experiments.vector import Vector
from vectorportal.formulas.spectral import dipole_pair
from vectorportal.inputs.standard_model import StandardModel

__all__ = ["accepted", "decay_shares", "shape"]

_LEPTONS = {"ee": ("e", "m_e"), "mumu": ("mu", "m_mu")}
_ROUND, _SQUARE, _LONG = (1.0, 1.0, 0.75), (1.0, -1.0, 1.5), (0.0, 1.0, 3.0)
"""a and b of a distribution a + b c^2 of the cosine to the beam in the rest frame of the vector,
and 1/(a + b/3)"""
_SHAPES = {
    ("vector", "vector"): _ROUND,
    ("vector", "dipole"): _SQUARE,
    ("dipole", "vector"): _SQUARE,
    ("dipole", "dipole"): _LONG,
}


def shape(final: str, production: str, decay: str) -> tuple[float, float, float]:
    """Distribution of a pair `final` by the structures that make the vector and let it decay.

    Pions come out as leptons do by a dipole: with spin 0 along their axis.
    """
    return _SHAPES[production, "dipole" if final == "pipi" else decay]


def accepted(
    s: float, boost: float, mass: np.ndarray, edge: float, form: tuple[float, float, float]
) -> np.ndarray:
    """Fraction of pairs with both tracks at |cos| < `edge` in the laboratory; (n,).

    The photon takes the rest of s along either beam; the centre of mass moves with `boost`. Tracks
    are massless and distributed by `form` (see `shape`).
    """
    a, b, norm = form
    total = np.zeros_like(mass)
    for side in (1.0, -1.0):
        own = side * (s - mass**2) / (s + mass**2)
        velocity = (own + boost) / (1.0 + own * boost)
        low, high = ((sign * edge - velocity) / (1.0 - sign * edge * velocity) for sign in (-1, 1))
        # back-to-back in the rest frame: c and -c both between low and high
        limit = np.clip(np.minimum(high, -low), 0.0, 1.0)
        total = total + 0.5 * norm * (a * limit + b * limit**3 / 3.0)
    return total


def decay_shares(vector: Vector, final: str) -> dict[str, Any]:
    """Parts (n,) of the decays to `final` by the structure of the vertex; they sum to 1.

    What interferes (of order m_l/m_V) counts as `vector`.
    """
    lepton, name = _LEPTONS.get(final, ("", ""))
    if lepton not in vector.dipoles or final not in vector.widths:
        return {"vector": 1.0}
    sm = StandardModel.default()
    square = (sm.e * np.asarray(vector.dipoles[lepton])) ** 2
    alone = dipole_pair(vector.mass**2, getattr(sm, name), square, 0.0) / vector.mass
    width = np.asarray(vector.widths[final])
    part = np.clip(alone / np.where(width > 0.0, width, 1.0), 0.0, 1.0)
    return {"vector": 1.0 - part, "dipole": part}
