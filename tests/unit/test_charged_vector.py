"""The charged vector: limit of the dark photon, amplitudes, relic density, shapes and engines."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles import amplitudes as oracle
from oracles.reference_relic import Reference
from oracles.widths import width_ff
from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.hadrons import load_hadrons
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import ChargedVector, DarkPhoton, get_model
from vectorportal.models.charges import ELECTRIC, FERMIONS, NAMED, NEUTRINOS, parse_charges
from vectorportal.observables.base import OK, OUT_OF_VALIDITY, evaluate, gradient, observable_names
from vectorportal.observables.solve import solve

FULL, LEPTONS = Inputs.default(), Inputs(hadrons="none")
SM = FULL.sm
KINDS = ("complex-scalar", "dirac", "majorana")
MASSES = {"ee": ("e", SM.m_e), "mumu": ("mu", SM.m_mu), "tautau": ("tau", SM.m_tau)}


def near(number, rel=1e-6):
    """Equal within `rel`, however small the numbers are."""
    return pytest.approx(number, rel=rel, abs=0.0)


def value(model, name, inputs=FULL, options=None, **arguments):
    found = evaluate(model, name, inputs=inputs, options=options, **arguments)
    return np.asarray(found.value)


def charge(mediator, fermion):
    assert mediator.charges is not None
    return mediator.charges[fermion]


def twins(m_v, epsilon=1e-3, alpha_d=0.1, **dark):
    """A dark photon and the vector with charges Q and g_x = e epsilon."""
    g_x = SM.e * epsilon
    q_dm = (4 * np.pi * alpha_d) ** 0.5 / g_x
    charged = {"m_v": m_v, "g_x": g_x, "charges": "dark-photon"}
    if not dark:
        return DarkPhoton(m_v=m_v, epsilon=epsilon), ChargedVector(**charged)
    first = DarkPhoton(m_v=m_v, epsilon=epsilon, alpha_d=alpha_d, **dark)
    return first, ChargedVector(**charged, q_dm=q_dm, **dark)


# --- charges Q are a dark photon ----------------------------------------------------------------
# They differ by mixing with the Z alone: at most (m/m_Z)^2 times a factor of order one from the
# vector coupling of the Z to quarks, and epsilon^2.


@pytest.mark.parametrize("name", ["width_ee", "width_mumu", "width_tautau", "width_hadrons"])
def test_widths_of_charges_q_are_those_of_a_dark_photon(name):
    m_v = np.geomspace(2e-3, 8.0, 60)
    photon, charged = twins(m_v)
    want, got = value(photon, name), value(charged, name)
    assert np.all((want > 0) == (got > 0))
    assert np.all(np.abs(got - want) <= (2 * (m_v / SM.m_z) ** 2 + 2e-6) * want)


@pytest.mark.parametrize("dm", KINDS)
@pytest.mark.parametrize(("m_v", "m_dm"), [(0.03, 0.01), (0.3, 0.1), (3.0, 1.0), (0.5, 1.0)])
def test_dark_matter_of_charges_q_is_that_of_a_dark_photon(dm, m_v, m_dm):
    photon, charged = twins(m_v, m_dm=m_dm, dm=dm)
    allowed = 4 * (max(m_v, 4 * m_dm) / SM.m_z) ** 2 + 1e-5
    for name, arguments in (
        ("width_dark", {}),
        ("sigma_annihilation", {"s": (2.7 * m_dm) ** 2}),
        ("sigma_v_cm3_s", {"x": 20.0}),
        ("omega_h2", {}),
        ("x_freeze_out", {}),
    ):
        want, got = value(photon, name, **arguments), value(charged, name, **arguments)
        assert float(got) == near(float(want), rel=allowed), name
    if dm != "majorana":
        want, got = value(photon, "sigma_electron_cm2"), value(charged, "sigma_electron_cm2")
        assert float(got) == near(float(want), rel=allowed)


# --- widths -------------------------------------------------------------------------------------


@pytest.mark.parametrize("charges", [*NAMED, "e:-2,mu:0.5,nu_e:1,nu_mu:-3,t:1/3,u:1"])
@pytest.mark.parametrize("m_v", [0.02, 0.25, 4.0, 500.0])
def test_leptonic_widths_equal_amplitudes(charges, m_v):
    """Explicit spinors: charged leptons and the top as vectors, neutrinos left-handed."""
    g_x, x = 1e-3, parse_charges(charges)
    widths = ChargedVector(m_v=m_v, g_x=g_x, charges=charges).mediator(FULL).widths
    for final, (f, mass) in MASSES.items():
        want = width_ff(m_v, mass, g_x * x[f], g_x * x[f])
        assert float(widths[final]) == near(want, rel=1e-12)
    neutrinos = sum(width_ff(m_v, 0.0, g_x * x[f], 0.0) for f in NEUTRINOS)
    assert float(widths["nunu"]) == near(neutrinos, rel=1e-12)
    top = width_ff(m_v, SM.m_t, g_x * x["t"], g_x * x["t"], 3)
    assert float(widths["tt"]) == near(top, rel=1e-12)


def test_total_width_of_b_minus_l_by_hand():
    """Below m_pi0: g^2 m/(12 pi) ((1 + 2 r)(1 - 4 r)^(1/2) + 3/2), r = (m_e/m)^2.

    At 50 GeV: leptons 3 + 3/2 and 5 quarks, 3/9 each, with alpha_s/pi = 0.042 (alpha_s(50 GeV) =
    0.131, world average run to that scale) to third order as in e+e-: 1 + a + 1.41 a^2 - 12.8 a^3.
    """
    g, m = 1e-4, 0.1
    r = (SM.m_e / m) ** 2
    want = g**2 * m / (12 * np.pi) * ((1 + 2 * r) * (1 - 4 * r) ** 0.5 + 1.5)
    light = ChargedVector(m_v=m, g_x=g, charges="B-L")
    assert float(value(light, "width_total")) == near(want, rel=1e-12)
    a, m = 0.131 / np.pi, 50.0
    quarks = 5 / 3 * (1 + a + 1.41 * a**2 - 12.8 * a**3)
    want = g**2 * m / (12 * np.pi) * (4.5 + quarks)
    heavy = ChargedVector(m_v=m, g_x=g, charges="B-L")
    assert float(value(heavy, "width_total")) == near(want, rel=3e-3)


def test_where_hadrons_come_from():
    """B-L has the hadrons of B, L_i - L_j has none, and there are none with hadrons=none."""
    m_v = np.geomspace(0.1, 30.0, 50)
    both = [ChargedVector(m_v=m_v, g_x=0.1, charges=c) for c in ("B-L", "B")]
    first, second = (value(model, "width_hadrons") for model in both)
    np.testing.assert_array_equal(first, second)
    assert np.all((first > 0) == (m_v > load_hadrons().threshold))
    for charges, inputs in (("L_mu-L_tau", FULL), ("B", LEPTONS)):
        model = ChargedVector(m_v=m_v, g_x=0.1, charges=charges)
        assert not np.any(value(model, "width_hadrons", inputs))


@pytest.mark.parametrize("charges", ["dark-photon", "B", "protophobic", "u:1,d:-1", "s:1", None])
def test_hadronic_states_add_up(charges):
    """Also for the dark photon, whose share of each state does not depend on epsilon."""
    m_v = np.geomspace(0.05, 60.0, 101)
    if charges is None:
        model = DarkPhoton(m_v=m_v, epsilon=1e-3)
    else:
        model = ChargedVector(m_v=m_v, g_x=1e-3, charges=charges)
        mediator = model.mediator(FULL)
        np.testing.assert_allclose(
            sum(mediator.exclusive.values()), mediator.widths["hadrons"], rtol=1e-9, atol=1e-300
        )
    parts = evaluate(model, "hadronic_widths").value
    want = value(model, "width_hadrons")
    np.testing.assert_allclose(sum(parts.values()), want, rtol=1e-9, atol=1e-300)
    assert all(np.all(part >= 0) for part in parts.values())
    assert not any(
        np.any(p) for p in evaluate(model, "hadronic_widths", inputs=LEPTONS).value.values()
    )


def test_induced_mixing_reaches_electrons_and_hadrons():
    """L_mu - L_tau with mixing, 10 MeV: BR(ee) = 2 (e^2/(12 pi^2) ln(m_tau^2/m_mu^2))^2 per flavour
    of neutrinos, 1.9e-5/2 of two; B: electrons at k = alpha/(4 pi)."""
    model = ChargedVector(m_v=0.01, g_x=1e-4, charges="L_mu-L_tau+mixing")
    k = SM.e**2 / (12 * np.pi**2) * np.log((SM.m_tau / SM.m_mu) ** 2)
    ratios = evaluate(model, "branching_ratios").value
    assert float(ratios["ee"] / ratios["nunu"]) == near(k**2, rel=2e-3)  # m_e, q^2
    mediator = model.mediator(FULL)
    assert float(mediator.epsilon) == near(-k * 1e-4 / SM.e, rel=2e-3)
    assert float(charge(mediator, "tau")) == near(-1e-4 * (1 + k) / SM.e, rel=1e-4)
    baryon = ChargedVector(m_v=0.01, g_x=1e-4, charges="B+mixing").mediator(FULL)
    want = width_ff(0.01, SM.m_e, 1e-4 * SM.alpha / (4 * np.pi), 1e-4 * SM.alpha / (4 * np.pi))
    assert float(baryon.width_total) == near(want, rel=1e-10)


def test_mediator_as_bounds_read_it():
    m_v = np.array([0.01, 1.0])
    model = ChargedVector(m_v=m_v, g_x=1e-3, charges="B-L", m_dm=0.1, q_dm=2.0, dm="dirac")
    mediator = model.mediator(FULL)
    assert set(mediator.widths) == {"ee", "mumu", "tautau", "nunu", "hadrons", "tt", "dark"}
    charges = mediator.charges or {}
    assert set(mediator.couplings) == set(charges) == set(FERMIONS)
    assert (mediator.coupling_name, mediator.dark_follows) == ("g_x", True)
    for array in (
        mediator.coupling, mediator.mass, mediator.epsilon,
        *mediator.widths.values(), *charges.values(), *mediator.exclusive.values(),
    ):  # fmt: skip
        assert np.shape(array) == (2,)
    assert not np.any(mediator.epsilon)
    assert mediator.couplings["nu_e"][1][0] == 0.0
    np.testing.assert_allclose(charge(mediator, "e"), -1e-3 / SM.e, rtol=1e-15)


# --- annihilation -------------------------------------------------------------------------------


@pytest.mark.parametrize("dm", KINDS)
@pytest.mark.parametrize("charges", ["B-L", "L_mu-L_tau", "e:2,nu_tau:-1,tau:1/2"])
@pytest.mark.parametrize(("m_v", "m_dm"), [(0.3, 0.2), (3.0, 1.0), (40.0, 400.0)])
def test_annihilation_into_leptons_equals_amplitudes(dm, charges, m_v, m_dm):
    """Sum of explicit amplitudes with q_mu q_nu/m^2 in the propagator, which must drop out."""
    model = ChargedVector(m_v=m_v, g_x=0.1, charges=charges, m_dm=m_dm, q_dm=3.0, dm=dm)
    x = parse_charges(charges)
    width = float(value(model, "width_total", LEPTONS))
    for root in (2.001 * m_dm, 2.5 * m_dm, 30 * m_dm, m_v - width, m_v + 3 * width):
        if root <= 2.0005 * m_dm:
            continue
        s, want = root**2, 0.0
        for f, mass, right in [(f, m, 1.0) for f, m in MASSES.values()] + [
            (f, 0.0, 0.0) for f in NEUTRINOS
        ]:
            props = [(m_v, width, 1.0, 0.1 * x[f], 0.1 * right * x[f])]
            want += oracle.sigma_dm_to_ff(dm, m_dm, 0.3, mass, props, s)
        got = float(value(model, "sigma_annihilation", LEPTONS, s=s))
        assert got == near(want, rel=1e-8)


def test_hadrons_in_annihilation_are_those_of_the_width():
    """At one sqrt(s), hadronic over leptonic is Gamma_had/Gamma_lep of a V of that mass."""
    root = np.array([0.5, 0.7826, 1.0195, 3.0969, 20.0])
    model = ChargedVector(m_v=90.0, g_x=1e-3, charges="B-L", m_dm=0.1, q_dm=1.0, dm="dirac")
    full = value(model, "sigma_annihilation", s=root**2)
    leptons = value(model, "sigma_annihilation", LEPTONS, s=root**2)
    widths = ChargedVector(m_v=root, g_x=1e-3, charges="B-L").mediator(FULL).widths
    hadrons = widths["hadrons"]
    rest = sum(widths[f] for f in ("ee", "mumu", "tautau", "nunu"))
    # the total width in the propagator differs, by Gamma^2/m^2 = 1e-14
    np.testing.assert_allclose(full / leptons - 1, hadrons / rest, rtol=1e-9)


@pytest.mark.parametrize(
    ("dm", "charges", "m_v", "m_dm", "g_x", "q_dm"),
    [
        ("dirac", "B-L", 3.0, 1.0, 3e-3, 1.0),
        ("complex-scalar", "B-L", 0.21, 0.1, 1e-5, 30.0),
        ("majorana", "B-L", 0.05, 0.1, 1e-4, 500.0),
        ("complex-scalar", "L_mu-L_tau", 0.3, 0.1, 3e-3, 10.0),
        ("dirac", "L_mu-L_tau", 0.05, 0.1, 1e-4, 1000.0),
        ("dirac", "B", 3.0, 0.36, 1e-2, 1.0),
        ("majorana", "e:1,s:-1", 3.0, 0.45, 1e-2, 5.0),
    ],
)
def test_relic_density_against_the_reference(dm, charges, m_v, m_dm, g_x, q_dm):
    """Dense quadrature with SciPy's Bessel functions, and Radau: good to 1e-6."""
    numbers = {"m_v": m_v, "g_x": g_x, "m_dm": m_dm, "q_dm": q_dm}
    model = ChargedVector(**{k: np.array([v]) for k, v in numbers.items()}, charges=charges, dm=dm)
    found = evaluate(model, "omega_h2")
    assert found.status[0] in (OK, OUT_OF_VALIDITY)
    process = model.annihilation(FULL)
    want = Reference(process, load_dof("saikawa-shirai")).omega_h2(rtol=1e-7)
    assert float(found.value[0]) == near(want, rel=1e-4)
    assert abs(float(found.value[0]) / want - 1) < float(found.error_estimate[0]) + 1e-6


