"""Secluded annihilation: limits, scaling, thresholds, digits, engines."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.errors import ParameterError
from vectorportal.formulas import secluded
from vectorportal.formulas.secluded import beta_sigma_v_v, majorana_unitarity_limits, sigma_v_v

KINDS = ("complex-scalar", "dirac", "majorana")
ALPHA = 0.1


def printed(mp, dm, eta, m_dm, m_v, eta_v=None):
    """The compact formulas of the module docstring, literally, at the precision of `mp`."""
    m, big_m = mp.mpf(float(m_dm)), mp.mpf(float(m_v))
    s = 4 * (m * (1 + mp.mpf(float(eta)))) ** 2
    if eta_v is not None:
        s = 4 * (big_m * (1 + mp.mpf(float(eta_v)))) ** 2
    mu, nu = 4 * m**2 / s, 4 * big_m**2 / s
    a, d = 2 - nu, 4 * mu * (1 - nu) + nu**2
    w = mp.sqrt(1 - d / a**2)
    log = mp.atanh(w) / w if w else mp.mpf(1)
    if dm == "complex-scalar":
        y = 32 * mu - 16 * nu - 16 * mu**2 + 8 * mu * nu - nu**2
        r = 2 + (4 * mu - nu) ** 2 / (2 * d) - y * log / (2 * a**2)
    elif dm == "dirac":
        n = 8 + 8 * mu + 2 * nu**2 - 4 * nu * mu - 4 * mu**2
        r = -1 - (nu + 2 * mu) ** 2 / d + n * log / a**2
    else:
        n = 2 * nu**4 + 8 * nu**2 - 8 * nu**3 * mu - 24 * nu**2 * mu
        n += 32 * nu * mu * (1 + mu) - 32 * mu**2
        r = -1 - 8 * mu / nu + 8 * mu / nu**2 - (nu - 4 * mu) ** 2 / d + n * log / (a * nu) ** 2
    return 2 * mp.pi * mp.mpf(ALPHA) ** 2 / s * mp.sqrt(1 - nu) * r


@pytest.mark.parametrize("dm", KINDS)
def test_digits_against_forty_digit_arithmetic(dm):
    """Relative error below 1e-12 for m_v/m_dm = 1e-3 ... 3 and s/threshold - 1 = 1e-9 ... 1e6.

    The printed form cancels by up to 1e-12 x 1e-9 x 1e-9, hence 75 digits to keep forty.
    """
    mpmath = pytest.importorskip("mpmath")
    rng = np.random.default_rng(20)
    ratios = np.concatenate([10 ** rng.uniform(-3, 0.48, 40), [1e-3, 1 - 1e-9, 1, 1 + 1e-9, 3]])
    above = np.concatenate([10 ** rng.uniform(-9, 6, 20), [1e-9, 0.0833, 0.0834, 1e6]])
    excess = above / (1 + np.sqrt(1 + above))
    worst = 0.0
    with mpmath.workdps(75):
        for r in ratios:
            eta = excess if r <= 1 else (r - 1) + r * excess
            eta_v = None if r <= 1 else excess
            got = beta_sigma_v_v(dm, eta, 1.0, r, ALPHA, eta_v=eta_v)
            for i, value in enumerate(got):
                eta_v_i = None if eta_v is None else eta_v[i]
                exact = printed(mpmath.mp, dm, eta[i], 1.0, r, eta_v_i)
                worst = max(worst, abs(float(mpmath.mpf(float(value)) / exact - 1)))
    assert worst < 1e-12


def test_annihilation_at_rest():
    """Massless limits pi alpha^2/m^2 (e+e- -> 2 gamma) and 2 pi alpha^2/m^2 (scalars)."""
    m = 0.4
    unit = np.pi * ALPHA**2 / m**2
    for dm, factor in (("complex-scalar", 2), ("dirac", 1)):
        assert 2 * beta_sigma_v_v(dm, 0.0, m, 0.0, ALPHA) == pytest.approx(factor * unit, rel=1e-14)
    r2 = np.array([1e-6, 0.1, 0.5, 0.99])
    m_v = m * np.sqrt(r2)
    fermion = unit * (1 - r2) ** 1.5 / (1 - r2 / 2) ** 2
    scalar = 2 * unit * np.sqrt(1 - r2) * (1 - r2 + 3 * r2**2 / 8) / (1 - r2 / 2) ** 2
    expected = {"complex-scalar": scalar, "dirac": fermion, "majorana": fermion}
    for dm in KINDS:
        got = 2 * beta_sigma_v_v(dm, 0.0, m, m_v, ALPHA)
        np.testing.assert_allclose(got, expected[dm], rtol=1e-13)


def test_massless_dirac_pair_is_two_photon_annihilation():
    """Dirac's formula for a positron of Lorentz factor g on an electron at rest."""
    g = np.array([1.01, 2.0, 50.0, 1e5])
    eta = np.sqrt((1 + g) / 2) - 1
    root = np.sqrt(g * g - 1)
    bracket = (g * g + 4 * g + 1) / root**2 * np.log(g + root) - (g + 3) / root
    got = sigma_v_v("dirac", eta, 1.0, 0.0, ALPHA)
    np.testing.assert_allclose(got, np.pi * ALPHA**2 / (g + 1) * bracket, rtol=1e-11)


