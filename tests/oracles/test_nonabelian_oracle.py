"""Amplitudes of the dark SU(2) triplet: the oracle checked against itself, then the package.

Exact statements are between Fractions. Where a closed form in double precision is compared with an
exact or a long-double number, ROUNDING covers its few dozen rounded operations.
"""

from __future__ import annotations

from fractions import Fraction as F
from itertools import permutations

import numpy as np
import pytest

from .dirac import REAL, pair
from .nonabelian import (
    MINKOWSKI,
    Leg,
    Masses,
    Recursion,
    amplitude,
    fractions,
    product,
    squared,
)
from .nonabelian_exact import (
    momenta_two_to_two,
    sigma_dark,
    squared_at_rest,
    squared_three_to_two,
    squared_two_to_two,
    three_to_two,
    two_to_two,
)
from .nonabelian_float import masses_of, sigma, squared_on_fermion
from .nonabelian_float import three_to_two as float_three_to_two
from .nonabelian_float import two_to_two as float_two_to_two
from .nonabelian_mixing import (
    Couplings,
    combined,
    exact_components,
    flipped,
    mixed_couplings,
    photon_like_couplings,
    unbroken_couplings,
)
from .nonabelian_portal import (
    decay_to_pair,
    exact_tensors,
    float_currents,
    sigma_fermion,
    sigma_top,
    ward_residual,
)
from .nonabelian_textbook import pair_to_neutrals

ROUNDING = 1e-12
SIMP = {"xxx": ((-1, 1, 1), (0, 1)), "xxz": ((1, -1, 0), (0, 0)), "zzz": ((0, 0, 0), (1, -1))}
# The numerators of the amplitudes have at most 12 coefficients: so many points leave no freedom.
RATIOS = [F(n, 10) for n in (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)]
# (s, X, Z) above both thresholds, from the threshold to high energies, R from 0.1 to 3.
POINTS = [
    (F(9), F(1), F(1)),
    (F(4) + F(1, 10**6), F(1), F(1)),
    (F(4) + F(1, 10**4), F(1), F(49, 100)),
    (F(10), F(1), F(121, 100)),
    (F(31, 2), F(1), F(7, 2)),
    (F(5), F(1), F(1, 3)),
    (F(36) + F(1, 100), F(1), F(9)),
    (F(23), F(2), F(1, 50)),
    (F(10**6), F(1), F(2)),
]


# --- the oracle against itself ------------------------------------------------------------------


def null_vector(u: int | F, v: int | F) -> list[F]:
    """A rational light-like momentum."""
    w = F(u) ** 2 + F(v) ** 2
    return [1 + w, 2 * F(u), 2 * F(v), 1 - w]


def massless_leg(charge: int, k: list[F]) -> Leg:
    """A light-like leg with two rational vectors orthogonal to it, not to each other."""
    k_up = fractions(k)
    vectors = fractions([[k[1], k[0], 0, 0], [k[2], 0, k[0], 0]])
    assert not any(product(vectors, k_up, MINKOWSKI))
    return Leg(charge, k_up, vectors, fractions([1, 1]))


def test_rational_polarisations_are_complete():
    metric, legs = two_to_two(F(31, 2), F(2, 3), (0, 0), Masses(F(1), F(7, 2)))
    for leg, mass2 in zip(legs, (1, 1, F(7, 2), F(7, 2)), strict=True):
        total = np.einsum("i,im,in->mn", leg.weights, leg.vectors, leg.vectors)
        expected = np.outer(leg.momentum, leg.momentum) / mass2
        assert np.array_equal(total + np.diag([1 / g for g in metric]), expected)


