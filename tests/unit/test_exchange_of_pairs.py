"""X+ X- -> fermions: complex amplitudes from the diagonalisation, limits, printed formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oracles.reference_vector_relic import (
    CHARGES,
    PairAmplitudes,
    VectorReference,
    eigenstates,
    sigma_pair,
)
from vectorportal.formulas import nonabelian as na
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.channels import Kinematics
from vectorportal.models.nonabelian_vector import NonabelianVector
from vectorportal.observables.base import OK, OUT_OF_VALIDITY, evaluate

SM = Inputs.default().sm
CW, SW = SM.cw2**0.5, SM.sw2**0.5
COLOURS = {name: 3.0 if name in "uctdsb" and name != "e" else 1.0 for name in CHARGES}
MASS = {"e": SM.m_e, "mu": SM.m_mu, "nu": 0.0, "u": SM.m_u, "t": SM.m_t, "b": SM.m_b}
PRINTED = Options(prescription="as-printed")


def make(**parameters: Any) -> NonabelianVector:
    return NonabelianVector(**{"g_x": 0.3, **parameters})


def sigma(model, s, name, phase="broken", options=None) -> Any:
    return evaluate(model, "sigma_kinetic", s=s, fermion=name, phase=phase, options=options).value


def one(model: NonabelianVector) -> NonabelianVector:
    """The same point as arrays of shape (1,)."""
    return NonabelianVector(
        **{k: v if isinstance(v, str) else np.atleast_1d(v) for k, v in model.given().items()}
    )


def amplitudes(model: NonabelianVector, m_zd: float) -> PairAmplitudes:
    """With the package's total widths, which test_nonabelian_model.py checks."""
    inputs, states = Inputs.default(), eigenstates(m_zd, float(model.epsilon), SM.m_z, SM.sw2)
    assert states is not None
    exchange = one(model).exchange(inputs)
    width, width_z = (float(np.reshape(w, -1)[0]) for w in (exchange.width, exchange.width_z))
    return PairAmplitudes(states, float(model.epsilon), SM, width, width_z)


@pytest.mark.parametrize("name", ["e", "nu", "u", "t", "b"])
@pytest.mark.parametrize(
    ("m_x", "ratio", "epsilon"),
    [
        (1.0, 1.2, 1e-4),
        (45.0, 1.0, 1e-3),
        (45.0, 2.3, 0.1),
        (60.0, 1.9, 0.3),
        (300.0, 1.5, 0.5),
        (500.0, 2.6, 1e-2),
        (0.01, 1.9, 1e-10),
    ],
)
def test_general_form(m_x: float, ratio: float, epsilon: float, name: str) -> None:
    """sigma_fermion of formulas/ with G^J and G^j built from components; photon and widths.

    1e-9: the amplitudes of J and j cancel to m_x^2/s, and the model's energy is 2 m_x (1 + eta).
    """
    model, m_zd = make(m_x=m_x, ratio=ratio, epsilon=epsilon), ratio * m_x
    built = amplitudes(model, m_zd)
    for root in (2.02 * m_x, 2.7 * m_x, 10.0 * m_x, SM.m_z, SM.m_z + 1.0, 700.0):
        if root <= 2.01 * m_x:
            continue
        s = np.float64(root**2)
        found = built.of(s, s - np.float64(m_zd) ** 2, name)
        split = {key: (a.real, a.imag) for key, a in found.items()}
        expected = na.sigma_fermion(s, m_x, 0.3, MASS[name], COLOURS[name], split)
        again = COLOURS[name] * sigma_pair(s, m_x, 0.3, MASS[name], found)
        loss = 1e-15 * max(1.0, s / m_x**2) ** 2
        assert again == pytest.approx(float(expected), rel=1e-9 + loss, abs=0.0)
        if root > 50.0 * m_x:
            continue  # the amplitudes of double precision themselves cancel here
        assert sigma(model, s, name) == pytest.approx(float(expected), rel=1e-9), root


