"""Sori at work on a few songs of its own, or on somebody's music: heard, then asked what sounds alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sori.app.actions.indexing import index
from sori.app.actions.listing import export
from sori.app.actions.recommending import similar
from sori.app.demo import write_library
from sori.errors import ParameterError
from sori.library.ear import Ear
from sori.library.scan import Counts

__all__ = ["demo"]

_EXAMPLES, _RESULTS = 3, 3


def demo(
    music: str | None = None,
    *,
    folder: str = "demo",
    songs: int = 20,
    on_written: Callable[[Path, int, int], None] | None = None,
    report: Callable[[Counts], None] = lambda counts: None,
    ear: Ear | None = None,
) -> dict[str, Any]:
    """Hear a small collection and find what sounds alike in it.

    Parameters
    ----------
    music
        A folder of music to hear instead of our own songs, or a file to find our likest songs to.
    folder
        Where our songs (``songs`` of them) and the library are written.

    Returns
    -------
    dict
        ``library``, the file; ``counts`` of the run; ``examples``, some answers of `similar`.

    Raises
    ------
    ParameterError
        There is no such music.
    """
    if music is not None and not os.path.exists(music):
        raise ParameterError(f"{music} is neither a folder nor a file; name your music, or nothing for ours")
    own = music is not None and os.path.isdir(music)
    heard, library = str(music), os.path.join(folder, "your music.db")
    if own:
        os.makedirs(folder, exist_ok=True)
    else:
        write_library(folder, seed=0, count=songs, on_written=on_written)
        heard, library = folder, os.path.join(folder, "library.db")
    counts = index([heard], library=library, report=report, ear=ear)
    if counts.stopped:
        return {"library": library, "counts": counts, "examples": []}
    seeds = _some(export(library=library), heard) if own or music is None else [music]
    filters = {"folder": heard}  # the library may know other music from before
    examples = [similar([seed], library=library, count=_RESULTS, filters=filters, ear=ear) for seed in seeds]
    return {"library": library, "counts": counts, "examples": examples}


def _some(tracks: Sequence[dict[str, Any]], folder: str) -> list[str]:
    """Return ids of a few tracks from all over a folder."""
    root = os.path.join(os.path.abspath(folder), "")
    here = {
        track["id"]: path
        for track in tracks
        for path in track["paths"]
        if path.startswith(root) and path not in track["missing_paths"]
    }
    present = sorted((path, track_id) for track_id, path in here.items())
    step = max(1, len(present) // _EXAMPLES)
    return [track_id for _, track_id in present[::step][:_EXAMPLES]]
