"""Two programs that take turns: ours and another library's, each call timed in its own warm process."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.collection import ROOT
from bench.environment import peers_python

HERE = Path(__file__).parent
ROUNDS = 11


class Stand:
    """A process that runs calls by name on one core."""

    def __init__(
        self, python: str, calls: str, signal: Path, sample_rate: int, path: Sequence[Path] = ()
    ) -> None:
        """Start it, with every library told to use one thread; ``path`` is where its calls import from."""
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.process = subprocess.Popen(
            [python, str(HERE / "stand.py"), str(HERE / calls), str(signal), str(sample_rate)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(map(str, path))},
        )
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {max(os.sched_getaffinity(0))})

    def ask(self, *request: str) -> float:
        """Send a request and return the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\t".join(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{request} ended the process")
        return json.loads(line) if request[0] == "time" else 0.0

    def result(self, name: str, folder: Path) -> np.ndarray:
        """Return what a call gives."""
        path = folder / "result.npy"
        self.ask("save", name, str(path))
        found: np.ndarray = np.load(path)
        return found

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def stands(signal: Path, sample_rate: int) -> Iterator[tuple[Stand, Stand]]:
    """Start both programs, ours first."""
    ours = Stand(sys.executable, "ours.py", signal, sample_rate, (ROOT, ROOT / "src"))
    theirs = Stand(peers_python(), "peers.py", signal, sample_rate)
    try:
        yield ours, theirs
    finally:
        ours.close()
        theirs.close()


@dataclasses.dataclass(frozen=True)
class Pair:
    """What a transform costs beside another's and beside its floor; ratios are medians over the rounds."""

    first_ms: float
    ms: float
    floor_ratio: float
    other_first_ms: float
    other_ratio: float
    error: float


def measure(ours: Stand, theirs: Stand, mine: str, other: str, *, folder: Path) -> dict[str, float]:
    """Time two calls and the floor of ours in turns, and compare what they give."""
    first, other_first = ours.ask("time", mine), theirs.ask("time", other)
    floor = f"floor:{mine.partition(':')[2]}"
    ours.ask("time", floor)
    taken: dict[str, list[float]] = {"mine": [], "other": [], "floor": []}
    for _ in range(ROUNDS):
        taken["mine"].append(ours.ask("time", mine))
        taken["other"].append(theirs.ask("time", other))
        taken["floor"].append(ours.ask("time", floor))
    ratios = {
        name: statistics.median(value / own for value, own in zip(taken[name], taken["mine"], strict=True))
        for name in ("other", "floor")
    }
    error = difference(ours.result(mine, folder), theirs.result(other, folder))
    pair = Pair(
        first_ms=1000 * first,
        ms=1000 * statistics.median(taken["mine"]),
        floor_ratio=1 / ratios["floor"],
        other_first_ms=1000 * other_first,
        other_ratio=ratios["other"],
        error=error,
    )
    return dataclasses.asdict(pair)


def difference(mine: np.ndarray, other: np.ndarray) -> float:
    """Return the largest difference of magnitudes relative to the largest value, over what both hold."""
    mine, other = np.squeeze(mine), np.squeeze(other)
    common = tuple(slice(0, min(sizes)) for sizes in zip(mine.shape, other.shape, strict=True))
    mine, other = mine[common].astype(np.complex128), other[common].astype(np.complex128)
    return float(np.abs(mine - other).max() / max(float(np.abs(other).max()), 1e-30))
