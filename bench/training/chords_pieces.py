"""Pieces made to learn chords from: every quality, in many styles, textures and metres, with their truth.

What a style plays is our own choice of common progressions; nothing is copied from any song.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from sori.analysis.harmony.vocabulary import INTERVALS, QUALITIES
from sori.units import PITCH_CLASSES

__all__ = ["Note", "Piece", "compose", "drum_part"]

STYLES = {
    "major": "0:maj 0:maj 5:maj 5:maj 7:maj 7:maj 9:min 2:min 4:min 7:7 5:maj7 0:maj7 9:min7 2:min7 7:sus4 "
    "0:sus2 0:sus4",
    "minor": "0:min 0:min 8:maj 10:maj 3:maj 5:min 7:min 7:maj 7:7 2:dim 0:min7 5:min7 8:maj7 3:maj7 2:hdim7",
    "rock": "0:maj 0:maj 10:maj 5:maj 7:maj 3:maj 8:maj 5:min 0:sus4 0:7 7:sus4(b7)",
    "blues": "0:7 0:7 5:7 7:7 9:7 2:7 0:maj6 5:min6 6:dim7 8:7",
    "dorian": "0:min 5:maj 0:min7 5:7 10:maj 3:maj 7:min7 2:min 0:min6",
    "jazz": "2:min7 7:7 0:maj7 9:7 4:min7 9:min7 5:maj7 2:hdim7 7:7 0:min6 0:minmaj7 3:dim7 1:7 "
    "7:sus4(b7) 7:aug 0:maj6",
    "any": "",
}  # fmt: skip
_WEIGHTS = (0.26, 0.18, 0.12, 0.08, 0.08, 0.12, 0.16)
_SCALES = {"minor": (0, 2, 3, 5, 7, 8, 10), "rock": (0, 2, 4, 5, 7, 9, 10), "blues": (0, 3, 5, 6, 7, 10)}
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_COLOURS = {"maj": (14,), "min": (14, 17), "7": (14, 21), "maj7": (14, 21), "min7": (14, 17)}
_MODES = {"major": "major", "minor": "minor", "dorian": "minor"}
_NAMES = tuple(QUALITIES)
MELODY, BASS, CHORDS, PAD, SECOND, DRUMS = 0, 1, 2, 3, 4, 9


@dataclasses.dataclass(frozen=True)
class Note:
    """A note to play on a channel."""

    start_s: float
    end_s: float
    pitch: float
    velocity: int
    channel: int


@dataclasses.dataclass(frozen=True)
class Piece:
    """Notes, the chords they make, ``(start, end, label)``, the beats, keys ``(start, end, tonic, mode)``
    where they are sure, and the instruments of the channels that have one of their own."""

    notes: list[Note]
    chords: list[tuple[float, float, str]]
    beats_s: list[float]
    keys: list[tuple[float, float, int, str]] = dataclasses.field(default_factory=list)
    programs: dict[int, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class _Span:
    """A chord from a beat for some beats."""

    beat: int
    beats: int
    root: int
    quality: str
    bass: int

    @property
    def tones(self) -> list[int]:
        return [(self.root + step) % 12 for step in QUALITIES[self.quality]]

    @property
    def label(self) -> str:
        slash = f"/{INTERVALS[(self.bass - self.root) % 12]}" if self.bass != self.root else ""
        return f"{PITCH_CLASSES[self.root]}:{self.quality}{slash}"


def compose(rng: np.random.Generator, *, seconds: float) -> Piece:
    """Return a piece drawn at random."""
    step = 60 / float(rng.uniform(60, 165))
    style = str(rng.choice(list(STYLES), p=_WEIGHTS))
    tonic, metre = int(rng.integers(12)), int(rng.choice([4, 4, 4, 3]))
    spans = _progression(rng, style, tonic, metre, n_beats=int(seconds / step))
    rests = int(rng.integers(0, 2 * metre)) if rng.random() < 0.3 else 0
    offset = 0.2 + rests * step
    scale = [(tonic + s) % 12 for s in _SCALES.get(style, _MAJOR)]
    notes: list[Note] = []
    plain = rng.random() < 0.25  # chords alone, to learn each quality by itself
    register = int(rng.integers(50, 64))
    texture = str(rng.choice(["block", "held", "arpeggio", "strum", "offbeat"]))
    with_bass, with_pad, with_melody = (rng.random() < share for share in (0.75, 0.3, 0.0 if plain else 0.8))
    walking = rng.random() < 0.15
    for span in spans:
        if rng.random() < 0.03:
            texture = str(rng.choice(["block", "held", "arpeggio", "strum", "offbeat"]))
        notes += _accompaniment(rng, span, texture, register)
        if with_bass:
            notes += _bass_line(rng, span, walking=walking)
        if with_pad:
            notes += [
                Note(span.beat, span.beat + span.beats, _near(t, register + 8), 55, PAD) for t in span.tones
            ]
    if with_melody:
        notes += _melody(rng, spans, scale, loud=int(rng.integers(70, 120)))
    if rng.random() < 0.6:
        notes += drum_part(rng, range(spans[-1].beat + spans[-1].beats), metre)
    swing = 0.16 if style in ("blues", "jazz") and rng.random() < 0.7 else 0.0
    loose = float(rng.uniform(0, 0.015))

    def seconds_at(beat: float) -> float:
        late = swing if abs(beat % 1 - 0.5) < 0.01 else 0.0
        return offset + (beat + late) * step

    played = [
        dataclasses.replace(
            n, start_s=max(0, seconds_at(n.start_s) + rng.normal(0, loose)), end_s=seconds_at(n.end_s)
        )
        for n in notes
    ]
    truth = [(seconds_at(s.beat), seconds_at(s.beat + s.beats), s.label) for s in spans]
    start = [(0.0, truth[0][0], "N")]
    beats = [seconds_at(b) for b in range(spans[-1].beat + spans[-1].beats)]
    mode = _MODES.get(style)
    keys = [] if mode is None else [(truth[0][0], truth[-1][1], tonic, mode)]
    return Piece([n for n in played if n.end_s > n.start_s], start + truth, beats, keys)


def _progression(
    rng: np.random.Generator, style: str, tonic: int, metre: int, *, n_beats: int
) -> list[_Span]:
    spans: list[_Span] = []
    beat = 0
    inverted = float(rng.choice([0.0, 0.1, 0.3]))
    sevenths = float(rng.choice([0.0, 0.0, 0.5]))
    while beat < n_beats:
        lengths = rng.choice([1, 2, metre, metre, metre, 2 * metre], size=int(rng.integers(3, 9)))
        pattern = []
        for length in lengths:
            root, quality = _draw(rng, style, tonic)
            if rng.random() < sevenths and quality in ("maj", "min"):
                quality = {"maj": "7" if (root - tonic) % 12 == 7 else "maj7", "min": "min7"}[quality]
            tones = [(root + s) % 12 for s in QUALITIES[quality]]
            bass = int(rng.choice(tones[1:])) if rng.random() < inverted else root
            pattern.append((int(length), root, quality, bass))
        for _ in range(int(rng.integers(1, 5))):
            for length, root, quality, bass in pattern:
                spans.append(_Span(beat, length, root, quality, bass))
                beat += length
    kept = [s for s in spans if s.beat + s.beats <= n_beats]
    return kept or spans[:1]


def _draw(rng: np.random.Generator, style: str, tonic: int) -> tuple[int, str]:
    if style == "any":
        return int(rng.integers(12)), str(rng.choice(_NAMES))
    up, quality = str(rng.choice(STYLES[style].split())).split(":")
    return (tonic + int(up)) % 12, quality


def _near(pitch_class: int, around: int) -> int:
    """Return the pitch of a class within six semitones of another."""
    return around + (pitch_class - around + 6) % 12 - 6


def _voiced(rng: np.random.Generator, span: _Span, register: int) -> list[int]:
    """Return the pitches of a chord as players lay it: close, open, across six strings, with colours."""
    pitches = sorted(_near(tone, register + 2) for tone in span.tones)
    if len(pitches) > 3 and rng.random() < 0.15:  # the fifth is what players leave out
        pitches = [p for p in pitches if (p - span.root) % 12 != 7]
    if rng.random() < 0.12 and span.quality in _COLOURS:
        colour = span.root + int(rng.choice(_COLOURS[span.quality]))
        pitches.append(_near(colour % 12, register + 9))
    manner = rng.random()
    if manner < 0.2 and len(pitches) > 2:  # open: every second voice an octave down
        pitches = [p - 12 * (k % 2) for k, p in enumerate(sorted(pitches))]
    elif manner < 0.35:  # a guitar: from low E up, root or bass lowest
        lowest = 40 + (span.bass - 40) % 12
        pitches = [
            lowest,
            *(_near(t, lowest + 9) for t in span.tones),
            *(_near(t, lowest + 19) for t in span.tones),
        ]
        pitches = pitches[: int(rng.integers(4, 7))]
    elif manner < 0.65:
        pitches.append(pitches[int(rng.integers(len(pitches)))] + 12)
    return sorted(set(pitches))


def _accompaniment(rng: np.random.Generator, span: _Span, texture: str, register: int) -> list[Note]:
    pitches = _voiced(rng, span, register)
    loud, first, last = int(rng.integers(55, 100)), span.beat, span.beat + span.beats
    if texture == "held":
        return [Note(first, last, p, loud, CHORDS) for p in pitches]
    if texture == "arpeggio":
        pitches = [span.bass + 48 - 12 * (span.bass > 6), *pitches]
        steps = np.arange(first, last, 0.5)
        order = rng.permutation(len(pitches)) if rng.random() < 0.3 else np.arange(len(pitches))
        hold = float(rng.choice([0.5, 1.0, 2.0]))
        return [
            Note(t, min(t + hold, last), pitches[order[k % len(order)]], loud, CHORDS)
            for k, t in enumerate(steps)
        ]
    times = {"block": 1.0, "strum": 0.5, "offbeat": 1.0}[texture]
    late = 0.5 if texture == "offbeat" else 0.0
    return [
        Note(t + k * (0.02 if texture == "strum" else 0), min(t + times * 0.9, last), p, loud - 2 * k, CHORDS)
        for t in np.arange(first + late, last, times)
        if texture != "strum" or rng.random() < 0.8
        for k, p in enumerate(pitches)
    ]


def _bass_line(rng: np.random.Generator, span: _Span, *, walking: bool) -> list[Note]:
    low = 28 + (span.bass - 28) % 12
    out = []
    for beat in range(span.beats):
        pitch = low
        if walking and beat:
            pitch = 28 + (int(rng.choice(span.tones)) - 28) % 12 + int(rng.choice([0, 0, 0, -1, 1]))
        elif beat % 4 == 2 and rng.random() < 0.3:
            pitch = low + int(rng.choice([7, 12, -5]))
        if beat and not walking and rng.random() < 0.3:
            continue
        out.append(Note(span.beat + beat, span.beat + beat + 0.95, pitch, int(rng.integers(75, 110)), BASS))
    return out


def _melody(rng: np.random.Generator, spans: Sequence[_Span], scale: list[int], *, loud: int) -> list[Note]:
    out: list[Note] = []
    at, beat, end = int(rng.integers(62, 76)), 0.0, spans[-1].beat + spans[-1].beats
    index, home = 0, at
    while beat < end:
        length = float(rng.choice([0.5, 0.5, 1.0, 1.0, 1.5, 2.0]))
        while spans[index].beat + spans[index].beats <= beat:
            index += 1
        usable = spans[index].tones if rng.random() < 0.6 else scale
        aim = at + int(rng.integers(-4, 5)) - round(0.2 * (at - home))
        at = min((_near(t, aim) for t in usable), key=lambda p: abs(p - aim))
        if rng.random() < 0.85:
            out.append(Note(beat, beat + length * 0.95, at, loud, MELODY))
        beat += length
    return out


def drum_part(rng: np.random.Generator, beats: range, metre: int) -> list[Note]:
    """Return kick, snare, hats and a crash now and then, by beat."""
    back = int(rng.integers(1, metre))
    hat = int(rng.choice([42, 46, 51, 70]))
    loud = int(rng.integers(50, 115))
    out = []
    for beat in beats:
        place = beat % metre
        if place == 0 or rng.random() < 0.2:
            out.append(Note(beat, beat + 0.2, 36, loud, DRUMS))
        if place == back or (metre == 4 and place == (back + 2) % 4):
            out.append(Note(beat, beat + 0.2, int(rng.choice([38, 40])), loud, DRUMS))
        out += [Note(beat + half, beat + half + 0.1, hat, max(20, loud - 25), DRUMS) for half in (0, 0.5)]
        if beat % (8 * metre) == 0:
            out.append(Note(beat, beat + 2, 49, loud, DRUMS))
        if rng.random() < 0.05:
            out.append(Note(beat + 0.5, beat + 0.7, int(rng.choice([41, 45, 48])), loud, DRUMS))
    return out
