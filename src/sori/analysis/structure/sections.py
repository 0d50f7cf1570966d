"""Sections: where a piece changes, and what of it returns.

Bars are compared with each other by harmony and by timbre. A boundary stands where the bars before
are alike, the bars after are alike, and the two are not (Foote 2000), or where what is repeated from
elsewhere begins or ends (after Serra et al. 2014); of all ways to cut, dynamic programming takes the
one that explains most with sections of usual lengths. Sections that run alike bar by bar share a label.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.structure.likeness import bar_edges, diagonal_mean, likeness
from sori.events import Excerpt, Section, Sections

__all__ = ["sections"]

Floats = NDArray[np.float64]

_KERNEL_BARS = 8  # looked at on either side of a boundary
_LONGEST = 32  # bars
_PER_SECTION = 0.9  # what a boundary must explain, in deviations of novelty, to be worth a cut
_USUAL = {4: 0.5, 8: 1.0, 12: 0.5, 16: 0.8, 20: 0.2, 24: 0.4, 32: 0.3}  # bars: how welcome such a length is
_SAME = 0.5  # how far between a chance match (0) and a perfect one (1) two sections of one label are
_THUMBNAIL_S = 30.0


@dataclasses.dataclass(frozen=True)
class _Span:
    """Bars from ``first`` up to ``last``, not included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first


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
    spans = _cut(novelty)
    match = _matches(alike, spans)
    labels = _labels(match, spans)
    found = tuple(
        Section(
            round(float(edges[span.first]), 3),
            round(float(edges[span.last]), 3),
            _name(label),
            round(float(np.clip(_certainty(novelty, span, n), 0, 1)), 3),
        )
        for span, label in zip(spans, labels, strict=True)
    )
    chorus = _chorus(match, spans, labels, _levels(loudness, edges / duration_s))
    best = None if chorus is None else Excerpt(found[chorus].start_s, found[chorus].end_s)
    start = 0.0 if best is None else best.start_s
    thumbnail = Excerpt(start, round(min(start + _THUMBNAIL_S, duration_s), 3))
    return Sections(found, best, thumbnail)


def _novelty(alike: Floats) -> Floats:
    """Return how much each bar line divides, in deviations from the mean; the ends count for nothing."""
    n = len(alike)
    out = np.zeros(n + 1)
    for half in (_KERNEL_BARS // 2, _KERNEL_BARS):
        taper = np.exp(-0.5 * ((np.arange(half) + 0.5) / (0.6 * half)) ** 2)
        weight = taper[:, None] * taper[None]
        for at in range(2, n - 1):
            before, after = slice(max(0, at - half), at), slice(at, min(n, at + half))
            left, right = at - before.start, after.stop - at
            w_before, w_after = weight[:left, :left][::-1, ::-1], weight[:right, :right]
            w_across = weight[:left, :right][::-1]
            within = 0.5 * (
                np.average(alike[before, before], weights=w_before)
                + np.average(alike[after, after], weights=w_after)
            )
            out[at] += within - np.average(alike[before, after], weights=w_across)
    out += _repeats_begin_or_end(alike)
    inner = out[2 : n - 1]
    if len(inner) and inner.std() > 1e-9:
        out[2 : n - 1] = (inner - inner.mean()) / inner.std()
    return out


def _repeats_begin_or_end(alike: Floats) -> Floats:
    """Return how much the set of bars that a bar repeats changes at each bar line."""
    n = len(alike)
    width = 4
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


def _cut(novelty: Floats) -> list[_Span]:
    """Choose bar lines so that novelty, less a price for each cut, and usual lengths give the most."""
    n = len(novelty) - 1
    gain = novelty - _PER_SECTION
    gain[n] = 0.0
    welcome = np.array([_USUAL.get(k, 0.1 if k % 2 == 0 else -0.4) for k in range(_LONGEST + 1)])
    welcome[:3] = -1.5
    best, back = np.full(n + 1, -np.inf), np.zeros(n + 1, np.intp)
    best[0] = 0.0
    for at in range(1, n + 1):
        lengths = np.arange(1, min(at, _LONGEST) + 1)
        total = best[at - lengths] + welcome[lengths]
        # What precedes the first boundary or follows the last may be of any length.
        total[(lengths == at) | (at == n)] -= np.minimum(welcome[lengths], 0)[(lengths == at) | (at == n)]
        k = int(np.argmax(total))
        best[at], back[at] = total[k] + gain[at], at - lengths[k]
    spans, at = [], n
    while at > 0:
        spans.append(_Span(int(back[at]), at))
        at = int(back[at])
    return spans[::-1]


def _matches(alike: Floats, spans: list[_Span]) -> Floats:
    """Return how well each two sections run alike, 0 as by chance, 1 perfectly; ``(n, n)``."""
    chance = float(np.median(alike))
    top = max(float(np.quantile(alike[~np.eye(len(alike), dtype=bool)], 0.98)), chance + 1e-6)
    out = np.eye(len(spans))
    for i, a in enumerate(spans):
        for j in range(i):
            b = spans[j]
            value = (_aligned(alike[a.first : a.last, b.first : b.last]) - chance) / (top - chance)
            out[i, j] = out[j, i] = value
    return out


def _aligned(block: Floats) -> float:
    """Mean likeness along the best diagonal that covers most of the shorter section."""
    rows, columns = block.shape
    least = max(1, round(0.75 * min(rows, columns)))
    offsets = range(-(rows - least), columns - least + 1)
    return max(float(np.diagonal(block, k).mean()) for k in offsets)


def _labels(match: Floats, spans: list[_Span]) -> list[int]:
    """Group sections by average linkage while groups match; number groups in order of appearance."""
    groups = [[i] for i in range(len(spans))]
    while len(groups) > 1:
        best, pair = _SAME, None
        for i in range(len(groups)):
            for j in range(i):
                value = float(match[np.ix_(groups[i], groups[j])].mean())
                lengths = [np.mean([spans[k].length for k in groups[g]]) for g in (i, j)]
                if max(lengths) <= 2.2 * min(lengths) and value > best:
                    best, pair = value, (i, j)
        if pair is None:
            break
        groups[pair[1]] += groups.pop(pair[0])
    order = sorted(groups, key=min)
    number = {span: k for k, group in enumerate(order) for span in group}
    return [number[i] for i in range(len(spans))]


def _chorus(match: Floats, spans: list[_Span], labels: list[int], level: Floats) -> int | None:
    """Return the section that stands best for the part that returns most, ``None`` if nothing returns."""
    best, chosen = -np.inf, None
    for label in sorted(set(labels)):
        members = [i for i, own in enumerate(labels) if own == label and spans[i].length >= 3]
        if len(members) < 2:
            continue
        bars = sum(spans[i].length for i in members)
        louder = float(
            level[np.concatenate([np.arange(spans[i].first, spans[i].last) for i in members])].mean()
        )
        score = bars / len(level) + 0.15 * louder
        if score > best:
            closest = max(members, key=lambda i: float(match[i, members].mean()))
            best, chosen = score, closest
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


def _certainty(novelty: Floats, span: _Span, n: int) -> float:
    """How clear the section's two ends are: 0 at the mean of all bar lines, 1 three deviations above."""
    ends = [novelty[at] / 3 for at in (span.first, span.last) if 0 < at < n]
    return float(np.mean(ends)) if ends else 0.0


def _name(number: int) -> str:
    """A, B, ..., Z, AA, AB, ..."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
