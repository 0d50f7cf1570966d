"""Transforms of signals that never exist as a whole: `in_blocks`, and back again `signal_blocks`.

A frame is a matter of its own samples alone, so a transform can be given a stretch of the signal at a time,
as long as each stretch starts where the next frame does and the samples that two stretches share are kept.
Recursive filters carry their state themselves: see `sori.signal.filtering.filter_block`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sori.arrays import (
    Array,
    filled,
    fix_length,
    frame_count,
    irfft,
    namespace,
    overlap_add,
    pad,
    real,
    spectrogram,
)
from sori.arrays.framing import check_counts
from sori.errors import ParameterError
from sori.spectral.overlap import weights
from sori.spectral.windows import Window, frame_window

__all__ = ["in_blocks", "signal_blocks"]

_PADDINGS = ("constant", "edge", "reflect")


def in_blocks(
    transform: Callable[[Array], Array],
    blocks: Iterable[Any],
    *,
    n_fft: int,
    hop_length: int,
    center: bool = True,
    pad_mode: str = "constant",
) -> Iterator[Array]:
    """Yield the columns of a transform of a signal that comes block by block, in constant memory.

    Joined along time they are what the transform gives of the whole signal.

    Parameters
    ----------
    transform : callable
        Takes ``(..., time)`` and returns ``(..., frames)``, one column for every frame of ``n_fft`` samples
        at multiples of ``hop_length``: any transform of this package **with** ``center=False``, options
        bound. What looks at the whole cannot be had from blocks: ``ref="max"``, ``top_db``. What looks a
        known number of hops to each side can, deltas or constant-Q (half of its longest kernel): of
        ``lambda x: cqt(x, sample_rate=22050)[..., 12:-12]`` the frames are ``n_fft=24 * hop_length`` long.
    blocks : iterable of (..., time) real
        Of any lengths, all of one array library; or what `sori.blocks` yields.
    n_fft, hop_length : int
        Samples in a frame and from one to the next, as the transform has them.
    center, pad_mode
        What the transform of the whole signal is given: ``"constant"``, ``"reflect"`` or ``"edge"``.

    Yields
    ------
    (..., frames)
        At least one frame each.

    Raises
    ------
    ParameterError
        When the transform gives another number of frames than fit, blocks do not go together, the padding
        needs the whole signal (``"wrap"``), or a signal without ``center`` is shorter than a frame.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.spectral.mel import mel_spectrogram
    >>> def mel(x):
    ...     return mel_spectrogram(x, sample_rate=22050, n_fft=1024, hop_length=256, center=False)
    >>> halves = np.split(np.zeros(22050), 2)
    >>> sum(part.shape[-1] for part in in_blocks(mel, halves, n_fft=1024, hop_length=256))
    87
    """
    check_counts(n_fft=n_fft, hop_length=hop_length)
    if pad_mode not in _PADDINGS:
        raise ParameterError(
            f"pad_mode={pad_mode!r}: want one of {', '.join(_PADDINGS)}, made of what is near"
        )
    return _columns(transform, blocks, n_fft, hop_length, pad_mode if center else None)


def signal_blocks(
    columns: Iterable[Array],
    *,
    n_fft: int,
    hop_length: int,
    win_length: int | None = None,
    window: Window = "hann",
    center: bool = True,
    length: int | None = None,
) -> Iterator[Array]:
    """Yield the signal of a complex spectrogram that comes in groups of columns, in constant memory.

    Joined along time the blocks are what `sori.spectral.stft.istft` gives of all columns.

    Parameters
    ----------
    columns : iterable of (..., n_fft // 2 + 1, frames) complex
        Any numbers of frames, as from `in_blocks`.
    n_fft, hop_length, win_length, window, center, length
        See `sori.spectral.stft.istft`.

    Yields
    ------
    (..., time) real

    Raises
    ------
    ParameterError
        As `sori.spectral.stft.istft`.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.spectral.stft import stft
    >>> x = np.sin(np.arange(1000))
    >>> halves = np.split(stft(x, n_fft=256, hop_length=64), [5], axis=-1)
    >>> back = np.concatenate(list(signal_blocks(halves, n_fft=256, hop_length=64, length=1000)))
    >>> bool(abs(back - x).max() < 1e-12)
    True
    """
    check_counts(n_fft=n_fft, hop_length=hop_length)
    win_length = n_fft if win_length is None else win_length
    check_counts(win_length=win_length)
    whole = _added_up(columns, n_fft, hop_length, win_length, window)
    before = n_fft // 2 if center else 0
    behind = 0 if length is not None or not center else before
    return _cut(whole, before, behind, length)


class _Waiting:
    """Samples that have come and are still needed; ``first`` is where among them the next frame starts."""

    def __init__(self) -> None:
        self._parts: list[Array] = []
        self._first = 0
        self.n = 0

    def add(self, part: Array) -> None:
        if self._parts and part.shape[:-1] != self._parts[0].shape[:-1]:
            raise ParameterError(
                f"a block has shape {tuple(part.shape)} after {tuple(self._parts[0].shape)}: want the same "
                f"channels in all"
            )
        self._parts.append(part)
        self.n += part.shape[-1]

    def joined(self) -> Array:
        if len(self._parts) > 1:
            self._parts = [namespace(self._parts[0]).concat(self._parts, axis=-1)]
        return self._parts[0]

    def replace(self, x: Array) -> None:
        self._parts, self.n = [x], x.shape[-1]

    def frames(self, n_fft: int, hop_length: int, *, keep: int) -> tuple[Array, int] | None:
        """Return the samples of all whole frames, and how many there are; keep the last ``keep`` samples."""
        count = frame_count(self.n - self._first, frame_length=n_fft, hop_length=hop_length)
        if count == 0:
            return None
        x = self.joined()
        found = x[..., self._first : self._first + (count - 1) * hop_length + n_fft]
        self._first += count * hop_length
        drop = max(0, min(self._first, self.n - keep))
        self.replace(x[..., drop:])
        self._first -= drop
        return found, count


def _columns(
    transform: Callable[[Array], Array],
    blocks: Iterable[Any],
    n_fft: int,
    hop_length: int,
    pad_mode: str | None,
) -> Iterator[Array]:
    half = n_fft // 2 if pad_mode else 0
    needed = {"edge": 1, "reflect": half + 1}.get(pad_mode or "", 0)
    waiting = _Waiting()
    some = begun = given = False
    for block in blocks:
        _, x = real(getattr(block, "samples", block), name="a block")
        waiting.add(x)
        some = True
        if not begun and waiting.n >= needed:
            # What stands before the signal is made of its first samples: it waits for them.
            waiting.replace(pad(waiting.joined(), half, 0, mode=pad_mode or "constant"))
            begun = True
        ready = waiting.frames(n_fft, hop_length, keep=needed) if begun else None
        if ready:
            given = True
            yield _transformed(transform, *ready)
    if not some:
        return
    if pad_mode:
        x = pad(waiting.joined(), 0 if begun else half, half, mode=pad_mode)
        waiting.replace(x if given else fix_length(x, max(n_fft, x.shape[-1])))
    elif not given:
        raise ParameterError(f"{waiting.n} samples are fewer than n_fft={n_fft}: take center=True")
    ready = waiting.frames(n_fft, hop_length, keep=0)
    if ready:
        yield _transformed(transform, *ready)


def _transformed(transform: Callable[[Array], Array], x: Array, count: int) -> Array:
    found = transform(x)
    if found.shape[-1] != count:
        raise ParameterError(
            f"the transform gives {found.shape[-1]} frames of {x.shape[-1]} samples, want {count}: give it "
            f"center=False and the same n_fft and hop_length"
        )
    return found


def _added_up(
    columns: Iterable[Array], n_fft: int, hop_length: int, win_length: int, window: Window
) -> Iterator[Array]:
    """Yield what the frames add up to, padding and all, as soon as no frame to come reaches there."""
    pieces = -(-n_fft // hop_length)
    done = 0  # frames
    carry: Array = None  # the sums that frames to come will be added to, pieces - 1 hops
    for S in columns:
        xp, S = spectrogram(S, complex_valued=True)
        if S.shape[-2] != n_fft // 2 + 1:
            raise ParameterError(f"S has {S.shape[-2]} frequencies, want {n_fft // 2 + 1} for n_fft={n_fft}")
        count = S.shape[-1]
        if count == 0:
            continue
        same = xp.real(S[..., :1, :1])
        shape = frame_window(window, win_length=win_length, n_fft=n_fft, like_array=same)
        x = overlap_add(irfft(xp.matrix_transpose(S), n=n_fft) * shape, hop_length=hop_length)
        x = pad(x, 0, (count + pieces - 1) * hop_length - x.shape[-1])
        if carry is not None:
            reach = carry.shape[-1]
            x = xp.concat([x[..., :reach] + carry, x[..., reach:]], axis=-1)
        scale = _steady(done, count, n_fft, hop_length, win_length, window, same)
        yield x[..., : count * hop_length] * xp.reshape(scale, (-1,))
        carry = x[..., count * hop_length :]
        done += count
    if carry is not None and pieces > 1:
        few = min(done, pieces)  # with as many frames as pieces the end looks like that of any number
        scale = weights(
            few, n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window, like_array=carry
        )
        tail = carry * namespace(carry).reshape(scale[few:, :], (-1,))
        yield tail[..., : n_fft - hop_length]


def _steady(
    begin: int, count: int, n_fft: int, hop_length: int, win_length: int, window: Window, same: Array
) -> Array:
    """Return the weights of ``count`` rows of a hop from ``begin`` on, which no frame to come reaches."""
    xp = namespace(same)
    pieces = -(-n_fft // hop_length)
    rows = weights(
        pieces, n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window, like_array=same
    )
    head = rows[begin : min(begin + count, pieces - 1), :]  # empty once all pieces of a window overlap
    steady = rows[pieces - 1 : pieces, :]
    return xp.concat([head, xp.broadcast_to(steady, (count - head.shape[0], hop_length))], axis=0)


def _cut(parts: Iterable[Array], before: int, behind: int, length: int | None) -> Iterator[Array]:
    """Yield the parts without the first ``before`` and the last ``behind`` samples, ``length`` in all."""
    held: Array = None
    for part in parts:
        skipped = min(before, part.shape[-1])
        part, before = part[..., skipped:], before - skipped
        held = part if held is None else namespace(part).concat([held, part], axis=-1)
        ready = max(0, held.shape[-1] - behind)
        if length is not None:
            ready = min(ready, length)
            length -= ready
        if ready:
            yield held[..., :ready]
        held = held[..., ready:]
    if length and held is not None:
        yield filled((*held.shape[:-1], length), 0.0, held)
