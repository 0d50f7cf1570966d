"""What the beat network learns from: mel power of renders with their beats, spoilt anew each time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.collection import made_whole

N_MELS, RATE = 40, 50.0
COMPRESSION = 1e3  # as in `sori.analysis.rhythm.onsets`


class Piece(NamedTuple):
    """One render: the logarithm of its mel power against the reference, and its truth in seconds."""

    name: str
    tune: str
    logmel: np.ndarray  # (frames, 40) float16
    beats_s: np.ndarray
    downbeats_s: np.ndarray  # empty where nobody knows


def validates(tune: str) -> bool:
    """Whether a tune, by its name, is for choosing and not for learning: one in ten."""
    return hashlib.sha256(f"validate {tune}".encode()).digest()[0] < 26


def read(folder: Path, known: dict[str, Piece] | None = None) -> list[Piece]:
    """Return the pieces kept in a folder, but for those already known by name."""
    pieces = []
    for path in sorted(folder.glob("*.npz")):
        if known and path.stem in known:
            continue
        with np.load(path, allow_pickle=False) as stored:
            pieces.append(
                Piece(
                    path.stem, str(stored["tune"]), stored["logmel"], stored["beats_s"], stored["downbeats_s"]
                )
            )
    return pieces


def keep(path: Path, *, tune: str, mel: np.ndarray, reference: float, beats_s, downbeats_s) -> None:
    """Keep a piece as a file."""
    logmel = np.log(np.maximum(mel / reference, 1e-8)).astype(np.float16)
    with made_whole(path) as part, part.open("wb") as file:
        np.savez(
            file,
            tune=tune,
            logmel=logmel,
            beats_s=np.asarray(beats_s, np.float64),
            downbeats_s=np.asarray(downbeats_s, np.float64),
        )


def levels_of(power: np.ndarray) -> np.ndarray:
    """Return what the network hears of mel power against the reference."""
    return np.log1p(COMPRESSION * power).astype(np.float32)


def targets(piece_s: np.ndarray, frames: int) -> np.ndarray:
    """Return 1 at each event's frame, 0.5 beside it, 0 elsewhere."""
    target = np.zeros(frames + 4, np.float32)
    at = np.rint(piece_s * RATE).astype(int)
    at = at[(at >= 0) & (at < frames)] + 2
    for offset, value in ((-1, 0.5), (1, 0.5), (0, 1.0)):
        target[at + offset] = np.maximum(target[at + offset], value)
    return target[2:-2]


