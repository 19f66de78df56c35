"""Bounds on the command line: lists, own bounds, claims, the verdict of a report, HEPData."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from vectorportal.bounds.own import read_own
from vectorportal.bounds.registry import load_bounds

POINT = ("dark-photon", "m_v=30MeV", "m_dm=10MeV", "alpha_d=0.5", "dm=complex-scalar")
STRONG, WEAK = "epsilon=1e-4", "epsilon=1e-7"
OWN = """# experiment: MyExp
# signature: missing-energy
# coupling: epsilon
# confidence_level: 95% CL
# source: arXiv:2601.00001
mass_MeV,coupling_lower
10,1e-8
50,1e-8
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "my.csv"
    path.write_text(OWN, encoding="utf-8")
    return str(path)


def other(own: str, name: str, **fields: str) -> str:
    """A second own bound beside the first, with some fields changed or more."""
    path = Path(own).with_name(name)
    head = "".join(f"# {key}: {value}\n" for key, value in fields.items())
    kept = [line for line in OWN.splitlines(True) if line[2:].split(":")[0] not in fields]
    path.write_text(head + "".join(kept), encoding="utf-8")
    return str(path)


def test_list_groups_by_signature_and_marks_levels(cli) -> None:
    lines = cli("bounds").out.splitlines()
    records = load_bounds()
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads[0] == "prompt-visible:"
    assert heads[-1] == "* not checked against the paper"
    shown = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(shown) == sorted(records)
    by_id = {line.split()[0]: line for line in lines if line.startswith("  ")}
    for name, record in records.items():
        level = record.confidence_level + ("" if record.confidence_level_checked else "*")
        assert f", {record.kind}, {level}, grade {record.grade}" in by_id[name]
        assert f": {record.coupling}" in by_id[name]
    assert "superseded by na64_2023" in by_id["na64_2019"]
    assert "alternative to charm_2012_gninenko" in by_id["charm_2019_tsai"]


def test_list_as_json_has_every_field(cli) -> None:
    records = {record["id"]: record for record in cli("bounds", "--json").json()}
    assert set(records) == set(load_bounds())
    fields = {"modes", "geometry", "charges", "reference", "models", "source", "assumes", "region"}
    fields |= {"confidence_level", "confidence_level_checked", "supersedes", "coupling", "notes"}
    assert all(fields <= set(record) for record in records.values())
    for name, record in load_bounds().items():
        modes = records[name]["modes"]
        assert isinstance(modes, dict)
        if "modes.csv" in record.tables:
            assert set(modes) == set(record.fractions(np.array([1.0])))
            assert set(modes.values()) == {None}
        else:
            assert modes == record.modes


@pytest.mark.parametrize("model", ["dark-photon", "charged-vector", "nonabelian-vector"])
def test_list_for_a_model(cli, model: str) -> None:
    found = cli("bounds", model, "--json").json()
    assert found
    assert all(model in load_bounds()[record["id"]].models for record in found)


def test_own_bounds_are_listed(cli, own: str) -> None:
    text = cli("bounds", "dark-photon", "--own", own).out
    assert "MyExp: epsilon, limit, 95% CL*, grade C" in text
    last = cli("bounds", "--own", own, "--json").json()[-1]
    assert (last["id"], last["source"]) == ("my", ["arXiv:2601.00001"])


def test_cite_a_bound(cli) -> None:
    answer = cli("cite", "na64_2023", "babar_2014")
    assert answer.code == 0
    assert answer.out.count("@article{") == 2


def test_cite_an_experiment(cli) -> None:
    answer = cli("cite", "e137")
    assert answer.code == 0
    assert "Neutral Metastable Penetrating Particles" in answer.out


def test_own_bound_decides_a_point(cli, own: str) -> None:
    alone = cli("point", *POINT, WEAK, "--json").json()["verdict"]
    assert not alone["excluded"]
    verdict = cli("point", *POINT, WEAK, "--own", own, "--json").json()["verdict"]
    assert verdict["excluded"]
    assert verdict["sentence"].startswith("Excluded by MyExp (95% CL)")
    assert verdict["bounds"][0]["id"] == "my"
    assert verdict["bounds"][0]["margin"] == pytest.approx(10.0, rel=1e-3)
    text = cli("point", *POINT, WEAK, "--own", own).out
    assert "my assumes: the header of my.csv is right." in text


