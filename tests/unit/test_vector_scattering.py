"""X f -> X f: closed forms against amplitudes, limits, powers of the velocity, relaxation."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import vector_scattering as oracle
from oracles.dirac import REAL, momentum_cm
from vectorportal.errors import ParameterError
from vectorportal.formulas.vector_scattering import (
    Exchange,
    dipole_at_rest,
    momentum_relaxation,
    nucleon_couplings,
    pair_densities,
    sigma_elastic,
    sigma_transfer,
    squared_elastic,
    yukawa_at_rest,
)

G_X = 0.7
MEDIATORS = (
    (0.02, 0.9, -0.02, 0.3, 0.1),
    (91.0, 0.02, -0.5, 0.4, -0.3),
    (0.0, 0.0, 0.05, 0.3, 0.3),
)
PHOTON = Exchange(0.0, 0.0, 0.05, 0.3, 0.3)
# Without extended precision the explicit polarisations lose digits as (E/m)^2.
EXTENDED = np.finfo(REAL).eps < 1e-18


def exchanges(mediators=MEDIATORS) -> list[Exchange]:
    return [Exchange(mass**2, *rest) for mass, *rest in mediators]


def invariant(velocity: float, m_x: float, m_f: float):
    gamma = 1 / np.sqrt((1 - REAL(velocity)) * (1 + REAL(velocity)))
    return REAL(m_x) ** 2 + REAL(m_f) ** 2 + 2 * REAL(m_x) * REAL(m_f) * gamma


def test_squared_amplitude_equals_polarisations_and_spinors():
    """Random masses, energies, angles and couplings (also of an x for massless vectors)."""
    rng = np.random.default_rng(3)
    for _ in range(30):
        m_x, m_f = 10 ** rng.uniform(-2, 1, 2)
        mediators = [(10 ** rng.uniform(-2, 1), *rng.normal(size=4)) for _ in range(2)]
        mediators.append((0.0, *rng.normal(size=2), 0.3, 0.3))
        s = REAL(m_x + m_f) ** 2 * (1 + REAL(10 ** rng.uniform(-2, 1)))
        cos_theta = rng.uniform(-1, 0.99)
        t = float(-2 * momentum_cm(s, m_x, m_f) ** 2 * (1 - REAL(cos_theta)))
        exact = oracle.squared_xf_at(s, cos_theta, m_x, m_f, mediators) / 6
        got = squared_elastic(float(s), t, m_x, m_f, 1.0, exchanges(mediators)).total
        # s carries a rounding error, which p^2 magnifies by s/(s - threshold) <= 100.
        assert got == pytest.approx(exact, rel=1e-12)


def test_oracle_is_lorentz_invariant():
    s, args = REAL(3.0), (0.7, 0.4, MEDIATORS)
    boosted = oracle.squared_xf_at(s, 0.3, *args, velocity=(0.3, -0.4, 0.5))
    assert boosted == pytest.approx(oracle.squared_xf_at(s, 0.3, *args), rel=1e-12)


def test_densities_cross_to_the_tensors_of_annihilation():
    """c - 2 mu at t = s is T_ab/(4 m^4): 12 m^4 + 20 m^2 s + s^2, s (10 m^2 + s), s (4 m^2 + s)."""
    m, s = 0.7, np.array([2.5, 40.0])
    tensors = (12 * m**4 + 20 * m**2 * s + s**2, s * (10 * m**2 + s), s * (4 * m**2 + s))
    for (charge, magnetic), tensor in zip(pair_densities(s, m), tensors, strict=True):
        np.testing.assert_allclose(charge - 2 * magnetic, tensor / (4 * m**4), rtol=1e-13)


@pytest.mark.parametrize("velocity", [1e-3, 0.1, 0.9])
@pytest.mark.parametrize(("m_x", "m_f"), [(1.0, 0.938), (0.03, 5e-4), (50.0, 0.938)])
def test_cross_sections_equal_numerical_phase_space(velocity, m_x, m_f):
    s = invariant(velocity, m_x, m_f)
    cut = 1e-3 * float(2 * momentum_cm(s, m_x, m_f))
    exact = oracle.sigma_xf(s, m_x, m_f, G_X, MEDIATORS, cut)
    moved = oracle.sigma_xf(s, m_x, m_f, G_X, MEDIATORS, power=1)
    # 1e-10: the spread of the two rules; doubling either changes less than 1e-11.
    assert sigma_elastic(velocity, m_x, m_f, G_X, exchanges(), cut).total == pytest.approx(
        exact, rel=1e-10
    )
    assert sigma_transfer(velocity, m_x, m_f, G_X, exchanges()).total == pytest.approx(
        moved, rel=1e-10
    )


def test_split_is_what_one_current_alone_gives():
    whole = sigma_transfer(0.3, 1.0, 0.5, G_X, exchanges())
    only_current = sigma_transfer(0.3, 1.0, 0.5, G_X, [e._replace(dipole=0.0) for e in exchanges()])
    only_dipole = sigma_transfer(0.3, 1.0, 0.5, G_X, [e._replace(current=0.0) for e in exchanges()])
    assert whole.current == pytest.approx(only_current.total, rel=1e-14)
    assert whole.dipole == pytest.approx(only_dipole.total, rel=1e-14)
    assert abs(whole.total - whole.current - whole.dipole) > 1e-6 * whole.dipole


def _power(part: str, exchange: Exchange) -> float:
    velocity = np.array([1e-4, 2e-4])
    value = getattr(sigma_elastic(velocity, 1.0, 0.5, G_X, [exchange]), part)
    return float(np.log2(value[1] / value[0]))


@pytest.mark.parametrize(
    ("part", "left", "right", "power"),
    [
        ("current", 0.3, 0.3, 0),
        ("dipole", 0.3, 0.3, 4),
        ("current", -0.3, 0.3, 2),
        ("dipole", -0.3, 0.3, 2),
    ],
)
def test_power_of_the_velocity_with_a_massive_vector(part, left, right, power):
    """J vector: Yukawa, v^0; j vector: v^4; axial couplings: v^2 (corrections are O(v^2))."""
    got = _power(part, Exchange(4.0, 1.0, 1.0, left, right))
    assert got == pytest.approx(power, abs=1e-6)


def test_yukawa_limit():
    """g_X^2 mu^2/pi (sum x g_V/m_V^2)^2; corrections (mu v/m_V)^2 < 1e-5 here."""
    massive = [Exchange(0.25, 0.9, 0.0, 0.3, 0.1), Exchange(4.0, 0.2, 0.0, 0.4, -0.3)]
    got = sigma_elastic(1e-4, 1.0, 0.5, G_X, massive).total
    hand = G_X**2 * (1 / 3) ** 2 / np.pi * (0.9 * 0.2 / 0.25 + 0.2 * 0.05 / 4.0) ** 2
    assert got == pytest.approx(hand, rel=1e-6)
    assert yukawa_at_rest(1.0, 0.5, G_X, [*massive, PHOTON]) == pytest.approx(hand, rel=1e-14)


def test_photon_is_suppressed_by_v4_against_a_millicharge():
    """Constant at v -> 0 where a charge gives 1/v^4; the closed limit holds up to O(v^2)."""
    strength = G_X * 0.05 * 0.3
    velocity, z_min = np.array([1e-5, 1e-4, 1e-3]), 1e-4
    momentum = np.array([float(momentum_cm(invariant(v, 1.0, 0.5), 1.0, 0.5)) for v in velocity])
    total, transfer = dipole_at_rest(1.0, 0.5, strength, z_min)
    cut = 2 * momentum * np.sqrt(z_min)
    # corrections are O(v^2) = 1e-6
    got = sigma_elastic(velocity, 1.0, 0.5, G_X, [PHOTON], cut).dipole
    np.testing.assert_allclose(got, total, rtol=2e-6)
    np.testing.assert_allclose(
        sigma_transfer(velocity, 1.0, 0.5, G_X, [PHOTON]).total, transfer, rtol=2e-6
    )
    charged = PHOTON._replace(current=0.05, dipole=0.0)
    rutherford = sigma_elastic(velocity, 1.0, 0.5, G_X, [charged], cut).current
    np.testing.assert_allclose(np.diff(np.log(rutherford / got)), -4 * np.log(10), rtol=1e-6)


def test_photon_outweighs_a_dark_photon_on_light_targets():
    """sigma_transfer of j (photon) over J (g = -epsilon e Q): m_ZD^4/(8 m_X^2 m_f^2), r -> 0."""
    m_f, m_zd = 5e-4, 1.5
    dark = Exchange(m_zd**2, 1.0, 0.0, -0.05 * 0.3, -0.05 * 0.3)
    split = sigma_transfer(1e-3, 1.0, m_f, G_X, [dark, PHOTON])
    # corrections are O(m_f/m_X) = 2 x 5e-4
    assert split.dipole / split.current == pytest.approx(m_zd**4 / (8 * m_f**2), rel=2e-3)


def test_photon_leaves_a_logarithm_and_no_power():
    """sigma grows by the same amount per decade of the smallest transfer: 4 (1+r)^2 C ln 10."""
    cut = 2e-3 / 3 * np.array([1e-3, 1e-4, 1e-5, 1e-6])
    value = sigma_elastic(1e-3, 1.0, 0.5, G_X, [PHOTON], cut).total
    scale = (G_X * 0.05 * 0.3) ** 2 / (48 * np.pi * 1.5**2)
    np.testing.assert_allclose(np.diff(value), 4 * 1.5**2 * scale * np.log(10), rtol=1e-5)
    assert sigma_elastic(1e-3, 1.0, 0.5, G_X, [PHOTON]).dipole == np.inf
    assert sigma_elastic(1e-3, 1.0, 0.5, G_X, exchanges()).total == np.inf
    assert np.isfinite(sigma_elastic(1e-3, 1.0, 0.5, G_X, exchanges()).current)
    # -t^2 |M|^2, the residue of a Coulomb pole, vanishes with t
    t = -np.array([1e-8, 1e-10, 1e-12])
    residue = t**2 * squared_elastic(3.0, t, 1.0, 0.5, G_X, [PHOTON]).total
    np.testing.assert_allclose(np.diff(np.log(residue)), -2 * np.log(10), rtol=1e-6)


def test_closed_when_the_transfer_cannot_be_reached():
    assert sigma_elastic(1e-3, 1.0, 0.5, G_X, exchanges(), q_min=1.0).total == 0.0


def test_rescaling_every_mass():
    scaled = [e._replace(mass2=9 * e.mass2) for e in exchanges()]
    one, two = (
        sigma_elastic(0.1, k, 0.5 * k, G_X, es, 1e-3 * k).total
        for k, es in ((1, exchanges()), (3, scaled))
    )
    assert one == pytest.approx(9 * two, rel=1e-12)
    rates = [
        momentum_relaxation(1e-2 * k, k, 0.5e-2 * k, G_X, es).total
        for k, es in ((1, exchanges()), (3, scaled))
    ]
    assert rates[1] == pytest.approx(3 * rates[0], rel=1e-12)


def test_hierarchies_of_masses_are_integrated():
    """One light vector in the Born limit: sigma of a Yukawa potential at p >> m_V, m_V/2p to 1e-9.

    16 pi (g_X g mu)^2/(4 pi)^2/m^4/(1 + (2p/m)^2) holds up to O(v^2).
    """
    mass = np.geomspace(1e-12, 1.0, 13)
    light = [Exchange(mass**2, 1.0, 0.0, 0.3, 0.3)]
    got = sigma_elastic(1e-3, 1.0, 1.0, G_X, light).total
    yukawa = (G_X * 0.3 * 0.5) ** 2 / np.pi / mass**2 / (mass**2 + 1e-6)
    np.testing.assert_allclose(got, yukawa, rtol=1e-4)


def test_nucleons_count_valence_quarks():
    e, epsilon = 0.3, 1e-3
    proton, neutron = nucleon_couplings(2 / 3 * e * epsilon, -1 / 3 * e * epsilon)
    assert proton == pytest.approx(e * epsilon)
    assert neutron == pytest.approx(0.0, abs=1e-19)


HEAVY = ((0.5, 0.9, 0.0, 0.3, 0.1),)


def test_relaxation_in_a_massless_bath():
    """Contact interaction: gamma = 31 pi^3 (g_X g_V)^2 T^6/(378 m_X m_V^4) per 2 states.

    From int k^6 f (1 - f) dk = 31 pi^6 T^7/42; Maxwell-Boltzmann statistics has 6! T^7 instead.
    Corrections are O(10 T/m_X) = 1e-5 and smaller ones O(k^2/m_V^2).
    """
    bath, m_x, contact = 1e-3, 1e3, [Exchange(1e4, 1.0, 0.0, 0.3, 0.3)]
    expected = 31 * np.pi**3 * (G_X * 0.3) ** 2 * bath**6 / (378 * m_x * 1e8)
    got = momentum_relaxation(bath, m_x, 0.0, G_X, contact, 2.0).total
    assert got == pytest.approx(expected, rel=1e-4)
    classical = momentum_relaxation(bath, m_x, 0.0, G_X, contact, 2.0, "maxwell-boltzmann").total
    assert classical / got == pytest.approx(720 / (31 * np.pi**6 / 42), rel=1e-4)


@pytest.mark.parametrize("mediators", [HEAVY, MEDIATORS])
def test_relaxation_is_the_drag_of_a_drifting_bath(mediators):
    """Einstein's relation: diffusion/(m_X T) equals the drag force, up to O(omega/m_X) ~ 1e-5."""
    bath, m_x, m_f = 1e-3, 1e3, 5e-4
    got = momentum_relaxation(
        bath, m_x, m_f, G_X, exchanges(mediators), 4.0, "maxwell-boltzmann"
    ).total
    exact = oracle.drag(bath, m_x, m_f, G_X, mediators, 4.0)
    assert got == pytest.approx(exact, rel=3e-5)


