"""Reaction networks: coupled species that have left, or never met, the thermal bath."""
