"""Loops around the dipole: G(y) of the toy model, moments of the electron, their observables."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from oracles.dipole_dimensions import divergence
from oracles.dipole_loops import NeutralFermion, regulated_moment
from vectorportal.errors import ParameterError, UsageError
from vectorportal.formulas import dipole_loop
from vectorportal.formulas.anomalous_moment import dipole_moment, vector_moment
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkDipole
from vectorportal.observables.base import NO_SOLUTION, OK, OUT_OF_VALIDITY, evaluate

SM = Inputs.default().sm
PRINTED = Options(prescription="as-printed")
POINT = {"m_v": 0.1, "epsilon": 1e-4, "lambda_over_alpha_d": 25e3, "alpha_d": 0.1}


def value(name, options=None, model=None, **arguments):
    model = model or DarkDipole(**POINT)
    return np.asarray(evaluate(model, name, options=options, **arguments).value)


# --- G(y) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [0.05, 1.0, 40.0])
@pytest.mark.parametrize("xi", [1.0, 1.8])
def test_loop_function_equals_the_loop_integral(y, xi):
    """Explicit matrices, W and its Goldstone bosons in two gauges; V sees opposite charges."""
    loop = NeutralFermion(y, xi)
    fermion, boson = loop.on_fermion(), loop.on_boson()
    assert abs(fermion - dipole_loop.loop_g_fermion(y)) < 1e-10 * abs(fermion)
    assert abs(fermion + boson - dipole_loop.loop_g(y)) < 1e-10 * abs(fermion)


def test_printed_function_has_equal_charges():
    """-(F + W) with the charge of W turned round is what the paper printed."""
    loop = NeutralFermion(3.0, w_charge=1.0)
    wrong = -(loop.on_fermion() + loop.on_boson())
    assert abs(wrong - dipole_loop.loop_g_printed(3.0)) < 1e-10


def test_parts_are_the_functions_of_b_to_s_gamma():
    """Chirality flip on the internal quark, Cho and Misiak (1994): gluon and photon on top and W.

    The photon sees the top with 2/3 and W with -1.
    """
    x = np.array([0.01, 0.3, 0.9, 2.0, 4.6, 30.0])
    log = np.log(x)
    gluon = -(4 + x + x**2) / (4 * (x - 1) ** 2) + 3 * x * log / (2 * (x - 1) ** 3)
    photon = (-20 + 31 * x - 5 * x**2) / (12 * (x - 1) ** 2)
    photon = photon + x * (2 - 3 * x) * log / (2 * (x - 1) ** 3)
    on_w = 2 / 3 * gluon - photon
    np.testing.assert_allclose(dipole_loop.loop_g_fermion(x), -2 * x * gluon, rtol=1e-11)
    np.testing.assert_allclose(dipole_loop.loop_g(x), 2 * x * (on_w - gluon), rtol=1e-11)


def _exact(y):
    y = mp.mpf(float(y))
    e, log = y - 1, mp.log(y)
    both = y * ((y - 4) * e + 3 * y * log) / e**2
    fermion = y * (e * (y * y + y + 4) - 6 * y * log) / (2 * e**3)
    return both, fermion, 3 * y**2 * (-2 * e + (y + 1) * log) / e**3


def test_sixteen_decades_and_the_neighbourhood_of_one():
    near = 1 + np.concatenate([np.linspace(-0.3, 0.3, 121), [1e-12, -1e-9, 1e-6]])
    y = np.concatenate([np.geomspace(1e-8, 1e8, 201), near])
    y = y[y != 1.0]
    functions = (dipole_loop.loop_g, dipole_loop.loop_g_fermion, dipole_loop.loop_g_printed)
    with mp.workdps(60):
        exact = np.array([[float(part) for part in _exact(t)] for t in y]).T
    for function, want in zip(functions, exact, strict=True):
        np.testing.assert_allclose(function(y), want, rtol=2e-13)
    assert [float(function(np.array(1.0))) for function in functions] == [2.5, 1.0, 0.5]


def test_limits():
    small, large = np.array([1e-7]), np.array([1e7])
    np.testing.assert_allclose(dipole_loop.loop_g(small), 4 * small, rtol=1e-5)
    np.testing.assert_allclose(dipole_loop.loop_g(large), large, rtol=1e-5)
    np.testing.assert_allclose(dipole_loop.loop_g_printed(large), 3 * np.log(large) - 6, rtol=1e-5)


# --- moment of the electron in the effective theory -----------------------------------------------


@pytest.mark.parametrize("masses", [(1.0, 2.0, 3.0), (3.0, 10.0, 14.0)])
@pytest.mark.parametrize(("g", "d"), [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.3)])
def test_moment_equals_the_regulated_loop(masses, g, d):
    """Pauli-Villars vectors make the loop finite in four dimensions; the scale then drops out."""
    found, shares = regulated_moment(masses, g, d)
    for scale in (1.0, 1e4):
        want = sum(
            c * (vector_moment(1.0, m, g) + dipole_moment(1.0, m, g, d, scale))
            for m, c in zip(masses, shares, strict=True)
        )
        assert found == pytest.approx(float(want), rel=3e-5, abs=0)


@pytest.mark.parametrize(("g2", "d2", "running", "constant"), [(1, 0, 4, 3), (0, 1, 3, 15 / 4)])
def test_constants_of_the_scheme(g2, d2, running, constant):
    """Coefficient of the logarithm, 2 f(4), and what D != 4 adds in the Dirac algebra, 4 f'(4)."""
    four, six, eight = (divergence(dimension, g2, d2) for dimension in (4, 6, 8))
    assert 2 * four == pytest.approx(running, rel=1e-12)
    assert -3 * four + 4 * six - eight == pytest.approx(constant, rel=1e-12)


