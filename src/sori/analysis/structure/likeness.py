"""How alike each two moments of a recording are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["bar_edges", "diagonal_mean", "likeness", "likeness_moved", "pooled", "unit_rows"]

Floats = NDArray[np.float64]

_MOST_BARS = 600  # self-similarity is quadratic: hours of music are looked at in longer steps
_PARTS = 8  # of a bar, so that the order of its notes counts
_TIMBRE_PARTS = 2
_LEAST_DB = 1.0  # bands that change less count less
_LEAST_CHANGE = 0.3  # of what sounds; bars that differ less are alike
_EVEN_S = 2.0


def bar_edges(beats_s: Sequence[float], downbeats_s: Sequence[float], duration_s: float) -> Floats:
    """Return the lines between bars, from 0 to the end, seconds.

    Downbeats; where there are none every fourth beat; where there are no beats steps of two seconds.
    Stretches without beats before the first and after the last are filled with bars of usual length.
    """
    lines = np.asarray(downbeats_s if len(downbeats_s) > 3 else beats_s[::4], np.float64)
    if len(lines) < 4:
        lines = np.arange(_EVEN_S, duration_s, _EVEN_S)
    usual = float(np.median(np.diff(lines))) if len(lines) > 1 else _EVEN_S
    if len(lines):
        before = np.arange(lines[0] - usual, 0.5 * usual, -usual)[::-1]
        after = np.arange(lines[-1] + usual, duration_s - 0.5 * usual, usual)
        # Half a bar at either end belongs to its neighbour.
        inner = lines[(lines > 0.5 * usual) & (lines < duration_s - 0.5 * usual)]
        lines = np.concatenate([before, inner, after])
    step = -(-len(lines) // _MOST_BARS) or 1
    return np.concatenate([[0.0], lines[::step], [max(duration_s, 0.0)]])


def likeness(pitch_classes: Floats, mel_level: NDArray[np.float32], edges: Floats) -> Floats:
    """Return how alike each two bars are in harmony and timbre, at most 1, by chance 0; ``(bars, bars)``.

    ``edges`` (bars + 1,) are the lines between bars as shares of the whole.
    """
    harmony = _harmony(pitch_classes, edges)
    timbre = _mean_between(mel_level, _divided(edges, _TIMBRE_PARTS))
    spread = timbre.std(axis=0)
    # A change of a decibel in every band is as little as nothing.
    least = float(np.sqrt(np.mean((_LEAST_DB / (spread + _LEAST_DB)) ** 2)))
    timbre = (timbre - timbre.mean(axis=0)) / (spread + _LEAST_DB)
    timbre = _rows(timbre, _TIMBRE_PARTS, least * np.sqrt(timbre.shape[1] * _TIMBRE_PARTS))
    return 0.5 * (_alike(harmony, harmony) + _alike(timbre, timbre))


def likeness_moved(pitch_classes: Floats, edges: Floats, semitones: int) -> Floats:
    """Return how alike in harmony each bar is to each other one moved up; ``(bars, bars moved)``."""
    return _alike(_harmony(pitch_classes, edges), _harmony(pitch_classes, edges, semitones))


def _harmony(pitch_classes: Floats, edges: Floats, semitones: int = 0) -> Floats:
    rows = np.sqrt(_mean_between(pitch_classes, _divided(edges, _PARTS)))
    usual = rows.mean(axis=0)
    size = float(np.sqrt(np.mean(rows**2) * rows.shape[1] * _PARTS))
    return _rows(np.roll(rows, semitones, axis=1) - usual, _PARTS, _LEAST_CHANGE * size)


def _rows(x: Floats, parts: int, least: float) -> Floats:
    """Put the parts of a bar in one row of length one, shorter where hardly anything changes."""
    x = x.reshape(len(x) // parts, -1)
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), max(least, 1e-9)))


def _alike(a: Floats, b: Floats) -> Floats:
    """Return 1 less half the squared distance: the cosine, for rows of length one."""
    return np.asarray(1 + a @ b.T - 0.5 * ((a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)))


def _divided(edges: Floats, parts: int) -> Floats:
    n = len(edges) - 1
    return np.interp(np.arange(n * parts + 1) / parts, np.arange(n + 1), edges)


def _mean_between(x: NDArray[np.floating[Any]], edges: Floats) -> Floats:
    """Mean of the rows between edges, which are shares of all rows; at least one row each."""
    starts = np.minimum((edges[:-1] * len(x)).astype(np.intp), len(x) - 1)
    total = np.add.reduceat(x, starts, axis=0)
    counts = np.maximum(np.diff(np.append(starts, len(x))), 1)
    return np.asarray(total / counts[:, None], np.float64)


def pooled(x: NDArray[np.floating[Any]], n: int) -> Floats:
    """Mean of ``n`` stretches of equal length; a stretch shorter than a row is that row."""
    return _mean_between(x, np.linspace(0, 1, n + 1))


def unit_rows(x: Floats) -> Floats:
    """Rows without the mean row, each of length one."""
    x = x - x.mean(axis=0)
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(x / np.maximum(norm, 1e-9))


def diagonal_mean(matrix: Floats, width: int) -> Floats:
    """Mean of ``width`` values down the diagonal from every entry that has so many."""
    n = len(matrix)
    total = matrix.copy()
    for i in range(1, n):  # running sums along all diagonals at once, a row at a time
        total[i, 1:] += total[i - 1, :-1]
    out = total[width - 1 :, width - 1 :].copy()
    out[1:, 1:] -= total[: n - width, : n - width]
    return np.asarray(out / width)
