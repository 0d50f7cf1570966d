"""What the beat network learns from: mel power of renders with their beats, spoilt anew each time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.collection import CACHE, made_whole
from bench.training import beats_harms as harms

FOLDER = CACHE / "beats"
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


def read(folder: Path, names: Sequence[str]) -> list[Piece]:
    """Return pieces kept in a folder."""
    pieces = []
    for name in names:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            arrays = (stored[key] for key in ("logmel", "beats_s", "downbeats_s"))
            pieces.append(Piece(name, str(stored["tune"]), *arrays))
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

    Faster or slower by a factor of at most ``most`` (resampling the frames), by live players, and harmed in
    some of the ways that recordings are (`beats_harms`).
    """
    steps = np.diff(piece.beats_s)
    bpm = 60 / np.median(steps) if len(steps) else 100.0
    low, high = max(1 / most, min(42 / bpm, 1.0)), min(most, max(210 / bpm, 1.0))
    speed = float(np.exp(rng.uniform(np.log(low), np.log(high)))) if rng.random() < 0.8 else 1.0
    live = rng.random() < 0.4
    power, clock = _stretched(
        piece, frames, speed * (harms.drift(frames, rng) if live else np.ones(frames)), rng
    )
    beats, downbeats = (frames_of(clock, times) for times in (piece.beats_s, piece.downbeats_s))
    power = _harmed(power, beats, rng, others)
    # Nothing is known before the first annotated beat and after the last.
    known = (clock > piece.beats_s[0] - 0.1) & (clock < piece.beats_s[-1] + 0.1)
    counts = np.stack([known, known & (len(piece.downbeats_s) > 0)], axis=1)
    target = np.stack([targets(times / RATE, frames) for times in (beats, downbeats)], axis=1)
    return levels_of(power), target, counts.astype(np.float32)


def _harmed(
    power: np.ndarray, beats: np.ndarray, rng: np.random.Generator, others: list[Piece]
) -> np.ndarray:
    """Return mel power with other sounds over it, and as something has recorded it."""
    frames = len(power)
    if rng.random() < 0.2:
        power = harms.softened(power, rng)
    if rng.random() < 0.25:
        other, _ = _stretched(
            others[int(rng.integers(len(others)))], frames, np.full(frames, rng.uniform(0.8, 1.25)), rng
        )
        power = power + other * 10 ** (rng.uniform(-30, -8) / 10)
    if rng.random() < 0.35:
        power = power + harms.singer(frames, beats, rng) * 10 ** (rng.uniform(-12, 8) / 10)
    if rng.random() < 0.2:
        power = power + harms.speech(frames, rng) * 10 ** (rng.uniform(-20, 3) / 10)
    if rng.random() < 0.25:
        power = harms.room(power, rng)
    if rng.random() < 0.15:
        power = power + harms.crowd(frames, rng) * 10 ** (rng.uniform(-25, -3) / 10)
    power = power * 10 ** (harms.equaliser(rng) / 10)
    if rng.random() < 0.5:
        floor = 10 ** (rng.uniform(-55, -18) / 10) * 10 ** (harms.equaliser(rng) / 10)
        power = power + floor * rng.gamma(3.0, 1 / 3, power.shape)
    if rng.random() < 0.12:
        power = power + harms.crackle(frames, rng) * 10 ** (rng.uniform(-30, -8) / 10)
    if rng.random() < 0.4:
        power = harms.flattened(power, rng)
    loud = max(float(np.quantile(power.max(axis=1), 0.9)), 1e-9)
    return power * (10 ** (rng.uniform(-6, 6) / 10) / loud)


def frames_of(clock: np.ndarray, times_s: np.ndarray) -> np.ndarray:
    """Return at which frames, with fractions, times of the piece are; none outside of the excerpt."""
    inside = times_s[(times_s >= clock[0]) & (times_s <= clock[-1])]
    return np.interp(inside, clock, np.arange(len(clock)))


def _stretched(
    piece: Piece, frames: int, speed: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return mel power of some seconds at a speed ``(frames,)``, and the time of each frame in the piece."""
    available = len(piece.logmel)
    step = np.concatenate([[0.0], np.cumsum(speed[:-1])])
    need = int(step[-1]) + 2
    begin = int(rng.integers(max(1, available - need)))
    place = begin + step
    at = np.minimum(place, available - 1.001)
    log = piece.logmel[begin : min(begin + need + 2, available)].astype(np.float32)
    floor = at.astype(int) - begin
    part = (at - floor - begin)[:, None].astype(np.float32)
    following = np.minimum(floor + 1, len(log) - 1)
    power = np.exp(log[floor] * (1 - part) + log[following] * part)
    power[place > available - 1] = 1e-8
    return power, place / RATE
