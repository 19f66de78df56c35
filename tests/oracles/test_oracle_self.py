"""The oracle checked against itself: completeness, Ward identities, boosts and QED."""

from __future__ import annotations

import numpy as np
import pytest

from .amplitudes import (
    KINDS,
    annihilation_current,
    chiral_vertex,
    creation_current,
    sigma_dm_electron,
    sigma_dm_to_ff,
    sigma_dm_to_ww,
    sigma_dm_to_zh,
    squared_through_vectors,
    vww_tensor,
)
from .dirac import (
    GAMMA,
    METRIC,
    angles,
    bar,
    boost,
    dot,
    pair,
    polarisations,
    slash,
    u_spinor,
    v_spinor,
)
from .vector_pairs import pair_amplitude, sigma_dm_to_vv, squared_vv
from .widths import (
    width_dirac_pair,
    width_ff,
    width_majorana_pair,
    width_scalar_pair,
    width_ww,
    width_zh,
)

ALPHA = 1 / 137.0
CHARGE = np.sqrt(4 * np.pi * ALPHA)
VELOCITY = (0.31, -0.52, 0.43)
# Long double where the platform has it, double elsewhere: both far below the physics.
ROUNDING = 1e-12


def scattering(mass, other, s, cos_theta=(-0.7, 0.2, 0.9)):
    """Momenta of two incoming `mass` and two outgoing `other`, in a boosted frame and at rest."""
    cos_theta = np.array(cos_theta)
    rest = (*pair(s, mass, mass, 1 + 0 * cos_theta), *pair(s, other, other, cos_theta))
    return rest, tuple(boost(p, VELOCITY) for p in rest)


def test_clifford_algebra():
    product = np.einsum("mab,nbc->mnac", GAMMA, GAMMA)
    anticommutator = product + np.swapaxes(product, 0, 1)
    assert np.array_equal(anticommutator, 2 * np.einsum("mn,ab->mnab", METRIC, np.eye(4)))


@pytest.mark.parametrize("mass", [0.0, 0.3])
def test_spin_sums_are_complete(mass):
    p = boost(pair(4.0, mass, mass, np.array([0.3, -0.8]))[0], VELOCITY)
    for spinor, sign in ((u_spinor(p, mass), 1), (v_spinor(p, mass), -1)):
        total = np.einsum("s...a,s...b->...ab", spinor, bar(spinor))
        assert np.allclose(total, slash(p) + sign * mass * np.eye(4), atol=ROUNDING)


def test_polarisation_sums_are_complete():
    k = boost(pair(4.0, 0.5, 0.5, np.array([0.3, -0.8]))[0], VELOCITY)
    e = polarisations(k, 0.5)
    total = np.einsum("s...m,s...n->...mn", e, e)
    expected = -METRIC + k[..., :, None] * k[..., None, :] / 0.25
    assert np.allclose(total, expected, atol=ROUNDING)
    assert np.allclose(dot(k, e), 0, atol=ROUNDING)
    massless = polarisations(np.array([1.0, 0.0, 0.6, -0.8]), 0.0)
    assert massless.shape == (2, 4)
    assert np.allclose(massless @ METRIC @ massless.T, -np.eye(2), atol=ROUNDING)


def test_currents_are_conserved():
    rest, moving = scattering(0.4, 0.3, 3.0)
    for p1, p2, k1, k2 in (rest, moving):
        for dm in ("complex-scalar", "dirac"):
            assert np.allclose(
                dot(p1 + p2, annihilation_current(dm, p1, p2, 0.4)), 0, atol=ROUNDING
            )
        current = creation_current(k1, k2, 0.3, chiral_vertex(0.7, 0.7))
        assert np.allclose(dot(k1 + k2, current), 0, atol=ROUNDING)
        assert np.allclose(dot(k1 + k2, vww_tensor(k1, k2, 0.3)), 0, atol=ROUNDING)


@pytest.mark.parametrize("dm", ["complex-scalar", "dirac"])
def test_ward_identity_of_vector_pairs(dm):
    """k1 in place of one polarisation gives zero although each diagram is of order one."""
    for momenta in scattering(1.0, 0.6, 7.0):
        k1, k2 = momenta[2], momenta[3]
        e2 = polarisations(k2, 0.6)
        assert np.allclose(pair_amplitude(dm, momenta, 1.0, k1[None], e2), 0, atol=ROUNDING)
        e1 = polarisations(k1, 0.6)
        assert np.allclose(pair_amplitude(dm, momenta, 1.0, e1, k2[None]), 0, atol=ROUNDING)


def test_axial_pairs_break_the_ward_identity_by_the_mass():
    """dim M/k1 is proportional to m_dm: the reason for the growth of longitudinal vectors."""
    sizes = []
    for mass in (1e-3, 1e-4):
        momenta = scattering(mass, 0.6, 7.0)[0]
        e2 = polarisations(momenta[3], 0.6)
        amplitude = pair_amplitude("majorana", momenta, mass, momenta[2][None], e2)
        sizes.append(np.max(np.abs(amplitude)))
    assert sizes[0] / sizes[1] == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize("dm", KINDS)
