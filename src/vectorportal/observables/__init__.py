"""Observables: importing this package fills the registry."""

from vectorportal.observables import dipole, direct, mediator, vector
from vectorportal.observables.relic import observables as relic_observables
from vectorportal.observables.relic import off_shell

__all__ = ["dipole", "direct", "mediator", "off_shell", "relic_observables", "vector"]
