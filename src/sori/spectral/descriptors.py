"""The shape of a spectrum in one number a frame: centroid, bandwidth, contrast, flatness, roll-off.

All take a magnitude spectrogram ``(..., frequency, time)`` and return a curve ``(..., time)``, the contrast
one for each band. The frequency of each row is that of the transform it came from, or ``frequencies_hz``.
A silent frame has centroid, bandwidth and roll-off 0, flatness 1.

Source: Peeters, "A large set of audio features for sound description", IRCAM 2004; Jiang et al., "Music type
classification by spectral contrast feature", ICME 2002.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, namespace, product, spectrogram, tiny
from sori.arrays.constants import settled
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError

__all__ = [
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_flatness",
    "spectral_rolloff",
]


def spectral_centroid(
    S: Array, *, sample_rate: float, n_fft: int | None = None, frequencies_hz: Sequence[float] | None = None
) -> Array:
    """Return the mean frequency of each frame, weighted by magnitude: where the spectrum balances.

    Parameters
    ----------
    S : (..., frequency, time) real
        Magnitudes.
    sample_rate : float
        Hz.
    n_fft : int, optional
        Needed only when it is odd; ``2 * (frequencies - 1)`` if not given.
    frequencies_hz : sequence of float, optional
        The frequency of each row instead, of mel bands for instance.

    Returns
    -------
    (..., time) real, Hz

    Raises
    ------
    ParameterError
        When the frequencies are not as many as the rows.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_centroid(np.array([[0.0], [1.0], [1.0]]), sample_rate=8000).tolist()
    [3000.0]
    """
    _, S = spectrogram(S)
    hz = _frequencies(S, sample_rate, n_fft, frequencies_hz)
    return _centroid(S, hz)[..., 0, :]


def spectral_bandwidth(
    S: Array,
    *,
    sample_rate: float,
    n_fft: int | None = None,
    frequencies_hz: Sequence[float] | None = None,
    order: float = 2.0,
    normalized: bool = True,
) -> Array:
    """Return how far the spectrum spreads around its centroid: ``(Σ share |f - centroid|^p)^(1/p)``.

    Parameters
    ----------
    S, sample_rate, n_fft, frequencies_hz
        See `spectral_centroid`.
    order : float
        ``p``, positive: 2 for the standard deviation, 1 for the mean distance.
    normalized : bool
        Weigh by the share of each frequency in its frame; otherwise by the magnitude itself, so that louder
        is broader.

    Returns
    -------
    (..., time) real, Hz

    Raises
    ------
    ParameterError
        As `spectral_centroid`, and for an order that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_bandwidth(np.array([[0.0], [1.0], [1.0]]), sample_rate=8000).tolist()
    [1000.0]
    """
    check_numbers(order=order)
    if not order > 0:
        raise ParameterError(f"order={order}: want a positive number")
    xp, S = spectrogram(S)
    hz = _frequencies(S, sample_rate, n_fft, frequencies_hz)
    # In units of the sample rate, so that no power overflows.
    away = (hz - _centroid(S, hz)) / sample_rate
    if order == 2:
        raised = away * away
    elif order == 1:
        raised = xp.abs(away)
    else:
        raised = at_least(xp.abs(away), 1e-12) ** order
    moment = xp.sum(S * raised, axis=-2)
    if normalized:
        moment = moment / _total(S)[..., 0, :]
    there = moment > tiny(S)
    return sample_rate * xp.where(
        there, xp.where(there, moment, 1.0 + 0 * moment) ** (1 / order), 0.0 * moment
    )


def spectral_rolloff(
    S: Array,
    *,
    sample_rate: float,
    n_fft: int | None = None,
    frequencies_hz: Sequence[float] | None = None,
    share: float = 0.85,
) -> Array:
    """Return the lowest frequency below which (itself included) lies a share of the magnitudes.

    Parameters
    ----------
    S, sample_rate, n_fft, frequencies_hz
        See `spectral_centroid`.
    share : float
        Between 0 and 1: near 1 the highest frequency in use, near 0 the lowest.

    Returns
    -------
    (..., time) real, Hz
        One of the frequencies: the gradient is 0.

    Raises
    ------
    ParameterError
        As `spectral_centroid`, and for a share outside 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_rolloff(np.array([[1.0], [1.0], [1.0]]), sample_rate=8000, share=0.5).tolist()
    [2000.0]
    """
    if not 0 < share < 1:
        raise ParameterError(f"share={share}: want a number between 0 and 1")
    xp, S = spectrogram(S)
    hz = _frequencies(S, sample_rate, n_fft, frequencies_hz)
    total = xp.cumulative_sum(S, axis=-2)
    below = xp.astype(total < share * total[..., -1:, :], xp.uint8)
    first = xp.sum(below, axis=-2, dtype=xp.int32)
    return xp.reshape(xp.take(hz[:, 0], xp.reshape(first, (-1,)), axis=0), first.shape)


def spectral_flatness(S: Array, *, exponent: float = 2.0, amin: float = 1e-10) -> Array:
    """Return how noisy each frame is: the geometric over the arithmetic mean, 0 for a tone, 1 for noise.

    Parameters
    ----------
    S : (..., frequency, time) real
        Magnitudes.
    exponent : float
        Of the magnitudes before the means are taken: 2 for energies.
    amin : float
        Smaller values (after the exponent) are taken for this one, so that silence is flat.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For ``amin`` not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> spectral_flatness(np.array([[1.0, 2.0], [1.0, 0.5]])).round(3).tolist()
    [1.0, 0.471]
    """
    check_numbers(amin=amin, exponent=exponent)
    if not amin > 0:
        raise ParameterError(f"amin={amin}: want a positive number")
    xp, S = spectrogram(S)
    _some_rows(S)
    raised = at_least(S * S if exponent == 2 else S if exponent == 1 else S**exponent, max(amin, tiny(S)))
    return xp.exp(xp.mean(xp.log(raised), axis=-2)) / xp.mean(raised, axis=-2)


def spectral_contrast(
    S: Array,
    *,
    sample_rate: float,
    n_fft: int | None = None,
    frequencies_hz: Sequence[float] | None = None,
    fmin: float = 200.0,
    n_bands: int = 6,
    quantile: float = 0.02,
    linear: bool = False,
) -> Array:
    """Return how far the peaks stand above the valleys in each octave band.

    Bands are ``[0, fmin]``, then octaves from ``fmin`` on, each also taking the bin before its first; the
    last one reaches to the end. Peak and valley are the means of the largest and the smallest ``quantile``
    of a band.

    Parameters
    ----------
    S, sample_rate, n_fft, frequencies_hz
        See `spectral_centroid`.
    fmin : float
        Where the first octave begins, Hz.
    n_bands : int
        Octaves. All must begin below half the sample rate.
    quantile : float
        Between 0 and 1; at least one bin is taken.
    linear : bool
        The difference of the means; otherwise of their levels in dB.

    Returns
    -------
    (..., n_bands + 1, time) real, dB or the unit of ``S``
        A float32 transform errs by 2e-7 of the largest magnitude of its frame: valleys deeper than that
        (empty treble of compressed music) come out several dB off. Take float64 where they matter.

    Raises
    ------
    ParameterError
        As `spectral_centroid`, and when a band holds no bin.

    Examples
    --------
    >>> import numpy as np
    >>> S = np.where(np.arange(1025)[:, None] % 16 == 0, 1.0, 0.01)
    >>> spectral_contrast(S, sample_rate=22050).round()[2].tolist()
    [20.0]
    """
    xp, S = spectrogram(S)
    check_numbers(quantile=quantile, fmin=fmin)
    if not 0 < quantile < 1 or not fmin > 0:
        raise ParameterError(f"quantile={quantile}, fmin={fmin}: want 0 < quantile < 1 and fmin above 0")
    rows = _rows(S, sample_rate, n_fft, frequencies_hz)
    peaks, valleys = [], []
    for low, high, taken in settled(_octaves, **rows, fmin=fmin, n_bands=n_bands, quantile=quantile):
        ordered = xp.sort(S[..., low:high, :], axis=-2)
        valleys.append(xp.mean(ordered[..., :taken, :], axis=-2, keepdims=True))
        peaks.append(xp.mean(ordered[..., high - low - taken :, :], axis=-2, keepdims=True))
    peak, valley = xp.concat(peaks, axis=-2), xp.concat(valleys, axis=-2)
    if linear:
        return peak - valley
    return 10 * (xp.log10(at_least(peak, 1e-10)) - xp.log10(at_least(valley, 1e-10)))


def _some_rows(S: Array) -> None:
    if S.shape[-2] == 0:
        raise ParameterError(f"S has shape {tuple(S.shape)}: want at least one frequency")


def _total(S: Array) -> Array:
    """Return the sum of each frame as a row; 1 in silence, by which nothing can be divided."""
    xp = namespace(S)
    total = xp.sum(S, axis=-2, keepdims=True)
    return xp.where(total > tiny(S), total, xp.ones_like(total))


def _centroid(S: Array, hz: Array) -> Array:
    """Return the mean frequency of each frame as a row."""
    return product(namespace(hz).matrix_transpose(hz), S) / _total(S)


def _frequencies(
    S: Array, sample_rate: float, n_fft: int | None, frequencies_hz: Sequence[float] | None
) -> Array:
    """Return the frequency of each row as a column of the kind of ``S``."""
    return constant(_column, like=S, **_rows(S, sample_rate, n_fft, frequencies_hz))


def _rows(
    S: Array, sample_rate: float, n_fft: int | None, frequencies_hz: Sequence[float] | None
) -> dict[str, Any]:
    """Return what the frequencies of the rows are known by, once there is one for each."""
    check_numbers(sample_rate=sample_rate)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    _some_rows(S)
    given: tuple[float, ...] | None = None
    if frequencies_hz is not None:
        given = tuple(float(hz) for hz in frequencies_hz)
        n_fft, many = 1, len(given)
    else:
        n_fft = max(1, 2 * (S.shape[-2] - 1)) if n_fft is None else n_fft
        check_counts(n_fft=n_fft)
        many = n_fft // 2 + 1
    if many != S.shape[-2]:
        raise ParameterError(f"S has {S.shape[-2]} rows and {many} frequencies: want one for each row")
    return {"sample_rate": sample_rate, "n_fft": n_fft, "frequencies_hz": given}


def _column(
    *, sample_rate: float, n_fft: int, frequencies_hz: tuple[float, ...] | None
) -> NDArray[np.float64]:
    if frequencies_hz is not None:
        return np.asarray(frequencies_hz, np.float64)[:, None]
    return np.asarray(np.arange(n_fft // 2 + 1) * (sample_rate / n_fft))[:, None]


def _octaves(
    *,
    sample_rate: float,
    n_fft: int,
    frequencies_hz: tuple[float, ...] | None,
    fmin: float,
    n_bands: int,
    quantile: float,
) -> tuple[tuple[int, int, int], ...]:
    """Return of each band its first row, one past its last, and how many rows are a peak or a valley."""
    check_counts(n_bands=n_bands)
    hz = _column(sample_rate=sample_rate, n_fft=n_fft, frequencies_hz=frequencies_hz)[:, 0]
    if fmin * 2 ** (n_bands - 1) >= sample_rate / 2:
        raise ParameterError(
            f"octave {n_bands} would begin at {fmin * 2 ** (n_bands - 1):g} Hz, not below half the sample "
            f"rate: want fewer bands or a lower fmin"
        )
    edges = [0.0, *(fmin * 2.0**k for k in range(n_bands + 1))]
    found = []
    for k, (low, high) in enumerate(itertools.pairwise(edges)):
        inside = np.flatnonzero((hz >= low) & (hz <= high))
        if not len(inside):
            raise ParameterError(f"no frequency between {low:g} and {high:g} Hz: want a longer transform")
        first, last = int(inside[0]), int(inside[-1])
        first = max(0, first - 1) if k else first
        last = len(hz) - 1 if k == n_bands else last
        # Neighbours share no bin: the one at the edge belongs to the upper band.
        end = last + 1 if k == n_bands else max(last, first + 1)
        taken = max(1, round(quantile * (last + 1 - first)))
        found.append((first, end, min(taken, end - first)))
    return tuple(found)