def test_canonical_cross_section_of_a_heavy_dirac_particle():
    """Steigman, Dasgupta and Beacom (2012): 2.2e-26 cm^3/s above 10 GeV for Omega h^2 = 0.11 and a
    self-conjugate particle, here twice that, scaled to 0.12. Another table of g* moves it by 3%."""
    base = {"m_v": 1000.0, "m_dm": 100.0, "q_dm": 1.0, "charges": "B-L", "dm": "dirac"}
    found = solve(ChargedVector, base, "g_x", 0.12, "omega_h2")
    model = ChargedVector(**base, g_x=found.value)
    average = float(value(model, "sigma_v_cm3_s", x=25.0))
    assert average == near(2 * 2.2e-26 * 0.11 / 0.12, rel=0.1)


@pytest.mark.parametrize("dm", KINDS)
def test_shares_at_rest(dm):
    """They sum to one and are those of the cross section just above threshold."""
    m_dm = np.array([1e-3, 0.08, 0.11, 0.5, 4.0, 300.0])
    model = ChargedVector(m_v=1e3, g_x=1e-2, charges="B-L", m_dm=m_dm, q_dm=1.0, dm=dm)
    shares = model.annihilation_shares(FULL)
    assert set(shares) == {"ee", "mumu", "tautau", "hadrons", "gammagamma", "invisible"}
    np.testing.assert_allclose(sum(shares.values()), 1.0, rtol=1e-14)
    s = (2 * m_dm * (1 + 1e-9)) ** 2
    total = value(model, "sigma_annihilation", s=s)
    invisible = value(dataclasses.replace(model, charges="nu:-1"), "sigma_annihilation", s=s)
    # propagators differ by the total width
    np.testing.assert_allclose(invisible / total, shares["invisible"], rtol=2e-4)
    nothing = ChargedVector(m_v=1.0, g_x=1e-2, charges="B", m_dm=0.01, q_dm=1.0)
    assert not any(float(share) for share in nothing.annihilation_shares(FULL).values())