def test_report_tells_no_data_from_allowed_and_names_projections(cli) -> None:
    text = " ".join(cli("point", *POINT, STRONG).out.split())
    assert "Excluded by NA64 2023 (90% CL)" in text
    table = text[text.index("bound margin mu says CL grade") :]
    assert table.split()[6] == "na64_2023"
    assert "excluded 90% CL A" in table
    assert "na64_2023 assumes: the products of dark decays leave the apparatus unseen." in text
    silent = text[text.index("No data here:") :]
    assert "e141_1987" in silent[: silent.index(".")]
    assert "Does not apply: " in text
    assert "Projections that would see this point: ldmx_2018_proj (margin" in text
    faint = " ".join(cli("point", *POINT, "epsilon=1e-12").out.split())
    assert "with data here would see this point" in faint
    assert "Not excluded by" in faint


def test_grade_d_is_shown_and_not_counted(cli, own: str) -> None:
    worst = other(own, "worst.csv", grade="D", experiment="Worst")
    answer = cli("point", *POINT, WEAK, "--own", worst)
    assert "not counted" in answer.out
    assert "Not excluded" in answer.out
    check = ("check", *POINT, WEAK, "--own", worst, "--claim")
    for claim in ("excluded by Worst", "allowed by Worst"):
        answer = cli(*check, claim)
        assert answer.code == 2
        assert "grade D" in answer.out
    far = cli("check", *POINT, "epsilon=1e-12", "--own", worst, "--claim", "allowed by Worst")
    assert far.code == 2
    assert "a bound of grade D decides nothing" in far.out


def test_claims_about_own_bounds(cli, own: str) -> None:
    check = ("check", *POINT, WEAK, "--own", own, "--claim")
    assert cli(*check, "excluded by MyExp").code == 0
    assert cli(*check, "allowed by myexp").code == 1
    assert cli(*check, "excluded by my").code == 0, "two letters, but the whole id"
    assert cli(*check, "excluded by yE").code == 2
    outside = ("check", "dark-photon", "m_v=1", *POINT[2:], WEAK, "--own", own)
    answer = cli(*outside, "--claim", "excluded by MyExp")
    assert answer.code == 2
    assert "has no data" in answer.out
    assert cli("check", *POINT, WEAK, "--claim", "excluded by MyExp").code == 2


def test_superseded_results_decide_nothing(cli, own: str) -> None:
    answer = cli("check", *POINT, STRONG, "--claim", "excluded by na64_2019")
    assert answer.code == 2
    assert "na64_2019 is superseded by na64_2023" in answer.out
    newer = other(own, "newer.csv", experiment="Newer", supersedes="na64_2023")
    words = ("check", *POINT, STRONG, "--own", newer, "--claim", "excluded by na64_2023")
    answer = cli(*words, "--json")
    assert answer.code == 2
    assert answer.json()["claims"][0]["superseded_by"] == ["newer"]
    assert cli("check", *POINT, STRONG, "--claim", "excluded by na64_2023").code == 0


def test_projections_exclude_nothing(cli) -> None:
    answer = cli("check", *POINT, STRONG, "--claim", "excluded by LDMX")
    assert answer.code == 2
    assert "LDMX is a projection, which excludes nothing." in answer.out
    assert cli("check", *POINT, STRONG, "--claim", "allowed by LDMX").out == answer.out.replace(
        "excluded by LDMX", "allowed by LDMX"
    )


def test_bounds_for_other_models_decide_nothing(cli, own: str) -> None:
    answer = cli("check", *POINT, STRONG, "--claim", "excluded by z_width_2000_millicharge")
    assert answer.code == 2
    assert "sets no limit on dark-photon: it is for millicharged." in answer.out
    models = other(own, "models.csv", models="charged-vector")
    answer = cli("check", *POINT, WEAK, "--own", models, "--claim", "excluded by MyExp")
    assert (answer.code, answer.out) == (2, "")
    assert "the own bound models is for charged-vector, not for dark-photon." in answer.err


def test_a_model_to_come(cli) -> None:
    answer = cli("bounds", "baryonic-vector")
    assert answer.code == 2
    assert "there is no model baryonic-vector yet" in answer.err
    assert "there is no model sidm;" in cli("bounds", "sidm").err


