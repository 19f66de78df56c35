"""The dark photon with complex-scalar, Dirac or Majorana dark matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from vectorportal.formulas.annihilation import dark_factor
from vectorportal.formulas.kinetic_mixing import Mixing, mixing
from vectorportal.inputs.settings import Inputs
from vectorportal.models.base import Model, Parameter
from vectorportal.models.channels import Annihilation, Channel, Kinematics
from vectorportal.models.dark_pair import PAIRS, annihilation_of_pair, check_pair
from vectorportal.models.mediator import Mediator
from vectorportal.models.mixed import check_mixing
from vectorportal.models.structure import standard_model_breaks
from vectorportal.models.vector_exchange import (
    Squares,
    couplings,
    exchange,
    final_states,
    products,
    squares_of_couplings,
)
from vectorportal.numerics.arrays import namespace

__all__ = ["DarkPhoton"]


@dataclass(frozen=True)
class DarkPhoton(Model):
    """A vector of mass m_v mixed with hypercharge, and the dark matter that it couples to.

    L = -epsilon e A'_mu J_em^mu for m_v << m_Z, exact Z mixing otherwise. The dark coupling is
    g_D (alpha_d = g_D^2/4 pi): unit charge for complex-scalar and dirac, (g_D/2) chibar gamma^mu
    gamma5 chi for majorana. `dm` defaults to complex-scalar when m_dm is given, else to none.

    Raises ParameterError for values out of range; a single point with m_v between the forbidden
    roots around m_Z ((A4) of [Foguel:2025], corrected) is refused when it is evaluated.
    """

    m_v: Any = None
    epsilon: Any = None
    m_dm: Any = None
    alpha_d: Any = None
    dm: str | None = None

    name: ClassVar[str] = "dark-photon"
    summary: ClassVar[str] = "dark photon with scalar, Dirac, Majorana or no dark matter"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("m_v", "GeV", "mass of the dark photon", 1e-9, 1e7),
        Parameter("epsilon", "1", "kinetic mixing with the photon", 0.0, 0.877),
        Parameter("m_dm", "GeV", "mass of the dark matter particle", 1e-9, 1e7),
        Parameter("alpha_d", "1", "dark fine structure constant g_D^2/4 pi", 0.0, 12.6),
        Parameter(
            "dm", "", "kind of dark matter", choices=("complex-scalar", "dirac", "majorana", "none")
        ),
    )

    def __post_init__(self) -> None:
        if self.dm is None:
            dark = self.m_dm is not None or self.alpha_d is not None
            object.__setattr__(self, "dm", "complex-scalar" if dark else "none")
        super().__post_init__()

    def check_domain(self, inputs: Inputs) -> None:
        """Refuse a single point without mixing: epsilon above c_w, or m_v too close to m_Z."""
        check_mixing(self, inputs)

    def mixing(self, inputs: Inputs) -> Mixing:
        """Exact mixing with the Z; needs m_v and epsilon."""
        return mixing(self.epsilon, self.m_v, inputs.sm.m_z, inputs.sm.sw2)

    def allowed(self, inputs: Inputs) -> Any:
        """False where m_v lies between the forbidden roots around m_Z."""
        return self.mixing(inputs).allowed

    def _width_dark(self, mass: Any, component: Any) -> Any:
        """Width of a vector of `mass` to dark matter through its `component` of the dark field."""
        if not self.has_dark_matter:
            return 0.0 * mass * component
        pair = PAIRS[str(self.dm)](mass**2, self.m_dm, self.alpha_d)
        return component**2 * pair / mass

    def spectral(self, s: Any, inputs: Inputs) -> dict[str, Any]:
        """Spectral functions (formulas/spectral.py) of V at s (GeV^2), Standard Model states.

        Needs m_v and epsilon, which broadcast with s.
        """
        squares = squares_of_couplings(self.mixing(inputs), self.epsilon, inputs.sm)
        return final_states(s, squares, inputs)

    def mediator(self, inputs: Inputs) -> Mediator:
        """Couplings and partial widths; needs m_v, epsilon and, with dark matter, the rest."""
        names = ("m_v", "epsilon") + (("m_dm", "alpha_d") if self.has_dark_matter else ())
        self.require(names, "the mediator")
        mix = self.mixing(inputs)
        visible = self.spectral(self.m_v**2, inputs)
        widths = {name: w / self.m_v for name, w in visible.items()}
        widths["dark"] = self._width_dark(self.m_v, mix.dark_v)
        xp = namespace(self.m_v, self.epsilon)
        widths = {k: xp.broadcast_to(w, self.shape) if xp is np else w for k, w in widths.items()}
        return Mediator(
            mass=self.m_v,
            epsilon=self.epsilon * mix.dark_v,
            couplings=couplings(mix, self.epsilon, inputs.sm),
            widths=widths,
        )

    def annihilation(self, inputs: Inputs, which: str = "all") -> Annihilation:
        """Channels of DM DM -> anything; parameters must have shape (N,).

        `which` keeps `all` channels, only `standard-model` or only `secluded` (V V).
        """
        check_pair(self, ("m_v", "epsilon", "m_dm", "alpha_d"))
        width = self.mediator(inputs).width_total
        exchange = _Exchange(self, inputs, self.mixing(inputs), width).channel()
        breaks = standard_model_breaks(self.m_dm, self.m_v, width, inputs)
        return annihilation_of_pair(self, which, exchange, width, breaks)


@dataclass(frozen=True)
class _Exchange:
    """DM DM -> V*, Z* -> Standard Model, with full widths in both propagators."""

    model: DarkPhoton
    inputs: Inputs
    mix: Mixing
    width: Any

    def channel(self) -> Channel:
        source = "s-channel V and Z exchange (formulas/annihilation.py)"
        return Channel("standard-model", ("sm", "sm"), self.flux_sigma, source)

    def _squares(self, at: Kinematics) -> Squares:
        """Squares of couplings over propagators."""
        sm, mix, m_v = self.inputs.sm, self.mix, self.model.m_v[:, None]
        gamma_z = sm.gamma_z + self.model._width_dark(sm.m_z, mix.dark_z)[:, None]
        v = (at.detuning, m_v, self.width[:, None])
        z = (at.s - sm.m_z**2, sm.m_z, gamma_z)
        found = exchange(mix, self.model.epsilon, sm, v, z)
        return products(found, found, mix)

    def flux_sigma(self, at: Kinematics) -> Any:
        """beta sigma(DM DM -> SM) in GeV^-2."""
        dm = str(self.model.dm)
        alpha_d = self.model.alpha_d[:, None]
        spectral_sum = sum(final_states(at.s, self._squares(at), self.inputs).values())
        return dark_factor(dm, at.s, at.m_dm, alpha_d, at.beta) * spectral_sum