def test_boosts_leave_the_squared_amplitudes_alone(dm):
    rest, moving = scattering(1.0, 0.6, 7.0)
    first, second = squared_vv(dm, rest, 1.0, 0.6), squared_vv(dm, moving, 1.0, 0.6)
    assert np.allclose(first, second, rtol=ROUNDING)

    def through_vectors(momenta):
        p1, p2, k1, k2 = momenta
        fermions = creation_current(k1, k2, 0.6, chiral_vertex(0.9, -0.2))
        terms = [(2.0, 0.1, 1.0, fermions), (3.0, 0.2, -0.5, fermions)]
        return squared_through_vectors(annihilation_current(dm, p1, p2, 1.0), p1 + p2, terms)

    assert np.allclose(through_vectors(rest), through_vectors(moving), rtol=ROUNDING)


def test_angular_measures_agree():
    for peak in (0.0, 0.5, 0.999):
        cos_theta, weight = angles(80, peak)
        edge = np.tanh(np.arctanh(peak)) / peak if peak else 1.0
        assert np.sum(weight) == pytest.approx(edge, rel=1e-13)
        assert np.sum(weight * cos_theta**4) == pytest.approx(0.2, rel=1e-12)


def test_muon_pairs_in_qed():
    """4 pi alpha^2/(3 s); the masses correct it by O(m^4/s^2)."""
    photon = [(1e-9, 0.0, 1.0, CHARGE, CHARGE)]
    s = 1e4
    sigma = sigma_dm_to_ff("dirac", 1e-3, CHARGE, 1e-3, photon, s)
    assert sigma == pytest.approx(4 * np.pi * ALPHA**2 / (3 * s), rel=1e-9)


@pytest.mark.parametrize("lorentz_factor", [1.1, 3.0, 100.0, 1e4])
def test_two_photon_annihilation_in_qed(lorentz_factor):
    """Dirac's cross section for a positron of this Lorentz factor on an electron at rest."""
    g = lorentz_factor
    root = np.sqrt(g * g - 1)
    bracket = (g * g + 4 * g + 1) / root**2 * np.log(g + root) - (g + 3) / root
    dirac = np.pi * ALPHA**2 / (g + 1) * bracket
    for m_v, tolerance in ((0.0, 1e-11), (1e-3, 1e-5)):
        sigma = sigma_dm_to_vv("dirac", 1.0, CHARGE, m_v, 2 * (1 + g))
        assert sigma == pytest.approx(dirac, rel=tolerance)


def test_two_photon_annihilation_of_scalars_at_rest():
    """sigma v -> 2 pi alpha^2/m^2 for a scalar pair, pi alpha^2/m^2 for a spinor pair."""
    s = np.longdouble(4) * (1 + np.longdouble(1e-8))
    velocity = 2 * np.sqrt(1 - 4 / s)
    for dm, factor in (("complex-scalar", 2), ("dirac", 1)):
        sigma_v = float(velocity) * sigma_dm_to_vv(dm, 1.0, CHARGE, 0.0, s)
        assert sigma_v == pytest.approx(factor * np.pi * ALPHA**2, rel=1e-7)


def test_contact_scattering_at_rest():
    """A heavy mediator: sigma = (g g_e)^2 mu^2/(pi m_v^4) for a vector; axial is O(v^2)."""
    m, m_e, m_v = 0.1, 5e-4, 10.0
    reduced = m * m_e / (m + m_e)
    contact = (0.5 * 0.2) ** 2 * reduced**2 / (np.pi * m_v**4)
    for dm in ("complex-scalar", "dirac"):
        sigma = sigma_dm_electron(dm, m, 0.5, m_e, 0.2, m_v, 1e-8)
        assert sigma == pytest.approx(contact, rel=1e-8)
    assert sigma_dm_electron("majorana", m, 0.5, m_e, 0.2, m_v, 1e-8) < 1e-8 * contact


def test_frozen_momentum_transfer():
    """At rest the form factor multiplies the contact rate by m_v^4/(m_v^2 + q^2)^2."""
    frozen = sigma_dm_electron("dirac", 1.0, 1.0, 1e-3, 1.0, 1e-2, 1e-10, q2=1e-4)
    contact = sigma_dm_electron("dirac", 1.0, 1.0, 1e-3, 1.0, 1e-2, 1e-10)
    assert frozen / contact == pytest.approx(0.25, rel=1e-9)


def test_rutherford_peak_is_resolved():
    """Slow Yukawa scattering in the Born limit: sigma = mu^2/(pi m_v^2 (m_v^2 + 4 p^2))."""
    m, m_e, m_v, p = 10.0, 1.0, 1e-5, 1e-3
    reduced = m * m_e / (m + m_e)
    born = reduced**2 / (np.pi * m_v**2 * (m_v**2 + 4 * p**2))
    assert sigma_dm_electron("dirac", m, 1.0, m_e, 1.0, m_v, p) == pytest.approx(born, rel=1e-5)


