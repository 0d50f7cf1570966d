"""Partials: spectral peaks on the scale of pitch, weighed by how much they are heard."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sori.spectral.peaks import Peaks
from sori.units import hz_to_midi

__all__ = ["Partials", "partials"]


_PART = 2048


@dataclasses.dataclass(frozen=True)
class Partials:
    """Peaks as a musician counts them: ``midi`` (A4 = 440 Hz is 69, not rounded) and ``weight``.

    The weight is the root of a peak's power relative to the recording's loud frames, so silence
    counts little and playback level not at all.
    """

    n_frames: int
    rate: float
    frame: NDArray[np.int32]
    midi: NDArray[np.float32]
    weight: NDArray[np.float32]

    def parts(self) -> Iterator[Partials]:
        """Yield stretches of frames, each counted from its own start: hours in constant memory."""
        starts = np.arange(0, self.n_frames, _PART)
        cuts = np.append(np.searchsorted(self.frame, starts), len(self.frame))
        for start, low, high in zip(starts, cuts[:-1], cuts[1:], strict=True):
            n = min(_PART, self.n_frames - int(start))
            frame = self.frame[low:high] - np.int32(start)
            yield Partials(n, self.rate, frame, self.midi[low:high], self.weight[low:high])


def partials(peaks: Peaks) -> Partials:
    """Convert spectral peaks, once, for all who listen to pitch."""
    if not len(peaks.power):
        return Partials(peaks.n_frames, peaks.rate, peaks.frame, peaks.hz, peaks.power)
    starts = np.flatnonzero(np.diff(peaks.frame, prepend=-1))
    strongest = np.maximum.reduceat(peaks.power, starts)
    reference = np.quantile(strongest, 0.9)
    weight = np.sqrt(np.minimum(peaks.power / reference, np.float32(4.0)))
    return Partials(peaks.n_frames, peaks.rate, peaks.frame, hz_to_midi(peaks.hz).astype(np.float32), weight)
