"""Vectors exchanged between X and matter, and how fast X takes the temperature of the bath."""

from __future__ import annotations

from typing import Any

from vectorportal.formulas.vector_scattering import (
    Exchange,
    momentum_relaxation,
    nucleon_couplings,
)
from vectorportal.inputs.cosmology import hubble_rate
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs
from vectorportal.models.vector_exchange import FERMIONS, couplings
from vectorportal.units import convert

__all__ = ["NUCLEONS", "exchanges_of", "relaxation_over_hubble"]

NUCLEONS = {
    "proton": convert(938.27208816, "MeV", "GeV"),
    "neutron": convert(939.56542052, "MeV", "GeV"),
}
"""nucleon masses, CODATA 2018"""
_BATH = ("e", "mu")


def exchanges_of(model: Any, inputs: Inputs, target: str) -> list[Exchange]:
    """Z_D, Z and photon with their couplings to a fermion, `proton` or `neutron`."""
    sm, found = inputs.sm, model.spectrum(inputs)
    mix = found.mixing

    def chiral(vector: str) -> tuple[Any, Any]:
        table = couplings(mix, model.epsilon, sm, vector)
        if target not in NUCLEONS:
            return table[target]
        g = [0.5 * (table[quark][0] + table[quark][1]) for quark in ("u", "d")]
        own = nucleon_couplings(*g)[0 if target == "proton" else 1]
        return own, own

    charge = {"proton": 1.0, "neutron": 0.0}.get(target)
    charge = FERMIONS[target].charge if charge is None else charge
    e = sm.e * charge
    parts = (("V", found.m_zd**2, mix.dark_v), ("Z", sm.m_z**2, mix.dark_z))
    listed = [
        Exchange(m2, x, x * (found.m_x3_2 / m2 - 1.0), *chiral(name)) for name, m2, x in parts
    ]
    return [*listed, Exchange(0.0, 0.0, model.epsilon, e, e)]


def relaxation_over_hubble(model: Any, inputs: Inputs, x: Any) -> Any:
    """2 gamma/H at x = m_X/T, (N,), gamma the momentum relaxation rate on electrons and muons."""
    temperature, total = model.m_x / x, 0.0
    for name in _BATH:
        mass = getattr(inputs.sm, str(FERMIONS[name].mass))
        exchanges = exchanges_of(model, inputs, name)
        rate = momentum_relaxation(temperature, model.m_x, mass, model.g_x, exchanges)
        total = total + rate.total
    return 2.0 * total / hubble_rate(temperature, load_dof(inputs.dof))
