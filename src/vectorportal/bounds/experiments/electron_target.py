"""Targets of electron beams: what formulas/target_photons.py holds, and the path of the shower."""

from __future__ import annotations

import numpy as np

from vectorportal.formulas.target_photons import (
    MATERIALS,
    Flux,
    Material,
    effective_flux,
    form_factor_squared,
    material,
)

__all__ = [
    "MATERIALS",
    "Flux",
    "Material",
    "effective_flux",
    "form_factor_squared",
    "material",
    "path_above",
]

_B = 4.0 / 3.0
"""Energy loss of Tsai's thin-target formula: b = 4/3"""


def path_above(y: np.ndarray, depth: float) -> np.ndarray:
    """Radiation lengths that a beam electron travels with an energy above E0 exp(-y), (n,).

    `depth` is the target in radiation lengths. Of the electrons at depth t, the fraction
    P(b t, y) is above that energy (P: regularised incomplete gamma function, b = 4/3), which is
    the integral of I_e = (ln E0/E)^(bt-1)/(E0 Gamma(bt)): appendix A of [Bjorken:2009], after
    [Tsai:1966]. Electrons and positrons from secondary photons are left out.
    """
    from scipy.special import gammainc

    y = np.asarray(y, dtype=np.float64)
    # above t ~ 20 + 2 y the fraction is below 1e-6
    end = min(depth, 20.0 + 2.0 * float(y.max(initial=0.0)))
    nodes, weights = np.polynomial.legendre.leggauss(64)
    # t = end u^2 puts nodes at small depth, where the fraction drops fast for small y
    u = 0.5 * (nodes + 1.0)
    t, w = end * u**2, end * u * weights
    return gammainc(_B * t, y[:, None]) @ w
