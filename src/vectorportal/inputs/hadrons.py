"""R(sqrt s) of the electromagnetic current: frozen loader of the packaged table, and alpha_s."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from vectorportal.errors import DataError, ParameterError, nearest_name
from vectorportal.numerics.arrays import is_traced, namespace, take
from vectorportal.numerics.spline import CubicSpline1D

__all__ = [
    "CHARGED_PION",
    "NEUTRAL_PION",
    "HadronTable",
    "Peak",
    "alpha_s",
    "load_hadrons",
    "r_perturbative",
]

CHARGED_PION, NEUTRAL_PION = 0.13957039, 0.1349768
"""Masses in GeV [PDG:2022]"""

_ALPHA_0 = 1 / 137.035999
_ZETA_3 = 1.2020569031595942
_CHARGES = {3: (0.0, 2 / 3), 4: (2 / 3, 10 / 9), 5: (1 / 3, 11 / 9)}  # sum Q, sum Q^2


def _checked(xp: Any, name: str, value: Any, low: float = 0.0) -> Any:
    """`value` as a floating array; known values must be finite and at least `low` (GeV)."""
    array = xp.asarray(value) * 1.0
    if not is_traced(array):
        known = np.asarray(array)
        bad = ~(np.isfinite(known) & (known >= low))
        if bad.any():
            raise ParameterError(name, known[bad].flat[0], "GeV", f"finite and >= {low:g} GeV")
    return array


def _beta(n_f: int) -> tuple[float, float, float, float]:
    """b0..b3 of mu^2 d alpha_s/d mu^2 = -alpha_s^2 (b0 + b1 alpha_s + ...), MS-bar.

    Eq. (9.3) and the lines below it in the QCD review of [PDG:2022].
    """
    n, z = n_f, _ZETA_3
    b3 = 149753 / 6 + 3564 * z - (1078361 / 162 + 6508 / 27 * z) * n
    b3 += (50065 / 162 + 6472 / 81 * z) * n**2 + 1093 / 729 * n**3
    return (
        (33 - 2 * n) / (12 * math.pi),
        (153 - 19 * n) / (24 * math.pi**2),
        (2857 - 5033 / 9 * n + 325 / 27 * n**2) / (128 * math.pi**3),
        b3 / (256 * math.pi**4),
    )


def _running(xp: Any, t: Any, n_f: int) -> Any:
    """alpha_s at t = ln(mu^2/Lambda^2), four loops: Eq. (9.5) of the QCD review of [PDG:2022]."""
    b0, b1, b2, b3 = _beta(n_f)
    ell = xp.log(t)
    second = (b1**2 * (ell**2 - ell - 1) + b0 * b2) / (b0**4 * t**2)
    third = b1**3 * (-2 * ell**3 + 5 * ell**2 + 4 * ell - 1) - 6 * b0 * b1 * b2 * ell + b0**2 * b3
    series = 1 - b1 * ell / (b0**2 * t) + second + third / (2 * b0**6 * t**3)
    return series / (b0 * t)


def _log_lambda(value: float, mu: float, n_f: int) -> float:
    """ln Lambda (GeV) such that alpha_s(mu) = `value` with `n_f` flavours, by bisection in t."""
    low, high = 2.0, 400.0
    for _ in range(200):
        t = 0.5 * (low + high)
        low, high = (t, high) if float(_running(np, t, n_f)) > value else (low, t)
    return math.log(mu) - 0.25 * (low + high)


@lru_cache(maxsize=32)
def _log_lambdas(
    alpha_s_mz: float, m_z: float, m_c: float, m_b: float
) -> tuple[float, float, float]:
    """ln Lambda for 3, 4 and 5 flavours, matched at the MS-bar masses to order alpha_s^3.

    One flavour is removed by alpha_s -> alpha_s (1 + 11/72 (alpha_s/pi)^2), from Eq. (9.4) of the
    QCD review of [PDG:2022].
    """
    logs = [_log_lambda(alpha_s_mz, m_z, 5)]
    for n_f, mass in ((5, m_b), (4, m_c)):
        above = float(_running(np, 2 * (math.log(mass) - logs[0]), n_f))
        below = above * (1 + 11 / 72 * (above / math.pi) ** 2)
        logs.insert(0, _log_lambda(below, mass, n_f - 1))
    return logs[0], logs[1], logs[2]


def alpha_s(
    mu: Any,
    alpha_s_mz: float = 0.118,
    m_z: float = 91.1876,
    m_c: float = 1.27,
    m_b: float = 4.18,
) -> Any:
    """The strong coupling in the MS-bar scheme at `mu` (GeV, any shape), same shape.

    Four-loop asymptotic running, five flavours above `m_b`, four above `m_c`, three below
    ([PDG:2022], QCD review, Eqs. (9.3) to (9.5)); no sixth flavour. `m_c`, `m_b`: m(m) in GeV.

    Raises ParameterError where a known `mu` is below 1 GeV; a traced `mu` there gives NaN.
    """
    xp = namespace(mu)
    mu = _checked(xp, "mu", mu, low=1.0)
    valid = mu >= 1.0
    log_mu = xp.log(xp.where(valid, mu, 1.0))
    l3, l4, l5 = _log_lambdas(alpha_s_mz, m_z, m_c, m_b)
    # the unused branches are evaluated at a safe scale, so that gradients stay finite
    four = _running(xp, 2 * (xp.maximum(log_mu, xp.asarray(math.log(m_c))) - l4), 4)
    five = _running(xp, 2 * (xp.maximum(log_mu, xp.asarray(math.log(m_b))) - l5), 5)
    value = xp.where(mu >= m_c, four, _running(xp, 2 * (log_mu - l3), 3))
    return xp.where(valid, xp.where(mu >= m_b, five, value), xp.nan)


def r_perturbative(sqrt_s: Any, n_f: int = 5, alpha_s_mz: float = 0.118) -> Any:
    """R of massless perturbative QCD with `n_f` = 3, 4 or 5 flavours at `sqrt_s` (GeV, any shape).

    R = 3 sum Q^2 (1 + a + c2 a^2 + c3 a^3), a = alpha_s(sqrt_s)/pi, c3 with its singlet part:
    Eqs. (9.7) to (9.9) of the QCD review of [PDG:2022]. Photon exchange only.

    Raises ParameterError where a known `sqrt_s` is below 1 GeV or `n_f` is another number.
    """
    if n_f not in _CHARGES:
        raise ParameterError("n_f", n_f, "", "3, 4 or 5")
    total, squares = _CHARGES[n_f]
    a = alpha_s(sqrt_s, alpha_s_mz) / math.pi
    c2 = 1.9857 - 0.1152 * n_f
    c3 = -6.63694 - 1.20013 * n_f - 0.00518 * n_f**2 - 1.240 * total**2 / (3 * squares)
    return 3 * squares * (1 + a * (1 + a * (c2 + a * c3)))


@dataclass(frozen=True)
class Peak:
    """A resonance too narrow for the table: mass, widths in GeV, and branching to hadrons."""

    name: str
    mass: float
    width: float
    width_ee: float
    br_hadrons: float

    def ratio(self, sqrt_s: Any) -> Any:
        """R of this peak alone at `sqrt_s` (GeV, any shape).

        sigma = 12 pi Gamma_ee Gamma_had (s/M^2)/((s - M^2)^2 + M^2 Gamma^2) over
        4 pi alpha^2/(3 s): R = (9/alpha^2) Gamma_ee Gamma_had (s^2/M^2)/((s - M^2)^2 + ...).
        """
        e = _checked(namespace(sqrt_s), "sqrt_s", sqrt_s)
        return e**4 * self.over_s_squared(e)

    def over_s_squared(self, sqrt_s: Any) -> Any:
        """`ratio` divided by s^2 (GeV^-4), unchecked: the part that differs between peaks."""
        strength = 9 / _ALPHA_0**2 * self.width_ee * self.width * self.br_hadrons / self.mass**2
        offset = (sqrt_s - self.mass) * (sqrt_s + self.mass)
        return strength / (offset * offset + (self.mass * self.width) ** 2)


@dataclass(frozen=True)
class HadronTable:
    """R(sqrt s) = sigma(e+e- -> hadrons)/(4 pi alpha^2/(3 s)) of the electromagnetic current.

    A vector with couplings epsilon e Q has Gamma_had = R(m_V) epsilon^2 alpha m_V/3.

    Attributes
    ----------
    name, source : key of the table, and where its numbers come from.
    threshold : m_pi0 in GeV, where pi0 gamma opens; R is zero below.
    sqrt_s_max : last energy of the table (GeV); perturbative QCD above (five flavours),
        as the spline `tail` of ln R in ln sqrt_s up to 1e9 GeV, constant beyond.
    peaks : J/psi, psi(2S), Upsilon(1S) to (4S), which `ratio` leaves out.
    breaks : (mass, width) in GeV of the structures in `ratio` narrower than about 2 per cent.
    thresholds : energies (GeV) where `ratio` has a kink (a channel opens).
    """

    name: str
    source: str
    threshold: float
    sqrt_s_max: float
    peaks: tuple[Peak, ...]
    breaks: tuple[tuple[float, float], ...]
    thresholds: tuple[float, ...]
    error_edges: tuple[float, ...]
    error_values: tuple[float, ...]
    error_sources: tuple[str, ...]
    spline: CubicSpline1D = field(repr=False)
    tail: CubicSpline1D = field(repr=False)

    def ratio(self, sqrt_s: Any) -> Any:
        """R without the narrow `peaks` at `sqrt_s` (GeV, any shape); zero up to `threshold`.

        Raises ParameterError where a known `sqrt_s` is negative or not finite.
        """
        xp = namespace(sqrt_s)
        return self._smooth(xp, _checked(xp, "sqrt_s", sqrt_s))

    def _smooth(self, xp: Any, e: Any) -> Any:
        is_open = e > self.threshold
        safe = xp.where(is_open, e, 1.0)
        log_e = xp.log(safe)
        gap = xp.where(e <= self.sqrt_s_max, 1 - (self.threshold / safe) ** 2, 1.0)
        low = self.spline.evaluate(log_e)
        log_r = xp.where(e <= self.sqrt_s_max, low, self.tail.evaluate(log_e))
        return xp.where(is_open, gap * gap * gap * xp.exp(log_r), 0.0)

    def ratio_with_peaks(self, sqrt_s: Any) -> Any:
        """R with the narrow `peaks` as Breit-Wigners at `sqrt_s` (GeV, any shape)."""
        xp = namespace(sqrt_s)
        e = _checked(xp, "sqrt_s", sqrt_s)
        peaks = sum((peak.over_s_squared(e) for peak in self.peaks), 0.0)
        s = e * e
        return self._smooth(xp, e) + xp.where(e > self.threshold, s * s * peaks, 0.0)

    def error(self, sqrt_s: Any) -> Any:
        """Relative systematic uncertainty of `ratio` at `sqrt_s` (GeV, any shape).

        Constant between `error_edges`; `error_sources` says where each value comes from.
        """
        xp = namespace(sqrt_s)
        e = _checked(xp, "sqrt_s", sqrt_s)
        region = sum((xp.where(e >= edge, 1, 0) for edge in self.error_edges[1:]), 0)
        return take(xp, np.array(self.error_values), region)


def load_hadrons(name: str = "r-ratio") -> HadronTable:
    """The packaged table `name`, read once.

    Raises ParameterError for an unknown name, DataError for a broken file.
    """
    if name != "r-ratio":
        raise ParameterError("hadrons", name, "", "'r-ratio'", nearest_name(name, ["r-ratio"]))
    return _load("hadrons_r_ratio")


@lru_cache(maxsize=1)
def _load(stem: str) -> HadronTable:
    import yaml

    folder = resources.files("vectorportal") / "data" / "inputs"
    try:
        meta = yaml.safe_load((folder / f"{stem}.yaml").read_text(encoding="utf-8"))
        with (folder / f"{stem}.csv").open(encoding="utf-8") as handle:
            rows = np.loadtxt(handle, delimiter=",", comments="#", skiprows=2)
        return _assemble(meta, rows)
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise DataError(f"The hadron table {stem} cannot be read: {fault!r}.") from fault


def _assemble(meta: dict[str, Any], rows: np.ndarray) -> HadronTable:
    threshold, dx = float(meta["threshold"]), float(meta["step"])
    x0 = math.log(threshold)
    grid = x0 + dx * np.arange(len(rows))
    if len(rows) != meta["rows"] or not np.allclose(rows[:, 0], np.exp(grid), rtol=1e-5, atol=0):
        raise ValueError("its energies are not the uniform grid that its description states")
    if not np.isfinite(rows).all():
        raise ValueError("it holds a number that is not finite")
    regions = meta["errors"]
    return HadronTable(
        name=str(meta["name"]),
        source=str(meta["source"]),
        threshold=threshold,
        sqrt_s_max=float(np.exp(grid[-1])),
        peaks=tuple(Peak(**peak) for peak in meta["peaks"]),
        breaks=tuple((float(b["mass"]), float(b["width"])) for b in meta["breaks"]),
        thresholds=tuple(float(t) for t in meta["thresholds"]),
        error_edges=tuple(float(r["from"]) for r in regions),
        error_values=tuple(float(r["relative"]) for r in regions),
        error_sources=tuple(str(r["source"]) for r in regions),
        spline=CubicSpline1D.fit(x0, dx, rows[:, 1]),
        tail=_perturbative_tail(grid[-1]),
    )


def _perturbative_tail(start: float) -> CubicSpline1D:
    """ln R of perturbative QCD from ln sqrt_s = `start` to about 1e9 GeV, constant above.

    Its interpolation error is below 1e-9: alpha_s runs slowly, and a look-up is much cheaper.
    """
    dx = 0.05
    log_e = start + dx * np.arange(366)
    return CubicSpline1D.fit(start, dx, np.log(r_perturbative(np.exp(log_e))))
