"""What the listed reactions of a network imply: products of yields, net changes, charges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.numerics.arrays import namespace

__all__ = ["Stoichiometry", "conserved"]

Powers = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Stoichiometry:
    """R reactions of S species, as integers.

    consumed, produced : (R, S). change : produced - consumed, transposed, (S, R).
    products : powers of the M products of yields that occur, each after what it is built from.
    built : (product, species) that give each product but the first, which is 1.
    side : index of the product of each side, consumed first, (2 R,). lowered : the same after one
    factor of species j is taken away, (S, 2 R); multiplicity : its power, (S, 2 R).
    charges : rows of integers that no reaction changes, (Q, S).
    from_bath, to_bath : no tracked species on that side, (R,).
    """

    consumed: np.ndarray
    produced: np.ndarray
    change: np.ndarray
    built: tuple[tuple[int, int], ...]
    side: np.ndarray
    lowered: np.ndarray
    multiplicity: np.ndarray
    charges: np.ndarray

    @classmethod
    def make(
        cls,
        names: Sequence[str],
        sides: Sequence[tuple[Mapping[str, int], Mapping[str, int]]],
    ) -> Stoichiometry:
        """From the names of the species and (consumed, produced) of every reaction."""
        powers = [
            tuple(tuple(side.get(name, 0) for name in names) for side in pair) for pair in sides
        ]
        return _make(len(names), tuple(p[0] for p in powers), tuple(p[1] for p in powers))

    @property
    def sides(self) -> np.ndarray:
        """Powers on each side, consumed first, (2 R, S)."""
        return np.concatenate((self.consumed, self.produced))

    @property
    def with_bath(self) -> np.ndarray:
        """True where one side is made of the bath alone, (R,)."""
        return (self.consumed.sum(axis=1) == 0) | (self.produced.sum(axis=1) == 0)

    def products(self, y: Any) -> Any:
        """All products of yields, (M, n), for y (S, n)."""
        xp = namespace(y)
        found = [xp.ones_like(y[0])]
        for product, species in self.built:
            found.append(y[species] if product == 0 else found[product] * y[species])
        return xp.stack(found)


@lru_cache(maxsize=64)
def _make(size: int, consumed: tuple[Powers, ...], produced: tuple[Powers, ...]) -> Stoichiometry:
    index, built = _products(size, consumed + produced)
    sides = consumed + produced
    take = np.array([[index[_less(p, j)] if p[j] else 0 for p in sides] for j in range(size)])
    shape = (len(consumed), size)
    first = np.array(consumed, dtype=np.int64).reshape(shape)
    second = np.array(produced, dtype=np.int64).reshape(shape)
    change = (second - first).T
    return Stoichiometry(
        consumed=first,
        produced=second,
        change=change.astype(np.float64),
        built=built,
        side=np.array([index[p] for p in sides], dtype=np.intp),
        lowered=take.astype(np.intp).reshape(size, len(sides)),
        multiplicity=np.concatenate((first, second)).T.astype(np.float64),
        charges=conserved(change),
    )


def _less(powers: Powers, species: int) -> Powers:
    return tuple(p - (j == species) for j, p in enumerate(powers))


def _products(
    size: int, sides: tuple[Powers, ...]
) -> tuple[dict[Powers, int], tuple[tuple[int, int], ...]]:
    """Every product that occurs on a side or in its first derivatives, lowest degree first."""
    wanted = {(0,) * size}
    todo = list(sides)
    while todo:
        powers = todo.pop()
        if powers not in wanted:
            wanted.add(powers)
            todo.extend(_less(powers, j) for j in range(size) if powers[j])
    order = sorted(wanted, key=lambda p: (sum(p), p))
    index = {powers: i for i, powers in enumerate(order)}
    built = []
    for powers in order[1:]:
        j = next(j for j in range(size) if powers[j])
        built.append((index[_less(powers, j)], j))
    return index, tuple(built)


def conserved(change: np.ndarray) -> np.ndarray:
    """Integer rows w with w @ change = 0, a basis in reduced form; `change` (S, R) integers."""
    size = change.shape[0]
    rows = [[Fraction(int(v)) for v in change[:, r]] for r in range(change.shape[1])]
    pivots: list[int] = []
    for column in range(size):
        pivot = next((r for r in range(len(pivots), len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        here = len(pivots)
        rows[here], rows[pivot] = rows[pivot], rows[here]
        head = rows[here][column]
        rows[here] = [v / head for v in rows[here]]
        for r in range(len(rows)):
            if r != here and rows[r][column]:
                rows[r] = [
                    a - rows[r][column] * b for a, b in zip(rows[r], rows[here], strict=True)
                ]
        pivots.append(column)
    found = []
    for free in (c for c in range(size) if c not in pivots):
        row = [Fraction(0)] * size
        row[free] = Fraction(1)
        for r, column in enumerate(pivots):
            row[column] = -rows[r][free]
        common = int(np.lcm.reduce([v.denominator for v in row]))
        found.append([float(v * common) for v in row])
    return np.array(found).reshape(len(found), size)
