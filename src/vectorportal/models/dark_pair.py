"""A pair of dark matter particles behind a vector: what models with such a pair share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from vectorportal.errors import UsageError
from vectorportal.formulas import spectral
from vectorportal.formulas.annihilation import PAIR_FACTOR, SPIN_STATES
from vectorportal.formulas.secluded import beta_sigma_v_v
from vectorportal.models.channels import Annihilation, Break, Channel, Kinematics

__all__ = ["PAIRS", "annihilation_of_pair", "check_pair"]

PAIRS = {
    "complex-scalar": spectral.scalar_pair,
    "dirac": spectral.dirac_pair,
    "majorana": spectral.majorana_pair,
}
"""Spectral function of a dark pair by the kind of dark matter"""


def check_pair(model: Any, names: tuple[str, ...]) -> None:
    """Raise UsageError unless `model` has dark matter and the parameters `names`."""
    if not model.has_dark_matter:
        raise UsageError(f"annihilation of {model.name} needs dark matter, but dm is none.")
    model.require(names, "annihilation")


def annihilation_of_pair(
    model: Any,
    which: str,
    exchange: Channel,
    width: Any,
    breaks: tuple[Break, ...],
) -> Annihilation:
    """Channels of DM DM -> anything; parameters m_dm, m_v, alpha_d and width of shape (N,).

    `which` keeps `all` channels, only `standard-model` (`exchange`) or only `secluded` (V V).
    """
    channels = [] if which == "secluded" else [exchange]
    if which != "standard-model":
        flux: Callable[[Kinematics], Any] = partial(_flux_v_v, model)
        source = "tree-level t, u channel (formulas/secluded.py)"
        channels.append(Channel("secluded", ("V", "V"), flux, source))
    return Annihilation(
        m_dm=model.m_dm,
        m_v=model.m_v,
        width=width,
        spin_states=SPIN_STATES[str(model.dm)],
        pair_factor=PAIR_FACTOR[str(model.dm)],
        channels=tuple(channels),
        breaks=breaks,
    )


def _flux_v_v(model: Any, at: Kinematics) -> Any:
    m_dm, m_v, alpha_d = (a[:, None] for a in (model.m_dm, model.m_v, model.alpha_d))
    return beta_sigma_v_v(str(model.dm), at.eta, m_dm, m_v, alpha_d)
