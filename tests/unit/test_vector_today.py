"""Observables of dark matter today and of its rates: limits, identities and statuses."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.errors import ParameterError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import NonabelianVector
from vectorportal.models.vector_exchange import couplings
from vectorportal.observables.base import evaluate
from vectorportal.observables.status import OK, OUT_OF_VALIDITY
from vectorportal.units import GEV2_TO_CM2

POINT = {"m_x": 1.0, "g_x": 0.0445, "epsilon": 1e-3}


def value(name: str, options: Options | None = None, ratio: float = 1.0, **arguments) -> float:
    model = NonabelianVector(**POINT, ratio=ratio)
    return float(evaluate(model, name, options=options, **arguments).value)


@pytest.mark.parametrize(("ratio", "power"), [(0.5, 0.0), (1.0, 1.0), (1.5, 2.0)])
def test_velocity_power_of_annihilation(ratio: float, power: float) -> None:
    """s-wave into Z_D Z_D below R = 1, its phase space at R = 1, p-wave into matter above.

    1e-3: the next order in v^2 = 1e-6 and, at R < 1, the p-wave beside the s-wave.
    """
    assert value("sigma_v_velocity_power", ratio=ratio) == pytest.approx(power, abs=1e-3)
    only = Options(channels="kinetic")
    assert value("sigma_v_velocity_power", only, ratio) == pytest.approx(2.0, abs=1e-3)


def test_scattering_on_matter_by_parts() -> None:
    """The dipole of the photon needs charge: it rules on electrons, is nothing on neutrons.

    The current J at v -> 0 is a Yukawa force: g_X^2 mu^2/pi (sum x_V g_V/m_V^2)^2, 1e-5 from v^2.
    """
    inputs = Inputs.default()
    model = NonabelianVector(**{k: np.array([v]) for k, v in POINT.items()}, ratio=np.array([1.0]))
    electron = evaluate(model, "sigma_xe_parts_cm2").value
    total = evaluate(model, "sigma_xe_cm2").value
    assert total == pytest.approx(electron["total"])
    assert electron["dipole"] > 1e4 * electron["current"]
    found, sm = model.spectrum(inputs), inputs.sm
    strength = 0.0
    for vector, m2, x in (
        ("V", found.m_zd**2, found.mixing.dark_v),
        ("Z", sm.m_z**2, found.mixing.dark_z),
    ):
        left, right = couplings(found.mixing, model.epsilon, sm, vector)["e"]
        strength = strength + x * 0.5 * (left + right) / m2
    reduced = sm.m_e / (1.0 + sm.m_e)
    yukawa = GEV2_TO_CM2 * (POINT["g_x"] * reduced * strength) ** 2 / np.pi
    assert electron["current"] == pytest.approx(yukawa, rel=1e-5)
    neutron = evaluate(model, "sigma_xn_parts_cm2", nucleon="neutron").value
    proton = evaluate(model, "sigma_xn_parts_cm2", nucleon="proton").value
    assert neutron["dipole"] < 1e-12 * proton["dipole"]


def test_kinetic_equilibrium_scales_with_the_coupling_of_matter() -> None:
    """gamma ~ (g_X epsilon)^2 at small mixing, and it is lost as the bath cools."""
    rates = [value("kinetic_equilibrium", x=x) for x in (25.0, 1e3, 1e4)]
    assert rates[0] > rates[1] > rates[2]
    half = NonabelianVector(m_x=1.0, g_x=0.5 * POINT["g_x"], epsilon=1e-3, ratio=1.0)
    weak = float(evaluate(half, "kinetic_equilibrium", x=25.0).value)
    assert weak == pytest.approx(0.25 * rates[0], rel=1e-9)


def test_rates_far_beyond_the_end_of_abundances() -> None:
    """Tables reach the x that is asked for: decay over H goes as x^2 (constant g*)."""
    model = NonabelianVector(m_x=1e-6, g_x=0.01, epsilon=1e-3, ratio=1.5)
    late, later = (float(evaluate(model, "rates", x=x).value["decay"]) for x in (9e4, 9e5))
    assert later == pytest.approx(100.0 * late, rel=1e-3)


def test_own_temperature_is_refused_where_scattering_is_fast() -> None:
    """2 gamma/H = 5e4 at x = 25: X has the temperature of the bath, and the status says so."""
    model = NonabelianVector(**POINT, ratio=1.0, t_rh=100.0)
    options = Options(mechanism="auto", temperature="dark")
    found = evaluate(model, "omega_h2", options=options)
    assert int(found.status) == OUT_OF_VALIDITY
    assert any("temperature=bath" in reason for reason in found.reasons[OUT_OF_VALIDITY])
    bath = evaluate(model, "omega_h2", options=Options(mechanism="auto"))
    assert int(bath.status) == OK


def test_reheating_at_v_x_keeps_its_range() -> None:
    """One point is refused in a sentence, a point of an array has a status and no value."""
    options = Options(mechanism="freeze-in")
    with pytest.raises(ParameterError, match="t_rh = v_x = 2e\\+17 GeV is not allowed"):
        evaluate(NonabelianVector(1.0, 1e-17, 1e-3, t_rh="v_x"), "omega_h2", options=options)
    several = NonabelianVector(1.0, np.array([1e-17, 1e-3]), 1e-9, t_rh="v_x")
    found = evaluate(several, "omega_h2", options=options)
    assert np.isnan(found.value[0])
    assert np.isfinite(found.value[1])
    assert int(found.status[0]) == OUT_OF_VALIDITY
