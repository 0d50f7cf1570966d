"""How much memory a file needs, however long it is: ``sori index`` on one file at a time, with one worker."""

from __future__ import annotations

import functools
from pathlib import Path

import soundfile

from bench.collection import collection, long_file
from bench.index import index
from bench.process import Figures
from bench.report import Ledger, table

HOURS = 3


def index_alone(path: Path) -> Figures:
    """Run ``sori index`` on one file with one worker."""
    return index(path, 1).figures


def measure_memory(ledger: Ledger) -> str:
    """Measure short and very long files, and return what the page says about it."""
    files = [
        collection() / "winning.mp3",
        collection() / "theme.mp3",
        long_file("mp3", hours=HOURS),
        long_file("flac", hours=HOURS),
    ]
    rows = []
    for path in files:
        about = soundfile.info(path)
        figures = ledger.measure(path.name, functools.partial(index_alone, path))
        rows.append(
            [
                f"`{path.name}`",
                f"{about.duration / 60:.1f}",
                f"{about.frames * about.channels * 4 / 2**20:,.0f}",
                f"{figures['peak_mib']:.0f}",
                f"{figures['seconds']:.1f}",
                f"{about.duration / figures['seconds']:,.0f}",
            ]
        )
    return (
        "The largest process of `sori index` on one file, one worker, beside what its decoded samples alone"
        " would take.\n\n"
        + table(["file", "minutes", "decoded, MiB", "largest process, MiB", "s", "× real time"], rows)
    )
