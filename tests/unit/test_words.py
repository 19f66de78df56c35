"""Words beside numbers: parameters, arguments, options and labels, on a model made for this."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from vectorportal import models
from vectorportal.app.cli import run
from vectorportal.errors import ParameterError, UsageError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models import DarkPhoton, Model, Parameter
from vectorportal.numerics.arrays import namespace
from vectorportal.observables import registry, status
from vectorportal.observables.base import (
    OUT_OF_VALIDITY,
    Argument,
    Raw,
    evaluate,
    gradient,
    observable,
)
from vectorportal.observables.pytrees import _flatten, _unflatten
from vectorportal.observables.solve import default_bracket, solve

SCALE = 246.0
LABELS = ("small", "large")
CALLS: list[Any] = []
"""words with which `scaled` was called or compiled"""


@dataclass(frozen=True)
class Toy(Model):
    """Two numbers that may be words; always dark matter of a kind of its own."""

    m_x: Any = None
    ratio: Any = None
    t_rh: Any = None

    name: ClassVar[str] = "toy"
    summary: ClassVar[str] = "a model for tests"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("m_x", "GeV", "a mass", 0.0, 1e6),
        Parameter("ratio", "1", "a ratio of masses", 0.0, 10.0, words=("minimal",)),
        Parameter("t_rh", "GeV", "a temperature", 5e-3, words=("v", "v_x")),
    )
    settings: ClassVar[dict[str, tuple[str, ...]]] = {
        "prescription": ("verified", "as-printed"),
        "mechanism": ("freeze-out", "freeze-in", "auto"),
        "statistics": ("maxwell-boltzmann", "quantum"),
        "channels": ("all", "kinetic", "dark", "simp"),
    }
    dark_matter: ClassVar[str] = "vector"  # type: ignore[assignment]

    def check_options(self, inputs: Inputs, options: Options) -> None:
        if options.channels == "simp" and np.ndim(self.ratio) == 0 and self.number() >= 2.0:
            raise ParameterError("ratio", self.number(), "", "below 2 with channels=simp alone")

    def number(self) -> Any:
        return 1.0 if isinstance(self.ratio, str) else self.ratio


def scaled(model: Any, inputs: Inputs, options: Options, phase: str, s: Any) -> Raw:
    """m_x ratio s, or minus that in the phase `unbroken`."""
    CALLS.append((model.ratio if isinstance(model.ratio, str) else None, phase))
    sign = {"broken": 1.0, "unbroken": -1.0}[phase]
    value = sign * model.m_x * model.number() * s
    return Raw(value, namespace(value).where(model.m_x > 1e3, status.MIXING, 0))


def spectrum(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Powers of m_x, and their doubles."""
    xp = namespace(model.m_x)
    powers = model.m_x[:, None] ** xp.arange(1, 4)
    flags = xp.where(model.m_x > 1e3, status.MIXING, 0)
    return Raw({"power": powers, "double": 2.0 * powers}, flags)