def test_several_claims_as_json(cli) -> None:
    claims = ("excluded by NA64 2023", "width_ee < 1 eV", "omega_h2 > 1e9", "allowed by E141")
    words = [word for claim in claims for word in ("--claim", claim)]
    answer = cli("check", *POINT, STRONG, *words, "--json")
    assert answer.code == 1
    shown = answer.json()["claims"]
    assert [item["claim"] for item in shown] == list(claims)
    answers = ["agrees", "agrees", "disagrees", "cannot decide"]
    assert [item["answer"] for item in shown] == answers
    assert shown[0]["bounds"] == ["na64_2023"]
    assert shown[0]["margin"] == pytest.approx(1.71, rel=1e-2)
    assert shown[1]["unit"] == "GeV"
    assert shown[1]["value"] < 1e-9


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("branching_ratios.dark > 0.99", 0),
        ("branching_ratios.ee > 0.99", 1),
        ("branching_ratios.ee = 1.41e-9", 0),
        ("branching_ratios.ee = 1.42e-9", 1),
        ("branching_ratios.ee != 1.42e-9", 0),
        ("branching_ratios.drk > 0.99", 2),
        ("branching_ratios > 0.99", 2),
        ("width_total = 518 keV", 0),
        ("width_total == 5.18e-4", 0),
        ("width_total = 5.2e-4 GeV", 0),
        ("width_total = 5.2e2 keV", 0),
        ("width_total = 517.00 keV", 1),
        ("width_total = 1/137", 2),
        ("width_total.ee = 1", 2),
        ("width_total = wide", 2),
    ],
)
def test_equality_counts_the_digits_given(cli, claim: str, code: int) -> None:
    assert cli("check", *POINT, STRONG, "--claim", claim).code == code


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("dominant_channel = dark", 0),
        ("dominant_channel != dark", 1),
        ("dominant_channel = kinetic", 1),
        ("dominant_channel = kinetc", 2),
        ("dominant_channel < dark", 2),
    ],
)
def test_words_are_compared(cli, claim: str, code: int) -> None:
    point = ("nonabelian-vector", "m_x=1", "g_x=0.5", "epsilon=1e-6", "ratio=0.8")
    assert cli("check", *point, "--claim", claim).code == code


def test_errors_of_own_files_are_one_line(cli, own: str) -> None:
    bad = other(own, "bad.csv", signature="missing-enrgy")
    for words in (
        ("bounds",),
        ("point", *POINT, WEAK),
        ("check", *POINT, WEAK, "--claim", "width_ee < 1"),
    ):
        answer = cli(*words, "--own", bad)
        assert (answer.code, answer.out) == (2, "")
        assert len(answer.err.splitlines()) == 1
    assert "did you mean missing-energy?" in cli("bounds", "--own", bad).err
    assert cli("bounds", "--own", "none.csv").code == 2
    models = other(own, "models.csv", models="charged-vector")
    assert "not for dark-photon" in cli("point", *POINT, WEAK, "--own", models).err


@pytest.mark.slow
def test_figure_to_hepdata_and_back(cli, in_tmp: Path) -> None:
    """The curves of a figure are written as a submission and read back as own bounds."""
    name = "bounds/dark-photon-visible"
    answer = cli("figure", name, "--data", "f.json", "-o", "f.png", "--hepdata", "submission")
    assert answer.code == 0
    assert "submission/submission.yaml" in answer.out
    data = json.loads((in_tmp / "f.json").read_text())["data_vars"]
    listed = list(yaml.safe_load_all((in_tmp / "submission/submission.yaml").read_text()))
    written = {path.name for path in Path("submission").iterdir()}
    assert {entry["data_file"] for entry in listed[1:]} == written - {"submission.yaml"}
    record = read_own("submission#babar_2014")
    assert record.curve is not None
    expected = [value for value in data["babar_2014"]["data"] if value is not None]
    found = [value for value in record.curve.lower.tolist() if value == value]
    assert found == pytest.approx(expected, rel=1e-7)
    Path("submission/foreign.yaml").write_text("a: 1", encoding="utf-8")
    again = cli("figure", name, "-o", "g.png", "--hepdata", "submission")
    assert again.code == 2
    assert "foreign.yaml, which is no part of this submission" in again.err


def test_hepdata_goes_with_one_figure(cli, in_tmp: Path) -> None:
    assert cli("figure", "--all", "--hepdata", "x").code == 2
    assert cli("figure", "--list", "--hepdata", "x").code == 2
    (in_tmp / "file").write_text("", encoding="utf-8")
    answer = cli("figure", "light-dark-matter/thermal-target", "--hepdata", "file")
    assert "is a file, not a folder" in answer.err
