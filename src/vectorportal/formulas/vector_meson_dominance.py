"""Vector-meson dominance: a vector enters a hadronic amplitude through the rho, omega and phi.

Mesons are diagonal U(3) matrices T in (u, d, s) with Tr T_V T_W = delta_VW/2, so that
sum_V 2 T_V Tr(T_V X) = X for any charges X = diag(x_u, x_d, x_s): far below the poles a vector sees
the quark charges themselves. The amplitude of P -> gamma V and of V1 -> P V is
sum_V' 2 Tr(T_1 T_2 T_V') Tr(T_V' X) BW_V'(m^2) [Fujiwara:1985; Tulin:2014; Ilten:2018], with T = Q
for a photon, whose own poles all lie far away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vectorportal.inputs.hadrons import CHARGED_PION
from vectorportal.numerics.arrays import namespace

__all__ = [
    "ETA_ANGLE",
    "MATRICES",
    "PHOTON",
    "POLES",
    "breit_wigner",
    "dominance",
    "proton_amplitude",
    "trace",
]

Diagonal = tuple[float, float, float]

PHOTON: Diagonal = (2 / 3, -1 / 3, -1 / 3)
ETA_ANGLE = math.radians(39.3)
"""eta-eta' mixing in the quark-flavour basis; with F_Q, F_S from [Feldmann:1998]"""
F_Q, F_S = 1.07, 1.34
"""Decay constants of the non-strange and the strange part of eta and eta', over that of the pion"""


def _eta_matrix(non_strange: float, strange: float) -> Diagonal:
    """diag of an eta state: its two flavour amplitudes over their decay constants."""
    light = 0.5 * non_strange / F_Q
    return light, light, strange / (math.sqrt(2.0) * F_S)


MATRICES: dict[str, Diagonal] = {
    "rho": (0.5, -0.5, 0.0),
    "omega": (0.5, 0.5, 0.0),
    "phi": (0.0, 0.0, math.sqrt(0.5)),
    "pi0": (0.5, -0.5, 0.0),
    "eta": _eta_matrix(math.cos(ETA_ANGLE), -math.sin(ETA_ANGLE)),
    "eta-prime": _eta_matrix(math.sin(ETA_ANGLE), math.cos(ETA_ANGLE)),
}
"""omega and phi ideally mixed; eta and eta-prime weighted with 1/decay constant (pion: 1)"""

POLES = {"rho": (0.77526, 0.1491), "omega": (0.78266, 0.00868), "phi": (1.01946, 0.004249)}
"""Mass and width in GeV [PDG:2022]"""

# Poles of the proton's Dirac form factor, (residue, mass, width) in GeV, after rho or omega.
# The residues are the fit of [Faessler:2010], divided by their sum; the lowest poles stand at the
# masses of the PDG, and widths vanish at m = 0.
_ISOVECTOR = 0.616, ((0.223, 1.25, 0.30), (-0.339, 1.45, 0.50))
_ISOSCALAR = 1.011, ((-0.881, 1.25, 0.30), (0.369, 1.45, 0.50))


def trace(*diagonals: tuple[Any, Any, Any]) -> Any:
    """Tr of a product of diagonal matrices, each given as its three entries."""
    total: Any = 0.0
    for flavour in range(3):
        product: Any = 1.0
        for diagonal in diagonals:
            product = product * diagonal[flavour]
        total = total + product
    return total


def breit_wigner(meson: str, mass: Any) -> Any:
    """BW = M^2/(M^2 - m^2 - i Gamma(m) m) at `mass` m (GeV, any shape): complex, 1 at m = 0.

    The rho decays to two pions in a p-wave, Gamma(m) = Gamma (M/m)^2 (k/k_M)^3 with the pion
    momentum k, zero below 2 m_pi; omega and phi are narrow, Gamma(m) = Gamma m/M.
    """
    xp = namespace(mass)
    pole, width = POLES[meson]
    m2 = xp.asarray(mass) ** 2
    if meson != "rho":
        return pole**2 / (pole**2 - m2 - 1j * width * m2 / pole)
    floor = 4 * CHARGED_PION**2
    above = m2 > floor
    safe = xp.where(above, m2, 1.0)
    speed = (1 - floor / safe) / (1 - floor / pole**2)
    # k/k_M = (m/M) (beta/beta_M), so that m Gamma(m) = Gamma (m^2/M) (beta/beta_M)^3
    running = xp.where(above, pole * width * (safe / pole**2) * xp.abs(speed) ** 1.5, 0.0)
    return pole**2 / (pole**2 - m2 - 1j * running)


def dominance(first: Diagonal, second: Diagonal, mass: Any, charges: Mapping[str, Any]) -> Any:
    """sum_V 2 Tr(T_1 T_2 T_V) Tr(T_V X) BW_V(m^2) for `charges` u, d, s: complex.

    `first`, `second`: diagonals of the other two legs (`PHOTON` for a photon).
    """
    xp = namespace(mass, *charges.values())
    x = tuple(xp.asarray(charges.get(q, 0.0)) for q in ("u", "d", "s"))
    total: Any = 0.0
    for meson in POLES:
        weight = 2 * trace(first, second, MATRICES[meson])
        if abs(weight) > 1e-15:
            total = total + weight * trace(MATRICES[meson], x) * breit_wigner(meson, mass)
    return total


def proton_amplitude(mass: Any, charges: Mapping[str, Any]) -> Any:
    """Dirac form factor of the proton at q^2 = m^2 for a vector with `charges` u, d: complex.

    (u - d) F_rho + 3 (u + d) F_omega: the isovector and the isoscalar part of the electromagnetic
    form factor are sums of three poles each [Faessler:2010] and 1/2 at m = 0, so that the amplitude
    is 2u + d there. Strange quarks do not count.
    """
    xp = namespace(mass, *charges.values())
    u, d = (xp.asarray(charges.get(q, 0.0)) for q in ("u", "d"))
    m = xp.asarray(mass)
    return (u - d) * _poles(m, "rho", *_ISOVECTOR) + 3 * (u + d) * _poles(m, "omega", *_ISOSCALAR)


def _poles(m: Any, meson: str, first: float, others: tuple[tuple[float, float, float], ...]) -> Any:
    """Sum over the poles of one isospin, 1/2 at m = 0; widths as Gamma m/M."""
    total = first * breit_wigner(meson, m)
    for residue, pole, width in others:
        total = total + residue / (1 - (m / pole) ** 2 * (1 + 1j * width / pole))
    return 0.5 * total / (first + sum(residue for residue, _, _ in others))