@pytest.mark.parametrize("charges", [(1, -1, 0, 1, -1), (1, -1, 0, 0, 0), (0, 1, 1, -1, -1)])
def test_massless_current_is_conserved(charges):
    ks = [null_vector(*uv) for uv in ((1, 2), (F(1, 2), -1), (-2, F(1, 3)), (F(-3, 4), F(2, 5)))]
    ks[2] = [-a for a in ks[2]]
    legs = [massless_leg(q, k) for q, k in zip(charges[:4], ks, strict=True)]
    source = Recursion(legs, Masses(0, 0), MINKOWSKI).source((0, 1, 2, 3))
    total = sum(fractions(k) for k in ks)
    assert np.any(source != 0)
    assert not np.any(product(source, np.asarray(total), MINKOWSKI))


@pytest.mark.parametrize("finals", [(0, 0), (1, -1), (1, 1)])
@pytest.mark.parametrize("leg", range(4))
def test_ward_identity_without_masses(finals, leg):
    # e -> k on one leg, physical (orthogonal to its momentum) vectors on the other three.
    metric, ks = momenta_two_to_two(F(7), F(3, 2), F(0), F(0))
    basis = fractions(np.eye(4, dtype=int))
    legs = []
    for charge, k in zip((1, sum(finals) - 1, -finals[0], -finals[1]), ks, strict=True):
        along = product(basis, k, metric)
        vectors = [along[i] * basis[j] - along[j] * basis[i] for i, j in ((0, 1), (0, 2), (1, 2))]
        vectors = np.array([*vectors, basis[3]], dtype=object)
        sign = 1 if len(legs) < 2 else -1
        legs.append(Leg(charge, sign * k, vectors, vectors[:, 0]))
    assert np.any(amplitude(legs, Masses(0, 0), metric))
    legs[leg] = legs[leg]._replace(vectors=legs[leg].momentum[None])
    assert not np.any(amplitude(legs, Masses(0, 0), metric))


@pytest.mark.parametrize("name", SIMP)
def test_equal_masses_give_divergence_free_currents(name):
    # D.X = 0 follows from the field equation of equal masses, so that every off-shell current is
    # transverse and the k k/m^2 terms drop; they do not for different masses.
    metric, legs, masses = three_to_two(1, *SIMP[name])
    recursion = Recursion(legs[:-1], masses, metric)
    for subset in [s for s in recursion.currents if len(s) > 1]:
        source = recursion.source(subset)
        assert not np.any(product(recursion.momentum(subset), source, metric))
    full, bare = (amplitude(legs, masses, metric, keep) for keep in (True, False))
    assert np.any(full != 0)
    assert np.array_equal(full, bare)
    assert squared_three_to_two(F(3, 2), *SIMP[name]) != squared_three_to_two(
        F(3, 2), *SIMP[name], longitudinal=False
    )


@pytest.mark.parametrize("name", SIMP)
def test_bose_symmetry(name):
    # Any leg may be the amputated one: the diagrams are then summed in another order.
    metric, legs, masses = three_to_two(F(3, 2), *SIMP[name])
    legs = [leg._replace(vectors=leg.vectors[:2] + leg.vectors[1:]) for leg in legs]
    reference = amplitude(legs, masses, metric)
    assert np.any(reference != 0)
    for order in list(permutations(range(5)))[7::17]:
        permuted = amplitude([legs[i] for i in order], masses, metric)
        assert np.array_equal(permuted, np.transpose(reference, order))


@pytest.mark.parametrize("m_zd", [0.6, 1.0, 1.4])
def test_textbook_diagrams(m_zd):
    rng = np.random.default_rng(5)
    legs = float_two_to_two(REAL(11.0), np.array([0.3, -0.8]), (0, 0), 1.0, m_zd)
    e = [np.einsum("i,i...->...", rng.normal(size=3), leg.vectors) for leg in legs]
    lines = [(leg.momentum, v) for leg, v in zip(legs, e, strict=True)]
    expected = pair_to_neutrals(lines, 1.0)
    chosen = [leg._replace(vectors=v[None]) for leg, v in zip(legs, e, strict=True)]
    value = amplitude(chosen, masses_of(1.0, m_zd))[0, 0, 0, 0]
    assert np.abs(value) == pytest.approx(np.abs(expected), rel=ROUNDING)


