"""A page of measurements: what was measured so far, and what is written when all of it is there."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.collection import CACHE, ROOT
from bench.process import Figures


class Ledger:
    """What a run has measured so far, kept in a file, so that a run that was stopped goes on where it was.

    Figures of other code are not mixed in: all is forgotten when anything in ``src`` or ``bench`` changed.
    """

    def __init__(self, name: str) -> None:
        """Open the ledger of a page."""
        self.path = CACHE / "ledger" / f"{name}.json"
        self.code = code_hash()
        self.entries: dict[str, Figures] = {}
        if self.path.exists():
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if kept["code"] == self.code:
                self.entries = kept["entries"]

    def measure(self, name: str, take: Callable[[], Figures]) -> Figures:
        """Return the figures under a name, measuring them now if no earlier start of this run has."""
        if name not in self.entries:
            self.entries[name] = figures = take()
            print(
                f"  {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in figures.items()), flush=True
            )
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps({"code": self.code, "entries": self.entries}), encoding="utf-8")
        return self.entries[name]

    def close(self) -> None:
        """Forget everything: the page is written, and the next run measures anew."""
        self.path.unlink(missing_ok=True)


def code_hash() -> str:
    """Return a hash of all Python in ``src`` and ``bench``."""
    digest = hashlib.sha256()
    for folder in ("src", "bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not any(part.startswith(".") for part in path.relative_to(ROOT).parts):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def median_ratio(values: Sequence[float], references: Sequence[float]) -> float:
    """Return the median of the ratios of figures taken beside each other, round by round."""
    return statistics.median(value / reference for value, reference in zip(values, references, strict=False))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|--:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def write_page(name: str, *parts: str) -> None:
    """Write a page of tables, with what made it and on what machine."""
    made_by = (
        f"Written by `make bench` (`python -m bench {name}`) on {machine()}."
        " Ratios travel to other machines; seconds do not."
    )
    path = ROOT / "bench" / f"{name}.md"
    path.write_text("\n\n".join([*parts, made_by]) + "\n", encoding="utf-8")
    print(f"  wrote {path.relative_to(ROOT)}", flush=True)


def machine() -> str:
    """Return one line about this machine."""
    model = "an unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next((line.partition(":")[2].strip() for line in info.open() if "model name" in line), model)
    return f"{os.cpu_count()} cores of {model} with Python {'.'.join(map(str, sys.version_info[:3]))}"
