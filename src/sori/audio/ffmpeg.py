"""Reading through FFmpeg (``av``, whose wheels carry it)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import numpy as np

from sori.audio.sniff import DEMUXERS
from sori.audio.types import RefusedError, Samples
from sori.errors import DecodeError

__all__ = ["Failure", "Reader", "open_container"]

Failure = (av.error.FFmpegError, DecodeError, OSError, ValueError, OverflowError)

_SCALE = {"u8": 2.0**-7, "s16": 2.0**-15, "s32": 2.0**-31, "s64": 2.0**-63}
_LOSSLESS = ("flac", "alac", "wavpack", "ape", "tta", "tak", "wmalossless")
_ALWAYS_FINITE = ("mp3", "mp2", "aac")  # their quantisers cannot express infinity, so no check is paid for
_READ_BYTES = 1 << 18
_SLACK = 1 << 13  # frames of padding that a declared length may cut off; more than that and the header lies
_SEEK_FROM = 1 << 18  # frames; decoding fewer than this costs less than a seek is worth


class _From:
    """A file seen from an offset on, for containers that follow something else.

    A seek that damage sends before the beginning answers with a negative number, which FFmpeg understands,
    not with an exception, which ``av`` would print.
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file, self._offset = file, offset
        self.read = file.read

    def tell(self) -> int:
        return self._file.tell() - self._offset

    def seek(self, to: int, whence: int = 0) -> int:
        try:
            return self._file.seek(to + self._offset if whence == 0 else to, whence) - self._offset
        except (OSError, OverflowError):
            return -1


def open_container(file: BinaryIO, container: str, offset: int) -> Any:
    """Open an FFmpeg input on an open file, with the demuxer of ``container`` and no other."""
    own = container in ("mp3", "aac", "flac")  # these demuxers read ID3v2 themselves, for tags
    file.seek(0 if own else offset)
    return av.open(
        _From(file, 0 if own else offset),
        format=DEMUXERS[container],
        metadata_errors="replace",
        # 16-bit PCM is looked through for disguised DTS; a few packets tell, where the default takes 20 ms
        options={"max_probe_packets": "4"} if container in ("wav", "w64") else {},
        buffer_size=_READ_BYTES,
    )


