"""Parsers of bounds on generated and broken text: a record or one sentence, never anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorportal.bounds.curve import interpolate, parse_curve
from vectorportal.bounds.own import read_own
from vectorportal.bounds.recast import limit_curve
from vectorportal.bounds.record import BoundRecord, Curve
from vectorportal.bounds.record_file import parse_record
from vectorportal.bounds.registry import load_bounds, read_folder
from vectorportal.errors import VectorPortalError

HEADER = """# experiment: MyExp
# signature: dump
# coupling: epsilon
# confidence_level: 90% CL
# source: arXiv:2601.00001
# modes: pi0 0.5, eta 0.5
# shield_m: 10 m
# decay_m: 5
"""
CSV = HEADER + "mass_MeV,coupling_lower,coupling_upper\n1,1e-5,1e-4\n2,,\n3,1e-5,2e-5\n"
TABLE = """independent_variables:
- header: {name: m, units: MeV}
  values: [{value: 1}, {value: 2}, {value: 3}]
dependent_variables:
- header: {name: eps}
  qualifiers: [{name: CL, value: 90}]
  values: [{value: 1e-5}, {value: '-'}, {value: 2.0e-5}]
"""
HEPDATA = HEADER.replace("dump", "invisible").split("# shield")[0] + TABLE
RECORD: dict[str, Any] = {
    "id": "fuzz",
    "experiment": "Fuzz",
    "label": "Fuzz",
    "title": "fuzz",
    "signature": "dump",
    "final_states": ["ee"],
    "production": "pi0 decays",
    "region": "band",
    "coupling": "epsilon",
    "confidence_level": "90% CL",
    "confidence_level_checked": False,
    "kind": "limit",
    "source": ["A:2000"],
    "digitised_by": "us",
    "how": "read",
    "grade": "B",
    "assumes": ["nothing"],
    "shield_m": 10,
    "decay_m": 5,
    "modes": {"pi0": 0.5, "eta": 0.5},
    "geometry": {"beam_energy_GeV": 70},
}
CURVE = "mass_GeV,coupling_lower,coupling_upper\n1,1e-5,1e-4\n2,,\n3,1e-5,2e-5\n"
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.sampled_from(["limit", "band", "dump", "D", "g_x", "y", "pi0", "recoil", "millicharge"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=4,
)
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["#", ":", ",", "\n", "\r", " ", "nan", "inf", "1e999", "-", "0", "1e-400", "[", "{", "}"]
    ),
    st.sampled_from(
        ["# ", "## ", "&a", "*a", "!!", "---\n", "\t", "\x00", "٣", "½", "'", '"', "|"]
    ),
)
EDITS = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 12), PIECES), max_size=4)


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, length, piece in edits:
        at = start % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    return text


def check_sentence(error: VectorPortalError) -> None:
    """One line that ends like a sentence."""
    assert len(str(error).splitlines()) == 1
    assert str(error).endswith((".", "?"))


def check_record(record: BoundRecord) -> None:
    """A record that came through is sound: no empty curve, no number that is not one."""
    curve = record.curve
    assert curve is not None
    assert record.experiment.strip()
    assert record.source
    assert np.isfinite(curve.mass).all()
    assert (np.diff(curve.mass) > 0.0).all()
    assert np.isfinite(curve.lower).any()
    seen = curve.lower[np.isfinite(curve.lower)]
    assert (seen > 0.0).all()
    assert not np.isinf(curve.lower).any()
    assert not np.isinf(curve.upper).any()
    assert not (curve.upper <= curve.lower).any()


def tried(content: bytes, name: str) -> BoundRecord | None:
    """The record of a file with `content`, or None after an error of one line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            record = read_own(path)
        except VectorPortalError as error:
            check_sentence(error)
            return None
    check_record(record)
    return record


PARTS = st.one_of(SCALARS, st.just(10**400), st.floats(0.0, 1.0))


@given(st.dictionaries(st.sampled_from(["pi0", "eta", "kaon", "pi"]), PARTS, max_size=3))
def test_any_parts_of_modes(modes: dict[str, Any]) -> None:
    try:
        record = parse_record("r", RECORD | {"modes": modes}, parse_curve("c", CURVE))
    except VectorPortalError as error:
        check_sentence(error)
    else:
        assert not modes or sum(record.modes.values()) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("text", ["{", "[", "- ", "? ", "[1,"])
def test_deep_nesting_ends_in_a_sentence(text: str) -> None:
    """The parser in C would end the whole process."""
    assert tried((HEPDATA + text * 50000).encode(), "own.yaml") is None


