"""Observables: registry, units, relations between them, statuses."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.settings import Inputs
from vectorportal.models import DarkPhoton
from vectorportal.observables.base import (
    OK,
    OUT_OF_VALIDITY,
    STATUS_NAMES,
    Raw,
    evaluate,
    get_observable,
    observable,
    observable_names,
)
from vectorportal.units import GEV2_TO_CM2, HBAR_C_GEV_M

INPUTS = Inputs.default()
SM = INPUTS.sm
POINT = {"m_v": 3.0, "epsilon": 1e-3, "m_dm": 1.0, "alpha_d": 0.1}
NAMES = observable_names("dark-photon")


def value(name, model, **extra):
    return float(evaluate(model, name, **extra).value)


def test_every_observable_is_documented():
    for name in NAMES:
        found = get_observable(name)
        assert found.doc.endswith("."), name
        assert found.unit in ("1", "GeV", "GeV^-2", "cm^2", "cm^3/s", "m"), name
        assert found.source, name
        for argument in found.arguments:
            assert argument.doc, name


def test_registering_twice_is_an_error():
    with pytest.raises(UsageError, match="twice"):

        @observable("omega_h2", "1", models=("dark-photon",), requires=(), source="none")
        def again(model, inputs, options):
            """Nothing."""
            return Raw(0.0, 0)


def test_unknown_observable():
    with pytest.raises(UsageError, match="did you mean omega_h2"):
        get_observable("omega_h")


def test_partial_widths_sum_to_the_total():
    model = DarkPhoton(m_v=20.0, epsilon=0.01, m_dm=4.0, alpha_d=0.1, dm="dirac")
    names = ("width_ee", "width_mumu", "width_tautau", "width_hadrons", "width_dark")
    total = sum(value(n, model) for n in names)
    nunu = evaluate(model, "branching_ratios").value["nunu"] * value("width_total", model)
    assert total + float(nunu) == pytest.approx(value("width_total", model), rel=1e-14)


def test_branching_ratios_sum_to_one():
    model = DarkPhoton(m_v=np.geomspace(1e-6, 1e4, 41), epsilon=1e-4)
    found = evaluate(model, "branching_ratios")
    ok = found.status == OK
    # below 2 m_e the three-photon width is not known, so nothing is shown
    assert np.array_equal(ok, model.m_v > 2 * SM.m_e)
    np.testing.assert_allclose(sum(found.value.values())[ok], 1.0, rtol=1e-13)


def test_lifetime_is_the_inverse_width():
    model = DarkPhoton(m_v=0.05, epsilon=1e-5)
    # hbar c/Gamma; alpha epsilon^2 m/3 above the electron threshold (hbar c = 1.973e-16 GeV m)
    assert value("ctau_m", model) == pytest.approx(HBAR_C_GEV_M / value("width_total", model))
    assert value("ctau_m", model) == pytest.approx(
        1.973269804e-16 * 3 / (SM.alpha * 1e-10 * 0.05), rel=1e-4
    )


def test_target_variable():
    assert value("y_target", DarkPhoton(**POINT)) == pytest.approx(1e-6 * 0.1 / 81, rel=1e-14)


def test_electron_scattering_of_a_heavy_mediator():
    """16 pi mu^2 alpha alpha_d epsilon^2/m_v^4 in cm^2 (Essig et al. 2011), hbar c from CODATA."""
    model = DarkPhoton(**POINT, dm="dirac")
    reduced = 1.0 * SM.m_e / (1.0 + SM.m_e)
    want = 16 * np.pi * reduced**2 * SM.alpha * 0.1 * 1e-6 / 81 * 1.973269804e-14**2
    got = evaluate(model, "sigma_electron_cm2")
    assert float(got.value) == pytest.approx(want, rel=3e-5)  # epsilon^2 and (m_v/m_Z)^2
    assert value("sigma_electron_cm2", DarkPhoton(**POINT)) == pytest.approx(float(got.value))
    assert pytest.approx(1.973269804e-14**2, rel=1e-9) == GEV2_TO_CM2


def test_electron_scattering_against_amplitudes():
    """The oracle at small momentum, form factor frozen at q = alpha m_e, light and heavy m_v."""
    from oracles.amplitudes import sigma_dm_electron

    q2 = (SM.alpha * SM.m_e) ** 2
    for m_v in (1e-6, 1e-3, 0.3):
        for dm in ("complex-scalar", "dirac"):
            model = DarkPhoton(m_v=m_v, epsilon=1e-4, m_dm=0.02, alpha_d=0.1, dm=dm)
            coupling = 1e-4 * np.sqrt(4 * np.pi * SM.alpha)
            g = np.sqrt(4 * np.pi * 0.1)
            want = sigma_dm_electron(dm, 0.02, g, SM.m_e, coupling, m_v, 1e-9, q2=q2) * GEV2_TO_CM2
            assert value("sigma_electron_cm2", model) == pytest.approx(want, rel=1e-4)


def test_majorana_scattering_has_no_reference_value():
    found = evaluate(DarkPhoton(**POINT, dm="majorana"), "sigma_electron_cm2")
    assert found.status == OUT_OF_VALIDITY
    assert np.isnan(found.value)
    assert "velocity" in found.reasons[OUT_OF_VALIDITY][0]


def _for_dirac(name):
    """y_target knows no mixing, and some observables are about another kind of dark matter."""
    return name != "y_target" and "dirac" in (get_observable(name).kinds or ("dirac",))


@pytest.mark.parametrize("name", [n for n in NAMES if _for_dirac(n)])
def test_forbidden_masses_have_no_value(name):
    """In an array: out-of-validity and NaN there, a value elsewhere. A single point is refused."""
    model = DarkPhoton(
        m_v=np.array([80.0, SM.m_z, 100.0]), epsilon=0.01, m_dm=30.0, alpha_d=0.1, dm="dirac"
    )
    extra = {a.name: {"s": 4000.0, "x": 20.0}[a.name] for a in get_observable(name).arguments}
    found = evaluate(model, name, **extra)
    assert found.status[1] == OUT_OF_VALIDITY
    values = next(iter(found.value.values())) if isinstance(found.value, dict) else found.value
    assert np.isnan(values[1])
    assert np.isfinite(values[[0, 2]]).all()
    assert any("forbidden roots" in text for text in found.reasons[OUT_OF_VALIDITY])
    with pytest.raises(ParameterError, match="m_v"):
        evaluate(
            DarkPhoton(m_v=SM.m_z, epsilon=0.01, m_dm=30.0, alpha_d=0.1, dm="dirac"), name, **extra
        )


def test_cross_section_below_threshold():
    model = DarkPhoton(**POINT, dm="dirac")
    found = evaluate(model, "sigma_annihilation", s=np.array([3.0, 4.0, 5.0]))
    assert found.status.tolist() == [OUT_OF_VALIDITY, OUT_OF_VALIDITY, OK]
    assert np.isnan(found.value).tolist() == [True, True, False]


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_arguments_out_of_range(bad):
    model = DarkPhoton(**POINT, dm="dirac")
    with pytest.raises(ParameterError, match="s = "):
        evaluate(model, "sigma_annihilation", s=bad)
    with pytest.raises(ParameterError, match="x = "):
        evaluate(model, "sigma_v_cm3_s", x=bad)
    with pytest.raises(UsageError, match="needs s in GeV"):
        evaluate(model, "sigma_annihilation")


@pytest.mark.parametrize(
    "name",
    ["omega_h2", "x_freeze_out", "sigma_v_cm3_s", "sigma_annihilation", "sigma_electron_cm2"],
)
def test_dark_matter_observables_need_dark_matter(name):
    """dm = none with a mass and a coupling left in: a UsageError, never a number."""
    extra = {a.name: 9.0 for a in get_observable(name).arguments}
    with pytest.raises(UsageError):
        evaluate(DarkPhoton(**POINT, dm="none"), name, **extra)
    with pytest.raises(UsageError):
        evaluate(DarkPhoton(m_v=3.0, epsilon=1e-3), name, **extra)


def test_no_dark_width_without_dark_matter():
    assert value("width_dark", DarkPhoton(**POINT, dm="none")) == 0.0
    assert value("width_dark", DarkPhoton(m_v=3.0, epsilon=1e-3)) == 0.0


def test_status_names():
    assert STATUS_NAMES == ("ok", "not-converged", "out-of-validity", "no-solution", "no-data")


@pytest.mark.parametrize(
    "values",
    [
        {"m_v": 3e-6, "m_dm": 1e-6},  # 1 keV
        {"m_v": 1e4, "m_dm": 3e3},  # 10 TeV
        {"epsilon": 1e-16},
        {"epsilon": 1e-16, "alpha_d": 1e-14, "m_v": 2.0 * (1 + 1e-9)},
        {"alpha_d": 1e-13, "epsilon": 1e-6},  # Gamma/m of about 1e-14
    ],
)
@pytest.mark.parametrize("dm", ["complex-scalar", "dirac", "majorana"])
@pytest.mark.parametrize("name", NAMES)
def test_extreme_points(name, dm, values):
    """A value, or a reason: never a NaN that claims to be ok, never a negative number."""
    values = {**POINT, **values}
    extra = {
        a.name: {"s": 6.0 * values["m_dm"] ** 2, "x": 20.0}[a.name]
        for a in get_observable(name).arguments
    }
    found = evaluate(DarkPhoton(**values, dm=dm), name, **extra)
    numbers = list(found.value.values()) if isinstance(found.value, dict) else [found.value]
    for number in numbers:
        if found.status == OK:
            assert np.isfinite(number)
        assert not number < 0
    if found.status != OK:
        assert found.reasons[int(found.status)]
