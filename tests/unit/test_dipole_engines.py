"""Engines with electron beams for a vector that has a magnetic dipole coupling to electrons."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oracles.dipole_bremsstrahlung import decay_squared
from oracles.electron_nucleus import d_sigma_dx_dcos
from vectorportal.bounds.experiments import electron_bremsstrahlung as brem
from vectorportal.bounds.experiments import electron_dump, missing_energy
from vectorportal.bounds.experiments.electron_beam import annihilated, radiated
from vectorportal.bounds.experiments.electron_positrons import of_structure
from vectorportal.bounds.experiments.electron_target import (
    MATERIALS,
    effective_flux,
    form_factor_squared,
)
from vectorportal.bounds.experiments.events import interval, signal
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.dark_dipole import DarkDipole
from vectorportal.models.dark_photon import DarkPhoton

SM = StandardModel.default()
DIPOLE, VECTOR = (brem.STRUCTURES[name] for name in ("dipole", "vector"))
G = np.array([1e-6, 1e-4])


def low_cut():
    """Positrons of 70 GeV that see all resonances above 1 GeV."""
    experiment = get_experiment("na64_2023_positrons")
    return replace(experiment, values={**experiment.values, "energy_min": 1.0})


def of_dipole(mass, epsilon: float = 0.0, scale: float = 2.5e4, **given) -> Vector:
    """Its coupling is 1/|lambda_over_alpha_d|."""
    masses = np.atleast_1d(np.asarray(mass, float))
    fixed = {"m_v": masses, "epsilon": epsilon, "lambda_over_alpha_d": scale, "alpha_d": 0.5}
    return Vector.of_model(DarkDipole(**{**fixed, **given}))


# --- spectra


@pytest.mark.parametrize(
    ("name", "energy", "mass", "accuracy"),
    [
        ("Al", 20.0, 0.0012, 0.08),
        ("Al", 20.0, 0.03, 0.05),
        ("W", 4.0, 0.1, 0.06),
        ("W", 8.0, 0.5, 0.08),
        ("Pb", 100.0, 1.0, 0.06),
        ("W", 4.0, 1.0, 0.2),
    ],
)
def test_dipoles_against_the_tree_amplitude(name, energy, mass, accuracy) -> None:
    m = MATERIALS[name]
    flux = effective_flux(m.z, m.a)

    def g2(t):
        return form_factor_squared(np.asarray(t, dtype=float), m.z, m.a)

    nodes, weights = np.polynomial.legendre.leggauss(24)
    for x in (0.7, 0.9, 0.95):
        least = 1e-2 * math.hypot(mass * math.sqrt((1.0 - x) / x), SM.m_e) / energy
        span = math.log(0.7 / least)
        expected = 0.0
        for node, weight in zip(nodes, weights, strict=True):
            theta = least * math.exp(0.5 * span * (node + 1.0))
            given = (x, theta, energy, mass, g2, SM.alpha, SM.m_e, (0.0, 1.0), (30, 8))
            expected += 0.5 * span * weight * theta * math.sin(theta) * d_sigma_dx_dcos(*given)
        found = brem.d_sigma_dx(np.array([x]), energy, mass, flux, structure=DIPOLE)[0]
        assert found == pytest.approx(expected, rel=accuracy), (x, found / expected)


def test_angles_of_dipoles_have_converged(monkeypatch) -> None:
    flux = effective_flux(74.0, 183.84)
    x = np.array([0.05, 0.5, 0.95, 0.999])[:, None]
    mass = np.array([1e-3, 0.03, 0.4])
    usual = [brem.d_sigma_dx(x, 8.0, mass, flux, a, DIPOLE) for a in (0.05, np.inf)]
    monkeypatch.setattr(brem, "_WIDE_NODES", 150)
    fine = [brem.d_sigma_dx(x, 8.0, mass, flux, a, DIPOLE) for a in (0.05, np.inf)]
    assert np.asarray(usual) == pytest.approx(np.asarray(fine), rel=3e-3, abs=1e-9)


def test_dipoles_radiate_to_wider_angles() -> None:
    flux = effective_flux(74.0, 183.84)
    x, mass = np.array([0.5, 0.9]), 0.05
    shares = []
    for structure in (VECTOR, DIPOLE):
        narrow, all_of_them = (
            brem.d_sigma_dx(x, 8.0, mass, flux, a, structure) for a in (0.01, np.inf)
        )
        shares.append(narrow / all_of_them)
    assert (shares[1] < shares[0]).all()


def test_a_heavier_lepton() -> None:
    """A muon radiates like an electron where neither mass matters, and less near x = 1."""
    flux = effective_flux(82.0, 207.2)
    x = np.array([0.3, 0.99])
    light, muon = (brem.d_sigma_dx(x, 160.0, 3.0, flux, m_lepton=m) for m in (SM.m_e, SM.m_mu))
    assert muon[0] == pytest.approx(light[0], rel=0.01)
    assert muon[1] < 0.95 * light[1]


# --- annihilation


def test_resonant_rates_against_the_amplitude() -> None:
    for mass in (1.1e-3, 2e-3, 0.2):
        vector, dipole, plus, minus = (
            decay_squared(mass, SM.m_e, c)
            for c in ((1.0, 0.0), (0.0, 1.0), (1.0, 3.0), (1.0, -3.0))
        )
        at = np.array([mass])
        assert of_structure(at, "dipole") == pytest.approx([dipole / vector], rel=1e-9, abs=0.0)
        cross = (plus - minus) / 6.0
        assert of_structure(at, "interference") == pytest.approx(
            [cross / vector], rel=1e-9, abs=0.0
        )


def test_annihilation_follows_the_width() -> None:
    """The same target and energies: the rates go as the partial widths to e+ e-."""
    experiment, mass = low_cut(), np.array([0.1])
    vector = annihilated(experiment, mass)
    dipole = annihilated(experiment, mass, structure="dipole")
    found = of_dipole(mass)
    width = found.widths["ee"] / found.dipoles["e"] ** 2
    plain = Vector.dark_photon(mass).widths["ee"]
    assert dipole.number[:, 0] / vector.number[:, 0] == pytest.approx(width / plain, rel=1e-6)
    assert (dipole.gamma_beta == vector.gamma_beta).all()


# --- experiments


def test_no_dipole_is_a_dark_photon() -> None:
    """Lambda out of reach: events of the dark photon of the same mixing, visible and invisible."""
    mass = np.array([0.003, 0.02, 0.1])
    for name, dark in (("e137", {}), ("ldmx", {"m_dm": 0.4 * mass, "alpha_d": 0.5})):
        experiment = get_experiment(name)
        photon = Vector.of_model(DarkPhoton(m_v=mass, epsilon=1e-4, **dark))
        nothing = of_dipole(mass, 1e-4, 1e20, **dark)
        ours = signal(experiment, nothing, np.array([1e-20]))
        assert ours == pytest.approx(signal(experiment, photon, np.array([1e-4])), rel=1e-6)


def test_events_of_a_vector_are_those_of_its_parts() -> None:
    """Yields weighted by hand, at couplings where neither decays nor widths matter."""
    mass = np.array([0.004, 0.05])
    experiment = get_experiment("ldmx")
    found = of_dipole(mass, 1e-3, m_dm=0.3 * mass)
    expected = 0.0
    for structure, weight in (
        ("vector", found.charges["e"] ** 2),
        ("interference", found.charges["e"] * found.dipoles["e"]),
        ("dipole", found.dipoles["e"] ** 2),
    ):
        part = missing_energy.yields(experiment, mass, structure)["electron-bremsstrahlung"]
        expected = expected + weight * part.number.sum(axis=1)
    invisible = found.branching(("invisible",), G[None, :] ** 2)
    assert signal(experiment, found, G) == pytest.approx(
        expected[:, None] * G**2 * invisible, rel=1e-9
    )


@pytest.mark.parametrize("name", ["ldmx", "na64_2023_positrons", "e137", "orsay"])
def test_rates_stay_positive_where_parts_interfere(name) -> None:
    """The square of a sum: for either sign, and largest where vector and dipole are alike."""
    mass = np.array([1.3e-3, 3e-3, 0.02])
    experiment = get_experiment(name)
    totals = []
    for epsilon in (-1e-5, 0.0, 1e-5):
        found = of_dipole(mass, epsilon, 2e3, m_dm=0.4 * mass)
        g = np.array([1.0 / 2e3])
        totals.append(signal(experiment, found, g * 1e-3))
    assert all(np.isfinite(t).all() and (t >= 0.0).all() for t in totals)


def test_interference_has_the_sign_of_the_width() -> None:
    """The dipole is that of the width: both signs of epsilon, near threshold where it is large."""
    experiment, mass = low_cut(), np.array([4e-2])
    rates, widths = [], []
    for epsilon in (1e-3, -1e-3):
        found = of_dipole(mass, epsilon, 1e2, m_dm=0.4 * mass)
        yields = missing_energy.yields
        parts = found.parts("electron-positron")
        rates.append(
            sum(
                c * yields(experiment, mass, name)["electron-positron"].number.sum(axis=1)
                for name, c in parts.items()
            )
        )
        widths.append(found.widths["ee"])
    assert rates[0] / rates[1] == pytest.approx(widths[0] / widths[1], rel=1e-6)
    assert abs(rates[0][0] / rates[1][0] - 1.0) > 1e-4


def test_yields_are_remembered_by_structure() -> None:
    experiment = get_experiment("e137")
    mass = np.array([0.01, 0.03])
    first = electron_dump.yields(experiment, mass, "vector")
    dipole = electron_dump.yields(experiment, mass, "dipole")
    assert electron_dump.yields(experiment, mass, "vector") is first
    assert electron_dump.yields(experiment, mass, "dipole") is dipole
    numbers = [y["electron-bremsstrahlung"].number.sum(axis=1) for y in (first, dipole)]
    assert not np.allclose(numbers[0], numbers[1])


def test_merged_bins_of_either_sign() -> None:
    """Numbers and signs survive the merging of bins, and boosts stay within their range."""
    experiment = get_experiment("e137")
    for structure in ("interference", "dipole"):
        found = radiated(experiment, np.array([2e-3, 0.02]), 1e-2, structure)
        assert np.isfinite(found.number).all()
        energies = found.gamma_beta * np.array([2e-3, 0.02])[:, None]
        assert (energies < 1.001 * experiment["beam_energy"]).all()
        assert (energies > 0.999 * experiment["energy_min"] - 0.02).all()


def test_reach_of_ldmx_goes_with_the_square_root_of_the_electrons() -> None:
    experiment = get_experiment("ldmx")
    more = {**experiment.values, "electrons_on_target": 100 * experiment["electrons_on_target"]}
    found = of_dipole([0.05, 0.3], m_dm=np.array([0.02, 0.12]))
    lower, _ = interval(experiment, found, (1e-10, 1e-2))
    low, _ = interval(replace(experiment, values=more), found, (1e-10, 1e-2))
    assert lower / low == pytest.approx([10.0, 10.0], rel=1e-2)
    # a largest excluded Lambda/alpha_d in the hundreds of TeV at low mass
    assert 1e4 < 1.0 / lower[0] < 1e7
