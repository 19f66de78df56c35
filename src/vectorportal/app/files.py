"""Several files that are written together or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vectorportal.errors import UsageError

__all__ = ["write_together"]


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write every file of `contents`, each beside its final place first, then all into place.

    Raises UsageError with the file that cannot be written; then no file is new or changed.
    """
    parts = {path: _part(path) for path in contents}
    path = Path()
    try:
        for path, content in contents.items():
            with parts[path].open("xb") as stream:
                stream.write(content)
        for path, part in parts.items():
            part.replace(path.resolve())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _part(path: Path) -> Path:
    """A name in the folder of the file that no other program uses."""
    final = path.resolve()
    return final.with_name(f".{final.name}.{os.getpid()}.part")
