"""Melody: the leading line's notes and steps, in any key and register apart from its own."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sori.features.harmony import progression
from sori.spectral.partials import Partials

__all__ = ["ENTRIES", "leading_line", "melody"]

_LOW, _HIGH = 50, 87  # D3 to D6, the end not included: where tunes lie
_TIME = 3
_HARMONICS = tuple((round(12 * math.log2(h)), 0.75 ** (h - 1)) for h in range(1, 7))  # semitones up, weight

ENTRIES = (
    *(f"pitch_class_{i}_above_tonic" for i in range(12)),
    *(f"step_{i}_semitones" for i in range(-6, 6)),  # between successive notes, folded into an octave
    *(f"motif_{p}_pitch_{t:+d}_time" for p in range(1, 7) for t in range(-_TIME, _TIME + 1)),
    "register_mean_midi",
    "register_std_midi",
    "notes_per_s",
)


def leading_line(found: Partials, cents: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the most salient note of each frame and its salience.

    Each partial votes for the notes whose first to sixth harmonic it could be (harmonic sum,
    Hermes 1988); a note must carry a partial of its own, and of notes nearly as salient the
    higher is taken, because tunes lie on top.

    Returns
    -------
    note : (n_frames,) int
        MIDI number, -1 where nothing is pitched.
    salience : (n_frames,) float
    """
    parts = [_leading_line(part, cents) for part in found.parts()]
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0)
    notes, saliences = zip(*parts, strict=True)
    return np.concatenate(notes), np.concatenate(saliences)


def _leading_line(found: Partials, cents: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    # Loudness of every semitone in every frame; a harmonic is then a column so many semitones up.
    top = _HIGH - _LOW + int(_HARMONICS[-1][0]) + 1
    note = np.round(found.midi - np.float32(cents / 100)).astype(np.int32) - _LOW
    inside = (note >= 0) & (note < top)
    level = np.sqrt(found.weight[inside])  # loud accompaniment must not drown the tune
    heard = np.bincount(found.frame[inside] * top + note[inside], level, minlength=found.n_frames * top)
    heard = heard.reshape(-1, top)
    width = _HIGH - _LOW
    own = heard[:, :width]
    grid = sum(gain * heard[:, up : up + width] for up, gain in _HARMONICS) * (own > 0)
    grid = grid * (1 + 0.012 * np.arange(width))
    best = grid.argmax(axis=1)
    salience = grid[np.arange(len(grid)), best]
    return np.where(salience > 0, best + _LOW, -1), salience


def melody(
    note: NDArray[np.int64],
    salience: NDArray[np.float64],
    *,
    rate: float,
    tonic: int | None,
    beats_s: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Summarise a leading line; NaN throughout when there is hardly one."""
    if tonic is None or (note >= 0).sum() < 10:
        return np.full(len(ENTRIES), np.nan, np.float32)
    voiced = (note >= 0) & (salience > 0.3 * np.quantile(salience, 0.9))
    # A note is a pitch held over two frames or more: about 0.2 s.
    held = voiced[1:] & voiced[:-1] & (note[1:] == note[:-1])
    sung = note[1:][held]
    if len(sung) < 4:
        return np.full(len(ENTRIES), np.nan, np.float32)
    classes = np.bincount((sung - tonic) % 12, minlength=12) / len(sung)
    steps = np.diff(sung)
    steps = (steps[steps != 0] + 6) % 12 - 6
    histogram = np.bincount(steps + 6, minlength=12).astype(np.float64)
    histogram /= max(1.0, histogram.sum())
    values = [
        *np.sqrt(classes),
        *np.sqrt(histogram),
        *progression(_on_beats(note, salience * voiced, rate, beats_s), _TIME),
        sung.mean(),
        sung.std(),
        (len(steps) + 1) * rate / len(note),
    ]
    return np.array(values, np.float32)


def _on_beats(
    note: NDArray[np.int64], salience: NDArray[np.float64], rate: float, beats_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the line as salience per beat and pitch class, ``(beats, 12)``, rows of unit norm."""
    if len(beats_s) < 8:
        beats_s = np.arange(0, len(note) / rate, 0.5)
    beat = np.searchsorted(beats_s, np.arange(len(note)) / rate, side="right") - 1
    use = (beat >= 0) & (note >= 0)
    flat = np.bincount(beat[use] * 12 + note[use] % 12, salience[use], minlength=12 * len(beats_s))
    rows = flat[: 12 * len(beats_s)].reshape(-1, 12)
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norm, 1e-9))
