"""The contract of `eval`: JSON keys, grids, echoes, errors and exit codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

POINT = ("m_v=300MeV", "m_dm=100MeV", "epsilon=1e-4", "alpha_d=0.5", "dm=complex-scalar")
KEYS = {
    *("model", "parameters", "inputs", "options", "observable", "unit", "value", "grid"),
    *("error_estimate", "status", "assumptions", "references"),
}


def test_json_of_a_point(cli) -> None:
    answer = cli("eval", "dark-photon", "omega_h2", *POINT, "--json")
    record = answer.json()
    assert answer.code == 0
    assert answer.err == ""
    assert set(record) == KEYS
    assert record["model"] == "dark-photon"
    assert record["parameters"] == {
        "m_v": 0.3,
        "epsilon": 1e-4,
        "m_dm": 0.1,
        "alpha_d": 0.5,
        "dm": "complex-scalar",
    }
    assert record["observable"] == "omega_h2"
    assert record["unit"] == "1"
    assert record["status"] == "ok"
    assert record["grid"] == {}
    assert isinstance(record["value"], float)
    assert 0.0 < record["error_estimate"] < 1e-2
    assert record["references"]


def test_inputs_and_options_are_echoed(cli) -> None:
    words = ("sm.alpha=1/128", "sm.m_mu=105MeV", "dof=drees", "hadrons=none")
    record = cli("eval", "dark-photon", "width_mumu", *POINT, *words, "--json").json()
    assert record["inputs"]["sm.alpha"] == 1.0 / 128.0
    assert record["inputs"]["sm.m_mu"] == 0.105
    assert record["inputs"]["dof"] == "drees"
    assert record["inputs"]["hadrons"] == "none"
    assert record["options"]["mechanism"] == "freeze-out"


def test_standard_model_input_reaches_the_formula(cli) -> None:
    """Identity: the partial width is proportional to alpha."""
    words = ("eval", "dark-photon", "width_ee", "m_v=30MeV", "epsilon=1e-3", "--json")
    plain = cli(*words, "sm.alpha=0.007").json()["value"]
    doubled = cli(*words, "sm.alpha=0.014").json()["value"]
    assert doubled == pytest.approx(2.0 * plain, rel=1e-6)


def test_grid_nests_in_the_order_of_the_flags(cli) -> None:
    base = ("eval", "dark-photon", "width_ee", "--json")
    grid = ("--grid", "epsilon=1e-4:1e-2:3:log", "--grid", "m_v=10MeV:20MeV:2")
    record = cli(*base, *grid).json()
    assert list(record["grid"]) == ["epsilon", "m_v"]
    assert record["grid"]["m_v"] == [0.01, 0.02]
    assert np.shape(record["value"]) == (3, 2)
    assert "statuses" not in record
    assert "m_v" not in record["parameters"]
    single = cli(*base, "epsilon=1e-2", "m_v=20MeV").json()["value"]
    assert record["value"][2][1] == pytest.approx(single, rel=1e-14)


def test_grid_over_a_parameter_that_does_not_matter(cli) -> None:
    words = ("eval", "dark-photon", "width_ee", "m_v=1", "epsilon=1e-3", "alpha_d=0.5")
    record = cli(*words, "--grid", "m_dm=1:2:3", "--json").json()
    assert np.shape(record["value"]) == (3,)
    assert len(set(record["value"])) == 1


def test_grid_over_an_argument(cli) -> None:
    words = ("eval", "dark-photon", "sigma_annihilation", *POINT, "--json")
    record = cli(*words, "--grid", "s=1GeV^2:9GeV^2:2").json()
    assert record["grid"] == {"s": [1.0, 9.0]}
    assert record["value"][1] == pytest.approx(cli(*words, "s=9 GeV2").json()["value"], rel=1e-13)


def test_branching_ratios_are_an_object_and_sum_to_one(cli) -> None:
    words = ("eval", "dark-photon", "branching_ratios", "epsilon=1e-3", "--json")
    record = cli(*words, "--grid", "m_v=1:2:2").json()
    assert np.sum(list(record["value"].values()), axis=0) == pytest.approx([1.0, 1.0])


def test_untrusted_points_give_null_reasons_and_exit_3(cli) -> None:
    """s below threshold at the first point of the grid."""
    words = ("eval", "dark-photon", "sigma_annihilation", *POINT, "--json")
    answer = cli(*words, "--grid", "s=0.01:1:2")
    record = answer.json()
    assert answer.code == 3
    assert record["status"] == "out-of-validity"
    assert record["statuses"] == ["out-of-validity", "ok"]
    assert record["value"][0] is None
    assert any("threshold" in reason for reason in record["reasons"])


def test_text_output(cli) -> None:
    answer = cli("eval", "dark-photon", "omega_h2", *POINT)
    assert answer.out.startswith("omega_h2 = ")
    assert "relative error estimate" in answer.out
    assert len(answer.out.splitlines()) == 1
    below = cli("eval", "dark-photon", "sigma_annihilation", *POINT, "s=0.01")
    assert below.code == 3
    assert "status: out-of-validity" in below.out
    table = cli("eval", "dark-photon", "width_ee", "epsilon=1", *("--grid", "m_v=1:2:2"))
    assert table.code == 2


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (("epsilom=3",), "did you mean epsilon (above"),
        (("sm.alhpa=3",), "did you mean sm.alpha?"),
        (("m_v",), "m_v is not of the form key=value."),
        (("m_v=",), "m_v= is not of the form key=value."),
        (("m_v=1", "m_v=2"), "m_v is given twice."),
        (("m_v=3parsec",), "parsec is not a known unit."),
        (("m_v=-1",), "m_v = -1 GeV is not allowed"),
        (("m_v=nan",), "m_v = nan is not allowed"),
        (("epsilon=1e-3GeV",), "without a unit"),
        (("dm=dirak",), "did you mean dirac?"),
        (("dof=dress",), "did you mean drees?"),
        (("m_v=1",), "epsilon"),
        (("s=9",), "s = 9 is not a parameter of dark-photon or an argument of width_total"),
        (("--grid", "m_v=1:2:0"), "n of --grid m_v = 0 is not allowed"),
        (("--grid", "m_v=1:2:10000001"), "a whole number from 1 to 10000000"),
        (("--grid", f"m_v=1:2:{'9' * 5000}"), "a whole number from 1 to 10000000"),
        (("alpha_d=0.5",), "needs m_v and epsilon, which were not given."),
        (("EPSILON=3",), "did you mean epsilon (above 0 and below"),
        (("--grid", "m_v=1:2"), "not of the form"),
        (("--grid", "m_v=1:2:3:lin"), "not of the form"),
        (("--grid", "m_v=1:1:2"), "start != stop when n > 1"),
        (("--grid", "m_v=0:1:2:log"), "positive on a log axis"),
        (("--grid", "m_v=-1:1:2"), "m_v = -1 GeV is not allowed"),
        (("--grid", "m_w=1:2:2"), "m_w cannot span a grid"),
        (("--grid", "dm=1:2:2"), "dm is a word"),
        (("m_v=1", "--grid", "m_v=1:2:2"), "both as a value and as a grid"),
        (("--grid", "m_v=1:2:2", "--grid", "m_v=1:2:2"), "--grid m_v is given twice"),
        (("--engine", "fortran"), "it must be numpy or jax"),
        (("--nonsense",), "--nonsense"),
    ],
)
def test_wrong_requests(cli, in_tmp: Path, words: tuple[str, ...], phrase: str) -> None:
    answer = cli("eval", "dark-photon", "width_total", *words, "--json")
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("error: ")
    assert len(answer.err.splitlines()) == 1
    assert phrase in answer.err
    assert list(in_tmp.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("eval", "dark-photn", "omega_h2"),
        ("eval", "dark-photon", "omega_h3"),
        ("eval", "dark-photon"),
        ("evall",),
        ("point", "dark-photn"),
        ("observables", "dark-photn"),
        ("bounds", "dark-photn"),
        ("cite", "no-such-key"),
        ("cite",),
        ("figure",),
        ("figure", "no/figure"),
        ("check", "dark-photon", "m_v=1"),
        ("solve", "dark-photon", "target=1"),
    ],
)
def test_wrong_commands(cli, in_tmp: Path, words: tuple[str, ...]) -> None:
    answer = cli(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: ")
    assert len(answer.err.splitlines()) == 1
    assert list(in_tmp.iterdir()) == []


@pytest.mark.parametrize(("n", "values"), [("1", [2.0]), ("2", [2.0, 1.0])])
def test_one_point_and_descending_axes(cli, n: str, values: list[float]) -> None:
    words = ("eval", "dark-photon", "width_ee", "epsilon=1e-3", "--json")
    assert cli(*words, "--grid", f"m_v=2:1:{n}").json()["grid"]["m_v"] == values


@pytest.mark.slow
def test_engines_agree(cli) -> None:
    """Independent engine: the same source on NumPy and on JAX arrays."""
    pytest.importorskip("jax")
    words = ("eval", "dark-photon", "width_total", "epsilon=1e-3", "--json")
    grid = ("--grid", "m_v=10MeV:10:5:log")
    ours = cli(*words, *grid).json()["value"]
    other = cli(*words, *grid, "--engine", "jax").json()["value"]
    assert other == pytest.approx(ours, rel=1e-12)


def test_letter_case_in_names(cli) -> None:
    capital = cli("eval", "dark-photon", "OMEGA_H2", *POINT)
    assert capital.err == "error: dark-photon has no observable OMEGA_H2; did you mean omega_h2?\n"
    argument = cli("eval", "dark-photon", "sigma_v_cm3_s", *POINT, "X=20")
    assert argument.code == 2
    assert "did you mean x?" in argument.err
