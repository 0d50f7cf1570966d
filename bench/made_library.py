"""A library of as many made-up tracks as one likes: real tables, real sizes, no music."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, create_engine, insert, update

from sori.features.facets import FACETS
from sori.library import schema
from sori.library.catalog import SqlCatalog
from sori.library.schema import folded

GENRES = ("Jazz", "Rock", "Pop", "Folk", "Classical", "Electronic", None)
KEYS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
FIRST = ("Silver", "Quiet", "Broken", "Morning", "River", "Seven", "Paper", "Golden", "Northern", "Little")
SECOND = ("Road", "Light", "Song", "Garden", "Winter", "Dance", "Machine", "Letter", "Harbour", "Sky")
PART = 5_000


def made_library(place: Path, count: int, *, folder: str = "/made/music", seed: int = 0) -> Path:
    """Write a library of ``count`` made-up tracks, unless it is there; return its path."""
    if place.exists():
        return place
    rng = np.random.default_rng(seed)
    with SqlCatalog(str(place)):
        pass
    engine = create_engine(f"sqlite:///{place}")
    for start in range(0, count, PART):
        _write(engine, range(start, min(count, start + PART)), rng, folder)
    with engine.begin() as connection:
        connection.execute(update(schema.library).values(revision=count))
        connection.execute(insert(schema.roots).values(path=folder))
    engine.dispose()
    return place


def _write(engine: Engine, numbers: range, rng: np.random.Generator, folder: str) -> None:
    tracks, files, stages, vectors = [], [], [], []
    for number in numbers:
        identity = hashlib.sha256(str(number).encode()).hexdigest()[:32]
        track_id = identity[:12]
        artist = f"{FIRST[number % 7]} {SECOND[number // 7 % 10]} {number // 120}"
        title = f"{FIRST[int(rng.integers(10))]} {SECOND[int(rng.integers(10))]} {number}"
        genre, album = GENRES[int(rng.integers(len(GENRES)))], f"Album {number // 12}"
        path = f"{folder}/{artist}/{album}/{number:06}.flac"
        fields = {
            "id": track_id,
            "identity": identity,
            "path": path,
            "missing": False,
            "title": title,
            "artist": artist,
            "album": album,
            "genre": genre,
            "year": int(rng.integers(1960, 2026)),
            "duration_s": round(float(rng.uniform(120, 420)), 3),
            "sample_rate": 44_100,
            "channels": 2,
            "tempo_bpm": round(float(rng.uniform(60, 180)), 2) if rng.random() > 0.05 else None,
            "tempo_confidence": float(rng.random()),
            "key_tonic": KEYS[int(rng.integers(12))],
            "key_mode": ("major", "minor")[int(rng.integers(2))],
            "key_confidence": float(rng.random()),
            "tuning_hz": round(float(rng.normal(440, 2)), 2),
            "loudness_lufs": round(float(rng.normal(-12, 4)), 2),
            "title_folded": folded(title),
            "search_folded": folded(f"{artist} - {title}\n{number:06}.flac"),
        }
        tracks.append(fields)
        files.append(
            {
                "path": path,
                "path_folded": folded(path),
                "size": 30_000_000,
                "mtime_ns": 1,
                "track_id": track_id,
                "missing": False,
                "tags": {"title": title, "artist": artist, "album": album, "genre": genre},
            }
        )
        loudness = {
            "integrated_lufs": fields["loudness_lufs"],
            "range_lu": round(float(rng.uniform(1, 15)), 2),
        }
        stages.append(
            {"track_id": track_id, "stage": "loudness", "version": 1, "result": json.dumps(loudness)}
        )
        for name, facet in FACETS.items():
            raw = rng.standard_normal(len(facet.entries)).astype("<f4") + rng.integers(20)
            data = raw.astype("<f4").tobytes()
            row = {"track_id": track_id, "facet": name, "version": facet.version, "data": data}
            vectors.append(row)
    with engine.begin() as connection:
        for table, rows in (
            (schema.tracks, tracks),
            (schema.files, files),
            (schema.stages, stages),
            (schema.vectors, vectors),
        ):
            connection.execute(insert(table), rows)