def test_limits_of_the_moment():
    """g d m (4 ln(M^2/mu^2) - 2) + d^2 m^2 (3 ln(M^2/mu^2) - 1/6) over 8 pi^2 for heavy V; for
    massless V m takes the place of M, and 0 that of -1/6."""
    m, d, mu = 0.3, 0.2, 50.0
    for m_v, top, last in ((3e4, 3e4, -1 / 6), (0.0, m, 0.0)):
        log = np.log((top / mu) ** 2)
        for g in (0.7, -0.7):
            want = g * d * m * (4 * log - 2) + (d * m) ** 2 * (3 * log + last)
            got = dipole_moment(m, m_v, g, d, mu)
            assert float(got) == pytest.approx(want / (8 * np.pi**2), rel=1e-8, abs=0)


def test_moment_runs_as_the_operators_of_b_to_s_gamma_mix():
    """Unit changes of scale: dC_7/d ln mu = (alpha_s/4 pi) 8 C_F Q C_8 in the same normalisation.

    With d = g c_8 and a = 2 m c_7/Q the loop must run as -2 m (g^2/(16 pi^2)) 8 c_8 ln mu.
    """
    m, g, c = 0.01, 1e-3, 0.02
    moved = dipole_moment(m, 1.0, g, g * c, np.e) - dipole_moment(m, 1.0, g, g * c, 1.0)
    square = dipole_moment(m, 1.0, 0.0, g * c, np.e) - dipole_moment(m, 1.0, 0.0, g * c, 1.0)
    want = -2 * m * g**2 / (16 * np.pi**2) * 8 * c
    assert float(moved - square) == pytest.approx(want, rel=1e-9, abs=0)


