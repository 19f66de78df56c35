"""Electron beams: equivalent photons, radiation, showers, annihilation, dumps, missing energy."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oracles.amplitudes import creation_current
from oracles.dirac import GAMMA, METRIC, pair
from oracles.electron_nucleus import d_sigma_dx as exact
from vectorportal.bounds.experiments import electron_bremsstrahlung as brem
from vectorportal.bounds.experiments import electron_dump, missing_energy
from vectorportal.bounds.experiments.calibration import calibrate, reference_vector
from vectorportal.bounds.experiments.electron_beam import radiated
from vectorportal.bounds.experiments.electron_positrons import (
    _STEP,
    _paths,
    annihilation,
    positron_path,
    resonance_energy,
)
from vectorportal.bounds.experiments.electron_target import (
    MATERIALS,
    effective_flux,
    form_factor_squared,
    material,
    path_above,
)
from vectorportal.bounds.experiments.events import interval, signal
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.errors import UsageError
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models import get_model

SM = StandardModel.default()
DUMPS = ("e137", "e141", "e774", "kek", "orsay", "na64_visible")
MISSING = ("na64_2019_invisible", "na64_2023_invisible", "na64_2023_positrons", "ldmx")


# --- the nucleus


def test_form_factor_limits() -> None:
    """A neutral atom from afar, Z^2 between atom and nucleus, nothing at large momentum."""
    lead = MATERIALS["Pb"]
    assert form_factor_squared(np.array(1e-20), lead.z, lead.a) < 1e-9
    assert form_factor_squared(np.array(3e-6), lead.z, lead.a) == pytest.approx(
        lead.z**2 + lead.z, rel=0.02
    )
    assert form_factor_squared(np.array(10.0), lead.z, lead.a) < 1.0


def test_flux_against_direct_integration() -> None:
    from scipy.integrate import quad

    for name, low, high in (("Al", 1e-9, 1e-2), ("W", 1e-15, 1e-6), ("Pb", 1e-4, 1.0)):
        m = MATERIALS[name]
        z, a = m.z, m.a

        def integrand(x: float, z=z, a=a, low=low) -> float:
            t = math.exp(x)
            return (t - low) / t * float(form_factor_squared(np.array(t), z, a))

        expected = quad(integrand, math.log(low), math.log(high), limit=500)[0]
        found = effective_flux(z, a).between(np.array(low), np.array(high))
        assert found == pytest.approx(expected, rel=2e-4)
    assert effective_flux(13.0, 27.0).between(np.array(1.0), np.array(0.5)) == 0.0


def test_unknown_material() -> None:
    with pytest.raises(UsageError, match="did you mean Pb"):
        material("pB")


def test_depth() -> None:
    assert MATERIALS["W"].depth(0.12) == pytest.approx(0.12 / 0.0035, rel=0.01)


# --- radiation


class _OnePhoton:
    """A flux of 1 at all angles."""

    def between(self, t_min, t_max):
        return np.ones(np.broadcast_shapes(np.shape(t_min), np.shape(t_max)))


def test_integral_over_the_angle_in_closed_form() -> None:
    x = np.array([0.1, 0.5, 0.9, 0.999])[:, None]
    mass = np.array([1e-3, 0.02, 0.3])
    found = brem.d_sigma_dx(x, 10.0, mass, _OnePhoton())  # pyright: ignore[reportArgumentType]
    low = mass**2 * (1 - x) / x + SM.m_e**2 * x
    heavy = mass**2 + 2 * SM.m_e**2
    expected = 2 * (2 - 2 * x + x**2) / low - 2 / 3 * (1 - x) * x * heavy / low**2
    expected = expected * SM.alpha**3 * np.sqrt(1 - (mass / (10 * x)) ** 2)
    assert found == pytest.approx(expected, rel=1e-9)


def test_improved_form_is_that_integral_for_heavy_vectors() -> None:
    """4 (1 - x + x^2/3)/(m^2 (1 - x)/x): the same where the electron mass does not matter."""
    flux = effective_flux(13.0, 26.98)
    x, energy, mass = np.array([0.2, 0.6]), np.full(2, 1e4), np.full(2, 0.1)
    chi = flux.between((mass**2 / (2 * energy)) ** 2, mass**2)
    one = brem.d_sigma_dx(x, energy, mass, _OnePhoton())  # pyright: ignore[reportArgumentType]
    assert brem.d_sigma_dx_improved(x, energy, mass, flux) == pytest.approx(one * chi, rel=1e-3)


def test_massless_limit_is_bremsstrahlung() -> None:
    """dN/dx = (4/3 - 4/3 x + x^2)/x per radiation length, complete screening (Tsai 1974).

    The photons run up to t ~ m_e^2, to logarithmic accuracy: 10 to 20% off the radiation lengths
    of the tables for t_max between one and four m_e^2, the same at all x.
    """
    x = np.array([0.05, 0.3, 0.7])
    one = brem.d_sigma_dx(x, 1e4, np.full(3, 1e-9), _OnePhoton())  # pyright: ignore
    for name in ("Al", "W", "Pb"):
        m = MATERIALS[name]
        flux = effective_flux(m.z, m.a)
        chi = [flux.between(np.array(1e-22), np.array(n * SM.m_e**2)) for n in (1.0, 4.0)]
        expected = 4 / 3 - 4 / 3 * x + x**2
        low, high = (one * c * m.atoms * x / expected for c in chi)
        assert np.ptp(low) < 1e-6
        assert 0.75 < low[0] < 1.0
        assert 0.9 < high[0] < 1.1


@pytest.mark.parametrize(
    ("name", "energy", "mass"),
    [
        ("Al", 20.0, 0.0012),
        ("Al", 20.0, 0.03),
        ("Al", 20.0, 0.3),
        ("W", 1.6, 0.01),
        ("W", 275.0, 0.01),
        ("Pb", 100.0, 1.0),
    ],
)
def test_weizsaecker_williams_against_the_tree_amplitude(name, energy, mass) -> None:
    m = MATERIALS[name]

    def g2(t):
        return form_factor_squared(np.asarray(t, dtype=float), m.z, m.a)

    flux = effective_flux(m.z, m.a)
    for x in (0.3, 0.9, 0.99):
        expected = exact(x, energy, mass, g2, SM.alpha, SM.m_e)
        found = brem.d_sigma_dx(np.array([x]), energy, mass, flux)[0]
        assert found == pytest.approx(expected, rel=0.1), (x, found / expected)


def test_the_exact_integral_has_converged() -> None:
    m = MATERIALS["Al"]

    def g2(t):
        return form_factor_squared(np.asarray(t, dtype=float), m.z, m.a)

    coarse = exact(0.7, 20.0, 0.03, g2, SM.alpha, SM.m_e)
    fine = exact(0.7, 20.0, 0.03, g2, SM.alpha, SM.m_e, (20, 36, 16))
    assert coarse == pytest.approx(fine, rel=5e-3)


def test_angular_cut() -> None:
    """All of the radiation within a wide cone, less within narrower ones, none at zero."""
    flux = effective_flux(74.0, 183.84)
    x = np.array([0.5, 0.9])
    everything = brem.d_sigma_dx(x, 9.0, 0.01, flux)
    wide, narrow, least = (brem.d_sigma_dx(x, 9.0, 0.01, flux, a) for a in (0.3, 1e-3, 1e-6))
    assert wide == pytest.approx(everything, rel=1e-3)
    assert (narrow < 0.9 * everything).all()
    # inside the smallest cone the spectrum is flat: the solid angle counts
    half = brem.d_sigma_dx(x, 9.0, 0.01, flux, 5e-7)
    assert least == pytest.approx(4 * half, rel=1e-3)


# --- the shower


def test_path_of_beam_electrons() -> None:
    """Thin target: the whole depth; thick target: against the integral of Tsai's distribution."""
    from scipy.integrate import dblquad

    assert path_above(np.array([50.0]), 0.01)[0] == pytest.approx(0.01, rel=1e-6)

    def density(y: float, t: float) -> float:
        b = 4.0 / 3.0 * t
        return math.exp((b - 1) * math.log(y) - y - math.lgamma(b)) * math.exp(y)

    # gammainc has the factor e^-y of dE/E0 = e^-y dy
    def path(y: float, t: float) -> float:
        return density(y, t) * math.exp(-y)

    expected = dblquad(path, 0.5, 3.0, 0.2, 1.5, epsabs=1e-8)[0]
    found = np.diff(path_above(np.array([0.2, 1.5]), 3.0))[0]
    found -= np.diff(path_above(np.array([0.2, 1.5]), 0.5))[0]
    assert found == pytest.approx(expected, rel=1e-4)


