"""Sounds of one voice whose fundamental frequency is known: sung, spoken and played, made from numbers.

Everything is drawn from the seed of a clip, so that the same sounds come out anywhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import oaconvolve

from sori.signal.noise import pink_noise, white_noise

__all__ = ["CONDITIONS", "KINDS", "SAMPLE_RATE", "Clip", "clip", "in_condition", "struck"]

Floats = NDArray[np.float64]

SAMPLE_RATE = 22050
LENGTH_S = 8.0
KINDS = ("sung", "spoken", "bowed and blown", "plucked")
CONDITIONS = ("clean", "20 dB", "10 dB", "0 dB", "room")

# Formants of vowels, Hz, and how wide and strong they are (Peterson & Barney 1952, rounded).
_VOWELS = {
    "a": ((730, 1090, 2440, 3400), (90, 110, 170, 250), (0, -4, -22, -28)),
    "e": ((530, 1840, 2480, 3500), (60, 100, 120, 200), (0, -14, -18, -26)),
    "i": ((270, 2290, 3010, 3700), (60, 90, 150, 200), (0, -20, -24, -30)),
    "o": ((570, 840, 2410, 3300), (70, 80, 150, 220), (0, -6, -28, -32)),
    "u": ((300, 870, 2240, 3300), (60, 80, 150, 220), (0, -14, -34, -38)),
}
_RANGES = ((40, 60), (45, 65), (52, 72), (57, 79), (60, 84))  # bass to soprano, MIDI


@dataclasses.dataclass(frozen=True)
class Clip:
    """Mono samples at SAMPLE_RATE and the frequency of every sample, 0 where nothing is voiced.

    ``notes`` are (onset, offset, MIDI pitch) where there are notes.
    """

    name: str
    samples: NDArray[np.float32]
    hz: Floats
    notes: tuple[tuple[float, float, float], ...]


def clip(kind: str, seed: int) -> Clip:
    """Return one clip."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    return _MAKERS[kind](f"{kind}-{seed}", rng)


def in_condition(made: Clip, condition: str, seed: int) -> NDArray[np.float32]:
    """Return the samples of a clip with noise (white or pink, by turns) or in a room."""
    rng = np.random.default_rng([seed, CONDITIONS.index(condition)])
    if condition == "clean":
        return made.samples
    if condition == "room":
        n = round(rng.uniform(0.3, 1.0) * SAMPLE_RATE)
        response = rng.standard_normal(n) * np.exp(-np.log(1000) * np.arange(n) / n)
        response *= rng.uniform(0.25, 0.5) / np.sqrt(np.sum(response**2))
        response[0] += 1.0
        wet = oaconvolve(made.samples, response)[: len(made.samples)]
        return (0.5 * wet / max(1e-9, float(np.abs(wet).max()))).astype(np.float32)
    noise = (white_noise, pink_noise)[seed % 2](
        len(made.samples) / SAMPLE_RATE, sample_rate=SAMPLE_RATE, rng=rng
    )
    noise = noise[: len(made.samples)]
    voiced = made.hz > 0
    power = float(np.mean(made.samples[voiced].astype(np.float64) ** 2))
    gain = np.sqrt(power / np.mean(noise.astype(np.float64) ** 2) * 10 ** (-float(condition.split()[0]) / 10))
    return (made.samples + gain * noise).astype(np.float32)


