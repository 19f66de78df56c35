"""The Boltzmann network: conservation, detailed balance, exact limits, SciPy Radau, JAX."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import kve

from oracles.reference_network import Gas, Process, ReferenceNetwork
from vectorportal.errors import UsageError
from vectorportal.inputs.dof import load_dof
from vectorportal.observables.network.dark import DarkSystem
from vectorportal.observables.network.evolve import Network, Reaction, Species, evolve
from vectorportal.observables.network.setup import bath_system, dark_system
from vectorportal.observables.network.stoichiometry import Stoichiometry

DOF = load_dof()
GRID = np.linspace(np.log(0.02), np.log(1e6), 700)


def tabulated(reference, grid=GRID):
    """The package's network of one point from the closed forms of the reference."""
    t = reference.reference_mass / np.exp(grid)

    def reaction(p):
        log = reference.log_gamma(p, t)
        energy = None if p.mean_energy is None else (log + np.log(p.mean_energy(t)))[None]
        threshold = np.array([reference.threshold(p)])
        return Reaction(p.name, p.consumed, p.produced, log[None], threshold, energy)

    species = tuple(Species(g.name, np.array([g.mass]), g.states) for g in reference.gases)
    mass = np.array([reference.reference_mass])
    return Network(species, tuple(reaction(p) for p in reference.processes), grid, mass)


def together(networks):
    """One batch from networks of the same reactions."""
    first = networks[0]
    species = tuple(
        replace(s, mass=np.concatenate([n.species[i].mass for n in networks]))
        for i, s in enumerate(first.species)
    )
    reactions = []
    for i, r in enumerate(first.reactions):
        rows = [n.reactions[i] for n in networks]
        energy = None if r.log_energy is None else np.concatenate([q.log_energy for q in rows])
        reactions.append(
            replace(
                r,
                log_density=np.concatenate([q.log_density for q in rows]),
                threshold=np.concatenate([q.threshold for q in rows]),
                log_energy=energy,
            )
        )
    mass = np.concatenate([n.reference_mass for n in networks])
    return Network(species, tuple(reactions), first.log_x, mass)


def run(reference, x_start, x_stop, **call):
    """evolve for one point."""
    call.setdefault("observed", reference.gases[0].name)
    network = tabulated(reference)
    return evolve(network, DOF, x_start=np.array([x_start]), x_stop=np.array([x_stop]), **call)


# --- random networks against Radau ---------------------------------------------------------------


def side_mass(gases, side):
    return sum(k * next(g.mass for g in gases if g.name == n) for n, k in side.items())


def random_network(seed):
    """2 to 4 species, decays, 2 -> 2, 3 -> 2; turnover at x = 1 over 15 decades."""
    rng = np.random.default_rng(seed)
    count = 2 + seed % 3
    names = "ABCD"[:count]
    mass = np.sort(10 ** rng.uniform(-0.2, 0.3, count))
    gases = [Gas(n, float(m), float(rng.integers(1, 7))) for n, m in zip(names, mass, strict=True)]
    first, last, other = names[0], names[-1], names[1]
    sides = [
        ({first: 2}, {}),
        ({last: 1}, {}),
        ({last: 2}, {first: 2}),
        ({first: 3}, {first: 2}),
        ({first: 1, other: 1}, {other: 2}),
        ({first: 2, other: 1}, {first: 2}),
        ({last: 2}, {}),
    ]
    reference = ReferenceNetwork(gases, [], DOF, 1.0)
    s, hubble, _ = reference.expansion(1.0)
    processes = []
    for i, (consumed, produced) in enumerate(sides):
        cold = max((consumed, produced), key=lambda side: side_mass(gases, side))
        p = Process(f"r{i}", consumed, produced, cold, 1.0, 0.0 if len(cold) == 1 else 0.5)
        gross = np.exp(reference.log_gamma(p, 1.0) - reference.threshold(p)) / (s * hubble)
        least = min(np.exp(reference.log_y_eq(g, 1.0)) for g in gases)
        high = 8.0 if i in (0, 2) else 5.0
        processes.append(replace(p, rate=10 ** rng.uniform(-7.0, high) * least / gross))
    return replace(reference, processes=processes)


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 7, 8])
def test_random_networks_against_radau(seed):
    """Radau in ln Y at 1e-6 with no interpolated rates, from equilibrium to x = 300.

    Default tolerance: 1e-3 is promised for the observed species; 2e-3 covers the worst of a batch.
    At rtol = 1e-6 what is left is the interpolation of the table, a few 1e-6 at 40 columns per
    e-fold. A species below 1e-8 of the observed one is not followed (and not compared).
    """
    reference = random_network(seed)
    start = np.array([reference.log_y_eq(g, 1.0) for g in reference.gases])
    want = np.exp(reference.evolve(1.0, 300.0, start, rtol=1e-6))
    usual = run(reference, 1.0, 300.0)
    assert usual.converged[0]
    assert usual.yields[0, 0] == pytest.approx(want[0], rel=2e-3)
    assert abs(usual.yields[0, 0] / want[0] - 1.0) < 2.0 * usual.error_estimate[0]
    tight = run(reference, 1.0, 300.0, rtol=1e-6)
    assert tight.converged[0]
    followed = want > 1e-4 * want[0]
    np.testing.assert_allclose(tight.yields[0, followed], want[followed], rtol=3e-5)


