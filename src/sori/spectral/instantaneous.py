"""What frequency sounds in a bin, from its phase: `instantaneous_frequency`, and `unwrap`.

The phase of a bin turns by ``2π f hop / sample_rate`` from one frame to the next, so its differences tell the
frequency ``f`` of what sounds there, far finer than the bins are apart.

Source: Flanagan & Golden, "Phase vocoder", Bell System Technical Journal 45(9), 1966.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, real, spectrogram
from sori.arrays.algebra import move_axis
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.turns import turns, wrapped

__all__ = ["instantaneous_frequency", "unwrap"]


def unwrap(angle: Array, *, axis: int = -1, period: float = 2 * math.pi) -> Array:
    """Return angles with multiples of ``period`` added, so that no step is larger than half of it.

    Parameters
    ----------
    angle : real
        In radians, or whatever ``period`` is in.
    axis : int
        Along which the angles follow each other.
    period : float
        What makes no difference.

    Returns
    -------
    As ``angle``

    Examples
    --------
    >>> import numpy as np
    >>> unwrap(np.array([0.0, 3.0, -3.0, 0.0])).round(2).tolist()
    [0.0, 3.0, 3.28, 6.28]
    """
    xp, angle = real(angle, name="angle")
    angle = move_axis(angle, axis, -1)
    if angle.shape[-1] > 1:
        step = (angle[..., 1:] - angle[..., :-1]) / period
        # Whole numbers add up exactly, where the steps themselves would gather rounding errors.
        added = xp.cumulative_sum(-xp.round(step), axis=-1)
        angle = xp.concat([angle[..., :1], angle[..., 1:] + period * added], axis=-1)
    return move_axis(angle, -1, axis)


def instantaneous_frequency(
    S: Array, *, sample_rate: float, hop_length: int | None = None, n_fft: int | None = None
) -> Array:
    """Return the frequency that sounds in each bin, from how far its phase has turned since the frame before.

    Parameters
    ----------
    S : (..., n_fft // 2 + 1, frames) complex
        As from `sori.spectral.stft.stft`.
    sample_rate : float
        Hz.
    hop_length : int, optional
        As given to the transform; ``n_fft // 4`` if not given. The frequency is known up to multiples of
        ``sample_rate / hop_length``; the one nearest to the bin is taken, which is right where that is
        wider than the window's main lobe: a hop of at most a quarter of a Hann window.
    n_fft : int, optional
        Needed only when it is odd.

    Returns
    -------
    (..., n_fft // 2 + 1, frames) real, Hz
        The first frame, which has none before it, has the value of the second. Where nothing sounds the
        value means nothing: weigh it by the magnitude.

    Raises
    ------
    ParameterError
        For real ``S`` or a sample rate that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.spectral.stft import stft
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> hz = instantaneous_frequency(stft(tone), sample_rate=22050)
    >>> round(float(hz[41, 20]), 2)  # the bin's centre is 441.43 Hz
    440.0
    """
    xp, S = spectrogram(S, complex_valued=True)
    n_fft = 2 * (S.shape[-2] - 1) if n_fft is None else n_fft
    check_counts(n_fft=n_fft)
    hop_length = n_fft // 4 if hop_length is None else hop_length
    check_counts(hop_length=hop_length)
    if n_fft // 2 + 1 != S.shape[-2]:
        raise ParameterError(f"S has {S.shape[-2]} frequencies, want {n_fft // 2 + 1} for n_fft={n_fft}")
    check_numbers(sample_rate=sample_rate)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    if S.shape[-1] < 2:
        raise ParameterError(f"S has {S.shape[-1]} frames, want at least 2: a frequency is a difference")
    angle = turns(S)
    step = angle[..., 1:] - angle[..., :-1]
    expected = constant(_turns_a_hop, like=step, n_fft=n_fft, hop_length=hop_length)
    # The bin's own turns are left out before whole turns are: what is left is how far off the bin it is.
    off = wrapped(step - expected)
    centre = constant(_bin_hz, like=step, n_fft=n_fft, sample_rate=sample_rate)
    hz = centre + off * (sample_rate / hop_length)
    return xp.concat([hz[..., :1], hz], axis=-1)


def _turns_a_hop(*, n_fft: int, hop_length: int) -> NDArray[np.float64]:
    return np.asarray(np.arange(n_fft // 2 + 1) * hop_length % n_fft / n_fft, np.float64)[:, None]


def _bin_hz(*, n_fft: int, sample_rate: float) -> NDArray[np.float64]:
    return np.asarray(np.arange(n_fft // 2 + 1) * (sample_rate / n_fft), np.float64)[:, None]