def excerpt(
    piece: Piece, frames: int, rng: np.random.Generator, others: list[Piece], *, most: float = 1.38
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a spoilt excerpt: levels ``(frames, 40)``, two targets ``(frames, 2)``, how much each counts.

    Faster or slower by a factor of at most ``most`` (resampling the frames), filtered, with a noise
    floor, compressed, with another piece or a voice that keeps to no beat in the background.
    """
    steps = np.diff(piece.beats_s)
    bpm = 60 / np.median(steps) if len(steps) else 100.0
    low, high = max(1 / most, min(42 / bpm, 1.0)), min(most, max(210 / bpm, 1.0))
    speed = float(np.exp(rng.uniform(np.log(low), np.log(high)))) if rng.random() < 0.8 else 1.0
    power, start = _stretched(piece, frames, speed, rng)
    if rng.random() < 0.25:
        other, _ = _stretched(
            others[int(rng.integers(len(others)))], frames, float(rng.uniform(0.8, 1.25)), rng
        )
        power = power + other * 10 ** (rng.uniform(-30, -8) / 10)
    if rng.random() < 0.4:
        power = power + _voice(frames, rng) * 10 ** (rng.uniform(-20, 3) / 10)
    power = power * 10 ** (_equaliser(rng) / 10)
    if rng.random() < 0.5:
        floor = 10 ** (rng.uniform(-55, -18) / 10) * 10 ** (_equaliser(rng) / 10)
        power = power + floor * rng.gamma(3.0, 1 / 3, power.shape)
    if rng.random() < 0.3:  # a limiter: loud moments are held down together
        loud = power.sum(axis=1)
        smooth = np.convolve(loud, np.ones(9) / 9, mode="same")
        gain = (smooth / max(float(smooth.max()), 1e-9) + 1e-3) ** -rng.uniform(0.1, 0.5)
        power = power * gain[:, None]
    power = power * (10 ** (rng.uniform(-6, 6) / 10) / max(float(np.quantile(power.max(axis=1), 0.9)), 1e-9))
    beats = targets((piece.beats_s / speed) - start, frames)
    downbeats = targets((piece.downbeats_s / speed) - start, frames)
    # Nothing is known before the first annotated beat and after the last.
    times = np.arange(frames) / RATE + start
    known = (times > piece.beats_s[0] / speed - 0.1) & (times < piece.beats_s[-1] / speed + 0.1)
    counts = np.stack([known, known & (len(piece.downbeats_s) > 0)], axis=1)
    return levels_of(power), np.stack([beats, downbeats], axis=1), counts.astype(np.float32)


def _stretched(piece: Piece, frames: int, speed: float, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Return mel power of some seconds, faster or slower, and where they begin (in stretched seconds)."""
    available = len(piece.logmel)
    need = int(frames * speed) + 2
    begin = int(rng.integers(max(1, available - need)))
    at = np.minimum(begin + np.arange(frames) * speed, available - 1.001)
    floor = at.astype(int)
    part = (at - floor)[:, None].astype(np.float32)
    log = (
        piece.logmel.astype(np.float32)
        if need >= available
        else piece.logmel[begin : begin + need + 2].astype(np.float32)
    )
    floor = floor if need >= available else floor - begin
    following = np.minimum(floor + 1, len(log) - 1)
    power = np.exp(log[floor] * (1 - part) + log[following] * part)
    ended = begin + np.arange(frames) * speed > available - 1
    power[ended] = 1e-8
    return power, begin / speed / RATE


def _equaliser(rng: np.random.Generator) -> np.ndarray:
    """Return a smooth random curve of dB by band, now and then a steep edge at one end."""
    knots = rng.normal(0, rng.choice([1.0, 4.0, 7.0]), 6)
    curve = np.interp(np.arange(N_MELS), np.linspace(0, N_MELS - 1, 6), knots)
    chance = rng.random()
    if chance < 0.12:
        curve[: int(rng.integers(2, 10))] -= rng.uniform(10, 30)
    elif chance < 0.24:
        curve[int(rng.integers(20, 36)) :] -= rng.uniform(10, 40)
    return curve


def _voice(frames: int, rng: np.random.Generator) -> np.ndarray:
    """Return mel power of something like a singer or speaker: syllables that glide and keep no time."""
    power = np.full((frames, N_MELS), 1e-9, np.float32)
    bands = np.arange(N_MELS)
    position = 0.0
    pause = float(rng.choice([2.0, 10.0, 25.0]))
    centre = rng.uniform(6, 14)
    while position < frames:
        length = int(rng.uniform(5, 40))
        begin = int(position)
        centre = float(np.clip(centre + rng.normal(0, 1.5), 5, 18))
        rows = np.arange(min(length, frames - begin))
        if len(rows):
            drift = centre + rng.normal(0, 1) * rows[:, None] / length + 0.3 * np.sin(rows[:, None] * 0.75)
            shape = sum(
                10 ** (-0.8 * k - rng.uniform(0, 0.6))
                * np.exp(-0.5 * ((bands - drift - 5.5 * np.log2(k + 1)) / 0.8) ** 2)
                for k in range(4)
            )
            swell = np.minimum(1, (rows + 1) / rng.uniform(1, 6)) * np.exp(-2.0 * rows / length)
            power[begin : begin + len(rows)] += (swell[:, None] ** 2 * shape).astype(np.float32)
            if rng.random() < 0.4:  # a consonant
                power[begin : begin + 3, 26:] += 10 ** rng.uniform(-2.5, -0.7)
        position += length * rng.uniform(0.8, 1.1) + rng.exponential(pause)
    return power
