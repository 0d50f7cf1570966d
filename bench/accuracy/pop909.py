"""What POP909 says about a song: its notes, beats, chords and key.

Columns of ``beat_midi.txt``: time in seconds, then whether the beat starts a bar of two, then whether it
starts a bar of four. Nine tenths of those times have a note onset within 30 ms (1.6 % at an arbitrary
phase), so the first column is the truth for beats.

Bars are less sure: the score's downbeats and those found in the recording by another program differ in a
sixth of the songs, and `confirmed_downbeats` are those where they do not.

``key_audio.txt`` was estimated from the commercial recording, not from the score. It is used where the
score confirms it: one key for the song, its seven notes fit the score's as well as any of the twelve
scales do, and its tonic chord sounds at least as long as that of its relative key. In the first 120 songs
one key is given for 98, and the scale agrees in 96 of these; the rest have no key in these tables.
"""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np

from bench.collection import test_data
from sori.units import PITCH_CLASSES

MAJOR = (0, 2, 4, 5, 7, 9, 11)
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class ScoreNote(NamedTuple):
    """A note of a score; ``part`` is 0 melody, 1 bridge (second voice), 2 piano."""

    start_s: float
    end_s: float
    pitch: int
    velocity: int
    part: int


@dataclasses.dataclass(frozen=True)
class Beat:
    """A beat, and where it stands in bars of two and of four."""

    time_s: float
    starts_two: bool
    starts_four: bool


def songs() -> list[str]:
    """Return the names of all songs: ``001`` and so on."""
    return sorted(p.name for p in (test_data() / "pop909").iterdir() if (p / f"{p.name}.mid").is_file())


def held_out(song: str) -> bool:
    """Whether a song, by its name, is in the half that takes no part in choosing anything."""
    return hashlib.sha256(song.encode()).digest()[0] % 2 == 0


def folder(song: str) -> Path:
    """Return where a song lies."""
    return test_data() / "pop909" / song


def versions(song: str) -> list[Path]:
    """Return the other arrangements of a song that are music, the likeliest to differ first."""
    return sorted((folder(song) / "versions").glob("*.mid"))


def read_notes(path: Path) -> list[ScoreNote]:
    """Return the notes of a MIDI file in order of time; the n-th track with notes is part n."""
    file = mido.MidiFile(path)
    seconds = _clock(file)
    notes: list[ScoreNote] = []
    with_notes = [t for t in file.tracks if any(m.type == "note_on" and m.velocity for m in t)]
    for part, track in enumerate(with_notes):
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.note] = (tick, message.velocity)
            elif message.type in ("note_on", "note_off") and message.note in sounding:
                start, velocity = sounding.pop(message.note)
                notes.append(ScoreNote(seconds(start), seconds(tick), message.note, velocity, min(part, 2)))
    return sorted(notes)


def _clock(file: mido.MidiFile):
    """Return the function from ticks to seconds that a file's tempo changes make."""
    ticks, tempos, now = [0], [500_000], 0
    for message in mido.merge_tracks(file.tracks):
        now += message.time
        if message.type == "set_tempo":
            ticks.append(now)
            tempos.append(message.tempo)
    at = np.array(ticks, dtype=np.float64)
    per_tick = np.array(tempos) / 1e6 / file.ticks_per_beat
    started = np.concatenate([[0.0], np.cumsum(np.diff(at) * per_tick[:-1])])

    def seconds(tick: int) -> float:
        k = int(np.searchsorted(at, tick, side="right")) - 1
        return float(started[k] + (tick - at[k]) * per_tick[k])

    return seconds


def read_beats(song: str) -> list[Beat]:
    """Return the beats of a song."""
    rows = [
        line.split() for line in (folder(song) / "beat_midi.txt").read_text().splitlines() if line.strip()
    ]
    return [Beat(float(t), float(two) > 0, float(four) > 0) for t, two, four in rows]


def metre(song: str) -> int:
    """Return the beats to a bar: 3 where the shorter bars hold three beats, else 4."""
    starts = [k for k, beat in enumerate(read_beats(song)) if beat.starts_two]
    return 3 if np.median(np.diff(starts)) == 3 else 4