@pytest.mark.parametrize("finals", [(0, 0), (1, -1), (1, 1)])
def test_floats_equal_fractions(finals):
    s, m_zd = F(13), F(3, 2)
    masses = Masses(F(1), m_zd**2)
    m_out = float(masses.of(finals[0]))
    c = F(5, 2)
    cos_theta = np.array([float(c) / np.sqrt(9 * (13 - 4 * m_out))])
    legs = float_two_to_two(REAL(13), cos_theta, finals, 1.0, 1.5)
    value = squared(legs, masses_of(1.0, 1.5))[0]
    assert float(value) == pytest.approx(
        float(squared_two_to_two(s, c, finals, masses)), rel=ROUNDING
    )


@pytest.mark.parametrize("name", SIMP)
def test_three_to_two_floats_equal_fractions(name):
    initial, final = SIMP[name]
    factor = {"xxx": 2, "xxz": 2, "zzz": 6}[name]
    value = float_three_to_two(1.0, 1.25, initial, final)
    assert value == pytest.approx(factor * float(squared_three_to_two(F(5, 4), initial, final)))


@pytest.mark.parametrize("ratio", [F(1), F(3, 2)])
@pytest.mark.parametrize("finals", [(0, 0), (1, -1), (1, 1)])
def test_high_energy_growth(finals, ratio):
    # Contact and exchange cancel the growth E^4 of longitudinal amplitudes; E^2 stays without a
    # dark Higgs. Corrections are of order m_x^2/s.
    masses = Masses(F(1), ratio**2)
    low, high = (squared_two_to_two(s, s / 3, finals, masses) for s in (F(10**8), F(10**9)))
    assert float(high / low) == pytest.approx(100, rel=1e-6)


# --- 2 -> 2 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", POINTS[:2] + POINTS[3:6])
def test_dark_annihilation_by_gauss_legendre(point):
    s, x, z = point
    numeric = sigma(REAL(float(s)), (0, 0), float(x) ** 0.5, float(z) ** 0.5)
    # the threshold distance of the second point is known to 1e-16/2.5e-7 in floats
    assert numeric == pytest.approx(sigma_dark(s, Masses(x, z)), rel=1e-9)


@pytest.mark.parametrize("point", POINTS)
def test_dark_annihilation(point):
    from vectorportal.formulas.nonabelian import beta_sigma_dark

    s, x, z = point
    beta = np.sqrt(float(1 - 4 * x / s))
    excess = float((s / (4 * x)) - 1)
    eta, delta = excess / (1 + np.sqrt(1 + excess)), float(z / x - 1)
    for prescription, keep, flux in (("verified", True, 1), ("as-printed", False, beta**2)):
        expected = beta * flux * sigma_dark(s, Masses(x, z), longitudinal=keep)
        m_x = float(x) ** 0.5
        closed = beta_sigma_dark(eta, delta, m_x, 1.0, prescription)
        # the distance 1/100 from the threshold at R = 3 is known to 36 eps/(1/100)
        assert closed == pytest.approx(expected, rel=2e-12), prescription


@pytest.mark.parametrize("ratio", [F(1, 10), F(1, 2), F(9, 10), F(1)])
def test_dark_threshold(ratio):
    from vectorportal.formulas.nonabelian import dark_threshold

    tiny = F(1, 10**14)
    masses = Masses(F(1), ratio**2)
    velocity = 2 * float(tiny / (4 + tiny)) ** 0.5
    value = sigma_dark(4 + tiny, masses) * velocity
    constant, power = dark_threshold(float(ratio), 1.0, 1.0)
    assert constant * velocity**power == pytest.approx(value, rel=1e-11)


ELASTIC = [F(1, 10), F(1, 2), F(1), F(5, 4), F(7, 3), F(3), F(20)]


@pytest.mark.parametrize("ratio", ELASTIC)
def test_elastic_at_threshold(ratio):
    # Exact: a polynomial of degree two in 1/R^2 through seven points.
    like, unlike = (squared_at_rest(ratio, same) for same in (True, False))
    assert like == 36 + 96 / ratio**2 + 384 / ratio**4
    assert unlike == 36 - 48 / ratio**2 + 144 / ratio**4


