"""Make data/experiments/forward_mesons.csv with Sibyll 2.3d; needs `pip install chromo`.

    python tests/oracles/make_forward_mesons.py FILE [EVENTS]

Mesons of both hemispheres of pp collisions at 13.6 TeV are counted in bins of x = p/beam and p_T.
pi0 are counted with every heavier meson decayed, eta with eta and pi0 kept.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

BEAM = 6800.0
X = np.geomspace(1e-3, 1.0, 41)
PT = np.concatenate(
    [np.arange(0.0, 1.0001, 0.05), np.arange(1.1, 2.01, 0.1), [2.25, 2.5, 3.0, 4.0]]
)
SHORT_LIVED = (111, 221, 331, 223, 113, 333)


def count(pdgid: int, kept: tuple[int, ...], events: int, seed: int) -> np.ndarray:
    """Mesons `pdgid` per collision and hemisphere in the bins; `kept` do not decay."""
    from chromo.constants import TeV  # pyright: ignore[reportMissingImports]
    from chromo.kinematics import CenterOfMass  # pyright: ignore[reportMissingImports]
    from chromo.models import Sibyll23d  # pyright: ignore[reportMissingImports]

    generator: Any = Sibyll23d(CenterOfMass(13.6 * TeV, "proton", "proton"), seed=seed)
    for other in SHORT_LIVED:
        generator.set_stable(other, other in kept)
    total = np.zeros((X.size - 1, PT.size - 1))
    for event in generator(events):
        final = event.final_state()
        chosen = final.pid == pdgid
        pt = np.hypot(final.px[chosen], final.py[chosen])
        x = np.hypot(pt, final.pz[chosen]) / BEAM
        total += np.histogram2d(x, pt, bins=(X, PT))[0]
    return total / (2 * events)


def main(path: Path, events: int) -> None:
    """Write the table."""
    # a process may hold one generator
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        jobs = [
            pool.submit(count, 111, (111,), events, 11),
            pool.submit(count, 221, (111, 221), events, 12),
        ]
        pi0, eta = (job.result() for job in jobs)
    middle = np.sqrt(X[1:] * X[:-1])
    lines = [
        "# Mesons of one hemisphere per inelastic pp collision at 13.6 TeV in bins of x = p/beam"
        " and p_T.",
        "# x: middle of the bin in ln x (40 bins from 0.001 to 1); pi0 includes those from eta,"
        " omega and the like, eta those from eta'.",
        f"# Sibyll 2.3d (arXiv:1912.03300), {events} collisions per meson; made by"
        " tests/oracles/make_forward_mesons.py.",
        "x,pt_low_GeV,pt_high_GeV,pi0,eta",
    ]
    for i, x in enumerate(middle):
        for j in range(PT.size - 1):
            if pi0[i, j] > 0 or eta[i, j] > 0:
                bin_ = f"{x:.4g},{PT[j]:.3g},{PT[j + 1]:.3g}"
                lines.append(f"{bin_},{pi0[i, j]:.3g},{eta[i, j]:.3g}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400_000)
