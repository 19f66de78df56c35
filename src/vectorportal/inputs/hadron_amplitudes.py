"""Amplitudes of exclusive hadronic channels of a vector with quark charges: the packaged table.

A channel with the amplitude a f_a + b f_b + s f_s, where a = x_u - x_d, b = x_u + x_d, s = x_s,
gives R = |a f_a + b f_b + s f_s|^2: a form in the charges that is never negative. The poles of the
omega and the phi and the opening of the channel are factors of the f; what is tabulated is smooth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from vectorportal.errors import DataError
from vectorportal.numerics.arrays import take
from vectorportal.numerics.spline import CubicSpline1D, locate

__all__ = ["Channel", "ChannelTable", "load_channels"]

_COLUMNS = {
    "poles": ("a_re", "a_im", "b", "s_re", "s_im"),
    "poles-mixed": ("a_re", "a_im", "b", "s_re", "s_im"),
    "kaons": ("a_re", "a_im", "b", "s_re", "s_im"),
    "pions": ("a",),
}


@dataclass(frozen=True)
class Channel:
    """One channel: how its columns are read (`kind`), and where (GeV) and how it opens.

    `neutral`: opening of the neutral charge state; `omega`, `phi`: mass and width of the poles.
    """

    name: str
    kind: str
    opening: float
    power: float
    neutral: float = 0.0
    omega: tuple[float, float] = (1.0, 0.0)
    phi: tuple[float, float] = (1.0, 0.0)

    def factor(self, xp: Any, sqrt_s: Any, opening: float) -> Any:
        """Square of the factor with which the amplitude opens: (1 - opening^2/s)^(2 power)."""
        gap = 1 - (opening / sqrt_s) ** 2
        is_open = gap > 0
        return xp.where(is_open, xp.where(is_open, gap, 1.0) ** (2 * self.power), 0.0)


@dataclass(frozen=True)
class ChannelTable:
    """The channels and their columns; `mixing` = (size, phase) of omega -> pi+ pi-.

    `sqrt_s_max`: last energy of the table (GeV). The other fields are the energies (GeV) of the
    continuum, see `hadron_channels`.
    """

    channels: tuple[Channel, ...]
    mixing: tuple[float, float]
    sqrt_s_max: float
    continuum: tuple[float, float]
    charm: tuple[float, float, float, float]
    light: tuple[float, float]
    bottom: tuple[float, float]
    splines: dict[str, CubicSpline1D] = field(repr=False)

    def ratios(self, xp: Any, sqrt_s: Any, charges: tuple[tuple[Any, Any, Any], ...]) -> list[Any]:
        """For each (a, b, s) of `charges`, channel -> R at `sqrt_s` (GeV, inside the table)."""
        columns = self._columns(xp, sqrt_s)
        answers: list[Any] = [{} for _ in charges]
        for channel in self.channels:
            parts = {key: columns[f"{channel.name}.{key}"] for key in self._keys(channel)}
            opened = channel.factor(xp, sqrt_s, channel.opening)
            for answer, abs_ in zip(answers, charges, strict=True):
                if channel.kind == "factor":
                    value = opened * _real_form(parts, *abs_)
                elif channel.kind == "pions":
                    mixed = abs_[0] + 3 * abs_[1] * self._mixing(channel, sqrt_s)
                    value = opened * parts["a"] ** 2 * _squared(mixed)
                else:
                    value = _pole_form(xp, channel, sqrt_s, parts, opened, abs_)
                answer[channel.name] = value
        return answers

    def _columns(self, xp: Any, sqrt_s: Any) -> dict[str, Any]:
        """All columns at `sqrt_s`; they share one grid, so the place is found once."""
        first = next(iter(self.splines.values()))
        size = first.coefficients[0].size
        index, u = locate(xp, xp.log(sqrt_s), first.x0, first.dx, size)
        found = {}
        for name, spline in self.splines.items():
            c0, c1, c2, c3 = (take(xp, c, index) for c in spline.coefficients)
            found[name] = c0 + u * (c1 + u * (c2 + u * c3))
        return found

    def _keys(self, channel: Channel) -> tuple[str, ...]:
        names = (key.partition(".") for key in self.splines)
        return tuple(column for name, _, column in names if name == channel.name)

    def _mixing(self, channel: Channel, sqrt_s: Any) -> Any:
        """Amplitude of omega -> pi+ pi- over that of the rho, for a photon (b = a/3)."""
        size, phase = self.mixing
        turn = complex(size * math.cos(phase), size * math.sin(phase))
        return turn * (sqrt_s / channel.omega[0]) ** 2 * _pole(channel.omega, sqrt_s)


def _pole(parameters: tuple[float, float], sqrt_s: Any) -> Any:
    """M^2/(M^2 - s - i M Gamma)."""
    mass, width = parameters
    return mass**2 / ((mass - sqrt_s) * (mass + sqrt_s) - 1j * mass * width)


def _squared(amplitude: Any) -> Any:
    """|amplitude|^2 of a complex one, differentiable at zero."""
    return amplitude.real**2 + amplitude.imag**2


def _real_form(parts: dict[str, Any], a: Any, b: Any, s: Any) -> Any:
    """(a l_a + b l_b + s l_s)^2 + (s l_2)^2 with the columns that there are."""
    values = {"a": a, "b": b, "s": s}
    total: Any = sum(parts[k] * values[k] for k in parts if k != "s2")
    square = total * total
    return square + (parts["s2"] * s) ** 2 if "s2" in parts else square


def _pole_form(
    xp: Any,
    channel: Channel,
    sqrt_s: Any,
    parts: dict[str, Any],
    opened: Any,
    charges: tuple[Any, Any, Any],
) -> Any:
    """|a h_a + b h_b D_omega + s h_s D_phi|^2; of kaons, both charge states with their openings.

    In `poles-mixed` the isovector part goes through the omega as well.
    """
    a, b, s = charges
    omega, phi = _pole(channel.omega, sqrt_s), _pole(channel.phi, sqrt_s)
    isovector = a * (parts["a_re"] + 1j * parts["a_im"])
    rest = b * (parts["b"] * omega) + s * ((parts["s_re"] + 1j * parts["s_im"]) * phi)
    if channel.kind == "poles-mixed":
        isovector = isovector * omega
    value = opened * _squared(rest + isovector)
    if channel.kind == "kaons":
        neutral = channel.factor(xp, sqrt_s, channel.neutral)
        value = value + neutral * _squared(rest - isovector)
    return value


@lru_cache(maxsize=1)
def load_channels() -> ChannelTable:
    """The packaged table, read once. Raises DataError for a broken file."""
    import yaml

    folder = resources.files("vectorportal") / "data" / "inputs"
    try:
        meta = yaml.safe_load((folder / "hadron_channels.yaml").read_text(encoding="utf-8"))
        with (folder / "hadron_channels.csv").open(encoding="utf-8") as handle:
            lines = [line for line in handle if not line.startswith("#")]
        names = lines[0].strip().split(",")
        rows = np.loadtxt(lines[1:], delimiter=",", ndmin=2)
        return _assemble(meta, names, rows)
    except (OSError, KeyError, TypeError, ValueError, IndexError) as fault:
        text = f"The table of hadronic channels cannot be read: {fault!r}."
        raise DataError(text) from fault


def _assemble(meta: dict[str, Any], names: list[str], rows: np.ndarray) -> ChannelTable:
    first, dx = math.log(float(meta["first"])), float(meta["step"])
    grid = first + dx * np.arange(len(rows))
    if len(rows) != meta["rows"] or not np.allclose(rows[:, 0], np.exp(grid), rtol=1e-5, atol=0):
        raise ValueError("its energies are not the uniform grid that its description states")
    if not np.isfinite(rows).all():
        raise ValueError("it holds a number that is not finite")
    channels = tuple(Channel(**entry) for entry in meta["channels"])
    splines = {
        name: CubicSpline1D.fit(first, dx, rows[:, i]) for i, name in enumerate(names) if i > 0
    }
    for channel in channels:
        have = {n.partition(".")[2] for n in names if n.startswith(f"{channel.name}.")}
        need = set(_COLUMNS.get(channel.kind, ()))
        if not have or (need and need != have) or not have <= {"a", "b", "s", "s2", *need}:
            raise ValueError(f"the columns of {channel.name} are {sorted(have)}")
    return ChannelTable(
        channels=channels,
        mixing=(float(meta["mixing"]["size"]), float(meta["mixing"]["phase"])),
        sqrt_s_max=float(np.exp(grid[-1])),
        continuum=tuple(meta["continuum"]),
        charm=tuple(meta["charm"]),
        light=tuple(meta["light"]),
        bottom=tuple(meta["bottom"]),
        splines=splines,
    )
