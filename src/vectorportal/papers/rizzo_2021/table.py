"""Quoted and obtained numbers as a table in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.style import COLOURS, power_of_ten

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.offsetbox import HPacker

__all__ = ["number", "write_claims"]

_SIZE = 8.5
"""points"""
_ABOVE, _BELOW = 1.15 * _SIZE, 0.45 * _SIZE
"""above and below the baseline of a row, more than any text of it takes"""


def write_claims(
    axes: Axes, notes: Any, corner: str = "lower right", words: Sequence[str] = ()
) -> None:
    """Quoted and obtained numbers in a `corner` of the axes.

    `notes` are the attributes of a dataset; `words` say in TeX what its claims say without it.
    """
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, VPacker

    titles = ("quoted", "obtained")
    columns = [["", *(words or notes["claims"])]]
    columns += [[title, *map(number, notes[title])] for title in titles]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("words of the table do not match its claims")
    packed: list[Artist] = [
        VPacker(
            children=[_cell(text, bold=not i) for i, text in enumerate(column)],
            align="right" if k else "left",
            pad=0.0,
            sep=0.0,
        )
        for k, column in enumerate(columns)
    ]
    box = AnchoredOffsetbox(
        corner,
        child=HPacker(children=packed, align="top", pad=0.0, sep=7.0),
        borderpad=0.8,
        pad=0.4,
    )
    box.patch.set(edgecolor=COLOURS["grey"], alpha=0.9, lw=0.6)
    axes.add_artist(box)


def _cell(text: str, *, bold: bool) -> HPacker:
    """A text beside an empty strut, so that all rows are as high and have one baseline."""
    from matplotlib.offsetbox import DrawingArea, HPacker, TextArea

    weight = "bold" if bold else "normal"
    shown = TextArea(text, textprops={"fontsize": _SIZE, "fontweight": weight})
    strut = DrawingArea(0.0, _ABOVE + _BELOW, ydescent=_BELOW)
    return HPacker(children=[strut, shown], align="baseline", pad=0.0, sep=0.0)


def number(value: float) -> str:
    """`value` for a table: 101, 5.4 x 10^-9, or `none`."""
    if not np.isfinite(value):
        return "none"
    if 0.01 <= abs(value) < 1e5:
        return f"{float(f'{value:.3g}'):g}"
    return rf"${power_of_ten(value)}$"
