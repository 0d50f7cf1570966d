"""Fourier transforms of the last axis, and of overlapping frames without holding the frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sori.arrays.framing import frame
from sori.arrays.kinds import Array, is_numpy, namespace

__all__ = ["fft", "ifft", "irfft", "rfft", "spectra"]

_CACHE_BYTES = (
    1 << 19
)  # windowed frames and their spectra that are worked on together: about half a second-level cache


def _library(x: Array) -> Any:
    """Return the module with the fastest transforms that keep the precision of ``x``."""
    if is_numpy(x):
        from scipy import fft  # a third of a second: only for those who transform

        return fft
    return namespace(x).fft


def rfft(x: Array, *, n: int | None = None) -> Array:
    """Return the spectrum ``(..., n // 2 + 1)`` of real ``x`` ``(..., time)``, cut or filled to ``n``."""
    return _library(x).rfft(x, n=n)


def irfft(x: Array, *, n: int) -> Array:
    """Return the real signal ``(..., n)`` of a spectrum ``(..., n // 2 + 1)``."""
    return _library(x).irfft(x, n=n)


def fft(x: Array, *, n: int | None = None) -> Array:
    """Return the full spectrum of complex ``x``, cut or zero-padded to ``n``."""
    return _library(x).fft(x, n=n)


def ifft(x: Array, *, n: int | None = None) -> Array:
    """Return the complex signal of a full spectrum."""
    return _library(x).ifft(x, n=n)


def spectra(
    x: Array, window: Array, *, hop_length: int, n_fft: int, then: Callable[[Array], Array] | None = None
) -> Array:
    """Return the spectra of windowed frames of ``x``, ``(..., frames, n_fft // 2 + 1)`` complex.

    Parameters
    ----------
    x : (..., time) real
    window : (win_length,) real
        Multiplies each frame; zeros fill it evenly to ``n_fft``.
    then : callable, optional
        What to make of the spectra, ``(..., frames, bins)`` to ``(..., frames, any)``, frame by frame
        independently. NumPy calls it on a few frames at a time while they are in the cache, so that the
        spectra of a long signal never exist together; the others on all at once.
    """
    if window.shape[0] != n_fft:
        raise AssertionError("the window is already as long as the transform")
    if not is_numpy(x) or x.size == 0:
        found = rfft(frame(x, frame_length=n_fft, hop_length=hop_length) * window, n=n_fft)
        return found if then is None else then(found)
    if x.ndim > 1:
        flat = x.reshape(-1, x.shape[-1])
        each = [spectra(row, window, hop_length=hop_length, n_fft=n_fft, then=then) for row in flat]
        return np.stack(each).reshape(*x.shape[:-1], *each[0].shape)
    frames = frame(x, frame_length=n_fft, hop_length=hop_length)
    transform = _library(x).rfft
    rows = max(1, _CACHE_BYTES // (n_fft * x.itemsize * 2))
    scratch = np.empty((min(rows, len(frames)), n_fft), x.dtype)
    whole: Any = None
    for begin in range(0, len(frames), rows):
        part = frames[begin : begin + rows]
        found = transform(np.multiply(part, window, out=scratch[: len(part)]), axis=-1, overwrite_x=True)
        found = found if then is None else then(found)
        if whole is None:
            whole = np.empty((len(frames), *found.shape[1:]), found.dtype)
        whole[begin : begin + rows] = found
    if whole is None:
        empty = np.zeros((0, n_fft // 2 + 1), np.result_type(x.dtype, np.complex64))
        return empty if then is None else then(empty)
    return whole
