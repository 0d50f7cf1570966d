"""The tune in music of many voices: `melody`, `melody_of_partials`.

Every spectral peak speaks for the pitches whose harmonic it may be; the likeliest path through the
most salient pitches is followed; stretches of it that do not stand out from the rest are no tune.

Source: Salamon & Gómez, "Melody extraction from polyphonic music signals using pitch contour
characteristics", IEEE TASLP 20(6), 2012; Klapuri, "Multiple fundamental frequency estimation by
summing harmonic amplitudes", ISMIR 2006.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.paths import best_path
from sori.arrays import Array, to_numpy, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.events import Pitch
from sori.signal.resampling import resample
from sori.spectral.frames import SpectrumStream
from sori.spectral.partials import Partials, partials
from sori.spectral.peaks import PeakFinder
from sori.units import midi_to_hz

__all__ = ["melody", "melody_of_partials"]

Floats = NDArray[np.float32]

_RATE, _FFT, _HOP = 11025.0, 1024, 128  # 93 ms windows, 11.6 ms apart
_FMIN_HZ, _FMAX_HZ = 80.0, 4000.0
_LOW, _HIGH, _PER_SEMITONE = 52, 91, 5  # where tunes lie: E3 to G6
_HARMONICS, _DECAY = 8, 0.8
_COMPRESSION = 0.7  # power of a peak's amplitude: loud accompaniment must not drown the tune
_CANDIDATES = 6
_HIGHER = 0.05  # a semitone: tunes lie on top
_TRUST, _SLIDE, _LEAP = 8.0, 2.0, 6.0  # of salience beside the frame's most; a semitone, any leap in 10 ms
_QUIETEST = 0.75  # of the mean salience of the path: a stretch below is no tune
_SPREAD = np.cos(np.linspace(-np.pi / 2, np.pi / 2, 2 * 3 + 1))[1:-1].astype(np.float32) ** 2


def melody(samples: Array, *, sample_rate: float) -> Pitch:
    """Return the predominant pitch of music, every 11.6 ms (of more than six minutes every 23 ms).

    Parameters
    ----------
    samples : (time,) real
        Mono.
    sample_rate : float
        In Hz, at least 8000.

    Returns
    -------
    Pitch
        ``voiced`` where there seems to be a tune; ``hz`` is a guess elsewhere.

    Raises
    ------
    ParameterError
        For more than one channel, NaN and a sample rate below 8000 Hz.
    """
    _, x = waveform(samples, name="samples", squared=True)
    check_numbers(sample_rate=sample_rate)
    if x.ndim != 1 or sample_rate < 8000:
        raise ParameterError(
            f"{tuple(x.shape)} samples at {sample_rate} Hz: want mono (time,), 8000 Hz or more"
        )
    mono = np.asarray(to_numpy(x), np.float32)
    if not len(mono):
        return Pitch((), (), (), ())
    mono = np.asarray(resample(mono, orig_sr=sample_rate, target_sr=_RATE, quality="medium"), np.float32)
    finder = PeakFinder(sample_rate=_RATE, n_fft=_FFT, hop_length=_HOP, fmin=_FMIN_HZ, fmax=_FMAX_HZ)
    stream = SpectrumStream(n_fft=_FFT, hop_length=_HOP, consume=finder.consume)
    stream.process(mono)
    stream.finish()
    return melody_of_partials(partials(finder.finish()))


def melody_of_partials(found: Partials) -> Pitch:
    """Return the predominant pitch at the rate of the partials."""
    if found.n_frames == 0:
        return Pitch((), (), (), ())
    parts = [_candidates(part) for part in found.parts()]
    midi, salience = (np.concatenate(rows) for rows in zip(*parts, strict=True))
    most = np.maximum(salience.max(axis=1, keepdims=True), np.float32(1e-9))
    evidence = np.float32(_TRUST) * salience / most
    # What is faint beside the rest of the recording may leap for little: there the tune rests.
    loud = np.float32(max(1e-9, float(np.quantile(most, 0.9))))
    weight = np.minimum(1.0, most[:, 0] / loud) / np.float32(0.01 * found.rate) ** 0.5
    slide = np.float32(_SLIDE)

    def cost(before: slice, after: slice) -> Floats:
        way = np.abs(midi[before][:, :, None] - midi[after][:, None, :]) * slide
        return np.asarray(np.minimum(way, np.float32(_LEAP)) * weight[after][:, None, None])

    path = best_path(evidence * weight[:, None], cost)
    rows = np.arange(found.n_frames)
    chosen, strength = midi[rows, path], salience[rows, path]
    voiced, confidence = _voicing(chosen, strength, found.rate)
    hz = np.where(strength > 0, midi_to_hz(chosen), 0.0)
    return Pitch(
        tuple((rows / found.rate).round(6).tolist()),
        tuple(hz.tolist()),
        tuple(confidence.tolist()),
        tuple((voiced & (hz > 0)).tolist()),
    )


def _candidates(found: Partials) -> tuple[Floats, Floats]:
    """Return the pitches and saliences ``(frames, candidates)`` of the most salient peaks."""
    width = (_HIGH - _LOW) * _PER_SEMITONE
    level = found.weight**_COMPRESSION
    salience = np.zeros(found.n_frames * width, np.float64)
    for harmonic in range(1, _HARMONICS + 1):
        at = np.round((found.midi - 12 * np.log2(harmonic) - _LOW) * _PER_SEMITONE).astype(np.int64)
        inside = (at >= 0) & (at < width)
        place = found.frame[inside].astype(np.int64) * width + at[inside]
        salience += np.bincount(place, level[inside] * _DECAY ** (harmonic - 1), minlength=len(salience))
    grid = salience.reshape(found.n_frames, width).astype(np.float32)
    own = np.zeros((found.n_frames, width + 2), np.float32)
    at = np.round((found.midi - _LOW) * _PER_SEMITONE).astype(np.int64)
    inside = (at >= 0) & (at < width)
    own[found.frame[inside], at[inside] + 1] = found.midi[inside]
    spread = np.zeros_like(grid)
    half = len(_SPREAD) // 2
    padded = np.pad(grid, ((0, 0), (half, half)))
    for k, gain in enumerate(_SPREAD):
        spread += gain * padded[:, k : k + width]
    spread *= 1 + np.float32(_HIGHER) * np.arange(width, dtype=np.float32) / _PER_SEMITONE
    peak = np.zeros_like(spread, dtype=bool)
    peak[:, 1:-1] = (spread[:, 1:-1] > spread[:, :-2]) & (spread[:, 1:-1] >= spread[:, 2:])
    ranked = np.where(peak, spread, np.float32(0.0))
    best = np.argpartition(ranked, -_CANDIDATES, axis=1)[:, -_CANDIDATES:]
    rows = np.arange(found.n_frames)[:, None]
    # A partial at the candidate says its pitch more finely than the grid.
    exact = np.max(np.stack([own[rows, best + k] for k in range(3)]), axis=0)
    midi = np.where(exact > 0, exact, (best / _PER_SEMITONE + _LOW).astype(np.float32))
    return midi.astype(np.float32), ranked[rows, best]


def _voicing(midi: Floats, strength: Floats, rate: float) -> tuple[NDArray[np.bool_], Floats]:
    """Return where stretches of the path stand out, and how much (0 to 1)."""
    jump = np.abs(np.diff(midi, prepend=midi[:1])) > 0.8
    stretch = np.cumsum(jump)
    length = np.bincount(stretch)
    mean = np.bincount(stretch, strength) / length
    usual = float(np.quantile(strength, 0.75)) or 1.0
    loud = (mean / usual)[stretch]
    lasting = (length / rate >= 0.05)[stretch]
    voiced = (loud > _QUIETEST) & lasting & (strength > 0.4 * _QUIETEST * usual)
    return voiced, np.asarray(np.clip(0.6 * loud, 0, 1).astype(np.float32))
