"""The dark photon model: parameters, refusals, mediator, what annihilation is made of."""

from __future__ import annotations

import numpy as np
import pytest

from vectorportal.errors import ParameterError, UsageError
from vectorportal.formulas.kinetic_mixing import forbidden_roots
from vectorportal.inputs.settings import Inputs
from vectorportal.models import DarkPhoton, get_model, model_names

INPUTS = Inputs.default()
SM = INPUTS.sm
FULL = {"m_v": 3.0, "epsilon": 1e-3, "m_dm": 1.0, "alpha_d": 0.1}


def test_registry():
    assert get_model("dark-photon") is DarkPhoton
    assert "dark-photon" in model_names()
    with pytest.raises(UsageError, match="did you mean dark-photon"):
        get_model("dark-foton")


def test_default_kind_of_dark_matter():
    """complex-scalar as soon as dark matter is mentioned, none otherwise."""
    assert DarkPhoton(m_v=1.0, epsilon=1e-3).dm == "none"
    assert DarkPhoton(m_v=1.0, m_dm=0.3).dm == "complex-scalar"
    assert DarkPhoton(alpha_d=0.1).dm == "complex-scalar"
    assert not DarkPhoton(m_v=1.0).has_dark_matter


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("m_v", 0.0), ("m_v", -1.0), ("m_v", np.nan), ("m_v", np.inf), ("m_v", 1e8),
        ("epsilon", 0.0), ("epsilon", 0.9), ("epsilon", "much"), ("epsilon", True),
        ("m_dm", -0.1), ("alpha_d", 13.0), ("alpha_d", [0.1, -0.1]), ("m_dm", [[1.0, np.nan]]),
    ],
)  # fmt: skip
def test_values_out_of_range(name, value):
    """The error names the parameter and the range; one bad entry of an array is enough."""
    with pytest.raises(ParameterError) as caught:
        DarkPhoton(**{**FULL, name: value})
    assert caught.value.parameter == name
    assert str(caught.value).count("\n") == 0


def test_wrong_words_and_shapes():
    with pytest.raises(ParameterError, match="did you mean dirac"):
        DarkPhoton(**FULL, dm="diracc")
    with pytest.raises(UsageError, match="broadcast"):
        DarkPhoton(m_v=np.ones(2), epsilon=1e-3 * np.ones(3))
    with pytest.raises(UsageError, match="did you mean epsilon"):
        DarkPhoton.parameter("epsilom")
    with pytest.raises(UsageError, match="m_dm"):
        DarkPhoton(m_v=1.0, epsilon=1e-3, dm="dirac").mediator(INPUTS)
    with pytest.raises(UsageError, match="none"):
        DarkPhoton(m_v=1.0, epsilon=1e-3).annihilation(INPUTS)


def test_models_are_frozen_and_know_their_shape():
    model = DarkPhoton(m_v=np.ones((2, 1)), epsilon=1e-3 * np.ones(3))
    assert model.shape == (2, 3)
    assert DarkPhoton(**FULL).shape == ()
    with pytest.raises(AttributeError):
        model.m_v = 2.0  # type: ignore[misc]
    assert model.choices() == {"dm": "none"}
    assert set(model.numbers()) == {"m_v", "epsilon"}


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 0.5])
def test_forbidden_masses(epsilon):
    """A point between the roots is refused with the interval; an array keeps its other points."""
    low, high = (SM.m_z * np.sqrt(r) for r in forbidden_roots(epsilon, SM.sw2))
    for m_v in (low * (1 + 1e-9), SM.m_z, high * (1 - 1e-9)):
        with pytest.raises(ParameterError, match="no mixing with the Z"):
            DarkPhoton(m_v=m_v, epsilon=epsilon).check_domain(INPUTS)
    for m_v in (low * (1 - 1e-9), high * (1 + 1e-9)):
        assert DarkPhoton(m_v=m_v, epsilon=epsilon).allowed(INPUTS)
    other = Inputs(sm=SM.replace(m_z=80.0))
    DarkPhoton(m_v=SM.m_z, epsilon=1e-3).check_domain(other)
    with pytest.raises(ParameterError, match="m_v = 80"):
        DarkPhoton(m_v=80.0, epsilon=1e-3).check_domain(other)
    many = DarkPhoton(m_v=np.array([low * 0.99, SM.m_z, high * 1.01]), epsilon=epsilon)
    assert many.allowed(INPUTS).tolist() == [True, False, True]