def test_path_agrees_with_radau():
    """Samples on the way, where the yields fall by ten decades."""
    reference = random_network(3)
    at = np.log(np.array([1.0, 3.0, 10.0, 20.0, 80.0, 300.0]))
    start = np.array([reference.log_y_eq(g, 1.0) for g in reference.gases])
    want = np.exp(reference.evolve(1.0, 300.0, start, rtol=1e-6, at=at)).T
    got = run(reference, 1.0, 300.0, rtol=1e-5, sample_log_x=at).samples[0]
    followed = want > 1e-4 * want[:, :1]
    np.testing.assert_allclose(got[followed], want[followed], rtol=3e-4)


# --- conservation and detailed balance -----------------------------------------------------------


def pair_network(rate=1e-12):
    """X+ and X- that annihilate with each other, and Z they scatter into."""
    gases = [Gas("X+", 1.0, 3.0), Gas("X-", 1.0, 3.0), Gas("Z", 0.7, 3.0)]
    processes = [
        Process("bath", {"X+": 1, "X-": 1}, {}, {"X+": 1, "X-": 1}, rate),
        Process("dark", {"X+": 1, "X-": 1}, {"Z": 2}, {"X+": 1, "X-": 1}, 30.0 * rate),
        Process("decay", {"Z": 1}, {}, {"Z": 1}, 1e-17),
        Process("simp", {"X+": 2, "X-": 1}, {"X+": 1, "Z": 1}, {"X+": 2, "X-": 1}, 1e-9),
    ]
    return ReferenceNetwork(gases, processes, DOF, 1.0)


def test_charges_are_found():
    names = ["X+", "X-", "Z"]
    pair = [({"X+": 1, "X-": 1}, {"Z": 2})]
    charges = Stoichiometry.make(names, pair).charges
    assert charges.shape == (2, 3)
    change = np.array([-1, -1, 2])
    np.testing.assert_array_equal(charges @ change, 0.0)
    with_decay = Stoichiometry.make(names, [*pair, ({"Z": 1}, {})]).charges
    np.testing.assert_array_equal(np.abs(with_decay), [[1.0, 1.0, 0.0]])
    assert with_decay.sum() == 0.0


@pytest.mark.parametrize("rate", [1e-19, 1e-12, 1e-2])
@pytest.mark.parametrize("asymmetry", [0.0, 1e-9, 1e-3])
def test_dark_charge_is_conserved(rate, asymmetry):
    """Y+ - Y- to rounding of the larger yield on the whole path, at any rate."""
    reference = pair_network(rate)
    start = np.exp([reference.log_y_eq(g, 0.5) for g in reference.gases])
    start = start[None] + np.array([[asymmetry, 0.0, 0.0]])
    at = np.log(np.linspace(0.5, 1e3, 40))
    found = run(reference, 0.5, 1e3, start=start, sample_log_x=at)
    assert found.converged[0]
    path = found.yields[0]
    assert path[0] - path[1] == pytest.approx(asymmetry, rel=1e-12, abs=1e-15 * start[0, 0])
    if asymmetry > 0.0 and rate > 1e-15:
        assert path[1] < path[0]


