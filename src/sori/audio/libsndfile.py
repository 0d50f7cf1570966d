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
        """Give frames ``start`` to ``stop`` (None: the end) as ``(channels, n)`` transposed views.

        Compressed audio is read from its beginning, as seeking in it hides damage.
        """
        at = 0
        if start and self.codec.startswith(("pcm_", "float", "double")):
            at = int(self._file.seek(min(start, self._file.frames)))
        while stop is None or at < stop:
            wanted = start - at if at < start else block_frames if stop is None else stop - at
            block = np.empty((min(wanted, block_frames), self.channels), np.float32)
            n = int(self._file.buffer_read_into(block, "float32"))
            if n and at >= start:
                yield block[:n].T
            if n < len(block):
                return
            at += n

    def finite(self) -> bool:
        """Whether this codec can only give finite samples."""
        return self.codec.startswith(("pcm_", "ulaw", "alaw", "gsm"))

    def close(self) -> None:
        """Release the decoder."""
        self._file.close()