def test_path_does_not_grow_behind_the_shower() -> None:
    y = np.array([0.1, 1.0, 2.0])
    assert path_above(y, 200.0) == pytest.approx(path_above(y, 60.0), rel=1e-4)


def test_energy_of_the_photons_that_convert() -> None:
    """Integrated over E, positrons of the first pairs carry half of what the beam has radiated.

    The path of a positron of energy E is that of the beam, so with the path of the beam as a
    measure of its energy (integral of E/E0 dL), the second is half the first times itself.
    """
    first, second = _paths(3000, 60.0)
    y = np.arange(3000) * _STEP
    energy_first = np.sum(first * np.exp(-y - 0.5 * _STEP))
    energy_second = np.sum(second * np.exp(-y - 2.0 * _STEP))
    assert energy_first == pytest.approx(1.0 / (4.0 / 3.0 * math.log(2.0)), rel=3e-3)
    # the spectrum 4/3 - 4/3 v + v^2 takes the whole energy in one radiation length
    assert energy_second == pytest.approx(energy_first**2 / 2.0, rel=3e-3)


def test_no_positrons_above_the_beam() -> None:
    assert (positron_path(np.array([0.5, 1.0]), 40.0, True) == 0.0).all()


def test_resonant_cross_section_against_the_amplitude() -> None:
    """pi/(s) |M|^2 delta(s - m^2) with |M|^2 from spinors, averaged over both spins."""
    mass = 0.2
    k1, k2 = pair(mass**2, SM.m_e, SM.m_e)
    current = creation_current(k1, k2, SM.m_e, GAMMA)
    squared = -np.einsum("sm,mn,sn->", current, METRIC, current.conj()).real / 4
    # int ds sigma = 2 pi |M|^2/(2 s), e^2 for the coupling; dE = ds/(2 m_e)
    area = math.pi * SM.e**2 * float(squared) / mass**2 / (2 * SM.m_e)
    chance, energy = annihilation(np.array([mass]), 100.0, 40.0, True)
    path = positron_path(100.0 / energy, 40.0, True) / energy
    assert chance / path == pytest.approx([area], rel=1e-4)
    assert energy == pytest.approx(resonance_energy(np.array([mass])))
    assert 2 * SM.m_e**2 + 2 * SM.m_e * energy[0] == pytest.approx(mass**2)