def test_the_seeds_are_sound() -> None:
    assert tried(CSV.encode(), "own.csv") is not None
    assert tried(HEPDATA.encode(), "own.yaml") is not None
    check_record(parse_record("r", RECORD, parse_curve("c", CURVE)))


@given(EDITS)
def test_broken_csv(edits: list[tuple[int, int, str]]) -> None:
    tried(edited(CSV, edits).encode("utf-8", "surrogatepass"), "own.csv")


@given(EDITS)
@settings(max_examples=60)
def test_broken_hepdata(edits: list[tuple[int, int, str]]) -> None:
    tried(edited(HEPDATA, edits).encode("utf-8", "surrogatepass"), "own.yaml")


@given(st.binary(max_size=200), st.sampled_from(["own.csv", "own.yaml"]))
def test_any_bytes(content: bytes, name: str) -> None:
    assert tried(content, name) is None


@given(VALUES, st.sampled_from(["header", "values", "qualifiers"]), st.booleans())
def test_any_value_in_a_table(value: Any, key: str, independent: bool) -> None:
    document = yaml.safe_load(TABLE)
    kind = "independent_variables" if independent else "dependent_variables"
    document[kind][0][key] = value
    text = HEPDATA[: HEPDATA.index("independent")] + yaml.safe_dump(document)
    tried(text.encode("utf-8", "surrogatepass"), "own.yaml")


@given(st.sampled_from([*RECORD, "charges", "reference", "inputs", "models", "x"]), VALUES)
def test_any_value_in_a_record(name: str, value: Any) -> None:
    curve = parse_curve("c", CURVE)
    try:
        record = parse_record("r", RECORD | {name: value}, curve)
    except VectorPortalError as error:
        check_sentence(error)
    else:
        check_record(record)
        record.to_json()


@given(st.one_of(VALUES, st.fixed_dictionaries({"id": VALUES})))
def test_any_document_is_no_record(value: Any) -> None:
    with pytest.raises(VectorPortalError):
        parse_record("r", value, None)


@given(EDITS, st.sampled_from(["record.yaml", "curve.csv"]))
@settings(max_examples=60)
def test_broken_folders(edits: list[tuple[int, int, str]], name: str) -> None:
    files = {"record.yaml": yaml.safe_dump(RECORD), "curve.csv": CURVE}
    files[name] = edited(files[name], edits)
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "fuzz"
        folder.mkdir()
        for file, text in files.items():
            (folder / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            records = read_folder(Path(root))
        except VectorPortalError as error:
            check_sentence(error)
        else:
            check_record(records["fuzz"])


@given(EDITS)
def test_broken_curves(edits: list[tuple[int, int, str]]) -> None:
    try:
        curve = parse_curve("c", edited(CURVE, edits))
    except VectorPortalError as error:
        check_sentence(error)
    else:
        assert np.isfinite(curve.lower).any()
        assert not (curve.upper <= curve.lower).any()


def test_no_packaged_curve_is_extrapolated() -> None:
    for record in load_bounds().values():
        if record.curve is not None:
            ends = record.curve.mass[[0, -1]] * np.array([1.0 - 1e-9, 1.0 + 1e-9])
            assert np.isnan(limit_curve(record, ends)).all(), record.id


COUPLINGS = st.one_of(st.none(), st.floats(1e-12, 1.0))


@st.composite
def curves(draw: Any) -> Curve:
    """One-sided limits with gaps at random rows."""
    n = draw(st.integers(1, 8))
    steps = draw(st.lists(st.floats(1e-3, 2.0), min_size=n, max_size=n))
    lower = [np.nan if v is None else v for v in draw(st.lists(COUPLINGS, min_size=n, max_size=n))]
    return Curve(np.exp(np.cumsum(steps)), np.array(lower), np.full(n, np.nan))


@given(curves(), st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20))
def test_interpolation_never_leaves_the_data(curve: Curve, masses: list[float]) -> None:
    """A value only between neighbouring rows that both have one, and never outside their values."""
    mass = np.array([*masses, *curve.mass])
    lower, _ = interpolate(curve, mass)
    for m, value in zip(mass, lower, strict=True):
        left = int(np.searchsorted(curve.mass, m, side="right")) - 1
        exact = left >= 0 and m == curve.mass[left]
        if left < 0 or (not exact and left == len(curve.mass) - 1):
            assert np.isnan(value)
            continue
        ends = curve.lower[left : left + 1 if exact else left + 2]
        if np.isnan(ends).any():
            assert np.isnan(value)
        else:
            assert ends.min() * (1 - 1e-9) <= value <= ends.max() * (1 + 1e-9)
