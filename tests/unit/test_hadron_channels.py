"""Hadronic channels: sum rule, positivity, resonances, the axial anomaly, quark counting."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from oracles.make_channel_table import complex_columns, pole
from vectorportal.errors import DataError, ParameterError
from vectorportal.inputs import hadron_amplitudes
from vectorportal.inputs.hadron_channels import CHANNELS, channel_ratios, hadron_ratio
from vectorportal.inputs.hadrons import load_hadrons

ALPHA = 1 / 137.035999
ELECTRIC = {"u": 2 / 3, "c": 2 / 3, "d": -1 / 3, "s": -1 / 3, "b": -1 / 3}
BARYON = dict.fromkeys("udscb", 1 / 3)
M_PI0, M_PI, M_OMEGA, M_PHI = 0.1349768, 0.13957039, 0.78266, 1.01946
ENERGIES = np.concatenate([np.geomspace(0.1, 120.0, 4001), [3.0969, 3.6861, 9.4603, 10.5794]])


def fractions(sqrt_s, charges):
    """Channel -> branching fraction among hadrons at one energy."""
    ratios = channel_ratios(sqrt_s, charges)
    total = sum(ratios.values())
    return {name: float(value / total) for name, value in ratios.items()}


# --- identities ---------------------------------------------------------------------------------


def test_electric_charges_add_up_to_the_table_of_r():
    total = hadron_ratio(ENERGIES, ELECTRIC)
    expected = load_hadrons().ratio_with_peaks(ENERGIES)
    np.testing.assert_allclose(total, expected, rtol=1e-10, atol=0)


def test_epsilon_enters_squared_and_charges_broadcast():
    scale = np.array([[1e-3], [0.5]])
    found = channel_ratios(ENERGIES, {q: scale * x for q, x in BARYON.items()})
    for name, one in channel_ratios(ENERGIES, BARYON).items():
        assert found[name].shape == (2, ENERGIES.size)
        np.testing.assert_allclose(found[name], scale**2 * one, rtol=1e-10, atol=1e-300)


def test_channels_are_quadratic_forms_that_are_never_negative():
    rng = np.random.default_rng(4)
    e = np.geomspace(0.13, 13.0, 700)
    for _ in range(8):
        x, y = ({q: rng.normal() for q in ELECTRIC} for _ in range(2))
        plus = channel_ratios(e, {q: x[q] + y[q] for q in x})
        minus = channel_ratios(e, {q: x[q] - y[q] for q in x})
        first, second = channel_ratios(e, x), channel_ratios(e, y)
        for name in CHANNELS:
            assert (plus[name] >= 0).all()
            both = plus[name] + minus[name]
            np.testing.assert_allclose(
                both, 2 * (first[name] + second[name]), rtol=1e-9, atol=1e-15
            )


def test_channels_are_those_named_and_leptons_do_not_count():
    lepton_numbers = {"e": -1.0, "nu_e": -1.0, "mu": 1.0}
    assert tuple(channel_ratios(1.0, BARYON)) == CHANNELS
    for name, value in channel_ratios(ENERGIES, BARYON | lepton_numbers).items():
        np.testing.assert_array_equal(value, channel_ratios(ENERGIES, BARYON)[name])
    assert not hadron_ratio(ENERGIES, lepton_numbers).any()


# --- resonances, against the branching ratios of the PDG ----------------------------------------


def test_baryon_number_at_the_omega():
    found = fractions(M_OMEGA, BARYON)
    assert found["3pi"] == pytest.approx(0.892, rel=0.02)
    assert found["pi0gamma"] == pytest.approx(0.0835, rel=0.09)
    assert found["pipi"] == pytest.approx(0.0153, rel=0.09)  # +- 0.0012; only by omega -> pi pi
    assert found["etagamma"] == pytest.approx(4.5e-4, rel=0.1)


def test_strange_charge_at_the_phi():
    found = fractions(M_PHI, {"s": 1.0})
    assert found["KK"] == pytest.approx(0.491 + 0.339, rel=0.01)
    assert found["3pi"] == pytest.approx(0.154, rel=0.03)
    assert found["etagamma"] == pytest.approx(0.01301, rel=0.12)
    assert found["pi0gamma"] == pytest.approx(1.32e-3, rel=0.08)


def test_isovector_charge_at_the_rho():
    found = fractions(0.77526, {"u": 0.5, "d": -0.5})
    assert found["pipi"] > 0.998
    assert found["pi0gamma"] == pytest.approx(4.7e-4, abs=0.8e-4)
    assert found["etagamma"] == pytest.approx(3.0e-4, abs=0.5e-4)


@pytest.mark.parametrize(
    ("energy", "charges", "channel", "b_ee", "b_channel", "tolerance"),
    [
        (M_OMEGA, {"u": 1 / 6, "d": 1 / 6}, "3pi", 7.38e-5, 0.892, 0.06),
        (M_PHI, {"s": -1 / 3}, "KK", 2.98e-4, 0.830, 0.06),
    ],
)
def test_heights_follow_from_electronic_widths(
    energy, charges, channel, b_ee, b_channel, tolerance
):
    # at the pole sigma = 12 pi B_ee B/M^2, so R = 9 B_ee B/alpha^2
    found = channel_ratios(energy, charges)[channel]
    assert found == pytest.approx(9 / ALPHA**2 * b_ee * b_channel, rel=tolerance)


def test_omega_and_rho_make_one_form_factor():
    # |F|^2 = 4 R/beta^3 of the photon drops steeply across the omega, and is 1 far below the rho
    e = np.array([0.2795, 0.776, 0.79])
    form = 4 * channel_ratios(e, ELECTRIC)["pipi"] / (1 - 4 * M_PI**2 / e**2) ** 1.5
    assert 1.2 < form[0] < 1.45  # 1 + s <r^2>/3 with <r^2> = 0.43 fm^2 gives 1.29
    assert form[1] / form[2] > 1.35
    isovector = {"u": 0.5, "d": -0.5}
    pure = 4 * channel_ratios(e, isovector)["pipi"] / (1 - 4 * M_PI**2 / e**2) ** 1.5
    assert 1.0 < pure[1] / pure[2] < 1.2  # no omega, no edge


def test_protophobic_vector_is_pion_phobic():
    # B - Q: the pion needs 2 x_u + x_d = 0, the rho has charge x_u - x_d = -1
    protophobic = {q: BARYON[q] - ELECTRIC[q] for q in ELECTRIC}
    e = np.array([0.16, 0.2, 0.3])
    quiet = channel_ratios(e, protophobic)["pi0gamma"]
    assert (quiet < 2e-3 * channel_ratios(e, ELECTRIC)["pi0gamma"]).all()


# --- low energy: the axial anomaly --------------------------------------------------------------


def anomaly_ratio(mass, charges):
    """R of V -> pi0 gamma from the Wess-Zumino-Witten term, without form factors.

    M = C eps(e1, e2, k1, k2) with C = e g N_c/(4 pi^2 f) 2 Tr(T3 Q X); the sum over polarisations
    is 2 (k1.k2)^2, the mean over three spins and |k|/(8 pi m^2) give the width.
    """
    f_pi, e = 0.0922, math.sqrt(4 * math.pi * ALPHA)
    third, q = np.diag([0.5, -0.5]), np.diag([2 / 3, -1 / 3])
    x = np.diag([charges["u"], charges["d"]])
    strength = e * e * 3 / (4 * math.pi**2 * f_pi) * 2 * np.trace(third @ q @ x)
    k_dot_k = (mass**2 - M_PI0**2) / 2
    momentum = (mass**2 - M_PI0**2) / (2 * mass)
    width = strength**2 * 2 * k_dot_k**2 / 3 * momentum / (8 * math.pi * mass**2)
    return width / (ALPHA * mass / 3)


def test_the_anomaly_gives_the_pion_lifetime():
    # the same constant: Gamma(pi0 -> 2 gamma) = C^2 m^3/(64 pi), C = alpha/(pi f)
    width = (ALPHA / (math.pi * 0.0922)) ** 2 * M_PI0**3 / (64 * math.pi)
    assert width == pytest.approx(7.80e-9, rel=0.01)


@pytest.mark.parametrize("charges", [ELECTRIC, BARYON, {"u": 0.3, "d": 0.8, "s": 0.4}])
def test_pi0_gamma_at_low_mass_is_the_anomaly(charges):
    # form factor 1 + 0.03 m^2/m_pi^2 (PDG slope of the pion)
    for mass in (0.15, 0.2, 0.25):
        found = channel_ratios(mass, charges)["pi0gamma"]
        form = 1 + 0.0324 * (mass / M_PI0) ** 2
        assert found == pytest.approx(anomaly_ratio(mass, charges) * form**2, rel=0.03)


# --- thresholds, joints, quark counting ---------------------------------------------------------


def test_only_pi0_gamma_below_two_pions_and_nothing_below_the_pion():
    ratios = channel_ratios(np.linspace(0.0, 2 * M_PI, 50), ELECTRIC)
    for name, value in ratios.items():
        assert name == "pi0gamma" or not value.any()
    e = np.linspace(0.0, 2 * M_PI, 50)
    np.testing.assert_array_equal(ratios["pi0gamma"] > 0, e > M_PI0)


@pytest.mark.parametrize(
    ("channel", "threshold"),
    [
        ("pi0gamma", M_PI0),
        ("pipi", 2 * M_PI),
        ("3pi", 2 * M_PI + M_PI0),
        ("etagamma", 0.547862),
        ("KK", 2 * 0.493677),
        ("omegapi0", M_OMEGA + M_PI0),
    ],
)
def test_channels_open_at_their_thresholds(channel, threshold):
    for charges in (ELECTRIC, {"u": 0.4, "d": 0.9, "s": -0.7}):
        below, above = channel_ratios(threshold * np.array([1 - 1e-9, 1 + 1e-3]), charges)[channel]
        assert below == 0
        assert above > 0


@pytest.mark.parametrize("joint", [0.4, 0.6, 2 * M_PI, 0.995222, 1.4, 1.7, 3.72968, 3.7737, 11.3])
def test_widths_have_no_edges(joint):
    for charges in (BARYON, {"u": 0.2, "d": 0.9, "s": 0.4, "c": 1.0, "b": 0.7}):
        h = 1e-9 * joint
        e = joint + h * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
        r = hadron_ratio(e, charges)
        left, right = (r[1] - r[0]) / h, (r[4] - r[3]) / h
        near = hadron_ratio(joint * np.array([0.99, 1.01]), charges)
        scale = abs(near[1] - near[0]) / (0.02 * joint) + r[2] / joint + abs(left)
        assert abs(right - left) < 3e-2 * scale


def test_quarks_are_counted_above_two_gev():
    r = load_hadrons().ratio
    for quark, charge in (("u", 1.0), ("d", -0.5), ("s", 2.0)):
        for energy in (1.8, 2.5, 3.5):
            expected = charge**2 / (2 / 3) * r(energy)
            assert hadron_ratio(energy, {quark: charge}) == pytest.approx(expected, rel=1e-3)
    for energy in (12.0, 50.0, 1000.0):  # five flavours of equal weight, sum Q^2 = 11/9
        for quark in "udscb":
            expected = 9 / 11 * r(energy)
            assert hadron_ratio(energy, {quark: 1.0}) == pytest.approx(expected, rel=1e-3)
    assert hadron_ratio(7.0, {"c": 1.0}) == pytest.approx(r(7.0) / (10 / 9), rel=0.08)
    assert hadron_ratio(8.0, {"b": 1.0}) < 1e-2


def test_narrow_peaks_belong_to_their_quark():
    psi, upsilon = 3.0969, 9.4603
    table = load_hadrons()
    for energy, quark, charge in ((psi, "c", 2 / 3), (upsilon, "b", -1 / 3)):
        peak = table.ratio_with_peaks(energy) - table.ratio(energy)
        alone = hadron_ratio(energy, {quark: 1.0})
        assert alone == pytest.approx(peak / charge**2, rel=2e-3)
        assert hadron_ratio(energy, {"u": 1.0, "d": 1.0, "s": 1.0}) < 11  # 4.5 R


# --- the program that makes the table -----------------------------------------------------------


def test_amplitudes_are_recovered_from_their_forms():
    # forms of a known amplitude, rounded to four digits, go through the program and back
    e = np.concatenate([np.linspace(0.6, 1.0, 160), np.linspace(1.0, 1.04, 60), [1.1, 1.2, 1.3]])
    e = np.unique(e)
    omega, phi = (0.78266, 0.00868), (1.01946, 0.004249)
    rho = 0.3 / (0.60 - e**2 - 0.11j * (e / 0.77) ** 3)
    amplitude = np.array([rho, 0.8 * pole(omega, e), -0.2 * np.exp(0.3j) * pole(phi, e)])
    a, b, s = amplitude
    forms = [abs(a) ** 2, abs(b) ** 2, abs(s) ** 2]
    forms += [2 * (p * q.conj()).real for p, q in ((a, b), (a, s), (b, s))]
    rounded = np.array([[float(f"{v:.3e}") for v in form] for form in forms])
    one = np.ones_like(e)
    poles = [one, pole(omega, e), pole(phi, e)]
    columns = complex_columns("test", e, rounded, (one, one), poles, e)
    h_a = columns["a_re"] + 1j * columns["a_im"]
    h_s = columns["s_re"] + 1j * columns["s_im"]
    for x in ((1, 1 / 3, -1 / 3), (0, 2 / 3, 1 / 3), (0.5, -0.2, 0.9)):
        got = abs(x[0] * h_a + x[1] * columns["b"] * poles[1] + x[2] * h_s * poles[2]) ** 2
        want = abs(x[0] * a + x[1] * b + x[2] * s) ** 2
        scale = sum(c * c * abs(f) ** 2 for c, f in zip(x, amplitude, strict=True))
        assert (abs(got - want) < 2e-3 * scale).all()


# --- engines, speed, errors ---------------------------------------------------------------------


def test_jax_gives_the_same():
    jax = pytest.importorskip("jax")
    charges = {"u": 0.4, "d": -0.2, "s": 0.7, "c": 0.1, "b": 0.3}
    e = np.geomspace(0.1, 50.0, 300)
    enable_x64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with enable_x64(True):
        energies = jax.numpy.asarray(e)
        traced = jax.jit(lambda energy: channel_ratios(energy, charges))(energies)
        slope = jax.vmap(jax.grad(lambda energy: hadron_ratio(energy, charges)))(energies)
        neutral = jax.vmap(jax.grad(lambda energy: hadron_ratio(energy, {"e": 1.0})))(energies)
    for name, value in channel_ratios(e, charges).items():
        np.testing.assert_allclose(np.asarray(traced[name]), value, rtol=1e-9, atol=1e-300)
    assert np.isfinite(np.asarray(slope)).all()
    assert not np.asarray(neutral).any()


def test_many_masses_are_quick():
    e = np.geomspace(0.1, 100.0, 100_000)
    hadron_ratio(e[:10], BARYON)
    start = time.process_time()
    hadron_ratio(e, BARYON)
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    ("sqrt_s", "charges", "word"),
    [
        (-1.0, BARYON, "sqrt_s"),
        (math.nan, BARYON, "sqrt_s"),
        ([1.0, math.inf], BARYON, "sqrt_s"),
        (1.0, {"u": math.inf}, "charge of u"),
        (1.0, {"up": 1.0}, "charges"),
    ],
)
def test_what_cannot_be_used_is_named(sqrt_s, charges, word):
    with pytest.raises(ParameterError, match=word):
        channel_ratios(sqrt_s, charges)


def test_a_broken_table_is_a_data_error(monkeypatch, tmp_path):
    for name in ("hadron_channels.yaml", "hadron_channels.csv"):
        source = hadron_amplitudes.resources.files("vectorportal") / "data" / "inputs" / name
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        folder = tmp_path / "data" / "inputs"
        folder.mkdir(parents=True, exist_ok=True)
        short = lines[:-1] if name.endswith("csv") else lines
        (folder / name).write_text("".join(short), encoding="utf-8")
    monkeypatch.setattr(hadron_amplitudes.resources, "files", lambda package: tmp_path)
    hadron_amplitudes.load_channels.cache_clear()
    try:
        with pytest.raises(DataError, match="hadronic channels"):
            hadron_amplitudes.load_channels()
    finally:
        hadron_amplitudes.load_channels.cache_clear()
