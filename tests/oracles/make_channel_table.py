"""Make the packaged amplitudes of hadronic channels from quadratic forms of partial widths.

    cd tests; python -m oracles.make_channel_table WIDTHS.csv [-o FOLDER]

WIDTHS.csv: mass_GeV, channel, w_aa, w_bb, w_ss, w_ab, w_as, w_bs: the width (GeV) of a vector with
quark couplings a = c_u - c_d, b = c_u + c_d, s = c_s is a^2 w_aa + b^2 w_bb + ... + b s w_bs.
It is the file that make_hadron_table.py reads. Lines that start with # are comments.

A form is turned into the amplitudes it came from, so that |a f_a + b f_b + s f_s|^2 is never
negative, whatever the rounding: the moduli from w_aa, w_bb, w_ss, the phases from the interference
terms, each up to a sign that continuity in the mass decides. pi0 gamma at low mass is taken from
the axial anomaly, and the omega in pi+ pi- is told from the rho. The .yaml has what is printed.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.optimize import least_squares

from oracles.make_hadron_table import (  # fmt: skip
    ALPHA,
    BLEND_ANOMALY,
    M_ETA,
    M_K,
    M_K0,
    M_PI,
    M_PI0,
    OMEGA,
    PHI,
    RHO_MASS,
    WIDTH_PI0,
    read_csv,
    step,
)

STEP, END = 4e-3, 1.72  # of the grid, in ln sqrt_s; GeV
OMEGA_EE, OMEGA_PIPI = 7.38e-5, 0.0153  # branching ratios, PDG
NAMES = {
    "PiGamma": "pi0gamma", "EtaGamma": "etagamma", "2pi": "pipi", "3pi": "3pi", "4pi": "4pi",
    "KK": "KK", "KKpi": "KKpi", "KKpipi": "KKpipi", "EtaPiPi": "etapipi", "OmegaPion": "omegapi0",
    "EtaOmega": "etaomega", "EtaPhi": "etaphi", "EtaPrimePiPi": "etaprimepipi", "PhiPi": "phipi",
    "PhiPiPi": "phipipi", "OmPiPi": "omegapipi", "6pi": "6pi",
}  # fmt: skip
M_OMEGA, M_PHI, M_ETAP = OMEGA[0], PHI[0], 0.95778
# energy where a channel opens, and power p of the factor (1 - E0^2/s)^p of its amplitude; where the
# fits start far above the threshold of the masses, the energy is where they start
OPENING = {
    "pi0gamma": (M_PI0, 1.5), "etagamma": (M_ETA, 1.5), "pipi": (2 * M_PI, 0.75),
    "3pi": (2 * M_PI + M_PI0, 2.0), "4pi": (0.60667, 1.0), "KKpi": (2 * M_K + M_PI0, 1.0),
    "KKpipi": (1.52, 1.0), "etapipi": (M_ETA + 2 * M_PI, 1.0), "omegapi0": (M_OMEGA + M_PI0, 1.0),
    "etaomega": (M_ETA + M_OMEGA, 1.0), "etaphi": (M_ETA + M_PHI, 1.0),
    "etaprimepipi": (M_ETAP + 2 * M_PI, 1.0), "phipi": (M_PHI + M_PI0, 1.0),
    "phipipi": (M_PHI + 2 * M_PI0, 1.0), "omegapipi": (M_OMEGA + 2 * M_PI0, 1.0),
    "6pi": (1.40, 1.0),
}  # fmt: skip
FIRST = {"pi0gamma": 0.165, "etagamma": 0.565, "3pi": 0.465}  # below, rounding or threshold differ


def read_forms(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Channel -> (masses, R of aa, bb, ss, ab, as, bs), R = width/(alpha m/3) at couplings e."""
    points: dict[str, list[list[float]]] = defaultdict(list)
    for mass, channel, *weights in read_csv(path):
        scale = 4 * np.pi * ALPHA / (ALPHA * float(mass) / 3)
        points[channel].append([float(mass), *(scale * float(w) for w in weights)])
    tables = {NAMES[c]: np.array(sorted(p)).T for c, p in points.items() if c in NAMES}
    return {name: (t[0], t[1:]) for name, t in tables.items()}