# --- scattering ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dm", ["complex-scalar", "dirac"])
def test_scattering_equals_amplitudes(dm):
    """Slow scattering on an electron, and on a nucleon of charge g_x (2 x_u + x_d)."""
    m_v, m_dm, g_x, q_dm = 0.5, 2.0, 1e-3, 7.0
    model = ChargedVector(m_v=m_v, g_x=g_x, charges="e:-2,u:1/3,d:1/2", m_dm=m_dm, q_dm=q_dm, dm=dm)
    hbarc2 = 1.973269804e-14**2
    for name, mass, charge in (
        ("sigma_electron_cm2", SM.m_e, -2.0),
        ("sigma_proton_cm2", 0.938272, 2 / 3 + 1 / 2),
        ("sigma_neutron_cm2", 0.939565, 1 / 3 + 1),
    ):
        want = oracle.sigma_dm_electron(
            dm, m_dm, g_x * q_dm, mass, g_x * charge, m_v, 1e-7, q2=(SM.alpha * SM.m_e) ** 2
        )
        assert float(value(model, name)) == near(want * hbarc2, rel=1e-6)
    neutral = dataclasses.replace(model, charges="protophobic")
    assert float(value(neutral, "sigma_proton_cm2")) < 1e-25 * float(
        value(neutral, "sigma_neutron_cm2")
    )


