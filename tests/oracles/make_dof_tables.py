"""Make the packaged tables of g_rho(T) and g_s(T): `python tests/oracles/make_dof_tables.py`.

Writes `dof_saikawa_shirai.csv` and `dof_drees.csv` into `src/vectorportal/data/inputs/`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

HERE = Path(__file__).resolve().parent
INPUTS = HERE.parents[1] / "src" / "vectorportal" / "data" / "inputs"
SPACING = 0.025  # of ln T: then the spline errs by 1e-5 at the QCD step, by 1e-6 elsewhere
polyval = np.polynomial.polynomial.polyval

# Saikawa, Shirai, JCAP 05 (2018) 035, arXiv:1803.01038, Table 1, in powers of t = ln(T/GeV).
A = (1.0, 1.11724, 3.12672e-1, -4.68049e-2, -2.65004e-2, -1.19760e-3,
     1.82812e-4, 1.36436e-4, 8.55051e-5, 1.22840e-5, 3.82259e-7, -6.87035e-9)  # fmt: skip
B = (1.43382e-2, 1.37559e-2, 2.92108e-3, -5.38533e-4, -1.62496e-4, -2.87906e-5,
     -3.84278e-6, 2.78776e-6, 7.40342e-7, 1.17210e-7, 3.72499e-9, -6.74107e-11)  # fmt: skip
C = (1.0, 6.07869e-1, -1.54485e-1, -2.24034e-1, -2.82147e-2, 2.90620e-2,
     6.86778e-3, -1.00005e-3, -1.69104e-4, 1.06301e-5, 1.69528e-6, -9.33311e-8)  # fmt: skip
D = (7.07388e1, 9.18011e1, 3.31892e1, -1.39779, -1.52558, -1.97857e-2,
     -1.60146e-1, 8.22615e-5, 2.02651e-2, -1.82134e-5, 7.83943e-5, 7.13518e-5)  # fmt: skip
# The same paper, (C.3), (C.4) and the functions they use: masses in GeV of e, mu, pi0, pi+- and
# four effective hadrons; the weights of the hadrons; exponent and cubic of the functions of m/T.
MASSES = (511e-6, 0.1056, 0.135, 0.140, 0.5, 0.77, 1.2, 2.0)
HADRONS_RHO = (1.05, 2.08, 4.165, 30.55, 89.4, 8209.0)
HADRONS_S = (1.034, 2.068, 4.16, 30.55, 90.0, 6209.0)
F_RHO = (1.04855, (1.0, 1.03757, 0.508630, 0.0893988))
B_RHO = (1.03149, (1.0, 1.03317, 0.398264, 0.0648056))
F_S = (1.04190, (1.0, 1.03400, 0.456426, 0.0595248))
B_S = (1.03365, (1.0, 1.03397, 0.342548, 0.0506182))
S_FIT = (1.0419, (1.0, 1.034, 0.456426, 0.0595249))
SEAM = (0.110, 0.130)  # GeV: where the two fits, which the paper joins at 0.120, are blended


def above(t: np.ndarray) -> np.ndarray:
    """Rows g_rho, g_s of the fit for T >= 120 MeV; t = ln(T/GeV)."""
    g_rho = polyval(t, A) / polyval(t, B)
    return np.stack([g_rho, g_rho / (1.0 + polyval(t, C) / polyval(t, D))])


def below(t: np.ndarray) -> np.ndarray:
    """Rows g_rho, g_s of the fit for T < 120 MeV, (C.3) and (C.4); t = ln(T/GeV)."""
    ratios = [mass / np.exp(t) for mass in MASSES]
    electron, muon, hadrons = ratios[0], ratios[1], ratios[2:]
    neutrino = 1.0 + 1.75 * suppressed(S_FIT, electron)
    g_rho = 2.030 + 1.353 * neutrino ** (4 / 3)
    g_rho += 3.495 * suppressed(F_RHO, electron) + 3.446 * suppressed(F_RHO, muon)
    g_rho += sum(w * suppressed(B_RHO, x) for w, x in zip(HADRONS_RHO, hadrons, strict=True))
    g_s = 2.008 + 1.923 * neutrino
    g_s += 3.442 * suppressed(F_S, electron) + 3.468 * suppressed(F_S, muon)
    g_s += sum(w * suppressed(B_S, x) for w, x in zip(HADRONS_S, hadrons, strict=True))
    return np.stack([g_rho, g_s])


def suppressed(shape: tuple[float, tuple[float, ...]], ratio: np.ndarray) -> np.ndarray:
    """exp(-a x) (1 + b x + c x^2 + d x^3) at x = m/T; exactly 0 where the exponential is."""
    rate, cubic = shape
    x = np.minimum(ratio, 700.0)
    return np.where(ratio < 700.0, np.exp(-rate * x) * polyval(x, cubic), 0.0)


def saikawa_shirai(t: np.ndarray) -> np.ndarray:
    """Rows g_rho, g_s at ln T: the two fits, blended in ln g by a quintic step over SEAM."""
    low, high = np.log(SEAM)
    u = np.clip((t - low) / (high - low), 0.0, 1.0)
    weight = u**3 * (10.0 - 15.0 * u + 6.0 * u**2)
    under = np.log(below(np.minimum(t, high)))
    over = np.log(above(np.maximum(t, low)))
    return np.exp((1.0 - weight) * under + weight * over)


def read_drees() -> np.ndarray:
    """Columns ln T, g_rho, g_s of the published table."""
    path = HERE / "drees_hajkarim_schmitz_2015.csv"
    table = np.loadtxt(path, delimiter=",", skiprows=4)
    table[:, 0] *= np.log(10.0)
    return table


def drees(t: np.ndarray) -> np.ndarray:
    """Rows g_rho, g_s at ln T: a cubic spline in ln T of ln g through the published points.

    The published table jumps from 0.1 keV to 20 keV; the gap, over which both numbers move by
    less than 1e-6, is filled with evenly spaced points on the straight line.
    """
    table = read_drees()
    gap = np.linspace(table[0, 0], table[1, 0], 48)[1:-1]
    knots = np.concatenate([table[:1, 0], gap, table[1:, 0]])
    rows = [np.interp(knots, table[:, 0], column) for column in table[:, 1:].T]
    return np.exp(CubicSpline(knots, np.log(rows), axis=1)(t))


def grid(t_min: float, t_max: float) -> np.ndarray:
    """Uniform grid in ln T from t_min to t_max (GeV), spacing at most SPACING."""
    low, high = np.log([t_min, t_max])
    return np.linspace(low, high, int(np.ceil((high - low) / SPACING)) + 1)


def write(name: str, t: np.ndarray, rows: np.ndarray, notes: dict[str, str]) -> None:
    """Write the table: `# key: value` lines, the names of the columns, then the numbers."""
    header = [f"# {key}: {value}" for key, value in notes.items()]
    header += [f"# ln_t_min: {float(t[0])!r}", f"# ln_t_max: {float(t[-1])!r}"]
    header += [f"# points: {t.size}", "t_gev,g_rho,g_s"]
    lines = [f"{np.exp(x):.6g},{r:.11g},{s:.11g}" for x, r, s in zip(t, *rows, strict=True)]
    (INPUTS / f"dof_{name}.csv").write_text("\n".join(header + lines) + "\n", encoding="ascii")


Sampler = Callable[[np.ndarray], np.ndarray]
TABLES: dict[str, tuple[Sampler, float, float, dict[str, str]]] = {
    "saikawa_shirai": (
        saikawa_shirai,
        1e-13,
        1e16,
        {
            "name": "saikawa-shirai",
            "source": "K. Saikawa, S. Shirai, JCAP 05 (2018) 035, arXiv:1803.01038,"
            " appendix C with (C.3), (C.4) and Table 1",
            "key": "Saikawa:2018",
            "sampled": "the printed fitting functions, by tests/oracles/make_dof_tables.py",
            "seam": "the fits below and above 120 MeV differ there by 0.02% (g_rho) and 0.04%"
            " (g_s); they are blended in ln g by a quintic step (C2) over 110-130 MeV, which moves"
            " neither by more than 0.04%",
            "ends": "constant below 10 keV (three massless neutrinos, N_eff from the fit) and"
            " above 1e16 GeV; the fit is stated for 10 keV to 1e16 GeV",
            "accuracy": "measured here: within 0.7% of a gas of photons, e+- and decoupled"
            " neutrinos below 3 MeV; drho/dT = T ds/dT to 0.1% for 2-100 MeV, 2.6% at worst"
            " (145 MeV), 0.6% above 190 MeV",
        },
    ),
    "drees": (
        drees,
        1e-7,
        10**4.1,
        {
            "name": "drees",
            "source": "M. Drees, F. Hajkarim, E. R. Schmitz, JCAP 06 (2015) 025,"
            " arXiv:1503.03513, tables of g_eff and h_eff",
            "key": "Drees:2015",
            "sampled": "cubic spline in ln T of ln g through the 276 published points,"
            " by tests/oracles/make_dof_tables.py",
            "ends": "constant below 1e-7 GeV and above 1.26e4 GeV, where the table ends",
            "accuracy": "measured here: drho/dT = T ds/dT to 1e-6 above 200 MeV, 3% at worst (115"
            " MeV); as published the high end is 106.83 instead of 106.75, and near 150 keV both"
            " numbers are 7-8% below a gas of photons, e+- and decoupled neutrinos",
        },
    ),
}


def main() -> None:
    """Write every table."""
    for name, (sampler, t_min, t_max, notes) in TABLES.items():
        t = grid(t_min, t_max)
        write(name, t, sampler(t), notes)


if __name__ == "__main__":
    main()
