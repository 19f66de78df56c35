"""Scattering of dark matter on electrons and nucleons."""

from __future__ import annotations

from typing import Any

from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Inputs, Options, Raw, observable
from vectorportal.observables.vectors import VECTORS, vector_observable
from vectorportal.units import GEV2_TO_CM2

_PROTON, _NEUTRON = 0.93827208816, 0.93956542052
"""Masses in GeV, [PDG:2022]"""
_KINDS = ("complex-scalar", "dirac")
_QUARKS = {"sigma_proton_cm2": ("proton", 2.0, 1.0), "sigma_neutron_cm2": ("neutron", 1.0, 2.0)}


def _reference(model: Any, inputs: Inputs, vector: Any, mass: float, transfer2: float) -> Raw:
    """mu^2 g_D^2 vector^2/(pi (m_v^2 + q^2)^2) in cm^2, and flags; nothing for majorana.

    vector : coupling of the target; mass : its mass in GeV; transfer2 : q^2 in GeV^2.
    """
    xp = namespace(model.m_v)
    reduced = model.m_dm * mass / (model.m_dm + mass)
    strength = 4.0 * model.alpha_d * vector**2
    value = GEV2_TO_CM2 * strength * reduced**2 / (model.m_v**2 + transfer2) ** 2
    flags = xp.where(model.allowed(inputs), 0, status.MIXING)
    if model.dm == "majorana":
        flags = flags | status.VELOCITY
    return Raw(value, flags)


@vector_observable(
    "sigma_electron_cm2",
    "cm^2",
    dark="needed",
    models=("dark-photon", "charged-vector"),
    kinds=_KINDS,
    source={
        "dark-photon": "tree level V exchange at momentum transfer q = alpha m_e: "
        "16 pi mu^2 alpha alpha_d epsilon^2/(m_v^2 + q^2)^2",
        "charged-vector": "tree level V exchange at momentum transfer q = alpha m_e: "
        "4 mu^2 alpha_d (g_x x_e)^2/(m_v^2 + q^2)^2",
    },
    assumptions={
        "dark-photon": ("reference momentum transfer q = alpha m_e; Z exchange neglected",),
        "charged-vector": ("reference momentum transfer q = alpha m_e",),
    },
    references=("Essig:2012",),
)
def sigma_electron_cm2(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Reference cross section of dark matter on a free electron, as direct detection quotes it.

    Complex-scalar and dirac dark matter; for majorana it vanishes with velocity.
    """
    sm = inputs.sm
    left, right = model.mediator(inputs).couplings["e"]
    vector = 0.5 * (left + right)
    if model.name == "dark-photon":
        vector = vector * model.mixing(inputs).dark_v
    return _reference(model, inputs, vector, sm.m_e, (sm.alpha * sm.m_e) ** 2)


def _nucleon(name: str) -> None:
    nucleon, up, down = _QUARKS[name]
    mass = _PROTON if nucleon == "proton" else _NEUTRON

    def function(model: Any, inputs: Inputs, options: Options) -> Raw:
        couplings = model.mediator(inputs).couplings
        vector = up * couplings["u"][0] + down * couplings["d"][0]
        return _reference(model, inputs, vector, mass, 0.0)

    function.__doc__ = (
        f"Cross section of dark matter on a free {nucleon} at zero momentum transfer. "
        "Complex-scalar and dirac dark matter; for majorana it vanishes with velocity."
    )
    needs = VECTORS["charged-vector"]
    observable(
        name,
        "cm^2",
        models=("charged-vector",),
        requires=(*needs.vector, *needs.dark),
        kinds=_KINDS,
        source="tree level V exchange: 4 mu^2 alpha_d g_N^2/m_v^4, g_p = g_x (2 x_u + x_d), "
        "g_n = g_x (x_u + 2 x_d)",
        assumptions=("zero momentum transfer: m_v far above mu v, about 1 MeV on a nucleon",),
        references=("Essig:2012",),
    )(function)


_nucleon("sigma_proton_cm2")
_nucleon("sigma_neutron_cm2")
