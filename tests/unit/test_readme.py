"""Numbers in README.md are those of the package."""

from __future__ import annotations

import re
from pathlib import Path

from vectorportal.bounds.experiments.spec import load_experiments
from vectorportal.bounds.registry import load_bounds

TEXT = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())


def test_numbers_of_bounds_and_experiments() -> None:
    found = re.search(
        r"(\d+) published results \((\d+) limits, (\d+) projections\).*? (\d+) experiments", TEXT
    )
    assert found is not None
    kinds = [record.kind for record in load_bounds().values()]
    numbers = (len(kinds), kinds.count("limit"), kinds.count("projection"), len(load_experiments()))
    assert tuple(map(int, found.groups())) == numbers
