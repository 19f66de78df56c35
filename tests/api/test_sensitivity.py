"""The contract of `sensitivity`: own files, packaged experiments, grids, statuses, errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

DOCS = Path(__file__).parents[2] / "docs"
KEYS = {
    *("model", "parameters", "inputs", "options", "experiment", "observable", "coupling", "unit"),
    *("value", "grid", "error_estimate", "status", "assumptions", "references"),
}


def test_a_point_without_coupling(cli) -> None:
    answer = cli("sensitivity", "e137", "dark-photon", "m_v=20MeV", "--json")
    record = answer.json()
    assert answer.code == 0
    assert answer.err == ""
    assert set(record) == KEYS
    assert record["parameters"] == {"m_v": 0.02, "dm": "none"}
    assert record["coupling"] == "epsilon"
    assert record["status"] == "ok"
    assert set(record["value"]) == {"lower", "upper"}
    assert 5e-8 < record["value"]["lower"] < 2e-7
    assert 1e-5 < record["value"]["upper"] < 3e-5
    assert record["experiment"]["values"]["beam_energy"] == 20.0
    assert 0.1 < record["error_estimate"] < 1.0
    assert "E137:1988" in record["references"]
    assert record["assumptions"]


def test_a_point_with_the_coupling(cli) -> None:
    words = ("sensitivity", "e137", "dark-photon", "m_v=20MeV")
    edges = cli(*words, "--json").json()["value"]
    inside = cli(*words, "epsilon=1e-6", "--json").json()["value"]
    assert inside["mu"] == pytest.approx(inside["events"] / 10.0)
    assert inside["mu"] > 1.0
    at_edge = cli(*words, f"epsilon={edges['lower']!r}", "--json").json()["value"]
    assert at_edge["mu"] == pytest.approx(1.0, rel=0.01)
    text = cli(*words, "epsilon=1e-6").out
    assert "above the limit" in text
    assert "theory error: a factor of 1.27 in the coupling" in text


def test_grid_in_text_and_json(cli) -> None:
    words = ("sensitivity", "e137", "dark-photon", "--grid", "m_v=5MeV:50MeV:3:log")
    record = cli(*words, "--json").json()
    assert record["grid"]["m_v"] == pytest.approx(np.geomspace(0.005, 0.05, 3))
    assert len(record["value"]["lower"]) == 3
    assert "m_v" not in record["parameters"]
    lines = cli(*words).out.splitlines()
    assert lines[1].split("\t") == ["m_v", "epsilon_lower", "epsilon_upper", "status"]
    assert len([line for line in lines if line.endswith("\tok")]) == 3


def test_two_axes(cli) -> None:
    grid = ("--grid", "m_v=5MeV:50MeV:2", "--grid", "epsilon=1e-8:1e-6:3:log")
    answer = cli("sensitivity", "e137", "dark-photon", *grid, "--json")
    value = answer.json()["value"]
    assert answer.code == 0
    assert np.shape(value["events"]) == np.shape(value["lower"]) == (2, 3)
    assert np.ptp(value["lower"], axis=1) == pytest.approx([0.0, 0.0])
    assert (np.diff(value["events"], axis=1) > 0).all()


def test_nothing_is_reached(cli) -> None:
    answer = cli("sensitivity", "e137", "dark-photon", "m_v=1", "--json")
    record = answer.json()
    assert answer.code == 3
    assert record["status"] == "no-solution"
    assert record["value"] == {"lower": None, "upper": None}
    assert record["reasons"] == ["No epsilon from 1e-10 to 1 gives 10 events."]


def test_no_answer_above_the_beam_energy(cli) -> None:
    words = ("sensitivity", "ldmx", "dark-photon", "m_v=20", "epsilon=1e-3")
    answer = cli(*words, "--json")
    record = answer.json()
    assert answer.code == 3
    assert record["status"] == "no-data"
    assert record["value"]["events"] is None
    assert "no answer at this mass" in cli(*words).out


def test_own_file_of_the_documentation(cli, tmp_path, monkeypatch) -> None:
    text = (DOCS / "my-electron-dump.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    answer = cli("sensitivity", "mine.yaml", "dark-photon", "m_v=10MeV", "--json")
    record = answer.json()
    assert answer.code == 0
    assert record["experiment"]["id"] == "mine"
    assert record["experiment"]["values"]["energy_min"] == 0.5
    assert record["experiment"]["values"]["target_thickness"] == 0.5
    assert record["error_estimate"] is None
    assert record["value"]["lower"] < record["value"]["upper"]
    assert "not calibrated" in cli("sensitivity", "mine.yaml", "dark-photon", "m_v=10MeV").out


def test_the_documentation_shows_that_file() -> None:
    text = (DOCS / "my-electron-dump.yaml").read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if line[0] != "#")
    assert f"```yaml\n{body}```" in (DOCS / "experiments.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["e137", "na64_2023_invisible"])
def test_what_is_shown_of_an_experiment_can_be_read_back(cli, tmp_path, name) -> None:
    shown = cli("sensitivity", name)
    assert shown.code == 0
    path = tmp_path / "copy.yaml"
    path.write_text(shown.out, encoding="utf-8")
    words = ("dark-photon", "m_v=30MeV", "m_dm=10MeV", "alpha_d=1e-15", "epsilon=1e-6", "--json")
    first, second = (cli("sensitivity", n, *words).json()["value"] for n in (name, str(path)))
    assert second == first


def test_a_charged_vector(cli) -> None:
    words = ("sensitivity", "e137", "charged-vector", "m_v=20MeV", "charges=B-L")
    record = cli(*words, "--json").json()
    assert record["coupling"] == "g_x"
    assert "g_x" not in record["parameters"]
    photon = cli("sensitivity", "e137", "dark-photon", "m_v=20MeV", "--json").json()["value"]
    e = np.sqrt(4 * np.pi / 137.036)
    assert record["value"]["lower"] == pytest.approx(e * photon["lower"], rel=0.01)


def test_invisible_decays_need_dark_matter(cli) -> None:
    words = ("sensitivity", "na64_2023_invisible", "dark-photon", "m_v=30MeV")
    assert cli(*words).code == 3
    answer = cli(*words, "m_dm=10MeV", "alpha_d=0.1", "--json")
    assert answer.code == 0
    assert answer.json()["value"]["upper"] is None


def test_list(cli) -> None:
    names = [line.split()[0] for line in cli("sensitivity", "--list").out.splitlines()]
    records = cli("sensitivity", "--list", "--json").json()
    assert [record["id"] for record in records] == names
    assert "e137" in names


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "needs an experiment"),
        (("e137", "--list"), "--list alone"),
        (("e138", "dark-photon", "m_v=1"), "did you mean e137?"),
        (("none.yaml", "dark-photon", "m_v=1"), "none.yaml cannot be read"),
        (("e137", "dark-foton", "m_v=1"), "did you mean dark-photon?"),
        (("e137", "dark-photon"), "m_v"),
        (("e137", "dark-photon", "m_v=1", "gx=2"), "gx = 2 is not a parameter"),
        (("e137", "dark-photon", "m_v=91.1876", "epsilon=0.1"), "no mixing with the Z"),
        (("e137", "dark-photon", "m_v=1", "--grid", "m_v=1:2:3"), "both as a value and as a grid"),
    ],
)
def test_errors(cli, words, told) -> None:
    answer = cli("sensitivity", *words)
    assert answer.code == 2
    assert answer.out == ""
    assert told in answer.err
    assert answer.err.count("\n") == 1


def test_a_tiny_coupling_changes_nothing_but_the_events(cli) -> None:
    words = ("sensitivity", "e137", "dark-photon", "m_v=20MeV", "--json")
    edges = cli(*words).json()["value"]
    for given in ("1e-170", "1e-9", "0.3"):
        found = cli(*words, f"epsilon={given}").json()["value"]
        assert {k: found[k] for k in edges} == edges
    assert cli(*words, "epsilon=1e-170").json()["value"]["events"] == 0.0


def test_limits_are_in_the_parameter_of_the_model(cli) -> None:
    """At a large mixing the vector couples with epsilon/(1 - epsilon^2/c_w^2)^(1/2)."""
    words = ("sensitivity", "kloe_phi_eta", "dark-photon", "m_v=300MeV", "m_dm=10MeV", "dm=dirac")
    words = (*words, "alpha_d=0.5", "--json")
    lower = cli(*words).json()["value"]["lower"]
    assert 0.1 < lower < 0.6
    at_edge = cli(*words, f"epsilon={lower!r}").json()["value"]
    assert at_edge["mu"] == pytest.approx(1.0, rel=0.01)
    assert at_edge["lower"] == pytest.approx(lower, rel=1e-9)


def test_open_ends_are_told(cli, tmp_path) -> None:
    words = ("na64_2023_invisible", "dark-photon", "m_v=30MeV", "m_dm=10MeV", "alpha_d=0.1")
    record = cli("sensitivity", *words, "--json").json()
    assert record["status"] == "ok"
    assert record["reasons"][0].startswith("At epsilon = 1, where the search ends")
    text = cli("sensitivity", "na64_2023_invisible").out.replace("n_limit: 2.3", "n_limit: 0.001")
    text = text.replace("electrons_on_target: 937000000000.0", "electrons_on_target: 1e29")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    answer = cli("sensitivity", str(tmp_path / "mine.yaml"), *words[1:], "--json")
    assert answer.code == 0
    assert answer.json()["value"] == {"lower": None, "upper": None}
    assert "no lower edge" in answer.json()["reasons"][0]
    out = cli("sensitivity", str(tmp_path / "mine.yaml"), *words[1:]).out
    assert "epsilon anywhere from 1e-10 to 1 gives" in out


def test_a_millicharged_particle(cli) -> None:
    words = ("sensitivity", "lsnd_millicharge", "millicharged", "m_mcp=30MeV")
    record = cli(*words, "--json").json()
    assert record["coupling"] == "epsilon"
    assert record["parameters"] == {"m_mcp": 0.03}
    assert "epsilon above" in cli(*words).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("e137", "millicharged", "m_mcp=30MeV"), "is for vectors"),
        (("babar_visible", "millicharged", "m_mcp=40GeV", "epsilon=1e-3"), "is for vectors"),
        (("lsnd_millicharge", "dark-photon", "m_v=20GeV"), "for millicharged particles"),
        (("e137", "--grid", "m_v=1:2:3"), "--grid needs a MODEL"),
        (("e137", "dark-photon", "m_v=1", "sm.m_e=1MeV"), "sm.m_e cannot be set"),
        (("e137", "dark-photon", "m_v=1", "sm.m_f=1MeV"), "did you mean"),
    ],
)
def test_what_does_not_go_together(cli, words, told) -> None:
    answer = cli("sensitivity", *words)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("nova_dm", "dark-photon", "m_v=0.1", "m_dm=0.03", "alpha_d=0.1", "dm=majorana"),
            "majorana",
        ),
        (("sn1987a", "dark-photon", "m_v=20eV"), "no answer at this mass"),
        (("sn1987a", "dark-photon", "m_v=21GeV"), "no answer at this mass"),
        (
            ("na62_kaon_longitudinal", "charged-vector", "m_v=50MeV", "charges=e:-1,q:1/3"),
            "every doublet",
        ),
    ],
)
def test_no_data_has_a_reason(cli, words, told) -> None:
    answer = cli("sensitivity", *words, "--json")
    assert answer.code == 3
    assert answer.json()["status"] == "no-data"
    assert told in answer.json()["reasons"][0]


def test_whose_dark_matter_scatters_is_told(cli) -> None:
    words = ("sensitivity", "nova_dm", "dark-photon", "m_v=90MeV")
    assert "that of the experiment scatters" in cli(*words).out
    assert "that of the experiment" not in cli(*words, "m_dm=20MeV", "alpha_d=0.1").out


def test_near_the_z_no_mixing_may_lead_to_the_edge(cli, tmp_path) -> None:
    """At 90 GeV there is no vector with epsilon above 0.03, and a weak limit is beyond that."""
    words = ("dark-photon", "m_dm=1", "alpha_d=0.1", "dm=dirac")
    edge = cli("sensitivity", "lep_monophoton", *words, "m_v=90", "--json").json()["value"]["lower"]
    assert 0.003 < edge < 0.03
    again = cli("sensitivity", "lep_monophoton", *words, "m_v=90", f"epsilon={edge!r}", "--json")
    assert again.json()["value"]["mu"] == pytest.approx(1.0, rel=0.01)
    lines = cli("sensitivity", "lep_monophoton").out.splitlines()
    weak = ["luminosity: 1e9" if line.startswith("luminosity") else line for line in lines]
    (tmp_path / "weak.yaml").write_text("\n".join(weak), encoding="utf-8")
    grid = ("--grid", "m_v=20:90:2")
    record = cli("sensitivity", str(tmp_path / "weak.yaml"), *words, *grid, "--json").json()
    assert record["statuses"] == ["ok", "no-data"]
    assert record["value"]["lower"][1] is None
    assert "too close to the Z" in record["reasons"][0]
