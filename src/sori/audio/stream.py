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

BLOCK_FRAMES = 1 << 18  # 2 MiB of stereo: near the fastest for every decoder measured


def load(
    path: str | os.PathLike[str],
    *,
    start_s: float = 0.0,
    duration_s: float | None = None,
    sample_rate: int | None = None,
    mono: bool = False,
) -> Audio:
    """Decode a file, or a segment of it, at its own rate and with its own channels unless asked otherwise.

    A segment equals the same slice of the whole decode, bit for bit. With ``sample_rate`` the segment alone
    is resampled, so its edges are those of a recording that starts and ends there.

    Parameters
    ----------
    path : an audio file of any kind, recognised by content
    start_s : seconds to leave out, rounded to a frame; past the end gives no samples
    duration_s : seconds to give, rounded to a frame; None for all that follow
    sample_rate : hertz to resample to (soxr, high quality); None keeps the file's own
    mono : mix the channels, equally, to one

    Returns
    -------
    Audio
        float32 ``(channels, time)``, or ``(time,)`` with ``mono=True``; full scale at ±1. Floating-point
        files and lossy codecs may go beyond.

    Raises
    ------
    FileNotFoundError
        Nothing is at ``path``.
    DecodeError
        No decoder can read it; the message has each one's reason.
    ParameterError
        A time or rate that makes no sense.
    """
    _check_rate(sample_rate)
    for name, value in (("start_s", start_s), ("duration_s", duration_s)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise ParameterError(f"{name} is {value!r}; give seconds from 0 on")
    with Decoding(path, block_frames=BLOCK_FRAMES) as decoding:
        rate = decoding.sample_rate
        start = round(start_s * rate)
        stop = None if duration_s is None else start + round(duration_s * rate)
        source = decoding.blocks(start, stop)
        parts = list(_convert(source, decoding.channels, rate, sample_rate=sample_rate, mono=mono))
        if not parts:
            parts = [np.zeros((0,) if mono else (decoding.channels, 0), np.float32)]
        samples = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
        return Audio(samples, int(sample_rate or rate))


def blocks(
    path: str | os.PathLike[str],
    *,
    block_frames: int = BLOCK_FRAMES,
    sample_rate: int | None = None,
    mono: bool = False,
) -> Iterator[Audio]:
    """Decode a file block by block, in constant memory.

    Joined along time the blocks equal what `load` gives with the same options, bit for bit. A block may be a
    transposed view of an interleaved buffer; each has memory of its own and may be kept.

    Parameters
    ----------
    path, sample_rate, mono : as for `load`
    block_frames : frames in each block before resampling; the last has what is left

    Yields
    ------
    Audio
        As `load` gives, at least one frame each. An empty file gives no block.

    Raises
    ------
    FileNotFoundError, DecodeError, ParameterError
        As `load`, when the iteration reaches the cause; blocks already given are right.
    """
    _check_rate(sample_rate)
    if block_frames < 1:
        raise ParameterError(f"block_frames is {block_frames!r}; give a whole number of frames from 1")
    return _blocks(path, block_frames, sample_rate, mono)


def _blocks(
    path: str | os.PathLike[str], block_frames: int, sample_rate: int | None, mono: bool
) -> Iterator[Audio]:
    with Decoding(path, block_frames=block_frames) as decoding:
        rate = decoding.sample_rate
        for block in _convert(decoding.blocks(), decoding.channels, rate, sample_rate=sample_rate, mono=mono):
            yield Audio(block, int(sample_rate or rate))


def info(path: str | os.PathLike[str]) -> Info:
    """Describe a file by its header, without decoding it.

    Raises
    ------
    FileNotFoundError
        Nothing is at ``path``.
    DecodeError
        No decoder accepts the header.
    """
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


def _check_rate(sample_rate: int | None) -> None:
    if sample_rate is None:
        return
    if not (isinstance(sample_rate, (int, np.integer)) and 0 < sample_rate <= MAX_SAMPLE_RATE):
        raise ParameterError(
            f"sample_rate is {sample_rate!r}; give hertz from 1 to {MAX_SAMPLE_RATE}, or None for the file's"
        )


def _convert(
    source: Iterator[Samples], channels: int, rate: int, *, sample_rate: int | None, mono: bool
) -> Iterator[Samples]:
    """Mix, then resample, block by block; blocks that come out empty are left out."""
    if mono:
        source = map(_mix, source)
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
    out = resampler.resample_chunk(np.zeros((0,) if mono else (0, width), np.float32), last=True)
    if len(out):
        yield out.T


def _mix(block: Samples) -> Samples:
    """Average of the channels, summed in order so that it does not depend on the memory layout."""
    total = block[0]
    for channel in block[1:]:
        total = total + channel
    mixed: Samples = total * np.float32(1 / len(block)) if len(block) > 1 else total
    return mixed
