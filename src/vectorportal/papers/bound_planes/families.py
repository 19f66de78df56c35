"""Families of bounds, which share a colour, and the short names that fit on a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vectorportal.papers.style import COLOURS

__all__ = ["FAMILIES", "Family", "family_of", "short_labels", "tint"]


@dataclass(frozen=True)
class Family:
    """A family of searches: its name in the legend, colours of lines and of text, its filling.

    `strength` is the part of the colour in the filling, the rest is white; a `hatch` lets others
    show through.
    """

    name: str
    colour: str
    dark: str
    strength: float
    hatch: str = ""

    @property
    def fill(self) -> tuple[float, float, float]:
        """The colour of the filling."""
        return tint(self.colour, self.strength)


FAMILIES: Mapping[str, Family] = {
    "precision": Family("moments and electroweak fit", COLOURS["grey"], "#4D4D4D", 0.2),
    "collider": Family("colliders and positronium", COLOURS["orange"], "#6B4500", 0.2),
    "prompt": Family("prompt decays", COLOURS["orange"], "#6B4500", 0.2),
    "missing": Family("missing energy or mass", COLOURS["green"], "#004D38", 0.5),
    "rare-decay": Family(
        "rare decays enhanced by anomalies", COLOURS["purple"], "#6E3053", 0.46, "//"
    ),
    "scattering": Family("scattering in a detector", COLOURS["blue"], "#003F63", 0.42),
    "displaced": Family("displaced vertices", COLOURS["vermilion"], "#8A3C00", 0.35),
    "beam": Family("dumps and neutrino detectors", COLOURS["sky"], "#174E6F", 0.35),
    "dump": Family("beam dumps", COLOURS["sky"], "#174E6F", 0.35),
    "sky": Family("stars and cosmology", COLOURS["purple"], "#6E3053", 0.46),
    "other": Family("other", COLOURS["yellow"], "#5C5600", 0.4),
}
"""In the order in which they are painted: later ones lie on top.

The fillings differ from one another and from white by 8 in CIE Lab, also for readers who are blind
to red, green or blue.
"""

_OF_SIGNATURE = {
    "prompt-visible": "prompt",
    "displaced": "displaced",
    "dump": "dump",
    "invisible": "missing",
    "missing-energy": "missing",
    "cooling": "sky",
    "annihilation": "sky",
    "halo-annihilation": "sky",
    "self-interaction": "sky",
    "nucleosynthesis": "sky",
    "moment": "precision",
    "electroweak": "precision",
    "recoil": "scattering",
    "rare-decay": "rare-decay",
}
_SKY = re.compile(r"star|giant|supernova|sn1987|cosm|nucleosynthesis|bbn|n_eff|cmb|early", re.I)
_COLLIDER = re.compile(r"collider|\bLEP\b|\bLHC\b|CMS|milliqan|formosa|Z width|positronium", re.I)


def family_of(about: Mapping[str, Any]) -> str:
    """The family of a curve from its attributes: signature, label, title and production.

    Millicharged particles have one signature, so there the words of the record decide.
    """
    signature = str(about["signature"])
    if signature != "millicharge":
        return _OF_SIGNATURE.get(signature, "other")
    words = " ".join(str(about.get(name, "")) for name in ("label", "title", "production"))
    if _SKY.search(words):
        return "sky"
    return "collider" if _COLLIDER.search(words) else "beam"


def tint(colour: str, strength: float) -> tuple[float, float, float]:
    """`colour` (#RRGGBB) mixed with white; `strength` is the part of the colour."""
    channels = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    red, green, blue = (1.0 - strength * (1.0 - c) for c in channels)
    return red, green, blue


_TYPE = (
    (r"->", "→"),
    (r"\bpi\b", "π"),
    (r"\bgamma\b", "\N{GREEK SMALL LETTER GAMMA}"),
    (r"nu2\b", "\N{GREEK SMALL LETTER NU}2"),
    (r"\(g-2\)_mu", r"$(g-2)_\\mu$"),
    (r"\(g-2\)_e", r"$(g-2)_e$"),
    (r"\bD\*0", r"$D^{*0}$"),
    (r"\bab\^-1", r"ab$^{-1}$"),
    (r"\bfb\^-1", r"fb$^{-1}$"),
    (r"\b1e(\d+)\b", r"$10^{\1}$"),
    (r"\b([2-9])e(\d+)\b", r"$\1\\times 10^{\2}$"),
    (r"N_eff", r"$N_{\\rm eff}$"),
    (r"\bpi0\b", "π⁰"),
    (r"\be\+", "e⁺"),
    (r"mumu", "μμ"),
    (r"(?<=\d)mu\b", "μ"),
    (r"\bnu-", "\N{GREEK SMALL LETTER NU}-"),
)
_LINE = 17
"""Letters after which a name is broken into two lines"""


def short_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Names for a picture: without what stands in brackets, unless two would be the same."""
    plain = {key: re.sub(r"(?<=\S) millicharge$", "", text) for key, text in labels.items()}
    short = {key: re.sub(r"(?<=\S) \([^)]*\)$", "", text) for key, text in plain.items()}
    used = list(short.values())
    chosen = {k: text if used.count(text) == 1 else plain[k] for k, text in short.items()}
    return {key: _typeset(_broken(text)) for key, text in chosen.items()}


def _broken(text: str) -> str:
    """`text` in two lines of about the same length where it is long."""
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    if len(text) <= _LINE or not spaces:
        return text
    bracket = text.find(" (")
    if bracket > 0:
        return f"{text[:bracket]}\n{text[bracket + 1 :]}"
    middle = min(spaces, key=lambda i: abs(2 * i - len(text)))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def _typeset(text: str) -> str:
    for pattern, better in _TYPE:
        text = re.sub(pattern, better, text)
    return text
