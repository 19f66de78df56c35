"""Spectrum, mixing, widths and domain of nonabelian-vector; the spectrum in 60 digits."""

from __future__ import annotations

from math import pi
from typing import Any

import mpmath
import numpy as np
import pytest

from oracles.reference_vector_relic import (
    LEPTONS,
    Eigenstates,
    couplings,
    eigenstates,
    minimal_states,
    width_fermion,
    width_pair,
)
from vectorportal.errors import ParameterError, UsageError
from vectorportal.formulas.kinetic_mixing import forbidden_roots
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import NonabelianVector, get_model
from vectorportal.observables.base import OK, OUT_OF_VALIDITY, evaluate

SM = Inputs.default().sm
CW = SM.cw2**0.5


def make(**parameters: Any) -> NonabelianVector:
    return NonabelianVector(**{"g_x": 0.1, **parameters})


def angle(states: Eigenstates) -> float:
    """alpha from the components in the dark field, c_alpha : s_alpha."""
    with mpmath.workdps(60):
        return float(mpmath.atan2(states.z.dark, states.dark.dark).real)


SMALL = (1e-16, 1e-9, 1e-3)
MASSES = (1e-6, 0.02, 10.0, 90.0, 92.5, 100.0, 1e4)
POINTS = [(m, e) for e in SMALL for m in MASSES] + [
    (1e-3, 0.5),
    (30.0, 0.3),
    (250.0, 0.3),
    (1e4, 0.5),
    (20.0, 0.7),
]


def test_oracle_diagonalises() -> None:
    """Orthonormal in the kinetic matrix, and couplings of photon and Z as in (B10)."""
    found = eigenstates(30.0, 0.3, SM.m_z, SM.sw2)
    assert found is not None
    for name, charge in (("e", -1.0), ("u", 2.0 / 3.0), ("nu", 0.0)):
        assert couplings(found.photon, SM, name) == pytest.approx((SM.e * charge,) * 2, abs=1e-15)
    tiny = eigenstates(30.0, 1e-12, SM.m_z, SM.sw2)
    assert tiny is not None
    left, right = couplings(tiny.z, SM, "e")
    assert left == pytest.approx(SM.g / CW * (-0.5 + SM.sw2), rel=1e-12)
    assert right == pytest.approx(SM.g / CW * SM.sw2, rel=1e-12)
    vectors = (found.photon, found.dark, found.z)
    kappa = 0.3 / CW
    for i, a in enumerate(vectors):
        for j, b in enumerate(vectors):
            mixed = a.dark * b.hyper + a.hyper * b.dark
            product = a.dark * b.dark + a.hyper * b.hyper + a.isospin * b.isospin + kappa * mixed
            assert float(product) == pytest.approx(float(i == j), abs=1e-14)


@pytest.mark.parametrize(("m_zd", "epsilon"), POINTS)
def test_numeric_ratio(m_zd: float, epsilon: float) -> None:
    """Any ratio: m_zd as asked; angle, mass of X3 and couplings by diagonalisation.

    1e-11: the distance to m_Z (1 GeV in 91) and the physical masses in double precision.
    """
    states = eigenstates(m_zd, epsilon, SM.m_z, SM.sw2)
    assert states is not None
    model = make(m_x=m_zd / 1.25, epsilon=epsilon, ratio=1.25)
    assert evaluate(model, "m_zd").value == pytest.approx(m_zd, rel=1e-15)
    lagrangian = float(mpmath.sqrt(states.m_x3_2).real)
    assert evaluate(model, "m_x_lagrangian").value == pytest.approx(lagrangian, rel=1e-12)
    assert evaluate(model, "alpha_mix").value == pytest.approx(angle(states), rel=1e-11)
    for name in ("e", "nu", "u", "b"):
        for key, expected in zip(
            ("g_left", "g_right"), couplings(states.dark, SM, name), strict=True
        ):
            value = evaluate(model, key, fermion=name).value
            # the absolute floor: a coupling that nearly cancels between photon and Z parts
            assert value == pytest.approx(expected, rel=1e-11, abs=1e-13 * epsilon), (name, key)


