"""Properties that must hold anywhere in the allowed box of the dark photon."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorportal.errors import ParameterError
from vectorportal.inputs.settings import Inputs
from vectorportal.models import DarkPhoton
from vectorportal.observables.base import OK, evaluate, get_observable, observable_names

KINDS = st.sampled_from(["complex-scalar", "dirac", "majorana"])
LEPTONS = Inputs(hadrons="none")


def decades(low, high):
    return st.floats(low, high).map(lambda power: 10.0**power)


# The box that is promised: 1 keV to 10 TeV, epsilon from 1e-16, alpha_d up to non-perturbative.
MASS, EPSILON, ALPHA_D = decades(-6, 4), decades(-16, -0.1), decades(-16, 1.05)
NEAR = st.one_of(decades(-2, 2), decades(-14, -1).map(lambda d: 2 * (1 + d)),
                 decades(-14, -1).map(lambda d: 2 * (1 - d)),
                 decades(-14, -1).map(lambda d: 1 + d), st.sampled_from([1.0, 2.0]))  # fmt: skip
"""m_v/m_dm: anywhere, or very near the resonance or the V V threshold"""


def numbers(found):
    return list(found.value.values()) if isinstance(found.value, dict) else [found.value]


def honest(found):
    """A finite number that is not negative where ok; a sentence for anything else."""
    for number in numbers(found):
        if found.status == OK:
            assert np.isfinite(number)
        assert not number < 0
        assert not np.isinf(number)
    if found.status == OK:
        error = found.error_estimate
        assert error is None or 0 <= error < 1e-2
    else:
        assert found.reasons[int(found.status)]


def point(m_dm, ratio, epsilon, alpha_d, dm):
    """The model, or None between the forbidden roots."""
    m_v = m_dm * ratio
    if not 1e-9 < m_v < 1e7:
        return None
    try:
        return DarkPhoton(m_v=m_v, epsilon=epsilon, m_dm=m_dm, alpha_d=alpha_d, dm=dm)
    except ParameterError:
        return None


@settings(max_examples=150)
@given(MASS, NEAR, EPSILON, ALPHA_D, KINDS, st.sampled_from(["r-ratio", "none"]))
def test_relic_density_is_a_number_or_a_reason(m_dm, ratio, epsilon, alpha_d, dm, hadrons):
    model = point(m_dm, ratio, epsilon, alpha_d, dm)
    if model is None:
        return
    for name in ("omega_h2", "x_freeze_out"):
        honest(evaluate(model, name, inputs=Inputs(hadrons=hadrons)))


@settings(max_examples=150)
@given(MASS, NEAR, EPSILON, ALPHA_D, KINDS, decades(-2, 8), decades(-3, 3))
def test_everything_else_is_a_number_or_a_reason(m_dm, ratio, epsilon, alpha_d, dm, x, excess):
    """x from 0.01 to 1e8 and sqrt(s) from just above threshold to a thousand times it."""
    model = point(m_dm, ratio, epsilon, alpha_d, dm)
    if model is None:
        return
    for name in observable_names("dark-photon"):
        if name in ("omega_h2", "x_freeze_out"):
            continue
        every = {"s": 4 * m_dm**2 * (1 + excess) ** 2, "x": x}
        extra = {a.name: every[a.name] for a in get_observable(name).arguments}
        honest(evaluate(model, name, **extra))


@settings(max_examples=60)
@given(MASS, NEAR, EPSILON, ALPHA_D, KINDS)
def test_widths_are_complete(m_dm, ratio, epsilon, alpha_d, dm):
    """Branching ratios are in [0, 1] and sum to one; c tau times the width is hbar c."""
    model = point(m_dm, ratio, epsilon, alpha_d, dm)
    if model is None:
        return
    found = evaluate(model, "branching_ratios")
    if found.status == OK:
        parts = np.array([float(v) for v in found.value.values()])
        assert np.all((parts >= 0) & (parts <= 1))
        assert abs(parts.sum() - 1) < 1e-12
        total = float(evaluate(model, "width_total").value)
        length = float(evaluate(model, "ctau_m").value)
        assert abs(total * length / 1.973269804e-16 - 1) < 1e-9


@settings(max_examples=40)
@given(decades(-2, 1), decades(-5, -2), decades(-4, 0), KINDS, st.floats(1.5, 200))
def test_scaling_with_the_couplings_off_resonance(m_dm, epsilon, alpha_d, dm, x):
    """m_v = 5 m_dm, no V V: <sigma v> goes as alpha_d epsilon^2 while the width is small.

    Doubling epsilon changes widths by O(epsilon^2) only; alpha_d enters through Gamma_dark, so it
    is kept.
    """
    first = DarkPhoton(m_v=500 * m_dm, epsilon=epsilon, m_dm=m_dm, alpha_d=alpha_d * 1e-3, dm=dm)
    second = DarkPhoton(
        m_v=500 * m_dm, epsilon=2 * epsilon, m_dm=m_dm, alpha_d=alpha_d * 1e-3, dm=dm
    )
    if not (bool(first.allowed(LEPTONS)) and abs(500 * m_dm - 91.2) > 10):
        return
    one, two = (float(evaluate(m, "sigma_v_cm3_s", x=x).value) for m in (first, second))
    assert abs(two / one / 4 - 1) < 0.02
