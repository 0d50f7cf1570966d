"""A singer for the melody: glides, vibrato, drift, breath and consonants, which sound fonts do not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from bench.training.chords_pieces import Note

__all__ = ["sing"]

_CONTROL = 200.0  # values of pitch and level a second
_VOWELS = ((800, 1200, 2600), (550, 1800, 2500), (350, 2200, 2900), (500, 900, 2500), (350, 700, 2400))
_TABLE = 2048
_PARTIALS = 40


def sing(
    notes: Sequence[Note], *, seconds: float, rate: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return ``(time,)`` samples of a voice that sings the notes of one part."""
    n = int(seconds * _CONTROL)
    sung = sorted((note for note in notes if note.start_s < seconds), key=lambda note: note.start_s)
    if not sung:
        return np.zeros(round(seconds * rate), np.float32)
    pitch, level = _line(sung, n, rng)
    at = np.arange(round(seconds * rate)) * (_CONTROL / rate)
    grid = np.arange(n)
    hz = np.interp(at, grid, 440 * 2 ** ((pitch - 69) / 12))
    phase = np.cumsum(hz / rate)
    voice = _wave(float(rng.uniform(0.8, 1.8)))[((phase % 1) * _TABLE).astype(np.int64)]
    voice = voice + float(rng.uniform(0, 0.05)) * rng.standard_normal(len(voice))  # breath
    out = _spoken(voice, sung, seconds, rate, rng) * np.interp(at, grid, level)
    return np.asarray(out / max(float(np.sqrt(np.mean(np.square(out)))), 1e-9), np.float32)


def _line(
    sung: Sequence[Note], n: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return pitch (MIDI) and level at every control value."""
    aim, level = np.full(n, float(sung[0].pitch)), np.zeros(n)
    depth, speed, drift = rng.uniform(0, 0.8), rng.uniform(4.5, 6.8), rng.uniform(0.02, 0.22)
    scoops = rng.uniform(0, 0.6)
    waver = np.zeros(n)
    for note in sung:
        first = int(note.start_s * _CONTROL)
        last = min(n, max(first + 8, int(note.end_s * _CONTROL)))
        t = np.arange(last - first) / _CONTROL
        aim[first:] = note.pitch + rng.normal(0, drift)
        if rng.random() < scoops:
            aim[first : first + int(rng.uniform(6, 40))] -= rng.uniform(0.5, 2.5)
        onset = np.clip((t - 0.2) / 0.3, 0, 1)
        waver[first:last] = depth * rng.random() * onset * np.sin(2 * np.pi * speed * t + rng.uniform(0, 6))
        loud = (note.velocity / 100) * float(np.exp(rng.normal(0, 0.25)))
        level[first:last] = loud * np.minimum(1, t / 0.05) * np.minimum(1, (t[-1] - t) / 0.06 + 0.05)
    keep = np.exp(-1 / (_CONTROL * rng.uniform(0.012, 0.07)))
    start = [keep * aim[0]]
    return lfilter([1 - keep], [1, -keep], aim, zi=start)[0] + waver, level


def _wave(slope: float) -> NDArray[np.float64]:
    """Return one turn of the vocal folds."""
    k = np.arange(1, _PARTIALS + 1)[:, None]
    turn = np.arange(_TABLE) / _TABLE
    return np.asarray((k**-slope * np.cos(2 * np.pi * k * turn)).sum(axis=0))


def _spoken(
    voice: NDArray[np.float64], sung: Sequence[Note], seconds: float, rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Give every note one of two vowels, and some of them a consonant."""
    size = float(rng.uniform(0.9, 1.2))
    chosen = rng.choice(len(_VOWELS), 2, replace=False)
    vowels = []
    for vowel in chosen:
        heard = 0.15 * voice
        for hz, gain in zip(_VOWELS[vowel], (1.0, 0.6, 0.3), strict=True):
            low, high = 0.9 * hz * size, min(1.1 * hz * size, 0.45 * rate)
            heard = heard + gain * sosfilt(butter(1, (low, high), "bandpass", fs=rate, output="sos"), voice)
        vowels.append(heard)
    share = np.zeros(int(seconds * _CONTROL) + 1)
    out_of = rng.random(len(sung)) < 0.5
    for note, second in zip(sung, out_of, strict=True):
        share[int(note.start_s * _CONTROL) :] = second
    share = np.convolve(share, np.ones(15) / 15, mode="same")
    blend = np.interp(np.arange(len(voice)) * (_CONTROL / rate), np.arange(len(share)), share)
    out = (1 - blend) * vowels[0] + blend * vowels[1]
    loud = float(np.sqrt(np.mean(np.square(out))))
    for note in sung:
        if rng.random() < 0.4:
            first = int(note.start_s * rate)
            burst = rng.standard_normal(int(rng.uniform(0.02, 0.09) * rate))[: max(0, len(out) - first)]
            out[first : first + len(burst)] += loud * rng.uniform(0.2, 1.0) * burst * np.hanning(len(burst))
    return np.asarray(out)
