"""Observables of dark-dipole beyond those that it shares with other vectors."""

from vectorportal.observables.dipole import (
    annihilation,
    collider,
    fixed_target,
    relic,
    scattering,
    toy,
)

__all__ = ["annihilation", "collider", "fixed_target", "relic", "scattering", "toy"]