def test_quadrature_of_the_moment():
    """Adaptive quadrature of the two brackets over 18 decades of m_V/m."""
    for m_v in (1e-8, 1e-3, 0.3, 2.2, 1e3, 1e10):
        with mp.workdps(25):
            r = mp.mpf(m_v) ** 2
            cuts = [0, *(mp.mpf(10) ** -k for k in (9, 6, 3, 1)), 0.9, 1 - mp.mpf(10) ** -8, 1]
            size = lambda w, r=r: w**2 + (1 - w) * r  # noqa: E731
            cross = mp.quad(
                lambda w, s=size: w**3 * (2 - 3 * w) / s(w) + w * (14 - 9 * w) * mp.log(s(w)), cuts
            )
            square = mp.quad(
                lambda w, s=size: 4 * w * (2 - w**2) * mp.log(s(w)) - w**5 / s(w), cuts
            )
        plus, minus = (8 * np.pi**2 * float(dipole_moment(1, m_v, g, 1.0, 1.0)) for g in (1, -1))
        assert (plus - minus) / 2 - 3 == pytest.approx(float(cross), rel=1e-9, abs=0)
        assert (plus + minus) / 2 - 3.75 == pytest.approx(float(square), rel=1e-9, abs=0)


# --- observables --------------------------------------------------------------------------------


def test_observable_of_the_loop_function():
    y = np.array([0.1, 1.0, 1.5])
    np.testing.assert_allclose(value("loop_g", y=y), dipole_loop.loop_g(y), rtol=1e-15)
    np.testing.assert_allclose(value("loop_g", PRINTED, y=y), dipole_loop.loop_g_printed(y))
    assert value("loop_g", model=DarkDipole(), y=1.0) == 2.5
    assert value("loop_g", y=np.ones(0)).shape == (0,)
    with pytest.raises(ParameterError, match="y = 0"):
        value("loop_g", y=0.0)


def test_scale_of_the_toy_model_as_quoted():
    """8 pi s^2 = 5.8; m_F = 1 TeV gives 5 to 1000 TeV with the printed G, over alpha_d and y."""
    model = DarkDipole(alpha_d=np.array([1.0, 0.01]))
    flat = value("lambda_toy_model", model=model, m_f=1.0, y=1.0)
    np.testing.assert_allclose(flat * model.alpha_d * 2.5, 5.78, rtol=1e-3)
    printed = value("lambda_toy_model", PRINTED, model=model, m_f=1e3, y=np.array([2.5, 1.0]))
    np.testing.assert_allclose(printed, [5e3, 1.16e6], rtol=0.05)
    found = evaluate(model, "lambda_toy_model", m_f=1e3, y=1.0)
    np.testing.assert_allclose(found.value, [2312.2, 231221.2], rtol=1e-5)
    assert found.status.tolist() == [OUT_OF_VALIDITY, OK]  # g_I^2/4 pi = 4.3 of the first


def test_toy_model_by_its_couplings():
    """d = g_D g_I^2 G/(32 pi^2 m_F) and a_e = g_I^2 m_e G_F/(16 pi^2 m_F)."""
    alpha_d, s2, m_f, y = 0.05, 0.3, 2e3, 1.7
    model, loop = DarkDipole(alpha_d=alpha_d), NeutralFermion(y)
    g_d = np.sqrt(4 * np.pi * alpha_d)
    g_i2, fermion = g_d**2 / s2, loop.on_fermion().real
    d = g_d * g_i2 * (fermion + loop.on_boson().real) / (32 * np.pi**2 * m_f)
    scale = float(value("lambda_toy_model", model=model, m_f=m_f, y=y, s2=s2))
    assert g_d / scale == pytest.approx(d, rel=1e-10, abs=0)
    moment = float(value("a_e_toy_model", model=model, m_f=m_f, y=y, s2=s2))
    want = g_i2 * SM.m_e * fermion / (16 * np.pi**2 * m_f)
    assert moment == pytest.approx(want, rel=1e-10, abs=0)
    assert moment > 1e3 * 1e-12  # section 2 of the paper: far above the measured precision


