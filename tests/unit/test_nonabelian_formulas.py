"""SU(2)_X pairs and Standard Model states: currents, crossing, limits, literal forms, engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vectorportal.errors import ParameterError
from vectorportal.formulas import nonabelian as na
from vectorportal.formulas.kinetic_mixing import fermion_couplings, forbidden_roots, mixing
from vectorportal.formulas.spectral import fermion_pair, w_pair
from vectorportal.inputs.standard_model import StandardModel

SM = StandardModel.default()
CW, SW = SM.cw2**0.5, SM.sw2**0.5
BOTH = ("verified", "as-printed")
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


def currents(s, m):
    """J and j of (9), (10) for X+(k1) X-(k2) at rest in the centre of mass, shape (3, 3, 4)."""
    energy, p = s**0.5 / 2, (s / 4 - m**2) ** 0.5
    k1, k2 = np.array([energy, 0, 0, p]), np.array([energy, 0, 0, -p])
    across = [np.array([0.0, 1, 0, 0]), np.array([0.0, 0, 1, 0])]
    first = [*across, np.array([p, 0, 0, energy]) / m]
    second = [*across, np.array([p, 0, 0, -energy]) / m]

    def dot(a, b):
        return a @ METRIC @ b

    # incoming fields: d_mu -> -i k_mu, both polarisations transverse to their momentum
    big = [
        [2 * dot(e2, k1) * e1 - 2 * dot(e1, k2) * e2 - dot(e1, e2) * (k1 - k2) for e2 in second]
        for e1 in first
    ]
    dipole = [[dot(k1, e2) * e1 - dot(k2, e1) * e2 for e2 in second] for e1 in first]
    return np.array(big), np.array(dipole)


@pytest.mark.parametrize(("s", "m"), [(4.2, 1.0), (0.9, 0.3), (50.0, 1.0), (3e3, 2.0)])
def test_tensors_are_the_squared_currents(s, m):
    """Sum over polarisations of -J.J* = s beta^2 T/(4 m^4); 1e-12 is rounding at s = 750 m^2."""
    big, dipole = currents(s, m)
    tensors = na.pair_tensors(s, m)
    pairs = [(big, big), (big, dipole), (dipole, dipole)]
    for (a, b), tensor in zip(pairs, tensors, strict=True):
        explicit = -np.einsum("abm,mn,abn->", a, METRIC, b)
        assert explicit == pytest.approx((s - 4 * m**2) * tensor / (4 * m**4), rel=1e-12)
    for u, v in (((0.3, -0.7), (1.1, 0.4)), ((1.0, 0.5), None)):
        w = u if v is None else v
        direct = u[0] * w[0] * tensors[0] + u[1] * w[1] * tensors[2]
        direct += (u[0] * w[1] + u[1] * w[0]) * tensors[1]
        assert na.pair_contraction(s, m, u, v) == pytest.approx(direct, rel=1e-13)
    printed = na.pair_tensors(s, m, "as-printed")
    assert printed == (tensors[0], -tensors[1], tensors[2])


def test_contraction_keeps_digits_where_the_growth_cancels():
    """x = 1, y = -1 + 1e-13 m^2/s: T sums to 4 m^2 s + 12 m^4 up to the tiny rest."""
    s, m = np.geomspace(1e2, 1e24, 12), 1.0
    got = na.pair_contraction(s, m, (1.0, -1.0))
    np.testing.assert_allclose(got, 4 * s + 12, rtol=1e-15)


def test_decay_to_pair():
    """A Yang-Mills vertex gives the width into W W; below threshold nothing."""
    m, mass = 80.4, np.array([100.0, 161.0, 500.0, 1e4])
    expected = w_pair(mass**2, m, 0.36) / mass
    got = na.decay_to_pair(mass, m, 1.0, 0.0, 0.6)
    np.testing.assert_allclose(got, expected, rtol=1e-13)
    assert got[0] == 0
    assert got[2] > 0


def test_cross_section_is_a_product_of_widths():
    """sigma = 12 pi (1/9) s Gamma_in Gamma_out/(p^2 |s - m^2 + i m Gamma|^2) at any s, one vector.

    Identity of the s channel with conserved currents: checks flux, 1/9 and both vertices at once.
    """
    m, g, m_f, mass, width = 0.4, 0.7, 0.11, 1.3, 0.05
    x, y, left, right = 0.8, -0.45, 0.3, -0.2
    s = np.array([0.65, 1.0, mass**2, 9.0, 400.0])
    pole = 1.0 / (s - mass**2 + 1j * mass * width)
    amplitudes = {
        (a, chi): ((c * f * pole).real, (c * f * pole).imag)
        for a, c in (("J", x), ("j", y))
        for chi, f in (("L", left), ("R", right))
    }
    got = na.sigma_fermion(s, m, g, m_f, 3.0, amplitudes)
    into = na.decay_to_pair(s**0.5, m, x, y, g)
    out = fermion_pair(s, m_f, left**2 + right**2, left * right, 3.0) / s**0.5
    expected = 12 * np.pi / 9 * s * into * out / (s / 4 - m**2) * abs(pole) ** 2
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def line(charge, t3, m_f=0.0, colours=1.0):
    """Fermion of (B16) with the couplings (B10)."""
    z = SM.e / (CW * SW)
    return na.FermionLine(
        SM.e * charge, z * (t3 - charge * SM.sw2), -z * charge * SM.sw2, m_f, colours
    )


def amplitude_of(parts):
    """sigma_fermion's amplitudes from (x, y, g_L, g_R, complex propagator) of each vector."""
    total = {}
    for x, y, left, right, pole in parts:
        for a, c in (("J", x), ("j", y)):
            for chi, f in (("L", left), ("R", right)):
                term = c * f * pole
                total[a, chi] = total.get((a, chi), 0.0) + term
    return {key: (value.real, value.imag) for key, value in total.items()}


