"""The short-time Fourier transform and its inverse: `stft`, `istft`, and `framed` on which others build.

Conventions: a signal is ``(..., time)``, its spectrogram ``(..., frequency, time)`` with ``n_fft // 2 + 1``
frequencies from 0 to half the sample rate. With ``center`` frame ``t`` is centred on sample
``t * hop_length``, and ``n`` samples have ``1 + n // hop_length`` frames; without, it starts there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, Unpack

from sori.arrays import Array, fix_length, namespace, pad, spectra, spectrogram, waveform
from sori.arrays.framing import check_counts
from sori.errors import ParameterError
from sori.spectral.overlap import joined
from sori.spectral.windows import Window, frame_window

__all__ = ["Framing", "framed", "istft", "stft"]


class Framing(TypedDict, total=False):
    """How a signal is cut into frames, beside ``n_fft`` and ``hop_length``.

    ``win_length`` (int, default ``n_fft``): samples under the window, in the middle of the frame.
    ``window`` (default ``"hann"``): see `sori.spectral.windows.Window`.
    ``center`` (bool, default true): frames are centred on multiples of the hop, the signal padded for it.
    ``pad_mode`` (default ``"constant"``): what stands outside the signal then: zeros, or ``"reflect"``,
    ``"edge"``, ``"wrap"``.
    """

    win_length: int | None
    window: Window
    center: bool
    pad_mode: str


def framed(
    x: Array,
    *,
    n_fft: int,
    hop_length: int | None,
    then: Callable[[Array], Array] | None = None,
    win_length: int | None = None,
    window: Window = "hann",
    center: bool = True,
    pad_mode: str = "constant",
) -> Array:
    """Return ``then(spectra)`` of the frames of ``x``: ``(..., time, anything)``, time before frequency.

    What transforms that need less than the spectrogram are built of; `sori.arrays.spectra` explains ``then``.
    """
    _, x = waveform(x, squared=True)
    check_counts(n_fft=n_fft)
    hop_length = max(1, n_fft // 4) if hop_length is None else hop_length
    check_counts(hop_length=hop_length)
    win_length = n_fft if win_length is None else win_length
    check_counts(win_length=win_length)
    shape = frame_window(window, win_length=win_length, n_fft=n_fft, like_array=x)
    if center:
        x = pad(x, n_fft // 2, n_fft // 2, mode=pad_mode)
        x = x if x.shape[-1] >= n_fft else fix_length(x, n_fft)  # n_fft = 1 or odd, and nothing between
    elif x.shape[-1] < n_fft:
        raise ParameterError(
            f"{x.shape[-1]} samples are fewer than n_fft={n_fft}: take center=True or a smaller n_fft"
        )
    return spectra(x, shape, hop_length=hop_length, n_fft=n_fft, then=then)


def stft(x: Array, *, n_fft: int = 2048, hop_length: int | None = None, **framing: Unpack[Framing]) -> Array:
    """Return the short-time Fourier transform: the spectrum of each windowed frame.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    n_fft : int
        Length of the transform in samples.
    hop_length : int, optional
        Samples from one frame to the next; ``n_fft // 4`` if not given.
    **framing
        ``win_length``, ``window``, ``center``, ``pad_mode``: see `Framing`.

    Returns
    -------
    (..., n_fft // 2 + 1, frames) complex
        Not scaled: a full-scale sine in a bin is half the sum of the window. NumPy gives a transposed view,
        in which the spectrum of one frame is contiguous.

    Raises
    ------
    ParameterError
        For an array that is no signal, a length that is not positive, an unknown window or padding, and a
        signal shorter than a frame with ``center=False``.

    Examples
    --------
    >>> import numpy as np
    >>> stft(np.zeros((2, 22050)), n_fft=1024).shape
    (2, 513, 87)
    """
    found = framed(x, n_fft=n_fft, hop_length=hop_length, **framing)
    return namespace(found).matrix_transpose(found)


def istft(
    S: Array,
    *,
    hop_length: int | None = None,
    n_fft: int | None = None,
    length: int | None = None,
    win_length: int | None = None,
    window: Window = "hann",
    center: bool = True,
) -> Array:
    """Return the signal whose short-time Fourier transform is nearest to ``S``.

    Each frame is windowed again and the sum is divided by that of the squared windows, which is the
    least-squares answer (Griffin & Lim 1984), exact where ``S`` is the transform of a signal.

    Parameters
    ----------
    S : (..., n_fft // 2 + 1, frames) complex
        As from `stft` with the same arguments.
    hop_length, win_length, window, center
        As given to `stft`.
    n_fft : int, optional
        Needed only when it is odd; ``2 * (frequencies - 1)`` if not given.
    length : int, optional
        Samples wanted: cut, or filled with zeros. Without it what the frames cover is returned, which can be
        up to a hop shorter than the signal was.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        When window and hop leave samples that no frame covers, so that nothing could bring them back.
    """
    xp, S = spectrogram(S, complex_valued=True)
    bins = S.shape[-2]
    n_fft = 2 * (bins - 1) if n_fft is None else n_fft
    check_counts(n_fft=n_fft)
    hop_length = n_fft // 4 if hop_length is None else hop_length
    win_length = n_fft if win_length is None else win_length
    check_counts(hop_length=hop_length, win_length=win_length)
    if n_fft // 2 + 1 != bins:
        raise ParameterError(f"S has {bins} frequencies, want {n_fft // 2 + 1} for n_fft={n_fft}")
    x = joined(
        xp.matrix_transpose(S), n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window
    )
    if center:
        x = x[..., n_fft // 2 :]
        x = x[..., : max(0, x.shape[-1] - n_fft // 2)] if length is None else x
    return x if length is None else fix_length(x, length)
