"""The registry of bounds is complete, consistent and loud when a file is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import vectorportal
from vectorportal.bounds.record import GRADES, KINDS, SIGNATURES
from vectorportal.bounds.registry import (
    bound_ids,
    bounds_for,
    current,
    find_bounds,
    get_bound,
    load_bounds,
    read_folder,
)
from vectorportal.bounds.words import COMING_MODELS, MODEL_NAMES, PARTICLE_MODELS
from vectorportal.errors import DataError, UsageError
from vectorportal.models import model_names
from vectorportal.references import load_references

DATA = Path(vectorportal.__file__).parent / "data" / "bounds"

EXPECTED = [
    "a1_2014",
    "apex_2011",
    "babar_2014",
    "babar_2016_4mu",
    "babar_2017",
    "besiii_2017",
    "bullet_cluster_2008",
    "charm_2012_gninenko",
    "cmb_planck_2018",
    "cms_2019",
    "e137_2009_bjorken",
    "e137_2012_andreas",
    "e141_1987",
    "e774_1991",
    "electroweak_fit",
    "faser_2023",
    "gm2_electron_2023",
    "gm2_muon_2025",
    "hps_2015run",
    "kek_1986",
    "kloe_2012",
    "kloe_2015",
    "kloe_2018",
    "lep_2011_monophoton",
    "lhcb_2019_displaced",
    "lhcb_2019_prompt",
    "na48_2_2015",
    "na62_2019_pi0",
    "na62_2023_dump_ee",
    "na62_2023_dump_mumu",
    "na64_2019_visible",
    "na64_2023",
    "na64_2023_positron",
    "na64mu_2024",
    "nomad_2001",
    "nucal_2013_brem",
    "orsay_1989",
    "ps191_1986",
    "sn1987a_2017",
    "belle2_2018_visible_proj",
    "belle2_2020_invisible_proj",
    "darkquest_2019_run1_proj",
    "faser2_2021_proj",
    "hps_2016_prompt_proj",
    "ldmx_2018_proj",
    "lhcb_2016_prompt_proj",
    "na64_2025_electron_proj",
    "ship_2020_brem_proj",
]


def test_models_exist_or_are_known_to_come() -> None:
    named = {model for record in load_bounds().values() for model in record.models}
    assert named == {*model_names(), *COMING_MODELS}
    assert {*MODEL_NAMES, *PARTICLE_MODELS} == set(model_names())
    assert not set(COMING_MODELS) & set(model_names())
    for record in load_bounds().values():
        assert (record.coupling == "millicharge") == (record.models == PARTICLE_MODELS)


def test_the_promised_results_are_there() -> None:
    assert set(EXPECTED) <= set(bound_ids())
    assert len(bound_ids()) >= 80


@pytest.mark.parametrize("name", bound_ids())
def test_metadata_are_complete_and_cited(name: str) -> None:
    record = get_bound(name)
    assert record.signature in SIGNATURES
    assert record.grade in GRADES
    assert record.kind in KINDS
    assert record.assumes
    assert record.digitised_by
    assert record.how
    assert record.title
    assert set(record.source) <= set(load_references())
    shown = record.to_json()
    assert {"id", "experiment", "confidence_level", "grade", "source"} <= set(shown)
    assert record.label not in [r.label for r in load_bounds().values() if r is not record]


def test_known_slips_of_public_data_sets_are_mended() -> None:
    """Decay volumes: 35 m of CHARM (1204.3583), 1.5 m of FASER (2308.05587)."""
    assert get_bound("charm_2012_gninenko").decay_m == 35
    assert get_bound("charm_2019_tsai").decay_m == 35
    assert get_bound("faser_2023").decay_m == 1.5
    assert get_bound("a1_2011").source == ("A1:2011",)
    assert "muon" in get_bound("babar_2016_4mu").production
    assert "0.04" in get_bound("lhcb_2019_prompt").notes[0]


def test_babar_four_muon_limit_is_g_prime() -> None:
    """The abstract of 1606.03501: g' of L_mu - L_tau as low as 7e-4 near threshold."""
    record = get_bound("babar_2016_4mu")
    assert (record.coupling, record.charges) == ("g_x", "L_mu-L_tau")
    lower = np.nanmin(record.curve.lower)  # type: ignore[union-attr]
    assert 7e-4 < lower < 2 * 7e-4


def test_unknown_id_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="babar_2017"):
        get_bound("babar_2071")


def test_find_by_experiment() -> None:
    assert {r.id for r in find_bounds("NA64")} >= {"na64_2023", "na64_2019_visible"}
    assert [r.id for r in find_bounds("BaBar 2017")] == ["babar_2017"]
    with pytest.raises(UsageError, match="BaBar"):
        find_bounds("BarBar")


