"""What figures 2, 3, 5 and 7 share: the model, equilibrium yields, stars for quoted numbers."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import get_model
from vectorportal.observables.base import get_observable
from vectorportal.observables.relic.freeze_out import omega_from_yield
from vectorportal.observables.vector.densities import log_number
from vectorportal.papers.relic_line import RelicLine, relic_line
from vectorportal.papers.style import BLACK, COLOURS, OURS, QUOTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "CHANNEL_COLOURS",
    "MODEL",
    "attributes",
    "decimal",
    "equilibrium_yield",
    "line_of_couplings",
    "make",
    "omega_at_decoupling",
    "references_of",
    "star",
    "star_handles",
]

MODEL = "nonabelian-vector"
CHANNEL_COLOURS = {
    "kinetic": COLOURS["green"],
    "dark": COLOURS["purple"],
    "simp": COLOURS["vermilion"],
}
_TOLERANCE = 1e-3
"""of the density on a line: the accuracy that the network has"""


def make(**parameters: Any) -> Any:
    """The model with these parameters."""
    kind: Any = get_model(MODEL)
    return kind(**parameters)


def line_of_couplings(
    mass: np.ndarray, epsilon: float, target: float, prescription: str, **more: Any
) -> RelicLine:
    """g_x at which freeze-out leaves `target` in the minimal model, for masses of X in GeV (n,)."""

    def at(m_x: np.ndarray, g_x: np.ndarray) -> Any:
        return make(m_x=m_x, g_x=g_x, epsilon=epsilon, **more)

    return relic_line(
        at,
        mass,
        target,
        options=Options(prescription=prescription),
        bracket=(1e-4, 3.5),
        slope=-4.0,
        tolerance=_TOLERANCE,
    )


def equilibrium_yield(mass: Any, x: Any, spin_states: float, dof: str | None = None) -> Any:
    """Yeq = n_eq/s at T = mass/x, (B5) of [Foguel:2025]; mass in GeV, shapes broadcast."""
    temperature = np.asarray(mass) / np.asarray(x)
    entropy = 2.0 * pi**2 / 45.0 * _table(dof).g_s(temperature) * temperature**3
    return np.exp(log_number(mass, spin_states, temperature) - x) / entropy


def omega_at_decoupling(m_x: float, x: Any) -> Any:
    """omega_h2 of X if its abundance stayed what it was in equilibrium at x = m_x/T."""
    return omega_from_yield(equilibrium_yield(m_x, x, 6.0), m_x, _table(None))


def _table(name: str | None) -> Any:
    return load_dof(name or Inputs.default().dof)


def references_of(*names: str) -> tuple[str, ...]:
    """Keys of data/references.yaml behind the observables `names`, each once."""
    keys = [key for name in names for key in get_observable(name, MODEL).references]
    return tuple(dict.fromkeys(keys))


def attributes(title: str, prescription: str, target: float, *names: str) -> dict[str, Any]:
    """What every dataset tells of itself; `names` are the observables it is made from."""
    return {
        "title": title,
        "model": MODEL,
        "prescription": prescription,
        "omega_h2": target,
        "references": list(references_of(*names)),
    }


def decimal(value: float, digits: int = 3) -> str:
    """`value` in plain digits, or a word where there is none."""
    return f"{value:.{digits}g}" if np.isfinite(value) else "none"


def star(axes: Axes, x: float, y: float, *, quoted: bool, size: float = 13.0) -> None:
    """A star: open for what the paper quotes, full for what is obtained here."""
    if not (np.isfinite(x) and np.isfinite(y)):
        return
    axes.plot(
        [x],
        [y],
        marker="*",
        ms=size,
        mfc=QUOTED if quoted else OURS,
        mec=BLACK if quoted else "white",
        mew=0.7,
        ls="",
        zorder=11 if quoted else 12,
        clip_on=False,
    )


def star_handles(quoted: str = "quoted in the paper", ours: str = "obtained here") -> list[Any]:
    """Both stars, for a legend."""
    from matplotlib.lines import Line2D

    looks = ((QUOTED, BLACK, quoted), (OURS, "white", ours))
    return [
        Line2D([], [], marker="*", ms=11, mfc=face, mec=edge, mew=0.7, ls="", label=text)
        for face, edge, text in looks
    ]
