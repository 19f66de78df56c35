"""Thermal masses and the couplings derived from the Standard Model inputs."""

from __future__ import annotations

import math

import pytest

from vectorportal.formulas.thermal_masses import representative_couplings, thermal_multiplets
from vectorportal.inputs.standard_model import StandardModel

SM = StandardModel.default()
ROWS = {row.name: row for row in thermal_multiplets(SM)}
RIGHT = ("u_R", "t_R", "d_R", "e_R")


def test_multiplets_are_the_standard_model():
    """45 Weyl fermions; gravitational and U(1)^3 anomalies cancel (left minus right)."""
    fermions = [row for row in ROWS.values() if row.is_fermion]
    assert sum(row.multiplicity for row in fermions) == 45
    for power in (1, 3):
        anomaly = sum(
            (-1 if row.name in RIGHT else 1) * row.multiplicity * row.hypercharge**power
            for row in fermions
        )
        assert abs(anomaly) < 1e-14
    # sum over Weyl fermions of Y^2 is 10 for three generations, the Higgs doublet adds 1/2
    assert sum(r.multiplicity * r.hypercharge**2 for r in fermions) == pytest.approx(10.0)
    assert ROWS["H"].multiplicity * ROWS["H"].hypercharge ** 2 == pytest.approx(0.5)


def test_published_coefficients():
    """The coefficients of each coupling as published for the unbroken phase, multiplet by
    multiplet; 1e-14 is rounding."""
    c = representative_couplings(SM)
    g2, y2, s2, t2 = c.g2, c.g_prime2, c.g_strong2, c.y_top2
    expected = {
        "q_L": s2 / 6 + 3 * g2 / 32 + y2 / 288,
        "t_L": s2 / 6 + 3 * g2 / 32 + y2 / 288 + t2 / 16,
        "u_R": s2 / 6 + y2 / 18,
        "t_R": s2 / 6 + y2 / 18 + t2 / 8,
        "d_R": s2 / 6 + y2 / 72,
        "l_L": 3 * g2 / 32 + y2 / 32,
        "e_R": y2 / 8,
        "H": 3 * g2 / 16 + y2 / 16 + t2 / 4 + c.quartic / 2,
    }
    assert set(expected) == set(ROWS)
    for name, value in expected.items():
        assert ROWS[name].mass2_over_t2 == pytest.approx(value, rel=1e-14)


def test_higgs_is_lighter_than_a_top_pair():
    """t tbar -> Z_D Phi is open at rest: m_H < 2 m_t in the plasma, so no pole is met."""
    assert ROWS["H"].mass2_over_t2 < 4 * ROWS["t_R"].mass2_over_t2
    assert ROWS["H"].mass2_over_t2 < 4 * ROWS["t_L"].mass2_over_t2


def test_derived_couplings():
    """e = g s_w = g' c_w, alpha = e^2/(4 pi); v from the muon lifetime is 246.22 GeV."""
    assert SM.e**2 / (4 * math.pi) == pytest.approx(SM.alpha, rel=1e-15)
    assert SM.g * SM.sw2**0.5 == pytest.approx(SM.e, rel=1e-15)
    assert SM.g_prime * SM.cw2**0.5 == pytest.approx(SM.e, rel=1e-15)
    assert SM.cw2 + SM.sw2 == 1.0
    assert SM.vev == pytest.approx(246.22, abs=0.005)
    c = representative_couplings(SM)
    assert 0.5 * c.g2**0.5 * SM.vev == pytest.approx(SM.m_w, rel=2e-3)  # loops beyond the running
    assert 0.5 * (c.y_top2 / 2) ** 0.5 * 2 * SM.vev == pytest.approx(SM.m_t, rel=1e-14)
    assert (2 * c.quartic) ** 0.5 * SM.vev == pytest.approx(SM.m_h, rel=1e-14)
