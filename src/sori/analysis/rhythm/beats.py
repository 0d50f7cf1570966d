"""Beats: the path through the onsets that is both strong and even.

Found by dynamic programming (Ellis 2007); how fast they go, `tempo` says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import MEL_RATE
from sori.events import Beats

__all__ = ["beats"]

_BASS = 0.5


def beats(curves: NDArray[np.float64], bpm: float | None) -> Beats:
    """Place beats near a tempo, where the onsets are, as evenly as the music allows.

    ``curves`` (4, frames) are `onset_curves`. The bass counts extra: where it and the rest take
    turns, it has the beat.
    """
    if bpm is None or curves.shape[1] < 10:
        return Beats(())
    onsets = curves[0] + _BASS * curves[1]
    period = 60.0 * MEL_RATE / bpm
    spread = np.exp(-0.5 * (np.arange(-6, 7) / max(period / 24, 0.8)) ** 2)
    local = np.convolve(onsets, spread / spread.sum(), mode="same")
    local /= max(float(local.std()), 1e-9)
    path = _best_path(local, period)
    if len(path) < 2:
        return Beats(())
    # Leading and trailing beats in near silence were drawn by the grid alone.
    strong = np.flatnonzero(local[path] > 0.5 * np.sqrt(np.mean(local[path] ** 2)))
    if len(strong) == 0:
        return Beats(())
    path = path[strong[0] : strong[-1] + 1]
    times = (path + _vertex(local, path)) / MEL_RATE
    return Beats(tuple(float(t) for t in np.round(np.maximum(times, 0), 3)))


def _best_path(local: NDArray[np.float64], period: float) -> NDArray[np.intp]:
    """Maximise the sum of onsets at beats less a penalty for uneven steps.

    The score of a frame depends only on frames at least 0.7 periods earlier, so that many frames
    are solved at a time.
    """
    low, high = max(1, round(period * 0.7)), max(2, round(period * 1.5))
    steps = np.arange(high, low - 1, -1)
    penalty = -100.0 * np.log(steps / period) ** 2
    n = len(local)
    score = np.concatenate([np.zeros(high), local])  # frame t sits at t + high
    # Row t of this view is what frame t may follow, from the longest step to the shortest; it
    # looks into the scores as they are filled in.
    earlier = np.lib.stride_tricks.sliding_window_view(score, len(steps))
    back = np.full(n, -1)
    for begin in range(0, n, low):
        end = min(begin + low, n)
        total = earlier[begin:end] + penalty
        choice = total.argmax(axis=1)
        gain = total[np.arange(end - begin), choice]
        previous = np.arange(begin, end) - steps[choice]
        linked = (previous >= 0) & (gain > 0)
        back[begin:end][linked] = previous[linked]
        score[begin + high : end + high] += gain * linked
    final = score[high:]
    tail = max(0, n - round(period * 1.5))
    at = tail + int(np.argmax(final[tail:]))
    path = []
    while at >= 0:
        path.append(at)
        at = int(back[at])
    return np.array(path[::-1])


def _vertex(curve: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Offset of the true maximum from each index, in frames, within half a frame."""
    inside = np.clip(at, 1, len(curve) - 2)
    a, b, c = curve[inside - 1], curve[inside], curve[inside + 1]
    bend = a - 2 * b + c
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(bend < 0, 0.5 * (a - c) / bend, 0.0)
    return np.asarray(np.where(inside == at, np.clip(np.nan_to_num(offset), -0.5, 0.5), 0.0))
