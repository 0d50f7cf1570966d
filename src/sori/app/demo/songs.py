"""The songs of the demo library: what each is called, and everything drawn for it from one seed."""

from __future__ import annotations

import dataclasses
import zlib
from typing import NamedTuple

import numpy as np

from sori.app.demo.styles import STYLES
from sori.units import PITCH_CLASSES

__all__ = ["Song", "songs"]


@dataclasses.dataclass(frozen=True)
class Song:
    """The specification from which `render` makes a song, always the same one.

    ``tune`` seeds the composition and ``seed`` the performance; songs of one ``tune`` are
    arrangements of one another. ``sevenths``: whether triads get their sevenths; an arrangement keeps
    the chords it was given.
    """

    number: int
    title: str
    style: str
    artist: str
    album: str
    genre: str
    year: int
    tempo_bpm: float
    tonic: str
    mode: str
    tuning_hz: float
    tune: int
    sevenths: bool
    arrangement_of: str | None
    seed: int
    suffix: str

    @property
    def file_name(self) -> str:
        """Where the library keeps it: a folder per artist."""
        return f"{self.artist}/{self.number:02d} {self.title}{self.suffix}"


class _Entry(NamedTuple):
    title: str
    style: str
    suffix: str
    arrangement_of: str | None = None


# The first ten are in ten styles, the first twenty have each style twice, two of them as an arrangement.
_PROGRAMME = (
    _Entry("Static in the Basement", "rock", ".mp3"),
    _Entry("Paper Boats", "ballad", ".flac"),
    _Entry("Door Number Four", "house", ".mp3"),
    _Entry("Velvet Overflow", "drum and bass", ".m4a"),
    _Entry("The Clockmaker's Daughter", "waltz", ".flac"),
    _Entry("Last Tram Home", "jazz", ".opus"),
    _Entry("Window Seat", "bossa nova", ".mp3"),
    _Entry("Snow on the Antenna", "ambient", ".flac"),
    _Entry("달빛 회로", "gugak", ".flac"),
    _Entry("Battery Low, Heart Full", "chiptune", ".wav"),
    _Entry("Copper Wire", "rock", ".flac"),
    _Entry("느린 눈", "ballad", ".mp3"),
    _Entry("Night Shift", "house", ".opus"),
    _Entry("Door Number Four (midnight remix)", "drum and bass", ".mp3", "Door Number Four"),
    _Entry("Candle Promenade", "waltz", ".mp3"),
    _Entry("Two Olives", "jazz", ".flac"),
    _Entry("Salt and Orange", "bossa nova", ".m4a"),
    _Entry("Slow Tide", "ambient", ".opus"),
    _Entry("바람의 장단", "gugak", ".mp3"),
    _Entry("Copper Wire (8-bit version)", "chiptune", ".flac", "Copper Wire"),
    _Entry("Feedback Avenue", "rock", ".opus"),
    _Entry("Static in the Basement (slow hands)", "ballad", ".mp3", "Static in the Basement"),
    _Entry("Mirrors All Night", "house", ".flac"),
    _Entry("Glass Horizon", "drum and bass", ".flac"),
    _Entry("Winter Carousel", "waltz", ".opus"),
    _Entry("Umbrella Weather", "jazz", ".mp3"),
    _Entry("Paper Boats (beach version)", "bossa nova", ".flac", "Paper Boats"),
    _Entry("Breathing Machine", "ambient", ".mp3"),
    _Entry("강 건너 북소리", "gugak", ".m4a"),
    _Entry("Pixel Parade", "chiptune", ".flac"),
)


def songs(seed: int) -> tuple[Song, ...]:
    """Draw the demo library's songs.

    Parameters
    ----------
    seed : int
        The same seed gives the same songs, note for note.

    Returns
    -------
    tuple of Song
        Thirty songs in ten styles; four are other arrangements of songs before them, in another
        style, key and tempo.
    """
    drawn: dict[str, Song] = {}
    for number, entry in enumerate(_PROGRAMME, start=1):
        rng = np.random.default_rng([seed, zlib.crc32(entry.title.encode())])
        style = STYLES[entry.style]
        low, high = style.tempo_bpm
        mode = "minor" if rng.random() < style.minor_share else "major"
        sevenths = style.sevenths
        tonic = int(rng.integers(12))
        tune = int(rng.integers(2**31))
        if entry.arrangement_of is not None:
            original = drawn[entry.arrangement_of]
            mode, tune, sevenths = original.mode, original.tune, original.sevenths
            if PITCH_CLASSES[tonic] == original.tonic:
                tonic = (tonic + 5) % 12
        drawn[entry.title] = Song(
            number=number,
            title=entry.title,
            style=style.name,
            artist=style.artist,
            album=style.album,
            genre=style.genre,
            year=int(rng.integers(2015, 2026)),
            tempo_bpm=float(rng.integers(2 * low, 2 * high + 1) / 2),
            tonic=PITCH_CLASSES[tonic],
            mode=mode,
            tuning_hz=float(rng.choice([440.0, 440.0, 440.0, 442.0, 432.0, 436.0, 446.0])),
            tune=tune,
            sevenths=sevenths,
            arrangement_of=entry.arrangement_of,
            seed=int(rng.integers(2**31)),
            suffix=entry.suffix,
        )
    return tuple(drawn.values())
