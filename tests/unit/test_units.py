"""Units against published constants and against each other."""

from __future__ import annotations

import math

import pytest

from vectorportal import units
from vectorportal.errors import ParameterError, UsageError
from vectorportal.units import convert, parse_quantity, unit_of


@pytest.mark.parametrize(
    ("value", "published"),
    [
        # CODATA 2022 and the Review of Particle Physics 2024, table 1.1, as printed
        (units.HBAR_GEV_S, 6.582119569e-25),
        (units.HBAR_C_GEV_M, 0.1973269804e-15),
        (units.GEV2_TO_CM2, 0.3893793721e-27),
        (units.KELVIN, 8.617333262e-14),
        (1.0 / units.KILOGRAM, 1.78266192e-27),
    ],
)
def test_constants_agree_with_the_published_digits(value: float, published: float) -> None:
    assert value == pytest.approx(published, rel=6e-10)


def test_cross_section_times_c() -> None:
    """Identity: GEV2_TO_CM3_PER_S is GEV2_TO_CM2 times c in cm/s."""
    assert math.isclose(units.GEV2_TO_CM3_PER_S, units.GEV2_TO_CM2 * 2.99792458e10, rel_tol=1e-15)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("100MeV", "GeV", 0.1),
        (" 100 MeV ", "GeV", 0.1),
        ("1/137", "1", 1.0 / 137.0),
        ("1 / 4", "1", 0.25),
        ("-1e-3", "1", -1e-3),
        ("+.5", "GeV", 0.5),
        ("3", "GeV", 3.0),
        ("3", "cm^2", 3.0),
        ("2.5e-3 GeV", "GeV", 2.5e-3),
        ("1e-2GeV^2", "GeV^2", 1e-2),
        ("9 GeV2", "GeV^2", 9.0),
        ("9e6 MeV**2", "GeV^2", 9.0),
        ("1eV", "GeV", 1e-9),
        ("1e3eV", "GeV", 1e-6),
        ("1/2 TeV", "GeV", 500.0),
        ("100 MeV/c^2", "GeV", 0.1),
        ("1/GeV", "GeV^-1", 1.0),
        ("1 pb", "cm^2", 1e-36),
        ("3e-26 cm^3/s", "cm^3/s", 3e-26),
        ("2 cm^3 s^-1", "cm^3/s", 2.0),
        ("1 km", "m", 1e3),
        ("0.1973269804593025 GeV", "fm^-1", 1.0),
        ("299792.458 km/s", "1", 1.0),
    ],
)
def test_quantities(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-13)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "1e-400",
        "1/0",
        "1/2/3",
        "GeV",
        "1,5",
        "0x10",
        "1__0",
        "1 GeV GeV^",
        "1 ^2",
        "1\n2",
        "--1",
        "1e",
        "1 GeV^400",
        "1e300 TeV^3",
        "π",
    ],
)
def test_garbage_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parse_quantity(text, "GeV", "m_v")
    assert str(caught.value).startswith("m_v = ")
    assert "\n" not in str(caught.value)


def test_unknown_unit_names_parameter_value_and_allowed_units() -> None:
    with pytest.raises(ParameterError) as caught:
        parse_quantity("3parsec", "GeV", "m_v")
    assert str(caught.value) == (
        "m_v = 3parsec is not allowed: it must be a number in eV, keV, MeV, GeV or TeV "
        "(bare numbers are GeV), and parsec is not a known unit."
    )
    assert caught.value.nearest is None


@pytest.mark.parametrize(
    ("text", "unit", "phrase"),
    [
        ("3 m", "GeV", "m is not an energy unit"),
        ("3 GeV^2", "GeV", "GeV^2 is not an energy unit"),
        ("3 GeV", "1", "without a unit, and GeV is of another dimension"),
        ("3 GeV", "cm^3/s", "a number in cm^3/s, and GeV is of another dimension"),
        ("3 Mev", "GeV", "did you mean MeV?"),
        ("3 gev", "GeV", "did you mean GeV?"),
    ],
)
def test_wrong_dimension_or_spelling(text: str, unit: str, phrase: str) -> None:
    with pytest.raises(ParameterError, match=r"^value = 3 ") as caught:
        parse_quantity(text, unit)
    assert phrase in str(caught.value)


def test_convert() -> None:
    assert convert(1.0, "m", "s") == pytest.approx(1.0 / 299792458.0, rel=1e-14)
    assert convert(300.0, "MeV", "GeV") == pytest.approx(0.3, rel=1e-15)
    with pytest.raises(UsageError, match="GeV cannot be converted to cm"):
        convert(1.0, "GeV", "cm")


@pytest.mark.parametrize("text", ["", "GeV^", "*GeV", "GeV//s", "furlong", "cm^99", "²"])
def test_bad_units(text: str) -> None:
    with pytest.raises(UsageError):
        unit_of(text)
