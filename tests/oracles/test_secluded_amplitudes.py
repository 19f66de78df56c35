"""The closed forms of formulas/secluded.py against explicit spinors and polarisation vectors."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.formulas.secluded import beta_sigma_v_v

from .amplitudes import KINDS
from .vector_pairs import sigma_dm_to_vv

# With 64-bit long doubles the amplitudes themselves lose digits as (sqrt(s)/m_v)^2.
EXTENDED = np.finfo(np.longdouble).eps < 1e-18
ABOVE = (1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e6) if EXTENDED else (1e-3, 0.1, 1.0, 10.0)
RATIOS = (1e-3, 0.1, 0.5, 0.9, 1 - 1e-6, 1.0, 1 + 1e-6, 1.2, 2.0, 3.0)


def excess(relative: float) -> float:
    """sqrt(s/threshold) - 1."""
    return relative / (1 + np.sqrt(1 + relative))


@pytest.mark.parametrize("ratio", RATIOS if EXTENDED else RATIOS[1:])
@pytest.mark.parametrize("dm", KINDS)
def test_closed_form_equals_amplitudes(dm, ratio):
    m_dm, alpha_d = 0.7, 0.3
    m_v = ratio * m_dm
    heavier = np.longdouble(max(m_dm, m_v))
    for above in ABOVE:
        root_s = 2 * heavier * (1 + np.longdouble(excess(above)))
        eta = float((root_s - 2 * np.longdouble(m_dm)) / (2 * m_dm))
        eta_v = float((root_s - 2 * np.longdouble(m_v)) / (2 * m_v))
        sigma = sigma_dm_to_vv(dm, m_dm, np.sqrt(4 * np.pi * alpha_d), m_v, root_s**2)
        amplitude = sigma * np.sqrt(eta * (2 + eta)) / (1 + eta)
        closed = beta_sigma_v_v(dm, eta, m_dm, m_v, alpha_d, eta_v=eta_v)
        assert closed == pytest.approx(amplitude, rel=1e-10), above
