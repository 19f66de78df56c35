"""YAML that users hand in: its documents, or one sentence."""

from __future__ import annotations

from typing import Any

from vectorportal.errors import DataError

__all__ = ["load_documents"]

_DEEPEST = 60
"""Nesting that no file of ours comes near; the parser in C would end the process far above"""


def load_documents(shown: str, text: str) -> list[Any]:
    """All documents of `text`, in plain types. DataError, naming `shown`, for anything broken."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(shown, yaml, loader, text)
        return list(yaml.load_all(text, Loader=loader))
    except (yaml.YAMLError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise DataError(f"{shown} is not valid YAML: {' '.join(str(error).split())}.") from None


def _check_depth(shown: str, yaml: Any, loader: Any, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise DataError(f"{shown} is nested more than {_DEEPEST} levels deep.")
