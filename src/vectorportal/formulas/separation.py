"""How many events tell two shapes of one distribution apart."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = ["Z_95", "events_to_separate", "normalised"]

Z_95 = NormalDist().inv_cdf(0.95)
"""Gaussian deviation with 5% above it"""


_ROUNDING = 1e-12
"""Gap per event up to which two shapes are the same"""


def normalised(shape: Any, weights: Any) -> Any:
    """The density of a `shape` (..., K) >= 0 on K nodes: its sum with the `weights` is 1.

    A shape that vanishes on all nodes stays zero.
    """
    xp = namespace(shape, weights)
    total = xp.sum(shape * weights, axis=-1)[..., None]
    return shape / xp.where(total > 0.0, total, 1.0)


def events_to_separate(truth: Any, other: Any, weights: Any) -> Any:
    """Events N at which the density `other` is excluded at 95% where `truth` holds, (...).

    Both are densities (..., K) on K nodes of quadrature `weights` (K,) or (..., K), normalised to
    1. The test statistic is t = sum over events of ln(truth/other), without the number of events
    itself. N is where the median of t under `truth` is the upper 95% quantile of t under `other`,
    both taken as Gaussian: (mean_truth - mean_other) sqrt(N) = 1.645 sigma_other per event, as
    good as the central limit is at that N, a real number (toy experiments with N = 30 exclude
    with a probability of 0.48 to 0.52 instead of 0.5; below 10 it is a rough guide). It is not
    symmetric in its arguments. A node where a density vanishes counts nothing in t. Infinite
    where the shapes are the same.
    """
    xp = namespace(truth, other, weights)
    both = (truth > 0.0) & (other > 0.0)
    one = xp.ones_like(truth * other)
    log = xp.log(xp.where(both, truth, one) / xp.where(both, other, one))
    mean = xp.sum(weights * other * log, axis=-1)
    variance = xp.sum(weights * other * (log - mean[..., None]) ** 2, axis=-1)
    gap = xp.sum(weights * (truth - other) * log, axis=-1)
    apart = gap > _ROUNDING
    safe = xp.where(apart, gap, 1.0)
    return xp.where(apart, Z_95**2 * variance / safe**2, xp.inf)
