"""Observables of nonabelian-vector: importing this package registers them."""

from vectorportal.observables.vector import amplitudes, annihilation, relic, scattering, spectrum

__all__ = ["amplitudes", "annihilation", "relic", "scattering", "spectrum"]
