"""Dark matter pairs annihilating through s-channel vectors into Standard Model states.

Every formula is times beta = (1 - 4 m_dm^2/s)^(1/2), the velocity of either particle in the
centre of mass: `beta sigma` stays finite at threshold. With a conserved final current the cross
section is a product of a dark factor and a spectral function W (formulas/spectral.py) whose
couplings are amplitudes sum_V x_V g_V/(s - m_V^2 + i m_V Gamma_V). Spin averaged; W summed.
The q_mu q_nu/m_V^2 terms drop out also for Majorana pairs, whose current is not conserved: their
sum over V and Z is the (dark, unmixed Z) element of the inverse mass matrix, which vanishes because
the dark mass stands in the dark field alone. So there is no helicity-suppressed s-wave.
"""

from __future__ import annotations

from math import pi
from typing import Any

__all__ = ["PAIR_FACTOR", "SPIN_STATES", "dark_factor", "propagator"]

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


def propagator(detuning: Any, mass: Any, width: Any) -> tuple[Any, Any]:
    """Real and imaginary part of 1/(s - m^2 + i m Gamma), from detuning = s - m^2 (GeV^2)."""
    absorptive = mass * width
    norm = 1.0 / (detuning * detuning + absorptive * absorptive)
    return detuning * norm, -absorptive * norm
