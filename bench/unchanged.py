"""A second ``sori index`` over ten thousand unchanged files, beside a walk that only looks at them."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import numpy as np
import soundfile

from bench.collection import CACHE
from bench.process import Figures, run, sori
from bench.report import Ledger, median_ratio, table

ROUNDS = 3
MANY = 10_000
# The least that a second look needs: find every file and ask the system for its size and date.
LOOK = "import os, sys; [os.stat(os.path.join(d, f)) for d, _, fs in os.walk(sys.argv[1]) for f in fs]"


def many_files() -> Path:
    """Return a folder of ten thousand small WAV files, each with noise of its own, in a hundred folders."""
    folder = CACHE / "many"
    for number in range(MANY):
        path = folder / f"{number // 100:02}" / f"{number % 100:02}.wav"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            noise = np.random.default_rng(number).uniform(-0.1, 0.1, 800)
            soundfile.write(path, noise.astype(np.float32), 8_000)
    return folder


def look(folder: Path) -> Figures:
    """Time the least that a second look needs."""
    return run([sys.executable, "-c", LOOK, str(folder)]).figures


def index_again(folder: Path) -> Figures:
    """Time ``sori index`` into a library that has heard these files before, but for the first time."""
    return run(sori("index", str(folder), "--library", str(CACHE / "many.db"))).figures


def measure_unchanged(ledger: Ledger) -> str:
    """Measure a second index over many files that have not changed, and return the table."""
    folder = many_files()
    # What the library lacks is heard now: all of it the first time, later what a new version hears otherwise.
    ledger.measure(f"{MANY} small files, what is new", lambda: index_again(folder))
    looks, seconds = [], []
    for turn in range(1, ROUNDS + 1):
        looks.append(ledger.measure(f"{MANY} small files, round {turn}, look", lambda: look(folder)))
        seconds.append(ledger.measure(f"{MANY} small files, round {turn}, sori", lambda: index_again(folder)))
    rows = []
    for title, runs in (("look at each (`stat`)", looks), ("**`sori index`**", seconds)):
        spent = [figures["seconds"] for figures in runs]
        rows.append(
            [
                title,
                f"{statistics.median(spent):.2f}",
                f"{MANY / statistics.median(spent):,.0f}",
                f"{median_ratio(spent, [figures['seconds'] for figures in looks]):.1f}",
                f"{max(figures['peak_mib'] for figures in runs):.0f}" if runs is seconds else "",
            ]
        )
    return table(
        [f"{MANY:,} unchanged files", "s", "files per second", "× the look", "largest process, MiB"], rows
    )
