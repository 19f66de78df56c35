"""Thermal average of an annihilation cross section with nodes on its own structure."""

from __future__ import annotations

from typing import Any

from vectorportal.models.channels import Annihilation, Kinematics
from vectorportal.numerics.arrays import namespace
from vectorportal.numerics.kernel import ETA_MAX, kernel
from vectorportal.numerics.panels import Nodes, Rule, panel_nodes

__all__ = [
    "COARSE",
    "DENSE",
    "FINE",
    "average_at",
    "nodes_up_to",
    "tabulated_nodes",
    "weighted_rates",
]

FINE = Rule(panels=40, order=10)
COARSE = Rule(panels=36, order=8)
DENSE = Rule(panels=64, order=10)
"""for averages at one x, where cost matters less"""

_REACH = 3.0
"""non-essential structure beyond this eta is not populated when the relic density forms (x > 3)"""
_POPULATED = 40.0
"""at one x, structure beyond eta = 40/x carries a weight below exp(-80)"""
_THRESHOLD_SCALE = 1e-3
"""g/(1 + eta) of numerics/panels.py next to a threshold: below the spread 1/(2 x) for x < 500"""
_SPREAD = 0.01
"""the same at one x, in units of 1/x: a threshold may lie within the thermal spread at any x"""
_LATE = 1e-5
"""g at eta = 0: resolves the thermal spread up to x of about 1e5, later rates matter little"""
_SMALLEST = 1e-40
"""smallest width in eta that is told from a threshold"""


def _nodes(
    process: Annihilation,
    rule: Rule,
    eta_max: Any,
    smallest: Any,
    near_by: Any,
    threshold: Any = _THRESHOLD_SCALE,
) -> Nodes:
    """Quadrature nodes; `eta_max`, the scale `smallest` at the start, the reach `near_by` of
    breaks that are not essential and the scale next to a `threshold` have shape (N,)."""
    xp = namespace(process.m_dm)
    zero = 0.0 * process.m_dm
    pole = process.breaks[0]
    near = xp.abs(pole.position) + pole.width
    start = xp.maximum(xp.minimum(smallest, 0.3 * near), 1e-18)
    positions, scales, poles = [zero], [start], [zero]
    for b in process.breaks:
        reach = eta_max if b.essential else near_by
        inside = (b.position > 0.0) & (b.position < reach)
        soft = threshold * (1.0 + xp.maximum(b.position, 0.0))
        scale = xp.where(b.width > 0.0, xp.maximum(b.width, _SMALLEST), soft)
        positions.append(xp.where(inside, b.position, eta_max))
        scales.append(xp.where(inside, scale, eta_max))
        poles.append(xp.where(inside & (b.width > 0.0), 1.0, 0.0))
    positions.append(zero + eta_max)
    scales.append(zero + eta_max)
    poles.append(zero)
    edges, scale, is_pole = (xp.stack(c, axis=1) for c in (positions, scales, poles))
    return panel_nodes(edges, _shared(xp, edges, scale, is_pole), is_pole, pole.position, rule)


def _shared(xp: Any, edges: Any, scale: Any, is_pole: Any) -> Any:
    """Scales reduced to what neighbouring resonances demand: (width^2 + distance^2)^(1/2).

    Without it the flank of a narrow resonance beside a broad one is stepped over.
    """
    apart = edges[:, :, None] - edges[:, None, :]
    reach = xp.sqrt(scale[:, None, :] ** 2 + apart * apart)
    reach = xp.where(is_pole[:, None, :] > 0.5, reach, xp.inf)
    return xp.minimum(scale, xp.min(reach, axis=2))


def weighted_rates(process: Annihilation, nodes: Nodes) -> list[Any]:
    """f(eta) times quadrature weight of each channel, f = beta sigma beta (1 + eta)^4 in GeV^-2.

    Every array has shape (N, M).
    """
    m_dm, m_v = process.m_dm[:, None], process.m_v[:, None]
    from_pole = nodes.from_pole
    detuning = 2.0 * m_dm * from_pole * (2.0 * m_v + 2.0 * m_dm * from_pole)
    at = Kinematics.make(nodes.eta, detuning, m_dm)
    growth = (1.0 + nodes.eta) * (1.0 + nodes.eta)
    measure = at.beta * growth * growth * nodes.weight
    return [flux * measure for flux in process.flux_sigmas(at)]


def tabulated_nodes(process: Annihilation, rule: Rule) -> Nodes:
    """Nodes for averages at every x >= 1 at once."""
    zero = 0.0 * process.m_dm
    return _nodes(process, rule, zero + ETA_MAX, zero + _LATE, zero + _REACH)


def nodes_up_to(process: Annihilation, rule: Rule, eta_max: float) -> Nodes:
    """Nodes for averages at every x down to 25/eta_max; all structure below eta_max is resolved."""
    zero = 0.0 * process.m_dm
    return _nodes(process, rule, zero + eta_max, zero + _LATE, zero + eta_max)


def average_at(process: Annihilation, x: Any, rule: Rule = DENSE) -> Any:
    """<sigma v> in GeV^-2 at x = m_dm/T > 0, shape (N,); kernel exact, nodes adapted to x."""
    xp = namespace(process.m_dm)
    eta_max = ETA_MAX * xp.maximum(1.0, 1.0 / x)
    soft = xp.minimum(_THRESHOLD_SCALE, _SPREAD / x)
    nodes = _nodes(process, rule, eta_max, xp.minimum(_LATE, 0.01 / x), _POPULATED / x, soft)
    rate = sum(weighted_rates(process, nodes))
    return xp.sum(rate * kernel(nodes.eta, x[:, None]), axis=1)