def opening(name: str, energy: np.ndarray) -> np.ndarray:
    """Factor with which the amplitude of a channel opens."""
    first, power = OPENING[name]
    return np.maximum(0.0, 1 - first**2 / energy**2) ** power


def pole(parameters: tuple[float, float], energy: np.ndarray) -> np.ndarray:
    """M^2/(M^2 - s - i M Gamma)."""
    mass, width = parameters
    return mass**2 / (mass**2 - energy**2 - 1j * mass * width)


def fit_pole(energy, square, start: tuple[float, float]) -> tuple[float, float]:
    """Mass and constant width with which `square` |M^2 - s - i M Gamma|^2 is smooth near the pole.

    The fits give the omega and the phi widths that run with s: within 30 MeV of the pole that is a
    shift of the mass by up to 0.3 MeV.
    """
    near = abs(energy - start[0]) < 0.03

    def residual(p):
        e = energy[near]
        bare = np.log(square[near] * abs(1 / pole((p[0], p[1]), e)) ** 2)
        return bare - np.polynomial.polynomial.polyval(e - start[0], p[2:])

    guess = [*start, float(residual([*start, 0.0, 0.0]).mean()), 0.0, 0.0]
    mass, width = least_squares(residual, guess, x_scale=[1e-4, 1e-4, 1.0, 1.0, 1.0]).x[:2]
    return float(mass), float(width)


def poles_of(name: str, energy, bb, ss, mixed: bool) -> list[np.ndarray]:
    """Poles of a (that of b where `mixed`, else 1), b and s at `energy`, fitted to the forms."""
    known = energy > 0.6
    omega = OMEGA if name == "KK" else fit_pole(energy[known], bb[known], OMEGA)
    phi = fit_pole(energy, ss, PHI)
    shown = [[float(f"{v:.6g}") for v in p] for p in (omega, phi)]
    print(f"{name}: omega {shown[0]}, phi {shown[1]}")
    first = pole(shown[0], energy) if mixed else np.ones_like(energy)  # type: ignore[arg-type]
    return [first, *(pole(p, energy) for p in shown)]  # type: ignore[arg-type]


def follow(energy, cosines, poles, trust) -> tuple[np.ndarray, np.ndarray]:
    """Phases of h_a and h_s, where f_i = h_i pole_i and h_b > 0, from cosines (ab, as, bs).

    `trust`: where the cosine of a and s, which decides the relative sign, means anything.
    """
    ab, a_s, bs = (np.clip(c, -1, 1) for c in cosines)
    shift_a, shift_s = np.angle(poles[1] / poles[0]), np.angle(poles[1] / poles[2])
    found: list[np.ndarray] = []
    for i in range(len(energy)):
        choices = []
        for sign_a in (1, -1):
            for sign_s in (1, -1):
                t_a, t_s = sign_a * np.arccos(ab[i]), sign_s * np.arccos(bs[i])
                wrong = 3 * abs(np.cos(t_a - t_s) - a_s[i]) * trust[i]
                here = np.array([t_a + shift_a[i], t_s + shift_s[i]])
                # at the start, h_s is behind h_b: the other sign is the complex conjugate
                last = found[-1] if found else np.array([here[0], min(here[1], -here[1])])
                move = (here - last + np.pi) % (2 * np.pi) - np.pi
                choices.append((np.abs(move).sum() + wrong, last + move))
        found.append(min(choices, key=lambda c: c[0])[1])
    return tuple(np.array(found).T)  # type: ignore[return-value]


