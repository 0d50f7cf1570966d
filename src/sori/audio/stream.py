"""Whole files, segments and streams of blocks: `load` is the concatenation of `blocks`."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import numpy as np

from sori.audio.decode import MAX_SAMPLE_RATE, Decoding
from sori.audio.types import Audio, Info, Samples
from sori.errors import ParameterError

__all__ = ["BLOCK_FRAMES", "blocks", "info", "load"]

BLOCK_FRAMES = 1 << 18


def info(path: str | os.PathLike[str]) -> Info:
    """Describe a file without decoding it."""
    with Decoding(path, block_frames=BLOCK_FRAMES) as decoding:
        reader = decoding.reader
        assert reader is not None
        return Info(
            path=decoding.path,
            container=decoding.container,
            codec=reader.codec,
            sample_rate=decoding.sample_rate,
            channels=decoding.channels,
            duration_s=reader.duration_s,
            n_frames=reader.n_frames,
            bit_rate_bps=reader.bit_rate_bps,
        )


def _convert(source: Iterator[Samples], channels: int, rate: int, sample_rate: int | None, mono: bool) -> Iterator[Samples]:
    """Mix, then resample, block by block; blocks without samples are left out."""
    if mono:
        source = (block.mean(axis=0, dtype=np.float32) if channels > 1 else block[0] for block in source)
    if sample_rate is None or sample_rate == rate:
        yield from source
        return
    import soxr

    width = 1 if mono else channels
    resampler = soxr.ResampleStream(rate, sample_rate, width, dtype="float32", quality="HQ")
    for block in source:
        out = resampler.resample_chunk(np.ascontiguousarray(block.T))
        if len(out):
            yield out.T
    shape = (0,) if mono else (0, width)
    out = resampler.resample_chunk(np.zeros(shape, np.float32), last=True)
    if len(out):
        yield out.T


def _check_rate(sample_rate: int | None) -> None:
    if sample_rate is not None and not (isinstance(sample_rate, (int, np.integer)) and 0 < sample_rate <= MAX_SAMPLE_RATE):
        raise ParameterError(f"sample_rate is {sample_rate!r}; give whole hertz from 1 to {MAX_SAMPLE_RATE}, or None for the file's own")


def blocks(
    path: str | os.PathLike[str], *, block_frames: int = BLOCK_FRAMES, sample_rate: int | None = None, mono: bool = False
) -> Iterator[Audio]:
    """Decode a file block by block, in constant memory."""
    _check_rate(sample_rate)
    if block_frames < 1:
        raise ParameterError(f"block_frames is {block_frames!r}; give a whole number of frames from 1")
    with Decoding(path, block_frames=block_frames) as decoding:
        rate = decoding.sample_rate
        for block in _convert(decoding.blocks(), decoding.channels, rate, sample_rate, mono):
            yield Audio(block, sample_rate or rate)


def load(
    path: str | os.PathLike[str],
    *,
    start_s: float = 0.0,
    duration_s: float | None = None,
    sample_rate: int | None = None,
    mono: bool = False,
) -> Audio:
    """Decode a file, or a segment of it."""
    _check_rate(sample_rate)
    if not (math.isfinite(start_s) and start_s >= 0) or not (duration_s is None or (math.isfinite(duration_s) and duration_s >= 0)):
        raise ParameterError(f"start_s is {start_s!r}, duration_s {duration_s!r}; give seconds from 0 on")
    with Decoding(path, block_frames=BLOCK_FRAMES) as decoding:
        rate = decoding.sample_rate
        start = round(start_s * rate)
        stop = None if duration_s is None else start + round(duration_s * rate)
        parts = list(_convert(decoding.blocks(start, stop), decoding.channels, rate, sample_rate, mono))
        if not parts:
            parts = [np.zeros((0,) if mono else (decoding.channels, 0), np.float32)]
        return Audio(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1), sample_rate or rate)
