"""The registry of figures and what every figure must keep to."""

from __future__ import annotations

import json

import numpy as np
import pytest

from vectorportal.app.encode import plain
from vectorportal.app.figures import data_text
from vectorportal.errors import ParameterError, UsageError
from vectorportal.papers.registry import figure_names, get_figure
from vectorportal.references import load_references

SMALL = {"points": 31}
OVER_MASS = tuple(n for n in figure_names() if n.startswith("light-dark-matter/"))
"""figures of many curves over the mass of the mediator"""


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="light-dark-matter/thermal-target"):
        get_figure("light-dark-matter/thermal-targets")
    with pytest.raises(UsageError, match="alpha_d"):
        get_figure("light-dark-matter/thermal-target").dataset(alphad=0.1)


@pytest.mark.parametrize(
    "wrong", [{"mass_min": 0.0}, {"mass_min": 200.0}, {"mass_max": np.inf}, {"points": 1}]
)
def test_bad_ranges_raise(wrong: dict[str, float]) -> None:
    for name in OVER_MASS:
        with pytest.raises(ParameterError):
            get_figure(name).dataset(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dm": "none"},
        {"dm": None},
        {"ratio": -1.0},
        {"ratio": "one"},
        {"target": -1.0},
        {"alpha_d": 100.0},
        {"points": 10.5},
        {"engine": "torch"},
    ],
)
def test_keywords_are_checked_before_anything_is_computed(wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=f"^{next(iter(wrong))} = "):
        get_figure("light-dark-matter/thermal-target").complete(wrong)


def test_defaults_are_allowed() -> None:
    for name in figure_names():
        figure = get_figure(name)
        assert figure.complete({}) == {k.name: k.default for k in figure.keywords}


@pytest.mark.parametrize("name", figure_names())
def test_references_exist(name: str) -> None:
    assert set(get_figure(name).references) <= set(load_references())


@pytest.mark.parametrize("name", OVER_MASS)
def test_dataset_is_told_completely_and_can_be_written(name: str) -> None:
    data = get_figure(name).dataset(**SMALL)
    assert data["mass"].attrs["units"] == "GeV"
    cited = set(load_references())
    for key, curve in data.data_vars.items():
        assert curve.dims == ("mass",), key
        assert np.isfinite(curve.values).any(), key
        values = curve.values[np.isfinite(curve.values)]
        assert (values > 0.0).all(), key
        assert curve.attrs["units"] == "1"
        assert set(curve.attrs["source"]) <= cited
        if curve.attrs["kind"] != "target":
            assert {"confidence_level", "grade", "signature"} <= set(curve.attrs)
    json.dumps(plain(data.to_dict()), allow_nan=False)
    lines = data_text(data, ".csv").splitlines()
    assert sum(not line.startswith("#") for line in lines) == 1 + data.sizes["mass"]


@pytest.mark.parametrize("name", OVER_MASS)
def test_drawing_leaves_pyplot_alone_and_names_its_curves(name: str, tmp_path) -> None:
    import sys

    picture = get_figure(name).draw(get_figure(name).dataset(points=61))
    picture.savefig(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 20_000
    axes = picture.axes[0]
    assert "[GeV]" in axes.get_xlabel()
    shown = {text.get_text() for text in axes.texts}
    expected = {
        "light-dark-matter/thermal-target": {"complex scalar", "Majorana", "NA64 2023", "LDMX"},
        "light-dark-matter/visible-bounds": {"SN1987A", "E137", "BaBar 2014", "LHCb 2019 prompt"},
    }
    assert expected[name] <= shown
    if "matplotlib.pyplot" in sys.modules:
        assert not sys.modules["matplotlib.pyplot"].get_fignums()


def test_data_over_different_axes_has_one_row_for_each_value() -> None:
    """Side by side they would repeat every value over all axes of the others."""
    import xarray

    data = xarray.Dataset(
        {
            "map": (("x", "y"), np.arange(6.0).reshape(2, 3)),
            "line": ("z", np.arange(4.0)),
            "threshold": ((), 7.0),
        },
        coords={"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0], "z": [0.1, 0.2, 0.3, 0.4]},
    )
    lines = data_text(data, ".csv").splitlines()
    assert lines[0] == "variable,x,y,z,value"
    assert len(lines) == 1 + 6 + 4 + 1
    assert "map,2.0,3.0,,5.0" in lines
    assert "line,,,0.4,3.0" in lines
    assert "threshold,,,,7.0" in lines
