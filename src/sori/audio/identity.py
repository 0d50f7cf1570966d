"""What a recording is, whatever it is called and however it is tagged."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

from sori.audio.sniff import flac_blocks, open_regular, sniff
from sori.errors import DecodeError

__all__ = ["identify"]

_READ_BYTES = 1 << 20


def identify(path: str | os.PathLike[str]) -> str:
    """Hash what the decoder would be given: codec parameters and audio packets, nothing else.

    Path, names, tags, artwork and other metadata do not enter, so a moved, renamed or retagged file keeps its
    identity; a re-encoded one gets another. Nothing is decoded. In MP3, WAV, AIFF and FLAC files the
    packets are one stretch of bytes, hashed as it lies; from other containers FFmpeg takes them out.
    What a header asks a player to do with the decoded samples (an Opus gain, an edit list) does not
    enter either: such headers are rewritten like tags.

    Returns
    -------
    str
        32 hexadecimal digits: the first half of a SHA-256, which processors have instructions for.

    Raises
    ------
    FileNotFoundError
        Nothing is at ``path``.
    DecodeError
        It is no audio file of a known format, or holds no audio packets.
    """
    from sori.audio.ffmpeg import Failure

    name = repr(os.fspath(path))
    digest = hashlib.sha256()
    with open_regular(path) as file:
        container, offset = sniff(file)
        if not container:
            raise DecodeError(f"{name} is not an audio file of a known format, so it has no identity")
        try:
            if container in ("mp3", "flac"):
                n = _hash_stream(file, container, offset, digest)
            elif container in ("wav", "aiff"):
                n = _hash_chunks(file, container, offset, digest)
            else:
                n = 0
            n = n or _hash_packets(file, container, offset, digest)
        except Failure as error:
            raise DecodeError(f"{name} ({container}) cannot be identified: {error}") from error
    if not n:
        raise DecodeError(f"{name} ({container}) holds no audio packets, so it has no identity")
    return digest.hexdigest()[:32]


def _hash_range(file: BinaryIO, start: int, stop: int, digest: hashlib._Hash) -> int:
    file.seek(start)
    left = stop - start
    while left > 0 and (data := file.read(min(left, _READ_BYTES))):
        digest.update(data)
        left -= len(data)
    return max(stop - start - left, 0)


def _hash_stream(file: BinaryIO, container: str, offset: int, digest: hashlib._Hash) -> int:
    """Hash an MP3 or FLAC file between its leading and its trailing tags."""
    digest.update(container.encode())
    if container == "flac":
        offset += 4
        for kind, start, size in flac_blocks(file, offset):
            if kind == 0:
                _hash_range(file, start, start + size, digest)
            offset = start + size
    return _hash_range(file, offset, _without_trailing_tags(file, offset), digest)


def _without_trailing_tags(file: BinaryIO, start: int) -> int:
    """Where the audio ends: before ID3v1, Lyrics3v2 and APEv2 tags, in whatever order they follow it."""
    stop = file.seek(0, os.SEEK_END)
    while stop > start:
        low = max(start, stop - 128)
        file.seek(low)
        tail = file.read(stop - low)
        if len(tail) == 128 and tail[:3] == b"TAG":
            stop -= 128
        elif tail[-32:-24] == b"APETAGEX":
            size = int.from_bytes(tail[-20:-16], "little") + 32 * (tail[-9] >> 7)
            if not 32 <= size <= stop - start:
                return stop
            stop -= size
        elif tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
            stop = max(start, stop - int(tail[-15:-9]) - 15)
        else:
            return stop
    return stop


def _hash_chunks(file: BinaryIO, container: str, offset: int, digest: hashlib._Hash) -> int:
    """Hash the format and the sample chunk of a RIFF or AIFF file; 0 where it has none."""
    file.seek(offset)
    head = file.read(12)
    wanted, order = ((b"fmt ", b"data"), "little") if container == "wav" else ((b"COMM", b"SSND"), "big")
    if head[:4] == b"RIFX":
        order = "big"
    if head[:4] in (b"RF64", b"BW64"):
        return 0
    found: dict[bytes, tuple[int, int]] = {}
    at, end = offset + 12, file.seek(0, os.SEEK_END)
    while at + 8 <= end and len(found) < 2:
        file.seek(at)
        head = file.read(8)
        size = int.from_bytes(head[4:], "little" if order == "little" else "big")
        if head[:4] in wanted:
            found.setdefault(head[:4], (at + 8, min(at + 8 + size, end)))
        at += 8 + size + (size & 1)
    if len(found) < 2:
        return 0
    digest.update(container.encode())
    _hash_range(file, *found[wanted[0]], digest)
    return _hash_range(file, *found[wanted[1]], digest)


def _hash_packets(file: BinaryIO, container: str, offset: int, digest: hashlib._Hash) -> int:
    """Hash the packets of the first audio stream as FFmpeg takes them out."""
    from sori.audio.ffmpeg import open_container

    n = 0
    with open_container(file, container, offset) as source:
        if not source.streams.audio:
            return 0
        stream = source.streams.audio[0]
        context = stream.codec_context
        if context is None:
            raise DecodeError("FFmpeg has no decoder for this codec")
        digest.update(f"{context.codec.canonical_name} {context.sample_rate} {context.channels}".encode())
        for packet in source.demux(stream):
            if packet.size:
                n += 1
                digest.update(packet)
    return n
