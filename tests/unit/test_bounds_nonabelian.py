"""Bounds on nonabelian-vector: annihilation at recombination, self-scattering, the mediator."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import k1

from vectorportal.bounds.annihilation import DIRECT_ONLY, injection_efficiency
from vectorportal.bounds.of_model import DarkMatter, _dark_matter, observable_of, verdict
from vectorportal.bounds.recast import evaluate as recast
from vectorportal.bounds.record import RATES
from vectorportal.bounds.registry import get_bound
from vectorportal.formulas.self_scattering import coupling_saturating
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate

MODEL: Any = get_model("nonabelian-vector")
DARK_PHOTON: Any = get_model("dark-photon")
CMB, BULLET = get_bound("cmb_planck_2018"), get_bound("bullet_cluster_2008")
INPUTS = Inputs.default()
X_CMB = 1.0 / CMB.inputs["temperature_GeV"]
"""x = m_x/T at redshift 600 for m_x = 1 GeV, 7e9"""
KINETIC, DARK = Options(channels="kinetic"), Options(channels="dark")
NEAR = 1e-6
"""Relative accuracy of the averages at these x, with corrections of relative order 1/x = 1e-10"""


def point(ratio: Any = "minimal", g_x: float = 0.2, epsilon: float = 1e-5, m_x: float = 1.0) -> Any:
    return MODEL(m_x=m_x, g_x=g_x, epsilon=epsilon, ratio=ratio)


def row(model: Any, record: Any = CMB, **settings: Any) -> Any:
    return verdict(model, records=[record], **settings).bounds[0]


def average(model: Any, options: Options, x: float = X_CMB) -> float:
    return float(evaluate(model, "sigma_v_cm3_s", options=options, x=x).value)


def at_velocity(model: Any, options: Options, velocity: float = 1e-5) -> float:
    found = evaluate(model, "sigma_v_today_cm3_s", options=options, velocity=velocity)
    return float(found.value)


# -- the thermal average in the cold ----------------------------------------------------------


def test_s_wave_is_the_rate_at_rest() -> None:
    """R < 1: the average does not know the temperature."""
    model = point(0.5)
    assert average(model, DARK) == pytest.approx(at_velocity(model, DARK), rel=NEAR)
    assert average(model, DARK, 1e13) == pytest.approx(average(model, DARK, 1e10), rel=NEAR)


def test_degenerate_masses_follow_the_mean_velocity() -> None:
    """R = 1: sigma v = c v, and <v> = 4/sqrt(pi x) for two Maxwellian particles."""
    model = point(1.0)
    slope = at_velocity(model, DARK) / 1e-5
    assert average(model, DARK) == pytest.approx(slope * 4.0 / np.sqrt(np.pi * X_CMB), rel=NEAR)


@pytest.mark.parametrize("epsilon", [1e-5, 1e-6, 1e-7])
def test_a_gap_within_the_thermal_spread(epsilon: float) -> None:
    """Minimal model, m_zd - m_x of the order of T: sigma v goes as the final velocity, so that its
    average is that at R = 1 times z exp(-z) K_1(z), z = x (R - 1)."""
    model = point("minimal", epsilon=epsilon)
    z = X_CMB * 0.5 * float(model.spectrum(INPUTS).delta)
    expected = average(point(1.0), DARK) * z * np.exp(-z) * k1(z)
    assert average(model, DARK) == pytest.approx(expected, rel=NEAR)


def test_a_gap_beyond_the_thermal_spread_is_closed() -> None:
    """Minimal model with epsilon = 1e-3: 2 z = 7e3, so that only the kinetic channel is left."""
    model = point("minimal", epsilon=1e-3)
    assert average(model, DARK) == 0.0
    assert average(model, Options()) == pytest.approx(average(model, KINETIC), rel=1e-12)


@pytest.mark.parametrize("ratio", ["minimal", 1.3, 0.5])
def test_the_kinetic_channel_is_a_p_wave(ratio: Any) -> None:
    """sigma v = b v^2 and <v^2> = 6/x, also beside a threshold within the thermal spread."""
    model = point(ratio)
    slope = at_velocity(model, KINETIC) / 1e-10
    assert average(model, KINETIC) == pytest.approx(slope * 6.0 / X_CMB, rel=NEAR)


def test_three_to_two_does_not_annihilate_pairs() -> None:
    assert average(point(0.5), Options(channels="simp")) == 0.0
    assert row(point(0.7), options=Options(channels="simp")).mu == 0.0


# -- the CMB ----------------------------------------------------------------------------------


def test_pairs_of_mediators_by_hand() -> None:
    """R = 0.5, m_x = 1 GeV: f_eff of the decays of Z_D at 0.5 GeV, half for X+ X-."""
    model = point(0.5, g_x=0.01)
    found = row(model)
    shares = evaluate(model, "branching_ratios").value
    energy = {c: float(injection_efficiency(CMB, c, 0.5)) for c in ("ee", "mumu", "hadrons")}
    efficiency = sum(float(shares[c]) * energy[c] for c in energy)
    expected = 0.5 * efficiency * at_velocity(model, DARK) / CMB.inputs["p_ann_cm3_s_GeV"]
    assert found.mu == pytest.approx(expected, rel=1e-5)
    assert found.excluded
    assert found.margin is None
    assert any("through their decays" in text for text in found.assumes)
    assert any("whatever its relic density" in text for text in found.assumes)


def test_a_gap_within_the_thermal_spread_counts_as_pairs() -> None:
    """m_x < m_zd by 5e-11: half of the rate of R = 1 is left, and injects by decays."""
    model = point("minimal")
    assert row(model).mu == pytest.approx(row(point(1.0)).mu * 0.627, rel=1e-2)
    assert any("through their decays" in text for text in row(model).assumes)


def test_a_stable_mediator_injects_nothing() -> None:
    """epsilon = 1e-20: Z_D lives for 1e18 s; X+ X- -> SM alone is negligible."""
    found = row(point(0.5, epsilon=1e-20))
    assert DIRECT_ONLY in found.assumes
    assert found.excluded is False
    assert found.mu < 1e-20
    assert row(point(0.5, epsilon=1e-13)).excluded


@pytest.mark.parametrize("ratio", [1.0, "minimal"])
def test_a_rate_that_vanishes_with_velocity_is_not_counted(ratio: Any) -> None:
    """At R = 1 the limit holds for dark matter as warm as photons, not for any that decoupled."""
    model = point(ratio)
    found = row(model)
    assert found.mu > 10.0
    assert found.excluded is False
    assert "is not counted (it needs dark matter as warm" in found.sentence
    assert "annihilates less" in found.assumes[-1]
    judged = verdict(model)
    assert not judged.excluded
    assert "Planck 2018 CMB (it needs dark matter as warm" in judged.sentence
    assert "the nearest is BaBar" in judged.sentence
    assert row(point(0.9)).excluded


def test_a_p_wave_has_a_margin() -> None:
    """R > 1: sigma v goes as epsilon^2."""
    found = row(point(1.3))
    assert found.margin == pytest.approx(found.mu**0.5, rel=1e-9)
    assert not found.excluded


def test_fraction_and_antiparticles() -> None:
    """A tenth of the density annihilates a hundred times less; X+ X- is not self-conjugate."""
    model = point(0.5)
    dark = DarkMatter.of(model)
    assert (dark.self_conjugate, float(dark.mass), dark.shares) == (False, 1.0, None)
    seen: dict[str, Any] = {"observable": observable_of(model)}
    whole = recast(CMB, model.mediator(INPUTS), dark_matter=dark, **seen)
    tenth = recast(CMB, model.mediator(INPUTS), dark_matter=replace(dark, fraction=0.1), **seen)
    assert float(tenth.mu) == pytest.approx(0.01 * float(whole.mu), rel=1e-12)


def test_channels_by_the_names_of_the_model() -> None:
    """A bound asks for standard-model or secluded; each model has its own words."""
    model = point(0.5)
    direct, pairs = average(model, KINETIC), average(model, DARK)
    asked = observable_of(model)
    assert asked("sigma_v_cm3_s", x=X_CMB, channels="standard-model") == pytest.approx(direct)
    assert asked("sigma_v_cm3_s", x=X_CMB, channels="secluded") == pytest.approx(pairs)
    some = observable_of(model, options=Options(channels="kinetic,simp"))
    assert some("sigma_v_cm3_s", x=X_CMB, channels="secluded") == 0.0
    assert some("sigma_v_cm3_s", x=X_CMB) == pytest.approx(direct)
    assert row(model, options=KINETIC).mu < 1e-9 * row(model).mu


def test_all_words_are_the_same_as_all() -> None:
    dark_photon = DARK_PHOTON(m_v=0.1, epsilon=1e-6, m_dm=1.0, alpha_d=0.01, dm="dirac")
    both = Options(channels="standard-model,secluded")
    assert row(dark_photon, options=both).mu == row(dark_photon).mu
    named = Options(channels="kinetic,dark")
    assert row(point(0.5), options=named).mu == row(point(0.5)).mu


# -- self-scattering --------------------------------------------------------------------------


def test_self_scattering_at_its_limit() -> None:
    """The coupling that saturates 1.25 cm^2/g at rest; the pole at R = 2 is far away (v^4)."""
    g_x = float(coupling_saturating(1e-3, 1.0, 1.25))
    model = point(1.0, g_x=g_x, m_x=1e-3)
    found = row(model, BULLET)
    assert found.mu == pytest.approx(1.0, rel=1e-5)
    assert (found.margin, found.limit_coupling) == (None, None)
    assert row(point(1.0, g_x=1.01 * g_x, m_x=1e-3), BULLET).excluded
    below = row(point(1.0, g_x=0.99 * g_x, m_x=1e-3), BULLET)
    assert below.excluded is False
    assert "of the limit" in below.sentence


def test_self_scattering_beyond_its_formula_is_no_data() -> None:
    """R below the velocity 0.01 (no contact force), and g_X^2/(4 pi R) > 1 (not perturbative)."""
    assert row(point(0.005, g_x=1e-3, m_x=1e-3), BULLET).side == "no-data"
    assert row(point(0.1, g_x=2.0, m_x=1e-3), BULLET).side == "no-data"


def test_self_scattering_of_a_part_does_not_apply() -> None:
    model = point(1.0, g_x=1.0, m_x=1e-3)
    part = replace(DarkMatter.of(model), fraction=0.5)
    seen: dict[str, Any] = {"observable": observable_of(model), "dark_matter": part}
    assert recast(BULLET, model.mediator(INPUTS), **seen).row().side == "not-applicable"
    assert recast(BULLET, model.mediator(INPUTS)).row().side == "not-applicable"


# -- the mediator -----------------------------------------------------------------------------


@pytest.mark.parametrize("m_zd", [0.3, 80.0, 105.0, 300.0])
def test_bounds_see_the_mediator_of_a_dark_photon(m_zd: float) -> None:
    """On both sides of the Z: same mass and mixing, same currents; R < 2 has no dark decays."""
    model = point(1.5, epsilon=1e-2, m_x=m_zd / 1.5)
    ours, other = model.mediator(INPUTS), DARK_PHOTON(m_v=m_zd, epsilon=1e-2).mediator(INPUTS)
    for name in ("mass", "epsilon", "width_visible", "width_dark"):
        assert float(getattr(ours, name)) == pytest.approx(float(getattr(other, name)), rel=1e-12)
    rows = {r.id: r.mu for r in verdict(model).bounds if r.signature not in RATES}
    alone = {r.id: r.mu for r in verdict(DARK_PHOTON(m_v=m_zd, epsilon=1e-2)).bounds}
    for name, mu in rows.items():
        assert mu == (alone[name] if mu is None else pytest.approx(alone[name], rel=1e-9))


def test_dark_decays_are_invisible() -> None:
    """R = 3: Z_D -> X+ X- takes over, and missing energy excludes what visible decays do not."""
    found = {r.id: r for r in verdict(point(3.0, epsilon=1e-3, m_x=0.01)).bounds}
    assert found["na64_2023"].excluded
    assert not found["babar_2014"].excluded


@pytest.mark.parametrize("ratio", ["minimal", 0.4, 1.0, 1.9, 2.0, 3.0, 30.0])
@pytest.mark.parametrize("m_x", [3e-4, 0.02, 1.0, 200.0])
def test_every_point_gets_one_sentence(ratio: Any, m_x: float) -> None:
    judged = verdict(point(ratio, epsilon=1e-6, m_x=m_x))
    assert judged.excluded == judged.sentence.startswith("Excluded")
    assert judged.sentence.endswith(".")
    assert all("nan" not in r.sentence for r in (*judged.bounds, *judged.reach))
    json.dumps(judged.to_json(), allow_nan=False)
    if not judged.excluded:
        assert "N_eff and primordial nucleosynthesis" in judged.sentence
        assert "recoil" in judged.sentence


def test_there_is_always_dark_matter() -> None:
    assert _dark_matter(point()) is not None