@pytest.mark.parametrize(("m_x", "epsilon"), POINTS)
def test_minimal_ratio(m_x: float, epsilon: float) -> None:
    """m_X3 = m_x: the other eigenvalue is m_zd^2; its distance from m_x^2 keeps its digits."""
    model = make(m_x=m_x, epsilon=epsilon)
    states = minimal_states(m_x, epsilon, SM.m_z, SM.sw2)
    m_zd = float(mpmath.sqrt(states.dark.mass2).real)
    found = model.spectrum(Inputs.default())
    with mpmath.workdps(60):
        delta = float(states.dark.mass2 / mpmath.mpf(m_x) ** 2 - 1)
    assert float(found.m_zd) == pytest.approx(m_zd, rel=1e-14)
    # 1e-10: near m_Z the distance m_Z - m_x has 12 digits
    assert float(found.delta) == pytest.approx(delta, rel=1e-10)
    assert float(found.m_x3_2) ** 0.5 == pytest.approx(m_x, rel=1e-11)
    assert evaluate(model, "alpha_mix").value == pytest.approx(angle(states), rel=1e-10)


def test_expansion_of_the_minimal_model() -> None:
    """(7): for m_x << m_Z, m_zd/m_x - 1 = epsilon^2/2; above, t_w^2 epsilon^2/2 more than that."""
    light = make(m_x=1e-3, epsilon=1e-5).spectrum(Inputs.default())
    assert float(light.delta) == pytest.approx(1e-10, rel=1e-8)
    heavy = make(m_x=1e5, epsilon=1e-5).spectrum(Inputs.default())
    assert float(heavy.delta) == pytest.approx(1e-10 / SM.cw2, rel=1e-5)


def test_limits_of_the_angle() -> None:
    """Small epsilon: s_alpha = t_w epsilon/(1 - r); opposite signs on the two sides of m_Z."""
    t_w = (SM.sw2 / SM.cw2) ** 0.5
    for m_zd in (1.0, 80.0, 105.0, 1e3):
        model = make(m_x=m_zd, epsilon=1e-8, ratio=1.0)
        expected = t_w * 1e-8 / (1.0 - (m_zd / SM.m_z) ** 2)
        assert evaluate(model, "alpha_mix").value == pytest.approx(expected, rel=1e-9)


# -- domain -------------------------------------------------------------------------------------


def gap(epsilon: float) -> tuple[float, float]:
    low, high = forbidden_roots(np.float64(epsilon), SM.sw2)
    return SM.m_z * float(low) ** 0.5, SM.m_z * float(high) ** 0.5


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 0.5])
def test_forbidden_gap(epsilon: float) -> None:
    """No solution in the diagonalisation exactly where the model has none."""
    low, high = gap(epsilon)
    m_zd = np.array([low * (1 - 1e-6), low * (1 + 1e-6), high * (1 - 1e-6), high * (1 + 1e-6)])
    solvable = [eigenstates(m, epsilon, SM.m_z, SM.sw2) is not None for m in m_zd]
    assert solvable == [True, False, False, True]
    result = evaluate(make(m_x=m_zd, epsilon=epsilon, ratio=1.0), "alpha_mix")
    assert list(result.status) == [OK, OUT_OF_VALIDITY, OUT_OF_VALIDITY, OK]
    assert np.isnan(result.value[1:3]).all()
    assert not np.isnan(result.value[[0, 3]]).any()


@pytest.mark.parametrize("name", ["m_zd", "alpha_mix", "omega_h2", "width_total", "m2_xxx"])
def test_single_point_without_mixing_is_one_sentence(name: str) -> None:
    """Both the gap and epsilon >= c_w, before anything is computed."""
    low, high = gap(0.1)
    with pytest.raises(ParameterError) as error:
        evaluate(make(m_x=0.5 * (low + high), epsilon=0.1, ratio=1.0), name)
    text = str(error.value)
    assert "m_zd" in text
    assert f"{low:.6g} to {high:.6g} GeV" in text
    assert "\n" not in text
    with pytest.raises(ParameterError) as error:
        evaluate(make(m_x=1.0, epsilon=0.9, ratio=1.0), name)
    assert "epsilon" in str(error.value)
    assert "c_w" in str(error.value)
    with pytest.raises(ParameterError) as error:
        evaluate(make(m_x=SM.m_z, epsilon=0.1), name)
    assert str(error.value).startswith("m_x")


