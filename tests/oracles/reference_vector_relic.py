"""nonabelian-vector by other means: diagonalisation, complex amplitudes, quadrature, Radau.

Nothing here is taken from models/ or observables/: the spectrum comes from the kinetic and the
mass matrix in 60 digits, the annihilation X+ X- -> f fbar from complex amplitudes and the printed
sums T_ab, thermal averages from (B4)-(B7) of [Foguel:2025] with clustered Gauss-Legendre rules and
SciPy's Bessel functions, the abundances from (12) and (15)-(17) by SciPy's Radau. Cross sections of
X+ X- -> Z_D Z_D, t tbar -> Z_D Phi and 3 -> 2 are those of formulas/, which have oracles of their
own. Only leptons in the final state (hadrons=none). GeV.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.interpolate import CubicSpline
from scipy.special import kve

from vectorportal.formulas import simp
from vectorportal.formulas.nonabelian import beta_sigma_dark, sigma_top
from vectorportal.formulas.thermal_masses import thermal_multiplets
from vectorportal.inputs.dof import DofTable
from vectorportal.inputs.standard_model import StandardModel

M_PLANCK = 1.220890e19
T_CMB = 2.7255 * 8.617333262e-14
RHO_CRITICAL = 8.095896e-47
T_BREAK, CROSSOVER = 159.5 * float(np.exp(-0.2)), 0.12
"""where the broken phase has half of the weight, and the width of the logistic in ln T"""
LEPTONS = {"e": "m_e", "mu": "m_mu", "tau": "m_tau"}
CHARGES = {
    **dict.fromkeys(("e", "mu", "tau"), (-1.0, -0.5)),
    "nu": (0.0, 0.5),
    **dict.fromkeys(("u", "c", "t"), (2.0 / 3.0, 0.5)),
    **dict.fromkeys(("d", "s", "b"), (-1.0 / 3.0, -0.5)),
}
"""(Q, T3) of each fermion"""

Ends = tuple[float, float]


@dataclass(frozen=True)
class Vector:
    """A neutral mass eigenstate: squared mass, components in X3, B and W3."""

    mass2: Any
    dark: Any
    hyper: Any
    isospin: Any


@dataclass(frozen=True)
class Eigenstates:
    """Photon, Z_D and Z; squared mass of X3 and of the unmixed Z; all in mpmath numbers."""

    photon: Vector
    dark: Vector
    z: Vector
    m_x3_2: Any
    m_z_hat2: Any


def broken_weight(temperature: float) -> float:
    """Weight of the broken phase: a cubic step in ln T."""
    return float(1.0 / (1.0 + (temperature / T_BREAK) ** (1.0 / CROSSOVER)))


def _matrices(epsilon: Any, sw2: Any, m_x3_2: Any, m_z_hat2: Any) -> tuple[Any, Any]:
    """Kinetic and mass matrix of (X3, B, W3)."""
    kappa, s, c = epsilon / mpmath.sqrt(1 - sw2), mpmath.sqrt(sw2), mpmath.sqrt(1 - sw2)
    kinetic = mpmath.matrix([[1, kappa, 0], [kappa, 1, 0], [0, 0, 1]])
    z = [mpmath.mpf(0), -s, c]
    mass = mpmath.matrix(3, 3)
    for i in range(3):
        for j in range(3):
            mass[i, j] = m_z_hat2 * z[i] * z[j]
    mass[0, 0] += m_x3_2
    return kinetic, mass


def _unmixed_z(epsilon: Any, sw2: Any, m_x3_2: Any, m_z: Any) -> Any:
    """The unmixed m_Z^2 for which m_z^2 is an eigenvalue: the determinant is linear in it."""

    def determinant(m_z_hat2: Any) -> Any:
        kinetic, mass = _matrices(epsilon, sw2, m_x3_2, m_z_hat2)
        return mpmath.det(mass - m_z**2 * kinetic)

    at_zero, at_one = determinant(mpmath.mpf(0)), determinant(mpmath.mpf(1))
    return -at_zero / (at_one - at_zero)


def _trace(epsilon: Any, sw2: Any, m_x3_2: Any, m_z_hat2: Any) -> Any:
    kinetic, mass = _matrices(epsilon, sw2, m_x3_2, m_z_hat2)
    product = mpmath.inverse(kinetic) * mass
    return product[0, 0] + product[1, 1] + product[2, 2]


def _eigenvector(epsilon: Any, sw2: Any, m_x3_2: Any, m_z_hat2: Any, mass2: Any) -> Vector:
    """Normalised with the kinetic matrix; the sign makes Z_D dark, Z isospin, photon positive."""
    kinetic, mass = _matrices(epsilon, sw2, m_x3_2, m_z_hat2)
    gap = mass - mass2 * kinetic
    rows = [[gap[i, j] for j in range(3)] for i in range(3)]

    def cross(a: Any, b: Any) -> list[Any]:
        return [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]

    found = [cross(rows[i], rows[j]) for i, j in ((0, 1), (1, 2), (2, 0))]
    v = max(found, key=lambda a: sum(abs(x) for x in a))
    norm2 = sum(v[i] * kinetic[i, j] * v[j] for i in range(3) for j in range(3))
    return Vector(mass2, *(x / mpmath.sqrt(norm2) for x in v))


def _signed(v: Vector, positive: Any) -> Vector:
    sign = 1 if positive > 0 else -1
    return Vector(v.mass2, sign * v.dark, sign * v.hyper, sign * v.isospin)


def _states(epsilon: Any, sw2: Any, m_x3_2: Any, m_z_hat2: Any, masses2: Any) -> Eigenstates:
    v, z, a = (_eigenvector(epsilon, sw2, m_x3_2, m_z_hat2, m2) for m2 in (*masses2, mpmath.mpf(0)))
    return Eigenstates(
        _signed(a, a.isospin), _signed(v, v.dark), _signed(z, z.isospin), m_x3_2, m_z_hat2
    )


def eigenstates(m_zd: float, epsilon: float, m_z: float, sw2: float) -> Eigenstates | None:
    """From physical masses: of the two solutions the one whose Z_D is mostly X3; None without."""
    with mpmath.workdps(60):
        e, s2 = mpmath.mpf(epsilon), mpmath.mpf(sw2)
        if e**2 >= 1 - s2:
            return None
        v2, z2 = mpmath.mpf(m_zd) ** 2, mpmath.mpf(m_z) ** 2
        # trace = a A + b B and second invariant = A B/k2 for A = m_X3^2, B the unmixed m_Z^2
        a, b = _trace(e, s2, 1, 0), _trace(e, s2, 0, 1)
        product = v2 * z2 * (1 - e**2 / (1 - s2))
        root2 = (v2 + z2) ** 2 - 4 * a * b * product
        if root2 <= 0:
            return None
        found = []
        for sign in (1, -1):
            big = (v2 + z2 + sign * mpmath.sqrt(root2)) / 2
            m_x3_2 = big / a
            found.append(_states(e, s2, m_x3_2, product / m_x3_2, (v2, z2)))
        return max(found, key=lambda state: state.dark.dark**2)


def minimal_states(m_x: float, epsilon: float, m_z: float, sw2: float) -> Eigenstates:
    """With m_X3 = m_x: the second eigenvalue follows from the trace."""
    with mpmath.workdps(60):
        e, s2, z = mpmath.mpf(epsilon), mpmath.mpf(sw2), mpmath.mpf(m_z)
        m_x3_2 = mpmath.mpf(m_x) ** 2
        m_z_hat2 = _unmixed_z(e, s2, m_x3_2, z)
        v2 = _trace(e, s2, m_x3_2, m_z_hat2) - z**2
        return _states(e, s2, m_x3_2, m_z_hat2, (v2, z**2))


def couplings(v: Vector, sm: StandardModel, name: str) -> tuple[float, float]:
    """(g_L, g_R) of a mass eigenstate, L = g fbar gamma^mu f V_mu."""
    charge, t3 = CHARGES[name]
    left = sm.g_prime * (charge - t3) * v.hyper + sm.g * t3 * v.isospin
    return float(left), float(sm.g_prime * charge * v.hyper)


@dataclass(frozen=True)
class PairAmplitudes:
    """G^a_chi of the general form; widths of Z_D and Z in GeV."""

    states: Eigenstates
    epsilon: float
    sm: StandardModel
    width: float
    width_z: float

    def terms(self) -> list[tuple[Vector, float]]:
        """Each mediator with its width."""
        return [
            (self.states.photon, 0.0),
            (self.states.dark, self.width),
            (self.states.z, self.width_z),
        ]

    def of(self, s: Any, detuning: Any, name: str) -> dict[tuple[str, str], Any]:
        """Complex arrays; detuning = s - m_ZD^2."""
        out: dict[tuple[str, str], Any] = dict.fromkeys(
            (("J", "L"), ("J", "R"), ("j", "L"), ("j", "R")), 0.0
        )
        kappa = self.epsilon / self.sm.cw2**0.5
        for v, width in self.terms():
            mass = float(v.mass2) ** 0.5
            gap = detuning if v is self.states.dark else s - mass**2
            bridge = 1.0 / (gap + 1j * mass * width)
            for chi, g in zip("LR", couplings(v, self.sm, name), strict=True):
                out["J", chi] = out["J", chi] + float(v.dark) * g * bridge
                out["j", chi] = out["j", chi] + kappa * float(v.hyper) * g * bridge
        return out


def sigma_pair(s: Any, m_x: float, g_x: float, m_f: float, amplitudes: Any) -> Any:
    """sigma(X+ X- -> f fbar), one colour, from T_JJ, T_Jj, T_jj as they stand."""
    m2 = m_x**2
    tensor = {
        ("J", "J"): 12.0 * m2**2 + 20.0 * m2 * s + s**2,
        ("J", "j"): s * (10.0 * m2 + s),
        ("j", "j"): s * (4.0 * m2 + s),
    }
    total = 0.0
    for a in "Jj":
        for b in "Jj":
            weight = tensor[(a, b) if (a, b) in tensor else (b, a)]
            left = amplitudes[a, "L"] * np.conj(amplitudes[b, "L"])
            right = amplitudes[a, "R"] * np.conj(amplitudes[b, "R"])
            mixed = amplitudes[a, "L"] * np.conj(amplitudes[b, "R"])
            total = total + weight * np.real((s - m_f**2) * (left + right) + 6.0 * m_f**2 * mixed)
    is_open = s > 4.0 * m_f**2
    beta_f = np.sqrt(np.where(is_open, 1.0 - 4.0 * m_f**2 / s, 0.0))
    beta = np.sqrt(1.0 - 4.0 * m2 / s)
    return g_x**2 * beta * beta_f * total / (864.0 * np.pi * m2**2)


def width_pair(mass: float, m_x: float, x: float, y: float, g_x: float) -> float:
    """V -> X+ X- from T_ab as they stand."""
    s, m2 = mass**2, m_x**2
    if s <= 4.0 * m2:
        return 0.0
    square = (12.0 * m2**2 + 20.0 * m2 * s + s**2) * x * x + s * (4.0 * m2 + s) * y * y
    square += 2.0 * s * (10.0 * m2 + s) * x * y
    return g_x**2 * mass * (1.0 - 4.0 * m2 / s) ** 1.5 * square / (192.0 * np.pi * m2**2)


def width_fermion(mass: float, m_f: float, g: tuple[float, float], colours: float = 1.0) -> float:
    """(B8)."""
    if mass <= 2.0 * m_f:
        return 0.0
    squares, product = g[0] ** 2 + g[1] ** 2, g[0] * g[1]
    bracket = mass**2 * squares - m_f**2 * (squares - 6.0 * product)
    return colours * bracket * (1.0 - 4.0 * m_f**2 / mass**2) ** 0.5 / (24.0 * np.pi * mass)


def clustered(edges: list[tuple[float, float]], reach: float, per_panel: int = 16) -> Any:
    """Nodes, offsets from the first edge with a positive scale, weights on (0, reach).

    `edges` are (position, smallest distance); between two of them nodes are clustered at both.
    """
    t, w = np.polynomial.legendre.leggauss(per_panel)
    ends = sorted([*((p, d) for p, d in edges if p < reach), (reach, 0.1 * reach)])
    out: list[list[Any]] = [[], [], [], []]
    for index, ((low, small_low), (high, small_high)) in enumerate(pairwise(ends)):
        half = 0.5 * (high - low)
        for anchor, sign, small, which in (
            (low, 1.0, small_low, index),
            (high, -1.0, small_high, index + 1),
        ):
            bottom = np.log(min(small, 0.1 * half))
            panels = int(np.ceil((np.log(half) - bottom) * 1.5)) + 1
            cuts = np.concatenate([[0.0], np.exp(np.linspace(bottom, np.log(half), panels))])
            step = np.diff(cuts)[:, None]
            d = (cuts[:-1, None] + 0.5 * step * (t + 1.0)).ravel()
            out[0].append(anchor + sign * d)
            out[1].append(sign * d)
            out[2].append((0.5 * step * w).ravel())
            out[3].append(np.full(d.size, which))
    nodes, offset, weight, anchor = (np.concatenate(o) for o in out)
    return nodes, offset, weight, anchor, ends


class VectorReference:
    """One point, leptons only; `m_zd` None for the minimal model."""

    def __init__(
        self,
        m_x: float,
        g_x: float,
        epsilon: float,
        m_zd: float | None,
        sm: StandardModel,
        dof: DofTable | None = None,
        quantum: Callable[[Any], Any] | None = None,
    ) -> None:
        self.m_x, self.g_x, self.epsilon, self.sm, self.dof = m_x, g_x, epsilon, sm, dof
        found = (
            minimal_states(m_x, epsilon, sm.m_z, sm.sw2)
            if m_zd is None
            else eigenstates(m_zd, epsilon, sm.m_z, sm.sw2)
        )
        if found is None:
            raise ValueError("no mixing with the Z")
        self.states = found
        self.m_zd = float(mpmath.sqrt(found.dark.mass2).real)
        self.ratio = self.m_zd / m_x
        with mpmath.workdps(60):
            self.delta = float(found.dark.mass2 / mpmath.mpf(m_x) ** 2 - 1)
        self.quantum = quantum or (lambda z: 1.0 + 0.0 * z)

    @cached_property
    def width_visible(self) -> float:
        """Z_D to leptons and neutrinos."""
        total = 3.0 * width_fermion(self.m_zd, 0.0, couplings(self.states.dark, self.sm, "nu"))
        for name, field in LEPTONS.items():
            g = couplings(self.states.dark, self.sm, name)
            total += width_fermion(self.m_zd, getattr(self.sm, field), g)
        return total

    def _to_pair(self, v: Vector) -> float:
        kappa = self.epsilon / self.sm.cw2**0.5
        mass = float(v.mass2) ** 0.5
        return width_pair(mass, self.m_x, float(v.dark), kappa * float(v.hyper), self.g_x)

    @cached_property
    def width_dark(self) -> float:
        """Z_D to X+ X-."""
        return self._to_pair(self.states.dark)

    @cached_property
    def width_z(self) -> float:
        """Total width of the Z with Z -> X+ X-."""
        return self.sm.gamma_z + self._to_pair(self.states.z)

    def amplitudes(self) -> PairAmplitudes:
        """Of X+ X- -> f fbar after symmetry breaking."""
        width = self.width_visible + self.width_dark
        return PairAmplitudes(self.states, self.epsilon, self.sm, width, self.width_z)

    def sigma_broken(self, s: Any, detuning: Any) -> Any:
        """Sum over leptons."""
        amplitudes = self.amplitudes()
        total = 3.0 * sigma_pair(s, self.m_x, self.g_x, 0.0, amplitudes.of(s, detuning, "nu"))
        found = amplitudes.of(s, detuning, "e")
        for field in LEPTONS.values():
            total = total + sigma_pair(s, self.m_x, self.g_x, getattr(self.sm, field), found)
        return total

    @cached_property
    def unbroken_vector(self) -> tuple[float, float, float]:
        """(mass^2, component in X3, coupling over Y) of Z_D before symmetry breaking.

        [[1, kappa], [kappa, 1]] and mass^2 of X3 alone: Z_D = (1, -kappa)/(1 - kappa^2)^(1/2). The
        physical mass is kept; it would change by O(epsilon^2) with that of X3 fixed instead.
        """
        kappa2 = self.epsilon**2 / self.sm.cw2
        norm = (1.0 - kappa2) ** 0.5
        return self.m_zd**2, 1.0 / norm, -self.sm.g_prime * kappa2**0.5 / norm

    def sigma_unbroken(self, s: Any, detuning: Any, hypercharges: Any) -> Any:
        """Massless Weyl fields, N Y^2 summed to `hypercharges`; Z_D and the massless B."""
        m2, x, g = self.unbroken_vector
        kappa = self.epsilon / self.sm.cw2**0.5
        width = 10.0 * g * g * m2**0.5 / (24.0 * np.pi) + self.width_dark
        bridge = 1.0 / (detuning + 1j * m2**0.5 * width)
        big = x * g * bridge
        small = -kappa * kappa * x * g * bridge + kappa * self.sm.g_prime / s
        zero = 0.0 * s
        found = {("J", "L"): big, ("j", "L"): small, ("J", "R"): zero, ("j", "R"): zero}
        return hypercharges * sigma_pair(s, self.m_x, self.g_x, 0.0, found)

    def hypercharges(self, z: Any, higgs: bool = True) -> Any:
        """sum N Y^2 with thermal phase space at z = s^(1/2)/T; a boson counts beta^3/2."""
        total = 0.0 * z
        for state in thermal_multiplets(self.sm):
            if not state.is_fermion and not higgs:
                continue
            mu2 = state.mass2_over_t2 / z**2
            beta = np.sqrt(np.maximum(1.0 - 4.0 * mu2, 0.0))
            share = beta * (1.0 - mu2) if state.is_fermion else 0.5 * beta**3
            total = total + state.multiplicity * state.hypercharge**2 * share
        return total

    def _rule(self, temperature: float) -> Any:
        """Nodes in eta = s^(1/2)/(2 m) - 1 with s, s - m_ZD^2 and weights."""
        m2 = 2.0 * self.m_x
        edges = [(0.0, 1e-12)]
        pole = self.m_zd / m2 - 1.0
        width = (self.width_visible + self.width_dark) / m2
        if pole > 0.0:
            edges.append((pole, 1e-2 * width))
        for mass in (self.sm.m_z, *(2.0 * getattr(self.sm, f) for f in LEPTONS.values())):
            edges.append((mass / m2 - 1.0, 1e-9))
        edges += [
            (2.0 * state.mass2_over_t2**0.5 * temperature / m2 - 1.0, 1e-9)
            for state in thermal_multiplets(self.sm)
        ]
        edges.append((self.ratio - 1.0, 1e-9))
        reach = 45.0 * temperature / m2 + max(self.ratio - 1.0, 0.0) + 1e-3
        edges = sorted({p: d for p, d in edges if p >= 0.0}.items())
        eta, offset, weight, anchor, ends = clustered(edges, reach)
        at_pole = [i for i, (p, _) in enumerate(ends) if p == pole]
        from_pole = np.where(np.isin(anchor, at_pole), offset, eta - pole)
        gap = m2 * from_pole
        return eta, gap * (2.0 * self.m_zd + gap), weight

    def pair(self, temperature: float, which: str, energy: bool = False) -> float:
        """ln of (B5) plus 2 m/T for X+ X-; with `energy` the density of energy."""
        eta, detuning, weight = self._rule(temperature)
        root = 2.0 * self.m_x * (1.0 + eta)
        s, z = root**2, root / temperature
        excess = 4.0 * self.m_x**2 * eta * (2.0 + eta)
        if which == "dark":
            beta = np.sqrt(eta * (2.0 + eta)) / (1.0 + eta)
            flux = beta_sigma_dark(eta, self.delta, self.m_x, self.g_x)
            # without a Higgs boson it grows like s: held at 16 pi/(s beta)
            sigma = np.minimum(flux, 16.0 * np.pi / (s * beta)) / beta
        else:
            broken = broken_weight(temperature)
            sigma = broken * self.sigma_broken(s, detuning)
            hot = self.sigma_unbroken(s, detuning, self.hypercharges(z))
            sigma = (sigma + (1.0 - broken) * hot) * self.quantum(z)
        reduced = 2.0 * 9.0 * excess * sigma
        bessel = kve(2, z) * root if energy else kve(1, z)
        # (B5): ds sqrt(s) K_1(sqrt(s)/T) with K_1 = kve exp(-z); the threshold is kept apart
        first = 2.0 * (max(self.m_x, self.m_zd) if which == "dark" else self.m_x) / temperature
        measure = 2.0 * s * 2.0 * self.m_x * weight * bessel * np.exp(np.minimum(first - z, 50.0))
        total = np.log(np.sum(measure * reduced)) + np.log(temperature / (64.0 * np.pi**4))
        return float(total - first + 2.0 * self.m_x / temperature)

    def number(self, mass: float, spins: float, temperature: float) -> float:
        """ln n_eq plus m/T."""
        x = mass / temperature
        return float(np.log(spins * mass**2 * temperature * kve(2, x) / (2.0 * np.pi**2)))

    def off_shell(self, temperature: float) -> float:
        """Kinetic annihilation less what Z_D on its mass shell makes, plus 2 m/T."""
        whole = self.pair(temperature, "kinetic")
        left = -np.expm1(min(self.on_shell(temperature) - whole, 0.0))
        return float(whole + np.log(max(left, 1e-6)))

    def on_shell(self, temperature: float) -> float:
        """What Z_D on its mass shell adds to kinetic annihilation, plus 2 m_X/T."""
        pole = self._decay(temperature, self._bath_width(temperature, True))
        return pole - (self.m_zd - 2.0 * self.m_x) / temperature

    def _bath_width(self, temperature: float, on_shell: bool = False) -> float:
        """Width to the bath in the mixture of phases, each times its branching ratio to X+ X-.

        The propagator before symmetry breaking knows the width to massless states only.
        """
        m2, _, g = self.unbroken_vector
        each = g * g * m2**0.5 / (24.0 * np.pi)
        hot = each * float(self.hypercharges(np.asarray(m2**0.5 / temperature)))
        cold, dark, weight = self.width_visible, self.width_dark, broken_weight(temperature)
        if on_shell:
            cold, hot = cold * dark / (dark + cold), hot * dark / (dark + 10.0 * each)
        statistics = float(self.quantum(self.m_zd / temperature))
        return (weight * cold + (1.0 - weight) * hot) * statistics

    def decay(self, temperature: float) -> float:
        """ln of (B4) plus m_ZD/T, Z_D <-> bath."""
        return self._decay(temperature, self._bath_width(temperature))

    def invisible(self, temperature: float) -> float:
        """ln of (B4) plus m_ZD/T, Z_D <-> X+ X-."""
        return self._decay(temperature, self.width_dark)

    def _decay(self, temperature: float, width: float) -> float:
        if width == 0.0:
            return -np.inf
        z = self.m_zd / temperature
        share = np.log(kve(1, z) / kve(2, z))
        return float(self.number(self.m_zd, 3.0, temperature) + share + np.log(width))

    def top(self, temperature: float) -> float:
        """ln of (B5) plus m_ZD/T for t tbar -> Z_D Phi: 4 spin states, 3 pairs of colours."""
        masses = {m.name: m.mass2_over_t2 for m in thermal_multiplets(self.sm)}
        weight = broken_weight(temperature)
        cold = self._top(temperature, self.sm.m_t, self.sm.m_h)
        m_top = temperature * (0.5 * (masses["t_L"] + masses["t_R"])) ** 0.5
        hot = self._top(temperature, m_top, temperature * masses["H"] ** 0.5)
        with np.errstate(divide="ignore"):
            found = np.logaddexp(np.log(weight) + cold, np.log(1.0 - weight) + hot)
        return float(found + self.m_zd / temperature)

    def _top(self, temperature: float, m_top: float, m_higgs: float) -> float:
        floor = max(2.0 * m_top, m_higgs)
        yukawa = self.sm.m_t / self.sm.vev

        def integrand(root: float) -> float:
            s = root**2
            sigma = sigma_top(s, m_top, m_higgs, self.epsilon, self.sm.g_prime, self.sm.cw2, yukawa)
            reduced = 12.0 * 2.0 * (s - 4.0 * m_top**2) * float(sigma)
            z = root / temperature
            return 2.0 * s * kve(1, z) * np.exp(-(z - floor / temperature)) * reduced

        scale = [floor, floor + temperature, floor + 5.0 * temperature, floor + 60.0 * temperature]
        value = sum(quad(integrand, *ends, epsrel=1e-10)[0] for ends in pairwise(scale))
        return float(np.log(value * temperature / (64.0 * np.pi**4)) - floor / temperature)

    def three(self, name: str, temperature: float) -> float:
        """ln of the densities of (12) plus threshold/T; gamma of XXX is that of (12) times 2."""
        rate = getattr(simp, f"sigma_v2_{name}")(np.float64(self.ratio), self.m_x, self.g_x)
        if float(rate) <= 0.0:
            return -np.inf
        counts = {"xxx": (3, 0, 0.25), "xxz": (2, 1, 0.25), "zzz": (0, 3, 1.0)}[name]
        number = counts[0] * self.number(self.m_x, 6.0, temperature)
        number += counts[1] * self.number(self.m_zd, 3.0, temperature)
        tame = 5.0 * min(np.log(self.m_x / temperature), 0.0)
        return float(np.log(counts[2] * rate) + number + tame)

    # -- abundances -----------------------------------------------------------------------------

    def log_time(self, temperature: float) -> float:
        """ln of entropy density times Htilde."""
        assert self.dof is not None
        g_rho, g_s = float(self.dof.g_rho(temperature)), float(self.dof.g_s(temperature))
        slope = float(self.dof.dln_g_s_dln_t(temperature))
        entropy = 2.0 * np.pi**2 / 45.0 * g_s * temperature**3
        hubble = np.sqrt(8.0 * np.pi**3 * g_rho / 90.0) * temperature**2 / M_PLANCK
        return float(np.log(entropy * hubble / (1.0 + slope / 3.0)))

    def log_yield(self, mass: float, spins: float, temperature: float) -> float:
        """ln of Yeq plus m/T."""
        assert self.dof is not None
        g_s = float(self.dof.g_s(temperature))
        entropy = np.log(2.0 * np.pi**2 / 45.0 * g_s * temperature**3)
        return self.number(mass, spins, temperature) - float(entropy)

    def density(self, name: str, temperature: float) -> float:
        """ln of a density plus threshold/T, of X X -> Z_D Z_D plus 2 m_X/T."""
        if name in ("kinetic", "dark"):
            return self.pair(temperature, name)
        if name in ("xxx", "xxz", "zzz"):
            return self.three(name, temperature)
        return getattr(self, name)(temperature)

    def threshold(self, name: str) -> float:
        """Lowest energy of a reaction over m_X."""
        r = self.ratio
        table = {"kinetic": 2.0, "off_shell": 2.0, "dark": 2.0 * max(1.0, r), "xxx": 3.0}
        table |= {"xxz": 2.0 + r, "zzz": 3.0 * r}
        return table.get(name, r)

    def _reduced(self, name: str, temperature: float) -> float:
        """ln of a density plus threshold/T, whatever the threshold."""
        more = self.threshold(name) - 2.0 if name == "dark" else 0.0
        return self.density(name, temperature) + more * self.m_x / temperature

    def _splines(self, names: tuple[str, ...], ends: Ends, step: float) -> dict[str, Any]:
        """ln of density over s Htilde, without the exponential, on ln x; cut at the transition."""
        cuts = [np.log(self.m_x / t) for t in (T_BREAK * 1.5, T_BREAK, T_BREAK / 1.5)]
        inner = [c for c in cuts if ends[0] < c < ends[1]]
        out: dict[str, Any] = {name: [] for name in names}
        for low, high in pairwise([ends[0], *inner, ends[1]]):
            grid = np.linspace(low, high, max(10, int(np.ceil((high - low) / step))))
            temperatures = self.m_x * np.exp(-grid)
            time = np.array([self.log_time(t) for t in temperatures])
            for name in names:
                value = np.array([self._reduced(name, t) for t in temperatures]) - time
                keep = np.isfinite(value)
                spline = CubicSpline(grid[keep], value[keep]) if keep.sum() > 3 else None
                out[name].append((high, spline))
        return out

    def _at(self, pieces: Any, u: float) -> float:
        piece = next((spline for high, spline in pieces if u <= high), pieces[-1][1])
        if piece is None or not piece.x[0] - 1e-6 <= u <= piece.x[-1] + 1e-6:
            return -np.inf
        return float(piece(u))

    def _equilibrium(self, u: float) -> tuple[float, float]:
        """ln Yeq of X and of Z_D."""
        temperature = self.m_x * np.exp(-u)
        log_x = self.log_yield(self.m_x, 6.0, temperature) - np.exp(u)
        return log_x, self.log_yield(self.m_zd, 3.0, temperature) - self.ratio * np.exp(u)

    def slopes(self, u: float, log_y: Any, rates: dict[str, Any], z_in_bath: bool) -> Any:
        """d ln Y/d ln x of X (and Z_D) from (12) or (15)-(17) as they stand."""
        log_x, log_z = self._equilibrium(u)
        n = log_y[0] - log_x
        z = 0.0 if z_in_bath else log_y[1] - log_z

        def term(name: str, *powers: tuple[int, int]) -> float:
            """gamma (n^a z^b - n^c z^d), in logarithms."""
            if name not in rates:
                return 0.0
            gamma = self._at(rates[name], u) - self.threshold(name) * np.exp(u)
            sides = (np.exp(np.clip(gamma + a * n + b * z, -700.0, 300.0)) for a, b in powers)
            return float(next(sides) - next(sides))

        kinetic = term("kinetic", (0, 0), (2, 0)) + term("off_shell", (0, 0), (2, 0))
        dark = term("dark", (0, 2), (2, 0))
        xxx = term("xxx", (1, 1), (3, 0))
        xxz = term("xxz", (0, 2), (2, 1))
        zzz = term("zzz", (0, 3), (2, 0))
        pole = term("invisible", (0, 1), (2, 0))
        of_x = 2.0 * (kinetic + dark + xxx + xxz + zzz + pole)
        if z_in_bath:
            return np.array([of_x * np.exp(-np.maximum(log_y[0], -600.0))])
        of_z = -(2.0 * dark + xxx + xxz + 3.0 * zzz + pole)
        of_z += term("decay", (0, 0), (0, 1)) + term("top", (0, 0), (0, 1))
        return np.array([of_x, of_z]) * np.exp(-np.maximum(log_y, -600.0))

    def omega(self, log_y: float) -> float:
        """Omega h^2 of a final yield of X+ and X- together."""
        assert self.dof is not None
        s_0 = 2.0 * np.pi**2 / 45.0 * float(self.dof.g_s(T_CMB)) * T_CMB**3
        return self.m_x * float(np.exp(log_y)) * s_0 / RHO_CRITICAL

    def freeze_out(self, names: tuple[str, ...], x_stop: float, step: float = 0.1) -> float:
        """Omega h^2 from (12): from equilibrium, Z_D in the bath."""
        ends = (0.0, float(np.log(x_stop)))
        rates = self._splines(names, ends, step)
        start = self._equilibrium(ends[0])[:1]

        def slope(u: float, y: Any) -> Any:
            return self.slopes(u, y, rates, True)

        found = solve_ivp(slope, ends, start, method="Radau", rtol=1e-8, atol=1e-9)
        return self.omega(found.y[0, -1])

    def freeze_in(
        self, names: tuple[str, ...], t_rh: float, x_stop: float, step: float = 0.1
    ) -> tuple[float, float]:
        """(Omega h^2, ln Y of Z_D at the end) from (15)-(17), from next to nothing at t_rh."""
        ends = (float(np.log(self.m_x / t_rh)), float(np.log(x_stop)))
        rates = self._splines(names, ends, step)
        # 1e-9 of an e-fold of production on the left: Y = rate times time
        first = self.slopes(ends[0], np.array([-200.0, -200.0]), rates, False)
        start = np.log(1e-9 * first * np.exp(-200.0))

        def slope(u: float, y: Any) -> Any:
            return self.slopes(u, y, rates, False)

        shifted = (ends[0] + 1e-9, ends[1])
        # the solver's guess of a first step squares slopes of 1e200
        with np.errstate(over="ignore"):
            found = solve_ivp(slope, shifted, start, method="Radau", rtol=1e-7, atol=1e-8)
        return self.omega(found.y[0, -1]), float(found.y[1, -1])