def photon_like_parts(s, m_zd, epsilon, sin_alpha, f, sign=1.0):
    """Photon, Z_D and Z of (B16) at leading order, Gamma_ZD = 0; `sign` multiplies j."""
    photon = (0.0, sign * epsilon, f.q_em, f.q_em, 1 / (s + 0j))
    dark = (1.0, 0.0, -epsilon * f.q_em, -epsilon * f.q_em, 1 / (s - m_zd**2 + 0j))
    z_pole = 1 / (s - SM.m_z**2 + 1j * SM.m_z * SM.gamma_z)
    weak = (sin_alpha, -sign * epsilon * SW / CW, f.z_left, f.z_right, z_pole)
    return [photon, dark], [weak]


@pytest.mark.parametrize("f", [line(-1, -0.5, 0.1), line(2 / 3, 0.5, 1.3, 3.0), line(0, 0.5)])
@pytest.mark.parametrize("prescription", BOTH)
def test_literal_form_below_the_transition(f, prescription):
    """(B14)-(B16) from the general form; 1e-11 covers cancellations between its three terms.

    As-printed is what flipping the sign of j, and then that of the V-Z interference, gives.
    """
    m, m_zd, g, epsilon = 1.4, 1.9, 0.3, 1e-3
    s = np.array([10.0, 60.0, 4e3, SM.m_z**2 + 1, 2e4, 1e6])
    for sin_alpha in (0.0, epsilon * SW / CW, -0.02):
        got = na.sigma_broken_photon_like(
            s, m, m_zd, g, epsilon, sin_alpha, f, SM.sw2, SM.m_z, SM.gamma_z, 0.0, prescription
        )
        sign = -1.0 if prescription == "as-printed" else 1.0
        light, weak = photon_like_parts(s, m_zd, epsilon, sin_alpha, f, sign)

        def sigma(parts):
            return na.sigma_fermion(s, m, g, f.mass, f.colours, amplitude_of(parts))

        alone = sigma(light) + sigma(weak)
        expected = alone + sign * (sigma(light + weak) - alone)
        np.testing.assert_allclose(got, expected, rtol=1e-11)