@pytest.mark.parametrize("ratio", ELASTIC)
def test_elastic_cross_sections(ratio):
    from vectorportal.formulas.self_scattering import sigma_like, sigma_unlike

    r, m_x = float(ratio), 1.7
    expected = (3 * r**4 + 8 * r**2 + 32) / (96 * np.pi * m_x**2 * r**4)
    assert sigma_like(m_x, r, 1.0) == pytest.approx(expected, rel=ROUNDING)
    expected = (3 * r**4 - 4 * r**2 + 12) / (48 * np.pi * m_x**2 * r**4)
    assert sigma_unlike(m_x, r, 1.0) == pytest.approx(expected, rel=ROUNDING)
    velocity = 1e-3 * min(r, 1.0)
    s = 4 * m_x**2 / (1 - velocity**2 / 4)
    # corrections of order (v/R)^2 and v^2
    for finals, closed in (((1, 1), sigma_like), ((1, -1), sigma_unlike)):
        numeric = sigma(s, finals, m_x, r * m_x)
        assert numeric == pytest.approx(closed(m_x, r, 1.0), rel=1e-4), finals


def test_elastic_resonance():
    # At s = 4 m_x^2/(1 - v^2/4) just below the p-wave pole; corrections are of relative order v.
    from vectorportal.formulas.self_scattering import sigma_unlike

    velocity, m_x = 1e-3, 1.0
    ratio = 2 * np.sqrt(1 + velocity**2 / 4 * 1.02)
    s = 4 / (1 - REAL(velocity) ** 2 / 4)
    numeric = sigma(s, (1, -1), m_x, ratio)
    background = sigma_unlike(m_x, ratio, 1.0)
    assert numeric > 100 * background
    assert sigma_unlike(m_x, ratio, 1.0, 0.0, velocity) == pytest.approx(numeric, rel=1e-3)


# --- 3 -> 2 at rest ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIMP)
def test_simp_amplitudes(name):
    from vectorportal.formulas import simp

    closed = getattr(simp, f"m2_{name}")
    for ratio in RATIOS:
        exact = float(squared_three_to_two(ratio, *SIMP[name]))
        assert closed(float(ratio)) == pytest.approx(exact, rel=ROUNDING), ratio


EQUAL_MASSES = {
    # the amplitudes, and (B23) as printed
    "xxx": (F(70315, 128), F(324035, 512)),
    "xxz": (F(1735, 64), F(328285, 256)),
    "zzz": (F(209375, 512), F(27615, 64)),
}


@pytest.mark.parametrize("name", SIMP)
def test_simp_amplitudes_of_equal_masses(name):
    # The printed values of (B23) of [Foguel:2025] are not those of the amplitudes.
    from vectorportal.formulas import simp

    exact, printed = EQUAL_MASSES[name]
    assert squared_three_to_two(1, *SIMP[name]) == exact != printed
    closed = getattr(simp, f"m2_{name}")
    assert closed(1.0) == pytest.approx(float(exact), rel=ROUNDING)
    assert closed(1.0, "as-printed") == pytest.approx(float(printed), rel=ROUNDING)


@pytest.mark.parametrize("name", SIMP)
def test_simp_rates(name):
    # (B7): |M|^2/(27 prod 2 m_i) times the two-body phase space p/(4 pi E).
    from vectorportal.formulas import simp

    ratio, m_x, g_x = F(5, 4), 1.3, 0.7
    metric, legs, _ = three_to_two(ratio, *SIMP[name])
    energies = [float(leg.momentum[0]) for leg in legs[:3]]
    phase_space = float(-metric[3]) ** 0.5 / (4 * np.pi * sum(energies))
    squared_m = float(squared_three_to_two(ratio, *SIMP[name])) * g_x**6
    expected = squared_m * phase_space / (27 * 8 * np.prod(energies)) / m_x**5
    closed = getattr(simp, f"sigma_v2_{name}")(float(ratio), m_x, g_x)
    assert closed == pytest.approx(expected, rel=ROUNDING)