def test_on_the_resonance() -> None:
    """Within a width of Z_D for R > 2: detuning and width set the shape. 1e-6: width/m = 1e-5."""
    model = make(m_x=10.0, ratio=2.4, epsilon=1e-2, g_x=0.05)
    built = amplitudes(model, 24.0)
    for offset in (-3.0, -0.5, 0.0, 1.0):
        root = 24.0 + offset * built.width
        s = np.float64(root) ** 2
        expected = sigma_pair(s, 10.0, 0.05, SM.m_mu, built.of(s, s - 576.0, "mu"))
        assert sigma(model, s, "mu") == pytest.approx(float(expected), rel=1e-6)


# -- before symmetry breaking -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["e", "nu", "u", "d"])
@pytest.mark.parametrize("m_x", [1.0, 500.0])
@pytest.mark.parametrize("prescription", ["verified", "as-printed"])
def test_unbroken_formula(m_x: float, name: str, prescription: str) -> None:
    """(B13), corrected and as printed, with (B8) at alpha = 0 and the width of massless states.

    1e-6: terms of order epsilon^2 = 1e-8 and Gamma/m.
    """
    epsilon, ratio = 1e-4, 1.0
    charge, t3 = CHARGES[name]
    squares = (charge - t3) ** 2 + charge**2
    g2 = (epsilon * SM.g_prime / CW) ** 2
    width_zd = 10.0 * g2 * m_x / (24.0 * np.pi)
    model = make(m_x=m_x, ratio=ratio, epsilon=epsilon)
    options = Options(prescription=prescription)
    for s in (4.1 * m_x**2, 30.0 * m_x**2, 1e6 * m_x**2):
        width_ff = COLOURS[name] * g2 * squares * s**0.5 / (24.0 * np.pi)
        expected = na.sigma_unbroken(s, m_x, ratio * m_x, 0.3, width_ff, width_zd, prescription)
        found = sigma(model, s, name, "unbroken", options)
        assert found == pytest.approx(float(expected), rel=1e-6)


def test_printed_polynomial_before_breaking() -> None:
    """The line of the paper: 4 m^6 - 15 m^4 s + 40 m^2 s^2 + 4 s^3 over 36 m^4 s^(1/2)."""
    m_x, epsilon, s = 2.0, 1e-5, 77.0
    g2 = (epsilon * SM.g_prime / CW) ** 2
    width_ff = g2 * (0.25 + 1.0) * s**0.5 / (24.0 * np.pi)
    top = 4.0 * m_x**6 - 15.0 * m_x**4 * s + 40.0 * m_x**2 * s**2 + 4.0 * s**3
    expected = 0.3**2 * top * (1.0 - 4.0 * m_x**2 / s) ** 0.5 * width_ff
    expected /= 36.0 * m_x**4 * s**0.5 * (s - m_x**2) ** 2
    model = make(m_x=m_x, ratio=1.0, epsilon=epsilon)
    assert sigma(model, s, "e", "unbroken", PRINTED) == pytest.approx(expected, rel=1e-7)
    verified = 4.0 * m_x**4 + 25.0 * m_x**2 * s + 4.0 * s**2
    expected *= verified * m_x**2 / top
    assert sigma(model, s, "e", "unbroken") == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("ratio", [0.7, 1.5, 2.5])
@pytest.mark.parametrize("epsilon", [1e-3, 0.2])
def test_unbroken_amplitudes(ratio: float, epsilon: float) -> None:
    """Exact in epsilon: Z_D with (1, -kappa)/(1 - kappa^2)^(1/2) and the massless hypercharge."""
    m_x = 300.0
    reference = VectorReference(m_x, 0.3, epsilon, ratio * m_x, SM)
    model = make(m_x=m_x, ratio=ratio, epsilon=epsilon)
    for root in (610.0, 700.0, 745.0, 2000.0):
        s = np.float64(root) ** 2
        expected = reference.sigma_unbroken(s, s - (ratio * m_x) ** 2, 0.25 + 1.0)
        # the formula leaves out i Gamma/m beside the pole: (Gamma/m)^2 = 3e-5 for R = 2.5
        assert sigma(model, s, "e", "unbroken") == pytest.approx(float(expected), rel=1e-4)