def test_dark_number_with_two_to_two_only():
    """X X <-> Z Z alone: Y_X + Y_Z stays, however fast; at low T all sit in the lighter."""
    gases = [Gas("X", 1.0, 6.0), Gas("Z", 0.6, 3.0)]
    for rate in (1e-16, 1e-10, 1e3):
        two = Process("dark", {"X": 2}, {"Z": 2}, {"X": 2}, rate)
        reference = ReferenceNetwork(gases, [two], DOF, 1.0)
        found = run(reference, 1.0, 60.0, observed="Z")
        start = np.exp([reference.log_y_eq(g, 1.0) for g in gases])
        assert found.converged[0]
        assert found.yields[0].sum() == pytest.approx(start.sum(), rel=1e-8)  # Y_eq: table 1e-9
        if rate > 1e-11:
            assert found.yields[0, 0] < 1e-5 * start.sum()


@pytest.mark.parametrize("seed", range(6))
def test_equilibrium_is_a_fixed_point(seed):
    """With Y = Yeq every reaction is balanced to 1e-12 of its gross rate, wherever on the grid."""
    network = tabulated(random_network(seed))
    system = bath_system(network, DOF, "entropy", "A")
    for u in np.random.default_rng(seed).uniform(GRID[0], np.log(40.0), 20):
        at = np.array([u])
        y = system.equilibrium(at)
        stages = system.stages(at, 0.0 * at, y)
        flux = stages.k[:, 0] * stages.products[stages.action.of.side]
        half = flux.shape[0] // 2
        assert np.all(np.abs(flux[:half] - flux[half:]) <= 1e-12 * flux[:half])


def test_equilibrium_stays_while_nothing_changes():
    """Massless limit with constant g: Yeq does not depend on x and Y stays there.

    1e-11: rounding of ln s (about 130) read off its table, over a hundred reads.
    """
    reference = replace(pair_network(1e-3), reference_mass=1e-20)
    grid = np.linspace(np.log(1e-20 / 9e17), np.log(1e-20 / 2e16), 60)
    network = tabulated(reference, grid)
    x = np.exp(grid[[2, -2]])
    found = evolve(network, DOF, x_start=x[:1], x_stop=x[1:], observed="Z")
    start = bath_system(network, DOF, "entropy", "Z").equilibrium(np.log(x[:1]))
    assert found.converged[0]
    np.testing.assert_allclose(found.yields[0], start[:, 0], rtol=1e-11)


# --- one species ---------------------------------------------------------------------------------


def constant_sigma(mass, states, sigma_v):
    """X X <-> bath with constant <sigma v>: gamma = n_eq^2 <sigma v>/2."""
    gas = Gas("X", mass, states)
    pair = Process("pair", {"X": 2}, {}, {"X": 2}, 0.5 * sigma_v)
    return ReferenceNetwork([gas], [pair], DOF, mass)


@pytest.mark.parametrize("mass", [0.05, 100.0])
@pytest.mark.parametrize("sigma_v", [1e-12, 1e-9, 1e-7])
def test_constant_cross_section_against_radau(mass, sigma_v):
    """From x = 10; 2e-5 is what the table leaves at rtol = 1e-6, 1e-3 what the default promises."""
    reference = constant_sigma(mass, 2.0, sigma_v)
    start = np.array([reference.log_y_eq(reference.gases[0], 10.0)])
    want = float(np.exp(reference.evolve(10.0, 1e4, start))[0])
    for rtol, tolerance in ((5e-4, 1e-3), (1e-6, 2e-5)):
        found = run(reference, 10.0, 1e4, rtol=rtol)
        assert found.yields[0, 0] == pytest.approx(want, rel=tolerance)


def test_free_decay():
    """Z -> bath far out of equilibrium, g constant above 1 TeV: Y = Y_0 exp(-Gamma (t - t_0))."""
    mass, width, states = 1e6, 1e-8, 3.0
    gas = Gas("Z", mass, states)
    decay = Process("decay", {"Z": 1}, {}, {"Z": 1}, width)
    reference = ReferenceNetwork([gas], [decay], DOF, mass)
    x0, x1 = 40.0, 100.0
    y0 = 1e-3
    found = run(reference, x0, x1, start=np.array([[y0]]), rtol=1e-7)
    rate = width / reference.expansion(x0)[1] / x0**2
    slopes = [reference.expansion(x)[1] * x * x for x in (x0, x1)]
    assert slopes[0] == pytest.approx(slopes[1], rel=2e-3)  # g changes little
    x = np.exp(np.linspace(np.log(x0), np.log(x1), 20001))
    f = np.array([width / reference.expansion(v)[1] for v in x[::100]])
    integral = np.trapezoid(f, np.log(x[::100]))
    assert 1e-3 < integral < 50.0
    assert rate > 0.0
    assert found.yields[0, 0] == pytest.approx(y0 * np.exp(-integral), rel=1e-3)


