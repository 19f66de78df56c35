"""The list of papers and its BibTeX."""

from __future__ import annotations

import re

import pytest

from vectorportal.errors import DataError, UsageError
from vectorportal.references import Reference, _read, bibtex, load_references


def test_every_entry_can_be_found_again() -> None:
    for reference in load_references().values():
        assert reference.arxiv or reference.doi or reference.journal
        if reference.type == "article":
            assert reference.journal


def test_arxiv_numbers_and_dois_are_unique() -> None:
    for name in ("arxiv", "doi"):
        values = [v for r in load_references().values() if (v := getattr(r, name))]
        assert len(values) == len(set(values))


def test_bibtex() -> None:
    text = bibtex(["BaBar:2017", "Planck:2018", "BaBar:2017"])
    assert text.count("@article{") == 2
    assert "@article{BaBar:2017,\n  author = {Lees, J. P. and others}," in text
    assert "eprint = {1702.03327}" in text
    assert "doi = {10.1103/PhysRevLett.119.131804}" in text
    assert text.count("{") == text.count("}")
    assert bibtex([]) == ""


def test_bibtex_is_sound_for_latex() -> None:
    """No character that LaTeX takes for a command outside $...$, and none is changed inside."""
    made = Reference(
        "K", "article", "a_b & 5% #1 x^2 <y> -> \\_ $m_V^2$", "A", 2000, journal="C & D"
    )
    assert r"{{a\_b \& 5\% \#1 x\textasciicircum{}2 $<$y$>$ $\to$ \_ $m_V^2$}}" in made.bibtex()
    assert r"journal = {C \& D}" in made.bibtex()
    for reference in load_references().values():
        assert reference.title.count("$") % 2 == 0, reference.key
        for name in ("title", "journal", "note", "collaboration"):
            for value in re.findall(rf"^  {name} = (.*)", reference.bibtex(), re.MULTILINE):
                outside = re.sub(r"\$[^$]*\$", "", value)
                assert not re.search(r"(?<!\\)[_&%#^<>]", outside), reference.key


def test_unknown_key_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="BaBar:2017"):
        bibtex(["BaBar:2071"])


GOOD = "K:1:\n  type: article\n  title: T\n  authors: A\n  journal: J\n  year: 2000\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + GOOD, "twice"),
        (GOOD.replace("year: 2000", "year: then"), "year"),
        (GOOD.replace("  title: T\n", ""), "title"),
        (GOOD.replace("article", "poem"), "type"),
        (GOOD + "  colour: red\n", "colour"),
        ("[", "YAML"),
        ("", "no entries"),
        ("K: 3\n", "mapping"),
    ],
)
def test_broken_lists_raise(text: str, said: str) -> None:
    assert list(_read(GOOD)) == ["K:1"]
    with pytest.raises(DataError, match=said):
        _read(text)
