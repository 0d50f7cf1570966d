"""Timing: how far from the even grid notes are played."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.grid import Grid
from sori.events import Swing, Timing

__all__ = ["Places", "lateness", "timing"]

_LEAST = 6  # onsets that say anything
_STRAIGHT = 1.12  # swing ratios below are played as even halves
_SURE = 0.3
_START_S, _LEAST_S = 0.015, 0.0005
_STRAY = 0.05  # share of onsets on no grid, at the start
_ROUNDS = 40


@dataclasses.dataclass(frozen=True)
class Places:
    """Where in a beat notes are expected: ``of_beat``, shares of it, from 0 on."""

    of_beat: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class _Fit:
    places: Places
    mean: float
    deviation: float
    cost: float


def timing(onsets_s: Sequence[float], grid: Grid, swing: Swing) -> tuple[Timing, Places]:
    """Return how far onsets are from the grid, and which grid that is.

    Beats, halves (uneven ones when the music swings), thirds and quarters are tried. For each, onsets are a
    mixture: one Gaussian around every place, all of one width and one offset, and a few strays anywhere
    (expectation maximisation); the likeliest grid is taken, a finer one having to pay for its places
    (Schwarz 1978). So the mean and the deviation leave strays out, and are not cut short where deviations
    are wide against the grid.

    Parameters
    ----------
    onsets_s : sequence of float
        Seconds, precise ones: `sori.analysis.expression.attacks.attacks`.
    grid : Grid
        From `sori.analysis.expression.grid.even_grid`. Against beats that were found in the same music the
        mean says nothing but how early these beats are; it means something against tapped or given ones.
    swing : Swing
        Of the same music.

    Returns
    -------
    Timing, Places
    """
    position = grid.positions(onsets_s)
    inside = np.isfinite(position)
    count = int(np.count_nonzero(inside))
    if count < _LEAST or len(grid.times_s) < 3:
        return Timing(None, None, count), Places((0.0,))
    place = position[inside] % 1.0
    fits = [_fit(place, Places(of_beat), grid.beat_s) for of_beat in _subdivisions(swing)]
    best = min(fits, key=lambda fit: fit.cost)
    result = Timing(round(best.mean * grid.beat_s, 5), round(best.deviation * grid.beat_s, 5), count)
    return result, best.places


def lateness(onsets_s: Sequence[float], grid: Grid, places: Places) -> list[float | None]:
    """Return how late each onset is against the nearest place, seconds; ``None`` off the grid."""
    position = grid.positions(onsets_s)
    length = grid.beat_lengths_s(position) if len(grid.times_s) > 1 else position
    nearest = np.nanmin(np.abs(_off(position % 1.0, places)), axis=1, initial=np.inf)
    off = _off(position % 1.0, places)
    found: list[float | None] = []
    for row, least, beat_s in zip(off, nearest, length, strict=True):
        found.append(
            None if not np.isfinite(least) else round(float(row[np.argmin(np.abs(row))] * beat_s), 4)
        )
    return found


def _subdivisions(swing: Swing) -> list[tuple[float, ...]]:
    grids = [(0.0,), (0.0, 0.5), (0.0, 1 / 3, 2 / 3), (0.0, 0.25, 0.5, 0.75)]
    if swing.ratio is not None and swing.confidence > _SURE and swing.ratio > _STRAIGHT:
        late = swing.ratio / (1 + swing.ratio)
        grids += [(0.0, late), (0.0, late / 2, 0.5, 0.5 + late / 2)]
    return grids


def _off(place: NDArray[np.float64], places: Places) -> NDArray[np.float64]:
    """Return how far after each place onsets are, in beats, round the beat: (onsets, places)."""
    return np.asarray((place[:, None] - np.array(places.of_beat) + 0.5) % 1.0 - 0.5)


def _fit(place: NDArray[np.float64], places: Places, beat_s: float) -> _Fit:
    off = _off(place, places)
    n, m = off.shape
    weight, stray = np.full(m, (1 - _STRAY) / m), _STRAY
    mean, deviation = 0.0, _START_S / beat_s
    density = off
    for _ in range(_ROUNDS):
        density = weight * np.exp(-0.5 * ((off - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))
        belongs = density / (density.sum(axis=1, keepdims=True) + stray)
        total = max(float(belongs.sum()), 1e-9)
        mean = float((belongs * off).sum()) / total
        deviation = np.sqrt(float((belongs * (off - mean) ** 2).sum()) / total)
        # Wider than a third of a step, a grid explains anything.
        deviation = float(np.clip(deviation, _LEAST_S / beat_s, 1 / (3 * m)))
        weight, stray = belongs.sum(axis=0) / n, max(1 - total / n, 1e-4)
    likelihood = float(np.log(density.sum(axis=1) + stray).sum())
    return _Fit(places, mean, deviation, (m + 2) * np.log(n) - 2 * likelihood)
