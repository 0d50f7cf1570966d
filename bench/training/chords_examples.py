"""What the chord network learns from: songs and made pieces, played, recorded badly, and condensed.

``python -m bench.training.chords_examples`` makes what is missing in the cache of the fixed list `names`:
takes of POP909's development songs, pieces of many genres, pieces of even chord qualities. Only sound fonts
under the MIT licence are used; the others stay for the evaluation. An example depends on its name alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import multiprocessing
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.collection import CACHE, made_whole
from bench.training.chords_pieces import Piece, compose
from bench.training.chords_players import RATE, draw_manner, play
from bench.training.chords_sketch import FRAME_RATE, sketch
from bench.training.chords_songs import piece_of_genre, piece_of_song
from bench.training.compose import order
from sori.analysis.harmony.chroma import tuning
from sori.analysis.harmony.salience import note_salience
from sori.analysis.material import condense
from sori.audio import Audio
from sori.spectral.partials import partials

__all__ = ["SECONDS", "Example", "digest", "load", "make", "names", "piece_of", "sketches", "validates"]

FOLDER = CACHE / "chords" / "examples-3"
SECONDS = 75.0
SEED = 2
TAKES, N_GENRES, N_PIECES = 2, 250, 140
SKETCHED_TAKES, SKETCHED_PIECES, SKETCHED_GENRES = 4, 500, 500


@dataclasses.dataclass(frozen=True)
class Example:
    """Note amplitudes ``(frames, 72)`` at ``rate`` frames a second, and what is true of them."""

    name: str
    notes: NDArray[np.float16]
    rate: float
    chords: list[tuple[float, float, str]]
    beats_s: list[float]
    keys: list[tuple[float, float, int, str]]

    @property
    def validates(self) -> bool:
        """Whether it is kept from training, to choose by."""
        return validates(self.name)


def validates(name: str) -> bool:
    """Say whether a song, in all its takes, or a piece is kept from training: one in seven."""
    group = name.rsplit("-", 1)[0] if name.startswith("song") else name
    return hashlib.sha256(f"validate {group}".encode()).digest()[0] % 7 == 0


def names() -> list[str]:
    """Return the names of all examples that sound, kinds mixed; only songs of the development half."""
    songs = [song for song in pop909.songs() if not held_out(song)]
    takes = [f"song-{song}-{k}" for k in range(TAKES) for song in songs]
    genres = [f"genre-{k:04d}" for k in range(N_GENRES)]
    pieces = [f"piece-{k:04d}" for k in range(N_PIECES)]
    placed = sorted(
        ((k + 0.5) / len(kind), n, name)
        for n, kind in enumerate((takes, genres, pieces))
        for k, name in enumerate(kind)
    )
    return [name for *_, name in placed]


def piece_of(name: str, rng: np.random.Generator) -> Piece:
    """Return the score of an example."""
    kind, number, *_ = name.split("-")
    if kind == "song":
        return piece_of_song(number, rng, seconds=SECONDS)
    if kind == "genre":
        genres = order(N_GENRES + SKETCHED_GENRES, SEED)
        return piece_of_genre(f"chords {name}", genres[int(number)].name)
    return compose(rng, seconds=SECONDS)


def seeded(name: str) -> np.random.Generator:
    """Return the dice of an example."""
    return np.random.default_rng([SEED, *hashlib.sha256(name.encode()).digest()[:8]])


def make(name: str) -> Path:
    """Make the example of a name unless it is there."""
    path = FOLDER / f"{name}.npz"
    if path.exists():
        return path
    rng = seeded(name)
    piece = piece_of(name, rng)
    seconds = min(SECONDS, piece.chords[-1][1] + 1.0)
    samples = play(piece, draw_manner(rng, piece), rng, seconds=seconds)
    found = partials(condense([Audio(samples[None], RATE)]).peaks)
    notes = note_salience(found, tuning(found).cents or 0.0).astype(np.float16)
    with made_whole(path) as part, part.open("wb") as file:
        np.savez_compressed(
            file,
            notes=notes,
            rate=found.rate,
            times=np.array([row[:2] for row in piece.chords]),
            labels=np.array([row[2] for row in piece.chords]),
            beats=np.array(piece.beats_s),
            keys=np.array([row[:3] for row in piece.keys]).reshape(-1, 3),
            modes=np.array([row[3] for row in piece.keys], dtype="U5"),
        )
    return path


def load(wanted: Iterable[str]) -> list[Example]:
    """Read examples, making what is missing."""
    out = []
    for name in wanted:
        with np.load(make(name)) as kept:
            chords = [
                (float(a), float(b), str(c)) for (a, b), c in zip(kept["times"], kept["labels"], strict=True)
            ]
            keys = [
                (float(a), float(b), int(t), str(m))
                for (a, b, t), m in zip(kept["keys"], kept["modes"], strict=True)
            ]
            out.append(
                Example(name, kept["notes"], float(kept["rate"]), chords, kept["beats"].tolist(), keys)
            )
    return out


def sketches() -> list[Example]:
    """Return songs and pieces that were never sound (`chords_sketch`); they never validate."""
    songs = [song for song in pop909.songs() if not held_out(song)]
    wanted = [f"song-{song}-{TAKES + k}" for k in range(SKETCHED_TAKES) for song in songs]
    wanted = [name for name in wanted if not validates(name)]
    wanted += [f"genre-{N_GENRES + k:04d}" for k in range(SKETCHED_GENRES)]
    wanted += [f"piece-{N_PIECES + k:04d}" for k in range(SKETCHED_PIECES)]
    out = []
    for name in wanted:
        rng = seeded(name)
        piece = piece_of(name, rng)
        seconds = min(SECONDS, piece.chords[-1][1] + 1.0)
        notes = sketch(piece, rng, seconds=seconds)
        out.append(Example(name, notes, FRAME_RATE, piece.chords, piece.beats_s, piece.keys))
    return out


def digest(examples: Sequence[Example]) -> str:
    """Return the first digits of the SHA-256 of everything that is learned from."""
    total = hashlib.sha256()
    for example in sorted(examples, key=lambda e: e.name):
        total.update(example.name.encode() + np.ascontiguousarray(example.notes).tobytes())
        total.update(repr((example.chords, example.keys)).encode())
    return total.hexdigest()[:16]


def main() -> None:
    """Make examples from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    wanted = names()
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.nice(10)
    began = time.monotonic()
    with ProcessPoolExecutor(arguments.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number, _ in enumerate(pool.map(make, wanted), start=1):
            if number % 50 == 0 or number == len(wanted):
                print(f"  {number} of {len(wanted)}, {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
