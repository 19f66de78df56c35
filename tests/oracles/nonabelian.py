"""Tree amplitudes of a massive SU(2) vector triplet by off-shell recursion, exact or in floats.

The classical field equations of -(1/4) X^a_{mu nu} X^{a mu nu} + (m_a^2/2) X^a.X^a, with the full
X^a_{mu nu} = d_mu X^a_nu - d_nu X^a_mu + g eps^{abc} X^b_mu X^c_nu, are solved order by order in
the external plane waves (Berends and Giele), so that no Feynman rule is typed anywhere. In the
charged basis X^+- = (X^1 -+ i X^2)/sqrt(2) the cross product is i times a real one, and with
X_{mu nu} = -i f_{mu nu} everything is real:

    f^{mu nu} = k^mu J^nu - k^nu J^mu - g C(J^mu, J^nu),
    -k_mu f^{mu nu} + g C(J_mu, f^{mu nu}) + m^2 J^nu = 0.

The second line is solved in unitary gauge, J = (S - k (k.S)/m^2)/(k^2 - m^2). Arrays are of
Fractions (exact) or of long doubles; the metric is any diagonal one, so that momenta whose
components are roots become rational in rescaled coordinates. All momenta are incoming, g = 1,
masses are squared: X of the charged states, Z of the neutral one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from .dirac import REAL, Array, polarisations

# (A x B) = i C(A, B): the only components of the cross product in the charged basis.
STRUCTURE = {(-1, 1): 1, (1, -1): -1, (1, 0): 1, (0, 1): -1, (0, -1): 1, (-1, 0): -1}
MINKOWSKI = np.array([1, -1, -1, -1])


Subset = tuple[int, ...]


class Leg(NamedTuple):
    """An incoming line: charge of its field, momentum, polarisation vectors and their weights."""

    charge: int
    momentum: Array  # (..., 4)
    vectors: Array  # (polarisations, ..., 4)
    weights: Array  # (polarisations,): sum of w e e = -g + k k/m^2

    def outgoing(self) -> Leg:
        """The same particle in the final state."""
        return self._replace(charge=-self.charge, momentum=-self.momentum)


class Masses(NamedTuple):
    """Squared masses of X^+- and X^3. Zero means massless, in Feynman gauge."""

    x: Any
    z: Any

    def of(self, charge: int) -> Any:
        """The squared mass of the state of this charge."""
        return self.x if charge else self.z


def fractions(values: Any) -> Array:
    """An object array of Fractions."""
    return np.vectorize(Fraction, otypes=[object])(np.asarray(values, dtype=object))


def product(a: Array, b: Array, metric: Array) -> Array:
    """Minkowski product over the last axis, with a diagonal metric."""
    return np.sum(a * metric * b, axis=-1)


def wedge(a: Array, b: Array) -> Array:
    """a^mu b^nu - b^mu a^nu."""
    outer = a[..., :, None] * b[..., None, :]
    return outer - np.swapaxes(outer, -1, -2)


class Recursion:
    """Currents and field strengths of every subset of the given legs.

    Polarisations of leg i run along axis i of every array (length 1 where the leg is absent).
    `longitudinal=False` drops the k k/m^2 part of every propagator, to see whether it matters.
    """

    def __init__(
        self, legs: Sequence[Leg], masses: Masses, metric: Array, longitudinal: bool = True
    ) -> None:
        self.legs, self.masses, self.metric = legs, masses, metric
        self.longitudinal = longitudinal
        self.currents: dict[Subset, Array] = {}
        self.strengths: dict[Subset, Array] = {}
        for size in range(1, len(legs)):
            for subset in combinations(range(len(legs)), size):
                if size == 1 or self._splits(subset):
                    self._solve(subset)

    def charge(self, subset: Subset) -> int:
        """Total charge of a set of legs."""
        return sum(self.legs[i].charge for i in subset)

    def momentum(self, subset: Subset) -> Array:
        """Total incoming momentum of a set of legs."""
        return sum((self.legs[i].momentum for i in subset[1:]), self.legs[subset[0]].momentum)

    def _solve(self, subset: Subset) -> None:
        k = self.momentum(subset)
        if len(subset) == 1:
            current = self._external(subset[0])
        else:
            current = self._propagate(self.source(subset), k, self.masses.of(self.charge(subset)))
        self.currents[subset] = current
        strength = wedge(k, current)
        for one, two, sign in self._splits(subset):
            strength = strength - sign * wedge(self.currents[one], self.currents[two])
        self.strengths[subset] = strength

    def _external(self, i: int) -> Array:
        vectors = self.legs[i].vectors
        before, after = (1,) * i, (1,) * (len(self.legs) - i - 1)
        return vectors.reshape(before + vectors.shape[:1] + after + vectors.shape[1:])

    def _propagate(self, source: Array, k: Array, mass2: Any) -> Array:
        gap = np.asarray(product(k, k, self.metric) - mass2)[..., None]
        if mass2 == 0 or not self.longitudinal:
            return source / gap
        return (source - k * (product(k, source, self.metric) / mass2)[..., None]) / gap

    def _splits(self, subset: Subset) -> list[tuple[Subset, Subset, int]]:
        """Unordered pairs of complementary currents that interact, with their sign in C(1, 2)."""
        pairs = []
        for size in range(1, len(subset)):
            for one in combinations(subset, size):
                two = tuple(i for i in subset if i not in one)
                sign = STRUCTURE.get((self.charge(one), self.charge(two)))
                if one < two and sign and one in self.currents and two in self.currents:
                    pairs.append((one, two, sign))
        return pairs

    def dipole(self, subset: Subset) -> Array:
        """k_mu C(J^mu, J^nu): the divergence of the non-abelian part of the field strength."""
        k = self.momentum(subset)
        total: Any = 0
        for one, two, sign in self._splits(subset):
            a, b = self.currents[one], self.currents[two]
            along = product(k, a, self.metric)[..., None] * b
            total = total + sign * (along - product(k, b, self.metric)[..., None] * a)
        return np.asarray(total)

    def source(self, subset: Subset) -> Array:
        """S^nu = k_mu C(J^mu, J^nu) + C(J_mu, f^{mu nu}): the amputated current of the subset."""
        total = self.dipole(subset)
        for one, two, sign in self._splits(subset):
            total = total + sign * (self._bend(one, two) - self._bend(two, one))
        return total

    def _bend(self, one: Subset, two: Subset) -> Array:
        lowered = self.currents[one] * self.metric
        return np.sum(lowered[..., :, None] * self.strengths[two], axis=-2)


def amplitude(
    legs: Sequence[Leg], masses: Masses, metric: Array = MINKOWSKI, longitudinal: bool = True
) -> Array:
    """M/g^(n-2) for every combination of polarisations, shape (pol 1, ..., pol n, ...).

    The last leg is the amputated one; its vectors need not be physical.
    """
    if sum(leg.charge for leg in legs):
        raise ValueError("charges do not add up to zero")
    first = tuple(range(len(legs) - 1))
    source = Recursion(legs[:-1], masses, metric, longitudinal).source(first)
    last = legs[-1].vectors
    source = source.reshape((*source.shape[: len(first)], 1, *source.shape[len(first) :]))
    return product(source, last, metric)


def squared(
    legs: Sequence[Leg], masses: Masses, metric: Array = MINKOWSKI, longitudinal: bool = True
) -> Any:
    """|M|^2/g^(2n-4) summed over the polarisations of all legs (batch axes are kept)."""
    total = amplitude(legs, masses, metric, longitudinal) ** 2
    for leg in legs:
        total = np.tensordot(leg.weights, total, axes=(0, 0))
    return total


def rational_basis(k: Array, metric: Array) -> tuple[Array, Array]:
    """Three vectors orthogonal to a time-like k and to each other, and their weights 1/(-e.e)."""
    found = [k]
    for axis in (1, 2, 3, 0):
        vector = fractions([int(i == axis) for i in range(4)])
        for other in found:
            overlap = product(vector, other, metric) / product(other, other, metric)
            vector = vector - overlap * other
        if any(vector) and len(found) < 4:
            found.append(vector)
    weights = np.array([-1 / product(e, e, metric) for e in found[1:]], dtype=object)
    return np.array(found[1:], dtype=object), weights


def exact_leg(charge: int, k: Any, metric: Array) -> Leg:
    """An incoming massive leg with rational polarisation vectors."""
    k = fractions(k)
    return Leg(charge, k, *rational_basis(k, metric))


def float_leg(charge: int, k: Array, mass: float) -> Leg:
    """An incoming leg with unit polarisation vectors (transverse only if massless)."""
    vectors = polarisations(np.asarray(k, dtype=REAL), mass)
    return Leg(charge, k, vectors, np.ones(len(vectors), dtype=REAL))
