"""Sections: where a piece changes, and what of it returns.

Bars are compared with each other by harmony and by timbre. A boundary stands where the bars before
are alike, the bars after are alike, and the two are not (Foote 2000), or where what is repeated from
elsewhere begins or ends (after Serra et al. 2014); of all ways to cut, dynamic programming takes the
one that explains most with sections of usual lengths. Sections that run alike bar by bar share a label.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.structure.labels import labels_of, matches, matches_moved
from sori.analysis.structure.likeness import bar_edges, diagonal_mean, likeness
from sori.events import Excerpt, Section, Sections

__all__ = ["sections"]

Floats = NDArray[np.float64]
Bars = NDArray[np.intp]

_KERNEL_BARS = (2, 4, 8)  # looked at on either side of a boundary
_RUN_BARS = 4  # must return to be a repetition
_LONGEST = 32  # bars
_PER_SECTION = 0.6  # what a boundary must explain, in deviations of novelty, to be worth a cut
_USUAL = {
    4: 0.75,
    8: 1.5,
    12: 0.75,
    16: 1.2,
    20: 0.3,
    24: 0.6,
    32: 0.45,
}  # bars: how welcome such a length is
_EVEN, _ODD, _TOO_SHORT = 0.15, -0.6, -2.2  # how welcome other lengths are
_LEAST_NOVELTY = 0.1  # deviation; music has 0.2 to 0.9, steady noise and a click below 0.06
_CERTAIN = (0.2, 0.3)  # a boundary of novelty z is right within 3 s with probability 1 / (1 + exp(-a - b z))
_LOUDER = 0.1  # what a deviation of level is worth beside the share of the whole that a part fills
_THUMBNAIL_S = 30.0


def sections(
    pitch_classes: Floats,
    mel_level: NDArray[np.float32],
    *,
    beats_s: Sequence[float],
    downbeats_s: Sequence[float],
    duration_s: float,
    loudness: Floats | None = None,
) -> Sections:
    """Cut a recording into sections and say which of them return.

    Parameters
    ----------
    pitch_classes : (frames, 12)
        Chroma over the whole recording.
    mel_level : (frames', bands)
        Logarithmic band levels over the whole recording; its frame rate may differ.
    beats_s, downbeats_s : seconds
        Boundaries stand at downbeats; without any at every fourth beat, without beats at even steps.
    duration_s : float
    loudness : (n,), optional
        Level over the whole recording, dB: of sections that return equally, the louder is the chorus.
    """
    edges = bar_edges(beats_s, downbeats_s, duration_s)
    n = len(edges) - 1
    whole = Excerpt(0.0, round(duration_s, 3))
    if n < 4 or not len(pitch_classes) or not len(mel_level):
        only = (Section(0.0, whole.end_s, "A", 0.0),) if duration_s > 0 else ()
        return Sections(only, None, whole)
    alike = likeness(pitch_classes, mel_level, edges / duration_s)
    novelty = _novelty(alike)
    spread = float(novelty[2 : n - 1].std())
    if spread < _LEAST_NOVELTY:
        steady = round(1 - spread / _LEAST_NOVELTY, 3)
        return Sections((Section(0.0, whole.end_s, "A", steady),), None, _start_of(whole))
    novelty[2 : n - 1] = (novelty[2 : n - 1] - novelty[2 : n - 1].mean()) / spread
    cuts = _cuts(novelty)
    match = np.maximum(matches(alike, cuts), matches_moved(pitch_classes, edges / duration_s, cuts))
    labels = labels_of(match, np.diff(cuts))
    certain = 1 / (1 + np.exp(-_CERTAIN[0] - _CERTAIN[1] * novelty[cuts]))
    certain[0], certain[-1] = (certain[1], certain[-2]) if len(cuts) > 2 else (0.5, 0.5)
    found = tuple(
        Section(
            round(float(edges[cuts[k]]), 3),
            round(float(edges[cuts[k + 1]]), 3),
            _name(labels[k]),
            round(float(certain[k : k + 2].mean()), 3),
        )
        for k in range(len(labels))
    )
    chorus = _chorus(match, cuts, labels, _levels(loudness, edges / duration_s))
    best = None if chorus is None else Excerpt(found[chorus].start_s, found[chorus].end_s)
    return Sections(found, best, _start_of(whole if best is None else Excerpt(best.start_s, whole.end_s)))


def _start_of(part: Excerpt) -> Excerpt:
    return Excerpt(part.start_s, round(min(part.start_s + _THUMBNAIL_S, part.end_s), 3))


def _novelty(alike: Floats) -> Floats:
    """Return how much each bar line divides; the ends and the lines next to them count for nothing."""
    n = len(alike)
    out = np.zeros(n + 1)
    at = np.arange(2, n - 1)[:, None]
    for half in _KERNEL_BARS:
        steps = np.arange(half)
        taper = np.exp(-0.5 * ((steps + 0.5) / (0.6 * half)) ** 2)
        before, after = at - 1 - steps, at + steps  # (lines, half), the nearest bar first
        w_before, w_after = taper * (before >= 0), taper * (after < n)
        before, after = np.maximum(before, 0), np.minimum(after, n - 1)
        out[2 : n - 1] += 0.5 * _mean(alike, before, w_before, before, w_before)
        out[2 : n - 1] += 0.5 * _mean(alike, after, w_after, after, w_after)
        out[2 : n - 1] -= _mean(alike, before, w_before, after, w_after)
    # Where hardly anything divides, repetitions are chance.
    if n > 3 and float(out[2 : n - 1].std()) >= _LEAST_NOVELTY:
        out[2 : n - 1] += _repeats_begin_or_end(alike)[2 : n - 1]
    return out


def _mean(alike: Floats, rows: Bars, w_rows: Floats, columns: Bars, w_columns: Floats) -> Floats:
    """Weighted mean likeness of some bars with others at each line, all (lines, half)."""
    blocks = alike[rows[:, :, None], columns[:, None, :]]
    total = np.einsum("nij,ni,nj->n", blocks, w_rows, w_columns, optimize=True)
    return np.asarray(total / (w_rows.sum(axis=1) * w_columns.sum(axis=1)))


def _repeats_begin_or_end(alike: Floats) -> Floats:
    """Return how much the set of bars that a bar repeats changes at each bar line."""
    n = len(alike)
    width = _RUN_BARS
    if n < 3 * width:
        return np.zeros(n + 1)
    run = diagonal_mean(alike, width)
    lag = np.zeros((len(run), n))
    for i, row in enumerate(run):  # by distance instead of place: a repetition is a level line
        lag[i, : len(row)] = np.roll(row, -i)
    level = np.quantile(run, 0.9)
    lag = np.maximum(lag - level, 0)
    change = np.sqrt(((lag[1:] - lag[:-1]) ** 2).sum(axis=1))
    out = np.zeros(n + 1)
    out[1 : len(change) + 1] += change  # a run that begins
    out[width : width + len(change)] += change  # a run that ends
    return out / max(float(out.max()), 1e-9)


def _cuts(novelty: Floats) -> Bars:
    """Choose bar lines so that novelty, less a price for each cut, and usual lengths give the most."""
    n = len(novelty) - 1
    gain = novelty - _PER_SECTION
    gain[n] = 0.0
    welcome = np.array([_USUAL.get(k, _EVEN if k % 2 == 0 else _ODD) for k in range(_LONGEST + 1)])
    welcome[:3] = _TOO_SHORT
    best, back = np.full(n + 1, -np.inf), np.zeros(n + 1, np.intp)
    best[0] = 0.0
    for at in range(1, n + 1):
        lengths = np.arange(1, min(at, _LONGEST) + 1)
        # What precedes the first boundary or follows the last may be of any length.
        outer = (lengths == at) | (at == n)
        total = best[at - lengths] + np.where(outer, np.maximum(welcome[lengths], 0), welcome[lengths])
        k = int(np.argmax(total))
        best[at], back[at] = total[k] + gain[at], at - lengths[k]
    cuts = [n]
    while cuts[-1] > 0:
        cuts.append(int(back[cuts[-1]]))
    return np.array(cuts[::-1], np.intp)


def _chorus(match: Floats, cuts: Bars, labels: list[int], level: Floats) -> int | None:
    """Return the section that stands best for the part that returns most, ``None`` if nothing returns."""
    best, chosen = -np.inf, None
    for label in sorted(set(labels)):
        members = [k for k, own in enumerate(labels) if own == label and cuts[k + 1] - cuts[k] >= 3]
        if len(members) < 2:
            continue
        bars = np.concatenate([np.arange(cuts[k], cuts[k + 1]) for k in members])
        score = len(bars) / len(level) + _LOUDER * float(level[bars].mean())
        if score > best:
            best, chosen = score, max(members, key=lambda k: float(match[k, members].mean()))
    return chosen


def _levels(loudness: Floats | None, parts: Floats) -> Floats:
    """Level of every bar in deviations from the mean; zeros where none is known."""
    n = len(parts) - 1
    if loudness is None or not len(loudness):
        return np.zeros(n)
    at = np.minimum((parts * len(loudness)).astype(np.intp), len(loudness) - 1)
    power = np.add.reduceat(10.0 ** (loudness / 10), at[:-1]) / np.maximum(np.diff(at), 1)
    level = 10 * np.log10(np.maximum(power, 1e-9))
    level = np.maximum(level, level.max() - 40)
    return np.asarray((level - level.mean()) / max(float(level.std()), 1e-9))


def _name(number: int) -> str:
    """A, B, ..., Z, AA, AB, ..."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