def general_parts(s, m_zd, epsilon, charge, t3, widths):
    """Photon, Z_D and Z with the exact mixing of Appendix A."""
    mix = mixing(epsilon, m_zd, SM.m_z, SM.sw2)
    shift = epsilon / CW
    vectors = [(0.0, CW, SM.e * charge, SM.e * charge, 1 / (s + 0j))]
    rows = (
        (mix.dark_v, mix.weak_v, SW * mix.sin_alpha, m_zd, widths[0]),
        (mix.dark_z, mix.weak_z, -SW * mix.cos_alpha, SM.m_z, widths[1]),
    )
    for dark, weak, hyper, mass, width in rows:
        left, right = fermion_couplings(charge, t3, SM.e, SM.sw2, epsilon, weak, dark)
        pole = 1 / (s - mass**2 + 1j * mass * width)
        vectors.append((dark, hyper - shift * dark, left, right, pole))
    return [(x, shift * b, left, right, pole) for x, b, left, right, pole in vectors]


def test_photon_like_form_is_the_limit_of_the_general_one():
    """Exact mixing, m_ZD = 0.5 GeV: they differ by (m_ZD/m_Z)^2 = 3e-5 and epsilon^2."""
    m, g, epsilon, m_zd = 0.45, 0.2, 1e-4, 0.5
    s = np.array([0.9, 5.0, 100.0, 2e3, 5e3])
    sin_alpha = mixing(epsilon, m_zd, SM.m_z, SM.sw2).sin_alpha
    widths = (0.0, SM.gamma_z)
    for charge, t3, m_f in ((-1.0, -0.5, 0.1), (2 / 3, 0.5, 0.0)):
        parts = general_parts(s, m_zd, epsilon, charge, t3, widths)
        general = na.sigma_fermion(s, m, g, m_f, 1.0, amplitude_of(parts))
        f = line(charge, t3, m_f)
        literal = na.sigma_broken_photon_like(
            s, m, m_zd, g, epsilon, sin_alpha, f, SM.sw2, SM.m_z, SM.gamma_z, 0.0
        )
        np.testing.assert_allclose(literal, general, rtol=3e-4)


def test_general_form_above_all_masses_is_the_unbroken_one():
    """s >> m_Z^2: Z, photon and Z_D become the hypercharge boson and X3; rest O(m_Z^2/s)."""
    m, g, epsilon, s = 1.0, 0.4, 1e-3, np.array([1e8, 1e10])
    for charge, t3 in ((-1.0, -0.5), (2 / 3, 0.5), (0.0, 0.5)):
        parts = general_parts(s, m, epsilon, charge, t3, (0.0, 0.0))
        general = na.sigma_fermion(s, m, g, 0.0, 1.0, amplitude_of(parts))
        left, right = charge - t3, charge
        coupling2 = (epsilon * SM.g_prime / CW) ** 2 * (left**2 + right**2)
        width = fermion_pair(s, 0.0, coupling2, 0.0) / s**0.5
        unbroken = na.sigma_unbroken(s, m, m, g, width, 0.0)
        np.testing.assert_allclose(general, unbroken, rtol=4 * SM.m_z**2 / s[0] + 1e-5)


@pytest.mark.parametrize("ratio", [0.6, 1.0, 1.7])
@pytest.mark.parametrize("prescription", BOTH)
def test_unbroken_from_the_general_form(ratio, prescription):
    """(B13), any m_ZD: -J/(s - m_ZD^2) + j/s; flipping j gives the printed polynomial.

    1e-12 also at s = 1e17 m_X^2, where the two amplitudes cancel to all their digits: the rounding
    of their sum enters squared, times s/m_X^2.
    """
    m, g, c = 0.7, 0.5, 1e-3
    m_zd = ratio * m
    s = np.array([2.0, 3.0, 6.0, 50.0, 1e4, 1e17])
    s = s[s > 4 * m**2]
    sign = -1.0 if prescription == "as-printed" else 1.0
    parts = [(-1.0, 0.0, c, 0.0, 1 / (s - m_zd**2 + 0j)), (0.0, sign, c, 0.0, 1 / (s + 0j))]
    expected = na.sigma_fermion(s, m, g, 0.0, 1.0, amplitude_of(parts))
    width = fermion_pair(s, 0.0, c**2, 0.0) / s**0.5
    got = na.sigma_unbroken(s, m, m_zd, g, width, 0.0, prescription)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    if ratio == 1.0:
        beta = (1 - 4 * m**2 / s) ** 0.5
        literal = {
            "verified": (4 * m**6 + 25 * m**4 * s + 4 * m**2 * s**2),
            "as-printed": 4 * m**6 - 15 * m**4 * s + 40 * m**2 * s**2 + 4 * s**3,
        }[prescription]
        printed = g**2 * literal * beta * width / (36 * m**4 * s**0.5 * (s - m**2) ** 2)
        np.testing.assert_allclose(got, printed, rtol=1e-12)


