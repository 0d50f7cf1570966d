"""Pulse over time: `onset_strength`, `tempogram`, `fourier_tempogram`, `beat_spectrum` and their tempi.

An onset curve says how much begins in each frame. Its autocorrelation around each moment (the tempogram) and
its Fourier transform (the Fourier tempogram) say which tempi are heard there: the one peaks at a tempo and
its fractions, the other at a tempo and its multiples. The beat spectrum asks the same of any features, after
how long they come back.

Source: Böck & Widmer 2013 (see `sori.spectral.flux`); Grosche, Müller & Kurth, "Cyclic tempogram: a mid-level
tempo representation for music signals", ICASSP 2010; Foote & Uchihashi, "The beat spectrum: a new approach to
rhythm analysis", ICME 2001.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, fix_length, irfft, pad, rfft, spectra, spectrogram, waveform
from sori.arrays.framing import check_counts
from sori.errors import ParameterError
from sori.spectral.decibels import power_to_db
from sori.spectral.flux import spectral_flux
from sori.spectral.mel import mel_spectrogram
from sori.spectral.self_similarity import unit_columns
from sori.spectral.stft import stft
from sori.spectral.windows import frame_window

__all__ = [
    "beat_spectrum",
    "fourier_tempo_frequencies",
    "fourier_tempogram",
    "onset_strength",
    "tempo_frequencies",
    "tempogram",
]


def onset_strength(
    x: Array,
    *,
    sample_rate: float,
    n_fft: int = 2048,
    hop_length: int = 512,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    lag: int = 1,
    max_size: int = 1,
    top_db: float | None = 80.0,
    align: bool = True,
) -> Array:
    """Return how much louder each frame became: the mean rise of the levels of mel bands.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    n_fft, hop_length, n_mels, fmin, fmax
        See `sori.spectral.mel.mel_spectrogram`.
    lag, max_size
        Frames between the two compared, and bands of the earlier one of which the largest counts: see
        `sori.spectral.flux.spectral_flux`. 2 and 3 make the curve SuperFlux's.
    top_db : float, optional
        No band is further than this below the loudest of the whole signal.
    align : bool
        Delay the curve by half a transform, so that an onset shows where it is and not where a frame first
        touches it.

    Returns
    -------
    (..., frames) real, dB
        Frame ``t`` is at ``t * hop_length`` samples.

    Raises
    ------
    ParameterError
        As the functions it is made of.

    Examples
    --------
    >>> import numpy as np
    >>> click = np.where(np.arange(22050) == 10000, 1.0, 0.0)
    >>> int(np.argmax(onset_strength(click, sample_rate=22050)))
    20
    """
    energy = mel_spectrogram(
        x, sample_rate=sample_rate, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels, fmin=fmin, fmax=fmax
    )
    curve = spectral_flux(power_to_db(energy, top_db=top_db), lag=lag, max_size=max_size, mean=True)
    delay = n_fft // (2 * hop_length) if align else 0
    return fix_length(pad(curve, delay, 0), curve.shape[-1])


def tempogram(
    onsets: Array, *, win_length: int = 384, window: str = "hann", normalized: bool = True
) -> Array:
    """Return the autocorrelation of an onset curve around each of its frames.

    Parameters
    ----------
    onsets : (..., frames) real
        As from `onset_strength`.
    win_length : int
        Frames around each that are looked at, and lags returned; 384 are 9 s at 43 frames a second.
    window : str
        How the frames around fade: see `sori.spectral.windows.window`.
    normalized : bool
        Each frame's largest value is 1 (where there is any onset).

    Returns
    -------
    (..., win_length, frames) real
        Row ``k`` belongs to a lag of ``k`` frames; `tempo_frequencies` gives its tempo. Beyond its ends the
        curve is continued by a ramp down to 0.

    Raises
    ------
    ParameterError
        For a length that is not positive and an empty curve.

    Examples
    --------
    >>> import numpy as np
    >>> clicks = np.where(np.arange(500) % 20 == 0, 1.0, 0.0)
    >>> int(np.argmax(tempogram(clicks)[10:30, 250])) + 10
    20
    """
    xp, onsets = waveform(onsets, name="onsets", squared=True)
    check_counts(win_length=win_length)
    n = onsets.shape[-1]
    if n == 0:
        raise ParameterError("an empty curve has no tempo: want at least one frame")
    half = win_length // 2
    length = _fast_length(2 * win_length - 1)
    ramp = constant(_ramp, like=onsets, length=half)
    head, tail = onsets[..., :1] * ramp, onsets[..., n - 1 :] * xp.flip(ramp)
    # As many zeros behind as the transform is longer than the window: the window does not see them.
    around = pad(xp.concat([head, onsets, tail], axis=-1), 0, length - 1)
    shape = frame_window(window, win_length=win_length, n_fft=win_length, like_array=onsets)
    shape = pad(shape, 0, length - win_length)

    def correlated(spectrum: Array) -> Array:
        found = irfft(spectrum * xp.conj(spectrum), n=length)[..., :win_length]
        if not normalized:
            return found
        largest = xp.max(xp.abs(found), axis=-1, keepdims=True)
        return found / xp.where(largest > _SILENT, largest, xp.ones_like(largest))

    found = spectra(around, shape, hop_length=1, n_fft=length, then=correlated)
    return xp.matrix_transpose(found[..., :n, :])


def fourier_tempogram(onsets: Array, *, win_length: int = 384, window: str = "hann") -> Array:
    """Return the short-time Fourier transform of an onset curve, frame by frame.

    Parameters
    ----------
    onsets : (..., frames) real
        As from `onset_strength`.
    win_length, window
        As for `tempogram`.

    Returns
    -------
    (..., win_length // 2 + 1, frames) complex
        `fourier_tempo_frequencies` gives the tempo of each row.

    Raises
    ------
    ParameterError
        As `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> fourier_tempogram(np.ones(100)).shape
    (193, 100)
    """
    _, onsets = waveform(onsets, name="onsets", squared=True)
    return stft(onsets, n_fft=win_length, hop_length=1, window=window)[..., : onsets.shape[-1]]


def tempo_frequencies(n_lags: int, *, sample_rate: float, hop_length: int) -> NDArray[np.float64]:
    """Return the tempo of each row of a tempogram, beats a minute; infinity for lag 0.

    >>> tempo_frequencies(3, sample_rate=100, hop_length=1).tolist()
    [inf, 6000.0, 3000.0]
    """
    check_counts(n_lags=n_lags, hop_length=hop_length)
    return np.asarray([math.inf, *(60.0 * sample_rate / hop_length / np.arange(1, n_lags))])


def fourier_tempo_frequencies(
    *, sample_rate: float, hop_length: int, win_length: int = 384
) -> NDArray[np.float64]:
    """Return the tempo of each row of a Fourier tempogram, beats a minute.

    >>> fourier_tempo_frequencies(sample_rate=100, hop_length=1, win_length=4).tolist()
    [0.0, 1500.0, 3000.0]
    """
    check_counts(hop_length=hop_length, win_length=win_length)
    return np.asarray(np.arange(win_length // 2 + 1) * (60.0 * sample_rate / hop_length / win_length))


def beat_spectrum(
    features: Array,
    *,
    n_lags: int | None = None,
    metric: Literal["cosine", "correlation"] = "cosine",
    method: Literal["diagonal", "autocorrelation"] = "diagonal",
) -> Array:
    """Return how similar features are to themselves so many frames later, on average.

    Parameters
    ----------
    features : (..., feature, time) real
        Levels of bands, cepstra, chroma.
    n_lags : int, optional
        Half as many as there are frames if not given.
    metric : "cosine" or "correlation"
        See `sori.spectral.self_similarity.self_similarity`.
    method : "diagonal" or "autocorrelation"
        The mean of each diagonal of the self-similarity matrix, or its two-dimensional autocorrelation,
        summed over one of its lags.

    Returns
    -------
    (..., n_lags) real
        1 at lag 0 for ``"diagonal"``, if no frame is silent. Neither method builds the matrix: a piece may
        be of any length.

    Raises
    ------
    ParameterError
        For an unknown metric or method, and more lags than frames.

    Examples
    --------
    >>> import numpy as np
    >>> features = np.tile(np.eye(4), 10)  # comes back every 4 frames
    >>> beat_spectrum(features, n_lags=6).round(6).tolist()
    [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    """
    xp, features = spectrogram(features, name="features")
    n = features.shape[-1]
    n_lags = max(1, n // 2) if n_lags is None else n_lags
    check_counts(n_lags=n_lags)
    if n_lags > n:
        raise ParameterError(f"n_lags={n_lags} of {n} frames: want at most as many lags as frames")
    unit = unit_columns(features, metric)
    if method == "autocorrelation":
        # Over all rows i and all lags k, S[i, j] S[i + k, j + l] is the product of the sums of columns j and
        # j + l; the sum of column j is how similar frame j is to the sum of all.
        unit = xp.sum(unit * xp.sum(unit, axis=-1, keepdims=True), axis=-2, keepdims=True) / n
    elif method != "diagonal":
        raise ParameterError(f"method={method!r}: want 'diagonal' or 'autocorrelation'")
    # The sum along diagonal l is the sum over features of their autocorrelations at l.
    length = _fast_length(n + n_lags)
    spectrum = rfft(unit, n=length)
    found = irfft(xp.sum(spectrum * xp.conj(spectrum), axis=-2), n=length)[..., :n_lags]
    return found / constant(_overlaps, like=features, n=n, n_lags=n_lags)


_SILENT = 1e-20  # autocorrelations below are left as they are, not blown up


def _fast_length(least: int) -> int:
    """Return the smallest number from ``least`` on that has no prime factor above 5."""
    found = least
    while True:
        rest = found
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return found
        found += 1


def _ramp(*, length: int) -> NDArray[np.float64]:
    return np.arange(length) / max(1, length)


def _overlaps(*, n: int, n_lags: int) -> NDArray[np.float64]:
    """Return how many pairs of frames are each lag apart."""
    return n - np.arange(n_lags, dtype=np.float64)
