"""The packaged records of bounds: complete, cited, physically sane, listed in the docs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.oracles import make_bounds_list, make_production_modes

import vectorportal
from vectorportal.bounds.experiments.spec import get_experiment
from vectorportal.bounds.record import COMPUTED, BoundRecord
from vectorportal.bounds.registry import get_bound, load_bounds
from vectorportal.formulas.production import MODES
from vectorportal.models.charges import parse_charges
from vectorportal.references import load_references

DATA = Path(vectorportal.__file__).parent / "data" / "bounds"
BARYON = Path(__file__).parents[1] / "data" / "baryon_recast"
RECORDS = list(load_bounds().values())

FINALS = {"ee", "mumu", "tautau", "nunu", "hadrons", "tt", "WW", "Zh", "dark"}
FINALS |= {"pi0gamma", "etagamma", "pipi", "3pi", "4pi", "KK", "KKpi", "KKpipi", "etapipi"}
FINALS |= {"omegapi0", "etaomega", "etaphi", "etaprimepipi", "phipi", "phipipi", "omegapipi"}
FINALS |= {"6pi", "NN", "other", "invisible", "sm", "gammagamma", "none"}
WITHOUT_MODES = {*COMPUTED, "cooling", "millicharge"}
FILES = {"record.yaml", "curve.csv", "modes.csv", "injection.csv"}

everyone = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)


def test_the_count_and_the_kinds() -> None:
    assert len(RECORDS) >= 132
    couplings = {record.coupling for record in RECORDS}
    assert couplings >= {"epsilon", "g_x", "y", "millicharge", "branching-ratio"}
    assert sum(record.kind == "projection" for record in RECORDS) >= 41


def test_labels_are_unique() -> None:
    labels = [record.label for record in RECORDS]
    assert len(set(labels)) == len(labels)


@everyone
def test_sources_and_words_are_known(record: BoundRecord) -> None:
    assert set(record.source) <= set(load_references())
    assert set(record.final_states) <= FINALS
    if record.charges is not None:
        parse_charges(record.charges)
    texts = (record.title, record.production, record.how, *record.assumes, *record.notes)
    assert all(text.isascii() and not text.startswith(" ") for text in texts)
    assert record.id.endswith("_proj") == (record.kind == "projection")


@everyone
def test_modes_sum_to_one_and_are_there(record: BoundRecord) -> None:
    has = bool(record.modes) or "modes.csv" in record.tables
    assert has == (record.signature not in WITHOUT_MODES)
    if not has:
        return
    assert record.curve is not None
    parts = record.fractions(record.curve.mass)
    assert set(parts) <= set(MODES)
    total = sum(np.broadcast_to(part, record.curve.mass.shape) for part in parts.values())
    np.testing.assert_allclose(total, 1.0, atol=1e-6)


@everyone
def test_curves_are_sane(record: BoundRecord) -> None:
    if record.curve is None:
        return
    mass, lower, upper = record.curve.mass, record.curve.lower, record.curve.upper
    assert (np.diff(mass) > 0).all()
    assert mass[0] > 0
    assert np.isfinite(lower[0])
    assert np.isfinite(lower[-1])
    assert (lower[np.isfinite(lower)] > 0).all()
    assert np.nanmax(lower) < (1.0 if record.coupling != "g_x" else 4.0 * np.pi)
    both = np.isfinite(upper)
    assert (upper[both] > lower[both]).all()


@everyone
def test_no_gap_is_a_single_row(record: BoundRecord) -> None:
    """Rows without a limit come in pairs: the edges of a window or of the space between islands."""
    if record.curve is None:
        return
    empty = "".join("x" if np.isnan(value) else "." for value in record.curve.lower)
    assert all(len(run) >= 2 for run in empty.split(".") if run)


def test_no_orphan_files() -> None:
    for folder in DATA.iterdir():
        assert folder.is_dir()
        assert {path.name for path in folder.iterdir()} <= FILES
        assert (folder / "record.yaml").exists()


def test_replaced_records_are_of_the_same_kind() -> None:
    for record in RECORDS:
        for name in record.supersedes:
            assert get_bound(name).kind == record.kind
            assert get_bound(name).coupling == record.coupling
        if record.alternative_to is not None:
            other = get_bound(record.alternative_to)
            assert other.kind == record.kind
            assert other.alternative_to is None


def test_experiments_behind_records_exist_and_point_back() -> None:
    named = {r.id: r.experiment_file for r in RECORDS if r.experiment_file is not None}
    assert len(named) >= 30
    for name, experiment in named.items():
        assert get_experiment(experiment).record == name


def test_estimated_parts_come_from_the_script() -> None:
    for name in make_production_modes.RECORDS:
        text = (DATA / name / "modes.csv").read_text(encoding="utf-8")
        assert text == make_production_modes.text_of(name)


@pytest.mark.parametrize("name", ["charm_2019_tsai", "faser_2023"])
def test_computed_parts_come_from_the_experiment(name: str) -> None:
    text = (DATA / name / "modes.csv").read_text(encoding="utf-8")
    kept, made = (
        np.genfromtxt(lines.splitlines(), delimiter=",", skip_header=1)
        for lines in (text, make_production_modes.computed(name))
    )
    np.testing.assert_allclose(kept, made, atol=2e-4)


def test_bremsstrahlung_against_pions_from_the_curves_of_nucal() -> None:
    """At the lower edge of a dump the signal goes as epsilon^4."""
    pion, brem = get_bound("nucal_2011_pi0").curve, get_bound("nucal_2013_brem").curve
    assert pion is not None
    assert brem is not None
    mass = np.geomspace(0.003, 0.04, 5)
    edges = [np.interp(np.log(mass), np.log(c.mass), np.log(c.lower)) for c in (pion, brem)]
    ratio = np.exp(4.0 * (edges[0] - edges[1]))
    want = make_production_modes.BREMSSTRAHLUNG
    assert (abs(np.log(ratio / want)) < np.log(1.5)).all()


def test_slac_millicharge_curve_agrees_with_the_abstract() -> None:
    """hep-ex/9804008: charge below 5.8e-4 at 100 MeV (95% CL)."""
    curve = get_bound("slac_mq_1998").curve
    assert curve is not None
    slope = np.log(curve.lower[-1] / curve.lower[-4]) / np.log(curve.mass[-1] / curve.mass[-4])
    at_100 = curve.lower[-1] * (0.1 / curve.mass[-1]) ** slope
    assert abs(at_100 / 5.8e-4 - 1.0) < 0.1


def test_positronium_limit_is_the_number_of_the_abstract() -> None:
    """hep-ex/0609059: 3.4e-5 for particles lighter than the electron; weaker at threshold."""
    curve = get_bound("positronium_2007").curve
    assert curve is not None
    assert curve.lower[0] == 3.4e-5
    assert (np.diff(curve.lower) >= 0).all()
    assert curve.mass[-1] < 0.511e-3


def test_pion_branching_ratio_and_coupling_say_the_same() -> None:
    """BR(pi0 -> gamma V) = 2 epsilon^2 (1 - m^2/m_pi^2)^3 BR(pi0 -> gamma gamma)."""
    ratio, coupling = get_bound("na62_2019_pi0_br").curve, get_bound("na62_2019_pi0").curve
    assert ratio is not None
    assert coupling is not None
    np.testing.assert_array_equal(ratio.mass, coupling.mass)
    phase_space = (1.0 - (ratio.mass / 0.1349768) ** 2) ** 3
    want = 2.0 * coupling.lower**2 * phase_space * 0.98823
    np.testing.assert_allclose(ratio.lower, want, rtol=6e-3)
    middle = (ratio.mass > 0.06) & (ratio.mass < 0.11)
    assert (abs(np.log(ratio.lower[middle] / 1.9e-7)) < np.log(2.0)).all()


def test_recoil_curves_state_their_benchmark() -> None:
    for record in RECORDS:
        if record.coupling == "y":
            assert record.inputs["mass_ratio"] == 3
            assert 0.0 < record.inputs["alpha_d"] < 1.0


def test_longitudinal_limits_go_as_the_mass() -> None:
    """The longitudinal rate goes as (g_x/m_x)^2, so that g_x/m_x is flat far below threshold."""
    for name in ("na62_2021_kaon_baryonic", "babar_2013_kaon_baryonic", "l3_1997_z_baryonic"):
        curve = get_bound(name).curve
        assert curve is not None
        light = curve.mass < 0.03
        slope = curve.lower[light] / curve.mass[light]
        np.testing.assert_allclose(slope, slope[0], rtol=0.03)


@pytest.mark.parametrize("path", sorted(BARYON.glob("*.csv")), ids=lambda path: path.stem)
def test_recasts_of_others_name_a_record(path: Path) -> None:
    record = get_bound(path.stem)
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert len(head) == 4
    assert path.stem in head[0]
    assert lines[len(head)] == "mass_GeV,coupling_lower,coupling_upper"
    table = np.genfromtxt(lines[len(head) + 1 :], delimiter=",")
    assert (np.diff(table[:, 0]) > 0).all()
    assert np.isfinite(table[:, 2]).any() == (record.region == "band")
    assert f"`{path.stem}`" in (BARYON.parent / "README.md").read_text(encoding="utf-8")


def test_the_list_in_the_docs_is_up_to_date() -> None:
    text = make_bounds_list.PAGE.read_text(encoding="utf-8")
    assert make_bounds_list.page(text) == text