def complex_columns(name: str, energy, forms, share, poles, grid) -> dict[str, np.ndarray]:
    """Columns a_re, a_im, b, s_re, s_im of one amplitude on the grid.

    `share` = (S, D): the forms are S |.|^2, apart from ab and as, which are D Re(.).
    """
    aa, bb, ss, ab, a_s, bs = forms
    keep = (np.minimum(aa, np.minimum(bb, ss)) > 0) & (energy > FIRST.get(name, 0.0))
    energy, whole, part = energy[keep], share[0][keep], share[1][keep]
    a, b, s = (np.sqrt(w[keep] / whole) for w in (aa, bb, ss))
    cosines = [ab[keep] / (2 * a * b * part), a_s[keep] / (2 * a * s * part)]
    cosines.append(bs[keep] / (2 * b * s * whole))
    poles = [p[keep] for p in poles]
    phase_a, phase_s = follow(energy, cosines, poles, part > 0.15 * whole)
    h = [a / abs(poles[0]) * np.exp(1j * phase_a), b / abs(poles[1])]
    h.append(s / abs(poles[2]) * np.exp(1j * phase_s))
    x = np.clip(np.log(grid), np.log(energy[0]), None)
    parts = {"a_re": h[0].real, "a_im": h[0].imag, "b": h[1], "s_re": h[2].real, "s_im": h[2].imag}
    return {k: CubicSpline(np.log(energy), v, bc_type="natural")(x) for k, v in parts.items()}


def rank_two(name: str, energy, forms, grid) -> dict[str, np.ndarray]:
    """pi0 gamma, eta gamma, 3 pi: one amplitude with poles at omega (b, and a of 3 pi) and phi (s).

    The isovector part of 3 pi is the mixing of rho and omega.
    """
    square = np.maximum(opening(name, energy), 1e-9) ** 2
    poles = poles_of(name, energy, forms[1] / square, forms[2] / square, name == "3pi")
    columns = complex_columns(name, energy, forms, (square, square), poles, grid)
    if name == "pi0gamma":
        w = step(grid, BLEND_ANOMALY)
        for key, low in anomaly(grid).items():
            columns[key] = (1 - w) * low + w * columns[key]
    return columns


def anomaly(energy: np.ndarray) -> dict[str, np.ndarray]:
    """pi0 gamma well below the rho: (a F_rho/2 + 3 b F_omega/2) sqrt(2 Gamma s/(alpha m^3)).

    The trace of the pion with Q X is (2 x_u + x_d)/6 = (a/6 + b/2)/2.
    """
    s = np.minimum(energy, BLEND_ANOMALY[1]) ** 2
    scale = np.sqrt(2 * WIDTH_PI0 * s / (ALPHA * M_PI0**3))
    isoscalar = 1.5 * scale / (1 - s / M_OMEGA**2) / abs(pole(OMEGA, np.sqrt(s)))
    zero = np.zeros_like(s)
    isovector = 0.5 * scale / (1 - s / RHO_MASS**2)
    return {"a_re": isovector, "a_im": zero, "b": isoscalar, "s_re": zero, "s_im": zero}


def kaons(energy, forms, grid) -> dict[str, np.ndarray]:
    """K+K- with (f_a, f_b, f_s) and K0 K0bar with (-f_a, f_b, f_s), each times its beta^(3/2)."""
    charged = (1 - (2 * M_K) ** 2 / energy**2) ** 1.5
    neutral = np.maximum(0.0, 1 - (2 * M_K0) ** 2 / energy**2) ** 1.5
    share = (charged + neutral, charged - neutral)
    poles = poles_of("KK", energy, forms[1], forms[2] / share[0], mixed=False)
    return complex_columns("KK", energy, forms, share, poles, grid)


