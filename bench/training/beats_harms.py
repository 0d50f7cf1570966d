"""What recordings have and renders lack, done to mel power: singers, crowds, crackle, lo-fi, live tempo.

All on ``(frames, 40)`` mel power at 50 frames a second, whose loud moments are about 1, so that each excerpt
is harmed anew in milliseconds.
"""

from __future__ import annotations

import numpy as np

N_MELS = 40
Rng = np.random.Generator
BANDS = np.arange(N_MELS)


def drift(frames: int, rng: Rng, *, most: float = 0.04) -> np.ndarray:
    """Return the speed at each frame of players without a click: within ``most`` of 1, moving slowly."""
    knots = max(3, frames // int(rng.integers(150, 600)) + 2)
    walk = np.cumsum(rng.normal(0, 1, knots))
    walk -= walk.mean()
    amount = rng.uniform(0, most) / max(float(np.abs(walk).max()), 1e-9)
    return np.exp(amount * np.interp(np.linspace(0, knots - 1, frames), np.arange(knots), walk))


def equaliser(rng: Rng) -> np.ndarray:
    """Return a smooth random curve of dB by band, now and then steep edges at one end or both."""
    knots = rng.normal(0, rng.choice([1.0, 4.0, 7.0]), 6)
    curve = np.interp(BANDS, np.linspace(0, N_MELS - 1, 6), knots)
    chance = rng.random()
    if chance < 0.18:
        curve[: int(rng.integers(2, 10))] -= rng.uniform(10, 30)
    if 0.12 < chance < 0.30:
        curve[int(rng.integers(20, 36)) :] -= rng.uniform(10, 40)
    return curve


def speech(frames: int, rng: Rng) -> np.ndarray:
    """Return something like a speaker: syllables that glide and keep no time."""
    power = np.full((frames, N_MELS), 1e-9, np.float32)
    position = 0.0
    pause = float(rng.choice([2.0, 10.0, 25.0]))
    centre = rng.uniform(6, 14)
    while position < frames:
        length = int(rng.uniform(5, 40))
        begin = int(position)
        centre = float(np.clip(centre + rng.normal(0, 1.5), 5, 18))
        rows = np.arange(min(length, frames - begin))
        if len(rows):
            glide = centre + rng.normal(0, 1) * rows[:, None] / length + 0.3 * np.sin(rows[:, None] * 0.75)
            swell = np.minimum(1, (rows + 1) / rng.uniform(1, 6)) * np.exp(-2.0 * rows / length)
            power[begin : begin + len(rows)] += (swell[:, None] ** 2 * _voiced(glide, rng)).astype(np.float32)
            if rng.random() < 0.4:  # a consonant
                power[begin : begin + 3, 26:] += 10 ** rng.uniform(-2.5, -0.7)
        position += length * rng.uniform(0.8, 1.1) + rng.exponential(pause)
    return power


def singer(frames: int, beats: np.ndarray, rng: Rng) -> np.ndarray:
    """Return something like a singer or a legato lead: long notes, near the beats' halves but not on them.

    ``beats`` are frames. Notes swell in, lie up to 150 ms behind or ahead, slide, and shake.
    """
    power = np.full((frames, N_MELS), 1e-9, np.float32)
    if len(beats) < 2:
        return power
    halves = np.sort(np.concatenate([beats, 0.5 * (beats[1:] + beats[:-1])]))
    sung = halves[rng.random(len(halves)) < rng.uniform(0.15, 0.7)]
    lag, spread = rng.normal(1.0, 1.5), rng.uniform(0.5, 4.0)
    if not len(sung):
        return power
    starts = np.sort(sung + lag + rng.normal(0, spread, len(sung)))
    legato, rise, shake = rng.uniform(0.6, 1.0), rng.uniform(1, 8), rng.uniform(0, 0.5)
    breath, centre = rng.uniform(0, 0.3), rng.uniform(6, 16)
    with_words = rng.random() < 0.6
    for start, following in zip(starts, np.append(starts[1:], frames), strict=True):
        begin, length = int(max(start, 0)), int(min(legato * (following - start), 150))
        rows = np.arange(min(length, frames - begin))
        before, centre = centre, float(np.clip(centre + rng.normal(0, 1.5), 5, 20))
        if not len(rows) or rng.random() < breath:
            continue
        slide = centre + (before - centre) * np.exp(-rows / rng.uniform(0.5, 4))
        slide = slide + shake * np.sin(2 * np.pi * rows * rng.uniform(4.5, 6.5) / 50)
        swell = np.minimum(1, (rows + 1) / rise) * np.minimum(1, (len(rows) - rows) / 3)
        power[begin : begin + len(rows)] += (swell[:, None] ** 2 * _voiced(slide[:, None], rng)).astype(
            np.float32
        )
        if with_words and rng.random() < 0.5:
            first = max(0, begin - 3)
            power[first : begin + 1, 24:] += 10 ** rng.uniform(-2.5, -0.7)
    return power


def _voiced(bands: np.ndarray, rng: Rng) -> np.ndarray:
    """Return the spectrum ``(n, 40)`` of a voice whose fundamental lies in these bands ``(n, 1)``."""
    tilt = rng.uniform(0.4, 0.9)
    return sum(
        10 ** (-tilt * k - rng.uniform(0, 0.6))
        * np.exp(-0.5 * ((BANDS - bands - 5.5 * np.log2(k + 1)) / 0.8) ** 2)
        for k in range(5)
    )


def crowd(frames: int, rng: Rng) -> np.ndarray:
    """Return an audience: a murmur that comes and goes, people who clap when they like."""
    knots = frames // 50 + 2
    swell = np.interp(np.arange(frames), np.arange(knots) * 50, rng.uniform(0.2, 1.0, knots) ** 3)
    shape = np.exp(-0.5 * ((BANDS - rng.uniform(12, 24)) / rng.uniform(5, 9)) ** 2)
    return (swell[:, None] * shape * rng.gamma(2.0, 0.5, (frames, N_MELS))).astype(np.float32)


def crackle(frames: int, rng: Rng) -> np.ndarray:
    """Return the clicks of a worn record."""
    power = np.zeros((frames, N_MELS), np.float32)
    clicks = np.flatnonzero(rng.random(frames) < rng.uniform(0.01, 0.15))
    tilt = 10 ** (np.linspace(-rng.uniform(0, 15), 0, N_MELS) / 10)
    power[clicks] = rng.exponential(1.0, len(clicks))[:, None] * tilt
    return power


def softened(power: np.ndarray, rng: Rng) -> np.ndarray:
    """Return music whose every attack swells, as bows, choirs and far rooms do."""
    length = int(rng.integers(3, 13))
    kernel = np.hanning(2 * length + 1)[1 : length + 1] if rng.random() < 0.5 else np.ones(length)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    share = rng.uniform(0.6, 1.0)
    out = np.empty_like(power)
    for band in range(power.shape[1]):
        out[:, band] = np.convolve(power[:, band], kernel)[: len(power)]
    return share * out + (1 - share) * power


def flattened(power: np.ndarray, rng: Rng) -> np.ndarray:
    """Return a loud mix: each band held down on its own (multiband), then all of it together (a limiter)."""
    if rng.random() < 0.5:
        keep = rng.uniform(0.4, 1.0)
        level = np.maximum(power, 1e-7)
        mean = np.exp(np.log(level).mean(axis=0))
        power = mean * (level / mean) ** keep
    loud = power.sum(axis=1)
    smooth = np.convolve(loud, np.ones(9) / 9, mode="same")
    gain = (smooth / max(float(smooth.max()), 1e-9) + 1e-3) ** -rng.uniform(0.1, 0.7)
    return power * gain[:, None]


def room(power: np.ndarray, rng: Rng) -> np.ndarray:
    """Return music with what a hall adds: an exponential tail in every band."""
    from scipy.signal import lfilter

    left = 0.001 ** (1 / (rng.uniform(0.3, 2.5) * 50))
    return power + rng.uniform(0.02, 0.3) * lfilter([1 - left], [1, -left], power, axis=0)
