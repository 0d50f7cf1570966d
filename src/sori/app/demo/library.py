"""The demo's songs on disk: rendered in parallel, tagged, in five formats, with their truth beside them."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from sori.app.demo.encode import encode
from sori.app.demo.render import render
from sori.app.demo.songs import Song, songs
from sori.errors import ParameterError

__all__ = ["TRUTH_FILE", "write_library"]

TRUTH_FILE = "truth.json"
_VERSION = 4  # of the music: a change of any note or sound makes old files stale


def write_library(
    folder: str | os.PathLike[str],
    *,
    seed: int,
    count: int | None = None,
    workers: int | None = None,
    on_written: Callable[[Path, int, int], None] | None = None,
) -> list[Path]:
    """Write the demo's songs into ``folder``, with `TRUTH_FILE` beside them.

    Songs already there are kept, so an interrupted run continues. Songs that `TRUTH_FILE` lists from
    another seed or an older version of the synthesiser are removed and made anew; other files are
    left alone. A file appears only when it is whole.

    Parameters
    ----------
    folder : path
        Made when missing. Songs go into one folder per artist.
    seed : int
        Which library: see `songs`.
    count : int, optional
        Write only the first few songs, at least 1; the first ten are in ten styles.
    workers : int, optional
        Processes to use; by default one per processor, at most one per song to write.
    on_written : callable, optional
        Called after each song with its path, how many are done and how many there are in all.

    Returns
    -------
    list of Path
        Every song of the library, in order, whether written now or before.

    Raises
    ------
    ParameterError
        If ``count`` or ``workers`` is less than 1.
    OSError
        If the folder cannot be written.
    """
    for name, value in (("count", count), ("workers", workers)):
        if value is not None and value < 1:
            raise ParameterError(f"{name} is {value}; wanted 1 or more, or None for the default.")
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    wanted = songs(seed)[:count]
    known = _known_truth(root, seed)
    missing = [s for s in wanted if s.file_name not in known or not (root / s.file_name).is_file()]
    done = len(wanted) - len(missing)

    def note(song: Song, truth: dict[str, Any]) -> None:
        nonlocal done
        known[song.file_name] = truth
        _write_truth(root, seed, known)
        done += 1
        if on_written is not None:
            on_written(root / song.file_name, done, len(wanted))

    processes = min(workers or os.cpu_count() or 1, len(missing))
    if processes <= 1:
        for song in missing:
            note(song, _write_song(root, song))
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            running = {pool.submit(_write_song, root, song): song for song in missing}
            for future in as_completed(running):
                note(running[future], future.result())
    return [root / song.file_name for song in wanted]


def _write_song(root: Path, song: Song) -> dict[str, Any]:
    samples, sample_rate, truth = render(song)
    path = root / song.file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays last, since it decides the format.
    unfinished = path.with_name(f".unfinished-{os.getpid()}-{path.name}")
    try:
        encode(unfinished, samples, sample_rate=sample_rate, tags=_tags(song))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return truth.as_dict()


def _tags(song: Song) -> dict[str, str]:
    return {
        "title": song.title,
        "artist": song.artist,
        "album": song.album,
        "genre": song.genre,
        "date": str(song.year),
        "track": str(song.number),
        "comment": "Synthetic music, made by Sori's own synthesiser.",
    }


def _known_truth(root: Path, seed: int) -> dict[str, Any]:
    """Return the truth of the songs in ``root``, after removing songs of another seed or version."""
    try:
        stored = json.loads((root / TRUTH_FILE).read_text(encoding="utf-8"))
        known, current = dict(stored["songs"]), (stored["seed"], stored["version"]) == (seed, _VERSION)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}
    if current:
        return known
    for name in known:
        if (root / name).resolve().is_relative_to(root.resolve()):
            (root / name).unlink(missing_ok=True)
    return {}


def _write_truth(root: Path, seed: int, known: dict[str, Any]) -> None:
    text = json.dumps(
        {"version": _VERSION, "seed": seed, "songs": dict(sorted(known.items()))}, ensure_ascii=False
    )
    unfinished = root / f".{TRUTH_FILE}.unfinished"
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(root / TRUTH_FILE)
