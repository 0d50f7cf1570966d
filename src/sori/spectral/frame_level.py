"""How loud and how noisy each frame is: `rms`, `rms_from_spectrogram`, `zero_crossing_rate`.

Frames are cut from the signal without a window. With ``center`` frame ``t`` is centred on sample
``t * hop_length``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import (
    Array,
    at_least,
    constant,
    frame,
    is_numpy,
    namespace,
    pad,
    product,
    spectrogram,
    tiny,
    waveform,
)
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError

__all__ = ["rms", "rms_from_spectrogram", "zero_crossing_rate"]


def rms(
    x: Array,
    *,
    frame_length: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: str = "constant",
) -> Array:
    """Return the root of the mean square of each frame.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    frame_length, hop_length : int
        Samples in a frame, and from one frame to the next.
    center, pad_mode
        See `sori.spectral.stft.Framing`.

    Returns
    -------
    (..., frames) real
        In the unit of ``x``; a full-scale sine has 0.707. The gradient at silence is 0.

    Raises
    ------
    ParameterError
        For lengths that are not positive, and a signal shorter than a frame with ``center=False``.

    Examples
    --------
    >>> import numpy as np
    >>> rms(np.ones(4096), frame_length=1024, hop_length=1024, center=False).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    _, x = _padded(x, frame_length, hop_length, center, pad_mode)
    return _root(_sums(x * x, frame_length, hop_length) / frame_length)


def rms_from_spectrogram(S: Array, *, n_fft: int | None = None, window_power: float = 1.0) -> Array:
    """Return the root of the mean square of each frame from its spectrum (Parseval's theorem).

    The energy of a frame is that of its ``n_fft`` frequencies. Of the half that a spectrogram shows, all
    count twice but 0 and, for even ``n_fft``, half the sample rate.

    Parameters
    ----------
    S : (..., n_fft // 2 + 1, time) real
        Magnitudes.
    n_fft : int, optional
        Needed only when it is odd; ``2 * (frequencies - 1)`` if not given.
    window_power : float
        Mean square of the window over the ``n_fft`` samples, which is taken out again: 1 for a rectangular
        window as long as the transform, 3/8 for Hann's.

    Returns
    -------
    (..., frames) real

    Raises
    ------
    ParameterError
        When ``n_fft`` does not have as many frequencies, and for ``window_power`` not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.spectral.stft import stft
    >>> S = abs(stft(np.ones(4096), n_fft=1024, window="boxcar", center=False))
    >>> rms_from_spectrogram(S).round(9).tolist()[:2]
    [1.0, 1.0]
    """
    _, S = spectrogram(S)
    n_fft = max(1, 2 * (S.shape[-2] - 1)) if n_fft is None else n_fft
    check_counts(n_fft=n_fft)
    if n_fft // 2 + 1 != S.shape[-2]:
        raise ParameterError(f"S has {S.shape[-2]} frequencies, want {n_fft // 2 + 1} for n_fft={n_fft}")
    check_numbers(window_power=window_power)
    if not window_power > 0:
        raise ParameterError(f"window_power={window_power}: want the mean square of the window, above 0")
    weights = constant(_parseval, like=S, n_fft=n_fft)
    return _root(product(weights, S * S)[..., 0, :]) / (n_fft * window_power**0.5)


def zero_crossing_rate(
    x: Array,
    *,
    frame_length: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: str = "edge",
    threshold: float = 1e-10,
) -> Array:
    """Return how often each frame changes its sign, per sample.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    frame_length, hop_length, center, pad_mode
        As for `rms`.
    threshold : float
        Samples no further than this from 0 are 0, which counts as positive.

    Returns
    -------
    (..., frames) real, 0 to 1
        Times the sample rate and halved it is the frequency of a sine. A count has no gradient: it is 0.

    Raises
    ------
    ParameterError
        As `rms`, and for a negative threshold.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.tile([1.0, -1.0], 1024)
    >>> zero_crossing_rate(x, frame_length=1024, hop_length=1024, center=False).round(3).tolist()
    [0.999, 0.999]
    """
    check_numbers(threshold=threshold)
    if threshold < 0:
        raise ParameterError(f"threshold={threshold}: want at least 0")
    xp, x = _padded(x, frame_length, hop_length, center, pad_mode)
    # A sample of -threshold itself is 0.
    negative = x < -threshold
    crossed = xp.astype(negative[..., 1:] != negative[..., :-1], x.dtype)
    # The first sample of a frame has none before it: a frame holds one crossing fewer than samples.
    if frame_length == 1:
        return 0.0 * _sums(x, 1, hop_length)
    return _sums(crossed, frame_length - 1, hop_length) / frame_length


def _padded(x: Array, frame_length: int, hop_length: int, center: bool, pad_mode: str) -> tuple[Any, Array]:
    """Return a signal with what stands before and after it."""
    xp, x = waveform(x, squared=True)
    check_counts(frame_length=frame_length, hop_length=hop_length)
    if center:
        x = pad(x, frame_length // 2, frame_length // 2, mode=pad_mode)
        missing = frame_length - x.shape[-1]
        x = pad(x, 0, missing) if missing > 0 else x
    elif x.shape[-1] < frame_length:
        raise ParameterError(
            f"{x.shape[-1]} samples are fewer than frame_length={frame_length}: "
            f"take center=True or a shorter frame"
        )
    return xp, x


def _sums(x: Array, length: int, hop_length: int) -> Array:
    """Return the sums of overlapping frames ``(..., frames)``.

    Whole hops are summed once; what a frame has beyond them is the beginning of its last hop.
    """
    xp = namespace(x)
    frames = (x.shape[-1] - length) // hop_length + 1
    whole, rest = divmod(length, hop_length)
    if whole == 0:
        return xp.sum(frame(x, frame_length=length, hop_length=hop_length), axis=-1)
    hops = frames + whole - 1
    used = xp.reshape(x[..., : hops * hop_length], (*x.shape[:-1], hops, hop_length))
    if is_numpy(x):  # a product sums six times as fast
        each = used @ np.ones(hop_length, x.dtype)
    else:
        each = xp.sum(used, axis=-1)
    total = each[..., :frames]
    for k in range(1, whole):
        total = total + each[..., k : k + frames]
    if rest:
        tail = frame(x[..., whole * hop_length :], frame_length=rest, hop_length=hop_length)
        total = total + xp.sum(tail[..., :frames, :], axis=-1)
    return total


def _root(square: Array) -> Array:
    """Return the square root, with a gradient of 0 where the square is (all but) 0."""
    xp = namespace(square)
    floor = tiny(square)
    return xp.where(square > floor, xp.sqrt(at_least(square, floor)), xp.zeros_like(square))


def _parseval(*, n_fft: int) -> NDArray[np.float64]:
    """Return how often each frequency of half a spectrum occurs in the whole one, as a row."""
    weights = np.full((1, n_fft // 2 + 1), 2.0)
    weights[0, 0] = 1.0
    if n_fft % 2 == 0:
        weights[0, -1] = 1.0
    return weights
