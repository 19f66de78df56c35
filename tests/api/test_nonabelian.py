"""`vectorportal eval nonabelian-vector`: records, words, options, bad input, exit codes."""

from __future__ import annotations

import numpy as np
import pytest

KEYS = {
    *("model", "parameters", "inputs", "options", "observable", "unit", "value", "grid"),
    *("error_estimate", "status", "assumptions", "references"),
}
POINT = ("m_x=20", "g_x=0.2", "epsilon=1e-3", "ratio=0.8")
COLD = ("m_x=10GeV", "g_x=3e-6", "epsilon=5.4e-9", "t_rh=v", "mechanism=freeze-in")


def ask(cli, observable: str, *words: str):
    return cli("eval", "nonabelian-vector", observable, *words, "--json")


def test_omega_h2(cli) -> None:
    answer = ask(cli, "omega_h2", *POINT)
    record = answer.json()
    assert answer.code == 0
    assert answer.err == ""
    assert set(record) == KEYS
    assert record["model"] == "nonabelian-vector"
    assert record["parameters"] == {"m_x": 20.0, "g_x": 0.2, "epsilon": 1e-3, "ratio": 0.8}
    assert record["options"]["mechanism"] == "freeze-out"
    assert record["options"]["prescription"] == "verified"
    assert record["options"]["temperature"] == "bath"
    assert record["options"]["statistics"] == "maxwell-boltzmann"
    assert record["options"]["channels"] == "all"
    assert isinstance(record["value"], float)
    assert 0.0 < record["error_estimate"] < 1e-2
    assert record["status"] == "ok"
    assert "Foguel:2025" in record["references"]


def test_words_for_parameters(cli) -> None:
    """`minimal` and `v` are echoed as they are; units are taken for numbers."""
    record = ask(cli, "omega_h2", *COLD, "ratio=minimal").json()
    assert record["parameters"]["t_rh"] == "v"
    assert record["parameters"]["ratio"] == "minimal"
    assert record["options"]["mechanism"] == "freeze-in"
    number = ask(cli, "omega_h2", *COLD[:3], "mechanism=freeze-in", "t_rh=246.22GeV").json()
    assert number["value"] == pytest.approx(record["value"], rel=2e-3)


def test_printed_prescription_says_so(cli) -> None:
    verified = ask(cli, "m_zd", *POINT).json()
    record = ask(
        cli, "sigma_kinetic", *POINT, "s=2000", "fermion=e", "prescription=as-printed"
    ).json()
    assert record["options"]["prescription"] == "as-printed"
    assert any("misprints" in text for text in record["assumptions"])
    assert not any("misprints" in text for text in verified["assumptions"])


def test_omega_channels(cli) -> None:
    answer = ask(cli, "omega_channels", *POINT)
    record = answer.json()
    assert list(record["value"]) == ["kinetic", "dark", "simp"]
    numbers = [v for v in record["value"].values() if v is not None]
    assert numbers
    assert all(isinstance(v, float) and v > 0.0 for v in numbers)
    assert answer.code == (0 if record["status"] == "ok" else 3)


def test_dominant_channel(cli) -> None:
    answer = ask(cli, "dominant_channel", *POINT)
    assert answer.json()["value"] == "dark"
    assert answer.code == 0
    grid = ask(cli, "dominant_channel", "m_x=20", "epsilon=1e-3", "--grid", "g_x=0.1:0.3:2").json()
    assert np.shape(grid["value"]) == (2,)
    assert set(grid["value"]) <= {"kinetic", "dark", "simp", None}


@pytest.mark.parametrize("words", [POINT, COLD])
def test_yield_evolution(cli, words) -> None:
    """Lists of one length without NaN (the parser refuses NaN; null would not be a number)."""
    answer = ask(cli, "yield_evolution", *words)
    record = answer.json()
    assert answer.code == 0
    assert {"x", "y_x", "y_x_eq", "y_zd_eq", "t_x_over_t"} <= set(record["value"])
    lengths = {len(column) for column in record["value"].values()}
    assert len(lengths) == 1
    for name, column in record["value"].items():
        assert all(isinstance(v, float) for v in column), name
    x = record["value"]["x"]
    assert np.all(np.diff(x) > 0.0)


