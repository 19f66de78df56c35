"""The words and the names of fields that a record of a bound is made of."""

from __future__ import annotations

from vectorportal.formulas.production import MODES
from vectorportal.inputs.hadron_channels import CHANNELS

__all__ = [
    "AS_PUBLISHED",
    "COMING_MODELS",
    "COMPUTED",
    "COUPLINGS",
    "DARK_PHOTON",
    "FINAL_STATES",
    "GRADES",
    "KINDS",
    "LISTS",
    "MAPPINGS",
    "MODEL_NAMES",
    "MODES",
    "OF_DARK_MATTER",
    "OPTIONAL",
    "OPTIONAL_LISTS",
    "OPTIONAL_TEXTS",
    "PARTICLE_MODELS",
    "RATES",
    "REGIONS",
    "SIGNATURES",
    "TEXTS",
    "WORDS",
]

SIGNATURES = (
    "prompt-visible",
    "displaced",
    "dump",
    "invisible",
    "missing-energy",
    "cooling",
    "moment",
    "electroweak",
    "annihilation",
    "halo-annihilation",
    "self-interaction",
    "nucleosynthesis",
    "recoil",
    "millicharge",
    "rare-decay",
)
REGIONS = ("one-sided", "band", "computed")
KINDS = ("limit", "projection")
GRADES = ("A", "B", "C", "D")
RATES = ("annihilation", "halo-annihilation", "self-interaction", "nucleosynthesis")
"""Signatures that limit what the dark matter does, read from an observable of the model."""
COMPUTED = ("moment", "electroweak", *RATES)
"""Signatures whose limit follows from a formula instead of a curve."""
OF_DARK_MATTER = ("sigma_v", "sigma_self", "m_dm")
"""What limits of `RATES` are on."""
COUPLINGS = ("epsilon", "g_x", "y", "millicharge", "branching-ratio", *OF_DARK_MATTER)
FINAL_STATES: tuple[str, ...] = (
    "ee",
    "mumu",
    "tautau",
    "nunu",
    "hadrons",
    "tt",
    "WW",
    "Zh",
    "invisible",
    "sm",
    "gammagamma",
    "none",
    *CHANNELS,
)
"""`sm`: all visible ones; `invisible`: dark matter and neutrinos; `none`: not about decays."""
AS_PUBLISHED = ("for a dark photon", "they do a dark photon", "for a vector of baryon number")
"""Ends of assumptions that hold only for a vector that decays and is made like the published one"""
DARK_PHOTON = "dark-photon"
"""Reference vector of a curve in epsilon: couplings epsilon e Q."""
TEXTS = (
    "id",
    "experiment",
    "label",
    "title",
    "production",
    "confidence_level",
    "digitised_by",
    "how",
)
WORDS = {
    "signature": SIGNATURES,
    "region": REGIONS,
    "kind": KINDS,
    "grade": GRADES,
    "coupling": COUPLINGS,
}
LISTS = ("final_states", "source", "assumes")
OPTIONAL_LISTS = ("supersedes", "notes", "models")
OPTIONAL_TEXTS = ("alternative_to", "charges", "reference", "experiment_file")
MAPPINGS = ("inputs", "modes", "geometry")
OPTIONAL = (*OPTIONAL_TEXTS, "shield_m", "decay_m", *MAPPINGS, *OPTIONAL_LISTS)
MODEL_NAMES = ("dark-photon", "nonabelian-vector", "charged-vector", "dark-dipole")
"""Models whose vector a curve in a vector's coupling can be read for, unless the record says."""
PARTICLE_MODELS = ("millicharged",)
"""Models of a particle with a small charge: what a curve in millicharge can be read for"""
COMING_MODELS = ("baryonic-vector",)
"""Models that records name and that do not exist yet"""
