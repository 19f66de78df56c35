"""What files of your own have in common, CSV or HEPData: their text and their curve."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np

from vectorportal.bounds.curve import COLUMNS, parse_curve
from vectorportal.bounds.own_fields import cut
from vectorportal.bounds.record import Curve
from vectorportal.errors import DataError

__all__ = ["checked_curve", "read_text"]


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark; DataError otherwise."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from None
    except ValueError as error:
        raise DataError(f"{path} is not a text in UTF-8: {cut(str(error))}.") from None


def checked_curve(
    path: Path | str, mass: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> Curve:
    """A Curve from arrays of shape (n,), by the same rules as a packaged curve.csv."""
    rows = [",".join(COLUMNS)]
    for numbers in zip(mass, lower, upper, strict=True):
        rows.append(",".join("" if math.isnan(v) else repr(float(v)) for v in numbers))
    try:
        return parse_curve(str(path), "\n".join(rows))
    except DataError as error:
        raise DataError(re.sub(r", line \d+", "", str(error))) from None
