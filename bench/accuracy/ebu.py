"""``python -m bench.accuracy.ebu``: what our loudness meter reads for the EBU's test signals.

The signals are those of ``tests/signal/test_ebu.py``, which fails where a reading is out of tolerance. The
table goes to ``docs/accuracy.md``.
"""

from __future__ import annotations

import importlib.util
import types

import numpy as np

from bench.accuracy.page import write_between
from bench.collection import ROOT
from sori.signal.loudness import loudness


def signals() -> types.ModuleType:
    """Return the tests' module, which makes the signals."""
    path = ROOT / "tests" / "signal" / "test_ebu.py"
    spec = importlib.util.spec_from_file_location("test_ebu", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no signals at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(made: types.ModuleType) -> list[tuple[str, str, float, float, str]]:
    """Return case, what is read, expected and read values, and tolerance."""
    found: list[tuple[str, str, float, float, str]] = []

    def read(signal: np.ndarray, name: str) -> float:
        return float(getattr(loudness(signal, sample_rate=made.RATE), name))

    for case, (signal, expected) in made.INTEGRATED.items():
        value = read(signal, "integrated_lufs")
        found.append((case, "integrated, LUFS", expected, value, "±0.1"))
    worst = max((made.curve(made.stereo(*[(1.34, -20), (1.66, -30)] * 5), 3.0) + 23).tolist(), key=abs)
    found.append(("3341-9", "short-term, LUFS, worst", -23.0, -23 + worst, "±0.1"))
    worst = max((made.curve(made.stereo(*[(0.18, -20), (0.22, -30)] * 25), 0.4)[100:] + 23).tolist(), key=abs)
    found.append(("3341-12", "momentary, LUFS, worst", -23.0, -23 + worst, "±0.1"))
    for case, length, unit, name in (
        ("3341-10", 3.0, 0.15, "max_short_term_lufs"),
        ("3341-13", 0.4, 0.02, "max_momentary_lufs"),
    ):
        values = [
            read(made.stereo((i * unit, made.SILENT), (length, -23), (1, made.SILENT)), name)
            for i in range(20)
        ]
        what = "highest short-term" if "short" in name else "highest momentary"
        found.append(
            (case, f"{what}, LUFS, worst of 20", -23.0, max(values, key=lambda v: abs(v + 23)), "±0.1")
        )
    for case, (divisor, amplitude, phase, expected) in made.TRUE_PEAK.items():
        t = np.arange(made.RATE)
        signal = made.faded(amplitude * np.sin(2 * np.pi * t / divisor + np.deg2rad(phase)))
        value = read(np.tile(signal, (2, 1)), "true_peak_dbtp")
        found.append((case, "true peak, dBTP", expected, value, "+0.2, -0.4"))
    for case, (parts, expected) in made.RANGE.items():
        found.append((case, "range, LU", expected, read(made.stereo(*parts), "range_lu"), "±1"))
    return found


def main() -> None:
    """Measure, and write the table."""
    lines = ["| EBU Tech case | reads | expected | Sori | tolerance |", "|---|---|--:|--:|--:|"]
    for case, what, expected, value, tolerance in rows(signals()):
        lines.append(f"| {case} | {what} | {expected:g} | {value:.2f} | {tolerance} |")
    write_between("loudness", "\n".join(lines))


if __name__ == "__main__":
    main()
