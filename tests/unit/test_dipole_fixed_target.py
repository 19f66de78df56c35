"""Recoil of electrons on a fixed target: amplitudes, kinematics, spectra and observables."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oracles.dipole_bremsstrahlung import smallest_and_largest_u, squared
from oracles.electron_nucleus import d_sigma_dx_dcos
from vectorportal.errors import ParameterError, UsageError
from vectorportal.formulas import electron_radiation as radiation
from vectorportal.formulas.electron_recoil import Recoil
from vectorportal.formulas.target_photons import (
    MATERIALS,
    effective_flux,
    form_factor_squared,
)
from vectorportal.inputs.settings import Options
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.dark_dipole import DarkDipole
from vectorportal.observables.base import evaluate, gradient

SM = StandardModel.default()
PRINTED = Options(prescription="as-printed")
TUNGSTEN = MATERIALS["W"]
FLUX = effective_flux(TUNGSTEN.z, TUNGSTEN.a)


def model(**given) -> DarkDipole:
    """The numbers that the paper uses as an example."""
    usual = {"m_v": 0.1, "epsilon": 1e-4, "lambda_over_alpha_d": 2.5e4, "alpha_d": 0.5}
    return DarkDipole(**{**usual, **given})


def recoil(mass: float, theta_max: float = 0.5, low: float = 0.0, printed: bool = False) -> Recoil:
    values = (np.array([v]) for v in (4.0, mass, theta_max, low, 4.0))
    return Recoil(*values, SM.alpha, SM.m_e, printed)


# --- e gamma -> e V


@pytest.mark.parametrize("m_e", [1e-4, 0.05, 0.4])
@pytest.mark.parametrize("mass", [0.03, 0.3, 1.1])
def test_structures_against_spinors(mass, m_e) -> None:
    """|g V + d D|^2 for three pairs of couplings, with the electron's mass, at any angle."""
    rng = np.random.default_rng(7)
    for _ in range(8):
        s_hat = (mass + m_e) ** 2 - m_e**2 + rng.exponential(1.0)
        low, high = smallest_and_largest_u(s_hat + m_e**2, mass, m_e)
        u = rng.uniform(low, high)
        parts = [f(1.0 - u / s_hat, u, mass, m_e) for f in radiation.STRUCTURES.values()]
        for g, d in ((1.0, 0.0), (0.0, 1.0), (0.7, -1.3)):
            expected = squared(s_hat, u, mass, m_e, (g, d))
            found = g * g * parts[0] + g * d * parts[1] + d * d * parts[2]
            scale = g * g * parts[0] + d * d * parts[2]
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


def test_the_printed_cross_section_is_the_limit_of_small_masses() -> None:
    """(16): 8 pi alpha alpha_D/Lambda^2 (s + u)/s^2 for m -> 0, and low elsewhere."""
    x, u = 0.4, 0.9
    light = radiation.dipole_structure(x, u, 1e-6, 0.0)
    assert light == pytest.approx(4.0 * u * x / (1.0 - x), rel=1e-9)
    # at theta = 0 and without m_e the term left out is x^2/(4 (1 - x)) of the printed one
    for x in (0.1, 0.5, 0.9, 0.99):
        u = radiation.smallest_u(x, 0.3, 0.0)
        ratio = radiation.dipole_structure(x, u, 0.3, 0.0) * (1.0 - x) / (4.0 * u * x)
        assert ratio == pytest.approx(1.0 + 0.25 * x**2 / (1.0 - x), rel=1e-9)


