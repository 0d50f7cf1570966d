"""From a score in beats to notes in seconds: tempo that drifts and breathes, swing, uneven hands."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bench.training.genres import Genre
from bench.training.patterns import Rng
from bench.training.players import Note


class Played(NamedTuple):
    """A note as it sounds."""

    start_s: float
    end_s: float
    channel: int
    pitch: int
    velocity: int


@dataclasses.dataclass
class Piece:
    """Notes to render, the sounds they are played with, and what is true of them."""

    notes: list[Played]
    programs: dict[int, int]
    volumes: dict[int, int]
    cents: float
    truth: dict[str, Any]


@dataclasses.dataclass
class Score:
    """A piece in beats while it grows."""

    genre: Genre
    notes: dict[int, list[Note]]
    bars: list[float] = dataclasses.field(default_factory=list)
    chords: list[tuple[float, float, str]] = dataclasses.field(default_factory=list)
    keys: list[tuple[float, float, str, str]] = dataclasses.field(default_factory=list)
    sections: list[tuple[float, float, str]] = dataclasses.field(default_factory=list)
    jumps: list[float] = dataclasses.field(default_factory=list)
    end: float = 0.0
    pickup: int = 0


def _durations(score: Score, bpm: float, rng: Rng) -> np.ndarray:
    """Return how long every beat lasts, seconds, from the pickup's first to the end."""
    genre, n = score.genre, score.pickup + int(np.ceil(score.end)) + 1
    beat = np.arange(n)
    stretch = np.zeros(n)
    machine = genre.human_ms[1] <= 3
    if not machine and rng.random() < 0.5:  # players drift
        walk = np.cumsum(rng.normal(0, 1, n))
        smooth = np.convolve(walk, np.ones(8) / 8, mode="same")
        stretch += smooth * rng.uniform(0.001, 0.004)
    if genre.rubato and rng.random() < 0.85:
        amount = genre.rubato * rng.uniform(0.4, 1.6)
        phrase = genre.metre * float(rng.choice([2, 4]))
        stretch += 1.2 * amount * np.cos(2 * np.pi * (beat - score.pickup) / phrase + rng.uniform(-0.7, 0.7))
        stretch += rng.normal(0, 0.5 * amount, n)
    if rng.random() < 0.05 and not machine:
        stretch += rng.uniform(-0.25, 0.25) * beat / n
    for at in score.jumps:
        stretch[beat - score.pickup >= at] += float(rng.choice([-0.22, -0.12, 0.12, 0.22]))
    last = int(rng.integers(2, 2 + 2 * genre.metre))
    if rng.random() < (0.6 if genre.rubato else 0.12) and not machine:
        stretch[-last - 1 :] += np.linspace(0, rng.uniform(0.15, 0.5), last + 1)
    return np.asarray(60 / bpm * np.exp(np.clip(stretch, -0.6, 0.7)))


class Clock:
    """From beats to seconds, with swing."""

    def __init__(self, score: Score, bpm: float, start_s: float, rng: Rng) -> None:
        self.first = -score.pickup
        self.grid = start_s + np.concatenate([[0.0], np.cumsum(_durations(score, bpm, rng))])
        low, high = score.genre.swing
        self.swing, self.level = float(rng.uniform(low, high)), score.genre.swing_level

    def at(self, beat: float | np.ndarray, *, swung: bool = False) -> np.ndarray:
        """Return seconds at places in beats."""
        beat = np.asarray(beat, dtype=float)
        if swung and self.swing != 0.5:
            part = beat * self.level
            whole = np.floor(part + 1e-9)
            inside = np.clip(part - whole, 0, 1)
            beat = (whole + np.interp(inside, [0, 0.5, 1], [0, self.swing, 1])) / self.level
        place = beat - self.first
        last = self.grid[-1] - self.grid[-2]
        return np.interp(place, np.arange(len(self.grid)), self.grid) + last * np.maximum(
            place - len(self.grid) + 1, 0
        )


def perform(
    score: Score, name: str, bpm: float, with_drums: bool, programs: dict[int, int], rng: Rng
) -> Piece:
    genre = score.genre
    lead_in = float(rng.choice([0.0, rng.uniform(0.05, 0.6), rng.uniform(0, 2.5)]))
    clock = Clock(score, bpm, lead_in, rng)
    spread = rng.uniform(*genre.human_ms) / 1000
    played: list[Played] = []
    for channel, notes in score.notes.items():
        lag = float(rng.normal(0, 0.5 * spread))
        if not notes:
            continue
        at = np.array([n.beat for n in notes])
        starts = clock.at(at, swung=True)
        ends = clock.at(at + [n.length for n in notes], swung=True)
        late = lag + rng.normal(0, spread * 0.7, len(notes)) + [n.late_s for n in notes]
        accents = rng.normal(1, 0.07, len(notes)) + 0.06 * (np.round(at, 3) % genre.metre == 0)
        dynamics = 1 + 0.12 * np.sin(2 * np.pi * at / (genre.metre * 8) + rng.uniform(0, 6))
        for note, start, end, by, accent, dynamic in zip(
            notes, starts, ends, late, accents, dynamics, strict=True
        ):
            velocity = int(np.clip(note.velocity * accent * (dynamic if genre.rubato else 1), 12, 127))
            begin = max(0.0, float(start + by))
            played.append(
                Played(
                    begin,
                    max(float(end + by), begin + 0.04),
                    channel,
                    int(np.clip(note.pitch, 20, 108)),
                    velocity,
                )
            )
    truth = _truth(score, clock, name, with_drums, programs)
    volumes = {channel: int(rng.integers(62, 122)) for channel in score.notes}
    cents = float(rng.uniform(-50, 50)) if rng.random() < 0.5 else 0.0
    truth["tuning_cents"] = round(cents, 2)
    return Piece(sorted(played), programs, volumes, cents, truth)


def _truth(
    score: Score, clock: Clock, name: str, with_drums: bool, programs: dict[int, int]
) -> dict[str, Any]:
    def seconds(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
        return [[round(float(clock.at(a)), 4), round(float(clock.at(b)), 4), *rest] for a, b, *rest in rows]

    genre = score.genre
    beats = np.arange(-score.pickup, round(score.end))
    times = clock.at(beats)
    steps = np.diff(times)
    steady = float(np.ptp(np.quantile(steps, [0.1, 0.9])) / np.median(steps)) < 0.08
    starts = list(np.arange(score.bars[0], score.end, genre.cycle)) if genre.cycle else []
    return {
        "name": name,
        "kind": "composed",
        "song": name,
        "genre": genre.name,
        "metre": genre.metre,
        "division": genre.division,
        "swing": round(clock.swing, 3),
        "swing_level": clock.level,
        "tempo_bpm": round(float(60 / np.median(steps)), 3) if steady else None,
        "beats_s": [round(float(t), 4) for t in times],
        "downbeats_s": [round(float(t), 4) for t in clock.at(np.array(score.bars))],
        "cycles_s": [round(float(clock.at(c)), 4) for c in starts],
        "chords": _merged(seconds(score.chords)),
        "keys": _merged(seconds(score.keys)),
        "sections": seconds(score.sections),
        "drums": with_drums,
        "programs": programs,
    }


def _merged(rows: list[list[Any]]) -> list[list[Any]]:
    out: list[list[Any]] = []
    for row in rows:
        if out and out[-1][2:] == row[2:] and abs(out[-1][1] - row[0]) < 1e-3:
            out[-1][1] = row[1]
        else:
            out.append(list(row))
    return out