def test_unbroken_at_high_energy_and_at_threshold():
    """Fixed v_X: sigma -> 4 Gamma_ff/(9 v_X^2 s^(1/2)) whatever g_X; printed grows like s.

    The printed form is 5 times larger at threshold: 840 against 168 m_X^6 in the numerators.
    """
    v_x, s, width = 3.0, 1e8, 1.0
    for g in (1e-3, 0.1):
        m = g * v_x / 2
        got = na.sigma_unbroken(s, m, m, g, width, 0.0)
        assert got == pytest.approx(4 * width / (9 * v_x**2 * s**0.5), rel=1e-6)
        printed = na.sigma_unbroken(s, m, m, g, width, 0.0, "as-printed")
        assert printed == pytest.approx(got * s / m**2, rel=1e-6)
    near = [na.sigma_unbroken(4 + 1e-9, 1.0, 1.0, 1.0, 1.0, 0.0, p) for p in BOTH]
    assert near[1] / near[0] == pytest.approx(5.0, rel=1e-8)
    assert na.sigma_unbroken(3.99, 1.0, 1.0, 1.0, 1.0, 0.0) == 0.0
    peak = [na.sigma_unbroken(9.0, 1.0, 3.0, 1.0, 0.2, width_zd) for width_zd in (0.1, 0.2)]
    assert peak[0] / peak[1] == pytest.approx(4.0, rel=1e-12)


# top pairs


def top(s, m_top=0.6, m_higgs=0.65, prescription="verified"):
    return na.sigma_top(s, m_top, m_higgs, 1e-3, 0.36, 0.77, 0.7, prescription)


@pytest.mark.parametrize("m_higgs", [1e-3, 0.3, 1.1999, 1.2, 1.3, 3.0])
def test_top_against_the_printed_line(m_higgs):
    """(B21) with |argument| at 60 digits: 1e-13 times the rounding of the two differences."""
    mpmath = pytest.importorskip("mpmath")
    m_top = 0.6
    start = max(2 * m_top, m_higgs) ** 2
    worst = 0.0
    with mpmath.workdps(60):
        for s in start * (1 + np.geomspace(1e-10, 1e20, 31)):
            t, h, e = mpmath.mpf(m_top), mpmath.mpf(m_higgs), mpmath.mpf(float(s))
            b = mpmath.sqrt(1 - 4 * t**2 / e)
            log = mpmath.log(abs((b + 1) / (b - 1)))
            bracket = -4 * mpmath.sqrt(e) * (h**2 - 4 * t**2) * (e - h**2)
            bracket *= mpmath.sqrt(e - 4 * t**2)
            bracket += (e - h**2) * (h**4 - 4 * h**2 * t**2 + (e - 4 * t**2) ** 2) * 2 * log
            scale = (mpmath.mpf(1e-3) * mpmath.mpf(0.7) * mpmath.mpf(0.36)) ** 2 / mpmath.mpf(0.77)
            scale *= mpmath.mpf(17) / 36
            exact = scale * bracket / (16 * mpmath.pi * e * (e - h**2) ** 2 * (e - 4 * t**2))
            got = [float(top(s, m_top, m_higgs, p)) for p in BOTH]
            assert got[0] == got[1]
            closest = min(abs(float(1 - h**2 / e)), float(1 - 4 * t**2 / e))
            tolerance = 1e-13 + 1e-15 / closest
            worst = max(worst, abs(float(mpmath.mpf(got[0]) / exact - 1)) / tolerance)
    assert worst < 1.0


def test_top_limits():
    """Threshold: constant over b, from the flux. High energy: c^2 ln(s/m_t^2)/(8 pi s)."""
    m_top, m_higgs = 0.6, 0.65
    unit = (1e-3 * 0.7 * 0.36) ** 2 / 0.77 * 17 / 36
    b = 1e-4
    s = 4 * m_top**2 / (1 - b**2)
    slow = unit * (4 * m_top**2 - m_higgs**2) / (4 * np.pi * s**2 * b)
    assert top(s) == pytest.approx(slow, rel=1e-6)
    s = 1e12
    assert top(s) == pytest.approx(unit * math.log(s / m_top**2) / (8 * np.pi * s), rel=1e-9)
    assert top(4 * m_top**2) == 0.0
    assert top(1.0) == 0.0
    assert top(5.0, m_higgs=3.0) == 0.0


