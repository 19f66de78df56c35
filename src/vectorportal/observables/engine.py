"""Run one array function on either engine: chunks of points, threads, compilation, gradients."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np

from vectorportal.errors import UsageError
from vectorportal.inputs.settings import Inputs, Options
from vectorportal.models.base import Model
from vectorportal.numerics.arrays import is_jax
from vectorportal.numerics.memory import keep_freed_memory
from vectorportal.observables.raw import Raw

__all__ = ["ENGINES", "cores", "flatten", "gradient_of", "run"]

ENGINES = ("numpy", "jax")
_CHUNK = {"numpy": 128, "cpu": 128, "gpu": 16384}
"""points worked on at once: temporaries of a chunk should fit the cache (or fill a GPU)"""

Arrays = dict[str, Any]
Words = tuple[tuple[str, str], ...]
"""names and words of a model's choices, or of an observable's arguments"""


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def flatten(model: Model, arguments: Arrays) -> tuple[Arrays, Arrays, tuple[int, ...]]:
    """Parameters and arguments broadcast together as (N,) arrays, and the common shape."""
    numbers = model.numbers()
    try:
        shape = np.broadcast_shapes(model.shape, *(a.shape for a in arguments.values()))
    except ValueError:
        raise UsageError("the arguments' shapes do not broadcast with the parameters.") from None

    def flat(values: Arrays) -> Arrays:
        return {k: np.broadcast_to(np.asarray(v), shape).reshape(-1) for k, v in values.items()}

    return flat(numbers), flat(arguments), shape


def _parts(arrays: Arrays, start: int, stop: int) -> Arrays:
    return {key: value[start:stop] for key, value in arrays.items()}


def _join(pieces: list[Any]) -> Any:
    """Concatenate Raw-like tuples (value, flags, error) of the chunks."""
    first = pieces[0]
    if isinstance(first.value, dict):
        value: Any = {k: np.concatenate([p.value[k] for p in pieces]) for k in first.value}
    else:
        value = np.concatenate([p.value for p in pieces])
    error = None if first.error is None else np.concatenate([p.error for p in pieces])
    return Raw(value, np.concatenate([p.flags for p in pieces]), error)


def run(
    function: Callable[..., Any],
    model: Model,
    inputs: Inputs,
    options: Options,
    arguments: Arrays,
    engine: str,
    words: Words = (),
    batch: int = _CHUNK["numpy"],
) -> tuple[Any, tuple[int, ...]]:
    """Raw result of `function` over all points as NumPy arrays (N, ...), and the shape.

    `arguments` are arrays that broadcast with the parameters; `words` are handed on as they are.
    `batch` is the largest number of points worked on at once in NumPy.
    """
    if engine not in ENGINES:
        raise UsageError(f"there is no engine {engine}; use one of {', '.join(ENGINES)}.")
    if any(is_jax(value) for value in model.numbers().values()):
        engine = "jax"
    numbers, extra, shape = flatten(model, arguments)
    count = int(np.prod(shape, dtype=np.int64))
    if engine == "jax" and count > 0:
        call = _compiled(function, type(model), _choices(model), inputs, options, words)
        return _run_jax(call, numbers, extra, count), shape

    chunk = min(batch, max(_CHUNK["numpy"], -(-count // cores())))

    def work(start: int) -> Any:
        stop = start + chunk
        with np.errstate(all="ignore"):
            part = type(model)(**_parts(numbers, start, stop), **model.choices())
            return function(part, inputs, options, **_parts(extra, start, stop), **dict(words))

    return _join(_map(work, range(0, max(count, 1), chunk))), shape


def _map(work: Callable[[int], Any], starts: range) -> list[Any]:
    if len(starts) < 2:
        return [work(start) for start in starts]
    keep_freed_memory()
    workers = min(cores(), len(starts))
    with _single_threaded_blas(), ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, starts))


def _single_threaded_blas() -> Any:
    """Matrix products must not start threads of their own inside our threads."""
    return _blas().limit(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def _blas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@lru_cache(maxsize=1)
def load_jax() -> Any:
    """JAX in float64 with a persistent compilation cache, or UsageError when not installed."""
    try:
        import jax
    except ImportError:
        raise UsageError("the engine jax needs JAX: install vectorportal[jax].") from None
    from vectorportal.observables.pytrees import register

    jax.config.update("jax_enable_x64", True)
    cache = os.environ.get("VECTORPORTAL_CACHE")
    root = cache or os.path.join(
        os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "vectorportal"
    )
    jax.config.update("jax_compilation_cache_dir", os.path.join(root, "jax"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    register()
    return jax


def _choices(model: Model) -> Words:
    return tuple(model.choices().items())


@lru_cache(maxsize=64)
def _compiled(
    function: Callable[..., Any],
    kind: type[Model],
    choices: Words,
    inputs: Inputs,
    options: Options,
    words: Words,
) -> Callable[[Arrays, Arrays], Any]:
    jax = load_jax()

    def call(numbers: Arrays, extra: Arrays) -> Any:
        part = kind(**numbers, **dict(choices))
        raw = function(part, inputs, options, **extra, **dict(words))
        return raw.value, raw.flags, raw.error

    return jax.jit(call)


def _run_jax(
    call: Callable[[Arrays, Arrays], Any], numbers: Arrays, extra: Arrays, count: int
) -> Any:
    jax = load_jax()
    chunk = 1 if count == 1 else _CHUNK["cpu" if jax.default_backend() == "cpu" else "gpu"]

    def padded(arrays: Arrays, start: int) -> Arrays:
        part = _parts(arrays, start, start + chunk)
        return {k: np.pad(v, (0, chunk - len(v)), mode="edge") for k, v in part.items()}

    def work(start: int) -> Any:
        size = min(chunk, count - start)
        value, flags, error = call(padded(numbers, start), padded(extra, start))
        as_numpy = jax.tree.map(lambda a: np.asarray(a)[:size], (value, flags, error))
        return Raw(*as_numpy)

    return _join(_map(work, range(0, count, chunk)))


def gradient_of(
    function: Callable[..., Any],
    model: Model,
    inputs: Inputs,
    options: Options,
    arguments: Arrays,
    words: Words = (),
    forward: bool = False,
) -> tuple[Arrays, np.ndarray, tuple[int, ...]]:
    """d value/d parameter for every parameter and argument, and the flags, as (N,) NumPy arrays.

    `forward` selects forward mode, for functions whose loops end when they have converged; every
    point has to depend on its own parameters alone, in either mode.
    """
    numbers, extra, shape = flatten(model, arguments)
    call = _differentiated(function, type(model), _choices(model), inputs, options, words, forward)
    slopes, flags = call((numbers, extra))
    merged = {**slopes[0], **slopes[1]}
    return {k: np.asarray(v) for k, v in merged.items()}, np.asarray(flags), shape


@lru_cache(maxsize=64)
def _differentiated(
    function: Callable[..., Any],
    kind: type[Model],
    choices: Words,
    inputs: Inputs,
    options: Options,
    words: Words,
    forward: bool,
) -> Callable[[tuple[Arrays, Arrays]], Any]:
    jax = load_jax()
    call = _compiled(function, kind, choices, inputs, options, words)

    def values(both: tuple[Arrays, Arrays]) -> Any:
        value, flags, _ = call(*both)
        if isinstance(value, dict) or value.ndim > 1:
            raise UsageError("a table of values has no gradient: ask for one of its entries.")
        return value, flags

    def total(both: tuple[Arrays, Arrays]) -> Any:
        value, flags = values(both)
        return value.sum(), flags

    return jax.jit(_pushed(jax, values) if forward else jax.grad(total, has_aux=True))


def _pushed(jax: Any, values: Callable[..., Any]) -> Callable[..., Any]:
    """Slopes of `values` by every one of its arrays in forward mode, in one pass, and the flags."""

    def slopes(both: tuple[Arrays, Arrays]) -> Any:
        leaves, structure = jax.tree.flatten(both)
        count = range(len(leaves))
        rows = [
            jax.numpy.stack([jax.numpy.full_like(x, i == j) for i in count])
            for j, x in enumerate(leaves)
        ]

        def along(seed: Any) -> Any:
            _, slope, flags = jax.jvp(values, (both,), (seed,), has_aux=True)
            return slope, flags

        found, flags = jax.vmap(along)(structure.unflatten(rows))
        return structure.unflatten(list(found)), flags[0]

    return slopes
