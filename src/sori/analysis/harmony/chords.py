"""The chords of a recording: the likeliest path through what fits every moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.harmony.chord_belief import ChordBelief
from sori.analysis.harmony.vocabulary import NO_CHORD, QUALITIES, chord_label, spelling
from sori.errors import ParameterError
from sori.events import Chord, ChordCandidate, Chords, Key

__all__ = ["chords"]

_CHANGE = 1.0  # what a change of chord must be worth, in nats, between two beats or frames
_OFF_BEAT = 2.0  # and what more half-way between two beats: they may have been heard there wrongly
_HALVED_S = 0.4  # beats at least so far apart have such a place between them
_FEWEST_BEATS = 2
_SHORTEST_S = 0.05  # of a chord at the beginning or the end
_WEIGHT_PER_S = 3.0  # how much of the belief counts: neighbouring frames say much the same
_N_OTHERS = 4
_BASS_SURE = 0.4
# What a chord that is rarely meant loses: a tune's passing fourth is no suspension.
_RARE = ("sus2", "sus4", "sus4(b7)", "maj6", "min6", "minmaj7", "aug", "dim7")
_RESERVED = -1.5
_PASSING = (2, 10)  # semitones above the root that a bass may have beside the chord's own notes


def chords(
    belief: ChordBelief,
    *,
    duration_s: float,
    beats_s: Sequence[float] | None = None,
    key: Key | None = None,
) -> Chords:
    """Choose the chords of a recording.

    Parameters
    ----------
    belief : ChordBelief
    duration_s : float
    beats_s : sequence of float or None
        Beat times: chords then change there, or half-way between if much speaks for it. ``None``, or fewer
        than two: wherever the sound changes.
    key : Key or None
        Roots are spelt as it asks.

    Returns
    -------
    Chords
        From 0 to ``duration_s`` without gaps; none at all for a recording without frames.
    """
    beats = np.unique(np.asarray([] if beats_s is None else beats_s, np.float64))
    if not (np.isfinite(beats).all() and np.isfinite(duration_s)):
        raise ParameterError("got a time that is NaN or infinite, want seconds: leave such beats out")
    if not len(belief.chord) or duration_s <= 0:
        return Chords((), len(beats) >= _FEWEST_BEATS)
    edges, off = _edges(belief, duration_s, beats)
    cost = (_CHANGE + _OFF_BEAT * off).astype(np.float32)
    scale = np.float32(_WEIGHT_PER_S / belief.rate)
    path = _path((_totals(belief.chord, belief, edges) + _reserves(edges, belief.rate)) * scale, cost)
    turns = np.diff(path, prepend=-1) != 0
    low = _path(_totals(belief.bass, belief, edges) * scale, np.where(turns, np.float32(0), cost))
    starts = np.flatnonzero(turns | (np.diff(low, prepend=-1) != 0))
    spans = np.append(edges[starts], edges[-1])
    if len(beats) < _FEWEST_BEATS:
        moved = _crossings(belief, spans[1:-1], path[starts[1:] - 1], path[starts[1:]])
        spans[1:-1] = np.minimum(moved, duration_s - _SHORTEST_S)
    likely = _shares(_totals(np.exp(belief.chord), belief, spans))
    basses = _shares(_totals(np.exp(belief.bass), belief, spans))
    names = spelling(key)
    found: list[Chord] = []
    for k, at in enumerate(starts):
        sure = basses[k, low[at]] > _BASS_SURE and _bears(int(path[at]), int(low[at]))
        bass = int(low[at]) if sure else None
        _add(found, _chord(float(spans[k]), float(spans[k + 1]), int(path[at]), bass, likely[k], names))
    return Chords(tuple(found), len(beats) >= _FEWEST_BEATS)


def _crossings(
    belief: ChordBelief, edges: NDArray[np.float64], old: NDArray[np.int64], new: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Move edges of frames to where, between the middles of two frames, one chord overtakes the other."""
    at = np.round((edges - belief.start_s) * belief.rate).astype(np.int64)
    at = np.clip(at, 1, len(belief.chord) - 1)
    before, after = (belief.chord[at - k, new] - belief.chord[at - k, old] for k in (1, 0))
    overtakes = (before < 0) & (after > 0)
    part = np.where(overtakes, -before / np.where(overtakes, after - before, 1), 0.5)
    return np.asarray(edges + (part - 0.5) / belief.rate)


