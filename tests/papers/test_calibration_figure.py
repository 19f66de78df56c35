"""The sheet of experiments beside their published limits: numbers of `calibrate`, names, files."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
import yaml

from vectorportal.app.encode import plain
from vectorportal.app.figures import data_text, write_figure
from vectorportal.bounds.experiments.calibration import calibrate, reference_vector, spread_of
from vectorportal.bounds.experiments.events import signal
from vectorportal.bounds.experiments.spec import get_experiment, load_experiments
from vectorportal.bounds.hepdata import read_hepdata
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import UsageError
from vectorportal.papers.bound_planes.calibration import SELECTION, selected
from vectorportal.papers.registry import get_figure
from vectorportal.references import load_references

FIGURE = get_figure("bounds/calibration")
ONE = "e774"


@pytest.fixture(scope="module")
def one():
    return FIGURE.dataset(experiment=ONE)


@pytest.fixture(scope="module")
def sheet():
    """A contour, limits from above, a window, a missed stretch, three couplings, every grade."""
    names = "e774,na64_2023_invisible,besiii_untagged,kloe_phi_eta,ldmx,lsnd_millicharge"
    return FIGURE.dataset(experiment=f"{names},l3_z_longitudinal")


@pytest.fixture(scope="module")
def picture(sheet):
    drawn = FIGURE.draw(sheet)
    drawn.draw_without_rendering()
    return drawn


def test_it_holds_what_calibrate_says(one) -> None:
    """All published masses, value by value, with the spread and what is missed."""
    experiment = get_experiment(ONE)
    curve = get_bound(str(experiment.record)).curve
    assert curve is not None
    found = calibrate(experiment, vector=reference_vector(experiment, curve.mass))
    at = one.sel({f"mass_{ONE}": curve.mass})
    pairs = {
        experiment.record: "published_lower",
        f"{experiment.record}_upper": "published_upper",
        f"{ONE}_obtained": "lower",
        f"{ONE}_obtained_upper": "upper",
        f"{ONE}_ratio": "ratio_lower",
        f"{ONE}_ratio_upper": "ratio_upper",
    }
    assert set(one.data_vars) == set(pairs)
    for name, key in pairs.items():
        assert np.array_equal(at[name].values, found[key], equal_nan=True), name
        assert one[name].attrs["spread"] == found["spread"]
        assert one[name].attrs["missed"] == found["missed"]
    ratios = one[f"{ONE}_ratio"].values, one[f"{ONE}_ratio_upper"].values
    assert spread_of(*ratios) == pytest.approx(found["spread"])


def test_published_curves_are_those_of_the_record(sheet) -> None:
    for name, record in zip(sheet.attrs["experiments"], sheet.attrs["records"], strict=True):
        curve = get_bound(record).curve
        assert curve is not None
        at = sheet.sel({f"mass_{name}": curve.mass})[record].values
        assert at == pytest.approx(curve.lower, nan_ok=True), name


def test_computed_edges_have_the_events_of_the_limit(one) -> None:
    """Expected events at the edges: n_limit, which no ratio to a curve knows of."""
    experiment = get_experiment(ONE)
    for ending in ("", "_upper"):
        edge = one[f"{ONE}_obtained{ending}"].dropna(f"mass_{ONE}")
        mass = edge[f"mass_{ONE}"].values
        found = signal(experiment, reference_vector(experiment, mass), edge.values[:, None])[:, 0]
        # where a contour closes both edges meet above the limit
        assert found[: mass.size // 2] == pytest.approx(experiment.n_limit, rel=0.02)
        assert (found > 0.98 * experiment.n_limit).all()


def test_contours_are_followed_to_their_tips(one) -> None:
    """More masses there; they have no ratio, and both edges come close to one another."""
    lower, upper = one[f"{ONE}_obtained"].values, one[f"{ONE}_obtained_upper"].values
    mass = one[f"mass_{ONE}"].values
    assert (np.diff(mass) > 0.0).all()
    last = int(np.flatnonzero(np.isfinite(lower))[-1])
    assert upper[last] / lower[last] < 1.5
    curve = get_bound(str(get_experiment(ONE).record)).curve
    assert curve is not None
    added = ~np.isin(mass, curve.mass)
    assert added.any()
    assert np.isnan(one[f"{ONE}_ratio"].values[added]).all()


def test_everything_is_told(sheet) -> None:
    cited = set(load_references())
    assert set(sheet.attrs["references"]) <= cited
    for name, record in zip(sheet.attrs["experiments"], sheet.attrs["records"], strict=True):
        assert sheet[f"mass_{name}"].attrs["units"] == "GeV"
        assert get_experiment(name).record == record
        for key in (record, f"{name}_obtained", f"{name}_ratio"):
            about = sheet[key].attrs
            assert about["units"] == "1"
            assert (about["experiment"], about["record"]) == (name, record)
            assert about["spread"] >= 1.0
            assert 0.0 <= about["missed"] < 1.0
            assert set(about["source"]) <= set(sheet.attrs["references"])
            values = sheet[key].values[np.isfinite(sheet[key].values)]
            assert values.size
            assert (values > 0.0).all()
    json.dumps(plain(sheet.to_dict()), allow_nan=False)


def test_missed_masses_are_named(sheet) -> None:
    """KLOE 2012 reaches lower masses than what is computed."""
    about = sheet["kloe_phi_eta_ratio"].attrs
    masses = np.array(about["missed_masses_GeV"])
    curve = get_bound("kloe_2012").curve
    assert curve is not None
    assert about["missed"] == pytest.approx(masses.size / curve.mass.size)
    assert np.isnan(sheet["kloe_phi_eta_obtained"].sel(mass_kloe_phi_eta=masses)).all()
    assert np.isfinite(sheet["kloe_2012"].sel(mass_kloe_phi_eta=masses)).all()


def test_every_panel_has_its_name_spread_and_axes(sheet, picture) -> None:
    names = list(sheet.attrs["experiments"])
    titles = {}
    for axes in picture.axes:
        for text in (axes.title, axes._left_title):
            if (text.get_gid() or "").startswith("name:"):
                titles[text.get_gid()[5:]] = axes
    assert list(titles) == names
    assert len(picture.axes) == 2 * len(names)
    for name, axes in titles.items():
        words = {text.get_text() for text in axes.texts}
        assert get_experiment(name).record in words
        assert f"spread {sheet[f'{name}_ratio'].attrs['spread']:.2f}" in words
        below = picture.axes[picture.axes.index(axes) + 1]
        assert "[GeV]" in below.get_xlabel()
        assert axes.get_xlim() == below.get_xlim()


def test_symbols_follow_the_coupling(sheet, picture) -> None:
    """Three kinds of coupling on one sheet: every panel says its own."""
    labels = [axes.get_ylabel() for axes in picture.axes[::2]]
    kinds = [sheet[record].attrs["coupling"] for record in sheet.attrs["records"]]
    words = {"epsilon": "kinetic mixing", "millicharge": "charge", "g_x": "coupling"}
    assert {*kinds} == {*words}
    assert all(label.startswith(words[kind]) for label, kind in zip(labels, kinds, strict=True))


def test_only_published_limits_are_shaded(sheet, picture) -> None:
    for axes, record in zip(picture.axes[::2], sheet.attrs["records"], strict=True):
        about = sheet[record].attrs
        shaded = about["kind"] == "limit" and about["grade"] != "D"
        assert bool(axes.collections) == shaded, record


def test_titles_do_not_touch(picture) -> None:
    boxes = [axes._left_title.get_window_extent() for axes in picture.axes[::2]]
    page = picture.bbox
    assert all(page.x0 <= b.x0 < b.x1 <= page.x1 and b.y1 <= page.y1 for b in boxes)
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    legend = picture.legends[0].get_window_extent()
    assert page.x0 <= legend.x0 < legend.x1 <= page.x1


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("e138", "e137"),
        ("charmm", "charm"),
        ("proton-dumb", "proton-dump"),
        ("e137,na62_dumb", "na62_dump"),
        ("sn1987a", "sn1987a_vacuum"),
    ],
)
def test_bad_names_are_answered_with_the_nearest(word: str, nearest: str) -> None:
    with pytest.raises(UsageError, match=rf"^experiment = .*; did you mean {nearest}\?$"):
        FIGURE.dataset(experiment=word)


@pytest.mark.parametrize("word", ["", ",", "e137,", "nova_dm", 3, None, "x" * 500, "e137\n\x1b"])
def test_other_values_are_refused(word: object) -> None:
    """Nothing at all, an experiment without a published record, no word, no printable word."""
    with pytest.raises(UsageError, match=r"^experiment = .*published record") as caught:
        FIGURE.complete({"experiment": word})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


def test_unknown_keywords_are_refused() -> None:
    with pytest.raises(UsageError, match="did you mean experiment"):
        FIGURE.dataset(experiments="all")


def test_words_for_experiments() -> None:
    assert tuple(e.id for e in selected("all")) == SELECTION
    assert all(get_experiment(name).record for name in SELECTION)
    missing = {n for n, e in load_experiments().items() if e.engine == "missing-energy"}
    assert {e.id for e in selected("missing-energy")} == missing
    assert [e.id for e in selected("kek,e137,kek")] == ["kek", "e137"]
    assert FIGURE.complete({"experiment": " kek, e137 "}) == {"experiment": "kek,e137"}


def test_no_two_experiments_share_a_record() -> None:
    """Published curves are called by their record."""
    records = [e.record for e in load_experiments().values() if e.record]
    assert len(set(records)) == len(records)
    assert not set(records) & set(load_experiments())


def test_one_experiment_is_a_plain_table(one) -> None:
    lines = [x for x in data_text(one, ".csv").splitlines() if not x.startswith("#")]
    assert lines[0].split(",")[:2] == [f"mass_{ONE}", str(get_experiment(ONE).record)]
    assert len(lines) == 1 + one.sizes[f"mass_{ONE}"]


def test_several_have_one_row_for_each_value(sheet) -> None:
    lines = [x for x in data_text(sheet, ".csv").splitlines() if not x.startswith("#")]
    axes = [f"mass_{name}" for name in sheet.attrs["experiments"]]
    assert lines[0].split(",") == ["variable", *axes, "value"]
    assert len(lines) == 1 + sum(v.size for v in sheet.data_vars.values())


def test_files_cite_what_is_shown_and_can_be_read_back(tmp_path) -> None:
    """BibTeX of the experiment that is asked for, and a table of HEPData for each."""
    target, folder = tmp_path / "calibration.png", tmp_path / "hepdata"
    words = ["experiment=l3_z_longitudinal,e774"]
    write_figure("bounds/calibration", words, target, None, None, folder)
    assert target.stat().st_size > 30_000
    keys = FIGURE.cited(experiment="l3_z_longitudinal,e774")
    text = (tmp_path / "calibration.bib").read_text()
    assert all(key in text for key in keys)
    assert "E137:1988" not in text
    documents = list(yaml.safe_load_all((folder / "submission.yaml").read_text()))
    assert len(documents) == 3
    again = read_hepdata(folder, column="e774_1991", id="again")
    curve = get_bound("e774_1991").curve
    assert curve is not None
    assert again.curve is not None
    seen = np.isin(again.curve.mass, curve.mass)
    assert again.curve.lower[seen] == pytest.approx(curve.lower, rel=1e-7)


@pytest.mark.slow
def test_the_default_sheet() -> None:
    """Twelve panels; a record that moves by more than its quoted spread would show here."""
    data = FIGURE.dataset()
    assert tuple(data.attrs["experiments"]) == SELECTION
    for name in SELECTION:
        quoted = get_experiment(name).spread
        assert data[f"{name}_ratio"].attrs["spread"] == pytest.approx(quoted, rel=0.06)
    drawn = FIGURE.draw(data)
    assert len(drawn.axes) == 2 * len(SELECTION)
