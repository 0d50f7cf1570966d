"""What rings and what strikes: harmonic-percussive separation of a spectrogram or a signal.

A tone is a horizontal line in a spectrogram, a stroke a vertical one. The median along time keeps the tones
and drops the strokes, the median along frequency the other way round; comparing the two tells to which of
them a cell belongs (Fitzgerald). With margins above 1 a cell must belong clearly, and what belongs to neither
is a third part, the residual (Driedger, Müller & Disch): breath, applause, noise.

`hpss_masks` gives the shares, `hpss` the parts of a spectrogram, `hpss_waveform` those of a signal;
`soft_mask` compares any two magnitudes.

Source: Fitzgerald, "Harmonic/percussive separation using median filtering", DAFx 2010; Driedger, Müller &
Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sori.arrays import Array, namespace, real, running_median, spectrogram, tiny, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.spectral.magnitude import magnitude
from sori.spectral.stft import istft, stft
from sori.spectral.windows import Window

__all__ = ["Masks", "Separated", "hpss", "hpss_masks", "hpss_waveform", "soft_mask"]


class Masks(NamedTuple):
    """The share of each cell that is harmonic and that is percussive, 0 to 1, ``(..., frequency, time)``."""

    harmonic: Array
    percussive: Array


class Separated(NamedTuple):
    """Three parts that add up to the whole; the residual is zero where the margins are 1."""

    harmonic: Array
    percussive: Array
    residual: Array


def soft_mask(target: Array, other: Array, *, exponent: float = 2.0, of_nothing: float = 0.5) -> Array:
    """Return how much of what is there is the target: ``target^p / (target^p + other^p)``.

    Parameters
    ----------
    target, other : (...) real, of one shape
        Magnitudes, not negative.
    exponent : float
        ``p``: 1 shares by magnitude, 2 by energy (Wiener's filter, if they are independent), infinity gives
        each cell to the larger one whole.
    of_nothing : float
        The share where both are zero; with a finite exponent.

    Returns
    -------
    As ``target``, 0 to 1

    Raises
    ------
    ParameterError
        For an exponent that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> soft_mask(np.array([3.0, 0.0]), np.array([1.0, 0.0])).round(9).tolist()
    [0.9, 0.5]
    """
    if exponent != math.inf:
        check_numbers(exponent=exponent, of_nothing=of_nothing)
    if not exponent > 0:
        raise ParameterError(f"exponent={exponent}: want a positive number, or infinity for a hard mask")
    xp, target = real(target, name="target")
    _, other = real(other, name="other")
    if exponent == math.inf:
        return xp.astype(target > other, target.dtype)
    # Relative to the larger one neither power can overflow, and one of them is 1.
    larger = xp.maximum(target, other)
    nothing = larger < tiny(target)
    larger = xp.where(nothing, xp.ones_like(larger), larger)
    a, b = _power(target / larger, exponent), _power(other / larger, exponent)
    both = a + b
    share = a / xp.where(nothing, xp.ones_like(both), both)
    return xp.where(nothing, of_nothing * xp.ones_like(share), share)


def hpss_masks(
    S: Array,
    *,
    kernel_size: int | tuple[int, int] = 31,
    exponent: float = 2.0,
    margin: float | tuple[float, float] = 1.0,
) -> Masks:
    """Return which share of each cell is harmonic, and which percussive.

    Parameters
    ----------
    S : (..., frequency, time) real
        Magnitudes.
    kernel_size : int or (int, int), odd
        Frames under the median that keeps tones, bins under the median that keeps strokes. Tones must last,
        and strokes must spread, over more than half of it.
    exponent : float
        See `soft_mask`; infinity gives each cell to one part whole.
    margin : float or (float, float)
        How many times larger than the other the harmonic and the percussive part must be, at least 1.

    Returns
    -------
    Masks
        With margins of 1 they add up to 1; a silent cell then belongs to both by half.

    Raises
    ------
    ParameterError
        For kernels that are even, margins below 1 and complex spectrograms.

    Examples
    --------
    >>> import numpy as np
    >>> S = np.zeros((65, 65))
    >>> S[20] = 1.0  # a tone
    >>> S[:, 40] = 1.0  # a stroke
    >>> masks = hpss_masks(S)
    >>> masks.harmonic[20, 5], masks.percussive[5, 40]
    (np.float64(1.0), np.float64(1.0))
    """
    _, S = spectrogram(S)
    frames, bins = _pair("kernel_size", kernel_size)
    of_tones, of_strokes = _pair("margin", margin)
    check_numbers(margin=of_tones)
    check_numbers(margin=of_strokes)
    if of_tones < 1 or of_strokes < 1:
        raise ParameterError(f"margin={margin}: want at least 1, or a cell would be in both parts")
    tones = running_median(S, int(frames), axis=-1)
    strokes = running_median(S, int(bins), axis=-2)
    if of_tones == of_strokes == 1:
        harmonic = soft_mask(tones, strokes, exponent=exponent)
        return Masks(harmonic, 1.0 - harmonic)
    return Masks(
        soft_mask(tones, of_tones * strokes, exponent=exponent, of_nothing=0.0),
        soft_mask(strokes, of_strokes * tones, exponent=exponent, of_nothing=0.0),
    )


def hpss(
    S: Array,
    *,
    kernel_size: int | tuple[int, int] = 31,
    exponent: float = 2.0,
    margin: float | tuple[float, float] = 1.0,
) -> Separated:
    """Return the harmonic, the percussive and the residual part of a spectrogram.

    Parameters
    ----------
    S : (..., frequency, time) real or complex
        The parts of a complex spectrogram keep its phase.
    kernel_size, exponent, margin
        See `hpss_masks`.

    Returns
    -------
    Separated
        Of the dtype of ``S``; they add up to it.

    Raises
    ------
    ParameterError
        As `hpss_masks`.

    Examples
    --------
    >>> import numpy as np
    >>> S = np.random.default_rng(0).random((65, 65))
    >>> parts = hpss(S, margin=2.0)
    >>> np.allclose(parts.harmonic + parts.percussive + parts.residual, S)
    True
    """
    is_complex = "complex" in str(getattr(S, "dtype", ""))
    xp, S = spectrogram(S, complex_valued=is_complex)
    size = magnitude(S) if is_complex else S
    masks = hpss_masks(size, kernel_size=kernel_size, exponent=exponent, margin=margin)
    harmonic = S * masks.harmonic
    if _whole(margin):
        return Separated(harmonic, S - harmonic, xp.zeros_like(S))
    percussive = S * masks.percussive
    return Separated(harmonic, percussive, S - harmonic - percussive)


def hpss_waveform(
    x: Array,
    *,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Window = "hann",
    kernel_size: int | tuple[int, int] = 31,
    exponent: float = 2.0,
    margin: float | tuple[float, float] = 1.0,
) -> Separated:
    """Return the harmonic, the percussive and the residual part of a signal.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    n_fft, hop_length, win_length, window
        See `sori.spectral.stft.stft`.
    kernel_size, exponent, margin
        See `hpss_masks`. The medians see ``kernel_size`` hops of time and bins of frequency: at 22050 Hz
        with these lengths 0.7 s and 330 Hz; scale ``n_fft`` with the sample rate to keep that.

    Returns
    -------
    Separated
        Signals as long as ``x``, which they add up to, to the last digit but rounding.

    Raises
    ------
    ParameterError
        As `hpss_masks` and `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(22050) / 22050
    >>> click = np.where(np.arange(22050) == 11025, 1.0, 0.0)
    >>> parts = hpss_waveform(np.sin(2 * np.pi * 440 * t) + click)
    >>> bool(np.argmax(parts.percussive) == 11025)
    True
    """
    xp, x = waveform(x)
    S = stft(x, n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window)
    masks = hpss_masks(magnitude(S), kernel_size=kernel_size, exponent=exponent, margin=margin)

    def signal(mask: Array) -> Array:
        return istft(
            S * mask,
            n_fft=n_fft,
            hop_length=hop_length,
            win_length=win_length,
            window=window,
            length=x.shape[-1],
        )

    harmonic = signal(masks.harmonic)
    if _whole(margin):  # the transform is linear: what is left needs no second inverse
        return Separated(harmonic, x - harmonic, xp.zeros_like(x))
    percussive = signal(masks.percussive)
    return Separated(harmonic, percussive, x - harmonic - percussive)


def _power(x: Array, exponent: float) -> Array:
    """Return ``x ** exponent`` of ``x >= 0``, with a finite gradient at 0."""
    if exponent == 1:
        return x
    if exponent == 2:
        return x * x
    if exponent > 1:
        return x**exponent
    xp = namespace(x)
    none = x == 0
    return xp.where(none, xp.zeros_like(x), xp.where(none, xp.ones_like(x), x) ** exponent)


def _whole(margin: float | tuple[float, float]) -> bool:
    return _pair("margin", margin) == (1.0, 1.0)


def _pair(name: str, value: float | tuple[float, float]) -> tuple[float, float]:
    """Return a number twice, or the two numbers that were given."""
    if not isinstance(value, tuple | list):
        check_numbers(**{name: value})
        return value, value
    if len(value) != 2:
        raise ParameterError(f"{name}={value!r}: want one number, or two: harmonic and percussive")
    return value[0], value[1]
