"""The excerpt that stands for a piece: what comes back most, `most_repeated`, `most_repeated_excerpt`.

Source: Cooper & Foote, "Automatic music summarization via similarity analysis", ISMIR 2002.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, spectrogram, waveform
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.decibels import power_to_db
from sori.spectral.mel import mel_spectrogram
from sori.spectral.self_similarity import unit_columns

__all__ = ["most_repeated", "most_repeated_excerpt"]


def most_repeated(
    features: Array, *, n_frames: int, metric: Literal["cosine", "correlation", "precomputed"] = "cosine"
) -> Array:
    """Return the first frame of the excerpt that is, on average, most like the whole piece.

    Parameters
    ----------
    features : (..., feature, time) real
        Features, or with ``metric="precomputed"`` a self-similarity matrix ``(..., time, time)``.
    n_frames : int
        Length of the excerpt.
    metric : "cosine", "correlation" or "precomputed"
        See `cross_similarity`. From features no matrix is built, and a piece may be of any length: the mean
        similarity of a frame to all is its similarity to the mean.

    Returns
    -------
    (...) integer

    Raises
    ------
    ParameterError
        For an excerpt longer than the piece.

    Examples
    --------
    >>> import numpy as np
    >>> features = np.array([[1.0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 1, 1], [0, 0, 0, 1, 0, 0]])
    >>> int(most_repeated(features, n_frames=2))
    1
    """
    xp, features = spectrogram(features, name="features")
    check_counts(n_frames=n_frames)
    n = features.shape[-1]
    if n_frames > n:
        raise ParameterError(f"n_frames={n_frames} of {n}: want an excerpt that is not longer than the piece")
    if metric == "precomputed":
        if features.shape[-2] != n:
            raise ParameterError(f"a similarity matrix is (..., time, time), got {tuple(features.shape)}")
        alike = xp.mean(features, axis=-2)
    else:
        unit = unit_columns(features, metric)
        alike = xp.sum(unit * xp.mean(unit, axis=-1, keepdims=True), axis=-2)
    sums = xp.cumulative_sum(alike - xp.mean(alike, axis=-1, keepdims=True), axis=-1, include_initial=True)
    # NumPy would give a bare number where there is one piece.
    return xp.asarray(xp.argmax(sums[..., n_frames:] - sums[..., : n - n_frames + 1], axis=-1))


def most_repeated_excerpt(
    x: Array, *, sample_rate: float, duration_s: float, n_fft: int = 4096, n_mels: int = 40
) -> Array:
    """Return the excerpt of a signal that is, on average, most like the whole: a summary, a thumbnail.

    Frames are compared by the levels of their mel bands, less what each band has all the time.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    duration_s : float
        Length of the excerpt, seconds; not longer than the signal.
    n_fft, n_mels
        See `sori.spectral.mel.mel_spectrogram`; frames are ``n_fft / 2`` apart; the excerpt begins at one.

    Returns
    -------
    (..., round(duration_s * sample_rate)) real

    Raises
    ------
    ParameterError
        For an excerpt that is longer than the signal, or of no length.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).standard_normal(44100)
    >>> most_repeated_excerpt(x, sample_rate=22050, duration_s=0.5).shape
    (11025,)
    """
    xp, x = waveform(x)
    check_numbers(sample_rate=sample_rate, duration_s=duration_s)
    check_counts(n_fft=n_fft)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    length = round(duration_s * sample_rate)
    if not 0 < length <= x.shape[-1]:
        raise ParameterError(
            f"duration_s={duration_s:g} of {x.shape[-1] / sample_rate:g} s: want more than 0 and at most that"
        )
    hop = max(1, n_fft // 2)
    energy = mel_spectrogram(x, sample_rate=sample_rate, n_fft=n_fft, hop_length=hop, n_mels=n_mels)
    level = power_to_db(energy, ref="max", top_db=80)
    level = level - xp.mean(level, axis=-1, keepdims=True)
    # Frame t is centred on t hops; excerpts that would run over the end are not looked at.
    n_frames = max(1, length // hop)
    starts = (x.shape[-1] - length) // hop + 1
    start = most_repeated(level[..., : starts + n_frames - 1], n_frames=n_frames)
    at = start[..., None] * hop + constant(_counting, like=x, n=length)
    return xp.take_along_axis(x, at, axis=-1)


def _counting(*, n: int) -> NDArray[np.int64]:
    return np.arange(n)