# --- X+ X- and a mixed vector ------------------------------------------------------------------


@pytest.mark.parametrize("s", [F(401, 100), F(9), F(31, 2), F(10**4)])
def test_pair_tensors(s):
    # T_Jj > 0 from the full field strength; the printed (B13) needs the other sign.
    from vectorportal.formulas.nonabelian import pair_tensors

    x = F(1)
    exact = exact_tensors(s, x)
    assert exact == (12 * x**2 + 20 * x * s + s**2, s * (10 * x + s), s * (4 * x + s))
    assert pair_tensors(float(s), 1.0) == pytest.approx([float(t) for t in exact], rel=ROUNDING)
    printed = pair_tensors(float(s), 1.0, "as-printed")
    assert printed[1] == pytest.approx(-float(exact[1]), rel=ROUNDING)


def random_couplings(number: int) -> Couplings:
    """Complex coefficients of J and j of order one."""
    rng = np.random.default_rng(number)
    values = rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2))
    return Couplings(tuple(values[0]), tuple(values[1]))


def as_amplitudes(c: Couplings) -> dict:
    """The package's layout: (current, chirality) -> (real, imaginary)."""
    pairs = zip(("J", "J", "j", "j"), ("L", "R", "L", "R"), (*c.big, *c.dipole), strict=True)
    return {(a, chi): (np.real(g), np.imag(g)) for a, chi, g in pairs}


@pytest.mark.parametrize("m_f", [0.0, 0.4, 1.6])
@pytest.mark.parametrize("s", [4.9, 13.7, 400.0])
def test_pair_to_fermions(s, m_f):
    from vectorportal.formulas.nonabelian import sigma_fermion as closed

    c, m_x, g_x = random_couplings(3), 1.1, 0.6
    s = max(s, 4.3 * m_f**2)
    value = closed(s, m_x, g_x, m_f, 3.0, as_amplitudes(c))
    assert value == pytest.approx(sigma_fermion(s, m_x, m_f, c, g_x, 3), rel=ROUNDING)


def test_signs_of_the_unbroken_exchange():
    # From the inverse of the kinetic and mass matrix; corrections are of order kappa^2.
    kappa, s, m_zd = 1e-6, 7.0, 1.3
    exact = mixed_couplings(
        s, kappa, np.diag([m_zd**2, 0.0]), np.array([0, 0.3]), np.array([0, 0.7])
    )
    expected = unbroken_couplings(s, m_zd, kappa, 0.3, 0.7)
    assert np.ravel(exact) == pytest.approx(np.ravel(expected), rel=1e-11)


@pytest.mark.parametrize("s", [4.9, 13.7, 1e5])
@pytest.mark.parametrize("m_zd", [0.5, 1.1, 2.9])
def test_unbroken_annihilation(s, m_zd):
    # (B13): verified with the derived sign of j, as-printed with the other one, any m_zd.
    from vectorportal.formulas.nonabelian import sigma_unbroken
    from vectorportal.formulas.spectral import fermion_pair

    m_x, m_f, left, right, kappa, g_x = 1.1, 0.2, 0.3, -0.7, 1e-3, 0.4
    c = unbroken_couplings(s, m_zd, kappa, left, right)
    gauge2, mixed = kappa**2 * (left**2 + right**2), kappa**2 * left * right
    width = fermion_pair(s, m_f, gauge2, mixed) / s**0.5
    for prescription, signed in (("verified", c), ("as-printed", flipped(c))):
        closed = sigma_unbroken(s, m_x, m_zd, g_x, width, 0.0, prescription)
        expected = sigma_fermion(s, m_x, m_f, signed, g_x)
        # at s = 1e5 the two currents cancel by m^2/s, the coefficients are doubles
        assert closed == pytest.approx(expected, rel=1e-10), prescription