# --- parameters, statuses, shapes ---------------------------------------------------------------

FOUR = {"m_v": 3.0, "g_x": 1e-3, "charges": "B-L", "m_dm": 1.0, "q_dm": 2.0}


def test_registry_and_defaults():
    assert get_model("charged-vector") is ChargedVector
    assert ChargedVector(m_v=1.0, g_x=0.1, charges="B").dm == "none"
    assert ChargedVector(**FOUR).dm == "complex-scalar"
    assert float(ChargedVector(**FOUR).alpha_d) == near(4e-6 / (4 * np.pi))
    assert ChargedVector(**FOUR).choices() == {"charges": "B-L", "dm": "complex-scalar"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"g_x": 0.0}, "g_x = 0 is not allowed"),
        ({"m_v": -1.0}, "m_v = -1 GeV"),
        ({"q_dm": -1.0}, "q_dm = -1"),
        ({"charges": "B-L_"}, "did you mean B-L"),
        ({"dm": "dirak"}, "did you mean dirac"),
    ],
)
def test_values_out_of_range(change, said):
    with pytest.raises(ParameterError, match=said):
        ChargedVector(**{**FOUR, **change})


def test_what_is_missing_is_named():
    with pytest.raises(UsageError, match="charges"):
        evaluate(ChargedVector(m_v=1.0, g_x=0.1), "width_total")
    with pytest.raises(UsageError, match="q_dm"):
        evaluate(ChargedVector(m_v=1.0, g_x=0.1, charges="B", m_dm=0.1), "width_total")
    with pytest.raises(UsageError, match="dm is none"):
        evaluate(ChargedVector(**FOUR, dm="none"), "omega_h2")
    with pytest.raises(UsageError, match="dm is none"):
        ChargedVector(**FOUR, dm="none").annihilation(FULL)
    with pytest.raises(ParameterError, match=r"alpha_d = .* is below 12\.6"):
        evaluate(ChargedVector(**{**FOUR, "q_dm": 1e5}), "width_total")


