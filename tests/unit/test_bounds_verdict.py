"""Verdicts: the sentence, the JSON shape, silence against permission."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from vectorportal.bounds.of_model import DarkMatter
from vectorportal.bounds.of_model import verdict as of_model
from vectorportal.bounds.registry import get_bound
from vectorportal.bounds.verdict import NOT_EVALUATED, judge
from vectorportal.bounds.view import MediatorPoint
from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.settings import Inputs
from vectorportal.models import DarkPhoton
from vectorportal.models.charged_vector import ChargedVector


def point(mass: float, epsilon: float, dark: float = 0.0) -> MediatorPoint:
    return MediatorPoint(mass, epsilon, epsilon**2 * mass / 137.036 / 3.0, dark)


def test_excluded_invisible_point() -> None:
    """1702.03327, figure 5: about 1e-3 is excluded at 1 GeV, so 1e-2 is ten times above."""
    verdict = judge("dark-photon", point(1.0, 1e-2, 0.01))
    assert verdict.excluded
    assert re.match(
        r"Excluded by BaBar 2017 \(90% CL\): epsilon = 0.01 is 1\d\.?\d? times above the limit "
        r"[\d.]+ for a mediator of 1 GeV, assuming .*; also by .*\.$",
        verdict.sentence,
    )
    assert verdict.bounds[0].id == "babar_2017"
    assert "BaBar:2017" in verdict.references


def test_allowed_point_names_the_nearest_and_the_silent() -> None:
    verdict = judge("dark-photon", point(0.5, 1e-5, 0.001))
    assert not verdict.excluded
    assert "the nearest is" in verdict.sentence
    assert "no data from" in verdict.sentence
    factor = float(re.findall(r"a coupling ([\d.e+]+) times larger", verdict.sentence)[0])
    assert factor == pytest.approx(1.0 / (verdict.bounds[0].margin or 0.0), rel=1e-2)
    nearest = judge("dark-photon", point(0.5, 1.01e-5 * factor, 0.001))
    assert nearest.excluded


def test_above_a_band_asks_for_a_smaller_coupling() -> None:
    verdict = judge("dark-photon", point(0.05, 3e-4), records=[get_bound("faser_2023")])
    assert "times smaller" in verdict.sentence
    assert verdict.bounds[0].side == "above"
    assert "decays too early" in verdict.bounds[0].sentence


def test_grade_d_is_told_but_not_counted() -> None:
    record = get_bound("na62_2021_kaon")
    kaon = point(0.2, 1e-3, 1.0)
    verdict = judge("dark-photon", kaon, records=[record])
    assert not verdict.excluded
    assert "grade D" in verdict.sentence
    assert judge("dark-photon", kaon, records=[record], include_grade_d=True).excluded


def test_nothing_known() -> None:
    verdict = judge("dark-photon", point(1e4, 1e-3), records=[get_bound("babar_2017")])
    assert not verdict.excluded
    assert verdict.sentence.startswith("Not decided")
    assert judge("baryonic-vector", point(1.0, 1.0)).sentence.startswith("Not decided")


def test_json_is_strict_and_complete() -> None:
    verdict = judge("dark-photon", point(0.03, 1e-4, 1e-6))
    text = json.dumps(verdict.to_json(), allow_nan=False)
    content = json.loads(text)
    assert set(content) >= {"excluded", "sentence", "bounds"}
    wanted = {"id", "mu", "margin", "excluded", "confidence_level", "grade", "assumes", "source"}
    for row in content["bounds"]:
        assert wanted <= set(row)
        assert (row["mu"] is None) == (row["excluded"] is None)
    assert not any(row["excluded"] for row in content["projections"])


@pytest.mark.parametrize("mass", np.logspace(-3.5, 3.5, 15))
@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1e-6, 1e-3, 0.3])
@pytest.mark.parametrize("dark", [0.0, 1e-12, 1e-3])
def test_every_point_gets_one_sentence(mass: float, epsilon: float, dark: float) -> None:
    verdict = judge("dark-photon", point(mass, epsilon, dark))
    assert verdict.sentence.endswith(".")
    assert "nan" not in verdict.sentence
    assert verdict.excluded == verdict.sentence.startswith("Excluded")
    assert all("nan" not in row.sentence for row in (*verdict.bounds, *verdict.reach))
    json.dumps(verdict.to_json(), allow_nan=False)


def test_a_verdict_is_about_one_point() -> None:
    with pytest.raises(UsageError, match="one point"):
        judge("dark-photon", MediatorPoint(np.ones(2), 1e-3, 1e-9))


def test_not_excluded_says_what_was_not_asked() -> None:
    """Recoil searches only matter with dark matter; JSON carries the same list."""
    for dm in ({}, {"m_dm": 0.1, "alpha_d": 0.1}):
        verdict = of_model(DarkPhoton(m_v=0.5, epsilon=1e-7, **dm))
        assert not verdict.excluded
        assert verdict.sentence.endswith("colliders above the last curve.")
        assert all(phrase in verdict.sentence for phrase in verdict.not_evaluated)
        assert ("recoil" in verdict.sentence) == bool(dm)
        assert verdict.to_json()["not_evaluated"] == list(verdict.not_evaluated)
        apart = {p for p in NOT_EVALUATED if "neutrinos" in p or "anomalies" in p}
        apart.add("cooling of stars")
        assert len(apart) == 3
        assert set(verdict.not_evaluated) == set(NOT_EVALUATED[0 if dm else 1 :]) - apart
    stars, neutrinos, anomalies = sorted(apart, key=lambda p: ("anomalies" in p, "neutrinos" in p))
    for charges, phrase in (("B-L", neutrinos), ("B", anomalies), ("L_mu-L_tau", neutrinos)):
        judged = of_model(ChargedVector(m_v=0.5, g_x=1e-7, charges=charges))
        assert apart & set(judged.not_evaluated) == {stars, phrase}
    excluded = of_model(DarkPhoton(m_v=0.5, epsilon=0.1))
    assert excluded.excluded
    assert "Not evaluated" not in excluded.sentence
    assert excluded.to_json()["not_evaluated"]


@pytest.mark.parametrize("name", ["m_v", "m_dm", "epsilon", "alpha_d"])
@pytest.mark.parametrize("many", [[0.1, 0.05], []])
def test_no_parameter_may_hold_several_points(name: str, many: list[float]) -> None:
    values = {"m_v": 0.3, "m_dm": 0.12, "epsilon": 1e-3, "alpha_d": 0.5} | {name: many}
    with pytest.raises(UsageError, match="one point"):
        of_model(DarkPhoton(**values))


def test_widths_and_dark_matter_count_as_points_too() -> None:
    with pytest.raises(UsageError, match="one point"):
        judge("dark-photon", MediatorPoint(0.3, 1e-3, 1e-9, np.ones(2)))
    with pytest.raises(UsageError, match="one point"):
        judge("dark-photon", point(0.3, 1e-3), dark_matter=DarkMatter(np.ones(2), True, None))


def test_arrays_of_one_are_one_point() -> None:
    scalar = of_model(DarkPhoton(m_v=0.3, epsilon=1e-3, m_dm=0.1, alpha_d=0.5))
    nested = of_model(DarkPhoton(m_v=[[0.3]], epsilon=1e-3, m_dm=[0.1], alpha_d=0.5))
    assert nested.sentence == scalar.sentence


@pytest.mark.parametrize("m_v", [91.2, [91.2]])
def test_a_point_without_mixing_is_refused(m_v: float | list[float]) -> None:
    with pytest.raises(ParameterError, match="no mixing with the Z"):
        of_model(DarkPhoton(m_v=m_v, epsilon=0.05))


def test_the_effective_coupling_has_its_own_name() -> None:
    """Near the Z the coupling to the electromagnetic current is not epsilon."""
    model = DarkPhoton(m_v=85.0, epsilon=0.05)
    effective = abs(float(model.mediator(Inputs.default()).epsilon))
    assert abs(effective / 0.05 - 1.0) > 0.01
    sentences = [row.sentence for row in of_model(model).bounds if row.margin is not None]
    words = f"the coupling to the electromagnetic current {effective:.3g} (in units of e)"
    assert sentences
    assert all(words in text for text in sentences)
    assert not any("epsilon" in text for text in sentences)
    light = of_model(DarkPhoton(m_v=0.5, epsilon=1e-3))
    assert "epsilon = 0.001 is" in light.sentence
    assert not any("electromagnetic current" in row.sentence for row in light.bounds)
