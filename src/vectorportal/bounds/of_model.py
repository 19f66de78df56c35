"""The verdict on a model: its mediator, dark matter and observables, handed to the bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from vectorportal.bounds.annihilation import annihilation_shares
from vectorportal.bounds.recast import evaluate_all
from vectorportal.bounds.record import BoundRecord
from vectorportal.bounds.result import BoundResult
from vectorportal.bounds.verdict import Verdict, judge
from vectorportal.bounds.view import MediatorView, ObservableCall
from vectorportal.errors import UsageError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.observables.base import OK, evaluate, observable_names

__all__ = ["DarkMatter", "evaluate_bounds", "observable_of", "verdict"]


@dataclass(frozen=True)
class _Names:
    """What a model calls the mass of its dark matter, and its channels of annihilation into
    Standard Model states (`standard-model` to a bound) and mediators (`secluded`)."""

    mass: str = "m_dm"
    channels: Mapping[str, str] = field(default_factory=dict)


_NAMES = {
    "nonabelian-vector": _Names("m_x", {"standard-model": "kinetic", "secluded": "dark"}),
}
"""Models with names other than those of dark-photon"""
_OFF_SHELL = "sigma_v_off_shell_cm3_s"


def _names(model: Any) -> _Names:
    return _NAMES.get(model.name, _Names())


@dataclass(frozen=True)
class DarkMatter:
    """The dark matter of a model as the bounds read it; `mass` in GeV, `fraction` of the density.

    `shares` is None where the final states are not known apart; `alpha` is g_D^2/4 pi, where the
    dark matter has such a coupling; `off_shell` says whether annihilation into V V* is computed;
    `spectral` finds the spectral functions of the mediator at s, where the model has them.
    """

    mass: Any
    self_conjugate: bool
    shares: Mapping[str, Any] | None
    fraction: Any = 1.0
    alpha: Any = None
    off_shell: bool = False
    kind: str = ""
    spectral: Callable[[Any], Mapping[str, Any]] | None = None

    @classmethod
    def of(cls, model: Any, mediator: MediatorView | None = None) -> DarkMatter:
        """The dark matter of `model`, one point or arrays, beside its `mediator`.

        It is the whole dark matter density, whatever relic density the model comes out with.
        """
        inputs = Inputs.default()
        given = np.asarray(getattr(model, _names(model).mass), dtype=np.float64)
        mass = np.broadcast_to(given, model.shape)
        if hasattr(model, "annihilation_shares"):
            shares = model.annihilation_shares(inputs)
        else:
            seen = model.mediator(inputs) if mediator is None else mediator
            shares = annihilation_shares(mass, seen.mass)
        alpha = getattr(model, "alpha_d", None)
        scalar = model.dark_matter == "complex-scalar"
        off_shell = scalar and _OFF_SHELL in observable_names(model.name)
        own = model.dark_matter == "majorana"
        spectral = partial(model.spectral, inputs=inputs) if hasattr(model, "spectral") else None
        more = {"off_shell": off_shell, "kind": model.dark_matter, "spectral": spectral}
        return cls(mass, own, shares, alpha=alpha, **more)


def observable_of(
    model: Any, inputs: Inputs | None = None, options: Options | None = None
) -> ObservableCall:
    """Observables of `model` as the bounds ask for them.

    `channels` narrows the channels of `options`; those that are left out there stay left out. It is
    `standard-model` or `secluded`, whatever `model` calls them. `trusted` values are NaN where the
    status is not ok. `where` (bool, of the shape of the model) leaves zero elsewhere. Dark matter
    lighter than `least_mass` (GeV) counts as that heavy.
    """
    settings = options or Options()

    def observable(
        name: str,
        /,
        channels: str = "all",
        trusted: bool = False,
        where: np.ndarray | None = None,
        least_mass: float = 0.0,
        **arguments: Any,
    ) -> Any:
        whole = _not_below(model, least_mass)
        chosen = settings
        if channels != "all":
            word = _names(model).channels.get(channels, channels)
            if not {"all", word} & set(settings.words("channels")):
                return np.zeros(model.shape)
            chosen = replace(settings, channels=word)
        if where is None:
            return asked(whole, name, chosen, trusted, arguments)
        answer = np.zeros(model.shape)
        if where.any():
            taken = {k: _at(v, model.shape, where) for k, v in arguments.items()}
            answer[where] = asked(_part(whole, where), name, chosen, trusted, taken)
        return answer

    def asked(point: Any, name: str, chosen: Options, trusted: bool, extra: dict[str, Any]) -> Any:
        found = evaluate(point, name, inputs=inputs, options=chosen, **extra)
        return np.where(found.status == OK, found.value, np.nan) if trusted else found.value

    return observable


def _not_below(model: Any, least_mass: float) -> Any:
    """`model` with dark matter of at least this mass (GeV)."""
    name = _names(model).mass
    if least_mass == 0.0 or np.all(getattr(model, name) >= least_mass):
        return model
    return replace(model, **{name: np.maximum(getattr(model, name), least_mass)})


def _at(value: Any, shape: tuple[int, ...], where: np.ndarray) -> Any:
    """`value`, spread to `shape`, where `where` is true; words as they are."""
    return value if isinstance(value, str) else np.broadcast_to(value, shape)[where]


def _part(model: Any, where: np.ndarray) -> Any:
    """The points of `model` where `where` is true."""
    return replace(model, **{k: _at(v, model.shape, where) for k, v in model.numbers().items()})


def evaluate_bounds(
    model: Any,
    records: Iterable[BoundRecord],
    *,
    inputs: Inputs | None = None,
    options: Options | None = None,
    include_grade_d: bool = False,
    limits: bool = True,
) -> list[BoundResult]:
    """What each of `records` says about the points of `model`; see `recast.evaluate`.

    Raises UsageError for a parameter that is missing.
    """
    inputs = inputs or Inputs.default()
    mediator = model.mediator(inputs)
    dark = _dark_matter(model, mediator)
    return evaluate_all(
        records,
        mediator,
        dark_matter=dark,
        observable=None if dark is None else observable_of(model, inputs, options),
        include_grade_d=include_grade_d,
        limits=limits,
    )


def verdict(
    model: Any,
    *,
    inputs: Inputs | None = None,
    options: Options | None = None,
    records: Iterable[BoundRecord] | None = None,
    include_grade_d: bool = False,
) -> Verdict:
    """Who excludes one point of `model`, by how much, and who is silent.

    The dark matter is taken to make up the whole density, whatever its relic density comes out as.
    `records` defaults to the current limits and projections for the model; those of grade D exclude
    only with `include_grade_d`.
    Raises UsageError for a parameter that is missing and unless there is exactly one point, and
    ParameterError for a point that does not exist (no mixing with the Z).
    """
    inputs = inputs or Inputs.default()
    if np.prod(model.shape) != 1:
        n = int(np.prod(model.shape))
        raise UsageError(f"a verdict is about one point, but the parameters hold {n} of them.")
    model = replace(model, **{k: np.reshape(v, ()) for k, v in model.numbers().items()})
    model.check_domain(inputs)
    mediator = model.mediator(inputs)
    dark = _dark_matter(model, mediator)
    return judge(
        model.name,
        mediator,
        dark_matter=dark,
        observable=None if dark is None else observable_of(model, inputs, options),
        records=records,
        include_grade_d=include_grade_d,
        own_epsilon=float(model.epsilon) if hasattr(model, "epsilon") else None,
    )


def _dark_matter(model: Any, mediator: MediatorView | None = None) -> DarkMatter | None:
    return DarkMatter.of(model, mediator) if model.has_dark_matter else None
