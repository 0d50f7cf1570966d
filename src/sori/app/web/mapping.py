"""The map of the library as columns: laid out in a worker, kept, and shown while the next one is made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from sori.app.actions.asking import Asked, asked
from sori.app.actions.recommending import map_places
from sori.app.web.service import Service
from sori.system.parsing import PARSING
from sori.system.replacing import replacing

__all__ = [
    "lay_out",
    "map_columns",
]

_VERSION = 1


def map_columns(service: Service) -> dict[str, Any]:
    """Return the newest map there is; a newer one is begun where the library has changed since."""
    library = service.shelf.asked
    place = service.keep.place("map", _VERSION, service.settings.library, library.label)
    current = service.keep.has(place)
    if current:
        service.newest_map = place
    elif library.neighbours.ids and not service.laying_out:
        service.laying_out = True
        job = service.jobs.give(("map", place), lay_out, service.settings.library, str(place))
        job.add_done_callback(lambda done: _laid(service, place, done.cancelled() or done.exception()))
    shown = service.newest_map
    if shown is None or not service.keep.has(shown):
        empty = not library.neighbours.ids
        return _columns(library, [], np.zeros((0, 2), np.float32), ready=empty, current=empty)
    with PARSING, np.load(shown, allow_pickle=False) as kept:
        ids, places = kept["ids"].tolist(), kept["places"]
    here = [number for number, each in enumerate(ids) if each in library.tracks]
    ids = [ids[number] for number in here]
    return _columns(library, ids, places[here], ready=True, current=current)


def lay_out(library: str, target: str) -> None:
    """Lay the library out and keep the places; run in a worker."""
    with asked(library) as open_library:
        ids, places = map_places(open_library)
    with replacing(Path(target)) as file:
        np.savez(file, ids=np.array(ids, dtype=np.str_), places=places)


def _laid(service: Service, place: Path, failed: Any) -> None:
    service.laying_out = False
    if not failed:
        service.keep.added(place)
        service.newest_map = place
        service.hub.tell("map", {"ready": True})


def _columns(library: Asked, ids: list[str], places: Any, *, ready: bool, current: bool) -> dict[str, Any]:
    table = library.tracks
    rows = table.rows_of(ids).tolist()
    column = {name: [table.columns[name][row] for row in rows] for name in _SHOWN}
    genres: dict[str, int] = {}
    folders: dict[str, int] = {}
    return {
        "ready": ready,
        "current": current,
        "id": ids,
        "x": [round(x, 5) for x in places[:, 0].tolist()],
        "y": [round(y, 5) for y in places[:, 1].tolist()],
        "title": [
            title or os.path.basename(path)
            for title, path in zip(column["title"], column["path"], strict=True)
        ],
        "artist": column["artist"],
        "duration_s": column["duration_s"],
        "tempo_bpm": column["tempo_bpm"],
        "key": [
            None if tonic is None else f"{tonic} {mode}"
            for tonic, mode in zip(column["key_tonic"], column["key_mode"], strict=True)
        ],
        "genre": [
            None if genre is None else genres.setdefault(genre, len(genres)) for genre in column["genre"]
        ],
        "genres": list(genres),
        "folder": [folders.setdefault(os.path.dirname(path), len(folders)) for path in column["path"]],
        "folders": list(folders),
    }


_SHOWN = ("title", "artist", "path", "duration_s", "tempo_bpm", "key_tonic", "key_mode", "genre")
