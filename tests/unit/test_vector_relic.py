"""Omega h^2 of nonabelian-vector: SciPy's Radau on (12), (15)-(17), scaling, options, extremes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oracles.reference_vector_relic import VectorReference
from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.nonabelian_vector import CHANNELS, NonabelianVector
from vectorportal.observables.base import NOT_CONVERGED, OK, OUT_OF_VALIDITY, evaluate

LEPTONS = Inputs(hadrons="none")
FREEZE_IN = Options(mechanism="freeze-in")
AUTO = Options(mechanism="auto")
ALL = ("kinetic", "dark", "xxx", "xxz", "zzz")


def make(m_x, g_x, epsilon, ratio: Any = "minimal", t_rh: Any = None) -> NonabelianVector:
    return NonabelianVector(m_x=m_x, g_x=g_x, epsilon=epsilon, ratio=ratio, t_rh=t_rh)


def omega(model: NonabelianVector, options: Options | None = None, inputs=LEPTONS) -> Any:
    return evaluate(model, "omega_h2", inputs=inputs, options=options)


def reference(m_x, g_x, epsilon, ratio) -> VectorReference:
    m_zd = None if ratio == "minimal" else ratio * m_x
    return VectorReference(m_x, g_x, epsilon, m_zd, LEPTONS.sm, load_dof())


def reactions(found: VectorReference) -> tuple[str, ...]:
    return ALL if found.ratio < 2.0 else ("kinetic", "dark")


slow = pytest.mark.slow


@pytest.mark.parametrize(
    ("m_x", "g_x", "epsilon", "ratio"),
    [
        (1.0, 0.04, 1e-3, "minimal"),
        pytest.param(20.0, 0.2, 1e-3, 0.8, marks=slow),
        pytest.param(10.0, 0.1, 1e-3, 2.2, marks=slow),
        pytest.param(1.0, 0.3, 1e-4, 1.2, marks=slow),
        pytest.param(0.24, 0.5, 1e-4, 1.55, marks=slow),
        pytest.param(45.0, 0.3, 1e-3, 1.15, marks=slow),
        pytest.param(300.0, 0.6, 1e-3, 1.3, marks=slow),
        pytest.param(0.02, 1.0, 1e-3, 1.8, marks=slow),
    ],
)
def test_freeze_out_against_radau(m_x, g_x, epsilon, ratio) -> None:
    """2e-3: the target of the network is 1e-3; the reference has splines in steps of 0.1."""
    found = reference(m_x, g_x, epsilon, ratio)
    expected = found.freeze_out(reactions(found), 1e5)
    result = omega(make(m_x, g_x, epsilon, ratio))
    assert result.status != NOT_CONVERGED, result.reasons
    assert result.value == pytest.approx(expected, rel=2e-3)
    assert abs(float(result.value) / expected - 1.0) < 3.0 * float(result.error_estimate) + 3e-4


@pytest.mark.parametrize(
    ("m_x", "g_x", "epsilon", "ratio", "t_rh"),
    [
        (10.0, 3e-6, 5.4e-9, "minimal", 246.0),
        pytest.param(1.0, 1e-5, 1e-9, 1.5, 50.0, marks=slow),
        pytest.param(10.0, 3e-6, 2.5e-15, "minimal", 6.7e6, marks=slow),
        pytest.param(1.0, 1e-3, 1e-12, 1.9, 246.0, marks=slow),  # Z_D Z_D -> X X after T = m_X
        pytest.param(1.0, 1e-4, 1e-6, 1.2, 200.0, marks=slow),  # everything thermalises
        pytest.param(10.0, 1e-4, 1e-9, 2.5, 500.0, marks=slow),  # Z_D -> X X
        pytest.param(10.0, 2e-7, 8.15e-8, "minimal", 246.0, marks=slow),
        pytest.param(1000.0, 1e-6, 1e-9, 2.6, 1e5, marks=slow),  # pole above the transition
    ],
)
def test_freeze_in_against_radau(m_x, g_x, epsilon, ratio, t_rh) -> None:
    """Both coupled equations; for R > 2 the pole counts once, as a decay.

    2e-3 as above.
    """
    found = reference(m_x, g_x, epsilon, ratio)
    names = (*reactions(found), "decay", "top")
    if found.ratio > 2.0:
        names = ("off_shell", "dark", "invisible", "decay", "top")
    expected = found.freeze_in(names, t_rh, 1e4)[0]
    result = omega(make(m_x, g_x, epsilon, ratio, t_rh), FREEZE_IN)
    assert result.status != NOT_CONVERGED, result.reasons
    assert result.value == pytest.approx(expected, rel=2e-3)


@slow
def test_auto_is_the_whole_network() -> None:
    """Starting from nothing or from equilibrium gives the same where everything thermalises."""
    m_x, g_x, epsilon, ratio = 20.0, 0.2, 1e-3, 0.8
    thermal = omega(make(m_x, g_x, epsilon, ratio))
    auto = omega(make(m_x, g_x, epsilon, ratio, 2000.0), AUTO)
    assert auto.status != NOT_CONVERGED, auto.reasons
    assert auto.value == pytest.approx(float(thermal.value), rel=5e-3)
    # and in the freeze-in regime auto is freeze-in
    cold = make(10.0, 3e-6, 5.4e-9, "minimal", 246.0)
    assert float(omega(cold, AUTO).value) == pytest.approx(float(omega(cold, FREEZE_IN).value))


# -- scaling ------------------------------------------------------------------------------------


def test_yield_and_reheating_temperature() -> None:
    """Corrected amplitudes: Omega ~ T_rh; with the misprinted ones ~ T_rh^3, as the paper says.

    Kinetic channel alone at T >> v: sigma is constant, or grows with s. 2e-2: degrees of freedom
    do not change any more, m_X^2/T^2 and lower temperatures are left out.
    """
    t_rh = np.array([1e6, 1e7])
    model = make(10.0, 1e-6, 1e-13, 1.2, t_rh)
    for prescription, power in (("verified", 1.0), ("as-printed", 3.0)):
        options = Options(mechanism="freeze-in", channels="kinetic", prescription=prescription)
        value = omega(model, options).value
        assert np.log10(value[1] / value[0]) == pytest.approx(power, abs=2e-2)


def test_freeze_in_goes_with_the_couplings_squared() -> None:
    """Far from equilibrium the kinetic channel alone makes Omega ~ epsilon^2 g_X^2."""
    options = Options(mechanism="freeze-in", channels="kinetic")
    g_x, epsilon = np.array([1e-6, 3e-6, 1e-6]), np.array([1e-12, 1e-12, 5e-12])
    value = omega(make(10.0, g_x, epsilon, 1.2, 3000.0), options).value
    assert value[1:] / value[0] == pytest.approx([9.0, 25.0], rel=3e-3)


def test_freeze_in_by_one_integral() -> None:
    """Omega from int dlnx 2 gamma/(s H) with the reference's rate: no equation is solved."""
    m_x, t_rh = 10.0, 1e5
    found = reference(m_x, 1e-6, 1e-12, 1.2)
    u, w = np.polynomial.legendre.leggauss(60)
    total = 0.0
    jump = np.log(m_x / 159.5)
    for low, high in ((np.log(m_x / t_rh), jump), (jump, 0.0), (0.0, 3.5)):
        log_x = low + 0.5 * (high - low) * (u + 1.0)
        for at, weight in zip(log_x, 0.5 * (high - low) * w, strict=True):
            temperature = m_x * np.exp(-at)
            exponent = found.pair(temperature, "kinetic") - 2.0 * np.exp(at)
            total += weight * 2.0 * np.exp(exponent - found.log_time(temperature))
    options = Options(mechanism="freeze-in", channels="kinetic")
    value = omega(make(m_x, 1e-6, 1e-12, 1.2, t_rh), options).value
    assert value == pytest.approx(found.omega(np.log(total)), rel=2e-3)


