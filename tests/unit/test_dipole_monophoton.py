"""Engine `monophoton` with dipoles: explicit amplitude, kinetic mixing, limit of the paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oracles.dipole_radiation import distribution, pair_distribution
from vectorportal.bounds.experiments import monophoton
from vectorportal.bounds.experiments.events import interval
from vectorportal.bounds.experiments.pair_acceptance import accepted, decay_shares, shape
from vectorportal.bounds.experiments.photon_production import cosines, frame, produced_vectors
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.of_model import evaluate_bounds
from vectorportal.bounds.registry import get_bound
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.dark_dipole import DarkDipole
from vectorportal.models.dark_photon import DarkPhoton
from vectorportal.observables.base import evaluate
from vectorportal.units import HBAR_C_GEV_M

SM = StandardModel.default()


def pure_dipole(mass, **more):
    return Vector.of_model(DarkDipole(m_v=mass, lambda_over_alpha_d=1e5, alpha_d=0.5, **more))


@pytest.mark.parametrize("name", ["babar_invisible", "belle2_invisible_proj"])
def test_engine_makes_vectors_as_the_explicit_amplitude_does(name):
    experiment, mass = get_experiment(name), 3.0
    s, boost = frame(experiment)
    low, high = cosines(experiment, boost)
    x, weight = np.polynomial.legendre.leggauss(24)
    cosine = 0.5 * (low + high) + 0.5 * (high - low) * x
    for structure, couplings in (("vector", (SM.e, 0, 0)), ("dipole", (0, 0, SM.e))):
        sigma = np.asarray(distribution(s, mass, cosine, couplings, 1e-6), float) * SM.e**2
        expected = experiment["luminosity"] * 0.5 * (high - low) * np.sum(weight * sigma)
        found = produced_vectors(experiment, np.array([mass]), structure)[0]
        assert found == pytest.approx(expected, rel=1e-9)


def test_engine_adds_the_two_structures():
    experiment, mass = get_experiment("babar_invisible"), np.array([0.1, 3.0, 7.5])
    g2 = np.array([[1e-10]])
    point = {"m_v": mass, "lambda_over_alpha_d": 1e5, "alpha_d": 0.5, "m_dm": 0.3 * mass}
    both = Vector.of_model(DarkDipole(**point, epsilon=8e-4))
    alone = Vector.of_model(DarkDipole(**point))
    mixed = Vector.of_model(DarkDipole(**point | {"lambda_over_alpha_d": 1e25}, epsilon=8e-4))
    signals = [monophoton.signal(experiment, v, g2) for v in (both, alone)]
    # at g = 1/Lambda the mixing is 8e-4, whatever Lambda
    signals.append(monophoton.signal(experiment, mixed, g2 * 1e-40))
    # V decays to dark matter but for 1e-5, and quadrature of the efficiency is linear
    np.testing.assert_allclose(signals[0], signals[1] + signals[2], rtol=1e-4)
    number = produced_vectors(experiment, mass, "dipole") * alone.dipoles["e"] ** 2 * g2[0]
    np.testing.assert_allclose(monophoton._made(experiment, alone)["vector"], 0.0)
    assert np.all(signals[1][:, 0] < number * experiment["efficiency_invisible"])


@pytest.mark.parametrize("name", ["babar_visible", "babar_invisible", "besiii_untagged"])
def test_without_a_dipole_the_engine_sees_a_dark_photon(name):
    experiment, mass = get_experiment(name), np.array([0.5, 2.0, 3.2])
    dark = {} if name != "babar_invisible" else {"m_dm": 0.3 * mass, "alpha_d": 0.5}
    photon = Vector.of_model(DarkPhoton(m_v=mass, epsilon=1e-3, **dark))
    far = {"lambda_over_alpha_d": 1e25, "alpha_d": 0.5, "m_dm": dark.get("m_dm")}
    vector = Vector.of_model(DarkDipole(m_v=mass, epsilon=1e-3, **far))
    expected = monophoton.signal(experiment, photon, np.array([[1e-6]]))
    found = monophoton.signal(experiment, vector, np.array([[1e-50]]))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_dipole_in_the_width_to_electrons_is_no_vector_coupling():
    """Above 1 GeV the engine reads the coupling of others from that width."""
    mass = np.array([0.9, 1.1])
    both = Vector.of_model(DarkDipole(m_v=mass, lambda_over_alpha_d=1e4, alpha_d=0.5, epsilon=1e-4))
    small = 1e-4 / 1e-4  # epsilon over the coupling 1/Lambda
    np.testing.assert_allclose(monophoton._strength(both), small**2, rtol=2e-4)
    assert both.widths["ee"][1] > 2.0 * SM.alpha * small**2 * mass[1] / 3


def test_limit_of_babar_on_the_scale_is_that_of_the_paper():
    experiment, mass = get_experiment("babar_invisible"), np.array([0.1, 1.0])
    vector = pure_dipole(mass, m_dm=0.4 * mass)
    coupling, _ = interval(experiment, vector, (1e-8, 1e-2))
    # 101 TeV/sqrt(alpha_D), limits of the engine being good to 10 per cent or so
    np.testing.assert_allclose(1 / coupling, 101e3 / np.sqrt(0.5), rtol=0.05)
    mixing, _ = interval(experiment, Vector.dark_photon(mass, 1e-3 * mass))
    s, boost = frame(experiment)
    low, high = cosines(experiment, boost)
    model = DarkDipole(m_v=mass, alpha_d=0.5)
    cuts = {"sqrt_s": np.sqrt(s), "z_min": low, "z_max": high}
    scale = evaluate(model, "lambda_bound_ee", epsilon_max=mixing, **cuts).value
    np.testing.assert_allclose(1 / coupling, scale, rtol=2e-3)  # edges are good to 1e-3


# vectors that fly

LIGHT = np.array([0.0229, 0.0387, 0.0652])
SEARCHES = ("babar_visible", "belle2_visible_proj")


@pytest.mark.parametrize("name", SEARCHES)
def test_late_decays_do_not_count(name: str) -> None:
    """1 - exp(-l/d) within 1 cm, d = p/(m Gamma); at 170 TeV that is 46 m for 25 MeV at BaBar."""
    experiment, scale = get_experiment(name), 1.7e5
    blind = replace(experiment, values={**experiment.values, "prompt_m": 1e4})
    mass = np.array([0.025, *LIGHT])
    vector = Vector.of_model(DarkDipole(m_v=mass, lambda_over_alpha_d=scale, alpha_d=0.1))
    g2 = np.full((mass.size, 1), scale**-2.0)
    seen, every = (monophoton.signal(e, vector, g2)[:, 0] for e in (experiment, blind))
    s, _ = frame(experiment)
    momentum = (s - mass**2) / (2.0 * np.sqrt(s))
    length = momentum / mass / vector.total(g2)[:, 0] * HBAR_C_GEV_M
    np.testing.assert_allclose(seen / every, -np.expm1(-0.01 / length), rtol=1e-9)
    assert length[0] == pytest.approx(46.0, rel=0.05)


@pytest.mark.parametrize("name", SEARCHES)
def test_first_principles_and_recast_agree_on_light_vectors(name: str) -> None:
    experiment = get_experiment(name)
    more = {"alpha_d": 0.1, "m_v": LIGHT}
    vector = Vector.of_model(DarkDipole(lambda_over_alpha_d=1e5, **more))
    coupling, _ = interval(experiment, vector, (1e-12, 1e-1))
    record = get_bound(str(experiment.record))
    for factor, excluded in ((1.5, False), (1.0 / 1.5, True)):
        model = DarkDipole(lambda_over_alpha_d=factor / coupling, **more)
        assert ((evaluate_bounds(model, [record])[0].mu > 1.0) == excluded).all()


@pytest.mark.parametrize(
    "name", [*SEARCHES, "besiii_untagged", "kloe_muons", "kloe_pions", "kloe_phi_eta"]
)
def test_flight_lengths_are_those_of_the_records(name: str) -> None:
    experiment = get_experiment(name)
    known = get_bound(str(experiment.record)).geometry
    assert experiment["prompt_m"] == known["prompt_flight_m"]
    if experiment.engine == "meson-decay":
        assert experiment["energy"] == known["vector_energy_GeV"]


# pairs of a vector along the beam


@pytest.mark.parametrize("production", ["vector", "dipole"])
@pytest.mark.parametrize("decay", ["vector", "dipole"])
def test_shapes_of_pairs_are_those_of_the_explicit_amplitude(production, decay):
    cosine = np.linspace(-0.9, 0.9, 7)
    couplings = {"vector": (1.0, 0.0, 0.0), "dipole": (0.0, 0.0, 1.0)}
    found = pair_distribution(cosine, couplings[production], couplings[decay], 1e-7)
    a, b, norm = shape("ee", production, decay)
    expected = a + b * cosine**2
    np.testing.assert_allclose(found / found[0], expected / expected[0], atol=1e-9)
    assert norm * (a + b / 3.0) == pytest.approx(1.0, rel=1e-12)
    assert shape("pipi", production, decay) == shape("ee", production, "dipole")


def test_accepted_pairs_by_sampling():
    s, mass, edge, boost = 14.2, np.array([2.5]), 0.92, 0.1
    rng = np.random.default_rng(3)
    cosine = rng.uniform(-1, 1, 400_000)
    for form in (shape("ee", "dipole", "dipole"), shape("ee", "dipole", "vector")):
        expected = 0.0
        for side in (1.0, -1.0):
            own = side * (s - mass**2) / (s + mass**2)
            v = (own + boost) / (1 + own * boost)
            lab = np.stack([(cosine + v) / (1 + v * cosine), (v - cosine) / (1 - v * cosine)])
            inside = (np.abs(lab) < edge).all(axis=0)
            weights = form[0] + form[1] * cosine**2
            expected += 0.5 * np.average(inside, weights=weights)
        assert accepted(s, boost, mass, edge, form)[0] == pytest.approx(expected, abs=0.003)


def test_decays_are_shared_out_by_structure():
    mass = np.array([0.5, 3.0])
    alone = decay_shares(pure_dipole(mass), "ee")
    np.testing.assert_allclose(alone["dipole"], 1.0, rtol=1e-3)
    np.testing.assert_allclose(alone["vector"] + alone["dipole"], 1.0, rtol=1e-14)
    assert decay_shares(pure_dipole(mass), "mumu") == {"vector": 1.0}
    assert decay_shares(Vector.dark_photon(mass), "ee") == {"vector": 1.0}
    muons = decay_shares(pure_dipole(mass, lambda_mu_over_alpha_d=1e5), "mumu")
    np.testing.assert_allclose(muons["dipole"], 1.0, rtol=1e-3)