def test_high_energy_limits():
    """Scalars: s sigma -> 4 pi alpha^2. Majorana, light vector: s sigma grows like s m^2/m_v^4."""
    eta, m, m_v = 1e7, 1.0, 1e-3
    s = 4 * m**2 * (1 + eta) ** 2
    assert s * sigma_v_v("complex-scalar", eta, m, m_v, ALPHA) == pytest.approx(
        4 * np.pi * ALPHA**2, rel=1e-10
    )
    growth = 4 * np.pi * ALPHA**2 * m**2 / m_v**4
    assert sigma_v_v("majorana", eta, m, m_v, ALPHA) == pytest.approx(growth, rel=1e-10)


@pytest.mark.parametrize("dm", KINDS)
def test_rescaling_masses(dm):
    """sigma has dimension -2, and goes as alpha_d^2."""
    base = sigma_v_v(dm, 0.3, 0.2, 0.1, ALPHA)
    assert sigma_v_v(dm, 0.3, 2.0, 1.0, ALPHA) == pytest.approx(base / 100, rel=1e-13)
    assert sigma_v_v(dm, 0.3, 0.2, 0.1, 3 * ALPHA) == pytest.approx(9 * base, rel=1e-13)


@pytest.mark.parametrize("dm", KINDS)
def test_thresholds(dm):
    """Zero below either threshold, infinite sigma only at rest, finite beta sigma everywhere."""
    eta = np.array([-0.5, 0.0, 0.1, 0.4999, 0.5, 0.6])
    forbidden = beta_sigma_v_v(dm, eta, 1.0, 1.5, ALPHA)
    assert np.array_equal(forbidden > 0, eta > 0.5)
    assert np.array_equal(sigma_v_v(dm, eta, 1.0, 1.5, ALPHA) > 0, eta > 0.5)
    light = sigma_v_v(dm, eta, 1.0, 0.5, ALPHA)
    assert light[0] == 0
    assert np.isinf(light[1])
    assert np.all(np.isfinite(light[2:]))
    assert np.all(np.isfinite(beta_sigma_v_v(dm, eta, 1.0, 0.5, ALPHA)))
    assert np.isnan(sigma_v_v(dm, np.nan, 1.0, 0.5, ALPHA))


@pytest.mark.parametrize("dm", KINDS)
def test_both_measures_of_the_energy_agree(dm):
    eta_v = np.geomspace(1e-3, 1e3, 13)
    m_dm, m_v = 0.3, 0.5
    eta = (m_v - m_dm) / m_dm + m_v / m_dm * eta_v
    np.testing.assert_allclose(
        beta_sigma_v_v(dm, eta, m_dm, m_v, ALPHA, eta_v=eta_v),
        beta_sigma_v_v(dm, eta, m_dm, m_v, ALPHA),
        rtol=1e-11,
    )


def test_dispatch_and_broadcasting():
    eta, m_v = np.geomspace(1e-3, 10, 5)[:, None], np.array([0.1, 0.9, 1.4])
    for dm in KINDS:
        name = dm.replace("-", "_")
        for prefix, function in (("sigma", sigma_v_v), ("beta_sigma", beta_sigma_v_v)):
            single = getattr(secluded, f"{prefix}_vv_{name}")
            got = function(dm, eta, 1.0, m_v, ALPHA)
            assert got.shape == (5, 3)
            assert np.array_equal(got, single(eta, 1.0, m_v, ALPHA))
    with pytest.raises(ParameterError, match="did you mean dirac"):
        sigma_v_v("dirc", 0.1, 1.0, 0.5, ALPHA)
    with pytest.raises(ParameterError, match="one of complex-scalar"):
        beta_sigma_v_v("vector", 0.1, 1.0, 0.5, ALPHA)


def test_unitarity_limits():
    """g = 1 gives sqrt(pi/2) m_v and pi m_v^2/m_dm."""
    heaviest, root_s = majorana_unitarity_limits(2.0, 5.0, 1 / (4 * np.pi))
    assert heaviest == pytest.approx(5 * np.sqrt(np.pi / 2))
    assert root_s == pytest.approx(25 * np.pi / 2)


@pytest.mark.parametrize("dm", KINDS)
def test_jax_values_and_gradients(dm):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    eta = np.array([-0.5, 0.0, 1e-9, 0.1, 0.5, 0.5 + 1e-9, 2.0, 1e5])
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable_x64(True):
        for m_v in (0.5, 1.0, 1.5):
            for function in (beta_sigma_v_v, sigma_v_v):
                compiled = jax.jit(lambda *a, f=function: f(dm, *a))
                got = compiled(jnp.asarray(eta), 1.0, m_v, ALPHA)
                np.testing.assert_allclose(got, function(dm, eta, 1.0, m_v, ALPHA), rtol=1e-12)
                slopes = jax.vmap(
                    jax.grad(lambda *a, f=function: f(dm, *a), argnums=(0, 1, 2, 3)),
                    in_axes=(0, None, None, None),
                )(jnp.asarray(eta), 1.0, m_v, ALPHA)
                assert all(np.all(np.isfinite(x)) for x in slopes)
        step = 1e-6
        slope = jax.grad(lambda m: beta_sigma_v_v(dm, 0.7, 1.0, m, ALPHA))(0.6)
        pair = [beta_sigma_v_v(dm, 0.7, 1.0, 0.6 + sign * step, ALPHA) for sign in (1, -1)]
        assert float(slope) == pytest.approx((pair[0] - pair[1]) / (2 * step), rel=1e-7)