@pytest.mark.parametrize("x", [0.2, 0.7, 0.97])
def test_printed_densities_at_small_angles_and_masses(x) -> None:
    """(17) and (A12): the density with the same photons, where m and m_e do not matter."""

    class One:
        def between(self, t_min, t_max):
            return np.ones(np.broadcast_shapes(np.shape(t_min), np.shape(t_max)))

    energy, mass, theta, flux = 1e3, 0.01, 3e-3, One()
    u, slope = radiation.virtuality(x, theta, energy, mass, SM.m_e)
    for name, law in (
        ("vector", radiation.printed_vector),
        ("dipole", radiation.printed_dipole),
    ):
        given = (flux, SM.alpha, SM.m_e)
        printed = law(x, theta, energy, mass, *given)  # pyright: ignore[reportArgumentType]
        structure = radiation.STRUCTURES[name]
        found = slope * radiation.d_sigma_dx_du(
            x,
            u,
            energy,
            mass,
            flux,  # pyright: ignore[reportArgumentType]
            structure,
            SM.alpha,
            SM.m_e,
        )
        assert found == pytest.approx(printed, rel=0.02)


def test_virtuality_against_momenta() -> None:
    energy, mass = 4.0, 0.7
    for x, theta in ((0.2, 0.3), (0.6, 0.0), (0.95, 1.2)):
        p = np.array([energy, 0.0, 0.0, math.sqrt(energy**2 - SM.m_e**2)])
        k_abs = math.sqrt((x * energy) ** 2 - mass**2)
        k = np.array(
            [x * energy, k_abs * math.sin(theta), 0.0, k_abs * math.cos(theta)],
        )
        metric = np.array([1.0, -1.0, -1.0, -1.0])
        expected = SM.m_e**2 - float((p - k) @ (metric * (p - k)))
        u, slope = radiation.virtuality(x, theta, energy, mass, SM.m_e)
        assert u == pytest.approx(expected, rel=1e-12)
        assert slope == pytest.approx(2.0 * p[3] * k_abs, rel=1e-12)
    # far forwards and fast it is the approximation of the papers
    u, _ = radiation.virtuality(0.5, 1e-3, 100.0, 0.1, SM.m_e)
    low = radiation.smallest_u(0.5, 0.1, SM.m_e)
    assert u == pytest.approx(low + 0.5 * 0.1**2, rel=1e-4)


# --- the approximation against the exact tree


def _exact(x: float, mass: float, couplings: tuple[float, float], theta_max: float) -> float:
    """d sigma/dx of the tree up to the angle, even in ln(theta)."""

    def g2(t):
        return form_factor_squared(np.asarray(t, dtype=float), TUNGSTEN.z, TUNGSTEN.a)

    nodes, weights = np.polynomial.legendre.leggauss(16)
    least = 1e-2 * math.hypot(mass * math.sqrt((1.0 - x) / x), SM.m_e) / 4.0
    span = math.log(theta_max / least)
    total = 0.0
    for node, weight in zip(nodes, weights, strict=True):
        theta = least * math.exp(0.5 * span * (node + 1.0))
        given = (x, theta, 4.0, mass, g2, SM.alpha, SM.m_e, couplings, (30, 10))
        total += 0.5 * span * weight * theta * math.sin(theta) * d_sigma_dx_dcos(*given)
    return total


@pytest.mark.parametrize(
    ("mass", "x", "vector", "dipole"),
    [
        (0.1, 0.5, 0.03, 0.04),
        (0.1, 0.95, 0.05, 0.06),
        (0.1, 0.99, 0.05, 0.07),
        (0.5, 0.7, 0.05, 0.09),
        (0.5, 0.95, 0.08, 0.08),
        (1.0, 0.7, 0.05, 0.23),
        (1.0, 0.95, 0.26, 0.09),
    ],
)
def test_recoil_energies_against_the_tree_amplitude(mass, x, vector, dipole) -> None:
    given = recoil(mass)
    energy = np.array([4.0 * (1.0 - x)])
    for name, couplings, accuracy in (
        ("vector", (1.0, 0.0), vector),
        ("dipole", (0.0, 1.0), dipole),
    ):
        found = 4.0 * given.at_energy(energy, name)[0]
        assert found == pytest.approx(_exact(x, mass, couplings, 0.5), rel=accuracy)


