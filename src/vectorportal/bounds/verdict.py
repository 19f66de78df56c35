"""The verdict on one point: who excludes it and by how much, who is nearest, who is silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vectorportal.bounds.arrays import CHARGE, Arrays, arrays_of
from vectorportal.bounds.recast import evaluate_all
from vectorportal.bounds.record import RATES, BoundRecord
from vectorportal.bounds.registry import bounds_for, current
from vectorportal.bounds.result import BoundRow
from vectorportal.bounds.sentences import INVERSE
from vectorportal.bounds.signal import is_anomalous
from vectorportal.bounds.view import DarkMatterView, MediatorView, ObservableCall
from vectorportal.errors import UsageError

__all__ = ["NOT_EVALUATED", "Verdict", "judge"]

_FEW = 1e-3
"""Width to neutrinos over that to e+e- above which their scattering may tell something"""
_RECOILS = "nuclear and electron recoil searches"
_NEUTRINOS = "scattering of neutrinos on electrons and nuclei"
_RARE = "rare decays that anomalies enhance"
_STARS, _OTHER_STARS = "cooling of stars", "cooling of stars other than SN1987A"
NOT_EVALUATED = (
    _RECOILS,
    _NEUTRINOS,
    _RARE,
    "N_eff and primordial nucleosynthesis beyond thermal dark matter",
    _STARS,
    _OTHER_STARS,
    "colliders above the last curve",
)
"""What no record covers, so that `Not excluded` says nothing about it"""


@dataclass(frozen=True)
class Verdict:
    """Whether a point is excluded, in a sentence, with every limit and every projection.

    `bounds` has the limits (strongest first, silent ones last), `reach` the projections. A limit
    of grade D and a projection never make `excluded` true by default. `not_evaluated` names what
    could exclude the point and has no bound here.
    """

    excluded: bool
    sentence: str
    bounds: tuple[BoundRow, ...]
    reach: tuple[BoundRow, ...] = ()
    not_evaluated: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of the papers behind every limit that has data here."""
        keys = (key for row in self.bounds if row.mu is not None for key in row.source)
        return tuple(dict.fromkeys(keys))

    def to_json(self) -> dict[str, Any]:
        """JSON types: excluded, sentence, not_evaluated, bounds with id, mu, margin, ..."""
        return {
            "excluded": self.excluded,
            "sentence": self.sentence,
            "not_evaluated": list(self.not_evaluated),
            "bounds": [row.to_json() for row in self.bounds],
            "projections": [row.to_json() for row in self.reach],
        }


def _order(row: BoundRow) -> tuple[bool, bool, float]:
    """Excluding first, then by margin, silent last."""
    size = row.margin if row.margin is not None else (row.mu or 0.0) ** 0.5
    return (row.mu is None, not row.excluded, -size)


def _join(names: list[str], most: int = 4) -> str:
    """`a, b and c`, cut after `most` names."""
    shown = names[:most]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def _clause(row: BoundRow) -> str:
    """What the row's sentence says after its colon, without the full stop."""
    return row.sentence.split(": ", 1)[1].rstrip(".")


def _excluded(rows: list[BoundRow]) -> str:
    first, others = rows[0], [row.label for row in rows[1:]]
    text = f"Excluded by {first.label} ({first.confidence_level}): {_clause(first)}"
    text += ", assuming " + _join(list(first.assumes), len(first.assumes))
    if others:
        text += f"; also by {_join(others)}"
    return text + "."


def _need(row: BoundRow) -> str:
    if row.signature in RATES and row.margin is None:
        return f": {_clause(row)}"
    if row.margin is None or row.margin <= 0.0:
        return ", which excludes no coupling here" if row.limit_coupling is None else ""
    smaller, what = row.side == "above", "a coupling"
    if row.coupling_name.startswith(INVERSE):
        smaller, what = not smaller, f"a {row.coupling_name.removeprefix(INVERSE)}"
    return f", which needs {what} {1.0 / row.margin:.3g} times {'smaller' if smaller else 'larger'}"


def _undecided(rows: list[BoundRow]) -> str:
    """How the sentence begins where an effective coupling is beyond its domain for some bound."""
    found = [(-row.beyond, row.label) for row in rows if row.beyond is not None]
    names = [label for _, label in sorted(found)]
    return f"Not decided: the dipole is beyond its domain for {_join(names)}" if names else ""


