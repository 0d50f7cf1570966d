"""Conversions between the units of sound. Every function takes scalars or arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.errors import ParameterError

__all__ = [
    "PITCH_CLASSES",
    "bark_to_hz",
    "erb_rate_to_hz",
    "hz_to_bark",
    "hz_to_erb_rate",
    "hz_to_mel",
    "hz_to_midi",
    "mel_to_hz",
    "midi_to_hz",
]

PITCH_CLASSES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

_MEL_LINEAR_HZ = 200 / 3  # Hz per mel below 1 kHz
_MEL_BREAK = 1000 / _MEL_LINEAR_HZ
_MEL_LOG_STEP = np.log(6.4) / 27
_HTK_MELS, _HTK_HZ = 2595.0, 700.0

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


def hz_to_mel(hz: ArrayLike, *, scale: str = "slaney") -> Floats:
    """Return mels: Slaney's scale, linear below 1 kHz and logarithmic above, or HTK's, one logarithm.

    Source: Slaney, Auditory Toolbox, 1998; O'Shaughnessy, Speech Communication, 1987 (``scale="htk"``).

    >>> round(float(hz_to_mel(1000.0)), 9), round(float(hz_to_mel(1000.0, scale="htk")), 2)
    (15.0, 999.99)
    """
    f = np.asarray(hz, np.float64)
    if _is_htk(scale):
        return np.asarray(_HTK_MELS * np.log10(1 + f / _HTK_HZ))
    return np.where(
        f < 1000.0, f / _MEL_LINEAR_HZ, _MEL_BREAK + np.log(np.maximum(f, 1.0) / 1000.0) / _MEL_LOG_STEP
    )


def mel_to_hz(mel: ArrayLike, *, scale: str = "slaney") -> Floats:
    """Return frequencies in Hz of mels on Slaney's scale or HTK's.

    >>> round(float(mel_to_hz(15.0)), 9)
    1000.0
    """
    m = np.asarray(mel, np.float64)
    if _is_htk(scale):
        return np.asarray(_HTK_HZ * (10 ** (m / _HTK_MELS) - 1))
    return np.where(m < _MEL_BREAK, m * _MEL_LINEAR_HZ, 1000.0 * np.exp(_MEL_LOG_STEP * (m - _MEL_BREAK)))


def _is_htk(scale: str) -> bool:
    if scale not in ("slaney", "htk"):
        raise ParameterError(f"scale={scale!r}: want 'slaney' or 'htk'")
    return scale == "htk"


def hz_to_bark(hz: ArrayLike) -> Floats:
    """Return critical-band rates in bark.

    Source: Traunmüller, "Analytical expressions for the tonotopic sensory scale", JASA 88, 1990, with its
    corrections below 2 and above 20.1 bark.

    >>> round(float(hz_to_bark(1000.0)), 2)
    8.53
    """
    f = np.asarray(hz, np.float64)
    z = 26.81 * f / (1960 + f) - 0.53
    return np.where(z < 2, z + 0.15 * (2 - z), np.where(z > 20.1, z + 0.22 * (z - 20.1), z))


def bark_to_hz(bark: ArrayLike) -> Floats:
    """Return frequencies in Hz of critical-band rates in bark.

    >>> round(float(bark_to_hz(hz_to_bark(440.0))), 9)
    440.0
    """
    z = np.asarray(bark, np.float64)
    z = np.where(z < 2, (z - 0.3) / 0.85, np.where(z > 20.1, (z + 4.422) / 1.22, z))
    return np.asarray(1960 * (z + 0.53) / (26.28 - z))


def hz_to_erb_rate(hz: ArrayLike) -> Floats:
    """Return numbers of equivalent rectangular bandwidths below frequencies in Hz.

    Source: Glasberg & Moore, "Derivation of auditory filter shapes from notched-noise data", Hearing Research
    47, 1990.

    >>> round(float(hz_to_erb_rate(1000.0)), 2)
    15.62
    """
    return np.asarray(21.4 * np.log10(1 + 4.37e-3 * np.asarray(hz, np.float64)))


def erb_rate_to_hz(erb_rate: ArrayLike) -> Floats:
    """Return frequencies in Hz of numbers of equivalent rectangular bandwidths.

    >>> round(float(erb_rate_to_hz(hz_to_erb_rate(440.0))), 9)
    440.0
    """
    return np.asarray((10 ** (np.asarray(erb_rate, np.float64) / 21.4) - 1) / 4.37e-3)
