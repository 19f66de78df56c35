"""Own bounds: a CSV with a header is a record like any packaged one, or a sentence says why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vectorportal.bounds.of_model import verdict
from vectorportal.bounds.own import own_for, read_all, read_own
from vectorportal.bounds.own_checks import EQUAL_LENGTHS
from vectorportal.bounds.own_fields import FIELDS
from vectorportal.bounds.recast import evaluate, limit_curve
from vectorportal.bounds.registry import current, find_bounds, get_bound, load_bounds
from vectorportal.bounds.verdict import judge
from vectorportal.bounds.view import MediatorPoint
from vectorportal.bounds.words import MODEL_NAMES
from vectorportal.errors import DataError, UsageError
from vectorportal.inputs.settings import Inputs
from vectorportal.models import get_model

HEADER = """# experiment: MyExp
# signature: missing-energy
# coupling: epsilon
# confidence_level: 90% CL
# source: arXiv:2601.00001
"""
ROWS = """mass_GeV,coupling_lower
0.001,1e-5
0.01,2e-5
0.1,4e-4
"""


def written(folder: Path, text: str, name: str = "my.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def changed(**fields: str) -> str:
    """The header with other or more fields."""
    lines = dict(line[2:].split(": ", 1) for line in HEADER.splitlines()) | fields
    return "".join(f"# {name}: {value}\n" for name, value in lines.items())


def test_a_minimal_file(tmp_path: Path) -> None:
    record = read_own(written(tmp_path, HEADER + ROWS))
    assert (record.id, record.label, record.experiment) == ("my", "MyExp", "MyExp")
    assert (record.grade, record.kind, record.region) == ("C", "limit", "one-sided")
    assert record.final_states == ("invisible",)
    assert record.source == ("arXiv:2601.00001",)
    assert not record.confidence_level_checked
    lower, upper = limit_curve(record, np.array([0.01, np.sqrt(1e-5), 0.2, 1e-4]))
    np.testing.assert_allclose(lower[:2], [2e-5, np.sqrt(2e-10)], rtol=1e-12)
    assert np.isnan(lower[2:]).all()
    assert np.isnan(upper).all()


def test_units_bands_blanks_and_other_line_ends(tmp_path: Path) -> None:
    """MeV, a byte order mark, CRLF and blank lines at the end change nothing."""
    rows = (
        "mass_MeV , coupling_lower,coupling_upper\r\n1,1e-5, 1e-4\r\n2,,\r\n 10,2e-5,3e-5\r\n\r\n"
    )
    text = "\ufeff" + changed(
        signature="dump", final_states="ee, mumu", shield_m="10 m", decay_m="200 cm"
    )
    record = read_own(written(tmp_path, text + "## a remark\n" + rows))
    assert record.region == "band"
    assert record.final_states == ("ee", "mumu")
    assert (record.shield_m, record.decay_m) == (10.0, 2.0)
    assert record.curve is not None
    np.testing.assert_allclose(record.curve.mass, [1e-3, 2e-3, 1e-2], rtol=1e-15)
    assert np.isnan(record.curve.lower).tolist() == [False, True, False]
    assert np.isnan(limit_curve(record, np.array([1.5e-3]))[0]).all()


def test_squares_take_the_root(tmp_path: Path) -> None:
    text = changed(coupling="epsilon^2") + "mass_GeV,coupling_lower\n1,1e-8\n2,4e-8\n"
    record = read_own(written(tmp_path, text))
    assert record.coupling == "epsilon"
    assert record.curve is not None
    np.testing.assert_allclose(record.curve.lower, [1e-4, 2e-4], rtol=1e-15)
    assert "square root" in record.how


def test_every_optional_field(tmp_path: Path) -> None:
    text = changed(
        id="mine",
        label="Mine",
        title="A search",
        signature="prompt-visible",
        coupling="g_x",
        charges="B-L",
        modes="pi0 0.75, eta 0.25",
        kind="projection",
        grade="B",
        assumes="one thing; another, with a comma",
        supersedes="babar_2014",
        models="charged-vector",
        notes="seen",
        confidence_level_checked="true",
    )
    record = read_own(written(tmp_path, text + ROWS))
    assert (record.id, record.label, record.kind, record.grade) == (
        "mine",
        "Mine",
        "projection",
        "B",
    )
    assert (record.coupling, record.charges, record.reference) == ("g_x", "B-L", "B-L")
    assert record.modes == {"pi0": 0.75, "eta": 0.25}
    assert record.assumes == ("one thing", "another, with a comma")
    assert record.models == ("charged-vector",)
    assert record.confidence_level_checked
    assert record.final_states == ("sm",)


def test_recoil_needs_its_numbers(tmp_path: Path) -> None:
    base = {"signature": "recoil", "coupling": "y"}
    with pytest.raises(DataError, match="mass_ratio and alpha_d"):
        read_own(written(tmp_path, changed(**base) + ROWS))
    text = changed(**base, mass_ratio="3", alpha_d="1/2") + ROWS
    assert read_own(written(tmp_path, text)).inputs == {"mass_ratio": 3.0, "alpha_d": 0.5}


def test_a_band_without_lengths_says_what_it_assumes(tmp_path: Path) -> None:
    """Equal lengths, which is what the same file with equal lengths gives."""
    rows = "mass_GeV,coupling_lower,coupling_upper\n0.01,1e-6,1e-4\n0.1,1e-6,5e-5\n"
    fields = {"signature": "dump", "final_states": "ee"}
    bare = read_own(written(tmp_path, changed(**fields) + rows))
    stated = read_own(written(tmp_path, changed(**fields, shield_m="7", decay_m="7 m") + rows))
    assert EQUAL_LENGTHS in bare.assumes
    assert EQUAL_LENGTHS not in stated.assumes
    point = MediatorPoint(0.03, 1e-5, 1e-12, 1e-13)
    assert evaluate(bare, point).mu == pytest.approx(evaluate(stated, point).mu, rel=1e-14)
    assert EQUAL_LENGTHS in evaluate(bare, point).row().assumes
    said = changed(**fields, assumes=f"one thing; {EQUAL_LENGTHS}") + rows
    assert read_own(written(tmp_path, said)).assumes == ("one thing", EQUAL_LENGTHS)
    for record in load_bounds().values():
        recast = record.region == "band" and record.signature not in ("cooling", "millicharge")
        bare = recast and record.shield_m is None
        assert (EQUAL_LENGTHS in record.assumes) == bare, record.id


def test_models_without_a_word_on_them(tmp_path: Path) -> None:
    assert read_own(written(tmp_path, HEADER + ROWS)).models == MODEL_NAMES
    fields = {"signature": "millicharge", "coupling": "millicharge"}
    path = written(tmp_path, changed(**fields) + ROWS)
    assert read_own(path).models == ("millicharged",)
    model = get_model("millicharged")(m_mcp=0.05, epsilon=1e-3)
    assert verdict(model, records=own_for("millicharged", [path])).excluded


BROKEN = [
    ("", "field experiment: missing"),
    ("# experiment: X\n", "field signature: missing"),
    (ROWS, "field experiment: missing"),
    (HEADER, "no table"),
    (HEADER + "mass_GeV,coupling_lower\n", "no rows"),
    (HEADER + "mass_GeV,coupling_lower\n1,\n", "field coupling_lower: no row has a value"),
    (
        changed(signature="missing-enrgy") + ROWS,
        "line 2, field signature.*did you mean missing-energy",
    ),
    (changed(coupling="kappa") + ROWS, "line 3, field coupling.*did you mean epsilon"),
    (changed(coupling="y") + ROWS, "coupling: y does not go with missing-energy"),
    (changed(grade="E") + ROWS, "field grade: E is not allowed"),
    (changed(experimnt="X") + ROWS, "line 6, field experimnt: unknown; did you mean experiment"),
    (HEADER + "# source: again\n" + ROWS, "line 6, field source: already in line 5"),
    (HEADER + "# grade:\n" + ROWS, "line 6, field grade: empty"),
    (HEADER + "# grade B\n" + ROWS, "line 6: '# grade B' is not of the form"),
    (HEADER + ROWS + "0.2\n", "line 10: 1 cells instead of 2"),
    (HEADER + ROWS + "0.2,x\n", "line 10: coupling_lower = x"),
    (HEADER + ROWS + "0.2,nan\n", "line 10: coupling_lower = nan"),
    (HEADER + ROWS + "0.2,-1\n", "line 10, field coupling_lower: -1 is not positive"),
    (HEADER + ROWS + "0.2,0\n", "line 10, field coupling_lower: 0 is not positive"),
    (HEADER + ROWS + ",1e-5\n", "line 10: mass_GeV"),
    (HEADER + ROWS + "0.05,1e-5\n", "line 10, field mass_GeV: not above the mass before"),
    (
        HEADER + ROWS.replace("mass_GeV", "mass_Gev"),
        "line 6, field mass_Gev: no mass; did you mean",
    ),
    (HEADER + ROWS.replace("mass_GeV", "mass_cm"), "line 6, field mass_cm"),
    (HEADER + ROWS.replace("coupling_lower", "epsilon"), "line 6: the columns after mass_GeV"),
    (HEADER + "mass_GeV,coupling_lower,coupling_upper\n1,2,1\n", "not above coupling_lower"),
    (HEADER + "mass_GeV,coupling_lower,coupling_upper\n1,1,2\n2,1,\n", "a band needs both"),
    (changed(shield_m="10") + ROWS, "shield_m and decay_m come together"),
    (changed(shield_m="10 GeV", decay_m="1") + ROWS, "field shield_m"),
    (changed(modes="pi0 0.5, eta 0.4") + ROWS, "do not sum to 1"),
    (changed(modes="pi1") + ROWS, "field modes: pi1 is no mode; did you mean pi0"),
    (changed(modes="pi0 half") + ROWS, "field modes: pi0 = half"),
    (changed(final_states="electrons") + ROWS, "line 6, field final_states: electrons"),
    (changed(models="darkphoton") + ROWS, "did you mean dark-photon"),
    (changed(models="sidm") + ROWS, "line 6, field models: sidm is not allowed"),
    (changed(models="millicharged") + ROWS, "millicharged does not go with the coupling epsilon"),
    (
        changed(coupling="millicharge", signature="millicharge", models="dark-photon") + ROWS,
        "dark-photon does not go with the coupling millicharge",
    ),
    (
        changed(modes="pion") + ROWS,
        r"line 6, field modes: pion is no mode; did you mean pi0, or .*kaon",
    ),
    (changed(modes="pi0 0.5, foo 0.5") + ROWS, "foo is no mode"),
    (changed(coupling="g_x", charges="e:1,foo:2") + ROWS, "e, mu, tau, nu_e"),
    (changed(confidence_level="120% CL") + ROWS, "line 4, field confidence_level: 120% is no"),
    (changed(confidence_level="0 % CL") + ROWS, "0% is no confidence level"),
    (HEADER + "mass_GeV,coupling_lower\n1,1e-4\n", "one value is no curve"),
    (HEADER + "mass_GeV,coupling_lower\n1,1e-4\n2,\n", "one value is no curve"),
    (HEADER + ROWS + "0.2,25\n", "field coupling_lower: 25 at 0.2 GeV is above 10, and no epsilon"),
    (
        changed(signature="rare-decay", coupling="branching-ratio") + ROWS + "0.2,1.5\n",
        "above 1, and no branching-ratio is",
    ),
    (HEADER + "mass_MeV,coupling_lower\n-1,1e-4\n", "line 7, field mass_MeV: -1 is not positive"),
    (HEADER + "mass_MeV,coupling_lower\nx,1e-4\n", "line 7: mass_MeV = x"),
    (
        changed(signature="recoil", coupling="y", alpha_d="0.5", mass_ratio="1/3") + ROWS,
        "field mass_ratio: 0.333333 is not above 2, .*; did you mean 3?",
    ),
    (
        changed(signature="recoil", coupling="y", alpha_d="0.5", mass_ratio="1.5") + ROWS,
        "1.5 is not above 2, and it is m_v/m_dm of a vector that decays to dark matter[.]",
    ),
    (
        changed(signature="recoil", coupling="y", alpha_d="20", mass_ratio="3") + ROWS,
        "field alpha_d: 20 is above 4 pi",
    ),
    (changed(coupling="g_x") + ROWS, "field charges"),
    (changed(coupling="g_x", charges="B-X") + ROWS, "line 6, field charges"),
    (changed(id="My Exp") + ROWS, "field id"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_faults_name_file_line_and_field(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DataError, match=message) as caught:
        read_own(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_own(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not a text in UTF-8"):
        read_own(tmp_path / "binary.csv")
    with pytest.raises(UsageError, match=r"neither a \.csv"):
        read_own(tmp_path / "x.txt")
    with pytest.raises(UsageError, match="cannot be chosen"):
        read_own(f"{written(tmp_path, HEADER + ROWS)}#column")


def test_ids_are_unique_and_links_exist(tmp_path: Path) -> None:
    same = written(tmp_path, HEADER + ROWS, "na64_2023.csv")
    with pytest.raises(DataError, match="na64_2023 is a packaged bound"):
        read_all([same])
    mine = written(tmp_path, HEADER + ROWS)
    with pytest.raises(DataError, match="my is another own bound"):
        read_all([mine, mine])
    wrong = written(tmp_path, changed(supersedes="na64_2032") + ROWS, "wrong.csv")
    with pytest.raises(DataError, match="did you mean na64_20"):
        read_all([wrong])
    with pytest.raises(UsageError, match="is for charged-vector, not for dark-photon"):
        own_for("dark-photon", [written(tmp_path, changed(models="charged-vector") + ROWS)])


def test_a_record_that_supersedes_corrects_a_limit(tmp_path: Path) -> None:
    own = read_all([written(tmp_path, changed(supersedes="na64_2023") + ROWS)])
    ids = {record.id for record in current((*load_bounds().values(), *own))}
    assert "my" in ids
    assert "na64_2023" not in ids


def test_it_is_recast_and_judged_like_a_packaged_one(tmp_path: Path) -> None:
    """The curve of NA64 2023 written as an own bound says what the packaged record says."""
    packaged = get_bound("na64_2023")
    curve = packaged.curve
    assert curve is not None
    rows = "\n".join(
        f"{float(m * 1e3)!r},{float(g)!r}" for m, g in zip(curve.mass, curve.lower, strict=True)
    )
    text = HEADER + "mass_MeV,coupling_lower\n" + rows.replace("nan", "")
    own = read_own(written(tmp_path, text))
    mass = np.sqrt(curve.mass[1:] * curve.mass[:-1])
    point = MediatorPoint(mass, 2e-4, 1e-12, 1e-9)
    one, other = evaluate(packaged, point), evaluate(own, point)
    np.testing.assert_allclose(other.mu, one.mu, rtol=1e-9)
    np.testing.assert_allclose(other.limit_coupling, one.limit_coupling, rtol=1e-9)
    single = MediatorPoint(mass[2], 1e-2, 1e-9, 1e-6)
    judged = judge("dark-photon", single, records=[own])
    assert judged.excluded
    assert judged.sentence.startswith("Excluded by MyExp (90% CL)")


def test_names_find_own_bounds(tmp_path: Path) -> None:
    own = read_all([written(tmp_path, HEADER + ROWS)])
    assert find_bounds("myexp", own) == own
    with pytest.raises(UsageError, match="did you mean MyExp"):
        find_bounds("MyEpx", own)


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "own-bounds.md").read_text(encoding="utf-8")
    record = read_own(written(tmp_path, page.split("```csv\n")[1].split("```")[0]))
    assert record.experiment == "MyExp"
    lower, _ = limit_curve(record, np.array([0.005, 0.025]))
    assert np.isnan(lower).tolist() == [False, True]
    assert all(f"`{field}`" in page for field in FIELDS)


@pytest.mark.parametrize("charges", ["B-L", "L_e-L_mu"])
def test_a_limit_on_g_x_is_one_on_its_own_vector(tmp_path: Path, charges: str) -> None:
    """And sees a dark photon through e Q and its branching ratio into electrons.

    The production e+ e- -> gamma V goes as the squared electron coupling, so that at equal
    electron couplings the ratio of signals is that of the branching ratios.
    """
    text = changed(
        signature="prompt-visible",
        final_states="ee",
        coupling="g_x",
        charges=charges,
        modes="electron-positron",
    )
    record = read_own(written(tmp_path, text + "mass_GeV,coupling_lower\n0.01,1e-4\n1,4e-4\n"))
    inputs = Inputs.default()
    limit = 2e-4
    vector = get_model("charged-vector")(m_v=0.1, g_x=limit, charges=charges).mediator(inputs)
    assert evaluate(record, vector).mu == pytest.approx(1.0, rel=1e-9)
    photon = get_model("dark-photon")(m_v=0.1, epsilon=limit / inputs.sm.e, dm="none")
    mediator = photon.mediator(inputs)

    def share(widths: dict) -> float:
        return float(widths["ee"] / sum(widths.values()))

    expected = share(mediator.widths) / share(vector.widths)
    assert expected > 1.5, "the vector decays to neutrinos as well"
    assert evaluate(record, mediator).mu == pytest.approx(expected, rel=2e-3)
