"""Standard Model values and the tables of g_rho(T), g_s(T)."""

from __future__ import annotations

import dataclasses
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pytest

from vectorportal.errors import DataError, ParameterError, UsageError
from vectorportal.inputs import dof
from vectorportal.inputs.dof import dof_names, load_dof
from vectorportal.inputs.standard_model import (
    StandardModel,
    standard_model_sources,
    standard_model_units,
)

DATA = Path(dof.__file__).parents[1] / "data" / "inputs"
ORACLE = Path(__file__).parents[1] / "oracles" / "make_dof_tables.py"
TABLES = pytest.mark.parametrize("name", dof_names())


# --- Standard Model ---------------------------------------------------------------------------


def entries() -> dict:
    import yaml

    return yaml.safe_load((DATA / "standard_model.yaml").read_text())


def test_every_value_has_unit_error_and_source():
    listed = entries()["entries"]
    fields = [field.name for field in dataclasses.fields(StandardModel)]
    assert list(listed) == fields
    assert set(standard_model_sources()) == set(standard_model_units()) == set(fields)
    for name, entry in listed.items():
        assert {"value", "unit", "error", "source"} <= set(entry), name
        assert entry["unit"] in ("1", "GeV", "GeV^-2")
        assert entry["source"]
        assert 0.0 <= entry["error"] < 0.1 * entry["value"]


def test_masses_are_those_of_the_particle_table():
    """Independent code: the package `particle` (MeV), the table named in the data file."""
    particle = pytest.importorskip("particle")
    recorded = entries()
    path = particle.data.basepath / recorded["particle_table"]
    if not path.is_file():
        pytest.skip(f"this version of particle does not ship {path.name}")
    try:
        particle.Particle.load_table(path)
        for name, entry in recorded["entries"].items():
            if "pdgid" in entry:
                found = particle.Particle.from_pdgid(entry["pdgid"])
                width = name.startswith("gamma_")
                value, error = (
                    (found.width, found.width_upper) if width else (found.mass, found.mass_upper)
                )
                assert entry["value"] == pytest.approx(1e-3 * value, rel=1e-12), name
                assert entry["error"] == pytest.approx(1e-3 * error, rel=1e-6), name
    finally:
        particle.Particle.load_table()


def test_default_is_cached_and_consistent():
    sm = StandardModel.default()
    assert sm is StandardModel.default()
    assert sm.alpha == 1.0 / 137.036
    assert 1.0 / sm.alpha_mz == pytest.approx(127.930, abs=0.008)
    # On-shell and MS-bar mixing angles differ by about 3.5% of 1 - m_W^2/m_Z^2: a sanity bound.
    assert sm.sw2 == pytest.approx(1.0 - (sm.m_w / sm.m_z) ** 2, rel=0.05)
    # Tree-level muon decay with running alpha gives m_W to about 1%.
    m_w = np.sqrt(np.pi * sm.alpha_mz / (np.sqrt(2.0) * sm.g_fermi * sm.sw2))
    assert m_w == pytest.approx(sm.m_w, rel=0.01)


def test_replace():
    sm = StandardModel.default()
    other = sm.replace(m_z=91, alpha=1 / 128)
    assert (other.m_z, other.alpha, other.m_w) == (91.0, 1 / 128, sm.m_w)
    assert isinstance(other.m_z, float)
    assert sm.m_z == StandardModel.default().m_z
    assert hash(other) != hash(sm)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf, "heavy", True, None])
def test_replace_refuses_bad_values(value):
    with pytest.raises(ParameterError, match=r"sm\.m_z = .* GeV.*positive"):
        StandardModel.default().replace(m_z=value)


@pytest.mark.parametrize("value", [0.0, 1.0, 1.5, np.nan])
def test_replace_refuses_bad_mixing(value):
    with pytest.raises(ParameterError, match=r"sm\.sw2"):
        StandardModel.default().replace(sw2=value)


def test_replace_names_the_nearest():
    with pytest.raises(UsageError, match=r"sm\.gama_z .* did you mean sm\.gamma_z\?"):
        StandardModel.default().replace(gama_z=2.5)
    with pytest.raises(UsageError, match=r"use one of sm\.alpha"):
        StandardModel.default().replace(qqqqq=2.5)


# --- degrees of freedom -----------------------------------------------------------------------


def maker():
    """The program that made the tables."""
    spec = util.spec_from_file_location("make_dof_tables", ORACLE)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_names_and_cache():
    assert dof_names() == ("saikawa-shirai", "drees")
    assert load_dof("saikawa-shirai") is load_dof("saikawa-shirai")
    for name in dof_names():
        table = load_dof(name)
        assert table.name == name
        assert "arXiv" in table.source
        assert "ends" in table.notes
    with pytest.raises(UsageError, match="did you mean saikawa-shirai"):
        load_dof("saikawa")


