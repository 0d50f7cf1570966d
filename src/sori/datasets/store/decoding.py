"""What a worker process does for a store: decode one clip into a shard, at the place it is told."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

import numpy as np

from sori.audio import blocks, load
from sori.audio.types import Audio
from sori.datasets.manifest import Clip
from sori.datasets.raw import raw_audio
from sori.datasets.store.index import Entry, Parameters
from sori.datasets.store.shards import Integers, write_clip
from sori.errors import DecodeError
from sori.signal.quantization import to_integer
from sori.signal.resampling import resample

__all__ = ["Failed", "Job", "pack"]


@dataclasses.dataclass(frozen=True)
class Job:
    """A clip, where its file is, the data set it is of, and where it goes."""

    clip: Clip
    place: str
    dataset: str
    shard_path: str
    offset: int
    shard: int
    parameters: Parameters


@dataclasses.dataclass(frozen=True)
class Failed:
    """Why a clip is not in the shard."""

    kind: str
    reason: str


class _Clipping:
    """Counts the samples that 16 bits cannot hold; they become the outermost integers."""

    count = 0

    def integers(self, samples: np.ndarray) -> Integers:
        self.count += int(np.count_nonzero(np.abs(samples) > 1.0))
        integers: Integers = to_integer(np.atleast_2d(samples), bits=16, over="saturate")
        return integers


def pack(job: Job) -> Entry | Failed:
    """Decode a clip to the end of what its shard holds; anything beyond that place is cut off first."""
    try:
        before = os.stat(job.place)
        entry = _packed(job, before)
        after = os.stat(job.place)
    except (DecodeError, OSError) as error:
        return Failed("decode", str(error))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Failed("decode", f"{job.place} was written to while it was read; prepare again")
    return entry


def _packed(job: Job, status: os.stat_result) -> Entry:
    clip, clipping = job.clip, _Clipping()
    source = _blocks(job)
    first = next(source, None)
    if first is None or not first.samples.size:
        raise DecodeError(
            f"{job.place}: no samples from {clip.start_s:g} s on; look at the file and the times"
        )
    channels = len(np.atleast_2d(first.samples))

    def integers() -> Iterator[Integers]:
        yield clipping.integers(first.samples)
        for block in source:
            yield clipping.integers(block.samples)

    mode = "r+b" if os.path.exists(job.shard_path) else "w+b"
    with open(job.shard_path, mode) as shard:
        shard.seek(job.offset)
        shard.truncate()
        encoding = job.parameters.encoding
        written = write_clip(shard, integers(), encoding=encoding, sample_rate=first.sample_rate)
    return Entry(
        clip=clip,
        source=(job.dataset, status.st_size, status.st_mtime_ns),
        shard=job.shard,
        offset=job.offset,
        n_bytes=written.n_bytes,
        n_frames=written.n_frames,
        channels=channels,
        sample_rate=first.sample_rate,
        crc32=written.crc32,
        clipped=clipping.count,
    )


def _blocks(job: Job) -> Iterator[Audio]:
    """Give the clip: whole files block by block, in constant memory, stretches at once."""
    clip, rate, mono = job.clip, job.parameters.sample_rate, job.parameters.mono
    raw = raw_audio(clip, job.place)
    if raw is not None:  # one channel: nothing to mix
        samples = raw.samples
        if rate is not None and rate != raw.sample_rate:
            samples = resample(samples, orig_sr=raw.sample_rate, target_sr=rate)
        yield Audio(samples, rate or raw.sample_rate)
        return
    if clip.start_s == 0.0 and clip.end_s is None:
        yield from blocks(job.place, sample_rate=rate, mono=mono)
        return
    duration_s = None if clip.end_s is None else max(0.0, clip.end_s - clip.start_s)
    yield load(job.place, start_s=clip.start_s, duration_s=duration_s, sample_rate=rate, mono=mono)
