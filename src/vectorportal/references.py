"""The one list of papers: load it, and print the BibTeX of what a result used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from vectorportal.errors import DataError, UsageError, nearest_name

__all__ = ["Reference", "bibtex", "load_references"]

_TYPES = ("article", "book", "inproceedings", "misc", "phdthesis", "techreport")
_OPTIONAL = ("collaboration", "arxiv", "doi", "journal")
_MATHS = re.compile(r"((?<!\\)\$[^$]*\$)")
_SPECIAL = re.compile(r"(?<!\\)[_&%#^<>]|->")
_SPELT = {"->": r"$\to$", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$"}
"""LaTeX of what a backslash alone does not make a sign"""


def _latex(text: str) -> str:
    """`text` with the characters that LaTeX takes for commands written out, outside $...$."""
    parts = _MATHS.split(text)
    spelt = [_SPECIAL.sub(lambda m: _SPELT.get(m[0], "\\" + m[0]), part) for part in parts[::2]]
    parts[::2] = spelt
    return "".join(parts)


@dataclass(frozen=True)
class Reference:
    """One paper; `authors` is in BibTeX form, optional fields are None where there is none."""

    key: str
    type: str
    title: str
    authors: str
    year: int
    collaboration: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    journal: str | None = None

    def bibtex(self) -> str:
        """The BibTeX entry, without a final newline."""
        fields = [
            ("author", self.authors),
            ("title", f"{{{_latex(self.title)}}}"),
            ("collaboration", self.collaboration and _latex(self.collaboration)),
            (
                "journal" if self.type == "article" else "note",
                self.journal and _latex(self.journal),
            ),
            ("year", str(self.year)),
            ("eprint", self.arxiv),
            ("archiveprefix", "arXiv" if self.arxiv else None),
            ("doi", self.doi),
        ]
        lines = [f"  {name} = {{{value}}}" for name, value in fields if value]
        return f"@{self.type}{{{self.key},\n" + ",\n".join(lines) + "\n}"


def _parse(key: str, entry: Any) -> Reference:
    """A Reference from the mapping under `key`, or DataError naming the field."""

    def fail(field: str, problem: str) -> DataError:
        return DataError(f"references.yaml, key {key}, field {field}: {problem}.")

    if not isinstance(entry, dict):
        raise fail("(all)", "not a mapping")
    known = ("type", "title", "authors", "year", *_OPTIONAL)
    for name, value in entry.items():
        if name not in known:
            raise fail(name, "unknown")
        if name != "year" and not (isinstance(value, str) and value.strip()):
            raise fail(name, "not a text")
    for name in ("type", "title", "authors", "year"):
        if name not in entry:
            raise fail(name, "missing")
    if entry["type"] not in _TYPES:
        raise fail("type", f"{entry['type']} is none of {', '.join(_TYPES)}")
    if not isinstance(entry["year"], int) or not 1900 < entry["year"] < 2100:
        raise fail("year", f"{entry['year']} is not a year")
    return Reference(key=key, **entry)


def _read(text: str) -> dict[str, Reference]:
    """All references of a YAML text; a repeated key is an error, not a silent replacement."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
        entries = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise DataError(
            f"references.yaml is not valid YAML: {' '.join(str(error).split())}."
        ) from None
    if not isinstance(node, yaml.MappingNode) or not entries:
        raise DataError("references.yaml has no entries.")
    keys = [pair[0].value for pair in node.value]
    repeated = sorted({k for k in keys if keys.count(k) > 1})
    if repeated:
        raise DataError(f"references.yaml has the key {repeated[0]} twice.")
    return {key: _parse(key, entry) for key, entry in entries.items()}


@lru_cache(maxsize=1)
def load_references() -> dict[str, Reference]:
    """Every reference by its key; DataError when the file is missing or broken."""
    path = resources.files("vectorportal") / "data" / "references.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"references.yaml cannot be read: {error.strerror}.") from None
    return _read(text)


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX entries of `keys`, each once, in the order given; UsageError for an unknown key."""
    references = load_references()
    entries = []
    for key in dict.fromkeys(keys):
        if key not in references:
            near = nearest_name(key, references)
            hint = f"; did you mean {near}?" if near else "."
            raise UsageError(f"there is no reference {key}{hint}")
        entries.append(references[key].bibtex())
    return "\n\n".join(entries) + ("\n" if entries else "")
