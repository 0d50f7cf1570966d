"""``python -m bench.training.corpus --pieces 700 --songs 150``: render music to learn from, and load it.

Composed pieces and POP909's development songs are played with the training sound fonts, spoiled, condensed
and kept in ``bench/.cache/training``: ``material/NAME.npz`` is what `sori.analysis.material.condense` made,
``material/NAME.json`` the truth. A run that was stopped goes on. Any first part is a fair sample of all.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soundfile

from bench.accuracy import pop909
from bench.collection import CACHE, made_whole
from bench.fluidsynth import score
from bench.training.compose import compose, order
from bench.training.genres import GENRES
from bench.training.midi import events_of
from bench.training.performance import Piece
from bench.training.songs import song
from bench.training.spoil import spoil
from bench.training.synth import synthesiser
from sori.analysis.material import Material, condense
from sori.audio import Audio
from sori.signal.meter import Cells
from sori.spectral.peaks import Peaks

FOLDER = CACHE / "training"
MATERIAL = FOLDER / "material"
SAMPLE_RATE = 22_050
SEED = 2
TAKES = 2
KEEP_EVERY = 25  # of how many renders one is kept as sound too
TRAINING_FONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"),
)


class Job(NamedTuple):
    """One thing to make: a composed piece of a genre, or a take of a song."""

    name: str
    genre: str
    song: str
    take: int
    keep: bool


def jobs(n_pieces: int, n_songs: int) -> list[Job]:
    """Return what to make, kinds interleaved; names do not depend on how much is asked for."""
    names = [name for name in pop909.songs() if not pop909.held_out(name)]
    names = [str(name) for name in np.random.default_rng(SEED).permutation(names)][:n_songs]
    composed = [
        Job(f"c{k:04d}-{genre.name.replace(' ', '-')}", genre.name, "", 0, False)
        for k, genre in enumerate(order(n_pieces, SEED))
    ]
    songs = [Job(f"p{name}-{take}", "", name, take, False) for take in range(TAKES) for name in names]
    placed = [
        ((k + 0.5) / len(part), n, job)
        for n, part in enumerate((composed, songs))
        for k, job in enumerate(part)
    ]
    return [job._replace(keep=k % KEEP_EVERY == 0) for k, (_, _, job) in enumerate(sorted(placed))]


def piece_of(job: Job) -> Piece:
    """Return the notes and truth of a job."""
    if job.song:
        return song(job.name, job.song, job.take)
    genre = next(genre for genre in GENRES if genre.name == job.genre)
    return compose(job.name, genre)


def make(job: Job) -> Path:
    """Render, spoil and condense one piece unless it is there; return its truth's path."""
    path = MATERIAL / f"{job.name}.json"
    if path.exists():
        return path
    rng = np.random.default_rng(
        int.from_bytes(hashlib.sha256(f"spoil {job.name}".encode()).digest()[:8], "big")
    )
    piece = piece_of(job)
    font = TRAINING_FONTS[int(rng.integers(len(TRAINING_FONTS)))]
    clean = rendered(piece, font, SAMPLE_RATE)
    end = max((*piece.truth["beats_s"][-1:], *(row[1] for row in piece.truth["chords"]))) + 3
    clean = clean[:, : round(end * SAMPLE_RATE)]
    samples, harms = spoil(clean, SAMPLE_RATE, rng)
    truth = {
        **piece.truth,
        "font": font.name,
        "harms": harms,
        "validation": for_validation(piece.truth["song"]),
    }
    truth["duration_s"] = round(samples.shape[1] / SAMPLE_RATE, 3)
    save_material(MATERIAL / f"{job.name}.npz", condense([Audio(samples, SAMPLE_RATE)]))
    if job.keep:
        with made_whole(FOLDER / "audio" / f"{job.name}.flac") as part:
            soundfile.write(part, samples.T, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    with made_whole(path) as part:
        part.write_text(json.dumps(truth), encoding="utf-8")
    return path


def for_validation(group: str) -> bool:
    """Whether a composed piece or a song is in the fifth that validates."""
    return hashlib.sha256(f"validation {group}".encode()).digest()[0] % 5 == 0


def rendered(piece: Piece, font: Path, sample_rate: int) -> np.ndarray:
    """Return a piece as ``(2, time)`` float32 samples played by FluidSynth, no effects."""
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "score.mid"
        score(events_of(piece)).save(midi)
        return synthesiser(font, sample_rate).play(midi)


def save_material(path: Path, material: Material) -> None:
    """Write a condensed recording."""
    numbers = {f"cells_{f.name}": getattr(material.cells, f.name) for f in dataclasses.fields(Cells)}
    peaks = {f"peaks_{f.name}": getattr(material.peaks, f.name) for f in dataclasses.fields(Peaks)}
    with made_whole(path) as part, part.open("wb") as file:
        np.savez(file, mel=material.mel, channels=material.channels, **numbers, **peaks)


def load_material(path: Path) -> Material:
    """Read what `save_material` wrote."""
    with np.load(path) as kept:
        cells = Cells(**{f.name: _plain(kept[f"cells_{f.name}"]) for f in dataclasses.fields(Cells)})
        peaks = Peaks(**{f.name: _plain(kept[f"peaks_{f.name}"]) for f in dataclasses.fields(Peaks)})
        return Material(
            sample_rate=cells.sample_rate,
            channels=int(kept["channels"]),
            duration_s=cells.n_samples / cells.sample_rate,
            cells=cells,
            mel=kept["mel"],
            peaks=peaks,
        )


def _plain(value: np.ndarray) -> Any:
    return value.item() if value.ndim == 0 else value


def examples(
    *, kind: str | None = None, validation: bool | None = None
) -> Iterator[tuple[dict[str, Any], Material]]:
    """Yield the truth and the condensed recording of everything made so far.

    ``kind`` is "composed" or "POP909"; ``validation`` True for the fifth that validates, False for the
    rest; None for all. ``truth["song"]`` groups what must not be split.
    """
    for path in sorted(MATERIAL.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if kind in (None, truth["kind"]) and validation in (None, truth["validation"]):
            yield truth, load_material(path.with_suffix(".npz"))


def main() -> None:
    """Make what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pieces", type=int, default=700, help="composed pieces (700)")
    parser.add_argument("--songs", type=int, default=150, help="POP909 songs, each in two takes (150)")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    wanted = jobs(arguments.pieces, arguments.songs)
    os.nice(10)
    began = time.monotonic()
    with ProcessPoolExecutor(arguments.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number, _ in enumerate(pool.map(make, wanted), start=1):
            if number % 10 == 0 or number == len(wanted):
                print(f"  {number} of {len(wanted)}, {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
