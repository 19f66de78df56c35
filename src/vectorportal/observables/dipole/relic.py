"""What recombination allows for the annihilation of dark matter through the dipole."""

from __future__ import annotations

from typing import Any

from vectorportal.inputs.energy_injection import load_injection
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import status
from vectorportal.observables.base import Argument, Inputs, Options, Raw
from vectorportal.observables.dipole.common import dipole_observable, point_flags

__all__ = ["METHODS", "cmb_limit"]

METHODS = ("planck", "paper")
"""planck : f_eff of the final states and the limit of Planck 2018; paper : 5e-29 m_dm/100 MeV"""
_PAPER, _UNIT = 5e-29, 0.1
"""cm^3/s, at a mass in GeV: text above (6) of [Rizzo:2021]"""


def _efficiency(model: Any, inputs: Inputs) -> Any:
    """f_eff of DM DM -> V* -> Standard Model at rest, (N,); zero where nothing injects energy."""
    xp = namespace(model.m_v)
    injection = load_injection()
    energy = xp.minimum(model.m_dm, injection.table["energy_GeV"][-1])
    shares = model.annihilation_shares(inputs)
    return sum(share * injection.efficiency(c, energy) for c, share in shares.items())


@dipole_observable(
    "cmb_limit",
    "cm^3/s",
    requires=("m_dm",),
    arguments=(
        Argument("method", "", "how the limit is found", choices=METHODS, default="planck"),
    ),
    source="Planck 2018 VI, section 7.3, with f_eff of Slatyer 2016; Rizzo 2021, text above (6)",
    references=("Planck:2018", "Slatyer:2016", "Rizzo:2021"),
    assumptions=(
        "final states of a virtual V at rest; the particle is all of the dark matter",
        "95% CL; f_eff as at the end of its table (5.6 TeV) above it",
    ),
)
def cmb_limit(model: Any, inputs: Inputs, options: Options, method: str = "planck") -> Raw:
    """Largest sigma v that energy injected around recombination allows, per pair of particle
    and antiparticle: 2 m_dm p_ann/f_eff, or 5e-29 cm^3/s m_dm/100 MeV (also as printed)."""
    xp = namespace(model.m_dm)
    if method == "paper" or options.prescription == "as-printed":
        none = xp.zeros(model.m_dm.shape, dtype=xp.int64)
        return Raw(_PAPER * model.m_dm / _UNIT, none)
    model.require(("m_v", "lambda_over_alpha_d", "alpha_d"), "cmb_limit with method=planck")
    flags = point_flags(model, inputs, 2.0 * model.m_dm)
    efficiency = _efficiency(model, inputs)
    is_open = efficiency > 0.0
    flags = flags | xp.where(is_open, 0, status.NO_CHANNEL)
    value = 2.0 * model.m_dm * load_injection().p_ann / xp.where(is_open, efficiency, 1.0)
    return Raw(value, flags)