def size(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Whether m_x is above 10 GeV."""
    xp = namespace(model.m_x)
    return Raw(xp.where(model.m_x > 10.0, 1, 0), xp.where(model.m_x > 1e3, status.MIXING, 0))


def sizes(model: Any, inputs: Inputs, options: Options) -> Raw:
    """The size of each power."""
    xp = namespace(model.m_x)
    return Raw(xp.where(model.m_x[:, None] ** xp.arange(1, 3) > 10.0, 1, 0), 0 * model.m_x > 1)


def looped(model: Any, inputs: Inputs, options: Options) -> Raw:
    """Square root of m_x times ratio by an iteration that ends when it has converged."""
    square = model.m_x * model.number()
    if namespace(square) is np:
        return Raw(np.sqrt(square), 0 * square > 1)
    import jax

    def unfinished(root: Any) -> Any:
        return (abs(root * root - square) > 1e-13 * square).any()

    def better(root: Any) -> Any:
        return 0.5 * (root + square / root)

    return Raw(jax.lax.while_loop(unfinished, better, 1.0 + square), 0 * square > 1)


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch):
    """The model and its observables in the registries, for one test."""
    monkeypatch.setitem(models._MODELS, "toy", Toy)
    before = dict(registry._REGISTRY)
    common = {"models": ("toy",), "requires": ("m_x",), "source": "identity"}
    phase = Argument("phase", "1", "the phase", choices=("broken", "unbroken"))
    s = Argument("s", "GeV^2", "a square", default=2.0)
    observable("scaled", "GeV", arguments=(phase, s), **common)(scaled)
    observable("spectrum", "GeV", report=False, **common)(spectrum)
    observable("size", "1", labels=LABELS, **common)(size)
    observable("sizes", "1", labels=LABELS, **common)(sizes)
    observable("looped", "1", forward=True, **common)(looped)
    CALLS.clear()
    yield
    registry._REGISTRY.clear()
    registry._REGISTRY.update(before)


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]):
    def call(*words: str) -> tuple[int, str, str]:
        code = run(list(words))
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


# --- parameters ---------------------------------------------------------------------------------


def test_a_parameter_is_a_number_or_a_word():
    word, number = Toy(m_x=[1.0, 2.0], ratio="minimal"), Toy(m_x=1.0, ratio=1.5)
    assert word.choices() == {"ratio": "minimal"}
    assert list(word.numbers()) == ["m_x"]
    assert word.shape == (2,)
    assert number.choices() == {}
    assert list(number.numbers()) == ["m_x", "ratio"]
    assert Toy(m_x=1.0, ratio=[1.0, 2.0, 3.0]).shape == (3,)


def test_words_are_structure_of_a_pytree():
    model = Toy(m_x=[1.0, 2.0], ratio="minimal")
    leaves, structure = _flatten(model)
    assert [leaf.tolist() for leaf in leaves] == [[1.0, 2.0]]
    again = _unflatten(Toy)(structure, leaves)
    assert (again.ratio, again.t_rh, again.shape) == ("minimal", None, (2,))
    assert structure != _flatten(Toy(m_x=[1.0, 2.0], ratio=1.0))[1]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (
            {"ratio": "minimla"},
            "ratio = minimla is not allowed: it must be above 0 and below 10 or one of minimal; "
            "did you mean minimal?",
        ),
        (
            {"t_rh": "hot"},
            "t_rh = hot is not allowed: it must be above 0.005 GeV or one of v, v_x.",
        ),
        (
            {"t_rh": 1e-3},
            "t_rh = 0.001 GeV is not allowed: it must be above 0.005 GeV or one of v, v_x.",
        ),
    ],
)
def test_wrong_words(values, text):
    with pytest.raises(ParameterError) as caught:
        Toy(m_x=1.0, **values)
    assert str(caught.value) == text


def test_a_choice_is_not_an_array():
    with pytest.raises(ParameterError, match="dm = "):
        DarkPhoton(m_v=1.0, dm=np.array(["dirac", "none"]))  # type: ignore[arg-type]


def test_words_on_the_command_line(cli):
    words = ("eval", "toy", "scaled", "m_x=1TeV", "phase=broken", "--json")
    for ratio, value in (("minimal", 2e3), ("3/2", 3e3)):
        code, out, _ = cli(*words, f"ratio={ratio}", "t_rh=v_x")
        assert code == 0
        assert json.loads(out)["value"] == value
        assert json.loads(out)["parameters"]["t_rh"] == "v_x"
    assert json.loads(cli(*words, "ratio=1", "t_rh=1TeV")[1])["parameters"]["t_rh"] == 1e3
    grid = json.loads(cli(*words, "--grid", "ratio=1:2:2")[1])
    assert grid["value"] == [2e3, 4e3]


@pytest.mark.parametrize(
    ("word", "phrase"),
    [
        ("ratio=minimum", "did you mean minimal?"),
        ("ratio=nan", "or one of minimal"),
        ("ratio=0", "or one of minimal"),
        ("t_rh=1parsec", "parsec is not a known unit"),
        ("t_rh=-v", "a finite number in"),
    ],
)
def test_wrong_words_on_the_command_line(cli, word, phrase):
    code, out, err = cli("eval", "toy", "looped", "m_x=1", word)
    assert (code, out) == (2, "")
    assert phrase in err
    assert len(err.splitlines()) == 1


def test_solving_for_a_number_that_may_be_a_word():
    found = solve(Toy, {"m_x": 2.0}, "ratio", 4.0, "scaled", bracket=(0.1, 9.0), phase="broken")
    assert found.value == pytest.approx(1.0, rel=1e-8)
    with pytest.raises(UsageError, match="not a number"):
        solve(Toy, {}, "m_x", 4.0, "spectrum")
    with pytest.raises(UsageError, match="not a number"):
        solve(Toy, {}, "m_x", 4.0, "size")


def test_default_bracket_lies_in_the_allowed_range():
    low, high = default_bracket(Parameter("r", "1", "above one", 1.0, 10.0))
    assert (low, high) == (pytest.approx(1.0, abs=1e-5), pytest.approx(10.0, abs=1e-4))
    assert default_bracket(Toy.parameter("t_rh"))[1] == 1e3
    assert default_bracket(DarkPhoton.parameter("epsilon")) == (
        1e-12,
        pytest.approx(0.877, rel=1e-5),
    )


# --- arguments ----------------------------------------------------------------------------------


def test_arguments_have_defaults_and_words():
    model = Toy(m_x=3.0, ratio="minimal")
    found = evaluate(model, "scaled", phase="unbroken")
    assert float(found.value) == -6.0
    assert found.arguments == {"phase": "unbroken", "s": 2.0}
    outer = evaluate(Toy(m_x=[1.0, 2.0], ratio=1.0), "scaled", phase="broken", s=[[1.0], [2.0]])
    assert outer.value.shape == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({}, "scaled needs phase, the phase: one of broken, unbroken."),
        ({"phase": "brokn"}, "phase = brokn is not allowed: it must be one of broken, unbroken; "
         "did you mean broken?"),
        ({"phase": 3.0}, "phase = 3.0 is not allowed: it must be one of broken, unbroken."),
        ({"phas": "broken"}, "scaled has no argument phas; did you mean phase?"),
        ({"phase": "broken", "s": -1.0}, "s = -1 GeV^2 is not allowed: it must be above 0 GeV^2."),
    ],
)  # fmt: skip
def test_wrong_arguments(arguments, text):
    with pytest.raises(UsageError) as caught:
        evaluate(Toy(m_x=3.0, ratio="minimal"), "scaled", **arguments)
    assert str(caught.value) == text


def test_arguments_are_echoed(cli):
    words = ("eval", "toy", "scaled", "m_x=3", "ratio=1", "phase=unbroken", "--json")
    assert json.loads(cli(*words)[1])["arguments"] == {"phase": "unbroken", "s": 2.0}
    grid = json.loads(cli(*words, "--grid", "s=1:2:2")[1])
    assert grid["arguments"] == {"phase": "unbroken"}
    assert grid["value"] == [-3.0, -6.0]
    assert cli(*words, "--grid", "s=1:2:2", "phase=no")[0] == 2
    solved = ("solve", "toy", "for=m_x", "target=-8", "observable=scaled", *words[4:])
    assert json.loads(cli(*solved)[1])["arguments"] == {"phase": "unbroken", "s": 2.0}
    code, _, err = cli("eval", "toy", "scaled", "m_x=3", "ratio=1", "--grid", "phase=1:2:2")
    assert (code, err) == (2, "error: phase is a word and cannot span a grid.\n")


def test_words_are_static_for_compilation():
    """Every word compiles a version of its own; the same words do not compile again."""
    pytest.importorskip("jax")
    for _ in range(2):
        for ratio in ("minimal", 1.5):
            for phase, sign in (("broken", 2.0), ("unbroken", -2.0)):
                model = Toy(m_x=np.array([3.0, 4.0]), ratio=ratio)
                found = evaluate(model, "scaled", engine="jax", phase=phase)
                np.testing.assert_allclose(found.value, sign * model.m_x * model.number())
    traced = [(r, p) for r in ("minimal", None) for p in ("broken", "unbroken")]
    assert traced == CALLS


# --- results ------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["numpy", "jax"])
def test_arrays_of_every_point(engine):
    """Shape (2, 150) of points over several chunks, three numbers each; flagged ones are hidden."""
    if engine == "jax":
        pytest.importorskip("jax")
    m_x = np.linspace(1.0, 1010.0, 300).reshape(2, 150)
    found = evaluate(Toy(m_x=m_x), "spectrum", engine=engine)
    assert found.value["double"].shape == (2, 150, 3)
    assert found.status.shape == (2, 150)
    hidden = m_x > 1e3
    assert np.array_equal(found.status == OUT_OF_VALIDITY, hidden)
    assert np.array_equal(np.isnan(found.value["power"]).all(axis=2), hidden)
    np.testing.assert_allclose(
        found.value["power"][~hidden], (m_x[..., None] ** [1, 2, 3])[~hidden], rtol=1e-14
    )
    assert evaluate(Toy(m_x=2.0), "spectrum", engine=engine).value["power"].tolist() == [2, 4, 8]


@pytest.mark.parametrize("engine", ["numpy", "jax"])
def test_labels(engine):
    if engine == "jax":
        pytest.importorskip("jax")
    found = evaluate(Toy(m_x=[[1.0, 11.0, 2e3]]), "size", engine=engine)
    assert found.value.tolist() == [["small", "large", None]]
    assert evaluate(Toy(m_x=1.0), "size", engine=engine).value.item() == "small"
    assert evaluate(Toy(m_x=4.0), "sizes", engine=engine).value.tolist() == ["small", "large"]


def test_arrays_and_labels_as_json(cli):
    record = json.loads(cli("eval", "toy", "spectrum", "m_x=2", "--json")[1])
    assert record["value"] == {"power": [2.0, 4.0, 8.0], "double": [4.0, 8.0, 16.0]}
    words = ("--grid", "m_x=1:2:2", "--grid", "ratio=1:3:3", "--json")
    grid = json.loads(cli("eval", "toy", "spectrum", *words)[1])
    assert np.shape(grid["value"]["power"]) == (2, 3, 3)
    assert grid["value"]["power"][1][2] == [2.0, 4.0, 8.0]
    assert json.loads(cli("eval", "toy", "size", "m_x=11", "--json")[1])["value"] == "large"
    code, out, _ = cli("eval", "toy", "size", "--grid", "m_x=11:2000:2", "--json")
    assert code == 3
    assert json.loads(out)["value"] == ["large", None]
    assert np.shape(json.loads(cli("eval", "toy", "sizes", *words)[1])["value"]) == (2, 3, 2)


def test_arrays_and_labels_as_text(cli):
    table = cli("eval", "toy", "spectrum", "m_x=2")[1].splitlines()
    assert table == ["power [GeV]\tdouble [GeV]", "2\t4", "4\t8", "8\t16"]
    hint = cli("eval", "toy", "spectrum", "--grid", "m_x=1:2:2")[1]
    assert hint == "spectrum has arrays of 3 values at each point: use --json.\n"
    assert cli("eval", "toy", "size", "m_x=2")[1] == "size = small\n"
    assert cli("eval", "toy", "size", "--grid", "m_x=2:11:2")[1].split() == [
        *("m_x", "size", "status"),
        *("2", "small", "ok"),
        *("11", "large", "ok"),
    ]
    assert cli("eval", "toy", "size", "m_x=2000")[1].startswith("size = undefined\n")
    assert cli("check", "toy", "m_x=2", "--claim", "size < 1")[0] == 2
    assert cli("check", "toy", "m_x=2", "--claim", "spectrum < 1")[0] == 2


# --- options ------------------------------------------------------------------------------------


def test_channels_are_put_into_order():
    assert Options(channels="simp, kinetic,simp").channels == "kinetic,simp"
    assert Options(channels="simp,kinetic") == Options(channels="kinetic,simp")
    pair = Options(channels="secluded,standard-model")
    model = DarkPhoton(m_v=0.5, epsilon=1e-3, m_dm=1.0, alpha_d=0.01)
    both, every = (evaluate(model, "sigma_v_cm3_s", x=20.0, options=o) for o in (pair, Options()))
    assert float(both.value) == float(every.value)
    for wrong in ("", "kinetic,", "all,simp", "simpp"):
        with pytest.raises(ParameterError, match="channels = "):
            Options(channels=wrong)


def test_kept_channels():
    names = ("kinetic", "dark", "simp")
    assert Options().kept(names) == names
    assert Options(channels="simp,kinetic").kept(names) == ("kinetic", "simp")
    with pytest.raises(ParameterError, match="channels = secluded is not allowed") as caught:
        Options(channels="secluded,simp").kept(names)
    assert "all or, separated by commas, some of kinetic, dark, simp" in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"prescription": "as-printed"},
        {"mechanism": "freeze-in"},
        {"mechanism": "auto"},
        {"statistics": "quantum"},
        {"temperature": "dark"},
        {"channels": "kinetic"},
        {"channels": "standard-model,simp"},
    ],
)
def test_no_option_is_ignored(cli, options):
    """The dark photon supports none of these: an error that names the option, its word and why."""
    (name, word), point = *options.items(), {"m_v": 3.0, "epsilon": 1e-3}
    shown = word.split(",")[-1]
    for call in (evaluate, gradient):
        with pytest.raises(ParameterError, match=f"{name} = {shown} .* for dark-photon"):
            call(DarkPhoton(**point), "width_ee", options=Options(**options))
    pairs = ("m_v=3", "epsilon=1e-3", f"{name}={word}")
    for words in (
        ("eval", "dark-photon", "width_ee", *pairs),
        ("point", "dark-photon", *pairs),
        ("check", "dark-photon", *pairs, "--claim", "excluded by NA64"),
        ("solve", "dark-photon", "for=m_dm", "target=1", *pairs),
    ):
        code, out, err = cli(*words)
        assert (code, out) == (2, "")
        assert f"{name} = {shown} is not allowed" in err


def test_a_model_without_an_entry_supports_the_default():
    with pytest.raises(ParameterError, match="must be bath for toy"):
        evaluate(Toy(m_x=1.0), "size", options=Options(temperature="dark"))


def test_restrictions_that_need_the_options():
    simp = Options(channels="simp")
    with pytest.raises(ParameterError, match="below 2 with channels=simp alone"):
        evaluate(Toy(m_x=1.0, ratio=2.5), "size", options=simp)
    with pytest.raises(ParameterError, match="below 2 with channels=simp alone"):
        solve(Toy, {"ratio": 2.5}, "m_x", 1.0, "looped", options=simp)
    assert evaluate(Toy(m_x=1.0, ratio="minimal"), "size", options=simp).value.item() == "small"


def test_printed_formulas_are_told(cli):
    printed = Options(prescription="as-printed")
    assert evaluate(Toy(m_x=1.0), "size").assumptions == ()
    (told,) = evaluate(Toy(m_x=1.0), "size", options=printed).assumptions
    assert told.startswith("formulas as printed in the paper, including its misprints")
    pair = ("m_x=1", "ratio=1", "prescription=as-printed")
    record = json.loads(cli("eval", "toy", "size", *pair, "--json")[1])
    assert record["assumptions"] == [told]
    assert record["options"]["prescription"] == "as-printed"
    assert record["options"]["temperature"] == "bath"
    assert json.loads(cli("point", "toy", *pair, "--json")[1])["assumptions"] == [told]
    claim = ("check", "toy", *pair, "--claim", "looped < 2")
    assert json.loads(cli(*claim, "--json")[1])["assumptions"] == [told]
    solved = ("solve", "toy", "for=m_x", "target=2", "observable=looped", *pair[1:])
    for words in (("eval", "toy", "size", *pair), claim, solved):
        assert cli(*words)[1].endswith(f"\nnote: {told}.\n")
    assert "note: formulas as printed" in cli("point", "toy", *pair)[1]


def test_remarks_on_statistics_and_temperature():
    assert Options().remarks() == ()
    (classical,) = Options(mechanism="freeze-in").remarks()
    assert "tens of per cent" in classical
    (quantum,) = Options(mechanism="freeze-in", statistics="quantum").remarks()
    assert quantum.startswith("Bose-Einstein")
    assert "temperature of its own" in Options(temperature="dark").remarks()[0]


# --- gradients ----------------------------------------------------------------------------------


def test_forward_mode_differentiates_a_loop_that_ends_by_itself():
    """d sqrt(m_x ratio): exact derivatives; the iteration is converged to 1e-13."""
    pytest.importorskip("jax")
    m_x, ratio = np.array([1.0, 2.0, 30.0]), np.array([[0.5], [3.0]])
    slopes = gradient(Toy(m_x=m_x, ratio=ratio), "looped")
    root = np.sqrt(m_x * ratio)
    np.testing.assert_allclose(slopes["m_x"], 0.5 * root / m_x, rtol=1e-10)
    np.testing.assert_allclose(slopes["ratio"], 0.5 * root / ratio, rtol=1e-10)
    assert list(gradient(Toy(m_x=m_x, ratio="minimal"), "looped")) == ["m_x"]


def test_gradients_with_words():
    pytest.importorskip("jax")
    slopes = gradient(Toy(m_x=3.0, ratio=2.0), "scaled", phase="unbroken")
    assert {key: float(value) for key, value in slopes.items()} == {
        "m_x": -4.0,
        "ratio": -6.0,
        "s": -6.0,
    }


@pytest.mark.parametrize("name", ["size", "sizes", "spectrum"])
def test_words_and_tables_have_no_gradient(name):
    pytest.importorskip("jax")
    with pytest.raises(UsageError, match="no gradient"):
        gradient(Toy(m_x=3.0), name)


# --- report and lists ---------------------------------------------------------------------------


def test_report_of_a_model_without_mediator_and_bounds(cli):
    """Shown: what needs no argument and asks for it, which `scaled` and `spectrum` do not."""
    code, out, err = cli("point", "toy", "m_x=4", "ratio=minimal", "--json")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert record["parameters"] == {"m_x": 4.0, "ratio": "minimal"}
    values = {name: item["value"] for name, item in record["observables"].items()}
    assert values == {"size": "small", "sizes": ["small", "large"], "looped": 2.0}
    assert record["verdict"]["excluded"] is False
    assert record["verdict"]["sentence"] == "Not decided: there are no bounds for toy."
    text = cli("point", "toy", "m_x=4", "ratio=minimal")[1]
    assert "ratio = minimal" in text
    assert "size                 small" in text
    assert "arrays, which eval prints" in text
    claim = ("check", "toy", "m_x=4", "--claim", "excluded by NA64")
    assert cli(*claim)[0] == 2


def test_kinds_of_dark_matter():
    assert Toy(m_x=1.0).has_dark_matter
    assert DarkPhoton(m_v=1.0, dm="none").has_dark_matter is False
    assert DarkPhoton(m_v=1.0, m_dm=1.0).dark_matter == "complex-scalar"


def test_lists_show_words_units_and_defaults(cli):
    lines = cli("observables", "toy")[1].splitlines()
    assert lines[0].endswith("(phase=broken|unbroken, s=[GeV^2], default 2.0)")
    records = {item["name"]: item for item in json.loads(cli("observables", "toy", "--json")[1])}
    phase, s = records["scaled"]["arguments"]
    assert phase["choices"] == ["broken", "unbroken"]
    assert phase["default"] is None
    assert (s["unit"], s["default"]) == ("GeV^2", 2.0)
    assert records["size"]["labels"] == list(LABELS)
    listed = {item["name"]: item for item in json.loads(cli("models", "--json")[1])}["toy"]
    assert listed["parameters"][1]["words"] == ["minimal"]
    assert listed["options"]["mechanism"] == ["freeze-out", "freeze-in", "auto"]
    assert listed["options"]["temperature"] == ["bath"]
    assert "or one of minimal" in cli("models")[1]