def test_annihilation_stops_at_threshold_and_beam_energy() -> None:
    chance, _ = annihilation(np.array([1e-3, 0.1, 0.4]), 100.0, 40.0, False)
    assert chance[0] == 0.0
    assert chance[1] > 0.0
    assert chance[2] == 0.0


# --- what an experiment sees


def test_bins_of_the_beam_have_converged(monkeypatch) -> None:
    from vectorportal.bounds.experiments import electron_beam

    experiment = get_experiment("e137")
    mass = np.array([1.5e-3, 0.02, 0.2])
    coarse = radiated(experiment, mass, 1e-2).number.sum(axis=1)
    monkeypatch.setattr(electron_beam, "_ENERGIES", 140)
    monkeypatch.setattr(electron_beam, "_SOFT", 32)
    monkeypatch.setattr(electron_beam, "_HARD", 48)
    fine = radiated(experiment, mass, 1e-2).number.sum(axis=1)
    assert coarse == pytest.approx(fine, rel=0.02)


@pytest.mark.parametrize("name", ["e137", "kek"])
def test_merged_bins_do_not_move_the_limit(name, monkeypatch) -> None:
    from vectorportal.bounds.experiments import electron_beam

    experiment = get_experiment(name)
    vector = Vector.dark_photon(np.array([0.003, 0.03]))
    merged = interval(experiment, vector)
    monkeypatch.setattr(electron_beam, "_BINS", 10_000)
    # an efficiency that differs by nothing, so that nothing is remembered
    values = {**experiment.values, "efficiency": 0.999999}
    assert interval(replace(experiment, values=values), vector)[0] == pytest.approx(
        merged[0], rel=3e-3
    )
    assert interval(replace(experiment, values=values), vector)[1] == pytest.approx(
        merged[1], rel=3e-3
    )