@pytest.mark.parametrize("s", [4.9, 40.0, 2.0e4])
@pytest.mark.parametrize("sin_alpha", [0.0, 3e-4, -2e-3])
def test_broken_annihilation(s, sin_alpha):
    # (B14)-(B16) without widths; printed: j and the whole of F_I with the other sign.
    from vectorportal.formulas.nonabelian import FermionLine, sigma_broken_photon_like

    m_x, m_zd, m_z, epsilon, sw2, g_x = 1.1, 0.7, 91.0, 1e-3, 0.23, 0.4
    line = FermionLine(q_em=-0.2, z_left=-0.3, z_right=0.17, mass=0.3, colours=3.0)
    y_z = -epsilon * (sw2 / (1 - sw2)) ** 0.5
    z_part, v_part = photon_like_couplings(s, (m_zd, m_z), epsilon, sin_alpha, y_z, line)

    def oracle(c: Couplings) -> float:
        return sigma_fermion(s, m_x, line.mass, c, g_x, 3)

    verified = oracle(combined(z_part, v_part))
    z_flip, v_flip = flipped(z_part), flipped(v_part)
    printed = 2 * (oracle(z_flip) + oracle(v_flip)) - oracle(combined(z_flip, v_flip))
    arguments = (s, m_x, m_zd, g_x, epsilon, sin_alpha, line, sw2, m_z, 0.0, 0.0)
    for prescription, expected in (("verified", verified), ("as-printed", printed)):
        closed = sigma_broken_photon_like(*arguments, prescription)
        assert closed == pytest.approx(expected, rel=1e-10), prescription


@pytest.mark.parametrize("epsilon", [1e-2, 0.3])
@pytest.mark.parametrize("m_zd", [0.5, 40.0, 300.0])
def test_mass_eigenstates_equal_matrix_inverse(m_zd, epsilon):
    # sum_V x_V g_V/(s - m_V^2) and the same with y_V, exact in the mixing, on both sides of m_Z.
    m_z, sw2, s = 91.0, 0.23, 1234.5
    rows, masses2, kappa = exact_components(m_zd, m_z, epsilon, sw2)
    to_b, to_w = np.array([0, 0.1, 0.0]), np.array([0, 0.0, 0.5])
    inverse = mixed_couplings(s, kappa, masses2, to_b + to_w, to_b)
    gaps = s - np.array([0.0, m_zd**2, m_z**2])
    for chirality, weak in enumerate((0.5, 0.0)):
        g = 0.1 * rows[:, 2] + weak * rows[:, 3]
        sums = [np.sum(rows[:, i] * g / gaps) for i in (0, 1)]
        found = [inverse.big[chirality], inverse.dipole[chirality]]
        assert found == pytest.approx(sums, rel=1e-10)


def test_longitudinal_growth_cancels():
    # The unbroken amplitude times sqrt(s) of the fermion current tends to a constant; with the
    # other sign of j it grows like s/m_x^2 and would diverge for g_x -> 0 at fixed v_X.
    m_x, sizes = 1.0, {1: [], -1: []}
    for s in (1e4, 1e6, 1e8):
        big, dipole = float_currents(s, m_x)
        for sign, found in sizes.items():
            total = -big[2, 2] / (REAL(s) - m_x**2) + sign * dipole[2, 2] / REAL(s)
            found.append(float(np.max(np.abs(total)) * np.sqrt(s)))
    assert sizes[1][1] == pytest.approx(sizes[1][2], rel=1e-5)
    assert sizes[-1][2] / sizes[-1][1] == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize(("x", "y"), [(1.0, 0.0), (0.0, 1.0), (0.9, -0.3), (1.0, -1.0)])
@pytest.mark.parametrize("mass", [2.5, 7.0, 900.0])
def test_decay_to_pair(mass, x, y):
    from vectorportal.formulas.nonabelian import decay_to_pair as closed

    value = closed(mass, 1.1, x, y, 0.4)
    assert value == pytest.approx(decay_to_pair(mass, 1.1, x, y, 0.4), rel=ROUNDING)


