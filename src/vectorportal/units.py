"""Units: GeV inside; every conversion to and from other units lives here.

With hbar = c = k_B = 1 each unit is a number times a power of GeV. All numbers follow from the four
constants that define the SI since 2019, which are exact: c, h, e and k_B
(BIPM, The International System of Units, 9th edition, 2019, section 2.2; CODATA 2022).
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from vectorportal.errors import ParameterError, UsageError, nearest_name

__all__ = [
    "CM",
    "GEV2_TO_CM2",
    "GEV2_TO_CM3_PER_S",
    "HBAR_C_GEV_M",
    "HBAR_GEV_S",
    "KELVIN",
    "KILOGRAM",
    "METRE",
    "SECOND",
    "SPEED_OF_LIGHT_M_PER_S",
    "UNITS",
    "Unit",
    "convert",
    "parse_quantity",
    "unit_of",
]

SPEED_OF_LIGHT_M_PER_S = 299792458.0
PLANCK_J_S = 6.62607015e-34
ELEMENTARY_CHARGE_C = 1.602176634e-19
BOLTZMANN_J_PER_K = 1.380649e-23

GEV_IN_JOULE = 1e9 * ELEMENTARY_CHARGE_C
HBAR_GEV_S = PLANCK_J_S / (2.0 * math.pi) / GEV_IN_JOULE
"""hbar in GeV s: 6.582119569e-25."""
HBAR_C_GEV_M = HBAR_GEV_S * SPEED_OF_LIGHT_M_PER_S
"""hbar c in GeV m: 1.973269804e-16."""

SECOND = 1.0 / HBAR_GEV_S
"""One second in GeV^-1."""
METRE = 1.0 / HBAR_C_GEV_M
"""One metre in GeV^-1."""
CM = 1e-2 * METRE
"""One centimetre in GeV^-1."""
KELVIN = BOLTZMANN_J_PER_K / GEV_IN_JOULE
"""One kelvin in GeV (times k_B)."""
KILOGRAM = SPEED_OF_LIGHT_M_PER_S**2 / GEV_IN_JOULE
"""One kilogram in GeV (times c^2)."""

GEV2_TO_CM2 = (HBAR_C_GEV_M * 1e2) ** 2
"""GeV^-2 in cm^2: 3.893793721e-28."""
GEV2_TO_CM3_PER_S = GEV2_TO_CM2 * SPEED_OF_LIGHT_M_PER_S * 1e2
"""GeV^-2 c in cm^3/s: 1.167329990e-17."""


class Unit(NamedTuple):
    """A unit as `factor` GeV^`power`."""

    factor: float
    power: int


_BARN = 1e-28 * METRE**2
_YEAR = 365.25 * 86400.0 * SECOND

UNITS: dict[str, Unit] = {
    "meV": Unit(1e-12, 1),
    "eV": Unit(1e-9, 1),
    "keV": Unit(1e-6, 1),
    "MeV": Unit(1e-3, 1),
    "GeV": Unit(1.0, 1),
    "TeV": Unit(1e3, 1),
    "PeV": Unit(1e6, 1),
    "K": Unit(KELVIN, 1),
    "g": Unit(1e-3 * KILOGRAM, 1),
    "kg": Unit(KILOGRAM, 1),
    "fm": Unit(1e-15 * METRE, -1),
    "nm": Unit(1e-9 * METRE, -1),
    "um": Unit(1e-6 * METRE, -1),
    "mm": Unit(1e-3 * METRE, -1),
    "cm": Unit(CM, -1),
    "m": Unit(METRE, -1),
    "km": Unit(1e3 * METRE, -1),
    "ps": Unit(1e-12 * SECOND, -1),
    "ns": Unit(1e-9 * SECOND, -1),
    "us": Unit(1e-6 * SECOND, -1),
    "ms": Unit(1e-3 * SECOND, -1),
    "s": Unit(SECOND, -1),
    "yr": Unit(_YEAR, -1),
    "Gyr": Unit(1e9 * _YEAR, -1),
    "ab": Unit(1e-18 * _BARN, -2),
    "fb": Unit(1e-15 * _BARN, -2),
    "pb": Unit(1e-12 * _BARN, -2),
    "nb": Unit(1e-9 * _BARN, -2),
    "ub": Unit(1e-6 * _BARN, -2),
    "mb": Unit(1e-3 * _BARN, -2),
    "b": Unit(_BARN, -2),
    "c": Unit(1.0, 0),
}
"""Every unit that a quantity may carry, by its case-sensitive name."""

_SHOWN = {
    "GeV": "eV, keV, MeV, GeV or TeV",
    "GeV^-2": "GeV^-2, cm^2, b, pb or fb",
    "cm^2": "cm^2, b, pb, fb or GeV^-2",
}
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(rf"({_NUMBER})(?:\s*/\s*({_NUMBER}))?\s*(.*)", re.DOTALL)
_FACTOR = re.compile(r"\s*([*/]?)\s*([A-Za-z]+|1)(?:(?:\^|\*\*)?([+-]?[0-9]{1,2}))?\s*")


def unit_of(text: str) -> Unit:
    """The unit written as `text`, such as "GeV", "cm^3/s", "GeV^-2", "GeV2" or "1".

    Raises
    ------
    UsageError : the text names an unknown unit or is no product of units.
    """
    factor, power, position = 1.0, 0, 0
    while position < len(text) or not text:
        match = _FACTOR.match(text, position)
        if match is None or (position == 0 and match[1] == "*"):
            raise UsageError(f"{_show(text)} is not a unit.")
        sign = -1 if match[1] == "/" else 1
        unit = _named_unit(match[2])
        exponent = sign * int(match[3] or 1)
        try:
            factor *= unit.factor**exponent
        except OverflowError:
            factor = math.inf
        power += unit.power * exponent
        position = match.end()
    if not 0.0 < factor < math.inf:
        raise UsageError(f"{_show(text)} is beyond the range of a 64-bit number.")
    return Unit(factor, power)


def convert(value: float, source: str, target: str) -> float:
    """`value` given in the unit `source`, expressed in the unit `target`.

    Raises
    ------
    UsageError : an unknown unit, or units of different dimension.
    """
    start, end = unit_of(source), unit_of(target)
    if start.power != end.power:
        raise UsageError(f"{source} cannot be converted to {target}.")
    return value * (start.factor / end.factor)


def parse_quantity(text: str, unit: str, parameter: str = "value") -> float:
    """The number that `text` ("100MeV", "1/137", "9 GeV^2", "3") states, in the unit `unit`.

    A bare number is taken in `unit`. `parameter` names the quantity in errors.

    Raises
    ------
    ParameterError : not a finite number, an unknown unit, or a unit of the wrong dimension.
    """
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise ParameterError(parameter, _show(text), allowed=f"a finite number{_hint(unit)}")
    number = _ratio(match[1], match[2], text, parameter)
    if not match[3]:
        return number
    ratio = _unit_ratio(match[3], unit, text, parameter)
    value = number * ratio
    if not math.isfinite(value) or (value == 0.0 and number != 0.0):
        raise ParameterError(parameter, _show(text), allowed="within the range of a 64-bit number")
    return value


def _named_unit(name: str) -> Unit:
    if name == "1":
        return Unit(1.0, 0)
    if name not in UNITS:
        raise UsageError(f"{_show(name)} is not a known unit.")
    return UNITS[name]


def _ratio(numerator: str, denominator: str | None, text: str, parameter: str) -> float:
    top = _finite(numerator, text, parameter)
    bottom = _finite(denominator, text, parameter) if denominator else 1.0
    if bottom == 0.0:
        raise ParameterError(parameter, _show(text), allowed="a fraction without a zero below")
    value = top / bottom
    if math.isinf(value) or (value == 0.0 and top != 0.0):
        raise ParameterError(parameter, _show(text), allowed="within the range of a 64-bit number")
    return value


def _finite(number: str, text: str, parameter: str) -> float:
    value = float(number)
    lost = value == 0.0 and any(digit in "123456789" for digit in re.split("[eE]", number)[0])
    if math.isinf(value) or lost:
        raise ParameterError(parameter, _show(text), allowed="within the range of a 64-bit number")
    return value


def _unit_ratio(source: str, target: str, text: str, parameter: str) -> float:
    """The factor from the unit `source` to `target`, or an error that names both."""
    end = unit_of(target)
    try:
        start = unit_of(source)
    except UsageError:
        start = None
    if start is not None and start.power == end.power:
        return start.factor / end.factor
    raise ParameterError(
        parameter,
        _show(text),
        allowed=f"a number{_hint(target)}, and {_show(source)} is {_complaint(start, end)}",
        nearest=_near(source, end) if start is None else None,
    )


def _complaint(start: Unit | None, end: Unit) -> str:
    if start is None:
        return "not a known unit"
    return "not an energy unit" if end.power == 1 else "of another dimension"


def _near(source: str, end: Unit) -> str | None:
    """A known unit of the same dimension spelled like `source`, letter case aside."""
    names = [name for name, unit in UNITS.items() if unit.power == end.power]
    same = [name for name in names if name.lower() == source.strip().lower() and name != "meV"]
    return same[0] if same else nearest_name(source, names)


def _hint(unit: str) -> str:
    if unit_of(unit).power == 0:
        return " without a unit"
    shown = _SHOWN.get(unit, unit)
    return f" in {shown}" + ("" if unit == shown else f" (bare numbers are {unit})")


def _show(text: str) -> str:
    """`text` fit for one line of an error message."""
    clean = text if text.isprintable() and text else ascii(text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
