"""`solve`: solutions reproduce the target, missing ones say what was reached."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vectorportal.errors import ParameterError, UsageError
from vectorportal.models import get_model
from vectorportal.observables import solve as solver
from vectorportal.observables.solve import solve
from vectorportal.observables.status import OK, OUT_OF_VALIDITY

DARK_PHOTON = get_model("dark-photon")
REST = ("m_v=300MeV", "m_dm=100MeV", "alpha_d=0.5")


def test_closed_form() -> None:
    """Exact: y = epsilon^2 alpha_d (m_dm/m_v)^4, so epsilon follows by a square root."""
    rest = {"m_v": 0.3, "m_dm": 0.1, "alpha_d": 0.5}
    found = solve(DARK_PHOTON, rest, "epsilon", 1e-10, "y_target")
    exact = np.sqrt(1e-10 / 0.5 * 81.0)
    assert found.status == 0
    assert found.solutions == (found.value,)
    assert found.value == pytest.approx(exact, rel=1e-8)


def test_relic_density_reaches_the_target(cli) -> None:
    words = ("solve", "dark-photon", "for=epsilon", "target=0.12", "observable=omega_h2", *REST)
    answer = cli(*words, "--json")
    record = answer.json()
    assert answer.code == 0
    assert record["solved_for"] == "epsilon"
    assert record["status"] == "ok"
    assert record["unit"] == "1"
    assert record["solutions"][0] == record["value"]
    assert "epsilon" not in record["parameters"]
    again = cli("eval", "dark-photon", "omega_h2", *REST, f"epsilon={record['value']!r}", "--json")
    assert again.json()["value"] == pytest.approx(0.12, rel=1e-6)


def test_all_solutions_around_a_resonance(cli) -> None:
    """The relic density dips at m_v = 2 m_dm, so two masses give one target; both are found."""
    words = ("solve", "dark-photon", "for=m_v", "target=0.12", "m_dm=100MeV", "alpha_d=0.5")
    record = cli(*words, "epsilon=1e-5", "--bracket", "180MeV:1GeV", "--json").json()
    assert len(record["solutions"]) == 2
    assert record["solutions"][0] < record["solutions"][1]
    for value in record["solutions"]:
        rest = ("m_dm=100MeV", "alpha_d=0.5", "epsilon=1e-5", f"m_v={value!r}", "--json")
        found = cli("eval", "dark-photon", "omega_h2", *rest).json()["value"]
        assert found == pytest.approx(0.12, rel=1e-4)


THIRD = ("dark-photon", "for=m_v", "target=0.12", "epsilon=1e-5", "m_dm=1", "alpha_d=0.5")


def test_a_solution_hidden_by_untrusted_points_is_told(cli) -> None:
    """The density falls through the target just above m_v = 2 m_dm, where V is too narrow."""
    answer = cli("solve", *THIRD, "--json")
    record = answer.json()
    assert answer.code == 3
    assert record["status"] == "not-converged"
    assert record["statuses"] == ["ok", "ok"]
    assert record["solutions"] == pytest.approx([1.3803, 2.0466], abs=1e-4)
    assert len(record["gaps"]) == 1
    low, high = record["gaps"][0]
    assert 1.99 < low < 2.0 < high < 2.01
    words = ("eval", "dark-photon", "omega_h2", "epsilon=1e-5", "m_dm=1", "alpha_d=0.5", "--json")
    assert cli(*words, f"m_v={low!r}").json()["value"] > 0.12
    assert cli(*words, f"m_v={high!r}").json()["value"] < 0.12
    sentence = record["reasons"][-1]
    assert sentence.startswith("a further solution may lie between ")
    assert sentence.endswith(" GeV, where the result is not trusted.")


def test_found_solutions_are_printed_beside_a_hidden_one(cli) -> None:
    answer = cli("solve", *THIRD)
    assert answer.code == 3
    assert answer.out.count("for omega_h2 = 0.12") == 2
    assert "status: not-converged\na further solution may lie between" in answer.out
    alone = cli("solve", *THIRD, "--bracket", "1.99:2.01")
    assert alone.code == 3
    assert alone.out.startswith("status: not-converged\na solution may lie between")


def test_the_gravest_status_of_all_solutions_counts(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two solutions around 2 m_dm; the second is made out of validity."""
    evaluate = solver.evaluate

    def doubtful(model, name, **rest):
        result = evaluate(model, name, **rest)
        late = np.asarray(model.m_v) > 0.2
        reasons = {OUT_OF_VALIDITY: ("heavy is doubtful.",)} if late.any() else {}
        return replace(result, status=np.where(late, OUT_OF_VALIDITY, OK), reasons=reasons)

    monkeypatch.setattr(solver, "evaluate", doubtful)
    words = ("solve", "dark-photon", "for=m_v", "target=0.12", "m_dm=100MeV", "alpha_d=0.5")
    words = (*words, "epsilon=1e-5", "--bracket", "180MeV:1GeV")
    answer = cli(*words, "--json")
    assert answer.code == 3
    assert answer.json()["statuses"] == ["ok", "out-of-validity"]
    assert answer.json()["status"] == "out-of-validity"
    assert answer.json()["reasons"] == ["heavy is doubtful."]
    lines = cli(*words).out.splitlines()
    assert [line.endswith("(out-of-validity)") for line in lines[:2]] == [False, True]