def test_quantum_statistics_lower_freeze_in() -> None:
    """By tens of per cent; never for the secluded part."""
    model = make(10.0, 1e-6, 1e-12, 1.2, 3000.0)
    plain = omega(model, FREEZE_IN)
    quantum = omega(model, Options(mechanism="freeze-in", statistics="quantum"))
    assert 0.6 < quantum.value / plain.value < 0.98
    assert any("Maxwell-Boltzmann" in text for text in plain.assumptions)
    assert any("Fermi-Dirac" in text for text in quantum.assumptions)


# -- channels -----------------------------------------------------------------------------------


def test_more_channels_annihilate_more() -> None:
    model = make(1.0, 0.3, 1e-3, 1.2)
    alone = {name: float(omega(model, Options(channels=name)).value) for name in CHANNELS}
    whole = float(omega(model).value)
    pair = float(omega(model, Options(channels="simp,dark")).value)
    assert whole < pair * 1.001
    assert pair < alone["dark"] * 1.001
    assert whole < 0.5 * min(alone["kinetic"], alone["simp"])
    together = evaluate(model, "omega_channels", inputs=LEPTONS).value
    assert set(together) == set(CHANNELS)
    for name in CHANNELS:
        assert float(together[name]) == pytest.approx(alone[name], rel=1e-9)
    assert evaluate(model, "dominant_channel", inputs=LEPTONS).value == min(
        alone, key=lambda name: alone[name]
    )


