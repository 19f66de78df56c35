"""What recombination, nucleosynthesis and the Galaxy allow: limits on rates of dark matter."""

from __future__ import annotations

import csv
import itertools
import math
from importlib import resources
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from vectorportal.bounds.annihilation import injection_efficiency
from vectorportal.bounds.of_model import evaluate_bounds, observable_of, verdict
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import UsageError
from vectorportal.formulas.effective_neutrinos import (
    N_STANDARD,
    effective_neutrinos,
    entropy_degrees,
)
from vectorportal.inputs.energy_injection import load_injection
from vectorportal.inputs.hadrons import CHARGED_PION, NEUTRAL_PION, load_hadrons
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import ChargedVector, DarkDipole, DarkPhoton
from vectorportal.observables.base import NO_SOLUTION, evaluate

CMB = get_bound("cmb_planck_2018")
LIGHT = get_bound("nucleosynthesis_2020")
HALO = get_bound("voyager_2017")
P_ANN = CMB.inputs["p_ann_cm3_s_GeV"]


def dipole(m_dm: Any, m_v: Any = 0.2, **given: Any) -> DarkDipole:
    values = {"lambda_over_alpha_d": 1e4, "alpha_d": 0.1, **given}
    return DarkDipole(m_v=m_v, m_dm=m_dm, **values)


def row(model: Any, record: Any, **settings: Any) -> Any:
    return verdict(model, records=[record], **settings).bounds[0]


def value(model: Any, name: str, **arguments: Any) -> float:
    return float(evaluate(model, name, **arguments).value)


# Spectral functions of the models


@pytest.mark.parametrize(
    "model",
    [
        DarkPhoton(m_v=np.array([0.05, 0.9, 30.0]), epsilon=1e-3),
        ChargedVector(m_v=np.array([0.05, 0.9, 30.0]), g_x=1e-3, charges="B-L"),
        DarkDipole(
            m_v=np.array([0.05, 0.9, 30.0]), lambda_over_alpha_d=1e4, alpha_d=0.1, epsilon=-1e-3
        ),
    ],
)
def test_spectral_functions_at_the_mass_are_widths(model: Any) -> None:
    inputs = Inputs.default()
    widths = model.mediator(inputs).widths
    found = model.spectral(model.m_v**2, inputs)
    assert set(found) == set(widths) - {"dark"}
    for name, w in found.items():
        np.testing.assert_allclose(w / model.m_v, widths[name], rtol=1e-12, atol=0.0)


# cmb_limit


def test_the_packaged_numbers_are_those_of_the_record() -> None:
    found = load_injection()
    assert found.p_ann == P_ANN
    assert found.tau == CMB.inputs["tau_efficiency"]
    for name, column in CMB.tables["injection.csv"].items():
        np.testing.assert_array_equal(found.table[name], column)
    assert load_hadrons().thresholds[:2] == (NEUTRAL_PION, 2 * CHARGED_PION)


def read_efficiency(particle: str, energy: float) -> float:
    """f_eff of the packaged file, a column linear in ln E between two of its rows."""
    folder = resources.files("vectorportal") / "data" / "bounds" / "cmb_planck_2018"
    lines = (folder / "injection.csv").read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines) if row[particle]]
    for one, two in itertools.pairwise(rows):
        low, high = (float(row["energy_GeV"]) for row in (one, two))
        if low <= energy <= high:
            part = math.log(energy / low) / math.log(high / low)
            return (1 - part) * float(one[particle]) + part * float(two[particle])
    raise AssertionError(energy)


def test_cmb_limit_by_hand() -> None:
    """50 MeV: electrons alone, 2 m p_ann/f_eff; each neutrino of the same dipole takes its part."""
    efficiency = read_efficiency("electron", 0.05)
    alone = value(dipole(0.05), "cmb_limit")
    assert alone == pytest.approx(2 * 0.05 * P_ANN / efficiency, rel=1e-9, abs=0)
    four = value(dipole(0.05, flavour_factor=4.0), "cmb_limit")
    assert four == pytest.approx(4 * alone, rel=1e-3, abs=0)
    weak = dipole(0.25, lambda_over_alpha_d=1e9, epsilon=1e-3)  # as a photon: e, mu and hadrons
    r = (Inputs.default().sm.m_mu / 0.5) ** 2
    parts = {"electron": 1.0, "muon": (1 + 2 * r) * math.sqrt(1 - 4 * r)}
    parts["pion"] = float(load_hadrons().ratio(0.5))
    total = sum(w * read_efficiency(name, 0.25) for name, w in parts.items()) / sum(parts.values())
    assert value(weak, "cmb_limit") == pytest.approx(2 * 0.25 * P_ANN / total, rel=1e-3, abs=0)


