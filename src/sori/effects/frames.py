"""How long the frames are in which a sound is taken apart."""

from __future__ import annotations

__all__ = ["frame_length"]


def frame_length(sample_rate: float, *, duration_s: float = 0.046) -> int:
    """Return the power of two that is nearest to a duration in samples, at least 64.

    >>> frame_length(44100), frame_length(16000)
    (2048, 512)
    """
    wanted = duration_s * sample_rate
    length = 64
    while length * 1.5 < wanted:
        length *= 2
    return length
