"""Choosing a decoder and falling back to the other.

The order per container is the measured one (``bench/decoders.py``). A decoder that fails before its first
block hands over to the next; one that fails later ends the decode with an error, because two decoders need
not agree on where the damage lies.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from sori.audio.sniff import open_regular, sniff
from sori.audio.types import Samples
from sori.errors import DecodeError

if TYPE_CHECKING:
    from sori.audio import ffmpeg, libsndfile

__all__ = ["MAX_CHANNELS", "MAX_SAMPLE_RATE", "Decoding"]

MAX_SAMPLE_RATE = 1_536_000
MAX_CHANNELS = 256

_LIBSNDFILE = ("wav", "w64", "aiff", "au", "caf", "voc", "flac", "ogg", "mp3")
_EMPTY_IS_RIGHT = ("wav", "w64", "aiff", "au", "caf")


class Decoding:
    """One pass over a file, from frame ``start`` to frame ``stop``, through the first decoder that manages.

    A context manager; ``sample_rate`` and ``channels`` are known on entry, `blocks` gives the samples.

    Raises
    ------
    FileNotFoundError
        Nothing is at ``path``.
    DecodeError
        No decoder manages; the message has each one's reason.
    """

    sample_rate: int
    channels: int

    def __init__(self, path: str | os.PathLike[str], *, block_frames: int) -> None:
        self.path, self.block_frames = os.fspath(path), block_frames
        self.reader: ffmpeg.Reader | libsndfile.Reader | None = None
        self._reasons: list[str] = []
        self._file: BinaryIO = open_regular(path)
        try:
            self.container, self._offset = sniff(self._file)
            if not self.container:
                raise DecodeError(self._unknown())
        except BaseException:
            self._file.close()
            raise
        self._decoders = ["ffmpeg", "libsndfile"] if self.container in _LIBSNDFILE else ["ffmpeg"]

    def _unknown(self) -> str:
        self._file.seek(0)
        head = self._file.read(12)
        what = f"starts with {head!r}" if head else "is empty"
        return f"{self.path!r} {what}: not an audio file of a known format; give a recording (WAV, FLAC, MP3, Ogg, M4A, ...)"

    def __enter__(self) -> Decoding:
        """Open with the first decoder that accepts the header."""
        try:
            self.open_next()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close everything."""
        self.close()

    def open_next(self) -> None:
        """Open the file with the next decoder that accepts its header."""
        while self._decoders:
            name = self._decoders.pop(0)
            self._close_reader()
            try:
                if name == "ffmpeg":
                    from sori.audio import ffmpeg as module
                else:
                    from sori.audio import libsndfile as module  # type: ignore[no-redef]
                self.reader = module.Reader(self._file, self.container, self._offset)
                rate, channels = self.reader.sample_rate, self.reader.channels
                if not (0 < rate <= MAX_SAMPLE_RATE and 0 < channels <= MAX_CHANNELS):
                    raise DecodeError(f"its header claims {rate} Hz and {channels} channels")
            except module.Failure as error:
                self._reasons.append(f"{module.Reader.name}: {str(error) or type(error).__name__}")
                continue
            self.sample_rate, self.channels = rate, channels
            self._failure = module.Failure
            return
        raise DecodeError(f"{self.path!r} ({self.container}) cannot be decoded. " + "; ".join(self._reasons))

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """Give the samples, ``(channels, n)`` each, ``n == block_frames`` but for the last."""
        given = 0
        while True:
            try:
                assert self.reader is not None
                for block in self.reader.chunks(start, stop, self.block_frames):
                    given += block.shape[1]
                    yield block
                if given or start or stop == 0 or self.container in _EMPTY_IS_RIGHT:
                    return
                self._reasons.append(f"{self.reader.name}: no samples in it")
            except self._failure as error:
                self._reasons.append(f"{self.reader.name}: {str(error) or type(error).__name__}")
                if given:
                    raise DecodeError(
                        f"{self.path!r} ({self.container}) is damaged after {(start + given) / self.sample_rate:.3f} s. "
                        + "; ".join(self._reasons)
                    ) from error
            self.open_next()

    def _close_reader(self) -> None:
        if self.reader is not None:
            self.reader.close()
            self.reader = None

    def close(self) -> None:
        """Close the decoder and the file."""
        self._close_reader()
        self._file.close()