def test_widths_against_textbook_limits():
    """Vector, axial, scalar and Yang-Mills widths with the usual phase-space factors."""
    g, v = 0.3, np.sqrt(1 - 4 * 0.1**2)
    unit = g**2 / (12 * np.pi)
    assert width_ff(1, 0.1, g, g, 3) == pytest.approx(3 * unit * v * (1 + 2 * 0.1**2), rel=1e-13)
    assert width_ff(1, 0.1, -g, g) == pytest.approx(unit * v**3, rel=1e-13)
    assert width_dirac_pair(1, 0.1, g) == pytest.approx(width_ff(1, 0.1, g, g), rel=1e-13)
    assert width_majorana_pair(1, 0.1, g) == pytest.approx(unit * v**3 / 2, rel=1e-13)
    assert width_scalar_pair(1, 0.1, g) == pytest.approx(unit * v**3 / 4, rel=1e-13)
    x = (80 / 300) ** 2
    ww = g**2 * 300 / (192 * np.pi) / x**2 * (1 - 4 * x) ** 1.5 * (1 + 20 * x + 12 * x**2)
    assert width_ww(300, 80, g) == pytest.approx(ww, rel=1e-12)
    k = np.sqrt((300**2 - 215**2) * (300**2 - 35**2)) / 600
    transverse_and_longitudinal = 2 + (300**2 + 90**2 - 125**2) ** 2 / (2 * 90 * 300) ** 2
    zh = k / (8 * np.pi * 300**2) * 5.0**2 * transverse_and_longitudinal
    assert width_zh(300, 90, 125, 5.0) == pytest.approx(zh / 3, rel=1e-12)


@pytest.mark.parametrize("dm", KINDS)
def test_resonance_factorises_into_widths(dm):
    """On the peak sigma = (4 pi/p^2) (3/states) Gamma_in Gamma_out/Gamma^2 for spin one."""
    m_v, width, m_dm, g = 300.0, 2.0, 95.0, 0.3
    partial = {
        "complex-scalar": width_scalar_pair,
        "dirac": width_dirac_pair,
        "majorana": width_majorana_pair,
    }[dm](m_v, m_dm, g)
    # Identical particles in the initial state carry 1/2 in the width but not in the flux.
    states = {"complex-scalar": 1, "dirac": 4, "majorana": 4}[dm]
    partial *= 2 if dm == "majorana" else 1
    p2 = m_v**2 / 4 - m_dm**2
    unit = 4 * np.pi / p2 * 3 / states * partial / width**2
    s = m_v**2
    ff = sigma_dm_to_ff(dm, m_dm, g, 5.0, [(m_v, width, 1.0, 0.2, -0.4)], s, 3)
    assert ff == pytest.approx(unit * width_ff(m_v, 5.0, 0.2, -0.4, 3), rel=1e-12)
    ww = sigma_dm_to_ww(dm, m_dm, g, 80.0, [(m_v, width, 1.0, 0.7)], s)
    assert ww == pytest.approx(unit * width_ww(m_v, 80.0, 0.7), rel=1e-12)
    zh = sigma_dm_to_zh(dm, m_dm, g, 91.0, 125.0, [(m_v, width, 1.0, 40.0)], s)
    assert zh == pytest.approx(unit * width_zh(m_v, 91.0, 125.0, 40.0), rel=1e-12)


def test_two_vectors_cancel_and_double():
    one = (5.0, 0.1, 1.0, 0.3, 0.2)
    opposite = (5.0, 0.1, -1.0, 0.3, 0.2)
    single = sigma_dm_to_ff("dirac", 1.0, 0.5, 0.3, [one], 9.0)
    assert sigma_dm_to_ff("dirac", 1.0, 0.5, 0.3, [one, opposite], 9.0) == 0
    assert sigma_dm_to_ff("dirac", 1.0, 0.5, 0.3, [one, one], 9.0) == pytest.approx(4 * single)


def test_closed_channels_and_unknown_names():
    assert sigma_dm_to_vv("dirac", 1.0, 1.0, 2.0, 15.9) == 0
    assert sigma_dm_to_ff("dirac", 1.0, 1.0, 3.0, [(5.0, 0.1, 1.0, 1.0, 1.0)], 20.0) == 0
    assert width_ff(1.0, 0.6, 1.0, 1.0) == 0 == width_zh(200.0, 91.0, 125.0, 1.0)
    with pytest.raises(ValueError, match="unknown dark matter"):
        sigma_dm_to_vv("vector", 1.0, 1.0, 0.1, 9.0)


def test_longitudinal_majorana_amplitude_at_high_energy():
    """|M(++ -> LL)| -> 4 g^2 m sqrt(s)/M^2 for M << m << sqrt(s): isotropic, so J = 0."""
    m, m_v, s = 1.0, 0.3, 1e6
    rest = scattering(m, m_v, s, (-0.5, 0.1, 0.6))[0]
    e1, e2 = (polarisations(k, m_v)[2:] for k in rest[2:])
    amplitude = np.abs(pair_amplitude("majorana", rest, m, e1, e2)).reshape(4, 3)
    growth = 4 * m * np.sqrt(s) / m_v**2
    assert np.allclose(np.max(amplitude, axis=0), growth, rtol=1e-3)
