"""Composed pieces of every kind that `bench.training.compose` knows, held out by name and by sound font.

Their names begin with "h", which no training uses; a piece is made of its name. They say how a listener
does on many genres and metres, not how well it would do on music by somebody else: the composer is the one
that its training heard.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.render import SAMPLE_RATE, Manner, in_a_room, sound_fonts, write
from bench.collection import CACHE
from bench.fluidsynth import play
from bench.training.compose import compose, order
from bench.training.genres import GENRES
from bench.training.midi import events_of

FOLDER = CACHE / "accuracy" / "composed"
SEED = 31
_VERSION = 1  # of the pieces: a change of the composer makes the old ones stale


def make(name: str, genre_name: str) -> tuple[Path, dict[str, Any]]:
    """Render one piece unless it is there; return it and what is true of it."""
    audio = FOLDER / f"{name}-{_VERSION}.flac"
    genre = next(genre for genre in GENRES if genre.name == genre_name)
    piece = compose(name, genre)
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[8:16], "big"))
    fonts = sound_fonts(held_out=True)
    manner = Manner(
        font=fonts[int(rng.integers(len(fonts)))],
        programs=(),
        drums=None,
        cents=piece.cents,
        semitones=0,
        speed=1.0,
        room_s=float(rng.uniform(0.2, 1.8)),
        wet=float(rng.uniform(0.0, 0.35)),
        noise_db=float(rng.uniform(-75, -45)),
    )
    truth = {**piece.truth, "key": _key(piece.truth), "tuning_hz": 440 * 2 ** (piece.cents / 1200)}
    truth["sound_font"] = manner.font.name
    if not audio.exists() or not audio.with_suffix(".json").exists():
        samples = play(events_of(piece), manner.font, sample_rate=SAMPLE_RATE)
        write(audio, in_a_room(samples, manner, rng), truth)
    return audio, truth


def _key(truth: dict[str, Any]) -> dict[str, str] | None:
    """Return the key of a piece that stays in one."""
    keys = {(tonic, mode) for _, _, tonic, mode in truth["keys"]}
    covered = sum(end - start for start, end, *_ in truth["keys"])
    if len(keys) != 1 or truth["genre"] in WITHOUT_KEY or covered < 0.8 * truth["beats_s"][-1]:
        return None
    tonic, mode = keys.pop()
    return {"tonic": tonic, "mode": mode}


WITHOUT_KEY = {genre.name for genre in GENRES if genre.style in ("drone", "modal", "power", "blues")}


def make_all(n_pieces: int, workers: int) -> list[tuple[Path, dict[str, Any]]]:
    """Render what is missing, showing progress, and return every file with its truth."""
    genres = [genre.name for genre in order(n_pieces, SEED)]
    names = [f"h{k:03d}-{genre.replace(' ', '-')}" for k, genre in enumerate(genres)]
    made = []
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number, result in enumerate(pool.map(make, names, genres), start=1):
            made.append(result)
            if number % 20 == 0 or number == len(names):
                print(f"  rendered {number} of {len(names)} composed pieces", flush=True)
    return made
