"""Spectral peaks: where in a spectrum there is a partial, to a fraction of a bin.

A peak is a bin higher than its neighbours. The logarithm of a Hann main lobe is close to a
parabola, so three bins give its true frequency and height (Smith & Serra, PARSHL, 1987).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

__all__ = ["PeakFinder", "Peaks"]

_BELOW_FRAME = 10 ** (-30 / 10)  # power; weaker partials are masked, and cost more than they tell


_MAX_FRAMES = 32768


@dataclasses.dataclass(frozen=True)
class Peaks:
    """Peaks of many frames as flat arrays, ``frame`` rising; ``rate`` is in frames a second."""

    n_frames: int
    rate: float
    frame: NDArray[np.int32]
    hz: NDArray[np.float32]
    power: NDArray[np.float32]


class PeakFinder:
    """Collect the peaks of batches of spectra between two frequencies.

    A recording of an hour or more keeps every second frame, one of several hours every fourth, and
    so on: what is kept stays between 16,384 and 32,768 frames, whatever the length.
    """

    def __init__(self, *, sample_rate: float, n_fft: int, hop_length: int, fmin: float, fmax: float) -> None:
        self._bin_hz = sample_rate / n_fft
        self._rate = sample_rate / hop_length
        self._low = max(1, int(np.floor(fmin / self._bin_hz)))
        self._high = min(n_fft // 2 - 1, int(np.ceil(fmax / self._bin_hz)))
        self._n_frames = 0
        self._every = 1  # one frame in so many is kept
        # Bytearrays grow in place; joining lists of small arrays would need the memory twice.
        self._frame, self._hz, self._power = bytearray(), bytearray(), bytearray()

    def consume(self, spectrum: NDArray[np.complex64]) -> None:
        """Take spectra ``(frames, bins)``."""
        first = -self._n_frames % self._every
        part = spectrum[first :: self._every, self._low - 1 : self._high + 2]
        power = part.real**2
        power += part.imag**2
        floor = np.maximum(power.max(axis=1, keepdims=True) * np.float32(_BELOW_FRAME), np.float32(1e-12))
        rising = power[:, 1:] > power[:, :-1]
        peak = rising[:, :-1] & ~rising[:, 1:] & (power[:, 1:-1] > floor)
        frame, index = np.divmod(np.flatnonzero(peak), peak.shape[1])
        at = frame * power.shape[1] + index + 1
        flat = power.reshape(-1)
        tiny = np.float32(1e-20)
        a, b, c = (np.log(np.maximum(flat[at + side], tiny)) for side in (-1, 0, 1))
        bend = np.minimum(
            a - 2 * b + c, np.float32(-1e-6)
        )  # a peak one rounding above its neighbours is flat
        offset = np.clip(0.5 * (a - c) / bend, -0.5, 0.5)
        hz = (index + self._low + offset) * self._bin_hz
        self._frame += (frame * self._every + first + self._n_frames).astype(np.int32).data.cast("B")
        self._hz += hz.astype(np.float32).data.cast("B")
        self._power += np.exp(b - 0.25 * (a - c) * offset).astype(np.float32).data.cast("B")
        self._n_frames += len(spectrum)
        if self._n_frames > _MAX_FRAMES * self._every:
            self._every *= 2
            columns = self._columns()
            keep = columns[0] % self._every == 0
            self._frame, self._hz, self._power = (bytearray(column[keep].data) for column in columns)

    def finish(self) -> Peaks:
        """Return everything found."""
        frame, hz, power = self._columns()
        kept = -(-self._n_frames // self._every)
        return Peaks(kept, self._rate / self._every, frame // np.int32(self._every), hz, power)

    def _columns(self) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
        return (
            np.frombuffer(self._frame, np.int32),
            np.frombuffer(self._hz, np.float32),
            np.frombuffer(self._power, np.float32),
        )