def test_current_drops_superseded_and_alternative_results() -> None:
    ids = {r.id for r in current(bounds_for("dark-photon"))}
    assert "na64_2023" in ids
    assert "na64_2019" not in ids
    assert "e137_2009_bjorken" in ids
    assert "e137_2012_andreas" not in ids
    assert "kloe_2018" in ids
    assert not ids & {"kloe_2014", "kloe_2016"}
    assert bounds_for("sterile-neutrino") == ()
    assert all(r.kind == "projection" for r in bounds_for("dark-photon", "projection"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Two records to break."""
    for name in ("babar_2017", "e137_2009_bjorken", "gm2_muon_2025", "cmb_planck_2018"):
        shutil.copytree(DATA / name, tmp_path / name)
    assert set(read_folder(tmp_path)) >= {"babar_2017"}
    return tmp_path


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "said"),
    [
        ("babar_2017", "record.yaml", "grade: B", "grade: E", "grade"),
        ("babar_2017", "record.yaml", "grade: B", "", "grade"),
        ("babar_2017", "record.yaml", "grade: B", "grade: B\ncolour: red", "colour"),
        ("babar_2017", "record.yaml", "region: one-sided", "region: band", "region"),
        ("babar_2017", "record.yaml", "region: one-sided", "region: computed", "region"),
        ("babar_2017", "record.yaml", "signature: invisible", "signature: seen", "signature"),
        ("babar_2017", "record.yaml", "title:", "title: [", "YAML"),
        ("babar_2017", "record.yaml", "id: babar_2017", "id: other", "id"),
        ("babar_2017", "record.yaml", "id: babar_2017", "id: e137_2009_bjorken", "id"),
        ("babar_2017", "record.yaml", "grade: B", "grade: B\nsupersedes: [nobody]", "supersedes"),
        ("babar_2017", "record.yaml", "grade: B", "grade: B\nshield_m: 2", "shield_m"),
        ("babar_2017", "curve.csv", "mass_GeV", "mass", "header"),
        ("babar_2017", "curve.csv", "9.48e-04", "x", "line 2"),
        ("babar_2017", "curve.csv", "9.48e-04", "-1", "line 2"),
        ("babar_2017", "curve.csv", "9.48e-04,", "nan,", "line 2"),
        ("babar_2017", "curve.csv", "9.48e-04,", "9.48e-04", "line 2"),
        ("babar_2017", "curve.csv", "0.00113,", "0.001,", "mass_GeV"),
        ("babar_2017", "curve.csv", "9.48e-04,", "9.48e-04,1e-5", "coupling_upper"),
        ("babar_2017", "curve.csv", "9.48e-04,", "9.48e-04,1e-2", "one-sided"),
        ("e137_2009_bjorken", "record.yaml", "shield_m: 179", "shield_m: -1", "shield_m"),
        ("e137_2009_bjorken", "record.yaml", "shield_m: 179", "shield_m: .inf", "shield_m"),
        ("gm2_muon_2025", "record.yaml", "  sigmas: 2", "", "sigmas"),
        ("gm2_muon_2025", "record.yaml", "  sigmas: 2", "  sigmas: two", "sigmas"),
        ("gm2_muon_2025", "record.yaml", ", 1.45e-10]", "]", "measured"),
        ("cmb_planck_2018", "record.yaml", "_GeV: 3.2e-28", "_GeV: 0", "p_ann"),
        ("cmb_planck_2018", "injection.csv", "electron", "positron", "header"),
    ],
)
def test_a_broken_file_raises_with_path_and_field(
    copy: Path, name: str, file: str, old: str, new: str, said: str
) -> None:
    _edit(copy / name / file, old, new)
    with pytest.raises(DataError, match=said) as caught:
        read_folder(copy)
    assert "/record.yaml" in str(caught.value) or f"{name}/{file}" in str(caught.value)


@pytest.mark.parametrize("file", ["record.yaml", "curve.csv"])
def test_a_missing_file_raises(copy: Path, file: str) -> None:
    (copy / "babar_2017" / file).unlink()
    with pytest.raises(DataError, match=f"babar_2017/{file}"):
        read_folder(copy)


def test_a_missing_table_raises(copy: Path) -> None:
    (copy / "cmb_planck_2018" / "injection.csv").unlink()
    with pytest.raises(DataError, match=r"injection\.csv"):
        read_folder(copy)


def test_an_empty_or_missing_folder_is_no_empty_registry(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="empty"):
        read_folder(tmp_path)
    with pytest.raises(DataError, match="missing"):
        read_folder(tmp_path / "nowhere")


def test_duplicate_ids_raise(copy: Path) -> None:
    shutil.copytree(copy / "babar_2017", copy / "zzz")
    with pytest.raises(DataError, match="babar_2017 occurs twice"):
        read_folder(copy)
