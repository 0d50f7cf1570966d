"""Reading through libsndfile (``soundfile``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import soundfile

from sori.audio.types import Samples
from sori.errors import DecodeError

__all__ = ["Failure", "Reader"]

Failure = (soundfile.SoundFileError, DecodeError, OSError, ValueError)


class Reader:
    """One open file; ``sample_rate`` and ``channels`` are known, ``chunks`` gives the samples once."""

    name = "libsndfile"

    def __init__(self, file: BinaryIO, container: str, offset: int) -> None:
        file.seek(0)
        self._file = soundfile.SoundFile(file.fileno() if os.name == "posix" else file, closefd=False)
        self.sample_rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        self.container = container
        self.codec = str(self._file.subtype).lower()
        self.n_frames: int | None = int(self._file.frames) if 0 < self._file.frames < 1 << 62 else None
        self.duration_s = self.n_frames / self.sample_rate if self.n_frames and self.sample_rate else None
        self.bit_rate_bps: int | None = None

    def chunks(self, start: int, stop: int | None, block_frames: int) -> Iterator[Samples]:
        """Give frames ``start`` to ``stop`` (None: the end) as ``(channels, n)`` transposed views."""
        if start >= self._file.frames:
            return
        if start:
            self._file.seek(start)
        left = stop - start if stop is not None else None
        while left is None or left > 0:
            n = block_frames if left is None else min(block_frames, left)
            block = np.empty((n, self.channels), np.float32)
            n = int(self._file.buffer_read_into(block, "float32"))
            if n:
                yield block[:n].T
            if n < len(block):
                return
            if left is not None:
                left -= n

    def finite(self) -> bool:
        """Whether this codec can only give finite samples."""
        return self.codec.startswith(("pcm_", "ulaw", "alaw", "gsm"))

    def close(self) -> None:
        """Release the decoder."""
        self._file.close()
