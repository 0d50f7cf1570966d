"""The shape of a recording's waveform, condensed once, so that an hour is drawn as fast as a minute."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori import audio
from sori.display.waveform import extremes
from sori.errors import ParameterError
from sori.system.parsing import PARSING
from sori.system.replacing import replacing

__all__ = ["MOST_POINTS", "Peaks", "condense_peaks", "read_peaks"]

MOST_POINTS = 20_000

_CELLS_PER_S = 400
_FULL_SCALE = 127


@dataclasses.dataclass(frozen=True)
class Peaks:
    """Lowest and highest sample, over all channels, of even cells of a recording.

    ``cells`` is (2, n) int8, where 127 is full scale; ``cell_s`` is how long one is.
    """

    cells: NDArray[np.int8]
    cell_s: float
    duration_s: float

    def window(self, points: int, *, start_s: float = 0.0, end_s: float | None = None) -> dict[str, Any]:
        """Return ``points`` parts of a stretch of the recording, fewer where it has not so many cells.

        Raises
        ------
        ParameterError
            For a stretch outside the recording, or no points.
        """
        end_s = self.duration_s if end_s is None else min(end_s, self.duration_s)
        if not 1 <= points <= MOST_POINTS:
            raise ParameterError(f"points came as {points}; wanted 1 to {MOST_POINTS}")
        if not 0 <= start_s <= end_s:
            raise ParameterError(
                f"from {start_s:g} to {end_s:g} s came; the recording lasts {self.duration_s:g} s"
            )
        first = int(start_s / self.cell_s)
        last = max(first + 1, int(np.ceil(end_s / self.cell_s)))
        part = self.cells[:, first:last]
        columns = min(points, part.shape[1])
        low = extremes(part[0], columns)[0] if columns else part[0]
        high = extremes(part[1], columns)[1] if columns else part[1]
        return {
            "start_s": start_s,
            "end_s": end_s,
            "duration_s": self.duration_s,
            "points": columns,
            "low": low.tolist(),
            "high": high.tolist(),
        }


def condense_peaks(path: str, target: str) -> None:
    """Write the peaks of a recording to a file, in constant memory."""
    cells: list[NDArray[np.float32]] = []
    rest: NDArray[np.float32] | None = None
    rate, samples, size = 1, 0, 1
    for block in audio.blocks(path):
        rate = block.sample_rate
        size = max(1, round(rate / _CELLS_PER_S))
        outer = np.stack([block.samples.min(axis=0), block.samples.max(axis=0)])
        samples += outer.shape[1]
        joined = outer if rest is None else np.concatenate([rest, outer], axis=1)
        whole = joined.shape[1] // size * size
        cells.append(_cells(joined[:, :whole], size))
        rest = joined[:, whole:]
    if rest is not None and rest.shape[1]:
        cells.append(np.stack([rest[0].min(keepdims=True), rest[1].max(keepdims=True)]))
    found = np.concatenate(cells, axis=1) if cells else np.zeros((2, 0), np.float32)
    scaled = np.clip(np.round(found * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE).astype(np.int8)
    with replacing(Path(target)) as file:
        np.savez(file, cells=scaled, cell_s=size / rate, duration_s=samples / rate)


def read_peaks(path: str) -> Peaks:
    """Read what :func:`condense_peaks` wrote."""
    with PARSING, np.load(path, allow_pickle=False) as kept:
        return Peaks(kept["cells"], float(kept["cell_s"]), float(kept["duration_s"]))


def _cells(outer: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    parts = outer.reshape(2, -1, size)
    return np.stack([parts[0].min(axis=-1), parts[1].max(axis=-1)])
