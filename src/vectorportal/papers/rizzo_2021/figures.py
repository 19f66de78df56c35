"""Figures 2 to 5 of [Rizzo:2021] by name."""

from __future__ import annotations

from vectorportal.papers.figure import PRESCRIPTION, TARGET, Figure, Keyword

__all__ = ["ALPHA_D", "FIGURES", "SCALE", "mass_of_v"]

SCALE = Keyword(
    "lambda_over_alpha_d", 25e3, "GeV", "scale Lambda_e/alpha_d of the dipole", 1e-6, 1e30
)
X_F = Keyword("x_f", 20.0, "1", "m_dm/T at which <sigma v> is taken", 1e-3, 1e14)
SIGMA_V = Keyword("sigma_v", 7.5e-26, "cm^3/s", "<sigma v> that is needed at x_f")
FLAVOUR = Keyword("flavour_factor", 1.0, "1", "1 + sum over neutrinos of (Lambda_e/Lambda_nu)^2")
"""not below 1, as the model says"""
ALPHA_D = Keyword("alpha_d", 0.5, "1", "dark fine structure constant", 0.0, 12.6)
_MODULE = "vectorportal.papers.rizzo_2021"


def mass_of_v(default: float, doc: str = "mass of the vector") -> Keyword:
    """The mass of the vector."""
    return Keyword("m_v", default, "GeV", doc, 1e-9, 1e7)


FIGURES: tuple[Figure, ...] = (
    Figure(
        "rizzo-2021/fig2",
        "Loop function of the toy model, and the scales that it gives",
        "G(y) as verified and as printed, and Lambda_e for three dark couplings with the ordinary "
        "moment of the electron that comes along.",
        f"{_MODULE}.fig2",
        (
            PRESCRIPTION,
            Keyword("m_f", 1e3, "GeV", "mass of the portal fermion"),
            Keyword("s2", 0.23, "1", "s_I^2 = (g_D/g_I)^2", 0.0, 1.0),
            Keyword("y_min", 0.1, "1", "smallest (m_F/m_WI)^2"),
            Keyword("y_max", 10.0, "1", "largest (m_F/m_WI)^2"),
            Keyword("points", 121, "1", "number of ratios", 1, 100_001),
        ),
    ),
    Figure(
        "rizzo-2021/fig3",
        "Annihilation of dark matter through the dipole of the electron",
        "<sigma v> at fixed x against r = 2 m_dm/m_v for three dark couplings, and the scale "
        "Lambda/alpha_d that it or freeze-out needs.",
        f"{_MODULE}.fig3",
        (
            PRESCRIPTION,
            mass_of_v(0.2),
            SCALE,
            FLAVOUR,
            X_F,
            SIGMA_V,
            TARGET,
            Keyword("r_min", 0.3, "1", "smallest 2 m_dm/m_v", 1e-3, 10.0),
            Keyword("r_max", 2.0, "1", "largest 2 m_dm/m_v", 1e-3, 10.0),
            Keyword("points", 121, "1", "ratios of even steps", 1, 10_001),
        ),
    ),
    Figure(
        "rizzo-2021/fig4",
        "Kinetic mixing and dipole that together leave the relic density",
        "Lambda/alpha_d against epsilon at fixed r = 2 m_dm/m_v for three dark couplings, from "
        "<sigma v> at fixed x and from freeze-out.",
        f"{_MODULE}.fig4",
        (
            PRESCRIPTION,
            mass_of_v(0.2),
            Keyword("r", 0.8, "1", "2 m_dm/m_v", 1e-3, 10.0),
            FLAVOUR,
            X_F,
            SIGMA_V,
            TARGET,
            Keyword("points", 121, "1", "points on a curve", 1, 10_001),
        ),
    ),
    Figure(
        "rizzo-2021/fig5",
        "Scattering of dark matter on an electron against kinetic mixing",
        "Cross section of heavy dark matter on a free electron at one speed and averaged over the "
        "halo, and at the momentum transfer alpha m_e, for both signs of Lambda.",
        f"{_MODULE}.fig5",
        (
            PRESCRIPTION,
            mass_of_v(0.1),
            ALPHA_D,
            SCALE,
            Keyword("beta", 1e-3, "1", "speed of the dark matter over c", 0.0, 1.0),
            Keyword("epsilon_min", 1e-15, "1", "smallest kinetic mixing", 0.0, 0.877),
            Keyword("epsilon_max", 1e-9, "1", "largest kinetic mixing", 0.0, 0.877),
            Keyword("points", 241, "1", "number of mixings", 1, 100_001),
        ),
    ),
)
