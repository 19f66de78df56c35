"""Make the packaged table of R(sqrt s) from exclusive widths and from the world data on R.

    python make_hadron_table.py WIDTHS.csv R_DATA.csv [-o OUTPUT.csv] [--figure R.png]

WIDTHS.csv: mass_GeV, channel, w_aa, w_bb, w_ss, w_ab, w_as, w_bs: quadratic forms for the partial
widths (GeV) of a vector with quark couplings a = c_u - c_d, b = c_u + c_d, s = c_s.
R_DATA.csv: sqrt_s_GeV, R, error. Lines that start with # are comments.
The steps and their windows are told in docs/inputs-hadrons.md.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.linalg import solveh_banded

from vectorportal.inputs.hadrons import r_perturbative

ALPHA = 1 / 137.036
# Masses and widths in GeV: PDG, R. L. Workman et al., PTEP 2022, 083C01, and later updates.
M_PI0, M_PI, M_K, M_K0, M_ETA = 0.1349768, 0.13957039, 0.493677, 0.497611, 0.547862
OMEGA, PHI = (0.78266, 0.00868), (1.01946, 0.004249)
RHO_MASS, WIDTH_PI0 = 0.77526, 7.80e-9  # Gamma(pi0 -> 2 gamma): PrimEx-II, Science 368 (2020) 506
PSI_3770 = (3.7737, 0.0272, 0.261e-6)  # mass, width, electronic width
M_D = 1.86484

STEP = 5e-4  # of the packaged grid, in ln sqrt_s
SQRT_S_MAX = 12.0
BLEND_ANOMALY = (0.40, 0.60)  # pi0 gamma alone: axial anomaly -> fit
BLEND_EXCLUSIVE = (1.40, 1.60)  # exclusive sum -> smoothed data
BLEND_PERTURBATIVE = (10.4, 11.3)  # smoothed data -> perturbative QCD, five flavours
FIT_RANGE = (1.25, 10.5)
# smoothing length in ln sqrt_s at these energies, a power law between them
SMOOTHING = ((1.25, 0.018), (1.95, 0.018), (2.1, 0.12), (3.5, 0.12), (3.7, 0.006), (4.6, 0.006),
             (5.0, 0.15), (10.5, 0.15))  # fmt: skip


def read_csv(path: Path) -> list[list[str]]:
    """The rows of a CSV file without comments and without its header."""
    with path.open(encoding="utf-8") as handle:
        return list(csv.reader(line for line in handle if not line.startswith("#")))[1:]


def read_widths(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Channel -> (masses, R of the channel) for the electromagnetic charges."""
    e = np.sqrt(4 * np.pi * ALPHA)
    a, b, s = e, e / 3, -e / 3
    form = np.array([a * a, b * b, s * s, a * b, a * s, b * s])
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for mass, channel, *weights in read_csv(path):
        width = form @ np.array([float(w) for w in weights])
        points[channel].append((float(mass), width / (ALPHA * float(mass) / 3)))
    return {name: tuple(np.array(sorted(p)).T) for name, p in points.items()}  # type: ignore[misc]


def velocity_cubed(mass: float, energy: np.ndarray) -> np.ndarray:
    """(1 - 4 m^2/s)^(3/2), zero below threshold."""
    return np.maximum(0.0, 1 - 4 * mass**2 / energy**2) ** 1.5


def threshold_factor(channel: str, energy: np.ndarray) -> np.ndarray:
    """The factor with which a channel opens, for the channels that matter where they open."""
    if channel == "2pi":
        return velocity_cubed(M_PI, energy)
    if channel == "KK":
        return velocity_cubed(M_K, energy) + velocity_cubed(M_K0, energy)
    mass = {"PiGamma": M_PI0, "EtaGamma": M_ETA}[channel]
    return np.maximum(0.0, 1 - mass**2 / energy**2) ** 3


def propagators(energy: np.ndarray) -> np.ndarray:
    """|D_omega|^2 |D_phi|^2 / s^4: times this, a channel is smooth on the grid of the widths."""
    out = np.ones_like(energy)
    for mass, width in (OMEGA, PHI):
        out *= ((energy**2 - mass**2) ** 2 + (mass * width) ** 2) / energy**4
    return out


