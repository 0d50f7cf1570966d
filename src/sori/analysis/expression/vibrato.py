"""Vibrato: a regular waver of pitch, found in the pitch of each note."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.events import Note, Pitch, Vibrato

__all__ = ["TRACKER_WINDOW_S", "note_vibrato", "overall_vibrato"]

TRACKER_WINDOW_S = 0.042  # measured: extents of 4 to 8 Hz and 110 to 880 Hz follow a mean over it within 1 %

_SLOWEST_HZ, _FASTEST_HZ, _STEP_HZ = 3.5, 10.0, 0.1
_WINDOW_S, _WINDOW_HOP_S = 0.7, 0.1
_SHORTEST_S = 0.35  # about two cycles
_EDGE_S = 0.04  # of a note, where its pitch arrives and leaves
_DEGREE = 3  # of the polynomial a glide is taken off with
_LEAST_CENTS = 8.0
_LEAST_EXPLAINED = 0.7  # of what the polynomial leaves
_LEAST_CYCLES = 1.8
_LEAST_STEADY = 0.12  # deviation of the rate from window to window; singers keep within a tenth
_LEAST_SHARE = 0.25  # of the time of long notes, for the whole to have it
_LEAST_LEFT = 0.3
_DENSEST_HZ = 200.0  # pitch values a second beyond which nothing is gained


def note_vibrato(
    pitch: Pitch, note: Note, *, until_s: float | None = None, averaged_over_s: float = 0.0
) -> Vibrato | None:
    """Return the vibrato of one note, or ``None`` where there is none.

    In windows of 0.7 s a cubic (pitch that glides or sags) and a sinusoid are fitted together, by least
    squares at every rate from 3.5 to 10 Hz. A window wavers where the best sinusoid takes away at least
    70 % of what the cubic leaves, at 8 cents or more to either side, more than a sinusoid would by chance
    in that many values. A third of the windows must, and agree on the rate; their medians are the answer,
    so that a vibrato which sets in late keeps its extent.

    Parameters
    ----------
    pitch : Pitch
        Even times.
    note : Note
        Where to look.
    until_s : float, optional
        Where the note stops sounding, if known better than by its offset.
    averaged_over_s : float
        How long a stretch each value of the pitch is the mean of; the extent is made up for what that took:
        a tenth at 6 Hz and 42 ms (`TRACKER_WINDOW_S`), what `sori.analysis.melody.pitch.pitch` does.

    Returns
    -------
    Vibrato or None
        Rate in Hz; extent in cents from the middle to either side (half of peak to peak).
    """
    end_s = note.offset_s if until_s is None else until_s
    times, cents = _voiced(pitch, note.onset_s + _EDGE_S, end_s - _EDGE_S)
    if len(times) < 8 or times[-1] - times[0] < _SHORTEST_S:
        return None
    window = min(_WINDOW_S, times[-1] - times[0])
    starts = np.arange(times[0], times[-1] - window + 1e-6, _WINDOW_HOP_S)
    edges = zip(
        np.searchsorted(times, starts), np.searchsorted(times, starts + window + 1e-9, "right"), strict=True
    )
    fits = [_sinusoid(times[low:high], cents[low:high], window) for low, high in edges]
    found = [fit for fit in fits if fit is not None]
    if not found or 3 * len(found) < len(starts):
        return None
    rate, extent = np.median(np.array(found), axis=0)
    if np.std([each[0] for each in found]) > _LEAST_STEADY * rate:
        return None
    extent /= max(float(np.sinc(rate * averaged_over_s)), _LEAST_LEFT)
    return Vibrato(rate_hz=round(float(rate), 2), extent_cents=round(float(extent), 1))


def overall_vibrato(notes: Sequence[Note], vibratos: Sequence[Vibrato | None]) -> Vibrato | None:
    """Return the median over notes that waver, by their length; ``None`` where long notes mostly do not.

    A quarter of the time of notes long enough to tell must waver.
    """
    long = [
        (note.offset_s - note.onset_s, vibrato)
        for note, vibrato in zip(notes, vibratos, strict=True)
        if note.offset_s - note.onset_s >= _SHORTEST_S + 2 * _EDGE_S
    ]
    wavering = [(length, vibrato) for length, vibrato in long if vibrato is not None]
    if not wavering or sum(w for w, _ in wavering) < _LEAST_SHARE * sum(w for w, _ in long):
        return None
    weights = np.array([length for length, _ in wavering])
    rate = _weighted_median(np.array([v.rate_hz for _, v in wavering]), weights)
    extent = _weighted_median(np.array([v.extent_cents for _, v in wavering]), weights)
    return Vibrato(rate_hz=round(rate, 2), extent_cents=round(extent, 1))


def _voiced(pitch: Pitch, begin_s: float, end_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and cents off the note's median of the longest voiced stretch inside a note."""
    low, high = (bisect.bisect_left(pitch.times_s, edge_s) for edge_s in (begin_s, end_s))
    if high - low < 4:
        return np.zeros(0), np.zeros(0)
    times = np.asarray(pitch.times_s[low:high], np.float64)
    step = float(np.median(np.diff(times)))
    every = max(1, int(1 / (step * _DENSEST_HZ)))
    times, hz = times[::every], np.asarray(pitch.hz[low:high:every], np.float64)
    good = np.asarray(pitch.voiced[low:high:every], bool) & (hz > 0)
    cents = 1200 * np.log2(np.where(hz > 0, hz, 1.0) / 440) + 6900
    # Three semitones and a half from the middle, it is an octave error or another note.
    if good.any():
        good &= np.abs(cents - float(np.median(cents[good]))) < 350
    good_at = np.flatnonzero(good)
    if len(good_at) < 4:
        return np.zeros(0), np.zeros(0)
    gaps = np.flatnonzero(np.diff(times[good_at]) > max(0.05, 3 * step * every))
    edges = np.concatenate([[0], gaps + 1, [len(good_at)]])
    longest = int(np.argmax(np.diff(edges)))
    at = good_at[edges[longest] : edges[longest + 1]]
    return times[at], cents[at] - np.median(cents[at])


