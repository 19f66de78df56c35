"""Errors of vectorportal: each message is one sentence, each class knows its exit code."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "DataError",
    "ParameterError",
    "UsageError",
    "VectorPortalError",
    "nearest_name",
]


class VectorPortalError(Exception):
    """Base of every error that vectorportal raises on purpose."""

    exit_code = 2


class UsageError(VectorPortalError):
    """The request itself is wrong: an unknown name, a missing argument, a bad combination."""


class DataError(VectorPortalError):
    """A packaged or user-supplied data file is missing, broken or inconsistent."""


class ParameterError(UsageError):
    """A parameter value that is not allowed.

    Parameters
    ----------
    parameter : name of the parameter.
    value : the value as the user gave it.
    unit : unit of `value` and `allowed`; "" or "1" when dimensionless.
    allowed : the allowed range in words or as an interval.
    nearest : nearest valid name, when a name was wrong.
    """

    def __init__(
        self,
        parameter: str,
        value: object,
        unit: str = "",
        allowed: str = "",
        nearest: str | None = None,
    ) -> None:
        self.parameter = parameter
        self.value = value
        self.unit = unit
        self.allowed = allowed
        self.nearest = nearest
        shown = f" {unit}" if unit and unit != "1" else ""
        text = f"{parameter} = {value}{shown} is not allowed"
        if allowed:
            text += f": it must be {allowed}"
        if nearest:
            text += f"; did you mean {nearest}?"
        super().__init__(text if text.endswith("?") else text + ".")


_SYNONYMS = {
    "m_chi": "m_dm",
    "m_phi": "m_dm",
    "m_a": "m_v",
    "m_zp": "m_v",
    "m_zd": "m_v",
    "kappa": "epsilon",
    "g_d": "alpha_d",
    "omega": "omega_h2",
    "scalar": "complex-scalar",
    "fermion": "dirac",
}
"""names that papers use for what is called otherwise here"""


def nearest_name(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that `name` means in other papers, or the closest in spelling, or None.

    Letter case does not count.
    """
    names = list(valid)
    known = _SYNONYMS.get(name.casefold())
    if known in names:
        return known
    folded: dict[str, str] = {}
    for item in names:
        folded.setdefault(item.casefold(), item)
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return folded[matches[0]] if matches else None
