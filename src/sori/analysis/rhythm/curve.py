"""The tempo from beat to beat: a curve for music that moves."""

from __future__ import annotations

import numpy as np

from sori.events import Beats, TempoCurve

__all__ = ["tempo_curve"]

_STEADY = 0.03  # deviation from the median, as a share of it, of what one number describes
_REACH = 2  # beats on either side that are averaged


def tempo_curve(beats: Beats) -> TempoCurve:
    """Return the tempo between each beat and the next, smoothed over five.

    The median of three drops a single misplaced beat; the mean of five is about what a listener
    follows. Fewer than three beats have no curve.
    """
    times = np.asarray(beats.times_s, dtype=np.float64)
    if len(times) < 3:
        return TempoCurve((), (), False, 0.0)
    steps = np.diff(times)
    edges = np.pad(steps, 1, mode="edge")
    steps = np.median(np.stack([edges[:-2], edges[1:-1], edges[2:]]), axis=0)
    total = np.concatenate([[0.0], np.cumsum(steps)])
    index = np.arange(len(steps))
    low, high = np.maximum(index - _REACH, 0), np.minimum(index + _REACH + 1, len(steps))
    bpm = 60.0 * (high - low) / (total[high] - total[low])
    median = float(np.median(bpm))
    spread = float(np.sqrt(np.mean((bpm - median) ** 2))) / median
    return TempoCurve(
        times_s=tuple(float(t) for t in np.round(0.5 * (times[1:] + times[:-1]), 3)),
        bpm=tuple(float(b) for b in np.round(bpm, 2)),
        steady=spread < _STEADY,
        spread=round(spread, 4),
    )