def test_minimal_model_stops_where_its_mass_meets_the_gap() -> None:
    """Every m_x either has an m_zd outside the gap or is refused; no m_zd lies inside."""
    epsilon = 0.1
    low, high = gap(epsilon)
    m_x = np.linspace(0.5 * SM.m_z, 1.6 * SM.m_z, 801)
    result = evaluate(make(m_x=m_x, epsilon=epsilon), "m_zd")
    good = result.status == OK
    assert 0.02 < 1.0 - np.mean(good) < 0.5
    assert np.all((result.value[good] < low) | (result.value[good] > high))
    assert np.all(np.diff(result.value[good]) > 0.0)
    assert set(np.unique(result.status)) == {OK, OUT_OF_VALIDITY}


def test_arrays_keep_good_points() -> None:
    """epsilon beyond c_w, the gap and a good point in one array: a status each, no exception."""
    model = make(m_x=np.array([1.0, 1.0, SM.m_z]), epsilon=np.array([1e-3, 0.95, 1e-2]))
    for name in ("m_zd", "width_total", "branching_ratios", "omega_h2", "cutoff_scale"):
        result = evaluate(model, name)
        assert list(result.status == OUT_OF_VALIDITY) == [False, True, True], name
        assert OUT_OF_VALIDITY in result.reasons
    for name in ("m2_xxx", "sigma_v2_zzz"):
        result = evaluate(model, name)
        assert result.status[0] == OK
        assert np.all(result.status[1:] == OUT_OF_VALIDITY)


@pytest.mark.parametrize(
    "bad",
    [
        {"m_x": -1.0},
        {"m_x": 0.0},
        {"m_x": np.nan},
        {"g_x": 0.0},
        {"g_x": 20.0},
        {"epsilon": 0.0},
        {"epsilon": 1.0},
        {"ratio": 0.0},
        {"ratio": "minimum"},
        {"t_rh": 4.9e-3},
        {"t_rh": 1.1e16},
        {"t_rh": "vx"},
    ],
)
def test_values_out_of_range(bad: dict[str, Any]) -> None:
    """One sentence with the parameter's name."""
    with pytest.raises(ParameterError) as error:
        NonabelianVector(**{"m_x": 1.0, "g_x": 0.1, "epsilon": 1e-3, **bad})
    assert next(iter(bad)) in str(error.value)
    assert "\n" not in str(error.value)


def test_reheating() -> None:
    inputs = Inputs.default()
    model = make(m_x=np.array([1.0, 2.0]), epsilon=1e-3, t_rh="v")
    assert model.reheating(inputs) == pytest.approx([SM.vev, SM.vev])
    model = make(m_x=np.array([1.0, 2.0]), epsilon=1e-3, t_rh="v_x")
    assert model.reheating(inputs) == pytest.approx([20.0, 40.0])
    assert make(m_x=1.0, epsilon=1e-3, t_rh=7.0).reheating(inputs) == 7.0
    with pytest.raises(UsageError, match="t_rh"):
        make(m_x=1.0, epsilon=1e-3).reheating(inputs)


def test_simp_alone_where_it_is_closed() -> None:
    """ratio >= 2 with 3 -> 2 asked alone is one sentence; with other channels it is allowed."""
    options = Options(channels="simp")
    for ratio in (2.0, 2.5):
        with pytest.raises(ParameterError, match="ratio"):
            evaluate(make(m_x=1.0, epsilon=1e-3, ratio=ratio), "omega_h2", options=options)
    both = Options(channels="simp,kinetic")
    evaluate(make(m_x=1.0, epsilon=1e-3, ratio=2.5), "omega_h2", options=both)
    array = make(m_x=1.0, epsilon=1e-3, ratio=np.array([1.2, 2.0]))
    result = evaluate(array, "m2_xxx", options=options)
    assert list(result.status) == [OK, OUT_OF_VALIDITY]


def test_model_is_registered() -> None:
    assert get_model("nonabelian-vector") is NonabelianVector
    model = make(m_x=1.0, epsilon=1e-3)
    assert model.has_dark_matter
    assert model.choices() == {"ratio": "minimal"}


# -- widths -------------------------------------------------------------------------------------


