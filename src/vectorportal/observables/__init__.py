"""Observables: importing this package fills the registry."""

from vectorportal.observables import direct, mediator, vector
from vectorportal.observables.relic import observables as relic_observables

__all__ = ["direct", "mediator", "relic_observables", "vector"]
