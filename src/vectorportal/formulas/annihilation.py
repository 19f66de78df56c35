"""Dark matter pairs annihilating through s-channel vectors into Standard Model states.

Every formula is times beta = (1 - 4 m_dm^2/s)^(1/2), the velocity of either particle in the
centre of mass: `beta sigma` stays finite at threshold. With a conserved final current the cross
section is a product of a dark factor and a spectral function W (formulas/spectral.py) whose
couplings are amplitudes sum_V x_V g_V/(s - m_V^2 + i m_V Gamma_V). Spin averaged; W summed.
"""

from __future__ import annotations

from math import pi
from typing import Any

from vectorportal.formulas.spectral import velocity

__all__ = ["PAIR_FACTOR", "SPIN_STATES", "dark_factor", "longitudinal_pair", "propagator"]

SPIN_STATES = {"complex-scalar": 2, "dirac": 4, "majorana": 2}
"""internal states of the dark matter, particle and antiparticle together"""

PAIR_FACTOR = {"complex-scalar": 0.5, "dirac": 0.5, "majorana": 1.0}
"""kappa in dn/dt + 3 H n = -kappa <sigma v> (n^2 - n_eq^2), n particle and antiparticle together"""


def dark_factor(dm: str, s: Any, m_dm: Any, alpha_d: Any, beta: Any) -> Any:
    """beta sigma / W; dimensionless.

    complex-scalar and majorana (axial): 4 pi alpha_d beta^2; dirac: 4 pi alpha_d (1 + 2 m^2/s).
    From sigma = 12 pi s Gamma_in Gamma_out / (g_1 g_2 p^2 |D|^2) with the widths of spectral.py
    (twice that for the identical Majorana particles).
    """
    if dm == "dirac":
        return 4.0 * pi * alpha_d * (1.0 + 2.0 * m_dm**2 / s)
    return 4.0 * pi * alpha_d * beta**2


def longitudinal_pair(
    s: Any, m_dm: Any, alpha_d: Any, mass: Any, amplitude2: Any, colours: float = 1.0
) -> Any:
    """beta sigma of Majorana pairs into f fbar through q_mu q_nu/m_V^2 (spin 0, s-wave).

    4 N_c alpha_d m_dm^2 m_f^2 s beta_f |H|^2, H = sum_V x_V g_A (s - m_V^2)/(m_V^2 s D_V), with
    g_A = (g_R - g_L)/2. It does not interfere with the spin-1 part.
    """
    return 4.0 * colours * alpha_d * m_dm**2 * mass**2 * s * velocity(s, mass) * amplitude2


def propagator(detuning: Any, mass: Any, width: Any) -> tuple[Any, Any]:
    """Real and imaginary part of 1/(s - m^2 + i m Gamma), from detuning = s - m^2 (GeV^2)."""
    absorptive = mass * width
    norm = 1.0 / (detuning * detuning + absorptive * absorptive)
    return detuning * norm, -absorptive * norm
