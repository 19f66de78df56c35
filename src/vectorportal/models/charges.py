"""Charges of the Standard Model fermions under a new U(1): named ones and own ones.

All charged fermions couple as vectors, neutrinos with their left-handed part. A charge is a number
of order one that multiplies the coupling g_x of the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from vectorportal.errors import ParameterError, nearest_name
from vectorportal.inputs.standard_model import ELECTRIC_CHARGES

__all__ = [
    "CHARGED",
    "ELECTRIC",
    "FERMIONS",
    "GROUPS",
    "LEPTONS",
    "NAMED",
    "NEUTRINOS",
    "QUARKS",
    "Charges",
    "charges_word",
    "parse_charges",
]

LEPTONS: tuple[str, ...] = ("e", "mu", "tau")
NEUTRINOS: tuple[str, ...] = ("nu_e", "nu_mu", "nu_tau")
UP: tuple[str, ...] = ("u", "c", "t")
DOWN: tuple[str, ...] = ("d", "s", "b")
QUARKS: tuple[str, ...] = ("u", "d", "s", "c", "b", "t")
FERMIONS: tuple[str, ...] = (*LEPTONS, *NEUTRINOS, *QUARKS)
CHARGED: tuple[str, ...] = (*LEPTONS, *QUARKS)
ELECTRIC = ELECTRIC_CHARGES

GROUPS: dict[str, tuple[str, ...]] = {
    "q": QUARKS,
    "up": UP,
    "down": DOWN,
    "l": LEPTONS,
    "nu": NEUTRINOS,
    "lepton": (*LEPTONS, *NEUTRINOS),
}
"""Words for several fermions of own charges; l are the charged leptons"""

MIXING = "+mixing"
_LARGEST = 1000
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})(?:/[0-9]{1,12})?")
_FORM = "own ones such as e:-1,mu:-1,q:1/3"


def _flavour(*pairs: tuple[str, int]) -> dict[str, Fraction]:
    """Lepton flavour numbers with factors."""
    return {name: Fraction(n) for lepton, n in pairs for name in (lepton, f"nu_{lepton}")}


_BARYON: dict[str, Fraction] = {q: Fraction(1, 3) for q in QUARKS}
_LEPTON = _flavour(("e", 1), ("mu", 1), ("tau", 1))

NAMED: dict[str, Mapping[str, Fraction]] = {
    "B-L": _BARYON | {f: -x for f, x in _LEPTON.items()},
    "B": _BARYON,
    "L": _LEPTON,
    "L_e-L_mu": _flavour(("e", 1), ("mu", -1)),
    "L_e-L_tau": _flavour(("e", 1), ("tau", -1)),
    "L_mu-L_tau": _flavour(("mu", 1), ("tau", -1)),
    "B-3L_e": _BARYON | _flavour(("e", -3)),
    "B-3L_mu": _BARYON | _flavour(("mu", -3)),
    "B-3L_tau": _BARYON | _flavour(("tau", -3)),
    "protophobic": {f: _BARYON.get(f, Fraction(0)) - ELECTRIC[f] for f in CHARGED},
    "dark-photon": {f: ELECTRIC[f] for f in CHARGED},
    "universal": dict.fromkeys(FERMIONS, Fraction(1)),
}
"""Charges by name; protophobic is B - Q, under which the proton is neutral"""


@dataclass(frozen=True)
class Charges:
    """Charges x_f of all `FERMIONS`, and whether loops mix the vector with the photon."""

    word: str
    values: Mapping[str, Fraction]
    mixing: bool

    def __getitem__(self, fermion: str) -> float:
        return float(self.values[fermion])

    @property
    def hadronic(self) -> bool:
        """Whether a quark is charged, or becomes so by mixing."""
        return self.mixing or any(self.values[f] for f in QUARKS)

    @property
    def finite_mixing(self) -> bool:
        """Whether one-loop mixing with the photon is finite and free of quarks."""
        quarks = any(self.values[f] for f in QUARKS)
        return not quarks and sum(ELECTRIC[f] * self.values[f] for f in LEPTONS) == 0

    @property
    def isospin(self) -> Fraction | None:
        """k such that x - k Q is equal within weak doublets of left-handed fields; None if none is.

        A multiple of Q comes from kinetic mixing and does not spoil gauge invariance.
        """
        doublets = [*zip(UP, DOWN, strict=True), *zip(NEUTRINOS, LEPTONS, strict=True)]
        splits = {self.values[up] - self.values[down] for up, down in doublets}
        return splits.pop() if len(splits) == 1 else None

    @property
    def anomaly(self) -> Fraction | None:
        """sum over generations of 3 x_q + x_l, after taking k Q out; None without such a k.

        Vector-like charges with right-handed neutrinos have SU(2)^2 U(1)_x and U(1)_Y^2 U(1)_x
        anomalies proportional to it, and no others.
        """
        k = self.isospin
        if k is None:
            return None
        reduced = {f: self.values[f] - k * ELECTRIC[f] for f in FERMIONS}
        quarks = sum((reduced[f] for f in UP), Fraction(0))
        return 3 * quarks + sum((reduced[f] for f in LEPTONS), Fraction(0))

    def remarks(self) -> tuple[str, ...]:
        """What has to be assumed about the charges, as sentences without a full stop."""
        if self.isospin is None:
            found = (
                "the charges differ within weak doublets: longitudinal V in charged-current decays "
                "is enhanced by (energy/m_v)^2, which is not included"
            )
            return (found,)
        if self.anomaly:
            found = (
                "anomalies are cancelled by heavier states; the longitudinal enhancement that they "
                "leave in rare decays is not included"
            )
            return (found,)
        return ()


def _shown(text: str) -> str:
    """`text` fit for one line of an error message."""
    clean = text if text.isprintable() and text else ascii(text)
    return clean if len(clean) <= 60 else clean[:57] + "..."


def _unknown(word: str, names: tuple[str, ...]) -> ParameterError:
    allowed = f"one of {', '.join(NAMED)}, or {_FORM}"
    return ParameterError("charges", _shown(word), "", allowed, nearest_name(word, names))


def _unknown_fermion(item: str) -> ParameterError:
    """`item` of own charges does not begin with a fermion and a colon."""
    word = item.partition(":")[0]
    allowed = f"of the form fermion:charge with {', '.join(FERMIONS)}, or {', '.join(GROUPS)}"
    near = nearest_name(word, (*FERMIONS, *GROUPS))
    return ParameterError("the entry of charges", _shown(item), "", allowed, near)


def _number(fermion: str, text: str) -> Fraction:
    """A charge: a whole or decimal number, or a fraction."""
    top, _, bottom = text.partition("/")
    value = None
    if _NUMBER.fullmatch(text) and (not bottom or int(bottom)):
        value = Fraction(top) / (int(bottom) if bottom else 1)
    if value is None or abs(value) > _LARGEST:
        allowed = f"a number or a fraction such as 1/3 between -{_LARGEST} and {_LARGEST}"
        raise ParameterError(f"the charge of {fermion}", _shown(text), "", allowed)
    return value


def _own(text: str) -> dict[str, Fraction]:
    """The charges of fermion:charge words; a single fermion overrides the group that holds it."""
    groups: dict[str, Fraction] = {}
    singles: dict[str, Fraction] = {}
    for item in text.split(","):
        name, colon, number = item.partition(":")
        members = GROUPS.get(name, (name,) if name in FERMIONS else ())
        if not members or not colon:
            raise _unknown_fermion(item)
        value = _number(name, number)
        found = groups if name in GROUPS else singles
        twice = [f for f in members if f in found]
        if twice:
            allowed = f"given once for each fermion, but {twice[0]} has two"
            raise ParameterError("charges", _shown(text), "", allowed)
        found.update(dict.fromkeys(members, value))
    return groups | singles


@lru_cache(maxsize=256)
def parse_charges(word: str) -> Charges:
    """The charges that `word` means: a name of `NAMED`, or fermion:charge words; + `+mixing`.

    Fermions that are not mentioned have none. Raises ParameterError with the nearest name.
    """
    text = "".join(word.split())
    mixing = text.endswith(MIXING)
    base = text.removesuffix(MIXING)
    named = NAMED.get(base)
    if named is None and ":" not in base:
        raise _unknown(word, tuple(NAMED))
    values = dict.fromkeys(FERMIONS, Fraction(0)) | dict(_own(base) if named is None else named)
    if not any(values.values()):
        raise ParameterError("charges", _shown(word), "", "such that some fermion has a charge")
    return Charges(text, values, mixing)


def charges_word(value: object) -> str:
    """The word of valid `charges` without blanks: what a model keeps as its parameter."""
    if not isinstance(value, str):
        raise _unknown(str(value), tuple(NAMED))
    return parse_charges(value).word