def test_the_line_of_the_paper_needs_a_mass_alone() -> None:
    model = DarkDipole(m_dm=0.2)
    for words in ({"method": "paper"}, {"options": Options(prescription="as-printed")}):
        assert float(evaluate(model, "cmb_limit", **words).value) == pytest.approx(
            1e-28, rel=1e-12, abs=0.0
        )
    with pytest.raises(UsageError, match="method=planck of dark-dipole needs m_v"):
        evaluate(model, "cmb_limit")


def test_cmb_limit_of_the_paper() -> None:
    """5e-29 (m/100 MeV) cm^3/s; with f_eff Planck allows 1.29 to 3.18 times as much of a dipole of
    the electron from 10 MeV to 1 GeV, least around 30 MeV."""
    m = np.geomspace(0.01, 1.0, 9)
    printed = evaluate(dipole(m, m_v=3 * m), "cmb_limit", method="paper").value
    np.testing.assert_allclose(printed, 5e-28 * m)
    ratio = evaluate(dipole(m, m_v=3 * m), "cmb_limit").value / printed
    assert ratio.min() == pytest.approx(1.29, abs=5e-3)
    assert ratio.max() == pytest.approx(3.18, abs=5e-3)
    assert m[ratio.argmin()] == pytest.approx(0.03, rel=0.1)


def test_cmb_limit_without_final_states() -> None:
    found = evaluate(dipole(3e-4, m_v=0.01), "cmb_limit")
    assert np.isnan(found.value)
    assert found.status == NO_SOLUTION
    heavy = evaluate(dipole(np.array([5e3, 1e4]), m_v=3e4, lambda_over_alpha_d=1e6), "cmb_limit")
    assert np.isfinite(heavy.value).all()


def test_cmb_limit_in_jax() -> None:
    pytest.importorskip("jax")
    model = dipole(np.array([0.01, 0.12, 0.5]))
    both = [evaluate(model, "cmb_limit", engine=e).value for e in ("numpy", "jax")]
    np.testing.assert_allclose(*both, rtol=1e-12)


# V V* in the bound


def test_one_vector_off_shell_injects_like_its_decays() -> None:
    """Electrons of m_dm/2 at f_eff sigma v/(2 m p_ann); the p wave adds 1e-5."""
    model = dipole(0.16)
    found = row(model, CMB)
    rate = value(model, "sigma_v_off_shell_cm3_s")
    expected = rate * float(injection_efficiency(CMB, "ee", 0.08)) / (2 * 0.16 * P_ANN)
    assert found.mu == pytest.approx(expected, rel=1e-4)
    assert any("off shell" in text for text in found.assumes)
    assert found.excluded == (found.mu >= 1.0)
    assert found.margin == pytest.approx(np.sqrt(found.mu))


def test_it_is_counted_however_cold_the_dark_matter_is() -> None:
    assert row(dipole(0.18), CMB).excluded
    assert not row(dipole(0.09), CMB).excluded


@pytest.mark.parametrize("m_dm", [0.09, 0.1, 0.21])
def test_it_is_left_out_where_it_is_closed(m_dm: float) -> None:
    found = row(dipole(m_dm), CMB)
    assert not any("off shell" in text for text in found.assumes)


def test_channels_without_pairs_leave_it_out() -> None:
    assert row(dipole(0.18), CMB, options=Options(channels="standard-model")).mu < 1e-3


def test_where_the_dark_coupling_follows_there_is_no_margin() -> None:
    """Charged vectors: V V* goes as g^6, annihilation through V as g^4."""
    model = ChargedVector(m_v=0.2, g_x=1e-4, charges="B-L", m_dm=0.18, q_dm=1e4)
    found = row(model, CMB)
    assert found.mu is not None
    assert found.margin is None
    assert row(ChargedVector(m_v=0.2, g_x=1e-4, charges="B-L", m_dm=0.06, q_dm=1e4), CMB).margin


