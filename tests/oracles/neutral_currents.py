"""Couplings of V and Z from the components of the two states, not from the package's couplings.

B = c_w A - s_w Z0 - eta X, W3 = s_w A + c_w Z0 with Z0 = c_a Z - s_a V, X = s_a Z + c_a V and
eta = (epsilon/c_w)/k, k = (1 - epsilon^2/c_w^2)^(1/2); only the mixing angle and the unmixed Z mass
are taken from the package (tests/unit/test_kinetic_mixing.py checks them by diagonalisation).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from vectorportal.inputs.settings import Inputs


class State(NamedTuple):
    """A mass eigenstate: its components in B and W3, and in the dark current."""

    b: float
    w3: float
    dark: float


class Currents:
    """Couplings of V and Z at one point of a model with a kinetically mixed vector."""

    def __init__(self, model: Any, inputs: Inputs) -> None:
        sm, mix = inputs.sm, model.mixing(inputs)
        self.s_w, self.c_w = np.sqrt(sm.sw2), np.sqrt(1 - sm.sw2)
        self.e = np.sqrt(4 * np.pi * sm.alpha)
        s_a, c_a = float(np.squeeze(mix.sin_alpha)), float(np.squeeze(mix.cos_alpha))
        epsilon = float(np.squeeze(model.epsilon))
        k = np.sqrt(1 - (epsilon / self.c_w) ** 2)
        eta = epsilon / self.c_w / k
        self.m_z0 = float(np.sqrt(np.squeeze(mix.m_z_hat2)))
        self.v = State(self.s_w * s_a - eta * c_a, -self.c_w * s_a, c_a / k)
        self.z = State(-self.s_w * c_a - eta * s_a, self.c_w * c_a, s_a / k)

    def chiral(self, state: State, charge: float, t3: float) -> tuple[float, float]:
        """g_L, g_R = g T3 W3 + g' Y B with Y = Q - T3 for left and Y = Q for right."""
        left = self.e / self.s_w * t3 * state.w3 + self.e / self.c_w * (charge - t3) * state.b
        return float(left), float(self.e / self.c_w * charge * state.b)

    def ww(self, state: State) -> float:
        """Strength g W3 of the Yang-Mills vertex."""
        return float(self.e / self.s_w * state.w3)

    def kappa(self, state: State) -> float:
        """V^mu Z_mu h from (g m_Z0/(2 c_w)) h Z0^2: twice the product of both components."""

        def weak(field: State) -> float:
            return self.c_w * field.w3 - self.s_w * field.b

        return float(self.e / (self.s_w * self.c_w) * self.m_z0 * weak(state) * weak(self.z))
