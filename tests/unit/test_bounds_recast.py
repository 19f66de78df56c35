"""Recasting: the published curve comes back, and the limits of large and small widths are right."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from vectorportal.bounds.recast import evaluate
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.registry import get_bound, load_bounds
from vectorportal.bounds.view import MediatorPoint
from vectorportal.errors import ParameterError

MIXED = [r for r in load_bounds().values() if r.coupling == "epsilon"]
TABULATED = [r.id for r in MIXED if r.curve is not None]
BANDS = [r.id for r in MIXED if r.signature in ("dump", "displaced")]


def point(mass: Any, epsilon: Any, dark: Any = 0.0) -> MediatorPoint:
    """A vector with the width alpha epsilon^2 m/3 to massless electrons."""
    mass, epsilon = np.asarray(mass, float), np.asarray(epsilon, float)
    return MediatorPoint(mass, epsilon, epsilon**2 * mass / 137.036 / 3.0, dark)


def on_curve(record: BoundRecord) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    curve = record.curve
    assert curve is not None
    has = np.isfinite(curve.lower)
    return curve.mass[has], curve.lower[has], curve.upper[has]


@pytest.mark.parametrize("name", TABULATED)
def test_the_curve_itself_gives_unit_signal(name: str) -> None:
    record = get_bound(name)
    mass, lower, upper = on_curve(record)
    dark = 1e30 if record.signature in ("invisible", "missing-energy") else 0.0
    result = evaluate(record, point(mass, lower, dark))
    np.testing.assert_allclose(result.mu, 1.0, rtol=1e-3)
    np.testing.assert_allclose(result.limit_coupling, lower, rtol=1e-6)
    np.testing.assert_allclose(result.margin, 1.0, rtol=1e-6)
    if record.region == "band":
        result = evaluate(record, point(mass, upper, dark))
        np.testing.assert_allclose(result.mu, 1.0, rtol=1e-3)
        np.testing.assert_allclose(result.limit_upper, upper, rtol=1e-6)


@pytest.mark.parametrize("name", TABULATED)
def test_inside_excludes_outside_does_not(name: str) -> None:
    record = get_bound(name)
    mass, lower, upper = on_curve(record)
    dark = 1e30 if record.signature in ("invisible", "missing-energy") else 0.0
    counts = record.kind == "limit" and record.grade != "D"
    middle = np.where(np.isnan(upper), 3.0 * lower, np.sqrt(lower * upper))
    inside = evaluate(record, point(mass, middle, dark))
    assert (inside.mu > 1.0).all()
    assert (inside.margin > 1.0).all()
    assert (inside.excluded == counts).all()
    below = evaluate(record, point(mass, 0.9 * lower, dark))
    assert (below.mu < 1.0).all()
    assert not below.excluded.any()
    assert {below.row((i,)).side for i in range(len(mass))} == {"below"}
    if record.region == "band":
        above = evaluate(record, point(mass, 1.1 * upper, dark))
        assert (above.mu < 1.0).all()
        assert (above.margin < 1.0).all()
        assert {above.row((i,)).side for i in range(len(mass))} == {"above"}


def test_visible_search_follows_the_visible_branching_ratio() -> None:
    """mu = (epsilon/limit)^2 Gamma_vis/Gamma_tot: 1, 1/2 and 0 of it as the dark width grows."""
    record = get_bound("babar_2014")
    p = point(1.5, 1e-2)
    free = evaluate(record, p)
    assert free.margin == pytest.approx(np.sqrt(free.mu))
    half = evaluate(record, point(1.5, 1e-2, p.width_visible))
    assert half.mu == pytest.approx(0.5 * free.mu, rel=1e-12)
    none = evaluate(record, point(1.5, 1e-2, 1e12 * p.width_visible))
    assert none.mu == pytest.approx(1e-12 * free.mu, rel=1e-9)


def test_invisible_search_follows_the_dark_branching_ratio() -> None:
    record = get_bound("babar_2017")
    p = point(1.5, 1e-2)
    full = evaluate(record, point(1.5, 1e-2, 1e20))
    assert full.margin == pytest.approx(np.sqrt(full.mu))
    half = evaluate(record, point(1.5, 1e-2, p.width_visible))
    assert half.mu == pytest.approx(0.5 * full.mu, rel=1e-12)
    none = evaluate(record, p)
    assert none.mu == 0.0
    assert not none.excluded
    assert none.row().limit_coupling is None


@pytest.mark.parametrize("name", ["babar_2014", "babar_2017", *BANDS])
def test_signal_is_smooth_and_monotonic_in_the_dark_width(name: str) -> None:
    """From no dark decays to only dark ones without a jump."""
    record = get_bound(name)
    mass, lower, upper = (a[len(a) // 2] for a in on_curve(record))
    epsilon = 2.0 * lower if math.isnan(upper) else math.sqrt(lower * upper)
    visible = float(point(mass, epsilon).width_visible)
    dark = visible * np.concatenate([[0.0], np.logspace(-9, 9, 2000)])
    mu = evaluate(record, point(np.full(dark.shape, mass), epsilon, dark)).mu
    step = np.diff(mu)
    rising = record.signature in ("invisible", "missing-energy")
    assert (step >= -1e-12 * mu.max()).all() if rising else (step <= 1e-12 * mu.max()).all()
    assert np.abs(step).max() < 0.05 * mu.max()
    assert mu[1] == pytest.approx(mu[0], rel=1e-6, abs=1e-6 * mu.max())


@pytest.mark.parametrize("name", ["babar_2014", "babar_2017", "charm_2012_gninenko"])
def test_the_recast_limit_gives_unit_signal(name: str) -> None:
    """The reported coupling of the limit, put back with the same dark width, has mu = 1."""
    record = get_bound(name)
    mass = np.full(5, 0.1)
    dark = 1e-14 * np.array([0.0, 0.01, 0.1, 0.3, 1.0]) if name.startswith("charm") else 1e-8
    result = evaluate(record, point(mass, 1e-3, dark))
    for edge in (result.limit_coupling, result.limit_upper):
        good = np.isfinite(edge)
        back = evaluate(record, point(mass, np.where(good, edge, 1.0), dark))
        np.testing.assert_allclose(back.mu[good], 1.0, rtol=1e-6)


@pytest.mark.parametrize("name", BANDS)
def test_long_lived_signal_ignores_the_dark_width(name: str) -> None:
    """epsilon^2 Gamma_vis L/gamma: neither the dark nor the total width enters."""
    record = get_bound(name)
    mass, lower, _ = (a[0] for a in on_curve(record))
    small = point(mass, 1e-4 * lower)
    free = evaluate(record, small)
    diluted = evaluate(record, point(mass, 1e-4 * lower, 20.0 * small.width_visible))
    assert diluted.mu == pytest.approx(free.mu, rel=1e-3)
    quarter = evaluate(record, point(mass, 0.5e-4 * lower))
    assert quarter.mu == pytest.approx(free.mu / 16.0, rel=1e-3)


def test_short_lived_edge_follows_the_total_width() -> None:
    """A dark width equal to the Standard Model width at the upper edge kills the signal there."""
    record = get_bound("e137_2009_bjorken")
    mass, _, upper = (a[10] for a in on_curve(record))
    at_edge = float(point(mass, upper).width_visible)
    result = evaluate(record, point(mass, upper, at_edge))
    assert result.mu < 1e-2
    assert float(result.row().limit_upper or 0.0) < upper or result.row().limit_upper is None


def test_cooling_needs_decays_to_the_standard_model() -> None:
    record = get_bound("sn1987a_2017")
    assert evaluate(record, point(0.02, 1e-8)).excluded
    row = evaluate(record, point(0.02, 1e-8, 1e-10)).row()
    assert row.side == "not-applicable"
    assert row.mu is None
    assert row.excluded is None
    assert "dark channel" in row.sentence


def test_grade_d_and_projections_never_exclude() -> None:
    for record in MIXED:
        if record.curve is None or (record.kind == "limit" and record.grade != "D"):
            continue
        mass, lower, upper = on_curve(record)
        dark = 1e30 if record.signature in ("invisible", "missing-energy") else 0.0
        inside = np.where(np.isnan(upper), 30.0 * lower, np.sqrt(lower * upper))
        result = evaluate(record, point(mass, inside, dark))
        assert (result.mu > 1.0).all()
        assert not result.excluded.any()
        asked = evaluate(record, point(mass, inside, dark), include_grade_d=True)
        assert asked.excluded.all() == (record.kind == "limit")


@pytest.mark.parametrize("name", ["babar_2014", "babar_2017", "faser_2023", "sn1987a_2017"])
@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_sizes(name: str, size: int) -> None:
    mass = np.logspace(-4, 2, size) if size else np.zeros(0)
    result = evaluate(get_bound(name), point(mass, np.full(size, 1e-4), 1e-12))
    for array in (result.mu, result.margin, result.excluded, result.side, result.limit_coupling):
        assert array.shape == (size,)
    assert not result.excluded[~result.has_data].any()
    assert np.isfinite(result.mu[result.has_data]).all()


@pytest.mark.parametrize("name", ["faser_2023", "e137_2009_bjorken", "lhcb_2019_displaced"])
def test_scans_may_leave_out_the_limits(name: str) -> None:
    mass = np.full(400, 0.24 if name.startswith("lhcb") else 0.03)
    p = point(mass, np.logspace(-9, -2, 400), 1e-13)
    full, quick = evaluate(get_bound(name), p), evaluate(get_bound(name), p, limits=False)
    np.testing.assert_array_equal(quick.mu, full.mu)
    np.testing.assert_array_equal(quick.side, full.side)
    np.testing.assert_array_equal(quick.excluded, full.excluded)
    assert np.isnan(quick.margin).all()
    inside = (p.epsilon > full.limit_coupling) & (p.epsilon < full.limit_upper)
    np.testing.assert_array_equal(inside, full.excluded)


def test_no_data_is_not_allowed() -> None:
    row = evaluate(get_bound("babar_2017"), point(20.0, 1.0, 1.0)).row()
    assert (row.mu, row.margin, row.excluded, row.side) == (None, None, None, "no-data")


def test_zero_coupling_has_zero_signal() -> None:
    for name in ("babar_2014", "babar_2017", "faser_2023", "sn1987a_2017", "gm2_muon_2025"):
        row = evaluate(get_bound(name), point(0.05, 0.0)).row()
        assert row.mu == 0.0
        assert row.excluded is False
        assert row.side == "below"


def test_negative_epsilon_counts_by_magnitude() -> None:
    record = get_bound("faser_2023")
    plus, minus = (evaluate(record, point(0.05, s * 1e-5)) for s in (1, -1))
    assert plus.mu == minus.mu
    assert minus.excluded


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_bad_widths_are_refused(bad: float) -> None:
    with pytest.raises(ParameterError, match="width_dark"):
        evaluate(get_bound("babar_2014"), point(1.0, 1e-3, bad))
