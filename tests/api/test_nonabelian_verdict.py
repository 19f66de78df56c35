"""The commands point, check and bounds for nonabelian-vector."""

from __future__ import annotations

import pytest

MINIMAL = ("m_x=1", "g_x=0.0445", "epsilon=1e-5")
FREEZE_IN = ("m_x=1", "g_x=1e-5", "epsilon=1e-10", "mechanism=freeze-in", "t_rh=v")
HEADS = (
    "m_zd",
    "alpha_mix",
    "m_x_lagrangian",
    "cutoff_scale",
    "width_total",
    "ctau_m",
    "omega_h2",
    "dominant_channel",
    "sigma_v_today_cm3_s",
    "sigma_self_over_m_cm2_g",
    "sigma_xe_cm2",
)
"""Spectrum, widths, relic density, scattering, the rest"""


def _report(text: str) -> list[str]:
    """The lines of the report between the parameters and the verdict."""
    return text.split("\n\n")[1].splitlines()


@pytest.mark.parametrize("words", [MINIMAL, FREEZE_IN])
def test_the_report_is_ordered_and_aligned(cli, words: tuple[str, ...]) -> None:
    """Names in the order of a reader; all values begin in one column, however long a name is."""
    answer = cli("point", "nonabelian-vector", *words)
    assert max(map(len, answer.out.splitlines())) <= 80
    lines = _report(answer.out)
    named = [line.split()[0] for line in lines if line[2] != " "]
    assert [name for name in named if name in HEADS] == list(HEADS)
    longest = max(map(len, named))
    assert longest > 20
    assert all(line[2 + longest] == " " != line[3 + longest] for line in lines)
    assert "nan" not in answer.out.lower().split()


def test_the_relic_density_against_the_observed_one(cli) -> None:
    """A tiny abundance is a part of the observed one, not so many times it."""
    assert " of the observed" in " ".join(cli("point", "nonabelian-vector", *FREEZE_IN).out.split())
    words = ("m_x=1", "g_x=0.01", "epsilon=1e-5")
    assert " times the observed" in cli("point", "nonabelian-vector", *words).out


def test_a_report_as_json_has_the_whole_verdict(cli) -> None:
    record = cli("point", "nonabelian-vector", *MINIMAL, "--json").json()
    bounds = {bound["id"]: bound for bound in record["verdict"]["bounds"]}
    assert {"cmb_planck_2018", "bullet_cluster_2008"} <= set(bounds)
    assert bounds["cmb_planck_2018"]["mu"] > 0.0
    assert bounds["bullet_cluster_2008"]["source"] == ["Randall:2008"]
    assert record["verdict"]["excluded"] is False
    assert record["observables"]["sigma_self_over_m_cm2_g"]["unit"] == "cm^2/g"


@pytest.mark.parametrize(
    ("words", "claim", "code"),
    [
        (MINIMAL, "omega_h2 < 0.12", 0),
        (MINIMAL, "omega_h2 > 0.12", 1),
        (MINIMAL, "sigma_self_over_m_cm2_g < 1 cm^2/g", 0),
        (MINIMAL, "dominant_channel < 1", 2),
        (MINIMAL, "excluded by babar_2016", 1),
        (MINIMAL, "allowed by Planck", 0),
        (FREEZE_IN, "omega_h2 < 0.12", 0),
        (FREEZE_IN, "allowed by Planck", 0),
        (("m_x=1", "g_x=0.2", "epsilon=1e-5"), "excluded by Planck", 2),
        (("m_x=1", "g_x=0.2", "epsilon=1e-5"), "allowed by Planck", 2),
        (("m_x=1", "g_x=0.2", "epsilon=1e-5", "ratio=0.9"), "excluded by Planck", 0),
        (("m_x=1", "g_x=0.2", "epsilon=1e-20", "ratio=0.9"), "excluded by Planck", 1),
        (("m_x=1MeV", "g_x=0.15", "epsilon=1e-5", "ratio=1.2"), "excluded by Bullet Cluster", 0),
        (("m_x=100", "g_x=0.1", "epsilon=1e-2", "ratio=1.5"), "excluded by CMS", 0),
        (("m_x=100", "g_x=0.1", "epsilon=1e-3", "ratio=0.5"), "excluded by CMS", 1),
        (("m_x=10MeV", "g_x=0.1", "epsilon=1e-3", "ratio=3"), "excluded by NA64", 0),
    ],
)
def test_claims(cli, words: tuple[str, ...], claim: str, code: int) -> None:
    """The rate at R = 1 needs warm dark matter, so Planck decides nothing there."""
    assert cli("check", "nonabelian-vector", *words, "--claim", claim).code == code


def test_bounds_of_the_model(cli) -> None:
    listed = {bound["id"] for bound in cli("bounds", "nonabelian-vector", "--json").json()}
    assert {"bullet_cluster_2008", "cmb_planck_2018", "babar_2014"} <= listed
    other = {bound["id"] for bound in cli("bounds", "dark-photon", "--json").json()}
    assert "bullet_cluster_2008" not in other


@pytest.mark.parametrize("words", [("m_x=91.2", "g_x=0.1", "epsilon=0.05", "ratio=1")])
def test_a_point_without_mixing_is_refused(cli, words: tuple[str, ...]) -> None:
    answer = cli("point", "nonabelian-vector", *words)
    assert (answer.code, answer.out) == (2, "")
    assert "no mixing with the Z" in answer.err
