"""Self-scattering of the dark vectors: exact threshold forms, the pole at R = 2, units."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from oracles import vector_scattering as oracle
from vectorportal.formulas.self_scattering import (
    born_parameter,
    coupling_saturating,
    like_square,
    sigma_like,
    sigma_self,
    sigma_self_over_m,
    sigma_unlike,
    unlike_square,
)

RATIOS = (0.3, 1.0, 1.3, 1.9, 2.5, 6.0)


@pytest.mark.parametrize("ratio", RATIOS)
def test_threshold_equals_the_vertices_of_su2(ratio):
    """At p = 1e-9 m_X, where corrections are p^2 and the angle does not matter."""
    for cos_theta in (-0.6, 0.3):
        like = oracle.squared_self(1e-9, cos_theta, ratio, 1)
        unlike = oracle.squared_self(1e-9, cos_theta, ratio, -1)
        assert like_square(ratio) == pytest.approx(like, rel=1e-12)
        assert unlike_square(ratio) == pytest.approx(unlike, rel=1e-12)


@pytest.mark.parametrize("ratio", [1.0, 1.9])
def test_corrections_start_at_second_order_in_the_velocity(ratio):
    for charge, exact in ((1, like_square(ratio)), (-1, unlike_square(ratio))):
        far, near = (abs(oracle.averaged_self(p, ratio, charge) - exact) for p in (2e-3, 1e-3))
        assert far / near == pytest.approx(4.0, rel=2e-2)


@pytest.mark.parametrize(
    ("excess", "width"), [(0.0, 0.0), (0.0, 1e-6), (1e-7, 1e-7), (2e-7, 0.0), (-1e-6, 0.0)]
)
def test_pole_of_the_s_channel(excess, width):
    """R = 2 + excess at v = 1e-3; corrections are v^2 times a few."""
    exact = oracle.averaged_self(5e-4, 2.0 + excess, -1, width)
    assert unlike_square(2.0 + excess, width, 1e-3) == pytest.approx(exact, rel=3e-6)


def test_pole_lifts_the_cross_section_by_known_factors():
    assert unlike_square(2.0) == 33.0
    assert unlike_square(2.0, 0.0, 1e-3) == pytest.approx(33.0 + 243.0)
    assert unlike_square(2.0, 1.0, 1e-3) == pytest.approx(33.0, rel=1e-9)


def test_rational_forms():
    """The closed forms of the docstrings from the amplitude's pairings, in exact arithmetic.

    sum over spins of (a P + b Q + c S)^2 = 9 (a^2 + b^2 + c^2) + 6 (a b + b c + c a).
    """
    for n in range(1, 8):
        r2 = Fraction(n * n, 9)
        h = -(1 + 4 / r2)
        like = 9 * (4 + 2 * h**2) + 6 * (4 * h + h**2)
        a = 4 / r2 - 1
        unlike = 9 * (a**2 + 5) + 6 * (2 * a - a - 2)
        assert like_square(n / 3) == pytest.approx(float(like), rel=1e-14)
        assert unlike_square(n / 3) == pytest.approx(float(unlike), rel=1e-14)
        assert like == 36 + 96 / r2 + 384 / r2**2
        assert unlike == 36 - 48 / r2 + 144 / r2**2
        mean = 1 / (np.pi * 192) * float((9 * r2**2 + 56) / r2**2)
        assert sigma_self(1.0, n / 3, 1.0) == pytest.approx(mean, rel=1e-14)


def test_cross_sections_at_equal_masses():
    """Spin average 1/9, flux and phase space 1/(64 pi m^2) per pair; 1/2 for X+X+."""
    assert sigma_like(2.0, 1.0, 0.5) == pytest.approx(0.5**4 * 43 / (96 * np.pi * 4))
    assert sigma_unlike(2.0, 1.0, 0.5) == pytest.approx(0.5**4 * 11 / (48 * np.pi * 4))
    assert sigma_self(2.0, 1.0, 0.5) == pytest.approx(0.5**4 * 65 / (192 * np.pi * 4))


def test_units_and_scaling():
    """1 cm^2/g = 4578.2 GeV^-3 (1 GeV = 1.78266e-24 g, 1 GeV^-2 = 3.89379e-28 cm^2)."""
    value = sigma_self_over_m(0.1, 1.2, 0.3)
    natural = sigma_self(0.1, 1.2, 0.3) / 0.1
    assert value == pytest.approx(natural * 3.893793721e-28 / 1.782661922e-24, rel=1e-9)
    assert sigma_self_over_m(0.2, 1.2, 0.6) == pytest.approx(2.0 * value, rel=1e-13)
    wide = sigma_self_over_m(0.1, 2.0, 0.3, width=1e-5, velocity=1e-2)
    assert sigma_self_over_m(0.2, 2.0, 0.3, width=2e-5, velocity=1e-2) == pytest.approx(wide / 8)


def test_coupling_that_saturates_one_cm2_per_gram():
    g_x = coupling_saturating(np.array([1e-3, 0.02866, 1.0]), 1.0)
    np.testing.assert_allclose(g_x, [0.08073, 1.0, 14.357], rtol=1e-3)
    np.testing.assert_allclose(sigma_self_over_m(1.0, 1.7, coupling_saturating(1.0, 1.7)), 1.0)
    assert born_parameter(1.0, 14.357) > 1.0 > born_parameter(1.0, 0.0807)
    assert born_parameter(2.0, 1.0) == pytest.approx(1 / (8 * np.pi))


def test_jax_values_and_gradients():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable_x64(True):
        ratio = np.array([0.5, 1.0, 2.0])
        got = jax.jit(sigma_self_over_m)(jnp.asarray(0.3), jnp.asarray(ratio), 0.2)
        np.testing.assert_allclose(got, sigma_self_over_m(0.3, ratio, 0.2), rtol=1e-13)
        slope = jax.vmap(jax.grad(lambda r: unlike_square(r)))(jnp.asarray(ratio))
        np.testing.assert_allclose(slope, 96 / ratio**3 - 576 / ratio**5, rtol=1e-12)
