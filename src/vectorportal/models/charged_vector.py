"""A vector that couples to charges of the Standard Model fermions, and its dark matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import pi
from typing import Any, ClassVar

import numpy as np

from vectorportal.errors import ParameterError
from vectorportal.formulas.annihilation import dark_factor, propagator
from vectorportal.formulas.loop_mixing import induced_charge
from vectorportal.inputs.settings import Inputs
from vectorportal.models.base import Model, Parameter
from vectorportal.models.channels import Annihilation, Channel, Kinematics
from vectorportal.models.charged_exchange import ChargedCurrent
from vectorportal.models.charges import (
    ELECTRIC,
    FERMIONS,
    LEPTONS,
    NAMED,
    NEUTRINOS,
    Charges,
    charges_word,
    parse_charges,
)
from vectorportal.models.dark_pair import PAIRS, annihilation_of_pair, check_pair
from vectorportal.models.mediator import Mediator
from vectorportal.models.structure import standard_model_breaks
from vectorportal.numerics.arrays import is_traced, namespace

__all__ = ["ChargedVector"]

_ALPHA_D_MAX = 12.6
_NO_Z = "V does not mix with the Z: there are no W W and Z h final states"
_UNMIXED = "no kinetic mixing with the photon; loops induce some (charges with +mixing)"
_FINITE = "kinetic mixing induced by lepton loops, its real part at q^2 = m_v^2 at all energies"
_ESTIMATE = "kinetic mixing g_x e/(16 pi^2): the loop diverges, its sign and size are an estimate"
_SHARED = "neutrinos share the temperature of the bath, also below 2 MeV"


@dataclass(frozen=True)
class ChargedVector(Model):
    """A vector of mass m_v with L = g_x V_mu sum_f x_f fbar gamma^mu f, neutrinos left-handed.

    `charges` is a name (`B-L`, `L_mu-L_tau`, ...) or own charges (`e:-1,mu:-1,q:1/3`); a final
    `+mixing` adds the kinetic mixing that loops induce (formulas/loop_mixing.py). Dark matter has
    the charge q_dm: g_x q_dm takes the place of g_D of dark-photon, alpha_d = (g_x q_dm)^2/(4 pi).

    Raises ParameterError for values out of range; a single point with alpha_d of 12.6 or more is
    refused when it is evaluated.
    """

    m_v: Any = None
    g_x: Any = None
    charges: str | None = None
    m_dm: Any = None
    q_dm: Any = None
    dm: str | None = None

    name: ClassVar[str] = "charged-vector"
    summary: ClassVar[str] = "vector of B-L, L_i-L_j, B or own charges with or without dark matter"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("m_v", "GeV", "mass of the vector", 1e-9, 1e7),
        Parameter("g_x", "1", "gauge coupling", 1e-100, 12.6, search=(1e-12, 10.0)),
        Parameter(
            "charges",
            "",
            "charges of the fermions",
            choices=tuple(NAMED),
            parse=charges_word,
            form="own ones such as e:-1,mu:-1,q:1/3, with or without +mixing",
        ),
        Parameter("m_dm", "GeV", "mass of the dark matter particle", 1e-9, 1e7),
        Parameter("q_dm", "1", "charge of the dark matter", 0.0, 1e18, search=(1e-3, 1e3)),
        Parameter(
            "dm", "", "kind of dark matter", choices=("complex-scalar", "dirac", "majorana", "none")
        ),
    )

    def __post_init__(self) -> None:
        if self.dm is None:
            dark = self.m_dm is not None or self.q_dm is not None
            object.__setattr__(self, "dm", "complex-scalar" if dark else "none")
        super().__post_init__()

    @property
    def alpha_d(self) -> Any:
        """(g_x q_dm)^2/(4 pi), the dark fine structure constant; needs both."""
        return (self.g_x * self.q_dm) ** 2 / (4.0 * pi)

    def check_domain(self, inputs: Inputs) -> None:
        """Refuse a single point with a dark coupling beyond that of dark-photon."""
        if self.g_x is None or self.q_dm is None or self.shape or is_traced(self.g_x):
            return
        if float(self.alpha_d) >= _ALPHA_D_MAX:
            allowed = f"such that alpha_d = (g_x q_dm)^2/(4 pi) is below {_ALPHA_D_MAX:g}"
            raise ParameterError("q_dm", f"{float(self.q_dm):g}", "", allowed)

    def remarks(self) -> tuple[str, ...]:
        """Assumptions about mixing, anomalies and neutrinos, as far as they apply."""
        if self.charges is None:
            return ()
        x = parse_charges(self.charges)
        mixed = _FINITE if x.finite_mixing else _ESTIMATE
        found = (_NO_Z, mixed if x.mixing else _UNMIXED, *x.remarks())
        shared = self.has_dark_matter and any(x[f] for f in NEUTRINOS)
        return (*found, _SHARED) if shared else found

    def allowed(self, inputs: Inputs) -> Any:
        """True everywhere: there is no mixing with the Z that could fail."""
        xp = namespace(self.m_v)
        return xp.ones(self.shape, dtype=bool)

    def _mixing(self, x: Charges, inputs: Inputs) -> Any:
        """k in the charges x_f + k Q_f; zero without mixing.

        The estimate e^2/(16 pi^2) has the sign of (2) in arXiv:1404.4370.
        """
        if not x.mixing:
            return 0.0
        sm = inputs.sm
        if not x.finite_mixing:
            return sm.e**2 / (16.0 * pi**2)
        leptons = [(getattr(sm, f"m_{f}"), float(ELECTRIC[f]), x[f]) for f in LEPTONS]
        return induced_charge(self.m_v**2, leptons, sm.e)

    def current(self, inputs: Inputs) -> ChargedCurrent:
        """The current of V at unit coupling, mixing included; needs m_v and charges."""
        x = parse_charges(str(self.charges))
        k = self._mixing(x, inputs)
        values = {f: x[f] + k * float(ELECTRIC[f]) if ELECTRIC[f] else x[f] for f in FERMIONS}
        return ChargedCurrent(values, x.hadronic, inputs)

    def spectral(self, s: Any, inputs: Inputs) -> dict[str, Any]:
        """Spectral functions (formulas/spectral.py) of V at s (GeV^2), Standard Model states.

        Needs m_v, g_x and charges, which broadcast with s.
        """
        found = self.current(inputs).final_states(s)
        return {name: self.g_x**2 * w for name, w in found.items()}

    def _width_dark(self) -> Any:
        """Width to dark matter."""
        if not self.has_dark_matter:
            return 0.0 * self.m_v
        return PAIRS[str(self.dm)](self.m_v**2, self.m_dm, self.alpha_d) / self.m_v

    def mediator(self, inputs: Inputs) -> Mediator:
        """Couplings and partial widths; needs m_v, g_x, charges and, with dark matter, the rest.

        `charges` are g_x x_f/e; for neutrinos the factor of nubar gamma^mu P_L nu. `epsilon` is the
        induced kinetic mixing, zero without.
        """
        dark = ("m_dm", "q_dm") if self.has_dark_matter else ()
        self.require(("m_v", "g_x", "charges", *dark), "the mediator")
        current, e = self.current(inputs), inputs.sm.e
        per_unit = self.g_x**2 / self.m_v
        s = self.m_v**2
        exclusive = current.exclusive(s)
        widths = {k: per_unit * w for k, w in current.final_states(s, exclusive).items()}
        widths["dark"] = self._width_dark()
        couplings = {f: (self.g_x * x, self.g_x * x) for f, x in current.x.items()}
        couplings |= {f: (left, 0.0 * left) for f, (left, _) in couplings.items() if f in NEUTRINOS}
        mixing = self._mixing(parse_charges(str(self.charges)), inputs)
        full = self._full
        return Mediator(
            mass=full(self.m_v),
            epsilon=full(-mixing * self.g_x / e),
            couplings={f: (full(left), full(right)) for f, (left, right) in couplings.items()},
            widths={k: full(w) for k, w in widths.items()},
            charges={f: full(self.g_x * x / e) for f, x in current.x.items()},
            exclusive={k: full(per_unit * w) for k, w in exclusive.items()},
            coupling=full(self.g_x),
            coupling_name="g_x",
            dark_follows=True,
        )

    def _full(self, array: Any) -> Any:
        """`array` with the shape of the parameters (NumPy), or as it is (JAX)."""
        return np.broadcast_to(array, self.shape) if namespace(self.m_v, array) is np else array

    def annihilation(self, inputs: Inputs, which: str = "all") -> Annihilation:
        """Channels of DM DM -> anything; parameters must have shape (N,).

        `which` keeps `all` channels, only `standard-model` or only `secluded` (V V).
        """
        check_pair(self, ("m_v", "g_x", "charges", "m_dm", "q_dm"))
        width, current = self.mediator(inputs).width_total, self.current(inputs)
        flux = partial(_flux_sm, self, current.columns(), width)
        source = "s-channel V exchange (formulas/annihilation.py)"
        exchange = Channel("standard-model", ("sm", "sm"), flux, source)
        breaks = standard_model_breaks(
            self.m_dm, self.m_v, width, inputs, weak=False, hadrons=current.hadronic
        )
        return annihilation_of_pair(self, which, exchange, width, breaks)

    def annihilation_shares(self, inputs: Inputs) -> dict[str, Any]:
        """Shares of DM DM -> V* -> final states at rest, s = (2 m_dm)^2, of the model's shape.

        ee, mumu, tautau, hadrons (with top quarks), gammagamma (none at tree level) and invisible
        (neutrinos); zero altogether where nothing is open. V V is not among them.
        """
        self.require(("m_v", "charges", "m_dm"), "the final states of annihilation")
        found = self.current(inputs).final_states((2.0 * self.m_dm) ** 2)
        parts = {name: found[name] for name in ("ee", "mumu", "tautau")}
        parts["hadrons"] = found.get("hadrons", 0.0) + found.get("tt", 0.0)
        parts["gammagamma"] = 0.0 * self.m_dm
        parts["invisible"] = found["nunu"]
        total = sum(parts.values())
        xp = namespace(total)
        safe = xp.where(total > 0.0, total, 1.0)
        return {name: self._full(part / safe) for name, part in parts.items()}


def _flux_sm(model: ChargedVector, current: ChargedCurrent, width: Any, at: Kinematics) -> Any:
    """beta sigma(DM DM -> SM) in GeV^-2, with the full width in the propagator."""
    m_v, g_x, alpha_d = (a[:, None] for a in (model.m_v, model.g_x, model.alpha_d))
    re, im = propagator(at.detuning, m_v, width[:, None])
    total = sum(current.final_states(at.s).values())
    dark = dark_factor(str(model.dm), at.s, at.m_dm, alpha_d, at.beta)
    return dark * g_x**2 * (re * re + im * im) * total