def test_interference_against_the_tree_amplitude() -> None:
    """A muon-like mass of the electron, where it is not lost: the difference of two signs of d."""

    def g2(t):
        return form_factor_squared(np.asarray(t, dtype=float), TUNGSTEN.z, TUNGSTEN.a)

    mass, m_l, energy, x = 0.05, 0.1, 60.0, 0.6
    for theta in (0.0, 2e-3):
        given = (x, theta, energy, mass, g2, SM.alpha, m_l)
        plus, minus = (d_sigma_dx_dcos(*given, (1.0, d)) for d in (5.0, -5.0))
        u, slope = radiation.virtuality(x, theta, energy, mass, m_l)
        law = radiation.STRUCTURES["interference"]
        found = radiation.d_sigma_dx_du(x, u, energy, mass, FLUX, law, SM.alpha, m_l)
        assert 5.0 * slope * found == pytest.approx(0.5 * (plus - minus), rel=0.05)


# --- spectra


@pytest.mark.parametrize("printed", [False, True])
@pytest.mark.parametrize("structure", ["vector", "dipole"])
@pytest.mark.parametrize("mass", [0.01, 0.3, 1.0])
def test_three_ways_to_the_same_cross_section(mass, structure, printed) -> None:
    """The integral over E_e, over p_T and over the table of both."""
    given = recoil(mass, printed=printed)
    energies, d_energy = given.energies()
    momenta, d_pt = given.momenta()
    table, weights = given.table(structure)
    total = np.sum(table * weights)
    spread = given.spread()
    assert np.sum(d_energy * spread.at_energy(energies, structure)) == pytest.approx(
        total, rel=1e-6
    )
    assert np.sum(d_pt * spread.at_pt(momenta, structure)) == pytest.approx(total, rel=5e-3)


def test_nodes_have_converged(monkeypatch) -> None:
    from vectorportal.formulas import electron_recoil

    points = {"at_energy": [1e-3, 0.05, 1.0], "at_pt": [1e-3, 0.05, 0.7]}

    def found() -> list[float]:
        return [
            float(getattr(recoil(mass), law)(np.array([at]), name)[0])
            for mass in (0.1, 0.8)
            for law, values in points.items()
            for at in values
            for name in ("vector", "dipole")
        ]

    usual = found()
    monkeypatch.setattr(electron_recoil, "_ANGLES", np.polynomial.legendre.leggauss(150))
    monkeypatch.setattr(electron_recoil, "_FRACTIONS", np.polynomial.legendre.leggauss(300))
    assert usual == pytest.approx(found(), rel=1e-3, abs=0.0)


def test_printed_dipoles_grow_with_the_logarithm_of_the_angle() -> None:
    """d sigma/dE of (17) is 4 alpha^3 chi beta x ln(U_max/U_min)/E."""
    energy, angles = np.array([2.0]), (0.1, 0.2, 0.4)
    values = [recoil(0.1, a, printed=True).at_energy(energy, "dipole")[0] for a in angles]
    chi = FLUX.between((0.1**2 / 8.0) ** 2, 0.1**2)
    beta = math.sqrt(1.0 - (0.1 / 4.0) ** 2)
    low = radiation.smallest_u(0.5, 0.1, SM.m_e)
    for angle, value in zip(angles, values, strict=True):
        log = math.log1p(0.5 * (4.0 * angle) ** 2 / low)
        assert value == pytest.approx(4.0 * SM.alpha**3 * chi * beta * 0.5 * log / 4.0, rel=1e-9)
    # the nucleus ends that where its photons are followed
    true = [recoil(0.1, angle).at_energy(energy, "dipole")[0] for angle in (0.25, 0.5, 1.0)]
    assert true[2] - true[1] < 0.2 * (true[1] - true[0])


# --- observables


def test_ratio_quoted_in_the_paper() -> None:
    """(18): 0.22/alpha_D."""
    assert evaluate(model(), "r_fixed_target").value * 0.5 == pytest.approx(0.22, rel=0.01)
    none = evaluate(model(epsilon=0.0), "r_fixed_target")
    assert np.isnan(none.value)
    assert "epsilon is 0" in none.reasons[int(none.status)][0]


