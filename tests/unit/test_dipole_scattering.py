"""Dark matter on electrons: explicit amplitudes, crossing, limits of (11)-(15), halo averages."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from oracles import dipole_scattering as oracle
from vectorportal.formulas import spectral
from vectorportal.formulas.dipole_scattering import (
    Exchange,
    chi,
    motion_at,
    sigma_elastic,
    sigma_printed,
    sigma_reference,
    squared_over_s,
)
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkDipole, DarkPhoton
from vectorportal.observables.base import evaluate, gradient
from vectorportal.observables.dipole.scattering import exchanges_of
from vectorportal.observables.status import OK, OUT_OF_VALIDITY
from vectorportal.units import GEV2_TO_CM2

INPUTS = Inputs.default()
SM = INPUTS.sm
M_E = SM.m_e
PRINTED = Options(prescription="as-printed")
ALPHA_D = 1.0 / (4.0 * np.pi)
"""g_D = 1"""
PAPER = {"m_v": 0.1, "lambda_over_alpha_d": 25e3, "alpha_d": 0.5}
"""the inputs of Fig. 5"""

# mass, coupling to phi, and to f: vector, axial, dipole
CASES = {
    "vector": ((0.3, 1.0, 0.4, 0.0, 0.0),),
    "axial": ((0.3, 1.0, 0.0, 0.4, 0.0),),
    "dipole": ((0.3, 1.0, 0.0, 0.0, 0.7),),
    "all": ((0.3, 1.0, 0.4, -0.2, 0.7),),
    "opposite": ((0.3, 1.0, -0.4, 0.1, 0.7),),
    "two vectors": ((0.3, 0.9, 0.4, -0.2, 0.7), (0.05, -0.3, 0.2, 0.5, -0.9)),
}


def listed(vectors) -> list[Exchange]:
    return [Exchange(m**2, x * g, x * a, x * d) for m, x, g, a, d in vectors]


def dsigma_dt(t, beta, mass, ratio, alpha_d, exchanges):
    """d sigma/d|t| = |M|^2/(16 pi s 4 p^2), at -4 p^2 <= t <= 0."""
    motion = motion_at(beta, mass, ratio)
    z = -t / motion.four_p2
    breit, forward = 4 * motion.share * (1 + motion.recoil * z), 4 * motion.four_p2 * (1 - z)
    squared = squared_over_s(breit, forward, t, mass, exchanges)
    return alpha_d * squared / (4 * motion.four_p2)


def value(name: str, model, options: Options | None = None, **arguments) -> float:
    return float(evaluate(model, name, options=options, **arguments).value)


def test_the_oracle_reads_sigma_as_the_gordon_identity_does():
    """i d sigma q_nu = d [2 m gamma^mu - (p + p')^mu] between spinors, q = p' - p."""
    cosine = np.array([-0.6, 0.3], dtype=oracle.REAL)
    (_, p), (_, p_out) = (oracle._pair(0.2, 1.0, 0.5, z) for z in (1 + 0 * cosine, cosine))
    dipole = oracle.fermion_current(p, p_out, 0.5, 0.0, 0.0, 1.0)
    vector = oracle.fermion_current(p, p_out, 0.5, 1.0, 0.0, 0.0)
    bars = np.einsum(
        "r...a,s...a->rs...", oracle.bar(oracle.u_spinor(p_out, 0.5)), oracle.u_spinor(p, 0.5)
    ).reshape(4, -1)
    np.testing.assert_allclose(
        dipole.astype(complex),
        (vector - bars[..., None] * (p + p_out)).astype(complex),
        atol=1e-15,
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("m_phi", "m_f"), [(1.0, 0.5), (0.2, 0.7), (3.0, 0.02)])
def test_differential_cross_section_against_amplitudes(name, m_phi, m_f):
    """d sigma/d|t| = |M|^2/(16 pi s 4 p^2) at every angle, fast and slow."""
    cosine = np.linspace(-0.99, 0.99, 6)
    for beta in (0.01, 0.6, 0.97):
        motion = motion_at(beta, m_f, m_f / m_phi)
        t = -motion.four_p2 * (1.0 - cosine) / 2.0
        got = dsigma_dt(t, beta, m_f, m_f / m_phi, ALPHA_D, listed(CASES[name]))
        squared = oracle.squared(motion.four_p2 / 4.0, cosine, m_phi, m_f, CASES[name])
        s = m_phi**2 / motion.share
        want = squared.astype(float) / (16.0 * np.pi * s * motion.four_p2)
        np.testing.assert_allclose(got, want, rtol=1e-11)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("ratio", [1e-4, 0.5, 30.0])
def test_total_cross_section_against_amplitudes(name, ratio):
    for beta in (1e-4, 1e-2, 0.9):
        got = sigma_elastic(beta, 0.5, ratio, ALPHA_D, listed(CASES[name]))
        want = oracle.sigma(beta, 0.5 / ratio, 0.5, CASES[name])
        assert got == pytest.approx(want, rel=1e-9, abs=0)


def test_total_is_the_integral_of_the_differential():
    from scipy.integrate import quad

    motion = motion_at(0.3, 0.5, 0.2)
    arguments = (0.3, 0.5, 0.2, 0.1, listed(CASES["two vectors"]))
    area = quad(lambda x: float(dsigma_dt(-x, *arguments)), 0.0, motion.four_p2, epsrel=1e-11)[0]
    assert sigma_elastic(*arguments) == pytest.approx(area, rel=1e-10)


def test_crossed_to_annihilation_it_is_the_spectral_function():
    """-2 |M|^2(t -> S) is phi phi* -> f fbar: (7) with its + sign for the same vertex."""
    m_phi, m_f, m_v, g, d, s = 0.7, 0.4, 0.3, 0.5, 0.8, 3.1
    one = [Exchange(m_v**2, g, 0.0, d)]
    beta_phi, beta_f = np.sqrt(1 - 4 * m_phi**2 / s), np.sqrt(1 - 4 * m_f**2 / s)
    x, weight = np.polynomial.legendre.leggauss(8)
    forward = s**2 * (beta_f * beta_phi) ** 2 * (x**2 - 1.0)
    crossed = -2.0 * squared_over_s(4.0 * m_phi**2 - s, forward, s, m_f, one)
    flux = beta_f * np.sum(0.5 * weight * crossed) / (16.0 * np.pi * s)
    width = spectral.fermion_pair(s, m_f, 2 * g**2, g**2) + spectral.dipole_pair(
        s, m_f, d**2, g * d
    )
    assert flux == pytest.approx(beta_phi**2 * width / (s - m_v**2) ** 2, rel=1e-13)


@pytest.mark.parametrize("charge", [-1.0, 1.0])
@pytest.mark.parametrize("size", [0.01, 0.7, 50.0])
def test_slow_heavy_dark_matter(charge, size):
    """16 pi m^2 alpha alpha_D eps^2/m_V^4 [1 - 2 Q chi + 2 chi^2]: not + 2 Q chi + 10/3 chi^2."""
    beta, epsilon, alpha_d, m_v = 1e-4, 1e-12, 0.3, 0.1
    scale = chi(epsilon, 1.0, M_E, beta, SM.alpha, alpha_d) / size
    d = np.sqrt(4 * np.pi / alpha_d) / scale
    one = [Exchange(m_v**2, charge * epsilon * SM.e, 0.0, d)]
    bracket = 1.0 - 2.0 * charge * size + 2.0 * size**2
    want = 16 * np.pi * M_E**2 * SM.alpha * alpha_d * epsilon**2 / m_v**4 * bracket
    # next order in beta^2 = 1e-8
    assert sigma_elastic(beta, M_E, 0.0, alpha_d, one) == pytest.approx(want, rel=2e-7, abs=0)
    slow = oracle.sigma(beta, 1e4 * M_E, M_E, ((m_v, np.sqrt(4 * np.pi * alpha_d), *one[0][1:]),))
    # 1/m_phi: mu^2 = m_e^2 (1 - 2e-4) and powers of it
    assert slow == pytest.approx(want, rel=2e-3, abs=0)


def rosenbluth(beta, m_f, m_phi, m_v, g, d):
    """sigma at g_D = 1 from form factors F1, F2 and s - u, which cancel: with 60 digits."""
    with mpmath.workdps(60):
        beta, m_f, m_phi, m_v, g, d = (mpmath.mpf(float(x)) for x in (beta, m_f, m_phi, m_v, g, d))
        s = m_phi**2 + m_f**2 + 2 * m_f * m_phi / mpmath.sqrt(1 - beta**2)
        four_p2 = (s - (m_phi + m_f) ** 2) * (s - (m_phi - m_f) ** 2) / s

        def integrand(y):
            z = mpmath.e**y - c
            t = -four_p2 * z
            s_u = 2 * s + t - 2 * m_phi**2 - 2 * m_f**2
            squared = s_u**2 * (g**2 - t * d**2) + t * (4 * m_phi**2 - t) * (g + 2 * m_f * d) ** 2
            return squared / (t - m_v**2) ** 2 * (z + c)

        c = m_v**2 / four_p2
        nodes = mpmath.linspace(mpmath.log(c), mpmath.log(1 + c), 9)
        return float(mpmath.quad(integrand, nodes) / (16 * mpmath.pi * s))


@pytest.mark.parametrize("beta", [1e-5, 1e-3, 0.999])
@pytest.mark.parametrize("m_v", [1e-6, 0.1, 1e3])
def test_accurate_for_all_masses(beta, m_v):
    for m_phi in (1e-6, 1e-2, 1e3):
        for epsilon in (0.0, 1e-12, 0.5):
            g, d = -0.3 * epsilon, 1e-4
            one = [Exchange(m_v**2, g, 0.0, d)]
            got = sigma_elastic(beta, M_E, M_E / m_phi, ALPHA_D, one)
            want = rosenbluth(beta, M_E, m_phi, m_v, g, d)
            assert got == pytest.approx(want, rel=1e-10, abs=0), (m_phi, epsilon)


def test_light_vectors_are_resolved():
    """m_V = 1 eV at 2 p = 23 MeV: the forward peak 1/m_V^2 of the vector, a logarithm of d^2."""
    one = [Exchange(1e-18, 0.1, 0.0, 0.0)]
    two = [Exchange(1e-18, 0.0, 0.0, 0.1)]
    for exchange, g, d in ((one, 0.1, 0.0), (two, 0.0, 0.1)):
        got = sigma_elastic(0.999, M_E, 1e-3, ALPHA_D, exchange)
        assert got == pytest.approx(rosenbluth(0.999, M_E, M_E / 1e-3, 1e-9, g, d), rel=1e-10)


def test_rescaling_every_mass():
    vectors = CASES["two vectors"]
    scaled = [(3 * m, x, g, a, d / 3) for m, x, g, a, d in vectors]
    one = sigma_elastic(0.2, 0.5, 0.3, 0.1, listed(vectors))
    two = sigma_elastic(0.2, 1.5, 0.3, 0.1, listed(scaled))
    assert one == pytest.approx(9 * two, rel=1e-13)


def test_reference_is_the_amplitude_at_its_momentum_transfer():
    """mu^2 |M|^2/(16 pi m^2 M^2) of slow particles that turn round, so that nothing moves across.

    2 p = q = 1e-4 m: corrections of order 1e-8.
    """
    m_phi, m_f, vector = 0.9, 0.5, (1e-3, 1.0, 1e-5, 0.0, 3e3)
    q2 = (1e-4 * m_f) ** 2
    squared = float(oracle.squared(q2 / 4.0, np.array([-1.0]), m_phi, m_f, [vector])[0])
    reduced = m_phi * m_f / (m_phi + m_f)
    want = reduced**2 * squared / (16 * np.pi * (m_f * m_phi) ** 2)
    got = sigma_reference(q2, m_f, m_f / m_phi, ALPHA_D, listed([vector]))
    assert got == pytest.approx(want, rel=1e-7)


def test_numbers_of_the_paper():
    """(13): 2.4e-9/sqrt(alpha_D); (15): 7.1e-56 cm^2 as printed, 3/5 of it corrected."""
    mixed = DarkDipole(**{**PAPER, "alpha_d": 1.0}, epsilon=1e-4)
    assert value("chi", mixed) == pytest.approx(2.4e-9, rel=0.01, abs=0)
    alone = DarkDipole(**PAPER)
    printed = value("sigma_electron_cm2", alone, PRINTED)
    assert printed == pytest.approx(7.1e-56, rel=0.01, abs=0)
    # beta^2 = 1e-6 and m_V^2/m_Z^2
    ratio = value("sigma_electron_cm2", alone) / printed
    assert ratio == pytest.approx(0.6, rel=1e-5)


def test_printed_interference_destroys_where_the_verified_one_adds():
    """Fig. 5: a minimum as printed for epsilon = 6e-13, none for the electron of (3) and (7)."""
    epsilon = np.geomspace(1e-14, 1e-9, 201)
    model = DarkDipole(**PAPER, epsilon=epsilon)
    verified = evaluate(model, "sigma_electron_cm2").value
    printed = evaluate(model, "sigma_electron_cm2", options=PRINTED).value
    assert np.all(np.diff(verified) > 0.0)
    lowest = np.argmin(printed)
    # d/d eps (eps^2 - 2 eps k + 10/3 k^2) = 0 at eps = k = chi epsilon, where 7/3 of 10/3 are left
    crossing = value("chi", DarkDipole(**PAPER, epsilon=1e-12)) * 1e-12
    assert epsilon[lowest] == pytest.approx(crossing, rel=0.06, abs=0)
    alone = DarkDipole(**PAPER)
    plateau = value("sigma_electron_cm2", alone, PRINTED)
    assert printed[lowest] / plateau == pytest.approx(0.7, rel=2e-3)
    mirrored = DarkDipole(**{**PAPER, "lambda_over_alpha_d": -25e3}, epsilon=epsilon)
    destructive = evaluate(mirrored, "sigma_electron_cm2").value
    # 1 - 2 chi + 2 chi^2 is lowest at eps = chi eps, where half of 2 is left
    plateau = value("sigma_electron_cm2", alone)
    assert destructive.min() / plateau == pytest.approx(0.5, rel=2e-3)


def test_printed_formula_term_by_term():
    args = (0.1, 1e-12, 25e3, M_E, 1e-3, SM.alpha, 0.5)
    x = chi(1e-12, 25e3, M_E, 1e-3, SM.alpha, 0.5)
    front = 16 * np.pi * M_E**2 / 1e-4 * SM.alpha * 0.5 * 1e-24
    want = front * (1 - 2 * x + 10 / 3 * x**2)
    assert sigma_printed(*args) == pytest.approx(want, rel=1e-13, abs=0)
    only = sigma_printed(0.1, 0.0, 25e3, M_E, 1e-3, SM.alpha, 0.5)
    want = 160 * np.pi / 3 * M_E**4 / 1e-4 / 25e3**2 * 1e-12
    assert only == pytest.approx(want, rel=1e-13, abs=0)


def test_model_without_mixing_is_the_oracle():
    model = DarkDipole(**PAPER, m_dm=0.02)
    d = float(model.dipoles()["e"])
    for beta in (1e-3, 0.5):
        want = oracle.sigma(beta, 0.02, M_E, ((0.1, np.sqrt(2 * np.pi), 0.0, 0.0, d),))
        got = value("sigma_electron_cm2", model, beta=beta)
        assert got == pytest.approx(want * GEV2_TO_CM2, rel=1e-9, abs=0)


def test_sign_of_mixing_in_the_model():
    """g_V(e) = + e epsilon Q = -e epsilon: against the oracle with both couplings."""
    for epsilon in (3e-10, -3e-10):
        model = DarkDipole(
            m_v=0.1, lambda_over_alpha_d=1e3, alpha_d=0.5, m_dm=0.02, epsilon=epsilon
        )
        vector = (0.1, np.sqrt(2 * np.pi), -SM.e * epsilon, 0.0, float(model.dipoles()["e"]))
        got = value("sigma_electron_cm2", model, beta=0.01)
        want = oracle.sigma(0.01, 0.02, M_E, (vector,)) * GEV2_TO_CM2
        # (m_V/m_Z)^2 = 1e-6
        assert got == pytest.approx(want, rel=1e-5, abs=0)


def test_z_exchange_screens_the_weak_charge():
    """At q -> 0 the Z-like parts of V and Z cancel: a photon-like force for any m_V.

    sum of x g/m^2 is e epsilon Q over the squared mass of the dark field, near m_Z too.
    """
    for m_v in (1.0, 88.0, 95.0, 3e3):
        model = DarkDipole(m_v=m_v, epsilon=1e-3, lambda_over_alpha_d=1e29, alpha_d=0.5)
        flat = DarkDipole(**{k: np.full(1, v) for k, v in model.numbers().items()})
        total = sum(float((one.vector / one.mass2)[0]) for one in exchanges_of(flat, INPUTS))
        axial = sum(float((one.axial / one.mass2)[0]) for one in exchanges_of(flat, INPUTS))
        dark2 = float(model.mixing(INPUTS).m_x_hat2)
        assert total == pytest.approx(-SM.e * 1e-3 / dark2, rel=1e-9)
        assert axial / total == pytest.approx(0.0, abs=1e-9)


def test_reference_cross_section_tends_to_that_of_the_dark_photon():
    common = {"m_v": 0.1, "alpha_d": 0.5, "m_dm": 0.02}
    want = value("sigma_electron_cm2", DarkPhoton(**common, epsilon=1e-4, dm="complex-scalar"))
    model = DarkDipole(**common, epsilon=1e-4, lambda_over_alpha_d=1e29)
    # the Z, which that one neglects: (m_V/m_Z)^2 = 1e-6
    got = value("sigma_electron_reference_cm2", model)
    assert got == pytest.approx(want, rel=1e-5, abs=0)


def test_electrons_in_matter_see_more_of_the_dipole():
    """(alpha/beta)^4/8 of the cross section at rest: 1/8 from 4 pi against 32 pi."""
    model = DarkDipole(**PAPER)
    ratio = value("sigma_electron_reference_cm2", model) / value("sigma_electron_cm2", model)
    assert ratio == pytest.approx((SM.alpha / 1e-3) ** 4 / 8, rel=1e-5)


def test_halo_average_is_one_of_moments():
    """beta^2 -> <v^3>/<v>, beta^4 -> <v^5>/<v> of random velocities, to their 1%."""
    rng = np.random.default_rng(7)
    u = rng.normal(scale=220 / np.sqrt(2), size=(1_000_000, 3))
    u = u[np.sum(u**2, axis=1) < 544**2] - [0, 0, 232]
    v = np.sqrt(np.sum(u**2, axis=1)) / 299792.458
    second, fourth = np.mean(v**3) / v.mean(), np.mean(v**5) / v.mean()
    for scale in (25e3, -25e3):
        model = DarkDipole(**{**PAPER, "lambda_over_alpha_d": scale}, epsilon=5e-13)
        x = value("chi", model) / 1e-6
        front = 16 * np.pi * M_E**2 / 1e-4 * SM.alpha * 0.5 * 25e-26 * GEV2_TO_CM2
        for options, sign, square in ((None, 1.0, 2.0), (PRINTED, -1.0, 10 / 3)):
            want = front * (1 + 2 * sign * x * second + square * x**2 * fourth)
            got = value("sigma_electron_halo_cm2", model, options)
            assert got == pytest.approx(want, rel=0.01, abs=0)


def test_halo_of_mixing_alone_does_not_know_speeds():
    model = DarkDipole(m_v=0.1, epsilon=1e-4, lambda_over_alpha_d=1e29, alpha_d=0.5)
    at_rest = value("sigma_electron_cm2", model)
    assert value("sigma_electron_halo_cm2", model) == pytest.approx(at_rest, rel=1e-5, abs=0)


def test_statuses():
    """No ratio without mixing; no value between the roots at m_Z; the dipole has a domain."""
    model = DarkDipole(**PAPER, epsilon=np.array([0.0, 1e-4]))
    found = evaluate(model, "chi")
    assert np.isnan(found.value[0])
    assert found.status.tolist() == [OUT_OF_VALIDITY, OK]
    names = ("sigma_electron_cm2", "sigma_electron_halo_cm2", "sigma_electron_reference_cm2")
    for name in names:
        near = DarkDipole(
            m_v=np.array([91.1876, 1.0]), epsilon=0.1, lambda_over_alpha_d=1e4, alpha_d=0.5
        )
        found = evaluate(near, name)
        assert np.isnan(found.value[0])
        assert found.status.tolist() == [OUT_OF_VALIDITY, OK]
        strong = DarkDipole(m_v=1.0, lambda_over_alpha_d=1e4, alpha_d=3.0)
        assert int(evaluate(strong, name).status) == OUT_OF_VALIDITY
    low = DarkDipole(m_v=1.0, lambda_over_alpha_d=1e-3, alpha_d=0.5)
    assert int(evaluate(low, "sigma_electron_cm2", beta=0.99).status) == OUT_OF_VALIDITY
    assert np.isfinite(value("sigma_electron_cm2", low, beta=0.99))


def test_arrays_and_jax_agree_with_points():
    pytest.importorskip("jax")
    arrays = {
        "m_v": np.array([1e-6, 0.1, 300.0]),
        "epsilon": np.array([0.0, -1e-4, 1e-12]),
        "lambda_over_alpha_d": np.array([25e3, -1e3, 1e5]),
    }
    names = ("sigma_electron_cm2", "sigma_electron_halo_cm2", "sigma_electron_reference_cm2")
    for more in ({}, {"m_dm": 0.02}):
        model = DarkDipole(**arrays, alpha_d=0.5, **more)
        for name in names:
            found = evaluate(model, name)
            compiled = evaluate(model, name, engine="jax")
            np.testing.assert_allclose(compiled.value, found.value, rtol=1e-11)
            points = [
                value(name, DarkDipole(**{k: v[i] for k, v in arrays.items()}, alpha_d=0.5, **more))
                for i in range(3)
            ]
            np.testing.assert_allclose(points, found.value, rtol=1e-13)


def test_gradient():
    """sigma of the dipole alone goes as lambda^-2 m_V^-4 beta^4."""
    pytest.importorskip("jax")
    model = DarkDipole(**PAPER)
    sigma = value("sigma_electron_cm2", model)
    slopes = gradient(model, "sigma_electron_cm2")
    assert slopes["lambda_over_alpha_d"] == pytest.approx(-2 * sigma / 25e3, rel=1e-12, abs=0)
    assert slopes["m_v"] == pytest.approx(-4 * sigma / 0.1, rel=1e-5, abs=0)
    assert slopes["beta"] == pytest.approx(4 * sigma / 1e-3, rel=1e-5, abs=0)