def test_share_of_decays_that_hit_against_random_decays() -> None:
    experiment = get_experiment("e141")
    values = {**experiment.values, "detector_radius": 0.05}
    rng = np.random.default_rng(3)
    mass, energy, distance = 0.01, 6.0, 20.0
    boost = np.array([[energy / mass]])
    cos = rng.uniform(-1, 1, 400_000)
    beta = math.sqrt(1 - (mass / energy) ** 2)

    def ray(c):
        e = energy / 2 * (1 + beta * c)
        along = energy / 2 * (beta + c)
        return e, np.where(along > 0, mass / 2 * np.sqrt(1 - c**2) / along, np.inf) * distance

    (e1, r1), (_, r2) = ray(cos), ray(-cos)
    for seen, expected in (
        ("any", np.mean((r1 < 0.05) | (r2 < 0.05))),
        ("positron", np.mean((r1 < 0.05) & (e1 > 4.5))),
    ):
        given = replace(experiment, values={**values, "seen": seen})
        found = electron_dump.hits(given, np.array([mass]), boost, distance)[0, 0]
        assert found == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("name", DUMPS)
def test_no_dump_excludes_tiny_or_huge_couplings(name) -> None:
    vector = Vector.dark_photon(np.geomspace(1.1e-3, 0.5, 20))
    events = signal(get_experiment(name), vector, np.array([1e-9, 1.0]))
    assert (np.nan_to_num(events) < 1e-2 * get_experiment(name).n_limit).all()


def test_lower_edge_goes_with_the_fourth_root_of_the_number_of_electrons() -> None:
    """Events go as g^4 while the vector outlives the experiment."""
    experiment = get_experiment("e137")
    more = {**experiment.values, "electrons_on_target": 16 * experiment["electrons_on_target"]}
    vector = Vector.dark_photon(np.array([0.005, 0.02]))
    lower, upper = interval(experiment, vector)
    low, high = interval(replace(experiment, values=more), vector)
    assert lower / low == pytest.approx([2.0, 2.0], rel=1e-2)
    assert (high > upper).all()
    assert (high < 1.3 * upper).all()


def test_harder_cuts_see_less() -> None:
    experiment = get_experiment("orsay")
    vector = Vector.dark_photon(np.array([0.01]))
    g = np.array([3e-6])
    events = [
        signal(replace(experiment, values={**experiment.values, **change}), vector, g)[0, 0]
        for change in ({}, {"energy_min": 0.5}, {"energy_min": 1.0}, {"energy_min": 1.599})
    ]
    assert events[0] > events[1] > events[2] > events[3] > 0.0
    aimed = {**experiment.values, "detector_radius": 0.1}
    assert signal(replace(experiment, values=aimed), vector, g)[0, 0] < events[0]


def test_dark_decays_take_vectors_away_from_a_dump() -> None:
    """Shared widths: the yield of long-lived vectors does not change, that of others falls."""
    experiment = get_experiment("e137")
    mass = np.array([0.05])
    plain = Vector.dark_photon(mass)
    g = np.array([1e-7, 2e-6])
    width = plain.total(g**2)[0]
    without = signal(experiment, plain, g)[0]
    tiny = signal(experiment, Vector.dark_photon(mass, 1e-6 * width[0]), g)[0]
    large = signal(experiment, Vector.dark_photon(mass, 1e3 * width[1]), g)[0]
    assert tiny == pytest.approx(without, rel=1e-4)
    assert (large < 1e-3 * without).all()


def test_vectors_that_miss_the_electron_are_not_made() -> None:
    model = get_model("charged-vector")(m_v=np.array([0.02]), g_x=1e-3, charges="B")
    lower, _ = interval(get_experiment("e137"), Vector.of_model(model))
    assert np.isnan(lower).all()


def test_b_minus_l_follows_the_dark_photon() -> None:
    """Below the muon and pion thresholds: couplings e epsilon -> g, and neutrinos beside electrons.

    A long-lived B-L vector has the same visible width, so the lower edge is that in g/e.
    """
    mass = np.array([0.005, 0.02])
    model = get_model("charged-vector")(m_v=mass, g_x=1e-3, charges="B-L")
    experiment = get_experiment("e137")
    g, _ = interval(experiment, Vector.of_model(model))
    epsilon, _ = interval(experiment, Vector.dark_photon(mass))
    assert g / SM.e == pytest.approx(epsilon, rel=5e-3)


