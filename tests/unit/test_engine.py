"""Engines: NumPy and JAX agree, gradients are derivatives, shapes and sizes, lazy imports."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from vectorportal.errors import UsageError
from vectorportal.inputs.settings import Inputs
from vectorportal.models import DarkPhoton
from vectorportal.observables.base import (
    OK,
    evaluate,
    get_observable,
    gradient,
    observable_names,
)

KINDS = ("complex-scalar", "dirac", "majorana")
ARGUMENTS = {"s": 7.3, "x": 21.0}
LEPTONS = Inputs(hadrons="none")
NAMES = observable_names("dark-photon")


def draw(seed, count):
    """The whole box on log scales: on both sides of the resonance, of V V and of m_Z."""
    rng = np.random.default_rng(seed)
    m_dm = 10 ** rng.uniform(-4, 3.5, count)
    ratio = np.where(rng.random(count) < 0.5, 10 ** rng.uniform(-1, 1, count), 2.0)
    ratio = np.where(ratio == 2.0, 2 * (1 + 10 ** rng.uniform(-5, -0.5, count)), ratio)
    return {
        "m_v": m_dm * ratio,
        "epsilon": 10 ** rng.uniform(-7, -1.5, count),
        "m_dm": m_dm,
        "alpha_d": 10 ** rng.uniform(-6, 0, count),
    }


def arguments(name, values):
    """s between threshold and ten times that, or x = 21, for the observables that take them."""
    wanted = [a.name for a in get_observable(name).arguments]
    every = {"s": 4 * values["m_dm"] ** 2 * 1.9, "x": 21.0 + 0 * values["m_dm"]}
    return {key: every[key] for key in wanted}


def compare(first, second, tolerance):
    np.testing.assert_array_equal(first.status, second.status)
    pairs = first.value.items() if isinstance(first.value, dict) else [("", first.value)]
    for key, value in pairs:
        other = second.value[key] if key else second.value
        assert isinstance(other, np.ndarray)
        assert other.dtype == np.float64
        np.testing.assert_allclose(other, value, rtol=tolerance, atol=0, err_msg=key)


@pytest.mark.parametrize("dm", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_engines_agree(name, dm):
    """200 points over the box: 1e-10 as promised, for every observable and kind of dark matter.

    Engines differ by rounding alone; a resonance of width Gamma/m amplifies none of it, because the
    detuning is carried on its own.
    """
    pytest.importorskip("jax")
    values = draw(11, 200)
    model = DarkPhoton(**values, dm=dm)
    extra = arguments(name, values)
    compare(evaluate(model, name, **extra), evaluate(model, name, engine="jax", **extra), 1e-10)


@pytest.mark.parametrize("name", ["width_total", "omega_h2", "sigma_annihilation"])
def test_engines_agree_with_leptons_only(name):
    pytest.importorskip("jax")
    values = draw(12, 30)
    model = DarkPhoton(**values, dm="dirac")
    extra = arguments(name, values)
    compare(
        evaluate(model, name, inputs=LEPTONS, **extra),
        evaluate(model, name, inputs=LEPTONS, engine="jax", **extra),
        1e-10,
    )


@pytest.mark.parametrize("engine", ["numpy", "jax"])
@pytest.mark.parametrize("name", ["branching_ratios", "omega_h2", "sigma_annihilation", "ctau_m"])
def test_sizes_and_shapes(engine, name):
    """0, 1, 3 and (2, 3) points, a scalar, and a column against a row give the broadcast shape."""
    if engine == "jax":
        pytest.importorskip("jax")
    m_v = np.array([0.31, 1.0, 3.3])
    extra = {"s": 9.0} if name == "sigma_annihilation" else {}
    point = {"epsilon": 1e-3, "m_dm": 0.1, "alpha_d": 0.1, "dm": "dirac"}

    def shaped(m_v, **change):
        found = evaluate(DarkPhoton(m_v=m_v, **{**point, **change}), name, engine=engine, **extra)
        value = found.value["ee"] if isinstance(found.value, dict) else found.value
        assert np.shape(value) == np.shape(found.status)
        if found.error_estimate is not None:
            assert np.shape(found.error_estimate) == np.shape(value)
        return np.asarray(value)

    assert shaped(m_v[:0]).shape == (0,)
    assert shaped(1.0).shape == ()
    assert shaped(m_v[:1]).shape == (1,)
    row = shaped(m_v)
    assert row.shape == (3,)
    grid = shaped(np.stack([m_v, m_v[::-1]]))
    assert grid.shape == (2, 3)
    np.testing.assert_allclose(grid, [row, row[::-1]], rtol=1e-12)
    outer = shaped(m_v, epsilon=np.array([[1e-3], [2e-3]]))
    assert outer.shape == (2, 3)
    np.testing.assert_allclose(outer[0], row, rtol=1e-12)
    np.testing.assert_allclose(shaped(1.0), row[1], rtol=1e-12)


@pytest.mark.parametrize("engine", ["numpy", "jax"])
def test_more_points_than_a_chunk(engine):
    """300 points, in chunks and threads, are 300 single points; order is kept."""
    if engine == "jax":
        pytest.importorskip("jax")
    values = draw(5, 300)
    whole = evaluate(DarkPhoton(**values), "omega_h2", engine=engine)
    for i in (0, 63, 64, 127, 128, 299):
        one = evaluate(DarkPhoton(**{k: v[i : i + 1] for k, v in values.items()}), "omega_h2")
        np.testing.assert_allclose(whole.value[i : i + 1], one.value, rtol=1e-10)


def test_arguments_broadcast_with_parameters():
    model = DarkPhoton(m_v=np.array([3.0, 4.0]), epsilon=1e-3, m_dm=1.0, alpha_d=0.1)
    found = evaluate(model, "sigma_annihilation", s=np.array([[5.0], [6.0], [7.0]]))
    assert found.value.shape == (3, 2)
    with pytest.raises(UsageError, match="broadcast"):
        evaluate(model, "sigma_annihilation", s=np.ones(3) * 5)


def test_unknown_engine():
    with pytest.raises(UsageError, match="numpy, jax"):
        evaluate(DarkPhoton(m_v=1.0, epsilon=1e-3), "width_ee", engine="torch")


def test_unknown_names():
    model = DarkPhoton(m_v=1.0, epsilon=1e-3)
    with pytest.raises(UsageError, match="did you mean width_ee"):
        evaluate(model, "width_e")
    with pytest.raises(UsageError, match="needs m_dm and alpha_d"):
        evaluate(model, "omega_h2")
    with pytest.raises(UsageError, match="no argument"):
        evaluate(model, "width_ee", s=1.0)


def test_jax_is_imported_only_when_asked_for():
    """Neither the import nor a NumPy evaluation loads JAX, SciPy, xarray or matplotlib."""
    code = (
        "import sys, vectorportal.observables\n"
        "from vectorportal.models import DarkPhoton\n"
        "from vectorportal.observables.base import evaluate\n"
        "evaluate(DarkPhoton(m_v=3.0, epsilon=1e-3, m_dm=1.0, alpha_d=0.1), 'omega_h2')\n"
        "names = ('jax', 'scipy', 'xarray', 'matplotlib', 'particle', 'typer')\n"
        "print(*[n for n in names if n in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# --- gradients ----------------------------------------------------------------------------------

POINT = {"m_v": 3.0, "epsilon": 2e-3, "m_dm": 1.0, "alpha_d": 0.2}
SCALARS = tuple(n for n in NAMES if n not in ("branching_ratios", "hadronic_widths"))


def differences(name, values, dm, extra):
    """Central differences, Richardson-extrapolated, in the logarithm of every quantity."""
    everything = {**values, **extra}
    out = {}
    for key, value in everything.items():
        slopes = []
        for step in (2e-4, 1e-4):
            pair = []
            for sign in (1, -1):
                moved = {**everything, key: value * (1 + sign * step)}
                model = DarkPhoton(**{k: moved[k] for k in values}, dm=dm)
                found = evaluate(model, name, **{k: moved[k] for k in extra})
                pair.append(float(found.value))
            slopes.append((pair[0] - pair[1]) / (2 * step * value))
        out[key] = (4 * slopes[1] - slopes[0]) / 3
    return out


COSTLY = ("omega_h2", "x_freeze_out", "sigma_v_cm3_s")
"""compiling the reverse mode of these takes some 20 s for every kind of dark matter"""
GRADIENTS = [
    pytest.param(name, dm, marks=pytest.mark.slow)
    if name in COSTLY and (name, dm) != ("omega_h2", "dirac")
    else (name, dm)
    for name in SCALARS
    for dm in KINDS
]


@pytest.mark.parametrize(("name", "dm"), GRADIENTS)
@pytest.mark.parametrize("m_v", [3.0, 150.0])
def test_gradients_are_derivatives(name, dm, m_v):
    """Reverse mode against differences, relative to value/parameter; 1e-6, and 1e-4 for the relic,
    whose own integration error (1e-5 of the value) wiggles as steps and panels move."""
    pytest.importorskip("jax")
    scale = m_v / 3.0
    values = {**POINT, "m_v": m_v, "m_dm": 1.07 * scale}
    wanted = [a.name for a in get_observable(name).arguments]
    extra = {k: v for k, v in {"s": 7.3 * scale**2, "x": 21.0}.items() if k in wanted}
    value = float(evaluate(DarkPhoton(**values, dm=dm), name, **extra).value)
    if not np.isfinite(value):
        assert (name, dm) == ("sigma_electron_cm2", "majorana") or "off_shell" in name
        pytest.skip("has no value")
    slopes = gradient(DarkPhoton(**values, dm=dm), name, **extra)
    expected = differences(name, values, dm, extra)
    assert set(slopes) == set(values) | set(extra)
    tolerance = 2e-4 if name in COSTLY else 1e-6
    for key, want in expected.items():
        unit = abs(value / {**values, **extra}[key]) + abs(want)
        assert float(slopes[key]) == pytest.approx(want, abs=tolerance * unit + 1e-300), key


@pytest.mark.parametrize(
    "name",
    [
        "width_total",
        *(pytest.param(n, marks=pytest.mark.slow) for n in ("omega_h2", "sigma_v_cm3_s")),
    ],
)
def test_gradients_are_finite_where_there_is_a_value(name):
    """No NaN from an unused branch (closed channels, below threshold, narrow resonances)."""
    pytest.importorskip("jax")
    values = draw(3, 60)
    model = DarkPhoton(**values, dm="dirac")
    extra = arguments(name, values)
    ok = evaluate(model, name, **extra).status == OK
    assert np.sum(ok) > 20
    for key, slope in gradient(model, name, **extra).items():
        assert np.all(np.isfinite(slope[ok])), key


def test_gradient_of_arrays_has_their_shape():
    pytest.importorskip("jax")
    model = DarkPhoton(m_v=np.array([[1.0, 2.0, 3.0]] * 2), epsilon=1e-3)
    slopes = gradient(model, "width_ee")
    assert {key: value.shape for key, value in slopes.items()} == {
        "m_v": (2, 3),
        "epsilon": (2, 3),
    }
    value = evaluate(model, "width_ee").value
    # width_ee is proportional to epsilon^2 up to (m_v/m_Z)^2 epsilon^2
    np.testing.assert_allclose(slopes["epsilon"], 2 * value / 1e-3, rtol=1e-5)


def test_gradient_of_a_table_is_refused():
    """branching_ratios has no single derivative: a UsageError, not an accident."""
    pytest.importorskip("jax")
    with pytest.raises(UsageError):
        gradient(DarkPhoton(m_v=1.0, epsilon=1e-3), "branching_ratios")


def test_no_points_of_a_jax_array():
    """An empty JAX array selects the engine jax and still ends; it has nothing to compile."""
    jnp = pytest.importorskip("jax.numpy")
    found = evaluate(DarkPhoton(m_v=jnp.zeros(0), epsilon=1e-3), "width_ee")
    assert found.value.shape == (0,)
