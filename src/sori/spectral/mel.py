"""Mel spectrograms: bands evenly spaced on a scale of pitch as the ear ranks it.

`mel_filterbank` gives the triangles, `mel_spectrogram` their energies over time.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, namespace
from sori.arrays.framing import check_counts
from sori.spectral.bands import band_energies, band_limits, raised, triangles
from sori.spectral.stft import Framing, framed
from sori.units import hz_to_mel, mel_to_hz

__all__ = ["mel_centres_hz", "mel_filterbank", "mel_spectrogram"]


def mel_filterbank(
    *,
    sample_rate: float,
    n_fft: int,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: str = "slaney",
    norm: str | None = "slaney",
) -> NDArray[np.float64]:
    """Return triangular bands that are evenly spaced in mels.

    Parameters
    ----------
    sample_rate : float
        Hz.
    n_fft : int
        Length of the transform whose frequencies the bands weigh.
    n_mels : int
        Bands.
    fmin, fmax : float
        Where the first band starts and the last one ends, Hz; ``fmax`` is half the sample rate if not given.
    scale : "slaney" or "htk"
        See `sori.units.hz_to_mel`.
    norm : "slaney" or None
        Unit area, or unit height.

    Returns
    -------
    (n_mels, n_fft // 2 + 1) float64
        Multiply with a spectrogram ``(..., n_fft // 2 + 1, time)``. A band too narrow to hold a frequency of
        the transform is all zeros: take a longer transform or fewer bands.

    Raises
    ------
    ParameterError
        For frequencies out of order or above half the sample rate.
    """
    check_counts(n_fft=n_fft, n_mels=n_mels)
    fmax = band_limits(sample_rate, fmin, fmax)
    edges = mel_to_hz(
        np.linspace(hz_to_mel(fmin, scale=scale), hz_to_mel(fmax, scale=scale), n_mels + 2), scale=scale
    )
    return triangles(edges, np.arange(n_fft // 2 + 1) * (sample_rate / n_fft), norm=norm)


def mel_centres_hz(*, n_mels: int, fmin: float, fmax: float, scale: str = "slaney") -> NDArray[np.float64]:
    """Return the centre frequency of each band, Hz."""
    edges = np.linspace(hz_to_mel(fmin, scale=scale), hz_to_mel(fmax, scale=scale), n_mels + 2)
    return np.asarray(mel_to_hz(edges, scale=scale)[1:-1])


def mel_spectrogram(
    x: Array,
    *,
    sample_rate: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: str = "slaney",
    norm: str | None = "slaney",
    exponent: float = 2.0,
    **framing: Unpack[Framing],
) -> Array:
    """Return the energy in bands that are evenly spaced in mels, frame by frame.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    n_fft, hop_length, **framing
        See `sori.spectral.stft.stft`.
    n_mels, fmin, fmax, scale, norm
        See `mel_filterbank`.
    exponent : float
        Of the magnitudes that the bands add up: 2 for energy, 1 for amplitude.

    Returns
    -------
    (..., n_mels, frames) real

    Raises
    ------
    ParameterError
        As `mel_filterbank` and `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> mel_spectrogram(np.zeros(22050), sample_rate=22050, n_mels=40).shape
    (40, 44)
    """

    def bands(spectrum: Array) -> Array:
        return band_energies(
            raised(spectrum, exponent),
            mel_filterbank,
            sample_rate=sample_rate,
            n_fft=n_fft,
            n_mels=n_mels,
            fmin=fmin,
            fmax=fmax,
            scale=scale,
            norm=norm,
        )

    found = framed(x, n_fft=n_fft, hop_length=hop_length, then=bands, **framing)
    return namespace(found).matrix_transpose(found)
