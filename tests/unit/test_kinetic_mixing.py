"""Kinetic mixing against a numerical diagonalisation of kinetic and mass matrices in mpmath."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest

from vectorportal.formulas.kinetic_mixing import fermion_couplings, forbidden_roots, mixing
from vectorportal.inputs.standard_model import StandardModel

SM = StandardModel.default()
CHARGES = {"e": (-1.0, -0.5), "nu": (0.0, 0.5), "u": (2 / 3, 0.5), "d": (-1 / 3, -0.5)}
DIGITS = 100
"""40 digits after the loss of 2 x 16 (epsilon) and 2 x 12 (m_v/m_Z) in the smallest entries"""


def exact(epsilon, m_v):
    """Unmixed masses and mass eigenstates, with no formula of the paper.

    Fields (B, X, W3): kinetic matrix K, mass matrix M. The two unmixed masses follow from the
    trace and the product of the non-zero eigenvalues of K^-1 M; V is the eigenstate that becomes
    the dark field as epsilon -> 0. Returned: squared unmixed masses, squared physical masses, and
    the components of V and Z in (B, X, W3).
    """
    mp = mpmath.mp
    sw2, z2, v2 = mp.mpf(SM.sw2), mp.mpf(SM.m_z) ** 2, mp.mpf(float(m_v)) ** 2
    s, c = mp.sqrt(sw2), mp.sqrt(1 - sw2)
    kappa = mp.mpf(float(epsilon)) / c
    kinetic = mp.matrix([[1, kappa, 0], [kappa, 1, 0], [0, 0, 1]])
    k2 = 1 - kappa**2
    # trace: Z2 (s^2/k2 + c^2) + X2/k2 = z2 + v2; product: X2 Z2/k2 = z2 v2
    a, b, rest = (sw2 / k2 + 1 - sw2), -(z2 + v2), z2 * v2
    root = mp.sqrt(b * b - 4 * a * rest)
    big_z2 = (-b + (root if v2 < z2 else -root)) / (2 * a)
    if v2 > z2:  # the small root, without cancellation
        big_z2 = 2 * rest / (-b + root)
    big_x2 = k2 * z2 * v2 / big_z2
    mass = mp.matrix(
        [
            [big_z2 * sw2, 0, -big_z2 * s * c],
            [0, big_x2, 0],
            [-big_z2 * s * c, 0, big_z2 * (1 - sw2)],
        ]
    )
    inverse = mp.inverse(mp.cholesky(kinetic))
    values, vectors = mp.eigsy(inverse * mass * inverse.T)
    states = inverse.T * vectors
    order = sorted(range(3), key=lambda i: values[i])
    v_at, z_at = (order[1], order[2]) if v2 < z2 else (order[2], order[1])

    def column(i, sign_of):
        entries = [states[row, i] for row in range(3)]
        flip = 1 if sign_of(entries) > 0 else -1
        return [flip * e for e in entries]

    vector = column(v_at, lambda f: f[1])
    z = column(z_at, lambda f: c * f[2] - s * f[0])
    return (big_x2, big_z2), (values[v_at], values[z_at]), vector, z


def weak(state):
    """Component in the unmixed Z = c_w W3 - s_w B."""
    sw2 = mpmath.mpf(SM.sw2)
    return mpmath.sqrt(1 - sw2) * state[2] - mpmath.sqrt(sw2) * state[0]


def relative(value, expected):
    return abs(float(mpmath.mpf(float(value)) / expected - 1))


EPSILONS = (1e-16, 1e-9, 1e-4, 1e-2, 0.1, 0.3)
MASSES = (1e-6, 1e-3, 0.3, 10.0, 60.0, 85.0, 98.0, 150.0, 1e3, 1e4)
POINTS = [
    (e, m)
    for e, m in itertools.product(EPSILONS, MASSES)
    if bool(mixing(e, m, SM.m_z, SM.sw2).allowed)
]


def conditioning(epsilon, m_v):
    """How much relative rounding of r = (m_v/m_Z)^2 grows: d ln(alpha)/d ln r near m_Z."""
    r = (m_v / SM.m_z) ** 2
    low, high = forbidden_roots(epsilon, SM.sw2)
    return 1.0 + r / min(abs(r - low), abs(r - high))


@pytest.mark.parametrize(("epsilon", "m_v"), POINTS)
def test_mixing_equals_diagonalisation(epsilon, m_v):
    """Tolerance 1e-15 (a few roundings) times the condition number: 1e-14 away from m_Z."""
    mix = mixing(epsilon, m_v, SM.m_z, SM.sw2)
    with mpmath.workdps(DIGITS):
        unmixed, physical, vector, z = exact(epsilon, m_v)
        assert relative(m_v**2, physical[0]) < 1e-15  # the oracle has the asked spectrum
        assert relative(SM.m_z**2, physical[1]) < 1e-15
        pairs = {
            "m_x_hat2": unmixed[0],
            "m_z_hat2": unmixed[1],
            "dark_v": vector[1],
            "dark_z": z[1],
            "weak_v": weak(vector),
            "weak_z": weak(z),
        }
        tolerance = max(1e-14, 2e-15 * conditioning(epsilon, m_v))
        errors = {name: relative(getattr(mix, name), want) for name, want in pairs.items()}
    assert max(errors.values()) < tolerance, errors


@pytest.mark.parametrize(("epsilon", "m_v"), POINTS)
def test_component_of_v_in_the_w3(epsilon, m_v):
    """V W W: the W3 component of V is -c_w sin(alpha), that of Z c_w cos(alpha)."""
    mix = mixing(epsilon, m_v, SM.m_z, SM.sw2)
    with mpmath.workdps(DIGITS):
        _, _, vector, z = exact(epsilon, m_v)
        c = mpmath.sqrt(1 - mpmath.mpf(SM.sw2))
        tolerance = max(1e-14, 2e-15 * conditioning(epsilon, m_v))
        assert relative(-mix.sin_alpha, vector[2] / c) < tolerance
        assert relative(mix.cos_alpha, z[2] / c) < tolerance


def test_no_overlap_of_dark_and_weak_in_the_inverse_mass_matrix():
    """Identity: sum_V dark_V weak_V/m_V^2 = (M^-2)_XZ = 0, as the dark field has its own mass.

    It is what removes the longitudinal exchange between the dark and any Standard Model current.
    Tolerance: rounding times the condition number near m_Z.
    """
    for epsilon, m_v in POINTS:
        mix = mixing(epsilon, m_v, SM.m_z, SM.sw2)
        first = mix.dark_v * mix.weak_v / m_v**2
        second = mix.dark_z * mix.weak_z / SM.m_z**2
        assert first == pytest.approx(-second, rel=2e-15 * conditioning(epsilon, m_v) + 1e-14)


@pytest.mark.parametrize("epsilon", [1e-8, 1e-4, 0.01, 0.1, 0.3])
def test_forbidden_roots(epsilon):
    """At the roots the discriminant D^2 of the mass matrix vanishes (checked in mpmath)."""
    low, high = forbidden_roots(epsilon, SM.sw2)
    assert low < 1 < high
    assert low * high == pytest.approx(1.0, rel=1e-15)  # the two are reciprocal
    with mpmath.workdps(50):
        e2, sw2 = mpmath.mpf(epsilon) ** 2, mpmath.mpf(SM.sw2)
        for r in (low, high):
            r = mpmath.mpf(float(r))
            # (z2 + v2)^2 - 4 a z2 v2 of the oracle above, in units of m_Z^4 and times k^2
            a = sw2 + (1 - sw2) * (1 - e2 / (1 - sw2))
            k2 = 1 - e2 / (1 - sw2)
            gap = k2 * (1 + r) ** 2 - 4 * a * r
            # D varies by O(epsilon) per unit of r, and r carries one rounding
            assert abs(gap) < 20 * epsilon * 2.3e-16
    inside = np.sqrt(np.array([low * (1 + 1e-6 * epsilon), 1.0, high * (1 - 1e-6 * epsilon)]))
    outside = np.sqrt(np.array([low * (1 - 1e-6 * epsilon), high * (1 + 1e-6 * epsilon)]))
    if epsilon > 1e-6:
        assert not np.any(mixing(epsilon, inside * SM.m_z, SM.m_z, SM.sw2).allowed)
        assert np.all(mixing(epsilon, outside * SM.m_z, SM.m_z, SM.sw2).allowed)


def test_too_large_epsilon_is_not_allowed():
    """epsilon >= c_w has no positive kinetic matrix (c_w = 0.8767)."""
    c_w = np.sqrt(1 - SM.sw2)
    mix = mixing(np.array([c_w * 1.0001, 0.99]), 1.0, SM.m_z, SM.sw2)
    assert not np.any(mix.allowed)
    assert np.all(np.isfinite(mix.dark_v))


def printed_b9(charge, t3, epsilon, m_v):
    """(B9) of [Foguel:2025] in its own variables, the mixing angle and eta, without regrouping.

    g_L = (e/(s_w c_w)) [-s_a (T3 - s_w^2 Q) + eta c_a s_w (T3 - Q)], g_R the same with T3 = 0,
    eta = (epsilon/c_w)/(1 - epsilon^2/c_w^2)^(1/2).
    """
    mp = mpmath.mp
    _, _, vector, _ = exact(epsilon, m_v)
    sw2 = mp.mpf(SM.sw2)
    s, c = mp.sqrt(sw2), mp.sqrt(1 - sw2)
    e = mp.sqrt(4 * mp.pi * mp.mpf(SM.alpha))
    eta = mp.mpf(epsilon) / c / mp.sqrt(1 - (mp.mpf(epsilon) / c) ** 2)
    s_a, c_a = -vector[2] / c, vector[1] * mp.sqrt(1 - (mp.mpf(epsilon) / c) ** 2)

    def coupling(isospin):
        bracket = -s_a * (isospin - sw2 * charge) + eta * c_a * s * (isospin - charge)
        return e / (s * c) * bracket

    return coupling(mp.mpf(t3)), coupling(mp.mpf(0))


@pytest.mark.parametrize("name", CHARGES)
@pytest.mark.parametrize(
    ("epsilon", "m_v"), [(1e-16, 1e-6), (1e-4, 0.1), (0.01, 50.0), (0.1, 200.0), (1e-3, 1e4)]
)
def test_couplings_equal_the_printed_form(name, epsilon, m_v):
    """Both the printed (B9) and g T3 W3 + g' Y B with the components of V; rounding only."""
    charge, t3 = CHARGES[name]
    mix = mixing(epsilon, m_v, SM.m_z, SM.sw2)
    e = np.sqrt(4 * np.pi * SM.alpha)
    got = fermion_couplings(charge, t3, e, SM.sw2, epsilon, mix.weak_v, mix.dark_v)
    with mpmath.workdps(DIGITS):
        _, _, vector, _ = exact(epsilon, m_v)
        sw2 = mpmath.mpf(SM.sw2)
        unit = mpmath.sqrt(4 * mpmath.pi * mpmath.mpf(SM.alpha))
        g, g_prime = unit / mpmath.sqrt(sw2), unit / mpmath.sqrt(1 - sw2)
        left = g * mpmath.mpf(t3) * vector[2] + g_prime * (mpmath.mpf(charge) - t3) * vector[0]
        right = g_prime * mpmath.mpf(charge) * vector[0]
        printed = printed_b9(charge, t3, epsilon, m_v)
        for value, direct, paper in zip(got, (left, right), printed, strict=True):
            if name == "nu" and direct == right:
                assert value == 0.0
                continue
            assert relative(value, direct) < 3e-14
            assert relative(value, paper) < 3e-14


def test_light_mediator_couples_like_a_photon():
    """-epsilon e Q up to O(epsilon^2) and O(m_v^2/m_Z^2); neutrinos: epsilon e t_w/(2 c_w s_w) r.

    The neutrino coupling of a light dark photon is -epsilon (g_Z/2) t_w m_v^2/m_Z^2 in magnitude.
    """
    epsilon, m_v = 1e-6, 0.1
    mix = mixing(epsilon, m_v, SM.m_z, SM.sw2)
    e = np.sqrt(4 * np.pi * SM.alpha)
    r = (m_v / SM.m_z) ** 2
    for name, (charge, t3) in CHARGES.items():
        got = fermion_couplings(charge, t3, e, SM.sw2, epsilon, mix.weak_v, mix.dark_v)
        if name == "nu":
            g_z, t_w = e / np.sqrt(SM.sw2 * (1 - SM.sw2)), np.sqrt(SM.sw2 / (1 - SM.sw2))
            assert got[0] == pytest.approx(-epsilon * g_z / 2 * t_w * r, rel=3 * r)
        else:
            assert got == pytest.approx((-epsilon * e * charge,) * 2, rel=10 * r)
