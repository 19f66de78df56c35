"""Speeds of dark matter on Earth in the standard halo model: a Maxwellian cut at the escape speed.

In the frame of the galaxy f(u) ~ exp(-u^2/v_0^2) for u < v_escape, zero above; the Earth moves
through it with v_earth. The distribution of the speed v = |u - v_earth| is, with z = v_escape/v_0,

    f(v) = v/(sqrt(pi) N v_0 v_earth) [exp(-(v - v_earth)^2/v_0^2) - E(v)],
    N = erf(z) - 2 z exp(-z^2)/sqrt(pi),

E = exp(-(v + v_earth)^2/v_0^2) for v < v_escape - v_earth, exp(-z^2) from |v_escape - v_earth| to
v_escape + v_earth, and f = 0 elsewhere: [Lewin:1996], section 2, before the factor v of the flux.
Checked in the tests against random velocities and an integral over three dimensions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from vectorportal.numerics.arrays import namespace

__all__ = ["Speeds", "flux_average", "speed_nodes", "speed_shape"]

_NODES = 40
_REACH = 7.0
"""Distance from v_earth over v_0 beyond which the Maxwellian is below 1e-21"""


class Speeds(NamedTuple):
    """Nodes in speed and weights of the distribution, which add up to 1; shape (..., M)."""

    speed: Any
    weight: Any


def speed_shape(v: Any, v_0: Any, v_earth: Any, v_escape: Any) -> Any:
    """sqrt(pi) N f(v), in the inverse unit of the speeds; all broadcast.

    Dividing by sqrt(pi) N, see the module's text, makes it the distribution of speeds. Every
    difference of exponentials is one factor 1 - exp(-x) with x >= 0 from differences of speeds.
    """
    xp = namespace(v, v_0, v_earth, v_escape)
    whole = v <= v_escape - v_earth
    cut = (v_escape - v + v_earth) * (v_escape + v - v_earth)
    gap = xp.where(whole, 4.0 * v * v_earth, xp.where(cut > 0.0, cut, 0.0))
    peak = xp.exp(-(((v - v_earth) / v_0) ** 2))
    return -v * peak * xp.expm1(-gap / v_0**2) / (v_0 * v_earth)


def speed_nodes(v_0: Any, v_earth: Any, v_escape: Any) -> Speeds:
    """Gauss-Legendre nodes on both sides of |v_escape - v_earth|, on a new last axis.

    Speeds are positive, of one unit, and broadcast; v_escape may be below v_earth. The weights are
    divided by their sum, so the closed form of N is not needed.
    """
    xp = namespace(v_0, v_earth, v_escape)
    low, high = v_earth - _REACH * v_0, v_earth + _REACH * v_0
    kink = xp.abs(v_escape - v_earth)
    start = xp.where(v_escape > v_earth, 0.0, kink)
    edges = [xp.minimum(xp.maximum(e, low), high) for e in (start, kink, v_escape + v_earth)]
    x, weight = np.polynomial.legendre.leggauss(_NODES)
    place, share = xp.asarray(0.5 * (x + 1.0)), xp.asarray(0.5 * weight)
    pieces = [(a[..., None], (b - a)[..., None]) for a, b in pairwise(edges)]
    speed = xp.concat([a + length * place for a, length in pieces], axis=-1)
    width = xp.concat([length * share for _, length in pieces], axis=-1)
    density = width * speed_shape(
        speed, *(xp.asarray(s)[..., None] for s in (v_0, v_earth, v_escape))
    )
    return Speeds(speed, density / xp.sum(density, axis=-1, keepdims=True))


def flux_average(speeds: Speeds, values: Any) -> Any:
    """<v X>/<v>: the mean over the flux of `values` X at the nodes, without their last axis."""
    xp = namespace(speeds.speed, values)
    flux = speeds.weight * speeds.speed
    return xp.sum(flux * values, axis=-1) / xp.sum(flux, axis=-1)