@pytest.mark.parametrize("name", CHANNELS)
def test_one_channel_against_radau(name: str) -> None:
    """channels= keeps exactly the terms of (12) that it names."""
    m_x, g_x, epsilon, ratio = 0.3, 1.0, 1e-3, 0.9
    kept = ("xxx", "xxz", "zzz") if name == "simp" else (name,)
    # an s-wave yield still loses x_f/1000 = 3e-2 after x = 1000
    stop = 1e5 if name == "dark" else 1e3
    expected = reference(m_x, g_x, epsilon, ratio).freeze_out(kept, stop)
    result = omega(make(m_x, g_x, epsilon, ratio), Options(channels=name))
    # 3e-3: as test_freeze_out_against_radau, and what happens to p-wave yields after x = 1000
    assert result.value == pytest.approx(expected, rel=3e-3)


def test_simp_closes_at_twice_the_mass() -> None:
    """ratio >= 2: without 3 -> 2 the answer of `all` is that of the two-body channels."""
    model = make(10.0, 0.1, 1e-3, 2.2)
    two = omega(model, Options(channels="kinetic,dark")).value
    assert omega(model).value == pytest.approx(float(two), rel=1e-6)
    result = evaluate(model, "omega_channels", inputs=LEPTONS)
    assert np.isnan(result.value["simp"])
    assert result.status == OUT_OF_VALIDITY
    assert evaluate(model, "dominant_channel", inputs=LEPTONS).value == "kinetic"
    array = make(10.0, 0.1, 1e-3, np.array([1.5, 2.2]))
    closed = evaluate(array, "omega_h2", inputs=LEPTONS, options=Options(channels="simp"))
    assert closed.status[1] != OK
    assert np.isnan(closed.value[1])


def test_channels_of_another_model_are_refused() -> None:
    for word in ("secluded", "standard-model"):
        with pytest.raises(ParameterError, match="channels"):
            omega(make(1.0, 0.1, 1e-3), Options(channels=word))


# -- reheating ----------------------------------------------------------------------------------


def test_words_of_the_reheating_temperature() -> None:
    """v and v_x are numbers of the model; freeze-out asks for none."""
    g_x = 1e-3
    for word, number in (("v", LEPTONS.sm.vev), ("v_x", 2.0 * 10.0 / g_x)):
        by_word = omega(make(10.0, g_x, 1e-12, 1.2, word), FREEZE_IN)
        by_number = omega(make(10.0, g_x, 1e-12, 1.2, number), FREEZE_IN)
        assert by_word.value == pytest.approx(float(by_number.value), rel=1e-12, nan_ok=True)
        assert by_word.status == by_number.status
    for options in (FREEZE_IN, AUTO):
        with pytest.raises(UsageError, match="t_rh"):
            omega(make(10.0, 1e-3, 1e-12, 1.2), options)


