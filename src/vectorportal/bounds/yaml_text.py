"""YAML that users hand in: its documents, or one sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from vectorportal.errors import DataError

__all__ = ["load_documents"]

_DEEPEST = 60
"""Nesting that no file of ours comes near; the parser in C would end the process far above"""
_MERGE = "<<"


def load_documents(shown: str, text: str) -> list[Any]:
    """All documents of `text`, in plain types; numbers with colons (1:30) stay texts.

    Raises DataError, naming `shown`, for anything broken and for a key that is given twice.
    """
    import yaml

    loader = _loader()
    try:
        _check_events(shown, yaml, loader, text)
        return list(yaml.load_all(text, Loader=loader))
    except (yaml.YAMLError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise DataError(f"{shown} is not valid YAML: {' '.join(str(error).split())}.") from None


@lru_cache(maxsize=1)
def _loader() -> Any:
    """The safe loader, without numbers in base 60."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):
        """Reads 1:30 as a text, as YAML 1.2 does."""

    def number(kind: str) -> Any:
        plain = getattr(Loader, f"construct_yaml_{kind}")

        def construct(loader: Any, node: Any) -> Any:
            return node.value if ":" in node.value else plain(loader, node)

        return construct

    for kind in ("int", "float"):
        Loader.add_constructor(f"tag:yaml.org,2002:{kind}", number(kind))
    return Loader


def _check_events(shown: str, yaml: Any, loader: Any, text: str) -> None:
    """DataError for deep nesting and for a key that occurs twice in one mapping."""
    # for every open collection: the keys so far (None in a list), and whether a key comes next
    stack: list[tuple[set[str] | None, bool]] = []
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            continue
        if not isinstance(event, (yaml.NodeEvent, yaml.CollectionStartEvent)):
            continue
        if stack and (keys := stack[-1][0]) is not None:
            expected = stack[-1][1]
            if expected and isinstance(event, yaml.ScalarEvent):
                _add_key(shown, keys, event)
            stack[-1] = (keys, not expected)
        if isinstance(event, yaml.CollectionStartEvent):
            mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append((set() if mapping else None, mapping))
        if len(stack) > _DEEPEST:
            raise DataError(f"{shown} is nested more than {_DEEPEST} levels deep.")


def _add_key(shown: str, keys: set[str], event: Any) -> None:
    if event.value in keys and event.value != _MERGE:
        line = event.start_mark.line + 1
        name = event.value if event.value.isprintable() else ascii(event.value)
        raise DataError(f"{shown}, line {line}: the key {name[:60]} is given twice.")
    keys.add(event.value)
