"""Observables of dark-dipole beyond those that it shares with other vectors."""

from vectorportal.observables.dipole import annihilation

__all__ = ["annihilation"]
