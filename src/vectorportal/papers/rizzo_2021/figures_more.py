"""Figures 6 to 8 of [Rizzo:2021], and what separates the two couplings, by name."""

from __future__ import annotations

from vectorportal.papers.figure import PRESCRIPTION, Figure, Keyword
from vectorportal.papers.rizzo_2021.figures import ALPHA_D, mass_of_v

__all__ = ["FIGURES"]

_MODULE = "vectorportal.papers.rizzo_2021"
_COLLIDER = (
    Keyword("sqrt_s", 10.0, "GeV", "centre-of-mass energy"),
    Keyword("z_min", -0.6, "1", "least cosine of the photon to the electron beam", -1.0, 1.0),
    Keyword("z_max", 0.6, "1", "largest cosine of the photon", -1.0, 1.0),
)

_BEAM = (
    Keyword("beam_energy", 4.0, "GeV", "energy of the electrons on tungsten"),
    Keyword("theta_max", 0.5, "1", "largest angle of V to the beam in rad", 0.0, 1.57),
)

FIGURES: tuple[Figure, ...] = (
    Figure(
        "rizzo-2021/fig6",
        "Energy of the recoil electron on a fixed target",
        "Normalised spectra for kinetic mixing and for the dipole at five masses of the vector.",
        f"{_MODULE}.fig6",
        (
            PRESCRIPTION,
            *_BEAM,
            Keyword("energy_min", 5e-3, "GeV", "smallest recoil energy"),
            Keyword("points", 240, "1", "number of energies", 1, 100_001),
        ),
    ),
    Figure(
        "rizzo-2021/fig7",
        "Transverse momentum of the recoil electron on a fixed target",
        "Normalised spectra for kinetic mixing and for the dipole at five masses of the vector.",
        f"{_MODULE}.fig7",
        (
            PRESCRIPTION,
            *_BEAM,
            Keyword("pt_min", 5e-4, "GeV", "smallest transverse momentum"),
            Keyword("pt_max", 1.0, "GeV", "largest transverse momentum"),
            Keyword("points", 240, "1", "number of momenta", 1, 100_001),
        ),
    ),
    Figure(
        "rizzo-2021/fig8",
        "The mixing that e+ e- -> gamma V seems to have",
        "Effective kinetic mixing against kinetic mixing for several scales of the dipole, with "
        "the limit on dark photons.",
        f"{_MODULE}.fig8",
        (
            PRESCRIPTION,
            mass_of_v(1e-3, "mass of the vector; no part of the printed formulas"),
            ALPHA_D,
            *_COLLIDER,
            Keyword("epsilon_limit", 1e-3, "1", "limit on the mixing of a dark photon", 0.0, 1.0),
            Keyword("epsilon_min", 1e-5, "1", "smallest kinetic mixing", 0.0, 0.877),
            Keyword("epsilon_max", 3e-3, "1", "largest kinetic mixing", 0.0, 0.877),
            Keyword("points", 161, "1", "number of mixings", 1, 100_001),
        ),
    ),
    Figure(
        "rizzo-2021/separation",
        "Events that separate a dipole from kinetic mixing",
        "Signal events against m_v at which the recoil electron on a fixed target, or the photon "
        "of e+ e- -> gamma V, excludes the wrong coupling at 95%; beyond the paper.",
        f"{_MODULE}.separation",
        (
            PRESCRIPTION,
            Keyword("mass_min", 0.01, "GeV", "smallest mass of the vector", 1e-9, 1e7),
            Keyword("mass_max", 8.0, "GeV", "largest mass of the vector", 1e-9, 1e7),
            Keyword(
                "recoil_mass_max",
                1.0,
                "GeV",
                "largest mass for the recoil, an extrapolation above 1 GeV",
                1e-9,
                1e7,
            ),
            *_BEAM,
            Keyword("recoil_min", 0.05, "GeV", "least energy of the recoil electron"),
            Keyword("recoil_max", 1.2, "GeV", "largest energy of the recoil electron"),
            *_COLLIDER,
            Keyword("points", 61, "1", "number of masses", 1, 10_001),
        ),
    ),
)
