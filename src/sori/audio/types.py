"""What reading a file gives: samples, a description, tags."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.errors import DecodeError

__all__ = ["AUDIO_EXTENSIONS", "Audio", "Info", "RefusedError", "Samples", "Tags"]

Samples = NDArray[np.float32]

AUDIO_EXTENSIONS = frozenset(  # a list to be read, so a text to be split
    """aac ac3 aif aifc aiff alac amr ape au caf dff dsf dts eac3 flac gsm m4a m4b m4r mka mlp mp1 mp2 mp3
    mpc mpga oga ogg oma opus ra rf64 shn snd spx tak tta voc w64 wav wave wma wv xhe""".split()  # noqa: SIM905
)
"""File name extensions that are looked for in folders; a file named one by one may have any."""


class Audio(NamedTuple):
    """Samples and their rate, so that ``y, sr = load(path)`` works.

    ``samples`` is float32, ``(channels, time)``, full scale at ±1; one-dimensional ``(time,)`` only where
    ``mono=True`` was asked. It may be a transposed view of an interleaved buffer: every NumPy operation
    works on it, and ``np.ascontiguousarray`` gives channel-contiguous memory to code that needs it.
    """

    samples: Samples
    sample_rate: int


class RefusedError(DecodeError):
    """What lies in the file itself is not to be read, whichever decoder is asked: no other one is."""


@dataclasses.dataclass(frozen=True)
class Info:
    """What a file declares about its first audio stream, read without decoding it.

    ``duration_s`` and ``n_frames`` are the container's word, hence estimates: only decoding tells the true
    length. ``None`` where the file does not say.
    """

    path: str
    container: str
    codec: str
    sample_rate: int
    channels: int
    duration_s: float | None
    n_frames: int | None
    bit_rate_bps: int | None


@dataclasses.dataclass(frozen=True)
class Tags:
    """The descriptive tags that Sori uses; ``None`` where a file has none or they cannot be read."""

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    genre: str | None = None
    year: int | None = None
    track: int | None = None