# -- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [("e", "nu"), ("u", "d"), ("c", "s")])
@pytest.mark.parametrize("epsilon", [1e-3, 0.3])
def test_high_energy_is_the_unbroken_phase(pair: tuple[str, str], epsilon: float) -> None:
    """Summed over a weak doublet and its singlets; what is left falls like m_Z^2/s."""
    model = make(m_x=20.0, ratio=1.3, epsilon=epsilon)
    gaps = []
    for root in (1e4, 1e5):
        broken = sum(sigma(model, root**2, name) for name in pair)
        unbroken = sum(sigma(model, root**2, name, "unbroken") for name in pair)
        gaps.append(abs(broken / unbroken - 1.0))
    # 3: coefficients of m^2/s for the masses 20, 26 and 91 GeV, with the two phases' m_X3
    assert gaps[0] < 3.0 * (SM.m_z / 1e4) ** 2 + 3.0 * epsilon**2
    if epsilon < 1e-2:
        assert gaps[1] < 3e-2 * gaps[0] + 3.0 * epsilon**2


@pytest.mark.parametrize("phase", ["broken", "unbroken"])
def test_no_growth(phase: str) -> None:
    """Verified: sigma goes to a constant epsilon^2 g_X^2/m_X^2; as-printed: it grows with s."""
    model = make(m_x=5.0, ratio=1.2, epsilon=1e-4)
    low, high = (sigma(model, root**2, "e", phase) for root in (1e5, 1e7))
    assert high / low == pytest.approx(1.0, rel=1e-5)
    ceiling = (1e-4 * 0.3 * SM.g_prime) ** 2 / 25.0
    assert 0.0 < high < ceiling
    low, high = (sigma(model, root**2, "e", phase, PRINTED) for root in (1e5, 1e6))
    assert high / low == pytest.approx(100.0, rel=1e-3)


def test_threshold() -> None:
    """sigma v is finite: sigma beta tends to zero like beta^2 (p-wave), so sigma ~ beta."""
    model = make(m_x=1.0, ratio=1.2, epsilon=1e-4)
    s = 4.0 * (1.0 + np.array([1e-4, 1e-6]))
    low = sigma(model, s, "e")
    assert low[1] / low[0] == pytest.approx(0.1, rel=1e-3)


# -- as printed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("prescription", ["verified", "as-printed"])
@pytest.mark.parametrize("name", ["e", "u", "b", "nu"])
@pytest.mark.parametrize(("m_x", "ratio"), [(1.0, 1.0), (2.0, 1.7), (0.3, 0.8)])
def test_literal_form_for_a_light_mediator(m_x, ratio, name, prescription) -> None:
    """(B14)-(B16) as they stand, and corrected, m_ZD << m_Z; at, below and above the Z.

    The literal form keeps the leading order in epsilon with the exact s_alpha. As-printed the
    only change is nothing: 1e-6 allows epsilon^2 and the width of Z_D. Verified: the model keeps
    terms of order m_ZD^2/m_Z^2, 1e-3 for the heaviest.
    """
    epsilon, m_zd = 1e-4, ratio * m_x
    model = make(m_x=m_x, ratio=ratio, epsilon=epsilon)
    built = amplitudes(model, m_zd)
    sine = float(np.sin(evaluate(model, "alpha_mix").value))
    charge, t3 = CHARGES[name]
    line = na.FermionLine(
        SM.e * charge,
        SM.g / CW * (t3 - charge * SM.sw2),
        -SM.g / CW * charge * SM.sw2,
        MASS[name],
        COLOURS[name],
    )
    rel = 1e-6 if prescription == "as-printed" else 6.0 * (m_zd / SM.m_z) ** 2 + 1e-6
    for root in (2.5 * m_x, 8.0 * m_x, 60.0, SM.m_z, 130.0, 400.0):
        if root < 2.0 * MASS[name]:
            continue
        s = root**2
        widths = (built.width_z, built.width)
        expected = na.sigma_broken_photon_like(
            s, m_x, m_zd, 0.3, epsilon, sine, line, SM.sw2, SM.m_z, *widths, prescription
        )
        found = sigma(model, s, name, options=Options(prescription=prescription))
        if prescription == "verified" and name == "nu":
            continue  # without a photon part the terms of order m_ZD^2/m_Z^2 lead
        assert found == pytest.approx(float(expected), rel=rel), root