def test_relaxation_equals_adaptive_quadrature():
    """The formula of the docstring with nested adaptive integrals of the explicit amplitudes."""
    from scipy.integrate import quad

    bath, m_x, m_f = 2e-3, 1.0, 5.11e-4

    def integrand(energy: float) -> float:
        s = REAL(m_x) ** 2 + REAL(m_f) ** 2 + 2 * REAL(m_x) * REAL(energy)
        p2 = float(momentum_cm(s, m_x, m_f)) ** 2
        sigma = oracle.sigma_xf(s, m_x, m_f, G_X, MEDIATORS, power=1)
        k2 = energy**2 - m_f**2
        return k2 * 2 * p2 * sigma / (4 * np.cosh(energy / (2 * bath)) ** 2)

    integral = quad(integrand, m_f, m_f + 40 * bath, epsrel=1e-9, limit=60)[0]
    exact = 4.0 / (6 * m_x * bath) / (2 * np.pi**2) * integral
    got = momentum_relaxation(bath, m_x, m_f, G_X, exchanges()).total
    assert got == pytest.approx(exact, rel=1e-8)


def test_statistics_must_be_known():
    with pytest.raises(ParameterError, match="statistics"):
        momentum_relaxation(1e-3, 1.0, 0.0, G_X, exchanges(), statistics="bose")


