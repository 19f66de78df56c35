"""Figure 7 of [Foguel:2025]: what each channel would leave alone, against the mass ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.settings import Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.foguel_2025.common import attributes, make, references_of
from vectorportal.papers.relic_line import relic_line

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["PANELS", "Claim", "Panel", "dataset", "draw", "references"]


@dataclass(frozen=True)
class Claim:
    """What the text says of a panel.

    kind : `relic` (the ratio at which all channels leave the observed density), `density` (what
    they leave at the ratio `at`), or the channel that takes over from dark annihilation, with its
    epsilon in `at`. quoted : the number of the paper.
    """

    kind: str
    at: float
    quoted: float
    doc: str


@dataclass(frozen=True)
class Panel:
    """Mass in GeV, dark coupling, kinetic mixing and the other mixings shown."""

    m_x: float
    g_x: float
    epsilon: float
    others: tuple[float, float]
    claims: tuple[Claim, ...]


PANELS = (
    Panel(
        1.0,
        4.45e-2,
        5e-5,
        (1e-4, 1e-5),
        (
            Claim("density", 1.0, 0.12, "omega_h2 at R = 1, 1 GeV"),
            Claim("kinetic", 5e-5, 1.7, "R where kinetic takes over, 1 GeV, epsilon = 5e-5"),
            Claim("simp", 1e-5, 1.8, "R where 3 -> 2 takes over, 1 GeV, epsilon = 1e-5"),
        ),
    ),
    Panel(
        45.0,
        1.0,
        2.1e-4,
        (1e-3, 1e-6),
        (
            Claim("relic", 0.0, 1.15, "R of the observed density, 45 GeV"),
            Claim("density", 2.0, 0.12, "omega_h2 at R = 2, 45 GeV, epsilon = 2.1e-4"),
            Claim("simp", 1e-6, 1.6, "R where 3 -> 2 takes over, 45 GeV, epsilon = 1e-6"),
        ),
    ),
    Panel(
        0.24,
        3.545,
        1e-5,
        (1e-4, 1e-6),
        (
            Claim("simp", 1e-5, 1.5, "R where 3 -> 2 takes over, 0.24 GeV"),
            Claim("relic", 0.0, 1.55, "R of the observed density, 0.24 GeV"),
        ),
    ),
)
"""Text and labels of figure 7; the kinetic mixings of the third panel are a choice made here, for
the text gives none"""
_RATIOS = (1.0, 2.0)
_NEAR_POLE = (1.985, 1.99, 1.995)
"""ratios added, where the resonance of Z_D makes kinetic fall"""
_OBSERVABLES = ("omega_h2", "omega_channels")
_DIMS = ("panel", "ratio")


def dataset(*, prescription: str, target: float, points: int) -> xarray.Dataset:
    """omega_h2 over ratio = m_zd/m_x for each panel; NaN where a channel has no value of its own.

    m_x (GeV), g_x, epsilon, relic_ratio (panel) ; other_epsilon (panel, other) ; omega_kinetic,
    omega_dark, omega_simp, omega_all, status_all (panel, ratio) ; omega_kinetic_other (panel,
    ratio, other). relic_ratio : where all channels together leave `target`. The attributes claims,
    quoted and obtained hold the numbers of the text and those found here, null where there is none.
    """
    import xarray

    ratio = np.unique(np.append(np.linspace(*_RATIOS, points), _NEAR_POLE))
    numbers = {
        name: np.asarray([getattr(panel, name) for panel in PANELS])
        for name in ("m_x", "g_x", "epsilon")
    }
    others = np.asarray([panel.others for panel in PANELS])
    variables: dict[str, Any] = {
        name: ("panel", value, {"units": "GeV" if name == "m_x" else "1"})
        for name, value in numbers.items()
    }
    variables["other_epsilon"] = (("panel", "other"), others, {"units": "1"})
    relic = _relic_ratio(numbers, target, prescription)
    variables["relic_ratio"] = ("panel", relic, {"units": "1"})
    variables |= _densities(numbers, others, ratio, prescription)
    coordinates = {"ratio": ("ratio", ratio, {"units": "1", "long_name": "m_zd/m_x"})}
    about = attributes("Relic density of each channel", prescription, target, *_OBSERVABLES)
    data = xarray.Dataset(variables, coords=coordinates, attrs=about)
    return data.assign_attrs(_claims(data))


def _densities(
    numbers: dict[str, np.ndarray], others: np.ndarray, ratio: np.ndarray, prescription: str
) -> dict[str, Any]:
    """omega_h2 of every channel alone and of all, and of kinetic at the other mixings."""
    wide = {name: value[:, None] for name, value in numbers.items()}
    model = make(**wide, ratio=ratio)
    options = Options(prescription=prescription)
    alone = evaluate(model, "omega_channels", options=options).value
    together = evaluate(model, "omega_h2", options=options)
    deep = {name: value[..., None] for name, value in wide.items()}
    deep["epsilon"] = others[:, None, :]
    kinetic = Options(prescription=prescription, channels="kinetic")
    other = evaluate(make(**deep, ratio=ratio[:, None]), "omega_channels", options=kinetic).value
    codes = {"units": "1", "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)]}
    codes["reasons"] = [text for texts in together.reasons.values() for text in texts]
    answer = {f"omega_{k}": (_DIMS, v, {"units": "1"}) for k, v in alone.items()}
    return answer | {
        "omega_all": (_DIMS, together.value, {"units": "1"}),
        "status_all": (_DIMS, together.status, codes),
        "omega_kinetic_other": ((*_DIMS, "other"), other["kinetic"], {"units": "1"}),
    }


def _relic_ratio(numbers: dict[str, np.ndarray], target: float, prescription: str) -> np.ndarray:
    """The smallest ratio at which all channels leave `target`, whatever the status; else NaN."""

    def at(panel: np.ndarray, ratio: np.ndarray) -> Any:
        i = np.asarray(panel, dtype=np.int64) - 1
        return make(**{name: value[i] for name, value in numbers.items()}, ratio=ratio)

    line = relic_line(
        at,
        np.arange(1.0, len(PANELS) + 1.0),
        target,
        options=Options(prescription=prescription),
        bracket=(1.0, 1.95),
        nodes=13,
        slope=20.0,
        tolerance=1e-3,
        stride=1,
        trusted=False,
    )
    return line.coupling


def _claims(data: xarray.Dataset) -> dict[str, Any]:
    """What the text says and what is found here, as attributes."""
    found = [
        _obtained(data.isel(panel=i), claim) for i, p in enumerate(PANELS) for claim in p.claims
    ]
    all_claims = [claim for panel in PANELS for claim in panel.claims]
    return {
        "claims": [claim.doc for claim in all_claims],
        "quoted": [claim.quoted for claim in all_claims],
        "obtained": found,
    }


def _obtained(panel: xarray.Dataset, claim: Claim) -> float:
    """The number of this package for `claim`; NaN where there is none."""
    if claim.kind == "relic":
        return panel["relic_ratio"].item()
    if claim.kind == "density":
        return panel["omega_all"].sel(ratio=claim.at, method="nearest").item()
    known = panel["omega_dark"].values
    other = panel[f"omega_{claim.kind}"].values
    return _crossing(panel["ratio"].values, known, other)


def _crossing(ratio: np.ndarray, known: np.ndarray, other: np.ndarray) -> float:
    """The first ratio at which `other` falls below `known`, both NaN in places."""
    gap = np.log(known / other)
    seen = np.flatnonzero(np.isfinite(gap))
    above = seen[gap[seen] > 0.0]
    if not above.size or above[0] == seen[0]:
        return float(ratio[seen[0]]) if above.size else float("nan")
    i = above[0]
    j = seen[np.searchsorted(seen, i) - 1]
    return float(ratio[j] - gap[j] / (gap[i] - gap[j]) * (ratio[i] - ratio[j]))


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return references_of(*_OBSERVABLES)


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig7_drawing import draw as make_picture

    return make_picture(data)