def test_printed_has_no_bosons() -> None:
    """W W and Z h are not among the final states of (B14)."""
    from vectorportal.models.vector_exchange import final_states

    inputs = Inputs.default()
    model = one(make(m_x=200.0, ratio=1.2, epsilon=1e-3))
    at = Kinematics.make(np.array([[0.5]]), np.array([[600.0**2 - 240.0**2]]), np.array([[200.0]]))
    for prescription, has in (("verified", True), ("as-printed", False)):
        squares = model.exchange(inputs, prescription).squares(at)
        states = final_states(at.s, squares, inputs)
        assert (states["WW"][0, 0] > 0.0) == has
        assert (states["Zh"][0, 0] > 0.0) == has


def test_sum_of_final_states() -> None:
    """All final states: leptons and quarks as single fermions, plus W W and Z h.

    R(e+e-) stands for the quarks below the top: alpha_s/pi = 3e-2 of them.
    """
    from vectorportal.models.vector_exchange import final_states

    inputs = Inputs.default()
    model = one(make(m_x=300.0, ratio=1.2, epsilon=1e-3))
    s = np.array([[1000.0**2]])
    at = Kinematics.make(s**0.5 / 600.0 - 1.0, s - 360.0**2, np.array([[300.0]]))
    exchange = model.exchange(inputs)
    total = float((exchange.flux_sigma(at) / at.beta)[0, 0])
    point = make(m_x=300.0, ratio=1.2, epsilon=1e-3)
    parts = {name: float(sigma(point, 1e6, name)) for name in CHARGES}
    parts["nu"] *= 3.0
    states = final_states(at.s, exchange.squares(at), inputs)
    scale = total / float(np.sum(list(states.values())))
    bosons = scale * float((states["WW"] + states["Zh"])[0, 0])
    assert sum(parts.values()) + bosons == pytest.approx(total, rel=3e-2)
    exact = {"ee": "e", "mumu": "mu", "tautau": "tau", "nunu": "nu", "tt": "t"}
    for state, name in exact.items():
        assert scale * float(states[state][0, 0]) == pytest.approx(parts[name], rel=1e-12)
    # far above all masses the doublet takes a share 1/4 of 10 + 1/4 (longitudinal W W and Z h)
    assert bosons / total == pytest.approx(0.25 / 10.25, rel=0.3)


# -- status -------------------------------------------------------------------------------------


def test_below_threshold() -> None:
    model = make(m_x=np.array([1.0, 1.0]), ratio=1.2, epsilon=1e-4)
    result = evaluate(model, "sigma_kinetic", s=np.array([3.9, 4.1]), fermion="e")
    assert list(result.status) == [OUT_OF_VALIDITY, OK]
    assert np.isnan(result.value[0])
    assert result.value[1] > 0.0


def test_closed_fermion_is_zero() -> None:
    """X+ X- is open, t tbar is not."""
    assert sigma(make(m_x=1.0, ratio=1.2, epsilon=1e-4), 100.0, "t") == 0.0


@pytest.mark.parametrize("prescription", ["verified", "as-printed"])
@pytest.mark.parametrize("phase", ["broken", "unbroken"])
def test_extremes(phase: str, prescription: str) -> None:
    """OK means finite and not negative over the whole range of parameters."""
    m_x, ratio, epsilon = (
        a.reshape(-1)
        for a in np.meshgrid([2e-7, 1e-3, 45.0, 1e4, 9e5], [1e-3, 1.0, 1.999, 2.5], [1e-16, 0.5])
    )
    model = NonabelianVector(m_x=m_x, g_x=0.1, epsilon=epsilon, ratio=ratio)
    options = Options(prescription=prescription)
    for factor in (1.0 + 1e-12, 1.1, 1e3, 1e12):
        s = 4.0 * m_x**2 * factor
        for name in ("nu", "e", "b"):
            result = evaluate(
                model, "sigma_kinetic", s=s, fermion=name, phase=phase, options=options
            )
            good = result.value[result.status == OK]
            assert good.size > 30
            assert np.all(np.isfinite(good))
            if prescription == "verified":
                assert np.all(good >= 0.0)
