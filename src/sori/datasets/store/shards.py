"""How samples lie in a shard: 16-bit integers as they are, or FLAC that is as exact and smaller.

A shard is clips one after another, and none is ever moved or written over. As ``pcm`` a clip is its frames,
the channels of each side by side, little-endian: any stretch is a slice of the mapped file. As ``flac`` it is
pieces of `PIECE_FRAMES` frames, each a FLAC file of its own, and after them how long each is: a stretch needs
the pieces that it touches and no others.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, DecodeError

__all__ = ["ENCODINGS", "PIECE_FRAMES", "Integers", "Written", "mapped", "stretch", "write_clip"]

ENCODINGS = ("pcm", "flac")
PIECE_FRAMES = 16384
_FLAC_CHANNELS = 8

Integers = NDArray[np.int16]
Bytes = NDArray[np.uint8]
_PCM = np.dtype("<i2")
_SIZE = np.dtype("<u4")


class Written:
    """What has been written of a clip: how many bytes, and their checksum (CRC-32)."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.n_bytes = 0
        self.crc32 = 0
        self.n_frames = 0

    def add(self, data: bytes) -> None:
        """Write some bytes more."""
        self._file.write(data)
        self.n_bytes += len(data)
        self.crc32 = zlib.crc32(data, self.crc32)


def write_clip(file: IO[bytes], blocks: Iterable[Integers], *, encoding: str, sample_rate: int) -> Written:
    """Write a clip, given as blocks of ``(channels, frames)``, where the file stands.

    Raises
    ------
    DecodeError
        FLAC cannot hold so many channels.
    """
    written = Written(file)
    frames = (np.ascontiguousarray(block.T, _PCM) for block in blocks)
    if encoding == "pcm":
        for block in frames:
            written.add(block.tobytes())
            written.n_frames += len(block)
        return written
    sizes = []
    for piece in _pieces(frames):
        data = _flac(piece, sample_rate)
        written.add(data)
        written.n_frames += len(piece)
        sizes.append(len(data))
    written.add(np.array(sizes, _SIZE).tobytes())
    return written


def _pieces(blocks: Iterable[Integers]) -> Iterable[Integers]:
    """Cut blocks anew, each of `PIECE_FRAMES` but the last."""
    held: list[Integers] = []
    count = 0
    for block in blocks:
        held.append(block)
        count += len(block)
        if count >= PIECE_FRAMES:
            joined = np.concatenate(held)
            whole = count - count % PIECE_FRAMES
            for start in range(0, whole, PIECE_FRAMES):
                yield joined[start : start + PIECE_FRAMES]
            held, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(held)


def _flac(piece: Integers, sample_rate: int) -> bytes:
    import soundfile

    if piece.shape[1] > _FLAC_CHANNELS:
        raise DecodeError(f"{piece.shape[1]} channels are more than FLAC holds; mix to mono, or pack as pcm")
    out = io.BytesIO()
    soundfile.write(out, piece, sample_rate, format="FLAC", subtype="PCM_16")
    return out.getvalue()


def mapped(path: Path) -> Bytes:
    """Return the bytes of a shard, read when they are looked at.

    Raises
    ------
    DataError
        It is not there, or is empty.
    """
    try:
        return np.asarray(np.memmap(path, np.uint8, mode="r"))
    except (FileNotFoundError, ValueError):
        raise DataError(
            f"{path} is missing or empty; run `sori prepare --verify`, then prepare again"
        ) from None


def stretch(clip: Bytes, start: int, stop: int, *, encoding: str, channels: int, n_frames: int) -> Integers:
    """Return frames ``start`` to ``stop`` of a clip, ``(channels, frames)``, from the bytes of the clip.

    For ``pcm`` it is a view of them, for ``flac`` what the touched pieces decode to.
    """
    if encoding == "pcm":
        frames = clip.view(_PCM).reshape(-1, channels)
        return frames[start:stop].T
    count = -(-n_frames // PIECE_FRAMES)
    table = clip[len(clip) - count * _SIZE.itemsize :].tobytes()
    ends = np.cumsum(np.frombuffer(table, _SIZE), dtype=np.int64)
    first, last = start // PIECE_FRAMES, -(-stop // PIECE_FRAMES)
    decoded = [_decoded(clip, int(ends[i - 1]) if i else 0, int(ends[i])) for i in range(first, last)]
    if not decoded:
        return np.zeros((channels, 0), np.int16)
    joined = decoded[0] if len(decoded) == 1 else np.concatenate(decoded)
    before = first * PIECE_FRAMES
    return joined[start - before : stop - before].T


def _decoded(clip: Bytes, start: int, stop: int) -> Any:
    import soundfile

    return soundfile.read(io.BytesIO(clip[start:stop].tobytes()), dtype="int16", always_2d=True)[0]
