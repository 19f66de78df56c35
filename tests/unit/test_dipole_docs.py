"""Numbers in docs/dark-dipole.md are those of the package."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from vectorportal.inputs.settings import Options
from vectorportal.models import DarkDipole
from vectorportal.observables.base import evaluate

TEXT = " ".join(
    (Path(__file__).parents[2] / "docs" / "dark-dipole.md").read_text(encoding="utf-8").split()
)
NUMBER = r"(\d+(?:\.\d+)?(?:e-?\d+)?)"
POINT = {"m_v": 0.1, "epsilon": 1e-4, "lambda_over_alpha_d": 25e3, "alpha_d": 1.0}
"""the values that the paper quotes its numbers for"""
PRINTED = Options(prescription="as-printed")


def value(name: str, changes: dict[str, Any] | None = None, **more: Any) -> float:
    model = DarkDipole(**{**POINT, **(changes or {})})
    return float(evaluate(model, name, **more).value)


def toy(options: Options) -> float:
    """8 pi s_I^2 = Lambda alpha_D G/m_F."""
    loop = value("loop_g", y=1.0, options=options)
    return value("lambda_toy_model", m_f=1.0, y=1.0, options=options) * loop


def scattering(options: Options, **more: Any) -> float:
    return value("sigma_electron_cm2", {"epsilon": 0.0, **more}, options=options)


def babar(z_min: float, z_max: float) -> float:
    """TeV, as printed: m_V -> 0."""
    cuts = {"sqrt_s": 10.0, "z_min": z_min, "z_max": z_max, "epsilon_max": 1e-3}
    return value("lambda_bound_ee", {"epsilon": 0.0}, options=PRINTED, **cuts) / 1e3


def equal_scale() -> float:
    """Lambda in TeV where R of (9) is 1: R goes as 1/alpha_D at fixed Lambda/alpha_D."""
    return value("r_annihilation", {"m_dm": 0.1}) * POINT["lambda_over_alpha_d"] / 1e3


CASES: dict[str, tuple[str, Callable[[], tuple[float, ...]]]] = {
    "toy model": (r"8 pi s_I\^2 \| 5\.8 \| N \| N \|", lambda: (toy(PRINTED), toy(Options()))),
    "scales of the toy model": (
        r"for m_F = 1 TeV \|[^|]*\| N to N TeV [^|]*\| N to N TeV",
        lambda: tuple(
            value("lambda_toy_model", {"alpha_d": a}, m_f=1e3, y=1.0, options=o) / 1e3
            for o in (PRINTED, Options())
            for a in (1.0, 0.01)
        ),
    ),
    "annihilation": (
        r"R of \(9\)[^|]*\|[^|]*\| N, N TeV",
        lambda: (value("r_annihilation", {"m_dm": 0.1}), equal_scale()),
    ),
    "chi": (
        r"\(13\) \| 2\.4e-9 \| N \| N \|",
        lambda: (abs(value("chi", options=PRINTED)), abs(value("chi"))),
    ),
    "scattering": (
        r"\(15\) \| 7\.1e-56 cm\^2 \| N \| N \|[^|]* m_dm = 10 MeV N \|",
        lambda: (
            scattering(PRINTED),
            scattering(Options()),
            scattering(Options(), m_dm=0.01),
        ),
    ),
    "fixed target": (r"\(18\) \|[^|]*\| N \|", lambda: (value("r_fixed_target"),)),
    "pion": (
        r"\(20\) \|[^|]*\| N \(f_pi\), N \(m_V\), N \(m_pi\)",
        lambda: tuple(value("r_pion", scale=s) for s in ("f_pi", "m_v", "m_pi")),
    ),
    "collider": (
        r"\(24\) \|[^|]*\| N \(\\\|z\\\| < 0\.6\), N \(-0\.4 < z < 0\.6\)",
        lambda: (babar(-0.6, 0.6), babar(-0.4, 0.6)),
    ),
    "moment of the electron": (
        r"a_e = N for epsilon = 1e-4, Lambda/alpha_D = 25 TeV, alpha_D = 1, m_V = 100 MeV.*?"
        r"\(m_F = 1 TeV, y = 1\) it is N,",
        lambda: (value("a_e_dipole"), value("a_e_toy_model", m_f=1e3, y=1.0)),
    ),
}


def rounded(text: str, number: float) -> bool:
    """Whether `number` is `text` to the digits that it has; zeros of whole numbers do not count."""
    digits = Decimal(text) if "." in text else Decimal(text).normalize()
    exponent = digits.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(number - float(text)) <= 0.5001 * 10.0**exponent


@pytest.mark.parametrize("name", CASES)
def test_quoted_numbers(name: str) -> None:
    pattern, numbers = CASES[name]
    found = re.search(re.sub(r"\bN\b", lambda _: NUMBER, pattern), TEXT)
    assert found is not None
    for text, number in zip(found.groups(), numbers(), strict=True):
        assert rounded(text, number), (text, number)


def test_rounding() -> None:
    assert rounded("2.39e-9", 2.3949e-9)
    assert not rounded("2.39e-9", 2.3951e-9)
    assert rounded("1160", 1156.1)
    assert not rounded("0.40", 0.41)
