"""How fast ``sori index`` is beside the floor and beside other programs.

All programs get the same files and the same number of workers, in turns (A B C, A B C), so that whatever
else the machine does falls on all of them. Ratios are taken within a round; the table has their medians.
"""

from __future__ import annotations

import functools
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import soundfile

from bench.collection import CACHE, ROOT, collection, copies
from bench.environment import peers_python
from bench.process import Figures, Run, run, sori
from bench.report import Ledger, median_ratio, table

ROUNDS = 3
WORKERS = (1, 2)
COPIES = 3
# The peers hear a part of the collection, chosen to be like the whole: short, middling and long tracks.
PART = ("winning.mp3", "title.mp3", "waterworks.mp3", "citychill.mp3", "options.mp3")
HEADER = (
    *("program", "workers", "s per track, whole process", "s per track, without start-up"),
    *("× real time", "× the floor", "× Sori", "largest process, MiB"),
)


def floor(folder: Path, workers: int, by: str = "sori") -> Run:
    """Run the floor over a folder, as a whole process."""
    return run([sys.executable, "-m", "bench.floor", str(folder), "--workers", str(workers), "--by", by])


def index(path: Path, workers: int) -> Run:
    """Run ``sori index`` into a library that is not there yet, as a whole process."""
    with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
        library = str(Path(fresh) / "library.db")
        return run(sori("index", str(path), "--library", library, "--jobs", str(workers)))


def ours(program: Callable[[Path, int], Run], workers: int) -> Figures:
    """Time a program over the collection and over copies of it: the difference has no start-up in it."""
    once, more = program(collection(), workers), program(copies(COPIES), workers)
    further_s = duration_s(copies(COPIES)) - duration_s(collection())
    return {
        "whole_s": once.seconds,
        "s_per_s": (more.seconds - once.seconds) / further_s,
        "peak_mib": max(once.peak_mib, more.peak_mib),
    }


def peer(program: str, workers: int) -> Figures:
    """Time another program over a part of the collection, from the inside, without its start-up."""
    files = [collection() / name for name in PART]
    script = str(ROOT / "bench" / "peers.py")
    said = run([peers_python(), script, program, "--workers", str(workers), *map(str, files)]).stdout
    figures = json.loads(said)
    return {"s_per_s": figures["seconds"] / duration_s(*files), "peak_mib": figures["peak_mib"]}


PROGRAMS: dict[str, Callable[[int], Figures]] = {
    "the floor": functools.partial(ours, floor),
    "the same by libsndfile, whole files": functools.partial(ours, functools.partial(floor, by="libsndfile")),
    "**`sori index`**": functools.partial(ours, index),
    "Essentia 2.1b6 `MusicExtractor`": functools.partial(peer, "essentia"),
    "librosa 0.11, the same features": functools.partial(peer, "librosa"),
}
FLOOR, SORI = "the floor", "**`sori index`**"


def duration_s(*paths: Path) -> float:
    """Return how long files, or all files of folders, are together."""
    files = [file for path in paths for file in (path.iterdir() if path.is_dir() else [path])]
    return sum(soundfile.info(file).duration for file in files)


def measure_indexing(ledger: Ledger) -> str:
    """Run every program in turns, and return what the page says about it."""
    taken: dict[tuple[str, int], list[Figures]] = {}
    for turn in range(1, ROUNDS + 1):
        for workers in WORKERS:
            for name, program in PROGRAMS.items():
                take = functools.partial(program, workers)
                figures = ledger.measure(f"round {turn}, {name}, {workers} at once", take)
                taken.setdefault((name, workers), []).append(figures)

    tracks = len(list(collection().iterdir()))
    mean_s = duration_s(collection()) / tracks
    rows = [table_row(name, workers, taken, tracks, mean_s) for workers in WORKERS for name in PROGRAMS]
    before = (
        f"{tracks} pieces of music, {tracks * mean_s / 60:.0f} minutes, {mean_s:.0f} s in the mean, as MP3"
        " files of 192 kbit/s in stereo. *The floor* only decodes, mixes to mono and resamples to 22.05 kHz,"
        " with Sori's own decoding, in the same worker processes. librosa is asked for what Sori hears"
        f" (`bench/peers.py`). Medians of {ROUNDS} rounds in turns. The other programs hear {len(PART)} of"
        " the tracks, scaled by length."
    )
    after = (
        "Without start-up means what a further track costs:"
        f" {COPIES} copies of the collection against one; the other programs are timed from the inside after"
        " a first file, so that their imports and compilation do not count. The ratios are of these times."
    )
    return "\n\n".join([before, table(HEADER, rows), after])


def table_row(
    name: str, workers: int, taken: dict[tuple[str, int], list[Figures]], tracks: int, mean_s: float
) -> list[str]:
    """Return the row of a program with a number of workers."""

    def each(figure: str, program: str = name) -> list[float]:
        return [figures[figure] for figures in taken[program, workers] if figure in figures]

    cost = statistics.median(each("s_per_s"))
    return [
        name,
        str(workers),
        f"{statistics.median(each('whole_s')) / tracks:.3f}" if each("whole_s") else "",
        f"{cost * mean_s:.3f}",
        f"{1 / cost:,.0f}",
        f"{median_ratio(each('s_per_s'), each('s_per_s', FLOOR)):.2f}",
        f"{median_ratio(each('s_per_s'), each('s_per_s', SORI)):.2f}",
        f"{max(each('peak_mib')):.0f}",
    ]