def test_no_dip_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secluded: the density does not depend on epsilon, and no more than the grid is evaluated."""
    asked = []
    numbers = solver._numbers

    def counted(result_at, values, name):
        asked.append(values.size)
        return numbers(result_at, values, name)

    monkeypatch.setattr(solver, "_numbers", counted)
    rest = {"m_v": 0.1, "m_dm": 1.0, "alpha_d": 0.5}
    found = solve(DARK_PHOTON, rest, "epsilon", 0.12, "omega_h2")
    assert found.solutions == ()
    assert sum(asked) < 400


def test_no_solution_says_what_was_reached(cli) -> None:
    words = ("solve", "dark-photon", "for=epsilon", "target=1", "observable=y_target", *REST)
    answer = cli(*words, "--bracket", "1e-5:1e-3", "--json")
    record = answer.json()
    assert answer.code == 3
    assert record["status"] == "no-solution"
    assert record["value"] is None
    assert record["solutions"] == []
    assert record["attained"] == pytest.approx([0.5e-10 / 81.0, 0.5e-6 / 81.0])
    assert "does not reach 1 between 1e-05 and 0.001" in record["reasons"][0]
    assert "no-solution" in cli(*words, "--bracket", "1e-5:1e-3").out


def test_no_value_anywhere_says_why(cli) -> None:
    """The square of the centre-of-mass energy is below threshold over the whole bracket."""
    words = ("solve", "dark-photon", "for=epsilon", "target=1e-10", "observable=sigma_annihilation")
    record = cli(*words, *REST, "s=1e-3", "--json").json()
    assert record["status"] == "no-solution"
    assert record["attained"] == [None, None]
    assert any("threshold" in reason for reason in record["reasons"])


def test_a_steep_start_at_a_threshold() -> None:
    """The width to muons rises from zero like a square root at 2 m_mu; the steep root is found."""
    rest = {"epsilon": 1e-3}
    found = solve(DARK_PHOTON, rest, "m_v", 1e-12, "width_mumu", bracket=(0.1, 0.4))
    assert found.status == 0
    assert found.value > 2.0 * 0.1056


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (("target=0.12",), "solve needs for="),
        (("for=epsilon",), "solve needs target="),
        (("for=epsilom", "target=1"), "did you mean epsilon?"),
        (("for=dm", "target=1"), "dm is a word"),
        (("for=m_v", "target=1"), "m_v is both given and to be solved for"),
        (("for=epsilon", "target=nan"), "target = nan is not allowed"),
        (("for=epsilon", "target=1", "observable=omega"), "omega_h2"),
        (("for=epsilon", "target=1", "observable=branching_ratios"), "not a number"),
        (("for=epsilon", "target=1", "--bracket", "1:2:3"), "not of the form lo:hi"),
        (("for=epsilon", "target=1", "--bracket", "1e-2:1e-3"), "lo < hi, both of one sign"),
        (("for=epsilon", "target=1", "--bracket", "1e-3:5"), "epsilon = 5 is not allowed"),
    ],
)
def test_wrong_requests(cli, words: tuple[str, ...], phrase: str) -> None:
    answer = cli("solve", "dark-photon", *REST, *words)
    assert (answer.code, answer.out) == (2, "")
    assert phrase in answer.err
    assert len(answer.err.splitlines()) == 1


def test_python_errors() -> None:
    with pytest.raises(UsageError):
        solve(DARK_PHOTON, {"epsilon": 1e-3}, "epsilon", 1.0, "width_ee")
    with pytest.raises(ParameterError):
        solve(DARK_PHOTON, {"epsilon": 1e-3}, "m_v", np.inf, "width_ee")


def test_a_scale_of_the_other_sign(cli) -> None:
    """With kinetic mixing the sign matters; it is that of epsilon times that of the scale."""
    words = ("solve", "dark-dipole", "for=lambda_over_alpha_d", "target=0.12", "m_v=5MeV")
    words += ("m_dm=1.9MeV", "alpha_d=0.1", "hadrons=none")
    negative = cli(*words, "epsilon=3e-6", "--bracket=-1e7:-1e3", "--json").json()["value"]
    other = cli(*words, "epsilon=-3e-6", "--bracket=1e3:1e7", "--json").json()["value"]
    positive = cli(*words, "epsilon=3e-6", "--json").json()["value"]
    assert negative == pytest.approx(-other, rel=1e-6, abs=0.0)
    assert abs(negative / positive + 1.0) > 1e-3