@TABLES
def test_grid_is_uniform_and_matches_the_printed_temperatures(name):
    table = load_dof(name)
    np.testing.assert_allclose(np.diff(table.ln_t), table.ln_g_s.dx, rtol=1e-10)
    assert table.ln_g_s.dx <= 0.025
    rows = [x for x in (DATA / dof._FILES[name]).read_text().splitlines() if x[:1].isdigit()]
    printed = np.array([x.split(",") for x in rows], dtype=float)
    np.testing.assert_allclose(printed[:, 0], np.exp(table.ln_t), rtol=1e-5)
    np.testing.assert_allclose(table.g_rho(np.exp(table.ln_t)), printed[:, 1], rtol=1e-9)


def test_range():
    """The default goes from below today's temperature, 2.35e-13 GeV, to 1e16 GeV."""
    table = load_dof()
    assert table.t_min < 2.35e-13
    assert table.t_max == pytest.approx(1e16)


def test_saikawa_shirai_against_its_fit():
    """The printed fit away from the seam.

    1e-6 is the spline error, 1e-5 at the QCD step and 3e-6 in the last decade, where the table
    turns flat over its last intervals.
    """
    make, table = maker(), load_dof("saikawa-shirai")
    below = np.log(np.geomspace(1e-6, 0.100, 3001))
    above = np.log(np.geomspace(0.14, 1e16, 9001))
    for t, rows in ((below, make.below(below)), (above, make.above(above))):
        tolerance = np.where(np.abs(t - np.log(0.14)) < 0.5, 1e-5, 1e-6)
        tolerance = np.where(t > np.log(1e15), 3e-6, tolerance)
        for got, want in zip(table.evaluate(t)[:2], np.log(rows), strict=True):
            assert np.all(np.abs(got - want) < tolerance)


def test_seam():
    """The two fits differ at 120 MeV by 0.02% and 0.04%; the blend moves neither by 0.05%."""
    make, table = maker(), load_dof("saikawa-shirai")
    t = np.array([np.log(0.120)])
    mismatch = np.abs(make.above(t) / make.below(t) - 1.0)[:, 0]
    assert mismatch[0] < 2.5e-4
    assert mismatch[1] < 4e-4
    for t, fit in (
        (np.log(np.linspace(0.105, 0.120, 301)), make.below),
        (np.log(np.linspace(0.120, 0.135, 301)), make.above),
    ):
        for got, want in zip(table.evaluate(t)[:2], np.log(fit(t)), strict=True):
            assert np.max(np.abs(got - want)) < 5e-4


@pytest.mark.parametrize(
    ("temperature", "g_rho", "g_s", "tolerance"),
    [
        # Today: photons and three neutrinos with N_eff = 3.044 (1e-2: the tables' own N_eff).
        (2.35e-13, 3.3814, 3.937, 3e-3),
        # Plateau below muons: 2 + 7/8 (4 + 6) = 10.75; above 2 MeV corrections are below 1%.
        (5e-3, 10.75, 10.75, 1e-2),
        # All of the Standard Model, free and massless: 106.75; interactions take up to 2.5%.
        (1e3, 106.75, 106.75, 2.6e-2),
        # Lattice and resonance gas at 100 MeV: 17.4-17.8 in the tables of the literature.
        (0.1, 17.7, 17.3, 1e-2),
    ],
)
@TABLES
def test_known_values(name, temperature, g_rho, g_s, tolerance):
    table = load_dof(name)
    assert table.g_rho(temperature) == pytest.approx(g_rho, rel=tolerance)
    assert table.g_s(temperature) == pytest.approx(g_s, rel=tolerance)


def electron_gas(ratio: float) -> tuple[float, float]:
    """Energy and entropy of a free fermion at m/T = ratio, over the massless values."""
    p = (np.arange(20000) + 0.5) * 4e-3
    energy = np.sqrt(p**2 + ratio**2)
    weight = 4e-3 * p**2 / (np.exp(energy) + 1.0)
    massless = 7.0 * np.pi**4 / 120.0
    rho = np.sum(weight * energy) / massless
    entropy = np.sum(weight * (energy + p**2 / (3.0 * energy))) / (massless * 4.0 / 3.0)
    return float(rho), float(entropy)


