"""SU(2)_X vector dark matter whose neutral partner mixes with hypercharge ([Foguel:2025])."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from vectorportal.errors import ParameterError, UsageError
from vectorportal.formulas.kinetic_mixing import Mixing, forbidden_roots, mixing
from vectorportal.formulas.nonabelian import beta_sigma_dark, m_zd_minimal, vev_x
from vectorportal.formulas.vector_pair import width_to_pair
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.base import Model, Parameter
from vectorportal.models.channels import Annihilation, Channel, Kinematics
from vectorportal.models.exchange_of_pairs import PairExchange, UnbrokenExchange
from vectorportal.models.mediator import Mediator
from vectorportal.models.structure import standard_model_breaks
from vectorportal.models.vector_exchange import couplings, final_states, squares_of_couplings
from vectorportal.numerics.arrays import is_traced, namespace

__all__ = ["CHANNELS", "NonabelianVector", "Spectrum"]

CHANNELS = ("kinetic", "dark", "simp")
"""X X <-> Standard Model, X X <-> Z_D Z_D, and the 3 -> 2 reactions"""
_SPIN_STATES = 6
_T_RH = (5e-3 * (1.0 - 1e-9), 1e16 * (1.0 + 1e-9))
"""reheating above neutrino decoupling, [Foguel:2025]; both ends are allowed"""


@dataclass(frozen=True)
class Spectrum:
    """Masses and mixing of the neutral vectors; every field has the shape of the parameters.

    m_zd : physical mass of Z_D in GeV. delta : m_zd^2/m_x^2 - 1 without cancellation. m_x3_2 :
    squared mass of X3 in the Lagrangian. allowed : false where no mixing with the Z exists; the
    other fields are then placeholders.
    """

    m_zd: Any
    delta: Any
    m_x3_2: Any
    mixing: Mixing
    allowed: Any


@dataclass(frozen=True)
class NonabelianVector(Model):
    """Dark matter X+- and mediator Z_D of a dark SU(2), broken by a doublet, no dark Higgs boson.

    `ratio` is the physical R = m_ZD/m_X, or `minimal`: the triplet is degenerate in the Lagrangian
    and m_ZD follows from (A7) of [Foguel:2025] at fixed physical m_Z. `t_rh` is the reheating
    temperature where freeze-in starts: a number, `v` (Higgs vacuum expectation value) or `v_x`
    (v_X = 2 m_X/g_X).

    Raises ParameterError for values out of range; a single point without mixing (epsilon at or
    above c_w, m_ZD between the forbidden roots of (A4)) is refused when it is evaluated.
    """

    m_x: Any = None
    g_x: Any = None
    epsilon: Any = None
    ratio: Any = "minimal"
    t_rh: Any = None

    name: ClassVar[str] = "nonabelian-vector"
    summary: ClassVar[str] = "SU(2) vector dark matter X+- with a kinetically mixed Z_D"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("m_x", "GeV", "mass of the dark matter X+-", 1e-7, 1e6),
        Parameter("g_x", "1", "dark gauge coupling", 0.0, 12.6, search=(1e-12, 12.5)),
        Parameter("epsilon", "1", "kinetic mixing with the photon", 0.0, 1.0),
        Parameter(
            "ratio", "1", "physical m_zd/m_x", 1e-6, 1e6, words=("minimal",), search=(0.1, 10.0)
        ),
        Parameter("t_rh", "GeV", "reheating temperature", *_T_RH, words=("v", "v_x"), search=_T_RH),
    )
    settings: ClassVar[dict[str, tuple[str, ...]]] = {
        "prescription": ("verified", "as-printed"),
        "mechanism": ("freeze-out", "freeze-in", "auto"),
        "statistics": ("maxwell-boltzmann", "quantum"),
        "temperature": ("bath", "dark"),
        "channels": ("all", *CHANNELS),
    }

    @property
    def dark_matter(self) -> str:
        """Always there: X+- is stable."""
        return "vector"

    @property
    def v_x(self) -> Any:
        """Dark vacuum expectation value 2 m_X/g_X in GeV; (5) of [Foguel:2025]."""
        return vev_x(self.m_x, self.g_x)

    def check_domain(self, inputs: Inputs) -> None:
        """Refuse a single point without mixing, in one sentence."""
        if self.m_x is None or self.epsilon is None or self.shape or is_traced(self.m_x):
            return
        epsilon, sm = float(self.epsilon), inputs.sm
        highest = sm.cw2**0.5
        if epsilon >= highest:
            allowed = f"below c_w = {highest:.5g}, above which no mixing with the Z exists"
            raise ParameterError("epsilon", f"{epsilon:g}", "", allowed)
        if bool(self.spectrum(inputs).allowed):
            return
        low, high = (sm.m_z * max(float(r), 0.0) ** 0.5 for r in forbidden_roots(epsilon, sm.sw2))
        forbidden = f"m_zd outside {low:.6g} to {high:.6g} GeV, where no mixing with the Z exists"
        if isinstance(self.ratio, str):
            allowed = f"such that the minimal model has {forbidden}"
            raise ParameterError("m_x", f"{float(self.m_x):g}", "GeV", allowed)
        m_zd = float(self.ratio * self.m_x)
        raise ParameterError("m_zd = ratio m_x", f"{m_zd:g}", "GeV", f"such that {forbidden}")

    def check_options(self, inputs: Inputs, options: Options) -> None:
        """Refuse 3 -> 2 alone where it is closed (one point), T_X where Z_D is in the bath."""
        if options.temperature == "dark" and options.mechanism == "freeze-out":
            allowed = "bath with mechanism=freeze-out, where Z_D is a part of the bath"
            raise ParameterError("temperature", "dark", "", allowed)
        at_v_x = isinstance(self.t_rh, str) and self.t_rh == "v_x"
        if at_v_x and options.mechanism != "freeze-out" and not self.shape:
            self._check_reheating()
        if options.channels != "simp" or self.shape or isinstance(self.ratio, str):
            return
        if not is_traced(self.ratio) and float(self.ratio) >= 2.0:
            allowed = "below 2 with channels=simp, since 3 -> 2 into Z_D is closed above"
            raise ParameterError("ratio", f"{float(self.ratio):g}", "", allowed)

    def _check_reheating(self) -> None:
        """Refuse t_rh = v_x where v_X is no allowed reheating temperature, at a single point."""
        if self.m_x is None or self.g_x is None or is_traced(self.m_x) or is_traced(self.g_x):
            return
        v_x = float(self.v_x)
        if not _T_RH[0] < v_x < _T_RH[1]:
            allowed = f"such that v_x = 2 m_x/g_x is from {_T_RH[0]:g} to {_T_RH[1]:g} GeV"
            raise ParameterError("t_rh = v_x", f"{v_x:g}", "GeV", allowed)

    def reheating_allowed(self, inputs: Inputs) -> Any:
        """Whether T_rh lies between 5 MeV and 1e16 GeV."""
        t_rh = self.reheating(inputs)
        return (t_rh > _T_RH[0]) & (t_rh < _T_RH[1])

    def reheating(self, inputs: Inputs) -> Any:
        """T_rh in GeV, of the shape of the parameters; UsageError when it was not given."""
        if self.t_rh is None:
            raise UsageError(
                f"freeze-in of {self.name} needs t_rh in GeV, the reheating temperature "
                "(a number, v or v_x), which was not given."
            )
        xp = namespace(self.m_x)
        chosen = (
            {"v": inputs.sm.vev, "v_x": self.v_x}.get(self.t_rh)
            if isinstance(self.t_rh, str)
            else self.t_rh
        )
        return xp.broadcast_to(xp.asarray(chosen), self.shape)

    def spectrum(self, inputs: Inputs) -> Spectrum:
        """Masses and exact mixing; needs m_x and epsilon."""
        sm, xp = inputs.sm, namespace(self.m_x, self.epsilon)
        if isinstance(self.ratio, str):
            m_zd, delta, connected = m_zd_minimal(self.m_x, self.epsilon, sm.m_z, sm.sw2)
        else:
            m_zd, connected = self.ratio * self.m_x, True
            delta = (self.ratio - 1.0) * (self.ratio + 1.0)
        mix = mixing(self.epsilon, m_zd, sm.m_z, sm.sw2)
        found = (m_zd, delta, mix.m_x_hat2, mix.allowed & connected)
        full = [xp.broadcast_to(xp.asarray(a), self.shape) if xp is np else a for a in found]
        return Spectrum(full[0], full[1], full[2], mix, full[3])

    def allowed(self, inputs: Inputs) -> Any:
        """False where no mixing with the Z exists."""
        return self.spectrum(inputs).allowed

    def mediator(self, inputs: Inputs) -> Mediator:
        """Couplings and partial widths of Z_D; needs m_x, g_x and epsilon."""
        self.require(("m_x", "g_x", "epsilon"), "the mediator")
        found = self.spectrum(inputs)
        mix, m_zd = found.mixing, found.m_zd
        squares = squares_of_couplings(mix, self.epsilon, inputs.sm)
        widths = {k: w / m_zd for k, w in final_states(m_zd**2, squares, inputs).items()}
        widths["dark"] = width_to_pair(m_zd, self.m_x, mix.dark_v, found.m_x3_2, self.g_x)
        xp = namespace(self.m_x, self.epsilon)
        widths = {k: xp.broadcast_to(w, self.shape) if xp is np else w for k, w in widths.items()}
        return Mediator(
            mass=m_zd,
            epsilon=self.epsilon * mix.dark_v,
            couplings=couplings(mix, self.epsilon, inputs.sm),
            widths=widths,
        )

    def exchange(self, inputs: Inputs, prescription: str = "verified") -> PairExchange:
        """X+ X- -> Standard Model in the broken phase; parameters of shape (N,)."""
        found = self.spectrum(inputs)
        width = self.mediator(inputs).width_total
        numbers = (self.m_x, self.g_x, self.epsilon, found.m_zd, found.m_x3_2, width)
        return PairExchange(*numbers, found.mixing, inputs, prescription)

    def unbroken(self, inputs: Inputs, prescription: str = "verified") -> UnbrokenExchange:
        """X+ X- -> Standard Model before electroweak symmetry breaking; parameters (N,)."""
        mediator = self.mediator(inputs)
        numbers = (self.m_x, self.g_x, self.epsilon, mediator.mass, mediator.width_dark)
        return UnbrokenExchange(*numbers, inputs, prescription)

    def annihilation(
        self,
        inputs: Inputs,
        kept: tuple[str, ...] = ("kinetic", "dark"),
        prescription: str = "verified",
        hot: bool = False,
    ) -> Annihilation:
        """Two-body channels of X+ X-, those of `kept`; parameters must have shape (N,).

        With `hot` there is also `kinetic-unbroken`, the kinetic channel before electroweak symmetry
        breaking per unit of the thermal sum over hypercharges (models/exchange_of_pairs.py).
        """
        self.require(("m_x", "g_x", "epsilon"), "annihilation")
        found = self.spectrum(inputs)
        exchange = self.exchange(inputs, prescription)
        channels = []
        if "kinetic" in kept:
            source = "(B13)-(B16) of [Foguel:2025], general form"
            channels.append(Channel("kinetic", ("sm", "sm"), exchange.flux_sigma, source))
            flux = self.unbroken(inputs, prescription).flux_sigma
            if hot:
                channels.append(Channel("kinetic-unbroken", ("sm", "sm"), flux, source))
        if "dark" in kept:
            flux = partial(_flux_dark, self.m_x, self.g_x, found.delta, prescription)
            source = "(B17)-(B20) of [Foguel:2025]"
            channels.append(Channel("dark", ("Z_D", "Z_D"), flux, source))
        return Annihilation(
            m_dm=self.m_x,
            m_v=found.m_zd,
            width=exchange.width,
            spin_states=_SPIN_STATES,
            pair_factor=0.5,
            channels=tuple(channels),
            breaks=standard_model_breaks(self.m_x, found.m_zd, exchange.width, inputs),
        )


def _flux_dark(m_x: Any, g_x: Any, delta: Any, prescription: str, at: Kinematics) -> Any:
    """beta sigma of X+ X- -> Z_D Z_D, not above 4 pi/p^2 = 16 pi/(s beta^2).

    Without a dark Higgs boson the cross section grows as s/m_X^4. Beyond the largest elastic cross
    section of one partial wave it has no meaning (the relic density says so), and is held there;
    as printed only at a million times that, so that rates stay finite.
    """
    flux = beta_sigma_dark(at.eta, delta[:, None], m_x[:, None], g_x[:, None], prescription)
    xp = namespace(flux)
    positive = at.beta > 0.0
    allowed = 16.0 * np.pi * (1e6 if prescription == "as-printed" else 1.0)
    limit = allowed / (at.s * xp.where(positive, at.beta, 1.0))
    return xp.where(positive, xp.minimum(flux, limit), 0.0)
