"""Planes of mass and coupling with every bound of the registry: one module for each plane."""
