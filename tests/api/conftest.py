"""The command line, called in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from vectorportal.app.cli import run


class Answer(NamedTuple):
    """Exit code and what was printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Stdout as strict JSON: NaN and Infinity are refused."""

        def refuse(word: str) -> float:
            raise AssertionError(f"{word} is not JSON")

        return json.loads(self.out, parse_constant=refuse)


Cli = Callable[..., Answer]


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run `vectorportal` with the given words."""

    def call(*words: str) -> Answer:
        code = run(list(words))
        captured = capfd.readouterr()
        return Answer(code, captured.out, captured.err)

    return call