# scaling, scales, minimal relation, engines


@pytest.mark.parametrize("prescription", BOTH)
def test_rescaling_every_mass(prescription):
    """Cross sections have dimension -2, widths 1; powers of 2 keep this exact to rounding."""
    lam = 8.0

    def all_of(k):
        args = (20.0 * k**2, 1.0 * k, 1.3 * k, 0.4)
        f = na.FermionLine(0.3, 0.2, -0.15, 0.5 * k, 3.0)
        return np.array(
            [
                na.sigma_unbroken(*args, 0.1 * k, 0.2 * k, prescription),
                na.sigma_broken_photon_like(
                    *args, 1e-2, 5e-3, f, 0.23, 9.0 * k, 0.2 * k, 0.01 * k, prescription
                ),
                na.sigma_dark(*args, prescription),
                na.beta_sigma_dark(0.7, 0.2, 1.0 * k, 0.4, prescription),
                na.sigma_top(20.0 * k**2, 0.6 * k, 0.7 * k, 1e-3, 0.3, 0.77, 0.7, prescription),
            ]
        )

    np.testing.assert_allclose(all_of(lam) * lam**2, all_of(1.0), rtol=1e-13)
    wide = na.decay_to_pair(3.0 * lam, lam, 0.7, -0.2, 0.4)
    assert wide == pytest.approx(lam * na.decay_to_pair(3.0, 1.0, 0.7, -0.2, 0.4), rel=1e-14)


def test_scales():
    """epsilon = c_w v_X^2/Lambda^2, (4), and m_X = g_X v_X/2."""
    v_x = na.vev_x(0.3, 0.1)
    assert v_x == pytest.approx(6.0, rel=1e-14)
    cutoff = na.cutoff_scale(v_x, 1e-8, SM.cw2)
    assert CW * v_x**2 / cutoff**2 == pytest.approx(1e-8, rel=1e-13)


def test_minimal_relation_is_the_mass_spectrum():
    """Kinetic and mass matrices with m_X3 = m_X at 40 digits: m_Z and m_ZD are the eigenvalues.

    The unmixed Z mass is free: det(M^2 - m_Z^2 K) = 0 fixes it, and then m_ZD^2 is the product of
    the eigenvalues over m_Z^2. Also delta to 1e-13, down to epsilon = 1e-16.
    """
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(40):
        sw2 = mpmath.mpf(SM.sw2)
        c, s, mz2 = mpmath.sqrt(1 - sw2), mpmath.sqrt(sw2), mpmath.mpf(SM.m_z) ** 2
        for epsilon in (1e-16, 1e-8, 1e-3, 0.1, 0.3):
            for m_x in (1e-3, 1.0, 40.0, 120.0, 900.0):
                x, e = mpmath.mpf(m_x) ** 2, mpmath.mpf(epsilon)
                # basis (B, W3, X3); K has epsilon/c_w between B and X3, M^2 = zhat n n^T + x
                k = mpmath.matrix([[1, 0, e / c], [0, 1, 0], [e / c, 0, 1]])
                n = mpmath.matrix([-s, c, 0])
                dark = mpmath.matrix([[0, 0, 0], [0, 0, 0], [0, 0, x]])
                resolvent = (n.T * (k * mz2 - dark) ** -1 * n)[0]
                zhat = 1 / resolvent
                got = na.m_zd_minimal(m_x, epsilon, SM.m_z, SM.sw2)
                assert got[2]
                # the remaining root of det(M^2 - lambda K): lambda1 lambda2 = zhat x / det K
                exact = zhat * x / (1 - (e / c) ** 2) / mz2
                # W3, B block contributes 1: det' of the massless photon
                assert abs(float(mpmath.mpf(float(got[0])) ** 2 / exact - 1)) < 1e-14
                delta = exact / x - 1
                if e > 1e-12:
                    assert abs(float(mpmath.mpf(float(got[1])) / delta - 1)) < 1e-12