def _chord(
    start: float,
    end: float,
    chord: int,
    bass: int | None,
    likely: NDArray[np.float32],
    names: tuple[str, ...],
) -> Chord:
    order = [int(i) for i in np.argsort(likely)[::-1][: _N_OTHERS + 1] if i != chord][:_N_OTHERS]
    others = tuple(ChordCandidate(chord_label(i, spelling=names), round(float(likely[i]), 3)) for i in order)
    label = chord_label(chord, bass=bass, spelling=names)
    return Chord(round(start, 3), round(end, 3), label, round(float(likely[chord]), 3), others)


def _reserves(edges: NDArray[np.float64], rate: float) -> NDArray[np.float32]:
    """Return what each chord loses between edges for being rare."""
    each = np.append(np.tile([_RESERVED * (name in _RARE) for name in QUALITIES], 12), 0.0)
    return np.asarray(np.diff(edges)[:, None] * rate * each, np.float32)


def _bears(chord: int, bass: int) -> bool:
    """Say whether a bass makes an inversion of a chord, or passes under it."""
    root, quality = divmod(chord, len(QUALITIES))
    up = (bass - root) % 12
    return chord != NO_CHORD and (up in list(QUALITIES.values())[quality] or up in _PASSING)


def _add(found: list[Chord], chord: Chord) -> None:
    """Append a chord, or lengthen the last one where it is the same."""
    if found and found[-1].label == chord.label:
        last = found.pop()
        longer = last if last.end_s - last.start_s >= chord.end_s - chord.start_s else chord
        chord = dataclasses.replace(longer, start_s=last.start_s, end_s=chord.end_s)
    found.append(chord)


def _shares(totals: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(totals / np.maximum(totals.sum(axis=1, keepdims=True), 1e-9), np.float32)


def _edges(
    belief: ChordBelief, duration_s: float, beats: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return where chords may change, from 0 to the end, and which of these are between beats."""
    if len(beats) < _FEWEST_BEATS:
        inner = belief.start_s + np.arange(len(belief.chord)) / belief.rate
        off = np.zeros(len(inner), bool)
    else:
        step = float(np.median(np.diff(beats)))
        # The beat goes on before the first and after the last that was heard.
        before = np.arange(beats[0], -step, -step)[:0:-1]
        after = np.arange(beats[-1], duration_s + step, step)[1:]
        beats = np.concatenate([before, beats, after])
        inner, off = beats, np.zeros(len(beats), bool)
        if step >= _HALVED_S:
            inner = np.concatenate([beats, 0.5 * (beats[1:] + beats[:-1])])
            off = np.arange(len(inner)) >= len(beats)
            order = np.argsort(inner)
            inner, off = inner[order], off[order]
    use = (inner > _SHORTEST_S) & (inner < duration_s - _SHORTEST_S)
    return np.concatenate([[0.0], inner[use], [duration_s]]), np.concatenate([[False], off[use]])


def _totals(
    values: NDArray[np.float32], belief: ChordBelief, edges: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Integrate frames between edges; return the sums, in frames."""
    at = np.clip((edges - belief.start_s) * belief.rate, 0, len(values))
    total = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=total[1:])
    whole = np.minimum(at.astype(np.int64), len(values) - 1)
    read = total[whole] + (at - whole)[:, None] * (total[whole + 1] - total[whole])
    return np.asarray(np.diff(read, axis=0), np.float32)


def _path(score: NDArray[np.float32], cost: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the best path (Viterbi) where changes cost the same whatever they are between, each time."""
    n, n_states = score.shape
    back = np.zeros((n, n_states), np.int16)
    best = score[0].copy()
    own = np.arange(n_states, dtype=np.int16)
    for t in range(1, n):
        top = int(best.argmax())
        change = best[top] - cost[t]
        back[t] = np.where(best >= change, own, np.int16(top))
        best = np.maximum(best, change) + score[t]
    path = np.zeros(n, np.int64)
    path[-1] = int(best.argmax())
    for t in range(n - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path
