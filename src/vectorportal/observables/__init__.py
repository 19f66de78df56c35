"""Observables: importing this package fills the registry."""

from vectorportal.observables import dipole, direct, mediator, vector
from vectorportal.observables.relic import observables as relic_observables

__all__ = ["dipole", "direct", "mediator", "relic_observables", "vector"]
