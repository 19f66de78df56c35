"""Kinetic mixing with the photon that loops of charged leptons induce.

A fermion with electric charge Q and coupling g x contributes to the kinetic matrix of (A, V)

    K(q^2) = e Q g x/(2 pi^2) int_0^1 dz z (1 - z) ln(Lambda^2/(m^2 - z (1 - z) q^2)),

as in the vacuum polarisation of QED, in L = -(K/2) F_mu_nu V^mu_nu; A -> A - K V takes it away and
leaves V with the coupling -K e Q_f to every charged fermion f. The cutoff drops out of the sum when
sum Q x = 0. For L_i - L_j and q^2 -> 0: K = -(e g/12 pi^2) ln(m_j^2/m_i^2).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import factorial, pi
from typing import Any

from vectorportal.numerics.arrays import namespace

__all__ = ["induced_charge", "vacuum_polarisation"]

_SERIES_BELOW, _TERMS = 0.1, 16


def _series(r: Any) -> Any:
    """-sum_k (4 r)^k/k 6 B(k + 2, k + 2), B(n, n) = (n - 1)!^2/(2 n - 1)!."""
    total = 0.0 * r
    for k in range(_TERMS, 0, -1):
        total = (total + 6.0 * 4.0**k / k * factorial(k + 1) ** 2 / factorial(2 * k + 3)) * r
    return -total


def vacuum_polarisation(ratio: Any) -> Any:
    """Real part of 6 int_0^1 dz z (1 - z) ln(1 - 4 r z (1 - z)), r = q^2/(4 m^2) >= 0, any shape.

    -5/3 - 1/r + (2 + 1/r) w, w = (1/r - 1)^(1/2) arcsin(r^(1/2)) below the threshold r = 1 and
    (1 - 1/r)^(1/2) arcosh(r^(1/2)) above; the series in r below 0.1.
    """
    xp = namespace(ratio)
    r = xp.asarray(ratio) * 1.0
    small, below = r < _SERIES_BELOW, r < 1.0
    under = xp.where(below & ~small, r, 0.5)
    over = xp.where(r > 1.0, r, 2.0)
    bound = xp.sqrt(1.0 / under - 1.0) * xp.asin(xp.sqrt(under))
    free = xp.sqrt(1.0 - 1.0 / over) * xp.log(xp.sqrt(over) + xp.sqrt(over - 1.0))
    w = xp.where(below, bound, xp.where(r > 1.0, free, 0.0))
    safe = xp.where(small, 0.5, r)
    closed = -5.0 / 3.0 - 1.0 / safe + (2.0 + 1.0 / safe) * w
    return xp.where(small, _series(xp.where(small, r, 0.0)), closed)


def induced_charge(q2: Any, leptons: Iterable[tuple[float, float, float]], e: float) -> Any:
    """k such that V couples to a fermion f with g (x_f + k Q_f); real part at q^2 (GeV^2) >= 0.

    leptons : (mass in GeV, Q, x), with sum Q x = 0. k = (e^2/12 pi^2) sum Q x (ln m^2 + P(q^2)),
    where P is `vacuum_polarisation`.
    """
    xp = namespace(q2)
    total = 0.0 * q2
    for mass, charge, x in leptons:
        if x:
            polarised = vacuum_polarisation(q2 / (4.0 * mass**2))
            total = total + charge * x * (xp.log(xp.asarray(mass**2)) + polarised)
    return e**2 / (12.0 * pi**2) * total