def test_arguments(cli) -> None:
    """Defaults, words and numbers with units; a wrong word names the nearest."""
    words = (*POINT, "s=2000GeV^2", "fermion=mu")
    broken = ask(cli, "sigma_kinetic", *words).json()
    assert ask(cli, "sigma_kinetic", *words, "phase=broken").json()["value"] == broken["value"]
    unbroken = ask(cli, "sigma_kinetic", *words, "phase=unbroken").json()
    assert unbroken["value"] != broken["value"]
    answer = ask(cli, "sigma_kinetic", *POINT, "s=2000", "fermion=mu", "phase=brokn")
    assert answer.code == 2
    assert "did you mean broken" in answer.err
    answer = ask(cli, "sigma_kinetic", *POINT, "fermion=mu")
    assert answer.code == 2
    assert "s" in answer.err


def test_grid_with_bad_points(cli) -> None:
    """A grid through the forbidden gap: numbers, null and a status; exit code 3."""
    answer = ask(cli, "m_zd", "epsilon=0.1", "ratio=1", "--grid", "m_x=80:104:3")
    record = answer.json()
    assert answer.code == 3
    assert record["value"][0] == 80.0
    assert record["value"][1] is None
    assert record["value"][2] == 104.0
    assert record["status"] == "out-of-validity"


SENTENCES = [
    (("ratio=2.5", "channels=simp"), ("ratio", "below 2")),
    (("t_rh=4MeV",), ("t_rh", "0.005")),
    (("t_rh=2e16",), ("t_rh", "1e+16")),
    (("m_x=91", "ratio=1", "epsilon=0.1"), ("m_zd", "no mixing with the Z")),
    (("m_x=91.1876", "epsilon=0.1"), ("m_x", "no mixing with the Z")),
    (("epsilon=0.9",), ("epsilon", "c_w")),
    (("mechanism=freeze-in",), ("t_rh", "not given")),
    (("mechanism=auto",), ("t_rh", "not given")),
    (("ratio=minimum",), ("ratio", "minimal")),
    (("t_rh=vx",), ("t_rh", "v_x")),
    (("channels=secluded",), ("channels", "kinetic")),
    (("g_x=0",), ("g_x", "above 0")),
    (("m_x=nan",), ("m_x",)),
    (("mass=3",), ("mass",)),
]


@pytest.mark.parametrize(("words", "parts"), SENTENCES)
def test_bad_input_is_one_sentence(cli, words, parts) -> None:
    base = {"m_x": "10", "g_x": "0.1", "epsilon": "1e-3"}
    keys = {word.split("=")[0] for word in words}
    rest = [f"{k}={v}" for k, v in base.items() if k not in keys]
    answer = ask(cli, "omega_h2", *rest, *words)
    assert answer.code == 2
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    for part in parts:
        assert part in answer.err


def test_untrusted_result_is_exit_three(cli) -> None:
    """Freeze-out of something that was never thermal: no number, and the reason."""
    answer = ask(cli, "omega_h2", "m_x=10", "g_x=1e-9", "epsilon=1e-16")
    record = answer.json()
    assert answer.code == 3
    assert record["status"] == "out-of-validity"
    assert record["value"] is None
    assert "never reaches equilibrium" in answer.out + answer.err


def test_missing_parameters(cli) -> None:
    answer = ask(cli, "omega_h2", "m_x=10", "epsilon=1e-3")
    assert answer.code == 2
    assert "g_x" in answer.err
    # what needs no coupling takes none
    assert ask(cli, "m2_xxx", "m_x=10", "epsilon=1e-3").code == 0


@pytest.mark.parametrize("name", ["m2_xxx", "m2_xxz", "m2_zzz"])
def test_amplitudes_at_rest(cli, name: str) -> None:
    """The values of [Foguel:2025] at R = 1 as-printed, and the exact ones of the Lagrangian."""
    printed = {"m2_xxx": 324035 / 512, "m2_xxz": 328285 / 256, "m2_zzz": 27615 / 64}
    # the rational functions of formulas/simp.py at R = 1, added up by hand
    verified = {
        "m2_xxx": 15 * 1139103 / 31104,
        "m2_xxz": 5 * 347 / 64,
        "m2_zzz": 5 * 41875 / 512,
    }
    words = ("m_x=1", "epsilon=1e-3", "ratio=1")
    record = ask(cli, name, *words, "prescription=as-printed").json()
    assert record["value"] == pytest.approx(printed[name], rel=1e-12)
    exact = ask(cli, name, *words).json()["value"]
    assert exact == pytest.approx(verified[name], rel=1e-12)
    assert ask(cli, name, "m_x=1", "epsilon=1e-3", "ratio=2.5").code == 3