def channel_ratio(channel: str, mass: np.ndarray, ratio: np.ndarray, energy: np.ndarray):
    """R of one channel at `energy`, interpolated in its smooth part."""
    low, high = mass[0], mass[-1]
    if channel in ("2pi", "KK", "PiGamma", "EtaGamma"):
        keep = threshold_factor(channel, mass) > 1e-6
        mass, ratio = mass[keep], ratio[keep]
        smooth = np.log(ratio * propagators(mass) / threshold_factor(channel, mass))
        fit = CubicSpline(np.log(mass), smooth, bc_type="natural")
        x = np.clip(np.log(energy), None, np.log(high))
        below = np.minimum(x - np.log(mass[0]), 0.0)  # power law below the first mass
        value = np.exp(fit(np.maximum(x, np.log(mass[0]))) + below * fit(np.log(mass[0]), 1))
        return value * threshold_factor(channel, energy) / propagators(energy)
    if channel == "3pi":
        fit = CubicSpline(np.log(mass), np.log(ratio * propagators(mass)), bc_type="natural")
        value = np.exp(fit(np.clip(np.log(energy), np.log(low), np.log(high))))
        return np.where(energy >= low, value / propagators(energy), 0.0)
    start = np.concatenate([[2 * low - mass[1]], mass])
    fit = PchipInterpolator(start, np.concatenate([[0.0], ratio]))
    return np.where(energy > start[0], fit(np.clip(energy, start[0], high)), 0.0)


def pi0_gamma_anomaly(energy: np.ndarray) -> np.ndarray:
    """R of pi0 gamma from Gamma(pi0 -> 2 gamma), with rho and omega poles, well below the rho.

    sigma = 8 pi alpha Gamma/(3 m^3) (1 - m^2/s)^3 |F(s)|^2, F(0) = 1 by the axial anomaly.
    """
    s = np.minimum(energy, BLEND_ANOMALY[1]) ** 2
    form = 0.5 / (1 - s / RHO_MASS**2) + 0.5 / (1 - s / OMEGA[0] ** 2)
    coupling = 2 * WIDTH_PI0 / (ALPHA * M_PI0**3)
    return coupling * s * threshold_factor("PiGamma", np.sqrt(s)) * form**2


def exclusive_ratio(channels: dict[str, tuple[np.ndarray, np.ndarray]], energy: np.ndarray):
    """The sum of the exclusive channels (meant below the end of BLEND_EXCLUSIVE)."""
    parts = {name: channel_ratio(name, *points, energy) for name, points in channels.items()}
    w = step(energy, BLEND_ANOMALY)
    parts["PiGamma"] = (1 - w) * pi0_gamma_anomaly(energy) + w * parts["PiGamma"]
    return sum(parts.values())


def psi_3770(energy: np.ndarray) -> np.ndarray:
    """The psi(3770) as a Breit-Wigner that opens smoothly at the D Dbar threshold."""
    mass, width, width_ee = PSI_3770
    shape = 9 / ALPHA**2 * width_ee * width * energy**4 / mass**2
    shape /= (energy**2 - mass**2) ** 2 + (mass * width) ** 2
    above = np.clip((energy - 2 * M_D) / (mass - 2 * M_D), 0.0, 1.0)
    return shape * above**2 * (3 - 2 * above) * (mass / energy) ** 8


def bin_average(function, energy: np.ndarray, width: float = 0.012) -> np.ndarray:
    """Mean of `function` over bins of relative `width` in ln sqrt_s."""
    shift = np.linspace(-0.5, 0.5, 41) * width
    return function(energy[:, None] * np.exp(shift)).mean(axis=1)