def _sinusoid(
    times: NDArray[np.float64], cents: NDArray[np.float64], window: float
) -> tuple[float, float] | None:
    """Return rate and extent of the sinusoid that, with a cubic, fits best; ``None`` where that is chance."""
    n = len(times)
    if n < _DEGREE + 8:
        return None
    x = 2 * (times - times[0]) / window - 1
    trend, _ = np.linalg.qr(np.polynomial.polynomial.polyvander(x, _DEGREE))
    rest = cents - trend @ (trend.T @ cents)
    total = float(rest @ rest)
    rates = np.arange(max(_SLOWEST_HZ, _LEAST_CYCLES / window), _FASTEST_HZ + 1e-9, _STEP_HZ)
    rates = rates[rates < 0.4 * n / window]
    if not total > 0 or len(rates) < 3:
        return None
    angle = 2 * np.pi * rates[:, None] * times
    pairs = np.stack([np.cos(angle), np.sin(angle)], axis=-1)  # (rates, times, 2)
    pairs -= trend @ (trend.T @ pairs)
    gram = pairs.transpose(0, 2, 1) @ pairs
    right = rest @ pairs
    weights = np.linalg.solve(gram + 1e-9 * n * np.eye(2), right[..., None])[..., 0]
    explained = np.sum(weights * right, axis=1) / total
    best = int(np.argmax(explained))
    extent = float(np.hypot(*weights[best]))
    # White noise would give each of the independent rates a share of about 2 / n.
    by_chance = 2 * np.log(20.0 * _FASTEST_HZ * window) / (n - _DEGREE - 1)
    enough = explained[best] >= max(_LEAST_EXPLAINED, by_chance)
    if not enough or extent < _LEAST_CENTS or best in (0, len(rates) - 1):
        return None
    a, b, c = explained[best - 1 : best + 2]
    offset = 0.5 * (a - c) / min(a - 2 * b + c, -1e-12)
    return float(rates[best] + _STEP_HZ * np.clip(offset, -0.5, 0.5)), extent


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, 0.5 * total[-1])])