def struck(seed: int) -> Clip:
    """Return one note of a made-up piano, any of 88 keys: stiff strings, a knock, no bass below the board."""
    rng = np.random.default_rng([len(KINDS), seed])
    midi = rng.uniform(20.6, 108.4)
    stiff = np.exp(
        np.interp(midi, [21, 45, 60, 108], np.log([3.5e-4, 1.2e-4, 3e-4, 1.5e-2])) + rng.normal(0, 0.4)
    )
    n, start, fastest = round(2.4 * SAMPLE_RATE), rng.uniform(0.03, 0.3), rng.uniform(0.5, 2.0)
    time = np.maximum(np.arange(n) / SAMPLE_RATE - start, 0.0)
    hz = 440 * 2 ** ((midi - 69) / 12)
    slope, place, board = rng.uniform(-11, -5), rng.uniform(0.08, 0.15), rng.uniform(60, 140)
    out = np.zeros(n)
    for k in range(1, 60):
        at = k * hz * np.sqrt(1 + stiff * k * k)
        if at > 10000:
            break
        gain = 10 ** ((slope * np.log2(k) + rng.normal(0, 4)) / 20) * abs(np.sin(np.pi * k * place))
        gain *= at**2 / (at**2 + board**2)
        out += (
            gain
            * np.exp(-time * fastest * (0.3 + at / 900))
            * np.sin(2 * np.pi * at * time + rng.uniform(0, 6))
        )
    out *= np.clip(time / 0.004, 0, 1)
    envelope = np.sqrt(gaussian_filter1d(out**2, 0.02 * SAMPLE_RATE))
    envelope /= envelope.max()
    out /= np.abs(out).max()
    knock = gaussian_filter1d(rng.standard_normal(n), 12) * np.exp(-time * 30) * (time > 0)
    out += knock / np.abs(knock).max() * 10 ** (rng.uniform(-34, -14) / 20)
    out += 10 ** (rng.uniform(-75, -55) / 20) * rng.standard_normal(n)
    # What is heard as the pitch of stiff low strings is nearer to their fourth partial's.
    heard = hz * np.sqrt(1 + stiff * (16 if midi < 50 else 1))
    return _finished(f"struck-{seed}", out, np.where(envelope > 0.015, heard, 0.0), ())


def _sung(name: str, rng: np.random.Generator) -> Clip:
    low, high = _RANGES[rng.integers(len(_RANGES))]
    pitch, voiced, level, notes = _phrase(rng, low, high, glide_s=(0.04, 0.14), rest=0.35)
    time = np.arange(len(pitch)) / SAMPLE_RATE
    depth, rate = rng.uniform(0.0, 0.9), rng.uniform(4.5, 7.0)
    swell = np.zeros(len(pitch))
    for onset, offset, _ in notes:  # vibrato sets in after a while, on long notes
        inside = (time >= onset) & (time < offset)
        swell[inside] = np.clip((time[inside] - onset - 0.2) / 0.2, 0, 1)
    pitch = pitch + depth * swell * np.sin(
        2 * np.pi * np.cumsum(rate + 0.5 * _drift(rng, len(pitch), 1.0)) / SAMPLE_RATE
    )
    pitch = pitch + 0.12 * _drift(rng, len(pitch), 4.0)
    return _voice(
        name, rng, pitch, voiced, level, tuple(notes), breath_db=rng.uniform(-45, -18), consonants=0.5
    )


def _spoken(name: str, rng: np.random.Generator) -> Clip:
    n = round(LENGTH_S * SAMPLE_RATE)
    middle = rng.choice([rng.uniform(43, 50), rng.uniform(54, 60)])
    pitch = middle + 2.5 * _drift(rng, n, 1.2) + 0.8 * _drift(rng, n, 4.0)
    voiced, level = np.zeros(n, bool), np.zeros(n)
    at = 0.15
    while at < LENGTH_S - 0.5:
        length = rng.uniform(0.08, 0.5)
        voiced[_samples(at) : _samples(at + length)] = True
        level[_samples(at) : _samples(at + length)] = rng.uniform(0.2, 1.0)
        at += length + rng.choice([rng.uniform(0.04, 0.15), rng.uniform(0.3, 0.8)], p=[0.8, 0.2])
    return _voice(name, rng, pitch, voiced, level, (), breath_db=rng.uniform(-40, -20), consonants=0.8)


