"""The levels of all recordings, computed once before training and kept on disk in half precision.

A log-mel spectrogram costs more than a step of a small network. Disturbances that keep recordings apart
(gain, equalisation, time, pitch by a few bands, masks) are done to levels as well as to samples, so the
samples are needed once only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from sori.layers.modules import LogMelSpectrogram
from sori.models.front_end import FLOOR, FrontEnd

__all__ = ["FLOOR_DB", "Levels"]

FLOOR_DB = float(10 * np.log10(FLOOR))
_LONGEST_S = 600.0  # a recording that is longer is learned from as far as here


class Levels:
    """Levels of recordings, one after the other in one file: a row of float16 for each frame.

    ``bounds`` says in which row each begins and the last one ends. There may be several ``versions`` of each
    recording (`sori.models.copies`), one after the other, the recording itself first.
    """

    def __init__(self, rows: NDArray[np.float16], bounds: NDArray[np.int64], versions: int = 1) -> None:
        self.rows = rows
        self.bounds = bounds
        self.versions = versions

    @classmethod
    def of(
        cls,
        sounds: Iterable[NDArray[np.float32]],
        front: FrontEnd,
        path: Path,
        *,
        versions: int = 1,
        report: Callable[[int], None] = lambda done: None,
    ) -> Levels:
        """Compute the levels of mono recordings at the front end's rate into a file, and open it.

        ``sounds`` has ``versions`` of each; ``report`` is told how many recordings are done.
        """
        layer = LogMelSpectrogram(**front.mel_options)
        counts = [0]
        with open(path, "wb") as file, torch.inference_mode():
            for done, samples in enumerate(sounds, 1):
                samples = samples[: round(_LONGEST_S * front.sample_rate)]
                if front.fill == "repeat" and 0 < len(samples) < front.excerpt_samples:
                    samples = np.resize(samples, front.excerpt_samples)
                samples = np.ascontiguousarray(samples if len(samples) else np.zeros(1, np.float32))
                levels = layer(torch.from_numpy(samples))
                file.write(levels.T.to(torch.float16).contiguous().numpy().tobytes())
                counts.append(levels.shape[-1])
                if done % versions == 0:
                    report(done // versions)
        rows = np.memmap(path, np.float16, "r", shape=(sum(counts), front.n_mels))
        return cls(rows, np.cumsum(counts), versions)

    def __len__(self) -> int:
        """Return how many recordings there are."""
        return (len(self.bounds) - 1) // self.versions

    def frames(self, number: int) -> int:
        """Return how many frames a recording has."""
        begin, end = self._place(number)
        return end - begin

    def statistics(self, numbers: NDArray[np.intp]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return mean and deviation of each band over some recordings, all frames counting alike."""
        total = np.zeros((3, self.rows.shape[1]))
        for number in numbers:
            part = self.rows[slice(*self._place(number))].astype(np.float64)
            total += [np.full(part.shape[1], len(part)), part.sum(axis=0), (part * part).sum(axis=0)]
        mean = total[1] / total[0]
        deviation = np.sqrt(np.maximum(total[2] / total[0] - mean * mean, 0.0))
        return torch.tensor(mean, dtype=torch.float32), torch.tensor(deviation, dtype=torch.float32)

    def take(
        self,
        numbers: NDArray[np.intp],
        frames: int,
        places: NDArray[np.float64],
        versions: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float32]:
        """Return an excerpt of each recording, (n, bands, frames).

        ``places`` from 0 to 1 say from where it is taken; a recording that is shorter lies at that place
        among silence. ``versions`` say of which version, by default of the recording itself.
        """
        which = np.zeros(len(numbers), np.intp) if versions is None else versions
        found = np.full((len(numbers), frames, self.rows.shape[1]), FLOOR_DB, np.float32)
        for into, number, place, version in zip(found, numbers, places, which, strict=True):
            begin, end = self._place(number, version)
            spare = round(place * abs(end - begin - frames))
            if end - begin >= frames:
                into[:] = self.rows[begin + spare : begin + spare + frames]
            else:
                into[spare : spare + end - begin] = self.rows[begin:end]
        return found.transpose(0, 2, 1)

    def _place(self, number: int, version: int = 0) -> tuple[int, int]:
        """Return the first row of a version of a recording, and the one after its last."""
        at = number * self.versions + version
        return int(self.bounds[at]), int(self.bounds[at + 1])
