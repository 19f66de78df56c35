"""Effective relativistic degrees of freedom g_rho(T), g_s(T): packaged tables, C2 in ln T."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from vectorportal.errors import DataError, ParameterError, UsageError, nearest_name
from vectorportal.numerics.arrays import is_jax, namespace
from vectorportal.numerics.spline import CubicSpline1D, cubic, cubic_slope, locate

__all__ = ["DofTable", "dof_names", "load_dof"]

_FOLDER = Path(__file__).resolve().parents[1] / "data" / "inputs"
_FILES = {"saikawa-shirai": "dof_saikawa_shirai.csv", "drees": "dof_drees.csv"}
_BLOCK = 16384  # elements worked on at once in NumPy, so that temporaries stay in the cache


@dataclass(frozen=True, eq=False)
class DofTable:
    """One table of g_rho and g_s, with rho = pi^2/30 g_rho T^4 and s = 2 pi^2/45 g_s T^3.

    ln g is a cubic spline in ln T, twice continuously differentiable inside [t_min, t_max] and
    constant outside it: there the derivative is 0, and it goes to 0 at both ends. A T that is not
    positive raises for NumPy; NaN in gives NaN out where values cannot be inspected (JAX).

    Attributes
    ----------
    name : name of the table, as in `dof_names()`.
    source : publication and figure or table.
    notes : every `key: value` line of the file (how it was sampled, seams, ends, accuracy).
    ln_t : uniform grid of ln(T/GeV), shape (n,).
    t_min, t_max : ends of the grid in GeV.
    ln_g_rho, ln_g_s : splines of ln g in ln(T/GeV). Their `coefficients` are four arrays of shape
        (n - 1,) each, on the same intervals, so one index serves both.
    """

    name: str
    source: str
    notes: dict[str, str]
    ln_t: np.ndarray
    t_min: float
    t_max: float
    ln_g_rho: CubicSpline1D
    ln_g_s: CubicSpline1D

    def g_rho(self, temperature: Any) -> Any:
        """g_rho at `temperature` (GeV, any shape, NumPy or JAX); raises ParameterError."""
        return self._value(self.ln_g_rho, temperature)

    def g_s(self, temperature: Any) -> Any:
        """g_s at `temperature` (GeV, any shape, NumPy or JAX); raises ParameterError."""
        return self._value(self.ln_g_s, temperature)

    def dln_g_s_dln_t(self, temperature: Any) -> Any:
        """d ln g_s/d ln T at `temperature` (GeV, any shape); 0 outside [t_min, t_max]."""
        _check_positive(temperature)
        xp = namespace(temperature)
        return self.ln_g_s.derivative(xp.log(xp.asarray(temperature)))

    def evaluate(self, ln_t: Any) -> tuple[Any, Any, Any]:
        """ln g_rho, ln g_s and d ln g_s/d ln T at `ln_t` = ln(T/GeV), with one index computation.

        `ln_t` is a float64 array of any shape, NumPy or JAX; the three answers have its shape.
        Not checked: NaN in gives NaN out.
        """
        xp = namespace(ln_t)
        ln_t = xp.asarray(ln_t)
        if xp is np and ln_t.size > _BLOCK:
            return self._evaluate_blocks(ln_t)
        return self._evaluate(xp, ln_t)

    def _evaluate(self, xp: Any, ln_t: Any) -> tuple[Any, Any, Any]:
        rho, entropy = self.ln_g_rho, self.ln_g_s
        index, u = locate(xp, ln_t, rho.x0, rho.dx, self.ln_t.size - 1)
        slope = cubic_slope(xp, entropy.coefficients, index, u) * (1.0 / rho.dx)
        return (
            cubic(xp, rho.coefficients, index, u),
            cubic(xp, entropy.coefficients, index, u),
            slope,
        )

    def _evaluate_blocks(self, ln_t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        flat = ln_t.reshape(-1)
        out = np.empty((3, flat.size))
        for start in range(0, flat.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            out[0, part], out[1, part], out[2, part] = self._evaluate(np, flat[part])
        shape = ln_t.shape
        return out[0].reshape(shape), out[1].reshape(shape), out[2].reshape(shape)

    def _value(self, spline: CubicSpline1D, temperature: Any) -> Any:
        _check_positive(temperature)
        xp = namespace(temperature)
        return xp.exp(spline.evaluate(xp.log(xp.asarray(temperature))))


def dof_names() -> tuple[str, ...]:
    """Names of the packaged tables; the first is the default."""
    return tuple(_FILES)


@cache
def load_dof(name: str = "saikawa-shirai") -> DofTable:
    """The packaged table `name` (read once per process).

    Raises
    ------
    UsageError : when there is no table of that name.
    DataError : when the packaged file is missing or broken.
    """
    if name not in _FILES:
        nearest = nearest_name(str(name), _FILES)
        hint = f"did you mean {nearest}?" if nearest else f"use one of {', '.join(_FILES)}."
        raise UsageError(f"There is no table of degrees of freedom named {name!r}; {hint}")
    notes, columns = _read(_FOLDER / _FILES[name])
    return _build(notes, columns)


def _read(path: Path) -> tuple[dict[str, str], np.ndarray]:
    """The `# key: value` lines and the columns t_gev, g_rho, g_s as rows of an array (3, n)."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise DataError(f"The table {path.name} cannot be read: {error.strerror}.") from error
    comments = [line[1:] for line in lines if line.startswith("#")]
    notes = {key.strip(): text.strip() for key, _, text in (c.partition(":") for c in comments)}
    try:
        body = ",".join(lines[len(comments) + 1 :])
        columns = np.array(body.split(","), dtype=np.float64).reshape(-1, 3).T
    except ValueError as error:
        raise DataError(f"The table {path.name} is broken: {error}.") from error
    if str(columns.shape[1]) != notes.get("points") or not np.all(columns > 0.0):
        raise DataError(f"The table {path.name} is incomplete or has a g that is not positive.")
    return notes, columns


def _build(notes: dict[str, str], columns: np.ndarray) -> DofTable:
    missing = {"name", "source", "ln_t_min", "ln_t_max"} - notes.keys()
    if missing:
        raise DataError(f"A table of degrees of freedom lacks the line {min(missing)}.")
    low, high = float(notes["ln_t_min"]), float(notes["ln_t_max"])
    points = columns.shape[1]
    spacing = (high - low) / (points - 1)
    ln_g_rho, ln_g_s = (
        CubicSpline1D.fit(low, spacing, np.log(g), ends="flat") for g in columns[1:]
    )
    return DofTable(
        name=notes["name"],
        source=notes["source"],
        notes=notes,
        ln_t=np.linspace(low, high, points),
        t_min=float(np.exp(low)),
        t_max=float(np.exp(high)),
        ln_g_rho=ln_g_rho,
        ln_g_s=ln_g_s,
    )


def _check_positive(temperature: Any) -> None:
    """Raise ParameterError unless every T is positive and finite; JAX arrays are not inspected."""
    if is_jax(temperature):
        return
    values = np.asarray(temperature, dtype=np.float64)
    good = (values > 0.0) & np.isfinite(values)
    if not np.all(good):
        bad = float(values[~good].flat[0])
        raise ParameterError("T", bad, "GeV", "positive and finite")
