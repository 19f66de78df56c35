"""HEPData: figure data becomes a submission, and a table of a limit becomes a record."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import xarray
import yaml

from vectorportal.bounds.hepdata import read_hepdata
from vectorportal.bounds.hepdata_files import submission_files
from vectorportal.bounds.own import read_own
from vectorportal.bounds.recast import limit_curve
from vectorportal.bounds.registry import get_bound
from vectorportal.errors import DataError, UsageError
from vectorportal.papers.limits import LimitCurve, curve_variables

FIELDS = {
    "experiment": "MyExp",
    "signature": "prompt-visible",
    "coupling": "epsilon",
    "confidence_level": "90% CL",
    "source": "arXiv:2601.00001",
}
HEADER = "".join(f"# {name}: {value}\n" for name, value in FIELDS.items())
TABLE = """independent_variables:
- header: {name: m(A'), units: MEV}
  values:
  - value: 20
  - value: 30
  - value: 40
  - value: 80
dependent_variables:
- header: {name: 90% CL UL ON EPS, units: ''}
  qualifiers:
  - {name: SQRT(S), units: GeV, value: 10.58}
  values:
  - value: 0.001
  - value: '-'
  - value: 1e-3
    errors:
    - {symerror: 1.0e-4, label: stat}
  - value: '4e-3'
"""
BANDS = ("charm_2012_gninenko", "nucal_2013_brem", "lhcb_2019_displaced")
LIMITS = ("babar_2014", "na64_2023", "lhcb_2019_prompt")


@pytest.fixture(scope="module")
def planes() -> xarray.Dataset:
    """Curves with islands and vetoed windows, a map and single numbers."""
    mass = np.geomspace(2e-3, 5.0, 401)
    variables = {}
    for name in (*LIMITS, *BANDS):
        record = get_bound(name)
        variables |= curve_variables(LimitCurve(record, *limit_curve(record, mass)))
    variables["omega"] = (("mass", "kind"), np.outer(mass, [1.0, np.inf]), {"units": "1"})
    variables["target"] = ((), 0.12, {})
    axis = ("mass", mass, {"units": "GeV"})
    variables["weight"] = ("kind", [1.0, 2.0], {"units": "MeV"})
    about = {"title": "A plane", "references": ["A", "B"]}
    coords = {"mass": axis, "kind": ["x", "y"], "words": ("kind", ["first", "second"])}
    return xarray.Dataset(variables, coords=coords, attrs=about)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def table(folder: Path, text: str, name: str = "table.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [*LIMITS, *BANDS])
def test_figure_to_hepdata_to_record(tmp_path: Path, planes: xarray.Dataset, name: str) -> None:
    """The curve and the fields of the record come back; only rounding at the 8th digit is lost."""
    folder = written(tmp_path / "sub", submission_files(planes, "paper/figure", "A figure"))
    record, packaged = read_own(f"{folder}#{name}"), get_bound(name)
    lower, upper = limit_curve(record, planes["mass"].values)
    np.testing.assert_allclose(lower, planes[name].values, rtol=1e-7)
    if name in BANDS:
        np.testing.assert_allclose(upper, planes[f"{name}_upper"].values, rtol=1e-7)
    for field in ("experiment", "label", "signature", "coupling", "confidence_level", "source"):
        assert getattr(record, field) == getattr(packaged, field)
    for field in ("grade", "region", "final_states", "shield_m", "decay_m", "modes", "models"):
        assert getattr(record, field) == getattr(packaged, field)
    assert record.id == f"figure_over_mass_{name}"


def test_submission_lists_its_tables(planes: xarray.Dataset) -> None:
    files = submission_files(planes, "paper/figure", "A figure", ["arXiv:1", "arXiv:2"])
    first, *tables = yaml.safe_load_all(files["submission.yaml"])
    assert first["comment"] == "A figure. title = A plane; references = A; B. arXiv:1, arXiv:2"
    assert {entry["data_file"] for entry in tables} == set(files) - {"submission.yaml"}
    needed = {"name", "description", "keywords", "data_file"}
    assert all(needed <= set(entry) for entry in tables)
    plane = yaml.safe_load(files["figure-over-mass-and-kind.yaml"])
    rows = [len(v["values"]) for kind in plane.values() for v in kind]
    assert rows == [802, 802, 802]
    assert [v["value"] for v in plane["independent_variables"][1]["values"][:2]] == ["x", "y"]
    kinds = yaml.safe_load(files["figure-over-kind.yaml"])["dependent_variables"]
    assert [v["header"] for v in kinds] == [{"name": "weight", "units": "MeV"}, {"name": "words"}]
    assert [v["value"] for v in kinds[1]["values"]] == ["first", "second"]
    single = yaml.safe_load(files["single-numbers.yaml"])
    assert single["dependent_variables"][0]["values"] == [{"value": 0.12}]


def test_a_table_too_large_for_hepdata() -> None:
    data = xarray.Dataset({"y": (("a", "b"), np.full((900, 900), 1.2345678e-5))})
    with pytest.raises(UsageError, match="larger than the 10 MiB"):
        submission_files(data, "f", "F")


def test_hepdata_accepts_the_submission(tmp_path: Path, planes: xarray.Dataset) -> None:
    """The validator of HEPData itself, where it is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = pytest.importorskip("hepdata_validator.full_submission_validator")
        folder = written(tmp_path / "sub", submission_files(planes, "paper/figure", "A figure"))
        validator = module.FullSubmissionValidator()
        assert validator.validate(directory=str(folder)), validator.get_messages()


def test_reads_what_hepdata_lib_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it leaves an archive where it runs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lib = pytest.importorskip("hepdata_lib")
        made, limits = lib.Submission(), lib.Table("limits")
        mass = lib.Variable("m_V", is_independent=True, is_binned=False, units="MeV")
        mass.values = [10.0, 20.0, 30.0, 40.0]
        epsilon = lib.Variable("epsilon", is_independent=False, is_binned=False, units="")
        epsilon.values = [1.5e-4, 2.5e-4, float("nan"), 3e-4]
        for name, value in FIELDS.items():
            epsilon.add_qualifier(name, value)
        limits.description = "limits"
        limits.add_variable(mass)
        limits.add_variable(epsilon)
        made.add_table(limits)
        (tmp_path / "out").mkdir()
        made.create_files(str(tmp_path / "out"), remove_old=True)
    record = read_own(tmp_path / "out")
    assert record.experiment == "MyExp"
    assert record.curve is not None
    np.testing.assert_allclose(record.curve.mass, [0.01, 0.02, 0.03, 0.04], rtol=1e-14)
    np.testing.assert_array_equal(record.curve.lower, [1.5e-4, 2.5e-4, np.nan, 3e-4])


def test_a_table_from_hepdata_with_a_header(tmp_path: Path) -> None:
    record = read_own(table(tmp_path, HEADER + TABLE))
    assert (record.id, record.experiment, record.region) == ("table", "MyExp", "one-sided")
    assert record.curve is not None
    np.testing.assert_allclose(record.curve.mass, [0.02, 0.03, 0.04, 0.08], rtol=1e-15)
    np.testing.assert_array_equal(record.curve.lower, [1e-3, np.nan, 1e-3, 4e-3])
    lower, _ = limit_curve(record, np.array([0.025, np.sqrt(0.0032), 0.1]))
    assert np.isnan(lower).tolist() == [True, False, True]
    assert lower[1] == pytest.approx(2e-3, rel=1e-12)


@pytest.mark.parametrize(
    "header",
    [
        "{name: mass, units: MeV}",
        "{name: mass, units: 'MeV/c^2'}",
        "{name: mass, units: '$MeV/c^{2}$'}",
        "{name: mass, units: MeV/c**2}",
        "{name: mass, units: '$\\mathrm{MeV}/\\mathrm{c}^2$'}",
        "{name: '$m_{A}$ [MeV]'}",
    ],
)
def test_units_as_tables_write_them(tmp_path: Path, header: str) -> None:
    record = read_own(table(tmp_path, HEADER + TABLE.replace("{name: m(A'), units: MEV}", header)))
    assert record.curve is not None
    assert record.curve.mass[0] == pytest.approx(0.02, rel=1e-15)


def test_fields_of_the_call_win(tmp_path: Path) -> None:
    path = table(tmp_path, TABLE)
    assert read_hepdata(path, **FIELDS).experiment == "MyExp"
    other = read_hepdata(table(tmp_path, HEADER + TABLE), experiment="Other")
    assert other.experiment == "Other"
    with pytest.raises(UsageError, match="did you mean experiment"):
        read_hepdata(path, expriment="X")


def test_columns_are_chosen(tmp_path: Path) -> None:
    two = TABLE + TABLE[TABLE.index("- header: {name: 90%") :].replace("90% CL UL ON EPS", "upper")
    with pytest.raises(DataError, match="name one of its columns 90% CL UL ON EPS, upper"):
        read_own(table(tmp_path, HEADER + two))
    path = table(tmp_path, HEADER + "# column: upper\n" + two)
    assert read_own(path).how == "column upper of table.yaml"
    assert read_own(f"{path}#90% CL UL ON EPS").how == "column 90% CL UL ON EPS of table.yaml"
    with pytest.raises(UsageError, match="no column uper; did you mean upper"):
        read_own(f"{path}#uper")
    with pytest.raises(DataError, match="field column_upper: no column none"):
        read_own(table(tmp_path, HEADER + "# column_upper: none\n" + TABLE))


BROKEN = [
    ("a: [", "not valid YAML"),
    ("2020-99-99", "no HEPData table|not valid YAML"),
    ("- 1", "no HEPData table"),
    (HEADER, "no HEPData table"),
    (TABLE, "field experiment: missing"),
    (HEADER + TABLE.replace("MEV", "cm"), "variable m.A'.: its unit cm is no energy"),
    (HEADER + TABLE.replace("units: MEV", "units: ''"), r"its unit \(none\) is no energy"),
    (HEADER + TABLE.replace("units: ''", "units: pb"), "in pb, and a coupling is a pure number"),
    (HEADER + TABLE.replace("'4e-3'", "'many'"), "row 4: 'many' is not a number"),
    (HEADER + TABLE.replace("'4e-3'", ".inf"), "row 4: inf is not a finite number"),
    (HEADER + TABLE.replace("'4e-3'", "true"), "row 4: True is not a finite number"),
    (HEADER + TABLE.replace("'4e-3'", "[1]"), "row 4: .* is not a number"),
    (HEADER + TABLE.replace("'4e-3'", "0"), "variable 90% CL.*, row 4: 0 is not positive"),
    (HEADER + TABLE.replace("  - value: '4e-3'\n", ""), "not one value for each mass"),
    (HEADER + TABLE.replace("value: 40", "value: 25"), "field mass_GeV: the values do not rise"),
    (HEADER + TABLE.replace("- value: 40", "- {low: 35, high: 45}"), "row 3: no value"),
    (HEADER + TABLE.replace("value: 40", "value: '-'"), "field mass_GeV"),
    (
        HEADER + TABLE.replace("value: 20", "value: -20"),
        r"variable m\(A'\), row 1: -20 is not positive",
    ),
    (HEADER + TABLE.replace("{name: m(A'), units: MEV}", "3"), "no header with a name"),
    (HEADER + "# mass: m(X)\n" + TABLE, "field mass: the independent variable is m"),
    (HEADER + "# colum: x\n" + TABLE, "field colum: unknown; did you mean column"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_faults_name_file_and_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_own(table(tmp_path, text))
    assert "table.yaml" in str(caught.value)


def test_two_masses_are_no_curve(tmp_path: Path) -> None:
    text = HEADER + TABLE.replace(
        "dependent_variables:\n- header: {name: 90%",
        "- header: {name: m_dm, units: GeV}\n  values: [{value: 1}]\n"
        "dependent_variables:\n- header: {name: 90%",
    )
    with pytest.raises(DataError, match=r"depends on m\(A'\), m_dm, not on a mass alone"):
        read_own(table(tmp_path, text.replace("in\ndependent", "independent")))


def test_a_submission_stays_in_its_folder(tmp_path: Path) -> None:
    table(tmp_path, "name: t\ndata_file: ../secret.yaml\n", "submission.yaml")
    with pytest.raises(DataError, match="is not a file name"):
        read_own(tmp_path)
    table(tmp_path, "comment: nothing\n", "submission.yaml")
    with pytest.raises(DataError, match="lists no table"):
        read_own(tmp_path / "submission.yaml")
    table(tmp_path, "name: t\ndata_file: none.yaml\n", "submission.yaml")
    with pytest.raises(DataError, match=r"none\.yaml cannot be read"):
        read_own(tmp_path)
    with pytest.raises(UsageError, match="no table limits"):
        read_hepdata(tmp_path, table="limits")
