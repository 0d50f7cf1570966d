"""Constant matrices: built once in float64, kept for each library, precision and device.

A transform names what it needs by the function that builds it and that function's arguments::

    bank = constant(mel_filterbank, like=power, sample_rate=22050, n_fft=2048, n_mels=128)

so that building, precision, device and keeping are said here once. A layer keeps its constants itself, as
buffers: it learns which ones with `recorded` and hands them in with `constants_from`.
"""

from __future__ import annotations

import contextlib
import operator
import sys
import threading
from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from sori.arrays.kinds import Array, is_jax, is_numpy, is_torch, namespace
from sori.arrays.matrices import KEPT, Key, answered, built, of_numpy
from sori.errors import ParameterError

__all__ = ["constant", "constants_from", "recorded", "settled"]


_MANY = (list, dict, set)  # what is no name for a constant, since it can change


class _Provided(threading.local):
    """What the layer now running has brought, and what is being written down, for each thread."""

    table: dict[Key, Array] | None = None
    written: dict[Key, NDArray[Any]] | None = None


_PROVIDED = _Provided()


def constant(build: Callable[..., NDArray[Any]], *, like: Array, **parameters: Hashable) -> Array:
    """Return ``build(**parameters)`` as an array of the kind, precision and device of ``like``.

    ``build`` must return float64 or complex128 (or integers, which stay integers) and depend on nothing but
    its parameters. Do not write to the result: it is shared.
    """
    key = _key(build, parameters)
    table = _PROVIDED.table
    if table is not None and key in table:
        return table[key]
    if _PROVIDED.written is not None:
        _PROVIDED.written[key] = built(key)
    double = str(like.dtype).rpartition(".")[2] in ("float64", "complex128")
    if is_numpy(like):
        return of_numpy(key, double)
    if is_torch(like):
        from sori.arrays.torch_constants import kept

        return kept(key, double, str(like.device))
    if is_jax(like):
        return _of_jax(key, double, _jax_device(like))
    xp = namespace(like)
    return xp.asarray(of_numpy(key, double), device=like.device)


def settled(work_out: Callable[..., Any], **parameters: Hashable) -> Any:
    """Return ``work_out(**parameters)``, plain numbers and strings in tuples, never as part of a trace.

    For what decides which products are made: a compiler takes the answer for a constant. ``work_out`` must
    depend on nothing but its parameters; it is called once for each.
    """
    key = _key(work_out, parameters)
    if "torch" in sys.modules:
        from sori.arrays.torch_constants import answer

        return answer(key)
    return answered(key)


def _key(build: Callable[..., Any], parameters: dict[str, Hashable]) -> Key:
    """Return what names a constant.

    What a compiler keeps open (the size of a spectrogram, an argument that was another number before) is
    settled: a matrix is one matrix.
    """
    return build, tuple((name, _settled_size(parameters[name])) for name in sorted(parameters))


def _settled_size(value: Any) -> Any:
    if isinstance(value, _MANY):
        raise ParameterError(f"{value!r} is given where one value is wanted")
    if isinstance(value, float) and "torch" in sys.modules and sys.modules["torch"].compiler.is_compiling():
        from sori.arrays.torch_constants import closed

        return closed(value)
    is_open = isinstance(value, int) and not isinstance(value, bool)
    return operator.index(value) if is_open or type(value).__name__ == "SymInt" else value


@contextlib.contextmanager
def recorded() -> Iterator[dict[Key, NDArray[Any]]]:
    """Write down every constant that is asked for inside, in float64, by its key."""
    before = _PROVIDED.written
    written: dict[Key, NDArray[Any]] = {}
    _PROVIDED.written = written
    try:
        yield written
    finally:
        _PROVIDED.written = before


class constants_from:  # noqa: N801 -- reads as a verb; a class because compilers follow it where they lose a generator
    """Inside, take constants from ``table`` (key to array) before any others."""

    def __init__(self, table: dict[Key, Array]) -> None:
        self._table = table
        self._before: dict[Key, Array] | None = None

    def __enter__(self) -> None:
        self._before = _PROVIDED.table
        _PROVIDED.table = self._table

    def __exit__(self, *exception: object) -> None:
        _PROVIDED.table = self._before


@lru_cache(maxsize=KEPT)
def _of_jax(key: Key, double: bool, device: Any) -> Array:
    import jax

    # Inside jit, too, this is an array and no tracer, so it can be kept after the trace has ended.
    with jax.ensure_compile_time_eval():
        return jax.device_put(of_numpy(key, double), device)


def _jax_device(x: Array) -> Any:
    """Return where ``x`` lies; ``None`` inside a trace and for what lies on several devices."""
    if isinstance(x, sys.modules["jax"].core.Tracer):
        return None
    devices = x.devices()
    return next(iter(devices)) if len(devices) == 1 else None