# --- freeze-in and starts from nothing -----------------------------------------------------------


def test_freeze_in_is_the_integral_of_the_rate():
    """Far from equilibrium Y = int 2 gamma/(s Htilde) dln x; trapezoidal sum of 4000 points."""
    reference = constant_sigma(10.0, 6.0, 1e-25)
    found = run(reference, 0.1, 1e3, start="empty", rtol=1e-6)
    u = np.linspace(np.log(0.1), np.log(1e3), 4001)
    p = reference.processes[0]
    rate = []
    for x in np.exp(u):
        t = 10.0 / x
        s, hubble, _ = reference.expansion(x)
        log = reference.log_gamma(p, t) - reference.threshold(p) / t
        rate.append(2.0 * np.exp(log) / (s * hubble))
    want = np.trapezoid(rate, u)
    assert found.yields[0, 0] == pytest.approx(want, rel=1e-5)


@pytest.mark.parametrize("sigma_v", [1e-30, 1e-22, 1e-16, 1e-10, 1e-3, 1e8])
def test_start_from_nothing(sigma_v):
    """From linear growth to a jump to equilibrium within 1e-15 of an e-fold. Where it thermalises,
    the start is forgotten; where not, Radau in ln Y from the first growth must agree."""
    reference = constant_sigma(1.0, 2.0, sigma_v)
    found = run(reference, 0.05, 200.0, start="empty")
    assert found.converged[0]
    assert found.yields[0, 0] > 0.0
    if sigma_v >= 1e-10:
        full = run(reference, 0.05, 200.0)
        assert found.yields[0, 0] == pytest.approx(full.yields[0, 0], rel=1e-3)
    else:
        x = 0.05 * np.exp(1e-9)
        s, hubble, _ = reference.expansion(x)
        t = 1.0 / x
        log = reference.log_gamma(reference.processes[0], t) - 2.0 / t
        first = np.array([np.log(2e-9) + log - np.log(s * hubble)])
        want = np.exp(reference.evolve(x, 200.0, first))[0]
        assert found.yields[0, 0] == pytest.approx(want, rel=1e-3)


@pytest.mark.parametrize("rate", [1e-30, 1e-15, 1e-2])
def test_coupled_start_from_nothing(rate):
    """Three species from nothing: no NaN, nothing negative, yields below the highest Yeq."""
    reference = pair_network(rate)
    at = np.linspace(np.log(0.05), np.log(1e5), 30)
    found = run(reference, 0.05, 1e5, start="empty", sample_log_x=at)
    assert found.converged[0]
    assert np.all(found.samples >= 0.0)
    assert np.all(np.isfinite(found.samples))
    path = np.exp([[reference.log_y_eq(g, x) for g in reference.gases] for x in np.exp(at)])
    assert np.all(found.samples <= 1.01 * path.max(axis=0))


# --- extremes, shapes, usage ---------------------------------------------------------------------


@pytest.mark.parametrize("start", ["equilibrium", "empty"])
@pytest.mark.parametrize("log_rate", [-60, -30, -10, 0])
def test_from_the_planck_scale_to_late_times(start, log_rate):
    """x from 1e-20 to 1e8: finite, converged, positive; gamma spans hundreds of decades."""
    gases = [Gas("X", 10.0, 6.0), Gas("Z", 14.0, 3.0)]
    rate = 10.0**log_rate
    processes = [
        Process("pair", {"X": 2}, {}, {"X": 2}, rate, -2.0),
        Process("dark", {"X": 2}, {"Z": 2}, {"Z": 2}, rate, -2.0),
        Process("decay", {"Z": 1}, {}, {"Z": 1}, 1e-4 * rate),
    ]
    reference = ReferenceNetwork(gases, processes, DOF, 10.0)
    grid = np.linspace(np.log(1e-20), np.log(1e8), 1200)
    network = tabulated(reference, grid)
    found = evolve(
        network,
        DOF,
        x_start=np.array([1e-20]),
        x_stop=np.array([1e8]),
        start=start,
        observed="X",
        sample_log_x=grid[::40],
    )
    assert found.converged[0]
    assert np.all(np.isfinite(found.samples))
    assert np.all(found.samples >= 0.0)


