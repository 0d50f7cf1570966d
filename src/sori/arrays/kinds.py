"""Whose array is it, and is it what the function wants?"""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError

__all__ = [
    "Array",
    "filled",
    "is_jax",
    "is_numpy",
    "is_torch",
    "like",
    "may_look",
    "namespace",
    "numeric",
    "real",
    "spectrogram",
    "tiny",
    "to_numpy",
    "waveform",
]

Array = Any
"""An array of any library that follows the array API standard: NumPy, PyTorch, JAX."""

_NUMPY_TAKES = (np.ndarray, np.generic, int, float, complex, list, tuple)
_MOST_CHANNELS = 8  # an array of (many, up to this many) is taken for (time, channels)
_FEWEST_SAMPLES = 256
_SPECTRUM = 2.0**-32  # powers of spectra are larger than the energy of the signal by the length of a frame


def is_numpy(x: object) -> bool:
    """Say whether ``x`` is NumPy's (or a plain Python number or sequence, which NumPy will take)."""
    return isinstance(x, _NUMPY_TAKES)


def is_torch(x: object) -> bool:
    """Say whether ``x`` is a PyTorch tensor, without importing PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def is_jax(x: object) -> bool:
    """Say whether ``x`` is a JAX array or a tracer of one, without importing JAX."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(x, jax.Array)


def namespace(x: Array) -> Any:
    """Return the module whose functions work on ``x``, with the names of the array API standard.

    Raises
    ------
    ParameterError
        When it is no array of a library that follows the standard.
    """
    if is_torch(x):
        import array_api_compat.torch

        return array_api_compat.torch
    if is_numpy(x):
        return np  # NumPy 2 follows the standard itself
    import array_api_compat

    try:
        return array_api_compat.array_namespace(x)
    except TypeError:
        raise ParameterError(
            f"got {type(x).__name__}, want an array of NumPy, PyTorch or JAX: convert it with numpy.asarray"
        ) from None


def real(x: Array, *, name: str = "x", squared: bool = False) -> tuple[Any, Array]:
    """Return the namespace of ``x`` and ``x`` as a floating-point array of at least one dimension.

    Lists become NumPy arrays. Half precision (float16, bfloat16) is raised to float32: powers of a spectrum
    overflow it; cast the result, not the computation.

    Raises
    ------
    ParameterError
        For integers, complex numbers, scalars, NaN and infinity, and with ``squared`` for values so large
        that the dtype does not hold the energy of their spectrum. Values are looked at where that is free of
        a wait for a device or a tracer: NumPy, and PyTorch and JAX on the CPU outside a trace.
    """
    xp, x = _floating(x, name, squared)
    if xp.isdtype(x.dtype, "complex floating"):
        raise ParameterError(f"{name} is complex ({x.dtype}), want real numbers: take magnitude(x) or x.real")
    return xp, x


def waveform(x: Array, *, name: str = "x", squared: bool = False) -> tuple[Any, Array]:
    """Return the namespace and a real signal ``(..., time)``; see `real` for what is refused.

    Raises
    ------
    ParameterError
        Also for an array that looks like ``(time, channels)``.
    """
    xp, x = real(x, name=name, squared=squared)
    if x.ndim > 1 and 0 < x.shape[-1] <= _MOST_CHANNELS and x.shape[-2] >= _FEWEST_SAMPLES:
        raise ParameterError(
            f"{name} has shape {tuple(x.shape)}, which looks like (time, channels); "
            f"want (..., time): pass {name}.T"
        )
    return xp, x


def spectrogram(x: Array, *, name: str = "S", complex_valued: bool = False) -> tuple[Any, Array]:
    """Return the namespace and a spectrogram ``(..., frequency, time)``.

    Raises
    ------
    ParameterError
        For fewer than two dimensions, integers, NaN and infinity, and for a complex array where magnitudes
        are wanted or the other way round.
    """
    xp, x = _floating(x, name)
    if x.ndim < 2:
        raise ParameterError(f"{name} has shape {tuple(x.shape)}, want (..., frequency, time): see stft")
    is_complex = xp.isdtype(x.dtype, "complex floating")
    if is_complex and not complex_valued:
        raise ParameterError(
            f"{name} is complex ({x.dtype}), want real numbers: take magnitude({name}) first"
        )
    if complex_valued and not is_complex:
        raise ParameterError(f"{name} is real ({x.dtype}), want the complex spectrogram that stft returns")
    return xp, x


def numeric(x: Array, *, name: str = "S") -> tuple[Any, Array]:
    """Return the namespace of ``x`` and ``x`` in floating point, whatever its shape and its values.

    Raises
    ------
    ParameterError
        For integers, truth values and what is no array.
    """
    xp = namespace(x)
    if is_numpy(x):
        x = _native(x, name)
    if not xp.isdtype(x.dtype, ("real floating", "complex floating")) and not _is_half(x):
        raise ParameterError(
            f"{name} holds {x.dtype}, want floating point: sori.signal.from_integer converts samples"
        )
    if _is_half(x):
        x = xp.astype(x, xp.float32)
    return xp, x


