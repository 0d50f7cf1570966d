"""The pieces that chords are learned from: POP909's songs rearranged, and those of the composer of genres."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np

from bench.accuracy import pop909
from bench.training import compose as composer
from bench.training.chords_pieces import BASS, CHORDS, DRUMS, MELODY, PAD, SECOND, Note, Piece, drum_part
from bench.training.chords_truth import transposed
from bench.training.genres import GENRES
from sori.units import PITCH_CLASSES

__all__ = ["piece_of_genre", "piece_of_song"]

_CHANNELS = {
    composer.COMP: CHORDS, composer.PAD: PAD, composer.BASS: BASS, composer.LEAD: MELODY,
    composer.SECOND: SECOND, composer.DRUMS: DRUMS,
}  # fmt: skip
_WITHOUT_KEY = ("drone",)


@lru_cache(maxsize=2)
def _score(song: str) -> list[pop909.ScoreNote]:
    return pop909.read_notes(pop909.folder(song) / f"{song}.mid")


def piece_of_song(song: str, rng: np.random.Generator, *, seconds: float) -> Piece:
    """Return part of a POP909 song, moved, perhaps with bass and drums."""
    up, speed = int(rng.integers(-5, 7)), float(rng.uniform(0.85, 1.15))
    notes = _score(song)
    latest = max(0.0, notes[-1].end_s - seconds * speed)
    start = float(rng.uniform(0, latest)) if rng.random() < 0.7 else 0.0
    split = int(rng.choice([0, 48, 52]))  # a bass takes what the left hand plays
    kept = {0: rng.random() < 0.85, 1: rng.random() < 0.8, 2: True}
    out = []
    for note in notes:
        if note.end_s <= start or not kept[note.part]:
            continue
        channel = (MELODY, SECOND, BASS if note.pitch < split else CHORDS)[note.part]
        pitch = note.pitch + up - (12 if channel == BASS and note.pitch > 45 else 0)
        begin, end = max(0.0, note.start_s - start) / speed, (note.end_s - start) / speed
        out.append(Note(begin, end, pitch, note.velocity, channel))
    at = np.array([(beat.time_s - start) / speed for beat in pop909.read_beats(song)])
    if rng.random() < 0.6 and len(at) > 4:
        grid = np.arange(len(at))
        for hit in drum_part(rng, range(len(at) - 1), pop909.metre(song)):
            first = float(np.interp(hit.start_s, grid, at))
            if first >= 0:
                out.append(dataclasses.replace(hit, start_s=first, end_s=first + 0.1))
    chords = [
        ((a - start) / speed, (b - start) / speed, transposed(label, up))
        for a, b, label in pop909.read_chords(song)
        if b > start
    ]
    sure = pop909.confirmed_key(song, notes)
    keys = [] if sure is None else [(0.0, chords[-1][1], (sure[0] + up) % 12, sure[1])]
    return Piece(out, chords, at[at >= 0].tolist(), keys)


def piece_of_genre(name: str, genre: str) -> Piece:
    """Return a piece of `bench.training.compose` by its name."""
    made = composer.compose(name, next(g for g in GENRES if g.name == genre))
    notes = [
        Note(note.start_s, note.end_s, note.pitch, note.velocity, _CHANNELS[note.channel])
        for note in made.notes
    ]
    chords = [(float(a), float(b), str(label)) for a, b, label in made.truth["chords"]]
    style = next(g.style for g in GENRES if g.name == genre)
    keys = [(float(a), float(b), PITCH_CLASSES.index(t), str(mode)) for a, b, t, mode in made.truth["keys"]]
    programs = {_CHANNELS[channel]: program for channel, program in made.programs.items()}
    return Piece(notes, chords, list(made.truth["beats_s"]), [] if style in _WITHOUT_KEY else keys, programs)
