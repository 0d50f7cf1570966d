"""Reading through FFmpeg (``av``, whose wheels carry it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import numpy as np

from sori.audio.sniff import DEMUXERS
from sori.audio.types import Samples
from sori.errors import DecodeError

__all__ = ["Failure", "Reader", "open_container"]

Failure = (av.error.FFmpegError, DecodeError, OSError, ValueError, OverflowError)

_SCALE = {"u8": 2.0**-7, "s16": 2.0**-15, "s32": 2.0**-31, "s64": 2.0**-63}
_STRICT = ("flac", "alac", "wavpack", "ape", "tta", "tak", "wmalossless")
_READ_BYTES = 1 << 18


class _From:
    """A file seen from an offset on, for containers that follow something else."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file, self._offset = file, offset
        self.read, self.tell_file = file.read, file.tell

    def tell(self) -> int:
        return self.tell_file() - self._offset

    def seek(self, to: int, whence: int = 0) -> int:
        return self._file.seek(to + self._offset if whence == 0 else to, whence) - self._offset


def open_container(file: BinaryIO, container: str, offset: int) -> Any:
    """Open an FFmpeg input on an open file, with the demuxer of ``container`` and no other."""
    own = container in ("mp3", "aac", "flac")  # these demuxers read ID3v2 themselves, for tags
    file.seek(0 if own else offset)
    return av.open(
        file if own or not offset else _From(file, offset),
        format=DEMUXERS[container],
        metadata_errors="replace",
        buffer_size=_READ_BYTES,
    )


class Reader:
    """One open file; ``sample_rate`` and ``channels`` are known, ``chunks`` gives the samples once."""

    name = "FFmpeg"

    def __init__(self, file: BinaryIO, container: str, offset: int) -> None:
        self._container = open_container(file, container, offset)
        try:
            if not self._container.streams.audio:
                raise DecodeError("no audio stream in it")
            stream = self._stream = self._container.streams.audio[0]
            context = stream.codec_context
            if context is None:
                raise DecodeError("FFmpeg has no decoder for this codec")
            stream.thread_type = "NONE"
            self.sample_rate, self.channels = int(context.sample_rate or 0), int(context.channels or 0)
            self.container, self.codec = container, str(context.codec.canonical_name)
            if self.codec in _STRICT:
                context.options = {"err_detect": "crccheck+bitstream+buffer+explode"}
            declared = float(stream.duration * stream.time_base) if stream.duration else None
            if declared is None and self._container.duration:
                declared = self._container.duration / av.time_base
            self.duration_s = declared if declared and declared > 0 else None
            self.n_frames = round(declared * self.sample_rate) if self.duration_s and declared else None
            self.bit_rate_bps = int(stream.bit_rate or self._container.bit_rate or 0) or None
        except BaseException:
            self._container.close()
            raise

    def _frames(self) -> Iterator[Any]:
        """Decode every packet; a damaged one of a lossy codec is left out, of a lossless codec an error."""
        bad = good = 0
        decode = self._stream.codec_context.decode
        for packet in self._container.demux(self._stream):
            try:
                frames = decode(packet)
            except av.error.FFmpegError:
                bad += 1
                if self.codec in _STRICT:
                    raise
                continue
            good += 1
            yield from frames
        if bad > good:
            raise DecodeError(f"{bad} of {bad + good} packets are damaged")

    def chunks(self, start: int, stop: int | None, block_frames: int) -> Iterator[Samples]:
        """Give frames ``start`` to ``stop`` (None: the end) as ``(channels, n)`` blocks."""
        fifo = av.AudioFifo()
        skip, left, held = start, stop - start if stop is not None else None, 0
        for frame in self._frames():
            if frame.sample_rate != self.sample_rate or len(frame.layout.channels) != self.channels:
                raise DecodeError(
                    f"the stream changes from {self.sample_rate} Hz, {self.channels} channels to {frame.sample_rate} Hz, "
                    f"{len(frame.layout.channels)} channels; split it into files of one kind"
                )
            frame.pts = None
            fifo.write(frame)
            held += frame.samples
            while skip and held >= min(skip, block_frames):
                gone = fifo.read(min(skip, block_frames))
                skip, held = skip - gone.samples, held - gone.samples
            while not skip and held >= block_frames:
                block = _array(fifo.read(block_frames), left)
                held -= block_frames
                yield block
                if left is not None:
                    left -= block.shape[1]
                    if left <= 0:
                        return
        if held > skip and (left is None or left > 0):
            if skip:
                fifo.read(skip)
            yield _array(fifo.read(0, True), left)

    def close(self) -> None:
        """Release the decoder and the demuxer."""
        self._container.close()


def _array(frame: Any, left: int | None) -> Samples:
    """Float32 ``(channels, n)`` of one frame, at most ``left`` samples of it."""
    data = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(frame.samples, -1).T
    if left is not None:
        data = data[:, :left]
    kind = frame.format.name.removesuffix("p")
    if kind == "flt":
        return np.asarray(data, np.float32)
    if kind == "dbl":
        return np.asarray(data, np.float32)
    scaled = np.multiply(data, np.float32(_SCALE[kind]), dtype=np.float32)
    return scaled - np.float32(1) if kind == "u8" else scaled
