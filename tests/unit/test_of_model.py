"""The bridge from a model to the bounds."""

from __future__ import annotations

import pytest

from vectorportal.bounds.of_model import _dark_matter, verdict
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import UsageError
from vectorportal.models import get_model

DARK_PHOTON = get_model("dark-photon")


def test_same_answer_as_the_bound_alone() -> None:
    """NA64 2023 (figure 3): epsilon = 1e-3 at m_v = 10 MeV is far above the curve."""
    model = DARK_PHOTON(m_v=0.01, epsilon=1e-3, m_dm=0.003, alpha_d=0.1)
    alone = verdict(model, records=[get_bound("na64_2023")])
    assert alone.excluded
    assert [row.id for row in alone.bounds] == ["na64_2023"]
    assert verdict(model).excluded


def test_a_tiny_coupling_is_not_excluded() -> None:
    model = DARK_PHOTON(m_v=0.01, epsilon=1e-9, m_dm=0.003, alpha_d=0.1)
    assert not verdict(model, records=[get_bound("na64_2023")]).excluded


def test_grade_d_excludes_only_when_asked_to() -> None:
    record = get_bound("nova_2019")
    assert record.grade == "D"
    model = DARK_PHOTON(m_v=0.3, epsilon=1e-2, m_dm=0.1, alpha_d=0.5)
    plain = verdict(model, records=[record])
    assert not plain.excluded
    assert "(grade D) would exclude it but is not counted" in plain.sentence
    assert verdict(model, records=[record], include_grade_d=True).excluded


def test_no_dark_matter_means_no_annihilation_bound() -> None:
    model = DARK_PHOTON(m_v=0.03, epsilon=1e-3)
    assert _dark_matter(model) is None
    rows = verdict(model, records=[get_bound("cmb_planck_2018")]).bounds
    assert rows[0].excluded is None
    assert rows[0].side == "not-applicable"


@pytest.mark.parametrize(
    ("m_dm", "m_v", "photon_like"), [(0.1, 0.3, True), (0.3, 0.1, False), (50.0, 200.0, False)]
)
def test_shares_only_where_a_virtual_photon_decides(
    m_dm: float, m_v: float, photon_like: bool
) -> None:
    dark = _dark_matter(DARK_PHOTON(m_v=m_v, epsilon=1e-3, m_dm=m_dm, alpha_d=0.1, dm="dirac"))
    assert dark is not None
    assert (dark.shares is not None) == photon_like
    assert not dark.self_conjugate


def test_missing_parameters_and_grids_are_refused() -> None:
    with pytest.raises(UsageError, match="alpha_d"):
        verdict(DARK_PHOTON(m_v=0.03, epsilon=1e-3, m_dm=0.01))
    with pytest.raises(UsageError, match="one point"):
        verdict(DARK_PHOTON(m_v=[0.03, 0.04], epsilon=1e-3))