def smooth_data(data: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Penalised least squares: sum (f - d)^2/error^2 + int lambda(x) f''(x)^2 dx, x = ln sqrt_s.

    lambda = l^4 rho/error^2 with the smoothing length l of SMOOTHING, rho = 1/0.012 bins per unit
    of x and error = 1.5 per cent. The psi(3770), narrower than its bin, is taken out (averaged over
    bins) and put back.
    """
    inside = (data[:, 0] > FIT_RANGE[0]) & (data[:, 0] < FIT_RANGE[1])
    e, r, error = data[inside].T
    r = r - bin_average(psi_3770, e)
    h = 1e-3
    x = np.arange(np.log(FIT_RANGE[0]), np.log(FIT_RANGE[1]) + h, h)
    index = np.minimum(((np.log(e) - x[0]) / h).astype(int), len(x) - 2)
    t = (np.log(e) - x[index]) / h
    knots, lengths = np.log(SMOOTHING).T
    log_length = np.interp(x, knots, lengths)
    penalty = np.exp(4 * log_length) / 0.012 / (0.015 * np.interp(x, np.log(e), r)) ** 2 / h**3
    bands = np.zeros((3, len(x)))  # upper form: diagonal k in row 2 - k
    for weight, i, j, value in (
        (1 / error**2, index, 0, (1 - t) ** 2),
        (1 / error**2, index + 1, 0, t**2),
        (1 / error**2, index + 1, 1, t * (1 - t)),
    ):
        np.add.at(bands[2 - j], i, weight * value)
    middle = penalty[1:-1]
    stencil = (1.0, -2.0, 1.0)
    for p in range(3):
        for q in range(p, 3):
            np.add.at(
                bands[2 - (q - p)],
                np.arange(q, q + len(middle)),
                middle * stencil[p] * stencil[q],
            )
    right = np.zeros(len(x))
    np.add.at(right, index, (1 - t) * r / error**2)
    np.add.at(right, index + 1, t * r / error**2)
    fit = CubicSpline(x, solveh_banded(bands, right), bc_type="natural")
    return fit(np.clip(np.log(energy), x[0], x[-1])) + psi_3770(energy)


def step(energy: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    """From 0 to 1 across the window, with two continuous derivatives in ln sqrt_s."""
    t = np.clip(np.log(energy / window[0]) / np.log(window[1] / window[0]), 0.0, 1.0)
    return t**3 * (10 - 15 * t + 6 * t * t)


def full_ratio(channels, data: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """R without narrow peaks, from the threshold of pi0 gamma to SQRT_S_MAX."""
    low, middle = exclusive_ratio(channels, energy), smooth_data(data, energy)
    high = np.asarray(r_perturbative(np.maximum(energy, 5.0)))
    w = step(energy, BLEND_EXCLUSIVE)
    v = step(energy, BLEND_PERTURBATIVE)
    return (1 - w) * low + w * (1 - v) * middle + v * high


def table(channels, data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The uniform grid in ln sqrt_s and ln[R/(1 - m_pi0^2/s)^3] on it, the first at threshold."""
    count = int(np.ceil(np.log(SQRT_S_MAX / M_PI0) / STEP))
    x = np.log(M_PI0) + STEP * np.arange(count + 1)
    energy = np.exp(x)
    energy[0] *= 1 + 1e-4  # the limit at threshold, where the ratio is 0/0
    reduced = full_ratio(channels, data, energy) / (1 - M_PI0**2 / energy**2) ** 3
    return x, np.log(reduced)


def draw(x: np.ndarray, channels, data: np.ndarray, path: Path) -> None:
    """R and the data, in four ranges."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(3, 2, figsize=(15, 15))
    ranges = ((0.13, 0.5), (0.5, 0.9), (0.9, 1.3), (1.2, 3.0), (3.5, 5.0), (4.5, 14.0))
    for axis, (low, high) in zip(axes.flat, ranges, strict=True):
        e = np.geomspace(low, min(high, 12.0), 4000)
        axis.plot(e, full_ratio(channels, data, e), "b-", lw=1)
        if low < 2:
            axis.plot(e, exclusive_ratio(channels, e), "r--", lw=0.7)
        inside = (data[:, 0] > low) & (data[:, 0] < high)
        axis.errorbar(*data[inside].T[:2], yerr=data[inside].T[2], fmt="k.", ms=3, lw=0.8)
        if low < 0.6 or low == 0.9:
            axis.set_yscale("log")
        axis.set_xlim(low, high)
    figure.savefig(path, dpi=80, bbox_inches="tight")


def main() -> None:
    """Read the two files, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("widths", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("hadrons_r_ratio.csv"))
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    channels = read_widths(options.widths)
    data = np.array([[float(v) for v in row] for row in read_csv(options.data)])
    x, values = table(channels, data)
    with options.output.open("w", encoding="utf-8") as handle:
        handle.write(
            "# R(sqrt s) without narrow psi and Upsilon peaks; see the .yaml of this name\n"
        )
        handle.write("sqrt_s_GeV,ln_reduced_ratio\n")
        for energy, value in zip(np.exp(x), values, strict=True):
            handle.write(f"{energy:.6g},{value:.6f}\n")
    if options.figure:
        draw(x, channels, data, options.figure)


if __name__ == "__main__":
    main()