def test_couplings_add_up() -> None:
    """Interference is what `all` has beyond both; small, and of the sign of epsilon."""
    sizes = {}
    for epsilon in (1e-4, -1e-4):
        parts = [
            evaluate(
                model(epsilon=epsilon, m_v=2e-3),
                "sigma_fixed_target",
                x=0.9,
                theta=1e-3,
                coupling=word,
            ).value
            for word in ("all", "vector", "dipole")
        ]
        sizes[epsilon] = (parts[0] - parts[1] - parts[2]) / (parts[1] + parts[2])
    assert sizes[1e-4] == pytest.approx(-sizes[-1e-4], rel=1e-6)
    assert 1e-6 < abs(sizes[1e-4]) < 0.2
    printed = [
        evaluate(
            model(), "sigma_fixed_target", options=PRINTED, x=0.9, theta=1e-3, coupling=word
        ).value
        for word in ("all", "vector", "dipole")
    ]
    assert printed[0] == pytest.approx(printed[1] + printed[2], rel=1e-12, abs=0.0)


def test_size_of_the_printed_prefactor() -> None:
    """(17) by hand, in the symbols of the paper."""
    m_v, energy, x, theta = 0.1, 4.0, 0.7, 0.03
    u = energy**2 * theta**2 * x + m_v**2 * (1 - x) / x + SM.m_e**2 * x
    chi = FLUX.between((m_v**2 / (2 * energy)) ** 2, m_v**2)
    lam = 2.5e4 * 0.5
    by_hand = 8 * SM.alpha * chi * math.sqrt(1 - (m_v / energy) ** 2)
    by_hand *= SM.alpha / 0.5 * (0.5 / lam) ** 2 * x / u * energy**2 * x
    found = evaluate(
        model(), "sigma_fixed_target", options=PRINTED, x=x, theta=theta, coupling="dipole"
    )
    assert found.value == pytest.approx(by_hand, rel=1e-9, abs=0.0)


def test_shapes_of_dipoles_and_vectors() -> None:
    """Harder in p_T as the paper says; in E_e, too, for (17) as printed and as corrected."""
    energies, momenta = np.array([0.02, 0.2, 1.0]), np.array([0.01, 0.1, 0.5])
    for options in (None, PRINTED):
        for name, key, at in (
            ("recoil_energy_spectrum", "recoil_energy", energies),
            ("recoil_pt_spectrum", "pt", momenta),
        ):
            found = [
                evaluate(model(), name, options=options, coupling=word, **{key: at}).value
                for word in ("dipole", "vector")
            ]
            ratio = found[0] / found[1]
            assert (np.diff(ratio) > 0.0).all()


def test_flags() -> None:
    heavy = evaluate(model(m_v=4.5), "recoil_pt_spectrum", pt=0.1)
    assert np.isnan(heavy.value)
    assert heavy.status != 0
    low = evaluate(model(lambda_over_alpha_d=1.0), "recoil_pt_spectrum", pt=0.1)
    assert np.isfinite(low.value)
    assert "Lambda" in " ".join(low.reasons[int(low.status)])
    usual = evaluate(model(), "recoil_energy_spectrum", recoil_energy=[1e-4, 0.5, 3.95, 7.0])
    assert (usual.status == 0).all()
    assert usual.value[1] > 0.0
    assert usual.value[[0, 2, 3]] == pytest.approx([0.0, 0.0, 0.0])
    for name, given in (
        ("sigma_fixed_target", {"x": 1.5, "theta": 0.0}),
        ("recoil_pt_spectrum", {"pt": -1.0}),
        ("recoil_pt_spectrum", {"pt": 0.1, "theta_max": 2.0}),
    ):
        with pytest.raises(ParameterError):
            evaluate(model(), name, **given)
    with pytest.raises(UsageError):
        evaluate(model(), "recoil_pt_spectrum")