def tiny(x: Array) -> float:
    """Return the smallest normal positive number of the dtype of ``x``: what keeps a logarithm finite."""
    return float(namespace(x).finfo(x.dtype).smallest_normal)


def to_numpy(x: Array) -> NDArray[Any]:
    """Return ``x`` as a NumPy array, brought from its device and cut from its gradients."""
    if is_torch(x):
        return np.asarray(x.detach().cpu())
    return np.asarray(x)


def filled(shape: tuple[int, ...], value: float, x: Array) -> Array:
    """Return an array of ``shape`` filled with ``value``, of the kind, dtype and device of ``x``."""
    xp = namespace(x)
    if is_numpy(x) or is_jax(x):  # a tracer lies nowhere yet, and JAX moves what meets it
        return xp.full(shape, value, dtype=x.dtype)
    return xp.full(shape, value, dtype=x.dtype, device=x.device)


def like(values: Any, x: Array) -> Array:
    """Return ``values`` (a NumPy array or a sequence) as an array of the kind, dtype and device of ``x``.

    Complex values become the complex dtype of the precision of ``x``; integers and truth values stay.
    """
    values = np.asarray(values)
    if values.dtype.kind in "biu":
        dtype: Any = values.dtype.type
        return _placed(values, x, dtype)
    double = "64" in str(x.dtype).removeprefix("complex") and "complex64" not in str(x.dtype)
    double = double or "complex128" in str(x.dtype)
    if values.dtype.kind == "c":
        return _placed(values.astype(np.complex128 if double else np.complex64), x, None)
    return _placed(values.astype(np.float64 if double else np.float32), x, None)


def _placed(values: NDArray[Any], x: Array, dtype: Any) -> Array:
    if is_numpy(x):
        return values
    xp = namespace(x)
    if is_torch(x):
        return xp.asarray(values, device=x.device)
    if is_jax(x):
        return xp.asarray(values)
    return xp.asarray(values, device=x.device)


def _floating(x: Array, name: str, squared: bool = False) -> tuple[Any, Array]:
    xp, x = numeric(x, name=name)
    if x.ndim == 0:
        raise ParameterError(f"{name} is a single number, want an array (..., time)")
    if may_look(x):
        seen = x.detach() if is_torch(x) else x
        # A finite sum of squares proves every term finite, at a tenth of the cost of looking at each.
        if not _energy(seen) <= (_SPECTRUM if squared else 1.0) * float(xp.finfo(x.dtype).max):
            if not bool(xp.all(xp.isfinite(seen))):
                raise ParameterError(
                    f"{name} holds NaN or infinity, want finite numbers: "
                    "numpy.nan_to_num makes silence of them"
                )
            if not squared:
                return xp, x
            raise ParameterError(
                f"{name} holds numbers so large ({float(xp.max(xp.abs(seen))):.0e}) that {x.dtype} cannot "
                "hold their energy, want a full scale of about 1: divide by the largest"
            )
    return xp, x


def _energy(x: Array) -> float:
    """Return the sum of squares, infinite or not a number where it overflows."""
    if math.prod(x.shape) == 0:
        return 0.0
    if isinstance(x, np.ndarray):
        flat = x.ravel(order="K")
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.vdot(flat, flat).real)
    if is_torch(x):
        torch = sys.modules["torch"]
        # Of complex numbers the norm takes every square root: their parts are a hundred times as fast.
        parts = torch.view_as_real(x.resolve_conj()) if x.is_complex() else x
        norm = float(torch.linalg.vector_norm(parts))
        return norm * norm
    xp = namespace(x)
    size = xp.abs(x)
    with np.errstate(over="ignore", invalid="ignore"):
        return float(xp.sum(size * size))


def _native(x: Any, name: str) -> Any:
    """Return what NumPy takes as a plain array of the machine's byte order, at most double precision."""
    try:
        x = np.asarray(x)
    except ValueError:
        raise ParameterError(f"{name} is a list of lists of different lengths, want an array") from None
    if x.dtype.kind in "fc" and not x.dtype.isnative:
        x = x.astype(x.dtype.newbyteorder("="))
    if x.dtype in (np.longdouble, np.clongdouble):
        x = x.astype(np.float64 if x.dtype.kind == "f" else np.complex128)
    return x


def _is_half(x: Array) -> bool:
    return str(x.dtype).removeprefix("torch.") in ("float16", "bfloat16")


def may_look(x: Array) -> bool:
    """Say whether the values can be read now, without waiting for a device and outside any trace."""
    if isinstance(x, np.ndarray):
        return True
    if is_torch(x):
        torch = sys.modules["torch"]
        traced = (
            torch.compiler.is_compiling()
            or torch.jit.is_tracing()
            or torch._C._functorch.is_functorch_wrapped_tensor(x)
        )
        return x.device.type == "cpu" and not traced
    if is_jax(x):
        jax = sys.modules["jax"]
        return not isinstance(x, jax.core.Tracer) and all(d.platform == "cpu" for d in x.devices())
    return True
