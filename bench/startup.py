"""What it costs to start: ``import sori`` and ``sori --help``, beyond Python's own start."""

from __future__ import annotations

import statistics
import sys

from bench.process import run, sori
from bench.report import Ledger, median_ratio, table

ROUNDS = 20
PYTHON = "python -c pass"
COMMANDS = {
    PYTHON: [sys.executable, "-c", "pass"],
    "import numpy": [sys.executable, "-c", "import numpy"],
    "import sori": [sys.executable, "-c", "import sori"],
    "sori --help": sori("--help"),
}


def measure_startup(ledger: Ledger) -> str:
    """Start each program in turns, and return what the page says about it."""
    taken = ledger.measure("medians", take_turns)
    rows = [
        [
            f"`{name}`",
            f"{taken[name]:.0f}",
            f"{taken[f'{name}, beyond']:.0f}" if name != PYTHON else "",
            f"{taken[f'{name}, ratio']:.2f}",
        ]
        for name in COMMANDS
    ]
    return f"Medians of {ROUNDS} starts in turns.\n\n" + table(
        ["command", "ms", "ms beyond Python's start", "× Python's start"], rows
    )


def take_turns() -> dict[str, float]:
    """Start every command once, untimed, then in turns; return medians in ms, differences and ratios."""
    spent: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(ROUNDS + 1):
        for name, command in COMMANDS.items():
            seconds = run(command).seconds
            if turn:
                spent[name].append(1000 * seconds)
    figures = {}
    for name, times in spent.items():
        figures[name] = statistics.median(times)
        figures[f"{name}, beyond"] = statistics.median(
            mine - python for mine, python in zip(times, spent[PYTHON], strict=True)
        )
        figures[f"{name}, ratio"] = median_ratio(times, spent[PYTHON])
    return figures
