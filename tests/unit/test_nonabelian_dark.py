"""X+X- -> Z_D Z_D: digits, thresholds, the photon limit, high energies, engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vectorportal.errors import ParameterError
from vectorportal.formulas import nonabelian_dark as na
from vectorportal.formulas.nonabelian_dark import atanh_ratio
from vectorportal.formulas.spectral import velocity

BOTH = ("verified", "as-printed")


def literal_dark(mp, eta, delta, prescription):
    """The formulas of the docstring and of (B17)-(B20), at the precision of `mp`; m_X = g_X = 1."""
    e, d = mp.mpf(eta), mp.mpf(delta)
    x, z, s = mp.mpf(1), 1 + d, 4 * (1 + e) ** 2
    w = mp.sqrt((s - 4 * x) * (s - 4 * z))
    log = mp.log((s - 2 * z + w) / (s - 2 * z - w))
    if prescription == "verified":
        a = 1536 * x**6 * z**2 + x**5 * (2816 * z**3 + 384 * z**2 * s)
        a += x**4 * (4832 * z**4 - 2304 * z**3 * s + 512 * z**2 * s**2)
        a += x**3 * (-2624 * z**5 + 128 * z**4 * s + 128 * z**3 * s**2)
        a += x**2 * (16 * z**6 + 160 * z**5 * s)
        a += x * (48 * z**7 + 20 * z**6 * s - 8 * z**5 * s**2 + z**4 * s**3)
        a += 6 * z**8 - 4 * z**7 * s + z**6 * s**2
        p = 768 * x**6 * z**2 + x**5 * (2176 * z**3 - 384 * z**2 * s)
        p += x**4 * (176 * z**4 - 1088 * z**3 * s) + x**3 * (416 * z**5 + 416 * z**4 * s)
        p += x**2 * (24 * z**6 + 64 * z**5 * s - 36 * z**4 * s**2)
        p += x * (-32 * z**7 - 12 * z**5 * s**2 + 2 * z**4 * s**3)
        p += -3 * z**8 + 4 * z**7 * s + z**6 * s**2
        flux = s * (s - 4 * x)
    else:
        a = 8 * x**4 * (192 * z**2 + 8 * z * s - s**2)
        a += x**3 * (4464 * z**3 - 660 * z**2 * s + 24 * z * s**2 + s**3)
        a += x**2 * z * (1622 * z**3 - 660 * z**2 * s + 513 * z * s**2 - 4 * s**3)
        a -= 4 * x * z**2 * (302 * z**3 + 74 * z**2 * s - 23 * z * s**2 - s**3)
        a += 4 * z**4 * (54 * z**2 - 16 * z * s + 3 * s**2)
        p = 4 * x**4 * (200 * z**2 - 4 * z * s + s**2)
        p += 4 * x**3 * z * (464 * z**2 - 139 * z * s - 3 * s**2)
        p += x**2 * z**2 * (661 * z**2 - 668 * z * s + 45 * s**2)
        p += 2 * x * z**2 * (158 * z**3 + 74 * z**2 * s - 30 * z * s**2 - s**3)
        p += 4 * z**3 * (-27 * z**3 + 26 * z**2 * s - 6 * z * s**2 + s**3)
        flux = s**2
    total = w * a / (x * (s - 4 * z) + z**2) + 4 * p / (s - 2 * z) * log
    return mp.sqrt(1 - 4 * x / s) * total / (4608 * mp.pi * x**4 * z**2 * flux)


DELTAS = (-0.99, -0.9, -0.6, -0.3, -1e-2, -1e-6, -1e-14, -1e-30, 0.0, 1e-30, 1e-14, 1e-7, 0.1, 1, 3)


@pytest.mark.parametrize(("prescription", "digits"), [("verified", 4e-15), ("as-printed", 3e-13)])
def test_dark_digits_against_eighty_digit_arithmetic(prescription, digits):
    """eta - threshold from 1e-14 to 1e25; `digits` are a few roundings (the printed polynomials
    cancel near R^2 = 1/2), plus the relative rounding of eta (2 + eta) - delta at a closed channel.
    """
    mpmath = pytest.importorskip("mpmath")
    above = 10.0 ** np.concatenate([np.linspace(-14, 2, 13), [5.0, 12.0, 25.0]])
    worst, count = 0.0, 0
    with mpmath.workdps(80):
        for delta in DELTAS:
            start = max(delta, 0.0) / (1 + math.sqrt(1 + max(delta, 0.0)))
            for eta in start + above:
                gap = eta * (2 + eta) - delta
                if gap <= 0:
                    continue
                got = float(na.beta_sigma_dark(eta, delta, 1.0, 1.0, prescription))
                exact = literal_dark(mpmath.mp, eta, delta, prescription)
                rounding = (eta * (2 + eta) + abs(delta)) / gap * 2.3e-16
                error = abs(float(mpmath.mpf(got) / exact - 1))
                worst, count = max(worst, error / (digits + rounding)), count + 1
    assert count > 200
    assert worst < 1.0


def test_dark_gap_passed_on_its_own():
    """Next to the threshold of a closed channel the rounding of the difference is gone."""
    mpmath = pytest.importorskip("mpmath")
    delta, gap = 1.5, 1e-13
    with mpmath.workdps(80):
        eta = mpmath.sqrt(1 + mpmath.mpf(delta) + mpmath.mpf(gap)) - 1
        exact = literal_dark(mpmath.mp, eta, delta, "verified")
        got = float(na.beta_sigma_dark(float(eta), delta, 1.0, 1.0, gap=gap))
        assert abs(float(mpmath.mpf(got) / exact - 1)) < 4e-15
    assert na.beta_sigma_dark(1.0, 1.5, 1.0, 1.0, gap=0.0) == 0.0


def test_dark_threshold():
    """Closed forms against the function at rest: 1e-13 is rounding, 1e-5 the next order in v^2."""
    g, m = 0.6, 2.0
    ratio = np.array([0.1, 0.5, 0.9, 0.999, 1.0, 1.2])
    c, power = na.dark_threshold(ratio, g, m)
    assert np.array_equal(power, [0, 0, 0, 0, 1, 0])
    at_rest = 2 * na.beta_sigma_dark(0.0, ratio[:4] ** 2 - 1, m, g)
    np.testing.assert_allclose(c[:4], at_rest, rtol=1e-12)
    assert c[5] == 0
    eta = 1e-6
    v = 2 * velocity(4 * (1 + eta) ** 2, 1.0)
    assert c[4] * v == pytest.approx(2 * na.beta_sigma_dark(eta, 0.0, m, g), rel=1e-5)
    assert c[4] == pytest.approx(43 * g**4 / (96 * np.pi * m**2), rel=1e-14)
    printed = 2 * na.beta_sigma_dark(np.array([eta, 4 * eta]), -0.3, m, g, "as-printed")
    assert printed[1] / printed[0] == pytest.approx(4.0, rel=1e-4)  # the flux turns s into p wave


def test_dark_massless_limit_is_photon_fusion_reversed():
    """m_ZD -> 0: W+W- -> gamma gamma from the published gamma gamma -> W+W-.

    d sigma/d Omega = (3 alpha^2 beta/(2 s)) {1 - 2 s (2 s + 3 m^2)/[3 (m^2-t)(m^2-u)]
    + 2 s^2 (s^2 + 3 m^4)/[3 (m^2-t)^2 (m^2-u)^2]} (Denner, Dittmaier, Schuster 1995), which goes to
    8 pi alpha^2/m^2; detailed balance gives (4/9)(1/2)/beta^2 of it. m_ZD^2 = 0 is regular.
    """
    m, g = 1.0, 0.5
    alpha = g**2 / (4 * np.pi)
    node, weight = np.polynomial.legendre.leggauss(400)
    for eta in (0.01, 0.3, 2.0, 5.0):
        s = 4 * m**2 * (1 + eta) ** 2
        beta = float(velocity(s, m))
        q = s**2 / 4 * (1 - (beta * node) ** 2)  # (m^2 - t)(m^2 - u)
        shape = 1 - 2 * s * (2 * s + 3 * m**2) / (3 * q)
        shape = shape + 2 * s**2 * (s**2 + 3 * m**4) / (3 * q**2)
        fusion = 2 * np.pi * 3 * alpha**2 * beta / (2 * s) * (weight @ shape)
        got = na.beta_sigma_dark(eta, -1.0, m, g) * beta
        assert got == pytest.approx(fusion * 2 / 9, rel=1e-10)
    limit = 8 * np.pi * alpha**2 / m**2 * 2 / 9
    assert na.beta_sigma_dark(1e9, -1.0, m, g) == pytest.approx(limit, rel=1e-8)


def test_dark_high_energy():
    """No dark Higgs: sigma -> g_X^4 m_ZD^4 s/(4608 pi m_X^8), from L L -> L L; rest O(log s/s)."""
    for ratio in (0.5, 1.0, 1.8):
        eta = 1e8
        expected = ratio**4 * 4 * eta**2 / (4608 * np.pi)
        assert na.beta_sigma_dark(eta, ratio**2 - 1, 1.0, 1.0) == pytest.approx(expected, rel=1e-7)


def test_dark_prescriptions_at_equal_masses():
    """R = 1: the printed form lacks only the flux factor s/(s - 4 m_X^2)."""
    eta = np.geomspace(1e-8, 1e8, 9)
    good, printed = (na.beta_sigma_dark(eta, 0.0, 1.0, 0.3, p) for p in BOTH)
    beta2 = eta * (2 + eta) / (1 + eta) ** 2
    np.testing.assert_allclose(printed, good * beta2, rtol=1e-12)


def test_dark_thresholds_and_sigma():
    eta = np.array([-0.1, 0.0, 0.1, 0.4999, 0.5, 0.6])
    closed = na.beta_sigma_dark(eta, 1.25, 1.0, 1.0)
    assert np.array_equal(closed > 0, eta > 0.5)
    assert na.beta_sigma_dark(4.9e-15, 1e-14, 1.0, 1.0) == 0.0
    assert na.beta_sigma_dark(5.1e-15, 1e-14, 1.0, 1.0) > 0.0
    s = np.array([3.0, 4.0, 4.0001, 25.0])
    light = na.sigma_dark(s, 1.0, 0.5, 0.7)
    assert light[0] == 0
    assert np.isinf(light[1])
    assert na.sigma_dark(4.0, 1.0, 1.0, 0.7) == 0.0
    beta = velocity(s[2:], 1.0)
    direct = na.beta_sigma_dark(np.sqrt(s[2:]) / 2 - 1, -0.75, 1.0, 0.7)
    np.testing.assert_allclose(light[2:] * beta, direct, rtol=1e-11)
    assert np.isnan(na.sigma_dark(np.nan, 1.0, 0.5, 0.7))


def test_atanh_ratio_joins_its_series():
    u = np.array([1e-9, 0.1, 0.1999999, 0.2000001, 0.5, 0.999])
    np.testing.assert_allclose(atanh_ratio(np, u**2, 1 - u**2), np.arctanh(u) / u, rtol=1e-14)


def test_unknown_prescription():
    with pytest.raises(ParameterError, match="did you mean as-printed"):
        na.beta_sigma_dark(0.1, 0.0, 1.0, 1.0, "printed")


def test_jax_values_and_gradients():
    """Same numbers from compiled code (1e-12), finite slopes also where the channel is closed."""
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    eta = np.array([-0.5, 0.0, 1e-9, 0.1, 0.5, 2.0, 1e5])
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable_x64(True):
        for prescription in BOTH:
            for delta in (-0.5, 0.0, 1.25):

                def dark(*a, p=prescription):
                    return na.beta_sigma_dark(a[0], a[1], a[2], a[3], p)

                got = jax.jit(dark)(jnp.asarray(eta), delta, 1.0, 0.3)
                np.testing.assert_allclose(got, dark(eta, delta, 1.0, 0.3), rtol=1e-12)
                slopes = jax.vmap(jax.grad(dark, argnums=(0, 1, 2, 3)), (0, None, None, None))(
                    jnp.asarray(eta), delta + 1e-12, 1.0, 0.3
                )
                assert all(np.all(np.isfinite(x)) for x in slopes)
        step = 1e-6
        slope = jax.grad(lambda d: na.beta_sigma_dark(0.7, d, 1.0, 0.3))(0.4)
        pair = [na.beta_sigma_dark(0.7, 0.4 + sign * step, 1.0, 0.3) for sign in (1, -1)]
        assert float(slope) == pytest.approx((pair[0] - pair[1]) / (2 * step), rel=1e-7)
