"""Quadrature nodes on [0, eta_max] that resolve thresholds and resonances of any width.

The interval is cut at the break points and every piece once more in the middle. Each half is
measured from its own break with distance d = g (cosh w - 1) next to a threshold (which removes a
square root) and d = gamma sinh w next to a resonance (which flattens a Lorentzian of any width).
A fixed number of Gauss-Legendre panels is allotted in proportion to the length in w, so the cost
is the same for every point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace

__all__ = ["Nodes", "Rule", "panel_nodes"]


@dataclass(frozen=True)
class Rule:
    """`panels` panels of `order` Gauss-Legendre nodes each; the cost is their product."""

    panels: int
    order: int

    def legendre(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and weights on [0, 1]."""
        nodes, weights = np.polynomial.legendre.leggauss(self.order)
        return 0.5 * (nodes + 1.0), 0.5 * weights


@dataclass(frozen=True)
class Nodes:
    """eta, eta - eta_pole (without cancellation near the pole) and weights, shape (N, M)."""

    eta: Any
    from_pole: Any
    weight: Any


def _halves(xp: Any, edges: Any, scale: Any, pole: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Anchor, sign, scale, kind and w-length of the 2 (B - 1) half intervals, each (N, H)."""
    half = 0.5 * (edges[:, 1:] - edges[:, :-1])

    def pairs(left: Any, right: Any) -> Any:
        return xp.stack((left, right), axis=2).reshape(left.shape[0], 2 * left.shape[1])

    anchor = pairs(edges[:, :-1], edges[:, 1:])
    sign = pairs(xp.ones_like(half), -xp.ones_like(half))
    g = pairs(scale[:, :-1], scale[:, 1:])
    is_pole = pairs(pole[:, :-1], pole[:, 1:])
    ratio = pairs(half, half) / g
    root = xp.sqrt(xp.where(ratio > 0.0, ratio * (ratio + 2.0), 1.0))
    positive = xp.where(ratio > 0.0, ratio, 1.0)
    length = xp.where(is_pole > 0.5, xp.arcsinh(positive), xp.log1p(positive + root))
    return anchor, sign, g, is_pole, xp.where(ratio > 0.0, length, 0.0)


def _allot(xp: Any, length: Any, panels: int) -> tuple[Any, Any, Any]:
    """Half index, position in the half and panel count of the half, for each panel: (N, P)."""
    base = (length > 0.0) * 1.0
    spare = panels - xp.sum(base, axis=1, keepdims=True)
    share = xp.cumulative_sum(length, axis=1) / xp.sum(length, axis=1, keepdims=True)
    stop = xp.floor(spare * share + 0.5) + xp.cumulative_sum(base, axis=1)
    panel = xp.arange(panels, dtype=xp.float64)
    half = xp.sum((stop[:, None, :] <= panel[None, :, None]) * 1, axis=2)
    half = xp.minimum(half, length.shape[1] - 1)
    start = xp.concat((xp.zeros_like(stop[:, :1]), stop[:, :-1]), axis=1)
    first = xp.take_along_axis(start, half, axis=1)
    count = xp.take_along_axis(stop - start, half, axis=1)
    return half, panel[None, :] - first, xp.maximum(count, 1.0)


def panel_nodes(positions: Any, scales: Any, poles: Any, pole_position: Any, rule: Rule) -> Nodes:
    """Nodes between the smallest and the largest of `positions`.

    positions, scales : break points and their g or gamma (> 0), shape (N, B), any order; equal
    positions are allowed. poles : 1 where the break is a resonance, 0 at a threshold, (N, B).
    pole_position : where `from_pole` is measured from, shape (N,).
    """
    xp = namespace(positions, scales, pole_position)
    order = xp.argsort(positions, axis=1)
    edges, scale, pole = (xp.take_along_axis(a, order, axis=1) for a in (positions, scales, poles))
    halves = _halves(xp, edges, scale, pole)
    half, place, count = _allot(xp, halves[4], rule.panels)
    anchor, sign, g, is_pole, length = (xp.take_along_axis(a, half, axis=1) for a in halves)
    t, weight = rule.legendre()
    step = (length / count)[:, :, None]
    w = step * (place[:, :, None] + xp.asarray(t))
    up, down = xp.exp(w), xp.exp(-w)
    sinh, cosh = 0.5 * (up - down), 0.5 * (up + down)
    small = xp.sinh(0.5 * w)
    at_pole = is_pole[:, :, None] > 0.5
    gap = xp.where(at_pole, sinh, 2.0 * small * small) * g[:, :, None]
    slope = xp.where(at_pole, cosh, sinh) * g[:, :, None]
    signed = sign[:, :, None] * gap
    offset = anchor - pole_position[:, None]
    shape = (positions.shape[0], rule.panels * rule.order)
    return Nodes(
        eta=(anchor[:, :, None] + signed).reshape(shape),
        from_pole=(offset[:, :, None] + signed).reshape(shape),
        weight=(step * slope * xp.asarray(weight)).reshape(shape),
    )