def test_moment_of_the_effective_theory():
    """The mediator's couplings at mu = |Lambda|; the log part by hand, both signs."""
    a = {eps: float(value("a_e_dipole", model=DarkDipole(**{**POINT, "epsilon": eps})))
         for eps in (1e-4, -1e-4, 0.0)}  # fmt: skip
    d = np.sqrt(4 * np.pi / 0.1) / 25e3
    log = np.log((0.1 / 2500.0) ** 2)  # 25 TeV times 0.1
    square = (d * SM.m_e) ** 2 * (3 * log - 1 / 6) / (8 * np.pi**2)
    cross = -SM.e * 1e-4 * d * SM.m_e * (4 * log - 2) / (8 * np.pi**2)
    assert a[0.0] == pytest.approx(square, rel=1e-3, abs=0)
    assert (a[1e-4] - a[-1e-4]) / 2 == pytest.approx(cross, rel=1e-3, abs=0)
    assert (a[1e-4] + a[-1e-4]) / 2 == pytest.approx(a[0.0], rel=1e-6, abs=0)
    turned = DarkDipole(**{**POINT, "epsilon": -1e-4, "lambda_over_alpha_d": -25e3})
    assert float(value("a_e_dipole", model=turned)) == pytest.approx(a[1e-4], rel=1e-14, abs=0)
    ten = float(value("a_e_dipole", scale_over_lambda=0.1))
    step = 8 * np.log(10) * SM.e * 1e-4 * d * SM.m_e / (8 * np.pi**2)
    assert a[1e-4] - ten == pytest.approx(step, rel=1e-2, abs=0)


def test_statuses_of_the_moment():
    model = DarkDipole(m_v=np.array([0.1, 500.0, 5e3]), lambda_over_alpha_d=3e3, alpha_d=0.1)
    found = evaluate(model, "a_e_dipole")
    assert found.status.tolist() == [OK, OUT_OF_VALIDITY, OUT_OF_VALIDITY]
    assert np.all(np.isfinite(found.value))
    at_z = DarkDipole(**{**POINT, "m_v": np.array([SM.m_z, 0.1])})
    assert np.isnan(evaluate(at_z, "a_e_dipole").value).tolist() == [True, False]


def test_pions():
    """(20): 0.1 to 0.2 over alpha_d as quoted with f_pi and nearly with m_V = 100 MeV."""
    assert value("r_pion", scale="f_pi") * 0.1 == pytest.approx(0.186, rel=1e-2)
    assert value("r_pion", scale="m_v") * 0.1 == pytest.approx(0.219, rel=1e-2)
    assert value("r_pion") * 0.1 == pytest.approx(0.399, rel=1e-2)
    unmixed = evaluate(DarkDipole(**{**POINT, "epsilon": 0.0}), "r_pion")
    assert unmixed.status == OUT_OF_VALIDITY
    assert np.isnan(unmixed.value)
    without = DarkDipole(epsilon=1e-4, lambda_over_alpha_d=25e3, alpha_d=0.1)
    assert np.isfinite(value("r_pion", model=without))
    with pytest.raises(UsageError, match="m_v"):
        value("r_pion", model=without, scale="m_v")
    assert NO_SOLUTION not in evaluate(without, "r_pion").reasons


def test_engines_agree():
    pytest.importorskip("jax")
    many = {**POINT, "m_v": np.array([1e-3, 0.1, 3.0])}
    for name, arguments in (
        ("loop_g", {"y": np.array([0.3, 1.01, 7.0])}),
        ("lambda_toy_model", {"m_f": 1e3, "y": 1.1}),
        ("a_e_toy_model", {"m_f": 1e3, "y": 1.1}),
        ("a_e_dipole", {}),
        ("r_pion", {"scale": "m_v"}),
    ):
        first = value(name, model=DarkDipole(**many), **arguments)
        second = evaluate(DarkDipole(**many), name, engine="jax", **arguments).value
        np.testing.assert_allclose(second, first, rtol=1e-12)
