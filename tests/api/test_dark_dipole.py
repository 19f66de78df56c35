"""The dark dipole on the command line: report, claims, bounds of one's own and sensitivity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

POINT = ("m_v=100MeV", "m_dm=40MeV", "alpha_d=0.5", "lambda_over_alpha_d=25TeV")
OWN = """# experiment: Mine
# signature: invisible
# coupling: epsilon
# modes: electron-positron
# confidence_level: 90% CL
# source: nobody
{energy}mass_GeV,coupling_lower
0.01,1e-3
1.0,1e-3
"""


def near(number: Any, rel: float = 1e-6) -> Any:
    """Equal within `rel`, however small the numbers are."""
    return pytest.approx(number, rel=rel, abs=0.0)


def test_the_report_of_a_point(cli) -> None:
    record = cli("point", "dark-dipole", *POINT, "epsilon=1e-4", "--json").json()
    judged = record["verdict"]
    assert judged["excluded"]
    first = judged["bounds"][0]
    assert first["id"] == "babar_2017"
    assert first["margin"] == near(1.0 / 25e3 / first["limit_coupling"])
    assert "(epsilon in proportion)" in judged["sentence"]
    assert {"width_total", "omega_h2"} <= set(record["observables"])
    assert "N_eff" not in str(record["assumptions"])
    assert any("no dipoles of muons, taus and quarks" in text for text in record["assumptions"])


def test_the_report_in_words(cli) -> None:
    text = cli("point", "dark-dipole", *POINT).out
    assert "Excluded by BaBar 2017" in text
    assert "|lambda_over_alpha_d| = 25000 GeV is" in " ".join(text.split())
    assert "epsilon in proportion" not in text
    assert "Does not apply: " in text


def test_claims(cli) -> None:
    agrees = cli("check", "dark-dipole", *POINT, "--claim", "excluded by BaBar")
    assert agrees.code == 0
    assert "times below the limit" in agrees.out
    weak = (*POINT[:3], "lambda_over_alpha_d=500TeV")
    assert cli("check", "dark-dipole", *weak, "--claim", "excluded by BaBar").code == 1
    assert cli("check", "dark-dipole", *weak, "--claim", "allowed by NA64").code == 0
    silent = cli("check", "dark-dipole", *weak, "--claim", "excluded by gm2_electron_2023")
    assert silent.code == 2
    assert "heavy particles" in silent.out


def test_the_list_of_bounds(cli) -> None:
    listed = {r["id"] for r in cli("bounds", "dark-dipole", "--json").json()}
    assert {"babar_2017", "na64_2023", "e137_2009_bjorken", "cmb_planck_2018"} <= listed
    assert "bullet_cluster_2008" not in listed
    assert cli("bounds", "dark-dipole").code == 0


def test_a_bound_of_ones_own_needs_an_energy(cli, tmp_path: Path) -> None:
    """epsilon_max = 1e-3 at 10 GeV: 101 TeV/sqrt(alpha_d) but for the acceptance."""
    path = tmp_path / "mine.csv"
    claim = ("--claim", "excluded by Mine", "--own", str(path))
    path.write_text(OWN.format(energy=""), encoding="utf-8")
    silent = cli("check", "dark-dipole", *POINT, *claim)
    assert silent.code == 2
    assert "is not computed" in silent.out
    path.write_text(OWN.format(energy="# centre_of_mass_energy: 10 GeV\n"), encoding="utf-8")
    answer = cli("check", "dark-dipole", *POINT, *claim)
    assert answer.code == 0
    limit = float(answer.out.split("below the limit ")[1].split(" GeV")[0])
    assert limit == near(101e3 / 0.5**0.5, 0.25)
    path.write_text(OWN.format(energy="# centre_of_mass_energy: 10\n"), encoding="utf-8")
    assert cli("check", "dark-dipole", *POINT, *claim).code == 0
    path.write_text(OWN.format(energy="# beam_energy: -3 GeV\n"), encoding="utf-8")
    refused = cli("check", "dark-dipole", *POINT, *claim)
    assert refused.code == 2
    assert "beam_energy" in refused.err


def test_sensitivity_answers_in_the_scale(cli) -> None:
    words = ("sensitivity", "babar_invisible", "dark-dipole", *POINT[:3])
    record = cli(*words, "--json").json()
    assert (record["coupling"], record["unit"]) == ("lambda_over_alpha_d", "GeV")
    assert "lambda_over_alpha_d" not in record["parameters"]
    assert record["value"]["lower"] is None
    upper = record["value"]["upper"]
    assert 1e5 < upper < 3e5
    at_edge = cli(*words, f"lambda_over_alpha_d={upper!r}", "--json").json()["value"]
    assert at_edge["mu"] == pytest.approx(1.0, rel=0.01)
    assert at_edge["upper"] == near(upper)
    text = cli(*words).out
    assert "lambda_over_alpha_d below" in text
    assert "no lower edge was found" in text


def test_sensitivity_of_a_dump_has_two_edges(cli) -> None:
    words = ("sensitivity", "e137", "dark-dipole", "m_v=20MeV", "alpha_d=0.5")
    value = cli(*words, "--json").json()["value"]
    assert value["lower"] < 2e4 < 2e6 < value["upper"]
    for edge in value.values():
        back = cli(*words, f"lambda_over_alpha_d={edge!r}", "--json").json()["value"]
        assert back["mu"] == pytest.approx(1.0, rel=0.02)
    lines = cli(*words[:3], "alpha_d=0.5", "--grid", "m_v=10MeV:20MeV:2").out.splitlines()
    columns = ("m_v", "lambda_over_alpha_d_lower_GeV", "lambda_over_alpha_d_upper_GeV", "status")
    assert tuple(lines[1].split("\t")) == columns


def test_sensitivity_keeps_the_mixing_in_proportion(cli) -> None:
    """epsilon Lambda/alpha_D = 0.1 GeV: where the mixing rules the limit is that on epsilon."""
    words = ("sensitivity", "e137", "dark-dipole", "m_v=20MeV", "alpha_d=0.5")
    refused = cli(*words, "epsilon=1e-7")
    assert refused.code == 2
    assert "lambda_over_alpha_d" in refused.err
    both = cli(*words, "epsilon=1e-7", "lambda_over_alpha_d=1e12", "--json").json()
    edges = both["value"]
    photon = cli("sensitivity", "e137", "dark-photon", "m_v=20MeV", "--json").json()["value"]
    assert 1e5 / edges["upper"] == near(photon["lower"], 5e-3)
    assert 1e5 / edges["lower"] == near(photon["upper"], 5e-3)
    assert any("in proportion to epsilon" in text for text in both["assumptions"])


@pytest.mark.parametrize("name", ["sn1987a", "nova_dm"])
def test_what_engines_do_not_compute_for_dipoles_is_said(cli, name: str) -> None:
    answer = cli("sensitivity", name, "dark-dipole", "m_v=20MeV", "m_dm=5MeV", "alpha_d=0.5")
    assert answer.code == 3
    assert "dipole is not computed" in answer.out


def test_sensitivity_beyond_the_dipole(cli) -> None:
    words = ("sensitivity", "babar_invisible", "dark-dipole", *POINT[:3])
    answer = cli(*words, "lambda_over_alpha_d=1GeV", "--json")
    assert answer.code == 3
    record = answer.json()
    assert record["status"] == "out-of-validity"
    assert record["value"]["events"] > 1e9
    assert any("beyond its domain" in text for text in record["reasons"])
    text = cli(*words, "lambda_over_alpha_d=1GeV").out
    assert "status: out-of-validity" in text
    assert cli(*words, "lambda_over_alpha_d=200GeV", "--json").json()["status"] == "ok"
    weak = cli(*words[:3], "m_v=0.2", "m_dm=0.08", "alpha_d=1e-8", "lambda_over_alpha_d=5e8GeV")
    assert weak.code == 0
    assert "is above Lambda" in weak.out


def test_sensitivity_leaves_out_edges_beyond_the_dipole(cli) -> None:
    """Visible decays beside dark ones: couplings so strong that the dipole is none."""
    words = ("sensitivity", "babar_visible", "dark-dipole", "m_v=0.1", "m_dm=0.03")
    answer = cli(*words, "alpha_d=12", "--json")
    assert answer.code == 3
    record = answer.json()
    assert record["value"] == {"lower": None, "upper": None}
    assert record["status"] == "out-of-validity"
    assert any("An edge is left out" in text for text in record["reasons"])
    assert cli(*words, "alpha_d=0.1").code == 0


def test_a_point_beyond_the_dipole_is_not_decided(cli) -> None:
    words = ("m_v=200MeV", "m_dm=80MeV", "alpha_d=0.5", "lambda_over_alpha_d=1")
    out = " ".join(cli("point", "dark-dipole", *words).out.split())
    assert "Not decided: the dipole is beyond its domain for" in out
    assert "Not excluded" not in out
    silent = cli("check", "dark-dipole", *words, "--claim", "excluded by BaBar 2017")
    assert silent.code == 2


def test_the_form_of_modes(cli, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    text = OWN.format(energy="# centre_of_mass_energy: 10 GeV\n")
    for form in ("electron-positron: 1", "electron-positron:1", "electron-positron = 1"):
        path.write_text(text.replace("modes: electron-positron", f"modes: {form}"), "utf-8")
        claim = ("--claim", "excluded by Mine", "--own", str(path))
        refused = cli("check", "dark-dipole", *POINT, *claim)
        assert refused.code == 2
        assert "as in `electron-positron 0.5`" in refused.err
        assert "did you mean" not in refused.err