def test_low_reheating() -> None:
    """Reheating below m_x: only the tail of the bath makes dark matter, exp(-2 m/T)."""
    t_rh = np.array([0.5, 1.0])
    value = omega(
        make(10.0, 1e-6, 1e-9, 1.2, t_rh), Options(mechanism="freeze-in", channels="kinetic")
    )
    assert np.all(value.status == OK)
    slope = np.log(value.value[1] / value.value[0])
    # exp(-20/T) from 40 to 20, powers of T and g* besides
    assert slope == pytest.approx(20.0, abs=4.0)


# -- histories ----------------------------------------------------------------------------------


def test_history_of_freeze_out() -> None:
    """Yields follow equilibrium, then stay; the last is Omega h^2."""
    model = make(20.0, 0.2, 1e-3, 0.8)
    found = evaluate(model, "yield_evolution", inputs=LEPTONS)
    table = found.value
    assert {"x", "y_x", "y_x_eq", "y_zd_eq", "t_x_over_t"} <= set(table)
    sizes = {np.shape(v) for v in table.values()}
    assert len(sizes) == 1
    x = table["x"]
    assert np.all(np.diff(x) > 0.0)
    early = (x > 1.5) & (x < 12.0)
    # the deviation from equilibrium is d ln Y/dx over the rate: below 2 per cent at x = 12
    assert table["y_x"][early] == pytest.approx(table["y_x_eq"][early], rel=2e-2)
    final = reference(20.0, 0.2, 1e-3, 0.8).omega(float(np.log(table["y_x"][-1])))
    assert final == pytest.approx(float(omega(model).value), rel=1e-3)
    assert np.all(table["t_x_over_t"] == 1.0)


def test_equilibrium_yields_of_the_history() -> None:
    """g m^3 K_2(x)/(2 pi^2 x s). 1e-2: interpolated linearly in steps of 0.1 in ln x, x < 10."""
    table = evaluate(make(20.0, 0.2, 1e-3, 0.8), "yield_evolution", inputs=LEPTONS).value
    found = reference(20.0, 0.2, 1e-3, 0.8)
    for i in range(0, 240, 7):
        x = float(table["x"][i])
        if x > 10.0:
            break
        expected = np.exp(found.log_yield(20.0, 6.0, 20.0 / x) - x)
        assert table["y_x_eq"][i] == pytest.approx(float(expected), rel=1e-2)
        expected = np.exp(found.log_yield(16.0, 3.0, 20.0 / x) - 0.8 * x)
        assert table["y_zd_eq"][i] == pytest.approx(float(expected), rel=1e-2)


def test_history_of_freeze_in() -> None:
    """Starts from nothing, X is made while T ~ T_rh, Z_D decays."""
    model = make(10.0, 3e-6, 5.4e-9, "minimal", 246.0)
    table = evaluate(model, "yield_evolution", inputs=LEPTONS, options=FREEZE_IN).value
    assert table["x"][0] == pytest.approx(10.0 / 246.0, rel=1e-6)
    assert table["y_x"][0] < 0.2 * table["y_x"][-1]
    assert table["y_zd"][-1] < 1e-6 * np.max(table["y_zd"])
    assert np.all(table["y_x"] >= 0.0)
    final = reference(10.0, 3e-6, 5.4e-9, "minimal").omega(float(np.log(table["y_x"][-1])))
    assert final == pytest.approx(
        float(evaluate(model, "omega_h2", inputs=LEPTONS, options=FREEZE_IN).value), rel=1e-3
    )


