"""`make bench`: the figures of benchmarks/README.md, measured now on this machine."""

from __future__ import annotations

import argparse
import importlib.util
import os
import tempfile

import numpy as np

from benchmarks.accuracy import errors
from benchmarks.bounds import bounds
from benchmarks.dipole import dipole
from benchmarks.network import network
from benchmarks.points import draw, ordinary
from benchmarks.timing import command, repeat
from vectorportal.observables.base import Inputs, evaluate
from vectorportal.observables.engine import cores

_POINT = ["m_v=3", "epsilon=4.059e-3", "m_dm=1", "alpha_d=0.5", "dm=complex-scalar"]


def cold() -> None:
    """Whole processes: what a person at a terminal waits for."""
    evaluation = ["eval", "dark-photon", "omega_h2", *_POINT]
    solving = ["solve", "dark-photon", "for=epsilon", "target=0.12", "observable=omega_h2"]
    solving += [w for w in _POINT if not w.startswith("epsilon")]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VECTORPORTAL_CACHE": folder}
        base, _ = command(["--help"], environment)
        rows = [("--help", ["--help"]), ("eval omega_h2", evaluation), ("solve", solving)]
        rows.append(("point", ["point", "dark-photon", *_POINT]))
        if importlib.util.find_spec("jax"):
            rows.append(("eval omega_h2 --engine jax", [*evaluation, "--engine", "jax"]))
        print("| command | first run, s | later runs, s (median) | ratio to --help |")
        print("|---|---|---|---|")
        for name, words in rows:
            later, first = command(words, environment)
            print(f"| {name} | {first:.2f} | {later:.2f} | {later / base:.1f} |")


def batches(largest: int) -> None:
    """Milliseconds of wall time per point, both engines, random hard points and a plain scan."""
    engines = ("numpy", "jax") if importlib.util.find_spec("jax") else ("numpy",)
    print(f"\n{cores()} cores; ms wall per point (median of runs)")
    print("| engine | points | hadrons | 1 | 100 | 10000 | 100000 |")
    print("|---|---|---|---|---|---|---|")
    for engine in engines:
        for kind, make in (("hard", lambda n: draw(n, 3)), ("scan", ordinary)):
            for hadrons in ("none", "r-ratio"):
                inputs = Inputs(hadrons=hadrons)
                cells = []
                for n in (1, 100, 10_000, 100_000):
                    if n > largest or (n > 10_000 and (kind, hadrons) != ("scan", "none")):
                        cells.append("-")
                        continue
                    model = make(n)
                    median, _ = repeat(
                        lambda m=model, i=inputs, e=engine: evaluate(
                            m, "omega_h2", inputs=i, engine=e
                        ),
                        runs=5 if n <= 10_000 else 1,
                    )
                    cells.append(f"{1e3 * median / n:.3f}")
                print(f"| {engine} | {kind} | {hadrons} | {' | '.join(cells)} |")


def accuracy(count: int) -> None:
    """True error, its estimate, and how much faster than the reference integrator."""
    true, estimate, spent = errors(count, 11)
    median, _ = repeat(lambda: evaluate(draw(2000, 3), "omega_h2", inputs=Inputs(hadrons="none")))
    print(f"\n{len(true)} random points against Radau at 1e-10 with dense quadrature")
    print("| | median | 95% | 99% | max |")
    print("|---|---|---|---|---|")
    for name, values in (("true error", true), ("estimate", estimate)):
        cells = " | ".join(f"{v:.1e}" for v in np.percentile(values, [50, 95, 99, 100]))
        print(f"| {name} | {cells} |")
    covered = np.mean(true <= estimate)
    print(f"covered by the estimate: {covered:.1%}; worst shortfall {np.max(true / estimate):.2f}")
    print(f"reference {spent:.2f} s per point: {spent / (median / 2000):.0f} times slower")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--largest", type=int, default=100_000, help="largest batch")
    parser.add_argument("--reference", type=int, default=60, help="points of the reference")
    arguments = parser.parse_args()
    cold()
    batches(arguments.largest)
    accuracy(arguments.reference)
    bounds()
    dipole()
    network()


if __name__ == "__main__":
    main()