def downbeats(song: str) -> list[float]:
    """Return when bars begin, seconds: the bars of four, or in songs in three the bars of three."""
    in_four = metre(song) == 4
    return [beat.time_s for beat in read_beats(song) if (beat.starts_four if in_four else beat.starts_two)]


def confirmed_downbeats(song: str) -> list[float] | None:
    """Return when bars begin, seconds, or None where the recording's annotation does not say the same.

    Both annotations were made by programs, one from the score and one from the recording; where they differ
    nobody knows. The recording's downbeats must be at the score's more often than at any other beat of its
    bars, by three tenths, and have as many beats to the bar.
    """
    rows = [
        line.split() for line in (folder(song) / "beat_audio.txt").read_text().splitlines() if line.strip()
    ]
    places = np.array([float(place) for _, place in rows])
    heard = np.array([float(time) for time, place in rows if float(place) == 1.0])
    counts = np.diff(np.flatnonzero(places == 1.0))
    bars, beats = downbeats(song), metre(song)
    if not len(counts) or np.median(counts) != beats:
        return None
    step = float(np.median(np.diff([beat.time_s for beat in read_beats(song)])))
    shares = [
        np.mean([np.abs(heard - (bar + shift * step)).min() < 0.1 for bar in bars]) for shift in range(beats)
    ]
    return bars if shares[0] - max(shares[1:]) >= 0.3 else None


def read_chords(song: str) -> list[tuple[float, float, str]]:
    """Return the chords of a song's score: start, end, Harte label."""
    rows = [
        line.split() for line in (folder(song) / "chord_midi.txt").read_text().splitlines() if line.strip()
    ]
    return [(float(start), float(end), label) for start, end, label in rows]


def moved(label: str, semitones: int) -> str:
    """Return a chord label with its root moved by semitones."""
    root, colon, rest = label.partition(":")
    return label if label == "N" else key_name(_pitch_class(root) + semitones) + colon + rest


def confirmed_key(song: str, notes: list[ScoreNote]) -> tuple[int, str] | None:
    """Return the pitch class and mode of a song's key, or None where the score does not confirm one."""
    keys = [
        line.split()[2] for line in (folder(song) / "key_audio.txt").read_text().splitlines() if line.strip()
    ]
    if len(keys) != 1:
        return None
    tonic, mode = _pitch_class(keys[0].split(":")[0]), keys[0].split(":")[1]
    if mode not in ("maj", "min"):
        return None
    relative_major = tonic if mode == "maj" else (tonic + 3) % 12
    sounding = np.zeros(12)
    for note in notes:
        sounding[note.pitch % 12] += note.end_s - note.start_s
    fits = [sum(sounding[(k + step) % 12] for step in MAJOR) for k in range(12)]
    if fits[relative_major] < 0.98 * max(fits):
        return None
    chords = _chord_seconds(song)
    major, minor = (
        chords.get((relative_major, "maj"), 0.0),
        chords.get(((relative_major + 9) % 12, "min"), 0.0),
    )
    ours, other = (major, minor) if mode == "maj" else (minor, major)
    return (tonic, {"maj": "major", "min": "minor"}[mode]) if ours >= other else None


def _chord_seconds(song: str) -> dict[tuple[int, str], float]:
    """Return how long each major or minor triad (with whatever is added to it) sounds in the score."""
    total: dict[tuple[int, str], float] = {}
    for line in (folder(song) / "chord_midi.txt").read_text().splitlines():
        start, end, label = line.split()
        if ":" in label and label.split(":")[1][:3] in ("maj", "min"):
            chord = _pitch_class(label.split(":")[0]), label.split(":")[1][:3]
            total[chord] = total.get(chord, 0.0) + float(end) - float(start)
    return total


def _pitch_class(name: str) -> int:
    return (LETTERS[name[0]] + name.count("#") - name[1:].count("b")) % 12


def key_name(pitch_class: int) -> str:
    """Return the project's name of a pitch class."""
    return PITCH_CLASSES[pitch_class % 12]
