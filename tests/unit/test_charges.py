"""Charges: names, own ones, gauge anomalies, and the mixing that loops induce."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from vectorportal.errors import ParameterError
from vectorportal.formulas.loop_mixing import induced_charge, vacuum_polarisation
from vectorportal.inputs.settings import Inputs
from vectorportal.models.charges import (
    ELECTRIC,
    FERMIONS,
    GROUPS,
    NAMED,
    charges_word,
    parse_charges,
)

SM = Inputs.default().sm
GENERATIONS = (("u", "d", "nu_e", "e"), ("c", "s", "nu_mu", "mu"), ("t", "b", "nu_tau", "tau"))
THIRD = Fraction(1, 3)


def near(number, rel=1e-6):
    """Equal within `rel`, however small the numbers are."""
    return pytest.approx(number, rel=rel, abs=0.0)


def weyl(x):
    """(number, weak isospin 1/2, hypercharge, x) of left-handed Weyl fermions, nu_R included.

    Hypercharge Q - T3 of the Standard Model, written down again here.
    """
    out = []
    for up, down, nu, lepton in GENERATIONS:
        out += [(6, True, Fraction(1, 6), x[up]), (3, False, Fraction(-2, 3), -x[up])]
        out += [(3, False, THIRD, -x[down]), (2, True, Fraction(-1, 2), x[lepton])]
        out += [(1, False, Fraction(1), -x[lepton]), (1, False, Fraction(0), -x[nu])]
    return out


@pytest.mark.parametrize("name", [n for n in NAMED if n not in ("protophobic", "dark-photon")])
def test_anomalies_by_explicit_traces(name):
    """The six triangle anomalies of U(1)_x, summed over Weyl fermions, vanish where we say so."""
    charges = parse_charges(name)
    fields = weyl(charges.values)
    traces = [
        sum(n * x for n, doublet, _, x in fields if doublet),
        sum(n * y * y * x for n, _, y, x in fields),
        sum(n * y * x * x for n, _, y, x in fields),
        sum(n * x**3 for n, _, _, x in fields),
        sum(n * x for n, _, _, x in fields),
    ]
    assert charges.isospin == 0
    assert (charges.anomaly == 0) == (not any(traces))
    assert bool(charges.remarks()) == any(traces)
    if charges.anomaly:
        assert traces[0] == 2 * charges.anomaly


def test_named_charges():
    """Neutral and unit charges that define the names."""
    values = {name: parse_charges(name) for name in NAMED}
    assert values["B-L"]["e"] == values["B-L"]["nu_tau"] == -1
    assert 2 * values["B"].values["u"] + values["B"].values["d"] == 1
    assert sum(values["L_mu-L_tau"].values.values()) == 0
    assert values["B-3L_tau"]["tau"] == -3
    proton = values["protophobic"]
    assert 2 * proton.values["u"] + proton.values["d"] == 0
    assert proton.values["u"] + 2 * proton.values["d"] == 1
    assert dict(values["dark-photon"].values) == ELECTRIC
    # B - Q and Q are as consistent as B and nothing: multiples of Q come from kinetic mixing
    assert (proton.isospin, proton.anomaly) == (-1, values["B"].anomaly)
    assert values["dark-photon"].anomaly == 0
    assert values["L_e-L_mu"].finite_mixing
    assert not values["B-L"].finite_mixing


def test_own_charges():
    found = parse_charges(" e : -1, mu:.5 ,q:1/3,t:0 +mixing")
    assert found.word == "e:-1,mu:.5,q:1/3,t:0+mixing"
    assert found.mixing
    assert [found[f] for f in ("e", "mu", "u", "t", "nu_e")] == [-1, 0.5, 1 / 3, 0, 0]
    assert parse_charges("t:0,q:1/3").values == parse_charges("q:1/3,t:0").values
    assert parse_charges("q:1/3,lepton:-1").values == parse_charges("B-L").values
    assert parse_charges("up:2/3,down:-1/3,l:-1").values == parse_charges("dark-photon").values
    assert parse_charges("l:1,nu:1").values == parse_charges("L").values
    assert not parse_charges("nu:1").hadronic
    assert parse_charges("nu:1+mixing").hadronic
    split = parse_charges("u:1,e:-1")
    assert split.isospin is None
    assert "weak doublets" in split.remarks()[0]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("L_mu-Ltau", "did you mean L_mu-L_tau?"),
        ("b-l", "did you mean B-L?"),
        ("", "charges = '' is not allowed"),
        ("none", "one of B-L"),
        ("+mixing", "one of B-L"),
        ("e", "own ones such as e:-1"),
        ("e:-1,mu", "did you mean mu?"),
        ("el:1", "did you mean"),
        ("e:1,foo:2", "of the form fermion:charge with e, mu, tau, nu_e"),
        ("e:", "the charge of e = ''"),
        ("e:1/0", "a fraction such as 1/3"),
        ("e:nan", "charge of e = nan"),
        ("e:1e3", "charge of e = 1e3"),
        ("e:2000", "between -1000 and 1000"),
        ("e:1,e:2", "e has two"),
        ("q:1,up:2", "u has two"),
        ("e:0", "some fermion has a charge"),
        ("B-L,e:1", "did you mean"),
        (3, "charges = 3"),
        (None, "charges = None"),
    ],
)
def test_wrong_charges(word, said):
    with pytest.raises(ParameterError) as caught:
        charges_word(word)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


NAMES = st.sampled_from([*FERMIONS, *GROUPS])
NUMBERS = st.fractions(-1000, 1000, max_denominator=97)


@given(st.dictionaries(st.sampled_from(FERMIONS), NUMBERS, min_size=1))
def test_own_charges_round_trip(values):
    word = ",".join(f"{name}:{x}" for name, x in values.items())
    if not any(values.values()):
        return
    found = parse_charges(word)
    assert {f: x for f, x in found.values.items() if f in values} == values
    assert not any(x for f, x in found.values.items() if f not in values)


@given(st.one_of(st.text(max_size=30), st.text("Beqlmunta_-L:,/+ 0123456789.", max_size=30)))
def test_any_text_is_charges_or_one_sentence(text):
    message = None
    try:
        found = parse_charges(text)
        assert any(found.values.values())
        assert all(np.isfinite(found[f]) for f in FERMIONS)
    except ParameterError as fault:
        message = str(fault)
    assert message is None or len(message.splitlines()) == 1


# --- induced mixing -----------------------------------------------------------------------------


def direct(r):
    """6 int z (1 - z) ln|1 - 4 r z (1 - z)|, split where the logarithm is singular."""
    root = [0.5 * (1 - np.sqrt(1 - 1 / r)), 0.5 * (1 + np.sqrt(1 - 1 / r))] if r > 1 else []
    edges = sorted({0.0, *root, 0.5, 1.0})
    parts = [
        quad(lambda z: 6 * z * (1 - z) * np.log(abs(1 - 4 * r * z * (1 - z))), a, b, epsabs=1e-12)
        for a, b in pairwise(edges)
    ]
    return sum(value for value, _ in parts)


@pytest.mark.parametrize(
    "r", [1e-6, 1e-3, 0.05, 0.0999999, 0.1000001, 0.3, 0.9, 0.999999, 1.0, 1.000001, 1.5, 10, 1e4]
)
def test_vacuum_polarisation_against_its_integral(r):
    """1e-9 is what the quadrature reaches around the logarithm."""
    assert float(vacuum_polarisation(r)) == near(direct(r), rel=1e-9)


def test_vacuum_polarisation_at_high_energy():
    """ln(q^2/m^2) - 5/3, the textbook limit of QED, up to terms of order m^4/q^4 ln."""
    r = 1e8
    assert float(vacuum_polarisation(r)) == pytest.approx(np.log(4 * r) - 5 / 3, abs=1e-7)


def test_published_mixing_of_l_mu_minus_l_tau():
    """epsilon = -e g/(12 pi^2) ln(m_tau^2/m_mu^2), about -g/70, at zero momentum transfer.

    Quoted in many papers on L_mu - L_tau, for example arXiv:2006.11225 below (7). The charge of V
    on a fermion is -epsilon e Q = k g Q.
    """
    x = parse_charges("L_mu-L_tau")
    leptons = [(m, -1.0, x[f]) for f, m in (("e", SM.m_e), ("mu", SM.m_mu), ("tau", SM.m_tau))]
    k = float(induced_charge(0.0, leptons, SM.e))
    assert -k / SM.e == near(-SM.e * np.log((SM.m_tau / SM.m_mu) ** 2) / (12 * np.pi**2))
    assert -k / SM.e == near(-1 / 70, rel=0.02)


def test_mixing_of_a_heavy_vector_goes_away():
    """q^2 far above all masses: the traceless combination has no mixing left."""
    leptons = [(SM.m_mu, -1.0, 1.0), (SM.m_tau, -1.0, -1.0)]
    low, high = (abs(float(induced_charge(q2, leptons, SM.e))) for q2 in (1e-6, 1e6))
    assert high < 1e-4 * low
