"""Reaction densities of nonabelian-vector on a grid of temperatures; (B4)-(B7) of [Foguel:2025].

Every density is ln(gamma/GeV^4) + threshold/T: the exponential fall is kept apart, so that the
tables are smooth and interpolate well. Arrays have shape (N, K): points and ln x, x = m_X/T.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import pi
from typing import Any

import numpy as np

from vectorportal.formulas.bath_statistics import fermi_ratio
from vectorportal.formulas.simp import sigma_v2_xxx, sigma_v2_xxz, sigma_v2_zzz
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.exchange_of_pairs import HYPERCHARGES
from vectorportal.numerics.arrays import is_jax, is_traced, namespace
from vectorportal.numerics.bessel import k1e, k2e
from vectorportal.numerics.hot_kernel import HotKernel
from vectorportal.numerics.panels import Rule
from vectorportal.observables.relic.average import nodes_up_to, weighted_rates
from vectorportal.observables.vector.hot_bath import (
    BathFactor,
    broken_share,
    hypercharge_sum,
    top_density,
)

__all__ = ["Density", "densities", "log_number"]

_CHUNK = 128
_CLOSED = -np.inf
"""logarithm of a density that vanishes"""


@dataclass(frozen=True)
class Density:
    """ln(gamma/GeV^4) + threshold/T, the same of the energy density it carries, and threshold."""

    log_density: Any
    threshold: Any
    log_energy: Any | None = None


def _log(xp: Any, value: Any) -> Any:
    is_open = value > 0.0
    return xp.where(is_open, xp.log(xp.where(is_open, value, 1.0)), _CLOSED)


def log_number(mass: Any, spin_states: float, temperature: Any) -> Any:
    """ln(n_eq/GeV^3) + mass/T, n_eq = g m^2 T K_2(m/T)/(2 pi^2)."""
    xp = namespace(mass, temperature)
    shape = spin_states * mass**2 * temperature * k2e(mass / temperature) / (2.0 * pi**2)
    return xp.log(shape)


def shifted_rows(rows: Any, steps: Any) -> Any:
    """Row-wise cubic interpolation of (N, K) tables at k + steps >= k, steps (N,); flat at the end.

    -inf (a closed reaction) next to a point closes it.
    """
    xp = namespace(rows)
    whole = xp.floor(steps)
    t = (steps - whole)[:, None]
    weights = (
        -t * (t - 1.0) * (t - 2.0) / 6.0,
        (t * t - 1.0) * (t - 2.0) / 2.0,
        -t * (t + 1.0) * (t - 2.0) / 2.0,
        t * (t * t - 1.0) / 6.0,
    )
    last = rows.shape[1] - 1
    columns = xp.arange(last + 1)[None, :] + xp.astype(whole, xp.int64)[:, None]
    total, is_open = 0.0, True
    for offset, weight in zip((-1, 0, 1, 2), weights, strict=True):
        near = xp.take_along_axis(rows, xp.clip(columns + offset, 0, last), axis=1)
        finite = xp.isfinite(near)
        is_open = is_open & (finite | (weight == 0.0))
        total = total + weight * xp.where(finite, near, 0.0)
    return xp.where(is_open, total, _CLOSED)


@dataclass(frozen=True)
class _Tables:
    """What all densities of one batch share."""

    model: Any
    inputs: Inputs
    options: Options
    grid: HotKernel
    rule: Rule
    two_body: tuple[str, ...]

    @property
    def x(self) -> Any:
        return namespace(self.model.m_x).asarray(np.exp(self.grid.log_x))[None, :]

    @property
    def temperature(self) -> Any:
        return self.model.m_x[:, None] / self.x

    @cached_property
    def broken(self) -> Any:
        """Weight of the broken phase, (N, K)."""
        return broken_share(self.temperature, self.options.prescription)

    def blend(self, broken: Any, unbroken: Any) -> Any:
        """Quantity across the electroweak transition."""
        return self.broken * broken + (1.0 - self.broken) * unbroken

    @cached_property
    def pair_moments(self) -> dict[str, tuple[Any, Any]]:
        """Moments of beta sigma: kinetic, kinetic before symmetry breaking, dark."""
        process = self.model.annihilation(
            self.inputs, self.two_body, self.options.prescription, not self.all_broken()
        )
        nodes = nodes_up_to(process, self.rule, self.grid.eta_max)
        rates = weighted_rates(process, nodes)
        names = [channel.name for channel in process.channels]
        direct = [rate for name, rate in zip(names, rates, strict=True) if name != "dark"]
        found = iter(self.grid.moments(nodes.eta, direct) if direct else ())
        above = (nodes.eta - self.dark_ratio[:, None] + 1.0) / self.dark_ratio[:, None]
        return {
            name: self.grid.moments(namespace(above).maximum(above, 0.0), [rate])[0]
            if name == "dark"
            else next(found)
            for name, rate in zip(names, rates, strict=True)
        }

    @cached_property
    def dark_ratio(self) -> Any:
        """max(1, R): the threshold of X+ X- -> Z_D Z_D over 2 m_X."""
        xp = namespace(self.model.m_x)
        return xp.sqrt(1.0 + xp.maximum(self.model.spectrum(self.inputs).delta, 0.0))

    def log_pair(self, moments: tuple[Any, Any], factor: BathFactor) -> Any:
        """ln(gamma) + 2 x of X+ X-, gamma = n_X^2 <sigma v>/4."""
        xp = namespace(self.model.m_x)
        return _log(xp, 0.25 * self.grid.average(moments, factor)) + 2.0 * self.log_x_number

    @cached_property
    def log_x_number(self) -> Any:
        """ln n_eq of X plus x; the Bessel function depends on x alone."""
        xp = namespace(self.model.m_x)
        shape = xp.asarray(np.log(6.0 * k2e(np.exp(self.grid.log_x)) / (2.0 * pi**2)))
        return 3.0 * xp.log(self.model.m_x)[:, None] + shape - xp.asarray(self.grid.log_x)

    def log_z_number(self, mass: Any) -> Any:
        """ln n_eq of Z_D plus m_ZD/T."""
        return log_number(mass[:, None], 3.0, self.temperature)

    def pair(self, branches: list[tuple[tuple[Any, Any], BathFactor]]) -> Density:
        """Density of X+ X- for the broken phase and, if there is a second branch, the unbroken."""
        xp = namespace(self.model.m_x)

        def choose(found: list[Any]) -> Any:
            if len(found) == 1:
                return found[0]
            top = xp.maximum(found[0], found[1])
            top = xp.where(xp.isfinite(top), top, 0.0)
            return top + _log(xp, self.blend(*(xp.exp(part - top) for part in found)))

        number = choose([self.log_pair(*branch) for branch in branches])
        if self.options.temperature == "bath":
            return Density(number, 2.0 * self.model.m_x)
        weighted = [self.log_pair(m, replace(f, energy=True)) for m, f in branches]
        energy = choose(weighted) + xp.log(self.temperature)
        return Density(number, 2.0 * self.model.m_x, energy)

    @property
    def quantum(self) -> bool:
        return self.options.statistics == "quantum"

    def kinetic(self) -> Density:
        """X+ X- <-> Standard Model."""
        factor = BathFactor(quantum=self.quantum)
        branches = [(self.pair_moments["kinetic"], factor)]
        if "kinetic-unbroken" in self.pair_moments:
            hot = replace(factor, sm=self.inputs.sm, prescription=self.options.prescription)
            branches.append((self.pair_moments["kinetic-unbroken"], hot))
        return self.pair(branches)

    def all_broken(self) -> bool:
        """Whether no temperature of the grid lies above the electroweak transition."""
        return not is_traced(self.model.m_x) and bool(np.all(np.asarray(self.broken) > 1.0 - 1e-9))

    def dark(self) -> Density:
        """X+ X- <-> Z_D Z_D, reduced by its own threshold.

        With eta counted from that threshold the kernel at x is that of pairs of mass r m_X at r x,
        r = max(1, R): gamma(x) is r^-5 times theirs at r x, read off the same tables.
        """
        xp = namespace(self.model.m_x)
        shift = xp.log(self.dark_ratio)
        own = self.log_pair(self.pair_moments["dark"], BathFactor()) + 6.0 * shift[:, None]
        moved = shifted_rows(own, shift / (self.grid.log_x[1] - self.grid.log_x[0]))
        return Density(moved - 5.0 * shift[:, None], 2.0 * self.dark_ratio * self.model.m_x)

    def _decay(self, mass: Any, width: Any) -> Density:
        """n_eq Gamma K_1/K_2 of Z_D; (B4)."""
        xp = namespace(mass)
        temperature = self.temperature
        ratio = mass[:, None] / temperature
        bare = 3.0 * mass[:, None] ** 2 * temperature * k1e(ratio) / (2.0 * pi**2)
        log_width = _log(xp, width)
        if self.options.temperature == "bath":
            return Density(xp.log(bare) + log_width, mass)
        energy = self.log_z_number(mass) + xp.log(mass)[:, None]
        return Density(xp.log(bare) + log_width, mass, energy + log_width)

    def bath_widths(self, mediator: Any) -> tuple[Any, Any]:
        """Widths of Z_D to the bath in the broken and the unbroken phase, (N, 1) and (N, K)."""
        hot = self.model.unbroken(self.inputs, self.options.prescription)
        z = mediator.mass[:, None] / self.temperature
        states = hypercharge_sum(self.inputs.sm, self.options.prescription, z)
        thermal = hot.width()[:, None] * states / HYPERCHARGES
        return mediator.width_standard_model[:, None], thermal

    def decay_visible(self, mediator: Any, share: tuple[Any, Any] = (1.0, 1.0)) -> Density:
        """Z_D <-> Standard Model, with thermal masses above the transition, times `share`."""
        xp = namespace(mediator.mass)
        widths = (w * part for w, part in zip(self.bath_widths(mediator), share, strict=True))
        found = self._decay(mediator.mass, self.blend(*widths))
        if not self.quantum:
            return found
        shift = xp.log(fermi_ratio(mediator.mass[:, None] / self.temperature))
        energy = None if found.log_energy is None else found.log_energy + shift
        return Density(found.log_density + shift, found.threshold, energy)

    def on_shell_shares(self, mediator: Any) -> tuple[Any, Any]:
        """Branching ratio Z_D -> X+ X- in the broken and the unbroken phase, (N, 1)."""
        dark = mediator.width_dark
        unbroken = self.model.unbroken(self.inputs, self.options.prescription).width()
        widths = (mediator.width_standard_model, unbroken)
        cold, hot = ((dark / (dark + width))[:, None] for width in widths)
        return cold, hot

    def without_pole(self, kinetic: Density, mediator: Any) -> Density:
        """kinetic less what Z_D on its mass shell makes, BR(Z_D -> X+ X-) gamma(Z_D <-> bath).

        What is left of a narrow pole is rounding, far below the decay itself: it is cut at 1e-6.
        """
        xp = namespace(mediator.mass)
        is_open = (mediator.width_dark > 0.0)[:, None]
        made = self.decay_visible(mediator, self.on_shell_shares(mediator)).log_density
        made = made - ((mediator.mass - 2.0 * self.model.m_x) / self.model.m_x)[:, None] * self.x
        both = xp.isfinite(made) & xp.isfinite(kinetic.log_density) & is_open
        pole = xp.where(both, made, 0.0) - xp.where(both, kinetic.log_density, 1e3)
        left = xp.log(xp.maximum(-xp.expm1(xp.minimum(pole, 0.0)), 1e-6))
        shift = xp.where(both, left, 0.0)
        energy = None if kinetic.log_energy is None else kinetic.log_energy + shift
        return Density(kinetic.log_density + shift, kinetic.threshold, energy)

    def decay_dark(self, mediator: Any) -> Density:
        """Z_D <-> X+ X- for R > 2."""
        return self._decay(mediator.mass, mediator.width_dark[:, None])

    def top(self, mediator: Any) -> Density:
        """t tbar <-> Z_D Phi; (B21). Z_D carries half of the energy."""
        xp = namespace(mediator.mass)
        log_t = xp.log(self.temperature)
        number, energy = top_density(self.inputs.sm, self.options.prescription, log_t)
        shift = 2.0 * xp.log(self.model.epsilon)[:, None]
        shift = shift + mediator.mass[:, None] / self.temperature
        return Density(number + shift, mediator.mass, energy - np.log(2.0) + shift)

    def simp(self, mediator: Any) -> dict[str, Density]:
        """The three 3 -> 2 reactions from their amplitudes at rest; (B22), (12)-(13).

        Above T = m_X the rate at rest has no meaning: it is continued as gamma ~ T^4.
        """
        xp = namespace(mediator.mass)
        m_x, m_zd = self.model.m_x, mediator.mass
        delta = self.model.spectrum(self.inputs).delta
        arguments = (xp.sqrt(1.0 + delta), m_x, self.model.g_x, self.options.prescription)
        x_number = self.log_x_number
        z_number = self.log_z_number(m_zd)
        below = delta < 3.0
        cut = 0.0 if self.options.prescription == "as-printed" else 5.0
        tame = cut * xp.minimum(xp.log(self.x), 0.0)

        def density(sigma_v2: Any, factor: float, x: int, z: int) -> Density:
            value = _log(xp, xp.where(below, factor * sigma_v2, 0.0))[:, None]
            log_density = value + x * x_number + z * z_number + tame
            return Density(log_density, x * m_x + z * m_zd)

        return {
            "xxx": density(sigma_v2_xxx(*arguments), 0.25, 3, 0),
            "xxz": density(sigma_v2_xxz(*arguments), 0.25, 2, 1),
            "zzz": density(sigma_v2_zzz(*arguments), 1.0, 0, 3),
        }


def densities(
    model: Any,
    inputs: Inputs,
    options: Options,
    grid: HotKernel,
    rule: Rule,
    names: tuple[str, ...],
) -> dict[str, Density]:
    """Densities of the reactions `names` of {kinetic, dark, xxx, xxz, zzz, decay, invisible, top}.

    Parameters of `model` must have shape (N,). NumPy works on 128 points at once, so that the
    quadrature stays in the cache.
    """
    count = model.m_x.shape[0]
    if is_jax(model.m_x) or count <= _CHUNK:
        return _densities(model, inputs, options, grid, rule, names)
    parts = []
    for start in range(0, count, _CHUNK):
        numbers = {k: v[start : start + _CHUNK] for k, v in model.numbers().items()}
        part = type(model)(**numbers, **model.choices())
        parts.append(_densities(part, inputs, options, grid, rule, names))
    return {name: _joined([part[name] for part in parts]) for name in names}


def _joined(parts: list[Density]) -> Density:
    """One density from those of consecutive points."""
    energies = [part.log_energy for part in parts if part.log_energy is not None]
    energy = np.concatenate(energies) if energies else None
    log_density = np.concatenate([part.log_density for part in parts])
    return Density(log_density, np.concatenate([part.threshold for part in parts]), energy)


def _densities(
    model: Any,
    inputs: Inputs,
    options: Options,
    grid: HotKernel,
    rule: Rule,
    names: tuple[str, ...],
) -> dict[str, Density]:
    two_body = tuple(name for name in ("kinetic", "dark") if name in names)
    tables = _Tables(model, inputs, options, grid, rule, two_body)
    mediator = model.mediator(inputs)
    makers = {
        "kinetic": tables.kinetic,
        "dark": tables.dark,
        "decay": partial(tables.decay_visible, mediator),
        "invisible": partial(tables.decay_dark, mediator),
        "top": partial(tables.top, mediator),
    }
    found = {name: make() for name, make in makers.items() if name in names}
    if {"xxx", "xxz", "zzz"} & set(names):
        found |= tables.simp(mediator)
    if {"kinetic", "invisible"} <= set(names):
        found["kinetic"] = tables.without_pole(found["kinetic"], mediator)
    return found
