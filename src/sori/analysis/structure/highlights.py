"""Which half minute to hear first: the loudest, and the one that returns most often."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.structure.likeness import diagonal_mean, pooled, unit_rows
from sori.events import Excerpt
from sori.signal.loudness import window_energy
from sori.signal.meter import Cells

__all__ = ["EXCERPT_S", "loudest", "most_repeated"]

EXCERPT_S = 30.0
_PHRASE_S = 8.0
_MAX_POINTS = 1200  # self-similarity is quadratic: hours of music are looked at in longer steps


def loudest(cells: Cells, duration_s: float) -> Excerpt:
    """Return the 30 s with the most K-weighted energy; all of a shorter recording."""
    energy = window_energy(cells, EXCERPT_S)
    if not len(energy):
        return Excerpt(0.0, round(duration_s, 2))
    start = float(np.argmax(energy)) * cells.cell / cells.sample_rate
    return Excerpt(round(start, 2), round(start + EXCERPT_S, 2))


def most_repeated(
    pitch_classes: NDArray[np.float64], mel_level: NDArray[np.float32], duration_s: float
) -> Excerpt:
    """Return the 30 s whose harmony and timbre return most often elsewhere in the recording.

    Parameters
    ----------
    pitch_classes : (frames, 12)
    mel_level : (frames', bands)
        Logarithmic band levels; its frame rate may differ.
    duration_s : float

    Notes
    -----
    Both are averaged to one point a second and compared with themselves. The mean along a
    diagonal of that matrix says how well the eight seconds from one point match those from another;
    the sum of a point's good matches says how often it returns (after the idea of finding choruses
    by repetition, Goto 2006). The excerpt is the half minute that returns most in all.
    """
    step = max(1.0, duration_s / _MAX_POINTS)
    n, width, whole = int(duration_s / step), round(_PHRASE_S / step), round(EXCERPT_S / step)
    if n <= whole or n < 3 * width or not len(pitch_classes) or not len(mel_level):
        return Excerpt(0.0, round(min(duration_s, EXCERPT_S), 2))
    harmony = unit_rows(pooled(pitch_classes, n))
    timbre = unit_rows(pooled(mel_level, n))
    match = diagonal_mean(harmony @ harmony.T + 0.5 * (timbre @ timbre.T), width)
    starts = np.arange(len(match))
    apart = np.abs(starts[:, None] - starts[None]) >= width
    returns = np.maximum(match - np.quantile(match[apart], 0.9), 0)
    returns[~apart] = 0
    # Matches next to each other are one return: the best of each half phrase counts.
    fold = max(1, width // 2)
    folds = np.pad(returns, ((0, 0), (0, -len(match) % fold)))
    strength = folds.reshape(len(match), -1, fold).max(axis=2).sum(axis=1)
    # A phrase counts for an excerpt that holds all of it.
    total = np.concatenate([[0.0], np.cumsum(strength)])
    inside = whole - width + 1
    start = float(np.argmax(total[inside:] - total[:-inside])) * step
    return Excerpt(round(start, 2), round(min(start + EXCERPT_S, duration_s), 2))
