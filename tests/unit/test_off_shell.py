"""phi phi* -> V V* with one V off shell: amplitudes, limits, the integral and the observable."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from oracles import off_shell_pair
from vectorportal.formulas import spectral
from vectorportal.formulas.secluded import beta_sigma_v_v
from vectorportal.formulas.secluded_off_shell import beta_sigma_two_masses, off_shell_rule
from vectorportal.inputs.settings import Inputs
from vectorportal.models import ChargedVector, DarkDipole, DarkPhoton
from vectorportal.numerics.panels import Rule
from vectorportal.observables.base import OUT_OF_VALIDITY, Result, evaluate, gradient
from vectorportal.units import GEV2_TO_CM3_PER_S

ALPHA, M_DM = 0.3, 0.7
G = float(np.sqrt(4.0 * np.pi * ALPHA))
NAME = "sigma_v_off_shell_cm3_s"


def integral(function: Any, low: float, high: float, epsrel: float = 1e-10) -> float:
    """Adaptive quadrature with square roots at both ends taken out, M = low + span sin^2 t."""
    span = high - low

    def smooth(t: float) -> float:
        return function(low + span * np.sin(t) ** 2) * span * np.sin(2 * t)

    return quad(smooth, 0.0, np.pi / 2, epsabs=0.0, epsrel=epsrel, limit=400)[0]


def asked(model: Any, **settings: Any) -> Result:
    return evaluate(model, NAME, **settings)


@pytest.mark.parametrize(
    ("m_1", "m_2", "eta"),
    [
        (0.3, 0.5, 0.0),
        (0.3, 0.5, 0.1),
        (0.9, 0.2, 1e-3),
        (0.9, 0.2, 1.0),
        (0.69, 1e-3, 0.4),
        (0.65, 0.749, 1e-6),
        (1.2, 0.1, 30.0),
        (2.0, 1.0, 2.0),
    ],
)
def test_two_masses_against_explicit_polarisations(m_1: float, m_2: float, eta: float) -> None:
    s = (2 * np.longdouble(M_DM) * (1 + np.longdouble(eta))) ** 2
    explicit = off_shell_pair.beta_sigma_two_masses(M_DM, G, m_1, m_2, s)
    for masses in ((m_1, m_2), (m_2, m_1)):
        found = beta_sigma_two_masses(eta, M_DM, *masses, ALPHA)
        assert found == pytest.approx(explicit, rel=1e-11, abs=0)


@pytest.mark.parametrize("ratio", [0.01, 0.5, 0.99, 1.3])
def test_equal_masses_are_twice_the_identical_pair(ratio: float) -> None:
    eta = np.array([0.0, 1e-6, 0.4, 5.0, 1e3])
    pair = beta_sigma_v_v("complex-scalar", eta, M_DM, ratio * M_DM, ALPHA)
    found = beta_sigma_two_masses(eta, M_DM, ratio * M_DM, ratio * M_DM, ALPHA)
    np.testing.assert_allclose(found, 2.0 * pair, rtol=1e-10)


def test_at_rest_and_massless() -> None:
    """sigma v = (4 pi alpha^2/m^2) lambda^(1/2)/s (1 + 2 m1^2 m2^2/S^2); 4 pi alpha^2/m^2."""
    s, m_1, m_2 = 4 * M_DM**2, 0.8, 0.4
    big_s = s - m_1**2 - m_2**2
    root = np.sqrt(big_s**2 - 4 * m_1**2 * m_2**2)
    unit = 4 * np.pi * ALPHA**2 / M_DM**2
    expected = unit * root / s * (1 + 2 * m_1**2 * m_2**2 / big_s**2)
    assert 2 * beta_sigma_two_masses(0.0, M_DM, m_1, m_2, ALPHA) == pytest.approx(expected)
    assert 2 * beta_sigma_two_masses(0.0, M_DM, 0.0, 0.0, ALPHA) == pytest.approx(unit)
    assert beta_sigma_two_masses(0.0, M_DM, 0.8, 0.61, ALPHA) == 0.0
    assert beta_sigma_two_masses(-0.1, M_DM, 0.1, 0.1, ALPHA) == 0.0


@pytest.mark.parametrize("couplings", [(0.1, 0.0), (0.0, 0.2), (0.1, 0.2), (-0.1, 0.2)])
def test_three_bodies_factorise(couplings: tuple[float, float]) -> None:
    """Explicit spinors of f fbar: d(sigma v)/dM^2 |D|^2 = 2 beta sigma(V V*) W(M^2)/pi."""
    m_dm, m_v, mass, m_f = 0.1, 0.12, 0.05, 0.01
    explicit = off_shell_pair.three_body_density(m_dm, G, m_v, mass, m_f, couplings)
    vector, dipole = couplings
    w = spectral.fermion_pair(mass**2, m_f, 2 * vector**2, vector**2)
    w = w + spectral.dipole_pair(mass**2, m_f, dipole**2, vector * dipole)
    found = 2 * beta_sigma_two_masses(0.0, m_dm, m_v, mass, ALPHA) * w / np.pi
    assert found == pytest.approx(explicit, rel=1e-12, abs=0)


def _density(mass: float, m_v: float, width: float, eta: float = 0.0) -> float:
    """2 beta sigma dM^2/(pi |D|^2) per dM, without W."""
    norm = (mass**2 - m_v**2) ** 2 + (m_v * width) ** 2
    return 4 * mass / np.pi / norm * float(beta_sigma_two_masses(eta, M_DM, m_v, mass, ALPHA))


def test_narrow_width_above_threshold_counts_both_vectors() -> None:
    """W = m_v Gamma turns V V* into sigma(V V) of distinguishable vectors, twice that of a pair."""
    m_v, width = 0.5, 1e-5
    near = [m_v + k * width for k in (-1e3, -10, 0, 10, 1e3)]
    top = 2 * M_DM - m_v
    found = quad(_density, 0, top, args=(m_v, width), points=near, limit=400, epsrel=1e-9)[0]
    pair = 2 * beta_sigma_v_v("complex-scalar", 0.0, M_DM, m_v, ALPHA)
    assert found * m_v * width == pytest.approx(2 * pair, rel=3e-4)


@pytest.mark.parametrize("ratio", [1.05, 1.6, 1.99, 1.99999])
@pytest.mark.parametrize("eta", [0.0, 1e-3])
def test_the_rule_against_adaptive_quadrature(ratio: float, eta: float) -> None:
    """W with a threshold at 0.05 GeV: sum of weights times W. ratio = 2 m_dm/m_v."""
    m_v, width = 2 * M_DM * (1 + eta) / ratio, 1e-9

    def w(mass: Any) -> Any:
        return spectral.fermion_pair(mass**2, 0.025, 2.0, 1.0)

    top = 2 * M_DM * (1 + eta) - m_v
    gap = 2 * (m_v - top)
    cuts = sorted({0.05, *(top - gap * k for k in (0.1, 1.0, 10.0, 100.0) if gap * k < top - 0.05)})
    pieces = zip(cuts, [*cuts[1:], top], strict=True)
    exact = sum(integral(lambda m: _density(m, m_v, width, eta) * w(m), *ends) for ends in pieces)
    more = [(0.05, 0.0)], Rule(48, 8), np.array([eta])
    m_dm, m_vs, widths, alphas = (np.array([x]) for x in (M_DM, m_v, width, ALPHA))
    mass, weight = off_shell_rule(m_dm, m_vs, widths, alphas, *more)
    assert np.sum(weight * w(mass)) == pytest.approx(exact, rel=1e-7, abs=0)


def test_where_the_rule_is_closed() -> None:
    m_dm = np.array([0.4, 1.01])
    one = np.ones(2)
    _, weight = off_shell_rule(m_dm, one, 1e-9 * one, one, [(1e-3, 0.0)], Rule(20, 4))
    assert not weight.any()


MODELS = {
    "dark-photon": lambda **k: DarkPhoton(**{"epsilon": 1e-4, "alpha_d": 0.1, **k}),
    "charged-vector": lambda **k: ChargedVector(g_x=1e-4, q_dm=1e4, charges="B-L", **k),
    "dark-dipole": lambda **k: DarkDipole(**{"lambda_over_alpha_d": 1e4, "alpha_d": 0.1, **k}),
}


def by_quadrature(model: Any, ends: tuple[float, ...], epsrel: float = 1e-10) -> float:
    """sigma v of V V* in cm^3/s from adaptive quadrature over each of the pieces between `ends`."""
    inputs, m_dm, m_v = Inputs.default(), float(model.m_dm), float(model.m_v)
    alpha, width = float(model.alpha_d), float(model.mediator(inputs).width_total)

    def density(mass: float) -> float:
        w = sum(float(v) for v in model.spectral(mass**2, inputs).values())
        rate = float(beta_sigma_two_masses(0.0, m_dm, m_v, mass, alpha))
        return 4 * mass / np.pi * rate * w / ((mass**2 - m_v**2) ** 2 + (m_v * width) ** 2)

    pieces = [integral(density, *pair, epsrel) for pair in pairwise(ends)]
    return sum(pieces) * GEV2_TO_CM3_PER_S


@pytest.mark.parametrize("name", MODELS)
def test_observable_below_and_above(name: str) -> None:
    """Blank below 2 m_dm = m_v, the quadrature of V V* with W from `spectral`, V V above."""
    m_v, m_dm = 0.2, np.array([0.09, 0.15, 0.21])
    model = MODELS[name](m_v=m_v, m_dm=m_dm)
    found = asked(model)
    assert found.status[0] == OUT_OF_VALIDITY
    assert np.isnan(found.value[0])
    alone = MODELS[name](m_v=m_v, m_dm=0.15)
    exact = by_quadrature(alone, (0.0, 2 * Inputs.default().sm.m_e, 0.1))
    assert found.value[1] == pytest.approx(exact, rel=1e-8, abs=0)
    alpha = float(np.asarray(model.alpha_d))
    pair = 2 * beta_sigma_v_v("complex-scalar", 0.0, 0.21, m_v, alpha) * GEV2_TO_CM3_PER_S
    assert found.value[2] == pytest.approx(pair, rel=1e-12, abs=0)


def test_scaling_with_couplings() -> None:
    base, less = (asked(MODELS["dark-photon"](m_v=0.2, m_dm=0.16, epsilon=e)) for e in (1e-4, 1e-5))
    weak = asked(MODELS["dark-photon"](m_v=0.2, m_dm=0.16, alpha_d=0.01))
    assert base.value == pytest.approx(100 * less.value, rel=1e-6, abs=0)
    assert base.value == pytest.approx(100 * weak.value, rel=1e-9, abs=0)
    near, far = (asked(MODELS["dark-dipole"](m_v=m, m_dm=0.8 * m)) for m in (0.1, 0.05))
    assert near.value == pytest.approx(far.value, rel=4e-3, abs=0)  # no scale but Lambda


@pytest.mark.parametrize("epsilon", [0.0, 1e-3])
def test_heavy_vectors(epsilon: float) -> None:
    """Kinks at the thresholds of W W, Z h and t t; hadrons below 11 GeV are 1e-6 of it."""
    sm, m_v = Inputs.default().sm, 518.0
    more = {"epsilon": epsilon, "lambda_over_alpha_d": 1e12 if epsilon else 1e9}
    model = MODELS["dark-dipole"](m_v=m_v, m_dm=0.9 * m_v, **more)
    kinks = (2 * sm.m_w, sm.m_z + sm.m_h, 2 * sm.m_t)
    exact = by_quadrature(model, (11.0, *kinks, 0.8 * m_v), 1e-7)
    assert asked(model).value == pytest.approx(exact, rel=1e-5, abs=0)


def test_heavy_vectors_converge() -> None:
    m_v = np.concatenate([np.linspace(515.0, 522.0, 15), np.geomspace(95.0, 3000.0, 60)])
    more = {"epsilon": 1e-3, "lambda_over_alpha_d": 1e12}
    for ratio in (1.2, 1.8, 1.99):
        found = asked(MODELS["dark-dipole"](m_v=m_v, m_dm=0.5 * ratio * m_v, **more))
        assert (found.status == 0).all()
        assert found.error_estimate is not None
        assert (found.error_estimate < 2e-3).all()


def test_near_the_threshold_it_converges() -> None:
    model = MODELS["dark-dipole"](m_v=0.2, m_dm=0.2 * (1 - np.array([1e-3, 1e-6, 1e-9, 0.0])))
    found = asked(model)
    assert (found.status == 0).all()
    assert (np.diff(found.value) > 0.0).all()
    assert found.error_estimate is not None
    assert (found.error_estimate < 1e-3).all()


def _mixed(name: str) -> Any:
    m_v = np.array([0.05, 0.2, 1.0, 1.2, 8.0])
    return MODELS[name](m_v=m_v, m_dm=m_v * np.array([0.6, 0.8, 0.9, 0.99, 1.2]))


@pytest.mark.parametrize("name", MODELS)
def test_points_agree_with_arrays(name: str) -> None:
    alone = asked(MODELS[name](m_v=1.0, m_dm=0.9)).value
    assert alone == pytest.approx(asked(_mixed(name)).value[2], rel=1e-12, abs=0)


@pytest.mark.parametrize(
    "name", ["dark-dipole", *(pytest.param(n, marks=pytest.mark.slow) for n in list(MODELS)[:2])]
)
def test_jax_agrees(name: str) -> None:
    pytest.importorskip("jax")
    model = _mixed(name)
    np.testing.assert_allclose(asked(model, engine="jax").value, asked(model).value, rtol=1e-11)


@pytest.mark.parametrize("dm", ["dirac", "majorana"])
def test_other_dark_matter_has_no_value(dm: str) -> None:
    found = asked(DarkPhoton(m_v=0.2, m_dm=0.15, epsilon=1e-4, alpha_d=0.1, dm=dm))
    assert np.isnan(found.value)
    assert "complex-scalar" in found.reasons[OUT_OF_VALIDITY][-1]


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [1.5, 1.99])
def test_gradients_are_derivatives(ratio: float) -> None:
    pytest.importorskip("jax")
    values = {"m_v": 0.2, "lambda_over_alpha_d": 1e4, "alpha_d": 0.1, "m_dm": 0.1 * ratio}
    slopes = gradient(DarkDipole(**values), NAME)
    for name, at in values.items():
        step = 1e-5 * at
        up, down = (asked(DarkDipole(**{**values, name: at + d})).value for d in (step, -step))
        slope = (up - down) / (2 * step)
        assert float(slopes[name]) == pytest.approx(slope, rel=1e-4, abs=0), name
