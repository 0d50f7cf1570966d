"""Beats: the path through the music that is both strong and even, and follows a tempo that moves.

A semi-Markov model of beats, each a state of the tempo, solved exactly (the bar pointer of Whiteley
et al. 2006 and Krebs et al. 2015, without the states between the beats): which frames are beats, and
how fast each goes on to the next, are found together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import MEL_RATE
from sori.analysis.rhythm.onsets import vertex
from sori.analysis.rhythm.tempo import tempo_path
from sori.events import Beats

__all__ = ["beats", "likeliest_beats"]

_STEPS = 24  # tempo states to an octave
_REACH = 8  # states followed beyond the slowest and the fastest of the local tempos
_CHANGE = 1.5  # cost of each step of tempo from a beat to the next
_UNEVEN = 2.0  # cost of a beat one frame early or late
_PULL = 3.0  # cost of an octave squared between a beat and the local tempo
_SLOWEST, _FASTEST = 30.0, 520.0  # of any pulse, beats or faster
_FAR = -1e9


def beats(strength: NDArray[np.float64], bpm: float | None) -> Beats:
    """Place beats near a tempo, where they are likely, as evenly as the music allows.

    Parameters
    ----------
    strength : (frames,)
        How much speaks for a beat at each frame, at MEL_RATE: logarithms of odds, or what behaves so
        (`pulse.beat_strength`).
    bpm : float or None
        The tempo of most of the recording; it may drift, and halve or double no more than the music
        itself does.
    """
    found = likeliest_beats(strength, bpm)
    return Beats(tuple(float(t) for t in np.round(found / MEL_RATE, 3)))


def likeliest_beats(strength: NDArray[np.float64], bpm: float | None) -> NDArray[np.float64]:
    """Return the frames of `beats`, with their fractions; none where nothing pulses."""
    if bpm is None or len(strength) < 10:
        return np.zeros(0)
    path = tempo_path(strength, bpm)
    low = max(path.min() - _REACH / _STEPS, np.log2(_SLOWEST))
    high = min(path.max() + _REACH / _STEPS, np.log2(_FASTEST))
    octaves = np.arange(low, max(high, low) + 1e-6, 1 / _STEPS)
    found = _best_path(strength, octaves, path)
    # Leading and trailing beats in near silence were drawn by the grid alone.
    strong = np.flatnonzero(strength[found] > 0.0)
    if len(strong) < 2:
        return np.zeros(0)
    found = found[strong[0] : strong[-1] + 1]
    return np.asarray(np.maximum(found + vertex(strength, found), 0.0))


def _best_path(
    strength: NDArray[np.float64], octaves: NDArray[np.float64], path: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the frames of the likeliest sequence of beats.

    What a frame can follow lies at least the shortest period earlier, so that many frames are solved
    at a time.
    """
    n, n_tempos = len(strength), len(octaves)
    periods = np.maximum(np.rint(60 * MEL_RATE / 2**octaves).astype(np.intp), 3)
    head, block = int(periods.max()) + 1, int(periods.min()) - 1
    shifts = np.array([0, -1, 1])
    uneven = (-_UNEVEN * np.abs(shifts) * (25.0 / periods)[:, None]).T[:, None, :]
    local = strength[:, None] - _PULL * (octaves - path[:, None]) ** 2
    # Row t + head belongs to frame t: what is gained by leaving it at each tempo, and the tempo it had.
    leave = np.full((n + head, n_tempos), _FAR)
    had = np.zeros((n + head, n_tempos), np.int8)
    back = np.zeros((n, n_tempos), np.int8)  # 0 starts a path, else 1 + the shift taken
    score = np.empty((n, n_tempos))
    gather = ((head - periods - shifts[:, None]) * n_tempos + np.arange(n_tempos))[:, None, :]
    for begin in range(0, n, block):
        end = min(begin + block, n)
        rows = np.arange(begin, end)[:, None] * n_tempos
        total = leave.ravel()[gather + rows] + uneven
        choice = total.argmax(axis=0)
        gain = np.take_along_axis(total, choice[None], 0)[0]
        linked = gain > 0
        back[begin:end] = (choice + 1) * linked
        score[begin:end] = local[begin:end] + gain * linked
        leave[begin + head : end + head], had[begin + head : end + head] = _spread(score[begin:end])
    return _trace(score, back, had, periods, shifts)


def _spread(score: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return the best score from which each tempo can go on, up to two steps away, and how far away."""
    padded = np.full((len(score), score.shape[1] + 4), _FAR)
    padded[:, 2:-2] = score
    best, step = score.copy(), np.zeros(score.shape, np.int8)
    for offset in (-1, 1, -2, 2):
        other = padded[:, 2 + offset : 2 + offset + score.shape[1]] - _CHANGE * abs(offset)
        better = other > best
        np.copyto(best, other, where=better)
        np.copyto(step, np.int8(offset), where=better)
    return best, step


def _trace(
    score: NDArray[np.float64],
    back: NDArray[np.int8],
    had: NDArray[np.int8],
    periods: NDArray[np.intp],
    shifts: NDArray[np.intp],
) -> NDArray[np.intp]:
    head, n = len(had) - len(score), len(score)
    tail = max(0, n - round(1.5 * int(periods.max())))
    at, tempo = np.unravel_index(int(score[tail:].argmax()), score[tail:].shape)
    frame, state = int(at) + tail, int(tempo)
    found = [frame]
    while taken := int(back[frame, state]):
        frame -= int(periods[state] + shifts[taken - 1])
        state += int(had[frame + head, state])
        found.append(frame)
    return np.array(found[::-1])
