"""The reaction network of nonabelian-vector: batches, true error, the reference integrator."""

from __future__ import annotations

import os
import tempfile
import time

import numpy as np

from benchmarks.timing import command, repeat
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import NonabelianVector
from vectorportal.observables.base import evaluate
from vectorportal.observables.engine import cores

__all__ = ["draw_vectors", "network"]

_MECHANISMS = ("freeze-out", "freeze-in", "auto")


def draw_vectors(count: int, seed: int, mechanism: str) -> NonabelianVector:
    """Random points: freeze-out at any R < 1.98, freeze-in and between at R = 1 up to 1.98."""
    rng = np.random.default_rng(seed)
    out = mechanism == "freeze-out"
    return NonabelianVector(
        m_x=10.0 ** rng.uniform(-2.0, 2.0, count),
        g_x=10.0 ** (rng.uniform(-1.5, 0.4, count) if out else rng.uniform(-8.0, -1.0, count)),
        epsilon=10.0
        ** (rng.uniform(-6.0, -2.0, count) if out else rng.uniform(-12.0, -5.0, count)),
        ratio=rng.uniform(1.0, 1.98, count),
        t_rh=10.0 ** rng.uniform(2.4, 5.0, count),
    )


def _cold() -> None:
    point = ["m_x=10", "g_x=3e-6", "epsilon=5.4e-9", "t_rh=v", "mechanism=freeze-in"]
    words = ["eval", "nonabelian-vector", "omega_h2", *point]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VECTORPORTAL_CACHE": folder}
        base, _ = command(["--help"], environment)
        later, first = command(words, environment)
    print("\n| command | first run, s | later runs, s (median) | ratio to --help |")
    print("|---|---|---|---|")
    print(f"| eval omega_h2, freeze-in | {first:.2f} | {later:.2f} | {later / base:.1f} |")


def _batches(count: int) -> None:
    from threadpoolctl import threadpool_limits

    from vectorportal.observables.vector.abundance import solve_relic

    channels = ("kinetic", "dark", "simp")
    print(f"\n{cores()} cores; {count} random points, all reactions")
    print("| mechanism | ms per point, one core | ms wall per point, all cores | with a value |")
    print("|---|---|---|---|")
    for mechanism in _MECHANISMS:
        model, options = draw_vectors(count, 5, mechanism), Options(mechanism=mechanism)

        def alone(m: NonabelianVector = model, o: Options = options) -> object:
            with threadpool_limits(1), np.errstate(all="ignore"):
                return solve_relic(m, Inputs.default(), o, channels)

        def together(m: NonabelianVector = model, o: Options = options) -> object:
            return evaluate(m, "omega_h2", options=o)

        one, _ = repeat(alone, runs=3)
        both, _ = repeat(together, runs=3)
        share = np.mean(np.isfinite(evaluate(model, "omega_h2", options=options).value))
        cells = (1e3 * one / count, 1e3 * both / count)
        print(f"| {mechanism} | {cells[0]:.2f} | {cells[1]:.2f} | {share:.1%} |")


def _true_errors(count: int) -> None:
    """Against the same equations with steps at 1e-7 and finer tables and quadrature."""
    from vectorportal.observables.vector import reactions as vn
    from vectorportal.observables.vector.abundance import solve_relic

    channels = ("kinetic", "dark", "simp")
    print(f"\n{count} points against steps at 1e-7 and twice finer tables and quadrature")
    print("| mechanism | median | 95% | max | covered by the estimate |")
    print("|---|---|---|---|---|")
    for mechanism in _MECHANISMS:
        model, options = draw_vectors(count, 6, mechanism), Options(mechanism=mechanism)
        with np.errstate(all="ignore"):
            plain = solve_relic(model, Inputs.default(), options, channels)
            fine = vn.Resolution(0.5 * vn.STEP, 200, 10, 1e-7)
            exact = solve_relic(model, Inputs.default(), options, channels, fine)
        good = (plain.error < 1e-2) & exact.evolution.converged
        error = np.abs(plain.omega_h2 / exact.omega_h2 - 1.0)[good]
        low, high, worst = np.percentile(error, [50, 95, 100])
        covered = np.mean(error <= plain.error[good])
        print(f"| {mechanism} | {low:.1e} | {high:.1e} | {worst:.1e} | {covered:.1%} |")


def _phase_diagram() -> None:
    from vectorportal.papers.registry import get_figure

    figure = get_figure("foguel-2025/fig6")
    start = time.perf_counter()
    figure.draw(figure.dataset())
    print(f"\nfoguel-2025/fig6, dataset and drawing: {time.perf_counter() - start:.0f} s")


def network(count: int = 500) -> None:
    """Print every table of the network."""
    _cold()
    _batches(count)
    _true_errors(200)
    _phase_diagram()
