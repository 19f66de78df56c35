"""The points that are timed: random dark photons with widths down to 1e-14 of the mass."""

from __future__ import annotations

import numpy as np

from vectorportal.models import DarkPhoton

__all__ = ["draw", "ordinary"]


def draw(count: int, seed: int, dm: str = "complex-scalar") -> DarkPhoton:
    """Secluded, resonant (above and below), threshold and ordinary points in equal parts."""
    rng = np.random.default_rng(seed)
    m_dm = 10.0 ** rng.uniform(-3.0, 3.0, count)
    kind = rng.integers(0, 4, count)
    away = 10.0 ** rng.uniform(-0.5, 1.0, count)
    above = 2.0 * (1.0 + 10.0 ** rng.uniform(-6.0, -0.5, count))
    below = 2.0 * (1.0 - 10.0 ** rng.uniform(-4.0, -0.5, count))
    threshold = 1.0 + 10.0 ** rng.uniform(-3.0, -0.3, count) * rng.choice([-1.0, 1.0], count)
    ratio = np.choose(kind, [away, above, below, threshold])
    return DarkPhoton(
        m_v=m_dm * ratio,
        epsilon=10.0 ** rng.uniform(-7.0, -2.0, count),
        m_dm=m_dm,
        alpha_d=10.0 ** rng.uniform(-6.0, 0.0, count),
        dm=dm,
    )


def ordinary(count: int) -> DarkPhoton:
    """A scan in epsilon and m_v at m_v = 3 m_dm."""
    rng = np.random.default_rng(7)
    m_v = 10.0 ** rng.uniform(-2.0, 1.5, count)
    epsilon = 10.0 ** rng.uniform(-5.0, -2.0, count)
    return DarkPhoton(m_v=m_v, epsilon=epsilon, m_dm=m_v / 3.0, alpha_d=0.5, dm="dirac")