def test_minimal_relation_and_the_mixing_from_physical_masses():
    """(A2) gives back m_X^ = m_X on both sides of m_Z, up to rounding of (m_ZD/m_Z)^2 near it."""
    for epsilon in (1e-9, 1e-3, 0.1):
        for m_x in (1e-2, 5.0, 70.0, 120.0, 1e4):
            m_zd, delta, allowed = na.m_zd_minimal(m_x, epsilon, SM.m_z, SM.sw2)
            assert allowed
            mix = mixing(epsilon, m_zd, SM.m_z, SM.sw2)
            assert mix.allowed
            assert mix.m_x_hat2 == pytest.approx(m_x**2, rel=2e-14)
            assert m_zd == pytest.approx(m_x * (1 + delta) ** 0.5, rel=1e-15)
            # (7): the rest is of order epsilon^4, enhanced by 1/(1 - rho)^3 next to m_Z
            rho, t2 = (m_x / SM.m_z) ** 2, SM.sw2 / SM.cw2
            leading = epsilon**2 * (1 / SM.cw2 - t2 / (1 - rho))
            rest = 4 * epsilon**4 / min(1.0, abs(1 - rho)) ** 3
            assert abs(delta - leading) < rest + 1e-15 * abs(leading)


def test_minimal_relation_stops_at_the_forbidden_roots():
    """`allowed` ends where D = 0: m_ZD there is at the roots of (A4), from either side."""
    epsilon = 0.02
    low, high = forbidden_roots(epsilon, SM.sw2)
    half = epsilon * math.sqrt(SM.sw2 / SM.cw2 * (1 - epsilon**2))
    for side, root in ((1.0, low), (-1.0, high)):
        edge = SM.m_z * math.sqrt(1 - epsilon**2 - side * half)
        inside = na.m_zd_minimal(edge * (1 - side * 1e-9), epsilon, SM.m_z, SM.sw2)
        outside = na.m_zd_minimal(edge * (1 + side * 1e-9), epsilon, SM.m_z, SM.sw2)
        assert inside[2]
        assert not outside[2]
        assert (inside[0] / SM.m_z) ** 2 == pytest.approx(root, rel=1e-7)  # flat: D^2 is small
    assert not na.m_zd_minimal(1.0, 0.9, SM.m_z, SM.sw2)[2]  # epsilon >= c_w
    m_x = np.array([SM.m_z, 10.0])
    m_zd, delta, allowed = na.m_zd_minimal(m_x, 1e-3, SM.m_z, SM.sw2)
    assert np.array_equal(allowed, [False, True])
    assert m_zd[0] == SM.m_z
    assert delta[0] == 0


def test_unknown_prescription():
    with pytest.raises(ParameterError, match="did you mean as-printed"):
        na.sigma_unbroken(9.0, 1.0, 1.0, 1.0, 0.1, 0.1, "printed")
    with pytest.raises(ParameterError, match="one of verified"):
        na.pair_tensors(5.0, 1.0, "x")
    with pytest.raises(ParameterError, match="one of verified"):
        top(5.0, prescription="x")


def test_jax_values_and_gradients():
    """Same numbers from compiled code (1e-12), finite slopes also where a channel is closed."""
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable_x64(True):
        s = np.array([0.5, 1.5, 4.1, 10.0, 1e4])
        got = jax.jit(top)(jnp.asarray(s))
        np.testing.assert_allclose(got, top(s), rtol=1e-12)
        slope = jax.vmap(jax.grad(top))(jnp.asarray(s))
        assert np.all(np.isfinite(slope))
        many = jax.jit(lambda m: na.m_zd_minimal(m, 1e-3, SM.m_z, SM.sw2))(jnp.asarray(s))
        np.testing.assert_allclose(many[1], na.m_zd_minimal(s, 1e-3, SM.m_z, SM.sw2)[1], rtol=1e-12)
        unbroken = jax.grad(lambda m: na.sigma_unbroken(10.0, m, 1.1 * m, 0.3, 0.1, 0.01))(1.0)
        pair = [na.sigma_unbroken(10.0, m, 1.1 * m, 0.3, 0.1, 0.01) for m in (1 - 1e-6, 1 + 1e-6)]
        assert float(unbroken) == pytest.approx((pair[1] - pair[0]) / 2e-6, rel=1e-7)