@pytest.mark.parametrize("m_f", [0.0, 5e-2, 3.0])
def test_scattering_on_fermions(m_f):
    # The crossed amplitude: X+ f -> X+ f through the same two currents.
    from vectorportal.formulas.vector_scattering import Exchange, squared_elastic

    m_x, cos_theta = 1.1, np.array([-0.9, 0.2, 0.95])
    s = (m_x + m_f) ** 2 + 0.7
    p1, _ = pair(REAL(s), m_x, m_f, 1.0)
    t = np.asarray(-2 * p1[3] ** 2 * (1 - cos_theta), dtype=float)
    exchanges = [Exchange(0.0, 0.0, 0.3, 0.5, 0.5), Exchange(0.8, 1.0, -0.2, 0.3, -0.4)]
    closed = squared_elastic(s, t, m_x, m_f, 0.6, exchanges).total
    for i, c in enumerate(cos_theta):
        total = Couplings((0, 0), (0, 0))
        for v in exchanges:
            left, right = v.left / (t[i] - v.mass2), v.right / (t[i] - v.mass2)
            big, dipole = (v.current * left, v.current * right), (v.dipole * left, v.dipole * right)
            total = combined(total, Couplings(big, dipole))
        value = 0.36 * squared_on_fermion(s, np.array(c), m_x, m_f, total)
        # m_f << m_x: digits are lost in products of light spinors
        assert closed[i] == pytest.approx(float(value), rel=1e-11)


# --- top pairs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("s", "m_top", "m_higgs"),
    [
        (9.0, 0.5, 0.9),
        (1.01, 0.5, 0.3),
        (1.2, 0.5, 0.0),
        (500.0, 0.5, 0.9),
        (1e6, 0.4, 1.1),
    ],
)
def test_top_annihilation(s, m_top, m_higgs):
    from vectorportal.formulas.nonabelian import sigma_top as closed

    epsilon, g_prime, cw2, yukawa = 1e-3, 0.36, 0.77, 0.7
    couplings = (epsilon * g_prime * yukawa) ** 2 / cw2 * (1 / 36 + 4 / 9)
    value = closed(s, m_top, m_higgs, epsilon, g_prime, cw2, yukawa)
    assert value == pytest.approx(couplings * sigma_top(s, m_top, m_higgs), rel=1e-10)


def test_top_ward_identity():
    # Vector coupling: conserved. Chiral: only with the scalar of charge Y_R - Y_L radiating too.
    hypercharges = (1 / 6, 2 / 3)
    for couplings, s_channel, conserved in (
        ((0.5, 0.5), False, True),
        (hypercharges, False, False),
        (hypercharges, True, True),
    ):
        longitudinal, physical = ward_residual(couplings, s_channel)
        assert (longitudinal < 1e-14 * physical) is conserved


# --- the same at many points ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", SIMP)
def test_simp_amplitudes_everywhere(name):
    from vectorportal.formulas import simp

    closed = getattr(simp, f"m2_{name}")
    for n in range(26, 76):
        ratio = F(n, 38)
        exact = float(squared_three_to_two(ratio, *SIMP[name]))
        # 1 - R/2 >= 1/76 is known to 1e-14 from the ratio in floats
        assert closed(float(ratio)) == pytest.approx(exact, rel=1e-11), ratio


@pytest.mark.slow
def test_dark_annihilation_everywhere():
    # More points than the 45 coefficients of the closed form.
    from vectorportal.formulas.nonabelian import sigma_dark as closed

    rng = np.random.default_rng(11)
    for _ in range(60):
        z, above = F(int(rng.integers(1, 90)), 20), F(int(rng.integers(5, 900)), 60)
        s = 4 * max(F(1), z) + above
        exact = sigma_dark(s, Masses(F(1), z))
        assert closed(float(s), 1.0, float(z) ** 0.5, 1.0) == pytest.approx(exact, rel=1e-10)
