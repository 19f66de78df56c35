"""Millicharged pairs: widths and scattering against amplitudes, limits against published ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from oracles.amplitudes import scattering_current
from oracles.dirac import dot, lower, momentum_cm, pair
from vectorportal.bounds.experiments import millicharge_beam
from vectorportal.bounds.experiments.calibration import calibrate
from vectorportal.bounds.experiments.events import interval
from vectorportal.bounds.experiments.millicharge_beam import millicharge
from vectorportal.bounds.experiments.spec import get_experiment, parse_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.formulas import millicharge as mc
from vectorportal.formulas.meson_decays import pion_pair_of_charge
from vectorportal.inputs.standard_model import StandardModel

SM = StandardModel.default()


def recoil_density(energy, m_chi, recoil):
    """d sigma/dT of chi on an electron at rest from explicit spinors, charge e."""
    m_e = SM.m_e
    s = m_chi**2 + m_e**2 + 2 * m_e * energy
    p = float(momentum_cm(s, m_chi, m_e))
    t = -2 * m_e * recoil
    cosine = 1 + t / (2 * p**2)
    (p1, p2), (k1, k2) = pair(s, m_chi, m_e, 1.0), pair(s, m_chi, m_e, cosine)
    dark = scattering_current("dirac", p1, k1, m_chi)
    electron = scattering_current("dirac", p2, k2, m_e)
    assert float(dot(p1 - k1, p1 - k1)) == pytest.approx(t, rel=1e-6)
    amplitude = np.einsum("im,fm->if", dark, lower(electron)) / t
    squared = float(np.sum(np.abs(amplitude) ** 2)) / 4 * (4 * np.pi * SM.alpha) ** 2
    return 2 * m_e * squared / (64 * np.pi * s * p**2)


@pytest.mark.parametrize(("energy", "m_chi"), [(0.1, 0.01), (0.5, 0.05), (3.0, 0.1)])
def test_electron_scattering_is_that_of_the_explicit_amplitude(energy, m_chi):
    top = 2 * SM.m_e * (energy**2 - m_chi**2) / (SM.m_e**2 + m_chi**2 + 2 * energy * SM.m_e)
    low, high = 0.05 * top, 0.8 * top
    expected = quad(lambda t: recoil_density(energy, m_chi, t), low, high, epsrel=1e-6)[0]
    found = mc.electron_scattering(energy, m_chi, low, high, SM.m_e, SM.alpha)
    assert found == pytest.approx(expected, rel=1e-6)
    beyond = mc.electron_scattering(energy, m_chi, 1.01 * top, 2 * top, SM.m_e, SM.alpha)
    assert beyond == pytest.approx(0.0, abs=1e-12 * found)


def test_electron_scattering_far_below_the_largest_recoil():
    found = mc.electron_scattering(100.0, 1e-3, 1e-3, 2e-3, SM.m_e, SM.alpha)
    simple = 2 * np.pi * SM.alpha**2 / SM.m_e * (1 / 1e-3 - 1 / 2e-3)
    assert found == pytest.approx(simple, rel=1e-3)


def test_decay_spectrum_has_the_width_and_the_mean_energy():
    m_chi, parent, energy = np.array([0.01, 0.05]), 0.135, 0.9
    weight, chi = mc.decay_spectrum(m_chi, parent, energy, SM.alpha)
    ratio = pion_pair_of_charge(m_chi, parent, SM.alpha)
    np.testing.assert_allclose(weight.sum(axis=1), ratio, rtol=1e-3)
    assert (chi >= m_chi[:, None]).all()
    assert (chi <= energy).all()
    # energy is shared between chi, chi-bar and a photon that has less than a half
    mean = np.sum(weight * chi, axis=1) / weight.sum(axis=1)
    assert (mean > 0.25 * energy).all()
    assert (mean < 0.5 * energy).all()


def test_z_width_is_neutrino_like_for_unit_hypercharge_coupling():
    """A Weyl neutrino couples with g/(2 c_w): Gamma = g^2 m_Z/(96 pi c_w^2); chi is vector-like."""
    coupling2 = 4 * np.pi * SM.alpha * SM.sw2 / SM.cw2
    expected = coupling2 * SM.m_z / (12 * np.pi)
    assert mc.z_width(1e-3, SM.m_z, SM.sw2, SM.alpha) == pytest.approx(expected, rel=1e-6)
    assert mc.z_width(46.0, SM.m_z, SM.sw2, SM.alpha) == 0.0


def test_orthopositronium_ratio_is_that_of_the_bound_state():
    """|psi(0)|^2 = (alpha m/2)^3/pi; one photon 16 pi alpha^2 |psi|^2/(3 M^2).

    Three photons: 2 (pi^2 - 9) alpha^6 m/(9 pi) = 7.21e6/s.
    """
    wave = (SM.alpha * SM.m_e / 2) ** 3 / np.pi
    one = 16 * np.pi * SM.alpha**2 * wave / (3 * (2 * SM.m_e) ** 2)
    three = 2 * (np.pi**2 - 9) * SM.alpha**6 * SM.m_e / (9 * np.pi)
    assert three / 6.582119569e-25 == pytest.approx(7.21e6, rel=0.002)
    found = mc.orthopositronium_ratio(1e-9, SM.m_e, SM.alpha)
    assert found == pytest.approx(one / three, rel=1e-9)
    assert mc.orthopositronium_ratio(6e-4, SM.m_e, SM.alpha) == 0.0


FACTORS = {
    "positronium_millicharge": 1.02,
    "z_width_millicharge": 1.5,
    "lsnd_millicharge": 1.3,
    "miniboone_millicharge": 1.5,
    "microboone_millicharge_proj": 1.2,
}
"""rms factor in the charge against the published limit, as docs/experiments-colliders.md says"""


@pytest.mark.parametrize("name", FACTORS)
def test_limits_are_those_published(name):
    found = calibrate(get_experiment(name))
    assert found["spread"] < FACTORS[name]
    assert found["missed"] < 0.1


def test_a_vector_is_no_millicharged_particle():
    with pytest.raises(UsageError, match="not for vectors"):
        interval(get_experiment("lsnd_millicharge"), Vector.dark_photon(np.array([0.02])))


def test_beam_signal_goes_as_the_fourth_power_and_width_as_the_second():
    vector, g2 = millicharge([0.02]), np.array([[1e-8, 4e-8]])
    beam = millicharge_beam.signal(get_experiment("lsnd_millicharge"), vector, g2)
    width = millicharge_beam.signal(get_experiment("z_width_millicharge"), vector, g2)
    assert beam[0, 1] / beam[0, 0] == pytest.approx(16.0)
    assert width[0, 1] / width[0, 0] == pytest.approx(4.0)


def test_too_heavy_particles_have_no_limit():
    lower_, _ = interval(get_experiment("lsnd_millicharge"), millicharge([0.02, 0.0675, 0.1]))
    np.testing.assert_array_equal(np.isfinite(lower_), [True, False, False])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recoil_min": 1.0}, "recoil_min"),
        ({"length": 0.0}, "length"),
        ({"energy_pi0": 0.1}, "energy_pi0"),
        ({"method": "z-width"}, "limit"),
    ],
)
def test_values_that_do_not_go_together_are_refused(change, message):
    data = dict(get_experiment("lsnd_millicharge").values)
    data |= {"engine": "millicharge-beam", "n_limit": 2.3}
    with pytest.raises(UsageError, match=message):
        parse_experiment(data | change, "x")