@pytest.mark.parametrize(
    ("name", "tolerance"),
    # 0.7%: N_eff above 3 and QED, which the free gas lacks. `drees` lies 8.3% low near 150 keV,
    # as published; the gas is a check of the default there.
    [("saikawa-shirai", 7e-3), ("drees", 9e-2)],
)
def test_electron_annihilation(name, tolerance):
    """Exact limit: photons, e+- and three neutrinos decoupled at once, at 2e-5 to 3e-3 GeV."""
    table = load_dof(name)
    for temperature in np.geomspace(2e-5, 3e-3, 12):
        rho, entropy = electron_gas(0.51099895e-3 / temperature)
        g_plasma = 2.0 + 3.5 * entropy
        neutrinos = 4.0 / 11.0 * g_plasma / 2.0
        g_rho = 2.0 + 3.5 * rho + 5.25 * neutrinos ** (4.0 / 3.0)
        assert table.g_rho(temperature) == pytest.approx(g_rho, rel=tolerance)
        assert table.g_s(temperature) == pytest.approx(g_plasma + 5.25 * neutrinos, rel=tolerance)


@pytest.mark.parametrize(
    ("name", "low", "high", "tolerance"),
    # The residual measures the published numbers, not us: the fit of Saikawa and Shirai treats
    # g_rho and g_s apart, and Drees et al. derive both from one pressure above the lattice data.
    [
        ("saikawa-shirai", 2e-3, 0.1, 1.0e-3),
        ("saikawa-shirai", 0.1, 0.19, 2.6e-2),
        ("saikawa-shirai", 0.19, 1e16, 6e-3),
        ("drees", 2e-3, 1e-2, 1.0e-3),
        ("drees", 1e-2, 0.2, 3e-2),
        ("drees", 0.2, 1.2e4, 1e-5),
    ],
)
def test_thermodynamics(name, low, high, tolerance):
    """Identity: d rho/dT = T ds/dT while all share one temperature (not below 2 MeV).

    With g_rho and g_s: (3/4) g_rho (4 + dln g_rho/dln T) = g_s (3 + dln g_s/dln T).
    """
    table = load_dof(name)
    t = np.arange(np.log(low), np.log(high), 0.01)
    ln_g_rho, ln_g_s, slope_s = table.evaluate(t)
    slope_rho = table.ln_g_rho.derivative(t)
    ratio = 0.75 * np.exp(ln_g_rho - ln_g_s) * (4.0 + slope_rho) / (3.0 + slope_s)
    assert np.max(np.abs(ratio - 1.0)) < tolerance


@pytest.mark.parametrize(
    ("temperature", "published"),
    [
        (1e-4, 2.5938731),
        (3.162278e-3, 3.2916624),
        (1e-2, 3.3002989),
        (0.1412538, 7.1798060),
        (0.1678806, 8.5644805),
        (0.2238721, 8.2143740),
        (1.0, 8.9981760),
        (31.62278, 9.8761016),
        (100.0, 10.3207994),
    ],
)
def test_drees_against_its_published_derivative(temperature, published):
    """Published number: g_*^(1/2) = g_s g_rho^(-1/2) (1 + dln g_s/dln T/3) of arXiv:1503.03513.

    An independent column of the table, which was not used to make ours. 1.5e-4: their finite
    differences against our spline where points are 0.06-0.12 apart in ln T.
    """
    table = load_dof("drees")
    root = table.g_s(temperature) / np.sqrt(table.g_rho(temperature))
    root *= 1.0 + table.dln_g_s_dln_t(temperature) / 3.0
    assert root == pytest.approx(published, rel=1.5e-4)


def test_the_tables_agree():
    """Two publications: within 1.5% at 1-100 MeV, 11% at the QCD step, 3% above 100 GeV."""
    one, two = load_dof("saikawa-shirai"), load_dof("drees")
    for low, high, tolerance in ((1e-3, 0.1, 1.5e-2), (0.1, 100.0, 0.11), (100.0, 1e4, 0.03)):
        t = np.geomspace(low, high, 500)
        np.testing.assert_allclose(one.g_rho(t), two.g_rho(t), rtol=tolerance)
        np.testing.assert_allclose(one.g_s(t), two.g_s(t), rtol=tolerance)


@TABLES
def test_positive_smooth_and_without_wiggles(name):
    """dln g/dln T has one hump per threshold: electrons, pions and QCD, and the weak bosons."""
    table = load_dof(name)
    t = np.linspace(table.ln_t[0] - 2.0, table.ln_t[-1] + 2.0, 40001)
    for spline in (table.ln_g_rho, table.ln_g_s):
        value, slope = spline.evaluate(t), spline.derivative(t)
        assert np.exp(value.min()) > 3.0
        assert np.exp(value.max()) < 107.0
        assert slope.min() > -2e-3
        assert slope.max() < 2.1
        assert np.max(np.abs(np.diff(slope))) < 8.0 * (t[1] - t[0])  # |d2 ln g| < 8
        big = slope[slope > 0.05]
        turns = np.sum(np.diff(np.sign(np.diff(big))) != 0)
        assert turns <= 7  # three maxima, the shoulder of the pions, and where pieces meet