@pytest.mark.parametrize("m_zd", [2e-3, 0.5, 30.0, 150.0, 1e3])
@pytest.mark.parametrize("epsilon", [1e-12, 1e-3, 0.3])
def test_width_to_fermions(m_zd: float, epsilon: float) -> None:
    """(B8) with couplings from the diagonalisation."""
    states = eigenstates(m_zd, epsilon, SM.m_z, SM.sw2)
    assert states is not None
    model = make(m_x=m_zd, epsilon=epsilon, ratio=1.0)
    for name, mass, colours in (("e", SM.m_e, 1.0), ("nu", 0.0, 1.0), ("c", SM.m_c, 3.0)):
        expected = width_fermion(m_zd, mass, couplings(states.dark, SM, name), colours)
        found = evaluate(model, "width_ff", fermion=name).value
        assert found == pytest.approx(expected, rel=1e-10), name


@pytest.mark.parametrize(("m_x", "ratio"), [(1.0, 1.5), (1.0, 2.5), (70.0, 2.2), (20.0, 1.9)])
@pytest.mark.parametrize("epsilon", [1e-10, 1e-3, 0.2])
def test_total_width_of_leptons_and_dark_matter(m_x, ratio, epsilon) -> None:
    """hadrons=none: three charged leptons, three neutrinos and X+ X- for R > 2."""
    inputs = Inputs(hadrons="none")
    m_zd = ratio * m_x
    states = eigenstates(m_zd, epsilon, SM.m_z, SM.sw2)
    assert states is not None
    visible = 3.0 * width_fermion(m_zd, 0.0, couplings(states.dark, SM, "nu"))
    for name, field in LEPTONS.items():
        visible += width_fermion(m_zd, getattr(SM, field), couplings(states.dark, SM, name))
    dark = width_pair(
        m_zd, m_x, float(states.dark.dark), epsilon / CW * float(states.dark.hyper), 0.1
    )
    model = make(m_x=m_x, epsilon=epsilon, ratio=ratio)
    assert (dark > 0.0) == (ratio > 2.0)
    total = evaluate(model, "width_total", inputs=inputs).value
    assert total == pytest.approx(visible + dark, rel=1e-10)
    assert evaluate(model, "width_dark", inputs=inputs).value == pytest.approx(dark, rel=1e-10)
    ratios = evaluate(model, "branching_ratios", inputs=inputs).value
    assert sum(float(r) for r in ratios.values()) == pytest.approx(1.0, rel=1e-14)
    lifetime = evaluate(model, "lifetime_s", inputs=inputs).value
    assert lifetime == pytest.approx(6.582119569e-25 / (visible + dark), rel=1e-9)


def test_total_width_of_a_heavy_vector() -> None:
    """m_ZD >> m_Z: Z_D couples to hypercharge, Gamma = g_Y^2 m (10 + 1/4)/(24 pi).

    Ten is sum N Y^2 of all Weyl fermions, 1/4 the Higgs doublet as longitudinal W W and Z h. At
    20 TeV masses matter by (m_t/m)^2, R(e+e-) by alpha_s/pi = 3e-2 on the quark part.
    """
    m, epsilon = 2e4, 1e-3
    model = make(m_x=m, epsilon=epsilon, ratio=1.0)
    coupling2 = (epsilon * SM.g_prime) ** 2 / SM.cw2
    expected = coupling2 * m * 10.25 / (24.0 * pi)
    assert evaluate(model, "width_total").value == pytest.approx(expected, rel=4e-2)
    ratios = evaluate(model, "branching_ratios").value
    # W W and Z h are the two halves of the doublet (equivalence theorem), up to m_h^2/m^2; the
    # longitudinal W W goes like m_W^-4 with the measured m_W, not with c_w m_Z
    tree = (CW * SM.m_z / SM.m_w) ** 4
    assert ratios["WW"] / ratios["Zh"] == pytest.approx(tree, rel=1e-3)
    width_h = float(ratios["Zh"]) * float(evaluate(model, "width_total").value)
    assert width_h == pytest.approx(coupling2 * m * 0.125 / (24.0 * pi), rel=1e-3)


