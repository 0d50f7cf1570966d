"""How strongly each note sounds: what chords are heard from.

Partials are put on the semitones of the recording's own tuning, weighed against what sounds about them
in time, compressed as hearing does, and seen through overlapping registers of about two octaves, so that a
chord looks the same on every root but for a turn of the twelve pitch classes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.spectral.partials import Partials

__all__ = ["N_REGISTERS", "SALIENCE_RATE", "note_salience", "registers"]

SALIENCE_RATE = 11025 / 2048
"""Frames a second (5.38)."""

N_REGISTERS = 7
"""Six registers from deep bass to treble, and how loud the moment is."""

_LOWEST, _N_NOTES = 26, 72  # D1 up to C#7
_SPACING = 11.0  # semitones from a register to the next
_GAIN = 30.0
_AROUND_S = 2.0


def note_salience(found: Partials, cents: float) -> NDArray[np.float32]:
    """Sum the partials of every frame by semitone, those between two semitones counting less.

    Parameters
    ----------
    found : Partials
    cents : float
        Tuning above A4 = 440 Hz.

    Returns
    -------
    (n_frames, 72) float32
        From MIDI note 26.
    """
    note = found.midi - np.float32(cents / 100)
    nearest = np.round(note)
    share = np.cos((note - nearest) * np.float32(np.pi))
    share *= share
    share *= found.weight
    column = nearest.astype(np.int64) - _LOWEST
    use = (column >= 0) & (column < _N_NOTES)
    flat = found.frame[use].astype(np.int64) * _N_NOTES + column[use]
    total = np.bincount(flat, share[use], minlength=found.n_frames * _N_NOTES)
    return total.reshape(-1, _N_NOTES).astype(np.float32)


def registers(salience: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Return what the chord listeners see, ``(frames, N_REGISTERS, 12)`` at about SALIENCE_RATE.

    Frames of `note_salience` are averaged (or repeated, in a recording of hours) to the new rate, so
    frame ``k`` begins half an old frame before ``k / SALIENCE_RATE``. The pitch classes are from C.
    """
    n = len(salience)
    if n == 0:
        return np.zeros((0, N_REGISTERS, 12), np.float32)
    power = np.einsum("tm,tm->t", salience, salience)
    reach = max(1, round(_AROUND_S * rate))
    around = _running_mean(power, reach)
    level = np.sqrt(around + np.float32(1e-4))
    seen = np.log1p(_GAIN / level[:, None] * salience)
    loud = np.log1p(_GAIN * np.sqrt(power))
    seen, loud = (_at_rate(x, rate) for x in (seen, loud[:, None]))
    folded = (seen @ _fold()).reshape(-1, N_REGISTERS - 1, 12)
    return np.concatenate([folded, np.repeat(loud[:, :, None], 12, axis=2)], axis=1, dtype=np.float32)


def _at_rate(x: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Average neighbouring frames, or repeat frames, to SALIENCE_RATE."""
    ratio = rate / SALIENCE_RATE
    if ratio < 1:
        return np.repeat(x, round(1 / ratio), axis=0)
    every = round(ratio)
    if every == 1:
        return x
    short = -len(x) % every
    x = np.concatenate([x, np.repeat(x[-1:], short, axis=0)]) if short else x
    return np.asarray(x.reshape(-1, every, x.shape[1]).mean(axis=1))


def _running_mean(x: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    total = np.concatenate([[0.0], np.cumsum(x, dtype=np.float64)])
    at = np.arange(len(x))
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(x))
    return np.asarray((total[high] - total[low]) / (high - low), np.float32)


@lru_cache(maxsize=1)
def _fold() -> NDArray[np.float32]:
    """Return the weights from 72 notes to six registers by twelve pitch classes, ``(72, 72)``."""
    note = _LOWEST + np.arange(_N_NOTES)
    centre = 36 + _SPACING * np.arange(N_REGISTERS - 1)
    # Triangles that sum to one; the outermost keep all that lies beyond them.
    inside = np.clip(note, centre[0], centre[-1])
    weight = np.maximum(0, 1 - np.abs(inside[:, None] - centre) / _SPACING)
    out = np.zeros((_N_NOTES, N_REGISTERS - 1, 12), np.float32)
    out[np.arange(_N_NOTES), :, note % 12] = weight
    return out.reshape(_N_NOTES, -1)
