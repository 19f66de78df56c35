"""The charged vector on the command line."""

from __future__ import annotations

from typing import Any

import pytest

POINT = ("charges=B-L", "m_v=300MeV", "g_x=1e-4", "m_dm=100MeV", "q_dm=3", "dm=dirac")


def near(number: Any, rel: float = 1e-6) -> Any:
    """Equal within `rel`, however small the numbers are."""
    return pytest.approx(number, rel=rel, abs=0.0)


def test_point_of_b_minus_l(cli) -> None:
    record = cli("point", "charged-vector", *POINT, "--json").json()
    assert record["model"] == "charged-vector"
    assert record["parameters"] == {
        "m_v": 0.3, "g_x": 1e-4, "charges": "B-L", "m_dm": 0.1, "q_dm": 3.0, "dm": "dirac",
    }  # fmt: skip
    assert any("Z" in text for text in record["assumptions"])
    shown = record["observables"]
    assert {"width_total", "branching_ratios", "ctau_m", "omega_h2"} <= set(shown)
    assert {"sigma_electron_cm2", "sigma_proton_cm2", "sigma_neutron_cm2"} <= set(shown)
    assert sum(shown["branching_ratios"]["value"].values()) == near(1.0)
    assert shown["omega_h2"]["status"] == "ok"
    assert "excluded" in record["verdict"]


def test_point_without_dark_matter_in_words(cli) -> None:
    answer = cli("point", "charged-vector", "charges=L_mu-L_tau", "m_v=10MeV", "g_x=1e-4")
    assert answer.code == 0
    assert answer.out.startswith("charged-vector\n")
    assert "charges = L_mu-L_tau" in answer.out
    assert "nunu 1" in answer.out
    assert "note: no kinetic mixing with the photon" in answer.out


@pytest.mark.parametrize(
    "word", ["B-L", "L_e-L_tau+mixing", "e:-1,mu:-1,u:1/3", "q:1/3,lepton:-1+mixing", "B-3L_tau"]
)
def test_charges_pass_as_text(cli, word: str) -> None:
    words = ("eval", "charged-vector", "width_total", f"charges={word}", "m_v=1", "g_x=1e-3")
    record = cli(*words, "--json").json()
    assert record["parameters"]["charges"] == word
    assert record["value"] > 0.0
    assert record["status"] == "ok"


def test_named_and_own_charges_are_the_same(cli) -> None:
    base = ("eval", "charged-vector", "width_total", "m_v=1", "g_x=1e-3", "--json")
    named = cli(*base, "charges=B-L").json()["value"]
    assert cli(*base, "charges=q:1/3, lepton:-1").json()["value"] == named


def test_grid(cli) -> None:
    words = ("eval", "charged-vector", "width_ee", "charges=B-L", "--json")
    grid = ("--grid", "g_x=1e-4:1e-3:2", "--grid", "m_v=0.1:1:3:log")
    value = cli(*words, *grid).json()["value"]
    # g^2: a factor of 100
    assert value[1] == near([100 * v for v in value[0]], rel=1e-12)


def test_solve_for_the_coupling(cli) -> None:
    """The solution put back gives the target."""
    words = ("charges=L_mu-L_tau", "m_v=300MeV", "m_dm=100MeV", "q_dm=1", "dm=dirac")
    found = cli("solve", "charged-vector", "for=g_x", "target=0.12", *words, "--json").json()
    assert found["status"] == "ok"
    back = cli("eval", "charged-vector", "omega_h2", *words, f"g_x={found['value']!r}", "--json")
    assert back.json()["value"] == near(0.12, rel=1e-6)


def test_hadronic_states(cli) -> None:
    """An omega-like vector at the omega: three pions first, then pi0 gamma, as the omega itself
    (89.2% and 8.35% of its decays, Particle Data Group)."""
    words = ("eval", "charged-vector", "hadronic_widths", "charges=B", "g_x=1e-3", "--json")
    value = cli(*words, "m_v=782.66MeV").json()["value"]
    assert value["3pi"] / value["pi0gamma"] == near(0.892 / 0.0835, rel=0.1)
    assert value["pipi"] < 0.05 * value["3pi"]


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (("charges=L_mu-Ltau",), "did you mean L_mu-L_tau?"),
        (("charges=e:1,muon:1",), "did you mean mu?"),
        (("charges=e:1/0",), "the charge of e = 1/0 is not allowed"),
        (("charges=",), "not of the form key=value"),
        ((), "charges"),
        (("charges=B", "--grid", "charges=1:2:2"), "both as a value and as a grid"),
        (("--grid", "charges=1:2:2"), "charges is a word"),
        (("charges=B", "epsilon=1"), "epsilon = 1 is not a parameter of charged-vector"),
        (("charges=B", "m_dm=0.1", "q_dm=1e9"), "alpha_d = (g_x q_dm)^2/(4 pi) is below 12.6"),
    ],
)
def test_wrong_requests(cli, words: tuple[str, ...], phrase: str) -> None:
    answer = cli("eval", "charged-vector", "width_total", "m_v=1", "g_x=1e-3", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: ")
    assert len(answer.err.splitlines()) == 1
    assert phrase in answer.err


def test_lists(cli) -> None:
    models = {item["name"]: item for item in cli("models", "--json").json()}
    charges = {p["name"]: p for p in models["charged-vector"]["parameters"]}["charges"]
    assert "B-L" in charges["choices"]
    names = [item["name"] for item in cli("observables", "charged-vector", "--json").json()]
    assert "hadronic_widths" in names
    assert "y_target" not in names
    assert "Tulin" in cli("cite", "charged-vector").out
