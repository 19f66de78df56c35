"""Reaction densities of nonabelian-vector against the integrals of reference_vector_relic.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicSpline

from oracles.reference_relic import Reference
from oracles.reference_vector_relic import VectorReference, broken_weight
from vectorportal.inputs.cosmology import T_ELECTROWEAK
from vectorportal.inputs.dof import load_dof
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.nonabelian_vector import NonabelianVector
from vectorportal.numerics.hot_kernel import HotKernel
from vectorportal.numerics.panels import Rule
from vectorportal.observables.vector.densities import densities
from vectorportal.observables.vector.reactions import make_network

LEPTONS = Inputs(hadrons="none")
SM = LEPTONS.sm
GRID = HotKernel.make(-100, 70, 0.1)
RULE = Rule(panels=104, order=8)
ALL = ("kinetic", "dark", "xxx", "xxz", "zzz", "decay", "invisible", "top")


def make(**parameters: Any) -> NonabelianVector:
    """Parameters as arrays of one point."""
    return NonabelianVector(
        **{k: v if isinstance(v, str) else np.atleast_1d(v) for k, v in parameters.items()}
    )


def tables(model: NonabelianVector, names=ALL, options=None, inputs=LEPTONS) -> dict[str, Any]:
    return densities(model, inputs, options or Options(), GRID, RULE, names)


def column(x: float) -> tuple[int, float]:
    """The grid point next to x, and its x."""
    index = int(np.argmin(np.abs(GRID.log_x - np.log(x))))
    return index, float(np.exp(GRID.log_x[index]))


POINTS = [
    # m_x, g_x, epsilon, ratio, values of x
    (1.0, 0.04, 1e-4, 1.2, (0.002, 0.01, 0.3, 1.0, 4.0, 25.0, 200.0)),
    (1.0, 0.04, 1e-2, "minimal", (0.002, 0.01, 0.3, 1.0, 4.0, 25.0, 200.0)),
    (0.01, 1e-3, 1e-6, 1.9, (1e-4, 0.1, 3.0, 30.0)),
    (45.0, 0.2, 1e-3, 1.15, (0.05, 0.2, 0.5, 2.0, 20.0)),  # 2 m_x next to m_Z
    (60.0, 0.3, 1e-3, 0.8, (0.05, 0.3, 0.5, 2.0, 20.0)),
    (400.0, 0.3, 0.2, 1.5, (0.01, 0.3, 1.0, 2.0, 6.0, 20.0)),
    (1e4, 1.0, 1e-3, 1.9, (0.01, 1.0, 20.0, 100.0)),
]


@pytest.mark.parametrize(("m_x", "g_x", "epsilon", "ratio", "at"), POINTS)
def test_direct_integration(m_x, g_x, epsilon, ratio, at) -> None:
    """Both phases, all reactions below R = 2; the mean energies too.

    3e-4 at T > m: the kernel is interpolated in steps of 0.1 (1e-4 for sigma ~ s) across the
    thresholds at twice a thermal mass. 5e-6 at T <= m: quadrature with 104 x 8 nodes.
    """
    found = tables(
        make(m_x=m_x, g_x=g_x, epsilon=epsilon, ratio=ratio), options=Options(temperature="dark")
    )
    m_zd = None if ratio == "minimal" else ratio * m_x
    reference = VectorReference(m_x, g_x, epsilon, m_zd, SM)
    for wanted in at:
        index, x = column(wanted)
        temperature, rel = m_x / x, 3e-4 if x < 1.0 else 5e-6
        for name in ("kinetic", "dark"):
            density = found[name]
            # what has been taken out of the tables beyond 2 m_x/T
            more = (float(density.threshold[0]) - 2.0 * m_x) / temperature
            value = float(density.log_density[0, index]) - more
            # the cap at unitarity puts a kink where neither rule has an edge
            near = {"kinetic": rel, "dark": 2e-3 if x < 1.0 else 5e-5}[name]
            assert value == pytest.approx(reference.pair(temperature, name), abs=near), (name, x)
        energy = float(found["kinetic"].log_energy[0, index])
        expected = reference.pair(temperature, "kinetic", energy=True)
        assert energy == pytest.approx(expected, abs=rel), x
        for name in ("decay", "xxx", "xxz", "zzz"):
            value = float(found[name].log_density[0, index])
            # closed formulas: rounding of numbers of order 100
            assert value == pytest.approx(reference.density(name, temperature), abs=1e-11), name
        assert np.all(np.isneginf(found["invisible"].log_density))


@pytest.mark.parametrize("temperature", [1e15, 1e6, 300.0, 165.0, 150.0, 60.0, 25.0])
def test_top(temperature: float) -> None:
    """3e-6 above the transition, where ln gamma is nearly a line in ln T; below it a table in ln T.

    There it is interpolated linearly in 800 steps of 0.045: (0.045)^2/8 times 2 m_t/T, and the
    same of the crossover, over 0.4 in ln T.
    """
    m_x = 1.0
    reference = VectorReference(m_x, 0.1, 1e-3, 1.5, SM)
    model = make(m_x=m_x, g_x=0.1, epsilon=1e-3, ratio=1.5)
    grid = HotKernel.make(-400, 0, 0.1)
    found = densities(model, LEPTONS, Options(), grid, RULE, ("top",))["top"]
    index = int(np.argmin(np.abs(grid.log_x + np.log(temperature))))
    at = m_x / float(np.exp(grid.log_x[index]))
    rel = 3e-6 if at > 1.1 * T_ELECTROWEAK["verified"] else 6e-4 * (4.0 + 2.0 * SM.m_t / at)
    assert float(found.log_density[0, index]) == pytest.approx(reference.top(at), abs=rel)


def test_energy_of_decay_and_top() -> None:
    """Z_D carries m Gamma n: (B4) without time dilation; t tbar gives it half of the energy."""
    model = make(m_x=1.0, g_x=0.1, epsilon=1e-3, ratio=1.5)
    found = tables(model, options=Options(temperature="dark"))
    reference = VectorReference(1.0, 0.1, 1e-3, 1.5, SM)
    index, x = column(3.0)
    number = reference.number(1.5, 3.0, 1.0 / x)
    expected = number + np.log(1.5 * reference.width_visible)
    assert float(found["decay"].log_energy[0, index]) == pytest.approx(expected, rel=1e-12)
    index, x = column(1e-3)
    gap = found["top"].log_energy[0, index] - found["top"].log_density[0, index]
    # mean energy of massive t tbar pairs that annihilate: above 2 m_t, of the order of 6 T
    assert 0.5 * 4.0 < np.exp(gap) * x < 0.5 * 9.0


def _direct_ratio(z: float) -> float:
    """Fermi-Dirac over Maxwell-Boltzmann pairs at s = z^2 T^2: one energy at a time."""

    def inner(e1: float) -> float:
        low = z * z / (4.0 * e1)
        return float(np.log1p(np.exp(-low)))  # int_low dE/(e^E + 1)

    def fermi(u: float) -> float:
        e1 = np.exp(u)
        return e1 * inner(e1) / (np.exp(e1) + 1.0)

    def classical(u: float) -> float:
        e1 = np.exp(u)
        return e1 * np.exp(-e1 - z * z / (4.0 * e1))

    ends = (2.0 * np.log(0.5 * z) - 5.0, 5.0)
    return quad(fermi, *ends, epsabs=0.0)[0] / quad(classical, *ends, epsabs=0.0)[0]


def test_quantum_statistics() -> None:
    """Two Fermi-Dirac distributions integrated directly, in the same average."""
    log_z = np.linspace(np.log(1e-3), np.log(60.0), 90)
    spline = CubicSpline(log_z, [_direct_ratio(z) for z in np.exp(log_z)])

    def ratio(z: Any) -> Any:
        return spline(np.log(np.minimum(z, 60.0)))

    options = Options(mechanism="freeze-in", statistics="quantum", temperature="dark")
    model = make(m_x=1.0, g_x=0.04, epsilon=1e-4, ratio=1.2)
    found = tables(model, options=options)
    plain = tables(model)
    reference = VectorReference(1.0, 0.04, 1e-4, 1.2, SM, quantum=ratio)
    for wanted in (0.002, 0.05, 1.0, 5.0, 25.0):
        index, x = column(wanted)
        rel = 3e-4 if x < 1.0 else 2e-5  # the ratio's own table is good to 5e-6
        for name in ("kinetic", "decay"):
            value = float(found[name].log_density[0, index])
            assert value == pytest.approx(reference.density(name, 1.0 / x), abs=rel), name
    for name in ("dark", "xxx", "invisible"):
        assert np.array_equal(found[name].log_density, plain[name].log_density)
    index, _ = column(0.05)
    change = np.exp(found["kinetic"].log_density - plain["kinetic"].log_density)[0, index]
    assert 0.5 < change < 0.95  # tens of per cent


@pytest.mark.parametrize("x", [1.5, 5.0, 20.0, 60.0])
@pytest.mark.parametrize("ratio", [1.2, 2.4])
def test_average_with_hadrons(ratio: float, x: float) -> None:
    """gamma = n^2 <sigma v>/4 with the dense rule of reference_relic.py; narrow hadrons inside."""
    model, inputs = make(m_x=0.45, g_x=0.05, epsilon=1e-3, ratio=ratio), Inputs.default()
    found = tables(model, ("kinetic", "dark"), inputs=inputs)
    index, at = column(x)
    for name in ("kinetic", "dark"):
        dense = Reference(model.annihilation(inputs, (name,)), load_dof())
        number = VectorReference(0.45, 0.05, 1e-3, ratio * 0.45, SM).number(0.45, 6.0, 0.45 / at)
        expected = 2.0 * number + np.log(0.25 * dense.sigma_v(at) + 1e-300)
        if name == "dark" and x * (ratio - 1.0) > 4.0:
            continue  # the dense rule stops where exp(-2 x eta) is 1e-21
        value = float(found[name].log_density[0, index])
        value -= (float(found[name].threshold[0]) - 0.9) / 0.45 * at
        # 2e-3: spikes of narrow hadronic resonances, with 832 nodes up to eta = 1e6
        assert value == pytest.approx(expected, abs=2e-3), name


OPEN = [
    # both sides of the transition; widths from broad to far below rounding of s
    (1.0, 0.5, 1e-2, 2.5, (0.05, 0.5, 2.0, 10.0)),
    (10.0, 0.3, 1e-5, 2.2, (0.1, 0.5, 2.0, 10.0)),
    (10.0, 0.3, 1e-10, 3.0, (0.1, 0.5, 2.0, 10.0)),
    (1000.0, 0.1, 1e-3, 3.0, (0.03, 0.3, 2.0, 5.0, 10.0)),
    (1000.0, 0.1, 1e-9, 2.5, (0.03, 0.3, 2.0, 5.0, 10.0)),
]


@pytest.mark.parametrize(("m_x", "g_x", "epsilon", "ratio", "at"), OPEN)
def test_open_decay(m_x, g_x, epsilon, ratio, at) -> None:
    """R > 2: both widths, in (B4). 1e-9: sums of widths."""
    found = tables(make(m_x=m_x, g_x=g_x, epsilon=epsilon, ratio=ratio), ("decay", "invisible"))
    reference = VectorReference(m_x, g_x, epsilon, ratio * m_x, SM)
    for wanted in at:
        index, x = column(wanted)
        for name in ("decay", "invisible"):
            value = float(found[name].log_density[0, index])
            assert value == pytest.approx(reference.density(name, m_x / x), abs=1e-9), (name, x)


@pytest.mark.parametrize(("m_x", "g_x", "epsilon", "ratio", "at"), OPEN)
def test_pole_is_taken_out(m_x, g_x, epsilon, ratio, at) -> None:
    """What is left of f fbar -> X+ X- is small against the pole and never exceeds it.

    Narrow-width bound: off the pole the rate is of the order Gamma/m of the on-shell one times the
    phase space; 30 times that is generous at every temperature here below the transition, above it
    too. In a double count the remainder would be of order one.
    """
    model = make(m_x=m_x, g_x=g_x, epsilon=epsilon, ratio=ratio, t_rh=100.0 * m_x)
    options = Options(mechanism="freeze-in")
    network = make_network(model, LEPTONS, options, ("kinetic",))
    reference = VectorReference(m_x, g_x, epsilon, ratio * m_x, SM)
    log_x = network.grid.log_x
    for wanted in at:
        index = int(np.argmin(np.abs(log_x - np.log(wanted))))
        x = float(np.exp(log_x[index]))
        left = float(network.densities["kinetic"].log_density[0, index]) - 2.0 * x
        pole = reference.on_shell(m_x / x) - 2.0 * x
        narrow = (reference.width_dark + reference.width_visible) / reference.m_zd
        bound = max(30.0 * narrow * np.exp((ratio - 2.0) * x), 1e-5) * (1.0 + x**-4)
        if np.isfinite(pole) and broken_weight(m_x / x) > 1e-3:  # decays are closed far above
            assert left - pole < np.log(bound), x


def test_pole_and_remainder_add_up() -> None:
    """A broad Z_D: kinetic of the network is the whole average less BR gamma_decay."""
    m_x, g_x, epsilon, ratio = 1.0, 1.0, 1e-2, 2.5
    model = make(m_x=m_x, g_x=g_x, epsilon=epsilon, ratio=ratio, t_rh=50.0)
    network = make_network(model, LEPTONS, Options(mechanism="freeze-in"), ("kinetic",))
    reference = VectorReference(m_x, g_x, epsilon, ratio * m_x, SM)
    for wanted in (0.05, 0.5, 2.0, 10.0):
        index = int(np.argmin(np.abs(network.grid.log_x - np.log(wanted))))
        x = float(np.exp(network.grid.log_x[index]))
        left = np.exp(float(network.densities["kinetic"].log_density[0, index]) - 2.0 * x)
        pole = np.exp(reference.on_shell(m_x / x) - 2.0 * x)
        whole = np.exp(reference.pair(m_x / x, "kinetic") - 2.0 * x)
        # where the broad pole holds less than a narrow one would, nothing is left
        assert left == pytest.approx(max(whole - pole, 1e-6 * whole), abs=3e-4 * whole)


def test_printed_transition_and_bath() -> None:
    """As-printed: mostly broken at 246 GeV, half at 367; no Higgs boson in the final state."""
    m_x = 400.0
    model = make(m_x=m_x, g_x=0.3, epsilon=1e-3, ratio=1.5)
    printed = tables(model, ("decay",), Options(prescription="as-printed"))["decay"]
    verified = tables(model, ("decay",))["decay"]
    reference = VectorReference(m_x, 0.3, 1e-3, 1.5 * m_x, SM)
    m2, _, g = reference.unbroken_vector
    for x in (0.9, 2.0, 3.5):
        index, at = column(x)
        z = np.asarray(m2**0.5 / (m_x / at))
        unbroken = g * g * m2**0.5 / (24.0 * np.pi)
        unbroken *= float(reference.hypercharges(z, higgs=False))
        weight = 1.0 / (1.0 + (m_x / at / (246.22 * np.exp(0.4))) ** (1.0 / 0.12))
        width = weight * reference.width_visible + (1.0 - weight) * unbroken
        expected = reference._decay(m_x / at, width)
        assert float(printed.log_density[0, index]) == pytest.approx(expected, abs=1e-8)
    index, _ = column(2.0)  # 200 GeV: the two differ
    assert printed.log_density[0, index] != verified.log_density[0, index]


def test_thermal_masses_close_the_decay() -> None:
    """m_ZD << T above the transition: no pair of massive bath particles is light enough.

    What is left is the tail of the broken phase, below 1e-6 of its rate at 5 times the transition.
    """
    found = tables(make(m_x=1.0, g_x=0.1, epsilon=1e-3, ratio=1.5), ("decay",))["decay"]
    reference = VectorReference(1.0, 0.1, 1e-3, 1.5, SM)
    for factor, most in ((1.5, 0.02), (5.0, 1e-6), (20.0, 1e-11)):
        index, x = column(1.0 / (factor * T_ELECTROWEAK["verified"]))
        vacuum = reference._decay(1.0 / x, reference.width_visible)
        assert found.log_density[0, index] < vacuum + np.log(most)
    assert np.all(np.isfinite(found.log_density))


def test_rows_are_independent() -> None:
    """A batch gives what its points give alone, and no points give empty tables."""
    m_x = np.array([0.02, 3.0, 700.0])
    ratio = np.array([1.1, 2.5, 0.9])
    batch = tables(make(m_x=m_x, g_x=np.full(3, 0.1), epsilon=np.full(3, 1e-3), ratio=ratio))
    for i in range(3):
        alone = tables(make(m_x=m_x[i], g_x=0.1, epsilon=1e-3, ratio=ratio[i]))
        for name in ALL:
            one, many = alone[name].log_density[0], batch[name].log_density[i]
            assert np.array_equal(np.isneginf(one), np.isneginf(many)), name
            keep = np.isfinite(one)
            assert many[keep] == pytest.approx(one[keep], abs=1e-9), name
    empty = tables(make(m_x=np.zeros(0) + 1.0, g_x=0.1, epsilon=1e-3, ratio=1.5))
    assert all(d.log_density.shape[0] in (0, 1) for d in empty.values())


@pytest.mark.parametrize("prescription", ["verified", "as-printed"])
@pytest.mark.parametrize("epsilon", [1e-16, 0.5])
def test_extremes_stay_finite(epsilon: float, prescription: str) -> None:
    """Never NaN or +inf: closed reactions are -inf."""
    m_x = np.array([1.1e-6, 1e-3, 0.4, 1.0, 60.0, 1e4, 1e4])
    ratio = np.array([1.0, 0.7, 2.0, 1.9999, 1.0001, 1e-3, 50.0])
    model = make(m_x=m_x, g_x=np.full(7, 1e-6), epsilon=np.full(7, epsilon), ratio=ratio)
    options = Options(prescription=prescription, temperature="dark", statistics="quantum")
    found = tables(model, options=options, inputs=Inputs.default())
    allowed = model.allowed(LEPTONS)
    for name, density in found.items():
        for table in (density.log_density, density.log_energy):
            if table is not None:
                rows = np.broadcast_to(table, (7, GRID.log_x.size))[allowed]
                assert not np.any(np.isnan(rows) | np.isposinf(rows)), name