def test_closed_reactions():
    """-inf closes a reaction: below, above and everywhere; beside the edge nothing rings."""
    reference = constant_sigma(1.0, 2.0, 1e-12)
    network = tabulated(reference)
    (r,) = network.reactions
    edge = np.log(5.0)
    base = bath_system(network, DOF, "entropy", "X")
    for closed in (edge > GRID, edge < GRID, np.full(GRID.shape, True)):
        shut = replace(r, log_density=np.where(closed, -np.inf, r.log_density))
        part = replace(network, reactions=(shut,))
        system = bath_system(part, DOF, "entropy", "X")
        for u in np.linspace(edge - 0.3, edge + 0.3, 61):
            at, y = np.array([u]), np.ones((1, 1))
            k = system.stages(at, 0.0 * at, y).k[:, 0]
            whole = base.stages(at, 0.0 * at, y).k[:, 0]
            assert np.all(k <= 1.01 * whole)
        found = evolve(
            part, DOF, x_start=np.array([0.5]), x_stop=np.array([1e3]), start="empty", observed="X"
        )
        assert found.converged[0]
    assert found.yields[0, 0] < 1e-300


def test_batches_do_not_mix():
    """500 points at once (and 513, two chunks) equal single calls; none is an empty answer."""
    rates = 10 ** np.random.default_rng(3).uniform(-14, -8, 8)
    singles = [tabulated(constant_sigma(1.0, 2.0, s)) for s in rates]

    def evolved(network, count):
        x = np.ones(count)
        return evolve(network, DOF, x_start=x, x_stop=1e4 * x, observed="X")

    alone = np.array([evolved(n, 1).yields[0, 0] for n in singles])
    for count in (500, 513):
        index = np.arange(count) % 8
        many = evolved(together([singles[i] for i in index]), count)
        assert many.yields.shape == (count, 1)
        np.testing.assert_allclose(many.yields[:, 0], alone[index], rtol=1e-11)
        assert np.all(many.converged)
    none = evolved(
        replace(
            singles[0],
            species=(Species("X", np.ones(0), 2.0),),
            reactions=(
                replace(
                    singles[0].reactions[0],
                    log_density=np.ones((0, GRID.size)),
                    threshold=np.ones(0),
                ),
            ),
            reference_mass=np.ones(0),
        ),
        0,
    )
    assert none.yields.shape == (0, 1)
    assert none.converged.shape == (0,)


def test_bad_numbers_are_not_converged():
    """NaN in one row: that point says so, the other is untouched, and nothing is NaN."""
    network = together([tabulated(constant_sigma(1.0, 2.0, 1e-9))] * 2)
    good = evolve(network, DOF, x_start=np.ones(2), x_stop=1e3 * np.ones(2), observed="X")
    density = network.reactions[0].log_density.copy()
    density[1, 200:] = np.nan
    broken = replace(network, reactions=(replace(network.reactions[0], log_density=density),))
    found = evolve(broken, DOF, x_start=np.ones(2), x_stop=1e3 * np.ones(2), observed="X")
    assert list(found.converged) == [True, False]
    assert np.isinf(found.error_estimate[1])
    assert np.all(np.isfinite(found.yields))
    assert found.yields[0, 0] == pytest.approx(good.yields[0, 0], rel=1e-12)


def test_error_estimate_covers_the_error():
    """Against rtol = 1e-6: 3 of 4 points at least, and none worse than three times."""
    networks = [tabulated(constant_sigma(1.0, 2.0, s)) for s in np.logspace(-14, -6, 60)]
    network, x = together(networks), np.ones(60)
    usual = evolve(network, DOF, x_start=x, x_stop=1e5 * x, observed="X")
    tight = evolve(network, DOF, x_start=x, x_stop=1e5 * x, observed="X", rtol=1e-6)
    error = np.abs(usual.yields / tight.yields - 1.0)[:, 0]
    assert error.max() < 1e-3
    assert np.mean(error < usual.error_estimate) > 0.75
    assert np.all(error < 3.0 * usual.error_estimate)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"observed": "Y"}, "observed"),
        ({"start": "full"}, "start"),
        ({"temperature": "cold"}, "temperature"),
        ({"hubble": "none"}, "hubble"),
    ],
)
def test_unknown_words(change, word):
    with pytest.raises(UsageError, match=word):
        run(constant_sigma(1.0, 2.0, 1e-9), 1.0, 10.0, **change)


def test_the_grid_must_cover_the_range():
    with pytest.raises(UsageError, match="not inside the grid"):
        run(constant_sigma(1.0, 2.0, 1e-9), 1e-3, 10.0)


