"""Swing: how unevenly beats are halved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.grid import Grid
from sori.events import Onsets, Swing

__all__ = ["swing"]

_ON_BEAT = 0.12  # of a beat; nearer than this an onset is the beat itself
_LOW, _HIGH = 0.40, 0.80  # where the second half of a beat may begin: ratios 0.7 to 4
_WIDTH, _WIDTH_S = 0.03, 0.015  # over which halves count as the same; the wider of the two
_NEAR = 2.5  # of these widths
_QUARTER = 0.07
_LEAST_BEATS, _LEAST_SHARE = 4, 0.08
_SLOW_S, _FAST_S = 0.5, 0.42  # beats longer or shorter than these may be halved or paired
_SURE = 0.4  # below, halves are all over the place
_FAINT = 0.06  # of the strongest onset around


def swing(onsets: Onsets, grid: Grid) -> Swing:
    """Return the long part of halved beats over the short one.

    A beat is halved where just one onset is inside it, between 0.40 and 0.80 of the way: the densest place
    of all these is where the second part begins, at 1/2 when straight, 2/3 in a triplet, 3/4 when dotted.
    Onsets at the beats themselves say where the beat is, so that beats which are all early or late do not
    matter. Beats above 0.5 s whose middles are played may be taken as two, and beats below 0.42 s of which
    every second is empty are half ones: the ratio is that of the eighths or sixteenths that are there.

    Parameters
    ----------
    onsets : Onsets
        As precise as possible: `sori.analysis.expression.attacks.attacks`.
    grid : Grid
        From `sori.analysis.expression.grid.even_grid`.

    Returns
    -------
    Swing
        ``confidence`` is the share of halved beats that agree, less where they are few; below 0.4 there is no
        ratio.
    """
    if len(grid.times_s) < _LEAST_BEATS + 1 or not onsets.times_s:
        return Swing(None, 0.0)
    times, strengths = np.array(onsets.times_s), np.array(onsets.strengths)
    loud = strengths > _FAINT * _loudest_around(times, strengths, 4 * grid.beat_s)
    found = [_of_grid(times[loud], other) for other in _levels(times[loud], grid)]
    return max(found, key=lambda each: each.confidence)


def _of_grid(times: NDArray[np.float64], grid: Grid) -> Swing:
    number, place = _centred(times, grid)
    inside = (place > _ON_BEAT) & (place < 1 - _ON_BEAT)
    n_beats = len(grid.times_s) - 1
    count = np.bincount(number[inside], minlength=n_beats)
    alone = inside & (count[number] == 1)
    halves = place[alone & (place > _LOW) & (place < _HIGH)]
    if len(halves) < max(_LEAST_BEATS, _LEAST_SHARE * n_beats):
        halves = _middles(number[inside], place[inside])
        if len(halves) < max(_LEAST_BEATS, _LEAST_SHARE * n_beats):
            return Swing(None, 0.0)
    steps = np.arange(_LOW, _HIGH, 0.002)
    width = max(_WIDTH, _WIDTH_S / grid.beat_s)
    density = np.exp(-0.5 * ((steps[:, None] - halves) / width) ** 2).sum(axis=1)
    peak = steps[int(np.argmax(density))]
    near = halves[np.abs(halves - peak) < _NEAR * width]
    middle = float(np.median(near))
    agree = len(near) / max(len(halves), int(np.count_nonzero(alone)))
    sure = round(agree * len(near) / (len(near) + 2.0), 3)
    return Swing(round(middle / (1 - middle), 3) if sure >= _SURE else None, sure)


def _centred(times: NDArray[np.float64], grid: Grid) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the beat each onset belongs to and its place within, 0 to 1, from where beats are played."""
    positions = grid.positions(times)
    positions = positions[np.isfinite(positions)]
    off = positions - np.round(positions)
    near = off[np.abs(off) < _ON_BEAT]
    positions = positions - (float(np.median(near)) if len(near) >= _LEAST_BEATS else 0.0)
    number = np.floor(positions)
    kept = (number >= 0) & (number < len(grid.times_s) - 1)
    return number[kept].astype(np.intp), (positions - number)[kept]


def _middles(number: NDArray[np.intp], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the middles of beats in four: those with onsets at 1/4, 1/2 and 3/4."""
    at = [set(number[np.abs(place - quarter) < _QUARTER].tolist()) for quarter in (0.25, 0.5, 0.75)]
    whole = np.array(sorted(at[0] & at[1] & at[2]))
    return place[np.isin(number, whole) & (np.abs(place - 0.5) < _QUARTER)]


def _levels(times: NDArray[np.float64], grid: Grid) -> list[Grid]:
    """Return the grids whose beats may be what is halved."""
    beats = grid.times_s
    if grid.beat_s > _SLOW_S and _played(times, grid, 0.5) > 0.4:
        middles = 0.5 * (beats[1:] + beats[:-1])
        return [grid, Grid(np.sort(np.concatenate([beats, middles])))]
    if grid.beat_s < _FAST_S:
        first, second = Grid(beats[::2]), Grid(beats[1::2])
        played = [_played(times, each, 0.0) for each in (first, second)]
        if max(played) > 0.5 and min(played) < 0.4 * max(played):
            return [first if played[0] > played[1] else second]
    return [grid]


def _played(times: NDArray[np.float64], grid: Grid, place: float) -> float:
    """Return the share of beats with an onset at ``place``."""
    positions = grid.positions(times)
    positions = positions[np.isfinite(positions)] - place
    near = np.abs(positions - np.round(positions)) < 0.06
    return len(np.unique(np.round(positions[near]))) / max(len(grid.times_s), 1)


def _loudest_around(
    times: NDArray[np.float64], strengths: NDArray[np.float64], reach_s: float
) -> NDArray[np.float64]:
    low, high = np.searchsorted(times, times - reach_s), np.searchsorted(times, times + reach_s)
    return np.array([strengths[a:b].max() for a, b in zip(low, high, strict=True)])
