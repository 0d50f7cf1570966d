"""How fast ``sori index`` is beside the floor and beside other programs.

All programs get the same files and the same number of workers, in turns (A B C, A B C), so that whatever
else the machine does falls on all of them. Ratios are taken within a round; the table has their medians.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import soundfile

from bench.collection import CACHE, ROOT, collection, copies
from bench.process import Figures, run, sori
from bench.report import Ledger, median_ratio, table

ROUNDS = 3
PEER_ROUNDS = 2
WORKERS = (1, 2)
COPIES = 3
PEERS = {"essentia": "Essentia 2.1b6 `MusicExtractor`", "librosa": "librosa 0.11, 7 features"}
# The peers hear a part of the collection, chosen to be like the whole: short, middling and long tracks.
PEER_FILES = ("winning.mp3", "title.mp3", "waterworks.mp3", "citychill.mp3", "options.mp3")


def floor(folder: Path, workers: int) -> Figures:
    """Time the floor over a folder, as a whole process."""
    return run([sys.executable, "-m", "bench.floor", str(folder), "--workers", str(workers)]).figures


def index(path: Path, workers: int) -> Figures:
    """Time ``sori index`` into a library that is not there yet, as a whole process."""
    with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
        library = str(Path(fresh) / "library.db")
        return run(sori("index", str(path), "--library", library, "--jobs", str(workers))).figures


def peer(program: str, workers: int) -> Figures:
    """Time another program over a part of the collection, without its start-up."""
    files = [str(collection() / name) for name in PEER_FILES]
    script = str(ROOT / "bench" / "peers.py")
    return json.loads(run([peers_python(), script, program, "--workers", str(workers), *files]).stdout)


def peers_python() -> str:
    """Return the Python of the peers' own environment, making it the first time."""
    home = CACHE.parent / ".venvs" / "peers"
    python = home / "bin" / "python"
    if not (home / ".ready").exists():
        print("  installing the other programs into bench/.venvs/peers, once", flush=True)
        venv.create(home, with_pip=True, clear=True)
        requirements = str(ROOT / "bench" / "requirements-peers.txt")
        subprocess.run([python, "-m", "pip", "-qq", "install", "-r", requirements], check=True)
        (home / ".ready").touch()
    return str(python)


def measure_indexing(ledger: Ledger) -> str:
    """Measure the floor, Sori and the peers, and return what the page says about it."""
    small, large = collection(), copies(COPIES)
    taken: dict[tuple[str, int], list[tuple[Figures, Figures]]] = {}
    for turn in range(ROUNDS):
        for workers in WORKERS:
            where = f"round {turn + 1}, {workers} worker{'s' * (workers > 1)}"
            for name, measure in (("floor", floor), ("sori", index)):
                pair = tuple(
                    ledger.measure(f"{where}, {name}, {size}", lambda m=measure, f=folder, w=workers: m(f, w))
                    for size, folder in (("once", small), (f"{COPIES} copies", large))
                )
                taken.setdefault((name, workers), []).append(pair)
            for name in PEERS if turn < PEER_ROUNDS else ():
                figures = ledger.measure(f"{where}, {name}", lambda n=name, w=workers: peer(n, w))
                taken.setdefault((name, workers), []).append((figures, figures))
    return indexing_table(taken)


def indexing_table(taken: dict[tuple[str, int], list[tuple[Figures, Figures]]]) -> str:
    """Return the table: `taken` has, by program and workers, the (small, large) figures of each round."""
    tracks = sorted(collection().glob("*.mp3"))
    audio_s = sum(soundfile.info(path).duration for path in tracks)
    peer_s = sum(soundfile.info(collection() / name).duration for name in PEER_FILES)
    extra_s = sum(soundfile.info(path).duration for path in copies(COPIES).iterdir()) - audio_s

    def cost(name: str, workers: int) -> list[float]:
        """Return seconds of work per second of audio, start-up excluded, for each round."""
        rounds = taken[name, workers]
        if name in PEERS:
            return [figures["seconds"] / peer_s for figures, _ in rounds]
        return [(large["seconds"] - once["seconds"]) / extra_s for once, large in rounds]

    rows = []
    for workers in WORKERS:
        for name, title in {"floor": "the floor", "sori": "**`sori index`**", **PEERS}.items():
            each, rounds = cost(name, workers), taken[name, workers]
            whole = statistics.median(once["seconds"] for once, _ in rounds)
            rows.append(
                [
                    title,
                    str(workers),
                    "" if name in PEERS else f"{whole / len(tracks):.3f}",
                    f"{statistics.median(each) * audio_s / len(tracks):.3f}",
                    f"{1 / statistics.median(each):,.0f}",
                    f"{median_ratio(each, cost('floor', workers)):.2f}",
                    f"{median_ratio(each, cost('sori', workers)):.2f}",
                    f"{max(figures['peak_mib'] for pair in rounds for figures in pair):.0f}",
                ]
            )
    mean_s = audio_s / len(tracks)
    before = (
        f"{len(tracks)} pieces of music, {audio_s / 60:.0f} minutes, {mean_s:.0f} s in the mean, as MP3 files"
        " of 192 kbit/s in stereo. *The floor* only decodes, mixes to mono and resamples to 22.05 kHz, in the"
        f" same worker processes. Medians of {ROUNDS} rounds in turns; for the other programs {PEER_ROUNDS}"
        f" rounds on {len(PEER_FILES)} of the tracks, {peer_s / 60:.0f} minutes, scaled by length."
    )
    after = (
        "The ratios are of the times without start-up: what a further track costs, from"
        f" {COPIES} copies of the collection against one. The other programs are timed from the inside after"
        " a first file, so that their imports and compilation do not count against them."
    )
    header = ["program", "workers", "s per track, whole process", "s per track, without start-up"]
    header += ["× real time", "× the floor", "× Sori", "largest process, MiB"]
    return "\n\n".join([before, table(header, rows), after])