def test_unknown_species():
    network = tabulated(constant_sigma(1.0, 2.0, 1e-9))
    wrong = replace(network, reactions=(replace(network.reactions[0], consumed={"Q": 1}),))
    with pytest.raises(UsageError, match="Q"):
        evolve(wrong, DOF, x_start=np.ones(1), x_stop=2 * np.ones(1), observed="X")


# --- own temperature -----------------------------------------------------------------------------


def temperatures(reference, x, start, **call):
    """T_X/T at the x, of a free or coupled dark sector."""
    at = np.log(x)
    call.setdefault("rtol", 1e-6)
    return run(reference, x[0], x[-1], start=start, temperature="dark", sample_log_x=at, **call)


def scale_factor(reference, x):
    """a T relative to x[0]: (s/s_0)^(-1/3) of the bath, divided by T_0/T."""
    s = np.array([reference.expansion(v)[0] for v in x])
    return (s[0] / s) ** (1.0 / 3.0)


def test_free_relativistic_gas_redshifts():
    """No reactions, m << T_X: T_X a constant. Corrections are (m/T)^2 < 1e-8."""
    gas = Gas("X", 1e-6, 2.0)
    reference = ReferenceNetwork([gas], [], DOF, 1.0)
    x = np.array([0.1, 1.0, 10.0, 100.0])
    found = temperatures(reference, x, "equilibrium")
    assert found.converged[0]
    want = x / x[0] / scale_factor(reference, x)
    np.testing.assert_allclose(found.temperature[0], want, rtol=1e-5)


def test_free_cold_gas_redshifts_twice():
    """m >> T_X: T_X a^2 constant, up to 5/2 T/m; started at x = 1e3, so 2.5e-3 and falling."""
    gas = Gas("X", 1.0, 2.0)
    reference = ReferenceNetwork([gas], [], DOF, 1.0)
    x = np.array([1e3, 1e4, 1e5])
    found = temperatures(reference, x, np.array([[1e-3]]))
    a = scale_factor(reference, x)
    np.testing.assert_allclose(found.temperature[0], x / x[0] / a**2, rtol=2.6e-3)


def entropy_per_comoving(reference, yields, log_t_x, x):
    """Entropy of the dark sector over that of the bath, with chemical potentials: sum over species
    of Y (e/T + 1 - ln(n/n_eq))."""
    total = 0.0
    t_x = np.exp(log_t_x)
    for y, g in zip(yields, reference.gases, strict=True):
        excess = np.log(y) - reference.log_y_eq(g, x, t_x)
        total += y * (g.energy(t_x) / t_x + 1.0 - excess)
    return total


def test_cannibal_conserves_entropy():
    """3 -> 2 in equilibrium, decoupled from the bath: comoving entropy of the dark sector stays,
    mu = 0, and T_X falls as 1/ln a. The rate at the end is 1e4 per e-fold: mu/T < 1e-3."""
    gas = Gas("X", 1.0, 1.0)
    cannibal = Process("3to2", {"X": 3}, {"X": 2}, {"X": 3}, 1e8)
    reference = ReferenceNetwork([gas], [cannibal], DOF, 1.0)
    x = np.array([0.3, 1.0, 3.0, 10.0, 30.0])
    found = temperatures(reference, x, "equilibrium")
    assert found.converged[0]
    log_t = np.log(found.temperature[0] / x)
    entropy = [
        entropy_per_comoving(reference, y, t, v)
        for y, t, v in zip(found.samples[0], log_t, x, strict=True)
    ]
    np.testing.assert_allclose(entropy, entropy[0], rtol=1e-4)
    for y, t, v in zip(found.samples[0], log_t, x, strict=True):
        assert np.log(y[0]) - reference.log_y_eq(gas, v, np.exp(t)) == pytest.approx(0.0, abs=1e-3)
    assert found.temperature[0, -1] > 3.0  # hotter than the bath: it eats itself


def coupled(decay, pair, dark, simp):
    """X and Z with every kind of reaction and energy transfer."""
    gases = [Gas("X", 1.0, 6.0), Gas("Z", 0.7, 3.0)]

    def decay_energy(t):
        z = 0.7 / t
        return 0.7 * kve(2, z) / kve(1, z)

    processes = [
        Process("decay", {"Z": 1}, {}, {"Z": 1}, decay, 0.0, decay_energy),
        Process("pair", {}, {"X": 2}, {"X": 2}, pair, 0.0, lambda t: 2.0 + 3.0 * t),
        Process("dark", {"X": 2}, {"Z": 2}, {"X": 2}, dark),
        Process("simp", {"X": 3}, {"X": 1, "Z": 1}, {"X": 3}, simp),
    ]
    return ReferenceNetwork(gases, processes, DOF, 1.0)


