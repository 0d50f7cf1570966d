"""Conversions between the units of sound. Every function takes scalars or arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PITCH_CLASSES", "hz_to_mel", "hz_to_midi", "mel_to_hz", "midi_to_hz"]

PITCH_CLASSES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

_MEL_LINEAR_HZ = 200 / 3  # Hz per mel below 1 kHz
_MEL_BREAK = 1000 / _MEL_LINEAR_HZ
_MEL_LOG_STEP = np.log(6.4) / 27

Floats = NDArray[np.floating[Any]]


def hz_to_midi(hz: ArrayLike, *, a4_hz: float = 440.0) -> Floats:
    """Return MIDI note numbers (A4 = 69, a semitone = 1, not rounded) of frequencies in Hz.

    >>> float(hz_to_midi(880.0))
    81.0
    """
    return np.asarray(69.0 + 12.0 * np.log2(np.asarray(hz) / a4_hz))


def midi_to_hz(midi: ArrayLike, *, a4_hz: float = 440.0) -> Floats:
    """Return frequencies in Hz of MIDI note numbers.

    >>> float(midi_to_hz(57))
    220.0
    """
    return np.asarray(a4_hz * 2.0 ** ((np.asarray(midi) - 69.0) / 12.0))


def hz_to_mel(hz: ArrayLike) -> Floats:
    """Return mels on Slaney's scale: linear below 1 kHz, logarithmic above.

    Source: Slaney, Auditory Toolbox, 1998.

    >>> round(float(hz_to_mel(1000.0)), 9)
    15.0
    """
    f = np.asarray(hz, np.float64)
    return np.where(
        f < 1000.0, f / _MEL_LINEAR_HZ, _MEL_BREAK + np.log(np.maximum(f, 1.0) / 1000.0) / _MEL_LOG_STEP
    )


def mel_to_hz(mel: ArrayLike) -> Floats:
    """Return frequencies in Hz of mels on Slaney's scale.

    >>> round(float(mel_to_hz(15.0)), 9)
    1000.0
    """
    m = np.asarray(mel, np.float64)
    return np.where(m < _MEL_BREAK, m * _MEL_LINEAR_HZ, 1000.0 * np.exp(_MEL_LOG_STEP * (m - _MEL_BREAK)))
