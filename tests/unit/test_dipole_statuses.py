"""Where results of dark-dipole have a status: scales, ratios, printed forms, numbers too large."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
import pytest

from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkDipole
from vectorportal.observables.base import OK, OUT_OF_VALIDITY, Result, evaluate, gradient

BASE: dict[str, Any] = {"m_v": 0.1, "m_dm": 0.04, "lambda_over_alpha_d": 2.5e4, "alpha_d": 0.5}
SM = Inputs.default().sm


def found(name: str, options: Options | None = None, **given: Any) -> Result:
    model = {k: v for k, v in given.items() if k in DarkDipole.field_names()}
    rest = {k: v for k, v in given.items() if k not in model}
    return evaluate(DarkDipole(**{**BASE, **model}), name, options=options, **rest)


def words(result: Result) -> str:
    return " ".join(s for group in result.reasons.values() for s in group)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("r_annihilation", {"m_dm": 100.0, "epsilon": 1e-4, "lambda_over_alpha_d": 100.0}),
        ("r_fixed_target", {"m_v": 100.0, "epsilon": 1e-4, "lambda_over_alpha_d": 100.0}),
        ("r_pion", {"m_v": 10.0, "epsilon": 1e-4, "lambda_over_alpha_d": 10.0, "scale": "m_v"}),
        ("chi", {"epsilon": 1e-4, "lambda_over_alpha_d": 1e-4, "beta": 0.999}),
        ("sigma_v_cm3_s", {"x": 0.01, "lambda_over_alpha_d": 10.0}),
    ],
)
def test_ratios_and_averages_know_the_scale(name: str, given: dict[str, Any]) -> None:
    result = found(name, **given)
    assert int(result.status) == OUT_OF_VALIDITY
    assert np.isfinite(result.value)
    assert "Lambda" in words(result)


def test_neutrinos_have_a_scale_of_their_own() -> None:
    """Lambda_nu = Lambda_e/(F - 1)^(1/2) if one neutrino has it all."""
    given = {"m_v": 50.0, "lambda_over_alpha_d": 1e5, "alpha_d": 1.0, "m_dm": 1.0}
    assert int(found("width_total", **given, flavour_factor=2.0).status) == OK
    many = found("width_total", **given, flavour_factor=9e5)
    assert int(many.status) == OUT_OF_VALIDITY
    assert int(found("width_ee", **given, flavour_factor=9e5).status) == OK


def test_leptons_that_take_no_part_do_not_count() -> None:
    assert int(found("width_total", lambda_tau_over_alpha_d=0.1).status) == OK
    assert int(found("omega_h2", lambda_tau_over_alpha_d=0.1).status) == OK
    assert int(found("dsigma_dcos_ee", z=0.1, lambda_mu_over_alpha_d=0.1).status) == OK


def test_the_printed_width_has_no_interference_and_all_flavours() -> None:
    """(8): alpha_d m^3/(6 Lambda^2) (1 + 8 mu) (1 - 4 mu), times F, beside kinetic mixing."""
    m_v, scale, alpha_d, factor, epsilon = 2e-3, 2500.0, 0.1, 4.0, 1e-6
    given = {"m_v": m_v, "lambda_over_alpha_d": scale, "alpha_d": alpha_d, "m_dm": None}
    given |= {"flavour_factor": factor}
    printed = Options(prescription="as-printed")
    mu = (SM.m_e / m_v) ** 2
    dipole = factor * m_v**3 / (6.0 * alpha_d * scale**2) * (1.0 + 8.0 * mu) * (1.0 - 4.0 * mu)
    kinetic = SM.alpha * epsilon**2 * m_v / 3.0 * (1.0 + 2.0 * mu) * (1.0 - 4.0 * mu) ** 0.5
    for sign in (1.0, -1.0):
        value = float(found("width_ee", printed, **given, epsilon=sign * epsilon).value)
        assert value == pytest.approx(dipole + kinetic, rel=1e-6, abs=0.0)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("sigma_electron_reference_cm2", {}),
        ("a_e_dipole", {}),
        ("a_e_toy_model", {"m_f": 1e3, "y": 1.0}),
        ("sigma_v_off_shell_cm3_s", {"m_dm": 0.08}),
    ],
)
def test_what_was_never_printed_says_so(name: str, given: dict[str, Any]) -> None:
    printed = found(name, Options(prescription="as-printed"), **given)
    verified = found(name, **given)
    assert float(printed.value) == float(verified.value)
    assert any("no formula for this" in text for text in printed.assumptions)
    assert not any("as printed" in text for text in printed.assumptions)


def test_below_two_electrons_neutrinos_must_outdo_three_photons() -> None:
    """Nothing is said of the lifetime unless the width to neutrinos is far above the estimate."""
    given = {"m_v": 1e-3, "m_dm": None, "alpha_d": 0.1, "flavour_factor": 2.0}
    mixed = found("ctau_m", **given, lambda_over_alpha_d=1e8, epsilon=0.01)
    assert np.isnan(mixed.value)
    assert "three photons" in words(mixed)
    alone = found("ctau_m", **given, lambda_over_alpha_d=1e5)
    width = 4.0 * pi / (0.1 * 1e10) * 1e-9 / (24.0 * pi)
    assert float(alone.value) == pytest.approx(1.973269804e-16 / width, rel=1e-6, abs=0.0)


def test_numbers_that_do_not_fit_have_no_value() -> None:
    result = found("r_fixed_target", epsilon=1e-170)
    assert np.isnan(result.value)
    assert "floating point" in words(result)
    tiny = found("lambda_bound_ee", epsilon_max=1e-300)
    assert "epsilon alone" not in words(tiny)


def test_few_events_are_a_rough_guide() -> None:
    few = found("events_to_separate_recoil", m_v=0.01)
    assert (int(few.status), float(few.value) < 10.0) == (OUT_OF_VALIDITY, True)
    assert "rough guide" in words(few)
    assert int(found("events_to_separate_recoil", m_v=0.5).status) == OK


def test_no_events_at_all_and_no_points() -> None:
    result = found("events_to_separate_recoil", m_v=np.array([]), m_dm=None)
    assert np.shape(result.value) == (0,)


def test_gradients_where_nothing_is_radiated() -> None:
    pytest.importorskip("jax")
    slopes = gradient(DarkDipole(**{**BASE, "m_v": 0.5}), "sigma_fixed_target", x=0.1, theta=0.1)
    assert all(np.isfinite(slope).all() for slope in slopes.values())


def test_the_pole_at_threshold_is_named() -> None:
    result = found("omega_h2", m_v=0.1, m_dm=0.05)
    assert np.isnan(result.value)
    assert "resonance sits at the threshold" in words(result)
