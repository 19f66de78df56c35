"""Places for the names on a picture: inside their region or beside it, never on one another.

All lengths are in cells of a raster that covers the axes, rows from bottom to top. Each name takes
the cheapest box: it costs to leave the own region, to lie on that of another, to cross a line with
the name or its leader, and to be far from the own edge. Boxes that are taken are out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["Place", "Wish", "leader_start", "place_all", "segments_cross"]

_OUTSIDE, _AMONG, _LINES, _FAR, _CROSSED = 2.0, 2.0, 6.0, 1.0 / 30.0, 0.8
"""Costs: all of the box outside the own region, all of it on another, a line through its whole
width, a cell of distance from the own edge, and a line below the leader"""
_NEAR, _LONG = 1.2, 50.0
"""the most that distance costs inside; cells of a leader beyond which it is dear"""
_TRIES, _STRIDE, _ROUNDS = 1000, 17, 3
_THROUGH = 5
"""cells of a shaded region that a leader may cross"""
_GAP = 2
"""cells kept free around a name"""


@dataclass(frozen=True)
class Wish:
    """A name to be placed: its box in cells, its region and the edge that a leader may touch."""

    width: int
    height: int
    region: np.ndarray
    edge: np.ndarray
    inside: bool = False
    """True for a name that is left out unless it fits into its region"""


@dataclass(frozen=True)
class Place:
    """Where a name went: lower left corner (row, column) and the end of its leader, or None."""

    row: int
    column: int
    leader: tuple[int, int] | None


def place_all(
    wishes: Sequence[Wish], lines: np.ndarray, shaded: np.ndarray, taken: np.ndarray
) -> list[Place | None]:
    """A place for each wish, or None where there is no free box.

    lines : bool raster of every drawn line. shaded : how many regions cover a cell.
    taken : bool raster of what is occupied already (the legend).
    """
    dark = shaded > 0
    order = sorted(range(len(wishes)), key=lambda i: (wishes[i].inside, int(wishes[i].edge.sum())))
    maps = {i: _cost(wishes[i], lines, shaded) for i in order}
    places: list[Place | None] = [None] * len(wishes)
    for _ in range(_ROUNDS):
        before = list(places)
        for i in order:
            others = [(wishes[k], p) for k, p in enumerate(places) if p is not None and k != i]
            places[i] = _best(wishes[i], maps[i], taken, dark, others)
        if places == before:
            break
    return places


def _box_sums(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """Sum of `values` over each box of this size, by its lower left corner."""
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    total[1:, 1:] = np.cumsum(np.cumsum(values, axis=0), axis=1)
    return (
        total[height:, width:]
        - total[:-height, width:]
        - total[height:, :-width]
        + total[:-height, :-width]
    )


@dataclass(frozen=True)
class _Costs:
    """Cost and need for a leader of each box; nearest own edge of each cell; cells with lines."""

    cost: np.ndarray
    led: np.ndarray
    nearest: np.ndarray
    lines: np.ndarray


def _cost(wish: Wish, lines: np.ndarray, shaded: np.ndarray) -> _Costs:
    """What each box costs, were nothing else placed."""
    from scipy.ndimage import distance_transform_edt

    size = wish.height, wish.width
    cells = wish.height * wish.width
    inside = _box_sums(wish.region, *size) / cells
    others = _box_sums(np.minimum(shaded - wish.region, 3), *size) / cells
    crossed = _box_sums(lines, *size) / wish.width
    edge = wish.edge if wish.edge.any() else wish.region
    answer: Any = distance_transform_edt(~edge, return_indices=True)
    distance, nearest = answer
    rows, columns = inside.shape
    middle = distance[wish.height // 2 :, wish.width // 2 :][:rows, :columns]
    led = inside < 0.98
    far = np.maximum(middle - 0.5 * wish.height, 0.0) * _FAR
    cost = _OUTSIDE * (1.0 - inside) + _AMONG * others * np.where(led, 1.5, 0.6)
    cost += _LINES * np.minimum(crossed, 1.2) + 0.7 * led
    cost += np.where(led, far + (far / (_LONG * _FAR)) ** 2, np.minimum(far, _NEAR))
    if wish.inside:
        cost = np.where(led, np.inf, cost)
    return _Costs(cost, led, nearest, lines)


def _best(
    wish: Wish,
    costs: _Costs,
    taken: np.ndarray,
    dark: np.ndarray,
    others: list[tuple[Wish, Place]],
) -> Place | None:
    """The cheapest free box whose leader, if it needs one, meets no other name nor region."""
    blocked, names = taken.copy(), taken.copy()
    for other, place in others:
        names[_box(other, place, 0)] = True
        blocked[_box(other, place, _GAP)] = True
        for cell in _leader_cells(other, place):
            blocked[cell] = True
    free = _box_sums(blocked, wish.height, wish.width) == 0
    best: tuple[float, Place | None] = (np.inf, None)
    flat = np.where(free, costs.cost, np.inf).ravel()
    tries = min(_TRIES * _STRIDE, flat.size)
    cheapest = np.argpartition(flat, tries - 1)[:tries]
    for index in cheapest[np.argsort(flat[cheapest])][::_STRIDE]:
        if flat[index] >= best[0] or not np.isfinite(flat[index]):
            break
        row, column = (int(k) for k in np.unravel_index(index, free.shape))
        place = _with_leader(wish, costs, row, column)
        cost = float(flat[index]) + _CROSSED * _crossings(wish, place, costs.lines)
        if cost < best[0] and _leader_is_free(wish, place, names, dark, others):
            best = cost, place
    return best[1]


def _crossings(wish: Wish, place: Place, lines: np.ndarray) -> int:
    """How many lines the leader of a name meets before it comes to its own edge."""
    on = [bool(lines[cell]) for cell in _leader_cells(wish, place)[:-_THROUGH]]
    return sum(now and not before for before, now in pairwise([False, *on]))


def _box(wish: Wish, place: Place, gap: int) -> tuple[slice, slice]:
    """The cells of a placed name with `gap` more around it."""
    return (
        slice(max(place.row - gap, 0), place.row + wish.height + gap),
        slice(max(place.column - gap, 0), place.column + wish.width + gap),
    )


def _with_leader(wish: Wish, costs: _Costs, row: int, column: int) -> Place:
    if not costs.led[row, column]:
        return Place(row, column, None)
    end = costs.nearest[:, row + wish.height // 2, column + wish.width // 2]
    return Place(row, column, (int(end[0]), int(end[1])))


def leader_start(wish: Wish, place: Place) -> tuple[int, int]:
    """The cell in which the leader of a placed name leaves its box (its corner without leader)."""
    end = place.leader or (place.row, place.column)
    row = min(max(end[0], place.row), place.row + wish.height - 1)
    column = min(max(end[1], place.column), place.column + wish.width - 1)
    return row, column


def _leader_cells(wish: Wish, place: Place) -> list[tuple[int, int]]:
    """The cells below the leader of a placed name."""
    if place.leader is None:
        return []
    start = leader_start(wish, place)
    steps = max(abs(start[0] - place.leader[0]), abs(start[1] - place.leader[1]), 1)
    rows = np.rint(np.linspace(start[0], place.leader[0], steps + 1)).astype(int)
    columns = np.rint(np.linspace(start[1], place.leader[1], steps + 1)).astype(int)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _leader_is_free(
    wish: Wish,
    place: Place,
    names: np.ndarray,
    dark: np.ndarray,
    others: list[tuple[Wish, Place]],
) -> bool:
    if place.leader is None:
        return True
    cells = _leader_cells(wish, place)
    foreign = sum(dark[cell] and not wish.region[cell] for cell in cells)
    if foreign > 1 or sum(dark[cell] for cell in cells) > _THROUGH:
        return False
    if any(names[cell] for cell in cells):
        return False
    own = leader_start(wish, place), place.leader
    for other, its in others:
        if its.leader is None:
            continue
        if segments_cross(*own, leader_start(other, its), its.leader):
            return False
    return True


def segments_cross(
    a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> bool:
    """Whether the segment from a to b crosses that from c to d."""

    def side(p: tuple[int, int], q: tuple[int, int], r: tuple[int, int]) -> int:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