def test_rates() -> None:
    """gamma/(n_eq H), n_eq of X (of Z_D for decay and top), from the reference's densities."""
    m_x, ratio = 10.0, 1.2
    found = reference(m_x, 0.1, 1e-3, ratio)
    for x in (0.02, 0.3, 2.0, 25.0):
        value = evaluate(
            make(m_x, 0.1, 1e-3, ratio, 1e3), "rates", inputs=LEPTONS, options=FREEZE_IN, x=x
        ).value
        temperature = m_x / x
        g_rho = float(load_dof().g_rho(temperature))
        hubble = np.sqrt(8.0 * np.pi**3 * g_rho / 90.0) * temperature**2 / 1.220890e19
        for name in (*ALL, "decay", "top"):
            if name == "top" and temperature < 5.0:
                continue
            of_z = name in ("decay", "top")
            log_n = (
                found.number(ratio * m_x, 3.0, temperature) - ratio * x
                if of_z
                else found.number(m_x, 6.0, temperature) - x
            )
            taken = 2.0 if name == "dark" else found.threshold(name)
            log_gamma = found.density(name, temperature) - taken * x
            expected = np.exp(log_gamma - log_n) / hubble
            # 3e-3: cubic interpolation in steps of 0.1; top: its own table below the transition
            rel = 3e-2 if name == "top" else 3e-3
            assert value[name] == pytest.approx(expected, rel=rel, abs=1e-300), (name, x)


def _mediators(model: NonabelianVector) -> list[Any]:
    points = (make(float(m), 0.1, 1e-3, 1.2) for m in np.asarray(model.m_x))
    return [point.mediator(Inputs.default()) for point in points]


def test_rates_far_out() -> None:
    """x beyond the end of the tables is not an extrapolation."""
    model = make(np.array([1e-5, 1e-3, 1.0]), 0.1, 1e-3, 1.2)
    x = 9e5
    result = evaluate(model, "rates", x=x)
    assert np.all(result.status == OK)
    temperature = model.m_x / x
    hubble = np.sqrt(8.0 * np.pi**3 * load_dof().g_rho(temperature) / 90.0)
    hubble = hubble * temperature**2 / 1.220890e19
    width = np.array([float(m.width_total) for m in _mediators(model)])
    for name, value in result.value.items():
        # all but decays, Gamma K_1/K_2, die out; 2e-5: K_1/K_2 = 1 - 3/(2 z)
        expected = width / hubble if name == "decay" else 0.0
        assert value == pytest.approx(expected, rel=2e-3, abs=1e-3), name


# -- robustness ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1])
def test_small_arrays(size: int) -> None:
    m_x = np.full(size, 10.0)
    dark = Options(mechanism="auto", temperature="dark")
    every = ("omega_h2", "omega_channels", "dominant_channel", "yield_evolution")
    for options, names in ((Options(), every), (FREEZE_IN, every), (dark, every[:1])):
        for name in names:
            result = evaluate(make(m_x, 1e-3, 1e-9, 1.2, 300.0), name, options=options)
            assert result.status.shape == (size,)
            values = result.value if isinstance(result.value, dict) else {"": result.value}
            assert all(v.shape[0] == size for v in values.values())


def extremes(size: int, draw: int = 7) -> NonabelianVector:
    random = np.random.default_rng(draw)

    def spread(low: float, high: float) -> np.ndarray:
        return np.exp(random.uniform(np.log(low), np.log(high), size))

    return make(
        spread(1e-6, 1e4),
        spread(1e-9, 3.0),
        spread(1e-16, 0.5),
        spread(0.3, 3.0),
        spread(6e-3, 9e15),
    )


def assert_sound(result: Any) -> None:
    """OK means finite and not negative; everything else has a reason."""
    for code in np.unique(result.status):
        assert code == OK or result.reasons[int(code)]
    good = result.status == OK
    assert np.all(np.isfinite(result.value[good]))
    assert np.all(result.value[good] >= 0.0)
    assert np.all(result.error_estimate[good] < 1e-2)


@pytest.mark.parametrize("prescription", ["verified", "as-printed"])
@pytest.mark.parametrize("mechanism", ["freeze-out", "freeze-in"])
def test_extremes(mechanism: str, prescription: str) -> None:
    """Random corners of the whole parameter space; no exception, no warning, no NaN with ok."""
    options = Options(mechanism=mechanism, prescription=prescription)
    assert_sound(evaluate(extremes(40), "omega_h2", options=options))


