"""How instruments play: chords and basses in a section's rhythms, and tunes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bench.training.harmonies import QUALITIES, Harmony
from bench.training.patterns import Rng, Stroke


class Note(NamedTuple):
    """A note in beats from the beginning of the piece; ``late_s`` is added after the tempo is applied."""

    beat: float
    length: float
    pitch: int
    velocity: float
    late_s: float = 0.0


class Span(NamedTuple):
    """A chord in a bar, in beats from the bar's beginning."""

    start: float
    end: float
    chord: Harmony


class Bar(NamedTuple):
    """What players know of a bar: where it starts (beats), how long it is and its chords."""

    start: float
    beats: float
    spans: Sequence[Span]

    def at(self, beat: float) -> Harmony:
        """Return the chord that sounds at a beat of the bar."""
        return next((s.chord for s in self.spans if s.start <= beat < s.end), self.spans[-1].chord)


def voiced(chord: Harmony, centre: float, rng: Rng, *, size: int, low_bass: bool) -> list[int]:
    """Return the pitches of a chord about a centre, low to high; its bass an octave under it on demand."""
    pitches = sorted(_near(pc, centre) for pc in chord.pitch_classes)
    while len(pitches) < size:
        pitches.append(pitches[len(pitches) - len(QUALITIES[chord.quality])] + 12)
    if chord.root not in {p % 12 for p in pitches[: max(size, 3)]}:
        pitches.append(_near(chord.root, centre))
    if low_bass:
        pitches = [_near(chord.bass, centre - 14), *pitches]
    return sorted(set(pitches))


def _near(pitch_class: int, centre: float) -> int:
    return int(pitch_class + 12 * round((centre - pitch_class) / 12))


def play_chords(
    strokes: Sequence[Stroke],
    bar: Bar,
    rng: Rng,
    *,
    centre: float,
    size: int,
    low_bass: bool,
    strum_s: float,
    held: bool,
) -> list[Note]:
    """Return a bar of accompaniment; without strokes (or held) chords are struck where they begin."""
    notes: list[Note] = []
    played = [s for s in strokes if s.beat < bar.beats]
    if held or not played:
        played = [Stroke(span.start, (span.end - span.start) * 0.97) for span in bar.spans]
    for stroke in played:
        pitches = voiced(bar.at(stroke.beat), centre, rng, size=size, low_bass=low_bass)
        if isinstance(stroke.what, int):
            pitches = [pitches[stroke.what % len(pitches)] + 12 * (stroke.what // len(pitches))]
        elif stroke.what == "octave":
            pitches = [pitches[-1], pitches[-1] + 12]
        down = rng.random() < 0.6
        for k, pitch in enumerate(pitches if down else pitches[::-1]):
            length = (
                min(stroke.length, bar.beats + 0.5 - stroke.beat)
                if not isinstance(stroke.what, int)
                else min(stroke.length, _left(bar, stroke.beat))
            )
            notes.append(
                Note(bar.start + stroke.beat, max(length, 0.05), pitch, 80 * stroke.level, k * strum_s)
            )
    return notes


def _left(bar: Bar, beat: float) -> float:
    return next((s.end for s in bar.spans if s.start <= beat < s.end), bar.beats) - beat


def play_bass(strokes: Sequence[Stroke], bar: Bar, following: Harmony, rng: Rng, *, low: int) -> list[Note]:
    """Return the notes of a bar of bass: the chord's bass where the chord begins, the line in between."""
    played = [s for s in strokes if s.beat < bar.beats]
    begun = {s.start for s in bar.spans}
    if not played:
        played = [Stroke(span.start, 0.95 * (span.end - span.start), 1.0, "root") for span in bar.spans]
    notes = []
    for k, stroke in enumerate(played):
        chord = bar.at(stroke.beat)
        steps = QUALITIES[chord.quality]
        bass = low + (chord.bass - low) % 12
        fifth = (
            bass + 7
            if not chord.inversion and 7 in steps
            else bass
            if chord.inversion
            else bass + steps[2 if len(steps) > 2 else 1]
        )
        pitch = {"root": bass, "octave": bass + 12, "fifth": fifth if fifth < low + 14 else fifth - 12}.get(
            str(stroke.what), bass
        )
        if stroke.what == "sixth":
            pitch = bass + (9 if stroke.beat % 4 >= 2 and not chord.inversion else 7)
        if stroke.what == "walk" and stroke.beat not in begun:
            if k == len(played) - 1:
                target = low + (following.bass - low) % 12
                pitch = target + int(rng.choice([-1, 1, 2]))
            else:
                pitch = bass + int(rng.choice([*steps, *steps, 2, 5]))
        notes.append(
            Note(
                bar.start + stroke.beat, min(stroke.length, bar.beats - stroke.beat), pitch, 90 * stroke.level
            )
        )
    return notes


class Motif(NamedTuple):
    """A tune without its chords: when, and steps of the scale from note to note."""

    strokes: tuple[Stroke, ...]
    moves: tuple[int, ...]


def motif(beats: float, division: int, rng: Rng) -> Motif:
    """Return a tune's rhythm and shape over one bar, busy or calm, on the beat or off it."""
    per = max(2, division) if division != 3 else 3
    pulses = int(beats * per)
    density, off = rng.uniform(0.15, 0.6), rng.uniform(0.4, 1.3)
    chance = np.where(np.arange(pulses) % per == 0, 1.3, off) * density
    places = [k for k in range(pulses) if rng.random() < chance[k]] or [0]
    ends = [*places[1:], pulses]
    legato = rng.uniform(0.5, 1.0)
    strokes = tuple(
        Stroke(k / per, (e - k) / per * legato, rng.uniform(0.85, 1.15))
        for k, e in zip(places, ends, strict=True)
    )
    moves = tuple(int(m) for m in rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3], len(places)))
    return Motif(strokes, moves)


def play_tune(
    tune: Motif, bar: Bar, scale: Sequence[int], tonic: int, rng: Rng, *, start: int, top: int
) -> list[Note]:
    """Return a bar of melody: the motif's shape on the scale, long and strong notes drawn to the chord."""
    notes, pitch = [], start
    for stroke, move in zip(tune.strokes, tune.moves, strict=True):
        if stroke.beat >= bar.beats:
            break
        ladder = [p for p in range(top - 26, top + 1) if (p - tonic) % 12 in scale]
        at = int(np.argmin([abs(p - pitch) for p in ladder]))
        pitch = ladder[int(np.clip(at + move, 0, len(ladder) - 1))]
        chord = set(bar.at(stroke.beat).pitch_classes)
        strong = stroke.beat % 1 == 0 or stroke.length > 0.7
        if strong and pitch % 12 not in chord and rng.random() < 0.85:
            pitch = min(
                (p for p in range(pitch - 5, pitch + 6) if p % 12 in chord),
                key=lambda p: abs(p - pitch),
                default=pitch,
            )
        notes.append(Note(bar.start + stroke.beat, stroke.length, pitch, 95 * stroke.level))
    return notes
