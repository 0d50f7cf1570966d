"""Recordings with their pitch beside them, as data sets of pitch have it.

``NAME.csv``, ``NAME.f0.csv``, ``NAME.f0`` or ``NAME.txt``: lines of time in seconds and frequency in Hz, 0 or
less where nothing is voiced, as in MDB-stem-synth. ``NAME.pv``, as in MIR-1K: a MIDI number every 20 ms, from
20 ms on; a stereo file beside it has the voice on its right side.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, ParameterError
from sori.library.walk import walk
from sori.units import midi_to_hz

__all__ = ["read_pitch", "recordings_with_pitch"]

_ENDINGS = (".csv", ".f0.csv", ".f0", ".txt", ".pv")
_PV_S = 0.02
_BETWEEN = re.compile(r"[,;\s]+")


def recordings_with_pitch(folder: str) -> list[tuple[Path, Path]]:
    """Return the audio files below a folder that have a file of pitch beside them, and that file.

    Raises
    ------
    ParameterError
        There are none.
    """
    found = []
    for name in sorted(walk([folder]).files):
        path = Path(name)
        beside = [path.with_suffix(ending) for ending in _ENDINGS]
        truth = next((each for each in beside if each.is_file()), None)
        if truth is not None:
            found.append((path, truth))
    if not found:
        raise ParameterError(
            f"no audio file in {folder} has its pitch beside it; want NAME.csv (time, Hz) or NAME.pv for "
            "NAME.wav"
        )
    return found


def read_pitch(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times in seconds and frequencies in Hz, 0 where nothing is voiced.

    Raises
    ------
    DataError
        The file holds something else; a first line of names is skipped.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        words = [word for word in _BETWEEN.split(line.strip()) if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            rows.append([float(word) for word in words[:2]])
        except ValueError:
            if number > 1:
                raise DataError(f"{path}, line {number} is {line!r}; want numbers") from None
    wanted = 1 if path.suffix == ".pv" else 2
    if not rows or any(len(row) < wanted for row in rows):
        raise DataError(f"{path}: want {wanted} numbers a line: " + ("MIDI" if wanted == 1 else "time, Hz"))
    table = np.array([row[:wanted] for row in rows])
    if not np.isfinite(table).all():
        raise DataError(f"{path} holds NaN or infinity; want numbers")
    if wanted == 1:
        midi = table[:, 0]
        hz = np.where(midi > 0, midi_to_hz(midi), 0.0)
        return _PV_S * (1 + np.arange(len(midi), dtype=np.float64)), np.asarray(hz, np.float64)
    times, hz = table.T
    if (np.diff(times) <= 0).any():
        raise DataError(f"{path}: its times do not increase")
    return times, np.asarray(np.maximum(hz, 0.0), np.float64)