def _voice(name, rng, pitch, voiced, level, notes, *, breath_db, consonants) -> Clip:
    """Sound a pitch curve through formants, with jitter, shimmer, breath and consonants."""
    n = len(pitch)
    jitter = rng.uniform(0.001, 0.01)
    hz = 440 * 2 ** ((pitch - 69) / 12)
    wobble = 1 + jitter * _drift(rng, n, 60.0)
    phase = 2 * np.pi * np.cumsum(hz * wobble) / SAMPLE_RATE
    envelope = _formants(rng, n)
    tilt = rng.uniform(-14, -7)  # dB an octave
    source = np.zeros(n)
    for k in range(1, int(9000 / hz[voiced].min()) + 1):
        at = k * hz
        gain = 10 ** (tilt * np.log2(k) / 20) * envelope(at) * (at < 9500)
        source += gain * np.sin(k * phase + rng.uniform(0, 2 * np.pi))
    source *= 1 + 0.08 * _drift(rng, n, 40.0)
    loud = level * gaussian_filter1d(voiced.astype(float), 0.008 * SAMPLE_RATE)
    source *= loud
    source /= np.sqrt(np.mean(source[voiced] ** 2))
    breath = np.diff(rng.standard_normal(n + 1)) * loud
    breath *= 10 ** (breath_db / 20) / np.sqrt(np.mean(breath[voiced] ** 2))
    hiss = np.zeros(n)
    for start in np.flatnonzero(np.diff(voiced.astype(int)) == 1):
        if rng.random() < consonants:
            length = _samples(rng.uniform(0.04, 0.12))
            part = slice(max(0, start - length), start)
            m = part.stop - part.start
            hiss[part] = (
                np.diff(rng.standard_normal(m + 1)) * np.hanning(m) * 10 ** (rng.uniform(-24, -10) / 20)
            )
    out = source + breath + hiss + 1e-4 * rng.standard_normal(n)
    return _finished(name, out, np.where(voiced, hz, 0.0), notes)


def _formants(rng: np.random.Generator, n: int) -> Callable[[Floats], Floats]:
    """Return the gain of a vocal tract that moves from vowel to vowel, for a frequency at every sample."""
    count = 1 + round(n / SAMPLE_RATE / 0.35)
    names = rng.choice(list(_VOWELS), count)
    scale = rng.uniform(0.9, 1.2)
    knots, time = np.linspace(0, n, count), np.arange(n)
    tracks = [
        tuple(np.interp(time, knots, [_VOWELS[v][part][k] for v in names]) for part in range(3))
        for k in range(4)
    ]

    def gain(hz: Floats) -> Floats:
        total = np.full(len(hz), 10 ** (-46 / 20))
        for centre, width, decibel in tracks:
            total += 10 ** (decibel / 20) / np.sqrt(1 + ((hz - centre * scale) / width) ** 2)
        return total

    return gain


def _bowed(name: str, rng: np.random.Generator) -> Clip:
    low = rng.integers(38, 66)
    pitch, voiced, level, notes = _phrase(rng, low, low + 24, glide_s=(0.003, 0.03), rest=0.2)
    n = len(pitch)
    if rng.random() < 0.6:
        pitch = pitch + rng.uniform(0.05, 0.4) * np.sin(
            2 * np.pi * rng.uniform(4.5, 7) * np.arange(n) / SAMPLE_RATE
        )
    hz = 440 * 2 ** ((pitch - 69) / 12)
    phase = 2 * np.pi * np.cumsum(hz * (1 + 0.001 * _drift(rng, n, 30.0))) / SAMPLE_RATE
    # Hollow sounds lack even partials; coupled stops and some strings are weak in odd ones.
    slope, (odd, even) = rng.uniform(-16, -4), rng.choice([(1, 1), (1, 1), (1, 0.1), (0.4, 1)])
    weak = rng.choice([1.0, 1.0, 0.15, 0.0]) if odd == even else 1.0  # a fundamental that hardly sounds
    formant, width = rng.uniform(300, 2500), rng.uniform(200, 1200)
    out = np.zeros(n)
    for k in range(1, int(9500 / hz[voiced].min()) + 1):
        at = k * hz
        gain = 10 ** (slope * np.log2(k) / 20) * (odd if k % 2 else even) * (weak if k == 1 else 1.0)
        gain *= 10 ** (rng.normal(0, 6) / 20)
        gain = gain * (0.3 + 1 / (1 + ((at - formant) / width) ** 2)) * (at < 9800)
        out += gain * np.sin(k * phase + rng.uniform(0, 2 * np.pi))
    loud = level * gaussian_filter1d(voiced.astype(float), rng.uniform(0.004, 0.02) * SAMPLE_RATE)
    out *= loud
    out /= np.sqrt(np.mean(out[voiced] ** 2))
    breath = rng.standard_normal(n) * loud
    out += breath * 10 ** (rng.uniform(-50, -22) / 20) / np.sqrt(np.mean(breath[voiced] ** 2))
    return _finished(name, out + 1e-4 * rng.standard_normal(n), np.where(voiced, hz, 0.0), tuple(notes))