def test_remarks_tell_what_is_assumed():
    def told(charges, **dark):
        return " ".join(ChargedVector(m_v=1.0, g_x=0.1, charges=charges, **dark).remarks())

    assert "anomalies" in told("B")
    assert "anomalies" not in told("B-L")
    assert "weak doublets" in told("e:1")
    assert "no kinetic mixing" in told("L_mu-L_tau")
    assert "lepton loops" in told("L_mu-L_tau+mixing")
    assert "estimate" in told("B-L+mixing")
    assert "neutrinos" in told("B-L", m_dm=0.1)
    assert "neutrinos" not in told("B", m_dm=0.1)
    assert ChargedVector(m_v=1.0, g_x=0.1).remarks() == ()
    found = evaluate(ChargedVector(**FOUR), "omega_h2")
    assert any("does not mix with the Z" in text for text in found.assumptions)


def test_nothing_to_decay_to():
    """B below m_pi0 has no decay at tree level; neutrinos are enough for L_mu - L_tau."""
    found = evaluate(ChargedVector(m_v=0.1, g_x=0.1, charges="B"), "ctau_m")
    assert found.status == OUT_OF_VALIDITY
    assert np.isnan(found.value)
    assert "no decay at tree level" in found.reasons[OUT_OF_VALIDITY][0]
    assert evaluate(ChargedVector(m_v=1e-8, g_x=0.1, charges="L_mu-L_tau"), "ctau_m").status == OK


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3,), (2, 3), (2, 0)])
@pytest.mark.parametrize("charges", ["B-L", "L_mu-L_tau+mixing"])
def test_shapes(shape, charges):
    model = ChargedVector(**{**FOUR, "charges": charges, "m_v": np.full(shape, 3.0)})
    for name in observable_names("charged-vector"):
        arguments = {"sigma_annihilation": {"s": 9.0}, "sigma_v_cm3_s": {"x": 20.0}}.get(name, {})
        found = evaluate(model, name, **arguments)
        values = found.value.values() if isinstance(found.value, dict) else [found.value]
        assert all(v.shape == shape for v in values)
        assert found.status.shape == shape