@TABLES
def test_ends_are_constant(name):
    table = load_dof(name)
    out = np.array([0.5 * table.t_min, 1e-3 * table.t_min, 2.0 * table.t_max, 1e3 * table.t_max])
    ends = np.array([table.t_min, table.t_min, table.t_max, table.t_max])
    np.testing.assert_allclose(table.g_rho(out), table.g_rho(ends), rtol=1e-14)
    np.testing.assert_allclose(table.g_s(out), table.g_s(ends), rtol=1e-14)
    assert np.all(table.dln_g_s_dln_t(out) == 0.0)
    assert np.max(np.abs(table.dln_g_s_dln_t(ends))) < 1e-12


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf, [1.0, -2.0]])
def test_temperatures_that_mean_nothing_raise(bad):
    table = load_dof()
    for method in (table.g_rho, table.g_s, table.dln_g_s_dln_t):
        with pytest.raises(ParameterError, match=r"T = .* GeV is not allowed"):
            method(bad)


def test_evaluate_is_the_same_as_the_methods():
    """Also above the size at which NumPy works in blocks; NaN in gives NaN out."""
    table = load_dof()
    t = np.linspace(-31.0, 38.0, 60000).reshape(300, 200)
    ln_g_rho, ln_g_s, slope = table.evaluate(t)
    assert ln_g_rho.shape == ln_g_s.shape == slope.shape == t.shape
    np.testing.assert_allclose(np.exp(ln_g_rho), table.g_rho(np.exp(t)), rtol=1e-12)
    np.testing.assert_allclose(np.exp(ln_g_s), table.g_s(np.exp(t)), rtol=1e-12)
    np.testing.assert_allclose(slope, table.dln_g_s_dln_t(np.exp(t)), rtol=0, atol=1e-11)
    assert all(np.isnan(x) for x in table.evaluate(np.nan))


def test_jax_agrees_and_differentiates():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    table = load_dof()
    t = np.linspace(-31.0, 38.0, 2001)
    for got, want in zip(
        jax.jit(table.evaluate)(jax.numpy.asarray(t)), table.evaluate(t), strict=True
    ):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-13)
    temperatures = jax.numpy.asarray([1e-14, 1e-3, 0.15, 3.0, 1e17])

    def ln_g_s(x):
        return jax.numpy.log(table.g_s(jax.numpy.exp(x)))

    slopes = jax.vmap(jax.grad(ln_g_s))(jax.numpy.log(temperatures))
    want = table.dln_g_s_dln_t(np.asarray(temperatures))
    np.testing.assert_allclose(slopes, want, rtol=0, atol=1e-12)


def test_broken_files_raise(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        dof._read(tmp_path / "none.csv")
    broken = tmp_path / "dof_x.csv"
    for body, words in (
        ("# points: 2\nt_gev,g_rho,g_s\n1,2,x\n", "broken"),
        ("# points: 2\nt_gev,g_rho,g_s\n1,2,3\n", "incomplete"),
        ("# points: 1\nt_gev,g_rho,g_s\n1,2,-3\n", "not positive"),
    ):
        broken.write_text(body)
        with pytest.raises(DataError, match=words):
            dof._read(broken)
    with pytest.raises(DataError, match="lacks the line ln_t_max"):
        dof._build({"name": "x", "source": "x", "ln_t_min": "0"}, np.ones((3, 5)))


@pytest.mark.regression
def test_the_packaged_tables_are_what_the_program_makes(monkeypatch, tmp_path):
    """Regression: the files and the program that made them have not drifted apart."""
    make = maker()
    monkeypatch.setattr(make, "INPUTS", tmp_path)
    make.main()
    for name in dof_names():
        mine, packaged = (dof._read(folder / dof._FILES[name]) for folder in (tmp_path, DATA))
        assert {k: v for k, v in mine[0].items() if not k.startswith("ln_t")} == {
            k: v for k, v in packaged[0].items() if not k.startswith("ln_t")
        }
        np.testing.assert_allclose(mine[1], packaged[1], rtol=1e-9)


def test_heavy_packages_are_not_imported():
    for module in (dof, sys.modules[StandardModel.__module__]):
        source = Path(str(module.__file__)).read_text()
        assert "import particle" not in source
        assert "import scipy" not in source
