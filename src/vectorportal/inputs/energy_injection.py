"""Energy that annihilating dark matter injects around recombination: f_eff and its limit.

The numbers are those of the packaged bound cmb_planck_2018, which says where they come from.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from vectorportal.errors import DataError, ParameterError
from vectorportal.inputs.hadrons import CHARGED_PION
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.numerics.arrays import namespace

__all__ = ["EnergyInjection", "load_injection"]

_COLUMNS = {"ee": "electron", "mumu": "muon", "hadrons": "pion", "gammagamma": "photon"}


def _threshold(channel: str) -> float:
    """Least energy of either particle in GeV."""
    sm = StandardModel.default()
    masses = {"ee": sm.m_e, "mumu": sm.m_mu, "tautau": sm.m_tau, "hadrons": CHARGED_PION}
    return masses.get(channel, 0.0)


@dataclass(frozen=True)
class EnergyInjection:
    """f_eff of annihilation at rest, by channel.

    table : columns energy_GeV, electron, muon, pion and photon, (n,), NaN where there is no value.
    tau : f_eff of taus. p_ann : limit on f_eff <sigma v>/m_dm in cm^3/s/GeV for self-conjugate dark
    matter, twice that for others.
    """

    table: Mapping[str, np.ndarray]
    tau: float
    p_ann: float

    def efficiency(self, channel: str, energy: Any) -> Any:
        """f_eff of annihilation into `channel` at `energy` (GeV) of either particle, any shape.

        ee, mumu, tautau, hadrons, gammagamma or invisible (0). 0 below threshold; between it and
        the first row the first value holds. NaN above the table. ParameterError for other channels.
        """
        xp = namespace(energy)
        e = xp.asarray(energy, dtype=xp.float64)
        if channel == "invisible":
            return xp.zeros(e.shape)
        is_open = e >= _threshold(channel)
        if channel == "tautau":
            return xp.where(is_open, self.tau, 0.0)
        if channel not in _COLUMNS:
            known = ", ".join((*_COLUMNS, "tautau", "invisible"))
            raise ParameterError("annihilation channel", channel, "", f"one of {known}")
        column = np.asarray(self.table[_COLUMNS[channel]])
        good = np.isfinite(column)
        grid = np.log(np.asarray(self.table["energy_GeV"])[good])
        x = xp.log(xp.where(e > 0.0, e, 1.0))
        found = xp.interp(x, xp.asarray(grid), xp.asarray(column[good]))
        return xp.where(is_open, xp.where(x > grid[-1], xp.nan, found), 0.0)


@lru_cache(maxsize=1)
def load_injection() -> EnergyInjection:
    """The packaged table and limit. DataError for a file that is missing or broken."""
    import yaml

    name = "cmb_planck_2018"
    folder = resources.files("vectorportal") / "data" / "bounds" / name
    try:
        numbers = yaml.safe_load((folder / "record.yaml").read_text(encoding="utf-8"))["inputs"]
        lines = (folder / "injection.csv").read_text(encoding="utf-8").splitlines()
        rows = list(csv.DictReader(lines))
        table = {k: np.array([float(row[k] or "nan") for row in rows]) for k in rows[0]}
        limit, tau = numbers["p_ann_cm3_s_GeV"], numbers["tau_efficiency"]
        return EnergyInjection(table, float(tau), float(limit))
    except (OSError, LookupError, TypeError, ValueError, yaml.YAMLError) as error:
        raise DataError(f"the bound {name} cannot be read: {error}.") from None
