"""Which pitches sound: fundamentals in polyphony, or the steady parts of one voice; nothing is rounded.

A spectral peak that a lower one accounts for as its overtone is discounted by what that one would
lend it; otherwise the third and fifth harmonics of every note would pass for notes of the scale.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.events import Pitch
from sori.spectral.partials import Partials

__all__ = ["Sounding", "sounding", "sounding_of_pitch"]

_TOLERANCE = 0.22  # semitones an overtone may be off, more for high ones: strings are stiff
_OVERTONES = 12
_LENT = 1.4  # amplitude of a strong overtone, relative to its fundamental
_MISSING_BELOW = 43.4  # MIDI, 100 Hz: below, the fundamental itself may lie under the range of the peaks
_FAR = 2  # frames; half a window, so that noise is not steady by overlap alone
_STEADY = 0.12  # semitones
_UNSTEADY_SHARE = 0.15
_WEAK = 0.02  # of the loud frames' amplitude
_VOICE_RATE = 50.0  # frames a second, at the least, at which a voice is read
_VOICE_SLOPE = 6.0  # semitones a second; faster is a glide between notes


@dataclasses.dataclass(frozen=True)
class Sounding:
    """Pitches that sound, as flat arrays, ``frame`` rising.

    ``midi`` is not rounded (A4 = 440 Hz is 69), ``weight`` says how much a pitch counts, ``lowest`` whether
    it is the lowest of its frame. ``rate`` is in frames a second.
    """

    n_frames: int
    rate: float
    frame: NDArray[np.int32]
    midi: NDArray[np.float64]
    weight: NDArray[np.float64]
    lowest: NDArray[np.bool_]


def sounding(found: Partials) -> Sounding:
    """Pick the fundamentals out of the partials of polyphony."""
    parts, start = [], 0
    for part in found.parts():
        parts.append((start + part.frame.astype(np.int32), *_fundamentals(part)))
        start += part.n_frames
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.zeros(0)] * 4
    frame, midi, weight, lowest = columns
    use = weight > 0
    return Sounding(
        found.n_frames,
        found.rate,
        frame[use].astype(np.int32),
        midi[use],
        weight[use],
        lowest[use].astype(bool),
    )


def _fundamentals(part: Partials) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return pitch and weight of each partial of a stretch, and whether it is the lowest that counts."""
    midi, level = part.midi.astype(np.float64), part.weight.astype(np.float64)
    lent = np.zeros_like(level)
    strength = level.copy()
    pairs = _pairs(part.frame, midi)
    for low, high, harmonic in pairs:  # a note may be louder in its octave than in its fundamental
        octave = harmonic == 2
        np.maximum.at(strength, low[octave], 0.8 * level[high[octave]])
    for low, high, harmonic in pairs:
        apart = ~np.isin(harmonic, (2, 4, 8))
        low, high = low[apart], high[apart]
        gain = _LENT / np.sqrt(np.abs(harmonic[apart]))
        np.maximum.at(lent, high, gain * strength[low])
    own = np.maximum(0, 1 - lent / np.maximum(level, 1e-9))
    counts = np.sqrt(np.minimum(level, 1.0)) * own * (level > _WEAK)
    counts *= np.where(_steady(part.frame, midi), 1.0, _UNSTEADY_SHARE)
    lowest = np.zeros(len(midi), bool)
    loud = np.flatnonzero(level > 0.1)
    if len(loud):
        lowest[loud[np.flatnonzero(np.diff(part.frame[loud], prepend=-1))]] = True
    return midi, counts, lowest


def _pairs(
    frame: NDArray[np.int32], midi: NDArray[np.float64]
) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """Return lower partials, higher ones that may be their overtones, and the harmonic's number."""
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]] = []
    index = np.arange(len(frame))
    ratio = 2.0 ** ((midi - 24.0) / 12)
    apart = 1
    low = index[:-1]
    while True:
        low = low[low + apart < len(frame)]
        low = low[frame[low + apart] == frame[low]]
        if not len(low):
            return found
        high = low + apart
        times = ratio[high] / ratio[low]
        harmonic = np.rint(times)
        off = 12 * np.abs(np.log2(times / np.maximum(harmonic, 1)))
        fits = (harmonic >= 2) & (harmonic <= _OVERTONES) & (off < _TOLERANCE + 0.02 * harmonic)
        half = (midi[low] < _MISSING_BELOW) & (np.abs(times - 1.5) < 0.02)  # second and third harmonic
        keep = fits | half
        found.append((low[keep], high[keep], np.where(half, 3.0, harmonic)[keep]))
        apart += 1


def _steady(frame: NDArray[np.int32], midi: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the same pitch is there half a window earlier or later."""
    place = frame * 256.0 + midi  # rises: frames do, and within a frame pitches do
    steady = np.zeros(len(midi), bool)
    if not len(midi):
        return steady
    for away in (-_FAR, _FAR):
        wanted = place + 256.0 * away
        after = np.minimum(np.searchsorted(place, wanted), len(place) - 1)
        before = np.maximum(after - 1, 0)
        steady |= np.minimum(np.abs(place[after] - wanted), np.abs(place[before] - wanted)) < _STEADY
    return steady


def sounding_of_pitch(pitch: Pitch) -> Sounding:
    """Take the steady parts of a single voice; glides between notes count for little."""
    times, hz = np.array(pitch.times_s), np.array(pitch.hz)
    if len(times) < 2:
        return Sounding(0, 1.0, np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0, bool))
    rate = (len(times) - 1) / (times[-1] - times[0])
    use = np.array(pitch.voiced) & (hz > 0)
    midi = 69 + 12 * np.log2(np.where(use, hz, 440.0) / 440)
    half = max(1, round(0.04 * rate))
    slope = np.full(len(midi), np.inf)
    slope[half:-half] = np.abs(midi[2 * half :] - midi[: -2 * half]) * rate / (2 * half)
    whole = np.convolve(use, np.ones(2 * half + 1), "same") > 2 * half
    weight = np.array(pitch.confidence) * np.where(whole & (slope < _VOICE_SLOPE), 1.0, _UNSTEADY_SHARE)
    frame = np.flatnonzero(use).astype(np.int32)
    return Sounding(len(times), float(rate), frame, midi[use], weight[use], np.ones(len(frame), bool))
