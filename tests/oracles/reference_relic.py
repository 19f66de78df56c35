"""A slow, independent freeze-out solver: only the cross section is taken from the package.

The thermal average sums a dense Gauss-Legendre rule in the logarithm of the distance to every break
point (no map, kernel table or panel allotment of the package), with SciPy's Bessel functions. The
Boltzmann equation for ln Y is handed to SciPy's Radau integrator at rtol 1e-10.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import k1e, kve

from vectorportal.inputs.dof import DofTable
from vectorportal.models.channels import Annihilation, Kinematics

M_PLANCK = 1.220890e19
T_CMB = 2.7255 * 8.617333262e-14
RHO_CRITICAL = 8.095896e-47


def _log_rule(length: float, smallest: float, per_decade: int = 12) -> tuple[Any, Any]:
    """Nodes d in (0, length) and weights: ln d in many short panels down to `smallest`."""
    if length <= 0.0:
        return np.empty(0), np.empty(0)
    top = np.log(length)
    bottom = min(np.log(smallest), top - 1.0)
    panels = int(np.ceil((top - bottom) / np.log(10.0) * per_decade / 4.0)) + 1
    edges = np.linspace(bottom, top, panels + 1)
    t, w = np.polynomial.legendre.leggauss(16)
    y = 0.5 * (edges[1:, None] - edges[:-1, None]) * (t + 1.0) + edges[:-1, None]
    weight = 0.5 * (edges[1:, None] - edges[:-1, None]) * w
    d = np.exp(y)
    return d.ravel(), (weight * d).ravel()


def energy_nodes(process: Annihilation, eta_max: float = 25.0) -> tuple[Any, Any, Any]:
    """eta, eta - eta_pole and weights for one point (arrays of `process` have length 1)."""
    pole = float(process.breaks[0].position[0])
    found = [(0.0, 1e-14)]
    for b in process.breaks:
        position, width = float(b.position[0]), float(b.width[0])
        if 0.0 < position < eta_max:
            found.append((position, 1e-9 * width if width > 0.0 else 1e-12))
    found.append((eta_max, 1.0))
    found.sort()
    out = [[], [], []]
    for (low, small_low), (high, small_high) in pairwise(found):
        half = 0.5 * (high - low)
        for anchor, sign, small in ((low, 1.0, small_low), (high, -1.0, small_high)):
            d, w = _log_rule(half, small)
            out[0].append(anchor + sign * d)
            out[1].append((anchor - pole) + sign * d)
            out[2].append(w)
    eta, from_pole, weight = (np.concatenate(o) for o in out)
    return eta, from_pole, weight


class Reference:
    """Thermal averages and yields of one point."""

    def __init__(self, process: Annihilation, dof: DofTable) -> None:
        self.process, self.dof = process, dof
        self.mass = float(process.m_dm[0])
        eta, from_pole, weight = energy_nodes(process)
        m_v = float(process.m_v[0])
        root_gap = 2.0 * self.mass * from_pole
        detuning = root_gap * (2.0 * m_v + root_gap)
        at = Kinematics.make(eta[None, :], detuning[None, :], process.m_dm[:, None])
        beta_sigma = np.asarray(process.flux_sigma(at))[0]
        beta = np.sqrt(eta * (2.0 + eta)) / (1.0 + eta)
        # <sigma v> = 1/(8 m^4 T K2^2) int sigma (s - 4m^2) sqrt(s) K1(sqrt s/T) ds
        root_s = 2.0 * self.mass * (1.0 + eta)
        jacobian = 8.0 * self.mass**2 * (1.0 + eta)
        self.eta, self.root_s = eta, root_s
        self.f = beta_sigma / beta * (4.0 * self.mass**2 * eta * (2.0 + eta)) * root_s
        self.f *= jacobian * weight

    def sigma_v(self, x: float) -> float:
        """<sigma v> in GeV^-2."""
        t = self.mass / x
        k1 = k1e(self.root_s / t) * np.exp(-2.0 * x * self.eta)
        return float(np.sum(self.f * k1) / (8.0 * self.mass**4 * t * kve(2, x) ** 2))

    def log_y_eq(self, x: float) -> float:
        """ln of the equilibrium yield, particle and antiparticle together."""
        g_s = float(self.dof.g_s(self.mass / x))
        number = 45.0 * self.process.spin_states / (4.0 * np.pi**4 * g_s)
        return float(np.log(number * x * x * kve(2, x)) - x)

    def rate(self, x: float) -> float:
        """kappa s <sigma v>/Htilde."""
        t = self.mass / x
        if t < T_CMB:
            return 0.0
        g_rho, g_s = float(self.dof.g_rho(t)), float(self.dof.g_s(t))
        slope = float(self.dof.dln_g_s_dln_t(t))
        entropy = 2.0 * np.pi**2 / 45.0 * g_s * t**3
        hubble = np.sqrt(8.0 * np.pi**3 * g_rho / 90.0) * t * t / M_PLANCK
        factor = self.process.pair_factor * (1.0 + slope / 3.0)
        return factor * entropy * self.sigma_v(x) / hubble

    def omega_h2(self, rtol: float = 1e-10) -> float:
        """Omega h^2 from Radau in ln Y, started where equilibrium holds to about 1e-7."""
        grid = np.linspace(1.0, 300.0, 600)
        strength = np.array([np.log(self.rate(x) + 1e-300) + self.log_y_eq(x) for x in grid])
        tight = np.nonzero(strength > np.log(1e7))[0]
        start = grid[tight[-1]] if tight.size else 1.0

        def slope(log_x: float, y: Any) -> list[float]:
            x = float(np.exp(log_x))
            log_eq = self.log_y_eq(x)
            ratio = np.exp(np.clip(2.0 * (log_eq - y[0]), -700.0, 700.0))
            return [-self.rate(x) * np.exp(y[0]) * (1.0 - ratio)]

        solution = solve_ivp(
            slope,
            (np.log(start), np.log(1e8)),
            [self.log_y_eq(start)],
            method="Radau",
            rtol=rtol,
            atol=1e-11,
        )
        s_0 = 2.0 * np.pi**2 / 45.0 * float(self.dof.g_s(T_CMB)) * T_CMB**3
        return self.mass * float(np.exp(solution.y[0, -1])) * s_0 / RHO_CRITICAL