def pions(energy, forms, grid) -> tuple[dict[str, np.ndarray], tuple[float, float]]:
    """pi+ pi-: |f_a|, where f_b = 3 mu f_a with mu = size e^{i phase} (s/M^2) BW_omega.

    The form factor |f_a (1 + mu)|^2 of the photon is what the fit gives. The size follows from
    BR(omega -> e+e-) BR(omega -> pi+pi-) = alpha^2/9 |f_a size M/Gamma|^2 at the omega, the phase
    from the form factor between 0.70 and 0.86 GeV as a rho pole times a cubic, times |1 + mu|^2.
    """
    square = forms[0] / opening("pipi", energy) ** 2
    near = (energy > 0.70) & (energy < 0.86)
    e, target = energy[near], np.log(square[near])
    beta = float(opening("pipi", np.array([M_OMEGA]))[0])

    def smooth(p, e):
        mass, width, *series = p
        rho = -np.log((e**2 - mass**2) ** 2 + (mass * width) ** 2)
        return rho + np.polynomial.chebyshev.chebval((e - 0.78) / 0.08, series)

    def size(p):
        height = np.exp(0.5 * smooth(p, M_OMEGA)) * beta * M_OMEGA / OMEGA[1]
        return np.sqrt(9 / ALPHA**2 * OMEGA_EE * OMEGA_PIPI) / height

    def mixing(delta, phase, e):
        return delta * np.exp(1j * phase) * (e / M_OMEGA) ** 2 * pole(OMEGA, e)

    def residual(p, delta=None):
        mu = mixing(size(p[1:]) if delta is None else delta, p[0], e)
        return smooth(p[1:], e) + 2 * np.log(abs(1 + mu)) - target

    start = [0.15, 0.76, 0.145, -0.7, 0.0, 0.0, 0.0]
    fit = least_squares(residual, start).x
    free = least_squares(
        lambda p: residual(p[1:], p[0]), [0.0018, *start], x_scale=[1e-3] + [1] * 7
    )
    implied = OMEGA_PIPI * (free.x[0] / size(free.x[2:])) ** 2
    print(f"BR(omega -> pi pi) free in the fit: {implied:.4f}, residual {abs(free.fun).max():.4f}")
    print(f"fixed: residual {abs(residual(fit)).max():.4f}")
    delta, phase = float(size(fit[1:])), float(fit[0])
    amplitude = np.sqrt(square) / abs(1 + mixing(delta, phase, energy))
    x = np.log(np.maximum(grid, energy[1]))  # the first point, 1 MeV above threshold, is rounded
    values = np.exp(CubicSpline(np.log(energy[1:]), np.log(amplitude[1:]), bc_type="natural")(x))
    return {"a": values}, (delta, phase)


def factor(name: str, energy, forms, grid) -> dict[str, np.ndarray]:
    """Real columns of a form in a and s, or in one charge: |a l_a + s l_s|^2 + s^2 l_2^2."""
    scale = np.maximum(opening(name, energy), 1e-9)
    aa, bb, ss, _, a_s, _ = forms / scale**2
    x = np.log(np.maximum(grid, energy[0]))

    def on_grid(values):
        return PchipInterpolator(np.log(energy), values)(x)

    if aa.max() > 0 and ss.max() > 0:
        first = np.sqrt(aa)
        mixed = a_s / (2 * np.maximum(first, 1e-30))
        rest = np.sqrt(np.maximum(ss - mixed**2, 0.0))
        return {"a": on_grid(first), "s": on_grid(mixed), "s2": on_grid(rest)}
    key, only = next((k, w) for k, w in zip("abs", (aa, bb, ss), strict=True) if w.max() > 0)
    return {key: on_grid(np.sqrt(only))}


def main() -> None:
    """Read the forms, write the table and the description of its channels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("widths", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path())
    options = parser.parse_args()
    forms = read_forms(options.widths)
    count = int(np.ceil(np.log(END / M_PI0) / STEP)) + 1
    grid = M_PI0 * np.exp(STEP * np.arange(count))
    columns: dict[str, np.ndarray] = {}
    for name, (energy, form) in forms.items():
        if name in ("pi0gamma", "etagamma", "3pi"):
            found = rank_two(name, energy, form, grid)
        elif name == "KK":
            found = kaons(energy, form, grid)
        elif name == "pipi":
            found, mixing = pions(energy, form, grid)
            print(f"rho-omega mixing: size {mixing[0]:.4e}, phase {mixing[1]:.4f}")
        else:
            found = factor(name, energy, form, grid)
        columns |= {f"{name}.{key}": values for key, values in found.items()}
    with (options.output / "hadron_channels.csv").open("w", encoding="utf-8") as handle:
        handle.write("# amplitudes of hadronic channels; see the .yaml of this name\n")
        handle.write(",".join(["sqrt_s_GeV", *columns]) + "\n")
        for i, energy in enumerate(grid):
            row = (f"{values[i]:.5g}" for values in columns.values())
            handle.write(",".join([f"{energy:.6g}", *row]) + "\n")


if __name__ == "__main__":
    main()
