"""Fermi-Dirac pairs against direct integrals over two distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.special import k1, zeta

from vectorportal.formulas.bath_statistics import fermi_ratio
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.observables.vector.hot_bath import BathFactor


def pairs(z: float, sign: float, power: int = 0) -> float:
    """int dE1 dE2 (E1 + E2)^power f(E1) f(E2) over E1 E2 >= z^2/4, in units of T.

    The measure d^3p1 d^3p2/(E1 E2) at fixed s = 2 E1 E2 (1 - cos) is dE1 dE2 ds/2 up to constants.
    """

    def f(e: float) -> float:
        return 1.0 / (np.exp(e) + sign)

    def integrand(log_e2: float, log_e1: float) -> float:
        e1, e2 = np.exp(log_e1), np.exp(log_e2)
        return (e1 + e2) ** power * e1 * e2 * f(e1) * f(e2)

    low, high = 2.0 * np.log(0.5 * z) - np.log(60.0), np.log(60.0)

    def first(log_e1: float) -> float:
        return max(2.0 * np.log(0.5 * z) - log_e1, low)

    return dblquad(integrand, low, high, first, high, epsabs=0.0, epsrel=1e-7)[0]


@pytest.mark.parametrize("z", [0.05, 0.7, 2.0, 6.0])
def test_direct_integral_over_two_distributions(z: float) -> None:
    """3e-5: linear interpolation in ln z (5e-6 promised) and the double integral."""
    expected = pairs(z, 1.0) / pairs(z, 0.0)
    assert fermi_ratio(np.asarray(z)) == pytest.approx(expected, rel=3e-5)


def test_limits() -> None:
    """z -> 0: int dE f(E) = ln 2 against 1, squared; z >> 1: 1 - O(exp(-(sqrt 2 - 1) z))."""
    assert fermi_ratio(np.asarray(1e-6)) == pytest.approx(np.log(2.0) ** 2, rel=1e-5)
    z = np.array([30.0, 50.0])
    assert np.all(np.abs(fermi_ratio(z) - 1.0) < 3.0 * np.exp(-0.414 * z))


def test_first_correction_at_large_z() -> None:
    """f f = e^-(E1 + E2) (1 - e^-E1 - e^-E2 ...); the integral over E2 >= z^2/(4 E1) by hand."""
    z = 12.0

    def tail(e1: float, weight: float) -> float:
        return np.exp(-weight * e1 - z * z / (4.0 * e1))

    whole = quad(tail, 0.05, 60.0, args=(1.0,), epsabs=0.0)[0]
    lost = 2.0 * quad(tail, 0.05, 60.0, args=(2.0,), epsabs=0.0)[0]
    found = 1.0 - float(fermi_ratio(np.asarray(z)))
    # next order is smaller by about exp(-z/2); 5e-6 is the table's error against 2e-2
    assert found == pytest.approx(lost / whole, rel=2e-2)


def test_shape_and_monotony() -> None:
    z = np.geomspace(1e-6, 60.0, 501).reshape(3, 167)
    ratio = fermi_ratio(z)
    assert ratio.shape == z.shape
    assert np.all(np.diff(ratio.reshape(-1)) > 0.0)
    assert np.all(np.isfinite(fermi_ratio(np.array([1e-300, 1e300]))))


def test_number_of_pairs_summed_over_s() -> None:
    """int ds over E1 E2 >= s/4 counts all pairs with weight E1 E2: the squares of int dE E f(E)."""
    z = np.geomspace(1e-5, 55.0, 4001)
    weight = z**3 * k1(z)  # dz = z dln z
    mean = np.trapezoid(weight * fermi_ratio(z), np.log(z)) / np.trapezoid(weight, np.log(z))
    assert mean == pytest.approx((0.5 * zeta(2)) ** 2, rel=2e-5)


@pytest.mark.parametrize("z", [0.3, 4.0])
def test_mean_energy_of_a_pair(z: float) -> None:
    """The factor `energy` of the kernel is <E1 + E2>/T; 1e-5 is the double integral."""
    expected = pairs(z, 0.0, 1) / pairs(z, 0.0)
    found = BathFactor(energy=True)(np.array([z]))
    assert found[0] == pytest.approx(expected, rel=1e-5)


def test_factors_multiply() -> None:
    sm, z = StandardModel.default(), np.array([[0.5, 3.0], [9.0, 20.0]])
    all_of_it = BathFactor(sm=sm, quantum=True, energy=True)(z)
    parts = [BathFactor(sm=sm), BathFactor(quantum=True), BathFactor(energy=True)]
    assert all_of_it == pytest.approx(np.prod([f(z) for f in parts], axis=0), rel=1e-14)
    assert np.all(BathFactor()(z) == 1.0)
