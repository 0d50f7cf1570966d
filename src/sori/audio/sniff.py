"""Which container a file is, by its content alone: names and extensions are never looked at.

Knowing the container before a decoder opens the file is also what keeps this reader safe. FFmpeg is told
which demuxer to use, so a playlist or a script of its own languages (HLS, concat, ...) that pretends to be
a song cannot make it open other files or the network.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sori.errors import DecodeError

__all__ = ["DEMUXERS", "flac_blocks", "is_chained", "one_audio_page", "open_regular", "sniff"]

#: container -> the FFmpeg demuxer that reads it
DEMUXERS = {
    "wav": "wav",
    "w64": "w64",
    "aiff": "aiff",
    "au": "au",
    "caf": "caf",
    "voc": "voc",
    "flac": "flac",
    "ogg": "ogg",
    "mp3": "mp3",
    "aac": "aac",
    "mp4": "mov",
    "matroska": "matroska",
    "asf": "asf",
    "avi": "avi",
    "flv": "flv",
    "wavpack": "wv",
    "ape": "ape",
    "tta": "tta",
    "musepack7": "mpc",
    "musepack8": "mpc8",
    "tak": "tak",
    "dsf": "dsf",
    "dff": "iff",
    "amr": "amr",
    "ac3": "ac3",
    "dts": "dts",
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
    (b".snd", "au"),
    (b"caff", "caf"),
    (b"Creative Voice File\x1a", "voc"),
    (b"FLV\x01", "flv"),
    (b"wvpk", "wavpack"),
    (b"MAC ", "ape"),
    (b"TTA1", "tta"),
    (b"MP+", "musepack7"),
    (b"MPCK", "musepack8"),
    (b"tBaK", "tak"),
    (b"DSD ", "dsf"),
    (b"#!AMR", "amr"),
    (b"\x0b\x77", "ac3"),
    (b"\x7f\xfe\x80\x01", "dts"),
)
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_READ_BYTES = 1 << 20
_SEARCH = 1 << 17  # bytes looked through for the first MPEG frame after any ID3v2 tag

_KBPS = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HZ = (44100, 48000, 32000)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file for reading, unbuffered, if it is one.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    DecodeError
        It is a directory, a pipe, a device, or may not be read. Nothing of it is opened, so a pipe cannot
        block.
    """
    try:
        mode = Path(path).stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
            raise DecodeError(f"{os.fspath(path)!r} is {kind}; give the path of an audio file")
        return open(path, "rb", buffering=0)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise DecodeError(f"{os.fspath(path)!r} cannot be opened: {error}") from error


def _synchsafe(four: bytes) -> int:
    """Read the 28-bit number of an ID3v2 header, 7 bits in each of its bytes."""
    return (four[0] & 0x7F) << 21 | (four[1] & 0x7F) << 14 | (four[2] & 0x7F) << 7 | four[3] & 0x7F


def _id3v2_end(file: BinaryIO) -> int:
    """Return where the audio starts: after all ID3v2 tags at the front of the file, one after another."""
    start = 0
    while True:
        file.seek(start)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or head[3] == 0xFF or max(head[6:10]) > 0x7F:
            return start
        start += 10 + _synchsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)


