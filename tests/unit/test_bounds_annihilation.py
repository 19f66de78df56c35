"""The CMB bound of models: stable mediators, secluded dark matter, and the final states."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vectorportal.bounds.annihilation import (
    DIRECT_ONLY,
    PHOTON_LIKE_BELOW,
    annihilation_shares,
    injection_efficiency,
)
from vectorportal.bounds.of_model import observable_of, verdict
from vectorportal.bounds.registry import get_bound
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkPhoton
from vectorportal.observables.base import evaluate
from vectorportal.papers.limits import annihilation_signal

CMB = get_bound("cmb_planck_2018")


def model(m_v: Any, epsilon: Any, m_dm: Any = 1.0, alpha_d: Any = 0.01) -> DarkPhoton:
    return DarkPhoton(m_v=m_v, epsilon=epsilon, m_dm=m_dm, alpha_d=alpha_d, dm="dirac")


def row(point: DarkPhoton, **settings: Any) -> Any:
    return verdict(point, records=[CMB], **settings).bounds[0]


def sigma_v(point: DarkPhoton, channels: str) -> float:
    x = 1.0 / CMB.inputs["temperature_GeV"]
    options = Options(channels=channels)
    return float(evaluate(point, "sigma_v_cm3_s", options=options, x=x).value)


@pytest.mark.parametrize(("m_v", "epsilon"), [(5e-4, 1e-9), (1e-3, 1e-17), (0.3, 1e-18)])
def test_a_mediator_that_does_not_decay_in_time_injects_nothing(m_v: float, epsilon: float) -> None:
    """Below 2 m_e, or with a lifetime above 1e13 s, only DM DM -> SM counts: mu is of order
    sigma v(SM)/p_ann, far below 1, though V V alone is 1e6 times the limit."""
    found = row(model(m_v, epsilon))
    assert found.excluded is False
    assert DIRECT_ONLY in found.assumes
    direct = sigma_v(model(m_v, epsilon), "standard-model")
    least = min(float(injection_efficiency(CMB, c, 1.0)) for c in ("ee", "mumu", "hadrons"))
    assert found.mu == pytest.approx(0.5 * least * direct / CMB.inputs["p_ann_cm3_s_GeV"])
    assert "into Standard Model particles" in found.sentence


def test_the_lifetime_decides() -> None:
    """m_v = 10 MeV: 1e13 s, stretched by m_dm/m_v = 100, needs a width of 6.6e-36 GeV."""
    width = float(model(0.01, 1e-3).mediator(Inputs.default()).width_visible)
    edge = 1e-3 * np.sqrt(6.582e-25 / 1e13 * 100.0 / width)
    assert row(model(0.01, 1.05 * edge)).excluded
    assert not row(model(0.01, 0.95 * edge)).excluded


def test_secluded_dark_matter_injects_through_the_decays_of_v() -> None:
    """m_v = 0.1 GeV decays to electrons only: f_eff is that of electrons with m_dm/2."""
    point = model(0.1, 1e-6)
    found = row(point)
    efficiency = float(injection_efficiency(CMB, "ee", 0.5))
    expected = 0.5 * efficiency * sigma_v(point, "secluded") / CMB.inputs["p_ann_cm3_s_GeV"]
    assert found.mu == pytest.approx(expected, rel=1e-6)
    assert any("through their decays" in text for text in found.assumes)
    assert DIRECT_ONLY not in found.assumes


def test_secluded_annihilation_has_no_limit_on_the_coupling() -> None:
    """The rate of V V does not know epsilon: mu is the same, margin and limit are left out."""
    found = [verdict(model(0.1, epsilon, alpha_d=4e-6)) for epsilon in (1e-13, 2e-13)]
    rows = [{r.id: r for r in v.bounds}["cmb_planck_2018"] for v in found]
    assert rows[0].mu == pytest.approx(rows[1].mu, rel=1e-6)
    assert 0.1 < rows[0].mu < 1.0
    for judged, cmb in zip(found, rows, strict=True):
        assert cmb.margin is None
        assert cmb.limit_coupling is None
        assert f"the annihilation rate is {cmb.mu:.3g} of the limit" in cmb.sentence
        assert judged.bounds[0].id == "cmb_planck_2018"
        assert f"nearest is {cmb.label}: the annihilation rate is" in judged.sentence
        assert "times larger" not in judged.sentence
    assert "times the limit" in row(model(0.1, 1e-9, alpha_d=1e-3)).sentence


def test_direct_annihilation_keeps_its_margin() -> None:
    """m_dm < m_v: sigma v goes as epsilon^2, so the limit reached by scaling has mu = 1."""
    found = row(model(3.0, 1e-4))
    assert found.margin == pytest.approx(found.mu**0.5, rel=1e-9)
    assert row(model(3.0, found.limit_coupling)).mu == pytest.approx(1.0, rel=1e-3)
    mostly_direct = row(model(0.9, 1e-2, alpha_d=1e-9))
    assert mostly_direct.margin == pytest.approx(mostly_direct.mu**0.5, rel=1e-9)


def test_channels_that_the_options_leave_out_stay_out() -> None:
    point = model(0.1, 1e-6)
    assert row(point, options=Options(channels="standard-model")).mu < 1e-3
    only = observable_of(point, options=Options(channels="secluded"))
    assert only("sigma_v_cm3_s", x=1e9) > 0.0
    assert np.all(only("sigma_v_cm3_s", x=1e9, channels="standard-model") == 0.0)


def test_shares_only_below_the_mediator_and_far_from_the_z() -> None:
    """One rule for verdicts and figures: a virtual photon decides where m_dm < 15 GeV and m_v."""
    shares = annihilation_shares(np.array([0.1, 0.1, 20.0]), np.array([0.3, 0.05, 60.0]))
    assert shares is not None
    total = sum(shares.values())
    np.testing.assert_allclose(total, [1.0, np.nan, np.nan])
    assert annihilation_shares(PHOTON_LIKE_BELOW, 100.0) is None
    assert annihilation_shares(1.0, 1.0) is None


def test_arrays_agree_with_points() -> None:
    """All regimes at once: photon-like, heavy, V V with and without decay in time."""
    m_v = np.array([0.3, 60.0, 0.1, 5e-4, 0.5])
    m_dm = np.array([0.1, 20.0, 1.0, 1.0, 3.0])
    epsilon = np.array([1e-4, 1e-3, 1e-6, 1e-9, 1e-18])
    together = annihilation_signal(CMB, model(m_v, epsilon, m_dm))
    alone = [row(model(*p)).mu for p in zip(m_v, epsilon, m_dm, strict=True)]
    np.testing.assert_allclose(together, alone, rtol=1e-6)
