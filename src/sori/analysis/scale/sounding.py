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

_TOLERANCE = 0.2  # semitones an overtone may be off
_STIFF = 0.006  # semitones more, times the square of its number, that stiff strings make it sharp
_OVERTONES = 12
_LENT = 1.6  # amplitude of a strong overtone, relative to its fundamental
_RAGGED = 2.0  # how far an overtone may stand out of those beside it
_SURE = 1.5  # above 1, what little remains of a partial counts less than in proportion
_RICH = 3  # of the harmonics 2 to 6; a note that has so many has all
_LEAST = 0.6  # share of the strongest overtone that is expected where those beside it are not there
_TOP = 95.5  # MIDI; the range of the peaks ends there
_MISSING = 1  # stands for the second and third harmonic of a fundamental that is not there
_MISSING_BELOW = 43.4  # MIDI, 100 Hz: below, the fundamental itself may lie under the range of the peaks
_STRONGEST = 20  # partials of a frame that are looked at
_AUDIBLE = 0.05  # of the strongest partial's amplitude in its frame
_EVERY = 2  # one frame in so many is looked at; the next is half a window away
_STEADY = 0.12  # semitones
_UNSTEADY_SHARE = 0.15
_WEAK = 0.02  # of the loud frames' amplitude
_STILL_S, _STILL = 0.05, 0.1  # seconds to either side, semitones
_SWING_S = 0.18  # a swing of vibrato
_VOICE_SLOPE = 1.5  # semitones a second; faster is a glide between notes


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
        strong = _strongest(part)
        parts.append((start + strong.frame, *_fundamentals(strong)))
        start += strong.n_frames
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [np.zeros(0)] * 4
    frame, midi, weight, lowest = columns
    use = weight > 0
    return Sounding(
        start,
        found.rate / _EVERY,
        frame[use].astype(np.int32),
        midi[use],
        weight[use],
        lowest[use].astype(bool),
    )