def _allowed(rows: list[BoundRow], silent: list[str]) -> str:
    speaking = [row for row in rows if row.mu is not None and row.grade != "D" and not row.doubt]
    seeing = [row for row in speaking if row.mu or row.limit_coupling is not None]
    undecided = _undecided(rows)
    if not speaking:
        text = undecided or f"Not decided: none of the {len(rows)} bounds has data here"
    elif undecided:
        text = f"{undecided}; none of the {len(speaking)} bounds that hold here excludes it"
    elif not seeing:
        text = f"Not excluded: none of the {len(speaking)} bounds with data here sees it"
    else:
        near = seeing[0]
        count = f"the {len(speaking)} bounds" if len(speaking) > 1 else "the one bound"
        which = "any of " if len(speaking) > 1 else ""
        text = f"Not excluded by {which}{count} with data here; the nearest is {near.label}"
        text += _need(near)
    if silent and speaking:
        text += f"; no data from {_join(silent)}"
    for doubt in dict.fromkeys(row.doubt for row in rows if row.doubt):
        labels = [row.label for row in rows if row.doubt == doubt]
        text += f"; {_join(labels)} ({doubt}) would exclude it but is not counted"
    return text + "."


def _rows(
    records: Iterable[BoundRecord],
    point: MediatorView,
    dark_matter: DarkMatterView | None,
    observable: ObservableCall | None,
    include_grade_d: bool,
    own_epsilon: float | None,
) -> list[BoundRow]:
    results = evaluate_all(
        records,
        point,
        dark_matter=dark_matter,
        observable=observable,
        include_grade_d=include_grade_d,
    )
    rows = [result.row((0,) * result.mass.ndim, own_epsilon) for result in results]
    return sorted(rows, key=_order)


def _meets_neutrinos(p: Arrays) -> bool:
    """Whether neutrinos couple; those of mixing with the Z count where V decays to them."""
    if not p.axial:
        return any(p.charges[f].any() for f in p.charges if f.startswith("nu"))
    nothing = np.zeros(p.mass.shape)
    return bool((p.finals.get("nunu", nothing) > _FEW * p.finals.get("ee", nothing)).any())


def _not_evaluated(p: Arrays, has_dark_matter: bool) -> tuple[str, ...]:
    """What could exclude the point and has no record here."""
    scatters = _meets_neutrinos(p)
    cooled = p.mixing or p.name == CHARGE
    apart = {_RECOILS: has_dark_matter, _NEUTRINOS: scatters, _RARE: is_anomalous(p)}
    apart |= {_STARS: not cooled, _OTHER_STARS: cooled}
    return tuple(s for s in NOT_EVALUATED if apart.get(s, True))


def judge(
    model: str,
    point: MediatorView,
    *,
    dark_matter: DarkMatterView | None = None,
    observable: ObservableCall | None = None,
    records: Iterable[BoundRecord] | None = None,
    include_grade_d: bool = False,
    own_epsilon: float | None = None,
) -> Verdict:
    """The verdict on one point of `model`.

    `records` defaults to the current limits and projections for the model: no superseded results
    and one recast per data set. `own_epsilon` is the mixing of the model where that may differ from
    `point.epsilon`; it only changes words. Raises UsageError unless there is exactly one point
    (use `evaluate`).
    """
    masses = (arrays_of(point).mass, *(() if dark_matter is None else (dark_matter.mass,)))
    if np.prod(np.broadcast_shapes(*(np.shape(m) for m in masses))) != 1:
        raise UsageError("a verdict is about one point; evaluate bounds one by one for a grid.")
    chosen = tuple(current(bounds_for(model)) if records is None else records)
    args = (point, dark_matter, observable, include_grade_d, own_epsilon)
    rows = _rows((r for r in chosen if r.kind == "limit"), *args)
    reach = _rows((r for r in chosen if r.kind == "projection"), *args)
    against = [row for row in rows if row.excluded]
    silent = [row.label for row in rows if row.side == "no-data"]
    left_out = _not_evaluated(arrays_of(point), dark_matter is not None)
    if not rows:
        sentence = f"Not decided: there are no bounds for {model}."
    elif against:
        sentence = _excluded(against)
    else:
        sentence = f"{_allowed(rows, silent)} Not evaluated: {_join(list(left_out))}."
    return Verdict(bool(against), sentence, tuple(rows), tuple(reach), left_out)
