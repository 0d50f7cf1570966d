"""Cut a signal into overlapping frames, put frames together again, lengthen and shorten."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sori.arrays.kinds import Array, filled, is_numpy, is_torch, like, may_look, namespace
from sori.errors import ParameterError

__all__ = [
    "PAD_MODES",
    "check_counts",
    "check_numbers",
    "fix_length",
    "frame",
    "frame_count",
    "overlap_add",
    "pad",
]

_NUMBERS = (int, float, np.integer, np.floating)
PAD_MODES = ("constant", "reflect", "edge", "wrap")


def check_counts(**counts: Any) -> None:
    """Raise `ParameterError` for the first named count that is no positive whole number."""
    for name, value in counts.items():
        try:
            whole = operator.index(value)
        except TypeError:
            raise ParameterError(f"{name}={value!r}: want a whole number of at least 1") from None
        if whole < 1 or isinstance(value, bool):
            raise ParameterError(f"{name}={value}: want at least 1")


def check_numbers(**numbers: Any) -> None:
    """Raise `ParameterError` for the first named value that is no finite real number."""
    for name, value in numbers.items():
        # The difference is 0 unless it is infinite or not a number; so said, a compiler can follow it.
        if not isinstance(value, _NUMBERS) or value - value != 0:
            raise ParameterError(f"{name}={value!r}: want a finite number")


def pad(x: Array, before: int, after: int, *, mode: str = "constant") -> Array:
    """Lengthen the last axis: with zeros, mirrored (without repeating the edge), the edge value, or wrapped.

    Mirrors fold as often as needed, so a signal may be shorter than its padding; of an empty signal only
    ``"constant"`` can be made.
    """
    if mode not in PAD_MODES:
        raise ParameterError(f"pad_mode={mode!r}: want one of {', '.join(PAD_MODES)}")
    if before == 0 and after == 0:
        return x
    xp = namespace(x)
    n = x.shape[-1]
    if mode == "constant":
        head, tail = (filled((*x.shape[:-1], many), 0.0, x) for many in (before, after))
        return xp.concat([head, x, tail], axis=-1)
    if n == 0:
        raise ParameterError(f"an empty signal cannot be padded by {mode!r}: use pad_mode='constant'")
    if mode == "edge":
        head = xp.broadcast_to(x[..., :1], (*x.shape[:-1], before))
        tail = xp.broadcast_to(x[..., n - 1 :], (*x.shape[:-1], after))
    elif mode == "reflect" and max(before, after) < n:
        head = xp.flip(x[..., 1 : before + 1], axis=-1)
        tail = xp.flip(x[..., n - 1 - after : n - 1], axis=-1)
    elif mode == "wrap" and max(before, after) <= n:
        head, tail = x[..., n - before :], x[..., :after]
    else:  # a signal shorter than its padding is folded again and again
        at = np.arange(-before, n + after)
        back = max(1, 2 * (n - 1))
        at = at % n if mode == "wrap" else n - 1 - np.abs((at % back) - (n - 1))
        head, tail = (xp.take(x, like(part, x), axis=-1) for part in (at[:before], at[before + n :]))
    return xp.concat([head, x, tail], axis=-1)


def fix_length(x: Array, length: int) -> Array:
    """Cut the last axis, or lengthen it with zeros, to ``length``."""
    # A compiler keeps some lengths open: they are not looked at.
    if not hasattr(length, "__index__") or length < 0:
        raise ParameterError(f"length={length!r}: want a whole number of at least 0")
    return x[..., :length] if x.shape[-1] >= length else pad(x, 0, length - x.shape[-1])


def frame_count(n: int, *, frame_length: int, hop_length: int) -> int:
    """Return how many whole frames fit in ``n`` samples."""
    return max(0, (n - frame_length) // hop_length + 1)


def frame(x: Array, *, frame_length: int, hop_length: int) -> Array:
    """Return the overlapping frames ``(..., frames, frame_length)`` of ``x`` ``(..., time)``.

    NumPy and PyTorch give a view: do not write to it. A signal shorter than a frame gives no frames.
    """
    check_counts(frame_length=frame_length, hop_length=hop_length)
    count = frame_count(x.shape[-1], frame_length=frame_length, hop_length=hop_length)
    if is_numpy(x):
        shape = (*x.shape[:-1], count, frame_length)
        strides = (*x.strides[:-1], x.strides[-1] * hop_length, x.strides[-1])
        return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)
    if is_torch(x) and count:
        return x.unfold(-1, frame_length, hop_length)
    xp = namespace(x)
    # A frame is a few whole hops and a rest: rows of hops are shifted views, which beats gathering samples.
    if count and frame_length % hop_length == 0:
        rows = count + frame_length // hop_length - 1
        hops = xp.reshape(x[..., : rows * hop_length], (*x.shape[:-1], rows, hop_length))
        parts = [hops[..., k : k + count, :] for k in range(frame_length // hop_length)]
        return xp.concat(parts, axis=-1)
    at = hop_length * np.arange(count)[:, None] + np.arange(frame_length)
    return xp.reshape(xp.take(x, like(at.reshape(-1), x), axis=-1), (*x.shape[:-1], count, frame_length))


def overlap_add(frames: Array, *, hop_length: int) -> Array:
    """Add overlapping frames ``(..., frames, frame_length)`` up to a signal ``(..., time)``.

    The length is ``(frames - 1) * hop_length + frame_length``: frame ``t`` starts at ``t * hop_length``.
    """
    check_counts(hop_length=hop_length)
    xp = namespace(frames)
    *leading, count, length = frames.shape
    if count == 0:
        return xp.reshape(frames, (*leading, 0))
    pieces = -(-length // hop_length)
    frames = pad(frames, 0, pieces * hop_length - length)
    total = (count + pieces - 1) * hop_length
    # Piece k of every frame lies k hops later, and the pieces k do not overlap: together one long signal.
    kept = (count - 1) * hop_length + length
    if is_numpy(frames) or (is_torch(frames) and may_look(frames)):
        # Adding in place touches new memory once, and new memory is what this costs.
        rows = filled((*leading, count + pieces - 1, hop_length), 0.0, frames)
        for k in range(pieces):
            rows[..., k : k + count, :] += frames[..., k * hop_length : (k + 1) * hop_length]
        return rows.reshape(*leading, total)[..., :kept]
    whole = None
    for k in range(pieces):
        row = xp.reshape(frames[..., k * hop_length : (k + 1) * hop_length], (*leading, count * hop_length))
        row = pad(row, k * hop_length, (pieces - 1 - k) * hop_length)
        whole = row if whole is None else whole + row
    assert whole is not None  # pieces is at least 1
    return whole[..., :kept]
