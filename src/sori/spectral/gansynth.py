"""A sound as two pictures that a network can learn, and back: log magnitude and instantaneous frequency.

Both channels are in -1 to 1. The first is the level in dB. The second is how far a bin turns from one frame
to the next, in half turns: where a tone sounds it is constant, while the phase itself would look like noise.

Source: Engel et al., "GANSynth: Adversarial neural audio synthesis", ICLR 2019 (there with the natural
logarithm, scaled by the extremes of the data set).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, product, real, waveform
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.decibels import amplitude_to_db, db_to_amplitude
from sori.spectral.magnitude import from_polar, magnitude
from sori.spectral.stft import framed, istft
from sori.spectral.turns import cumulative_turns, turns, wrapped
from sori.units import hz_to_mel, mel_to_hz

__all__ = ["from_gansynth_representation", "gansynth_representation"]


def gansynth_representation(
    x: Array,
    *,
    n_fft: int = 2048,
    hop_length: int | None = None,
    mel_sample_rate: float | None = None,
    range_db: float = 120.0,
) -> Array:
    """Return level and instantaneous frequency of a signal, both -1 to 1.

    Parameters
    ----------
    x : (..., time) real
        The signal, within ±1.
    n_fft, hop_length : int
        See `sori.spectral.stft.stft`; even, the window is Hann's.
    mel_sample_rate : float, optional
        Give the sample rate, Hz, to have as many bands, evenly spaced in mels, in place of the bins: more
        room for low notes, whose partials are close. Highs are averaged, so that the way back is not exact.
    range_db : float
        From the level of the loudest possible bin (full scale in step with the window), which is 1, down to
        what counts as silence, -1.

    Returns
    -------
    (..., 2, n_fft // 2, frames) real
        Level, frequency. The bin at half the sample rate is left out: a power of two is what networks like.

    Raises
    ------
    ParameterError
        As `sori.spectral.stft.stft`; for odd ``n_fft`` and for a ``range_db`` that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> gansynth_representation(np.zeros(16000), n_fft=1024, hop_length=256).shape
    (2, 512, 63)
    """
    xp, x = waveform(x)
    _check(n_fft, range_db)
    S = framed(x, n_fft=n_fft, hop_length=hop_length)[..., : n_fft // 2]
    size, angle = magnitude(S), turns(S)
    half_turns = 2 * xp.concat([angle[..., :1, :], wrapped(angle[..., 1:, :] - angle[..., :-1, :])], axis=-2)
    if mel_sample_rate is not None:
        size, half_turns = (
            product(part, constant(_to_mel, like=part, n_fft=n_fft, sample_rate=mel_sample_rate))
            for part in (size, half_turns)
        )
    loudest = n_fft / 2  # the sum of the window
    level = amplitude_to_db(size, ref=loudest, amin=loudest * 10 ** (-range_db / 20)) * (2 / range_db) + 1
    level = -at_least(-level, -1.0)  # nothing louder than full scale
    return xp.matrix_transpose(xp.stack([level, half_turns], axis=-3))


def from_gansynth_representation(
    representation: Array,
    *,
    hop_length: int | None = None,
    mel_sample_rate: float | None = None,
    range_db: float = 120.0,
    length: int | None = None,
) -> Array:
    """Return the signal of a `gansynth_representation` that was made with the same arguments.

    Parameters
    ----------
    representation : (..., 2, n_fft // 2, frames) real
        Values beyond ±1, as a network may give, are allowed.
    hop_length, mel_sample_rate, range_db
        As they were given there.
    length : int, optional
        Samples wanted: cut, or filled with zeros.

    Returns
    -------
    (..., time) real
        Exact to rounding and to what was below the range, without ``mel_sample_rate``.

    Raises
    ------
    ParameterError
        For another shape.
    """
    xp, both = real(representation, name="representation")
    if both.ndim < 3 or both.shape[-3] != 2 or 0 in both.shape[-2:]:
        raise ParameterError(f"shape {tuple(both.shape)}: want (..., 2, n_fft // 2, frames)")
    n_fft = 2 * both.shape[-2]
    _check(n_fft, range_db)
    both = xp.matrix_transpose(both)
    level, half_turns = both[..., 0, :, :], both[..., 1, :, :]
    size = db_to_amplitude((level - 1) * (range_db / 2), ref=n_fft / 2)
    # What was cut off at the floor is silence, not a hiss at the level of the floor.
    size = xp.where(level > -1, size, xp.zeros_like(size))
    if mel_sample_rate is not None:
        size, half_turns = (
            product(part, constant(_from_mel, like=part, n_fft=n_fft, sample_rate=mel_sample_rate))
            for part in (size, half_turns)
        )
    S = from_polar(size, 2 * math.pi * cumulative_turns(0.5 * half_turns))
    S = xp.matrix_transpose(xp.concat([S, xp.zeros_like(S[..., :1])], axis=-1))
    return istft(S, hop_length=hop_length, length=length)


def _check(n_fft: int, range_db: float) -> None:
    check_counts(n_fft=n_fft)
    if n_fft % 2:
        raise ParameterError(f"n_fft={n_fft}: want an even number, so that the last bin can be left out")
    check_numbers(range_db=range_db)
    if not range_db > 0:
        raise ParameterError(f"range_db={range_db}: want a positive number of decibels")


def _to_mel(*, n_fft: int, sample_rate: float) -> NDArray[np.float64]:
    """Return weights ``(bins, bands)``: of two bins where bands are narrow, averages where they are wide."""
    bins, at = _places(n_fft, sample_rate)
    width = np.maximum(np.gradient(at) if len(at) > 1 else np.ones(1), 1.0)
    weights = np.maximum(0.0, 1 - np.abs(bins[:, None] - at) / width)
    return np.asarray(weights / weights.sum(axis=0))


def _from_mel(*, n_fft: int, sample_rate: float) -> NDArray[np.float64]:
    """Return weights ``(bands, bins)`` that read the bands, a straight line between two, at each bin."""
    bins, at = _places(n_fft, sample_rate)
    return np.stack([np.interp(bins, at, one) for one in np.eye(len(at))])


def _places(n_fft: int, sample_rate: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the numbers of the bins, and where the bands lie among them."""
    bins = np.arange(n_fft // 2)
    top_hz = bins[-1] * sample_rate / n_fft
    mels = np.linspace(0.0, float(hz_to_mel(top_hz)), len(bins))
    return bins.astype(np.float64), np.asarray(mel_to_hz(mels) * (n_fft / sample_rate), np.float64)
