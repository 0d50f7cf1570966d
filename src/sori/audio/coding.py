"""Samples through a lossy codec and back, in memory."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import ArrayLike

from sori.audio.types import Samples
from sori.audio.write import lossy_bytes, lossy_rates

__all__ = ["coded_rates", "through_codec"]

_CONTAINERS = {"mp3": "mp3", "opus": "ogg", "aac": "mp4"}
_BLOCK = 1 << 18


def coded_rates(codec: str) -> tuple[int, ...]:
    """Return the sample rates that one of `sori.audio.write.LOSSY` takes and gives back, hertz."""
    return (48_000,) if codec == "opus" else lossy_rates(codec)  # Opus comes out at that whatever went in


def through_codec(samples: ArrayLike, *, sample_rate: int, codec: str, bit_rate_bps: int) -> Samples:
    """Return what is left of samples after a codec: as long as they were, nothing delayed.

    Parameters
    ----------
    samples : array ``(channels, time)`` or ``(time,)``, floating point
    sample_rate : hertz, one of `coded_rates`
    codec : one of `sori.audio.write.LOSSY`
    bit_rate_bps : for all channels together; the codec takes the nearest that it has

    Returns
    -------
    float32 array in the shape of ``samples``

    Raises
    ------
    ParameterError
        A codec that there is not, and a rate or a number of channels that it does not store.
    """
    from sori.audio.ffmpeg import Reader

    given = np.asarray(samples)
    data = lossy_bytes(given, sample_rate=sample_rate, codec=codec, bit_rate_bps=bit_rate_bps)
    reader = Reader(io.BytesIO(data), _CONTAINERS[codec], 0)
    try:
        parts = list(reader.chunks(0, None, _BLOCK))
    finally:
        reader.close()
    found = np.concatenate(parts, axis=-1) if parts else np.zeros((1, 0), np.float32)
    out: Samples = np.zeros((found.shape[0], given.shape[-1]), np.float32)
    many = min(found.shape[-1], given.shape[-1])
    out[:, :many] = found[:, :many]
    return out.reshape(given.shape)
