"""Any audio file as one that every browser and every player takes, block by block."""

from __future__ import annotations

import itertools
import os
from typing import BinaryIO

import numpy as np

from sori.audio.stream import blocks, info
from sori.errors import DecodeError

__all__ = ["transcode"]

_MOST_RATE = 96_000  # Hz; browsers play no faster FLAC
_STEREO = 2


def transcode(path: str | os.PathLike[str], to: BinaryIO) -> None:
    """Write a recording as FLAC of 16 bits and at most two channels, in constant memory.

    More than two channels become one; a rate above 96 kHz is halved until it is not. What lies beyond full
    scale is cut.

    Raises
    ------
    FileNotFoundError, DecodeError
        As `sori.audio.load`, or the file holds no sound.
    """
    import soundfile

    source = info(path)
    mono = source.channels > _STEREO
    rate = source.sample_rate
    while rate > _MOST_RATE:
        rate = (rate + 1) // 2
    found = blocks(path, sample_rate=None if rate == source.sample_rate else rate, mono=mono)
    first = next(found, None)
    if first is None:
        raise DecodeError(f"{os.fspath(path)!r} holds no sound")
    channels = 1 if mono else first.samples.shape[0]
    with soundfile.SoundFile(to, "w", rate, channels, subtype="PCM_16", format="FLAC") as file:
        for block in itertools.chain((first,), found):
            file.write(np.clip(np.atleast_2d(block.samples), -1.0, 1.0 - 2.0**-15).T)