def test_width_of_the_z() -> None:
    """Gamma_Z grows by Z -> X+ X-, from the components by diagonalisation."""
    inputs = Inputs.default()
    for m_x, ratio, epsilon in ((10.0, 1.2, 0.1), (40.0, 1.01, 1e-3), (60.0, 1.2, 0.1)):
        states = eigenstates(ratio * m_x, epsilon, SM.m_z, SM.sw2)
        assert states is not None
        y = epsilon / CW * float(states.z.hyper)
        extra = width_pair(SM.m_z, m_x, float(states.z.dark), y, 0.5)
        model = NonabelianVector(
            m_x=np.array([m_x]),
            g_x=np.array([0.5]),
            epsilon=np.array([epsilon]),
            ratio=np.array([ratio]),
        )
        found = float(np.asarray(model.exchange(inputs).width_z).reshape(-1)[0])
        assert (extra > 0.0) == (2.0 * m_x < SM.m_z)
        # extra is small against Gamma_Z: its own accuracy shows to 1e-6 at least
        assert found - SM.gamma_z == pytest.approx(extra, rel=1e-6, abs=1e-15)


def test_lifetime_below_electrons_is_not_told() -> None:
    """Below 2 m_e three photons are missing."""
    result = evaluate(make(m_x=5e-4, epsilon=1e-3, ratio=1.0), "lifetime_s")
    assert result.status == OUT_OF_VALIDITY
    assert np.isnan(result.value)
    open_dark = evaluate(make(m_x=1e-4, epsilon=1e-3, ratio=3.0), "lifetime_s")
    assert open_dark.status == OK


def test_cutoff() -> None:
    """Lambda = (2 m_x/g_x)(c_w/epsilon)^(1/2), with a status above the Planck mass."""
    result = evaluate(make(m_x=10.0, epsilon=1e-4), "cutoff_scale")
    assert result.value == pytest.approx(200.0 * (CW / 1e-4) ** 0.5, rel=1e-13)
    high = evaluate(NonabelianVector(m_x=1e4, g_x=1e-9, epsilon=1e-16), "cutoff_scale")
    assert high.status == OUT_OF_VALIDITY


# -- arrays and engines -------------------------------------------------------------------------

CHEAP: dict[str, dict[str, Any]] = {
    **{name: {} for name in ("m_zd", "alpha_mix", "m_x_lagrangian", "cutoff_scale")},
    **{name: {} for name in ("width_total", "width_dark", "branching_ratios", "ctau_m")},
    **{name: {} for name in ("m2_xxx", "m2_xxz", "m2_zzz")},
    **{name: {} for name in ("sigma_v2_xxx", "sigma_v2_xxz", "sigma_v2_zzz")},
    "g_left": {"fermion": "u"},
    "g_right": {"fermion": "e"},
    "width_ff": {"fermion": "mu"},
    "sigma_kinetic": {"s": 500.0, "fermion": "b", "phase": "broken"},
    "sigma_dark": {"s": 500.0},
}


@pytest.mark.parametrize("name", CHEAP)
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_sizes(name: str, size: int) -> None:
    """Arrays of any size, with the extremes of every parameter: OK means a finite value."""
    m_x = np.geomspace(1e-6, 1e4, size)
    model = NonabelianVector(
        m_x=m_x,
        g_x=np.geomspace(12.0, 1e-12, size),
        epsilon=np.geomspace(1e-16, 0.8, size),
        ratio=np.linspace(0.5, 2.6, size),
    )
    result = evaluate(model, name, **CHEAP[name])
    values = result.value if isinstance(result.value, dict) else {"": result.value}
    assert result.status.shape == (size,)
    for value in values.values():
        assert value.shape == (size,)
        assert np.all(np.isfinite(value[result.status == OK]))


@pytest.mark.parametrize("name", CHEAP)
def test_jax_gives_the_same(name: str) -> None:
    """1e-8 of the value (design): the operations are the same, sums may be reordered."""
    pytest.importorskip("jax")
    m_x = np.array([0.01, 1.0, 9.0, 60.0, 200.0])
    for ratio in ("minimal", np.array([1.5, 2.5, 0.9, 1.1, 1.9])):
        model = NonabelianVector(m_x=m_x, g_x=0.3, epsilon=1e-4, ratio=ratio)
        one = evaluate(model, name, **CHEAP[name])
        two = evaluate(model, name, engine="jax", **CHEAP[name])
        assert np.array_equal(one.status, two.status)
        pairs = (
            [(one.value[k], two.value[k]) for k in one.value]
            if isinstance(one.value, dict)
            else [(one.value, two.value)]
        )
        for a, b in pairs:
            assert b == pytest.approx(a, rel=1e-8, abs=1e-300, nan_ok=True)
