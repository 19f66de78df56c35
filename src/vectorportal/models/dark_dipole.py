"""A vector with kinetic mixing and magnetic dipoles of leptons, and scalar dark matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import pi
from typing import Any, ClassVar

import numpy as np

from vectorportal.formulas import spectral
from vectorportal.formulas.annihilation import dark_factor
from vectorportal.formulas.kinetic_mixing import Mixing, mixing
from vectorportal.inputs.settings import Inputs
from vectorportal.inputs.standard_model import StandardModel
from vectorportal.models.base import Model, Parameter
from vectorportal.models.channels import Annihilation, Channel, Kinematics, pair_at_rest
from vectorportal.models.dark_pair import annihilation_of_pair, check_pair
from vectorportal.models.dipole_exchange import DipoleExchange, dipole_states
from vectorportal.models.mediator import Mediator
from vectorportal.models.mixed import check_mixing
from vectorportal.models.structure import standard_model_breaks
from vectorportal.models.vector_exchange import (
    Amplitudes,
    couplings,
    final_states,
    squares_of_couplings,
)
from vectorportal.numerics.arrays import namespace

__all__ = ["SCALES", "DarkDipole"]

_VECTOR = ("m_v", "lambda_over_alpha_d", "alpha_d")
SCALES = {
    "e": "lambda_over_alpha_d",
    "mu": "lambda_mu_over_alpha_d",
    "tau": "lambda_tau_over_alpha_d",
}
"""Parameter that holds Lambda/alpha_d of each charged lepton"""

_OTHERS = {"muons": SCALES["mu"], "taus": SCALES["tau"]}


def _scale(lepton: str, name: str) -> Parameter:
    text = f"scale Lambda/alpha_d of the dipole of the {lepton}"
    return Parameter(name, "GeV", text, 1e-6, 1e30, search=(1e2, 1e9), signed=True)


@dataclass(frozen=True)
class DarkDipole(Model):
    """A vector of mass m_v with the vertex e epsilon Q gamma^mu + i (g_D/Lambda) sigma^{mu nu} q_nu

    of (3) in [Rizzo:2021], with q flowing into the fermion, so that (7) holds with its + sign. The
    mixing with the Z is exact, as in dark-photon with epsilon -> -epsilon. The dipole belongs to
    the electron; muon and tau have one where their Lambda is given, quarks have none, and
    neutrinos have flavour_factor - 1 = sum (Lambda_e/Lambda_nu)^2 (massless Dirac neutrinos). Dark
    matter is a complex scalar of charge 1 where m_dm is given.

    Raises ParameterError for values out of range; a single point without mixing with the Z is
    refused when it is evaluated.
    """

    m_v: Any = None
    epsilon: Any = 0.0
    lambda_over_alpha_d: Any = None
    alpha_d: Any = None
    m_dm: Any = None
    flavour_factor: Any = 1.0
    lambda_mu_over_alpha_d: Any = None
    lambda_tau_over_alpha_d: Any = None

    name: ClassVar[str] = "dark-dipole"
    summary: ClassVar[str] = "vector with kinetic mixing and dipoles of leptons, scalar dark matter"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("m_v", "GeV", "mass of the vector", 1e-9, 1e7),
        Parameter("epsilon", "1", "kinetic mixing with the photon, of either sign", -0.877, 0.877),
        _scale("electron", SCALES["e"]),
        Parameter("alpha_d", "1", "dark fine structure constant g_D^2/4 pi", 0.0, 12.6),
        Parameter("m_dm", "GeV", "mass of the dark matter particle", 1e-9, 1e7),
        Parameter(
            "flavour_factor",
            "1",
            "1 + sum over neutrinos of (Lambda_e/Lambda_nu)^2",
            1.0,
            1e6,
            search=(1.0, 10.0),
            closed=True,
        ),
        _scale("muon", SCALES["mu"]),
        _scale("tau", SCALES["tau"]),
    )
    settings: ClassVar[dict[str, tuple[str, ...]]] = {"prescription": ("verified", "as-printed")}

    @property
    def dark_matter(self) -> str:
        """`complex-scalar` where m_dm is given, else `none`."""
        return "none" if self.m_dm is None else "complex-scalar"

    @property
    def dm(self) -> str:
        """The same, as other models call it."""
        return self.dark_matter

    def check_domain(self, inputs: Inputs) -> None:
        """Refuse a single point without mixing: epsilon above c_w, or m_v too close to m_Z."""
        check_mixing(self, inputs)

    def remarks(self) -> tuple[str, ...]:
        """Assumptions about flavour."""
        without = [word for word, name in _OTHERS.items() if getattr(self, name) is None]
        lost = ", ".join(without)
        return (f"no dipoles of {lost + ' and ' if lost else ''}quarks",)

    def mixing(self, inputs: Inputs) -> Mixing:
        """Exact mixing with the Z; needs m_v and epsilon."""
        return mixing(-self.epsilon, self.m_v, inputs.sm.m_z, inputs.sm.sw2)

    def allowed(self, inputs: Inputs) -> Any:
        """False where m_v lies between the forbidden roots around m_Z."""
        return self.mixing(inputs).allowed

    def dipoles(self) -> dict[str, Any]:
        """g_D/Lambda in GeV^-1 of each charged lepton that has one; needs alpha_d."""
        xp = namespace(self.alpha_d)
        unit = xp.sqrt(4.0 * pi / self.alpha_d)
        given = {lepton: getattr(self, name) for lepton, name in SCALES.items()}
        return {f: unit / scale for f, scale in given.items() if scale is not None}

    def scales(self) -> dict[str, Any]:
        """|Lambda/alpha_d| in GeV of the leptons that have a dipole.

        `nu` : the smallest that flavour_factor allows a neutrino to have, that of a single one.
        """
        given = {lepton: getattr(self, name) for lepton, name in SCALES.items()}
        found = {lepton: abs(scale) for lepton, scale in given.items() if scale is not None}
        if "e" in found:
            excess = self.flavour_factor - 1.0
            xp = namespace(excess)
            single = found["e"] / xp.sqrt(xp.where(excess > 0.0, excess, 1.0))
            found["nu"] = xp.where(excess > 0.0, single, np.inf)
        return found

    def _width_dark(self, mass: Any, component: Any) -> Any:
        """Width of a vector of `mass` to dark matter through its `component` of the dark field."""
        if not self.has_dark_matter:
            return 0.0 * mass * component
        return component**2 * spectral.scalar_pair(mass**2, self.m_dm, self.alpha_d) / mass

    def _added(self, s: Any, mix: Mixing, sm: StandardModel) -> dict[str, Any]:
        """What the dipoles add to the spectral functions of V at s."""
        e, weak = sm.e, sm.e / (sm.sw2 * sm.cw2) ** 0.5
        photon, none = self.epsilon * e * mix.dark_v, 0.0 * self.m_v
        amplitudes = Amplitudes((photon, none), (weak * mix.weak_v, none), (none, none))
        parts = (self.dipoles(), self.flavour_factor - 1.0, sm)
        return dipole_states(s, amplitudes, (mix.dark_v, none), *parts)

    def _printed(self, s: Any, mix: Mixing, sm: StandardModel) -> dict[str, Any]:
        """The same with (8) of [Rizzo:2021] as it stands, for all flavours together."""
        square = (self.dipoles()["e"] * mix.dark_v) ** 2
        pair = spectral.dipole_pair(s, sm.m_e, square, 0.0)
        others = {k: w for k, w in self._added(s, mix, sm).items() if k not in ("ee", "nunu")}
        return {**others, "ee": self.flavour_factor * spectral.velocity(s, sm.m_e) * pair}

    def spectral(self, s: Any, inputs: Inputs, prescription: str = "verified") -> dict[str, Any]:
        """Spectral functions (formulas/spectral.py) of V at s (GeV^2), Standard Model states.

        Needs m_v, lambda_over_alpha_d and alpha_d, which broadcast with s.
        """
        mix, sm = self.mixing(inputs), inputs.sm
        known = final_states(s, squares_of_couplings(mix, -self.epsilon, sm), inputs)
        added = (self._printed if prescription == "as-printed" else self._added)(s, mix, sm)
        return {name: w + added.get(name, 0.0) for name, w in known.items()}

    def mediator(self, inputs: Inputs, prescription: str = "verified") -> Mediator:
        """Couplings and partial widths; needs m_v, lambda_over_alpha_d and alpha_d.

        The coupling is 1/|lambda_over_alpha_d| in GeV^-1, with epsilon in proportion. `epsilon` and
        charges are in the convention of dark-photon. `as-printed` adds the width of the dipole
        from (8) of [Rizzo:2021], times flavour_factor and without interference, to e+e-.
        """
        self.require(_VECTOR, "the mediator")
        mix, sm, epsilon = self.mixing(inputs), inputs.sm, -self.epsilon
        states = self.spectral(self.m_v**2, inputs, prescription)
        widths = {name: w / self.m_v for name, w in states.items()}
        widths["dark"] = self._width_dark(self.m_v, mix.dark_v)
        full, chiral = self._full, couplings(mix, epsilon, sm)
        half = 0.5 / sm.e
        return Mediator(
            mass=full(self.m_v),
            epsilon=full(epsilon * mix.dark_v),
            couplings={f: (full(left), full(right)) for f, (left, right) in chiral.items()},
            widths={k: full(w) for k, w in widths.items()},
            charges={f: full(half * (left + right)) for f, (left, right) in chiral.items()},
            coupling=full(1.0 / abs(self.lambda_over_alpha_d)),
            coupling_name="1/lambda_over_alpha_d",
            axial={f: full(half * (right - left)) for f, (left, right) in chiral.items()},
            dipoles={f: full(d * mix.dark_v) for f, d in self.dipoles().items()},
            scales={f: (full(self.alpha_d * x), full(x)) for f, x in self.scales().items()},
        )

    def _full(self, array: Any) -> Any:
        """`array` with the shape of the parameters (NumPy), or as it is (JAX)."""
        return np.broadcast_to(array, self.shape) if namespace(self.m_v, array) is np else array

    def exchange(self, inputs: Inputs, prescription: str = "verified") -> DipoleExchange:
        """s-channel exchange; parameters must have shape (N,)."""
        sm, mix = inputs.sm, self.mixing(inputs)
        return DipoleExchange(
            epsilon=-self.epsilon,
            m_v=self.m_v,
            width=self.mediator(inputs, prescription).width_total,
            width_z=sm.gamma_z + self._width_dark(sm.m_z, mix.dark_z),
            mixing=mix,
            dipoles=self.dipoles(),
            neutrinos=self.flavour_factor - 1.0,
            inputs=inputs,
        )

    def annihilation(
        self, inputs: Inputs, which: str = "all", prescription: str = "verified"
    ) -> Annihilation:
        """Channels of DM DM -> anything; parameters must have shape (N,).

        `which` keeps `all` channels, only `standard-model` or only `secluded` (V V).
        """
        check_pair(self, (*_VECTOR, "m_dm"))
        found = self.exchange(inputs, prescription)
        flux = partial(_flux_sigma, self, found)
        source = "s-channel V and Z exchange with dipoles (formulas/spectral.py)"
        channel = Channel("standard-model", ("sm", "sm"), flux, source)
        breaks = standard_model_breaks(self.m_dm, self.m_v, found.width, inputs)
        return annihilation_of_pair(self, which, channel, found.width, breaks)

    def annihilation_shares(self, inputs: Inputs) -> dict[str, Any]:
        """Shares of DM DM -> V* -> final states at rest, s = (2 m_dm)^2, of the model's shape.

        ee, mumu, tautau, hadrons (with top quarks), gammagamma (none at tree level) and invisible
        (neutrinos). W W and Z h count as hadrons; all are zero where nothing is open.
        """
        self.require((*_VECTOR, "m_dm"), "the final states of annihilation")
        numbers = self.numbers()
        xp = namespace(*numbers.values())
        flat = type(self)(**{k: xp.broadcast_to(v, self.shape).ravel() for k, v in numbers.items()})
        found = flat.exchange(inputs).final_states(pair_at_rest(flat))
        states = {k: w[:, 0].reshape(self.shape) for k, w in found.items()}
        parts = {name: states.pop(name) for name in ("ee", "mumu", "tautau")}
        parts["invisible"] = states.pop("nunu")
        parts["hadrons"] = sum(states.values(), xp.zeros(self.shape))
        parts["gammagamma"] = xp.zeros(self.shape)
        total = sum(parts.values())
        safe = xp.where(total > 0.0, total, 1.0)
        return {name: part / safe for name, part in parts.items()}


def _flux_sigma(model: DarkDipole, found: DipoleExchange, at: Kinematics) -> Any:
    """beta sigma(DM DM -> SM) in GeV^-2."""
    dark = dark_factor(model.dm, at.s, at.m_dm, model.alpha_d[:, None], at.beta)
    return dark * sum(found.final_states(at).values())
