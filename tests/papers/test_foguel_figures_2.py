"""Figures 6, 8 and 9 of [Foguel:2025]: what their numbers must satisfy, and that they are drawn."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from vectorportal.app.encode import plain
from vectorportal.inputs.settings import Options
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate
from vectorportal.papers.foguel_2025 import fig6, fig6_roots, fig8, fig9
from vectorportal.papers.registry import get_figure
from vectorportal.references import load_references

if TYPE_CHECKING:
    import xarray

SMALL: dict[str, dict[str, Any]] = {
    "fig6": {"points": 12},
    "fig8": {"points": 5},
    "fig9": {"points": 13, "mass_min": 0.02, "mass_max": 60.0},
}
WORDS = ("verified", "as-printed")
DIAGRAM = ["as-printed", pytest.param("verified", marks=pytest.mark.slow)]
"""A dark sector with its own temperature takes long"""
RATIOS = ["verified", pytest.param("as-printed", marks=pytest.mark.slow)]
CASES = [
    *((name, "as-printed") for name in ("fig6", "fig9")),
    ("fig8", "verified"),
    pytest.param("fig8", "as-printed", marks=pytest.mark.slow),
    ("fig9", "verified"),
    pytest.param("fig6", "verified", marks=pytest.mark.slow),
]


@cache
def numbers(name: str, prescription: str) -> xarray.Dataset:
    """The dataset of a figure at low resolution."""
    figure = get_figure(f"foguel-2025/{name}")
    return figure.dataset(prescription=prescription, **SMALL[name])


def omega(mechanism: str, prescription: str, temperature: str = "bath", **point: Any) -> Any:
    """omega_h2 computed without the figure."""
    kind: Any = get_model("nonabelian-vector")
    options = Options(prescription, mechanism, temperature=temperature)
    return evaluate(kind(**point), "omega_h2", options=options)


@pytest.mark.parametrize(("name", "prescription"), CASES)
def test_dataset_tells_of_itself_and_is_drawn(name: str, prescription: str, tmp_path: Any) -> None:
    figure, data = get_figure(f"foguel-2025/{name}"), numbers(name, prescription)
    assert data.attrs["prescription"] == prescription
    assert set(data.attrs["references"]) <= set(load_references())
    assert {"title", "model", "omega_h2"} <= set(data.attrs)
    assert all("units" in data[key].attrs for key in data.data_vars)
    json.dumps(plain(data.to_dict()), allow_nan=False)
    target = tmp_path / "figure.png"
    picture = figure.draw(data)
    picture.savefig(target, dpi=40)
    assert target.stat().st_size > 5000
    title = picture.get_suptitle() or picture.axes[0].get_title()
    assert ("including its misprints" in title) == (prescription == "as-printed")


def test_roots_of_a_known_function() -> None:
    """sin on three columns shifted by a phase: zeros at whole multiples of pi."""
    phase = np.asarray([0.3, 0.9, 4.0])
    grid = np.linspace(0.0, 9.0, 31)
    values = np.sin(grid[:, None] - phase)
    before = fig6_roots.crossings(values)
    for side in range(3):
        column = np.flatnonzero(before[side] >= 0)
        row = before[side][column]
        ends = (grid[row], grid[row + 1])
        edge = (values[row, column], values[row + 1, column])
        root = fig6_roots.sharpen(lambda i, x, c=column: np.sin(x - phase[c[i]]), ends, edge)
        turns = (root - phase[column]) / np.pi
        # straight over a quarter of a step of 0.3: h^2/8 f''/f' < 7e-4 of the step's scale
        assert np.allclose(turns, np.round(turns), atol=3e-4)
        assert (np.round(turns) % 2 == (0 if side == 0 else 1)).all()
    holes = values.copy()
    holes[10] = np.nan
    found = fig6_roots.crossings(holes)
    assert not np.isin(found[found >= 0], (9, 10)).any()


@pytest.mark.parametrize("prescription", RATIOS)
def test_lines_of_figure_8_leave_the_target(prescription: str) -> None:
    """An independent evaluation; a point further off, on a hadronic resonance, is left out."""
    data = numbers("fig8", prescription)
    m_x = data["m_x"]
    for g_x in data["g_x"].values:
        for epsilon in data["epsilon"].values:
            at = m_x.sel(g_x=g_x, epsilon=epsilon)
            known = np.isfinite(at.values)
            assert known.sum() >= 3
            left = omega(
                "freeze-out",
                prescription,
                m_x=at.values[known],
                g_x=float(g_x),
                epsilon=float(epsilon),
                ratio=data["ratio"].values[known],
            )
            assert np.allclose(left.value, 0.12, rtol=3.1e-2)


@pytest.mark.parametrize("prescription", RATIOS)
def test_channels_of_figure_8(prescription: str) -> None:
    """Dark annihilation rules at R = 1; kinetic mixing or 3 -> 2 near R = 2, as the text says."""
    data = numbers("fig8", prescription)
    share = data["share"].values
    total = np.nansum(share, axis=-1)
    known = np.isfinite(data["m_x"].values)
    assert np.allclose(total[known], 1.0, atol=1e-12)
    first = data.isel(ratio=0)
    assert (first["share"].sel(channel="dark").values > 0.95).all()
    near = data.sel(g_x=1.0).isel(ratio=3)
    assert near["share"].sel(channel="kinetic", epsilon=1e-3).item() > 0.9
    assert near["share"].sel(channel="simp", epsilon=1e-6).item() > 0.5


def test_mass_of_figure_8_at_equal_masses_scales() -> None:
    """At R = 1 Omega ~ m_x^2/g_x^4 up to logarithms: m_x goes as g_x^2, to a factor 1.2."""
    m_x = numbers("fig8", "verified")["m_x"].isel(ratio=0)
    power = np.log10(m_x.sel(g_x=1.0).values / m_x.sel(g_x=0.1).values)
    assert np.allclose(power, 2.0, atol=0.1)


@pytest.mark.parametrize("prescription", WORDS)
def test_lines_of_freeze_in_leave_the_target(prescription: str) -> None:
    data = numbers("fig9", prescription)
    for row, line in enumerate(fig9.FREEZE_IN):
        epsilon = data["freeze_in"].values[row]
        known = np.isfinite(epsilon)
        assert known.any()
        left = omega(
            "auto",
            prescription,
            m_x=data["m_x"].values[known],
            g_x=line.g_x,
            epsilon=epsilon[known],
            t_rh=float(data["t_rh"].values[row]),
        )
        assert np.allclose(left.value, 0.12, rtol=2e-3)  # the line is solved to 1e-3


def test_hotter_reheating_needs_less_mixing() -> None:
    """The text of the paper: the line moves down with T_rh."""
    for prescription in WORDS:
        lines = numbers("fig9", prescription)["freeze_in"]
        cold, hot = lines.sel(line="g 1e-7 v").values, lines.sel(line="g 1e-7 3v").values
        known = np.isfinite(cold) & np.isfinite(hot)
        assert known.any()
        assert (hot[known] < cold[known]).all()


def test_power_of_the_reheating_temperature() -> None:
    """epsilon of the line ~ T_rh^(-n/2) for a yield ~ T_rh^n: n = 3 as printed, which the text
    quotes; with (B13) corrected the growth with energy is gone, and n = 1 at m_x << T."""
    for prescription, low, high in (("as-printed", 2.0, 3.2), ("verified", 0.5, 1.3)):
        lines = numbers("fig9", prescription)["freeze_in"].isel(m_x=slice(0, 2))
        ratio = lines.sel(line="g 1e-7 v") / lines.sel(line="g 1e-7 3v")
        power = 2.0 * np.log(ratio.values) / np.log(3.0)
        assert np.isfinite(power).any()
        power = power[np.isfinite(power)]
        assert ((power > low) & (power < high)).all(), (prescription, power)


def test_freeze_in_depends_on_the_product_of_couplings() -> None:
    """As long as only f fbar -> X X counts, Omega ~ (g_x epsilon)^2."""
    lines = numbers("fig9", "as-printed")["freeze_in"]
    ratio = (lines.sel(line="g 1e-11 v") / lines.sel(line="g 1e-9 v")).values
    ratio = ratio[np.isfinite(ratio) & (lines.sel(line="g 1e-11 v").values < 1e-3)]
    assert np.allclose(ratio, 100.0, rtol=3e-3)  # both lines are solved to 1e-3 in omega_h2


@pytest.mark.parametrize("prescription", DIAGRAM)
def test_lines_of_the_phase_diagram_leave_the_target(prescription: str) -> None:
    data = numbers("fig6", prescription)
    contact = data["contact"].item()
    for t_rh in fig6.REHEATING:
        at = data.sel(t_rh=t_rh)
        g_x, (_, column) = at["line_g_x"].values, np.indices(at["line_g_x"].shape)
        known = np.isfinite(g_x)
        assert known.any()
        assert np.allclose(at["line_found"].values[known], 0.12, rtol=2.1e-2)
        # above the threshold of Z_D both sectors share one temperature; tables that start elsewhere
        # for another batch change a value by less than the error of the network
        hot = known & (data["epsilon"].values[column] > contact)
        epsilon = data["epsilon"].values[column[hot]]
        point: dict[str, Any] = {"m_x": 10.0, "g_x": g_x[hot], "epsilon": epsilon, "t_rh": t_rh}
        left = omega("auto", prescription, **point)
        assert np.allclose(left.value, at["line_found"].values[hot], rtol=1e-3)


@pytest.mark.parametrize("prescription", DIAGRAM)
def test_phase_diagram_joins_freeze_out(prescription: str) -> None:
    """Where Z_D keeps contact the network started empty ends on the line of freeze-out.

    Lines are solved to 2 per cent in omega_h2 ~ g_x^-4, that is 0.5 per cent in g_x."""
    data = numbers("fig6", prescription)
    line = data["line_g_x"].sel(t_rh="v", side="falling").values
    known = np.isfinite(line) & (data["epsilon"].values > 3.0 * data["contact"].item())
    assert known.any()
    assert np.allclose(line[known], data["freeze_out_g_x"].values[known], rtol=1e-2)


def test_scan_grows_with_mixing_in_freeze_in() -> None:
    """Far below equilibrium omega_h2 goes as epsilon^2."""
    data = numbers("fig6", "as-printed")
    row = data["omega_h2"].sel(t_rh="v").isel(g_x=2).values
    step = np.log(data["epsilon"].values[1] / data["epsilon"].values[0])
    power = np.diff(np.log(row))[:4] / step
    assert np.allclose(power, 2.0, atol=0.02)


def test_threshold_of_the_mediator() -> None:
    """Gamma = H at T = m_x, by hand: Gamma of a 10 GeV dark photon, g_rho(10 GeV) = 86."""
    contact = numbers("fig6", "as-printed")["contact"].item()
    # R(10 GeV) = 3.6 hadronic and three leptons, K1/K2 = 0.37 of the slowed clock at T = m
    width = 10.0 / 137.0 / 3.0 * (3.0 + 3.6) * 0.37
    hubble = 1.66 * 86.0**0.5 * 100.0 / 1.2209e19
    assert contact == pytest.approx((hubble / width) ** 0.5, rel=0.1)
    assert 1.0 < contact / fig6.QUOTED_CONTACT < 3.0


def test_planck_mass_and_late_decays() -> None:
    """Lambda = v_X sqrt(c_w/epsilon); the lifetime goes as epsilon^-2."""
    data = numbers("fig6", "as-printed")
    g_x, epsilon = np.meshgrid(data["g_x"].values, data["epsilon"].values, indexing="ij")
    by_hand = 20.0 / g_x * np.sqrt(0.877 / epsilon)
    assert np.allclose(data["cutoff"].values, by_hand, rtol=2e-3)  # c_w to three digits
    small = data["epsilon"].values < 1e-3
    product = (data["lifetime_zd"].values * data["epsilon"].values ** 2)[small]
    assert np.allclose(product, product[0], rtol=1e-5)


def test_quoted_benchmarks_as_printed() -> None:
    """The paper's points leave 0.12 within what its unstated inputs may change: 50 per cent."""
    data = numbers("fig6", "as-printed")
    assert np.allclose(data["point_omega_h2"].values, 0.12, rtol=0.5)
    solved, quoted = data["point_solved_epsilon"].values, data["point_epsilon"].values
    assert np.allclose(solved / quoted, 1.0, atol=0.25)


def test_shares_sum_and_closed_channels() -> None:
    alone = {
        "kinetic": np.asarray([0.1, np.nan]),
        "dark": np.asarray([0.2, 0.3]),
        "simp": np.asarray([0.2, np.nan]),
    }
    assert np.allclose(fig8._shares(alone), [[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])
