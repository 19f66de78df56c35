"""Memory of large batches: keep what temporaries free, instead of handing it back each time."""

from __future__ import annotations

import sys
from functools import lru_cache

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_MMAP_THRESHOLD = 32 * 2**20
_KEEP = 512 * 2**20


@lru_cache(maxsize=1)
def keep_freed_memory() -> bool:
    """Tell the GNU allocator to reuse temporaries of up to 32 MiB; True where it took effect.

    By default it maps and unmaps every array above 128 KiB, and the page faults cost as much as the
    arithmetic of a batch (benchmarks/README.md). Up to 512 MiB may stay with the process. Other
    allocators are left alone.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    took = mallopt(_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD)
    return bool(took and mallopt(_TRIM_THRESHOLD, _KEEP))