class Reader:
    """One open file: its declared properties, and `chunks` for the samples, once.

    FFmpeg itself removes the encoder delay and padding that LAME tags, Opus pre-skip, Vorbis granules and MP4
    edit lists declare. What it leaves (the end of the last MP4 or ADPCM packet) is cut here, to the declared
    length, but by no more than padding can amount to.
    """

    name = "FFmpeg"

    def __init__(self, file: BinaryIO, container: str, offset: int) -> None:
        self._container = open_container(file, container, offset)
        try:
            self._describe(container)
        except BaseException:
            self._container.close()
            raise

    def _describe(self, container: str) -> None:
        if not self._container.streams.audio:
            raise DecodeError("no audio stream in it")
        stream = self._stream = self._container.streams.audio[0]
        context = stream.codec_context
        if context is None:
            raise DecodeError("FFmpeg has no decoder for this codec")
        stream.thread_type = "NONE"  # threads save no processor time, and files are decoded in parallel
        self.sample_rate, self.channels = int(context.sample_rate or 0), int(context.channels or 0)
        self.container, self.codec = container, str(context.codec.canonical_name)
        if self.codec in _LOSSLESS:
            context.options = {"err_detect": "crccheck+bitstream+buffer+explode"}
        declared = float(stream.duration * stream.time_base) if stream.duration else None
        if declared is None and self._container.duration:
            declared = self._container.duration / av.time_base
        self.duration_s = declared if declared and declared > 0 else None
        self.n_frames = round(self.duration_s * self.sample_rate) if self.duration_s else None
        head = bytes(context.extradata or b"")
        if self.codec == "opus" and container == "ogg" and self.n_frames and head[:8] == b"OpusHead":
            self.n_frames = max(self.n_frames - int.from_bytes(head[10:12], "little"), 0)
            self.duration_s = self.n_frames / self.sample_rate
        self.bit_rate_bps = int(stream.bit_rate or self._container.bit_rate or 0) or None
        if container == "wav" and self.codec in ("pcm_f16le", "pcm_f24le"):
            raise RefusedError(
                "its integer samples lie in wider containers, at an end that the header leaves open"
            )
        self._at = 0
        self._last_packet_end: int | None = None
        self._end: int | None = None  # where padding starts, if that is declared to the sample
        if container == "mp4" or (container == "wav" and not self.codec.startswith("pcm_")):
            gapless = re.match(
                r" *\w+ \w+ \w+ ([0-9A-Fa-f]{16})\b", self._container.metadata.get("iTunSMPB", "")
            )
            self._end = int(gapless[1], 16) if gapless else self.n_frames

    def _seek(self, start: int) -> bool:
        """Move near frame ``start`` where that is exact: in raw PCM and FLAC, whose packets know their place.

        Every other codec is decoded from its beginning: bit reservoirs and overlapping windows make a
        decoder's first output after a seek differ, and a damaged packet would shift everything after it.
        """
        exact = self.codec.startswith("pcm_") or (self.codec == "flac" and self.container == "flac")
        if start < _SEEK_FROM or not exact or self._stream.time_base * self.sample_rate != 1:
            return False
        self._container.seek(start, stream=self._stream, backward=True)
        return True

    def _frames(self, start: int) -> Iterator[Any]:
        """Decode every packet from near ``start``; ``_at`` is then where the first frame belongs.

        A damaged packet of a lossy codec is left out; of a lossless codec it is an error, and so is a FLAC
        packet that does not follow the one before, by the number that each carries.
        """
        bad = good = 0
        sought = self._seek(start)
        at: int | None = None
        numbered = self.codec == "flac" and self.container == "flac"
        rate = self._stream.time_base * self.sample_rate
        exact_end = self._end is not None
        sample_rate, channels = self.sample_rate, self.channels
        decode = self._stream.codec_context.decode
        for packet in self._container.demux(self._stream):
            try:
                frames = decode(packet)
            except av.error.FFmpegError:
                bad += 1
                if self.codec in _LOSSLESS:
                    raise
                continue
            good += 1
            if exact_end and packet.duration and packet.pts is not None:
                self._last_packet_end = round((packet.pts + packet.duration) * float(rate))
            for frame in frames:
                if at is None:
                    at = self._at = self._place(frame, start) if sought else 0
                if frame.sample_rate != sample_rate or frame.layout.nb_channels != channels:
                    raise self._changed(frame)
                if numbered and frame.pts is not None and frame.pts != at:
                    raise DecodeError(f"frame {at} is missing, {frame.pts} follows")
                at += frame.samples
                yield frame
        if bad > good:
            raise DecodeError(f"{bad} of {bad + good} packets are damaged")

    def _place(self, frame: Any, start: int) -> int:
        if frame.pts is None or frame.pts > start:
            raise DecodeError(f"seeking to frame {start} led to {frame.pts}")
        return int(frame.pts)

    def _changed(self, frame: Any) -> RefusedError:
        return RefusedError(
            f"the stream changes from {self.sample_rate} Hz, {self.channels} channels to "
            f"{frame.sample_rate} Hz, {frame.layout.nb_channels} channels; split it into files of one kind"
        )

    def chunks(self, start: int, stop: int | None, block_frames: int) -> Iterator[Samples]:
        """Give frames ``start`` to ``stop`` (None: the end) as ``(channels, n)`` blocks."""
        fifo = av.AudioFifo()
        position = total = due = (
            0  # frames taken out of the queue, ever put in, and needed before the next move
        )
        end = self._end  # what lies behind it waits, until it is known to be padding or not
        for frame in self._frames(start):
            if not total:
                position = total = self._at
            frame.pts = None
            fifo.write(frame)
            total += frame.samples
            if total < due:
                continue
            if end is not None and total > end + _SLACK:
                end = None
            usable = total if end is None else min(total, end)
            position = _leave_out(fifo, position, min(usable, start))
            if stop is not None and usable >= stop:
                break
            while position >= start and usable - position >= block_frames:
                yield _array(fifo.read(block_frames))
                position += block_frames
            due = position + min(block_frames, _SEEK_FROM)
            due = due if stop is None else min(due, stop)
        end = self._padding_start(end, total)
        end = end if stop is None else min(end, stop)
        position = _leave_out(fifo, position, min(end, start))
        while start <= position < end:
            n = min(block_frames, end - position)
            yield _array(fifo.read(n))
            position += n
        if self.codec == "flac" and self.n_frames and total < min(self.n_frames, stop or self.n_frames):
            raise DecodeError(f"it is cut short: {total} of {self.n_frames} frames are there")

    def _padding_start(self, end: int | None, total: int) -> int:
        """Where the padding of the last packets starts, all of them being decoded.

        Edit lists count milliseconds in many MP4 files; then the last packet's own duration is the finer
        word.
        """
        if end is None:
            return total
        last = self._last_packet_end
        if last is not None and abs(last - end) <= self.sample_rate // 1000 + 1:
            end = last
        return min(end, total)

    def finite(self) -> bool:
        """Whether this codec can only give finite samples."""
        return self.codec in _ALWAYS_FINITE

    def close(self) -> None:
        """Release the decoder and the demuxer."""
        self._container.close()


def _leave_out(fifo: Any, position: int, until: int) -> int:
    """Take frames out of the queue and forget them; where that leaves the next one."""
    if position < until:
        fifo.read(until - position)
    return max(position, until)


def _array(frame: Any) -> Samples:
    """Float32 ``(channels, n)`` of one frame; a transposed view where the codec interleaves."""
    data = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(frame.samples, -1).T
    kind = frame.format.name.removesuffix("p")
    if kind in ("flt", "dbl"):
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # doubles beyond float32 become infinite, and are refused
            return np.asarray(data, np.float32)
    scaled: Samples = np.multiply(data, np.float32(_SCALE[kind]), dtype=np.float32)
    return scaled - np.float32(1) if kind == "u8" else scaled
