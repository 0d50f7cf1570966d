"""An even grid under beats: where they would be if they followed the tempo and not each single onset."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.errors import ParameterError
from sori.events import Beats

__all__ = ["Grid", "even_grid"]

_WIDTH_BEATS = 5.0  # standard deviation of the neighbourhood a beat is smoothed over
_REACH = 15
_FEW = 8
_ROUNDS = 2  # of weighing down beats that stand off
_MISPLACED = 0.15  # of a beat; the least distance that is called off


@dataclasses.dataclass(frozen=True)
class Grid:
    """Smoothed beats, one to every number from 0 on, those between far ones filled in.

    ``times_s`` (beats,) rises strictly.
    """

    times_s: NDArray[np.float64]

    def positions(self, times_s: ArrayLike) -> NDArray[np.float64]:
        """Return times as beats: 2.5 is half way from the third beat to the fourth.

        Half a beat before the first and after the last is still told; NaN further out.
        """
        times = np.asarray(times_s, np.float64)
        n = len(self.times_s)
        if n < 2:
            return np.full(times.shape, np.nan)
        first, last = self.times_s[1] - self.times_s[0], self.times_s[-1] - self.times_s[-2]
        long = np.concatenate([[self.times_s[0] - first], self.times_s, [self.times_s[-1] + last]])
        found = np.interp(times, long, np.arange(-1.0, n + 1))
        return np.asarray(np.where((found >= -0.5) & (found <= n - 0.5), found, np.nan))

    def beat_lengths_s(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how long the beat is at each of `positions`, seconds."""
        steps = np.diff(self.times_s)
        at = np.clip(np.floor(np.nan_to_num(positions)), 0, len(steps) - 1).astype(np.intp)
        return np.asarray(steps[at])

    @property
    def beat_s(self) -> float:
        """The median beat, seconds; 0 where there are fewer than two."""
        return float(np.median(np.diff(self.times_s))) if len(self.times_s) > 1 else 0.0


def even_grid(beats: Beats) -> Grid:
    """Smooth beats: each is put where a curve through its neighbours has it.

    Beats that were found in the music follow its onsets, so that what is late against them says little. A
    local parabola (a Gaussian of 5 beats; LOWESS, Cleveland 1979, with its robust weights) follows
    a tempo that moves, and no single beat. Beats that are missing are counted and filled in.

    Raises
    ------
    ParameterError
        For times that are no numbers.
    """
    times = np.unique(np.asarray(beats.times_s, np.float64))
    if not np.isfinite(times).all():
        raise ParameterError("got beats at NaN or infinity, want seconds")
    if len(times) < 3:
        return Grid(times)
    number = _numbered(times)
    wanted = np.arange(number[-1] + 1)
    weight = np.ones(len(times))
    for _ in range(_ROUNDS):
        smooth = np.array([_local(number, times, weight, k) for k in number])
        off = np.abs(times - smooth)
        limit = max(6 * float(np.median(off)), _MISPLACED * float(np.median(np.diff(times))))
        weight = np.maximum(1 - (off / limit) ** 2, 1e-3) ** 2
    grid = np.array([_local(number, times, weight, k) for k in wanted])
    # Where beats are so wild that these cross, the beats themselves are the better grid.
    return Grid(grid if np.all(np.diff(grid) > 0) else times)


def _numbered(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the number of each beat, a gap of about two beats counting as two."""
    steps = np.diff(times)
    padded = np.pad(steps, 4, mode="reflect") if len(steps) > 4 else np.pad(steps, 4, mode="edge")
    local = np.median(np.lib.stride_tricks.sliding_window_view(padded, 9), axis=1)
    return np.concatenate([[0.0], np.cumsum(np.maximum(1, np.round(steps / local)))])


def _local(
    number: NDArray[np.float64], times: NDArray[np.float64], weight: NDArray[np.float64], at: float
) -> float:
    """Return the value at ``at`` of a parabola through the beats around it, or of a line if they are few."""
    low, high = np.searchsorted(number, [at - _REACH, at + _REACH + 1])
    x, y = number[low:high] - at, times[low:high]
    root = np.sqrt(weight[low:high]) * np.exp(-0.25 * (x / _WIDTH_BEATS) ** 2)
    powers = np.vander(x, 3 if len(x) > _FEW else 2, increasing=True)
    return float(np.linalg.lstsq(powers * root[:, None], y * root, rcond=None)[0][0])