def test_many_points():
    """1e5 points: the same as one by one."""
    m_v = np.geomspace(1e-3, 1e4, 100_000)
    model = ChargedVector(m_v=m_v, g_x=1e-3, charges="B-L")
    found = evaluate(model, "width_total")
    assert np.all(found.status == OK)
    one = evaluate(ChargedVector(m_v=m_v[77_777], g_x=1e-3, charges="B-L"), "width_total")
    assert float(one.value) == near(found.value[77_777], rel=1e-14)


def decades(low, high):
    return st.floats(low, high).map(lambda power: 10.0**power)


OWN = st.dictionaries(st.sampled_from(FERMIONS), st.integers(-3, 3), min_size=1).filter(
    lambda values: any(values.values())
)


@settings(max_examples=60)
@given(decades(-8.9, 6.9), decades(-15, 1), OWN, st.booleans())
def test_widths_of_own_charges(m_v, g_x, values, mixing):
    """Extreme masses and couplings: every width is a number, they go as g_x^2, and flipping all
    charges changes nothing."""
    word = ",".join(f"{f}:{x}" for f, x in values.items())
    flipped = ",".join(f"{f}:{-x}" for f, x in values.items())
    tail = "+mixing" if mixing else ""
    model = ChargedVector(m_v=m_v, g_x=g_x, charges=word + tail)
    widths = model.mediator(FULL).widths
    twice = dataclasses.replace(model, g_x=1.2 * g_x).mediator(FULL).widths
    for final, width in widths.items():
        assert np.isfinite(width)
        assert width >= 0
        assert float(twice[final]) == near(1.44 * float(width), rel=1e-9)
    if not mixing or parse_charges(word).finite_mixing:
        other = ChargedVector(m_v=m_v, g_x=g_x, charges=flipped + tail).mediator(FULL).widths
        assert all(float(other[k]) == near(float(widths[k]), rel=1e-12) for k in widths)
    parts = evaluate(model, "branching_ratios")
    if parts.status == OK:
        assert float(sum(parts.value.values())) == near(1.0, rel=1e-12)


@settings(max_examples=40)
@given(decades(-6, 4), st.floats(0.01, 100), decades(-9, 0), decades(-2, 2), OWN,
       st.sampled_from(KINDS))  # fmt: skip
