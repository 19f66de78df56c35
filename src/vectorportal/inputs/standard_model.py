"""Standard Model inputs `sm.*`: frozen values in GeV, each with its source in the data file."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from vectorportal.errors import DataError, ParameterError, UsageError, nearest_name

__all__ = [
    "ELECTRIC_CHARGES",
    "StandardModel",
    "standard_model_sources",
    "standard_model_units",
]

ELECTRIC_CHARGES: dict[str, Fraction] = {
    **dict.fromkeys(("e", "mu", "tau"), Fraction(-1)),
    **dict.fromkeys(("nu_e", "nu_mu", "nu_tau"), Fraction(0)),
    **dict.fromkeys(("u", "c", "t"), Fraction(2, 3)),
    **dict.fromkeys(("d", "s", "b"), Fraction(-1, 3)),
}
"""Electric charge of every fermion in units of e"""

_FILE = Path(__file__).resolve().parents[1] / "data" / "inputs" / "standard_model.yaml"


@dataclass(frozen=True)
class StandardModel:
    """Standard Model values; every one is positive and finite. Masses and widths in GeV.

    Attributes
    ----------
    alpha : fine-structure constant of the tree couplings (zero momentum).
    alpha_mz : the same in the MS-bar scheme at m_Z.
    sw2 : sin^2 of the weak mixing angle, MS-bar at m_Z; between 0 and 1.
    m_z, m_w, m_h, gamma_z : masses of Z, W and Higgs boson; total width of the Z.
    m_e, m_mu, m_tau : charged leptons.
    m_u, m_d, m_s : light quarks, MS-bar at 2 GeV.
    m_c, m_b : MS-bar masses m_q(m_q).
    m_t : pole mass.
    alpha_s_mz : strong coupling, MS-bar, five flavours, at m_Z.
    g_fermi : Fermi constant in GeV^-2.
    """

    alpha: float
    alpha_mz: float
    sw2: float
    m_z: float
    m_w: float
    m_h: float
    gamma_z: float
    m_e: float
    m_mu: float
    m_tau: float
    m_u: float
    m_d: float
    m_s: float
    m_c: float
    m_b: float
    m_t: float
    alpha_s_mz: float
    g_fermi: float

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, _checked(field.name, getattr(self, field.name)))

    @classmethod
    def default(cls) -> StandardModel:
        """The packaged values; the same object at every call. Raises DataError."""
        return _default()

    @property
    def e(self) -> float:
        """Electric coupling (4 pi alpha)^(1/2) of the tree couplings."""
        return math.sqrt(4.0 * math.pi * self.alpha)

    @property
    def cw2(self) -> float:
        """cos^2 of the weak mixing angle."""
        return 1.0 - self.sw2

    @property
    def g(self) -> float:
        """Weak isospin coupling e/s_w."""
        return self.e / math.sqrt(self.sw2)

    @property
    def g_prime(self) -> float:
        """Hypercharge coupling e/c_w."""
        return self.e / math.sqrt(self.cw2)

    @property
    def vev(self) -> float:
        """Higgs vacuum value (sqrt2 G_F)^(-1/2) in GeV: the v of m_W = g v/2."""
        return (math.sqrt(2.0) * self.g_fermi) ** -0.5

    def replace(self, /, **values: Any) -> StandardModel:
        """A copy with some values changed (names without the prefix `sm.`).

        Raises
        ------
        UsageError : for a name that is not a Standard Model input.
        ParameterError : for a value that is not a positive finite number (sw2: between 0 and 1).
        """
        names = [field.name for field in dataclasses.fields(self)]
        for name in values:
            if name not in names:
                nearest = nearest_name(name, names)
                listed = ", ".join(f"sm.{valid}" for valid in names)
                hint = f"did you mean sm.{nearest}?" if nearest else f"use one of {listed}."
                raise UsageError(f"sm.{name} is not a Standard Model input; {hint}")
        return dataclasses.replace(self, **values)


def standard_model_sources() -> dict[str, str]:
    """Where each packaged value comes from, by name."""
    return {name: str(entry["source"]) for name, entry in _entries().items()}


def standard_model_units() -> dict[str, str]:
    """Unit of each input, by name: `GeV`, `GeV^-2` or `1`."""
    return {name: str(entry["unit"]) for name, entry in _entries().items()}


def _checked(name: str, value: Any) -> float:
    """`value` as a float, or ParameterError."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if name == "sw2" and not 0.0 < number < 1.0:
        raise ParameterError("sm.sw2", value, "1", "between 0 and 1")
    if not (0.0 < number < math.inf):
        unit = standard_model_units().get(name, "")
        raise ParameterError(f"sm.{name}", value, unit, "positive and finite")
    return number


@lru_cache(maxsize=1)
def _default() -> StandardModel:
    try:
        return StandardModel(**{name: entry["value"] for name, entry in _entries().items()})
    except (KeyError, TypeError) as error:
        raise DataError(f"The file {_FILE.name} does not list the inputs: {error}.") from error


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, Any]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(_FILE.read_text(encoding="ascii"), Loader=loader)["entries"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise DataError(f"The file {_FILE.name} cannot be read: {error}.") from error
