"""Ends of what experiments can answer: fields, shapes, thresholds, kinds of particles."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest

from vectorportal.bounds.experiments import dark_matter_beam, meson_decay
from vectorportal.bounds.experiments.events import edges, interval, refused, signal
from vectorportal.bounds.experiments.proton_decay import Acceptance, decay_vectors
from vectorportal.bounds.experiments.spec import (
    Field,
    get_experiment,
    load_experiments,
    parse_experiment,
    read_experiment,
)
from vectorportal.bounds.experiments.text import specification
from vectorportal.bounds.experiments.vector import Vector
from vectorportal.bounds.yaml_text import load_documents
from vectorportal.errors import DataError, ParameterError, UsageError
from vectorportal.formulas.anomalous_vector import anomaly_of_charges, conserved_at_tree_level
from vectorportal.models import get_model
from vectorportal.models.charges import parse_charges
from vectorportal.models.dark_photon import DarkPhoton

EXPERIMENTS = load_experiments()


def data(name: str, **values):
    """An experiment of the package as the mapping of a file, with `values` changed."""
    experiment = get_experiment(name)
    known = {"engine": experiment.engine, "n_limit": experiment.n_limit, **experiment.values}
    return {**known, **values}


# --- files


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_shown_experiment_is_read_back_to_the_last_digit(tmp_path, name) -> None:
    path = tmp_path / "copy.yaml"
    path.write_text(specification(EXPERIMENTS[name]), encoding="utf-8")
    assert read_experiment(path) == EXPERIMENTS[name]


def test_texts_that_need_quotes_are_read_back(tmp_path) -> None:
    given = data(
        "e137", id="on", title='a "b": \\ #c \u00e9 \U0001d4d0', notes=["- x: y", "1:30\nz"]
    )
    experiment = parse_experiment(given, "mine")
    path = tmp_path / "copy.yaml"
    path.write_text(specification(experiment), encoding="utf-8")
    assert read_experiment(path) == experiment
    assert experiment.notes == ("- x: y", "1:30 z")


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "b: {c: 1, c: 2}\n",
        "- {a: 1}\n- {a: 1, 'a': 2}\n",
        "a: 1\n---\nb: 1\nb: 2\n",
    ],
)
def test_a_key_given_twice_is_refused(text) -> None:
    with pytest.raises(DataError, match=r"mine, line \d: the key . is given twice"):
        load_documents("mine", text)


def test_keys_that_only_look_repeated() -> None:
    text = "x: &x {a: 1, b: [{a: 1}, {a: 2}]}\ny: {<<: *x, a: 3}\nz: {a: {a: a}}\n"
    found = load_documents("mine", text)[0]
    assert found["y"]["a"] == 3
    assert found["z"] == {"a": {"a": "a"}}


def test_numbers_in_base_60_are_texts() -> None:
    found = load_documents("mine", "a: 1:30\nb: 1:30.5\nc: 0x10\nd: 1_000\ne: 1.5e+3\n")[0]
    assert found == {"a": "1:30", "b": "1:30.5", "c": 16, "d": 1000, "e": 1500.0}
    with pytest.raises(UsageError, match="shield = 1:30"):
        parse_experiment(data("e137", shield="1:30"), "mine")


def test_unknown_keys_of_papers_and_bounds(tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    text = specification(dataclasses.replace(EXPERIMENTS["e137"], source=(), record=None))

    def read(line: str):
        path.write_text(f"{text}\n{line}\n", encoding="utf-8")
        return read_experiment(path)

    with pytest.raises(DataError, match="record: there is no bound e137_2009_bjorke; did you mean"):
        read("record: e137_2009_bjorke")
    with pytest.raises(
        DataError, match=r"source: there is no reference E137:1987.*did you mean E137"
    ):
        read("source: E137:1987")
    free = ("arXiv:2301.12345", "arXiv:hep-ph/0106123", "E137:1988")
    assert read(f"source: [{', '.join(free)}]").source == free


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("babar_visible", {"theta_min": 0}, "theta_min = 0"),
        ("babar_visible", {"theta_max": 180}, "theta_max = 180"),
        ("babar_visible", {"theta_min": 1e-5}, "m_e/E"),
        ("babar_visible", {"theta_max": None}, "theta_max = 180"),
        ("babar_visible", {"theta_min": 141}, "increasing"),
        ("besiii_untagged", {"theta_min": 0}, "untagged"),
        ("besiii_untagged", {"theta_min": 90}, "below 90"),
        ("besiii_untagged", {"theta_min": 1e-5}, "m_e/E"),
        ("lep_monophoton", {"photon": "untagged"}, "needs photon: tagged"),
        ("babar_visible", {"final": ["ee", "ee"]}, "ee more than once"),
        ("faser", {"modes": ["pi0", "pi0"]}, "pi0 more than once"),
        ("na62_kaon_invisible", {"final": ["invisible", "dark"]}, "holds dark already"),
        (
            "na62_kaon_invisible",
            {"masses": [0, 0.1], "limits": [1e-9, 1e-9]},
            "masses must be above",
        ),
        ("na62_kaon_invisible", {"masses": []}, "of one length"),
        ("e137", {"final_states": []}, "an empty list"),
        ("e137", {"shield": 0.1, "detector_radius": 1.0}, "thickness of the target"),
        ("e141", {"shield": "11.9 cm"}, "at least the thickness of the target, 0.12 m"),
        ("sn1987a", {"decay_radius": "9 km"}, "at least the radius of the core"),
        ("faser", {"collider": 0.5}, "one of yes, no"),
        ("faser", {"collider": "maybe"}, "one of yes, no"),
        ("e137", {"title": "a\x1b[31mb"}, "printable"),
        ("e137", {"title": "a\nb"}, "printable"),
        ("e137", {"notes": ["a\x07"]}, "printable"),
    ],
)
def test_values_that_make_no_sense_are_refused(name, values, told) -> None:
    kept = {k: v for k, v in data(name, **values).items() if v is not None}
    with pytest.raises(UsageError) as caught:
        parse_experiment(kept, "mine")
    assert told in str(caught.value)


def test_gaps_may_be_empty() -> None:
    assert parse_experiment(data("na62_kaon_invisible", gaps=[]), "mine")["gaps"] == ()


def test_truth_values_stand_for_words() -> None:
    for value, word in ((True, "yes"), (False, "no")):
        assert parse_experiment(data("e137", annihilation=value), "mine")["annihilation"] == word
        assert parse_experiment(data("faser", collider=value), "mine")["collider"] == word
    assert parse_experiment(data("sn1987a", plasma=True), "mine")["plasma"] == "on"
    assert parse_experiment(data("sn1987a", plasma=False), "mine")["plasma"] == "off"
    with pytest.raises(ParameterError, match="target = True"):
        parse_experiment(data("e137", target=True), "mine")


def test_ends_of_a_range_in_another_unit() -> None:
    field = Field("length", "m", "a length", 0.3, 0.7)
    ends = [field.check(text) for text in ("30 cm", "300 mm", "70 cm", "0.0007 km")]
    assert ends == [0.3, 0.3, 0.7, 0.7]
    for text in ("29.999999 cm", "70.000001 cm", "inf"):
        with pytest.raises(ParameterError):
            field.check(text)
    with pytest.raises(ParameterError):
        Field("a", "1", "any").check(float("inf"))


# --- couplings and masses


@pytest.mark.parametrize("g", [1e-6, np.ones((3, 1)), np.ones((1, 1, 1)), [np.nan], [1e200]])
def test_couplings_of_another_shape_or_size(g) -> None:
    with pytest.raises(UsageError, match="coupling"):
        signal(EXPERIMENTS["e137"], Vector.dark_photon([0.01, 0.02]), g)


def test_masses_of_another_shape() -> None:
    with pytest.raises(UsageError, match="shape"):
        Vector.dark_photon(np.full((2, 2), 0.01))
    with pytest.raises(UsageError, match="shape"):
        Vector(np.full((2, 2), 0.01), {}, {}, np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("parent", "other"), [(0.1349768, 0.0), (0.547862, 0.0), (0.78266, 0.1349768)]
)
@pytest.mark.parametrize("below", [1e-16, 1e-13, 1e-12, 1e-9, 1e-3])
def test_decays_just_below_threshold(parent, other, below) -> None:
    """The momentum from energies with 50 digits; the vector is at rest in that of the parent."""
    from mpmath import mp, mpf, sqrt

    mass = (parent - other) * (1.0 - below)
    moving = np.array([3.0]), np.array([0.0])
    momentum, part = decay_vectors(mass, parent, *moving, Acceptance(0.5), other)
    assert np.isfinite(momentum).all()
    assert part.sum() == pytest.approx(1.0)
    with mp.workdps(50):
        energy = (mpf(parent) ** 2 + mpf(mass) ** 2 - mpf(other) ** 2) / (2 * mpf(parent))
        # exact thresholds may lie above the nearest number
        at_rest = float(sqrt(max(energy**2 - mpf(mass) ** 2, mpf(0))))
    along, across = dark_matter_beam._boosted(np.zeros(1), parent, mass, other, np.ones(1))
    assert float(across[0]) == 0.0
    assert float(along[0]) == pytest.approx(at_rest, rel=1e-5, abs=1e-8)


def test_an_edge_at_the_end_of_the_range_is_no_edge() -> None:
    experiment, vector = EXPERIMENTS["e137"], Vector.dark_photon(np.array([0.02, 1.0]))
    lower, upper = interval(experiment, vector)
    cut = edges(experiment, vector, (2 * lower[0], 0.5 * upper[0]))
    assert cut.open_low.tolist() == cut.open_high.tolist() == cut.reached.tolist() == [True, False]
    assert np.isnan(cut.lower).all()
    assert np.isnan(cut.upper).all()
    assert cut.known.all()
    whole = edges(experiment, vector)
    assert not whole.open_low.any()
    assert not whole.open_high.any()
    assert whole.lower[0] == lower[0]


def test_numbers_that_are_not_finite_are_no_answer(monkeypatch) -> None:
    from vectorportal.bounds.experiments import electron_dump

    monkeypatch.setattr(electron_dump, "signal", lambda e, v, g2: np.where(g2 > 1e-6, np.nan, g2))
    found = edges(EXPERIMENTS["e137"], Vector.dark_photon(np.array([0.02])))
    assert not found.known[0]
    assert not found.reached[0]
    assert np.isnan(found.lower[0])


@pytest.mark.parametrize("name", ["sn1987a", "sn1987a_vacuum"])
def test_the_supernova_is_finite_wherever_it_has_an_answer(name) -> None:
    mass = np.array([2e-8, 0.999e-6, 1e-6, 1e-4, 0.0125, 0.1, 0.7499, 0.7501, 21.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = edges(EXPERIMENTS[name], Vector.dark_photon(mass))
    assert found.known.tolist() == [False, False, *[True] * 5, False, False]
    assert found.reached[2:6].all()


# --- kinds of particles


def test_engines_know_what_they_are_for() -> None:
    particle = Vector.of_model(
        get_model("millicharged")(m_mcp=np.array([0.02, 50.0]), epsilon=1e-3)
    )
    with pytest.raises(UsageError, match="for vectors, not for millicharged"):
        signal(EXPERIMENTS["e137"], particle, [1e-3])
    photon = Vector.dark_photon(np.array([50.0]))
    with pytest.raises(UsageError, match="for millicharged particles, not for vectors"):
        interval(EXPERIMENTS["lsnd_millicharge"], photon)


def dark(kind: str, m_dm: float, alpha_d: float) -> Vector:
    return Vector.of_model(
        DarkPhoton(m_v=np.array([0.09]), epsilon=1e-4, m_dm=m_dm, alpha_d=alpha_d, dm=kind)
    )


def test_dark_matter_of_the_model_scatters() -> None:
    experiment, g = EXPERIMENTS["nova_dm"], [1e-4]
    assert (experiment["dm"], experiment["mass_ratio"]) == ("scalar", 3.0)
    own = signal(experiment, dark("complex-scalar", 0.03, experiment["alpha_d"]), g)[0, 0]
    invisible = Vector.dark_photon(np.array([0.09]), 1e-2 * np.array([0.09]))
    # the same dark matter from the file
    assert own == pytest.approx(signal(experiment, invisible, g)[0, 0], rel=1e-3)
    doubled = signal(experiment, dark("complex-scalar", 0.03, 2 * experiment["alpha_d"]), g)[0, 0]
    assert doubled == pytest.approx(2 * own, rel=1e-3)
    for name, kind, m_dm in (("dirac", "dirac", 0.03), ("complex-scalar", "scalar", 0.01)):
        other = parse_experiment(data("nova_dm", dm=kind, mass_ratio=0.09 / m_dm), "mine")
        found = signal(experiment, dark(name, m_dm, experiment["alpha_d"]), g)[0, 0]
        assert found == pytest.approx(signal(other, invisible, g)[0, 0], rel=1e-3)
        assert found != pytest.approx(own, rel=1e-3)
    assert signal(experiment, dark("dirac", 0.046, 0.05), g)[0, 0] == 0.0


def test_dark_coupling_that_goes_with_the_gauge_coupling() -> None:
    """g_x^2 for production, g_x^2 for the electron, (g_x q)^2 for the dark matter."""
    values = {"m_v": np.array([0.09]), "charges": "B-L", "m_dm": 0.03, "q_dm": 2.0, "dm": "dirac"}
    vectors = [Vector.of_model(get_model("charged-vector")(g_x=g, **values)) for g in (1e-5, 1e-3)]
    assert vectors[0].alpha_d == pytest.approx(4.0 / (4.0 * np.pi))
    found = [signal(EXPERIMENTS["nova_dm"], v, [1e-4, 1e-3])[0] for v in vectors]
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert found[0][1] / found[0][0] == pytest.approx(1e6, rel=1e-3)


@pytest.mark.parametrize("name", ["nova_dm", "miniboone_dm_electron", "miniboone_dm_nucleon"])
def test_dark_matter_that_is_not_computed(name) -> None:
    found = edges(EXPERIMENTS[name], dark("majorana", 0.03, 0.1))
    assert not found.known.any()
    assert "majorana" in refused(EXPERIMENTS[name], dark("majorana", 0.03, 0.1))[1]


def test_a_broad_vector_is_told() -> None:
    from vectorportal.bounds.experiments.missing_energy import remarks

    positrons = EXPERIMENTS["na64_2023_positrons"]
    assert remarks(positrons, dark("dirac", 0.03, 0.1)) == ()
    assert "uncertain" in remarks(positrons, dark("dirac", 0.03, 2.0))[0]
    assert remarks(EXPERIMENTS["ldmx"], dark("dirac", 0.03, 2.0)) == ()


# --- anomalous currents


@pytest.mark.parametrize(
    ("charges", "conserved"),
    [
        *(("B", True), ("B-L", True), ("dark-photon", True), ("protophobic", True)),
        *(("L_mu-L_tau", True), ("B-3L_tau", True), ("universal", True), ("B+mixing", True)),
        *(("e:-1,q:1/3", False), ("u:1", False), ("u:1,d:1", False), ("mu:1", False)),
        *(("u:1,d:1,s:1,c:1,b:1,t:1", True), ("u:1,d:1,s:1,c:1,b:2,t:2", False)),
    ],
)
def test_currents_that_the_masses_conserve(charges, conserved) -> None:
    x = parse_charges(charges).values
    values = {name: np.full(2, float(value)) for name, value in x.items()}
    assert conserved_at_tree_level(values, (2,)).tolist() == [conserved] * 2


def test_electric_charge_has_no_anomaly_and_does_not_matter() -> None:
    baryon = {q: np.full(1, 1 / 3) for q in "udscbt"}
    mixed = {k: 0.7 * np.asarray(q) for k, q in Vector.dark_photon([0.05]).charges.items()}
    total = {name: baryon.get(name, 0.0) + mixed[name] for name in mixed}
    assert conserved_at_tree_level(total, (1,))[0]
    assert anomaly_of_charges(total) == pytest.approx(1.5)


def test_longitudinal_modes_have_no_answer_for_other_currents() -> None:
    model = get_model("charged-vector")(m_v=np.array([0.05]), g_x=1e-3, charges="e:-1,q:1/3")
    vector, experiment = Vector.of_model(model), EXPERIMENTS["na62_kaon_longitudinal"]
    assert np.isnan(signal(experiment, vector, [1e-4])).all()
    assert not edges(experiment, vector).known.any()
    assert "every doublet" in meson_decay.refused(experiment, vector)[1]
    # the same charges in a decay that needs no longitudinal mode
    assert np.isfinite(signal(EXPERIMENTS["na62_kaon_invisible"], vector, [1e-4])).all()
