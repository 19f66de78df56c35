"""Properties of the quantity parser and of key=value words, on generated text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorportal.app.request import parse_axis, split_pairs
from vectorportal.errors import UsageError, VectorPortalError
from vectorportal.models import get_model
from vectorportal.units import UNITS, parse_quantity

FINITE = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
MODERATE = st.floats(min_value=1e-100, max_value=1e100)
ENERGIES = sorted(name for name, unit in UNITS.items() if unit.power == 1)
TARGETS = st.sampled_from(["GeV", "GeV^2", "GeV^-2", "1", "cm^2", "cm^3/s", "m", "K"])
NEARLY = st.text("0123456789.eE+-/ GMkKVcms^*naif", max_size=20)
QUANTITIES = {p.name: p for p in get_model("dark-photon").parameters}


def check_sentence(text: str) -> None:
    """An error message is one line that ends like a sentence."""
    assert len(text.splitlines()) == 1
    assert text.endswith((".", "?"))


@given(FINITE, TARGETS)
def test_bare_numbers_round_trip_exactly(value: float, unit: str) -> None:
    assert parse_quantity(repr(value), unit) == value


@given(MODERATE, st.sampled_from(sorted(UNITS)))
def test_own_unit_is_the_identity(value: float, unit: str) -> None:
    """x U in the unit U is x, to rounding of one ratio."""
    assert math.isclose(parse_quantity(f"{value!r} {unit}", unit), value, rel_tol=1e-15)


@given(MODERATE, st.sampled_from(ENERGIES), st.sampled_from(ENERGIES))
def test_units_commute(value: float, first: str, second: str) -> None:
    """Reading in a unit and restating in another gives the same energy (three roundings)."""
    there = parse_quantity(f"{value!r}{first}", second)
    assert math.isclose(
        parse_quantity(f"{there!r}{second}", "GeV"),
        parse_quantity(f"{value!r}{first}", "GeV"),
        rel_tol=1e-14,
    )


@given(MODERATE, MODERATE)
def test_fractions(top: float, bottom: float) -> None:
    assert parse_quantity(f"{top!r}/{bottom!r}", "1") == top / bottom


@given(st.one_of(st.text(max_size=40), NEARLY), TARGETS)
def test_any_text_gives_a_finite_number_or_one_sentence(text: str, unit: str) -> None:
    try:
        value = parse_quantity(text, unit, "m_v")
    except VectorPortalError as error:
        check_sentence(str(error))
    else:
        assert math.isfinite(value)


@pytest.mark.parametrize("word", ["nan", "NaN", "inf", "-inf", "Infinity", "1e999", "nanGeV"])
def test_never_nan_or_infinite(word: str) -> None:
    with pytest.raises(UsageError):
        parse_quantity(word, "GeV")


@given(st.lists(st.text(max_size=12), max_size=4))
def test_words_split_or_fail_in_one_sentence(words: list[str]) -> None:
    try:
        pairs = split_pairs(words)
    except VectorPortalError as error:
        check_sentence(str(error))
    else:
        assert len(pairs) == len(words)


@given(st.one_of(st.text(max_size=30), st.text("m_v=0123456789:log.e-", max_size=20)))
def test_axes_parse_or_fail_in_one_sentence(text: str) -> None:
    try:
        axis = parse_axis(text, QUANTITIES, {})
    except VectorPortalError as error:
        check_sentence(str(error))
    else:
        assert all(map(math.isfinite, axis.values))


@given(MODERATE, MODERATE, st.integers(2, 50), st.booleans())
def test_axes_keep_both_ends(start: float, stop: float, n: int, log: bool) -> None:
    if start == stop:
        return
    text = f"m_v={start!r}:{stop!r}:{n}" + (":log" if log else "")
    values = parse_axis(text, QUANTITIES, {}).values
    assert values.size == n
    assert (values[0], values[-1]) == (start, stop)
