"""The form of a score: which bars return, and so where its sections begin.

Nobody annotated POP909's sections. They are read off the scores: every bar is described by what is sung
and what is played in it, each on a grid of half beats, and by when it is sung; two bars agree where these
do. Stretches of at least four bars that agree, bar by bar, with others are repeats. A section may begin
where a repeat begins or ends, and where singing starts or stops for two bars or more; of these places those
are chosen that say most, sections being four bars long at least and preferably multiples of four. Sections
whose bars mostly agree share a letter.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from bench.accuracy.pop909 import ScoreNote

Section = tuple[float, float, str]

AGREE = 0.72  # of bars: cosine of what is played and sung
SAME = 0.66  # of sections: mean over their bars
SHORTEST = 4
LONGEST = 24
STEPS = 8


def sections_of_score(notes: Sequence[ScoreNote], bars: Sequence[float]) -> list[Section]:
    """Return ``(start_s, end_s, letter)`` from the notes and the times at which bars begin.

    The first section starts with the first bar, the last ends where the last note does. Fewer than eight
    bars have no form: the list is empty.
    """
    if len(bars) < 2 * SHORTEST:
        return []
    end = max(note.end_s for note in notes)
    last = 2 * bars[-1] - bars[-2]
    edges = np.array([*bars, *([last] if last < end + 1 else [])])
    alike, sung = _alike(notes, edges)
    support = _support(alike, sung)
    chosen = _chosen(support)
    labels = _labels(alike, chosen)
    times = [*edges[chosen[:-1]].tolist(), max(float(edges[-1]), float(bars[-1]))]
    return [(a, b, label) for (a, b), label in zip(itertools.pairwise(times), labels, strict=True)]


def _alike(notes: Sequence[ScoreNote], edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far any two bars agree ``(bars, bars)``, and in which bars there is singing."""
    n = len(edges) - 1
    steps = np.concatenate([np.linspace(a, b, STEPS, endpoint=False) for a, b in itertools.pairwise(edges)])
    tune, chords = np.zeros((n * STEPS, 12)), np.zeros((n * STEPS, 12))
    onsets = np.zeros(n * STEPS)
    for note in notes:
        first = int(np.searchsorted(steps, note.start_s + 0.06, side="right")) - 1
        last = int(np.searchsorted(steps, note.end_s - 0.06, side="right")) - 1
        if first < 0:
            continue
        part = tune if note.part == 0 else chords
        part[first : max(first, last) + 1, note.pitch % 12] += 1.0
        if note.part == 0:
            onsets[first] = 1.0
    bars_tune = tune.reshape(n, -1)
    bars_onsets = np.hstack([onsets.reshape(n, -1), 0.3 * np.ones((n, 1))])
    played = chords.reshape(n, STEPS // 2, 2, 12).sum(axis=2).reshape(n, -1)
    sung = bars_tune.sum(axis=1) > 0
    both = sung[:, None] & sung
    one = sung[:, None] != sung
    voice = 0.6 * _cosines(bars_tune) + 0.4 * _cosines(bars_onsets)
    below = _cosines(np.sqrt(played))
    return np.where(both, 0.5 * voice + 0.5 * below, np.where(one, 0.4 * below, below)), sung


def _cosines(rows: np.ndarray) -> np.ndarray:
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit @ unit.T


def _support(alike: np.ndarray, sung: np.ndarray) -> np.ndarray:
    """Return how much speaks for a section to begin at each bar, the end included."""
    n = len(alike)
    support = np.zeros(n + 1)
    for lag in range(SHORTEST, n - SHORTEST + 1):
        agree = np.diagonal(alike, lag) > AGREE
        agree[1:-1] |= agree[:-2] & agree[2:] & (np.diagonal(alike, lag)[1:-1] > 0.5)  # one bar varied
        edges = np.flatnonzero(np.diff(np.concatenate([[0], agree.astype(int), [0]])))
        for start, end in edges.reshape(-1, 2):
            if end - start >= SHORTEST:
                weight = np.sqrt(end - start)
                for place in (start, end, start + lag, end + lag):
                    support[place] += weight
    support /= max(float(support.max()), 1e-9)
    for place in range(2, n - 1):
        silent_before = not sung[place - 2 : place].any() and sung[place]
        silent_after = not sung[place : place + 2].any() and sung[place - 1]
        support[place] += 0.5 * (silent_before or silent_after)
    return support


def _chosen(support: np.ndarray) -> list[int]:
    """Return the bars where sections begin, and the end, by dynamic programming."""
    n = len(support) - 1
    best, back = np.full(n + 1, -np.inf), np.zeros(n + 1, int)
    best[0] = 0.0
    for end in range(1, n + 1):
        for start in range(max(0, end - LONGEST), end):
            length = end - start
            at_edge = start == 0 or end == n
            if length < SHORTEST and not (at_edge and length >= 1):
                continue
            fit = 0.2 if length % 4 == 0 else 0.04 if length % 2 == 0 else 0.0
            score = best[start] + support[end] * (end < n) + fit - 0.3
            if score > best[end]:
                best[end], back[end] = score, start
    chosen = [n]
    while chosen[-1] > 0:
        chosen.append(int(back[chosen[-1]]))
    return chosen[::-1]


def _labels(alike: np.ndarray, chosen: Sequence[int]) -> list[str]:
    spans = list(itertools.pairwise(chosen))
    labels: list[int] = []
    for k, (a, b) in enumerate(spans):
        found = max(
            ((_agreement(alike, spans[j], (a, b)), labels[j]) for j in range(k)), default=(0.0, -1)
        )  # fmt: skip
        labels.append(found[1] if found[0] >= SAME else max(labels, default=-1) + 1)
    return [chr(ord("A") + min(label, 25)) for label in labels]


def _agreement(alike: np.ndarray, one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return how far two sections agree, the shorter laid anywhere on the longer by whole bars."""
    short, long = sorted((one, other), key=lambda span: span[1] - span[0])
    length, room = short[1] - short[0], long[1] - long[0] - (short[1] - short[0])
    if length < 0.6 * (long[1] - long[0]):
        return 0.0
    means = [
        np.mean([alike[short[0] + k, long[0] + by + k] for k in range(length)]) for by in range(room + 1)
    ]
    return float(max(means))
