"""The planes of bounds by name, and the older name of the visible one."""

from __future__ import annotations

from typing import Any

from vectorportal.models.charges import charges_word
from vectorportal.observables.engine import ENGINES
from vectorportal.papers.figure import Figure, Keyword

__all__ = ["BARYONIC", "FIGURES"]

_MODULE = "vectorportal.papers.bound_planes"
_MASSES = (1e-9, 1e7)
"""allowed masses in GeV, those of the models"""
BARYONIC = ("B", "B+mixing")
"""Charges of baryon number"""
_OLD = Keyword(
    "superseded",
    "no",
    "",
    "yes: superseded results and other recasts of the same data too, as thin grey lines",
    choices=("yes", "no"),
)
_ENGINE = Keyword("engine", "numpy", "", "numpy or jax", choices=ENGINES)


def _axis(
    low: float, high: float, points: int = 801, allowed: tuple[float, float] = _MASSES
) -> tuple[Keyword, ...]:
    """Range and number of the masses on the axis."""
    return (
        Keyword("mass_min", low, "GeV", "smallest mass on the axis", *allowed),
        Keyword("mass_max", high, "GeV", "largest mass on the axis", *allowed),
        Keyword("points", points, "1", "masses, evenly spaced in the logarithm", 1, 100_001),
    )


def _experiment_word(value: Any) -> str:
    """The valid keyword of the calibration, whose modules are imported when it is asked for."""
    from vectorportal.papers.bound_planes.calibration import experiment_word

    return experiment_word(value)


_DARK = (
    Keyword("plane", "epsilon", "", "epsilon over m_v, or y over m_dm", choices=("epsilon", "y")),
    Keyword(
        "dm",
        "complex-scalar",
        "",
        "dark matter that the mediator decays to",
        choices=("complex-scalar", "dirac", "majorana"),
    ),
    Keyword("ratio", 1.0 / 3.0, "1", "mass of the dark matter over that of V", 1e-6, 0.5),
    Keyword("alpha_d", 0.5, "1", "dark fine structure constant", 0.0, 12.6),
)

FIGURES: tuple[Figure, ...] = (
    Figure(
        "bounds/dark-photon-visible",
        "Searches for dark photons that decay to Standard Model particles",
        "Kinetic mixing against mediator mass without dark matter: prompt searches, beam dumps, "
        "displaced vertices, the supernova, magnetic moments and projections.",
        f"{_MODULE}.visible",
        (*_axis(1e-3, 200.0), _OLD),
    ),
    Figure(
        "bounds/dark-photon-invisible",
        "Searches for dark photons that decay to dark matter",
        "Kinetic mixing (or y) against mass at a fixed mass ratio and dark coupling: missing "
        "energy, scattering of the dark matter, what is left of visible searches, projections.",
        f"{_MODULE}.invisible",
        (*_DARK, *_axis(1e-3, 100.0), _OLD),
    ),
    Figure(
        "bounds/millicharge",
        "Searches for millicharged particles",
        "Electric charge against mass: accelerators, stars, cosmology and projections.",
        f"{_MODULE}.millicharge",
        (*_axis(1e-4, 1e3, allowed=(1e-15, 1e7)), _OLD),
    ),
    Figure(
        "bounds/baryonic",
        "Searches for a vector of baryon number",
        "Coupling against mass: limits published for baryon number, recasts of those on dark "
        "photons, and rare decays that are enhanced if heavy states cancel the anomalies.",
        f"{_MODULE}.baryonic",
        (
            Keyword("charges", "B+mixing", "", "with or without loop mixing", choices=BARYONIC),
            *_axis(1e-3, 200.0),
            _OLD,
        ),
    ),
    Figure(
        "bounds/charged-vector",
        "Searches for a vector of a new charge",
        "Coupling against mass for named or own charges: every record on a vector, recast.",
        f"{_MODULE}.charged",
        (
            Keyword("charges", "B-L", "", "charges of the fermions", parse=charges_word),
            *_axis(1e-3, 200.0),
            _OLD,
        ),
    ),
    Figure(
        "bounds/dark-dipole",
        "Searches for vectors with a dipole of the electron",
        "alpha_d/Lambda against mass without kinetic mixing: every record that holds for a dipole, "
        "and the line on which freeze-out leaves the observed density.",
        f"{_MODULE}.dipole",
        (
            Keyword(
                "dm",
                "complex-scalar",
                "",
                "dark matter that V decays to, or none",
                choices=("complex-scalar", "none"),
            ),
            Keyword("ratio", 0.45, "1", "mass of the dark matter over that of V", 1e-6, 1.0),
            Keyword("alpha_d", 0.5, "1", "dark fine structure constant", 0.0, 12.6),
            *_axis(1e-3, 10.0, 401),
            _OLD,
        ),
    ),
    Figure(
        "bounds/calibration",
        "Limits from first principles beside the published ones",
        "Coupling against mass for each experiment that is computed from its beam up and has a "
        "published record: both limits, and below them their ratio.",
        f"{_MODULE}.calibration",
        (
            Keyword(
                "experiment",
                "all",
                "",
                "all (twelve dumps and missing-energy searches), an engine, or ids with commas",
                parse=_experiment_word,
            ),
        ),
    ),
    Figure(
        "light-dark-matter/visible-bounds",
        "Searches for dark photons that decay to Standard Model particles",
        "The same as bounds/dark-photon-visible.",
        f"{_MODULE}.visible",
        (*_axis(1e-3, 100.0, 401), _ENGINE),
    ),
)
