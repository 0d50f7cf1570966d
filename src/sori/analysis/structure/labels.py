"""Which sections are the same, also in another key."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.structure.likeness import likeness_moved

__all__ = ["labels_of", "matches", "matches_moved"]

Floats = NDArray[np.float64]

_SAME = 0.6  # how far between a chance match (0) and a perfect one (1) two sections of one label are
_SAME_MOVED = 0.75  # in another key only harmony is compared, at three places: chance is better at it
_MOST_LONGER = 2.2  # times
_KEY_CHANGES = (1, 2, 3)  # semitones
_LEAST_SPAN = 0.3  # of likeness, between chance and perfection


def matches(alike: Floats, cuts: NDArray[np.intp]) -> Floats:
    """Return how well each two sections run alike bar by bar, 0 as by chance, 1 perfectly; ``(n, n)``."""
    top = float(np.quantile(alike[~np.eye(len(alike), dtype=bool)], 0.98))
    chance = min(float(np.median(alike)), top - _LEAST_SPAN)
    return _between(alike, cuts, chance, top)


def matches_moved(pitch_classes: Floats, edges: Floats, cuts: NDArray[np.intp]) -> Floats:
    """Return how well each two sections run alike in harmony, the later 1 to 3 semitones higher.

    0 where that is not much better than in the same key.
    """
    still = likeness_moved(pitch_classes, edges, 0)
    top = float(np.quantile(still[~np.eye(len(still), dtype=bool)], 0.98))
    chance = min(float(np.median(still)), top - _LEAST_SPAN)
    unmoved = _between(still, cuts, chance, top)
    best = np.zeros_like(unmoved)
    for semitones in _KEY_CHANGES:
        moved = likeness_moved(pitch_classes, edges, semitones)
        best = np.maximum(best, _between(moved, cuts, chance, top))
    return np.where((best >= _SAME_MOVED) & (best >= unmoved + 0.5), np.minimum(best, 1.0), 0.0)


def labels_of(match: Floats, lengths: NDArray[np.intp]) -> list[int]:
    """Group sections by average linkage while groups match; number groups in order of appearance."""
    n = len(match)
    value, length, size = match.copy(), lengths.astype(np.float64), np.ones(n)
    group, there = np.arange(n), np.ones(n, bool)
    while True:
        longer = np.maximum(length[:, None], length) / np.minimum(length[:, None], length)
        open_ = there[:, None] & there & (longer <= _MOST_LONGER) & ~np.eye(n, dtype=bool)
        best = np.where(open_, value, -np.inf)
        i, j = sorted(divmod(int(np.argmax(best)), n))
        if best[i, j] <= _SAME:
            break
        share = size[i] / (size[i] + size[j])
        value[i] = value[:, i] = share * value[i] + (1 - share) * value[j]
        length[i] = share * length[i] + (1 - share) * length[j]
        size[i] += size[j]
        there[j], group[group == j] = False, i
    number = {label: k for k, label in enumerate(dict.fromkeys(group.tolist()))}
    return [number[label] for label in group.tolist()]


def _between(alike: Floats, cuts: NDArray[np.intp], chance: float, top: float) -> Floats:
    """Match of each section with each earlier one, which stands in the columns; 0 at unlike lengths."""
    n = len(cuts) - 1
    out = np.eye(n)
    for i in range(n):
        for j in range(i):
            block = alike[cuts[i] : cuts[i + 1], cuts[j] : cuts[j + 1]]
            if max(block.shape) <= _MOST_LONGER * min(block.shape):
                out[i, j] = out[j, i] = (_aligned(block) - chance) / (top - chance)
    return out


def _aligned(block: Floats) -> float:
    """Mean likeness along the best diagonal that covers most of the shorter section."""
    rows, columns = block.shape
    least = max(1, round(0.75 * min(rows, columns)))
    return max(float(block.diagonal(k).mean()) for k in range(-(rows - least), columns - least + 1))
