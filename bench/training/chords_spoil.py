"""What recordings do to notes, done to a map of notes: voices, drums, equalisers, masking, wrong tuning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["nothing", "spoil"]

Map = NDArray[np.float32]
_MASKED = 10 ** (-30 / 20)  # as the peak finder drops what is so much weaker than the strongest
_HARMONICS = 12 * np.log2(np.arange(1, 13))


def spoil(notes: Map, rate: float, rng: np.random.Generator) -> Map:
    """Return ``(frames, 72)`` note amplitudes as a rougher recording would have them."""
    out = notes.copy()
    loud = float(np.sqrt(np.mean(np.square(out).sum(axis=1)))) + 1e-3
    if rng.random() < 0.8:
        out *= _equaliser(rng)
    if rng.random() < 0.5:
        out = _between(out, rng)
    if rng.random() < 0.3:
        out = _overdriven(out, rng)
    if rng.random() < 0.4:
        out += _voice(len(out), rate, rng) * np.float32(loud * rng.uniform(0.3, 1.6))
    if rng.random() < 0.5:
        out += _drums(len(out), rate, rng) * np.float32(loud * rng.uniform(0.2, 1.5))
    if rng.random() < 0.3:
        out += _hum(out.shape, rng) * np.float32(loud * rng.uniform(0.05, 0.4))
    if rng.random() < 0.4:
        out *= rng.random(out.shape) > rng.uniform(0, 0.3)
    out *= np.exp(rng.normal(0, rng.uniform(0, 0.5), out.shape)).astype(np.float32)
    if rng.random() < 0.3:  # notes ring on
        keep = np.float32(rng.uniform(0.3, 0.85))
        for t in range(1, len(out)):
            np.maximum(out[t], keep * out[t - 1], out=out[t])
    masked = _MASKED if rng.random() < 0.7 else np.float32(10 ** (-rng.uniform(12, 30) / 20))
    out[out < masked * out.max(axis=1, keepdims=True)] = 0
    return np.asarray(out, np.float32)


def nothing(n: int, rate: float, rng: np.random.Generator) -> Map:
    """Return ``(frames, 72)`` of drums and noise, in which there is no chord."""
    out = _drums(n, rate, rng) + _hum((n, 72), rng) * np.float32(rng.uniform(0, 0.5))
    return np.asarray(out * rng.uniform(0.2, 1), np.float32)


def _equaliser(rng: np.random.Generator) -> Map:
    knots = rng.normal(0, rng.uniform(2, 7), 7)
    tilt = rng.normal(0, 5) * np.linspace(-1, 1, 72)
    db = np.interp(np.linspace(0, 6, 72), np.arange(7), knots) + tilt
    if rng.random() < 0.2:  # little loudspeakers have no bass
        db[: int(rng.integers(6, 24))] -= rng.uniform(6, 30)
    return (10 ** (db / 20)).astype(np.float32)


def _between(x: Map, rng: np.random.Generator) -> Map:
    """Leave the semitones a little: vibrato, bends, choirs and pianos out of tune."""
    share = rng.uniform(0, 0.25, 2).astype(np.float32)
    out = x * (1 - share.mean())
    out[:, 1:] += share[0] * x[:, :-1] * rng.random(x[:, 1:].shape).astype(np.float32)
    out[:, :-1] += share[1] * x[:, 1:] * rng.random(x[:, 1:].shape).astype(np.float32)
    return np.asarray(out, np.float32)


def _overdriven(x: Map, rng: np.random.Generator) -> Map:
    """Add overtones of everything: distorted guitars, bright organs, loud singers."""
    out = x.copy()
    for number in range(2, 9):
        step = round(float(_HARMONICS[number - 1]))
        gain = np.float32(rng.uniform(0.1, 0.9) * number ** -rng.uniform(0.2, 1.2))
        out[:, step:] += gain * x[:, :-step]
    if rng.random() < 0.3:
        out[:, :-12] += np.float32(rng.uniform(0.05, 0.4)) * x[:, 12:]
    return out


def _voice(n: int, rate: float, rng: np.random.Generator) -> Map:
    """One voice that wanders by its own will, with overtones, glides and vibrato."""
    slope, lowest = rng.uniform(0.3, 1.5), rng.uniform(20, 38)
    steps = rng.choice([0, 2, 4, 5, 7, 9, 11], 64) + rng.integers(0, 12)
    shaky, sliding = rng.uniform(0.05, 0.5), rng.uniform(0, 0.7)
    aim, sings = np.zeros(n), np.zeros(n, bool)
    t, k = 0, 0
    while t < n:
        length = max(1, round(rate * rng.exponential(0.35)))
        aim[t : t + length] = lowest + (steps[k % 64] - lowest) % 12 + 12 * (rng.random() < 0.3)
        sings[t : t + length] = rng.random() < 0.75
        t, k = t + length, k + 1
    slides = rng.random(n) < sliding
    aim[1:] -= np.where(slides[1:], 0.5 * np.diff(aim), 0)
    at = aim[:, None] + rng.normal(0, shaky, (n, 1)) + _HARMONICS
    nearest = np.round(at).astype(np.int64)
    gain = np.arange(1, 13) ** -slope * np.cos((at - nearest) * np.pi) ** 2 * sings[:, None]
    gain[(nearest < 0) | (nearest >= 72)] = 0
    flat = np.arange(n)[:, None] * 72 + np.clip(nearest, 0, 71)
    return np.bincount(flat.ravel(), gain.ravel(), minlength=n * 72).reshape(n, 72).astype(np.float32)


def _drums(n: int, rate: float, rng: np.random.Generator) -> Map:
    """Peaks at random places wherever a drum is hit."""
    out = np.zeros((n, 72), np.float32)
    period = rate * float(np.exp(rng.uniform(np.log(0.12), np.log(0.8))))
    kick = int(rng.integers(4, 20))
    hits = np.arange(rng.uniform(0, period), n - 1, period)
    for number, hit in enumerate(hits):
        frame = round(float(hit))
        shape = rng.random(72) * (rng.random(72) < 0.5)
        gain = rng.uniform(0.3, 1)
        out[frame] += gain * shape * (0.3 if number % 2 == 0 else 1.0)
        if number % 2 == 0:
            out[frame, kick : kick + 3] += rng.random(3)
        out[min(frame + 1, n - 1)] += 0.4 * out[frame] * rng.random(72)
    return out


def _hum(shape: tuple[int, ...], rng: np.random.Generator) -> Map:
    """Scattered peaks of noise."""
    there = rng.random(shape) < rng.uniform(0.05, 0.4)
    return (there * rng.random(shape)).astype(np.float32)
