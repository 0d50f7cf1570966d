"""Samples without a header, as some corpora of speech come: 16-bit integers, little-endian, one channel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from sori.audio.types import Audio
from sori.datasets.manifest import Clip
from sori.errors import DecodeError

__all__ = ["RAW", "raw_audio"]

RAW = "raw_hz"
"""In ``extra`` of a clip: its file has no header, and this many samples a second."""


def raw_audio(clip: Clip, place: str | os.PathLike[str]) -> Audio | None:
    """Return the samples of a clip whose file has no header, ``(1, time)``; None for all other clips.

    Raises
    ------
    DecodeError
        An odd number of bytes: these are not 16-bit samples.
    """
    if RAW not in clip.extra:
        return None
    data = Path(place).read_bytes()
    if len(data) % 2:
        raise DecodeError(f"{place} has {len(data)} bytes, an odd number; want 16-bit samples")
    rate = int(clip.extra[RAW])
    first, last = round(clip.start_s * rate), None if clip.end_s is None else round(clip.end_s * rate)
    samples = np.frombuffer(data, "<i2")[None, first:last].astype(np.float32) / np.float32(32768.0)
    return Audio(samples, rate)