@pytest.mark.parametrize(
    "rates",
    [
        (1e-18, 1e-17, 1e-11, 1e-12),
        pytest.param((1e-20, 1e-14, 1e-12, 1e-8), marks=pytest.mark.slow),
    ],
)
def test_own_temperature_against_radau(rates):
    """Yields and T_X at x = 100 from equilibrium at x = 0.5; Radau at 1e-5 in ln Y and ln T_X."""
    reference = coupled(*rates)
    start = [reference.log_y_eq(g, 0.5) for g in reference.gases]
    want = reference.evolve_dark(0.5, 100.0, np.array([*start, np.log(2.0)]), rtol=1e-5)
    found = temperatures(reference, np.array([0.5, 100.0]), "equilibrium", rtol=1e-6)
    assert found.converged[0]
    assert found.yields[0, 0] == pytest.approx(np.exp(want[0]), rel=1e-4)
    assert found.temperature[0, -1] / 100.0 == pytest.approx(np.exp(want[2]), rel=1e-4)
    usual = temperatures(reference, np.array([0.5, 100.0]), "equilibrium", rtol=1e-3)
    assert usual.yields[0, 0] == pytest.approx(found.yields[0, 0], rel=3e-3)


def test_strong_coupling_keeps_the_temperature_of_the_bath():
    """Decays much faster than expansion: T_X = T to the local tolerance, yields as with
    temperature="bath" (until X freezes out: it shares Z's temperature)."""
    reference = coupled(1e-12, 1e-12, 1e-9, 1e-9)
    x = np.array([0.5, 1.0, 3.0, 10.0])
    dark = temperatures(reference, x, "equilibrium", rtol=1e-5)
    bath = run(reference, 0.5, 10.0, rtol=1e-5)
    np.testing.assert_allclose(dark.temperature[0], 1.0, rtol=2e-4)
    np.testing.assert_allclose(dark.yields, bath.yields, rtol=2e-3)


def test_empty_dark_sector_starts_at_the_temperature_of_its_source():
    """Pairs of mean energy 2 m + 3 T: the gas gets 3 T_X + m K_1/K_2 = m + 3 T/2 each."""
    reference = coupled(1e-40, 1e-22, 1e-40, 1e-40)
    x = np.array([0.3, 0.3001])
    found = temperatures(reference, x, "empty")
    assert found.converged[0]
    t = 1.0 / x[0]
    gas = reference.gases[0]
    t_x = t * found.temperature[0, 0]
    assert gas.energy(t_x) == pytest.approx(1.0 + 1.5 * t, rel=1e-6)
    late = temperatures(reference, np.array([0.3, 50.0]), "empty")
    usual = run(reference, 0.3, 50.0, start="empty", rtol=1e-6)
    assert late.yields[0, 0] == pytest.approx(usual.yields[0, 0], rel=1e-5)  # nothing flows back


def test_energy_is_what_the_bath_brought():
    """Freeze-in of free particles of mass m >> T from decays of nothing else: with no reaction
    between them, d(energy a^3) = source - work; the integral of rho a^3 balances to tolerance."""
    reference = coupled(1e-40, 1e-22, 1e-40, 1e-40)
    x = np.exp(np.linspace(np.log(0.3), np.log(30.0), 4001))
    found = temperatures(reference, x, "empty", rtol=1e-7)
    gas = reference.gases[0]
    y, t_x = found.samples[0, :, 0], found.temperature[0] / x
    energy = y * gas.energy(t_x)
    source, work = [], []
    p = reference.processes[1]
    for v, yv, tv in zip(x, y, t_x, strict=True):
        s, hubble, factor = reference.expansion(v)
        log = reference.log_gamma(p, 1.0 / v) - reference.threshold(p) * v
        source.append(np.exp(log) / (s * hubble) * p.mean_energy(1.0 / v))
        work.append(3.0 * factor * tv * yv)
    u = np.log(x)
    got = energy[-1] - energy[0]
    assert got == pytest.approx(np.trapezoid(source, u) - np.trapezoid(work, u), rel=2e-4)


