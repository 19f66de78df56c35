"""Batched, adaptive, linearly implicit integration of small stiff systems y' = f(t, y).

Rodas5P [Steinebach, BIT Numer. Math. 63, 27 (2023)]: eight stages, order five, stiffly accurate,
L-stable, with an embedded solution of order four and an interpolant of order four. Every point of
the batch has its own time and its own step. NumPy runs a Python loop that drops finished points;
JAX runs the same step inside `lax.while_loop`, so that forward-mode derivatives exist.

Components come first and points last: y has shape (D, n), a Jacobian (D, D, n).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from vectorportal.numerics.arrays import namespace

__all__ = ["NODES", "Solution", "Stages", "System", "factor", "integrate", "solve", "step"]

GAMMA = 0.21193756319429014
NODES = np.array(
    [0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1.0]
)
"""times of the stages in units of the step; the last three stages share the last one"""

_A = (
    (),
    (3.0,),
    (2.849394379747939, 0.45842242204463923),
    (-6.954028509809101, 2.489845061869568, -10.358996098473584),
    (2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641),
    (-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256,
     0.030198172008377946),
)  # fmt: skip
_C = (
    (),
    (-14.155112264123755,),
    (-17.97296035885952, -2.859693295451294),
    (147.12150275711716, -1.41221402718213, 71.68940251302358),
    (165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306),
    (24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125,
     -0.6610691825249471),
    (30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783,
     -19.097331116725623, -28.087943162872662),
    (37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047,
     -40.06618937091002, -54.66780262877968, -9.48861652309627),
)  # fmt: skip
_D = (0.21193756319429014, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734,
      2.325825639765069, 0.0, 0.0, 0.0)  # fmt: skip
_H = (
    (25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204,
     0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493),
    (-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796,
     20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372),
    (11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643,
     -52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722),
)  # fmt: skip


def _stage_weights() -> list[np.ndarray]:
    """Rows (a_ij, C_ij) of stage i, shape (2, i): the last two stages add one increment each."""
    last = (*_A[5], 1.0, 1.0)
    rows = [*_A, last[:6], last]
    return [np.array([a, c]).reshape(2, len(a)) for a, c in zip(rows, _C, strict=True)]


_WEIGHTS = _stage_weights()
_NODE = (0, 1, 2, 3, 4, 5, 5, 5)
_DENSE = np.array(_H)
_ORDER = 5
_SAFETY, _SHRINK, _GROW, _FALL = 0.85, 0.1, 6.0, 1.0


class Stages(Protocol):
    """f around one step: `rhs(i, y)` at time t + NODES[i] h; df/dy (D, D, n) and df/dt at t, y."""

    def rhs(self, node: int, y: Any, /) -> Any: ...

    def jacobian(self) -> Any: ...

    def slope(self) -> Any: ...


class System(Protocol):
    """A batch of systems.

    stages(t, h, y) : prepares one step. settle(old, new) : restores what is conserved.
    scale(old, new, h df/dy) : sizes that errors are measured by, (D, n). allowed(y, tolerance) :
    which points have values that can be, (n,). tracer(new, old) : ln of the growth of the
    component that sets the fitted exponential, (n,); fitted(rate) : which components follow it,
    (D, n). take(index) : a smaller batch.
    """

    def stages(self, t: Any, h: Any, y: Any, /) -> Stages: ...

    def settle(self, old: Any, new: Any, /) -> Any: ...

    def scale(self, old: Any, new: Any, stiffness: Any, /) -> Any: ...

    def allowed(self, y: Any, tolerance: Any, /) -> Any: ...

    def tracer(self, new: Any, old: Any, /) -> Any: ...

    def fitted(self, rate: Any, /) -> Any: ...

    def take(self, index: Any, /) -> System: ...


def factor(matrix: Any) -> list[list[Any]]:
    """LU factors without pivoting of `matrix` (D, D, n), the inverse pivots on the diagonal."""
    size = matrix.shape[0]
    rows = [[matrix[i, j] for j in range(size)] for i in range(size)]
    for k in range(size):
        rows[k][k] = 1.0 / rows[k][k]
        for i in range(k + 1, size):
            rows[i][k] = rows[i][k] * rows[k][k]
            for j in range(k + 1, size):
                rows[i][j] = rows[i][j] - rows[i][k] * rows[k][j]
    return rows


def solve(factors: list[list[Any]], right: Any) -> Any:
    """The solution (D, n) of the factored system for `right` (D, n)."""
    xp = namespace(right)
    size = len(factors)
    x = [right[i] for i in range(size)]
    for i in range(size):
        for j in range(i):
            x[i] = x[i] - factors[i][j] * x[j]
    for i in reversed(range(size)):
        for j in range(i + 1, size):
            x[i] = x[i] - factors[i][j] * x[j]
        x[i] = x[i] * factors[i][i]
    return xp.stack(x)


def step(stages: Stages, y: Any, h: Any) -> tuple[Any, Any, Any]:
    """y at t + h, the estimated error and the increments (8, D, n) for `dense`.

    (1 - h gamma J) k_i = gamma (h f(t_i, y + sum a_ij k_j) + sum C_ij k_j + h^2 d_i df/dt).
    """
    xp = namespace(y)
    jacobian, size = stages.jacobian(), y.shape[0]
    unit = xp.asarray(np.eye(size)[:, :, None])
    factors = factor(unit - (GAMMA * h) * jacobian)
    drift = (h * h) * stages.slope()
    k: list[Any] = []
    for i, weights in enumerate(_WEIGHTS):
        right, at = _D[i] * drift, y
        if k:
            sums = xp.tensordot(xp.asarray(weights), xp.stack(k), axes=1)
            at, right = y + sums[0], right + sums[1]
        right = GAMMA * (h * stages.rhs(_NODE[i], at) + right)
        k.append(solve(factors, right))
    return at + k[-1], k[-1], xp.stack(k)


class FittedStages:
    """The equations for z = y/S, S = exp(rate (e^(t - t0) - 1)), whose first guess is z = const.

    With `rate` = dlny/dt of the step before, what falls like exp(-const e^t) needs few steps.
    """

    def __init__(self, stages: Stages, y: Any, h: Any, rate: Any) -> None:
        xp = namespace(y)
        grown = xp.exp(xp.asarray(NODES)[:, None] * h)
        self.stages, self.y, self.rate, self.grown = stages, y, rate, grown
        self.size = xp.exp(rate[:, None] * (grown - 1.0))
        self.raw_jacobian = stages.jacobian()

    def rhs(self, node: int, z: Any) -> Any:
        s = self.size[:, node]
        if node == 0:
            return self.stages.rhs(node, z) - self.rate * z
        return self.stages.rhs(node, s * z) / s - self.rate * self.grown[node] * z

    def jacobian(self) -> Any:
        xp = namespace(self.y)
        unit = xp.asarray(np.eye(self.y.shape[0])[:, :, None])
        return self.raw_jacobian - unit * self.rate

    def slope(self) -> Any:
        xp = namespace(self.y)
        moved = xp.einsum("ijn,jn->in", self.raw_jacobian, self.rate * self.y)
        here = self.stages.rhs(0, self.y)
        return self.stages.slope() + moved - self.rate * (here + self.y)


def dense(old: Any, new: Any, increments: Any, theta: Any) -> Any:
    """y at t + theta h, order four; shapes (D, n), (D, n), (8, D, n) and (n,)."""
    xp = namespace(old)
    c = xp.tensordot(xp.asarray(_DENSE), increments, axes=1)
    left = 1.0 - theta
    return old * left + theta * (new + left * (c[0] + theta * (c[1] + theta * c[2])))


@dataclass(frozen=True)
class Solution:
    """y : (D, n) at the end; samples : (D, n, P), NaN where not reached; converged : (n,) bool;
    steps : (n,) attempted steps. Where it did not converge, y is the last accepted state."""

    y: Any
    samples: Any
    converged: Any
    steps: Any


@dataclass
class _State:
    """What the loop carries for the points it works on."""

    t: Any
    y: Any
    h: Any
    steps: Any
    alive: Any
    rate: Any
    rejected: Any


@dataclass
class _Tried:
    """The step just tried, for `dense`: from t to `end`; old and new in the fitted variable."""

    accepted: Any
    t: Any
    end: Any
    h: Any
    old: Any
    new: Any
    increments: Any
    rate: Any

    def at(self, theta: Any, point: Any) -> Any:
        """y at t + theta h of the points `point` (index into the batch, or a slice with None)."""
        xp = namespace(self.old)
        point = point if isinstance(point, tuple) else (point,)
        one, all_ = (slice(None), *point), (slice(None), slice(None), *point)
        z = dense(self.old[one], self.new[one], self.increments[all_], theta)
        return z * xp.exp(self.rate[one] * xp.expm1(theta * self.h[point]))


def _attempt(system: System, s: _State, stop: Any, rtol: Any) -> tuple[_State, _Tried]:
    """One trial step of every point; the second answer is what sampling needs."""
    xp = namespace(s.y)
    left = stop - s.t
    last = s.h >= left * (1.0 - 1e-10)
    h = xp.where(last, left, s.h)
    span = xp.expm1(h)
    rate = system.fitted(xp.maximum(s.rate, -_FALL / span))
    stages = FittedStages(system.stages(s.t, h, s.y), s.y, h, rate)
    new, error, increments = step(stages, s.y, h)
    size = stages.size[:, -1]
    raw = new * size
    scale = system.scale(s.y, raw, h * stages.raw_jacobian) * rtol
    norm = xp.max(xp.abs(error * size) / scale, axis=0)
    fine = xp.isfinite(norm) & system.allowed(raw, scale)
    norm = _constant(xp, xp.where(fine, xp.maximum(norm, 1e-12), 1e12))
    accepted = s.alive & (norm <= 1.0)
    most = xp.where(s.rejected, 1.0, _GROW)
    change = xp.minimum(xp.clip(_SAFETY * norm ** (-1.0 / _ORDER), _SHRINK, _GROW), most)
    t = xp.where(accepted, xp.where(last, stop, s.t + h), s.t)
    grown = _constant(xp, h) * change
    following = xp.where(last & accepted, xp.maximum(s.h, grown), grown)
    tiny = 4e-16 * (1.0 + xp.abs(s.t))
    y = xp.where(accepted, system.settle(s.y, raw), s.y)
    seen = _constant(xp, system.tracer(y, s.y) * xp.exp(h) / span)
    rate = xp.where(accepted, xp.minimum(seen, 0.0), xp.where(norm < 100.0, s.rate, 0.0))
    alive = s.alive & (t < stop) & ((following > tiny) | accepted)
    following = xp.where(s.alive, following, s.h)
    state = _State(t, y, following, s.steps + s.alive, alive, rate, ~accepted)
    return state, _Tried(accepted, s.t, t, h, s.y, new, increments, stages.rate)


def _constant(xp: Any, value: Any) -> Any:
    """`value` without its derivative: step sizes are not differentiated."""
    if xp is np:
        return value
    import jax

    return jax.lax.stop_gradient(value)


def integrate(
    system: System,
    y: Any,
    start: Any,
    stop: Any,
    *,
    rtol: float,
    first_step: float = 1e-2,
    sample_at: np.ndarray | None = None,
    max_steps: int = 2000,
) -> Solution:
    """Integrate every point from `start` to `stop` (n,), y of shape (D, n).

    The error of one step, in units of `system.scale`, is kept below `rtol`. `sample_at` (P,) is an
    ascending grid of t. A point whose step vanishes, or that takes `max_steps`, is not converged.
    """
    xp = namespace(y, start, stop)
    at = np.empty(0) if sample_at is None else np.asarray(sample_at, dtype=np.float64)
    h = xp.minimum(xp.full_like(start, first_step), stop - start)
    zero = xp.zeros(start.shape, dtype=xp.int64)
    state = _State(start, y, h, zero, start < stop, 0.0 * start, zero > 0)
    if xp is np:
        return _loop_numpy(system, state, stop, rtol, at, max_steps)
    return _loop_jax(system, state, stop, rtol, at, max_steps)


def _loop_numpy(
    system: System, state: _State, stop: Any, rtol: float, at: np.ndarray, max_steps: int
) -> Solution:
    size, count = state.y.shape
    samples = np.full((size, count, at.size), np.nan)
    _first_samples(np, state, at, samples)
    y, t, steps = state.y.copy(), state.t.copy(), state.steps.copy()
    place, goal = np.arange(count), stop
    with np.errstate(over="ignore", divide="ignore", invalid="ignore", under="ignore"):
        for trial in range(max_steps + 1):
            if trial == max_steps or np.count_nonzero(state.alive) < 0.8 * place.size:
                y[:, place], t[place], steps[place] = state.y, state.t, state.steps
                keep = np.flatnonzero(state.alive)
                if keep.size == 0 or trial == max_steps:
                    break
                system, place, goal = system.take(keep), place[keep], goal[keep]
                state = _State(*(v[..., keep] for v in vars(state).values()))
            state, tried = _attempt(system, state, goal, rtol)
            if at.size:
                _sample_numpy(samples, place, at, tried)
    return Solution(y, samples, t >= stop, steps)


def _first_samples(xp: Any, state: _State, at: np.ndarray, samples: Any) -> Any:
    """Samples that coincide with the start."""
    here = np.asarray(at)[None, :] == state.t[:, None]
    return np.copyto(samples, state.y[:, :, None], where=here[None])


def _sample_numpy(samples: np.ndarray, place: np.ndarray, at: np.ndarray, tried: _Tried) -> None:
    """Fill the samples that lie in the accepted steps (t, end]."""
    low = np.searchsorted(at, tried.t, side="right")
    high = np.where(tried.accepted, np.searchsorted(at, tried.end, side="right"), low)
    point = np.repeat(np.arange(low.size), high - low)
    if point.size == 0:
        return
    column = np.arange(point.size) - np.repeat(np.cumsum(high - low) - high, high - low)
    theta = (at[column] - tried.t[point]) / tried.h[point]
    samples[:, place[point], column] = tried.at(theta, point)


def _loop_jax(
    system: System, state: _State, stop: Any, rtol: float, at: np.ndarray, max_steps: int
) -> Solution:
    import jax
    import jax.numpy as jnp

    grid = jnp.asarray(at)
    here = grid[None, :] == state.t[:, None]
    samples = jnp.where(here[None], state.y[:, :, None], jnp.nan)

    def go(carry: Any) -> Any:
        return jnp.any(carry[0][4] & (carry[0][3] < max_steps))

    def body(carry: Any) -> Any:
        new, tried = _attempt(system, _State(*carry[0]), stop, rtol)
        return tuple(vars(new).values()), _sample_jax(carry[1], grid, tried)

    final, samples = jax.lax.while_loop(go, body, (tuple(vars(state).values()), samples))
    return Solution(final[1], samples, final[0] >= stop, final[3])


def _sample_jax(samples: Any, at: Any, tried: _Tried) -> Any:
    if at.shape[0] == 0:
        return samples
    xp = namespace(samples)
    wide = (slice(None), None)
    start, end = tried.t[wide], tried.end[wide]
    inside = tried.accepted[wide] & (at > start) & (at <= end)
    theta = xp.where(inside, (at - start) / tried.h[wide], 0.5)
    return xp.where(inside[None], tried.at(theta, wide), samples)
