"""Choosing a decoder, and falling back to the other.

FFmpeg reads everything here, and as fast as libsndfile or faster but for plain WAV, where they differ by
milliseconds a minute (``bench/decoders.py``). libsndfile is the second opinion on the formats it knows, and
goes first where FFmpeg is known to be wrong: an Ogg Vorbis file of one audio page. It is not asked about
FLAC, where it may pass over a damaged packet, nor about MP3, where it loses more of a cut file and prints.

The rule for damaged files: a right decode or one `DecodeError`.

- Cut off at the end: what is there is decoded, in formats without checksums of the whole (WAV, AIFF, MP3,
  Ogg, M4A, ...). FLAC says how long it is and carries checksums, so a cut FLAC file is an error.
- Damage inside: an error for lossless codecs. A lossy codec goes on without damaged packets, as players do,
  unless more are damaged than not.
- Headers are not believed: the length is what decodes, a header's claim alone allocates nothing, and a
  sample rate or a number of channels outside `MAX_SAMPLE_RATE` and `MAX_CHANNELS` is refused.
- A sample rate or number of channels that changes on the way is an error, and so is a chained Ogg file. MP3
  files put together are one recording when their format is the same.
- NaN or infinity among the samples is an error, saying where the first is.
- A file without samples is an error, but for WAV, AIFF and their kin whose header says that there are none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from sori.audio.sniff import is_chained, one_audio_page, open_regular, sniff
from sori.audio.types import RefusedError, Samples
from sori.errors import DecodeError

if TYPE_CHECKING:
    from sori.audio import ffmpeg, libsndfile

__all__ = ["MAX_CHANNELS", "MAX_SAMPLE_RATE", "Decoding"]

MAX_SAMPLE_RATE = 1_536_000
MAX_CHANNELS = 256

_LIBSNDFILE = ("wav", "w64", "aiff", "au", "caf", "voc", "ogg")
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
        self._declared = 0
        self._decoders = ["ffmpeg", "libsndfile"] if self.container in _LIBSNDFILE else ["ffmpeg"]

    def _unknown(self) -> str:
        self._file.seek(0)
        head = self._file.read(12)
        what = f"starts with {head!r}" if head else "is empty"
        return f"{self.path!r} {what}, as no audio format known here; give a WAV, FLAC, MP3, Ogg or M4A file"

    def __enter__(self) -> Decoding:
        """Open with the first decoder that accepts the header."""
        try:
            if self.container == "ogg" and one_audio_page(self._file):
                self._decoders.reverse()
            self.open_next()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        self.close()

    def open_next(self, where: str = "") -> None:
        """Open the file with the next decoder that accepts its header; ``where`` is how far the last got."""
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
            except RefusedError as error:
                raise DecodeError(f"{self.path!r} ({self.container}): {error}") from error
            except module.Failure as error:
                self._reasons.append(f"{module.Reader.name}: {_reason(error)}")
                continue
            self._declared = max(self._declared, self.reader.n_frames or 0)
            self.sample_rate, self.channels = rate, channels
            self._failure = module.Failure
            return
        raise DecodeError(
            f"{self.path!r} ({self.container}) cannot be decoded{where}. " + "; ".join(self._reasons)
        )

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """Give frames ``start`` to ``stop``, ``(channels, n)`` each, ``n == block_frames`` but for the last.

        When a decoder fails the next one takes over from the same frame, so that what comes out does not
        depend on ``block_frames``.
        """
        if self.container == "ogg" and is_chained(self._file):
            raise DecodeError(f"{self.path!r} (ogg) is several recordings one after another; split it")
        at = start
        while stop is None or at < stop:
            reader = self.reader
            assert reader is not None
            try:
                for block in reader.chunks(at, stop, self.block_frames):
                    if not reader.finite():
                        _check_finite(block, at)
                    at += block.shape[1]
                    yield block
                if at or (self.container in _EMPTY_IS_RIGHT and not self._declared):
                    return
                self._reasons.append(f"{reader.name}: no samples in it")
            except RefusedError as error:
                raise DecodeError(f"{self.path!r} ({self.container}): {error}") from error
            except self._failure as error:
                self._reasons.append(f"{reader.name}: {_reason(error)}")
            rate, channels = self.sample_rate, self.channels
            self.open_next(f" after {at / rate:.3f} s" if at else "")
            if at and (rate, channels) != (self.sample_rate, self.channels):
                raise DecodeError(
                    f"{self.path!r}: its decoders disagree on its format. " + "; ".join(self._reasons)
                )

    def _close_reader(self) -> None:
        if self.reader is not None:
            self.reader.close()
            self.reader = None

    def close(self) -> None:
        """Close the decoder and the file."""
        self._close_reader()
        self._file.close()


def _reason(error: BaseException) -> str:
    """Give a decoder's own words, without the path that the message has already."""
    words = getattr(error, "strerror", None)
    if words:
        return str(words)
    return str(error).removeprefix("Error : ") or type(error).__name__


def _check_finite(block: Samples, at: int) -> None:
    with np.errstate(invalid="ignore"):  # infinities of both signs
        total = block.sum(dtype=np.float64)
    if not np.isfinite(total):
        finite = np.isfinite(block).all(axis=0)
        if not finite.all():
            raise RefusedError(f"NaN or infinity at frame {at + int(np.argmin(finite))}; repair the file")