def test_relic_density_is_a_number_or_a_reason(m_dm, ratio, g_x, q_dm, values, dm):
    word = ",".join(f"{f}:{x}" for f, x in values.items())
    if (g_x * q_dm) ** 2 / (4 * np.pi) > 12:
        return
    model = ChargedVector(m_v=m_dm * ratio, g_x=g_x, charges=word, m_dm=m_dm, q_dm=q_dm, dm=dm)
    found = evaluate(model, "omega_h2")
    if found.status == OK:
        assert np.isfinite(found.value)
        assert found.value >= 0
        assert found.error_estimate < 1e-2
    else:
        assert found.reasons[int(found.status)]
        assert not np.isinf(found.value)


JAX = {
    "B-L": ("width_total", "sigma_annihilation", "sigma_proton_cm2"),
    "L_mu-L_tau": ("omega_h2", "sigma_v_cm3_s", "branching_ratios", "ctau_m"),
    "B+mixing": ("branching_ratios", "sigma_electron_cm2"),
}
"""what is compiled for which charges: every combination would take minutes"""


@pytest.mark.slow
@pytest.mark.parametrize(("charges", "name"), [(c, n) for c, names in JAX.items() for n in names])
def test_engines_agree(charges, name):
    """The same source on NumPy and on JAX arrays."""
    pytest.importorskip("jax")
    m_v = np.array([0.05, 0.3, 0.9, 3.0])
    model = ChargedVector(m_v=m_v, g_x=1e-3, charges=charges, m_dm=m_v / 3.2, q_dm=5.0, dm="dirac")
    extra = {"sigma_annihilation": {"s": m_v**2}, "sigma_v_cm3_s": {"x": 20.0}}.get(name, {})
    first = evaluate(model, name, **extra).value
    second = evaluate(model, name, engine="jax", **extra).value
    if not isinstance(first, dict):
        first, second = {"": first}, {"": second}
    for key, array in first.items():
        np.testing.assert_allclose(second[key], array, rtol=2e-9, atol=1e-60)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("charges", "name"), [("L_mu-L_tau", "omega_h2"), ("L_e-L_mu+mixing", "width_total")]
)
def test_gradients_are_differences(charges, name):
    """Reverse mode against central differences of NumPy values."""
    pytest.importorskip("jax")
    m_v = np.array([0.05, 0.3, 0.9, 3.0])
    model = ChargedVector(m_v=m_v, g_x=1e-3, charges=charges, m_dm=m_v / 3.2, q_dm=5.0, dm="dirac")
    slopes = gradient(model, name)
    for key in ("g_x", "m_v", "q_dm"):
        step = 1e-4 * getattr(model, key)
        moved = [
            dataclasses.replace(model, **{key: getattr(model, key) + sign * step})
            for sign in (1, -1)
        ]
        difference = (value(moved[0], name) - value(moved[1], name)) / (2 * step)
        np.testing.assert_allclose(slopes[key], difference, rtol=2e-3, atol=1e-12)


def test_channels_alone():
    """V V only, Standard Model only, and both."""
    model = ChargedVector(**{**FOUR, "m_v": 0.4, "q_dm": 300.0})
    parts = {
        word: float(value(model, "sigma_v_cm3_s", options=Options(channels=word), x=20.0))
        for word in ("all", "standard-model", "secluded")
    }
    assert parts["all"] == near(parts["standard-model"] + parts["secluded"], rel=1e-6)
    assert parts["secluded"] > parts["standard-model"] > 0


def test_electric_charges_are_those_of_the_dark_photon_couplings():
    """L = +g_x Q here and -epsilon e Q there: the same couplings up to a common sign."""
    photon, charged = twins(0.1)
    first, second = photon.mediator(FULL).couplings, charged.mediator(FULL).couplings
    for f in ("e", "u", "d"):
        assert float(second[f][0]) == near(-float(first[f][0]), rel=1e-4)
        assert np.sign(second[f][0]) == np.sign(float(ELECTRIC[f]))