def test_energy_transfer_must_be_known():
    reference = coupled(1e-20, 1e-14, 1e-12, 1e-8)
    network = tabulated(reference)
    pair = replace(network.reactions[1], log_energy=None)
    broken = replace(network, reactions=(network.reactions[0], pair))
    one = np.ones(1)
    with pytest.raises(UsageError, match="log_energy"):
        evolve(broken, DOF, x_start=one, x_stop=2 * one, temperature="dark", observed="X")


def test_decay_energy_is_known():
    """gamma_E = m Gamma n_eq without log_energy: the same as the explicit one, up to tables."""
    network = tabulated(coupled(1e-18, 1e-17, 1e-11, 1e-12))
    plain = replace(
        network, reactions=(replace(network.reactions[0], log_energy=None), *network.reactions[1:])
    )
    one = np.ones(1)
    call = {"x_start": one, "x_stop": 50 * one, "temperature": "dark", "observed": "X"}
    first, second = (evolve(n, DOF, **call) for n in (network, plain))
    np.testing.assert_allclose(first.yields, second.yields, rtol=1e-6)


def test_derivatives_of_the_dark_system():
    """df/dy and df/du against central differences (1e-6 wide: 1e-6 relative)."""
    network = tabulated(coupled(1e-18, 1e-15, 1e-12, 1e-8))
    system = dark_system(network, DOF, "entropy", "X")
    assert isinstance(system, DarkSystem)
    u = np.log(np.array([3.0]))
    y = np.concatenate((system.equilibrium(u) * [[2.0], [0.3]], -u[None] - 0.3))
    h = np.zeros(1)

    def f(u, y):
        return system.stages(u, h, y).rhs(0, y.copy())

    stages = system.stages(u, h, y)
    assert np.all(stages.slow == 1.0)
    jacobian = stages.jacobian()
    for j in range(3):
        d = np.zeros_like(y)
        d[j] = 1e-5 * max(abs(y[j, 0]), 1e-12)
        numeric = (f(u, y + d) - f(u, y - d)) / (2.0 * d[j])
        scale = np.abs(numeric).max()
        np.testing.assert_allclose(jacobian[:, j], numeric, rtol=1e-5, atol=1e-9 * scale)
    numeric = (f(u + 1e-6, y) - f(u - 1e-6, y)) / 2e-6
    np.testing.assert_allclose(stages.slope(), numeric, rtol=1e-5)


# --- JAX -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("temperature", "start"),
    [
        ("bath", "equilibrium"),
        ("bath", "empty"),
        pytest.param("dark", "equilibrium", marks=pytest.mark.slow),  # compiles for minutes
    ],
)
def test_jax_agrees_and_differentiates(temperature, start):
    """The same numbers (sums differ in order: a step may change, so to the local tolerance); the
    forward derivative in a common factor of all rates agrees with finite differences of tight
    runs. The derivative of the steps' errors is of the size of the tolerance, times ten."""
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    network = tabulated(coupled(1e-18, 1e-15, 1e-12, 1e-8))
    x, rtol = np.array([0.5]), 1e-4
    at = np.log([0.7, 5.0, 50.0])

    def yields(log_factor, xp):
        reactions = tuple(
            replace(
                r,
                log_density=r.log_density + log_factor,
                log_energy=None if r.log_energy is None else r.log_energy + log_factor,
            )
            for r in network.reactions
        )
        found = evolve(
            replace(network, reactions=reactions),
            DOF,
            x_start=xp.asarray(x),
            x_stop=xp.asarray(100.0 * x),
            start=start,
            temperature=temperature,
            observed="X",
            rtol=rtol,
            sample_log_x=at,
        )
        return found.yields, found.samples, found.converged

    jax.config.update("jax_enable_x64", True)
    call = jax.jit(lambda a: jax.jvp(lambda b: yields(b, jnp), (a,), (jnp.ones(()),)))
    (value, samples, converged), (slope, _, _) = call(jnp.zeros(()))
    value, samples, slope = (np.asarray(v) for v in (value, samples, slope))
    want = yields(0.0, np)
    assert bool(converged[0])
    np.testing.assert_allclose(value[:, 0], want[0][:, 0], rtol=10 * rtol)
    np.testing.assert_allclose(samples[..., 0], want[1][..., 0], rtol=10 * rtol)
    d = 0.01
    numeric = (yields(d, np)[0] - yields(-d, np)[0]) / (2 * d)
    np.testing.assert_allclose(slope[0, 0], numeric[0, 0], rtol=5e-3)
