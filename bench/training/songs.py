"""POP909's development songs as pieces: the score moved, sped up, with other instruments, drums and bass."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np

from bench.accuracy import pop909
from bench.training import grooves, harmonies
from bench.training.compose import DRUMS
from bench.training.genres import BASSES, GUITARS, KEYS, LINES, PADS
from bench.training.performance import Piece, Played
from sori.units import PITCH_CLASSES

WINDOW_S = 110.0
TUNE, BRIDGE, PIANO = 0, 1, 2  # POP909's parts; PAD and BASS are added
PAD_CHANNEL, BASS_CHANNEL = 5, 6
CHORDAL = (*KEYS, *GUITARS, 11, 15, 46, 48, 61, 21, 105)  # what rings long enough for a chord to be heard
LABEL = re.compile(r"([A-G])([#b]*)(.*)")


def song(name: str, number: str, take: int) -> Piece:
    """Return one take of a song: the same number and take give the same piece."""
    rng = np.random.default_rng([909, int(number), take, 7])
    semitones, speed = int(rng.integers(-5, 7)), float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
    notes = pop909.read_notes(pop909.folder(number) / f"{number}.mid")
    beats, metre = pop909.read_beats(number), pop909.metre(number)
    down = pop909.downbeats(number)
    length = max(n.end_s for n in notes)
    latest = [t for t in down if t < length - WINDOW_S * speed] or [0.0]
    start = (
        0.0
        if rng.random() < 0.4
        else max(0.0, latest[int(rng.integers(len(latest)))] - float(rng.uniform(0, 1)))
    )
    end = start + WINDOW_S * speed

    def moved(time: float) -> float:
        return (min(max(time, start), end) - start) / speed

    spread = float(rng.uniform(0, 0.012))
    played = [
        Played(
            max(0.0, moved(n.start_s) + float(rng.normal(0, spread))), moved(n.end_s), n.part,
            int(np.clip(n.pitch + semitones, 0, 127)), n.velocity,
        )
        for n in notes if start <= n.start_s < end - 0.2
    ]  # fmt: skip
    played = [p._replace(end_s=max(p.end_s, p.start_s + 0.04)) for p in played]
    chords = [
        [round(moved(a), 4), round(moved(b), 4), pop909.moved(label, semitones)]
        for a, b, label in pop909.read_chords(number) if b > start and a < end
    ]  # fmt: skip
    times = [moved(b.time_s) for b in beats if start <= b.time_s < end]
    bars = [moved(t) for t in down if start <= t < end]
    styles = {
        "drums": bool(rng.random() < 0.6),
        "bass": bool(rng.random() < 0.4),
        "pad": bool(rng.random() < 0.3),
    }
    played += [
        note
        for name, there in styles.items()
        if there
        for note in _added(name, chords, times, bars, metre, rng)
    ]
    if rng.random() < 0.15:  # no tune
        played = [p for p in played if p.channel != TUNE]
    key = pop909.confirmed_key(number, notes)
    programs = {
        TUNE: int(rng.choice(LINES)), BRIDGE: int(rng.choice(LINES + PADS)), PIANO: int(rng.choice(CHORDAL)),
        PAD_CHANNEL: int(rng.choice(PADS)), BASS_CHANNEL: int(rng.choice(BASSES)),
        DRUMS: int(rng.choice([0, 0, 8, 16, 24, 25, 32, 40])),
    }  # fmt: skip
    steps = np.diff(times)
    cents = float(rng.uniform(-50, 50)) if rng.random() < 0.5 else 0.0
    truth: dict[str, Any] = {
        "name": name,
        "kind": "POP909",
        "song": number,
        "genre": "pop song",
        "metre": metre,
        "division": None,
        "tempo_bpm": round(float(60 / np.median(steps)), 3)
        if np.ptp(np.quantile(steps, [0.1, 0.9])) < 0.08 * np.median(steps)
        else None,
        "beats_s": [round(t, 4) for t in times],
        "downbeats_s": [round(t, 4) for t in bars] if pop909.confirmed_downbeats(number) else [],
        "chords": chords,
        "keys": []
        if key is None
        else [[0.0, round(moved(length), 4), PITCH_CLASSES[(key[0] + semitones) % 12], key[1]]],
        "sections": None,
        "drums": styles["drums"],
        "programs": programs,
        "tuning_cents": round(cents, 2),
    }
    volumes = {channel: int(rng.integers(70, 120)) for channel in programs}
    volumes[PIANO] = max(volumes[PIANO], 92)
    return Piece(sorted(played), programs, volumes, cents, truth)


def _added(
    name: str,
    chords: list[list[Any]],
    times: list[float],
    bars: list[float],
    metre: int,
    rng: np.random.Generator,
) -> list[Played]:
    if name == "drums":
        return _drums(times, bars, metre, rng)
    notes = []
    for start, end, label in chords:
        chord = _read(label)
        if chord is None or end - start < 0.05:
            continue
        if name == "pad":
            pitches = [60 + (pc - 4) % 12 - 4 for pc in chord.pitch_classes]
            notes += [Played(start, end, PAD_CHANNEL, p, 62) for p in pitches]
        else:
            inside = [t for t in times if start - 0.02 <= t < end - 0.05] or [start]
            edges = [*inside, end]
            notes += [
                Played(a, a + 0.9 * (b - a), BASS_CHANNEL, 28 + (chord.bass - 4) % 12, 85)
                for a, b in itertools.pairwise(edges)
            ]
    return notes


def _read(label: str) -> harmonies.Harmony | None:
    match = LABEL.match(label)
    if label == "N" or match is None:
        return None
    quality, _, inversion = match[3].removeprefix(":").partition("/")
    root = pop909.LETTERS[match[1]] + match[2].count("#") - match[2].count("b")
    known = quality in harmonies.QUALITIES and inversion in ("", *harmonies.DEGREES)
    return harmonies.Harmony(root % 12, quality, inversion) if known else None


def _drums(times: list[float], bars: list[float], metre: int, rng: np.random.Generator) -> list[Played]:
    names = [n for n in grooves.grooves_for(metre) if grooves.GROOVES[n].division != 3 or rng.random() < 0.2]
    choice = [grooves.GROOVES[str(rng.choice(names))] for _ in range(2)]
    if rng.random() < 0.2:
        choice[0] = grooves.made_up(metre, 2, rng)
    grid, notes = np.array(times), []
    spread = float(rng.uniform(0, 0.01))
    change = int(rng.choice([8, 16, 1000]))
    for number, (start, end) in enumerate(itertools.pairwise(bars)):
        at = int(np.argmin(np.abs(grid - start)))
        if round((end - start) / max(np.median(np.diff(grid)), 1e-3)) != metre or at + metre >= len(grid):
            continue
        for hit in grooves.bar_hits(choice[(number // change) % 2], number, rng):
            time = float(np.interp(at + hit.beat, np.arange(len(grid)), grid) + rng.normal(0, spread))
            notes.append(
                Played(
                    max(0.0, time),
                    max(0.0, time) + 0.1,
                    DRUMS,
                    hit.drum,
                    int(np.clip(hit.velocity * rng.normal(1, 0.06), 10, 127)),
                )
            )
    return notes