@slow
@pytest.mark.parametrize("temperature", ["bath", "dark"])
@pytest.mark.parametrize("mechanism", ["freeze-out", "freeze-in", "auto"])
def test_many_extremes(mechanism: str, temperature: str) -> None:
    """As above, with both options; a dark temperature of its own costs ten times as much."""
    if (mechanism, temperature) == ("freeze-out", "dark"):
        pytest.skip("test_freeze_out_with_a_temperature_of_its_own")
    size = 1000 if temperature == "bath" else 60
    options = Options(mechanism=mechanism, temperature=temperature, statistics="quantum")
    assert_sound(evaluate(extremes(size, 11), "omega_h2", options=options))


def test_freeze_out_with_a_temperature_of_its_own() -> None:
    """Freeze-out takes Z_D as a part of the bath: a sound result or a refusal that says so."""
    text = ""
    try:
        assert_sound(omega(make(20.0, 0.2, 1e-3, 0.8), Options(temperature="dark")))
    except UsageError as error:
        text = str(error)
    assert not text or "temperature" in text
    assert "log_energy" not in text


def ordinary(size: int) -> NonabelianVector:
    """Where the paper's figures lie: T_rh within 1000 m_X, couplings of its phase diagram."""
    random = np.random.default_rng(5)

    def spread(low: float, high: float) -> np.ndarray:
        return np.exp(random.uniform(np.log(low), np.log(high), size))

    m_x = spread(1e-2, 1e3)
    t_rh = np.maximum(m_x * spread(1.0, 1e3), 0.1)
    return make(m_x, spread(1e-8, 0.5), spread(1e-12, 1e-2), spread(0.5, 2.5), t_rh)


@slow
@pytest.mark.parametrize("mechanism", ["freeze-out", "freeze-in", "auto"])
def test_ordinary_points_converge(mechanism: str) -> None:
    """At most three in a hundred without a promise of accuracy."""
    result = evaluate(ordinary(300), "omega_h2", options=Options(mechanism=mechanism))
    assert_sound(result)
    assert np.mean(result.status == NOT_CONVERGED) < 0.03


def test_rows_do_not_disturb_each_other() -> None:
    """A point gives the same alone and beside extremes, up to the tables that they share."""
    crowd = extremes(6)
    numbers = {
        k: np.append(v, x)
        for (k, v), x in zip(crowd.numbers().items(), (10.0, 3e-6, 5.4e-9, 1.2, 246.0), strict=True)
    }
    together = evaluate(NonabelianVector(**numbers), "omega_h2", options=FREEZE_IN).value[-1]
    alone = evaluate(make(10.0, 3e-6, 5.4e-9, 1.2, 246.0), "omega_h2", options=FREEZE_IN)
    assert together == pytest.approx(float(alone.value), rel=2e-3)


def test_points_without_trust_say_so() -> None:
    """Never thermal, thermalising, above the cutoff, slow Z_D: a status and a sentence each."""
    cases = (
        (make(10.0, 1e-9, 1e-16, 1.2), Options(), "never reaches equilibrium"),
        (make(1.0, 1e-2, 1e-5, 1.2, 200.0), FREEZE_IN, "freeze-in does not apply"),
        (
            make(10.0, 1e-6, 1e-12, 1.2, 1e15),
            Options(mechanism="freeze-in", channels="kinetic"),
            "cutoff",
        ),
        (make(1.0, 0.05, 1e-12, 0.9), Options(), "decays more slowly"),
        (make(1.0, 1e-2, 1e-12, 0.9, 246.0), FREEZE_IN, "temperature=dark"),
    )
    for model, options, words in cases:
        result = omega(model, options)
        assert result.status == OUT_OF_VALIDITY, words
        text = " ".join(result.reasons[OUT_OF_VALIDITY])
        assert words in text, (words, text)


def test_domination_in_freeze_in() -> None:
    """From nothing the dominant channel is the one that makes most of the dark matter."""
    model = make(10.0, 1e-7, 1e-10, 1.2, 2000.0)
    found = evaluate(model, "omega_channels", inputs=LEPTONS, options=FREEZE_IN).value
    assert float(found["kinetic"]) > 100.0 * float(np.nan_to_num(found["dark"]))
    result = evaluate(model, "dominant_channel", inputs=LEPTONS, options=FREEZE_IN)
    assert result.value == "kinetic"