def _plucked(name: str, rng: np.random.Generator) -> Clip:
    low = rng.integers(36, 64)
    _, _, level, notes = _phrase(rng, low, low + 24, glide_s=(0.0, 0.0), rest=0.2)
    n = round(LENGTH_S * SAMPLE_RATE)
    out, truth = np.zeros(n), np.zeros(n)
    stiff, decay, slope = rng.uniform(0, 2e-4), rng.uniform(0.4, 2.0), rng.uniform(-12, -4)
    place = rng.uniform(0.1, 0.45)
    for onset, offset, pitch in notes:
        hz = 440 * 2 ** ((pitch - 69) / 12)
        part = slice(_samples(onset), _samples(offset))
        time = np.arange(part.stop - part.start) / SAMPLE_RATE
        tone = np.zeros(len(time))
        for k in range(1, int(9500 / hz) + 1):
            at = k * hz * np.sqrt((1 + stiff * k * k) / (1 + stiff))
            gain = 10 ** (slope * np.log2(k) / 20) * abs(np.sin(np.pi * k * place))
            if at < 10000:
                tone += (
                    gain
                    * np.exp(-time * decay * (1 + 0.15 * k))
                    * np.sin(2 * np.pi * at * time + rng.uniform(0, 6))
                )
        ramp = np.clip(time / 0.003, 0, 1) * np.clip((offset - onset - time) / 0.02, 0, 1)
        out[part] += tone * ramp * level[min(n - 1, part.start + 400)]
        truth[part] = hz
    out /= np.sqrt(np.mean(out[truth > 0] ** 2))
    return _finished(name, out + 1e-4 * rng.standard_normal(n), truth, tuple(notes))


def _phrase(rng, low, high, *, glide_s, rest):
    """Return pitch, voicing, level per sample and the notes of a random phrase."""
    n = round(LENGTH_S * SAMPLE_RATE)
    pitch, voiced, level = np.zeros(n), np.zeros(n, bool), np.ones(n)
    notes, at, midi = [], 0.2, float(rng.integers(low, high))
    off_key = rng.uniform(-0.4, 0.4)
    while at < LENGTH_S - 0.5:
        length = min(
            float(rng.choice([0.15, 0.25, 0.4, 0.7, 1.2])) * rng.uniform(0.8, 1.2), LENGTH_S - 0.2 - at
        )
        step = int(rng.choice([-7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 12, -12]))
        midi = midi + step if low <= midi + step <= high else float(rng.integers(low, high + 1))
        at_pitch = midi + off_key + rng.normal(0, 0.1)
        notes.append((at, at + length, at_pitch))
        part = slice(_samples(at), _samples(at + length))
        pitch[part], voiced[part], level[part] = at_pitch, True, 10 ** (rng.uniform(-12, 0) / 20)
        at += length + (rng.uniform(0.05, 0.4) if rng.random() < rest else 0.0)
    filled = np.interp(np.arange(n), np.flatnonzero(voiced), pitch[voiced])
    width = rng.uniform(*glide_s) * SAMPLE_RATE / 2
    if width > 1:
        filled = gaussian_filter1d(filled, width, mode="nearest")
        level = gaussian_filter1d(level, 0.02 * SAMPLE_RATE)
    return filled, voiced, level, notes


def _finished(name: str, out: Floats, hz: Floats, notes: tuple[tuple[float, float, float], ...]) -> Clip:
    return Clip(name, (0.5 * out / np.abs(out).max()).astype(np.float32), hz, notes)


def _drift(rng: np.random.Generator, n: int, hz: float) -> Floats:
    """Return a random curve of unit deviation that moves about ``hz`` times a second."""
    coarse = rng.standard_normal(int(n / SAMPLE_RATE * 4 * hz) + 8)
    smooth = gaussian_filter1d(coarse, 1.5)
    curve = np.interp(np.linspace(2, len(coarse) - 3, n), np.arange(len(coarse)), smooth)
    return np.asarray(curve / max(1e-9, float(np.std(smooth))))


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


_MAKERS = {"sung": _sung, "spoken": _spoken, "bowed and blown": _bowed, "plucked": _plucked}