def test_an_array_asks_only_where_it_is_open() -> None:
    m_dm = np.array([[0.05, 0.15], [0.18, 0.3]])
    model = dipole(m_dm)
    asked = observable_of(model)
    window = np.array([[False, True], [True, False]])
    found = asked("sigma_v_off_shell_cm3_s", where=window)
    assert (found[~window] == 0.0).all()
    for m, v in zip(m_dm[window], found[window], strict=True):
        assert v == pytest.approx(value(dipole(m), "sigma_v_off_shell_cm3_s"), abs=0)
    mu = evaluate_bounds(model, [CMB])[0].mu
    alone = [row(dipole(m), CMB).mu for m in m_dm.ravel()]
    np.testing.assert_allclose(mu.ravel(), alone, rtol=1e-6)
    rates = asked("sigma_v_cm3_s", x=np.array([[10.0, 20.0], [30.0, 40.0]]), where=window)
    assert rates[0, 1] == pytest.approx(value(dipole(0.15), "sigma_v_cm3_s", x=20.0), abs=0)


def test_other_dark_matter_and_other_models_do_without() -> None:
    dirac = DarkPhoton(m_v=0.2, epsilon=1e-4, m_dm=0.18, alpha_d=0.1, dm="dirac")
    assert not any("off shell" in text for text in row(dirac, CMB).assumes)


# Nucleosynthesis and N_eff


@pytest.mark.parametrize("boson", [True, False])
@pytest.mark.parametrize("ratio", [0.05, 0.7, 3.0, 12.0])
def test_entropy_against_phase_space(ratio: float, boson: bool) -> None:
    """s T = rho + p over that of a massless boson, 2 pi^2 T^4/45 per state."""
    sign = -1.0 if boson else 1.0

    def integrand(q: float) -> float:
        energy = np.hypot(q, ratio)
        return q**2 * (energy + q**2 / (3 * energy)) / (np.exp(energy) + sign)

    expected = quad(integrand, 0.0, 60.0, epsrel=1e-11)[0] / (2 * np.pi**2) / (2 * np.pi**2 / 45)
    assert float(entropy_degrees(ratio, boson)) == pytest.approx(expected, rel=1e-5)


def test_effective_neutrinos_in_limits() -> None:
    """Nothing from heavy particles; (g_e/(g_e + g))^(4/3) with g_e of about 11/2 from light ones.

    A real scalar of 3.7 MeV, the lightest that the record allows, gives N_eff of 2.6 to 2.7, the
    lower end at two sigma of Planck 2018 (2.99 +- 0.17).
    """
    heavy = effective_neutrinos(0.1, 2.0, True, 2e-3)
    assert heavy == pytest.approx(N_STANDARD, rel=1e-12)
    light = effective_neutrinos(1e-5, 2.0, True, 1e-2)
    assert light == pytest.approx(N_STANDARD * (5.5 / 7.5) ** (4 / 3), rel=2e-3)
    for decoupling in (1.5e-3, 2.3e-3):
        edge = float(effective_neutrinos(3.7e-3, 1.0, True, decoupling))
        assert 2.99 - 3 * 0.17 < edge < 2.99 - 1.5 * 0.17


@pytest.mark.parametrize(("kind", "edge"), [("complex-scalar", 5.7e-3), ("dirac", 7.4e-3)])
def test_light_thermal_dark_matter_is_excluded(kind: str, edge: float) -> None:
    def point(m: float) -> DarkPhoton:
        return DarkPhoton(m_v=3 * m, epsilon=1e-4, m_dm=m, alpha_d=0.5, dm=kind)

    assert row(point(0.98 * edge), LIGHT).excluded
    above = row(point(1.02 * edge), LIGHT)
    assert not above.excluded
    assert 0.9 < above.mu < 1.0
    assert "effective number of neutrinos" in above.sentence
    assert row(point(10 * edge), LIGHT).mu < 1e-3
    assert above.margin is None


def test_what_never_met_electrons_heats_nothing() -> None:
    cold = DarkPhoton(m_v=0.006, epsilon=1e-13, m_dm=0.002, alpha_d=0.5)
    found = row(cold, LIGHT)
    assert found.mu == 0.0
    assert not found.excluded