def test_forbidden_message_is_readable_up_to_the_largest_epsilon():
    """At epsilon above c_w = 0.8767 no mass is allowed; the sentence must still make sense."""
    for epsilon in (0.8, 0.8766, 0.8769):
        with pytest.raises(ParameterError) as caught:
            DarkPhoton(m_v=SM.m_z, epsilon=epsilon).check_domain(INPUTS)
        text = str(caught.value)
        assert "j" not in text.replace("project", "")
        assert "nan" not in text
        assert "-" not in text.replace("m_v = -", "")


def test_widths_of_the_mediator_add_up():
    model = DarkPhoton(**{**FULL, "m_v": np.array([0.3, 3.0, 30.0, 300.0])}, dm="dirac")
    mediator = model.mediator(INPUTS)
    assert set(mediator.widths) == {
        "ee", "mumu", "tautau", "nunu", "hadrons", "tt", "WW", "Zh", "dark",
    }  # fmt: skip
    total = sum(mediator.widths.values())
    np.testing.assert_allclose(mediator.width_total, total, rtol=1e-15)
    parts = mediator.width_visible + mediator.width_dark + mediator.widths["nunu"]
    np.testing.assert_allclose(parts, total, rtol=1e-14)
    np.testing.assert_allclose(sum(mediator.branching(n) for n in mediator.widths), 1.0, rtol=1e-14)
    for width in mediator.widths.values():
        assert width.shape == (4,)
        assert np.all(width >= 0)


def test_leptons_are_universal():
    couplings = DarkPhoton(m_v=40.0, epsilon=0.01).mediator(INPUTS).couplings
    assert set(couplings) == {"e", "mu", "tau", "nu", "u", "d", "c", "s", "t", "b"}
    assert couplings["e"] == couplings["mu"] == couplings["tau"]
    assert couplings["u"] == couplings["c"] == couplings["t"]
    assert couplings["d"] == couplings["s"] == couplings["b"]
    assert couplings["nu"][1] == 0


def test_invisible_mediator_of_a_light_vector():
    """Below 2 m_e only neutrinos are left: BR(nu nu) = 1."""
    mediator = DarkPhoton(m_v=1e-3 * 0.9, epsilon=1e-4).mediator(INPUTS)
    assert mediator.branching("nunu") == 1.0
    assert mediator.width_visible == 0.0


@pytest.mark.parametrize("which", ["all", "standard-model", "secluded"])
def test_channels_and_breaks(which):
    model = DarkPhoton(**{k: np.array([v]) for k, v in FULL.items()}, dm="dirac")
    process = model.annihilation(INPUTS, which)
    names = [channel.name for channel in process.channels]
    assert names == {
        "all": ["standard-model", "secluded"],
        "standard-model": ["standard-model"],
        "secluded": ["secluded"],
    }[which]  # fmt: skip
    pole = process.breaks[0]
    assert pole.name == "V"
    # sqrt(s)/(2 m_dm) - 1 = 3/2 - 1 at the pole, 2 at the threshold of V V
    assert pole.position == pytest.approx([0.5])
    assert pole.width * 4 == pytest.approx(process.width)
    assert {b.name: b for b in process.breaks}["VV"].position == pytest.approx([2.0])
    assert (process.spin_states, process.pair_factor) == (4, 0.5)


def test_fewer_half_intervals_than_panels():
    """The quadrature gives every half interval a panel of its own: at most 15 breaks inside."""
    from vectorportal.observables.relic.average import COARSE

    m_dm = np.geomspace(1e-4, 1e4, 4000)
    model = DarkPhoton(m_v=2.5 * m_dm, epsilon=1e-3 + 0 * m_dm, m_dm=m_dm, alpha_d=0.1 + 0 * m_dm)
    inside = sum(
        ((b.position > 0) & (b.position < (25 if b.essential else 3))) * 1
        for b in model.annihilation(INPUTS).breaks
    )
    assert 2 * (int(np.max(inside)) + 1) <= COARSE.panels
