"""X+ X- -> Z_D Z_D from the Feynman rules of W+ W- Z Z as textbooks have them, unitary gauge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .dirac import REAL, Array, dot

Line = tuple[Array, Array]  # incoming momentum and polarisation


def triple(a: Line, b: Line, c: Line) -> Array:
    """The textbook vertex of three incoming vectors in cyclic order, each (k, e)."""
    (k1, e1), (k2, e2), (k3, e3) = a, b, c
    first = dot(e1, e2) * dot(k1 - k2, e3) + dot(e2, e3) * dot(k2 - k3, e1)
    return first + dot(e3, e1) * dot(k3 - k1, e2)


def pair_to_neutrals(lines: Sequence[Line], m_x: float) -> Array:
    """M/g^2 of X+ X- and two neutral vectors, all incoming: t, u and contact diagrams."""
    one, two, three, four = lines
    unit = np.eye(4, dtype=REAL)[:, None, :]

    def exchange(first: Line, second: Line) -> Array:
        q = one[0] + first[0]
        left = triple(one, (-q, unit), first)
        right = triple((q, unit), two, second)
        contracted = dot(left.T, right.T)  # of covariant components, with the inverse metric
        along = np.einsum("m...,...m->...", left, q) * np.einsum("m...,...m->...", right, q)
        return (contracted - along / REAL(m_x) ** 2) / (dot(q, q) - REAL(m_x) ** 2)

    e1, e2, e3, e4 = (vector for _, vector in lines)
    contact = 2 * dot(e1, e2) * dot(e3, e4) - dot(e1, e3) * dot(e2, e4) - dot(e1, e4) * dot(e2, e3)
    return exchange(three, four) + exchange(four, three) - contact
