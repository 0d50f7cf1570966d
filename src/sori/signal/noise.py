"""Noise by its colour: white, pink, brown. Same conventions as `sori.signal.synthesis`."""

from __future__ import annotations

import numpy as np

from sori.signal.synthesis import Samples, as_float32, sample_count

__all__ = ["brown_noise", "pink_noise", "white_noise"]


def white_noise(duration_s: float, *, sample_rate: int, rng: np.random.Generator) -> Samples:
    """Return Gaussian noise of the same power at every frequency, RMS 0.25.

    Parameters
    ----------
    duration_s : float
        Length in seconds.
    sample_rate : int
        Samples per second.
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    ndarray (time,), float32
    """
    n = sample_count(duration_s, sample_rate)
    return 0.25 * rng.standard_normal(n, dtype=np.float32)


def pink_noise(duration_s: float, *, sample_rate: int, rng: np.random.Generator) -> Samples:
    """Return noise of the same power in every octave (-3 dB per octave), RMS 0.25.

    Parameters
    ----------
    duration_s, sample_rate, rng
        As in `white_noise`.

    Returns
    -------
    ndarray (time,), float32
    """
    return _coloured(duration_s, sample_rate, rng, exponent=0.5)


def brown_noise(duration_s: float, *, sample_rate: int, rng: np.random.Generator) -> Samples:
    """Return noise falling by 6 dB per octave, RMS 0.25.

    Parameters
    ----------
    duration_s, sample_rate, rng
        As in `white_noise`.

    Returns
    -------
    ndarray (time,), float32
    """
    return _coloured(duration_s, sample_rate, rng, exponent=1.0)


def _coloured(duration_s: float, sample_rate: int, rng: np.random.Generator, *, exponent: float) -> Samples:
    """Divide white noise's spectrum by frequency to the ``exponent``, below 10 Hz by 10 Hz."""
    n = sample_count(duration_s, sample_rate)
    if n == 0:
        return np.zeros(0, dtype=np.float32)
    spectrum = np.fft.rfft(rng.standard_normal(n))
    spectrum /= np.maximum(np.fft.rfftfreq(n, 1 / sample_rate), 10.0) ** exponent
    spectrum[0] = 0.0
    shaped = np.fft.irfft(spectrum, n)
    return as_float32(0.25 * shaped / max(float(np.sqrt(np.mean(shaped**2))), 1e-12))
