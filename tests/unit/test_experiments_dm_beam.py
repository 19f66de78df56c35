"""Dark matter from a proton beam that scatters: flux, cross sections, events and limits."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from oracles.dark_recoil import recoil_rate
from vectorportal.bounds.experiments import dark_matter_beam as beam
from vectorportal.bounds.experiments.events import interval, signal
from vectorportal.bounds.experiments.meson_spectra import MESONS, spectrum
from vectorportal.bounds.experiments.spec import get_experiment, load_experiments
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import UsageError

ELECTRONS, NUCLEONS, NOVA = "miniboone_dm_electron", "miniboone_dm_nucleon", "nova_dm"


def changed(name: str, **values):
    experiment = get_experiment(name)
    return dataclasses.replace(experiment, values={**experiment.values, **values})


def invisible(mass) -> Vector:
    mass = np.atleast_1d(np.asarray(mass, float))
    return Vector.dark_photon(mass, 1e-2 * mass)


@pytest.mark.parametrize("dm", beam.KINDS)
@pytest.mark.parametrize("target", [0.000511, 0.939])
def test_recoils_are_the_amplitude(dm: str, target: float) -> None:
    energy, m_dm, m_v = 0.7, 0.05, 0.2
    most = 2 * target * (energy**2 - m_dm**2) / (target**2 + m_dm**2 + 2 * target * energy)
    for part in (0.1, 0.6, 0.99):
        found = beam.recoil_spectrum(energy, part * most, m_dm, target, m_v, dm)
        want = recoil_rate(energy, part * most, m_dm, target, m_v, dm)
        # couplings g e and g_d: 16 pi^2 alpha alpha_d
        assert found == pytest.approx(want * 16 * np.pi**2 / 137.036, rel=1e-6)
    assert beam.recoil_spectrum(energy, 1.01 * most, m_dm, target, m_v, dm) == 0.0


def test_points_fill_the_cube() -> None:
    points = beam._spread(20_000, 4)
    assert points.mean(axis=0) == pytest.approx(0.5, abs=2e-3)
    assert (points.T @ points / 20_000)[0, 1:] == pytest.approx(0.25, abs=2e-3)


@pytest.mark.parametrize(("mode", "mass"), [("pi0", 0.06), ("eta", 0.3)])
def test_flux_against_random_decays(mode: str, mass: float) -> None:
    """meson -> V -> chi, followed one by one with four-vectors, counted in a disc and a ring."""
    experiment, n, edges = get_experiment(ELECTRONS), 1_000_000, np.geomspace(0.01, 9.0, 30)
    rng = np.random.default_rng(3)
    made = spectrum("sanford-wang", mode, experiment["beam_energy"], experiment["mass_number"])
    picked = rng.choice(made.number.size, n, p=made.number / made.number.sum())
    parent = MESONS[mode].mass

    def two_body(p: np.ndarray, mother: float, mass: float, other: float) -> np.ndarray:
        """Three-momenta of a decay product from those of its mother, (n, 3)."""
        energy = (mother**2 + mass**2 - other**2) / (2 * mother)
        cos, phi = rng.uniform(-1, 1, n), rng.uniform(0, 2 * np.pi, n)
        sin = np.sqrt(1 - cos**2)
        rest = np.sqrt(energy**2 - mass**2) * np.stack([sin * np.cos(phi), sin * np.sin(phi), cos])
        total = np.sqrt(np.sum(p**2, axis=1) + mother**2)
        along = np.sum(p * rest.T, axis=1) / (total + mother) + energy
        return rest.T + p * (along / mother)[:, None]

    zero = np.zeros(n)
    tilt, size = made.angle[picked], made.momentum[picked]
    start = np.stack([size * np.sin(tilt), zero, size * np.cos(tilt)], axis=1)
    chi = two_body(two_body(start, parent, mass, 0.0), mass, mass / 3, mass / 3)
    angle = np.arctan2(np.hypot(chi[:, 0], chi[:, 1]), chi[:, 2])
    energy = np.sqrt(np.sum(chi**2, axis=1) + (mass / 3) ** 2)
    ratio = MESONS[mode].vectors(mass)
    scale = 1.0 if mode == "pi0" else experiment["eta_scale"]
    for centre, half in ((0.0, 0.08), (0.2, 0.05)):
        seen = (angle < centre + half) & (angle > centre - half)
        low = max(centre - half, 0.0)
        solid = 2 * np.pi * (np.cos(low) - np.cos(centre + half))
        want = 2 * scale * ratio * made.number.sum() * seen.mean() / solid
        setup = changed(ELECTRONS, angle=centre, radius=490 * np.tan(half))
        flux = beam._flux(setup, mode, mass, edges)
        assert flux.sum() == pytest.approx(want, rel=0.03)
        mean = np.sum(flux * np.sqrt(edges[1:] * edges[:-1])) / flux.sum()
        assert mean == pytest.approx(energy[seen].mean(), rel=0.03)


def test_events_go_as_the_fourth_power_and_need_dark_decays() -> None:
    vector = invisible([0.03, 0.3])
    found = signal(get_experiment(ELECTRONS), vector, [1e-5, 1e-4])
    assert found.shape == (2, 2)
    assert found[:, 1] / found[:, 0] == pytest.approx(1e4, rel=1e-3)
    visible = signal(get_experiment(ELECTRONS), Vector.dark_photon([0.03]), [1e-4])
    assert visible == pytest.approx(0.0)


def test_events_read_the_charges() -> None:
    experiment = changed(NUCLEONS, modes=("pi0",))
    vector, g = invisible([0.03]), [1e-4]
    per_target = {}
    for name in ("protons_in_detector", "neutrons_in_detector"):
        other = {"protons_in_detector": 0.0, "neutrons_in_detector": 0.0, name: 1e32}
        per_target[name] = signal(changed(NUCLEONS, modes=("pi0",), **other), vector, g)[0, 0]
    assert per_target["protons_in_detector"] > 0.0
    assert per_target["neutrons_in_detector"] == pytest.approx(0.0)
    half = {k: 0.5 * q for k, q in vector.charges.items()}
    weak = dataclasses.replace(vector, charges=half)
    found = signal(experiment, weak, g) / signal(experiment, vector, g)
    assert found == pytest.approx(1 / 16)
    baryon = {k: np.full(1, 1 / 3 if k in "udscbt" else 0.0) for k in vector.charges}
    baryonic = dataclasses.replace(vector, charges=baryon)
    assert signal(get_experiment(ELECTRONS), baryonic, g) == pytest.approx(0.0)
    assert signal(experiment, baryonic, g)[0, 0] > 0.0


def test_bad_specifications() -> None:
    with pytest.raises(UsageError, match="no electrons"):
        signal(changed(ELECTRONS, electrons=0.0), invisible([0.1]), [1e-4])
    with pytest.raises(UsageError, match="recoil_min"):
        signal(changed(ELECTRONS, recoil_min=1.0), invisible([0.1]), [1e-4])
    assert np.isnan(signal(get_experiment(ELECTRONS), invisible([3.5]), [1e-4])).all()


def published(record: str) -> tuple[np.ndarray, np.ndarray]:
    """Mass of the vector and epsilon of a published curve in y."""
    bound = get_bound(record)
    ratio, alpha = (float(bound.inputs[k]) for k in ("mass_ratio", "alpha_d"))
    assert bound.curve is not None
    mass, y = bound.curve.mass, bound.curve.lower
    keep = (ratio * mass > 1.1e-3) & (ratio * mass < 1.0)
    return ratio * mass[keep], np.sqrt(y[keep] * ratio**4 / alpha)


def test_limit_of_nova() -> None:
    mass, epsilon = published("nova_2019")
    found = interval(get_experiment(NOVA), invisible(mass))[0]
    assert (np.abs(np.log(found / epsilon)) < np.log(1.45)).all(), np.round(found / epsilon, 2)


def test_limit_of_miniboone() -> None:
    # better of electrons and nucleons; electrons come out stronger than published below 20 MeV
    mass, epsilon = (x[::3] for x in published("miniboone_2018"))
    found = [interval(get_experiment(name), invisible(mass))[0] for name in (ELECTRONS, NUCLEONS)]
    ratio = np.fmin(*found) / epsilon
    assert (ratio > 0.2).all(), np.round(ratio, 2)
    assert (ratio < 1.2).all(), np.round(ratio, 2)
    heavy = mass > 0.06
    assert (ratio[heavy] > 0.4).all(), np.round(ratio, 2)


def test_every_dark_matter_beam_is_looked_at() -> None:
    names = {k for k, e in load_experiments().items() if e.engine == "dark-matter-beam"}
    assert names == {ELECTRONS, NUCLEONS, NOVA}
