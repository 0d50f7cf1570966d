"""Spectra of overlapping frames back to one signal: what the inverse transform and Griffin-Lim share.

Each frame is windowed again and the sum is divided by that of the squared windows: of all signals, the one
whose spectra are nearest to those given (Griffin & Lim, IEEE ASSP 32(2), 1984).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, irfft, is_numpy, like, namespace, overlap_add
from sori.arrays.kinds import is_torch, may_look
from sori.errors import ParameterError
from sori.spectral.windows import Window, frame_window

__all__ = ["Sum", "joined", "together", "weights"]

_CACHE_BYTES = 1 << 19  # a spectrum and its frames that are worked on together: half a second-level cache


def joined(
    spectrum: Array, *, n_fft: int, hop_length: int, win_length: int | None = None, window: Window = "hann"
) -> Array:
    """Return the signal ``(..., time)`` whose framed spectra are nearest to ``spectrum``.

    Parameters
    ----------
    spectrum : (..., frames, n_fft // 2 + 1) complex
        Time before frequency, as `sori.spectral.stft.framed` gives it.
    n_fft, hop_length, win_length, window
        As they were given there.

    Returns
    -------
    (..., (frames - 1) * hop_length + n_fft) real
        With the padding that was put before and after; 0 where no window reaches.

    Raises
    ------
    ParameterError
        When window and hop leave samples that no frame covers.
    """
    xp = namespace(spectrum)
    win_length = n_fft if win_length is None else win_length
    like_x = xp.real(spectrum[..., :1, :1])
    shape = frame_window(window, win_length=win_length, n_fft=n_fft, like_array=like_x)
    *leading, count, _ = spectrum.shape
    scale = weights(
        count, n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window, like_array=like_x
    )
    if not is_numpy(spectrum) or spectrum.size == 0:
        frames = irfft(spectrum, n=n_fft)
        # In place where nobody is watching: new memory costs more than the product.
        plain = is_torch(frames) and may_look(frames) and not shape.requires_grad
        frames = frames.mul_(shape) if plain else frames * shape
        x = overlap_add(frames, hop_length=hop_length)
        return x * xp.reshape(scale, (-1,))[: x.shape[-1]]
    flat = spectrum.reshape(-1, *spectrum.shape[-2:])
    rows = together(n_fft, like_x.dtype)
    out = []
    for each in flat:
        total = Sum(count, n_fft=n_fft, hop_length=hop_length, dtype=like_x.dtype)
        for begin in range(0, count, rows):
            frames = irfft(each[begin : begin + rows], n=n_fft)
            total.add(begin, np.multiply(frames, shape, out=frames))
        out.append(total.signal(scale))
    return np.stack(out).reshape(*leading, -1) if leading else out[0]


def together(n_fft: int, dtype: Any) -> int:
    """Return how many frames, with their spectra, stay in the cache while they are worked on."""
    return max(1, _CACHE_BYTES // (2 * n_fft * int(np.dtype(dtype).itemsize)))


class Sum:
    """Frames added up to a signal where they overlap, a few at a time; NumPy only.

    Parameters
    ----------
    count, n_fft, hop_length : int
        Frames in all, their length, and samples from one to the next.
    dtype
        Of the signal.
    """

    def __init__(self, count: int, *, n_fft: int, hop_length: int, dtype: Any) -> None:
        pieces = -(-n_fft // hop_length)
        self._length = (count - 1) * hop_length + n_fft
        self._cuts = [(k * hop_length, min((k + 1) * hop_length, n_fft)) for k in range(pieces)]
        self._rows = np.zeros((count + pieces - 1, hop_length), dtype)

    def add(self, begin: int, frames: NDArray[np.floating[Any]]) -> None:
        """Add ``frames`` ``(some, n_fft)``, the first of which is frame ``begin``."""
        # Piece k of every frame lies k hops later, and the pieces k do not overlap.
        for k, (low, high) in enumerate(self._cuts):
            self._rows[begin + k : begin + k + len(frames), : high - low] += frames[:, low:high]

    def signal(self, scale: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Return the signal, row by row of a hop multiplied with ``scale``; ends the sum."""
        scaled: NDArray[np.floating[Any]] = np.multiply(self._rows, scale, out=self._rows)
        return scaled.reshape(-1)[: self._length]


def weights(
    count: int, *, n_fft: int, hop_length: int, win_length: int, window: Window, like_array: Array
) -> Array:
    """Return one over the sum of ``count`` squared windows ``(rows, hop_length)``; 0 where no window reaches.

    Row by row these are the samples of the signal, the last row filled up.

    Raises
    ------
    ParameterError
        When window and hop leave samples that no window covers.
    """
    xp = namespace(like_array)
    pieces = -(-n_fft // hop_length)
    few = min(count, pieces)
    if isinstance(window, str) or (isinstance(window, tuple) and isinstance(window[0], str)):
        table = constant(
            _of_window,
            like=like_array,
            name=window,
            win_length=win_length,
            n_fft=n_fft,
            hop_length=hop_length,
            count=few,
        )
    else:
        samples = frame_window(window, win_length=win_length, n_fft=n_fft, like_array=np.zeros(0))
        table = like(_of_samples(samples, hop_length=hop_length, count=few), like_array)
    if count <= few:
        return table
    # Once all pieces of a window overlap, every row is like the last: only the ends are different.
    steady = xp.broadcast_to(table[pieces - 1 : pieces, :], (count - pieces, hop_length))
    return xp.concat([table[:pieces, :], steady, table[pieces:, :]], axis=0)


def _of_window(
    *, name: str | tuple[str, float], win_length: int, n_fft: int, hop_length: int, count: int
) -> NDArray[np.float64]:
    samples = frame_window(name, win_length=win_length, n_fft=n_fft, like_array=np.zeros(0))
    return _of_samples(samples, hop_length=hop_length, count=count)


def _of_samples(samples: NDArray[np.float64], *, hop_length: int, count: int) -> NDArray[np.float64]:
    length = len(samples)
    pieces = math.ceil(length / hop_length)
    rows = np.pad(samples**2, (0, pieces * hop_length - length)).reshape(pieces, hop_length)
    covered = rows.sum(axis=0)
    if covered.min() < 1e-10 * covered.max():
        raise ParameterError(
            f"frames {hop_length} samples apart leave samples that no window covers: want a smaller hop"
        )
    total = np.zeros((max(0, count + pieces - 1), hop_length))
    for frame in range(count):
        total[frame : frame + pieces] += rows
    heard = total > 1e-10 * covered.max()
    return np.where(heard, 1 / np.where(heard, total, 1.0), 0.0)
