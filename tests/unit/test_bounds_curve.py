"""Interpolation keeps to the data: vetoed windows, islands, no extrapolation."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.bounds.curve import interpolate, parse_curve
from vectorportal.bounds.recast import limit_curve
from vectorportal.bounds.registry import get_bound

TEXT = """mass_GeV,coupling_lower,coupling_upper
1,1e-4,
4,4e-4,
4.5,,
5,,
6,1e-3,
"""


def test_logarithmic_between_neighbours() -> None:
    """On a power law the log-log interpolation is exact."""
    lower, upper = interpolate(parse_curve("c", TEXT), [1.0, 2.0, 3.0, 4.0])
    np.testing.assert_allclose(lower, [1e-4, 2e-4, 3e-4, 4e-4], rtol=1e-14)
    assert np.isnan(upper).all()


def test_windows_islands_and_ends_have_no_data() -> None:
    curve = parse_curve("c", TEXT)
    lower, _ = interpolate(curve, [0.999, 4.2, 4.5, 4.8, 5.5, 6.0, 6.001, 0.0, np.inf])
    assert np.isfinite(lower).tolist() == [False] * 5 + [True] + [False] * 3
    assert lower[5] == pytest.approx(1e-3, rel=1e-14)


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 3)])
def test_shapes(shape: tuple[int, ...]) -> None:
    lower, upper = interpolate(parse_curve("c", TEXT), np.full(shape, 2.0))
    assert lower.shape == upper.shape == shape


def test_babar_vetoes_omega_phi_and_psi() -> None:
    """1406.2980 leaves out the omega, phi, J/psi and psi(2S) regions."""
    mass = np.array([0.7827, 1.0195, 3.0969, 3.6861])
    assert np.isnan(limit_curve(get_bound("babar_2014"), mass)[0]).all()
    assert np.isfinite(limit_curve(get_bound("babar_2014"), mass * 1.1)[0]).all()


def test_lhcb_displaced_islands() -> None:
    """Two islands, 0.218-0.270 and 0.294-0.313 GeV, in figure 4 of 1910.06926."""
    lower, upper = limit_curve(get_bound("lhcb_2019_displaced"), np.array([0.25, 0.28, 0.3]))
    assert np.isfinite(lower).tolist() == np.isfinite(upper).tolist() == [True, False, True]
