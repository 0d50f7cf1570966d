"""A command run as a user runs it: how long it took, and how much memory its largest process ever held.

Memory is looked at a few times a second, so nothing is known of commands shorter than that.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

SAMPLE_EVERY_S = 0.2

Figures = dict[str, float]


@dataclasses.dataclass(frozen=True)
class Run:
    """What one run of a command cost, and what it printed."""

    seconds: float
    peak_mib: float
    stdout: str

    @property
    def figures(self) -> Figures:
        """Return the cost alone."""
        return {"seconds": self.seconds, "peak_mib": self.peak_mib}


def sori(*arguments: str) -> list[str]:
    """Return the command line of Sori as a user types it, from the environment this runs in."""
    return [str(Path(sys.executable).with_name("sori")), *arguments]


def run(command: Sequence[str]) -> Run:
    """Run a command to its end, watching the memory of its processes.

    Raises SystemExit with the end of what it said when it fails.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watch = Watch(process.pid)
        stdout, stderr = process.communicate()
        seconds = time.perf_counter() - start
        peak_mib = watch.stop()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed ({process.returncode}):\n{(stdout + stderr)[-2000:]}")
    return Run(seconds, peak_mib, stdout)


class Watch(threading.Thread):
    """Look at a process and all it has started a few times a second and keep the largest peak."""

    def __init__(self, pid: int) -> None:
        """Start to watch."""
        super().__init__(daemon=True)
        self.pid = pid
        self.peak_mib = 0.0
        self.done = threading.Event()
        self.start()

    def run(self) -> None:
        """Look until told to stop, or until the process is gone."""
        while not self.done.wait(SAMPLE_EVERY_S):
            try:
                root = psutil.Process(self.pid)
                family = [root, *root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self.peak_mib = max([self.peak_mib, *map(peak_memory_mib, family)])

    def stop(self) -> float:
        """Stop watching and return the largest peak seen, in MiB."""
        self.done.set()
        self.join()
        return self.peak_mib


def peak_memory_mib(process: psutil.Process) -> float:
    """Return the most memory a process ever held (not on Linux: holds now); 0 once it is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
        peak_kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak_kib) / 1024
    except (OSError, StopIteration):
        pass
    try:
        return float(process.memory_info().rss) / 2**20
    except psutil.NoSuchProcess:
        return 0.0
