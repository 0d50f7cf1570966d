"""The key from place to place."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from sori.analysis.harmony.chord_belief import ChordBelief
from sori.analysis.harmony.key import chord_notes, key_profiles, key_scores
from sori.analysis.harmony.vocabulary import NO_CHORD
from sori.errors import ParameterError
from sori.events import Key, KeySpan, LocalKeys
from sori.units import PITCH_CLASSES

__all__ = ["local_keys"]

_WINDOW_S, _STEP_S = 12.0, 1.0
_SHARPNESS = 7.0  # nats a second for a key whose notes fit wholly over one that does not fit at all
_FAR = 30.0  # what a modulation must be worth, in nats; to a related key less
_RELATED = 20.0
_HOME = 0.06  # how much better the key of the whole is taken to fit
_UNPITCHED = 0.85  # share of no chord from which a recording is no music with keys
_SILENT = 0.05  # share of the mean level below which a window says nothing


def local_keys(
    belief: ChordBelief,
    *,
    duration_s: float,
    changes_s: NDArray[np.float64] | None = None,
    whole: Key | None = None,
) -> LocalKeys:
    """Follow the key through a recording (Viterbi over 24 keys; a related key is nearer than a far one).

    Parameters
    ----------
    belief : ChordBelief
        Chords heard, frame by frame.
    duration_s : float
    changes_s : (n,) or None
        Where chords begin: a modulation is moved to the nearest within two seconds.
    whole : Key or None
        The key of the whole recording: it decides where two keys fit about as well.

    Returns
    -------
    LocalKeys
        Spans from 0 to ``duration_s`` without gaps; none where nothing is pitched. The confidence of a
        span is its share of a softmax over the 24 keys, as for the key of the whole.
    """
    if not np.isfinite(duration_s):
        raise ParameterError(f"got a duration of {duration_s} s, want seconds")
    notes, bass = chord_notes(belief)
    if duration_s <= 0 or not len(notes) or np.exp(belief.chord[:, NO_CHORD]).mean() > _UNPITCHED:
        return LocalKeys((), ())
    middles = np.arange(0.5 * _STEP_S, max(duration_s, _STEP_S), _STEP_S)
    scores = _scores(notes, bass, belief, middles)
    if whole is not None and whole.tonic is not None:
        scores[:, PITCH_CLASSES.index(whole.tonic) + 12 * (whole.mode == "minor")] += _HOME
    path = _path(scores * np.float64(_SHARPNESS * _STEP_S))
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    times = [0.0]
    for k in starts[1:]:
        exact = _turn(notes, belief, float(k * _STEP_S), int(path[k - 1]), int(path[k]))
        moved = _nearest(exact, changes_s)
        # Moved past its neighbour a modulation stays where it was; two at one place make one.
        times.append(
            moved if times[-1] < moved < duration_s else min(max(times[-1], k * _STEP_S), duration_s)
        )
    times.append(duration_s)
    spans = []
    for k, (first, last) in enumerate(itertools.pairwise([*starts.tolist(), len(path)])):
        if round(times[k], 3) >= round(times[k + 1], 3):
            continue
        share = _confidence(scores[first:last].mean(axis=0), int(path[first]))
        tonic, mode = PITCH_CLASSES[path[first] % 12], ("major", "minor")[path[first] // 12]
        spans.append(KeySpan(round(times[k], 3), round(times[k + 1], 3), tonic, mode, round(share, 3)))
    return LocalKeys(tuple(spans), tuple(span.start_s for span in spans[1:]))


def _scores(
    notes: NDArray[np.float64], bass: NDArray[np.float64], belief: ChordBelief, middles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how well each key fits about each moment, ``(moments, 24)``, nothing in silence."""
    edges = np.stack([middles - 0.5 * _WINDOW_S, middles + 0.5 * _WINDOW_S])
    at = np.clip(np.round((edges - belief.start_s) * belief.rate), 0, len(notes)).astype(np.int64)
    sums = []
    for values in (notes, bass):
        total = np.concatenate([np.zeros((1, 12)), np.cumsum(values, axis=0)])
        sums.append(total[at[1]] - total[at[0]])
    scores = np.array([key_scores(a, b).ravel() for a, b in zip(*sums, strict=True)])
    quiet = sums[0].sum(axis=1) < _SILENT * notes.sum() / len(notes) * np.maximum(at[1] - at[0], 1)
    scores[quiet] = 0
    return scores


def _path(score: NDArray[np.float64]) -> NDArray[np.int64]:
    cost = _costs()
    n = len(score)
    back = np.zeros((n, 24), np.int64)
    best = score[0].copy()
    for t in range(1, n):
        reached = best[:, None] - cost
        back[t] = reached.argmax(axis=0)
        best = reached[back[t], np.arange(24)] + score[t]
    path = np.zeros(n, np.int64)
    path[-1] = int(best.argmax())
    for t in range(n - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path


def _costs() -> NDArray[np.float64]:
    """Return the price of going from one key to another, ``(24, 24)``."""
    out = np.full((24, 24), _FAR)
    for k in range(24):
        tonic, minor = k % 12, k // 12
        out[k, k] = 0.0
        relative = (tonic + (3 if minor else 9)) % 12 + 12 * (1 - minor)
        near = [relative, (tonic + 12 * (1 - minor)) % 24, *((tonic + up) % 12 + 12 * minor for up in (5, 7))]
        out[k, near] = _RELATED
    return out


def _turn(notes: NDArray[np.float64], belief: ChordBelief, about_s: float, old: int, new: int) -> float:
    """Return when one key follows another, near a time: the windows that found it are wide."""
    edges = (np.array([about_s - _WINDOW_S, about_s + _WINDOW_S]) - belief.start_s) * belief.rate
    first, last = np.clip(np.round(edges), 0, len(notes)).astype(np.int64)
    fits = key_profiles().reshape(24, 12)
    lead = np.concatenate([[0.0], np.cumsum(notes[first:last] @ (fits[old] - fits[new]))])
    return float(belief.start_s + (first + lead.argmax()) / belief.rate)


def _nearest(time: float, changes_s: NDArray[np.float64] | None) -> float:
    if changes_s is None or not len(changes_s):
        return time
    nearest = float(changes_s[np.abs(changes_s - time).argmin()])
    return nearest if abs(nearest - time) <= 2 else time


def _confidence(score: NDArray[np.float64], chosen: int) -> float:
    share = np.exp(18.0 * (score - score.max()))
    return float(share[chosen] / share.sum() * np.clip(score.max(), 0, 1))
