"""Supernova: bremsstrahlung against the classical current, the plasma against its limits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from vectorportal.bounds.experiments import supernova as engine
from vectorportal.bounds.experiments.calibration import calibrate
from vectorportal.bounds.experiments.events import interval
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.formulas import supernova as sn

ALPHA, M_N = 1 / 137.036, 0.93892
MB = 2.5681897


def test_neutron_proton_cross_section_agrees_with_effective_range_theory():
    """a_t = 5.42, r_t = 1.75, a_s = -23.7, r_s = 2.73 fm: S waves, good at low energy."""
    for energy, precision in ((0.005, 0.03), (0.015, 0.06), (0.025, 0.12)):
        k2 = M_N * energy / 0.1973269804**2
        triplet = 3 * np.pi / (k2 + (-1 / 5.42 + 1.75 * k2 / 2) ** 2)
        singlet = np.pi / (k2 + (1 / 23.7 + 2.73 * k2 / 2) ** 2)
        found = sn.neutron_proton_cross_section(energy) / MB
        assert found == pytest.approx(10 * (triplet + singlet), rel=precision)


def radiated(omega, mass, dv):
    """dN/d omega of a charge whose velocity changes by dv, summed over explicit polarisations."""
    k = np.sqrt(omega**2 - mass**2)

    def density(cosine):
        # j0 = k.j/omega from current conservation; -j*.j + ... over three polarisations
        j = dv / omega
        j0 = k * j * cosine / omega
        return 4 * np.pi * ALPHA * (j**2 - j0**2)

    angle = quad(density, -1, 1)[0] * 2 * np.pi
    # d^3k/((2 pi)^3 2 omega), k dk = omega d omega
    return angle * k / (2 * (2 * np.pi) ** 3)


@pytest.mark.parametrize("mass", [1e-4, 0.02, 0.045])
def test_emissivity_is_that_of_the_classical_current_in_a_maxwellian_gas(mass):
    omega, temperature, n_p, n_n = 0.05, 0.03, 1e-4, 2e-4

    def density(energy):
        share = 2 * np.sqrt(energy / np.pi) * temperature**-1.5 * np.exp(-energy / temperature)
        speed = 2 * np.sqrt(energy / M_N)
        sigma = float(sn.neutron_proton_cross_section(energy))
        dv = np.sqrt(float(sn.velocity_change(energy)))
        return share * speed * sigma * radiated(omega, mass, dv)

    expected = (
        n_p
        * n_n
        * omega
        * quad(density, omega, 1.0, limit=200, epsrel=1e-5, points=[0.075, 0.1, 0.15, 0.2])[0]
    )
    found = sum(sn.emissivity(omega, mass, temperature, n_p, n_n, ALPHA))
    # the kinks of the interpolated cross section cost some accuracy of the Laguerre rule
    assert found == pytest.approx(expected, rel=2e-3)


def test_velocity_change_is_the_mean_over_isotropic_scattering():
    """|dp| = 2 p sin(theta/2) with p^2 = m_N E in the centre of mass."""
    energy = 0.04
    mean = quad(lambda c: M_N * energy * 2 * (1 - c) / M_N**2 / 2, -1, 1)[0]
    assert sn.velocity_change(energy) == pytest.approx(mean)


def test_absorption_balances_emission_in_a_black_body():
    """Emission = absorption x Planck distribution without stimulated emission factored in."""
    omega, mass, temperature = 0.05, 0.02, 0.03
    emission = 1e-9
    rate = sn.absorption_rate(omega, mass, emission, temperature, 2)
    k = np.sqrt(omega**2 - mass**2)
    # energy in modes d^3k/(2 pi)^3: net absorption of Bose quanta equals what is emitted
    net = rate * (1 - np.exp(-omega / temperature))
    bose = 1 / np.expm1(omega / temperature)
    modes = 2 * k * omega / (2 * np.pi**2)
    assert net * bose * modes * omega == pytest.approx(emission, rel=1e-12)


def test_plasma_frequency_has_both_limits():
    density = 4e-4
    mu = np.cbrt(3 * np.pi**2 * density)
    cold = sn.plasma_frequency2(density, 1e-6, ALPHA)
    assert cold == pytest.approx(4 * ALPHA * mu**2 / (3 * np.pi), rel=1e-6)
    hot = sn.plasma_frequency2(1e-12, 0.03, ALPHA)
    assert hot == pytest.approx(4 * np.pi * ALPHA * 0.03**2 / 9, rel=1e-6)


def test_polarisations_have_the_limits_of_the_plasma():
    omega_p2 = 0.0125**2
    # at rest both are the plasma frequency
    at_rest = np.array([0.05]) * (1 - 1e-9)
    for function in (sn.transverse_polarisation, sn.longitudinal_polarisation):
        assert function(0.05, at_rest, omega_p2)[0] == pytest.approx(omega_p2, rel=1e-4)
    fast = sn.transverse_polarisation(0.5, 1e-6, omega_p2)
    assert fast == pytest.approx(1.5 * omega_p2, rel=1e-6)
    # dispersion of plasmons at small k: omega^2 = omega_p^2 + 6/5 k^2 and omega_p^2 + 3/5 k^2
    k = 1e-3
    for function, slope in (
        (sn.transverse_polarisation, 6 / 5),
        (sn.longitudinal_polarisation, 3 / 5),
    ):
        omega = np.sqrt(omega_p2 + slope * k**2)
        mass2 = omega**2 - k**2
        assert function(omega, np.sqrt(mass2), omega_p2) == pytest.approx(mass2, rel=1e-4)


def test_polarisations_are_continuous_where_the_series_starts():
    omega_p2, omega = 1e-4, 0.05
    for share in (1e-4, 1e-3):
        masses = omega * np.sqrt(1 - share * np.array([0.999, 1.001]))
        for function in (sn.transverse_polarisation, sn.longitudinal_polarisation):
            low, high = function(omega, masses, omega_p2)
            assert low == pytest.approx(high, rel=1e-3)


def test_free_streaming_luminosity_is_the_integral_of_the_emissivity():
    experiment = get_experiment("sn1987a_vacuum")
    vector = Vector.dark_photon(np.array([0.02]))
    found = engine.luminosity(experiment, vector, np.array([[1e-24]]))[0, 0] / 1e-24
    n = engine._nucleons(experiment)
    args = (0.02, 0.03, 0.3 * n, 0.7 * n, ALPHA)
    per_volume = quad(lambda w: sum(sn.emissivity(w, *args)), 0.02, 0.75, limit=200)[0]
    volume = 4 / 3 * np.pi * (1e4 / 1.973269804e-16) ** 3
    assert found == pytest.approx(volume * per_volume, rel=1e-3)


def test_resonant_plasmons_do_not_depend_on_how_they_are_damped():
    """Longitudinal pole m^2 = Pi_L(omega): Q = g^2 k omega m^4/(2 pi (e^(omega/T) - 1) |Pi_L'|).

    For electrons at rest, Pi_L = omega_p^2 m^2/omega^2, it is the m^2 omega_p^3/(4 pi (...)) that
    is known from the Sun. The engine finds the pole with its own damping, and has the rest on top.
    """
    experiment, mass = get_experiment("sn1987a"), 1e-3
    vector = Vector.dark_photon(np.array([mass]))
    found = engine.luminosity(experiment, vector, np.array([[1e-28]]))[0, 0] / 1e-28
    omega_p2 = engine._omega_p2(experiment)

    def real(omega):
        return float(sn.longitudinal_polarisation(omega, mass, omega_p2))

    pole = brentq(lambda w: real(w) - mass**2, 1.1e-3, 0.2)
    slope = abs(real(pole * 1.0001) - real(pole * 0.9999)) / (2e-4 * pole)
    k = np.sqrt(pole**2 - mass**2)
    flow = k * pole * mass**4 / (2 * np.pi * np.expm1(pole / 0.03) * slope)
    volume = 4 / 3 * np.pi * (1e4 / 1.973269804e-16) ** 3
    assert found / (flow * volume) == pytest.approx(1.0, abs=0.3)


def test_lower_edge_is_the_published_one_within_a_factor_four():
    found = calibrate(get_experiment("sn1987a_vacuum"))
    ratio = found["ratio_lower"]
    known = np.isfinite(ratio)
    assert known.mean() > 0.9
    assert (ratio[known] > 0.25).all()
    assert (ratio[known] < 4.0).all()
    # trapping edge between 5 MeV and 0.2 GeV: decays within the radius of the neutrino sphere
    inside = (found["mass"] > 0.005) & (found["mass"] < 0.2)
    upper = found["ratio_upper"][inside]
    assert ((upper > 0.25) & (upper < 4.0)).all()


def test_plasma_weakens_the_bound_on_light_vectors_only():
    vector = Vector.dark_photon(np.array([2e-3, 0.1]))
    with_plasma, _ = interval(get_experiment("sn1987a"), vector)
    without, _ = interval(get_experiment("sn1987a_vacuum"), vector)
    assert with_plasma[0] > 4 * without[0]
    assert with_plasma[1] == pytest.approx(without[1], rel=0.05)


def test_baryon_number_does_not_mix_in_a_plasma_of_electrons():
    mass = np.array([2e-3])
    charges = {q: np.full(1, 1.0) for q in "udscb"}
    vector = Vector(mass, charges, {}, np.zeros(1), "g_x")
    one, two = (interval(get_experiment(n), vector)[0] for n in ("sn1987a", "sn1987a_vacuum"))
    np.testing.assert_allclose(one, two, rtol=1e-3)
