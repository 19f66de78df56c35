"""The other commands, the start-up time and the public names."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import vectorportal
from vectorportal.app.claims_on_bounds import limits
from vectorportal.app.files import write_together
from vectorportal.errors import UsageError

POINT = ("m_v=300MeV", "m_dm=100MeV", "epsilon=1e-4", "alpha_d=0.5", "dm=complex-scalar")
HEAVY = ("jax", "scipy", "matplotlib", "xarray", "particle", "pandas")


def test_public_names_resolve() -> None:
    assert sorted(vectorportal.__all__) == sorted(dir(vectorportal))
    for name in vectorportal.__all__:
        assert getattr(vectorportal, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = vectorportal.nothing


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["models"],
        ["observables"],
        ["bounds", "--json"],
        ["eval", "dark-photon", "width_total", "m_v=1", "epsilon=1e-3"],
    ],
)
def test_light_commands_stay_light(words: list[str]) -> None:
    """No heavy library is loaded, so these commands start in a fraction of a second."""
    code = (
        "import sys; from vectorportal.app.cli import run; "
        f"code = run({words!r}); "
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_module_entry_point() -> None:
    words = [sys.executable, "-m", "vectorportal", "eval", "dark-photon", "nothing", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")


def test_lists(cli) -> None:
    models = cli("models", "--json").json()
    assert "dark-photon" in [model["name"] for model in models]
    assert cli("models").out.startswith("dark-photon: ")
    observables = cli("observables", "dark-photon", "--json").json()
    assert {"omega_h2", "width_total"} <= {item["name"] for item in observables}
    assert "sigma_annihilation" in cli("observables").out
    bounds = cli("bounds", "dark-photon", "--json").json()
    needed = {"id", "experiment", "confidence_level", "grade", "source"}
    assert all(needed <= set(record) for record in bounds)
    shown = [line for line in cli("bounds", "dark-photon").out.splitlines() if line[0] == " "]
    assert len(shown) == len(bounds)


def test_version(cli) -> None:
    assert cli("--version").out == f"vectorportal {vectorportal.__version__}\n"


def test_versions_agree() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == vectorportal.__version__
    cited = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {vectorportal.__version__}\n" in cited


def test_help_without_words(cli) -> None:
    answer = cli()
    assert answer.code == 0
    assert "eval" in answer.out


def test_point_as_json(cli) -> None:
    answer = cli("point", "dark-photon", *POINT, "--json")
    record = answer.json()
    assert answer.code == 0
    assert {"model", "parameters", "inputs", "options", "observables", "verdict"} == set(record)
    for item in record["observables"].values():
        assert {"value", "unit", "status"} <= set(item)
    verdict = record["verdict"]
    assert isinstance(verdict["excluded"], bool)
    assert verdict["sentence"].endswith(".")
    needed = {"id", "mu", "margin", "excluded", "confidence_level", "grade", "assumes", "source"}
    assert all(needed <= set(bound) for bound in verdict["bounds"])


def test_point_agrees_with_eval(cli) -> None:
    record = cli("point", "dark-photon", *POINT, "--json").json()
    alone = cli("eval", "dark-photon", "omega_h2", *POINT, "--json").json()
    assert record["observables"]["omega_h2"]["value"] == alone["value"]


def test_point_report_fits_80_columns_without_colour(cli) -> None:
    answer = cli("point", "dark-photon", *POINT)
    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    assert "times the observed 0.12" in answer.out


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("m_v=1",), "epsilon, which was not given."),
        (("m_v=1", "epsilon=1e-3", "m_dm=0.1"), "needs alpha_d, which was not given."),
        (("m_v=1", "epsilon=1e-3", "alpha_d=0.1"), "needs m_dm, which was not given."),
        (("epsilon=1e-3", "m_dm=0.1"), "needs m_v and alpha_d, which were not given."),
    ],
)
def test_point_with_too_little(cli, words: tuple[str, ...], missing: str) -> None:
    answer = cli("point", "dark-photon", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.endswith(f"{missing}\n")


def test_point_without_dark_matter_ignores_its_parameters(cli) -> None:
    words = ("point", "dark-photon", "m_v=1", "epsilon=1e-3", "dm=none", "--json")
    record = cli(*words, "m_dm=0.1", "alpha_d=0.5").json()
    bare = cli(*words).json()
    assert record["observables"] == bare["observables"]
    assert "omega_h2" not in record["observables"]
    assert {"width_total", "branching_ratios"} <= set(record["observables"])


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("width_ee < 1 eV", 0),
        ("width_ee > 1 eV", 1),
        ("width_ee >= 1e-30 GeV", 0),
        ("omega_h2 > 1e-9", 0),
        ("omega_h2 < 0.12 GeV", 2),
        ("branching_ratios < 1", 2),
        ("it rains", 2),
        ("excluded by Nobody", 2),
        ("excluded by a", 2),
        ("excluded by 20", 2),
    ],
)
def test_claims(cli, claim: str, code: int) -> None:
    assert cli("check", "dark-photon", *POINT, "--claim", claim).code == code


def test_claim_about_an_observable_with_an_argument(cli) -> None:
    words = ("check", "dark-photon", *POINT, "x=20", "--claim")
    assert cli(*words, "sigma_v_cm3_s < 1 cm^3/s").code == 0
    assert cli(*words, "width_ee < 1 GeV").code == 2


def test_excluded_and_allowed_are_opposite(cli) -> None:
    """NA64 2023 excludes epsilon = 1e-3 at m_v = 10 MeV with dark decays, not epsilon = 1e-7."""
    words = ("m_v=10MeV", "m_dm=3MeV", "alpha_d=0.1")
    claims = {"excluded by NA64": (0, 1), "allowed by NA64": (1, 0)}
    for claim, (strong, weak) in claims.items():
        base = ("check", "dark-photon", *words, "--claim", claim)
        assert cli(*base, "epsilon=1e-3").code == strong
        assert cli(*base, "epsilon=1e-7").code == weak


def test_short_names_are_whole_words() -> None:
    assert {record.experiment for record in limits("dark-photon", "A1")[0]} == {"A1"}
    assert {record.id for record in limits("dark-photon", "LL")[0]} == {"na62_2023_dump_ee"}
    assert limits("dark-photon", "e13")[0]
    assert [record.id for record in limits("dark-photon", "babar_2017")[0]] == ["babar_2017"]
    for name in ("a", "64", "6"):
        with pytest.raises(UsageError, match="too short a name"):
            limits("dark-photon", name)


def test_claims_as_json(cli) -> None:
    claims = ("--claim", "width_ee < 1 eV", "--claim", "width_ee > 1 eV")
    answer = cli("check", "dark-photon", *POINT, *claims, "--json")
    assert answer.code == 1
    answers = [item["answer"] for item in answer.json()["claims"]]
    assert answers == ["agrees", "disagrees"]


def test_cite(cli) -> None:
    answer = cli("cite", "omega_h2")
    assert answer.code == 0
    assert answer.out.count("@") >= 1
    assert cli("cite", "omega_h2", "omega_h2").out == answer.out
    assert cli("cite", "dark-photon").code == 0


@pytest.mark.slow
def test_figure_writes_picture_data_and_bibtex(cli, in_tmp: Path) -> None:
    names = cli("figure", "--list").out.split()
    assert "light-dark-matter/thermal-target" in names
    answer = cli("figure", "light-dark-matter/thermal-target", "--data", "numbers.json")
    assert answer.code == 0
    files = {"thermal-target.png", "numbers.json", "thermal-target.bib"}
    assert {path.name for path in in_tmp.iterdir()} == files
    assert set(answer.out.split()) == files
    assert json.loads((in_tmp / "numbers.json").read_text())["data_vars"]
    assert (in_tmp / "thermal-target.bib").read_text().startswith("@")


@pytest.mark.parametrize(
    "words",
    [
        ("-o", "picture.gif"),
        ("-o", "missing/picture.png"),
        ("--data", "numbers.xls"),
        ("--list",),
        ("--all",),
        ("ratoi=3",),
        ("points=1.5",),
        ("mass_min=1parsec",),
        ("mass_min=3", "mass_max=2"),
        ("mass_max=1e9",),
        ("points=0",),
        ("points=1e30",),
        ("points=100001",),
        ("target=-1",),
        ("target=0",),
        ("ratio=-1",),
        ("alpha_d=100",),
        ("dm=none",),
        ("dm=foo",),
        ("engine=torch",),
        ("--engine", "torch"),
        ("engine=numpy", "--engine", "numpy"),
        ("-o", "folder.png"),
    ],
)
def test_wrong_figure_requests(cli, in_tmp: Path, words: tuple[str, ...]) -> None:
    (in_tmp / "folder.png").mkdir()
    answer = cli("figure", "light-dark-matter/thermal-target", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: ")
    assert len(answer.err.splitlines()) == 1
    assert [path.name for path in in_tmp.iterdir()] == ["folder.png"]


@pytest.mark.parametrize("words", [("-o", "x.png"), ("--data", "x.csv"), ("--engine", "numpy")])
def test_a_list_takes_no_options(cli, in_tmp: Path, words: tuple[str, ...]) -> None:
    answer = cli("figure", "--list", *words)
    assert (answer.code, answer.out) == (2, "")
    assert list(in_tmp.iterdir()) == []


def test_a_figure_is_written_whole_or_not_at_all(
    cli, in_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data file cannot be made, so the picture that was there stays as it was."""
    (in_tmp / "y.png").write_text("old")
    opened = Path.open

    def refused(path: Path, *rest, **words):
        if "nope" in path.name:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *rest, **words)

    monkeypatch.setattr(Path, "open", refused)
    words = ("figure", "light-dark-matter/visible-bounds", "points=5", "-o", "y.png")
    answer = cli(*words, "--data", "nope.csv")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "error: nope.csv cannot be written: Permission denied.\n"
    assert [path.name for path in in_tmp.iterdir()] == ["y.png"]
    monkeypatch.undo()
    assert (in_tmp / "y.png").read_text() == "old"


def test_files_written_together(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    write_together({tmp_path / "old": b"1", tmp_path / "new": b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "old": b"1",
        "new": b"2",
    }
    with pytest.raises(UsageError, match="cannot be written"):
        write_together({tmp_path / "newer": b"3", tmp_path / "missing" / "file": b"4"})
    assert {path.name for path in tmp_path.iterdir()} == {"old", "new"}


def test_progress_is_for_terminals(cli, in_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("figure", "light-dark-matter/visible-bounds", "points=5", "-o", "y.png")
    assert cli(*words, "engine=numpy").err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert cli(*words).err == "computing y.png\n"