def _mpeg_frame_bytes(head: bytes) -> int:
    """Length of the MPEG audio frame with this 4-byte header; 0 when it is not one (or free-format)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, index = head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer == 4 or rate == 3 or index in (0, 15):
        return 0
    kbps = _KBPS[1 if version == 3 else 2, layer if version == 3 else min(layer, 2)][index]
    hz = _HZ[rate] >> {3: 0, 2: 1, 0: 2}[version]
    padding = head[2] >> 1 & 1
    if layer == 1:
        return (12000 * kbps // hz + padding) * 4
    return (72000 if layer == 3 and version != 3 else 144000) * kbps // hz + padding


def _adts_frame_bytes(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5


def _mpeg(data: bytes, whole: bool) -> tuple[str, int] | None:
    """Find the first offset at which three frames follow each other (or fewer, ending with the file)."""
    start = data.find(b"\xff")
    while 0 <= start < len(data) - 3:
        for name, size in (("mp3", _mpeg_frame_bytes), ("aac", _adts_frame_bytes)):
            at, count = start, 0
            while count < 3 and (length := size(data[at : at + 7])) > 6:
                at, count = at + length, count + 1
            same = _alike(data, start) if name == "mp3" else True
            if same and (count == 3 or (count and whole and at >= len(data) and start == 0)):
                return name, start
        start = data.find(b"\xff", start + 1)
    return None


def _alike(data: bytes, start: int) -> bool:
    """Whether the frame at ``start`` and the next one agree in version, layer and sample rate."""
    after = start + _mpeg_frame_bytes(data[start : start + 4])
    if after + 4 > len(data):
        return True
    return (
        data[start + 1] & 0xFE == data[after + 1] & 0xFE and data[start + 2] & 0x0C == data[after + 2] & 0x0C
    )


def sniff(file: BinaryIO) -> tuple[str, int]:
    """Name the container of an open file, and the offset at which it starts.

    Returns
    -------
    container : a key of `DEMUXERS`, or ``""`` when the content is no audio container known here
    start : bytes before it (ID3v2 tags, or padding before the first MPEG frame)
    """
    start = _id3v2_end(file)
    file.seek(start)
    head = file.read(64)
    if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64"):
        return ({b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], ""), start)
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff", start
    if head[:4] == b"FRM8" and head[12:16] == b"DSD ":
        return "dff", start
    if head[4:8] in _MP4_BOXES:
        return "mp4", start
    for magic, container in _MAGIC:
        if head.startswith(magic):
            return container, start
    file.seek(start)
    data = file.read(_SEARCH)
    found = _mpeg(data.lstrip(b"\0"), len(data) < _SEARCH)
    if found is None:
        return "", start
    return found[0], start + len(data) - len(data.lstrip(b"\0")) + found[1]


def flac_blocks(file: BinaryIO, at: int) -> Iterator[tuple[int, int, int]]:
    """Give kind, start and size of each FLAC metadata block, the first of which stands ``at`` there."""
    while True:
        file.seek(at)
        head = file.read(4)
        if len(head) < 4 or head[0] & 0x7F == 0x7F:
            return
        size = int.from_bytes(head[1:], "big")
        yield head[0] & 0x7F, at + 4, size
        at += 4 + size
        if head[0] & 0x80:
            return


def is_chained(file: BinaryIO) -> bool:
    """Whether an Ogg file is several recordings one after another: a stream begins after another's pages.

    The position in the file stays as it was.
    """
    before = file.seek(0, os.SEEK_CUR)
    try:
        return _is_chained(file)
    finally:
        file.seek(before)


def _is_chained(file: BinaryIO) -> bool:
    file.seek(0)
    data, at, started = file.read(_READ_BYTES), 0, False
    while data:
        for found in re.finditer(rb"OggS\0([\0-\x07])", data):
            begins = found[1][0] & 2
            if begins and started:
                return True
            started = started or not begins
        at += max(len(data) - 5, 1)
        file.seek(at)
        data = file.read(_READ_BYTES)
        if len(data) <= 5:
            break
    return False


def one_audio_page(file: BinaryIO) -> bool:
    """Whether an Ogg Vorbis file has all its audio on one page; FFmpeg ends it one short block early."""
    file.seek(0)
    if file.read(35)[28:35] != b"\x01vorbis":
        return False
    at = pages = 0
    while pages < 2:
        file.seek(at)
        head = file.read(27)
        if len(head) < 27 or head[:4] != b"OggS":
            break
        sizes = file.read(head[26])
        at += 27 + len(sizes) + sum(sizes)
        pages += int.from_bytes(head[6:14], "little", signed=True) > 0
    return pages < 2
