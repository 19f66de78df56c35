"""Bounds on a vector with dipoles: the limit of none, engines, widths, signs, and who is silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from vectorportal.bounds.arrays import arrays_of
from vectorportal.bounds.dipole_domain import ABOVE_LAMBDA, LOST_EDGE, within_domain
from vectorportal.bounds.dipole_strength import ratios, relative_yield, source_of
from vectorportal.bounds.experiments import electron_dump, missing_energy
from vectorportal.bounds.experiments.events import edges, signal
from vectorportal.bounds.experiments.photon_production import frame
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.of_model import evaluate_bounds, verdict
from vectorportal.bounds.record import RATES, BoundRecord
from vectorportal.bounds.registry import bounds_for, get_bound
from vectorportal.formulas.production import LEPTONS
from vectorportal.inputs.settings import Inputs
from vectorportal.models.dark_dipole import DarkDipole
from vectorportal.models.dark_photon import DarkPhoton
from vectorportal.observables.base import OK, evaluate

INPUTS = Inputs.default()
E, M_E = INPUTS.sm.e, INPUTS.sm.m_e
NONE = 1e20
"""Lambda/alpha_D in GeV of a dipole that is nothing"""
DARK: dict[str, Any] = {"m_dm": 0.02, "alpha_d": 0.5}
SILENT = ("cooling", "moment", "recoil")
"""Signatures that say nothing about electrons with dipoles"""
BY_LEPTONS = [
    (record.id, mode) for record in bounds_for("dark-dipole") for mode in record.modes
    if mode in LEPTONS
]  # fmt: skip


def dipole(m_v: Any, scale: Any, epsilon: Any = 0.0, **more: Any) -> DarkDipole:
    return DarkDipole(m_v=m_v, lambda_over_alpha_d=scale, epsilon=epsilon, **{**DARK, **more})


def visible(m_v: Any, scale: Any, epsilon: Any = 0.0, **more: Any) -> DarkDipole:
    return DarkDipole(m_v=m_v, lambda_over_alpha_d=scale, epsilon=epsilon, alpha_d=0.5, **more)


def strength(scale: Any, alpha_d: float = 0.5) -> Any:
    """d/e in GeV^-1."""
    return np.sqrt(4.0 * np.pi / alpha_d) / scale / E


def masses(record: BoundRecord, n: int = 7) -> np.ndarray:
    curve = record.curve
    assert curve is not None
    return np.geomspace(curve.mass[0] * 1.001, curve.mass[-1] * 0.8, n)


@pytest.mark.parametrize("decays", ["dark", "visible"])
def test_without_a_dipole_it_is_a_dark_photon(decays: str) -> None:
    """mu and margin of every record to 0.1% for both signs, apart from the Z above 5 GeV."""
    m_v = np.geomspace(2.2e-3, 5.0, 60)
    more: dict[str, Any] = {"m_dm": m_v / 3.0} if decays == "dark" else {}
    records = [r for r in bounds_for("dark-dipole") if r.signature not in (*SILENT, *RATES)]
    strong: dict[str, Any] = {"alpha_d": 0.5} if more else {}
    photon = DarkPhoton(m_v=m_v, epsilon=1e-4, **more, **strong)
    expected = evaluate_bounds(photon, records)
    for sign in (1.0, -1.0):
        found = evaluate_bounds(visible(m_v, NONE, sign * 1e-4, **more), records)
        for one, two in zip(found, expected, strict=True):
            name, known = one.id, one.has_data
            assert (known == two.has_data).all(), name
            seen = known & (two.mu > 0.0)
            np.testing.assert_allclose(one.mu[seen], two.mu[seen], rtol=1e-3, err_msg=name)
            margin = one.margin[seen] / two.margin[seen]
            margin = margin[np.isfinite(margin)]
            np.testing.assert_allclose(margin, 1.0, rtol=1e-3, err_msg=name)


def test_annihilation_without_a_dipole_is_that_of_a_dark_photon() -> None:
    record = get_bound("cmb_planck_2018")
    own, photon = (
        evaluate_bounds(model, [record])[0]
        for model in (dipole(0.1, NONE, 1e-4), DarkPhoton(m_v=0.1, epsilon=1e-4, **DARK))
    )
    assert float(own.mu) == pytest.approx(float(photon.mu), rel=1e-2, abs=0.0)
    assert float(own.margin) == pytest.approx(float(photon.margin), rel=1e-2)


def test_what_is_silent_about_dipoles_says_why() -> None:
    model = dipole(0.1, 1e5, 1e-4)
    rows = {row.id: row for row in verdict(model).bounds}
    for name in ("gm2_electron_2023", "sn1987a_2017", "miniboone_2018"):
        assert rows[name].side == "not-applicable"
    assert "heavy particles" in rows["gm2_electron_2023"].sentence
    assert "dipole" in rows["miniboone_2018"].sentence
    assert rows["gm2_muon_2025"].side != "not-applicable"
    photon = DarkPhoton(m_v=0.1, epsilon=1e-4, **DARK)
    for name in ("gm2_muon_2025", "electroweak_fit"):
        expected = float(evaluate_bounds(photon, [get_bound(name)])[0].mu)
        assert rows[name].mu == pytest.approx(expected, rel=1e-4, abs=0.0)
    with_muon = replace(model, lambda_mu_over_alpha_d=1e6)
    assert verdict(with_muon, records=[get_bound("gm2_muon_2025")]).bounds[0].mu is None


def beam_of(record: BoundRecord) -> bool:
    """Whether the experiment behind it has a beam that radiates as well."""
    name = record.geometry.get("dipole_like", record.experiment_file)
    return bool(name) and get_experiment(str(name)).engine in ("missing-energy", "electron-dump")


def largest(record: BoundRecord, mode: str, mass: np.ndarray) -> np.ndarray:
    """GeV^2: s at colliders; of the order of the larger mass squared where a beam radiates."""
    if mode == "electron-positron" and not beam_of(record):
        if "centre_of_mass_energy_GeV" in record.geometry:
            return np.full(mass.shape, record.geometry["centre_of_mass_energy_GeV"] ** 2)
        if "beam_energy_GeV" in record.geometry:
            return mass**2
        return np.full(mass.shape, frame(get_experiment(str(record.experiment_file)))[0])
    lepton = INPUTS.sm.m_mu if mode == "muon-bremsstrahlung" else M_E
    return 20.0 * np.maximum(mass, lepton) ** 2


UNTAGGED = ("besiii_2017", "kloe_2014", "kloe_2016", "kloe_2018")


def test_pairs_beside_an_untagged_photon_are_caught_as_often_as_the_engine_says() -> None:
    """BESIII without mixing: the engine and the recast agree within their spread."""
    mass = np.array([1.8, 2.2, 2.8])
    model = DarkDipole(m_v=mass, lambda_over_alpha_d=1e4, alpha_d=0.1)
    recast = 1.0 / evaluate_bounds(model, [get_bound("besiii_2017")])[0].limit_coupling
    engine = 1.0 / edges(get_experiment("besiii_untagged"), Vector.of_model(model)).lower
    assert np.abs(np.log(engine / recast)).max() < np.log(1.35)


@pytest.mark.parametrize(("name", "mode"), BY_LEPTONS)
def test_every_mode_is_a_squared_amplitude_or_silent(name: str, mode: str) -> None:
    """rho_i^2 <= 4 rho_d, and rho_d lies between m^2/2 and s, or m^2 where beams radiate.

    With an untagged photon the pairs of a dipole are lost more often, which lowers rho_d.
    """
    record = get_bound(name)
    mass = masses(record)
    one, two = ratios(record, mode, mass)
    if not source_of(record, mode):
        assert np.isnan(two).all()
        assert name in ("babar_2016_4mu", "belle2_2019_mumu", "mu3e_2015_proj")
        return
    known = np.isfinite(two)
    assert known.sum() >= 5
    assert (one[known] ** 2 <= 4.0 * two[known]).all()
    least = 0.0 if name in UNTAGGED else 0.499 * mass[known] ** 2
    assert (two[known] > least).all()
    assert (two[known] < largest(record, mode, mass)[known]).all()


def test_collider_against_the_angular_distributions() -> None:
    """Integrals over cos theta of the massless amplitudes squared, photon at 32.5 to 99 degrees in
    the laboratory of BaBar and at 50 to 130 degrees at KLOE."""
    boost = (9.0 - 3.1) / (9.0 + 3.1)
    edges = [np.cos(np.radians(a)) for a in (99.0, 32.5)]
    babar = [(c - boost) / (1.0 - boost * c) for c in edges]
    kloe = [-np.cos(np.radians(50.0)), np.cos(np.radians(50.0))]
    for name, s, (low, high) in (
        ("babar_2017", 4.0 * 9.0 * 3.1, babar),
        ("kloe_2015", 1.0194**2, kloe),
    ):
        mass = np.array([0.01, 0.1, 0.4])
        z, weight = np.polynomial.legendre.leggauss(60)
        c = (0.5 * (high + low) + 0.5 * (high - low) * z)[:, None]
        m = mass**2 / s
        eta = 1.0 - m
        flat = eta**2 + m * (1.0 + m**2) / (eta * (1.0 - c**2))
        pole = (eta * (1.0 + c**2) + 4.0 * (1.0 / eta - 1.0)) / (1.0 - c**2)
        expected = s * (weight @ flat) / (weight @ pole)
        found = ratios(get_bound(name), "electron-positron", mass)
        np.testing.assert_allclose(found[1], expected, rtol=1e-9)
        assert not found[0].any()


def test_annihilation_follows_the_width_to_electrons() -> None:
    """e+ e- -> V where nothing else is made, against the partial widths of the model."""
    mass = np.array([0.0035, 0.02, 0.2])
    delta, charge = strength(3e4), 2e-5
    known = replace(get_bound("na64_2023_positron"), experiment_file=None)
    found = relative_yield(known, "electron-positron", mass, -charge + 0.0 * mass, delta * E)
    width = visible(mass, 3e4, charge).mediator(INPUTS).widths["ee"]
    unit = DarkPhoton(m_v=mass, epsilon=1e-6).mediator(INPUTS).widths["ee"] * 1e12
    np.testing.assert_allclose(found, width / unit, rtol=1e-5)


@pytest.mark.parametrize("epsilon", [0.0, 1e-7, -1e-7])
@pytest.mark.parametrize("name", ["na64_2019", "na64_2023", "na64_2023_positron"])
def test_yields_follow_the_engine(name: str, epsilon: float) -> None:
    """Events of the engine for this vector over those for a dark photon, all invisible; radiation
    and resonant annihilation, which is open from 0.22 to 0.32 GeV."""
    record = get_bound(name)
    experiment = get_experiment(str(record.experiment_file))
    known = record.curve
    assert known is not None
    mass = np.array([0.0015, 0.02, 0.215, 0.24, 0.3, 0.31])
    mass = mass[(mass > known.mass[0]) & (mass < known.mass[-1])]
    assert mass.size >= 3
    model = dipole(mass, 1e6, epsilon, m_dm=1e-4)
    photon = DarkPhoton(m_v=mass, epsilon=1e-5, m_dm=1e-4, alpha_d=0.5)
    mu = [evaluate_bounds(m, [record])[0].mu for m in (model, photon)]
    events = []
    for m in (model, photon):
        mediator = m.mediator(INPUTS)
        g = mediator.epsilon if mediator.coupling is None else mediator.coupling
        vector = Vector.of_model(m)
        events.append(signal(experiment, vector, np.broadcast_to(g, mass.shape)[:, None])[:, 0])
    np.testing.assert_allclose(mu[0] / mu[1], events[0] / events[1], rtol=6e-3)


def test_interference_changes_with_the_relative_sign_alone() -> None:
    mass = np.array([0.0015, 0.01])
    record = get_bound("na64_2019")
    mu = {
        (a, b): evaluate_bounds(dipole(mass, a * 1e6, b * 1e-7, m_dm=1e-4), [record])[0].mu
        for a in (1.0, -1.0)
        for b in (1.0, -1.0)
    }
    np.testing.assert_allclose(mu[1.0, 1.0], mu[-1.0, -1.0], rtol=1e-9)
    np.testing.assert_allclose(mu[1.0, -1.0], mu[-1.0, 1.0], rtol=1e-9)
    assert (np.abs(mu[1.0, 1.0] / mu[1.0, -1.0] - 1.0) > 0.01).all()


@pytest.mark.parametrize("name", ["e137_2009_bjorken", "kek_1986", "na64_2018_visible"])
def test_long_lived_vectors_of_dumps_follow_the_engine(name: str) -> None:
    """Events at long lifetime over those of a dark photon: production over gamma beta, times the
    width to e+ e-; within 10%, since acceptance depends on the energy."""
    record = get_bound(name)
    experiment = get_experiment(str(record.experiment_file))
    mass = np.maximum(masses(record, 4), 2e-3)
    scale, epsilon = 1e12, 1e-12
    model, photon = visible(mass, scale), DarkPhoton(m_v=mass, epsilon=epsilon)
    mu = [evaluate_bounds(m, [record], limits=False)[0].mu for m in (model, photon)]
    events = [
        signal(experiment, Vector.of_model(m), np.full((mass.size, 1), g))[:, 0]
        for m, g in ((model, 1.0 / scale), (photon, epsilon))
    ]
    ratio = (mu[0] / mu[1]) / (events[0] / events[1])
    assert (np.abs(ratio - 1.0) < 0.1).all(), ratio


def test_between_the_nodes_of_the_grid() -> None:
    """Linear interpolation in the logarithm of the mass against the engine itself, 0.5%."""
    mass = np.array([0.00123, 0.0147, 0.0931, 0.3111])
    for name, engine in (("na64_2019", missing_energy), ("e137_2009_bjorken", electron_dump)):
        record = get_bound(name)
        experiment = get_experiment(str(record.experiment_file))
        late = record.signature == "dump"
        inside = mass[mass > masses(record)[0]]
        total = {}
        for word in ("vector", "dipole"):
            part = engine.yields(experiment, inside, word)["electron-bremsstrahlung"]
            total[word] = np.sum(part.number / (part.gamma_beta if late else 1.0), axis=1)
        found = ratios(record, "electron-bremsstrahlung", inside)[1]
        np.testing.assert_allclose(found, total["dipole"] / total["vector"], rtol=6e-3)


def test_muon_beams() -> None:
    """With a dipole of the muon beams of muons speak and pairs of muons at colliders do not."""
    model = dipole(0.1, NONE, lambda_mu_over_alpha_d=1e4)
    rows = {row.id: row for row in verdict(model).bounds}
    assert float(rows["na64mu_2024"].mu or 0.0) > 0.0
    assert rows["belle2_2019_mumu"].side == "not-applicable"
    assert "dipole" in rows["belle2_2019_mumu"].sentence
    assert any("muons of 160 GeV" in text for text in rows["na64mu_2024"].assumes)
    twice = replace(model, lambda_mu_over_alpha_d=5e3)
    found = verdict(twice, records=[get_bound("na64mu_2024")]).bounds[0].mu
    assert found == pytest.approx(4.0 * float(rows["na64mu_2024"].mu or 0.0), rel=1e-9, abs=0.0)


def test_light_vectors_of_muons_come_mostly_by_the_dipole() -> None:
    """At m_V << m_mu soft vectors go as charge^2 and hard ones as (d m_mu)^2: rho ~ m_mu."""
    one, two = ratios(get_bound("na64mu_2024"), "muon-bremsstrahlung", np.array([2e-3, 0.01]))
    m_mu = INPUTS.sm.m_mu
    assert (two > 1.0 * m_mu**2).all()
    assert (two < 10.0 * m_mu**2).all()
    assert (one > 0.0).all()


def test_signals_of_a_pure_dipole_go_as_its_square() -> None:
    """Searches for invisible decays, and for prompt ones of vectors that decay at once."""
    scale = np.geomspace(1e3, 1e5, 5)
    seen = set()
    for record in bounds_for("dark-dipole"):
        if record.signature not in ("invisible", "missing-energy", "prompt-visible"):
            continue
        m_v = float(masses(record, 3)[1])
        hidden = {"m_dm": 0.3 * m_v} if record.invisible else {}
        result = evaluate_bounds(visible(m_v, scale, **hidden), [record], limits=False)[0]
        late = not record.invisible and m_v < 0.4
        if late or not (result.has_data & (result.mu > 0.0)).all():
            continue
        seen.add(record.id)
        power = np.diff(np.log(result.mu)) / np.diff(np.log(scale))
        np.testing.assert_allclose(power, -2.0, rtol=1e-3, err_msg=record.id)
    assert {"babar_2017", "babar_2014", "na64_2023", "ldmx_2018_proj"} <= seen


@pytest.mark.parametrize("name", ["babar_2017", "na64_2019", "babar_2014", "e137_2009_bjorken"])
@pytest.mark.parametrize("product", [0.0, 5.0, -5.0])
def test_the_limit_put_back_gives_unit_signal(name: str, product: float) -> None:
    """`product` is epsilon Lambda/alpha_D in GeV, which stays."""
    record = get_bound(name)
    m_v = float(masses(record, 3)[1])
    more: dict[str, Any] = {"m_dm": 0.3 * m_v} if record.invisible else {}
    result = evaluate_bounds(visible(m_v, 1e6, product / 1e6, **more), [record])[0]
    edges = [result.limit_coupling, result.limit_upper]
    for edge in (float(x) for x in edges if np.isfinite(x)):
        back = evaluate_bounds(visible(m_v, 1.0 / edge, product * edge, **more), [record])[0]
        assert float(back.mu) == pytest.approx(1.0, rel=1e-6)
        assert float(back.margin) == pytest.approx(1.0, rel=1e-6)


def test_babar_beside_the_paper() -> None:
    """(24) of Rizzo 2021: 101 TeV/sqrt(alpha_D) for epsilon_max = 1e-3 at sqrt(s) = 10 GeV, which
    is 10.56 GeV here, and a symmetric acceptance."""
    m_v = np.array([0.1, 0.2, 0.5, 1.0])
    record = get_bound("babar_2017")
    limit = 1.0 / evaluate_bounds(dipole(m_v, 1e5, m_dm=0.4 * m_v), [record])[0].limit_coupling
    photon = DarkPhoton(m_v=m_v, epsilon=1e-3, m_dm=0.4 * m_v, alpha_d=0.5)
    published = evaluate_bounds(photon, [record])[0].limit_coupling
    quoted = 101e3 / np.sqrt(0.5) * 10.56 / 10.0
    np.testing.assert_allclose(limit * published / 1e-3, quoted, rtol=0.02)
    assert (limit > 1.4e5).all()


def test_neutrinos_with_dipoles_count_as_invisible() -> None:
    """Without dark matter and F = 2: half of the decays above 2 m_e, all below."""
    record = get_bound("babar_2017")
    found = evaluate_bounds(visible(np.array([0.1]), 1e5, flavour_factor=2.0), [record])[0]
    none = evaluate_bounds(visible(np.array([0.1]), 1e5), [record])[0]
    dark = evaluate_bounds(dipole(np.array([0.1]), 1e5), [record])[0]
    assert float(found.mu[0]) == pytest.approx(0.5 * float(dark.mu[0]), rel=1e-3)
    assert float(none.mu[0]) == 0.0


def test_mesons_see_the_charges_alone() -> None:
    record = get_bound("na48_2_2015")
    one = evaluate_bounds(visible(0.05, 1e5), [record])[0]
    assert one.row().side == "below"
    assert float(one.mu) == 0.0
    assert any("quarks have no dipole" in text for text in one.assumes())
    # with a charge: production by pi0 of the charge, decays by both
    both = evaluate_bounds(visible(0.05, 1e5, 1e-3), [record])[0]
    photon = evaluate_bounds(DarkPhoton(m_v=0.05, epsilon=1e-3), [record])[0]
    assert float(both.mu) == pytest.approx(float(photon.mu), rel=1e-3)


def test_beyond_the_scale_of_the_dipole_there_is_no_answer() -> None:
    """g_D sqrt(s)/Lambda > 1: Lambda/alpha_D = 10 GeV at BaBar."""
    row = get_bound("babar_2017").evaluate(dipole(0.1, 10.0)).row()
    assert row.side == "not-applicable"
    assert "beyond its domain" in row.sentence


def test_above_lambda_but_weak_the_bound_counts() -> None:
    """g_D E/Lambda = 7e-4 at BaBar, where Lambda is 5 GeV and Lambda/alpha_D 5e8 GeV."""
    row = get_bound("babar_2017").evaluate(dipole(0.2, 5e8, m_dm=0.08, alpha_d=1e-8)).row()
    assert row.excluded
    assert ABOVE_LAMBDA in row.assumes
    strong = get_bound("babar_2017").evaluate(dipole(0.2, 1e4, m_dm=0.08)).row()
    assert strong.excluded
    assert ABOVE_LAMBDA not in strong.assumes


@pytest.mark.parametrize("alpha_d", [0.5, 0.01])
def test_the_border_of_the_domain(alpha_d: float) -> None:
    """Lambda/alpha_D of 10 sqrt(s) at BaBar, or sqrt(4 pi/alpha_D) sqrt(s) where that is larger."""
    border = np.sqrt(4.0 * 9.0 * 3.1) * max(10.0, np.sqrt(4.0 * np.pi / alpha_d))
    model = dipole(0.1, border * np.array([0.999, 1.001]), alpha_d=alpha_d)
    result = get_bound("babar_2017").evaluate(model)
    assert result.has_data.tolist() == [False, True]
    rows = [result.row(i) for i in (0, 1)]
    assert [row.beyond is None for row in rows] == [False, True]
    # a dump knows the mass of the vector alone
    assert get_bound("e137_2009_bjorken").evaluate(visible(0.1, border)).has_data.all()


def test_observables_and_bounds_share_the_border() -> None:
    scale = np.array([0.999, 1.001])
    found = evaluate(visible(0.1, scale), "width_total").status == OK
    record = get_bound("na48_2_2015")
    assert found.tolist() == record.evaluate(visible(0.1, scale, 1e-3)).has_data.tolist()
    # without a charge pions make none, whatever the dipole
    assert record.evaluate(visible(0.1, scale)).has_data.all()


def test_neutrinos_and_muons_with_dipoles_have_a_domain() -> None:
    record = get_bound("na48_2_2015")
    model = visible(0.1, 10.0, 1e-3, flavour_factor=np.array([1.0, 50.0, 200.0]))
    assert record.evaluate(model).has_data.tolist() == [True, True, False]
    muon = visible(0.2, NONE, 1e-3, lambda_mu_over_alpha_d=1.0)
    light = visible(0.3, NONE, 1e-3, lambda_mu_over_alpha_d=1.0)
    record = get_bound("babar_2014")
    assert record.evaluate(muon).has_data
    assert not record.evaluate(light).has_data


def test_limits_beyond_the_domain_are_left_out() -> None:
    """Every limit that is published comes back with an answer and unit signal."""
    m_v = np.array([0.02, 0.1, 0.4, 2.0, 30.0, 150.0])
    lost = 0
    for alpha_d in (1e-6, 12.0):
        both: tuple[dict[str, Any], ...] = ({}, {"m_dm": m_v / 3.0})
        for hidden in both:
            model = replace(visible(m_v, 1e12, **hidden), alpha_d=alpha_d)
            records = [r for r in bounds_for("dark-dipole") if r.signature not in RATES]
            for result in evaluate_bounds(model, records):
                missing = [LOST_EDGE in result.assumes(i) for i in range(m_v.size)]
                lost += sum(missing)
                for edge in (result.limit_coupling, result.limit_upper):
                    some = np.isfinite(edge)
                    scale = np.where(some, 1.0 / np.where(some, edge, 1.0), 1e12)
                    back = evaluate_bounds(
                        replace(model, lambda_over_alpha_d=scale), [result.record]
                    )[0]
                    assert back.has_data[some].all(), result.id
    assert lost > 3


def test_sentences_without_an_edge() -> None:
    """No coupling within the domain; a dump whose large couplings are beyond it."""
    row = get_bound("babar_2014").evaluate(dipole(0.1, 1e3, m_dm=0.03, alpha_d=12.0)).row()
    assert (row.limit_coupling, row.margin) == (None, None)
    assert "no coupling within the domain of the dipole is excluded" in row.sentence
    found = evaluate_bounds(visible(0.02, 1e5), [get_bound("e137_2009_bjorken")])[0]
    high = 1.0 / float(found.limit_upper)
    p = arrays_of(visible(0.02, 1e5).mediator(INPUTS))
    cutoff, loops = p.scales["e"]
    near = replace(p, scales={"e": (cutoff, 0.0 * loops + 0.15 * 1e5 / high)})
    open_ended = within_domain(found, near, None)
    assert np.isnan(open_ended.limit_upper)
    assert float(open_ended.margin) == pytest.approx(float(found.coupling / found.limit_coupling))
    assert "which end beyond the domain of the dipole" in open_ended.row().sentence


def test_a_verdict_beyond_the_domain_is_none() -> None:
    judged = verdict(dipole(0.2, 1.0, m_dm=0.08))
    assert not judged.excluded
    assert judged.sentence.startswith("Not decided: the dipole is beyond its domain for BaBar")
    assert "Not excluded" not in judged.sentence
    mine = [get_bound("babar_2017")]
    only = verdict(dipole(0.2, 1.0, m_dm=0.08), records=mine)
    assert only.sentence.startswith("Not decided: the dipole is beyond its domain for BaBar 2017. ")


def test_dipoles_that_are_nothing_need_no_yields() -> None:
    """Experiments whose yields for dipoles are not computed: those of the charge, else silence."""
    for name in ("mu3e_2015_proj", "yemilab_2021_proj", "vepp3_2012_proj"):
        record = get_bound(name)
        mass = masses(record, 3)
        hidden: dict[str, Any] = {"m_dm": mass / 3.0, "alpha_d": 0.5} if record.invisible else {}
        expected = record.evaluate(DarkPhoton(m_v=mass, epsilon=1e-3, **hidden)).mu
        none = DarkDipole(
            m_v=mass, lambda_over_alpha_d=NONE, epsilon=1e-3, **{"alpha_d": 0.5} | hidden
        )
        np.testing.assert_allclose(record.evaluate(none).mu, expected, rtol=1e-3)
    silent = get_bound("mu3e_2015_proj").evaluate(visible(0.02, 1e6, 1e-3)).row()
    assert "is not computed" in silent.sentence


@pytest.mark.parametrize("m_dm", [1.001e-9, 1e-6, 1.4e-6, 1.6e-6])
def test_the_lightest_dark_matter_has_a_verdict(m_dm: float) -> None:
    """Particles in equilibrium with electrons: one complex scalar more, relativistic."""
    record = get_bound("nucleosynthesis_2020")
    photon = DarkPhoton(m_v=0.1, epsilon=1e-4, m_dm=m_dm, alpha_d=0.5)
    for model in (photon, dipole(0.1, 1e5, m_dm=m_dm), dipole(0.1, NONE, 1e-4, m_dm=m_dm)):
        found = verdict(model, records=[record])
        assert found.excluded
        assert float(found.bounds[0].mu or 0.0) == pytest.approx(3.09, rel=1e-2)
        assert verdict(model).sentence
    many = np.array([m_dm, 1e-2, 0.03])
    result = evaluate_bounds(dipole(0.1, 1e5, m_dm=many), [record])[0]
    one = evaluate_bounds(dipole(0.1, 1e5, m_dm=1e-2), [record])[0]
    assert result.excluded[0]
    assert float(result.mu[1]) == pytest.approx(float(one.mu), rel=1e-6)
    out = evaluate_bounds(dipole(0.1, 1e20, 1e-12, m_dm=m_dm), [record])[0]
    assert float(out.mu) == 0.0


@pytest.mark.parametrize("m_dm", [1e-4, 4e-4, 2e-3])
def test_a_little_mixing_does_not_make_neutrinos(m_dm: float) -> None:
    """Below m_e only neutrinos are open at rest, and electrons when the bath is warm."""
    record = get_bound("nucleosynthesis_2020")
    mu = [
        evaluate_bounds(dipole(0.01, 1e5, epsilon, m_dm=m_dm), [record])[0].mu
        for epsilon in (0.0, 1e-12, 1e-4, -1e-4)
    ]
    np.testing.assert_allclose(mu, mu[0], rtol=1e-6)
    assert np.isfinite(mu[0])
    photon = DarkPhoton(m_v=0.01, epsilon=1e-4, m_dm=m_dm, alpha_d=0.5)
    same = evaluate_bounds(dipole(0.01, NONE, 1e-4, m_dm=m_dm), [record])[0]
    expected = evaluate_bounds(photon, [record])[0]
    assert float(same.mu) == pytest.approx(float(expected.mu), rel=1e-6)
    assert same.has_data == expected.has_data
    # the same where V itself is lighter than two electrons
    slow = [
        evaluate_bounds(m, [record])[0].has_data
        for m in (dipole(5e-4, NONE, 1e-4, m_dm=m_dm), replace(photon, m_v=5e-4))
    ]
    assert slow == [True, True]
    neutrinos = dipole(0.01, 1e5, m_dm=m_dm, flavour_factor=2.0)
    assert not evaluate_bounds(neutrinos, [record])[0].has_data


def test_numbers_or_silence_everywhere() -> None:
    grid = np.meshgrid(np.geomspace(1e-4, 300.0, 41), [1e-3, 1e2, 1e5, 1e12], [-0.1, 0.0, 1e-9])
    m_v, scale, epsilon = (a.ravel() for a in grid)
    good = np.abs(m_v - 91.19) > 12.0
    model = visible(m_v[good], scale[good], epsilon[good], m_dm=0.7 * m_v[good])
    records = [r for r in bounds_for("dark-dipole") if r.signature not in RATES]
    for result in evaluate_bounds(model, records):
        assert (np.isfinite(result.mu) == result.has_data).all(), result.id
        assert (result.mu[result.has_data] >= 0.0).all(), result.id


@pytest.mark.parametrize("shape", [(0,), (1,), (), (3, 2)])
def test_shapes(shape: tuple[int, ...]) -> None:
    model = visible(np.full(shape, 0.03), 1e5, 1e-5)
    for result in evaluate_bounds(model, bounds_for("dark-dipole")):
        assert result.mu.shape == shape


def test_a_scan_is_the_same_as_its_points() -> None:
    m_v = np.geomspace(3e-3, 0.3, 2001)
    records = [get_bound(n) for n in ("babar_2017", "na64_2023", "e137_2009_bjorken")]
    many = evaluate_bounds(visible(m_v, 1e5, 1e-6), records)
    for i in (0, 777, 2000):
        one = evaluate_bounds(visible(m_v[i], 1e5, 1e-6), records)
        for a, b in zip(many, one, strict=True):
            np.testing.assert_allclose(a.mu[i], b.mu, rtol=1e-9)


def test_sentences_speak_of_the_scale() -> None:
    strong, weak = (verdict(dipole(0.1, scale, 1e-9)) for scale in (25e3, 1e6))
    assert "|lambda_over_alpha_d| = 25000 GeV (epsilon in proportion) is" in strong.sentence
    assert "times below the limit 16" in strong.sentence
    assert "which needs a lambda_over_alpha_d" in weak.sentence
    assert "times smaller" in weak.sentence
    record = [get_bound("e137_2009_bjorken")]
    texts = [verdict(visible(0.02, s), records=record).bounds[0] for s in (1e3, 1e5, 1e8)]
    assert [row.side for row in texts] == ["above", "inside", "below"]
    assert "is 12.6 times below the excluded interval" in texts[0].sentence
    assert "decays too early" in texts[0].sentence
    assert "times above the lower and" in texts[1].sentence
    assert "times below the upper edge of the excluded interval 12" in texts[1].sentence
    assert "times above the excluded interval" in texts[2].sentence
    assert texts[1].limit_coupling is not None
    assert texts[1].limit_coupling < 1e-5 < float(texts[1].limit_upper or 0.0)


def test_mixing_with_the_z_is_not_anomalous() -> None:
    """Its charges are not exactly electric; kaons still speak."""
    row = get_bound("na62_2021_kaon").evaluate(dipole(0.1, 1e5, 1e-3)).row()
    assert row.mu is not None
    left = verdict(dipole(0.1, 1e5, 1e-3)).not_evaluated
    assert "rare decays that anomalies enhance" not in left
    assert "scattering of neutrinos on electrons and nuclei" not in left
    with_neutrinos = verdict(dipole(0.1, 1e5, flavour_factor=2.0))
    assert "scattering of neutrinos on electrons and nuclei" in with_neutrinos.not_evaluated
