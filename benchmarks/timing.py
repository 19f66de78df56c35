"""Wall-clock timing: the best and the median of several runs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping

import numpy as np

__all__ = ["command", "repeat"]


def repeat(work: Callable[[], object], runs: int = 5) -> tuple[float, float]:
    """(median, minimum) seconds of `runs` calls after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times)), min(times)


def command(words: list[str], environment: Mapping[str, str], runs: int = 5) -> tuple[float, float]:
    """(median, first) wall seconds of a whole `vectorportal` process."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "vectorportal", *words],
            env=dict(environment),
            capture_output=True,
            check=False,
        )
        times.append(time.perf_counter() - start)
        if done.returncode not in (0, 3):
            raise RuntimeError(done.stderr.decode())
    return float(np.median(times[1:])), times[0]
