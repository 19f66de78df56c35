"""The picture of figure 6: the phase diagram, and the maps of the density behind its lines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorportal.papers.style import (
    BLACK,
    COLOURS,
    OURS,
    QUOTED,
    blank,
    log_axes,
    power_of_ten,
    told,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

_LINES = {"v": COLOURS["blue"], "v_x": COLOURS["vermilion"]}
_NAMES = {"v": r"T_{\rm rh} = v", "v_x": r"T_{\rm rh} = v_X"}
_WIDTHS = {"v": 3.4, "v_x": 1.8}
"""thin over thick, since both lines coincide in freeze-out"""
_FREEZE_OUT = COLOURS["purple"]
_POSSIBLE, _TOO_MUCH = "#FFF3C4", "#DDE3E8"
_DOUBT = (0, (2.5, 1.2))
_JUMP = 6.0
"""steps of the scan in g_x per step in epsilon, above which a line is not joined"""
_SPAN = 12.0
"""decades of omega_h2 over the target, both ways, that the maps tell apart"""


def draw(data: xarray.Dataset) -> Figure:
    """The picture of the dataset of figure 6, as a figure on its own canvas."""
    picture = blank(14.0, 8.6)
    m_x = data.attrs["m_x"]
    picture.suptitle(
        rf"Freeze-in and freeze-out of $X^\pm$, $m_X = {m_x:.3g}$ GeV, $R = 1$, "
        rf"$\Omega h^2 = {data.attrs['omega_h2']:.3g}$ ({told(data.attrs['prescription'])})",
        fontsize=13,
    )
    grid = picture.add_gridspec(2, 2, width_ratios=(1.75, 1.0))
    main = picture.add_subplot(grid[:, 0])
    _frame(main, data)
    _draw_regions(main, data)
    _draw_bands(main, data)
    _draw_lines(main, data)
    _draw_points(main, data)
    _write_regions(main, data)
    for row, t_rh in enumerate(data["t_rh"].values):
        _draw_map(picture, picture.add_subplot(grid[row, 1]), data, str(t_rh))
    picture.legend(
        handles=_handles(data), loc="outside lower center", ncols=5, fontsize=9, frameon=False
    )
    return picture


def _frame(axes: Axes, data: xarray.Dataset) -> None:
    epsilon, g_x = data["epsilon"].values, data["g_x"].values
    log_axes(axes, (epsilon[0], epsilon[-1]), (g_x[0], g_x[-1]))
    axes.set_xlabel(r"kinetic mixing $\epsilon$", fontsize=11)
    axes.set_ylabel(r"dark coupling $g_X$", fontsize=11)


def _excess(data: xarray.Dataset, t_rh: str) -> np.ndarray:
    """log10 of omega_h2 over the target, (g_x, epsilon)."""
    omega = data["omega_h2"].sel(t_rh=t_rh).values
    with np.errstate(divide="ignore"):
        return np.log10(omega / data.attrs["omega_h2"])


def _signs(data: xarray.Dataset) -> list[np.ndarray]:
    """The excess at `v` and `v_x` between -1 and 1; a point without a value between two on the same
    side, along g_x or epsilon, counts as on that side."""
    answer = []
    for t_rh in ("v", "v_x"):
        excess = np.clip(_excess(data, t_rh), -1.0, 1.0)
        for turned in (excess, excess.T):
            for row in turned:
                known = np.flatnonzero(np.isfinite(row))
                for i, j in pairwise(known):
                    if row[i] * row[j] > 0.0:
                        row[i + 1 : j] = np.copysign(1.0, row[i])
        answer.append(excess)
    return answer


def _draw_regions(axes: Axes, data: xarray.Dataset) -> None:
    """Where both reheating temperatures leave too much, and where one between them is right."""
    epsilon, g_x = data["epsilon"].values, data["g_x"].values
    v, v_x = _signs(data)
    for values, colour in ((np.fmin(v, v_x), _TOO_MUCH), (-v * v_x, _POSSIBLE)):
        axes.contourf(epsilon, g_x, values, levels=[0.0, 9.0], colors=[colour], zorder=0)
    cutoff = data["cutoff"]
    beyond = np.log10(cutoff.values / cutoff.attrs["planck_mass"])
    axes.contourf(epsilon, g_x, beyond, levels=[0.0, 99.0], colors=["#7A1F1F"], zorder=6)


def _draw_bands(axes: Axes, data: xarray.Dataset) -> None:
    """Late decays, the threshold of Z_D, and dark thermalisation."""
    epsilon, lifetime = data["epsilon"].values, data["lifetime_zd"].values
    edges = _at_lifetime(epsilon, lifetime, data.attrs["late_s"])
    grey = COLOURS["grey"]
    axes.axvspan(*edges, facecolor="none", edgecolor=grey, hatch="//", lw=0.0, alpha=0.35, zorder=1)
    few = np.log(data["epsilon_history"].values)
    g_x = data["g_x_history"].values
    late = np.geomspace(edges[0], edges[1], 60)
    many = _spread(few, np.maximum(data["y_zd"].min("t_rh").values, 1e-290), late)
    many = np.log10(many / data.attrs["baryons"])
    axes.contourf(late, g_x, many, levels=[0.0, 400.0], colors=[grey], alpha=0.45, zorder=1)
    axes.axvline(data["contact"].item(), color=OURS, lw=1.2, ls="--", zorder=3)
    axes.axvline(data.attrs["quoted_contact"], color=QUOTED, lw=1.2, ls=":", zorder=3)
    apart = np.geomspace(epsilon[0], data["contact"].item(), 80)
    for t_rh, dash in (("v", "-"), ("v_x", "--")):
        rate = _spread(few, np.maximum(data["dark_rate"].sel(t_rh=t_rh).values, 1e-290), apart)
        look: dict[str, Any] = {"colors": [BLACK], "linewidths": 1.1, "linestyles": [dash]}
        axes.contour(apart, g_x, np.log10(rate), levels=[0.0], zorder=4, **look)


def _spread(log_epsilon: np.ndarray, values: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    """Rows of `values` over `log_epsilon` at other `epsilon`, straight in the logarithms."""
    rows = [np.interp(np.log(epsilon), log_epsilon, np.log(row)) for row in values]
    return np.exp(np.stack(rows))


def _at_lifetime(epsilon: np.ndarray, lifetime: np.ndarray, late: Any) -> np.ndarray:
    """epsilon at which the lifetime is the longest and the shortest of `late` (s)."""
    ends = np.log(np.asarray([late[1], late[0]]))
    return np.exp(np.interp(-ends, -np.log(lifetime), np.log(epsilon)))


def _draw_lines(axes: Axes, data: xarray.Dataset) -> None:
    """Lines of the scan, solid where the result is to be trusted; and freeze-out."""
    epsilon = data["epsilon"].values
    for t_rh, colour in _LINES.items():
        at = data.sel(t_rh=t_rh)
        for line, status in zip(at["line_g_x"].values, at["line_status"].values, strict=True):
            _draw_line(axes, data, line, status, colour, _WIDTHS[t_rh])
    line, status = data["freeze_out_g_x"].values, data["freeze_out_status"].values
    _draw_line(axes, data, line, status, _FREEZE_OUT, 7.0, alpha=0.5)
    axes.set_xlim(epsilon[0], epsilon[-1])


def _draw_line(
    axes: Axes, data: xarray.Dataset, line: Any, status: Any, colour: str, width: float, **look: Any
) -> None:
    """Runs of `line` over epsilon, dashed where an end is not to be trusted, broken at jumps."""
    epsilon, g_x = data["epsilon"].values, data["g_x"].values
    with np.errstate(invalid="ignore"):
        joined = np.abs(np.diff(np.log(line))) < _JUMP * np.log(g_x[1] / g_x[0])
    strange = (status[:-1] != 0) | (status[1:] != 0)
    kind = np.where(joined, np.where(strange, 2, 1), 0)
    starts = np.flatnonzero(np.diff(kind, prepend=-1))
    stops = np.append(starts[1:], kind.size)
    for start, stop in zip(starts, stops, strict=True):
        if kind[start]:
            piece, dash = slice(start, stop + 1), "-" if kind[start] == 1 else _DOUBT
            drawn: dict[str, Any] = {"color": colour, "lw": width, "ls": dash, "zorder": 7, **look}
            axes.plot(epsilon[piece], line[piece], **drawn)


def _draw_points(axes: Axes, data: xarray.Dataset) -> None:
    """The benchmarks, where they are quoted and where they leave the target."""
    for name in data["point"].values:
        at = data.sel(point=name)
        g_x, there = at["point_g_x"].item(), at["point_solved_epsilon"].item()
        quoted = at["point_epsilon"].item()
        look: dict[str, Any] = {"marker": "*", "ls": "", "ms": 15, "zorder": 11}
        axes.plot([quoted], [g_x], mfc=QUOTED, mec=BLACK, mew=0.7, **look)
        axes.annotate(
            str(name), (quoted, g_x), xytext=(-9, 7), textcoords="offset points",
            ha="right", fontsize=9.5, zorder=12,
        )  # fmt: skip
        if np.isfinite(there):
            arrow = {"arrowstyle": "->", "color": OURS, "lw": 0.9, "shrinkA": 6, "shrinkB": 3}
            axes.annotate("", (there, g_x), xytext=(quoted, g_x), arrowprops=arrow, zorder=10)
            look |= {"ms": 11, "zorder": 12}
            axes.plot([there], [g_x], mfc=OURS, mec="white", mew=0.7, **look)


def _write_regions(axes: Axes, data: xarray.Dataset) -> None:
    """Words on the regions, and the numbers behind the vertical lines."""
    look: dict[str, Any] = {"fontsize": 10.5, "ha": "center", "va": "center", "zorder": 9}
    axes.text(1e-4, 1e-3, "too much dark matter", **look)
    axes.text(1e-4, 0.6, "too little (freeze-out)", **look)
    v, v_x = (data["omega_h2"].sel(t_rh=t_rh) for t_rh in ("v", "v_x"))
    for epsilon, g_x in ((1e-14, 1e-7), (1e-16, 1e-4)):
        here = {"epsilon": epsilon, "g_x": g_x, "method": "nearest"}
        if max(v.sel(**here).item(), v_x.sel(**here).item()) < data.attrs["omega_h2"]:
            axes.text(epsilon, g_x, "too little (freeze-in)", **look)
            break
    small: dict[str, Any] = {"fontsize": 8.5, "zorder": 9}
    fall = data["line_g_x"].sel(side="falling", epsilon=slice(5e-10, 8e-9)).max().item()
    height = 1.7 * fall if np.isfinite(fall) else 0.42
    axes.text(4e-9, height, "secluded freeze-out", rotation=-24, ha="center", va="center", **small)
    contact = data["contact"].item()
    text = rf"$Z_D$ in contact above $\epsilon = {power_of_ten(contact, 2)}$"
    small |= {"rotation": 90, "va": "bottom"}
    axes.text(contact * 1.25, 1.2e-5, text, ha="left", **small)
    quoted = rf"quoted ${power_of_ten(data.attrs['quoted_contact'])}$"
    axes.text(data.attrs["quoted_contact"] / 1.2, 1.2e-5, quoted, ha="right", **small)


def _draw_map(picture: Figure, axes: Axes, data: xarray.Dataset, t_rh: str) -> None:
    """log10 of the density over the target; blank where there is no trustworthy value."""
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.ticker import LogLocator

    _frame(axes, data)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(1000.0, numticks=20))
    epsilon, g_x = data["epsilon"].values, data["g_x"].values
    excess = np.clip(_excess(data, t_rh), -_SPAN, _SPAN)
    axes.set_facecolor("white")
    mesh = axes.pcolormesh(
        epsilon, g_x, excess, cmap="PuOr_r", norm=TwoSlopeNorm(0.0, -_SPAN, 8.0), rasterized=True
    )
    strange = np.where(data["status"].sel(t_rh=t_rh).values == 2, 1.0, 0.0)
    dots = axes.contourf(epsilon, g_x, strange, levels=[0.5, 1.5], colors="none", hatches=["..."])
    dots.set_edgecolor(COLOURS["grey"])
    dots.set_linewidth(0.0)
    axes.contour(
        epsilon, g_x, excess, levels=[0.0], colors=[BLACK], linewidths=1.6, linestyles=["-"]
    )
    own = data["own_temperature"].sel(t_rh=t_rh).values.astype(float)
    if own.any():
        axes.contour(epsilon, g_x, own, levels=[0.5], colors=[COLOURS["green"]], linewidths=1.3)
    axes.set_title(f"${_NAMES[t_rh]}$", fontsize=11)
    bar = picture.colorbar(mesh, ax=axes, pad=0.01)
    bar.set_label(rf"$\log_{{10}}(\Omega h^2/{data.attrs['omega_h2']:.3g})$", fontsize=9.5)


def _handles(data: xarray.Dataset) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def line(text: str, **look: Any) -> Any:
        return Line2D([], [], label=text, **look)

    grey = COLOURS["grey"]
    handles: list[Any] = [
        line(rf"0.12 with ${name}$", color=_LINES[key], lw=_WIDTHS[key])
        for key, name in _NAMES.items()
    ]
    handles += [
        line("freeze-out from equilibrium", color=_FREEZE_OUT, lw=7.0, alpha=0.5),
        line("dashed: beyond validity", color=BLACK, lw=2.0, ls=_DOUBT),
        Patch(facecolor=_POSSIBLE, label=r"0.12 at some $T_{\rm rh}$ between $v$ and $v_X$"),
        line(r"dark annihilation reaches $H$ ($T_{\rm rh} = v$)", color=BLACK, lw=1.1),
        line(r"the same for $T_{\rm rh} = v_X$", color=BLACK, lw=1.1, ls="--"),
        Patch(
            facecolor="none", edgecolor=grey, hatch="//", label=r"$Z_D$ lives 0.1 to $10^{12}$ s"
        ),
        Patch(facecolor=grey, alpha=0.45, label=r"... and outnumbers baryons"),
        Patch(facecolor="#7A1F1F", label=r"$\Lambda > M_{\rm Pl}$"),
        line("benchmark, quoted", marker="*", ms=12, mfc=QUOTED, mec=BLACK, mew=0.7, ls=""),
        line("benchmark, obtained here", marker="*", ms=10, mfc=OURS, mec="white", ls=""),
        Patch(facecolor="white", edgecolor=BLACK, hatch="...", label="maps: beyond validity"),
    ]
    if data.attrs["temperature"] == "dark":
        green = COLOURS["green"]
        handles.append(line("maps: own temperature of the dark sector", color=green, lw=1.3))
    return handles
