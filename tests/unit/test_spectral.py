"""Widths of the dark photon and spectral functions against explicit amplitudes and identities."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from oracles import widths as oracle
from oracles.neutral_currents import Currents
from vectorportal.formulas import spectral
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.settings import Inputs
from vectorportal.models import DarkPhoton

INPUTS = Inputs.default()
LEPTONS = Inputs(hadrons="none")
SM = INPUTS.sm
KINDS = ("complex-scalar", "dirac", "majorana")
DARK_WIDTH = {
    "complex-scalar": oracle.width_scalar_pair,
    "dirac": oracle.width_dirac_pair,
    "majorana": oracle.width_majorana_pair,
}


MASSES = (2e-3, 0.3, 4.0, 60.0, 120.0, 230.0, 500.0, 5e3)
POINTS = [(m_v, epsilon) for m_v in MASSES for epsilon in (1e-3, 0.2)]
# The oracle works in long doubles; couplings near m_Z carry the rounding of 1 - r.
ROUNDING = 1e-11


@pytest.mark.parametrize(("m_v", "epsilon"), POINTS)
def test_visible_widths_equal_amplitudes(m_v, epsilon):
    model = DarkPhoton(m_v=m_v, epsilon=epsilon)
    widths = model.mediator(INPUTS).widths
    currents = Currents(model, INPUTS)
    lepton, neutrino, top = (
        currents.chiral(currents.v, charge, t3)
        for charge, t3 in ((-1.0, -0.5), (0.0, 0.5), (2 / 3, 0.5))
    )
    expected = {
        "ee": oracle.width_ff(m_v, SM.m_e, *lepton),
        "mumu": oracle.width_ff(m_v, SM.m_mu, *lepton),
        "tautau": oracle.width_ff(m_v, SM.m_tau, *lepton),
        "tt": oracle.width_ff(m_v, SM.m_t, *top, 3),
        "WW": oracle.width_ww(m_v, SM.m_w, currents.ww(currents.v)),
        "Zh": oracle.width_zh(m_v, SM.m_z, SM.m_h, currents.kappa(currents.v)),
    }
    for name, want in expected.items():
        assert widths[name] == pytest.approx(want, rel=ROUNDING), name
    if m_v > 1:  # below, the neutrino coupling cancels in the sum over B and W3
        nu = 3 * oracle.width_ff(m_v, 0.0, *neutrino)
        assert widths["nunu"] == pytest.approx(nu, rel=1e-7)
    assert set(DarkPhoton(m_v=m_v, epsilon=epsilon).mediator(LEPTONS).widths) == {
        "ee", "mumu", "tautau", "nunu", "dark",
    }  # fmt: skip


@pytest.mark.parametrize("m_v", [5.0, 20.0, 300.0, 2e3])
def test_hadronic_width_counts_quarks(m_v):
    """Away from resonances: sum of quark widths times R/(3 sum Q^2), with massless quarks.

    Exact where all five flavours are far above threshold; 2 per cent near m_v = 5 GeV, where the
    charm phase space is close to one and beauty is closed.
    """
    epsilon = 0.05
    model = DarkPhoton(m_v=m_v, epsilon=epsilon)
    currents = Currents(model, INPUTS)
    up = currents.chiral(currents.v, 2 / 3, 0.5)
    down = currents.chiral(currents.v, -1 / 3, -0.5)
    flavours = (2, 3) if m_v > 11 else (2, 2)
    quarks = sum(
        n * oracle.width_ff(m_v, 0.0, *g, 3) for n, g in zip(flavours, (up, down), strict=True)
    )
    charges = 3 * (flavours[0] * 4 / 9 + flavours[1] / 9)
    ratio = load_hadrons().ratio_with_peaks(m_v)
    tolerance = 1e-3 if m_v > 15 else 2e-2
    assert model.mediator(INPUTS).widths["hadrons"] == pytest.approx(
        quarks * ratio / charges, rel=tolerance
    )


@pytest.mark.parametrize("dm", KINDS)
@pytest.mark.parametrize(("m_v", "epsilon"), [(0.3, 1e-3), (60.0, 0.2), (500.0, 0.2)])
def test_dark_width_equals_amplitudes(dm, m_v, epsilon):
    for ratio in (1e-3, 0.2, 0.499, 0.499999, 0.6):
        model = DarkPhoton(m_v=m_v, epsilon=epsilon, m_dm=ratio * m_v, alpha_d=0.3, dm=dm)
        component = Currents(model, INPUTS).v.dark
        want = DARK_WIDTH[dm](m_v, ratio * m_v, component * np.sqrt(4 * np.pi * 0.3))
        # m_v - 2 m_dm loses digits as 1/beta^2 = 2.5e5 in the oracle's own velocity
        assert model.mediator(INPUTS).width_dark == pytest.approx(want, rel=1e-9)


def test_threshold_powers():
    """S-wave pairs open as beta, scalars, axial and W pairs as beta^3, Z h as p."""
    m = 0.7
    gaps = np.array([1e-6, 4e-6])
    s = 4 * m**2 * (1 + gaps)
    one = np.ones(2)

    def power(w):
        return float(np.log(w[1] / w[0]) / np.log(4.0) * 2)

    vector = spectral.fermion_pair(s, m, 2 * one, one)
    axial = spectral.fermion_pair(s, m, 2 * one, -one)
    assert power(vector) == pytest.approx(1, abs=1e-5)
    assert power(axial) == pytest.approx(3, abs=1e-5)
    assert power(spectral.dirac_pair(s, m, 0.1)) == pytest.approx(1, abs=1e-5)
    assert power(spectral.majorana_pair(s, m, 0.1)) == pytest.approx(3, abs=1e-5)
    assert power(spectral.scalar_pair(s, m, 0.1)) == pytest.approx(3, abs=1e-5)
    assert power(spectral.w_pair(s, m, 0.1)) == pytest.approx(3, abs=2e-5)
    m_z, m_h = 0.9, 1.3
    zh = spectral.higgs_strahlung((m_z + m_h) ** 2 * (1 + gaps), m_z, m_h, 0.1)
    assert power(zh) == pytest.approx(1, abs=1e-5)


def test_closed_channels_are_exactly_zero():
    """At and below threshold every spectral function vanishes, and none is negative or NaN."""
    m, one = 0.7, np.ones(3)
    s = 4 * m**2 * np.array([0.01, 0.999999, 1.0])
    for w in (
        spectral.fermion_pair(s, m, one, one),
        spectral.w_pair(s, m, one),
        spectral.scalar_pair(s, m, one),
        spectral.dirac_pair(s, m, one),
        spectral.majorana_pair(s, m, one),
        spectral.higgs_strahlung(s, m, m, one),
    ):
        assert np.array_equal(w, np.zeros(3))


def test_massless_limit_and_colours():
    """N_c s g^2/(12 pi) for massless fermions with a vector coupling g (QED: alpha s/3)."""
    g2, s = 4 * np.pi * 0.1, 2.0
    got = spectral.fermion_pair(s, 0.0, 2 * g2, g2, colours=3.0)
    assert got == pytest.approx(3 * 0.1 * s / 3, rel=1e-15)
    assert spectral.dirac_pair(s, 0.0, 0.1) == pytest.approx(0.1 * s / 3, rel=1e-15)


def test_chiral_crossing_of_the_mass_term():
    """g_L <-> g_R leaves the width; g_R -> -g_R exchanges vector and axial couplings."""
    s, m = 3.0, 0.4
    beta2 = 1 - 4 * m**2 / s
    axial = spectral.fermion_pair(s, m, 2.0, -1.0)
    vector = spectral.fermion_pair(s, m, 2.0, 1.0)
    # (1 + 2 m^2/s) beta against beta^3
    assert vector / axial == pytest.approx((1 + 2 * m**2 / s) / beta2, rel=1e-14)


@pytest.mark.parametrize("dm", KINDS)
@pytest.mark.parametrize("scale", [1e-3, 7.0])
def test_rescaling_every_mass(dm, scale):
    """Widths have dimension 1: all masses times lambda gives lambda times every width."""
    names = [f.name for f in dataclasses.fields(SM) if f.name.startswith(("m_", "gamma_"))]
    scaled = Inputs(sm=SM.replace(**{n: scale * getattr(SM, n) for n in names}), hadrons="none")
    for m_v in (0.3, 60.0, 400.0):
        small = DarkPhoton(m_v=m_v, epsilon=0.01, m_dm=0.3 * m_v, alpha_d=0.2, dm=dm)
        large = DarkPhoton(
            m_v=scale * m_v, epsilon=0.01, m_dm=0.3 * scale * m_v, alpha_d=0.2, dm=dm
        )
        first, second = small.mediator(LEPTONS).widths, large.mediator(scaled).widths
        for name, width in first.items():
            assert second[name] == pytest.approx(scale * width, rel=1e-12), name