def test_dark_matter_that_heats_neutrinos_is_another_case() -> None:
    shy = ChargedVector(m_v=0.006, g_x=1e-4, charges="B-L", q_dm=1e3, m_dm=0.002)
    assert row(shy, LIGHT).side == "not-applicable"
    assert row(dipole(0.002, m_v=0.006, flavour_factor=2.0), LIGHT).side == "not-applicable"
    assert row(dipole(0.002, m_v=0.006), LIGHT).excluded


def test_arrays_of_light_dark_matter_agree_with_points() -> None:
    m = np.array([0.001, 0.004, 0.008, 0.1])
    together = evaluate_bounds(dipole(m, m_v=3 * m), [LIGHT])[0]
    alone = [row(dipole(x, m_v=3 * x), LIGHT) for x in m]
    np.testing.assert_allclose(together.mu, [r.mu for r in alone], rtol=1e-9)
    assert together.excluded.tolist() == [r.excluded for r in alone]


# Annihilation in the Galaxy


def test_voyager_by_hand_and_never_counted() -> None:
    """(1/2) <sigma v>/1e-28 cm^3/s at <v_rel^2> = 3 v_0^2, in a p wave 6/x."""
    model = dipole(0.05, m_v=0.1002)
    x = 2.0 / HALO.inputs["velocity"] ** 2
    options = Options(channels="standard-model")
    rate = float(evaluate(model, "sigma_v_cm3_s", options=options, x=x).value)
    found = row(model, HALO)
    assert found.mu == pytest.approx(0.5 * rate / 1e-28, rel=1e-6)
    far = dipole(0.05, m_v=0.25)
    slower = value(far, "sigma_v_cm3_s", x=2 * x)
    assert value(far, "sigma_v_cm3_s", x=x) == pytest.approx(2 * slower, rel=1e-4, abs=0)
    strong = DarkPhoton(m_v=0.3, epsilon=0.1, m_dm=0.05, alpha_d=1.0, dm="dirac")
    loud = row(strong, HALO)
    assert loud.side == "inside"
    assert not loud.excluded


@pytest.mark.parametrize("m_v", [0.06, 0.04])
def test_voyager_counts_pairs_of_mediators(m_v: float) -> None:
    """V V*, and V V on shell: s waves of the scalar, with the part of V that goes to electrons."""
    model, x = dipole(0.05, m_v=m_v), 2.0 / HALO.inputs["velocity"] ** 2
    found = row(model, HALO)
    alone = evaluate(model, "sigma_v_cm3_s", options=Options(channels="standard-model"), x=x)
    rate = value(model, "sigma_v_off_shell_cm3_s") + float(alone.value)
    assert found.mu == pytest.approx(0.5 * rate / 1e-28, rel=1e-4)
    assert any("pairs of mediators" in text for text in found.assumes)
    assert not found.excluded
    shy = row(dipole(0.05, m_v=m_v, flavour_factor=4.0), HALO)
    part = 1.0 if m_v > 0.05 else 0.25  # V* goes to electrons and neutrinos alike
    assert shy.mu == pytest.approx(part * found.mu, rel=1e-3)


def test_voyager_where_final_states_are_not_known() -> None:
    """Dark photons of m_v < m_dm: pairs alone count, if V decays within 1 kpc."""
    known = {"m_v": 0.03, "m_dm": 0.05, "alpha_d": 1e-3, "dm": "dirac"}
    rate = value(DarkPhoton(epsilon=1e-4, **known), "sigma_v_cm3_s", x=1e7)
    loud, late = (row(DarkPhoton(epsilon=e, **known), HALO) for e in (1e-4, 1e-17))
    assert loud.mu == pytest.approx(0.5 * rate / 1e-28, rel=1e-4)
    assert late.side == "not-applicable"
    assert "not known apart" in late.sentence


def test_voyager_has_an_end() -> None:
    assert row(dipole(0.3, m_v=1.0), HALO).side == "no-data"
    m = np.array([0.005, 0.05, 0.3])
    found = evaluate_bounds(dipole(m, m_v=3 * m), [HALO])[0]
    assert np.isfinite(found.mu).tolist() == [False, True, False]