@pytest.mark.parametrize(
    ("name", "options", "given"),
    [
        ("sigma_fixed_target", None, {"x": 0.8, "theta": 0.01}),
        ("recoil_energy_spectrum", None, {"recoil_energy": 0.3}),
        ("recoil_pt_spectrum", PRINTED, {"pt": 0.05}),
        ("events_to_separate_recoil", None, {"spectrum": "pt"}),
    ],
)
def test_both_engines_and_arrays(name, options, given) -> None:
    pytest.importorskip("jax")
    many = model(m_v=np.array([0.05, 0.4, 1.5]))
    first = evaluate(many, name, options=options, **given).value
    second = evaluate(many, name, options=options, engine="jax", **given).value
    assert second == pytest.approx(first, rel=1e-8, abs=0.0)
    single = evaluate(model(m_v=0.4), name, options=options, **given).value
    assert single == pytest.approx(first[1], rel=1e-10, abs=0.0)


def test_gradient_against_a_difference() -> None:
    pytest.importorskip("jax")
    given = {"pt": 0.05}
    slope = gradient(model(), "recoil_pt_spectrum", **given)["m_v"]
    low, high = (
        evaluate(model(m_v=m_v), "recoil_pt_spectrum", **given).value for m_v in (0.099, 0.101)
    )
    assert slope == pytest.approx((high - low) / 0.002, rel=0.02, abs=0.0)


def test_events_to_separate() -> None:
    """Both spectra tell more than one; heavier vectors are harder to tell; cuts may be empty."""
    mass = np.array([0.1, 0.3, 1.0])
    found = {
        word: evaluate(DarkDipole(m_v=mass), "events_to_separate_recoil", spectrum=word).value
        for word in ("both", "energy", "pt")
    }
    assert (found["both"] < found["pt"]).all()
    assert (found["pt"] < found["energy"]).all()
    assert (np.diff(found["both"]) > 0.0).all()
    empty = evaluate(
        DarkDipole(m_v=0.1), "events_to_separate_recoil", recoil_min=2.0, recoil_max=1.0
    )
    assert np.isnan(empty.value)
    beyond = evaluate(DarkDipole(m_v=3.97), "events_to_separate_recoil")
    assert np.isnan(beyond.value)


def test_events_to_separate_with_the_exact_amplitude() -> None:
    """The approximation asks for 10% (0.1 GeV) to 40% (1 GeV) fewer events than the exact tree."""
    from vectorportal.formulas.separation import events_to_separate, normalised

    def g2(t):
        return form_factor_squared(np.asarray(t, dtype=float), TUNGSTEN.z, TUNGSTEN.a)

    for mass, lowest, highest in ((0.1, 0.85, 1.0), (1.0, 0.5, 0.75)):
        values = (np.array([v]) for v in (4.0, mass, 0.5, 0.05, 1.2))
        given = Recoil(*values, SM.alpha, SM.m_e)
        x, d_x = (a[:, ::8] for a in given.fractions())
        theta, d_cos = (a[..., ::4] for a in given.spread().angles(x))
        weights = (d_x[..., None] * d_cos).reshape(1, -1)
        at = np.broadcast_to(x[..., None], theta.shape)
        n = {}
        for kind in ("exact", "here"):
            shapes = []
            for name, couplings in (("dipole", (0.0, 1.0)), ("vector", (1.0, 0.0))):
                if kind == "here":
                    found = given.spread().spread().at_angle(x[..., None], theta, name)
                else:
                    rest = (4.0, mass, g2, SM.alpha, SM.m_e, couplings, (20, 8))
                    pairs = zip(at.ravel(), theta.ravel(), strict=True)
                    found = np.array([d_sigma_dx_dcos(float(a), float(b), *rest) for a, b in pairs])
                shapes.append(normalised(found.reshape(1, -1), weights))
            n[kind] = float(events_to_separate(*shapes, weights)[0])
        assert lowest < n["here"] / n["exact"] < highest