def test_missing_energy_counts_invisible_decays() -> None:
    experiment = get_experiment("na64_2023_invisible")
    mass = np.array([0.03])
    g = np.array([1e-4])
    visible = Vector.dark_photon(mass).total(g**2)[0, 0]
    all_dark = signal(experiment, reference_vector(experiment, mass), g)[0, 0]
    half = signal(experiment, Vector.dark_photon(mass, visible), g)[0, 0]
    assert half == pytest.approx(all_dark / 2, rel=1e-3)
    assert signal(experiment, Vector.dark_photon(mass), g)[0, 0] < 1e-9 * all_dark


def test_one_sided_limit_goes_with_the_root_of_the_number_of_electrons() -> None:
    experiment = get_experiment("ldmx")
    values = {**experiment.values, "electrons_on_target": 100 * experiment["electrons_on_target"]}
    vector = reference_vector(experiment, np.array([0.01]))
    lower, upper = interval(experiment, vector)
    low, _ = interval(replace(experiment, values=values), vector)
    assert lower / low == pytest.approx([10.0], rel=1e-3)
    assert np.isnan(upper).all()


def test_visible_decays_behind_the_apparatus_go_missing() -> None:
    experiment = get_experiment("na64_2019_invisible")
    far = replace(experiment, values={**experiment.values, "depth": 10.0})
    mass, g = np.array([0.002]), np.array([1e-7, 1e-2])
    vector = Vector.dark_photon(mass)
    everything = signal(experiment, reference_vector(experiment, mass), g)[0]
    found = signal(far, vector, g)[0]
    assert found[0] == pytest.approx(everything[0], rel=0.02)
    assert found[1] < 1e-3 * everything[1]


def test_annihilation_adds_a_resonance() -> None:
    experiment = get_experiment("na64_2023_invisible")
    without = replace(experiment, values={**experiment.values, "annihilation": "no"})
    mass = np.array([0.1, 0.25, 0.5])
    g = np.array([1e-3])
    vector = reference_vector(experiment, mass)
    ratio = (signal(experiment, vector, g) / signal(without, vector, g))[:, 0]
    assert ratio[[0, 2]] == pytest.approx([1.0, 1.0])
    assert ratio[1] > 1.3


def test_annihilation_in_a_dump_is_an_option() -> None:
    """On the resonance of 2 to 20 GeV positrons (45 to 143 MeV) it makes more vectors than
    radiation, and none beside it; fewer within a narrow cone."""
    experiment = get_experiment("e137")
    mass = np.array([0.03, 0.06, 0.16])
    vector, g = Vector.dark_photon(mass), np.array([1e-7])
    values = {**experiment.values, "annihilation": "yes"}
    both = signal(replace(experiment, values=values), vector, g)[:, 0]
    ratio = both / signal(experiment, vector, g)[:, 0]
    assert ratio[[0, 2]] == pytest.approx([1.0, 1.0])
    assert ratio[1] > 10.0
    narrow = {**values, "detector_radius": 0.3}
    assert signal(replace(experiment, values=narrow), vector, g)[1, 0] < 0.5 * both[1]


def test_domain_ends_at_the_beam_energy() -> None:
    mass = np.array([1.0, 7.9, 8.0])
    assert missing_energy.domain(get_experiment("ldmx"), mass).tolist() == [True, True, False]


# --- published limits


@pytest.mark.parametrize("name", [*DUMPS, *MISSING])
def test_published_limits_within_a_factor_two(name) -> None:
    """Typical ratios of couplings; docs/experiments.md says where single masses differ by more."""
    experiment = get_experiment(name)
    found = calibrate(experiment)
    assert 0.5 < np.nanmedian(found["ratio_lower"]) < 2.0
    if np.isfinite(found["ratio_upper"]).any():
        assert 0.5 < np.nanmedian(found["ratio_upper"]) < 2.0
    assert found["missed"] <= 0.15
    assert found["spread"] < 2.0
    assert experiment.spread == pytest.approx(found["spread"], rel=0.06)


def test_recast_of_2012_without_thresholds() -> None:
    """E137 of Andreas et al.: no energy threshold, no acceptance, three events."""
    experiment = get_experiment("e137")
    bare = {**experiment.values, "energy_min": 0.0, "detector_radius": 0.0}
    found = calibrate(replace(experiment, values=bare, n_limit=3.0, record="e137_2012_andreas"))
    assert found["spread"] < 1.15
    assert found["missed"] == 0.0
