"""A made-up collection: tracks with tags and facet vectors that hang together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.library.similarity import Neighbours
from sori.library.track import Track

DIMS = {"timbre": 35, "rhythm": 43, "harmony": 60, "melody": 40, "dynamics": 12}


def track(track_id: str, **fields: object) -> Track:
    known: dict[str, object] = {
        "id": track_id,
        "identity": track_id * 3,
        "path": f"/music/{track_id}.flac",
        "paths": (f"/music/{track_id}.flac",),
        "missing": False,
        "title": f"Title {track_id}",
        "artist": None,
        "album": None,
        "genre": None,
        "year": None,
        "duration_s": 200.0,
        "sample_rate": 44100,
        "channels": 2,
    }
    return Track(**(known | fields))  # type: ignore[arg-type]


def vectors(n: int, *, seed: int = 0, hidden: int = 6) -> dict[str, NDArray[np.float32]]:
    """Facets that follow a few hidden causes, in different units, with noise."""
    rng = np.random.default_rng(seed)
    causes = rng.standard_normal((n, hidden))
    facets = {}
    for name, dim in DIMS.items():
        mixed = np.tanh(0.6 * causes @ rng.standard_normal((hidden, dim))) + 0.3 * rng.standard_normal(
            (n, dim)
        )
        facets[name] = (mixed * rng.uniform(0.01, 50, dim) + rng.uniform(-100, 100, dim)).astype(np.float32)
    return facets


def collection(n: int, *, seed: int = 0) -> tuple[dict[str, Track], Neighbours]:
    rng = np.random.default_rng(seed + 1)
    ids = [f"{i:06x}" for i in range(n)]
    tracks = {
        i: track(
            i,
            artist=f"Artist {rng.integers(n // 6 + 1)}",
            album=f"Album {rng.integers(3)}",
            genre=str(rng.choice(["Jazz", "Rock; Pop", "Folk"])),
            year=int(rng.integers(1960, 2020)),
            duration_s=float(rng.uniform(120, 360)),
            tempo_bpm=float(rng.uniform(60, 180)) if rng.random() > 0.1 else None,
            tempo_confidence=float(rng.random()),
            key_tonic=str(rng.choice(["C", "G", "D", "A", "E", "Bb"])),
            key_mode=str(rng.choice(["major", "minor"])),
            key_confidence=float(rng.random()),
            tuning_hz=float(rng.choice([432.0, 440.0])),
            loudness_lufs=float(rng.uniform(-30, -6)),
            results={"loudness": {"range_lu": float(rng.uniform(1, 20))}},
        )
        for i in ids
    }
    return tracks, Neighbours.build(ids, vectors(n, seed=seed), seed=seed)
