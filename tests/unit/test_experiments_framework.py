"""Specifications, vectors, decays in flight and limits on couplings, shared by all engines."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorportal.bounds.experiments import calibration, events
from vectorportal.bounds.experiments.engines import ENGINES, get_engine
from vectorportal.bounds.experiments.events import Yield, decays, interval, remember, signal
from vectorportal.bounds.experiments.spec import (
    Experiment,
    Field,
    get_experiment,
    load_experiments,
    parse_experiment,
    read_experiment,
)
from vectorportal.bounds.experiments.vector import CHARGES, Vector
from vectorportal.errors import DataError, ParameterError, UsageError, VectorPortalError
from vectorportal.inputs.settings import Inputs
from vectorportal.models import get_model
from vectorportal.models.dark_photon import DarkPhoton
from vectorportal.models.nonabelian_vector import NonabelianVector
from vectorportal.references import load_references
from vectorportal.units import HBAR_C_GEV_M

GOOD = {
    "engine": "electron-dump",
    "n_limit": 3,
    "beam_energy": "2500 MeV",
    "electrons_on_target": "1e18",
    "target": "W",
    "target_thickness": "20 cm",
    "shield": 1.5,
    "decay_volume": "200 cm",
    "energy_min": "0.1 GeV",
}


def changed(**values):
    return {k: v for k, v in {**GOOD, **values}.items() if v is not None}


# --- specifications


def test_values_are_converted_to_the_unit_of_the_field() -> None:
    experiment = parse_experiment(GOOD, "mine")
    assert experiment.id == experiment.title == "mine"
    assert experiment["beam_energy"] == pytest.approx(2.5)
    assert experiment["target_thickness"] == pytest.approx(0.2)
    assert experiment["shield"] == 1.5
    assert experiment["decay_volume"] == pytest.approx(2.0)
    assert experiment["electrons_on_target"] == 1e18
    assert experiment["final_states"] == ("ee",)
    assert experiment["efficiency"] == 1.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"engine": None}, "engine is missing"),
        ({"engine": "electron-dum"}, "did you mean electron-dump?"),
        ({"engine": 3}, "there is no engine"),
        ({"n_limit": None}, "n_limit (signal events at the limit) is missing"),
        ({"beam_energy": None}, "beam_energy (energy of the beam electrons) is missing"),
        ({"bem_energy": 3}, "did you mean beam_energy?"),
        ({"beam_energy": "3 m"}, "not an energy unit"),
        ({"beam_energy": "3 GeVV"}, "not a known unit; did you mean GeV?"),
        ({"beam_energy": -1}, "from 0.05 to 100000 GeV"),
        ({"beam_energy": True}, "a number"),
        ({"beam_energy": [1, 2]}, "a number"),
        ({"beam_energy": float("nan")}, "from 0.05"),
        ({"beam_energy": 10**400}, "64-bit"),
        ({"target": "Wo"}, "did you mean W?"),
        ({"target": 74}, "one of Be, C"),
        ({"efficiency": 1.5}, "from 1e-06 to 1"),
        ({"final_states": []}, "an empty list"),
        ({"final_states": ["ee", "mu"]}, "did you mean mumu?"),
        ({"target_radiation_lengths": 3}, "both are given"),
        ({"target_thickness": None}, "neither is given"),
        ({"energy_min": 3}, "is not below beam_energy"),
        ({"source": 4}, "a list of texts"),
        ({"id": ""}, "a text"),
        ({"spread": 0.5}, "from 1 to 1000"),
    ],
)
def test_a_bad_field_is_named_in_one_sentence(values, words) -> None:
    with pytest.raises(UsageError) as caught:
        parse_experiment(changed(**values), "mine")
    assert words in str(caught.value)
    assert str(caught.value)[-1] in ".?"


@pytest.mark.parametrize("data", [None, [], "text", 3, {3: 4}])
def test_a_file_that_is_no_mapping(data) -> None:
    with pytest.raises(UsageError, match="not a mapping"):
        parse_experiment(data, "mine")


def test_errors_of_a_file_name_it(tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    with pytest.raises(DataError, match=r"mine\.yaml cannot be read"):
        read_experiment(path)
    path.write_text("engine: [", encoding="utf-8")
    with pytest.raises(DataError, match=r"mine\.yaml is not valid YAML"):
        read_experiment(path)
    path.write_text("engine: electron-dump\nn_limit: 3\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"mine\.yaml: the field beam_energy"):
        read_experiment(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        read_experiment(path)
    path.write_text("a: " + "b" * 200_000, encoding="utf-8")
    with pytest.raises(DataError, match="longer than"):
        read_experiment(path)


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=4),
)
_VALUES = st.one_of(_SCALARS, st.lists(_SCALARS, max_size=3), st.dictionaries(st.text(), _SCALARS))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*GOOD, "final_states", "spread", "source", "seen", "x"]), _VALUES)
def test_any_value_of_any_field_is_taken_or_refused(name, value) -> None:
    try:
        experiment = parse_experiment({**GOOD, name: value}, "mine")
    except UsageError:
        pass
    else:
        assert all(not isinstance(v, float) or math.isfinite(v) for v in experiment.values.values())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_as_a_file(tmp_path_factory, text) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "mine.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(VectorPortalError):
        read_experiment(path)


def test_packaged_experiments_name_known_papers_and_bounds() -> None:
    from vectorportal.bounds.registry import load_bounds

    experiments = load_experiments()
    assert {"e137", "e141", "kek", "orsay", "na64_2023_invisible"} <= set(experiments)
    for experiment in experiments.values():
        assert set(experiment.source) <= set(load_references()), experiment.id
        assert experiment.record is None or experiment.record in load_bounds()
    with pytest.raises(UsageError, match="did you mean e137"):
        get_experiment("E137")


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_has_its_parts(name) -> None:
    module = get_engine(name)
    assert all(isinstance(field, Field) and field.doc for field in module.FIELDS)
    assert len({field.name for field in module.FIELDS}) == len(module.FIELDS)
    assert callable(module.signal)


def test_a_field_without_limits() -> None:
    assert Field("a", "1", "a number").allowed == "a finite number"
    assert Field("a", "m", "a length", 1.0).allowed == "at least 1 m"
    assert Field("a", "m", "a length", high=1.0).allowed == "at most 1 m"
    with pytest.raises(ParameterError, match="finite"):
        Field("a", "1", "a number").check(float("inf"))


# --- vectors


def test_vector_of_a_dark_photon_follows_the_model_at_any_mixing() -> None:
    mass = np.array([0.03, 0.3, 3.0])
    model = DarkPhoton(m_v=mass, epsilon=2e-3, m_dm=0.01, alpha_d=0.1, dm="dirac")
    vector = Vector.of_model(model)
    other = DarkPhoton(m_v=mass, epsilon=1e-4, m_dm=0.01, alpha_d=0.1, dm="dirac")
    mediator = other.mediator(Inputs.default())
    total = vector.total(np.array([1e-8]))[:, 0]
    assert total == pytest.approx(mediator.width_total, rel=1e-5)
    electrons = vector.branching(("ee",), np.array([1e-8]))[:, 0]
    assert electrons == pytest.approx(mediator.branching("ee"), rel=1e-5)
    assert vector.charges["u"] == pytest.approx(np.full(3, 2 / 3), rel=1e-5)


def test_branching_groups() -> None:
    vector = Vector.dark_photon(np.array([0.5, 2.0]), width_dark=1e-9)
    g2 = np.array([[1e-8, 1e-2], [1e-8, 1e-2]])
    visible, hidden = (vector.branching((word,), g2) for word in ("visible", "invisible"))
    assert visible + hidden == pytest.approx(np.ones((2, 2)))
    assert vector.branching(("visible", "ee"), g2) == pytest.approx(visible)
    assert vector.branching(("all",), g2) == pytest.approx(np.ones((2, 2)))
    assert (hidden[:, 0] > 0.5).all()
    assert (hidden[:, 1] < 1e-4).all()
    with pytest.raises(UsageError, match="did you mean mumu"):
        vector.branching(("mumus",), g2)


def test_a_stable_vector_leaves_unseen() -> None:
    vector = replace(Vector.dark_photon(np.array([1e-4])), widths={"ee": np.zeros(1)})
    assert vector.branching(("visible",), np.array([1.0])) == 0.0
    assert vector.branching(("invisible",), np.array([1.0])) == 1.0


def test_a_dark_width_that_follows_the_coupling() -> None:
    model = get_model("charged-vector")(
        m_v=np.array([0.1, 1.0]), g_x=1e-3, charges="B-L", m_dm=0.02, q_dm=2.0, dm="dirac"
    )
    vector = Vector.of_model(model)
    assert vector.coupling_name == "g_x"
    assert vector.dark == pytest.approx(np.zeros(2))
    dark = vector.branching(("dark",), np.array([1e-12, 1e-4]))
    assert dark[:, 0] == pytest.approx(dark[:, 1])
    assert (dark > 0.1).all()
    e = Inputs.default().sm.e
    assert vector.charges["e"] == pytest.approx(np.full(2, -1.0 / e))
    assert vector.charges["u"] == pytest.approx(np.full(2, 1.0 / 3.0 / e))


def test_a_nonabelian_mediator() -> None:
    model = NonabelianVector(m_x=np.array([1.0]), g_x=0.1, epsilon=1e-4, ratio=0.5)
    vector = Vector.of_model(model)
    assert vector.mass == pytest.approx([0.5])
    assert vector.strength("electron-bremsstrahlung") == pytest.approx([1.0], rel=1e-3)


def test_a_vector_without_coupling_is_refused() -> None:
    mediator = DarkPhoton(m_v=np.array([1.0]), epsilon=1e-3).mediator(Inputs.default())
    with pytest.raises(ParameterError, match="coupling = 0"):
        Vector.of_mediator(replace(mediator, coupling=np.array([0.0])))


def test_strength_of_a_dark_photon_is_one() -> None:
    vector = Vector.dark_photon(np.array([0.01, 0.1]))
    for mode in ("electron-bremsstrahlung", "electron-positron", "pi0"):
        assert vector.strength(mode) == pytest.approx([1.0, 1.0])
    assert set(vector.charges) == set(CHARGES)


# --- decays in flight


def test_decays_against_random_lifetimes() -> None:
    """The fraction of exponentially distributed decay points inside the volume."""
    vector = Vector.dark_photon(np.array([0.05]))
    g2, boost = 1e-10, 30.0
    length = boost * HBAR_C_GEV_M / vector.total(np.array([g2]))[0, 0]
    points = np.random.default_rng(1).exponential(length, 400_000)
    start, size = 0.7 * length, 0.4 * length
    inside = np.mean((points > start) & (points < start + size))
    made = Yield(np.array([[1.0]]), np.array([[boost]]))
    found = decays(made, vector, np.array([[g2]]), start, size)[0, 0] / g2
    assert found == pytest.approx(inside, rel=1e-2)


def test_decays_of_long_lived_vectors_are_linear_in_the_width() -> None:
    vector = Vector.dark_photon(np.array([0.01]))
    made = Yield(np.array([[1e10]]), np.array([[1000.0]]))
    g2 = np.array([[1e-20, 1e-18]])
    found = decays(made, vector, g2, 10.0, 5.0)[0]
    rate = vector.total(np.array([1.0]))[0, 0] / HBAR_C_GEV_M / 1000.0
    assert found == pytest.approx(1e10 * g2[0] ** 2 * rate * 5.0, rel=1e-6)


def test_chunks_give_the_same(monkeypatch) -> None:
    vector = Vector.dark_photon(np.geomspace(0.01, 0.1, 5))
    rng = np.random.default_rng(2)
    made = Yield(rng.uniform(1, 2, (5, 7)), rng.uniform(10, 20, (5, 7)))
    g2 = rng.uniform(1e-12, 1e-10, (5, 3))
    whole = decays(made, vector, g2, 1.0, 2.0)
    monkeypatch.setattr(events, "_CHUNK", 10)
    assert decays(made, vector, g2, 1.0, 2.0) == pytest.approx(whole, rel=1e-14)


def test_remember_asks_once_for_each_mass() -> None:
    calls = []

    @remember
    def double(experiment, mass):
        calls.append(mass)
        return 2.0 * mass

    experiment = parse_experiment(GOOD, "mine")
    for _ in range(3):
        double(experiment, np.array([1.0]))
    double(experiment, np.array([2.0]))
    double(replace(experiment, values={**experiment.values, "shield": 2.0}), np.array([1.0]))
    assert len(calls) == 3
    # the number of events at the limit does not enter production
    double(replace(experiment, n_limit=9.0), np.array([1.0]))
    assert len(calls) == 3


# --- limits


@pytest.fixture
def dump() -> Experiment:
    return parse_experiment(GOOD, "mine")


def test_edges_are_where_the_signal_is_the_limit(dump) -> None:
    vector = Vector.dark_photon(np.geomspace(2e-3, 0.1, 9))
    lower, upper = interval(dump, vector)
    has = np.isfinite(lower)
    assert has[:5].all()
    at_edges = signal(dump, vector, np.stack([lower, upper], axis=1))[has]
    assert at_edges == pytest.approx(np.full(at_edges.shape, 3.0), rel=0.03)
    middle = signal(dump, vector, np.sqrt(lower * upper)[:, None])[has]
    assert (middle > 3.0).all()


def test_no_edge_where_nothing_is_seen(dump) -> None:
    vector = Vector.dark_photon(np.array([5e-4, 1.0, 5.0]))
    lower, upper = interval(dump, vector)
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()
    # above the beam energy the engine has no answer, below threshold there are no events
    events_ = signal(dump, vector, np.array([1e-5]))[:, 0]
    assert events_[0] == 0.0
    assert np.isnan(events_[2])


def test_the_tip_of_a_region_is_found(dump) -> None:
    vector = Vector.dark_photon(np.array([0.02]))
    most = max(signal(dump, vector, np.geomspace(1e-8, 1e-2, 4001))[0])
    lower, upper = interval(replace(dump, n_limit=0.98 * most), vector)
    assert 1.0 < (upper / lower)[0] < 1.3
    assert np.isnan(interval(replace(dump, n_limit=1.02 * most), vector)[0])[0]


def test_ranges(dump) -> None:
    vector = Vector.dark_photon(np.array([0.01]))
    lower, upper = interval(dump, vector)
    inner = (2.0 * lower[0], 0.5 * upper[0])
    low, high = interval(dump, vector, inner)
    assert low == pytest.approx([inner[0]])
    assert np.isnan(high).all()
    with pytest.raises(UsageError, match="0 < low < high"):
        interval(dump, vector, (1.0, 0.1))


def test_spread() -> None:
    assert calibration.spread_of(np.array([2.0, 0.5, np.nan])) == pytest.approx(2.0)
    assert math.isnan(calibration.spread_of(np.array([np.nan])))
    with pytest.raises(UsageError, match="no published record"):
        calibration.calibrate(parse_experiment(GOOD, "mine"))
