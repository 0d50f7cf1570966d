"""Orders and crops from (seed, epoch, clip id): the same on every machine, in every process, at any point.

Nothing is drawn one after another from a generator. Each clip has a hash of its id, each epoch one of seed
and number; mixed, they give a number in [0, 1) that looks random. So an epoch is a few array operations for
all clips at once, and to go on in the middle of one nothing needs to be drawn again.

The mixing is the finaliser of SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["crop_starts", "draws", "hashes", "order"]

Hashes = NDArray[np.uint64]


def hashes(names: Iterable[str]) -> Hashes:
    """Return a 64-bit hash of each name."""
    digests = (_hash(name.encode("utf-8", "surrogateescape")) for name in names)
    return np.fromiter(digests, np.uint64)


def draws(clips: Hashes, *, seed: int, epoch: int, purpose: str) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each clip, evenly spread, and another for each seed, epoch and purpose.

    >>> clips = hashes(["dog-1", "dog-2"])
    >>> draws(clips, seed=0, epoch=3, purpose="crop").round(3).tolist()
    [0.838, 0.195]
    """
    salt = np.uint64(_hash(f"{seed} {epoch} {purpose}".encode()))
    z = _mixed(_mixed(clips) ^ salt)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mixed(z: Hashes) -> Hashes:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = z ^ (z >> np.uint64(31))
    return mixed


def order(clips: Hashes, *, seed: int, epoch: int) -> NDArray[np.intp]:
    """Return the rows of the clips in the order of an epoch."""
    rows: NDArray[np.intp] = np.argsort(draws(clips, seed=seed, epoch=epoch, purpose="order"), kind="stable")
    return rows


def crop_starts(
    clips: Hashes, *, n_frames: NDArray[np.int64], crop_frames: int, seed: int, epoch: int
) -> NDArray[np.int64]:
    """Return where the crop of each clip begins in an epoch; 0 for clips no longer than the crop."""
    room = np.maximum(n_frames - crop_frames, 0) + 1
    drawn = draws(clips, seed=seed, epoch=epoch, purpose="crop")
    starts: NDArray[np.int64] = np.minimum((drawn * room).astype(np.int64), room - 1)
    return starts


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
