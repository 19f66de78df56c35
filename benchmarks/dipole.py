"""Time of the observables of dark-dipole, beside the relic density of a dark photon."""

from __future__ import annotations

import numpy as np

from benchmarks.timing import repeat
from vectorportal.models import DarkDipole, DarkPhoton
from vectorportal.observables.base import Inputs, evaluate

__all__ = ["dipole"]

_COUNT = 10_000
_ARGUMENTS: dict[str, dict[str, float | str]] = {
    "omega_h2": {},
    "sigma_v_off_shell_cm3_s": {},
    "sigma_electron_cm2": {},
    "sigma_electron_halo_cm2": {},
    "dsigma_dcos_ee": {"z": 0.5},
    "epsilon_effective": {},
    "events_to_separate_angle": {},
    "sigma_fixed_target": {"x": 0.8, "theta": 0.1},
    "recoil_energy_spectrum": {"recoil_energy": 0.5},
    "recoil_pt_spectrum": {"pt": 0.05},
    "a_e_dipole": {},
}


def _points(count: int) -> tuple[DarkDipole, DarkPhoton]:
    """A scan in mass and coupling at m_dm = 0.4 m_v, of a dipole and of a dark photon."""
    rng = np.random.default_rng(5)
    m_v = 10.0 ** rng.uniform(-2.0, 0.0, count)
    scale = 10.0 ** rng.uniform(4.0, 5.5, count)
    own = DarkDipole(m_v=m_v, lambda_over_alpha_d=scale, alpha_d=0.5, m_dm=0.4 * m_v, epsilon=1e-4)
    return own, DarkPhoton(m_v=m_v, epsilon=4.0 / scale, alpha_d=0.5, m_dm=0.4 * m_v)


def dipole() -> None:
    """Microseconds per point in batches, over the relic density of a dark photon."""
    own, photon = _points(_COUNT)
    inputs = Inputs(hadrons="none")
    unit, _ = repeat(lambda: evaluate(photon, "omega_h2", inputs=inputs), runs=3)
    print(f"\ndark-dipole, {_COUNT} points, hadrons=none, both cores")
    print("| observable | us/point | over omega_h2 of dark-photon |")
    print("|---|---|---|")
    for name, arguments in _ARGUMENTS.items():
        median, _ = repeat(lambda n=name, a=arguments: evaluate(own, n, inputs=inputs, **a), runs=3)
        print(f"| {name} | {1e6 * median / _COUNT:.3g} | {median / unit:.3g} |")