def test_broadcasting():
    light = [Exchange(np.array([0.01, 0.1, 1.0]), 1.0, 0.0, 0.3, 0.3), PHOTON]
    velocity = np.array([1e-3, 1e-2])[:, None]
    got = sigma_elastic(velocity, 1.0, 0.5, G_X, light, 1e-5)
    assert got.total.shape == got.current.shape == got.dipole.shape == (2, 3)
    single = [e._replace(mass2=0.1) if np.ndim(e.mass2) else e for e in light]
    assert got.total[1, 1] == sigma_elastic(1e-2, 1.0, 0.5, G_X, single, 1e-5).total
    rate = momentum_relaxation(np.array([1e-3, 1e-2])[:, None], 1.0, 5e-4, G_X, light)
    assert rate.total.shape == (2, 3)
    one = momentum_relaxation(1e-2, 1.0, 5e-4, G_X, single).total
    assert rate.total[1, 1] == pytest.approx(one, rel=1e-14)


def test_jax_values_and_gradients():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64

    def elastic(xp, m_x, mass2):
        light = [Exchange(mass2, 1.0, 0.1, 0.3, 0.2), PHOTON]
        return sigma_elastic(xp.asarray(1e-3), m_x, 0.5, G_X, light, 1e-5).total

    def relaxation(xp, m_x, mass2):
        light = [Exchange(mass2, 1.0, 0.1, 0.3, 0.2), PHOTON]
        return momentum_relaxation(xp.asarray(1e-3), m_x, 5e-4, G_X, light).total

    with enable_x64(True):
        for function in (elastic, relaxation):
            compiled = jax.jit(jax.value_and_grad(lambda m2, f=function: f(jnp, 1.0, m2)))
            value, slope = compiled(jnp.asarray(1e-6))
            assert float(value) == pytest.approx(float(function(np, 1.0, 1e-6)), rel=1e-12)
            step = [float(function(np, 1.0, 1e-6 * (1 + h))) for h in (1e-5, -1e-5)]
            # central difference: O(h^2) truncation, 1e-15/h rounding
            assert float(slope) == pytest.approx((step[0] - step[1]) / 2e-11, rel=1e-8)
