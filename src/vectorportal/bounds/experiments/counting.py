"""Signal events against a background, expressed as events of a search without background."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

__all__ = ["Z_90", "effective_window", "equivalent_signal"]

Z_90 = 1.6448536269514722
"""Gaussian deviation of the expected 90% limit: 5% of the upper tail (CLs = 0.1 at CLb = 0.5)"""


def effective_window(sigma: Any) -> Any:
    """Width of flat background that counts under a Gaussian peak of resolution `sigma`.

    2 sqrt(pi) sigma: with all of the signal S and background density b, the optimum fit reaches
    S^2/variance = integral of s(x)^2/b dx = S^2/(2 sqrt(pi) sigma b). Unit of `sigma`.
    """
    return 2.0 * sqrt(pi) * np.asarray(sigma)


def equivalent_signal(
    signal: np.ndarray, background: np.ndarray, n_limit: float, systematic: float = 0.0
) -> np.ndarray:
    """Events that would be as significant without background; sums over search channels.

    signal (c, n, k) and background (c, n): expected events in c independent channels. One channel
    excludes signal > n_up with n_up^2 = n_limit^2 + Z^2 b + (Z f b)^2, f = `systematic`: no
    background gives n_limit, much background the expected Gaussian limit at 90% CL. The answer
    (n, k) is n_limit [sum_c (s_c/n_up,c)^2]^(1/2).
    """
    room = n_limit**2 + Z_90**2 * background * (1.0 + systematic**2 * background)
    share = signal**2 / room[:, :, None]
    return n_limit * np.sqrt(share.sum(axis=0))
