"""Relic density of dark-dipole against the slow solver, with the cross section of its own.

The oracle takes (6)-(7) for e+e- and massless neutrinos, nothing else being open below the muon
threshold, and the dark width; the thermal average and the Boltzmann equation are those of
reference_relic.py.
"""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pytest

from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkDipole
from vectorportal.models.channels import Channel, Kinematics
from vectorportal.observables.base import evaluate

from .reference_relic import Reference

M_E, ALPHA = 0.51099895e-3, 1.0 / 137.036
POINTS = [
    {"m_v": 0.05, "m_dm": 0.02, "lambda_over_alpha_d": 2e4, "alpha_d": 0.1},
    {"m_v": 0.05, "m_dm": 0.024, "lambda_over_alpha_d": 3e5, "alpha_d": 1.0},
    {"m_v": 0.04, "m_dm": 0.019, "lambda_over_alpha_d": 1e5, "alpha_d": 0.01, "epsilon": 3e-5},
    {"m_v": 0.05, "m_dm": 0.03, "lambda_over_alpha_d": 7e3, "alpha_d": 1e-3},
    {"m_v": 0.03, "m_dm": 0.01498, "lambda_over_alpha_d": -1e6, "alpha_d": 0.05, "epsilon": 2e-6},
    {"m_v": 0.06, "m_dm": 0.02, "lambda_over_alpha_d": 3e4, "alpha_d": 0.3, "flavour_factor": 4.0},
    {"m_v": 0.003, "m_dm": 0.0012, "lambda_over_alpha_d": 2e4, "alpha_d": 0.1, "epsilon": 1e-4},
]


def written_out(point: dict[str, float], at: Kinematics) -> np.ndarray:
    """beta sigma of (6), with (7) for e+e- and F - 1 times its massless dipole part."""
    m_v, m, alpha_d = point["m_v"], point["m_dm"], point["alpha_d"]
    epsilon, scale = point.get("epsilon", 0.0), point["lambda_over_alpha_d"]
    factor = point.get("flavour_factor", 1.0)
    s = at.s
    mu = M_E**2 / m_v**2
    kinetic = ALPHA * epsilon**2 * (1.0 + 2.0 * mu)
    dipole = m_v**2 / (2.0 * alpha_d * scale**2) * (1.0 + 8.0 * mu)
    mixed = -6.0 * epsilon * (ALPHA / alpha_d) ** 0.5 * M_E / scale
    width = m_v / 3.0 * (1.0 - 4.0 * mu) ** 0.5 * (kinetic + dipole + mixed)
    width += m_v / 3.0 * (factor - 1.0) * m_v**2 / (2.0 * alpha_d * scale**2)
    if m_v > 2.0 * m:
        width += alpha_d * m_v / 12.0 * (1.0 - 4.0 * m * m / m_v**2) ** 1.5
    beta_f = np.sqrt(1.0 - 4.0 * M_E**2 / s)
    electron = ALPHA * alpha_d * epsilon**2 * (3.0 - beta_f**2) / 2.0
    electron = electron + 0.5 * s / scale**2 * (3.0 - 2.0 * beta_f**2)
    gap = np.sqrt(np.maximum(1.0 - beta_f**2, 0.0))
    electron = electron - 3.0 * epsilon * np.sqrt(ALPHA * alpha_d * s) / scale * gap
    bracket = beta_f * electron + (factor - 1.0) * 0.5 * s / scale**2
    return 4.0 * pi / 3.0 * s * at.beta**2 / (at.detuning**2 + (width * m_v) ** 2) * bracket


@pytest.mark.parametrize("point", POINTS)
def test_relic_density_from_the_papers_cross_section(point: dict[str, float]) -> None:
    inputs = Inputs(hadrons="none")
    model = DarkDipole(**{k: np.array([v]) for k, v in point.items()})
    found = evaluate(model, "omega_h2", inputs=inputs, options=Options(channels="standard-model"))
    assert found.status[0] == 0
    process = model.annihilation(inputs, "standard-model")
    assert not (inputs.sm.m_mu < 3.0 * point["m_dm"])
    own = Channel("sm", ("sm", "sm"), lambda at: written_out(point, at), "oracle")
    exact = Reference(replace(process, channels=(own,)), load_dof(inputs.dof)).omega_h2()
    estimate = np.asarray(found.error_estimate)[0]
    assert found.value[0] == pytest.approx(exact, rel=max(1e-4, 2.0 * estimate), abs=0.0)
