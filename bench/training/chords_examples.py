"""What the chord network learns from: songs and made pieces, played, recorded badly, and condensed.

``python -m bench.training.chords_examples --songs 4 --pieces 600`` makes what is missing in the cache: that
many manners of each POP909 song of the development half, and that many pieces. Only sound fonts under the
MIT licence are used; the others stay for the evaluation.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import itertools
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import mido
import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.collection import CACHE, made_whole
from bench.training.chords_pieces import BASS, CHORDS, MELODY, PAD, Note, Piece, compose, drum_part
from bench.training.chords_sketch import FRAME_RATE, sketch
from bench.training.chords_synth import synth
from bench.training.chords_truth import transposed
from bench.training.corpus import examples
from sori.analysis.harmony.chroma import tuning
from sori.analysis.harmony.salience import note_salience
from sori.analysis.material import condense
from sori.audio import Audio
from sori.signal.noise import pink_noise
from sori.spectral.partials import partials

__all__ = [
    "Example",
    "Manner",
    "draw_manner",
    "load",
    "make",
    "names",
    "piece_of_song",
    "play",
    "sketches",
    "validates",
]

FOLDER = CACHE / "chords" / "examples"
FONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"),
)
RATE = 22_050
SECONDS = 75.0
SEED = 1
# General MIDI programs (from 0).
_PROGRAMS = {
    MELODY: (
        0,
        4,
        22,
        24,
        26,
        27,
        29,
        30,
        40,
        42,
        52,
        53,
        54,
        56,
        57,
        60,
        64,
        65,
        66,
        68,
        71,
        73,
        75,
        80,
        81,
        85,
    ),
    BASS: (32, 33, 34, 35, 36, 38, 39, 43, 58),
    CHORDS: (
        0,
        0,
        1,
        2,
        4,
        5,
        6,
        7,
        11,
        16,
        17,
        18,
        19,
        21,
        24,
        25,
        25,
        26,
        27,
        28,
        29,
        30,
        46,
        48,
        61,
        62,
        81,
    ),
    PAD: (48, 49, 50, 52, 88, 89, 90, 91, 94, 16, 19, 61),
}


@dataclasses.dataclass(frozen=True)
class Example:
    """Note amplitudes ``(frames, 72)`` at ``rate`` frames a second, and the chords."""

    name: str
    song: str
    notes: NDArray[np.float16]
    rate: float
    chords: list[tuple[float, float, str]]

    @property
    def validates(self) -> bool:
        """Whether it is kept from training, to choose by."""
        return validates(self.song)


def validates(song: str) -> bool:
    """Say whether a song or piece is kept from training: one in seven."""
    return hashlib.sha256(f"validate {song}".encode()).digest()[0] % 7 == 0


@dataclasses.dataclass(frozen=True)
class Manner:
    """How a piece is played and recorded."""

    font: Path
    programs: dict[int, int]
    cents: float
    bends: float
    drive: float
    room_s: float
    wet: float
    noise_db: float
    levels: dict[int, int]


def draw_manner(rng: np.random.Generator, fonts: tuple[Path, ...] = FONTS) -> Manner:
    """Draw how to play."""
    return Manner(
        font=fonts[int(rng.integers(len(fonts)))],
        programs={channel: int(rng.choice(choice)) for channel, choice in _PROGRAMS.items()},
        cents=float(rng.uniform(-49, 49)) if rng.random() < 0.4 else float(rng.normal(0, 4)),
        bends=float(rng.uniform(0, 0.6)) if rng.random() < 0.5 else 0.0,
        drive=float(rng.uniform(1, 8)) if rng.random() < 0.25 else 0.0,
        room_s=float(rng.uniform(0.2, 2.0)),
        wet=float(rng.uniform(0.0, 0.5)),
        noise_db=float(rng.uniform(-75, -35)),
        levels={channel: int(rng.integers(55, 127)) for channel in (*_PROGRAMS, 9)},
    )


def play(
    piece: Piece, manner: Manner, rng: np.random.Generator, *, seconds: float = SECONDS
) -> NDArray[np.float32]:
    """Return the piece as mono samples at RATE."""
    samples = synth(manner.font, RATE).play(_events(piece, manner, rng, seconds), seconds)
    n = round(manner.room_s * RATE)
    response = rng.standard_normal(n) * np.exp(-np.log(1000) * np.arange(n) / n)
    response *= manner.wet / np.sqrt(np.sum(response**2))
    response[0] += 1.0
    out = oaconvolve(samples, response)[: len(samples)]
    out /= max(float(np.abs(out).max()), 1e-9)
    if manner.drive:
        out = np.tanh(manner.drive * out)
    noise = pink_noise(len(out) / RATE, sample_rate=RATE, rng=rng)[: len(out)]
    return np.asarray(0.7 * out + 4 * 10 ** (manner.noise_db / 20) * noise, np.float32)


def _events(
    piece: Piece, manner: Manner, rng: np.random.Generator, seconds: float
) -> list[tuple[float, mido.Message]]:
    events: list[tuple[float, int, mido.Message]] = []
    for channel in (*manner.programs, 9):
        fine = round(8192 + 8191 * manner.cents / 100)
        controls = [(101, 0), (100, 1), (6, fine >> 7), (38, fine & 127), (7, manner.levels[channel])]
        if channel == 9:
            controls = controls[-1:]
        else:
            change = mido.Message("program_change", channel=channel, program=manner.programs[channel])
            events.append((0.0, 0, change))
        for control, value in controls:
            change = mido.Message("control_change", channel=channel, control=control, value=value)
            events.append((0.0, 0, change))
    for note in piece.notes:
        if note.start_s >= seconds:
            continue
        pitch, velocity = int(np.clip(note.pitch, 0, 127)), int(np.clip(note.velocity, 1, 127))
        on = mido.Message("note_on", channel=note.channel, note=pitch, velocity=velocity)
        off = mido.Message("note_off", channel=note.channel, note=pitch)
        events += [(note.start_s, 2, on), (max(note.end_s, note.start_s + 0.03), 1, off)]
        if note.channel == MELODY and manner.bends and note.end_s - note.start_s > 0.25:
            rate, depth = rng.uniform(4, 7), manner.bends * rng.random()
            slide = rng.uniform(-1.5, 0) * (rng.random() < 0.4)
            for t in np.arange(0, note.end_s - note.start_s, 0.02):
                bend = depth * np.sin(2 * np.pi * rate * t) * min(1, t / 0.3) + slide * max(0, 1 - t / 0.12)
                wheel = mido.Message(
                    "pitchwheel", channel=MELODY, pitch=int(np.clip(bend * 4096, -8192, 8191))
                )
                events.append((note.start_s + t, 2, wheel))
    return [(time, message) for time, _, message in sorted(events, key=lambda event: event[:2])]


@lru_cache(maxsize=2)
def _score(song: str) -> list[pop909.ScoreNote]:
    return pop909.read_notes(pop909.folder(song) / f"{song}.mid")


def piece_of_song(song: str, rng: np.random.Generator) -> tuple[Piece, int]:
    """Return part of a POP909 song, moved, perhaps with bass and drums; and by how many semitones."""
    up, speed = int(rng.integers(-5, 7)), float(rng.uniform(0.85, 1.15))
    notes = _score(song)
    rows = [
        line.split()
        for line in (pop909.folder(song) / "chord_midi.txt").read_text().splitlines()
        if line.strip()
    ]
    beats = [beat.time_s for beat in pop909.read_beats(song)]
    start = float(rng.uniform(0, max(0.0, notes[-1].end_s - SECONDS * speed))) if rng.random() < 0.7 else 0.0
    split = int(rng.choice([0, 48, 52]))  # a bass takes what the left hand plays
    keep_melody, keep_bridge = rng.random() < 0.85, rng.random() < 0.8
    out = []
    for note in notes:
        if (
            note.end_s <= start
            or (note.part == 0 and not keep_melody)
            or (note.part == 1 and not keep_bridge)
        ):
            continue
        channel = (MELODY, PAD, BASS if note.pitch < split else CHORDS)[note.part]
        begin, end = max(0.0, note.start_s - start) / speed, (note.end_s - start) / speed
        out.append(
            Note(
                begin,
                end,
                note.pitch + up - (12 if channel == BASS and note.pitch > 45 else 0),
                note.velocity,
                channel,
            )
        )
    at = np.array([(t - start) / speed for t in beats])
    if rng.random() < 0.6 and len(at) > 4:
        grid = np.arange(len(at))
        for hit in drum_part(rng, range(len(at) - 1), 4):
            first = float(np.interp(hit.start_s, grid, at))
            if first >= 0:
                out.append(dataclasses.replace(hit, start_s=first, end_s=first + 0.1))
    chords = [
        ((float(a) - start) / speed, (float(b) - start) / speed, transposed(label, up))
        for a, b, label in rows
        if float(b) > start
    ]
    return Piece(out, chords, at[at >= 0].tolist()), up


def make(name: str) -> Path:
    """Make the example of a name, ``song-MMM-K`` or ``piece-K``, unless it is there."""
    path = FOLDER / f"{name}.npz"
    if path.exists():
        return path
    kind, *numbers = name.split("-")
    rng = np.random.default_rng([SEED, kind == "song", *map(int, numbers)])
    piece = piece_of_song(numbers[0], rng)[0] if kind == "song" else compose(rng, seconds=SECONDS)
    samples = play(piece, draw_manner(rng), rng)
    found = partials(condense([Audio(samples[None], RATE)]).peaks)
    notes = note_salience(found, tuning(found).cents or 0.0).astype(np.float16)
    times = np.array([(a, b) for a, b, _ in piece.chords])
    labels = np.array([label for *_, label in piece.chords])
    with made_whole(path) as part, part.open("wb") as file:
        np.savez_compressed(file, notes=notes, rate=found.rate, times=times, labels=labels)
    return path


def load(names: list[str]) -> list[Example]:
    """Read examples, making what is missing."""
    out = []
    for name in names:
        with np.load(make(name)) as stored:
            chords = [
                (float(a), float(b), str(c))
                for (a, b), c in zip(stored["times"], stored["labels"], strict=True)
            ]
            song = name.rsplit("-", 1)[0] if name.startswith("song") else name
            out.append(Example(name, song, stored["notes"], float(stored["rate"]), chords))
    return out


def sketches(n_manners: int, n_pieces: int) -> list[Example]:
    """Return songs and pieces that were never sound (`chords_sketch`); they never validate."""
    songs = [song for song in pop909.songs() if not held_out(song)]
    wanted = [(song, k) for song in songs for k in range(n_manners)] + [("", k) for k in range(n_pieces)]
    out = []
    for song, k in wanted:
        rng = np.random.default_rng([SEED, 7, int(song or 0), k])
        name = f"song-{song}" if song else f"sketch-{k}"
        piece = piece_of_song(song, rng)[0] if song else compose(rng, seconds=SECONDS)
        example = Example(name, name, sketch(piece, rng, seconds=SECONDS), FRAME_RATE, piece.chords)
        if not (song and example.validates):
            out.append(example)
    return out


def corpus() -> list[Example]:
    """Return what `bench.training.corpus` has made so far; its validating songs and ours never train."""
    out = []
    for truth, material in examples():
        if not truth["chords"]:
            continue
        found = partials(material.peaks)
        notes = note_salience(found, tuning(found).cents or 0.0).astype(np.float16)
        song = f"song-{truth['song']}" if truth["kind"] == "POP909" else f"corpus-{truth['song']}"
        out.append(Example(truth["name"], song, notes, found.rate, [tuple(c) for c in truth["chords"]]))
    return out


def names(n_manners: int, n_pieces: int) -> list[str]:
    """Return the names of all examples wanted; only songs of the development half."""
    songs = [song for song in pop909.songs() if not held_out(song)]
    played = [f"song-{song}-{k}" for k in range(n_manners) for song in songs]
    pieces = [f"piece-{k}" for k in range(n_pieces)]
    mixed = itertools.zip_longest(played, pieces)  # so that a cache half made is of use
    return [name for pair in mixed for name in pair if name]


def main() -> None:
    """Make examples from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--songs", type=int, default=4, help="manners of every song (4)")
    parser.add_argument("--pieces", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    wanted = names(arguments.songs, arguments.pieces)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(arguments.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number, _ in enumerate(pool.map(make, wanted), start=1):
            if number % 50 == 0:
                print(f"  {number} of {len(wanted)}", flush=True)


if __name__ == "__main__":
    main()