def _strongest(part: Partials) -> Partials:
    """Keep the strong partials of every second frame."""
    use = np.flatnonzero((part.frame % _EVERY == 0) & (part.weight > 0))
    frame, weight = part.frame[use] // _EVERY, part.weight[use]
    if len(use):
        starts = np.flatnonzero(np.diff(frame, prepend=-1))
        sizes = np.diff(starts, append=len(frame))
        audible = weight > _AUDIBLE * np.repeat(np.maximum.reduceat(weight, starts), sizes)
        use, frame, weight = use[audible], frame[audible], weight[audible]
        order = np.lexsort((-weight, frame))
        starts = np.flatnonzero(np.diff(frame, prepend=-1))  # the same before and after sorting
        rank = np.arange(len(frame)) - np.repeat(starts, np.diff(starts, append=len(frame)))
        keep = np.sort(order[rank < _STRONGEST])
        use, frame, weight = use[keep], frame[keep], weight[keep]
    frames = -(-part.n_frames // _EVERY)
    return Partials(frames, part.rate / _EVERY, frame.astype(np.int32), part.midi[use], weight)


def _fundamentals(part: Partials) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return pitch and weight of each partial of a stretch, and whether it is the lowest that counts."""
    midi, level = part.midi.astype(np.float64), part.weight.astype(np.float64)
    lent = _lent(midi, level, *_pairs(part.frame, midi))
    own = np.clip(_SURE * (1 - lent / np.maximum(level, 1e-9)) - (_SURE - 1), 0, 1)
    counts = np.sqrt(np.minimum(level, 1.0)) * own * (level > _WEAK)
    counts *= np.where(_steady(part.frame, midi), 1.0, _UNSTEADY_SHARE)
    lowest = np.zeros(len(midi), bool)
    loud = np.flatnonzero(level > 0.1)
    if len(loud):
        lowest[loud[np.flatnonzero(np.diff(part.frame[loud], prepend=-1))]] = True
    return midi, counts, lowest


def _lent(
    midi: NDArray[np.float64],
    level: NDArray[np.float64],
    low: NDArray[np.intp],
    high: NDArray[np.intp],
    harmonic: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return how much of each partial's level lower notes account for.

    Levels of a note's overtones rise and fall smoothly (Klapuri, 2003): one that stands out of those
    beside it is a note of its own.
    """
    levels = np.zeros((len(level), _OVERTONES + 3))  # of each partial's harmonics
    levels[:, 1] = level
    np.maximum.at(levels, (low, harmonic), level[high])
    strength = np.maximum(level, 0.8 * levels[:, 2])  # a note may be louder in its octave
    apart = ~np.isin(harmonic, (2, 4, 8))  # octaves are of the same pitch class, and more exact
    low, high, harmonic = low[apart], high[apart], harmonic[apart]
    most = _LENT * strength[low] / np.sqrt(np.maximum(harmonic, 2))
    above = np.where(
        midi[low] + 12 * np.log2(harmonic + 1) > _TOP, levels[low, harmonic - 1], levels[low, harmonic + 1]
    )
    beside = np.sqrt(levels[low, harmonic - 1] * above)
    odd = np.sqrt(levels[low, np.maximum(harmonic - 2, 0)] * levels[low, harmonic + 2])
    smooth = _RAGGED * np.maximum(beside, odd)
    rich = (levels[low, 2:7] > 0).sum(axis=1) >= _RICH
    expected = np.where(rich, np.maximum(smooth, _LEAST * most), np.clip(smooth, _LEAST * most, most))
    expected = np.where(harmonic == _MISSING, most, expected)
    lent = np.zeros_like(level)
    np.maximum.at(lent, high, expected)
    return lent


def _pairs(
    frame: NDArray[np.int32], midi: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return lower partials, higher ones that may be their overtones, and the harmonic's number."""
    lows, highs, harmonics = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    ratio = 2.0 ** ((midi - 24.0) / 12)
    low = np.arange(len(frame))
    for apart in range(1, _STRONGEST):
        low = low[: np.searchsorted(low, len(frame) - apart)]
        low = low[frame[low + apart] == frame[low]]
        high = low + apart
        times = ratio[high] / ratio[low]
        harmonic = np.rint(times)
        off = 12 * np.log2(times / harmonic)
        fits = (off > -_TOLERANCE) & (off < _TOLERANCE + _STIFF * harmonic**2)
        fits &= (harmonic >= 2) & (harmonic <= _OVERTONES)
        missing = (midi[low] < _MISSING_BELOW) & (np.abs(times - 1.5) < 0.02)  # second and third harmonic
        keep = fits | missing
        lows.append(low[keep])
        highs.append(high[keep])
        harmonics.append(np.where(missing, _MISSING, harmonic)[keep].astype(np.intp))
    return np.concatenate(lows), np.concatenate(highs), np.concatenate(harmonics)


def _steady(frame: NDArray[np.int32], midi: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the same pitch is there half a window earlier or later: overlap alone is not enough."""
    place = frame * 256.0 + midi  # rises: frames do, and within a frame pitches do
    steady = np.zeros(len(midi), bool)
    if not len(midi):
        return steady
    for away in (-1, 1):
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
    still, held = _still(midi, use, max(1, round(_STILL_S * rate)))
    # A vibrato lingers at its ends, not at its pitch: the mean over a swing of it counts.
    window = np.hanning(2 * max(1, round(_SWING_S * rate)) + 3)
    half = len(window) // 2
    whole = np.convolve(use, window)[half:-half]
    even = np.convolve(np.where(use, midi, 0.0), window)[half:-half] / np.maximum(whole, 1e-9)
    slope = np.abs(np.gradient(even)) * rate
    steady = still | ((whole > 0.99 * window.sum()) & (slope < _VOICE_SLOPE))
    midi = np.where(still, held, even)
    weight = np.array(pitch.confidence) * np.where(steady, 1.0, _UNSTEADY_SHARE)
    frame = np.flatnonzero(use).astype(np.int32)
    return Sounding(len(times), float(rate), frame, midi[use], weight[use], np.ones(len(frame), bool))


def _still(
    midi: NDArray[np.float64], use: NDArray[np.bool_], half: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Say where a voice stays within a tenth of a semitone for a moment, and its mean there."""
    padded = np.pad(np.where(use, midi, np.nan), half, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    still = around.max(axis=1) - around.min(axis=1) < _STILL  # false beside what is not voiced
    return still, np.where(still, around.mean(axis=1), 0.0)
