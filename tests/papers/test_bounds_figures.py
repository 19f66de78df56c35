"""The planes of bounds: every record appears, nothing is made up, names stay off one another."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import yaml

from vectorportal.app.encode import plain
from vectorportal.app.figures import data_text, write_figure
from vectorportal.bounds.hepdata import read_hepdata
from vectorportal.bounds.hepdata_files import submission_files
from vectorportal.bounds.of_model import verdict
from vectorportal.bounds.recast import limit_curve
from vectorportal.bounds.registry import bounds_for, current, get_bound, load_bounds
from vectorportal.errors import DataError, ParameterError, UsageError
from vectorportal.models import get_model
from vectorportal.observables.base import evaluate
from vectorportal.papers.bound_planes.dipole import RELIC
from vectorportal.papers.bound_planes.families import FAMILIES, family_of, short_labels, tint
from vectorportal.papers.bound_planes.placement import (
    Place,
    Wish,
    leader_start,
    place_all,
    segments_cross,
)
from vectorportal.papers.bound_planes.shapes import covered, shapes_of
from vectorportal.papers.registry import figure_names, get_figure
from vectorportal.references import load_references

PLANES = tuple(
    name for name in figure_names() if name.startswith("bounds/") and name != "bounds/calibration"
)
POINTS = {"points": 301}


@pytest.fixture(scope="module")
def planes():
    return {name: get_figure(name).dataset(**POINTS) for name in PLANES}


@pytest.fixture(scope="module")
def pictures(planes):
    drawn = {name: get_figure(name).draw(data) for name, data in planes.items()}
    for picture in drawn.values():
        picture.draw_without_rendering()
    return drawn


def test_there_are_six() -> None:
    kinds = ("dark-photon-visible", "dark-photon-invisible", "millicharge", "baryonic")
    assert set(PLANES) == {f"bounds/{kind}" for kind in (*kinds, "charged-vector", "dark-dipole")}


@pytest.mark.parametrize("name", PLANES)
def test_curves_are_told_completely(planes, name: str) -> None:
    data = planes[name]
    assert data["mass"].attrs["units"] == "GeV"
    assert len(data.data_vars) > 10
    cited = set(load_references())
    unit = "1/TeV" if name == "bounds/dark-dipole" else "1"
    for key, curve in data.data_vars.items():
        if key == RELIC:
            continue
        values = curve.values[np.isfinite(curve.values)]
        assert curve.dims == ("mass",)
        assert values.size, key
        assert (values > 0.0).all(), key
        about = curve.attrs
        assert about["units"] == unit
        assert about["grade"] in "ABCD"
        assert about["kind"] in ("limit", "projection")
        assert about["label"]
        assert about["confidence_level"]
        assert set(about["source"]) <= cited, key
        assert family_of(about) != "other", key
    assert set(data.attrs["references"]) <= cited
    json.dumps(plain(data.to_dict()), allow_nan=False)
    rows = [line for line in data_text(data, ".csv").splitlines() if not line.startswith("#")]
    assert len(rows) == 1 + data.sizes["mass"]


@pytest.mark.parametrize("name", ["bounds/dark-photon-visible", "bounds/dark-photon-invisible"])
def test_every_current_record_is_there_or_is_said_to_be_empty(planes, name: str) -> None:
    data = planes[name]
    expected = {record.id for record in current(bounds_for("dark-photon"))}
    shown = {key for key in expected if key in data}
    assert shown | set(data.attrs["without_curve"]) == expected
    assert not shown & set(data.attrs["without_curve"])


def test_every_record_on_millicharge_is_there(planes) -> None:
    """Those within the default axis as published, value by value; the others are named."""
    data = planes["bounds/millicharge"]
    records = [r for r in current(load_bounds().values()) if r.coupling == "millicharge"]
    assert len(records) >= 15
    mass = data["mass"].values
    for record in records:
        lower, _ = limit_curve(record, mass)
        if record.id in data:
            assert np.array_equal(data[record.id].values, lower, equal_nan=True)
        else:
            assert record.id in data.attrs["without_curve"]
            assert not np.isfinite(lower).any()


def test_nothing_is_extrapolated(planes) -> None:
    """Visible limits of a dark photon: NaN outside the published masses and in vetoed windows."""
    data = planes["bounds/dark-photon-visible"]
    mass = data["mass"].values
    for name in ("babar_2014", "nucal_2013_brem", "lhcb_2019_prompt", "cms_2019"):
        lower, upper = limit_curve(get_bound(name), mass)
        assert np.array_equal(np.isfinite(lower), np.isfinite(data[name].values))
        inside = np.isfinite(lower) & (mass < 5.0)
        assert data[name].values[inside] == pytest.approx(lower[inside], rel=0.01)
        if np.isfinite(upper).any():
            found = data[f"{name}_upper"].values
            assert found[inside] == pytest.approx(upper[inside], rel=0.01)


def test_superseded_results_only_on_request() -> None:
    name = "bounds/dark-photon-visible"
    default = get_figure(name).dataset(points=61)
    every = get_figure(name).dataset(points=61, superseded="yes")
    assert "lhcb_2017" not in default
    assert every["lhcb_2017"].attrs["status"] == "superseded"
    assert every["charm_2019_tsai"].attrs["status"] == "alternative"
    assert every["lhcb_2019_prompt"].attrs["status"] == "current"
    assert set(default.data_vars) < set(every.data_vars)


def test_y_is_epsilon_squared_over_the_mass_of_the_dark_matter() -> None:
    """y = epsilon^2 alpha_d ratio^4 at m_dm = ratio m_v, for any ratio and coupling."""
    figure = get_figure("bounds/dark-photon-invisible")
    chosen = {"ratio": 0.4, "alpha_d": 0.1, "dm": "dirac", "points": 41}
    epsilon = figure.dataset(**chosen, mass_min=0.01, mass_max=5.0)
    y = figure.dataset(**chosen, plane="y", mass_min=0.004, mass_max=2.0)
    assert y["mass"].values == pytest.approx(0.4 * epsilon["mass"].values)
    for name in ("babar_2017", "na64_2023"):
        expected = epsilon[name].values ** 2 * 0.1 * 0.4**4
        assert y[name].values == pytest.approx(expected, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("alpha_d", [0.5, 0.05])
def test_scattering_in_y_as_published(alpha_d: float) -> None:
    """At the alpha_d of the record its curve; else y goes as the root of alpha_d.

    The rate is epsilon^2 for production times epsilon^2 alpha_d for scattering, y^2/alpha_d.
    """
    figure = get_figure("bounds/dark-photon-invisible")
    data = figure.dataset(plane="y", alpha_d=alpha_d, points=61, mass_max=1.0)
    for name in ("miniboone_2018", "ship_2021_recoil_proj"):
        record = get_bound(name)
        lower, _ = limit_curve(record, data["mass"].values)
        expected = lower * np.sqrt(alpha_d / record.inputs["alpha_d"])
        assert data[name].values == pytest.approx(expected, rel=1e-3, nan_ok=True)


@pytest.mark.parametrize("charges", ["B-L", "L_mu-L_tau"])
def test_recast_curves_agree_with_the_verdict(charges: str) -> None:
    """0.1% above a curve the point is excluded, below it is not."""
    data = get_figure("bounds/charged-vector").dataset(charges=charges, points=41)
    kind: Any = get_model("charged-vector")
    mass, tried = data["mass"].values, 0
    for name in ("babar_2014", "babar_2017", "na64_2023", "babar_2016_4mu", "na64mu_2024"):
        if name not in data:
            continue
        lower = data[name].values
        i = int(np.flatnonzero(np.isfinite(lower))[np.isfinite(lower).sum() // 2])
        for factor, side in ((1.001, "inside"), (0.999, "below")):
            judged = verdict(kind(m_v=mass[i], g_x=factor * lower[i], charges=charges))
            row = {r.id: r for r in (*judged.bounds, *judged.reach)}[name]
            assert row.side == side, name
            tried += 1
    assert tried >= 2


def test_plane_of_a_dipole_agrees_with_verdict_and_relic_density() -> None:
    """0.1% above a curve the point is excluded, below it is not; the line leaves 0.12."""
    data = get_figure("bounds/dark-dipole").dataset(points=21, alpha_d=0.1)
    kind: Any = get_model("dark-dipole")
    mass = data["mass"].values
    i = int(np.argmin(np.abs(mass - 0.05)))
    for factor, side in ((1.001, "inside"), (0.999, "below")):
        scale = 1e3 / (factor * float(data["babar_2017"][i]))
        point = kind(m_v=mass[i], m_dm=0.45 * mass[i], alpha_d=0.1, lambda_over_alpha_d=scale)
        judged = verdict(point)
        row = {r.id: r for r in (*judged.bounds, *judged.reach)}["babar_2017"]
        assert row.side == side
    relic = data[RELIC].values
    k = np.flatnonzero(np.isfinite(relic))[::4]
    k = k[k % 4 == 0]
    points = kind(m_v=mass[k], m_dm=0.45 * mass[k], alpha_d=0.1, lambda_over_alpha_d=1e3 / relic[k])
    assert evaluate(points, "omega_h2").value == pytest.approx(0.12, rel=1e-4)


def test_muonic_vectors_are_not_seen_by_electrons() -> None:
    """L_mu - L_tau without mixing: no electron beam or pi0 decay, but muons see it."""
    data = get_figure("bounds/charged-vector").dataset(charges="L_mu-L_tau", points=61)
    shown = set(data.data_vars)
    assert not shown & {"na64_2023", "e137_2009_bjorken", "na48_2_2015", "nucal_2013_brem"}
    assert {"babar_2016_4mu", "gm2_muon_2025"} <= shown


def test_baryon_number_holds_what_was_published_for_it(planes) -> None:
    data = planes["bounds/baryonic"]
    records = [r for r in load_bounds().values() if r.charges in ("B", "B+mixing")]
    assert len(records) >= 5
    for record in records:
        lower, _ = limit_curve(record, data["mass"].values)
        if record.id in data:
            assert np.array_equal(data[record.id].values, lower, equal_nan=True)
    enhanced = {r.id for r in records if r.signature == "rare-decay"}
    assert any(name in data for name in enhanced)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bounds/dark-photon-visible", {"superseded": "perhaps"}),
        ("bounds/dark-photon-visible", {"mass_min": -1.0}),
        ("bounds/dark-photon-invisible", {"plane": "z"}),
        ("bounds/dark-photon-invisible", {"ratio": 0.6}),
        ("bounds/dark-photon-invisible", {"alpha_d": 0.0}),
        ("bounds/dark-photon-invisible", {"dm": "none"}),
        ("bounds/baryonic", {"charges": "B-L"}),
        ("bounds/charged-vector", {"charges": "B-M"}),
        ("bounds/charged-vector", {"charges": 3}),
        ("bounds/millicharge", {"points": 2.5}),
    ],
)
def test_bad_keywords_are_refused(name: str, wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=f"^{next(iter(wrong))} = "):
        get_figure(name).complete(wrong)


def test_unknown_keywords_are_refused() -> None:
    with pytest.raises(UsageError, match="superseded"):
        get_figure("bounds/millicharge").complete({"supersede": "yes"})


def _names(picture):
    """The boxes of the names on `picture`, in pixels."""
    texts = [t for t in picture.axes[0].texts if (t.get_gid() or "").startswith("name:")]
    return {text.get_gid()[5:]: text.get_window_extent() for text in texts}


@pytest.mark.parametrize("name", PLANES)
def test_names_lie_neither_on_one_another_nor_on_the_legend(pictures, name: str) -> None:
    """The legend is outside of the axes, so that no curve is below it either."""
    axes = pictures[name].axes[0]
    assert not axes.get_legend().get_window_extent().overlaps(axes.get_window_extent())
    boxes = _names(pictures[name])
    assert len(boxes) >= (8 if name == "bounds/dark-dipole" else 10)
    frame = axes.get_window_extent()
    legend = axes.get_legend().get_window_extent()
    for key, box in boxes.items():
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1, key
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1, key
        assert not box.overlaps(legend), key
    for (one, first), (two, second) in combinations(boxes.items(), 2):
        assert not first.overlaps(second), (one, two)


@pytest.mark.parametrize("name", PLANES)
def test_what_leads_has_a_name(planes, pictures, name: str) -> None:
    """A current limit that nothing else covers on a tenth of a decade or more is named."""
    data = planes[name]
    shapes = shapes_of(data)
    limits = tuple(s for s in shapes if s.shaded)
    step = np.diff(np.log10(data["mass"].values))[0]
    named = _names(pictures[name])
    for shape in limits:
        rivals = tuple(s for s in limits if s is not shape)
        with np.errstate(invalid="ignore"):
            seen = (shape.lower < data.attrs["top"]) & ~covered(0.999 * shape.lower, rivals)
        if seen.sum() * step > 0.15:
            assert shape.name in named, shape.name


@pytest.mark.parametrize("name", PLANES)
def test_only_published_limits_are_shaded(planes, name: str) -> None:
    for shape in shapes_of(planes[name]):
        about = shape.about
        solid = about["status"] == "current" and about.get("counted", False)
        assert shape.shaded == solid


WARM = {"complex-scalar": False, "majorana": False, "dirac": True}
"""Whether the microwave background counts: the p-wave needs dark matter as warm as assumed"""


@pytest.mark.parametrize("plane", ["epsilon", "y"])
@pytest.mark.parametrize("dm", list(WARM))
def test_what_only_warm_dark_matter_would_meet_is_not_shaded(dm: str, plane: str) -> None:
    figure = get_figure("bounds/dark-photon-invisible")
    data = figure.dataset(dm=dm, plane=plane, points=41)
    (shape,) = (s for s in shapes_of(data) if s.name == "cmb_planck_2018")
    assert np.isfinite(shape.lower).sum() > 10
    assert shape.about["counted"] is WARM[dm]
    assert shape.shaded == WARM[dm]
    assert shape.uncounted != WARM[dm]
    legend: Any = figure.draw(data).axes[0].get_legend()
    words = [text.get_text() for text in legend.get_texts()]
    assert ("not counted: needs warm dark matter" in words) != WARM[dm]


@pytest.mark.parametrize("dm", list(WARM))
def test_a_limit_counts_where_the_verdict_counts_it(dm: str) -> None:
    """Every limit of the plane, 0.1% above its lower edge, at its first and middle mass."""
    data = get_figure("bounds/dark-photon-invisible").dataset(dm=dm, points=41)
    kind: Any = get_model("dark-photon")
    mass, tried = data["mass"].values, 0
    for name, curve in data.data_vars.items():
        if curve.attrs["kind"] != "limit" or str(name).endswith("_upper"):
            continue
        found = np.flatnonzero(np.isfinite(curve.values))
        for i in {int(found[0]), int(found[found.size // 2])}:
            epsilon = 1.001 * curve.values[i]
            point = kind(m_v=mass[i], epsilon=epsilon, m_dm=mass[i] / 3.0, alpha_d=0.5, dm=dm)
            row = {r.id: r for r in verdict(point).bounds}[str(name)]
            assert row.excluded is curve.attrs["counted"], name
            tried += 1
    assert tried > 15


def test_a_limit_that_counts_at_some_masses_is_split() -> None:
    """Dirac dark matter close to the pole is as warm as the record assumes at some masses only."""
    chosen = {"dm": "dirac", "ratio": 0.49999, "alpha_d": 1e-3, "points": 101}
    data = get_figure("bounds/dark-photon-invisible").dataset(**chosen)
    counted, other = data["cmb_planck_2018"], data["cmb_planck_2018_not_counted"]
    assert counted.attrs["counted"] is True
    assert other.attrs["counted"] is False
    assert not (np.isfinite(counted.values) & np.isfinite(other.values)).any()


NO_RECORD = ("neutrino", "recoil", "anomalies")


@pytest.mark.parametrize(
    ("name", "chosen", "said"),
    [
        ("dark-photon-visible", {}, ""),
        ("dark-photon-invisible", {}, "recoil"),
        ("charged-vector", {"charges": "B-L"}, "neutrino"),
        ("charged-vector", {"charges": "B"}, "anomalies"),
        ("baryonic", {}, ""),
    ],
)
def test_what_is_not_evaluated_is_said(name: str, chosen: dict[str, Any], said: str) -> None:
    figure = get_figure(f"bounds/{name}")
    data = figure.dataset(points=5, **chosen)
    silent = " ".join(data.attrs["not_evaluated"])
    assert "nucleosynthesis" in silent
    assert [word for word in NO_RECORD if word in silent] == ([said] if said else [])
    picture = figure.draw(data)
    assert picture.get_supxlabel().startswith("Not evaluated: ")


def test_samples_of_the_legend_are_drawn_as_the_curves(pictures) -> None:
    """A family that has only recalled values is dotted, one with a limit filled."""
    legend = pictures["bounds/millicharge"].axes[0].get_legend()
    texts = [text.get_text() for text in legend.get_texts()]
    samples = dict(zip(texts, legend.legend_handles, strict=True))
    dots = vars(samples["grade D: recalled or estimated"])["_dash_pattern"]
    dashes = vars(samples["projection"])["_dash_pattern"]
    assert vars(samples["stars and cosmology"])["_dash_pattern"] == dots != dashes
    assert not hasattr(samples["dumps and neutrino detectors"], "get_xdata")


def test_other_readings_for_baryon_number_have_names(planes, pictures) -> None:
    data, named = planes["bounds/baryonic"], _names(pictures["bounds/baryonic"])
    grey = {s.name: s for s in shapes_of(data) if s.old}
    assert len(set(grey) & set(named)) >= 5
    assert not any("(" in shape.label for shape in grey.values())


def test_the_set_of_figure_9_of_foguel_2025_is_named(pictures) -> None:
    """Its experiments, by the names in its section 4.1; those it draws dashed are projections."""
    named = set(_names(pictures["bounds/dark-photon-visible"]))
    limits = {"babar_2014", "kloe_2018", "lhcb_2019_prompt", "cms_2019", "faser_2023"}
    limits |= {"e137_2009_bjorken", "e141_1987", "na64_2019_visible", "nucal_2013_brem"}
    limits |= {"charm_2012_gninenko", "na48_2_2015", "sn1987a_2017", "hps_2015run"}
    projections = {"belle2_2018_visible_proj", "faser2_2021_proj", "hps_2016_displaced_proj"}
    projections |= {"ship_2020_brem_proj", "lhcb_2016_premodule_proj", "fccee_2015_proj"}
    assert limits <= named
    assert projections <= named


def test_files_are_written(tmp_path) -> None:
    target = tmp_path / "plane.png"
    write_figure("bounds/millicharge", ["points=61"], target, None, None)
    assert target.stat().st_size > 30_000
    assert (tmp_path / "plane.csv").read_text().count("\n") > 61
    assert "@" in (tmp_path / "plane.bib").read_text()


def test_the_older_name_is_the_same_plane() -> None:
    old = get_figure("light-dark-matter/visible-bounds").dataset(points=31, mass_max=200.0)
    new = get_figure("bounds/dark-photon-visible").dataset(points=31)
    assert old.identical(new)


EMPTY = (
    ("bounds/millicharge", ("mass_min=1TeV", "mass_max=2TeV", "points=5")),
    ("bounds/charged-vector", ("charges=nu_tau:1", "points=5")),
)


@pytest.mark.parametrize(("name", "words"), EMPTY)
@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_a_plane_without_curves_is_written(tmp_path, name: str, words: Any, ending: str) -> None:
    """Picture, table and submission have the axis alone."""
    table, folder = tmp_path / f"e{ending}", tmp_path / "sub"
    write_figure(name, list(words), tmp_path / "e.png", table, None, folder)
    assert (tmp_path / "e.png").stat().st_size > 10_000
    if ending == ".json":
        content = json.loads(table.read_text())
        assert len(content["coords"]["mass"]["data"]) == 5
        assert not content["data_vars"]
    else:
        rows = [x for x in table.read_text().splitlines() if not x.startswith("#")]
        assert rows[0] == "mass"
        assert len(rows) == 6
    (listed,) = list(yaml.safe_load_all((folder / "submission.yaml").read_text()))[1:]
    found = yaml.safe_load((folder / listed["data_file"]).read_text())
    assert len(found["independent_variables"][0]["values"]) == 5
    assert found["dependent_variables"] == []


def test_a_plane_without_curves_says_so() -> None:
    figure = get_figure("bounds/millicharge")
    data = figure.dataset(mass_min=1e4, mass_max=1e5, points=5)
    assert not data.data_vars
    words = [text.get_text() for text in figure.draw(data).axes[0].texts]
    assert words == ["no record has data here"]


NOT_READ = ("moment", "electroweak", "annihilation")
"""Signatures that an own bound cannot have"""


def test_a_coupling_with_a_unit_does_not_come_back_as_a_number(tmp_path, planes) -> None:
    data = planes["bounds/dark-dipole"]
    for file, content in submission_files(data[["babar_2017"]], "dipole", "A plane").items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(DataError, match="1/TeV"):
        read_hepdata(tmp_path, column="babar_2017")


@pytest.mark.parametrize("name", [name for name in PLANES if name != "bounds/dark-dipole"])
def test_every_curve_comes_back_from_hepdata(tmp_path, planes, name: str) -> None:
    """All columns, bands with both edges; only rounding at the 8th digit is lost."""
    data, read = planes[name], 0
    for key in map(str, data.data_vars):
        if key.endswith("_upper") or data[key].attrs["signature"] in NOT_READ:
            continue
        band = f"{key}_upper"
        folder = tmp_path / key
        folder.mkdir()
        part = data[[key, band] if band in data else [key]]
        for file, content in submission_files(part, name, "A plane").items():
            (folder / file).write_bytes(content)
        curve: Any = read_hepdata(folder, column=key).curve
        there = np.isfinite(data[key].values)
        kept = np.isfinite(curve.lower)
        assert curve.lower[kept] == pytest.approx(data[key].values[there], rel=1e-7)
        if band in data:
            assert np.array_equal(np.isfinite(data[band].values), there), key
            assert curve.upper[kept] == pytest.approx(data[band].values[there], rel=1e-7)
        read += 1
    assert read >= 15


def test_an_upper_edge_above_the_cut_stays(planes) -> None:
    """E774 reaches couplings above 3, where lower edges end, for vectors of baryon number."""
    data = planes["bounds/baryonic"]
    assert np.nanmax(data["e774_1991_upper"].values) > 3.0
    for key in map(str, data.data_vars):
        if not key.endswith("_upper") and data[key].attrs["status"] == "current":
            assert np.nanmax(data[key].values) <= 3.0, key


@pytest.mark.parametrize("points", [2, 5])
def test_few_masses_can_be_drawn(points: int) -> None:
    figure = get_figure("bounds/charged-vector")
    figure.draw(figure.dataset(charges="e:1", points=points)).draw_without_rendering()


def test_short_labels() -> None:
    labels = {"a": "E137 (Bjorken 2009)", "b": "SHiP (pi0)", "c": "SHiP (eta)", "d": "(g-2)_e 2023"}
    short = short_labels(labels)
    assert short["a"] == "E137"
    assert short["b"] == "SHiP (π⁰)"
    assert short["c"] == "SHiP (eta)"
    assert short["d"] == "$(g-2)_e$ 2023"
    assert short_labels({"a": "a name of many words here"})["a"].count("\n") == 1


def test_tints() -> None:
    assert tint("#FFFFFF", 0.3) == (1.0, 1.0, 1.0)
    assert tint("#000000", 0.25) == (0.75, 0.75, 0.75)


_SIGHT = (
    np.eye(3),
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.052],
    ],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.0047, 0.6914, 0.3039]],
)
"""Linear RGB as seen normally and without red, green and blue cones: G. Machado, M. Oliveira and
L. Fernandes, IEEE Trans. Vis. Comput. Graph. 15 (2009) 1291."""
_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def _lab(colour: tuple[float, float, float], sight: Any) -> np.ndarray:
    """CIE Lab of an sRGB colour under `sight`."""
    c = np.asarray(colour)
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    ratio = _XYZ @ np.clip(sight @ linear, 0.0, 1.0) / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16.0 / 116.0)
    return np.array([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)])


@pytest.mark.parametrize("sight", _SIGHT)
def test_fillings_can_be_told_apart_by_colour_blind_readers(sight: Any) -> None:
    """2.3 is a just noticeable difference; families of one colour never share a plane."""
    shown = [FAMILIES[k] for k in FAMILIES if k not in ("collider", "beam", "rare-decay", "other")]
    colours = {family.name: _lab(family.fill, np.array(sight)) for family in shown}
    colours["paper"] = _lab((1.0, 1.0, 1.0), np.array(sight))
    for (one, first), (two, second) in combinations(colours.items(), 2):
        assert np.linalg.norm(first - second) > 8.0, (one, two)


def _square(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((60, 80), bool)
    mask[rows, columns] = True
    return mask


def test_a_name_with_room_goes_inside_without_leader() -> None:
    region = _square(slice(10, 50), slice(10, 70))
    nothing = np.zeros(region.shape, bool)
    wish = Wish(20, 6, region, region)
    (place,) = place_all([wish], nothing, region.astype(int), nothing)
    assert place is not None
    assert place.leader is None
    assert region[place.row : place.row + 6, place.column : place.column + 20].all()


def test_a_name_without_room_goes_beside_with_a_leader_to_its_region() -> None:
    region = _square(slice(28, 32), slice(38, 42))
    nothing = np.zeros(region.shape, bool)
    wish = Wish(20, 6, region, region)
    (place,) = place_all([wish], nothing, region.astype(int), nothing)
    assert place is not None
    assert place.leader is not None
    assert region[place.leader]
    row, column = leader_start(wish, place)
    assert place.row <= row < place.row + 6
    assert place.column <= column < place.column + 20
    hidden = Wish(20, 6, region, region, inside=True)
    assert place_all([hidden], nothing, region.astype(int), nothing) == [None]


def test_many_names_of_one_region_do_not_touch() -> None:
    region = _square(slice(5, 55), slice(5, 75))
    nothing = np.zeros(region.shape, bool)
    wishes = [Wish(18, 6, region, region)] * 9
    places = place_all(wishes, nothing, region.astype(int), nothing)
    found = [p for p in places if p is not None]
    assert len(found) == 9
    for a, b in combinations(found, 2):
        assert abs(a.row - b.row) >= 6 or abs(a.column - b.column) >= 18


def test_no_room_is_no_place() -> None:
    region = _square(slice(5, 55), slice(5, 75))
    full = np.ones(region.shape, bool)
    wish = Wish(18, 6, region, region)
    assert place_all([wish], ~full, region.astype(int), full) == [None]


def test_crossing_segments() -> None:
    assert segments_cross((0, 0), (4, 4), (0, 4), (4, 0))
    assert not segments_cross((0, 0), (4, 4), (0, 1), (3, 4))
    assert not segments_cross((0, 0), (1, 1), (3, 3), (0, 6))
    assert Place(0, 0, None).leader is None
