"""Figure 6 of [Foguel:2025]: which production mechanism leaves the observed density, over g_x and
epsilon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.inputs.cosmology import M_PLANCK
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import STATUS_NAMES
from vectorportal.papers.foguel_2025.common import attributes, make, references_of
from vectorportal.papers.foguel_2025.fig5 import BENCHMARKS, Benchmark
from vectorportal.papers.foguel_2025.fig6_scan import SIDES, Histories, Scan, histories
from vectorportal.papers.relic_line import RelicLine, relic_line

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

__all__ = ["BARYONS", "LATE", "QUOTED_CONTACT", "REHEATING", "dataset", "draw", "references"]

REHEATING = ("v", "v_x")
QUOTED_CONTACT = 2e-8
"""epsilon below which Z_D is decoupled from the bath, as the paper has it"""
LATE = (0.1, 1e12)
"""lifetimes in seconds at which decays meet nucleosynthesis and what it left"""
BARYONS = 8.7e-11
"""n_b/s of today, from Omega_b h^2 = 0.0224 [Planck:2018]: the abundance from which on late Z_D
outnumber baryons"""
_G_X, _EPSILON = (1e-12, 3.0), (1e-18, 0.1)
_G_X_SEEN, _EPSILON_SEEN = (1e-7, 3.0), (1e-18, 1e-7)
"""where histories are looked at; below in g_x dark annihilation follows a power, above in epsilon
Z_D is in contact with the bath and short-lived"""
_COARSE = 3
"""nodes of the scan per node of the grid of histories"""
_OBSERVABLES = ("omega_h2", "yield_evolution", "rates", "lifetime_s", "cutoff_scale")
_MAP = ("t_rh", "g_x", "epsilon")
_HISTORY = ("t_rh", "g_x_history", "epsilon_history")


def dataset(*, prescription: str, target: float, m_x: float, points: int) -> xarray.Dataset:
    """A scan over g_x and epsilon of the minimal model for reheating at v and at v_X.

    omega_h2, status, own_temperature (t_rh, g_x, epsilon) : the network started empty at t_rh;
    with verified formulas the dark sector has its own temperature where dark annihilation comes
    close to H. line_g_x, line_found, line_status (t_rh, side, epsilon) : where the scan passes
    `target`, and what is found there. freeze_out_g_x, freeze_out_status (epsilon) : the line of
    freeze-out from equilibrium. dark_rate (history grid) : largest rate of dark annihilation over
    H, 1 where the dark sector thermalises. y_zd (history grid) : n/s of Z_D at a tenth of its
    lifetime. lifetime_zd (epsilon) in s. cutoff (g_x, epsilon) in GeV. contact : epsilon at which
    decays and t tbar <-> Z_D Phi reach H above T = m_x. Benchmarks over `point`.
    """
    import xarray

    g_x, epsilon = np.geomspace(*_G_X, points), np.geomspace(*_EPSILON, points)
    coarse = _coarse(max(points // _COARSE, 8))
    contact = _contact(m_x, prescription)
    seen = [histories(m_x, t_rh, *coarse, prescription) for t_rh in REHEATING]
    variables: dict[str, Any] = {"contact": ((), contact, {"units": "1"})}
    for found in (
        _scanned(m_x, g_x, epsilon, target, prescription, contact, seen),
        _seen(seen),
        _freeze_out(m_x, epsilon, target, prescription),
        _limits(m_x, g_x, epsilon),
        _benchmarks(m_x, target, prescription),
    ):
        variables |= found
    about = attributes("Phase diagram", prescription, target, *_OBSERVABLES)
    about |= {
        "m_x": m_x,
        "quoted_contact": QUOTED_CONTACT,
        "baryons": BARYONS,
        "late_s": list(LATE),
    }
    about["temperature"] = "dark" if prescription == "verified" else "bath"
    about["references"] = [*about["references"], "Planck:2018"]
    coordinates = {
        "t_rh": list(REHEATING),
        "g_x": ("g_x", g_x, {"units": "1", "long_name": "dark coupling"}),
        "epsilon": ("epsilon", epsilon, {"units": "1", "long_name": "kinetic mixing"}),
        "g_x_history": ("g_x_history", coarse[0], {"units": "1"}),
        "epsilon_history": ("epsilon_history", coarse[1], {"units": "1"}),
        "side": list(SIDES),
        "point": [b.name for b in BENCHMARKS],
    }
    return xarray.Dataset(variables, coords=coordinates, attrs=about)


def _coarse(few: int) -> tuple[np.ndarray, np.ndarray]:
    """g_x and epsilon at which histories are looked at."""
    return np.append(_G_X[0], np.geomspace(*_G_X_SEEN, few)), np.geomspace(*_EPSILON_SEEN, few)


def _contact(m_x: float, prescription: str) -> float:
    """epsilon at which decay and production of Z_D reach H at some T >= m_x; both go as its
    square."""
    x = np.geomspace(m_x / Inputs.default().sm.vev, 1.0, 40)
    options = Options(prescription=prescription, mechanism="auto")
    model = make(m_x=m_x, g_x=1e-6, epsilon=QUOTED_CONTACT)
    rate = evaluate(model, "rates", options=options, x=x).value
    return float(QUOTED_CONTACT / np.sqrt(np.max(rate["decay"] + rate["top"])))


def _scanned(
    m_x: float,
    g_x: np.ndarray,
    epsilon: np.ndarray,
    target: float,
    prescription: str,
    contact: float,
    seen: list[Histories],
) -> dict[str, Any]:
    """The maps and the lines that they hold."""
    own, both = prescription == "verified", np.meshgrid(g_x, epsilon, indexing="ij")
    maps: list[tuple[np.ndarray, ...]] = []
    lines: list[tuple[np.ndarray, ...]] = []
    for t_rh, history in zip(REHEATING, seen, strict=True):
        scan = Scan(m_x, t_rh, prescription, own, contact, history)
        omega, status = scan.at(*both)
        maps.append((omega, status, scan.needs_own(*both)))
        lines.append(scan.line(g_x, epsilon, omega, target))
    omega, status, with_own = (np.stack(part) for part in zip(*maps, strict=True))
    line, found, code = (np.stack(part) for part in zip(*lines, strict=True))
    codes = {"units": "1", "meaning": [f"{i} {name}" for i, name in enumerate(STATUS_NAMES)]}
    dims = ("t_rh", "side", "epsilon")
    return {
        "omega_h2": (_MAP, omega, {"units": "1"}),
        "status": (_MAP, status, codes),
        "own_temperature": (_MAP, with_own.astype(np.int64), {"units": "1"}),
        "line_g_x": (dims, line, {"units": "1"}),
        "line_found": (dims, found, {"units": "1"}),
        "line_status": (dims, code, codes),
    }


def _seen(seen: list[Histories]) -> dict[str, Any]:
    rate = np.stack([found.dark_rate for found in seen])
    y_zd = np.stack([found.y_zd for found in seen])
    return {
        "dark_rate": (_HISTORY, rate, {"units": "1", "long_name": "2 gamma/(n_eq H) Y/Yeq"}),
        "y_zd": (_HISTORY, y_zd, {"units": "1", "long_name": "n/s of Z_D before it decays"}),
    }


def _freeze_out(
    m_x: float, epsilon: np.ndarray, target: float, prescription: str
) -> dict[str, Any]:
    """The line of freeze-out from equilibrium; its status says where Z_D is too slow for it."""
    options = Options(prescription=prescription)

    def at(mixing: np.ndarray, g_x: np.ndarray) -> Any:
        return make(m_x=m_x, g_x=g_x, epsilon=mixing)

    looks: dict[str, Any] = {"bracket": (1e-3, 3.0), "slope": -4.0, "tolerance": 1e-3}
    line = relic_line(at, epsilon, target, options=options, trusted=False, **looks)
    known = np.isfinite(line.coupling)
    model = at(epsilon, np.where(known, line.coupling, 0.1))
    status = evaluate(model, "omega_h2", options=options).status
    return {
        "freeze_out_g_x": ("epsilon", line.coupling, {"units": "1"}),
        "freeze_out_status": ("epsilon", np.where(known, status, 4), {"units": "1"}),
    }


def _limits(m_x: float, g_x: np.ndarray, epsilon: np.ndarray) -> dict[str, Any]:
    """Where the effective theory ends and where decays are late."""
    model = make(m_x=m_x, g_x=g_x[:, None], epsilon=epsilon[None, :])
    cutoff = evaluate(model, "cutoff_scale").value
    lifetime = evaluate(make(m_x=m_x, g_x=1e-6, epsilon=epsilon), "lifetime_s").value
    return {
        "cutoff": (("g_x", "epsilon"), cutoff, {"units": "GeV", "planck_mass": M_PLANCK}),
        "lifetime_zd": ("epsilon", lifetime, {"units": "s"}),
    }


def _benchmarks(m_x: float, target: float, prescription: str) -> dict[str, Any]:
    """What the quoted points leave, and the epsilon at which they would leave `target`."""
    options = Options(prescription=prescription, mechanism="auto")
    omega, status, solved = [], [], []
    for point in BENCHMARKS:
        model = make(m_x=m_x, g_x=point.g_x, epsilon=point.epsilon, t_rh=point.t_rh)
        found = evaluate(model, "omega_h2", options=options)
        omega.append(float(found.value))
        status.append(int(found.status))
        solved.append(float(_solved(m_x, point, target, options).coupling[0]))
    quoted = {"units": "1", "source": ["Foguel:2025"]}
    return {
        "point_g_x": ("point", [b.g_x for b in BENCHMARKS], quoted),
        "point_epsilon": ("point", [b.epsilon for b in BENCHMARKS], quoted),
        "point_t_rh": ("point", [b.t_rh for b in BENCHMARKS], quoted),
        "point_omega_h2": ("point", omega, {"units": "1"}),
        "point_status": ("point", status, {"units": "1"}),
        "point_solved_epsilon": ("point", solved, {"units": "1"}),
    }


def _solved(m_x: float, point: Benchmark, target: float, options: Options) -> RelicLine:
    """The smallest epsilon that leaves `target`, whatever its status."""

    def at(mass: np.ndarray, epsilon: np.ndarray) -> Any:
        return make(m_x=mass, g_x=point.g_x, epsilon=epsilon, t_rh=point.t_rh)

    looks: dict[str, Any] = {"bracket": (1e-17, 1e-4), "slope": 2.0, "tolerance": 2e-3}
    return relic_line(at, np.asarray([m_x]), target, options=options, trusted=False, **looks)


def references(**_: Any) -> tuple[str, ...]:
    """Keys of data/references.yaml for all that `dataset` holds."""
    return (*references_of(*_OBSERVABLES), "Planck:2018")


def draw(data: xarray.Dataset) -> Figure:
    """The picture of `dataset`."""
    from vectorportal.papers.foguel_2025.fig6_drawing import draw as make_picture

    return make_picture(data)
